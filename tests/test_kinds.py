"""What kind of thing a design is: a search keeps it unless the brief speaks of it."""

from __future__ import annotations

from maquette.constraints.requirements.sentence import parse
from maquette.constraints.search.search import search
from maquette.design.family.registry import get_family

CHAIR = get_family("chair")


def test_a_light_stacking_chair_keeps_its_back() -> None:
    found = search(parse("a light stacking chair, at most 4 kg", CHAIR).brief, trials=40, family=CHAIR)
    start = {**CHAIR.defaults(), **CHAIR.archetypes["stacking"]}
    for record in found.records:
        assert {k: record.values[k] for k in CHAIR.kinds} == {k: start[k] for k in CHAIR.kinds}
    assert "Kept as the starting point has them: base, back kind, arms, frame material" in found.explanation


def test_a_kind_that_a_brief_speaks_of_is_free() -> None:
    brief = parse("a light stacking chair of aluminium", CHAIR).brief
    assert "frame_material" in {r.quantity for r in brief.requirements} | set(brief.locks)
    found = search(brief, trials=15, family=CHAIR)
    assert {r.values["frame_material"] for r in found.records} == {2}
    assert "frame material" not in found.explanation
