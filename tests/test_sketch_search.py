"""Sheets keep what was asked where bodies can, say what they cannot, and show bodies that look different."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from maquette.constraints.requirements.requirement import Requirement, Verdict
from maquette.design.concepts.artist.frame import from_concept, to_concept
from maquette.design.concepts.generate import nearest
from maquette.design.concepts.generate.by_artist import ArtistPipeline
from maquette.design.concepts.generate.traits import word_misses
from maquette.design.family.records import Design
from maquette.design.family.registry import get_family
from maquette.ui.results_concepts import Concept, Likeness
from maquette.ui.sheets.files import best_first, met_by_none

CHAIR, FRAME = ArtistPipeline(get_family("chair")), ArtistPipeline(get_family("bicycle"))


def sheet(pipe: ArtistPipeline, prompt: str, n: int = 4, **asked: Any) -> Any:
    generator = [torch.Generator().manual_seed(k) for k in range(n)]
    return pipe(
        prompt, num_images_per_prompt=n, generator=generator, redraws=1, output_type="concept", **asked
    )


def masses(pipe: ArtistPipeline, made: Any) -> list[float]:
    return [pipe.family.measures_of(values, ["mass"])["mass"] for values in made.designs]


def least_apart(pipe: ArtistPipeline, made: Any) -> float:
    """The smallest mean difference between the parameters of two sketches, in halves of the ranges."""
    z = made.concepts
    return min(float(np.abs(a - b).mean()) for k, a in enumerate(z) for b in z[:k])


def test_a_limit_that_draws_miss_is_kept_after_the_search() -> None:
    asked = {"numbers": {"mass": (None, 3.0)}}
    made = sheet(CHAIR, "a stacking chair", **asked)
    drawn = sheet(CHAIR, "a stacking chair", tries=0, **asked)
    assert max(masses(CHAIR, drawn)) > 3.0, "else there is nothing to search for"
    assert max(masses(CHAIR, made)) <= 3.0
    assert made.unmet == [()] * 4
    tokens = CHAIR.tokenizer.read("a stacking chair").tokens
    for values in made.designs:
        assert not CHAIR.family.broken_rules(values)
        assert word_misses(CHAIR.family, values, tokens).max() == 0.0


def test_what_no_body_can_keep_is_tried_a_bounded_number_of_times(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[float] = []
    known = nearest.judged

    def counted(*arguments: Any) -> Any:
        draw = known(*arguments)
        tried.append(draw.cost)
        return draw

    monkeypatch.setattr(nearest, "judged", counted)
    made = sheet(CHAIR, "a stacking chair", 1, tries=70, numbers={"mass": (None, 1.0)})
    assert len(tried) == 1 + 70
    assert made.unmet[0][0].startswith("mass is ")
    assert min(tried) < 0.8 * tried[0], "and comes nearer all the same"


def test_sketches_of_one_sheet_look_different(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"numbers": {"mass": (None, 2.2)}, "fixed": {"material": 1}}
    prompt = "a gravel frame, long wheelbase"
    made = sheet(FRAME, prompt, **asked)
    monkeypatch.setattr(nearest, "OTHERS", 0)
    alike = sheet(FRAME, prompt, **asked)
    assert made.unmet == [()] * 4
    assert {values["material"] for values in made.designs} == {1}
    np.testing.assert_array_equal(made.concepts[0], alike.concepts[0])  # nothing stands before the first
    assert least_apart(FRAME, made) > 1.3 * least_apart(FRAME, alike)


def test_a_later_part_of_a_sheet_is_unlike_the_earlier_one() -> None:
    alone = sheet(FRAME, "a gravel frame", 1)
    again = sheet(FRAME, "a gravel frame", 1, unlike=[alone.designs[0]])
    z = np.stack([alone.concepts[0], again.concepts[0]])
    one, other = (nearest.looks(FRAME.family, row, 0) for row in z)
    assert nearest.difference(one, other) > 0.15


def test_what_is_varied_stays_by_what_it_began_at() -> None:
    stacking = CHAIR.family.defaults() | dict(CHAIR.family.archetypes["stacking"])
    a, b = (sheet(CHAIR, "", 2, concept=stacking, strength=0.1, unlike=unlike) for unlike in ((), [stacking]))
    np.testing.assert_array_equal(a.concepts, b.concepts)


def test_the_difference_of_looks_by_hand() -> None:
    one = np.zeros((3, 32, 64), dtype=np.float32)
    left, right = one.copy(), one.copy()
    left[0, :, :32], right[0, :, 32:] = 1.0, 1.0
    half = one.copy()
    half[0, :16, :32] = 1.0
    assert nearest.difference(left, left) == 0.0
    assert nearest.difference(left, right) == 1.0
    assert nearest.difference(left, half) == pytest.approx(
        512 / 1536
    )  # of 1024 and 512 cells, 512 are not shared
    assert nearest.difference(one, one) == 0.0


def test_another_kind_of_what_is_there_and_nothing_that_was_absent() -> None:
    family, rng = CHAIR.family, np.random.default_rng(3)
    bare = family.defaults() | {"back_kind": 0, "arms": 0, "base": 1, "frame_material": 3}
    z = to_concept(family, bare)
    found = [from_concept(family, nearest._of_another_kind(family, z, rng)) for _ in range(40)]
    assert {values["back_kind"] for values in found} == {0}
    assert {values["arms"] for values in found} == {0}
    assert {values["base"] for values in found} == {1, 2, 3}
    assert {values["frame_material"] for values in found} == {1, 2, 3}


def test_a_named_chair_is_not_given_what_another_one_alone_is_known_by() -> None:
    family, rng = CHAIR.family, np.random.default_rng(3)
    foreign = nearest._hallmarks(family, ["windsor"])
    cantilever, sled = 3, 2
    assert {("base", cantilever), ("base", sled)} <= foreign  # a cantilever's and a sled chair's
    assert ("base", 1) not in foreign  # most chairs have four legs
    z = to_concept(family, family.defaults() | dict(family.archetypes["windsor"]))
    found = [from_concept(family, nearest._of_another_kind(family, z, rng, foreign)) for _ in range(60)]
    assert {values["base"] for values in found} == {1}
    assert len({values["back_kind"] for values in found}) > 1
    assert not nearest._hallmarks(family, [])
    assert ("base", cantilever) not in nearest._hallmarks(family, ["cantilever"])


def concept(number: int, mass: float, score: float = 0.95, most: float = 4.0) -> Concept:
    asked = Requirement("mass", "kg", at_most=most)
    gap = (mass - most) / most
    verdict = Verdict(asked, "mass", "kg", mass, most, gap, gap <= 0.0, True, "", "measures")
    design = Design("chair", CHAIR.family.defaults())
    likeness = Likeness(score, 1.0, score)
    return Concept(
        number, Path("x.png"), "side", "ink", "graphite", "", design, None, likeness, verdicts=(verdict,)
    )


def test_sketches_that_keep_the_limits_stand_first_and_a_body_that_is_not_the_pictures_last() -> None:
    sketches = [concept(1, 4.4), concept(2, 3.9), concept(3, 3.0, 0.7), concept(4, 3.5)]
    nobody = replace(sketches[0], number=5, design=None, agreement=None, fault="nothing to see")
    assert [c.number for c in best_first([*sketches, nobody])] == [2, 4, 1, 3, 5]
    assert met_by_none(sketches) == []


def test_a_limit_that_no_sketch_meets_is_told_with_the_nearest() -> None:
    assert met_by_none([concept(1, 4.4), concept(2, 4.2), concept(3, 4.9)]) == [
        "no sketch meets mass at most 4 kg; sketch 2 comes nearest: 4.2 kg"
    ]
