"""The studio's handlers, called as Gradio calls them: what tabs show and what actions leave behind."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from studio_bench import Bench, event, nothing_left, shown  # noqa: F401 - a fixture

from maquette.design.family.registry import get_family

#: Gradio leaves event loops open that nobody ever ran
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)

SENTENCE = "a calm, low fastback under 4.7 m, drag coefficient at most 0.30, <b>zorp</b> wings"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, "en")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_tab_of_an_empty_session_says_what_to_do(tmp_path: Path, language: str) -> None:
    from maquette.ui.messages.words import Words

    bench, words = Bench(tmp_path, language), Words(language)
    for tab in ("brief", "sheet", "search", "evidence", "release"):
        assert getattr(words, f"{tab}_empty") in bench.paint(tab), tab
    assert words.model_empty in bench.paint("model")


@pytest.mark.parametrize(("language", "word"), [("en", "seat"), ("zh", "座高")])
def test_the_hint_below_the_3d_view_speaks_of_the_product(language: str, word: str) -> None:
    from maquette.ui.messages.words import Words
    from maquette.ui.web.model import edit_hint

    words = Words(language)
    assert word in edit_hint(get_family("chair"), words)
    assert word not in edit_hint(get_family("car"), words)
    assert edit_hint(get_family("ahmed"), Words("zh")) == Words("zh").edit_hint  # it has no Chinese example


def test_a_brief_is_read_edited_and_kept(bench: Bench) -> None:
    said = bench.call("brief", "understand", SENTENCE, "car")
    assert "zorp" in said
    assert "<b>zorp" not in said
    bench.edit("brief", act="limit", arg="overall_length:at_most", value="4.5 m")
    limits = {r.quantity: r.at_most for r in bench.desk.draft(bench.now).brief.requirements}
    assert limits["overall_length"] == 4500.0
    bench.edit(
        "brief",
        act="add",
        arg="",
        value={"quantity": "ground_clearance", "side": "at_least", "value": "15 cm"},
    )
    limits = {r.quantity: r.at_least for r in bench.desk.draft(bench.now).brief.requirements}
    assert limits["ground_clearance"] == 150.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the brief is empty"),
        ("x" * 3000, "allowed 2000"),
        ("at most 4 m long and at least 5 m long", "overall_length"),
    ],
)
def test_a_brief_that_cannot_be_used_is_answered_with_a_sentence(bench: Bench, text: str, said: str) -> None:
    answer = bench.call("brief", "understand", text, "car")
    assert 'role="alert"' in answer
    assert said.replace("_", " ") in answer.replace("_", " ")
    assert bench.now.brief == {}


def test_a_length_that_no_car_has_is_asked_about_with_the_nearest_to_press(bench: Bench) -> None:
    """It was refused with the whole brief."""
    answer = bench.call("brief", "understand", "at most 1 m long, wheelbase at least 2.6 m", "car")
    assert "data-question" in answer
    assert "overall length is out of reach" in answer
    assert "take overall length ≤ 3480 mm" in answer
    assert [r.quantity for r in bench.desk.draft(bench.now).brief.requirements] == ["wheelbase"]


def test_an_unknown_session_is_a_sentence_and_not_a_trace(bench: Bench) -> None:
    for wrong in ("", "../../etc", "f" * 32):
        answer = shown(bench.handler("model", "move")(wrong, event(values={"wheelbase": 2700.0})))
        assert 'role="alert"' in answer
        assert "Traceback" not in answer


def test_sliders_locks_pins_and_the_way_back(bench: Bench) -> None:
    bench.call("brief", "understand", SENTENCE, "car")
    bench.call("brief", "model_it", SENTENCE, "car")
    first = bench.now.design
    assert "/bodies/" in bench.paint("model")
    values = {"wheelbase": first.parameters["wheelbase"] - 40.0}
    bench.call("model", "move", event(values=values))
    assert bench.now.design == first, "a moving slider keeps nothing"
    bench.edit("settle", values=values)
    assert bench.now.design.parameters["wheelbase"] == pytest.approx(first.parameters["wheelbase"] - 40.0)
    assert bench.now.design.parameters["overall_height"] == first.parameters["overall_height"]
    assert bench.now.design.provenance["wheelbase"] == "designer"
    bench.edit("lock", name="wheelbase", on=True)
    assert bench.desk.draft(bench.now).brief.locks["wheelbase"] == bench.now.design.parameters["wheelbase"]
    bench.call("model", "keep")
    assert "Design A" in bench.call("model", "against", "0")
    assert "is locked" in bench.edit("settle", values={"wheelbase": 2700.0}), "another tab may not know"
    refused = bench.edit("settle", values={"overall_height": 99_999.0})
    assert 'role="alert"' in refused
    assert "/bodies/" in refused, "the page shows again what is stored"
    log = bench.paint("release")
    assert "wheelbase" in log
    bench.call("release", "undo", event(act="undo", arg="2"))
    assert bench.now.design.parameters == first.parameters


def test_options_are_picked_and_the_hand_overrules_the_words(bench: Bench) -> None:
    bench.call("brief", "understand", "an estate with a closed grille", "car")
    bench.call("brief", "model_it", "an estate with a closed grille", "car")
    closed = bench.paint("model")
    assert 'data-arg="grille:closed" aria-pressed="true"' in closed
    shown_now = bench.edit("option", act="option", arg="grille:slats")
    assert 'data-arg="grille:slats" aria-pressed="true"' in shown_now
    assert 'data-arg="grille:closed" aria-pressed="false"' in shown_now
    assert re.findall("/bodies/[0-9a-f]+", shown_now) != re.findall("/bodies/[0-9a-f]+", closed)
    assert bench.now.design.parameters["grille"] == 5.0
    assert bench.now.design.provenance["grille"] == "designer"
    assert "grille closed to slats" in bench.paint("release")
    draft = bench.desk.draft(bench.now)
    assert draft.brief.options(get_family("car"), bench.now.design.parameters)["grille"] == 5.0
    assert 'role="alert"' in bench.edit("option", act="option", arg="grille:no")
    bench.edit("option", act="option", arg="doors:two")
    assert "doors" not in bench.desk.draft(bench.now).brief.start


def test_jobs_that_lack_something_say_what(bench: Bench) -> None:
    assert "Choose a design in Model first" in bench.call("release", "begin")
    assert "Choose a design in Model first" in bench.call("evidence", "simulate", "coarse")
    assert "Read a brief first" in bench.call("sheet", "start", 4, "", "")


def test_a_running_search_is_shown_with_its_charts(bench: Bench) -> None:
    bench.call("brief", "understand", SENTENCE, "car")
    bench.call("brief", "model_it", SENTENCE, "car")
    job = bench.desk.store.submit("optimise", {"brief": {"family": "car"}, "trials": 20}, bench.session)
    bench.desk.store.cancel(job.id, bench.session)
    trial = {
        "number": 7, "feasible": True, "violation": 0.0, "parameters": bench.now.design.parameters,
        "numbers": {"drag_coefficient": 0.25}, "objectives": {"drag_coefficient": 0.25}, "sigmas": {},
    }  # fmt: skip
    told = [
        {"kind": "leading", "design": bench.now.design.to_json()},
        {"kind": "trials", "trials": [trial]},
    ]
    with (job.folder / "events.jsonl").open("a") as log:
        log.writelines(json.dumps(line) + "\n" for line in told)
    page = bench.call("search", "look", "")
    assert "1 designs tried, 1 meet everything" in page
    assert "0.25" in page
    bench.call("search", "act", event(act="trial", arg="7"))
    assert bench.desk.sessions.log(bench.session).entries()[-1].who == "search trial 7"


def test_a_trial_that_is_opened_has_the_options_of_the_search(bench: Bench) -> None:
    bench.call("brief", "understand", "an SUV with a slatted grille", "car")
    bench.call("brief", "model_it", "an SUV with a slatted grille", "car")
    bench.edit("option", act="option", arg="rim:mesh")
    design = bench.now.design
    brief = bench.desk.draft(bench.now).brief.to_json() | {"prompt": ""}
    asked = {"brief": brief, "start": design.to_json(), "trials": 20}
    job = bench.desk.store.submit("optimise", asked, bench.session)
    bench.desk.store.cancel(job.id, bench.session)
    numbers = {p.name: design.parameters[p.name] for p in get_family("car").parameters}
    trial = {"number": 3, "feasible": True, "violation": 0.0, "parameters": numbers, "numbers": {},
             "objectives": {"departure": 0.1}, "sigmas": {}}  # fmt: skip
    with (job.folder / "events.jsonl").open("a") as log:
        log.write(json.dumps({"kind": "trials", "trials": [trial]}) + "\n")
    bench.edit("option", act="option", arg="rim:turbine")
    bench.call("search", "act", event(act="trial", arg="3"))
    assert bench.now.design.parameters["grille"] == 5.0
    assert bench.now.design.parameters["rim"] == 6.0
    assert "slats" in bench.paint("brief")


def test_evidence_names_the_nearest_runs(bench: Bench) -> None:
    bench.call("model", "begin", "fastback")
    page = bench.paint("evidence")
    assert "car-" in page
    assert "medium" in page
