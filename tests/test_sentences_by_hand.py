"""What sentences ask of a design and of a brief: one table a kind, whose rows are read off by anybody."""

from __future__ import annotations

from typing import Any

import pytest
from pod import POD

from maquette.constraints.requirements.choosing import _patterns
from maquette.constraints.requirements.edits import _from, read_edits, takes_back
from maquette.constraints.requirements.product import brief_from_text
from maquette.constraints.requirements.vocabulary import parts_of
from maquette.design.errors import InputError
from maquette.design.family.registry import get_family
from maquette.design.language.clauses import Phrase

CAR, CHAIR = get_family("car"), get_family("chair")
INCH = 25.4

# -- edits ------------------------------------------------------------------------------------------------


def to(quantity: str, value: float) -> tuple[Any, ...]:
    return quantity, value, False, 0.0, False


def more(quantity: str, value: float) -> tuple[Any, ...]:
    return quantity, value, True, 0.0, False


def share(quantity: str, share: float, of_range: bool = False) -> tuple[Any, ...]:
    return quantity, 0.0, True, share, of_range


@pytest.mark.parametrize(
    ("text", "asks", "keeps"),
    [
        ("wheelbase 2750 mm", [to("wheelbase", 2750.0)], ()),
        ("lower the roof to 1400 mm", [to("overall_height", 1400.0)], ()),
        ("lower the roof by 20 mm", [more("overall_height", -20.0)], ()),
        ("wheelbase from 2700 to 2800 mm", [to("wheelbase", 2800.0)], ()),
        ("轴距从2700毫米降到2600毫米", [to("wheelbase", 2600.0)], ()),
        ("车高1400毫米", [to("overall_height", 1400.0)], ()),
        ("前悬长10毫米", [more("front_overhang", 10.0)], ()),  # none can be 10 mm long
        ("轮子大一寸", [more("tyre_diameter", INCH)], ()),
        ("wheelbase +30 mm", [more("wheelbase", 30.0)], ()),
        ("wheelbase -30 mm", [more("wheelbase", -30.0)], ()),
        ("increase the wheelbase by 1 in", [more("wheelbase", INCH)], ()),
        ("make it longer by 20 mm", [more("overall_length", 20.0)], ()),
        ("wheelbase 5 % longer", [share("wheelbase", 0.05)], ()),
        ("decrease the wheelbase by 3 %", [share("wheelbase", -0.03)], ()),
        ("a longer wheelbase", [share("wheelbase", 0.06, True)], ()),
        ("a much longer wheelbase", [share("wheelbase", 0.12, True)], ()),
        ("a slightly longer wheelbase", [share("wheelbase", 0.03, True)], ()),
        ("a lot more luggage", [share("luggage_volume", 0.2)], ()),
        ("轴距大幅加长", [share("wheelbase", 0.12, True)], ()),
        ("reduce the ground clearance", [share("ground_clearance", -0.06, True)], ()),
        ("more luggage", [share("luggage_volume", 0.1)], ()),  # measured: a tenth of its value
        ("steeper windscreen", [share("windscreen_angle", -0.06, True)], ()),  # counted from upright
        ("windscreen 3 degrees steeper", [more("windscreen_angle", -3.0)], ()),
        ("wheelbase longer, 20 mm", [more("wheelbase", 20.0)], ()),
        ("wheelbase shorter, 20 mm", [more("wheelbase", -20.0)], ()),
        ("wheelbase longer, 2750 mm", [to("wheelbase", 2750.0)], ()),
        ("remove the spoiler", [to("spoiler", 0.0)], ()),
        ("keep the height", [], ["overall_height"]),
        ("the same wheelbase", [], ["wheelbase"]),
        ("keep the height and the width", [], ["overall_height", "overall_width"]),
        ("longer without making it wider", [share("overall_length", 0.06, True)], ["overall_width"]),
        ("30 mm longer without touching the height", [more("overall_length", 30.0)], ["overall_height"]),
        ("longer, keep wheelbase", [share("overall_length", 0.06, True)], ["wheelbase"]),
        ("轴距不变，车高降低20毫米", [more("overall_height", -20.0)], ["wheelbase"]),
        ("wheels one inch larger, keep the height", [more("tyre_diameter", INCH)], ["overall_height"]),
    ],
)  # fmt: skip
def test_edits_of_a_car(text: str, asks: list[tuple[Any, ...]], keeps: list[str]) -> None:
    found = read_edits(text, CAR)
    assert [(a.quantity, pytest.approx(a.value), a.relative, pytest.approx(a.share), a.of_range)
            for a in found.asks] == asks  # fmt: skip
    assert list(found.keeps) == list(keeps)
    assert not found.questions
    assert not found.undo
    meanings = [str(h.meaning) for h in found.understood]
    assert {m for m in meanings if m.startswith("keeps ")} == {f"keeps {k.replace('_', ' ')}" for k in keeps}
    assert {m for m in meanings if m.startswith("changes ")} == {
        f"changes {a[0].replace('_', ' ')}" for a in asks
    }


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("座面降10毫米", [more("seat_height", -10.0)]),
        ("a lower seat", [share("seat_height", -0.06, True)]),
        ("lower the seat by 10 mm and make it wider",
         [more("seat_height", -10.0), share("seat_width", 0.06, True)]),
        ("thinner legs, 20 mm", [to("leg_size", 20.0)]),
    ],
)  # fmt: skip
def test_edits_of_a_part_of_a_chair(text: str, asks: list[tuple[Any, ...]]) -> None:
    found = read_edits(text, CHAIR)
    assert [(a.quantity, a.value, a.relative, pytest.approx(a.share), a.of_range) for a in found.asks] == asks


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("wheelbase 30 mm", "is wheelbase to be this, or to change by it?"),
        ("20 mm", "what is to change by this number?"),
        ("wheelbase 2700 to 2800 mm", "a range is no value; which one is meant?"),
        ("drag coefficient 0.25", "drag coefficient is predicted and cannot be set; search for it"),
        ("a lower drag coefficient", "drag coefficient is predicted and cannot be set; search for it"),
        ("remove the wheelbase", "wheelbase cannot be zero; its range is 2250 to 3300 mm"),
        ("remove", "what is to be removed?"),
        ("keep", "what is to be kept?"),
        ("not 30 mm longer", "what is not to be changes nothing; what is to change?"),
        ("wheelbase 2700 mm 2800 mm", "which number belongs to what? say one change at a time"),
    ],
)
def test_edits_that_cannot_be_bound_are_asked_about(text: str, asked: str) -> None:
    found = read_edits(text, CAR)
    assert [str(q.question)[: len(asked)] for q in found.questions] == [asked]
    assert (found.asks, found.keeps) == ([], {})


def test_a_mood_moves_every_parameter_by_six_tenths_of_its_share() -> None:
    moods = CAR.lexicon.moods["sporty"]
    for text, sign in (("make it sportier", 1.0), ("less sporty", -1.0)):
        found = read_edits(text, CAR)
        assert {a.quantity: a.share for a in found.asks} == pytest.approx(
            {n: sign * 0.6 * v for n, v in moods.items()}
        )
        assert all(a.relative and a.of_range and a.words == text for a in found.asks)
        assert [str(h.meaning) for h in found.understood] == ["moves towards sporty"]


def test_what_changes_nothing_is_listed() -> None:
    found = read_edits("thinner", CAR)
    assert [(h.phrase, str(h.meaning)) for h in found.not_understood] == [
        ("thinner", "no change is asked in these words")
    ]
    found = read_edits("increase qwertz", CAR)
    assert ("qwertz", "not in the vocabulary") in [(h.phrase, str(h.meaning)) for h in found.not_understood]


@pytest.mark.parametrize("text", ["", "  ", "x" * 5000])
def test_an_edit_has_words_and_not_too_many(text: str) -> None:
    with pytest.raises(InputError, match="allowed 1 to"):
        read_edits(text, CAR)


@pytest.mark.parametrize(
    ("text", "back"),
    [("undo", True), (" Undo. ", True), ("撤销", True), ("undo the roof", False), ("longer", False)],
)
def test_undo_is_no_more_than_that(text: str, back: bool) -> None:
    assert takes_back(text) == back
    assert read_edits(text, CAR).undo == back


def test_from_stands_before_its_number() -> None:
    one, two = Phrase(0, 1, "145", {}), Phrase(1, 2, "From", {})
    assert not _from([one, two], one)
    assert _from([two, one], one)


# -- briefs -----------------------------------------------------------------------------------------------

WISH = "proportions like cars on the road; say 'any proportions' to lift it"


def heard(text: str) -> Any:
    found = brief_from_text(text, "car")
    assert [str(h.meaning) for h in found.understood if str(h.meaning) == WISH] == (
        [] if found.brief.lifted else [WISH]
    )
    return found


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("wheelbase of at least 2700 mm, preferably at most 2800 mm",
         [("wheelbase", 2700.0, None, True), ("wheelbase", None, 2800.0, False)]),
        ("about 1400 mm high", [("overall_height", 1372.0, 1428.0, True)]),  # 2 % to either side
        ("轴距2700毫米左右", [("wheelbase", 2646.0, 2754.0, True)]),
        ("height 1400 ± 10 mm", [("overall_height", 1390.0, 1410.0, True)]),
        ("wheelbase between 2700 and 2800 mm", [("wheelbase", 2700.0, 2800.0, True)]),
        ("wheelbase longer than 2700 mm", [("wheelbase", 2700.0, None, True)]),
        ("drag coefficient 0.25", [("drag_coefficient", None, 0.25, True)]),  # as good as that
        ("drag coefficient below 0.25", [("drag_coefficient", None, 0.25, True)]),
        ("overall length limit 4.5 m", [("overall_length", None, 4500.0, True)]),
        ("车高不超过1400毫米", [("overall_height", None, 1400.0, True)]),
        ("hatchback with head room for tall passengers",
         [("head_room_front", 965.0, None, True), ("head_room_rear", 945.0, None, True)]),
        ("preferably with head room for tall passengers",
         [("head_room_front", 965.0, None, False), ("head_room_rear", 945.0, None, False)]),
    ],
)  # fmt: skip
def test_limits_of_sentences(text: str, limits: list[tuple[Any, ...]]) -> None:
    brief = heard(text).brief
    found = [(r.quantity, r.at_least, r.at_most, r.hard) for r in brief.requirements]
    assert [(q, pytest.approx(a), pytest.approx(b), h) for q, a, b, h in limits] == found
    assert not brief.locks


@pytest.mark.parametrize(
    ("text", "locks"),
    [
        ("wheelbase 110 in", {"wheelbase": 110 * INCH}),
        ("wheelbase 2.7", {"wheelbase": 2700.0}),  # nothing else than metres is plausible
        ("ground clearance 5", {"ground_clearance": 5 * INCH}),
        ("windscreen 60 degrees", {"windscreen_angle": 60.0}),
        ("no spoiler", {"spoiler": 0.0}),
        ("without a spoiler", {"spoiler": 0.0}),
        ("不要尾翼", {"spoiler": 0.0}),
    ],
)
def test_what_sentences_fix(text: str, locks: dict[str, float]) -> None:
    brief = heard(text).brief
    assert dict(brief.locks) == pytest.approx(locks)
    assert not brief.requirements


@pytest.mark.parametrize(
    ("text", "asked", "choices"),
    [
        ("at most 2700 to 2800 mm wheelbase",
         "a comparison with a range: which of its ends is the limit?", ()),
        ("wheelbase better than 2700 mm", "is wheelbase to be at least or at most this?",
         ("at least 2700 mm", "at most 2700 mm")),
        ("wheelbase worse than 2.7 m", "is wheelbase to be at least or at most this?",
         ("at least 2700 mm", "at most 2700 mm")),
        ("wheelbase 27", "which unit has wheelbase? it can be 2250 to 3300 mm", None),
        ("no wheelbase",
         "nothing of this is understood; what should the product be, or what must hold?", None),
    ],
)  # fmt: skip
def test_what_sentences_leave_open_is_asked(text: str, asked: str, choices: tuple[str, ...] | None) -> None:
    found = heard(text)
    assert [str(q.question) for q in found.questions] == [asked]
    if choices is not None:
        assert tuple(map(str, found.questions[0].choices)) == choices
    assert not found.brief.requirements
    assert not found.brief.locks


@pytest.mark.parametrize(
    ("text", "shifts"),
    [  # an adjective is 0.22 of the range, negated it is half of that the other way
        ("a long wheelbase", {"wheelbase": 0.22}),
        ("a not long wheelbase", {"wheelbase": -0.11}),
        ("a big spoiler", {"spoiler": 0.22}),
        ("a big hood", {"cowl_setback": 0.22}),  # known as a feature only
        ("sporty", {"overall_height": -0.12, "tyre_width": 0.2, "front_overhang": -0.08}),
        ("not sporty", {"overall_height": 0.06, "windscreen_angle": -0.06, "tyre_width": -0.1}),
        ("long overhangs", {"front_overhang": 0.22, "rear_overhang": 0.22}),
    ],
)  # fmt: skip
def test_looks_move_the_start_by_shares_of_ranges(text: str, shifts: dict[str, float]) -> None:
    found = heard(text)
    defaults = CAR.defaults()
    told = next(str(h.meaning) for h in found.understood if str(h.meaning).startswith("starting point: "))
    ranges = {p.name: p.range for p in CAR.parameters}
    for name, share in shifts.items():
        r = ranges[name]
        there = min(max(defaults[name] + share * (r.high - r.low), r.low), r.high)
        assert found.brief.start[name] == pytest.approx(there), name
        assert f"{name.replace('_', ' ')} {'up' if share > 0 else 'down'}" in told


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("minimise drag", ("drag_coefficient",), ()),
        ("a low drag coefficient", ("drag_coefficient",), ()),
        ("drag as low as possible", ("drag_coefficient",), ()),
        ("as short as possible", ("overall_length",), ()),
        ("风阻系数尽量低", ("drag_coefficient",), ()),
        ("roomy", (), ("cabin_volume",)),
        ("not roomy", (), ()),
    ],
)
def test_wishes_of_sentences(text: str, least: tuple[str, ...], most: tuple[str, ...]) -> None:
    found = heard(text)
    assert (found.brief.minimise, found.brief.maximise) == (least, most)
    told = "; ".join(str(h.meaning) for h in found.understood)
    assert all(f"minimise {n.replace('_', ' ')}" in told for n in least)
    assert all(f"maximise {n.replace('_', ' ')}" in told for n in most)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("luggage volume", ("luggage volume", "no number or direction given for it")),
        ("no wheelbase", ("no wheelbase", "wheelbase cannot be zero; its range is 2250 to 3300 mm")),
    ],
)
def test_what_sentences_only_name_is_listed(text: str, told: tuple[str, str]) -> None:
    assert told in [(h.phrase, str(h.meaning)) for h in heard(text).not_understood]


def test_a_body_type_and_a_lifted_wish() -> None:
    found = heard("an SUV")
    assert "starting point: suv" in [str(h.meaning) for h in found.understood]
    assert found.brief.start["ground_clearance"] == CAR.archetypes["suv"]["ground_clearance"]
    assert found.brief.kind == "suv"
    found = heard("any proportions")
    assert found.brief.lifted == ("road_proportions",)
    assert [str(h.meaning) for h in found.understood] == [
        "lifts the default wish: proportions like cars on the road"
    ]


def test_what_moves_the_start_is_told_from_what_holds() -> None:
    found = heard("a sporty SUV with a long wheelbase, height at most 1700 mm, no spoiler")
    starts = {str(h.meaning).partition(":")[0] for h in found.understood if h.starts}
    assert starts == {"starting point"}
    assert sum(h.starts for h in found.understood) == 3
    assert not any(
        h.starts for h in found.understood if "at most" in str(h.meaning) or "fixed" in str(h.meaning)
    )


# -- words of a family --------------------------------------------------------------------------------------


def test_parts_have_the_measures_that_their_parameters_name() -> None:
    """A stretcher is a part by its one parameter; a seat by the lexicon; what is overall is none."""
    chair = {names[0]: dict(measures) for names, measures in parts_of(CHAIR)}
    assert chair["stretcher"] == {"height": "stretcher_height"}
    assert chair["seat"] == {
        "height": "seat_height", "width": "seat_width", "depth": "seat_depth", "angle": "seat_angle",
        "thickness": "seat_thickness", "hollow": "seat_dish",
    }  # fmt: skip
    assert chair["backrest"]["width"] == "back_width"
    pod = {names[0]: dict(measures) for names, measures in parts_of(POD)}
    assert pod["approach"] == {"angle": "approach_angle"}
    assert pod["tyre"] == {"diameter": "tyre_diameter", "height": "tyre_diameter"}
    for found in (chair, pod):
        assert not {"overall", "body", "total", ""} & set(found)
    assert "tyre" not in [n for names, measures in parts_of(POD) if measures == {} for n in names]


def test_options_of_choices_that_a_family_lacks_are_no_words() -> None:
    assert CAR.choices
    assert not POD.choices
    assert _patterns(POD) == ()
    known = {c.name: c.choice.options for c in CAR.choices}
    for _, options in _patterns(CAR):
        assert options
        assert all(0 <= place < len(known[name]) for name, place in options.items())
