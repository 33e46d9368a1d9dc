"""Boxes that a body must leave free or hold inside: measured, searched for, and honoured exactly."""

from __future__ import annotations

from pathlib import Path

import pytest
from brick import box_mesh
from hypothesis import given
from hypothesis import strategies as st

from maquette.constraints.requirements.assess import assess
from maquette.constraints.requirements.brief import Brief, zones_in
from maquette.constraints.requirements.brief_files import brief_from_data, read_brief
from maquette.constraints.search.search import search
from maquette.design.errors import InputError
from maquette.design.family.registry import get_family
from maquette.design.geometry.zones import FAR_MM, KEEP_OUT, PRESERVE, Zone, gap_on_mesh, zone_of

AHMED = get_family("ahmed")
BODY = box_mesh(1000.0, 400.0, 300.0)
CASES = [
    (Zone(KEEP_OUT, (100.0, -50.0, 320.0), (200.0, 50.0, 400.0)), 20.0),
    (Zone(KEEP_OUT, (100.0, -15.0, 270.0), (130.0, 15.0, 400.0)), -30.0),
    (Zone(KEEP_OUT, (400.0, -50.0, 100.0), (500.0, 50.0, 200.0)), -100.0),
    (Zone(PRESERVE, (100.0, -50.0, 40.0), (200.0, 50.0, 285.0)), 15.0),
    (Zone(PRESERVE, (100.0, -20.0, 260.0), (140.0, 20.0, 340.0)), -40.0),
    (Zone(PRESERVE, (2000.0, 0.0, 0.0), (2100.0, 100.0, 100.0)), -100.0),
]
#: room above the slant of the tail, and a pack that the body must hold
BOXES = [
    {"kind": "keep_out", "low": [900, -60, 300], "high": ["1100 mm", 60, "50 cm"], "name": "camera"},
    {"kind": "preserve", "low": [250, -150, 70], "high": [750, 150, 300], "gap": 5, "name": "pack"},
]


def brief() -> Brief:
    return brief_from_data({"family": "ahmed", "box": BOXES}).brief


@pytest.mark.parametrize(("zone", "gap"), CASES)
def test_gaps_are_those_of_plain_geometry(zone: Zone, gap: float) -> None:
    assert gap_on_mesh(zone, BODY) == pytest.approx(gap, abs=0.01)


@pytest.mark.kernel
@pytest.mark.parametrize(("zone", "gap"), CASES)
def test_the_exact_solid_is_measured_alike(zone: Zone, gap: float) -> None:
    from cadquery import Solid, Vector

    from maquette.design.geometry.zones import gap_on_solid

    solid = Solid.makeBox(1000.0, 400.0, 300.0, pnt=Vector(0.0, -200.0, 0.0))
    assert gap_on_solid(zone, solid) == pytest.approx(gap, abs=0.01)


@given(st.tuples(*[st.floats(-900, 900)] * 3), st.tuples(*[st.floats(1, 900)] * 3), st.sampled_from(CASES))
def test_a_name_holds_its_box_and_a_gap_is_never_further_than_told(
    low: tuple[float, float, float], size: tuple[float, float, float], case: tuple[Zone, float]
) -> None:
    x, y, z = (round(a + b, 1) for a, b in zip(low, size, strict=True))
    zone = Zone(case[0].kind, (round(low[0], 1), round(low[1], 1), round(low[2], 1)), (x, y, z))
    if zone.volume > 10.0:
        assert zone_of(zone.name) == zone
        assert gap_on_mesh(zone, BODY) <= FAR_MM + 1e-3


def test_a_file_draws_boxes_and_faults_are_named(tmp_path: Path) -> None:
    camera, pack = sorted(brief().requirements, key=lambda r: r.source)
    assert (camera.source, camera.at_least, pack.source, pack.at_least) == ("camera", 0.0, "pack", 5.0)
    assert zone_of(camera.quantity) == Zone(KEEP_OUT, (900.0, -60.0, 300.0), (1100.0, 60.0, 500.0))
    again = brief_from_data(brief().to_json()).brief
    assert zones_in(again) == zones_in(brief())
    path = tmp_path / "b.toml"
    for wrong, said in (
        ('kind = "hole"\nlow = [0, 0, 0]\nhigh = [1, 1, 1]', "allowed keep_out, preserve"),
        ('kind = "keep_out"\nlow = [0, 0, 0]\nhigh = [1, 0, 1]', "every number of low must be below"),
        ('kind = "keep_out"\nlow = [0, 0]\nhigh = [1, 1, 1]', "give three lengths"),
        ('kind = "keep_out"\nlow = [0, 0, 0]\nhigh = [1, 1, 1]\ncolour = 3', "colour"),
    ):
        path.write_text(f'family = "ahmed"\n[[box]]\n{wrong}\n')
        with pytest.raises(InputError, match=said):
            read_brief(path)


def test_a_search_makes_room() -> None:
    """The starting point stands in the camera's box; what is found does not, and holds the pack."""
    found = search(brief(), None, trials=40)
    start = gap_on_mesh(zone_of(zones_in(brief())[0]) or CASES[0][0], AHMED.hull(AHMED.defaults()))
    assert start < 0.0
    assert found.feasible
    hull = AHMED.hull(found.best[0].design.parameters)
    for requirement in brief().requirements:
        zone = zone_of(requirement.quantity)
        assert zone is not None
        assert gap_on_mesh(zone, hull) >= (requirement.at_least or 0.0)


@pytest.mark.kernel
def test_what_a_search_finds_is_judged_on_the_exact_hull() -> None:
    from maquette.design.exchange.exact import build_hull

    for one in search(brief(), None, trials=40).best:
        values = dict(one.design.parameters)
        exact = build_hull("ahmed", values, zones_in(brief())).own_measures
        judged = assess(AHMED, values, brief(), None, exact)
        assert judged.feasible
        assert {v.how for v in judged.verdicts} == {"exact CAD"}


@pytest.mark.slow
@pytest.mark.kernel
def test_no_returned_design_breaks_a_box_on_its_exact_hull(tmp_path: Path) -> None:
    from maquette.design.geometry.zones import gap_on_solid
    from maquette.ui.verbs import optimise

    found = optimise(brief(), tmp_path, trials=40)
    assert found.feasible
    for candidate in found.best:
        solid = AHMED.hull_solid(candidate.design.parameters)
        for verdict in candidate.verdicts:
            zone = zone_of(verdict.quantity)
            assert zone is not None
            assert verdict.how == "exact CAD"
            assert verdict.passed == (gap_on_solid(zone, solid) >= verdict.limit)
    assert all(v.passed for v in found.best[0].verdicts)


@pytest.mark.slow
@pytest.mark.kernel
def test_a_release_states_the_gaps_and_verifies(tmp_path: Path) -> None:
    from maquette.ui.verbs import design, verify

    made = design(brief(), tmp_path / "out", trials=30, concepts=0)
    assert made.feasible
    assert made.verified
    assert verify(tmp_path / "out").ok
