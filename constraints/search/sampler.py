"""An Optuna sampler that asks cheap knowledge before it spends a trial.

    sampler = ScreeningSampler(cheap=lambda designs: {"mass": [weight(d) - 4 for d in designs]}, seed=1)
    optuna.create_study(sampler=sampler).optimize(objective, n_trials=100)

Thousands of candidates are judged at once and only promising ones are tried: cheap constraints (``cheap``)
are asked of each, and what an objective or a constraint costs trials to know is guessed from the finished
ones (:mod:`.learned`). Maquette's own search hands in :class:`Proposals` that know more: the family's rules
and measures, the surrogate with its intervals (:mod:`.designs`). Any study can use the sampler: floats, whole
numbers and categories, one objective or several, constraints by `Trial.set_constraint`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from optuna.samplers import BaseSampler, TPESampler
from optuna.search_space import IntersectionSearchSpace
from optuna.trial import TrialState

from ...design.arrays import FloatArray
from .coding import Coding
from .front import nondominated
from .learned import Learned, Tried, improvement
from .study import tpe_sampler

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.study import Study
    from optuna.trial import FrozenTrial

Cheap = Callable[[Sequence[Mapping[str, Any]]], Mapping[str, Sequence[float]]]

STARTUP = 10  # trials drawn by a Sobol sequence before anything is learned
CANDIDATES = 600  # of a round
REFINED = 4  # times the best candidates are moved on
KEPT = 20  # best candidates that are moved
ELITES = 6
SCALES = (0.003, 0.01, 0.03, 0.1, 0.25)  # of the moves, in the unit cube
LOCAL = 0.75  # share of the candidates that lie about the best trials
AREA, SCALARISED = 2, 3  # of so many objectives all but one trial in three seek area, not a weighted sum
ATTEMPTS = 6  # draws until enough candidates meet the cheap constraints


class Proposals(Protocol):
    """Where the next trials of a study come from."""

    def __call__(
        self, study: Study, trial: FrozenTrial, space: Mapping[str, BaseDistribution]
    ) -> Mapping[str, Any] | None:
        """Parameters of a trial; None leaves them to TPE."""
        ...


class ScreeningSampler(BaseSampler):
    """See the module. With one worker the trials depend on the seed and the trials before only.

    Args:
        cheap: constraint values of many designs at once, by name (at most 0: met); as many each as designs.
        seed: repeats a study.
        proposals: knowledge that replaces what is learned from trials.
        space: the search space that proposals are about; inferred from the trials when None.
    """

    def __init__(
        self,
        cheap: Cheap | None = None,
        *,
        seed: int | None = None,
        proposals: Proposals | None = None,
        space: Mapping[str, BaseDistribution] | None = None,
    ) -> None:
        self._seed = int(np.random.SeedSequence(seed).generate_state(1)[0])
        self._cheap = cheap
        self._space = space
        self._proposals = proposals or _FromTrials(self)
        self._intersection = IntersectionSearchSpace()

    def reseed_rng(self) -> None:
        """Another seed for a copy of the sampler in another thread or process."""
        self._seed = int(np.random.SeedSequence().generate_state(1)[0])

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """The parameters that are proposed together."""
        if self._space is not None:
            return dict(self._space)
        found = self._intersection.calculate(study)
        return {name: d for name, d in found.items() if not d.single()}

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Values of all of them."""
        if not search_space:
            return {}
        found = self._proposals(study, trial, search_space)
        if found is None:
            return self.tpe(trial.number).sample_relative(study, trial, search_space)
        return dict(found)

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """A value of one that the trials do not share, by TPE."""
        salt = sum(map(ord, param_name))
        return self.tpe(trial.number, salt).sample_independent(study, trial, param_name, param_distribution)

    def tpe(self, number: int, salt: int = 0) -> TPESampler:
        """TPE that depends on the seed and the trial's number only."""
        return tpe_sampler(self._seed, number, salt)


class _FromTrials:
    """Proposals from what the study's own trials teach."""

    def __init__(self, sampler: ScreeningSampler) -> None:
        self._sampler = sampler
        self._learned = Learned()

    def __call__(
        self, study: Study, trial: FrozenTrial, space: Mapping[str, BaseDistribution]
    ) -> Mapping[str, Any] | None:
        sampler = self._sampler
        coding = Coding.of(space)
        rng = np.random.default_rng([sampler._seed, trial.number])
        tried = _tried(study, coding)
        if tried is None or len(tried.units) < STARTUP:
            units = self._startup(coding, trial.number)
            return coding.decoded(self._allowed(coding, units)[:1])[0]
        best = _elites(tried)
        fitted = self._learned.fit(tried, tried.units[best])
        objectives = tried.objectives.shape[1]
        drawn = rng.dirichlet(np.ones(objectives)) + 1e-3
        weights = None if objectives == AREA and trial.number % SCALARISED else drawn
        taken = tried.units
        pool = self._candidates(coding, tried, best, rng)
        promise = improvement(fitted, tried, pool, weights, np.random.default_rng(trial.number))
        for step in range(REFINED):
            kept = np.argsort(-promise, kind="stable")[:KEPT]
            moved = coding.moved(np.repeat(pool[kept], 10, axis=0), 0.05 * 0.3**step, rng)
            moved = self._allowed(coding, moved)
            pool = np.concatenate([pool[kept], moved])
            promise = improvement(fitted, tried, pool, weights, np.random.default_rng(trial.number))
        order = np.argsort(-promise, kind="stable")
        for i in order:
            if ((taken - pool[i]) ** 2).sum(axis=1).min() > 1e-12:
                return coding.decoded(pool[i : i + 1])[0]
        return None

    def _startup(self, coding: Coding, number: int) -> FloatArray:
        from scipy.stats import qmc

        sobol = qmc.Sobol(coding.width, scramble=True, rng=np.random.default_rng(self._sampler._seed))
        points = sobol.random(256)
        return coding.snapped(np.roll(points, -(number % 200), axis=0))

    def _candidates(
        self, coding: Coding, tried: Tried, best: Sequence[int], rng: np.random.Generator
    ) -> FloatArray:
        found: list[FloatArray] = []
        for _ in range(ATTEMPTS):
            local = int(LOCAL * CANDIDATES)
            base = tried.units[rng.choice(best, local)]
            other = tried.units[rng.integers(0, len(tried.units), (2, local))]
            scale = rng.choice(SCALES, local)
            moved = coding.moved(base, scale[:, None], rng)
            differing = rng.random(local) < 0.25
            crossed = base + rng.uniform(0.0, 0.8, (local, 1)) * (other[0] - other[1])
            moved[differing] = coding.snapped(crossed[differing])
            wide = coding.snapped(rng.random((CANDIDATES - local, coding.width)))
            found.append(self._allowed(coding, np.concatenate([moved, wide])))
            if sum(map(len, found)) >= CANDIDATES // 3:
                break
        return np.concatenate(found)

    def _allowed(self, coding: Coding, units: FloatArray) -> FloatArray:
        """The candidates that meet the cheap constraints, or the few that miss them least."""
        cheap = self._sampler._cheap
        if cheap is None:
            return units
        values = cheap(coding.decoded(units))
        missed = np.sum([np.maximum(np.asarray(v, dtype=np.float64), 0.0) for v in values.values()], axis=0)
        fine = missed <= 0.0
        return units[fine] if fine.any() else units[np.argsort(missed, kind="stable")[:KEPT]]


def _tried(study: Study, coding: Coding) -> Tried | None:
    """The finished trials that have all parameters, and the constraints that all of them state."""
    signs = np.array([1.0 if d.name == "MINIMIZE" else -1.0 for d in study.directions])
    done = [
        t for t in study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        if all(name in t.params for name in coding.names) and np.isfinite(t.values).all()
    ]  # fmt: skip
    if not done:
        return None
    shared = [k for k in done[0].constraints if all(k in t.constraints for t in done)]
    values = np.array([[t.constraints[k] for k in shared] for t in done], dtype=np.float64)
    values = np.clip(values.reshape(len(done), len(shared)), -1e100, 1e100)
    objectives = np.clip(np.array([t.values for t in done]) * signs, -1e100, 1e100)
    return Tried(coding.coded([t.params for t in done]), objectives, values)


def _elites(tried: Tried) -> list[int]:
    """The trials to look about: the best ones, of several objectives the front."""
    feasible = np.flatnonzero(tried.feasible)
    if len(feasible) == 0:
        return [int(i) for i in np.argsort(tried.violation, kind="stable")[:ELITES]]
    own = tried.objectives[feasible]
    if own.shape[1] > 1:
        return [int(feasible[i]) for i in nondominated(own)]
    near = np.argsort(tried.violation, kind="stable")
    promising = [int(i) for i in near if not tried.feasible[i]][:2]
    return [int(i) for i in feasible[np.argsort(own[:, 0], kind="stable")[:ELITES]]] + promising
