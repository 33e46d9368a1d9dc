"""Variations of a concept: facelift, mix of two, variants for several markets, restyled result.

Each is one call of the pipeline with the right start; they are here so that their meaning is written once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Float32Array
from ...errors import InputError
from ..artist.draw import Drawing
from ..artist.frame import FINE
from .request import real

if TYPE_CHECKING:
    from .pipeline import ConceptOutput, ConceptPipeline


#: over how many pixels at `FINE` two drawings are compared, and how far apart in tone (of 255) they are alike
REACH = 4.0
ALIKE = 20.0


def facelift(
    pipe: ConceptPipeline,
    start: Any,
    prompt: Any = None,
    *,
    strength: float = 0.4,
    fixed: Mapping[str, float] | None = None,
    **kwargs: Any,
) -> ConceptOutput:
    """An existing body varied, its hard points kept.

    Args:
        start: parameters by name, a concept vector (P,), a `Drawing`, or any picture (Pillow, array, file).
        strength: 0 keeps the body, 1 ignores it. fixed: parameters that stay exactly as given.
        kwargs: as for the pipeline.
    """
    is_body = isinstance(start, Mapping) or (not isinstance(start, Drawing) and np.ndim(start) == 1)
    given: dict[str, Any] = {"concept": start} if is_body else {"image": start, "drawing_strength": 1.0}
    out: ConceptOutput = pipe(prompt, **{"strength": strength, "fixed": fixed, **given, **kwargs})
    return out


def blend(a: Float32Array, b: Float32Array, share: float, how: str = "slerp") -> Float32Array:
    """Concept vector (P,) between two: `share` 0 is `a`, 1 is `b`.

    `slerp` keeps the distance from the middle of the space that the two have, so that a blend of two
    characters is no mean car; `lerp` is the straight line.
    """
    s = np.float32(real("share", share, 0.0, 1.0))
    if how not in ("slerp", "lerp"):
        raise InputError(f"how {how!r} is not known; choose from slerp, lerp")
    a, b = np.asarray(a, dtype=np.float32), np.asarray(b, dtype=np.float32)
    if a.shape != b.shape or a.ndim != 1:
        raise InputError(f"two concept vectors of one length are needed, not {a.shape} and {b.shape}")
    length = float(np.linalg.norm(a)) * float(np.linalg.norm(b))
    angle = float(np.arccos(np.clip(float(a @ b) / length, -1.0, 1.0))) if length > 0 else 0.0
    if how == "lerp" or not 1e-3 < angle < np.pi - 1e-3:
        mixed = (1 - s) * a + s * b
    else:
        mixed = (np.sin((1 - s) * angle) * a + np.sin(s * angle) * b) / np.float32(np.sin(angle))
    return np.clip(mixed, -1.0, 1.0).astype(np.float32)


def mix(
    pipe: ConceptPipeline,
    a: Float32Array,
    b: Float32Array,
    prompt: Any = None,
    *,
    share: float = 0.5,
    how: str = "slerp",
    strength: float = 0.3,
    **kwargs: Any,
) -> ConceptOutput:
    """Bodies between two concepts: the blend is noised to `strength` and drawn again, so that the prior makes
    a car of it."""
    out: ConceptOutput = pipe(prompt, concept=blend(a, b, share, how), strength=strength, **kwargs)
    return out


def variants(
    pipe: ConceptPipeline,
    concept: Any,
    requirements: Sequence[Mapping[str, Any]],
    prompt: Any = None,
    *,
    strength: float = 0.5,
    seed: int = 0,
    **kwargs: Any,
) -> ConceptOutput:
    """One concept for several markets: one picture per set of numbers, all from the same noise, so that only
    the requirements make the difference.

    Args:
        requirements: sets as the pipeline's `numbers`, one per variant. kwargs: as for the pipeline; `view`,
            `style`, `palette` for all; not `num_images_per_prompt`.
    """
    import torch

    sets = list(requirements)
    if not sets:
        raise InputError("requirements is empty; one set of numbers per variant is needed")
    same = [torch.Generator(device=pipe.device).manual_seed(seed) for _ in sets]
    given: dict[str, Any] = {"concept": concept, "numbers": sets, "strength": strength, "generator": same}
    out: ConceptOutput = pipe(prompt, **given, **kwargs)
    return out


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

    return np.asarray(gaussian_filter(field, REACH * field.shape[1] / FINE[0]), dtype=np.float32)
