"""Pictures of any size brought into the frame of a family's drawings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import BoolArray, Float32Array, FloatArray
from ...family.frame import Frame
from .picture import window
from .segmentation import Box


@dataclass(frozen=True)
class Placing:
    """Where a picture lies in the frame: frame = (picture - picture_at) * zoom + frame_at.

    Attributes:
        zoom: frame pixels per picture pixel.
        picture_at, frame_at: (column, row) of one place in both, pixels.
        size: (width, height) of the frame, pixels.
    """

    zoom: float
    picture_at: tuple[float, float]
    frame_at: tuple[float, float]
    size: tuple[int, int]

    def mm_per_px(self, frame: Frame) -> float:
        """Scale of the picture, mm per pixel."""
        return self.zoom * frame.mm_per_pixel

    @property
    def box(self) -> Box:
        """The frame's left, top, right and bottom in the picture, pixels."""
        left, top = (self.picture_at[k] - self.frame_at[k] / self.zoom for k in (0, 1))
        return left, top, left + self.size[0] / self.zoom, top + self.size[1] / self.zoom

    def within(self, size: tuple[int, int]) -> Placing:
        """The same place in a frame of the same proportion and another size."""
        by = size[0] / self.size[0]
        return Placing(self.zoom * by, self.picture_at, (self.frame_at[0] * by, self.frame_at[1] * by), size)

    def moved(self, pose: FloatArray) -> Placing:
        """The picture moved so that a body with that pose on it (log of the zoom about the frame's
        :func:`pivot`, and shift) has none."""
        about = pivot(self.size)
        shrink = float(np.exp(-pose[0]))
        x, y = (about[k] + (self.frame_at[k] - about[k] - float(pose[k + 1])) * shrink for k in (0, 1))
        return Placing(self.zoom * shrink, self.picture_at, (float(x), float(y)), self.size)


@dataclass(frozen=True)
class Placed:
    """A picture in the frame, (height, width) of its drawings: silhouette, and ink, 1 = paper."""

    mask: BoolArray
    ink: Float32Array


def pivot(size: tuple[int, int]) -> FloatArray:
    """(column, row) about which a free pose zooms in a frame of `size` pixels."""
    return np.array([0.5 * size[0], 0.6 * size[1]])


def in_frame(frame: Frame, width: int, height: int, mm_per_px: float | None) -> bool:
    """A picture of that size and scale is a drawing in the frame."""
    wide, high = frame.picture
    if mm_per_px is None or width * high != height * wide:
        return False
    return abs(mm_per_px * width / (frame.mm_per_pixel * wide) - 1.0) < 0.01


def whole_frame(frame: Frame, width: int) -> Placing:
    """Of a drawing in the frame, drawn `width` pixels wide."""
    return Placing(frame.picture[0] / width, (0.0, 0.0), (0.0, 0.0), frame.picture)


def by_box(frame: Frame, picture: Box, body: Box, mm_per_px: float | None) -> Placing:
    """Foot and middle of the silhouette on the body's; its width as well unless the scale is known."""
    if mm_per_px is not None:
        zoom = mm_per_px / frame.mm_per_pixel
    else:
        zoom = (body[2] - body[0]) / (picture[2] - picture[0])
    middle, foot = 0.5 * (picture[0] + picture[2]), picture[3]
    return Placing(zoom, (middle, foot), (0.5 * (body[0] + body[2]), body[3]), frame.picture)


def place(mask: BoolArray, ink: Float32Array, at: Placing) -> Placed:
    """A picture's silhouette and ink drawn into the frame."""
    if at.zoom == 1.0 and at.picture_at == at.frame_at and ink.shape == at.size[::-1]:
        return Placed(mask, ink)
    cover = window(mask.astype(np.float32), at.box, at.size, 0.0)
    return Placed(cover >= 0.5, window(ink, at.box, at.size, 1.0))


def overlap(a: BoolArray, b: BoolArray) -> float:
    """Intersection over union of two silhouettes; 1 when both are empty."""
    union = int((a | b).sum())
    return float((a & b).sum()) / union if union else 1.0
