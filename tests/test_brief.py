"""A brief in English: what each phrase becomes, and that no word is lost."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pod import POD

from maquette.constraints.requirements.brief import ParsedBrief
from maquette.constraints.requirements.requirement import Requirement
from maquette.constraints.requirements.sentence import parse
from maquette.design.errors import InputError
from maquette.design.family.registry import get_family
from maquette.design.language.tokens import cleaned, tokenise
from maquette.design.limits import MAX_PROMPT_CHARS

SENTENCE = (
    "A calm, low fastback under 4.7 m with a wheelbase of at least 2.8 m, drag coefficient at most 0.30, "
    "ground clearance at least 140 mm, head room for tall passengers"
)


def limits(text: str) -> dict[str, tuple[float | None, float | None]]:
    """Quantity to (at least, at most), rounded to a thousandth."""
    return {
        r.quantity: tuple(None if v is None else round(v, 3) for v in (r.at_least, r.at_most))  # type: ignore[misc]
        for r in parse(text, POD).brief.requirements
    }


def test_the_sentence_of_the_main_job() -> None:
    parsed = parse(SENTENCE, POD)
    assert limits(SENTENCE) == {
        "overall_length": (None, 4700.0),
        "wheelbase": (2800.0, None),
        "drag_coefficient": (None, 0.3),
        "ground_clearance": (140.0, None),
        "head_room_front": (965.0, None),
        "head_room_rear": (945.0, None),
    }
    assert parsed.not_understood == ()
    assert [h.phrase for h in parsed.understood][:4] == ["calm", "low", "fastback", "under 4.7 m"]
    start = parsed.brief.start
    assert start["backlight_angle"] == 18.0
    assert start["overall_height"] == pytest.approx(1430.0 - 0.14 * 550.0)
    assert parsed.brief.start_sources["overall_height"] == "archetype fastback, brief: low"
    assert all(r.confidence == 0.9 and r.hard for r in parsed.brief.requirements)
    assert "Pheasant" in next(h.meaning for h in parsed.understood if h.phrase.startswith("head room"))


@pytest.mark.parametrize(
    ("text", "quantity", "expected"),
    [
        ("no longer than 185 inches", "overall_length", (None, 4699.0)),
        ("not wider than 1,850 mm", "overall_width", (None, 1850.0)),
        ("no taller than 4' 9\"", "overall_height", (None, 1447.8)),
        ("lower than 1.4 m", "overall_height", (None, 1400.0)),
        ("shorter than 4.2 m", "overall_length", (None, 4200.0)),
        ("shorter than 1.42 m", "overall_height", (None, 1420.0)),
        ("between 140 and 160 mm of ground clearance", "ground_clearance", (140.0, 160.0)),
        ("ride height 140-160 mm", "ground_clearance", (140.0, 160.0)),
        ("ground clearance from 14 cm to 160 mm", "ground_clearance", (140.0, 160.0)),
        ("clearance of 15 cm or more", "ground_clearance", (150.0, None)),
        ("Cd <= 0.28", "drag_coefficient", (None, 0.28)),
        ("below 0.28 Cd", "drag_coefficient", (None, 0.28)),
        ("a drag coefficient of at most 0.30", "drag_coefficient", (None, 0.3)),
        ("drag at most 0,26", "drag_coefficient", (None, 0.26)),
        ("Cd 0.28", "drag_coefficient", (None, 0.28)),
        ("cx ≤ .26", "drag_coefficient", (None, 0.26)),
        ("Cd no worse than 0.24", "drag_coefficient", (None, 0.24)),
        ("weighing less than 300 kg", "body_mass", (None, 300.0)),
        ("drag better than 0.27", "drag_coefficient", (None, 0.27)),
        ("boot better than 450 litres", "luggage_volume", (450.0, None)),
        ("450-litre boot", "luggage_volume", (450.0, None)),
        ("at least 16 cu ft of trunk space", "luggage_volume", (453.07, None)),
        ("0.62 m² drag area", "drag_area", (None, 0.62)),
        ("drag under 0.6 m2", "drag_area", (None, 0.6)),
        ("frontal area up to 2,2 square metres", "frontal_area", (None, 2.2)),
        ("lighter than 300 kg", "body_mass", (None, 300.0)),
        ("about 2.85 m wheelbase", "wheelbase", (2793.0, 2907.0)),
        ("wheelbase 2.85 m ± 20 mm", "wheelbase", (2830.0, 2870.0)),
        ("wheelbase at least 2.8 m and at most 2.9 m", "wheelbase", (2800.0, 2900.0)),
        ("wheelbase, at least 2.8 m", "wheelbase", (2800.0, None)),
        ("rear head room of at least 93 cm", "head_room_rear", (930.0, None)),
        ("approach angle over 15°", "approach_angle", (15.0, None)),
        ("belt ratio below 62 %", "belt_ratio", (None, 0.62)),
        ("wheelbase at least 2.8", "wheelbase", (2800.0, None)),
        ("wheelbase at least 2800", "wheelbase", (2800.0, None)),
        ("under 4.7 m", "overall_length", (None, 4700.0)),
        ("under 1.4 m", "overall_height", (None, 1400.0)),
    ],
)
def test_numbers_with_units_in_any_sensible_form(
    text: str, quantity: str, expected: tuple[float | None, float | None]
) -> None:
    assert limits(text) == {quantity: expected}
    assert parse(text, POD).not_understood == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wheelbase of 2.85 m", {"wheelbase": 2850.0}),
        ("a 2.85 m long wheelbase", {"wheelbase": 2850.0}),
        ("4.66 m long and 1.89 m wide", {"overall_length": 4660.0, "overall_width": 1890.0}),
        ("wheelbase exactly 2900 mm", {"wheelbase": 2900.0}),
        (
            "4.3 m x 1.8 m x 1.45 m",
            {"overall_length": 4300.0, "overall_width": 1800.0, "overall_height": 1450.0},
        ),
        (
            "4300 by 1800 by 1450 mm",
            {"overall_length": 4300.0, "overall_width": 1800.0, "overall_height": 1450.0},
        ),
        ("no spoiler", {"spoiler": 0.0}),
        ("an estate without a rear spoiler", {"spoiler": 0.0}),
    ],
)
def test_plain_values_and_negations_lock(text: str, expected: dict[str, float]) -> None:
    parsed = parse(text, POD)
    assert dict(parsed.brief.locks) == expected
    assert parsed.brief.requirements == ()
    assert parsed.not_understood == ()


def test_wishes_become_preferences() -> None:
    brief = parse("as little drag as possible, maximise boot space, as short as possible, light", POD).brief
    assert brief.minimise == ("body_mass", "drag_coefficient", "overall_length")
    assert brief.maximise == ("luggage_volume",)
    assert parse("low drag and generous head room", POD).brief == parse(
        "minimise drag and maximise head room", POD
    ).brief.__class__(
        "pod",
        "low drag and generous head room",
        minimise=("drag_coefficient",),
        maximise=("head_room_front", "head_room_rear"),
    )


def test_body_types_and_moods_move_the_starting_point_by_what_they_say() -> None:
    low = parse("very low estate", POD)
    assert low.brief.start["overall_height"] == pytest.approx(1470.0 - 1.6 * 0.14 * 550.0)
    assert low.brief.start["backlight_angle"] == 55.0
    both = parse("something between a fastback and an SUV", POD).brief
    assert both.start["overall_height"] == pytest.approx(0.5 * (1430.0 + 1660.0))
    assert both.start_sources["overall_height"] == "archetype fastback and suv"
    longer = parse("long wheelbase, short overhangs", POD).brief
    assert longer.start["wheelbase"] > 2800.0
    assert longer.start["front_overhang"] < 850.0
    assert longer.start["rear_overhang"] < 920.0
    assert parse("raked windscreen", POD).brief.start["windscreen_angle"] > 59.0
    assert parse("upright windscreen", POD).brief.start["windscreen_angle"] < 59.0


def test_advisory_and_confidence() -> None:
    brief = parse(
        "ideally under 4.6 m, Cd at most 0.28 with 95 % confidence, wheelbase over 2.7 m if possible", POD
    ).brief
    by_name = {r.quantity: r for r in brief.requirements}
    assert not by_name["overall_length"].hard
    assert not by_name["wheelbase"].hard
    assert by_name["drag_coefficient"].hard
    assert by_name["drag_coefficient"].confidence == 0.95


@pytest.mark.parametrize(
    ("text", "listed", "asked"),
    [
        ("a fastback with gullwing doors", ["gullwing doors"], []),
        ("not an SUV", ["not an SUV"], []),
        ("no mirrors", ["no mirrors"], []),
        ("19-inch wheels", ["wheels"], ["19-inch"]),
        ("500 km of electric range", ["electric range"], ["500 km"]),
        ("0-100 km/h in 5 s", ["0-100 km/h in 5 s"], []),
        ("a wheelbase", ["wheelbase"], []),
        ("🚗 zoom", ["🚗 zoom"], ["🚗 zoom"]),
        ("turning circle under 5 m", ["turning circle", "under"], ["5 m"]),
        ("roof box 1.4 m long", ["roof", "box", "long"], ["1.4 m"]),
        ("Länge 4,7 m", ["Länge"], ["4,7 m"]),
    ],
)
def test_what_is_not_understood_is_listed_and_its_numbers_asked_about(
    text: str, listed: list[str], asked: list[str]
) -> None:
    parsed = parse(text, POD)
    assert list(parsed.unknown_words) == listed
    assert [q.words for q in parsed.questions if "nothing of this" not in str(q.question)] == [
        a for a in asked if "zoom" not in a
    ]
    assert parsed.brief.requirements == ()
    assert parsed.brief.locks == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wheelbase at least 2.9 m and at most 2.8 m", ["wheelbase", "2900 mm", "2800 mm"]),
        ("wheelbase over 3.2 m, no longer than 4.2 m", ["overall length", "4370 mm", "3030 mm"]),
        ("wheelbase of 2.8 m, wheelbase at least 2.9 m", ["wheelbase", "lock", "2800 mm"]),
        ("minimise drag, maximise drag", ["drag coefficient"]),
        ("", ["empty"]),
        ("  \n\t ", ["empty"]),
        ("a " * (MAX_PROMPT_CHARS // 2 + 1), [str(MAX_PROMPT_CHARS)]),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(text: str, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, POD)
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("150 litres of clearance", ["ground clearance", "150 litres of clearance", "volume", "mm"]),
        ("wheelbase over 40 degrees", ["wheelbase", "angle"]),
        ("Cd below 30 %", ["drag coefficient", "percentage"]),
        ("Cd at most 1e999", ["drag coefficient", "finite"]),
        ("wheelbase at least 4 m", ["wheelbase", "2250 to 3300 mm"]),
        ("wheelbase of 4 m", ["wheelbase", "2250 to 3300 mm"]),
        ("wheelbase of 2.8 m, wheelbase of 2.9 m", ["wheelbase", "2800 mm", "2900 mm"]),
        ("Cd at most 26", ["drag coefficient", "0.05 to 1.5"]),
    ],
)
def test_what_no_design_can_have_is_asked_about_and_the_rest_is_kept(text: str, words: list[str]) -> None:
    parsed = parse(f"{text}. Overall height at most 1.45 m.", POD)
    (asked,) = parsed.questions
    assert all(word in asked.question for word in words)
    assert [(r.quantity, r.at_most) for r in parsed.brief.requirements] == [("overall_height", 1450.0)]


def test_a_windscreen_told_from_the_horizontal_is_offered_from_the_vertical() -> None:
    (asked,) = parse("windscreen angle 28 degrees", get_family("car")).questions
    assert asked.choices == ("62 deg, if the 28 deg are from the horizontal", "40 deg")
    (asked,) = parse("back angle 78 degrees", get_family("chair")).questions
    assert asked.choices[0] == "12 deg, if the 78 deg are from the horizontal"


@pytest.mark.parametrize(
    "text",
    ["drag lower than a Tesla Model 3", "at most 0.26", "length is not 4.7 m", "20 mm longer, Cd 0.25"],
)
def test_what_is_in_doubt_is_asked_and_not_taken(text: str) -> None:
    parsed = parse(text, POD)
    assert parsed.questions
    assert all(r.quantity == "drag_coefficient" and r.at_most == 0.25 for r in parsed.brief.requirements)
    assert parsed.brief.locks == {}


UNITS = st.sampled_from([("mm", 1.0), ("cm", 10.0), ("m", 1000.0), ("inches", 25.4), ("ft", 304.8)])


@given(
    value=st.floats(2300.0, 3200.0),
    unit=UNITS,
    phrase=st.sampled_from(["at least", "over", ">=", "no less than"]),
)
def test_the_unit_does_not_change_the_requirement(value: float, unit: tuple[str, float], phrase: str) -> None:
    name, factor = unit
    (requirement,) = parse(f"wheelbase {phrase} {value / factor:.9f} {name}", POD).brief.requirements
    assert requirement.quantity == "wheelbase"
    assert requirement.at_least == pytest.approx(value, abs=1e-3)


CLAUSES = [
    "calm", "low fastback", "under 4.7 m", "a wheelbase of at least 2.8 m", "Cd at most 0.30", "no spoiler",
    "ground clearance between 140 and 160 mm", "head room for tall passengers", "as little drag as possible",
    "no wider than 75 inches", "long wheelbase", "gullwing doors", "roomy", "boot of 450 litres",
    "ideally shorter than 4.6 m", "an SUV",
]  # fmt: skip


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(CLAUSES), min_size=2, max_size=8, unique=True), st.randoms(use_true_random=False)
)
def test_the_order_of_clauses_does_not_matter(clauses: list[str], rng: random.Random) -> None:
    shuffled = clauses[:]
    rng.shuffle(shuffled)
    one, other = parse(", ".join(clauses), POD), parse("; ".join(shuffled), POD)
    assert one.brief.__class__(**{**vars(one.brief), "prompt": ""}) == other.brief.__class__(
        **{**vars(other.brief), "prompt": ""}
    )
    assert sorted(one.unknown_words) == sorted(other.unknown_words)


def parse_or_refuse(text: str) -> ParsedBrief | None:
    """The parse, or None when the text is refused as it should be: by an InputError of one line."""
    refusal = ""
    try:
        return parse(text, POD)
    except InputError as error:
        refusal = str(error)
    assert refusal
    assert "\n" not in refusal
    return None


def lost_words(text: str, parsed: ParsedBrief) -> Counter[str]:
    """Tokens of the text that are neither understood, nor stop words, nor listed, each counted."""
    phrases = [h.phrase for h in (*parsed.understood, *parsed.not_understood)]
    phrases += [q.words for q in parsed.questions]
    found = Counter(t.text for phrase in (*phrases, *parsed.ignored) for t in tokenise(cleaned(phrase)))
    return Counter(t.text for t in tokenise(cleaned(text))) - found


VOCABULARY = st.lists(
    st.sampled_from(
        [*SENTENCE.replace(",", " ,").split(), *" ".join(CLAUSES).split(), "and", "with", ",", "zebra", "№",
         '"', "-", "2.8m", "%", "of", "not", "without", "very", "±", "≤", "5'11\"", "1e9", "x", "(",
         "4,7", "maximum"]
    ),
    min_size=1,
    max_size=25,
)  # fmt: skip


@settings(max_examples=150)
@given(VOCABULARY)
def test_every_word_is_understood_or_a_stop_word_or_listed(words: list[str]) -> None:
    text = " ".join(words)
    parsed = parse_or_refuse(text)
    if parsed is None:
        return
    assert not lost_words(text, parsed)


@settings(max_examples=150)
@given(st.text(max_size=200))
def test_garbage_never_crashes(text: str) -> None:
    parsed = parse_or_refuse(text)
    if parsed is None:
        return
    assert not lost_words(text, parsed)
    for requirement in parsed.brief.requirements:
        assert isinstance(requirement, Requirement)
        assert all(math.isfinite(v) for v in (requirement.at_least or 0.0, requirement.at_most or 0.0))
