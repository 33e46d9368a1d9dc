"""Engine sentences on the Chinese pages: made by the engine here, so that a new one without Chinese fails."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chinese_text import CJK, chinese, corners

from maquette.constraints.requirements.assess import assess
from maquette.constraints.requirements.brief import Brief
from maquette.constraints.requirements.quantity import SURROGATE, quantities
from maquette.constraints.requirements.requirement import Requirement
from maquette.design.errors import MaquetteError
from maquette.design.family.contract import Family
from maquette.design.family.records import Design
from maquette.design.family.registry import get_family
from maquette.design.messages import Message, capital, listed, named, say
from maquette.ui import briefing, live, progress
from maquette.ui.jobs import JobStore, Sessions, accept_upload, record, store
from maquette.ui.messages.check import complaints
from maquette.ui.messages.extract import ROOT, fields_of, said_in
from maquette.ui.messages.translate import catalogue, translated
from maquette.ui.messages.words import Words
from maquette.ui.workbench import open_workbench


def error_of(act: Callable[[], Any]) -> str:
    with pytest.raises(MaquetteError) as caught:
        act()
    assert caught.value.message == str(caught.value)
    return caught.value.message


# -- verdicts, domain, rules -----------------------------------------------------------------------------


def verdicts(family: Family, predictor: Any, values: Mapping[str, float]) -> Iterator[str]:
    """The reasons for limits on every quantity that hold and that do not, on either side, and for locks."""
    measures = family.measures(values)
    predicted = predictor.predict_design(values, measures) if predictor else {}
    for q in quantities(family).values():
        value = {**values, **measures}.get(q.name, predicted[q.name].value if q.name in predicted else 0.3)
        gap = max(abs(value) * 0.1, 0.1)
        sides = ((None, value - gap), (None, value + gap), (value + gap, None), (value - gap, value + gap))
        asked = [Requirement(q.name, q.unit, low, high) for low, high in sides]
        locks = {} if q.how == SURROGATE or q.name not in values else {q.name: value}
        for r in asked:
            yield from (
                v.reason
                for v in assess(family, values, Brief(family.name, requirements=(r,)), predictor).verdicts
            )
        yield from (
            v.reason for v in assess(family, values, Brief(family.name, locks=locks), predictor).verdicts
        )


@pytest.mark.parametrize("name", ["ahmed", "car"])
def test_every_verdict_reads_in_chinese(name: str) -> None:
    family = get_family(name)
    for reason in set(verdicts(family, open_workbench(name).predictor_or_none, family.defaults())):
        chinese(reason)


def test_outside_the_domain_reads_in_chinese() -> None:
    family, surrogate = get_family("car"), open_workbench("car").predictor_or_none
    assert surrogate is not None
    asked = Brief("car", requirements=(Requirement("drag_coefficient", "1", at_most=0.25),))
    reasons = set()
    for values, _ in zip(corners(family, 3), range(40), strict=False):
        if family.broken_rules(values):
            reasons.add(surrogate.predict_design(values, {"frontal_area": 2.2})["drag_coefficient"].reason)
            continue
        verdict = assess(family, values, asked, surrogate).verdicts[0]
        assert not verdict.in_domain
        chinese(verdict.reason)
    assert any("; " in r for r in reasons), "several reasons at once were meant to be met"
    for reason in reasons - {""}:
        chinese(reason)


@pytest.mark.parametrize(("name", "kinds"), [("ahmed", 3), ("car", 16)])
def test_every_rule_reads_in_chinese(name: str, kinds: int) -> None:
    """Twelve rules of the car, two of them for either axle; one of the Ahmed body needs a short one."""
    family = get_family(name)
    met: dict[str, str] = {}
    together = ""
    for values, _ in zip(corners(family, 5), range(600), strict=False):
        broken = family.broken_rules(values)
        if name == "ahmed":
            broken = [*broken, *family.broken_rules({**values, "length": 200.0})]
        elif len(broken) > 1 and not together:
            together = error_of(lambda v=values: family.accept(v))  # type: ignore[misc]
        met |= {re.sub(r"[\d.]+", "0", b.reason): b.reason for b in broken}
        if len(met) >= kinds and (together or name == "ahmed"):
            break
    assert len(met) >= min(kinds, 14), "every rule was meant to be broken"
    for reason in [*met.values(), together]:
        if reason:
            chinese(reason)


@pytest.mark.parametrize("name", ["ahmed", "car"])
def test_parameters_out_of_range_and_their_meaning(name: str) -> None:
    family = get_family(name)
    good = family.defaults()
    for p in family.parameters:
        for bad in (p.range.high + 10.0, float("nan"), float("inf"), "wide", True):
            chinese(error_of(lambda v={**good, p.name: bad}: family.validate(v)))  # type: ignore[misc]
        chinese(error_of(lambda n=p.name: family.validate({k: v for k, v in good.items() if k != n})))  # type: ignore[misc]
        chinese(p.range.doc)
        assert CJK.search(Words("zh").name(p.name))
        assert CJK.search(Words("zh").name(p.range.group))
    for c in family.choices:
        for wrong in (c.choice.options[0] + "x", 99, None):
            chinese(error_of(lambda v={**good, c.name: wrong}: family.validate(v)))  # type: ignore[misc]
        chinese(c.choice.doc)
        for told in (c.name, c.choice.group, *c.choice.options):
            assert CJK.search(Words("zh").name(told)), told
    for m in family.measure_list:
        chinese(m.doc)
        assert CJK.search(Words("zh").name(m.name))
    assert "'wheelbse'" in chinese(error_of(lambda: family.validate({"wheelbse": 1.0})))


# -- briefs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x " * 3000,
        "at most 4.2 m long and at least 4.6 m long",
        "wheelbase fixed at 2.8 m, wheelbase at least 2.9 m",
        "minimise drag, maximise drag",
    ],
)
def test_a_brief_that_cannot_be_read_says_so_in_chinese(text: str) -> None:
    chinese(error_of(lambda: briefing.draft_from_text(text)))


@pytest.mark.parametrize(
    "text",
    [
        "wheelbase at most 20 kg",
        "drag coefficient at most 3 m",
        "head room front at least 20 degrees",
        "wheelbase at least 9 m",
        "at least 9 m long",
        "wheelbase exactly 2.8 m, wheelbase exactly 2.9 m",
        "drag coefficient at most 7",
        "wheelbase 9000 mm",
        "windscreen angle 28 degrees",
    ],
)
def test_a_value_that_cannot_be_meant_is_asked_about_in_chinese(text: str) -> None:
    (asked,) = briefing.draft_from_text(text).questions
    chinese(asked.question)


def test_edits_of_a_brief_that_are_refused() -> None:
    draft = briefing.draft_from_text("overall length at most 4.7 m, wheelbase at least 2.8 m")
    row = next(k for k, r in enumerate(draft.brief.requirements) if r.quantity == "overall_length")
    said = "forty-two. Failed."
    told = error_of(lambda: briefing.with_limit(draft, row, "at_most", said))
    assert repr(said) in chinese(told), "what the user wrote is not translated"
    design = briefing.starting_design(draft)
    holding = next(
        v for v in draft.product.assignment(draft.parsed).assess(design.parameters).verdicts if v.passed
    )
    for act in (
        lambda: briefing.with_limit(draft, row, "at_most", "20 kg"),
        lambda: briefing.with_limit(draft, row, "at_most", float("nan")),
        lambda: briefing.with_limit(draft, row, "at_least", "5 m"),
        lambda: briefing.with_limit(draft, 9, "at_least", "5 m"),
        lambda: briefing.with_requirement(draft, "wheelbase", "at_most", "2 m"),
        lambda: briefing.with_requirement(draft, "drag_coefficient", "at_most", "0.3 m"),
        lambda: briefing.with_wishes(draft, ("drag_coefficient",), ("drag_coefficient",)),
        lambda: briefing.with_locks(draft, {"wheelbase": 9000.0}),
        lambda: briefing.with_locks(draft, {"wheelbase": 2500.0}),
        lambda: briefing.with_locks(draft, {"drag_coefficient": 0.3}),
        lambda: briefing.needed(holding),
        lambda: briefing.loosened(
            replace(draft, brief=Brief("car")), replace(holding, value=9e9, margin=1.0)
        ),
        lambda: briefing.halfway(design, Design("ahmed", get_family("ahmed").defaults())),
        lambda: live.live(design, Brief("ahmed")),
        lambda: get_family("cra"),
        lambda: quantities(get_family("car")) and briefing.with_wishes(draft, ("wheelbass",), ()),
    ):
        chinese(error_of(act))


def test_how_the_words_of_a_brief_were_taken() -> None:
    texts = (
        "A calm, low fastback under 4.7 m with a wheelbase of at least 2.8 m, drag coefficient at most 0.30, "
        "ground clearance at least 140 mm, head room for tall passengers, zorp wings",
        "a practical, upright estate with a large boot, no longer than 4.8 m",
        "a rugged sporty elegant SUV with big wheels, as light as possible, low drag, not red, no spoiler",
        "4.3 m x 1.8 m x 1.45 m, wheelbase exactly 2.7 m, with 95 % confidence, mirrors, seven of nine",
        "as short as possible, minimise drag, no wheelbase, preferably at least 400 litres of luggage",
        "closed grille, five-spoke wheels, a light bar, a black roof, then a glass roof",
    )
    for text in texts:
        draft = briefing.draft_from_text(text)
        for heard in (*draft.understood, *draft.not_understood):
            if "H61" not in heard.meaning:  # quotes the standard that the figure is from
                chinese(heard.meaning, ends=False)


# -- searches ----------------------------------------------------------------------------------------------


def test_why_no_design_passes() -> None:
    from maquette.constraints.search.search import search

    limits = {"frontal_area": (None, 0.06), "width": (380.0, None), "height": (280.0, None)}
    units = {"frontal_area": "m2", "width": "mm", "height": "mm"}
    hard = tuple(Requirement(n, units[n], low, high) for n, (low, high) in limits.items())
    texts = {search(Brief("ahmed", requirements=hard[:k]), None, trials=16).explanation for k in range(1, 4)}
    texts.add(search(Brief("ahmed", locks={"radius": 130.0, "height": 220.0}), None, trials=8).explanation)
    assert any("No design among" in t for t in texts)
    assert any("loosened" in t for t in texts)
    for text in texts:
        chinese(text)
    for error in ({"trials": 0}, {"workers": 0}):
        chinese(error_of(lambda e=error: search(Brief("ahmed"), None, **e)))  # type: ignore[misc]


def test_a_relaxation_of_two_limits_and_two_ways_out() -> None:
    from maquette.constraints.search.explain import Relaxation

    a, b = Requirement("width", "mm", at_most=300.0), Requirement("frontal_area", "m2", at_most=0.1)
    both = Relaxation(((a, "at most", 320.0), (b, "at most", 0.112)), 3, 0.1)
    one = Relaxation(((a, "at least", 1.0),), 12, 0.1)
    ways = listed([both.text, one.text], ", or ")
    made = chinese(say("A tried design would pass if you loosened {ways}.", ways=ways))
    assert "试验 3" in made
    assert "试验 12" in made
    assert "0.112 m²" in made


# -- jobs, sessions, uploads -------------------------------------------------------------------------------


def test_what_jobs_say(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path)
    jobs = JobStore(tmp_path, running=1)
    mine, other = sessions.new(), sessions.new()
    design = get_family("ahmed").defaults()
    brief = Brief("ahmed").to_json()
    first = jobs.submit("optimise", {"brief": brief, "trials": 2000}, mine.id)
    said = {first.message}
    try:
        second = jobs.submit("optimise", {"brief": brief, "trials": 2}, mine.id)
        said |= {second.message, jobs.cancel(second.id).message}
        foreign = error_of(lambda: jobs.read(first.id, other.id))
    finally:
        first = jobs.cancel(first.id)
    said |= {first.message, store.GONE, foreign}
    for act in (
        lambda: jobs.read("0" * 32),
        lambda: jobs.read("zz"),
        lambda: sessions.read("0" * 32),
        lambda: sessions.undo_to(mine.id, 4),
        lambda: jobs.submit("optimise", {"brief": brief, "trials": 0, "workers": 9999}, mine.id),
        lambda: jobs.submit("simulate", {"design": {"family": "ahmed", "parameters": {}}}, mine.id),
        lambda: jobs.submit("body", {"image": "/etc/passwd", "family": "car"}, mine.id),
        lambda: sessions.decide(mine.id, "designer", "x", Design("ahmed", {**design, "length": 9000.0})),
    ):
        said.add(error_of(act))
    for text in said:
        verb = text.arguments.get("verb", "") if isinstance(text, Message) else ""
        chinese(Message(text, text.id, {**text.arguments, "verb": f"'{verb}'"}) if verb else text)
    for status in record.STATUSES:
        assert CJK.search(translated(status, "zh"))


def test_what_is_wrong_with_an_upload(tmp_path: Path) -> None:
    from PIL import Image

    def sent(data: bytes) -> str:
        path = tmp_path / "送来.png"
        path.write_bytes(data)
        return error_of(lambda: accept_upload(path, tmp_path))

    small, whole = tmp_path / "small.png", tmp_path / "whole.png"
    Image.new("RGB", (5, 5)).save(small)
    Image.new("RGB", (600, 400)).save(whole)
    design = '{"schema_version": 1, "family": "car", "parameters": {"wheelbase": 1.0}}'
    for data in (
        b"hello", b"{not json", small.read_bytes(), whole.read_bytes()[:300], b"\0" * 20_000_001,
        b'{"x": 1}', design.encode(), design.replace("car", "boat").encode(), b'{"x":"' + b"y" * 1_000_001,
    ):  # fmt: skip
        chinese(sent(data))
    chinese(error_of(lambda: accept_upload(tmp_path / "nowhere", tmp_path)))


def test_durations() -> None:
    for seconds, text in ((0.42, "0.4 秒"), (12, "12 秒"), (185, "3 分 05 秒"), (7800, "2 小时 10 分")):
        assert translated(progress.seconds_text(seconds), "zh") == text
        assert text in chinese(say("Done in {time}.", time=progress.seconds_text(seconds)))


def test_every_stage_has_chinese() -> None:
    """Stages are named by the verbs in ``progress("stage", ...)``."""
    found = set()
    for file in [
        *ROOT.glob("ui/**/*.py"),
        *ROOT.glob("surrogate/**/*.py"),
        *ROOT.glob("constraints/**/*.py"),
    ]:
        found |= set(re.findall(r'progress\(\s*"([a-z ]+)"', file.read_text(encoding="utf-8")))
    assert {"search", "exact solids", "release", "verify", "bodies", "solving"} <= found
    for stage in found:
        chinese(say("{stage}.", stage=capital(say(stage))))


# -- nothing new without Chinese ---------------------------------------------------------------------------

#: modules whose every error a person in the studio can meet
MEETING = (
    "ui/briefing.py", "ui/live.py", "ui/jobs/store.py", "ui/jobs/session.py", "ui/jobs/uploads.py",
    "constraints/requirements/requirement.py", "constraints/requirements/units.py",
    "constraints/requirements/sentence.py", "constraints/requirements/notebook.py",
    "design/family/parameters.py", "ui/web/brief.py", "ui/web/search.py", "ui/web/sheet.py",
    "ui/web/model.py", "ui/web/release.py", "ui/web/design_view.py", "ui/web/evidence.py",
    "ui/web/bodies.py", "ui/jobs/places.py", "constraints/search/explain.py", "ui/jobs/work.py",
)  # fmt: skip
#: only the command line, a programmer or the program interface meets these
NOT_MET = re.compile(
    r"^running is|cannot be set; allowed|must be an object|^language is|^Range needs|^default ▢ outside"
)
HOLE = "▢"


def literal(node: ast.expr) -> str:
    """A string with a mark for everything that is filled in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(HOLE if isinstance(v, ast.FormattedValue) else literal(v) for v in node.values)
    return HOLE


def sentences_of(path: Path) -> Iterator[str]:
    """English of errors and of `message=` in a module that is written as plain text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            if ast.unparse(node.exc.func).endswith(("InputError", "ParameterError")):
                yield literal(node.exc.args[0])
        elif isinstance(node, ast.keyword) and node.arg == "message":
            yield literal(node.value)


@pytest.mark.parametrize("module", MEETING)
def test_no_sentence_of_the_studio_is_without_an_id(module: str) -> None:
    for text in sentences_of(ROOT / module):
        assert not text.strip(HOLE + " ():;,.'") or NOT_MET.search(text), f"{module}: no id for {text!r}"


def test_the_catalogue_holds_what_is_said_and_nothing_else() -> None:
    assert complaints("zh") == []


def test_templates_are_literals_or_marked() -> None:
    """Elsewhere than here, only what :func:`marked` has named and labels are said by a variable."""
    by_variable = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("[dscu]*/**/*.py")
        for literal, _ in said_in(path)
        if literal is None
    }
    assert by_variable <= {
        "design/products/car/proportions.py", "design/structures/checks.py", "design/structures/verdict.py",
        "constraints/requirements/units.py", "constraints/requirements/edits.py",
        "constraints/requirements/standing_wishes.py", "constraints/requirements/wishes.py",
        "ui/jobs/stages.py", "ui/jobs/store.py", "ui/jobs/work.py", "ui/release/verify_claims.py",
        "ui/sheets/sketching.py",
    }  # fmt: skip


def test_the_catalogue_is_whole() -> None:
    for english, zh in catalogue("zh").items():
        assert "{" not in english or fields_of(zh) <= fields_of(english)
        assert "。。" not in zh
        assert not zh.endswith("？。")


# -- how it is shown ---------------------------------------------------------------------------------------


def test_texts_without_an_id_stay_english_as_a_whole() -> None:
    for text in ("wheelbase is a wonderful thing", "", "失败。", "Failed. The moon is full."):
        assert translated(text, "zh") == text
    unknown = say("{quantity} is {value} bananas", quantity=named("wheelbase"), value=3)
    assert translated(unknown, "zh") == "wheelbase is 3 bananas"
    told = say("{quantity} already holds", quantity=named("a new thing"))
    assert translated(told, "zh") == "a new thing已满足。"


def test_sentences_in_sentences_have_one_full_stop() -> None:
    one, two = say("Failed."), say("{quantity} already holds", quantity=named("wheelbase"))
    assert translated(listed([one, two], " "), "zh") == "失败。轴距已满足。"
    assert translated(listed([two, two], "; "), "zh") == "轴距已满足；轴距已满足。"
    assert translated(say("back to decision {number}: {what}", number=3, what=two), "zh") == (
        "回到第 3 条决策：轴距已满足"
    )


def test_english_pages_say_what_the_engine_said() -> None:
    for text in (say("Failed."), say("search trial {trial}", trial=4), "anything"):
        assert Words("en").said(text) == text
