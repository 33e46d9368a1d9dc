"""Linear models of shape numbers: blocks of them, plain or by their own directions, ridge throughout.

Their answers are averaged, so the whole is one vector of slopes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....design.arrays import FloatArray

PENALTIES = np.logspace(-6, 0, 25)  # shares of the largest squared singular value


@dataclass(frozen=True)
class Learner:
    """Which numbers, and along how many of their directions.

    Attributes:
        blocks: taken along `directions`: ``core`` (named ones), ``stations`` (along the body), ``moments``.
        plain: blocks taken as they are beside them.
    """

    blocks: tuple[str, ...]
    directions: int
    plain: tuple[str, ...] = ()


EVERY = ("core", "stations", "moments")
CANDIDATES = {
    "everything, 50 directions": Learner(EVERY, 50),
    "everything, 50 directions, named numbers beside them": Learner(EVERY, 50, ("core",)),
}


def block_of(name: str) -> str:
    """The block that a number is of."""
    head, _, tail = name.rpartition("_")
    if not tail.isdigit():
        return "core"
    return "moments" if head == "moment" else "stations"


def learn(learner: Learner, names: Sequence[str], z: FloatArray, y: FloatArray) -> tuple[float, FloatArray]:
    """Level and slopes (p,) of a target (n,) on standardised numbers (n, p)."""
    chosen = np.array([block_of(n) in learner.blocks for n in names])
    x = z[:, chosen] - z[:, chosen].mean(axis=0)
    _, sizes, vectors = np.linalg.svd(x, full_matrices=False)
    k = min(learner.directions, int((sizes > 1e-9 * sizes[0]).sum()))
    turn = np.zeros((z.shape[1], k))
    turn[chosen] = vectors[:k].T / np.sqrt(sizes[:k])  # half way to equal spread
    turn *= np.sqrt(len(z)) / np.sqrt(sizes[0])  # the first direction spreads like one number
    turn = np.hstack([turn, np.eye(z.shape[1])[:, [block_of(n) in learner.plain for n in names]]])
    own, level = _ridge(z @ turn, y)
    return level, turn @ own


def _ridge(x: FloatArray, y: FloatArray) -> tuple[FloatArray, float]:
    """Slopes (k,) and level with the penalty that generalised cross-validation likes best; columns are not
    scaled: what varies little is believed little."""
    middle, mean = x.mean(axis=0), float(y.mean())
    u, s, vt = np.linalg.svd(x - middle, full_matrices=False)
    share, rest = u.T @ (y - mean), float(((y - mean) ** 2).sum())
    best, slopes = np.inf, np.zeros(x.shape[1])
    for penalty in PENALTIES * float(s[0] ** 2):
        kept = s**2 / (s**2 + penalty)
        freedom = len(y) - 1 - float(kept.sum())
        if freedom < 0.1 * len(y):
            continue
        left = rest - float((share**2).sum()) + float((((1.0 - kept) * share) ** 2).sum())
        if left / freedom**2 < best:
            best, slopes = left / freedom**2, vt.T @ (share * s / (s**2 + penalty))
    return slopes, mean - float(middle @ slopes)
