"""The frame: four legs straight or bent, sled or cantilever, with rails, aprons and stretchers."""

from __future__ import annotations

import math
from collections.abc import Iterator

from . import declaration as d
from .bent import Bent
from .layout import EMBED, GLIDE_MM, POST_SHARE, Layout, mirror
from .named import FOOT, FRAME, Named, both
from .rings import Point
from .stick import Stick

APRON_MM = (20.0, 55.0)  # thickness and height of the rails of a straight frame
THIN_MM = 26.0  # a straight frame has aprons under a seat thinner than this
RAIL_SHARE, STRETCHER_SHARE = 0.82, 0.72  # sizes of rails and stretchers, of the leg


def frame_pieces(a: Layout) -> Iterator[Named]:
    """All pieces that carry the seat."""
    if a.base == d.LEGS:
        yield from _bent_legs(a) if a.bent_legs else _straight_legs(a)
        yield from _stretchers(a)
    elif a.base == d.SLED:
        yield from _sled(a)
    else:
        yield from _cantilever(a)


# -- four legs ------------------------------------------------------------------------------------------


def _bent_legs(a: Layout) -> Iterator[Named]:
    """Two tubes bent like an inverted U, or rear legs that run on as posts; rails between."""
    foot = _end(a, 0)
    top = a.leg(0, a.top_z(0))
    yield Named("front legs", Bent([foot, top, mirror(top), mirror(foot)], a.r, a.bend, a.wall), FRAME)
    foot, knee = _end(a, 1), a.leg(1, a.top_z(1))
    if a.posts:
        yield from _bent_rear(a, foot, knee)
        yield _cross(a, "rear cross bar", knee[0], knee[1], knee[2])
    else:
        yield Named("rear legs", Bent([foot, knee, mirror(knee), mirror(foot)], a.r, a.bend, a.wall), FRAME)
    ahead, behind = (max(p[1] - a.bend - 5.0, 0.45 * p[1]) for p in (top, knee))
    if a.posts:  # as near to the posts as can be: what leans on them goes into the rails
        behind = knee[1]
    rail = Bent([(top[0], ahead, top[2]), (knee[0], behind, knee[2])], RAIL_SHARE * a.r, 0.0, a.wall)
    yield from both("rail", rail, FRAME)
    yield from _glides(a)


def _bent_rear(a: Layout, foot: Point, knee: Point) -> Iterator[Named]:
    """Rear legs with posts, joined over the top where the back is an arch."""
    top = a.back_top
    if a.arched:
        points = [foot, knee, top, mirror(top), mirror(knee), mirror(foot)]
        bends = [2.0 * a.bend, a.arch, a.arch, 2.0 * a.bend]
        yield Named("rear frame", Bent(points, a.r, bends, a.wall), FRAME)
    else:
        yield from both("rear leg", Bent([foot, knee, a.post_top], a.r, 2.0 * a.bend, a.wall), FRAME)


def _straight_legs(a: Layout) -> Iterator[Named]:
    """Legs of timber or square tube, with aprons where the seat is thin."""
    round_legs = a.v["leg_section"] == d.ROUND
    taper, low = a.v["leg_taper"], 0.0 if a.timber else GLIDE_MM - 3.0
    aprons = a.v["seat_thickness"] < THIN_MM
    into = 0.6 * a.v["seat_thickness"] if not aprons else EMBED

    def half(place: int, z: float) -> float:
        return a.r * (taper + (1.0 - taper) * z / a.top_z(place))

    for place, name in enumerate(("front leg", "rear leg")):
        if place and a.bent_rear:
            yield from _bent_rear(a, _end(a, 1), a.leg(1, a.top_z(1)))
            continue
        levels = [low, a.top_z(place) + (0.0 if place and a.posts else into)]
        points, sizes = [a.leg(place, z) for z in levels], [half(place, low), a.r]
        if place and a.posts:
            points, sizes = [*points, a.post_top], [*sizes, POST_SHARE * a.r]
        yield from both(name, Stick(points, [(s, s) for s in sizes], round_legs, a.wall), FRAME)
    if aprons:
        yield from _aprons(a)
    if not a.timber:
        yield from _glides(a)


def _aprons(a: Layout) -> Iterator[Named]:
    """Boards or flat tubes on edge between the legs, under the seat."""
    thick, tall = (0.5 * APRON_MM[0], 0.5 * APRON_MM[1]) if a.timber else (0.6 * a.r, 0.9 * a.r)
    (_xf, _yf), (_xr, _yr) = a.tops
    deep = max(0.0, a.dish - 0.6 * a.v["seat_thickness"])

    def middle(place: int, sink: float) -> Point:
        z = a.under(a.tops[place][0]) - tall + EMBED - sink
        return (*a.tops[place], z)

    wide: tuple[Point, Point] = ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0))
    for name, place in (("front apron", 0), ("rear apron", 1)):
        p = middle(place, 0.0)
        yield Named(name, Stick([mirror(p), p], [(thick, tall)] * 2, False, a.wall, wide), FRAME)
    side: tuple[Point, Point] = ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    ends = [middle(0, deep), middle(1, deep)]
    yield from both("side apron", Stick(ends, [(thick, tall)] * 2, False, a.wall, side), FRAME)


def _stretchers(a: Layout) -> Iterator[Named]:
    """Bars between the legs of four."""
    kind = int(a.v["stretchers"])
    if kind == d.NO_STRETCHERS:
        return
    z = a.v["stretcher_height"] * a.v["seat_height"]
    r = STRETCHER_SHARE * a.r * (0.9 if a.timber else 1.0)
    front, rear = a.leg(0, z), a.leg(1, z)

    def bar(p: Point, q: Point) -> Bent:
        return Bent([p, q], r, 0.0, min(a.wall, 0.7 * r) if a.wall else 0.0)

    yield from both("side stretcher", bar(front, rear), FRAME)
    if kind == d.H_FORM:
        middle = tuple(0.5 * (p + q) for p, q in zip(front, rear, strict=True))
        yield Named("middle stretcher", bar(mirror(middle), middle), FRAME)  # type: ignore[arg-type]
    if kind == d.BOX:
        drop = 2.2 * r if a.timber else 0.0  # joiners set mortises off each other
        for name, place in (("front stretcher", 0), ("rear stretcher", 1)):
            p = a.leg(place, z - drop)
            yield Named(name, bar(mirror(p), p), FRAME)


def _end(a: Layout, place: int) -> Point:
    """End of a bent leg's middle line: as high as its glide, or cut off on the ground."""
    way = a.leg(place, 0.0), a.leg(place, 100.0)
    lean = math.hypot(way[0][0] - way[1][0], way[0][1] - way[1][1]) / math.dist(*way)
    return a.leg(place, a.r * lean + (0.0 if a.timber else GLIDE_MM - 5.0))


def _glides(a: Layout) -> Iterator[Named]:
    """Plastic feet on tubes."""
    for name, place in (("front glide", 0), ("rear glide", 1)):
        if a.bent_legs or (place and a.bent_rear):
            z, r = _end(a, place)[2] + 7.0, a.r + 1.5
        else:
            z, r = GLIDE_MM, a.r * a.v["leg_taper"] * (1.0 if a.v["leg_section"] == d.ROUND else 1.1) + 1.0
        foot = a.leg(place, 0.0)
        middle = a.leg(place, z)
        yield from both(name, Stick([foot, middle], [(r, r)] * 2), FOOT)


# -- frames that run from front to rear ------------------------------------------------------------------


def _sled(a: Layout) -> Iterator[Named]:
    """A loop at either side, on a runner; bars across under the seat."""
    (xf, y), (_xr, _) = a.tops
    front, rear = (xf, y, a.rail_z(xf)), a.back_foot
    down = list(a.runner)
    sides = [a.bend, a.floor_bend, a.floor_bend]
    if a.posts:
        shy = between_share(front, rear, 1.0 - 1.6 * a.r / math.dist(front, rear))
        path = [shy, front, *down, rear]
        if a.arched:
            points = [*path, a.back_top, *(mirror(p) for p in (a.back_top, *reversed(path)))]
            bends = [*sides, 2.0 * a.bend, a.arch, a.arch, 2.0 * a.bend, *reversed(sides)]
            yield Named("frame", Bent(points, a.r, bends, a.wall), FRAME)
        else:
            bends = [*sides, 2.0 * a.bend]
            yield from both("side frame", Bent([*path, a.post_top], a.r, bends, a.wall), FRAME)
    else:
        start, end = between_share(front, rear, 0.495), between_share(front, rear, 0.505)
        loop = Bent([start, front, *down, rear, end], a.r, [*sides, a.bend], a.wall)
        yield from both("side frame", loop, FRAME)
    yield from _cross_bars(a)


def _cantilever(a: Layout) -> Iterator[Named]:
    """One tube: back, seat, front leg, runner, across the floor and up the other side."""
    (xf, y), _ = a.tops
    front, rear = (xf, y, a.rail_z(xf)), a.back_foot
    low, end = a.runner
    if a.arched:
        side = [a.back_top, rear, front, low, end]
        points = [*(mirror(p) for p in reversed(side)), *side]
        half = [a.arch, a.bend, a.bend, a.floor_bend]
        yield Named("frame", Bent(points, a.r, [*reversed(half), *half], a.wall), FRAME)
        yield Named("floor bar", Bent([mirror(end), end], a.r, 0.0, a.wall), FRAME)
    else:
        side = [*([a.post_top] if a.posts else []), rear, front, low, end]
        points = [*side, *(mirror(p) for p in reversed(side))]
        bends = [*([a.bend] if a.posts else []), a.bend, a.floor_bend, a.bend]
        yield Named("frame", Bent(points, a.r, [*bends, *reversed(bends)], a.wall), FRAME)
    yield from _cross_bars(a)


def _cross_bars(a: Layout) -> Iterator[Named]:
    """Bars across under the seat between two side frames, where these run straight."""
    (xf, y), (xr, _) = a.tops
    for name, share in (("front cross bar", 0.25), ("rear cross bar", 0.78)):
        x = xf + share * (xr - xf)
        yield _cross(a, name, x, y, a.under(x) - RAIL_SHARE * a.r + EMBED)


def _cross(a: Layout, name: str, x: float, y: float, z: float) -> Named:
    return Named(name, Bent([(x, -y, z), (x, y, z)], RAIL_SHARE * a.r, 0.0, min(a.wall, 0.6 * a.r)), FRAME)


def between_share(p: Point, q: Point, share: float) -> Point:
    """The point at a share of the way."""
    x, y, z = (u + share * (w - u) for u, w in zip(p, q, strict=True))
    return x, y, z
