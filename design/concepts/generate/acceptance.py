"""Drawing concepts until they keep the family's rules, the words and the limits asked, within a budget.

A concept that breaks a rule or of which a word is not true is drawn afresh; one that misses a number is drawn
again from the same noise with the prior told what was missed, and with parameters that are numbers themselves
held within their limits. The best draw of each is kept; rules that are still broken are mended by pulling the
concept back, wishes of the family's own by moving it towards a body that keeps them, where that costs no word
and no number; what remains unmet is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ...arrays import Float32Array, FloatArray
from .guidance import Response
from .locks import Known, broken, pull_back, towards_wishes, unwished
from .sampling import Generators, chosen_of, randn, uniform
from .targets import Asked, Numbers, aim, told, violation
from .traits import word_misses

#: what a broken rule weighs against a limit missed by one deviation
_RULE_COST = 100.0
#: shares of the way to a wish that are gone where the whole of it would cost a word
_PART_WAYS = (0.75, 0.5, 0.25)

Told = Mapping[str, float]
Held = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Settled:
    """What became of n concepts.

    Attributes:
        z: (n, P) float32. measured: what was asked and could be measured, by name.
        broken: names of the rules that each still breaks.
        redrawn: how many draws were thrown away; pulled: how many concepts were moved to keep rules or
            wishes.
        short: (n,) by how much each falls short of rules, words and limits; 0 where nothing is missed.
    """

    z: Float32Array
    measured: tuple[Mapping[str, float], ...]
    broken: tuple[tuple[str, ...], ...]
    redrawn: int = 0
    pulled: int = 0
    short: tuple[float, ...] = ()


@dataclass(frozen=True)
class Sampler:
    """How concepts are drawn.

    Attributes:
        draw: rows, their noise (m, P), what the prior is told of each, and within what limits parameters are
            held in each -> concept vectors (m, P).
        fresh: rows -> new noise (m, P). dice: rows -> uniform numbers (m,).
        steered: numbers told to the prior have an effect.
    """

    draw: Callable[[Sequence[int], Tensor, Sequence[Told], Sequence[Held]], Float32Array]
    fresh: Callable[[Sequence[int]], Tensor]
    dice: Callable[[Sequence[int]], FloatArray]
    steered: bool = True


@dataclass(frozen=True)
class Draw:
    """A concept vector (P,) with what it measures, which rules it breaks, and what it falls short by."""

    z: Float32Array
    measured: Mapping[str, float]
    broken: tuple[str, ...]
    cost: float
    miss: float = 0.0  # the part of the cost that stands for limits
    wish: float = 0.0  # and for wishes, which are mended and not drawn for

    @property
    def good(self) -> bool:
        """Nothing is left that another draw could mend."""
        return self.cost - self.wish <= 0.0


def sampler_of(
    draw: Callable[[Sequence[int], Tensor, Sequence[Told], Sequence[Held]], Float32Array],
    width: int,
    generator: Generators,
    device: torch.device,
    steered: bool,
) -> Sampler:
    """Concepts of `width` parameters drawn by `draw`, each from its own generator's noise."""
    return Sampler(
        draw,
        lambda rows: randn((len(rows), width), chosen_of(generator, rows), device),
        lambda rows: uniform(len(rows), chosen_of(generator, rows)),
        steered,
    )


def settle(
    sampler: Sampler,
    noise: Tensor,
    asked: Sequence[Sequence[Asked]],
    numbers: Numbers,
    known: Known,
    response: Response | None,
    rounds: int,
    mend: bool = True,
    words: Sequence[Sequence[str]] = (),
) -> Settled:
    """Draw n concepts, then redraw those that break rules, words or limits, at most `rounds` times each.

    Args:
        noise: (n, P) of the first draws. asked: what is asked of each.
        response: measures performance; None leaves it unmeasured.
        mend: pull concepts that still break rules back to sound ones.
        words: tokens that are to be true of each; none where empty.
    """
    n = len(asked)
    noise, everyone = noise.clone(), range(n)
    measurable = _measurable(known, response)
    dice = sampler.dice(everyone)
    said = list(words) or [()] * n
    tell = [_first_told(row, numbers, measurable, dice[i]) for i, row in enumerate(asked)]

    held: list[Held] = [{} for _ in everyone]

    def weigh(z: Float32Array, i: int) -> Draw:
        return judged(z, asked[i], numbers, known, response, sampler.steered, said[i])

    def judge(rows: Sequence[int], begun: Tensor) -> list[Draw]:
        drawn = sampler.draw(rows, begun, [tell[i] for i in rows], [held[i] for i in rows])
        return [weigh(z, i) for i, z in zip(rows, drawn, strict=True)]

    last = judge(everyone, noise)
    best, redrawn = list(last), 0
    spent: set[int] = set()  # concepts whose budget is used up
    for left in range(rounds, 0, -1):
        rows = [i for i in everyone if not best[i].good and i not in spent]
        if not rows:
            break
        again = [i for i in rows if last[i].broken or last[i].miss == 0.0 or not sampler.steered]
        dice = sampler.dice(rows)
        for i, die in zip(rows, dice, strict=True):
            missed = [a for a in asked[i] if a.name in last[i].measured]
            missed = [a for a in missed if numbers.miss(a, last[i].measured[a.name]) != 0.0]
            if i not in again:
                found = last[i].measured
                more = {a.name: aim(a, numbers, found[a.name], tell[i].get(a.name), die) for a in missed}
                tell[i] = {**tell[i], **more}
                held[i] = {**held[i], **{a.name: (a.low, a.high) for a in missed}}
        # Where no number is asked nothing is learned from a draw: all that the budget still allows are drawn
        # at once after the first round; together they take hardly longer than one.
        if left < rounds:
            spent.update(i for i in rows if not asked[i])
            rows = [i for i in rows for _ in range(left if i in spent else 1)]
        begun = noise[rows]
        if again:
            mine = [k for k, i in enumerate(rows) if i in again]
            begun[mine] = sampler.fresh([rows[k] for k in mine])
        noise[rows] = begun
        redrawn += len(rows)
        for i, draw in zip(rows, judge(rows, begun), strict=True):
            last[i] = draw
            best[i] = draw if draw.cost < best[i].cost else best[i]
    pulled = _mend(best, held, known, weigh) if mend else 0
    return Settled(
        np.stack([d.z for d in best]),
        tuple(d.measured for d in best),
        tuple(d.broken for d in best),
        redrawn,
        pulled,
        tuple(d.cost - d.wish for d in best),
    )


def mixed(one: Settled, other: Settled) -> Settled:
    """Of each pair the concept that falls short by less; where neither does, the one that is less like those
    before it."""
    of: list[Settled] = []
    for k, (a, b) in enumerate(zip(one.short, other.short, strict=True)):
        mine = a <= b
        if of and max(a, b) <= 0.0:
            before = np.stack([s.z[i] for i, s in enumerate(of)])
            near = [float(np.abs(before - s.z[k]).mean(axis=1).min()) for s in (one, other)]
            mine = near[0] >= near[1]
        of.append(one if mine else other)
    return Settled(
        np.stack([s.z[k] for k, s in enumerate(of)]),
        tuple(s.measured[k] for k, s in enumerate(of)),
        tuple(s.broken[k] for k, s in enumerate(of)),
        one.redrawn + other.redrawn,
        one.pulled + other.pulled,
        tuple(s.short[k] for k, s in enumerate(of)),
    )


def _mend(
    best: list[Draw], held: Sequence[Held], known: Known, weigh: Callable[[Float32Array, int], Draw]
) -> int:
    """Pull concepts that break rules back to sound ones and others towards wishes, in place; how many were.

    Args:
        held: limits that each must stay within. weigh: (concept vector, its place) -> the draw, judged.
    """
    pulled = 0
    sound = [d.z for d in best if not d.broken]
    for i, draw in enumerate(best):
        if draw.broken:
            best[i] = weigh(pull_back(known, draw.z, sound, held[i]), i)
            pulled += 1
    for i, draw in enumerate(best):
        if draw.wish > 0.0:
            ways = towards_wishes(known, draw.z, held[i])
            ways += [draw.z + np.float32(s) * (way - draw.z) for way in ways[:1] for s in _PART_WAYS]
            tried = [weigh(z, i) for z in ways]
            fair = [d for d in tried if d.cost - d.wish <= draw.cost - draw.wish]  # no word, no number lost
            best[i] = min([draw, *fair], key=lambda d: d.cost)
            pulled += best[i] is not draw
    return pulled


def unmet(asked: Sequence[Asked], numbers: Numbers, measured: Mapping[str, float]) -> tuple[str, ...]:
    """What was asked and is not there, one sentence each; limits that could not be measured are named too."""
    lines = []
    for item in asked:
        if item.name not in measured:
            if not item.exact:
                lines.append(f"{item.name} was not measured")
            continue
        value, miss = measured[item.name], numbers.miss(item, measured[item.name])
        if miss != 0.0:
            side, limit = ("below", item.low) if miss > 0 else ("above", item.high)
            lines.append(f"{item.name} is {value:.5g}, {side} the asked {limit:.5g}")
    return tuple(lines)


def measure(
    known: Known, z: Float32Array, names: Sequence[str], response: Response | None
) -> dict[str, float]:
    """Those of `names` that can be measured on one sound concept vector (P,)."""
    values = known.values(z)
    found = {n: values[n] for n in names if n in values}
    listed = {m.name for m in known.family.measure_list}
    if rest := [n for n in names if n in listed and n not in found]:
        found.update(known.family.measures_of(values, rest))
    if response is not None and response.name in names:
        with torch.no_grad():
            found[response.name] = float(response.of(torch.from_numpy(z)[None])[0])
    return {n: float(found[n]) for n in names if n in found}


def _measurable(known: Known, response: Response | None) -> frozenset[str]:
    names = {p.name for p in known.family.parameters} | {m.name for m in known.family.measure_list}
    return frozenset(names | ({response.name} if response is not None else set()))


def judged(
    z: Float32Array,
    asked: Sequence[Asked],
    numbers: Numbers,
    known: Known,
    response: Response | None,
    steered: bool,
    words: Sequence[str],
) -> Draw:
    """A concept vector (P,) held to rules, numbers, words and wishes, in this order."""
    rules = broken(known, z)
    if rules:
        return Draw(z, {}, rules, _RULE_COST * len(rules))
    measured = measure(known, z, [a.name for a in asked], response)
    miss = violation(asked, numbers, measured, steered)
    untrue = float(word_misses(known.family, known.values(z), words).sum()) if words else 0.0
    wish = unwished(known, z)
    return Draw(z, measured, (), miss + untrue + wish, miss, wish)


def _first_told(
    asked: Sequence[Asked], numbers: Numbers, measurable: frozenset[str], die: float
) -> dict[str, float]:
    """Exact values, and a value inside each limit that nothing can measure."""
    return {a.name: told(a, numbers, die) for a in asked if a.exact or a.name not in measurable}
