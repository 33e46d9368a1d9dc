"""In words: what of a picture a fitted body does not show, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...arrays import BoolArray, FloatArray
from ...family.contract import Broken, Family
from ...family.frame import Frame
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
) -> tuple[str, ...]:
    """Sentences about a fitted body and its picture, the gravest first; empty when they agree.

    Args:
        asked: by how much each range's end holds the fit back (`Fitted.asked`).
        broken: rules that the picture's own body would break.
    """
    told: list[str] = []
    if found.iou < LOW_IOU:
        told.append(
            f"the {family.name} family's nearest body covers the picture with an overlap of {found.iou:.2f} "
            f"(sketches of the family reach {LOW_IOU:.2f} and more)"
        )
    if found.iou < CLOSE_IOU:
        told += unlike(family, picture.mask, view)
    pieces = differences(family.frame, picture.mask, body.mask) if found.iou < PLAIN_IOU else []
    told += [_sentence(family, values, view, body.mask, piece) for piece in pieces[:MOST_TOLD]]
    if found.iou < GOOD_IOU:
        told += [f"the picture asks for a body that {b.rule} refuses: {b.reason}" for b in broken]
        held_back = [int(k) for k in np.argsort(-asked)[:MOST_TOLD] if asked[k] >= ASKED]
        told += [_bound(family, values, k) for k in held_back]
    if found.iou >= LOW_IOU and found.line_distance_px > FAR_LINES_PX:
        told.append(
            "lines inside the outline (glass, wheels, lamps) lie "
            f"{found.line_distance_px * family.frame.mm_per_pixel:.0f} mm from the body's on average"
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


def unlike(family: Family, picture: BoolArray, view: str) -> list[str]:
    """How the silhouette's proportions lie outside those of the family's own bodies."""
    fill, slim = _proportions(picture)
    (fill_low, fill_high), (slim_low, slim_high) = _span(family, view)
    told = []
    if fill > fill_high:
        told.append(
            f"the picture fills {100 * fill:.0f} % of the box around it, bodies of the family at most "
            f"{100 * fill_high:.0f} %: a body so box-like (a bus, a lorry) is not among them"
        )
    if fill < fill_low:
        told.append(
            f"the picture fills {100 * fill:.0f} % of the box around it, bodies of the family at least "
            f"{100 * fill_low:.0f} %: open wheels, wings or parts that stand off are not among them"
        )
    if not slim_low <= slim <= slim_high:
        told.append(
            f"the picture is {slim:.2f} times as long as high, bodies of the family {slim_low:.2f} to "
            f"{slim_high:.2f} times"
        )
    return told


@lru_cache(maxsize=16)
def _span(family: Family, view: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Lowest and highest share of its box that a body of the family fills, and its length over height."""
    from ...family.sampling import sample

    bodies: list[Mapping[str, float]] = [d.parameters for d in sample(family, SPAN_SAMPLES, 0).designs]
    bodies += [{**family.defaults(), **a} for a in family.archetypes.values()]
    found = []
    for values in bodies:
        shape = shape_of(family, to_concept(family, values).astype(np.float64), view)
        mesh = shape.outline.mesh
        found.append(_proportions(filled(shape.points[: len(mesh.vertices)], mesh.faces)))
    fill, slim = np.array(found).T
    return (float(fill.min()) - 0.01, float(fill.max()) + 0.01), (
        float(slim.min()) - 0.05,
        float(slim.max()) + 0.05,
    )


def _proportions(mask: BoolArray) -> tuple[float, float]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    high, wide = float(rows[-1] - rows[0] + 1), float(columns[-1] - columns[0] + 1)
    return float(mask.sum()) / (high * wide), wide / high


def _sentence(
    family: Family, values: Mapping[str, float], view: str, body: BoolArray, piece: Difference
) -> str:
    where = _where(family, values, view, body, piece)
    sideways = abs(piece.way[0]) > abs(piece.way[1])
    forward, upward = piece.way[0] < 0.0, piece.way[1] < 0.0
    if not piece.more:  # measured from the picture towards the body: the picture stops short
        forward, upward = not forward, not upward
    if "wheel" in where:
        if piece.more:
            return f"{where} the picture covers {piece.depth:.0f} mm that the family leaves open"
        return f"{where} the picture leaves {piece.depth:.0f} mm open that the family's body covers"
    if sideways:
        verb, direction = "reaches", "further forward" if forward else "further back"
    else:
        verb, direction = "stands", "higher" if upward else "lower"
    return f"the picture's {where} {verb} {piece.depth:.0f} mm {direction} than the family's nearest body"


def _where(family: Family, values: Mapping[str, float], view: str, body: BoolArray, piece: Difference) -> str:
    """Name of the region of the body that a difference lies at."""
    rows, columns = np.flatnonzero(body.any(axis=1)), np.flatnonzero(body.any(axis=0))
    along = (piece.place[0] - columns[0]) / max(columns[-1] - columns[0], 1)
    down = (piece.place[1] - rows[0]) / max(rows[-1] - rows[0], 1)
    wheel = _wheel_near(family, values, view, piece)
    if wheel and down > 0.45:
        return f"around the {wheel} wheel"
    if abs(piece.way[0]) > abs(piece.way[1]) and (along < 0.12 or along > 0.88):
        return "nose" if along < 0.5 else "tail"
    if down > 0.72:
        return "underside " + ("in front" if along < 0.25 else "behind" if along > 0.75 else "in the middle")
    if along < 0.28:
        return "hood" if "hood_crown" in values else "upper edge in front"
    if along < 0.42:
        return "windscreen" if "windscreen_angle" in values else "upper edge in front"
    return "roof" if along < 0.78 else "tail"


def _wheel_near(family: Family, values: Mapping[str, float], view: str, piece: Difference) -> str:
    outline = family.outline(values, view)
    middle = family.frame.middle(outline.mesh.bounds)
    for name, border in outline.borders.items():
        if not name.endswith(" rim"):
            continue
        flat: FloatArray = family.frame.project(border.points, middle, view)
        centre = flat.mean(axis=0)
        radius = 1.9 * float(np.hypot(*(flat - centre).T).max())
        if float(np.hypot(*(np.array(piece.place) - centre))) < radius:
            return name.removesuffix(" rim")
    return ""


def _bound(family: Family, values: Mapping[str, float], number: int) -> str:
    parameter = family.parameters[number]
    rng = parameter.range
    at_top = values[parameter.name] > 0.5 * (rng.low + rng.high)
    unit = "" if rng.unit == "1" else f" {rng.unit}"
    end, limit, more = ("upper", rng.high, "more") if at_top else ("lower", rng.low, "less")
    return f"{parameter.label} ended at its {end} limit, {limit:g}{unit}: the picture asks for {more}"
