"""Dimensioned views of a body as plain SVG, and the same outlines as DXF.

One A3 sheet in millimetres: side view, front view to its right, top view below, all at one standard scale,
and the rear view beside the front or in the corner below it.
Every dimension is measured on the mesh that is drawn. Text from people is escaped.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

import numpy as np

from ..arrays import FloatArray
from ..errors import InputError
from ..family.dimensions import Angle, Dimension, Dimensioned
from ..geometry.mesh import FinishName, MeshPart
from .visible import regions

SHEET = (420.0, 297.0)  # A3 landscape, mm
BELOW, TITLE = 34.0, 62.0  # room for dimensions under a view, and for a title block of three notes, mm
ROW = 4.6  # mm from line to line of the title block
NARROW_DEG = 30.0  # an angle below that has its number outside
SCALES = (1, 2, 4, 5, 8, 10, 12.5, 15, 20, 25, 30, 40, 50)
#: view: which axes of the body run across and up its picture
_PLANES = {"side": (0, 2), "front": (1, 2), "top": (0, 1), "rear": (1, 2)}

#: by how many times the fineness of its outlines a panel counts as nearer than what it lies on: 8 mm of a car
PROUD = 13.3

_FILLS: Mapping[FinishName, str] = {
    "paint": "#ffffff",
    "glass": "#dfe6ec",
    "rubber": "#6b6e73",
    "metal": "#ffffff",
    "plastic": "#b9bdc3",
    "lamp": "#eef0f2",
}


@dataclass(frozen=True)
class Outline:
    """Outlines of one part in one view: closed polygons (k, 2) in mm of the view's plane."""

    part: str
    fill: str
    polygons: tuple[FloatArray, ...]


def outlines(parts: Sequence[MeshPart], view: str, fine: float) -> list[Outline]:
    """What one view (side, front, top, rear) shows of each part, nothing of what lies behind others;
    simplified by `fine` mm."""
    if view not in _PLANES:
        raise InputError(f"drawing view {view!r} is not known; choose from {', '.join(_PLANES)}")
    solid = [part for part in parts if len(part.mesh.faces)]
    turn = np.array([-1.0 if view == "front" else 1.0, 1.0])  # back from the picture's axes to the body's
    found = []
    for part, polygons in zip(solid, regions(solid, view, PROUD * fine), strict=True):
        shown = tuple(p * turn for p in _simple(polygons, fine))
        size = sum(float(np.prod(np.ptp(p, axis=0))) for p in shown)
        if shown:
            found.append((size, Outline(part.name, _FILLS[part.finish], shown)))
    return [outline for _, outline in sorted(found, key=lambda item: -item[0])]


def drawing_svg(
    parts: Sequence[MeshPart], dims: Dimensioned, title: str, notes: Sequence[str] = (), date: str = ""
) -> str:
    """The A3 sheet as SVG text.

    Args:
        parts: coloured parts, mm. dims: their dimension lines, as their family gives them.
        title: in the title block; `notes`: lines under it (a design's key numbers). Both are escaped.
        date: of the release; the title block has none without it.
    """
    low, high = dims.box
    floor = float(low[2]) if dims.ground is None else 0.0
    ends_at = SHEET[1] - TITLE - ROW * max(0, len(notes) - 3)
    for scale in SCALES:
        sheets, fits = _views(dims, floor, scale, ends_at)
        if fits:
            break
    side = sheets["side"]
    body: list[str] = []
    for view, sheet in sheets.items():
        body += [_path(outline, sheet) for outline in outlines(parts, view, dims.fine)]
    foot = side.at(0, floor)[1]
    if dims.ground is not None:
        ends = {"side": (low[0], high[0]), "front": (high[1], low[1]), "rear": (low[1], high[1])}
        for sheet, (a, b) in ((sheets[view], ab) for view, ab in ends.items()):
            beyond, y = dims.ground * sheet.sign, sheet.at(0, floor)[1]
            body.append(_line(sheet.at(a - beyond, 0)[0], y, sheet.at(b + beyond, 0)[0], y))
    body += _dimensions(dims, sheets, foot)
    body += _title_block(title, notes, scale, date)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SHEET[0]:g}mm" height="{SHEET[1]:g}mm" '
        f'viewBox="0 0 {SHEET[0]:g} {SHEET[1]:g}" font-family="Helvetica, Arial, sans-serif">\n'
        f"<title>{escape(title)}</title>\n"
        '<rect width="100%" height="100%" fill="#ffffff"/>\n'
        f'<rect x="8" y="8" width="{SHEET[0] - 16:g}" height="{SHEET[1] - 16:g}" fill="none" stroke="#222" '
        'stroke-width="0.5"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


def drawing_dxf(parts: Sequence[MeshPart], dims: Dimensioned) -> bytes:
    """Outlines of the four views in full size (mm), one layer a view, for CAD. ASCII DXF R2010.

    Args:
        dims: the parts' dimension lines, for the place of the views.
    """
    import ezdxf

    length, width, _ = (dims.box[1] - dims.box[0]).tolist()
    aside = 0.5 * float(dims.box[:, 1].sum())
    shift = {
        "side": (0.0, 0.0),
        "front": (length + 0.5 * width + dims.gap + aside, 0.0),
        "top": (0.0, -0.5 * width - dims.gap - aside),
        "rear": (length + 1.5 * width + 2.0 * dims.gap - aside, 0.0),
    }
    ezdxf.options.write_fixed_meta_data_for_testing = True  # no clock and no random ids in the file
    document = ezdxf.new("R2010", setup=False, units=4)  # 4: millimetres
    space = document.modelspace()
    for view, (dx, dy) in shift.items():
        document.layers.add(view)
        sx = -1.0 if view == "front" else 1.0
        for outline in outlines(parts, view, dims.fine):
            for polygon in outline.polygons:
                points = [(round(sx * u + dx, 3), round(v + dy, 3)) for u, v in polygon.tolist()]
                space.add_lwpolyline(points, close=True, dxfattribs={"layer": view})
    for kind in sorted(document.entitydb.dxf_types_in_use()):  # ezdxf would take them in the order of a set
        document.classes.add_class(kind)
    text = io.StringIO()
    document.write(text)
    return text.getvalue().encode("utf-8")


def _views(dims: Dimensioned, floor: float, scale: float, ends_at: float) -> tuple[dict[str, _Sheet], bool]:
    """The places of all four views at a scale, and whether they fit on the sheet above the title block.

    Args:
        floor: height of the ground, or of the lowest point, mm. ends_at: where the title block begins, mm
    """
    low, high = dims.box
    length, width, height = ((high - low) / scale).tolist()
    rise = float(high[2] - floor) / scale
    side = _Sheet(38.0, 40.0 + rise, low[0], floor, 1.0, scale)
    front_x = 38.0 + length + 44.0 + 0.5 * width
    front = _Sheet(front_x, side.y, 0.5 * float(low[1] + high[1]), floor, -1.0, scale)
    top = _Sheet(38.0, side.y + 48.0 + 0.5 * width, low[0], 0.5 * float(low[1] + high[1]), 1.0, scale)
    rear = replace(front, x=front_x + width + 44.0, sign=1.0)
    fits = length + width < SHEET[0] - 110 and height + width < SHEET[1] - 110
    if rear.x + 0.5 * width > SHEET[0] - 20.0:
        rear = replace(rear, x=front_x, y=min(top.y + 0.5 * rise, ends_at))
        fits = fits and rear.y - rise > side.y + BELOW
    return {"side": side, "front": front, "top": top, "rear": rear}, fits


@dataclass(frozen=True)
class _Sheet:
    """Places a view: body (u, v) mm to sheet mm, y down."""

    x: float
    y: float
    u0: float
    v0: float
    sign: float
    scale: float

    def at(self, u: float, v: float) -> tuple[float, float]:
        return self.x + self.sign * (u - self.u0) / self.scale, self.y - (v - self.v0) / self.scale


def _simple(polygons: Sequence[FloatArray], tolerance: float) -> list[FloatArray]:
    """Polygons with points closer than `tolerance` (mm) to a straight line left out, crumbs dropped."""
    from manifold3d import CrossSection, FillRule

    clean = CrossSection(list(polygons), FillRule.EvenOdd).simplify(tolerance)
    kept = [np.asarray(p, dtype=np.float64) for p in clean.to_polygons()]
    return [p for p in kept if len(p) > 2 and float(np.ptp(p, axis=0).max()) > 20.0 * tolerance]


def _path(outline: Outline, sheet: _Sheet) -> str:
    pieces = []
    for polygon in outline.polygons:
        spots = [sheet.at(float(u), float(v)) for u, v in polygon]
        pieces.append("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in spots) + "Z")
    return (
        f'<path d="{"".join(pieces)}" fill="{outline.fill}" fill-rule="evenodd" stroke="#1b1d20" '
        f'stroke-width="0.18" stroke-linejoin="round"><title>{escape(outline.part)}</title></path>'
    )


def _line(x0: float, y0: float, x1: float, y1: float, width: float = 0.25) -> str:
    ends = f'x1="{x0:.2f}" y1="{y0:.2f}" x2="{x1:.2f}" y2="{y1:.2f}"'
    return f'<line {ends} stroke="#1b1d20" stroke-width="{width}"/>'


def _between(a: FloatArray, b: FloatArray, width: float) -> str:
    """A line between two spots (2,)."""
    return _line(float(a[0]), float(a[1]), float(b[0]), float(b[1]), width)


def _text(x: float, y: float, text: str, size: float = 3.2, anchor: str = "middle", turn: float = 0.0) -> str:
    rotate = f' transform="rotate({turn:.2f} {x:.2f} {y:.2f})"' if turn else ""
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:g}" text-anchor="{anchor}" fill="#111"{rotate}>'
        f"{escape(text)}</text>"
    )


def _arrow(x: float, y: float, dx: float, dy: float) -> str:
    """A filled arrow head at (x, y) that points along (dx, dy)."""
    points = [(x, y), (x - 2.2 * dx - 0.55 * dy, y - 2.2 * dy + 0.55 * dx)]
    points.append((x - 2.2 * dx + 0.55 * dy, y - 2.2 * dy - 0.55 * dx))
    return f'<polygon points="{" ".join(f"{a:.2f},{b:.2f}" for a, b in points)}" fill="#1b1d20"/>'


def _across(x0: float, x1: float, y: float, from_y: float, text: str) -> list[str]:
    """Horizontal dimension between x0 and x1 at height y, extension lines from `from_y`."""
    out = [_line(x, from_y, x, y + (1.5 if y > from_y else -1.5), 0.12) for x in (x0, x1)]
    inside = abs(x1 - x0) > 9.0
    out.append(_line(x0 - (0 if inside else 5), y, x1 + (0 if inside else 5), y, 0.15))
    out += [_arrow(x0, y, -1.0 if inside else 1.0, 0.0), _arrow(x1, y, 1.0 if inside else -1.0, 0.0)]
    return [*out, _text(0.5 * (x0 + x1), y - 1.1, text)]


def _upright(y0: float, y1: float, x: float, from_x: float, text: str) -> list[str]:
    """Vertical dimension between sheet heights y0 (lower) and y1 at x, extension lines from `from_x`."""
    out = [_line(from_x, y, x + (1.5 if x > from_x else -1.5), y, 0.12) for y in (y0, y1)]
    inside = abs(y0 - y1) > 9.0
    out.append(_line(x, y0 + (0 if inside else 5), x, y1 - (0 if inside else 5), 0.15))
    out += [_arrow(x, y0, 0.0, 1.0 if inside else -1.0), _arrow(x, y1, 0.0, -1.0 if inside else 1.0)]
    middle = 0.5 * (y0 + y1) if inside else y1 - 8.0
    return [*out, _text(x - 1.1, middle, text, turn=-90.0)]


def _beside(start: tuple[float, float], end: tuple[float, float], away: float, text: str) -> list[str]:
    """Dimension along the way between two spots, `away` mm to its left, extension lines from them."""
    a, b = np.array(start), np.array(end)
    along = (b - a) / np.linalg.norm(b - a)
    left = np.array([along[1], -along[0]])  # the sheet's rows run downward
    p, q, over = a + away * left, b + away * left, np.copysign(1.5, away) * left
    out = [_between(spot, spot + away * left + over, 0.12) for spot in (a, b)]
    out += [_between(p, q, 0.15), _arrow(*p, *(-along)), _arrow(*q, *along)]
    turn = float(np.degrees(np.arctan2(along[1], along[0])))
    turn = turn + 180.0 if turn < -90.0 else turn - 180.0 if turn >= 90.0 else turn
    rise = np.array([np.sin(np.radians(turn)), -np.cos(np.radians(turn))])  # up for whoever reads it
    x, y = (0.5 * (p + q) + 1.1 * rise).tolist()
    return [*out, _text(x, y, text, turn=turn)]


def _angle(angle: Angle, sheet: _Sheet) -> list[str]:
    """The arc between two arms with its degrees, each arm drawn from the tip to beyond the arc."""
    tip = np.array(sheet.at(angle.at[0], angle.at[2]))
    arms = [np.array([arm[0], -arm[2]]) / np.hypot(arm[0], arm[2]) for arm in (angle.first, angle.second)]
    out = [_between(tip, tip + (angle.reach + 4.0) * arm, 0.12) for arm in arms]
    turns = [float(np.arctan2(arm[1], arm[0])) for arm in arms]
    sweep = (turns[1] - turns[0] + np.pi) % (2.0 * np.pi) - np.pi
    steps = turns[0] + sweep * np.linspace(0.0, 1.0, 25)
    arc = tip + angle.reach * np.stack([np.cos(steps), np.sin(steps)], axis=1)
    path = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in arc)
    out.append(f'<path d="{path}" fill="none" stroke="#1b1d20" stroke-width="0.15"/>')
    way = np.sign(sweep) * np.array([[np.sin(t), -np.cos(t)] for t in (steps[0], steps[-1])])
    out += [_arrow(*arc[0], *way[0]), _arrow(*arc[-1], *(-way[1]))]
    spot = tip + (angle.reach + 5.5) * np.array([np.cos(steps[12]), np.sin(steps[12])])
    if angle.degrees < NARROW_DEG:  # no room between the arms
        spot = arc[0] + 7.0 * way[0]
    return [*out, _text(spot[0], spot[1] + 1.1, f"{angle.degrees:.1f}\N{DEGREE SIGN}")]


def _cross(x: float, y: float) -> list[str]:
    """The mark of a centre."""
    return [_line(x - 3.0, y, x + 3.0, y, 0.15), _line(x, y - 3.0, x, y + 3.0, 0.15)]


def _dimension(line: Dimension, sheet: _Sheet, box: FloatArray, foot: float) -> list[str]:
    """One dimension line in its view; `foot` is the height on the sheet below which level lines lie."""
    across, up = _PLANES[line.view]
    start, end = (sheet.at(p[across], p[up]) for p in (line.start, line.end))
    text = f"{line.length:.0f}"
    if not line.axis:
        return _beside(start, end, line.away, text)
    if line.axis == "xyz"[across]:
        return _across(start[0], end[0], foot + line.away, start[1] - line.early, text)
    edge = sheet.at(float(box[0, across]), 0.0)[0] if line.away else start[0]
    return _upright(start[1], end[1], edge - line.away, edge, text)


def _dimensions(dims: Dimensioned, sheets: Mapping[str, _Sheet], foot: float) -> list[str]:
    (low, high), side, front, top = dims.box, sheets["side"], sheets["front"], sheets["top"]
    below = top.at(0, float(low[1]))[1]
    feet = {"side": foot, "front": foot, "top": below}
    out = []
    for line in dims.lines:
        out += _dimension(line, sheets[line.view], dims.box, feet[line.view])
    for angle in dims.angles:
        out += _angle(angle, side)
    for x, _, z in dims.marks:
        out += _cross(*side.at(x, z))
    nose, tail = side.at(low[0], 0)[0], side.at(high[0], 0)[0]
    left, right = front.at(high[1], 0)[0], front.at(low[1], 0)[0]
    other = "front" if dims.first_end == "rear" else "rear"
    names = [(side, "side", 0.5 * (nose + tail)), (front, dims.first_end, 0.5 * (left + right))]
    names.append((sheets["rear"], other, sheets["rear"].x))
    for sheet, name, at in names:
        out.append(_text(at, sheet.at(0, high[2])[1] - 9, name, 4.0))
    out.append(_text(0.5 * (nose + tail), below + 9, "top", 4.0))
    return out


def _title_block(title: str, notes: Sequence[str], scale: float, date: str) -> list[str]:
    x, y = SHEET[0] - 12.0, SHEET[1] - 14.0
    made = f"Maquette, {date}" if date else "Maquette"
    rows = [*notes[:12], f"scale 1:{scale:g} on A3, dimensions in mm", made]
    out = [_text(x, y - ROW * (len(rows) - k - 1), row[:90], 3.0, "end") for k, row in enumerate(rows)]
    head = y - ROW * len(rows) - 2.5
    return [*out, _text(x, head, title[:70], 5.0, "end"), _first_angle(x - 22.0, head - 14.0)]


def _first_angle(x: float, y: float) -> str:
    """The symbol of first-angle projection (ISO 5456-2): what is seen from the left stands on the right."""
    return (
        f'<g class="first-angle" fill="none" stroke="#17191d" stroke-width="0.35">'
        f"<title>first-angle projection</title>"
        f'<path d="M{x:g} {y - 2.5:g}V{y + 2.5:g}L{x + 10:g} {y + 5:g}V{y - 5:g}Z"/>'
        f'<circle cx="{x + 17:g}" cy="{y:g}" r="5"/><circle cx="{x + 17:g}" cy="{y:g}" r="2.5"/>'
        f'<path stroke-dasharray="3 0.8 0.6 0.8" stroke-width="0.18" '
        f'd="M{x - 2:g} {y:g}H{x + 24:g}M{x + 17:g} {y - 7:g}V{y + 7:g}"/></g>'
    )
