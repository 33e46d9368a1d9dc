"""Pictures as people have them: opened and read right, or called unread in one line that names the file."""

from __future__ import annotations

import io
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from maquette.design.concepts.artist.draw import draw
from maquette.design.concepts.artist.palettes import compose
from maquette.design.concepts.fit import opened
from maquette.design.concepts.fit.opened import decode, read_picture
from maquette.design.concepts.fit.picture import ink_of, working
from maquette.design.concepts.fit.segmentation import segment
from maquette.design.errors import InputError, MissingComponentError
from maquette.design.family.registry import get_family
from maquette.ui.jobs.uploads import accept_upload
from maquette.ui.sheets.files import open_picture
from maquette.ui.verbs.body import body as read_body

SIZE = (600, 300)
SHAPE = [(60, 200), (80, 150), (200, 80), (380, 80), (520, 150), (540, 200), (400, 225), (200, 225)]


def body(ground: Image.Image, paint: object = (170, 30, 40), line: object = (20, 20, 20)) -> Image.Image:
    """A simple body drawn over a ground."""
    drawn = ground.copy()
    pen = ImageDraw.Draw(drawn)
    pen.polygon(SHAPE, fill=paint, outline=line, width=4)  # type: ignore[arg-type]
    for x in (160, 440):
        pen.ellipse((x - 35, 185, x + 35, 255), fill=line)  # type: ignore[arg-type]
    return drawn


def encoded(picture: Image.Image, kind: str, **more: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **more)
    return buffer.getvalue()


def mask_of(picture: object) -> np.ndarray:
    rgb, _ = working(picture)
    return segment(rgb, ink_of(rgb)).mask


PLAIN = Image.new("RGB", SIZE, (235, 235, 235))
TRUTH = mask_of(body(PLAIN))


def agrees(picture: object) -> float:
    mask = np.asarray(Image.fromarray(mask_of(picture)).resize(SIZE))
    return float((mask & TRUTH).sum() / (mask | TRUTH).sum())


def lines(ink: tuple[int, ...]) -> Image.Image:
    """The body in lines on a transparent ground."""
    return body(Image.new("RGBA", SIZE, (0, 0, 0, 0)), None, ink)


@pytest.mark.parametrize("scale", [1, 3])
@pytest.mark.parametrize(
    "ink", [(255, 255, 255, 255), (0, 0, 0, 255), (230, 240, 250, 255), (200, 30, 30, 255)]
)
def test_lines_of_any_tone_on_transparency_are_read(ink: tuple[int, ...], scale: int) -> None:
    """R21: white lines laid on white are gone; also in pictures that are made smaller first."""
    drawn = lines(ink)
    assert agrees(drawn.resize((SIZE[0] * scale, SIZE[1] * scale))) > 0.95
    palette = decode(encoded(drawn.quantize(16), "PNG"))
    assert agrees(palette.resize((SIZE[0] * scale, SIZE[1] * scale))) > 0.95


@pytest.mark.parametrize("scale", [1, 5])
@pytest.mark.parametrize("top", [65535, 4095])
def test_scans_of_sixteen_bits_are_read_in_any_size(scale: int, top: int) -> None:
    grey = np.asarray(body(PLAIN).convert("L"), dtype=np.float64) / 255.0
    deep = Image.fromarray(np.round(grey * top).astype(np.uint16))
    deep = deep.resize((SIZE[0] * scale, SIZE[1] * scale), Image.Resampling.NEAREST)
    for kind in ("PNG", "TIFF"):
        picture = decode(encoded(deep, kind))
        assert picture.mode.startswith("I")
        assert agrees(picture) > 0.97


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_photo_is_reduced_and_that_is_said(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / f"IMG_1.{kind.lower()}"
    path.write_bytes(encoded(body(PLAIN).resize((9000, 4500)), kind))
    picture, shrink = open_picture(path)
    assert picture.width * shrink == pytest.approx(9000.0)
    assert agrees(picture) > 0.97
    assert "IMG_1" in caplog.text
    assert "9000 x 4500 pixels, read as 4500 x 2250" in caplog.text


def test_a_picture_without_end_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "MAX_OPENED_PIXELS", 100_000)
    with pytest.raises(InputError, match=r"big: 600 x 300 pixels; at most"):
        decode(encoded(PLAIN, "PNG"), "big")


@pytest.mark.slow
def test_a_photo_of_two_hundred_million_pixels_is_read() -> None:
    data = encoded(body(PLAIN).resize((20_000, 10_000), Image.Resampling.NEAREST), "JPEG")
    picture = decode(data)
    assert picture.info["reduced"] >= 2.0
    assert agrees(picture) > 0.97


def test_cmyk_and_turned_photos_stand_upright() -> None:
    assert agrees(decode(encoded(body(PLAIN).convert("CMYK"), "JPEG", quality=95))) > 0.97
    exif = Image.Exif()
    for code, turn in ((3, Image.Transpose.ROTATE_180), (6, Image.Transpose.ROTATE_90)):
        exif[0x0112] = code
        assert agrees(decode(encoded(body(PLAIN).transpose(turn), "JPEG", quality=95, exif=exif))) > 0.97


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<html><svg/></html>",
        b"%PDF-1.7",
        encoded(PLAIN, "JPEG")[:-40],
        encoded(PLAIN, "PNG")[:60],
    ],
)
def test_what_is_no_picture_is_named_without_an_objects_address(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "IMG_7.png"
    path.write_bytes(data)
    with pytest.raises(InputError) as refused:
        read_picture(path)
    told = str(refused.value)
    assert told.startswith(f"{path}: not a picture")
    assert "0x" not in told
    assert "\n" not in told


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
SVG = (
    b'<?xml version="1.0"?>\n<!-- made by hand -->'
    b'<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300">'
    b'<path d="M60 200 L80 150 L200 80 L380 80 L520 150 L540 200 L400 225 L200 225 Z" '
    b'fill="none" stroke="black" stroke-width="4"/>'
    b'<circle cx="160" cy="220" r="35"/><circle cx="440" cy="220" r="35"/></svg>'
)


@pytest.mark.parametrize(
    ("module", "kind", "data"), [("pillow_heif", "HEIC", HEIC), ("resvg_py", "SVG", SVG)]
)
def test_a_missing_library_is_named_with_how_to_get_it(
    module: str, kind: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "find_spec", lambda name: None if name == module else find_spec(name))
    with pytest.raises(MissingComponentError, match=rf"IMG_1: {kind} needs a library; pip install 'maq"):
        decode(data, "IMG_1")


def test_svg_drawings_are_read() -> None:
    assert agrees(decode(SVG)) > 0.95
    with pytest.raises(InputError, match="x: not a picture that can be read"):
        decode(b"<svg xmlns='http://www.w3.org/2000/svg'", "x")


def test_heic_photos_are_read() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    assert agrees(decode(encoded(body(PLAIN), "HEIF"))) > 0.97
    with pytest.raises(InputError, match="x: not a picture"):
        decode(HEIC, "x")


def test_svg_goes_through_the_library_that_draws_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library is not installed, the way through it is held to its interface."""
    told = ModuleType("resvg_py")
    told.svg_to_bytes = lambda svg_string, width: list(encoded(body(PLAIN).resize((width, 800)), "PNG"))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "resvg_py", told)
    monkeypatch.setattr(opened, "find_spec", lambda name: told if name == "resvg_py" else find_spec(name))
    assert decode(SVG).size == (1600, 800)


def test_uploads_take_what_the_command_line_takes(tmp_path: Path) -> None:
    for kind in ("TIFF", "BMP", "GIF", "PNG", "JPEG"):
        (tmp_path / "sent").write_bytes(encoded(body(PLAIN), kind))
        taken = accept_upload(tmp_path / "sent", tmp_path)
        assert (taken.kind, taken.size) == ("picture", SIZE)
        assert taken.path.suffix in (".png", ".jpg")
        assert agrees(read_picture(taken.path)) > 0.97


# -- photos with more than the body on them ------------------------------------------------------------------


def _horizon(shadow: bool) -> Image.Image:
    ground = Image.new("RGB", SIZE, (185, 205, 225))
    ImageDraw.Draw(ground).rectangle((0, 165, 600, 300), fill=(110, 110, 108))
    return _shaded(ground) if shadow else ground


def _shaded(ground: Image.Image) -> Image.Image:
    shade = Image.new("L", SIZE)
    ImageDraw.Draw(shade).ellipse((50, 235, 570, 275), fill=120)
    dark = Image.composite(
        Image.new("RGB", SIZE, (60, 60, 60)), ground, shade.filter(ImageFilter.GaussianBlur(8))
    )
    return dark


def _posts() -> Image.Image:
    ground = PLAIN.copy()
    for x in range(20, 600, 90):
        ImageDraw.Draw(ground).rectangle((x, 0, x + 12, 240), fill=(90, 80, 70))
    return ground


def _trees() -> Image.Image:
    rng = np.random.default_rng(0)
    ground = _horizon(False)
    for x, y, r in rng.integers((0, 0, 10), (600, 160, 40), (90, 3)):
        ImageDraw.Draw(ground).ellipse((x - r, y - r, x + r, y + r), fill=tuple(rng.integers(30, 130, 3)))
    return ground


def _gradient() -> Image.Image:
    tones = np.linspace(150, 235, SIZE[1])[:, None, None] * np.ones((1, SIZE[0], 3))
    return Image.fromarray(tones.astype(np.uint8))


@pytest.mark.parametrize(
    "ground",
    [_horizon(False), _horizon(True), _posts(), _trees()],
    ids=["horizon", "shadow", "posts", "trees"],
)
def test_a_background_that_is_not_plain_is_called_so(ground: Image.Image) -> None:
    with pytest.raises(InputError, match=r"cannot be read, .* the background is not plain"):
        mask_of(body(ground))


@pytest.mark.parametrize("ground", [PLAIN, _shaded(PLAIN), _gradient()], ids=["plain", "shadow", "gradient"])
def test_a_plain_one_with_light_and_shadow_is_read_right(ground: Image.Image) -> None:
    assert agrees(body(ground)) > 0.95


def test_the_verb_names_the_file_with_a_length_given(tmp_path: Path) -> None:
    """The picture is looked at for the body's length before it is read: that said only "picture"."""
    path = tmp_path / "IMG_8.png"
    body(_trees()).save(path)
    for size in ({}, {"length": 4500.0}, {"mm_per_px": 7.0}):
        with pytest.raises(InputError) as refused:
            read_body(path, out=tmp_path / "out", **size)
        assert str(refused.value).startswith(f"{path}: cannot be read, ")


def test_a_body_that_is_cut_off_is_not_taken_for_a_whole_one() -> None:
    with pytest.raises(InputError, match="the body is cut off"):
        mask_of(body(PLAIN).crop((150, 0, 450, 300)))
    rgb, _ = working(body(PLAIN).crop((150, 0, 600, 300)))
    assert "part of the body may be cut off" in segment(rgb, ink_of(rgb)).remarks[0]


def test_a_second_body_is_said() -> None:
    """R23: two cars on a sheet; one is taken, and that is said."""
    sheet = Image.new("RGB", (600, 620), (235, 235, 235))
    sheet.paste(body(PLAIN), (0, 0))
    sheet.paste(body(PLAIN), (0, 310))
    rgb, _ = working(sheet)
    assert "more than one thing" in segment(rgb, ink_of(rgb)).remarks[0]
    rgb, _ = working(body(PLAIN))
    assert segment(rgb, ink_of(rgb)).remarks == ()


@pytest.mark.parametrize("stands", [False, True], ids=["its own underside", "on a line of the ground"])
def test_an_outline_keeps_its_underside(stands: bool) -> None:
    """A wedge with a level underside and no wheels (cases/R22, car.svg) is the area within its line, by the
    shoelace formula, and half the line's width around it; a line of the ground that reaches further is no
    part of it."""
    corners = [(50, 300), (120, 220), (300, 150), (520, 150), (700, 230), (760, 300)]
    sheet = Image.new("RGB", (800, 400), "white")
    draw = ImageDraw.Draw(sheet)
    draw.line([*corners, corners[0]], fill="black", width=4)
    if stands:
        draw.line([(5, 301), (795, 301)], fill="black", width=3)
    x, y = np.array(corners, dtype=float).T
    area = 0.5 * abs(x @ np.roll(y, -1) - y @ np.roll(x, -1))
    round_it = np.hypot(x - np.roll(x, -1), y - np.roll(y, -1)).sum()
    rgb, _ = working(sheet)
    found = segment(rgb, ink_of(rgb))
    assert found.mask.mean() * 800 * 400 == pytest.approx(area + 2.0 * round_it, rel=0.01)
    assert found.box[0] == pytest.approx(48.0, abs=3.0)
    assert found.box[2] == pytest.approx(762.0, abs=3.0)


@pytest.mark.parametrize("style", ["ink", "soft"])
def test_a_large_drawing_shows_the_same_body_as_jpeg_and_as_png(style: str) -> None:
    """A JPEG of 46 million pixels is decoded at a half, a PNG averaged over two by two."""
    car = get_family("car")
    drawn = draw(car.mesh(car.defaults()), car.frame, "side", style, 1)
    large = Image.fromarray(compose(drawn.ink, drawn.paint, "graphite")).resize((9600, 4800))
    masks = []
    for kind in ("PNG", "JPEG"):
        rgb, _ = working(decode(encoded(large, kind)))
        masks.append(segment(rgb, ink_of(rgb)).mask)
    assert (masks[0] & masks[1]).sum() > 0.998 * (masks[0] | masks[1]).sum()
