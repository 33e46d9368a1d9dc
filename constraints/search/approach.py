"""How near a conflict comes to holding: for each of its limits the design that meets all else, and misses it
least.

What a limit would have to be is then no accident of what a search happened to try: a search of its own
improves the one quantity under everything else that the brief asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..requirements.quantity import SURROGATE
from ..requirements.requirement import Requirement
from .conflict import Conflict, missed
from .evaluate import Evaluator
from .loop import run
from .prices import pushed
from .record import NO_TRIAL, Record, keys_of
from .space import build_space

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
    family, brief = evaluator.family, evaluator.brief
    others = tuple(r for k, r in keys_of(brief) if r.hard and k != key)
    upper = asked.at_most is not None
    without = replace(
        brief,
        requirements=others,
        minimise=(asked.quantity,) if upper else (),
        maximise=() if upper else (asked.quantity,),
        lifted=tuple(w.name for w in family.default_wishes),
    )
    needed = {asked.quantity, *(r.quantity for r in others)}
    predicted = any(evaluator.known[n].how == SURROGATE for n in needed)
    start = _begin(key, [k for k, r in keys_of(brief) if r.hard], records)
    space = build_space(family, without, start)
    own = Evaluator(family, without, evaluator.predictor if predicted else None, space, start)
    tried, _ = run(own, TRIALS, None, None)
    passing = [r for r in tried if r.feasible and asked.quantity in r.numbers]
    best = sorted(passing, key=lambda r: r.numbers[asked.quantity] * (1.0 if upper else -1.0))[:NEARBY]
    return [pushed(own, without, best[0]), *best] if best else []


def _begin(key: str, hard: Sequence[str], records: Sequence[Record]) -> dict[str, float] | None:
    """The tried design that misses least of everything else."""
    sound = [r for r in records if r.measured and not r.broken]
    others = [k for k in hard if k != key]
    return dict(min(sound, key=lambda r: missed(r, others)).values) if sound else None
