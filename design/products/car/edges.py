"""Where the body's top and sides would meet without rounding, from nose to tail."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import FloatArray
from .body_surfaces import BodySurfaces, Spine
from .curves import evenly

#: where the search for the top's edge stops: a rounding error of a car's coordinates, mm
SETTLED_MM = 1e-11
#: a step's error is less than this share, 1/mm, of the product of the two before it
SECANT = 1e-3
#: stations along a car between which panels read its top edge, to some hundredths of a millimetre; and those
#: over which the skin's are spread
EDGE_STATIONS, INNER_STATIONS = 900, 500


@dataclass(frozen=True)
class Edge:
    """Where top surface and side would meet, tabled over x, each (n,), mm."""

    x: FloatArray
    y: FloatArray
    z: FloatArray

    def y_at(self, x: FloatArray) -> FloatArray:
        return np.interp(x, self.x, self.y)

    def z_at(self, x: FloatArray) -> FloatArray:
        return np.interp(x, self.x, self.z)


def edges(d: BodySurfaces) -> tuple[Edge, Edge]:
    """The top's edge at :data:`EDGE_STATIONS` from nose to tail, and at :data:`INNER_STATIONS` between the
    rounded ends; solved once for all that reads it, and both together."""

    def solve() -> tuple[Edge, Edge]:
        whole = evenly(0.0, d.length, EDGE_STATIONS)
        inner = evenly(d.nose_insets[0], d.length - d.tail_insets[0], INNER_STATIONS)
        x, k = np.concatenate([whole, inner]), EDGE_STATIONS
        y, z = top_edge(d, x, d.spine(x))
        return Edge(whole, y[:k], z[:k]), Edge(inner, y[k:], z[k:])

    return d.once("edges", solve)


def top_edge(
    d: BodySurfaces, x: FloatArray, spine: Spine, near: Edge | None = None
) -> tuple[FloatArray, FloatArray]:
    """Where top surface and side would meet without rounding, at x (n,) with what is known there: (y, z),
    each (n,), mm.

    Secant steps on y = half_width(x, top(x, y)); both surfaces fall or lean gently, so few are needed, and
    fewer from what is `near`.
    """
    along, at_belt, profile, crown = spine

    def height(y: FloatArray) -> FloatArray:
        return d.crowned(profile, crown, y)

    before = np.full_like(x, 0.4 * d.p["overall_width"]) if near is None else np.interp(x, near.x, near.y)
    miss_before = d.width_at(x, height(before), along, at_belt) - before
    y, worst_before = before + miss_before, np.inf
    for _ in range(6):
        miss = d.width_at(x, height(y), along, at_belt) - y
        worst = float(np.abs(miss).max())
        if worst < SETTLED_MM:
            break
        slope = np.where(
            np.abs(y - before) > 1e-9, (miss - miss_before) / np.where(y == before, 1.0, y - before), -1.0
        )
        slope = np.minimum(np.maximum(slope, -3.0), -0.35)
        before, miss_before = y, miss
        y = np.clip(y - miss / slope, 0.0, d.p["overall_width"])  # odd bodies send it off
        if SECANT * worst * worst_before < SETTLED_MM:
            break
        worst_before = worst
    return y, height(y)
