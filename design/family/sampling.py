"""Uniform draws from a family's declared space, kept or refused by its rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from ..errors import InputError
from ..limits import MAX_SAMPLES, MAX_SEED
from ..messages import say
from .contract import Broken, Family
from .parameters import NamedChoice, as_values, from_unit_cube
from .records import Design

_CHOICES = 1  # second word of the seed of the choices' own stream: numbers are drawn as without choices
_DRAWS_PER_DESIGN = 100  # a family that refuses more than 99 % of its space is not sampled any further


@dataclass(frozen=True)
class Draw:
    """One uniform draw.

    Attributes:
        index: 0 for the first draw of the seed; draw k is the same however many are taken.
        values: parameters in declaration order, own units.
        broken: the rules that refuse it, empty when it is accepted.
    """

    index: int
    values: dict[str, float]
    broken: tuple[Broken, ...]


@dataclass(frozen=True)
class Sample:
    """Accepted designs and, beside them, the draws that the rules refused on the way."""

    designs: tuple[Design, ...]
    refused: tuple[Draw, ...]

    @property
    def accepted_share(self) -> float:
        """Accepted draws over all draws, 0 to 1."""
        total = len(self.designs) + len(self.refused)
        return len(self.designs) / total if total else 0.0


def draws(family: Family, seed: int) -> Iterator[Draw]:
    """Endless uniform draws of the declared space, options included, each with the rules that it breaks."""
    if not 0 <= seed <= MAX_SEED:
        raise InputError(say("seed is {seed}; allowed {low} to {high}", seed=seed, low=0, high=MAX_SEED))
    generator, options = np.random.default_rng(seed), np.random.default_rng([seed, _CHOICES])
    d = len(family.parameters)
    index = 0
    while True:
        row = from_unit_cube(family.declaration, generator.random(d))
        values = as_values(family.declaration, row, drawn_choices(family.choices, options))
        yield Draw(index, values, tuple(family.broken_rules(values)))
        index += 1


def drawn_choices(choices: Sequence[NamedChoice], generator: np.random.Generator) -> dict[str, float]:
    """An option of each choice, all equally likely, as places; takes one number a choice from `generator`."""
    shares = generator.random(len(choices))
    return {c.name: float(int(s * len(c.choice.options))) for c, s in zip(choices, shares, strict=True)}


def sample(family: Family, n: int, seed: int = 0) -> Sample:
    """`n` random valid designs, and what was refused before the n-th was found.

    >>> from maquette.design.family.registry import get_family
    >>> found = sample(get_family("ahmed"), 3, seed=1)
    >>> len(found.designs), all(300 <= d.parameters["width"] <= 500 for d in found.designs)
    (3, True)

    Raises:
        InputError: when `n` or `seed` is out of bounds, or the rules refuse nearly the whole space.
    """
    if not 1 <= n <= MAX_SAMPLES:
        raise InputError(f"n is {n}; allowed 1 to {MAX_SAMPLES}")
    designs: list[Design] = []
    refused: list[Draw] = []
    for draw in islice(draws(family, seed), n * _DRAWS_PER_DESIGN):
        if draw.broken:
            refused.append(draw)
            continue
        by = f"sample seed {seed} draw {draw.index}"
        designs.append(Design(family.name, draw.values, dict.fromkeys(draw.values, by)))
        if len(designs) == n:
            return Sample(tuple(designs), tuple(refused))
    raise InputError(
        f"family {family.name!r} accepted {len(designs)} of {n * _DRAWS_PER_DESIGN} draws: its rules refuse "
        f"nearly the whole declared space"
    )
