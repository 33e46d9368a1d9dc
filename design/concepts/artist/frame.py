"""The styles that every drawing shares, and the concept vector.

Size, scale, views and place are the family's (:class:`~maquette.design.family.frame.Frame`). The concept
vector is the body's parameters in their declared ranges, scaled to [-1, 1].
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...arrays import ByteArray, Float32Array, FloatArray
from ...family.contract import Family
from ...family.frame import ENLARGE
from ...family.parameters import as_row, as_values, from_unit_cube, to_unit_cube

STYLES: tuple[str, ...] = ("ink", "marker", "soft")
PLANES = 3  # of the coarse outline that drawer and sharpener see beside the concept vector


def to_concept(family: Family, values: Mapping[str, float]) -> Float32Array:
    """Concept vector (P,) in [-1, 1] of complete parameters in their own units."""
    unit = to_unit_cube(family.declaration, as_row(family.declaration, values)[None])[0]
    return np.asarray(2.0 * unit - 1.0, dtype=np.float32)


def from_concept(family: Family, concept: Float32Array | FloatArray) -> dict[str, float]:
    """Parameters of a concept vector (P,), each clipped to its range; rules between them are not checked."""
    unit = np.clip(0.5 * (np.asarray(concept, dtype=np.float64) + 1.0), 0.0, 1.0)
    return as_values(family.declaration, from_unit_cube(family.declaration, unit[None])[0])


def shrink(picture: ByteArray, factor: int = ENLARGE) -> ByteArray:
    """Area average (..., H, W) uint8 to (..., H / factor, W / factor)."""
    *front, rows, columns = picture.shape
    blocks = picture.reshape(*front, rows // factor, factor, columns // factor, factor)
    return np.asarray(np.rint(blocks.mean(axis=(-3, -1), dtype=np.float32)), dtype=np.uint8)
