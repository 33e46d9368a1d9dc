"""What the contract's checks look at: one accepted design with its bodies, and how a broken claim is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..geometry.measures import mesh_of_solid
from ..geometry.mesh import Mesh, MeshPart, joined
from ..geometry.solid import SolidPart
from .contract import Family


class ContractError(AssertionError):
    """A family breaks its contract; the message names the check's claim, the design and the numbers."""


@dataclass(frozen=True)
class Subject:
    """One accepted design under test; its bodies are built once, when a check first asks for them."""

    family: Family
    label: str
    values: Mapping[str, float]

    @cached_property
    def hull(self) -> Mesh:
        """The fast closed surface."""
        return self.family.hull(self.values)

    @cached_property
    def parts(self) -> list[MeshPart]:
        """The fast coloured parts."""
        return self.family.mesh(self.values)

    @cached_property
    def body(self) -> Mesh:
        """The fast parts together."""
        return joined([part.mesh for part in self.parts])

    @cached_property
    def hull_solid(self) -> Any:
        """The exact hull."""
        return self.family.hull_solid(self.values)

    @cached_property
    def hull_triangles(self) -> Mesh:
        """The exact hull's triangles."""
        return mesh_of_solid(self.hull_solid)

    @cached_property
    def solid_parts(self) -> list[SolidPart]:
        """The exact parts."""
        return self.family.solid(self.values)

    def require(self, holds: bool, claim: str) -> None:
        """Raise :class:`ContractError` with `claim` and this design's label unless `holds`."""
        require(self.family, holds, f"{self.label}: {claim}")


Check = Callable[[Family, Sequence[Subject]], None]


def require(family: Family, holds: bool, claim: str) -> None:
    if not holds:
        raise ContractError(f"family {family.name}: {claim}")
