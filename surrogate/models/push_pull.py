"""Where on a body the surface wants to move in or out: the surrogate's slopes as a field over the skin.

    found = push_pull(load_surrogate("car"), values)
    found.field                # change of the study's first output per mm outward and m2, at each vertex
    for influence in found.most: print(influence.words)

Adjoint flow solvers draw such a map from one flow (Othmer, "A continuous adjoint formulation for the
computation of topological and surface sensitivities of ducted flows", Int. J. Numer. Meth. Fluids 58, 2008).
Here it comes from what the surrogate learned of many: **it says only what the family's parameters can move.**
Where no parameter moves the surface it is zero, not known to be; and it is as unsure as the slopes are.

*Derivation.* Let the surface move outward by h(x), mm; to first order the quantity changes by the integral of
s h dA. Parameter p, run over its whole range, moves vertex v by N_pv mm along its normal, and changes the
quantity by g_p. So s must keep

    sum_v N_pv A_v s_v = g_p       N (P x V) mm, A (V,) m2, s (V,) 1/(mm m2) times the quantity's unit

P equations for V >> P numbers. Of all fields that keep them the one of least norm, sum_v A_v s_v^2, is
s = N^T a with K a = g, K = N diag(A) N^T (P x P) in mm2 m2: no colour where nothing moves. Slopes are unsure,
with covariance S (:func:`.slopes.spread`); taken as data with that error, and s a priori as white noise over
the surface with variance t^2, the expected field is

    s = N^T (K + L)^-1 g,    L = S / t^2

(Tarantola, "Inverse Problem Theory", SIAM 2005, section 3.2: linear and Gaussian; Tikhonov's L = lambda I
where all slopes are equally and independently unsure). t^2 is the median over the parameters of
E[g_p^2] / K_pp = (g_p^2 + S_pp) / K_pp: what the slopes are worth, doubt included, spread over what moves.

One more row: a body pushed along the flow as a whole changes nothing (N = n_x, g = 0, sure). So the
field does not depend on which end of the body a family holds still when a length grows. And the field is a
little smooth: a priori not white noise but what a few steps of diffusion between neighbours leave of it. With
W that averaging, self-adjoint under A, the same holds with N W^T in place of N, and s = W W N^T a. A body
whose vertices stand in mirrored pairs gets a mirrored field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...design.arrays import FloatArray
from ...design.errors import InputError
from ...design.family.contract import Border, Family
from ...design.family.parameters import Parameter
from ...design.geometry.mesh import Mesh
from .push_pull_mesh import Averaging, averaging, turned_outward
from .push_pull_words import Influence, influence
from .slopes import NETWORK, slopes, source_of, spread
from .surrogate import Surrogate

#: step of the vertices' differences, as a share of a parameter's range
STEP = 0.01
#: error of each slope where the surrogate offers none, and of a sure one, as shares of the slopes' rms
UNTOLD, SURE = 0.01, 1e-3
#: mean angle between the response network's slopes and the surrogate's, rad (its card: cosine 0.98)
NETWORK_ANGLE = 0.2
#: rigid move along the flow that stands beside the parameters' whole ranges, mm
SHIFT = 1000.0
VIEW = "three_quarter"
MOST = 5
LIMITS = "says only what the family's parameters can move"


@dataclass(frozen=True)
class PushPull:
    """The map of one design.

    Attributes:
        family: its name.
        quantity, unit: what changes (``drag_coefficient``, ``1``).
        better: ``less`` or ``more``, which way it should change; "" where neither.
        mesh: the coarse stand-in, V vertices, mm.
        borders: lines on it, by name, for orientation.
        field: (V,) change of the quantity per mm outward and m2; below zero where moving out lowers it.
        areas: (V,) of the surface around each vertex, m2.
        names: of the P parameters that it rests on.
        moves: (P x V) outward move of each vertex over a parameter's whole range, mm.
        slopes, doubts: (P,) change of the quantity over each whole range, and its standard deviation.
        told: (P,) the changes that the field gives instead.
        explained: share of the slopes that it gives, 1 - |slopes - told|^2 / |slopes|^2.
        most: the parameters that matter most in it, with the place where they act, largest first.
        left_out: parameters of which the rules allow no step, and whole numbers, which have no slope.
        whole: the whole numbers among them.
    """

    family: str
    quantity: str
    unit: str
    better: str
    mesh: Mesh
    borders: Mapping[str, Border]
    field: FloatArray
    areas: FloatArray
    names: tuple[str, ...]
    moves: FloatArray
    slopes: FloatArray
    doubts: FloatArray
    told: FloatArray
    explained: float
    most: tuple[Influence, ...]
    left_out: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()

    @property
    def sense(self) -> float:
        """1.0 where more of the quantity is better, else -1.0."""
        return 1.0 if self.better == "more" else -1.0

    @property
    def says(self) -> str:
        """What the field does not know, in words."""
        firm = int(np.sum(np.abs(self.slopes) > self.doubts))
        said = f"{LIMITS}; {firm} of the {len(self.names)} slopes exceed their own standard deviation"
        counts = ", ".join(name.replace("_", " ") for name in self.whole)
        return f"{said}; whole numbers have no slope: {counts}" if counts else said

    def nearest_step(self, most: float) -> dict[str, float]:
        """Changes of the parameters, in shares of their ranges, whose surface comes nearest to a move along
        the field towards better (least squares over the area), scaled so that no vertex moves by more than
        `most` mm."""
        weighted = self.moves * self.areas
        kernel = weighted @ self.moves.T
        ridge = 1e-3 * float(np.mean(np.diagonal(kernel)))
        shares = np.linalg.solve(kernel + ridge * np.eye(len(kernel)), self.sense * (weighted @ self.field))
        largest = float(np.abs(shares @ self.moves).max())
        scaled = shares * (most / largest if largest > 0 else 0.0)
        return dict(zip(self.names, scaled.tolist(), strict=True))


def push_pull(surrogate: Surrogate, values: Mapping[str, float]) -> PushPull:
    """Where moving the surface of a design in or out changes what its study gives first.

    Args:
        values: complete parameters.

    Raises:
        ParameterError: incomplete values. InputError: a family whose :meth:`Family.outline` has not the same
            vertices for all designs, a surrogate without its first output.
    """
    family = surrogate.family
    clean = family.validate(values)
    outline = family.outline(clean, VIEW)
    shaping = [p for p in family.parameters if p.range.shapes_hull]
    mesh = turned_outward(outline.mesh)
    mean = averaging(mesh)
    normals, areas = mean.normals, mean.areas
    found = {p.name: _moved(family, clean, p, outline.mesh) for p in shaping}
    moves = {name: np.einsum("vk,vk->v", move, normals) for name, move in found.items() if move is not None}
    names = tuple(moves)
    if not names:
        raise InputError(f"no parameter of this {family.name} can be moved without breaking a rule")
    n = np.array(list(moves.values()))
    g, doubt = _slopes(surrogate, clean, names)
    shift = SHIFT * normals[None, :, 0]
    field = least_field(np.concatenate([n, shift]), mean, np.append(g, 0.0), _beside(doubt, g))
    told = n @ (areas * field)
    doubts = np.sqrt(np.diagonal(doubt))
    size, first = float(g @ g), surrogate.study.headline
    rows = sorted(range(len(names)), key=lambda k: -abs(told[k]))[:MOST]
    by_name = {p.name: p for p in shaping}
    return PushPull(
        family=family.name,
        quantity=first.name,
        unit=first.unit,
        better=first.better,
        mesh=mesh,
        borders=outline.borders,
        field=field,
        areas=areas,
        names=names,
        moves=n,
        slopes=g,
        doubts=doubts,
        told=told,
        explained=1.0 - float((g - told) @ (g - told)) / size if size > 0 else 1.0,
        most=tuple(
            influence(
                by_name[names[k]],
                clean,
                float(told[k]),
                float(doubts[k]),
                n[k],
                areas * field,
                mesh,
                sense=-first.sign,
            )
            for k in rows
        ),
        left_out=tuple(name for name, move in found.items() if move is None),
        whole=tuple(p.name for p in shaping if p.range.whole),
    )


def least_field(moves: FloatArray, mean: Averaging, change: FloatArray, doubt: FloatArray) -> FloatArray:
    """The smallest field (V,) that gives the changes as far as they are sure (see the derivation above).

    Args:
        moves: (Q x V) outward moves of the vertices, mm. mean: the averaging W and the areas A.
        change: (Q,) of the quantity. doubt: (Q x Q) its covariance, positive definite.
    """
    seen = mean.of(moves)
    kernel = (seen * mean.areas) @ seen.T
    telling = (np.diagonal(kernel) > 0) & (change != 0)
    if not telling.any():
        return np.zeros(len(mean.areas))
    worth = (change**2 + np.diagonal(doubt))[telling] / np.diagonal(kernel)[telling]
    weights = np.linalg.solve(kernel + doubt / float(np.median(worth)), change)
    return mean.of(weights @ seen)


def _moved(family: Family, values: dict[str, float], p: Parameter, here: Mesh) -> FloatArray | None:
    """(V, 3) move of the vertices over a parameter's whole range, from a small step both ways, or one way at
    an end of the range or of the rules; None where the rules refuse both, and for a whole number."""
    if p.range.whole:
        return None
    span = p.range.high - p.range.low
    ends = []
    for step in (STEP, -STEP):
        there = {**values, p.name: min(max(values[p.name] + step * span, p.range.low), p.range.high)}
        share = (there[p.name] - values[p.name]) / span
        if abs(share) < 0.1 * STEP or family.broken_rules(there):
            ends.append((0.0, here.vertices))
            continue
        mesh = family.outline(there, VIEW).mesh
        if not np.array_equal(mesh.faces, here.faces) or len(mesh.vertices) != len(here.vertices):
            raise InputError(
                f"family {family.name!r} has no stand-in for a field: the points of its outline change with "
                f"{p.name}; allowed is an outline whose vertices are the same places for all designs"
            )
        ends.append((share, mesh.vertices))
    (up, above), (down, below) = ends
    return None if up == down else (above - below) / (up - down)


def _slopes(
    surrogate: Surrogate, values: Mapping[str, float], names: Sequence[str]
) -> tuple[FloatArray, FloatArray]:
    """Change of the quantity over each whole range (P,), and its covariance (P x P)."""
    ranges = {p.name: p.range.high - p.range.low for p in surrogate.family.parameters}
    every = slopes(surrogate, values)
    g = np.zeros(len(names))
    for k, name in enumerate(names):
        slope = every[name]
        ways = [way for way in (slope.up, None if slope.down is None else -slope.down) if way is not None]
        g[k] = float(np.mean(ways)) * ranges[name] / slope.step if ways else 0.0
    mean_square = float(np.mean(g**2))
    whole = spread(surrogate, values)
    if whole is None:
        return g, (UNTOLD**2 * mean_square) * np.eye(len(names))
    index = [list(ranges).index(name) for name in names]
    own = NETWORK_ANGLE if source_of(surrogate) == NETWORK else SURE
    return g, whole[np.ix_(index, index)] + own**2 * mean_square * np.eye(len(names))


def _beside(doubt: FloatArray, g: FloatArray) -> FloatArray:
    """The covariance with the row and column of a sure change."""
    whole = np.zeros((len(doubt) + 1, len(doubt) + 1))
    whole[:-1, :-1] = doubt
    whole[-1, -1] = SURE**2 * float(np.mean(g**2))
    return whole
