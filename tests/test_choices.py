"""Named choices: declared once, held as places, shown by name, and of no consequence for hull and drag."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest
from running import maquette

from maquette.constraints.requirements.brief_files import brief_from_data
from maquette.constraints.requirements.product import brief_from_text
from maquette.constraints.search.search import search
from maquette.design.errors import InputError, ParameterError
from maquette.design.family.parameters import (
    Choice,
    Range,
    as_row,
    as_values,
    choices_of,
    declaration_hash,
    named,
    names_of,
    parameters_of,
    validate,
)
from maquette.design.family.records import FILLED, Design, read_design, write_design
from maquette.design.family.registry import get_family
from maquette.design.family.sampling import draws, sample
from maquette.design.products.car.choices import CHOICES
from maquette.surrogate.studies.wind_tunnel import study
from maquette.surrogate.studies.wind_tunnel.simulate import Body
from maquette.ui.briefing import draft_from_text, halfway, starting_design
from maquette.ui.release.script import design_script
from maquette.ui.sheets.words import options_of, spoken
from maquette.ui.verbs.concepts import read_locks

HANDLE = Choice(("round", "long_grip"), "round", "Form of the handle.", "details")


@dataclass(frozen=True)
class Bare:
    width: Annotated[float, Range(1, 5, 2, "mm", "Width of it.", "size")]


@dataclass(frozen=True)
class Chosen(Bare):
    handle: Annotated[str, HANDLE]


def test_a_choice_is_beside_the_numbers_and_not_among_them() -> None:
    assert [c.name for c in choices_of(Chosen)] == ["handle"]
    assert [p.name for p in parameters_of(Chosen)] == list(names_of(Chosen)) == ["width"]
    assert declaration_hash(Chosen) == declaration_hash(Bare)
    assert as_row(Chosen, {"width": 3.0, "handle": 1.0}).tolist() == [3.0]


def test_a_choice_is_taken_by_name_or_place_and_filled_in() -> None:
    for given in ("long_grip", "Long grip", "long-grip", 1, 1.0, np.float64(1.0)):
        assert validate(Chosen, {"width": 3.0, "handle": given}) == {"width": 3.0, "handle": 1.0}
    assert validate(Chosen, {"width": 3.0}) == {"width": 3.0, "handle": 0.0}
    assert named(Chosen, {"width": 3.0, "handle": 1.0}) == {"width": 3.0, "handle": "long_grip"}


@pytest.mark.parametrize("given", ["long_grib", 2, -1, 0.5, True, None, float("nan"), "", []])
def test_an_unknown_option_is_refused_with_the_options(given: object) -> None:
    with pytest.raises(ParameterError, match=r"handle is .*options: round, long_grip") as told:
        validate(Chosen, {"width": 3.0, "handle": given})
    assert "\n" not in str(told.value)
    if given == "long_grib":
        assert "did you mean 'long_grip'?" in str(told.value)


def test_a_row_keeps_the_choices_that_it_is_given() -> None:
    row = np.array([3.0])
    assert as_values(Chosen, row) == {"width": 3.0}
    assert as_values(Chosen, row, {"width": 9.0, "handle": 1.0}) == {"width": 3.0, "handle": 1.0}


def test_choices_cannot_stand_before_numbers_or_without_a_default() -> None:
    @dataclass(frozen=True)
    class Wrong:
        handle: Annotated[str, HANDLE]
        width: Annotated[float, Range(1, 5, 2, "mm", "Width of it.", "size")]

    with pytest.raises(TypeError, match="width must stand before the choices"):
        parameters_of(Wrong)
    with pytest.raises(ValueError, match="'square' is not one of"):
        Choice(("round", "long"), "square", "Form of it.", "details")


def test_the_car_declares_every_choice_with_the_first_option_as_its_default() -> None:
    car = get_family("car")
    assert {c.name: c.choice.options for c in car.choices} == CHOICES
    assert all(car.defaults()[name] == 0.0 for name in CHOICES)


def test_a_design_file_holds_names_and_reads_back(tmp_path: Path) -> None:
    car = get_family("car")
    design = Design("car", car.defaults() | {"grille": 3.0, "doors": 1.0}, {"grille": "brief"})
    path = tmp_path / "design.json"
    write_design(design, path)
    held = json.loads(path.read_text())["parameters"]
    assert (held["grille"], held["doors"], held["rim"]) == ("shield", "two", "twin_five")
    back = read_design(path)
    assert back == design
    assert back.filled == ()


def test_a_file_from_before_the_choices_opens_and_says_what_was_filled_in(tmp_path: Path) -> None:
    car = get_family("car")
    old = {n: v for n, v in car.defaults().items() if n not in CHOICES}
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"family": "car", "parameters": old | {"grille": "slats"}}))
    found = read_design(path)
    assert found.parameters == car.defaults() | {"grille": 5.0}
    assert set(found.filled) == set(CHOICES) - {"grille"}
    assert found.provenance == dict.fromkeys(found.filled, FILLED)


def test_an_unknown_option_in_a_file_is_one_line_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(
        json.dumps({"family": "car", "parameters": get_family("car").defaults() | {"roof": "glas"}})
    )
    with pytest.raises(InputError, match=r"bad\.json: roof is 'glas'; did you mean 'glass'\? options: "):
        read_design(path)


def test_options_are_drawn_beside_the_numbers_of_a_seed() -> None:
    car = get_family("car")
    taken = [d for d, _ in zip(draws(car, 7), range(200), strict=False)]
    numbers = np.random.default_rng(7).random((200, len(car.parameters)))
    low, high = (np.array([getattr(p.range, e) for p in car.parameters]) for e in ("low", "high"))
    assert np.allclose([as_row(car.declaration, d.values) for d in taken], low + numbers * (high - low))
    for name, options in CHOICES.items():
        assert {d.values[name] for d in taken} == set(map(float, range(len(options))))
    assert sample(car, 3, 7).designs == sample(car, 5, 7).designs[:3]


# -- briefs ----------------------------------------------------------------------------------------------

SAID = [
    ("a low fastback with closed grille under 4.7 m", {"grille": "closed"}),
    ("five-spoke wheels", {"rim": "five_spoke"}),
    ("a saloon, wheels with ten spokes", {"rim": "ten_spoke"}),
    ("full-width light bar", {"front_lamps": "light_bar", "rear_lamps": "light_bar"}),
    ("a full-width light bar at the rear", {"rear_lamps": "light_bar"}),
    ("light bar and round tail lights", {"front_lamps": "light_bar", "rear_lamps": "round"}),
    ("round headlamps", {"front_lamps": "round"}),
    ("an SUV with a black roof", {"roof": "black"}),
    ("two-tone", {"roof": "black"}),
    ("panoramic roof", {"roof": "glass"}),
    ("the roof is glass", {"roof": "glass"}),
    ("a two-door hatchback", {"doors": "two"}),
    ("five-door hatchback", {"doors": "four"}),
    ("bright trim, camera mirrors", {"trim": "bright", "mirrors": "slim"}),
    ("chrome trim and flush door handles", {"trim": "bright", "door_handles": "flush"}),
    ("no chrome trim", {"trim": "black"}),
    ("封闭式格栅的低矮轿车，五辐轮毂", {"grille": "closed", "rim": "five_spoke"}),
    ("贯穿式尾灯，圆形大灯", {"rear_lamps": "light_bar", "front_lamps": "round"}),
    ("黑色车顶的双门轿跑，镀铬饰条", {"roof": "black", "doors": "two", "trim": "bright"}),
    ("全景天幕，电子后视镜，隐藏式门把手", {"roof": "glass", "mirrors": "slim", "door_handles": "hidden"}),
]


@pytest.mark.parametrize(("text", "asked"), SAID)
def test_words_choose_options(text: str, asked: dict[str, str]) -> None:
    parsed = brief_from_text(text)
    start, sources = parsed.brief.to_json()["start"], parsed.brief.start_sources
    held = {n: v for n, v in start.items() if n in CHOICES and sources[n].startswith("brief: ")}
    assert held == asked
    family = get_family("car")
    suiting = {n: v for n, v in start.items() if n in set(CHOICES) - set(asked)}
    bodies = {sources[n].removeprefix("archetype ") for n in suiting}
    assert len(bodies) <= 1  # of the body type that was said, and of no other
    assert all(family.archetypes[b][n] == CHOICES[n].index(v) for b in bodies for n, v in suiting.items())
    assert set(parsed.brief.asked_options(family)) == set(asked)
    heard = " ".join(h.meaning for h in parsed.understood)
    for name, option in asked.items():
        assert f"{name.replace('_', ' ')}: {option.replace('_', ' ')}" in heard
    said = spoken(parsed, get_family("car"), ())
    assert said.unknown == ()
    assert said.locks == {}


def test_words_around_a_choice_keep_their_meaning() -> None:
    plain = brief_from_text("a low fastback under 4.7 m with big wheels").brief
    mixed = brief_from_text("a low fastback, closed grille, under 4.7 m with big five-spoke wheels").brief
    assert mixed.requirements[0].at_most == plain.requirements[0].at_most == 4700.0
    assert {**plain.start, "grille": 0.0, "rim": 1.0} == mixed.start
    assert (CHOICES["grille"][0], CHOICES["rim"][1]) == ("closed", "five_spoke")
    tokens = spoken(brief_from_text("大五辐轮毂，长轴距"), get_family("car"), ()).words.tokens
    assert "wheels:high" in tokens
    assert "wheelbase:high" in tokens


def test_a_negated_option_is_not_chosen_and_the_last_of_two_counts() -> None:
    assert "roof" not in brief_from_text("an estate without a glass roof").brief.start
    parsed = brief_from_text("black trim, then bright trim")
    assert parsed.brief.to_json()["start"] == {"trim": "bright"}
    assert ("black trim", "overruled by “bright trim”") in [
        (h.phrase, h.meaning) for h in parsed.not_understood
    ]


def test_every_option_can_be_said_by_its_name() -> None:
    for name, options in CHOICES.items():
        for place, option in enumerate(options):
            text = f"a hatchback, {name.replace('_', ' ')} {option.replace('_', '-')}"
            assert brief_from_text(text).brief.start[name] == place, text


def test_a_brief_file_chooses_and_reads_back() -> None:
    data = {
        "prompt": "a fastback with a closed grille and a glass roof",
        "choose": {"grille": "split", "Front lamps": "light bar"},
        "lock": {"rim": "mesh", "wheelbase": 2800},
        "start": {"doors": "two"},
    }
    brief = brief_from_data(data).brief
    held = brief.to_json()
    assert {n: held["start"][n] for n in ("grille", "front_lamps", "rim", "doors", "roof")} == {
        "grille": "split", "front_lamps": "light_bar", "rim": "mesh", "doors": "two", "roof": "glass",
    }  # fmt: skip
    assert brief.locks == {"wheelbase": 2800.0}
    assert (brief.start_sources["rim"], brief.start_sources["grille"]) == ("lock", "brief")
    assert brief_from_data({**held, "prompt": ""}).brief.to_json() == {**held, "prompt": ""}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            {"choose": {"grille": "clsed"}},
            r"x: choose\.grille is 'clsed'; did you mean 'closed'\? options: cl",
        ),
        ({"choose": {"gril": "closed"}}, r"x: choose\.gril is no choice of family car; it has front_lamps, "),
        ({"lock": {"rim": "messh"}}, r"x: lock\.rim is 'messh'; did you mean 'mesh'\? options: "),
        ({"start": {"roof": 9}}, r"x: start\.roof is 9; options: body_colour, black, glass"),
        ({"family": "ahmed", "choose": {"grille": "closed"}}, "no choice of family ahmed; it has none"),
    ],
)
def test_a_wrong_option_in_a_brief_is_one_line(data: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told) as raised:
        brief_from_data(data, "x")
    assert "\n" not in str(raised.value)


# -- what carries them -----------------------------------------------------------------------------------


def test_a_search_carries_the_options_of_start_and_brief() -> None:
    car = get_family("car")
    brief = brief_from_text("an SUV with round headlamps, at least 180 mm ground clearance").brief
    found = search(brief, trials=3)
    assert found.best[0].design.parameters["front_lamps"] == 2.0
    assert found.best[0].design.provenance["front_lamps"] == "brief: round headlamps"
    start = car.validate(car.defaults() | car.archetypes["suv"] | {"front_lamps": 4, "rim": 6, "doors": 1})
    begun = search(brief, trials=3, start=start)
    for design in (begun.start, *(f.design for f in begun.best)):
        assert {n: design.parameters[n] for n in ("front_lamps", "rim", "doors")} == {
            "front_lamps": 2.0, "rim": 6.0, "doors": 1.0,
        }  # fmt: skip
        assert (design.provenance["rim"], design.provenance["grille"]) == ("start design", "start design")
    first = found.best[0].design
    assert first.provenance["rim"] == "archetype suv"
    assert first.parameters["rim"] == car.archetypes["suv"]["rim"] != 0.0
    numbers = [{n: v for n, v in r.values.items() if n not in CHOICES} for r in begun.records]
    assert [dict(r.values) for r in begun.records] == numbers


def test_the_first_body_of_a_brief_and_a_mix_keep_options() -> None:
    first = starting_design(draft_from_text("an estate with a closed grille and a glass roof"))
    assert first.parameters["roof"] == 2.0
    assert first.provenance["roof"] == "brief: glass roof"
    other = Design("car", get_family("car").defaults() | {"roof": 1.0, "doors": 1.0})
    mixed = halfway(first, other)
    assert (mixed.parameters["roof"], mixed.parameters["doors"]) == (2.0, 0.0)
    assert mixed.parameters["wheelbase"] == 0.5 * (
        first.parameters["wheelbase"] + other.parameters["wheelbase"]
    )


def test_sketches_draw_what_the_brief_leaves_open() -> None:
    car = get_family("car")
    brief = brief_from_text("an SUV with a closed grille").brief
    sheet = [options_of(brief, car, k, None) for k in range(1, 9)]
    assert sheet == [options_of(brief, car, k, None) for k in range(1, 9)]
    assert {o["grille"] for o in sheet} == {0.0}
    assert {o["doors"] for o in sheet} == {0.0}
    assert len({o["rim"] for o in sheet}) > 2
    start = car.defaults() | {"rim": 3.0, "grille": 4.0}
    varied = options_of(brief, car, 1, start)
    assert (varied["rim"], varied["grille"]) == (3.0, 0.0)


def test_locks_of_options_by_name_or_from_the_start() -> None:
    car = get_family("car")
    start = car.defaults() | {"roof": 2.0}
    assert read_locks(["grille=slats", "roof"], car, start) == {"grille": 5.0, "roof": 2.0}
    with pytest.raises(InputError, match="lock grille is 'slot machine'; options: closed"):
        read_locks(["grille=slot machine"], car, None)
    with pytest.raises(InputError, match=r"lock roof: give an option \(roof=...\)"):
        read_locks(["roof"], car, None)


def test_runs_of_the_wind_tunnel_have_no_options(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[tuple[str, Body]] = []
    monkeypatch.setattr(study, "simulate", lambda body, level, run_id, **_: taken.append((run_id, body)))
    car = get_family("car")
    tunnel = study.WindTunnel()
    tunnel.observe(car, car.defaults() | {"roof": 2.0}, "coarse")
    tunnel.observe(car, car.defaults(), "coarse")
    (first, body), (second, _) = taken
    assert first == second
    assert set(body.parameters) == set(names_of(car.declaration))


# -- what people are told --------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A design file of today, one from before the choices, and one with an option that does not exist."""
    car = get_family("car")
    suv = car.defaults() | car.archetypes["suv"]
    plain = {n: v for n, v in suv.items() if n not in CHOICES}
    wanted = {"new": suv | {"grille": "slats", "rim": "mesh"}, "old": plain, "bad": plain | {"roof": "glas"}}
    for name, values in wanted.items():
        (tmp_path / f"{name}.json").write_text(json.dumps({"family": "car", "parameters": values}))
    return {name: tmp_path / f"{name}.json" for name in wanted}


def test_the_command_line_says_what_was_filled_in_and_what_is_no_option(files: dict[str, Path]) -> None:
    told = maquette("assess", files["old"], "at most 5 m long, a split grille", "--fast")
    assert told.code == 0, told.err
    assert "filled in, the design file has no such choices: front lamps slim, rear lamps wrap" in told.out
    assert "grille: the brief says split, the design has closed" in told.out
    answer = maquette("assess", files["old"], "a split grille", "--fast", "--json").json
    assert set(answer["filled_in"]) == set(CHOICES)
    assert answer["other_options"] == {"grille": "split"}
    assert answer["design"]["parameters"]["grille"] == "closed"
    new = maquette("assess", files["new"], "mesh wheels", "--fast", "--json").json
    assert (new["other_options"], new["design"]["parameters"]["rim"]) == ({}, "mesh")
    bad = maquette("assess", files["bad"], "at most 5 m long", "--fast")
    assert bad.code == 2
    assert (
        bad.err.strip()
        .splitlines()[-1]
        .endswith("bad.json: roof is 'glas'; did you mean 'glass'? options: body_colour, black, glass")
    )


def test_families_lists_the_choices() -> None:
    told = maquette("families", "--json").json
    car = next(f for f in told["families"] if f["name"] == "car")
    listed = {c["name"]: tuple(c["options"]) for group in car["choices"].values() for c in group}
    assert listed == CHOICES


def test_script_and_decisions_of_a_release_hold_names() -> None:
    values = get_family("car").defaults() | {"grille": 3.0}
    design = Design("car", values, {"grille": "brief: shield grille"}).to_json()
    script = design_script({"design": design})
    assert (
        "    'grille': 'shield',  # closed, slot, wide, shield, split, slats; brief: shield grille" in script
    )
    held = script[script.index("PARAMETERS = ") + len("PARAMETERS = ") : script.index("}\n") + 1]
    assert get_family("car").validate(ast.literal_eval(held)) == values
