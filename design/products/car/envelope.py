"""Keeping the whole car inside its stated box: what stands on the skin is held to the same planes.

`front_overhang`, `rear_overhang`, `overall_width` and `ground_clearance` speak of everything but tyres and
mirrors. So the definition draws the skin inside those planes by a *room* that is the same for every car and
every option (a choice never moves the hull), and :func:`held` fits the panels of each car to the planes:
panels that would reach past a plane stand off the skin by less, and where none reaches it, the one that
needs least, and would reach no other plane before, gets so much thicker that it does. The box of all parts is
then the stated one by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .definition import Definition
from .panels import Joined, Panel
from .room import SHY_END

#: mm by which panels stay inside the planes other than those of nose and tail, where :data:`.room.SHY_END`
#: does: an exact surface bulges so far between the points of its grid, and a limit must not be missed by that
SHY = 0.03
#: a panel counts where its normal looks to a plane by more than this (cosine)
FACING = 0.1
#: panels thinner than this, outer face above the skin, are seams and are never made thicker, mm
SEAM_MM = 2.5
#: no panel is made thicker by more than this to reach a plane, mm: of 400 sampled cars none needs 7
MORE_MM = 10.0
#: no panel is pressed below this share of the height that it was drawn with
LEAST_SHARE = 0.05
#: mm by which the outlines of two panels may miss and still lie on one another
NEAR_MM = 4.0


@dataclass(frozen=True)
class Plane:
    """One side of the stated box: points p keep `p @ out <= limit`, mm.

    Attributes:
        touched: some part has to reach it; the roof is the skin's own and needs none.
    """

    out: tuple[float, float, float]
    limit: float
    touched: bool = True


def planes(d: Definition) -> tuple[Plane, ...]:
    """The planes that panels are held to: front, rear, right side, below, above."""
    return (
        Plane((-1.0, 0.0, 0.0), -SHY_END),
        Plane((1.0, 0.0, 0.0), d.length - SHY_END, touched=d.tail_room > SHY_END),
        Plane((0.0, 1.0, 0.0), 0.5 * d.p["overall_width"] - SHY),
        Plane((0.0, 0.0, -1.0), -d.p["ground_clearance"] - SHY),
        Plane((0.0, 0.0, 1.0), d.p["overall_height"], touched=False),
    )


def held(d: Definition, panels: Sequence[Panel], lines: Joined) -> list[Panel]:
    """The panels (the right side's and those across), whose points and normals are `lines`, with heights that
    keep and touch every plane."""
    found = list(panels)
    sizes = np.array(lines.sizes)
    starts = np.cumsum(sizes) - sizes
    of = np.repeat(np.arange(len(found)), sizes)
    drawn = np.array([p.lift + p.thickness for p in found])
    along, across = np.ascontiguousarray(lines.points.T), np.ascontiguousarray(lines.normals.T)
    low, high = (f.reduceat(along, starts, axis=1).T for f in (np.minimum, np.maximum))
    share, more = np.ones(len(found)), np.zeros(len(found))
    sides, reach = planes(d), float(drawn.max()) + MORE_MM
    # for each plane the heights above the skin at which the panels touch it, where these matter
    rooms = np.full((len(sides), len(found)), np.inf)
    for plane, room in zip(sides, rooms, strict=True):
        axis = next(k for k, part in enumerate(plane.out) if part)
        sign = plane.out[axis]
        near = np.flatnonzero(sign * along[axis] > plane.limit - reach)
        facing = sign * across[axis, near]
        gap = plane.limit - sign * along[axis, near]
        allowed = np.where(facing > FACING, gap / np.maximum(facing, FACING), np.inf)
        np.minimum.at(room, of[near], allowed)
    least = rooms.min(axis=0)
    for plane, room in zip(sides, rooms, strict=True):
        past = np.flatnonzero(room < drawn)
        for k in past:
            pressed = max(room[k] / drawn[k], LEAST_SHARE)
            stacked = ((low < high[k] + NEAR_MM) & (high > low[k] - NEAR_MM)).all(axis=1)
            share[stacked] = np.minimum(share[stacked], pressed)
        if plane.touched and not len(past):
            # a thicker cladding reaches the side's plane, but the floor's before that
            lack = np.where((drawn >= SEAM_MM) & (room <= least), room - drawn, np.inf)
            best = int(np.argmin(lack))
            if lack[best] <= MORE_MM:
                more[best] = max(more[best], lack[best])
    changed = np.flatnonzero((share < 1.0) | (more > 0.0))
    for k in changed:
        p, s = found[k], float(share[k])
        found[k] = p._replace(lift=s * p.lift, thickness=s * p.thickness + float(more[k]))
    return found
