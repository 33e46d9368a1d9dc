"""Sketches of a family that no network has been trained for, called as the trained pipeline is.

Bodies come from :mod:`.nearby`, and :mod:`..artist` draws them: the very drawings that networks would learn
from. So lines are exact and every sketch shows its body; a network's own hand is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ...family.contract import Family
from ...language.tokenizer import LexiconTokenizer
from ..artist.draw import Drawing
from ..networks.options import read_options
from .call import ConceptCall, Prompt
from .nearby import settled_near
from .nearest import searched
from .pen import drawn_by_artist
from .pipeline import ConceptOutput, opened, output_of
from .sampling import generators_of
from .targets import Numbers

LEAST_SCALE = 0.05  # deviation of a number among the archetypes, of its mean at least


class ArtistPipeline:
    """Words and numbers to bodies near the archetypes, and their drawings by the program's artist."""

    encoder = None
    exact = True  # a sketch is its body's own drawing

    def __init__(self, family: Family) -> None:
        self.family = family
        self.tokenizer = LexiconTokenizer(family.name)

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers that can be asked, as they lie among the archetypes."""
        family = self.family
        known = {p.name for p in family.parameters} | {m.name for m in family.measure_list}
        names = [n for n in family.steered_by or [m.name for m in family.measure_list] if n in known]
        bodies = [{**family.defaults(), **body} for body in ({}, *family.archetypes.values())]
        measured = [body | family.measures_of(body, names) for body in bodies]
        rows = np.array([[values[n] for n in names] for values in measured])
        spans = {p.name: (p.range.high - p.range.low) / 4.0 for p in family.parameters}
        deviations = rows.std(axis=0) + LEAST_SCALE * np.abs(rows.mean(axis=0)) + 1e-6
        scales = [spans.get(n, float(s)) for n, s in zip(names, deviations, strict=True)]
        return Numbers(tuple(names), tuple(map(float, rows.mean(axis=0))), tuple(scales))

    def __call__(self, prompt: Prompt | Sequence[Prompt] | None = None, **asked: Any) -> ConceptOutput:
        """As :class:`.pipeline.ConceptPipeline`; guidance and steps of networks mean nothing here.

        Raises:
            InputError: an argument outside what is allowed, in one line.
        """
        call = ConceptCall(prompt, **asked)
        family = self.family
        start, known, request = opened(call, family, None, self.numbers, self.tokenizer)
        places = read_options(family, call.options, call.concept, len(request))
        random = generators_of(call.generator, len(request))
        settled = settled_near(self.numbers, request, start, known, random, call.redraws)
        if call.redraws > 0:
            settled = searched(self.numbers, request, start, known, random, settled, call)
        drawings: list[Drawing] = []
        if call.drawn:

            def after(_: int) -> None:
                if call.callback_on_step_end is not None:
                    call.callback_on_step_end(self, call.num_inference_steps, 0.0, {})

            drawings = drawn_by_artist(family, known, settled.z, places, request, start, after)
        return output_of(call, request, self.numbers, known, settled, drawings)
