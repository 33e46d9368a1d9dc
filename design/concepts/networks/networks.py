"""The five networks of the concept model, in diffusers' conventions (config.json + safetensors).

Time t runs from 0 (noise) to 1 (clean): x_t = t x + (1 - t) e. Prior and drawer predict the clean x
("Back to Basics", Li and He 2025, arXiv 2511.13720); diffusers' flow schedulers have sigma = 1 - t and
take the velocity (x_t - x_clean) / sigma. Pictures are (b, 2, H, W) in [-1, 1]: ink (1 is white paper) and
paint (1 is painted body). Importing this module loads torch and diffusers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn
from torch.nn import functional

from ...family.frame import ENLARGE, Frame
from ..artist.frame import PLANES, STYLES
from .blocks import (
    ConvBlock,
    ModulatedBlock,
    ModulatedMlp,
    RmsNorm,
    TimeEmbedding,
    TransformerBlock,
    zero_parameters,
)

__all__ = [
    "ConceptDrawer",
    "ConceptEncoder",
    "ConceptPrior",
    "ConceptSharpener",
    "ConceptTextEncoder",
]

SIZE = Frame().base
VIEWS = Frame().names  # of a network that is not told those of its family


class ConceptTextEncoder(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """Lexicon tokens to one vector; trained together with the prior.

    No words at all (an all-false mask) gives the vector that training used for "no words", which is what
    classifier-free guidance needs.
    """

    config_name = "config.json"

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(
        self,
        vocabulary: int,
        width: int = 192,
        layers: int = 2,
        heads: int = 4,
        vocabulary_hash: str = "",
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.summary = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.blocks = nn.ModuleList(TransformerBlock(width, heads, 2 * width) for _ in range(layers))
        self.norm = RmsNorm(width)
        nn.init.normal_(self.embedding.weight, std=0.5)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """`tokens` (b, MAX_TOKENS) int64 and `mask` (b, MAX_TOKENS), true at words, to (b, width).

        The order of the words does not matter.
        """
        words = self.embedding(tokens)
        x = torch.cat([self.summary.expand(len(words), -1, -1).to(words.dtype), words], dim=1)
        seen = functional.pad(mask.bool(), (1, 0), value=True)
        for block in self.blocks:
            x = block(x, seen)
        out: Tensor = self.norm(x[:, 0])
        return out


class ConceptPrior(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """Words and numbers to a concept vector, by flow matching.

    Config: `number_names`, `number_means`, `number_scales` (the family's own units; the prior scales by
    itself), `parameter_names`, `family`, `declaration_hash`.
    """

    config_name = "config.json"

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(
        self,
        family: str,
        parameter_names: Sequence[str],
        number_names: Sequence[str],
        number_means: Sequence[float],
        number_scales: Sequence[float],
        declaration_hash: str = "",
        text_width: int = 192,
        width: int = 512,
        layers: int = 6,
    ) -> None:
        super().__init__()
        p, k = len(parameter_names), len(number_names)
        self.into = nn.Linear(p, width)
        self.time = TimeEmbedding(width)
        self.text = nn.Linear(text_width, width)
        self.numbers = nn.Sequential(nn.Linear(2 * k, width), nn.SiLU(), nn.Linear(width, width))
        self.condition = nn.Sequential(nn.SiLU(), nn.Linear(width, width))
        self.blocks = nn.ModuleList(ModulatedMlp(width, width) for _ in range(layers))
        self.norm = RmsNorm(width)
        self.out = nn.Linear(width, p)
        zero_parameters(self.out)

    def scaled(self, numbers: Tensor) -> Tensor:
        """Numbers (b, K) in the family's units to mean 0 and deviation 1 over the training designs."""
        means = torch.tensor(list(self.config.number_means), dtype=torch.float32, device=numbers.device)
        scales = torch.tensor(list(self.config.number_scales), dtype=torch.float32, device=numbers.device)
        return (numbers.float() - means) / scales

    def forward(self, z_t: Tensor, t: Tensor, text: Tensor, numbers: Tensor, present: Tensor) -> Tensor:
        """Predicted clean z (b, P).

        Args:
            z_t: noisy concept vectors (b, P).
            t: flow time (b,), 0 noise to 1 clean.
            text: (b, text_width) from the text encoder.
            numbers: asked values (b, K) in the family's units, order of `number_names`; ignored where absent.
            present: (b, K), 1 where a number is asked, else 0.
        """
        dtype = self.into.weight.dtype
        given = present.float()
        asked = torch.where(given > 0, self.scaled(numbers), torch.zeros_like(given))
        facts = torch.cat([asked, given], dim=-1).to(dtype)
        condition = self.condition(self.time(t) + self.text(text.to(dtype)) + self.numbers(facts))
        x = self.into(z_t.to(dtype))
        for block in self.blocks:
            x = block(x, condition)
        out: Tensor = self.out(self.norm(x))
        return out


class ConceptDrawer(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """Concept vector, view and style to a drawing at base size: a pixel transformer over 16 x 16 patches.

    Patches are read with a margin of the neighbours and written overlapping, so that lines run on across
    their borders. The body's coarse outline (`generate.outline_guide`) is read beside the noisy drawing.
    `dropped` replaces the concept vector by a learned one and the outline by none (classifier-free guidance).
    """

    config_name = "config.json"

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(
        self,
        family: str,
        parameters: int,
        declaration_hash: str = "",
        width: int = 256,
        layers: int = 10,
        heads: int = 4,
        hidden: int = 688,
        bottleneck: int = 128,
        patch: int = 16,
        margin: int = 4,
        condition_tokens: int = 8,
        views: Sequence[str] = VIEWS,
        styles: Sequence[str] = STYLES,
        size: Sequence[int] = SIZE,
        guide_planes: int = PLANES,
        options: Sequence[int] = (),
        option_names: Sequence[str] = (),
    ) -> None:
        super().__init__()
        columns, rows = size[0] // patch, size[1] // patch
        reach = patch + 2 * margin
        self.read = nn.Conv2d(2, bottleneck, reach, stride=patch, padding=margin, bias=False)
        self.lift = nn.Linear(bottleneck, width)
        self.guide = nn.Conv2d(guide_planes, width, reach, stride=patch, padding=margin, bias=False)
        self.positions = nn.Parameter(_position_table(rows, columns, width))
        self.time = TimeEmbedding(width)
        self.concept = nn.Sequential(
            nn.Linear(parameters + sum(options), 2 * width),
            nn.SiLU(),
            nn.Linear(2 * width, (1 + condition_tokens) * width),
        )
        self.no_concept = nn.Parameter(torch.randn(1, (1 + condition_tokens) * width) * 0.02)
        self.view = nn.Embedding(len(views), width)
        self.style = nn.Embedding(len(styles), width)
        self.token_offsets = nn.Parameter(torch.randn(1, condition_tokens, width) * 0.02)
        self.modulation = nn.Sequential(nn.SiLU(), nn.Linear(width, 6 * width))
        self.blocks = nn.ModuleList(ModulatedBlock(width, heads, hidden) for _ in range(layers))
        self.norm = RmsNorm(width)
        self.last = nn.Sequential(nn.SiLU(), nn.Linear(width, 2 * width))
        self.out = nn.Linear(width, 2 * reach**2)
        zero_parameters(self.modulation[1], self.last[1], self.out, self.guide)

    def forward(
        self,
        x_t: Tensor,
        t: Tensor,
        z: Tensor,
        view: Tensor,
        style: Tensor,
        guide: Tensor,
        dropped: Tensor | None = None,
    ) -> Tensor:
        """Predicted clean drawing (b, 2, H, W).

        Args:
            x_t: noisy drawing (b, 2, H, W), values in [-1, 1] when clean.
            t: flow time (b,), 0 noise to 1 clean.
            z: concept vectors (b, P) in [-1, 1] and after them the options' columns (b, O), see
                :mod:`.options`; O is the sum of `options`, the numbers of options of the family's choices,
                and `option_names` says what each column stands for.
            view, style: indices (b,) int64 in `views` and `styles`.
            guide: (b, PLANES, H, W) coverage in [0, 1], see :mod:`..generate.outline_guide`.
            dropped: (b,) true where z and the guide are to be ignored; None means nowhere.
        """
        dtype = self.lift.weight.dtype
        tokens = self.config.condition_tokens
        concept = self.concept(z.to(dtype))
        if dropped is not None:
            concept = torch.where(dropped.bool()[:, None], self.no_concept.to(concept.dtype), concept)
            guide = guide * (~dropped.bool())[:, None, None, None]
        width = concept.shape[-1] // (1 + tokens)
        look = self.view(view) + self.style(style)
        condition = self.time(t) + concept[:, :width] + look
        front = concept[:, width:].reshape(len(z), tokens, width) + self.token_offsets + look[:, None]
        modulation = self.modulation(condition).view(len(z), 6, width)
        grid = self.read(x_t.to(dtype))
        rows, columns = grid.shape[-2:]
        x = self.lift(grid.flatten(2).transpose(1, 2)) + self.positions
        x = x + self.guide(guide.to(dtype)).flatten(2).transpose(1, 2)
        x = torch.cat([front.to(x.dtype), x], dim=1)
        for block in self.blocks:
            x = block(x, modulation)
        scale, shift = self.last(condition).to(x.dtype)[:, None].chunk(2, dim=-1)
        x = self.norm(x[:, tokens:]) * (1 + scale) + shift
        return self._assembled(self.out(x), rows, columns)

    def _assembled(self, patches: Tensor, rows: int, columns: int) -> Tensor:
        """Picture (b, 2, H, W) of overlapping patches (b, rows * columns, 2 * reach**2), added up."""
        patch, margin = int(self.config.patch), int(self.config.margin)
        size = (rows * patch + 2 * margin, columns * patch + 2 * margin)
        whole = functional.fold(patches.transpose(1, 2), size, patch + 2 * margin, stride=patch)
        return whole[..., margin : size[0] - margin, margin : size[1] - margin]


class ConceptSharpener(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """Base-size drawing and outline to the finished one, three times larger, without the drawer's noise."""

    config_name = "config.json"

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(
        self, width: int = 40, layers: int = 4, enlarge: int = ENLARGE, guide_planes: int = PLANES
    ) -> None:
        super().__init__()
        self.into = nn.Conv2d(2, width, 5, padding=2)
        self.guide = nn.Conv2d(guide_planes * enlarge**2, width, 3, padding=1, bias=False)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(width, width, 3, padding=1), nn.ReLU(), nn.Conv2d(width, width, 3, padding=1)
            )
            for _ in range(layers)
        )
        self.out = nn.Conv2d(width, 2 * enlarge**2, 3, padding=1)
        zero_parameters(self.out, self.guide, *(list(block.children())[2] for block in self.blocks))

    def forward(self, x: Tensor, guide: Tensor) -> Tensor:
        """Drawing (b, 2, H, W) and guide (b, PLANES, 3 H, 3 W), 0 or 1, to (b, 2, 3 H, 3 W)."""
        enlarge = int(self.config.enlarge)
        x = x.to(self.into.weight.dtype)
        seen = functional.pixel_unshuffle(guide.to(x.dtype), enlarge)
        y = functional.relu(self.into(x) + self.guide(seen))
        for block in self.blocks:
            y = y + block(y)
        smooth = functional.interpolate(x, scale_factor=enlarge, mode="bilinear", align_corners=False)
        return smooth + functional.pixel_shuffle(self.out(y), enlarge)


class ConceptEncoder(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """Picture to concept vector with its uncertainty, and which view it shows."""

    config_name = "config.json"

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(
        self,
        family: str,
        parameter_names: Sequence[str],
        declaration_hash: str = "",
        widths: Sequence[int] = (24, 48, 96, 128, 160),
        hidden: int = 256,
        views: Sequence[str] = VIEWS,
        size: Sequence[int] = SIZE,
    ) -> None:
        super().__init__()
        p = len(parameter_names)
        layers: list[nn.Module] = [nn.Conv2d(3, widths[0], 5, stride=2, padding=2)]
        for narrow, wide in pairwise(widths):
            layers += [ConvBlock(narrow, wide, stride=2), ConvBlock(wide, wide)]
        layers += [nn.GroupNorm(8, widths[-1]), nn.SiLU(), nn.Conv2d(widths[-1], 64, 1)]
        self.body = nn.Sequential(*layers)
        halvings = 2 ** len(widths)
        spots = (size[0] // halvings) * (size[1] // halvings)
        self.head = nn.Sequential(
            nn.Linear(64 * spots + 2, hidden), nn.SiLU(), nn.Linear(hidden, hidden), nn.SiLU()
        )
        self.out = nn.Linear(hidden, 2 * p + len(views))

    def forward(self, x: Tensor, scale: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Concept vector, its log standard deviation, and logits of the views.

        Args:
            x: ink (b, 1, H, W) in [-1, 1], 1 is white paper.
            scale: (b, 2): 1 where the scale is known, else 0; and the log of mm per pixel over that of the
                frame at base size, 0 where unknown.

        Returns:
            z (b, P), log_sigma (b, P) in the units of z, view_logits (b, len(views)).
        """
        dtype = self.out.weight.dtype
        b, _, rows, columns = x.shape
        across = torch.linspace(-1, 1, columns, device=x.device, dtype=dtype).expand(b, 1, rows, columns)
        down = torch.linspace(-1, 1, rows, device=x.device, dtype=dtype)[:, None].expand(b, 1, rows, columns)
        y = self.body(torch.cat([x.to(dtype), across, down], dim=1)).flatten(1)
        y = self.out(self.head(torch.cat([y, scale.to(y.dtype)], dim=1)))
        p = len(self.config.parameter_names)
        return y[:, :p], y[:, p : 2 * p].clamp(-6.0, 1.5), y[:, 2 * p :]


def _position_table(rows: int, columns: int, width: int) -> Tensor:
    """Sines and cosines of row and column (1, rows * columns, width): where the learned table starts."""
    quarter = width // 4
    steps = 2.0 ** -torch.arange(quarter) * 1.0 if quarter <= 8 else torch.logspace(0, -3, quarter)
    tables = []
    for count in (rows, columns):
        angles = torch.arange(count)[:, None] * steps * math.pi / 2
        tables.append(torch.cat([angles.sin(), angles.cos()], dim=1))
    down = tables[0][:, None].expand(rows, columns, 2 * quarter)
    across = tables[1][None].expand(rows, columns, 2 * quarter)
    table = torch.cat([down, across], dim=-1).reshape(1, rows * columns, 4 * quarter)
    return functional.pad(table, (0, width - 4 * quarter)) * 0.5
