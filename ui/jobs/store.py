"""Jobs on disk: submit, look, cancel, go on; several processes may look after one folder at once."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ...design.errors import InputError
from ...design.messages import quoted, say
from . import process
from .places import (
    check_id,
    locked,
    new_id,
    private_folder,
    read_object,
    replace_json,
    rows_from,
    studio_root,
)
from .record import (
    CANCEL,
    CANCELLED,
    DONE,
    EVENTS,
    FAILED,
    FINAL,
    INTERRUPTED,
    ORDER,
    QUEUED,
    RESULT,
    RUNNING,
    Job,
    State,
)
from .record import STATE as STATE_FILE
from .session import FILE as SESSION
from .session import RUNS

RESUMED = "resumed"  # in a job's folder: a server has started it again by itself
#: jobs of one session that wait at the same time: more is a mistake or an attack
MAX_WAITING = 12
#: verbs of seconds: one of them may always run beside the long ones, so that pictures never wait for a search
QUICK = frozenset({"sketch", "body", "restyle"})
GONE = say(
    "Interrupted: the worker ended without a word (the machine was restarted, or memory ran out). "
    "What it had written is kept; start it again to go on."
)


class JobStore:
    """The jobs below `root`: ``jobs/<id>/`` for each, ``active/<id>`` for those that are not over.

    Args:
        root: the studio's folder; :func:`.places.studio_root` when None.
        running: how many workers run side by side, and one more for a verb of seconds (:data:`QUICK`).
    """

    def __init__(self, root: Path | None = None, running: int = 2) -> None:
        if running < 1:
            raise InputError(f"running is {running}; allowed 1 and up")
        self.root = private_folder(root or studio_root()).resolve()
        self.running = running
        self._jobs = private_folder(self.root / "jobs")
        self._active = private_folder(self.root / "active")
        self._over: dict[str, tuple[int, Job]] = {}  # jobs that are over, as their state's file was

    def submit(self, verb: str, arguments: Mapping[str, Any], session: str) -> Job:
        """Make a job of a session; its worker starts at once when a place is free, else it waits its turn.

        Raises:
            InputError: an unknown session or verb, an argument that is not allowed, a file of somebody else,
                too many jobs waiting.
        """
        from .calls import check

        if not (self._of(check_id(session, "session")).parent / SESSION).is_file():
            raise InputError(say("session {id} is not known; open a new one", id=session))
        clean = check(verb, arguments, self.roots(session))
        with locked(self.root):
            waiting = [o for i, o in self._orders() if o["session"] == session and self._waits(i)]
            if len(waiting) >= MAX_WAITING:
                raise InputError(
                    say(
                        "{waiting} jobs of this session wait already; cancel one of them first",
                        waiting=len(waiting),
                    )
                )
            job_id = new_id()
            folder = private_folder(self._jobs / job_id)
            private_folder(self._of(session))
            replace_json(
                folder / ORDER,
                {
                    "id": job_id,
                    "session": session,
                    "verb": verb,
                    "arguments": clean,
                    "created": time.time(),
                    "order": time.time_ns(),
                    "places": self.running,
                },
            )
            self._enter(job_id, session)
            self._advance()
        return self.read(job_id)

    def read(self, job_id: str, session: str | None = None) -> Job:
        """The job as it stands now; its `arguments` and `result` are not to be changed.

        Raises:
            InputError: there is none of that id, or it is another session's.
        """
        order = self._order(check_id(job_id, "job"))
        if session is not None and order["session"] != session:
            raise InputError(say("job {id} is not known in this session", id=job_id))
        version = self._version(job_id)
        known = self._over.get(job_id)
        if known is not None and known[0] == version:
            return known[1]
        state = self._state(job_id)
        if state.status == RUNNING and not process.alive(self._jobs / job_id):
            with locked(self.root):
                self._settle(job_id)
                self._advance()
            state = self._state(job_id)
        job = self._job(order, state)
        if job.over and self._version(job_id) == version:
            self._over[job_id] = (version, job)
        return job

    def of(self, session: str) -> list[Job]:
        """Every job of a session, newest first."""
        folder = self._of(check_id(session, "session"))
        ids = [p.name for p in folder.iterdir()] if folder.is_dir() else []
        found = [(self._order(i)["order"], i) for i in ids if (self._jobs / i / ORDER).is_file()]
        return [self.read(i) for _, i in sorted(found, reverse=True)]

    def cancel(self, job_id: str, session: str | None = None, patience: float = process.PATIENCE) -> Job:
        """End a job: the worker gets `patience` seconds to save what it found, then it is killed.

        A job that is over stays as it is.
        """
        job = self.read(job_id, session)
        with locked(self.root):
            state = self._state(job_id)
            if state.status == QUEUED:
                self._leave(
                    job_id,
                    replace(state, status=CANCELLED, ended=time.time(), message=say("Cancelled unstarted.")),
                )
                self._advance()
            elif state.status == RUNNING:
                (job.folder / CANCEL).touch()
        if state.status == RUNNING:
            process.end(job.folder, state.pid, job_id, patience)
            with locked(self.root):
                self._settle(job_id)
                self._advance()
        return self.read(job_id)

    def again(self, job_id: str, session: str | None = None) -> Job:
        """Put an interrupted, cancelled or failed job into the queue once more, in its own folder.

        A search goes on from the trials that it had; other verbs begin anew. Events are told from the start.
        """
        job = self.read(job_id, session)
        with locked(self.root):
            state = self._state(job_id)
            if state.status not in FINAL or state.status == DONE:
                raise InputError(
                    say(
                        "job {id} is {status}; only one that was ended can start again",
                        id=job_id,
                        status=say(state.status),
                    )
                )
            for name in (CANCEL, RESULT, EVENTS):
                (job.folder / name).unlink(missing_ok=True)
            self._enter(job_id, job.session)
            self._advance()
        return self.read(job_id)

    def events(self, job_id: str, session: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        """What the worker told on its way, oldest first; the first `after` are left out."""
        folder = self.read(job_id, session).folder
        return rows_from(folder / EVENTS)[0][after:]

    def tidy(self) -> list[Job]:
        """At a server's start: jobs whose worker is gone are called interrupted, waiting ones start.

        Returns:
            the jobs that were found interrupted.
        """
        found = []
        with locked(self.root):
            for job_id in sorted(p.name for p in self._active.iterdir()):
                if self._settle(job_id) == INTERRUPTED:
                    found.append(job_id)
            self._advance()
        return [self.read(i) for i in found]

    def resume(self) -> list[Job]:
        """:meth:`tidy`, and what was interrupted goes on: once, so that a job which takes the machine down
        does not take it down again.

        Returns:
            the jobs that were found interrupted, as they stand now.
        """
        found = []
        for job in self.tidy():
            mark = job.folder / RESUMED
            fresh = not mark.exists()
            mark.touch()
            found.append(self.again(job.id) if fresh else job)
        return found

    def roots(self, session: str) -> list[Path]:
        """Folders whose files a session may name: its own, and those of its jobs."""
        own = self._of(session)
        ids = sorted(p.name for p in own.iterdir()) if own.is_dir() else []
        return [self.root / "sessions" / session, *(self._jobs / i for i in ids)]

    # -- under the lock --------------------------------------------------------------------------------

    def _advance(self) -> None:
        """Start waiting jobs while places are free: first whoever has fewest running, then the oldest."""
        while True:
            running: list[Mapping[str, Any]] = []
            waiting: list[Mapping[str, Any]] = []
            for job_id, order in self._orders():
                status = self._settle(job_id)
                if status == RUNNING:
                    running.append(order)
                elif status == QUEUED:
                    waiting.append(order)
            long = sum(order["verb"] not in QUICK for order in running)
            free = [
                order
                for order in waiting
                if len(running) <= self.running and (order["verb"] in QUICK or long < self.running)
            ]
            if not free:
                self._tell_waiting(waiting)
                return
            owners = [order["session"] for order in running]
            self._start(min(free, key=lambda order: (owners.count(order["session"]), order["order"])))

    def _start(self, order: Mapping[str, Any]) -> None:
        job_id = order["id"]
        runs = self._of(order["session"]).parent / RUNS
        folder = self._jobs / job_id
        threads = max(1, (os.cpu_count() or 1) // self.running)
        state = State(RUNNING, started=time.time(), stage="starting", message=say("Starting."))
        try:
            replace_json(folder / STATE_FILE, asdict(state))
            pid = process.start(folder, job_id, threads, runs, self.look_again)
        except OSError as error:
            failed = replace(
                state, status=FAILED, ended=time.time(), stage="", message=say("It could not start.")
            )
            why = say("no worker could be started ({why})", why=quoted(error.strerror))
            self._leave(job_id, replace(failed, error=why))
            return
        # The worker reads its state only after this lock is free, so its pid is never lost.
        replace_json(folder / STATE_FILE, asdict(replace(state, pid=pid)))

    def _settle(self, job_id: str) -> str:
        """The status of an active job; one whose worker is gone is brought to its end first."""
        lives = process.alive(self._jobs / job_id)  # before the state: a dead worker writes no more
        state = self._state(job_id)
        if state.status == RUNNING and not lives:
            process.sweep(job_id)
            asked = (self._jobs / job_id / CANCEL).exists()
            state = replace(
                state,
                status=CANCELLED if asked else INTERRUPTED,
                ended=time.time(),
                remaining=None,
                pid=0,
                message=say("Cancelled; what was finished is kept.") if asked else GONE,
            )
            self._leave(job_id, state)
        elif state.status in FINAL:
            (self._active / job_id).unlink(missing_ok=True)
        return state.status

    def _enter(self, job_id: str, session: str) -> None:
        replace_json(
            self._jobs / job_id / STATE_FILE, asdict(State(message=say("Waiting for a free place.")))
        )
        (self._of(session) / job_id).touch()
        (self._active / job_id).touch()

    def _leave(self, job_id: str, state: State) -> None:
        replace_json(self._jobs / job_id / STATE_FILE, asdict(state))
        (self._active / job_id).unlink(missing_ok=True)

    def _tell_waiting(self, waiting: Sequence[Mapping[str, Any]]) -> None:
        for k, order in enumerate(sorted(waiting, key=lambda order: order["order"]), start=1):
            text = say("Waiting for a free place: number {number} in the queue.", number=k)
            state = self._state(order["id"])
            if state.message != text:
                replace_json(self._jobs / order["id"] / STATE_FILE, asdict(replace(state, message=text)))

    # -- what lies on disk -------------------------------------------------------------------------------

    def look_again(self) -> None:
        """A worker has ended: settle its job and give its place to the next."""
        if self.root.is_dir():
            with locked(self.root):
                self._advance()

    def _orders(self) -> list[tuple[str, dict[str, Any]]]:
        found = []
        for place in self._active.iterdir():
            order = read_object(self._jobs / place.name / ORDER)
            if order is not None:
                found.append((place.name, order))
        return found

    def _order(self, job_id: str) -> dict[str, Any]:
        order = read_object(self._jobs / job_id / ORDER)
        if order is None:
            raise InputError(say("job {id} is not known", id=job_id))
        return order

    def _state(self, job_id: str) -> State:
        return State.of(read_object(self._jobs / job_id / STATE_FILE) or {})

    def _version(self, job_id: str) -> int:
        """Of the state's file: another number for every file that took its place."""
        try:
            return (self._jobs / job_id / STATE_FILE).stat().st_mtime_ns
        except OSError:
            return 0

    def _waits(self, job_id: str) -> bool:
        return self._state(job_id).status == QUEUED

    def _of(self, session: str) -> Path:
        return self.root / "sessions" / session / "jobs"

    def _job(self, order: Mapping[str, Any], state: State) -> Job:
        folder = self._jobs / order["id"]
        result = read_object(folder / RESULT) if state.status in FINAL else None
        asked = {name: order[name] for name in ("id", "session", "verb", "arguments", "created")}
        return Job(**asked, **vars(state), folder=folder, result=result)
