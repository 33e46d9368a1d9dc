"""Workers of one search that are killed at random moments: a script, run by `test_search_workers.py`.

It keeps some workers on one stored study, kills one of them `kills` times, lets the last finish, and prints
what the workers had written down as finished. Each is a fork of a process that has loaded everything, so
that most of a worker's life is work.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from maquette.constraints.requirements.brief_files import brief_from_data
from maquette.constraints.search import workers
from maquette.constraints.search.study import RECORD, identity_of
from maquette.design.family.registry import get_family

ASKED = {"family": "ahmed", "require": [{"quantity": "overall_length", "at_most": 1000}]}
NAME = "s"


def mark(record: Any) -> str:
    """What a trial found, in short; its number is the storage's."""
    plain = {k: v for k, v in record.items() if k != "number"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:20]


def worker(where: str, trials: int, stream: int, log: Path) -> None:
    """One worker; what the storage has taken is noted at once."""
    from optuna.study import Study

    real = Study.add_trial

    def add(self: Study, trial: Any) -> None:
        real(self, trial)
        if RECORD in trial.user_attrs and _stored(self):
            handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(handle, (mark(trial.user_attrs[RECORD]) + "\n").encode())
            os.close(handle)

    Study.add_trial = add  # type: ignore[method-assign]
    brief = brief_from_data(ASKED).brief
    family = get_family(brief.family)
    workers.work(ASKED, None, None, trials, where, NAME, identity_of(family, brief), stream)


def _grown(log: Path, patience: float = 120.0) -> None:
    """Wait until somebody has finished one more trial."""
    before = log.stat().st_size if log.exists() else 0
    ends = time.monotonic() + patience
    while not (log.exists() and log.stat().st_size > before):
        assert time.monotonic() < ends, "no worker finishes a trial"
        time.sleep(0.02)


def _stored(study: Any) -> bool:
    return type(study._storage).__name__ != "InMemoryStorage"


def main(where: str, kills: int, crew: int, seed: int, log: Path) -> None:
    """Keep a crew at work and kill one of it again and again."""
    dice = random.Random(seed)  # noqa: S311 - moments, no secrets
    alive: list[int] = []
    stream = 0
    try:
        for _ in range(kills):
            while len(alive) < crew:
                stream += 1
                alive.append(_born(where, stream, log))
            _grown(log)
            time.sleep(dice.uniform(0.0, 0.5))
            victim = alive.pop(dice.randrange(len(alive)))
            os.kill(victim, signal.SIGKILL)
            assert os.waitpid(victim, 0)[1] == signal.SIGKILL, "a worker ended before it was killed"
    finally:
        for pid in alive:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _born(where: str, stream: int, log: Path) -> int:
    """The process of a new worker."""
    pid = os.fork()
    if pid:
        return pid
    try:
        worker(where, 100_000, stream, log)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
