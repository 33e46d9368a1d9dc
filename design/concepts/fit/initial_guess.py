"""Where a fit starts: the encoder's answer, both ways round where the nose's side is not known, or the
family's named bodies where there is no encoder or it is far off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import BoolArray, Float32Array, FloatArray
from ...family.contract import Family
from ...family.frame import Frame
from ..artist.frame import to_concept
from .alignment import Placing, by_box, in_frame, overlap, place, whole_frame
from .encoder import Encoded, encode, network_input
from .fit import fit
from .registration import Shape, filled, shape_of, target_of
from .segmentation import Box

UNSURE = 0.35  # standard deviation of a named body as a guess at the picture's, in the concept vector
POOR_IOU = 0.86  # below, the named bodies are tried beside the encoder's answer
NEAR_IOU = 0.03  # starts that differ by less are told apart by a short fit
LIKELY = 0.12  # a view less likely than this is not tried
FREE_SCALE = (0.04, 5.0, 5.0)  # spread of scale (log) and place (pixels) where a picture is laid by its box
KNOWN_SCALE = (1e-3, 5.0, 5.0)


@dataclass(frozen=True)
class Drawn:
    """A picture as the fit takes it: silhouette, its box, and ink, in the picture's own pixels, the nose to
    the left unless `mirrored` has turned it round; and the frame into which it is laid."""

    frame: Frame
    mask: BoolArray
    ink: Float32Array
    box: Box
    mm_per_px: float | None
    mirrored: bool

    @property
    def framed(self) -> bool:
        """It is a drawing in the frame: scale and place are known."""
        return in_frame(self.frame, self.ink.shape[1], self.ink.shape[0], self.mm_per_px)

    @property
    def scale(self) -> float | None:
        """Frame pixels that a pixel of the picture is wide; None where nobody knows."""
        return None if self.mm_per_px is None else self.mm_per_px / self.frame.mm_per_pixel

    def turned(self) -> Drawn:
        """Its mirror image."""
        left, top, right, bottom = self.box
        width = float(self.ink.shape[1])
        return Drawn(
            self.frame,
            np.ascontiguousarray(self.mask[:, ::-1]),
            np.ascontiguousarray(self.ink[:, ::-1]),
            (width - right, top, width - left, bottom),
            self.mm_per_px,
            not self.mirrored,
        )


@dataclass(frozen=True)
class Start:
    """A guess: concept vector and its spread, which view, how the picture lies in the frame, and how well the
    guess already covers it."""

    z: FloatArray
    sigma: FloatArray
    view: str
    drawn: Drawn
    at: Placing
    iou: float

    @property
    def pose_spread(self) -> tuple[float, float, float] | None:
        """What the fit may move of the picture's place."""
        if self.drawn.framed:
            return None
        return FREE_SCALE if self.drawn.mm_per_px is None else KNOWN_SCALE


def encoded(encoder: Any, drawn: Sequence[Drawn]) -> Encoded:
    """The encoder's answer to pictures, in one batch."""
    return encode(encoder, [network_input(d.frame, d.ink, d.box, d.scale) for d in drawn])


def best_start(
    family: Family,
    drawn: Drawn,
    *,
    encoder: Any,
    view: str | None,
    given: FloatArray | None,
) -> Start:
    """The start that covers the picture best.

    Args:
        encoder: network, or None.
        view: one of the family's frame where it is known.
        given: concept vector to start from instead of any guess.
    """
    ways = [drawn] if drawn.framed else [drawn, drawn.turned()]
    guesses: list[Start] = []
    if given is not None:
        spread = np.full(len(given), UNSURE)
        guesses = [_start(family, given, spread, v, d) for d in ways for v in _views(family, view, None)]
    elif encoder is not None:
        e = encoded(encoder, ways)
        for d, z, sigma, chance in zip(ways, e.z, e.sigma, e.view, strict=True):
            guesses += [_start(family, z, sigma, v, d) for v in _views(family, view, chance)]
    if not guesses or (given is None and max(g.iou for g in guesses) < POOR_IOU):
        likely = {g.view for g in guesses} or set(_views(family, view, None))
        for d in ways:
            for z in _named(family):
                spread = np.full(len(z), UNSURE)
                guesses += [_start(family, z, spread, v, d) for v in family.frame.names if v in likely]
    guesses.sort(key=lambda g: -g.iou)
    rivals = [g for g in guesses[:4] if g.iou > guesses[0].iou - NEAR_IOU]
    if len({(g.view, g.drawn.mirrored) for g in rivals}) < 2:
        return rivals[0]
    return min(rivals, key=lambda g: _short_fit(family, g))


def _views(family: Family, view: str | None, chance: FloatArray | None) -> list[str]:
    if view is not None:
        return [view]
    if chance is None:
        return list(family.frame.names)
    return [v for v, c in zip(family.frame.names, chance, strict=True) if c >= LIKELY]


def _named(family: Family) -> list[FloatArray]:
    """Concept vectors of the defaults and of the family's archetypes."""
    defaults = family.defaults()
    bodies = [defaults, *({**defaults, **archetype} for archetype in family.archetypes.values())]
    return [to_concept(family, body).astype(np.float64) for body in bodies]


def _start(family: Family, z: Any, sigma: Any, view: str, drawn: Drawn) -> Start:
    vector = np.clip(np.asarray(z, dtype=np.float64), -1.0, 1.0)
    shape = shape_of(family, vector, view)
    at = whole_frame(drawn.frame, drawn.ink.shape[1])
    if not drawn.framed:
        at = by_box(drawn.frame, drawn.box, _box(shape), drawn.mm_per_px)
    mesh = shape.outline.mesh
    covered = filled(shape.size, shape.points[: len(mesh.vertices)], mesh.faces, 0.5)
    picture = place(drawn.mask, drawn.ink, at).mask[::2, ::2]
    iou = overlap(covered, picture)
    return Start(vector, np.asarray(sigma, dtype=np.float64), view, drawn, at, iou)


def _box(shape: Shape) -> Box:
    flat = shape.points[: len(shape.outline.mesh.vertices)]
    (left, top), (right, bottom) = flat.min(axis=0), flat.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _short_fit(family: Family, start: Start) -> float:
    """Cost that a start leaves after two steps, per thousand pixels of the picture's height and width."""
    placed = place(start.drawn.mask, start.drawn.ink, start.at)
    target = target_of(placed.mask, placed.ink, start.view)
    fitted = fit(family, target, start.z, start.sigma, pose_spread=start.pose_spread, steps=2)
    away = float((((fitted.z - start.z) / np.maximum(start.sigma, 0.05)) ** 2).sum())
    rows, columns = np.flatnonzero(placed.mask.any(axis=1)), np.flatnonzero(placed.mask.any(axis=0))
    return float((fitted.cost + away) * (placed.mask.shape[1] / max(len(rows) + len(columns), 1)))
