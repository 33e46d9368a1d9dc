"""How much of one design's silhouette another design keeps, for thousands of designs at once.

A first-order model around the design: how far every stretch of its outline moves with each parameter, taken
from silhouettes of the family's coarse stand-in with one parameter moved at a time. Moves along the outline
add up with their sign, so that parameters which undo each other cost nothing; the area between the outlines
gives the overlap (IoU). Exact at the design itself; a design's true overlap comes from its drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ...arrays import BoolArray, FloatArray
from ...errors import MaquetteError
from ...family.contract import Family
from ...family.parameters import as_row, as_values, bounds_of
from ..fit.alignment import overlap

STEP = 0.10  # of a parameter's range, towards the middle of it; a whole number moves by a step of its own
CELL = 18  # pixels: outline stretches are as long as such a cell


@dataclass(frozen=True)
class OutlineModel:
    """Predicted overlap with one design's silhouette.

    Attributes:
        origin: the design (d,), own units.
        low, high: bounds of the parameters (d,).
        rates: (d, b) signed area in pixels that each outline stretch gains per whole range of a parameter.
        area: of the design's silhouette, pixels.
        silhouette: of the design (H, W).
        view: in which it is seen.
    """

    origin: FloatArray
    low: FloatArray
    high: FloatArray
    rates: FloatArray
    area: float
    silhouette: BoolArray
    view: str

    def __call__(self, rows: FloatArray) -> FloatArray:
        """Overlap over union of the silhouettes of n designs (n x d, own units) with this one's, (n,)."""
        moves = (np.atleast_2d(rows) - self.origin) / (self.high - self.low)
        gained = moves @ self.rates
        more = np.maximum(gained, 0.0).sum(axis=1)
        less = np.maximum(-gained, 0.0).sum(axis=1)
        return np.asarray(np.maximum(0.0, self.area - less) / (self.area + more), dtype=np.float64)

    def overlap(self, family: Family, values: Mapping[str, float]) -> float:
        """The true overlap of a design's silhouette with this one's, by drawing it."""
        return overlap(self.silhouette, silhouette_of(family, values, self.view))


def outline_model(
    family: Family,
    values: Mapping[str, float],
    view: str = "side",
    progress: Callable[[float], None] | None = None,
) -> OutlineModel:
    """The model around one design: one stand-in and its silhouette a parameter."""
    from scipy.ndimage import binary_erosion, distance_transform_edt

    low, high = bounds_of(family.declaration)
    origin = as_row(family.declaration, values)
    base = rough_silhouette(family, values, view)
    edge = base ^ np.asarray(binary_erosion(base))
    rows, columns = distance_transform_edt(~edge, return_distances=False, return_indices=True)
    across = -(-base.shape[1] // CELL)
    stretch = (rows // CELL) * across + columns // CELL
    used = np.unique(stretch[edge])
    bins = np.searchsorted(used, stretch)
    rates = np.zeros((len(origin), len(used)))
    for k in range(len(origin)):
        towards = 1.0 if origin[k] < 0.5 * (low[k] + high[k]) else -1.0
        for step in (towards * STEP, -towards * STEP):
            moved = origin.copy()
            moved[k] = family.parameters[k].range.moved(float(origin[k]), step)
            share = (moved[k] - origin[k]) / (high[k] - low[k])
            try:
                shifted = rough_silhouette(family, as_values(family.declaration, moved), view)
            except (MaquetteError, ValueError, ArithmeticError, IndexError):
                continue  # no body there: the other way
            change = shifted.astype(np.float64) - base
            rates[k] = np.bincount(bins.ravel(), change.ravel(), len(used)) / share
            break
        if progress is not None:
            progress((k + 1) / len(origin))
    exact = silhouette_of(family, values, view)
    return OutlineModel(origin, low, high, rates, float(base.sum()), exact, view)


def silhouette_of(family: Family, values: Mapping[str, float], view: str = "side") -> BoolArray:
    """Filled shadow of a design's fast mesh at picture size in the family's frame."""
    from ..artist.draw import silhouette

    found: BoolArray = silhouette(family.mesh(values), family.frame, view)
    return found


def rough_silhouette(family: Family, values: Mapping[str, float], view: str = "side") -> BoolArray:
    """The same of the family's coarse stand-in, in milliseconds."""
    from ..fit.registration import filled

    mesh = family.outline(values, view).mesh
    middle = family.frame.middle(mesh.bounds)
    return filled(family.frame.picture, family.frame.project(mesh.vertices, middle, view), mesh.faces)
