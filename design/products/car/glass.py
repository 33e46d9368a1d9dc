"""Screens and side glass: the panes, the dark borders around them, and the trim along the side's opening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import BoolArray, FloatArray
from ...geometry.mesh import Colour
from .curves import evenly, extended, smoothed
from .definition import Definition
from .edges import EDGE_STATIONS
from .panels import BLACK, CHROME, DARK, GLASS, PAINT, SCREEN, TRIM, Sheet, tabled_edge

FRIT_MM = 26.0  # width of the screens' black border
FRAME_MM = 9.0  # how far the dark frame of the side glass reaches beyond the daylight opening
PILLAR_MM = 24.0  # from the middle of a pillar to the glass beside it
OUT = (0.0, 1.0, 0.0)  # of the side
RUBBER_BAND, PLASTIC = ("EPDM rubber", 1200.0), ("polypropylene", 950.0)

# -- screens ------------------------------------------------------------------------------------------

#: two bowed lines across the car, x = a + b s^2 with s from -1 (left) to 1 (right): ((a, b), (a, b)), mm
Bows = tuple[tuple[float, float], tuple[float, float]]


def windscreen_lines(d: Definition) -> Bows:
    """Lower and upper edge of the windscreen with its black border."""
    span = d.x_header - d.x_cowl
    return (d.x_cowl + 0.05 * span + 12.0, 0.11 * span), (d.x_header - 0.11 * span, -0.02 * span)


def backlight_lines(d: Definition) -> Bows:
    """Upper and lower edge of the rear glass with its black border."""
    span = d.x_deck - d.x_roof_end
    return (d.x_roof_end + 0.13 * span, 0.02 * span), (d.x_deck - 0.10 * span - 6.0, -0.05 * span)


def screen_points(
    d: Definition, lines: Bows, s: FloatArray, t: FloatArray, stations: int = EDGE_STATIONS
) -> FloatArray:
    """Points (..., 3) of a glass at share s across and t from its first line to its second."""
    x, y = _on_screen(d, lines, s, t, stations)
    return d.place(x, y, d.top(x, y))


def _on_screen(
    d: Definition, lines: Bows | FloatArray, s: FloatArray, t: FloatArray, stations: int = EDGE_STATIONS
) -> tuple[FloatArray, FloatArray]:
    """x and y of :func:`screen_points` in body coordinates; lines of many glasses broadcast with s and t."""
    (a, b), (c, e) = lines
    q = s * s
    x = (a + b * q) * (1 - t) + (c + e * q) * t
    edge = tabled_edge(d, stations).y_at(x)
    return x, s * (edge - 0.82 * d.corner_reach(edge, edge)[0])


def screens(d: Definition) -> list[Sheet]:
    """Windscreen and rear glass on their black borders, and the dark panel at the windscreen's foot."""
    front, rear = windscreen_lines(d), backlight_lines(d)
    (a, b), _ = front
    cowl = ((a - 46.0, b - 12.0), (a + 6.0, b))
    s, t = evenly(-0.98, 0.98, 25), evenly(0.0, 1.0, 4)[:, None]
    x, y = _on_screen(d, cowl, s, t)
    foot = Sheet("cowl trim", DARK, x, y, None, (-1.0, 0.0, 1.0), 0.3, 1.0, *PLASTIC)
    panes = zip(("windscreen", "rear window"), (-1.0, 1.0), *_panes(d, front, rear), strict=True)
    found = []
    for name, ahead, xs, ys in panes:
        out = ahead, 0.0, 1.0
        found.append(Sheet(name, SCREEN, xs[0], ys[0], None, out, 1.5, 2.7))
        found.append(Sheet(f"{name} frame", TRIM, xs[1], ys[1], None, out, 0.3, 1.0, *RUBBER_BAND))
    return [*found, foot]


def _panes(d: Definition, front: Bows, rear: Bows) -> tuple[FloatArray, FloatArray]:
    """x and y of both screens' panes and borders, each (2, 2, 17, 25): the border reaches to the screen's
    lines, the pane begins inside it."""
    lines = np.moveaxis(np.array([front, rear]), 0, -1)  # line, (a, b), screen
    # the middles of the lines, and a point 0.7 of the way to the side
    s, t = np.array([0.0, 0.0, 0.7]), np.array([0.0, 1.0, 0.5])
    x, y = (c.ravel() for c in _on_screen(d, lines[..., None], s, t))
    corner = d.place(x, y, d.top(x, y)).reshape(2, 3, 3)
    tall = np.array([np.linalg.norm(c[1] - c[0]) for c in corner])[:, None, None, None]
    wide = (corner[:, 2, 1] / 0.7)[:, None, None, None]
    by, radius = np.array([[FRIT_MM, 0.0], [60.0, 45.0]])[..., None, None]
    t = (0.5 - 0.5 * np.cos(evenly(0.0, np.pi, 17)))[:, None]
    share = np.minimum(by / tall, 0.2)
    away = np.maximum((np.abs(2.0 * t - 1.0) - 1.0) * 0.5 * tall / radius + 1.0, 0.0)
    reach = 1.0 - by / wide - (1.0 - np.sqrt(1.0 - away * away)) * radius / wide
    s = evenly(-1.0, 1.0, 25) * reach
    return _on_screen(d, lines[..., None, None, None], s, share + (1.0 - 2.0 * share) * t)


# -- side glass ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Daylight:
    """The side's daylight opening in body coordinates: lower and upper edge over x, mm."""

    x: FloatArray
    low: FloatArray
    high: FloatArray

    def between(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        return np.interp(x, self.x, self.low), np.interp(x, self.x, self.high)


def daylight(d: Definition, points: int = 700, stations: int = EDGE_STATIONS) -> Daylight:
    """Daylight opening above the belt and below the roof rail, between the pillars, sampled at `points`.

    Its lower edge rises towards the rear pillar, so that the opening ends in a point there too.
    """
    x = evenly(d.x_cowl, d.length - 60.0, points)
    edge_z = tabled_edge(d, stations).z_at(x)
    reach = d.corner_reach(edge_z, edge_z - d.bottom(x))[1]
    rail = edge_z - 0.98 * reach
    ahead, behind = 26.0, 60.0 + 45.0 * d.hatch_share
    step = x[1] - x[0]
    before, after = int(ahead / step), int(behind / step)
    around = np.lib.stride_tricks.sliding_window_view(extended(rail, before, after), before + after + 1)
    high = around.min(axis=1)
    width = max(2, round(15 * points / 700))
    high = smoothed(high, width)
    low = d.belt(x) + 0.95 * d.belt_rounding
    tall = high - low > 30.0
    middle = int(np.searchsorted(x, 0.5 * (d.x_header + max(d.x_roof_end, d.x_header))))
    if not tall[middle]:
        middle = int(np.argmax(high - low))
    first, last = _run(tall, middle)
    # the kink: from a quarter of the opening before its end the lower edge climbs
    length = x[last] - x[first]
    share = np.clip((x - (x[last] - 0.24 * length)) / (0.24 * length), 0.0, 1.0)
    rise = (0.30 + 0.16 * d.hatch_share) * float(high[middle] - low[middle])
    low = low + rise * share * share * (1.6 - 0.6 * share)
    first, last = _run(high - low > 24.0, middle)
    keep = slice(first, last + 1)
    return Daylight(x[keep], low[keep], high[keep])


def _run(true: BoolArray, middle: int) -> tuple[int, int]:
    """First and last index of the run of true values around `middle`."""
    no = np.flatnonzero(~true)
    k = int(np.searchsorted(no, middle))
    first = int(no[k - 1]) + 1 if k > 0 else 0
    last = int(no[k]) - 1 if k < len(no) else len(true) - 1
    return min(first, middle), max(last, middle)


def pillars(d: Definition) -> tuple[float, ...]:
    """x at the belt of the pillars behind the front door and, with four doors, behind the rear one, mm."""

    def find() -> tuple[float, ...]:
        b = d.x_front_axle + 0.52 * d.p["wheelbase"]
        c = float(rear_seam_x(d, np.ones(1))[0]) + 30.0
        if d.choice("doors") == "two":
            return (min(b + 0.085 * d.p["wheelbase"], c - 120.0),)
        return b, c

    return d.once("pillars", find)


def rear_seam_x(d: Definition, t: FloatArray) -> FloatArray:
    """x of the rear door's rear shut line at share t of the way from sill (0) to belt (1), mm."""
    bow = 1.35 * (d.arch_radius + 55.0) * np.clip(t - 0.42, 0.0, None) ** 1.5
    return np.asarray(d.x_rear_axle - d.arch_radius - 55.0 + bow)


#: a pane's end at height z: x + lean (z - z0) + by, from (x, lean, z0, by), mm and 1
End = tuple[float, float, float, float]


def side_glass(d: Definition) -> list[Sheet]:
    """Right side panes front to rear on one dark frame, and the trim along it."""
    opening = daylight(d)
    start, end = float(opening.x[0]), float(opening.x[-1])
    trim = d.choice("trim")
    frame_mm = FRAME_MM if trim != "body_colour" else 1.5
    outer = [(start, 0.0, 0.0, 0.0)], [(end, 0.0, 0.0, 0.0)]
    (x,), (z,) = _between_ends(opening, *outer, -frame_mm, 60)
    found = [Sheet("window frame right", BLACK, x, None, z, OUT, 0.8, 1.2, *RUBBER_BAND)]
    names = ("front door glass", "rear door glass", "quarter glass")
    if d.choice("doors") == "two":
        names = ("front door glass", "quarter glass", "")
    starts: list[End] = [(start + 16.0, 0.0, 0.0, 0.0)]
    ends: list[End] = []
    for pillar, lean in zip(pillars(d), (0.06, 0.30), strict=False):
        if start + 180.0 < pillar < end - 150.0:  # it passes the belt there
            foot = float(d.belt(pillar)) + 0.95 * d.belt_rounding
            ends.append((pillar, lean, foot, -PILLAR_MM))
            starts.append((pillar, lean, foot, PILLAR_MM))
    ends.append((end - 16.0, 0.0, 0.0, 0.0))
    for name, x, z in zip(names, *_between_ends(opening, starts, ends, 5.0, 34), strict=False):
        found.append(Sheet(f"{name} right", GLASS, x, None, z, OUT, 2.4, 2.6))
    if trim == "bright":
        x = evenly(start, end, 48)
        low, high = opening.between(x)
        found.append(_line(x, low - FRAME_MM - 1.0, low + 3.0, "chrome belt trim right"))
        found.append(_line(x, high - 1.0, high + FRAME_MM - 1.0, "chrome roof trim right"))
    elif trim == "body_colour":
        x = evenly(start, end, 48)
        low, _ = opening.between(x)
        found.append(_line(x, low - 12.0, low - 2.0, "belt trim right", PAINT))
    return found


def _line(x: FloatArray, low: FloatArray, high: FloatArray, name: str, colour: Colour = CHROME) -> Sheet:
    """A narrow bar between two heights over x (n,)."""
    t = evenly(0.0, 1.0, 3)
    z = low[:, None] * (1.0 - t) + high[:, None] * t
    xx = x[:, None] + np.zeros_like(t)
    return Sheet(name, colour, xx, None, z, OUT, 2.2, 1.8, "aluminium alloy", 2700.0)


def _between_ends(
    opening: Daylight, starts: Sequence[End], ends: Sequence[End], inset: float, count: int
) -> tuple[FloatArray, FloatArray]:
    """x and z, each (panes, count, 11), of panes between their ends, `inset` mm inside the opening."""
    (a, lean_a, z_a, by_a), (b, lean_b, z_b, by_b) = (np.array(e).T[..., None, None] for e in (starts, ends))
    s, t = evenly(0.0, 1.0, count)[:, None], evenly(0.0, 1.0, 11)
    x, z = np.empty(0), np.full((len(starts), 1, 1), float(opening.low.mean()))
    for _ in range(3):
        x = (a + lean_a * (z - z_a) + by_a) * (1 - s) + (b + lean_b * (z - z_b) + by_b) * s
        low, high = opening.between(x)
        low, high = low + inset, np.maximum(high - inset, low + inset + 4.0)
        z = low * (1 - t) + high * t
    return x, z
