"""The record of a job: long work with an id on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

QUEUED, RUNNING, DONE = "queued", "running", "done"
FAILED, CANCELLED, INTERRUPTED = "failed", "cancelled", "interrupted"
STATUSES = (QUEUED, RUNNING, DONE, FAILED, CANCELLED, INTERRUPTED)
#: statuses that never change again by themselves
FINAL = (DONE, FAILED, CANCELLED, INTERRUPTED)

#: files in a job's folder
ORDER, STATE, RESULT, EVENTS, LOG = "job.json", "state.json", "result.json", "events.jsonl", "log.txt"
#: where the verb writes
OUT = "out"
#: held open by the worker for as long as it lives
ALIVE = "alive"
#: there when somebody asked the worker to end
CANCEL = "cancel"
#: in the environment of a worker and of every process that it starts
MARK = "MAQUETTE_JOB"


@dataclass(frozen=True)
class State:
    """The part of a job that changes, as its file holds it.

    Attributes:
        status: ``queued``, ``running``, ``done``, ``failed``, ``cancelled`` or ``interrupted``.
        started, ended: seconds since 1970; None while it has not come to that.
        stage: what the verb is at. share: of that stage, 0 to 1. remaining: of it, s; None while unknown.
        whole: of all that the job does, 0 to 1; it never falls.
        message: one sentence for people.
        error: one line, "" unless it failed. exit_code: as the command line would have left.
        pid: of the worker while it runs, else 0.
    """

    status: str = QUEUED
    started: float | None = None
    ended: float | None = None
    stage: str = ""
    share: float = 0.0
    whole: float = 0.0
    remaining: float | None = None
    message: str = ""
    error: str = ""
    exit_code: int | None = None
    pid: int = 0

    @staticmethod
    def of(data: Mapping[str, Any]) -> State:
        """From the file's object; what a later version added is left out."""
        known = {f.name for f in fields(State)}
        return State(**{k: v for k, v in data.items() if k in known})


@dataclass(frozen=True, kw_only=True)
class Job(State):
    """One job as it stands.

    Attributes:
        id: 32 hexadecimal digits. session: whose it is. verb: what it does, with which `arguments` (JSON).
        created: seconds since 1970.
        folder: everything that belongs to it; the verb writes to ``out`` in it.
        result: the verb's record as JSON; of a cancelled job what it had found, else None until it is done.
    """

    id: str
    session: str
    verb: str
    arguments: Mapping[str, Any]
    created: float
    folder: Path
    result: dict[str, Any] | None = None

    @property
    def over(self) -> bool:
        """Nothing will change any more."""
        return self.status in FINAL

    @property
    def out(self) -> Path:
        """Where the verb writes."""
        return self.folder / OUT
