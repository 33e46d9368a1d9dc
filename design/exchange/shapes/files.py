"""Triangles of a file as it stands: STL, OBJ, PLY, OFF, GLB, STEP; numbers in the file's own unit."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...arrays import FloatArray, IntArray
from ...errors import BuildError, InputError
from ...files import unreadable
from ...geometry.mesh import Mesh
from ...limits import MAX_SHAPE_BYTES, MAX_SHAPE_TRIANGLES
from ...messages import quoted, say

MESHES = (".stl", ".obj", ".ply", ".off", ".glb")
EXACT = (".step", ".stp")
SUFFIXES = (*MESHES, *EXACT)
#: what a format says of its unit; the others leave it open
UNITS = {".glb": "m", ".step": "mm", ".stp": "mm"}  # the kernel brings STEP's own unit to mm
STEP_MARK = b"ISO-10303-21"
STEP_SHARE = 2e-4  # of a solid's diagonal, chord error of its triangles
_BROKEN = (  # what readers of broken files raise
    ValueError, KeyError, IndexError, TypeError, AttributeError, OSError, EOFError, NotImplementedError,
    AssertionError, RecursionError, UnicodeError, ArithmeticError, BufferError,
)  # fmt: skip


@dataclass(frozen=True)
class RawShape:
    """What a file holds.

    Attributes:
        mesh: all its triangles, placed, in the file's unit.
        unit: that the format lays down; "" where it lays down none.
        kind: of file, ``stl``.
    """

    mesh: Mesh
    unit: str
    kind: str


def is_shape(path: Path | str) -> bool:
    """The name is that of a file of shapes."""
    return Path(path).suffix.lower() in SUFFIXES


def read_triangles(path: Path) -> RawShape:
    """All triangles of a file.

    Raises:
        InputError: missing, too large, of another kind, damaged, empty, with coordinates that are no numbers.
    """
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise InputError(
            say("{path}: {kind!r} is no shape; allowed: {known}", path=path, kind=kind, known=known)
        )
    try:
        size = path.stat().st_size
        if size > MAX_SHAPE_BYTES:
            raise InputError(
                say("{path}: {size} bytes; allowed are {most}", path=path, size=size, most=MAX_SHAPE_BYTES)
            )
        data = path.read_bytes()
    except OSError as error:
        raise InputError(unreadable(path, error)) from error
    vertices, faces = _exact(path, data) if kind in EXACT else _mesh(path, data, kind)
    if len(faces) == 0:
        raise InputError(say("{path}: there are no triangles in it", path=path))
    if len(faces) > MAX_SHAPE_TRIANGLES:
        raise InputError(
            say("{path}: {count} triangles; allowed are {most}", path=path, count=len(faces),
                most=MAX_SHAPE_TRIANGLES)
        )  # fmt: skip
    if faces.min() < 0 or faces.max() >= len(vertices):
        raise InputError(say("{path}: triangles name corners that are not there", path=path))
    if not np.isfinite(vertices[faces]).all():
        raise InputError(say("{path}: some coordinates are no finite numbers", path=path))
    return RawShape(Mesh(vertices, faces), UNITS.get(kind, ""), kind[1:])


def _mesh(path: Path, data: bytes, kind: str) -> tuple[FloatArray, IntArray]:
    import trimesh

    options = {"skip_materials": True} if kind == ".obj" else {}
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            scene = trimesh.load_scene(io.BytesIO(data), file_type=kind[1:], process=False, **options)
            found = [m for m in scene.dump() if isinstance(m, trimesh.Trimesh) and len(m.faces)]
    except _BROKEN as error:
        why = quoted(str(error).splitlines()[0][:120] if str(error) else type(error).__name__)
        raise InputError(
            say("{path}: no readable {kind} file ({why})", path=path, kind=kind[1:].upper(), why=why)
        ) from error
    if not found:
        return np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64)
    shifts = np.cumsum([0, *(len(m.vertices) for m in found[:-1])])
    vertices = np.concatenate([np.asarray(m.vertices, dtype=np.float64) for m in found])
    faces = [np.asarray(m.faces, dtype=np.int64) + s for m, s in zip(found, shifts, strict=True)]
    return vertices, np.concatenate(faces)


def _exact(path: Path, data: bytes) -> tuple[FloatArray, IntArray]:
    from ...geometry.worker import run

    if STEP_MARK not in data[:4096]:
        raise InputError(say("{path}: no readable STEP file ({why})", path=path, why="no ISO-10303-21"))
    try:
        return run(step_triangles, data)
    except BuildError as error:
        raise InputError(
            say("{path}: no readable STEP file ({why})", path=path, why=quoted(str(error)[:160]))
        ) from error


def step_triangles(data: bytes) -> tuple[FloatArray, IntArray]:
    """Vertices and triangles, mm, of every solid or face of a STEP file; loads the kernel.

    Raises:
        BuildError: it holds no shape, or no STEP.
    """
    import tempfile

    import cadquery as cq

    from ...geometry.measures import mesh_of_solid
    from ...geometry.mesh import joined

    with tempfile.NamedTemporaryFile(suffix=".step") as file:
        file.write(data)
        file.flush()
        try:
            read = cq.importers.importStep(file.name).vals()
        except ValueError as error:
            raise BuildError(str(error)) from error
    shapes = [s for s in read if isinstance(s, cq.Shape) and s.Faces()]
    if not shapes:
        raise BuildError("it holds no faces")
    size = max(s.BoundingBox().DiagonalLength for s in shapes)
    pieces = [solid for s in shapes for solid in (s.Solids() or [s])]
    made = joined([mesh_of_solid(p, max(STEP_SHARE * size, 1e-3)) for p in pieces])
    return made.vertices, made.faces
