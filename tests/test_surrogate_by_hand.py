"""A surrogate whose processes are formulas, asked as users ask it: every number worked out by hand."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pod import POD, PodPredictor

from maquette.design.errors import InputError, ModelError
from maquette.design.family.parameters import as_row, from_unit_cube, to_unit_cube
from maquette.surrogate.models import slopes as slope_module
from maquette.surrogate.models.gaussian_process.features import Feature, features_of
from maquette.surrogate.models.gaussian_process.targets import Target, design_matrix
from maquette.surrogate.models.slopes import response_of, slopes, source_of, spread
from maquette.surrogate.models.surrogate import Surrogate, _load, _stored_runs, gradients
from maquette.surrogate.studies.record import Observation
from maquette.surrogate.studies.registry import get_study
from maquette.surrogate.trust.validity import Domain

TUNNEL = get_study("wind_tunnel")
NAMES = tuple(p.name for p in POD.parameters)
FEATURES = features_of(POD, np.zeros((1, 13)), False)
HERE = POD.defaults()
UNIT = to_unit_cube(POD.declaration, as_row(POD.declaration, HERE))


@dataclass(frozen=True)
class Line:
    """A process whose mean is a line in the cube: 0.3, and 0.1 of the wheelbase less 0.05 of the height."""

    level: float = 0.3

    def predict(self, x: np.ndarray, level: float | None = None) -> tuple[np.ndarray, np.ndarray]:
        assert np.all((x >= -1e-9) & (x <= 1.0 + 1e-9)), "asked outside the ranges"
        return self.level + 0.1 * x[:, 0] - 0.05 * x[:, 4], np.full(len(x), 0.02)

    def respond(self, x: np.ndarray, level: float | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return (*self.predict(x), np.full(len(x), 0.03))

    def noise(self, value: Any, level: float | None = None) -> Any:
        return 0.0 * np.asarray(value) + 0.04

    def together(self, x: np.ndarray) -> np.ndarray:
        return 0.01 * np.exp(-((x[:, None] - x[None]) ** 2).sum(axis=2))


def run(k: int, cd: float, fidelity: str = "medium", **changes: Any) -> Observation:
    values = {**HERE, "wheelbase": 2600.0 + 100.0 * k}
    outputs = {o.name: (cd if o.name == "drag_coefficient" else k - 1.0) for o in TUNNEL.learned}
    made = Observation(
        f"r{k}",
        "wind_tunnel",
        "pod",
        fidelity,
        values,
        outputs,
        dict.fromkeys(outputs, 0.01),
        True,
        recipe="r",
    )
    return replace(made, **changes)


RUNS = (run(0, 0.28), run(1, 0.30), run(2, 0.35))


def surrogate(reach: float = 1.0) -> Surrogate:
    anchors = to_unit_cube(POD.declaration, design_matrix(POD, RUNS))
    domain = Domain(
        NAMES, np.ones(13), np.zeros(13), np.ones(13), np.full(13, 0.1), anchors, reach,
        {o.name: 0.04 for o in TUNNEL.learned},
    )  # fmt: skip
    targets = {
        o.name: Target(Line(0.3 if o.name == "drag_coefficient" else 0.0), FEATURES, 1.5, 0.2, 0.005)  # type: ignore[arg-type]
        for o in TUNNEL.learned
    }
    info = {"weights_sha256": "0123456789abcdef", "levels": ["coarse", "medium"], "recipes": ["r"]}
    return Surrogate(POD, TUNNEL, info, targets, domain, RUNS, RUNS)


def drag(values: dict[str, float]) -> float:
    x = to_unit_cube(POD.declaration, as_row(POD.declaration, values))
    return float(0.3 + 0.1 * x[0] - 0.05 * x[4])


def test_one_design_is_predicted_with_its_doubt_and_its_neighbours() -> None:
    """The whole process (0.03) with its noise (0.04) and the labels' (0.005), 1.5 times: calibrated."""
    found = surrogate().predict_design(HERE, {"frontal_area": 2.0})
    sigma = 1.5 * math.sqrt(0.03**2 + 0.04**2 + 0.005**2)
    cd = found["drag_coefficient"]
    assert cd.value == pytest.approx(drag(HERE))
    assert cd.sigma == pytest.approx(sigma)
    assert (cd.lower, cd.upper) == pytest.approx(
        (cd.value - 1.64485 * sigma, cd.value + 1.64485 * sigma), rel=1e-4
    )
    assert (cd.unit, cd.coverage, cd.in_domain, cd.reason) == ("1", 0.9, True, "")
    assert (cd.model, cd.own_runs) == ("pod 0123456789ab", 0)
    # 2800 mm is the third run, 100 mm of 1050 from the second and 200 from the first
    assert [(e.run_id, e.value) for e in cd.evidence] == [("r2", 0.35), ("r1", 0.30), ("r0", 0.28)]
    apart = cd.evidence[1].distance
    assert [e.distance for e in cd.evidence] == pytest.approx([0.0, apart, 2 * apart], abs=1e-6)
    area = found["drag_area"]
    assert (area.value, area.sigma, area.unit) == pytest.approx((2.0 * cd.value, 2.0 * sigma, "m2"))
    assert [e.value for e in area.evidence] != [e.value for e in cd.evidence]
    bare = surrogate().predict_design(HERE)  # the area is measured
    assert bare["drag_area"].value == pytest.approx(cd.value * POD.measures(HERE)["frontal_area"])


def test_an_interval_ends_where_the_number_does() -> None:
    """A drag coefficient is above nothing: its lower end too, however unsure it is."""
    own = surrogate()
    wild = replace(own.targets["drag_coefficient"], factor=20.0)
    found = replace(own, targets={**own.targets, "drag_coefficient": wild}).predict_design(HERE)[
        "drag_coefficient"
    ]
    assert found.sigma > 0.9
    assert found.lower == TUNNEL.headline.low
    assert found.upper == pytest.approx(TUNNEL.headline.high)


def test_many_designs_at_once_and_what_is_refused() -> None:
    own = surrogate()
    rows = np.array(
        [as_row(POD.declaration, HERE), as_row(POD.declaration, {**HERE, "overall_height": 1850.0})]
    )
    batch = own.predict(rows)
    assert batch.value["drag_coefficient"] == pytest.approx(
        [drag(HERE), drag({**HERE, "overall_height": 1850.0})]
    )
    assert "drag_area" not in batch.value
    told = own.predict(rows, {"frontal_area": np.array([2.0, 3.0])})
    assert told.value["drag_area"] == pytest.approx(batch.value["drag_coefficient"] * [2.0, 3.0])
    assert told.sigma["drag_area"] == pytest.approx(batch.sigma["drag_coefficient"] * [2.0, 3.0])
    assert own.predict(rows[0]).value["drag_coefficient"].shape == (1,)
    for bad in (rows[:, :12], np.full((1, 13), np.nan)):
        with pytest.raises(InputError, match="must be finite, n x 13"):
            own.predict(bad)


def test_a_prediction_beyond_every_simulated_value_is_outside() -> None:
    """Simulated 0.28 to 0.35 with a spread of 0.0294: a quarter of it beyond is the edge."""
    own = surrogate(reach=9.0)
    seen = np.array([0.28, 0.30, 0.35])
    slack = 0.25 * seen.std()
    told = own._beyond({
        "drag_coefficient": np.array([0.30, 0.35 + slack, 0.28 - 2 * slack]),
        **{o.name: np.zeros(3) for o in TUNNEL.learned if o.name != "drag_coefficient"},
    })  # fmt: skip
    assert told == pytest.approx([0.0, 1.0, 2.0])
    far = own.predict_design({**HERE, "wheelbase": 3300.0, "overall_height": 1300.0})["drag_coefficient"]
    beyond = (0.4 - 0.35) / slack
    assert far.distance == pytest.approx(beyond)
    assert not far.in_domain
    assert far.reason == "the prediction lies beyond every simulated value"
    assert far.sigma > 2 * 0.0754  # wider than inside


def test_too_far_from_every_design_is_outside() -> None:
    near = surrogate(reach=1e-3).predict_design(HERE)["drag_coefficient"]
    assert not near.in_domain
    assert near.reason.startswith("nearest simulated designs")
    assert near.distance > 1.0


def test_slopes_of_a_line_are_its_coefficients() -> None:
    own = surrogate()
    found = own.sensitivities(HERE)
    assert list(found)[:2] == ["wheelbase", "overall_height"]
    assert found["wheelbase"] == pytest.approx(0.1)
    assert found["overall_height"] == pytest.approx(-0.05)
    assert found["spoiler"] == pytest.approx(0.0, abs=1e-9)
    at_end = own.sensitivities({**HERE, "wheelbase": 3300.0})
    assert at_end["wheelbase"] == pytest.approx(0.1)  # one way there, divided by what it moved
    lift = next(o.name for o in TUNNEL.learned if o.name != "drag_coefficient")
    assert own.sensitivities(HERE, lift)["wheelbase"] == pytest.approx(0.1)
    every = gradients(POD, own.targets, np.stack([UNIT, UNIT + 0.01]))
    assert every["drag_coefficient"].shape == (2, 13)
    assert every["drag_coefficient"][1, 4] == pytest.approx(-0.05)


def test_the_doubt_of_a_difference_is_that_of_what_is_not_shared() -> None:
    """Covariances of 0.01 exp(-d^2): a tenth of the wheelbase's range apart."""
    own = surrogate()
    rows = np.array([as_row(POD.declaration, HERE), as_row(POD.declaration, {**HERE, "wheelbase": 2905.0})])
    assert own.difference(rows, "drag_coefficient") == pytest.approx(
        1.5 * math.sqrt(0.02 - 2 * 0.01 * math.exp(-0.01))
    )
    assert own.difference(rows[[0, 0]], "drag_coefficient") == 0.0
    assert own.difference(rows, "nothing") is None


def test_own_runs_are_counted_in_the_version() -> None:
    own = surrogate()
    assert own.levels == ("coarse", "medium")
    one = replace(own, runs=(*RUNS, run(7, 0.3)), learned=1)
    mark = hashlib.sha256(b"r7").hexdigest()[:6]
    assert one.version == f"pod 0123456789ab + 1 own run ({mark})"
    two = replace(own, runs=(*RUNS, run(9, 0.3), run(7, 0.3)), learned=2)
    assert two.version == f"pod 0123456789ab + 2 own runs ({hashlib.sha256(b'r7r9').hexdigest()[:6]})"


def test_only_runs_of_the_same_kind_are_learned() -> None:
    """Known, unsound, of another family, study, fidelity or recipe, or incomplete: the surrogate stays."""
    own = surrogate()
    for other in (
        RUNS[0], run(5, 0.3, family="car"), run(5, 0.3, study="structure"), run(5, 0.3, converged=False),
        run(5, 0.3, fidelity="fine"), run(5, 0.3, recipe="s"), run(5, 0.3, parameters={"wheelbase": 2800.0}),
    ):  # fmt: skip
        assert own.learn([other]) is own


# -- arrows -------------------------------------------------------------------------------------------------


class Asked:
    """The pod's own formula in the place of a surrogate."""

    family, study, version, targets = POD, TUNNEL, "none", {"drag_coefficient": None}

    def predict(self, rows: np.ndarray) -> Any:
        return PodPredictor().predict(rows)


def test_a_step_either_way_changes_the_drag_by_the_formula() -> None:
    own: Any = Asked()
    found = slopes(own, HERE)
    assert list(found) == list(NAMES)
    height = found["overall_height"]  # 0.05 over 550 mm, a step of a fiftieth
    assert height.step == pytest.approx(11.0)
    assert (height.down, height.up) == pytest.approx((-0.001, 0.001))
    assert (height.better, height.gain, height.sign) == ("down", pytest.approx(-0.001), 1.0)
    tail = found["backlight_angle"]  # 0.08 (u - 0.07)^2 at u = 18 / 58
    u = 18.0 / 58.0
    change = [0.08 * ((u + s - 0.07) ** 2 - (u - 0.07) ** 2) for s in (-0.02, 0.02)]
    assert (tail.down, tail.up) == pytest.approx(tuple(change))
    ends = slopes(own, {**HERE, "overall_height": 1300.0, "ground_clearance": 105.0, "spoiler": 60.0}, 0.5)
    assert ends["overall_height"].down is None
    assert ends["overall_height"].up == pytest.approx(0.025)
    assert ends["spoiler"].up is None
    assert ends["wheelbase"].down is not None or ends["wheelbase"].up is not None
    edge = slopes(own, {**HERE, "overall_height": 1311.0, "ground_clearance": 105.0})
    assert edge["overall_height"].down == pytest.approx(-0.001)  # just fits
    for bad in (0.0, 0.51, -0.1):
        with pytest.raises(InputError, match=r"allowed above 0 and at most 0\.5"):
            slopes(own, HERE, bad)
    bare: Any = type("Bare", (Asked,), {"targets": {}})()
    with pytest.raises(InputError, match="does not predict drag_coefficient"):
        response_of(bare)
    assert source_of(own) == "surrogate"


def test_the_doubt_of_slopes_is_that_of_differences() -> None:
    """Central differences over 0.04 of the cube of covariances 0.01 exp(-d^2), 1.5 times: of one slope
    2 * 0.01 (1 - exp(-0.0016)) / 0.0016; two of them meet in corners alone."""
    found = spread(surrogate(), HERE)
    assert found is not None
    own = 1.5**2 * 2 * 0.01 * (1 - math.exp(-0.0016)) / 0.04**2
    assert np.diag(found) == pytest.approx(np.full(13, own))
    near = math.exp(-0.0008)
    assert found[0, 4] == pytest.approx(1.5**2 * 0.01 * (near - near - near + near) / 0.0016, abs=1e-9)
    assert np.array_equal(found, found.T)
    assert spread(replace(surrogate(), targets={}), HERE) is None


# -- loading ------------------------------------------------------------------------------------------------


def test_runs_come_back_from_a_model_file() -> None:
    weights = {
        "runs.parameters": design_matrix(POD, RUNS[:2]),
        "runs.output.drag_coefficient": np.array([0.28, 0.30]),
        "runs.noise.drag_coefficient": np.array([0.01, 0.02]),
        "runs.detail.frontal_area": np.array([2.0, np.nan]),
        "other": np.zeros(2),
    }
    info = {"study": "wind_tunnel", "runs": {"id": ["a", "b"], "fidelity": ["coarse", "medium"]}}
    one, two = _stored_runs(POD, info, weights, list(NAMES))
    assert (one.run_id, one.fidelity, two.run_id, two.fidelity) == ("a", "coarse", "b", "medium")
    assert one.outputs == {"drag_coefficient": 0.28}
    assert two.noise == {"drag_coefficient": 0.02}
    assert one.details == {"frontal_area": 2.0}
    assert two.parameters == pytest.approx(RUNS[1].parameters)
    assert (one.converged, one.family, one.study) == (True, "pod", "wind_tunnel")


def test_a_surrogate_that_is_not_there_or_of_another_family_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModelError, match="there is no surrogate of family 'pod'; train one with"):
        _load(POD, tmp_path / "none")
    monkeypatch.setattr("maquette.surrogate.models.surrogate.load_model", lambda _: ({"family": "car"}, {}))
    with pytest.raises(ModelError, match="a surrogate of family 'car', not 'pod'"):
        _load(POD, tmp_path)
    stale = ({"family": "pod", "declaration_hash": "other"}, {})
    monkeypatch.setattr("maquette.surrogate.models.surrogate.load_model", lambda _: stale)
    with pytest.raises(ModelError, match="was trained for another parameter declaration"):
        _load(POD, tmp_path)


def test_a_network_is_taken_for_the_version_that_it_was_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two units: out = silu(1 * x0 + 0.5) twice ... by hand: silu(v) = v / (1 + exp(-v))."""
    at = {
        "in.weight": np.array([[1.0], [0.0]]), "in.bias": np.array([0.5, 0.0]),
        "mid.weight": np.eye(2), "mid.bias": np.array([0.0, 1.0]),
        "out.weight": np.array([[2.0, 3.0]]), "out.bias": np.array([0.1]),
        "skip.weight": np.array([[0.25]]), "mean": np.array(0.3), "scale": np.array(0.05),
    }  # fmt: skip
    info = {
        "kind": "distilled response",
        "declaration_hash": POD.declaration_hash,
        "surrogate": "v1",
        "columns": [4],
    }
    monkeypatch.setattr(slope_module, "shipped_folder", lambda _: tmp_path)
    monkeypatch.setattr(slope_module, "load_model", lambda _: (info, at))
    slope_module._network.cache_clear()
    ask = slope_module._network(POD, "v1")
    assert ask is not None
    x = 2.0 * UNIT[4] - 1.0

    def silu(v: float) -> float:
        return v / (1.0 + math.exp(-v))

    wanted = 2.0 * silu(silu(x + 0.5)) + 3.0 * silu(1.0) + 0.1 + 0.25 * x
    assert ask(UNIT[None]) == pytest.approx([0.3 + 0.05 * wanted])
    assert slope_module._network(POD, "v2") is None
    for key, value in (("kind", "x"), ("declaration_hash", "x")):
        slope_module._network.cache_clear()
        monkeypatch.setattr(slope_module, "load_model", lambda _, k=key, v=value: ({**info, k: v}, at))
        assert slope_module._network(POD, "v1") is None
    slope_module._network.cache_clear()
    monkeypatch.setattr(slope_module, "shipped_folder", lambda _: tmp_path / "none")
    assert slope_module._network(POD, "v1") is None
    slope_module._network.cache_clear()


def test_features_seen_are_scaled(tmp_path: Path) -> None:
    assert FEATURES[0] == Feature("wheelbase", "mm", 2250.0, 3300.0)
    rows = from_unit_cube(POD.declaration, np.stack([UNIT]))
    assert rows[0] == pytest.approx(as_row(POD.declaration, HERE))
