"""The body's silhouette in any sketch, drawing, scan, or photo on a plain background.

What the border's paper reaches is outside; everything else, gaps in the outline closed and holes filled, is
the body. On the ground, the paper also reaches through thin hatching and through grey tones, as far as the
outline still holds them out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .picture import BoolImage, FloatImage, Ink

Box = tuple[float, float, float, float]

LEAST_CONTRAST = 0.05  # of anything drawn against its paper
NOISE_MARGIN = 1.6  # times the paper's noise
NOISY = 0.03  # of the paper: the picture is smoothed before it is looked at
LEAST_SHARE = 0.01  # of the picture that a body covers
NOMINAL_WIDTH = 768.0  # pixels: radii below are for a picture so wide
GAPS = (0, 1, 2, 4, 7, 11)  # pixels: radii tried for closing gaps in the outline
CLOSED_SHARE = 0.88  # an outline is closed when its inside is so much of what the widest closing gives
PLAINLY_CLOSED = 0.60  # or, without any closing, so much of the box around the drawing
#: level lines are the ground in this lowest share of the drawing's height when they have this share of its
#: width: the body's own underside lies higher or is shorter
FEET = ((0.05, 0.12), (0.30, 0.62))
DARK = 0.40  # ink darker than this is a tyre, a contour or glass and no shadow
LOWER = 0.52  # share of the drawing's height below which shadow is looked for
SHADOW_LOSS = 0.34  # most of the silhouette's area that may turn out to be shadow
COLOURED = 0.07  # of the paper's light between the channels: shadows are grey
SHADOWS = (0.85, 0.75, 0.65, 0.58, 0.52)  # tones down to which shadow is looked for, lightest first
#: closing the outline further must not win back more than this, else the shadow's light runs into the body
TIGHT = 0.97


@dataclass(frozen=True)
class Silhouette:
    """What stands out of the paper.

    Attributes:
        mask: (H, W) the body, one piece without holes.
        box: its left, top, right, bottom in pixels.
        closed: radius in pixels by which gaps in the outline had to be closed.
        remarks: in words, what may be wrong with it.
    """

    mask: BoolImage
    box: Box
    closed: int
    remarks: tuple[str, ...]


def segment(rgb: FloatImage, paper: Ink, source: str = "picture") -> Silhouette:
    """The silhouette of the one body that a picture (H, W, 3) shows.

    Raises:
        InputError: nothing stands out of the paper, or next to nothing.
    """
    scale = max(rgb.shape[1] / NOMINAL_WIDTH, 0.3)
    rgb, contrast, ink = _calm(1.0 - rgb if paper.dark else rgb, paper, scale)
    drawn = contrast > max(LEAST_CONTRAST, NOISE_MARGIN * paper.noise)
    drawn = _without_specks(drawn, scale)
    if not drawn.any():
        raise InputError(
            f"{source}: nothing stands out of its paper; a drawing or photo of one body is needed"
        )
    drawn = drawn & ~_ground_line(drawn, ink, scale)
    outside, closed = _outside(drawn, scale)
    body = _outside_removed(outside, closed)
    body = _without_shadow(rgb, paper, ink, drawn, body, closed, scale)
    body = _largest(_opened(body, max(1, round(2.0 * scale))))
    body = _trimmed(body, contrast)
    if body.sum() < LEAST_SHARE * body.size:
        share = 100.0 * float(body.mean())
        raise InputError(
            f"{source}: the largest thing that stands out covers {share:.2f} % of the picture; at least "
            f"{100 * LEAST_SHARE:.0f} % are needed"
        )
    return Silhouette(body, box_of(body), closed, _remarks(body, closed, scale))


def box_of(mask: BoolImage) -> Box:
    """Left, top, right, bottom (pixel edges) of a silhouette that is not empty."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def foreground_box(ink: NDArray[np.uint8], paint: NDArray[np.uint8]) -> Box:
    """Box of a clean drawing's body from its two channels: paint, and dark ink (tyres, glass, contour)."""
    mask = (paint > 100) | (ink < 110)
    return box_of(mask) if mask.any() else (0.0, 0.0, float(ink.shape[1]), float(ink.shape[0]))


def _calm(rgb: FloatImage, paper: Ink, scale: float) -> tuple[FloatImage, FloatImage, FloatImage]:
    """Picture, contrast and ink, smoothed where the paper is noisy."""
    if paper.noise < NOISY:
        return rgb, paper.contrast, paper.ink
    from scipy.ndimage import gaussian_filter

    sigma = min(0.6 + 6.0 * paper.noise, 1.6) * max(scale, 1.0)
    contrast = gaussian_filter(paper.contrast, sigma) - np.float32(0.25 * paper.noise)
    smooth = np.stack([gaussian_filter(rgb[..., k], sigma) for k in range(3)], axis=-1)
    return smooth, contrast, gaussian_filter(paper.ink, sigma)


def _without_specks(mask: BoolImage, scale: float) -> BoolImage:
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


def _outside(drawn: BoolImage, scale: float) -> tuple[BoolImage, int]:
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


def _reached(walls: BoolImage, radius: int) -> BoolImage:
    """Paper connected to the border when walls are thickened by `radius`."""
    from scipy.ndimage import label

    padded = np.pad(~_grown(walls, radius), 1, constant_values=True)
    pieces, _ = label(padded)
    return np.asarray((pieces == pieces[0, 0])[1:-1, 1:-1])


def _outside_removed(outside: BoolImage, radius: int) -> BoolImage:
    """The inside, drawn back by the radius that its walls were thickened by."""
    return ~_grown(outside, radius) if radius else ~outside


def _grown(mask: BoolImage, radius: int) -> BoolImage:
    """Every pixel within `radius` of the mask."""
    from scipy.ndimage import binary_dilation, distance_transform_edt

    if radius <= 0 or not mask.any():
        return mask
    if radius <= 2:
        y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
        return np.asarray(binary_dilation(mask, x * x + y * y <= radius * radius + 1))
    return np.asarray(distance_transform_edt(~mask) <= radius + 0.3)


def _opened(mask: BoolImage, radius: int) -> BoolImage:
    return _grown(~_grown(~mask, radius), radius) & mask


def _largest(mask: BoolImage) -> BoolImage:
    from scipy.ndimage import label

    pieces, count = label(mask)
    if count < 2:
        return mask
    size = np.bincount(pieces.ravel())
    size[0] = 0
    return np.asarray(pieces == int(size.argmax()))


def _ground_line(drawn: BoolImage, ink: FloatImage, scale: float) -> BoolImage:
    """Thin level lines at the foot of the drawing, and longer ones in its lower part, without what stands on
    them."""
    left, top, right, bottom = box_of(drawn)
    found = np.zeros_like(drawn)
    thick = max(3, round(7.0 * scale))
    for share, length in FEET:
        foot = int(bottom - max(share * (bottom - top), 6.0 * scale))
        long = max(12, round(length * (right - left)))
        for tone in (DARK, *SHADOWS[2:], 2.0):
            strokes = drawn[foot - thick :] & (ink[foot - thick :] < tone)
            lines = _runs(strokes[thick:], long)
            if lines.any():
                found[foot:] |= lines & ~_runs(strokes.T, thick + 1).T[thick:]
    return found


def _runs(mask: BoolImage, least: int) -> BoolImage:
    """Pixels in level runs of at least so many."""
    steps = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    row, start = np.nonzero(steps == 1)
    end = np.nonzero(steps == -1)[1]
    kept = end - start >= least
    marks = np.zeros((mask.shape[0], mask.shape[1] + 1), dtype=np.int8)
    marks[row[kept], start[kept]] += 1
    marks[row[kept], end[kept]] -= 1
    return np.asarray(np.cumsum(marks, axis=1)[:, :-1] > 0)


def _without_shadow(
    rgb: FloatImage, paper: Ink, ink: FloatImage, drawn: BoolImage, body: BoolImage, closed: int, scale: float
) -> BoolImage:
    """The body once the paper also reaches through tones of shadow, as dark as they may be without that it
    runs into the body."""
    _, top, _, bottom = box_of(drawn)
    first = int(top + LOWER * (bottom - top))
    whole, walls, tones = body[first:], drawn[first:], ink[first:]
    red, green, blue = np.moveaxis(rgb[first:] / np.maximum(paper.tone[first:], 0.05), 2, 0)
    most_light, least_light = (
        np.maximum(red, np.maximum(green, blue)),
        np.minimum(red, np.minimum(green, blue)),
    )
    grey = walls & (tones > DARK) & (most_light - least_light < COLOURED)
    if not grey.any():
        return body
    most = SHADOW_LOSS * float(body.sum())
    return np.concatenate([body[:first], _laddered(whole, walls, tones, grey, most, closed, scale)])


def _laddered(
    whole: BoolImage,
    walls: BoolImage,
    ink: FloatImage,
    grey: BoolImage,
    most: float,
    closed: int,
    scale: float,
) -> BoolImage:
    """The body's lower part with grey tones and thin grey lines open to the paper's light, darker and darker
    until that runs into the body."""
    thin = grey & ~_opened(walls, max(1, round(2.0 * scale)))
    found = whole
    for lines in (thin, np.zeros_like(thin)):
        for tone in SHADOWS:
            lit = _lit(walls & ~lines & ~(grey & (ink > tone)), whole[0], closed, scale)
            if lit is None:
                break
            lit = whole & ~_low_pieces(whole & ~lit)
            if float(whole.sum()) - float(lit.sum()) > most:
                break
            found = lit
        if found is not whole:
            break
    return found


def _low_pieces(mask: BoolImage) -> BoolImage:
    """Without the pieces that reach the upper end: no shadow is so high."""
    from scipy.ndimage import label

    pieces, _ = label(mask)
    high = np.unique(pieces[:3])
    return mask & ~np.isin(pieces, high[high > 0])


def _lit(bare: BoolImage, lid: BoolImage, closed: int, scale: float) -> BoolImage | None:
    """The inside of what is left of the drawing's lower part, closed above by the body's own row `lid`, its
    smallest gaps closed too; None when it is open."""
    covered = np.concatenate([np.broadcast_to(lid, (5, len(lid))), bare])
    before: BoolImage | None = None
    for radius in (0, 1, 2, 3):
        reach = max(round(radius * scale), closed)
        lit = _outside_removed(_reached(covered, reach), reach)[5:]
        if before is not None and float(before.sum()) >= TIGHT * float(lit.sum()):
            return before
        before = lit
    return None


def _trimmed(body: BoolImage, contrast: FloatImage) -> BoolImage:
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


def _remarks(body: BoolImage, closed: int, scale: float) -> tuple[str, ...]:
    found = []
    edge = int(body[0].sum() + body[-1].sum() + body[:, 0].sum() + body[:, -1].sum())
    if edge > 8:
        found.append("the silhouette touches the picture's border: part of the body may be cut off")
    if closed > 4.0 * scale:
        found.append(f"the outline has gaps: they were closed up to {2 * closed} pixels wide")
    return tuple(found)
