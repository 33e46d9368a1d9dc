"""Kernel work in worker processes that can be killed.

The CAD kernel keeps Python's global lock and can hang or crash, so it never runs in the main process: a
worker is a fresh interpreter (no re-import of the caller's ``__main__``) with limits on processor time,
memory and file size, in an empty work folder of its own, with its output kept off our stdout. A machine that
is busy or slow makes it wait, not fail: only a worker that computes for too long, or sleeps for so long, is
stopped. `MAQUETTE_PATIENCE` (a factor, 1 when unset) stretches every limit.

    run(function, *args)             one call in a fresh process
    with KernelPool() as pool:       a process that imports CadQuery while you do something else
        ...
        pool.run(function, *args)

`function` is importable (top level of a module); arguments and result are plain data or arrays.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from .. import errors
from ..environment import PATIENCE, patience
from ..errors import BuildError, MaquetteError
from ..messages import quoted, say
from ..processes import fresh_interpreter

P = ParamSpec("P")
T = TypeVar("T")

GIB = 1 << 30
_START_LIMIT = 120.0  # s for an interpreter and its imports
_WATCHDOG_EXTRA = 10.0  # s after which the kernel of the system ends a worker whose parent has died
_STARVED = 200.0  # wall clock that a call may take at most, in limits: a share of 0.5 % of one core
_LOOK = 0.25  # s between two looks at a worker that computes


@dataclass(frozen=True)
class Limits:
    """What a worker may use.

    Attributes:
        seconds: processor time of one call; also how long it may stand still.
        memory: bytes of address space. CadQuery maps about 2 GiB before it does anything.
        file_size: bytes of the largest file that it may write.
    """

    seconds: float = 300.0
    memory: int = 6 * GIB
    file_size: int = 2 * GIB


def run(
    function: Callable[..., T],
    *args: Any,
    limits: Limits | None = None,
    parameters: Mapping[str, float] | None = None,
    **kwargs: Any,
) -> T:
    """Call `function` in a fresh worker process and return its result.

    Raises:
        MaquetteError: the same class that the function raised.
        BuildError: anything else went wrong (exception, crash, limit); carries `parameters`.
    """
    with KernelPool(limits or Limits(), preload=()) as pool:
        return pool.run(function, *args, parameters=parameters, **kwargs)


class KernelPool:
    """One warm worker process, replaced when it has been killed or has crashed.

    Starting it returns at once; the `preload` modules are imported meanwhile. Safe to share between
    threads (calls queue).
    """

    def __init__(self, limits: Limits | None = None, preload: Sequence[str] = ("cadquery",)) -> None:
        self.limits = limits or Limits()
        self._preload = tuple(preload)
        self._lock = threading.Lock()
        self._worker: _Worker | None = None

    def __enter__(self) -> KernelPool:
        self.warm()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def warm(self) -> None:
        """Start the process if there is none, without waiting for it."""
        with self._lock:
            self._ensure()

    def close(self) -> None:
        """End the process and remove its work folder."""
        with self._lock:
            if self._worker is not None:
                self._worker.kill()
                self._worker = None

    def abort(self) -> None:
        """End the process from another thread, also while a call runs: that call raises BuildError."""
        worker = self._worker
        if worker is not None:
            worker.end()

    def run(
        self,
        function: Callable[..., T],
        *args: Any,
        parameters: Mapping[str, float] | None = None,
        **kwargs: Any,
    ) -> T:
        """Call `function` in the warm process; errors and limits as in :func:`run`."""
        with self._lock:
            worker = self._ensure()
            try:
                result: T = worker.call(function, args, kwargs, parameters)
            except MaquetteError:
                if not worker.alive:
                    self._worker = None
                raise
            except BaseException:  # Ctrl-C among others: leave nothing running
                worker.kill()
                self._worker = None
                raise
            return result

    def _ensure(self) -> _Worker:
        if self._worker is None or not self._worker.alive:
            if self._worker is not None:
                self._worker.kill()
            self._worker = _Worker(self.limits, self._preload)
        return self._worker


class _Worker:
    """The parent's end of one process."""

    def __init__(self, limits: Limits, preload: tuple[str, ...]) -> None:
        self._limits = limits
        self._folder = Path(tempfile.mkdtemp(prefix="maquette-worker-"))
        self._log = (self._folder / "stderr.txt").open("wb")
        self._process, self._pipe = fresh_interpreter(
            __name__, stderr=self._log, cwd=self._folder, start_new_session=True
        )
        self._ready = False
        self._pipe.send((limits, preload))

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """End the process group at once."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """End the process group at once and tidy up."""
        self.end()
        self._process.wait()
        self._pipe.close()
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def call(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        parameters: Mapping[str, float] | None,
    ) -> Any:
        name = f"{function.__module__}:{function.__qualname__}"
        if function.__module__ == "__main__" or "<" in function.__qualname__:
            raise ValueError(f"{name} cannot be imported by a worker; define it at a module's top level")
        try:
            if not self._ready:
                self._receive(_START_LIMIT, "starting the worker", parameters)
                self._ready = True
            self._pipe.send((name, args, kwargs))
        except (BrokenPipeError, ConnectionResetError) as error:
            raise self._died(name, parameters) from error
        kind, payload = self._receive(self._limits.seconds, name, parameters)
        if kind == "ok":
            return payload
        class_name, message, extra = payload
        known = getattr(errors, class_name, None)
        if known is errors.RuleError:
            raise errors.RuleError(message, tuple(extra))
        if known is BuildError:
            raise BuildError(message, extra or parameters)
        if isinstance(known, type) and issubclass(known, MaquetteError):
            raise known(message)
        raise BuildError(f"{function.__qualname__} failed: {class_name}: {message}", parameters)

    def _receive(self, seconds: float, what: str, parameters: Mapping[str, float] | None) -> tuple[str, Any]:
        try:
            stopped = self._overdue(seconds * patience())
            if not stopped:
                kind, payload = self._pipe.recv()
                return str(kind), payload
        except (EOFError, ConnectionResetError) as error:
            raise self._died(what, parameters) from error
        self.kill()
        raise BuildError(
            say(
                "{what} {how} and was stopped; on a slow machine {patience}=4 gives it four times as long",
                what=what,
                how=stopped,
                patience=PATIENCE,
            ),
            parameters,
        )

    def _overdue(self, seconds: float) -> str:
        """Wait for an answer: "" when it has come, else how the worker ran past its limit."""
        began = moved = time.monotonic()
        before = used = activity(self._process.pid)[0]
        while not self._pipe.poll(_LOOK):
            now = time.monotonic()
            spent, sleeps = activity(self._process.pid)
            if spent > used or not sleeps:
                used, moved = spent, now
            if used - before > seconds:
                return say("took longer than {seconds:g} s of processor time", seconds=seconds)
            if now - moved > seconds:
                return say("did nothing for {seconds:g} s", seconds=seconds)
            if now - began > _STARVED * seconds:
                return say("took longer than {seconds:g} s", seconds=_STARVED * seconds)
        return ""

    def _died(self, what: str, parameters: Mapping[str, float] | None) -> BuildError:
        code = self._process.wait()
        text = (self._folder / "stderr.txt").read_bytes()[-400:].decode("utf-8", "replace").strip()
        last = text.splitlines()[-1] if text else "no message"
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        self.kill()
        why = quoted(f"{how}; {last}")
        return BuildError(say("{what}: the worker process died ({why})", what=what, why=why), parameters)


def activity(pid: int) -> tuple[float, bool]:
    """Seconds that a process of ours has computed, the children that it has waited for included, and whether
    it sleeps, waiting neither for a processor nor for a disk. (0, True) where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, True
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK"), fields[0] == "S"


# -- the child's side ----------------------------------------------------------------------------------


def _serve(descriptor: int) -> None:
    pipe = Connection(descriptor)
    limits, preload = pipe.recv()
    confine(limits.memory, limits.file_size)
    for module in preload:
        importlib.import_module(module)
    pipe.send(("ready", None))
    root = Path.cwd()
    while True:
        try:
            name, args, kwargs = pipe.recv()
        except (EOFError, ConnectionResetError):
            return
        # Default action of SIGPROF and SIGALRM is to end the process without asking Python: if the parent has
        # died while the CAD kernel hangs with the lock held, nothing stays behind.
        longest = limits.seconds * patience()
        signal.setitimer(signal.ITIMER_PROF, longest + _WATCHDOG_EXTRA)
        signal.setitimer(signal.ITIMER_REAL, _STARVED * longest + _WATCHDOG_EXTRA)
        folder = tempfile.mkdtemp(dir=root)
        os.chdir(folder)
        try:
            answer = _answer(name, args, kwargs)
        finally:
            os.chdir(root)
            shutil.rmtree(folder, ignore_errors=True)
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
        pipe.send(answer)


def _answer(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[str, Any]:
    try:
        module, qualname = name.split(":")
        function = getattr(importlib.import_module(module), qualname)
        return "ok", function(*args, **kwargs)
    except MemoryError:
        return "error", ("BuildError", f"{name} needed more memory than the worker's limit", {})
    except errors.RuleError as error:
        return "error", ("RuleError", error.message, error.rules)
    except BuildError as error:
        return "error", ("BuildError", error.message, error.parameters)
    except MaquetteError as error:
        return "error", (type(error).__name__, error.message, None)
    except Exception as error:  # whatever the kernel raises becomes one line for the parent
        line = " ".join(str(error).split())[:500]
        return "error", (type(error).__name__, line, None)


def confine(memory: int, file_size: int) -> None:
    """Hold this process to so many bytes of address space and of a file, without core files; a file too large
    is then an OSError, not a death. It is as patient as its session (:func:`keep_niceness`)."""
    import resource

    keep_niceness()
    for kind, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, file_size)):
        hard = resource.getrlimit(kind)[1]
        wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (wanted, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def keep_niceness(pid: int = 0) -> None:
    """Make a process's session as patient as the process itself; this process's without `pid`.

    Linux may share the processor among sessions first (autogroup, sched(7)) and heeds niceness only within
    one; a worker and a solver have sessions of their own.
    """
    with contextlib.suppress(OSError):
        niceness = os.getpriority(os.PRIO_PROCESS, pid)
        Path(f"/proc/{pid or 'self'}/autogroup").write_text(str(niceness))


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
