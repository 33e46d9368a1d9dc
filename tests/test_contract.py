"""Every installed family keeps the contract, and the suite notices a family that does not."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any

import pytest
from brick import COLOUR, Brick, box_mesh
from lamp import Lamp

from maquette.design.errors import InputError, RuleError
from maquette.design.family.conformance import (
    CHECKS,
    EXACT_CHECKS,
    FAST_CHECKS,
    ContractError,
    Subject,
    check_family,
    subjects,
)
from maquette.design.family.contract import Broken, Family, Measure
from maquette.design.family.frame import Frame
from maquette.design.family.registry import ENTRY_POINT_GROUP, get_family
from maquette.design.family.sampling import draws, sample
from maquette.design.geometry.mesh import Mesh, MeshPart

#: families that are not installed, and unlike those that are
OTHERS: Mapping[str, Family] = {"lamp": Lamp()}
NAMES = sorted([*(point.name for point in entry_points(group=ENTRY_POINT_GROUP)), *OTHERS])


def family_of(name: str) -> Family:
    """An installed family, or one of the tests'."""
    return OTHERS[name] if name in OTHERS else get_family(name)


@cache
def tried(name: str, n: int) -> tuple[Subject, ...]:
    """Designs under test, with the bodies they have already built."""
    return tuple(subjects(family_of(name), n, seed=1))


#: one pytest-xdist worker a family, so that what a check has built serves the next one
FAMILIES = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in NAMES]


@pytest.mark.parametrize("check", FAST_CHECKS)
@pytest.mark.parametrize("name", FAMILIES)
def test_fast_contract(name: str, check: str) -> None:
    FAST_CHECKS[check](family_of(name), tried(name, 20))


@pytest.mark.kernel
@pytest.mark.parametrize("check", EXACT_CHECKS)
@pytest.mark.parametrize("name", FAMILIES)
def test_exact_contract_on_the_defaults_and_a_draw(name: str, check: str) -> None:
    chosen = tried(name, 20)
    EXACT_CHECKS[check](family_of(name), (chosen[0], chosen[-1]))


@pytest.mark.slow
@pytest.mark.kernel
@pytest.mark.parametrize("check", EXACT_CHECKS)
@pytest.mark.parametrize("name", FAMILIES)
def test_exact_contract_on_two_archetypes_and_two_more_draws(name: str, check: str) -> None:
    named = len(family_of(name).archetypes)
    chosen = tried(name, 20)
    EXACT_CHECKS[check](family_of(name), (*chosen[1 : 1 + min(named, 2)], *chosen[-3:-1]))


@pytest.mark.parametrize("name", FAMILIES)
def test_fast_hulls_of_many_draws_close(name: str) -> None:
    FAST_CHECKS["hull_is_closed"](family_of(name), subjects(family_of(name), 60, seed=3))


@pytest.mark.kernel
def test_a_family_from_outside_passes_in_one_call() -> None:
    check_family(Brick(), n=20, seed=1, exact=3)


# -- the suite notices ------------------------------------------------------------------------------------


class OpenHull(Brick):
    def hull(self, values: Mapping[str, float]) -> Mesh:
        whole = super().hull(values)
        return Mesh(whole.vertices, whole.faces[:-1])


class InsideOut(Brick):
    def hull(self, values: Mapping[str, float]) -> Mesh:
        whole = super().hull(values)
        return Mesh(whole.vertices, whole.faces[:, ::-1])


class OffCentre(Brick):
    def hull(self, values: Mapping[str, float]) -> Mesh:
        return super().hull(values).moved([0, 1, 0])


class Floating(Brick):
    def hull(self, values: Mapping[str, float]) -> Mesh:
        return super().hull(values).moved([0, 0, -5])


class Giant(Brick):
    frame = Frame(0.2, origin="nose")


class Speck(Brick):
    frame = Frame(20.0, origin="nose")


class Hanging(Floating):
    """What would stand wrongly on a ground, off its middle."""

    frame = Frame(0.6, ground=False)
    symmetry = ""

    def hull(self, values: Mapping[str, float]) -> Mesh:
        return super().hull(values).moved([3, 7, 0])


class Restless(Brick):
    counter = itertools.count()

    def hull(self, values: Mapping[str, float]) -> Mesh:
        return box_mesh(values["length"] + next(self.counter), values["width"], values["height"])


class Twins(Brick):
    def mesh(self, values: Mapping[str, float]) -> list[MeshPart]:
        return super().mesh(values) * 2


class Garish(Brick):
    def mesh(self, values: Mapping[str, float]) -> list[MeshPart]:
        return [MeshPart("block", self.hull(values), (255.0, 0.0, 0.0, 1.0))]


class Undeclared(Brick):
    measure_list = (Measure("volume", "m3", "Enclosed volume."),)


class Exaggerated(Brick):
    def measures(self, values: Mapping[str, float]) -> dict[str, float]:
        found = super().measures(values)
        return {**found, "frontal_area": found["frontal_area"] * 1.01}


class Miscounted(Brick):
    measure_list = (
        Measure("frontal_area", "m2", "Projected area along x."),
        Measure("volume", "m3", "Enclosed volume."),
        Measure("girth", "mm", "Round the middle.", sum_of=("width", "height")),
    )

    def measures(self, values: Mapping[str, float]) -> dict[str, float]:
        return {**super().measures(values), "girth": 2.0 * (values["width"] + values["height"])}


class Inches(Brick):
    measure_list = (
        Measure("frontal_area", "sq in", "Projected area along x."),
        Measure("volume", "m3", "Enclosed volume."),
    )


class Picky(Brick):
    def broken_rules(self, values: Mapping[str, float]) -> list[Broken]:
        return [Broken("too-wide", "width above 90 mm")] if values["width"] > 90 else []


class Mumbling(Brick):
    def broken_rules(self, values: Mapping[str, float]) -> list[Broken]:
        return [Broken("Rule 7", "no") for _ in super().broken_rules(values)]


class Idle(Brick):
    def hull(self, values: Mapping[str, float]) -> Mesh:
        return box_mesh(values["length"], values["width"], 60.0)


class BadArchetype(Brick):
    archetypes = {"huge": {"length": 900.0}}  # noqa: RUF012


class Lenient(Brick):
    def validate(self, values: Mapping[str, Any]) -> dict[str, float]:
        return {k: float(v) for k, v in values.items() if v is not None}


class Swollen(Brick):
    def hull_solid(self, values: Mapping[str, float]) -> Any:
        return super().hull_solid({**values, "width": values["width"] * 1.01})


class Renamed(Brick):
    def solid(self, values: Mapping[str, float]) -> list[Any]:
        from maquette.design.geometry.solid import SolidPart

        return [SolidPart("slab", self.hull_solid(values), COLOUR)]


class TwoSolids(Brick):
    def hull_solid(self, values: Mapping[str, float]) -> Any:
        import cadquery as cq

        one = super().hull_solid(values)
        return cq.Compound.makeCompound([one, one.translate(cq.Vector(1000, 0, 0))])


@pytest.mark.parametrize(
    ("family", "check"),
    [
        (OpenHull, "hull_is_closed"),
        (InsideOut, "hull_is_closed"),
        (OffCentre, "hull_stands_in_place"),
        (Floating, "hull_stands_in_place"),
        (Giant, "bodies_fit_their_frame"),
        (Speck, "bodies_fit_their_frame"),
        (Restless, "bodies_repeat"),
        (Twins, "parts_are_named"),
        (Garish, "parts_are_named"),
        (Undeclared, "measures_are_complete"),
        (Exaggerated, "measures_are_complete"),
        (Miscounted, "measures_are_complete"),
        (Inches, "declaration_is_sane"),
        (Picky, "draws_are_accepted"),
        (Mumbling, "refusals_are_named"),
        (Idle, "parameters_do_something"),
        (BadArchetype, "named_designs_are_accepted"),
        (Lenient, "bad_values_are_refused"),
        pytest.param(Swollen, "bodies_agree", marks=pytest.mark.kernel),
        pytest.param(Renamed, "exact_parts_are_sound", marks=pytest.mark.kernel),
        pytest.param(TwoSolids, "exact_hull_is_sound", marks=pytest.mark.kernel),
    ],
)
def test_the_suite_notices(family: type[Brick], check: str) -> None:
    """A family bent in one place is caught by the check that claims to look there."""
    with pytest.raises(ContractError, match="family brick: "):
        CHECKS[check](family(), subjects(Brick(), 3) if family is Picky else subjects(family(), 3))


def test_place_and_symmetry_are_asked_of_those_who_declare_them() -> None:
    CHECKS["hull_stands_in_place"](Hanging(), subjects(Hanging(), 3))


# -- sampling ---------------------------------------------------------------------------------------------


def test_sample_is_a_prefix_of_a_larger_sample_and_repeats() -> None:
    family = Brick()
    small, large = sample(family, 5, seed=4), sample(family, 12, seed=4)
    assert large.designs[:5] == small.designs
    assert small == sample(family, 5, seed=4)
    assert small.designs != sample(family, 5, seed=5).designs


def test_accepted_and_refused_draws_add_up() -> None:
    family = Brick()
    found = sample(family, 40, seed=0)
    assert len(found.designs) == 40
    assert {d.broken[0].rule for d in found.refused} == {"not-a-tower"}
    for design in found.designs:
        assert family.accept(design.parameters) == design.parameters
    for draw in found.refused:
        with pytest.raises(RuleError, match="not-a-tower"):
            family.accept(draw.values)
    assert found.accepted_share == 40 / (40 + len(found.refused))


def test_draws_cover_the_declared_space_uniformly() -> None:
    share = [(d.values["length"] - 100) / 200 for d in itertools.islice(draws(Brick(), 9), 2000)]
    counts = [sum(k / 10 <= s < (k + 1) / 10 for s in share) for k in range(10)]
    assert min(counts) > 150
    assert max(counts) < 250


def test_a_space_that_is_refused_whole_ends_in_one_sentence() -> None:
    class Never(Brick):
        def broken_rules(self, values: Mapping[str, float]) -> list[Broken]:
            return [Broken("never", "0 designs are allowed")]

    with pytest.raises(InputError, match="accepted 0 of 300 draws"):
        sample(Never(), 3)


@pytest.mark.parametrize(("n", "seed"), [(0, 1), (-3, 1), (10**9, 1), (3, -1), (3, 2**40)])
def test_counts_and_seeds_are_bounded(n: int, seed: int) -> None:
    with pytest.raises(InputError, match="allowed"):
        sample(Brick(), n, seed)
