"""The exact body of one design: solids as STEP, soundness, and the measures that the kernel itself gives.

These functions run where the kernel runs, in a worker process (:mod:`.geometry.worker`), and take and
return plain data only::

    pool.run(build_exact, "car", values)

The hull (what is measured) and the parts (what is released) need nothing of each other, so two workers can
make them side by side: :func:`build_hull`, :func:`build_parts`, :func:`together`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .clock import Clock
from .family import Family, get_family
from .geometry.measures import SolidNumbers, closes, frontal_area, mesh_of_solid, solid_numbers
from .geometry.mesh import Mesh
from .geometry.solid import SolidPart
from .geometry.step import PartFacts, write_step


@dataclass(frozen=True)
class ExactHull:
    """The exact hull of one design.

    Attributes:
        measures: every measure of the family; those named in `exact` come from the exact hull.
        exact: names of the measures that the exact hull was asked for.
        faults: one sentence when the hull is not sound, else empty.
        watertight: whether the exact hull's triangles close.
        seconds: time by step: ``hull``, ``checks``.
    """

    measures: dict[str, float]
    exact: tuple[str, ...]
    faults: tuple[str, ...]
    watertight: bool
    seconds: dict[str, float]

    @property
    def own_measures(self) -> dict[str, float]:
        """The measures that come from the exact hull."""
        return {name: self.measures[name] for name in self.exact}


@dataclass(frozen=True)
class ExactParts:
    """The exact parts of one design.

    Attributes:
        faults: one sentence for each part that is not sound.
        step: content of an AP242 file with the named, coloured parts; empty when it was not asked for.
        parts: what the kernel measured on each part; empty without the file.
        seconds: time by step: ``solids``, ``step`` or ``checks``.
    """

    faults: tuple[str, ...]
    step: bytes
    parts: tuple[PartFacts, ...]
    seconds: dict[str, float]


@dataclass(frozen=True)
class ExactBody:
    """Hull and parts of one design together.

    Attributes:
        measures: every measure of the family; those named in `exact` come from the exact hull.
        exact: names of the measures that the exact hull was asked for.
        faults: one sentence for each solid that is not sound; empty when all are.
        watertight: whether the exact hull's triangles close.
        step: content of an AP242 file with the named, coloured parts; empty when it was not asked for.
        seconds: time by step: ``solids``, ``hull``, ``checks``, ``step``.
        parts: what the kernel measured on each part, which the STEP file was read back against.
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
    return together(build_hull(family_name, values), build_parts(family_name, values, step))


def build_hull(family_name: str, values: Mapping[str, float]) -> ExactHull:
    """Build, check and measure the exact hull; errors as :func:`build_exact`."""
    family = get_family(family_name)
    clock = Clock()
    hull = family.hull_solid(values)
    clock.lap("hull")
    mesh = mesh_of_solid(hull)
    numbers = solid_numbers(hull)
    fault = _fault("hull", bool(hull.isValid()), len(hull.Solids()), numbers.volume)
    measures = family.measures(values)
    own = {name: value for name, value in _from_hull(numbers, mesh).items() if name in measures}
    clock.lap("checks")
    faults = (fault,) if fault else ()
    return ExactHull({**measures, **own}, tuple(own), faults, closes(mesh), clock.laps)


def build_parts(family_name: str, values: Mapping[str, float], step: bool = True) -> ExactParts:
    """Build and check the exact parts, with their STEP file or without; errors as :func:`build_exact`."""
    family = get_family(family_name)
    clock = Clock()
    parts = family.solid(values)
    clock.lap("solids")
    if not step:
        faults = [_part_fault(part) for part in parts]
        clock.lap("checks")
        return ExactParts(tuple(f for f in faults if f), b"", (), clock.laps)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.step"
        facts = write_step(parts, path, family.title)
        content = path.read_bytes()
    faults = [_fault(f.name, f.valid, f.solids, f.volume) for f in facts]
    clock.lap("step")
    return ExactParts(tuple(f for f in faults if f), content, tuple(facts), clock.laps)


def together(hull: ExactHull, parts: ExactParts) -> ExactBody:
    """One record of a hull and the parts of the same design."""
    seconds = {
        k: hull.seconds.get(k, 0.0) + parts.seconds.get(k, 0.0) for k in (*parts.seconds, *hull.seconds)
    }
    return ExactBody(
        measures=hull.measures,
        exact=hull.exact,
        faults=(*hull.faults, *parts.faults),
        watertight=hull.watertight,
        step=parts.step,
        seconds=seconds,
        parts=parts.parts,
    )


def measures_of(family: Family) -> dict[str, str]:
    """Unit of each measure by name."""
    return {m.name: m.unit for m in family.measure_list}


def _from_hull(numbers: SolidNumbers, mesh: Mesh) -> dict[str, float]:
    """Measures that are the exact hull's own numbers, under the names that families share.

    Lengths are given to a tenth of a millimetre: the kernel finds a B-spline solid's box to about 0.06 mm,
    and a limit that is met to the millimetre must not be missed by its noise.
    """
    low, high = numbers.bounds
    return {
        "overall_length": round(float(high[0] - low[0]), 1),
        "overall_height": round(float(high[2]), 1),
        "frontal_area": frontal_area(mesh),
        "hull_volume": numbers.volume,
        "wetted_area": numbers.area,
    }


def _part_fault(part: SolidPart) -> str:
    shape = part.shape
    return _fault(part.name, bool(shape.isValid()), len(shape.Solids()), float(shape.Volume()))


def _fault(name: str, valid: bool, solids: int, volume: float) -> str:
    if not valid:
        return f"{name} is not a valid solid"
    if solids != 1:
        return f"{name} holds {solids} solids instead of one"
    return "" if volume > 0 else f"{name} has a volume of {volume:g}, not a positive one"
