"""Screens and side glass: the panes, the dark borders around them, and the trim along the side's opening."""

from __future__ import annotations

import itertools
from collections.abc import Callable
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
    d: Definition, lines: Bows, s: FloatArray, t: FloatArray, stations: int = EDGE_STATIONS
) -> tuple[FloatArray, FloatArray]:
    """x and y of :func:`screen_points` in body coordinates."""
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
    s, t = np.array([0.0, 0.0, 0.7]), np.array([0.0, 1.0, 0.5])
    x, y = (np.concatenate(c) for c in zip(*(_on_screen(d, g, s, t) for g in (front, rear)), strict=True))
    corners = d.place(x, y, d.top(x, y))
    return [
        *_screen(d, "windscreen", front, (-1.0, 0.0, 1.0), corners[:3]),
        *_screen(d, "rear window", rear, (1.0, 0.0, 1.0), corners[3:]),
        foot,
    ]


def _screen(
    d: Definition, name: str, lines: Bows, outward: tuple[float, float, float], corner: FloatArray
) -> list[Sheet]:
    """The pane and its border: the border reaches to the lines, the pane begins inside it. `corner` (3, 3):
    the middles of the lines, and a point 0.7 of the way to the side."""
    found = []
    tall = float(np.linalg.norm(corner[1] - corner[0]))
    wide = float(corner[2, 1]) / 0.7
    t = (0.5 - 0.5 * np.cos(evenly(0.0, np.pi, 17)))[:, None]
    for kind, colour, by, lift, thickness, round_mm, made in (
        (" frame", TRIM, 0.0, 0.3, 1.0, 45.0, RUBBER_BAND),
        ("", SCREEN, FRIT_MM, 1.5, 2.7, 60.0, ("glass", 2500.0)),
    ):
        share = min(by / tall, 0.2)
        away = np.clip((np.abs(2.0 * t - 1.0) - 1.0) * 0.5 * tall / round_mm + 1.0, 0.0, 1.0)
        reach = 1.0 - by / wide - (1.0 - np.sqrt(1.0 - away * away)) * round_mm / wide
        s = evenly(-1.0, 1.0, 25) * reach
        x, y = _on_screen(d, lines, s, share + (1.0 - 2.0 * share) * t)
        found.append(Sheet(name + kind, colour, x, y, None, outward, lift, thickness, *made))
    return found[::-1]


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


#: x of a pane's end over height z, mm
End = Callable[[FloatArray], FloatArray]


def side_glass(d: Definition) -> list[Sheet]:
    """Right side panes front to rear on one dark frame, and the trim along it."""
    opening = daylight(d)
    start, end = float(opening.x[0]), float(opening.x[-1])
    trim = d.choice("trim")
    frame_mm = FRAME_MM if trim != "body_colour" else 1.5
    frame = _pane(
        d, opening, (start, end), -frame_mm, "window frame right", BLACK, (0.8, 1.2), RUBBER_BAND, 60
    )
    panes = [frame]
    names = ("front door glass", "rear door glass", "quarter glass")
    if d.choice("doors") == "two":
        names = ("front door glass", "quarter glass", "")
    ends: list[float | End] = [start + 16.0]
    for pillar, lean in zip(pillars(d), (0.06, 0.30), strict=False):
        if start + 180.0 < pillar < end - 150.0:
            ends.append(_leaning(d, pillar, lean))
    ends.append(end - 16.0)
    for k, (a, b) in enumerate(itertools.pairwise(ends)):
        lead = PILLAR_MM if k else 0.0
        tail = PILLAR_MM if k + 2 < len(ends) else 0.0
        limits = _moved(a, lead), _moved(b, -tail)
        panes.append(
            _pane(d, opening, limits, 5.0, f"{names[k]} right", GLASS, (2.4, 2.6), ("glass", 2500.0), 34)
        )
    if trim == "bright":
        x = evenly(start, end, 48)
        low, high = opening.between(x)
        panes.append(_line(d, x, low - FRAME_MM - 1.0, low + 3.0, "chrome belt trim right"))
        panes.append(_line(d, x, high - 1.0, high + FRAME_MM - 1.0, "chrome roof trim right"))
    elif trim == "body_colour":
        x = evenly(start, end, 48)
        low, _ = opening.between(x)
        panes.append(_line(d, x, low - 12.0, low - 2.0, "belt trim right", PAINT))
    return panes


def _line(
    d: Definition, x: FloatArray, low: FloatArray, high: FloatArray, name: str, colour: Colour = CHROME
) -> Sheet:
    """A narrow bar between two heights over x (n,)."""
    t = evenly(0.0, 1.0, 3)[None, :]
    z = low[:, None] * (1.0 - t) + high[:, None] * t
    xx = np.broadcast_to(x[:, None], z.shape)
    return Sheet(name, colour, xx, None, z, (0.0, 1.0, 0.0), 2.2, 1.8, "aluminium alloy", 2700.0)


def _leaning(d: Definition, x: float, lean: float) -> End:
    """A pillar that passes the belt at x and leans rearwards by `lean` for each unit of height."""
    z0 = float(d.belt(x)) + 0.95 * d.belt_rounding
    return lambda z: x + lean * (z - z0)


def _moved(end: float | End, by: float) -> End:
    if callable(end):
        return lambda z: end(z) + by
    return lambda z: np.full_like(z, end + by)


def _pane(
    d: Definition,
    opening: Daylight,
    limits: tuple[float | End, float | End],
    inset: float,
    name: str,
    colour: Colour,
    layer: tuple[float, float],
    made: tuple[str, float],
    count: int,
) -> Sheet:
    """A pane between two ends, `inset` mm inside the opening; `layer` is its lift and thickness."""
    start, end = (_moved(e, 0.0) for e in limits)
    s = evenly(0.0, 1.0, count)[:, None]
    t = evenly(0.0, 1.0, 11)[None, :]
    z = np.full((count, 11), float(opening.low.mean()))
    for _ in range(3):
        x = start(z) * (1 - s) + end(z) * s
        low, high = opening.between(x)
        low, high = low + inset, np.maximum(high - inset, low + inset + 4.0)
        z = low * (1 - t) + high * t
    return Sheet(name, colour, x, None, z, (0.0, 1.0, 0.0), *layer, *made)
