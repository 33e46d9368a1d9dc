"""The frame's skeleton: where its tubes run, what cuts their ends, and the plates of the rear axle.

The bottom bracket's axis is the origin, x forward, y to the left, z up; mm. The head tube's upper end lies at
(reach, 0, stack). Every tube is a straight round one between two points; an end is mitred to the tubes that
are named with it, which are those whose outside it meets.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from ...arrays import FloatArray
from .materials import alloy

EYE_MM = 15.0  # radius of a dropout around its axle
AXLE_MM = 5.0  # radius of the hole for the axle
STAY_END_MM = 34.0  # stays end so far from the axle
TAB_MM = 9.0  # half the width of a dropout where it enters a stay, at least
INTO_STAY_MM = 12.0  # a dropout's tab reaches so far into a stay
BRIDGE_WALL_MM = 1.0
SIDES = (("left", 1.0), ("right", -1.0))
BRIDGES = ("seat stay bridge", "chain stay bridge")
FIXED_TUBES = (
    "bottom bracket shell", "head tube", "seat tube", "down tube", "top tube", "left chain stay",
    "left seat stay", "right chain stay", "right seat stay",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Tube:
    """A round tube from `a` to `b` (3,), mm.

    Attributes:
        name: of the part. radius: outside. wall: mm.
        cut_a, cut_b: names of the tubes whose outside its ends are mitred to; none: a square end.
    """

    name: str
    a: FloatArray
    b: FloatArray
    radius: float
    wall: float
    cut_a: tuple[str, ...] = ()
    cut_b: tuple[str, ...] = ()

    @cached_property
    def length(self) -> float:
        """Between its ends, before mitring."""
        return float(np.linalg.norm(self.b - self.a))

    @cached_property
    def axes(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Unit vectors: along it, and two across it of which the first lies in the plane of the frame."""
        along = (self.b - self.a) / self.length
        across = np.cross(along, (0.0, 1.0, 0.0) if abs(along[1]) < 0.9 else (1.0, 0.0, 0.0))
        across /= np.linalg.norm(across)
        return along, across, np.cross(along, across)


@dataclass(frozen=True, eq=False)
class Plate:
    """A dropout: a convex outline (n, 2) of x and z around its axle, mm, between `inner` and `outer` in y."""

    name: str
    outline: FloatArray
    axle: FloatArray
    inner: float
    outer: float


@dataclass(frozen=True, eq=False)
class Definition:
    """A frame: named points (3,) mm, its tubes from the largest to the finest, and its two dropouts."""

    p: Mapping[str, float]
    points: Mapping[str, FloatArray]
    tubes: Mapping[str, Tube]
    plates: tuple[Plate, ...]


def define(values: Mapping[str, float]) -> Definition:
    """The frame of these values; remembered for the last few."""
    return _define(tuple(sorted(values.items())))


@lru_cache(maxsize=64)
def _define(items: tuple[tuple[str, float], ...]) -> Definition:
    p = dict(items)
    points = _points(p)
    return Definition(p, points, {t.name: t for t in _tubes(p, points)}, _plates(p, points))


def spare_bridge(d: Definition) -> Tube:
    """A pin inside the seat tube, in place of a bridge that the frame lacks."""
    seat = d.tubes["seat tube"]
    middle, out = 0.5 * (seat.a + seat.b), 0.3 * seat.radius * np.array([0.0, 1.0, 0.0])
    return Tube("spare", middle - out, middle + out, 0.2 * seat.radius, 0.1 * seat.radius)


def up(angle: float) -> FloatArray:
    """Unit vector up along a tube that leans backward at `angle` degrees from the horizontal."""
    return np.array([-math.cos(math.radians(angle)), 0.0, math.sin(math.radians(angle))])


def _points(p: Mapping[str, float]) -> dict[str, FloatArray]:
    head, seat = up(p["head_angle"]), up(p["seat_angle"])
    top = np.array([p["reach"], 0.0, p["stack"]])
    drop = p["bottom_bracket_drop"]
    behind = math.sqrt(p["chain_stay_length"] ** 2 - drop**2)
    return {
        "bracket": np.zeros(3),
        "head top": top,
        "head bottom": top - p["head_tube_length"] * head,
        "head upper": top - p["head_tube_upper"] * head,
        "head lower": top - (p["head_tube_length"] - p["head_tube_lower"]) * head,
        "seat top": p["seat_tube_length"] * seat,
        "seat upper": (p["seat_tube_length"] - p["seat_tube_extension"]) * seat,
        "seat stays": (p["seat_tube_length"] - p["seat_stay_drop"]) * seat,
        "axle": np.array([-behind, 0.0, drop]),
    }


def _tubes(p: Mapping[str, float], points: Mapping[str, FloatArray]) -> list[Tube]:
    half = np.array([0.0, 0.5 * p["shell_width"], 0.0])

    def tube(name: str, a: FloatArray, b: FloatArray, *cuts: tuple[str, ...]) -> Tube:
        key = name.replace(" ", "_")
        return Tube(name, a, b, 0.5 * p[f"{key}_diameter"], p[f"{key}_wall"], *cuts)

    found = [
        Tube("bottom bracket shell", -half, half, 0.5 * p["shell_diameter"], p["shell_wall"]),
        tube("head tube", points["head bottom"], points["head top"]),
        tube("seat tube", points["bracket"], points["seat top"], ("bottom bracket shell",)),
        tube("down tube", points["bracket"], points["head lower"],
             ("bottom bracket shell", "seat tube"), ("head tube",)),
        tube("top tube", points["seat upper"], points["head upper"], ("seat tube",),
             ("head tube", "down tube")),
    ]  # fmt: skip
    out = np.array([0.0, 1.0, 0.0])
    axle = 0.5 * (p["dropout_spacing"] + alloy(p).plate)
    for side, y in SIDES:
        start = y * (0.5 * p["shell_width"] - p["chain_stay_inset"]) * out
        end = points["axle"] + y * axle * out
        top = points["seat stays"] + y * p["seat_stay_spread"] * out
        for kind, a, cut in (
            ("chain stay", start, ("bottom bracket shell", "seat tube")),
            ("seat stay", top, ("seat tube", "top tube")),
        ):
            key = kind.replace(" ", "_")
            short = end + (a - end) * (STAY_END_MM / float(np.linalg.norm(a - end)))
            found.append(Tube(f"{side} {kind}", a, short, 0.5 * p[f"{key}_diameter"], p[f"{key}_wall"], cut))
    stays = {t.name: t for t in found}
    for kind in ("seat stay", "chain stay"):
        if p[f"{kind.replace(' ', '_')}_bridge"]:
            left = stays[f"left {kind}"]
            away = p[f"{kind.replace(' ', '_')}_bridge_offset"]
            share = min((away - STAY_END_MM) / left.length, 0.95)
            place = left.b + (left.a - left.b) * share
            other = place * (1.0, -1.0, 1.0)
            found.append(
                Tube(f"{kind} bridge", other, place, 0.5 * p["bridge_diameter"], BRIDGE_WALL_MM,
                     (f"right {kind}",), (f"left {kind}",))
            )  # fmt: skip
    return found


def _plates(p: Mapping[str, float], points: Mapping[str, FloatArray]) -> tuple[Plate, ...]:
    axle = points["axle"][[0, 2]]
    circles = [(axle, EYE_MM)]
    for end, key in (("bracket", "chain_stay"), ("seat stays", "seat_stay")):
        way = points[end][[0, 2]] - axle
        way /= float(np.linalg.norm(way))
        tab = min(TAB_MM, 0.5 * p[f"{key}_diameter"])
        circles.append((axle + (STAY_END_MM + INTO_STAY_MM - tab) * way, tab))
    outline = _around(circles, axle)
    inner, thick = 0.5 * p["dropout_spacing"], alloy(p).plate
    return tuple(
        Plate(f"{side} dropout", outline, axle, *sorted((y * inner, y * (inner + thick))))
        for side, y in SIDES
    )


def _around(circles: list[tuple[FloatArray, float]], centre: FloatArray, n: int = 96) -> FloatArray:
    """Convex outline (n, 2) around circles, counter-clockwise, by its distance from `centre` inside."""
    turn = np.linspace(0.0, 2.0 * np.pi, n, endpoint=False)
    normal = np.linspace(0.0, 2.0 * np.pi, 4 * n, endpoint=False)
    facing = np.stack([np.cos(normal), np.sin(normal)], axis=1)
    support = np.max([facing @ (middle - centre) + radius for middle, radius in circles], axis=0)
    ways = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    along = ways @ facing.T  # (n, 4n)
    reach = np.where(along > 1e-6, support / np.maximum(along, 1e-6), np.inf).min(axis=1)
    return np.asarray(centre + reach[:, None] * ways)
