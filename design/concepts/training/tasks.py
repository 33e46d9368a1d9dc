"""What the two flow-matching networks learn: the prior with its text encoder, and the drawer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ...arrays import ByteArray, IntArray
from ...family.contract import Family
from ...family.parameters import as_values
from ...language.attributes import MAX_TOKENS, token_ids, vocabulary_hash, vocabulary_of
from ..artist.frame import STYLES
from ..generate.outline_guide import as_guide
from ..generate.sampling import half_precision
from ..networks.flow import euler, flow_loss, noisy, sample_times
from ..networks.networks import ConceptDrawer, ConceptPrior, ConceptTextEncoder
from ..networks.options import option_counts, option_names
from .data import Designs
from .judge import judge_prior
from .shards import Drawings, as_bytes, as_signed, contact_sheet, split

#: how often a training example is shown without words, without any number, without either, and how often
#: each number is given otherwise
NO_WORDS, NO_NUMBERS, NOTHING, NUMBER = 0.05, 0.30, 0.10, 0.25
#: how often the drawer is shown no concept vector
NO_CONCEPT = 0.10
#: how often the drawer is shown next to nothing but noise: the only times at which its condition matters
EARLY = 0.15
#: Euler steps of the samples that are looked at and measured
STEPS = 10
#: times at which held-out flow losses are taken
JUDGED = 300  # held-out designs whose words and numbers are asked of the prior
TIMES = (0.05, 0.2, 0.4, 0.6, 0.8, 0.95)


class PriorTask:
    """Words and numbers of a design to its concept vector; the text encoder learns along."""

    name = "prior"

    def __init__(
        self, family: Family, designs: Designs, seed: int = 0, width: int = 512, layers: int = 6
    ) -> None:
        self.family, self.designs = family, designs
        names, numbers = designs.conditions()
        self.concepts = torch.from_numpy(designs.concepts)
        self.numbers = torch.from_numpy(numbers)
        known = torch.isfinite(self.numbers)
        self.known = known.float()
        self.numbers = torch.where(known, self.numbers, torch.zeros_like(self.numbers))
        self.learn, self.keep = split(len(designs), 2000)
        torch.manual_seed(seed)
        self.vocabulary = vocabulary_of(family.lexicon)
        text = ConceptTextEncoder(len(self.vocabulary), vocabulary_hash=vocabulary_hash(self.vocabulary))
        prior = ConceptPrior(
            family.name,
            [p.name for p in family.parameters],
            names,
            np.nanmean(numbers[self.learn], axis=0).astype(float).tolist(),
            np.nanstd(numbers[self.learn], axis=0).clip(1e-6).astype(float).tolist(),
            declaration_hash=family.declaration_hash,
            text_width=text.config.width,
            width=width,
            layers=layers,
        )
        self.networks = nn.ModuleDict({"text_encoder": text, "prior": prior})

    def count(self) -> int:
        return len(self.learn)

    def captions(self, rows: IntArray, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """One random caption per design as ids and mask (b, longest)."""
        from .captions import caption_tokens

        ids = np.zeros((len(rows), MAX_TOKENS), dtype=np.int64)
        mask = np.zeros((len(rows), MAX_TOKENS), dtype=bool)
        for i, row in enumerate(rows):
            values = as_values(self.family.declaration, self.designs.values[row])
            said = caption_tokens(self.family, values, rng, self.designs.body_name(int(row)))
            tokens = token_ids(said, self.vocabulary)
            ids[i, : len(tokens)] = tokens[:MAX_TOKENS]
            mask[i, : len(tokens)] = True
        longest = max(1, int(mask.sum(axis=1).max()))  # masked places have no meaning, only a cost
        return torch.from_numpy(ids[:, :longest]), torch.from_numpy(mask[:, :longest])

    def loss(self, networks: nn.ModuleDict, rows: IntArray, generator: torch.Generator) -> Tensor:
        rows = self.learn[rows]
        ids, mask = self.captions(rows, np.random.default_rng(int(generator.initial_seed())))
        b = len(rows)
        given = (torch.rand(b, self.numbers.shape[1], generator=generator) < NUMBER).float()
        chance = torch.rand(b, generator=generator)
        wordless = (chance < NO_WORDS) | (chance > 1.0 - NOTHING)
        numberless = (torch.rand(b, generator=generator) < NO_NUMBERS) | (chance > 1.0 - NOTHING)
        mask &= ~wordless[:, None]
        given = given * (~numberless).float()[:, None] * self.known[rows]
        t = sample_times(b, generator, mean=0.0)
        noise = torch.randn(b, self.concepts.shape[1], generator=generator)
        return self._flow(networks, rows, ids, mask, given, t, noise)

    def _flow(
        self,
        networks: nn.ModuleDict,
        rows: IntArray,
        ids: Tensor,
        mask: Tensor,
        given: Tensor,
        t: Tensor,
        noise: Tensor,
    ) -> Tensor:
        device = next(networks.parameters()).device
        clean = self.concepts[rows].to(device)
        text = networks["text_encoder"](ids.to(device), mask.to(device))
        t = t.to(device)
        numbers, given = self.numbers[rows].to(device), given.to(device)
        predicted = networks["prior"](noisy(clean, t, noise.to(device)), t, text, numbers, given)
        return flow_loss(predicted, clean, t)

    def held_out(self, networks: nn.ModuleDict) -> dict[str, float]:
        generator = torch.Generator().manual_seed(1)
        rng = np.random.default_rng(1)
        rows = self.keep
        ids, mask = self.captions(rows, rng)
        given = (torch.rand(len(rows), self.numbers.shape[1], generator=generator) < NUMBER).float()
        given = given * self.known[rows]
        noise = torch.randn(len(rows), self.concepts.shape[1], generator=generator)
        found = [
            self._flow(networks, rows, ids, mask, given, torch.full((len(rows),), t), noise) for t in TIMES
        ]
        some = rows[:JUDGED]
        captions = [
            tuple(self.vocabulary[int(i)] for i in row[seen])
            for row, seen in zip(ids[: len(some)], mask[: len(some)], strict=True)
        ]
        return {
            "flow_loss": float(torch.stack(found).mean()),
            **judge_prior(networks, self.family, self.designs, some, captions),
        }

    def picture(self, networks: nn.ModuleDict, path: Path) -> None:
        """There is nothing to see before the drawer draws."""


class DrawerTask:
    """Concept vector, view, style and coarse outline to the drawing."""

    name = "drawer"

    def __init__(
        self,
        family: Family,
        designs: Designs,
        drawings: Drawings,
        guides: ByteArray,
        seed: int = 0,
        **shape: int,
    ) -> None:
        """`guides` (m, views, PLANES, H, W) of the first m designs, of which the drawings are."""
        self.drawings, self.guides = drawings, guides
        self.concepts = torch.from_numpy(designs.drawn)
        self.learn, self.keep = split(len(drawings), 256)
        torch.manual_seed(seed)
        size = (drawings.pictures.shape[3], drawings.pictures.shape[2])
        drawer = ConceptDrawer(
            family.name,
            len(family.parameters),
            family.declaration_hash,
            size=size,
            views=family.frame.names,
            options=option_counts(family),
            option_names=option_names(family),
            **shape,
        )
        self.networks = nn.ModuleDict({"drawer": drawer})

    def count(self) -> int:
        return len(self.learn)

    def loss(self, networks: nn.ModuleDict, rows: IntArray, generator: torch.Generator) -> Tensor:
        rows = self.learn[rows]
        device = next(networks.parameters()).device
        clean, z, view, style, guide = self._examples(rows, device)
        t = sample_times(len(rows), generator, early=EARLY).to(device)
        noise = torch.randn(clean.shape, generator=generator).to(device)
        dropped = (torch.rand(len(rows), generator=generator) < NO_CONCEPT).to(device)
        predicted = networks["drawer"](noisy(clean, t, noise), t, z, view, style, guide, dropped)
        return flow_loss(predicted, clean, t)

    def _examples(
        self, rows: IntArray, device: torch.device
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        some = self.drawings.take(rows)
        clean = torch.from_numpy(as_signed(some.pictures)).to(device)
        z = self.concepts[some.design].to(device)
        view, style = (torch.from_numpy(a).to(device) for a in (some.view, some.style))
        return clean, z, view, style, as_guide(self.guides[some.design, some.view]).to(device)

    def samples(self, networks: nn.ModuleDict, rows: IntArray, seed: int = 0) -> ByteArray:
        """The drawer's own drawings (n, 2, H, W) for those examples' concepts, views and styles."""
        device = next(networks.parameters()).device
        made = []
        generator = torch.Generator().manual_seed(seed)
        for start in range(0, len(rows), 32):
            clean, *given = self._examples(rows[start : start + 32], device)
            noise = torch.randn(clean.shape, generator=generator).to(device)
            made.append(drawn_from(networks["drawer"], noise, given, STEPS))
        return np.concatenate(made)

    def held_out(self, networks: nn.ModuleDict) -> dict[str, float]:
        truth = self.drawings.take(self.keep)
        made = self.samples(networks, self.keep)
        a, b = truth.pictures.astype(np.float32) / 255.0, made.astype(np.float32) / 255.0
        overlap = np.array([inked_overlap(x, y) for x, y in zip(truth.pictures, made, strict=True)])
        error = np.abs(a - b).mean(axis=(2, 3))
        return {
            "ink_error": float(error[:, 0].mean()),
            "paint_error": float(error[:, 1].mean()),
            "drawn_iou_median": float(np.median(overlap)),
            "drawn_iou_worst_tenth": float(np.quantile(overlap, 0.1)),
            **{
                f"ink_error_{style}": float(error[truth.style == i, 0].mean())
                for i, style in enumerate(STYLES)
                if (truth.style == i).any()
            },
        }

    def picture(self, networks: nn.ModuleDict, path: Path) -> None:
        """Drawing beside sample, for held-out designs."""
        rows = self.keep[:12]
        truth, made = self.drawings.pictures[rows], self.samples(networks, rows)
        pairs = [p for pair in zip(truth, made, strict=True) for p in pair]
        contact_sheet([pairs[i : i + 4] for i in range(0, len(pairs), 4)], path)


def drawn_from(
    drawer: nn.Module, start: Tensor, given: Sequence[Tensor], steps: int, begin: float = 0.0
) -> ByteArray:
    """Drawings (b, 2, H, W) of the drawer from `start`, which stands at time `begin`.

    Args:
        given: concept vectors, views, styles and guides, on the device of `start`.
    """

    def predict(x: Tensor, t: Tensor) -> Tensor:
        with half_precision(x.device):
            out: Tensor = drawer(x, t, *given)
        return out.float()

    return as_bytes(euler(predict, start, steps, begin).cpu().numpy())


def inked_overlap(a: ByteArray, b: ByteArray) -> float:
    """Intersection over union of what is drawn on (ink or paint) in two (2, H, W) drawings."""
    drawn = [(d[0] < 200) | (d[1] > 127) for d in (a, b)]
    union = np.logical_or(*drawn).sum()
    return float(np.logical_and(*drawn).sum() / union) if union else 1.0
