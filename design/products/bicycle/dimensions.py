"""The dimension lines of a frame's drawing: stack, reach, stays, bottom bracket drop, shell and hub."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...arrays import FloatArray
from ...family.dimensions import Dimension, Dimensioned, box_of_parts
from ...geometry.mesh import MeshPart
from .definition import Definition


def dimensioned(parts: Sequence[MeshPart], mm_per_pixel: float) -> Dimensioned:
    """Lines measured on the parts that are drawn, by their names."""
    box = box_of_parts(parts)
    by = {p.name: p.mesh.vertices[np.unique(p.mesh.faces)] for p in parts}
    lines: list[Dimension] = []
    shell, left, right = (by.get(k) for k in ("bottom bracket shell", "left dropout", "right dropout"))
    if shell is not None and "head tube" in by:
        centre, top = _middle(shell), _upper_end(by["head tube"])
        lines += _frame_lines(centre, top, box)
        if right is not None and left is not None:  # between their inner faces
            z = float(right[:, 2].min())
            ends = (0.0, float(left[:, 1].min()), z), (0.0, float(right[:, 1].max()), z)
            lines.append(Dimension("dropout_spacing", "y", *ends, view="front", early=8.0))
    return Dimensioned(box, tuple(lines), None, 100.0 * mm_per_pixel, 0.08 * mm_per_pixel)


def in_space(d: Definition) -> tuple[Dimension, ...]:
    """The same beside the body for a 3D view."""
    top = d.points["head top"]
    side = -0.5 * d.p["shell_width"] - 60.0
    low = -60.0
    x, z = float(top[0]), float(top[2])
    return (
        Dimension("stack", "z", (x + 60.0, side, 0.0), (x + 60.0, side, z)),
        Dimension("reach", "x", (0.0, side, z + 40.0), (x, side, z + 40.0)),
        Dimension("length", "x", (float(d.points["axle"][0]), side, low), (x, side, low)),
    )


def _frame_lines(centre: FloatArray, top: FloatArray, box: FloatArray) -> list[Dimension]:
    foot = float(box[0, 2])
    left = float(box[0, 0])
    return [
        Dimension("reach", "x", (float(centre[0]), 0.0, foot), (float(top[0]), 0.0, foot)),
        Dimension("length", "x", (left, 0.0, foot), (float(box[1, 0]), 0.0, foot), away=42.0),
        Dimension("stack", "z", (left, 0.0, float(centre[2])), (left, 0.0, float(top[2])), away=14.0),
    ]


def _middle(points: FloatArray) -> FloatArray:
    return np.asarray(0.5 * (points.min(axis=0) + points.max(axis=0)), dtype=np.float64)


def _upper_end(points: FloatArray) -> FloatArray:
    """Centre of a tube's upper end: of those of its points that lie furthest along its axis."""
    centred = points - points.mean(axis=0)
    along = np.linalg.svd(centred, full_matrices=False)[2][0]
    along = along if along[2] > 0 else -along
    far = centred @ along
    found: FloatArray = _middle(points[far > far.max() - 0.5])
    return found
