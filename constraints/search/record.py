"""What is kept of one judged design of a search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ..requirements.brief import Brief
from ..requirements.requirement import Requirement

#: number of a design that no trial of the study has
NO_TRIAL = -1


@dataclass(frozen=True)
class Record:
    """One judged design.

    Attributes:
        number: of the trial.
        values: the design's parameters.
        origin: who proposed it (``start``, ``archetype suv``, ``screen``, ``tpe``).
        margins: signed margin of each requirement, by key (:func:`keys_of`); guessed when not measured.
        numbers, sigmas: values of the quantities asked for, and standard deviations of the predicted ones.
        in_domain, distance: of the predictions; distance 1 is the domain's edge.
        broken: names of the rules that it breaks.
        objectives: to be minimised; the departure from the starting point comes last.
        measured: whether the mesh was measured where it had to be.
        violation: sum of the hard violations.
        meshed: what was measured.
    """

    number: int
    values: Mapping[str, float]
    origin: str
    margins: Mapping[str, float]
    numbers: Mapping[str, float]
    sigmas: Mapping[str, float]
    in_domain: bool
    distance: float
    broken: tuple[str, ...]
    objectives: tuple[float, ...]
    measured: bool
    violation: float
    meshed: Mapping[str, float] = field(default_factory=dict)

    @property
    def feasible(self) -> bool:
        """Every hard requirement holds as far as the fast mesh can tell, and no rule is broken."""
        return self.measured and not self.broken and self.violation <= 0.0

    def to_json(self) -> dict[str, Any]:
        """Plain JSON object."""
        return asdict(self) | {"broken": list(self.broken), "objectives": list(self.objectives)}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Record:
        """Inverse of :meth:`to_json`."""
        fields = dict(data)
        fields["broken"] = tuple(fields["broken"])
        fields["objectives"] = tuple(fields["objectives"])
        return Record(**fields)


def keys_of(brief: Brief) -> tuple[tuple[str, Requirement], ...]:
    """Requirements under stable keys: the quantity's name, numbered when there are several."""
    found: list[tuple[str, Requirement]] = []
    seen: dict[str, int] = {}
    for requirement in brief.requirements:
        seen[requirement.quantity] = seen.get(requirement.quantity, 0) + 1
        number = seen[requirement.quantity]
        found.append((requirement.quantity + (f" {number}" if number > 1 else ""), requirement))
    return tuple(found)
