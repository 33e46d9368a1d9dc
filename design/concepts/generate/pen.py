"""Bodies drawn by :mod:`..artist` where no network draws: the very drawings that networks learn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...arrays import Float32Array, IntArray
from ...family.contract import Family
from ...family.parameters import as_row, as_values
from ..artist.draw import Drawing, draw
from ..artist.frame import STYLES
from .locks import Known
from .request import Request
from .start import Start

PEN = 0  # every drawing is made with the same pen, as those that networks learn from


def drawn_by_artist(
    family: Family,
    known: Known,
    z: Float32Array,
    places: IntArray,
    request: Request,
    start: Start,
    after: Callable[[int], object],
) -> list[Drawing]:
    """A drawing of each concept vector (n, P) with its options (n, C); `after` hears the number of each."""
    names, found = [c.name for c in family.choices], []
    for k, row in enumerate(z):
        worn = dict(zip(names, places[k].tolist(), strict=True))
        found.append(_drawing(family, known.values(row), worn, request, k, start))
        after(k)
    return found


def _drawing(
    family: Family,
    values: Mapping[str, float],
    worn: Mapping[str, int],
    request: Request,
    k: int,
    start: Start,
) -> Drawing:
    """The k-th body as the artist draws it, or the start's own drawing where nothing of it may change."""
    if start.drawing is not None and start.drawing_strength <= 0.0:
        return start.drawing
    parts = family.mesh(as_values(family.declaration, as_row(family.declaration, values), worn))
    view = family.frame.names[request.views[k]]
    return draw(parts, family.frame, view, STYLES[request.styles[k]], PEN)
