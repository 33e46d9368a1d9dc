"""What the sharpener and the encoders learn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ...arrays import BoolArray, ByteArray, Float32Array, IntArray
from ...family.contract import Family
from ...family.frame import ENLARGE
from ..artist.frame import shrink
from ..fit.encoder import training_input
from ..generate.outline_guide import as_guide
from ..generate.sampling import half_precision
from ..networks.flow import noisy
from ..networks.networks import ConceptEncoder, ConceptSharpener
from .data import Designs
from .shards import Drawings, as_bytes, as_signed, contact_sheet, split
from .tasks import drawn_from

#: base pixels of a training crop's side
CROP = 64
#: share of crops taken from what the drawer makes of the drawing
DRAWN = 0.5
#: times from which the drawer draws the examples that the sharpener cleans, and its steps for a whole path
DRAWER_TIMES = (0.0, 0.0, 0.3, 0.6)
DRAWER_STEPS = 10
#: how often the sharpener is shown no guide
NO_GUIDE = 0.05


class SharpenerTask:
    """Base-size drawing, degraded as the drawer degrades it, to the full-size one."""

    name = "sharpener"

    def __init__(
        self,
        fine: Drawings,
        guides: ByteArray,
        seed: int = 0,
        drawn: ByteArray | None = None,
        width: int = 40,
        layers: int = 4,
    ) -> None:
        """`guides` are the packed ones of the designs; `drawn` (n, 2, H, W) is what the drawer made of the
        same drawings, if it exists yet."""
        self.guides = guides
        self.fine, self.base, self.drawn = fine, shrink(fine.pictures), drawn
        self.learn, self.keep = split(len(fine), 60)
        self.crop = min(CROP, *self.base.shape[2:])
        torch.manual_seed(seed)
        self.networks = nn.ModuleDict({"sharpener": ConceptSharpener(width=width, layers=layers)})

    def count(self) -> int:
        return len(self.learn)

    def loss(self, networks: nn.ModuleDict, rows: IntArray, generator: torch.Generator) -> Tensor:
        rng = np.random.default_rng(int(generator.initial_seed()))
        small, large, guide = self._crops(self.learn[rows], rng)
        guide *= rng.random(len(rows))[:, None, None, None] >= NO_GUIDE
        device = next(networks.parameters()).device
        x = degrade(torch.from_numpy(as_signed(small)), generator).to(device)
        truth = torch.from_numpy(as_signed(large)).to(device)
        made = networks["sharpener"](x, torch.from_numpy(guide).to(device)).float()
        return sharp_loss(made, truth)

    def _guide(self, row: int) -> BoolArray:
        """(PLANES, 3H, 3W) of a drawing."""
        bits = self.guides[self.fine.design[row], self.fine.view[row]]
        return np.unpackbits(bits, axis=-1).astype(np.bool_)

    def _crops(self, rows: IntArray, rng: np.random.Generator) -> tuple[ByteArray, ByteArray, Float32Array]:
        """Crops where something is drawn: base (b, 2, c, c), and full size (b, 2, 3c, 3c) with its guide."""
        small, large, seen = [], [], []
        for row in rows:
            source = self.base if self.drawn is None or rng.random() > DRAWN else self.drawn
            busy = self.base[row, 0] < 240
            inked_rows, inked_columns = np.flatnonzero(busy.any(1)), np.flatnonzero(busy.any(0))
            height, width = busy.shape
            middle = (
                int(rng.choice(inked_rows)) if len(inked_rows) else height // 2,
                int(rng.choice(inked_columns)) if len(inked_columns) else width // 2,
            )
            c = self.crop
            top = int(np.clip(middle[0] - c // 2, 0, height - c))
            left = int(np.clip(middle[1] - c // 2, 0, width - c))
            small.append(source[row, :, top : top + c, left : left + c])
            e = ENLARGE
            place = (slice(None), slice(e * top, e * (top + c)), slice(e * left, e * (left + c)))
            large.append(self.fine.pictures[row][place])
            seen.append(self._guide(int(row))[place])
        return np.stack(small), np.stack(large), np.stack(seen).astype(np.float32)

    def held_out(self, networks: nn.ModuleDict) -> dict[str, float]:
        x = torch.from_numpy(as_signed(self.base[self.keep]))
        truth = as_signed(self.fine.pictures[self.keep])
        made = self._sharpen(networks, x, self.keep)
        smooth = functional.interpolate(x, scale_factor=ENLARGE, mode="bilinear").numpy()
        facts = {
            "ink_error": float(np.abs(made - truth)[:, 0].mean() / 2),
            "bilinear_ink_error": float(np.abs(smooth - truth)[:, 0].mean() / 2),
        }
        if self.drawn is not None:
            made = self._sharpen(networks, torch.from_numpy(as_signed(self.drawn[self.keep])), self.keep)
            facts["ink_error_of_drawn"] = float(np.abs(made - truth)[:, 0].mean() / 2)
        return facts

    def _sharpen(self, networks: nn.ModuleDict, x: Tensor, rows: IntArray) -> Float32Array:
        device = next(networks.parameters()).device
        made = []
        for k in range(0, len(x), 8):
            guide = np.stack([self._guide(int(row)) for row in rows[k : k + 8]]).astype(np.float32)
            with half_precision(device):
                out = networks["sharpener"](x[k : k + 8].to(device), torch.from_numpy(guide).to(device))
            made.append(out.float().cpu())
        return np.asarray(torch.cat(made).numpy(), dtype=np.float32)

    def picture(self, networks: nn.ModuleDict, path: Path) -> None:
        """Enlarged input, result and truth of held-out drawings."""
        rows = self.keep[:4]
        source = self.base if self.drawn is None else self.drawn
        generator = torch.Generator().manual_seed(0)
        x = degrade(torch.from_numpy(as_signed(source[rows])), generator)
        smooth = as_bytes(functional.interpolate(x, scale_factor=ENLARGE, mode="bilinear").numpy())
        made = as_bytes(self._sharpen(networks, x, rows))
        contact_sheet([list(trio) for trio in zip(smooth, made, self.fine.pictures[rows], strict=True)], path)


def degrade(x: Tensor, generator: torch.Generator) -> Tensor:
    """Drawings (b, 2, H, W) as the drawer may leave them: a little noisy, a little blurred."""
    b = len(x)
    blurred = functional.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)
    share = 0.35 * torch.rand(b, 1, 1, 1, generator=generator)
    share = share * (torch.rand(b, 1, 1, 1, generator=generator) < 0.3)
    level = 0.08 * torch.rand(b, 1, 1, 1, generator=generator)
    return torch.lerp(x, blurred, share) + level * torch.randn(x.shape, generator=generator)


def sharp_loss(made: Tensor, truth: Tensor) -> Tensor:
    """Mean absolute error of the pixels and of their differences to the right and below."""
    loss = (made - truth).abs().mean()
    for dim in (2, 3):
        loss = loss + 0.5 * (made.diff(dim=dim) - truth.diff(dim=dim)).abs().mean()
    return loss


def finished_by_drawer(
    drawer: nn.Module,
    drawings: Drawings,
    base: ByteArray,
    designs: Designs,
    guides: ByteArray,
    seed: int = 0,
) -> ByteArray:
    """What the drawer makes of each drawing (n, 2, H, W), from nothing or from a noisy start: in place, with
    its faults."""
    generator = torch.Generator().manual_seed(seed)
    concepts = torch.from_numpy(designs.drawn)
    device = next(drawer.parameters()).device
    made = np.empty_like(base)
    turns = torch.randint(len(DRAWER_TIMES), (len(base),), generator=generator).numpy()
    for turn, begin in enumerate(DRAWER_TIMES):
        chosen = np.flatnonzero(turns == turn)
        for rows in np.array_split(chosen, max(1, len(chosen) // 32)):
            clean = torch.from_numpy(as_signed(base[rows]))
            noise = torch.randn(clean.shape, generator=generator)
            start = noisy(clean, torch.full((len(rows),), begin), noise)
            z = concepts[drawings.design[rows]].to(device)
            view, style = (torch.from_numpy(a[rows]).to(device) for a in (drawings.view, drawings.style))
            guide = as_guide(guides[drawings.design[rows], drawings.view[rows]]).to(device)
            steps = max(1, round(DRAWER_STEPS * (1.0 - begin)))
            with torch.inference_mode():
                made[rows] = drawn_from(drawer, start.to(device), (z, view, style, guide), steps, begin)
    return made


class EncoderTask:
    """Drawing to concept vector with its uncertainty, and to the view; its scale known or not."""

    def __init__(
        self,
        name: str,
        family: Family,
        designs: Designs,
        drawings: Drawings,
        seed: int = 0,
        widths: Sequence[int] = (24, 48, 96, 128, 160),
    ) -> None:
        self.name, self.frame, self.drawings = name, family.frame, drawings
        self.concepts = torch.from_numpy(designs.concepts)
        self.learn, self.keep = split(len(drawings), 512)
        torch.manual_seed(seed)
        size = (drawings.pictures.shape[3], drawings.pictures.shape[2])
        names = [p.name for p in family.parameters]
        encoder = ConceptEncoder(
            family.name,
            names,
            family.declaration_hash,
            widths=tuple(widths),
            size=size,
            views=family.frame.names,
        )
        self.networks = nn.ModuleDict({name: encoder})

    def count(self) -> int:
        return len(self.learn)

    def loss(self, networks: nn.ModuleDict, rows: IntArray, generator: torch.Generator) -> Tensor:
        rows = self.learn[rows]
        ink, scale = self._seen(rows, np.random.default_rng(int(generator.initial_seed())))
        device = next(networks.parameters()).device
        z, log_sigma, logits = networks[self.name](ink.to(device), scale.to(device))
        truth = self.concepts[self.drawings.design[rows]].to(device)
        view = torch.from_numpy(self.drawings.view[rows]).to(device)
        return encoder_loss(z.float(), log_sigma.float(), logits.float(), truth, view)

    def _seen(
        self, rows: IntArray, rng: np.random.Generator, known: bool | None = None
    ) -> tuple[Tensor, Tensor]:
        seen = [
            training_input(
                self.frame,
                self.drawings.pictures[row, 0],
                self.drawings.pictures[row, 1],
                bool(rng.random() < 0.5) if known is None else known,
                rng,
            )
            for row in rows
        ]
        ink = torch.from_numpy(np.stack([s.ink for s in seen]))
        return ink, torch.from_numpy(np.stack([s.scale for s in seen]))

    def held_out(self, networks: nn.ModuleDict) -> dict[str, float]:
        device = next(networks.parameters()).device
        truth = self.concepts[self.drawings.design[self.keep]].numpy()
        view = self.drawings.view[self.keep]
        facts: dict[str, float] = {}
        for label, known in (("known_scale", True), ("unknown_scale", False)):
            ink, scale = self._seen(self.keep, np.random.default_rng(1), known)
            z, log_sigma, logits = (
                a.float().cpu().numpy() for a in networks[self.name](ink.to(device), scale.to(device))
            )
            r2 = 1.0 - ((z - truth) ** 2).mean(0) / truth.var(0)
            facts[f"median_r2_{label}"] = float(np.median(r2))
            facts[f"mean_abs_error_{label}"] = float(np.abs(z - truth).mean())
            facts[f"inside_one_sigma_{label}"] = float((np.abs(z - truth) < np.exp(log_sigma)).mean())
            facts[f"view_right_{label}"] = float((logits.argmax(1) == view).mean())
        return facts

    def picture(self, networks: nn.ModuleDict, path: Path) -> None:
        """What the network is shown."""
        ink, _ = self._seen(self.keep[:12], np.random.default_rng(1))
        tiles = as_bytes(np.stack([ink.numpy()[:, 0], np.full_like(ink.numpy()[:, 0], -1.0)], axis=1))
        contact_sheet([list(tiles[i : i + 4]) for i in range(0, len(tiles), 4)], path)


def encoder_loss(z: Tensor, log_sigma: Tensor, logits: Tensor, truth: Tensor, view: Tensor) -> Tensor:
    """Negative log likelihood of a normal error per parameter, plus the view's cross entropy."""
    likelihood = (log_sigma + 0.5 * ((z - truth) * torch.exp(-log_sigma)).square()).mean()
    return likelihood + 0.2 * functional.cross_entropy(logits, view)
