"""The loop of a search: rounds of screened designs with a few of TPE's between them, each trial on record."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...design.arrays import FloatArray
from . import study as studies
from .evaluate import Evaluator
from .propose import propose, ranked, seeds, trend_of
from .record import Record
from .space import Space, build_space
from .trend import Trend

if TYPE_CHECKING:
    from optuna.study import Study
    from optuna.trial import FrozenTrial


ROUND = 10  # trials between two screenings
SCREENED = 8  # of a round; the rest are TPE's
FOCUS_AFTER = 0.4  # share of the trials after which a search without success asks for prices


@dataclass(frozen=True)
class SearchProgress:
    """Where a search stands.

    Attributes:
        done, total: trials.
        feasible: trials that meet every hard requirement.
        best: the numbers of the best design so far.
        remaining: seconds left at the pace of the last trials; None before there is a pace.
    """

    done: int
    total: int
    feasible: int
    best: Mapping[str, float]
    remaining: float | None


def run(
    evaluator: Evaluator,
    trials: int,
    stored: Study | None,
    progress: Callable[[SearchProgress], None] | None,
    stream: int = 0,
) -> tuple[list[Record], bool]:
    """The loop: (records, interrupted). `stream` tells workers apart that share a stored study."""
    loop = _Loop(evaluator, stored, stream)
    pace = _Pace()
    try:
        while len(loop.records) < trials:
            for step in loop.round(trials):
                if len(loop.records) >= trials:
                    break
                loop.trial(step)
                pace.add(len(loop.records))
                if progress is not None:
                    progress(_progress(evaluator, loop.records, trials, pace))
    except KeyboardInterrupt:
        return loop.records, True
    return loop.records[:trials] if stream == 0 else loop.records, False


@dataclass(frozen=True)
class _Step:
    """One trial to come: a row, or None for TPE to choose."""

    row: FloatArray | None
    origin: str


class _Loop:
    """The records so far, the study that samples, and the stored study that others share."""

    def __init__(self, evaluator: Evaluator, stored: Study | None, stream: int) -> None:
        self.evaluator = evaluator
        self.stored = stored
        self.stream = stream
        self.records: list[Record] = []
        self.trend: Trend | None = None
        self.hard = [k for k, r in evaluator.keys if r.hard]
        self.free = [evaluator.space.names[k] for k in evaluator.space.free]
        self.dists = studies.distributions(evaluator.family, self.free)
        self.sampling = studies.sampling_study(len(evaluator.names))
        self.synchronise()

    def synchronise(self) -> None:
        """Take over what the storage has and we do not."""
        if self.stored is not None:
            for record in studies.records_of(self.stored.get_trials(deepcopy=False))[len(self.records) :]:
                self.learn(record)

    def learn(self, record: Record) -> None:
        """Add a record; the first one (the starting point) sets the scale of the objectives."""
        if not self.records:
            self.evaluator.centre(record)
        self.records.append(record)
        self.sampling.add_trial(self._frozen(record))

    def round(self, trials: int) -> list[_Step]:
        """The next trials. With one worker they depend on the seed and on whole rounds before them only."""
        done = len(self.records)
        inside = done % ROUND if self.stream == 0 else 0
        base = self.records[: done - inside]
        rng = np.random.default_rng([self.evaluator.brief.seed, self.stream, len(base)])
        self.trend = trend_of(self.evaluator, base)
        steps: list[_Step] = []
        if not base:
            steps = [_Step(row, origin) for row, origin in seeds(self.evaluator.space, self.evaluator.family)]
        elif self.free:
            focus, space = self._focus(base, trials)
            rows = propose(self.evaluator, space, base, rng, SCREENED, self.trend, focus)
            steps = [_Step(row, "screen") for row in rows]
        steps += [_Step(None, "tpe")] * (ROUND - len(steps))
        return steps[inside:ROUND]

    def trial(self, step: _Step) -> None:
        """Judge one design and store it."""
        evaluator, number = self.evaluator, len(self.records)
        row = step.row
        if row is None:
            studies.reseed(self.sampling, evaluator.brief.seed + 7919 * self.stream, number)
            asked = self.sampling.ask(self.dists)
            row = evaluator.space.project(evaluator.space.complete(asked.params)[None, :])[0]
            self.sampling.tell(asked, state=studies.failed())  # what is judged is added whole, below
        record = evaluator.evaluate(number, row, step.origin, self.trend)
        if self.stored is None:
            self.learn(record)
        else:
            self.stored.add_trial(self._frozen(record))
            self.synchronise()

    def _focus(self, base: Sequence[Record], trials: int) -> tuple[str, Space]:
        """Every second round of a search without success asks for the price of one limit, in turn."""
        evaluator = self.evaluator
        number = len(base) // ROUND
        if (
            any(r.feasible for r in base)
            or len(base) < FOCUS_AFTER * trials
            or number % 2 == 0
            or not self.hard
        ):
            return "", evaluator.space
        key = self.hard[(number // 2) % len(self.hard)]
        requirement = dict(evaluator.keys)[key]
        return key, build_space(evaluator.family, evaluator.brief, evaluator.start, [requirement])

    def _frozen(self, record: Record) -> FrozenTrial:
        params = {n: record.values[n] for n in self.free}
        return studies.frozen(record, params, self.dists, self.hard)


class _Pace:
    """Seconds per trial over the last trials."""

    def __init__(self) -> None:
        self._marks: list[tuple[float, int]] = [(time.perf_counter(), -1)]

    def add(self, done: int) -> None:
        """Take note of `done` trials now."""
        self._marks = [*self._marks[-3 * ROUND :], (time.perf_counter(), done)]

    def remaining(self, total: int) -> float | None:
        """Seconds left, None before there is a pace."""
        marks = [m for m in self._marks if m[1] >= 0]
        if len(marks) < 5:
            return None
        (began, first), (now, last) = marks[0], marks[-1]
        return (now - began) / max(last - first, 1) * (total - last)


def _progress(evaluator: Evaluator, records: Sequence[Record], total: int, pace: _Pace) -> SearchProgress:
    best = ranked(evaluator, records)[0]
    done = len(records)
    return SearchProgress(
        done, total, sum(r.feasible for r in records), dict(best.numbers), pace.remaining(total)
    )
