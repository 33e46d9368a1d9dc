"""What locks and limits cost, against the pod's own formula (`tests/pod.py`)."""

from __future__ import annotations

import numpy as np
import pytest
from pod import POD, PodPredictor

from maquette.constraints.requirements.brief import Brief
from maquette.constraints.requirements.requirement import Requirement
from maquette.constraints.search.search import SearchResult, search
from maquette.design.family.parameters import as_row
from maquette.design.family.registry import get_family
from maquette.surrogate.models.surrogate import load_surrogate

CLEARANCE, WIDTH = 160.0, 1990.0


@pytest.fixture(scope="module")
def found() -> SearchResult:
    brief = Brief(
        "pod",
        requirements=(
            Requirement("ground_clearance", "mm", at_least=CLEARANCE),
            Requirement("overall_width", "mm", at_most=WIDTH),
        ),
        minimise=("drag_coefficient",),
        locks={"overall_height": 1500.0},
    )
    return search(brief, PodPredictor(), trials=120, family=POD, priced=True)


def test_a_lock_and_a_binding_limit_cost_what_the_formula_says(found: SearchResult) -> None:
    prices = {p.name: p for p in found.prices}
    height, clearance = prices["overall_height"], prices["ground_clearance"]
    # drag falls by 0.05 over 550 mm of height, 0.03 over 145 mm of clearance
    freed, loosened = 0.1 * 550.0, 0.05 * CLEARANCE
    assert (height.kind, clearance.kind) == ("lock", "limit")
    assert clearance.at_least == pytest.approx(CLEARANCE - loosened)
    assert height.gain == pytest.approx(0.05 * freed / 550.0, rel=0.25)
    assert clearance.gain == pytest.approx(0.03 * loosened / 145.0, rel=0.5)
    assert height.lower < height.gain < height.upper
    assert [p.gain for p in found.prices] == sorted((p.gain for p in found.prices), reverse=True)


def test_a_limit_that_does_not_bind_has_no_price(found: SearchResult) -> None:
    assert "overall_width" not in {p.name for p in found.prices}
    assert "overall height set free: drag coefficient better by" in found.explanation


def test_what_two_designs_have_in_common_cancels_in_their_difference() -> None:
    family, surrogate = get_family("car"), load_surrogate("car", local=False)
    one = as_row(family.declaration, family.defaults())
    other = one.copy()
    other[0] += 5.0
    apart = surrogate.difference(np.stack([one, other]), "drag_coefficient")
    assert apart is not None
    assert surrogate.difference(np.stack([one, one]), "drag_coefficient") == pytest.approx(0.0, abs=1e-6)
    assert 0.0 < apart < 0.3 * surrogate.predict(one[None]).sigma["drag_coefficient"][0]
    assert surrogate.difference(np.stack([one, other]), "drag_area") is None
