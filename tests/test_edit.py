"""A design changed by words: what is asked happens, what is kept stays, what cannot be is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maquette.constraints.requirements.editing import Edited, edited
from maquette.constraints.requirements.edits import read_edits
from maquette.design.errors import InputError
from maquette.design.family.records import Design, read_design, write_design
from maquette.design.family.registry import get_family
from maquette.ui.cli.main import main
from maquette.ui.verbs import edit

CAR, AHMED = get_family("car"), get_family("ahmed")
FAMILIES = ("car", "chair", "bicycle", "ahmed")
FASTBACK = CAR.accept({**CAR.defaults(), **CAR.archetypes["fastback"]})


def made(words: str) -> Edited:
    return edited(CAR, FASTBACK, read_edits(words, CAR))


def length(values: dict[str, float]) -> float:
    return sum(values[n] for n in ("front_overhang", "wheelbase", "rear_overhang"))


@pytest.mark.parametrize(
    ("name", "words"),
    [(name, text) for name in FAMILIES for text in get_family(name).edit_examples.values()],
)
def test_what_a_family_shows_as_an_edit_is_understood_whole(name: str, words: str) -> None:
    """The hint below the studio's 3D view: something is changed, something kept, nothing is left over."""
    family = get_family(name)
    read = read_edits(words, family)
    assert read.asks
    assert read.keeps
    assert read.not_understood == []
    assert edited(family, family.defaults(), read).values != family.defaults()


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("lower the roof by 20 mm", {"overall_height": -20}),
        ("lower the roof by 20 mm, keep the wheelbase", {"overall_height": -20}),
        ("raise the ground clearance by 1 cm", {"ground_clearance": 10}),
        ("wheels one inch larger", {"tyre_diameter": 25.4}),
        ("30 mm less width", {"overall_width": -30}),
        ("2 inches taller", {"overall_height": 50.8}),
        ("take 20 mm off the roof", {"overall_height": -20}),
        ("add 3 mm to the tyre width", {"tyre_width": 3}),
        ("height 20 mm more and 30 mm less width", {"overall_height": 20, "overall_width": -30}),
        ("stretch the wheelbase by 5 cm and cut the rear overhang by 30 mm without touching the height",
         {"wheelbase": 50, "rear_overhang": -30}),
        ("make it wider by 2 %", {"overall_width": 36.98}),
        ("the height stays, make it wider by 2 %", {"overall_width": 36.98}),
        ("轴距加长50毫米，车高不变", {"wheelbase": 50}),
        ("车身降低20毫米，轮子大一寸", {"overall_height": -20, "tyre_diameter": 25.4}),
    ],
)  # fmt: skip
def test_a_number_moves_what_it_speaks_of_and_nothing_else(words: str, changes: dict[str, float]) -> None:
    found = made(words)
    apart = {n: found.values[n] - v for n, v in FASTBACK.items() if found.values[n] != v}
    assert apart == pytest.approx(changes)
    assert found.short == ()


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("set the ground clearance to 160 mm", {"ground_clearance": 160}),
        ("wheelbase 2.9 m", {"wheelbase": 2900}),
        ("raise the roof to 1.5 m", {"overall_height": 1500}),
        ("remove the spoiler", {"spoiler": 0}),
        ("no spoiler, take 20 mm off the roof", {"spoiler": 0, "overall_height": 1423}),
        ("轴距改为2.9米", {"wheelbase": 2900}),
        ("split grille and 30 mm wider", {"grille": 4, "overall_width": 1879}),
    ],
)
def test_a_value_is_set(words: str, values: dict[str, float]) -> None:
    found = made(words).values
    assert {n: found[n] for n in values} == pytest.approx(values)


def test_a_length_grows_where_it_is_not_held() -> None:
    free = made("50 mm longer").values
    assert length(free) == pytest.approx(length(FASTBACK) + 50.0, abs=0.5)
    held = made("keep the wheelbase and the height, 100 mm longer").values
    assert length(held) == pytest.approx(length(FASTBACK) + 100.0, abs=0.5)
    assert held["wheelbase"] == FASTBACK["wheelbase"]
    assert held["overall_height"] == FASTBACK["overall_height"]
    assert made("make it 4.6 m long").changes[-1].after == pytest.approx(4600.0, abs=0.5)


def test_a_measured_share_is_met_on_the_mesh() -> None:
    """10 % more luggage at the same length: on the fast mesh, with the length as it was."""
    found = made("10 % more luggage, keep the overall length")
    before, after = (CAR.measures(v)["luggage_volume"] for v in (FASTBACK, found.values))
    assert after == pytest.approx(1.1 * before, rel=2e-3)
    assert length(found.values) == pytest.approx(length(FASTBACK), abs=0.5)
    assert not CAR.broken_rules(found.values)
    assert any(c.quantity == "luggage_volume" and c.words == "10 % more luggage" for c in found.changes)
    assert found.moved


def test_moods_move_and_turn_round() -> None:
    more, less = made("make it sportier but keep the wheelbase").values, made("less sporty").values
    assert more["overall_height"] < FASTBACK["overall_height"] < less["overall_height"]
    assert more["wheelbase"] == FASTBACK["wheelbase"]


def test_what_breaks_a_rule_goes_as_far_as_it_may() -> None:
    found = made("lower the roof by 150 mm")
    assert not CAR.broken_rules(found.values)
    assert FASTBACK["overall_height"] - 150.0 < found.values["overall_height"] < FASTBACK["overall_height"]
    assert len(found.short) == 1
    assert "the design goes as far as that allows" in found.short[0]
    beyond = made("set the ground clearance to 400 mm")
    assert beyond.values["ground_clearance"] <= 250.0
    assert "out of its range" in beyond.short[0]


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("lower by 20 litres", "what is to change by this number?"),
        ("wheelbase by 20 mm", "more or less by this?"),
        ("drag 0.25", "is predicted and cannot be set"),
        ("less drag", "is predicted and cannot be set"),
        ("remove the wheels", "cannot be zero"),
        ("keep it", "what is to be kept?"),
        ("length 4.5 to 4.6 m", "a range is no value"),
    ],
)
def test_what_cannot_be_bound_is_asked(words: str, question: str) -> None:
    found = read_edits(words, CAR)
    assert [q for q in found.questions if question in q.question], found
    assert not found.asks


def test_words_that_change_nothing_are_listed() -> None:
    found = read_edits("lower the roof by 20 mm, and gizmo the frobnicator", CAR)
    assert {"gizmo", "frobnicator"} <= {h.phrase for h in found.not_understood}
    assert len(found.asks) == 1


def test_contradictions_are_refused() -> None:
    with pytest.raises(InputError, match="cannot be both"):
        made("wheelbase 2.9 m, wheelbase 2.8 m")
    with pytest.raises(InputError, match=r"is to change .* and to be kept"):
        made("20 mm more wheelbase, keep the wheelbase")


@settings(max_examples=40)
@given(st.integers(-60, 60), st.sampled_from(["mm", "cm", "in"]))
def test_a_move_and_its_opposite_lead_back(amount: int, unit: str) -> None:
    size = abs(amount) if unit == "mm" else abs(amount) / 10
    there, back = ("raise", "lower") if amount > 0 else ("lower", "raise")
    first = edited(CAR, FASTBACK, read_edits(f"{there} the height by {size:g} {unit}", CAR))
    if first.short:
        return
    again = edited(CAR, first.values, read_edits(f"{back} the height by {size:g} {unit}", CAR))
    assert again.values["overall_height"] == pytest.approx(FASTBACK["overall_height"], abs=1e-6)
    assert not CAR.broken_rules(first.values)


# -- the command -----------------------------------------------------------------------------------------


def told(capfd: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any]:
    capfd.readouterr()
    assert main(["edit", *words, "--json"]) == code
    found: dict[str, Any] = json.loads(capfd.readouterr().out)
    return found


def test_edits_stack_and_are_undone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    start, one, two, back = (str(tmp_path / f"{n}.json") for n in ("start", "one", "two", "back"))
    write_design(Design("car", FASTBACK, {"overall_height": "brief"}), Path(start))
    said = told(capfd, start, "lower the roof by 20 mm, keep the wheelbase", "--out", one)
    assert said["changes"][0]["quantity"] == "overall_height"
    assert said["not_understood"] == []
    assert {c["quantity"] for c in said["moved"]} >= {"frontal_area", "cabin_volume"}
    assert read_design(Path(one)).provenance["overall_height"].startswith("edit: lower the roof")
    told(capfd, one, "30 mm wider", "--out", two)
    told(capfd, two, "undo that", "--out", back)
    assert read_design(Path(back)).parameters == read_design(Path(one)).parameters
    told(capfd, back, "undo that", "--out", back)
    assert read_design(Path(back)).parameters == FASTBACK
    assert read_design(Path(back)).provenance["overall_height"] == "brief"
    assert main(["edit", back, "undo that", "--out", back]) == 2
    assert "there is no edit to undo" in capfd.readouterr().err


def test_a_question_stops_the_command_unless_assumed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    start, out = tmp_path / "start.json", tmp_path / "out.json"
    write_design(Design("car", FASTBACK), start)
    words = "less drag, 30 mm wider"
    assert main(["edit", str(start), words, "--out", str(out)]) == 2
    assert "cannot be set" in capfd.readouterr().err
    assert not out.exists()
    said = told(capfd, str(start), words, "--out", str(out), "--assume")
    assert said["design"]["parameters"]["overall_width"] == FASTBACK["overall_width"] + 30.0
    assert said["questions"]
    assert main(["edit", str(start), "hello", "--out", str(out)]) == 2
    partly = told(capfd, str(start), "set the ground clearance to 400 mm", "--out", str(out), code=1)
    assert partly["short"]


def test_any_product_is_edited() -> None:
    found = edit(Design("ahmed", AHMED.defaults()), "slant angle 5 deg more, keep the length")
    assert found.design.parameters["slant_angle"] == AHMED.defaults()["slant_angle"] + 5.0
