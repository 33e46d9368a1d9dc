"""Whole numbers that stand for kinds: people read and may write their names, files hold the numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import maquette

from maquette.constraints.requirements.assess import assess
from maquette.constraints.requirements.brief_files import brief_from_data, read_brief
from maquette.constraints.requirements.edits import read_edits
from maquette.design.errors import InputError, ParameterError
from maquette.design.family.parameters import Range, kinds_in
from maquette.design.family.records import Design, read_design, write_design
from maquette.design.family.registry import get_family
from maquette.ui.messages.translate import translated
from maquette.ui.release.report import report_html

CHAIR, BICYCLE = get_family("chair"), get_family("bicycle")
#: of release 0.1.0 and of the shipped models: names are no part of it
HASHES = {
    "car": "e358c5c9988f6e85b749439f79738b70dc5a68a2f59c37a6a726cd8eff6333a8",
    "chair": "1d277d2124e2a941a969ecf0d9ee5e5a50cda232e2a631cf175ac616650da8e6",
    "bicycle": "2d72dceba9ccc2d2d702051f347a5fd126485a8dd2e52675be97be1ff6f92e59",
}


@pytest.mark.parametrize("family", list(HASHES))
def test_names_change_no_hash(family: str) -> None:
    assert get_family(family).declaration_hash == HASHES[family]


def test_the_names_say_what_the_declaration_says() -> None:
    """The documentation of each: "1 steel, 2 aluminium, 3 titanium.", "3 cantilever."."""
    frame = dict(BICYCLE.defaults()) | {"material": 3, "seat_stay_bridge": 0}
    assert kinds_in(BICYCLE.declaration, frame) == {
        "material": "titanium", "seat_stay_bridge": "none", "chain_stay_bridge": "one"
    }  # fmt: skip
    seat = dict(CHAIR.defaults()) | {"base": 3, "frame_material": 1, "back_kind": 5, "seat_material": 3}
    named = kinds_in(CHAIR.declaration, seat)
    assert named["base"] == "cantilever_base"
    assert (named["frame_material"], named["seat_material"]) == ("timber", "solid_wood")
    assert named["back_kind"] == "one_shell"
    assert "back_members" not in named  # it counts


@pytest.mark.parametrize("words", [("steel",), ("steel", "titanium", "titanium")])
def test_each_value_has_one_name(words: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="a name for each value"):
        Range(1, 3, 1, "1", "", "tubes", words=words)


def test_a_design_file_takes_names_and_keeps_numbers(tmp_path: Path) -> None:
    path = tmp_path / "frame.json"
    write_design(Design("bicycle", BICYCLE.defaults()), path)
    data = json.loads(path.read_text())
    assert data["parameters"]["material"] == 1
    data["parameters"]["material"] = "Titanium"
    path.write_text(json.dumps(data))
    assert read_design(path).parameters["material"] == 3
    with pytest.raises(ParameterError, match="material is 'gold'; options: steel, aluminium, titanium"):
        BICYCLE.validate({**BICYCLE.defaults(), "material": "gold"})


def test_a_brief_takes_names_and_says_them() -> None:
    brief = brief_from_data({"family": "chair", "lock": {"seat_material": "solid wood"}}).brief
    assert brief.locks == {"seat_material": 3}
    (verdict,) = (v for v in assess(CHAIR, CHAIR.defaults(), brief).verdicts if v.hard)
    assert verdict.got == verdict.to_json()["got"] == "plywood"
    assert verdict.reason == "seat material is plywood, asked exactly solid wood"
    assert translated(verdict.reason, "zh") == "座面材料为 胶合板，要求恰为 实木。"
    contradiction = {"family": "bicycle", "lock": {"material": "steel"}}
    contradiction |= {"require": [{"quantity": "material", "at_least": "titanium"}]}
    with pytest.raises(InputError, match="at least titanium contradicts its lock at steel"):
        brief_from_data(contradiction)


def test_words_are_taken_for_names() -> None:
    heard = " ".join(h.meaning for h in read_brief("a stacking chair with a steel frame").understood)
    assert "frame material steel" in heard
    assert "3.000" not in heard


def test_tables_and_reports_show_names(tmp_path: Path) -> None:
    path = tmp_path / "chair.json"
    write_design(Design("chair", CHAIR.defaults()), path)
    ran = maquette("assess", path, "a chair with a wooden frame", "--fast")
    row = next(line.split() for line in ran.out.splitlines() if line.startswith(" frame material"))
    assert row[:5] == ["frame", "material", "exactly", "timber", "steel"]
    ran = maquette("edit", path, "make the frame of aluminium", "--out", tmp_path / "after.json")
    row = next(line.split() for line in ran.out.splitlines() if line.startswith(" frame material"))
    assert row[2:4] == ["steel", "aluminium"]
    assert json.loads((tmp_path / "after.json").read_text())["parameters"]["frame_material"] == 2


@pytest.mark.parametrize(
    ("family", "words", "asked"),
    [
        ("chair", "plywood seat and a sled base", {"seat_material": 2, "base": 2}),
        ("bicycle", "titanium", {"material": 3}),
        ("bicycle", "not of titanium", {}),
    ],
)
def test_an_edit_takes_names(family: str, words: str, asked: dict[str, int]) -> None:
    assert {ask.quantity: ask.value for ask in read_edits(words, get_family(family)).asks} == asked


def test_a_report_shows_names() -> None:
    decisions = [
        {"parameter": "base", "value": 2, "unit": "1", "by": "brief", "name": "sled_base"},
        {"parameter": "back_members", "value": 4, "unit": "1", "by": "default"},
    ]
    verdicts = [
        {"quantity": "base", "asked": "exactly sled base", "value": 1, "unit": "1", "got": "four legs"}
    ]
    claimed = {
        "title": "t", "design": {"family": "chair", "parameters": {}}, "versions": {}, "verdicts": verdicts,
        "feasible": False, "explanation": "", "brief": {}, "understood": [], "not_understood": [],
        "predictions": {}, "measures": {}, "measures_exact": [], "box": {}, "decisions": decisions,
        "parts": [], "seeds": {},
    }  # fmt: skip
    page = report_html(claimed, {}, "<svg/>")
    for cell in ("sled base", "four legs", ">4<"):
        assert cell in page
