"""Where a search of designs looks next: rounds of screened designs with a few of TPE's between them.

With one worker the proposals depend on the seed and on whole rounds before them only, so an interrupted
search goes on with the same trials.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...design.arrays import FloatArray
from .evaluate import Evaluator
from .propose import propose, seeds, trend_of
from .record import Record
from .space import Space, build_space
from .study import records_of
from .trend import Trend

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.study import Study
    from optuna.trial import FrozenTrial

ROUND = 10  # trials between two screenings
SCREENED = 8  # of a round; the rest are TPE's
FOCUS_AFTER = 0.4  # share of the trials after which a search without success asks for prices
TPE = "tpe"


@dataclass(frozen=True)
class _Step:
    """One trial to come: a row, or None for TPE to choose."""

    row: FloatArray | None
    origin: str


class DesignProposals:
    """Proposals (:class:`.sampler.Proposals`) for one brief; trials carry their records.

    Attributes:
        origin: who proposed the last one: ``start``, ``archetype suv``, ``screen`` or ``tpe``.
        trend: running guess of the measures in this round.
    """

    def __init__(self, evaluator: Evaluator, trials: int, stream: int = 0) -> None:
        self.evaluator = evaluator
        self.trials = trials
        self.stream = stream
        self.origin = ""
        self.trend: Trend | None = None
        self.free = [evaluator.space.names[k] for k in evaluator.space.free]
        self._steps: list[_Step] = []
        self._records: list[Record] = []

    def __call__(
        self, study: Study, trial: FrozenTrial, space: Mapping[str, BaseDistribution]
    ) -> Mapping[str, float] | None:
        """Parameters of the next trial."""
        self._records += records_of(study.get_trials(deepcopy=False), len(self._records))
        inside = len(self._records) % ROUND
        if not self._steps or (self.stream == 0 and inside == 0):
            self._steps = self._round(self._records, inside if self.stream == 0 else 0)
        step = self._steps.pop(0)
        self.origin = step.origin
        return None if step.row is None else self._params(step.row)

    def _params(self, row: FloatArray) -> dict[str, float]:
        values = dict(zip(self.evaluator.space.names, row.tolist(), strict=True))
        return {name: values[name] for name in self.free}

    def _round(self, records: Sequence[Record], inside: int) -> list[_Step]:
        """What is left of the round after its first `inside` trials."""
        evaluator = self.evaluator
        base = records[: len(records) - inside]
        rng = np.random.default_rng([evaluator.brief.seed, self.stream, len(base)])
        self.trend = trend_of(evaluator, base)
        steps: list[_Step] = []
        if not base:
            steps = [_Step(row, origin) for row, origin in seeds(evaluator.space, evaluator.family)]
        elif self.free:
            focus, space = self._focus(base)
            rows = propose(evaluator, space, base, rng, SCREENED, self.trend, focus)
            steps = [_Step(row, "screen") for row in rows]
        steps += [_Step(None, TPE)] * (ROUND - len(steps))
        return steps[inside:ROUND]

    def _focus(self, base: Sequence[Record]) -> tuple[str, Space]:
        """Every second round of a search without success asks for the price of one limit, in turn."""
        evaluator = self.evaluator
        hard = [k for k, r in evaluator.keys if r.hard]
        number = len(base) // ROUND
        early = len(base) < FOCUS_AFTER * self.trials
        if any(r.feasible for r in base) or early or number % 2 == 0 or not hard:
            return "", evaluator.space
        key = hard[(number // 2) % len(hard)]
        requirement = dict(evaluator.keys)[key]
        return key, build_space(evaluator.family, evaluator.brief, evaluator.start, [requirement])
