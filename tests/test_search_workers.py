"""Several workers on one study, some of them killed: no finished trial is lost, none counts twice."""

from __future__ import annotations

import os
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
from maquette.constraints.search.search import search
from maquette.constraints.search.study import RECORD, stored

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
        assert len(stored(url, "two").trials) == found.trials >= 40
        again = search(brief, trials=found.trials, storage=url, study="two")
        assert again.best[0].design == found.best[0].design
