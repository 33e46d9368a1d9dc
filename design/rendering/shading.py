"""What a picture needs beyond triangles: smooth normals across parts, finishes, occlusion, the ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray, IntArray
from ..geometry.mesh import FinishName, MeshPart, corner_angles, face_vectors
from .backdrop import Ground
from .occlusion import DIRECTIONS, sky_seen_by

FEATURE_ANGLE = 32.0  # deg: sharper edges stay edges
OPAQUE, PANE, SHINING = 0, 1, 2
LIT = 0.7  # brightest of red, green and blue from which a lamp shines


@dataclass(frozen=True)
class Finish:
    """How a surface answers light: `roughness`, `metal`, `gloss` in 0..1, `f0` reflectance face on."""

    roughness: float
    metal: float
    gloss: float
    f0: float


PAINT = Finish(0.02, 0.55, 1.0, 0.065)
GLASS = Finish(0.02, 0.0, 1.0, 0.045)
RUBBER = Finish(0.55, 0.0, 0.5, 0.03)
METAL = Finish(0.16, 0.80, 0.9, 0.20)
PLASTIC = Finish(0.35, 0.0, 0.7, 0.035)
LAMP = Finish(0.02, 0.25, 1.0, 0.06)

#: what the names of finishes mean
FINISHES: Mapping[FinishName, Finish] = {
    "paint": PAINT,
    "glass": GLASS,
    "rubber": RUBBER,
    "metal": METAL,
    "plastic": PLASTIC,
    "lamp": LAMP,
}


@dataclass(frozen=True)
class ShadedPart:
    """Unshared triangle corners of one part, ready to draw.

    Attributes:
        points: (3m, 3) metres; normals: (3m, 3) unit; openness: (3m,) 0 shut in .. 1 open to the sky.
        colour: sRGB 0..1. kind: see :func:`kind_of`.
        closed: its inside can never be seen.
    """

    points: FloatArray
    normals: FloatArray
    openness: FloatArray
    colour: tuple[float, float, float]
    finish: Finish
    kind: int = OPAQUE
    closed: bool = False


def shade(parts: Sequence[MeshPart], directions: int = DIRECTIONS) -> tuple[list[ShadedPart], Ground]:
    """Corners, smooth normals, openness and finish of every part, and the ground under them.

    Args:
        directions: from which light is tried; fewer are quicker and coarser.
    """
    parts = [p for p in parts if len(p.mesh.faces)]
    triangles = np.concatenate([p.mesh.vertices[p.mesh.faces] for p in parts]) * 1e-3
    owner = np.repeat(np.arange(len(parts)), [len(p.mesh.faces) for p in parts])
    sound = np.linalg.norm(face_vectors(triangles), axis=1) > 1e-12
    triangles, owner = triangles[sound], owner[sound]
    normals = corner_normals(triangles.reshape(-1, 3)).reshape(-1, 3, 3)
    points, facing, owner = _refined(triangles, normals, owner)
    openness, ground = _light(triangles, points.reshape(-1, 3), facing.reshape(-1, 3), directions)
    openness = openness.reshape(-1, 3)
    shaded = []
    for k, part in enumerate(parts):
        mine = owner == k
        rgb = (float(part.colour[0]), float(part.colour[1]), float(part.colour[2]))
        shaded.append(
            ShadedPart(
                points[mine].reshape(-1, 3),
                facing[mine].reshape(-1, 3),
                openness[mine].ravel(),
                rgb,
                finish_of(part),
                kind_of(part),
                part.mesh.is_watertight,
            )
        )
    return shaded, ground


def finish_of(part: MeshPart) -> Finish:
    """The finish of a part's surface."""
    return FINISHES[part.finish]


def kind_of(part: MeshPart) -> int:
    """How the studio's shader treats a part: :data:`OPAQUE`, :data:`PANE` or :data:`SHINING`.

    Lamps in a bright colour shine, dark ones are housings.
    """
    finish = finish_of(part)
    if finish is LAMP and max(part.colour[:3]) >= LIT:
        return SHINING
    return PANE if finish is GLASS else OPAQUE


def corner_normals(corners: FloatArray, feature_angle: float = FEATURE_ANGLE) -> FloatArray:
    """Unit normal at each triangle corner (3m, 3), smoothed over neighbours within `feature_angle` (deg).

    Corners at the same place are neighbours even in different parts, so that a highlight runs on over
    the seam between two panels.
    """
    triangles = corners.reshape(-1, 3, 3)
    face = face_vectors(triangles)
    length = np.linalg.norm(face, axis=1, keepdims=True)
    unit = face / np.where(length > 0, length, 1.0)
    place = _place(corners)
    order = np.argsort(place, kind="stable")
    sorted_place = place[order]
    starts = np.flatnonzero(np.r_[True, sorted_place[1:] != sorted_place[:-1]])
    count = np.diff(np.r_[starts, len(order)])
    group = np.repeat(np.arange(len(starts)), count)
    # every ordered pair of corners in one place
    reps = count[group]
    left = np.repeat(order, reps)
    within = np.arange(len(left)) - np.repeat(np.cumsum(reps) - reps, reps)
    other = order[np.repeat(starts[group], reps) + within]
    a, b = left // 3, other // 3
    close = np.einsum("ij,ij->i", unit[a], unit[b]) >= np.cos(np.radians(feature_angle))
    # weighted by the angle at the corner, so that the diagonal of a quad does not matter
    angle = corner_angles(triangles).ravel()
    summed = np.zeros_like(corners)
    for axis in range(3):
        pull = unit[b[close], axis] * angle[other[close]]
        summed[:, axis] = np.bincount(left[close], weights=pull, minlength=len(corners))
    size = np.linalg.norm(summed, axis=1, keepdims=True)
    fallback = np.repeat(unit, 3, axis=0)
    smooth = summed / np.where(size > 0, size, 1.0)
    return np.asarray(np.where(size > 1e-15, smooth, fallback), dtype=np.float64)


def _place(points: FloatArray) -> IntArray:
    """One integer per place (20 micrometres), equal for corners that coincide, (n,)."""
    grid = np.round(points / 2e-5).astype(np.int64) + (1 << 20)
    return np.asarray((grid[:, 0] << 42) ^ (grid[:, 1] << 21) ^ grid[:, 2], dtype=np.int64)


def _refined(
    triangles: FloatArray, normals: FloatArray, owner: IntArray, longest: float = 0.12
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Triangles cut in four until no edge is longer than `longest` (m), so that light can vary on them."""
    done: list[tuple[FloatArray, FloatArray, IntArray]] = []
    for _ in range(7):
        edge = np.linalg.norm(triangles - np.roll(triangles, 1, axis=1), axis=2).max(axis=1)
        big = edge > longest
        done.append((triangles[~big], normals[~big], owner[~big]))
        if not big.any():
            break
        triangles, normals, owner = (
            _quartered(triangles[big]),
            _quartered(normals[big]),
            np.repeat(owner[big], 4),
        )
    else:
        done.append((triangles, normals, owner))
    points, directions, owners = (np.concatenate(column) for column in zip(*done, strict=True))
    directions = directions / np.linalg.norm(directions, axis=2, keepdims=True)
    return points, directions, owners


def _quartered(corner: FloatArray) -> FloatArray:
    a, b, c = corner[:, 0], corner[:, 1], corner[:, 2]
    ab, bc, ca = 0.5 * (a + b), 0.5 * (b + c), 0.5 * (c + a)
    pieces = np.stack(
        [np.stack(t, axis=1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))], axis=1
    )
    return pieces.reshape(-1, 3, 3)


def _light(
    triangles: FloatArray, points: FloatArray, normals: FloatArray, directions: int
) -> tuple[FloatArray, Ground]:
    """Openness at each point (n,) and the floor's shadow, from one set of depth pictures."""
    from scipy.ndimage import gaussian_filter

    step, margin = 0.04, 1.6
    low = points.min(axis=0)[:2] - margin
    nx, ny = (np.ceil((points.max(axis=0)[:2] + margin - low) / step).astype(int) + 1).tolist()
    gx, gy = np.meshgrid(low[0] + step * np.arange(nx), low[1] + step * np.arange(ny))
    floor = np.stack([gx.ravel(), gy.ravel(), np.zeros(gx.size)], axis=1)
    up = np.broadcast_to(np.array([0.0, 0.0, 1.0]), floor.shape)
    key = _place(points) ^ (np.round(normals @ np.array([7.0, 61.0, 509.0])).astype(np.int64) << 8)
    _, first, back = np.unique(key, return_index=True, return_inverse=True)
    above, below = sky_seen_by([(points[first], normals[first]), (floor, up)], triangles, directions)
    rough = (1.0 - below).reshape(ny, nx)
    sharp, smooth = gaussian_filter(rough, 0.05 / step), gaussian_filter(rough, 0.22 / step)
    near = np.clip((sharp - 0.45) / 0.35, 0.0, 1.0)
    shadow = near * sharp + (1.0 - near) * smooth
    rim = np.minimum.outer(
        np.minimum(np.arange(ny), np.arange(ny)[::-1]), np.minimum(np.arange(nx), np.arange(nx)[::-1])
    )
    shadow = np.clip((shadow - 0.10) / 0.90, 0.0, 1.0) * np.clip(rim * step / 0.9, 0.0, 1.0)
    ground = Ground(shadow.astype(np.float32), (float(low[0]), float(low[1])), step)
    place, direction = points[first], normals[first]
    bounce = 1.0 - ground.sample(place[:, :2] + 0.3 * direction[:, :2])
    share = 0.5 * (1.0 - direction[:, 2])
    openness = (1.0 - share) * above + share * bounce
    return openness[back.ravel()], ground
