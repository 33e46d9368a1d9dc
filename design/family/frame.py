"""A family's frame: where its origin lies, and how large and from where its bodies are drawn.

Coordinates, for every family: millimetres, right-handed; x to the right in a view from the side, y away from
who looks there, z up. A drawing shows its body at a fixed scale in a fixed place, so that a picture tells
sizes and not only proportions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..arrays import FloatArray
from ..errors import InputError

Vector = tuple[float, float, float]

#: times that a finished drawing is as large as the one that a model's drawer makes
ENLARGE = 3
#: pixels by which both sides of that one are divided: the drawer's patches
PATCH = 16


@dataclass(frozen=True)
class DrawnView:
    """A direction from which bodies are drawn, parallel, at the frame's scale.

    Attributes:
        name: as people ask for it.
        direction: from the body to the eye, any length; not straight up or down.
        anchor_row: share of the picture's height from the top at which the point (middle, 0, 0) lies: the
            ground under the body's middle, or the family's own origin.
        light: where the light comes from, in the picture's right, up, towards-the-eye axes.
    """

    name: str
    direction: Vector
    anchor_row: float
    light: Vector = (-0.30, 0.78, 0.55)

    def axes(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Right, up and towards-the-eye unit vectors of the picture, each (3,), in the body's axes."""
        back = np.asarray(self.direction) / np.linalg.norm(self.direction)
        right = np.cross((0.0, 0.0, 1.0), back)
        right /= np.linalg.norm(right)
        return right, np.cross(back, right), back


SIDE = DrawnView("side", (0.0, -1.0, 0.0), 0.80)
THREE_QUARTER = DrawnView("three_quarter", (-0.80, -0.74, 0.19), 0.76, (0.38, 0.80, 0.46))


@dataclass(frozen=True)
class Frame:
    """What all drawings of a family share.

    Attributes:
        mm_per_pixel: at `picture` size; 1.5 shows 1152 mm x 576 mm.
        views: in which bodies are drawn, the one to take when none is named first.
        origin: ``own``: a point of the product (a foot, an axle), which pictures show in their middle column;
            ``nose``: x = 0 is the foremost point of everything and y = 0 the middle, and pictures show the
            middle of the body in their middle column.
        ground: bodies stand on z = 0 and nothing is below; else they hang or are held, and cast no shadow.
        open: one looks through bodies: a picture's lines do not tell a pane from a gap, so silhouettes are
            compared with their holes filled.
        picture: (width, height) of a finished drawing in pixels, each a multiple of 48.
        coarser: bodies are fitted by their fields to pictures so many times smaller, in less time.
    """

    mm_per_pixel: float = 1.5
    views: tuple[DrawnView, ...] = (SIDE, THREE_QUARTER)
    origin: Literal["own", "nose"] = "own"
    ground: bool = True
    open: bool = False
    picture: tuple[int, int] = (768, 384)
    coarser: int = 1

    def __post_init__(self) -> None:
        if any(side <= 0 or side % (ENLARGE * PATCH) for side in self.picture):
            raise ValueError(f"picture is {self.picture}; both sides are multiples of {ENLARGE * PATCH}")

    @property
    def base(self) -> tuple[int, int]:
        """(width, height) in pixels of the drawing that a model's drawer makes, which is then sharpened."""
        return self.picture[0] // ENLARGE, self.picture[1] // ENLARGE

    @property
    def for_fits(self) -> Frame:
        """The frame in which bodies are fitted by their fields."""
        picture = (self.picture[0] // self.coarser, self.picture[1] // self.coarser)
        return replace(self, mm_per_pixel=self.mm_per_pixel * self.coarser, picture=picture, coarser=1)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the views, in order."""
        return tuple(v.name for v in self.views)

    def view(self, name: str) -> DrawnView:
        """The view of that name, or :class:`InputError` naming those that there are."""
        found = next((v for v in self.views if v.name == name), None)
        if found is None:
            raise InputError(f"view {name!r} is not known; choose from {', '.join(self.names)}")
        return found

    def middle(self, bounds: FloatArray) -> float:
        """x of what pictures show in their middle column, mm, of a body with those bounds (2, 3)."""
        return 0.5 * float(bounds[:, 0].sum()) if self.origin == "nose" else 0.0

    def project(self, points: FloatArray, middle: float, view: str) -> FloatArray:
        """Columns and rows (n, 2) at `picture` size of points (n, 3) of a body, mm.

        Args:
            middle: x of the picture's middle column, mm, as of :meth:`middle`.
        """
        seen = self.view(view)
        right, up, _ = seen.axes()
        flat = np.stack([points @ right - middle * right[0], -(points @ up - middle * up[0])], axis=1)
        anchor = np.array([0.5 * self.picture[0], seen.anchor_row * self.picture[1]])
        return np.asarray(anchor + flat / self.mm_per_pixel)
