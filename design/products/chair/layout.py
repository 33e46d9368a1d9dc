"""Where a chair's points lie: corners of the seat, tops and feet of the legs, the plane of the back.

The chair faces -x; x = 0 is the middle of the seat, y = 0 the mirror plane, z = 0 the ground. Points are
those of the right-hand side (y > 0).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...arrays import FloatArray
from . import declaration as d
from .rings import Point
from .sheet import Sheet

EMBED = 2.0  # mm that a piece sinks into the one that it is fixed to
GLIDE_MM = 9.0  # height of a plastic foot below the end of a tube
POST_SHARE = 0.78  # size of a straight post at its top, of the leg
BOW_SHARE = 0.62  # size of a bow, an inner hoop, of the leg
#: radius of a bend to the middle line over diameter. Tube, rotary draw bending with mandrel: 1.5 to 2 of
#: steel, 2 of soft aluminium (tool makers' tables). Beech, steamed, with a steel strap: 1.5 for 25 mm (W.
#: Stevens, N. Turner, "Wood Bending Handbook", 38 mm; from memory), here with room for knots
LEAST_BEND = {d.TIMBER: 2.0, d.ALUMINIUM: 2.0, d.STEEL: 1.8}
SHELL_BEND_MM = 70.0  # radius between a shell's seat and back
BEND_REACH_MM = 50.0  # how far it lifts the seat off its frame, about
FITS = 0.93  # largest radius of a seat's corner, of half its smaller side: a trapezium's need more room


@dataclass(frozen=True)
class Layout:
    """Points of one design, from its values `v`."""

    v: Mapping[str, float]

    # -- what kind of chair ------------------------------------------------------------------------------

    @property
    def timber(self) -> bool:
        return self.v["frame_material"] == d.TIMBER

    @property
    def kind(self) -> int:
        return int(self.v["back_kind"])

    @property
    def base(self) -> int:
        return int(self.v["base"])

    @property
    def posts(self) -> bool:
        """The frame runs on upwards as posts of the back."""
        wire = self.kind == d.SPINDLES and not (self.timber and self.base == d.LEGS)
        return self.kind in (d.SLATS, d.PANEL, d.HOOP) or wire

    @property
    def bow(self) -> bool:
        """Spindles in a bow that stands on a timber seat."""
        return self.kind == d.SPINDLES and not self.posts

    @property
    def bent_legs(self) -> bool:
        """Front and rear legs are bent in one piece under the seat."""
        return self.base == d.LEGS and not self.timber and self.v["leg_section"] == d.ROUND

    @property
    def bent_rear(self) -> bool:
        """Rear legs and posts are bent round bar or tube."""
        return self.base != d.LEGS or self.bent_legs or self.kind == d.HOOP

    @property
    def arched(self) -> bool:
        """The posts run over into each other at the top."""
        return self.posts and self.bent_rear and self.kind in (d.HOOP, d.SPINDLES)

    @property
    def r(self) -> float:
        """Half size of a leg at the seat, mm."""
        return 0.5 * self.v["leg_size"]

    @property
    def wall(self) -> float:
        """0 of timber."""
        return 0.0 if self.timber else min(self.v["wall"], 0.8 * self.r)

    @property
    def bend(self) -> float:
        return self.v["bend_radius"]

    @property
    def floor_bend(self) -> float:
        """Radius of a runner's bends, as tight as can be made: it touches the ground between them."""
        return min(self.bend, self.least_bend * self.v["leg_size"])

    # -- the seat ----------------------------------------------------------------------------------------

    @cached_property
    def seat_widths(self) -> tuple[float, float]:
        """Half width at the front and at the rear, corners not rounded."""
        return 0.5 * self.v["seat_width"], 0.5 * (self.v["seat_width"] - self.v["seat_taper"])

    @cached_property
    def corner(self) -> float:
        """Radius of the seat's corners."""
        return 0.5 * FITS * self.v["seat_roundness"] * min(2.0 * self.seat_widths[1], self.v["seat_depth"])

    @cached_property
    def slope(self) -> tuple[float, float]:
        """Cosine and sine of the seat's fall."""
        a = math.radians(self.v["seat_angle"])
        return math.cos(a), math.sin(a)

    @cached_property
    def seat(self) -> Sheet:
        """The seat, whose upper front edge lies at the seat height."""
        (front, rear), depth, r = self.seat_widths, self.v["seat_depth"], self.corner
        c, s = self.slope
        outline = [(-front, 0.0, r), (front, 0.0, r), (rear, depth, r), (-rear, depth, r)]
        return Sheet(
            (-0.5 * depth * c, 0.0, self.v["seat_height"]), (0.0, -1.0, 0.0), (c, 0.0, -s),
            outline, self.v["seat_thickness"], self.dish,
        )  # fmt: skip

    @property
    def dish(self) -> float:
        """Hollow of the seat; a shell's is flat up to its bend."""
        return 0.0 if self.kind == d.SHELL else self.v["seat_dish"]

    @cached_property
    def ends(self) -> tuple[float, float]:
        """x of the seat's front and rear edge."""
        half = 0.5 * self.v["seat_depth"] * self.slope[0]
        return -half, half

    def surface(self, x: float, below: float = 0.0) -> float:
        """z of the seat's upper face at x, or of the one that lies `below` it."""
        c, s = self.slope
        b = min(max((x - self.ends[0]) / c, 0.0), self.v["seat_depth"])
        return float(self.v["seat_height"] - b * s + self.seat.face(np.array([b]), below)[0] * c)

    def under(self, x: float) -> float:
        """z of the seat's underside at x."""
        return self.surface(x, self.v["seat_thickness"])

    @cached_property
    def _rows(self) -> tuple[FloatArray, FloatArray]:
        rows, _, high = self.seat.rows
        return rows, high

    def half_width(self, x: float) -> float:
        """Half width of the seat at x."""
        return float(np.interp((x - self.ends[0]) / self.slope[0], *self._rows))

    def on_seat(self, x: float, y: float, margin: float) -> Point:
        """The point in the middle of the seat's thickness at y whose x is the nearest that keeps `margin` to
        the rear edge."""
        rows, high = self._rows
        inside = rows[high >= abs(y)]
        last = self.ends[0] + float(inside[-1] if len(inside) else rows[len(rows) // 2]) * self.slope[0]
        x = min(x, last - margin)
        return x, y, self.surface(x, 0.5 * self.v["seat_thickness"])

    def corner_points(self, inset: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """(x, y) that lie `inset` inwards along both sides from the front and the rear corner's rounding."""
        cut = self.corner * (1.0 - math.sqrt(0.5)) + inset
        (x0, x1), (front, rear) = self.ends, self.seat_widths
        lean = (front - rear) * cut / self.v["seat_depth"]
        return (x0 + cut, front - cut - lean), (x1 - cut, rear - cut + lean)

    # -- the legs ----------------------------------------------------------------------------------------

    @cached_property
    def tops(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """(x, y) of front and rear leg at the seat; on one line of frames that run from front to rear."""
        front, rear = self.corner_points(self.v["leg_inset"])
        if self.kind == d.SHELL:  # in front of its bend
            rear = min(rear[0], self.ends[1] - BEND_REACH_MM), rear[1]
        if self.base != d.LEGS:
            inset = max(self.v["leg_inset"], 0.0)
            back = self.ends[1] - max(inset, BEND_REACH_MM if self.kind == d.SHELL else 0.0)
            return (self.ends[0] + inset, front[1]), (back, front[1])
        return front, rear

    def leg(self, place: int, z: float) -> Point:
        """Middle of the front (0) or rear (1) leg of four at height z."""
        x, y = self.tops[place]
        fall = self.top_z(place) - z
        lean = math.tan(math.radians(self.v[("front_splay", "rear_splay")[place]])) * fall
        out = math.tan(math.radians(self.v["side_splay"])) * fall
        return x + (-lean, lean)[place], y + out, z

    def top_z(self, place: int) -> float:
        """Height of a leg's top, where it meets the seat or its bend."""
        x = self.tops[place][0]
        if place and self.posts:
            return self.knee_z
        return self.under(x) - self.r + EMBED if self.bent_legs else self.under(x)

    @property
    def knee_z(self) -> float:
        """Height at which rear legs become posts."""
        x = self.tops[1][0]
        return self.under(x) - (self.r - EMBED if self.bent_rear else 0.0)

    @cached_property
    def feet(self) -> tuple[Point, Point]:
        """Where the front and the rear foot touch the ground: what the chair tips about."""
        if self.base == d.LEGS:
            return self.leg(0, 0.0), self.leg(1, 0.0)
        front, rear = self.runner  # it touches the ground between its bends
        reach = [
            self.floor_bend * math.tan(math.radians(45.0 - 0.5 * self.v[name]))
            for name in ("front_splay", "rear_splay")
        ]
        behind = reach[1] if self.base == d.SLED else -self.r
        return (front[0] + reach[0], front[1], 0.0), (rear[0] - behind, rear[1], 0.0)

    @cached_property
    def runner(self) -> tuple[Point, Point]:
        """Front and rear corner of a sled's or cantilever's runner, on its middle line."""
        z = 1.0045 * self.r  # a polygon of the circle's area reaches a little beyond it
        (xf, y), (xr, _) = self.tops
        out = math.tan(math.radians(self.v["side_splay"])) * (self.rail_z(xf) - z)
        fall = self.rail_z(xf) - z
        front = xf - math.tan(math.radians(self.v["front_splay"])) * fall
        rear = xr + math.tan(math.radians(self.v["rear_splay"])) * fall * (
            1.0 if self.base == d.SLED else 0.5
        )
        return (front, y + out, z), (rear, y + out, z)

    def rail_z(self, x: float) -> float:
        """Middle of a tube that runs under the seat at x: below its rim and the hollow."""
        c, s = self.slope
        rim = self.v["seat_height"] - (x - self.ends[0]) / c * s
        return rim - self.v["seat_thickness"] - self.dish - self.r + EMBED

    # -- the back ----------------------------------------------------------------------------------------

    @cached_property
    def lean(self) -> tuple[float, float]:
        """Cosine and sine of the back's lean."""
        a = math.radians(self.v["back_angle"])
        return math.cos(a), math.sin(a)

    @cached_property
    def back_foot(self) -> Point:
        """Where a post, a bow or a shell's edge begins, on the right."""
        if self.bow:
            x, y = self.corner_points(self.v["leg_size"] * 0.5 * BOW_SHARE + 12.0)[1]
            return x, y, self.surface(x) - 0.6 * self.v["seat_thickness"]
        x, y = self.tops[1]
        if self.base != d.LEGS:
            return x, y, self.rail_z(x)
        return x, y, self.knee_z

    @cached_property
    def back_top(self) -> Point:
        """The upper end of the right post, or the corner over which it is bent."""
        x, _, z = self.back_foot
        rise = self.v["seat_height"] + self.v["back_height"] - z
        return x + rise * self.lean[1] / self.lean[0], 0.5 * self.v["back_width"], z + rise

    def post(self, z: float) -> Point:
        """The right post's middle line at height z."""
        return between(self.back_foot, self.back_top, z)

    @cached_property
    def panel(self) -> tuple[float, float, float, float, float]:
        """Of a panel before the posts: heights of its lower and upper edge, half its height along the back,
        half its width, radius of its corners."""
        low, high = self.v["seat_height"] + self.v["back_opening"], self.back_top[2] + 4.0
        tall = 0.5 * (high - low) / self.lean[0]
        half = 0.5 * (self.post(low)[1] + self.post(high)[1]) + 0.9 * self.r
        return low, high, tall, half, self.v["back_roundness"] * 0.93 * min(tall, half)

    @cached_property
    def post_top(self) -> Point:
        """The upper end of the right post, no horn above a panel's rounded corner."""
        if self.kind != d.PANEL:
            return self.back_top
        _, _, tall, _, corner = self.panel
        return self.post(self.back_top[2] - min(corner, tall) * self.lean[0])

    @property
    def arch(self) -> float:
        """Radius of the upper corners of an arched frame or bow."""
        least = self.least_bend * self.v["leg_size"] * (BOW_SHARE if self.bow else 1.0)
        return least + self.v["back_roundness"] * (0.5 * self.v["back_width"] - least)

    @property
    def least_bend(self) -> float:
        """Smallest radius of a bend that can be made, over the diameter."""
        return LEAST_BEND[int(self.v["frame_material"])]


def between(a: Point, b: Point, z: float) -> Point:
    """The point at height z of the line through both."""
    t = (z - a[2]) / (b[2] - a[2])
    return a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), z


def mirror(p: Point) -> Point:
    """The same on the left."""
    return p[0], -p[1], p[2]
