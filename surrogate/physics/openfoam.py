"""Finding OpenFOAM and running its programs so that nothing is left behind.

Debian's package needs no environment but ``WM_PROJECT_DIR``; a sourced OpenFOAM keeps its own.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from ...design.errors import MissingComponentError, SolverError

PROGRAMS = ("blockMesh", "surfaceFeatureExtract", "snappyHexMesh", "simpleFoam")
DEBIAN_DIR = Path("/usr/share/openfoam")
HOW_TO_GET = "OpenFOAM is not installed: apt-get install --no-install-recommends openfoam"
POLL_SECONDS = 0.25
GRACE_SECONDS = 3.0


class InterruptedRunError(Exception):
    """The caller asked to stop while a program ran."""


def available() -> bool:
    """True when every program that we run is on the path."""
    return all(shutil.which(p) for p in PROGRAMS)


def require() -> None:
    """Raise :class:`MissingComponentError` with the apt line unless OpenFOAM is there."""
    missing = [p for p in PROGRAMS if not shutil.which(p)]
    if missing:
        raise MissingComponentError(f"{HOW_TO_GET} (missing: {', '.join(missing)})")


@cache
def version() -> str:
    """Version text of the solver, for example ``OpenFOAM v1912``; empty when absent."""
    if not shutil.which("simpleFoam"):
        return ""
    done = subprocess.run(
        ["simpleFoam", "-help"], capture_output=True, text=True, env=environment(), timeout=30, check=False
    )
    for line in done.stdout.splitlines():
        if "Using:" in line:
            words = line.split("Using:")[1].replace("OpenFOAM-", "").split()
            return f"OpenFOAM {words[0].strip('()')}"
    return "OpenFOAM"


def environment() -> dict[str, str]:
    """The process environment, one thread a program, with ``WM_PROJECT_DIR`` set when it is not."""
    env = dict(os.environ)
    if "WM_PROJECT_DIR" not in env and DEBIAN_DIR.is_dir():
        env["WM_PROJECT_DIR"] = str(DEBIAN_DIR)
    env["OMP_NUM_THREADS"] = "1"
    return env


def run_program(
    command: list[str],
    case: Path,
    deadline: float,
    cancel: threading.Event | None = None,
    watch: Callable[[], bool] | None = None,
    poll: float = POLL_SECONDS,
) -> bool:
    """Run one program in `case`, its output in ``log.<program>``.

    Args:
        deadline: `time.monotonic()` after which the process group is killed.
        cancel: kills the process group when set.
        watch: called at every poll; True ends the program early (it has done enough).

    Returns:
        True when `watch` ended it, False when it ended by itself.

    Raises:
        SolverError: the program failed or ran past the deadline (names program and log).
        InterruptedRunError: `cancel` was set.
    """
    log = case / f"log.{command[0]}"
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=case, stdout=out, stderr=subprocess.STDOUT, env=environment(), start_new_session=True
        )
        try:
            while True:
                try:
                    code = process.wait(timeout=poll)
                    break
                except subprocess.TimeoutExpired:
                    pass
                if cancel is not None and cancel.is_set():
                    raise InterruptedRunError(command[0])
                if time.monotonic() > deadline:
                    raise SolverError(f"{command[0]} ran past its time limit; see {log}")
                if watch is not None and watch():
                    return True
        finally:
            kill_group(process)
    if code != 0:
        raise SolverError(f"{command[0]} stopped with code {code} ({last_words(log)}); see {log}")
    return False


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End the process and all its children: asked first, forced after a grace period."""
    if process.poll() is not None:
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(timeout=GRACE_SECONDS)
            return
        except ProcessLookupError:
            process.wait()
            return
        except subprocess.TimeoutExpired:
            continue


def last_words(log: Path) -> str:
    """The line of a log that says what went wrong, shortened."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines()[-60:]]
    for k, line in enumerate(lines):
        if "FOAM FATAL" in line:
            after = [text for text in lines[k + 1 :] if text]
            return (after[0] if after else line)[:160]
    for mark in ("Floating point", "sigFpe", "Aborted", "Killed"):
        if any(mark.lower() in line.lower() for line in lines):
            return "floating point error" if "f" in mark[:1].lower() or mark == "sigFpe" else mark.lower()
    return next((line[:160] for line in reversed(lines) if line), "no output")
