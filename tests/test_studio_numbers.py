"""What stands beside a number belongs to it, colours mean what people think, locks and limits agree."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest
from studio_bench import Bench, nothing_left  # noqa: F401 - a fixture

from maquette.constraints.requirements.requirement import Requirement, Verdict
from maquette.design.family.registry import get_family
from maquette.ui.jobs import Job

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    sentence = "a fastback, drag coefficient at most 0.30, wheelbase at least 2.5 m"
    return Bench(tmp_path, "en").model(sentence)


def predicted(value: float, sigma: float, **limits: float) -> Verdict:
    """A verdict of a predicted drag coefficient."""
    asked = Requirement("drag_coefficient", "1", **limits)
    normal = NormalDist(value, sigma)
    chance = normal.cdf(limits.get("at_most", 9.0)) - normal.cdf(limits.get("at_least", -9.0))
    half = NormalDist().inv_cdf(0.95) * sigma
    return Verdict(
        asked, "drag_coefficient", "1", value, 0.3, asked.confidence - chance, chance >= asked.confidence,
        True, "", "surrogate", chance, value - half, value + half, True,
    )  # fmt: skip


def test_a_value_on_the_right_side_that_is_not_sure_is_likely_and_says_what_would_make_it_sure() -> None:
    from maquette.ui.messages.words import Words
    from maquette.ui.web.parts import lights, prediction_dial, surer, verdict_dial, verdict_state

    words = Words("en")
    unsure = predicted(0.29, 0.01, at_most=0.30).to_json()
    kind, note = verdict_state(unsure, words)
    assert (kind, "likely, 84 %" in note, "✗" in note) == ("likely", True, False)
    sure_at = 0.30 - NormalDist().inv_cdf(0.9) * 0.01
    assert unsure["sure_at"] == pytest.approx(sure_at)
    assert predicted(sure_at - 1e-6, 0.01, at_most=0.30).passed, "at that value it does hold"
    assert f"≤ {sure_at:.3f}" in surer(unsure, words)
    assert "likely" in verdict_dial(unsure, words)
    assert "84 %" in lights([unsure], words)
    wrong = predicted(0.301, 0.01, at_most=0.30).to_json()
    assert verdict_state(wrong, words)[0] == "bad", "the wrong side of the limit stays a red cross"
    assert verdict_state(predicted(0.27, 0.01, at_most=0.3).to_json(), words)[0] == "good"
    p = {
        "value": 0.29,
        "lower": 0.27,
        "upper": 0.31,
        "unit": "1",
        "coverage": 0.9,
        "in_domain": True,
        "own_runs": 2,
    }
    dial = prediction_dial("drag_coefficient", p, words, 0.3, unsure)
    assert "likely, 84 %" in dial
    assert "sure (90 %) at ≤ 0.287" in dial
    assert "learned from 2 runs of this session" in dial


def test_a_run_of_another_design_is_labelled(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = Job(
        id="a" * 32, session=bench.session, verb="simulate", status="done", created=0.0,
        arguments={"design": bench.now.design.to_json()}, folder=bench.desk.sessions.root,
        result={"outputs": {"drag_coefficient": 0.31}, "fidelity": "medium", "converged": True,
                "run_id": "r1", "reason": ""},
    )  # fmt: skip
    monkeypatch.setattr(bench.desk.store, "of", lambda _session: [ran])
    monkeypatch.setattr(bench.desk, "events", lambda _job: [])
    assert "of the design in Model" in bench.paint("evidence")
    bench.edit("settle", values={"wheelbase": 2700.0})
    assert "another design than the one in Model: wheelbase" in bench.paint("evidence")


def test_runs_of_another_folder_or_session_are_not_taken_in(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from maquette.surrogate.models.surrogate import Surrogate

    own = tmp_path / "own"
    own.mkdir()
    (own / "runs.jsonl").write_text("{}\n")
    other = bench.desk.sessions.new("en").id
    bench.desk.sessions.runs(other).write_text("{}\n")
    monkeypatch.setenv("MAQUETTE_DATA", str(own))
    monkeypatch.setattr(
        Surrogate, "learn", lambda *_: pytest.fail("runs that nobody asked for were taken in")
    )
    assert "drag coefficient" in bench.paint("model")
    assert "drag coefficient" in bench.paint("evidence")


def test_another_starting_body_keeps_what_is_locked_and_says_so(bench: Bench) -> None:
    bench.edit("settle", values={"wheelbase": 2713.0})
    bench.edit("lock", name="wheelbase", on=True)
    said = bench.call("model", "begin", "estate")
    assert bench.now.design.parameters["wheelbase"] == 2713.0
    assert "Locked values were kept: wheelbase" in said
    assert bench.desk.draft(bench.now).brief.locks["wheelbase"] == 2713.0


def test_the_list_of_bodies_says_what_was_chosen_last(bench: Bench) -> None:
    for name in get_family("car").archetypes:
        answer = bench.handler("model", "begin")(bench.session, name)
        chosen = next(v for v in answer.values() if getattr(v, "elem_id", "") == "mq-start" or _is_start(v))
        assert chosen["value"] == name if isinstance(chosen, dict) else chosen.value == name


def test_one_choice_is_one_decision_however_often_the_list_reports_it(bench: Bench) -> None:
    bench.edit("lock", name="wheelbase", on=True)
    before = len(bench.desk.sessions.log(bench.session).entries())
    for _ in range(2):
        assert "Locked values were kept: wheelbase" in bench.call("model", "begin", "estate")
    assert len(bench.desk.sessions.log(bench.session).entries()) == before + 1


def _is_start(component: Any) -> bool:
    choices = component.get("choices") if isinstance(component, dict) else getattr(component, "choices", None)
    return bool(choices) and any("fastback" in str(c) for c in choices)


def test_there_is_one_card_a_quantity(bench: Bench) -> None:
    bench.edit("lock", name="wheelbase", on=True)
    bench.edit("brief", act="add", arg="", value={"quantity": "drag_area", "side": "at_most", "value": "0.7"})
    names = re.findall(
        r'class="mq-dial [^>]*><small>([^<]+)</small>', bench.paint("model").partition("<details")[0]
    )
    assert sorted(names) == sorted(set(names))
    assert {"wheelbase", "drag coefficient"} <= set(names)


@pytest.mark.parametrize("said", ["-5 mm", "−5 mm", "-140"])
def test_a_negative_length_is_refused_wherever_it_stands(bench: Bench, said: str) -> None:
    before = bench.now.brief
    field = {"quantity": "ground_clearance", "side": "at_least", "value": said}
    assert "never negative" in bench.edit("brief", act="add", arg="", value=field)
    assert bench.now.brief == before


def test_an_emptied_field_keeps_its_limit_and_says_so(bench: Bench) -> None:
    before = bench.now.brief
    answer = bench.edit("brief", act="limit", arg="wheelbase:at_least", value=" ")
    assert "The limit of wheelbase stays" in answer
    assert 'data-arg="wheelbase:at_least" value="2500"' in answer
    assert bench.now.brief == before


def test_numbers_come_in_the_steps_that_people_use_and_nothing_is_minus_nothing() -> None:
    from maquette.constraints.requirements.quantity import shown
    from maquette.ui.messages.words import Words
    from maquette.ui.web.parts import signed, value_text, verdict_dial

    assert shown(-0.0004, "1") == "0.000"
    assert shown(-0.6, "1") == "-0.600"
    assert (signed(-0.0002, 3), signed(-0.25, 2), signed(3.0, 1)) == ("0.000", "−0.25", "+3.0")
    assert value_text(4264.4, "mm").startswith("4264<")
    assert value_text(298.8, "l").startswith("299<")
    assert value_text(12.5, "mm").startswith("12.5<")
    asked = Requirement("overall_length", "mm", at_most=4264.0)
    missed = Verdict(asked, "overall_length", "mm", 4264.4, 4264.0, 1e-4, False, True, "", "parameters")
    assert "4264.4" in verdict_dial(missed.to_json(), Words("en")), "a small miss is not rounded away"
