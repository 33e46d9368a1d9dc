"""Whole numbers as parameters: one declaration, and every path lands on whole values inside the range.

The lamp's `arm_joints` (1 to 5) is the whole number under test.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, cast

import numpy as np
import pytest
from brick import Brick
from hypothesis import given
from hypothesis import strategies as st
from lamp import MOST_JOINTS, Lamp
from lamp_study import installed as lamp_installed
from running import maquette

from maquette.constraints.requirements.assess import judge_value
from maquette.constraints.requirements.brief import Brief
from maquette.constraints.requirements.brief_files import brief_from_data
from maquette.constraints.requirements.quantity import quantities
from maquette.constraints.requirements.requirement import Requirement
from maquette.constraints.requirements.sentence import parse
from maquette.constraints.search.explain import Relaxation, _needed
from maquette.constraints.search.search import search
from maquette.constraints.search.space import build_space
from maquette.constraints.search.study import distributions, stored
from maquette.design.concepts.artist.draw import draw
from maquette.design.concepts.artist.frame import from_concept, to_concept
from maquette.design.concepts.artist.palettes import compose
from maquette.design.concepts.fit.body import body_from_image
from maquette.design.concepts.fit.fit import seen_parameters
from maquette.design.concepts.generate.locks import keep
from maquette.design.concepts.generate.silhouette_similarity import outline_model
from maquette.design.concepts.generate.traits import space_of
from maquette.design.concepts.training.warm_start import between, change_since
from maquette.design.errors import InputError, ParameterError
from maquette.design.family.conformance import FAST_CHECKS, ContractError, subjects
from maquette.design.family.contract import Measure
from maquette.design.family.parameters import (
    Range,
    as_row,
    as_values,
    declaration_hash,
    from_unit_cube,
    named,
    parameters_of,
    rounded_unit,
    to_unit_cube,
    unit_steps,
    validate,
    whole_columns,
)
from maquette.design.family.records import Design, read_design, write_design
from maquette.design.family.registry import get_family
from maquette.design.family.sampling import sample
from maquette.design.geometry.mesh import Mesh
from maquette.design.language.attributes import third_of
from maquette.surrogate.models import push_pull
from maquette.surrogate.models.slopes import slopes
from maquette.surrogate.models.surrogate import Surrogate, gradients
from maquette.surrogate.runs.plan import plan
from maquette.surrogate.studies.registry import get_study
from maquette.ui.briefing import halfway, needed

LAMP = Lamp()
NAME = "arm_joints"
COLUMN = whole_columns(LAMP.declaration)[0]
D = len(LAMP.parameters)
SHARES = st.lists(st.floats(0.0, 1.0), min_size=D, max_size=D)
WIDE = st.lists(st.floats(-1.6, 1.6), min_size=D, max_size=D)


def whole(values: Mapping[str, Any], low: int = 1, high: int = MOST_JOINTS) -> bool:
    """The count is an `int` within bounds, and stays one in files."""
    return type(values[NAME]) is int and low <= values[NAME] <= high


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[None]:
    """The lamp as an installed product."""
    with lamp_installed(tmp_path / "site"):
        yield


# -- one declaration --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wheel:
    """A whole number and a real one of the same bounds."""

    spokes: Annotated[int, Range(3, 8, 5, "1", "Spokes of it.", "rim")]
    width: Annotated[float, Range(3, 8, 5, "1", "Width of it.", "rim")]


@dataclass(frozen=True)
class RealWheel:
    """The same, both real."""

    spokes: Annotated[float, Range(3, 8, 5, "1", "Spokes of it.", "rim")]
    width: Annotated[float, Range(3, 8, 5, "1", "Width of it.", "rim")]


def test_the_annotation_alone_says_what_is_whole() -> None:
    spokes, width = parameters_of(Wheel)
    assert (spokes.range.whole, width.range.whole) == (True, False)
    assert spokes.range.ends == (2.5, 8.5)
    assert width.range.ends == (3, 8)
    assert declaration_hash(Wheel) != declaration_hash(RealWheel)

    @dataclass(frozen=True)
    class Halves:
        spokes: Annotated[int, Range(3, 8, 5.5, "1", "Spokes of it.", "rim")]

    with pytest.raises(ValueError, match=r"whole numbers cannot lie at 3, 8, 5\.5"):
        parameters_of(Halves)


@pytest.mark.parametrize("given", ["5", " 5 ", "5.0", 5, 5.0, np.float64(5), np.int64(5)])
def test_five_is_five_however_a_file_writes_it(given: Any) -> None:
    found = validate(Wheel, {"spokes": given, "width": 4})["spokes"]
    assert (found, type(found)) == (5, int)


@pytest.mark.parametrize("given", [4.5, "4.5", "five", "", True, None, float("nan"), 9, "9", 2, [5]])
def test_what_is_no_whole_number_in_range_is_refused_in_one_line(given: Any) -> None:
    with pytest.raises(ParameterError) as told:
        validate(Wheel, {"spokes": given, "width": 4})
    assert str(told.value).startswith("spokes is ")
    assert str(told.value).endswith("allowed 3 to 8")
    assert "\n" not in str(told.value)
    if given == 4.5:
        assert str(told.value) == "spokes is 4.5, which is not a whole number; allowed 3 to 8"


def test_text_is_no_real_number() -> None:
    with pytest.raises(ParameterError, match="width is '5', which is not a number"):
        validate(Wheel, {"spokes": 5, "width": "5"})


def test_every_value_has_an_equal_share_of_the_unit_cube() -> None:
    shares = (np.arange(6000) + 0.5) / 6000
    rows = from_unit_cube(Wheel, np.stack([shares, shares], axis=1))
    values, counts = np.unique(rows[:, 0], return_counts=True)
    assert values.tolist() == [3, 4, 5, 6, 7, 8]
    assert set(counts.tolist()) == {1000}
    assert np.allclose(rows[:, 1], 3 + 5 * shares)


@given(st.integers(3, 8), st.floats(3.0, 8.0))
def test_the_unit_cube_gives_a_design_back(spokes: int, width: float) -> None:
    row = as_row(Wheel, {"spokes": spokes, "width": width})
    again = from_unit_cube(Wheel, to_unit_cube(Wheel, row))
    assert again[0] == spokes
    assert again[1] == pytest.approx(width)
    values = as_values(Wheel, row)
    assert (values["spokes"], type(values["spokes"])) == (spokes, int)


def test_a_warm_start_keeps_its_coordinates() -> None:
    change = change_since(LAMP, "")
    assert np.allclose(change.matrix, np.eye(D))
    assert np.allclose(change.shift, 0.0)
    ends = {p.name: p.range.ends for p in LAMP.parameters}
    wider = between(ends, {**ends, NAME: (0.5, 9.5)}, {})  # up to nine joints now
    four = 2.0 * (4 - 0.5) / 9.0 - 1.0
    assert wider.matrix[COLUMN, COLUMN] * four + wider.shift[COLUMN] == pytest.approx(2.0 * 3.5 / 5.0 - 1.0)


@given(st.integers(1, MOST_JOINTS), st.floats(-1.0, 1.0))
def test_a_move_by_a_share_is_a_step_at_least(joints: int, share: float) -> None:
    moved = next(p.range for p in LAMP.parameters if p.name == NAME).moved(joints, share)
    assert whole({NAME: moved})
    assert (moved - joints) * share >= 0
    free = (share > 0 and joints < MOST_JOINTS) or (share < 0 and joints > 1)
    assert (moved != joints) == free


def test_the_car_has_none() -> None:
    assert whole_columns(get_family("car").declaration) == []


# -- designs and samples ----------------------------------------------------------------------------------


def test_draws_are_uniform_over_the_values_both_ends_included() -> None:
    found = sample(LAMP, 400, seed=3)
    every = [d.parameters for d in found.designs] + [d.values for d in found.refused]
    assert all(whole(v) for v in every)
    counts = np.bincount([v[NAME] for v in every], minlength=MOST_JOINTS + 1)[1:]
    expected = len(every) / MOST_JOINTS
    assert float(((counts - expected) ** 2 / expected).sum()) < 13.3  # chi-squared, 4 degrees, 1 %
    assert all(whole(v) for v in plan(LAMP, 40, 1))


def test_a_design_file_holds_an_int(installed: None, tmp_path: Path) -> None:
    path = tmp_path / "lamp.json"
    write_design(Design("lamp", LAMP.defaults() | {NAME: 4.0}), path)
    assert '"arm_joints": 4,' in path.read_text()
    assert whole(read_design(path).parameters)
    held = json.loads(path.read_text())
    held["parameters"][NAME] = "3"
    path.write_text(json.dumps(held))
    assert read_design(path).parameters[NAME] == 3
    held["parameters"][NAME] = 3.5
    path.write_text(json.dumps(held))
    with pytest.raises(InputError, match=r"arm_joints is 3\.5, which is not a whole number; allowed 1 to 5"):
        read_design(path)


def test_the_mixture_of_two_and_what_people_see_are_whole(installed: None) -> None:
    one, other = (Design("lamp", LAMP.defaults() | {NAME: n}) for n in (1, 4))
    assert whole(halfway(one, other).parameters, 2, 3)
    assert named(LAMP.declaration, LAMP.defaults())[NAME] == 2


def test_the_script_of_a_release_and_the_list_of_families_write_it_whole(installed: None) -> None:
    from maquette.ui.release.script import design_script
    from maquette.ui.verbs.space import families

    text = design_script({"design": Design("lamp", LAMP.defaults() | {NAME: 4}).to_json()})
    assert "    'arm_joints': 4,  # 1 to 5; default" in text
    begin = text.index("PARAMETERS = ") + len("PARAMETERS = ")
    assert whole(LAMP.accept(ast.literal_eval(text[begin : text.index("}\n", begin) + 1])))
    told = next(f for f in families().families if f.name == "lamp")
    rows = {r["name"]: r for group in told.parameters.values() for r in group}
    assert (rows[NAME]["low"], rows[NAME]["high"], rows[NAME]["whole"]) == (1, MOST_JOINTS, True)
    assert "whole" not in rows["arm_length"]


def test_the_slider_of_a_whole_number_steps_by_one(installed: None) -> None:
    from maquette.ui.briefing import draft_from_text
    from maquette.ui.live import live
    from maquette.ui.messages.words import Words
    from maquette.ui.web.design_view import slider_values

    design = Design("lamp", LAMP.defaults() | {NAME: 3})
    found = slider_values(design, draft_from_text("3 joints", "lamp"), live(design), Words("en"))
    items = {item["name"]: item for group in found["groups"] for item in group["items"]}
    joints = items[NAME]
    shown = [joints[n] for n in ("low", "high", "step", "value", "locked")]
    assert shown == [1, MOST_JOINTS, 1, 3, True]
    assert all(type(v) is int for v in shown[:4])
    assert items["arm_length"]["step"] == 0.5


# -- search -----------------------------------------------------------------------------------------------


@given(st.lists(SHARES, min_size=1, max_size=6), st.integers(1, MOST_JOINTS), st.integers(1, MOST_JOINTS))
def test_the_space_of_a_brief_projects_onto_whole_values(
    shares: list[list[float]], one: int, other: int
) -> None:
    low, high = sorted((one, other))
    brief = Brief("lamp", requirements=(Requirement(NAME, "1", low, high),), locks={"tube_length": 400.0})
    space = build_space(LAMP, brief)
    first, last = np.array([p.range.ends for p in LAMP.parameters]).T
    for row in space.project(first + np.array(shares) * (last - first)):
        values = as_values(LAMP.declaration, row)
        assert row[COLUMN] == values[NAME]
        assert whole(values, low, high)
        assert values["post_height"] + values["arm_length"] == pytest.approx(400.0)
    assert space.start[COLUMN] == int(space.start[COLUMN])


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("mass at most 3.4 kg", 1, 5),
        ("3 to 4 joints, reach at least 190 mm", 3, 4),
        ("4 joints, mass at most 3.4 kg", 4, 4),
    ],
)
def test_a_search_tries_whole_values_only(text: str, low: int, high: int, tmp_path: Path) -> None:
    journal = str(tmp_path / "journal")
    found = search(parse(text, LAMP).brief, family=LAMP, trials=40, storage=journal, study="s")
    assert all(whole(r.values, low, high) for r in found.records)
    assert all(whole(f.design.parameters, low, high) for f in (*found.best, *found.front))
    assert whole(found.start.parameters, low, high)
    assert len({r.values[NAME] for r in found.records}) >= min(2, high - low + 1)
    assert {r.origin for r in found.records} >= {"start", "screen", "tpe"}
    for trial in stored(journal, "s").trials:
        if low == high:
            assert NAME not in trial.params
            continue
        assert type(trial.params[NAME]) is int
        assert type(trial.distributions[NAME]).__name__ == "IntDistribution"
    again = search(parse(text, LAMP).brief, family=LAMP, trials=20, storage=journal, study="s")
    assert all(whole(r.values, low, high) for r in again.records)


@pytest.mark.parametrize(
    ("text", "best"),
    [("as few joints as possible", 1), ("as many joints as possible, at most 4 joints", 4)],
)
def test_a_search_walks_to_the_end_that_is_wished_for(text: str, best: int) -> None:
    found = search(parse(text, LAMP).brief, family=LAMP, trials=60)
    assert found.best[0].design.parameters[NAME] == best


def test_optuna_gets_an_int_distribution_with_both_ends() -> None:
    from optuna.distributions import FloatDistribution, IntDistribution

    found = distributions(LAMP, [NAME, "arm_length"])
    assert found == {NAME: IntDistribution(1, MOST_JOINTS), "arm_length": FloatDistribution(130, 240)}


def test_limits_are_loosened_by_whole_steps() -> None:
    asked, quantity = Requirement(NAME, "1", 5), quantities(LAMP)[NAME]
    record = SimpleNamespace(numbers={NAME: 3.0}, in_domain=True)
    change = _needed(asked, quantity, cast(Any, record))
    assert change == ("at least", 3)
    assert Relaxation(((asked, *change),), 7, 0.4).text == "arm joints to at least 3 (trial 7)"
    verdict = judge_value(asked, quantity, 2, "parameter")
    assert str(verdict.reason) == "arm joints is 2, asked at least 5: 3 below it"
    assert needed(verdict) == ("at_least", 2)


def test_a_limit_that_cannot_be_met_names_whole_numbers() -> None:
    with pytest.raises(
        InputError, match=r"arm joints at least 4\.500.*only whole numbers are allowed, 1 to 5"
    ):
        search(Brief("lamp", requirements=(Requirement(NAME, "1", 4.5),)), family=LAMP, trials=1)
    with pytest.raises(InputError, match=r"lock arm joints = 2\.500: only whole numbers are allowed, 1 to 5"):
        search(Brief("lamp", locks={NAME: 2.5}), family=LAMP, trials=1)


# -- words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("a lamp with 5 joints", 5),
        ("joints: 3", 3),
        ("1 joint", 1),
        ("joints = 4", 4),
        ("arm length 200 mm with 4 joints", 4),
        ("关节: 4", 4),
        ("at least 4 joints", (4, None)),
        ("no more than 3 joints", (None, 3)),
        ("3 to 5 joints", (3, 5)),
        ("about 3 joints", (2, 4)),
    ],
)
def test_a_count_needs_no_unit(text: str, asked: int | tuple[int | None, int | None]) -> None:
    parsed = parse(text, LAMP)
    if isinstance(asked, int):
        assert parsed.brief.locks[NAME] == asked
        assert type(parsed.brief.locks[NAME]) is int
        assert f"arm joints fixed at {asked}" in [str(h.meaning) for h in parsed.understood]
    else:
        (found,) = parsed.brief.requirements
        assert (found.quantity, found.at_least, found.at_most) == (NAME, *asked)
        assert ".0" not in str(found.limits)
    assert not parsed.not_understood


@pytest.mark.parametrize(
    ("text", "joints"), [("many joints", 3), ("few joints", 1), ("reading and bedside", 3)]
)
def test_words_without_a_number_begin_at_a_whole_one(text: str, joints: int) -> None:
    start = parse(text, LAMP).brief.start
    assert whole(start)
    assert start[NAME] == joints


def test_a_count_of_a_half_is_refused() -> None:
    with pytest.raises(InputError, match="only whole numbers are allowed, 1 to 5"):
        parse("4.5 joints", LAMP)


def test_a_brief_file_takes_text_and_decimals_of_whole_numbers(installed: None) -> None:
    data = {"family": "lamp", "lock": {"joints": "5"}, "start": {NAME: 4.0}}
    brief = brief_from_data(data).brief
    assert (brief.locks[NAME], type(brief.locks[NAME])) == (5, int)
    assert whole(brief.start)
    rows = [{"quantity": NAME, "at_least": 2.0, "at_most": "4"}]
    (asked,) = brief_from_data({"family": "lamp", "require": rows}).brief.requirements
    assert str(asked.limits) == "between 2 and 4"
    for bad in ({"lock": {NAME: 4.5}}, {"start": {NAME: "4.5"}}, {"require": [{**rows[0], "at_least": 2.5}]}):
        with pytest.raises(InputError, match="only whole numbers are allowed, 1 to 5") as told:
            brief_from_data({"family": "lamp", **bad})
        assert "\n" not in str(told.value)


def test_thirds_of_an_attribute_share_the_values() -> None:
    assert [third_of(LAMP, NAME, v) for v in range(1, 6)] == [0, 0, 1, 2, 2]
    space = space_of(LAMP)
    unit = space.unit(LAMP.defaults() | {NAME: 3})
    assert unit[COLUMN] == pytest.approx(0.5)
    assert np.allclose(
        unit, to_unit_cube(LAMP.declaration, as_row(LAMP.declaration, LAMP.defaults() | {NAME: 3}))
    )


# -- sketches and fits --------------------------------------------------------------------------------------


@given(WIDE, st.integers(1, MOST_JOINTS))
def test_every_concept_vector_is_a_whole_lamp(z: list[float], joints: int) -> None:
    values = from_concept(LAMP, np.array(z))
    assert whole(values)
    assert from_concept(LAMP, to_concept(LAMP, values))[NAME] == values[NAME]
    locked = keep(LAMP, {NAME: joints, "tube_length": 400.0})
    assert locked.values(np.array(z, dtype=np.float32))[NAME] == joints


@given(WIDE, st.integers(1, MOST_JOINTS), st.integers(1, MOST_JOINTS))
def test_limits_on_a_count_hold_of_every_concept(z: list[float], one: int, other: int) -> None:
    import torch

    low, high = sorted((one, other))
    known = keep(LAMP, {})
    bounds = known.bounds([{NAME: (low, high)}])
    held = known.project(torch.tensor([z], dtype=torch.float32), bounds)[0].numpy()
    assert whole(known.values(held), low, high)


def test_a_fit_to_a_picture_gives_a_whole_number() -> None:
    assert COLUMN not in seen_parameters(LAMP, "side")
    values = LAMP.accept({**LAMP.defaults(), NAME: 4, "post_height": 240.0})
    drawn = draw(LAMP.mesh(values), LAMP.frame, "side", "ink", 1)
    found = body_from_image(
        compose(drawn.ink, drawn.paint), LAMP, mm_per_px=LAMP.frame.mm_per_pixel, view="side"
    )
    assert whole(found.values)


def test_the_outline_model_moves_it_by_a_step() -> None:
    near = outline_model(LAMP, LAMP.defaults())
    more = as_row(LAMP.declaration, LAMP.defaults() | {NAME: 3})
    assert 0.9 < near(more)[0] < 1.0


# -- surrogates ---------------------------------------------------------------------------------------------


class Stub:
    """A surrogate whose drag falls by 0.01 a joint; it refuses rows that are not whole."""

    family, version, study = LAMP, "none", get_study("wind_tunnel")
    targets: Mapping[str, Any] = {"drag_coefficient": None}

    def predict(self, rows: np.ndarray[Any, Any]) -> Any:
        joints = rows[:, COLUMN]
        assert np.array_equal(joints, np.round(joints))
        return SimpleNamespace(value={"drag_coefficient": 0.5 - 0.01 * joints})


def test_slopes_go_by_whole_steps() -> None:
    surrogate = cast(Surrogate, Stub())
    middle = slopes(surrogate, LAMP.defaults())[NAME]
    assert (middle.step, middle.down, middle.up) == (1, pytest.approx(0.01), pytest.approx(-0.01))
    assert slopes(surrogate, LAMP.defaults() | {NAME: 1})[NAME].down is None
    assert slopes(surrogate, LAMP.defaults() | {NAME: MOST_JOINTS})[NAME].up is None
    assert unit_steps(LAMP.declaration, 0.02)[COLUMN] == pytest.approx(1 / MOST_JOINTS)


@given(st.lists(SHARES, min_size=1, max_size=3))
def test_gradients_are_finite_and_by_whole_steps(shares: list[list[float]]) -> None:
    class Falling:
        def predict(self, seen: np.ndarray[Any, Any]) -> Any:
            assert np.array_equal(seen[:, 0], np.round(seen[:, 0]))
            return (-0.01 * seen[:, 0],)

    from maquette.surrogate.models.gaussian_process.features import Feature

    target = SimpleNamespace(features=(Feature(NAME, "1", 0.0, 1.0),), posterior=Falling())
    unit = rounded_unit(LAMP.declaration, np.array(shares))
    found = gradients(LAMP, {"cd": cast(Any, target)}, unit)["cd"]
    assert np.allclose(found[:, COLUMN], -0.01 * MOST_JOINTS)
    assert np.allclose(np.delete(found, COLUMN, axis=1), 0.0)


def test_the_push_pull_map_leaves_it_out() -> None:
    joints = LAMP.parameters[COLUMN]
    here = LAMP.outline(LAMP.defaults()).mesh
    assert push_pull._moved(LAMP, LAMP.defaults(), joints, here) is None
    none = np.zeros((0, 3))
    mesh = Mesh(none, none.astype(np.int64))
    told = push_pull.PushPull(
        "lamp", "drag_coefficient", "1", "less", mesh, {}, none[:, 0], none[:, 0], (), none, none[:, 0],
        none[:, 0], none[:, 0], 1.0, (), (NAME,), (NAME,),
    )  # fmt: skip
    assert told.says.endswith("; whole numbers have no slope: arm joints")


# -- the shipped conformance tests ----------------------------------------------------------------------


class Doubtful(Lamp):
    """A named lamp with a number that is no `int`."""

    archetypes = {"reading": {NAME: 4.0}}  # noqa: RUF012 - the contract declares a ClassVar


class Adding(Lamp):
    """A sum with a whole number in it: a search could not keep it exactly."""

    measure_list = (Measure("parts", "1", "All of them.", sum_of=(NAME,)),)


@dataclass(frozen=True)
class StudBrickParameters:
    """A brick with studs."""

    length: Annotated[float, Range(100, 300, 200, "mm", "Side along x.", "size")]
    width: Annotated[float, Range(50, 150, 100, "mm", "Side along y.", "size")]
    height: Annotated[float, Range(30, 100, 60, "mm", "Side along z.", "size")]
    studs: Annotated[int, Range(1, 4, 2, "1", "Studs on top.", "size")]


class StudBrick(Brick):
    """Measures that are no number at one of its counts."""

    declaration = StudBrickParameters

    def measures(self, values: Mapping[str, float]) -> dict[str, float]:
        return {**super().measures(values), "ratio": float("nan") if values["studs"] == 4 else 1.0}


def test_the_conformance_tests_notice() -> None:
    check = FAST_CHECKS["whole_numbers_are_whole"]
    check(LAMP, subjects(LAMP, 5))
    with pytest.raises(ContractError, match=r"reading: arm_joints is 4\.0, not an int"):
        check(Doubtful(), [])
    with pytest.raises(ContractError, match="'arm_joints' of its sum is no real parameter in 1"):
        FAST_CHECKS["declaration_is_sane"](Adding(), [])
    with pytest.raises(ContractError, match=r"studs = 4: measures .'ratio'. are not finite"):
        check(StudBrick(), [])


# -- the command line -----------------------------------------------------------------------------------


def test_the_command_line_samples_edits_and_assesses(installed: None, tmp_path: Path) -> None:
    told = maquette("sample", "lamp", "-n", "4", "--out", tmp_path / "out", "--json")
    assert told.code == 0, told.err
    file = told.json["designs"][0]["file"]
    held = json.loads(Path(file).read_text())["parameters"]
    assert whole(held)
    judged = maquette("assess", file, "at least 4 joints", "--fast")
    assert f" {held[NAME]}.0 " not in judged.out
