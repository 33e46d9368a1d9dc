"""The wake's shape numbers: the shadow of a contour is the lowest line that never falls too fast."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from maquette.design.family.registry import get_family
from maquette.design.products.car.wake import shadow

CAR = get_family("car")


@given(
    heights=st.lists(st.floats(0, 2000), min_size=2, max_size=60),
    angle=st.floats(1, 60),
    lift=st.floats(0, 100),
)
def test_shadow_covers_and_falls_no_faster_than_its_angle(
    heights: list[float], angle: float, lift: float
) -> None:
    x, z = np.linspace(0, 4000, len(heights)), np.array(heights)
    line = shadow(x, z, angle)
    slope = np.tan(np.radians(angle))
    assert (line >= z - 1e-6).all()
    assert (np.diff(line) >= -slope * np.diff(x) - 1e-6).all()
    assert shadow(x, line, angle) == pytest.approx(line, abs=1e-6)
    assert shadow(x, z + lift, angle) == pytest.approx(line + lift, abs=1e-6)
    touching = np.isclose(line, z, atol=1e-6)
    assert touching[0]
    assert (shadow(x, z, min(angle + 5, 80)) <= line + 1e-6).all()


def test_a_steeper_backlight_separates_more() -> None:
    found = [CAR.features({**CAR.defaults(), "backlight_angle": a}) for a in (16.0, 32.0, 60.0)]
    for name in ("separated", "bubble_18", "bubble_25"):
        values = [f[name] for f in found]
        assert values == sorted(values)
        assert values[0] < values[2]


def test_boat_tail_narrows_the_wake_until_the_flow_leaves_it() -> None:
    found = [CAR.features({**CAR.defaults(), "boat_tail_angle": a}) for a in (0.0, 5.0, 12.0)]
    assert found[0]["wake_width_6"] > found[1]["wake_width_6"]
    assert found[2]["side_bubble_6"] > found[1]["side_bubble_6"]
