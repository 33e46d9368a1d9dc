"""What can be measured on a chair, by the names in :data:`MEASURES`."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

import numpy as np

from ...family.contract import Measure
from ...geometry.mesh import Mesh
from ...structures.solve import Solved
from ...structures.spread import spread
from . import declaration as d
from .backs import shell_of
from .ergonomics import backs_supported, feet_on_floor, knee_clearance
from .layout import Layout
from .loads import Level
from .pieces import Piece, pieces_of
from .stability import stability
from .stacking import stack_pitch
from .structure import solved

_EN1022 = (
    "EN 1022:2018 (600 N on the seat, 20 N outward; backwards 0.2857 (1000 - seat height) N on the back)"
)
MEASURES: tuple[Measure, ...] = (
    Measure("overall_width", "mm", "Across everything."),
    Measure("overall_depth", "mm", "Front to rear of everything."),
    Measure("overall_height", "mm", "Ground to the highest point."),
    Measure(
        "footprint",
        "m2",
        "Overall width times overall depth, what a chair takes of the floor.",
        better="less",
    ),
    Measure("usable_depth", "mm", "Seat's front edge to the back's face at the seat, level."),
    Measure(
        "knee_clearance",
        "mm",
        "Seat's front edge to the hollow of the knee of an average adult who leans on the back "
        "(Bodyspace table 2.4); below nought the edge presses there.",
        better="more",
    ),
    Measure(
        "recline", "deg", "Angle between seat and back: 90 degrees, the back's lean, less the seat's fall."
    ),
    Measure(
        "mass", "kg", "Of all parts; joints overlap by millimetres and count twice there.", better="less"
    ),
    Measure("part_count", "1", "Parts to be made and joined, plastic feet included.", better="less"),
    Measure(
        "material_cost", "1", "Euro of bought material with what is cut away, prices of 2024.", better="less"
    ),
    Measure(
        "stack_pitch",
        "mm",
        "Height that each further chair adds to a stack, by letting the body down "
        "onto itself along the best line up to 30 degrees forward.",
        better="less",
    ),
    Measure(
        "forwards_stability",
        "1",
        f"Holding over tipping moment forwards, {_EN1022}; 1 is the edge.",
        better="more",
    ),
    Measure("sideways_stability", "1", f"The same to the side, {_EN1022}.", better="more"),
    Measure("rearwards_stability", "1", f"The same to the rear, {_EN1022}.", better="more"),
    Measure("stability", "1", f"The least of the three, {_EN1022}.", better="more"),
    Measure(
        "safety_factor",
        "1",
        "Strength over the largest stress in the static tests of EN 1728 at EN 16139 "
        "level 1 (general contract use); the least. 1 passes; see the loads' sources.",
        better="more",
    ),
    Measure("peak_stress", "MPa", "Largest equivalent stress in the same tests.", better="less"),
    Measure("max_deflection", "mm", "Longest way that a point moves in the same tests.", better="less"),
    Measure(
        "domestic_safety_factor", "1", "The same factor under the loads of EN 12520 (homes).", better="more"
    ),
    Measure(
        "severe_safety_factor",
        "1",
        "The same factor under EN 16139 level 2 (severe contract use).",
        better="more",
    ),
    Measure(
        "feet_on_floor",
        "1",
        "Share of adults whose feet reach the ground (Bodyspace table 2.4, shoes 25 mm).",
        better="more",
    ),
    Measure(
        "backs_supported",
        "1",
        "Share of adults who reach the back with 20 mm behind the knee (Bodyspace).",
        better="more",
    ),
)
_BODY = frozenset(
    {"overall_width", "overall_depth", "overall_height", "footprint", "mass", "part_count", "material_cost",
     "forwards_stability", "sideways_stability", "rearwards_stability", "stability"}
)  # fmt: skip
_GENERAL = frozenset({"safety_factor", "peak_stress", "max_deflection"})
_LEVELS: Mapping[str, Level] = {"domestic_safety_factor": "domestic", "severe_safety_factor": "severe"}
#: beam over shell, nine in ten of 30 sampled chairs: `python -m
#: maquette.surrogate.studies.structure.agreement --family chair -n 30 --runs
#: assets/data/structure_chair.jsonl`
BEAM_OVER_SHELL = {"safety_factor": (0.82, 1.38), "peak_stress": (0.72, 1.25), "max_deflection": (0.93, 1.19)}
#: safety factors to the level of loads that they are for
LEVEL_OF: Mapping[str, Level] = {"safety_factor": "general", **_LEVELS}


def measures_of(v: Mapping[str, float], names: Collection[str]) -> dict[str, float]:
    """The measures in `names`, in the order of :data:`MEASURES`."""
    a = Layout(v)
    depth = usable_depth(a)
    found = {
        "usable_depth": depth,
        "knee_clearance": knee_clearance(depth),
        "recline": 90.0 + v["back_angle"] - v["seat_angle"],
        "feet_on_floor": feet_on_floor(v["seat_height"]),
        "backs_supported": backs_supported(depth),
    }
    if _BODY.intersection(names):
        found |= _of_body(a)
    if "stack_pitch" in names:
        found["stack_pitch"] = stack_pitch([c for p in pieces_of(a) for c in p.shape.capsules()])[0]
    if _GENERAL.intersection(names):
        found |= outputs_of(solved(v))
    for name, level in _LEVELS.items():
        if name in names:
            found[name] = solved(v, level).safety_factor
    return {m.name: found[m.name] for m in MEASURES if m.name in names}


def outputs_of(found: Solved) -> dict[str, float]:
    """The measures that a solved structure gives."""
    return {
        "safety_factor": found.safety_factor,
        "peak_stress": found.peak_stress,
        "max_deflection": found.max_deflection,
    }


def _of_body(a: Layout) -> dict[str, float]:
    parts = [(p, p.shape.mesh()) for p in pieces_of(a)]
    boxes = np.stack([m.bounds for _, m in parts])
    low, high = boxes[:, 0].min(axis=0), boxes[:, 1].max(axis=0)
    masses = np.array([m.volume * 1e-9 * p.stuff.density for p, m in parts])
    width, depth = float(high[1] - low[1]), float(high[0] - low[0])
    held = stability(a, float(masses.sum()), _middle(parts, masses))
    return {
        "overall_width": width,
        "overall_depth": depth,
        "overall_height": float(high[2]),
        "footprint": width * depth * 1e-6,
        "mass": float(masses.sum()),
        "part_count": float(len(parts)),
        "material_cost": sum(
            float(m) * p.stuff.price / (1.0 - p.stuff.waste) for (p, _), m in zip(parts, masses, strict=True)
        ),
        **{f"{way}_stability": value for way, value in held.items()},
        "stability": min(held.values()),
    }


def _middle(parts: list[tuple[Piece, Mesh]], masses: np.ndarray) -> float:
    """x of the centre of mass, mm."""
    return float(masses @ [m.centroid[0] for _, m in parts] / masses.sum())


def usable_depth(a: Layout) -> float:
    """Level distance from the seat's front edge to the back, or to the seat's end where there is none."""
    x0, x1 = a.ends
    if a.kind == d.NO_BACK:
        return x1 - x0
    z = a.v["seat_height"] + 100.0
    x = shell_of(a).edge(z)[0] if a.kind == d.SHELL else a.post(z)[0] - a.r
    return x - (z - a.v["seat_height"]) * math.tan(math.radians(a.v["back_angle"])) - x0


def spread_of(v: Mapping[str, float], name: str) -> tuple[float, float] | None:
    """Nine in ten chairs, of measures of their structure."""
    level = LEVEL_OF.get(name, "general")
    if name not in LEVEL_OF and name not in _GENERAL:
        return None
    found = solved(v, level)
    kind = "safety_factor" if name in LEVEL_OF else name
    return spread(found, kind, outputs_of(found)[kind], BEAM_OVER_SHELL)
