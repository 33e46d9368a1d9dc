"""The body's surfaces as plain functions of the car's parameters, before nose and tail are bent.

`top(x, y)`, `bottom(x)` and `half_width(x, z)` bound the body in *body coordinates*, where nose and tail
are planes. x from the nose, mm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ...arrays import FloatArray
from .curves import MANY, Rounded, evenly, ramp, ramp_and_step, step
from .lines import floor_line, roof_line
from .room import ROOM_SIDE
from .stations import Stations

#: belt height, plan half-width, narrowing of the cabin, share of the shoulder: each of x's shape
Along = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


class Spine(NamedTuple):
    """What of top and sides depends on x alone, each of x's shape; see the methods of these names."""

    along: Along
    wheels_at_belt: FloatArray
    profile: FloatArray
    crown: FloatArray


#: outside the narrowest arches the body is nowhere wider than stated; panels make up for what wider arches
#: take, mm
CUT_GAP = 25.0
#: exponent by which the sides close in towards nose and tail
TAPER = 2.3
#: reach of the swelling around a wheel arch, in radii of the arch
FLARE_REACH = 2.3


@dataclass(frozen=True)
class BodySurfaces(Stations):
    """Top, underside and sides of one car's body in body coordinates."""

    # -- lengthwise curves ----------------------------------------------------------------------------

    @cached_property
    def profile(self) -> Rounded:
        """Centreline from hood over roof to tail; its highest point is exactly the overall height."""
        curve = roof_line(self)
        x = evenly(self.x_cowl, self.length, 400)
        roundings = curve.roundings(x)
        lift = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
        for _ in range(3):
            curve = curve.raised(lift * (self.p["overall_height"] - float(curve.over(x, roundings).max())))
        return curve

    @cached_property
    def x_crest(self) -> float:
        """Where the roof is highest, mm: the skin has a station there, so that no mesh falls short of it."""
        x = evenly(self.x_header - 200.0, self.x_roof_end, 400)
        return float(x[int(np.argmax(self.profile(x)))])

    @cached_property
    def floor(self) -> Rounded:
        """Underside on the centreline: chin, flat floor at the ground clearance, diffuser."""
        return floor_line(self)

    def bottom(self, x: FloatArray) -> FloatArray:
        """Underside height at x, mm."""
        return self.floor(x)

    def crown(self, x: FloatArray) -> FloatArray:
        """Fall of the top surface from the centreline to `crown_width` sideways, mm."""
        p = self.p
        hood = 38.0
        roof = p["roof_camber"]
        on_roof = step(x - 0.5 * (self.x_cowl + self.x_header), 0.75 * (self.x_header - self.x_cowl))
        half_back = 0.5 * (self.x_deck - self.x_roof_end)
        off_roof = step(x - (self.x_roof_end + half_back), half_back + 150.0)
        return np.asarray(hood + (roof - hood) * on_roof + (34.0 - roof) * off_roof)

    @cached_property
    def crown_width(self) -> float:
        return 0.36 * self.p["overall_width"]

    def top(self, x: FloatArray, y: FloatArray | float = 0.0) -> FloatArray:
        """Height of hood, screen, roof, rear glass and deck over (x, y), mm."""
        return self.crowned(self.profile(x), self.crown(x), np.asarray(y))

    def crowned(self, profile: FloatArray, crown: FloatArray, y: FloatArray) -> FloatArray:
        """Height at y sideways of a centreline `profile` high whose top has that `crown`, mm."""
        q = (y / self.crown_width) ** 2
        return np.asarray(profile - crown * q * (0.8 + 0.2 * q))

    # -- sides ----------------------------------------------------------------------------------------

    @cached_property
    def _width_scale(self) -> float:
        x = evenly(0.1 * self.length, 0.95 * self.length, 90)[:, None]
        z = np.linspace(self.p["ground_clearance"], float(self.belt(self.length)), 40)[None, :]
        around = self._around_wheels(x, z)
        side = self._plan(x) + self.p["fender_flare"] * around - self._tuck(z, self.belt(x), around)
        ahead, up = self._outside_axle(x), z - self.z_axle
        cut = ahead * ahead + up * up < (self.wheel_radius + CUT_GAP) ** 2  # no skin is left in the arches
        widest = float(np.where(cut, -np.inf, side).max())
        return self.p["overall_width"] / 2.0 - ROOM_SIDE - widest

    def _plan(self, x: FloatArray) -> FloatArray:
        p = self.p
        half = p["overall_width"] / 2.0
        x_mid = 0.52 * self.length
        barrel = 16.0 * ((x - x_mid) / (0.5 * self.length)) ** 2
        # both tapers bend ever more towards the ends, so that light runs off the doors without a swerve
        from_front = self.x_front_axle + 650.0
        front = 0.075 * self.x_front_axle * np.maximum(1.0 - x / from_front, 0.0) ** TAPER
        x_tail = self.x_rear_axle - 750.0
        whole = np.tan(np.radians(p["boat_tail_angle"])) * (p["rear_overhang"] + 100.0)
        tail = whole * np.maximum((x - x_tail) / (self.length - x_tail), 0.0) ** TAPER
        return np.asarray(half - barrel - front - tail)

    def _tuck(self, z: FloatArray, belt: FloatArray, around: FloatArray) -> FloatArray:
        """Inset of the skin below and above its widest line, mm, with the belt and the wheels so near."""
        z0 = self.p["ground_clearance"]
        widest = z0 + 0.52 * (belt - z0)
        over = np.asarray(z - widest)
        below = over < 120.0
        if over.size < MANY or 2 * np.count_nonzero(below) > over.size:
            low, high = np.maximum(ramp(-over, 120.0), 0.0) / (widest - z0), ramp(over, 90.0)
            bend = low**1.8
        else:  # most lie so far above that nothing is rounded
            high, bend, part = over.copy(), np.zeros_like(over), over[below]
            high[below] = ramp(part, 90.0)
            low = np.maximum(ramp(-part, 120.0), 0.0) / np.broadcast_to(widest - z0, over.shape)[below]
            bend[below] = low**1.8
        high = high / (belt - widest)
        return np.asarray(self.p["side_crown"] * (bend + 0.5 * high * high) * (1.0 - 0.75 * around))

    def _around_wheels(self, x: FloatArray, z: FloatArray) -> FloatArray:
        """1 over the wheel arches, falling to 0 at FLARE_REACH times their radius.

        All of the fall that is seen, outside the arch's lip, is hollow: light turns once. One arch counts at
        each x, the nearer: its reach is less than half of the shortest wheelbase.
        """
        ahead, up = self._outside_axle(x), z - self.z_axle
        square = np.asarray((ahead * ahead + up * up) * (1.0 / self.flare_radius**2))
        inside = square < 0.98**2
        if inside.any():  # level inside the arch, which is cut or closed
            level = 0.90 + ramp(np.sqrt(square[inside]) - 0.90, 0.08)
            square[inside] = level * level
        left = np.maximum(1.0 - square * (1.0 / FLARE_REACH**2), 0.0)
        left *= 1.0 / (1.0 - (0.90 / FLARE_REACH) ** 2)
        return np.asarray(left * left * left)

    def _outside_axle(self, x: FloatArray) -> FloatArray:
        """How far x lies outside the nearer axle, negative between the axles, mm."""
        half = 0.5 * self.p["wheelbase"]
        return np.asarray(np.abs(x - (self.x_front_axle + half)) - half)

    def _hollow(self, x: FloatArray, z: FloatArray, belt: FloatArray, around: FloatArray) -> FloatArray:
        """Depth of the doors' hollow between shoulder and sill, mm."""
        z0 = self.p["ground_clearance"]
        tall = belt - z0
        depth = np.maximum(1.0 - ((z - z0 - 0.33 * tall) / (0.30 * tall)) ** 2, 0.0)
        middle = self.x_front_axle + 0.5 * self.p["wheelbase"]
        ends = np.maximum(1.0 - ((x - middle) * (1.0 / (0.52 * self.p["wheelbase"]))) ** 2, 0.0)
        both = depth * ends
        return np.asarray(self.p["side_sculpture"] * (both * both * both) * (1.0 - around))

    def half_width(self, x: FloatArray, z: FloatArray) -> FloatArray:
        """Half-width of the body at (x, z) before nose and tail are rounded, mm."""
        x = np.asarray(x, dtype=np.float64)
        return self.width_at(x, np.asarray(z, dtype=np.float64), self.along(x))

    def along(self, x: FloatArray) -> Along:
        """What of the half-width depends on x alone: belt height, plan half-width, narrowing of the cabin,
        and the share of the shoulder, which grows behind the A-pillar's foot and fades to the deck: a
        ledge that runs into the pillars' feet would break the highlights there."""
        p = self.p
        belt = self.belt(x)
        x_mid = 0.5 * (self.x_header + self.x_roof_end)
        rear = np.maximum(ramp(x - x_mid, 400.0), 0.0) / (self.length - x_mid)
        front = ramp(self.x_header + 150.0 - x, 300.0) / max(self.x_header - self.x_cowl, 200.0)
        narrow = (0.075 * p["overall_width"] * rear**1.5 + 22.0 * front) / (p["overall_height"] - belt)
        grown = step(x - (self.x_cowl + 380.0), 380.0) * (
            1.0 - step(x - (self.x_shoulder_end - 320.0), 320.0)
        )
        return belt, self._plan(x) + self._width_scale, narrow, grown

    def spine(self, x: FloatArray) -> Spine:
        along = self.along(x)
        return Spine(along, self.wheels_at_belt(x, along), self.profile(x), self.crown(x))

    def wheels_at_belt(self, x: FloatArray, along: Along) -> FloatArray:
        """How near the wheels are (1 to 0) where the belt's rounding ends; see :meth:`width_at`."""
        return self._around_wheels(x, along[0] + self.belt_rounding)

    def width_at(
        self, x: FloatArray, z: FloatArray, along: Along, at_belt: FloatArray | None = None
    ) -> FloatArray:
        """:meth:`half_width` where what depends on x alone is known, maybe :meth:`wheels_at_belt` too."""
        p, r = self.p, self.belt_rounding
        belt, plan, narrow, shoulder = along
        over = np.asarray(z - belt)
        above, stepped = ramp_and_step(over, r)
        ledge = p["shoulder_width"] * shoulder * stepped
        lean = math.tan(math.radians(p["tumblehome"])) * 0.82 * above + above * above * 0.00030
        around = self._around_wheels(x, z)
        held = around
        if at_belt is not None:
            held = np.where(over > r, at_belt, around)
        elif float(over.max()) > r:
            held = self._around_wheels(x, np.minimum(z, belt + r))
        tuck = self._tuck(np.minimum(z, belt + r), belt, held)
        side = plan - tuck + p["fender_flare"] * around - ledge - lean - narrow * above
        return np.asarray(side - self._hollow(x, z, belt, around))

    # -- wheels, which the sides place --------------------------------------------------------------

    def y_tyre_outer(self, x_axle: float) -> float:
        """Outer face of the tyres of one axle: inset from the narrowest point of the arch's lip, mm."""

        return self._narrowest[x_axle] - self.p["wheel_inset"]

    @cached_property
    def _narrowest(self) -> dict[float, float]:
        """Half-width of the narrowest point of the lip around the arch at an axle's x, mm."""
        r, axles = self.flare_radius, (self.x_front_axle, self.x_rear_axle)
        x_lip = np.concatenate([x + r * np.array([-0.75, 0.0, 0.75]) for x in axles])
        z_lip = np.tile(self.z_axle + r * np.array([0.66, 1.0, 0.66]), 2)
        found = self.half_width(x_lip, z_lip).reshape(2, 3).min(axis=1)
        return dict(zip(axles, found.tolist(), strict=True))

    def track(self, x_axle: float) -> float:
        """Track of one axle (W101), mm."""
        return 2.0 * self.y_tyre_outer(x_axle) - self.p["tyre_width"]

    # -- nose and tail --------------------------------------------------------------------------------

    @cached_property
    def nose_insets(self) -> tuple[float, float, float, float]:
        """Rounding of the nose: (length along x, inset at top, side, bottom), mm."""
        r = self.p["nose_roundness"]
        height = float(self.profile.zs[0] - self.floor.zs[0])
        top = min(0.62 * r, 0.34 * height)
        return r, top, 1.15 * r, min(0.35 * r, 0.18 * height)

    @cached_property
    def tail_insets(self) -> tuple[float, float, float, float]:
        """Rounding of the tail: (length along x, inset at top, side, bottom), mm."""
        r = self.p["tail_roundness"]
        sharp = 1.0 - 0.6 * min(1.0, self.p["spoiler"] / 30.0)
        return r, max(5.0, 0.28 * r * sharp), 1.3 * r, 0.35 * r

    @cached_property
    def nose_reach(self) -> float:
        """How far from the nose its bend reaches, mm; :attr:`tail_reach` from the tail."""
        return self.x_front_axle + 0.10 * self.p["wheelbase"]

    @cached_property
    def tail_reach(self) -> float:
        return self.p["rear_overhang"] + 0.10 * self.p["wheelbase"]

    @cached_property
    def nose_span(self) -> tuple[float, float]:
        """Lowest and highest z of the flat nose, mm; :attr:`tail_span` of the tail."""
        _, top, _, bottom = self.nose_insets
        return float(self.floor.zs[0]) + bottom, float(self.profile.zs[0]) - top

    @cached_property
    def tail_span(self) -> tuple[float, float]:
        _, top, _, bottom = self.tail_insets
        end = np.asarray(self.length)
        return float(self.bottom(end)) + bottom, float(self.profile(end)) - top
