"""What is learned of runs: the quantities, their training tables, and one learned quantity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....design.arrays import FloatArray
from ....design.family.contract import Family
from ....design.family.parameters import as_row
from ...runs.dataset import design_key
from ...studies.contract import Study
from ...studies.record import Observation
from .features import Feature, feature_matrix
from .process import Posterior, Table


@dataclass(frozen=True)
class Target:
    """One learned quantity.

    Attributes:
        posterior: the process, conditioned on every run.
        features: what it sees of a design.
        factor: calibration of its sigma.
        spread: standard deviation of the training labels at the top level.
        label_noise: typical known noise of a top-level label.
    """

    posterior: Posterior
    features: tuple[Feature, ...]
    factor: float
    spread: float
    label_noise: float


def design_matrix(family: Family, runs: Sequence[Observation]) -> FloatArray:
    """Parameters of runs (n x d) in declaration order."""
    return np.array([as_row(family.declaration, run.parameters) for run in runs], dtype=np.float64)


def table_of(
    family: Family,
    levels: Sequence[str],
    quantity: str,
    features: tuple[Feature, ...],
    runs: Sequence[Observation],
    log: bool = False,
) -> Table:
    """Runs as a training table of one quantity, of its logarithm when `log`."""
    x = feature_matrix(family, features, design_matrix(family, runs))
    return label_table(levels, quantity, x, runs, log)


def label_table(
    levels: Sequence[str], quantity: str, x: FloatArray, runs: Sequence[Observation], log: bool = False
) -> Table:
    """A training table from features that are already computed (n x p), one row a run."""
    y = np.array([run.outputs[quantity] for run in runs], dtype=np.float64)
    noise = np.array([run.noise[quantity] for run in runs], dtype=np.float64)
    keys = [design_key(run.parameters) for run in runs]
    number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    return Table(
        x=x,
        level=np.array([levels.index(run.fidelity) for run in runs], dtype=np.float64),
        y=np.log(y) if log else y,
        noise=noise / y if log else noise,
        group=np.array([number[key] for key in keys], dtype=np.int64),
        log=log,
    )


def scatter_of(
    study: Study, recipes: Sequence[str], levels: Sequence[str], quantity: str
) -> tuple[float, ...] | None:
    """Known scatter of repeated runs by fidelity, the largest of the recipes'; None where one has none."""
    found = []
    for level in levels:
        known = [study.scatter(recipe, level, quantity) for recipe in recipes]
        if not known or any(one is None for one in known):
            return None
        found.append(max(one for one in known if one is not None))
    return tuple(found)
