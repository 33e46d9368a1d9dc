"""Displacements, reactions and stresses of a structure under all its load cases: linear elastic, static.

Members by :mod:`.beams`, plates by :mod:`.plates`; one sparse factorisation serves all load cases, with a
small dense one for what some of them hold and others do not.
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
    held, leads = _held(structure), leading(len(nodes), structure.ties)
    u = _displaced(whole, loads, held[:, leads], leads, [c.name for c in structure.cases])
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


def _displaced(
    whole: Any, loads: FloatArray, held: BoolArray, leads: BoolArray, cases: Sequence[str]
) -> FloatArray:
    """Displacements (c, 6 n) under loads (c, 6 n).

    What is free in every case is eliminated once; what some hold and others do not (a foot before its stop)
    remains as a small dense matrix, of which each set of supports solves its part.

    Args:
        held: (c, l) which of the l leading freedoms each case holds. leads: (6 n,) which lead.
    """
    from scipy.sparse.linalg import splu

    places = np.flatnonzero(leads)
    inner, rim = places[~held.any(axis=0)], places[held.any(axis=0) & ~held.all(axis=0)]
    split = len(inner)
    order = np.concatenate([inner, rim])
    scaled = whole[:, order][order]
    root = 1.0 / np.sqrt(scaled.diagonal())
    scaled.data *= root[scaled.indices] * np.repeat(root, np.diff(scaled.indptr))
    pushed = root * loads[:, order]
    try:
        factor = splu(
            scaled[:split, :split], permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0,
            options={"SymmetricMode": True},
        )  # fmt: skip
        stiff = bool(np.abs(factor.U.diagonal()).min(initial=1.0) > FREE_PIVOT)
    except RuntimeError:  # "exactly singular"
        stiff = False
    _refuse(cases[0], stiff)
    border = scaled[:split, split:].toarray()
    answers = factor.solve(np.concatenate([pushed[:, :split].T, border], axis=1))
    alone, carried = answers[:, : len(loads)].T, answers[:, len(loads) :]
    small = scaled[split:, split:].toarray() - border.T @ carried
    rest = pushed[:, split:] - alone @ border
    found = np.zeros_like(loads)
    at_rim = np.zeros_like(rest)
    holds = held[:, np.searchsorted(places, rim)]
    for pattern in np.unique(holds, axis=0):
        here, free = np.flatnonzero((holds == pattern).all(axis=1)), np.flatnonzero(~pattern)
        if len(free):
            part = small[np.ix_(free, free)]
            _refuse(cases[here[0]], _definite(part))
            at_rim[np.ix_(here, free)] = np.linalg.solve(part, rest[np.ix_(here, free)].T).T
    found[:, order] = root * np.concatenate([alone - at_rim @ carried.T, at_rim], axis=1)
    return found


def _definite(small: FloatArray) -> bool:
    """The pivots of a scaled, dense matrix are such that something holds the structure."""
    try:
        return bool(np.linalg.cholesky(small).diagonal().min() ** 2 > FREE_PIVOT)
    except np.linalg.LinAlgError:
        return False


def _refuse(case: str, stiff: bool) -> None:
    if not stiff:
        raise InputError(say("load case {case!r}: its supports leave the structure free to move", case=case))
