"""A concept model to test with: few random weights in the shipped model's layout. It draws nonsense."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from maquette.design.family import get_family

#: roughly what the training designs have, in the order of NUMBERS
MEANS = (4500.0, 1830.0, 1500.0, 2750.0, 160.0, 0.3, 980.0, 950.0, 450.0, 3.4, 2.3, 1450.0)
SCALES = (300.0, 70.0, 120.0, 150.0, 35.0, 0.04, 40.0, 40.0, 100.0, 0.4, 0.2, 200.0)


def tiny_pipeline(seed: int = 0) -> Any:
    """Every component with random weights, none of them zero."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler
    from maquette.design.concepts import networks
    from maquette.design.concepts.lexicon import VOCABULARY
    from maquette.design.concepts.pipeline import ConceptPipeline
    from maquette.design.concepts.tokenizer import LexiconTokenizer

    car = get_family("car")
    names = tuple(p.name for p in car.parameters)
    torch.manual_seed(seed)
    facts: dict[str, Any] = {"family": "car", "declaration_hash": car.declaration_hash}
    parts: dict[str, Any] = {
        "text_encoder": networks.ConceptTextEncoder(len(VOCABULARY), width=16, layers=1, heads=2),
        "prior": networks.ConceptPrior(
            parameter_names=names,
            number_names=networks.NUMBERS,
            number_means=MEANS,
            number_scales=SCALES,
            text_width=16,
            width=32,
            layers=2,
            **facts,
        ),
        "drawer": networks.ConceptDrawer(
            parameters=len(names), width=32, layers=1, heads=2, hidden=48, bottleneck=16, **facts
        ),
        "sharpener": networks.ConceptSharpener(width=8, layers=1),
        "encoder": networks.ConceptEncoder(
            parameter_names=names, widths=(8, 16, 16, 16, 16), hidden=32, **facts
        ),
    }
    for part in parts.values():
        for weight in part.parameters():
            if not weight.any():
                torch.nn.init.normal_(weight, std=0.1)
        part.eval()
    pipe = ConceptPipeline(
        tokenizer=LexiconTokenizer(), scheduler=FlowMatchEulerDiscreteScheduler(shift=1.0), **parts
    )
    pipe.set_progress_bar_config(disable=True)
    return pipe


def tiny_model(folder: Path) -> Path:
    """The same on disk, in diffusers' layout."""
    tiny_pipeline().save_pretrained(str(folder))
    return folder


def draw_exactly(monkeypatch: Any) -> None:
    """Let pipelines draw the true drawings of their bodies instead of asking the drawer's random weights.

    What follows in the flow (bodies, judging, search) then sees pictures as good as a trained model's.
    """
    from maquette.design.concepts.drawing.draw import draw
    from maquette.design.concepts.frame import STYLES, VIEWS, from_concept
    from maquette.design.concepts.pipeline import ConceptPipeline

    def drawings(self: Any, request: Any, start: Any, z: Any, *_: Any) -> list[Any]:
        looks = zip(z, request.views, request.styles, strict=True)
        family = self.family
        return [
            draw(family.mesh(from_concept(family, row)), VIEWS[view], STYLES[style], k)
            for k, (row, view, style) in enumerate(looks)
        ]

    monkeypatch.setattr(ConceptPipeline, "_drawings", drawings)
