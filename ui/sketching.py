"""From a brief to concepts: the model opened, sketches drawn, a body read from each, every body judged.

`maquette sketch` and the first stage of `maquette design` are the same steps from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..design.errors import InputError, MaquetteError
from ..design.family import Family, get_family
from ..design.geometry.files import write_bytes
from ..design.records import Design, write_design
from .concept_files import drawing_file, drawing_png, png_of
from .concept_words import Spoken
from .progress import Progress
from .reading import predictions_of
from .results_concepts import Concept, Likeness

if TYPE_CHECKING:
    from PIL.Image import Image

    from ..constraints.brief import ParsedBrief
    from ..design.concepts.body import FittedBody
    from ..design.concepts.drawing.draw import Drawing
    from ..surrogate.model import Surrogate

MIXED = "mixed"
MAX_SKETCHES = 24
SOUND = "concept"
#: what the drawing takes beside the prior's steps, for the progress only
DRAWING_STEPS = 30


@dataclass(frozen=True)
class Wish:
    """How a sheet is drawn, beyond what the brief says; "" leaves it to the words.

    Attributes:
        n: sketches. view, style, palette: of all of them; style ``mixed`` goes through the styles in turn.
        words, numbers, drag: strengths of the three guidances.
        steps: of the drawing.
        start: a body to vary (parameters by name), `strength` says how far (0 keeps it, 1 ignores it).
        picture: the picture that `start` was read from, None where a design was given.
        read: the body that was read from `picture`, None where none could be.
        locks: exact values on top of the brief's.
    """

    n: int = 8
    view: str = ""
    style: str = ""
    palette: str = ""
    words: float = 3.0
    numbers: float = 2.0
    drag: float = 0.0
    steps: int = 10
    start: Mapping[str, float] | None = None
    picture: Image | None = None
    read: FittedBody | None = None
    strength: float = 0.5
    locks: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Sketch:
    """One picture before anybody has read it.

    Attributes:
        picture: in colour. drawing: ink and paint, None from a foreign model.
        meant: the body that it was drawn from, None from a foreign model.
        view, style, palette: "" where nobody knows.
        mm_per_px: None where nobody knows.
    """

    picture: Image
    drawing: Drawing | None
    meant: Mapping[str, float] | None
    view: str
    style: str
    palette: str
    mm_per_px: float | None


def check_wish(wish: Wish) -> None:
    """Refuse what no model can draw, before one is loaded (:class:`InputError`)."""
    from ..design.concepts.drawing.palettes import PALETTES
    from ..design.concepts.frame import STYLES, VIEWS

    if not 1 <= wish.n <= MAX_SKETCHES:
        raise InputError(f"n is {wish.n}; allowed 1 to {MAX_SKETCHES} sketches")
    for name, value, allowed in (
        ("view", wish.view, VIEWS),
        ("style", wish.style, (*STYLES, MIXED)),
        ("palette", wish.palette, tuple(PALETTES)),
    ):
        if value and value not in allowed:
            raise InputError(f"{name} {value!r} is not known; choose from {', '.join(allowed)}")
    for name, number, low, high in (
        ("strength", wish.strength, 0.0, 1.0),
        ("guidance", wish.words, 0.0, 30.0),
        ("number-guidance", wish.numbers, 0.0, 30.0),
        ("drag-guidance", wish.drag, -100.0, 100.0),
        ("steps", float(wish.steps), 1.0, 200.0),
    ):
        if not low <= number <= high:
            raise InputError(f"{name} is {number:g}; allowed {low:g} to {high:g}")


def looks_of(wish: Wish, said: Spoken, n: int) -> tuple[str, list[str], str]:
    """View, style of each of n sketches, palette: as wished, else as the words say, else mixed styles."""
    from ..design.concepts.frame import STYLES, VIEWS

    style = wish.style or said.words.style or MIXED
    styles = [STYLES[k % len(STYLES)] if style == MIXED else style for k in range(n)]
    return wish.view or said.words.view or VIEWS[0], styles, wish.palette or said.words.palette or "graphite"


def drag_of(family: Family, needed: bool) -> Callable[..., Any] | None:
    """The differentiable drag that steers and measures sketches; None where there is none.

    Raises:
        ModelError: it is `needed` and absent or damaged.
    """
    from ..surrogate.differentiable import drag_predictor

    try:
        return drag_predictor(family)
    except MaquetteError:
        if needed:
            raise
        return None


def draw(
    pipe: Any, said: Spoken, wish: Wish, seed: int, progress: Progress, stage: str = "sketches"
) -> list[Sketch]:
    """`wish.n` sketches by our own model; sketch k depends on the seed and k, not on how many there are."""
    view, styles, palette = looks_of(wish, said, wish.n)
    options: dict[str, Any] = {}
    if wish.start is not None:
        options |= {"concept": dict(wish.start), "strength": wish.strength}
    return call(pipe, [said], [*styles], view, palette, wish, seed, progress, stage, **options)


def call(
    pipe: Any,
    said: Sequence[Spoken],
    styles: Sequence[str],
    view: str,
    palette: str,
    wish: Wish,
    seed: int,
    progress: Progress,
    stage: str,
    same_noise: bool = False,
    **options: Any,
) -> list[Sketch]:
    """One call of the pipeline: as many sketches as `styles`, spread over the briefs in `said`."""
    from ..design.concepts.frame import MM_PER_PIXEL

    n = len(styles)
    family = pipe.family
    drag = drag_of(family, needed=wish.drag != 0.0)

    def count(_pipe: Any, step: int, _time: Any, _tensors: Any) -> dict[str, Any]:
        progress(stage, min(0.99, (step + 1) / (wish.steps + DRAWING_STEPS)))
        return {}

    progress(stage, 0.0)
    drawn = pipe(
        [s.words for s in said],
        numbers=[dict(s.numbers) for s in said],
        num_images_per_prompt=n // len(said),
        view=view,
        style=list(styles),
        palette=palette,
        num_inference_steps=wish.steps,
        guidance_scale=wish.words,
        number_guidance_scale=wish.numbers,
        drag=drag,
        drag_guidance_scale=wish.drag,
        fixed=dict(said[0].locks) or None,
        generator=[_generator(seed, 0 if same_noise else k) for k in range(n)],
        callback_on_step_end=count,
        **options,
    )
    progress(stage, 1.0)
    return [
        Sketch(picture, drawing, meant, view, style, palette, MM_PER_PIXEL)
        for picture, drawing, meant, style in zip(
            drawn.images, drawn.drawings, drawn.designs, styles, strict=True
        )
    ]


def _generator(seed: int, k: int) -> Any:
    import torch

    return torch.Generator().manual_seed((seed * 1_000_003 + 7919 * k) % 2**63)


# -- bodies --------------------------------------------------------------------------------------------


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
    from ..design.concepts.body import body_from_image

    names = {p.name for p in family.parameters}
    if encoder is None and sketch.meant is None:
        return "no encoder is there to read it: the shipped concept model is absent"
    try:
        return body_from_image(
            sketch.picture,
            family.name,
            encoder=encoder,
            mm_per_px=sketch.mm_per_px,
            view=sketch.view or None,
            start=sketch.meant,
            held={n: v for n, v in locks.items() if n in names} or None,
        )
    except MaquetteError as error:
        return str(error)


def concept_of(
    number: int,
    sketch: Sketch,
    body: FittedBody | str,
    parsed: ParsedBrief,
    surrogate: Surrogate | None,
    unknown: tuple[str, ...],
    folder: Path,
    variant: int = 0,
) -> Concept:
    """A sketch with its body judged by the brief; picture and design file are written to `folder`."""
    from ..constraints.assess import assess

    brief = parsed.brief
    image = folder / f"concept_{number}.png"
    write_bytes(image, png_of(sketch.picture))
    if sketch.drawing is not None:
        write_bytes(drawing_file(image), drawing_png(sketch))
    look = (sketch.view, sketch.style, sketch.palette)
    if isinstance(body, str):
        nothing = Concept(number, image, *look, brief.prompt, None, None, None)
        return replace(nothing, variant=variant, unknown_words=unknown, fault=body)
    family = get_family(brief.family)
    values = dict(body.values)
    design = Design(family.name, values, dict.fromkeys(values, f"{SOUND} {number}"))
    write_design(design, image.with_suffix(".json"))
    judged = assess(family, values, brief, surrogate)
    predictions = predictions_of(judged, surrogate, judged.measures.get("frontal_area"))
    return Concept(
        number,
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
        tuple(body.not_representable),
        unknown,
        variant=variant,
    )


def redrawn(
    pipe: Any,
    values: Mapping[str, float],
    sketch: tuple[Drawing, str, str, str] | None,
    wish: Wish,
    seed: int,
    progress: Progress,
) -> Sketch:
    """A body drawn in the manner of a sketch (:func:`.concept_files.read_drawing`), else afresh.

    The sketch's lines carry over only where view and style stay the sketch's own.
    """
    from ..design.concepts.frame import MM_PER_PIXEL, STYLES, VIEWS
    from ..design.concepts.variation import restyle

    drawing, *said = sketch if sketch is not None else (None, VIEWS[0], STYLES[0], "graphite")
    view, style, palette = wish.view or said[0], wish.style or said[1], wish.palette or said[2]
    if (view, style) != (said[0], said[1]):
        drawing = None
    progress("restyle", 0.0)
    drawn = restyle(
        pipe, dict(values), drawing, view=view, style=style, palette=palette, strength=wish.strength,
        num_inference_steps=wish.steps, generator=_generator(seed, 0),
    )  # fmt: skip
    progress("restyle", 1.0)
    return Sketch(drawn.images[0], drawn.drawings[0], dict(values), view, style, palette, MM_PER_PIXEL)


def agreement_of(picture: Image, family: Family, values: Mapping[str, float], view: str) -> Likeness:
    """How well a body agrees with a picture in the common frame; not at all with one that shows nothing."""
    from ..design.concepts.agreement import FAR_PX, agreement
    from ..design.concepts.frame import MM_PER_PIXEL

    try:
        return likeness_of(agreement(picture, family.mesh(values), view, mm_per_px=MM_PER_PIXEL))
    except InputError:
        return Likeness(0.0, FAR_PX, 0.0)


def likeness_of(agreement: Any) -> Likeness:
    """The agreement as it is reported."""
    return Likeness(float(agreement.iou), float(agreement.line_distance_px), float(agreement.score))


def best_of(concepts: Sequence[Concept]) -> Concept | None:
    """The concept to go on with: buildable, then by hard requirements met, agreement and drag."""

    def order(c: Concept) -> tuple[float, ...]:
        missed = sum(max(0.0, v.margin) for v in c.verdicts if v.hard)
        count = sum(v.hard and not v.passed for v in c.verdicts)
        drag = c.predictions.get("drag_coefficient")
        return (
            len(c.broken),
            count,
            0.0 if c.agreement is None else -round(c.agreement.score, 1),
            missed,
            drag.value if drag is not None else 0.0,
            float(c.number),
        )

    bodies = [c for c in concepts if c.design is not None]
    return min(bodies, key=order) if bodies else None
