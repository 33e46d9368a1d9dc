"""In words: what of a picture a fitted body does not show, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...arrays import BoolArray, FloatArray
from ...family.contract import Broken, Family
from ...family.frame import Frame
from ...messages import Message, amount, named, say, spelt
from ..artist.frame import to_concept
from .agreement import Agreement, Shown
from .alignment import Placed
from .registration import filled, shape_of

LOW_IOU = 0.92  # below, a body is said not to follow its picture
CLOSE_IOU = 0.95  # below, proportions that no body of the family has are told
GOOD_IOU = 0.98  # from here on, limits and rules that the fit has met are of no weight
PLAIN_IOU = 0.99  # from here on, no difference can be large enough to be told
FAR_LINES_PX = 4.0
DEEP_PX = 35.0 / 7.5  # a difference less deep is not told
LARGE_SHARE = 0.004  # of the body's area: a difference smaller than this is not told
MOST_TOLD = 4
ASKED = 12.0  # fall of the fit's cost, had a range been 5 % wider, from which a bound is told
SPAN_SAMPLES = 24


@dataclass(frozen=True)
class Difference:
    """One piece of picture without body (`more`) or body without picture.

    Attributes:
        more: the picture reaches further than the body.
        depth: how far, mm.
        area: pixels.
        way: unit vector (columns, rows) from the body's edge towards it.
        place: (column, row) of its middle.
    """

    more: bool
    depth: float
    area: int
    way: tuple[float, float]
    place: tuple[float, float]


def not_representable(
    family: Family,
    values: Mapping[str, float],
    view: str,
    picture: Placed,
    body: Shown,
    found: Agreement,
    asked: FloatArray,
    broken: Sequence[Broken],
) -> tuple[Message, ...]:
    """Sentences about a fitted body and its picture, the gravest first; empty when they agree.

    Args:
        asked: by how much each range's end holds the fit back (`Fitted.asked`).
        broken: rules that the picture's own body would break.
    """
    told: list[Message] = []
    if found.iou < LOW_IOU:
        told.append(
            say(
                "the {family} family's nearest body covers the picture with an overlap of {iou:.2f} "
                "(sketches of the family reach {usual:.2f} and more)",
                family=named(family.name),
                iou=found.iou,
                usual=LOW_IOU,
            )
        )
    if found.iou < CLOSE_IOU:
        told += unlike(family, picture.mask, view)
    pieces = differences(family.frame, picture.mask, body.mask) if found.iou < PLAIN_IOU else []
    told += [_sentence(family, values, view, piece) for piece in pieces[:MOST_TOLD]]
    if found.iou < GOOD_IOU:
        told += [
            say(
                "the picture asks for a body that {rule} refuses: {reason}",
                rule=spelt(b.rule),
                reason=b.reason,
            )
            for b in broken
        ]
        held_back = [int(k) for k in np.argsort(-asked)[:MOST_TOLD] if asked[k] >= ASKED]
        told += [_bound(family, values, k) for k in held_back]
    if found.iou >= LOW_IOU and found.line_distance_px > FAR_LINES_PX:
        told.append(
            say(
                "lines inside the outline lie {distance:.0f} mm from the body's on average",
                distance=found.line_distance_px * family.frame.mm_per_pixel,
            )
        )
    return tuple(told)


def differences(frame: Frame, picture: BoolArray, body: BoolArray) -> list[Difference]:
    """Pieces where the silhouettes differ noticeably, the largest first."""
    from scipy import ndimage

    least = LARGE_SHARE * float(body.sum())
    found: list[Difference] = []
    for more, mask, other in ((True, picture & ~body, body), (False, body & ~picture, picture)):
        depth, nearest = ndimage.distance_transform_edt(~other, return_indices=True)
        labels, count = ndimage.label(mask & (depth > 1.5))
        for k, where in enumerate(ndimage.find_objects(labels, count)):
            rows, columns = np.nonzero(labels[where] == k + 1)
            rows, columns = rows + where[0].start, columns + where[1].start
            deep = depth[rows, columns]
            if len(rows) < least or float(deep.max()) < DEEP_PX:
                continue
            core = deep >= 0.5 * deep.max()
            across = float((columns - nearest[1, rows, columns])[core].mean())
            down = float((rows - nearest[0, rows, columns])[core].mean())
            size = max(float(np.hypot(across, down)), 1e-6)
            found.append(
                Difference(
                    more,
                    float(deep.max()) * frame.mm_per_pixel,
                    len(rows),
                    (across / size, down / size),
                    (float(columns[core].mean()), float(rows[core].mean())),
                )
            )
    return sorted(found, key=lambda d: -d.area)


def unlike(family: Family, picture: BoolArray, view: str) -> list[Message]:
    """How the silhouette's proportions lie outside those of the family's own bodies."""
    fill, slim = _proportions(picture)
    (fill_low, fill_high), (slim_low, slim_high) = _span(family, view)
    told = []
    if fill > fill_high:
        told.append(
            say(
                "the picture fills {fill:.0%} of the box around it, bodies of the family at most {most:.0%}: "
                "a body so box-like is not among them",
                fill=fill,
                most=fill_high,
            )
        )
    if fill < fill_low:
        told.append(
            say(
                "the picture fills {fill:.0%} of the box around it, bodies of the family at least "
                "{least:.0%}: openings or parts that stand off are not among them",
                fill=fill,
                least=fill_low,
            )
        )
    if not slim_low <= slim <= slim_high:
        told.append(
            say(
                "the picture is {slim:.2f} times as long as high, bodies of the family {low:.2f} to "
                "{high:.2f} times",
                slim=slim,
                low=slim_low,
                high=slim_high,
            )
        )
    return told


@lru_cache(maxsize=16)
def _span(family: Family, view: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Lowest and highest share of its box that a body of the family fills, and its length over height."""
    from scipy.ndimage import binary_fill_holes

    from ...family.sampling import sample

    bodies: list[Mapping[str, float]] = [d.parameters for d in sample(family, SPAN_SAMPLES, 0).designs]
    bodies += [{**family.defaults(), **a} for a in family.archetypes.values()]
    found = []
    for values in bodies:
        shape = shape_of(family, to_concept(family, values).astype(np.float64), view)
        mesh = shape.outline.mesh
        mask = filled(shape.size, shape.points[: len(mesh.vertices)], mesh.faces)
        found.append(_proportions(binary_fill_holes(mask) if family.frame.open else mask))
    fill, slim = np.array(found).T
    return (float(fill.min()) - 0.01, float(fill.max()) + 0.01), (
        float(slim.min()) - 0.05,
        float(slim.max()) + 0.05,
    )


def _proportions(mask: BoolArray) -> tuple[float, float]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    high, wide = float(rows[-1] - rows[0] + 1), float(columns[-1] - columns[0] + 1)
    return float(mask.sum()) / (high * wide), wide / high


def _sentence(family: Family, values: Mapping[str, float], view: str, piece: Difference) -> Message:
    sideways = abs(piece.way[0]) > abs(piece.way[1])
    forward, upward = piece.way[0] < 0.0, piece.way[1] < 0.0
    if not piece.more:  # measured from the picture towards the body: the picture stops short
        forward, upward = not forward, not upward
    region = family.region(values, view, piece.place, sideways)
    told = {"where": region.name, "depth": piece.depth}
    if region.open:
        if piece.more:
            return say("{where}: the picture covers {depth:.0f} mm that the family leaves open", **told)
        return say("{where}: the picture leaves {depth:.0f} mm open that the family's body covers", **told)
    if sideways and forward:
        return say(
            "{where}: the picture reaches {depth:.0f} mm further forward than the nearest body", **told
        )
    if sideways:
        return say("{where}: the picture reaches {depth:.0f} mm further back than the nearest body", **told)
    if upward:
        return say("{where}: the picture stands {depth:.0f} mm higher than the nearest body", **told)
    return say("{where}: the picture stands {depth:.0f} mm lower than the nearest body", **told)


def _bound(family: Family, values: Mapping[str, float], number: int) -> Message:
    parameter = family.parameters[number]
    rng = parameter.range
    at_top = values[parameter.name] > 0.5 * (rng.low + rng.high)
    limit = rng.high if at_top else rng.low
    told = {
        "parameter": named(parameter.name, parameter.label),
        "limit": amount(limit, rng.unit, f"{limit:g}"),
    }
    if at_top:
        return say("{parameter} ended at its upper limit, {limit}: the picture asks for more", **told)
    return say("{parameter} ended at its lower limit, {limit}: the picture asks for less", **told)
