"""STEP files: what they say of their parts, how colours are written, and what is refused, by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from maquette.design.errors import BuildError, InputError
from maquette.design.exchange import step
from maquette.design.exchange.step import read_step, write_step
from maquette.design.geometry.solid import SolidPart

# -- STEP ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def solids() -> list[SolidPart]:
    """Blocks of 10 x 20 x 30 at their own places, one of them placed by a location and half clear."""
    import cadquery as cq

    block = cq.Workplane().box(10, 20, 30).val()
    return [
        SolidPart("body", block, (0.6, 0.1, 0.05, 1.0), "steel sheet", 7850.0),
        SolidPart("pa;ne", block.moved(cq.Location((100, 0, 0))), (0.1, 0.2, 0.3, 0.4), "glass", 2500.0),
        SolidPart("lens", block.moved(cq.Location((0, 100, 0))), (1.0, 1.0, 1.0, 1.0), "glass", 2600.0),
        SolidPart("bare", block.moved(cq.Location((0, 0, 100))), (0.5, 0.5, 0.5, 1.0)),
    ]


@pytest.mark.kernel
def test_a_step_file_says_what_its_parts_are(solids: list[SolidPart], tmp_path: Path) -> None:
    path = tmp_path / "thing.step"
    told = write_step(solids, path, "thing", {"overall_length": "110 mm", "note": "x" * 300})
    found = read_step(path)
    assert [f.name for f in found] == ["body", "pa_ne", "lens", "bare"]
    assert [f.colour for f in found] == [pytest.approx(c, abs=2e-3) for c in (s.colour for s in solids)]
    # two densities of glass: each says its own
    assert [f.material for f in found] == ["steel sheet", "glass 2500 kg/m3", "glass 2600 kg/m3", ""]
    assert [f.density_kg_m3 for f in found] == pytest.approx([7850.0, 2500.0, 2600.0, 0.0])
    middles = [(0, 0, 0), (100, 0, 0), (0, 100, 0), (0, 0, 100)]
    for fact, own, middle in zip(found, told, middles, strict=True):
        assert (fact.solids, fact.valid) == (1, True)
        for one in (fact, own):
            assert one.volume == pytest.approx(6000.0)
            assert one.area == pytest.approx(2200.0)
            assert one.centroid == pytest.approx(middle, abs=1e-6)
            assert one.low == pytest.approx(np.subtract(middle, (5, 10, 15)), abs=1e-3)
            assert one.high == pytest.approx(np.add(middle, (5, 10, 15)), abs=1e-3)
        assert fact.stated_volume == pytest.approx(6000.0)
        assert fact.stated_area == pytest.approx(2200.0)
    text = path.read_text()
    assert "AP242" in text.split("ENDSEC;")[0]
    assert "'2026-01-01T00:00:00'" in text
    assert "thing, made by Maquette" in text
    assert "overall_length: 110 mm" in text
    assert f"'note: {'x' * 194}'" in text.replace("\n", "").replace("  ", "")
    usages = [int(n) for n in re.findall(r"NEXT_ASSEMBLY_USAGE_OCCURRENCE\('(\d+)'", text)]
    assert usages == [1, 2, 3, 4]
    # density in g/cm3: gram to the first power, centimetre to the minus third
    assert len(re.findall(r"DERIVED_UNIT_ELEMENT\(#\d+,1\.\)", text)) >= 1
    assert len(re.findall(r"DERIVED_UNIT_ELEMENT\(#\d+,-3\.\)", text)) >= 1
    assert text.count("COLOUR_RGB('',0.600000,0.100000,0.050000)") == 1
    assert text.count("SURFACE_STYLE_TRANSPARENT(0.600000)") == 1
    assert text.count("SURFACE_STYLE_TRANSPARENT") == 1
    again = tmp_path / "again.step"
    write_step(solids, again, "thing", {"overall_length": "110 mm", "note": "x" * 300})
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.kernel
def test_what_cannot_be_written_as_step_is_refused(
    solids: list[SolidPart], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.step"
    with pytest.raises(InputError, match="there are no parts to write"):
        write_step([], path, "x")
    with pytest.raises(InputError, match="part names must differ, got a_, a_"):
        write_step([replace(solids[0], name="a;"), replace(solids[0], name="a'")], path, "x")
    monkeypatch.setattr(step, "_write", lambda *_: False)
    with pytest.raises(InputError, match="the kernel's writer gave up"):
        write_step(solids[:1], path, "x")
    monkeypatch.setattr(step, "_write", lambda parts, facts, p, *_: p.write_text("ISO") > 0)
    with pytest.raises(InputError, match="the file is cut short"):
        write_step(solids[:1], path, "x")
    monkeypatch.undo()
    for volume, fits in ((6000.0 * (1 + 0.4e-6), True), (6000.0 * 1.001, False), (6000.0 * 0.999, False)):
        monkeypatch.setattr(step, "solid_volume", lambda shape, v=volume: v)
        if fits:
            write_step(solids[:1], path, "x")
        else:
            with pytest.raises(BuildError, match=r"body reads back with [\d.]+ mm3, not 6000"):
                write_step(solids[:1], path, "x")
    monkeypatch.undo()
    monkeypatch.setattr(step, "MAX_STEP_PARTS", 3)
    with pytest.raises(InputError, match="more than 3 parts"):
        write_step(solids, path, "x")
    monkeypatch.setattr(step, "MAX_STEP_PARTS", 4)
    write_step(solids, path, "x")


def test_only_whole_step_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.step"

    def said(text: str) -> str:
        path.write_text(text)
        with pytest.raises(InputError) as caught:
            step._check_head(path)
        return str(caught.value).removeprefix(f"{path}: ")

    path.write_text("  \nISO-10303-21;\nEND-ISO-10303-21;" + " " * 200)
    step._check_head(path)
    assert said("ISO-10303-21;\n").startswith("not a whole STEP file")
    assert said("HEADER;\nEND-ISO-10303-21;").startswith("not a whole STEP file")
    assert said("ISO-10303-21;\nEND-ISO-10303-21;" + " " * 257).startswith("not a whole STEP file")
    assert said("x" * 70 + "ISO-10303-21;\nEND-ISO-10303-21;").startswith("not a whole STEP file")
    monkeypatch.setattr(step, "MAX_STEP_BYTES", 31)
    assert said("ISO-10303-21;END-ISO-10303-21;  ") == "32 bytes; at most 31"
    monkeypatch.setattr(step, "MAX_STEP_BYTES", 32)
    path.write_text("ISO-10303-21;END-ISO-10303-21;  ")
    step._check_head(path)
    with pytest.raises(InputError, match="cannot be read"):
        step._check_head(tmp_path / "none.step")


def test_letters_that_step_cannot_hold_become_underscores() -> None:
    assert [step._ascii(c) for c in (" ", "~", "\x1f", "\x7f", ";", "'", "\\", "é", "/")] == [
        " ", "~", "_", "_", "_", "_", "_", "_", "/",
    ]  # fmt: skip


def test_linear_light_back_to_srgb() -> None:
    """IEC 61966-2-1: below 0.0031308 a line of slope 12.92, above 1.055 x^(1/2.4) - 0.055."""
    assert [step._srgb(v) for v in (0.0, 0.0031308, 0.214041, 1.0)] == [0.0, 0.0404, 0.5, 1.0]
    assert step._srgb(0.002) == 0.0258
    assert step._srgb(0.004) == pytest.approx(1.055 * 0.004 ** (1 / 2.4) - 0.055, abs=1e-4)


def test_clear_parts_are_drawn_in_eleven_lines_and_others_in_nine() -> None:
    clear = step._style(100, 7, 8, (0.5, 2.0, -1.0, 0.25))
    assert [row.split(" = ")[0] for row in clear] == [f"#{n}" for n in range(100, 111)]
    assert clear[0] == "#100 = MECHANICAL_DESIGN_GEOMETRIC_PRESENTATION_REPRESENTATION('',(#101),#8);\n"
    assert clear[1] == "#101 = STYLED_ITEM('color',(#102),#7);\n"
    assert clear[4] == "#104 = SURFACE_SIDE_STYLE('',(#105,#108));\n"
    assert clear[8] == "#108 = SURFACE_STYLE_RENDERING_WITH_PROPERTIES(.NORMAL_SHADING.,#109,(#110));\n"
    assert clear[9] == "#109 = COLOUR_RGB('',0.500000,1.000000,0.000000);\n"
    assert clear[10] == "#110 = SURFACE_STYLE_TRANSPARENT(0.750000);\n"
    full = step._style(100, 7, 8, (0.5, 0.5, 0.5, 1.0))
    assert [row.split(" = ")[0] for row in full] == [f"#{n}" for n in (*range(100, 108), 109)]
    assert full[4] == "#104 = SURFACE_SIDE_STYLE('',(#105));\n"
    refs = [re.findall(r"#(\d+)", row.partition(" = ")[2]) for row in full[1:8]]
    assert refs == [["102", "7"], ["103"], ["104"], ["105"], ["106"], ["107"], ["109"]]
