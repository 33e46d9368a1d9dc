"""Sketches and the bodies read from them, many at a time, for the measurements of the concept model.

They are drawn and read by the very functions behind `maquette sketch`; what differs is only that several
briefs share a call of the pipeline, and that bodies are read in two processes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...design.arrays import FloatArray
from ...design.family.contract import Family
from ...design.family.registry import get_family
from ..progress import silent
from ..sheets.bodies import read_bodies
from ..sheets.sketching import Sketch, Wish, call, draw

if TYPE_CHECKING:
    from ...design.concepts.fit.body import FittedBody
    from ..sheets.words import Spoken

#: briefs in one call of the pipeline
AT_ONCE = 32
#: pictures in one piece of work of a reading process
READ_AT_ONCE = 8
VIEW, PALETTE = "side", "graphite"

Values = Mapping[str, float]


def said_of(texts: Sequence[str], pipe: Any) -> list[Spoken]:
    """What each text says to the drawing, as `maquette sketch` reads it."""
    from ..inputs import parsed_brief
    from ..sheets.words import spoken

    family, known, words = pipe.family, pipe.numbers.names, pipe.tokenizer.vocabulary
    return [spoken(parsed_brief(text, family.name, 0), family, known, vocabulary=words) for text in texts]


def draw_each(pipe: Any, said: Sequence[Spoken], seed: int) -> list[Sketch]:
    """One sketch of each brief, side view, the styles in turn; sketch k depends on the seed and k."""
    from ...design.concepts.artist.frame import STYLES

    found: list[Sketch] = []
    for start in range(0, len(said), AT_ONCE):
        some = said[start : start + AT_ONCE]
        styles = [STYLES[(start + k) % len(STYLES)] for k in range(len(some))]
        found += call(pipe, some, styles, VIEW, PALETTE, Wish(), seed + start, silent, "bench")
    return [replace(sketch, drawing=None) for sketch in found]


def first_bodies(pipe: Any, said: Sequence[Spoken], seed: int) -> list[Values]:
    """Bodies that the prior answers briefs with at once, nothing judged and drawn again, no sketches."""
    import torch

    found: list[Values] = []
    for start in range(0, len(said), AT_ONCE):
        some = said[start : start + AT_ONCE]
        drawn = pipe(
            [s.words for s in some],
            numbers=[dict(s.numbers) for s in some],
            redraws=0,
            output_type="concept",
            generator=[torch.Generator().manual_seed(seed + start + k) for k in range(len(some))],
        )
        found += drawn.designs
    return found


def draw_sheet(pipe: Any, said: Spoken, seed: int, drag: float = 0.0, n: int = 8) -> list[Sketch]:
    """A sheet of one brief; the same seed gives the same noise at any strength of the drag guidance."""
    wish = Wish(n=n, view=VIEW, palette=PALETTE, performance=drag)
    return [replace(sketch, drawing=None) for sketch in draw(pipe, said, wish, seed, silent)]


def read_many(
    sketches: Sequence[Sketch], family: Family, workers: int = 2, network: Path | None = None
) -> list[FittedBody | str]:
    """The body that each sketch shows, or why none could be read, as :func:`..sheets.bodies.read_bodies`.

    Args:
        network: the folder of an encoder that finds the bodies, with the fit and untold what was meant;
            None tells it.
    """
    from ...design.processes import in_processes

    plain = [replace(s, drawing=None, meant=None if network else s.meant) for s in sketches]
    parts = [plain[k : k + READ_AT_ONCE] for k in range(0, len(plain), READ_AT_ONCE)]
    jobs = [(family.name, part, network) for part in parts]
    return [body for part in in_processes(read_part, jobs, workers) for body in part]


def read_part(job: tuple[str, list[Sketch], Path | None]) -> list[FittedBody | str]:
    """One piece of work of :func:`read_many`."""
    name, sketches, network = job
    return read_bodies(sketches, get_family(name), _encoder(network) if network else None, {}, silent)


@lru_cache(maxsize=1)
def _encoder(folder: Path) -> Any:
    from ...design.concepts.fit.encoder import load_encoder

    return load_encoder(folder)


def values_of(bodies: Sequence[FittedBody | str]) -> list[Values | None]:
    """Parameters of each body, None where none was read."""
    return [None if isinstance(body, str) else body.values for body in bodies]


def unread(bodies: Sequence[FittedBody | str]) -> str:
    """How many could not be read, and the first reason; "" when all were."""
    reasons = [body for body in bodies if isinstance(body, str)]
    return f"; {len(reasons)} not read ({reasons[0][:80]})" if reasons else ""


def measured(family: Family, values: Values, name: str) -> float:
    """A parameter or measure of a body by name."""
    return float(values[name] if name in values else family.measures_of(values, [name])[name])


def predicted_drag(family: Family, bodies: Sequence[Values]) -> FloatArray:
    """The shipped surrogate's mean drag coefficient of each body (n,)."""
    from ...design.family.parameters import as_row
    from ...surrogate.models.surrogate import load_surrogate

    matrix = np.array([as_row(family.declaration, values) for values in bodies])
    batch = load_surrogate(family, local=False).predict(matrix)
    return np.asarray(batch.value["drag_coefficient"], dtype=np.float64)


def unit_rows(family: Family, bodies: Sequence[Values]) -> FloatArray:
    """Bodies (n, P) in the unit cube."""
    from ...design.family.parameters import as_row, to_unit_cube

    rows = np.array([as_row(family.declaration, values) for values in bodies])
    return np.asarray(to_unit_cube(family.declaration, rows), dtype=np.float64)
