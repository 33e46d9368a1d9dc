"""Sketches drawn by our own model: what is wished of a sheet, and the pictures, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...design.errors import InputError, MaquetteError, ModelError
from ...design.family.contract import Family
from ...design.messages import marked, say, span
from ..progress import Progress, within
from ..workbench import headline_of
from .words import Spoken

if TYPE_CHECKING:
    from PIL.Image import Image

    from ...design.concepts.artist.draw import Drawing
    from ...design.concepts.fit.body import FittedBody
    from ...design.concepts.generate.guidance import Response

MIXED = "mixed"
MAX_SKETCHES = 24
#: noise that a sketch begins with, as a power of its strength: words and numbers pull so hard that half of
#: the noise would leave nothing of the start. With it, strength 0.5 goes about half as far as sketches of the
#: same words lie apart (`python -m maquette.ui.bench --only concepts` measures it).
LEAVING = 3.0
#: sketches of one call of the pipeline: the first ones of a sheet are seen while the others are drawn
AT_ONCE = 4
#: a body's performance is better by one unit of guidance when it is this share of the axis better
STEPS_OF_AXIS = 30
#: for the progress only: steps of the prior, what one of them takes of a step of the drawing, and how many of
#: those the rest takes (measured with a car: 0.07 s, 0.87 s and 4 s)
PRIOR_STEPS, PRIOR, AFTER = 30, 0.08, 5


@dataclass(frozen=True)
class Wish:
    """How a sheet is drawn, beyond what the brief says; "" leaves it to the words.

    Attributes:
        n: sketches. view, style, palette: of all of them; style ``mixed`` goes through the styles in turn.
        words, numbers, performance: strengths of the three guidances.
        steps: of the drawing.
        start: a body to vary (parameters by name), `strength` says how far (0 keeps it, 1 ignores it).
        picture: the picture that `start` was read from, None where a design was given.
        read: the body that was read from `picture`, None where none could be.
        locks: exact values on top of the brief's.
        tries: changes of a body that falls short of what was asked.
    """

    n: int = 8
    view: str = ""
    style: str = ""
    palette: str = ""
    words: float = 3.0
    numbers: float = 2.0
    performance: float = 0.0
    steps: int = 10
    start: Mapping[str, float] | None = None
    picture: Image | None = None
    read: FittedBody | None = None
    strength: float = 0.5
    locks: Mapping[str, float] = field(default_factory=dict)
    tries: int = 200


@dataclass(frozen=True)
class Sketch:
    """One picture before anybody has read it.

    Attributes:
        picture: in colour. drawing: ink and paint, None from a foreign model.
        meant: the body that it was drawn from, None from a foreign model.
        view, style, palette: "" where nobody knows.
        mm_per_px: None where nobody knows.
        options: those that it was drawn with, as places; None where nobody knows.
        exact: it is the drawing of `meant` itself: there is nothing to fit.
    """

    picture: Image
    drawing: Drawing | None
    meant: Mapping[str, float] | None
    view: str
    style: str
    palette: str
    mm_per_px: float | None
    options: Mapping[str, float] | None = None
    exact: bool = False


Seen = Callable[[int, Sketch], None]


def unseen(k: int, sketch: Sketch) -> None:
    """Nobody looks at a sketch before all are drawn."""


def check_wish(wish: Wish, family: Family) -> None:
    """Refuse what no model of the family can draw, before one is loaded (:class:`InputError`)."""
    from ...design.concepts.artist.frame import STYLES
    from ...design.concepts.artist.palettes import PALETTES

    if not 1 <= wish.n <= MAX_SKETCHES:
        raise InputError(
            say("n is {sketches}; allowed {range} sketches", sketches=wish.n, range=span(1, MAX_SKETCHES))
        )
    for name, value, allowed in (
        (marked("view"), wish.view, family.frame.names),
        (marked("style"), wish.style, (*STYLES, MIXED)),
        (marked("palette"), wish.palette, tuple(PALETTES)),
    ):
        if value and value not in allowed:
            raise InputError(
                say(
                    "{what} {value!r} is not known; choose from {allowed}",
                    what=say(name),
                    value=value,
                    allowed=", ".join(allowed),
                )
            )
    for name, number, low, high in (
        (marked("strength"), wish.strength, 0.0, 1.0),
        (marked("guidance"), wish.words, 0.0, 30.0),
        (marked("number-guidance"), wish.numbers, 0.0, 30.0),
        (marked("performance-guidance"), wish.performance, -100.0, 100.0),
        (marked("steps"), float(wish.steps), 1.0, 200.0),
    ):
        if not low <= number <= high:
            raise InputError(
                say(
                    "{what} is {number:g}; allowed {range}",
                    what=say(name),
                    number=number,
                    range=span(low, high),
                )
            )


def looks_of(wish: Wish, said: Spoken, n: int, family: Family) -> tuple[str, list[str], str]:
    """View, style of each of n sketches, palette: as wished, else as the words say, else mixed styles."""
    from ...design.concepts.artist.frame import STYLES

    style = wish.style or said.words.style or MIXED
    styles = [STYLES[k % len(STYLES)] if style == MIXED else style for k in range(n)]
    view = wish.view or said.words.view or family.frame.names[0]
    return view, styles, wish.palette or said.words.palette or "graphite"


def response_of(family: Family, needed: bool) -> Response | None:
    """The study's first output as the function that steers and measures sketches; None where there is none.

    Raises:
        ModelError: it is `needed` and absent or damaged.
    """
    from ...design.concepts.generate.guidance import Response
    from ...surrogate.models.differentiable import response

    first = headline_of(family)
    if first is None:
        if needed:
            raise ModelError(f"family {family.name!r} is put through no study: no performance steers it")
        return None
    low, high = first.axis
    try:
        return Response(first.name, response(family), (high - low) / STEPS_OF_AXIS, first.sign)
    except MaquetteError:
        if needed:
            raise
        return None


def draw(
    pipe: Any,
    said: Spoken,
    wish: Wish,
    seed: int,
    progress: Progress,
    stage: str = "sketches",
    seen: Seen = unseen,
) -> list[Sketch]:
    """`wish.n` sketches by our own model, a few at a time, so that `seen` has the first ones early.

    Sketch k depends on the seed and k, not on how many there are.
    """
    view, styles, palette = looks_of(wish, said, wish.n, pipe.family)
    given: dict[str, Any] = {}
    if wish.start is not None:
        given |= {"concept": dict(wish.start), "strength": wish.strength**LEAVING}
    found: list[Sketch] = []
    for first in range(0, wish.n, AT_ONCE):
        some = styles[first : first + AT_ONCE]
        if found and wish.start is None:
            given["unlike"] = [one.meant for one in found if one.meant is not None]
        part = within(progress, first / wish.n, (first + len(some)) / wish.n)
        chosen = [said.options_of(first + k + 1, wish.start) for k in range(len(some))]
        made = call(
            pipe, [said], some, view, palette, wish, seed, part, stage, first=first, options=chosen, **given
        )
        for k, one in enumerate(made, start=first):
            seen(k, one)
        found += made
    return found


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
    first: int = 0,
    options: Sequence[Mapping[str, float]] = (),
    **given: Any,
) -> list[Sketch]:
    """One call of the pipeline: as many sketches as `styles`, spread over the briefs in `said`.

    Args:
        first: number of the first one on its sheet; its noise depends on it.
        options: those that each is drawn with, as places.
    """
    n = len(styles)
    family = pipe.family
    response = response_of(family, needed=wish.performance != 0.0)

    def count(_pipe: Any, step: int, _time: Any, _tensors: Any) -> dict[str, Any]:
        progress(stage, min(0.99, share_drawn(step + 1, wish.steps)))
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
        tries=wish.tries,
        guidance_scale=wish.words,
        number_guidance_scale=wish.numbers,
        response=response,
        performance_guidance_scale=wish.performance,
        fixed=dict(said[0].locks) or None,
        wishes=[w for w in family.default_wishes if w.name in said[0].wishes],
        generator=[_generator(seed, 0 if same_noise else first + k) for k in range(n)],
        callback_on_step_end=count,
        options=list(options) or None,
        **given,
    )
    progress(stage, 1.0)
    worn: Sequence[Mapping[str, float] | None] = options or [None] * n
    sketches = zip(drawn.images, drawn.drawings, drawn.designs, styles, worn, strict=True)
    return [
        Sketch(picture, drawing, meant, view, style, palette, family.frame.mm_per_pixel, chosen, pipe.exact)
        for picture, drawing, meant, style, chosen in sketches
    ]


def share_drawn(done: int, steps: int) -> float:
    """Of drawing a few sketches, after so many steps of prior and drawing, whose own are `steps`."""
    prior = min(done, PRIOR_STEPS)
    return (PRIOR * prior + done - prior) / (PRIOR * PRIOR_STEPS + steps + AFTER)


def _generator(seed: int, k: int) -> Any:
    import torch

    return torch.Generator().manual_seed((seed * 1_000_003 + 7919 * k) % 2**63)


def redrawn(
    pipe: Any,
    values: Mapping[str, float],
    sketch: tuple[Drawing, str, str, str] | None,
    wish: Wish,
    seed: int,
    progress: Progress,
) -> Sketch:
    """A body drawn in the manner of a sketch (:func:`.files.read_drawing`), else afresh.

    The sketch's lines carry over only where view and style stay the sketch's own.
    """
    from ...design.concepts.artist.frame import STYLES
    from ...design.concepts.generate.variation import restyle

    frame = pipe.family.frame
    drawing, *said = sketch if sketch is not None else (None, frame.names[0], STYLES[0], "graphite")
    view, style, palette = wish.view or said[0], wish.style or said[1], wish.palette or said[2]
    if (view, style) != (said[0], said[1]):
        drawing = None
    progress("restyle", 0.0)
    drawn = restyle(
        pipe, dict(values), drawing, view=view, style=style, palette=palette, strength=wish.strength,
        num_inference_steps=wish.steps, generator=_generator(seed, 0),
    )  # fmt: skip
    progress("restyle", 1.0)
    scale = frame.mm_per_pixel
    return Sketch(
        drawn.images[0], drawn.drawings[0], dict(values), view, style, palette, scale, exact=pipe.exact
    )
