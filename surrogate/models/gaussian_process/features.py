"""What the surrogate sees of a design: parameters in the unit cube, and measures that a family derives.

A family may offer ``features(values) -> dict[str, float]``: cheap, smooth, physically meaningful numbers
(a slenderness, a tail area ratio). With ``features_take_arrays = True`` it is called once with arrays of
equal length instead of once per design.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....design.arrays import FloatArray
from ....design.errors import ModelError
from ....design.family.contract import Family
from ....design.family.parameters import as_values


@dataclass(frozen=True)
class Feature:
    """One input of the model.

    Attributes:
        name: parameter name, or the name the family's hook gives.
        unit: the parameter's unit; "" for a derived feature.
        low, high: the values mapped to 0 and 1 (hard bounds of a parameter, training span when derived).
        derived: True when it comes from the family's hook.
    """

    name: str
    unit: str
    low: float
    high: float
    derived: bool = False


def features_of(family: Family, matrix: FloatArray, derive: bool) -> tuple[Feature, ...]:
    """Features for a family: every parameter that shapes the hull, plus derived ones scaled to `matrix`.

    Args:
        matrix: training designs, n x d in declaration order, own units.
        derive: whether to use the family's hook (where it has one).
    """
    found = [
        Feature(p.name, p.range.unit, p.range.low, p.range.high)
        for p in family.parameters
        if p.range.shapes_hull
    ]
    if derive:
        for name, column in derived_columns(family, matrix).items():
            low, high = float(column.min()), float(column.max())
            if high > low:
                found.append(Feature(name, "", low, high, derived=True))
    return tuple(found)


def feature_matrix(family: Family, features: tuple[Feature, ...], matrix: FloatArray) -> FloatArray:
    """Scaled features (n x p) of designs (n x d in declaration order, own units).

    Raises:
        ModelError: when the family no longer offers a feature that the model needs.
    """
    matrix = np.asarray(matrix, dtype=np.float64)
    columns = {p.name: matrix[:, j] for j, p in enumerate(family.parameters)}
    if any(f.derived for f in features):
        columns.update(derived_columns(family, matrix))
    missing = [f.name for f in features if f.name not in columns]
    if missing:
        raise ModelError(f"family {family.name!r} no longer offers the feature {missing[0]!r}; train again")
    return np.column_stack([(columns[f.name] - f.low) / (f.high - f.low) for f in features])


def derived_columns(family: Family, matrix: FloatArray) -> dict[str, FloatArray]:
    """What the family's optional hook says of each design: name to (n,); empty without a hook."""
    hook: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = getattr(family, "features", None)
    if hook is None or len(matrix) == 0:
        return {}
    if getattr(family, "features_take_arrays", False):
        found = hook({p.name: matrix[:, j] for j, p in enumerate(family.parameters)})
        return {k: np.broadcast_to(np.asarray(v, dtype=np.float64), len(matrix)) for k, v in found.items()}
    rows = [hook(as_values(family.declaration, row)) for row in matrix]
    return {k: np.array([row[k] for row in rows], dtype=np.float64) for k in rows[0]}
