"""Searches by several processes, with stand-ins that work at once: who is asked what, what is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pod import POD, PodPredictor

from maquette.constraints.requirements.brief import Brief
from maquette.constraints.requirements.requirement import Requirement
from maquette.constraints.search import workers
from maquette.constraints.search.evaluate import Evaluator
from maquette.constraints.search.loop import run
from maquette.constraints.search.record import Record
from maquette.constraints.search.space import build_space
from maquette.constraints.search.study import open_study
from maquette.constraints.search.workers import _progress, _stopped, run_workers
from maquette.design.errors import BuildError, InputError, UnfinishedError
from maquette.surrogate.models import push_pull_files

BRIEF = Brief(
    "pod", requirements=(Requirement("overall_height", "mm", at_most=1500.0),), minimise=("drag_coefficient",)
)


def record(number: int, violation: float, measured: bool = True) -> Record:
    return Record(
        number,
        {},
        "screen",
        {},
        {"drag_coefficient": 0.1 * number},
        {},
        True,
        0.0,
        (),
        (0.0,),
        measured,
        violation,
    )


def test_progress_counts_and_knows_the_pace_from_the_first_shared_trial() -> None:
    records = [record(1, 0.5), record(2, 0.0), record(3, 0.0), record(4, 0.1)]
    told = _progress(records, 10, 6.0, 1)
    assert (told.done, told.total, told.feasible, told.remaining) == (4, 10, 2, pytest.approx(6.0 / 3 * 6))
    assert told.best == {"drag_coefficient": pytest.approx(0.2)}
    assert _progress(records, 10, 6.0, 4).remaining is None
    over = _progress(records, 3, 6.0, 1)
    assert (over.done, over.remaining) == (3, 0.0)
    none = _progress([record(1, 0.5), record(2, 0.1), record(3, 0.0, measured=False)], 9, 1.0, 0)
    assert none.best == {"drag_coefficient": pytest.approx(0.3)}


def test_why_a_shared_search_stopped_is_said_with_what_is_kept() -> None:
    bad = InputError("no")
    assert _stopped(bad, 3, 9, "") is bad
    kept = _stopped(BuildError("it died", {}), 3, 9, "j")
    assert isinstance(kept, UnfinishedError)
    assert str(kept) == (
        "the search stopped after 3 of 9 trials: it died; they are kept in j, and the same command goes on"
    )
    assert str(_stopped(KeyError("k"), 3, 9, "")) == (
        "the search stopped after 3 of 9 trials, which are not kept without a storage: KeyError: 'k'"
    )


class Now:
    """A process that works when it is started, in this one."""

    started: list[tuple[Any, ...]]
    does: Callable[..., None]

    def __enter__(self) -> Now:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def start(self, function: Any, *given: Any) -> None:
        type(self).started.append(given)
        self.fault: Exception | None = None
        try:
            type(self).does(*given)
        except Exception as error:
            self.fault = error

    def ready(self) -> bool:
        return True

    def result(self) -> None:
        if self.fault is not None:
            raise self.fault


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> type[Now]:
    Now.started = []
    Now.does = staticmethod(workers.work)
    monkeypatch.setattr(workers, "FreshProcess", Now)
    monkeypatch.setattr(workers, "POLL", 0.0)
    monkeypatch.setattr(workers, "get_family", lambda _: POD)
    monkeypatch.setattr(workers, "brief_from_data", lambda _: SimpleNamespace(brief=BRIEF))
    return Now


def shared(trials: int, count: int, storage: str = "", progress: Any = None) -> tuple[list[Record], bool]:
    return run_workers(BRIEF, POD, PodPredictor(), None, trials, storage, "s", "id", count, progress)


def test_workers_go_on_after_a_round_of_one_and_are_streams_of_their_own(
    process: type[Now], tmp_path: Path
) -> None:
    seen: list[Any] = []
    records, interrupted = shared(14, 2, str(tmp_path / "j"), seen.append)
    assert not interrupted
    assert len(records) >= 14
    assert [r.number for r in records] == list(range(len(records)))
    assert [given[7] for given in process.started] == [1, 2]  # streams
    assert {given[3:7] for given in process.started} == {(14, str(tmp_path / "j"), "s", "id")}
    assert [(p.done, p.total, p.remaining) for p in seen[:10]] == [(k, 14, None) for k in range(1, 11)]
    assert (seen[-1].done, seen[-1].total) == (14, 14)
    again, _ = shared(14, 2, str(tmp_path / "j"))
    assert [r.values for r in again] == [r.values for r in records]  # nothing was left to do


def test_few_trials_need_no_workers(process: type[Now]) -> None:
    records, interrupted = shared(10, 3)
    assert (len(records), interrupted, process.started) == (10, False, [])


def test_faults_are_told_when_trials_are_missing(process: type[Now]) -> None:
    def dies(*_: Any) -> None:
        raise ValueError("gone")

    process.does = staticmethod(dies)
    with pytest.raises(
        UnfinishedError, match=r"after 10 of 14 trials, which are not kept .*ValueError: gone"
    ):
        shared(14, 2)


def test_a_fault_of_one_is_forgiven_when_the_others_finish(process: type[Now]) -> None:
    def first_dies(*given: Any) -> None:
        if given[7] == 1:
            raise ValueError("gone")
        workers.work(*given)

    process.does = staticmethod(first_dies)
    records, _ = shared(12, 2)
    assert len(records) >= 12


def test_a_stored_search_goes_on_with_the_same_trials(tmp_path: Path) -> None:
    def judge() -> Evaluator:
        return Evaluator(POD, BRIEF, PodPredictor(), build_space(POD, BRIEF))

    def go(trials: int, where: str) -> list[Record]:
        own = judge()
        return run(own, trials, open_study(str(tmp_path / where), "s", "id", own.names), None)[0]

    whole = go(13, "a")
    go(6, "b")
    rest = go(13, "b")
    assert [replace(r, numbers={}) for r in rest] == [replace(r, numbers={}) for r in whole]


def test_a_sampler_learns_from_whole_trials_and_shared_constraints() -> None:
    """Of four trials one lacks a parameter and one is endless; one constraint is stated by both others."""
    import optuna
    from optuna.distributions import FloatDistribution

    from maquette.constraints.search.coding import Coding
    from maquette.constraints.search.sampler import _tried

    space = {n: FloatDistribution(0.0, 10.0) for n in ("x", "y")}
    study = optuna.create_study(directions=["minimize", "maximize"])
    assert _tried(study, Coding.of(space)) is None
    for params, values, constraints in (
        ({"x": 1.0}, (1.0, 2.0), {"a": 1.0}),
        ({"x": 1.0, "y": 2.0}, (float("inf"), 2.0), {"a": 1.0}),
        ({"x": 5.0, "y": 2.0}, (3.0, 4.0), {"a": -1.0, "b": 2.0}),
        ({"x": 10.0, "y": 0.0}, (1.0, 1e200), {"a": 0.5}),
    ):
        asked = study.ask()
        for name, value in constraints.items():
            asked.set_constraint(name, value)
        told = study.tell(asked, values)
        study.add_trial(
            optuna.trial.create_trial(
                params=params, distributions={n: space[n] for n in params}, values=values,
                user_attrs=told.user_attrs, system_attrs=told.system_attrs,
            )
        )  # fmt: skip
    found = _tried(study, Coding.of(space))
    assert found is not None
    assert found.units == pytest.approx(np.array([[0.5, 0.2], [1.0, 0.0]]))
    assert found.objectives == pytest.approx(np.array([[3.0, -4.0], [1.0, -1e100]]))
    assert found.constraints == pytest.approx(np.array([[-1.0], [0.5]]))


# -- the picture of a map -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("better", "blue", "red", "which"),
    [("less", "move it out", "move it in", "less"), ("more", "move it in", "move it out", "more"),
     ("", "move it out", "move it in", "less")],
)  # fmt: skip
def test_the_legend_of_a_map_says_which_way_its_colours_are(
    better: str, blue: str, red: str, which: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(
        "maquette.design.rendering.field_picture.field_picture",
        lambda mesh, field, legend, lines: (seen.append((legend, lines)), b"png")[1],
    )
    border = SimpleNamespace(points=np.eye(3), closed=True)
    line = SimpleNamespace(points=np.eye(3)[:2], closed=False)
    found: Any = SimpleNamespace(
        quantity="drag_coefficient", unit="1", explained=0.876, says="says little", left_out=("a",),
        family="pod",
        most=(SimpleNamespace(words="more length"),), better=better, borders={"x": border, "y": line},
        mesh=None, field=None,
    )  # fmt: skip
    made = push_pull_files.write_push_pull(found, tmp_path / "m.png", "A pod")
    assert (tmp_path / "m.png").read_bytes() == b"png"
    assert made.what == "change of the drag coefficient per mm outward and m2, 1/(mm m2)"
    legend, lines = seen[0]
    told = vars(legend) if hasattr(legend, "__dict__") else legend._asdict()
    texts = [str(v) for v in told.values()]
    assert texts[0] == f"A pod: where the surface wants to move for {which} drag coefficient"
    assert f"blue: {blue}" in texts
    assert f"red: {red}" in texts
    assert "It gives 88% of the slopes. What matters most:" in texts[-1] or "88%" in " ".join(texts)
    assert [len(points) for points in lines] == [4, 2]  # a closed one comes back to its first point
    stress = push_pull_files.write_push_pull(replaced(found, unit="MPa"), tmp_path / "n.png")
    assert stress.what.endswith(", MPa/(mm m2)")


def replaced(found: Any, **changes: Any) -> Any:
    return SimpleNamespace(**{**vars(found), **changes})
