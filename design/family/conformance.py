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
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from .. import limits
from ..errors import BuildError
from ..geometry.manifolds import to_manifold
from ..geometry.measures import (
    asymmetry,
    closes,
    frontal_area,
    solid_bounds,
    solid_numbers,
    solid_volume,
)
from ..geometry.mesh import FINISH_NAMES, Mesh
from .conformance_declaration import (
    bad_values_are_refused,
    declaration_is_sane,
    draws_are_accepted,
    named_designs_are_accepted,
    refusals_are_named,
    whole_numbers_are_whole,
    words_are_sound,
)
from .conformance_subjects import Check, ContractError, Subject, require
from .contract import Family
from .registry import get_family
from .sampling import draws

_PART = re.compile(r"[a-z][a-z0-9]*([-_ ][a-z0-9]+)*")


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


# -- the fast body ----------------------------------------------------------------------


def hull_is_closed(_: Family, tried: Sequence[Subject]) -> None:
    """The hull is finite, watertight, encloses a positive volume and bounds it without inversions."""
    for s in tried:
        s.require(bool(np.isfinite(s.hull.vertices).all()), "the hull has vertices that are not finite")
        s.require(s.hull.is_watertight, "the hull is not watertight")
        s.require(s.hull.volume > 0, f"the hull's volume is {s.hull.volume:g} mm3")
        try:
            to_manifold(s.hull)
        except BuildError as error:
            s.require(False, f"the hull is not a manifold: {error}")


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
        middle, (wide, high) = family.frame.middle(s.body.bounds), family.frame.picture
        for view in family.frame.names:
            flat = family.frame.project(s.body.vertices, middle, view)
            (left, top), (right, bottom) = flat.min(axis=0), flat.max(axis=0)
            whole = left >= 0 and top >= 0 and right <= wide and bottom <= high
            box = f"{left:.0f}, {top:.0f} to {right:.0f}, {bottom:.0f}"
            s.require(
                bool(whole), f"the {view} view's {wide} x {high} pixels cut the body, which fills {box}"
            )
            share = float(max((right - left) / wide, (bottom - top) / high))
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
            require(family, same, f"{choice.name} {option} changes the hull")
            parts = family.mesh(values)
            sound = bool(parts) and all(
                np.isfinite(p.mesh.vertices).all() and len(p.mesh.faces) > 0 for p in parts
            )
            require(family, sound, f"{choice.name} {option} gives no sound mesh")


def parameters_do_something(family: Family, _: Sequence[Subject]) -> None:
    """Each parameter changes the hull, or says by `shapes_hull=False` that it changes other parts only: of
    the defaults, or of an archetype where it concerns what they lack (arm rests, spindles)."""
    bases = [{**family.defaults(), **changes} for changes in ({}, *family.archetypes.values())]
    for p in family.parameters:
        changes = [_change(family, p.name, bases[0])]
        if changes[0] not in (_HULL, _BODY):
            changes += [_change(family, p.name, base) for base in bases[1:]]
        require(
            family, set(changes) != {None}, f"{p.name} cannot move from its default without breaking a rule"
        )
        require(family, bool({_HULL, _BODY}.intersection(changes)), f"{p.name} changes no part of the body")
        shaped = _HULL in changes
        require(
            family,
            shaped == p.range.shapes_hull,
            f"{p.name}: shapes_hull is {p.range.shapes_hull}, not {shaped}",
        )


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
        whole_numbers_are_whole,
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


_HULL, _BODY, _NOTHING = "hull", "body", "nothing"


def _change(family: Family, name: str, base: Mapping[str, float]) -> str | None:
    """What moving a parameter changes of a design; None where no rule lets it move."""
    moved = next(_moves(family, name, base), None)
    if moved is None:
        return None
    if not _same(family.hull(base), family.hull(moved)):
        return _HULL
    body, other = family.mesh(base), family.mesh(moved)
    changed = len(other) != len(body) or any(
        not _same(a.mesh, b.mesh) for a, b in zip(body, other, strict=True)
    )
    return _BODY if changed else _NOTHING


def _moves(family: Family, name: str, base: Mapping[str, float]) -> Iterator[dict[str, float]]:
    """The design with accepted values of one parameter away from its own, farthest first."""
    rng = next(p.range for p in family.parameters if p.name == name)
    for share in (1.0, 0.5, 0.25, 0.1):
        for end in (rng.high, rng.low):
            value = rng.nearest(base[name] + share * (end - base[name]))
            moved = {**base, name: value}
            if value != base[name] and not family.broken_rules(moved):
                yield moved
