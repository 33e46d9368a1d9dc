"""The audit of searches: what their winners gave beside what was promised."""

from __future__ import annotations

from dataclasses import replace

import pytest
from simulated import closed_form

from maquette.constraints.requirements.sentence import parse
from maquette.design.family.registry import get_family
from maquette.surrogate.studies.record import Observation
from maquette.ui.bench.audit import BRIEFS, Promised, answered, told

AHMED = get_family("ahmed")
DRAG = "drag_coefficient"


def promised(k: int, predicted: float) -> Promised:
    """The k-th design, +-10 % promised."""
    values = AHMED.defaults() | {"slant_angle": 10.0 + k}
    return Promised(f"brief {k}", values, predicted, 0.9 * predicted, 1.1 * predicted, True)


def run_of(row: Promised, drag: float, settled: bool = True) -> Observation:
    run = closed_form("wind_tunnel", "ahmed", row.values, "coarse")
    return replace(
        run, outputs={**run.outputs, DRAG: drag}, noise={**run.noise, DRAG: 0.001}, converged=settled
    )


def test_regret_is_how_much_worse_than_promised() -> None:
    rows = [promised(1, 0.20), promised(2, 0.25)]
    found = answered(rows, [run_of(rows[1], 0.24), run_of(rows[0], 0.23)], DRAG)
    assert [one.inside for one in found] == [False, True]
    assert [one.regret(1.0) for one in found] == pytest.approx([0.15, -0.04])  # drag: less is better
    assert [one.regret(-1.0) for one in found] == pytest.approx([-0.15, 0.04])  # a stiffness: more is better


def test_a_run_that_did_not_settle_is_not_averaged() -> None:
    rows = [promised(k, 0.20) for k in range(12)]
    runs = [run_of(row, 0.30 if k == 0 else 0.21, settled=k > 0) for k, row in enumerate(rows)]
    said = told(rows, answered(rows, runs, DRAG), 1.0)
    assert "brief 0" not in said
    assert "brief 1: predicted 0.2000 (0.1800 to 0.2200), simulated 0.2100 +- 0.0010: inside, +5.0 %" in said
    assert "settled: 11 of 12" in said
    assert "interval: 11 (asked: 10 of 12)" in said
    assert "mean regret: +5.0 %" in said


@pytest.mark.parametrize("name", BRIEFS["car"])
def test_audit_briefs_are_understood_to_the_last_word_and_ask_for_less_drag(name: str) -> None:
    heard = parse(BRIEFS["car"][name], get_family("car"))
    assert not heard.not_understood
    assert not heard.questions
    assert heard.brief.minimise == (DRAG,)
    assert len(heard.brief.hard) >= 2
