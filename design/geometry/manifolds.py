"""Closed meshes as solids of manifold3d, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..errors import BuildError
from .mesh import Mesh


def to_manifold(mesh: Mesh) -> Any:
    """`manifold3d.Manifold` of a closed mesh."""
    import manifold3d

    solid = manifold3d.Manifold(
        manifold3d.Mesh64(
            np.ascontiguousarray(mesh.vertices, dtype=np.float64),
            np.ascontiguousarray(mesh.faces, dtype=np.uint64),
        )
    )
    if solid.status() != manifold3d.Error.NoError:
        raise BuildError(f"the skin is not a closed surface ({solid.status().name})")
    return solid


def from_manifold(solid: Any) -> Mesh:
    """Mesh of a manifold, in arrays of its own."""
    out = solid.to_mesh64()
    return Mesh(
        np.array(out.vert_properties[:, :3], dtype=np.float64, order="C"),
        np.array(out.tri_verts, dtype=np.int64, order="C"),
    )


def united(meshes: Iterable[Mesh]) -> Mesh:
    """Closed meshes as one body."""
    from manifold3d import Manifold, OpType

    return from_manifold(Manifold.batch_boolean([to_manifold(m) for m in meshes], OpType.Add))
