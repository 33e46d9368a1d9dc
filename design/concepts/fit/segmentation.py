"""The body's silhouette in any sketch, drawing, scan, or photo on a plain background.

What the border's paper reaches is outside; everything else, gaps in the outline closed and holes filled, is
the body. In the lower part of the drawing, ground and body then compete for the tones between them, so that a
shadow is left out as far as the body's darker edge holds it off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import BoolArray, ByteArray, Float32Array, level_runs
from ...errors import InputError
from ...messages import Message, say
from .picture import Ink

Box = tuple[float, float, float, float]

#: a background is plain when its tones scatter less than this, and less than this share of any second side of
#: the picture is off it
SCATTER, ODD_SIDE = 0.30, 0.12
AT_BORDER = 0.04  # of a side of the picture: a body that covers more of two of them is cut off, or no body
CROSSINGS = 3  # pieces in which something stands out at the top: posts, trees, people
LEAST_CONTRAST = 0.05  # of anything drawn against its paper
NOISE_MARGIN = 1.6  # times the paper's noise
NOISY = 0.03  # of the paper: the picture is smoothed before it is looked at
LOST = 0.5  # of what an outline closes in, that is left without its underside
LARGE_HOLE = 0.004  # of the body's area
OTHER_SHARE = 0.3  # of the body's area: something else of that size is said
LEAST_SHARE = 0.01  # of the picture that a body covers; of a thin one, the box around it
NOMINAL_SIZE = 768.0  # pixels: radii below are for a picture whose longer side is so long
GAPS = (0, 1, 2, 4, 7, 11)  # pixels: radii tried for closing gaps in the outline
CLOSED_SHARE = 0.88  # an outline is closed when its inside is so much of what the widest closing gives
PLAINLY_CLOSED = 0.60  # or, without any closing, so much of the box around the drawing
#: level lines are the ground in this lowest share of the drawing's height when they have this share of its
#: width: the body's own underside lies higher or is shorter
FEET = ((0.05, 0.12), (0.30, 0.62))
DARK = 0.40  # ink darker than this is a tyre, a contour or glass and no shadow
LOWER = 0.52  # share of the drawing's height below which shadow is looked for
COLOURED = 0.07  # of the paper's light between the channels: shadows are grey
TONES = (0.92, 0.84, 0.76, 0.68, 0.62, 0.56)  # down to which ground and body spread, in turn
CLEAR = 0.54  # ground has nothing darker below it, and nothing coloured
LEG = 5.0  # pixels: half the width of the thickest leg that may be as pale as a shadow
PASSAGE = 2.0  # pixels: half the width of the gaps in an outline that they do not pass


@dataclass(frozen=True)
class Silhouette:
    """What stands out of the paper.

    Attributes:
        mask: (H, W) the body, one piece without small holes.
        box: its left, top, right, bottom in pixels.
        closed: radius in pixels by which gaps in the outline had to be closed.
        remarks: in words, what may be wrong with it.
    """

    mask: BoolArray
    box: Box
    closed: int
    remarks: tuple[str, ...]


def segment(
    rgb: Float32Array, paper: Ink, source: str = "picture", thin: bool = False, shadows: bool = True
) -> Silhouette:
    """The silhouette of the one body that a picture (H, W, 3) shows.

    Args:
        thin: it may have legs and tubes of a few pixels; else what is so thin is no part of it.
        shadows: there may be some, which are left out.

    Raises:
        InputError: nothing stands out of the paper, or next to nothing; a background that is not plain; a
            body that is cut off at two sides.
    """
    if paper.noise > SCATTER or paper.odd > ODD_SIDE:
        raise InputError(_cluttered(source))
    scale = max(max(rgb.shape[:2]) / NOMINAL_SIZE, 0.3)
    rgb, contrast, ink = _calm(1.0 - rgb if paper.dark else rgb, paper, scale)
    drawn = contrast > max(LEAST_CONTRAST, NOISE_MARGIN * paper.noise)
    drawn = _without_specks(drawn, scale)
    if not drawn.any():
        raise InputError(
            say(
                "{picture}: nothing stands out of its paper; a drawing or photo of one body is needed",
                picture=source,
            )
        )
    line = _ground_line(drawn, ink, scale)
    if thin and not _sticks_out(line, drawn & ~line, scale):
        line = np.zeros_like(line)  # a runner or a stretcher
    elif _opens(drawn, line, scale):
        line = _beside(line, drawn & ~line)  # below the body it is its own underside
    drawn, ink = drawn & ~line, np.where(line, np.float32(1.0), ink)
    outside, closed = _outside(drawn, scale)
    body = _outside_removed(outside, closed)
    _, top, _, bottom = box_of(drawn)
    if shadows:
        dark = body & ~_without_shadow(rgb, paper, ink, body, top, bottom, scale)
        # a shadow is broad: what is narrow is a pale leg
        body = body & ~(_opened(dark, max(2, round(LEG * scale))) if thin else dark)
    whole = _without_holes(body)
    pieces = whole if thin else _opened(whole, max(1, round(2.0 * scale)))
    body = _largest(pieces)
    others = _largest(pieces & ~body).sum() > OTHER_SHARE * body.sum()
    body = _trimmed(body, contrast)
    if _share(body, thin) < LEAST_SHARE:
        share = 100.0 * _share(body, thin)
        raise InputError(
            say(
                "{picture}: the largest thing that stands out covers {share:.2f} % of the picture; at least "
                "{least:.0f} % are needed",
                picture=source,
                share=share,
                least=100 * LEAST_SHARE,
            )
        )
    sides = [side for side in (body[0], body[-1], body[:, 0], body[:, -1]) if side.mean() > AT_BORDER]
    if len(sides) > 1 or _pieces(body[0]) >= CROSSINGS:
        raise InputError(_cluttered(source))
    return Silhouette(body, box_of(body), closed, _remarks(body, closed, scale, bool(others)))


def _cluttered(source: str) -> Message:
    return say(
        "{picture}: cannot be read, what stands out of it reaches its border: the background is not plain, "
        "or the body is cut off; a whole body on plain paper or before a plain wall is needed, or one cut "
        "out on transparency",
        picture=source,
    )


def _share(body: BoolArray, thin: bool) -> float:
    if not thin or not body.any():
        return float(body.mean())
    left, top, right, bottom = box_of(body)
    return (right - left) * (bottom - top) / body.size


def _pieces(side: BoolArray) -> int:
    return len(level_runs(side[None])[0])


def box_of(mask: BoolArray) -> Box:
    """Left, top, right, bottom (pixel edges) of a silhouette that is not empty."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def foreground_box(ink: ByteArray, paint: ByteArray) -> Box:
    """Box of a clean drawing's body from its two channels: paint, and dark ink (tyres, glass, contour)."""
    mask = (paint > 100) | (ink < 110)
    return box_of(mask) if mask.any() else (0.0, 0.0, float(ink.shape[1]), float(ink.shape[0]))


def _calm(rgb: Float32Array, paper: Ink, scale: float) -> tuple[Float32Array, Float32Array, Float32Array]:
    """Picture, contrast and ink, smoothed where the paper is noisy."""
    if paper.noise < NOISY:
        return rgb, paper.contrast, paper.ink
    from scipy.ndimage import gaussian_filter

    sigma = min(0.6 + 6.0 * paper.noise, 1.6) * max(scale, 1.0)
    contrast = gaussian_filter(paper.contrast, sigma) - np.float32(0.25 * paper.noise)
    smooth = np.stack([gaussian_filter(rgb[..., k], sigma) for k in range(3)], axis=-1)
    return smooth, contrast, gaussian_filter(paper.ink, sigma)


def _without_specks(mask: BoolArray, scale: float) -> BoolArray:
    """Without pieces of a few pixels: dust and noise."""
    from scipy.ndimage import label

    pieces, count = label(mask, np.ones((3, 3)))
    if count < 2:
        return mask
    size = np.bincount(pieces.ravel())
    size[0] = 0
    large = size >= max(6.0, 14.0 * scale * scale)
    large[0] = False
    return np.asarray(large[pieces])


def _outside(drawn: BoolArray, scale: float) -> tuple[BoolArray, int]:
    """What the border's paper reaches once the outline's gaps are closed, and the radius that took."""
    outside = _reached(drawn, 0)
    left, top, right, bottom = box_of(drawn)
    if outside.size - float(outside.sum()) >= PLAINLY_CLOSED * (right - left) * (bottom - top):
        return outside, 0
    radii = sorted({round(gap * scale) for gap in GAPS})
    widest = _reached(drawn, radii[-1])
    wanted = CLOSED_SHARE * float(_outside_removed(widest, radii[-1]).sum())
    for radius in radii[:-1]:
        outside = _reached(drawn, radius)
        if float(_outside_removed(outside, radius).sum()) >= wanted:
            return outside, radius
    return widest, radii[-1]


def _opens(drawn: BoolArray, line: BoolArray, scale: float) -> bool:
    """Whether an outline loses most of what it closes in without the line."""
    rest = drawn & ~line
    if not line.any() or not rest.any():
        return False
    kept, left = (_outside_removed(*_outside(d, scale)).sum() for d in (drawn, rest))
    return bool(left < LOST * kept)


def _beside(line: BoolArray, rest: BoolArray) -> BoolArray:
    """The line as far as it reaches beyond what stands on it."""
    standing = np.flatnonzero(rest.any(axis=0))
    beside = line.copy()
    beside[:, standing[0] : standing[-1] + 1] = False
    return beside


def _reached(walls: BoolArray, radius: int) -> BoolArray:
    """Paper connected to the border when walls are thickened by `radius`."""
    from scipy.ndimage import label

    padded = np.pad(~_grown(walls, radius), 1, constant_values=True)
    pieces, _ = label(padded)
    return np.asarray((pieces == pieces[0, 0])[1:-1, 1:-1])


def _outside_removed(outside: BoolArray, radius: int) -> BoolArray:
    """The inside, drawn back by the radius that its walls were thickened by."""
    return ~_grown(outside, radius) if radius else ~outside


def _grown(mask: BoolArray, radius: int) -> BoolArray:
    """Every pixel within `radius` of the mask."""
    from scipy.ndimage import binary_dilation, distance_transform_edt

    if radius <= 0 or not mask.any():
        return mask
    if radius <= 2:
        y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
        return np.asarray(binary_dilation(mask, x * x + y * y <= radius * radius + 1))
    return np.asarray(distance_transform_edt(~mask) <= radius + 0.3)


def _opened(mask: BoolArray, radius: int) -> BoolArray:
    return _grown(~_grown(~mask, radius), radius) & mask


def _largest(mask: BoolArray) -> BoolArray:
    from scipy.ndimage import label

    pieces, count = label(mask)
    if count < 2:
        return mask
    size = np.bincount(pieces.ravel())
    size[0] = 0
    return np.asarray(pieces == int(size.argmax()))


def _without_holes(mask: BoolArray) -> BoolArray:
    """Small holes filled; a large one is ground seen under the body."""
    from scipy.ndimage import label

    pieces, _ = label(np.pad(~mask, 1, constant_values=True))
    small = np.bincount(pieces.ravel()) < LARGE_HOLE * float(mask.sum())
    small[0] = False
    return np.asarray(mask | small[pieces[1:-1, 1:-1]])


def _ground_line(drawn: BoolArray, ink: Float32Array, scale: float) -> BoolArray:
    """Thin level lines at the foot of the drawing, and longer ones in its lower part, without what stands on
    them."""
    left, top, right, bottom = box_of(drawn)
    found = np.zeros_like(drawn)
    thick = max(3, round(7.0 * scale))
    for share, length in FEET:
        foot = int(bottom - max(share * (bottom - top), 6.0 * scale))
        long = max(12, round(length * (right - left)))
        for tone in (DARK, *TONES[3:], 2.0):
            strokes = drawn[foot - thick :] & (ink[foot - thick :] < tone)
            lines = _runs(strokes[thick:], long)
            if lines.any():
                found[foot:] |= lines & ~_runs(strokes.T, thick + 1).T[thick:]
    return found


def _sticks_out(line: BoolArray, rest: BoolArray, scale: float) -> bool:
    """Whether a level line reaches further to a side than the legs that stand on it."""
    columns, others = np.flatnonzero(line.any(axis=0)), np.flatnonzero(rest.any(axis=0))
    if not len(columns) or not len(others):
        return False
    return bool(max(others[0] - columns[0], columns[-1] - others[-1]) > 6.0 * scale)


def _runs(mask: BoolArray, least: int) -> BoolArray:
    """Pixels in level runs of at least so many."""
    row, start, end = level_runs(mask)
    kept = end - start >= least
    marks = np.zeros((mask.shape[0], mask.shape[1] + 1), dtype=np.int8)
    marks[row[kept], start[kept]] += 1
    marks[row[kept], end[kept]] -= 1
    return np.asarray(np.cumsum(marks, axis=1)[:, :-1] > 0)


def _without_shadow(
    rgb: Float32Array, paper: Ink, ink: Float32Array, body: BoolArray, top: float, bottom: float, scale: float
) -> BoolArray:
    """The body without what the paper reaches more easily than the body does, in the drawing's lower part.

    Ground and body compete for every pixel: each takes what it reaches over the lighter tones first. Between
    shadow and body lies the darker line of tyres, sill and contour; passages narrower than it are closed.
    """
    from scipy.ndimage import distance_transform_edt

    first = int(top + LOWER * (bottom - top))
    whole = body[first:]
    if not whole.any():
        return body
    red, green, blue = np.moveaxis(rgb[first:] / np.maximum(paper.tone[first:], 0.05), 2, 0)
    lightest = np.maximum(red, np.maximum(green, blue))
    coloured = lightest - np.minimum(red, np.minimum(green, blue)) > COLOURED
    reach = max(1, round(PASSAGE * scale))
    lid = np.zeros_like(whole)
    lid[: 3 * reach] = _shrunk(whole[: 3 * reach], reach)
    tones = ink[first:]
    painted = _opened(coloured, reach) & whole
    under = np.where(painted, np.float32(0.0), tones)
    clear = np.minimum.accumulate(under[::-1], axis=0)[::-1] > CLEAR
    mine, theirs = lid, ~whole
    for tone in TONES:
        light = ((tones > tone) & ~painted) | ~whole
        mine, theirs = _compete(light, mine, theirs, clear, reach)
    left = whole & ~mine & ~theirs & ~painted & clear
    if left.any():
        theirs |= left & (distance_transform_edt(~theirs) < distance_transform_edt(~mine & ~painted))
    kept = whole & ~theirs
    return np.concatenate([body[:first], kept]) if kept.any() else body


def _compete(
    light: BoolArray, mine: BoolArray, theirs: BoolArray, clear: BoolArray, reach: int
) -> tuple[BoolArray, BoolArray]:
    """Each piece of newly light ground goes, with its narrow margins, to the side that it borders on more;
    one that borders on none to the ground when nothing dark lies below it."""
    from scipy.ndimage import binary_dilation, label

    pieces, count = label(_shrunk(light | mine, reach) & ~mine & ~theirs)
    if not count:
        return mine, theirs
    contact = []
    for side in (mine, theirs):
        near = binary_dilation(side, iterations=2 * reach + 1, mask=light | side)
        contact.append(np.bincount(pieces[near & (pieces > 0)], minlength=count + 1))
    size = np.bincount(pieces.ravel(), minlength=count + 1)
    free = np.bincount(pieces[clear], minlength=count + 1) > 0.6 * size
    to_body = (contact[0] > 0) & ((contact[0] >= contact[1]) | ~free)
    to_ground = ~to_body & free
    to_body[0] = to_ground[0] = False
    won, lost = _grown(to_body[pieces], reach) & light, _grown(to_ground[pieces], reach) & light
    return mine | (won & ~theirs & ~lost), theirs | (lost & ~mine)


def _shrunk(mask: BoolArray, radius: int) -> BoolArray:
    return ~_grown(~mask, radius)


def _trimmed(body: BoolArray, contrast: Float32Array) -> BoolArray:
    """Without the soft outer fringe of its outline: pixels with less than half of the line's contrast."""
    from scipy.ndimage import binary_erosion, maximum_filter

    strongest = maximum_filter(np.where(body, contrast, 0.0), 5)
    for _ in range(2):
        rim = body & ~binary_erosion(body)
        faint = rim & (contrast < 0.45 * strongest)
        if not faint.any():
            break
        body = body & ~faint
    return _largest(body)


def _remarks(body: BoolArray, closed: int, scale: float, others: bool) -> tuple[str, ...]:
    found = []
    if others:
        found.append("the picture shows more than one thing: the largest is taken")
    edge = int(body[0].sum() + body[-1].sum() + body[:, 0].sum() + body[:, -1].sum())
    if edge > 8:
        found.append("the silhouette touches the picture's border: part of the body may be cut off")
    if closed > 4.0 * scale:
        found.append(f"the outline has gaps: they were closed up to {2 * closed} pixels wide")
    return tuple(found)
