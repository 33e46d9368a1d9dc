"""What a walk through the studio found: what is shown says whose it is, how much, and in which unit."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from studio_bench import Bench, nothing_left  # noqa: F401 - a fixture

from maquette.constraints.requirements.requirement import Requirement, Verdict
from maquette.design.family.records import Design
from maquette.design.family.registry import get_family
from maquette.design.messages import say
from maquette.design.structures.solve import solve
from maquette.ui.jobs import Job
from maquette.ui.messages.words import Words

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)
WORDS = Words("en")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, "en").model("a fastback, wheelbase at least 2.5 m")


def run_of(bench: Bench, number: str, **values: float) -> Job:
    design = bench.now.design
    ran = replace(design, parameters={**design.parameters, **values})
    return Job(
        id=number * 32, session=bench.session, verb="simulate", status="done", created=0.0,
        arguments={"design": ran.to_json()}, folder=bench.desk.sessions.root,
        result={"outputs": {"drag_coefficient": 0.31}, "fidelity": "medium", "converged": True,
                "run_id": f"run-{number}", "reason": ""},
    )  # fmt: skip


def test_evidence_shows_every_run_of_the_design_in_hand_after_an_undo(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = bench.now.design.parameters["wheelbase"]
    first, again = run_of(bench, "a"), run_of(bench, "b")
    bench.edit("settle", values={"wheelbase": was + 50.0})
    other = run_of(bench, "c")
    monkeypatch.setattr(bench.desk.store, "of", lambda _session: [other, again, first])
    monkeypatch.setattr(bench.desk, "events", lambda _job: [])
    page = bench.paint("evidence")
    assert ("run-c" in page, "run-a" in page) == (True, False)
    assert "Runs of other designs in this session: 2." in page
    bench.edit("undo", tab="evidence")
    page = bench.paint("evidence")
    assert ("run-a" in page, "run-b" in page, "run-c" in page) == (True, True, False)
    assert "Runs of other designs in this session: 1." in page
    assert "another design" not in page


def test_changes_are_told_in_steps_that_people_use() -> None:
    from maquette.ui.web.design_view import in_steps

    assert in_steps(415.0, 389.153, "mm") == ("415", "389")
    assert in_steps(72.5, 73.2518, "deg") == ("72.5", "73.3")
    assert in_steps(1.6, 1.4321, "mm") == ("1.6", "1.4")
    assert in_steps(415.2, 415.4, "mm") == ("415.2", "415.4"), "what would read the same is told finer"
    assert in_steps(0.40001, 0.40002, "1") == ("0.40001", "0.40002")
    assert in_steps(0.4, 0.45678, "1") == ("0.400", "0.457")


def test_the_spread_of_a_structure_has_units() -> None:
    from maquette.ui.web.evidence import strength

    chair = get_family("chair")
    values = chair.accept(chair.defaults())
    structure = chair.structure(values)
    assert structure is not None
    page = strength(solve(structure), WORDS, chair, values)
    low, high = chair.spreads(values)["peak_stress"]
    assert f"{low:.3g} – {high:.3g} MPa<" in page
    low, high = chair.spreads(values)["max_deflection"]
    assert f"{low:.3g} – {high:.3g} mm<" in page
    low, high = chair.spreads(values)["safety_factor"]
    assert f"{low:.3g} – {high:.3g}<" in page


def test_a_found_design_shows_value_limit_and_margin_of_each_requirement() -> None:
    from maquette.ui.web.parts import held_to

    def judged(quantity: str, unit: str, value: float, limit: float) -> dict[str, Any]:
        asked = Requirement(quantity, unit, at_most=limit)
        gap = (value - limit) / limit
        return Verdict(asked, quantity, unit, value, limit, gap, gap <= 0.0, True, "", "parameters").to_json()

    rows = [judged("overall_length", "mm", 4650.0, 4700.0), judged("mass", "kg", 1.25, 1.2)]
    page = re.sub(r"<[^>]+>", "|", held_to(rows, WORDS))
    page = re.sub(r"\|+", "|", page)
    assert "|✓ overall length|4650 mm|≤ 4700 mm|+50.0 mm|" in page
    assert "|✗ mass|1.25 kg|≤ 1.2 kg|−0.05 kg|" in page


def test_predictions_on_cards_say_how_many_own_runs_they_learned_from() -> None:
    from maquette.ui.web.parts import learned

    assert learned({"own_runs": 2}, WORDS) == "learned from 2 runs of this session, too"
    assert learned({"own_runs": 0}, WORDS) == learned({}, WORDS) == ""


def test_the_list_of_starting_bodies_says_which_sketch_is_in_hand(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def chosen() -> tuple[str, str]:
        answer = bench.pages["model"].paint(bench.now)
        fields = [v if isinstance(v, dict) else getattr(v, "__dict__", {}) for v in answer.values()]
        box = next(v for v in fields if any("fastback" in str(c) for c in v.get("choices") or ()))
        names = {str(value): str(label) for label, value in box["choices"]}
        return str(box["value"]), names[str(box["value"])]

    assert chosen()[0] == "fastback"
    drawn = [
        Job(id=n * 32, session=bench.session, verb="sketch", created=0.0, arguments={}, folder=Path())
        for n in "ba"
    ]
    monkeypatch.setattr(bench.desk.store, "of", lambda _session: drawn)
    design = bench.now.design
    read = Design("car", design.parameters, dict.fromkeys(design.parameters, "concept 3"))
    what = say("sketch of job {job} chosen", job=("b" * 32)[:6])
    bench.desk.take(bench.session, say("concept {number}", number=3), what, read)
    assert chosen() == ("*", "sketch 3 of sheet 2")
    assert bench.now.design == bench.desk.sessions.read(bench.session).design
    bench.call("model", "begin", "*")
    assert chosen() == ("*", "sketch 3 of sheet 2"), "what is in hand can be chosen, and stays"
    bench.call("model", "begin", "estate")
    assert chosen()[0] == "estate"


def test_a_field_for_a_limit_shows_an_example_of_its_own_quantity() -> None:
    from maquette.constraints.requirements.quantity import get_quantity
    from maquette.constraints.requirements.units import parse_value
    from maquette.ui.briefing import askable, draft_from_text, example_of
    from maquette.ui.web.brief import chips

    assert example_of("car", "ground_clearance") == "180 mm"  # 105 to 250
    assert example_of("bicycle", "stack").endswith(" mm")
    assert example_of("chair", "mass").endswith(" kg")
    for family in ("car", "bicycle", "chair"):
        for _, name in askable(family):
            known, example = get_quantity(get_family(family), name), example_of(family, name)
            if example and not example.startswith("…"):
                value = parse_value(example, known, name)
                assert known.low is None or value >= known.low
                assert known.high is None or value <= known.high
    page = chips(draft_from_text("a bicycle frame with a stack of 560 mm"), WORDS)
    first = example_of("bicycle", askable("bicycle")[0][1])
    assert f'placeholder="{first}"' in page
    assert 'value="mass" data-example="3.4 kg"' in page
    assert "4.6 m" not in page


def test_a_limit_out_of_reach_comes_with_ways_out_to_press(bench: Bench) -> None:
    def limits() -> dict[str, Any]:
        return {r.quantity: (r.at_least, r.at_most) for r in bench.desk.draft(bench.now).brief.requirements}

    # the car's wheelbase goes to 3300 mm, its ground clearance from 105 mm
    page = bench.edit("brief", act="limit", arg="wheelbase:at_least", value="3.5 m")
    assert "out of reach" in page
    assert "take wheelbase ≥ 3300 mm" in page
    assert "ask nothing of wheelbase" in page
    assert limits()["wheelbase"] == (2500.0, None), "nothing changes before it is pressed"
    bench.edit("brief", act="take", arg="wheelbase:at_least:3300.0")
    assert limits()["wheelbase"] == (3300.0, None)
    bench.edit("brief", act="take", arg="wheelbase:at_least:")
    assert "wheelbase" not in limits()
    page = bench.call(
        "brief", "understand", "a fastback, ground clearance at most 50 mm, height 1.4 m", "car"
    )
    assert "take ground clearance ≤ 105 mm" in page
    assert "data-question" in page
    bench.edit("brief", act="take", arg="ground_clearance:at_most:105.0")
    assert limits()["ground_clearance"] == (None, 105.0)
    assert bench.desk.draft(bench.now).brief.locks == {"overall_height": 1400.0}, "the rest was kept"
    assert bench.desk.draft(bench.now).questions == ()
    bench.call("brief", "understand", "a fastback, ground clearance at most 50 mm", "car")
    bench.edit("brief", act="take", arg="ground_clearance:at_most:")
    assert bench.desk.draft(bench.now).questions == ()
    assert "ground_clearance" not in limits()
