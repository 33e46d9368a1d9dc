"""A concept pipeline on tiny networks with random weights, and on toy priors whose answer is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from diffusers import ConfigMixin, FlowMatchEulerDiscreteScheduler, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor

from maquette.design.concepts.artist.frame import to_concept
from maquette.design.concepts.generate.pipeline import ConceptPipeline
from maquette.design.concepts.networks.networks import (
    ConceptDrawer,
    ConceptEncoder,
    ConceptPrior,
    ConceptSharpener,
    ConceptTextEncoder,
)
from maquette.design.concepts.networks.options import option_counts, option_names
from maquette.design.family.registry import get_family
from maquette.design.language.attributes import vocabulary_of
from maquette.design.language.tokenizer import LexiconTokenizer

CAR = get_family("car")
VOCABULARY = vocabulary_of(CAR.lexicon)
NAMES = tuple(p.name for p in CAR.parameters)
#: roughly what the training designs have, in the order of CAR.steered_by
MEANS = (4500.0, 1830.0, 1500.0, 2750.0, 160.0, 0.3, 980.0, 950.0, 450.0, 3.4, 2.3, 1450.0)
SCALES = (300.0, 70.0, 120.0, 150.0, 35.0, 0.04, 40.0, 40.0, 100.0, 0.4, 0.2, 200.0)
QUICK = {"num_inference_steps": 2, "prior_steps": 3, "redraws": 0}


def tiny(prior: Any = None, knows_options: bool = False) -> ConceptPipeline:
    """All components with few random weights; nothing in them is zero.

    Args:
        knows_options: whether the drawer is told the options.
    """
    told = {"options": option_counts(CAR), "option_names": option_names(CAR)} if knows_options else {}
    torch.manual_seed(0)
    facts = {"family": "car", "declaration_hash": CAR.declaration_hash}
    parts = {
        "text_encoder": ConceptTextEncoder(len(VOCABULARY), width=16, layers=1, heads=2),
        "prior": prior
        or ConceptPrior(
            parameter_names=NAMES,
            number_names=CAR.steered_by,
            number_means=MEANS,
            number_scales=SCALES,
            text_width=16,
            width=32,
            layers=2,
            **facts,
        ),
        "drawer": ConceptDrawer(
            parameters=len(NAMES), width=32, layers=1, heads=2, hidden=48, bottleneck=16, **told, **facts
        ),
        "sharpener": ConceptSharpener(width=8, layers=1),
        "encoder": ConceptEncoder(parameter_names=NAMES, widths=(8, 16, 16, 16, 16), hidden=32, **facts),
    }
    for part in parts.values():
        for weight in part.parameters():
            if not weight.any():
                torch.nn.init.normal_(weight, std=0.1)
        part.eval()
    pipe = ConceptPipeline(
        tokenizer=LexiconTokenizer("car"), scheduler=FlowMatchEulerDiscreteScheduler(shift=1.0), **parts
    )
    pipe.set_progress_bar_config(disable=True)
    return pipe


class ToyPrior(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """Its answer is known: the middle of the car's space, with the last coordinate but two moved by the words
    and the ground clearance as asked (or a share `gain` of the way: a prior that answers too weakly)."""

    @register_to_config
    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.register_to_config(
            family="car",
            declaration_hash="",
            parameter_names=NAMES,
            number_names=("ground_clearance", "drag_coefficient"),
            number_means=(160.0, 0.3),
            number_scales=(35.0, 0.04),
        )

    def forward(self, z_t: Tensor, t: Tensor, text: Tensor, numbers: Tensor, present: Tensor) -> Tensor:
        z = torch.from_numpy(MIDDLE).expand(len(z_t), -1).clone()
        low, high = CLEARANCE
        asked = 2.0 * (numbers[:, 0] - low) / (high - low) - 1.0
        middle = float(MIDDLE[NAMES.index("ground_clearance")])
        z[:, NAMES.index("ground_clearance")] = middle + self.gain * present[:, 0] * (asked - middle)
        z[:, -3] = 0.1 + 0.2 * (text.abs().sum(1) > 1e-6)
        return z

    gain = 1.0


MIDDLE = to_concept(CAR, CAR.defaults())
_range = next(p.range for p in CAR.parameters if p.name == "ground_clearance")
CLEARANCE = (_range.low, _range.high)


class NormalPrior(ToyPrior):
    """The exact prior of independent normal coordinates with variance 1/3."""

    def forward(self, z_t: Tensor, t: Tensor, text: Tensor, numbers: Tensor, present: Tensor) -> Tensor:
        v, time = 1.0 / 3.0, t[:, None]
        return v * time * z_t / (time**2 * v + (1.0 - time) ** 2)


class WordsOnly(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """Text encoder for the toy prior: 1 for words, 0 for none."""

    @register_to_config
    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        return mask.any(1, keepdim=True).float()


def toy(gain: float = 1.0) -> ConceptPipeline:
    prior = ToyPrior()
    prior.gain = gain
    pipe = tiny(prior)
    pipe.text_encoder = WordsOnly()
    return pipe


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def concepts(pipe: ConceptPipeline, *args: Any, **kwargs: Any) -> np.ndarray:
    given = {"output_type": "concept", "generator": seeded(), **QUICK, **kwargs}
    return pipe(*args, **given).concepts
