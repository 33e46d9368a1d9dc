"""A sentence's kind of body is a wish of its own: judged, kept by searches, seen, removable, told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from maquette.constraints.requirements.assess import assess
from maquette.constraints.requirements.body_types import likeness, likenesses
from maquette.constraints.requirements.brief_files import brief_from_data
from maquette.constraints.requirements.sentence import parse
from maquette.constraints.search.search import search
from maquette.design.errors import InputError
from maquette.design.family.parameters import as_row
from maquette.design.family.registry import get_family
from maquette.ui import briefing

CAR = get_family("car")


def body(name: str) -> dict[str, float]:
    return CAR.accept({**CAR.defaults(), **CAR.archetypes[name]})


def test_every_archetype_is_of_its_own_kind_and_of_no_other() -> None:
    for family in (CAR, get_family("chair"), get_family("bicycle")):
        for kind in family.archetypes:
            for other, values in family.archetypes.items():
                found = likeness(family, f"likeness_to_{kind}", {**family.defaults(), **values})
                if kind == other:
                    assert found > 0.99, (family.name, kind)
                elif (
                    kind not in other and other not in kind and {kind, other} != {"notchback", "large_saloon"}
                ):
                    assert found < 0.45, (family.name, kind, other)


def test_a_large_suv_is_an_suv_and_a_batch_equals_the_loop() -> None:
    assert likeness(CAR, "likeness_to_suv", body("large_suv")) > 0.99
    assert likeness(CAR, "likeness_to_large_suv", body("suv")) < 0.45
    rows = np.array([as_row(CAR.declaration, body(k))[: len(CAR.parameters)] for k in CAR.archetypes])
    many = likenesses(CAR, "likeness_to_hatchback", rows)
    assert many == pytest.approx([likeness(CAR, "likeness_to_hatchback", body(k)) for k in CAR.archetypes])


def test_a_sporty_hatchback_that_comes_back_as_a_fastback_is_not_all_green() -> None:
    brief = parse("a sporty hatchback", CAR).brief
    assert brief.kind == "hatchback"
    told = {v.quantity: v for v in assess(CAR, body("fastback"), brief).verdicts}["likeness_to_hatchback"]
    assert (told.passed, told.hard) == (False, False)
    assert assess(CAR, body("hatchback"), brief).verdicts[0].passed


def test_two_kinds_or_none_ask_for_neither() -> None:
    assert parse("something between an estate and a coupe", CAR).brief.kind == ""
    assert parse("a car under 4.3 m", CAR).brief.kind == ""


def test_the_kind_is_kept_in_files_and_refused_where_there_is_none() -> None:
    brief = parse("a sporty hatchback", CAR).brief
    assert brief_from_data(brief.to_json()).brief.kind == "hatchback"
    assert brief_from_data({**brief.to_json(), "kind": ""}).brief.kind == "", "what was removed stays so"
    with pytest.raises(InputError, match="hatchback"):
        brief_from_data({"family": "car", "kind": "bus"})


def test_a_search_keeps_the_kind_that_was_asked() -> None:
    """Less drag pulls a hatchback's tail out into a fastback's; without the wish it goes there."""
    brief = parse(
        "a sporty hatchback, overall length at least 4.4 m, luggage volume at least 420 litres", CAR
    ).brief
    found = search(brief, trials=60, family=CAR).best[0]
    free = search(replace(brief, kind=""), trials=60, family=CAR).best[0]
    name = "likeness_to_hatchback"
    assert likeness(CAR, name, found.design.parameters) >= min(
        0.45, likeness(CAR, name, free.design.parameters)
    )
    assert likeness(CAR, name, found.design.parameters) >= 0.45


def test_the_kind_is_seen_in_the_draft_and_can_be_removed() -> None:
    draft = briefing.draft_from_text("a sporty hatchback")
    shown = {name: r for r, name in briefing.standing_wishes(draft)}
    assert "likeness_to_hatchback" in shown
    without = briefing.without_wish(draft, "likeness_to_hatchback")
    assert without.brief.kind == ""
    assert "likeness_to_hatchback" not in {name for _, name in briefing.standing_wishes(without)}


def test_a_job_gets_the_sentence_as_it_was_written_and_does_not_read_it_again() -> None:
    draft = briefing.draft_from_text("a sporty hatchback under 4.3 m")
    draft = briefing.with_limit(draft, briefing.place_of(draft, "overall_length"), "at_most", "4.5 m")
    read = brief_from_data(briefing.for_a_job(draft)).brief
    assert read.said == "a sporty hatchback under 4.3 m"
    assert {r.quantity: r.at_most for r in read.requirements}["overall_length"] == 4500.0


@pytest.mark.parametrize("name", ["car", "chair", "bicycle"])
def test_what_an_example_begins_at_can_be_built(name: str) -> None:
    """ "A light stacking chair" asks for a thinner seat than there is: it begins at the thinnest."""
    family = get_family(name)
    for text in (*family.examples, *(["a very light, very slender dining chair"] if name == "chair" else [])):
        design = briefing.starting_design(briefing.draft_from_text(text, name))
        assert not family.broken_rules(design.parameters), text
