"""A model of shapes trained on boxes whose drag is a formula, kept, read again and asked; all by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pod import POD, Pod
from test_export import box

from maquette.design.errors import InputError, ModelError
from maquette.design.geometry.mesh import Mesh
from maquette.surrogate.models.shape import answers
from maquette.surrogate.models.shape import model as shape_model
from maquette.surrogate.models.shape import train as shape_train
from maquette.surrogate.models.shape.domain import ShapeDomain
from maquette.surrogate.models.shape.model import ShapeModel, keys_of, load_shape_model
from maquette.surrogate.studies.record import Observation
from maquette.surrogate.studies.registry import get_study

TUNNEL = get_study("wind_tunnel")
NAMED = {
    "length": 4000.0,
    "height_of_length": 0.3,
    "width_of_length": 0.4,
    "clearance_of_height": 0.1,
    "crown_18": 0.8,
}


def test_the_keys_of_a_body_are_its_lengths() -> None:
    """Length, height, width, clearance and the height of its tail, mm."""
    assert keys_of(NAMED) == pytest.approx([4000.0, 1200.0, 1600.0, 120.0, 960.0])


def made(reach: float = 2.0, width: float = 0.1) -> ShapeModel:
    """Two numbers, one direction each; three runs at -1, 0 and 1 of the first."""
    domain = ShapeDomain(
        np.array([4000.0, 0.3]), np.array([200.0, 0.05]), np.eye(2), np.eye(2),
        np.array([[-1.0, 0.0], [0.0, 0.0], [1.0, 0.0]]), np.zeros(5), np.full(5, 1e4), 1.0, reach,
    )  # fmt: skip
    info = {
        "family": "pod", "weights_sha256": "0123456789abcdef", "fidelity": "medium",
        "runs": ["a", "b", "c"], "limits": {"neighbours_apart": 0.01},
        "outputs": {"drag_coefficient": {"unit": "1", "half_width": width}},
    }  # fmt: skip
    return ShapeModel(
        info, ("length", "height_of_length"), {"drag_coefficient": 0.3},
        {"drag_coefficient": np.array([0.02, -0.04])}, {"drag_coefficient": np.array([0.25, 0.30, 0.35])},
        domain, None, np.zeros((1, 1)),
    )  # fmt: skip


def asked(monkeypatch: pytest.MonkeyPatch, model: ShapeModel, **named: float) -> Any:
    monkeypatch.setattr(shape_model, "shape_numbers", lambda mesh: {**NAMED, **named})
    return model.predict(box((1.0, 1.0, 1.0)))["drag_coefficient"]


def test_a_shape_is_predicted_by_its_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """4100 mm is half a step, 0.275 half a step down: 0.3 + 0.02 * 0.5 + 0.04 * 0.5."""
    found = asked(monkeypatch, made(), length=4100.0, height_of_length=0.275)
    assert found.value == pytest.approx(0.33)
    assert found.sigma == pytest.approx(0.1 / 1.64485, rel=1e-4)
    assert (found.lower, found.upper) == pytest.approx((0.23, 0.43), abs=1e-4)
    assert (found.unit, found.coverage, found.in_domain, found.reason) == ("1", 0.9, True, "")
    # root mean squares over two directions, of half a step each way
    near = [math.sqrt((0.5**2 + 0.5**2) / 2)] * 2 + [math.sqrt((1.5**2 + 0.5**2) / 2)]
    assert [(e.run_id, e.fidelity, e.value) for e in found.evidence] == [
        ("b", "medium", 0.30), ("c", "medium", 0.35), ("a", "medium", 0.25),
    ]  # fmt: skip
    assert [e.distance for e in found.evidence] == pytest.approx(near)
    assert found.distance == pytest.approx(np.mean(near) / 2.0)
    assert found.model == "pod shape 0123456789ab"
    assert made().neighbours_apart == 0.01
    assert made().pressure_on(box((1.0, 1.0, 1.0))) is None


def test_no_answer_lies_far_beyond_what_was_seen_and_none_outside_is_sure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Seen 0.25 to 0.35, spread 0.0408: at most one spread beyond; numbers count up to four steps."""
    spread = float(np.std([0.25, 0.30, 0.35]))
    low = asked(monkeypatch, made(), length=4000.0, height_of_length=0.6)
    assert low.value == pytest.approx(0.25 - spread)
    high = asked(monkeypatch, made(), length=4800.0, height_of_length=0.25)
    assert high.value == pytest.approx(0.35 + spread)
    assert not high.in_domain
    assert high.reason.startswith("nearest simulated bodies")
    assert high.sigma > low.sigma or low.sigma > 0.1 / 1.64485
    edge = asked(monkeypatch, made(reach=2.0 / 3.0 / math.sqrt(2) * (1 + 1e-12)), length=4000.0)
    assert edge.distance == pytest.approx(1.0)
    assert edge.in_domain


def test_size_is_counted_in_ranges_of_what_was_seen() -> None:
    """Keys from 1 to 3: 4 is half a range beyond, which is 1 + 4 / 2; 3.002 half of what is let pass."""
    domain = replace(made().domain, low=np.full(5, 1.0), high=np.full(5, 3.0))

    def size(key: float) -> float:
        keys = np.full((1, 5), 2.0)
        keys[0, 3] = key
        return float(domain.ratios(np.array([[4000.0, 0.3]]), keys)["size"][0])

    assert [size(k) for k in (2.0, 3.0, 3.002, 4.0, 0.0)] == pytest.approx([0.0, 0.0, 0.5, 3.0, 3.0])


# -- training -----------------------------------------------------------------------------------------------


class Boxes(Pod):
    """Pods whose hulls are boxes."""

    def hull(self, values: Any) -> Mesh:
        length = values["front_overhang"] + values["wheelbase"] + values["rear_overhang"]
        return box(
            (length, values["overall_width"], values["overall_height"]),
            (0.0, -values["overall_width"] / 2, 0.0),
        )


BOXES = Boxes()


def runs(count: int = 40) -> list[Observation]:
    """Drag is 0.2 + 0.1 of a height in metres; all runs coarse."""
    rng = np.random.default_rng(0)
    found = []
    for k in range(count):
        values = POD.defaults() | {
            "wheelbase": rng.uniform(2500, 3100), "overall_height": rng.uniform(1350, 1800),
            "overall_width": rng.uniform(1700, 1950),
        }  # fmt: skip
        outputs = {o.name: 0.2 + 1e-4 * values["overall_height"] for o in TUNNEL.learned}
        found.append(
            Observation(
                f"r{k}", "wind_tunnel", "pod", "coarse", values, outputs, dict.fromkeys(outputs, 0.01), True,
                recipe="maquette",
            )
        )  # fmt: skip
    return found


def numbers(mesh: Mesh) -> dict[str, float]:
    length, width, height = np.ptp(mesh.vertices, axis=0)
    return {
        "length": length, "height_of_length": height / length, "width_of_length": width / length,
        "clearance_of_height": 0.1, "crown_18": 0.9,
    }  # fmt: skip


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape_train, "shape_numbers", numbers)
    monkeypatch.setattr(shape_model, "shape_numbers", numbers)
    monkeypatch.setattr(shape_train, "profiles_of", lambda mesh: np.zeros((2, 3)))
    monkeypatch.setattr(shape_train, "surface_distance", lambda a, b: (np.ptp(a.vertices[:, 0]) * 0.01, 0.0))
    monkeypatch.setattr(shape_train, "write_card", lambda info, out: None)
    monkeypatch.setattr("maquette.surrogate.models.train.misfit", lambda run: "")


def test_boxes_are_learned_kept_and_asked(quick: None, tmp_path: Path) -> None:
    kept, told = runs(), list[str]()
    info = shape_train.train_shape_model(BOXES, kept, tmp_path, {}, "the test", TUNNEL, 3, told.append)
    assert told[0] == "40 runs at coarse; making their hulls"
    assert told[1] == "5 numbers of each"
    about = info["outputs"]["drag_coefficient"]
    assert about["r2"] > 0.98
    assert about["rows"] == 40
    assert (info["runs"], info["fidelity"], info["seed"]) == ([r.run_id for r in kept], "coarse", 3)
    assert (info["family"], info["study"], info["recipes"]) == ("pod", "wind_tunnel", ["maquette"])
    assert info["pressure"] == {}
    assert info["limits"]["neighbours_apart"] == pytest.approx(0.01)
    assert set(info["groups_left_out"]) == {
        "SUV-like (highest)", "high off the ground", "estate-like (highest tail)", "very short", "very low",
    }  # fmt: skip
    asked = load_shape_model(tmp_path)
    one = BOXES.hull(POD.defaults() | {"overall_height": 1500.0})
    found = asked.predict(one)["drag_coefficient"]
    assert found.value == pytest.approx(0.35, abs=0.006)
    assert asked.version == f"pod shape {info['weights_sha256'][:12]}"
    assert asked.values["drag_coefficient"] == pytest.approx([r.outputs["drag_coefficient"] for r in kept])
    assert asked.pressure is None
    with pytest.raises(InputError, match="training needs at least"):
        shape_train.train_shape_model(BOXES, kept[:5], tmp_path, {}, "", TUNNEL, 0, told.append)


def test_what_is_no_model_of_shapes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape_model, "load_model", lambda folder: ({"kind": "table"}, {}))
    with pytest.raises(ModelError, match="is no model of shapes"):
        load_shape_model(tmp_path / "a")
    monkeypatch.setattr(
        shape_model, "load_model", lambda folder: ({"kind": shape_model.KIND, "outputs": {}}, {})
    )
    with pytest.raises(ModelError, match="the model is incomplete"):
        load_shape_model(tmp_path / "b")


def test_shapes_are_trained_from_the_command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(shape_train, "train_shape_model", lambda *a: seen.append(a))
    monkeypatch.setattr(shape_train, "load_training_data", lambda family, paths: (family, paths))
    monkeypatch.setattr(shape_train, "read_fields", lambda path: path)
    assert (
        shape_train.main(["--family", "car", "--runs", "a.parquet", "--seed", "3", "--out", str(tmp_path)])
        == 0
    )
    family, data, out, fields, command, study, seed, _ = seen[0]
    assert (family.name, data, out, study.name, seed) == (
        "car",
        ("car", [Path("a.parquet")]),
        tmp_path,
        "wind_tunnel",
        3,
    )
    assert fields == shape_train.fields_path(Path("a.parquet"))
    assert command.startswith("python -m maquette.surrogate.models.shape.train --family car --runs a.parquet")
    assert shape_train.main([]) == 0
    assert (seen[1][0].name, seen[1][1], seen[1][2]) == ("car", ("car", []), Path("assets/models/car_shape"))
    monkeypatch.setattr(shape_train, "get_family", lambda _: replace_studies())
    assert shape_train.main([]) == 2


def replace_studies() -> Any:
    return SimpleNamespace(name="bare", studies=())


def test_runs_of_other_fidelities_are_left_out(quick: None, tmp_path: Path) -> None:
    kept = runs()
    more = [replace(r, run_id=f"m{r.run_id}", fidelity="medium") for r in kept[:12]]
    info = shape_train.train_shape_model(BOXES, [*kept, *more], tmp_path, {}, "", TUNNEL, 0, lambda _: None)
    assert (info["fidelity"], len(info["runs"])) == ("medium", 12)


# -- both answers -------------------------------------------------------------------------------------------


def test_a_shape_is_answered_by_its_numbers_and_by_the_nearest_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers say 0.33 and the nearest body 0.36, as sure; the body leaves half of what is let."""
    numbers_of = {**NAMED, "length": 4100.0, "height_of_length": 0.275}
    monkeypatch.setattr(shape_model, "shape_numbers", lambda mesh: numbers_of)
    mesh, model = box((1.0, 1.0, 1.0)), made()
    (own,) = model.predict(mesh).values()
    fit = SimpleNamespace(values={"wheelbase": 1.0}, share=0.005, left_over=3.0)
    asked: list[Any] = []

    def nearest(values: Any) -> dict[str, Any]:
        asked.append(values)
        return {"drag_coefficient": replace(own, value=0.36, model="n"), "lift": replace(own, value=0.1)}

    monkeypatch.setattr(answers, "fit_shape", lambda family, mesh, progress: fit)
    predictor: Any = SimpleNamespace(family=POD, predict_design=nearest, study=SimpleNamespace(products=[]))
    found = answers.answer(model, predictor, mesh, {})
    assert asked == [{"wheelbase": 1.0}]
    told = found.predictions["drag_coefficient"]
    assert told.value == pytest.approx(0.345)
    assert found.left_over == pytest.approx(0.5)
    assert found.disagreement == {
        "drag_coefficient": pytest.approx(0.03 / (1.64485 * math.sqrt(2) * own.sigma), rel=1e-4)
    }
    assert set(found.nearest) == {"drag_coefficient"}
    assert (found.own["drag_coefficient"], found.fit) == (own, fit)
    assert told.distance == pytest.approx(max(own.distance, 0.5, found.disagreement["drag_coefficient"]))
    assert (told.in_domain, told.reason) == (True, "")
    outside: Any = SimpleNamespace(
        family=POD,
        study=predictor.study,
        predict_design=lambda values: {
            "drag_coefficient": replace(own, in_domain=False, distance=2.0, reason="far")
        },
    )
    doubted = answers.answer(model, outside, mesh, {}).predictions["drag_coefficient"]
    assert (doubted.in_domain, doubted.distance) == (False, 2.0)
    assert doubted.reason == "the nearest body is outside, too: far"
    alone = answers.answer(model, None, mesh, {})
    assert (alone.predictions, alone.nearest, alone.fit, alone.disagreement, alone.left_over) == (
        {"drag_coefficient": own}, {}, None, {}, None,
    )  # fmt: skip
    far = made(reach=1e-3)
    apart = answers.answer(far, predictor, mesh, {})
    assert (apart.fit, apart.nearest, len(asked)) == (None, {}, 1)
