"""Worker processes: started detached, known to be alive by a lock that dies with them, and really ended."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from .record import ALIVE, LOG, MARK

#: seconds a worker has to save what it found after SIGINT, then after SIGTERM, before it is killed
PATIENCE, INSIST = 10.0, 3.0
_POLL = 0.05


def start(folder: Path, job_id: str, threads: int, runs: Path, when_over: Callable[[], None]) -> int:
    """Start the worker of the job in `folder` in a session of its own; returns its pid.

    Args:
        threads: that numerical libraries may use.
        runs: file of own CFD runs that it adds to and predicts with.
        when_over: called from a thread of this process when the worker has ended.
    """
    handle = os.open(folder / ALIVE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # inherited by the worker: never free between start and end
        environment = {
            **os.environ,
            MARK: job_id,
            "MAQUETTE_DATA": str(runs),
            "OMP_NUM_THREADS": str(threads),
            "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        }
        with (folder / LOG).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "maquette.ui.jobs.work", str(folder), str(handle)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=folder,
                pass_fds=(handle,),
                start_new_session=True,
                env=environment,
            )
    finally:
        os.close(handle)

    def wait() -> None:
        process.wait()
        when_over()

    threading.Thread(target=wait, name=f"job {job_id[:8]}", daemon=True).start()
    return process.pid


def alive(folder: Path) -> bool:
    """Whether the job's worker lives, whoever started it."""
    try:
        handle = os.open(folder / ALIVE, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def end(folder: Path, pid: int, job_id: str, patience: float = PATIENCE) -> None:
    """End the worker and everything that it started; returns when all of it is gone.

    SIGINT first (verbs save what they found), then SIGTERM, then SIGKILL.
    """
    for number, seconds in ((signal.SIGINT, patience), (signal.SIGTERM, INSIST)):
        if not alive(folder):
            break
        _signal_group(pid, number)
        _wait(folder, seconds)
    if alive(folder):
        _signal_group(pid, signal.SIGKILL)
        _wait(folder, INSIST)
    sweep(job_id)


def sweep(job_id: str) -> None:
    """Kill what a dead worker has left behind, in whatever group: it carries the job's mark."""
    for _ in range(3):  # a process may start another one while we look
        left = marked(job_id)
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_POLL)


def marked(job_id: str) -> list[int]:
    """Living processes that were started with the job's mark, where the system tells (Linux)."""
    mark = f"{MARK}={job_id}".encode()
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        pid = int(place.name)
        if pid == os.getpid():
            continue
        with contextlib.suppress(OSError):
            if mark in (place / "environ").read_bytes().split(b"\0"):
                found.append(pid)
    return found


def _signal_group(pid: int, number: signal.Signals) -> None:
    if pid > 1:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, number)


def _wait(folder: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while alive(folder) and time.monotonic() < deadline:
        time.sleep(_POLL)
