"""Distances between designs, for NumPy and torch alike."""

from __future__ import annotations

from types import ModuleType
from typing import Any


def distances(xp: ModuleType, a: Any, b: Any) -> Any:
    """Euclidean distances (a x b) between rows; never exactly 0, so that the gradient exists."""
    squared = (a * a).sum(1)[:, None] + (b * b).sum(1)[None, :] - 2.0 * (a @ b.T)
    return xp.sqrt(xp.clip(squared, 1e-12, None))
