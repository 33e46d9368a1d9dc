"""Cross-sections of members, and their numbers.

An ellipse or a rectangle, solid or hollow with a wall that is the same all round; a round tube is an ellipse
of equal axes. The height lies along the member's local z, the width along y (:class:`.structure.Member`).
Rounded corners of rectangular tubes are left out.

Sources: W. Young, R. Budynas, "Roark's Formulas for Stress and Strain", 7th ed., tables A.1 and 10.1 (area,
inertia, torsion of solid and thin-walled sections); G. Cowper, "The shear coefficient in Timoshenko's beam
theory", J. Appl. Mech. 33 (1966) (shear areas, Poisson's ratio 0.3); S. Timoshenko, J. Goodier, "Theory of
Elasticity", sections 109-121 (largest shear).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..arrays import BoolArray, FloatArray
from ..errors import InputError
from ..messages import say

Shape = Literal["ellipse", "rectangle"]


@dataclass(frozen=True)
class Section:
    """A cross-section, mm.

    Attributes:
        shape: ``ellipse`` or ``rectangle``.
        width, height: outside, along the member's local y and z.
        wall: thickness all round; 0: solid.

    Raises:
        InputError: a length that is not above zero, or a wall thicker than half of the section.
    """

    shape: Shape
    width: float
    height: float
    wall: float = 0.0

    def __post_init__(self) -> None:
        thin = min(self.width, self.height)
        if not (0.0 < thin < float("inf") and 0.0 <= self.wall <= 0.5 * thin):
            raise InputError(
                say(
                    "section is {width} x {height} mm with a wall of {wall} mm; width and height are above 0,"
                    " the wall at most half of the smaller",
                    width=f"{self.width:g}", height=f"{self.height:g}", wall=f"{self.wall:g}",
                )
            )  # fmt: skip

    @property
    def numbers(self) -> Numbers:
        """Its area, inertias and the rest, each (1,)."""
        sizes = (np.array([x]) for x in (self.width, self.height, self.wall))
        return numbers_of(np.array([self.shape == "ellipse"]), *sizes)


@dataclass(frozen=True, eq=False)
class Numbers:
    """What beams need of sections; each array of the sections' own shape (any).

    Attributes:
        area: mm2. Iy, Iz: about local y and z, mm4. J: torsion, mm4. Ay, Az: shear areas, mm2.
        cy, cz: extreme fibres, mm. Wt: torque over largest shear, mm3.
        qy, qz: largest shear stress for a shear force of 1 N along y and z, 1/mm2.
        corner_shear: share of the largest shear of torsion at a rectangle's corners (0 solid, 1 hollow).
    """

    area: FloatArray
    Iy: FloatArray
    Iz: FloatArray
    J: FloatArray
    Ay: FloatArray
    Az: FloatArray
    cy: FloatArray
    cz: FloatArray
    Wt: FloatArray
    qy: FloatArray
    qz: FloatArray
    corner_shear: FloatArray


def numbers_of(ellipse: BoolArray, width: FloatArray, height: FloatArray, wall: FloatArray) -> Numbers:
    """Numbers of many sections at once: arrays of one shape, mm; `ellipse` false for rectangles."""
    w, h, solid = width, height, wall == 0.0
    t = np.where(solid, 0.5 * np.minimum(w, h), wall)
    u, v = np.maximum(w - 2.0 * t, 0.0), np.maximum(h - 2.0 * t, 0.0)  # the hole; of a bar one is nothing
    k = np.where(ellipse, np.pi / 4.0, 1.0)
    area = k * (w * h - u * v)
    inertia = np.where(ellipse, np.pi / 64.0, 1.0 / 12.0)
    Iy, Iz = inertia * (w * h**3 - u * v**3), inertia * (h * w**3 - v * u**3)
    first = np.where(ellipse, 1.0 / 12.0, 1.0 / 8.0)  # first moment of the half beyond the neutral axis
    Qy, Qz = first * (w * h * h - u * v * v), first * (h * w * w - v * u * u)
    qz, qy = Qy / (Iy * np.where(solid, w, 2.0 * t)), Qz / (Iz * np.where(solid, h, 2.0 * t))
    J, Wt = _torsion(ellipse, w, h, t, solid)
    ky, kz = (_shear_share(ellipse, a, b, t, area, solid) for a, b in ((h, w), (w, h)))
    return Numbers(
        area, Iy, Iz, J, ky * area, kz * area, 0.5 * w, 0.5 * h, Wt, qy, qz, np.where(solid, 0.0, 1.0)
    )


def _torsion(
    ellipse: BoolArray, w: FloatArray, h: FloatArray, t: FloatArray, solid: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """J and torque over largest shear. Tubes: Bredt on the wall's middle, plus what a wall has as a strip
    (together exact for a round tube of any wall)."""
    long, short = np.maximum(w, h), np.minimum(w, h)
    m, n = w - t, h - t
    skew = ((m - n) / (m + n)) ** 2
    around = np.where(
        ellipse,
        np.pi / 2.0 * (m + n) * (1.0 + 3.0 * skew / (10.0 + np.sqrt(4.0 - 3.0 * skew))),  # Ramanujan
        2.0 * (m + n),
    )
    inside = np.where(ellipse, np.pi / 4.0, 1.0) * m * n
    tube = 4.0 * inside**2 * t / around + np.where(ellipse, 1.0 / 4.0, 1.0 / 3.0) * around * t**3
    r = short / long
    bar = np.where(
        ellipse,
        np.pi / 16.0 * (w * h) ** 3 / (w**2 + h**2),
        long * short**3 * (1.0 / 3.0 - 0.21 * r * (1.0 - r**4 / 12.0)),
    )
    series = 1.0 + r * (0.6095 + r * (0.8865 + r * (-1.8023 + r * 0.91)))
    bar_wt = np.where(ellipse, np.pi / 16.0 * long * short**2, long * short**2 / (3.0 * series))
    J = np.where(solid, bar, tube)
    return J, np.where(solid, bar_wt, tube / (2.0 * inside / around + 0.5 * t))


def _shear_share(
    ellipse: BoolArray, across: FloatArray, along: FloatArray, t: FloatArray, area: FloatArray,
    solid: BoolArray,
) -> FloatArray:  # fmt: skip
    """Shear area over area for a force along `along`. Cowper's for circles (also for ellipses, where it is
    near) and solid rectangles; of a box the two walls along the force."""
    nu = 0.3
    m = np.where(solid, 0.0, 1.0 - 2.0 * t / (0.5 * (across + along)))
    a, b = (1.0 + m * m) ** 2, m * m
    circle = 6.0 * (1.0 + nu) * a / ((7.0 + 6.0 * nu) * a + (20.0 + 12.0 * nu) * b)
    box = np.where(solid, 10.0 * (1.0 + nu) / (12.0 + 11.0 * nu), 2.0 * t * along / area)
    return np.where(ellipse, circle, np.minimum(box, 5.0 / 6.0))


def bent(
    solid: BoolArray, radius: FloatArray, wall: FloatArray, bend: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """How much more a round section gives than a straight one, and how much higher its bending stress is,
    where its middle line is bent to a radius; 1 and 1 where that is 0.

    Tubes flatten: T. von Karman (1911) for the give, and E. Rodabaugh, H. George, "Effect of Internal
    Pressure on Flexibility and Stress-Intensification Factors of Curved Pipe", Trans. ASME 79 (1957),
    1.8 / h^(2/3) in the plane of the bend, from which ASME B31's factors are made, for the stress. Our shells
    give up to 12 % less of the one and 5 to 14 % less of the other, as straight arms hold the bend round.
    Solid bars: Young and Budynas, table 9.1, circle, fitted from 2 to 10.

    Args:
        solid: which are. radius: of the section to the outside; wall: of a tube; bend: mm, each of one shape.
    """
    straight = bend <= 0.0
    middle = radius - 0.5 * wall
    h = np.where(straight | solid, 1e3, wall * bend / middle**2)
    tight = np.where(straight, 0.0, radius / np.where(straight, 1.0, bend))
    more = (12.0 * h * h + 10.0) / (12.0 * h * h + 1.0)
    higher = np.where(solid, 1.0 + 0.72 * tight + 0.8 * tight**2, np.maximum(1.0, 1.8 / h ** (2.0 / 3.0)))
    return np.where(straight | solid, 1.0, more), np.where(straight, 1.0, higher)


def round_tube(diameter: float, wall: float) -> Section:
    """A round tube, mm."""
    return Section("ellipse", diameter, diameter, wall)


def oval_tube(width: float, height: float, wall: float) -> Section:
    """An elliptic tube, mm."""
    return Section("ellipse", width, height, wall)


def rod(diameter: float) -> Section:
    """A solid round bar, mm."""
    return Section("ellipse", diameter, diameter)


def bar(width: float, height: float) -> Section:
    """A solid rectangular bar, mm: a slat is wide (y) and low (z)."""
    return Section("rectangle", width, height)


def box_tube(width: float, height: float, wall: float) -> Section:
    """A rectangular tube, mm."""
    return Section("rectangle", width, height, wall)
