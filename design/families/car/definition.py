"""The car's surfaces as plain functions of its parameters: everything else samples these.

`top(x, y)`, `bottom(x)` and `half_width(x, z)` bound the body in *body coordinates*, where nose and tail
are planes; `place` bends those planes into the crowned front and rear. x from the nose, mm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .curves import Rounded, ramp, step

FloatArray = NDArray[np.float64]

#: share of the free tyre radius that carries: static loaded radius / free radius (ETRTO practice: 0.96-0.97)
STATIC_RADIUS = 0.97


@dataclass(frozen=True)
class Definition:
    """Surfaces and stations of one car. Build with :func:`define`."""

    p: Mapping[str, float]

    # -- stations -------------------------------------------------------------------------------------

    @cached_property
    def length(self) -> float:
        """Overall length (L103), mm."""
        return self.p["front_overhang"] + self.p["wheelbase"] + self.p["rear_overhang"]

    @cached_property
    def x_front_axle(self) -> float:
        return self.p["front_overhang"]

    @cached_property
    def x_rear_axle(self) -> float:
        return self.p["front_overhang"] + self.p["wheelbase"]

    @cached_property
    def wheel_radius(self) -> float:
        """Free tyre radius, mm."""
        return self.p["tyre_diameter"] / 2.0

    @cached_property
    def z_axle(self) -> float:
        """Axle height: the static loaded radius, mm."""
        return STATIC_RADIUS * self.wheel_radius

    @cached_property
    def arch_radius(self) -> float:
        return self.wheel_radius + self.p["wheel_arch_gap"]

    def y_tyre_outer(self, x_axle: float) -> float:
        """Outer face of the tyres of one axle: inset from the narrowest point of the arch's lip, mm."""
        r, z = self.arch_radius, self.z_axle
        x_lip = x_axle + r * np.array([-0.75, 0.0, 0.75])
        z_lip = z + r * np.array([0.66, 1.0, 0.66])
        return float(self.half_width(x_lip, z_lip).min()) - self.p["wheel_inset"]

    def track(self, x_axle: float) -> float:
        """Track of one axle (W101), mm."""
        return 2.0 * self.y_tyre_outer(x_axle) - self.p["tyre_width"]

    def belt(self, x: FloatArray | float) -> FloatArray:
        """Belt line height, mm; z from the ground."""
        floor = self.p["ground_clearance"]
        middle = floor + self.p["belt_ratio"] * (self.p["overall_height"] - floor)
        x_middle = self.x_front_axle + 0.5 * self.p["wheelbase"]
        return np.asarray(middle + np.tan(np.radians(self.p["belt_slope"])) * (np.asarray(x) - x_middle))

    @cached_property
    def belt_rounding(self) -> float:
        """Half-height of the shoulder's step, mm; a wide shoulder gets a taller, softer one."""
        return max(55.0, 0.95 * self.p["shoulder_width"])

    @cached_property
    def x_cowl(self) -> float:
        return self.x_front_axle + self.p["cowl_setback"] * self.p["wheelbase"]

    @cached_property
    def z_cowl(self) -> float:
        return float(self.belt(self.x_cowl)) + self.p["cowl_rise"]

    @cached_property
    def _roof_crest(self) -> float:
        return self.p["overall_height"]

    @cached_property
    def header_drop(self) -> float:
        """How far the windscreen header lies below the roof's highest point, mm."""
        return 28.0 + 120.0 * self.p["roof_peak"]

    @cached_property
    def x_header(self) -> float:
        rise = self.p["overall_height"] - self.header_drop - self.z_cowl
        return self.x_cowl + rise * float(np.tan(np.radians(self.p["windscreen_angle"])))

    @cached_property
    def x_deck(self) -> float:
        """Base of the rear glass."""
        return self.length - self.p["deck_length"]

    @cached_property
    def z_deck(self) -> float:
        return float(self.belt(self.x_deck)) + self.p["deck_rise"]

    @cached_property
    def z_roof_end(self) -> float:
        return self.p["overall_height"] - self.p["roof_end_drop"]

    @cached_property
    def x_roof_end(self) -> float:
        """Top of the rear glass."""
        fall = self.z_roof_end - self.z_deck
        return self.x_deck - fall / float(np.tan(np.radians(self.p["backlight_angle"])))

    @cached_property
    def roof_length(self) -> float:
        return self.x_roof_end - self.x_header

    @cached_property
    def x_roof_peak(self) -> float:
        return self.x_header + self.p["roof_peak"] * self.roof_length

    @cached_property
    def z_tail(self) -> float:
        """Rear edge of the deck, spoiler not counted."""
        return self.z_deck - self.p["tail_drop"]

    @cached_property
    def hatch_share(self) -> float:
        """0 for a sloping back (lip on the deck's edge) to 1 for an upright one (lip on the roof's end)."""
        return float(step(np.asarray(self.p["backlight_angle"] - 46.0), 9.0))

    # -- lengthwise curves ----------------------------------------------------------------------------

    @cached_property
    def profile(self) -> Rounded:
        """Centreline from hood over roof to tail; its highest point is exactly the overall height."""
        curve = self._raw_profile()
        x = np.linspace(self.x_cowl, self.length, 400)
        lift = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
        for _ in range(3):
            curve = curve.raised(lift * (self.p["overall_height"] - float(curve(x).max())))
        return curve

    def _raw_profile(self) -> Rounded:
        p, length = self.p, self.length
        z_nose = p["ground_clearance"] + p["nose_height"] * (self.z_cowl - p["ground_clearance"])
        x_bow = 0.42 * self.x_cowl
        z_bow = z_nose + 0.42 * (self.z_cowl - z_nose) + p["hood_crown"]
        lip = p["spoiler"]
        roof_lip = 0.3 * lip * self.hatch_share
        deck_lip = lip * (1.0 - self.hatch_share)
        x_lip = self.x_roof_end - min(220.0, 0.3 * self.roof_length)
        t = (x_lip - self.x_roof_peak) / (self.x_roof_end - self.x_roof_peak)
        z_lip = p["overall_height"] - p["roof_end_drop"] * t * t
        deck_share = 0.45
        x_ledge = self.x_deck + deck_share * p["deck_length"]
        z_ledge = self.z_deck - deck_share * p["tail_drop"]
        crest = min(self.x_roof_peak - self.x_header, 1.2 * (x_lip - self.x_roof_peak))
        back = self.x_deck - self.x_roof_end
        end_radius = (1.0 - 0.75 * self.hatch_share * min(1.0, lip / 30.0)) * min(260.0, 0.45 * back + 45.0)
        corners = [
            (0.0, z_nose, 1.0),
            (x_bow, z_bow, 0.40 * self.x_cowl),
            (self.x_cowl, self.z_cowl, 95.0),
            (
                self.x_header,
                p["overall_height"] - self.header_drop,
                min(330.0, 0.48 * (self.x_header - self.x_cowl)),
            ),
            (self.x_roof_peak, p["overall_height"], max(120.0, 0.9 * crest)),
            (x_lip, z_lip, max(60.0, 0.8 * (self.x_roof_end - x_lip))),
            (self.x_roof_end, self.z_roof_end + roof_lip, max(28.0, end_radius)),
            (self.x_deck, self.z_deck, min(130.0, 0.45 * back, 30.0 + 0.8 * p["deck_length"])),
            (x_ledge, z_ledge, max(6.0, 0.4 * p["deck_length"])),
            (length, self.z_tail + deck_lip * min(1.0, p["deck_length"] / 120.0), 1.0),
        ]
        xs, zs, radii = (np.array(c, dtype=np.float64) for c in zip(*corners, strict=True))
        return Rounded(xs, zs, radii)

    @cached_property
    def floor(self) -> Rounded:
        """Underside on the centreline: chin, flat floor at the ground clearance, diffuser."""
        p = self.p
        z0 = p["ground_clearance"]
        x_chin = max(0.3 * p["front_overhang"], p["front_overhang"] - self.arch_radius)
        x_diffuser = self.length - p["diffuser_length"]
        rise = p["diffuser_length"] * float(np.tan(np.radians(p["diffuser_angle"])))
        corners = [
            (0.0, z0 + p["chin_rise"], 1.0),
            (x_chin, z0, 0.6 * x_chin),
            (x_diffuser, z0, 120.0),
            (self.length, z0 + rise, 1.0),
        ]
        xs, zs, radii = (np.array(c, dtype=np.float64) for c in zip(*corners, strict=True))
        return Rounded(xs, zs, radii)

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
        q = (np.asarray(y) / self.crown_width) ** 2
        return np.asarray(self.profile(x) - self.crown(x) * q * (0.8 + 0.2 * q))

    # -- sides ----------------------------------------------------------------------------------------

    @cached_property
    def _width_scale(self) -> float:
        x = np.linspace(0.1 * self.length, 0.95 * self.length, 90)[:, None]
        z = np.linspace(self.p["ground_clearance"], float(self.belt(self.length)), 40)[None, :]
        widest = float((self._plan(x) - self._tuck(x, z) + self._flare(x, z)).max())
        return self.p["overall_width"] / 2.0 - widest

    def _plan(self, x: FloatArray) -> FloatArray:
        p = self.p
        half = p["overall_width"] / 2.0
        x_mid = 0.52 * self.length
        barrel = 16.0 * ((x - x_mid) / (0.5 * self.length)) ** 2
        front = 0.055 * ramp(self.x_front_axle + 150.0 - x, 500.0)
        tail = np.tan(np.radians(p["boat_tail_angle"])) * ramp(x - (self.x_rear_axle - 100.0), 450.0)
        return np.asarray(half - barrel - front - tail)

    def _tuck(self, x: FloatArray, z: FloatArray) -> FloatArray:
        """Body side's section: inset of the skin below and above its widest line, mm."""
        belt = self.belt(x)
        z0 = self.p["ground_clearance"]
        widest = z0 + 0.52 * (belt - z0)
        low = np.maximum(ramp(widest - z, 120.0), 0.0) / (widest - z0)
        high = ramp(z - widest, 90.0) / (belt - widest)
        held = 1.0 - 0.75 * self._around_wheels(x, z)
        return np.asarray(self.p["side_crown"] * (low**1.8 + 0.5 * high**2) * held)

    def _around_wheels(self, x: FloatArray, z: FloatArray) -> FloatArray:
        """1 over the wheel arches, falling smoothly to 0 at twice their radius."""
        bump = np.zeros(np.broadcast(x, z).shape)
        reach = self.arch_radius
        for x_axle in (self.x_front_axle, self.x_rear_axle):
            r = np.hypot(x - x_axle, z - self.z_axle)
            bump = bump + 1.0 - step(r - 1.40 * reach, 0.58 * reach)
        return np.asarray(bump)

    def _flare(self, x: FloatArray, z: FloatArray) -> FloatArray:
        return np.asarray(self.p["fender_flare"] * self._around_wheels(x, z))

    def half_width(self, x: FloatArray, z: FloatArray) -> FloatArray:
        """Half-width of the body at (x, z) before nose and tail are rounded, mm."""
        x = np.asarray(x, dtype=np.float64)
        return self._width_at(x, np.asarray(z, dtype=np.float64), self._along(x))

    def _along(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """What of the half-width depends on x alone: belt height, plan half-width, narrowing of the cabin."""
        p = self.p
        belt = self.belt(x)
        x_mid = 0.5 * (self.x_header + self.x_roof_end)
        rear = np.maximum(ramp(x - x_mid, 400.0), 0.0) / (self.length - x_mid)
        front = ramp(self.x_header + 150.0 - x, 300.0) / max(self.x_header - self.x_cowl, 200.0)
        narrow = (0.075 * p["overall_width"] * rear**1.5 + 22.0 * front) / (p["overall_height"] - belt)
        return belt, self._plan(x) + self._width_scale, narrow

    def _width_at(
        self, x: FloatArray, z: FloatArray, along: tuple[FloatArray, FloatArray, FloatArray]
    ) -> FloatArray:
        p = self.p
        belt, plan, narrow = along
        above = ramp(z - belt, self.belt_rounding)
        ledge = p["shoulder_width"] * step(z - belt, self.belt_rounding)
        lean = np.tan(np.radians(p["tumblehome"])) * above * 0.82 + above**2 * 0.00030
        tuck = self._tuck(x, np.minimum(z, belt + self.belt_rounding))
        return np.asarray(plan - tuck + self._flare(x, z) - ledge - lean - narrow * above)

    def top_edge(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Where top surface and side would meet without rounding: (y, z), each of x's shape (n,), mm.

        Secant steps on y = half_width(x, top(x, y)); both surfaces fall or lean gently, so few are needed.
        """
        x = np.asarray(x, dtype=np.float64)
        along, profile, crown = self._along(x), self.profile(x), self.crown(x)

        def height(y: FloatArray) -> FloatArray:
            q = (y / self.crown_width) ** 2
            return np.asarray(profile - crown * q * (0.8 + 0.2 * q))

        before = np.full_like(x, 0.4 * self.p["overall_width"])
        miss_before = self._width_at(x, height(before), along) - before
        y = before + miss_before
        for _ in range(6):
            miss = self._width_at(x, height(y), along) - y
            slope = np.where(
                np.abs(y - before) > 1e-9, (miss - miss_before) / np.where(y == before, 1.0, y - before), -1.0
            )
            slope = np.clip(slope, -3.0, -0.35)
            before, miss_before = y, miss
            y = y - miss / slope
        return y, height(y)

    # -- nose and tail --------------------------------------------------------------------------------

    @cached_property
    def nose_insets(self) -> tuple[float, float, float, float]:
        """Rounding of the nose: (length along x, inset at top, side, bottom), mm."""
        r = self.p["nose_roundness"]
        height = float(self.profile(np.asarray(0.0)) - self.bottom(np.asarray(0.0)))
        top = min(0.62 * r, 0.34 * height)
        return r, top, 1.15 * r, min(0.35 * r, 0.18 * height)

    @cached_property
    def tail_insets(self) -> tuple[float, float, float, float]:
        """Rounding of the tail: (length along x, inset at top, side, bottom), mm."""
        r = self.p["tail_roundness"]
        sharp = 1.0 - 0.6 * min(1.0, self.p["spoiler"] / 30.0)
        return r, max(5.0, 0.28 * r * sharp), 1.3 * r, 0.35 * r

    def place(self, x: FloatArray, y: FloatArray, z: FloatArray) -> FloatArray:
        """Body coordinates to space: bends the flat nose and tail into crowned faces. Returns (..., 3)."""
        p = self.p
        half = p["overall_width"] / 2.0
        q = (y / half) ** 2
        reach = self.x_front_axle + 0.10 * p["wheelbase"]
        near_nose = 1.0 - step(x - 0.5 * reach, 0.5 * reach)
        low, high = self._nose_span
        lean = 38.0 * ((z - (low + 0.42 * (high - low))) / (0.5 * (high - low))) ** 2
        bent = x + near_nose * (p["nose_sweep"] * q * (0.75 + 0.25 * q) + np.minimum(lean, 80.0))
        return np.stack([bent + self._tail_shift(x, y, z), y, z], axis=-1)

    @cached_property
    def _nose_span(self) -> tuple[float, float]:
        _, top, _, bottom = self.nose_insets
        origin = np.asarray(0.0)
        return float(self.bottom(origin)) + bottom, float(self.profile(origin)) - top

    @cached_property
    def _tail_span(self) -> tuple[float, float]:
        _, top, _, bottom = self.tail_insets
        end = np.asarray(self.length)
        return float(self.bottom(end)) + bottom, float(self.profile(end)) - top

    def _tail_bend(self, y: FloatArray, z: FloatArray) -> FloatArray:
        half = self.p["overall_width"] / 2.0
        low, high = self._tail_span
        bow = 26.0 * ((z - 0.5 * (low + high)) / (0.5 * (high - low))) ** 2
        rake = np.tan(np.radians(self.p["tail_rake"])) * (z - low)
        return np.asarray(
            rake + np.minimum(bow, 80.0) + (45.0 + 0.5 * self.p["tail_roundness"]) * (y / half) ** 2
        )

    @cached_property
    def _tail_least(self) -> float:
        z = np.linspace(*self._tail_span, 60)
        return float(self._tail_bend(np.zeros_like(z), z).min())

    def _tail_shift(self, x: FloatArray, y: FloatArray, z: FloatArray) -> FloatArray:
        reach = self.p["rear_overhang"] + 0.10 * self.p["wheelbase"]
        near_tail = step(x - (self.length - 0.5 * reach), 0.5 * reach)
        return np.asarray(-near_tail * (self._tail_bend(y, z) - self._tail_least))


@lru_cache(maxsize=256)
def _define(items: tuple[tuple[str, float], ...]) -> Definition:
    return Definition(dict(items))


def define(values: Mapping[str, Any]) -> Definition:
    """The definition of validated `values`; repeated calls with the same values share their work."""
    return _define(tuple(values.items()))
