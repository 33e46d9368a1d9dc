"""What a parameter does in the map of :mod:`.push_pull`, in words: which way, how much, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...design.arrays import FloatArray
from ...design.family.parameters import Parameter
from ...design.geometry.mesh import Mesh

#: of the places where a parameter acts: net share of moves one way from which it counts as that way
ONE_WAY = 0.5
#: least share of what a parameter does that a second place needs to be named too
SECOND = 0.25
#: thirds of the body along the flow and above the ground
ALONG = ("front", "middle", "rear")
UPRIGHT = ("low", "half up", "high")


@dataclass(frozen=True)
class Influence:
    """One parameter's part in a field.

    Attributes:
        name: of the parameter.
        change: of the quantity over its whole range, as the field gives it.
        doubt: standard deviation of that slope, same unit.
        reach: largest move of the surface in or out over the whole range, mm.
        place: (x, y, z) about which it acts on the quantity, on the right half of the body, mm.
        better: ``more`` or ``less`` of it, whichever makes the quantity better.
        words: all of it as a line.
    """

    name: str
    change: float
    doubt: float
    reach: float
    place: tuple[float, float, float]
    better: str
    words: str


def influence(
    p: Parameter,
    values: Mapping[str, float],
    change: float,
    doubt: float,
    move: FloatArray,
    weight: FloatArray,
    mesh: Mesh,
    sense: float = -1.0,
) -> Influence:
    """The record of one parameter.

    Args:
        change, doubt: of the quantity over the whole range. move: (V,) mm outward over the whole range.
        weight: (V,) field times area. sense: -1.0 where less of the quantity is better, 1.0 where more is.
    """
    acts = move * weight
    helps = np.maximum(acts * np.sign(change), 0.0)
    share = helps / helps.sum() if helps.sum() > 0 else np.full(len(helps), 1.0 / len(helps))
    x, y, z = mesh.vertices.T
    place = (float(share @ x), float(share @ np.abs(y)), float(share @ z))
    sign = 1.0 if sense * change > 0 else -1.0
    better = "more" if sign > 0 else "less"
    outward = sign * float(share @ np.sign(move))
    way = "outward" if outward > ONE_WAY else "inward" if outward < -ONE_WAY else "in and out"
    at_end = values[p.name] >= p.range.high if sign > 0 else values[p.name] <= p.range.low
    unit = "" if p.range.unit == "1" else f" {p.range.unit}"
    span = f"{p.range.high - p.range.low:g}{unit}"
    words = (
        f"{better} {p.name.replace('_', ' ')}: {sign * change:.4f} over its range of {span} "
        f"(+-{doubt:.4f}); the surface goes {way}, by up to {np.abs(move).max():.0f} mm, "
        f"{_where(share, mesh)}{'; it is at its end' if at_end else ''}"
    )
    return Influence(p.name, change, doubt, float(np.abs(move).max()), place, better, words)


def _where(share: FloatArray, mesh: Mesh) -> str:
    """The ninth of the body's side view that holds most of `share` (V,), and the next where it holds much."""
    low, high = mesh.bounds
    thirds = np.clip((3.0 * (mesh.vertices - low) / np.maximum(high - low, 1e-9)).astype(np.int64), 0, 2)
    held = np.bincount(3 * thirds[:, 0] + thirds[:, 2], share, 9)
    order = np.argsort(-held, kind="stable")
    places = [order[0], *([order[1]] if held[order[1]] > SECOND else [])]
    return " and ".join(f"{UPRIGHT[k % 3]} at the {ALONG[k // 3]}" for k in places)
