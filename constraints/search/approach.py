"""How near a conflict comes to holding: for each of its limits the design that meets all else, and misses it
least.

What a limit would have to be is then no accident of what a search happened to try: a search of its own
improves the one quantity under everything else that the brief asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..requirements.requirement import Requirement
from .conflict import Conflict, improving, missed
from .evaluate import Evaluator
from .record import NO_TRIAL, Record, keys_of

TRIALS = 50  # of the search for one limit
NEARBY = 4  # of its best designs, how many are judged by the whole brief


def closest(evaluator: Evaluator, conflict: Conflict, records: Sequence[Record]) -> list[Record]:
    """Designs that meet every hard requirement but one of the conflict, as near to that as was found.

    Args:
        records: what the search tried; the new ones are no trials of it (`NO_TRIAL`).
    """
    found: list[Record] = []
    for key, requirement in keys_of(evaluator.brief):
        if requirement in conflict.requirements:
            near = _nearest(evaluator, key, requirement, records)
            rows = [np.array([r.values[n] for n in evaluator.space.names]) for r in near]
            found += [evaluator.evaluate(NO_TRIAL, row, "approach", None) for row in rows]
    return found


def _nearest(evaluator: Evaluator, key: str, asked: Requirement, records: Sequence[Record]) -> list[Record]:
    """The designs of a search without one limit that come nearest to it."""
    hard = [(k, r) for k, r in keys_of(evaluator.brief) if r.hard]
    without = replace(evaluator.brief, requirements=tuple(r for k, r in hard if k != key))
    start = _begin(key, [k for k, _ in hard], records)
    _, found = improving(evaluator, without, asked, start, TRIALS)
    return found[: 1 + NEARBY]


def _begin(key: str, hard: Sequence[str], records: Sequence[Record]) -> dict[str, float] | None:
    """The tried design that misses least of everything else."""
    sound = [r for r in records if r.measured and not r.broken]
    others = [k for k in hard if k != key]
    return dict(min(sound, key=lambda r: missed(r, others)).values) if sound else None
