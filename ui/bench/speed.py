"""How long a sheet takes, beside a Stable Diffusion 1.5 U-Net of random weights in the same process."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ...design.family.contract import Family
from ..progress import seconds_text, silent
from ..sheets.bodies import read_bodies
from ..sheets.sketching import Wish, draw
from .rows import Row
from .sketches import said_of

BRIEF = "A calm, low fastback with a long wheelbase"
SHEET, SEED = 8, 5
#: seconds on two idle cores
SKETCHES_WITHIN, BODIES_WITHIN = 3.0, 8.0
REPEATS = 3
#: steps of the Stable Diffusion run, and how many are timed where one takes longer than LONG_STEP seconds
STEPS, TIMED, LONG_STEP = 20, 2, 2.0
#: latents and words of one 512 x 512 picture; two of each step, with and without words
LATENTS, WORDS = (4, 64, 64), 77
#: memory that the U-Net needs in float32 with room for its work, bytes
UNET_BYTES = 6e9
#: the configuration of Stable Diffusion 1.5 (859.5 million weights); everything else as diffusers' default
SD15: Mapping[str, Any] = MappingProxyType(
    {
        "sample_size": 64,
        "in_channels": 4,
        "out_channels": 4,
        "layers_per_block": 2,
        "block_out_channels": (320, 640, 1280, 1280),
        "down_block_types": (*["CrossAttnDownBlock2D"] * 3, "DownBlock2D"),
        "up_block_types": ("UpBlock2D", *["CrossAttnUpBlock2D"] * 3),
        "cross_attention_dim": 768,
        "attention_head_dim": 8,
    }
)


def speed_rows(pipe: Any, family: Family, rival: bool = True) -> list[Row]:
    """A sheet of eight, the model loaded: the sketches alone, with their bodies, and beside the U-Net."""
    said = said_of([BRIEF], pipe)[0]
    wish = Wish(n=SHEET)
    draw(pipe, said, wish, SEED, silent)
    alone, whole = [], []
    for k in range(REPEATS):
        began = time.perf_counter()
        sketches = draw(pipe, said, wish, SEED + k, silent)
        alone.append(time.perf_counter() - began)
        read_bodies(sketches, family, pipe.encoder, said.locks, silent)
        whole.append(time.perf_counter() - began)
    sheet, bodies = statistics.median(alone), statistics.median(whole)
    times = f"median of {REPEATS} sheets, model loaded"
    rows = [
        Row("speed: eight sketches", sheet, "s", at_most=SKETCHES_WITHIN, detail=times),
        Row("speed: eight sketches with bodies", bodies, "s", at_most=BODIES_WITHIN, detail=times),
    ]
    if rival:
        rows += rival_rows(sheet)
    return rows


def rival_rows(sheet: float) -> list[Row]:
    """One run of the U-Net over a sheet of `sheet` seconds; none where it does not fit into memory."""
    from ...design.concepts.hub.cost import available_bytes

    free = available_bytes("cpu")
    if free < UNET_BYTES:
        print(
            f"no Stable Diffusion U-Net to compare with: {free / 1e9:.1f} GB of memory free, "
            f"{UNET_BYTES / 1e9:.0f} GB needed",
            file=sys.stderr,
        )
        return []
    seconds, how = unet_seconds()
    detail = f"U-Net {seconds_text(seconds)} for one picture ({how}); sheet {seconds_text(sheet)}"
    return [
        Row("speed: SD 1.5 U-Net, one picture / eight sketches", seconds / sheet, "x", detail=detail),
        Row("speed: SD 1.5 U-Net, one picture / one sketch", SHEET * seconds / sheet, "x"),
    ]


def unet_seconds(config: Mapping[str, Any] = SD15, steps: int = STEPS) -> tuple[float, str]:
    """Seconds of `steps` guided steps for one picture, and how they were timed.

    Text encoder and decoder are left out. The weights are random, in bfloat16 where our own networks
    run in it too, else in float32.
    """
    import torch
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
    from diffusers.schedulers.scheduling_ddim import DDIMScheduler

    from ...design.concepts.generate.sampling import half_precision

    with half_precision(torch.device("cpu")):
        half = torch.is_autocast_enabled("cpu")
    kind = torch.bfloat16 if half else torch.float32
    generator = torch.Generator().manual_seed(0)
    unet = UNet2DConditionModel(**config).to(kind).eval()
    size = int(config["sample_size"])
    latents = torch.randn((1, LATENTS[0], size, size), generator=generator).to(kind)
    words = torch.randn((2, WORDS, int(config["cross_attention_dim"])), generator=generator).to(kind)
    scheduler = DDIMScheduler()
    scheduler.set_timesteps(steps)
    taken: list[float] = []
    with torch.inference_mode():
        unet(torch.cat([latents] * 2), 0, words)  # the first call sets things up
        for timestep in scheduler.timesteps:
            began = time.perf_counter()
            without, with_words = unet(torch.cat([latents] * 2), timestep, words).sample.chunk(2)
            noise = without + 7.5 * (with_words - without)
            latents = scheduler.step(noise, timestep, latents).prev_sample
            taken.append(time.perf_counter() - began)
            if len(taken) == TIMED and statistics.mean(taken) > LONG_STEP:
                break
    weights = sum(weight.numel() for weight in unet.parameters()) / 1e6
    how = f"{weights:.0f} million weights, {'bfloat16' if half else 'float32'}"
    if len(taken) < steps:
        how += f", {len(taken)} steps timed and scaled to {steps}"
    return sum(taken) * steps / len(taken), how
