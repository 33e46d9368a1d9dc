"""What a car measures: dimensions, areas, angles, room for people and luggage, mass and stability.

Standards and assumptions are named at each function; `MEASURES` repeats them for interfaces and reports.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from ...arrays import FloatArray
from ...family.contract import Measure
from .definition import Definition
from .hull import hull_size
from .hull_parts import kept_mirror, mirror_axes, mirror_place, tyre_profile
from .proportions import proportion_distance
from .sight import beam_heights, view_over_hood
from .skin import FAST, Skin, skin

FLOOR_MM = 110.0  # underbody to heel point: underbody, sheet, carpet (our assumption)
LINING_MM = 45.0  # roof skin to headlining (our assumption)
TRIM_MM = 85.0  # body side to inner trim (our assumption)
HEAD_ROOM_ADDITION_MM = 102.0  # SAE J1100, H61: effective head room adds 102 mm
HEAD_ROOM_LEAN_DEG = 8.0  # SAE J1100, H61: measured 8 degrees rear of vertical
BOX_DENSITY = 119.0  # kg per m3 of length x width x height; see `kerb_mass`
CG_SHARE = 0.38  # centre of gravity height / overall height; see `cg_height`
#: share of the free space that the 200 x 100 x 50 mm blocks of ISO 3832 fill (assumption)
LUGGAGE_PACKING = 0.62

MEASURES = (
    Measure(
        "overall_length",
        "mm",
        "Overall length of everything (SAE J1100 L103): both overhangs and wheelbase.",
        sum_of=("front_overhang", "wheelbase", "rear_overhang"),
    ),
    Measure(
        "width_with_mirrors", "mm", "Widest points of everything (the overall width leaves the mirrors out)."
    ),
    Measure("track", "mm", "Front track (SAE J1100 W101-1)."),
    Measure("track_rear", "mm", "Rear track (SAE J1100 W101-2)."),
    Measure("belt_height", "mm", "Belt line above the ground at half the wheelbase."),
    Measure("hood_height", "mm", "Highest point of the hood (its rear end, the cowl) above the ground."),
    Measure(
        "frontal_area",
        "m2",
        "Projected frontal area of body, wheels and mirrors (true shadow along x).",
        better="less",
    ),
    Measure(
        "wetted_area",
        "m2",
        "Surface of the closed hull: body with closed arches, wheels, mirrors.",
        better="less",
    ),
    Measure("hull_volume", "m3", "Volume of the closed hull."),
    Measure(
        "approach_angle",
        "deg",
        "Approach angle (SAE J1100 A106-1) at the static loaded radius.",
        better="more",
    ),
    Measure(
        "departure_angle",
        "deg",
        "Departure angle (SAE J1100 A106-2) at the static loaded radius.",
        better="more",
    ),
    Measure("ramp_over_angle", "deg", "Ramp break-over angle (SAE J1100 A147).", better="more"),
    Measure(
        "cabin_volume",
        "m3",
        "Room between dash, rear seat back, floor, trim and headlining (assumed thicknesses).",
        better="more",
    ),
    Measure(
        "head_room_front",
        "mm",
        "Effective head room, front (SAE J1100 H61-1): 8 deg from the H-point, plus 102 mm.",
        better="more",
    ),
    Measure("head_room_rear", "mm", "Effective head room, rear (SAE J1100 H61-2).", better="more"),
    Measure(
        "luggage_volume",
        "l",
        "Luggage space below the belt line behind the rear seat, 62 % of it packed (ISO 3832 blocks).",
        better="more",
    ),
    Measure(
        "body_mass",
        "kg",
        "Estimated kerb mass: 119 kg per m3 of length x width x height (combustion car, +-8 %).",
        better="less",
    ),
    Measure(
        "cg_height",
        "mm",
        "Estimated height of the centre of gravity: 38 % of the overall height.",
        better="less",
    ),
    Measure(
        "cg_from_front_axle",
        "mm",
        "Estimated centre of gravity behind the front axle: 44 % of the wheelbase.",
    ),
    Measure(
        "static_stability_factor",
        "1",
        "Mean track / (2 x centre of gravity height) (49 CFR 575, NHTSA rollover rating).",
        better="more",
    ),
    Measure("beam_height_low", "mm", "Lowest point of the dipped-beam lamps above the ground (UN R48)."),
    Measure("beam_height_high", "mm", "Highest point of the dipped-beam lamps above the ground (UN R48)."),
    Measure(
        "view_over_hood",
        "deg",
        "How far below the horizontal the driver sees over the hood, from V2 of UN R125.",
        better="more",
    ),
    Measure(
        "proportion_distance",
        "1",
        "How unlike any car on the road the proportions are; 1 is the edge (113 production cars, and soft "
        "ranges of glass, tail and dash to axle from rules of thumb).",
        better="less",
    ),
)


@dataclass(frozen=True)
class Seating:
    """Design H-points (SgRP) of front and rear seat, mm: x, z, and y of the outboard seat."""

    front: tuple[float, float]
    rear: tuple[float, float]
    y: float


#: measures that need the closed hull (some 10 ms); every other one takes about 10 ms together
HULL_MEASURES = ("wetted_area", "hull_volume")
#: measures that are closed formulas of the definition (some 0.1 ms): a search takes them of every candidate
QUICK_MEASURES = ("proportion_distance",)


def measures(d: Definition, names: Collection[str] | None = None) -> dict[str, float]:
    """Every measure in `MEASURES`, in order; only those in `names` where it is given."""
    if names is not None and set(names) <= set(QUICK_MEASURES):
        return {"proportion_distance": proportion_distance(d)} if names else {}
    seats = seating(d)
    front, rear = d.track(d.x_front_axle), d.track(d.x_rear_axle)
    height = cg_height(d)
    s = skin(d, FAST)

    def wanted(*some: str) -> bool:
        return names is None or any(name in names for name in some)

    found: dict[str, float] = {
        "overall_length": d.length,
        "track": front,
        "track_rear": rear,
        "belt_height": float(d.belt(d.x_front_axle + 0.5 * d.p["wheelbase"])),
        "hood_height": float(d.profile(np.linspace(0.0, d.x_cowl, 80)).max()),
        "cabin_volume": cabin_volume(d, seats),
        "head_room_front": head_room(d, seats.front, seats.y),
        "head_room_rear": head_room(d, seats.rear, seats.y),
        "luggage_volume": luggage_volume(d, seats),
        "body_mass": kerb_mass(d),
        "cg_height": height,
        "cg_from_front_axle": 0.44 * d.p["wheelbase"],
        "static_stability_factor": 0.5 * (front + rear) / (2.0 * height),
        "proportion_distance": proportion_distance(d),
        "view_over_hood": view_over_hood(d, seats.front),
    }
    if wanted("beam_height_low", "beam_height_high"):
        found |= dict(zip(("beam_height_low", "beam_height_high"), beam_heights(d, s), strict=True))
    if wanted("width_with_mirrors"):
        mirrors = 2.0 * float(kept_mirror(d).bounding_box()[4])
        found["width_with_mirrors"] = max(mirrors, d.p["overall_width"])
    if wanted("frontal_area"):
        found["frontal_area"] = frontal_area(d, s)
    if wanted("approach_angle", "departure_angle", "ramp_over_angle"):
        found |= dict(
            zip(("approach_angle", "departure_angle", "ramp_over_angle"), angles(d, s), strict=True)
        )
    if wanted(*HULL_MEASURES):
        volume, area = hull_size(d)
        found |= {"wetted_area": area * 1e-6, "hull_volume": volume * 1e-9}
    return {m.name: float(found[m.name]) for m in MEASURES if m.name in found and wanted(m.name)}


def frontal_area(d: Definition, s: Skin) -> float:
    """Shadow along x of body, wheels and mirrors, m2, level by level from the skin's sections.

    A test holds it to the projected triangles of the hull and of the exact solid.
    """
    z: FloatArray = np.asarray((np.arange(1200) + 0.5) / 1200.0 * d.p["overall_height"], dtype=np.float64)
    half = s.top.shape[1] // 2
    outline = np.concatenate([s.top[:, half:], s.side[:, 1:]], axis=1)[:, ::-1]
    body = np.zeros_like(z)
    for section in outline:
        body = np.maximum(body, np.interp(z, section[:, 2], section[:, 1], left=0.0, right=0.0))
    _, y, z_mirror = mirror_place(d)
    _, b, c = mirror_axes(d)
    spans = [(np.zeros_like(z), body)]
    for x_axle in (d.x_front_axle, d.x_rear_axle):
        spans.append(_tyre_span(d, x_axle, z))
    reach = b * np.sqrt(np.clip(1.0 - ((z - z_mirror) / c) ** 2, 0.0, None))
    spans.append((y - reach, y + reach))
    stalk = np.abs(z - (z_mirror - 0.52 * c)) < 0.26 * c
    spans.append((np.where(stalk, 0.0, y), np.where(stalk, y, y)))
    return 2.0 * float(_covered(spans).mean()) * d.p["overall_height"] * 1e-6


def _tyre_span(d: Definition, x_axle: float, z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Inner and outer y of a right tyre's shadow at heights z (empty spans above its top)."""
    profile = tyre_profile(d.wheel_radius, d.p["tyre_width"])
    upper = profile[len(profile) // 2 :]
    lateral = np.interp(np.abs(z - d.z_axle), upper[::-1, 0], upper[::-1, 1], right=0.0)
    centre = d.track(x_axle) / 2.0
    return centre - lateral, centre + lateral


def _covered(spans: list[tuple[FloatArray, FloatArray]]) -> FloatArray:
    """Length of the union of intervals at each level, (n,)."""
    low = np.stack([a for a, _ in spans])
    high = np.stack([b for _, b in spans])
    order = np.argsort(low, axis=0)
    low, high = np.take_along_axis(low, order, 0), np.take_along_axis(high, order, 0)
    reached = np.maximum.accumulate(high, axis=0)
    before = np.concatenate([low[:1], reached[:-1]])
    return np.asarray(np.maximum(high - np.maximum(low, before), 0.0).sum(axis=0))


def seating(d: Definition) -> Seating:
    """Where people sit.

    Front: chair height H30 grows with the car's height (240 mm at 1400 mm, a quarter of the rest; our
    assumption, typical of class-A vehicles); the H-point's distance behind the ball of foot is the
    95th-percentile curve of SAE J1517, 913.7 + 0.672316 z - 0.00195530 z^2 (z = H30 in mm). The ball of foot
    stands 50 mm behind the front tyre. Rear: behind the front one by a couple distance (L50-2) of
    800 mm at 2400 mm of wheelbase and 0.3 of the rest (assumption), at least 220 mm ahead of the rear axle.
    """
    chair = float(np.clip(240.0 + 0.25 * (d.p["overall_height"] - 1400.0), 220.0, 360.0))
    behind = 913.7 + 0.672316 * chair - 0.00195530 * chair**2
    x_front = d.x_front_axle + d.wheel_radius + 50.0 + behind
    couple = 800.0 + 0.3 * (d.p["wheelbase"] - 2400.0)
    x_rear = min(x_front + couple, d.x_rear_axle - 220.0)
    heel = d.p["ground_clearance"] + FLOOR_MM
    return Seating((x_front, heel + chair), (x_rear, heel + chair + 15.0), 0.2 * d.p["overall_width"])


def head_room(d: Definition, h_point: tuple[float, float], y: float) -> float:
    """Effective head room (SAE J1100 H61), mm: H-point to headlining 8 deg rear of vertical, + 102 mm."""
    lean = np.radians(HEAD_ROOM_LEAN_DEG)
    s = np.linspace(300.0, 1500.0, 600)
    x, z = h_point[0] + s * np.sin(lean), h_point[1] + s * np.cos(lean)
    free = d.top(x, y) - LINING_MM - z
    return float(np.interp(0.0, -free, s)) + HEAD_ROOM_ADDITION_MM


def angles(d: Definition, s: Skin) -> tuple[float, float, float]:
    """Approach, departure and ramp break-over angle, deg (tyres at their static loaded radius)."""
    points = np.concatenate(
        [
            s.floor[:, ::4].reshape(-1, 3),
            s.side[:, -9:].reshape(-1, 3),
            s.nose[-12:, ::4].reshape(-1, 3),
            s.tail[-12:, ::4].reshape(-1, 3),
        ]
    )
    x, z = points[:, 0], points[:, 2]
    r = d.z_axle
    ahead, behind = x < d.x_front_axle - 0.5 * r, x > d.x_rear_axle + 0.5 * r
    between = (x > d.x_front_axle + 1.02 * r) & (x < d.x_rear_axle - 1.02 * r)

    def tangent(dx: FloatArray, height: FloatArray) -> FloatArray:
        """Angle of the line through a point, dx from the axle, that touches the tyre from below, deg."""
        reach = np.hypot(r - height, dx)
        angle = np.arctan2(dx, r - height) - np.arccos(np.minimum(r / reach, 1.0))
        return np.asarray(np.degrees(angle), dtype=np.float64)

    approach = tangent(d.x_front_axle - x[ahead], z[ahead]).min()
    departure = tangent(x[behind] - d.x_rear_axle, z[behind]).min()
    over = tangent(x[between] - d.x_front_axle, z[between]) + tangent(d.x_rear_axle - x[between], z[between])
    return float(approach), float(departure), float(over.min())


def _room(
    d: Definition, x: FloatArray, low: FloatArray, high: FloatArray, width_cap: FloatArray | None = None
) -> float:
    """Volume, m3, between heights low and high over stations x, inside the trim on both sides."""
    t = (np.arange(24) + 0.5) / 24.0
    z = low[:, None] + (np.maximum(high, low) - low)[:, None] * t
    half = np.maximum(d.half_width(x[:, None], z) - TRIM_MM, 0.0)
    if width_cap is not None:
        half = np.minimum(half, width_cap[:, None])
    section = 2.0 * half.mean(axis=1) * (np.maximum(high, low) - low)
    return float(np.trapezoid(section, x)) * 1e-9


def cabin_volume(d: Definition, seats: Seating) -> float:
    """Volume for people, m3: ball of foot to 330 mm behind the rear H-point, floor to headlining."""
    start = d.x_front_axle + d.wheel_radius + 50.0
    x = np.linspace(start, seats.rear[0] + 330.0, 60)
    floor = np.full_like(x, d.p["ground_clearance"] + FLOOR_MM)
    return _room(d, x, floor, d.top(x, seats.y) - LINING_MM)


def luggage_volume(d: Definition, seats: Seating) -> float:
    """Luggage space, litres: behind the rear seat back, 220 mm above the floor, up to the belt line or the
    lid, between the wheel arches; 62 % of it packed (blocks of ISO 3832, assumption)."""
    end = d.length - d.tail_insets[0] - 90.0
    x = np.linspace(seats.rear[0] + 330.0, max(end, seats.rear[0] + 331.0), 40)
    low = np.maximum(d.p["ground_clearance"] + 220.0, d.bottom(x) + 90.0)
    high = np.minimum(d.top(x, 0.3 * d.p["overall_width"]) - 40.0, d.belt(x))
    inner = d.track(d.x_rear_axle) / 2.0 - d.p["tyre_width"] / 2.0 - 75.0
    cap = np.where(np.abs(x - d.x_rear_axle) < d.arch_radius, inner, 1e4)
    return 1000.0 * LUGGAGE_PACKING * _room(d, x, low, high, cap)


def kerb_mass(d: Definition) -> float:
    """Estimated kerb mass, kg: 119 kg/m3 of the box length x width x height.

    The figure is the mean over five combustion cars of makers' published kerb masses (Fiat 500 110,
    Golf 8 116, BMW 320i 125, Audi Q5 121, Volvo XC90 121 kg/m3); single cars lie within 8 % of it.
    Electric cars are heavier.
    """
    return BOX_DENSITY * d.length * d.p["overall_width"] * d.p["overall_height"] * 1e-9


def cg_height(d: Definition) -> float:
    """Estimated height of the centre of gravity, mm: 38 % of the overall height (assumption, of the order of
    the passenger cars in NHTSA's light vehicle inertial parameter database, SAE 1999-01-1336)."""
    return CG_SHARE * d.p["overall_height"]


def shape_features(d: Definition) -> dict[str, float]:
    """Dimensionless shape numbers on which drag is known to depend; cheap (no mesh)."""
    p = d.p
    x = np.linspace(0.02, 0.995, 50) * d.length
    t = (np.arange(14) + 0.5) / 14.0
    low, high = d.bottom(x), d.profile(x)
    z = low[:, None] + (high - low)[:, None] * t
    area = 2.0 * d.half_width(x[:, None], z).mean(axis=1) * (high - low)
    peak = float(area.max())
    share = area / peak
    at = {
        name: float(np.interp(d.length - back, x, share)) for name, back in (("base", 60.0), ("rear", 700.0))
    }
    box = p["overall_width"] * p["overall_height"]
    wheel_face = 2.0 * p["tyre_width"] * p["ground_clearance"]
    return {
        "slenderness": d.length / float(np.sqrt(peak)),
        "fullness": peak / box,
        "base_share": at["base"],
        "rear_share": at["rear"],
        "steepest_closing": float(-np.gradient(share, x / d.length)[x > 0.5 * d.length].min()),
        "nose_share": float(np.interp(250.0, x, share)),
        "steepest_opening": float(np.gradient(share, x / d.length)[x < 0.5 * d.length].max()),
        "roof_fall": (p["overall_height"] - d.z_tail) / (d.length - d.x_roof_peak),
        "tail_height": (d.z_tail - float(d.bottom(np.asarray(d.length)))) / p["overall_height"],
        "gap": p["ground_clearance"] / p["overall_height"],
        "wheel_share": wheel_face / peak,
    }
