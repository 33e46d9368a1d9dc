"""What the prior makes of words and numbers, on held-out designs: figures for the model card.

Bodies are judged by their own parameters and measures; `make bench` judges whole sketches, read back from
their pictures by an encoder that took no part in training.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from ...arrays import Float32Array, IntArray
from ...family.contract import Family
from ...language.attributes import (
    MAX_TOKENS,
    attribute_tokens,
    attribute_value,
    third_of,
    token_ids,
    vocabulary_of,
)
from ...statistics import rank_correlation
from ..artist.frame import from_concept
from ..networks.flow import euler
from .data import Designs

STEPS = 20
#: held-out designs of which a measure is taken (parameters cost nothing and are taken of all): a chair's mass
#: and strength are worked out on its whole body, and there are dozens of numbers
MEASURED = 100
#: strength of the words' and of the numbers' guidance in these figures
WORDS, NUMBERS = 3.0, 2.0


def judge_prior(
    networks: nn.ModuleDict,
    family: Family,
    designs: Designs,
    rows: IntArray,
    captions: list[tuple[str, ...]],
) -> dict[str, float]:
    """Rank correlations of asked against measured numbers, and the share of words that came true.

    Args:
        rows: held-out designs: one after the other, each number is asked as one of them has it.
        captions: what is asked in words, one sample each.
    """
    names, numbers = designs.conditions()
    own = {p.name for p in family.parameters}
    measured = {m.name for m in family.measure_list} | own
    facts: dict[str, float] = {}
    for column, name in enumerate(names):
        some = rows if name in own else rows[:MEASURED]
        asked = numbers[some, column]
        if name not in measured or not np.isfinite(asked).all():
            continue
        given = np.zeros((len(some), len(names)), dtype=np.float32)
        given[:, column] = 1.0
        z = sample(networks, family, [()] * len(some), np.nan_to_num(numbers[some]), given)
        got = []
        for row in z:
            values = from_concept(family, row)
            got.append((values | family.measures_of(values, [name]))[name])
        found = rank_correlation(asked, np.array(got))
        if np.isfinite(found):
            facts[f"rank_correlation_{name}"] = found
    facts |= _words(networks, family, captions, len(names))
    return facts


def _words(
    networks: nn.ModuleDict, family: Family, captions: list[tuple[str, ...]], numbers: int
) -> dict[str, float]:
    none = np.zeros((len(captions), numbers), dtype=np.float32)
    z = sample(networks, family, captions, none, none)
    right, kept = [], 0
    for tokens, row in zip(captions, z, strict=True):
        values = from_concept(family, row)
        kept += not family.broken_rules(values)
        for name, third in attribute_tokens(tokens).items():
            right.append(third_of(family, name, attribute_value(family, values, name)) == third)
    return {
        "words_in_right_third": float(np.mean(right)) if right else 1.0,
        "keeps_every_rule": kept / max(1, len(captions)),
    }


def sample(
    networks: nn.ModuleDict,
    family: Family,
    captions: list[tuple[str, ...]],
    numbers: Float32Array,
    given: Float32Array,
    seed: int = 0,
) -> Float32Array:
    """One concept vector (n, P) for each caption and row of numbers (n, K)."""
    text_encoder, prior = networks["text_encoder"], networks["prior"]
    device = next(prior.parameters()).device
    ids = torch.zeros(len(captions), MAX_TOKENS, dtype=torch.int64, device=device)
    mask = torch.zeros(len(captions), MAX_TOKENS, dtype=torch.bool, device=device)
    vocabulary = vocabulary_of(family.lexicon)
    for i, tokens in enumerate(captions):
        ids[i, : len(tokens)] = torch.tensor(token_ids(tokens, vocabulary)[:MAX_TOKENS], dtype=torch.int64)
        mask[i, : len(tokens)] = True
    values, present = (torch.from_numpy(a).to(device) for a in (numbers, given))
    width = len(family.parameters)
    noise = torch.randn(len(captions), width, generator=torch.Generator().manual_seed(seed))
    with torch.inference_mode():
        said, nothing = text_encoder(ids, mask), text_encoder(ids, torch.zeros_like(mask))

        def predict(z: Tensor, t: Tensor) -> Tensor:
            bare = prior(z, t, nothing, values, torch.zeros_like(present))
            worded = prior(z, t, said, values, torch.zeros_like(present))
            whole = prior(z, t, said, values, present)
            out: Tensor = bare + WORDS * (worded - bare) + NUMBERS * (whole - worded)
            return out.clamp(-1.2, 1.2)

        z = euler(predict, noise.to(device), STEPS)
    return np.asarray(z.clamp(-1.0, 1.0).cpu().numpy(), dtype=np.float32)
