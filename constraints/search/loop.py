"""The loop of a search: an ordinary Optuna study, asked for a design and told what it came to.

The study that samples lies in memory; each finished trial is written to the storage in one piece.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import study as studies
from .designs import ROUND, DesignProposals
from .evaluate import Evaluator
from .propose import ranked
from .record import Record
from .samplers import OURS, Sampler, made, penalised
from .storage import locked

if TYPE_CHECKING:
    from optuna.study import Study
    from optuna.trial import FrozenTrial


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
    sampler: str = OURS,
    enough: Callable[[Record], bool] | None = None,
    turn: Path | None = None,
) -> tuple[list[Record], bool]:
    """The loop: (records, interrupted).

    Args:
        stream: tells workers apart that share a stored study.
        enough: of the last record; true ends the search before `trials`.
        turn: a file that workers lock while they store, so that together they store `trials` and none more.
    """
    loop = _Loop(evaluator, stored, DesignProposals(evaluator, trials, stream), sampler)
    pace = _Pace()
    try:
        while len(loop.records) < trials:
            loop.trial(trials, turn)
            pace.add(len(loop.records))
            if progress is not None:
                progress(_progress(evaluator, loop.records, trials, pace))
            if enough is not None and enough(loop.records[-1]):
                break
    except KeyboardInterrupt:
        return loop.records, True
    return loop.records[:trials], False


class _Loop:
    """The records so far, the study that samples, and the stored study that others share."""

    def __init__(
        self, evaluator: Evaluator, stored: Study | None, proposals: DesignProposals, sampler: str
    ) -> None:
        self.evaluator = evaluator
        self.stored = stored
        self.proposals = proposals
        self.records: list[Record] = []
        self.hard = [k for k, r in evaluator.keys if r.hard]
        space = evaluator.space
        narrowed = (
            None
            if sampler == OURS
            else dict(zip(space.names, zip(space.floor, space.ceiling, strict=True), strict=True))
        )
        self.dists = studies.distributions(evaluator.family, proposals.free, narrowed)
        self.chosen: Sampler = made(sampler, evaluator.brief.seed, proposals, self.dists)
        self.study = studies.sampling_study(
            1 if self.chosen.single else len(evaluator.names), self.chosen.sampler
        )
        self.synchronise()
        if sampler != OURS and not self.records:
            start = dict(zip(space.names, space.start.tolist(), strict=True))
            self.study.enqueue_trial({name: start[name] for name in proposals.free})

    def synchronise(self, own: FrozenTrial | None = None) -> None:
        """Take over what the storage has and we do not; `own` is a trial of ours that the study knows."""
        if self.stored is None:
            return
        known = len(self.records)
        found = [t for t in self.stored.get_trials(deepcopy=False) if studies.RECORD in t.user_attrs]
        for trial, record in zip(found[known:], studies.records_of(found, known), strict=True):
            self._keep(record)
            if own is None or trial.user_attrs != own.user_attrs:
                self.study.add_trial(studies.with_values(trial, self._values(record)))

    def trial(self, total: int, turn: Path | None) -> None:
        """Judge one design and store it, unless others have come to `total` meanwhile."""
        evaluator, number = self.evaluator, len(self.records)
        asked = self.study.ask(self.dists)
        row = evaluator.space.project(evaluator.space.complete(asked.params)[None, :])[0]
        ours = self.chosen.name == OURS
        origin = self.proposals.origin if ours else self.chosen.name if number else "start"
        record = evaluator.evaluate(number, row, origin, self.proposals.trend)
        if number == 0:
            evaluator.centre(record)
        asked.set_user_attr(studies.RECORD, record.to_json())
        for key, value in studies.constraints_of(record, self.hard).items():
            asked.set_constraint(key, value)
        told = self.study.tell(asked, self._values(record))
        if self.stored is None:
            self._keep(record)
        else:
            with locked(turn):
                self.synchronise()
                if len(self.records) < total:
                    self.stored.add_trial(studies.with_values(told, record.objectives))
            self.synchronise(told)

    def _keep(self, record: Record) -> None:
        """Add a record; the first one (the starting point) sets the scale of the objectives."""
        if not self.records:
            self.evaluator.centre(record)
        self.records.append(record)

    def _values(self, record: Record) -> list[float]:
        return [penalised(self.evaluator, record)] if self.chosen.single else list(record.objectives)


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
