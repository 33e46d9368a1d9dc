"""Any diffusers model in place of ours: words, a picture or our own lines and depth in, pictures out.

    model = load_model("models/sdxl", controlnet="models/controlnet-lines", lora="models/sketch-lora")
    print(model.estimate().sentence())
    model.sketch("low fastback, ink sketch, side view", n=2, control=control_picture(parts, frame, "side"))

`load_model` reads configurations and headers only, so what is absent or refused is said at once; weights are
loaded at the first sketch, and only from safetensors. Nothing is fetched unless ``offline=False``.
"""

from __future__ import annotations

import importlib.util
import inspect
import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ...arrays import ByteArray
from ...errors import InputError, MaquetteError, MissingComponentError, ModelError
from ...family.frame import Frame
from ...limits import MAX_PICTURE_STEPS, MAX_PICTURES, MAX_PROMPT_CHARS, MAX_SEED, PICTURE_SIDE
from ...messages import say
from .cost import DENOISERS, ITEM, Estimate, available_bytes, picture_work, seconds_of, weights_bytes
from .folder import Component, ModelFolder, first_line, header, lora_file, read_controlnet, read_model

if TYPE_CHECKING:
    from PIL.Image import Image

    Picture: TypeAlias = Image | ByteArray | str | Path

KINDS = ("auto", "text-to-image", "image-to-image")
DTYPES = ("auto", *ITEM)
STEPS = 20
SIZE = Frame().picture  # where none is asked
#: from here on the cost is said before anything is loaded on a CPU
LARGE_BYTES = 1_000_000_000
SIDE_STEP = 16  # latents are 8 times smaller, and transformers take them in pairs
LORA = "lora"
WITH_CONTROLNET = " with ControlNet"
#: called after each step: (picture, step, steps), counted from 0, from 1
Callback = Callable[[int, int, int], None]


@dataclass(frozen=True)
class HubModel:
    """A diffusers model, loaded when it first draws.

    Attributes:
        folder: the pipeline on disk.
        controlnet: a ControlNet of its own folder, or the pipeline's own; None without.
        lora: a LoRA's file, and how strongly it acts.
        dtype, device: what the weights are loaded in and on.
        say: hears one line before a large model is loaded on a CPU, and of pictures that are withheld.
    """

    folder: ModelFolder
    controlnet: Component | None
    lora: Path | None
    lora_scale: float
    dtype: str
    device: str
    say: Callable[[str], None]
    _loaded: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def parts(self) -> list[Component]:
        """Every component with weights, the ControlNet among them."""
        own = [c for c in self.folder.components if c.weights]
        return own if self.controlnet is None or self.controlnet in own else [*own, self.controlnet]

    def estimate(
        self,
        size: tuple[int, int] = SIZE,
        steps: int = STEPS,
        guidance_scale: float | None = None,
        controlled: bool | None = None,
    ) -> Estimate:
        """Memory and time of a picture, from the headers of its files; a short probe of the machine.

        Args:
            controlled: whether the ControlNet draws along; when it is there if None.
        """
        guided = None if guidance_scale is None else guidance_scale > 1.0
        control = self.controlnet if controlled is not False else None
        work = picture_work(self.folder, size, steps, guided, control)
        files = [path for part in self.parts for path in part.weights] + ([self.lora] if self.lora else [])
        return Estimate(
            weights_bytes=weights_bytes(self.parts, self.dtype),
            file_bytes=sum(path.stat().st_size for path in files),
            operations=work.total,
            seconds=seconds_of(work, self.device, self.dtype),
            available_bytes=available_bytes(self.device),
            dtype=self.dtype,
            device=self.device,
        )

    def sketch(
        self,
        prompt: str,
        n: int = 1,
        size: tuple[int, int] = SIZE,
        seed: int = 0,
        steps: int = STEPS,
        guidance_scale: float | None = None,
        image: Picture | None = None,
        strength: float = 0.6,
        control: Picture | None = None,
        control_scale: float = 1.0,
        callback: Callback | None = None,
    ) -> list[Image]:
        """`n` pictures of `size` (width, height); picture k depends on `seed` + k and not on `n`.

        Args:
            guidance_scale: how strongly words act; the model's own habit when None.
            image: a picture to start from, and with `strength` how far to leave it: 0 keeps it (laid on
                paper of `size`), 1 ignores it. At least one step is taken in between, of a finer schedule
                where `steps` has none so short.
            control: what a ControlNet follows (see :func:`..hub_control.control_picture`).
            callback: called after each step; what it raises stops the drawing.

        Raises:
            InputError: an argument is out of bounds, or the model cannot do what is asked.
            MissingComponentError: an extra is not installed. ModelError: the files cannot be loaded.
        """
        _check(prompt, n, size, seed, steps, strength)
        if control is not None and self.controlnet is None:
            raise InputError("control: the model has no ControlNet; load one with controlnet=FOLDER")
        if strength == 1.0:
            image = None
        steps, total = schedule(steps, strength if image is not None else 1.0)
        if image is not None and total == 0:
            return [_fitted(image, size) for _ in range(n)]
        self.load(size, total, guidance_scale, control is not None, n)
        pipeline = self._pipeline(image is not None, control is not None)
        accepted = inspect.signature(pipeline.__call__).parameters
        wanted: dict[str, Any] = {
            "prompt": prompt, "width": size[0], "height": size[1], "num_inference_steps": steps,
        }  # fmt: skip
        if guidance_scale is not None:
            wanted["guidance_scale"] = guidance_scale
        if image is not None:
            wanted |= {"image": _fitted(image, size), "strength": strength}
        if control is not None:
            key = "control_image" if "control_image" in accepted else "image"
            wanted |= {key: _fitted(control, size), "controlnet_conditioning_scale": control_scale}
        pictures: list[Image] = []
        for k in range(n):
            arguments = {key: value for key, value in wanted.items() if key in accepted}
            if "callback_on_step_end" in accepted and callback is not None:
                arguments["callback_on_step_end"] = _step(callback, k, total)
            pictures.append(self._draw(pipeline, arguments, seed + k).convert("RGB"))
        return pictures

    def load(
        self,
        size: tuple[int, int] = SIZE,
        steps: int = STEPS,
        guidance_scale: float | None = None,
        controlled: bool | None = None,
        pictures: int = 1,
    ) -> None:
        """Load the weights now (the first sketch does it otherwise).

        Args:
            size, steps, guidance_scale, controlled, pictures: of the sheet whose cost is said beforehand.

        Raises:
            ModelError: they need more memory than is free, or the files do not fit together.
        """
        if "root" in self._loaded:
            return
        need, free = weights_bytes(self.parts, self.dtype), available_bytes(self.device)
        if need >= free:
            raise ModelError(
                f"{self.folder.source}: {need / 1e9:.1f} GB of weights in {self.dtype}, {free / 1e9:.1f} GB "
                "of memory free; take a smaller model"
                + ("" if ITEM[self.dtype] == 2 else " or dtype bfloat16")
            )
        if self.device == "cpu" and need >= LARGE_BYTES:
            cost = self.estimate(size, steps, guidance_scale, controlled)
            self.say(f"{self.folder.source}: {cost.sentence(pictures)}")
        with _quiet(), _as_model_error(self.folder.source):
            self._loaded["root"] = self._root()

    def _root(self) -> Any:
        import diffusers
        import torch

        dtype = getattr(torch, self.dtype)
        root = diffusers.AutoPipelineForText2Image.from_pretrained(
            str(self.folder.folder),
            dtype=dtype,
            variant=self.folder.variant,
            use_safetensors=True,
            local_files_only=True,
            **dict.fromkeys(self.folder.empty),
        )
        self._loaded["controlnet"] = root.components.get("controlnet")
        if self.controlnet is not None and self.controlnet not in self.folder.components:
            kind = getattr(diffusers, self.controlnet.class_name)
            self._loaded["controlnet"] = kind.from_pretrained(
                str(self.controlnet.folder), torch_dtype=dtype, use_safetensors=True, local_files_only=True
            ).to(self.device)
        if self.lora is not None:
            root.load_lora_weights(
                str(self.lora.parent),
                weight_name=self.lora.name,
                adapter_name=LORA,
                use_safetensors=True,
                local_files_only=True,
            )
            if not root.get_list_adapters():
                raise ModelError(f"{self.lora}: holds no LoRA weights for a {self.folder.class_name}")
            root.set_adapters(LORA, self.lora_scale)
        return root.to(self.device)

    def _pipeline(self, from_image: bool, controlled: bool) -> Any:
        """The pipeline of a task; all share the same loaded weights."""
        key = (from_image, controlled)
        if key not in self._loaded:
            import diffusers

            kind = diffusers.AutoPipelineForImage2Image if from_image else diffusers.AutoPipelineForText2Image
            network = self._loaded["controlnet"] if controlled else None
            try:
                with _quiet():
                    pipeline = kind.from_pipe(self._loaded["root"], controlnet=network)
            except ValueError as error:
                task = ("image-to-image" if from_image else "text-to-image") + WITH_CONTROLNET * controlled
                raise _no_task(self.folder, task, f" ({first_line(error)})") from error
            pipeline.set_progress_bar_config(disable=True)
            self._loaded[key] = pipeline
        return self._loaded[key]

    def _draw(self, pipeline: Any, arguments: Mapping[str, Any], seed: int) -> Image:
        import torch

        generator = torch.Generator("cpu").manual_seed(seed)
        try:
            # some pipelines draw from the global generator too (Stable Diffusion 3 encodes its control so)
            with _quiet(), torch.random.fork_rng([self.device] if self.device.startswith("cuda") else []):
                torch.manual_seed(seed)
                result = pipeline(**arguments, generator=generator, output_type="pil")
        except _Stopped as stopped:
            raise stopped.error from None
        except (ValueError, TypeError) as error:
            raise InputError(f"{self.folder.source}: {first_line(error)}") from error
        except RuntimeError as error:
            raise ModelError(f"{self.folder.source}: cannot draw: {first_line(error)}") from error
        if any(getattr(result, "nsfw_content_detected", None) or ()):
            self.say(
                f"{self.folder.source}: the model's own safety checker blanked the picture of seed {seed}"
            )
        picture: Image = result.images[0]
        return picture


def schedule(steps: int, strength: float) -> tuple[int, int]:
    """Steps of the schedule from noise to picture, and how many of them a picture to start from takes.

    A strength whose share of `steps` is less than one step gets a finer schedule; none at all is (steps, 0).
    """
    if strength * MAX_PICTURE_STEPS < 1.0:
        return steps, 0
    if int(steps * strength) < 1:
        steps = math.ceil(1.0 / strength)
        steps += int(steps * strength) < 1  # 49 * (1 / 49) is less than 1
    return steps, int(steps * strength)


def load_model(
    source: str | Path,
    kind: str = "auto",
    lora: str | Path | None = None,
    controlnet: str | Path | None = None,
    dtype: str = "auto",
    offline: bool = True,
    *,
    lora_scale: float = 1.0,
    device: str = "auto",
    say: Callable[[str], None] = lambda _: None,
) -> HubModel:
    """A diffusers model by folder or hub id, checked to be whole and safe; its weights are loaded later.

    Args:
        kind: ``image-to-image`` to be refused now, not at the sketch, when the model has no such pipeline
            (with a ControlNet: none that follows it too).
        lora, controlnet: folders or hub ids (a LoRA may be a ``.safetensors`` file too).
        dtype: ``auto`` takes float32 on a CPU (bfloat16 when memory is short), two bytes on a GPU.
        offline: hub ids are looked up in the local cache only.
        say: hears what a large model will cost before it is loaded on a CPU.

    Raises:
        InputError: `source` is nothing that can be a model, or a choice is unknown.
        MissingComponentError: weights or an extra are absent; says which and how to get them.
        ModelError: pickled weights, code in the folder, damaged files.
    """
    for name, value, allowed in (("kind", kind, KINDS), ("dtype", dtype, DTYPES)):
        if value not in allowed:
            raise InputError(f"{name} is {value!r}; allowed: {', '.join(allowed)}")
    folder = read_model(source, offline)
    network = folder.component("controlnet")
    if controlnet is not None:
        network = read_controlnet(controlnet, offline)
    adapter = lora_file(lora, offline) if lora is not None else None
    if adapter is not None and not any("lora" in key.lower() for key in header(adapter)):
        raise ModelError(f"{adapter}: holds no LoRA weights")
    _need_extras(folder, adapter is not None)
    device = _device(device)
    parts = [c for c in folder.components if c.weights] + ([network] if network else [])
    chosen = _dtype(folder, parts, device) if dtype == "auto" else dtype
    model = HubModel(folder, network, adapter, lora_scale, chosen, device, say)
    if kind == "image-to-image":
        _need_image_to_image(folder, network is not None)
    return model


# -- checks --------------------------------------------------------------------------------------------


def _check(prompt: str, n: int, size: tuple[int, int], seed: int, steps: int, strength: float) -> None:
    low, high = PICTURE_SIDE
    if not prompt.strip() or len(prompt) > MAX_PROMPT_CHARS:
        raise InputError(f"prompt has {len(prompt)} characters; allowed 1 to {MAX_PROMPT_CHARS}")
    if not 1 <= n <= MAX_PICTURES:
        raise InputError(f"n is {n}; allowed 1 to {MAX_PICTURES}")
    if len(size) != 2 or any(not low <= s <= high or s % SIDE_STEP for s in size):
        raise InputError(
            f"size is {size}; allowed: width and height {low} to {high}, multiples of {SIDE_STEP}"
        )
    if not 0 <= seed <= MAX_SEED - n:
        raise InputError(say("seed is {seed}; allowed {low} to {high}", seed=seed, low=0, high=MAX_SEED - n))
    if not 1 <= steps <= MAX_PICTURE_STEPS:
        raise InputError(f"steps is {steps}; allowed 1 to {MAX_PICTURE_STEPS}")
    if not 0.0 <= strength <= 1.0:
        raise InputError(f"strength is {strength:g}; allowed 0 to 1")


def _need_extras(folder: ModelFolder, lora: bool) -> None:
    needed = {c.library: c.name for c in folder.components if c.library == "transformers"}
    if lora:
        needed["peft"] = "LoRA"
    for module, what in needed.items():
        if importlib.util.find_spec(module) is None:
            raise MissingComponentError(
                f"{folder.source}: {what} needs {module}, which is not installed: "
                "`pip install 'maquette[hub]'`"
            )


def _need_image_to_image(folder: ModelFolder, controlled: bool) -> None:
    with _quiet():
        from diffusers.pipelines import auto_pipeline as auto

    tasks = (auto.AUTO_TEXT2IMAGE_PIPELINES_MAPPING, auto.AUTO_IMAGE2IMAGE_PIPELINES_MAPPING)
    families = {kind.__name__: name for task in tasks for name, kind in task.items()}
    name = families.get(folder.class_name, "")
    if name + "-controlnet" * (controlled and "controlnet" not in name) not in tasks[1]:
        raise _no_task(folder, "image-to-image" + WITH_CONTROLNET * controlled)


def _no_task(folder: ModelFolder, task: str, why: str = "") -> InputError:
    return InputError(f"{folder.source}: diffusers has no {task} pipeline for a {folder.class_name}{why}")


def _device(device: str) -> str:
    import torch

    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if not re.fullmatch(r"cpu|cuda(:\d+)?|mps", device):
        raise InputError(f"device is {device!r}; allowed: auto, cpu, cuda, mps")
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise MissingComponentError(f"device {device!r}: this machine has no CUDA device; take --device cpu")
    return device


def _dtype(folder: ModelFolder, parts: list[Component], device: str) -> str:
    denoiser = folder.component(*DENOISERS)
    if device != "cpu":
        return "float16" if denoiser is not None and denoiser.name == "unet" else "bfloat16"
    return "float32" if weights_bytes(parts, "float32") < 0.8 * available_bytes(device) else "bfloat16"


# -- pictures, steps and quiet -------------------------------------------------------------------------


def _fitted(picture: Picture, size: tuple[int, int]) -> Image:
    """An RGB picture of exactly that size: whole, on paper of its own corner's tone, never stretched."""
    from PIL import Image, ImageOps

    from ..fit.opened import read_picture
    from ..fit.picture import as_rgb

    given = read_picture(Path(picture)) if isinstance(picture, (str, Path)) else picture
    image = Image.fromarray((as_rgb(given) * 255.0).round().astype("uint8"))
    if image.size == size:
        return image
    paper: Any = image.getpixel((0, 0))
    return ImageOps.pad(image, size, Image.Resampling.LANCZOS, color=paper)


def _step(callback: Callback, k: int, total: int) -> Callable[..., dict[str, Any]]:
    def after(_pipeline: Any, step: int, _time: Any, kept: dict[str, Any]) -> dict[str, Any]:
        try:
            callback(k, min(step + 1, total), total)
        except Exception as error:  # told apart from what the pipeline raises
            raise _Stopped(error) from error
        return kept

    return after


class _Stopped(BaseException):
    """What a callback raised, on its way out of the pipeline."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


@contextmanager
def _quiet() -> Iterator[None]:
    """The libraries' progress bars and notices off for a while: standard error is for our own."""
    with ExitStack() as stack:
        if importlib.util.find_spec("transformers") is not None:
            from transformers.utils import logging as transformers_log

            stack.enter_context(_hushed(transformers_log))
        from diffusers.utils import logging as diffusers_log

        stack.enter_context(_hushed(diffusers_log))
        yield


@contextmanager
def _hushed(log: Any) -> Iterator[None]:
    level, bars = log.get_verbosity(), log.is_progress_bar_enabled()
    log.set_verbosity_error()
    log.disable_progress_bar()
    try:
        yield
    finally:
        log.set_verbosity(level)
        if bars:
            log.enable_progress_bar()


@contextmanager
def _as_model_error(source: str) -> Iterator[None]:
    """What the libraries raise on files that do not fit together, as one line."""
    try:
        yield
    except MaquetteError:
        raise
    except (ValueError, OSError, RuntimeError, KeyError, AttributeError, TypeError, ImportError) as error:
        raise ModelError(
            f"{source}: cannot be loaded: {type(error).__name__}: {first_line(error)}"
        ) from error
