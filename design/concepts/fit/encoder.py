"""Parameters from a picture: what the network sees of it, and what it says.

What the network sees is made by :func:`network_input` in training and in use alike: ink on white paper at the
frame's base size in [-1, 1], either in the drawings' own frame (scale known) or fitted into a fixed box by
its silhouette (scale unknown).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...arrays import ByteArray, Float32Array
from ...errors import ModelError
from ...family.frame import ENLARGE, Frame
from ...family.registry import get_family
from .picture import resized, window

#: largest width and height that a silhouette of unknown scale is fitted into, and its foot from the top, as
#: shares of the frame's
FIT_BOX = (0.78125, 0.78125)
FIT_FOOT = 0.875


@dataclass(frozen=True)
class Seen:
    """What the network sees of one picture.

    Attributes:
        ink: (1, height, width) at base size, float32, 1 = paper, -1 = black ink.
        scale: (2,) float32: 1 and log(mm per pixel / the frame's at base size) where known, else 0 and 0.
    """

    ink: Float32Array
    scale: Float32Array


@dataclass(frozen=True)
class Encoded:
    """What the network says of n pictures: concept vectors (n, P), their standard deviations (n, P) in the
    same units (half a parameter's range is 1), and the chance of each view (n, 2)."""

    z: Float32Array
    sigma: Float32Array
    view: Float32Array


def network_input(
    frame: Frame, ink: Float32Array, box: tuple[float, float, float, float] | None, scale: float | None
) -> Seen:
    """The network's view of `ink` (H, W), 1 = paper, nose to the left.

    Args:
        ink: paper divided out (`picture.ink_of`); a drawing's own ink channel / 255 is such an ink.
        box: silhouette's left, top, right, bottom in pixels; None only for a picture in the drawings' frame.
        scale: its mm per pixel over the frame's, where it is known. A picture of the frame's shape and
            scale is seen in its own frame, any other is fitted by its box.
    """
    height, width = ink.shape
    base, large = frame.base, frame.picture
    framed = scale is not None and width * large[1] == height * large[0]
    if framed and abs((scale or 0.0) * width / large[0] - 1.0) < 0.01:
        return Seen(2.0 * resized(ink, base)[None] - 1.0, np.array([1.0, 0.0], dtype=np.float32))
    if box is None:
        raise ValueError("a picture outside the drawings' frame needs its silhouette's box")
    left, top, right, bottom = box
    zoom = min(FIT_BOX[0] * base[0] / max(right - left, 1.0), FIT_BOX[1] * base[1] / max(bottom - top, 1.0))
    corner = (0.5 * (left + right) - 0.5 * base[0] / zoom, bottom - FIT_FOOT * base[1] / zoom)
    shown = (*corner, corner[0] + base[0] / zoom, corner[1] + base[1] / zoom)
    seen = 2.0 * np.clip(window(ink, shown, base, 1.0), 0.0, 1.0)[None] - 1.0
    if scale is None:
        return Seen(seen, np.zeros(2, dtype=np.float32))
    log_scale = float(np.log(scale / zoom / ENLARGE))
    return Seen(seen, np.array([1.0, log_scale], dtype=np.float32))


def training_input(
    frame: Frame, ink: ByteArray, paint: ByteArray, known: bool, rng: np.random.Generator
) -> Seen:
    """One training example from a drawing's channels at base size, as pictures of every palette would look.

    The body's tone under the ink, paper noise, line weight, softness, and errors of a pixel or so in the
    silhouette's box are drawn at random. Everything else is what :func:`network_input` does.
    """
    light = ink.astype(np.float32) / 255.0
    cover = paint.astype(np.float32) / 255.0
    if rng.random() < 0.7:
        light = light * (1.0 - cover * np.float32(rng.uniform(0.0, 0.85)))
    light = light ** np.float32(np.exp(rng.normal(0.0, 0.25)))
    if rng.random() < 0.5:
        light = light + rng.normal(0.0, rng.uniform(0.0, 0.03), light.shape).astype(np.float32)
    if rng.random() < 0.3:
        soft = 0.5 * light
        soft += 0.125 * (np.roll(light, 1, 0) + np.roll(light, -1, 0))
        soft += 0.125 * (np.roll(light, 1, 1) + np.roll(light, -1, 1))
        light = soft
    light = np.clip(light, 0.0, 1.0)
    if known:
        return network_input(frame, light, None, float(ENLARGE))
    from .segmentation import foreground_box

    left, top, right, bottom = foreground_box(ink, paint)
    jitter = rng.normal(0.0, 0.8, 4)
    return network_input(
        frame, light, (left + jitter[0], top + jitter[1], right + jitter[2], bottom + jitter[3]), None
    )


def load_encoder(folder: Path) -> Any:
    """The trained network in a model's folder (diffusers layout: `encoder/config.json`, safetensors).

    Raises:
        ModelError: the folder holds no usable encoder, or one made for another declaration of the family.
    """
    from ..networks.networks import ConceptEncoder

    place = folder / "encoder" if (folder / "encoder").is_dir() else folder
    if not (place / "config.json").is_file():
        raise ModelError(f"{place}: no encoder there; it holds config.json and safetensors weights")
    try:
        network = ConceptEncoder.from_pretrained(str(place), local_files_only=True)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise ModelError(f"{place}: no usable encoder ({' '.join(str(error).split())[:160]})") from error
    made_for = get_family(str(network.config.family))
    if network.config.declaration_hash not in ("", made_for.declaration_hash):
        raise ModelError(
            f"{place}: trained for another declaration of the {made_for.name} family; train it anew"
        )
    return network.float().eval()


def encode(encoder: Any, seen: Sequence[Seen]) -> Encoded:
    """The network's answer to n pictures."""
    import torch

    with torch.inference_mode():
        ink = torch.from_numpy(np.stack([s.ink for s in seen]))
        scale = torch.from_numpy(np.stack([s.scale for s in seen]))
        z, log_sigma, view = encoder(ink, scale)
        chance = torch.softmax(view.float(), dim=-1)
        sigma = log_sigma.float().clamp(-7.0, 2.0).exp()
    return Encoded(z.float().clamp(-1.0, 1.0).numpy(), sigma.numpy(), chance.numpy())
