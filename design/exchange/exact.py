"""The exact body of one design: solids as STEP, soundness, and the measures that the kernel itself gives.

These functions run where the kernel runs, in a worker process (:mod:`..geometry.worker`), and take and
return plain data only::

    pool.run(build_exact, "car", values)

The hull (areas and volume are measured on it) and the parts (what is released, and whose box gives the
lengths) need nothing of each other, so two workers can make them side by side: :func:`build_hull`,
:func:`build_parts`, :func:`together`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..clock import Clock
from ..family.contract import Family
from ..family.registry import get_family
from ..geometry.measures import SolidNumbers, closes, frontal_area, mesh_of_solid, solid_numbers
from ..geometry.mesh import Mesh
from ..geometry.solid import SolidPart
from ..geometry.zones import gap_on_solid, zone_of
from ..limits import BOX_NOISE_MM
from ..messages import say
from .step import PartFacts, write_step


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
        box: lengths over all parts as the kernel finds them, mm; empty without the file.
        stated: the same lengths as :func:`settled`.
    """

    faults: tuple[str, ...]
    step: bytes
    parts: tuple[PartFacts, ...]
    seconds: dict[str, float]
    box: dict[str, float] = field(default_factory=dict)
    stated: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ExactBody:
    """Hull and parts of one design together.

    Attributes:
        measures: every measure of the family; those named in `exact` come from the exact solids.
        exact: names of the measures that the exact solids were asked for: areas and volume of the hull,
            lengths of all parts.
        faults: one sentence for each solid that is not sound; empty when all are.
        watertight: whether the exact hull's triangles close.
        step: content of an AP242 file with the named, coloured parts; empty when it was not asked for.
        seconds: time by step: ``solids``, ``hull``, ``checks``, ``step``.
        parts: what the kernel measured on each part, which the STEP file was read back against.
        box: lengths over all parts as the kernel finds them, mm, by the names of parameters and measures.
        stated: the same lengths as :func:`settled`.
    """

    measures: dict[str, float]
    exact: tuple[str, ...]
    faults: tuple[str, ...]
    watertight: bool
    step: bytes
    seconds: dict[str, float]
    parts: tuple[PartFacts, ...] = ()
    box: dict[str, float] = field(default_factory=dict)
    stated: dict[str, float] = field(default_factory=dict)

    @property
    def own_measures(self) -> dict[str, float]:
        """What the exact solids say, by quantity: measures, and parameters that are lengths of the whole."""
        return {**{name: self.measures[name] for name in self.exact}, **self.stated}

    @property
    def valid(self) -> bool:
        """True when every solid is valid, one piece and of positive volume."""
        return not self.faults


def build_exact(
    family_name: str, values: Mapping[str, float], step: bool = True, zones: Sequence[str] = ()
) -> ExactBody:
    """Build parts and hull exactly, check them, measure the hull, and make a STEP file unless told not to.

    Args:
        zones: names of boxes that the hull is measured against, too (:mod:`..geometry.zones`).

    Raises:
        InputError: an unknown family.
        BuildError: the kernel failed.
    """
    return together(build_hull(family_name, values, zones), build_parts(family_name, values, step))


def build_hull(family_name: str, values: Mapping[str, float], zones: Sequence[str] = ()) -> ExactHull:
    """Build, check and measure the exact hull; arguments and errors as :func:`build_exact`."""
    family = get_family(family_name)
    clock = Clock()
    hull = family.hull_solid(values)
    clock.lap("hull")
    mesh = mesh_of_solid(hull)
    numbers = solid_numbers(hull)
    fault = _fault("hull", bool(hull.isValid()), len(hull.Solids()), numbers.volume)
    measures = family.measures(values)
    own = {name: value for name, value in _from_hull(numbers, mesh).items() if name in measures}
    own |= {name: gap_on_solid(zone, hull) for name in zones if (zone := zone_of(name)) is not None}
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
    box = box_of_parts(family, facts)
    stated = settled(family, values, box)
    return ExactParts(tuple(f for f in faults if f), content, tuple(facts), clock.laps, box, stated)


def together(hull: ExactHull, parts: ExactParts) -> ExactBody:
    """One record of a hull and the parts of the same design."""
    seconds = {
        k: hull.seconds.get(k, 0.0) + parts.seconds.get(k, 0.0) for k in (*parts.seconds, *hull.seconds)
    }
    own = {name: value for name, value in parts.stated.items() if name in hull.measures}
    return ExactBody(
        measures={**hull.measures, **own},
        exact=tuple(name for name in hull.measures if name in own or name in hull.exact),
        faults=(*hull.faults, *parts.faults),
        watertight=hull.watertight,
        step=parts.step,
        seconds=seconds,
        parts=parts.parts,
        box=parts.box,
        stated=parts.stated,
    )


def measures_of(family: Family) -> dict[str, str]:
    """Unit of each measure by name."""
    return {m.name: m.unit for m in family.measure_list}


def box_of_parts(family: Family, facts: Sequence[PartFacts]) -> dict[str, float]:
    """Lengths over all exact parts, mm, to a hundredth."""
    found = family.box_measures({f.name: np.array([f.low, f.high]) for f in facts})
    return {name: round(value, 2) for name, value in found.items()}


def settled(family: Family, values: Mapping[str, float], box: Mapping[str, float]) -> dict[str, float]:
    """The lengths in `box` that a parameter or measure states: the stated one where the parts have it to
    :data:`..limits.BOX_NOISE_MM`, for a limit or lock must not be missed by the kernel's noise and an exact
    surface's bulge between the points of its grid; else what the parts have, to a tenth."""
    stated = {**family.measures_of(values, set(box)), **values}
    return {
        name: stated[name] if abs(value - stated[name]) <= BOX_NOISE_MM else round(value, 1)
        for name, value in box.items()
        if name in stated
    }


def _from_hull(numbers: SolidNumbers, mesh: Mesh) -> dict[str, float]:
    """Measures that are the exact hull's own numbers, under the names that families share."""
    return {
        "frontal_area": frontal_area(mesh),
        "hull_volume": numbers.volume,
        "wetted_area": numbers.area,
    }


def _part_fault(part: SolidPart) -> str:
    shape = part.shape
    return _fault(part.name, bool(shape.isValid()), len(shape.Solids()), float(shape.Volume()))


def _fault(name: str, valid: bool, solids: int, volume: float) -> str:
    if not valid:
        return say("{part} is not a valid solid", part=name)
    if solids != 1:
        return say("{part} holds {solids} solids instead of one", part=name, solids=solids)
    if volume > 0:
        return ""
    return say("{part} has a volume of {volume:g}, not a positive one", part=name, volume=volume)
