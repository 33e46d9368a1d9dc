"""What a model will cost, said before it is loaded: bytes of weights and seconds per picture.

Multiplications are counted from the shapes in the safetensors headers (which layer works at which
resolution shows in its name), and two short probes measure how fast this machine multiplies matrices and
convolves. Nothing of the model is loaded.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

from .folder import Component, Header, ModelFolder

#: bytes of a number by its name here
ITEM = {"float32": 4, "bfloat16": 2, "float16": 2}
DENOISERS = ("unet", "transformer", "prior", "decoder")
VAES = ("vae", "vqvae", "vqgan")
#: text tokens that a denoiser sees: CLIP's 77; with a T5 or a language model beside it as many more
CLIP_TOKENS, LONG_TOKENS = 77, 256
#: time of a picture over that of its operations at the probes' speed: small layers, normalisation, copies;
#: measured on one core with Stable Diffusion 1.5's U-Net: 2.1 in float32, 1.9 in bfloat16
OVERHEAD = 2.0
#: layers that act once a picture, on the time or a pooled text
ONCE = re.compile(
    r"(^|\.)(time_|timestep|guidance|pooled|add_embedding|class_emb|adaln|norm\d?(_context|_out)?\.linear|time_emb)"
)
TEXT_SIDE = re.compile(
    r"attn2\.to_[kv]|add_[kqv]_proj|to_add_out|context_embed|ff_context|encoder_hid|txt_|caption"
)
TABLES = re.compile(
    r"embed_tokens|shared\.|token_embedding|position_embedding|pos_embed|relative_attention_bias"
)


@dataclass(frozen=True)
class Work:
    """Floating-point operations (a multiplication and an addition are two)."""

    conv: float = 0.0
    linear: float = 0.0

    def __add__(self, other: Work) -> Work:
        return Work(self.conv + other.conv, self.linear + other.linear)

    def __mul__(self, times: float) -> Work:
        return Work(self.conv * times, self.linear * times)

    @property
    def total(self) -> float:
        """Both kinds together."""
        return self.conv + self.linear


@dataclass(frozen=True)
class Estimate:
    """What a model takes on this machine.

    Attributes:
        weights_bytes: in memory, in the type that it would be loaded in.
        file_bytes: on disk.
        operations: floating-point operations for one picture.
        seconds: for one picture; a factor of two either way.
        available_bytes: memory free for it now.
        dtype, device: what it would be loaded in and on.
    """

    weights_bytes: int
    file_bytes: int
    operations: float
    seconds: float
    available_bytes: int
    dtype: str
    device: str

    @property
    def fits(self) -> bool:
        """Whether the weights fit the free memory."""
        return self.weights_bytes < self.available_bytes

    def sentence(self, pictures: int = 1) -> str:
        """``3.4 GB of weights (21.5 GB free), about 95 s per picture on cpu in float32, 13 min for 8``."""
        return (
            f"{_bytes(self.weights_bytes)} of weights ({_bytes(self.available_bytes)} free), about "
            f"{_seconds(self.seconds)} per picture on {self.device} in {self.dtype}"
        ) + (f", {_seconds(pictures * self.seconds)} for {pictures}" if pictures > 1 else "")


def weights_bytes(parts: list[Component], dtype: str) -> int:
    """Bytes of the parts' floating-point weights in memory (integer tables keep their few)."""
    return sum(prod(shape) * ITEM[dtype] for part in parts for shape, _ in part.header().values())


def picture_work(
    model: ModelFolder,
    size: tuple[int, int],
    steps: int,
    guided: bool | None = None,
    controlnet: Component | None = None,
) -> Work:
    """Operations of one picture from words: text, all denoising steps, decoding.

    Args:
        size: (width, height) in pixels.
        guided: whether words are weighed against none (twice the work a step); the model's habit when None.
    """
    vae = model.component(*VAES)
    factor, channels = _latent(vae)
    latent = (max(1, size[1] // factor), max(1, size[0] // factor))
    long = any(re.match(r"T5|UMT5|Qwen|Gemma|Llama|Mistral", c.class_name) for c in model.components)
    text = CLIP_TOKENS + (LONG_TOKENS if long else 0)
    total = Work()
    for part in model.components:
        if part.name.startswith("text_encoder"):
            clip = part.class_name.startswith("CLIP")
            total += _text_work(part.header(), CLIP_TOKENS if clip else LONG_TOKENS)
    denoiser = model.component(*DENOISERS)
    if denoiser is not None:
        one = denoiser_work(denoiser, latent, text, channels)
        if controlnet is not None:
            one += denoiser_work(controlnet, latent, text, channels)
        twice = guided if guided is not None else not denoiser.config.get("guidance_embeds", False)
        total += one * (steps * (2 if twice else 1))
    if vae is not None:
        total += _decoder_work(vae.header(), latent)
    return total


def denoiser_work(part: Component, latent: tuple[int, int], text: int, channels: int = 4) -> Work:
    """Operations of one forward pass of a U-Net, a transformer or a ControlNet for one picture.

    Args:
        latent: (height, width) of the latent picture. text: tokens of the words. channels: of the latent.
    """
    shapes = part.header()
    if any(key.startswith("down_blocks") for key in shapes):
        return _unet_work(shapes, latent, text)
    inner = int(part.config.get("in_channels") or channels)
    patch = 2 if inner == 4 * channels else int(part.config.get("patch_size") or 1)
    return _transformer_work(shapes, latent[0] * latent[1] // patch**2, text)


@cache
def machine_rates(device: str, dtype: str) -> tuple[float, float]:
    """Operations per second of (convolutions, matrix products) on this machine now; a second to measure."""
    import torch

    kind = getattr(torch, dtype)
    x = torch.randn(1, 320, 64, 64, device=device).to(kind)
    kernel = torch.randn(320, 320, 3, 3, device=device).to(kind)
    a, b = torch.randn(2, 2048, 1280, device=device).to(kind)
    with torch.no_grad():
        conv = _fastest(lambda: torch.conv2d(x, kernel, padding=1), device)
        product = _fastest(lambda: a @ b.T, device)
    return 2 * 320 * 320 * 9 * 64 * 64 / conv, 2 * 2048 * 2048 * 1280 / product


def seconds_of(work: Work, device: str, dtype: str) -> float:
    """Time of that much work on this machine."""
    conv, linear = machine_rates(device, dtype)
    return OVERHEAD * (work.conv / conv + work.linear / linear)


def available_bytes(device: str) -> int:
    """Memory free now: of the graphics card, or of the machine."""
    import torch

    if device.startswith("cuda"):
        return int(torch.cuda.mem_get_info(device)[0])
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            found = re.search(r"MemAvailable:\s+(\d+) kB", file.read())
        if found:
            return int(found[1]) * 1024
    except OSError:
        pass
    import os

    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


# -- counting ------------------------------------------------------------------------------------------


def _unet_work(shapes: Header, latent: tuple[int, int], text: int) -> Work:
    downs = [int(m[1]) for m in (re.match(r"down_blocks\.(\d+)", key) for key in shapes) if m]
    last = max(downs, default=0)
    halvings = (
        sum(re.fullmatch(r"controlnet_cond_embedding\.blocks\.\d+\.weight", k) is not None for k in shapes)
        // 2
    )
    area = latent[0] * latent[1]
    work = Work()
    for key, (shape, _) in shapes.items():
        if len(shape) < 2 or TABLES.search(key):
            continue
        places = area / 4 ** _unet_level(key, last, halvings)
        if len(shape) == 4:
            work += Work(conv=2 * prod(shape) * places)
        elif ONCE.search(key):
            work += Work(linear=2 * prod(shape))
        elif TEXT_SIDE.search(key):
            work += Work(linear=2 * prod(shape) * text)
        else:
            work += Work(linear=2 * prod(shape) * places)
        if key.endswith("to_q.weight"):
            work += Work(linear=4 * places * (text if ".attn2." in key else places) * shape[0])
    return work


def _unet_level(key: str, last: int, halvings: int) -> float:
    """How many times the latent's sides are halved where a layer of a U-Net or ControlNet works.

    Args:
        last: the lowest level. halvings: of a ControlNet's picture until it is as small as the latent.
    """
    part, _, rest = key.partition(".")
    index = int(found[1]) if (found := re.match(r"(?:blocks\.)?(\d+)", rest)) else None
    if part == "controlnet_cond_embedding":  # works from the picture's own size down to the latent's
        if rest.startswith("conv_out"):
            return 0.0
        return -halvings if index is None else (index + 1) // 2 - halvings
    if part == "controlnet_down_blocks" and index is not None:  # three a level
        return min(last, index // 3)
    if part == "down_blocks" and index is not None:
        return index + ("downsamplers" in rest)
    if part == "up_blocks" and index is not None:
        return last - index - ("upsamplers" in rest)
    return last if part in {"mid_block", "controlnet_mid_block"} else 0


def _transformer_work(shapes: Header, image: int, text: int) -> Work:
    work = Work()
    joint = any("add_q_proj" in key or "single_transformer_blocks" in key for key in shapes)
    for key, (shape, _) in shapes.items():
        if len(shape) < 2 or (TABLES.search(key) and "proj" not in key):
            continue
        tokens = image + (text if "single_" in key else 0)
        if ONCE.search(key):
            tokens = 1
        elif TEXT_SIDE.search(key):
            tokens = text
        work += Work(linear=2 * prod(shape) * tokens)
        if key.endswith("to_q.weight"):
            both = image + text if joint and "attn2" not in key else image
            seen = text if "attn2." in key and not joint else both
            work += Work(linear=4 * both * seen * shape[0])
    return work


def _text_work(shapes: Header, tokens: int) -> Work:
    return sum(
        (
            Work(linear=2 * prod(shape) * tokens)
            for key, (shape, _) in shapes.items()
            if len(shape) == 2 and not TABLES.search(key)
        ),
        Work(),
    )


def _decoder_work(shapes: Header, latent: tuple[int, int]) -> Work:
    """Operations of turning a latent into a picture: each block of the decoder doubles the sides."""
    area = latent[0] * latent[1]
    ups = [int(m[1]) for m in (re.match(r"decoder\.up_blocks\.(\d+)", key) for key in shapes) if m]
    last = max(ups, default=0)
    work = Work()
    for key, (shape, _) in shapes.items():
        if not key.startswith("decoder.") or len(shape) < 2:
            continue
        found = re.match(r"decoder\.up_blocks\.(\d+)", key)
        level = int(found[1]) + ("upsamplers" in key) if found else last if ".conv_out" in key else 0
        places = area * 4**level
        if len(shape) == 4:
            work += Work(conv=2 * prod(shape) * places)
        else:
            work += Work(linear=2 * prod(shape) * places)
            if key.endswith("to_q.weight"):
                work += Work(linear=4 * places * places * shape[0])
    return work


def _latent(vae: Component | None) -> tuple[int, int]:
    """How many pixels a side of a latent pixel covers, and the latent's channels."""
    if vae is None:
        return 8, 4
    blocks: Any = vae.config.get("block_out_channels") or (0,) * 4
    return 2 ** (len(blocks) - 1), int(vae.config.get("latent_channels") or 4)


def _fastest(run: Any, device: str, times: int = 3) -> float:
    import torch

    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        run()
        if device.startswith("cuda"):
            torch.cuda.synchronize()
        best = min(best, time.perf_counter() - start)
    return best


def _bytes(count: float) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e8 else f"{count / 1e6:.1f} MB"


def _seconds(seconds: float) -> str:
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 180 else f"{seconds / 60:.0f} min"
