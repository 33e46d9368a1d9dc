"""How good the concept model is: words, bodies, numbers, drag guidance, variety and speed of its sketches.

    python -m maquette.ui.bench --only concepts [--concept-model DIR] [--sheet DIR]

Prompts are those kept apart from training; seeds are fixed. Sketches are drawn and bodies read by the very
functions behind `maquette sketch`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...design.errors import InputError, MaquetteError, ModelError
from ...design.family.contract import Family
from ..sheets.sketching import Sketch
from .rows import Row
from .sketches import draw_each, first_bodies, read_many, said_of, unit_rows, unread, values_of
from .steering import (
    NUMBERS,
    Sheets,
    asked_values,
    drag_rows,
    draw_asked,
    draw_sheets,
    facelift_row,
    number_row,
)
from .variety import VARIETY, Learned, beside_png, copy_rows, learned_designs, variety_row
from .words import EVALUATOR, Score, heard_row, load_evaluator, score, seen_bodies, word_rows

if TYPE_CHECKING:
    from ...design.concepts.fit.body import FittedBody

    Body = FittedBody | str

WORDS_SEED = 0
MEDIAN_IOU, WORST_IOU = 0.96, 0.92


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        prompts: sketches for the words' score, one each. bodies: of them, how many have a body fitted;
            unaided: and how many one without being told the body meant.
        values: of each number that is asked.
        sheets, sketches: sheets of so many sketches, each without and with drag guidance.
        speed, rival: measure times; those of the Stable Diffusion U-Net too.
        workers: processes that read bodies.
    """

    prompts: int = 200
    bodies: int = 64
    unaided: int = 12
    values: int = 30
    sheets: int = 6
    sketches: int = 8
    speed: bool = True
    rival: bool = True
    workers: int = 2


def concept_rows(
    family: Family,
    folder: Path | None = None,
    sheet: Path | None = None,
    designs: Path | None = None,
    size: Size | None = None,
    say: Callable[[str], None] | None = None,
) -> list[Row]:
    """Every row about the concept model.

    Args:
        folder: of the model; the shipped one when None.
        sheet: a folder for pictures: sketches beside their nearest training designs, and guided sheets.
        designs: the file of the training designs (`bench_variety.DESIGNS_FILE` when None).
        say: told what comes next; stderr when None.

    Raises:
        ModelError: no model, or a damaged one. InputError: a file or folder that cannot be used.
    """
    from ...design.concepts.generate.loading import load_concepts, shipped_folder
    from ...design.concepts.training.captions import held_out_prompts
    from ..output import prepare_folder

    size, tell = size or Size(), say or _stderr
    place = folder or shipped_folder(family.name)
    pipe = load_concepts(family, place)
    pictures = prepare_folder(sheet) if sheet is not None else None
    evaluator = _evaluator(place, tell)
    learned = learned_designs(family, _designs_seed(place), designs)
    prompts = held_out_prompts(size.prompts, WORDS_SEED, family)
    asked = [attributes for _, attributes in prompts]
    tell(f"words: {len(prompts)} sketches")
    said = said_of([text for text, _ in prompts], pipe)
    worded = draw_each(pipe, said, WORDS_SEED)
    known = [name for name in NUMBERS if name in pipe.numbers.names]
    values = {name: asked_values(family, pipe, name, size.values) for name in known}
    tell(f"numbers: {len(known) * size.values} sketches")
    numbered = {name: draw_asked(pipe, name, row) for name, row in values.items()}
    tell(f"drag guidance: {2 * size.sheets * size.sketches} sketches")
    sheets = draw_sheets(pipe, size.sheets, size.sketches)
    fitted, numbers, plain, guided = _read(
        family, worded[: size.bodies], numbered, sheets, size.workers, tell
    )
    seen = recovered = None
    if evaluator is not None:
        tell(f"words: bodies of {len(worded)} sketches, found by the evaluator and the fit")
        seen = seen_bodies(evaluator, family, [s.picture for s in worded])
        recovered = values_of(read_many(worded, family, size.workers, place / EVALUATOR))
    meant = [s.meant or {} for s in worded]
    rows = word_rows(
        family, asked, recovered, seen, first_bodies(pipe, said, WORDS_SEED), meant, values_of(fitted)
    )
    rows += [heard_row(asked, said), *body_rows(fitted)]
    rows += unaided_rows(pipe, family, worded[: size.unaided])
    for name, promise in NUMBERS.items():
        if name in values:
            rows.append(number_row(family, name, values[name], numbers[name], promise, pipe))
        else:
            detail = "the model was not taught this number"
            rows.append(Row(f"numbers: {name}", float("nan"), "rho", at_least=promise, detail=detail))
    judge = None if evaluator is None else place / EVALUATOR
    scores = [
        _seen_score(judge, family, sheets, drawn, size.workers) for drawn in (sheets.plain, sheets.guided)
    ]
    rows += drag_rows(family, plain, guided, size.sketches, (scores[0], scores[1]))
    tell("variety")
    rows.append(facelift_row(sheets, pipe, size.sketches))
    rows += variety_rows(family, sheets, plain, size.sketches, learned, pictures)
    if size.speed:
        from .speed import speed_rows

        tell("speed")
        rows += speed_rows(pipe, family, size.rival)
    return rows


def _read(
    family: Family,
    worded: Sequence[Sketch],
    numbered: dict[str, list[Sketch]],
    sheets: Sheets,
    workers: int,
    tell: Callable[[str], None],
) -> tuple[list[Body], dict[str, list[Body]], list[Body], list[Body]]:
    """All bodies in one go: of the words' sketches, of each number's, of the plain and the guided sheets."""
    groups = [worded, *numbered.values(), sheets.plain, sheets.guided]
    tell(f"bodies of {sum(map(len, groups))} sketches")
    found = iter(read_many([sketch for group in groups for sketch in group], family, workers))
    bodies = [[next(found) for _ in group] for group in groups]
    return bodies[0], dict(zip(numbered, bodies[1:-2], strict=True)), bodies[-2], bodies[-1]


# -- rows ------------------------------------------------------------------------------------------------


def body_rows(bodies: Sequence[FittedBody | str]) -> list[Row]:
    """Agreement of sketches with their bodies; a sketch in which no body could be read counts as 0."""
    overlap = np.array([0.0 if isinstance(body, str) else body.agreement.iou for body in bodies])
    lines = [b.agreement.line_distance_px for b in bodies if not isinstance(b, str)]
    apart = f"lines {np.median(lines):.2f} px apart (median)" if lines else "none read"
    detail = f"{len(bodies)} sketches, smallest {overlap.min():.3f}, {apart}{unread(bodies)}"
    return [
        Row("body: silhouette IoU, median", float(np.median(overlap)), "", None, MEDIAN_IOU, detail),
        Row("body: silhouette IoU, worst tenth", float(np.quantile(overlap, 0.1)), "", None, WORST_IOU),
    ]


def unaided_rows(pipe: Any, family: Family, sketches: Sequence[Sketch]) -> list[Row]:
    """Agreement of bodies that the encoder and the fit find without being told the body meant."""
    from ...design.concepts.fit.body import body_from_image

    if pipe.encoder is None or not sketches:
        return []
    overlap = []
    for sketch in sketches:
        try:
            scale = family.frame.mm_per_pixel
            found = body_from_image(
                sketch.picture, family, encoder=pipe.encoder, mm_per_px=scale, view=sketch.view
            )
            overlap.append(found.agreement.iou)
        except InputError:
            overlap.append(0.0)
    detail = f"{len(overlap)} sketches, smallest {min(overlap):.3f}; read by the encoder, then fitted"
    return [Row("body: IoU when the body meant is not told", float(np.median(overlap)), "", detail=detail)]


def variety_rows(
    family: Family,
    sheets: Sheets,
    plain: Sequence[Body],
    per_sheet: int,
    learned: Learned,
    pictures: Path | None,
) -> list[Row]:
    """How different the bodies of unguided sheets are, and how near they come to training designs.

    Args:
        plain: bodies of the unguided sheets, `per_sheet` of each.
        pictures: a folder for pictures of what is compared.
    """
    from ...design.files import write_bytes

    values = values_of(plain)
    read = [k for k, one in enumerate(values) if one is not None]
    if len(read) < 2:
        return [Row("variety: within a sheet / random that fits", float("nan"), "x", at_least=VARIETY)]
    unit = unit_rows(family, [values[k] or {} for k in read])
    sheet_of = np.array([k // per_sheet for k in read])
    parted = [unit[sheet_of == k] for k in range(len(sheets.briefs))]
    if pictures is not None:
        some = [sheets.plain[k] for k in read[:per_sheet]]
        write_bytes(pictures / "nearest.png", beside_png(family, some, unit[:per_sheet], learned))
        write_bytes(pictures / "guided.png", guided_png(sheets, per_sheet))
    tokens = [brief.words.tokens for brief in sheets.briefs]
    return [variety_row(family, parted, tokens), *copy_rows(unit, learned)]


def guided_png(sheets: Sheets, per_sheet: int) -> bytes:
    """PNG of every sheet without drag guidance and below it with it, half size."""
    from ...design.rendering.views import contact_sheet
    from ..sheets.files import png_of

    cells = []
    for k in range(len(sheets.briefs)):
        for label, drawn in (("", sheets.plain), ("less drag", sheets.guided)):
            cells += [
                (
                    label,
                    png_of(sketch.picture.resize((sketch.picture.width // 2, sketch.picture.height // 2))),
                )
                for sketch in drawn[k * per_sheet : (k + 1) * per_sheet]
            ]
    return contact_sheet(cells, per_sheet, "Sheets without drag guidance, and below each with it")


# -- small things ----------------------------------------------------------------------------------------


def _evaluator(place: Path, tell: Callable[[str], None]) -> Any:
    try:
        return load_evaluator(place)
    except ModelError as error:
        tell(str(error))
        return None


def _seen_score(
    judge: Path | None, family: Family, sheets: Sheets, drawn: Sequence[Sketch], workers: int
) -> Score | None:
    """The words' score of sheets by the bodies that the evaluator and the fit find."""
    if judge is None:
        return None
    each = len(drawn) // len(sheets.asked)
    asked = [attributes for attributes in sheets.asked for _ in range(each)]
    return score(family, asked, values_of(read_many(drawn, family, workers, judge)))


def _designs_seed(place: Path) -> int:
    """The seed of the training designs, as the model's facts state it."""
    from ...design.concepts.generate.loading import FACTS
    from ...design.reading import read_json

    try:
        return int(read_json(place / FACTS)["designs_seed"])
    except (MaquetteError, KeyError, TypeError, ValueError):
        return 0


def _stderr(line: str) -> None:
    print(f"concepts: {line}", file=sys.stderr, flush=True)
