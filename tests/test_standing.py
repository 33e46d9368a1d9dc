"""Wishes that stand by default: said, visible, removable, kept by a search, yielding to hard limits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from chinese_text import chinese
from numpy.typing import NDArray

from maquette.constraints.requirements.assess import assess
from maquette.constraints.requirements.brief import Brief
from maquette.constraints.requirements.brief_files import brief_from_data, read_brief
from maquette.constraints.requirements.product import brief_from_text
from maquette.constraints.requirements.requirement import Requirement
from maquette.constraints.requirements.standing_wishes import BY_DEFAULT, left_out, standing
from maquette.constraints.search.search import search
from maquette.constraints.search.study import identity_of
from maquette.design.concepts.fit.body import to_concept
from maquette.design.concepts.generate.acceptance import Sampler, settle
from maquette.design.concepts.generate.locks import keep
from maquette.design.concepts.generate.targets import Numbers
from maquette.design.errors import InputError
from maquette.design.family.registry import get_family
from maquette.design.products.car.definition import define
from maquette.design.products.car.proportions import findings
from maquette.ui import briefing
from maquette.ui.messages.words import Words
from maquette.ui.web.brief import chips

CAR = get_family("car")
WISH = "road_proportions"
SAID = "proportions like cars on the road; say 'any proportions' to lift it"
UNLIKE = {"tyre_diameter": 600.0, "overall_height": 1780.0}


def test_a_brief_says_what_stands_by_default() -> None:
    parsed = brief_from_text("a low fastback under 4.7 m")
    assert [(h.phrase, h.meaning) for h in parsed.understood if h.phrase == BY_DEFAULT] == [
        (BY_DEFAULT, SAID)
    ]
    (wish,) = standing(CAR, replace(parsed.brief, kind=""))
    assert (wish.quantity, wish.at_most, wish.hard) == ("proportion_distance", 1.0, False)
    assert wish.source == "default: proportions like cars on the road"
    assert wish not in parsed.brief.requirements, "what nobody said is no requirement of the brief"


@pytest.mark.parametrize(
    "text",
    [
        "a low fastback, any proportions",
        "any proportions, an estate at most 4.7 m long",
        "a hatchback with unusual proportions allowed",
        "a hatchback. Unusual proportions allowed.",
        "一辆溜背车，比例不限",
        "一辆比例不限的溜背车",
        "不限比例",
    ],
)
def test_words_lift_it_and_are_understood(text: str) -> None:
    parsed = brief_from_text(text)
    assert parsed.brief.lifted == (WISH,)
    assert standing(CAR, replace(parsed.brief, kind="")) == ()
    meanings = [h.meaning for h in parsed.understood]
    assert "lifts the default wish: proportions like cars on the road" in meanings
    assert SAID not in meanings
    assert not any("proportion" in w or w == "比例不限" for w in parsed.unknown_words)


@pytest.mark.parametrize(
    "text", ["an estate with good proportions", "proportion", "any car", "unusual lamps"]
)
def test_other_words_lift_nothing(text: str) -> None:
    assert brief_from_text(text).brief.lifted == ()


def test_a_file_lifts_it_by_name(tmp_path: Path) -> None:
    file = tmp_path / "brief.toml"
    file.write_text('prompt = "a low fastback"\nlift = ["road_proportions"]\n', encoding="utf-8")
    parsed = read_brief(file)
    assert parsed.brief.lifted == (WISH,)
    assert all(h.phrase != BY_DEFAULT for h in parsed.understood)
    again = brief_from_data(json.loads(json.dumps(parsed.brief.to_json())))
    assert again.brief == parsed.brief
    with pytest.raises(
        InputError, match=r"lift names 'hats'; default wishes of family car: road_proportions"
    ):
        brief_from_data({"lift": ["hats"]})
    with pytest.raises(InputError, match="lift is 'road_proportions'; give a list"):
        brief_from_data({"lift": WISH})
    with pytest.raises(InputError, match="default wishes of family ahmed: none"):
        brief_from_data({"family": "ahmed", "lift": [WISH]})


def test_a_requirement_on_the_same_quantity_takes_its_place() -> None:
    own = Requirement("proportion_distance", "1", at_most=0.7, source="mine")
    brief = Brief("car", requirements=(own,))
    assert standing(CAR, brief) == ()
    verdicts = assess(CAR, CAR.defaults(), brief).verdicts
    assert [v.requirement for v in verdicts] == [own]


def test_the_verdict_is_advisory_and_names_what_is_unusual() -> None:
    values = {**CAR.defaults(), **UNLIKE}
    found = assess(CAR, values, Brief("car"))
    (verdict,) = found.verdicts
    assert not verdict.passed
    assert not verdict.hard
    assert found.feasible
    assert found.score == 0.0
    assert "tyre" in verdict.reason
    assert "nearest on the road" in verdict.reason
    usual = assess(CAR, CAR.defaults(), Brief("car")).verdicts[0]
    assert usual.passed
    assert assess(CAR, values, Brief("car", lifted=(WISH,))).verdicts == ()


def test_a_study_with_the_wish_is_another_study() -> None:
    brief = Brief("car", minimise=("frontal_area",))
    assert identity_of(CAR, brief) != identity_of(CAR, replace(brief, lifted=(WISH,)))
    ahmed = get_family("ahmed")  # it has no such wish: lifting it changes nothing
    assert identity_of(ahmed, Brief("ahmed")) == identity_of(ahmed, Brief("ahmed", lifted=(WISH,)))


@pytest.mark.parametrize("wish", [("luggage_volume",), ("luggage_volume", "cabin_volume")])
def test_a_search_stays_inside_unless_told_otherwise(wish: tuple[str, ...]) -> None:
    kept = search(Brief("car", maximise=wish), trials=60)
    free = search(Brief("car", maximise=wish, lifted=(WISH,)), trials=60)
    inside, outside = ([_distance(f.design.parameters) for f in r.best] for r in (kept, free))
    assert max(inside) <= 1.0
    assert outside[0] > 1.2, "without the wish, room alone leads off the road"
    assert "default wish" not in kept.explanation


def test_a_search_that_hard_limits_force_outside_says_so() -> None:
    limits = (
        Requirement("tyre_diameter", "mm", at_most=600.0),
        Requirement("overall_height", "mm", at_least=1790.0),
    )
    found = search(Brief("car", requirements=limits), trials=30)
    assert found.feasible, "a wish never makes a design fail"
    assert "keeps the default wish: proportions like cars on the road" in found.explanation
    assert "nearest on the road" in found.explanation


def _distance(values: Mapping[str, float]) -> float:
    return CAR.measures_of(values, {"proportion_distance"})["proportion_distance"]


def test_the_desk_shows_it_and_takes_it_away() -> None:
    draft = briefing.draft_from_text("a low car, minimise frontal area")
    assert [name for _, name in briefing.standing_wishes(draft)] == [WISH]
    page = chips(draft, Words("zh"))
    assert 'data-act="lift" data-arg="road_proportions"' in page
    assert "比例偏离" in page
    without = briefing.without_wish(draft, WISH)
    assert briefing.standing_wishes(without) == []
    assert 'data-act="lift"' not in chips(without, Words("en"))
    assert all(h.phrase != BY_DEFAULT for h in without.understood)
    assert briefing.Draft.from_json(without.to_json()).brief.lifted == (WISH,)
    with pytest.raises(InputError, match="the brief names 'hats'"):
        briefing.without_wish(draft, "hats")


@pytest.mark.parametrize("changes", [{}, UNLIKE, {"overall_height": 1310.0, "belt_ratio": 0.66}])
def test_every_sentence_of_it_reads_in_chinese(changes: dict[str, float]) -> None:
    d = define(CAR.validate({**CAR.defaults(), **changes}))
    judged = assess(CAR, CAR.validate({**CAR.defaults(), **changes}), Brief("car"))
    chinese(judged.verdicts[0].reason, ends=False)
    for finding in findings(d):
        chinese(finding.text, ends=False)
    chinese(left_out(CAR, Brief("car"), CAR.validate({**CAR.defaults(), **changes})))
    for text in ("a low fastback", "a low fastback, any proportions"):
        for heard in brief_from_text(text).understood:
            chinese(heard.meaning, ends=False)


class _Scripted:
    """Draws what it is told to, in turn: first a shape unlike any car, then a usual one."""

    def __init__(self, *designs: dict[str, float]) -> None:
        self.vectors = [to_concept(CAR, d).astype(np.float32) for d in designs]
        self.turn = 0

    def draw(self, rows: Sequence[int], *_: object) -> NDArray[np.float32]:
        z = self.vectors[min(self.turn, len(self.vectors) - 1)]
        self.turn += 1
        return np.stack([z for _ in rows])


@pytest.mark.parametrize("kept", [True, False])
def test_sketches_are_moved_until_they_keep_it(kept: bool) -> None:
    import torch

    usual = CAR.defaults()
    script = _Scripted({**usual, **UNLIKE}, usual)
    sampler = Sampler(
        script.draw, lambda rows: torch.zeros(len(rows), len(usual)), lambda rows: np.full(len(rows), 0.5)
    )
    known = keep(CAR, None, CAR.default_wishes if kept else ())
    found = settle(sampler, torch.zeros(1, len(usual)), [()], Numbers((), (), ()), known, None, 3)
    assert (_distance(known.values(found.z[0])) <= 1.0) == kept
    assert found.redrawn == 0
    assert found.pulled == (1 if kept else 0)
