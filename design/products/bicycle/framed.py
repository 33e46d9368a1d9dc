"""FRAMED's frames as ours: a row of its table to parameter values, and its three load cases on our beams.

FRAMED: L. Regenwetter, C. Weaver, F. Ahmed, "FRAMED: An AutoML approach for structural performance
prediction of bicycle frames", Computer-Aided Design 156 (2023), arXiv 2201.10459; table and post-processing
in the public repository Lyleregenwetter/FRAMED (MIT). Lengths there in metres, angles in degrees, x along
the bicycle, y up, z across. The frames were drawn by people in BikeCAD; their walls were then drawn at
random, 0.5 to 10 mm.

The paper's pages with the supports and the sizes of the loads were not at hand; they were found on the
table, by what ranks and scatters its frames least (`tests/framed.py` tells how): head tube clamped over its
whole length, its wall held; 2,000 N down on the bottom bracket and 2,000 N on both dropouts together (up, but
down where the bottom bracket drop is 54 mm or more: a face of their solid flips there); 550 N across on the
bottom bracket and 2,000 N down on the right end of its shell, both with the dropouts on flat guides.

Safety factors are those of their mesh: in the authors' own study of five frames (``Convergence`` in that
repository, whose plot marks a fineness of 3) going from 4 to 1 divides the safety factors by 1.2 to 5.4 and
moves no displacement by more than 1.4 %, as stress has no limit in the sharp corners of mitres; and the
thicker the wall, the more of the corner a mesh sees. :data:`NOTCH` stands for that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...family.parameters import parameters_of
from ...structures.draft import Draft
from ...structures.materials import Material
from ...structures.solve import Solved, solve
from ...structures.structure import CLAMPED, Load, LoadCase, Probe, Support
from .declaration import BicycleParameters
from .definition import STAY_END_MM, Definition, define
from .materials import ALUMINIUM, STEEL, TITANIUM
from .rules import broken_rules
from .structure import bones, dropout_nodes
from .tubes import wall_volume

_FROM = "SolidWorks"
#: of SolidWorks' library, as FRAMED's results name them: density kg/m3, E, G, yield MPa
_TABLE = {
    "Steel": (STEEL, Material("aisi_4130", 205e3, 80e3, 0.285, 7850.0, 460.0, (0.0, 0.0), _FROM)),
    "Aluminum": (ALUMINIUM, Material("al_6061_t6", 69e3, 26e3, 0.33, 2700.0, 275.0, (0.0, 0.0), _FROM)),
    "Titanium": (TITANIUM, Material("ti_6al4v", 104.8e3, 41e3, 0.31, 4429.0, 827.4, (0.0, 0.0), _FROM)),
}  # fmt: skip
PRESS_N, PULL_N, SIDE_N, ECCENTRIC_N = 2000.0, 2000.0, 550.0, 2000.0
FLIP_MM = 54.0
#: stress at the mitres of FRAMED's mesh over that of our beams: a factor, times the wall (mm) to a power
NOTCH = (1.4, 0.2)
DROPOUTS_MM3 = 36_000.0  # both, with what their stays have there: from the published masses
THIN_SEAT_TUBE_MM = 0.9
HEAD = ("head bottom", "head lower", "head upper", "head top")
OUTPUTS = (
    "Sim 1 Dropout X Disp.", "Sim 1 Dropout Y Disp.", "Sim 1 Bottom Bracket X Disp.",
    "Sim 1 Bottom Bracket Y Disp.", "Sim 2 Bottom Bracket Z Disp.", "Sim 3 Bottom Bracket Y Disp.",
    "Sim 3 Bottom Bracket X Rot.", "Sim 1 Safety Factor", "Sim 3 Safety Factor", "Model Mass",
)  # fmt: skip

_LENGTHS = {
    "stack": "Stack", "head_tube_length": "HT Length", "seat_tube_length": "ST Length",
    "chain_stay_length": "CS Length", "bottom_bracket_drop": "BB Drop", "head_tube_lower": "HT LX",
    "head_tube_upper": "HT UX", "seat_tube_extension": "ST UX", "seat_stay_drop": "SS E",
    "seat_stay_spread": "SS Z", "chain_stay_inset": "CS F", "head_tube_diameter": "HT OD",
    "top_tube_diameter": "TT OD", "down_tube_diameter": "DT OD", "seat_tube_diameter": "ST OD",
    "chain_stay_diameter": "CS OD", "seat_stay_diameter": "SS OD", "bridge_diameter": "SSB OD",
    "shell_diameter": "BB OD", "shell_width": "BB Length", "dropout_spacing": "Dropout Offset",
    "seat_stay_bridge_offset": "SSB Offset", "chain_stay_bridge_offset": "CSB Offset",
    "head_tube_wall": "HT Thickness", "top_tube_wall": "TT Thickness", "down_tube_wall": "DT Thickness",
    "seat_tube_wall": "ST Thickness", "chain_stay_wall": "CS Thickness", "seat_stay_wall": "SS Thickness",
    "shell_wall": "BB Thickness",
}  # fmt: skip


@dataclass(frozen=True)
class Read:
    """A row as ours.

    Attributes:
        values: parameters; {} where no frame can be drawn of the row.
        refused: the named rules that stand against it: those of the family, ``inside-our-ranges`` where only
            a parameter lies outside the declared space, and three of their own for rows without a frame:
            ``down-tube-reaches-head-tube``, ``chain-stay-longer-than-drop``, ``joints-on-their-tubes``.
    """

    values: Mapping[str, float]
    refused: tuple[str, ...]


def values_of(row: Mapping[str, float | str]) -> Read:
    """A row of FRAMED's table, by column, as parameter values and what stands against them."""
    number = {k: float(v) for k, v in row.items() if k != "Material"}
    values: dict[str, float] = {ours: 1000.0 * number[theirs] for ours, theirs in _LENGTHS.items()}
    for kind, include in (("seat_stay", "SSB_Include"), ("chain_stay", "CSB_Include")):
        values[f"{kind}_bridge"] = int(number[include])
        if not values[f"{kind}_bridge"]:
            values[f"{kind}_bridge_offset"] = 362.0  # of a bridge that is not there
    values |= {"head_angle": number["HT Angle"], "seat_angle": number["ST Angle"]}
    head = math.radians(number["HT Angle"])
    up_to = values["head_tube_length"] - values["head_tube_lower"]
    height = values["stack"] - up_to * math.sin(head)
    long = 1000.0 * number["DT Length"]
    if long <= abs(height):
        return Read({}, ("down-tube-reaches-head-tube",))
    if values["chain_stay_length"] <= abs(values["bottom_bracket_drop"]):
        return Read({}, ("chain-stay-longer-than-drop",))
    joints = (values["seat_tube_length"] - values["seat_tube_extension"],
              values["seat_tube_length"] - values["seat_stay_drop"],
              up_to - values["head_tube_upper"])  # fmt: skip
    if min(joints) <= 1.0:
        return Read({}, ("joints-on-their-tubes",))
    values["reach"] = math.sqrt(long**2 - height**2) - up_to * math.cos(head)
    values["material"] = _TABLE[str(row["Material"])][0]
    values["paint"] = 0.0
    broken = [b.rule for b in broken_rules(values)]
    low_high = {p.name: p.range for p in parameters_of(BicycleParameters)}
    if any(not r.low <= values[n] <= r.high for n, r in low_high.items()):
        broken.append("inside-our-ranges")
    return Read(values, tuple(broken))


def seat_tube_as_told(row: Mapping[str, float | str]) -> bool:
    """False where the published mass and results are of a seat tube of 0.9 mm whatever the row says: frames
    of steel and titanium without a bridge between the seat stays (nine in ten of those of steel)."""
    return str(row["Material"]) == "Aluminum" or float(row["SSB_Include"]) > 0.5


def outputs(row: Mapping[str, float | str], values: Mapping[str, float]) -> dict[str, float]:
    """FRAMED's outputs, in its units (m, rad, kg), of our beams."""
    d = define(values)
    material = _TABLE[str(row["Material"])][1]
    found = _solved(d, material)
    read = found.probes
    ends = read["right"] - read["left"]
    mass = sum(wall_volume(t, d.tubes) for t in d.tubes.values()) + _stay_ends(d) + DROPOUTS_MM3
    told = (
        read["dropout x"] / 1e3, read["dropout z"] / 1e3, read["bracket x"] / 1e3, read["bracket z"] / 1e3,
        read["bracket y"] / 1e3, 0.5 * (read["right"] + read["left"]) / 1e3, abs(ends) / d.p["shell_width"],
        _safety(found, 0), _safety(found, 2), mass * 1e-9 * material.density,
    )  # fmt: skip
    return dict(zip(OUTPUTS, told, strict=True))


def _solved(d: Definition, material: Material) -> Solved:
    draft = Draft()
    bones(draft, d, material, dropouts=False, held=("head tube",))
    rear, bracket = dropout_nodes(draft, d), draft.node(d.points["bracket"])
    right, left = (
        draft.node(p) for p in (d.tubes["bottom bracket shell"].a, d.tubes["bottom bracket shell"].b)
    )
    guides = [Support(node, ("y", "rx", "rz")) for node in rear]
    clamped = [Support(draft.node(d.points[k]), CLAMPED) for k in HEAD]
    held = [*guides, *clamped]
    sign = -1.0 if d.p["bottom_bracket_drop"] >= FLIP_MM else 1.0
    pulls = [Load(node, (0.0, 0.0, sign * 0.5 * PULL_N)) for node in rear]
    cases = (
        LoadCase("in plane", "FRAMED, 1", clamped, (Load(bracket, (0.0, 0.0, -PRESS_N)), *pulls)),
        LoadCase("transverse", "FRAMED, 2", held, (Load(bracket, (0.0, SIDE_N, 0.0)),)),
        LoadCase("eccentric", "FRAMED, 3", held, (Load(right, (0.0, 0.0, -ECCENTRIC_N)),)),
    )
    probes = (
        Probe("dropout x", "in plane", rear[0], "x"), Probe("dropout z", "in plane", rear[0], "z"),
        Probe("bracket x", "in plane", bracket, "x"), Probe("bracket z", "in plane", bracket, "z"),
        Probe("bracket y", "transverse", bracket, "y"), Probe("right", "eccentric", right, "z"),
        Probe("left", "eccentric", left, "z"),
    )  # fmt: skip
    return solve(draft.structure(cases, probes))


def _safety(found: Solved, case: int) -> float:
    """Yield over stress, with its peak at the mitres, of all tubes but the head tube, which is held."""
    members = found.structure.members
    walls = np.array([m.section.wall if m.name != "head tube" else 0.0 for m in members])
    return float(1.0 / (found.usage[case, : len(walls)] * NOTCH[0] * walls ** NOTCH[1]).max())


def _stay_ends(d: Definition) -> float:
    """mm3 of the stays' ends that ours leave to the dropouts, and FRAMED's run to the axle."""
    stays = [t for t in d.tubes.values() if t.name.endswith("stay")]
    return sum(math.pi * (t.radius**2 - max(t.radius - t.wall, 0.0) ** 2) * STAY_END_MM for t in stays)
