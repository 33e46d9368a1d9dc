"""A network distilled from a formula, asked, scored and made from the command line, by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pod import POD, PodPredictor
from test_choosing_by_hand import TUNNEL

from maquette.design.errors import InputError
from maquette.design.family.parameters import as_row, from_unit_cube, to_unit_cube
from maquette.surrogate.models import differentiable
from maquette.surrogate.models.differentiable import Recipe, _scores, accepted_designs, distil, response

# -- the distilled network ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def distilled(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path, list[str]]:
    """Of the pod's own formula, whose slopes are known."""
    folder, told = tmp_path_factory.mktemp("distilled"), list[str]()
    predictor = PodPredictor()
    surrogate: Any = SimpleNamespace(
        family=POD, study=TUNNEL, levels=("coarse", "medium"), version="pod 1", predict=predictor.predict
    )
    recipe = Recipe(designs=512, held_out=101, slopes=9, epochs=40, batch=100, rate=4e-3)
    return distil(surrogate, folder, recipe, told.append), folder, told


def test_a_network_repeats_what_it_was_told(distilled: tuple[dict[str, Any], Path, list[str]]) -> None:
    info, folder, told = distilled
    held = info["held_out"]
    assert [held[k]["n"] for k in ("all", "uniform", "bodies")] == [101, 51, 50]
    assert held["all"]["r2"] > 0.97
    assert held["all"]["mae"] < 0.1 * info["label_std"]
    assert (info["slopes"]["n"], info["columns"]) == (9, list(range(13)))
    assert info["slopes"]["cosine_mean"] > 0.95
    assert info["slopes"]["cosine_mean"] >= info["slopes"]["cosine_p10"] > 0.85
    assert (info["level"], info["surrogate"], info["kind"]) == ("medium", "pod 1", "distilled response")
    assert info["recipe"] == {
        "designs": 512, "held_out": 101, "slopes": 9, "epochs": 40, "batch": 100, "rate": 4e-3, "seed": 0,
    }  # fmt: skip
    assert told[0].startswith("613 designs that keep the rules")
    assert [t.partition(":")[0] for t in told if t.startswith("epoch")] == ["epoch 20", "epoch 40"]
    last = float(next(t for t in told if t.startswith("epoch 40")).rpartition(" ")[2])
    assert 0.0 < last < 0.05
    card = (folder / "README.md").read_text()
    assert "# Drag coefficient of the pod family as a differentiable function" in card
    assert (
        f"| all | 101 | {held['all']['r2']:.4f} | {held['all']['mae']:.5f} | {held['all']['worst']:.4f} |"
        in card
    )
    assert "from 512 designs" in card


def test_a_network_is_asked_in_the_concept_cube(
    distilled: tuple[dict[str, Any], Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    info, folder, _ = distilled
    monkeypatch.setattr(
        differentiable, "load_surrogate", lambda family, local: SimpleNamespace(version="pod 1")
    )
    ask = response(POD, folder)
    unit = accepted_designs(POD, 40, 5)
    truth = PodPredictor().predict(from_unit_cube(POD.declaration, unit)).value["drag_coefficient"]
    said = ask(torch.from_numpy(2.0 * unit - 1.0)).numpy()
    assert np.abs(said - truth).mean() < 0.1 * info["label_std"]


def test_designs_for_a_network_are_half_uniform_and_half_near_bodies() -> None:
    unit = accepted_designs(POD, 60, 3)
    assert unit.shape == (60, 13)
    assert np.array_equal(unit, accepted_designs(POD, 60, 3))
    bodies = np.array([
        to_unit_cube(POD.declaration, as_row(POD.declaration, POD.defaults() | dict(b)))
        for b in POD.archetypes.values()
    ])  # fmt: skip
    near = np.sqrt(((unit[:, None] - bodies) ** 2).mean(axis=2)).min(axis=1)
    assert near[1::2].max() < 0.35
    assert np.median(near[1::2]) < 0.6 * np.median(near[0::2])

    class Refused(type(POD)):  # type: ignore[misc]
        def broken_rules(self, values: Any) -> list[Any]:
            return [1]

    with pytest.raises(InputError, match="accepted 0 of 100 draws"):
        accepted_designs(Refused(), 2, 0)


def test_scores_of_a_network_are_told_for_each_half() -> None:
    truth, said = np.array([0.0, 1.0, 4.0, 3.0]), np.array([1.0, 1.0, 4.0, 6.0])
    found = _scores(said, truth)
    assert found["uniform"] == {"n": 2, "r2": pytest.approx(1 - 0.5 / 4.0), "mae": 0.5, "worst": 1.0}
    assert found["bodies"] == {"n": 2, "r2": pytest.approx(1 - 4.5 / 1.0), "mae": 1.5, "worst": 3.0}
    assert found["all"]["mae"] == 1.0


def test_a_network_is_made_from_the_command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(differentiable, "distil", lambda *a: seen.append(a))
    monkeypatch.setattr(differentiable, "load_surrogate", lambda family, local: (family, local))
    assert differentiable.main(["--family", "chair", "--out", str(tmp_path), "--seed", "4"]) == 0
    surrogate, out, recipe, _, command = seen[0]
    assert (surrogate, out, recipe) == (("chair", False), tmp_path, Recipe(seed=4))
    assert command.startswith("python -m maquette.surrogate.models.differentiable --family chair --out ")
    assert differentiable.main([]) == 0
    assert seen[1][:3] == (("car", False), Path("assets/models/car_response"), Recipe(seed=0))
