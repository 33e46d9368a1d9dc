"""Drawings of a body in a view and a style, its silhouette and its feature lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import AnyArray, BoolArray, ByteArray, Float32Array
from ...errors import InputError
from ...family.frame import Frame
from ...geometry.mesh import MeshPart
from .buffers import BODY, SEAM, Buffers, borders, check, part_numbers, render_buffers
from .camera import SAMPLES
from .frame import STYLES
from .styles import STYLE_MAKERS, Sheet, lay_out


@dataclass(frozen=True)
class Drawing:
    """A drawing without colour.

    Attributes:
        ink: (h, w) uint8: 255 white paper .. 0 black; lines and all tone.
        paint: (h, w) uint8: 255 where the painted body shows.
    """

    ink: ByteArray
    paint: ByteArray


def draw(
    parts: Sequence[MeshPart],
    frame: Frame,
    view: str,
    style: str,
    seed: int,
    size: tuple[int, int] | None = None,
) -> Drawing:
    """One drawing in the frame of the parts' family. The same arguments give the same drawing on one machine.

    Raises:
        InputError: an unknown view or style, an odd size, an empty body.
        MissingComponentError: no OpenGL on this machine.
    """
    return draw_many(parts, frame, [(view, style, seed)], size)[0]


def draw_many(
    parts: Sequence[MeshPart],
    frame: Frame,
    requests: Sequence[tuple[str, str, int]],
    size: tuple[int, int] | None = None,
) -> list[Drawing]:
    """Several drawings of one body, (view, style, seed) each; what a view needs is made once."""
    size = size or frame.picture
    for view, style, _ in requests:
        check(parts, frame, view, size)
        if style not in STYLES:
            raise InputError(f"style {style!r} is not known; choose from {', '.join(STYLES)}")
    sheets: dict[str, Sheet] = {}
    for view in dict.fromkeys(view for view, _, _ in requests):
        sheets[view] = lay_out(render_buffers(parts, frame, view))
    whole = frame.picture
    return [_drawing(sheets[view], style, seed, whole, size) for view, style, seed in requests]


def silhouette(
    parts: Sequence[MeshPart], frame: Frame, view: str, size: tuple[int, int] | None = None
) -> BoolArray:
    """(h, w): where the body with everything on it covers at least half a pixel."""
    seen = (part_numbers(parts, frame, view, size) > 0).view(np.uint8)
    return np.asarray(sum(seen[i::SAMPLES, j::SAMPLES] for i in (0, 1) for j in (0, 1)) >= 2)


def feature_lines(
    parts: Sequence[MeshPart], frame: Frame, view: str, size: tuple[int, int] | None = None
) -> BoolArray:
    """(h, w): the contour and the borders of glass, lamps, wheels and other parts, one pixel wide."""
    return borders(part_numbers(parts, frame, view, size)[::SAMPLES, ::SAMPLES])


def _drawing(sheet: Sheet, style: str, seed: int, whole: tuple[int, int], size: tuple[int, int]) -> Drawing:
    """In `size` pixels, laid out in the `whole` picture's."""
    rng = np.random.default_rng([seed, STYLES.index(style)])
    b = sheet.buffers
    ink, paint = STYLE_MAKERS[style](sheet, rng), b.cover[BODY] + b.cover[SEAM]
    return Drawing(
        _fit(_placed(_bytes(ink), b, whole, 255), size), _fit(_placed(_bytes(paint), b, whole, 0), size)
    )


def _placed(cut: AnyArray, b: Buffers, size: tuple[int, int], empty: int) -> AnyArray:
    """The cut in the whole picture, `empty` round it."""
    whole = np.full((size[1], size[0]), empty, dtype=cut.dtype)
    (left, top), (h, w) = b.corner, cut.shape
    whole[top : top + h, left : left + w] = cut
    return whole


def _fit(field: ByteArray, size: tuple[int, int]) -> ByteArray:
    """Area average (or enlargement) to the wanted size."""
    if (field.shape[1], field.shape[0]) == size:
        return field
    from PIL import Image

    pixels = Image.fromarray(field).resize(size, Image.Resampling.BOX)
    return np.asarray(pixels, dtype=np.uint8)


def _bytes(field: Float32Array) -> ByteArray:
    return np.asarray(np.clip(np.round(field * 255.0), 0, 255), dtype=np.uint8)
