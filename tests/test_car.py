"""The car family: dimensions hold, both bodies agree, panels lie on the skin, parameters do what they say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pace import paces

from maquette.design.errors import ParameterError, RuleError
from maquette.design.family.conformance import exact_fault
from maquette.design.family.parameters import as_values, from_unit_cube
from maquette.design.geometry.manifolds import from_manifold
from maquette.design.geometry.measures import frontal_area
from maquette.design.products.car import Car
from maquette.design.products.car.archetypes import PRODUCTION_CARS
from maquette.design.products.car.body import mesh_parts, panels
from maquette.design.products.car.curves import ramp, step
from maquette.design.products.car.cuts import cut_body, hull_numbers
from maquette.design.products.car.definition import Definition, define, fresh
from maquette.design.products.car.hull import body_manifold
from maquette.design.products.car.packaging import head_room, kerb_mass, seating
from maquette.design.products.car.room import ROOM_BELOW, ROOM_END, ROOM_SIDE
from maquette.design.products.car.skin import EXACT, FAST, Detail, skin, skin_mesh
from maquette.design.products.chair import Chair

CAR = Car()
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

#: makers' length, width, height, wheelbase, ground clearance (mm, within 1 %)
MAKERS = {
    "Fiat 500 (2007)": (3546, 1627, 1488, 2300, 130),
    "VW Golf 8": (4284, 1789, 1456, 2636, 140),
    "BMW 3 Series G20": (4709, 1827, 1435, 2851, 135),
    "Tesla Model 3": (4694, 1849, 1443, 2875, 140),
    "Porsche Taycan": (4963, 1966, 1381, 2900, 128),
    "Audi Q5": (4663, 1893, 1659, 2819, 208),
    "Volvo XC90": (4950, 1923, 1776, 2984, 238),
    "Mercedes EQS": (5216, 1926, 1512, 3210, 140),
}
#: the one of `maquette sample car -n 500 --seed 1` whose rear wheels the kernel left beside the body
STUBBORN = {
    "wheelbase": 3186.0118280125116, "front_overhang": 747.6558133939087,
    "rear_overhang": 1110.1952952424022, "overall_width": 1761.7124839123894,
    "overall_height": 1511.881576196757, "ground_clearance": 139.9163522716578,
    "tyre_diameter": 597.9078189953422, "tyre_width": 196.9967651329583, "wheel_inset": 16.940521589399978,
    "wheel_arch_gap": 29.12737822816314, "fender_flare": 3.2216475416442187,
    "nose_height": 0.7195443897040626, "nose_roundness": 262.5849968659264,
    "nose_sweep": 212.9001974723338, "hood_crown": 4.0241618224411235, "cowl_setback": 0.23475670514075508,
    "cowl_rise": 76.11934462132159, "belt_ratio": 0.5940450472072089, "belt_slope": 2.7377804958222587,
    "windscreen_angle": 43.16496154008667, "roof_peak": 0.18704542264181276,
    "roof_camber": 79.34001141227345, "roof_end_drop": 67.58928148331913, "tumblehome": 17.059796586729636,
    "shoulder_width": 70.65469001026321, "side_crown": 78.37152082843032,
    "backlight_angle": 47.3661553037464, "deck_length": 94.70238112918945, "deck_rise": -52.47289156523082,
    "boat_tail_angle": 5.333548778431089, "side_sculpture": 0.0, "crease_sharpness": 0.0,
    "tail_roundness": 93.61603893396276, "tail_rake": -2.790703736175307, "spoiler": 38.969941269057124,
    "diffuser_angle": 10.72499556851022, "chin_rise": 71.09063714652241, "lamp_height": 75.78418461157837,
}  # fmt: skip


def draw_values(unit: list[float]) -> dict[str, float]:
    return as_values(CAR.declaration, from_unit_cube(CAR.declaration, np.array(unit)))


units = st.lists(st.floats(0.0, 1.0), min_size=len(CAR.parameters), max_size=len(CAR.parameters))


def middle(**changes: float) -> dict[str, float]:
    return CAR.accept(CAR.defaults() | changes)


@pytest.mark.parametrize("name", MAKERS)
def test_production_cars_have_their_makers_dimensions(name: str) -> None:
    values = CAR.accept(CAR.defaults() | PRODUCTION_CARS[name][1])
    d = define(values)
    body = from_manifold(body_manifold(d))
    hull = CAR.hull(values)
    size = hull.bounds[1] - hull.bounds[0]
    width = body.bounds[1, 1] - body.bounds[0, 1]
    measured = (
        size[0],
        width,
        hull.bounds[1, 2],
        values["wheelbase"],
        d.floor(np.array(d.x_front_axle + 900.0)) - ROOM_BELOW,
    )
    for got, published in zip(measured, MAKERS[name], strict=True):
        assert got == pytest.approx(published, rel=0.01)


@SLOW
@given(units)
def test_every_accepted_design_closes_and_keeps_its_dimensions(unit: list[float]) -> None:
    values = draw_values(unit)
    assume(not CAR.broken_rules(values))
    d = define(values)
    hull = CAR.hull(values)
    low, high = hull.bounds
    assert hull.is_watertight
    assert ROOM_END - 0.1 < low[0] < ROOM_END + 0.3  # the hull leaves room for what stands on it
    assert d.length - high[0] == pytest.approx(d.tail_room, abs=0.3)
    assert high[2] == pytest.approx(values["overall_height"], abs=1.0)
    assert low[2] == pytest.approx(0.0, abs=1e-6)  # contact patches stand on the road
    body = from_manifold(body_manifold(d))
    assert 2.0 * (body.vertices[:, 1].max() + ROOM_SIDE) == pytest.approx(values["overall_width"], abs=16.0)
    assert (
        body.vertices[:, 1].max() < 0.5 * values["overall_width"]
    )  # and never reaches past the stated width
    box = (high[0] - low[0]) * high[2] * values["overall_width"]  # mirrors are not counted
    assert 0.45 < hull.volume / box < 0.85  # a car fills its box neither little nor fully


@SLOW
@given(units)
def test_local_cuts_give_what_the_whole_skin_gives(unit: list[float]) -> None:
    """Volume and area of the hull are the whole boolean's but for the diagonals of a few quads on the left;
    the body closes and hardly differs."""
    values = draw_values(unit)
    assume(not CAR.broken_rules(values))
    d = define(values)
    hull, numbers = CAR.hull(values), hull_numbers(d)
    if numbers is not None:
        assert numbers[0] == pytest.approx(hull.volume, rel=2e-6)
        assert numbers[1] == pytest.approx(hull.area, rel=5e-5)
    body = cut_body(d)
    if body is not None:
        whole = from_manifold(body_manifold(d))
        assert body.is_watertight
        assert (body.volume, body.area) == pytest.approx((whole.volume, whole.area), rel=1e-4)


def test_local_cuts_find_room_in_every_archetype() -> None:
    for differing in CAR.archetypes.values():
        d = define(CAR.defaults() | differing)
        assert cut_body(d) is not None
        assert hull_numbers(d) is not None


@SLOW
@given(units)
def test_skin_never_folds(unit: list[float]) -> None:
    """Stations follow each other rearward along every grid line: no fold, no spike."""
    values = draw_values(unit)
    assume(not CAR.broken_rules(values))
    s = skin(define(values))
    for grid in (s.top, s.side, s.floor):
        assert np.diff(grid[..., 0], axis=0).min() > -0.5
    assert skin_mesh(s).is_watertight


@SLOW
@given(units, st.integers(0, len(CAR.parameters) - 1))
def test_small_changes_move_the_skin_little(unit: list[float], which: int) -> None:
    """A thousandth of a range moves no point of top or side more than 22 mm: the space is continuous. Points
    are compared at their own place in body coordinates, for stations may stand elsewhere."""
    values = draw_values([0.02 + 0.96 * u for u in unit])
    p = CAR.parameters[which]
    nudged = values | {p.name: values[p.name] + 1e-3 * (p.range.high - p.range.low)}
    assume(not CAR.broken_rules(values) and not CAR.broken_rules(nudged))
    one, other = define(values), define(nudged)
    share = np.linspace(0.0, 1.0, 120)[:, None]

    def points(of: Definition) -> list[np.typing.NDArray[np.float64]]:
        x = np.broadcast_to(share * of.length, (120, 9))
        y = np.broadcast_to(np.linspace(0.0, 600.0, 9), x.shape)
        z = np.broadcast_to(np.linspace(300.0, 900.0, 9), x.shape)
        return [of.place(x, y, of.top(x, y)), of.place(x, of.half_width(x, z), z)]

    moved = [np.abs(a - b).max() for a, b in zip(points(one), points(other), strict=True)]
    assert max(moved) < 22.0


@pytest.mark.parametrize("name", CAR.archetypes)
def test_panels_lie_on_the_body(name: str) -> None:
    """Glass, lamps and trim stand on the skin, none floats above it or dives below; a bow to pull a door by
    has its two ends on it."""
    from scipy.spatial import cKDTree
    from trimesh.triangles import closest_point

    d = define(CAR.accept(CAR.defaults() | CAR.archetypes[name]))
    # finer than the fast skin, whose flat triangles cut 4 mm off the tail's upper corners
    mesh = skin_mesh(skin(d, Detail(stations=300, end=30, top=45, corner=24, glass=32, side=40, sill=24)))
    corners = mesh.vertices[mesh.faces]
    tree = cKDTree(corners.mean(axis=1))
    bows = d.choice("door_handles") == "bow"
    for panel in panels(d, skin(d)):
        bow = bows and panel.name.endswith(("door handle right", "door handle left"))
        points = (panel.points[[0, -1]] if bow else panel.points).reshape(-1, 3)
        _, near = tree.query(points, k=24)
        many = np.repeat(points, 24, axis=0)
        away = np.linalg.norm(closest_point(corners[near.ravel()], many) - many, axis=1)
        assert away.reshape(-1, 24).min(axis=1).max() < 3.0, panel.name


@pytest.mark.parametrize("name", CAR.archetypes)
def test_highlights_run_on_at_the_foot_of_the_a_pillar(name: str) -> None:
    """Where grid lines cross the shoulder, facets lean less than 3.5 degrees from the surface: at 6 to 9
    degrees the shoulder's highlight broke into teeth."""
    d = define(CAR.accept(CAR.defaults() | CAR.archetypes[name]))
    side = skin(d, FAST).side[:, 6:-6]
    a, b, c, e = side[:-1, :-1], side[1:, :-1], side[1:, 1:], side[:-1, 1:]
    for p, q, r in ((a, b, c), (a, c, e)):
        facet, middle = np.cross(q - p, r - p), (p + q + r) / 3.0
        x, z = middle[..., 0], middle[..., 2]
        along = 0.5 * (d.half_width(x + 1.0, z) - d.half_width(x - 1.0, z))
        up = 0.5 * (d.half_width(x, z + 1.0) - d.half_width(x, z - 1.0))
        surface = np.stack([-along, np.ones_like(x), -up], axis=-1)
        lengths = np.linalg.norm(facet, axis=-1) * np.linalg.norm(surface, axis=-1)
        lean = np.degrees(np.arccos(np.clip(np.abs((facet * surface).sum(-1)) / lengths, 0.0, 1.0)))
        foot = (np.abs(x - d.x_cowl - 230.0) < 250.0) & (np.abs(z - d.belt(x)) < d.belt_rounding)
        foot &= x > d.x_front_axle + 0.12 * d.p["wheelbase"]  # ahead of it the nose bends the points
        assert foot.sum() > (40 if name != "one_box" else 5)  # whose pillar stands ahead of that
        # the coupe's cabin stands in so far that one row of facets at its foot leans 3.75 degrees, with or
        # without a crease; only more stations (130 for 114: 3.0) would end that, and the hull's are settled
        assert lean[foot].max() < (3.8 if name == "coupe" else 3.5)


@SLOW
@given(units)
def test_both_bodies_wear_the_same_panels(unit: list[float]) -> None:
    """Lamps, grille and plates lie where the car's corner is, not where a grid line happens to run: the fast
    and the exact skin, sampled differently, put them in one place."""
    values = draw_values(unit)
    assume(not CAR.broken_rules(values))
    d = define(values)
    for fast, exact in zip(panels(d, skin(d, FAST)), panels(d, skin(d, EXACT)), strict=True):
        assert fast.name == exact.name
        one, other = fast.points, exact.points
        if one.shape != other.shape:  # a strip of that length may take a row more in one of them
            one, other = (p[[0, 0, -1, -1], [0, -1, 0, -1]] for p in (one, other))
        assert np.abs(one - other).max() < 5.0, fast.name


@pytest.mark.parametrize("name", CAR.archetypes)
def test_glass_stays_in_the_greenhouse(name: str) -> None:
    d = define(CAR.accept(CAR.defaults() | CAR.archetypes[name]))
    for panel in panels(d, skin(d)):
        if "glass" in panel.name:
            x, z = panel.points[..., 0], panel.points[..., 2]
            assert (z > d.belt(x)).all(), panel.name
            assert (z < d.profile(x)).all(), panel.name
        if panel.name == "windscreen":
            assert panel.points[..., 0].min() > d.x_cowl
            assert panel.points[..., 0].max() < d.x_header


def test_the_fast_mesh_is_fast() -> None:
    """A car of 111 parts takes as long as 4 chairs: 21 ms to 5 on a core that a CFD run holds. Twice as dear,
    it would take 8; the chair's own pace is held in test_chair."""
    car, chairs = CAR.defaults(), Chair()
    chair = chairs.defaults()
    assert paces(lambda: mesh_parts(fresh(car)), 12, lambda: chairs.mesh(chair)) < 6.5


def test_frontal_area_is_the_projected_shadow_of_the_hull() -> None:
    for differing in CAR.archetypes.values():
        values = CAR.accept(CAR.defaults() | differing)
        quick = CAR.measures_of(values, ("frontal_area",))["frontal_area"]
        assert quick == pytest.approx(frontal_area(CAR.hull(values)), rel=0.002)


def test_measures_of_gives_the_same_numbers_as_measures() -> None:
    values = CAR.defaults()
    everything = CAR.measures(values)
    for name in CAR.measure_list:
        assert CAR.measures_of(values, (name.name,)) == {name.name: everything[name.name]}


EFFECTS: dict[str, tuple[str, float]] = {
    "wheelbase": ("overall_length", 1.0),
    "front_overhang": ("approach_angle", -1.0),
    "rear_overhang": ("departure_angle", -1.0),
    "overall_width": ("frontal_area", 1.0),
    "overall_height": ("head_room_front", 1.0),
    "ground_clearance": ("ramp_over_angle", 1.0),
    "tyre_width": ("track", -1.0),
    "wheel_inset": ("track", -1.0),
    "belt_ratio": ("belt_height", 1.0),
    "tumblehome": ("frontal_area", -1.0),
    "roof_camber": ("head_room_front", -1.0),
    "diffuser_angle": ("departure_angle", 1.0),
    "chin_rise": ("approach_angle", 1.0),
    "side_sculpture": ("hull_volume", -1.0),
    "crease_sharpness": ("hull_volume", 1.0),
    "deck_rise": ("luggage_volume", 0.0),
    "backlight_angle": ("hull_volume", 1.0),
    "boat_tail_angle": ("hull_volume", -1.0),
    "hood_crown": ("hull_volume", 1.0),
    "shoulder_width": ("cabin_volume", -1.0),
    "windscreen_angle": ("hull_volume", -1.0),
    "nose_height": ("hull_volume", 1.0),
    "side_crown": ("hull_volume", -1.0),
    "cowl_setback": ("cabin_volume", -1.0),
}


@pytest.mark.parametrize("name", [n for n, (_, sign) in EFFECTS.items() if sign])
def test_a_parameter_does_what_its_name_says(name: str) -> None:
    """Raising one parameter from the middle moves the measure that it is about in the right direction."""
    measure, sign = EFFECTS[name]
    p = next(p for p in CAR.parameters if p.name == name)
    base = CAR.defaults()
    more = base | {name: base[name] + 0.3 * (p.range.high - base[name])}
    before, after = (CAR.measures_of(v, (measure,))[measure] for v in (base, more))
    assert sign * (after - before) > 0.0


def test_every_hull_parameter_changes_the_hull_and_no_other_does() -> None:
    base = CAR.defaults()
    reference = CAR.hull(base)
    for p in CAR.parameters:
        changed = CAR.hull(base | {p.name: base[p.name] + 0.4 * (p.range.high - base[p.name])})
        same = changed.vertices.shape == reference.vertices.shape and np.allclose(
            changed.vertices, reference.vertices, atol=1e-9
        )
        assert same != p.range.shapes_hull, p.name


def test_overall_length_may_stand_in_for_the_rear_overhang() -> None:
    values = CAR.defaults()
    del values["rear_overhang"]
    assert CAR.validate(values | {"overall_length": 4500.0})["rear_overhang"] == pytest.approx(850.0)
    with pytest.raises(ParameterError, match="rear_overhang is"):
        CAR.validate(values | {"overall_length": 9000.0})


RULE_BREAKERS: dict[str, dict[str, float]] = {
    "roof-long-enough": {
        "backlight_angle": 15.0,
        "deck_length": 500.0,
        "wheelbase": 2300.0,
        "rear_overhang": 600.0,
    },
    "greenhouse-low-enough": {"overall_height": 1900.0, "belt_ratio": 0.48, "ground_clearance": 110.0},
    "arches-under-skin": {
        "tyre_diameter": 785.0,
        "wheel_arch_gap": 50.0,
        "nose_height": 0.58,
        "overall_height": 1300.0,
    },
    "arches-inside-ends": {"front_overhang": 680.0, "tyre_diameter": 785.0, "wheel_arch_gap": 50.0},
    "track-wide-enough": {"overall_width": 1620.0, "tyre_width": 285.0, "wheel_inset": 45.0},
    "wheels-below-body": {"ground_clearance": 250.0, "tyre_diameter": 570.0},
}


@pytest.mark.parametrize("rule", RULE_BREAKERS)
def test_a_refusal_names_its_rule_and_the_way_out(rule: str) -> None:
    with pytest.raises(RuleError) as refusal:
        CAR.accept(CAR.defaults() | RULE_BREAKERS[rule])
    assert rule in refusal.value.rules
    assert "needed; " in str(refusal.value) or "allowed; " in str(refusal.value)


def test_driver_h_point_follows_sae_j1517() -> None:
    """X95 = 913.7 + 0.672316 z - 0.00195530 z^2 behind the ball of foot; at z = 250 mm that is 959.6 mm."""
    d = define(CAR.defaults() | {"overall_height": 1440.0})
    behind = seating(d).front[0] - (d.x_front_axle + d.wheel_radius + 50.0)
    assert behind == pytest.approx(959.6, abs=0.1)


def test_head_room_under_a_known_roof() -> None:
    """From an H-point straight below the headlining: (headlining - H) / cos 8 deg + 102 mm (J1100 H61)."""
    d = define(CAR.defaults())
    x, z, lean = 2400.0, 520.0, np.radians(8.0)
    got = head_room(d, (x, z), 0.0) - 102.0
    lining = float(d.top(np.asarray(x + got * np.sin(lean)))) - 45.0
    assert z + got * np.cos(lean) == pytest.approx(lining, abs=0.5)


def test_kerb_mass_is_within_its_stated_error_of_makers_figures() -> None:
    """Makers' kerb masses (+-9 %).

    Fiat 500 1.2 940 kg, Golf 8 1.5 TSI 1300, BMW 320i 1545, Audi Q5 1770, XC90 2050.
    """
    published = {
        "Fiat 500 (2007)": 940,
        "VW Golf 8": 1300,
        "BMW 3 Series G20": 1545,
        "Audi Q5": 1770,
        "Volvo XC90": 2050,
    }
    for name, mass in published.items():
        assert kerb_mass(define(CAR.defaults() | PRODUCTION_CARS[name][1])) == pytest.approx(mass, rel=0.09)


@pytest.mark.parametrize(
    ("curve", "limit"), [(step, lambda t: (t > 0) * 1.0), (ramp, lambda t: np.maximum(t, 0.0))]
)
def test_rounded_corners_meet_their_straight_parts(
    curve: Callable[[np.ndarray, float], np.ndarray], limit: Callable[[np.ndarray], np.ndarray]
) -> None:
    t = np.linspace(-3.0, 3.0, 601)
    outside = np.abs(t) >= 1.0
    assert np.allclose(curve(t, 1.0)[outside], limit(t)[outside], atol=1e-12)
    assert (np.diff(curve(t, 1.0)) >= -1e-12).all()


@pytest.mark.kernel
def test_a_wheel_that_the_kernel_would_leave_beside_the_body_is_joined() -> None:
    assert exact_fault("car", STUBBORN) == ""
