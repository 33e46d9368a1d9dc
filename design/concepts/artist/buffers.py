"""What a drawing knows of a body: which part, which way it faces and how far, at every pixel.

Made from one pass of :mod:`.camera` per view at twice the drawing's size, and cut to the body.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import AnyArray, BoolArray, ByteArray, Float32Array
from ...errors import InputError
from ...family.frame import DrawnView, Frame
from ...geometry.mesh import MeshPart
from .camera import SAMPLES, middle_of, painted, photograph

MAX_PARTS = 254
CHINK = 255  # the part number of a small hole that one can look through, between rim and brake for example
CHINK_SHARE = 12_000.0 / (5760.0 * 2880.0)  # of the picture: a hole as small as that is a chink

__all__ = [
    "BODY", "CHINK", "DARK", "DISC", "KINDS", "LAMP_GLASS", "LIGHT", "NOTHING", "RIM",
    "SAMPLES", "SEAM", "TYRE", "WINDOW", "Buffers", "borders", "check", "kind_of", "painted", "part_numbers",
    "render_buffers",
]  # fmt: skip

#: what a part's surface is for the pen; NOTHING is the paper
NOTHING, BODY, WINDOW, TYRE, RIM, LAMP_GLASS, DARK, LIGHT, SEAM, DISC = range(10)
KINDS = 10
_KINDS: Mapping[str, int] = {"rubber": TYRE, "lamp": LAMP_GLASS}
MARGIN = (56, 24)  # pixels of paper kept round the body: columns, rows


@dataclass(frozen=True)
class Buffers:
    """One view of one body, cut to the part of the picture round it: `h, w`; `H, W` = SAMPLES times as much.

    Attributes:
        corner: (column, row) of the cut's first pixel in the picture.
        parts: (H, W) uint8: 0 paper, CHINK a small hole (where bodies are not `open`), else number of
            the part + 1.
        kinds: (H, W) uint8: NOTHING, BODY, WINDOW ...
        cover: (KINDS, h, w) float32: share of each pixel that each kind covers.
        normal: (3, h, w) float32: unit normal in the picture's right, up, towards-the-eye axes; 0 on paper.
        world_up: (h, w) float32: vertical component of the normal.
        depth: (H, W) float32: mm from the eye; far end on paper.
        scale: drawing pixels per mm.
        anchor: (column, row) of the point that pictures show in their middle column (the ground under the
            body's middle), drawing pixels from the cut's corner.
        stands: (x, y) from there to the middle of the painted part's box, drawing pixels on the ground.
        plan: half length and half width of the painted part, drawing pixels.
        ground: the body stands on the ground and throws a shadow there; between the legs of an open one a
            shadow would read as a part of it.
        open: one looks through the body.
    """

    view: DrawnView
    corner: tuple[int, int]
    parts: ByteArray
    kinds: ByteArray
    cover: Float32Array
    normal: Float32Array
    world_up: Float32Array
    depth: Float32Array
    scale: float
    anchor: tuple[float, float]
    stands: tuple[float, float]
    plan: tuple[float, float]
    ground: bool
    open: bool

    @property
    def solid(self) -> Float32Array:
        """(h, w) share of each pixel that the body with everything on it covers."""
        return np.asarray(1.0 - self.cover[NOTHING], dtype=np.float32)


def kind_of(part: MeshPart, paint: tuple[float, float, float, float]) -> int:
    """What the pen makes of a part: painted like the body, or by role and finish, or by how light it is."""
    if part.colour == paint:
        return BODY
    if part.role == "window" or part.finish == "glass":
        return WINDOW
    if part.finish in _KINDS:
        return _KINDS[part.finish]
    lightness = sum(part.colour[:3]) / 3.0
    if part.finish == "metal":
        return RIM if lightness > 0.3 else DISC
    if part.role == "seam":
        return SEAM
    return LIGHT if lightness > 0.5 else DARK


def check(parts: Sequence[MeshPart], frame: Frame, view: str, size: tuple[int, int]) -> None:
    """Raise InputError for an unknown view, an odd size or an empty body."""
    frame.view(view)
    wide, high = frame.picture
    if size[0] * high != size[1] * wide or not 64 <= size[0] <= 3072:
        raise InputError(
            f"drawing size {size[0]}x{size[1]}; in the proportion of {wide}x{high}, width 64 to 3072"
        )
    if not 0 < len(parts) <= MAX_PARTS or not any(len(p.mesh.faces) for p in parts):
        raise InputError(f"{len(parts)} parts to draw; at least one triangle, at most {MAX_PARTS} parts")


def render_buffers(
    parts: Sequence[MeshPart], frame: Frame, view: str, size: tuple[int, int] | None = None
) -> Buffers:
    """The buffers of one view.

    Raises:
        InputError: see :func:`check`. MissingComponentError: no OpenGL on this machine.
    """
    size = size or frame.picture
    check(parts, frame, view, size)
    body = painted(parts)
    low, high = body.mesh.bounds
    seen = frame.view(view)
    right, up, back = seen.axes()
    scale = size[0] / (frame.picture[0] * frame.mm_per_pixel)
    anchor = (0.5 * size[0], seen.anchor_row * size[1])
    aside = scale * (0.5 * (low + high) - middle_of(body, frame))
    colours, depth = photograph(parts, frame, view, size)
    (left, top), (stop_x, stop_y) = _cut(colours[..., 2], size)
    rows, columns = slice(top * SAMPLES, stop_y * SAMPLES), slice(left * SAMPLES, stop_x * SAMPLES)
    colours, depth = colours[rows, columns], np.ascontiguousarray(depth[rows, columns])
    numbers = np.ascontiguousarray(colours[..., 2])
    if not frame.open:
        _fill_chinks(numbers, size)
    table = np.zeros(256, dtype=np.uint8)
    table[CHINK] = DISC
    for index, part in enumerate(parts):
        table[index + 1] = kind_of(part, body.colour)
    cover = _covers(table[numbers])
    normal = _normals(colours, 1.0 - cover[NOTHING])
    world_up = right[2] * normal[0] + up[2] * normal[1] + back[2] * normal[2]
    return Buffers(
        seen, (left, top), numbers, table[numbers], cover, normal, np.asarray(world_up, dtype=np.float32),
        depth, scale, (anchor[0] - left, anchor[1] - top), (float(aside[0]), float(aside[1])),
        (0.5 * scale * float(high[0] - low[0]), 0.5 * scale * float(high[1] - low[1])),
        frame.ground and not frame.open, frame.open,
    )  # fmt: skip


def part_numbers(
    parts: Sequence[MeshPart], frame: Frame, view: str, size: tuple[int, int] | None = None
) -> ByteArray:
    """Only `Buffers.parts`, of the whole picture, (H, W): quicker, for fits.

    Raises:
        InputError: see :func:`check`. MissingComponentError: no OpenGL on this machine.
    """
    size = size or frame.picture
    check(parts, frame, view, size)
    numbers = np.ascontiguousarray(photograph(parts, frame, view, size, shaded=False)[0][..., 2])
    if not frame.open:
        _fill_chinks(numbers, size)
    return numbers


def borders(numbers: AnyArray) -> BoolArray:
    """(h, w): where a pixel of (h, w) differs from the next one: borders of parts, one pixel wide."""
    lines = np.zeros(numbers.shape, dtype=bool)
    lines[:, :-1] |= numbers[:, :-1] != numbers[:, 1:]
    lines[:-1] |= numbers[:-1] != numbers[1:]
    return lines


def _cut(numbers: ByteArray, size: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and past-the-last (column, row) of the body with paper round it; all when there is no body."""
    seen = numbers[::SAMPLES, ::SAMPLES] > 0
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not len(rows):
        return (0, 0), size
    first = (max(int(columns[0]) - MARGIN[0], 0), max(int(rows[0]) - MARGIN[1], 0))
    return first, (
        min(int(columns[-1]) + MARGIN[0] + 1, size[0]), min(int(rows[-1]) + MARGIN[1] + 1, size[1]),
    )  # fmt: skip


def _fill_chinks(numbers: ByteArray, size: tuple[int, int]) -> None:
    """Mark small enclosed bits of a `size` picture's paper (in place): the outline goes round the whole."""
    from scipy.ndimage import label

    paper = numbers[::SAMPLES, ::SAMPLES] == 0
    marks, count = label(paper)
    sizes = np.bincount(marks.ravel(), minlength=count + 1)
    sizes[0] = 0
    small = (sizes > 0) & (sizes < CHINK_SHARE * size[0] * size[1])
    rows, columns = np.nonzero(small[marks])
    for down in range(-1, SAMPLES + 1):
        for right in range(-1, SAMPLES + 1):
            y = np.clip(rows * SAMPLES + down, 0, numbers.shape[0] - 1)
            x = np.clip(columns * SAMPLES + right, 0, numbers.shape[1] - 1)
            hole = numbers[y, x] == 0
            numbers[y[hole], x[hole]] = CHINK


def _covers(kinds: ByteArray) -> Float32Array:
    """(KINDS, h, w) share of every SAMPLES x SAMPLES block: counted in four bits a kind, all at once."""
    count = (np.uint64(1) << (np.arange(KINDS, dtype=np.uint64) * np.uint64(4)))[kinds]
    count = count[0::2, 0::2] + count[1::2, 0::2] + count[0::2, 1::2] + count[1::2, 1::2]
    out = np.empty((KINDS, *count.shape), dtype=np.float32)
    for kind in range(KINDS):
        np.multiply((count >> np.uint64(4 * kind)).astype(np.uint8) & 15, np.float32(0.25), out=out[kind])
    return out


def _normals(colours: ByteArray, solid: Float32Array) -> Float32Array:
    out = np.empty((3, *solid.shape), dtype=np.float32)
    full = np.maximum(solid, 0.25)
    for axis in range(2):
        channel = colours[..., axis].astype(np.uint16)
        total = channel[0::2, 0::2] + channel[1::2, 0::2] + channel[0::2, 1::2] + channel[1::2, 1::2]
        out[axis] = np.where(solid > 0, (total / (4.0 * full) - 127.5) / 127.0, 0.0)
    flat = out[0] ** 2 + out[1] ** 2
    out[2] = np.where(solid > 0, np.sqrt(np.maximum(1.0 - flat, 0.0)), 0.0)
    return out
