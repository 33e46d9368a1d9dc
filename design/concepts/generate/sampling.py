"""The two sampling loops: concept vectors by the prior, drawings by the drawer and the sharpener.

Both walk the straight path from noise (sigma 1) to clean (sigma 0) with diffusers' flow-matching Euler
scheduler; the networks predict the clean end, the scheduler takes the velocity (x_t - x_clean) / sigma.
Importing this module loads torch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ...arrays import BoolArray, ByteArray, FloatArray
from ...errors import InputError
from .guidance import Conditions, Strengths, guided_clean

#: drawings sharpened together: more would need memory and gain no time
SHARPENED_AT_ONCE = 8

Generators = torch.Generator | Sequence[torch.Generator] | None
#: called after every step with (stage, step, timestep, latents): the latents to go on with, None to stop
StepEnd = Callable[[str, int, float, Tensor], Tensor | None]


@dataclass(frozen=True)
class Path:
    """How a loop walks: `steps` of a whole path, begun at `strength` (1 from pure noise, 0 not at all).

    Attributes:
        scheduler: a scheduler of its own for each loop (its state changes on the way).
        start: clean beginning, shape of the latents; None needs strength 1.
    """

    scheduler: Any
    steps: int
    strength: float = 1.0
    start: Tensor | None = None

    def begin(self, noise: Tensor) -> Tensor:
        """Latents that the walk begins with."""
        count = max(1, math.ceil(self.steps * self.strength - 1e-9))
        sigmas = np.linspace(self.strength, self.strength / count, count)
        self.scheduler.set_timesteps(sigmas=sigmas.tolist(), device=noise.device)
        sigma = float(self.scheduler.sigmas[0])
        if self.start is None or self.strength >= 1.0:
            return noise
        return (1.0 - sigma) * self.start + sigma * noise


def walk(
    path: Path,
    noise: Tensor,
    clean_at: Callable[[Tensor, float], Tensor],
    stage: str,
    on_step: StepEnd | None,
    generator: Generators = None,
) -> Tensor:
    """Clean latents from `noise` along `path`; `clean_at(x_t, sigma)` predicts the clean end."""
    if path.strength <= 0.0 and path.start is not None:
        return path.start
    x = path.begin(noise)
    random = generator if isinstance(generator, torch.Generator) else None
    sigmas = [float(s) for s in path.scheduler.sigmas[:-1]]
    for step, (timestep, sigma) in enumerate(zip(path.scheduler.timesteps, sigmas, strict=True)):
        velocity = (x - clean_at(x, sigma)) / sigma
        x = path.scheduler.step(velocity, timestep, x, generator=random, return_dict=False)[0]
        if on_step is not None:
            answer = on_step(stage, step, float(timestep), x)
            if answer is None:
                break
            x = answer
    return x


def sample_concepts(
    prior: Any,
    path: Path,
    noise: Tensor,
    asked: Conditions,
    strengths: Strengths,
    project: Callable[[Tensor], Tensor],
    on_step: StepEnd | None = None,
    generator: Generators = None,
) -> Tensor:
    """Concept vectors (n, P) in [-1, 1]; `project` puts in what is known, at every step and at the end."""

    def clean_at(z_t: Tensor, sigma: float) -> Tensor:
        return project(guided_clean(prior, z_t, sigma, asked, strengths))

    return project(walk(path, noise, clean_at, "prior", on_step, generator).clamp(-1.0, 1.0))


def sample_drawings(
    drawer: Any,
    path: Path,
    noise: Tensor,
    z: Tensor,
    look: tuple[Tensor, Tensor, Tensor],
    guidance: float = 1.0,
    on_step: StepEnd | None = None,
    generator: Generators = None,
) -> Tensor:
    """Drawings (n, 2, 128, 256) in [-1, 1] of concept vectors (n, P).

    Args:
        look: view and style indices, (n,) int64 each, and the guides (n, PLANES, 128, 256).
        guidance: classifier-free guidance on the concept vector; 1 is off and twice as fast.
    """
    view, style, guide = look
    n = len(z)

    def clean_at(x_t: Tensor, sigma: float) -> Tensor:
        clean: Tensor
        with half_precision(x_t.device):
            if guidance == 1.0:
                clean = drawer(x_t, x_t.new_full((n,), 1.0 - sigma), z, view, style, guide).float()
            else:
                dropped = torch.arange(2 * n, device=z.device) >= n
                twice = [torch.cat([a, a]) for a in (x_t, z, view, style, guide)]
                both = drawer(
                    twice[0], x_t.new_full((2 * n,), 1.0 - sigma), *twice[1:], dropped=dropped
                ).float()
                clean = both[n:] + guidance * (both[:n] - both[n:])
        return clean.clamp(-1.0, 1.0)

    return walk(path, noise, clean_at, "drawer", on_step, generator).clamp(-1.0, 1.0)


def sharpen(sharpener: Any, x: Tensor, guide: BoolArray) -> ByteArray:
    """Drawings (n, 2, h, w) in [-1, 1] and guides (n, PLANES, 3 h, 3 w) to finished drawings (n, 2, 3 h, 3 w)
    of bytes, a few at a time."""
    fine = []
    for start in range(0, len(x), SHARPENED_AT_ONCE):
        few = slice(start, start + SHARPENED_AT_ONCE)
        seen = torch.from_numpy(guide[few].astype(np.float32)).to(x.device)
        with half_precision(x.device):
            fine.append(to_bytes(sharpener(x[few], seen).float()))
    return np.concatenate(fine)


def to_bytes(x: Tensor) -> ByteArray:
    """Values in [-1, 1] to bytes, rounded."""
    pixels = ((x.clamp(-1.0, 1.0) + 1.0) * 127.5).round().to(torch.uint8)
    return np.ascontiguousarray(pixels.cpu().numpy())


def half_precision(device: torch.device) -> Any:
    """bfloat16 where the machine has it in hardware; else plain float32."""
    fast = device.type == "cuda" or (device.type == "cpu" and _bfloat16_pays())
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=fast)


def _bfloat16_pays() -> bool:
    has = torch.cpu.get_capabilities()
    return bool(has.get("avx512_bf16") or has.get("amx_bf16"))


def randn(shape: Sequence[int], generator: Generators, device: torch.device) -> Tensor:
    """Normal noise (n, ...) from one generator, or row by row from one generator each."""
    from diffusers.utils.torch_utils import randn_tensor

    many = list(generator) if isinstance(generator, Sequence) else generator
    noise: Tensor = randn_tensor(tuple(shape), generator=many, device=device, dtype=torch.float32)
    return noise


def uniform(n: int, generator: Generators) -> FloatArray:
    """Uniform numbers (n,) in 0..1, from one generator or from one each."""
    if generator is None or isinstance(generator, torch.Generator):
        device = "cpu" if generator is None else generator.device
        drawn = torch.rand(n, generator=generator, device=device, dtype=torch.float64)
    else:
        one = [torch.rand(1, generator=g, device=g.device, dtype=torch.float64).cpu() for g in generator]
        drawn = torch.cat(one)
    return np.asarray(drawn.cpu().numpy(), dtype=np.float64)


def generators_of(generator: Generators, n: int) -> Generators:
    """One generator for all n pictures, or one for each.

    Raises:
        InputError: another number of them.
    """
    if generator is None or isinstance(generator, torch.Generator):
        return generator
    many = list(generator)
    if len(many) != n or not all(isinstance(g, torch.Generator) for g in many):
        raise InputError(
            f"generator holds {len(many)} for {n} images; give one torch.Generator, or one for each"
        )
    return many


def chosen_of(generator: Generators, rows: Sequence[int]) -> Generators:
    """The generators of those rows."""
    if generator is None or isinstance(generator, torch.Generator):
        return generator
    return [generator[i] for i in rows]
