"""Options as the drawer sees them: beside the concept vector, one column for every option of every choice.

A family's concept vector holds its numeric parameters alone, for choices change looks and nothing that the
prior, the encoder or the surrogate know. The drawer must draw the looks, so it is told the options too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..family import Family


def option_counts(family: Family) -> tuple[int, ...]:
    """Number of options of each of the family's choices, in order."""
    return tuple(len(c.choice.options) for c in family.choices)


def places_of(family: Family, designs: Sequence[Mapping[str, float]]) -> NDArray[np.int64]:
    """(n, C) places of the designs' options; a design without a choice has its default."""
    rows = [[int(values.get(c.name, c.default)) for c in family.choices] for values in designs]
    return np.array(rows, dtype=np.int64).reshape(len(designs), len(family.choices))


def option_columns(family: Family, places: NDArray[np.int64]) -> NDArray[np.float32]:
    """(n, O) of places (n, C): 1 where that option is taken, else 0."""
    n = len(places)
    blocks = [np.eye(count, dtype=np.float32)[places[:, k]] for k, count in enumerate(option_counts(family))]
    return np.concatenate(blocks, axis=1) if blocks else np.zeros((n, 0), dtype=np.float32)
