"""Drawings: true to the body's shadow, steady by seed, clean paper, and generic in families."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from test_export import box

from maquette.design.concepts.artist.buffers import (
    BODY,
    DARK,
    NOTHING,
    SEAM,
    TYRE,
    WINDOW,
    kind_of,
    render_buffers,
)
from maquette.design.concepts.artist.draw import Drawing, draw, draw_many, feature_lines, silhouette
from maquette.design.concepts.artist.frame import STYLES
from maquette.design.concepts.artist.palettes import PALETTES, compose
from maquette.design.concepts.artist.strokes import stamp, unrest
from maquette.design.errors import InputError
from maquette.design.family.frame import Frame
from maquette.design.family.registry import get_family
from maquette.design.geometry.mesh import MeshPart

FINE = Frame().picture

KINDS = ("city_car", "fastback", "large_suv")
FRAME = get_family("car").frame
VIEWS = FRAME.names


@cache
def car(kind: str) -> tuple[MeshPart, ...]:
    family = get_family("car")
    return tuple(family.mesh(family.defaults() | dict(family.archetypes[kind])))


@cache
def drawings(kind: str) -> dict[tuple[str, str], Drawing]:
    requests = [(view, style, 7) for view in VIEWS for style in STYLES]
    made = draw_many(car(kind), FRAME, requests)
    return {(view, style): drawing for (view, style, _), drawing in zip(requests, made, strict=True)}


def solid_of(ink: np.ndarray) -> np.ndarray:
    """The largest figure inside closed dark lines.

    A line one pixel wide that crosses from one column of pixels to the next covers half of both (127.5 of 255
    where it is black, a little more where it is dark grey), so the tone that closes it lies above the middle.
    """
    from scipy.ndimage import binary_fill_holes, label

    filled = binary_fill_holes(ink < 140)
    marks, _ = label(filled)
    return marks == 1 + np.argmax(np.bincount(marks.ravel())[1:])


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float((a & b).sum() / (a | b).sum())


@pytest.mark.parametrize("kind", KINDS)
def test_the_drawn_outline_is_the_silhouette(kind: str) -> None:
    for (view, _), drawing in drawings(kind).items():
        assert overlap(solid_of(drawing.ink), silhouette(car(kind), FRAME, view)) > 0.985


def test_the_scale_and_the_ground_are_fixed() -> None:
    block = [MeshPart("body", box((3000, 1500, 1200), (0, -750, 150)), (0.5, 0.5, 0.5, 1.0))]
    shadow = silhouette(block, FRAME, "side")
    columns, rows = np.flatnonzero(shadow.any(axis=0)), np.flatnonzero(shadow.any(axis=1))
    assert np.ptp(columns) + 1 == pytest.approx(3000 / FRAME.mm_per_pixel, abs=1)
    assert 0.5 * (columns[0] + columns[-1] + 1) == pytest.approx(0.5 * FINE[0], abs=1)
    ground = FRAME.view("side").anchor_row * FINE[1]
    assert ground - 150 / FRAME.mm_per_pixel == pytest.approx(rows[-1] + 1, abs=1)
    assert ground - 1350 / FRAME.mm_per_pixel == pytest.approx(rows[0], abs=1)


def test_the_nose_is_on_the_left() -> None:
    parts = [
        MeshPart("body", box((4000, 1600, 800), (0, -800, 200)), (0.5, 0.5, 0.5, 1.0)),
        MeshPart("windscreen", box((300, 1600, 300), (0, -800, 1000)), (0.1, 0.1, 0.1, 1.0), finish="glass"),
    ]
    for view in VIEWS:
        b = render_buffers(parts, FRAME, view)
        glass, body = (np.nonzero(b.cover[k] > 0.5)[1].mean() for k in (WINDOW, BODY))
        assert glass < body - 50


def test_every_car_fits_the_frame() -> None:
    family = get_family("car")
    size = {"wheelbase", "front_overhang", "rear_overhang", "overall_width", "overall_height"}
    largest = {p.name: p.range.high for p in family.parameters if p.name in size}
    assert len(largest) == len(size)
    for view in VIEWS:
        shadow = silhouette(family.mesh(family.defaults() | largest), FRAME, view)
        assert not np.concatenate([shadow[0], shadow[-1], shadow[:, 0], shadow[:, -1]]).any()


def test_paper_is_white_and_paint_lies_on_the_body() -> None:
    for (view, _), drawing in drawings("fastback").items():
        assert drawing.ink.shape == drawing.paint.shape == FINE[::-1]
        assert (drawing.ink[:15] == 255).all()
        assert (drawing.ink == 255).mean() > 0.5
        assert drawing.ink.min() < 40
        outside = ~silhouette(car("fastback"), FRAME, view)
        assert drawing.paint[outside].max() <= 128
        assert 0.4 < (drawing.paint > 128).sum() / (~outside).sum() < 0.9


def test_styles_differ_as_they_should() -> None:
    for view in VIEWS:
        made = {style: drawings("fastback")[view, style] for style in STYLES}
        painted = made["ink"].paint > 250
        light = {style: float(d.ink[painted].mean()) for style, d in made.items()}
        assert light["ink"] > light["soft"]
        assert light["ink"] > light["marker"]
        b = render_buffers(car("fastback"), FRAME, view)
        (left, top), (h, w) = b.corner, b.normal.shape[1:]
        glass = b.cover[WINDOW] > 0.99
        tone = {s: float(np.median(d.ink[top : top + h, left : left + w][glass])) for s, d in made.items()}
        assert tone["marker"] < tone["soft"] < tone["ink"]


def test_a_seed_decides() -> None:
    parts = car("fastback")
    for style in STYLES:
        first, again = draw(parts, FRAME, "side", style, 3), draw(parts, FRAME, "side", style, 3)
        other = draw(parts, FRAME, "side", style, 4)
        assert (first.ink == again.ink).all()
        assert (first.paint == again.paint).all()
        assert (first.ink != other.ink).any()
        assert overlap(solid_of(first.ink), solid_of(other.ink)) > 0.98


def test_many_are_as_one() -> None:
    parts = car("city_car")
    for (view, style), drawing in drawings("city_car").items():
        assert (draw(parts, FRAME, view, style, 7).ink == drawing.ink).all()


def test_a_smaller_size_is_the_area_average() -> None:
    whole, small = (draw(car("fastback"), FRAME, "side", "marker", 1, size) for size in (FINE, (256, 128)))
    mean = whole.ink.reshape(128, 3, 256, 3).mean(axis=(1, 3))
    assert np.abs(small.ink - mean).max() <= 1.0


def test_feature_lines_hold_the_contour_and_the_glass() -> None:
    for view in VIEWS:
        lines, shadow = feature_lines(car("fastback"), FRAME, view), silhouette(car("fastback"), FRAME, view)
        rim = shadow[:, :-1] != shadow[:, 1:]
        near = lines[:, :-1] | lines[:, 1:]
        assert near[rim].mean() > 0.97
        assert 0.01 < lines.mean() < 0.06
        assert lines[shadow].sum() > 1500


def test_parts_are_known_by_paint_role_finish_and_tone() -> None:
    paint = (0.1, 0.2, 0.3, 1.0)
    black = (0.05, 0.05, 0.05, 1.0)
    cube = box((1, 1, 1), (0, 0, 0))
    assert kind_of(MeshPart("tyre", cube, paint), paint) == BODY
    pane = MeshPart("screen", cube, black, finish="glass")
    assert kind_of(pane, paint) == kind_of(replace(pane, role="window", finish="plastic"), paint) == WINDOW
    assert kind_of(MeshPart("foot", cube, black, finish="rubber"), paint) == TYRE
    assert kind_of(MeshPart("gap", cube, black, "seam"), paint) == SEAM
    assert kind_of(MeshPart("window of a tyre lamp", cube, black), paint) == DARK, "names say nothing"


def test_other_families_draw() -> None:
    family = get_family("ahmed")
    requests = [(v, s, 0) for v in family.frame.names for s in STYLES]
    for drawing in draw_many(family.mesh(family.defaults()), family.frame, requests):
        assert drawing.ink.min() < 60
        assert drawing.paint.max() == 255


def test_covers_add_up() -> None:
    b = render_buffers(car("fastback"), FRAME, "three_quarter")
    assert np.allclose(b.cover.sum(axis=0), 1.0)
    length = np.sqrt(np.square(b.normal).sum(axis=0))[b.cover[NOTHING] == 0]
    assert np.abs(length - 1.0).max() < 0.05


@pytest.mark.parametrize("palette", PALETTES)
def test_palettes(palette: str) -> None:
    drawing, known = drawings("fastback")["side", "marker"], PALETTES[palette]
    picture = compose(drawing.ink, drawing.paint, palette)
    assert picture.shape == (*drawing.ink.shape, 3)
    assert picture.dtype == np.uint8
    assert np.allclose(picture[0, 0] / 255.0, known.paper, atol=0.01)
    assert np.allclose(compose(drawing.ink / 255.0, drawing.paint / 255.0, palette), picture, atol=1)
    assert known.zh
    assert min(known.paper) > 0.88
    assert max(known.ink) < 0.2
    hue = picture[drawing.paint == 255].mean(axis=0) - picture[drawing.paint == 255].mean()
    body = np.asarray(known.body) - np.mean(known.body)
    assert float(hue @ body) > 0.0


def test_refusals() -> None:
    parts = car("fastback")
    with pytest.raises(InputError, match="view 'top' is not known"):
        draw(parts, FRAME, "top", "ink", 0)
    with pytest.raises(InputError, match="style 'oil' is not known"):
        draw(parts, FRAME, "side", "oil", 0)
    with pytest.raises(InputError, match="drawing size 300x300; in the proportion of 768x384"):
        draw(parts, FRAME, "side", "ink", 0, (300, 300))
    with pytest.raises(InputError, match="at least one triangle"):
        silhouette([], FRAME, "side")
    with pytest.raises(InputError, match="palette 'mud' is not known"):
        compose(np.ones((4, 8)), np.ones((4, 8)), "mud")
    with pytest.raises(InputError, match="two pictures of one size"):
        compose(np.ones((4, 8)), np.ones((4, 9)))


def test_a_nib_leaves_what_its_size_says() -> None:
    canvas = np.zeros((40, 60), dtype=np.float32)
    x = np.arange(10, 50, 0.5, dtype=np.float32)
    full = np.ones_like(x)
    stamp(canvas, x, 20.5 * full, 1.5 * full, 0.9 * full)
    assert canvas[:, 30].sum() == pytest.approx(0.9 * 3.0, abs=0.1)
    assert canvas.max() == pytest.approx(0.9)
    stamp(canvas, np.array([-50.0, 900.0], dtype=np.float32), 5 * full[:2], full[:2], full[:2])
    assert canvas[:, :8].max() == 0.0


def test_unrest_is_smooth_and_of_unit_size() -> None:
    field = unrest(np.random.default_rng(1), (300, 600), 40.0)
    assert field.std() == pytest.approx(1.0, abs=0.25)
    assert np.abs(np.diff(field, axis=1)).max() < 0.15
