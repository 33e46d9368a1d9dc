"""A body between six planes in numbers, every one from its corners, and their pieces on a few points."""

from __future__ import annotations

import math

import numpy as np
import pytest
from test_shapes_by_hand import block

from maquette.design.arrays import FloatArray
from maquette.design.geometry.mesh import Mesh
from maquette.surrogate.models.shape import numbers as shape
from maquette.surrogate.models.shape.numbers import shape_numbers
from maquette.surrogate.models.shape.pressure import point_numbers

LENGTH, NOSE, ASIDE = 4000.0, -500.0, 30.0


def widths(t: FloatArray) -> FloatArray:
    return 400.0 + 200.0 * t


def floors(t: FloatArray) -> FloatArray:
    return 100.0 + 100.0 * t


def crowns(t: FloatArray) -> FloatArray:
    return 600.0 + 400.0 * t


def ramp() -> Mesh:
    """Nose at -500, tail at 3500; its half width, underside and crown rise evenly to the rear."""
    corners = [
        (NOSE + LENGTH * t, ASIDE + side * float(widths(t)), float(rise(t)))
        for t in (0.0, 1.0)
        for side in (-1.0, 1.0)
        for rise in (floors, crowns)
    ]
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    mesh = Mesh(np.array(corners), np.array([f for a, b, c, d in quads for f in ((a, b, c), (a, c, d))]))
    assert mesh.is_watertight
    assert mesh.volume == pytest.approx(4000.0 * (800 * 500 + (800 * 300 + 400 * 500) / 2 + 400 * 300 / 3))
    return mesh


def test_a_ramp_in_numbers() -> None:
    """Seen from ahead it fills 800 x 900 mm and, to either side, 200 x 850 mm on average: 1.06 m2."""
    found = shape_numbers(ramp())
    front, volume = 1.06, 2.64
    skin = 0.4 + 0.96 + math.hypot(4, 0.4) + math.hypot(4, 0.1) + 2 * 0.65 * math.hypot(4, 0.2)
    exact = {
        "length": 4000.0,
        "width_of_length": 0.3,
        "height_of_length": 0.25,
        "height_of_width": 1.0 / 1.2,
        "least_clearance_of_height": 0.1,
        "frontal_fill": front / 1.2,
        "area_of_length": front / 16.0,
        "volume_fill": volume / (front * 4.0),
        "wetted_over_area": skin / front,
        "steep_forward": 0.4 / front,
        "steep_rearward": 0.96 / front,
    }
    for name, value in exact.items():
        assert found[name] == pytest.approx(value, rel=0.01), name
    assert found["steep_rearward_high"] == pytest.approx(1.2 * 0.5 / front, rel=0.06)
    assert found["clearance_of_height"] == pytest.approx(0.15, abs=0.006)
    t = (np.arange(20) + 0.5) / 20
    for k in range(20):  # the greatest of a station stands at its rear end, the least at its front end
        assert found[f"crown_{k}"] == pytest.approx((crowns(t[k]) + 10) / 1000, abs=0.011)
        assert found[f"floor_{k}"] == pytest.approx((floors(t[k]) - 2.5) / 1000, abs=0.004)
        assert found[f"half_width_{k}"] == pytest.approx((widths(t[k]) + 5) / 1200, abs=0.005)
    for k in range(2, 20):
        two = 2.0 * widths(t[k]) * (crowns(t[k]) - floors(t[k])) * 1e-6
        assert found[f"area_{k}"] == pytest.approx(
            two / front, abs=0.2
        )  # to a tenth of the height at each end
    assert found["steepest_front"] == pytest.approx(0.1, abs=0.04)
    assert found["steepest_rear"] == pytest.approx(-0.1, abs=0.04)
    weight = np.exp(12.0 * 0.02 * np.arange(20))
    assert found["highest_at"] == pytest.approx(weight @ np.arange(20) / weight.sum() / 20, abs=0.01)
    weight = np.exp(12.0 * 0.01 / 0.6 * np.arange(20))
    assert found["widest_at"] == pytest.approx(weight @ np.arange(20) / weight.sum() / 20, abs=0.01)
    assert found["steepest_front_at"] == pytest.approx(0.45, abs=0.05)
    assert found["steepest_rear_at"] == pytest.approx(4.0 / 9.0, abs=0.05)
    assert [found[f"front_{k}"] for k in range(10)] == pytest.approx([0.0, *[0.5] * 9], abs=0.4)
    assert [found[f"front_{k}"] for k in range(2, 10)] == pytest.approx([0.5] * 8, abs=0.01)


def test_moments_are_integrals_over_the_body() -> None:
    """Products of Legendre polynomials of the box, by Gauss' rule over the ramp itself: 2 dV over length,
    width and height."""
    found = shape_numbers(ramp())
    moments = np.array([found[f"moment_{k}"] for k in range(10 * 3 * 6)]).reshape(10, 3, 6)
    nodes, weights = np.polynomial.legendre.leggauss(14)
    t, share = (a.ravel() for a in np.meshgrid(0.5 * (nodes + 1.0), 0.5 * (nodes + 1.0), indexing="ij"))
    own = 0.25 * np.outer(weights, weights).ravel()
    by_hand = np.zeros((10, 3, 6))
    legendre = np.polynomial.legendre.Legendre.basis
    high = crowns(t) - floors(t)
    z = floors(t) + share * high
    for s, w in zip(nodes, weights, strict=True):
        y = s * widths(t)
        volume = own * w * widths(t) * high * LENGTH
        for i in range(10):
            for j in range(3):
                for k in range(6):
                    value = (
                        legendre(i)(2 * t - 1) * legendre(2 * j)(y / 600.0) * legendre(k)(2 * z / 1000 - 1)
                    )
                    by_hand[i, j, k] += 2.0 * (volume * value).sum() / (4000.0 * 1200.0 * 1000.0)
    assert by_hand[0, 0, 0] == pytest.approx(2.0 * 2.64 / 4.8)
    assert moments == pytest.approx(by_hand, abs=0.003)


def test_where_values_are_greatest() -> None:
    """Weights e^(12 v): two alike count alike, half a weight is ln 2 / 12 lower."""
    assert shape._about(np.array([1.0, 1.0])) == pytest.approx(0.25)
    assert shape._about(np.array([3.0, 3.0 + math.log(2.0) / 12.0, -9.0])) == pytest.approx(2 / 3 / 3)
    assert shape._about(np.array([0.0, 0.0, 0.0, 90.0])) == pytest.approx(0.75)


def test_points_fall_into_stations_and_rows() -> None:
    assert shape._stations(np.array([-0.1, 0.0, 0.049, 0.05, 0.99, 1.0])).tolist() == [0, 0, 0, 1, 19, 19]
    x, y, z = np.array([0.01, 0.02, 0.99, 0.03]), np.array([5.0, 9, 7, 2]), np.array([10.0, 95, 100, 15])
    found = shape._sections(x, y, z, 100.0)
    assert found[0].tolist() == [0, 5, 0, 0, 0, 0, 0, 0, 0, 9]
    assert found[19].tolist() == [0] * 9 + [7]
    assert found.sum() == 21
    floor, half = shape._outline(x, y, z)
    assert (floor[0], floor[19], half[0], half[19]) == (10.0, 100.0, 9.0, 7.0)
    assert floor[1:19] == pytest.approx(10 + 90 * np.arange(1, 19) / 19)
    assert shape._top(x, z).tolist() == pytest.approx((95 + 5 * np.arange(20) / 19).tolist())
    assert shape.bridged(np.full(3, np.nan)).tolist() == [0, 0, 0]
    assert shape.bridged(np.array([np.nan, 2.0, np.nan, np.nan, 5.0, np.nan])).tolist() == [2, 2, 3, 4, 5, 5]


def test_the_section_ahead_of_the_tail() -> None:
    """0.2 of the length ahead: what lies within 0.02 of it, the widest of each of ten rows of 50 mm."""
    x = np.array([0.79, 0.81, 0.8, 0.77, 0.83, 0.805])
    y = np.array([300.0, 200.0, 400.0, 900.0, 900.0, 100.0])
    z = np.array([10.0, 20.0, 499.0, 10.0, 10.0, 500.0])
    assert shape._tail(x, y, z, 500.0, 0.2) == pytest.approx(2 * 0.05 * (0.3 + 0.4))
    assert shape._tail(x, y, z, 500.0, 0.5) == 0.0


def test_what_looks_forward() -> None:
    normals = np.array([[-1.0, 0, 0], [-0.8, 0.6, 0], [-0.9, 0, 0.43], [0.9, 0.43, 0]])
    shares = np.array([1e6, 2e6, 4e6, 8e6])
    assert shape._facing(normals, shares, 0.8, -1.0) == pytest.approx(5.0)
    assert shape._facing(normals, shares, 0.8, 1.0) == pytest.approx(8.0)


# -- points ----------------------------------------------------------------------------------------------


def test_points_of_a_ramp_in_numbers() -> None:
    """Crown, side and floor rise by 1 in 10, 20 and 40; of a station of 83 mm the greatest counts, and the
    least of the floor, so that they stand up to 4, 2 and 1 mm off the line."""
    box = block(LENGTH, 2.0, 1.0)
    t, side, up = box.vertices[:, 0] / LENGTH, box.vertices[:, 1], box.vertices[:, 2]
    x, y, z = LENGTH * t, side * widths(t), floors(t) + up * (crowns(t) - floors(t))
    found = point_numbers(Mesh(np.stack([x + NOSE, y + ASIDE, z], axis=1), box.faces))
    assert found.shape == (len(x), 27)
    for column, exact, off in (
        (0, t, 1e-9), (1, x / 1000.0, 1e-9), (2, 4.0 - x / 1000.0, 1e-9), (3, np.abs(y) / 600.0, 1e-9),
        (4, z / 1000.0, 1e-9), (5, z / 1000.0, 1e-9), (26, crowns(np.array(0.985)) - z, 5.0),
    ):  # fmt: skip
        assert found[:, column] == pytest.approx(exact, abs=off), column
    inner = (t > 0.2) & (t < 0.9)
    for column, exact, off in (
        (13, crowns(t) - z, 5.0), (14, widths(t) - np.abs(y), 2.5), (15, z - floors(t), 1.3),
        (16, crowns(t) / 1000.0, 0.005), (17, widths(t) / 600.0, 0.005), (18, floors(t) / 1000.0, 0.0013),
    ):  # fmt: skip
        assert found[inner, column] == pytest.approx(exact[inner], abs=off), column
    steep = np.degrees(np.arctan([0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025]))
    assert found[inner, 19:26].mean(axis=0) == pytest.approx(steep, rel=0.03)
    assert found[inner, 19:26].std(axis=0) == pytest.approx(0.0, abs=1.5)
    top = inner & (up == 1.0) & (np.abs(side) < 0.9)
    flat = np.array([-0.1, 0.0, 1.0]) / math.hypot(0.1, 1.0)
    assert found[top, 6:9] == pytest.approx(np.tile(flat, (top.sum(), 1)), abs=1e-6)
    wall = inner & (np.abs(side) == 1.0) & (up > 0.1) & (up < 0.9)
    aside = np.array([-0.05, 1.0, 0.0]) / math.hypot(0.05, 1.0)  # of either side outward
    assert found[wall, 6:9] == pytest.approx(np.tile(aside, (wall.sum(), 1)), abs=1e-6)
    for mild in (top & (np.abs(side) < 0.6), wall & (up > 0.3) & (up < 0.7)):
        assert found[mild][:, [9, 11]] == pytest.approx(1.0, abs=1e-9)  # a plane looks alike all about
        assert found[mild][:, [10, 12]] == pytest.approx(0.0, abs=1e-9)
    edge = inner & (up == 1.0) & (np.abs(side) == 1.0)
    assert np.all(found[edge][:, [9, 11]] < 0.95)
    assert np.all(found[edge][:, [10, 12]] < -0.05)  # about an edge the surface lies below its own plane
    some = np.flatnonzero(inner)[::7]
    assert point_numbers(Mesh(np.stack([x, y, z], axis=1), box.faces), some) == pytest.approx(
        found[some], abs=0.3
    )
