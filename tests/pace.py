"""Processor time as a multiple of a fixed piece of work: no test asks how fast a machine is, or how busy."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np


def standard() -> None:
    """A hundred small NumPy calls and as many dictionaries: what most of our quick functions are made of."""
    row = np.arange(64.0)
    for k in range(100):
        row = np.sqrt(row * row + k)
        {f"{n}": n for n in range(8)}


def paces(call: Callable[[], object], repeats: int = 25, other: Callable[[], object] = standard) -> float:
    """The least processor time of `call` over that of `other` work (:func:`standard` takes 0.3 ms on our
    cores), in turns. A long call on a busy machine is told better by work of some milliseconds: that is
    disturbed as much."""
    least = [float("inf"), float("inf")]
    for _ in range(repeats):
        for k, work in enumerate((call, other)):
            began = time.process_time()
            work()
            least[k] = min(least[k], time.process_time() - began)
    return least[0] / least[1]
