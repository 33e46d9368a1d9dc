"""Work in fresh processes: interpreters of their own that know nothing of the caller's ``__main__``.

So they can be started from a plain script, a notebook, a pipe or a thread, and end when their parent does.
Functions are importable (top level of a module); arguments and results are plain data or arrays.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from queue import SimpleQueue
from types import TracebackType
from typing import Any, TypeVar

from .errors import UnfinishedError
from .messages import quoted, say

A = TypeVar("A")
R = TypeVar("R")
_SOON = 2.0  # s given to a process to end by itself


def fresh_interpreter(
    module: str, *flags: str, env: Mapping[str, str] | None = None, **options: Any
) -> tuple[subprocess.Popen[bytes], Connection]:
    """An interpreter of its own that runs `module`, told the descriptor that it is to listen on, and our end.

    Args:
        flags: of the interpreter. env: beside our own environment. options: of `subprocess.Popen`.
    """
    import socket

    ours, theirs = socket.socketpair()
    known = {**os.environ, **(env or {}), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    try:
        process = subprocess.Popen(
            [sys.executable, *flags, "-m", module, str(theirs.fileno())],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=known,
            **options,
        )
    finally:
        theirs.close()
    return process, Connection(ours.detach())


class FreshProcess:
    """One process that calls functions, one after the other, with one thread for numerical libraries."""

    def __init__(self) -> None:
        self._process, self._pipe = fresh_interpreter(__name__, "-P", env={"OMP_NUM_THREADS": "1"})

    def __enter__(self) -> FreshProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def start(self, function: Callable[..., Any], *args: Any) -> None:
        """Let it call `function`; :meth:`result` waits for what it returns."""
        if function.__module__ == "__main__" or "<" in function.__qualname__:
            raise ValueError(f"{function!r} cannot be imported by a process; define it in a module")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has died: the result says so
            self._pipe.send((function.__module__, function.__qualname__, args))

    def ready(self, seconds: float = 0.0) -> bool:
        """Whether :meth:`result` would return, or raise, at once; after `seconds` at most."""
        return self._pipe.poll(seconds)

    def result(self) -> Any:
        """What the function returned, or raise what it raised.

        Raises:
            UnfinishedError: the process died.
        """
        try:
            done, value = self._pipe.recv()
        except (EOFError, ConnectionResetError) as error:
            code = self._process.wait()
            how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
            raise UnfinishedError(say("a worker process died ({why})", why=quoted(how))) from error
        if not done:
            raise value
        return value

    def close(self) -> None:
        """End the process."""
        self._pipe.close()  # it ends by itself when it sees this
        try:
            self._process.wait(_SOON)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def in_processes(function: Callable[[A], R], jobs: Sequence[A], workers: int) -> Iterator[R]:
    """Results of `function(job)` in the order of the jobs, by fresh single-threaded processes.

    `function` is importable (top level of a module); jobs and results are plain data or arrays.
    """
    if workers <= 1 or len(jobs) <= 1:
        yield from map(function, jobs)
        return
    count = min(workers, len(jobs))
    idle: SimpleQueue[FreshProcess] = SimpleQueue()
    processes = [FreshProcess() for _ in range(count)]
    for process in processes:
        idle.put(process)

    def done(job: A) -> R:
        process = idle.get()
        try:
            process.start(function, job)
            result: R = process.result()
        finally:
            idle.put(process)
        return result

    pool = ThreadPoolExecutor(count)
    try:
        for future in [pool.submit(done, job) for job in jobs]:
            yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.close()


# -- the child's side ----------------------------------------------------------------------------------


def _serve(descriptor: int) -> None:
    """Answer calls until the parent hangs up, also in the middle of one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a key pressed in the terminal is the parent's
    pipe = Connection(descriptor)
    calls: SimpleQueue[Any] = SimpleQueue()

    def listen() -> None:
        while True:
            try:
                calls.put(pipe.recv())
            except (EOFError, OSError):
                os._exit(0)
            except Exception as error:  # an argument of a class that cannot be imported here
                calls.put(error)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        answer = _answer(calls.get())
        try:
            pipe.send(answer)
        except (BrokenPipeError, ConnectionResetError):
            return
        except Exception as error:  # a result or an error that cannot be sent
            pipe.send((False, RuntimeError(f"{type(error).__name__}: {error}; {answer[1]!r}"[:500])))


def _answer(call: Any) -> tuple[bool, Any]:
    try:
        if isinstance(call, Exception):
            raise call
        module, name, args = call
        return True, getattr(importlib.import_module(module), name)(*args)
    except Exception as error:
        return False, error


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
