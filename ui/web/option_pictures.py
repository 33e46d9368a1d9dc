"""Small pictures of a choice's options: the family's own body, cut to where the options differ.

A body's triangles are drawn from far to near with Pillow (no window system), so that any thread of the studio
may do it. What shows a choice best is found, not declared: the parts that are not the same for all options,
from the side that most of them face.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ...design.arrays import Float32Array
from ...design.family.registry import get_family
from ...design.geometry.mesh import MeshPart, face_vectors

if TYPE_CHECKING:
    from PIL.Image import Image

Box = tuple[float, float, float, float]

SIZE = (132, 66)  # pixels, twice what the page shows
ROOM = 0.25  # of the place that differs, kept around it
LEAST = 400.0  # mm2 that differ and face the eye: less cannot be seen
PAPER = (245, 245, 242)
FINER = 2  # drawn so many times larger, then averaged
SUN = np.array([-0.42, -0.48, 0.77], dtype=np.float32)  # unit vector to the light
#: axis towards the eye with its sign, axis to the right with its sign; up is z, or x for the view from above
VIEWS: Mapping[str, tuple[tuple[int, float], tuple[int, float], tuple[int, float]]] = {
    "front": ((0, -1.0), (1, -1.0), (2, 1.0)),
    "rear": ((0, 1.0), (1, 1.0), (2, 1.0)),
    "side": ((1, -1.0), (0, 1.0), (2, 1.0)),
    "top": ((2, 1.0), (0, 1.0), (1, 1.0)),
}


@dataclass(frozen=True)
class Surface:
    """Triangles of a body (n, 3, 3) in mm with normals times area (n, 3) and their shaded colours (n, 3)."""

    corners: Float32Array
    areas: Float32Array
    colours: Float32Array


@lru_cache(maxsize=32)
def option_pictures(family: str, choice: str) -> Mapping[str, bytes]:
    """PNG of each option of a choice; empty where no side shows a difference."""
    known = get_family(family)
    found = next(c for c in known.choices if c.name == choice)
    base = known.defaults()
    bodies = [known.mesh({**base, choice: float(k)}) for k, _ in enumerate(found.choice.options)]
    place = where_they_differ(bodies)
    if place is None:
        return {}
    pictures = [_png(picture(surface(body), *place)) for body in bodies]
    return dict(zip(found.choice.options, pictures, strict=True))


def surface(parts: Sequence[MeshPart]) -> Surface:
    """The parts' triangles, shaded by a light from ahead, left and above."""
    corners = np.concatenate([p.mesh.vertices.astype(np.float32)[p.mesh.faces] for p in parts])
    paint = np.repeat(
        np.array([p.colour[:3] for p in parts], dtype=np.float32), [len(p.mesh.faces) for p in parts], axis=0
    )
    areas = (0.5 * face_vectors(corners)).astype(np.float32)
    unit = areas / np.maximum(np.linalg.norm(areas, axis=1, keepdims=True), np.float32(1e-9))
    light = 0.55 + 0.45 * np.abs(unit @ SUN)
    return Surface(corners, areas, np.clip(paint * light[:, None] + 0.06, 0.0, 1.0).astype(np.float32))


def where_they_differ(bodies: Sequence[Sequence[MeshPart]]) -> tuple[str, Box] | None:
    """The view that most of what differs faces, and the box (mm: left, low, right, high) of it there.

    What lies in the half of the body away from the eye is hidden and does not count.
    """
    seen: dict[tuple[object, ...], int] = {}
    for body in bodies:
        for part in body:
            key = _key(part)
            seen[key] = seen.get(key, 0) + 1
    unlike = [p for body in bodies for p in body if seen[_key(p)] < len(bodies)]
    if not unlike:
        return None
    whole, own = surface(bodies[0]), surface(unlike)
    best: tuple[float, str, Box] | None = None
    for view, (eye, _, _) in VIEWS.items():
        depth = eye[1] * whole.corners[..., eye[0]]
        middle = 0.5 * (float(depth.min()) + float(depth.max()))
        flat = _flat(own.corners, view)
        towards = eye[1] * own.areas[:, eye[0]]
        near = (flat[..., 2].mean(axis=1) > middle) & (towards > 0.0)
        if not near.any():
            continue
        tight, roomy = _around(flat[near, :, :2])
        size = np.maximum(np.linalg.norm(own.areas[near], axis=1), np.float32(1e-6))
        facing = min(float((towards[near] ** 2 / size).sum()), tight)
        if facing > LEAST and (best is None or facing > best[0]):
            best = facing, view, roomy
    return None if best is None else best[1:]


def _key(part: MeshPart) -> tuple[object, ...]:
    return part.name, part.colour, part.mesh.vertices.tobytes()


def _around(points: Float32Array) -> tuple[float, Box]:
    """What triangles (n, 3, 2) fill at most, mm2; their box with room around it, as the pictures are.

    Of two wheels or lamps far apart in one view, the first is shown: everything up to a wide gap.
    """
    across = np.sort(points[..., 0].ravel())
    gaps = np.flatnonzero(np.diff(across) > 0.25 * float(across[-1] - across[0]))
    if len(gaps):
        points = points[points[..., 0].min(axis=1) <= across[gaps[0]]]
    (left, low), (right, high) = (getattr(points, end)(axis=(0, 1)).tolist() for end in ("min", "max"))
    wide = (1.0 + ROOM) * max(right - left, (high - low) * SIZE[0] / SIZE[1])
    tall = wide * SIZE[1] / SIZE[0]
    x, z = 0.5 * (left + right), 0.5 * (low + high)
    box = (x - 0.5 * wide, z - 0.5 * tall, x + 0.5 * wide, z + 0.5 * tall)
    return (len(gaps) + 1) * (right - left) * (high - low), box


def picture(body: Surface, view: str, box: Box) -> Image:
    """The part of a body inside `box`, seen straight from one side."""
    from PIL import Image, ImageDraw

    eye, _, _ = VIEWS[view]
    flat = _flat(body.corners, view)
    left, low, right, high = box
    size = (FINER * SIZE[0], FINER * SIZE[1])
    x = (flat[..., 0] - left) * (size[0] / (right - left))
    y = (high - flat[..., 1]) * (size[1] / (high - low))
    depth = flat[..., 2].mean(axis=1)
    kept = (x.max(axis=1) > 0) & (x.min(axis=1) < size[0]) & (y.max(axis=1) > 0) & (y.min(axis=1) < size[1])
    kept &= (eye[1] * body.areas[:, eye[0]] > 0.0) & (depth > 0.5 * (depth.min() + depth.max()))
    order = np.flatnonzero(kept)[np.argsort(depth[kept], kind="stable")]
    drawn = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(drawn)
    corners = np.stack([x[order], y[order]], axis=-1).reshape(-1, 6).tolist()
    colours = (255.0 * body.colours[order] + 0.5).astype(int).tolist()
    for triangle, colour in zip(corners, colours, strict=True):
        pen.polygon(triangle, fill=tuple(colour), outline=tuple(colour))
    return drawn.resize(SIZE, Image.Resampling.BOX)


def _flat(corners: Float32Array, view: str) -> Float32Array:
    """Corners as (right, up, towards the eye), mm."""
    eye, right, up = VIEWS[view]
    return np.stack([np.float32(sign) * corners[..., axis] for axis, sign in (right, up, eye)], axis=-1)


def _png(image: Image) -> bytes:
    held = io.BytesIO()
    image.save(held, "PNG", optimize=True)
    return held.getvalue()
