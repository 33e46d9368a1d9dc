"""Tail lamps: one drawing for each named option; dark red lens, lit line, reverse and indicator segments."""

from __future__ import annotations

from collections.abc import Callable

from ...geometry.mesh import Colour
from .curves import within
from .definition import Definition
from .face import (
    AMBER,
    CLEAR,
    CLEAR_LENS,
    LAYERS,
    ON_PANEL,
    ON_SKIN,
    RED_LENS,
    RED_LIT,
    Face,
    Loft,
    Patch,
    disc,
    ring,
    strip,
)
from .lamps import Grid, Lamps, Zone, on


def _lens(name: str, grid: Grid) -> Patch:
    return Patch(name, RED_LENS, *grid, LAYERS[ON_SKIN], CLEAR)


def _on_lens(name: str, grid: Grid, colour: Colour = RED_LIT) -> Patch:
    return Patch(name, colour, *grid, LAYERS[ON_PANEL], CLEAR)


def _reverse(grid: Grid) -> Patch:
    return _on_lens("tail lamp reverse right", grid, CLEAR_LENS)


def _indicator(grid: Grid) -> Patch:
    return _on_lens("tail lamp indicator right", grid, AMBER)


def tail_lamps(d: Definition, face: Face) -> Lamps:
    """The right tail lamp of the design's option, with all that shines on it."""
    top = 0.92 * face.tall
    tall = within(0.17 * face.tall, 84.0, 150.0)
    outer = min(face.corner + 0.18 * face.half, face.reach(0.6 * face.tall, 0.94 * face.tall))
    return REAR[d.choice("rear_lamps")](Zone(face, top, tall, 0.01 * face.half, outer))


def _wrap(z: Zone) -> Lamps:
    t, h = z.top, z.tall
    body = Loft(
        ((z.s(44), t - 0.66 * h), (z.s(14), t - 1.02 * h), (z.s(-15), t - 0.86 * h)),
        ((z.s(46), t - 0.16 * h), (z.s(14), t), (z.s(-18), t - 0.04 * h)),
    )
    width = within(0.085 * h, 8.0, 13.0)
    path = on(body, (0.03, 0.84), (0.5, 0.86), (0.95, 0.86), (0.92, 0.16), (0.50, 0.16))
    found = (
        _lens("tail lamp right", body.grid(shape=(28, 7))),
        _on_lens("tail lamp signature 1 right", strip(path, width, 1.8 * width, 14.0)),
        _reverse(body.grid((0.06, 0.24), (0.22, 0.56), (7, 4))),
        _indicator(body.grid((0.27, 0.45), (0.22, 0.56), (7, 4))),
    )
    return Lamps(found, z.s(46), t - 0.9 * h, t)


def _light_bar(z: Zone) -> Lamps:
    t, h = z.top, z.tall
    high, low, end = t - 0.10 * h, t - 0.46 * h, z.s(-18)
    bar = Loft(
        ((0.0, low), (0.6 * end, low), (end, low)), ((0.0, high), (0.6 * end, high), (end, high - 0.02 * h))
    )
    pod = Loft(
        ((z.s(24), low - 0.30 * h), (z.s(6), low - 0.46 * h), (z.s(-14), low - 0.34 * h)),
        ((z.s(28), low - 5.0), (z.s(6), low - 5.0), (z.s(-17), low - 5.0)),
    )
    found = (
        Patch("tail light bar", RED_LENS, *bar.grid(shape=(52, 4)), LAYERS[ON_SKIN], CLEAR),
        _on_lens("tail light bar signature", bar.grid((0.0, 0.99), (0.36, 0.66), (52, 3))),
        _lens("tail lamp right", pod.grid(shape=(20, 5))),
        _reverse(pod.grid((0.14, 0.40), (0.30, 0.70), (8, 3))),
        _indicator(pod.grid((0.46, 0.88), (0.30, 0.70), (12, 3))),
    )
    return Lamps(found, z.s(28), low - 0.46 * h, low - 12.0)


def _round(z: Zone) -> Lamps:
    r = within(0.44 * z.tall, 38.0, 0.085 * z.face.half)
    at, outer = z.top - 0.1 * z.tall - r, z.s(0) - 0.45 * r
    inner = outer - 2.25 * r
    found = []
    for k, s in enumerate((outer, inner)):
        found.append(_lens(f"tail lamp {k + 1} right", disc(s, at, r, 13)))
        found.append(
            _on_lens(f"tail lamp signature {k + 1} right", ring(s, at, 0.74 * r, 0.96 * r, points=44))
        )
    found.append(_indicator(disc(outer, at, 0.40 * r, 9)))
    found.append(_reverse(disc(inner, at, 0.40 * r, 9)))
    return Lamps(tuple(found), inner - r, at - r, z.top)


def _vertical(z: Zone) -> Lamps:
    t, low = z.top + 0.02 * z.face.tall, 0.47 * z.face.tall
    body = Loft(
        ((z.s(9), low), (z.s(2), low), (z.s(-5), low)),
        ((z.s(15), t), (z.s(5), t), (z.s(-9), t)),
        0.10,
    )
    width = within(0.10 * z.tall, 10.0, 15.0)
    path = on(body, (0.16, 0.955), (0.80, 0.955), (0.80, 0.5), (0.80, 0.045), (0.16, 0.045))
    found = (
        _lens("tail lamp right", body.grid(shape=(12, 20))),
        _on_lens("tail lamp signature 1 right", strip(path, width, 1.6 * width, 14.0)),
        _reverse(body.grid((0.16, 0.60), (0.12, 0.22), (6, 4))),
        _indicator(body.grid((0.16, 0.60), (0.26, 0.36), (6, 4))),
    )
    return Lamps(found, z.s(15), t, t)


def _hook(z: Zone) -> Lamps:
    t, h = z.top, z.tall
    wide = 0.42 * h
    arm, leg = t - 0.5 * wide, t - 1.75 * h
    path = [(z.s(46), arm - 0.10 * h), (z.s(20), arm), (z.s(-7), arm), (z.s(-3), leg)]
    lit = [(z.s(44.5), arm - 0.09 * h), (z.s(20), arm + 0.02 * h), (z.s(-7), arm), (z.s(-3), leg + 12.0)]
    width = within(0.12 * h, 10.0, 16.0)
    below = arm - 0.13 * h
    found = (
        _lens("tail lamp right", strip(path, (0.75 * wide, 1.0 * wide), 0.62 * wide, 15.0)),
        _on_lens("tail lamp signature 1 right", strip(lit, width, 0.62 * wide, 15.0)),
        _reverse(strip([(z.s(42), below - 0.075 * h), (z.s(32), below - 0.04 * h)], 0.07 * h)),
        _indicator(strip([(z.s(30), below - 0.03 * h), (z.s(19), below + 0.005 * h)], 0.07 * h)),
    )
    return Lamps(found, z.s(46), arm - 0.6 * wide, t)


#: name of the option to its drawing
REAR: dict[str, Callable[[Zone], Lamps]] = {
    "wrap": _wrap,
    "light_bar": _light_bar,
    "round": _round,
    "vertical": _vertical,
    "hook": _hook,
}
