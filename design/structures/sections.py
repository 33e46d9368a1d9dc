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

from collections.abc import Sequence
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
                    width=round(self.width, 3), height=round(self.height, 3), wall=round(self.wall, 3),
                )
            )  # fmt: skip

    @property
    def numbers(self) -> Numbers:
        """Its area, inertias and the rest, each (1,)."""
        return numbers_of([self.shape], *(np.array([x]) for x in (self.width, self.height, self.wall)))


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
