"""Decisions in a notebook: what was decided stands in one file, and any point can be gone back to."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import maquette as mq
from maquette.design.errors import InputError

CAR = mq.open("car")
START = mq.Design("car", CAR.family.defaults())


def test_a_design_is_decided_edited_and_brought_back(tmp_path: Path) -> None:
    history = CAR.history(tmp_path / "deep" / "decisions.jsonl")
    assert history.design is None
    history.decide("designer", "as opened", START)
    lower = history.edit("lower the roof by 20 mm, keep the wheelbase")
    assert lower.parameters["overall_height"] == START.parameters["overall_height"] - 20.0
    assert lower.what == "lower the roof by 20 mm, keep the wheelbase"
    assert lower.design is not None
    assert "lower the roof" in lower.design.provenance["overall_height"]
    history.undo_to(1)
    assert history.design == history.decisions[0].design
    history.undo_to(2)
    assert history.design == lower.design
    assert [d.number for d in CAR.history(history.path).decisions] == [1, 2, 3, 4]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8))
@settings(max_examples=20)
def test_whatever_is_undone_every_decision_stays_and_the_last_one_holds(back: list[int]) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        history = CAR.history(Path(folder) / "d.jsonl")
        for k, number in enumerate(back):
            height = 1400.0 + 10.0 * k
            known = len(history.decisions)
            if 1 <= number <= known:
                history.undo_to(number)
                assert history.design == history.decisions[number - 1].design
            else:
                design = mq.Design("car", {**START.parameters, "overall_height": height})
                history.decide("designer", f"{height}", design)
                assert history.design is not None
                assert history.design.parameters["overall_height"] == height
            assert len(history.decisions) == known + 1


def test_what_cannot_be_decided_is_refused(tmp_path: Path) -> None:
    history = CAR.history(tmp_path / "d.jsonl")
    with pytest.raises(InputError, match="there is no design yet"):
        history.edit("lower the roof")
    with pytest.raises(InputError, match="the history is of a car, the design is a chair"):
        history.decide("designer", "a chair", mq.Design("chair", mq.open("chair").family.defaults()))
    with pytest.raises(InputError, match="decision 1 is not in the log"):
        history.undo_to(1)
