"""The back: what stands between its posts, or without them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from . import declaration as d
from .bent import Bent
from .layout import BOW_SHARE, EMBED, SHELL_BEND_MM, Layout, mirror
from .named import FRAME, SEAT, Named
from .rings import Point
from .sheet import Sheet
from .shell import Shell

SLAT_MM = (9.0, 46.0, 70.0)  # thickness, height of a slat, of the uppermost
SPINDLE_SHARE, SPINDLE_MM = (
    0.36,
    5.5,
)  # radius of a spindle, of a leg's size, and the most that it is in timber
WIRE_MM = 4.0  # radius of a metal rod
PANEL_MM = (4.0, 9.0, 14.0)  # thickness of a panel of plastic, plywood, solid wood
SPREAD = 0.93  # of the back's width, that spindles spread over at their upper ends
LOWEST = 0.75  # of the arch's radius below its crown: where spindles still end on it
BOW_STEP = math.radians(1.0)
INNER_MM = 62.0  # from hoop to inner hoop


def back_pieces(a: Layout) -> Iterator[Named]:
    """Everything above the seat but posts and arms; for a shell the seat as well."""
    if a.kind == d.SHELL:
        yield Named("shell", shell_of(a), SEAT)
        return
    yield Named("seat", a.seat, SEAT)
    if a.kind == d.SLATS:
        yield from _slats(a)
    elif a.kind == d.SPINDLES:
        yield from _spindles(a)
    elif a.kind == d.PANEL:
        yield Named("back", _panel(a), SEAT)
    elif a.kind == d.HOOP:
        yield Named("inner hoop", _inner_hoop(a), FRAME)


def shell_of(a: Layout) -> Shell:
    """Seat and back in one plate."""
    x0, x1 = a.ends
    front, rear = a.seat_widths
    height, lean = a.v["seat_height"], a.lean[1] / a.lean[0]
    corner = (x1, height - (x1 - x0) * a.slope[1] / a.slope[0])
    top = (x1 + (height + a.v["back_height"] - corner[1]) * lean, height + a.v["back_height"])
    upper = min(0.5 * a.v["back_width"], rear + 30.0)
    round_top = 0.9 * a.v["back_roundness"] * min(upper, 0.5 * (top[1] - corner[1]))
    return Shell(
        ((x0, height), corner, top), SHELL_BEND_MM, a.v["seat_thickness"], (front, rear, upper),
        (min(a.corner, 0.9 * front), round_top),
    )  # fmt: skip


def _plane(a: Layout, z: float, ahead: float) -> Sheet:
    """A sheet's place: in the plane of the posts, `ahead` of it, at the height z; nothing in it yet."""
    x, _, _ = a.post(z)
    up = (a.lean[1], 0.0, a.lean[0])
    n = np.cross(up, (0.0, 1.0, 0.0))
    origin: Point = (x + ahead * n[0], 0.0, z + ahead * n[2])
    return Sheet(origin, up, (0.0, 1.0, 0.0), [], SLAT_MM[0], a.v["back_curve"])


def _cross_piece(a: Layout, z: float, tall: float, rounded: float = 0.0) -> Sheet:
    """A slat from post to post whose middle lies at the height z."""
    place = _plane(a, z, 0.5 * SLAT_MM[0])
    rise = 0.5 * tall * a.lean[0]
    half = min(span(a, z - rise), span(a, z + rise))
    outline = [(-0.5 * tall, -half, 0.0), (0.5 * tall, -half, rounded), (0.5 * tall, half, rounded),
               (-0.5 * tall, half, 0.0)]  # fmt: skip
    return Sheet(place.origin, place.along, place.across, outline, SLAT_MM[0], place.sag)


def span(a: Layout, z: float) -> float:
    """Half width between the middle lines of posts, arch or bow at height z."""
    top = a.back_top
    if not (a.arched or a.bow):
        return a.post(z)[1]
    down = (top[2] - z) / a.lean[0]  # along the back
    return a.post(z)[1] - (a.arch - math.sqrt(max(0.0, a.arch**2 - max(0.0, a.arch - down) ** 2)))


def _slats(a: Layout) -> Iterator[Named]:
    """Slats evenly between the opening and the top, the uppermost taller."""
    n = int(a.v["back_members"])
    _thick, tall, crest = SLAT_MM
    low = a.v["seat_height"] + a.v["back_opening"] + 0.5 * tall * a.lean[0]
    high = a.back_top[2] - (0.5 * crest + 8.0) * a.lean[0]
    crest = min(crest, 1.2 * (high - low) / max(n - 1, 1))
    tall = min(tall, 0.7 * (high - low) / max(n - 1, 1))
    for k, z in enumerate(np.linspace(low, high, n)):
        last = k == n - 1
        yield Named(f"slat {k + 1}", _cross_piece(a, float(z), crest if last else tall), SEAT)


def _panel(a: Layout) -> Sheet:
    """A panel before the posts, as wide as they stand apart."""
    low, high, tall, half, r = a.panel
    thick = PANEL_MM[int(a.v["seat_material"]) - 1]
    z = 0.5 * (low + high)
    place = _plane(a, z, a.r * 0.8 + thick - EMBED)
    outline = [(-tall, -half, r), (tall, -half, r), (tall, half, r), (-tall, half, r)]
    return Sheet(place.origin, place.along, place.across, outline, thick, place.sag)


def _spindles(a: Layout) -> Iterator[Named]:
    """Thin bars from seat or cross bar up to the arch, the bow or an upper slat."""
    n = int(a.v["back_members"])
    metal = not a.timber
    r = WIRE_MM if metal else min(SPINDLE_MM, SPINDLE_SHARE * a.r)
    if a.bow:
        yield Named("bow", _bow(a), FRAME)
    elif not a.arched:
        crest = a.back_top[2] - 0.5 * SLAT_MM[2] * a.lean[0]
        yield Named("crest", _cross_piece(a, crest, SLAT_MM[2]), SEAT)
    x, y, _ = a.back_foot
    shares = [(2.0 * k + 1.0) / n - 1.0 if n > 1 else 0.0 for k in range(n)]
    for k, (share, top) in enumerate(zip(shares, _on_top(a, shares), strict=True)):
        low = a.on_seat(x, 0.82 * share * y, r + 3.0)
        yield Named(f"spindle {k + 1}", Bent([low, top], r), FRAME)


def _bow(a: Layout) -> Bent:
    """The bow, or the upper part of posts that run over into each other."""
    foot, top = a.back_foot, a.back_top
    radius = (BOW_SHARE if a.bow else 1.0) * a.r
    return Bent([foot, top, mirror(top), mirror(foot)], radius, a.arch)


def _on_top(a: Layout, shares: Sequence[float]) -> Iterator[Point]:
    """Where spindles end, by their share of the half width: on the middle line of arch, bow or upper slat."""
    top = a.back_top
    if not (a.arched or a.bow):
        z = top[2] - 0.6 * SLAT_MM[2] * a.lean[0]
        for share in shares:
            y = SPREAD * share * top[1]
            yield a.post(z)[0] + a.v["back_curve"] * (1.0 - (y / top[1]) ** 2) * a.lean[0], y, z
        return
    line, _ = _bow(a).stations(BOW_STEP)
    side = line[: len(line) // 2][::-1]  # the right half, from the crown down
    side = side[(side[:, 2] > top[2] - LOWEST * a.arch * a.lean[0]) & (side[:, 1] > 0.0)]
    across, order = np.unique(side[:, 1], return_index=True)
    widest = min(SPREAD * top[1], float(across[-1]))
    for share in shares:
        x, z = (float(np.interp(abs(share) * widest, across, side[order, axis])) for axis in (0, 2))
        yield x, share * widest, z


def _inner_hoop(a: Layout) -> Bent:
    """A second arch inside the first, that stands on the seat."""
    x, y, _ = a.back_foot
    r = BOW_SHARE * a.r
    foot = a.on_seat(x, max(y - INNER_MM, 0.35 * y), r + 3.0)
    top_z = a.back_top[2] - INNER_MM * a.lean[0]
    half = max(a.back_top[1] - INNER_MM, 0.4 * a.back_top[1])
    top = (a.post(top_z)[0], half, top_z)
    return Bent([foot, top, mirror(top), mirror(foot)], r, min(0.97, a.v["back_roundness"]) * half,
                min(a.wall, 0.6 * r))  # fmt: skip
