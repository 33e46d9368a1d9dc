"""A closed mesh in numbers that need no parameters: sizes, fullness, section areas, widths, slopes, tail.

All are shares of the body's own length, height or width but the length itself, so a body of another size
shows in one number. The body stands on z = 0 with its nose at the least x; the half at y > 0 is not asked
for: both sides count.
"""

from __future__ import annotations

import numpy as np

from ....design.arrays import FloatArray, IntArray
from ....design.geometry.measures import frontal_area
from ....design.geometry.mesh import Mesh
from ....design.geometry.surface_points import surface_points

STATIONS = 20  # along x
HEIGHTS = 10  # over z
SPACING = 0.012  # of the length, between the points that outlines are taken from
SHARP = 12.0  # how near the greatest counts as it
MOMENTS = (10, 3, 6)  # polynomials along, across and above
TAIL = (0.02, 0.06, 0.12, 0.2)  # of the length ahead of the tail, where what the air leaves is measured


def shape_numbers(mesh: Mesh) -> dict[str, float]:
    """Numbers of a closed mesh, mm; names stay, their order too."""
    low, high = mesh.bounds
    length, width, height = (max(float(v), 1e-9) for v in (*(high - low)[:2], high[2]))
    area = max(frontal_area(mesh), 1e-12)
    points, normals, shares = surface_points(mesh, SPACING * length)
    x, y, z = (points[:, 0] - low[0]) / length, np.abs(points[:, 1] - 0.5 * (low[1] + high[1])), points[:, 2]
    floor, half = _outline(x, y, z)
    section = _sections(x, y, z, height)  # (STATIONS, HEIGHTS) half widths, mm
    face = section.sum(axis=1) * height / HEIGHTS * 2e-6
    tail = {f"section_{share:g}_ahead_of_tail": _tail(x, y, z, height, share) / area for share in TAIL}
    middle = y < 0.12 * width
    crown = _top(x[middle], z[middle])
    slope = np.diff(crown) / length * STATIONS
    found = {
        "length": length,
        "width_of_length": width / length,
        "height_of_length": height / length,
        "height_of_width": height / width,
        "clearance_of_height": float(np.median(floor[4:-4])) / height,
        "least_clearance_of_height": float(low[2]) / height,
        "frontal_fill": area / (width * height * 1e-6),
        "area_of_length": area / (length * length * 1e-6),
        "volume_fill": mesh.volume * 1e-9 / (area * length * 1e-3),
        "wetted_over_area": mesh.area * 1e-6 / area,
        "steep_forward": _facing(normals, shares, 0.8, -1.0) / area,
        "steep_rearward": _facing(normals, shares, 0.8, 1.0) / area,
        "steep_rearward_high": _facing(normals[z > 0.5 * height], shares[z > 0.5 * height], 0.6, 1.0) / area,
        "highest_at": _about(crown / height),
        "widest_at": _about(2.0 * half / width),
        "steepest_front": float(slope[: STATIONS // 2].max()),
        "steepest_front_at": _about(slope[: STATIONS // 2]),
        "steepest_rear": float(-slope[STATIONS // 2 :].min()),
        "steepest_rear_at": _about(-slope[STATIONS // 2 :]),
        **tail,
    }
    every = {f"crown_{k}": crown[k] / height for k in range(STATIONS)}
    every |= {f"floor_{k}": floor[k] / height for k in range(STATIONS)}
    every |= {f"half_width_{k}": half[k] / width for k in range(STATIONS)}
    every |= {f"area_{k}": face[k] / area for k in range(STATIONS)}
    over = section.max(axis=0) / width
    every |= {f"front_{k}": over[k] for k in range(HEIGHTS)}
    moments = _moments(points, normals, shares, np.array([low, high]))
    every |= {f"moment_{k}": m for k, m in enumerate(moments)}
    return {name: float(v) for name, v in (found | every).items()}


def _facing(normals: FloatArray, shares: FloatArray, least: float, sign: float) -> float:
    """Area, m^2, of the surface that looks along `sign` x by at least a cosine."""
    return float(shares[sign * normals[:, 0] > least].sum()) * 1e-6


def _moments(points: FloatArray, normals: FloatArray, shares: FloatArray, box: FloatArray) -> FloatArray:
    """(X Y Z,) moments of the enclosed volume over Legendre polynomials of the box, even across: smooth
    numbers of the shape without cells. By the divergence theorem, from the surface alone."""
    from numpy.polynomial.legendre import legvander

    size = box[1] - box[0]
    u = 2.0 * (points[:, 0] - box[0, 0]) / size[0] - 1.0
    v = 2.0 * (points[:, 1] - 0.5 * (box[0, 1] + box[1, 1])) / size[1]
    w = 2.0 * points[:, 2] / box[1, 2] - 1.0
    nx, ny, nz = MOMENTS
    along, across, above = legvander(u, nx - 1), legvander(v, 2 * ny - 2)[:, ::2], legvander(w, nz)
    rising = np.column_stack(
        [w + 1.0, *((above[:, j + 1] - above[:, j - 1]) / (2 * j + 1) for j in range(1, nz))]
    )
    weight = shares * normals[:, 2] / (size[0] * size[1])
    pairs = (across[:, :, None] * rising[:, None, :]).reshape(len(points), -1)
    return np.asarray((along * weight[:, None]).T @ pairs).ravel()


def _about(values: FloatArray) -> float:
    """Where values are greatest, as a share of their row: the middle of what is near the greatest, so that it
    moves steadily."""
    weight = np.exp(SHARP * (values - values.max()))
    return float((weight * np.arange(len(values))).sum() / weight.sum()) / len(values)


def _stations(x: FloatArray) -> IntArray:
    return np.clip((x * STATIONS).astype(np.int64), 0, STATIONS - 1)


def _top(x: FloatArray, z: FloatArray) -> FloatArray:
    found = np.full(STATIONS, np.nan)
    np.fmax.at(found, _stations(x), z)
    return bridged(found)


def bridged(values: FloatArray) -> FloatArray:
    """Stations without a point take their neighbours' values."""
    there = np.flatnonzero(np.isfinite(values))
    if not len(there):
        return np.zeros_like(values)
    return np.asarray(np.interp(np.arange(len(values)), there, values[there]))


def _outline(x: FloatArray, y: FloatArray, z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(STATIONS,) underside, greatest half width, mm."""
    at = _stations(x)
    floor, half = np.full(STATIONS, np.nan), np.full(STATIONS, np.nan)
    np.fmax.at(half, at, y)
    np.fmin.at(floor, at, z)
    return bridged(floor), bridged(half)


def _sections(x: FloatArray, y: FloatArray, z: FloatArray, height: float) -> FloatArray:
    """(STATIONS, HEIGHTS) greatest half width in each cell of the side view, mm; 0 where there is no body."""
    found = np.zeros((STATIONS, HEIGHTS))
    row = np.clip((z / height * HEIGHTS).astype(np.int64), 0, HEIGHTS - 1)
    np.maximum.at(found, (_stations(x), row), y)
    return found


def _tail(x: FloatArray, y: FloatArray, z: FloatArray, height: float, share: float) -> float:
    """Area, m^2, of the section a share of the length ahead of the tail."""
    near = np.abs(x - (1.0 - share)) < 0.02
    row = np.clip((z[near] / height * HEIGHTS).astype(np.int64), 0, HEIGHTS - 1)
    half = np.zeros(HEIGHTS)
    np.maximum.at(half, row, y[near])
    return float(half.sum()) * height / HEIGHTS * 2e-6
