"""Colour by name: how ink and paint become a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...arrays import AnyArray, ByteArray, Float32Array
from ...errors import InputError
from ...messages import say

RGB = tuple[float, float, float]


@dataclass(frozen=True)
class Palette:
    """Colours (sRGB 0..1) and names.

    Attributes:
        paper, ink, body: the paper's tone, the pen's colour, the painted body's colour.
        accent: a colour that goes with them, for captions and marks.
        en, zh: what people call it.
    """

    paper: RGB
    ink: RGB
    body: RGB
    accent: RGB
    en: str
    zh: str


def _rgb(code: str) -> RGB:
    return (int(code[0:2], 16) / 255.0, int(code[2:4], 16) / 255.0, int(code[4:6], 16) / 255.0)


def _palette(paper: str, ink: str, body: str, accent: str, en: str, zh: str) -> Palette:
    return Palette(_rgb(paper), _rgb(ink), _rgb(body), _rgb(accent), en, zh)


PALETTES: Mapping[str, Palette] = {
    "graphite": _palette("faf9f6", "17181b", "c3c6cb", "d2562a", "graphite", "石墨灰"),
    "crimson": _palette("fbf7f3", "1d1214", "c81f35", "2b3a4a", "crimson", "绯红"),
    "ocean": _palette("f6f9fa", "0e1a26", "2f7fc1", "e08a3c", "ocean", "海蓝"),
    "forest": _palette("f8f8f1", "121b15", "3c7a53", "c98b2e", "forest", "森林绿"),
    "silver": _palette("f7f8f9", "1b1e22", "d5dae0", "3f6fb0", "silver", "银色"),
    "ivory": _palette("fbf6ea", "2a211a", "eedfbd", "a3472f", "ivory", "象牙白"),
    "midnight": _palette("f3f5f9", "0b0f1c", "37477f", "d9b24a", "midnight", "午夜蓝"),
    "amber": _palette("fcf8ef", "21170d", "efa12a", "2f5d73", "amber", "琥珀"),
    "sand": _palette("faf5ec", "221d18", "cdb48d", "5a7a72", "sand", "沙色"),
}


def compose(ink: AnyArray, paint: AnyArray, palette: str = "graphite") -> ByteArray:
    """The picture, (h, w, 3) uint8.

    The body's colour lies under the ink as a wash: full where it is toned, thin where the paper was left
    white, and its shades stay coloured instead of going grey.

    Args:
        ink: (h, w), uint8 or float 0..1; 1 is white paper. paint: (h, w), the same; 1 is painted body.

    Raises:
        InputError: a palette that is not in :data:`PALETTES`, or shapes that differ.
    """
    known = PALETTES.get(palette)
    if known is None:
        raise InputError(
            say(
                "palette {palette!r} is not known; choose from {palettes}",
                palette=palette,
                palettes=", ".join(PALETTES),
            )
        )
    if ink.ndim != 2 or ink.shape != paint.shape:
        raise InputError(f"ink {ink.shape} and paint {paint.shape} must be two pictures of one size")
    tone, wash = _unit(ink)[..., None], _unit(paint)[..., None]
    paper, pen, body = (np.asarray(c, dtype=np.float32) for c in (known.paper, known.ink, known.body))
    thin = np.clip((tone - 0.70) / 0.30, 0.0, 1.0) ** 1.5
    under = paper + (body - paper) * wash * (1.0 - 0.60 * thin)
    dark = pen + (body * 0.30 - pen) * (0.40 * wash)
    tone = tone ** (1.0 - 0.30 * wash)
    mixed = dark + (under - dark) * tone
    return np.asarray(np.clip(np.round(mixed * 255.0), 0, 255), dtype=np.uint8)


def _unit(values: AnyArray) -> Float32Array:
    if values.dtype == np.uint8:
        return values.astype(np.float32) / np.float32(255.0)
    return np.clip(values.astype(np.float32), 0.0, 1.0)
