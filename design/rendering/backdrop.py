"""What stands behind a body in a picture: a light-grey studio with its shadow and its faint mirror image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Float32Array, FloatArray
from .cameras import Camera

DEEPEST = 0.93  # share of the floor's brightness that full shadow takes
MIRROR = 0.24  # share of the mirror image in the polished floor
#: brightness (sRGB 0..1) over the slope of the ray, from straight down over the horizon to straight up
SLOPES = (-1.0, -0.25, -0.07, -0.012, 0.02, 0.10, 0.35, 1.0)
TONES = (0.88, 0.90, 0.91, 0.845, 0.835, 0.90, 0.955, 0.97)
TINT = (0.988, 0.996, 1.0)
VIGNETTE = 0.10


@dataclass(frozen=True)
class Ground:
    """The floor's darkness around the body: `shadow` (ny, nx) on the grid `origin` + index * `step` (m)."""

    shadow: Float32Array
    origin: tuple[float, float]
    step: float

    def picture(
        self, camera: Camera, size: tuple[int, int], mirrored: Float32Array | None = None
    ) -> Float32Array:
        """(h, w, 3) backdrop with the shadow on the floor as the camera sees it.

        Args:
            mirrored: (h, w, 4) what a mirror on the floor shows, colour premultiplied by cover.
        """
        width, height = size
        u: Float32Array = np.asarray((np.arange(width) + 0.5) / width * 2.0 - 1.0, dtype=np.float32)[None, :]
        v: Float32Array = np.asarray(1.0 - (np.arange(height) + 0.5) / height * 2.0, dtype=np.float32)[
            :, None
        ]
        half_h = camera.half_height
        half_w = half_h * width / height
        _, upward, back = camera.axes()
        tone: Float32Array
        if camera.parallel:
            tone = _level(u, v) if abs(back[2]) < 0.9 else np.full((height, width), 0.93, dtype=np.float32)
        else:
            rise = v * half_h * upward[2] - back[2] * np.linalg.norm(camera.eye - camera.centre)
            flat = np.float32(np.linalg.norm(camera.eye - camera.centre))
            tone = np.asarray(np.interp(rise / flat, SLOPES, TONES), dtype=np.float32)
        tone = np.asarray(tone * (1.0 - VIGNETTE * np.square(0.75 * u * u + 0.35 * v * v)), dtype=np.float32)
        across, upright = np.asarray(u * half_w, np.float32), np.asarray(v * half_h, np.float32)
        dark = self._darkness(camera, across, upright)
        picture = tone * (1.0 - DEEPEST * dark)
        shown = picture[..., None] * np.asarray(TINT, dtype=np.float32)
        if mirrored is not None:
            cover = MIRROR * mirrored[..., 3:] * (1.0 - dark[..., None])
            shown = shown * (1.0 - cover) + MIRROR * mirrored[..., :3] * (1.0 - dark[..., None])
        return np.asarray(shown, dtype=np.float32)

    def _darkness(self, camera: Camera, across: Float32Array, upright: Float32Array) -> Float32Array:
        """(h, w) darkness of the floor where it is seen at (1, w) and (h, 1) metres off the centre."""
        right, upward, back = camera.axes()
        dark = np.zeros((upright.shape[0], across.shape[1]), dtype=np.float32)
        if camera.parallel and abs(back[2]) < 0.05:
            # looking along the floor: what lies on it shows as a soft band under the wheels
            along_x = abs(right[0]) > 0.5
            deep = self.shadow.max(axis=0 if along_x else 1) ** 4
            start = self.origin[0] if along_x else self.origin[1]
            place = (camera.centre[0 if along_x else 1] + across * right[0 if along_x else 1]).ravel()
            profile = np.interp(place, start + self.step * np.arange(len(deep)), deep, 0, 0)
            drop = -(camera.centre[2] + upright)
            fade = np.where(drop > 0, 0.7 * np.exp(-np.maximum(drop, 0.0) / 0.04), 0.0)
            return np.asarray(fade * profile[None, :], dtype=np.float32)
        # rows that may see the floor at all
        ray_z = -back[2] + 0.0 * upright
        start_z = camera.centre[2] + upright * upward[2]
        if not camera.parallel:
            distance = float(np.linalg.norm(camera.eye - camera.centre))
            ray_z = upright * upward[2] - back[2] * distance
            start_z = np.full_like(upright, camera.eye[2])
        rows = np.flatnonzero(ray_z[:, 0] < -1e-6)
        if not len(rows):
            return dark
        t = (-start_z[rows] / ray_z[rows]).astype(np.float32)
        flat = []
        for axis in (0, 1):
            plane = across * right[axis] + upright[rows] * upward[axis]
            if camera.parallel:
                flat.append(camera.centre[axis] + plane - t * back[axis])
            else:
                flat.append(camera.eye[axis] + t * (plane - back[axis] * distance))
        dark[rows] = self.sample(np.stack(flat, axis=-1))
        return dark

    def sample(self, spot: FloatArray) -> FloatArray:
        """Darkness 0..1 of the floor at `spot` (..., 2), m; 0 outside the grid."""
        ny, nx = self.shadow.shape
        gx = (spot[..., 0] - self.origin[0]) / self.step
        gy = (spot[..., 1] - self.origin[1]) / self.step
        inside = np.isfinite(gx) & (gx >= 0) & (gy >= 0) & (gx < nx - 1.001) & (gy < ny - 1.001)
        value = np.zeros(gx.shape)
        gx, gy = gx[inside], gy[inside]
        ix, iy = gx.astype(np.int64), gy.astype(np.int64)
        fx, fy = gx - ix, gy - iy
        flat, first = self.shadow.ravel(), iy * nx + ix
        near = flat[first] * (1 - fx) + flat[first + 1] * fx
        far = flat[first + nx] * (1 - fx) + flat[first + nx + 1] * fx
        value[inside] = near * (1 - fy) + far * fy
        return value


def _level(u: Float32Array, v: Float32Array) -> Float32Array:
    """Brightness of the backdrop of a parallel view along the floor: a pool of light behind the body."""
    return np.asarray(
        0.80 + 0.13 * np.exp(-np.square(u / 1.2) - np.square((v + 0.05) / 0.9)), dtype=np.float32
    )
