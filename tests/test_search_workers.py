"""Several workers on one study, some of them killed: no finished trial is lost, none counts twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import killed
import pytest
from conftest import require
from postgres import WHAT, present, server

from maquette.constraints.requirements.brief_files import brief_from_data
from maquette.constraints.search.evaluate import Evaluator
from maquette.constraints.search.loop import SearchProgress
from maquette.constraints.search.record import Record
from maquette.constraints.search.search import search
from maquette.constraints.search.study import RECORD, records_of, stored
from maquette.design.processes import FreshProcess

KILLS, CREW = 30, 3
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "OMP_NUM_THREADS": "1"}


@pytest.fixture(params=["journal", "postgres"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "journal":
        yield str(tmp_path / "a.journal")
        return
    require(present(), WHAT)
    with server() as url:
        yield url


@pytest.mark.slow
def test_workers_killed_at_thirty_moments_lose_nothing(storage: str, tmp_path: Path) -> None:
    """What a worker knew as stored is there once; what is there counts once; the study goes on."""
    brief = brief_from_data(killed.ASKED).brief
    assert search(brief, trials=8, storage=storage, study=killed.NAME).trials == 8
    log = tmp_path / "finished"
    words = [storage, KILLS, CREW, 7, log]
    subprocess.run(
        [sys.executable, killed.__file__, *map(str, words)], env=ENVIRONMENT, check=True, timeout=1500
    )
    finished = log.read_text().split()
    trials = stored(storage, killed.NAME).get_trials(deepcopy=False)
    kept = Counter(killed.mark(t.user_attrs[RECORD]) for t in trials)
    assert len(finished) >= KILLS
    assert set(finished) <= set(kept)
    assert max(kept.values()) == 1
    assert len(kept) - len(finished) - 8 <= KILLS + CREW  # stored, and killed before it was noted
    assert [t.number for t in trials] == list(range(len(trials)))
    assert all(t.state.is_finished() for t in trials)
    more = len(trials) + 3
    assert search(brief, trials=more, storage=storage, study=killed.NAME).trials == more


def test_workers_make_as_many_trials_as_asked_though_one_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three that judge at the same time would store up to two too many; those that were asked for later
    count on from the first, which stay as they were."""
    crew: list[FreshProcess] = []
    began = FreshProcess.start
    monkeypatch.setattr(FreshProcess, "start", lambda *given: [crew.append(given[0]), began(*given)])

    def kill_one(told: SearchProgress) -> None:
        if told.done > 17 and len(crew) == 3:
            os.kill(crew.pop().pid, signal.SIGKILL)

    where = str(tmp_path / "a.journal")
    brief = brief_from_data(killed.ASKED).brief
    before: list[Record] = []
    for asked in (30, 41):
        found = search(brief, trials=asked, workers=3, storage=where, study=killed.NAME, progress=kill_one)
        kept = records_of(stored(where, killed.NAME).trials)
        assert found.trials == len(kept) == asked
        assert found.records == tuple(kept)
        assert kept[: len(before)] == before
        before = kept
    assert len(crew) == 2 + 3  # the first crew lost one
    assert search(brief, trials=20, workers=3, storage=where, study=killed.NAME).trials == 20


def test_an_interruption_before_the_first_trial_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was an IndexError: an "internal error" for whoever pressed Ctrl-C early."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Evaluator, "evaluate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        search(brief_from_data(killed.ASKED).brief, trials=20, workers=2)


@pytest.mark.slow
def test_workers_that_come_to_an_empty_database_together_all_get_in(tmp_path: Path) -> None:
    """Optuna lets the late ones fail: the tables exist already."""
    require(present(), WHAT)
    with server() as url:
        words = [sys.executable, killed.__file__, url, "1", "4", "3", str(tmp_path / "finished")]
        done = subprocess.run(
            words, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=600
        )
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_a_search_with_workers_on_postgres() -> None:
    require(present(), WHAT)
    brief = brief_from_data(killed.ASKED).brief
    with server() as url:
        found = search(brief, trials=40, workers=2, storage=url, study="two")
        assert found.feasible
        assert len(stored(url, "two").trials) == found.trials == 40
        again = search(brief, trials=found.trials, storage=url, study="two")
        assert again.best[0].design == found.best[0].design
