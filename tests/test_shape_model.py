"""Shapes without parameters: two answers, the nearest body of the family, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import trimesh

from maquette.design.concepts.fit.shape import fit_shape, surface_distance
from maquette.design.family.records import read_design
from maquette.design.family.registry import get_family
from maquette.design.geometry.mesh import Mesh
from maquette.surrogate.models.shape.answers import answer
from maquette.surrogate.models.shape.card import card
from maquette.surrogate.models.shape.domain import fit_shape_domain
from maquette.surrogate.models.shape.learners import CANDIDATES, learn
from maquette.surrogate.models.shape.model import load_shape_model, shipped_shape_model_path
from maquette.surrogate.models.shape.numbers import shape_numbers
from maquette.surrogate.models.surrogate import load_surrogate
from maquette.surrogate.studies.wind_tunnel.reference import bias, caveats

CAR = get_family("car")
MODEL = load_shape_model(shipped_shape_model_path("car"))


def on_the_ground(mesh: Mesh) -> Mesh:
    """Nose at x = 0, as shapes come from their preparation."""
    return mesh.moved((-float(mesh.bounds[0, 0]), 0.0, max(0.0, -float(mesh.bounds[0, 2]))))


def car(name: str) -> Mesh:
    return on_the_ground(CAR.hull({**CAR.defaults(), **CAR.archetypes[name]}))


NOTCHBACK = car("notchback")


def test_numbers_belong_to_the_shape_and_not_to_its_triangles() -> None:
    middles = NOTCHBACK.vertices[NOTCHBACK.faces].mean(axis=1)
    count = len(NOTCHBACK.vertices)
    a, b, c = NOTCHBACK.faces.T
    m = count + np.arange(len(middles))
    finer = Mesh(
        np.vstack([NOTCHBACK.vertices, middles]),
        np.vstack([np.stack(t, axis=1) for t in ((a, b, m), (b, c, m), (c, a, m))]),
    )
    first, second, mirrored = (shape_numbers(x) for x in (NOTCHBACK, finer, NOTCHBACK.mirrored()))
    for name, value in first.items():
        assert second[name] == pytest.approx(value, abs=0.03 * max(1.0, abs(value))), name
        assert mirrored[name] == pytest.approx(value, abs=0.01 * max(1.0, abs(value))), name


def test_size_shows_in_one_number_only() -> None:
    small = Mesh(0.5 * NOTCHBACK.vertices, NOTCHBACK.faces)
    first, second = shape_numbers(NOTCHBACK), shape_numbers(small)
    assert second["length"] == pytest.approx(0.5 * first["length"])
    for name in set(first) - {"length"}:
        assert second[name] == pytest.approx(first[name], abs=1e-6), name


def test_a_car_of_the_family_is_inside_and_other_things_are_refused() -> None:
    import trimesh

    assert MODEL.predict(NOTCHBACK)["drag_coefficient"].in_domain
    box, ball = trimesh.creation.box((1800.0, 1800.0, 1800.0)), trimesh.creation.icosphere(4, 1000.0)
    others = {
        "ahmed": get_family("ahmed").hull(get_family("ahmed").defaults()),
        "chair": get_family("chair").hull(get_family("chair").defaults()),
        "cube": Mesh(np.asarray(box.vertices), np.asarray(box.faces)),
        "sphere": Mesh(np.asarray(ball.vertices), np.asarray(ball.faces)),
        "an Ahmed body as large as a car": Mesh(
            4.4 * get_family("ahmed").hull(get_family("ahmed").defaults()).vertices,
            get_family("ahmed").hull(get_family("ahmed").defaults()).faces,
        ),
    }
    for name, mesh in others.items():
        told = MODEL.predict(on_the_ground(mesh))["drag_coefficient"]
        assert not told.in_domain, name
        assert told.reason, name


@pytest.mark.slow
def test_both_answers_of_a_car_agree_and_its_body_comes_back() -> None:
    found = answer(MODEL, load_surrogate(CAR, local=False), NOTCHBACK, {"frontal_area": 2.1})
    assert found.fit is not None
    assert found.fit.share < 0.01
    assert not CAR.broken_rules(found.fit.values)
    assert max(found.disagreement.values()) < 1.0
    told = found.predictions["drag_coefficient"]
    assert told.in_domain, told.reason
    both = [found.own["drag_coefficient"].value, found.nearest["drag_coefficient"].value]
    assert min(both) <= told.value <= max(both)
    assert found.predictions["drag_area"].value == pytest.approx(2.1 * told.value)


@pytest.mark.slow
def test_what_is_no_car_of_ours_leaves_much_over() -> None:
    lorry = car("one_box")
    vertices = lorry.vertices.copy()
    vertices[:, 2] *= 1.0 + 0.8 * np.clip(vertices[:, 0] / 4500.0, 0.0, 1.0)
    fit = fit_shape(CAR, Mesh(vertices, lorry.faces))
    assert fit.share > MODEL.neighbours_apart


def test_distance_between_surfaces_is_that_of_a_shift_across_and_none_of_a_body_itself() -> None:
    assert surface_distance(NOTCHBACK, NOTCHBACK)[0] == pytest.approx(0.0, abs=1e-6)
    slab = Mesh(NOTCHBACK.vertices * [1.0, 1.0, 1.2], NOTCHBACK.faces)
    assert surface_distance(NOTCHBACK, slab)[0] > 50.0


def test_a_mast_counts_from_whichever_side_distances_are_taken() -> None:
    """A block of 1000 x 400 x 300 mm with a mast of 100 x 100 x 500 mm. All of the block lies on both; of
    the mast's 220,000 mm2 the top is 500 mm away, each mm of height has 400 mm2: the mean square over all
    1.86 m2 is (400 x 500^3 / 3 + 10,000 x 500^2) / 1,860,000, the root 101.5 mm; the farthest 5 % are the
    top and the upper 207.5 mm of the sides, so 95 % lie within 292.5 mm."""
    block = trimesh.creation.box((1000.0, 400.0, 300.0)).apply_translation((500.0, 0.0, 150.0))
    mast = trimesh.creation.box((100.0, 100.0, 500.0)).apply_translation((400.0, 0.0, 550.0))
    plain, raised = (
        Mesh(np.asarray(m.vertices), np.asarray(m.faces))
        for m in (block, trimesh.util.concatenate([block, mast]))
    )
    for one, other in ((plain, raised), (raised, plain)):
        assert surface_distance(one, other) == pytest.approx((101.5, 292.5), rel=0.02)


def test_pressure_is_high_at_the_nose_and_low_on_the_roof() -> None:
    pressure = MODEL.pressure_on(NOTCHBACK)
    assert pressure is not None
    x, z = NOTCHBACK.vertices[:, 0], NOTCHBACK.vertices[:, 2]
    nose = (x < 60.0) & (z > 300.0) & (z < 700.0)
    roof = z > 0.97 * z.max()
    assert pressure[nose].mean() > 0.3
    assert pressure[roof].mean() < -0.2


def test_record_holds_what_the_card_says_and_beats_the_baselines() -> None:
    info = MODEL.info
    assert (shipped_shape_model_path("car") / "README.md").read_text(encoding="utf-8") == card(info)
    for about in info["outputs"].values():
        assert about["mae"] < min(b["mae"] for b in about["baselines"].values())
        assert 0.86 <= about["coverage"] <= 0.95
    l2 = info["pressure"]["relative_l2"]
    assert l2["ours"] < min(l2["nearest"], l2["mean"])


def test_linear_learners_find_a_linear_law() -> None:
    rng = np.random.default_rng(1)
    names = [*(f"core{k}".replace("0", "a") for k in range(4)), *(f"moment_{k}" for k in range(8))]
    z = rng.normal(size=(120, 12))
    y = z @ np.arange(12.0) + 3.0
    for learner in CANDIDATES.values():
        level, slopes = learn(learner, names, z, y)
        np.testing.assert_allclose(level + z @ slopes, y, atol=1e-3)


def test_domain_refuses_what_lies_beyond_in_one_number() -> None:
    rng = np.random.default_rng(2)
    hidden = rng.normal(size=(150, 6))
    numbers = hidden @ rng.normal(size=(6, 40))
    keys = rng.uniform(1.0, 2.0, size=(150, 5))
    domain = fit_shape_domain(numbers, keys)
    inside = domain.ratios(numbers, keys)
    assert np.max([v.max() for v in inside.values()]) <= 1.0 + 1e-9
    long = keys.copy()
    long[:, 0] = 2.3
    assert (domain.ratios(numbers, long)["size"] > 1.0).all()
    strange = numbers + rng.normal(size=numbers.shape) * 30.0
    assert (domain.ratios(strange, keys)["kind"] > 1.0).mean() > 0.9


def test_the_tunnel_says_how_far_it_is_off_what_was_measured() -> None:
    off = {slant: ours / theirs - 1.0 for slant, (ours, theirs) in bias().items()}
    assert set(off) == {25.0, 35.0}
    assert all(abs(v) < 0.1 for v in off.values())
    assert sum("Ahmed" in text for text in caveats()) == 2


@pytest.mark.slow
def test_predict_command_reads_a_shape_and_writes_its_design_and_pressure(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import trimesh

    from maquette.ui.cli.main import main

    path = tmp_path / "clay.obj"
    trimesh.Trimesh(NOTCHBACK.vertices / 25.4, NOTCHBACK.faces[:, ::-1], process=False).export(path)
    design, fields = tmp_path / "like_it.json", tmp_path / "pressure.vtp"
    assert main(["predict", str(path), "--json", "--out", str(design), "--fields", str(fields)]) == 0
    said = json.loads(capfd.readouterr().out)
    assert (said["shape"]["units"], said["shape"]["axes"]["forward"]) == ("in", "-x")
    assert said["in_domain"] is True
    assert {"drag_coefficient", "drag_area"} <= set(said["predictions"])
    assert said["left_over_mm"] < 50.0
    CAR.accept(read_design(design).parameters)
    assert fields.stat().st_size > 10_000


def test_the_tunnel_cuts_a_shape_of_the_familys_size_by_its_cells() -> None:
    from maquette.surrogate.studies.registry import study_of

    tunnel = study_of(CAR)
    design = tunnel.problem(CAR, CAR.defaults())
    shape = tunnel.shape_problem(NOTCHBACK, CAR)
    assert (shape.size, shape.speed) == (design.size, design.speed)
    ahmed = get_family("ahmed").hull(get_family("ahmed").defaults())
    assert tunnel.shape_problem(ahmed, CAR).size is None


def test_simulate_runs_the_prepared_shape_and_keeps_it_as_of_no_family(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import trimesh

    from maquette.surrogate.runs.dataset import local_runs, read_jsonl
    from maquette.surrogate.studies.record import Observation
    from maquette.surrogate.studies.wind_tunnel.simulate import Body
    from maquette.surrogate.studies.wind_tunnel.study import WindTunnel
    from maquette.ui.verbs import simulate_shape

    seen: list[Body] = []

    def run(_self: object, problem: Body, fidelity: str, run_id: str, *_: object) -> Observation:
        seen.append(problem)
        numbers = {"drag_coefficient": 0.3, "lift_coefficient": 0.1}
        return Observation(
            run_id, "wind_tunnel", "", fidelity, {}, numbers, numbers, True, details={"frontal_area": 2.0}
        )

    monkeypatch.setattr(WindTunnel, "run", run)
    monkeypatch.setattr(WindTunnel, "require", lambda _self: None)
    monkeypatch.setenv("MAQUETTE_DATA", str(tmp_path / "runs.jsonl"))
    path = tmp_path / "body.ply"
    trimesh.Trimesh(NOTCHBACK.vertices * 1e-3, NOTCHBACK.faces, process=False).export(path)
    found = simulate_shape(path, "car", fidelity="coarse")
    assert found.outputs["drag_area"] == pytest.approx(0.6)
    assert found.exit_code == 0
    assert seen[0].mesh.volume == pytest.approx(NOTCHBACK.volume, rel=1e-5)
    assert found.to_json()["shape"].placing.unit == "m"
    assert [r.family for r in read_jsonl(tmp_path / "runs.jsonl")] == [""]
    with caplog.at_level("WARNING"):
        assert local_runs("car", tmp_path / "runs.jsonl") == []
    assert not caplog.records
