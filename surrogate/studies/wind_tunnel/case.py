"""Writing a case folder: dictionaries as text, the body as binary STL in metres."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ....design.errors import SolverError
from ....design.exchange.export import stl_bytes
from ....design.geometry.mesh import Mesh, face_vectors
from .dictionaries import STUCK

SLIDING_BODY = re.compile(r"\bbody\s*\{\s*type\s+slip;\s*\}")


def write_case(case: Path, mesh: Mesh, files: Mapping[str, str]) -> None:
    """Start the folder anew with the body's surface and the given files."""
    if case.exists():
        shutil.rmtree(case)
    (case / "constant" / "triSurface").mkdir(parents=True)
    write_files(case, files)
    write_stl(mesh, case / "constant" / "triSurface" / "body.stl")


def write_files(case: Path, files: Mapping[str, str]) -> None:
    """Write text files below `case`, folders made as needed."""
    for name, text in files.items():
        path = case / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")


def write_stl(mesh: Mesh, path: Path) -> None:
    """Binary STL in metres; triangles that collapse are left out."""
    corners = mesh.vertices[mesh.faces] * 1e-3
    whole = corners[np.linalg.norm(face_vectors(corners), axis=1) > 1e-14]
    path.write_bytes(stl_bytes(whole, b"maquette body, metres"))


def stick(velocity: Path) -> None:
    """Let the air stick to the body from here on: rewrite the body's entry of a velocity field in text.

    Raises:
        SolverError: there is no such field, or it has no body on which the air slides.
    """
    try:
        text = velocity.read_text(encoding="ascii")
    except OSError as error:
        raise SolverError(f"the solver left no {velocity.name}") from error
    text, count = SLIDING_BODY.subn(f"body {{ {STUCK} }}", text)
    if count != 1:
        raise SolverError(f"{velocity.name} has no body that the air slides along")
    velocity.write_text(text, encoding="ascii")


def cell_count(case: Path) -> int:
    """Cells of the mesh in `constant/polyMesh`, from the note in its owner file; 0 without one."""
    owner = case / "constant" / "polyMesh" / "owner"
    if not owner.is_file():
        return 0
    with owner.open("rb") as file:
        head = file.read(2000).decode("ascii", errors="replace")
    for word in head.replace('"', " ").split():
        if word.startswith("nCells:"):
            return int(word.removeprefix("nCells:"))
    return 0
