"""A picture and a body as fields that can be subtracted, for bodies that share no points.

Both are seen in the family's frame: the signed distance from the silhouette's edge, its holes
filled, and the distance from the nearest line, each cut off where it says nothing more. A body's fields come
from one quick rendering, so they exist whatever parts it is made of, and change steadily with its numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ...arrays import BoolArray, ByteArray, FloatArray
from ...errors import MaquetteError
from ...family.contract import Family
from ...family.frame import Frame
from ..artist.buffers import borders
from ..artist.camera import SAMPLES, photograph
from ..artist.frame import from_concept
from .agreement import edges
from .alignment import Placed, pivot
from .registration import SPACING_PX

ROOM_PX = 40  # kept free round the picture's silhouette: a body that reaches further is not told apart
FAR_PX, NEAR_PX = 24.0, 8.0  # where distances are cut off, for the first steps and for the last ones
LINES_PX = 8.0
LINES_WEIGHT = 0.35  # of a line beside a stretch of the silhouette's edge
#: blur under which hatching goes out and lines and slats stay, and the change of tone that is a line then
CALM_PX, CALM_EDGE = 2.5, 0.03
#: of a picture of one tone: inked is what is darker than this share of the paper's light, how much of the
#: silhouette that is at least, and how far its tones scatter at most
INKED, MOST, ONE_TONE = 0.6, 0.35, 0.06
NO_BODY = (MaquetteError, ValueError, ArithmeticError, IndexError)  # what families raise where there is none


Pixel = TypeVar("Pixel", bound=np.generic)


@dataclass(frozen=True)
class Canvas:
    """What is compared.

    Attributes:
        frame: in which both are seen. view: one of its views.
        rows, columns: the part of the frame that is looked at.
        flat: the picture is of one tone, a body's own lines are not to be seen on it.
        reach: distances from the silhouette are cut off here, pixels.
        every: pixel along both axes.
    """

    frame: Frame
    view: str
    rows: slice
    columns: slice
    flat: bool
    reach: float
    every: int

    def cut(self, picture: NDArray[Pixel]) -> NDArray[Pixel]:
        """The part that is looked at."""
        return np.ascontiguousarray(picture[self.rows, self.columns])


def canvas_of(picture: Placed, frame: Frame, view: str, near: bool) -> Canvas:
    """Round a picture's silhouette, for the last steps of a fit or for those before."""
    rows, columns = np.flatnonzero(picture.mask.any(axis=1)), np.flatnonzero(picture.mask.any(axis=0))
    spans = [
        slice(max(0, int(at[0]) - ROOM_PX), min(size, int(at[-1]) + ROOM_PX + 1))
        for at, size in zip((rows, columns), picture.mask.shape, strict=True)
    ]
    reach, every = (NEAR_PX, 2) if near else (FAR_PX, 4)
    return Canvas(frame, view, spans[0], spans[1], _flat(picture), reach, every)


def _flat(picture: Placed) -> bool:
    """Whether a picture is a shadow: of one tone inside, apart from gaps."""
    from scipy.ndimage import binary_erosion

    inked = np.asarray(binary_erosion(picture.mask & (picture.ink < INKED)))
    if float(inked.sum()) < MOST * float(picture.mask.sum()):
        return False
    low, high = np.quantile(picture.ink[inked], (0.05, 0.95))
    return bool(high - low < ONE_TONE)


def lines_seen(picture: Placed) -> BoolArray:
    """The picture's lines and borders of tone without its hatching, (height, width)."""
    from scipy.ndimage import binary_dilation

    near = np.asarray(binary_dilation(picture.mask, iterations=2))
    return edges(picture.ink, near, CALM_PX, CALM_EDGE)[0]


def seen(family: Family, values: Mapping[str, float], frame: Frame, view: str) -> ByteArray:
    """(height, width) of the frame: number of the part that shows at each pixel, 0 for none.

    Raises:
        one of `NO_BODY`: there is no body with these parameters.
    """
    size = (frame.picture[0] // SAMPLES, frame.picture[1] // SAMPLES)
    return photograph(family.mesh(values), frame, view, size, shaded=False)[0][..., 2]


def body_fields(family: Family, z: FloatArray, canvas: Canvas) -> FloatArray | None:
    """A body's fields, weighted and in one row (n,); None where there is no body."""
    from scipy.ndimage import binary_fill_holes

    try:
        numbers = canvas.cut(seen(family, from_concept(family, z), canvas.frame, canvas.view))
    except NO_BODY:
        return None
    mask = numbers > 0
    lines = borders(mask if canvas.flat else numbers)
    return _row(np.asarray(binary_fill_holes(mask)), lines, canvas)


def picture_fields(picture: Placed, canvas: Canvas) -> tuple[FloatArray, FloatArray]:
    """A picture's fields as of a body (n,), and how they change as the body's pose on it does, (n, 3)."""
    row = _row(canvas.cut(picture.mask), canvas.cut(lines_seen(picture)), canvas)
    size = len(row) // 2
    rows = np.arange(canvas.rows.start, canvas.rows.stop, canvas.every) + 0.5
    columns = np.arange(canvas.columns.start, canvas.columns.stop, canvas.every) + 0.5
    across_at, down_at = pivot(picture.mask.shape[::-1])
    slopes = []
    for part in (row[:size], row[size:]):
        down, across = np.gradient(part.reshape(len(rows), len(columns)), canvas.every)
        grow = (rows - down_at)[:, None] * down + (columns - across_at)[None, :] * across
        slopes.append(np.stack([grow.ravel(), across.ravel(), down.ravel()], axis=1))
    return row, np.concatenate(slopes)


def _row(mask: BoolArray, lines: BoolArray, canvas: Canvas) -> FloatArray:
    """Both fields, so weighted that `SPACING_PX` of edge are one observation of a pixel's spread."""
    from scipy.ndimage import distance_transform_edt

    outside, inside = distance_transform_edt(~mask), distance_transform_edt(mask)
    signed = np.clip(np.where(mask, 0.5 - inside, outside - 0.5), -canvas.reach, canvas.reach)
    if not mask.any():
        signed = np.full(mask.shape, canvas.reach)
    apart = np.minimum(distance_transform_edt(~lines) if lines.any() else LINES_PX, LINES_PX)
    apart = np.broadcast_to(apart, mask.shape)
    step = canvas.every
    weights = (step / np.sqrt(2.0 * canvas.reach * SPACING_PX), step / np.sqrt(2.0 * LINES_PX * SPACING_PX))
    return np.concatenate(
        [
            weights[0] * signed[::step, ::step].ravel(),
            np.sqrt(LINES_WEIGHT) * weights[1] * apart[::step, ::step].ravel(),
        ]
    )
