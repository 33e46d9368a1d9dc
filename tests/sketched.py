"""A concept model to test with: few random weights in the shipped model's layout. It draws nonsense."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def tiny_model(folder: Path) -> Path:
    """A tiny pipeline on disk, in diffusers' layout."""
    from tiny_concepts import tiny

    tiny().save_pretrained(str(folder))
    return folder


def draw_exactly(monkeypatch: Any) -> None:
    """Let pipelines draw the true drawings of their bodies instead of asking the drawer's random weights.

    What follows in the flow (bodies, judging, search) then sees pictures as good as a trained model's.
    """
    from maquette.design.concepts.artist.draw import draw
    from maquette.design.concepts.artist.frame import STYLES, from_concept
    from maquette.design.concepts.generate.pipeline import ConceptPipeline

    def drawings(self: Any, request: Any, start: Any, z: Any, *_: Any) -> list[Any]:
        looks = zip(z, request.views, request.styles, strict=True)
        family = self.family
        return [
            draw(
                family.mesh(from_concept(family, row)),
                family.frame,
                family.frame.names[view],
                STYLES[style],
                k,
            )
            for k, (row, view, style) in enumerate(looks)
        ]

    monkeypatch.setattr(ConceptPipeline, "_drawings", drawings)
