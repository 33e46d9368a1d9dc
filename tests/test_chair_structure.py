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
