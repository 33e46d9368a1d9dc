"""Bodies from pictures: silhouettes, agreement, the fit, and what is said where the family falls short.

Pictures are drawings of known bodies, so that every claim has its truth. No trained network is needed: fits
start from true parameters with noise, or from the family's named bodies.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from maquette.design import limits
from maquette.design.concepts.artist.draw import draw, silhouette
from maquette.design.concepts.artist.frame import from_concept, to_concept
from maquette.design.concepts.artist.palettes import compose
from maquette.design.concepts.fit.agreement import agreement
from maquette.design.concepts.fit.body import body_from_image
from maquette.design.concepts.fit.encoder import FIT_BOX, FIT_FOOT, network_input, training_input
from maquette.design.concepts.fit.fit import seen_parameters
from maquette.design.concepts.fit.opened import decode, read_picture
from maquette.design.concepts.fit.picture import ink_of, working
from maquette.design.concepts.fit.segmentation import Silhouette, segment
from maquette.design.errors import InputError
from maquette.design.family.frame import ENLARGE, Frame
from maquette.design.family.registry import get_family
from maquette.design.family.sampling import sample

BASE, FINE = Frame().base, Frame().picture

Picture = NDArray[np.uint8]
CAR = get_family("car")
SCALE = CAR.frame.mm_per_pixel


@cache
def bodies() -> tuple[Mapping[str, float], ...]:
    """Three bodies that differ: a saloon, an SUV, and a random one."""
    named = [CAR.validate({**CAR.defaults(), **CAR.archetypes[n]}) for n in ("notchback", "suv")]
    return (*named, sample(CAR, 1, 5).designs[0].parameters)


@cache
def drawn(which: int = 0, view: str = "side", style: str = "marker", palette: str = "ocean") -> Picture:
    drawing = draw(CAR.mesh(bodies()[which]), CAR.frame, view, style, which)
    return compose(drawing.ink, drawing.paint, palette)


@cache
def true_mask(which: int = 0, view: str = "side") -> NDArray[np.bool_]:
    return silhouette(CAR.mesh(bodies()[which]), CAR.frame, view)


def cut_out(image: Any) -> Silhouette:
    rgb, _ = working(image)
    return segment(rgb, ink_of(rgb))


def overlap(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    return float((a & b).sum() / (a | b).sum())


def perturbed(values: Mapping[str, float], spread: float, seed: int) -> dict[str, float]:
    """Parameters with normal noise in the concept vector."""
    z = to_concept(CAR, values)
    return from_concept(CAR, np.clip(z + np.random.default_rng(seed).normal(0.0, spread, len(z)), -1.0, 1.0))


# -- silhouettes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("which", "view", "style", "palette"),
    [
        (0, "side", "ink", "graphite"),
        (1, "side", "marker", "crimson"),
        (2, "side", "soft", "ivory"),
        (0, "three_quarter", "soft", "sand"),
        (1, "three_quarter", "ink", "silver"),
        (2, "three_quarter", "marker", "midnight"),
    ],
)
def test_silhouette_of_every_style_without_its_shadow(
    which: int, view: str, style: str, palette: str
) -> None:
    found = cut_out(drawn(which, view, style, palette))
    assert overlap(found.mask, true_mask(which, view)) > 0.98
    assert found.remarks == ()


def test_silhouette_on_toned_and_noisy_paper() -> None:
    picture = drawn(0, "side", "marker", "crimson").astype(np.float64)
    rng = np.random.default_rng(0)
    light = np.linspace(0.80, 0.97, picture.shape[1])[None, :, None] * np.array([1.0, 0.97, 0.90])
    noisy = np.clip(picture * light + rng.normal(0.0, 5.0, picture.shape), 0, 255).astype(np.uint8)
    assert overlap(cut_out(noisy).mask, true_mask()) > 0.98


def test_silhouette_in_white_on_black() -> None:
    drawing = draw(CAR.mesh(bodies()[0]), CAR.frame, "side", "ink", 0)
    black = 255 - drawing.ink
    assert overlap(cut_out(black).mask, true_mask()) > 0.97


@pytest.mark.parametrize("gap", [0, 3, 8])
def test_line_art_with_a_gap_is_closed(gap: int) -> None:
    """Bare contour, white inside, with a piece of the roof's line and one of the tail's rubbed out."""
    mask = true_mask()
    inner = mask & np.roll(mask, 1, 0) & np.roll(mask, -1, 0) & np.roll(mask, 1, 1) & np.roll(mask, -1, 1)
    line = mask & ~(inner & np.roll(inner, 1, 0) & np.roll(inner, -1, 0))
    picture = np.where(line, 20, 255).astype(np.uint8)
    rows, columns = np.nonzero(line)
    for at in (np.argmin(rows), np.argmax(columns)):
        y, x = int(rows[at]), int(columns[at])
        picture[max(0, y - gap) : y + gap, max(0, x - gap // 2) : x + (gap + 1) // 2] = 255
    found = cut_out(picture)
    assert overlap(found.mask, mask) > 0.97


def test_ground_line_does_not_fill_the_space_under_the_body() -> None:
    picture = drawn(0, "side", "soft", "crimson").copy()
    foot = int(np.flatnonzero(true_mask().any(axis=1))[-1])
    picture[foot : foot + 2] = 40
    assert overlap(cut_out(picture).mask, true_mask()) > 0.97


def test_a_body_cut_off_by_the_border_is_remarked() -> None:
    columns = np.flatnonzero(true_mask().any(axis=0))
    found = cut_out(drawn()[:, columns[0] + 120 :])
    assert any("border" in remark for remark in found.remarks)


# -- agreement ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["side", "three_quarter"])
def test_a_drawing_agrees_with_its_own_body(view: str) -> None:
    found = agreement(drawn(0, view), CAR.mesh(bodies()[0]), CAR.frame, view, SCALE)
    assert found.iou > 0.985
    assert found.score > 0.975
    assert found.line_distance_px < 2.0


def test_agreement_falls_as_the_roof_rises() -> None:
    picture, body = drawn(0), bodies()[0]
    raised = [{**body, "overall_height": body["overall_height"] + up} for up in (0, 25, 60, 120)]
    found = [agreement(picture, CAR.mesh(values), CAR.frame, "side", SCALE) for values in raised]
    for better, worse in pairwise(found):
        assert worse.iou < better.iou
        assert worse.line_distance_px > better.line_distance_px
        assert worse.score < better.score


def test_agreement_is_the_same_mirrored_and_at_other_sizes() -> None:
    picture, parts = drawn(1), CAR.mesh(bodies()[1])
    straight = agreement(picture, parts, CAR.frame, "side", SCALE)
    turned = agreement(np.ascontiguousarray(picture[:, ::-1]), parts, CAR.frame, "side", SCALE, mirrored=True)
    assert turned.iou == pytest.approx(straight.iou, abs=2e-3)
    large = Image.fromarray(picture[60:, 20:-10]).resize((1476, 648), Image.Resampling.BICUBIC)
    anywhere = agreement(large, parts, CAR.frame, "side")
    assert anywhere.iou == pytest.approx(straight.iou, abs=0.02)


# -- fit --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["side", "three_quarter"])
@pytest.mark.parametrize("which", [1, 2])
def test_fit_from_a_perturbed_start_lies_on_the_picture(which: int, view: str) -> None:
    picture = drawn(which, view, "ink", "graphite")
    start = perturbed(bodies()[which], 0.15, which)
    at_start = body_from_image(picture, mm_per_px=SCALE, view=view, start=start, refine=False)
    found = body_from_image(picture, mm_per_px=SCALE, view=view, start=start)
    assert found.agreement.iou > at_start.agreement.iou
    assert found.agreement.iou > 0.975
    assert found.agreement.line_distance_px < at_start.agreement.line_distance_px
    assert CAR.broken_rules(found.values) == []
    truth = bodies()[which]
    assert found.values["wheelbase"] == pytest.approx(truth["wheelbase"], abs=25.0)
    assert found.values["overall_height"] == pytest.approx(truth["overall_height"], abs=15.0)
    assert not found.mirrored
    assert found.mm_per_px == SCALE


def test_held_parameters_stay_exactly() -> None:
    start = perturbed(bodies()[0], 0.1, 3)
    held = {"wheelbase": 2900.0, "overall_width": 1801.5}
    found = body_from_image(drawn(0), mm_per_px=SCALE, view="side", start=start, held=held)
    assert {name: found.values[name] for name in held} == held
    assert not set(held) & set(found.unsure)


def test_direction_view_and_body_without_an_encoder() -> None:
    """A cropped picture that faces right, scale unknown: direction and kind come from the named bodies."""
    picture = np.ascontiguousarray(drawn(0)[50:-20, ::-1][:, 30:])
    found = body_from_image(picture, view="side")
    assert found.mirrored
    assert found.agreement.iou > 0.95
    ratio = found.values["wheelbase"] / found.values["overall_height"]
    truth = bodies()[0]["wheelbase"] / bodies()[0]["overall_height"]
    assert ratio == pytest.approx(truth, rel=0.04)


def test_unseen_parameters_are_named_unsure() -> None:
    found = body_from_image(drawn(0), mm_per_px=SCALE, view="side", start=bodies()[0])
    names = [p.name for p in CAR.parameters]
    hidden = {names[j] for j in range(len(names)) if j not in seen_parameters(CAR, "side")}
    assert "overall_width" in hidden
    assert hidden <= set(found.unsure)
    assert not {"wheelbase", "overall_height", "front_overhang"} & set(found.unsure)


# -- what the family cannot represent ---------------------------------------------------------------------


def painted(outline: list[tuple[float, float]], wheels: list[tuple[float, float, float]]) -> Picture:
    picture = Image.new("RGB", FINE, (250, 249, 246))
    pen = ImageDraw.Draw(picture)
    pen.polygon(outline, fill=(60, 110, 150), outline=(20, 20, 25))
    for x, y, r in wheels:
        pen.ellipse([x - r, y - r, x + r, y + r], fill=(25, 25, 28))
    return np.asarray(picture)


#: side views of bodies that fill their box, with the overlap that the nearest one-box does not reach
VAN = [(110, 280), (112, 120), (130, 95), (650, 92), (656, 280)]
BUS = [(110, 292), (112, 100), (118, 70), (650, 68), (656, 292)]


@pytest.mark.parametrize(("outline", "below"), [(VAN, 0.95), (BUS, 0.925)], ids=["van", "bus"])
def test_a_van_is_said_to_be_box_like(outline: list[tuple[int, int]], below: float) -> None:
    wheels = [(210, 278, 34), (560, 278, 34)]
    found = body_from_image(painted([(float(x), float(y)) for x, y in outline], wheels))
    text = " ".join(found.not_representable)
    assert found.agreement.iou < below
    assert ("nearest body covers the picture" in text) == (found.agreement.iou < 0.92)
    assert "a body so box-like is not among them" in text
    assert re.search(r"(roof|nose|tail|bonnet|windscreen|underside[a-z ]*|wheel): the picture", text)


def test_a_raised_tail_is_told_in_millimetres() -> None:
    """A wing-like block 30 pixels (225 mm) high on the tail, which no parameter can make."""
    picture = drawn(0, "side", "soft", "crimson").copy()
    mask = true_mask()
    columns = np.flatnonzero(mask.any(axis=0))
    block = slice(int(columns[-1]) - 40, int(columns[-1]) - 4)
    top = int(np.flatnonzero(mask[:, block].any(axis=1))[0])
    picture[top - 30 : top + 12, block] = (90, 15, 25)
    found = body_from_image(picture, mm_per_px=SCALE, view="side", start=bodies()[0])
    told = [s for s in found.not_representable if "tail" in s and "higher" in s]
    assert told
    depth = re.search(r"(\d+) mm", told[0])
    assert depth is not None
    assert 80 <= int(depth[1]) <= 260


# -- the encoder's input ------------------------------------------------------------------------------------


def test_network_sees_the_same_in_training_and_use() -> None:
    drawing = draw(CAR.mesh(bodies()[0]), CAR.frame, "side", "ink", 0)
    fine = drawing.ink.astype(np.float32) / 255.0
    seen = network_input(CAR.frame, fine, None, 1.0)
    base = fine.reshape(BASE[1], 3, BASE[0], 3).mean(axis=(1, 3))
    assert seen.ink[0] == pytest.approx(2.0 * base - 1.0, abs=1e-5)
    assert seen.scale.tolist() == [1.0, 0.0]
    again = network_input(CAR.frame, base, None, float(ENLARGE))
    assert again.ink[0] == pytest.approx(seen.ink[0], abs=1e-5)


def test_network_input_of_unknown_scale_fills_the_box() -> None:
    found = cut_out(drawn(1))
    rgb, _ = working(drawn(1))
    seen = network_input(CAR.frame, ink_of(rgb).ink, found.box, None)
    dark = seen.ink[0] < 0.2
    columns, rows = np.flatnonzero(dark.any(axis=0)), np.flatnonzero(dark.any(axis=1))
    assert seen.scale.tolist() == [0.0, 0.0]
    wide, high = columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1
    assert abs(wide - FIT_BOX[0] * BASE[0]) <= 14 or abs(high - FIT_BOX[1] * BASE[1]) <= 6
    assert rows[-1] + 1 <= FIT_FOOT * BASE[1] + 14


def test_training_input_repeats_and_stays_in_range() -> None:
    drawing = draw(CAR.mesh(bodies()[0]), CAR.frame, "three_quarter", "marker", 0, BASE)
    for known in (True, False):
        a, b = (
            training_input(CAR.frame, drawing.ink, drawing.paint, known, np.random.default_rng(4))
            for _ in range(2)
        )
        assert np.array_equal(a.ink, b.ink)
        assert a.ink.shape == (1, BASE[1], BASE[0])
        assert float(a.ink.min()) >= -1.0
        assert float(a.ink.max()) <= 1.0
        assert a.scale[0] == float(known)


# -- bad input ----------------------------------------------------------------------------------------------


def refused(call: Any) -> str:
    with pytest.raises(InputError) as caught:
        call()
    text = str(caught.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize("tone", [255, 128, 0])
def test_blank_pictures_are_refused(tone: int) -> None:
    blank = np.full((200, 400, 3), tone, dtype=np.uint8)
    assert "nothing stands out" in refused(lambda: body_from_image(blank, source="scan.png"))


def test_sizes_out_of_bounds_are_refused_before_work() -> None:
    side = limits.MIN_PICTURE_SIDE
    assert str(side) in refused(lambda: body_from_image(np.zeros((side - 1, 300), dtype=np.uint8)))
    huge = Image.new("1", (10_000, limits.MAX_PICTURE_PIXELS // 10_000 + 1))
    assert str(limits.MAX_PICTURE_PIXELS) in refused(lambda: body_from_image(huge))


@pytest.mark.parametrize(
    "thing", [None, "car.png", 7, np.zeros((90, 90, 2), np.uint8), np.zeros((90, 90), np.int32)]
)
def test_things_that_are_no_pictures_are_refused(thing: Any) -> None:
    assert refused(lambda: body_from_image(thing)).startswith("picture: ")


def test_pixels_that_are_not_finite_or_out_of_range_are_refused() -> None:
    bad = np.full((90, 90), 0.5)
    bad[3, 3] = np.nan
    assert "finite" in refused(lambda: body_from_image(bad))
    assert "0 to 1" in refused(lambda: body_from_image(np.full((90, 90), 7.5)))


def test_broken_files_are_refused_in_one_line(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.fromarray(drawn()).save(buffer, "PNG")
    data = buffer.getvalue()
    assert decode(data).size == FINE
    for broken in (data[: len(data) // 2], data[:20], b"", b"not a picture at all", b"<html></html>"):
        assert "not a picture" in refused(lambda broken=broken: decode(broken, "x.png"))
    assert "no such file" in refused(lambda: read_picture(tmp_path / "absent.png"))
    assert refused(lambda: read_picture(tmp_path)).startswith(str(tmp_path))


def test_unknown_view_scale_and_parameters_are_refused() -> None:
    assert "side" in refused(lambda: body_from_image(drawn(), view="top"))
    assert "mm per pixel" in refused(lambda: body_from_image(drawn(), mm_per_px=0.0))
    assert "wheelbase" in refused(lambda: body_from_image(drawn(), view="side", held={"wheelbase": 9000.0}))
    assert "view" in refused(lambda: agreement(drawn(), CAR.mesh(bodies()[0]), CAR.frame, "behind"))
