"""Stiffness and stresses of all members of a structure at once.

Timoshenko beams of 12 freedoms whose stiffness is the inverse of a flexibility integrated along the axis
(force-based; W. McGuire, R. Gallagher, R. Ziemian, "Matrix Structural Analysis", 2nd ed., chapters 4, 7).
Loads act on nodes only, so bending moments run straight along a member, and one element is exact for a
prismatic member and to the quadrature for a tapered one: nothing is subdivided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import BoolArray, FloatArray, IntArray
from .sections import Numbers, bent, numbers_of
from .structure import Member

# Gauss-Lobatto points of -1..1, exact to degree 13; both ends are among them, where stresses are largest
_INNER = [0.209299217902479, 0.591700181433142, 0.871740148509607]
_HALF = [0.412458794658704, 0.341122692483504, 0.210704227143506, 1.0 / 28.0]
#: (g,) stations along a member, 0 at its joint with i to 1 at that with j
STATIONS: FloatArray = 0.5 + 0.5 * np.array([-1.0, *[-x for x in reversed(_INNER)], *_INNER, 1.0])
_WEIGHTS: FloatArray = 0.5 * np.array([*reversed(_HALF), *_HALF])
_ANGLES = np.linspace(0.0, 2.0 * np.pi, 8, endpoint=False)
#: sine and cosine of angles round an ellipse where stress is looked for, beside where bending is largest
_ROUND = np.stack([np.sin(_ANGLES), np.cos(_ANGLES)], axis=1).tolist()


@dataclass(frozen=True, eq=False)
class Beams:
    """m members as arrays, at g stations.

    Attributes:
        ends: (m, 2) nodes. axes: (m, 3, 3) rows local x, y, z. lengths: (m,) mm between the nodes.
        places: (m, g) mm from i to the stations. free: (m,) mm between the joints.
        numbers: sections, arrays (m, g). ellipse: (m,).
        E, G, density, shear_weight: (m,) of the materials.
        give, raised: (m,) how much more than straight ones they bend, and how much higher the stress of
            bending is (:func:`.sections.bent`).
        joints: (m, 6, 6) what the joints at both ends give to forces at j, local axes.
    """

    ends: IntArray
    axes: FloatArray
    lengths: FloatArray
    places: FloatArray
    free: FloatArray
    numbers: Numbers
    ellipse: BoolArray
    E: FloatArray
    G: FloatArray
    density: FloatArray
    shear_weight: FloatArray
    give: FloatArray
    raised: FloatArray
    joints: FloatArray

    @property
    def masses(self) -> FloatArray:
        """(m,) kg."""
        return (self.numbers.area @ _WEIGHTS) * self.free * self.density * 1e-9


def beams_of(nodes: FloatArray, members: Sequence[Member]) -> Beams:
    """Members of `nodes` (n, 3), of which none is without length."""
    ends = np.array([(m.i, m.j) for m in members], dtype=np.int64).reshape(-1, 2)
    pairs = [(m.section, m.section_j or m.section) for m in members]
    sizes = np.array([[(s.width, s.height, s.wall) for s in pair] for pair in pairs]).reshape(-1, 2, 3)
    along = np.einsum("se,mek->kms", np.stack([1.0 - STATIONS, STATIONS], axis=1), sizes)  # (3, m, g)
    ellipse = np.array([a.shape == "ellipse" for a, _ in pairs], dtype=bool)
    material = np.array(
        [(m.material.E, m.material.G, m.material.density, m.material.shear_weight) for m in members]
    ).reshape(-1, 4)
    way = nodes[ends[:, 1]] - nodes[ends[:, 0]]
    lengths = np.linalg.norm(way, axis=1)
    axes = _axes(way / lengths[:, None], np.array([m.up for m in members]).reshape(-1, 3))
    numbers = numbers_of(ellipse[:, None], *along)
    inside = np.array([(m.inside_i, m.inside_j) for m in members]).reshape(-1, 2)
    free = lengths - inside.sum(axis=1)
    places = inside[:, :1] + free[:, None] * STATIONS
    half, wall = 0.5 * along[:2].mean(axis=(0, 2)), along[2].mean(axis=1)
    give, raised = bent(wall == 0.0, half, wall, np.where(ellipse, [m.bend for m in members], 0.0))
    E, G, density, weight = material.T
    joints = _joints(members, axes, lengths, inside)
    return Beams(
        ends, axes, lengths, places, free, numbers, ellipse, E, G, density, weight, give, raised, joints
    )


def _joints(
    members: Sequence[Member], axes: FloatArray, lengths: FloatArray, inside: FloatArray
) -> FloatArray:
    """(m, 6, 6): each joint turns by the moments that reach it and moves along the member."""
    found = np.zeros((len(members), 6, 6))
    for k, m in enumerate(members):
        for give, back in ((m.give_i, lengths[k] - inside[k, 0]), (m.give_j, inside[k, 1])):
            if give is None:
                continue
            n = axes[k, 1:] @ np.asarray(give.normal)  # in local y, z
            t = np.array([-n[1], n[0]])
            turns = give.in_plane * np.outer(n, n) + give.out_of_plane * np.outer(t, t)
            reach = np.zeros((2, 6))  # My and Mz there from forces at j
            reach[0, 4], reach[0, 2], reach[1, 5], reach[1, 1] = 1.0, -back, 1.0, back
            found[k] += reach.T @ turns @ reach
            found[k, 0, 0] += give.along
    return found


def _axes(x: FloatArray, up: FloatArray) -> FloatArray:
    """Rows local x, y, z; `up` falls back on global x, then y, where it runs along the member."""
    for spare in np.eye(3)[:2]:
        across = up - np.sum(up * x, axis=1, keepdims=True) * x
        flat = np.linalg.norm(across, axis=1) < 1e-3 * np.maximum(np.linalg.norm(up, axis=1), 1e-30)
        up = np.where(flat[:, None], spare, up)
    z = up - np.sum(up * x, axis=1, keepdims=True) * x
    z /= np.linalg.norm(z, axis=1, keepdims=True)
    return np.stack([x, np.cross(z, x), z], axis=1)


def beam_stiffness(b: Beams) -> FloatArray:
    """(m, 12, 12), freedoms of i then j, along global axes."""
    n, L = b.numbers, b.lengths
    back = L[:, None] - b.places  # lever of the forces at j

    def along(what: FloatArray) -> FloatArray:
        return (what @ _WEIGHTS) * b.free

    E = (b.E / b.give)[:, None]
    EIy, EIz = E * n.Iy, E * n.Iz
    give = b.joints.copy()
    give[:, 0, 0] += along(1.0 / (b.E[:, None] * n.area))
    give[:, 3, 3] += along(1.0 / (b.G[:, None] * n.J))
    for force, moment, EI, shear, sign in ((1, 5, EIz, n.Ay, 1.0), (2, 4, EIy, n.Az, -1.0)):
        give[:, force, force] += along(1.0 / (b.G[:, None] * shear) + back**2 / EI)
        give[:, moment, moment] += along(1.0 / EI)
        cross = sign * along(back / EI)
        give[:, force, moment] += cross
        give[:, moment, force] += cross
    size = np.sqrt(np.einsum("mii->mi", give))  # mm and radians in one matrix: scaled before it is inverted
    at_j = np.linalg.inv(give / (size[:, :, None] * size[:, None])) / (size[:, :, None] * size[:, None])
    turn = np.zeros((len(L), 6, 6))
    turn[:, :3, :3] = turn[:, 3:, 3:] = b.axes
    at_j = turn.transpose(0, 2, 1) @ at_j @ turn
    carry = _carry(L[:, None] * b.axes[:, 0])  # forces at j as forces at i
    whole = np.empty((len(L), 12, 12))
    across = -carry @ at_j
    whole[:, 6:, 6:], whole[:, :6, 6:] = at_j, across
    whole[:, 6:, :6] = across.transpose(0, 2, 1)
    whole[:, :6, :6] = -across @ carry.transpose(0, 2, 1)
    return whole


def _carry(arm: FloatArray) -> FloatArray:
    """(m, 6, 6) that takes force and moment from the end of `arm` (m, 3) to its start."""
    found = np.zeros((len(arm), 6, 6))
    found[:, range(6), range(6)] = 1.0
    x, y, z = arm.T
    found[:, 3, 1], found[:, 3, 2] = -z, y
    found[:, 4, 0], found[:, 4, 2] = z, -x
    found[:, 5, 0], found[:, 5, 1] = -y, x
    return found


def beam_forces(b: Beams, stiffness: FloatArray, displacements: FloatArray) -> FloatArray:
    """(c, m, g, 6) N, Vy, Vz (N), T, My, Mz (N mm) on the sections, along local axes.

    Args:
        stiffness: of :func:`beam_stiffness`. displacements: (c, n, 6).
    """
    u = displacements[:, b.ends].reshape(len(displacements), len(b.ends), 12)
    at_j = np.einsum("mij,cmj->cmi", stiffness[:, 6:], u).reshape(*u.shape[:2], 2, 3)
    N, Vy, Vz, T, My, Mz = np.moveaxis((at_j @ b.axes.transpose(0, 2, 1)).reshape(*u.shape[:2], 6), -1, 0)
    back = b.lengths[:, None] - b.places
    My, Mz = My[..., None] - back * Vz[..., None], Mz[..., None] + back * Vy[..., None]
    same = (np.broadcast_to(force[..., None], My.shape) for force in (N, Vy, Vz, T))
    return np.stack([*same, My, Mz], axis=-1)


def beam_stresses(b: Beams, forces: FloatArray) -> FloatArray:
    """(c, m, g) largest equivalent stress on the rim of each section, MPa.

    Axial and bending stress at places round the rim, with the shear of torsion and of the shear forces there;
    shear counts with the material's weight (von Mises for metals).

    Args:
        forces: of :func:`beam_forces`.
    """
    found = np.empty(forces.shape[:3])
    for kind, at in ((True, _on_ellipse), (False, _on_rectangle)):
        which = np.flatnonzero(b.ellipse == kind)
        if len(which):
            n = Numbers(**{k: v[which] for k, v in vars(b.numbers).items()})
            N, Vy, Vz, T, My, Mz = np.moveaxis(forces[:, which], -1, 0)
            raised = b.raised[which, None]
            over, under = raised * My * n.cz / n.Iy, -raised * Mz * n.cy / n.Iz  # at the rim above, beside
            weight = b.shear_weight[which, None]
            sheared = (weight * T / n.Wt, weight * Vy * n.qy, weight * Vz * n.qz)
            found[:, which] = np.sqrt(at(n, N / n.area, under, over, *sheared))
    return found


def shares(b: Beams, forces: FloatArray) -> FloatArray:
    """(4, c, m, g) stress by pull or push, bending, twisting and shear, each for itself, MPa.

    Args:
        forces: of :func:`beam_forces`.
    """
    n = b.numbers
    N, Vy, Vz, T, My, Mz = np.abs(np.moveaxis(forces, -1, 0))
    over, under = b.raised[:, None] * My * n.cz / n.Iy, b.raised[:, None] * Mz * n.cy / n.Iz
    bending = np.where(b.ellipse[:, None], np.hypot(over, under), over + under)
    weight = b.shear_weight[:, None]
    return np.stack([N / n.area, bending, weight * T / n.Wt, weight * np.maximum(Vy * n.qy, Vz * n.qz)])


def _on_ellipse(
    n: Numbers, even: FloatArray, under: FloatArray, over: FloatArray, twist: FloatArray, ty: FloatArray,
    tz: FloatArray,
) -> FloatArray:  # fmt: skip
    """Largest square (c, m, g) of the equivalent stress: where bending is largest, and at fixed angles."""
    bent = np.hypot(under, over)
    safe = np.where(bent > 0.0, bent, 1.0)
    across = (tz * under - ty * over) / safe
    worst = np.maximum((even + bent) ** 2 + (twist + across) ** 2, (even - bent) ** 2 + (twist - across) ** 2)
    for sin, cos in _ROUND:
        worst = np.maximum(worst, (even + over * sin + under * cos) ** 2 + (twist + tz * cos - ty * sin) ** 2)
    return worst


def _on_rectangle(
    n: Numbers, even: FloatArray, under: FloatArray, over: FloatArray, twist: FloatArray, ty: FloatArray,
    tz: FloatArray,
) -> FloatArray:  # fmt: skip
    """The same of rectangles: in the corners, and in the middles of the sides."""
    corner = (np.abs(even) + np.abs(under) + np.abs(over)) ** 2 + (twist * n.corner_shear) ** 2
    beside = (np.abs(even) + np.abs(under)) ** 2 + (np.abs(twist) + np.abs(tz)) ** 2
    above = (np.abs(even) + np.abs(over)) ** 2 + (np.abs(twist) + np.abs(ty)) ** 2
    return np.asarray(np.maximum(corner, np.maximum(beside, above)), dtype=np.float64)
