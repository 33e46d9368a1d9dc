"""The chair under load: whole, in balance, and stronger where it has more metal."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from maquette.design.family.sampling import draws
from maquette.design.products.chair import Chair, loads
from maquette.design.products.chair import declaration as d
from maquette.design.products.chair.structure import structure
from maquette.design.structures.solve import solve
from maquette.design.structures.structure import LoadCase, Structure
from maquette.surrogate.studies.conformance import measures_are_its_outputs
from maquette.surrogate.studies.registry import get_study

CHAIR = Chair()


def design(archetype: str, **changes: float) -> dict[str, float]:
    return {**CHAIR.defaults(), **CHAIR.archetypes[archetype], **changes}


def case(loaded: Structure, name: str) -> LoadCase:
    return next(c for c in loaded.cases if c.name == name)


def pressed(loaded: Structure, name: str) -> np.ndarray:
    return np.sum([load.force for load in case(loaded, name).loads], axis=0)


def test_the_study_finds_what_the_chair_measures() -> None:
    measures_are_its_outputs(get_study("structure"), CHAIR)


def test_loads_are_those_of_the_level() -> None:
    """560 N lean square on a back that leans 13 degrees while 1600 N lie on the seat."""
    loaded = structure(design("stacking", back_angle=13.0))
    x, y, z = pressed(loaded, "seat and back")
    assert (x, y) == pytest.approx((560.0 * 0.97437, 0.0), abs=0.01)
    assert z == pytest.approx(-1600.0 - 560.0 * 0.22495, abs=0.01)
    assert pressed(loaded, "legs sideways") == pytest.approx((0.0, 400.0, -1000.0))
    assert pressed(structure(design("stacking"), "severe"), "front edge")[2] == pytest.approx(-1600.0)
    assert "EN 16139:2013 level 1" in case(loaded, "front edge").source


def test_the_seat_load_lies_over_its_point() -> None:
    """Spread over nodes, its middle stays in the mirror plane and near the loading point."""
    loaded = structure(design("stool"))
    load = case(loaded, "seat and back").loads
    places = np.array([loaded.nodes[one.node] for one in load])
    weights = np.array([-one.force[2] for one in load])
    x, y = (weights @ places[:, :2]) / weights.sum()
    assert abs(y) < 1e-6
    assert x == pytest.approx(0.5 * 370.0 - loads.BEFORE_BACK, abs=15.0)


def test_arms_and_foot_rests_are_tried_where_there_are_any() -> None:
    names = {n: {c.name for c in structure(design(n)).cases} for n in ("bistro", "bar_stool", "stool")}
    assert {"arms sideways", "arm down"} <= names["bistro"]
    assert "foot rest" in names["bar_stool"]
    assert names["stool"] == {"seat and back", "front edge", "legs forward", "legs sideways"}


@pytest.mark.parametrize("archetype", CHAIR.archetypes)
def test_known_chairs_survive_at_home(archetype: str) -> None:
    """What people have sat on for a hundred years holds the loads of homes."""
    solved = solve(structure(design(archetype), "domestic"))
    assert solved.safety_factor > 1.0
    assert 1.0 < solved.max_deflection < 100.0


def test_every_draw_is_whole() -> None:
    """No part hangs in the air: the supports hold every drawn chair."""
    for draw in islice(draws(CHAIR, 5), 40):
        if not draw.broken:
            solved = solve(structure(draw.values))
            assert np.isfinite(solved.safety_factor), draw
            assert solved.peak_stress > 1.0, draw


#: a sled whose slats end within 0.01 mm of its uprights (drawn at random: design 10,444 of 20,000)
TOUCHING = {
    "seat_height": 418.0964, "seat_width": 443.0066, "seat_depth": 338.9021, "seat_angle": 4.7767,
    "seat_dish": 9.8041, "seat_thickness": 30.3168, "seat_roundness": 0.3689, "seat_taper": 58.6475,
    "seat_material": 1, "back_kind": 1, "back_height": 453.0844, "back_width": 321.5629118924758,
    "back_angle": 14.1157, "back_curve": 0.1389, "back_roundness": 0.4698, "back_opening": 94.6957,
    "back_members": 6, "base": 2, "frame_material": 1, "leg_size": 24.6764751416281, "leg_section": 1,
    "leg_taper": 0.8066, "wall": 1.4482, "leg_inset": 38.63916463682646, "front_splay": 11.3123,
    "rear_splay": 6.7590, "side_splay": 1.8614401, "bend_radius": 54.1085, "stretchers": 3,
    "stretcher_height": 0.5483, "arms": 0,
}  # fmt: skip


def test_a_slat_that_just_reaches_its_upright_holds_on_to_it() -> None:
    """Moved by hundredths of a millimetre through touching, the chair is one piece and as strong."""
    found = []
    for step in (-0.05, -0.02, 0.0, 0.005, 0.01, 0.02, 0.05):
        loaded = structure(
            CHAIR.accept({**CHAIR.defaults(), **TOUCHING, "leg_inset": TOUCHING["leg_inset"] + step})
        )
        assert pieces(loaded) == 1, step
        found.append(solve(loaded).safety_factor)
    np.testing.assert_allclose(found, found[2], rtol=3e-3)


def pieces(loaded: Structure) -> int:
    """Parts that nothing joins, counted by walking from node to node."""
    beside: dict[int, set[int]] = {n: set() for n in range(len(loaded.nodes))}
    for m in loaded.members:
        beside[m.i].add(m.j)
        beside[m.j].add(m.i)
    for a, b, c in np.concatenate([p.triangles for p in loaded.plates]).tolist():
        for n in (a, b, c):
            beside[n] |= {a, b, c}
    count = 0
    while beside:
        count += 1
        todo = [next(iter(beside))]
        while todo:
            todo += beside.pop(todo.pop(), ())
    return count


def test_more_metal_is_stronger_and_stiffer() -> None:
    thin, thick = (solve(structure(design("school", wall=wall))) for wall in (1.5, 2.5))
    assert thick.max_deflection < thin.max_deflection
    steel, aluminium = (solve(structure(design("school", frame_material=m))) for m in (d.STEEL, d.ALUMINIUM))
    assert aluminium.max_deflection > 1.5 * steel.max_deflection


def test_the_mass_of_the_structure_is_that_of_the_body() -> None:
    """Beams along middle lines weigh what the solid pieces weigh, feet and rounded corners aside."""
    for archetype in ("school", "cantilever", "dining", "bistro"):
        v = design(archetype)
        body = CHAIR.measures_of(v, ["mass"])["mass"]
        assert solve(structure(v)).mass == pytest.approx(body, rel=0.06), archetype


def test_it_says_which_part_decides() -> None:
    said = CHAIR.why(design("cantilever"), "safety_factor")
    assert "frame decides" in said
    assert "EN 1728" in said
    assert CHAIR.why(design("cantilever"), "mass") == ""
