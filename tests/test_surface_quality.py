"""Surface quality: zero on smooth surfaces, the right number on known ripples, angles and inflections."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from maquette.design.errors import InputError
from maquette.design.family.registry import get_family
from maquette.design.geometry.patches import Patch, patch_of_face, patch_through, seen_along
from maquette.design.geometry.surface_lines import Line, line_quality, sign_changes
from maquette.design.geometry.surface_quality import WAVE_DEG, Region, RegionQuality, region_quality

X, Y = np.meshgrid(np.linspace(0.0, 1000.0, 101), np.linspace(-500.0, 500.0, 101), indexing="ij")
REGION = Region("test", "z", 1.0, np.array([[20.0, -480.0], [980.0, -480.0], [980.0, 480.0], [20.0, 480.0]]))
SPHERE = np.sqrt(2500.0**2 - (X - 500.0) ** 2 - Y**2)
#: a bonnet as the car's definition makes it: a crown across, a bow along
CROWN = -40.0 * (Y / 350.0) ** 2 * (0.8 + 0.2 * (Y / 350.0) ** 2) - 30.0 * ((X - 300.0) / 500.0) ** 2


def sheet(z: np.ndarray) -> Patch:
    return patch_through("sheet", np.stack([X, Y, z], axis=-1))


def judged(z: np.ndarray) -> RegionQuality:
    return region_quality([sheet(z)], REGION)[0]


def rounding(x: np.ndarray) -> np.ndarray:
    from maquette.design.products.car.curves import ramp

    return -0.5 * ramp(x - 500.0, 150.0)


@pytest.mark.parametrize(
    "z",
    [0.0 * X, SPHERE, CROWN, 900.0 - 0.0004 * (Y - X) ** 2, rounding(X), rounding(X + 0.4 * Y)],
    ids=["plane", "sphere", "crown", "cylinder", "rounding", "slanted rounding"],
)
def test_a_smooth_surface_has_no_waves(z: np.ndarray) -> None:
    found = judged(z)
    assert found.share == 1.0
    assert found.wiggle == 0.0
    assert found.smooth


@pytest.mark.parametrize("base", [SPHERE, CROWN], ids=["sphere", "crown"])
def test_a_ripple_of_a_third_of_a_millimetre_is_found_with_its_size(base: np.ndarray) -> None:
    found = judged(base + 0.3 * np.sin(2.0 * np.pi * X / 120.0))
    turn = 2.0 * np.degrees(np.arctan(2.0 * np.pi * 0.3 / 120.0))  # 1.8 degrees
    assert 0.85 * turn < found.largest < 1.05 * turn, "the filter takes about 8 %"
    assert 8.0 < found.wiggle < 15.0, "1.65 degrees in each 120 mm but for the free one"
    assert not found.smooth
    for wave in found.worst:
        assert (wave.along, wave.of) == ("x", "x")
        assert wave.length == pytest.approx(120.0, abs=10.0)
        assert wave.height == pytest.approx(0.3, rel=0.15)


def test_the_number_grows_with_the_ripple_and_the_limit_lies_between() -> None:
    amplitudes = (0.02, 0.05, 0.1, 0.2, 0.3)
    found = [judged(SPHERE + a * np.sin(2.0 * np.pi * (X + Y) / 120.0 / np.sqrt(2.0))) for a in amplitudes]
    assert np.all(np.diff([q.wiggle for q in found]) > 0.0), "a slanted ripple too"
    assert found[1].smooth
    assert not found[-1].smooth
    assert found[1].largest < WAVE_DEG < found[-1].largest


def test_a_wave_is_where_it_was_put() -> None:
    packet = np.exp(-(((X - 620.0) / 90.0) ** 2) - (((Y - 200.0) / 90.0) ** 2))
    found = judged(CROWN + 0.3 * packet * np.sin(2.0 * np.pi * X / 100.0))
    x, y, z = found.worst[0].point
    assert abs(x - 620.0) < 100.0
    assert abs(y - 200.0) < 60.0
    assert z == pytest.approx(float(np.interp(y, Y[62], CROWN[62])), abs=8.0)


def test_meant_waves_and_long_forms_are_free() -> None:
    double = -8.0 * np.tanh((X - 300.0) / 60.0) - 8.0 * np.tanh((X - 700.0) / 60.0)
    assert judged(double).largest > 1.0
    meant = Region("test", "z", 1.0, REGION.outline, waves=(3, 0))
    assert region_quality([sheet(double)], meant)[0].smooth
    assert judged(2.0 * np.sin(2.0 * np.pi * X / 900.0)).smooth, "a form, not a ripple"


def test_holes_and_outlines_bound_what_is_judged() -> None:
    ripple = SPHERE + 0.3 * np.sin(2.0 * np.pi * X / 120.0) * (np.hypot(X - 500.0, Y) < 180.0)
    assert not judged(ripple).smooth
    spared = Region("test", "z", 1.0, REGION.outline, holes=((500.0, 0.0, 260.0),))
    assert region_quality([sheet(ripple)], spared)[0].smooth
    beside = Region("test", "z", 1.0, REGION.outline + np.array([5000.0, 0.0]))
    found = region_quality([sheet(ripple)], beside)[0]
    assert found.share == 0.0
    assert not found.smooth, "what was not found was not judged"


def test_curvature_changes_sign_where_the_line_says() -> None:
    wave = sheet(20.0 * np.sin(2.0 * np.pi * X / 800.0))
    x = np.arange(100.0, 950.0, 6.0)
    path = np.stack([x, np.zeros_like(x)], axis=1)
    free = line_quality([wave], Line("ridge", "z", 1.0, path))
    assert free.changes == pytest.approx([400.0, 800.0], abs=6.0)
    assert free.undeclared == free.changes
    declared = line_quality([wave], Line("ridge", "z", 1.0, path, (410.0, 780.0)))
    assert declared.as_declared
    missing = line_quality([wave], Line("ridge", "z", 1.0, path, (410.0, 780.0, 120.0)))
    assert missing.missing == (120.0,)
    assert missing.as_declared  # one that is too weak to be seen is no fault
    one = line_quality([wave], Line("ridge", "z", 1.0, path, (410.0,)))
    assert not one.as_declared
    assert one.undeclared == pytest.approx((800.0,), abs=6.0)
    flat = line_quality([sheet(CROWN)], Line("ridge", "z", 1.0, path))
    assert flat.as_declared


@pytest.mark.parametrize("first", [False, True])
def test_a_lobe_that_no_reflection_shows_is_straight(first: bool) -> None:
    """A turn of the normal below the limit in degrees counts for nothing, wherever it stands in the order."""
    s = np.arange(0.0, 1000.0, 5.0)
    strong, weak = np.radians(2.0) / 300.0, np.radians(0.05) / 25.0
    bend = np.where(s < 300.0, strong, np.where(s < 600.0, -strong, strong))
    there = (0.0, 25.0) if first else (625.0, 650.0)
    bend[(s >= there[0]) & (s < there[1])] = -weak
    found = sign_changes(s, bend)
    assert found.shape == (2, 2)
    assert len(sign_changes(s, bend, least=0.01)) == (3 if first else 4)
    assert len(sign_changes(s, bend, least=5.0)) == 0


def test_a_patch_is_the_kernels_surface() -> None:
    from maquette.design.geometry.bspline import surface_face

    patch = sheet(CROWN + 5.0 * np.sin(X / 90.0))
    twin = patch_of_face("twin", surface_face(np.stack([X, Y, CROWN + 5.0 * np.sin(X / 90.0)], axis=-1)))
    assert twin is not None
    uv = np.random.default_rng(3).uniform(size=(50, 2))
    assert patch.at(uv) == pytest.approx(twin.at(uv), abs=1e-9)
    assert patch.normals(uv) == pytest.approx(twin.normals(uv), abs=1e-9)
    points, normals = patch.grid(np.sort(uv[:7, 0]), np.sort(uv[:5, 1]))
    pairs = np.stack(np.meshgrid(np.sort(uv[:7, 0]), np.sort(uv[:5, 1]), indexing="ij"), -1).reshape(-1, 2)
    assert points.reshape(-1, 3) == pytest.approx(patch.at(pairs), abs=1e-9)
    assert normals.reshape(-1, 3) == pytest.approx(patch.normals(pairs), abs=1e-12)


def test_a_sheet_is_met_where_it_lies() -> None:
    rng = np.random.default_rng(5)
    ab = np.stack([rng.uniform(0.0, 1000.0, 200), rng.uniform(-500.0, 500.0, 200)], axis=1)
    points, normals = seen_along([sheet(SPHERE)], "z", 1.0, ab)
    exact = np.sqrt(2500.0**2 - (ab[:, 0] - 500.0) ** 2 - ab[:, 1] ** 2)
    assert points[:, :2] == pytest.approx(ab, abs=1e-2)
    assert points[:, 2] == pytest.approx(exact, abs=1e-2)
    outward = (points - [500.0, 0.0, 0.0]) / 2500.0
    assert np.degrees(np.linalg.norm(normals - outward, axis=1)).max() < 1e-3
    away, _ = seen_along([sheet(SPHERE)], "z", -1.0, ab)
    assert np.isnan(away).all(), "it faces up"


@pytest.mark.parametrize("degrees", [0.05, 2.0])
def test_the_angle_along_a_shared_edge(degrees: float) -> None:
    import cadquery as cq
    from maquette.design.geometry.bspline import surface_face
    from maquette.design.geometry.surface_edges import TANGENCY_DEG, Crease, tangency
    from OCP.BRepBuilderAPI import BRepBuilderAPI_Sewing

    rise = np.tan(np.radians(degrees))
    flat = np.stack([X, Y, 0.0 * X], axis=-1)
    tilted = np.stack([1000.0 + X, Y, rise * X], axis=-1)
    sewing = BRepBuilderAPI_Sewing(0.02)
    for grid in (flat, tilted):
        sewing.Add(surface_face(grid))
    sewing.Perform()
    shell = cq.Shape.cast(sewing.SewedShape())
    found = tangency(shell)
    assert found.edges == 1
    assert found.largest == pytest.approx(degrees, abs=1e-6)
    assert found.gap < 1e-6
    assert found.tangent == (degrees < TANGENCY_DEG)
    if not found.tangent:
        assert found.faults[0].length == pytest.approx(1000.0, abs=1e-3)
        assert found.faults[0].point[0] == pytest.approx(1000.0)
        meant = tangency(shell, [Crease("fold", (990.0, -600.0, -1.0), (1010.0, 600.0, 1.0))])
        assert meant.tangent
        assert (meant.edges, meant.creased) == (0, 1)


def test_stripes_run_straight_on_a_cylinder_and_swerve_on_a_ripple() -> None:
    from maquette.design.rendering.zebra import zebra_picture
    from PIL import Image

    def uneven(z: np.ndarray) -> float:
        data = zebra_picture([sheet(z)], "x", (160, 160), ("top",))
        image = np.asarray(Image.open(io.BytesIO(data)).convert("L"), dtype=float)
        rows, columns = np.nonzero(image < 90)
        inside = image[rows.min() + 5 : rows.max() - 4, columns.min() + 5 : columns.max() - 4]
        assert inside.std() > 60.0, "black and white"
        return float(inside.std(axis=1).mean())

    cylinder = -0.0004 * Y**2
    assert uneven(cylinder) < 6.0
    assert uneven(cylinder + 2.0 * np.sin(2.0 * np.pi * (X + Y) / 120.0)) > 25.0


def test_the_car_names_regions_that_lie_on_it() -> None:
    from maquette.design.products.car.definition import define
    from maquette.design.products.car.skin import EXACT, skin
    from maquette.design.products.car.surfaces import skin_patches, surface_plan

    car = get_family("car")
    for name in ("city_car", "fastback", "large_suv"):
        d = define(car.validate({**car.defaults(), **car.archetypes[name]}))
        patches, plan = skin_patches(skin(d, EXACT)), surface_plan(d)
        assert {r.name for r in plan.regions} >= {
            "bonnet",
            "front wing",
            "door",
            "roof",
            "rear screen",
            "tail",
        }
        for region in plan.regions:
            found, heat = region_quality(patches, region, step=40.0)
            assert found.share > 0.8, (name, region.name)
            assert len(heat.points) == len(heat.turns)
        assert all(line_quality(patches, line).changes is not None for line in plan.lines)


#: above the limit of 0.5 degrees: what remains on a car, measured, and shown in the README
LEFT = {("coupe", "door"): 0.75}


@pytest.mark.parametrize("name", get_family("car").archetypes)
def test_no_highlight_of_a_body_type_waves(name: str) -> None:
    from maquette.design.products.car.definition import define
    from maquette.design.products.car.skin import EXACT, skin
    from maquette.design.products.car.surfaces import judge, skin_patches

    car = get_family("car")
    d = define(car.validate({**car.defaults(), **car.archetypes[name]}))
    judged, lines = judge(skin_patches(skin(d, EXACT)), d)
    for quality, _ in judged:
        assert quality.largest <= LEFT.get((name, quality.name), WAVE_DEG), (quality.name, quality.worst[:1])
    assert {line.name for line in lines} == {"bonnet centreline", "roof centreline", "shoulder line"}
    assert all(line.as_declared for line in lines[:2]), lines


@pytest.mark.slow
def test_highlights_of_sampled_cars_hardly_wave() -> None:
    """Thirty accepted designs from the whole space: of their 240 regions a twentieth may have a wave of more
    than half a degree, and none one of more than 1.2 (a ripple of 0.8 mm on 300 mm)."""
    from maquette.design.family.sampling import sample
    from maquette.design.products.car.definition import define
    from maquette.design.products.car.skin import EXACT, skin
    from maquette.design.products.car.surfaces import judge, skin_patches

    largest = []
    for design in sample(get_family("car"), 30, 1).designs:
        d = define(design.parameters)
        largest += [q.largest for q, _ in judge(skin_patches(skin(d, EXACT)), d)[0]]
    assert len(largest) == 240
    assert np.mean(np.array(largest) > WAVE_DEG) < 0.05
    assert max(largest) < 1.2


def test_a_dent_in_the_bonnet_is_found() -> None:
    """The tool that passes the cars fails one whose bonnet has a dent of a millimetre and a half."""
    import dataclasses

    from maquette.design.products.car.definition import define
    from maquette.design.products.car.skin import EXACT, skin
    from maquette.design.products.car.surfaces import judge, skin_patches

    car = get_family("car")
    d = define(car.validate({**car.defaults(), **car.archetypes["hatchback"]}))
    s = skin(d, EXACT)
    x, y = s.top[..., 0], s.top[..., 1]
    top = s.top.copy()
    top[..., 2] -= 1.5 * np.exp(-(((x - 0.6 * d.x_cowl) / 60.0) ** 2) - (y / 200.0) ** 2)
    [(before, _)], _ = judge(skin_patches(s), d, ["bonnet"])
    [(after, _)], _ = judge(skin_patches(dataclasses.replace(s, top=top)), d, ["bonnet"])
    assert before.smooth
    assert not after.smooth
    assert abs(after.worst[0].point[0] - 0.6 * d.x_cowl) < 120.0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hatchback", "large_saloon"])
def test_exact_faces_meet_without_an_edge(name: str) -> None:
    """Within 0.1 degrees, except for 25 mm around the corners of nose and tail, which the plan names."""
    from maquette.design.geometry.surface_edges import TANGENCY_DEG, tangency

    car = get_family("car")
    values = car.validate({**car.defaults(), **car.archetypes[name]})
    plan = car.surface_plan(values)
    assert plan is not None
    met = tangency(car.surface_solid(values), plan.creases)
    assert met.edges > 40
    assert met.largest <= TANGENCY_DEG
    assert met.gap < 0.02
    assert len(plan.creases) == 8
    assert tangency(car.surface_solid(values)).largest > 10.0  # what the corners hide is not small


def test_a_family_without_regions_is_refused(tmp_path: Path) -> None:
    from maquette.design.family.records import Design
    from maquette.ui.verbs import build

    ahmed = get_family("ahmed")
    with pytest.raises(InputError, match="names no surface regions"):
        build(Design("ahmed", ahmed.defaults(), {}), tmp_path, surface_report=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_build_reports_the_exact_faces(tmp_path: Path) -> None:
    import json

    from maquette.design.family.records import Design
    from maquette.ui.verbs import build

    car = get_family("car")
    result = build(Design("car", car.defaults(), {}), tmp_path, surface_report=True)
    assert result.surface is not None
    told = json.loads((tmp_path / "build.json").read_text())["surface"]
    assert told["tangency"]["gap"] < 0.02, "faces of one solid meet"
    assert told["limits"] == {"tangency": 0.1, "wave": WAVE_DEG}
    assert {r["name"] for r in told["regions"]} >= {"bonnet", "roof", "door"}
    assert all(r["share"] > 0.9 for r in told["regions"])
    assert "bonnet" in (tmp_path / "surface.txt").read_text()
    for name in ("zebra", "waves"):
        assert result.pictures[name].read_bytes()[:4] == b"\x89PNG"
