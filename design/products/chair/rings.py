"""Triangles round rings that follow each other, and what the shapes need of vectors."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from ...arrays import FloatArray, IntArray
from ...geometry.mesh import Mesh, shared, triangles

Point = tuple[float, float, float]
#: two ends (3,) and the radius of a round bar that stands for a piece where only its place counts
Capsule = tuple[FloatArray, FloatArray, float]
AROUND = 32  # corners of a round section
ARC_STEP = math.radians(5.0)  # of a bend between two rings


def ring_mesh(outer: FloatArray, inner: FloatArray | None = None) -> Mesh:
    """Closed triangles round rings (m, k, 3) that follow each other, hollow where `inner` is given."""
    m, k = outer.shape[:2]
    points = outer.reshape(-1, 3)
    if inner is None:
        faces = _solid_faces(m, k)
        points = np.concatenate([points, outer[0].mean(axis=0)[None], outer[-1].mean(axis=0)[None]])
    else:
        faces = _hollow_faces(m, k)
        points = np.concatenate([points, inner.reshape(-1, 3)])
    found = Mesh(points, faces)
    return found if found.volume > 0.0 else Mesh(points, faces[:, ::-1])


@cache
def _solid_faces(m: int, k: int) -> IntArray:
    i, j = np.arange(k), (np.arange(k) + 1) % k
    low, high = np.full(k, m * k), np.full(k, m * k + 1)
    last = (m - 1) * k
    caps = [np.stack([j, i, low], axis=1), np.stack([i + last, j + last, high], axis=1)]
    return shared(np.concatenate([_wall(m, k), *caps]))


@cache
def _hollow_faces(m: int, k: int) -> IntArray:
    i, j = np.arange(k), (np.arange(k) + 1) % k
    hole, last = m * k, (m - 1) * k
    caps = [np.stack([j, i, i + hole, j + hole], axis=1), np.stack([i, j, j + hole, i + hole], axis=1) + last]
    inside = _wall(m, k)[:, ::-1] + hole
    return shared(np.concatenate([_wall(m, k), inside, *(triangles(c) for c in caps)]))


def _wall(m: int, k: int) -> IntArray:
    i, j = np.arange(k), (np.arange(k) + 1) % k
    quads = np.stack([i, j, j + k, i + k], axis=1)
    if k == 4:  # a plate's left and right wall are split as mirror images
        quads[3] = np.roll(quads[3], -1)
    return triangles((k * np.arange(m - 1)[:, None, None] + quads).reshape(-1, 4))


@cache
def circle() -> FloatArray:
    """(k, 2) of a polygon between the unit circle's area (0.2 % less) and its width (0.2 % more)."""
    turn = 2.0 * np.pi * np.arange(AROUND) / AROUND
    grow = 0.999 * math.sqrt(2.0 * math.pi / (AROUND * math.sin(2.0 * math.pi / AROUND)))
    return np.asarray(grow * np.stack([np.cos(turn), np.sin(turn)], axis=1))


SQUARE: FloatArray = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])


def unit(v: FloatArray) -> FloatArray:
    return np.asarray(v / np.linalg.norm(v))


def cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """Of two vectors (3,): numpy's own takes ten times as long for one pair."""
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])


def vector(p: Any) -> Any:
    import cadquery as cq

    return cq.Vector(*(float(x) for x in p))


def across_of(way: FloatArray) -> FloatArray:
    """A unit vector square to `way`."""
    return unit(np.cross(way, (0.0, 1.0, 0.0) if abs(way[1]) < 0.9 else (1.0, 0.0, 0.0)))


def carried(frame: FloatArray, before: FloatArray, after: FloatArray) -> FloatArray:
    """`frame` turned as `before` turns into `after`."""
    axis = cross(before, after)
    sine = float(np.linalg.norm(axis))
    if sine < 1e-12:
        return frame
    axis, cosine = axis / sine, float(before @ after)
    turned = frame * cosine + cross(axis, frame) * sine + axis * float(axis @ frame) * (1.0 - cosine)
    return unit(turned - after * float(turned @ after))
