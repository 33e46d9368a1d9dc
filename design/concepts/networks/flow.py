"""Flow matching: straight paths from noise to clean, the network predicting the clean end.

x_t = t x + (1 - t) e with t from 0 (noise) to 1 (clean). The loss is on the velocity that the prediction
implies, (x_hat - x_t) / (1 - t), which weighs the end of the path most ("Back to Basics", Li and He 2025,
arXiv 2511.13720).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

#: times are sigmoid(normal(TIME_MEAN, 1)), some uniform so that the last steps are learnt too; 1 - t is held
#: above NEAR in the loss
TIME_MEAN = -0.9
UNIFORM = 0.1
NEAR = 0.1
#: early times are EARLY_END u^2 with u uniform
EARLY_END = 0.2


def sample_times(n: int, generator: torch.Generator, mean: float = TIME_MEAN, early: float = 0.0) -> Tensor:
    """Times (n,) in 0..1, most of them on the noisy half.

    Args:
        early: share of times next to 0. A large picture shows through its noise from t = 0.2 on, where
            thousands of pixels agree; only before does the condition decide anything.
    """
    times = torch.sigmoid(torch.randn(n, generator=generator) + mean)
    kind, u = torch.rand(2, n, generator=generator)
    times = torch.where(kind < UNIFORM, u, times)
    return torch.where(kind > 1.0 - early, EARLY_END * u.square(), times)


def noisy(x: Tensor, t: Tensor, noise: Tensor) -> Tensor:
    """Points of the straight paths: x_t (b, ...) from clean x, times (b,) and noise of x's shape."""
    time = t.view(-1, *[1] * (x.dim() - 1))
    return time * x + (1.0 - time) * noise


def flow_loss(predicted: Tensor, clean: Tensor, t: Tensor) -> Tensor:
    """Mean squared error of the implied velocity, over everything."""
    error = (predicted.float() - clean).square().flatten(1).mean(1)
    return (error / (1.0 - t).clamp_min(NEAR).square()).mean()


def euler(
    predict: Callable[[Tensor, Tensor], Tensor], noise: Tensor, steps: int, begin: float = 0.0
) -> Tensor:
    """Clean samples from `noise` (b, ...) in `steps` equal steps of time.

    Args:
        predict: clean x (b, ...) from x_t (b, ...) and t (b,).
        begin: time at which `noise` stands: 0, or later for a noisy start.
    """
    x, each = noise, (1.0 - begin) / steps
    for step in range(steps):
        t = begin + step * each
        clean = predict(x, torch.full((len(x),), t, dtype=x.dtype, device=x.device)).to(x.dtype)
        x = clean if step == steps - 1 else x + (clean - x) / (1.0 - t) * each
    return x
