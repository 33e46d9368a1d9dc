"""Shut lines, handles, rockers and arch lips of the body's right side, and the underbody."""

from __future__ import annotations

import numpy as np

from ...arrays import FloatArray
from ...geometry.mesh import Colour
from .curves import evenly, within
from .definition import Definition
from .glass import pillars, rear_seam_x
from .panels import DARK, PAINT, TRIM, Sheet, seam, tabled_edge
from .skin import Skin
from .spots import spots
from .wrap import cubic, spline_slopes

RIGHT = (0.0, 1.0, 0.0)
PLASTIC, LACQUERED = ("polypropylene", 950.0), ("polycarbonate", 1200.0)
ROCKER_ROWS = 13  # of the skin's side, from the floor up, that the rocker may lie on
LIP_MM = 11.0  # width of the lip around a road car's arch
PLATE_ROWS = 15  # of a handle's grid
SEAM_MM = 2.6  # half width of a shut line


# -- shut lines -----------------------------------------------------------------------------------------


def front_seam_x(d: Definition) -> float:
    """Foot of the front door's front shut line, mm."""
    return max(d.x_front_axle + d.arch_radius + 70.0, d.x_cowl - 40.0)


def last_seam_x(d: Definition, t: FloatArray) -> FloatArray:
    """The last door's rear shut line at share t from sill to belt, mm."""
    if d.choice("doors") == "two":
        return np.asarray(pillars(d)[0] - 30.0 * (1.0 - t) ** 2)
    return rear_seam_x(d, t)


def seams(d: Definition) -> list[Sheet]:
    """Shut lines of the right doors: narrow dark strips from the rocker to the belt or the fender's edge."""
    front = front_seam_x(d)
    t = evenly(0.0, 1.0, 40)
    lines = [front - 40.0 * t, last_seam_x(d, t)]
    if d.choice("doors") == "four":
        lines.insert(1, pillars(d)[0] + 0.0 * t)
    wide, flat = np.array([[-SEAM_MM, SEAM_MM]]), np.zeros((1, 2))
    xs, zs, names = [], [], []
    edges = tabled_edge(d).z_at(np.array([[line.min(), line.max()] for line in lines]))
    for k, (line, edge_z) in enumerate(zip(lines, edges, strict=True)):
        z_low = float(sill_seam_z(d, line[0]))
        z_high = min(float(d.belt(line[-1])) + 0.55 * d.belt_rounding, float(edge_z.min()) - 105.0)
        xs.append(line[:, None] + wide)
        zs.append((z_low + (z_high - z_low) * t)[:, None] + flat)
        names.append(f"door seam {k + 1} right")
    x = np.linspace(front, float(last_seam_x(d, np.zeros(1))[0]), 30)
    xs.append(x[:, None] + flat)
    zs.append(sill_seam_z(d, x)[:, None] + wide)
    every = zip([*names, "sill seam right"], xs, zs, strict=True)
    return [seam(name, TRIM, x, None, z, RIGHT) for name, x, z in every]


def hood_seams(d: Definition) -> list[Sheet]:
    """Shut line of the hood on the right: from the nose to the cowl."""
    x = evenly(0.75 * d.p["nose_roundness"] + 120.0, d.x_cowl - 15.0, 40)
    edge = tabled_edge(d).y_at(x)
    y = (edge - 1.02 * d.corner_reach(edge, edge)[0])[:, None] + np.array([[-SEAM_MM, SEAM_MM]])
    xx = np.broadcast_to(x[:, None], y.shape)
    return [seam("hood seam right", TRIM, xx, y, None, (0.0, 0.0, 1.0))]


# -- rocker and arches ----------------------------------------------------------------------------------


def rocker_top(d: Definition, x: FloatArray | float) -> FloatArray:
    """Height to which the dark rocker reaches: it climbs a little towards the rear, mm."""
    foot = d.p["ground_clearance"] + max(1.25 * d.p["sill_radius"] + 16.0, 84.0)
    return np.asarray(foot + 0.013 * (np.asarray(x) - d.x_front_axle))


def sill_seam_z(d: Definition, x: FloatArray | float) -> FloatArray:
    """Height of the shut line under the doors, mm."""
    return rocker_top(d, x) + 13.0


def rocker(d: Definition, s: Skin) -> tuple[Sheet, FloatArray]:
    """The dark band along the sill, from its rounding into the floor to :func:`rocker_top`, and its grid."""
    side = s.side[:, ::-1][:, :ROCKER_ROWS]
    x_rows = s.side[:, -ROCKER_ROWS // 2, 0]
    share = evenly(0.0, 1.0, 8)
    along = evenly(0.0, 1.0, 34)[:, None]
    # ends follow the arches; the height of a row is near enough for that before its points are known
    low = d.p["ground_clearance"]
    z = low + (rocker_top(d, d.x_front_axle) - low) * (0.10 + 0.90 * share) ** 1.6
    chord = np.sqrt(np.maximum((d.arch_radius + 5.0) ** 2 - (d.z_axle - z) ** 2, 0.0))
    x = (d.x_front_axle + chord) * (1 - along) + (d.x_rear_axle - chord) * along
    lines = _stations(x_rows, side, x.ravel())
    points = _up(lines, np.tile(share, len(x)), rocker_top(d, x).ravel()).reshape(34, 8, 3)
    colour = PAINT if d.choice("trim") == "body_colour" and not _off_road(d) else DARK
    sheet = Sheet("sill cladding right", colour, x, None, None, (0.0, 1.0, -0.3), 0.4, 2.6, *PLASTIC)
    return sheet, points


def _stations(x_rows: FloatArray, side: FloatArray, x: FloatArray) -> FloatArray:
    """The skin's rows (n, rows, 3) at places x (m,), by cubics through its stations: (3, m, rows)."""
    k = np.clip(np.searchsorted(x_rows, x, side="right") - 1, 1, len(x_rows) - 3)
    low, high = max(int(k.min()) - 3, 0), min(int(k.max()) + 4, len(x_rows))
    rows = np.swapaxes(side[low:high], 1, 2).reshape(high - low, -1)
    gap = np.diff(x_rows[low:high])
    slopes = np.ascontiguousarray(spline_slopes(gap[None], (np.diff(rows.T) / gap)[:, None])[:, 0].T)
    k = k - low
    over = gap[k][:, None]
    t = (x - x_rows[low:high][k])[:, None] / over
    a, b, from_a, to_b = (g.take(k + i, axis=0) for g in (rows, slopes) for i in (0, 1))
    found = cubic(a, b, over * from_a, over * to_b, t).reshape(len(x), 3, -1)
    return np.ascontiguousarray(np.swapaxes(found, 0, 1))


def _up(lines: FloatArray, share: FloatArray, top: FloatArray) -> FloatArray:
    """Points (m, 3) at a share of the way from each line's foot (3, m, rows) to the height `top` (m,)."""
    step = lines[..., 1:] - lines[..., :-1]
    gap = np.sqrt(step[0] * step[0] + step[1] * step[1] + step[2] * step[2])
    slopes = spline_slopes(gap, step / gap)
    along = np.concatenate([np.zeros((len(gap), 1)), np.cumsum(gap, axis=1)], axis=1)
    z = lines[2]
    m = np.arange(len(z))
    row = np.clip(np.count_nonzero(z < top[:, None], axis=1) - 1, 0, z.shape[1] - 2)
    part = np.clip((top - z[m, row]) / (z[m, row + 1] - z[m, row]), 0.0, 1.0)
    whole = along[m, row] + part * gap[m, row]
    wanted = 0.10 * whole + share * 0.90 * whole
    row = np.clip(np.count_nonzero(along <= wanted[:, None], axis=1) - 1, 0, z.shape[1] - 2)
    over = gap[m, row]
    t = (wanted - along[m, row]) / over
    node = m * z.shape[1] + row
    a, b, from_a, to_b = (g.reshape(3, -1).take(node + i, axis=1) for g in (lines, slopes) for i in (0, 1))
    return np.ascontiguousarray(cubic(a, b, over * from_a, over * to_b, t).T)


def _off_road(d: Definition) -> bool:
    return arch_cladding_mm(d) >= 12.0


def arch_cladding_mm(d: Definition) -> float:
    """Width of the dark ring around the arches that an off-road car's ground clearance brings, mm."""
    return min(0.55 * (d.p["ground_clearance"] - 165.0), 42.0)


def arches(d: Definition) -> list[Sheet]:
    """A lip around each right arch: a thin one, or the wide dark cladding of an off-road car."""
    width = arch_cladding_mm(d)
    off_road = _off_road(d)
    width, thickness = (width, 4.0) if off_road else (LIP_MM, 2.2)
    colour = DARK if off_road or d.choice("trim") != "body_colour" else PAINT
    name = "arch cladding" if off_road else "arch lip"
    xs, zs = [], []
    for x_axle in (d.x_front_axle, d.x_rear_axle):
        ends = []
        for side in (1.0, -1.0):
            foot = float(rocker_top(d, x_axle + side * d.arch_radius)) - d.z_axle
            ends.append(float(np.arcsin(np.clip(foot / (d.arch_radius + 0.5 * width), -0.95, 0.95))))
        angle = evenly(ends[0], np.pi - ends[1], 44)[:, None]
        r = d.arch_radius + evenly(1.0, 1.0 + width, 4)[None, :]
        xs.append(x_axle + r * np.cos(angle))
        zs.append(d.z_axle + r * np.sin(angle))
    return [
        Sheet(f"{name} {place} right", colour, x, None, z, RIGHT, 0.4, thickness, *PLASTIC)
        for place, x, z in zip(("front", "rear"), xs, zs, strict=True)
    ]


# -- handles ------------------------------------------------------------------------------------------


def handles(d: Definition) -> list[Sheet]:
    """Handles of the right doors: flush plates in the body's colour, bows to pull, or only a slot."""
    kind = d.choice("door_handles")
    last = float(last_seam_x(d, np.array([0.86]))[0]) - 50.0
    places = (
        [("front", last)]
        if d.choice("doors") == "two"
        else [
            ("front", pillars(d)[0] - 55.0),
            ("rear", last),
        ]
    )
    found = []
    for name, x_end in places:
        z = float(d.belt(x_end)) - 1.25 * d.belt_rounding - 28.0
        middle = x_end - 95.0
        if kind == "hidden":
            slot = _plate(middle, z, 85.0, 2.4)
            found.append(_on_door(f"{name} door handle slot right", TRIM, slot, (0.4, 0.8), PLASTIC))
            continue
        off = None
        if kind == "flush":
            seat, plate = _plate(middle, z, 96.0, 15.0), _plate(middle, z, 92.5, 11.5)
            layer = 1.7, 1.6
        else:
            seat, plate = _plate(middle - 6.0, z, 62.0, 23.0), _plate(middle, z, 88.0, 10.0)
            stand, thickness = _bow(d, middle, z)
            layer, off = (1.7, thickness), stand
        found.append(_on_door(f"{name} door handle seat right", TRIM, seat, (0.3, 0.8), PLASTIC))
        found.append(_on_door(f"{name} door handle right", PAINT, plate, layer, LACQUERED, off))
    return found


def _on_door(
    name: str,
    colour: Colour,
    grid: tuple[FloatArray, FloatArray],
    layer: tuple[float, float],
    made: tuple[str, float],
    off: FloatArray | None = None,
) -> Sheet:
    return Sheet(name, colour, grid[0], None, grid[1], RIGHT, *layer, *made, off)


def _plate(x: float, z: float, half_long: float, half_tall: float) -> tuple[FloatArray, FloatArray]:
    """x and z, each (n, m), of a grid with rounded ends about (x, z)."""
    u = 1.0 - np.cos(evenly(0.0, np.pi, PLATE_ROWS))
    into = np.clip((np.abs(u - 1.0) - 1.0) * half_long / half_tall + 1.0, 0.0, 1.0)
    end = np.sqrt(np.maximum(1.0 - into * into, 0.12))
    zz = z + half_tall * end[:, None] * evenly(-1.0, 1.0, 7)
    return np.broadcast_to((x + half_long * (u - 1.0))[:, None], zz.shape), zz


def _bow(d: Definition, x: float, z: float) -> tuple[FloatArray, float]:
    """A strap about (x, z) that stands off the skin in its middle: how far, (n, 1), and how thick, mm."""
    width = float(d.half_width(np.asarray(x), np.asarray(z)))
    room = 0.5 * d.p["overall_width"] - width - 2.0  # beyond it the strap were the car's widest point
    thick = within(0.4 * room, 3.2, 9.0)
    stand = within(room - thick - 1.3, 0.0, 18.0)
    off = stand * np.clip(1.0 - np.abs(np.cos(evenly(0.0, np.pi, PLATE_ROWS))) ** 4, 0.0, 1.0)
    return off[:, None], thick


# -- underbody ------------------------------------------------------------------------------------------


def underbody(d: Definition) -> Sheet:
    """Flat shield under the floor between the axles' arches, and the diffuser behind."""
    x, low, beside = spots(d).shield
    inner = min(d.track(a) for a in (d.x_front_axle, d.x_rear_axle)) / 2.0 - d.p["tyre_width"] / 2.0 - 85.0
    width = np.minimum(beside - 1.3 * d.p["sill_radius"], inner)
    y = width[:, None] * evenly(-1.0, 1.0, 7)[None, :]
    xx, zz = (np.broadcast_to(c[:, None], y.shape) for c in (x, low))
    return Sheet("underbody", DARK, xx, y, zz, (0.0, 0.0, -1.0), 0.3, 3.0, "polypropylene", 950.0)
