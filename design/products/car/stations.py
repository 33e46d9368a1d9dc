"""Parameters and stations of one car: lengths, heights and places that need no surface.

x from the nose, z from the ground, mm.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np

from ...arrays import FloatArray
from .choices import CHOICES
from .curves import step

T = TypeVar("T")

#: share of the free tyre radius that carries: static loaded radius / free radius (ETRTO practice: 0.96-0.97)
STATIC_RADIUS = 0.97
#: the wheel arch's gap for which body side and wheels are drawn; the visible gap changes looks alone, mm
HULL_ARCH_GAP = 42.0
#: how much of an edge's rounding a full crease takes away
CREASE = 0.68


@dataclass(frozen=True)
class Stations:
    """Where along and above the ground the parts of one car lie; :class:`.body_surfaces.BodySurfaces` spans
    the body between them.

    Attributes:
        p: parameters, and what :func:`.definition.derived` adds to them.
    """

    p: Mapping[str, float]

    @cached_property
    def _made(self) -> dict[Any, Any]:
        return {}

    def once(self, name: object, make: Callable[[], T]) -> T:
        """What `make` gave when first called under `name`: skins and solids that several uses share."""
        if name not in self._made:
            self._made[name] = make()
        return cast(T, self._made[name])

    def choice(self, name: str) -> str:
        """The option that the design takes of that choice (see :mod:`.choices`); values hold its place."""
        options = CHOICES[name]
        return options[int(self.p.get(name, 0.0))]

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
        """Radius of the visible wheel arches, mm."""
        return self.wheel_radius + self.p["wheel_arch_gap"]

    @cached_property
    def flare_radius(self) -> float:
        """Arch radius for which body side and wheels are drawn, whatever gap is seen, mm."""
        return self.wheel_radius + HULL_ARCH_GAP

    @cached_property
    def softness(self) -> float:
        """Share of their full rounding that edges keep: 1 soft to 0.32 crisp."""
        return 1.0 - CREASE * self.p["crease_sharpness"]

    def corner_reach(self, edge_y: FloatArray, tall: FloatArray) -> tuple[FloatArray, FloatArray]:
        """How far the rounding between top and side reaches inwards and down, mm, where they would meet at
        half-width `edge_y` and the section is `tall` mm high."""
        soft = self.softness
        return soft * np.minimum(0.30 * edge_y, 115.0), soft * np.minimum(0.24 * tall, 92.0)

    def belt(self, x: FloatArray | float) -> FloatArray:
        """Belt line height, mm; z from the ground."""
        floor = self.p["ground_clearance"]
        middle = floor + self.p["belt_ratio"] * (self.p["overall_height"] - floor)
        x_middle = self.x_front_axle + 0.5 * self.p["wheelbase"]
        return np.asarray(middle + math.tan(math.radians(self.p["belt_slope"])) * (np.asarray(x) - x_middle))

    @cached_property
    def belt_rounding(self) -> float:
        """Half-height of the shoulder's step, mm; a wide shoulder gets a taller, softer one."""
        return (0.4 + 0.6 * self.softness) * max(55.0, 0.95 * self.p["shoulder_width"])

    @cached_property
    def x_cowl(self) -> float:
        return self.x_front_axle + self.p["cowl_setback"] * self.p["wheelbase"]

    @cached_property
    def z_cowl(self) -> float:
        return float(self.belt(self.x_cowl)) + self.p["cowl_rise"]

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
    def roof_lip(self) -> float:
        """How far a spoiler lifts the roof's end, mm: 0 on a sloping back, which has it on the deck."""
        return max(0.0, 0.3 * self.p["spoiler"] * self.hatch_share)

    @cached_property
    def x_lip(self) -> float:
        """Where the roof turns up to its lip."""
        return self.x_roof_end - min(220.0, 0.3 * self.roof_length)

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

    @cached_property
    def x_shoulder_end(self) -> float:
        """Where the rounding between rear glass and side comes down to the shoulder, which ends there, mm."""
        above = self.belt_rounding + 92.0 * self.softness + 30.0 - self.p["deck_rise"]
        return self.x_deck - max(above, 0.0) / math.tan(math.radians(self.p["backlight_angle"]))
