"""A loaded product as it bends: its parts cut into bands of colour by stress, moved as the load moves them.

Bands are parts like any others, so pictures, GLB files and 3D views show them without knowing of stress. The
colour is stress over what the material bears, so that beech and steel are read on one scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from ..arrays import FloatArray, IntArray
from ..geometry.mesh import Colour, Mesh, MeshPart, joined, used_only
from ..structures.solve import Solved
from ..structures.surface import on_surface
from ..structures.verdict import critical

#: upper ends of the bands, shares of the strength; the last one has none
BANDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
#: of the bands: grey, blue, green, yellow, orange; red is beyond the strength
COLOURS: tuple[tuple[float, float, float], ...] = (
    (0.80, 0.81, 0.83), (0.62, 0.72, 0.84), (0.42, 0.62, 0.84), (0.27, 0.58, 0.70), (0.33, 0.66, 0.45),
    (0.60, 0.73, 0.30), (0.86, 0.78, 0.22), (0.93, 0.58, 0.16), (0.87, 0.36, 0.13), (0.72, 0.06, 0.10),
)  # fmt: skip
FINE_MM = 22.0  # longest side of a triangle that has one colour
SHOWN = 0.05  # of the body's size, that the longest shift is drawn as


@dataclass(frozen=True, eq=False)
class Strained:
    """Parts as they are drawn.

    Attributes:
        parts: bands of the parts, of one name with their part. case: the load case that decides.
        times: what shifts are multiplied by.
    """

    parts: Sequence[MeshPart]
    case: str
    times: float


def strained(parts: Sequence[MeshPart], solved: Solved) -> Strained:
    """The body of :meth:`Family.mesh` under the load case that decides, shifts drawn larger."""
    names = [c.name for c in solved.structure.cases]
    case = names.index(critical(solved).case.name)
    low, high = joined([p.mesh for p in parts]).bounds
    longest = float(np.linalg.norm(solved.displacements[case, :, :3], axis=1).max())
    times = _rounded(SHOWN * float(np.linalg.norm(high - low)) / max(longest, 1e-9))
    found: list[MeshPart] = []
    for part in parts:
        mesh = divided(part.mesh, FINE_MM)
        at = on_surface(solved, case, mesh.vertices)
        used = (at.stress / at.strength)[mesh.faces].max(axis=1)
        moved = mesh.vertices + times * at.shift
        bands = np.searchsorted(BANDS, used)
        for band in np.unique(bands):
            colour: Colour = (*COLOURS[band], 1.0)
            piece = used_only(Mesh(moved, mesh.faces[bands == band]))
            found.append(MeshPart(part.name, piece, colour, part.role, part.material, "plastic"))
    return Strained(found, names[case], times)


def surface_fields(parts: Sequence[MeshPart], solved: Solved) -> tuple[Mesh, dict[str, FloatArray]]:
    """The body, finely divided, with the stress (v,), MPa, and shift (v, 3), mm, of every load case."""
    mesh = divided(joined([p.mesh for p in parts]), FINE_MM)
    fields: dict[str, FloatArray] = {}
    for k, case in enumerate(solved.structure.cases):
        at, key = on_surface(solved, k, mesh.vertices), case.name.replace(" ", "_")
        fields |= {f"stress_{key}": at.stress, f"shift_{key}": at.shift}
    return mesh, fields


def divided(mesh: Mesh, size: float) -> Mesh:
    """The same surface in pieces not longer than about `size`, mm, for pictures: slivers, as tubes are made
    of, are cut across into strips, other triangles are halved first."""
    corners = mesh.vertices[mesh.faces]  # (t, 3, 3)
    done = [np.zeros((0, 3, 3))]
    while len(corners):
        sides = np.linalg.norm(np.roll(corners, -1, axis=1) - corners, axis=2)
        apex = (np.argmin(sides, axis=1) + 2) % 3  # opposite the shortest side
        turn = (apex[:, None] + np.arange(3)) % 3
        a, b, c = np.moveaxis(np.take_along_axis(corners, turn[:, :, None], axis=1), 1, 0)
        thin = sides.min(axis=1) <= size
        counts = [np.ceil(np.linalg.norm(x - a, axis=1) / size).astype(int) for x in (b, c)]
        for n, m in np.unique(np.stack(counts, axis=1)[thin], axis=0).tolist():
            which = thin & (counts[0] == n) & (counts[1] == m)
            sides_at = [
                a[which, None] + share[:, None] * (x[which] - a[which])[:, None]
                for x, share in ((b, np.arange(n + 1) / n), (c, np.arange(m + 1) / m))
            ]
            done.append(np.concatenate(sides_at, axis=1)[:, _strips(n, m)].reshape(-1, 3, 3))
        b, c, a = b[~thin], c[~thin], a[~thin]
        far = np.linalg.norm(b - a, axis=1) > np.linalg.norm(c - a, axis=1)
        end, other = np.where(far[:, None], b, c), np.where(far[:, None], c, b)
        half = 0.5 * (a + end)
        pieces = [np.stack([a, half, other], axis=1), np.stack([half, end, other], axis=1)]
        corners = np.concatenate([np.where(far[:, None, None], p, p[:, ::-1]) for p in pieces])
    every = np.concatenate(done).reshape(-1, 3)
    points, place = np.unique(np.round(every, 3), axis=0, return_inverse=True)
    return Mesh(points, place.reshape(-1, 3))


@cache
def _strips(n: int, m: int) -> IntArray:
    """(n + m - 1, 3) triangles between two chains from one apex, of n + 1 points and, behind them, m + 1."""
    found, i, j = [(1, n + 2, 0)], 1, 1
    while i < n or j < m:
        if j == m or (i < n and (i + 1) / n <= (j + 1) / m):
            found.append((i, i + 1, n + 1 + j))
            i += 1
        else:
            found.append((i, n + 2 + j, n + 1 + j))
            j += 1
    return np.array(found)


def _rounded(times: float) -> float:
    """One, two or five of a power of ten, not more; at least one."""
    power = 10.0 ** np.floor(np.log10(max(times, 1.0)))
    return float(max(k * power for k in (1.0, 2.0, 5.0) if k * power <= max(times, 1.0)))
