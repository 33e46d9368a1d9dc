"""Peers of a race that are no part of Maquette: pymoo's evolution and BoTorch's Gaussian processes.

They run where they are installed (``pip install .[race]``).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...constraints.search.samplers import needs
from .race_problems import Problem

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler

PYMOO = {"pymoo-nsga2": "nsga2.NSGA2", "pymoo-nsga3": "nsga3.NSGA3"}
BOTORCH = "botorch"
POPULATION = 50
PARTITIONS = POPULATION - 1  # of NSGA-III's directions between two objectives
LIMITS = "limits"  # where a trial keeps its constraint values for BoTorch's sampler

Told = Callable[[Sequence[float], Sequence[float]], None]


def evolve(problem: Problem, name: str, seed: int, trials: int, tell: Told) -> None:
    """Run pymoo on a problem; `tell` gets objectives and constraint values of each of the trials, in order.

    Whole numbers are rounded before they are judged, as pymoo's own repair does.

    Raises:
        MissingComponentError: pymoo is not installed.
    """
    needs("pymoo", name)
    from pymoo.core.problem import Problem as Stated

    module, _, kind = PYMOO[name].partition(".")
    algorithm: Any = getattr(importlib.import_module(f"pymoo.algorithms.moo.{module}"), kind)
    options: dict[str, Any] = {"pop_size": POPULATION}
    objectives = 1 if problem.best is not None else 2
    if name == "pymoo-nsga3":
        from pymoo.util.ref_dirs import get_reference_directions

        parts = PARTITIONS if objectives > 1 else 1
        options["ref_dirs"] = get_reference_directions("das-dennis", objectives, n_partitions=parts)
    low, high = (np.array([b[k] for b in problem.bounds.values()], dtype=float) for k in (0, 1))
    middle = dict(zip(problem.bounds, (low + high) / 2.0, strict=True))
    limits = len(problem.judge(_rounded(problem, middle))[1])
    stated = Stated(n_var=len(low), n_obj=objectives, n_ieq_constr=limits, xl=low, xu=high)
    run = algorithm(**options)
    run.setup(stated, termination=("n_eval", trials), seed=seed, verbose=False)
    done = 0
    while done < trials:
        asked = run.ask()
        judged = [
            problem.judge(_rounded(problem, dict(zip(problem.bounds, x, strict=True))))
            for x in asked.get("X")
        ]
        for objective, limit in judged[: trials - done]:
            tell(objective, limit)
        done += len(judged)
        asked.set("F", np.array([j[0] for j in judged], dtype=float))
        asked.set("G", np.array([j[1] for j in judged], dtype=float))
        for one in asked:
            one.evaluated.update({"F", "G", "H"})
        run.tell(infills=asked)


def _rounded(problem: Problem, values: dict[str, Any]) -> dict[str, float]:
    return {n: float(round(v)) if n in problem.whole else float(v) for n, v in values.items()}


def botorch(seed: int, objectives: int) -> BaseSampler:
    """BoTorch's sampler for Optuna: qLogEI for one objective, qNEHVI for more, constraints of :data:`LIMITS`.

    Raises:
        MissingComponentError: botorch or optuna-integration is not installed.
    """
    needs("botorch", BOTORCH)
    needs("optuna_integration", BOTORCH)
    from optuna_integration.botorch import BoTorchSampler
    from optuna_integration.botorch.botorch import qlogei_candidates_func, qnehvi_candidates_func

    sampler: BaseSampler = BoTorchSampler(
        candidates_func=qnehvi_candidates_func if objectives > 1 else qlogei_candidates_func,
        constraints_func=lambda trial: trial.user_attrs[LIMITS],
        seed=seed,
    )
    return sampler
