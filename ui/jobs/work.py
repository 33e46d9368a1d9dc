"""A job's worker process: ``python -m maquette.ui.jobs.work FOLDER``, started by the store.

It runs one verb with limits on memory, file size and time, tells how far it is at most four times a second,
and writes the job's end itself: done, failed, or cancelled with what was found.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import FrameType
from typing import Any

from ...design.errors import MaquetteError
from ...design.family.registry import DEFAULT_FAMILY
from ...design.geometry.worker import GIB, confine
from ...design.json_lines import append_line
from ...design.messages import Message, one_line, quoted, say, with_ids
from ..output import plain, write_json
from ..progress import Pace, seconds_text
from ..results import BAD_INPUT, DONE, FAILED, INTERRUPTED, UNFINISHED
from . import record
from .calls import run
from .kept import kept
from .places import as_json, locked, read_object, replace_json
from .record import CANCEL, CANCELLED, EVENTS, ORDER, RESULT, RUNNING, State
from .record import STATE as STATE_FILE
from .stages import Stage, doing, stages_of
from .stages import whole as whole_of
from .store import JobStore
from .watch import Look, watcher

NICENESS = 10
MEMORY = 10 * GIB  # address space of one process: torch and the kernel map far more than they use
FILE_SIZE = 2 * GIB
HOURS = 12.0  # wall clock of one job: an overnight search or a fine CFD run
STAGE = 0.8  # of what is left of a job, taken by a stage that its plan does not know
SEEN = 0.005  # of a job: less is not told anew
TICK = 0.25  # s between two writes of the progress
LOOK_EVERY = 1.0  # s between two looks at what the verb has finished


def main(argv: list[str] | None = None) -> int:
    """Run the job whose folder is given; returns the exit code of the command line."""
    words = sys.argv[1:] if argv is None else argv
    folder = Path(words[0]).resolve()
    if len(words) > 1:
        os.set_inheritable(int(words[1]), False)  # the lock that says "alive" is ours alone
    _limit()
    order = read_object(folder / ORDER)
    if order is None:
        sys.stderr.write(f"{folder}: no job\n")
        return BAD_INPUT
    store = JobStore(folder.parents[1], order["places"])
    with locked(store.root):  # the store has written our pid when it lets go
        state = State.of(read_object(folder / STATE_FILE) or {})
    if state.status != RUNNING:
        return FAILED
    stages = stages_of(order["verb"], order["arguments"])
    teller = Teller(folder, replace(state, pid=os.getpid()), _watcher(order, folder), stages)
    final = _ended(teller, order, store, folder)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    teller.close(final)
    store.look_again()
    return final.exit_code or DONE


class Teller:
    """Writes progress and events from a thread, so that the verb never waits for the disk.

    Args:
        stages: of the job, as far as they are known.
    """

    def __init__(self, folder: Path, state: State, look: Look, stages: Sequence[Stage] = ()) -> None:
        self._folder = folder
        self._state = state
        self._look = look
        self._stages = stages
        self._pace = Pace()
        self._lock = threading.Lock()
        self._changed = True
        self._over = threading.Event()
        self._looked = self._before = 0.0
        self._reported = time.monotonic()
        self._thread = threading.Thread(target=self._keep_telling, name="teller", daemon=True)
        self._thread.start()

    @property
    def state(self) -> State:
        """As told last."""
        return self._state

    def __call__(self, stage: str, share: float) -> None:
        """Progress of the verb."""
        with self._lock:
            if stage != self._state.stage:
                self._pace, self._before = Pace(), self._state.whole
            share = min(max(float(share), 0.0), 1.0)
            self._reported = time.monotonic()
            self._pace.add(share)
            self._state = replace(
                self._state, stage=stage, share=share, remaining=self._pace.remaining(), message=doing(stage)
            )
            self._state = replace(self._state, whole=self._whole())
            self._changed = True

    def _whole(self) -> float:
        """Of all the work, so much is done by now."""
        state = self._state
        done = whole_of(self._stages, state.stage, state.share, time.monotonic() - self._reported)
        if done is None:
            done = self._before + STAGE * (1.0 - self._before) * state.share
        return max(state.whole, done)

    def close(self, final: State) -> None:
        """Tell what is left, then the end."""
        self._over.set()
        self._thread.join()
        self._tell_events(True)
        replace_json(self._folder / STATE_FILE, asdict(final))

    def _keep_telling(self) -> None:
        while not self._over.wait(TICK):
            with self._lock:
                now = self._whole()
                if now - self._state.whole >= SEEN:  # time alone has moved it on
                    self._state, self._changed = replace(self._state, whole=now), True
                changed, self._changed, state = self._changed, False, self._state
            try:
                if changed:
                    replace_json(self._folder / STATE_FILE, asdict(state))
                if time.monotonic() - self._looked >= LOOK_EVERY:
                    self._tell_events(False)
            except MaquetteError:  # a full disk: the verb will say so itself
                traceback.print_exc()

    def _tell_events(self, over: bool) -> None:
        try:
            for event in self._look(over):
                append_line(as_json({"when": time.time(), **event}), self._folder / EVENTS, durable=False)
        except Exception:  # a look at half-written files must never end the work
            traceback.print_exc()
        self._looked = time.monotonic()


def _watcher(order: Mapping[str, Any], folder: Path) -> Look:
    arguments = order["arguments"]
    brief = arguments.get("brief")
    own = brief.get("family") if isinstance(brief, Mapping) else None
    return watcher(order["verb"], folder / record.OUT, str(arguments.get("family") or own or DEFAULT_FAMILY))


def _ended(teller: Teller, order: Mapping[str, Any], store: JobStore, folder: Path) -> State:
    """Run the verb; the state that the job ends in, its result written."""
    began = time.monotonic()
    verb, out = order["verb"], folder / record.OUT
    try:
        out.mkdir(exist_ok=True)
        result = run(verb, order["arguments"], store.roots(order["session"]), out, teller)
        write_json(with_ids(plain(result)), folder / RESULT)
        code = result.exit_code
        message = say(
            "Done in {time}." if code == DONE else "Done in {time}; a requirement or a check does not hold.",
            time=seconds_text(time.monotonic() - began),
        )
        return _final(teller.state, record.DONE, message, code=code, share=1.0)
    except KeyboardInterrupt as stop:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return _cancelled(teller.state, stop, verb, order["arguments"], folder)
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        if (folder / CANCEL).exists():  # the stop may come out as a worker's death or a broken library call
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            return _cancelled(teller.state, KeyboardInterrupt(), verb, order["arguments"], folder)
        code, text = _explained(error)
        return _final(teller.state, record.FAILED, say("Failed."), error=text, code=code)


def _cancelled(
    state: State, stop: KeyboardInterrupt, verb: str, arguments: Mapping[str, Any], folder: Path
) -> State:
    found = None
    try:
        found = kept(verb, arguments, folder / record.OUT)
        if found is not None:
            write_json(with_ids(found), folder / RESULT)
    except (Exception, KeyboardInterrupt):  # asked again, harder: what is on disk stays there
        traceback.print_exc()
    asked = (folder / CANCEL).exists()
    message = _told(found) if found else say("Cancelled; nothing was finished yet.")
    if not asked:
        message = say("Interrupted; what was finished is kept.")
        if stop.args:
            message = say(
                "Interrupted: a job may run for {hours:g} h; what was finished is kept.", hours=HOURS
            )
    status = CANCELLED if asked else record.INTERRUPTED
    return _final(state, status, message, code=INTERRUPTED)


def _told(found: Mapping[str, Any]) -> Message:
    """What a job that was stopped has kept."""
    best, sketches = found.get("best"), found.get("concepts")
    if best:
        passing = sum(bool(b.get("feasible")) for b in best)
        return say(
            "Stopped; designs kept: {count}, of which {passing} meet every hard requirement.",
            count=len(best),
            passing=passing,
        )
    if sketches:
        return say("Stopped; kept: {count} sketches.", count=len(sketches))
    return say("Cancelled; what was found is kept.")


def _final(
    state: State, status: str, message: str, *, error: str = "", code: int, share: float | None = None
) -> State:
    return replace(
        state,
        status=status,
        ended=time.time(),
        share=state.share if share is None else share,
        remaining=None,
        message=message,
        error=error,
        exit_code=code,
        pid=0,
    )


def _explained(error: BaseException) -> tuple[int, str]:
    """Exit code and one line."""
    if isinstance(error, MaquetteError):
        return error.exit_code, one_line(error.message)
    if isinstance(error, MemoryError) or "allocate memory" in str(error):
        return UNFINISHED, say("needed more memory than a job may use ({most} GiB)", most=MEMORY // GIB)
    if isinstance(error, OSError):
        name = Path(str(error.filename)).name if error.filename else "files"
        return BAD_INPUT, say("{file}: {why}", file=name, why=quoted(error.strerror or error))
    line = " ".join(str(error).split())[:300]
    what = quoted(f"{type(error).__name__}: {line}")
    return UNFINISHED, say("internal error ({what}); details are in the job's log", what=what)


def _limit() -> None:
    """Signals, priority and limits, whatever the process that started us had."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, HOURS * 3600.0)
    if os.getpriority(os.PRIO_PROCESS, 0) < NICENESS:
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    confine(MEMORY, FILE_SIZE)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt(f"a job may run for {HOURS:g} h")


if __name__ == "__main__":
    raise SystemExit(main())
