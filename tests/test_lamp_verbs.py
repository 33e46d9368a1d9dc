"""A product with no drag, no nose and no mirror plane, from another package, goes through every verb.

The lamp and its study (:mod:`lamp_study`) are installed as a package from outside; nothing of Maquette names
them. Its surrogate is trained on a campaign of its own, and the search is held to the study itself.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lamp_study import MARGIN, STRESS, Push, PushedLamp, installed, peak_stress
from seat import Seat
from studio_server import studio

from maquette.design.family.conformance_subjects import ContractError
from maquette.surrogate.models.gaussian_process.options import Options
from maquette.surrogate.models.surrogate import load_surrogate
from maquette.surrogate.models.train import train_surrogate
from maquette.surrogate.runs.dataset import read_jsonl
from maquette.surrogate.studies import conformance
from maquette.surrogate.studies.wind_tunnel.study import WindTunnel
from maquette.ui.cli.main import main

LAMP, STUDY = PushedLamp(), Push()
OPTIONS = Options(candidates=("matern, free lengthscales",), most_folds=6, curve=())
BRIEF = "a lamp with stress at most 5 MPa, reach at least 150 mm, no heavier than 4 kg"


@pytest.fixture(scope="module")
def lamp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a design, runs of a campaign and the surrogate that they gave."""
    place = tmp_path_factory.mktemp("lamp")
    patch = pytest.MonkeyPatch()
    patch.setenv("MAQUETTE_DATA", str(place / "own.jsonl"))
    with installed(place / "site"):
        assert main(["sample", "lamp", "-n", "2", "--seed", "3", "--out", str(place / "designs")]) == 0
        for words in (["-n", "50"], ["-n", "20", "--fidelity", "frame"]):
            assert main(["campaign", "lamp", *words, "--out", str(place / "runs")]) == 0
        runs = read_jsonl(place / "runs" / "runs.jsonl")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # gpytorch's import calls torch.jit.script
            train_surrogate(LAMP, runs, place / "model", OPTIONS, lambda _: None)
        yield place
    patch.undo()


def told(capfd: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any]:
    """The JSON of a command."""
    capfd.readouterr()
    assert main([*words, "--json"]) == code
    found: dict[str, Any] = json.loads(capfd.readouterr().out)
    return found


def design(place: Path) -> str:
    return str(place / "designs" / "lamp-0000.json")


@pytest.mark.parametrize("study", [WindTunnel(), STUDY], ids=lambda s: s.name)
def test_studies_keep_their_declaration(study: Any) -> None:
    for check in conformance.DECLARATION:
        check(study)


def test_the_study_keeps_its_contract() -> None:
    conformance.check_study(STUDY, [LAMP])


class Forgetful(Push):
    """Bent in one place at a time."""

    def observe(self, *job: Any, **more: Any) -> Any:
        run = super().observe(*job, **more)
        del run.outputs[MARGIN]
        return run


class Trembling(Push):
    times = 0

    def observe(self, *job: Any, **more: Any) -> Any:
        run = super().observe(*job, **more)
        type(self).times += 1
        run.outputs[MARGIN] *= 1.0 + 0.01 * self.times
        return run


@pytest.mark.parametrize(
    ("study", "says"),
    [(Forgetful(), "tip_over_margin is nan"), (Trembling(), "differs by")],
    ids=["forgets", "trembles"],
)
def test_a_study_that_forgets_or_trembles_is_found_out(study: Push, says: str) -> None:
    with pytest.raises(ContractError, match=says):
        conformance.check_study(study, [LAMP])


@pytest.mark.slow
def test_a_run_is_told_by_its_own_outputs(lamp: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ran = told(capfd, "simulate", design(lamp), "--study", "push", "--fidelity", "frame")
    values = json.loads(Path(design(lamp)).read_text())["parameters"]
    assert ran["outputs"][STRESS] == pytest.approx(peak_stress(LAMP.validate(values), True))
    assert ran["outputs"]["stress_times_mass"] == pytest.approx(ran["outputs"][STRESS] * ran["mass"])
    assert ran["converged"]
    assert "cd" not in ran
    capfd.readouterr()
    assert main(["simulate", design(lamp), "--fidelity", "fine"]) == 2
    assert "fidelity is 'fine'; the study push has beam, frame" in capfd.readouterr().err
    assert main(["simulate", design(lamp), "--study", "wind_tunnel"]) == 2
    assert "study is 'wind_tunnel'; family 'lamp' is put through push" in capfd.readouterr().err


@pytest.mark.slow
def test_its_stress_is_predicted_and_asked_for(lamp: Path, capfd: pytest.CaptureFixture[str]) -> None:
    model = ["--model", str(lamp / "model")]
    said = told(capfd, "predict", design(lamp), *model)["predictions"]
    assert set(said) == {STRESS, MARGIN, "stress_times_mass"}
    values = LAMP.validate(json.loads(Path(design(lamp)).read_text())["parameters"])
    assert said[STRESS]["value"] == pytest.approx(peak_stress(values, True), rel=0.1)
    assert said[STRESS]["unit"] == "MPa"
    brief = f"stress at most {said[STRESS]['upper'] + 1.0:.2f} MPa"
    judged = told(capfd, "assess", design(lamp), brief, "--family", "lamp", *model, "--fast")
    (verdict,) = judged["verdicts"]
    assert (verdict["quantity"], verdict["passed"], judged["feasible"]) == (STRESS, True, True)
    capfd.readouterr()
    assert main(["assess", design(lamp), "drag coefficient at most 0.3", *model, "--fast"]) == 2
    card = (lamp / "model" / "README.md").read_text()
    assert "peak stress" in card
    assert "Cd" not in card


@pytest.mark.slow
def test_the_map_shows_where_the_stress_comes_from(lamp: Path) -> None:
    """Less arm is less stress: mechanics says so, and the map."""
    from maquette.surrogate.models.push_pull import push_pull

    found = push_pull(load_surrogate(LAMP, lamp / "model", local=False), LAMP.defaults())
    assert (found.quantity, found.unit, found.better) == (STRESS, "MPa", "less")
    assert found.most[0].name == "arm_length"


@pytest.mark.slow
@pytest.mark.kernel
def test_a_search_on_its_stress_finds_what_the_study_confirms(
    lamp: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["--family", "lamp", "--trials", "80", "--model", str(lamp / "model")]
    found = told(capfd, "optimise", BRIEF, *words, "--out", str(lamp / "search"))
    assert found["feasible"]
    for candidate in found["best"]:
        values = LAMP.accept(candidate["design"]["parameters"])
        said = candidate["predictions"][STRESS]
        assert abs(peak_stress(values, True) - said["value"]) < 4.0 * said["sigma"]
        assert LAMP.measures(values)["reach"] >= 150.0
        assert {v["quantity"] for v in candidate["verdicts"]} == {STRESS, "reach", "mass"}
    first = LAMP.accept(found["best"][0]["design"]["parameters"])
    assert peak_stress(first, True) < 5.0 < peak_stress(LAMP.defaults(), True)


@pytest.mark.slow
@pytest.mark.kernel
def test_the_best_are_simulated_and_compared_with_what_was_predicted(
    lamp: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """What stands there as simulated is what the study says, and the difference is the difference."""
    words = ["--family", "lamp", "--trials", "60", "--model", str(lamp / "model"), "--verify-top", "2"]
    found = told(capfd, "optimise", BRIEF, *words, "--fidelity", "frame", "--out", str(lamp / "top"))
    assert [w["rank"] for w in found["verified"]] == [1, 2]
    own = {r.run_id for r in read_jsonl(lamp / "own.jsonl")}
    for winner in found["verified"]:
        values = LAMP.accept(winner["design"]["parameters"])
        stress = next(c for c in winner["compared"] if c["quantity"] == STRESS)
        assert winner["run_id"] in own
        assert stress["simulated"] == pytest.approx(peak_stress(values, True))
        assert stress["off"] == pytest.approx(stress["simulated"] - stress["predicted"])
        assert stress["inside"] == (stress["lower"] <= stress["simulated"] <= stress["upper"])
        assert winner["missed"] == ([STRESS] if stress["simulated"] > 5.0 else [])
    capfd.readouterr()
    assert main(["optimise", "a chair under 5 kg", "--verify-top", "1", "--out", str(lamp / "chair")]) == 2
    assert "nothing of a chair is predicted" in capfd.readouterr().err
    assert main(["optimise", BRIEF, *words[:-1], "9", "--out", str(lamp / "nine")]) == 2
    assert "--verify-top is 9; allowed 0 to 5" in capfd.readouterr().err


@pytest.mark.slow
@pytest.mark.kernel
def test_it_is_released_and_verified(lamp: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = lamp / "release"
    made = told(capfd, "design", "a lamp with reach at least 160 mm", "--family", "lamp", "--trials", "20",
                "--concepts", "0", "--out", str(out))  # fmt: skip
    assert made["verified"]
    assert (out / "model.step").is_file()
    checked = told(capfd, "verify", str(out))
    assert checked["ok"]
    report = (out / "report.html").read_text()
    assert "drag" not in re.sub(r"data:[^\"']+", "", report)


@pytest.mark.slow
def test_it_lives_in_the_studio(lamp: Path, tmp_path: Path, browser: Any) -> None:
    """Its words, sliders and numbers in a real browser; nothing on the page speaks of drag."""
    with studio(tmp_path / "studio") as address:
        seat = Seat(browser, address)
        page = seat.page
        seat.open()
        page.locator("#mq-family input").click()
        page.get_by_role("option", name="lamp").click()
        page.locator("#mq-brief-text textarea").fill("a reading lamp, reach at least 160 mm, 3 joints")
        page.locator("#mq-read").click()
        page.wait_for_selector("#mq-understood tr[data-quantity=reach]")
        seat.model()
        assert seat.slider("arm_joints") == 3.0
        was = seat.slider("post_height")
        line = page.locator("#mq-edit input, #mq-edit textarea").first
        line.fill("10 mm more post height")
        line.press("Enter")
        page.wait_for_function(
            "(v) => Math.abs(Number(document.querySelector('#mq-post_height').value) - v) < 0.6", arg=was + 10
        )
        assert "drag" not in page.locator("#mq-numbers").inner_text().lower()
        seat.tab("Evidence")
        page.locator("#mq-simulate").click()
        page.locator("#mq-cfd").get_by_text("peak stress").wait_for()
        seat.context.close()
        assert seat.outside == []
        assert seat.faults == []
