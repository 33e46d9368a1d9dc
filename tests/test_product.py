"""A product opened once goes through its verbs, and nothing is looked up or loaded before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import maquette as mq
from maquette.design.errors import InputError, ModelError
from maquette.design.family.records import Design
from maquette.ui.verbs import predict, verify
from maquette.ui.workbench import open_workbench

IMPORT_SECONDS = 0.05


@pytest.fixture(autouse=True)
def only_the_shipped_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAQUETTE_DATA", str(tmp_path / "data"))


def test_the_root_is_imported_at_once_and_loads_nothing() -> None:
    code = (
        "import json, sys, time; before = set(sys.modules); began = time.process_time(); import maquette;"
        "taken = time.process_time() - began;"
        "print(json.dumps([taken, sorted({m.partition('.')[0] for m in set(sys.modules) - before})]))"
    )
    tries = [
        json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(3)
    ]
    assert min(taken for taken, _ in tries) < IMPORT_SECONDS
    assert not {"numpy", "torch", "optuna", "cadquery", "gradio", "scipy"} & set(tries[0][1])


def test_opening_a_product_loads_no_model() -> None:
    code = (
        "import sys, maquette; car = maquette.open('car'); car.quantities['wheelbase'];"
        "heavy = {'torch', 'cadquery', 'OCP', 'optuna', 'diffusers', 'gradio', 'scipy'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) if heavy else 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_every_public_name_is_there() -> None:
    for name in mq.__all__:
        assert getattr(mq, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'shut'"):
        _ = mq.shut  # type: ignore[attr-defined]


def test_a_product_knows_its_family_and_models() -> None:
    car, ahmed = mq.open("car"), mq.open("ahmed")
    assert car.family is mq.get_family("car")
    assert car.quantities["wheelbase"].unit == "mm"
    assert car.predictor is car.predictor
    assert car.predictor is open_workbench("car").predictor
    assert car.predicts
    assert car.draws
    assert not ahmed.predicts
    assert ahmed.predictor_or_none is None
    with pytest.raises(ModelError, match="no surrogate of family 'ahmed'"):
        _ = ahmed.predictor
    with pytest.raises(InputError, match="did you mean 'car'"):
        mq.open("carr")


def test_a_verb_takes_the_product_that_it_is_handed() -> None:
    car = mq.open("car")
    design = Design("car", car.family.defaults())
    assert car.predict(design) == predict(design)
    with pytest.raises(InputError, match="workbench is of family 'ahmed'"):
        predict(design, workbench=open_workbench("ahmed"))


def test_words_are_read_for_the_product() -> None:
    ahmed = mq.open("ahmed")
    parsed = ahmed.read("overall length at most 1100 mm", seed=3)
    assert (parsed.brief.family, parsed.brief.seed) == ("ahmed", 3)
    assert ahmed.read(parsed) is parsed


@pytest.mark.slow
@pytest.mark.kernel
def test_a_car_from_words_to_a_verified_release(tmp_path: Path) -> None:
    car = mq.open("car")
    brief = car.read("a low fastback, overall length at most 4.8 m, minimise drag coefficient")
    found = car.search(brief, trials=12)
    assert len(found.study.trials) == 12
    assert found.study.best_trials
    assert found.best.brief is brief
    assert found.best.feasible is found.feasible
    said = car.predict(found.best).predictions["drag_coefficient"]
    assert said.lower < said.value < said.upper
    judged = car.assess(found.best, brief, exact=False)
    assert {v.quantity for v in judged.verdicts} >= {"overall_length"}
    done = car.release(found.best, tmp_path / "car")
    assert done.verified
    assert {v.quantity for v in done.verdicts} >= {"overall_length"}
    assert verify(tmp_path / "car").ok


@pytest.mark.slow
@pytest.mark.kernel
def test_a_search_that_is_kept_goes_on(tmp_path: Path) -> None:
    ahmed = mq.open("ahmed")
    brief = ahmed.read("overall length at most 1100 mm")
    first = ahmed.search(brief, trials=4, out=tmp_path)
    assert len(first.study.trials) == 4
    again = ahmed.search(brief, trials=6, out=tmp_path)
    assert len(again.study.trials) == 6
    assert ahmed.build(again.best, tmp_path / "built").valid
