"""The coarse outline that drawer and sharpener see beside the concept vector, as a ControlNet would.

The concept vector says what the body is; where each edge falls in the picture follows from it by geometry
that a small network learns slowly and never exactly. So the family's coarse stand-in (milliseconds) is laid
into the frame as three planes: its silhouette, the areas inside its dark borders (glass), and the border
lines. Surfaces, lamps, seams, shading, hatching and style are the drawer's own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...arrays import BoolArray, ByteArray, Float32Array
from ...errors import MaquetteError
from ...family.contract import Family
from ..artist.frame import PLANES, from_concept, shrink

if TYPE_CHECKING:
    from torch import Tensor


LINE_PX = 3  # of the border lines in a finished picture: one pixel of the drawer's


def fine_guide(family: Family, values: Mapping[str, float], view: str) -> BoolArray:
    """(PLANES, height, width) at the frame's picture size of one body in one view."""
    from PIL import Image, ImageDraw

    from ..fit.registration import filled

    frame, outline = family.frame, family.outline(values, view)
    vertices, faces = outline.mesh.vertices, outline.mesh.faces
    middle = frame.middle(outline.mesh.bounds)
    dark, lines = Image.new("1", frame.picture), Image.new("1", frame.picture)
    on_dark, on_lines = ImageDraw.Draw(dark), ImageDraw.Draw(lines)
    for border in outline.borders.values():
        points = (frame.project(border.points, middle, view) - 0.5).ravel().tolist()
        if border.closed and border.dark_inside:
            on_dark.polygon(points, fill=1)
        on_lines.line(points + points[:2] if border.closed else points, fill=1, width=LINE_PX)
    return np.stack(
        [
            filled(frame.picture, frame.project(vertices, middle, view), faces),
            np.asarray(dark),
            np.asarray(lines),
        ]
    )


def coverage(planes: BoolArray) -> ByteArray:
    """Planes (..., PLANES, height, width) of a finished picture to their coverage, 0 to 255, at the drawer's
    size."""
    return shrink(np.where(planes, np.uint8(255), np.uint8(0)))


def as_guide(planes: ByteArray) -> Tensor:
    """Coverage in bytes to a tensor in [0, 1]. Loads torch."""
    import torch

    return torch.from_numpy(planes.astype(np.float32) / np.float32(255.0))


def guides_of(family: Family, z: Float32Array, views: Sequence[str]) -> BoolArray:
    """Guides (n, PLANES, height, width) of concept vectors (n, P), finished; empty where there is no body."""
    found = np.zeros((len(z), PLANES, *family.frame.picture[::-1]), dtype=np.bool_)
    for place, row, view in zip(found, z, views, strict=True):
        with contextlib.suppress(MaquetteError, ValueError, ArithmeticError, IndexError):
            place[:] = fine_guide(family, from_concept(family, row), view)
    return found
