"""How smooth a surface is, as its reflections show it: waves of the normal, and signs of curvature.

**What is measured.** Reflection lines and highlight lines depend on the surface through its normal alone
(Klass 1980, "Correction of local surface irregularities using reflection lines"; Beier and Chen 1994,
"Highlight-line algorithm for realtime surface-quality assessment", both Computer-Aided Design). With light
bars far away and parallel to an axis, a stripe is a level line of the angle that the surface's section makes
across that axis. So over a region seen along one axis two angles are taken on an even grid of the exact
surface: the slope of the section along each of the plane's axes. Where a stripe swerves and swerves back,
the *rate* of an angle along the surface rises and falls: a wave. One rise and fall is free on every line
(a designed crown has it); each further one is a :class:`Wave`, found by its topographic prominence.

**Its size** is the peak-to-peak turn of the normal in degrees. A ripple of amplitude A and length L turns the
normal by 2 * atan(2 pi A / L): 1.8 degrees for 0.3 mm on 120 mm. A region's `wiggle` is the sum of its waves'
turns for each metre of line, for the worse of the angles and directions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import BoolArray, FloatArray, level_runs
from .patches import AXES, Patch, seen_along
from .polyline import arc_length

STEP_MM = 8.0  # of the even grid over a region
SMOOTH_MM = 8.0  # standard deviation of the filter on an angle's rate
WAVE_DEG = 0.5  # largest wave that passes: a ripple of 0.09 mm on 120 mm, which no stripe shows
LEAST_DEG = 0.05  # smaller turns are no waves
LONGEST_MM = 400.0  # longer waves are form
SHORTEST_LINE_MM = 150.0
LEAST_FACING = 0.25  # cosine between normal and the axis looked along, below which a point is left out


@dataclass(frozen=True)
class Region:
    """A part of the skin that is judged.

    Attributes:
        name: "bonnet".
        axis, sign: it is seen along this axis ("x", "y", "z"), from its positive (1) or negative (-1) end.
        outline: (k, 2) polygon in the plane of the other two coordinates, in alphabetical order, mm.
        holes: (a, b, radius) discs in that plane that are no surface (wheel arches), mm.
        waves: further rises and falls that the design means, beyond the one that is free, on lines along the
            first and along the second coordinate.
        rise: by which lines along the first coordinate rise in the second: they follow an edge that slopes.
    """

    name: str
    axis: str
    sign: float
    outline: FloatArray
    holes: tuple[tuple[float, float, float], ...] = ()
    waves: tuple[int, int] = (0, 0)
    rise: float = 0.0


@dataclass(frozen=True)
class Wave:
    """One unmeant rise and fall of an angle's rate along a line.

    Attributes:
        point: (x, y, z) of its top, mm.
        along: axis that the line follows; of: axis along which the turning slope is taken. Different ones:
            a twist, which makes straight highlights swerve.
        turn: peak to peak of the normal, degrees; length: of the whole wave, mm.
    """

    point: tuple[float, float, float]
    along: str
    of: str
    turn: float
    length: float

    @property
    def height(self) -> float:
        """Amplitude of a sine ripple that turns the normal as much, mm."""
        return float(np.radians(self.turn) * self.length / (4.0 * np.pi))

    def to_json(self) -> dict[str, Any]:
        """Rounded to what was measured."""
        return {
            "point": [round(v, 1) for v in self.point],
            "along": self.along,
            "of": self.of,
            "turn": round(self.turn, 3),
            "length": round(self.length, 1),
            "height": round(self.height, 3),
        }


@dataclass(frozen=True)
class RegionQuality:
    """What was found in one region.

    Attributes:
        wiggle: turns of its waves for each metre of line, degrees per metre; the worse angle and direction.
        worst: its largest waves, at most eight, apart from each other.
        largest: turn of the largest wave, degrees; 0 without any.
        share: of the region's outline in which a surface was found.
    """

    name: str
    wiggle: float
    largest: float
    worst: tuple[Wave, ...]
    share: float

    @property
    def smooth(self) -> bool:
        """No wave above :data:`WAVE_DEG`, and a surface to speak of."""
        return self.largest <= WAVE_DEG and self.share > 0.0


@dataclass(frozen=True)
class Heat:
    """Where a region's waves are: grid points (n, 3), mm, and the largest wave's turn there (n,), degrees."""

    points: FloatArray
    turns: FloatArray


@dataclass(frozen=True)
class _Waves:
    """Waves of one run: indices into the run of start, top and end, (k,) each, turns and lengths (k,)."""

    spans: list[tuple[int, int, int]]
    turns: list[float]
    lengths: list[float]


def region_quality(
    patches: Sequence[Patch], region: Region, step: float = STEP_MM
) -> tuple[RegionQuality, Heat]:
    """Waves of the surfaces in one region."""
    look, i, j = AXES[region.axis]
    points, normals = region_field(patches, region, step)
    heat = np.zeros(points.shape[:2])
    facing = normals[..., look]
    waves: list[Wave] = []
    wiggle = 0.0
    letters = "xyz"
    slopes = np.stack([np.arctan(-normals[..., of] / facing) for of in (i, j)], axis=-1)
    angles = np.degrees(slopes) * region.sign
    for axis, along in ((0, i), (1, j)):
        turns, length_sum = [0.0, 0.0], 0.0
        lines, places = (angles, points) if axis == 0 else (np.swapaxes(w, 0, 1) for w in (angles, points))
        warm = heat if axis == 0 else heat.T
        for k in range(lines.shape[1]):
            for run in _runs(np.isfinite(lines[:, k, 0])):
                both, length = _line_waves(lines[run, k], places[run, k], region.waves[axis])
                length_sum += length
                for c, one in enumerate(both):
                    turns[c] += sum(one.turns)
                    for (start, top, end), turn, long in zip(one.spans, one.turns, one.lengths, strict=True):
                        x, y, z = places[run, k][top].tolist()
                        waves.append(Wave((x, y, z), letters[along], letters[(i, j)[c]], turn, long))
                        part = warm[run, k][start : end + 1]
                        np.maximum(part, turn, out=part)
        if length_sum > 0.0:
            wiggle = max(wiggle, max(turns) / length_sum * 1e3)
    valid = np.isfinite(points[..., 0])
    inside = _inside(region, step)
    worst = _apart(waves)
    share = float(valid.sum() / max(inside.sum(), 1))
    found = RegionQuality(region.name, wiggle, worst[0].turn if worst else 0.0, worst, share)
    return found, Heat(points[valid], heat[valid])


def region_field(
    patches: Sequence[Patch], region: Region, step: float = STEP_MM
) -> tuple[FloatArray, FloatArray]:
    """Points and normals (na, nb, 3) on an even grid of the region, NaN where it has no surface."""
    ab = _lattice(region, step)
    shape = (*ab.shape[:2], 3)
    inside = _inside(region, step)
    points, normals = np.full(shape, np.nan), np.full(shape, np.nan)
    points[inside], normals[inside] = seen_along(patches, region.axis, region.sign, ab[inside])
    shallow = region.sign * normals[..., AXES[region.axis][0]] < LEAST_FACING
    points[shallow], normals[shallow] = np.nan, np.nan
    return points, normals


def _lattice(region: Region, step: float) -> FloatArray:
    """Even grid (na, nb, 2) over the region's outline."""
    outline = region.outline - np.array([0.0, region.rise]) * region.outline[:, :1]
    low, high = outline.min(axis=0), outline.max(axis=0)
    a, b = (lo + step * np.arange(int((hi - lo) / step) + 1) for lo, hi in zip(low, high, strict=True))
    ab = np.stack(np.meshgrid(a, b, indexing="ij"), axis=-1)
    ab[..., 1] += region.rise * ab[..., 0]
    return ab


def _inside(region: Region, step: float) -> BoolArray:
    """Which points of the region's grid lie in its outline and in no hole (even-odd rule), (na, nb)."""
    a, b = np.moveaxis(_lattice(region, step), -1, 0)
    start, end = region.outline, np.roll(region.outline, -1, axis=0)
    inside = np.zeros(a.shape, dtype=bool)
    for (a0, b0), (a1, b1) in zip(start.tolist(), end.tolist(), strict=True):
        if b0 != b1:
            inside ^= ((b0 > b) != (b1 > b)) & (a < (a1 - a0) * (b - b0) / (b1 - b0) + a0)
    for ca, cb, radius in region.holes:
        inside &= np.hypot(a - ca, b - cb) > radius
    return inside


def _runs(valid: BoolArray) -> list[slice]:
    """Stretches of True."""
    _, starts, ends = level_runs(valid[None])
    return [slice(s, e) for s, e in zip(starts.tolist(), ends.tolist(), strict=True) if e - s > 8]


def _line_waves(angles: FloatArray, points: FloatArray, meant: int) -> tuple[list[_Waves], float]:
    """Waves of angles (n, k) (deg) along a line of points (n, 3), one record each; its length, mm."""
    from scipy.interpolate import CubicSpline
    from scipy.ndimage import gaussian_filter1d

    s = arc_length(points)
    length = float(s[-1])
    if length < SHORTEST_LINE_MM:
        return [], 0.0
    even = np.linspace(0.0, length, int(length / 5.0) + 1)
    ds, last = float(even[1]), len(s) - 1
    rates = gaussian_filter1d(CubicSpline(s, angles)(even, 1), SMOOTH_MM / ds, axis=0, mode="nearest")
    both = []
    for rate in rates.T:
        sides = (_prominent(side, ds, meant) for side in (rate, -rate))
        found = min(sides, key=lambda w: sum(w.turns, 0.0))
        spans = np.minimum(np.searchsorted(s, np.array(found.spans).reshape(-1, 3) * ds), last)
        both.append(_Waves([tuple(w) for w in spans.tolist()], found.turns, found.lengths))
    return both, length


def _prominent(rate: FloatArray, ds: float, meant: int) -> _Waves:
    """Peaks of `rate` beyond the highest one and the `meant` largest others.

    A peak and the hollow between it and the next higher one are a wave. The smaller of their areas beyond the
    level midway is the turn, so a narrow hollow in a plateau counts as a narrow peak on a plain does.
    """
    rises = np.diff(rate) > 0.0
    ends = np.concatenate([[True], rises]) & ~np.concatenate([rises, [False]])
    peaks = np.flatnonzero(ends)
    ranked = peaks[np.argsort(-rate[peaks], kind="stable")]
    found = []
    for rank in range(1, len(ranked)):
        top = int(ranked[rank])
        higher = ranked[:rank]
        saddles = []
        left, right = higher[higher < top], higher[higher > top]
        if len(left):
            first = int(left.max())
            saddles.append(first + int(np.argmin(rate[first : top + 1])))
        if len(right):
            saddles.append(top + int(np.argmin(rate[top : int(right.min()) + 1])))
        saddle = max(saddles, key=lambda k: float(rate[k]))
        if 0.25 * float(rate[top] - rate[saddle]) * LONGEST_MM < LEAST_DEG:
            continue
        level = 0.5 * float(rate[top] + rate[saddle])
        parts = [_beyond(rate - level, top), _beyond(level - rate, saddle)]
        turn = ds * min(area for area, _, _ in parts)
        if turn < LEAST_DEG:
            continue
        _, start, end = min(parts, key=lambda part: part[2] - part[1])
        found.append((turn, 2.0 * (end - start + 1) * ds, (start, (start + end) // 2, end)))
    found.sort(key=lambda w: -w[0])
    found = [w for w in found[meant:] if w[1] <= LONGEST_MM]
    return _Waves([w[2] for w in found], [w[0] for w in found], [w[1] for w in found])


def _beyond(excess: FloatArray, at: int) -> tuple[float, int, int]:
    """Sum, first and last index of the stretch around `at` where `excess` is positive."""
    low = np.flatnonzero(excess <= 0.0)
    k = int(np.searchsorted(low, at))
    start = int(low[k - 1]) + 1 if k else 0
    end = int(low[k]) - 1 if k < len(low) else len(excess) - 1
    return float(excess[start : end + 1].sum()), start, max(start, end)


def _apart(waves: Sequence[Wave], count: int = 8, distance: float = 120.0) -> tuple[Wave, ...]:
    """The largest waves that are not the neighbours of larger ones."""
    kept: list[Wave] = []
    for wave in sorted(waves, key=lambda w: -w.turn):
        if all(np.linalg.norm(np.subtract(wave.point, k.point)) > distance for k in kept):
            kept.append(wave)
            if len(kept) == count:
                break
    return tuple(kept)
