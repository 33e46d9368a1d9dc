"""Layers that the concept networks share: time embedding, normalised attention, modulated blocks."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

#: highest angle of the time embedding, in radians at t = 1
_TIME_SCALE = 1000.0


class TimeEmbedding(nn.Module):
    """Flow time t (b,) in 0..1 to (b, width)."""

    def __init__(self, width: int, frequencies: int = 64) -> None:
        super().__init__()
        self.frequencies = frequencies
        self.into = nn.Linear(2 * frequencies, width)
        self.out = nn.Linear(width, width)

    def forward(self, t: Tensor) -> Tensor:
        steps = torch.arange(self.frequencies, device=t.device, dtype=torch.float32) / self.frequencies
        angles = t.float()[:, None] * (_TIME_SCALE * torch.exp(-math.log(10_000.0) * steps))
        waves = torch.cat([angles.cos(), angles.sin()], dim=-1)
        out: Tensor = self.out(functional.silu(self.into(waves.to(self.into.weight.dtype))))
        return out


class RmsNorm(nn.Module):
    """x over its root mean square in the last dimension, with a learned gain."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return functional.rms_norm(x, (x.shape[-1],), self.gain.to(x.dtype), 1e-6)


class Attention(nn.Module):
    """Self attention over (b, n, width) with normalised queries and keys."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.into = nn.Linear(width, 3 * width, bias=False)
        self.query_norm = RmsNorm(width // heads)
        self.key_norm = RmsNorm(width // heads)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """`mask` (b, n) is true where a token may be looked at."""
        b, n, width = x.shape
        q, k, v = self.into(x).view(b, n, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        # Written out: PyTorch's fused attention is several times slower than this in training on CPU.
        scores = self.query_norm(q) @ self.key_norm(k).transpose(-1, -2) * (width // self.heads) ** -0.5
        if mask is not None:
            scores = scores.masked_fill(~mask[:, None, None, :], -torch.inf)
        y = scores.softmax(dim=-1).to(v.dtype) @ v
        out: Tensor = self.out(y.transpose(1, 2).reshape(b, n, width))
        return out


class GatedMlp(nn.Module):
    """SwiGLU (Shazeer 2020, arXiv 2002.05202)."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.into = nn.Linear(width, 2 * hidden)
        self.out = nn.Linear(hidden, width)

    def forward(self, x: Tensor) -> Tensor:
        gate, value = self.into(x).chunk(2, dim=-1)
        out: Tensor = self.out(functional.silu(gate) * value)
        return out


class TransformerBlock(nn.Module):
    """Plain block: attention and gated MLP, each after a norm."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.norm_attention, self.norm_mlp = RmsNorm(width), RmsNorm(width)
        self.attention = Attention(width, heads)
        self.mlp = GatedMlp(width, hidden)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        x = x + self.attention(self.norm_attention(x), mask)
        out: Tensor = x + self.mlp(self.norm_mlp(x))
        return out


class ModulatedBlock(nn.Module):
    """Transformer block whose norms are shifted, scaled and gated by the condition.

    The six vectors come from one projection that all blocks share, plus this block's own offsets
    (adaLN-single: Chen et al. 2023, arXiv 2310.00426).
    """

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.norm_attention, self.norm_mlp = RmsNorm(width), RmsNorm(width)
        self.attention = Attention(width, heads)
        self.mlp = GatedMlp(width, hidden)
        self.offsets = nn.Parameter(torch.zeros(6, width))

    def forward(self, x: Tensor, modulation: Tensor) -> Tensor:
        """`x` (b, n, width), `modulation` (b, 6, width)."""
        m = (modulation + self.offsets)[:, :, None, :].to(x.dtype)
        y = self.norm_attention(x) * (1 + m[:, 0]) + m[:, 1]
        x = x + m[:, 2] * self.attention(y)
        y = self.norm_mlp(x) * (1 + m[:, 3]) + m[:, 4]
        out: Tensor = x + m[:, 5] * self.mlp(y)
        return out


class ModulatedMlp(nn.Module):
    """Residual MLP block on (b, width), modulated by a condition of the same width."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.norm = RmsNorm(width)
        self.modulation = nn.Linear(width, 3 * width)
        self.mlp = GatedMlp(width, hidden)
        zero_parameters(self.modulation)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale, shift, gate = self.modulation(functional.silu(condition)).chunk(3, dim=-1)
        out: Tensor = x + gate * self.mlp(self.norm(x) * (1 + scale) + shift)
        return out


class ConvBlock(nn.Module):
    """Residual pair of 3 x 3 convolutions with group norms; halves the picture when `stride` is 2."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(8, inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1)
        self.norm2 = nn.GroupNorm(8, outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        same = inputs == outputs and stride == 1
        self.skip = nn.Identity() if same else nn.Conv2d(inputs, outputs, stride, stride=stride)
        zero_parameters(self.conv2)

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(functional.silu(self.norm1(x)))
        y = self.conv2(functional.silu(self.norm2(y)))
        out: Tensor = self.skip(x) + y
        return out


def zero_parameters(*modules: nn.Module) -> None:
    """Start these layers at zero: a residual branch that does nothing yet."""
    for module in modules:
        for parameter in module.parameters():
            nn.init.zeros_(parameter)
