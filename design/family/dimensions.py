"""Dimension lines: lengths and angles that drawings and 3D views show on a body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..arrays import FloatArray
from ..errors import InputError
from ..geometry.mesh import MeshPart
from .frame import Vector


@dataclass(frozen=True)
class Dimension:
    """A length, and where a drawing shows it.

    Attributes:
        name: quantity name, or a word for it.
        axis: along which it is measured; "" from end to end, drawn beside the straight line between them.
        start, end: (x, y, z) of its ends, mm; extension lines begin there.
        view: of a drawing: ``side``, ``front`` or ``top``.
        away: mm on the sheet that the line lies below the body's foot (level lines) or left of the body
            (upright lines); 0 for an upright line through its own points. From end to end: mm to the left of
            the way from start to end.
        early: mm on the sheet that extension lines begin above a level line's points.
    """

    name: str
    axis: Literal["x", "y", "z", ""]
    start: Vector
    end: Vector
    view: str = "side"
    away: float = 21.0
    early: float = 0.0

    @property
    def length(self) -> float:
        """What the line says, mm."""
        way = np.asarray(self.end) - np.asarray(self.start)
        return float(abs(way["xyz".index(self.axis)]) if self.axis else np.linalg.norm(way))


@dataclass(frozen=True)
class Angle:
    """An angle in the view from the side.

    Attributes:
        at: (x, y, z) of its tip, mm. first, second: along its two arms, any length.
        reach: mm on the sheet from the tip to the arc.
    """

    name: str
    at: Vector
    first: Vector
    second: Vector
    reach: float = 16.0

    @property
    def degrees(self) -> float:
        """What it says."""
        a, b = (np.asarray(v) / np.linalg.norm(v) for v in (self.first, self.second))
        return float(np.degrees(np.arccos(np.clip(a @ b, -1.0, 1.0))))


@dataclass(frozen=True)
class Dimensioned:
    """A body's dimension lines for a drawing, and what the sheet is laid out for.

    Attributes:
        box: (2, 3) lowest and highest corner of what the overall lengths mean, mm.
        lines: in the order in which they are drawn.
        ground: mm that the line of the ground reaches beyond the box; None for a body that stands on none.
        gap: mm between the views where they are drawn in full size.
        fine: mm by which outlines are simplified; pieces of less than twenty times that are left out.
        angles: in the view from the side.
        marks: (x, y, z) of centres that nothing drawn shows, mm: crosses in the view from the side.
        first_end: what stands over the view along +x.
    """

    box: FloatArray
    lines: tuple[Dimension, ...]
    ground: float | None = None
    gap: float = 200.0
    fine: float = 0.1
    angles: tuple[Angle, ...] = ()
    marks: tuple[Vector, ...] = ()
    first_end: Literal["front", "rear"] = "front"

    def by_name(self) -> Mapping[str, float]:
        """The numbers on the sheet by name, mm and degrees."""
        return {
            **{line.name: line.length for line in self.lines},
            **{angle.name: angle.degrees for angle in self.angles},
        }


def box_of_parts(parts: Sequence[MeshPart]) -> FloatArray:
    """(2, 3): lowest and highest corner of all parts that have triangles, mm.

    Raises:
        InputError: none has any.
    """
    boxes = [p.mesh.vertices[p.mesh.faces.ravel()] for p in parts if len(p.mesh.faces)]
    if not boxes:
        raise InputError("there is nothing to draw: the body has no triangles")
    low = np.min([v.min(axis=0) for v in boxes], axis=0)
    return np.stack([low, np.max([v.max(axis=0) for v in boxes], axis=0)])


def overall(box: FloatArray, ground: float | None, mm_per_pixel: float) -> Dimensioned:
    """Length, height and width of a box, for a family that says nothing of its own.

    Args:
        ground: height of the ground, mm; None where there is none, and the height is the box's own.
        mm_per_pixel: the drawing scale of the family, with which gaps and crumbs grow.
    """
    (x0, y0, z0), (x1, y1, z1) = box.tolist()
    foot = z0 if ground is None else ground
    lines = (
        Dimension("length", "x", (x0, y0, foot), (x1, y0, foot)),
        Dimension("height", "z", (x0, y0, foot), (x0, y0, z1), away=14.0),
        Dimension("width", "y", (x0, y1, foot), (x0, y0, foot), "front", early=8.0),
    )
    margin = None if ground is None else 20.0 * mm_per_pixel
    return Dimensioned(box, lines, margin, 100.0 * mm_per_pixel, 0.08 * mm_per_pixel)


def around(box: FloatArray, mm_per_pixel: float) -> tuple[Dimension, ...]:
    """Length, width and height as lines in space, beside a body with that box (2, 3) on the ground."""
    (x0, y0, _), (x1, y1, z1) = box.tolist()
    side, front = y0 - 16.0 * mm_per_pixel, x0 - 20.0 * mm_per_pixel
    return (
        Dimension("length", "x", (x0, side, 0.0), (x1, side, 0.0)),
        Dimension("width", "y", (front, y0, 0.0), (front, y1, 0.0)),
        Dimension("height", "z", (front, side, 0.0), (front, side, z1)),
    )
