"""Small parts of the core against values by hand, where mutations of them had lived (`make mutate`)."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from maquette.constraints.requirements.choosing import Asked, _settled
from maquette.constraints.requirements.product import brief_from_text
from maquette.constraints.requirements.vocabulary import synonyms_of
from maquette.design.errors import ModelError
from maquette.design.family.records import named_values
from maquette.design.family.registry import get_family
from maquette.design.geometry.mesh import Mesh
from maquette.design.structures.sections import bar, box_tube, rod, round_tube
from maquette.surrogate.models.push_pull_words import _where
from maquette.surrogate.models.store import load_model
from maquette.surrogate.models.table.data import _once
from maquette.surrogate.trust.validity import Domain

AHMED = get_family("ahmed")


def test_a_picture_has_its_scale_and_its_anchor() -> None:
    """2.5 mm a pixel: 250 mm rearward and upward are 100 pixels; the middle stands in the middle column."""
    points = np.array([[522.0, 0.0, 0.0], [772.0, 0.0, 0.0], [522.0, 0.0, 250.0]])
    seen = AHMED.frame.project(points, AHMED.frame.middle(np.array([[0.0] * 3, [1044.0] * 3])), "side")
    assert np.abs(seen[1] - seen[0]) == pytest.approx([100.0, 0.0])
    assert seen[2] - seen[0] == pytest.approx([0.0, -100.0])
    assert seen[0].tolist() == pytest.approx(
        [384.0, 384.0 * AHMED.frame.view("side").anchor_row]
    )  # of 768, 384
    assert 0.5 < AHMED.frame.view("side").anchor_row < 1.0
    for view in AHMED.frame.names:  # a body that stands further back is drawn in the same place
        there = AHMED.frame.project(points + np.array([300.0, 0.0, 0.0]), 822.0, view)
        assert np.allclose(there, AHMED.frame.project(points, 522.0, view)), view


def test_sections_by_the_textbook() -> None:
    """Area, second moments, torsion and shear of Roark's formulas (tables A.1, 10.1; 8.10 for shear)."""
    solid = bar(30.0, 12.0).numbers
    assert solid.area[0] == pytest.approx(360.0)
    assert (solid.Iy[0], solid.Iz[0]) == pytest.approx((30.0 * 12.0**3 / 12.0, 12.0 * 30.0**3 / 12.0))
    assert (solid.qy[0], solid.qz[0]) == pytest.approx((1.5 / 360.0, 1.5 / 360.0))
    assert solid.corner_shear[0] == 0.0
    round_bar = rod(20.0).numbers
    assert round_bar.J[0] == pytest.approx(math.pi * 20.0**4 / 32.0)
    assert round_bar.Wt[0] == pytest.approx(math.pi * 20.0**3 / 16.0)
    assert round_bar.qz[0] == pytest.approx(4.0 / 3.0 / round_bar.area[0])
    tube = round_tube(25.0, 1.5).numbers
    assert tube.area[0] == pytest.approx(math.pi / 4.0 * (25.0**2 - 22.0**2))
    assert tube.Iy[0] == pytest.approx(math.pi / 64.0 * (25.0**4 - 22.0**4))
    assert tube.J[0] == pytest.approx(math.pi / 32.0 * (25.0**4 - 22.0**4), rel=1e-3)
    box = box_tube(40.0, 25.0, 2.0).numbers
    assert box.area[0] == pytest.approx(40.0 * 25.0 - 36.0 * 21.0)
    assert (box.cy[0], box.cz[0], box.corner_shear[0]) == (20.0, 12.5, 1.0)


@pytest.mark.parametrize("content", ["[]", "3", '{"format_version": 99}', "{}"])
def test_what_is_no_model_is_a_sentence(content: str, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(content)
    with pytest.raises(ModelError, match="not a surrogate of format version"):
        load_model(tmp_path)
    (tmp_path / "model.json").write_text("{")
    with pytest.raises(ModelError, match="not valid JSON"):
        load_model(tmp_path)


def test_a_changed_model_is_found(tmp_path: Path) -> None:
    from maquette.surrogate.models.store import save_model

    save_model(tmp_path, {"note": "x"}, {"w": np.arange(3.0)})
    info, weights = load_model(tmp_path)
    assert weights["w"].tolist() == [0.0, 1.0, 2.0]
    (tmp_path / "model.json").write_text(json.dumps({**info, "note": "y"}))
    with pytest.raises(ModelError, match="content differs from its SHA-256"):
        load_model(tmp_path)


def test_repeated_rows_of_a_table_are_counted_and_told() -> None:
    """Rows 0 and 1 are one row twice; rows 2 and 3 are the same inputs with other targets."""
    same = np.arange(60)
    y = np.arange(60.0)
    same[1], y[1], same[3] = same[0], y[0], same[2]
    counts: dict[str, float] = {}
    remarks: list[str] = []
    kept = _once(np.ones(60, dtype=bool), same, y, "drag", counts, remarks)
    assert kept.sum() == 59
    assert counts == {"duplicates": 1.0, "repeated_inputs": 1.0}
    assert [r[:40] for r in remarks] == [
        "1 rows stand there twice; one of each is",
        "1 rows repeat another one with another d",
    ]


@pytest.mark.parametrize(("corner", "said"), [(0, "low at the front"), (7, "high at the rear")])
def test_places_of_a_body_are_told_wherever_it_stands(corner: int, said: str) -> None:
    corners = np.array([[x, y, z] for x in (3000.0, 6000.0) for y in (0.0, 1.0) for z in (900.0, 1800.0)])
    mesh = Mesh(corners, np.array([[0, 1, 2], [5, 6, 7]]))
    share = np.zeros(8)
    share[corner] = 1.0
    assert _where(share, mesh) == said


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("overall length 1000 mm ± 5 mm", 995.0, 1005.0),
        ("overall length 1000 mm ± 2 %", 980.0, 1020.0),
        ("overall length 1 m ± 1 cm", 990.0, 1010.0),
        ("overall length between 0.9 m and 105 cm", 900.0, 1050.0),
    ],
)
def test_tolerances_by_hand(words: str, low: float, high: float) -> None:
    (found,) = brief_from_text(words, "ahmed").brief.requirements
    assert found.quantity == "overall_length"
    assert (found.at_least, found.at_most) == pytest.approx((low, high))


def test_superlatives_name_what_they_are_about() -> None:
    brief = brief_from_text("as compact as possible", "ahmed").brief
    assert tuple(brief.minimise) == ("overall_length",)
    assert not brief.maximise


def domain() -> Domain:
    """Two parameters, the second of no matter, and five designs at 0.2, 0.3, .. 0.6 of the first."""
    anchors = np.column_stack([np.linspace(0.2, 0.6, 5), np.full(5, 0.5)])
    return Domain(
        ("a", "b"), np.array([1.0, 0.0]), anchors.min(0), anchors.max(0), np.array([0.1, 0.1]), anchors, 0.2,
        {"drag": 0.01},
    )  # fmt: skip


def test_a_domain_by_hand_in_every_direction() -> None:
    """Slacks of 0.1 beyond 0.2 and 0.6 on either side; mean distance to the five; sigma over its limit."""
    unit = np.array([[0.05, 0.9], [0.15, 0.5], [0.4, 0.1], [0.65, 0.5], [0.8, 0.5]])
    sigma = {"drag": np.array([0.005, 0.01, 0.01, 0.02, 0.01])}
    ratios = domain().ratios(unit, sigma)
    assert ratios["range"] == pytest.approx([1.5, 0.5, 0.0, 0.5, 2.0])
    # means of |0.05 - x| = 0.35, 0.25, (0.2 + 0.1 + 0 + 0.1 + 0.2) / 5, 0.25, 0.4; the limit is 0.2
    assert ratios["neighbours"] == pytest.approx([1.75, 1.25, 0.6, 1.25, 2.0], abs=1e-5)
    assert ratios["sigma"] == pytest.approx([0.5, 1.0, 1.0, 2.0, 1.0])
    said = [
        domain().explain(unit[k : k + 1], {n: r[k : k + 1] for n, r in ratios.items()}) for k in (0, 2, 3)
    ]
    assert said[0] == (
        "a beyond every simulated design; nearest simulated designs 75 % further away than the limit"
    )
    assert said[1] == ""
    assert said[2] == (
        "nearest simulated designs 25 % further away than the limit; the model's own uncertainty 100 % above "
        "the limit"
    )


def test_the_nearest_runs_come_nearest_first_from_both_sides() -> None:
    order, far = domain().nearest(np.array([[0.42, 0.0], [0.0, 0.0], [1.0, 0.0]]), 3)
    assert order.tolist() == [[2, 3, 1], [0, 1, 2], [4, 3, 2]]
    assert far == pytest.approx(np.array([[0.02, 0.08, 0.12], [0.2, 0.3, 0.4], [0.4, 0.5, 0.6]]))


def test_a_domain_grows_both_ways_with_new_runs() -> None:
    grown = domain().with_anchors(np.array([[0.1, 0.5], [0.9, 0.5]]))
    assert (grown.low[0], grown.high[0], len(grown.anchors)) == (0.1, 0.9, 7)
    at = np.array([[0.05, 0.5], [0.95, 0.5]])
    assert grown.ratios(at, {"drag": np.full(2, 0.01)})["range"] == pytest.approx([0.5, 0.5])


def test_values_of_a_family_that_is_not_installed_keep_their_names() -> None:
    found = named_values("kayak", {"spokes": 3, "beam": np.float64(2.5)})
    assert found == {"spokes": 3, "beam": 2.5}
    assert [type(v) for v in found.values()] == [int, float]


def test_of_two_phrases_about_one_choice_the_more_particular_and_then_the_last_holds() -> None:
    first = Asked(0, 5, "closed grille", {"grille": 0.0})
    last = Asked(9, 14, "open grille", {"grille": 1.0})
    wide = Asked(20, 30, "electric look", {"grille": 2.0, "trim": 1.0})
    same = Asked(40, 50, "an open grille", {"grille": 1.0})
    kept, overruled = _settled([first, last])
    assert kept == [last]
    assert [(a.phrase, why) for a, why in overruled] == [("closed grille", "overruled by “open grille”")]
    kept, overruled = _settled([last, wide])
    assert [(a.phrase, dict(a.options)) for a in kept] == [
        ("open grille", {"grille": 1.0}), ("electric look", {"trim": 1.0}),
    ]  # fmt: skip
    assert overruled == []
    assert _settled([last, same]) == ([last, same], [])


def test_a_quantity_is_known_by_its_name_in_every_language() -> None:
    found = synonyms_of(AHMED.lexicon, "overall_length")
    assert found[0] == "overall length"
    assert {"total length", "body length", "车长"} <= set(found)
