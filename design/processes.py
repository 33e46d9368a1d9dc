"""Work in fresh processes, results in the order of the jobs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

A = TypeVar("A")
R = TypeVar("R")
_THREADS = "OMP_NUM_THREADS"


def in_processes(function: Callable[[A], R], jobs: Sequence[A], workers: int) -> Iterator[R]:
    """Results of `function(job)` in the order of the jobs, by fresh single-threaded processes.

    `function` is importable (top level of a module); jobs and results are plain data or arrays.
    """
    if workers <= 1 or len(jobs) <= 1:
        yield from map(function, jobs)
        return
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"  # read when the fresh process imports NumPy
    pool = ProcessPoolExecutor(min(workers, len(jobs)), mp_context=get_context("spawn"))
    try:
        pending = [pool.submit(function, job) for job in jobs]
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before
        for future in pending:
            yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
