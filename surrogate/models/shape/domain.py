"""Is a shape one that the runs vouch for? Judged by its numbers alone, and by two answers that must agree.

* **size**: the few numbers that say how large and how stretched a body is lie within the runs'.
* **kind**: what the runs' own directions do not explain of the numbers stays below what was seen of runs that
  were left out.
* **neighbours**: the nearest runs are no farther away than a run's own.

The nearest body of the family must moreover leave less over than neighbouring runs differ (`left_over`), and
the answer for it must agree with the shape's own (`disagreement`); :mod:`.model` asks both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ....design.arrays import FloatArray, IntArray
from ....design.messages import Message, listed, say, spelt

KEYS = ("length", "height", "width", "clearance", "tail_height")
DIRECTIONS = 30  # of the numbers that the runs vary in
NEIGHBOURS = 3
PERCENTILE = 99.0  # of left-out runs that each limit lets through
EDGE = 0.002  # of a key's range, that a shape may lie beyond the runs: rounding
STEEP = 4.0  # how fast a distance grows beyond them, per range


@dataclass(frozen=True)
class ShapeDomain:
    """Limits from N runs with p numbers each.

    Attributes:
        middle, scale: of the numbers (p,). axes: (p, k) directions, each scaled to unit spread.
        anchors: runs along them (N, k). low, high: of :data:`KEYS`.
        rest, reach: limits of `kind` and `neighbours`.
    """

    middle: FloatArray
    scale: FloatArray
    axes: FloatArray
    back: FloatArray
    anchors: FloatArray
    low: FloatArray
    high: FloatArray
    rest: float
    reach: float

    def along(self, numbers: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Places along the directions (m, k), and what they do not explain (m,), of numbers (m, p)."""
        z = np.clip((numbers - self.middle) / self.scale, -50.0, 50.0)
        places = z @ self.axes
        return places, np.sqrt(((z - places @ self.back) ** 2).mean(axis=1))

    def ratios(self, numbers: FloatArray, keys: FloatArray) -> dict[str, FloatArray]:
        """Each question's value over its limit (m,); beyond 1 is outside. keys (m, 5) as of :data:`KEYS`."""
        places, rest = self.along(numbers)
        span = np.maximum(self.high - self.low, 1e-9)
        beyond = (np.maximum(self.low - keys, keys - self.high) / span).max(axis=1)
        near = self.distances(places)[1][:, :NEIGHBOURS].mean(axis=1)
        return {
            "size": np.where(beyond > EDGE, 1.0 + STEEP * beyond, np.maximum(beyond / EDGE, 0.0)),
            "kind": rest / self.rest,
            "neighbours": near / self.reach,
        }

    def distances(self, places: FloatArray) -> tuple[IntArray, FloatArray]:
        """Numbers of the runs, nearest first, and how far they are, (m, N) each."""
        away = np.sqrt(((places[:, None] - self.anchors[None]) ** 2).mean(axis=2))
        order = np.argsort(away, axis=1, kind="stable")
        return order, np.take_along_axis(away, order, axis=1)

    def why(self, keys: FloatArray, ratios: dict[str, float]) -> list[Message]:
        """Reasons in words, for one shape; none inside."""
        found = []
        if ratios["size"] > 1.0:
            beyond = np.maximum(self.low - keys, keys - self.high)
            names = [n.replace("_", " ") for n, b in zip(KEYS, beyond, strict=True) if b > 0.0]
            found.append(say("{names} beyond every simulated body", names=listed(map(spelt, names), ", ")))
        if ratios["kind"] > 1.0:
            more = ratios["kind"]
            found.append(say("a kind of body that no run is like ({more:.1f} times the limit)", more=more))
        if ratios["neighbours"] > 1.0:
            more = 100.0 * (ratios["neighbours"] - 1.0)
            found.append(say("nearest simulated bodies {more:.0f} % further away than the limit", more=more))
        return found


def fit_shape_domain(numbers: FloatArray, keys: FloatArray) -> ShapeDomain:
    """Limits from runs (N, p) with their keys (N, 5), set by what is seen of runs left out, in ten parts."""
    bare = _bare(numbers, keys)
    rest, near = np.empty(len(numbers)), np.empty(len(numbers))
    part = np.arange(len(numbers)) % 10
    for k in range(10):
        out = part == k
        inner = _bare(numbers[~out], keys[~out])
        places, rest[out] = inner.along(numbers[out])
        near[out] = inner.distances(places)[1][:, :NEIGHBOURS].mean(axis=1)
    limits = [float(np.percentile(v, PERCENTILE)) for v in (rest, near)]
    return replace(bare, rest=max(limits[0], 1e-9), reach=max(limits[1], 1e-9))


def _bare(numbers: FloatArray, keys: FloatArray) -> ShapeDomain:
    middle, scale = numbers.mean(axis=0), np.maximum(numbers.std(axis=0), 1e-9)
    z = (numbers - middle) / scale
    _, sizes, vectors = np.linalg.svd(z, full_matrices=False)
    k = min(DIRECTIONS, len(numbers) - 2, len(sizes))
    spread = np.maximum(sizes[:k], 1e-9) / np.sqrt(len(numbers))
    axes = vectors[:k].T / spread
    back = vectors[:k] * spread[:, None]
    return ShapeDomain(middle, scale, axes, back, z @ axes, keys.min(axis=0), keys.max(axis=0), 1.0, 1.0)
