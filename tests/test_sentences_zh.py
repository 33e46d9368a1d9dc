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
from maquette.ui import briefing, live, progress
from maquette.ui.jobs import JobStore, Sessions, accept_upload, record, store
from maquette.ui.messages.sentences_zh import _FIELD, _templates, in_chinese
from maquette.ui.messages.sentences_zh_design import DESIGN
from maquette.ui.messages.sentences_zh_terms import FRAGMENTS, TERMS
from maquette.ui.messages.sentences_zh_work import WORK
from maquette.ui.messages.words import Words

ROOT = Path(__file__).parents[1]


def error_of(act: Callable[[], Any]) -> str:
    with pytest.raises(MaquetteError) as caught:
        act()
    return str(caught.value)


# -- verdicts, domain, rules -----------------------------------------------------------------------------


def verdicts(family: Family, predictor: Any, values: Mapping[str, float]) -> Iterator[str]:
    """The reasons for limits on every quantity that hold and that do not, on either side, and for locks."""
    measures = family.measures(values)
    predicted = predictor.predict_design(values, measures["frontal_area"]) if predictor else {}
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
    for reason in set(verdicts(family, live.surrogate_now(name), family.defaults())):
        chinese(reason)


def test_outside_the_domain_reads_in_chinese() -> None:
    family, surrogate = get_family("car"), live.surrogate_now("car")
    assert surrogate is not None
    asked = Brief("car", requirements=(Requirement("drag_coefficient", "1", at_most=0.25),))
    reasons = set()
    for values, _ in zip(corners(family, 3), range(40), strict=False):
        if family.broken_rules(values):
            reasons.add(surrogate.predict_design(values, 2.2)["drag_coefficient"].reason)
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
        "wheelbase at least 9 m",
        "at least 9 m long",
        "wheelbase exactly 2.8 m, wheelbase exactly 2.9 m",
        "wheelbase at most 20 kg",
        "drag coefficient at most 3 m",
        "head room front at least 20 degrees",
        "drag coefficient at most 7",
        "wheelbase fixed at 2.8 m, wheelbase at least 2.9 m",
        "wheelbase 9000 mm",
        "minimise drag, maximise drag",
    ],
)
def test_a_brief_that_cannot_be_read_says_so_in_chinese(text: str) -> None:
    chinese(error_of(lambda: briefing.draft_from_text(text)))


def test_edits_of_a_brief_that_are_refused() -> None:
    draft = briefing.draft_from_text("overall length at most 4.7 m, wheelbase at least 2.8 m")
    row = next(k for k, r in enumerate(draft.brief.requirements) if r.quantity == "overall_length")
    said = "forty-two. Failed."
    told = error_of(lambda: briefing.with_limit(draft, row, "at_most", said))
    assert repr(said) in chinese(told), "what the user wrote is not translated"
    design = briefing.starting_design(draft)
    holding = next(v for v in briefing.judged(draft, design.parameters).verdicts if v.passed)
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
    made = chinese(f"A tried design would pass if you loosened {both.text}, or {one.text}.")
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
        chinese(text.replace("optimise: ", "'optimise': "))
    for status in record.STATUSES:
        assert CJK.search(TERMS[status])


def test_what_is_wrong_with_an_upload(tmp_path: Path) -> None:
    from PIL import Image

    def sent(data: bytes) -> str:
        path = tmp_path / "sent"
        path.write_bytes(data)
        return error_of(lambda: accept_upload(path, tmp_path))

    small, whole = tmp_path / "small.png", tmp_path / "whole.png"
    Image.new("RGB", (5, 5)).save(small)
    Image.new("RGB", (600, 400)).save(whole)
    design = '{"schema_version": 1, "family": "car", "parameters": {"wheelbase": 1.0}}'
    for data in (
        b"hello", b"{not json", small.read_bytes(), whole.read_bytes()[:300], b"\0" * 20_000_001,
        b'{"a": 1}', design.encode(), design.replace("car", "boat").encode(), b'{"x":"' + b"y" * 1_000_001,
    ):  # fmt: skip
        chinese(sent(data))
    chinese(error_of(lambda: accept_upload(tmp_path / "nowhere", tmp_path)))


def test_durations() -> None:
    for seconds, text in ((0.42, "0.4 秒"), (12, "12 秒"), (185, "3 分 05 秒"), (7800, "2 小时 10 分")):
        assert in_chinese(progress.seconds_text(seconds)) == text
        assert text in chinese(f"Done in {progress.seconds_text(seconds)}.")


def test_every_stage_has_chinese() -> None:
    """Stages are named by the verbs in ``progress("stage", ...)``."""
    found = set()
    for file in [*ROOT.glob("ui/*.py"), *ROOT.glob("ui/review/*.py"), *ROOT.glob("surrogate/physics/*.py")]:
        found |= set(re.findall(r'progress\(\s*"([a-z ]+)"', file.read_text(encoding="utf-8")))
    assert {"search", "exact solids", "release", "verify", "bodies", "solving"} <= found
    for stage in found:
        chinese(f"{stage[:1].upper()}{stage[1:]}.")


# -- nothing new without Chinese ---------------------------------------------------------------------------

#: modules whose every error a person in the studio can meet
MEETING = (
    "ui/briefing.py", "ui/live.py", "ui/jobs/store.py", "ui/jobs/session.py", "ui/jobs/uploads.py",
    "constraints/requirement.py", "constraints/reading.py", "constraints/units.py", "design/parameters.py",
    "ui/web/brief.py", "ui/web/search.py", "ui/web/sheet.py", "ui/web/model.py", "ui/web/release.py",
    "ui/web/design_view.py", "ui/web/evidence.py", "ui/web/bodies.py", "ui/jobs/places.py",
    "constraints/explain.py",
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
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "rstrip":
        return literal(node.func.value)
    return HOLE


def sentences_of(path: Path) -> Iterator[str]:
    """Texts of errors and of `message=` in a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            if ast.unparse(node.exc.func).endswith(("InputError", "ParameterError")):
                yield literal(node.exc.args[0])
        elif isinstance(node, ast.keyword) and node.arg == "message":
            yield literal(node.value)


@pytest.mark.parametrize("module", MEETING)
def test_no_sentence_of_the_studio_is_without_chinese(module: str) -> None:
    loose = [
        re.compile(
            re.sub(r"\\?\{\w+(?::\w+)?\\?\}", ".*", re.escape(en).replace(r"\{", "{").replace(r"\}", "}")),
            re.DOTALL,
        )
        for en in (*(en for en, _ in (*DESIGN, *WORK)), *TERMS)
    ]
    for text in sentences_of(ROOT / module):
        bare = text.removesuffix(".")
        if not bare.strip(HOLE + " ():;,.'") or NOT_MET.search(text):
            continue
        forms = [bare, bare[:1].lower() + bare[1:], *bare.split(". ")]
        assert any(p.fullmatch(f) for p in loose for f in forms), f"{module}: no Chinese for {text!r}"


def test_the_tables_are_whole() -> None:
    """Every field of a template is told in Chinese, and none is told that is not there."""
    for english, zh in (*DESIGN, *WORK, *FRAGMENTS):
        assert {m[1] for m in _FIELD.finditer(english)} >= set(re.findall(r"\{(\w+)[^}]*\}", zh)), english
        assert ":" not in "".join(re.findall(r"\{[^}]*\}", zh)), zh
        assert not zh.endswith("。")
    english_only = [en for en, _ in (*DESIGN, *WORK, *FRAGMENTS)]
    assert len(english_only) == len(set(english_only)) == len(_templates())


# -- how it is shown ---------------------------------------------------------------------------------------


def test_unknown_sentences_stay_english_as_a_whole() -> None:
    assert in_chinese("wheelbase is a wonderful thing") == "wheelbase is a wonderful thing"
    assert in_chinese("Failed. The moon is full.") == "失败。 The moon is full."
    assert in_chinese("") == ""
    assert in_chinese("失败。") == "失败。"
    assert in_chinese("wheelbase is 3 bananas; allowed 1 to 2") == "wheelbase is 3 bananas; allowed 1 to 2"
    assert in_chinese("A “quoted. Failed. word” here.") == "A “quoted. Failed. word” here."


def test_english_pages_say_what_the_engine_said() -> None:
    for text in ("wheelbase is 9 mm; allowed 1 to 2 mm", "Failed.", "search trial 4"):
        assert Words("en").said(text) == text
