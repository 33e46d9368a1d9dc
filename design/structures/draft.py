"""A structure put together piece by piece.

draft = Draft()
draft.member("leg", foot, top, round_tube(25, 1.5), MATERIALS["steel_s235"])
draft.chain("back hoop", points, round_tube(25, 1.5), MATERIALS["steel_s235"])
load = draft.node(middle_of_seat)
structure = draft.structure(cases)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from ..arrays import FloatArray, IntArray
from .joints import Give
from .materials import Material
from .sections import Section
from .structure import LoadCase, Member, Plate, Probe, Structure, Vector

SAME_MM = 1e-4  # points as near as this are one node
_UP = (0.0, 0.0, 1.0)
Point = Sequence[float] | FloatArray
_Place = tuple[int, int, int]


class Draft:
    """Collects nodes, members and plates; places that are given twice are one node, and so joined."""

    def __init__(self, welded: Iterable[tuple[Point, Point]] = ()) -> None:
        """`welded`: pairs of places that are one node though a little apart, at the second's place."""
        self._places: dict[_Place, int] = {}
        self._welded: dict[_Place, Point] = {}
        for a, b in welded:
            here, there = self._place(a)[0], self._place(b)
            if here != there[0]:
                self._welded[here] = there[1]
        self._points: list[Vector] = []
        self._members: list[Member] = []
        self._plates: list[Plate] = []

    def node(self, point: Point) -> int:
        """Number of the node at `point` (3,), mm; a new one where there is none yet."""
        key, (x, y, z) = self._place(point)
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = len(self._points)
            self._points.append((float(x), float(y), float(z)))
        return found

    def _place(self, point: Point) -> tuple[_Place, Vector]:
        while True:
            x, y, z = point.tolist() if isinstance(point, np.ndarray) else point
            key = (round(x / SAME_MM), round(y / SAME_MM), round(z / SAME_MM))
            if key not in self._welded:
                return key, (x, y, z)
            point = self._welded[key]

    def member(
        self, name: str, a: Point, b: Point, section: Section, material: Material,
        section_b: Section | None = None, up: Vector = _UP, inside: tuple[float, float] = (0.0, 0.0),
        bend: float = 0.0,
        give: tuple[Give | None, Give | None] = (None, None),
    ) -> None:  # fmt: skip
        """A straight member from `a` to `b`, tapered where `section_b` is given.

        Args:
            inside: mm at a and b that lie inside the joints; bend, give: as of :class:`.structure.Member`.
        """
        ends = self.node(a), self.node(b)
        self._members.append(Member(name, *ends, section, material, section_b, up, *inside, bend, *give))

    def chain(
        self, name: str, points: Sequence[Point] | FloatArray, section: Section | Sequence[Section],
        material: Material, up: Vector = _UP, inside: tuple[float, float] = (0.0, 0.0),
        bends: Sequence[float] = (),
        give: tuple[Give | None, Give | None] = (None, None),
    ) -> list[int]:  # fmt: skip
        """Members through `points` (n, 3): a bent tube, or a straight one that others join on the way.

        Args:
            section: one for all, or one at each point.
            inside: mm of the chain's first and last member that lie inside the joints at its ends; give: what
                those joints give.
            bends: mm, radius of each of its members' middle line, 0 where straight; none: all are.

        Returns:
            The nodes, in order.
        """
        ends = [section] * len(points) if isinstance(section, Section) else section
        nodes = [self.node(p) for p in points]
        last = len(nodes) - 2
        for k, ((i, at_i), (j, at_j)) in enumerate(pairwise(zip(nodes, ends, strict=True))):
            within = (inside[0] if k == 0 else 0.0, inside[1] if k == last else 0.0)
            bend = bends[k] if len(bends) else 0.0
            gives = (give[0] if k == 0 else None, give[1] if k == last else None)
            self._members.append(Member(name, i, j, at_i, material, at_j, up, *within, bend, *gives))
        return nodes

    def sheet(self, name: str, grid: FloatArray, thickness: float, material: Material) -> IntArray:
        """A plate over a grid of points (r, c, 3), two triangles a field; where members meet it, the grid
        must have a point.

        Returns:
            (r, c) its nodes.
        """
        at = np.array([[self.node(p) for p in row] for row in grid], dtype=np.int64)
        a, b, c, d = at[:-1, :-1], at[1:, :-1], at[1:, 1:], at[:-1, 1:]
        halves = np.stack([np.stack([a, b, c], -1), np.stack([a, c, d], -1)], axis=2)
        self._plates.append(Plate(name, halves.reshape(-1, 3), thickness, material))
        return at

    def structure(self, cases: Sequence[LoadCase], probes: Sequence[Probe] = ()) -> Structure:
        """What was collected, under `cases`."""
        return Structure(
            np.array(self._points), tuple(self._members), tuple(cases), tuple(probes), tuple(self._plates)
        )
