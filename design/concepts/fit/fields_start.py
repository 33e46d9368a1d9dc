"""Where a fit by fields starts: the likest of the family's own bodies, brought nearer, its kinds searched.

Archetypes and drawn designs are compared with the picture at once, each stretched onto its box. The best of
each kind are fitted a little; then every whole number (back of slats or spindles, sled or legs) is tried at
its other values, and kept there where the picture is met better.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ...arrays import BoolArray, FloatArray
from ...family.contract import Family
from ...family.frame import Frame
from ...family.parameters import whole_columns
from ..artist.buffers import borders
from ..artist.frame import from_concept, to_concept
from .alignment import Placing, by_box, place, whole_frame
from .fields import LINES_PX, NO_BODY, Canvas, canvas_of, lines_seen, seen
from .fields_fit import Sight, Slopes, fit_fields, lay, of_kind
from .initial_guess import UNSURE, Drawn, Start
from .segmentation import Box, box_of

DRAWN = 64  # designs drawn beside the archetypes
SURE = 0.1  # spread of a given start that needs no bringing near
GRID = (40, 56)  # columns and rows onto which every silhouette is stretched
WIDENED, WIDENED_FROM = 2, 2  # rounds in which the likest bodies' other kinds are looked up, too
CARRIED = 40  # bodies that are ranked on
ALIKE = 1.01  # times the distance of another one
LOOKED_AT = 3  # of different kinds, fitted a little
KEPT, CLOSE = 2, 1.5  # of them, whose kinds are searched, unless the second leaves so many times as much
TRIED = 5  # other kinds, fitted a little in each round
ROUNDS = 4
LOOK = (0.73, 0.625)  # of the frame: largest width and height of a picture when it is looked up
PLAUSIBLE = 2.5  # times the cost: a kind further off before any fit is not tried
BETTER = 0.98  # of the cost: what a change of kind must reach
PER_PX = 768.0  # of edge, height and width of what is looked at: costs are told for so many
REFUSED = 0.15  # of the cost, for every rule that a kind breaks


@dataclass(frozen=True)
class Known:
    """A body of the family as it is looked up: concept vector, silhouette and lines as a row, its box."""

    z: FloatArray
    look: FloatArray
    box: Box


@dataclass(frozen=True)
class Rival:
    """A start under way: the picture where it lies, the body and its spread, slopes there, what it leaves of
    the picture."""

    sight: Sight
    z: FloatArray
    sigma: FloatArray
    slopes: Slopes
    cost: float


def start_by_fields(
    family: Family,
    drawn: Drawn,
    *,
    view: str | None,
    given: FloatArray | None,
    guesses: Sequence[FloatArray] = (),
    held: Mapping[str, float],
    spread: float = UNSURE,
) -> Start:
    """The start that a fit by fields goes on from; arguments as of :func:`.initial_guess.best_start`.

    Args:
        drawn: in the frame in which bodies are fitted (`Frame.for_fits`).
        guesses: concept vectors to look at beside the family's own bodies.
        held: parameters kept exactly, in their own units.
        spread: standard deviation of what is given.
    """
    views = family.frame.names if view is None else (view,)
    ways = [drawn] if drawn.framed else [drawn, drawn.turned()]
    found = []
    for name in views:
        for way in ways:
            found += _likest(family, way, name, guesses if given is None else [given], given is None, held)
    if not found:  # the given numbers make no body
        return start_by_fields(family, drawn, view=view, given=None, guesses=guesses, held=held)
    found.sort(key=lambda pair: pair[0])
    if given is not None:
        found = [(away, replace(start, sigma=np.full(len(start.z), spread))) for away, start in found]
        if spread <= SURE:
            return found[0][1]
    near = [_brought_near(family, start, held) for start in _of_each_kind(family, found)]
    left = np.array([_left(family, start) for start in near])
    first = [near[k] for k in np.argsort(left)[:KEPT] if left[k] <= CLOSE * left.min()]
    rivals = [_rival(family, start, held) for start in first]
    if given is None:
        rivals = [_kinds_searched(family, rival, held) for rival in rivals]
    best = min(rivals, key=lambda r: r.cost)
    return Start(best.z, best.sigma, best.sight.canvas.view, best.sight.drawn, best.sight.at, 0.0)


def _likest(
    family: Family,
    drawn: Drawn,
    view: str,
    guesses: Sequence[FloatArray],
    own: bool,
    held: Mapping[str, float],
) -> list[tuple[float, Start]]:
    """Starts with their distance from the picture: the guesses, and the family's own bodies where asked."""
    known = [
        k
        for k in [_known(family, from_concept(family, z), drawn.frame, view) for z in guesses]
        if k is not None
    ]
    if own:
        known += _library(family, drawn.frame, view)
    wide, high = drawn.box[2] - drawn.box[0], drawn.box[3] - drawn.box[1]
    width, height = drawn.frame.picture
    large = min(LOOK[0] * width / wide, LOOK[1] * height / high)
    foot, half = 0.9 * height, 0.5 * large * wide
    box = (0.5 * width - half, foot - large * high, 0.5 * width + half, foot)
    placed = place(drawn.mask, drawn.ink, by_box(drawn.frame, drawn.box, box, None))
    picture, scale = _stretched(placed.mask, lines_seen(placed), box_of(placed.mask)), drawn.scale

    def ranked(bodies: Sequence[Known]) -> list[tuple[float, Known]]:
        found = []
        for body in bodies:
            ratios = np.log([(body.box[2] - body.box[0]) / wide, (body.box[3] - body.box[1]) / high])
            off = ratios - (ratios.mean() if scale is None else np.log(scale))
            found.append((float(np.mean((body.look - picture) ** 2)) + 0.5 * float(off @ off), body))
        return sorted(found, key=lambda pair: pair[0])

    likest = ranked(known)
    for _ in range(WIDENED if own else 0):
        others = [z for _, body in likest[:WIDENED_FROM] for z in _neighbours(family, body.z, held)]
        bodies = [_known(family, from_concept(family, z), drawn.frame, view) for z in others]
        likest = sorted([*likest, *ranked([b for b in bodies if b is not None])], key=lambda pair: pair[0])
    found = []
    for away, body in likest[:CARRIED]:
        z = to_concept(family, {**from_concept(family, body.z), **held}).astype(np.float64)
        at = whole_frame(drawn.frame, drawn.ink.shape[1])
        if not drawn.framed:
            body_box = _of_height(body.box, wide / high)
            at = by_box(drawn.frame, drawn.box, body_box, drawn.mm_per_px)
        found.append((away, _begun(z, view, drawn, at)))
    return found


def _of_height(box: Box, wide: float) -> Box:
    """A box on the same foot and middle, as large, and so many times as wide as high."""
    middle, size = 0.5 * (box[0] + box[2]), (box[2] - box[0]) * (box[3] - box[1])
    high = float(np.sqrt(size / wide))
    return middle - 0.5 * high * wide, box[3] - high, middle + 0.5 * high * wide, box[3]


def _of_each_kind(family: Family, starts: Sequence[tuple[float, Start]]) -> list[Start]:
    """The first starts that differ in their kinds, view or direction, and in how far they are off: kinds that
    cannot be told apart (steel, aluminium) are as far off as each other."""
    names = family.kinds or [family.parameters[k].name for k in whole_columns(family.declaration)]
    found: dict[tuple[object, ...], tuple[float, Start]] = {}
    for away, start in starts:
        values = from_concept(family, start.z)
        kind = (start.view, start.drawn.mirrored, *(values[n] for n in names))
        if kind not in found and all(away > ALIKE * other for other, _ in found.values()):
            found[kind] = (away, start)
        if len(found) == LOOKED_AT:
            break
    return [start for _, start in found.values()]


def _brought_near(family: Family, start: Start, held: Collection[str]) -> Start:
    """A start after two steps at long range."""
    fitted, _ = fit_fields(
        family, sight_of(start, near=False), start.z, start.sigma,
        held=held, pose_spread=start.pose_spread, steps=2,
    )  # fmt: skip
    return replace(start, z=fitted.z, at=start.at.moved(fitted.pose))


def _left(family: Family, start: Start) -> float:
    """What a start leaves of the picture at close range."""
    sight = sight_of(start, near=True)
    laid = lay(family, sight, start.z, np.zeros(3))
    return np.inf if laid is None else _by_size(laid.cost, sight.canvas)


def _rival(family: Family, start: Start, held: Collection[str]) -> Rival:
    """A start after two steps at close range."""
    sight = sight_of(start, near=True)
    fitted, slopes = fit_fields(
        family, sight, start.z, start.sigma, held=held, pose_spread=start.pose_spread, steps=2
    )
    moved = replace(sight, at=start.at.moved(fitted.pose))
    return Rival(moved, fitted.z, start.sigma, slopes, _by_size(fitted.cost, sight.canvas))


def sight_of(start: Start, near: bool) -> Sight:
    """The picture of a start, to be compared for the last steps of a fit or for those before."""
    placed = place(start.drawn.mask, start.drawn.ink, start.at)
    return Sight(start.drawn, start.at, canvas_of(placed, start.drawn.frame, start.view, near=near))


def _by_size(cost: float, canvas: Canvas) -> float:
    size = int(canvas.rows.stop - canvas.rows.start + canvas.columns.stop - canvas.columns.start)
    return cost * PER_PX / size


def _kinds_searched(family: Family, rival: Rival, held: Mapping[str, float]) -> Rival:
    """The rival with the whole numbers that meet the picture best."""
    here = rival
    for _ in range(ROUNDS):
        others = []
        for z in _neighbours(family, here.z, held):
            laid = lay(family, here.sight, z, np.zeros(3))
            if laid is not None:
                cost = _by_size(laid.cost, here.sight.canvas) * _refusal(family, z, here.z)
                others.append((cost, z))
        others.sort(key=lambda pair: pair[0])
        best = here.cost * BETTER
        found: FloatArray | None = None
        for rough, z in others[:TRIED]:
            if rough > PLAUSIBLE * here.cost:
                break
            fitted, _ = fit_fields(
                family, here.sight, z, np.full(len(z), UNSURE), held=held, steps=2, known=here.slopes
            )
            cost = _by_size(fitted.cost, here.sight.canvas) * _refusal(family, fitted.z, here.z)
            if cost < best:
                best, found = cost, fitted.z
        if found is None:
            return here
        sight = here.sight
        here = _rival(family, _begun(found, sight.canvas.view, sight.drawn, sight.at), held)
    return here


def _neighbours(family: Family, z: FloatArray, held: Collection[str]) -> list[FloatArray]:
    """Bodies with one whole number at another of its values."""
    values, found = from_concept(family, z), []
    for k in whole_columns(family.declaration):
        parameter = family.parameters[k]
        if parameter.name in held:
            continue
        for value in range(int(parameter.range.low), int(parameter.range.high) + 1):
            if value != values[parameter.name]:
                found.append(of_kind(family, z, values, k, value))
    return found


def _refusal(family: Family, z: FloatArray, before: FloatArray) -> float:
    """Factor on the cost for rules that a body breaks and the one before did not."""
    broken = {b.rule for b in family.broken_rules(from_concept(family, before))}
    return 1.0 + REFUSED * len(family.newly_broken(from_concept(family, z), broken))


@lru_cache(maxsize=8)
def _library(family: Family, frame: Frame, view: str) -> tuple[Known, ...]:
    """Defaults, archetypes and drawn designs as they look in a view."""
    from ...family.sampling import sample

    named = ({}, *family.archetypes.values())
    bodies: list[Mapping[str, float]] = [family.defaults() | dict(a) for a in named]
    bodies += [d.parameters for d in sample(family, DRAWN, 0).designs]
    return tuple(k for k in (_known(family, values, frame, view) for values in bodies) if k is not None)


def _known(family: Family, values: Mapping[str, float], frame: Frame, view: str) -> Known | None:
    from scipy.ndimage import binary_fill_holes

    try:
        numbers = seen(family, values, frame, view)
    except NO_BODY:
        return None
    mask = np.asarray(binary_fill_holes(numbers > 0))
    if not mask.any():
        return None
    box = box_of(mask)
    return Known(to_concept(family, values).astype(np.float64), _stretched(mask, borders(numbers), box), box)


def _stretched(mask: BoolArray, lines: BoolArray, box: Box) -> FloatArray:
    """Silhouette and nearness of lines on a grid over the box, in one row."""
    from scipy.ndimage import distance_transform_edt

    left, top, right, bottom = (round(v) for v in box)
    mask, lines = mask[top:bottom, left:right], lines[top:bottom, left:right]
    apart = distance_transform_edt(~lines) if lines.any() else np.full(lines.shape, np.inf)
    reach = LINES_PX * mask.shape[0] / 200.0
    rows = ((np.arange(GRID[1]) + 0.5) * mask.shape[0] / GRID[1]).astype(np.int64)
    columns = ((np.arange(GRID[0]) + 0.5) * mask.shape[1] / GRID[0]).astype(np.int64)
    near = 1.0 - np.minimum(apart / reach, 1.0)
    return np.concatenate([f[np.ix_(rows, columns)].ravel() for f in (mask.astype(np.float64), 0.6 * near)])


def _begun(z: FloatArray, view: str, drawn: Drawn, at: Placing) -> Start:
    return Start(z, np.full(len(z), UNSURE), view, drawn, at, 0.0)
