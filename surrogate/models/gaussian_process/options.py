"""What a training may be told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """Settings of a training.

    Attributes:
        seed: of the folds.
        candidates: names among :data:`.select.CANDIDATES`; all when empty.
        most_folds: the final score leaves one top-level design out at a time, up to this many folds.
        curve: numbers of training designs of the learning curve, besides all of them.
    """

    seed: int = 0
    candidates: tuple[str, ...] = ()
    most_folds: int = 40
    curve: tuple[int, ...] = (25, 50, 100)
