"""A fitted body that breaks a rule of its family, brought to the nearest one that keeps them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from ...arrays import FloatArray
from ...errors import InputError
from ...family.contract import Broken, Family
from ...messages import say, spelt
from ..artist.frame import from_concept, to_concept
from .fit import Fitted

STRIDES = (
    0.06,
    0.14,
    0.30,
    0.60,
    1.2,
)  # in the concept vector: how far one parameter is moved to mend a rule
ROUNDS = 4
HALVINGS = 10


def mended(
    family: Family,
    fitted: Fitted,
    fixed: Mapping[str, float],
    fit_again: Callable[[FloatArray, tuple[str, ...]], Fitted],
) -> tuple[Fitted, tuple[Broken, ...]]:
    """A fit that keeps every rule, and the rules that held it back.

    The parameter whose move mends most for the least doubt (in its own standard deviations) is moved and then
    held, and the others follow the picture again; at worst everything goes back towards a sound body.

    Args:
        fixed: parameters that may not move.
        fit_again: (concept vector, names held) to a new fit from there.

    Raises:
        InputError: with these parameters fixed no body of the family keeps every rule.
    """

    def broken(z: FloatArray) -> list[Broken]:
        return family.broken_rules(family.validate({**from_concept(family, z), **fixed}))

    first = broken(fitted.z)
    held: tuple[str, ...] = ()
    here, left = fitted, first
    for _ in range(ROUNDS):
        if not left:
            return here, tuple(first)
        move = _best_move(family, here, len(left), set(fixed) | set(held), broken)
        if move is None:
            break
        number, vector = move
        held = (*held, family.parameters[number].name)
        again = fit_again(vector, held)
        kept = replace(here, z=vector)
        here = again if len(broken(again.z)) <= len(broken(vector)) else kept
        left = broken(here.z)
    if not left:
        return here, tuple(first)
    return replace(here, z=_way_back(family, here.z, fixed, broken)), tuple(first)


def _best_move(
    family: Family,
    fitted: Fitted,
    count: int,
    immovable: set[str],
    broken: Callable[[FloatArray], list[Broken]],
) -> tuple[int, FloatArray] | None:
    """Number of the parameter to move and the vector with it moved; None when no single move mends a rule."""
    best: tuple[float, int, FloatArray] | None = None
    for number, parameter in enumerate(family.parameters):
        if parameter.name in immovable:
            continue
        doubt = max(float(fitted.sigma[number]), 0.01)
        for sign in (1.0, -1.0):
            for stride in STRIDES:
                vector = fitted.z.copy()
                vector[number] = np.clip(vector[number] + sign * stride, -1.0, 1.0)
                price = abs(float(vector[number] - fitted.z[number])) / doubt
                if price == 0.0 or (best is not None and price >= best[0]):
                    break
                if len(broken(vector)) < count:
                    best = (price, number, vector)
                    break
    if best is None:
        return None
    _, number, vector = best
    bad, good = float(fitted.z[number]), float(vector[number])
    for _ in range(HALVINGS - 4):
        middle = 0.5 * (bad + good)
        tried = vector.copy()
        tried[number] = middle
        if len(broken(tried)) < count:
            good = middle
        else:
            bad = middle
    vector[number] = good + 0.02 * np.sign(good - float(fitted.z[number]))
    vector[number] = np.clip(vector[number], -1.0, 1.0)
    return number, vector


def _way_back(
    family: Family, z: FloatArray, fixed: Mapping[str, float], broken: Callable[[FloatArray], list[Broken]]
) -> FloatArray:
    """The last sound vector on the straight way from the nearest named body to z."""
    named = [{}, *family.archetypes.values()]
    anchors = [to_concept(family, {**family.defaults(), **a, **fixed}).astype(np.float64) for a in named]
    sound = [a for a in anchors if not broken(a)]
    if not sound:
        reason = broken(anchors[0])[0].reason
        raise InputError(
            say(
                "no {family} body with the parameters held keeps every rule: {reason}",
                family=spelt(family.name),
                reason=reason,
            )
        )
    anchor = min(sound, key=lambda a: float(np.square(a - z).sum()))
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if broken(anchor + middle * (z - anchor)):
            high = middle
        else:
            low = middle
    return np.asarray(anchor + low * (z - anchor))
