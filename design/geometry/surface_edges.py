"""How smoothly the exact faces of a solid meet: gap and angle of the normals along every shared edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import FloatArray
from .patches import Patch, patch_of_face

TANGENCY_DEG = 0.1  # issue 10: neighbours meet within this where no edge is meant
EVERY_MM = 8.0  # samples along an edge
FEWEST = 9


@dataclass(frozen=True)
class Crease:
    """A box (mm) in which the design means edges: `name`, `low` and `high` corner (x, y, z)."""

    name: str
    low: tuple[float, float, float]
    high: tuple[float, float, float]


@dataclass(frozen=True)
class EdgeFault:
    """An edge along which two faces meet at an angle that is not meant.

    Attributes:
        point: (x, y, z) of the largest angle, mm; angle: there, degrees; length: of the edge, mm.
    """

    point: tuple[float, float, float]
    angle: float
    length: float

    def to_json(self) -> dict[str, Any]:
        """Rounded to what was measured."""
        point = [round(v, 1) for v in self.point]
        return {"point": point, "angle": round(self.angle, 4), "length": round(self.length, 1)}


@dataclass(frozen=True)
class Tangency:
    """How the faces of a skin meet where no edge is meant.

    Attributes:
        edges: how many edges were sampled; creased: edges left out because the design means them.
        largest, p95: largest angle, and 95th percentile over all samples, degrees.
        gap: largest distance of the two faces along an edge, mm.
        faults: edges above :data:`TANGENCY_DEG`, the worst first.
    """

    edges: int
    creased: int
    largest: float
    p95: float
    gap: float
    faults: tuple[EdgeFault, ...]

    @property
    def tangent(self) -> bool:
        """No angle above :data:`TANGENCY_DEG`."""
        return self.largest <= TANGENCY_DEG


def solid_patches(solid: Any) -> list[Patch]:
    """The B-spline surfaces under the faces of a `cadquery.Shape`, each once."""
    found: dict[bytes, Patch] = {}
    for k, face in enumerate(solid.Faces()):
        patch = patch_of_face(f"face {k}", face.wrapped)
        if patch is not None:
            found.setdefault(patch.poles.tobytes(), patch)
    return list(found.values())


def tangency(solid: Any, creases: Sequence[Crease] = ()) -> Tangency:
    """Angles between neighbouring B-spline faces of a `cadquery.Shape` along their shared edges."""
    from OCP.TopAbs import TopAbs_EDGE, TopAbs_FACE
    from OCP.TopExp import TopExp
    from OCP.TopoDS import TopoDS
    from OCP.TopTools import TopTools_IndexedDataMapOfShapeListOfShape

    table = TopTools_IndexedDataMapOfShapeListOfShape()
    TopExp.MapShapesAndAncestors_s(solid.wrapped, TopAbs_EDGE, TopAbs_FACE, table)
    patches: dict[int, Patch | None] = {}
    angles: list[FloatArray] = []
    faults, creased, gap = [], 0, 0.0
    for k in range(1, table.Extent() + 1):
        faces = [TopoDS.Face_s(f) for f in table.FindFromIndex(k)]
        if len(faces) != 2 or faces[0].IsSame(faces[1]):
            continue
        pair = []
        for face in faces:
            key = hash(face)
            if key not in patches:
                patches[key] = patch_of_face("", face)
            pair.append(patches[key])
        if pair[0] is None or pair[1] is None:
            continue
        points, normals, length = _along(TopoDS.Edge_s(table.FindKey(k)), faces, [pair[0], pair[1]])
        if not length:
            continue
        gap = max(gap, float(np.linalg.norm(points[0] - points[1], axis=1).max()))
        half = 0.5 * np.linalg.norm(normals[0] - normals[1], axis=1)
        angle = np.degrees(2.0 * np.arcsin(np.minimum(half, 1.0)))
        unmeant = ~_in_any(points[0], creases)
        if not unmeant.any():
            creased += 1
            continue
        angles.append(angle[unmeant])
        worst = int(np.argmax(np.where(unmeant, angle, -1.0)))
        if angle[worst] > TANGENCY_DEG:
            x, y, z = points[0][worst].tolist()
            faults.append(EdgeFault((x, y, z), float(angle[worst]), length))
    every = np.concatenate(angles) if angles else np.zeros(1)
    faults.sort(key=lambda f: -f.angle)
    p95 = float(np.quantile(every, 0.95))
    return Tangency(len(angles), creased, float(every.max()), p95, gap, tuple(faults))


def _along(edge: Any, faces: Sequence[Any], pair: Sequence[Patch]) -> tuple[FloatArray, FloatArray, float]:
    """Points and normals of both faces along an edge, (2, n, 3) each, and its length (0: none)."""
    from OCP.BRep import BRep_Tool
    from OCP.BRepAdaptor import BRepAdaptor_Curve
    from OCP.GCPnts import GCPnts_AbscissaPoint

    nothing = np.zeros((2, 0, 3))
    if BRep_Tool.Degenerated_s(edge):
        return nothing, nothing, 0.0
    length = float(GCPnts_AbscissaPoint.Length_s(BRepAdaptor_Curve(edge)))
    if length < 1.0:
        return nothing, nothing, 0.0
    count = max(FEWEST, int(length / EVERY_MM))
    points, normals = [], []
    for face, patch in zip(faces, pair, strict=True):
        first, last = BRep_Tool.Range_s(edge, face)
        curve = BRep_Tool.CurveOnSurface_s(edge, face, first, last)
        places = [curve.Value(t) for t in np.linspace(first, last, count).tolist()]
        uv = np.clip([(p.X(), p.Y()) for p in places], *np.array(patch.domain).T)
        points.append(patch.at(uv))
        normals.append(patch.normals(uv))
    return np.array(points), np.array(normals), length


def _in_any(points: FloatArray, creases: Sequence[Crease]) -> Any:
    inside = np.zeros(len(points), dtype=bool)
    for crease in creases:
        inside |= np.all((points >= crease.low) & (points <= crease.high), axis=1)
    return inside
