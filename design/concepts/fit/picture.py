"""Pictures as arrays with bounds, and turned into ink on white paper.

`as_rgb` takes a Pillow image, an array or a file; `ink_of` estimates the paper (a smooth tone, light or dark)
from the picture's border and returns how much light each pixel keeps of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import Float32Array
from ...errors import InputError
from ...limits import MAX_PICTURE_PIXELS, MIN_PICTURE_SIDE

#: pictures are worked on at most so large, pixels; a body is compared at its frame's size
WORKING_SIDE = 1536
#: darker than this on average, paper is taken for dark and the drawing for light on it
DARK_PAPER = 0.35
#: share of the width and height that counts as border
BORDER = 0.03
ODD = 0.08  # contrast above which a pixel of the border is no paper
#: what is drawn on transparency is light when less of it than this share is darker than `LIGHT`
DARK_SHARE, LIGHT = 0.02, 0.6
#: modes of scans with more than eight bits
DEEP = ("I", "I;16", "I;16B", "I;16L", "I;16N", "F")


@dataclass(frozen=True)
class Ink:
    """A picture freed of its paper.

    Attributes:
        ink: (H, W) light kept by each pixel: 1 = paper, 0 = black ink; light on dark paper is turned round.
        contrast: (H, W) distance in colour from the paper, 0 to about 1.
        noise: typical contrast of bare paper (three robust standard deviations).
        odd: share that is no paper of the second side of the picture, by that share.
        dark: the paper was dark.
        tone: (H, W, 3) the paper's light (turned round where dark).
    """

    ink: Float32Array
    contrast: Float32Array
    noise: float
    odd: float
    dark: bool
    tone: Float32Array


def as_rgb(image: Any, source: str = "picture") -> Float32Array:
    """A Pillow image or an array (H, W), (H, W, 3) or (H, W, 4), bytes 0..255 or floats 0..1, over white
    (over black where only light lines are drawn on transparency).

    Raises:
        InputError: of another kind or shape, or outside the bounds on size.
    """
    from PIL import Image

    if isinstance(image, Image.Image):
        _check_size(image.width, image.height, source)
        image = np.asarray(_plain(image))
    if not isinstance(image, np.ndarray) or image.ndim not in (2, 3):
        raise InputError(f"{source}: expected a picture, found {type(image).__name__}")
    if image.ndim == 3 and image.shape[2] not in (1, 3, 4):
        raise InputError(f"{source}: {image.shape[2]} channels; 1, 3 or 4 are allowed")
    _check_size(image.shape[1], image.shape[0], source)
    if image.dtype == np.bool_ or np.issubdtype(image.dtype, np.floating):
        pixels = image.astype(np.float32)
    elif image.dtype == np.uint8:
        pixels = image.astype(np.float32) / np.float32(255.0)
    else:
        raise InputError(f"{source}: pixels of kind {image.dtype}; bytes or floats 0 to 1 are allowed")
    return _checked(pixels, source)


def working(image: Any, source: str = "picture") -> tuple[Float32Array, float]:
    """:func:`as_rgb` of a picture, made smaller where a side exceeds `WORKING_SIDE`; and how much smaller."""
    from PIL import Image

    if isinstance(image, Image.Image):
        _check_size(image.width, image.height, source)
        shrink = max(1.0, max(image.size) / WORKING_SIDE)
        if shrink > 1.0:
            width = image.width
            image = _plain(image).resize(
                [max(1, round(s / shrink)) for s in image.size], Image.Resampling.BOX
            )
            shrink = width / image.width
        return as_rgb(image, source), shrink
    rgb = as_rgb(image, source)
    shrink = max(rgb.shape[:2]) / WORKING_SIDE
    if shrink <= 1.0:
        return rgb, 1.0
    size = (max(1, round(rgb.shape[1] / shrink)), max(1, round(rgb.shape[0] / shrink)))
    return np.stack([resized(rgb[..., k], size) for k in range(3)], axis=-1), rgb.shape[1] / size[0]


def _plain(image: Any) -> Any:
    """A Pillow image as RGB, or RGBA where it is transparent somewhere; scans of more than eight bits by
    their brightest tone."""
    from PIL import Image

    if image.mode in DEEP:
        grey = np.nan_to_num(np.asarray(image, dtype=np.float32), posinf=0.0, neginf=0.0)
        grey = np.clip(grey / max(float(grey.max(initial=0.0)), 1.0), 0.0, 1.0)
        image = Image.fromarray(np.round(grey * 255.0).astype(np.uint8))
    return image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB")


def ink_of(rgb: Float32Array) -> Ink:
    """Paper estimated and divided out of (H, W, 3) floats 0..1."""
    paper, noise = _paper(rgb)
    dark = float(paper.mean()) < DARK_PAPER
    if dark:
        rgb, paper = 1.0 - rgb, 1.0 - paper
    red, green, blue = np.moveaxis(np.abs(rgb - paper), 2, 0)
    contrast = 0.5 * np.maximum(red, np.maximum(green, blue)) + (red + green + blue) / 6.0
    weights = np.array([0.299, 0.587, 0.114], dtype=np.float32)
    ink = np.clip((rgb @ weights) / np.maximum(paper @ weights, 0.05), 0.0, 1.0)
    off = contrast > max(ODD, 1.6 * noise)
    band = max(2, round(BORDER * min(off.shape)))
    sides = (off[:band], off[-band:], off[:, :band], off[:, -band:])
    odd = sorted(float(side.mean()) for side in sides)[-2]
    return Ink(ink.astype(np.float32), contrast.astype(np.float32), noise, odd, dark, paper)


def resized(image: Float32Array, size: tuple[int, int]) -> Float32Array:
    """(H, W) floats at another (width, height): an area average where that is smaller, else linear."""
    from PIL import Image

    height, width = image.shape
    if (width, height) == size:
        return image
    smaller = size[0] <= width and size[1] <= height
    method = Image.Resampling.BOX if smaller else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(image).resize(size, method), dtype=np.float32)


def window(
    image: Float32Array, box: tuple[float, float, float, float], size: tuple[int, int], empty: float
) -> Float32Array:
    """What `box` (left, top, right, bottom in pixels; may reach outside) shows of an image (H, W), at
    another (width, height); `empty` outside."""
    from PIL import Image

    left, top, right, bottom = box
    height, width = image.shape
    pads = [
        (max(0, int(np.ceil(-top))), max(0, int(np.ceil(bottom - height)))),
        (max(0, int(np.ceil(-left))), max(0, int(np.ceil(right - width)))),
    ]
    padded = np.pad(image, pads, constant_values=empty)
    down, across = pads[0][0], pads[1][0]
    inner = (left + across, top + down, right + across, bottom + down)
    picture = Image.fromarray(np.ascontiguousarray(padded, dtype=np.float32))
    return np.asarray(picture.resize(size, Image.Resampling.BILINEAR, box=inner), dtype=np.float32)


def _paper(rgb: Float32Array) -> tuple[Float32Array, float]:
    """Smooth paper tone (H, W, 3): a quadratic through the bare part of the border; and its noise."""
    height, width = rgb.shape[:2]
    band = max(2, round(BORDER * min(height, width)))
    x = np.linspace(-1.0, 1.0, width, dtype=np.float32)[None, :]
    y = np.linspace(-1.0, 1.0, height, dtype=np.float32)[:, None]
    edge = np.zeros((height, width), dtype=bool)
    edge[:band] = edge[-band:] = True
    edge[:, :band] = edge[:, -band:] = True
    row, column = np.nonzero(edge)
    step = max(1, len(row) // 6000)
    row, column = row[::step], column[::step]
    tone, ex, ey = rgb[row, column], x[0, column], y[row, 0]
    middle = np.median(tone, axis=0)
    off = np.abs(tone - middle).max(axis=1)
    spread = max(1.4826 * float(np.median(off)), 0.004)
    kept = off < max(4.0 * spread, 0.04)
    terms = np.stack([np.ones_like(ex), ex, ey, ex * ex, ey * ey, ex * ey], axis=1)
    weights = np.zeros((6, 3), dtype=np.float32)
    weights[0] = middle
    residual = off
    for _ in range(3):
        if kept.sum() < 60 or kept.sum() < 0.3 * len(kept):
            break
        weights = np.linalg.lstsq(terms[kept], tone[kept], rcond=None)[0].astype(np.float32)
        residual = np.abs(tone - terms @ weights).max(axis=1)
        kept = residual < max(4.0 * 1.4826 * float(np.median(residual[kept])), 0.03)
    noise = 3.0 * 1.4826 * float(np.median(residual[kept])) if kept.any() else 0.0
    if float(np.abs(weights[1:]).max()) < 0.004:
        return np.broadcast_to(weights[0], rgb.shape), noise
    fields = (x, y, x * x, y * y, x * y)
    paper = np.broadcast_to(weights[0], rgb.shape).copy()
    for field, weight in zip(fields, weights[1:], strict=True):
        paper += np.multiply.outer(np.broadcast_to(field, (height, width)), weight)
    return np.clip(paper, 0.0, 1.0), noise


def _check_size(width: int, height: int, source: str) -> None:
    if min(width, height) < MIN_PICTURE_SIDE or width * height > MAX_PICTURE_PIXELS:
        raise InputError(
            f"{source}: {width} x {height} pixels; each side must have at least {MIN_PICTURE_SIDE} and both "
            f"together at most {MAX_PICTURE_PIXELS} pixels"
        )


def _checked(pixels: Float32Array, source: str) -> Float32Array:
    if not np.isfinite(pixels).all():
        raise InputError(f"{source}: holds pixels that are not finite numbers")
    if float(pixels.min()) < -0.001 or float(pixels.max()) > 1.001:
        raise InputError(
            f"{source}: float pixels from {pixels.min():g} to {pixels.max():g}; 0 to 1 are allowed"
        )
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    if pixels.shape[2] == 4:
        cover = pixels[..., 3:]
        ground = 0.0 if _light(pixels) else 1.0
        pixels = pixels[..., :3] * cover + ground * (1.0 - cover)
    if pixels.shape[2] == 1:
        pixels = np.repeat(pixels, 3, axis=2)
    return np.ascontiguousarray(pixels, dtype=np.float32)


def _light(pixels: Float32Array) -> bool:
    """Whether nearly all that is drawn on transparency is light, so that white paper would swallow it."""
    cover = pixels[..., 3]
    drawn = float(cover.sum())
    tone = pixels[..., :3].mean(axis=-1)
    return float(cover.min()) < 0.5 and drawn > 0.0 and float(cover[tone < LIGHT].sum()) < DARK_SHARE * drawn
