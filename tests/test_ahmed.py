"""The Ahmed body: standard dimensions, one definition for mesh and solid, rules that refuse by name."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maquette.design.errors import ParameterError, RuleError
from maquette.design.family.registry import get_family
from maquette.design.geometry.measures import frontal_area

AHMED = get_family("ahmed")


def test_standard_body_has_the_published_dimensions() -> None:
    measures = AHMED.measures(AHMED.defaults())
    assert measures["overall_length"] == 1044.0
    assert measures["overall_width"] == 389.0
    assert measures["overall_height"] == 338.0
    assert measures["frontal_area"] == pytest.approx(0.112, rel=0.001)  # AhmedML's reference area
    assert measures["slant_drop"] == pytest.approx(222.0 * math.sin(math.radians(25.0)))


def test_measures_match_the_list() -> None:
    assert list(AHMED.measures(AHMED.defaults())) == [m.name for m in AHMED.measure_list]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.0, 1.0), min_size=7, max_size=7))
def test_every_draw_builds_closed_or_is_refused_by_name(shares: list[float]) -> None:
    values = {
        p.name: p.range.low + s * (p.range.high - p.range.low)
        for p, s in zip(AHMED.parameters, shares, strict=True)
    }
    broken = AHMED.broken_rules(values)
    if broken:
        assert all(b.rule and any(ch.isdigit() for ch in b.reason) for b in broken)
        with pytest.raises(RuleError, match=broken[0].rule):
            AHMED.accept(values)
        return
    hull = AHMED.hull(values)
    assert hull.is_watertight
    assert hull.volume > 0.0
    box = [[0.0, -0.5 * values["width"], values["clearance"]],
           [values["length"], 0.5 * values["width"], values["clearance"] + values["height"]]]  # fmt: skip
    np.testing.assert_allclose(hull.bounds, box, atol=1e-6)
    assert frontal_area(hull) * 1e6 == pytest.approx(values["width"] * values["height"], rel=0.003)


def test_a_steeper_slant_takes_volume_and_base_area_away() -> None:
    volumes = [AHMED.measures({**AHMED.defaults(), "slant_angle": a}) for a in (0.0, 10.0, 20.0, 30.0, 40.0)]
    assert np.all(np.diff([m["hull_volume"] for m in volumes]) < 0.0)
    assert np.all(np.diff([m["base_area"] for m in volumes]) < 0.0)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"radius": 130.0, "height": 220.0}, "nose-keeps-a-face"),
        ({"slant_angle": 40.0, "slant_length": 300.0, "height": 230.0}, "slant-leaves-a-base"),
    ],
)
def test_rules_name_themselves(change: dict[str, float], rule: str) -> None:
    with pytest.raises(RuleError, match=rule):
        AHMED.accept({**AHMED.defaults(), **change})


def test_out_of_range_is_refused() -> None:
    with pytest.raises(ParameterError, match="slant_angle is 41"):
        AHMED.accept({**AHMED.defaults(), "slant_angle": 41.0})


@pytest.mark.kernel
@pytest.mark.parametrize(
    "change", [{}, {"slant_angle": 0.0}, {"slant_angle": 40.0, "radius": 60.0, "width": 480.0}]
)
def test_mesh_and_solid_are_the_same_body(change: dict[str, float]) -> None:
    values = AHMED.accept({**AHMED.defaults(), **change})
    hull, solid = AHMED.hull(values), AHMED.hull_solid(values)
    assert solid.isValid()
    assert solid.ShapeType() == "Solid"
    assert hull.volume == pytest.approx(solid.Volume(), rel=0.005)
    assert hull.area == pytest.approx(solid.Area(), rel=0.005)
    box = solid.BoundingBox()
    exact = [[box.xmin, box.ymin, box.zmin], [box.xmax, box.ymax, box.zmax]]
    np.testing.assert_allclose(hull.bounds, exact, atol=2.0)
