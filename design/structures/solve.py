"""Displacements, reactions and stresses of a structure under all its load cases: linear elastic, static.

Members by :mod:`.beams`, plates by :mod:`.plates`; one sparse factorisation serves all load cases of the same
supports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..arrays import BoolArray, FloatArray, IntArray
from ..errors import InputError
from ..messages import say
from .beams import Beams, beam_forces, beam_stiffness, beam_stresses, beams_of
from .checks import check_structure
from .plates import Shells, shell_stiffness, shell_stresses, shells_of
from .structure import FREEDOMS, Load, Structure
from .ties import following, leading

FREE_PIVOT = 1e-10  # of a stiffness scaled to a diagonal of ones: below it nothing holds the structure


@dataclass(frozen=True, eq=False)
class Solved:
    """A structure under its c load cases; n nodes, m members with g stations, t triangles.

    Attributes:
        structure: that was solved. beams, shells: its members and triangles as arrays.
        displacements: (c, n, 6) mm and radians. reactions: (c, n, 6) N and N mm, zero at free nodes.
        forces: (c, m, g, 6) N, Vy, Vz, T, My, Mz on the sections, along local axes (:mod:`.beams`).
        stress: (c, m, g) MPa, largest equivalent stress of each section. plate_stress: (c, t) MPa.
    """

    structure: Structure
    beams: Beams
    shells: Shells
    displacements: FloatArray
    reactions: FloatArray
    forces: FloatArray
    stress: FloatArray
    plate_stress: FloatArray

    @property
    def mass(self) -> float:
        """kg, along the axes of the members: joints count twice, as nobody mitred them."""
        return float(self.beams.masses.sum() + self.shells.masses.sum())

    @cached_property
    def usage(self) -> FloatArray:
        """(c, m + t) largest stress over strength of each member, then triangle; 0 where it is not judged."""
        s = self.structure
        members = np.array([m.material.strength for m in s.members])
        plates = np.array([p.material.strength if p.judged else np.inf for p in s.plates])[self.shells.part]
        stress = np.concatenate([self.stress.max(axis=2, initial=0.0), self.plate_stress], axis=1)
        return np.asarray(stress / np.concatenate([members, plates]), dtype=np.float64)

    @cached_property
    def safety(self) -> FloatArray:
        """(c,) strength over stress, least of all parts; infinite where nothing is stressed."""
        with np.errstate(divide="ignore"):
            return np.asarray(1.0 / self.usage.max(axis=1), dtype=np.float64)

    @property
    def safety_factor(self) -> float:
        """Least of all load cases, each over what the case requires: at least 1 holds."""
        return float(np.min(self.safety / [c.required for c in self.structure.cases]))

    @property
    def peak_stress(self) -> float:
        """Largest equivalent stress of all load cases, MPa."""
        return float(max(self.stress.max(initial=0.0), (self.plate_stress * self.judged).max(initial=0.0)))

    @property
    def seam_stress(self) -> float:
        """The same in the seams of welds, which depends on the mesh; 0 without such."""
        return float((self.plate_stress * ~self.judged).max(initial=0.0))

    @property
    def judged(self) -> BoolArray:
        """(t,) which triangles' stress counts."""
        return np.array([p.judged for p in self.structure.plates], dtype=bool)[self.shells.part]

    @property
    def max_deflection(self) -> float:
        """Longest way that a node moves in any load case, mm."""
        return float(np.linalg.norm(self.displacements[..., :3], axis=2).max())

    @cached_property
    def probes(self) -> Mapping[str, float]:
        """What the structure's probes read: mm, degrees."""
        names = [c.name for c in self.structure.cases]
        found = {}
        for p in self.structure.probes:
            moved = self.displacements[names.index(p.case), p.node]
            if p.at is not None:
                arm = np.subtract(p.at, self.structure.nodes[p.node])
                moved = np.concatenate([moved[:3] + np.cross(moved[3:], arm), moved[3:]])
            if p.way == "":
                found[p.name] = float(np.linalg.norm(moved[:3]))
            else:
                place = FREEDOMS.index(p.way)
                found[p.name] = float(moved[place]) * (1.0 if place < 3 else 180.0 / np.pi)
        return found


def solve(structure: Structure) -> Solved:
    """Solve all load cases.

    Raises:
        InputError: naming what is wrong with the data, or the load case in which it moves freely.
    """
    check_structure(structure)
    nodes = np.asarray(structure.nodes, dtype=np.float64)
    beams, shells = beams_of(nodes, structure.members), shells_of(nodes, structure.plates)
    beam_k = beam_stiffness(beams)
    elements: list[tuple[IntArray, FloatArray]] = [(beams.ends, beam_k)]
    if structure.plates:
        elements.append((shells.corners, shell_stiffness(shells)))
    whole = _assembled(len(nodes), elements)
    loads = np.stack([_load_vector(nodes, case.loads) for case in structure.cases])
    if structure.ties:
        follow = following(nodes, structure.ties)
        whole, loads = (follow.T @ whole @ follow).tocsc(), loads @ follow
    u, held = np.zeros_like(loads), _held(structure)
    leads = leading(len(nodes), structure.ties)
    for pattern in {row.tobytes(): row for row in held}.values():
        cases, free = np.flatnonzero((held == pattern).all(axis=1)), np.flatnonzero(~pattern & leads)
        name = structure.cases[cases[0]].name
        u[np.ix_(cases, free)] = _displaced(whole[free][:, free], loads[np.ix_(cases, free)].T, name).T
    pushed = np.where(held, (whole @ u.T).T - loads, 0.0)  # of nodes that follow none
    moved = (u @ follow.T if structure.ties else u).reshape(len(u), -1, 6)
    forces = beam_forces(beams, beam_k, moved)
    plates = shell_stresses(shells, moved) if structure.plates else np.zeros((len(moved), 0))
    return Solved(
        structure,
        beams,
        shells,
        moved,
        pushed.reshape(moved.shape),
        forces,
        beam_stresses(beams, forces),
        plates,
    )


def _assembled(count: int, elements: Sequence[tuple[IntArray, FloatArray]]) -> Any:
    """Sparse (6 n, 6 n) of element matrices with the nodes of each."""
    from scipy.sparse import coo_array

    rows, columns, values = [], [], []
    for ends, matrices in elements:
        at = (6 * ends[:, :, None] + np.arange(6)).reshape(len(ends), 6 * ends.shape[1])
        rows.append(np.repeat(at, at.shape[1], axis=1).ravel())
        columns.append(np.tile(at, (1, at.shape[1])).ravel())
        values.append(matrices.ravel())
    size = (6 * count, 6 * count)
    return coo_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), size).tocsc()


def _load_vector(nodes: FloatArray, loads: Sequence[Load]) -> FloatArray:
    found = np.zeros((len(nodes), 6))
    for load in loads:
        found[load.node, :3] += load.force
        found[load.node, 3:] += load.moment
        if load.at is not None:
            found[load.node, 3:] += np.cross(np.subtract(load.at, nodes[load.node]), load.force)
    return found.ravel()


def _held(structure: Structure) -> BoolArray:
    """(c, 6 n) freedoms that the supports of each load case hold."""
    found = np.zeros((len(structure.cases), 6 * len(structure.nodes)), dtype=bool)
    for row, case in zip(found, structure.cases, strict=True):
        row[[6 * s.node + FREEDOMS.index(f) for s in case.supports for f in s.fixed]] = True
    return found


def _displaced(stiffness: Any, loads: FloatArray, case: str) -> FloatArray:
    """Displacements (f, c) of the free freedoms."""
    from scipy.sparse.linalg import splu

    root = 1.0 / np.sqrt(stiffness.diagonal())
    scaled = stiffness.tocsc()
    scaled.data *= root[scaled.indices] * np.repeat(root, np.diff(scaled.indptr))
    try:
        factor = splu(
            scaled, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
        )
        stiff = bool(np.abs(factor.U.diagonal()).min() > FREE_PIVOT)
    except RuntimeError:  # "exactly singular"
        stiff = False
    if not stiff:
        raise InputError(say("load case {case!r}: its supports leave the structure free to move", case=case))
    return np.asarray(root[:, None] * factor.solve(root[:, None] * loads), dtype=np.float64)
