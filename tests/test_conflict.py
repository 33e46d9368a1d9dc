"""Why nothing passes: planted conflicts of two to four limits and locks, found without what is not in them.

The pod's measures are formulae (`tests/pod.py`), so that the conflicts can be worked out by hand.
"""

from __future__ import annotations

import pytest
from pod import POD, PodPredictor

from maquette.constraints.requirements.brief import Brief
from maquette.constraints.requirements.requirement import Requirement
from maquette.constraints.search.search import SearchResult, search
from maquette.design.family.parameters import parameters_of

LOW = {p.name: p.range.low for p in parameters_of(POD.declaration)}
#: met by many designs, whatever else is asked
OTHERS = (
    Requirement("wheelbase", "mm", at_least=2500.0),
    Requirement("approach_angle", "deg", at_least=10.0),
    Requirement("drag_coefficient", "1", at_most=0.6),
)


def tried(asked: tuple[Requirement, ...], locks: dict[str, float] | None = None) -> SearchResult:
    brief = Brief("pod", requirements=(*asked, *OTHERS), locks=locks or {})
    return search(brief, PodPredictor(), trials=60, family=POD)


def tallest(height: float, clearance: float) -> float:
    """Head room in front, by the pod's formula."""
    return height - clearance - 330.0


TWO = (
    Requirement("overall_height", "mm", at_most=1400.0),
    Requirement("head_room_front", "mm", at_least=tallest(1400.0, LOW["ground_clearance"]) + 25.0),
)
THREE = (
    Requirement("overall_height", "mm", at_most=1450.0),
    Requirement("ground_clearance", "mm", at_least=170.0),
    Requirement("head_room_front", "mm", at_least=tallest(1450.0, 170.0) + 15.0),
)
MOST_LUGGAGE = 0.45e-6 * 700.0 * 1750.0 * (1450.0 - LOW["ground_clearance"] - 650.0)
FOUR = (
    Requirement("rear_overhang", "mm", at_most=700.0),
    Requirement("overall_width", "mm", at_most=1750.0),
    Requirement("overall_height", "mm", at_most=1450.0),
    Requirement("luggage_volume", "l", at_least=MOST_LUGGAGE + 12.0),
)


@pytest.mark.parametrize("planted", [TWO, THREE, FOUR], ids=["two", "three", "four"])
def test_a_planted_conflict_is_found_whole_and_alone(planted: tuple[Requirement, ...]) -> None:
    result = tried(planted)
    assert not result.feasible
    assert set(result.conflicts) == {r.quantity for r in planted}
    assert "cannot hold together" in result.explanation


def test_a_lock_is_part_of_a_conflict_and_another_is_not() -> None:
    asked = Requirement("head_room_front", "mm", at_least=tallest(1350.0, LOW["ground_clearance"]) + 25.0)
    result = tried((asked,), {"overall_height": 1350.0, "tyre_diameter": 660.0})
    assert set(result.conflicts) == {"overall_height", "head_room_front"}
    assert "held at 1350 mm" in result.explanation


def test_a_limit_that_fails_alone_is_its_own_conflict() -> None:
    result = tried((Requirement("body_mass", "kg", at_most=1.0),))
    assert result.conflicts == ("body_mass",)


def test_what_can_hold_has_no_conflict() -> None:
    room = Requirement("head_room_front", "mm", at_least=tallest(1450.0, 170.0) - 20.0)
    result = tried((*THREE[:2], room))
    assert result.feasible
    assert result.conflicts == ()
