"""Faith: a search that keeps to a chosen picture, by a floor under the likeness or by a wish for it.

The likeness itself comes in from outside as a function of many designs at once (what the picture shows is no
business of this layer). Hard requirements come before faith: where both cannot be had, the search answers
with the design that meets the brief and stays as like as possible, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ...design.arrays import FloatArray
from ...design.messages import Message, say
from ..requirements.quantity import Quantity
from ..requirements.requirement import Requirement
from .record import Record

AGREEMENT = "agreement"
OUTLINE = "outline"  # how the likeness of a candidate is computed
QUANTITY = Quantity(
    AGREEMENT,
    "1",
    "dimensionless",
    "Overlap of design's and concept's silhouettes.",
    OUTLINE,
    0.0,
    1.0,
    "high",
)


class Likeness(Protocol):
    """How like the chosen concept designs look: rows (n x d, declaration order) to (n,), 1 is the same."""

    def __call__(self, rows: FloatArray) -> FloatArray:
        """Likeness of n designs."""
        ...


@dataclass(frozen=True)
class Faith:
    """What a search owes to a picture.

    Attributes:
        likeness: of candidates to the picture's body; picklable where several workers search.
        floor: no design below it; None makes likeness a wish among the others instead.
    """

    likeness: Likeness
    floor: float | None = None

    @property
    def requirement(self) -> Requirement | None:
        """The floor as a requirement, None where there is none."""
        if self.floor is None:
            return None
        return Requirement(AGREEMENT, "1", at_least=self.floor, source="the chosen concept")


def without_faith(records: Sequence[Record]) -> list[Record]:
    """The records judged by the brief alone."""
    return [
        replace(r, violation=max(0.0, r.violation - max(0.0, r.margins.get(AGREEMENT, 0.0)))) for r in records
    ]


def parted(floor: float, best: Record) -> Message:
    """Why the floor was given up, in one sentence."""
    return say(
        "No tried design meets every hard requirement and keeps {floor:.2f} of the concept's silhouette; the "
        "most faithful of those that meet them keeps about {kept:.2f}.",
        floor=floor,
        kept=best.numbers[AGREEMENT],
    )
