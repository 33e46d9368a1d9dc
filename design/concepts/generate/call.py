"""One call of the pipeline as a record: what is asked, by name, and checked once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ...language.description import Words

if TYPE_CHECKING:
    from ...family.contract import DefaultWish
    from .guidance import Response
    from .sampling import Generators

MAX_IMAGES = 64
MAX_STEPS = 200
MAX_REDRAWS = 20
#: a chair's measures take 20 ms: a sheet of six takes 24 s more where nothing meets what is asked
TRIES, MAX_TRIES = 200, 2000
MAX_GUIDANCE = 30.0  # of words, numbers and drawing
MAX_PERFORMANCE = 100.0  # either way
OUTPUTS = ("pil", "np", "drawing", "concept")

Prompt = str | Words


@dataclass(frozen=True, eq=False)
class ConceptCall:
    """What a call of the pipeline asks for.

    Attributes:
        prompt: text, or what `read_words` made of it, or a list of these; None for no words.
        numbers: {name: value} or {name: (low, high)}, either end None; one set for all or one per prompt.
            Values steer the prior, limits too where a body misses them; what is missed is drawn again.
        num_images_per_prompt: 1 to 64, at most 64 images in all.
        view, style, palette: one for all or one per image; None takes what the words say.
        num_inference_steps, prior_steps: steps of drawer and prior, 1 to 200.
        guidance_scale, number_guidance_scale: strength of words and of numbers, 0 (off) to 30.
        drawer_guidance_scale: above 1 exaggerates the concept in the drawing, at twice the time.
        response: a number of performance as a differentiable function; also measures limits of it.
        performance_guidance_scale: strength of its gradient towards better; 1 makes a body better by its unit
            e times as likely; 0 is off; negative makes bodies worse.
        image: start of drawing and concept: a `Drawing`, or a picture whose body the encoder reads.
        strength: how far the concept may leave its start: 0 keeps it, 1 ignores it.
        drawing_strength: the same for the drawing's pixels; by default `strength` where `image` is a
            `Drawing`, else 1 (a foreign picture gives its body, not its pixels).
        fixed: locked parameters (or the overall length) that every body keeps exactly.
        concept: start of the concept: parameters by name, a vector (P,), or several (m, P).
        options: those that bodies are drawn with, by name or place, one set for all or one per image; by
            default those of `concept`, else the family's defaults.
        redraws: rounds of drawing again what breaks rules or misses numbers or wishes, 0 to 20.
        tries: changes of a body that still falls short, and at most so many others to choose from, 0 to 2000.
        wishes: of the family's own ones, those that bodies should keep.
        generator: one for all or one per image; the same generator gives the same images.
        output_type: `pil`, `np`, `drawing`, or `concept` (bodies only, nothing drawn).
        callback_on_step_end: called as (pipe, step, timestep, {"latents": ...}) after every step of the
            first draw by the prior, then of the drawer; may return {"latents": ...} to go on with.

    Raises:
        InputError: a number, a name or a callback that is not allowed, in one line.
    """

    prompt: Prompt | Sequence[Prompt] | None = None
    numbers: Mapping[str, Any] | Sequence[Mapping[str, Any] | None] | None = None
    num_images_per_prompt: int = 1
    view: str | Sequence[str] | None = None
    style: str | Sequence[str] | None = None
    palette: str | Sequence[str] | None = None
    num_inference_steps: int = 10
    prior_steps: int = 30
    guidance_scale: float = 3.0
    number_guidance_scale: float = 2.0
    drawer_guidance_scale: float = 1.0
    response: Response | None = None
    performance_guidance_scale: float = 0.0
    image: Any = None
    strength: float = 0.6
    drawing_strength: float | None = None
    fixed: Mapping[str, float] | None = None
    concept: Any = None
    options: Mapping[str, float | str] | Sequence[Mapping[str, float | str]] | None = None
    redraws: int = 4
    tries: int = TRIES
    unlike: Sequence[Mapping[str, float]] = ()
    wishes: Sequence[DefaultWish] = ()
    generator: Generators = None
    output_type: str = "pil"
    callback_on_step_end: Callable[..., Any] | None = None
    callback_on_step_end_tensor_inputs: Sequence[str] = ("latents",)

    def __post_init__(self) -> None:
        if self.output_type not in OUTPUTS:
            raise InputError(
                f"output_type {self.output_type!r} is not known; choose from {', '.join(OUTPUTS)}"
            )
        if set(self.callback_on_step_end_tensor_inputs) - {"latents"}:
            raise InputError(
                f"callback tensor inputs {self.callback_on_step_end_tensor_inputs}; only 'latents' exists"
            )
        whole("num_inference_steps", self.num_inference_steps, 1, MAX_STEPS)
        whole("prior_steps", self.prior_steps, 1, MAX_STEPS)
        whole("redraws", self.redraws, 0, MAX_REDRAWS)
        whole("tries", self.tries, 0, MAX_TRIES)
        for name in ("guidance_scale", "number_guidance_scale", "drawer_guidance_scale"):
            real(name, getattr(self, name), 0.0, MAX_GUIDANCE)
        strength = self.performance_guidance_scale
        if (
            real("performance_guidance_scale", strength, -MAX_PERFORMANCE, MAX_PERFORMANCE)
            and not self.response
        ):
            raise InputError(f"performance_guidance_scale is {strength:g} but no response is given")

    @property
    def drawn(self) -> bool:
        """Pictures are asked for, not bodies alone."""
        return self.output_type != "concept"


def whole(name: str, value: Any, low: int, high: int) -> int:
    """A whole number within bounds, or :class:`InputError`."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{name} is {value!r}; a whole number from {low} to {high} is needed")
    return value


def real(name: str, value: Any, low: float, high: float) -> float:
    """A finite number within bounds, or :class:`InputError`."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise InputError(f"{name} is {value!r}; a number from {low:g} to {high:g} is needed")
    if not low <= value <= high:
        raise InputError(f"{name} is {value:g}; allowed {low:g} to {high:g}")
    return float(value)
