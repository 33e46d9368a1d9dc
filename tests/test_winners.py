"""The best of a search put through the study: what is told is the study's number less the model's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lamp_study import STRESS, Push, PushedLamp, installed, peak_stress

from maquette.constraints.requirements.brief import ParsedBrief
from maquette.constraints.requirements.product import brief_from_text
from maquette.design.errors import InputError
from maquette.design.family.records import Design
from maquette.surrogate.runs.dataset import read_jsonl
from maquette.surrogate.trust.prediction import Prediction
from maquette.ui.progress import silent
from maquette.ui.verbs.winners import check_count, verified
from maquette.ui.workbench import Assignment, open_workbench

LAMP = PushedLamp()
DESIGN = Design("lamp", LAMP.defaults())


@dataclass(frozen=True)
class Optimist:
    """Predicts a fifth less than the study says, and is sure of it."""

    study: Any

    def predict_design(
        self, values: Mapping[str, float], measures: Mapping[str, float]
    ) -> Mapping[str, Prediction]:
        said = 0.8 * peak_stress(dict(values), True)
        return {
            STRESS: Prediction(
                STRESS, said, "MPa", 0.98 * said, 1.02 * said, 0.01 * said, 0.9, True, 0.5, "", (), "optimist"
            )
        }


@pytest.fixture
def lamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MAQUETTE_DATA", str(tmp_path / "own.jsonl"))
    with installed(tmp_path / "site"):
        yield tmp_path


def task(parsed: ParsedBrief, predictor: Any) -> Assignment:
    return Assignment(open_workbench("lamp"), parsed, predictor)


def test_how_far_the_model_was_off_is_told(lamp: Path) -> None:
    stress = peak_stress(LAMP.defaults(), True)
    parsed = brief_from_text(f"a lamp with stress at most {0.9 * stress:.3f} MPa", "lamp")
    (winner,) = verified([DESIGN], task(parsed, Optimist(Push())), "frame", silent)
    (told,) = winner.compared
    assert (told.quantity, told.simulated) == (STRESS, pytest.approx(stress))
    assert told.off == pytest.approx(0.2 * stress)
    assert not told.inside
    assert winner.missed == (STRESS,)
    assert winner.fidelity == "frame"
    assert [r.run_id for r in read_jsonl(lamp / "own.jsonl")] == [winner.run_id]


def test_a_limit_that_the_simulation_meets_is_not_missed(lamp: Path) -> None:
    stress = peak_stress(LAMP.defaults(), True)
    parsed = brief_from_text(f"a lamp with stress at most {1.1 * stress:.3f} MPa", "lamp")
    (winner,) = verified([DESIGN], task(parsed, Optimist(Push())), "frame", silent)
    assert winner.missed == ()


def test_counts_and_products_without_a_model_are_refused(lamp: Path) -> None:
    parsed = brief_from_text("a lamp with reach at least 150 mm", "lamp")
    with pytest.raises(InputError, match="--verify-top is 9; allowed 0 to 5"):
        check_count(9, task(parsed, Optimist(Push())))
    with pytest.raises(InputError, match="nothing of a lamp is predicted"):
        check_count(1, task(parsed, None))
    check_count(0, task(parsed, None))
