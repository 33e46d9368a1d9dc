"""Keeping faith with a concept: a floor or a wish in the search, below the brief's hard requirements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pod import POD, PodParameters, PodPredictor

from maquette.constraints.requirements.brief import Brief
from maquette.constraints.requirements.sentence import parse
from maquette.constraints.search.search import SearchResult, search
from maquette.constraints.search.similarity import AGREEMENT, Faith
from maquette.design.family.parameters import as_row, bounds_of

FloatArray = NDArray[np.float64]
CONCEPT = POD.defaults() | {"overall_height": 1460.0, "backlight_angle": 26.0}
EASY = parse("overall height at most 1.5 m, ground clearance at least 140 mm", POD).brief
#: lower than the concept by a sixth of the range: faith and brief cannot both be had
LOW = parse("overall height at most 1.36 m", POD).brief


@dataclass(frozen=True)
class Nearness:
    """One minus the mean share of the ranges that a design is away from the concept."""

    def __call__(self, rows: FloatArray) -> FloatArray:
        low, high = bounds_of(PodParameters)
        gaps = np.abs(np.atleast_2d(rows) - as_row(PodParameters, CONCEPT)) / (high - low)
        return np.asarray(1.0 - gaps.mean(axis=1), dtype=np.float64)


def run(brief: Brief, faith: Faith | None, trials: int = 60, **more: Any) -> SearchResult:
    wanting = replace(
        brief, start=CONCEPT, start_sources=dict.fromkeys(CONCEPT, "concept 2"), maximise=("cabin_volume",)
    )
    return search(wanting, PodPredictor(), trials=trials, family=POD, faith=faith, **more)


def likeness(found: SearchResult) -> float:
    return float(Nearness()(as_row(PodParameters, found.best[0].design.parameters))[0])


def test_a_floor_holds_and_what_nobody_moved_stays_the_concepts() -> None:
    free, kept = run(EASY, None), run(EASY, Faith(Nearness(), 0.97))
    assert likeness(free) < 0.97 <= likeness(kept)
    assert kept.feasible
    passing = [r for r in kept.records if r.feasible]
    assert all(r.numbers[AGREEMENT] >= 0.97 - 1e-9 for r in passing)
    assert "concept 2" in kept.best[0].design.provenance.values()
    assert AGREEMENT not in {v.quantity for v in kept.best[0].assessment.verdicts}


def test_a_wish_pulls_towards_the_concept() -> None:
    free, wished = run(EASY, None), run(EASY, Faith(Nearness()))
    assert AGREEMENT in wished.best[0].objectives
    assert likeness(wished) > likeness(free)


def test_the_brief_comes_before_the_picture() -> None:
    found = run(LOW, Faith(Nearness(), 0.999))
    assert found.feasible
    assert found.best[0].design.parameters["overall_height"] <= 1360.0
    assert "keeps 1.00 of the concept's silhouette" in found.explanation
    assert not any(r.feasible and r.numbers[AGREEMENT] >= 0.999 for r in found.records)
    kept = run(LOW, Faith(Nearness(), 0.9))
    assert "silhouette" not in kept.explanation


@pytest.mark.slow
def test_workers_keep_faith_too() -> None:
    """Needs an installed family: workers start afresh and find it by name."""
    from maquette.constraints.requirements.product import brief_from_text
    from maquette.design.family.registry import get_family

    ahmed = get_family("ahmed")
    values = ahmed.defaults()
    brief = brief_from_text("overall length at most 1100 mm", "ahmed").brief
    low, high = bounds_of(ahmed.declaration)
    faith = Faith(_Box(as_row(ahmed.declaration, values), high - low), 0.98)
    found = search(
        replace(brief, start=values, maximise=("frontal_area",)), None, trials=40, workers=2, faith=faith
    )
    assert found.feasible
    assert all(r.numbers[AGREEMENT] >= 0.98 - 1e-9 for r in found.records if r.feasible)


@dataclass(frozen=True)
class _Box:
    centre: FloatArray
    span: FloatArray

    def __call__(self, rows: FloatArray) -> FloatArray:
        gaps = np.abs(np.atleast_2d(rows) - self.centre) / self.span
        return np.asarray(1.0 - gaps.mean(axis=1), dtype=np.float64)
