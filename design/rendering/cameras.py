"""The camera that frames a body in a view.

Cars are photographed from about a metre above the ground with a long lens, far away: the body then stands
tall on its wheels, its lines keep their true proportion and the horizon runs behind the doors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray
from ..family.photographs import View

EYE_HEIGHT = 1.0  # m above the ground, where a photographer kneels
EYE_SHARE = 0.72  # of the body's height at most, so that small models are seen the same way
LENS_MM, DETAIL_LENS_MM = 100.0, 135.0  # focal length on a full frame
HALF_FRAME_MM = 18.0  # half the width of a full frame (ISO 1007, 36 mm x 24 mm)
MARGIN = 1.09  # of the picture over the body's extent, both ways
DETAIL_MARGIN = 1.03
FEW = 60  # points that tell a shape
FAR = 20.0  # m, eye of a parallel view


@dataclass(frozen=True)
class Camera:
    """Where a picture is taken from (metres).

    Attributes:
        eye, centre, up: position, point looked at, up direction, each (3,).
        parallel: orthographic when True.
        half_height: half of what the picture shows vertically at the centre, m.
    """

    eye: FloatArray
    centre: FloatArray
    up: FloatArray
    parallel: bool
    half_height: float

    @property
    def angle(self) -> float:
        """Vertical angle of view, degrees."""
        distance = float(np.linalg.norm(self.eye - self.centre))
        return float(np.degrees(2.0 * np.arctan2(self.half_height, distance)))

    def axes(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Right, up and towards-the-eye unit vectors of the picture."""
        back = (self.eye - self.centre) / np.linalg.norm(self.eye - self.centre)
        right = np.cross(self.up, back)
        right /= np.linalg.norm(right)
        return right, np.cross(back, right), back

    def below(self) -> Camera:
        """The camera that sees what a mirror in the ground shows; its picture is upside down."""
        flip = np.array([1.0, 1.0, -1.0])
        return Camera(self.eye * flip, self.centre * flip, self.up, self.parallel, self.half_height)


def framed(points: FloatArray, view: View, aspect: float, span: float | None = None) -> Camera:
    """The camera of a view for a body.

    Args:
        points: (n, 3) of the body, m. aspect: width over height of the picture.
        span: length in mm that the picture's width shows at the body's middle; fits when None.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    eye_height = low[2] + min(EYE_HEIGHT, EYE_SHARE * float(high[2] - low[2]))
    if view.window is not None:
        shares = np.asarray(view.window)
        a, b = low + shares[:, 0] * (high - low), low + shares[:, 1] * (high - low)
        points = points[((points >= a) & (points <= b)).all(axis=1)]
        low, high = a, b
        if len(points) < FEW:  # a coarse body: its box, then
            points = np.stack(np.meshgrid(*zip(low, high, strict=True)), axis=-1).reshape(-1, 3)
    centre = 0.5 * (low + high)
    if view.parallel:
        return _parallel(points, view, centre, aspect, span)
    return _long_lens(points, view, centre, eye_height, aspect, span)


def _parallel(
    points: FloatArray, view: View, centre: FloatArray, aspect: float, span: float | None
) -> Camera:
    back = np.asarray(view.direction) / np.linalg.norm(view.direction)
    camera = Camera(centre + back * FAR, centre, np.asarray(view.up), True, 1.0)
    right, upward, _ = camera.axes()
    u, w = (points - centre) @ right, (points - centre) @ upward
    centre = centre + right * 0.5 * (u.max() + u.min()) + upward * 0.5 * (w.max() + w.min())
    half = MARGIN * float(max(0.5 * np.ptp(w), 0.5 * np.ptp(u) / aspect))
    if span is not None:
        half = 0.5 * span * 1e-3 / aspect
    return Camera(centre + back * FAR, centre, np.asarray(view.up), True, half)


def _long_lens(
    points: FloatArray, view: View, centre: FloatArray, eye_height: float, aspect: float, span: float | None
) -> Camera:
    """Perspective at the distance where the lens frames the points, along the view's direction, or where that
    has no rise from `eye_height` (m above z = 0)."""
    way = np.asarray(view.direction) / np.linalg.norm(view.direction)
    whole = view.window is None
    tangent = HALF_FRAME_MM / (LENS_MM if whole else DETAIL_LENS_MM) / aspect
    distance, margin = FAR, MARGIN if whole else DETAIL_MARGIN
    eye = centre
    for _ in range(12):
        eye = centre + way * distance
        if not view.direction[2]:
            eye[2] = eye_height
        right, upward, back = Camera(eye, centre, np.asarray(view.up), False, 1.0).axes()
        away = float((eye - centre) @ back)
        local = points - eye
        depth = np.maximum(-(local @ back), 0.05 * away)
        u, w = (local @ right) / depth, (local @ upward) / depth
        centre = centre + (right * 0.5 * (u.max() + u.min()) + upward * 0.5 * (w.max() + w.min())) * away
        if span is None:
            distance *= margin * max(0.5 * np.ptp(w) / tangent, 0.5 * np.ptp(u) / (tangent * aspect))
        else:
            distance = 0.5 * span * 1e-3 / aspect / tangent
    half = tangent * float(np.linalg.norm(eye - centre))
    return Camera(eye, centre, np.asarray(view.up), False, half)
