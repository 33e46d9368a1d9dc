"""Any diffusers model in place of ours: miniature pipelines of the real classes, with random weights.

No test reaches a network: connecting raises. When a whole family fails here, compare `_root` with what that
diffusers version expects; when only the operation counts fail, look at how its layers are named.
"""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import miniature
import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from torch.utils.flop_counter import FlopCounterMode

from maquette.design.concepts.hub import cost as hub_cost
from maquette.design.concepts.hub import model as hub
from maquette.design.concepts.hub.control import CONTROLS, control_picture
from maquette.design.concepts.hub.folder import Component, is_ours, lora_file
from maquette.design.concepts.hub.model import HubModel, load_model
from maquette.design.errors import InputError, MissingComponentError, ModelError
from maquette.design.family.registry import get_family

MAKERS: dict[str, Callable[[Path], Path]] = {
    "sd": miniature.save_stable_diffusion,
    "xl": miniature.save_xl,
    "flow": miniature.save_flow,
    "controlnet": miniature.save_controlnet,
    "flow-controlnet": miniature.save_flow_controlnet,
    "lora": miniature.save_lora,
}
FAMILIES = ("sd", "xl", "flow")
SMALL: dict[str, Any] = {"size": (64, 64), "steps": 2}
UNET = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a test tried to reach a network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("models")
    return {name: make(root / name) for name, make in MAKERS.items()}


@pytest.fixture(scope="module")
def models(folders: dict[str, Path]) -> dict[str, HubModel]:
    """Loaded once; a ControlNet stands by where there is one and acts only when asked."""
    return {
        "sd": load_model(folders["sd"], controlnet=folders["controlnet"]),
        "xl": load_model(folders["xl"]),
        "flow": load_model(folders["flow"], controlnet=folders["flow-controlnet"]),
    }


@pytest.fixture
def copy(folders: dict[str, Path], tmp_path: Path) -> Path:
    """Stable Diffusion's folder, to be spoilt."""
    return Path(shutil.copytree(folders["sd"], tmp_path / "model"))


def _far(a: list[Image.Image], b: list[Image.Image]) -> float:
    """Mean difference of two pictures, 0 to 255."""
    return float(np.abs(np.asarray(a[0], dtype=int) - np.asarray(b[0], dtype=int)).mean())


def _plain(tone: int) -> np.ndarray:
    return np.full((64, 64, 3), tone, dtype=np.uint8)


# -- what they draw ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FAMILIES)
def test_seeds_repeat_and_pictures_do_not_depend_on_how_many_are_drawn(
    models: dict[str, HubModel], name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    steps: list[tuple[int, int, int]] = []
    pair = models[name].sketch(
        "low fastback", n=2, seed=6, callback=lambda *at: steps.append(at), size=(96, 64), steps=2
    )
    again = models[name].sketch("low fastback", n=1, seed=7, size=(96, 64), steps=2)
    assert [p.size for p in pair] == [(96, 64), (96, 64)]
    assert pair[0].mode == "RGB"
    assert _far(pair[1:], again) == 0
    assert _far(pair[:1], pair[1:]) > 1
    assert steps == [(0, 1, 2), (0, 2, 2), (1, 1, 2), (1, 2, 2)]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", FAMILIES)
def test_a_picture_to_start_from_counts_for_less_with_more_strength(
    models: dict[str, HubModel], name: str
) -> None:
    def drawn(tone: int, strength: float) -> list[Image.Image]:
        return models[name].sketch(
            "suv", image=_plain(tone), strength=strength, size=(64, 64), steps=4, guidance_scale=1.0
        )

    def apart(strength: float) -> float:
        return _far(drawn(20, strength), drawn(230, strength))

    assert apart(0.0) == 210, "0 keeps it"
    assert apart(0.05) > apart(0.5) > 0
    assert apart(1.0) == 0, "1 ignores it"


@pytest.mark.parametrize("name", ["sd", "flow"])
def test_a_controlnet_follows_its_picture(models: dict[str, HubModel], name: str) -> None:
    model = models[name]
    free = model.sketch("estate", **SMALL)
    dark, light = (model.sketch("estate", control=_plain(t), **SMALL) for t in (0, 255))
    assert _far(dark, light) > 0.1
    assert _far(dark, free) > 0.1
    assert _far(model.sketch("estate", control=_plain(0), **SMALL), dark) == 0
    assert _far(model.sketch("estate", control=_plain(255), control_scale=0.0, **SMALL), free) == 0


def test_a_controlnet_works_on_a_picture_too(models: dict[str, HubModel]) -> None:
    both = {"image": _plain(90), "strength": 0.5, "steps": 2, "size": (64, 64)}
    dark, light = (models["sd"].sketch("estate", control=_plain(t), **both) for t in (0, 255))
    assert _far(dark, light) > 0.1
    with pytest.raises(InputError, match="no image-to-image with ControlNet pipeline for a StableDiffusion3"):
        models["flow"].sketch("estate", control=_plain(0), **both)


@pytest.mark.parametrize("kind", CONTROLS)
def test_our_lines_and_depth_steer_it(models: dict[str, HubModel], kind: str) -> None:
    car = get_family("car")
    picture = control_picture(car.mesh(car.defaults()), car.frame, "side", kind, (256, 128))
    grey = np.asarray(picture)[..., 0]
    assert picture.size == (256, 128)
    assert grey[0].max() == 0  # nothing above the roof
    assert grey.max() == 255
    assert len(np.unique(grey)) == 2 if kind == "lines" else len(np.unique(grey)) > 50
    small = {"size": (128, 64), "steps": 1}
    with_it = models["sd"].sketch("estate", control=picture, **small)
    assert _far(with_it, models["sd"].sketch("estate", control=np.zeros_like(picture), **small)) > 0.01


def test_a_lora_changes_the_picture(models: dict[str, HubModel], folders: dict[str, Path]) -> None:
    plain = models["sd"].sketch("coupe", **SMALL)
    whole = load_model(folders["sd"], lora=folders["lora"])
    assert _far(whole.sketch("coupe", **SMALL), plain) > 0.1
    assert _far(whole.sketch("coupe", image=_plain(99), strength=0.9, **SMALL), plain) > 0.1
    file = folders["lora"] / "pytorch_lora_weights.safetensors"
    assert _far(load_model(folders["sd"], lora=file, lora_scale=0.0).sketch("coupe", **SMALL), plain) == 0


def test_pictures_keep_their_proportions(models: dict[str, HubModel], tmp_path: Path) -> None:
    wide = np.full((60, 240, 3), 255, dtype=np.uint8)
    wide[20:40, 100:140] = 0
    Image.fromarray(wide).save(tmp_path / "start.png")
    fitted = np.asarray(hub._fitted(tmp_path / "start.png", (128, 128)))
    dark = np.argwhere(fitted[..., 0] < 100)
    height, width = np.ptp(dark, axis=0) + 1
    assert fitted.shape == (128, 128, 3)
    assert (fitted[[0, -1]] == 255).all()
    assert width == pytest.approx(2 * height, abs=2)
    assert models["sd"].sketch("van", image=tmp_path / "start.png", **SMALL)[0].size == (64, 64)


def test_what_a_callback_raises_stops_the_drawing(models: dict[str, HubModel]) -> None:
    def stop(*_: int) -> None:
        raise ValueError("enough")

    with pytest.raises(ValueError, match=r"^enough$"):
        models["sd"].sketch("coupe", callback=stop, **SMALL)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"prompt": " "}, "prompt has 1 characters; allowed 1 to"),
        ({"n": 0}, "n is 0; allowed 1 to"),
        ({"size": (100, 64)}, "multiples of 16"),
        ({"size": (64, 1 << 20)}, "allowed: width and height 64 to 2048"),
        ({"steps": 0}, "steps is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"image": _plain(9), "strength": 1.1}, "strength is 1.1; allowed 0 to 1"),
        ({"image": "nothing.png"}, "nothing.png: no such file"),
    ],
)
def test_bad_arguments_are_refused(models: dict[str, HubModel], wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        models["sd"].sketch(**({"prompt": "coupe"} | SMALL | wrong))


def test_control_without_a_controlnet_is_refused(models: dict[str, HubModel]) -> None:
    with pytest.raises(InputError, match="the model has no ControlNet"):
        models["xl"].sketch("coupe", control=_plain(0), **SMALL)


# -- what is absent ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "gone", [UNET, "vae/config.json", "text_encoder/model.safetensors", "model_index.json", "tokenizer"]
)
def test_absent_files_are_named_before_anything_is_loaded(copy: Path, gone: str) -> None:
    path = copy / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(MissingComponentError, match=gone) as absent:
        load_model(copy)
    assert f"`hf download OWNER/NAME --local-dir {copy}`" in str(absent.value)
    assert "\n" not in str(absent.value)
    assert absent.value.exit_code == 3


def test_absent_shards_are_named(copy: Path) -> None:
    weights = load_file(copy / UNET)
    names = [f"diffusion_pytorch_model-{k:05d}-of-00002.safetensors" for k in (1, 2)]
    half = sorted(weights)[: len(weights) // 2]
    save_file({k: v for k, v in weights.items() if k in half}, copy / "unet" / names[0])
    index = {"metadata": {}, "weight_map": {k: names[k not in half] for k in weights}}
    (copy / "unet" / "diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps(index))
    (copy / UNET).unlink()
    with pytest.raises(MissingComponentError, match=f"unet/{names[1]}"):
        load_model(copy)
    save_file({k: v for k, v in weights.items() if k not in half}, copy / "unet" / names[1])
    assert load_model(copy).sketch("coupe", **SMALL)[0].size == (64, 64)
    index["weight_map"] = dict.fromkeys(weights, "../../elsewhere.safetensors")
    (copy / "unet" / "diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(ModelError, match="plain names"):
        load_model(copy)


def test_a_hub_id_is_looked_up_in_the_cache_only(
    folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(MissingComponentError, match="`hf download maker/mini`") as absent:
        load_model("maker/mini")
    assert str(tmp_path) in str(absent.value)
    repository = tmp_path / "models--maker--mini"
    shutil.copytree(folders["sd"], repository / "snapshots" / "abc")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc")
    assert load_model(Path("maker/mini")).folder.class_name == "StableDiffusionPipeline"
    (repository / "snapshots" / "abc" / UNET).unlink()
    with pytest.raises(MissingComponentError, match=f"{UNET}.*`hf download maker/mini`"):
        load_model("maker/mini")


@pytest.mark.parametrize("source", ["./nothing", "/nothing/here", "a/b/c", "-x", "../up", "https://a.b/c"])
def test_what_is_no_folder_and_no_hub_id_is_refused(source: str) -> None:
    with pytest.raises(InputError, match="no such folder, and it is not a hub id"):
        load_model(source)


def test_extras_that_are_not_installed_are_named(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = hub.importlib.util.find_spec
    for gone, lora in (("transformers", None), ("peft", folders["lora"])):
        monkeypatch.setattr(
            hub.importlib.util, "find_spec", lambda name, gone=gone: None if name == gone else real(name)
        )
        with pytest.raises(MissingComponentError, match=rf"needs {gone}.*pip install 'maquette\[hub\]'"):
            load_model(folders["sd"], lora=lora)


# -- what is refused -----------------------------------------------------------------------------------


def test_pickled_weights_are_refused(copy: Path, tmp_path: Path) -> None:
    (copy / UNET).rename(copy / "unet" / "diffusion_pytorch_model.bin")
    with pytest.raises(ModelError, match=r"unet/diffusion_pytorch_model\.bin is pickled"):
        load_model(copy)
    (tmp_path / "lora").mkdir()
    (tmp_path / "lora" / "pytorch_lora_weights.bin").touch()
    with pytest.raises(ModelError, match=r"pytorch_lora_weights\.bin is pickled"):
        lora_file(tmp_path / "lora")


def test_a_pickle_beside_safetensors_is_never_opened(copy: Path, tmp_path: Path) -> None:
    mark = tmp_path / "opened"
    pickled = f"cos\nsystem\n(S'touch {mark}'\ntR.".encode()
    for name in ("unet/diffusion_pytorch_model.bin", "text_encoder/pytorch_model.bin", "vae/model.pt"):
        (copy / name).write_bytes(pickled)
    assert load_model(copy).sketch("coupe", **SMALL)[0].size == (64, 64)
    assert not mark.exists()


def _edit(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"_class_name": ["pipeline", "Mine"]}, "code of its own"),
        ({"unet": ["os", "system"]}, r"component unet is os\.system"),
        ({"unet": ["subprocess", "Popen"]}, "allowed: classes of diffusers and transformers"),
        ({"unet": ["diffusers", "UNet2DConditionModel; import os"]}, "allowed: classes of diffusers"),
        ({"../unet": ["diffusers", "UNet2DConditionModel"]}, "allowed: a plain name"),
    ],
)
def test_folders_that_ask_for_code_are_refused(copy: Path, changes: dict[str, Any], says: str) -> None:
    _edit(copy / "model_index.json", **changes)
    with pytest.raises(ModelError, match=says):
        load_model(copy)


def test_code_in_a_component_is_refused(copy: Path) -> None:
    _edit(copy / "model_index.json", text_encoder=["transformers", "AutoModel"])
    _edit(copy / "text_encoder" / "config.json", auto_map={"AutoModel": "mine.Model"})
    with pytest.raises(ModelError, match="auto_map"):
        load_model(copy)
    (copy / "unet" / "diffusers.py").write_text("raise SystemExit")
    with pytest.raises(ModelError, match=r"component (unet|text_encoder)"):
        load_model(copy)


def test_our_own_models_and_single_files_are_told_apart(copy: Path, folders: dict[str, Path]) -> None:
    assert not is_ours(copy)
    with pytest.raises(InputError, match="a single file"):
        load_model(copy / UNET)
    _edit(copy / "model_index.json", unet=["maquette.design.concepts.networks.networks", "ConceptDrawer"])
    assert is_ours(copy)
    with pytest.raises(InputError, match="its own pipeline loads"):
        load_model(copy)
    with pytest.raises(InputError, match="a UNet2DConditionModel, not a ControlNet"):
        load_model(folders["sd"], controlnet=folders["sd"] / "unet")


@pytest.mark.parametrize(("key", "value"), [("kind", "video"), ("dtype", "int8"), ("device", "toaster")])
def test_unknown_choices_are_refused(folders: dict[str, Path], key: str, value: str) -> None:
    with pytest.raises(InputError, match=f"{key} is '{value}'; allowed: "):
        load_model(folders["sd"], **{key: value})


def test_damaged_and_foreign_files_are_one_line(copy: Path, folders: dict[str, Path], tmp_path: Path) -> None:
    (copy / UNET).write_bytes((copy / UNET).read_bytes()[:-100])
    with pytest.raises(ModelError, match="damaged, or not a safetensors file"):
        load_model(copy)
    shutil.copy(folders["xl"] / UNET, copy / UNET)  # another model's weights
    with pytest.raises(ModelError, match="cannot be loaded: ") as refused:
        load_model(copy).sketch("coupe", **SMALL)
    assert "\n" not in str(refused.value)
    save_file({"weight": torch.zeros(2)}, tmp_path / "none.safetensors")
    with pytest.raises(ModelError, match="holds no LoRA weights"):
        load_model(folders["sd"], lora=tmp_path / "none.safetensors")


def test_a_controlnet_of_another_model_is_one_line(folders: dict[str, Path]) -> None:
    model = load_model(folders["xl"], controlnet=folders["controlnet"])
    with pytest.raises((ModelError, InputError)) as refused:
        model.sketch("coupe", control=_plain(0), **SMALL)
    assert "\n" not in str(refused.value)


def test_image_to_image_can_be_demanded_at_once(copy: Path, folders: dict[str, Path]) -> None:
    assert load_model(folders["xl"], kind="image-to-image").folder.class_name == "StableDiffusionXLPipeline"
    _edit(copy / "model_index.json", _class_name="AuraFlowPipeline")
    with pytest.raises(InputError, match="no image-to-image pipeline for a AuraFlowPipeline"):
        load_model(copy, kind="image-to-image")
    with pytest.raises(InputError, match="no image-to-image with ControlNet pipeline for a StableDiffusion3"):
        load_model(folders["flow"], "image-to-image", controlnet=folders["flow-controlnet"])


def test_a_folder_of_one_variant_loads(copy: Path) -> None:
    for path in copy.rglob("*.safetensors"):
        path.rename(path.with_suffix(".fp16.safetensors"))
    model = load_model(copy)
    assert model.folder.variant == "fp16"
    assert model.sketch("coupe", **SMALL)[0].size == (64, 64)


# -- what it will cost ---------------------------------------------------------------------------------


def test_the_estimate_reads_headers_only(folders: dict[str, Path]) -> None:
    model = load_model(folders["sd"], controlnet=folders["controlnet"])
    tensors = [
        tensor
        for folder in ("sd", "controlnet")
        for path in folders[folder].rglob("*.safetensors")
        for tensor in load_file(path).values()
    ]
    estimate = model.estimate((64, 64), steps=2)
    assert not model._loaded
    assert estimate.weights_bytes == 4 * sum(t.numel() for t in tensors)
    assert load_model(folders["sd"], dtype="bfloat16").estimate().weights_bytes < estimate.weights_bytes / 2
    assert 0 < estimate.seconds < 60
    assert estimate.fits
    assert "MB of weights" in estimate.sentence()
    assert "per picture on cpu in float32" in estimate.sentence()
    assert estimate.sentence(8).endswith(" for 8")
    more = model.estimate((64, 64), steps=20)
    assert more.operations == pytest.approx(10 * estimate.operations, rel=0.5)
    assert model.estimate((64, 64), 2, guidance_scale=1.0).operations < estimate.operations
    assert model.estimate((64, 64), 2, controlled=False).operations < estimate.operations


class _Headed:
    """A component whose header is read from a module instead of a file."""

    def __init__(self, module: Any) -> None:
        self.module, self.config = module, dict(module.config)

    def header(self) -> dict[str, tuple[tuple[int, ...], str]]:
        return {key: (tuple(value.shape), "F32") for key, value in self.module.state_dict().items()}


def _counted(run: Callable[[], Any]) -> float:
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        run()
    return float(counter.get_total_flops())


def test_operations_are_those_that_torch_counts() -> None:
    with torch.device("meta"):
        one, text = torch.ones(1), torch.randn(1, 77, 32)
        latent, picture = torch.randn(1, 4, 32, 64), torch.randn(1, 3, 64, 128)
        unet, net, flow = miniature.unet(), miniature.controlnet(), miniature.transformer()
        xl, vae = miniature.unet(**miniature.XL), miniature.vae(4)
        sizes = {"text_embeds": torch.randn(1, 32), "time_ids": torch.randn(1, 6)}
        cases = {
            "unet": (unet, 77, lambda: unet(latent, one, text)),
            "xl": (xl, 77, lambda: xl(latent, one, torch.randn(1, 77, 64), added_cond_kwargs=sizes)),
            "controlnet": (net, 77, lambda: net(latent, one, text, picture)),
            "flow": (
                flow,
                100,
                lambda: flow(torch.randn(1, 8, 32, 64), torch.randn(1, 100, 64), torch.randn(1, 64), one),
            ),
        }
        for name, (module, tokens, run) in cases.items():
            part: Any = _Headed(module)
            ours = hub_cost.denoiser_work(part, (32, 64), tokens, 8 if name == "flow" else 4).total
            assert ours == pytest.approx(_counted(run), rel=0.03), name
        decoding = hub_cost._decoder_work(_Headed(vae).header(), (32, 64)).total
        assert decoding == pytest.approx(_counted(lambda: vae.decode(latent)), rel=0.01)


@pytest.mark.slow
def test_the_real_stable_diffusion_is_counted_right() -> None:
    from diffusers import UNet2DConditionModel

    with torch.device("meta"):
        unet = UNet2DConditionModel(sample_size=64, cross_attention_dim=768)
        truth = _counted(lambda: unet(torch.randn(1, 4, 48, 96), torch.ones(1), torch.randn(1, 77, 768)))
        part: Any = _Headed(unet)
    assert hub_cost.denoiser_work(part, (48, 96), 77).total == pytest.approx(truth, rel=0.01)


def test_cost_is_said_before_a_large_model_loads(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    model = load_model(folders["flow"], say=said.append)
    model.load()
    assert not said  # a small one loads without a word
    monkeypatch.setattr(hub, "LARGE_BYTES", 1)
    loaded_when_said: list[bool] = []
    model = load_model(
        folders["flow"], say=lambda t: (said.append(t), loaded_when_said.append("root" in model._loaded))
    )
    model.load()
    assert len(said) == 1
    assert "of weights" in said[0]
    assert loaded_when_said == [False]


def test_a_model_larger_than_the_memory_is_refused(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "available_bytes", lambda _: 3_000_000)
    assert load_model(folders["sd"]).dtype == "bfloat16"  # chosen when float32 would not fit
    with pytest.raises(ModelError, match="of memory free; take a smaller model or dtype bfloat16"):
        load_model(folders["sd"], dtype="float32").sketch("coupe", **SMALL)


def test_components_are_told_apart_by_their_class(folders: dict[str, Path]) -> None:
    model = load_model(folders["flow"])
    with_weights = {c.name for c in model.folder.components if c.weights}
    assert with_weights == {"transformer", "vae", "text_encoder", "text_encoder_2"}
    assert {"text_encoder_3", "tokenizer_3"} <= set(model.folder.empty)
    assert all(isinstance(c, Component) for c in model.parts)
