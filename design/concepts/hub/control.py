"""What a ControlNet follows, drawn from one of our bodies: its feature lines or its depth; and a picture laid
over a body, so that a model which follows both is told one thing.

Lines are white on black, as canny, scribble and line-art ControlNets are trained; depth is bright near the
eye and black where there is nothing, as depth ControlNets are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import InputError
from ...family.frame import Frame
from ...geometry.mesh import MeshPart

if TYPE_CHECKING:
    from PIL.Image import Image

CONTROLS = ("lines", "depth")
#: grey of the body's farthest point: told apart from nothing
FARTHEST = 0.25
#: the share of the body's pixels at either end of its depth that may saturate: a mirror, an inner wheel
TAILS = (0.002, 0.998)
#: beyond this share of the depth buffer's far end nothing was seen; such chinks take their neighbours' depth
BEHIND, CHINK = 0.98, 7


def control_picture(
    parts: Sequence[MeshPart],
    frame: Frame,
    view: str,
    kind: str = "lines",
    size: tuple[int, int] | None = None,
) -> Image:
    """RGB picture of `size` (width, height; in the frame's proportion, its own if None) for a ControlNet.

    Raises:
        InputError: unknown kind, view or size.
    """
    from PIL import Image

    from ..artist.draw import feature_lines

    if kind not in CONTROLS:
        raise InputError(f"control {kind!r} is not known; choose from {', '.join(CONTROLS)}")
    if kind == "lines":
        grey = np.where(feature_lines(parts, frame, view, size), 255, 0).astype(np.uint8)
    else:
        grey = _depth(parts, frame, view, size or frame.picture)
    return Image.fromarray(grey).convert("RGB")


def laid_over(
    image: Any, parts: Sequence[MeshPart], frame: Frame, view: str, mm_per_px: float, mirrored: bool = False
) -> Image:
    """A picture of a body in the frame of the body's own drawings, RGB at the frame's size, nose to the left.

    Args:
        image: Pillow image or array; see `picture.as_rgb`.
        mm_per_px: the picture's scale. mirrored: its nose points to the right.

    Raises:
        InputError: a picture that shows nothing.
    """
    from PIL import Image

    from ..fit.agreement import body_box
    from ..fit.alignment import by_box
    from ..fit.picture import ink_of, window, working
    from ..fit.segmentation import segment

    rgb, shrink = working(image)
    if mirrored:
        rgb = np.ascontiguousarray(rgb[:, ::-1])
    at = by_box(
        frame,
        segment(rgb, ink_of(rgb), thin=frame.open).box,
        body_box(parts, frame, view),
        mm_per_px * shrink,
    )
    bare = np.median(np.concatenate([rgb[0], rgb[-1]]), axis=0)
    whole = np.stack([window(rgb[..., k], at.box, at.size, float(bare[k])) for k in range(3)], axis=-1)
    return Image.fromarray((np.clip(whole, 0.0, 1.0) * 255.0).round().astype(np.uint8))


def _depth(
    parts: Sequence[MeshPart], frame: Frame, view: str, size: tuple[int, int]
) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    from scipy.ndimage import minimum_filter

    from ..artist.buffers import render_buffers
    from ..artist.camera import SAMPLES, depths

    b = render_buffers(parts, frame, view, size)
    there, far = b.parts[::SAMPLES, ::SAMPLES] > 0, b.depth[::SAMPLES, ::SAMPLES]
    whole = np.zeros((size[1], size[0]), dtype=np.uint8)
    behind = there & (far > BEHIND * depths(frame)[1])  # chinks between parts, which the buffers fill
    seen = there & ~behind
    if seen.any():
        far = np.where(behind, minimum_filter(far, CHINK), far)
        near, end = np.quantile(far[seen], TAILS)
        nearness = np.clip((end - far) / max(end - near, 1e-6), 0.0, 1.0)
        grey = np.where(there, 255.0 * (FARTHEST + (1.0 - FARTHEST) * nearness), 0.0)
        (left, top), (h, w) = b.corner, grey.shape
        whole[top : top + h, left : left + w] = grey.round().astype(np.uint8)
    return whole
