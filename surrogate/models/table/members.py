"""The kept models of a table: each learns from the standardised matrix and keeps plain arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ....design.arrays import AnyArray, FloatArray
from . import gaussian, ridge, trees

Weights = dict[str, AnyArray]


@dataclass(frozen=True)
class Member:
    """One kept model: `fit(z, u, seed)` makes its weights, `answer(weights, z)` asks them.

    `bent`: it learns the target on a scale on which it is not heavy-tailed.
    """

    name: str
    title: str
    fit: Callable[[FloatArray, FloatArray, int], Weights]
    answer: Callable[[Mapping[str, AnyArray], FloatArray], FloatArray]
    bent: bool = False

    def learn(self, z: FloatArray, y: FloatArray, seed: int) -> Weights:
        """Weights from `z` (n x p) and the target `y` (n,)."""
        if not self.bent:
            return self.fit(z, y, seed)
        size = float(np.median(np.abs(y))) / 2 or 1.0
        u = np.arcsinh(y / size)
        room = 0.5 * float(u.std())
        return {**self.fit(z, u, seed), "bend": np.array([size, u.min() - room, u.max() + room])}

    def predict(self, weights: Mapping[str, AnyArray], z: FloatArray) -> FloatArray:
        """Predicted target of rows `z` (m x p), shape (m,)."""
        found = self.answer({k: v for k, v in weights.items() if k != "bend"}, z)
        if not self.bent:
            return found
        size, low, high = weights["bend"]
        return np.asarray(size * np.sinh(np.clip(found, low, high)))


MEMBERS = {
    m.name: m
    for m in (
        Member("gaussian_process", "Gaussian process", gaussian.fit, gaussian.answer),
        Member("boosted_trees", "boosted trees", trees.fit_boosted, trees.answer),
        Member("random_trees", "ensemble of trees with random splits", trees.fit_random, trees.answer),
        Member("quadratic", "quadratic ridge", ridge.fit_quadratic, ridge.answer),
        Member("bent_gaussian_process", "Gaussian process, target bent", gaussian.fit, gaussian.answer, True),
        Member("bent_boosted_trees", "boosted trees, target bent", trees.fit_boosted, trees.answer, True),
        Member("bent_random_trees", "random trees, target bent", trees.fit_random, trees.answer, True),
    )
}
_HEAVY = 2.0  # excess kurtosis or twice the skewness from which bending is tried
_BENT_ROWS = 6_000  # beyond, a second scale costs more time than it wins


def candidates(y: FloatArray) -> tuple[Member, ...]:
    """The members that are tried on a target."""
    v = (y - y.mean()) / (y.std() or 1.0)
    heavy = max(float((v**4).mean()) - 3.0, 2.0 * abs(float((v**3).mean()))) > _HEAVY
    return tuple(m for m in MEMBERS.values() if not m.bent or (heavy and len(y) <= _BENT_ROWS))
