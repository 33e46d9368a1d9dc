"""Where image-to-image begins: a design, a concept vector, a drawing, or any picture of a body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...arrays import Float32Array
from ...errors import InputError
from ...family.contract import Family
from ...family.frame import Frame
from ..artist.draw import Drawing
from ..artist.frame import to_concept
from ..fit.encoder import encode, network_input
from ..fit.opened import read_picture
from ..fit.picture import ink_of, resized, working
from ..fit.segmentation import segment
from .call import MAX_IMAGES, real


@dataclass(frozen=True)
class Start:
    """What sampling begins with.

    Attributes:
        concept: (m, P) in [-1, 1], one for all (m = 1) or one per prompt; None to begin from noise.
        strength: how far the concept may leave it, 1 where there is none.
        drawing: whose pixels the drawer begins with, or None.
        drawing_strength: how far the pixels may leave it, 1 where there is none.
        exact: the parameters that `concept` stands for, when they are to be kept as given.
    """

    concept: Float32Array | None
    strength: float
    drawing: Drawing | None
    drawing_strength: float
    exact: Mapping[str, float] | None = None

    @property
    def kinds(self) -> int | None:
        """How many starting concepts there are, when there are any."""
        return None if self.concept is None else len(self.concept)

    def concepts(self, n: int) -> Float32Array | None:
        """(n, P): each starting concept repeated for the pictures of its prompt."""
        return None if self.concept is None else np.repeat(self.concept, n // len(self.concept), axis=0)

    def pixels(self, frame: Frame, n: int) -> Float32Array | None:
        """(n, 2, height, width) in [-1, 1] of the drawing at the frame's base size."""
        if self.drawing is None or self.drawing_strength >= 1.0:
            return None
        channels = [c.astype(np.float32) / np.float32(255.0) for c in (self.drawing.ink, self.drawing.paint)]
        base = np.stack([resized(c, frame.base) for c in channels])
        return np.repeat(2.0 * base[None] - 1.0, n, axis=0)


def read_start(
    family: Family, concept: Any, image: Any, encoder: Any, strength: float, drawing_strength: float | None
) -> Start:
    """The pipeline's `concept`, `image` and strengths, checked.

    Raises:
        InputError: a strength outside 0..1, a concept of the wrong shape or kind, a picture that cannot be
            read, a picture without an encoder to read its body, pixels asked of a picture that is no drawing.
    """
    strength = real("strength", strength, 0.0, 1.0)
    drawing = image if isinstance(image, Drawing) else None
    if drawing is not None:
        _check(drawing, family.frame)
    elif image is not None and drawing_strength not in (None, 1, 1.0):
        raise InputError(
            f"drawing_strength is {drawing_strength} with a {type(image).__name__}: pixels are taken "
            "over from a Drawing only; give drawing_strength=1 and the picture's body is drawn anew"
        )
    if drawing is None:
        pixels = 1.0
    else:
        pixels = real(
            "drawing_strength", strength if drawing_strength is None else drawing_strength, 0.0, 1.0
        )
    exact = None
    if isinstance(concept, Mapping):
        given = family.validate(concept)
        exact = {p.name: given[p.name] for p in family.parameters}  # a concept has no options
        z = to_concept(family, exact)[None]
    elif concept is not None:
        z = _vectors(concept, len(family.parameters))
    elif image is not None:
        z = picture_concept(image, encoder, family.frame)
    else:
        return Start(None, 1.0, drawing, pixels)
    return Start(z, strength, drawing, pixels, exact if strength == 0.0 else None)


def picture_concept(image: Any, encoder: Any, frame: Frame) -> Float32Array:
    """Concept vector (1, P) of the body in a `Drawing`, a Pillow image, an array or a file.

    Raises:
        InputError: no encoder, or a picture that cannot be read or shows nothing.
    """
    if encoder is None:
        raise InputError(
            "image needs a model with an encoder to read its body; give the body as concept instead"
        )
    if isinstance(image, Drawing):
        _check(image, frame)
        scale = frame.picture[0] / image.ink.shape[1]
        seen = network_input(frame, image.ink.astype(np.float32) / np.float32(255.0), None, scale)
    else:
        opened = read_picture(Path(image)) if isinstance(image, (str, Path)) else image
        rgb, _ = working(opened, "image")
        paper = ink_of(rgb)
        seen = network_input(frame, paper.ink, segment(rgb, paper, "image").box, None)
    return encode(encoder, [seen]).z


def _vectors(concept: Any, width: int) -> Float32Array:
    if hasattr(concept, "detach"):
        concept = concept.detach().cpu().numpy()
    try:
        z = np.array(concept, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"concept is {type(concept).__name__}; parameters or {width} numbers are needed"
        ) from error
    shape = z.shape
    z = z[None] if z.ndim == 1 else z
    if z.ndim != 2 or z.shape[1] != width or not 1 <= len(z) <= MAX_IMAGES:
        raise InputError(f"concept has shape {shape}; ({width},) or (n, {width}) is needed")
    if not np.isfinite(z).all() or np.abs(z).max() > 1.0 + 1e-4:
        raise InputError("concept holds numbers outside -1 to 1")
    return np.clip(z, -1.0, 1.0)


def _check(drawing: Drawing, frame: Frame) -> None:
    sizes = [(size[1], size[0]) for size in (frame.picture, frame.base)]
    if drawing.ink.shape not in sizes or drawing.paint.shape != drawing.ink.shape:
        shape = drawing.ink.shape
        raise InputError(f"image is a drawing of {shape}; (height, width) {sizes[0]} or {sizes[1]} is needed")
