"""The distilled drag predictor: true to the surrogate, differentiable, refused when made for another one.

When the floor on R2 fails after the surrogate was retrained, make the network anew (the message of
`test_the_shipped_network_loads` names the command); when it fails on a fresh network, look at the recipe.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from maquette.design.errors import InputError, ModelError
from maquette.design.family.parameters import from_unit_cube
from maquette.design.family.registry import get_family
from maquette.surrogate.labels import LABEL, label_file
from maquette.surrogate.labels import main as label
from maquette.surrogate.models import differentiable
from maquette.surrogate.models.differentiable import Recipe, accepted_designs, distil, remake, response
from maquette.surrogate.models.store import load_model, save_model
from maquette.surrogate.models.surrogate import Surrogate, load_surrogate

NAME = f"{LABEL}drag_coefficient"
CAR = get_family("car")
P = len(CAR.parameters)
FLOOR = 0.98  # R2 to the surrogate that guidance counts on


@pytest.fixture(scope="module")
def surrogate() -> Surrogate:
    return load_surrogate("car", local=False)


@pytest.fixture(scope="module")
def unit() -> np.ndarray:
    return accepted_designs(CAR, 300, seed=991)  # the training's seed is 0


def test_the_shipped_network_loads() -> None:
    drag = response("car")(torch.zeros(3, P))
    assert drag.shape == (3,)
    assert 0.1 < float(drag[0]) < 0.6


def test_it_repeats_the_surrogate_on_fresh_designs(surrogate: Surrogate, unit: np.ndarray) -> None:
    truth = surrogate.predict(from_unit_cube(CAR.declaration, unit)).value["drag_coefficient"]
    said = response("car")(torch.from_numpy(2 * unit - 1)).numpy()
    r2 = 1 - np.mean((said - truth) ** 2) / truth.var()
    assert r2 > FLOOR
    card = load_model(differentiable.shipped_folder("car"))[0]
    assert card["held_out"]["all"]["r2"] > FLOOR
    assert card["slopes"]["cosine_mean"] > 0.9
    assert np.abs(said - truth).mean() < 1.5 * card["held_out"]["all"]["mae"]


def test_its_gradient_is_its_slope(unit: np.ndarray) -> None:
    drag = response("car")
    z = torch.from_numpy(2 * unit[:4] - 1).requires_grad_()
    (slope,) = torch.autograd.grad(drag(z).sum(), z)
    step = 1e-5
    with torch.no_grad():
        for j in range(P):
            e = torch.zeros(P, dtype=torch.float64)
            e[j] = step
            central = (drag(z + e) - drag(z - e)) / (2 * step)
            torch.testing.assert_close(slope[:, j], central, rtol=1e-5, atol=1e-8)


def test_going_down_its_slope_lowers_the_surrogates_drag(surrogate: Surrogate, unit: np.ndarray) -> None:
    drag = response("car")
    z = torch.from_numpy(2 * unit[:100] - 1).requires_grad_()
    (slope,) = torch.autograd.grad(drag(z).sum(), z)
    lower = (z - 0.5 * slope / slope.norm(dim=1, keepdim=True)).clamp(-1, 1).detach().numpy()
    before = surrogate.predict(from_unit_cube(CAR.declaration, unit[:100])).value["drag_coefficient"]
    after = surrogate.predict(from_unit_cube(CAR.declaration, (lower + 1) / 2)).value["drag_coefficient"]
    assert (after < before).mean() > 0.95


def test_batch_equals_loop_and_single_precision_is_close(unit: np.ndarray) -> None:
    drag = response("car")
    z = torch.from_numpy(2 * unit - 1)
    together = drag(z)
    torch.testing.assert_close(together, torch.cat([drag(row[None]) for row in z]), rtol=0, atol=1e-12)
    torch.testing.assert_close(drag(z.float()).double(), together, rtol=0, atol=1e-5)


def test_parameters_that_do_not_shape_the_hull_do_not_move_it() -> None:
    drag = response("car")
    quiet = [j for j, p in enumerate(CAR.parameters) if not p.range.shapes_hull]
    z = torch.zeros(1, P)
    moved = z.clone()
    moved[:, quiet] = 0.7
    assert torch.equal(drag(z), drag(moved))


def _copy(tmp_path: Path, **changes: object) -> Path:
    """The shipped network with changes in its card, soundly hashed."""
    info, weights = load_model(differentiable.shipped_folder("car"))
    save_model(tmp_path / "net", {k: v for k, v in info.items() if k != "sha256"} | changes, weights)
    return tmp_path / "net"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"declaration_hash": "0" * 64}, "another parameter declaration"),
        ({"surrogate": "car 000000000000"}, "another surrogate"),
    ],
)
def test_another_declaration_or_surrogate_is_refused(
    tmp_path: Path, changes: dict[str, str], says: str
) -> None:
    with pytest.raises(ModelError, match=says) as refused:
        response("car", _copy(tmp_path, **changes))
    assert remake("car") in str(refused.value)
    assert "\n" not in str(refused.value)


def test_absent_foreign_and_damaged_networks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no response network; make one with `python -m maquette"):
        response("car", tmp_path / "none")
    with pytest.raises(ModelError, match="not a response network"):
        response("car", differentiable.shipped_folder("car").parent / "car")
    shutil.copytree(differentiable.shipped_folder("car"), tmp_path / "net")
    card = tmp_path / "net" / "model.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | {"level": "fine"}))
    with pytest.raises(ModelError, match="damaged"):
        response("car", tmp_path / "net")


def test_distilling_repeats_itself_and_says_what_it_is(surrogate: Surrogate, tmp_path: Path) -> None:
    recipe = dataclasses.replace(Recipe(), designs=400, held_out=40, slopes=4, epochs=10)
    a = distil(surrogate, tmp_path / "a", recipe, progress=lambda _: None)
    b = distil(surrogate, tmp_path / "b", recipe, progress=lambda _: None)
    assert a["weights_sha256"] == b["weights_sha256"]
    assert a["surrogate"] == surrogate.version
    card = (tmp_path / "a" / "README.md").read_text()
    assert f"{a['held_out']['all']['r2']:.4f}" in card
    assert response("car", tmp_path / "a")(torch.zeros(1, P)).isfinite().all()


def test_designs_keep_the_rules_and_lie_in_the_cube(unit: np.ndarray) -> None:
    assert unit.min() >= 0
    assert unit.max() <= 1
    names = [p.name for p in CAR.parameters]
    for row in from_unit_cube(CAR.declaration, unit[:40]).tolist():
        assert not CAR.broken_rules(dict(zip(names, row, strict=True)))


def test_labels_are_the_surrogates_mean(surrogate: Surrogate, unit: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "designs.npz"
    values = from_unit_cube(CAR.declaration, unit[:50])
    body = np.arange(50)
    np.savez_compressed(path, values=values, body=body)
    assert label([str(path)]) == 0
    with np.load(path, allow_pickle=False) as file:
        truth = surrogate.predict(values).value["drag_coefficient"]
        np.testing.assert_allclose(file[NAME], truth, rtol=1e-6)
        np.testing.assert_array_equal(file["values"], values)
        np.testing.assert_array_equal(file["body"], body)
        assert str(file[f"{NAME}_model"]) == surrogate.version
    label_file(path, surrogate, progress=lambda _: None)  # again: the column is replaced
    assert [p.name for p in tmp_path.iterdir()] == ["designs.npz"]


def test_files_that_are_not_designs_are_refused(surrogate: Surrogate, tmp_path: Path) -> None:
    path = tmp_path / "designs.npz"
    with pytest.raises(InputError, match="not a readable"):
        label_file(path, surrogate)
    path.write_bytes(b"plain words")
    with pytest.raises(InputError, match="not a readable"):
        label_file(path, surrogate)
    np.savez(path, values=np.zeros((3, P + 1)))
    with pytest.raises(InputError, match="values has shape"):
        label_file(path, surrogate)
