"""Finding OpenFOAM and running its programs so that nothing is left behind.

Debian's package needs no environment but ``WM_PROJECT_DIR``; a sourced OpenFOAM keeps its own.

While the file that ``MAQUETTE_PAUSE`` names is there, programs stand still, so that something else can be
timed; the time they stand does not count. A program ends with the process that started it (Linux).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ....design.errors import MissingComponentError, SolverError
from ....design.geometry.worker import activity, keep_niceness
from ....design.messages import Message, quoted, say
from ..contract import Cancel

PROGRAMS = ("blockMesh", "surfaceFeatureExtract", "snappyHexMesh", "simpleFoam")
DEBIAN_DIR = Path("/usr/share/openfoam")
HOW_TO_GET = say("OpenFOAM is not installed: apt-get install --no-install-recommends openfoam")
POLL_SECONDS = 0.25
GRACE_SECONDS = 3.0
WRITING_SECONDS = 60.0  # in which a solver that was asked to finish has written its fields
FINISH = signal.SIGUSR2  # asks it, where its controlDict says so
PAUSE = "MAQUETTE_PAUSE"


#: glibc keeps what is freed instead of asking for it anew; a few per cent of a run
KEEPING_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": "1000000000",
    "MALLOC_TRIM_THRESHOLD_": "2000000000",
    "MALLOC_TOP_PAD_": "67108864",
}


class InterruptedRunError(Exception):
    """The caller asked to stop while a program ran."""


class StoppedError(SolverError):
    """A program did not do its work.

    Attributes:
        why: in words, without the place of its log.
    """

    def __init__(self, why: Message, log: Path) -> None:
        super().__init__(say("{why}; see {log}", why=why, log=log))
        self.why = why


class OutOfTimeError(StoppedError):
    """A program ran past the time limit of its run."""


@dataclass
class Stopwatch:
    """Time of one run, pauses left out.

    Attributes:
        limit: seconds of work after which its programs are killed.
        worked: seconds that programs have computed or slept; waiting for a processor that other programs hold
            is not theirs.
        paused: seconds that they were made to stand still.
    """

    limit: float
    worked: float = 0.0
    paused: float = 0.0
    began: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        """By the clock until now."""
        return time.monotonic() - self.began - self.paused

    def over(self) -> bool:
        """True past the limit."""
        return self.worked > self.limit


def available() -> bool:
    """True when every program that we run is on the path."""
    return all(shutil.which(p) for p in PROGRAMS)


def require() -> None:
    """Raise :class:`MissingComponentError` with the apt line unless OpenFOAM is there."""
    missing = [p for p in PROGRAMS if not shutil.which(p)]
    if missing:
        raise MissingComponentError(
            say("{what} (missing: {missing})", what=HOW_TO_GET, missing=", ".join(missing))
        )


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
    """The process environment, one thread a program, with ``WM_PROJECT_DIR`` set when it is not; memory that
    a solver frees is not handed back to the system, which it asks for again a moment later."""
    env = dict(os.environ)
    if "WM_PROJECT_DIR" not in env and DEBIAN_DIR.is_dir():
        env["WM_PROJECT_DIR"] = str(DEBIAN_DIR)
    return {**env, "OMP_NUM_THREADS": "1", **KEEPING_MEMORY}


def run_program(
    command: list[str],
    case: Path,
    clock: Stopwatch,
    cancel: Cancel | None = None,
    watch: Callable[[], bool] | None = None,
    poll: float = POLL_SECONDS,
) -> bool:
    """Run one program in `case`, its output in ``log.<program>``.

    Args:
        clock: of the run, which this program's work is added to; past its limit the process group is killed.
        cancel: kills the process group when set.
        watch: called at every poll; True ends the program early (it has done enough), its fields written.

    Returns:
        True when `watch` ended it, False when it ended by itself.

    Raises:
        SolverError: the program failed or ran past the limit (names program and log).
        InterruptedRunError: `cancel` was set.
    """
    log = case / f"log.{command[0]}"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*_dying_with_us(), *command],
            cwd=case, stdout=out, stderr=subprocess.STDOUT, env=environment(), start_new_session=True,
        )  # fmt: skip
        keep_niceness(process.pid)
        computed, looked = 0.0, time.monotonic()
        try:
            while True:
                try:
                    code = process.wait(timeout=poll)
                    break
                except subprocess.TimeoutExpired:
                    pass
                if cancel is not None and cancel.is_set():
                    raise InterruptedRunError(command[0])
                still, before, last = _stand_still(process, cancel, poll), computed, looked
                (computed, sleeps), looked = activity(process.pid), time.monotonic()
                clock.worked += looked - last - still if sleeps else max(computed - before, 0.0)
                clock.paused += still
                if clock.over():
                    late = say("{program} ran past its time limit", program=command[0])
                    raise OutOfTimeError(late, log)
                if watch is not None and watch():
                    _finish(process)
                    return True
        finally:
            kill_group(process)
    if code != 0:
        why = say(
            "{program} stopped with code {code} ({why})",
            program=command[0],
            code=code,
            why=quoted(last_words(log)),
        )
        raise StoppedError(why, log)
    return False


def _finish(process: subprocess.Popen[bytes]) -> None:
    """Ask a solver whose controlDict names :data:`FINISH` to write its fields and end, and wait for it."""
    with suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, FINISH)
        process.wait(timeout=WRITING_SECONDS)


@cache
def _dying_with_us() -> tuple[str, ...]:
    """What a command is put behind so that the kernel kills it when its starter dies, even by SIGKILL."""
    tool = shutil.which("setpriv") if sys.platform == "linux" else None
    return (tool, "--pdeathsig", "KILL", "--") if tool else ()


def _stand_still(process: subprocess.Popen[bytes], cancel: Cancel | None, poll: float) -> float:
    """Keep the program stopped while the pause file is there; seconds that it stood."""
    file = os.environ.get(PAUSE)
    if not file or not os.path.exists(file):
        return 0.0
    began = time.monotonic()
    try:
        os.killpg(process.pid, signal.SIGSTOP)
        while os.path.exists(file) and not (cancel is not None and cancel.is_set()):
            time.sleep(poll)
        os.killpg(process.pid, signal.SIGCONT)
    except ProcessLookupError:
        pass
    return time.monotonic() - began


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
