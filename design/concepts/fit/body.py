"""The body that a picture shows: parameters of a family, how well they agree with the picture, and in words
what the family cannot represent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from ...arrays import FloatArray
from ...errors import InputError
from ...family.contract import Broken, Family
from ...family.registry import DEFAULT_FAMILY, get_family
from ..artist.frame import from_concept, to_concept
from .agreement import Agreement, compare, shown
from .alignment import place
from .fields_fit import fit_fields, kinds_seen
from .fields_start import SURE, sight_of, start_by_fields
from .fit import Fitted, fit
from .initial_guess import UNSURE, Drawn, Start, best_start, encoded
from .picture import ink_of, working
from .registration import target_of
from .repair import mended
from .residuals import not_representable
from .segmentation import segment

FEW_STEPS = 4  # of a fit by fields, whose start has been fitted already
KIND_SIGMA = 0.01  # of a whole number that has been searched for and can be seen: it is not traded for others
UNSURE_SIGMA = 0.25  # in the concept vector: an eighth of a parameter's range


@dataclass(frozen=True)
class FittedBody:
    """A body fitted to a picture.

    Attributes:
        values: complete parameters that keep every rule of the family.
        agreement: measured on the picture as drawn.
        view: which view the picture shows.
        mirrored: the picture shows the nose to the right.
        not_representable: sentences on what the family's body does not show; empty when all is well.
        sigma: standard deviation of each parameter in its range scaled to [-1, 1], (P,).
        unsure: parameters that the picture says little about, by name.
        mm_per_px: scale of the picture, as given or as fitted.
    """

    values: Mapping[str, float]
    agreement: Agreement
    view: str
    mirrored: bool
    not_representable: tuple[str, ...]
    sigma: FloatArray
    unsure: tuple[str, ...]
    mm_per_px: float


def body_from_image(
    image: Any,
    family: str | Family = DEFAULT_FAMILY,
    *,
    encoder: Any = None,
    mm_per_px: float | None = None,
    view: str | None = None,
    refine: bool = True,
    start: Mapping[str, float] | None = None,
    spread: float = UNSURE,
    shadows: bool = True,
    held: Mapping[str, float] | None = None,
    source: str = "picture",
) -> FittedBody:
    """The family's body that a picture shows.

    Args:
        image: Pillow image or array of a sketch, drawing, scan, or photo on a plain background.
        encoder: `ConceptEncoder` trained for the family; None: the fit starts from the family's named bodies.
        mm_per_px: the picture's scale; `family.frame.mm_per_pixel` for our own sketch (place and direction
            are then known too), None where it is not known.
        view: one of the family's frame; None: found out.
        refine: fit the body's outline and borders to the picture, else take the start as it is.
        start: complete parameters to start from instead of the encoder's.
        spread: their standard deviation in the concept vector, where fields are fitted: how far what the
            picture seems to show may lead away from them.
        shadows: there may be some, which are no part of the body.
        held: parameters kept exactly at these values.
        source: what to call the picture in messages.

    Raises:
        InputError: not a picture, nothing to see on it, or an unknown view or parameter.
    """
    kin = get_family(family) if isinstance(family, str) else family
    drawn, shrink, remarks = _drawn(kin, image, mm_per_px, view, shadows, source)
    return _body(kin, drawn, shrink, remarks, encoder, view, refine, start, spread, held)


def _drawn(
    family: Family, image: Any, mm_per_px: float | None, view: str | None, shadows: bool, source: str
) -> tuple[Drawn, float, tuple[str, ...]]:
    """The picture cut out, how much smaller it was made, and remarks on its silhouette."""
    if view is not None:
        family.frame.view(view)
    if mm_per_px is not None and not 0.05 <= mm_per_px <= 200.0:
        raise InputError(f"mm_per_px is {mm_per_px:g}; allowed 0.05 to 200 mm per pixel")
    rgb, shrink = working(image, source)
    paper = ink_of(rgb)
    silhouette = segment(rgb, paper, source, family.frame.open, shadows)
    scale = None if mm_per_px is None else mm_per_px * shrink
    drawn = Drawn(family.frame, silhouette.mask, paper.ink, silhouette.box, scale, False)
    return drawn, shrink, silhouette.remarks


@cache
def _point_by_point(family: Family) -> bool:
    """Whether the outlines of a family's bodies have the same points: these are laid on the picture. What one
    looks through is told by its lines inside as much as by its outline."""
    if family.frame.open:
        return False
    named = [family.defaults() | dict(body) for body in ({}, *family.archetypes.values())]
    return len({len(family.outline(values).mesh.vertices) for values in named}) == 1


def _body(
    family: Family,
    drawn: Drawn,
    shrink: float,
    remarks: tuple[str, ...],
    encoder: Any,
    view: str | None,
    refine: bool,
    start: Mapping[str, float] | None,
    spread: float,
    held: Mapping[str, float] | None,
) -> FittedBody:
    fixed = {name: float(value) for name, value in (held or {}).items()}
    family.validate({**family.defaults(), **fixed})
    given = None
    if start is not None:
        given = to_concept(family, family.validate({**start, **fixed})).astype(np.float64)
    if refine and not _point_by_point(family):
        guesses = [] if encoder is None else [encoded(encoder, [drawn]).z[0].astype(np.float64)]
        first = start_by_fields(
            family,
            replace(drawn, frame=family.frame.for_fits),
            view=view,
            given=given,
            guesses=guesses,
            held=fixed,
            spread=spread,
        )
    else:
        first = best_start(family, drawn, encoder=encoder, view=view, given=given)
    first = _with_held(family, first, fixed)
    fitted = _fitted(family, first, tuple(fixed), refine)
    fitted, broken = _sound(family, first, fitted, fixed, refine)
    values = family.validate({**from_concept(family, fitted.z), **fixed})
    at = first.at.moved(fitted.pose).within(family.frame.picture)
    picture = place(first.drawn.mask, first.drawn.ink, at)
    body = shown(family.mesh(values), family.frame, first.view)
    found = compare(picture, body)
    told = not_representable(family, values, first.view, picture, body, found, fitted.asked, broken)
    unsure = tuple(
        p.name
        for p, s in zip(family.parameters, fitted.sigma, strict=True)
        if s > UNSURE_SIGMA and p.name not in fixed
    )
    return FittedBody(
        values,
        found,
        first.view,
        first.drawn.mirrored,
        (*remarks, *told),
        fitted.sigma,
        unsure,
        at.mm_per_px(family.frame) / shrink,
    )


def _with_held(family: Family, start: Start, fixed: Mapping[str, float]) -> Start:
    """The start with fixed parameters in place."""
    if not fixed:
        return start
    z = to_concept(family, {**from_concept(family, start.z), **fixed}).astype(np.float64)
    return Start(z, start.sigma, start.view, start.drawn, start.at, start.iou)


def _fitted(
    family: Family,
    start: Start,
    held: tuple[str, ...],
    refine: bool,
    z: FloatArray | None = None,
    steps: int = 6,
) -> Fitted:
    """The fit from a start, or from `z` with the start's own spread about the start."""
    if not refine:
        zeros = np.zeros(len(start.z))
        return Fitted(start.z, np.zeros(3), start.sigma, zeros, 0.0, (0.0, 0.0))
    begin = start.z if z is None else z
    if not _point_by_point(family):
        sight = sight_of(start, near=True)
        found, slopes = fit_fields(
            family, sight, begin, start.sigma,
            held=held, pose_spread=start.pose_spread, steps=min(steps, FEW_STEPS),
        )  # fmt: skip
        if start.sigma.max() > SURE:  # else what is not seen was known before
            found.sigma[list(kinds_seen(family, sight, found, slopes, held))] = KIND_SIGMA
        return found
    placed = place(start.drawn.mask, start.drawn.ink, start.at)
    target = target_of(placed.mask, placed.ink, start.view)
    return fit(family, target, begin, start.sigma, held=held, pose_spread=start.pose_spread, steps=steps)


def _sound(
    family: Family, start: Start, fitted: Fitted, fixed: Mapping[str, float], refine: bool
) -> tuple[Fitted, tuple[Broken, ...]]:
    """The fit brought within the family's rules, and those that held it back."""
    if not family.broken_rules(family.validate({**from_concept(family, fitted.z), **fixed})):
        return fitted, ()

    def again(z: FloatArray, held: tuple[str, ...]) -> Fitted:
        if not refine:
            return replace(fitted, z=z)
        return _fitted(family, start, (*fixed, *held), refine, z, steps=3)

    return mended(family, fitted, fixed, again)
