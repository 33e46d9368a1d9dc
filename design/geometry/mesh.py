"""Triangle meshes as plain frozen records, and the closed-form numbers of a mesh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from ..arrays import FloatArray, IntArray

Colour = tuple[float, float, float, float]
FinishName = Literal["paint", "glass", "rubber", "metal", "plastic", "lamp"]
FINISH_NAMES: tuple[FinishName, ...] = ("paint", "glass", "rubber", "metal", "plastic", "lamp")
#: roles that generic code knows. ``body``: the main part, whose colour is the product's paint; ``window``: a
#: pane with its frame, one dark band to the pen; ``seam``: a shut line; ``wheel``: rolls on the ground, and
#: stands in front of what it stands in; ``proud``: lies on or in another part and must not sink into it
ROLES = ("body", "window", "seam", "wheel", "proud")


@dataclass(frozen=True)
class Mesh:
    """Triangles in millimetres, counter-clockwise seen from outside.

    Attributes:
        vertices: (n, 3) float64, mm.
        faces: (m, 3) int64 indices into vertices.
    """

    vertices: FloatArray
    faces: IntArray

    def __init__(self, vertices: FloatArray, faces: IntArray) -> None:
        # a body has a hundred of these; what a frozen dataclass writes itself takes four times as long
        vars(self).update(vertices=vertices, faces=faces)

    @property
    def bounds(self) -> FloatArray:
        """(2, 3): lower and upper corner of the bounding box, mm."""
        return np.stack([self.vertices.min(axis=0), self.vertices.max(axis=0)])

    @property
    def volume(self) -> float:
        """Enclosed volume, mm^3 (divergence theorem; meaningful for a closed mesh only)."""
        a, b, c = (self.vertices[self.faces[:, k]] for k in range(3))
        return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)

    @property
    def area(self) -> float:
        """Surface area, mm^2."""
        return float(0.5 * np.linalg.norm(face_vectors(self.vertices[self.faces]), axis=1).sum())

    @property
    def centroid(self) -> FloatArray:
        """Centroid of the enclosed volume, (3,), mm."""
        a, b, c = (self.vertices[self.faces[:, k]] for k in range(3))
        signed = np.einsum("ij,ij->i", a, np.cross(b, c)) / 6.0
        weighted = signed[:, None] * (a + b + c) / 4.0
        return np.asarray(weighted.sum(axis=0) / signed.sum(), dtype=np.float64)

    @property
    def is_watertight(self) -> bool:
        """True when every directed edge is met once by its opposite (closed, consistently oriented)."""
        if len(self.faces) == 0:
            return False
        edges = self.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
        n = len(self.vertices)
        forward = np.sort(edges[:, 0] * n + edges[:, 1])
        backward = np.sort(edges[:, 1] * n + edges[:, 0])
        return bool(np.array_equal(forward, backward) and np.all(np.diff(forward) > 0))

    def mirrored(self) -> Mesh:
        """The mesh reflected in y = 0, orientation kept outward."""
        return Mesh(mirrored(self.vertices), self.faces[:, ::-1])

    def turned(self) -> Mesh:
        """The mesh turned by 180 degrees about z."""
        vertices = self.vertices.copy()
        np.negative(self.vertices[:, :2], out=vertices[:, :2])
        return Mesh(vertices, self.faces)

    def moved(self, offset: Sequence[float]) -> Mesh:
        """The mesh translated by `offset` (3,), mm."""
        vertices = self.vertices.copy()
        for k, by in enumerate(offset):  # by columns: an axis of three is slow to broadcast over
            vertices[:, k] += by
        return Mesh(vertices, self.faces)


@dataclass(frozen=True)
class MeshPart:
    """A named, coloured part of a body.

    Attributes:
        colour: linear-looking sRGB RGBA in 0..1.
        role: what pictures make of it: one of :data:`ROLES`, or a word of the family's own.
        material: material name, as of the exact part.
        finish: how its surface answers light.
    """

    name: str
    mesh: Mesh
    colour: Colour
    role: str = ""
    material: str = ""
    finish: FinishName = "paint"

    def __init__(
        self,
        name: str,
        mesh: Mesh,
        colour: Colour,
        role: str = "",
        material: str = "",
        finish: FinishName = "paint",
    ) -> None:  # as of Mesh
        vars(self).update(name=name, mesh=mesh, colour=colour, role=role, material=material, finish=finish)


def mirrored(points: FloatArray) -> FloatArray:
    """Points (..., 3) reflected in y = 0."""
    found = points.copy()
    np.negative(points[..., 1], out=found[..., 1])
    return found


def face_vectors(corners: FloatArray) -> FloatArray:
    """Outward normal times twice the area of each triangle, (m, 3); corners (m, 3, 3)."""
    return np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])


def corner_angles(corners: FloatArray) -> FloatArray:
    """Angle of each triangle at each of its corners, (m, 3), rad; corners (m, 3, 3)."""
    ahead = np.roll(corners, -1, axis=1) - corners
    behind = np.roll(corners, 1, axis=1) - corners
    sine = np.linalg.norm(np.cross(ahead, behind), axis=2)
    return np.asarray(np.arctan2(sine, np.einsum("mkj,mkj->mk", ahead, behind)), dtype=np.float64)


def triangles(quads: IntArray) -> IntArray:
    """Both halves of quads (n, 4): (2 n, 3), the first halves first."""
    found = np.empty((2 * len(quads), 3), dtype=np.int64)
    found[: len(quads)] = quads[:, :3]
    found[len(quads) :, 0], found[len(quads) :, 1:] = quads[:, 0], quads[:, 2:]
    return found


@lru_cache(maxsize=16)
def closed_rings(rings: int, around: int) -> IntArray:
    """Triangles over `rings` rings of `around` points that follow each other, with a fan over each end; they
    look outward where a ring runs against the clock seen from the last one's side."""
    index = np.arange(rings * around).reshape(rings, around)
    after = np.roll(index, -1, axis=1)
    quads = np.stack([index[:-1], after[:-1], after[1:], index[1:]], axis=-1).reshape(-1, 4)
    fan = np.arange(1, around - 1)
    first = np.stack([index[0][0 * fan], index[0][fan + 1], index[0][fan]], axis=1)
    last = np.stack([index[-1][0 * fan], index[-1][fan], index[-1][fan + 1]], axis=1)
    return shared(np.concatenate([triangles(quads), first, last]))


def shared(indices: IntArray) -> IntArray:
    """Indices that several meshes may share: nobody can write to them."""
    indices.flags.writeable = False
    return indices


def used_only(mesh: Mesh) -> Mesh:
    """The mesh without the vertices that no triangle has."""
    used, place = np.unique(mesh.faces, return_inverse=True)
    return Mesh(mesh.vertices[used], place.reshape(-1, 3))


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """One mesh holding all triangles, vertices not merged."""
    vertices = np.concatenate([m.vertices for m in meshes])
    shifts = np.cumsum([0, *(len(m.vertices) for m in meshes[:-1])])
    faces = np.concatenate([m.faces + s for m, s in zip(meshes, shifts, strict=True)])
    return Mesh(vertices, faces)
