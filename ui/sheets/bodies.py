"""From sketches to concepts: the body of each read and judged, and written as soon as it is known.

`maquette sketch` and the first stage of `maquette design` are the same steps from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...design.errors import InputError, MaquetteError
from ...design.family.contract import Family
from ...design.family.records import Design, write_design
from ...design.messages import say
from ..progress import Progress
from ..results_concepts import Concept, Likeness
from ..workbench import Assignment, rank_of
from .figures import asked_in_words, figures_of
from .files import picture_file
from .sketching import Sketch
from .words import options_of

if TYPE_CHECKING:
    from PIL.Image import Image

    from ...constraints.requirements.brief import ParsedBrief
    from ...design.concepts.fit.body import FittedBody

SOUND = "concept"
#: how far a body read from our own drawing may be from the one it was drawn of, in the concept vector. A
#: drawer's lines are a little broad: freer (0.1), chairs' legs came out 5 mm thicker and the chair 0.8 kg
#: heavier than drawn, at an agreement higher by 0.006
DRAWN = 0.025


@dataclass(frozen=True)
class Numbered:
    """A sketch on its sheet.

    Attributes:
        number: from 1; its picture's file has it. parsed: the brief that it was drawn for and is judged by.
        variant: which of the sheet's briefs that is. unknown: the brief's words that nobody understood.
    """

    number: int
    sketch: Sketch
    parsed: ParsedBrief
    unknown: tuple[str, ...] = ()
    variant: int = 0


def judged_concepts(
    sheet: Sequence[Numbered],
    encoder: Any,
    locks: Mapping[str, float],
    task: Assignment,
    folder: Path,
    progress: Progress,
    start: Mapping[str, float] | None = None,
) -> list[Concept]:
    """The body of each sketch that lies in `folder`, read and judged; each is written as soon as it is known.

    Args:
        sheet: in the order of their numbers.
        task: the product and its predictor; each sketch is judged by its own brief.
        start: the body that was varied, whose options are kept.
    """
    found = []
    progress("bodies", 0.0)
    for k, one in enumerate(sheet, start=1):
        body = _read_body(one.sketch, task.family, encoder, locks)
        found.append(_concept_of(one, body, replace(task, parsed=one.parsed), folder, start))
        progress("bodies", k / len(sheet))
    return found


def read_bodies(
    sketches: Sequence[Sketch], family: Family, encoder: Any, locks: Mapping[str, float], progress: Progress
) -> list[FittedBody | str]:
    """The body that each sketch shows, or why none could be read."""
    found: list[FittedBody | str] = []
    progress("bodies", 0.0)
    for k, sketch in enumerate(sketches):
        found.append(_read_body(sketch, family, encoder, locks))
        progress("bodies", (k + 1) / len(sketches))
    return found


def _read_body(sketch: Sketch, family: Family, encoder: Any, locks: Mapping[str, float]) -> FittedBody | str:
    from ...design.concepts.fit.body import body_from_image

    names = {p.name for p in family.parameters}
    if encoder is None and sketch.meant is None:
        return say("no encoder is there to read it: the shipped concept model is absent")
    try:
        return body_from_image(
            sketch.picture,
            family.name,
            encoder=encoder,
            mm_per_px=sketch.mm_per_px,
            view=sketch.view or None,
            refine=not sketch.exact,
            start=sketch.meant,
            spread=DRAWN,
            shadows=sketch.meant is None or not family.frame.open,
            held={n: v for n, v in locks.items() if n in names} or None,
        )
    except MaquetteError as error:
        return error.message


def _concept_of(
    one: Numbered,
    body: FittedBody | str,
    task: Assignment,
    folder: Path,
    start: Mapping[str, float] | None,
) -> Concept:
    """A sketch with its body judged by the brief; the design file is written to `folder`."""
    sketch, brief, family = one.sketch, task.brief, task.family
    image = picture_file(folder, one.number)
    look = (sketch.view, sketch.style, sketch.palette)
    if isinstance(body, str):
        nothing = Concept(one.number, image, *look, brief.prompt, None, None, None)
        return replace(nothing, variant=one.variant, unknown_words=one.unknown, fault=body)
    options = sketch.options  # what the artist drew; a foreign one knows none
    if options is None:
        options = options_of(brief, family, one.number - one.variant, start)  # of all variants the same
    values = family.validate({**body.values, **options})
    by = dict.fromkeys(values, f"{SOUND} {one.number}") | brief.asked_options(family)
    design = Design(family.name, values, by)
    write_design(design, image.with_suffix(".json"))
    judged = task.assess(values)
    predictions = task.predictions(judged, judged.measures)
    return Concept(
        one.number,
        image,
        *look,
        brief.prompt,
        design,
        image.with_suffix(".json"),
        likeness_of(body.agreement),
        predictions,
        judged.verdicts,
        judged.broken,
        judged.feasible,
        () if sketch.exact else tuple(body.not_representable),
        one.unknown,
        variant=one.variant,
        figures=figures_of(family, values, asked_in_words(one.parsed, family)),
    )


def agreement_of(picture: Image, family: Family, values: Mapping[str, float], view: str) -> Likeness:
    """How well a body agrees with a picture in the family's frame; not at all with one that shows nothing."""
    from ...design.concepts.fit.agreement import FAR_PX, agreement

    try:
        frame = family.frame
        return likeness_of(agreement(picture, family.mesh(values), frame, view, frame.mm_per_pixel))
    except InputError:
        return Likeness(0.0, FAR_PX, 0.0)


def likeness_of(agreement: Any) -> Likeness:
    """The agreement as it is reported."""
    return Likeness(float(agreement.iou), float(agreement.line_distance_px), float(agreement.score))


def best_of(concepts: Sequence[Concept]) -> Concept | None:
    """The concept to go on with: buildable, then by hard requirements met, agreement and performance."""

    def order(c: Concept) -> tuple[float, ...]:
        missed = sum(max(0.0, v.margin) for v in c.verdicts if v.hard)
        count = sum(v.hard and not v.passed for v in c.verdicts)
        return (
            len(c.broken),
            count,
            0.0 if c.agreement is None else -round(c.agreement.score, 1),
            missed,
            0.0 if c.design is None else rank_of(c.predictions, c.design.family),
            float(c.number),
        )

    bodies = [c for c in concepts if c.design is not None]
    return min(bodies, key=order) if bodies else None
