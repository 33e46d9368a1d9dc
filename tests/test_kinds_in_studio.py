"""Numbers that stand for kinds as the studio shows them: by their names, chosen from a list."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from running import maquette
from studio_bench import Bench, nothing_left  # noqa: F401 - a fixture

from maquette.design.family.records import Design
from maquette.design.family.registry import get_family
from maquette.ui.briefing import draft_from_text
from maquette.ui.messages.words import Words
from maquette.ui.release.script import design_script
from maquette.ui.web.brief import chips
from maquette.ui.web.design_view import change_text, differences, slider_values

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)
EN, ZH = Words("en"), Words("zh")
CHAIR = get_family("chair")
STEEL = Design("chair", CHAIR.defaults() | {"frame_material": 3, "base": 1})
TIMBER = Design("chair", CHAIR.defaults() | {"frame_material": 1, "base": 1, "back_members": 5})


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path, "en")
    bench.call("brief", "understand", "a chair with a steel frame", "chair")
    bench.call("brief", "model_it", "", "chair")
    return bench


def test_a_change_of_kind_is_told_by_names() -> None:
    told = change_text(STEEL, TIMBER, EN)
    assert "frame material steel to timber" in told
    assert "back members" in told, "what counts keeps its numbers"
    assert re.search(r"\d", told.partition("frame material")[2].partition(";")[0]) is None
    assert "座面材料" not in ZH.said(told)
    assert "木" in ZH.said(told)


def test_sliders_of_kinds_are_lists_of_names(bench: Bench) -> None:
    draft = bench.desk.draft(bench.now)
    found = bench.desk.numbers(bench.now.design, None)
    items = {
        item["name"]: item
        for group in slider_values(bench.now.design, draft, found, EN)["groups"]
        for item in group["items"]
    }
    assert items["frame_material"]["kinds"] == [[1, "timber"], [2, "aluminium"], [3, "steel"]]
    assert "kinds" not in items["back_members"]
    assert {n for n, item in items.items() if "kinds" in item} == {
        p.name for p in CHAIR.parameters if p.range.words
    }
    for item in items.values():
        if "kinds" in item and "arrow" in item:
            assert item["arrow"]["text"].split(" ")[0] in {name.split(" ")[0] for _, name in item["kinds"]}


def test_a_comparison_names_kinds_and_gives_them_no_difference(bench: Bench) -> None:
    found = bench.desk.numbers(STEEL, None)
    page = re.sub(r"(<[^>]+>)+", "|", differences(found, "A", TIMBER, EN))
    assert "|frame material|steel|timber|" in page
    assert re.search(r"\|frame material\|steel\|timber\|[-−+\d]", page) is None


def test_the_brief_lets_one_choose_among_kinds(bench: Bench) -> None:
    page = chips(draft_from_text("a chair with a steel frame", "chair"), EN)
    row = page.partition('data-quantity="frame_material"')[2].partition("</tr>")[0]
    assert re.search(r'<option value="steel" selected>steel</option>', row)
    assert 'value="3"' not in row
    arg = re.search(r'<select data-act="limit" data-arg="([^"]+)"', row)
    assert arg is not None
    bench.edit("brief", act="limit", arg=arg[1], value="timber")
    (asked,) = (r for r in bench.desk.draft(bench.now).brief.requirements if r.quantity == "frame_material")
    assert (asked.at_least, asked.at_most) == (1, 1)
    assert asked.hard


def test_a_lock_names_its_kind() -> None:
    draft = draft_from_text("a chair", "chair")
    held = replace(draft, brief=replace(draft.brief, locks={"base": 2}))
    assert re.search(r"base <small>sled base</small>", chips(held, EN))


def test_a_release_script_names_kinds_and_its_family_takes_them() -> None:
    text = design_script({"design": TIMBER.to_json()})
    assert "'frame_material': 'timber',  # timber, aluminium, steel; default" in text
    named = {"frame_material": "timber", "base": "sled_base"}
    assert CHAIR.validate(CHAIR.defaults() | named)["frame_material"] == 1


def test_families_say_which_kinds_there_are() -> None:
    told = next(f for f in maquette("families", "--json").json["families"] if f["name"] == "bicycle")
    rows = {p["name"]: p for group in told["parameters"].values() for p in group}
    assert rows["material"]["kinds"] == {"1": "steel", "2": "aluminium", "3": "titanium"}
    line = next(x for x in maquette("families").out.splitlines() if re.search(r"\bseat_stay_bridge\b", x))
    assert re.search(r"\bone\b", line)


def test_cards_of_requirements_name_the_kind_they_found() -> None:
    from maquette.constraints.requirements.assess import assess
    from maquette.ui.web.parts import held_to, verdict_dial

    brief = draft_from_text("a chair with a wooden frame", "chair").brief
    (v,) = (v.to_json() for v in assess(CHAIR, STEEL.parameters, brief).verdicts if v.hard)
    assert "<b>steel</b>" in verdict_dial(v, EN)
    assert "<b>钢</b>" in verdict_dial(v, ZH)
    assert re.search(r"frame material\|steel\|= timber\|–", re.sub(r"(<[^>]+>)+", "|", held_to([v], EN)))
