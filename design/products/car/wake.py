"""Where the flow can no longer follow the body: shape numbers of the separated wake, for the surrogate.

Air follows a surface that closes gently and leaves one that closes faster than some angle (for rear slopes
about 12 to 30 degrees from the flow: S. R. Ahmed, SAE 840300; W.-H. Hucho, Aerodynamics of Road Vehicles,
4th edition 1998, chapter 4). The *shadow* of a contour at an angle is what remains when the flow may fall by
no more than that angle from every point it has passed: where the body lies below its shadow the flow is
separated, and the shadow's height at the tail is that of the wake. Angles are tried at several values; the
data decide which matter. Plain functions of the definition, below a millisecond; no mesh.
"""

from __future__ import annotations

import numpy as np

from ...arrays import FloatArray
from .definition import Definition

STATIONS = 90
ROOF_ANGLES = (12, 18, 25)  # deg
SIDE_ANGLES = (6, 10)  # deg
FLOOR_ANGLE = 10  # deg
#: backlight angle at which a rear slope changes from attached to separated flow, and the width of the change
SEPARATION, SOFTNESS = 32.0, 4.0  # deg


def wake_features(d: Definition) -> dict[str, float]:
    """Dimensionless heights, widths and bubble areas of the wake behind the roof's highest point."""
    p = d.p
    length, height, width = d.length, p["overall_height"], p["overall_width"]
    x = np.linspace(0.02, 0.995, STATIONS) * length
    top = np.asarray(d.profile(x))
    peak = int(np.argmax(top))
    xr, rear_top = x[peak:], top[peak:]
    rear_floor = np.asarray(d.bottom(xr))
    rear_side = np.asarray(d.half_width(xr, rear_floor + 0.45 * (rear_top - rear_floor)))
    found: dict[str, float] = {}
    for angle in ROOF_ANGLES:
        line = shadow(xr, rear_top, angle)
        found[f"wake_height_{angle}"] = float(line[-1] - rear_floor[-1]) / height
        found[f"bubble_{angle}"] = _area(xr, line - rear_top) / (length * height)
    for angle in SIDE_ANGLES:
        line = shadow(xr, rear_side, angle)
        found[f"wake_width_{angle}"] = 2.0 * float(line[-1]) / width
        found[f"side_bubble_{angle}"] = _area(xr, line - rear_side) / (length * width)
    line = -shadow(xr, -rear_floor, FLOOR_ANGLE)
    found["wake_floor"] = float(line[-1]) / height
    found["floor_bubble"] = _area(xr, rear_floor - line) / (length * height)
    found["wake_area_12"] = found["wake_height_12"] * found["wake_width_6"]
    found["wake_area_18"] = found["wake_height_18"] * found["wake_width_10"]
    found["separated"] = float(1.0 / (1.0 + np.exp(-(p["backlight_angle"] - SEPARATION) / SOFTNESS)))
    found["separated_fall"] = found["separated"] * (height - d.z_tail) / height
    found["steepest_front"] = float(np.gradient(top, x)[: max(peak, 2)].max())
    found["nose_rounding"] = p["nose_roundness"] * p["nose_sweep"] / (width * height)
    return found


def shadow(x: FloatArray, height: FloatArray, angle: float) -> FloatArray:
    """The lowest contour over `height` (n,) that nowhere falls faster than `angle` degrees along `x` (n,)."""
    slope = float(np.tan(np.radians(angle)))
    return np.asarray(np.maximum.accumulate(height + slope * x) - slope * x)


def _area(x: FloatArray, y: FloatArray) -> float:
    return max(0.0, float(np.trapezoid(y, x)))
