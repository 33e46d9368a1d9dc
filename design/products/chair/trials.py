"""The static tests of :mod:`.loads` on one chair: where its feet are stopped, what is pressed where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import FloatArray
from ...structures.draft import Draft
from ...structures.structure import Freedom, Load, LoadCase, Support
from . import declaration as d
from . import loads
from .layout import Layout
from .loads import Level, Test
from .rings import Point

PAD_MM = 90.0  # radius over which a loading pad spreads its force, about
BACKS = ("back", "slat", "spindle", "crest", "inner hoop", "bow", "rear frame", "shell", "frame")
REAR, FRONT, RIGHT = ("rear left", "rear right"), ("front left", "front right"), ("front right", "rear right")


@dataclass(frozen=True)
class Trials:
    """A chair ready to be loaded.

    Attributes:
        a: its layout. level: of the standards. draft: its structure, whole.
        places: nodes (n, 3) of each piece. feet: where it stands, by place and side.
    """

    a: Layout
    level: Level
    draft: Draft
    places: Mapping[str, FloatArray]
    feet: Mapping[str, Point]

    def cases(self) -> Iterator[LoadCase]:
        """Every static test that concerns the chair."""
        a, level = self.a, self.level
        middle = (a.ends[1] if a.kind == d.NO_BACK else min(a.back_foot[0], a.ends[1])) - loads.BEFORE_BACK
        both = self._down(middle, loads.SEAT_AND_BACK.force[level])
        if a.kind != d.NO_BACK:
            both = both + self._on_back()
        yield self._case(loads.SEAT_AND_BACK, REAR, "x", both)
        edge = self._down(a.ends[0] + loads.FROM_FRONT, loads.FRONT_EDGE.force[level])
        yield self._case(loads.FRONT_EDGE, FRONT, "x", edge)
        weight = loads.ON_SEAT[level]
        x = a.ends[1]
        forward = self._push(self._seat, (x, 0.0, a.surface(x)), (-loads.LEGS_FORWARD.force[level], 0.0, 0.0))
        yield self._case(loads.LEGS_FORWARD, FRONT, "x", self._down(middle, weight) + forward)
        y = a.half_width(0.0)
        aside = self._push(
            self._seat, (0.0, -y, a.surface(0.0)), (0.0, loads.LEGS_SIDEWAYS.force[level], 0.0)
        )
        loaded = self._down(middle, weight, min(loads.ASIDE, 0.5 * y))
        yield self._case(loads.LEGS_SIDEWAYS, RIGHT, "y", loaded + aside)
        if a.v["arms"]:
            yield from self._on_arms()
        if a.v["seat_height"] >= loads.HIGH_SEAT and "front stretcher" in self.places:
            rest = self.places["front stretcher"]
            force = (0.0, 0.0, -loads.FOOT_REST.force[level])
            yield self._case(loads.FOOT_REST, FRONT, "x", self._push(rest, rest.mean(axis=0), force, 1.0))

    @property
    def _seat(self) -> FloatArray:
        return self.places["shell" if self.a.kind == d.SHELL else "seat"]

    def _on_back(self) -> list[Load]:
        """The force on the back, square to it."""
        a = self.a
        high = min(loads.ABOVE_SEAT, a.v["back_height"] - loads.BELOW_TOP)
        z = a.v["seat_height"] + high
        nodes = np.concatenate([p for name, p in self.places.items() if name.startswith(BACKS)])
        nodes = nodes[nodes[:, 2] > a.v["seat_height"] + 60.0]
        force = loads.ON_BACK[self.level]
        way = (force * a.lean[0], 0.0, -force * a.lean[1])
        x = float(nodes[np.argmin(np.abs(nodes[:, 2] - z)), 0])
        return self._push(nodes, (x, 0.0, z), way)

    def _on_arms(self) -> Iterator[LoadCase]:
        """Both arms pressed outward, then one downward."""
        sides = {side: self.places[f"arm {side}"] for side in ("right", "left")}
        apart: list[Load] = []
        for side, sign in (("right", 1.0), ("left", -1.0)):
            force = (0.0, sign * loads.ARMS_SIDEWAYS.force[self.level], 0.0)
            apart += self._push(sides[side], self._on_arm(sides[side]), force, 60.0)
        yield self._case(loads.ARMS_SIDEWAYS, REAR, "x", apart)
        force = (0.0, 0.0, -loads.ARM_DOWN.force[self.level])
        for_one = self._push(sides["right"], self._on_arm(sides["right"]), force, 60.0)
        yield self._case(loads.ARM_DOWN, REAR, "x", for_one)

    def _on_arm(self, nodes: FloatArray) -> FloatArray:
        """Where an arm is tried: behind its front end, on top."""
        top = nodes[nodes[:, 2] > nodes[:, 2].max() - 15.0]
        front = top[np.argmin(top[:, 0])].copy()
        front[0] += loads.ARM_FROM_FRONT
        return np.asarray(front)

    def _down(self, x: float, force: float, y: float = 0.0) -> list[Load]:
        return self._push(self._seat, (x, y, self.a.surface(x)), (0.0, 0.0, -force))

    def _push(
        self,
        nodes: FloatArray,
        place: Sequence[float] | FloatArray,
        force: Sequence[float],
        pad: float = PAD_MM,
    ) -> list[Load]:
        """A force spread over the nodes about a place."""
        off = nodes - np.asarray(place)
        square = np.sum(off * off, axis=1)
        share = np.exp((square.min() - square) / pad**2)
        some = share > 0.02
        weights = share[some] / share[some].sum()
        x, y, z = force
        return [
            Load(self.draft.node(p), (w * x, w * y, w * z))
            for p, w in zip(nodes[some].tolist(), weights.tolist(), strict=True)
        ]

    def _case(self, test: Test, stops: Sequence[str], way: Freedom, applied: list[Load]) -> LoadCase:
        """All feet on the ground, some before stops; across, two more keep the chair from sliding off."""
        held: dict[str, set[Freedom]] = {name: {"z"} for name in self.feet}
        for name in stops:
            held[name].add(way)
        for name in ("front left", "rear left") if way == "x" else REAR:
            held[name].add("y" if way == "x" else "x")
        supports = [Support(self.draft.node(p), tuple(sorted(held[name]))) for name, p in self.feet.items()]
        return LoadCase(test.name, test.source(self.level), supports, applied)
