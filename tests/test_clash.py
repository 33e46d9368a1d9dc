"""What cannot hold together by arithmetic: said at once with a smallest set and ways out that mend it."""

from __future__ import annotations

import pytest

from maquette.constraints.requirements.product import brief_from_text
from maquette.design.errors import ClashError, InputError

# the car's front overhang is at least 680 mm, its rear overhang 550 mm, its wheelbase 2250 mm and more
FOUR = "length at most 4.35 m, wheelbase at least 2.7 m, front overhang at least 850 mm, rear overhang {} mm"
CASES = [
    # 2700 + 850 + 850 = 4400: 50 mm too long; none of the three can be left out
    (
        FOUR.format("at least 850"),
        ["wheelbase at least 2700 mm", "front overhang at least 850 mm", "rear overhang at least 850 mm"],
        [
            "overall length to at most 4400 mm", "wheelbase to at least 2650 mm",
            "front overhang to at least 800 mm", "rear overhang to at least 800 mm",
        ],
        [],
    ),
    # 3000 + 680 + 550 = 4230 already: the front overhang does not matter
    (
        "wheelbase 3 m, length at most 4.2 m, front overhang at least 800 mm",
        [
            "wheelbase fixed at 3000 mm",
            "front overhang never below 680 mm",
            "rear overhang never below 550 mm",
        ],
        ["overall length to at most 4350 mm", "wheelbase fixed at 2850 mm"],
        ["front overhang at least"],
    ),
    (
        "length at least 4.9 m, wheelbase at most 2.5 m, front overhang at most 900 mm",
        # the front and rear ends of the declaration: 2500 + 990 + 1110
        ["wheelbase at most 2500 mm", "front overhang never above", "rear overhang never above"],
        ["overall length to at least 4600 mm", "wheelbase to at most 2800 mm"],
        ["front overhang at most"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "against", "ways", "apart"), CASES)
def test_a_clash_names_a_smallest_set_and_what_would_mend_it(
    text: str, against: list[str], ways: list[str], apart: list[str]
) -> None:
    with pytest.raises(InputError, match="cannot hold together") as refused:
        brief_from_text(text)
    assert all(words in refused.value.message for words in [*against, *ways])
    assert not any(words in refused.value.message for words in apart)


@pytest.mark.parametrize(
    "mended",
    [
        FOUR.format("at least 850").replace("4.35 m", "4.4 m"),
        FOUR.format("at least 850").replace("2.7 m", "2.65 m"),
        FOUR.format("at least 800"),
    ],
)
def test_each_way_out_is_one(mended: str) -> None:
    assert len(brief_from_text(mended).brief.requirements) == 4


@pytest.mark.parametrize(
    "text",
    [
        "overall height of 1.5 m, overall height at most 1.4 m",
        "ground clearance at least 200 mm, ground clearance at most 150 mm",
        "as little drag and as much drag as possible; minimise the drag coefficient, maximise drag",
        CASES[1][0],
    ],
)
def test_limits_that_clash_are_told_by_the_names_that_people_read(text: str) -> None:
    with pytest.raises(InputError) as refused:
        brief_from_text(text)
    assert "_" not in refused.value.message


def test_a_limit_out_of_reach_is_asked_about_by_the_name_that_people_read() -> None:
    reading = brief_from_text("ground clearance at least 2 m")
    assert not reading.brief.requirements
    (question,) = reading.questions
    assert question.question.startswith("ground clearance is out of reach: allowed 105 to 250 mm")
    assert question.choices == ("250 mm",)


def test_ways_out_come_as_limits_and_locks_that_mend_it() -> None:
    """By hand: 3000 + 680 + 550 = 4230, and 4200 - 680 - 550 = 2970."""
    with pytest.raises(ClashError) as refused:
        brief_from_text("a saloon, wheelbase 3 m, length at most 4.2 m")
    assert refused.value.ways == (("overall_length", "at_most", 4230.0), ("wheelbase", "lock", 2970.0))
