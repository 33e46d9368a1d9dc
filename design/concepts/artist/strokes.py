"""The hand: lines found in the buffers, and pens that draw them with varying weight.

A line is a cloud of points half a pixel apart on the borders of parts; a pen stamps a round nib at each, so
that width, pressure and a small wander can change from point to point and all points are drawn at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...arrays import BoolArray, ByteArray, Float32Array
from .buffers import BODY, NOTHING, Buffers
from .camera import SAMPLES

STEP_MM = 45.0  # a jump of depth inside one part that is drawn as a line


@dataclass(frozen=True)
class Border:
    """Points on the borders between parts, drawing pixels.

    Attributes:
        x, y: (n,) column and row, pixel centres at + 0.5.
        low, high: (n,) kinds on the two sides, low <= high.
    """

    x: Float32Array
    y: Float32Array
    low: ByteArray
    high: ByteArray

    def between(self, first: tuple[int, ...], second: tuple[int, ...]) -> Border:
        """Only the points with one side in `first` and the other in `second`."""
        a, b = np.isin(self.low, first), np.isin(self.high, second)
        c, d = np.isin(self.low, second), np.isin(self.high, first)
        return self.keep((a & b) | (c & d))

    def keep(self, which: BoolArray) -> Border:
        """Only the points in `which` (n,)."""
        return Border(self.x[which], self.y[which], self.low[which], self.high[which])


def find_borders(b: Buffers) -> tuple[Border, Border]:
    """Borders between different parts, and steps of depth inside one part."""
    found: tuple[list[Border], list[Border]] = ([], [])
    for down in (0, 1):
        one = (slice(None, -1), slice(None)) if down else (slice(None), slice(None, -1))
        other = (slice(1, None), slice(None)) if down else (slice(None), slice(1, None))
        parts, kinds = b.parts[one], b.kinds[one]
        changed = parts != b.parts[other]
        fall = np.abs(b.depth[one] - b.depth[other])
        jump = np.flatnonzero((fall > STEP_MM) & ~changed & (kinds == BODY))
        # a surface seen at a grazing angle falls as fast beside the pixel; a step does not
        flat, stride = fall.ravel(), fall.shape[1] if down else 1
        beside = np.minimum(
            flat[np.maximum(jump - stride, 0)], flat[np.minimum(jump + stride, flat.size - 1)]
        )
        for store, at in zip(found, (np.flatnonzero(changed), jump[flat[jump] > 4.0 * beside]), strict=True):
            row, column = np.divmod(at, fall.shape[1])
            first, second = kinds[row, column], b.kinds[other][row, column]
            x = ((column + (0.5 if down else 1.0)) / SAMPLES).astype(np.float32)
            y = ((row + (1.0 if down else 0.5)) / SAMPLES).astype(np.float32)
            store.append(Border(x, y, np.minimum(first, second), np.maximum(first, second)))
    joined = []
    for several in found:
        columns = ([getattr(s, name) for s in several] for name in ("x", "y", "low", "high"))
        joined.append(Border(*(np.concatenate(c) for c in columns)))
    edges, steps = joined
    return edges, steps


def contour(edges: Border, soft: Float32Array) -> tuple[Border, Float32Array, Float32Array]:
    """The outline's points moved onto the half-covered line of `soft` (h, w), and the way inward (n,) x2.

    `soft` is the body's cover, slightly blurred: it takes the pixels' stairs out of the line.
    """
    line = edges.keep((edges.low == NOTHING) & (edges.high != NOTHING))
    line = line.keep(sample(soft, line.x, line.y) < 0.8)  # else a chink that light falls through
    gy, gx = slopes(soft)
    x, y = line.x.copy(), line.y.copy()
    dx, dy = np.zeros_like(x), np.zeros_like(y)
    for _ in range(2):
        value, dx, dy = sample(soft, x, y), sample(gx, x, y), sample(gy, x, y)
        steep = np.maximum(dx * dx + dy * dy, 0.004)
        move = np.clip((0.5 - value) / steep, -12.0, 12.0)
        x += np.clip(move * dx, -0.5, 0.5)
        y += np.clip(move * dy, -0.5, 0.5)
    lost = sample(soft, x, y) < 0.4  # a wall about a pixel thick has no half-covered line
    x, y = np.where(lost, line.x, x), np.where(lost, line.y, y)
    dx, dy = np.where(lost, 0.0, dx).astype(np.float32), np.where(lost, 0.0, dy).astype(np.float32)
    length = np.sqrt(dx * dx + dy * dy) + np.float32(1e-6)
    return Border(x, y, line.low, line.high), np.asarray(dx / length), np.asarray(dy / length)


def slopes(field: Float32Array) -> tuple[Float32Array, Float32Array]:
    """Change per pixel downward and to the right of (h, w)."""
    down, right = np.gradient(field)
    return np.asarray(down, dtype=np.float32), np.asarray(right, dtype=np.float32)


def sample(field: Float32Array, x: Float32Array, y: Float32Array) -> Float32Array:
    """Bilinear values of (h, w) at points in drawing pixels."""
    h, w = field.shape
    u, v = np.clip(x - 0.5, 0.0, w - 1.001), np.clip(y - 0.5, 0.0, h - 1.001)
    column, row = u.astype(np.intp), v.astype(np.intp)
    fx, fy = u - column, v - row
    flat, at = field.ravel(), row * w + column
    top = flat[at] * (1 - fx) + flat[at + 1] * fx
    bottom = flat[at + w] * (1 - fx) + flat[at + w + 1] * fx
    return np.asarray(top * (1 - fy) + bottom * fy, dtype=np.float32)


def stamp(
    canvas: Float32Array, x: Float32Array, y: Float32Array, radius: Float32Array, dark: Float32Array
) -> None:
    """Press a round nib on `canvas` (h, w; 0 clean .. 1 black) at each point; overlaps do not add up.

    Args:
        radius: (n,) pixels. dark: (n,) 0..1.
    """
    if not len(x):
        return
    h, w = canvas.shape
    reach = int(np.ceil(float(radius.max()) + 0.5))
    column, row = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    inside = (column >= reach) & (column < w - reach) & (row >= reach) & (row < h - reach)
    column, row, x, y, radius, dark = (v[inside] for v in (column, row, x, y, radius, dark))
    shift = np.arange(-reach, reach + 1, dtype=np.int32)
    sx = (column + 0.5 - x)[:, None] + shift
    sy = (row + 0.5 - y)[:, None] + shift
    away = np.sqrt(np.square(sy)[:, :, None] + np.square(sx)[:, None, :])
    ink = np.clip((radius + 0.5)[:, None, None] - away, 0.0, 1.0) * dark[:, None, None]
    at = (row * w + column)[:, None, None] + (shift * w)[:, None] + shift
    wet = ink > 0.02
    np.maximum.at(canvas.reshape(-1), at[wet], ink[wet])


# -- noise ----------------------------------------------------------------------------------------------


def unrest(rng: np.random.Generator, shape: tuple[int, int], cell: float) -> Float32Array:
    """(h, w) smooth random values of about -1..1 that change over `cell` pixels."""
    h, w = shape
    rows, columns = int(h / cell) + 4, int(w / cell) + 4
    grid = rng.standard_normal((rows, columns)).astype(np.float32)
    return np.asarray(_spread(h, rows, cell) @ grid @ _spread(w, columns, cell).T, dtype=np.float32)


@lru_cache(maxsize=256)
def _spread(n: int, knots: int, cell: float) -> Float32Array:
    """(n, knots) weights of a cubic B-spline, scaled to keep the size of the noise."""
    at = np.arange(n)[:, None] / cell + 1.0 - np.arange(knots)[None, :]
    d = np.abs(at)
    weight = np.where(d < 1, 2 / 3 - d**2 + d**3 / 2, np.where(d < 2, (2 - d) ** 3 / 6, 0.0))
    return np.asarray(weight / np.sqrt(np.square(weight).sum(axis=1, keepdims=True)), dtype=np.float32)


def ramp(values: Float32Array, start: float, stop: float) -> Float32Array:
    """0 at `start`, 1 at `stop`, smooth between (either may be larger)."""
    t = np.clip((values - start) * np.float32(1.0 / (stop - start)), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), dtype=np.float32)


def stripes(along: Float32Array, period: float, half: Float32Array, strength: Float32Array) -> Float32Array:
    """Parallel lines (0 clean .. 1 ink): `along` is the coordinate across them, `half` their half width."""
    away = np.abs(along / period - np.round(along / period)) * period
    return np.asarray(np.clip(half + 0.5 - away, 0.0, 1.0) * strength, dtype=np.float32)
