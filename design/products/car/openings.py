"""The openings of each rim's drawing: polygons in one sector of its face, radii as shares of the rim's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...arrays import FloatArray

OUTER = 0.912  # radius at which openings end, inside the barrel
PITCH = 2.0 * np.pi / 5.0


@dataclass(frozen=True)
class Opening:
    """What is cut out of a rim's face.

    Attributes:
        around: (k, 2) counter-clockwise polygon of (x, z) at the front, units.
        draft: how much smaller it is at the back, units: spokes get flanks that catch light.
        floor: offset along the axis at which a blind one ends; through the face when None.
    """

    around: FloatArray
    draft: float = 0.02
    floor: float | None = None


#: a spoke's half width in units at radii r (n,)
Width = Callable[[FloatArray], FloatArray]


def straight(hub: float, rim: float) -> Width:
    """Half width that runs from `hub` at radius 0.2 to `rim` at the openings' end."""
    return lambda r: np.asarray(hub + (rim - hub) * (r - 0.2) / (OUTER - 0.2))


def waisted(hub: float, waist: float, rim: float, at: float = 0.5) -> Width:
    """Half width with a waist at radius `at`: a spoke that flares into hub and rim."""
    return lambda r: np.asarray(np.interp(r, [0.2, at, OUTER], [hub, waist, rim]))


def between(
    start: float,
    end: float,
    inner: float,
    width: tuple[Width, Width],
    outer: float = OUTER,
    draft: float = 0.02,
    twist: float = 0.0,
    rounding: float = 0.035,
    steps: int = 2,
) -> Opening:
    """The opening between two spokes whose middles lie at angles `start` and `end` (rad).

    Args:
        inner: radius at which it begins; the spokes must have parted there.
        width: half widths of the spokes before and after.
        twist: angle by which both spokes lean from `inner` to `outer`, rad.
        rounding: of its corners, units.
        steps: points along each side; two where it is straight.
    """
    r = np.linspace(inner, outer, steps)
    lean = twist * ((r - inner) / (outer - inner)) ** 1.3

    def side(angle: float, half: FloatArray) -> FloatArray:
        a = angle + lean
        return np.stack([r * np.cos(a) - half * np.sin(a), r * np.sin(a) + half * np.cos(a)], axis=1)

    first, second = side(start, width[0](r)), side(end, -width[1](r))
    angle_first, angle_second = np.arctan2(first[:, 1], first[:, 0]), np.arctan2(second[:, 1], second[:, 0])
    gap = (np.mod(angle_second - angle_first + np.pi, 2.0 * np.pi) - np.pi) * r
    if gap.min() <= 0.0:
        raise ValueError(f"spokes at {start:.2f} and {end:.2f} rad meet beyond radius {inner}")
    radii = np.hypot(*first[[0, -1]].T)
    arcs = []
    for radius, (p, q) in zip(radii, ((second[0], first[0]), (first[-1], second[-1])), strict=True):
        a, b = np.arctan2(p[1], p[0]), np.arctan2(q[1], q[0])
        b = a + np.mod(b - a + np.pi, 2.0 * np.pi) - np.pi
        pieces = max(1, round(abs(b - a) / 0.20))
        arc = np.linspace(a, b, pieces + 1)[1:-1]
        arcs.append(radius * np.stack([np.cos(arc), np.sin(arc)], axis=1))
    return Opening(rounded(np.concatenate([first, arcs[1], second[::-1], arcs[0]]), rounding), draft)


def rounded(around: FloatArray, by: float) -> FloatArray:
    """A polygon (k, 2) with its sharp corners (more than 35 degrees) rounded by three points each."""
    found = []
    for p, c, n in zip(np.roll(around, 1, axis=0), around, np.roll(around, -1, axis=0), strict=True):
        back, ahead = p - c, n - c
        a, b = np.hypot(*back), np.hypot(*ahead)
        turn = np.arccos(np.clip(-(back @ ahead) / (a * b), -1.0, 1.0))
        if turn < np.radians(35.0):
            found.append(c)
            continue
        reach = min(by, 0.45 * a, 0.45 * b)
        first, last = c + reach * back / a, c + reach * ahead / b
        found += [first, 0.25 * first + 0.5 * c + 0.25 * last, last]
    return np.array(found)


def _twin_five() -> list[Opening]:
    """Five pairs of spokes, close at the hub, opening to the rim."""
    near = straight(0.040, 0.034)
    lean = 0.155
    return [
        between(-lean, lean, 0.44, (near, near), draft=0.012, rounding=0.03),
        between(lean, PITCH - lean, 0.27, (straight(0.06, 0.034),) * 2),
    ]


def _five_spoke() -> list[Opening]:
    bold = waisted(0.150, 0.105, 0.125, 0.62)
    return [between(0.0, PITCH, 0.30, (bold, bold), draft=0.035, rounding=0.06, steps=4)]


def _six_spoke() -> list[Opening]:
    broad = waisted(0.090, 0.085, 0.130, 0.60)
    return [between(0.0, np.pi / 3.0, 0.36, (broad, broad), draft=0.03, rounding=0.05, steps=3)]


def _ten_spoke() -> list[Opening]:
    fine = waisted(0.060, 0.046, 0.060, 0.6)
    return [
        between(k * PITCH / 2, (k + 1) * PITCH / 2, 0.30, (fine, fine), draft=0.022, rounding=0.04, steps=3)
        for k in (0, 1)
    ]


def _multi_spoke() -> list[Opening]:
    """Twenty fine spokes."""
    fine = straight(0.020, 0.026)
    step = PITCH / 4
    return [
        between(k * step, (k + 1) * step, 0.33, (fine, fine), draft=0.012, rounding=0.03) for k in range(4)
    ]


def _turbine() -> list[Opening]:
    """Fifteen blades that lean."""
    blade = waisted(0.045, 0.060, 0.050, 0.62)
    step = PITCH / 3
    return [
        between(
            k * step, (k + 1) * step, 0.32, (blade, blade), draft=0.008, twist=0.34, rounding=0.03, steps=6
        )
        for k in range(3)
    ]


def _mesh() -> list[Opening]:
    """Ten spokes that fork, their arms meeting their neighbours' at the rim."""
    step, fork = PITCH / 2, 0.56
    found = []
    for k in (0, 1):
        a, b = k * step, (k + 1) * step
        # a kite between two stems, whose upper sides are the arms that meet at the rim
        half = 0.030

        def at(angle: float, r: float) -> list[float]:
            return [r * np.cos(angle), r * np.sin(angle)]

        middle = 0.5 * (a + b)
        stem = half / fork
        kite = [
            at(a + half / 0.30, 0.30),
            at(a + stem, fork - 0.03),
            at(middle - 0.055, 0.835),
            at(middle + 0.055, 0.835),
            at(b - stem, fork - 0.03),
            at(b - half / 0.30, 0.30),
        ]
        found.append(Opening(rounded(np.array(kite), 0.03), 0.014))
        # a triangle in the fork of the first stem
        wide = 0.5 * step - 0.085
        arc = [at(a + t, OUTER) for t in np.linspace(-wide, wide, 5)]
        found.append(Opening(rounded(np.array([at(a, fork + 0.075), *arc]), 0.03), 0.014))
    return found


def _aero_disc() -> list[Opening]:
    """A closed face with pairs of openings along the rim and five swept slots towards the hub."""
    found = []
    middle = 0.5 * PITCH
    for low, high in ((0.035, 0.46), (-0.46, -0.035)):
        t = np.linspace(low, high, 4)
        deep = 0.765 + 0.085 * np.abs(t) / 0.46
        outer, inner = (
            np.stack([r * np.cos(middle + t), r * np.sin(middle + t)], axis=1) for r in (0.905, deep)
        )
        found.append(Opening(rounded(np.concatenate([inner[::-1], outer]), 0.025), 0.012))
    reach = np.array([0.34, 0.50, 0.69])
    lean, half = middle + 0.55 * (reach - 0.34), np.array([0.012, 0.024, 0.034])
    upper, lower = (
        np.stack([reach * np.cos(lean + side), reach * np.sin(lean + side)], axis=1)
        for side in (half / reach, -half / reach)
    )
    found.append(Opening(rounded(np.concatenate([lower, upper[::-1]]), 0.02), 0.006))
    return found


OPENINGS: dict[str, list[Opening]] = {
    "twin_five": _twin_five(),
    "five_spoke": _five_spoke(),
    "six_spoke": _six_spoke(),
    "ten_spoke": _ten_spoke(),
    "multi_spoke": _multi_spoke(),
    "turbine": _turbine(),
    "mesh": _mesh(),
    "aero_disc": _aero_disc(),
}
