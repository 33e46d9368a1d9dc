"""A body's stand-in laid on a picture: how far its outline and its borders lie from what is drawn.

Everything is in pixels of the family's frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import BoolArray, Float32Array, FloatArray, IntArray
from ...family.contract import Family, Outline
from ..artist.frame import from_concept
from .alignment import pivot

SPACING_PX = 10.0  # stretch of outline that counts as one observation of one pixel's standard deviation
OUTLINE_HUBER_PX = 5.0
BORDER_REACH_PX = 9  # how far from a border its change of tone is looked for
BORDER_HUBER_PX = 3.0
BORDER_WEIGHT = 0.35
LEAST_CHANGE = 0.10  # of tone, across a border


@dataclass(frozen=True)
class Target:
    """What the picture shows, in the family's frame.

    Attributes:
        view: one of the frame's views.
        distance: (H, W) signed distance in pixels from the silhouette's edge, negative inside.
        slope: (2, H, W) its derivatives along columns and rows.
        tone: (H, W) ink, softened a little; 1 = paper.
    """

    view: str
    distance: Float32Array
    slope: Float32Array
    tone: Float32Array


@dataclass(frozen=True)
class Shape:
    """A stand-in projected: all vertices of its mesh, then all points of its borders, (n, 2), in a picture of
    `size` pixels (width, height)."""

    points: FloatArray
    outline: Outline
    size: tuple[int, int]

    @property
    def pivot(self) -> FloatArray:
        """About which a free pose zooms."""
        return pivot(self.size)


@dataclass(frozen=True)
class Looked:
    """A stand-in laid on the picture.

    Attributes:
        outline: numbers of the outline's vertices, and how many observations each stands for.
        index, direction: (m,) numbers and (m, 2) directions of the points that were compared.
        values, weights: (m,) residuals along those directions, pixels, and observations that each stands for.
        cost: robust sum of squares.
        outline_rms: root mean square of the outline's residuals.
    """

    shape: Shape
    pose: FloatArray
    outline: tuple[IntArray, FloatArray]
    index: IntArray
    direction: FloatArray
    values: FloatArray
    weights: FloatArray
    cost: float
    outline_rms: float


def target_of(silhouette: BoolArray, ink: Float32Array, view: str) -> Target:
    """The fit's view of a picture in the common frame."""
    from scipy import ndimage

    distance = signed_distance(silhouette)
    down, across = np.gradient(ndimage.gaussian_filter(distance, 1.0))
    tone = ndimage.gaussian_filter(ink.astype(np.float32), 1.2)
    return Target(view, distance, np.stack([across, down]).astype(np.float32), tone)


def signed_distance(mask: BoolArray) -> Float32Array:
    """Distance of each pixel's middle from the mask's edge in pixels, negative inside."""
    from scipy import ndimage

    if not mask.any() or mask.all():
        return np.full(mask.shape, 1e3 if not mask.any() else -1e3, dtype=np.float32)
    outside = ndimage.distance_transform_edt(~mask)
    inside = ndimage.distance_transform_edt(mask)
    return np.asarray(np.where(mask, 0.5 - inside, outside - 0.5), dtype=np.float32)


def shape_of(family: Family, z: FloatArray, view: str) -> Shape:
    """The stand-in of a concept vector, projected."""
    outline = family.outline(from_concept(family, z), view)
    middle = family.frame.middle(outline.mesh.bounds)
    everything = [outline.mesh.vertices, *(b.points for b in outline.borders.values())]
    return Shape(
        family.frame.project(np.concatenate(everything), middle, view), outline, family.frame.picture
    )


def _placed(shape: Shape, pose: FloatArray) -> FloatArray:
    return np.asarray(shape.pivot + (shape.points - shape.pivot) * np.exp(pose[0]) + pose[1:])


def look(
    target: Target, shape: Shape, pose: FloatArray, outline: tuple[IntArray, FloatArray] | None = None
) -> Looked:
    """`shape` on the picture; `pose` is the log of its zoom about its pivot and its shift, (3,).

    `outline` is an earlier look's, where the shape has changed little since.
    """
    placed = _placed(shape, pose)
    sample = _outline_sample(shape, placed) if outline is None else outline
    index, share = sample
    spots = placed[index]
    values = _sampled(target.distance, spots)
    rms = float(np.sqrt(np.mean(values**2))) if len(values) else 0.0
    direction = np.stack([_sampled(part, spots) for part in target.slope], axis=1)
    weights = share * _huber(values, OUTLINE_HUBER_PX)
    found = [(index, direction, values, weights)]
    begin = len(shape.outline.mesh.vertices)
    for border in shape.outline.borders.values():
        number = np.arange(begin, begin + len(border.points))
        begin += len(border.points)
        way, normal, sure, stretch = _border_ways(
            target.tone, placed[number], border.closed, border.dark_inside
        )
        weight = BORDER_WEIGHT * sure * stretch / SPACING_PX * _huber(way, BORDER_HUBER_PX)
        keep = weight > 0.0
        found.append((number[keep], normal[keep], -way[keep], weight[keep]))
    index, direction, values, weights = (np.concatenate(part) for part in zip(*found, strict=True))
    cost = float((weights * values**2).sum())
    return Looked(shape, pose, sample, index, direction, values, weights, cost, rms)


def on_outline(shape: Shape, placed: FloatArray) -> IntArray:
    """Numbers of the mesh's vertices that lie on the silhouette's edge."""
    mesh = shape.outline.mesh
    flat = placed[: len(mesh.vertices)]
    a, b, c = (flat[mesh.faces[:, k]] for k in range(3))
    turn = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    facing = turn < 0.0
    shown = np.zeros(len(flat), dtype=bool)
    hidden = np.zeros(len(flat), dtype=bool)
    shown[mesh.faces[facing].ravel()] = True
    hidden[mesh.faces[~facing].ravel()] = True
    rim = np.flatnonzero(shown & hidden)
    mask = filled(shape.size, flat, mesh.faces[facing], 0.5)
    near = _sampled(signed_distance(mask), 0.5 * flat[rim])
    return rim[near > -1.3]


def filled(size: tuple[int, int], points: FloatArray, faces: IntArray, zoom: float = 1.0) -> BoolArray:
    """Union of projected triangles as a mask of `zoom` times a picture's size (width, height)."""
    from PIL import Image, ImageDraw

    picture = Image.new("1", (round(size[0] * zoom), round(size[1] * zoom)))
    draw = ImageDraw.Draw(picture)
    corners = (points[faces].reshape(len(faces), 6) * zoom - 0.5).tolist()
    for triangle in corners:
        draw.polygon(triangle, fill=1)
    return np.asarray(picture)


def _outline_sample(shape: Shape, placed: FloatArray) -> tuple[IntArray, FloatArray]:
    """Outline vertices, and how many observations each stands for."""
    index = on_outline(shape, placed)
    cell = np.floor(placed[index] / SPACING_PX).astype(np.int64)
    _, inverse, count = np.unique(cell[:, 0] * 100_000 + cell[:, 1], return_inverse=True, return_counts=True)
    return index, 1.0 / count[inverse]


def _border_ways(
    tone: Float32Array, points: FloatArray, closed: bool, dark_inside: bool
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """For each border point: way in pixels along its outward normal (n, 2) to the change of tone, how sure
    (0 to 1), and the stretch of border that it stands for in pixels."""
    after, before = np.roll(points, -1, axis=0), np.roll(points, 1, axis=0)
    if not closed:
        after[-1], before[0] = points[-1], points[0]
    tangent = after - before
    length = np.sqrt((tangent**2).sum(axis=1))
    x, y = points.T
    area = float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())
    normal = np.stack([tangent[:, 1], -tangent[:, 0]], axis=1) / np.maximum(length, 1e-6)[:, None]
    normal *= 1.0 if area > 0.0 else -1.0
    reach = BORDER_REACH_PX
    offsets = np.arange(-reach - 2, reach + 3, dtype=np.float64)
    along = _sampled(tone, (points[:, None] + offsets[None, :, None] * normal[:, None]).reshape(-1, 2))
    along = along.reshape(len(points), len(offsets))
    rise = along[:, 3:-1] + along[:, 4:] - along[:, :-4] - along[:, 1:-3]
    rise *= 0.5 if dark_inside else -0.5
    middle = offsets[2:-2]
    best = (rise * np.exp(-0.5 * (middle / reach) ** 2)).argmax(axis=1)
    height = rise[np.arange(len(points)), best]
    sure = np.clip((height - LEAST_CHANGE) / 0.25, 0.0, 1.0)
    sure[np.abs(middle[best]) >= reach] = 0.0
    return middle[best], normal, sure, 0.5 * length


def _sampled(image: Float32Array, points: FloatArray) -> FloatArray:
    """Linear samples (n,) at (column, row) points (n, 2), pixel middles at halves; held at the edge."""
    height, width = image.shape
    x = np.clip(points[:, 0] - 0.5, 0.0, width - 1.001)
    y = np.clip(points[:, 1] - 0.5, 0.0, height - 1.001)
    i, j = y.astype(np.int64), x.astype(np.int64)
    u, v = x - j, y - i
    upper = image[i, j] * (1.0 - u) + image[i, j + 1] * u
    lower = image[i + 1, j] * (1.0 - u) + image[i + 1, j + 1] * u
    return np.asarray(upper * (1.0 - v) + lower * v, dtype=np.float64)


def _huber(values: FloatArray, limit: float) -> FloatArray:
    return np.asarray(1.0 / np.maximum(1.0, np.abs(values) / limit))
