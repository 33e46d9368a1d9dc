"""Stress round the rim of a section, by going round it; and how askew a body is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from maquette.design.exchange.shapes.axes import skew
from maquette.design.structures.beams import _on_ellipse, _on_rectangle


def one(value: float) -> np.ndarray:
    return np.full((1, 1, 1), value)


@pytest.mark.parametrize(
    "parts",
    [(10.0, 20.0, 0.0, 5.0, 0.0, 0.0), (-10.0, 30.0, -40.0, 25.0, 6.0, -3.0),
     (0.0, 3.0, 4.0, -20.0, 7.0, 7.0), (5.0, 0.0, 0.0, 8.0, 2.0, -9.0), (0.0, 0.0, 0.0, 4.0, 3.0, 0.0)],
)  # fmt: skip
def test_the_largest_stress_round_an_ellipse(parts: tuple[float, ...]) -> None:
    """At an angle: even + over sin + under cos along, twist + tz cos - ty sin across; the largest sum of
    squares over 3600 angles is found to within the 45 degrees between those that are looked at."""
    even, under, over, twist, ty, tz = parts
    angle = np.linspace(0.0, 2.0 * np.pi, 3600, endpoint=False)
    along = even + over * np.sin(angle) + under * np.cos(angle)
    across = twist + tz * np.cos(angle) - ty * np.sin(angle)
    truth = float((along**2 + across**2).max())
    told = float(_on_ellipse(None, *map(one, parts))[0, 0, 0])  # type: ignore[arg-type]
    assert told <= truth * (1 + 1e-6)
    assert told >= 0.93 * truth


def test_where_bending_is_largest_the_ellipse_is_exact() -> None:
    """Bending of 3 and 4 is 5 at its angle; there the shear of 1 and 2 gives (2 * 3 - 1 * 4) / 5."""
    told = float(_on_ellipse(None, *map(one, (1.0, 3.0, 4.0, 10.0, 1.0, 2.0)))[0, 0, 0])  # type: ignore[arg-type]
    assert told >= (1 + 5) ** 2 + (10 + 0.4) ** 2 - 1e-9
    pure = float(_on_ellipse(None, *map(one, (1.0, 3.0, 4.0, 0.0, 0.0, 0.0)))[0, 0, 0])  # type: ignore[arg-type]
    assert pure == pytest.approx(36.0)
    squeezed = float(_on_ellipse(None, *map(one, (-1.0, 3.0, 4.0, 0.0, 0.0, 0.0)))[0, 0, 0])  # type: ignore[arg-type]
    assert squeezed == pytest.approx(36.0)


@pytest.mark.parametrize(
    ("parts", "square"),
    [
        ((-1.0, 2.0, -3.0, 0.0, 0.0, 0.0), 36.0),
        ((0.0, 0.0, 0.0, 5.0, 0.0, 0.0), 25.0),
        ((0.0, 4.0, 0.0, -5.0, 0.0, 3.0), 16.0 + 64.0),
        ((0.0, 0.0, 4.0, 5.0, -3.0, 0.0), 16.0 + 64.0),
        ((1.0, 2.0, 3.0, 10.0, 0.0, 0.0), 16.0 + 100.0),
    ],
)
def test_the_largest_stress_round_a_rectangle(parts: tuple[float, ...], square: float) -> None:
    """In a corner both bendings add up and torsion has a fifth of its stress; in the middles of the sides one
    bending stands with all of the shear."""
    numbers: Any = SimpleNamespace(corner_shear=0.2)
    assert float(_on_rectangle(numbers, *map(one, parts))[0, 0, 0]) == pytest.approx(square)


def test_a_bent_body_is_askew_by_its_middle_line() -> None:
    """A strip of 1000 whose middle is 60 aside in its last 0.3: root mean square about the median."""
    x = np.repeat(np.linspace(0.0, 1000.0, 401), 2)
    width = np.tile([-100.0, 100.0], 401)
    straight = np.column_stack([x, width, 0 * x])
    assert skew(straight) == pytest.approx(0.0)
    assert skew(straight + np.array([50.0, 7.0, 0.0])) == pytest.approx(0.0)
    bent = straight + np.column_stack([0 * x, np.where(x > 700.0, 60.0, 0.0), 0 * x])
    assert skew(bent) == pytest.approx(np.sqrt(0.3 * 60.0**2) / 1000.0, rel=0.08)
    assert skew(bent * 2.0) == pytest.approx(skew(bent))
