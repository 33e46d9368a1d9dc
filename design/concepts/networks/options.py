"""Options as the drawer sees them: beside the concept vector, one column for every option of every choice.

A family's concept vector holds its numeric parameters alone, for choices change looks and nothing that the
prior, the encoder or the surrogate know. The drawer must draw the looks, so it is told the options too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np

from ...arrays import Float32Array, IntArray
from ...errors import InputError, ModelError
from ...family.contract import Family


def option_counts(family: Family) -> tuple[int, ...]:
    """Number of options of each of the family's choices, in order."""
    return tuple(len(c.choice.options) for c in family.choices)


def option_names(family: Family) -> tuple[str, ...]:
    """What each column stands for, in order: `choice:option`."""
    return tuple(f"{c.name}:{option}" for c in family.choices for option in c.choice.options)


def places_of(family: Family, designs: Sequence[Mapping[str, Any]]) -> IntArray:
    """(n, C) places of the designs' options; a design without a choice has its default.

    Raises:
        ParameterError: a choice without such an option.
    """
    rows = [[int(c.place(values.get(c.name, c.default))) for c in family.choices] for values in designs]
    return np.array(rows, dtype=np.int64).reshape(len(designs), len(family.choices))


def option_columns(family: Family, places: IntArray) -> Float32Array:
    """(n, O) of places (n, C): 1 where that option is taken, else 0."""
    n = len(places)
    blocks = [np.eye(count, dtype=np.float32)[places[:, k]] for k, count in enumerate(option_counts(family))]
    return np.concatenate(blocks, axis=1) if blocks else np.zeros((n, 0), dtype=np.float32)


def read_options(family: Family, options: Any, concept: Any, n: int) -> IntArray:
    """(n, C) places of the options that `n` bodies are drawn with.

    Args:
        options: one set for all or one for each; None takes those of `concept` where it is a set of
            parameters by name, else the family's defaults.

    Raises:
        InputError: something else, sets for another number of bodies, no such choice or option.
    """
    if options is None:
        return places_of(family, [concept if isinstance(concept, Mapping) else {}] * n)
    several = isinstance(options, Sequence) and not isinstance(options, str)
    given: list[Any] = list(options) if several else [options] * n
    if not all(isinstance(one, Mapping) for one in given):
        raise InputError("options is no set of options by name, nor one such set for each image")
    if len(given) != n:
        raise InputError(f"options holds {len(given)} sets for {n} images; give one for each")
    known = {c.name for c in family.choices}
    unknown = sorted(str(name) for one in given for name in one if name not in known)
    if unknown:
        raise InputError(
            f"options: {unknown[0]!r} is no choice of family {family.name!r}; "
            f"choices: {', '.join(sorted(known)) or 'none'}"
        )
    return places_of(family, given)


def check_drawer(drawer: Any, family: Family) -> None:
    """Refuse a drawer that learned other options than the family has now.

    One that knows no options fits any; one that does not say their names (a model made before they were
    written down) fits where their numbers do.

    Raises:
        ModelError: naming the first column that differs.
    """
    counts, names = tuple(drawer.config.options), tuple(drawer.config.get("option_names", ()))
    if not counts:
        return
    now, wanted = option_counts(family), option_names(family)
    if names and names != wanted:
        pairs = zip_longest(names, wanted, fillvalue="nothing")
        was, needed = next((a, b) for a, b in pairs if a != b)
        raise ModelError(
            f"the drawer learned other options of family {family.name!r}: {was} where {needed} is now"
        )
    if counts != now:
        raise ModelError(
            f"the drawer learned {list(counts)} options of family {family.name!r}, which has {list(now)}"
        )
