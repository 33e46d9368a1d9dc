"""The bench's record: one figure with its promise, and how figures are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..doctor import machine_name

#: the brief of the runs that are timed whole
SENTENCE = (
    "A calm, low fastback under 4.7 m with a wheelbase of at least 2.8 m, drag coefficient at most 0.30, "
    "ground clearance at least 140 mm, head room for tall passengers"
)


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        name, value, unit: what was measured.
        at_most, at_least: the promise, None where there is none.
        detail: the numbers behind it.
    """

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)


def print_rows(rows: Sequence[Row]) -> None:
    """The machine, and a line for each figure: name, value, unit, promise, whether it holds, detail."""
    print(f"machine: {machine_name()}")
    for r in rows:
        limit = f"at most {r.at_most:g}" if r.at_most is not None else ""
        limit = f"at least {r.at_least:g}" if r.at_least is not None else limit
        mark = ("ok" if r.holds else "MISSED") if limit else ""
        print(f"{r.name:50s} {r.value:12.4g} {r.unit:3s} {limit:13s} {mark:7s} {r.detail}".rstrip())
