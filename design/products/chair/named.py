"""A named piece of a chair, before anybody asks what it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from .bent import Bent
from .layout import mirror
from .sheet import Sheet
from .shell import Shell
from .stick import Stick

Shape = Bent | Stick | Sheet | Shell
Sort = Literal["frame", "seat", "foot"]
FRAME: Sort = "frame"
SEAT: Sort = "seat"
FOOT: Sort = "foot"


@dataclass(frozen=True)
class Named:
    """A piece, its name, and whose material it has."""

    name: str
    shape: Shape
    sort: Sort


def both(name: str, shape: Bent | Stick, sort: Sort) -> Iterator[Named]:
    """A piece of the right side and its mirror image; left is where a sitter's left is, y < 0."""
    yield Named(f"{name} right", shape, sort)
    yield Named(f"{name} left", replace(shape, points=[mirror(p) for p in shape.points]), sort)
