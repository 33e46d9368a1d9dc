"""Whether numbers and the drag's gradient steer sketches, measured on the bodies that the sketches show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from ...design.arrays import FloatArray, IntArray
from ...design.family.contract import Family
from ...design.statistics import rank_correlation
from ..progress import silent
from ..sheets.sketching import Sketch, Wish, draw
from .rows import Row
from .sketches import (
    Values,
    draw_each,
    draw_sheet,
    first_bodies,
    measured,
    predicted_drag,
    said_of,
    unit_rows,
    unread,
    values_of,
)
from .words import Asked, Score

if TYPE_CHECKING:
    from ...design.concepts.fit.body import FittedBody
    from ..sheets.words import Spoken


#: strength of the drag guidance that `maquette sketch --drag-guidance` is recommended with: with a prior of
#: six minutes, 0.5 lowered the drag of the bodies meant by 1.2 standard deviations and lost no words, 1.0 by
#: 2.2 and lost 2 points
DRAG_GUIDANCE = 0.7
DRAG_FALLS, WORDS_LOST = 1.0, 3.0
#: seeds of the sketches asked by number, and of the prompts and sketches of the sheets
NUMBERS_SEED, SHEETS_SEED = 101, 211
#: what is asked by number, and the promise of its rank correlation
NUMBERS: Mapping[str, float] = MappingProxyType(
    {"ground_clearance": 0.9, "overall_height": 0.9, "overall_length": 0.9, "drag_coefficient": 0.8}
)
DRAG = "drag_coefficient"
NEUTRAL = "a car"
#: how far asked values reach to either side of the training designs' mean, in deviations
REACH = 2.0


#: a facelift of this strength goes about that share of the way to a fresh sketch of the same words
FACELIFT, NEAR_HALF, FACELIFT_SEED = 0.5, (0.3, 0.7), 401


@dataclass(frozen=True)
class Sheets:
    """Sheets of the same briefs and seeds without and with drag guidance.

    Attributes:
        briefs: what each sheet's prompt says; asked: its attributes.
        plain, guided: sketches, sheet after sheet.
    """

    briefs: Sequence[Spoken]
    asked: Sequence[Asked]
    plain: Sequence[Sketch]
    guided: Sequence[Sketch]


def asked_values(family: Family, pipe: Any, name: str, count: int) -> FloatArray:
    """Values (count,) over a number's range: `REACH` deviations about the training designs' mean, within the
    declared range where it is a parameter."""
    numbers = pipe.numbers
    k = numbers.names.index(name)
    low, high = (numbers.means[k] + side * REACH * numbers.scales[k] for side in (-1.0, 1.0))
    for p in family.parameters:
        if p.name == name:
            low, high = max(low, p.range.low), min(high, p.range.high)
    return np.linspace(low, high, count)


def draw_asked(pipe: Any, name: str, values: FloatArray) -> list[Sketch]:
    """One sketch with neutral words for each exact value of a number."""
    return draw_each(pipe, said_asking(pipe, name, values), NUMBERS_SEED)


def said_asking(pipe: Any, name: str, values: FloatArray) -> list[Spoken]:
    """Neutral words with each exact value of a number."""
    neutral = said_of([NEUTRAL], pipe)[0]
    return [replace(neutral, numbers={name: (float(v), float(v))}) for v in values]


def draw_sheets(pipe: Any, count: int, sketches: int) -> Sheets:
    """`count` sheets of `sketches` each for held-out prompts, without and with drag guidance, from the same
    noise."""
    from ...design.concepts.training.captions import held_out_prompts

    prompts = held_out_prompts(count, SHEETS_SEED, pipe.family)
    briefs = said_of([text for text, _ in prompts], pipe)
    plain: list[Sketch] = []
    guided: list[Sketch] = []
    for drag, drawn in ((0.0, plain), (DRAG_GUIDANCE, guided)):
        for k, brief in enumerate(briefs):
            drawn.extend(draw_sheet(pipe, brief, SHEETS_SEED + k, drag, sketches))
    return Sheets(briefs, [attributes for _, attributes in prompts], plain, guided)


def facelift_row(sheets: Sheets, pipe: Any, per_sheet: int) -> Row:
    """How far a facelift of half strength leaves its start, in distances of fresh sketches of the same words.

    The bodies meant are compared, before anybody reads a picture.
    """
    ratios = []
    for k, brief in enumerate(sheets.briefs):
        fresh = [dict(s.meant or {}) for s in sheets.plain[k * per_sheet : (k + 1) * per_sheet]]
        wish = Wish(n=per_sheet, start=fresh[0], strength=FACELIFT)
        varied = [dict(s.meant or {}) for s in draw(pipe, brief, wish, FACELIFT_SEED + k, silent)]
        start, *others = unit_rows(pipe.family, fresh)
        away = np.linalg.norm(unit_rows(pipe.family, varied) - start, axis=1).mean()
        ratios.append(float(away / np.linalg.norm(np.array(others) - start, axis=1).mean()))
    low, high = NEAR_HALF
    detail = f"{min(ratios):.2f} to {max(ratios):.2f} over {len(ratios)} starts"
    return Row("facelift of strength 0.5: way left / fresh", float(np.mean(ratios)), "x", high, low, detail)


def number_row(
    family: Family,
    name: str,
    asked: FloatArray,
    bodies: Sequence[FittedBody | str],
    promise: float,
    pipe: Any = None,
) -> Row:
    """Rank correlation of asked values (n,) with the recovered bodies'; in the detail also the prior's alone,
    with nothing drawn again (`pipe` None leaves it out)."""
    known = [k for k, body in enumerate(values_of(bodies)) if body is not None]
    if len(known) < 3:
        return Row(f"numbers: {name}", float("nan"), "rho", at_least=promise, detail=unread(bodies))
    got = _of(family, name, [b for b in values_of(bodies) if b is not None])
    off = float(np.median(np.abs(got - asked[known])))
    unit = "" if name == DRAG else " mm"
    detail = f"{len(asked)} asked from {asked[0]:.4g} to {asked[-1]:.4g}{unit}, median miss {off:.3g}{unit}"
    if pipe is not None:
        first = _of(family, name, first_bodies(pipe, said_asking(pipe, name, asked), NUMBERS_SEED))
        detail += f"; first draws of the prior alone {rank_correlation(asked, first):.3f}"
    return Row(
        f"numbers: {name}", rank_correlation(asked[known], got), "rho", None, promise, detail + unread(bodies)
    )


def _of(family: Family, name: str, bodies: Sequence[Values]) -> FloatArray:
    """A number of each body (n,); drag as the surrogate predicts it."""
    if name == DRAG:
        return predicted_drag(family, bodies)
    return np.array([measured(family, values, name) for values in bodies])


def drag_rows(
    family: Family,
    plain: Sequence[FittedBody | str],
    guided: Sequence[FittedBody | str],
    per_sheet: int,
    words: tuple[Score | None, Score | None],
) -> list[Row]:
    """What drag guidance does to the bodies of sheets of `per_sheet` sketches, and to the words.

    The standard deviation is that of the predicted drag within an unguided sheet (n - 1), averaged over the
    sheets. A sketch counts only where both its versions could be read.
    """
    pairs = list(zip(values_of(plain), values_of(guided), strict=True))
    both = [(k // per_sheet, a, b) for k, (a, b) in enumerate(pairs) if a is not None and b is not None]
    name = f"drag guidance {DRAG_GUIDANCE:g}: fall of the predicted drag"
    if len(both) < 2:
        return [Row(name, float("nan"), "SD", at_least=DRAG_FALLS, detail=unread([*plain, *guided]))]
    sheet_of = np.array([k for k, _, _ in both])
    before = predicted_drag(family, [a for _, a, _ in both])
    after = predicted_drag(family, [b for _, _, b in both])
    fall, deviation = drag_fall(before, after, sheet_of)
    sheets = f"{len(np.unique(sheet_of))} sheets of {per_sheet}"
    detail = (
        f"{before.mean():.4f} to {after.mean():.4f} over {sheets}; SD within an unguided sheet "
        f"{deviation:.4f} on average; {100 * (after < before).mean():.0f} % of them fell"
        f"{unread([*plain, *guided])}"
    )
    rows = [Row(name, fall / deviation, "SD", None, DRAG_FALLS, detail)]
    lost, said = float("nan"), "no evaluator"
    if words[0] is not None and words[1] is not None:
        lost = words[0].percent - words[1].percent
        said = f"{words[0].percent:.1f} % without, {words[1].percent:.1f} % with, of {words[0].asked} asked"
    rows.append(
        Row(f"drag guidance {DRAG_GUIDANCE:g}: words lost", lost, "pt", at_most=WORDS_LOST, detail=said)
    )
    return rows


def drag_fall(before: FloatArray, after: FloatArray, sheet_of: IntArray) -> tuple[float, float]:
    """Mean fall from `before` to `after` (n,), and the mean standard deviation of `before` within a sheet."""
    within = [before[sheet_of == k].std(ddof=1) for k in np.unique(sheet_of) if (sheet_of == k).sum() > 1]
    return float((before - after).mean()), float(np.mean(within)) if within else float("nan")
