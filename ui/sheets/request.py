"""What is asked of the verb `sketch`, beyond the brief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...design.family.records import Design
from .sketching import Wish

if TYPE_CHECKING:
    from ...constraints.requirements.brief import Brief, ParsedBrief


@dataclass(frozen=True)
class SketchRequest:
    """How many sketches, by what, in which manner, and how strongly each wish pulls.

    Attributes:
        n: sketches (with `variants`: base sketches, each drawn once more for every variant).
        seed: the same seed draws the same sheet; the brief's own when None.
        model: a folder in diffusers' layout or a hub id instead of the shipped model.
        view: one of the family's; as the words say, else its first. style: ``ink``, ``marker``, ``soft``
            or ``mixed`` (each in turn); as the words say, else mixed. palette: by name.
        start: a design, or a picture whose body is read first, to vary by `strength` (0 keeps it, 1 ignores
            it). A diffusers `model` starts from the picture itself (`view`: what it shows), or from the
            design's drawing.
        locks: exact values by name, on top of the brief's; as text ``wheelbase=2850 mm``, or the bare name of
            a parameter to keep as `start` has it.
        guidance, number_guidance, performance_guidance: strengths of words, numbers, and the gradient of
            performance (0 off).
        steps: of the drawing.
        controlnet, lora: of a diffusers `model`; a ControlNet follows our own bodies.
        variants: briefs for other markets: each base concept is drawn again to their numbers.
        control: what a ControlNet is shown of our bodies, ``lines`` (default) or ``depth``.
    """

    n: int = 8
    seed: int | None = None
    model: str | Path | None = None
    view: str = ""
    style: str = ""
    palette: str = ""
    start: Design | Path | None = None
    strength: float = 0.5
    locks: Mapping[str, float | str] | Sequence[str] = ()
    guidance: float = 3.0
    number_guidance: float = 2.0
    performance_guidance: float = 0.0
    steps: int = 10
    controlnet: str | Path | None = None
    lora: str | Path | None = None
    variants: Sequence[str | Path | Brief | ParsedBrief] = ()
    control: str = ""

    @property
    def wish(self) -> Wish:
        """What the drawing is told; start and locks are read later."""
        return Wish(
            self.n, self.view, self.style, self.palette,
            self.guidance, self.number_guidance, self.performance_guidance, self.steps,
            strength=self.strength,
        )  # fmt: skip
