"""A body drawn in the manner of a sketch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Float32Array
from ..artist.draw import Drawing

if TYPE_CHECKING:
    from .pipeline import ConceptOutput, ConceptPipeline


#: over what share of their width two drawings are compared, and how far apart in tone (of 255) they are alike
REACH = 4.0 / 768.0
ALIKE = 20.0


def restyle(
    pipe: ConceptPipeline,
    body: Mapping[str, float] | Float32Array,
    sketch: Drawing | None = None,
    *,
    view: str = "side",
    style: str = "ink",
    palette: str = "graphite",
    strength: float = 0.5,
    **kwargs: Any,
) -> ConceptOutput:
    """A given body, kept exactly, drawn in the manner of a sketch.

    The body is drawn afresh; then the sketch's own strokes are laid in wherever both show the same tone, and
    the drawer works the whole over from noise at `strength`. So lines stay where the new body has them, and
    wash and hatching come from the sketch.

    Args:
        body: parameters by name or a concept vector (P,).
        sketch: the drawing that gives the hand; it must show the same view. None draws afresh.
        view, style, palette: the sketch's own.
        strength: 0 leaves the two laid together, 1 draws afresh.
    """
    given: dict[str, Any] = {
        "concept": body,
        "strength": 0.0,
        "view": view,
        "style": style,
        "palette": palette,
    }
    if sketch is None or strength >= 1.0:
        out: ConceptOutput = pipe(None, **given, **kwargs)
        return out
    first = {
        "output_type": "drawing",
        "callback_on_step_end": None,
        "generator": _copied(kwargs.get("generator")),
    }
    fresh = pipe(None, **given, **{**kwargs, **first})
    start = laid_in(sketch, fresh.drawings[0])
    out = pipe(None, **given, image=start, drawing_strength=strength, **kwargs)
    return out


def _copied(generator: Any) -> Any:
    """Generators in the same state, so that the first drawing and the last come from the same noise."""
    if generator is None:
        return None
    if isinstance(generator, (list, tuple)):
        return [_copied(g) for g in generator]
    import torch

    copy = torch.Generator(device=generator.device)
    copy.set_state(generator.get_state())
    return copy


def laid_in(sketch: Drawing, fresh: Drawing) -> Drawing:
    """`fresh` with the sketch's pixels wherever the two show the same tone and the same paint around them."""
    from PIL import Image

    size = (fresh.ink.shape[1], fresh.ink.shape[0])
    ink, paint = (
        np.asarray(Image.fromarray(channel).resize(size, Image.Resampling.BOX), dtype=np.float32)
        for channel in (sketch.ink, sketch.paint)
    )
    apart = np.maximum(
        np.abs(_soft(ink) - _soft(fresh.ink.astype(np.float32))),
        np.abs(_soft(paint) - _soft(fresh.paint.astype(np.float32))),
    )
    same = _soft(np.clip(1.5 - apart / ALIKE, 0.0, 1.0))
    mixed = (same * a + (1.0 - same) * b for a, b in ((ink, fresh.ink), (paint, fresh.paint)))
    return Drawing(*(np.clip(np.round(channel), 0, 255).astype(np.uint8) for channel in mixed))


def _soft(field: Float32Array) -> Float32Array:
    """Averaged over a few pixels around."""
    from scipy.ndimage import gaussian_filter

    return np.asarray(gaussian_filter(field, REACH * field.shape[1]), dtype=np.float32)
