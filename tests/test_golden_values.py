"""Numbers that were not made by Maquette: worked out by hand, printed in a standard, or read by other means.

Which layer is at fault when one fails: units - :mod:`maquette.design.language.units`; probabilities -
:mod:`maquette.surrogate.trust.prediction` and :mod:`maquette.constraints.requirements.margins`; the Ahmed
body - :mod:`maquette.design.products.ahmed`; projections of the other products - their meshes.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from maquette.constraints.requirements.margins import measured_margin, predicted_margin, probability
from maquette.constraints.requirements.quantity import MESH, SURROGATE, Quantity
from maquette.constraints.requirements.requirement import Requirement
from maquette.design.arrays import FloatArray
from maquette.design.exchange.exact import build_parts
from maquette.design.family.registry import get_family
from maquette.design.geometry.mesh import Mesh
from maquette.design.geometry.worker import run
from maquette.design.language.units import MONEY, UNIT_WORDS, registry
from maquette.surrogate.trust.prediction import COVERAGE, HALF_WIDTH, Batch, Prediction

# -- units --------------------------------------------------------------------------------------------------

#: word: what one of it is in SI units. NIST SP 811 (2008), appendix B.8; metric horsepower: DIN 66036;
#: 英寸, 英尺, 英里, 磅: GB/T 17295 gives the international inch, foot, mile and pound. A ton without more is
#: the American one, a gallon too; a 寸 of a product is read as an inch, as of screens and wheels.
STANDARD = {
    **dict.fromkeys(("mm", "mms", "millimetre", "millimetres", "millimeter", "millimeters", "毫米"), 1e-3),
    **dict.fromkeys(("cm", "cms", "centimetre", "centimetres", "centimeter", "centimeters"), 1e-2),
    **dict.fromkeys(("厘米", "公分"), 1e-2),
    **dict.fromkeys(("dm", "分米"), 0.1),
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters", "mtr", "米", "公尺"), 1.0),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers", "公里", "千米"), 1e3),
    **dict.fromkeys(("in", "inch", "inches", "ins", '"', "英寸", "吋", "寸"), 0.0254),
    **dict.fromkeys(("ft", "foot", "feet", "'", "英尺"), 0.3048),
    **dict.fromkeys(("yd", "yard", "yards"), 0.9144),
    **dict.fromkeys(("mile", "miles", "英里"), 1609.344),
    **dict.fromkeys(("m2", "m^2", "sqm", "sq m", "square metre", "square metres", "square meter"), 1.0),
    **dict.fromkeys(("square meters", "平方米", "平米", "平方"), 1.0),
    **dict.fromkeys(("cm2", "cm^2", "平方厘米"), 1e-4),
    **dict.fromkeys(("mm2", "mm^2", "平方毫米"), 1e-6),
    **dict.fromkeys(("ft2", "sq ft", "sqft", "square foot", "square feet", "平方英尺"), 0.09290304),
    **dict.fromkeys(("square inches", "sq in"), 6.4516e-4),
    **dict.fromkeys(("l", "litre", "litres", "liter", "liters", "ltr", "ltrs", "lt", "升", "公升"), 1e-3),
    "dm3": 1e-3,
    **dict.fromkeys(("m3", "m^3", "cubic metre", "cubic metres", "cubic meter", "cubic meters"), 1.0),
    **dict.fromkeys(("cu m", "立方米"), 1.0),
    **dict.fromkeys(
        ("cubic foot", "cubic feet", "cu ft", "cuft", "cu. ft", "ft3", "立方英尺"), 0.028316846592
    ),
    **dict.fromkeys(("gallon", "gallons"), 3.785411784e-3),
    **dict.fromkeys(("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramme"), 1.0),
    **dict.fromkeys(("kilogrammes", "公斤", "千克"), 1.0),
    **dict.fromkeys(("g", "gram", "grams", "克"), 1e-3),
    **dict.fromkeys(("t", "tonne", "tonnes", "吨"), 1e3),
    **dict.fromkeys(("ton", "tons"), 907.18474),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds", "磅"), 0.45359237),
    **dict.fromkeys(("oz", "ounce", "ounces", "盎司"), 0.028349523125),  # avoirdupois
    **dict.fromkeys(("斤", "市斤"), 0.5),  # GB 3100 gives up the 市斤 of 500 g, shops have not
    **dict.fromkeys(("deg", "degs", "degree", "degrees", "°", "度"), 0.017453292519943295),
    **dict.fromkeys(("rad", "radian", "radians"), 1.0),
    **dict.fromkeys(("%", "percent", "per cent", "pct"), 0.01),
    **dict.fromkeys(("kph", "km/h", "kmh", "公里每小时"), 1.0 / 3.6),
    "mph": 0.44704,
    "m/s": 1.0,
    **dict.fromkeys(("s", "sec", "second", "seconds", "秒"), 1.0),
    **dict.fromkeys(("hour", "hours", "小时"), 3600.0),
    **dict.fromkeys(("kw", "千瓦"), 1e3),
    **dict.fromkeys(("kwh", "度电"), 3.6e6),
    **dict.fromkeys(("hp", "bhp"), 745.69987158227022),
    **dict.fromkeys(("ps", "马力"), 735.49875),
    **dict.fromkeys(("nm", "牛米"), 1.0),
    **dict.fromkeys(("n", "newton", "newtons", "牛", "牛顿"), 1.0),
    **dict.fromkeys(("kn", "kilonewton", "kilonewtons", "千牛"), 1e3),
    **dict.fromkeys(("n/mm", "newton per millimetre", "newtons per millimetre", "牛每毫米", "牛/毫米"), 1e3),
    "kn/m": 1e3,
    **dict.fromkeys(("mpa", "megapascal", "megapascals", "n/mm2", "兆帕"), 1e6),
    **dict.fromkeys(("gpa", "gigapascal", "gigapascals"), 1e9),
    **dict.fromkeys(("pa", "pascal", "pascals"), 1.0),
    **dict.fromkeys(("w", "watt", "watts", "瓦"), 1.0),
    "mpg": 425143.707430272,  # 1 mile/gallon in m/m3
}


def test_every_unit_word_is_in_the_standards_table() -> None:
    """But money, whose rates change by the day."""
    assert {word for word, unit in UNIT_WORDS.items() if unit not in ("euro", *MONEY)} == set(STANDARD)


@pytest.mark.parametrize("word", STANDARD)
def test_a_unit_is_what_its_standard_says(word: str) -> None:
    found = registry().Quantity(1.0, UNIT_WORDS[word]).to_base_units()
    grams = str(found.units).count("gram") and "kilogram" not in str(found.units)
    assert found.magnitude * (1e-3 if grams else 1.0) == pytest.approx(STANDARD[word], rel=1e-12)


# -- probabilities ------------------------------------------------------------------------------------------

#: the standard normal distribution as printed (Abramowitz and Stegun, table 26.1)
PHI = {0.0: 0.5, 0.25: 0.5987063257, 0.5: 0.6914624613, 1.0: 0.8413447461, 1.28: 0.8997274320}
DRAG = Quantity("drag_coefficient", "1", "dimensionless", "", SURROGATE, 0.05, 1.5)
MEAN, SIGMA = 0.30, 0.02


def asked(
    at_least: float | None = None, at_most: float | None = None, confidence: float = 0.9
) -> Requirement:
    return Requirement("drag_coefficient", "1", at_least, at_most, confidence)


def chances(at_least: float | None = None, at_most: float | None = None) -> list[float]:
    """The chance that N(0.30, 0.02) keeps the limits, by everything in the house that says one."""
    one = Prediction("c", MEAN, "1", 0.0, 1.0, SIGMA, 0.9, True, 0.0, "", (), "m")
    many = Batch({"c": np.full(2, MEAN)}, {"c": np.full(2, SIGMA)}, np.ones(2, bool), np.zeros(2))
    arrays = (np.full(2, MEAN), np.full(2, SIGMA))
    return [
        one.probability(at_most, at_least),
        float(many.probability("c", at_most, at_least)[1]),
        float(probability(asked(at_least, at_most), *arrays)[1]),
    ]


@pytest.mark.parametrize(("z", "share"), PHI.items())
def test_one_sided_limits_are_met_as_often_as_the_table_says(z: float, share: float) -> None:
    assert chances(at_most=MEAN + z * SIGMA) == pytest.approx([share] * 3, abs=1e-9)
    assert chances(at_least=MEAN - z * SIGMA) == pytest.approx([share] * 3, abs=1e-9)
    assert chances(at_least=MEAN + z * SIGMA) == pytest.approx([1.0 - share] * 3, abs=1e-9)


@pytest.mark.parametrize(
    ("below", "above", "share"),
    [
        (1.0, 0.5, 0.5328072074),
        (0.5, 0.5, 0.3829249225),
        (1.0, 1.0, 0.6826894921),
        (1.28, 1.28, 0.7994548640),
    ],
)
def test_two_sided_limits_are_met_as_often_as_the_table_says(
    below: float, above: float, share: float
) -> None:
    found = chances(at_least=MEAN - below * SIGMA, at_most=MEAN + above * SIGMA)
    assert found == pytest.approx([share] * 3, abs=1e-9)


def test_intervals_hold_nine_tenths() -> None:
    assert COVERAGE == 0.9
    assert pytest.approx(1.6448536270, abs=1e-9) == HALF_WIDTH
    batch = Batch({"c": np.array([MEAN])}, {"c": np.array([SIGMA])}, np.ones(1, bool), np.zeros(1))
    low, high = batch.interval("c")
    assert (low[0], high[0]) == pytest.approx((0.2671029275, 0.3328970725), abs=1e-9)


def test_a_bound_is_the_quantile() -> None:
    one = Prediction("c", MEAN, "1", 0.0, 1.0, SIGMA, 0.9, True, 0.0, "", (), "m")
    assert one.bound(0.9) == pytest.approx(0.30 + 1.2815515655 * 0.02, abs=1e-9)
    assert one.bound(0.5) == pytest.approx(0.30, abs=1e-12)


@pytest.mark.parametrize(
    ("requirement", "distance", "margin"),
    [
        # z(0.8) = 0.8416212336: the value that stays below with 0.8 is 0.3168324247
        (asked(at_most=0.31, confidence=0.8), 0.5, 0.0068324247 / 0.31),
        (asked(at_most=0.32, confidence=0.8), 0.5, -0.0031675753 / 0.32),
        (asked(at_least=0.29, confidence=0.8), 0.5, 0.0068324247 / 0.29),
        # between: 0.5328072074 of 0.6 wanted; each side alone would be met with 0.6
        (asked(0.28, 0.31, confidence=0.6), 0.5, 0.6 - 0.5328072074),
        # outside the data nothing passes: 0.01, and 0.1 a unit of distance beyond the edge
        (asked(at_most=0.40, confidence=0.8), 3.0, 0.21),
    ],
)
def test_margins_of_predictions_by_hand(requirement: Requirement, distance: float, margin: float) -> None:
    numbers = np.array([MEAN]), np.array([SIGMA]), np.array([distance <= 1.0]), np.array([distance])
    assert predicted_margin(requirement, *numbers, DRAG)[0] == pytest.approx(margin, abs=1e-9)


def test_margins_of_lengths_by_hand() -> None:
    length = Quantity("length", "mm", "length", "", MESH, 0.0, 5000.0)
    both = Requirement("length", "mm", 2000.0, 4000.0)
    found = measured_margin(both, np.array([1900.0, 2000.0, 3000.0, 3900.0, 4100.0]), length)
    assert found == pytest.approx([0.05, 0.0, -0.25, -0.025, 0.025], abs=1e-12)


# -- bodies -------------------------------------------------------------------------------------------------

#: the standard Ahmed body by hand: its slant of 222 mm at 25 degrees falls 222 sin 25 = 93.82125411 mm over
#: 222 cos 25 = 201.20032872 mm. Frontal area 389 x 288, base 389 x (288 - 93.82). The rounding of r = 100
#: takes r2 (1 - pi/4) off the profile of each side and leaves r3 (5/3 - pi/2) in each corner, so the nose
#: holds w h r - 2 (w + h) r2 (1 - pi/4) + 4 r3 (5/3 - pi/2), the rest w h (1044 - r) - w 93.82 x 201.2 / 2.
#: Surface: roundings 2 r (s pi/2 - 2 r (pi/2 - 1)) for s = w and h, flat nose, slant, base and four sides.
#: With relative tolerances; volume and surface are those of flat triangles.
AHMED = {
    "overall_length": (1044.0, 1e-12),
    "overall_width": (389.0, 1e-12),
    "overall_height": (338.0, 1e-12),
    "ground_clearance": (50.0, 1e-12),
    "frontal_area": (0.112032, 1e-12),
    "slant_drop": (93.82125411, 1e-9),
    "base_area": (0.07553553215, 1e-9),
    "hull_volume": (0.1107676298, 1e-4),
    "wetted_area": (1.5265798536, 1e-4),
}


def test_the_ahmed_body_by_hand() -> None:
    family = get_family("ahmed")
    found = family.measures(family.defaults())
    assert set(found) == set(AHMED)
    for name, (value, relative) in AHMED.items():
        assert found[name] == pytest.approx(value, rel=relative), name


def painted_area(mesh: Mesh, pixel: float) -> float:
    """Area of a mesh seen along x, m2: the pixels (mm) that Pillow fills, off by a part of the border's."""
    from PIL import Image, ImageDraw

    flat = mesh.vertices[:, 1:] - mesh.vertices[:, 1:].min(axis=0)
    picture = Image.new("1", tuple((np.ceil(flat.max(axis=0) / pixel) + 2).astype(int).tolist()))
    brush = ImageDraw.Draw(picture)
    for triangle in (flat / pixel)[mesh.faces].tolist():
        brush.polygon([tuple(corner) for corner in triangle], fill=1)
    return float(np.asarray(picture).sum()) * pixel**2 * 1e-6


@pytest.mark.parametrize(("name", "pixel"), [("car", 1.0), ("ahmed", 0.25)])
def test_frontal_areas_are_what_another_program_paints(name: str, pixel: float) -> None:
    family = get_family(name)
    values = family.defaults()
    found = family.measures(values)["frontal_area"]
    assert found == pytest.approx(painted_area(family.hull(values), pixel), rel=3e-3)


@pytest.mark.parametrize("name", ["car", "chair", "bicycle", "ahmed"])
def test_trimesh_reads_the_same_body(name: str, tmp_path: Path) -> None:
    """Box, area and volume of the hull's STL by a reader of another origin, in the file's millimetres."""
    import io

    import trimesh

    from maquette.design.exchange.export import write_stl

    family = get_family(name)
    hull = family.hull(family.defaults())
    path = tmp_path / "hull.stl"
    write_stl(hull, path)
    read = trimesh.load(io.BytesIO(path.read_bytes()), file_type="stl")
    assert np.allclose(read.bounds, hull.bounds, atol=1e-3)
    assert read.area == pytest.approx(hull.area, rel=2e-5)
    assert read.volume == pytest.approx(hull.volume, rel=2e-5)


#: the usual car, by hand from its parameters: 850 + 2800 + 920; the belt at 145 + 0.6 (1450 - 145); the
#: centre of gravity at 0.44 of the wheelbase and 0.38 of the height; half the middle track over its height
CAR = {
    "overall_length": (4570.0, 1e-12),
    "belt_height": (928.0, 1e-12),
    "cg_from_front_axle": (1232.0, 1e-12),
    "cg_height": (551.0, 1e-12),
    "static_stability_factor": ((1538.4006 + 1527.3576) / 4.0 / 551.0, 1e-6),
}
#: the usual bicycle, by hand, wheels of 622 mm with tyres of 36.2503 mm, fork offset 45 mm: 388 + 575 / tan
#: 73.5; rear centre sqrt(428^2 - 70^2) = 422.237; trail (347.2503 cos 72 - 45) / sin 72
BICYCLE = {
    "effective_top_tube": (558.32276, 1e-6),
    "trail": (65.51266, 1e-6),
    "bottom_bracket_height": (277.2503, 1e-6),
    "front_centre": (math.hypot(1021.63715 - 422.23690, 70.0), 1e-6),
}
#: the usual chair: back and seat 90 + 13 - 3 degrees apart
CHAIR = {"recline": (100.0, 1e-12)}


@pytest.mark.parametrize(("name", "known"), [("car", CAR), ("bicycle", BICYCLE), ("chair", CHAIR)])
def test_measures_by_hand(name: str, known: dict[str, tuple[float, float]]) -> None:
    family = get_family(name)
    found = family.measures(family.defaults())
    for measure, (value, relative) in known.items():
        assert found[measure] == pytest.approx(value, rel=relative), measure


def slope_over_wheel(points: FloatArray, centre: tuple[float, float], radius: float, ahead: float) -> float:
    """Least angle (deg) of a line from the ground under a wheel to a point (x, z) before it, one by one.

    SAE J689: from the point, the lower tangent of the tyre. `ahead`: 1 for a nose, -1 for a tail.
    """
    x, z = ahead * (centre[0] - points[:, 0]), centre[1] - points[:, 1]
    x, z = x[x > radius], z[x > radius]
    return float(np.degrees(np.arcsin(radius / np.hypot(x, z)) - np.arctan2(z, x)).min())


def test_what_a_ruler_finds_on_the_car() -> None:
    """Tracks and widths between the parts, clearance and overhang angles over every point of the body."""
    family = get_family("car")
    values = family.defaults()
    found, parts = family.measures(values), {p.name: p.mesh for p in family.mesh(values)}
    whole = np.concatenate([m.vertices for m in parts.values()])
    assert found["width_with_mirrors"] == pytest.approx(np.ptp(whole[:, 1]), abs=0.5)
    for axle, name in (("front", "track"), ("rear", "track_rear")):
        left, right = (parts[f"tyre {axle} {side}"].bounds.mean(axis=0)[1] for side in ("left", "right"))
        assert found[name] == pytest.approx(right - left, abs=0.01)
    wheels = ("tyre", "rim", "disc", "wheel")
    body = np.concatenate([m.vertices for n, m in parts.items() if not any(w in n for w in wheels)])
    assert body[:, 2].min() == pytest.approx(145.0, abs=0.5)
    flat = body[:, [0, 2]]
    assert found["approach_angle"] == pytest.approx(
        slope_over_wheel(flat, (850.0, 340.0), 340.0, 1), abs=0.05
    )
    assert found["departure_angle"] == pytest.approx(
        slope_over_wheel(flat, (3650.0, 340.0), 340.0, -1), abs=0.05
    )


def test_the_cars_drawing_says_its_numbers() -> None:
    import re

    from maquette.design.rendering.drawing import drawing_svg

    family = get_family("car")
    parts = family.mesh(family.defaults())
    said = re.findall(
        r"<text[^>]*>([^<]*)</text>", drawing_svg(parts, family.dimensions(parts, family.defaults()), "t")
    )
    # length, wheelbase, overhangs, height, clearance, width in two views, front track
    assert said[:9] == ["4570", "2800", "850", "920", "1450", "145", "1840", "1538", "1840"]
    assert "scale 1:25 on A3, dimensions in mm" in said


def test_a_case_says_its_reference_area_and_axles() -> None:
    """Half the Ahmed body's area, for half a body is solved; the car's wheelbase and its middle."""
    from maquette.surrogate.studies.wind_tunnel.dictionaries import control
    from maquette.surrogate.studies.wind_tunnel.simulate import Body

    ahmed, car = get_family("ahmed"), get_family("car")
    hull = ahmed.hull(ahmed.defaults())
    text = control(Body(hull, speed=40.0).flow(0.112032), 0, 10)
    for said in ("Aref 0.056016;", "magUInf 40;", "lRef 0.6264;", "CofR (0.522 0 0);", "rhoInf 1.225;"):
        assert said in text, said
    axles = car.axles(car.defaults())
    text = control(Body(hull, axles=axles).flow(2.2), 0, 10)
    for said in ("Aref 1.1;", "lRef 2.8;", "CofR (2.25 0 0);", "dragDir (1 0 0);", "liftDir (0 0 1);"):
        assert said in text, said


@pytest.mark.kernel
def test_the_step_text_says_millimetres_and_where_the_corners_are() -> None:
    """Read as text: the unit line, and the corners of the box that the Ahmed body's plain faces end at."""
    import re

    content = run(build_parts, "ahmed", get_family("ahmed").defaults()).step
    text = re.sub(r"\s+", "", content.decode("latin-1"))
    units = dict(re.findall(r"(#\d+)=\(LENGTH_UNIT\(\)NAMED_UNIT\(\*\)SI_UNIT\(([^)]*)\)\)", text))
    spaces = re.findall(r"GLOBAL_UNIT_ASSIGNED_CONTEXT\(\(([^)]*)\)\)", text)
    assert spaces
    assert {units[k] for space in spaces for k in space.split(",") if k in units} == {".MILLI.,.METRE."}
    places = dict(re.findall(r"#(\d+)=CARTESIAN_POINT\('[^']*',\(([^)]*)\)\)", text))
    corners = [places[k].split(",") for k in re.findall(r"VERTEX_POINT\('[^']*',#(\d+)\)", text)]
    points = np.array(corners, dtype=float)
    assert points.min(axis=0) == pytest.approx([0.0, -194.5, 50.0], abs=1e-6)
    assert points.max(axis=0) == pytest.approx([1044.0, 194.5, 338.0], abs=1e-6)
