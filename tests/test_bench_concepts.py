"""The concept model's measurements: each figure is right where the answer is known."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sketched import draw_exactly, tiny_model
from tiny_concepts import tiny, toy

from maquette.design.concepts.generate.traits import holds, space_of
from maquette.design.concepts.training.data import make_designs, write_designs
from maquette.design.errors import InputError, ModelError
from maquette.design.family.parameters import as_values, from_unit_cube, to_unit_cube
from maquette.design.family.registry import get_family
from maquette.design.language.attributes import attribute_value, attributes_of, third_of
from maquette.design.language.description import read_words
from maquette.design.statistics import rank_correlation
from maquette.surrogate.studies.record import Observation
from maquette.ui.bench import __main__ as bench
from maquette.ui.bench import speed as bench_speed
from maquette.ui.bench import variety as bench_variety
from maquette.ui.bench.concepts import Size, concept_rows
from maquette.ui.bench.guided_cfd import Body, read_bodies_file, summary, text_of
from maquette.ui.bench.sketches import draw_sheet, first_bodies, predicted_drag, read_many, said_of, unit_rows
from maquette.ui.bench.steering import (
    DRAG_GUIDANCE,
    FACELIFT,
    asked_values,
    drag_fall,
    draw_asked,
    number_row,
    said_asking,
)
from maquette.ui.bench.words import OFTEN, heard_row, load_evaluator, score

CAR = get_family("car")
BODIES = [{**CAR.defaults(), **body} for body in CAR.archetypes.values()]


def thirds(values: dict[str, float]) -> dict[str, int]:
    names = [a.name for a in attributes_of(CAR)]
    return {name: third_of(CAR, name, attribute_value(CAR, values, name)) for name in names}


# -- words -----------------------------------------------------------------------------------------------


def test_bodies_that_are_as_asked_score_all_and_unread_ones_nothing() -> None:
    asked = [thirds(values) for values in BODIES]
    every = score(CAR, asked, BODIES)
    assert every.percent == 100.0
    assert every.asked == len(BODIES) * len(attributes_of(CAR))
    assert score(CAR, asked, [None] * len(BODIES)).right == 0


def test_the_attribute_that_fails_is_named_as_the_worst_and_a_rare_one_is_not() -> None:
    values = BODIES[0]
    right = thirds(values)
    wrong = {**right, "height": (right["height"] + 1) % 3}
    found = score(CAR, [wrong] * OFTEN + [{"wheels": (right["wheels"] + 1) % 3}], [values] * (OFTEN + 1))
    assert found.worst(1) == [("height", 0, OFTEN)]
    rare = score(CAR, [{"wheels": (right["wheels"] + 1) % 3}], [values])
    assert rare.worst() == []


def test_attributes_that_a_brief_keeps_from_the_drawing_are_counted() -> None:
    said = said_of(["low car with big wheels"], tiny())
    assert heard_row([{"height": 0, "wheels": 2}], said).value == 100.0
    row = heard_row([{"height": 0, "wheels": 2, "deck": 2, "belt": 0}], said)
    assert row.value == 50.0
    assert "deck 1" in row.detail


def test_a_model_without_an_evaluator_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no evaluator"):
        load_evaluator(tmp_path)


# -- numbers and drag ------------------------------------------------------------------------------------


def test_rank_correlation_is_spearmans_with_ties() -> None:
    a, b = np.array([1.0, 1.0, 2.0]), np.array([10.0, 20.0, 30.0])
    assert rank_correlation(a, b) == pytest.approx(math.sqrt(0.75)), "ranks 1.5, 1.5, 3 against 1, 2, 3"
    assert rank_correlation(np.exp(b / 10.0), b) == pytest.approx(1.0)
    assert rank_correlation(-a, b) == pytest.approx(-math.sqrt(0.75))
    assert math.isnan(rank_correlation(a, np.ones(3))), "of what never changes nothing can be said"


def test_a_prior_that_does_as_it_is_told_has_rank_correlation_one(monkeypatch: pytest.MonkeyPatch) -> None:
    draw_exactly(monkeypatch)
    pipe = toy()
    asked = asked_values(CAR, pipe, "ground_clearance", 3)
    declared = next(p.range for p in CAR.parameters if p.name == "ground_clearance")
    assert declared.low <= asked[0] < asked[-1] <= declared.high
    bodies = read_many(draw_asked(pipe, "ground_clearance", asked), CAR, workers=1)
    row = number_row(CAR, "ground_clearance", asked, bodies, 0.9, pipe)
    assert row.value == pytest.approx(1.0)
    assert row.holds
    assert "first draws of the prior alone 1.000" in row.detail
    deaf = [
        body["ground_clearance"]
        for body in first_bodies(toy(gain=0.0), said_asking(pipe, "ground_clearance", asked), 0)
    ]
    assert np.ptp(deaf) == 0.0


def test_the_fall_of_drag_is_measured_against_the_spread_within_sheets() -> None:
    before = np.array([0.30, 0.32, 0.40, 0.42])
    after = before - np.array([0.01, 0.03, 0.01, 0.03])
    fall, deviation = drag_fall(before, after, np.array([0, 0, 1, 1]))
    assert fall == pytest.approx(0.02)
    assert deviation == pytest.approx(0.02 / math.sqrt(2.0))  # between the sheets there are 0.1: not counted


def test_predicted_drag_of_a_batch_is_that_of_each_design() -> None:
    together = predicted_drag(CAR, BODIES[:3])
    alone = [float(predicted_drag(CAR, [values])[0]) for values in BODIES[:3]]
    assert together == pytest.approx(alone, rel=1e-9)


def test_guided_and_unguided_sheets_start_from_the_same_noise() -> None:
    pipe = toy()
    said = said_of(["a car"], pipe)[0]
    plain = draw_sheet(pipe, said, 4, 0.0, n=2)
    again = draw_sheet(pipe, said, 4, 0.0, n=2)
    weak = draw_sheet(pipe, said, 4, 1e-9, n=2)
    assert [s.meant for s in plain] == [s.meant for s in again]
    for a, b in zip(plain, weak, strict=True):
        assert a.meant == pytest.approx(b.meant, abs=1e-3)


# -- variety ---------------------------------------------------------------------------------------------


def test_fitting_designs_keep_rules_and_words_and_are_the_measure_of_variety() -> None:
    tokens = read_words("low rugged car with big wheels", CAR.lexicon).tokens
    assert len(tokens) == 3
    rows = bench_variety.fitting_designs(CAR, tokens, 24)
    assert rows.shape == (24, len(CAR.parameters))
    for row in rows:
        values = as_values(CAR.declaration, from_unit_cube(CAR.declaration, row))
        assert all(holds(CAR, values, token) for token in tokens)
        assert not CAR.broken_rules(values)
    same = bench_variety.variety_row(CAR, [np.tile(rows[0], (8, 1))], [tokens])
    assert same.value == 0.0
    assert not same.holds
    other = bench_variety.fitting_designs(CAR, tokens, 24, seed=1)
    assert bench_variety.variety_row(CAR, [other], [tokens]).value == pytest.approx(1.0, abs=0.15)


def test_spread_is_the_mean_distance_of_different_rows() -> None:
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    assert bench_variety.spread(square) == pytest.approx((4.0 + 2.0 * math.sqrt(2.0)) / 6.0)


def test_a_training_design_is_found_out_as_a_copy_and_a_fresh_one_is_not() -> None:
    rng = np.random.default_rng(0)
    learned = bench_variety.Learned(rng.random((300, 12)), "random rows")
    fresh = rng.random((20, 12))
    assert bench_variety.copy_rows(fresh, learned)[1].value == 0.0
    mixed = np.concatenate([fresh, learned.unit[:3] + 1e-4])
    nearest, copies = bench_variety.copy_rows(mixed, learned)
    assert copies.value == 3.0
    assert not copies.holds
    assert nearest.value < 0.01
    _, places = bench_variety.nearest(learned.unit[5:9], learned.unit)
    assert places.tolist() == [5, 6, 7, 8]
    own = bench_variety.own_nearest(learned.unit, 50)
    assert own.min() > 0.0


def test_training_designs_that_are_not_on_disk_are_drawn_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_variety, "DESIGNS_FILE", tmp_path / "none.npz")
    monkeypatch.setattr(bench_variety, "REGENERATED", 12)
    learned = bench_variety.learned_designs(CAR, seed=5)
    whole = make_designs(CAR, 30, 5, 1, lambda _: None)
    assert learned.unit == pytest.approx(to_unit_cube(CAR.declaration, whole.values[:12]))
    assert "first 12 of seed 5" in learned.which
    with pytest.raises(InputError):
        bench_variety.learned_designs(CAR, file=tmp_path / "none.npz")
    write_designs(whole, tmp_path / "designs.npz")
    assert len(bench_variety.learned_designs(CAR, 5, tmp_path / "designs.npz").unit) == 30
    with pytest.raises(InputError, match="seed 5"):
        bench_variety.learned_designs(CAR, 6, tmp_path / "designs.npz")


# -- speed -----------------------------------------------------------------------------------------------

SMALL = {
    **bench_speed.SD15,
    "sample_size": 8,
    "layers_per_block": 1,
    "block_out_channels": (32, 32),
    "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
    "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
    "cross_attention_dim": 16,
    "norm_num_groups": 8,
}


def test_a_long_step_is_timed_twice_and_scaled_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_speed, "LONG_STEP", math.inf)
    seconds, how = bench_speed.unet_seconds(SMALL, steps=3)
    assert seconds > 0.0
    assert "scaled" not in how
    monkeypatch.setattr(bench_speed, "LONG_STEP", 0.0)
    assert "2 steps timed and scaled to 5" in bench_speed.unet_seconds(SMALL, steps=5)[1]


def test_where_the_unet_does_not_fit_there_is_no_comparison(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_speed, "UNET_BYTES", 1e18)
    assert bench_speed.rival_rows(2.0) == []
    assert "memory free" in capsys.readouterr().err


# -- all together ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_promise_of_the_issue_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw_exactly(monkeypatch)
    monkeypatch.setattr(bench_variety, "DESIGNS_FILE", tmp_path / "none.npz")
    monkeypatch.setattr(bench_variety, "REGENERATED", 40)
    folder = tiny_model(tmp_path / "model")
    tiny().encoder.save_pretrained(folder / "evaluator")
    size = Size(prompts=4, bodies=4, unaided=1, values=3, sheets=1, sketches=2, speed=False, workers=1)
    rows = concept_rows(CAR, folder, tmp_path / "sheet", None, size, lambda _: None)
    promised = {r.name: r for r in rows if r.at_least is not None or r.at_most is not None}
    kinds = [name.partition(":")[0] for name in promised]
    guided = f"drag guidance {DRAG_GUIDANCE:g}"
    varied = [f"facelift of strength {FACELIFT:g}", *["variety"] * 2]
    assert kinds == ["words", *["body"] * 2, *["numbers"] * 4, *[guided] * 2, *varied]
    assert promised["body: silhouette IoU, median"].holds  # true drawings of the bodies meant
    assert all(math.isfinite(r.value) for r in rows if not r.name.startswith("numbers"))
    assert (tmp_path / "sheet" / "nearest.png").stat().st_size > 10_000
    assert (tmp_path / "sheet" / "guided.png").stat().st_size > 10_000


def test_asked_for_alone_a_missing_model_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main(["--only", "concepts", "--concept-model", str(tmp_path)]) == ModelError.exit_code
    assert "no concept model" in capsys.readouterr().err


# -- guided and unguided bodies in the wind tunnel -------------------------------------------------------


def pair_of(k: int) -> list[Body]:
    return [Body(k, guided, f"brief {k}", BODIES[k], 0.30 - 0.02 * guided) for guided in (False, True)]


def ran(cd: float | None) -> Observation:
    outputs = {"drag_coefficient": math.nan if cd is None else cd}
    return Observation("run", "wind_tunnel", "car", "coarse", {}, outputs, {}, cd is not None)


def test_the_difference_is_paired_and_pairs_without_both_values_are_left_out() -> None:
    bodies = [body for k in range(5) for body in pair_of(k)]
    plain, guided = [0.30, 0.34, 0.26, 0.31], [0.29, 0.32, 0.27, 0.28]
    runs = {}
    for k, (a, b) in enumerate(zip(plain, guided, strict=True)):
        runs |= {(k, False): ran(a), (k, True): ran(b)}
    runs[3, True] = ran(None)
    s = summary(bodies, runs)
    falls = np.array([-0.01, -0.02, 0.01])
    assert (s.pairs, s.fell, s.left_out) == (3, 2, (3, 4))
    assert s.difference == pytest.approx(falls.mean())
    assert s.error == pytest.approx(falls.std(ddof=1) / math.sqrt(3.0))
    assert s.guided - s.plain == pytest.approx(s.difference)
    assert s.predicted == pytest.approx(-0.02)
    assert "2 of 3" in text_of(s, "coarse")
    assert "pair 3, 4" in text_of(s, "coarse")
    assert summary(bodies, {}).pairs == 0


def test_bodies_come_back_as_they_were_written_and_other_settings_are_refused(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"schema_version": 1, "pairs": 2, "drag_guidance": 1.0}
    bodies = [body for k in range(2) for body in pair_of(k)]
    file = tmp_path / "bodies.json"
    file.write_text(json.dumps({**settings, "bodies": [asdict(b) for b in bodies]}))
    assert read_bodies_file(file, settings) == bodies
    with pytest.raises(InputError, match="pairs is 2, now 3"):
        read_bodies_file(file, {**settings, "pairs": 3})


def test_unit_rows_lie_in_the_cube() -> None:
    unit = unit_rows(CAR, BODIES)
    assert unit.shape == (len(BODIES), len(CAR.parameters))
    assert unit[0] == pytest.approx(space_of(CAR).unit(BODIES[0]))
