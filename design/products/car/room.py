"""What the skin leaves of the car's stated box for the panels that stand on it (see :mod:`.envelope`)."""

from __future__ import annotations

from ...arrays import FloatArray

#: mm of the stated box that the skin leaves at nose and tail for plates, bumper trim and lamps
ROOM_END = 4.4
#: lowest share of the tail's height at which trim is sure to lie (the valance); below it the skin is bare
TRIM_FROM = 0.05
#: and on either side for arch lips, claddings and seams
ROOM_SIDE = 4.4
#: and below the floor for the shield: its lift and thickness (:func:`.panels.underbody`)
ROOM_BELOW = 3.3
#: mm by which panels stay inside the planes of nose and tail: an exact surface bulges so far between the
#: points of its grid, and a limit must not be missed by that
SHY_END = 0.1


def room_at_tail(height: FloatArray, ahead: FloatArray) -> float:
    """Room that the skin leaves at the tail, mm.

    Where a raked tail reaches rearmost at its bare lower edge, trim of the usual height stands less far past
    the skin or not at all; the room shrinks by as much, and with none of it left the skin is rearmost.

    Args:
        height: shares of the tail's height, (n,). ahead: how far its centreline lies ahead there, (n,) mm.
    """
    bare = float(ahead[height >= TRIM_FROM].min() - ahead.min())
    return max(SHY_END, ROOM_END - bare)
