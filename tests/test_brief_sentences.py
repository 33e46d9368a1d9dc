"""Briefs as designers and engineers write them, in English and Chinese: what is right, counted.

`tests/briefs/en.jsonl` and `zh.jsonl` hold a sentence a line with what it asks of a car: quantity, at
least, at most, in the quantity's unit (equal bounds: fixed; an "about" may be a band around it),
``"ask"`` (a question or a refusal, and no limit taken) or ``"other product"``. The `_fresh` files hold
seven batches that were written after the reader was finished, each read once before anything was mended
for it: 37 of 42, 31 of 40, 18 of 25, 34 of 39 and 30 of 38 requirements were right in English (4, 2, 2, 1
and 2 sentences wrong without a question), 41 of 43, 30 of 40, 24 of 28, 31 of 42 and 39 of 41 in Chinese
(1, 2, 1, 2 and 0 wrong). The sixth and the seventh were written to use words and constructions that no
earlier one has: 23 of 57 (3 wrong) and 20 of 36 (0) in English, 25 of 54 (3) and 24 of 36 (0) in Chinese;
most of what was not read was asked about. What they showed has been mended since: they measure nothing new.

`chair_en.jsonl` and its sisters hold sentences for chairs and bicycle frames, three batches each. First
read: 56 of 68 (1 sentence wrong without a question), 13 of 22 (1) and 9 of 16 (0) for chairs in English,
59 of 64 (2), 11 of 22 (1) and 11 of 16 (1) in Chinese; 47 of 55 (1), 12 of 27 (0) and 17 of 18 (0) for
frames in English, 55 of 56 (0), 15 of 26 (0) and 16 of 18 (0) in Chinese.

The last five batches of each file (A to E: 120 sentences, then 60 each, all three products, half of them
Chinese) are spec sheets, e-mails, tables, lists and one-liners about declared quantities. First read, wrong
sentences without a question in brackets, before the mending that each led to:

========  ==============  =============  =============  =============
batch     car             chair          frame          together
========  ==============  =============  =============  =============
A         82 of 108 (3)   39 of 68 (2)   52 of 64 (0)   173 of 240
B         40 of 60 (0)    29 of 42 (0)   33 of 34 (0)   102 of 136
C         42 of 54 (1)    26 of 38 (0)   28 of 34 (0)   96 of 126
D         44 of 52 (2)    37 of 40 (1)   34 of 34 (0)   115 of 126
E         44 of 56 (1)    26 of 36 (3)   24 of 28 (0)   94 of 120
========  ==============  =============  =============  =============

So fresh sentences stand at 72 to 91 %, not at 97 %; nearly all of the rest is asked about. `cases.jsonl`
holds every sentence of the public reports that were filed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lamp import Lamp

from maquette.constraints.requirements.brief import ParsedBrief
from maquette.constraints.requirements.brief_files import read_brief
from maquette.constraints.requirements.product import brief_from_text
from maquette.constraints.requirements.sentence import parse
from maquette.design.errors import InputError
from maquette.design.family.records import Design
from maquette.design.family.registry import get_family
from maquette.ui.briefing import Draft, draft_from_text
from maquette.ui.messages.words import Words
from maquette.ui.web.brief import chips

FOLDER = Path(__file__).parent / "briefs"
FILES = ("en", "zh", "en_fresh", "zh_fresh")
OTHERS = ("chair_en", "chair_zh", "bicycle_en", "bicycle_zh", "cases")
ENOUGH = 0.97  # share of the requirements that must be right
AROUND = 0.045  # an "about" may be a band as wide as this share
Limits = tuple[str, float | None, float | None]


def rows(name: str) -> list[dict[str, Any]]:
    """The sentences of a file."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]


def read(text: str, family: str = "") -> ParsedBrief | str:
    """The brief, or why it is refused."""
    try:
        return brief_from_text(text, family)
    except InputError as error:
        return error.message


def taken(parsed: ParsedBrief) -> list[Limits]:
    """Every limit and lock."""
    limits = [(r.quantity, r.at_least, r.at_most) for r in parsed.brief.requirements]
    return [*limits, *((name, value, value) for name, value in parsed.brief.locks.items())]


def same(wanted: Limits, got: Limits) -> bool:
    """Whether a limit is the one that is meant."""
    name, low, high = wanted
    if name == got[0] and low is not None and low == high and got[1] is not None and got[2] is not None:
        return got[1] <= low + 1e-6 and low - 1e-6 <= got[2] and got[2] - got[1] <= AROUND * abs(low)
    return name == got[0] and all(
        (a is None and b is None)
        or (a is not None and b is not None and abs(a - b) <= 1e-3 * max(1.0, abs(a)))
        for a, b in zip((low, high), got[1:], strict=True)
    )


def judged(row: dict[str, Any], family: str = "") -> tuple[int, int, bool]:
    """How many requirements of a sentence are right, how many there are, and whether one is wrong unasked."""
    parsed, wanted = read(row["text"], family), row["expect"]
    if isinstance(wanted, str):
        if isinstance(parsed, str):
            return 1, 1, False
        right = wanted == "ask" and bool(parsed.questions) and not taken(parsed)
        return int(right), 1, not right
    if isinstance(parsed, str):
        return 0, len(wanted), False
    left, right = taken(parsed), 0
    for one in wanted:
        hit = next((got for got in left if same(tuple(one), got)), None)
        if hit is not None:
            left.remove(hit)
            right += 1
    return right, len(wanted), bool(left) and not parsed.questions


@pytest.mark.parametrize("name", [*FILES, *OTHERS])
def test_nearly_all_is_right_and_nothing_is_wrong_without_a_question(name: str) -> None:
    family = next((f for f in ("chair", "bicycle") if name.startswith(f)), "")
    found = [(row["text"], *judged(row, family)) for row in rows(name)]
    assert len(found) >= (40 if name in OTHERS else 30 if name.endswith("fresh") else 150)
    assert [text for text, _, _, wrong in found if wrong] == []
    right, total = sum(f[1] for f in found), sum(f[2] for f in found)
    assert right >= ENOUGH * total, [text for text, some, every, _ in found if some < every]


@pytest.mark.parametrize("name", FILES)
def test_a_refused_product_names_the_families(name: str) -> None:
    for row in rows(name):
        if row["expect"] == "other product":
            refusal = read(row["text"])
            assert isinstance(refusal, str)
            assert "car" in refusal


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("wheelbase 2800", "read in mm"),
        ("length 183", "read in in"),
        ("length 4.650 mm", "read as 4650 mm"),
        ("boot at least 20 l", "every design meets this"),
        ("rear head room at least 3 m", "no design is known to meet this"),
    ],
)
def test_what_was_assumed_or_is_odd_is_pointed_out(text: str, said: str) -> None:
    parsed = brief_from_text(text)
    assert parsed.questions == ()
    assert any(said in h.meaning for h in parsed.remarks)


def test_a_number_beside_a_limit_that_was_not_used_is_asked_about() -> None:
    parsed = brief_from_text("Cd at most 0.25 at 120 km/h")
    assert [q.words for q in parsed.questions] == ["120 km/h"]
    assert taken(parsed) == [("drag_coefficient", None, 0.25)]


LAMP_SAYS = [
    ("a desk lamp, reach at least 200 mm, mass below 1.5 kg", {"reach": (200.0, None), "mass": (None, 1.5)}),
    ("overall height must not be more than 0.35 m", {"overall_height": (None, 350.0)}),
    ("5 deg < arm tilt < 15 deg", {"arm_tilt": (5.0, 15.0)}),
    ("tipping force: no less than 5 N", {"tipping_force": (5.0, None)}),
    ("reach (in): 8 or more", {"reach": (203.2, None)}),
]


@pytest.mark.parametrize(("text", "wanted"), LAMP_SAYS)
def test_another_product_is_read_by_the_same_reader(
    text: str, wanted: dict[str, tuple[float | None, float | None]]
) -> None:
    parsed = parse(text, Lamp())
    assert parsed.questions == ()
    assert {r.quantity: (r.at_least, r.at_most) for r in parsed.brief.requirements} == wanted


def test_no_product_but_its_own_is_read_for_a_lamp() -> None:
    with pytest.raises(InputError, match="bicycle"):
        parse("a bicycle under 2 kg", Lamp())


def test_designs_lie_within_the_reach_that_the_family_declares() -> None:
    car = get_family("car")
    base = car.defaults()
    bodies = [base, *({**base, **car.archetypes[name]} for name in ("city_car", "large_suv", "coupe"))]
    reach = car.lexicon.quantities.reach
    for values in bodies:
        measured = car.measures(car.validate(values))
        for name, (low, high) in reach.items():
            assert name not in measured or low <= measured[name] <= high, name


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("10 % more luggage than start.json", ("luggage_volume", 1.1, None)),
        ("a calm fastback, luggage at least 10 % above start.json", ("luggage_volume", 1.1, None)),
        ("no less luggage than start.json", ("luggage_volume", 1.0, None)),
        ("at most 5 % heavier than start.json", ("body_mass", None, 1.05)),
        ("后备箱比start.json大10%，车长不超过4.8米", ("luggage_volume", 1.1, None)),
        ("比start.json轻5%", ("body_mass", None, 0.95)),
    ],
)
def test_a_limit_against_a_design_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, wanted: Limits
) -> None:
    monkeypatch.chdir(tmp_path)
    car = get_family("car")
    Path("start.json").write_text(json.dumps(Design("car", car.defaults()).to_json()))
    parsed = read_brief(text)
    name, low, high = wanted
    base = car.measures(car.defaults())[name]
    limit = next(r for r in parsed.brief.requirements if r.quantity == name)
    assert parsed.questions == ()
    assert (limit.at_least, limit.at_most) == pytest.approx(
        tuple(None if v is None else v * base for v in (low, high))
    )


def test_a_comparison_that_cannot_be_made_is_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("start.json").write_text(json.dumps(Design("car", get_family("car").defaults()).to_json()))
    parsed = read_brief("the same wheelbase as start.json, 5 % less drag than start.json")
    assert parsed.brief.locks == {"wheelbase": get_family("car").defaults()["wheelbase"]}
    assert [str(q.question) for q in parsed.questions] == [
        "drag coefficient is predicted, not measured; give the limit itself"
    ]
    with pytest.raises(InputError, match=r"gone\.json"):
        read_brief("10 % more luggage than gone.json")
    with pytest.raises(InputError, match="a design of family car; the brief is about a chair"):
        read_brief("a chair 5 % lighter than start.json")


def test_what_stands_before_a_comparison_is_read_as_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("start.json").write_text(json.dumps(Design("car", get_family("car").defaults()).to_json()))
    brief = read_brief("a sporty coupe 5 % lighter than start.json").brief
    assert [r.quantity for r in brief.requirements] == ["body_mass"]
    assert brief.start == brief_from_text("a sporty coupe").brief.start


def test_no_file_is_read_for_words_that_come_over_the_network() -> None:
    parsed = brief_from_text("10 % more luggage than /etc/secret.json")
    assert taken(parsed) == []
    assert parsed.questions


def test_the_studio_asks_and_keeps_the_questions() -> None:
    draft = draft_from_text("length 4.7 m ±50, wheelbase at least 2.8 m")
    again = Draft.from_json(json.loads(json.dumps(draft.to_json())))
    assert again.questions == draft.questions
    page = chips(again, Words("en"))
    assert "data-question" in page
    assert "±50 mm / ±50 m / ±50 cm" in page


@pytest.mark.parametrize(
    ("family", "text", "asked"),
    [
        ("car", "a coupe; 1.38 m between the grille and the moon", "1.38 m"),
        ("car", "Cd at most 0.26. Cabin noise 62.5 at 100 km/h", "62.5"),
        ("chair", "a chair under 5 kg. Comfort index: 15 at most", "15 at most"),
    ],
)
def test_a_number_that_may_be_a_limit_is_never_dropped(family: str, text: str, asked: str) -> None:
    parsed = brief_from_text(text, family)
    assert any(asked in q.words or q.words in asked for q in parsed.questions)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("wheelbse at least 2.8 m", [("wheelbase", 2800.0, None)]),
        ("wheelbase at least 9 ft (2743 mm)", [("wheelbase", 2743.2, None)]),
        ("overhangs at most 900 mm in front and 950 mm at the rear",
         [("front_overhang", None, 900.0), ("rear_overhang", None, 950.0)]),
        ("max/target length: 4.6/4.5 m",
         [("overall_length", None, 4600.0), ("overall_length", 4500.0, 4500.0)]),
        ("a height over 1.5 m or a width over 1.9 m is not acceptable",
         [("overall_height", None, 1500.0), ("overall_width", None, 1900.0)]),
        ("wheelbase min 2,740, max 2,800", [("wheelbase", 2740.0, 2800.0)]),
        ("车长比4.5米短、比4.2米长", [("overall_length", 4200.0, 4500.0)]),
        ("整备质量不到一吨四", [("body_mass", None, 1400.0)]),
    ],
)  # fmt: skip
def test_kinds_of_writing_that_were_misread_once(text: str, wanted: list[Limits]) -> None:
    parsed = brief_from_text(text)
    assert parsed.questions == ()
    found = taken(parsed)
    assert len(found) == len(wanted)
    assert all(any(same(one, got) for got in found) for one in wanted)


def test_a_misspelt_name_is_said() -> None:
    assert any("wheelbase" in h.meaning for h in brief_from_text("wheelbse at least 2.8 m").remarks)


def test_an_arrow_is_asked_about() -> None:
    parsed = brief_from_text("height 1450 mm -> 1430 mm")
    assert taken(parsed) == []
    assert parsed.questions
