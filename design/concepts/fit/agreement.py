"""How well a body and a picture agree: overlap of silhouettes and distance of feature lines, measured on the
picture as drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import BoolArray, Float32Array, FloatArray
from ...family.frame import Frame
from ...geometry.mesh import MeshPart
from ..artist.buffers import borders, part_numbers
from ..artist.camera import SAMPLES, painted
from .alignment import Placed, by_box, in_frame, overlap, place, whole_frame
from .picture import ink_of, working
from .segmentation import Box, segment

#: distances of lines count up to here: a line that is missing altogether is as bad as one so far off, pixels
FAR_PX = 16.0
#: distance of a drawing from its own body's lines: pen lines and hatching have two edges each, pixels
OWN_PX = 1.5
EDGE_SOFT_PX = 1.0  # blur before edges are looked for
ANY_EDGE = 0.03  # of tone per pixel: what a body's line may be matched with
PLAIN_EDGE = 0.12  # of tone per pixel: what must have a body's line near


@dataclass(frozen=True)
class Agreement:
    """Of a body with a picture, both in the frame.

    Attributes:
        iou: area that both silhouettes cover over the area that either covers, 0 to 1.
        line_distance_px: symmetric chamfer distance of feature lines: the mean distance from the body's lines
            to the picture's nearest edge of tone, and from the picture's plain edges to the body's nearest
            line, halved; each distance is cut off at `FAR_PX`.
        score: 0 to 1: `iou`, lowered in proportion to the lines' distance beyond a body's own drawing's.
    """

    iou: float
    line_distance_px: float
    score: float


@dataclass(frozen=True)
class Shown:
    """A body in the frame: silhouette and feature lines (contour and borders of parts), (height, width)."""

    mask: BoolArray
    lines: BoolArray


def agreement(
    image: Any,
    parts: Sequence[MeshPart],
    frame: Frame,
    view: str,
    mm_per_px: float | None = None,
    mirrored: bool = False,
) -> Agreement:
    """Of a body's parts with a picture of it.

    Args:
        image: Pillow image or array; see `picture.as_rgb`.
        frame: of the parts' family.
        mm_per_px: the picture's scale, the frame's for a drawing of our own. A picture of the drawings' shape
            and scale is compared in place; any other is laid with its silhouette's foot and middle on the
            body's, and, where the scale is None, scaled to the body's length.
        mirrored: the picture shows the nose to the right.

    Raises:
        InputError: an unknown view, or a picture that shows nothing.
    """
    frame.view(view)
    rgb, shrink = working(image)
    scale = None if mm_per_px is None else mm_per_px * shrink
    if mirrored:
        rgb = np.ascontiguousarray(rgb[:, ::-1])
    paper = ink_of(rgb)
    picture = segment(rgb, paper, thin=frame.open)
    if in_frame(frame, rgb.shape[1], rgb.shape[0], scale):
        at = whole_frame(frame, rgb.shape[1])
    else:
        at = by_box(frame, picture.box, body_box(parts, frame, view), scale)
    return compare(place(picture.mask, paper.ink, at), shown(parts, frame, view))


def compare(picture: Placed, body: Shown) -> Agreement:
    """Of a picture in the frame with a body in the frame."""
    iou = overlap(picture.mask, body.mask)
    distance = line_distance(picture, body)
    apart = min(max(distance - OWN_PX, 0.0) / (FAR_PX - OWN_PX), 1.0)
    return Agreement(iou, distance, iou * (1.0 - apart))


def shown(parts: Sequence[MeshPart], frame: Frame, view: str) -> Shown:
    """A body as the frame shows it."""
    from scipy.ndimage import binary_fill_holes

    numbers = part_numbers(parts, frame, view)
    seen = (numbers > 0).view(np.uint8)
    covered = sum(seen[i::SAMPLES, j::SAMPLES] for i in range(SAMPLES) for j in range(SAMPLES))
    lines = borders(numbers[::SAMPLES, ::SAMPLES])
    mask = np.asarray(covered >= SAMPLES * SAMPLES / 2)
    return Shown(np.asarray(binary_fill_holes(mask)) if frame.open else mask, lines)


def body_box(parts: Sequence[MeshPart], frame: Frame, view: str) -> Box:
    """Left, top, right, bottom of a body in the frame, pixels."""
    points = np.concatenate([part.mesh.vertices for part in parts])
    flat = frame.project(points, frame.middle(painted(parts).mesh.bounds), view)
    (left, top), (right, bottom) = flat.min(axis=0), flat.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def line_distance(picture: Placed, body: Shown) -> float:
    """Symmetric chamfer distance of feature lines, pixels."""
    from scipy.ndimage import binary_dilation

    area = _cut(picture.mask | body.mask)
    mask, ink, lines = picture.mask[area], picture.ink[area], body.lines[area]
    near = np.asarray(binary_dilation(mask, iterations=2))
    every, plain = edges(ink, near)
    if not every.any() or not lines.any():
        return FAR_PX
    there = float(_distances(every)[lines].mean())
    back = float(_distances(lines)[plain].mean()) if plain.any() else there
    return 0.5 * (there + back)


def edges(
    ink: Float32Array, near: BoolArray, soft_px: float = EDGE_SOFT_PX, least: float = ANY_EDGE
) -> tuple[BoolArray, BoolArray]:
    """Ridges of the change of tone, blurred by `soft_px` before: all steeper than `least` a pixel, and the
    plain ones; thresholds go with the picture's contrast."""
    from scipy.ndimage import gaussian_filter

    soft = gaussian_filter(ink, soft_px)
    down, across = np.gradient(soft)
    steep = np.hypot(across, down)
    sideways = np.abs(across) > np.abs(down)
    ridge = np.where(
        sideways,
        (steep >= np.roll(steep, 1, axis=1)) & (steep > np.roll(steep, -1, axis=1)),
        (steep >= np.roll(steep, 1, axis=0)) & (steep > np.roll(steep, -1, axis=0)),
    )
    contrast = float(np.ptp(np.quantile(soft[near], (0.01, 0.99)))) if near.any() else 0.0
    strength = float(np.clip(contrast / 0.7, 0.15, 1.0))
    every = ridge & near & (steep > least * strength)
    return every, every & (steep > PLAIN_EDGE * strength)


def _distances(lines: BoolArray) -> FloatArray:
    from scipy.ndimage import distance_transform_edt

    return np.asarray(np.minimum(distance_transform_edt(~lines), FAR_PX))


def _cut(mask: BoolArray) -> tuple[slice, slice]:
    """The part of the frame that holds a mask, with room for `FAR_PX` around."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return slice(None), slice(None)
    room = round(FAR_PX) + 4
    return (
        slice(max(0, int(rows[0]) - room), min(mask.shape[0], int(rows[-1]) + room + 1)),
        slice(max(0, int(columns[0]) - room), min(mask.shape[1], int(columns[-1]) + room + 1)),
    )
