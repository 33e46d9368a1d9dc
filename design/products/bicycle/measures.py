"""What can be told of a frame in numbers, each from the definition itself."""

from __future__ import annotations

from collections.abc import Collection

from ...family.contract import Measure
from ...structures.spread import spread
from .definition import Definition, Plate
from .fit import fit
from .materials import alloy
from .structure import solved, strength
from .tubes import plate_mesh, wall_volume

MEASURES = (
    Measure(
        "mass",
        "kg",
        "Bare frame: walls of the mitred tubes, dropouts and bridges, no paint or welds.",
        better="less",
    ),
    Measure("effective_top_tube", "mm", "Level from the head tube's upper end to the seat post's axis."),
    Measure(
        "standover",
        "mm",
        "Ground to the upper side of the top tube's middle, widest tyre mounted.",
        better="less",
    ),
    Measure(
        "rider_height",
        "mm",
        "Stature that suits the frame: effective top tube over 0.313 and stack over "
        "0.318, their mean (size charts of drop-bar frames, sizes 50 to 60).",
    ),
    Measure(
        "saddle_height",
        "mm",
        "Bottom bracket to saddle for that rider: 0.883 of the inseam (LeMond), "
        "which is 0.47 of the stature (ISO 7250-1).",
    ),
    Measure(
        "tyre_clearance",
        "mm",
        "Widest tyre on a 622 mm rim with 6 mm of room beside it (ISO 4210-2, 4.10.2), at most 65 mm.",
        better="more",
    ),
    Measure("wheelbase", "mm", "Axle to axle, with a fork of 45 mm offset that holds both level."),
    Measure("front_centre", "mm", "Bottom bracket to the front axle."),
    Measure("fork_length", "mm", "Crown to axle along the steering axis, of the fork that suits."),
    Measure("trail", "mm", "Contact patch behind the steering axis on the ground, fork offset 45 mm."),
    Measure(
        "toe_clearance",
        "mm",
        "Pedal's axle to the front tyre, cranks of 170 mm; ISO 4210-2 asks 89 mm of "
        "a racing bicycle, 100 mm of others.",
        better="more",
    ),
    Measure("bottom_bracket_height", "mm", "Ground to the bottom bracket, widest tyre mounted."),
    Measure(
        "safety_factor",
        "1",
        "Yield over the largest equivalent stress of the tests of ISO 4210-6, 4.3 to "
        "4.5, each force once; beams, no weld's notch.",
        better="more",
    ),
    Measure("peak_stress", "MPa", "Largest equivalent stress of these tests.", better="less"),
    Measure(
        "max_deflection",
        "mm",
        "Longest way that a point of the frame on its test fork moves in them.",
        better="less",
    ),
    Measure(
        "bottom_bracket_stiffness",
        "N/mm",
        "Sideways force over sideways shift at the bottom bracket, head tube clamped, rear hub held.",
        better="more",
    ),
    Measure(
        "pedalling_deflection",
        "mm",
        "Way of the bottom bracket under a pedal's 1200 N (ISO 4210-6, 4.3).",
        better="less",
    ),
    Measure(
        "saddle_deflection",
        "mm",
        "Sinking of the seat tube's top under 1200 N on the saddle (ISO 4210-6, "
        "4.5): what a frame gives for comfort.",
    ),
)


def mass(d: Definition) -> float:
    """kg."""
    return volume(d) * 1e-9 * alloy(d.p).material.density


def volume(d: Definition) -> float:
    """Of all metal, mm3."""
    tubes = sum(wall_volume(t, d.tubes) for t in d.tubes.values())
    return tubes + sum(plate_volume(plate) for plate in d.plates)


def plate_volume(plate: Plate) -> float:
    """mm3, the hole of the axle left out."""
    return plate_mesh(plate).volume


#: beam over shell, nine in ten of 45 sampled frames: `python -m
#: maquette.surrogate.studies.structure.agreement --family bicycle -n 45 --runs
#: assets/data/structure_bicycle.jsonl`
BEAM_OVER_SHELL = {
    "safety_factor": (0.98, 2.26), "peak_stress": (0.44, 1.02), "max_deflection": (0.97, 1.24),
    "bottom_bracket_stiffness": (1.0 / 1.05, 1.0 / 0.86), "pedalling_deflection": (0.97, 1.23),
    "saddle_deflection": (0.83, 1.17),
}  # fmt: skip
STRENGTH = frozenset(
    {
        "safety_factor",
        "peak_stress",
        "max_deflection",
        "bottom_bracket_stiffness",
        "pedalling_deflection",
        "saddle_deflection",
    }
)


def measures(d: Definition, names: Collection[str] | None = None) -> dict[str, float]:
    """Every measure of `MEASURES` in order, or those in `names`; the structure is solved for its own only."""
    wanted = [m.name for m in MEASURES if names is None or m.name in names]
    found: dict[str, float] = {"mass": mass(d), **fit(d)}
    if not STRENGTH.isdisjoint(wanted):
        found |= strength(d.p)
    return {name: float(found[name]) for name in wanted}


def spread_of(d: Definition, name: str) -> tuple[float, float] | None:
    """Nine in ten frames, of measures of their structure."""
    if name not in STRENGTH:
        return None
    stiffness = name == "bottom_bracket_stiffness"
    return spread(solved(d.p), name, strength(d.p)[name], BEAM_OVER_SHELL, stiffness)
