"""Pictures and drawings: the right way round, repeatable, and made of what they should be made of."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from manifold3d import CrossSection, FillRule, OpType
from test_export import box

from maquette.design.errors import InputError
from maquette.design.family.dimensions import box_of_parts, overall
from maquette.design.family.photographs import VIEWS
from maquette.design.family.registry import get_family
from maquette.design.geometry.measures import silhouette
from maquette.design.geometry.mesh import FINISH_NAMES, FinishName, Mesh, MeshPart, joined
from maquette.design.rendering.cameras import framed
from maquette.design.rendering.drawing import drawing_dxf, drawing_svg, outlines
from maquette.design.rendering.shading import (
    FINISHES,
    OPAQUE,
    PAINT,
    PANE,
    RUBBER,
    SHINING,
    corner_normals,
    finish_of,
    kind_of,
)
from maquette.design.rendering.views import contact_sheet, render, render_views

SVG = "{http://www.w3.org/2000/svg}"
GREY, BLUE = (0.6, 0.6, 0.6, 1.0), (0.05, 0.1, 0.7, 1.0)
SIZE = (240, 120)


def pixels(png: bytes) -> np.ndarray:
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        return np.asarray(picture.convert("RGB"), dtype=float)


def scene() -> list[MeshPart]:
    """A grey block with a blue one on its left front corner (x small, y negative), high up."""
    return [
        MeshPart("body", box((4000, 1600, 800), (0, -800, 200)), GREY),
        MeshPart("cube", box((800, 500, 500), (0, -800, 1000)), BLUE),
    ]


def blue_centre(png: bytes) -> tuple[float, float]:
    """Where the blue block is, as shares of width and height."""
    image = pixels(png)
    mask = image[..., 2] > image[..., 0] + 40
    rows, columns = np.nonzero(mask)
    return columns.mean() / image.shape[1], rows.mean() / image.shape[0]


def test_every_view_is_the_right_way_round() -> None:
    whole = [name for name in VIEWS if not name.startswith("detail")]
    found = {name: blue_centre(png) for name, png in render_views(scene(), whole, SIZE).items()}
    assert found["side"][0] < 0.4, "nose to the left, seen from the left side"
    assert found["side"][1] < 0.45, "up is up"
    assert found["front"][0] > 0.5, "from the front the car's left is on the right"
    assert found["rear"][0] < 0.5
    assert found["top"][0] < 0.4
    assert found["top"][1] > 0.5, "the car's right (y) is up in the top view"
    assert found["three_quarter"][0] < 0.6
    assert found["three_quarter_rear"][1] < 0.5


def blue_share(png: bytes) -> float:
    image = pixels(png)
    return float((image[..., 2] > image[..., 0] + 40).mean())


def test_details_come_closer_to_their_corner() -> None:
    block = MeshPart("body", box((4000, 1600, 800), (0, -800, 200)), GREY)
    for end, x in (("front", 0.0), ("rear", 3500.0)):
        parts = [block, MeshPart("lamp", box((500, 500, 200), (x, -820, 600)), BLUE)]
        whole = "three_quarter" if end == "front" else "three_quarter_rear"
        shown = render_views(parts, [whole, "detail_front", "detail_rear"], SIZE)
        other = "detail_rear" if end == "front" else "detail_front"
        assert blue_share(shown[f"detail_{end}"]) > 3.0 * blue_share(shown[whole]) > 0.0
        assert blue_share(shown[other]) == 0.0


def test_press_cameras_stand_low_and_far() -> None:
    corners = np.stack(np.meshgrid((0.0, 4.5), (-0.9, 0.9), (0.0, 1.45)), axis=-1).reshape(-1, 3)
    for name in ("three_quarter", "three_quarter_rear", "detail_front", "detail_rear"):
        camera = framed(corners, VIEWS[name], 2.0)
        wide = 2.0 * np.degrees(np.arctan(2.0 * np.tan(np.radians(camera.angle) / 2.0)))
        focal = 18.0 / np.tan(np.radians(wide) / 2.0)
        assert 0.9 <= camera.eye[2] <= 1.1, "the eye is as high as a kneeling photographer's"
        assert 85.0 <= focal <= 136.0, "a long lens on a full frame"


def test_the_polished_floor_shows_the_body_faintly() -> None:
    def floor(colour: tuple[float, float, float, float]) -> np.ndarray:
        parts = [MeshPart("body", box((4000, 1600, 800), (0, -800, 0)), colour)]
        return pixels(render(parts, "side", SIZE))[92:100, 100:140].mean(axis=(0, 1))

    red, blue = floor((0.8, 0.05, 0.05, 1.0)), floor((0.05, 0.05, 0.8, 1.0))
    assert 4.0 < red[0] - blue[0] < 60.0
    assert 4.0 < blue[2] - red[2] < 60.0


def test_lit_lamps_shine_and_dark_ones_do_not() -> None:
    lamp = MeshPart("beam", box((1, 1, 1)), (0.95, 0.97, 1.0, 1.0), finish="lamp")
    assert kind_of(lamp) == kind_of(replace(lamp, colour=(0.85, 0.03, 0.03, 1.0))) == SHINING
    assert kind_of(replace(lamp, colour=(0.22, 0.0, 0.01, 1.0))) == OPAQUE
    assert kind_of(replace(lamp, finish="plastic")) == OPAQUE
    assert kind_of(replace(lamp, finish="glass")) == PANE
    block = MeshPart("body", box((4000, 1600, 800), (0, -800, 200)), GREY)

    def brightest(finish: FinishName) -> float:
        light = (0.75, 0.75, 0.75, 1.0)
        patch = MeshPart("patch", box((1000, 10, 300), (1500, -808, 450)), light, finish=finish)
        return float(pixels(render([block, patch], "side", SIZE))[50:70, 110:130].mean())

    assert brightest("lamp") > brightest("plastic") + 20.0


def test_panes_let_the_far_windows_through() -> None:
    block = MeshPart("body", box((4000, 1600, 1200), (0, -800, 200)), GREY)
    pane = [
        MeshPart(f"pane {k}", box((1500, 10, 400), (1200, y, 900)), (0.055, 0.07, 0.085, 1.0), finish="glass")
        for k, y in enumerate((-808, 798))
    ]
    rows = pixels(render([block, *pane], "side", SIZE))[:, 118].mean(axis=1)
    glass = rows[39:49]
    assert glass.max() - glass.min() > 8.0, "a pane is no flat black"
    assert glass.max() < 150.0, "and no hole either"


def test_pictures_repeat_byte_for_byte() -> None:
    views = ("three_quarter", "detail_front")
    assert render_views(scene(), views, SIZE) == render_views(scene(), views, SIZE)


def test_span_sets_the_scale() -> None:
    image = pixels(
        render([MeshPart("body", box((4000, 1600, 800), (0, -800, 200)), BLUE)], "side", SIZE, 8000.0)
    )
    mask = image[..., 2] > image[..., 0] + 25
    assert np.nonzero(mask.any(axis=0))[0].size == pytest.approx(0.5 * SIZE[0], abs=3)
    assert np.nonzero(mask.any(axis=1))[0].size == pytest.approx(800 / 8000 * SIZE[0], abs=3)


def test_the_floor_is_darker_under_the_body() -> None:
    image = pixels(render(scene(), "three_quarter", SIZE)).mean(axis=2)
    assert image[-1, :5].mean() > 100, "bright floor in the corner"
    assert image[90:, 60:180].min() < 70, "shadow"


def test_bad_requests_are_refused() -> None:
    with pytest.raises(InputError, match="view 'back' is not known; choose from side"):
        render(scene(), "back")
    with pytest.raises(InputError, match="at least 16x16"):
        render(scene(), "side", (3, 4))
    with pytest.raises(InputError, match="at most"):
        render(scene(), "side", (100_000, 100_000))
    with pytest.raises(InputError, match="no triangles"):
        render([], "side")
    with pytest.raises(InputError, match="contact sheet"):
        contact_sheet([], 3)


def test_contact_sheet_holds_all_pictures() -> None:
    one = render(scene(), "side", SIZE)
    sheet = pixels(contact_sheet([("a", one), ("b\nsecond line", one), ("c", one)], 2, "title"))
    assert sheet.shape[1] == 2 * (240 + 12) + 12
    assert sheet.shape[0] > 2 * 120


def test_normals_run_on_over_seams_and_stop_at_edges() -> None:
    turn = np.linspace(0, np.pi / 2, 10)
    rail = np.stack([np.cos(turn), np.sin(turn), 0 * turn], axis=1)
    strips = []
    for a, b in pairwise(rail):
        up = np.array([0, 0, 1.0])
        strips += [a, b, b + up, a, b + up, a + up]
    corners = np.array(strips)
    smooth = corner_normals(corners)
    radial = corners * np.array([1, 1, 0])
    inside = (corners[:, 0] > 0.1) & (corners[:, 1] > 0.1)
    agreement = np.abs(np.sum(smooth * radial, axis=1))
    assert agreement[inside].min() > 0.9999, "a cylinder's normals are radial, also between its strips"
    cube = box((1.0, 1.0, 1.0))
    sharp = corner_normals(cube.vertices[cube.faces.ravel()])
    assert np.allclose(np.abs(sharp).max(axis=1), 1.0), "a cube's are not rounded"


def test_the_field_and_not_the_name_is_the_finish() -> None:
    assert set(FINISHES) == set(FINISH_NAMES)
    assert finish_of(MeshPart("tyre glass", box((1, 1, 1)), GREY)) is PAINT
    assert finish_of(MeshPart("part", box((1, 1, 1)), GREY, finish="rubber")) is RUBBER


# -- drawing ----------------------------------------------------------------------------------------------


def test_drawing_shows_the_dimensions_and_escapes() -> None:
    family = get_family("ahmed")
    parts = family.mesh(family.defaults())
    dims = family.dimensions(parts, family.defaults())
    text = drawing_svg(parts, dims, "A <b> & title", ["drag 0.3 <i>"])
    root = ElementTree.fromstring(text)  # noqa: S314 - our own text
    words = {t.text for t in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"1044", "389", "338", "50", "A <b> & title", "drag 0.3 <i>"} <= words
    assert dims.by_name() == pytest.approx(
        {"length": 1044, "width": 389, "height": 338, "ground_clearance": 50}
    )
    assert "first-angle projection" in text
    assert text == drawing_svg(parts, dims, "A <b> & title", ["drag 0.3 <i>"])


@pytest.mark.parametrize(
    ("name", "archetype"),
    [
        ("car", "hatchback"),
        ("car", "suv"),
        ("chair", "stacking"),
        ("bicycle", "road_race"),
        ("bicycle", "gravel"),
    ],
)
def test_every_sheet_has_four_views_and_the_day_in_the_title_block(name: str, archetype: str) -> None:
    """The rear beside the front or below it; nothing reaches into the title block, which grows upward."""
    family = get_family(name)
    values = family.defaults() | dict(family.archetypes[archetype])
    dims = family.dimensions(family.mesh(values), values)
    low, high = dims.box
    parts = [MeshPart("all of it", box(tuple(high - low), tuple(low)), GREY)]  # drawn in no time
    for notes in ((), [f"note {k}" for k in range(6)]):
        text = drawing_svg(parts, dims, "It", notes, "2026-11-30")
        root = ElementTree.fromstring(text)  # noqa: S314 - our own text
        spots = {str(t.text): (float(t.get("x", 0)), float(t.get("y", 0))) for t in root.iter(f"{SVG}text")}
        assert "Maquette, 2026-11-30" in spots
        assert {"side", "front", "top", "rear"} <= set(spots)
        (x0, y0), (x1, y1) = spots["front"], spots["rear"]
        assert y0 == y1 or x0 == x1
        found = [re.findall(r"-?[\d.]+", p.get("d", "")) for p in root if p.tag == f"{SVG}path"]
        drawn = np.array([float(n) for path in found for n in path]).reshape(-1, 2)
        block = spots["It"][1] - 14.0 - 7.0  # the symbol above the title and its centre line
        assert drawn[drawn[:, 0] > 320.0, 1].max(initial=0.0) <= block + 0.5
        assert drawn[:, 0].max() < 412.0


def test_the_rear_view_shows_the_rear() -> None:
    lamps = {view: {o.part for o in outlines(get_family("car").mesh(get_family("car").defaults()), view, 2.0)}
             for view in ("front", "rear")}  # fmt: skip
    assert any(p.startswith("tail lamp") for p in lamps["rear"])
    assert not any(p.startswith(("head lamp", "tail lamp")) for p in lamps["front"] & lamps["rear"])


def test_lines_beside_the_body_say_what_the_whole_car_measures() -> None:
    """Beside sliders of 4200 and 1790 mm stood 4191 and 1783: the lines were those of the hull alone."""
    car = get_family("car")
    for some in car.archetypes.values():
        values = car.defaults() | dict(some)
        measured = car.dimensions(car.mesh(values), values).by_name()
        beside = {line.name: line.length for line in car.dimensions_in_space(values)}
        for name in ("length", "width", "height"):
            assert beside[name] == pytest.approx(measured[f"overall_{name}"], abs=0.5)


def test_lines_beside_a_chair_have_its_own_names() -> None:
    """What is overall depth in its cards and limits was a "length" in the 3D view."""
    chair = get_family("chair")
    values = chair.defaults()
    beside = {line.name: line.length for line in chair.dimensions_in_space(values)}
    measured = chair.measures(values)
    for name in ("overall_depth", "overall_width", "overall_height"):
        assert beside[name] == pytest.approx(measured[name], abs=1.0)
    assert "length" not in beside


def test_outlines_leave_out_what_is_hidden() -> None:
    hidden = MeshPart("engine", box((500, 500, 300), (1000, -250, 400)), BLUE)
    for view in ("side", "front", "top"):
        names = [o.part for o in outlines([*scene(), hidden], view, 0.6)]
        assert names == ["body", "cube"], view
    (side,) = (o for o in outlines(scene(), "side", 0.6) if o.part == "body")
    assert np.allclose(np.ptp(side.polygons[0], axis=0), (4000, 800), atol=0.1)


@pytest.mark.parametrize("name", ["chair", "bicycle", "car"])
@pytest.mark.parametrize("view", ["side", "front", "top", "rear"])
def test_what_is_drawn_covers_the_silhouette_once(name: str, view: str) -> None:
    """Nothing hidden is drawn, or areas would add up to more; no gap, or to less."""
    family = get_family(name)
    parts = family.mesh(family.defaults())
    dims = family.dimensions(parts, family.defaults())
    drawn = [CrossSection(list(o.polygons), FillRule.EvenOdd) for o in outlines(parts, view, dims.fine)]
    body = joined([p.mesh for p in parts])
    whole = CrossSection(
        silhouette(body, {"side": "y", "front": "x", "top": "z", "rear": "x"}[view]), FillRule.NonZero
    )
    union = CrossSection.batch_boolean(drawn, OpType.Add)
    assert union.area() == pytest.approx(whole.area(), rel=0.02)
    assert sum(d.area() for d in drawn) == pytest.approx(whole.area(), rel=0.05)


def test_rails_under_a_seat_stay_under_it() -> None:
    chair = get_family("chair")
    parts = chair.mesh(chair.defaults() | dict(chair.archetypes["stacking"]))
    drawn = {o.part: CrossSection(list(o.polygons), FillRule.EvenOdd) for o in outlines(parts, "top", 0.32)}
    for name, region in drawn.items():
        if name != "seat":
            assert (region ^ drawn["seat"]).area() < 0.01 * drawn["seat"].area(), name


def test_wheels_give_axles_and_track() -> None:
    wheels = [
        MeshPart(f"tyre {k}", box((600, 200, 600), (x, y, 0)), GREY)
        for k, (x, y) in enumerate([(500, -900), (500, 700), (3000, -900), (3000, 700)])
    ]
    body = MeshPart("body", box((4000, 1600, 800), (0, -800, 200)), GREY)
    found = get_family("car").dimensions([body, *wheels], {}).by_name()
    assert found["wheelbase"] == pytest.approx(2500)
    assert found["front_overhang"] == pytest.approx(800)
    assert found["rear_overhang"] == pytest.approx(700)
    assert found["track"] == pytest.approx(1600)
    assert found["ground_clearance"] == pytest.approx(200)


def test_dxf_opens_in_millimetres_and_repeats() -> None:
    import ezdxf

    dims = overall(box_of_parts(scene()), 0.0, 7.5)
    data = drawing_dxf(scene(), dims)
    document = ezdxf.read(io.StringIO(data.decode("utf-8")))
    assert document.units == 4
    layers = {e.dxf.layer for e in document.modelspace()}
    assert layers == {"side", "front", "top", "rear"}
    assert data == drawing_dxf(scene(), dims)


def test_empty_bodies_are_refused() -> None:
    with pytest.raises(InputError, match="no triangles"):
        get_family("car").dimensions(
            [MeshPart("body", Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64)), GREY)], {}
        )
    with pytest.raises(InputError, match="drawing view"):
        outlines(scene(), "back", 0.6)


def test_a_product_is_seen_from_where_it_says() -> None:
    """A chair from above its seat, a frame from its chain's side, head tube on the right; a car as ever."""
    assert get_family("car").eyes is VIEWS
    chair, frame = get_family("chair"), get_family("bicycle")
    seat = box((400, 400, 400), (-200, -200, 0))
    above = framed(seat.vertices * 1e-3, chair.eyes["three_quarter"], 1.5)
    assert 0.15 < above.axes()[2][2] < 0.4, "looks down on the seat"
    right = framed(seat.vertices * 1e-3, frame.eyes["three_quarter"], 1.5).axes()[0]
    assert right[0] > 0.5
    assert frame.pictures[0] == "side"


def test_what_hangs_casts_no_shadow_and_is_not_mirrored() -> None:
    parts = [MeshPart("body", box((4000, 1600, 800), (0, -800, 0)), BLUE)]
    stands, hangs = (
        pixels(render_views(parts, ["side"], SIZE, None, floor=floor)["side"]) for floor in (True, False)
    )
    blue = [(image[90:, :, 2] - image[90:, :, 0]).max() for image in (stands, hangs)]
    assert blue[0] > 12.0, "the floor mirrors the body"
    assert blue[1] < 8.0, "below what hangs there is only the backdrop"
