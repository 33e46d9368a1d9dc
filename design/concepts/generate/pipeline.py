"""The concept pipeline, in diffusers' conventions: words and numbers to bodies and their drawings.

    pipe = ConceptPipeline.from_pretrained("assets/models/car_concepts")
    out = pipe("calm low fastback", num_images_per_prompt=8, generator=torch.Generator().manual_seed(0))
    out.images[0].save("sketch.png"); out.designs[0]

Importing this module loads torch and diffusers (some seconds); the command line imports it only to sketch.
The modules of the components are imported here because diffusers loads a component only from a module that
is already imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import torch
from diffusers.pipelines.pipeline_utils import DiffusionPipeline
from diffusers.schedulers.scheduling_flow_match_euler_discrete import FlowMatchEulerDiscreteScheduler
from diffusers.utils import BaseOutput
from numpy.typing import NDArray
from torch import Tensor

from ...family.contract import Family
from ...family.registry import get_family
from ...language.tokenizer import LexiconTokenizer
from ..artist.draw import Drawing
from ..artist.palettes import compose
from ..networks import networks
from ..networks.options import check_drawer, option_columns, read_options
from .acceptance import Held, Settled, Told, measure, mixed, sampler_of, settle, unmet
from .call import ConceptCall, Prompt
from .guidance import Conditions, Strengths
from .locks import Known, broken, keep
from .nearby import settled_near
from .nearest import searched
from .outline_guide import as_guide, coverage, guides_of
from .pen import drawn_by_artist
from .request import Request, read_request
from .sampling import (
    Generators,
    Path,
    StepEnd,
    chosen_of,
    generators_of,
    randn,
    sample_concepts,
    sample_drawings,
    sharpen,
)
from .start import Start, read_start
from .targets import Numbers

__all__ = ["ConceptOutput", "ConceptPipeline"]


@dataclass
class ConceptOutput(BaseOutput):  # type: ignore[misc]
    """What a call of the pipeline gives, n of each in order.

    Attributes:
        images: Pillow pictures, an array (n, H, W, 3) of floats 0..1, or drawings, by `output_type`.
        concepts: (n, P) float32 in [-1, 1].
        drawings: the drawings without colour (none for `output_type="concept"`).
        unknown_words: words of the prompts that mean nothing here, or that the model has not learned.
        designs: the bodies' parameters, locked ones exactly.
        numbers: the asked numbers that could be measured on each body.
        unmet: limits that each body still misses, one sentence each.
        broken: names of the family's rules that each body still breaks.
        redrawn, pulled: draws thrown away for rules or limits; concepts pulled back to the rules.
    """

    images: Any
    concepts: NDArray[np.float32]
    drawings: list[Drawing]
    unknown_words: tuple[str, ...]
    designs: list[dict[str, float]] = field(default_factory=list)
    numbers: list[dict[str, float]] = field(default_factory=list)
    unmet: list[tuple[str, ...]] = field(default_factory=list)
    broken: list[tuple[str, ...]] = field(default_factory=list)
    redrawn: int = 0
    pulled: int = 0


class ConceptPipeline(DiffusionPipeline):  # type: ignore[misc]
    """Prior (words and numbers to a concept vector), drawer and sharpener (concept vector to a drawing).

    Without these two the program's artist draws what the prior thinks of.
    """

    model_cpu_offload_seq = "text_encoder->prior->drawer->sharpener"
    _optional_components: ClassVar[list[str]] = ["drawer", "sharpener", "encoder"]
    _callback_tensor_inputs: ClassVar[list[str]] = ["latents"]

    def __init__(
        self,
        tokenizer: LexiconTokenizer,
        text_encoder: networks.ConceptTextEncoder,
        prior: networks.ConceptPrior,
        scheduler: FlowMatchEulerDiscreteScheduler,
        drawer: networks.ConceptDrawer | None = None,
        sharpener: networks.ConceptSharpener | None = None,
        encoder: networks.ConceptEncoder | None = None,
    ) -> None:
        super().__init__()
        tokenizer.family = tokenizer.family or str(prior.config.family)
        self.register_modules(
            tokenizer=tokenizer,
            text_encoder=text_encoder,
            prior=prior,
            drawer=drawer,
            sharpener=sharpener,
            scheduler=scheduler,
            encoder=encoder,
        )
        self._interrupt = False
        self._stage = ""

    @property
    def family(self) -> Family:
        """The family whose bodies the pipeline draws."""
        return get_family(str(self.prior.config.family))

    @property
    def numbers(self) -> Numbers:
        """The numbers that can be asked."""
        config = self.prior.config
        return Numbers(tuple(config.number_names), tuple(config.number_means), tuple(config.number_scales))

    @property
    def exact(self) -> bool:
        """A sketch is its body's own drawing: nothing has to be read from it."""
        return self.drawer is None

    @property
    def stage(self) -> str:
        """What a running call is at: `prior` or `drawer` (for callbacks)."""
        return self._stage

    @property
    def interrupt(self) -> bool:
        """Set `_interrupt` in a callback to stop sampling after the step."""
        return self._interrupt

    @torch.no_grad()
    def __call__(
        self,
        prompt: Prompt | Sequence[Prompt] | None = None,
        *,
        return_dict: bool = True,
        **asked: Any,
    ) -> Any:
        """Sketches with their bodies: a :class:`ConceptOutput`, or its fields when `return_dict` is False.

        Args:
            prompt: text, or what `read_words` made of it, or a list of these; None for no words.
            asked: every other field of :class:`.call.ConceptCall` by name, as diffusers' pipelines take them.

        Raises:
            InputError: an argument outside what is allowed, in one line.
            ModelError: the drawer learned other options than the family has.
        """
        output = self._answer(ConceptCall(prompt, **asked))
        return output if return_dict else tuple(output.values())

    # -- stages ------------------------------------------------------------------------------------

    def _answer(self, call: ConceptCall) -> ConceptOutput:
        self._interrupt = False
        family, device = self.family, self._execution_device
        start, known, request = opened(call, family, self.encoder, self.numbers, self.tokenizer)
        n = len(request)
        places = read_options(family, call.options, call.concept, n)
        if self.drawer is not None:
            check_drawer(self.drawer, family)
        random = generators_of(call.generator, n)
        strengths = Strengths(
            float(call.guidance_scale),
            float(call.number_guidance_scale),
            float(call.performance_guidance_scale),
            call.response,
        )
        on_step = self._step_end(call.callback_on_step_end)
        z_noise = randn((n, len(family.parameters)), random, device)
        x_noise = (
            randn((n, 2, *family.frame.base[::-1]), random, device) if call.drawn and not self.exact else None
        )
        settled = self._concepts(
            request, start, known, strengths, z_noise, random, on_step, call.prior_steps, call.redraws
        )
        if family.sketched_by == "artist" and settled.short and strengths.words > 0.0 and call.redraws > 0:
            settled = mixed(settled, settled_near(self.numbers, request, start, known, random, call.redraws))
        if call.redraws > 0:
            settled = searched(
                self.numbers, request, start, known, random, settled, call, strengths.words > 0.0
            )
        drawings: list[Drawing] = []
        if x_noise is not None:
            columns = option_columns(family, places) if sum(self.drawer.config.options) else places[:, :0]
            told = np.concatenate([settled.z, columns], axis=1, dtype=np.float32)
            drawings = self._drawings(
                request, start, settled.z, told, x_noise,
                call.num_inference_steps, float(call.drawer_guidance_scale), random, on_step,
            )  # fmt: skip
        elif call.drawn:
            paper = torch.empty(0)
            drawings = drawn_by_artist(
                family, known, settled.z, places, request, start, lambda k: on_step("drawer", k, 0.0, paper)
            )
        self.maybe_free_model_hooks()
        return output_of(call, request, self.numbers, known, settled, drawings)

    def _concepts(
        self,
        request: Request,
        start: Start,
        known: Known,
        strengths: Strengths,
        noise: Tensor,
        generator: Generators,
        on_step: StepEnd,
        steps: int,
        redraws: int,
    ) -> Settled:
        """Concept vectors that keep rules and limits as far as the budget allows."""
        device, n = noise.device, len(request)
        begin = start.concepts(n)
        if begin is not None and start.strength <= 0.0:
            kept = known.project(torch.from_numpy(begin)).numpy()
            rules = tuple(broken(known, z) for z in kept)
            names = [[a.name for a in asked] for asked in request.asked]
            response = strengths.response
            found = [
                {} if r else measure(known, z, a, response)
                for z, a, r in zip(kept, names, rules, strict=True)
            ]
            return Settled(kept, tuple(found), rules)
        text, no_text = self._text(request, device)
        worded = any(w.tokens for w in request.words)
        first = [True]

        def draw(
            rows: Sequence[int], z_t: Tensor, told: Sequence[Told], held: Sequence[Held]
        ) -> NDArray[np.float32]:
            values, present = self._told(told, device)
            asked = Conditions(text[list(rows)], no_text, values, present, worded)
            path = Path(
                self._scheduler(), steps, start.strength,
                None if begin is None else torch.from_numpy(begin[list(rows)]).to(device),
            )  # fmt: skip
            watch = on_step if first[0] else self._quiet
            first[0] = False
            chosen, bounds = chosen_of(generator, rows), known.bounds(held)
            z = sample_concepts(
                self.prior, path, z_t, asked, strengths, lambda z: known.project(z, bounds), watch, chosen
            )
            return np.asarray(z.cpu().numpy(), dtype=np.float32)

        return settle(
            sampler_of(draw, noise.shape[1], generator, device, strengths.numbers > 0.0),
            noise,
            request.asked,
            self.numbers,
            known,
            strengths.response,
            redraws,
            redraws > 0,
            [w.tokens for w in request.words] if strengths.words > 0.0 else (),
        )

    def _drawings(
        self,
        request: Request,
        start: Start,
        z: NDArray[np.float32],
        told: NDArray[np.float32],
        noise: Tensor,
        steps: int,
        guidance: float,
        generator: Generators,
        on_step: StepEnd,
    ) -> list[Drawing]:
        """One drawing of each concept vector (n, P), of which the drawer is `told` (n, P + O)."""
        device, n = noise.device, len(request)
        if start.drawing is not None and start.drawing_strength <= 0.0:
            return [start.drawing] * n
        begin = start.pixels(self.family.frame, n)
        path = Path(
            self._scheduler(), steps, start.drawing_strength,
            None if begin is None else torch.from_numpy(begin).to(device),
        )  # fmt: skip
        guides = guides_of(self.family, z, [self.family.frame.names[v] for v in request.views])
        look = (
            torch.tensor(request.views, device=device),
            torch.tensor(request.styles, device=device),
            as_guide(coverage(guides)).to(device),
        )
        concepts = torch.from_numpy(told).to(device)
        x = sample_drawings(self.drawer, path, noise, concepts, look, guidance, on_step, generator)
        return [Drawing(ink=ink, paint=paint) for ink, paint in sharpen(self.sharpener, x, guides)]

    def _text(self, request: Request, device: torch.device) -> tuple[Tensor, Tensor]:
        """Encoded words (n, W) and the encoder's answer to none (1, W)."""
        ids, mask = self.tokenizer.pad([w.tokens for w in request.words])
        ids = torch.as_tensor(np.asarray(ids), dtype=torch.int64, device=device)
        mask = torch.as_tensor(np.asarray(mask), dtype=torch.bool, device=device)
        both = torch.cat([ids, torch.zeros_like(ids[:1])]), torch.cat([mask, torch.zeros_like(mask[:1])])
        text = self.text_encoder(*both)
        return text[:-1], text[-1:]

    def _told(self, told: Sequence[Mapping[str, float]], device: torch.device) -> tuple[Tensor, Tensor]:
        """What the prior is told, as values (m, K) and presence (m, K)."""
        names = self.numbers.names
        values = torch.tensor([row.get(name, 0.0) for row in told for name in names], dtype=torch.float32)
        present = torch.tensor([float(name in row) for row in told for name in names], dtype=torch.float32)
        shape = (len(told), len(names))
        return values.reshape(shape).to(device), present.reshape(shape).to(device)

    def _scheduler(self) -> Any:
        """A scheduler of its own for one loop: calls in several threads do not disturb each other."""
        return type(self.scheduler).from_config(self.scheduler.config)

    def _step_end(self, callback: Callable[..., Any] | None) -> StepEnd:
        done = [0]

        def on_step(stage: str, step: int, timestep: float, latents: Tensor) -> Tensor | None:
            self._stage = stage
            if callback is not None:
                answer = callback(self, done[0], timestep, {"latents": latents})
                latents = answer.get("latents", latents) if isinstance(answer, Mapping) else latents
            done[0] += 1
            return None if self._interrupt else latents

        return on_step

    def _quiet(self, stage: str, step: int, timestep: float, latents: Tensor) -> Tensor | None:
        return None if self._interrupt else latents


def opened(
    call: ConceptCall, family: Family, encoder: Any, numbers: Numbers, tokenizer: LexiconTokenizer
) -> tuple[Start, Known, Request]:
    """Where a call starts, what it keeps, and what each of its pictures is asked to be.

    Raises:
        InputError: an argument outside what is allowed, in one line.
    """
    start = read_start(family, call.concept, call.image, encoder, call.strength, call.drawing_strength)
    known = keep(family, start.exact if call.fixed is None and start.exact else call.fixed, call.wishes)
    return start, known, read_request(call, numbers, tokenizer.read, family.frame.names, start.kinds)


def output_of(
    call: ConceptCall,
    request: Request,
    numbers: Numbers,
    known: Known,
    settled: Settled,
    drawings: list[Drawing],
) -> ConceptOutput:
    """What a call gives: the settled concepts, with what is to be said of each."""
    return ConceptOutput(
        images=images_of(drawings, request.palettes, call.output_type, settled.z),
        concepts=settled.z,
        drawings=drawings,
        unknown_words=request.unknown,
        designs=[known.values(z) for z in settled.z],
        numbers=[dict(m) for m in settled.measured],
        unmet=[unmet(a, numbers, m) for a, m in zip(request.asked, settled.measured, strict=True)],
        broken=list(settled.broken),
        redrawn=settled.redrawn,
        pulled=settled.pulled,
    )


def images_of(
    drawings: list[Drawing], palettes: Sequence[str], output_type: str, z: NDArray[np.float32]
) -> Any:
    """What `ConceptOutput.images` holds."""
    if output_type in ("drawing", "concept"):
        return drawings if output_type == "drawing" else z
    pictures = [compose(d.ink, d.paint, palette) for d, palette in zip(drawings, palettes, strict=True)]
    if output_type == "np":
        return np.stack(pictures).astype(np.float32) / np.float32(255.0)
    from PIL import Image

    return [Image.fromarray(picture) for picture in pictures]
