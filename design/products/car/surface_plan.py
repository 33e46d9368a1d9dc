"""Where the car's skin is judged: its regions, the lines on it, and the edges that are meant."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ...arrays import FloatArray
from ...geometry.surface_edges import Crease
from ...geometry.surface_lines import Line, sign_changes
from ...geometry.surface_plan import SurfacePlan
from ...geometry.surface_quality import Region
from .body_surfaces import FLARE_REACH
from .definition import Definition
from .skin import EXACT, skin

#: by which a turn of curvature may lie elsewhere than the definition has it: where a line is nearly straight
#: a hair decides
TURN_MM = 350.0
CORNER_MM = 25.0  # around the corners of nose and tail
EDGE_MM, END_MM = 15.0, 60.0  # by which regions stay clear of rounded edges, and of rounded ends


def regions(d: Definition) -> list[Region]:
    """The car's regions, right side; mm. Each ends where the rounding of a meant edge begins."""
    half = 0.5 * d.p["overall_width"]
    below_belt = 1.25 * d.belt_rounding
    nose, tail = d.nose_insets[0] + END_MM, d.length - d.tail_insets[0] - END_MM
    front_seam = d.x_front_axle + d.arch_radius + 60.0
    rear_seam = d.x_rear_axle - d.arch_radius - 60.0
    arches = tuple((x, d.z_axle, d.arch_radius + 12.0) for x in (d.x_front_axle, d.x_rear_axle))
    hollow = int(d.p["side_sculpture"] > 0.0)  # it falls and rises from wheel to wheel and sill to shoulder
    swelling = int(d.p["fender_flare"] > 0.0)  # round over the wheel, and again to the tail

    def rounding(x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """How far inwards of, and below, their sharp edge top and side begin to round, with their edge."""
        y, z = d.top_edge(x)
        inwards, down = d.corner_reach(y, z - d.bottom(x))
        return y - inwards - EDGE_MM, z - down - EDGE_MM

    def side(name: str, start: float, end: float, waves: tuple[int, int] = (0, 0)) -> Region:
        x = np.linspace(start, end, 30)
        high = np.minimum(d.belt(x) - below_belt, rounding(x)[1])
        low = d.bottom(x) + 1.3 * d.p["sill_radius"] + EDGE_MM
        outline = np.concatenate([np.stack([x, low], 1), np.stack([x, high], 1)[::-1]])
        return Region(name, "y", 1.0, _beside(d, outline), arches, waves)

    def above(name: str, start: float, end: float) -> Region:
        x = np.linspace(start, end, 30)
        reach, _ = rounding(x)
        edges = [
            np.stack([np.full(8, w), np.linspace(-80.0, r, 8)], 1)
            for w, r in ((start, reach[0]), (end, reach[-1]))
        ]
        outline = np.concatenate([edges[0], np.stack([x, reach], 1)[1:-1], edges[1][::-1]])
        return Region(name, "z", 1.0, _over(d, outline))

    x = np.linspace(d.x_cowl, d.x_deck, 200)
    clear = x[(rounding(x)[1] - d.belt(x) > below_belt + EDGE_MM) & (x < d.x_shoulder_end)]
    belt_x = clear[[0, -1]] + np.array([END_MM, -2.0 * END_MM])  # between the feet of the pillars
    belt = d.belt(belt_x)
    (start, end), (z0, z1) = belt_x, belt
    band = [
        (start, z0 - below_belt),
        (end, z1 - below_belt),
        (end, z1 + below_belt),
        (start, z0 + below_belt),
    ]
    rise = math.tan(math.radians(d.p["belt_slope"]))

    def box(out: float, low: float, top: float) -> FloatArray:
        return np.array([[-80.0, low], [-80.0, top], [out, top], [out, low]])

    lip = 1.8 * (d.x_roof_end - d.x_lip) if d.roof_lip > 0.0 else 0.0  # where it begins to turn up
    roof_end = d.x_roof_end - lip - EDGE_MM
    found = [
        above("bonnet", nose, d.x_cowl - 105.0),
        side("front wing", nose, front_seam, (0, hollow)),
        side("door", front_seam, rear_seam, (hollow, hollow)),
        side("rear wing", rear_seam, tail, (swelling, hollow)),
        Region("shoulder", "y", 1.0, _beside(d, np.array(band)), (), (1, 1), rise),
        above("roof", d.x_header, roof_end),
    ]
    if d.p["backlight_angle"] < 45.0:
        found.append(above("rear screen", d.x_roof_end + 60.0, d.x_deck - 60.0))
    else:
        steep = math.tan(math.radians(d.p["backlight_angle"]))
        end, foot = d.profile.radii[6:8].tolist()  # of the roundings above and below
        low, top = d.z_deck + foot * steep + EDGE_MM, d.z_roof_end - end * steep - EDGE_MM
        found.append(Region("rear screen", "x", 1.0, box(0.72 * half, low, top)))
    top = d.z_tail - d.tail_insets[1] - END_MM
    low = float(d.bottom(np.asarray(d.length))) + d.tail_insets[3] + 20.0
    heights = np.linspace(low, top, 12)
    out = float(d.half_width(np.full(12, d.length), heights).min()) - d.tail_insets[2] - 40.0
    found.append(Region("tail", "x", 1.0, box(out, low, top)))
    return found


def _beside(d: Definition, xz: FloatArray) -> FloatArray:
    """Places (x, z), (n, 2), of the side in body coordinates as they are seen from the side."""
    x, z = xz.T
    return d.place(x, d.half_width(x, z), z)[:, [0, 2]]


def _over(d: Definition, xy: FloatArray) -> FloatArray:
    """Places (x, y), (n, 2), of the top in body coordinates as they are seen from above."""
    x, y = xy.T
    return d.place(x, y, d.top(x, y))[:, :2]


def lines(d: Definition) -> list[Line]:
    """Named lines along which the sign of curvature is watched."""
    bonnet = np.arange(d.nose_insets[0] + 1.5 * END_MM, d.x_cowl - 130.0, 6.0)
    roof = np.arange(d.x_header - 60.0, d.x_roof_end - d.profile.radii[6] - EDGE_MM, 6.0)
    ends = 2.0 * END_MM
    shoulder = np.arange(d.nose_insets[0] + ends, d.length - d.tail_insets[0] - 1.4 * ends, 6.0)
    _, edge = d.top_edge(shoulder)
    z = np.minimum(d.belt(shoulder) - 1.1 * d.belt_rounding, edge - 90.0)
    flank = d.place(shoulder, d.half_width(shoulder, z), z)
    whole = np.arange(roof[0], d.x_roof_end, 6.0)  # a lip's turn is told with what follows it
    above = [d.place(x, np.zeros_like(x), d.profile(x)) for x in (bonnet, roof, whole)]
    reach = FLARE_REACH * d.flare_radius
    swell = [(x - reach, x + reach) for x in (d.x_front_axle, d.x_rear_axle)]
    lip = [(float(np.interp(d.x_lip - 220.0, roof, above[1][:, 0])), d.length)] if d.roof_lip > 0.0 else []
    return [
        Line("bonnet centreline", "z", 1.0, above[0][:, :2]),
        Line("roof centreline", "z", 1.0, above[1][:, :2], turns(above[2][:, [0, 2]], lip), TURN_MM),
        Line("shoulder line", "y", 1.0, flank[:, [0, 2]], turns(flank[:, :2], swell), TURN_MM),
    ]


def turns(curve: FloatArray, within: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    """Where along its first coordinate a plane `curve` (n, 2) turns from hollow to round or back, inside the
    spans `within` that a feature of the definition takes: a swelling over a wheel, or a lip."""
    along, away = curve.T
    slope = np.gradient(away, along)
    bend = -np.gradient(slope, along) / (1.0 + slope**2) ** 1.5
    spans = sign_changes(along[2:-2], bend[2:-2], 0.01)
    return tuple(float(0.5 * (a + b)) for a, b in spans if any(low < b and a < high for low, high in within))


def corners(d: Definition) -> list[Crease]:
    """Where the outlines of nose and tail run on from top or floor to side: the corner of a four-sided
    surface in a smooth outline has no normal, and for some millimetres around the faces cannot agree."""
    s = skin(d, EXACT)
    found = []
    for end, k in (("nose", 0), ("tail", -1)):
        for part, row in (("upper", s.top[k]), ("lower", s.floor[k])):
            for point in row[[0, -1]]:
                low, high = (tuple((point + w * CORNER_MM).tolist()) for w in (-1.0, 1.0))
                found.append(Crease(f"{end}, {part} corner of its outline", low, high))
    return found


def surface_plan(d: Definition) -> SurfacePlan:
    """What the surface report judges on a car. No edge between its faces is meant."""
    inner = 0.25 * d.p["overall_width"]
    arches = tuple((x, d.z_axle, d.arch_radius, inner) for x in (d.x_front_axle, d.x_rear_axle))
    return SurfacePlan(tuple(regions(d)), tuple(lines(d)), tuple(corners(d)), arches)
