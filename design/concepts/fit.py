"""Parameters fitted to a picture: the body's outline and the borders of glass and wheels are laid on it.

Levenberg-Marquardt steps in the concept vector on three kinds of residuals, all in pixels of the common frame
(768 x 384): the picture's signed distance at the body's outline, the way from each border to the nearest fitting
change of tone across it, and the way from the start in units of the start's own uncertainty. The body is the
family's coarse stand-in (`Family.outline`), whose points move the same way for small changes of a parameter:
their velocities are taken once by finite differences and again after a long way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..family import Family, Outline
from .drawing.buffers import ANCHOR_ROW, axes_of
from .frame import FINE, MM_PER_PIXEL, from_concept, to_concept
from .picture import BoolImage, FloatImage

FloatArray = NDArray[np.float64]

STEP = 0.04  # finite difference in the concept vector: 2 % of a parameter's range
SEEN_PX = 1.2  # a parameter that moves no outline point by so much over half its range is not fitted
SPACING_PX = 10.0  # stretch of outline that counts as one observation of one pixel's standard deviation
OUTLINE_HUBER_PX = 5.0
BORDER_REACH_PX = 9  # how far from a border its change of tone is looked for
BORDER_HUBER_PX = 3.0
BORDER_WEIGHT = 0.35
LEAST_CHANGE = 0.10  # of tone, across a border
LONG_WAY = 0.25  # in the concept vector, after which velocities are taken anew


@dataclass(frozen=True)
class Target:
    """What the picture shows, in the common frame at `FINE` size.

    Attributes:
        view: one of the frame's views.
        distance: (H, W) signed distance in pixels from the silhouette's edge, negative inside.
        slope: (2, H, W) its derivatives along columns and rows.
        tone: (H, W) ink, softened a little; 1 = paper.
    """

    view: str
    distance: FloatImage
    slope: FloatImage
    tone: FloatImage


@dataclass(frozen=True)
class Fitted:
    """The end of a fit.

    Attributes:
        z: concept vector (P,).
        pose: zoom (log), and shift along columns and rows in pixels, of the body on the picture; zeros when held.
        sigma: standard deviation left in each entry of z, (P,).
        moved: outline's root mean square distance from the picture's edge before and after, pixels.
    """

    z: FloatArray
    pose: FloatArray
    sigma: FloatArray
    moved: tuple[float, float]


@dataclass(frozen=True)
class _Shape:
    """A stand-in in the picture: its outline points, and border points with the outward normals' sides."""

    points: FloatArray  # (n, 2) all vertices of the mesh, then all border points
    outline: Outline


def target_of(silhouette: BoolImage, ink: FloatImage, view: str) -> Target:
    """The fit's view of a picture in the common frame."""
    from scipy import ndimage

    distance = signed_distance(silhouette)
    down, across = np.gradient(ndimage.gaussian_filter(distance, 1.0))
    tone = ndimage.gaussian_filter(ink.astype(np.float32), 1.2)
    return Target(view, distance, np.stack([across, down]).astype(np.float32), tone)


def signed_distance(mask: BoolImage) -> FloatImage:
    """Distance of each pixel's middle from the mask's edge in pixels, negative inside."""
    from scipy import ndimage

    if not mask.any() or mask.all():
        return np.full(mask.shape, 1e3 if not mask.any() else -1e3, dtype=np.float32)
    outside = ndimage.distance_transform_edt(~mask)
    inside = ndimage.distance_transform_edt(mask)
    return np.where(mask, 0.5 - inside, outside - 0.5).astype(np.float32)


def project(points: FloatArray, middle: float, view: str) -> FloatArray:
    """Columns and rows (n, 2) in the common frame at `FINE` of points (n, 3) on a body, mm."""
    right, up, _ = axes_of(view)
    flat = np.stack([points @ right - middle * right[0], -(points @ up - middle * up[0])], axis=1)
    anchor = np.array([0.5 * FINE[0], ANCHOR_ROW[view] * FINE[1]])
    return np.asarray(anchor + flat / MM_PER_PIXEL)


def fit(
    family: Family,
    target: Target,
    start: FloatArray,
    sigma: FloatArray,
    *,
    held: tuple[str, ...] = (),
    free_pose: bool = False,
    steps: int = 6,
) -> Fitted:
    """Parameters near `start` whose body covers what the picture shows.

    Args:
        start: concept vector (P,) of the encoder.
        sigma: its standard deviations (P,).
        held: parameters kept exactly.
        free_pose: the picture's scale and place are not known better than by some percent.
        steps: most Levenberg-Marquardt steps.
    """
    z = np.clip(np.asarray(start, dtype=np.float64), -1.0, 1.0)
    first, spread = z.copy(), np.clip(np.asarray(sigma, dtype=np.float64), 0.01, 0.7)
    names = [p.name for p in family.parameters]
    seen = [j for j in seen_parameters(family, target.view) if names[j] not in held]
    pose = np.zeros(3)
    pose_spread = np.array([0.03, 4.0, 4.0])
    free = 3 if free_pose else 0
    shape = _shape(family, z, target.view)
    velocity = _velocities(family, z, shape, seen, target.view)
    taken_at = z.copy()
    damping, rms = 1e-2, [0.0, 0.0]
    hessian = np.eye(len(seen) + free)
    for step in range(steps):
        placed = _placed(shape.points, pose)
        rows, values, weights = _residuals(target, shape, placed)
        rms = [rms[0] if step else _rms(values), _rms(values)]
        jacobian = _jacobian(rows, shape.points, pose, velocity, free)
        prior = np.concatenate([1.0 / spread[seen] ** 2, 1.0 / pose_spread[:free] ** 2])
        away = np.concatenate([z[seen] - first[seen], pose[:free]])
        hessian = (jacobian * weights[:, None]).T @ jacobian + np.diag(prior)
        gradient = (jacobian * weights[:, None]).T @ values + prior * away
        low = np.concatenate([-1.0 - z[seen], np.full(free, -np.inf)])
        high = np.concatenate([1.0 - z[seen], np.full(free, np.inf)])
        before = _cost(target, shape, placed) + float(prior @ away**2)
        for _ in range(3):
            move = _bounded_step(hessian, gradient, damping, low, high)
            moved, moved_pose = z.copy(), pose.copy()
            moved[seen] += move[: len(seen)]
            moved_pose[:free] += move[len(seen) :]
            tried = _shape(family, moved, target.view)
            away = np.concatenate([moved[seen] - first[seen], moved_pose[:free]])
            after = _cost(target, tried, _placed(tried.points, moved_pose)) + float(prior @ away**2)
            if after < before:
                break
            damping *= 10.0
        else:
            break
        z, pose, shape = moved, moved_pose, tried
        damping = max(damping * 0.3, 1e-4)
        if float(np.abs(move).max(initial=0.0)) < 0.004 or after > 0.997 * before:
            break
        if float(np.abs(z - taken_at).max()) > LONG_WAY and step + 1 < steps:
            velocity, taken_at = _velocities(family, z, shape, seen, target.view), z.copy()
    values = _residuals(target, shape, _placed(shape.points, pose))[1]
    left = spread.copy()
    left[seen] = np.sqrt(np.diag(np.linalg.inv(hessian)))[: len(seen)]
    return Fitted(z, pose, left, (rms[0], _rms(values)))


@lru_cache(maxsize=16)
def seen_parameters(family: Family, view: str) -> tuple[int, ...]:
    """Parameters that move some outline or border point noticeably in that view, by their numbers."""
    middle = to_concept(family, family.defaults()).astype(np.float64)
    shape = _shape(family, middle, view)
    every = list(range(len(family.parameters)))
    velocity = _velocities(family, middle, shape, every, view)
    on_outline = _on_outline(shape, shape.points)
    moving = np.concatenate(
        [velocity[:, on_outline], velocity[:, len(shape.outline.mesh.vertices) :]], axis=1
    )
    far = np.sqrt((moving**2).sum(axis=2)).max(axis=1)
    return tuple(j for j in every if far[j] >= SEEN_PX)


def _shape(family: Family, z: FloatArray, view: str) -> _Shape:
    outline = family.outline(from_concept(family, z), view)
    bounds = outline.mesh.bounds
    everything = [outline.mesh.vertices, *(b.points for b in outline.borders.values())]
    return _Shape(project(np.concatenate(everything), 0.5 * float(bounds[:, 0].sum()), view), outline)


def _velocities(family: Family, z: FloatArray, shape: _Shape, which: list[int], view: str) -> FloatArray:
    """(k, n, 2) pixels by which each point moves per unit of each parameter; zeros where points do not match."""
    found = np.zeros((len(which), *shape.points.shape))
    for row, j in enumerate(which):
        moved = z.copy()
        step = STEP if z[j] + STEP <= 1.0 else -STEP
        moved[j] += step
        points = _shape(family, moved, view).points
        if len(points) == len(shape.points):
            found[row] = (points - shape.points) / step
    return found


def _placed(points: FloatArray, pose: FloatArray) -> FloatArray:
    middle = np.array([0.5 * FINE[0], 0.6 * FINE[1]])
    return np.asarray(middle + (points - middle) * np.exp(pose[0]) + pose[1:])


def _jacobian(
    rows: tuple[NDArray[np.int64], FloatArray],
    points: FloatArray,
    pose: FloatArray,
    velocity: FloatArray,
    free: int,
) -> FloatArray:
    """(m, k + free): each residual's change, from its point's velocity along its direction (m, 2)."""
    index, direction = rows
    zoom = np.exp(pose[0])
    columns = np.einsum("kmc,mc->mk", velocity[:, index] * zoom, direction)
    if not free:
        return np.asarray(columns)
    middle = np.array([0.5 * FINE[0], 0.6 * FINE[1]])
    grow = ((points[index] - middle) * zoom * direction).sum(axis=1)
    return np.column_stack([columns, grow, direction])


def _residuals(
    target: Target, shape: _Shape, placed: FloatArray
) -> tuple[tuple[NDArray[np.int64], FloatArray], FloatArray, FloatArray]:
    """((point numbers (m,), directions (m, 2)), residuals (m,) in pixels, weights (m,))."""
    index, share = _outline_sample(shape, placed)
    spots = placed[index]
    values = _sampled(target.distance, spots)
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
    columns = [np.concatenate(part) for part in zip(*found, strict=True)]
    return (columns[0], columns[1]), columns[2], columns[3]


def _cost(target: Target, shape: _Shape, placed: FloatArray) -> float:
    """Robust sum over the residuals: what a step must lower."""
    _, values, weights = _residuals(target, shape, placed)
    return float((weights * values**2).sum())


def _on_outline(shape: _Shape, placed: FloatArray) -> NDArray[np.int64]:
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
    mask = filled(flat, mesh.faces[facing], 0.5)
    near = _sampled(signed_distance(mask), 0.5 * flat[rim])
    return rim[near > -1.3]


def filled(points: FloatArray, faces: NDArray[np.int64], zoom: float = 1.0) -> BoolImage:
    """Union of projected triangles as a mask of `zoom` times the `FINE` size."""
    from PIL import Image, ImageDraw

    picture = Image.new("1", (round(FINE[0] * zoom), round(FINE[1] * zoom)))
    draw = ImageDraw.Draw(picture)
    corners = (points[faces].reshape(len(faces), 6) * zoom - 0.5).tolist()
    for triangle in corners:
        draw.polygon(triangle, fill=1)
    return np.asarray(picture)


def _outline_sample(shape: _Shape, placed: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
    """Outline vertices, and how many observations each stands for."""
    index = _on_outline(shape, placed)
    cell = np.floor(placed[index] / SPACING_PX).astype(np.int64)
    _, inverse, count = np.unique(cell[:, 0] * 100_000 + cell[:, 1], return_inverse=True, return_counts=True)
    return index, 1.0 / count[inverse]


def _border_ways(
    tone: FloatImage, points: FloatArray, closed: bool, dark_inside: bool
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """For each border point: way in pixels along its outward normal (n, 2) to the change of tone, how sure (0 to 1),
    and the stretch of border it stands for in pixels."""
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


def _sampled(image: FloatImage, points: FloatArray) -> FloatArray:
    """Linear samples (n,) of an image at (column, row) points (n, 2), pixel middles at halves; held at the edge."""
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


def _rms(values: FloatArray) -> float:
    return float(np.sqrt(np.mean(values**2))) if len(values) else 0.0


def _bounded_step(
    hessian: FloatArray, gradient: FloatArray, damping: float, low: FloatArray, high: FloatArray
) -> FloatArray:
    """Damped Newton step within bounds: entries that would leave are laid on their bound, the rest solved anew."""
    n = len(gradient)
    matrix = hessian + damping * np.diag(np.diag(hessian))
    move, loose = np.zeros(n), np.ones(n, dtype=bool)
    for _ in range(6):
        pull = -gradient - matrix[:, ~loose] @ move[~loose]
        move[loose] = np.linalg.solve(matrix[np.ix_(loose, loose)], pull[loose])
        out = loose & ((move < low - 1e-12) | (move > high + 1e-12))
        if not out.any():
            break
        move[out] = np.clip(move[out], low[out], high[out])
        loose &= ~out
    return np.clip(move, low, high)


def values_of(family: Family, z: FloatArray, fixed: Mapping[str, float] | None = None) -> dict[str, float]:
    """Parameters of a concept vector, with `fixed` ones in their exact values."""
    return {**from_concept(family, z), **(fixed or {})}
