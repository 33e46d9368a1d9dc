"""The exact body of one design: solids as STEP, soundness, and the measures that the kernel itself gives.

These functions run where the kernel runs, in a worker process (:mod:`.geometry.worker`), and take and
return plain data only::

    pool.run(build_exact, "car", values)
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .family import Family, get_family
from .geometry.measures import SolidNumbers, frontal_area, mesh_of_solid, solid_numbers
from .geometry.mesh import Mesh
from .geometry.solid import SolidPart
from .geometry.step import PartFacts, write_step


@dataclass(frozen=True)
class ExactBody:
    """What was found on the exact solids of one design.

    Attributes:
        measures: every measure of the family; those named in `exact` come from the exact hull.
        exact: names of the measures that the exact hull was asked for.
        faults: one sentence for each solid that is not sound; empty when all are.
        watertight: whether the exact hull's triangles close.
        step: content of an AP242 file with the named, coloured parts; empty when it was not asked for.
        seconds: time by step: ``solids``, ``hull``, ``checks``, ``step``.
        parts: what the kernel measured on each part after reading the STEP file back.
    """

    measures: dict[str, float]
    exact: tuple[str, ...]
    faults: tuple[str, ...]
    watertight: bool
    step: bytes
    seconds: dict[str, float]
    parts: tuple[PartFacts, ...] = ()

    @property
    def valid(self) -> bool:
        """True when every solid is valid, one piece and of positive volume."""
        return not self.faults


def build_exact(family_name: str, values: Mapping[str, float], step: bool = True) -> ExactBody:
    """Build parts and hull exactly, check them, measure the hull, and make a STEP file unless told not to.

    Raises:
        InputError: an unknown family.
        BuildError: the kernel failed.
    """
    family = get_family(family_name)
    clock = _Clock()
    parts = family.solid(values)
    clock.lap("solids")
    hull = family.hull_solid(values)
    clock.lap("hull")
    faults = [fault for part in parts if (fault := _fault(part))]
    mesh = mesh_of_solid(hull)
    numbers = solid_numbers(hull)
    measures = family.measures(values)
    own = {name: value for name, value in _from_hull(numbers, mesh).items() if name in measures}
    clock.lap("checks")
    content, facts = b"", []
    if step:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.step"
            facts = write_step(parts, path, family.title)
            content = path.read_bytes()
        clock.lap("step")
    return ExactBody(
        {**measures, **own}, tuple(own), tuple(faults), mesh.is_watertight, content, clock.laps, tuple(facts)
    )


def measures_of(family: Family) -> dict[str, str]:
    """Unit of each measure by name."""
    return {m.name: m.unit for m in family.measure_list}


def _from_hull(numbers: SolidNumbers, mesh: Mesh) -> dict[str, float]:
    """Measures that are the exact hull's own numbers, under the names that families share."""
    low, high = numbers.bounds
    return {
        "overall_length": float(high[0] - low[0]),
        "overall_height": float(high[2]),
        "frontal_area": frontal_area(mesh),
        "hull_volume": numbers.volume,
        "wetted_area": numbers.area,
    }


def _fault(part: SolidPart) -> str:
    if not part.shape.isValid():
        return f"{part.name} is not a valid solid"
    solids = len(part.shape.Solids())
    if solids != 1:
        return f"{part.name} holds {solids} solids instead of one"
    volume = solid_numbers(part.shape).volume
    return "" if volume > 0 else f"{part.name} has the volume {volume:g} m3"


class _Clock:
    """Seconds between laps."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = now - self._last
        self._last = now
