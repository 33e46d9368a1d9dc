"""Pictures and drawings: the right way round, repeatable, and made of what they should be made of."""

from __future__ import annotations

import io
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from maquette.design.errors import InputError
from maquette.design.family import get_family
from maquette.design.geometry.drawing import drawing_dxf, drawing_svg, key_dimensions, outlines
from maquette.design.geometry.mesh import Mesh, MeshPart
from maquette.design.geometry.shading import GLASS, METAL, PAINT, RUBBER, corner_normals, finish_of
from maquette.design.geometry.views import VIEWS, contact_sheet, render, render_views
from test_export import box

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
    found = {name: blue_centre(png) for name, png in render_views(scene(), list(VIEWS), SIZE).items()}
    assert found["side"][0] < 0.4, "nose to the left, seen from the left side"
    assert found["side"][1] < 0.45, "up is up"
    assert found["front"][0] > 0.5, "from the front the car's left is on the right"
    assert found["rear"][0] < 0.5
    assert found["top"][0] < 0.4
    assert found["top"][1] > 0.5, "the car's right (y) is up in the top view"
    assert found["three_quarter"][0] < 0.6
    assert found["three_quarter_rear"][1] < 0.5


def test_pictures_repeat_byte_for_byte() -> None:
    assert render(scene(), "three_quarter", SIZE) == render(scene(), "three_quarter", SIZE)


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


@pytest.mark.parametrize(
    ("name", "finish"),
    [("front door glass left", GLASS), ("tyre rear", RUBBER), ("rim front", METAL), ("body", PAINT)],
)
def test_names_choose_the_finish(name: str, finish: object) -> None:
    assert finish_of(name) is finish


def test_finish_words_do_not_hide_in_others() -> None:
    assert finish_of("backlight") is GLASS
    assert finish_of("trim") is not METAL


# -- drawing ----------------------------------------------------------------------------------------------


def test_drawing_shows_the_dimensions_and_escapes() -> None:
    family = get_family("ahmed")
    parts = family.mesh(family.defaults())
    text = drawing_svg(parts, "A <b> & title", ["drag 0.3 <i>"])
    root = ElementTree.fromstring(text)  # noqa: S314 - our own text
    words = {t.text for t in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"1044", "389", "338", "50", "A <b> & title", "drag 0.3 <i>"} <= words
    assert key_dimensions(parts) == pytest.approx(
        {"overall_length": 1044, "overall_width": 389, "overall_height": 338, "ground_clearance": 50}
    )
    assert text == drawing_svg(parts, "A <b> & title", ["drag 0.3 <i>"])


def test_outlines_leave_out_what_is_hidden() -> None:
    hidden = MeshPart("engine", box((500, 500, 300), (1000, -250, 400)), BLUE)
    for view in ("side", "front", "top"):
        names = [o.part for o in outlines([*scene(), hidden], view)]
        assert names == ["body", "cube"], view
    (side,) = (o for o in outlines(scene(), "side") if o.part == "body")
    assert np.allclose(np.ptp(side.polygons[0], axis=0), (4000, 800), atol=0.1)


def test_wheels_give_axles_and_track() -> None:
    wheels = [
        MeshPart(f"tyre {k}", box((600, 200, 600), (x, y, 0)), GREY)
        for k, (x, y) in enumerate([(500, -900), (500, 700), (3000, -900), (3000, 700)])
    ]
    found = key_dimensions([MeshPart("body", box((4000, 1600, 800), (0, -800, 200)), GREY), *wheels])
    assert found["wheelbase"] == pytest.approx(2500)
    assert found["front_overhang"] == pytest.approx(800)
    assert found["rear_overhang"] == pytest.approx(700)
    assert found["track"] == pytest.approx(1600)
    assert found["ground_clearance"] == pytest.approx(200)


def test_dxf_opens_in_millimetres_and_repeats() -> None:
    import ezdxf

    data = drawing_dxf(scene())
    document = ezdxf.read(io.StringIO(data.decode("utf-8")))
    assert document.units == 4
    layers = {e.dxf.layer for e in document.modelspace()}
    assert layers == {"side", "front", "top"}
    assert data == drawing_dxf(scene())


def test_empty_bodies_are_refused() -> None:
    with pytest.raises(InputError, match="no triangles"):
        drawing_svg([MeshPart("body", Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64)), GREY)], "x")
    with pytest.raises(InputError, match="drawing view"):
        outlines(scene(), "back")
