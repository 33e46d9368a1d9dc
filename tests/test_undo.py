"""Undo and redo over a log that is never shortened: any walk through decisions comes back to where it was."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_bench import Bench, event, nothing_left  # noqa: F401 - a fixture

from maquette.ui.jobs.history import began_at, in_hand, redo_target, undo_target

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


def told(entries: list[Any], back: int = 0, begins: bool = False) -> None:
    entries.append(SimpleNamespace(number=len(entries) + 1, back=back, begins=begins))


@given(st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=40))
def test_undo_and_redo_are_those_of_an_ordinary_editor(walk: list[str]) -> None:
    entries: list[Any] = []
    done: list[int] = []  # as an editor with two stacks keeps them
    undone: list[int] = []
    for step in walk:
        if step == "do":
            told(entries)
            done.append(len(entries))
            undone = []
        elif step == "undo":
            goal = undo_target(entries)
            assert goal == (done[-2] if len(done) > 1 else 0)
            if goal:
                told(entries, goal)
                undone.append(done.pop())
        else:
            goal = redo_target(entries)
            assert goal == (undone[-1] if undone else 0)
            if goal:
                told(entries, goal)
                done.append(undone.pop())
        assert in_hand(entries) == (done[-1] if done else 0)


def test_a_jump_back_is_walked_forth_step_by_step() -> None:
    entries: list[Any] = []
    for k in range(4):
        told(entries, begins=k == 0)
    told(entries, 1)
    assert redo_target(entries) == 2
    told(entries, 2)
    assert redo_target(entries) == 3
    began = began_at(entries)
    assert began is not None
    assert began.number == 1


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, "en").model("a fastback under 4.7 m")


def state(bench: Bench) -> Any:
    now = bench.now
    return (dict(now.design.parameters) if now.design else None, now.brief_text, now.brief)


def test_every_decision_of_every_tab_is_taken_back_and_done_again(bench: Bench) -> None:
    states = [state(bench)]
    steps = [
        lambda: bench.edit("settle", values={"wheelbase": 2700.0}),
        lambda: bench.edit("lock", name="wheelbase", on=True),
        lambda: bench.edit("brief", act="limit", arg="overall_length:at_most", value="4.65 m"),
        lambda: bench.edit("option", act="option", arg="grille:slats"),
        lambda: bench.call("search", "prefer", ["drag_coefficient"], [], ["wheelbase"]),
        lambda: bench.call("model", "begin", "estate"),
        lambda: bench.call("brief", "understand", "a hatchback under 4.3 m", "car"),
        lambda: bench.edit("brief", act="drop", arg="overall_length"),
    ]
    for step in steps:
        step()
        assert state(bench) != states[-1]
        states.append(state(bench))
    for expected in reversed(states[:-1]):
        answer = bench.edit("undo", tab="model")
        assert state(bench) == expected
        assert "/bodies/" in answer, "the tab that is seen is painted"
    for expected in states[1:]:
        bench.edit("redo", tab="search")
        assert state(bench) == expected
    assert "nothing to do again" in bench.edit("redo", tab="brief")


def test_sliders_are_reset_to_the_body_that_they_began_at(bench: Bench) -> None:
    start = bench.now.design.parameters["wheelbase"]
    bench.edit("settle", values={"wheelbase": 2700.0})
    tab = bench.pages["model"].paint(bench.now)
    groups = next(v["groups"] for v in tab.values() if isinstance(v, dict) and "groups" in v)
    item = next(i for g in groups for i in g["items"] if i["name"] == "wheelbase")
    assert (item["start"], item["value"]) == (start, 2700.0)
    bench.call("release", "undo", event(act="undo", arg="2"))
    assert bench.now.design.parameters["wheelbase"] == start
