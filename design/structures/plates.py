"""Stiffness and stresses of flat triangles of shell: bending and membrane, six freedoms a corner.

Bending: discrete Kirchhoff triangle (J.-L. Batoz, K.-J. Bathe, L.-W. Ho, "A study of three-node triangular
plate bending elements", Int. J. Numer. Meth. Eng. 15 (1980); thin plates, no shear). Membrane: the optimal
triangle with turning corners (C. Felippa, "A study of optimal membrane triangles with drilling freedoms",
Comput. Methods Appl. Mech. Eng. 192 (2003), sections 4-5, parameters OPT). Twisting takes the material's own
G, so that plywood is not made stiffer than it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..arrays import FloatArray, IntArray
from .structure import Plate

#: area coordinates of the middles of the sides: where bending is integrated and stress is read
_MIDDLES = ((0.5, 0.5, 0.0), (0.0, 0.5, 0.5), (0.5, 0.0, 0.5))
# Felippa's free parameters of OPT, beta 1 to 9, row by row of Q1
_BETA = np.array([[1.0, 2.0, 1.0], [0.0, 1.0, -1.0], [-1.0, -1.0, -2.0]])
_ALPHA = 1.5


@dataclass(frozen=True, eq=False)
class Shells:
    """t triangles as arrays.

    Attributes:
        corners: (t, 3) nodes. axes: (t, 3, 3) rows local x, y, z (normal). flat: (t, 3, 2) local, mm.
        areas: (t,) mm2. thickness: (t,) mm. elastic: (t, 3, 3) plane stress, MPa.
        nu, density: (t,) of the materials. part: (t,) place in the structure's plates.
    """

    corners: IntArray
    axes: FloatArray
    flat: FloatArray
    areas: FloatArray
    thickness: FloatArray
    elastic: FloatArray
    nu: FloatArray
    density: FloatArray
    part: IntArray

    @property
    def masses(self) -> FloatArray:
        """(t,) kg."""
        return self.areas * self.thickness * self.density * 1e-9

    @cached_property
    def curvatures(self) -> FloatArray:
        """(3, t, 3, 9): kxx, kyy, 2 kxy at the middles of the sides of (w, rx, ry) of the corners."""
        return _curvatures(self)

    @cached_property
    def lumping(self) -> FloatArray:
        """(t, 9, 3) of Felippa's L over thickness: corner forces of (u, v, rz) from a constant stress."""
        return _lumping(self)


def shells_of(nodes: FloatArray, plates: Sequence[Plate]) -> Shells:
    """Triangles of all plates of `nodes` (n, 3), of which none is without area."""
    corners = np.concatenate([np.zeros((0, 3), np.int64), *(p.triangles for p in plates)]).astype(np.int64)
    part = np.repeat(np.arange(len(plates)), [len(p.triangles) for p in plates])
    a, b, c = np.moveaxis(nodes[corners], 1, 0)
    normal = np.cross(b - a, c - a)
    double = np.linalg.norm(normal, axis=1)
    z = normal / double[:, None]
    x = np.eye(3)[np.where(np.abs(z[:, 0]) > 0.9, 1, 0)]  # plywood's layers lie along the frame's axes
    x = x - np.sum(x * z, axis=1, keepdims=True) * z
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    axes = np.stack([x, np.cross(z, x), z], axis=1)
    flat = (nodes[corners] - a[:, None]) @ axes[:, :2].transpose(0, 2, 1)
    of = [p.material for p in plates]
    E, G, nu, density = (np.array([getattr(m, k) for m in of])[part] for k in ("E", "G", "nu", "density"))
    elastic = np.zeros((len(corners), 3, 3))
    elastic[:, 0, 0] = elastic[:, 1, 1] = E / (1.0 - nu**2)
    elastic[:, 0, 1] = elastic[:, 1, 0] = nu * E / (1.0 - nu**2)
    elastic[:, 2, 2] = G
    thickness = np.array([p.thickness for p in plates])[part]
    return Shells(corners, axes, flat, 0.5 * double, thickness, elastic, nu, density, part)


def shell_stiffness(s: Shells) -> FloatArray:
    """(t, 18, 18), freedoms of the three corners, along global axes."""
    bending, membrane = _bending(s), _membrane(s)
    local = np.zeros((len(s.corners), 18, 18))
    for rows, part in ((_BEND, bending), (_SHEET, membrane)):
        local[:, rows[:, None], rows] = part
    turn = np.zeros((len(s.corners), 18, 18))
    for k in range(0, 18, 3):
        turn[:, k : k + 3, k : k + 3] = s.axes
    return turn.transpose(0, 2, 1) @ local @ turn


#: places of (w, rx, ry) and of (u, v, rz) of the three corners among the 18
_BEND: IntArray = np.array([2, 3, 4, 8, 9, 10, 14, 15, 16])
_SHEET: IntArray = np.array([0, 1, 5, 6, 7, 11, 12, 13, 17])


def _bending(s: Shells) -> FloatArray:
    rigidity = s.elastic * (s.thickness**3 / 12.0)[:, None, None]
    curves = s.curvatures
    weighed = curves.transpose(0, 1, 3, 2) @ rigidity @ curves
    return np.asarray(weighed.sum(axis=0) * (s.areas / 3.0)[:, None, None], dtype=np.float64)


def _curvatures(s: Shells) -> FloatArray:
    x, y = s.flat[..., 0], s.flat[..., 1]
    x23, x31, x12 = (x[:, i] - x[:, j] for i, j in ((1, 2), (2, 0), (0, 1)))
    y23, y31, y12 = (y[:, i] - y[:, j] for i, j in ((1, 2), (2, 0), (0, 1)))
    sides = {4: (x23, y23), 5: (x31, y31), 6: (x12, y12)}
    P, T, Q, R = {}, {}, {}, {}
    for k, (dx, dy) in sides.items():
        square = dx * dx + dy * dy
        P[k], T[k] = -6.0 * dx / square, -6.0 * dy / square
        Q[k], R[k] = 3.0 * dx * dy / square, 3.0 * dy * dy / square
    _, xi, eta = np.array(_MIDDLES).T[:, :, None]
    a, b = 1.0 - 2.0 * xi, 1.0 - 2.0 * eta
    hx_xi = [
        P[6] * a + (P[5] - P[6]) * eta,
        Q[6] * a - (Q[5] + Q[6]) * eta,
        -4.0 + 6.0 * (xi + eta) + R[6] * a - eta * (R[5] + R[6]),
        -P[6] * a + eta * (P[4] + P[6]),
        Q[6] * a - eta * (Q[6] - Q[4]),
        -2.0 + 6.0 * xi + R[6] * a + eta * (R[4] - R[6]),
        -eta * (P[5] + P[4]),
        eta * (Q[4] - Q[5]),
        -eta * (R[5] - R[4]),
    ]
    hy_xi = [
        T[6] * a + eta * (T[5] - T[6]),
        1.0 + R[6] * a - eta * (R[5] + R[6]),
        -Q[6] * a + eta * (Q[5] + Q[6]),
        -T[6] * a + eta * (T[4] + T[6]),
        -1.0 + R[6] * a + eta * (R[4] - R[6]),
        -Q[6] * a - eta * (Q[4] - Q[6]),
        -eta * (T[4] + T[5]),
        eta * (R[4] - R[5]),
        -eta * (Q[4] - Q[5]),
    ]
    hx_eta = [
        -P[5] * b - xi * (P[6] - P[5]),
        Q[5] * b - xi * (Q[5] + Q[6]),
        -4.0 + 6.0 * (xi + eta) + R[5] * b - xi * (R[5] + R[6]),
        xi * (P[4] + P[6]),
        xi * (Q[4] - Q[6]),
        -xi * (R[6] - R[4]),
        P[5] * b - xi * (P[4] + P[5]),
        Q[5] * b + xi * (Q[4] - Q[5]),
        -2.0 + 6.0 * eta + R[5] * b + xi * (R[4] - R[5]),
    ]
    hy_eta = [
        -T[5] * b - xi * (T[6] - T[5]),
        1.0 + R[5] * b - xi * (R[5] + R[6]),
        -Q[5] * b + xi * (Q[5] + Q[6]),
        xi * (T[4] + T[6]),
        xi * (R[4] - R[6]),
        -xi * (Q[4] - Q[6]),
        T[5] * b - xi * (T[4] + T[5]),
        -1.0 + R[5] * b + xi * (R[4] - R[5]),
        -Q[5] * b - xi * (Q[4] - Q[5]),
    ]
    slopes = (hx_xi, hy_xi, hx_eta, hy_eta)
    xx, yx, xy, yy = (_stacked(h, (3, len(x))) for h in slopes)
    rows = (
        y31 * xx + y12 * xy,
        -x31 * yx - x12 * yy,
        -x31 * xx - x12 * xy + y31 * yx + y12 * yy,
    )
    return np.ascontiguousarray((np.stack(rows) / (2.0 * s.areas)).transpose(2, 3, 0, 1))


def _stacked(parts: Sequence[FloatArray], shape: tuple[int, ...]) -> FloatArray:
    """Arrays or numbers that broadcast to `shape`, one after the other."""
    found = np.empty((len(parts), *shape))
    for place, part in zip(found, parts, strict=True):
        place[:] = part
    return found


def _lumping(s: Shells) -> FloatArray:
    x, y = s.flat[..., 0], s.flat[..., 1]
    found = np.empty((len(x), 9, 3))
    for k in range(3):
        i, j, m = k, (k + 1) % 3, (k + 2) % 3
        yjm, xmj = y[:, j] - y[:, m], x[:, m] - x[:, j]
        yim, yji, xmi, xij = y[:, i] - y[:, m], y[:, j] - y[:, i], x[:, m] - x[:, i], x[:, i] - x[:, j]
        zero = np.zeros_like(yjm)
        found[:, 3 * k] = np.stack([yjm, zero, xmj], axis=1)
        found[:, 3 * k + 1] = np.stack([zero, xmj, yjm], axis=1)
        turning = [yjm * (yim - yji), xmj * (xmi - xij), 2.0 * (xmi * yim - xij * yji)]
        found[:, 3 * k + 2] = np.stack(turning, axis=1) * _ALPHA / 6.0
    return 0.5 * found


def _membrane(s: Shells) -> FloatArray:
    x, y = s.flat[..., 0], s.flat[..., 1]

    def gap(z: FloatArray, i: int, j: int) -> FloatArray:
        return z[:, i - 1] - z[:, j - 1]

    area, L = s.areas, s.lumping
    basic = L @ s.elastic @ L.transpose(0, 2, 1) * (s.thickness / area)[:, None, None]
    square = [gap(x, i, j) ** 2 + gap(y, i, j) ** 2 for i, j in ((2, 1), (3, 2), (1, 3))]
    x23, x31, x12 = gap(x, 2, 3), gap(x, 3, 1), gap(x, 1, 2)
    y23, y31, y12 = gap(y, 2, 3), gap(y, 3, 1), gap(y, 1, 2)
    x32, x13, x21, y32, y13, y21 = -x23, -x31, -x12, -y23, -y31, -y12
    natural = np.stack(
        [
            np.stack([y23 * y13 * square[0], y31 * y21 * square[1], y12 * y32 * square[2]], axis=1),
            np.stack([x23 * x13 * square[0], x31 * x21 * square[1], x12 * x32 * square[2]], axis=1),
            np.stack(
                [
                    (y23 * x31 + x32 * y13) * square[0],
                    (y31 * x12 + x13 * y21) * square[1],
                    (y12 * x23 + x21 * y32) * square[2],
                ],
                axis=1,
            ),
        ],
        axis=1,
    ) / (4.0 * area**2)[:, None, None]  # fmt: skip
    inner = natural.transpose(0, 2, 1) @ s.elastic @ natural
    b = _BETA.ravel()
    tables = (
        [[b[0], b[1], b[2]], [b[3], b[4], b[5]], [b[6], b[7], b[8]]],
        [[b[8], b[6], b[7]], [b[2], b[0], b[1]], [b[5], b[3], b[4]]],
        [[b[4], b[5], b[3]], [b[7], b[8], b[6]], [b[1], b[2], b[0]]],
    )
    over = (2.0 * area / 3.0)[:, None, None] / np.stack(square, axis=1)[:, :, None]
    Q = [over * np.array(t) for t in tables]
    turning = sum(
        m.transpose(0, 2, 1) @ inner @ m for m in (0.5 * (Q[i] + Q[j]) for i, j in ((0, 1), (1, 2), (2, 0)))
    ) * (s.thickness * area)[:, None, None]  # fmt: skip
    lag = np.stack([x32, y32, 0 * x32, x13, y13, 0 * x32, x21, y21, 0 * x32], axis=1)
    lag = np.repeat(lag[:, None, :], 3, axis=1) / (4.0 * area)[:, None, None]
    for k in range(3):
        lag[:, k, 3 * k + 2] = 1.0
    beta0 = np.maximum(0.5 * (1.0 - 4.0 * s.nu**2), 0.01)
    higher = lag.transpose(0, 2, 1) @ turning @ lag * (0.75 * beta0)[:, None, None]
    return basic + higher


def shell_stresses(s: Shells, displacements: FloatArray) -> FloatArray:
    """(c, t) largest von Mises stress of each triangle, MPa: either face, at the middles of its sides.

    Args:
        displacements: (c, n, 6).
    """
    c, t = len(displacements), len(s.corners)
    turned = displacements[:, s.corners].reshape(c, t, 3, 2, 3) @ s.axes[:, None].transpose(0, 1, 3, 2)
    u = turned.reshape(c, t, 18)
    strain = np.einsum("tia,cti->cta", s.lumping, u[..., _SHEET]) / s.areas[:, None]
    curves = np.einsum("ktai,cti->kcta", s.curvatures, u[..., _BEND])
    half = 0.5 * s.thickness[:, None]
    faces = np.stack([strain + half * curves, strain - half * curves])  # (2, 3, c, t, 3)
    xx, yy, xy = np.moveaxis(np.einsum("tab,fkctb->fkcta", s.elastic, faces), -1, 0)
    equivalent = np.sqrt(xx**2 - xx * yy + yy**2 + 3.0 * xy**2)
    return np.asarray(np.max(equivalent, axis=(0, 1)), dtype=np.float64)
