"""Nodes that follow others, as one matrix: freedoms of all nodes from those of the free ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import BoolArray, FloatArray
from ..errors import InputError
from ..messages import say
from .structure import Tie

DEEPEST = 12  # nodes that follow nodes that follow nodes


def leading(count: int, ties: Sequence[Tie]) -> BoolArray:
    """(6 n,) freedoms of nodes that follow none."""
    found = np.ones((count, 6), dtype=bool)
    found[[t.node for t in ties]] = False
    return found.ravel()


def following(nodes: FloatArray, ties: Sequence[Tie]) -> Any:
    """Sparse (6 n, 6 n): freedoms of all from those of the leading nodes (columns of others are empty).

    Raises:
        InputError: nodes follow each other in a circle.
    """
    from scipy.sparse import coo_array, diags_array

    leads = leading(len(nodes), ties)
    found = diags_array(leads.astype(np.float64), format="csr")
    if not ties:
        return found
    blocks = [_fitted(nodes, t) if t.fitted else _carried(nodes, t) for t in ties]  # (6, k, 6)
    rows = [np.repeat(6 * t.node + np.arange(6), b[0].size) for t, b in zip(ties, blocks, strict=True)]
    columns = [np.tile((6 * t.masters[:, None] + np.arange(6)).ravel(), 6) for t in ties]
    values = np.concatenate([b.ravel() for b in blocks])
    size = (6 * len(nodes), 6 * len(nodes))
    step = coo_array((values, (np.concatenate(rows), np.concatenate(columns))), size).tocsr()
    step = step + found
    found = step
    for _ in range(DEEPEST):
        if not (np.abs(found).sum(axis=0)[~leads] > 0.0).any():
            return found
        found = found @ step
    raise InputError(say("ties lead in a circle"))


def _cross(arm: FloatArray) -> FloatArray:
    """(k, 3, 3) whose product with a turn is the shift at the end of `arm` (k, 3): turn x arm."""
    x, y, z = arm.T
    o = np.zeros_like(x)
    return np.stack([o, z, -y, -z, o, x, y, -x, o], axis=1).reshape(-1, 3, 3)


def _carried(nodes: FloatArray, tie: Tie) -> FloatArray:
    k = len(tie.masters)
    block = np.zeros((k, 6, 6))
    block[:, range(6), range(6)] = 1.0
    block[:, :3, 3:] = _cross(nodes[tie.node] - nodes[tie.masters])
    return np.asarray((tie.weights[:, None, None] * block).transpose(1, 0, 2))


def _fitted(nodes: FloatArray, tie: Tie) -> FloatArray:
    """Least squares: the masters' mean shift, and the turn that their moments about their middle give."""
    w, places = tie.weights, nodes[tie.masters]
    middle = w @ places
    arm = places - middle
    square = np.sum(arm * arm, axis=1)
    inertia = np.einsum("k,kij->ij", w, square[:, None, None] * np.eye(3) - arm[:, :, None] * arm[:, None])
    turn = np.linalg.solve(inertia, (w[:, None, None] * -_cross(arm)).transpose(1, 0, 2).reshape(3, -1))
    turn = turn.reshape(3, -1, 3)
    block = np.zeros((6, len(w), 6))
    block[3:, :, :3] = turn
    shift = w[:, None, None] * np.eye(3)
    out = _cross((nodes[tie.node] - middle)[None])[0]
    block[:3, :, :3] = shift.transpose(1, 0, 2) + np.einsum("ij,jkl->ikl", out, turn)
    return block
