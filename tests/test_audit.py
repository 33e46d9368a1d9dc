"""The audit of searches: what their winners gave beside what was promised."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from maquette.constraints.requirements.sentence import parse
from maquette.design.family.registry import get_family
from maquette.ui.bench.audit import BRIEFS, main, regrets
from maquette.ui.bench.audit import _read as read


def record(folder: Path, predicted: float, simulated: float, settled: bool = True) -> None:
    """What a search of `folder` writes down of its winner, +-10 % promised."""
    folder.mkdir(parents=True)
    drag = {"quantity": "drag_coefficient", "predicted": predicted, "simulated": simulated, "noise": 0.001}
    drag |= {"lower": 0.9 * predicted, "upper": 1.1 * predicted}
    lift = drag | {"quantity": "lift_coefficient", "simulated": 9.0}
    winner = {"compared": [lift, drag], "converged": settled}
    (folder / "optimise.json").write_text(json.dumps({"verified": [winner]}))


def test_regret_is_how_much_worse_than_promised(tmp_path: Path) -> None:
    record(tmp_path / "worse", 0.20, 0.23)
    record(tmp_path / "better", 0.25, 0.24)
    rows = [read("car", name, tmp_path / name) for name in ("worse", "better")]
    assert [row.inside for row in rows] == [False, True]
    assert regrets(rows, 1.0) == pytest.approx([0.15, -0.04])  # drag: less is better
    assert regrets(rows, -1.0) == pytest.approx([-0.15, 0.04])  # a stiffness: more is better


def test_a_run_that_did_not_settle_is_named_and_not_averaged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for k, name in enumerate(BRIEFS["car"]):
        record(tmp_path / name, 0.20, 0.30 if k == 0 else 0.21, settled=k > 0)
    assert main(["--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "fastback: predicted 0.2000 (0.1800 to 0.2200), simulated 0.3000 +- 0.0010: OUTSIDE, did" in said
    assert "settled: 11 of 12" in said
    assert "interval: 11 (asked: 10 of 12)" in said
    assert "mean regret: +5.0 %" in said


@pytest.mark.parametrize("name", BRIEFS["car"])
def test_audit_briefs_are_understood_to_the_last_word_and_ask_for_less_drag(name: str) -> None:
    heard = parse(BRIEFS["car"][name], get_family("car"))
    assert not heard.not_understood
    assert not heard.questions
    assert heard.brief.minimise == ("drag_coefficient",)
    assert len(heard.brief.hard) >= 2
