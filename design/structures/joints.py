"""How much the wall of a tube gives where another tube is welded onto it.

Beams that meet in a point know nothing of it; frames of thin tubes bend by a sixth more because of it, and a
tube pushed sideways on another one by more than twice. H. Fessler, P. Mockford, J. Webster, "Parametric
equations for the flexibility matrices of single brace tubular joints in offshore structures", Proc. Inst.
Civ. Eng. 81 (1986), from memory: measured on casts of T and Y joints, beta 0.33 to 0.76, gamma 10 to 20.
Against CalculiX on second-order tetrahedra of an exact tee (beta 0.82, gamma 11.3) they give 85 % of what
bending in the plane adds, 99 % of what bending out of it adds (`tests/test_structure_shells.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Give:
    """What a joint at a member's end gives.

    Attributes:
        normal: unit vector square to the member and the tube that it ends on.
        in_plane, out_of_plane: radians for 1 N mm about `normal`, and about the axis square to it and to the
            member. along: mm for 1 N along the member.
    """

    normal: Vector
    in_plane: float
    out_of_plane: float
    along: float


def tube_joint(
    chord: tuple[float, float], chord_way: FloatArray, branch: float, branch_way: FloatArray, E: float
) -> Give:
    """The joint of a round tube that ends on another one.

    Args:
        chord: diameter and wall of the tube that goes on, mm. branch: diameter of the one that ends there.
        chord_way, branch_way: axes (3,), of any length. E: MPa.
    """
    D, T = chord
    u, v = (np.asarray(w) / np.linalg.norm(w) for w in (chord_way, branch_way))
    across = np.cross(u, v)
    sine = max(float(np.linalg.norm(across)), 0.2)
    normal = across / np.linalg.norm(across) if np.linalg.norm(across) > 1e-6 else _any_across(v)
    beta, gamma = min(branch / D, 1.0), 0.5 * D / T
    in_plane = 134.0 * gamma**1.73 * np.exp(-4.52 * beta) * sine**1.22 / (E * D**3)
    out_of_plane = 85.5 * gamma**2.2 * np.exp(-3.85 * beta) * sine**2.16 / (E * D**3)
    along = 1.95 * gamma**2.15 * (1.0 - beta) ** 1.3 * sine**2.19 / (E * D)
    x, y, z = normal.tolist()
    return Give((x, y, z), float(in_plane), float(out_of_plane), float(along))


def _any_across(v: FloatArray) -> FloatArray:
    found = np.cross(v, np.eye(3)[int(np.argmin(np.abs(v)))])
    return np.asarray(found / np.linalg.norm(found))
