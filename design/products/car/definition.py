"""The car's surfaces as plain functions of its parameters: everything else samples these.

:class:`.body_surfaces.BodySurfaces` bounds the body in *body coordinates*, where nose and tail are planes;
`place` bends those planes into the crowned front and rear. x from the nose, mm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from ...arrays import FloatArray
from .bends import nose_shift, tail_bend
from .body_surfaces import BodySurfaces
from .curves import evenly, step
from .edges import top_edge
from .room import room_at_tail

#: definitions that are kept; a meshed and measured one holds about 1 MB
DEFINITIONS = 64


def derived(p: Mapping[str, float]) -> dict[str, float]:
    """Dimensions that follow from the parameters because nobody sees or feels them by themselves, mm or 1:
    the rounding of the sill, the fall of the deck, the length of the diffuser, the size of the mirrors."""
    return {
        "sill_radius": 50.0,
        "tail_drop": 5.0 + 0.05 * p["deck_length"],
        "diffuser_length": 0.48 * p["rear_overhang"],
        "mirror_scale": 1.0 + 0.3e-3 * (p["overall_height"] - 1450.0),
    }


@dataclass(frozen=True)
class Definition(BodySurfaces):
    """Surfaces and stations of one car. Build with :func:`define`.

    Attributes:
        p: parameters, and what is :func:`derived` from them.
    """

    def top_edge(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Where top surface and side would meet without rounding: (y, z), each of x's shape, mm."""
        return top_edge(self, x, self.spine(x))

    def place(self, x: FloatArray, y: FloatArray, z: FloatArray) -> FloatArray:
        """Body coordinates to space: bends the flat nose and tail into crowned faces. Returns (..., 3)."""
        placed = np.empty((*np.broadcast(x, y, z).shape, 3))
        placed[..., 0], placed[..., 1], placed[..., 2] = x, y, z
        nose, tail = x < self.nose_reach, x > self.length - self.tail_reach
        for near, shift in ((nose, nose_shift), (tail, tail_shift)):
            if not near.any():
                continue
            if x.shape == y.shape == z.shape:
                placed[near, 0] += shift(self, x[near], y[near], z[near])
            elif x.ndim == 2 and x.shape[1] == 1 and y.shape == z.shape == placed.shape[:2]:
                rows = np.flatnonzero(near)
                part = slice(int(rows[0]), int(rows[-1]) + 1)  # beyond its reach a bend is 0
                placed[part, :, 0] += shift(self, x[part], y[part], z[part])
            else:
                placed[..., 0] += shift(self, x, y, z)
        return placed

    @cached_property
    def tail_least(self) -> float:
        """How far the tail's centreline lies ahead of its flat face at least, mm."""
        z = np.linspace(*self.tail_span, 60)
        return float(tail_bend(self, np.zeros_like(z), z).min())

    @cached_property
    def tail_room(self) -> float:
        """How far the skin ends ahead of the rearmost point, mm (see :mod:`.room`)."""
        low, high = self.tail_span
        z = evenly(low, high, 60)
        return room_at_tail((z - low) / (high - low), tail_bend(self, np.zeros_like(z), z))


def tail_shift(d: Definition, x: FloatArray, y: FloatArray, z: FloatArray) -> FloatArray:
    """By how much a point near the tail moves rearward, mm; negative."""
    reach = d.tail_reach
    near_tail = step(x - (d.length - 0.5 * reach), 0.5 * reach)
    return np.asarray(-near_tail * (tail_bend(d, y, z) - d.tail_least + d.tail_room))


@lru_cache(maxsize=DEFINITIONS)
def _define(items: tuple[tuple[str, float], ...]) -> Definition:
    return fresh(dict(items))


def fresh(values: Mapping[str, float]) -> Definition:
    """A definition of validated `values` that is not kept."""
    return Definition({**values, **derived(values)})


def define(values: Mapping[str, Any]) -> Definition:
    """The definition of validated `values`; repeated calls with the same values share their work."""
    return _define(tuple(values.items()))
