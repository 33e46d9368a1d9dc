"""Files that other programs open: GLB for viewers, binary STL for printers and solvers; STEP is in `step`.

Every writer checks its folder, writes beside the target and renames, and reads the file back. Errors are
one :class:`InputError` line (missing or read-only folder, full disk) and leave no partial file.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import AnyArray, FloatArray
from ..errors import BuildError, InputError
from ..files import unreadable, write_bytes
from ..geometry.measures import closes
from ..geometry.mesh import Colour, Mesh, MeshPart, face_vectors
from ..rendering.shading import corner_normals, finish_of
from .step import PartFacts, read_step, write_step

__all__ = [
    "GlbPart",
    "PartFacts",
    "read_glb",
    "read_step",
    "read_stl",
    "write_glb",
    "write_step",
    "write_stl",
]

MAX_MESH_BYTES = 200_000_000
_FLOAT, _UINT = 5126, 5125
_ARRAY, _ELEMENTS = 34962, 34963
_STL_HEAD = b"Maquette, millimetres, x rearward, y right, z up"
STL_ROW = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("extra", "<u2")])
#: car axes (x rearward, y right, z up) to glTF axes (y up, the front looks along +z)
_TO_GLTF = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, 1.0], [-1.0, 0.0, 0.0]])


@dataclass(frozen=True)
class GlbPart:
    """One named body of a GLB file, back in millimetres and body axes."""

    name: str
    mesh: Mesh
    colour: Colour


def write_stl(mesh: Mesh, path: Path, several: bool = False) -> None:
    """Binary STL, mm. A watertight mesh must read back watertight.

    Args:
        several: the mesh is that of several bodies, which may touch: each edge must be met as often as its
            opposite instead of once.

    Raises:
        InputError: the file cannot be written. BuildError: the mesh is empty or single precision opens it.
    """
    if len(mesh.faces) == 0:
        raise BuildError(f"{path.name}: the mesh has no triangles")
    write_bytes(path, stl_bytes(mesh.vertices[mesh.faces], _STL_HEAD))
    again = read_stl(path) if mesh.is_watertight else mesh
    if mesh.is_watertight and not (closes(again) if several else again.is_watertight):
        path.unlink()
        raise BuildError(f"{path.name}: vertices closer than single precision can tell apart open the mesh")


def stl_bytes(corners: FloatArray, head: bytes) -> bytes:
    """A binary STL of triangles (m, 3, 3); `head` is what it says of itself."""
    rows = np.zeros(len(corners), dtype=STL_ROW)
    normal = face_vectors(corners)
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    rows["normal"] = normal / np.where(length > 0, length, 1.0)
    rows["corners"] = corners
    return head.ljust(80) + struct.pack("<I", len(rows)) + rows.tobytes()


def read_stl(path: Path) -> Mesh:
    """A binary STL with equal vertices merged; mm are assumed, as STL has no units.

    Raises:
        InputError: missing, too large, text or damaged.
    """
    data = _read(path)
    if len(data) < 84 or (len(data) - 84) % 50:
        raise InputError(f"{path}: not a whole binary STL ({len(data)} bytes)")
    (count,) = struct.unpack_from("<I", data, 80)
    if count != (len(data) - 84) // 50 or count == 0:
        raise InputError(f"{path}: says {count} triangles but has room for {(len(data) - 84) // 50}")
    rows = np.frombuffer(data, dtype=STL_ROW, offset=84)
    corners = rows["corners"].reshape(-1, 3)
    if not np.isfinite(corners).all():
        raise InputError(f"{path}: holds coordinates that are not numbers")
    points, index = np.unique(corners, axis=0, return_inverse=True)
    return Mesh(points.astype(np.float64), index.reshape(-1, 3).astype(np.int64))


def write_glb(parts: Sequence[MeshPart], path: Path) -> None:
    """glTF 2.0 binary: metres, y up, front along +z; named nodes, materials as in the pictures.

    Normals are smoothed over edges flatter than the feature angle, also across parts.

    Raises:
        InputError: no triangles, or the file cannot be written.
    """
    import trimesh
    from trimesh.exchange.gltf import export_glb

    parts = [sound for part in parts if len((sound := _without_slivers(part)).mesh.faces)]
    if not parts:
        raise InputError(f"{path}: there are no triangles to write")
    corners = np.concatenate([p.mesh.vertices[p.mesh.faces.ravel()] for p in parts]) * 1e-3
    normals = corner_normals(corners) @ _TO_GLTF.T
    corners = corners @ _TO_GLTF.T
    scene = trimesh.Scene()
    start = 0
    for part in parts:
        stop = start + 3 * len(part.mesh.faces)
        positions, directions, index = _shared(corners[start:stop], normals[start:stop])
        start = stop
        mesh = trimesh.Trimesh(positions, index, vertex_normals=directions, process=False, validate=False)
        scene.add_geometry(mesh, node_name=part.name, geom_name=part.name)

    def finish(document: dict[str, Any]) -> None:
        """Our own materials: trimesh keeps colours in 8 bits, too few for dark paint in linear light."""
        document["asset"]["generator"] = "Maquette"
        document["materials"] = [_material(part) for part in parts]
        for k, entry in enumerate(document["meshes"]):
            entry["primitives"][0]["material"] = k

    write_bytes(
        path, export_glb(scene, include_normals=True, unitize_normals=False, tree_postprocessor=finish)
    )
    read_glb(path)


def read_glb(path: Path) -> list[GlbPart]:
    """Parts of a GLB that :func:`write_glb` wrote (one buffer, one primitive a mesh).

    Raises:
        InputError: missing, too large or damaged.
    """
    data = _read(path)
    try:
        magic, version, size = struct.unpack_from("<4sII", data, 0)
        text_size, text_kind = struct.unpack_from("<I4s", data, 12)
        document = json.loads(data[20 : 20 + text_size])
        blob_size, blob_kind = struct.unpack_from("<I4s", data, 20 + text_size)
        blob = data[28 + text_size : 28 + text_size + blob_size]
        sound = (magic, version, size, text_kind, blob_kind) == (b"glTF", 2, len(data), b"JSON", b"BIN\0")
        if not sound or len(blob) != blob_size or document["buffers"][0]["byteLength"] != blob_size:
            raise ValueError("its header does not fit its length")
        return [_glb_part(document, blob, node) for node in document["nodes"]]
    except (struct.error, ValueError, KeyError, IndexError, TypeError) as error:
        raise InputError(f"{path}: not a whole GLB file ({error})") from error


def _glb_part(document: dict[str, Any], blob: bytes, node: dict[str, Any]) -> GlbPart:
    primitive = document["meshes"][node["mesh"]]["primitives"][0]
    points = _array(document, blob, primitive["attributes"]["POSITION"], "<f4").reshape(-1, 3)
    index = _array(document, blob, primitive["indices"], "<u4").reshape(-1, 3)
    if not np.isfinite(points).all() or (len(index) and int(index.max()) >= len(points)):
        raise ValueError("an index or a coordinate is out of range")
    material = document["materials"][primitive["material"]]
    r, g, b, a = (float(c) for c in material["pbrMetallicRoughness"]["baseColorFactor"])
    vertices = points.astype(np.float64) @ _TO_GLTF * 1e3
    return GlbPart(str(node["name"]), Mesh(vertices, index.astype(np.int64)), (r, g, b, a))


def _array(document: dict[str, Any], blob: bytes, accessor: int, kind: str) -> AnyArray:
    entry = document["accessors"][accessor]
    view = document["bufferViews"][entry["bufferView"]]
    count = int(entry["count"]) * {"VEC3": 3, "SCALAR": 1}[entry["type"]]
    return np.frombuffer(blob, dtype=kind, count=count, offset=int(view["byteOffset"]))


def _shared(corners: FloatArray, normals: FloatArray) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Corners with the same place and normal become one vertex: positions, normals, indices."""
    rows = np.concatenate([corners, np.round(normals, 3)], axis=1).astype("<f4") + np.float32(0.0)
    packed = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.dtype.itemsize * 6))).ravel()
    _, first, index = np.unique(packed, return_index=True, return_inverse=True)
    directions = normals[first] / np.linalg.norm(normals[first], axis=1, keepdims=True)
    return corners[first].astype("<f4"), directions.astype("<f4"), index.ravel().astype("<u4")


def _without_slivers(part: MeshPart) -> MeshPart:
    """The part without triangles that have no area (they have no normal either)."""
    corners = part.mesh.vertices[part.mesh.faces]
    twice = np.linalg.norm(face_vectors(corners), axis=1)
    return replace(part, mesh=Mesh(part.mesh.vertices, part.mesh.faces[twice > 1e-6]))


def _material(part: MeshPart) -> dict[str, Any]:
    finish = finish_of(part)
    r, g, b, a = part.colour
    entry: dict[str, Any] = {
        "name": part.name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [_linear(r), _linear(g), _linear(b), float(a)],
            "metallicFactor": finish.metal,
            "roughnessFactor": max(0.1, finish.roughness),
        },
    }
    if a < 1.0:
        entry["alphaMode"] = "BLEND"
    return entry


def _linear(value: float) -> float:
    """Linear value of an sRGB one (IEC 61966-2-1): glTF wants base colours linear."""
    v = min(max(float(value), 0.0), 1.0)
    return round(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4, 6)


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_MESH_BYTES:
            raise InputError(f"{path}: {size} bytes; at most {MAX_MESH_BYTES}")
        return path.read_bytes()
    except OSError as error:
        raise InputError(unreadable(path, error)) from error
