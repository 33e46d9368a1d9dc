"""The car's face below and between the head lamps: grille, plate, intakes, lip and badge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...arrays import FloatArray
from ...geometry.mesh import Colour
from .curves import evenly, within
from .definition import Definition
from .face import (
    BLACK,
    BRIGHT,
    GLOSS,
    LAYERS,
    METAL,
    ON_PANEL,
    ON_TOP,
    PLATE_GREY,
    SATIN,
    Face,
    Loft,
    Patch,
    strip,
)
from .lamps import Lamps, head_lamps

PLATE_MM = (520.0, 112.0)  # width and height of a number plate (EU one-line plate: 520 x 110 to 120)
RIM_MM = 9.0  # dark surround of a plate


@dataclass(frozen=True)
class Centre:
    """What stands in the middle of a face and how much room it took.

    Attributes:
        plate_low: lower edge of the number plate, mm.
        intake: lower and upper edge of what is left for the lower intake, mm; no intake where too low.
        badge: height of the badge's middle, mm; none where it is 0.
    """

    patches: tuple[Patch, ...]
    plate_low: float
    intake: tuple[float, float]
    badge: float


def nose_patches(d: Definition, face: Face) -> list[Patch]:
    """Right lamps and side intake, and the grille, plate, intake, lip and badge of both sides."""
    lamps = head_lamps(d, face)
    centre = GRILLES[d.choice("grille")](face, lamps, frame_colour(d))
    found = [*lamps.patches, *centre.patches, *plate("front", centre.plate_low, 2)]
    found += _lower(face, lamps, centre.intake)
    if centre.badge > 0.0:
        tall = within(0.05 * face.tall, 12.0, 22.0)
        low, high = centre.badge - 0.5 * tall, centre.badge + 0.5 * tall
        found.append(bar("front badge", BRIGHT, 46.0, 40.0, low, high, ON_TOP, METAL, 5))
    return found


def frame_colour(d: Definition) -> Colour:
    """Colour of a grille's frame and a badge bar: bright where the design's trim is."""
    return BRIGHT if d.choice("trim") == "bright" else GLOSS


def plate(end: str, low: float, step: int = 2) -> list[Patch]:
    """A number plate on its dark surround."""
    half, tall = 0.5 * PLATE_MM[0], PLATE_MM[1]
    return [
        bar(
            f"{end} plate surround", BLACK, half + RIM_MM, half + RIM_MM, low - RIM_MM, low + tall + RIM_MM, 1
        ),
        bar(f"{end} plate", PLATE_GREY, half, half, low, low + tall, ON_TOP),
    ]


def bar(
    name: str,
    colour: Colour,
    below: float,
    above: float,
    low: float,
    high: float,
    layer: int = 0,
    material: tuple[str, float] = ("polypropylene", 950.0),
    rows: int = 0,
    spacing: float = 24.0,
) -> Patch:
    """A wide part between two heights, reaching `below` mm from the centreline there and `above` mm above."""
    loft = Loft(
        ((0.0, low), (0.5 * below, low), (below, low)), ((0.0, high), (0.5 * above, high), (above, high))
    )
    columns = max(5, round(max(below, above) / spacing) + 1)
    rows = rows or max(3, round((high - low) / 20.0) + 1)
    return Patch(name, colour, *loft.grid(shape=(columns, rows)), LAYERS[layer], material)


def _lower(face: Face, lamps: Lamps, intake: tuple[float, float]) -> list[Patch]:
    """Lip, lower intake and the right side intake."""
    tall, corner, half = face.tall, face.corner, face.half
    low, high = _lip(face)
    end = min(corner + 0.10 * half, face.reach(low, high))
    found = [bar("front lip", BLACK, end - 14.0, end, low, high)]
    a, b = intake
    wide = corner - 0.34 * half
    if b - a > 24.0:
        rise = min(0.28 * (b - a), 26.0)
        mouth = Loft(
            ((0.0, a), (0.6 * wide, a), (wide, a)), ((0.0, b), (0.55 * wide, b), (wide - 1.6 * rise, b))
        )
        found.append(Patch("lower intake", BLACK, *mouth.grid(shape=(26, 5)), LAYERS[0]))
        bars = 2 if b - a > 70.0 else 1
        for k in range(bars):
            middle = (k + 1.0) / (bars + 1.0)
            t = 4.0 / (b - a)
            found.append(
                Patch(
                    f"lower intake bar {k + 1}",
                    SATIN,
                    *mouth.grid((0.0, 0.965), (middle - t, middle + t), (26, 3)),
                    LAYERS[ON_PANEL],
                )
            )
    z0 = high + 0.05 * tall
    z1 = min(0.44 * tall, lamps.low - 0.07 * tall)
    if z1 - z0 > 36.0:
        found += _side_intake(face, z0, z1)
    return found


def _lip(face: Face) -> tuple[float, float]:
    """Lower and upper edge of the lip, mm."""
    low = 0.010 * face.tall
    return low, low + within(0.075 * face.tall, 16.0, 40.0)


def _side_intake(face: Face, low: float, high: float) -> list[Patch]:
    """The right air curtain: an upright slot at the corner with a blade along its outer edge."""
    s, unit = face.corner, 0.01 * face.half
    slot = Loft(
        ((s - 21.0 * unit, low), (s - 15.0 * unit, low), (s - 9.0 * unit, low + 0.08 * (high - low))),
        ((s - 12.5 * unit, high - 0.05 * (high - low)), (s - 8.0 * unit, high), (s - 3.5 * unit, high)),
    )
    blade = slot.grid((0.80, 0.95), (0.05, 0.95), (4, 8))
    return [
        Patch("side intake right", BLACK, *slot.grid(shape=(14, 9)), LAYERS[0]),
        Patch("side intake blade right", SATIN, *blade, LAYERS[ON_PANEL]),
    ]


# -- grilles ------------------------------------------------------------------------------------------


def _levels(face: Face, lamps: Lamps) -> tuple[float, float, float]:
    """Lower edge of intakes, of a plate in the middle, and upper edge of grilles, mm."""
    return 0.135 * face.tall, 0.385 * face.tall, min(0.90 * face.tall, lamps.ceiling)


def _plate_under(face: Face, ceiling: float) -> float:
    """Where a plate in the middle stands so that it ends below `ceiling`."""
    low = min(0.26 * face.tall, ceiling - PLATE_MM[1] - RIM_MM)
    return max(low, _lowest_plate(face))


def _lowest_plate(face: Face) -> float:
    """Where a plate stands that only clears the lip, mm."""
    return _lip(face)[1] + RIM_MM + 2.0


def _closed(face: Face, lamps: Lamps, frame: Colour) -> Centre:
    low, _, top = _levels(face, lamps)
    plate_low = _plate_under(face, top)
    badge = 0.5 * (plate_low + PLATE_MM[1] + top) + 4.0
    room = top - plate_low - PLATE_MM[1] - 2.0 * RIM_MM
    return Centre((), plate_low, (low, plate_low - 26.0), badge if room > 26.0 else 0.0)


def _slot(face: Face, lamps: Lamps, frame: Colour) -> Centre:
    low, _, top = _levels(face, lamps)
    top = min(top, 0.86 * face.tall)
    slim = within(0.115 * face.tall, 28.0, 58.0)
    plate_low = _plate_under(face, top - slim - 12.0)
    bottom = max(top - slim, plate_low + PLATE_MM[1] + RIM_MM + 8.0)
    if top - bottom < 22.0:
        return Centre((), plate_low, (low, plate_low - 26.0), 0.0)
    end = min(lamps.inner - 26.0, 0.46 * face.half)
    mouth = Loft(
        ((0.0, bottom), (0.6 * end, bottom), (end - 0.6 * slim, bottom + 0.1 * slim)),
        ((0.0, top), (0.6 * end, top), (end, top - 0.05 * slim)),
    )
    line = mouth.grid((0.0, 0.985), (0.42, 0.58), (26, 3))
    found = (
        Patch("grille", BLACK, *mouth.grid(shape=(26, 5)), LAYERS[0]),
        Patch("grille bar", frame if frame == BRIGHT else SATIN, *line, LAYERS[ON_PANEL]),
    )
    return Centre(found, plate_low, (low, plate_low - 26.0), 0.5 * (bottom + top))


def _wide(face: Face, lamps: Lamps, frame: Colour) -> Centre:
    low, _, top = _levels(face, lamps)
    high = min(0.50 * face.tall, top - PLATE_MM[1] - 2.0 * RIM_MM - 8.0)
    plate_low = high + RIM_MM + 10.0
    badge = 0.5 * (plate_low + PLATE_MM[1] + top) + 4.0
    room = top - plate_low - PLATE_MM[1] - 2.0 * RIM_MM
    badge = badge if room > 26.0 else 0.0
    if high - low < 40.0:
        return Centre((), plate_low, (low, high), badge)
    end = face.corner - 0.27 * face.half
    inner = end - 0.42 * (high - low)
    mouth = Loft(
        ((0.0, low), (0.6 * end, low), (end, low)), ((0.0, high), (0.6 * inner, high), (inner, high))
    )
    found = [Patch("grille", BLACK, *mouth.grid(shape=(30, 7)), LAYERS[0])]
    count = int(np.clip((high - low) // 30.0, 2, 4))
    t = 3.5 / (high - low)
    for k in range(count):
        middle = (k + 1.0) / (count + 1.0)
        grid = mouth.grid((0.0, 0.97), (middle - t, middle + t), (30, 3))
        found.append(Patch(f"grille bar {k + 1}", SATIN, *grid, LAYERS[ON_PANEL]))
    path = [(0.4, high), (inner, high), (end, low), (0.4, low)]
    found.append(_frame(path, 9.0, 16.0, frame))
    return Centre(tuple(found), plate_low, (0.0, 0.0), badge)


def _frame(path: list[tuple[float, float]], width: float, radius: float, colour: Colour) -> Patch:
    """The right half of a grille's frame, or all of a right grille's."""
    grid = strip(path, width, radius, 18.0)
    return Patch("grille frame right", colour, *grid, LAYERS[ON_PANEL], METAL)


def _upper(face: Face, lamps: Lamps) -> tuple[float, float, float]:
    """Lower edge of a low plate, lower and upper edge of a grille above it, mm."""
    _, _, top = _levels(face, lamps)
    plate_low = max(0.15 * face.tall, 0.105 * face.tall + RIM_MM + 4.0)
    plate_low = max(min(plate_low, top - PLATE_MM[1] - RIM_MM), _lowest_plate(face))
    return plate_low, plate_low + PLATE_MM[1] + RIM_MM + 20.0, top


def _shield(face: Face, lamps: Lamps, frame: Colour) -> Centre:
    low, _, top = _levels(face, lamps)
    low = 0.125 * face.tall
    half = min(0.40 * face.half, lamps.inner - 44.0)
    plate_low = low + 0.10 * (top - low) + RIM_MM
    base = plate_low + PLATE_MM[1] + RIM_MM
    if 0.80 * half < 0.5 * PLATE_MM[0] + RIM_MM + 16.0:  # too narrow to carry the plate
        plate_low, low, top = _upper(face, lamps)
        base = low + 12.0
        if top - low < 50.0:
            return _closed(face, lamps, frame)
    t = evenly(0.0, 1.0, 9)

    def wide(share: FloatArray) -> FloatArray:
        return np.asarray(half * (1.0 - 0.20 * (1.0 - share) ** 2 - 0.05 * share**2))

    s = wide(t)[None, :] * evenly(0.0, 1.0, 18)[:, None]
    z = np.broadcast_to(low + (top - low) * t, s.shape)
    found = [Patch("grille", BLACK, s, z, LAYERS[0])]
    gap = top - base
    count = int(np.clip(gap // 26.0, 0, 6))
    for k in range(count):
        middle = base + gap * (k + 0.5) / count
        reach = float(wide(np.asarray((middle - low) / (top - low)))) - 13.0
        found.append(bar(f"grille bar {k + 1}", SATIN, reach, reach, middle - 3.5, middle + 3.5, ON_PANEL))
    ends = wide(t)
    side = [(float(ends[k]), float(low + (top - low) * t[k])) for k in (8, 6, 4, 2, 0)]
    found.append(_frame([(0.4, top), *side, (0.4, low)], 12.0, 22.0, frame))
    return Centre(tuple(found), plate_low, (0.0, 0.0), 0.0)


def _split(face: Face, lamps: Lamps, frame: Colour) -> Centre:
    plate_low, low, top = _upper(face, lamps)
    if top - low < 50.0:
        return _closed(face, lamps, frame)
    end = min(0.29 * face.half, lamps.inner - 40.0)
    start, lean, inset = 15.0, 0.16 * (top - low), 11.0 / (top - low)
    field = Loft(
        ((start, low), (0.5 * end, low), (end - lean, low + 4.0)),
        ((start, top), (0.5 * end, top), (end, top - 4.0)),
    )
    found = [Patch("grille right", BLACK, *field.grid(shape=(14, 7)), LAYERS[0])]
    for k in range(4):
        a = (k + 1.0) / 5.0
        t = 2.6 / end
        grid = field.grid((a - t, a + t), (inset, 1.0 - inset), (3, 7))
        found.append(Patch(f"grille bar {k + 1} right", SATIN, *grid, LAYERS[ON_PANEL]))
    path = [
        (0.4 * end, low),
        (end - lean, low + 2.0),
        (end, top - 2.0),
        (start, top),
        (start, low),
        (0.4 * end - 0.5, low),
    ]
    found.append(_frame(path, 9.0, 17.0, frame))
    return Centre(tuple(found), plate_low, (0.0, 0.0), 0.0)


def _slats(face: Face, lamps: Lamps, frame: Colour) -> Centre:
    plate_low, low, top = _upper(face, lamps)
    if top - low < 50.0:
        return _closed(face, lamps, frame)
    end = min(0.37 * face.half, lamps.inner - 40.0)
    lean, inset = -0.22 * (top - low), 11.0 / (top - low)
    field = Loft(
        ((0.0, low), (0.5 * (end - lean), low), (end - lean, low)), ((0.0, top), (0.5 * end, top), (end, top))
    )
    found = [Patch("grille", BLACK, *field.grid(shape=(18, 7)), LAYERS[0])]
    count = 5
    for k in range(count):
        a = (k + 0.5) / (count + 0.25)
        t = 5.0 / end
        grid = field.grid((a - t, a + t), (inset, 1.0 - inset), (3, 7))
        found.append(
            Patch(
                f"grille bar {k + 1} right",
                frame if frame == BRIGHT else SATIN,
                *grid,
                LAYERS[ON_PANEL],
                METAL,
            )
        )
    path = [(0.4, top), (end, top), (end - lean, low), (0.4, low)]
    found.append(_frame(path, 10.0, 18.0, frame))
    return Centre(tuple(found), plate_low, (0.0, 0.0), 0.0)


#: name of the option to its drawing
GRILLES: dict[str, Callable[[Face, Lamps, Colour], Centre]] = {
    "closed": _closed,
    "slot": _slot,
    "wide": _wide,
    "shield": _shield,
    "split": _split,
    "slats": _slats,
}
