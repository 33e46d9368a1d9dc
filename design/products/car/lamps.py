"""Head lamps: what a car looks at you with, one drawing for each named option.

All sizes follow the face: its height, the car's width and the corner; `lamp_height` sets how tall they are
within that. Every lamp is a dark lens, its daytime signature and its beams, layer upon layer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...arrays import FloatArray
from .curves import within
from .definition import Definition
from .face import (
    BEAM,
    CLEAR,
    LAYERS,
    LENS,
    LIT,
    ON_PANEL,
    ON_SKIN,
    Face,
    Loft,
    Patch,
    Point,
    disc,
    ring,
    strip,
)

Grid = tuple[FloatArray, FloatArray]


BESIDE_PLATE_MM = 290.0  # lamps keep that far from the centreline: half a plate, its surround, a gap


@dataclass(frozen=True)
class Lamps:
    """Lamps of one end and the room that they leave.

    Attributes:
        inner: where they end towards the centreline, mm (a full-width bar not counted).
        low: their lowest height, mm; ceiling: what lies between them stays below, mm.
    """

    patches: tuple[Patch, ...]
    inner: float
    low: float
    ceiling: float


def lens(name: str, grid: Grid) -> Patch:
    return Patch(name, LENS, *grid, LAYERS[ON_SKIN], CLEAR)


def lit(name: str, grid: Grid, layer: int = ON_PANEL) -> Patch:
    return Patch(name, LIT, *grid, LAYERS[layer], CLEAR)


def beam(number: int, grid: Grid, layer: int = ON_PANEL) -> Patch:
    return Patch(f"head lamp beam {number} right", BEAM, *grid, LAYERS[layer], CLEAR)


def on(loft: Loft, *places: Point) -> list[Point]:
    """Points of a loft at shares (along, up)."""
    s, z = loft.at(*(np.array(c) for c in zip(*places, strict=True)))
    return list(zip(s.tolist(), z.tolist(), strict=True))


@dataclass(frozen=True)
class Zone:
    """Where lamps go: `top` and `tall` mm, `unit` a half-width's hundredth, `outer` their end on the side."""

    face: Face
    top: float
    tall: float
    unit: float
    outer: float

    def s(self, share: float) -> float:
        """`share` hundredths of the half-width inside the corner (negative: beyond), clear of a plate, mm."""
        return max(min(self.face.corner - share * self.unit, self.outer), BESIDE_PLATE_MM)


def head_lamps(d: Definition, face: Face) -> Lamps:
    """The right head lamp of the design's option, with all that shines on it."""
    top = 0.93 * face.tall
    tall = within(d.p["lamp_height"], 0.16 * face.tall, 0.31 * face.tall)
    outer = min(face.corner + 0.16 * face.half, face.reach(top - tall, 0.97 * face.tall))
    zone = Zone(face, top, tall, 0.01 * face.half, outer)
    return FRONT[d.choice("front_lamps")](zone)


def _slim(z: Zone) -> Lamps:
    t, h = z.top, z.tall
    body = Loft(
        ((z.s(42), t - 0.62 * h), (z.s(12), t - 0.98 * h), (z.s(-14), t - 0.26 * h)),
        ((z.s(43.5), t - 0.26 * h), (z.s(14), t - 0.06 * h), (z.s(-16), t + 0.04 * h)),
    )
    found = [
        lens("head lamp right", body.grid(shape=(28, 6))),
        lit("head lamp signature 1 right", body.grid((0.012, 0.985), (0.76, 0.95), (28, 3))),
    ]
    for k, a in enumerate((0.14, 0.34, 0.54)):
        found.append(beam(k + 1, body.grid((a, a + 0.16), (0.20, 0.58), (6, 4))))
    return Lamps(tuple(found), z.s(43.5), t - 0.8 * h, t)


def _blade(z: Zone) -> Lamps:
    t, h, tall = z.top, z.tall, z.face.tall
    thin = within(0.20 * h, 13.0, 24.0)
    blade = Loft(
        (
            (z.s(46), t - 0.34 * h - thin),
            (z.s(14), t - 0.06 * h - thin),
            (z.s(-16), t + 0.02 * h - 0.8 * thin),
        ),
        ((z.s(47), t - 0.34 * h), (z.s(15), t - 0.06 * h), (z.s(-16), t + 0.02 * h)),
    )
    low = 0.44 * tall
    high = min(low + 0.8 * h, t - 0.34 * h - 2.2 * thin)
    pod = Loft(
        ((z.s(26), low), (z.s(14), low), (z.s(3), low + 0.06 * h)),
        ((z.s(29), high - 0.06 * h), (z.s(14), high), (z.s(-2), high)),
        0.25,
    )
    found = [
        lens("head lamp blade right", blade.grid(shape=(28, 3))),
        lit("head lamp signature 1 right", blade.grid((0.01, 0.99), (0.20, 0.80), (28, 3))),
        lens("head lamp right", pod.grid(shape=(14, 7))),
    ]
    for k, a in enumerate((0.10, 0.54)):
        found.append(beam(k + 1, pod.grid((a, a + 0.36), (0.22, 0.80), (7, 5))))
    return Lamps(tuple(found), z.s(47), low, t)


def _round(z: Zone) -> Lamps:
    r = min(0.60 * z.tall + 10.0, 0.17 * z.face.tall, 0.125 * z.face.half)
    s, at = z.s(0) - 0.55 * r, z.top - r
    found = [
        lens("head lamp right", disc(s, at, r, 15)),
        lit("head lamp signature 1 right", ring(s, at, 0.82 * r, 0.97 * r, points=56)),
        beam(1, ring(s, at, 0.50 * r, 0.60 * r, points=40)),
        beam(2, disc(s, at, 0.36 * r, 9)),
    ]
    return Lamps(tuple(found), s - r, at - r, z.top)


def _twin_round(z: Zone) -> Lamps:
    r = min(0.40 * z.tall + 4.0, 0.12 * z.face.tall, 0.085 * z.face.half)
    at = z.top - 1.25 * r
    outer = z.s(0) - 0.85 * r
    inner = outer - 2.3 * r
    a, b = inner - 1.5 * r, outer + 1.6 * r
    low, high, mid = at - 1.28 * r, at + 1.28 * r, 0.5 * (a + b)
    body = Loft(
        ((a, low), (mid, low), (b, low + 0.12 * r)), ((a, high - 0.12 * r), (mid, high), (b, high)), 0.5
    )
    found = [lens("head lamp right", body.grid(shape=(22, 9)))]
    for k, s in enumerate((inner, outer)):
        found.append(lit(f"head lamp signature {k + 1} right", ring(s, at, 0.80 * r, r, points=44)))
        found.append(beam(k + 1, disc(s, at, 0.50 * r, 9)))
    return Lamps(tuple(found), a, low, z.top)


def _hook(z: Zone) -> Lamps:
    t, h = z.top, z.tall
    body = Loft(
        ((z.s(40), t - 0.80 * h), (z.s(16), t - 1.04 * h), (z.s(-12), t - 0.62 * h)),
        ((z.s(42), t - 0.22 * h), (z.s(12), t - 0.02 * h), (z.s(-15), t + 0.02 * h)),
    )
    width = within(0.11 * h, 7.0, 13.0)
    path = on(body, (0.025, 0.80), (0.03, 0.15), (0.40, 0.15), (0.72, 0.15), (0.95, 0.86))
    found = [
        lens("head lamp right", body.grid(shape=(26, 7))),
        lit("head lamp signature 1 right", strip(path, (0.8 * width, 1.25 * width), 2.2 * width, 13.0)),
    ]
    for k, a in enumerate((0.13, 0.36, 0.59)):
        found.append(beam(k + 1, body.grid((a, a + 0.17), (0.38, 0.82), (6, 4))))
    return Lamps(tuple(found), z.s(42), t - 1.04 * h, t)


def _stacked(z: Zone) -> Lamps:
    t, tall = z.top, z.face.tall
    low = max(t - 1.75 * z.tall, 0.44 * tall)
    body = Loft(
        ((z.s(15), low), (z.s(7), low), (z.s(-1), low)),
        ((z.s(19), t), (z.s(8), t), (z.s(-3), t)),
        0.12,
    )
    width = within(0.018 * z.face.half, 9.0, 15.0)
    path = on(body, (0.18, 0.06), (0.90, 0.06), (0.90, 0.94), (0.18, 0.94))
    found = [
        lens("head lamp right", body.grid(shape=(12, 14))),
        lit("head lamp signature 1 right", strip(path, width, 1.6 * width, 12.0)),
    ]
    for k, b in enumerate((0.17, 0.40, 0.63)):
        found.append(beam(k + 1, body.grid((0.16, 0.70), (b, b + 0.17), (7, 4))))
    return Lamps(tuple(found), z.s(19), low, t)


def _light_bar(z: Zone) -> Lamps:
    t, h = z.top, z.tall
    tall = within(0.26 * h, 20.0, 34.0)
    end = z.s(-16)
    bar = Loft(
        ((0.0, t - tall), (0.6 * end, t - tall), (end, t - 0.55 * tall)),
        ((0.0, t), (0.6 * end, t), (end, t + 0.1 * tall)),
    )
    roof = t - tall - 5.0
    pod = Loft(
        ((z.s(25), roof - 0.34 * h), (z.s(12), roof - 0.62 * h), (z.s(-8), roof - 0.20 * h)),
        ((z.s(28), roof), (z.s(12), roof), (z.s(-12), roof + 0.25 * tall)),
    )
    found = [
        Patch("light bar", LENS, *bar.grid(shape=(56, 4)), LAYERS[ON_SKIN], CLEAR),
        lit("light bar signature", bar.grid((0.0, 0.99), (0.32, 0.72), (56, 3))),
        lens("head lamp right", pod.grid(shape=(18, 6))),
    ]
    for k, a in enumerate((0.14, 0.46)):
        found.append(beam(k + 1, pod.grid((a, a + 0.26), (0.24, 0.74), (7, 4))))
    return Lamps(tuple(found), z.s(28), roof - 0.5 * h, t - tall - 10.0)


#: name of the option to its drawing
FRONT: dict[str, Callable[[Zone], Lamps]] = {
    "slim": _slim,
    "blade": _blade,
    "round": _round,
    "twin_round": _twin_round,
    "hook": _hook,
    "stacked": _stacked,
    "light_bar": _light_bar,
}
