"""Paint by name: the palettes of the sketches on the rendered views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..design.errors import InputError
from ..design.messages import say

if TYPE_CHECKING:
    from ..design.geometry.mesh import MeshPart


def check_palette(name: str) -> None:
    """Refuse a palette that does not exist (:class:`InputError`); "" is the family's own paint."""
    from ..design.concepts.artist.palettes import PALETTES

    if name and name not in PALETTES:
        raise InputError(
            say(
                "palette {palette!r} is not known; choose from {palettes}",
                palette=name,
                palettes=", ".join(PALETTES),
            )
        )


def painted(parts: Sequence[MeshPart], palette: str) -> list[MeshPart]:
    """The parts with everything that carries the body's paint in the palette's colour; as they are for ""."""
    from ..design.concepts.artist.palettes import PALETTES

    check_palette(palette)
    return repainted(parts, PALETTES[palette].body) if palette else list(parts)


def repainted(parts: Sequence[MeshPart], colour: tuple[float, float, float]) -> list[MeshPart]:
    """The parts with everything that carries the body's paint in another colour (sRGB 0 to 1)."""
    from ..design.concepts.artist.camera import painted as body_of

    paint = body_of(parts).colour
    red, green, blue = colour
    return [replace(p, colour=(red, green, blue, paint[3])) if p.colour == paint else p for p in parts]
