"""What a family says about its skin, for the surface report."""

from __future__ import annotations

from dataclasses import dataclass

from ..arrays import FloatArray
from .surface_edges import Crease
from .surface_lines import Line
from .surface_quality import Region


@dataclass(frozen=True)
class SurfacePlan:
    """What a family says about its skin; plain data.

    Attributes:
        regions, lines: what is judged.
        creases: where edges between faces are meant.
        openings: (x, z, radius, least |y|) of round openings seen along y, mm: drawn dark in pictures.
    """

    regions: tuple[Region, ...]
    lines: tuple[Line, ...] = ()
    creases: tuple[Crease, ...] = ()
    openings: tuple[tuple[float, float, float, float], ...] = ()

    def cover(self, points: FloatArray) -> FloatArray:
        """Distance (n,) of points (n, 3) outside every opening, mm; negative inside one."""
        import numpy as np

        found = np.full(len(points), 1e3)
        for x, z, radius, inner in self.openings:
            r = np.hypot(points[:, 0] - x, points[:, 2] - z) - radius
            found = np.where(np.abs(points[:, 1]) > inner, np.minimum(found, r), found)
        return found
