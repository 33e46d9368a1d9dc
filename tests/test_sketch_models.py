"""`maquette sketch --model` with other people's diffusers models, as users run it.

Miniature pipelines of the real classes with random weights draw; what they draw goes the same way to bodies
and sheet as ours. Their autoencoders halve a picture four times, so that sheets of full size are quick. When
a picture differs here, look first at what `ui/artists.Foreign` hands to `HubModel.sketch`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import miniature
import numpy as np
import pytest
from PIL import Image
from running import Ran
from sketched import tiny_model

from maquette.constraints.requirements.product import brief_from_text
from maquette.design.concepts.artist.draw import draw
from maquette.design.concepts.artist.palettes import compose
from maquette.design.concepts.fit.alignment import overlap
from maquette.design.concepts.fit.picture import as_rgb, ink_of
from maquette.design.concepts.fit.segmentation import segment
from maquette.design.concepts.generate import loading
from maquette.design.concepts.hub import model as hub
from maquette.design.concepts.hub.control import laid_over
from maquette.design.errors import InputError, ModelError
from maquette.design.family.frame import Frame
from maquette.design.family.records import Design, write_design
from maquette.design.family.registry import get_family
from maquette.ui.cli import main as cli
from maquette.ui.verbs import sketch

FINE = Frame().picture

CAR = get_family("car")
SUV = {**CAR.defaults(), **CAR.archetypes["suv"]}
HALVINGS = 4
UNET = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("hub")
    drawing = draw(CAR.mesh(SUV), CAR.frame, "side", "ink", 0)
    picture = Image.fromarray(compose(drawing.ink, drawing.paint))
    picture.save(root / "suv.png")
    write_design(Design("car", SUV, {}), root / "suv.json")
    return {
        "sd": miniature.save_stable_diffusion(root / "sd", HALVINGS),
        "flow": miniature.save_flow(root / "flow", HALVINGS),
        "controlnet": miniature.save_controlnet(root / "controlnet", HALVINGS),
        "flow-controlnet": miniature.save_flow_controlnet(root / "flow-controlnet"),
        "lora": miniature.save_lora(root / "lora"),
        "own": tiny_model(root / "own"),
        "design": root / "suv.json",
        "picture": root / "suv.png",
    }


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No concept model of our own beside the foreign one, whatever is shipped."""
    monkeypatch.setattr(loading, "shipped_folder", lambda family: tmp_path / "nothing" / family)


@pytest.fixture
def run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """The command `sketch` of one picture in this process; the next call writes over its pictures."""

    def call(*words: object, brief: str = "low fastback", n: int = 1, steps: int = 2) -> Ran:
        given = ["sketch", brief, "-n", n, "--steps", steps, "--out", tmp_path / "out", "--json", *words]
        code = cli.main([str(word) for word in given])
        return Ran(code, *capfd.readouterr())

    return call


def _pictures(ran: Ran) -> list[np.ndarray]:
    assert ran.code in (0, 1), ran.err
    return [np.asarray(Image.open(c["image"]).convert("RGB"), dtype=int) for c in ran.json["concepts"]]


def _far(a: np.ndarray, b: np.ndarray) -> float:
    """Mean difference of two pictures, 0 to 255."""
    return float(np.abs(a - b).mean())


# -- from words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sd", "flow"])
def test_a_foreign_model_draws_the_sheet(
    folders: dict[str, Path], run: Callable[..., Ran], name: str
) -> None:
    ran = run("--model", folders[name], brief="low fastback, drag at most 0.3, gizmo", n=2, steps=1)
    answer = ran.json
    assert answer["model"] == str(folders[name])
    assert not answer["steering"], "nothing steers a model by numbers that has no ControlNet"
    assert answer["unknown_words"] == ["gizmo"]
    one, two = _pictures(ran)
    assert one.shape == (384, 768, 3)
    assert _far(one, two) > 1
    for concept in answer["concepts"]:
        image = Path(concept["image"])
        assert not image.with_name(f"{image.stem}.drawing.png").exists()
        assert concept["fault"] == "no encoder is there to read it: the shipped concept model is absent"
    assert ran.code == 1, "a sheet without bodies is no success"


def test_our_encoder_reads_what_a_foreign_model_draws(
    folders: dict[str, Path], run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "shipped_folder", lambda _: folders["own"])
    words = ("--model", folders["sd"], "--view", "side")
    ran = run(*words, "--start", folders["picture"], "--strength", 0)
    assert ran.code == 0, ran.err
    (concept,) = ran.json["concepts"]
    assert concept["agreement"]["iou"] > 0.9
    assert concept["design"]["family"] == "car"


def test_a_lora_changes_the_picture(folders: dict[str, Path], run: Callable[..., Ran]) -> None:
    words = ("--model", folders["sd"])
    plain, changed = (_pictures(run(*words, *more, steps=1))[0] for more in ((), ("--lora", folders["lora"])))
    assert _far(plain, changed) > 0.1


# -- from a design or a picture --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sd", "flow"])
def test_strength_says_how_far_to_leave_the_start(
    folders: dict[str, Path], run: Callable[..., Ran], name: str
) -> None:
    words = ("--model", folders[name], "--style", "ink")
    start = (*words, "--start", folders["design"])
    given = np.asarray(Image.open(folders["picture"]).convert("RGB"), dtype=int)
    kept = run(*start, "--strength", 0)
    assert kept.code == 0, kept.err
    assert _far(_pictures(kept)[0], given) == 0, "0 keeps the design's own drawing"
    (concept,) = kept.json["concepts"]
    assert concept["agreement"]["iou"] > 0.97
    assert concept["design"]["parameters"]["wheelbase"] == pytest.approx(SUV["wheelbase"], rel=0.02)
    free = _pictures(run(*words))[0]
    assert _far(_pictures(run(*start, "--strength", 1))[0], free) == 0, "1 ignores it"
    near, far = (_pictures(run(*start, "--strength", s, steps=4))[0] for s in (0.25, 0.75))
    assert _far(near, far) > 0
    dark = run(*start, "--strength", 0.25, "--palette", "midnight", steps=4)
    assert _far(near, _pictures(dark)[0]) > 0, "the start's own colours reach the model"


def test_a_picture_starts_it_too(folders: dict[str, Path], run: Callable[..., Ran], tmp_path: Path) -> None:
    words = ("--model", folders["sd"], "--start")
    given = np.asarray(Image.open(folders["picture"]).convert("RGB"), dtype=int)
    kept = run(*words, folders["picture"], "--strength", 0, "--lock", "wheelbase")
    assert _far(_pictures(kept)[0], given) == 0, "0 keeps the very picture"
    (concept,) = kept.json["concepts"]
    assert concept["view"] == "side", "found on the picture"
    assert concept["agreement"]["iou"] > 0.97
    assert kept.json["locks"]["wheelbase"] == pytest.approx(concept["design"]["parameters"]["wheelbase"])
    Image.new("RGB", (300, 200), "white").save(tmp_path / "white.png")
    blank = run(*words, tmp_path / "white.png", "--strength", 0.5)
    assert blank.code == 1, "a picture without a body may be varied; there is no body to report"
    assert _far(_pictures(blank)[0], _pictures(run(*words, folders["picture"], "--strength", 0.5))[0]) > 0
    asked = run(*words, tmp_path / "white.png", "--lock", "wheelbase")
    assert asked.code == 2
    assert "nothing stands out" in asked.complaint


def test_a_small_strength_takes_a_step_of_a_finer_schedule() -> None:
    assert hub.schedule(10, 0.5) == (10, 5)
    assert hub.schedule(10, 0.05) == (20, 1)
    assert hub.schedule(2, 1 / 49) == (50, 1)
    assert hub.schedule(10, 0.0) == (10, 0)
    assert hub.schedule(7, 1.0) == (7, 7)


def test_a_model_without_image_to_image_says_so(
    folders: dict[str, Path], run: Callable[..., Ran], tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(folders["sd"], tmp_path / "model"))
    index = json.loads((copy / "model_index.json").read_text())
    (copy / "model_index.json").write_text(json.dumps(index | {"_class_name": "AuraFlowPipeline"}))
    start = ("--start", folders["design"])
    ran = run("--model", copy, *start)
    assert ran.code == 2
    assert "no image-to-image pipeline for a AuraFlowPipeline" in ran.complaint
    ran = run("--model", folders["flow"], "--controlnet", folders["flow-controlnet"], *start)
    assert ran.code == 2
    assert "no image-to-image with ControlNet pipeline for a StableDiffusion3Pipeline" in ran.complaint


# -- ControlNet ------------------------------------------------------------------------------------------


def test_a_controlnet_follows_the_bodies_that_our_prior_draws(
    folders: dict[str, Path], run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "shipped_folder", lambda _: folders["own"])
    words = ("--model", folders["sd"], "--controlnet", folders["controlnet"])
    brief = "low fastback, overall length at most 4.6 m"
    lines = run(*words, brief=brief, steps=1)
    assert lines.json["steering"]["overall_length"]["at_most"] < 4600.0, "numbers steer the bodies"
    assert lines.json["concepts"][0]["view"] == "side"
    seen = _pictures(lines)[0]
    depth = run(*words, "--control", "depth", brief=brief, steps=1)
    assert _far(seen, _pictures(depth)[0]) > 0  # random weights answer faintly, but else exactly repeat


def test_a_controlnet_follows_the_start_where_we_have_no_model(
    folders: dict[str, Path], run: Callable[..., Ran]
) -> None:
    words = ("--model", folders["sd"], "--controlnet", folders["controlnet"])
    ran = run(*words)
    assert ran.code == 2
    assert "give a body with --start DESIGN" in ran.complaint
    seen = _pictures(run(*words, "--start", folders["design"], "--strength", 1))[0]
    longer = ("--lock", "wheelbase=2900 mm")
    other = _pictures(run(*words, "--start", folders["design"], "--strength", 1, *longer))[0]
    again = _pictures(run(*words, "--start", folders["design"], "--strength", 1))[0]
    assert _far(seen, again) == 0
    assert _far(seen, other) > 0, "the lock moves the lines"


def test_image_and_control_show_one_body_in_one_place(folders: dict[str, Path]) -> None:
    """A photo of another size, nose to the right, is laid where the body's lines are."""
    picture = Image.open(folders["picture"]).convert("RGB")
    other = Image.new("RGB", (1400, 800), picture.getpixel((0, 0)))
    other.paste(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize((1152, 576)), (180, 90))
    laid = laid_over(other, CAR.mesh(SUV), CAR.frame, "side", CAR.frame.mm_per_pixel / 1.5, mirrored=True)
    assert laid.size == FINE
    masks = [segment(rgb, ink_of(rgb)).mask for rgb in (as_rgb(laid), as_rgb(picture))]
    assert overlap(*masks) > 0.96


# -- what is absent or wrong -----------------------------------------------------------------------------


def test_absent_weights_are_named_with_the_way_to_get_them(
    folders: dict[str, Path], run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Path(shutil.copytree(folders["sd"], tmp_path / "model"))
    (copy / UNET).unlink()
    ran = run("--model", copy)
    assert ran.code == 3
    assert UNET in ran.complaint
    assert "hf download" in ran.complaint
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    ran = run("--model", "nobody/nothing-there")
    assert ran.code == 3
    assert "`hf download nobody/nothing-there`" in ran.complaint
    (tmp_path / "empty").mkdir()
    ran = run("--model", tmp_path / "empty")
    assert ran.code == 3
    assert "model_index.json" in ran.complaint


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--model", "./no/such/folder"), "no such folder"),
        (("--model", "{sd}", "--controlnet", "{sd}/unet"), "not a ControlNet"),
        (("--model", "{sd}", "--control", "depth"), "has no ControlNet; name one with --controlnet"),
        (("--model", "{sd}", "--controlnet", "{controlnet}", "--control", "edges"), "lines, depth"),
        (("--control", "depth"), "name it with --model"),
        (("--model", "{sd}", "--variants", "a suv"), "variants need our own"),
        (("--model", "{sd}", "--drag-guidance", "2"), "performance-guidance needs our own"),
        (("--model", "{sd}", "--start", "{controlnet}/config.json"), "config.json"),
        (("--model", "{sd}", "--strength", "2"), "strength is 2; allowed 0 to 1"),
    ],
)
def test_mistakes_are_answered_in_one_line(
    folders: dict[str, Path], run: Callable[..., Ran], words: tuple[str, ...], says: str
) -> None:
    ran = run(*(word.format(**folders) for word in words))
    assert ran.code == 2
    assert says in ran.complaint


def test_memory_and_time_are_said_before_a_large_model_loads(
    folders: dict[str, Path], run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "LARGE_BYTES", 1)
    said: list[str] = []
    root = hub.HubModel._root

    def noted(model: hub.HubModel) -> Any:
        said.append("loading")
        return root(model)

    monkeypatch.setattr(hub.HubModel, "_root", noted)
    ran = run("--model", folders["sd"], n=2, steps=1)
    costs = [line for line in ran.err.splitlines() if "of weights" in line]
    assert len(costs) == 1
    assert "per picture on cpu in float32" in costs[0]
    assert costs[0].endswith("for 2")
    assert said == ["loading"]
    assert ran.err.index("of weights") < ran.err.index("weights: done")
    kept = run("--model", folders["sd"], "--start", folders["picture"], "--strength", 0)
    assert said == ["loading"], "a start that is kept needs no weights"
    assert "of weights" not in kept.err
    monkeypatch.setattr(hub, "available_bytes", lambda _: 1_000)
    short = run("--model", folders["sd"])
    assert short.code == 2
    assert "of memory free; take a smaller model" in short.complaint
    assert said == ["loading"]


def test_the_verb_refuses_as_the_command_does(folders: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--controlnet"):
        sketch("low fastback", tmp_path, n=1, controlnet=folders["controlnet"])
    with pytest.raises(ModelError, match="ahmed"):
        sketch(brief_from_text("overall length at most 1 m", "ahmed"), tmp_path, n=1)
