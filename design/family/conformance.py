"""The contract that every product family keeps, ours and those from outside, as runnable checks.

In a test of an outside family::

    from maquette.design.family.conformance import check_family

    def test_contract():
        check_family(Kayak(), n=100, seed=1, exact=3)

or one pytest case a check, which says more when something fails::

    @pytest.mark.parametrize("check", CHECKS)
    def test_contract(check):
        CHECKS[check](Kayak(), subjects(Kayak(), n=20, seed=1))

Each check raises :class:`ContractError` with what it found, on which design.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from .. import limits
from ..errors import ParameterError, RuleError
from ..geometry.measures import (
    asymmetry,
    closes,
    frontal_area,
    mesh_of_solid,
    solid_bounds,
    solid_numbers,
    solid_volume,
)
from ..geometry.mesh import FINISH_NAMES, Mesh, MeshPart, joined
from ..geometry.solid import SolidPart
from .contract import Family
from .frame import PICTURE, PICTURES
from .lexicon import RESERVED, Tongue
from .registry import get_family
from .sampling import draws

UNITS = frozenset({"mm", "m2", "m3", "l", "deg", "kg", "N", "MPa", "W", "1"})
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_RULE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PART = re.compile(r"[a-z][a-z0-9]*([-_ ][a-z0-9]+)*")
_DRAWS_FOR_SHARE = 200  # rules cost microseconds; with fewer the share is mostly luck


class ContractError(AssertionError):
    """A family breaks its contract; the message names the check's claim, the design and the numbers."""


@dataclass(frozen=True)
class Subject:
    """One accepted design under test; its bodies are built once, when a check first asks for them."""

    family: Family
    label: str
    values: Mapping[str, float]

    @cached_property
    def hull(self) -> Mesh:
        """The fast closed surface."""
        return self.family.hull(self.values)

    @cached_property
    def parts(self) -> list[MeshPart]:
        """The fast coloured parts."""
        return self.family.mesh(self.values)

    @cached_property
    def body(self) -> Mesh:
        """The fast parts together."""
        return joined([part.mesh for part in self.parts])

    @cached_property
    def hull_solid(self) -> Any:
        """The exact hull."""
        return self.family.hull_solid(self.values)

    @cached_property
    def hull_triangles(self) -> Mesh:
        """The exact hull's triangles."""
        return mesh_of_solid(self.hull_solid)

    @cached_property
    def solid_parts(self) -> list[SolidPart]:
        """The exact parts."""
        return self.family.solid(self.values)

    def require(self, holds: bool, claim: str) -> None:
        """Raise :class:`ContractError` with `claim` and this design's label unless `holds`."""
        _require(self.family, holds, f"{self.label}: {claim}")


Check = Callable[[Family, Sequence[Subject]], None]


def check_family(family: Family, n: int = 60, seed: int = 1, exact: int = 2) -> None:
    """Run the whole contract: the fast checks on the defaults, the archetypes and `n` accepted draws,
    the exact ones (CadQuery kernel, seconds a design) on the first `exact` of those.

    Raises:
        ContractError: at the first claim that does not hold.
    """
    tried = subjects(family, n, seed)
    for check in FAST_CHECKS.values():
        check(family, tried)
    for check in EXACT_CHECKS.values():
        check(family, tried[:exact])


def subjects(family: Family, n: int, seed: int = 1) -> list[Subject]:
    """The defaults, every archetype, then `n` accepted uniform draws of `seed`."""
    named = [("defaults", family.defaults())]
    named += [(f"archetype {k}", {**family.defaults(), **v}) for k, v in family.archetypes.items()]
    accepted = (d for d in islice(draws(family, seed), 20 * n + 100) if not d.broken)
    named += [(f"seed {seed} draw {d.index}", d.values) for d in islice(accepted, n)]
    return [Subject(family, label, values) for label, values in named]


def exact_fault(family_name: str, values: Mapping[str, float]) -> str:
    """Build one design exactly and return the first fault of its solids, "" when they are sound.

    Takes plain values, so that it can run in a worker process (:mod:`..geometry.worker`).
    """
    family = get_family(family_name)
    subject = [Subject(family, "design", dict(values))]
    try:
        for check in (exact_parts_are_sound, exact_hull_is_sound, bodies_agree):
            check(family, subject)
    except ContractError as error:
        return str(error)
    return ""


# -- the declaration and the rules ----------------------------------------------------------------------


def declaration_is_sane(family: Family, _: Sequence[Subject]) -> None:
    """Names, units, sentences, groups, bounds and measures are complete and of the agreed form."""
    _require(family, bool(_NAME.fullmatch(family.name)), f"name {family.name!r} is not snake_case")
    _require(family, bool(family.title.strip()), "title is empty")
    for p in family.parameters:
        r = p.range
        _require(family, bool(_NAME.fullmatch(p.name)), f"parameter {p.name!r} is not snake_case")
        _require(family, r.unit in UNITS, f"{p.name}: unit {r.unit!r} is not one of {sorted(UNITS)}")
        _require(family, len(r.doc.split()) >= 2, f"{p.name}: doc {r.doc!r} explains nothing")
        _require(family, bool(r.group), f"{p.name}: no group")
        if r.advisory is not None:
            low, high = r.advisory
            inside = r.low <= low < high <= r.high
            _require(family, inside, f"{p.name}: advisory bounds {low}, {high} leave {r.low} to {r.high}")
    for c in family.choices:
        for name in (c.name, *c.choice.options):
            _require(family, bool(_NAME.fullmatch(name)), f"{c.name}: {name!r} is not snake_case")
        _require(family, len(c.choice.doc.split()) >= 2, f"{c.name}: doc {c.choice.doc!r} explains nothing")
        _require(family, bool(c.choice.group), f"{c.name}: no group")
    _require(family, family.symmetry in ("", "y"), f"symmetry is {family.symmetry!r}")
    _require(family, bool(family.frame.views), "the frame has no view")
    unknown = [v for v in family.pictures if v not in PICTURES]
    _require(family, not unknown, f"pictures {unknown} are none of {sorted(PICTURES)}")
    names = [m.name for m in family.measure_list]
    _require(family, len(set(names)) == len(names), f"measures are declared twice: {names}")
    for m in family.measure_list:
        _require(family, bool(_NAME.fullmatch(m.name)), f"measure {m.name!r} is not snake_case")
        _require(family, m.unit in UNITS, f"{m.name}: unit {m.unit!r} is not one of {sorted(UNITS)}")
        _require(family, len(m.doc.split()) >= 2, f"{m.name}: doc {m.doc!r} explains nothing")
        _require(family, m.better in ("", "less", "more"), f"{m.name}: better is {m.better!r}")
        units = {p.name: p.range.unit for p in family.parameters}
        for part in m.sum_of:
            same = units.get(part) == m.unit
            _require(family, same, f"{m.name}: {part!r} of its sum is no parameter in {m.unit}")


def words_are_sound(family: Family, _: Sequence[Subject]) -> None:
    """The lexicon is one object, its attributes have names of their own, its tongues speak of what it has."""
    lexicon = family.lexicon
    _require(family, family.lexicon is lexicon, "its lexicon is made anew at every call")
    names = [a.name for a in lexicon.attributes]
    _require(family, len(set(names)) == len(names), f"attributes are declared twice: {names}")
    for name in names:
        taken = name in RESERVED or ":" in name
        _require(family, not taken, f"attribute {name!r} is called as another kind of word is")
    ends = {token for tongue in lexicon.tongues.values() for token in _tokens(tongue)}
    ends |= set(lexicon.mood_is_attribute.values())
    for token in ends:
        name, end = (*token.split(":"), "")[:2]
        held = name in names and end in ("low", "middle", "high")
        _require(family, held, f"words mean {token!r}, which is no third of an attribute")
    for language, tongue in lexicon.tongues.items():
        lost = set(tongue.moods) - set(lexicon.moods)
        _require(family, not lost, f"moods with {language} words and no direction: {sorted(lost)}")


def _tokens(tongue: Tongue) -> set[str]:
    """Thirds that a tongue's parts speak of."""
    named = {f"{a}:low" for ends in (*tongue.parts.values(), tongue.attributes) for a in ends}
    return named.union(*(text.split() for text in (*tongue.present.values(), *tongue.absent.values())))


def bad_values_are_refused(family: Family, _: Sequence[Subject]) -> None:
    """Unknown, missing, non-numeric, non-finite and out-of-range values raise ParameterError by name."""
    good = family.defaults()
    first = family.parameters[0]
    for bad in (
        math.nan,
        math.inf,
        -math.inf,
        "12",
        None,
        True,
        first.range.low - 1.0,
        first.range.high * 2 + 1,
    ):
        _refused(family, {**good, first.name: bad}, first.name)
    _refused(family, {k: v for k, v in good.items() if k != first.name}, first.name)
    _refused(family, {**good, "no_such_parameter": 1.0}, "no_such_parameter")
    for c in family.choices:
        for bad in ("no_such_option", len(c.choice.options), -1, 0.5, None):
            _refused(family, {**good, c.name: bad}, c.name)


def named_designs_are_accepted(family: Family, _: Sequence[Subject]) -> None:
    """The defaults and every archetype are in range and keep every rule."""
    known = set(family.defaults())
    for label, changes in {"defaults": {}, **family.archetypes}.items():
        unknown = set(changes) - known
        _require(family, not unknown, f"archetype {label}: unknown parameters {sorted(unknown)}")
        try:
            family.accept({**family.defaults(), **changes})
        except (ParameterError, RuleError) as error:
            raise ContractError(f"family {family.name}: {label} is refused: {error}") from error


def draws_are_accepted(family: Family, _: Sequence[Subject]) -> None:
    """The rules accept at least half of uniform draws."""
    tried = list(islice(draws(family, seed=1), _DRAWS_FOR_SHARE))
    share = sum(not d.broken for d in tried) / len(tried)
    _require(family, share >= limits.MIN_ACCEPTED_SHARE, f"accepts {share:.0%} of {len(tried)} uniform draws")


def refusals_are_named(family: Family, _: Sequence[Subject]) -> None:
    """Every refusal names its rule in kebab-case with a reason that holds a number; `accept` agrees."""
    for draw in islice(draws(family, seed=2), _DRAWS_FOR_SHARE):
        for b in draw.broken:
            _require(family, bool(_RULE.fullmatch(b.rule)), f"rule {b.rule!r} is not kebab-case")
            _require(family, bool(re.search(r"\d", b.reason)), f"rule {b.rule}: no number in {b.reason!r}")
        try:
            family.accept(draw.values)
            named: tuple[str, ...] = ()
        except RuleError as error:
            named = error.rules
        _require(family, named == tuple(b.rule for b in draw.broken), f"accept says {named} on {draw}")


# -- the fast body ----------------------------------------------------------------------------------------


def hull_is_closed(_: Family, tried: Sequence[Subject]) -> None:
    """The hull is finite, watertight, encloses a positive volume and bounds it without inversions."""
    from manifold3d import Error, Manifold
    from manifold3d import Mesh as ManifoldMesh

    for s in tried:
        s.require(bool(np.isfinite(s.hull.vertices).all()), "the hull has vertices that are not finite")
        s.require(s.hull.is_watertight, "the hull is not watertight")
        s.require(s.hull.volume > 0, f"the hull's volume is {s.hull.volume:g} mm3")
        body = Manifold(ManifoldMesh(s.hull.vertices.astype(np.float32), s.hull.faces.astype(np.uint32)))
        s.require(body.status() == Error.NoError, f"the hull is not a manifold: {body.status()}")


def hull_stands_in_place(family: Family, tried: Sequence[Subject]) -> None:
    """Where the family declares it: the foremost part is at x = 0 and the hull just behind it, nothing is
    below the ground, and y = 0 is a plane of symmetry."""
    for s in tried:
        (x, _y, z), _high = s.hull.bounds
        if family.frame.origin == "nose":
            first = min(float(p.mesh.bounds[0][0]) for p in s.parts)
            s.require(abs(first) <= limits.LIMIT_MM, f"the foremost part is at x = {first:g} mm instead of 0")
            behind = -limits.LIMIT_MM <= x <= limits.HULL_INSIDE_MM
            s.require(behind, f"the hull's nose is at x = {x:g} mm instead of 0")
        if family.frame.ground:
            s.require(z >= -limits.GROUND_MM, f"the hull reaches {z:g} mm, below the ground")
        if family.symmetry == "y":
            off = asymmetry(s.hull)
            s.require(off <= limits.ASYMMETRY, f"{off:.3%} of the hull has no mirror image")


def bodies_fit_their_frame(family: Family, tried: Sequence[Subject]) -> None:
    """Every view of the frame shows the whole body, and not as a speck."""
    for s in tried:
        middle = family.frame.middle(s.body.bounds)
        for view in family.frame.names:
            flat = family.frame.project(s.body.vertices, middle, view)
            (left, top), (right, bottom) = flat.min(axis=0), flat.max(axis=0)
            whole = left >= 0 and top >= 0 and right <= PICTURE[0] and bottom <= PICTURE[1]
            box = f"{left:.0f}, {top:.0f} to {right:.0f}, {bottom:.0f}"
            s.require(bool(whole), f"the {view} view's {PICTURE} pixels cut the body, which fills {box}")
            share = float(max((right - left) / PICTURE[0], (bottom - top) / PICTURE[1]))
            s.require(share >= limits.LEAST_DRAWN, f"the {view} view shows the body {share:.0%} of it large")


def bodies_repeat(family: Family, tried: Sequence[Subject]) -> None:
    """The same parameters give the same vertices, faces and measures, and are not changed on the way."""
    for s in tried:
        before = dict(s.values)
        again = family.hull(s.values)
        same = np.array_equal(again.vertices, s.hull.vertices) and np.array_equal(again.faces, s.hull.faces)
        s.require(same, "two hulls of the same parameters differ")
        for one, two in zip(s.parts, family.mesh(s.values), strict=True):
            s.require(np.array_equal(one.mesh.vertices, two.mesh.vertices), f"part {one.name} differs")
        s.require(family.measures(s.values) == family.measures(s.values), "measures differ")
        s.require(dict(s.values) == before, "the parameters were changed by building")


def parts_are_named(_: Family, tried: Sequence[Subject]) -> None:
    """Parts have unique readable names, colours within 0 to 1, known finishes, and triangles that exist."""
    for s in tried:
        names = [p.name for p in s.parts]
        s.require(bool(names) and len(set(names)) == len(names), f"part names repeat or are missing: {names}")
        for p in s.parts:
            s.require(bool(_PART.fullmatch(p.name)), f"part name {p.name!r} is not lower-case words")
            s.require(len(p.colour) == 4 and all(0 <= c <= 1 for c in p.colour), f"{p.name}: {p.colour}")
            s.require(p.finish in FINISH_NAMES, f"{p.name}: finish {p.finish!r} is none of {FINISH_NAMES}")
            s.require(len(p.mesh.faces) > 0, f"part {p.name} has no triangles")
            s.require(bool(np.isfinite(p.mesh.vertices).all()), f"part {p.name} is not finite")
            inside = p.mesh.faces.min() >= 0 and p.mesh.faces.max() < len(p.mesh.vertices)
            s.require(bool(inside), f"part {p.name} refers to vertices that it does not have")


def boxes_are_the_stated_ones(family: Family, tried: Sequence[Subject]) -> None:
    """Lengths taken from the boxes of all parts are those that parameters and measures state, to 0.5 mm."""
    for s in tried:
        stated = {**family.measures(s.values), **s.values}
        for name, value in family.box_measures({p.name: p.mesh.bounds for p in s.parts}).items():
            if name in stated:
                off = abs(value - stated[name])
                claim = f"{name} over all parts is {value:.2f} mm, stated {stated[name]:.2f}"
                s.require(off <= limits.LIMIT_MM, claim)


def measures_are_complete(family: Family, tried: Sequence[Subject]) -> None:
    """`measures` returns what `measure_list` declares, finite; sums are the sums of their parameters; the
    frontal area is the true projection."""
    names = [m.name for m in family.measure_list]
    for s in tried:
        found = family.measures(s.values)
        s.require(list(found) == names, f"measures {list(found)} are not the declared {names}")
        for name, value in found.items():
            s.require(math.isfinite(value), f"measure {name} is {value}")
        for name, parts in family.sums.items():
            _close(s, name, found[name], sum(s.values[p] for p in parts), limits.SUM_RELATIVE)
        if "frontal_area" in found:
            _close(s, "frontal area", found["frontal_area"], frontal_area(s.hull), limits.HULL_RELATIVE)


def options_leave_the_hull(family: Family, tried: Sequence[Subject]) -> None:
    """Every option of every choice builds a mesh of finite parts, and the same hull, byte for byte."""
    base = tried[0]
    hull = (base.hull.vertices.tobytes(), base.hull.faces.tobytes())
    for choice in family.choices:
        for place, option in enumerate(choice.choice.options):
            values = {**base.values, choice.name: float(place)}
            own = family.hull(values)
            same = (own.vertices.tobytes(), own.faces.tobytes()) == hull
            _require(family, same, f"{choice.name} {option} changes the hull")
            parts = family.mesh(values)
            sound = bool(parts) and all(
                np.isfinite(p.mesh.vertices).all() and len(p.mesh.faces) > 0 for p in parts
            )
            _require(family, sound, f"{choice.name} {option} gives no sound mesh")


def parameters_do_something(family: Family, _: Sequence[Subject]) -> None:
    """Each parameter changes the hull, or says by `shapes_hull=False` that it changes other parts only."""
    base = family.defaults()
    hull, body = family.hull(base), family.mesh(base)
    for p in family.parameters:
        moved = next(_moves(family, p.name), None)
        _require(family, moved is not None, f"{p.name} cannot move from its default without breaking a rule")
        values = {**base, **(moved or {})}
        shaped = not _same(hull, family.hull(values))
        _require(
            family,
            shaped == p.range.shapes_hull,
            f"{p.name}: shapes_hull is {p.range.shapes_hull}, not {shaped}",
        )
        other = family.mesh(values)
        changed = len(other) != len(body) or any(
            not _same(a.mesh, b.mesh) for a, b in zip(body, other, strict=True)
        )
        _require(family, changed, f"{p.name} changes no part of the body")


# -- the exact body ---------------------------------------------------------------------------------------


def exact_parts_are_sound(_: Family, tried: Sequence[Subject]) -> None:
    """Exact parts carry the mesh parts' names, colours, roles, materials and finishes; each is one valid
    solid of positive volume."""
    for s in tried:
        fast = {p.name: (p.colour, p.role, p.material, p.finish) for p in s.parts}
        exact = {p.name: (p.colour, p.role, p.material, p.finish) for p in s.solid_parts}
        apart = sorted({n for n, _ in fast.items() ^ exact.items()})
        s.require(not apart, f"exact parts and mesh parts differ in {apart}")
        for p in s.solid_parts:
            _sound(s, p.name, p.shape)


def exact_hull_is_sound(_: Family, tried: Sequence[Subject]) -> None:
    """The exact hull is one valid solid whose triangles close."""
    for s in tried:
        _sound(s, "hull", s.hull_solid)
        s.require(closes(s.hull_triangles), "the exact hull's triangles do not close")


def bodies_agree(_: Family, tried: Sequence[Subject]) -> None:
    """Fast and exact hull agree: volume and frontal area within 0.5 %, bounding box within 2 mm."""
    for s in tried:
        _close(s, "volume", s.hull.volume, solid_volume(s.hull_solid), limits.HULL_RELATIVE)
        areas = frontal_area(s.hull), frontal_area(s.hull_triangles)
        _close(s, "frontal area", *areas, limits.HULL_RELATIVE)
        gap = float(np.abs(s.hull.bounds - s.hull_triangles.bounds).max())
        if gap > limits.HULL_BOX_MM - limits.TESSELLATION_MM:  # the triangles' box may be that much too small
            gap = float(np.abs(s.hull.bounds - solid_bounds(s.hull_solid)).max())
        s.require(gap <= limits.HULL_BOX_MM, f"the bounding boxes differ by {gap:.2f} mm")


def step_round_trip(_: Family, tried: Sequence[Subject]) -> None:
    """The exact hull survives STEP in its units: volume, area and box come back."""
    import cadquery as cq

    for s in tried:
        before = solid_numbers(s.hull_solid)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "hull.step"
            cq.exporters.export(cq.Workplane(obj=s.hull_solid), str(path))
            found = cq.importers.importStep(str(path)).vals()
        s.require(len(found) == 1, f"STEP came back as {len(found)} shapes")
        after = solid_numbers(found[0])
        _close(s, "volume after STEP", after.volume, before.volume, limits.STEP_RELATIVE)
        _close(s, "area after STEP", after.area, before.area, limits.STEP_RELATIVE)
        gap = float(np.abs(solid_bounds(found[0]) - before.bounds).max())
        s.require(gap <= 0.01, f"the bounding box moved by {gap:g} mm through STEP")


FAST_CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (
        declaration_is_sane,
        words_are_sound,
        bad_values_are_refused,
        named_designs_are_accepted,
        draws_are_accepted,
        refusals_are_named,
        hull_is_closed,
        hull_stands_in_place,
        bodies_fit_their_frame,
        bodies_repeat,
        parts_are_named,
        boxes_are_the_stated_ones,
        measures_are_complete,
        options_leave_the_hull,
        parameters_do_something,
    )
}
EXACT_CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (exact_parts_are_sound, exact_hull_is_sound, bodies_agree, step_round_trip)
}
CHECKS: Mapping[str, Check] = {**FAST_CHECKS, **EXACT_CHECKS}


# -- helpers ----------------------------------------------------------------------------------------------


def _require(family: Family, holds: bool, claim: str) -> None:
    if not holds:
        raise ContractError(f"family {family.name}: {claim}")


def _refused(family: Family, values: Mapping[str, Any], name: str) -> None:
    try:
        family.validate(values)
    except ParameterError as error:
        _require(family, name in str(error), f"the refusal {str(error)!r} does not name {name}")
    else:
        raise ContractError(f"family {family.name}: {name} = {values.get(name, 'missing')!r} was accepted")


def _close(s: Subject, what: str, got: float, expected: float, relative: float) -> None:
    off = abs(got / expected - 1) if expected else math.inf
    s.require(off <= relative, f"{what} {got:.6g} is not {expected:.6g} (off by {off:.3%})")


def _sound(s: Subject, name: str, shape: Any) -> None:
    s.require(bool(shape.isValid()), f"{name} is not a valid shape")
    s.require(len(shape.Solids()) == 1, f"{name} holds {len(shape.Solids())} solids instead of one")
    volume = float(shape.Volume())  # plain integration: a few per cent off, but not in its sign
    s.require(volume > 0, f"{name} has the volume {volume:g} mm3")


def _same(a: Mesh, b: Mesh) -> bool:
    return a.vertices.shape == b.vertices.shape and bool(
        np.allclose(a.vertices, b.vertices, rtol=0, atol=1e-6)
    )


def _moves(family: Family, name: str) -> Iterator[dict[str, float]]:
    """Accepted values of one parameter away from its default, farthest first."""
    base = family.defaults()
    rng = next(p.range for p in family.parameters if p.name == name)
    for share in (1.0, 0.5, 0.25, 0.1):
        for end in (rng.high, rng.low):
            value = rng.default + share * (end - rng.default)
            if value != rng.default and not family.broken_rules({**base, name: value}):
                yield {name: value}
