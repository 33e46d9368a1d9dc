"""The pieces of one chair with what they are made of and how they look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...geometry.mesh import Colour, FinishName
from . import declaration as d
from .arms import arm_pieces
from .backs import back_pieces
from .frames import frame_pieces
from .layout import Layout
from .materials import FRAME, GLIDE, SEAT, Stuff, look
from .named import FOOT, Named, Shape
from .named import FRAME as OF_FRAME


@dataclass(frozen=True)
class Piece:
    """A part of a chair: its shape, what it is made of and how it looks."""

    name: str
    shape: Shape
    stuff: Stuff
    role: str
    colour: Colour
    finish: FinishName


def named_pieces(a: Layout) -> list[Named]:
    """All pieces, the seat first."""
    return [*back_pieces(a), *frame_pieces(a), *arm_pieces(a)]


def pieces(v: Mapping[str, float]) -> list[Piece]:
    """The chair's parts."""
    return pieces_of(Layout(v))


def pieces_of(a: Layout) -> list[Piece]:
    """The same of a layout that is there already."""
    v = a.v
    frame, seat = FRAME[int(v["frame_material"])], SEAT[int(v["seat_material"])]
    on_frame = look(frame, d.FRAME_COLOURS[int(v.get("frame_colour", d.FRAME_COLOURS.index("black")))])
    on_seat = look(seat, d.SEAT_COLOURS[int(v.get("seat_colour", 0))])
    found = []
    for k, p in enumerate(named_pieces(a)):
        stuff, seen = (frame, on_frame) if p.sort == OF_FRAME else (seat, on_seat)
        if p.sort == FOOT:
            stuff, seen = GLIDE, (GLIDE.colour, GLIDE.finish)
        found.append(Piece(p.name, p.shape, stuff, "body" if k == 0 else "", *seen))
    return found
