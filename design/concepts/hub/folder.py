"""Folders of other people's models, looked at before anything of them is loaded or run.

A model is a folder in diffusers' layout (``model_index.json`` and one folder a component), or the id of one
in the local Hugging Face cache. Only configurations and safetensors headers are read here: what is absent is
named with the way to get it, and code and pickled weights are refused.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import InputError, MissingComponentError, ModelError
from ...files import unreadable
from ...limits import MAX_MODEL_JSON_BYTES

INDEX = "model_index.json"
#: of a component's class that has no weights
WEIGHTLESS = re.compile(
    r"(Tokenizer|TokenizerFast|Scheduler|Processor|ProcessorPil|ProcessorFast|Extractor)$"
)
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".msgpack", ".h5")
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
#: library -> names that its weight files may have
STEMS = {"diffusers": ("diffusion_pytorch_model",), "transformers": ("model",)}
ANY_STEM = ("model", "diffusion_pytorch_model")
#: ``model.fp16.safetensors``, or a shard of it
VARIANT = re.compile(r"(model|diffusion_pytorch_model)\.(?P<variant>[\w-]+?)(-\d+-of-\d+)?\.safetensors")
LORA_NAME = "pytorch_lora_weights.safetensors"
OURS = "maquette."
#: fetched of a hub id when allowed to: texts, and the safetensors named by the caller
PLAIN_FILES = ("*.json", "*.txt", "*.model")
NOT_FETCHED = ["*.bin", "*.fp16*.safetensors", "*non_ema*"]

#: tensor name -> (shape, dtype as safetensors writes it)
Header = Mapping[str, tuple[tuple[int, ...], str]]


@dataclass(frozen=True)
class Component:
    """One part of a pipeline.

    Attributes:
        name: as the pipeline calls it: ``unet``.
        library, class_name: where its class comes from: ``diffusers``, ``UNet2DConditionModel``.
        folder: where it lies.
        config: its ``config.json``; empty for a part without weights.
        weights: its safetensors files.
    """

    name: str
    library: str
    class_name: str
    folder: Path
    config: Mapping[str, Any]
    weights: tuple[Path, ...]

    def header(self) -> dict[str, tuple[tuple[int, ...], str]]:
        """Shape and type of every tensor, from the files' headers."""
        found: dict[str, tuple[tuple[int, ...], str]] = {}
        for path in self.weights:
            found |= header(path)
        return found


@dataclass(frozen=True)
class ModelFolder:
    """A whole pipeline on disk.

    Attributes:
        source: as the user named it.
        class_name: the pipeline's class: ``StableDiffusionPipeline``.
        empty: components that the model is made without (Stable Diffusion 3 without T5).
        variant: infix of the weight files when only such are there (``fp16``), else None.
    """

    source: str
    folder: Path
    class_name: str
    components: tuple[Component, ...]
    empty: tuple[str, ...]
    variant: str | None

    def component(self, *names: str) -> Component | None:
        """The first component of one of these names."""
        return next((c for name in names for c in self.components if c.name == name), None)


def is_ours(source: str | Path) -> bool:
    """Whether a folder holds one of Maquette's own concept models."""
    index = Path(source) / INDEX
    if not index.is_file():
        return False
    entries = [v for v in read_json(index).values() if isinstance(v, list) and v]
    return any(str(v[0]).startswith(OURS) for v in entries)


def read_model(source: str | Path, offline: bool = True) -> ModelFolder:
    """Every component of a pipeline, its weights checked to be there and to be safetensors.

    Raises:
        InputError: not a model folder, or not a hub id. MissingComponentError: files are absent; names them.
        ModelError: pickled weights, code in the folder, or damaged files.
    """
    folder = locate(source, offline, (INDEX,), ("*/*.safetensors",))
    index = read_json(folder / INDEX)
    class_name = index.get("_class_name")
    if not isinstance(class_name, str):
        raise ModelError(
            f"{source}: {INDEX} names code of its own ({class_name!r}), which is never run; "
            "allowed: a pipeline class of diffusers"
        )
    listed, empty = [], []
    for name, value in index.items():
        if name.startswith("_") or not (isinstance(value, list) and len(value) == 2):
            continue
        if value[0] is None:
            empty.append(name)
            continue
        if not re.fullmatch(r"[A-Za-z]\w*", name):
            raise ModelError(f"{source}: {INDEX} names a component {name!r}; allowed: a plain name")
        listed.append((name, *_allowed(str(source), name, str(value[0]), str(value[1]), folder)))
    components = [_component(str(source), folder / name, name, lib, cls) for name, lib, cls in listed]
    variants = {v for v in map(_variant, components) if v}
    if len(variants) > 1:
        raise ModelError(f"{source}: weights of several variants ({', '.join(sorted(variants))}); keep one")
    return ModelFolder(
        str(source), folder, class_name, tuple(components), tuple(empty), next(iter(variants), None)
    )


def read_controlnet(source: str | Path, offline: bool = True) -> Component:
    """A ControlNet's folder, checked like a pipeline's component."""
    folder = locate(source, offline, ("config.json",))
    class_name = str(read_json(folder / "config.json").get("_class_name"))
    if not re.fullmatch(r"\w*ControlNetModel", class_name):
        raise InputError(f"{source}: a {class_name}, not a ControlNet")
    _allowed(str(source), "controlnet", "diffusers", class_name, folder)
    return _component(str(source), folder, "controlnet", "diffusers", class_name)


def lora_file(source: str | Path, offline: bool = True) -> Path:
    """The safetensors file of a LoRA: a file, or a folder (or hub id) with one."""
    if str(source).endswith(".safetensors") and Path(source).is_file():
        return Path(source)
    folder = locate(source, offline, ())
    files = sorted(folder.glob("*.safetensors"))
    if (folder / LORA_NAME) in files:
        return folder / LORA_NAME
    if len(files) == 1:
        return files[0]
    if files:
        names = ", ".join(f.name for f in files)
        raise InputError(f"{source}: which LoRA? name one of the files {names}")
    pickled = _pickles(folder)
    if pickled:
        raise ModelError(f"{source}: {pickled[0]} is pickled, which is never opened; allowed: {LORA_NAME}")
    raise _absent(str(source), folder, [LORA_NAME])


def locate(
    source: str | Path, offline: bool, needed: tuple[str, ...], patterns: tuple[str, ...] = ("*.safetensors",)
) -> Path:
    """The folder of a source: itself, or the cached snapshot of a hub id (fetched when not `offline`)."""
    path = Path(source)
    if path.is_file():
        raise InputError(
            f"{source}: a single file; allowed: a folder in diffusers' layout with {INDEX}, or a hub id "
            "(diffusers converts such a file: from_single_file, then save_pretrained)"
        )
    if path.is_dir():
        folder = path
    elif HUB_ID.fullmatch(str(source)):
        folder = _cached(str(source), offline, patterns)
    else:
        raise InputError(f"{source}: there is no such folder, and it is not a hub id (owner/name)")
    absent = [name for name in needed if not (folder / name).is_file()]
    if absent:
        raise _absent(str(source), folder, absent)
    return folder


def header(path: Path) -> dict[str, tuple[tuple[int, ...], str]]:
    """Shape and type of every tensor of a safetensors file, from its header alone."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            slices = {key: file.get_slice(key) for key in file.keys()}  # noqa: SIM118 (not a mapping)
            return {key: (tuple(s.get_shape()), str(s.get_dtype())) for key, s in slices.items()}
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{path}: damaged, or not a safetensors file ({first_line(error)})") from error


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object of a model folder, bounded in size."""
    try:
        if path.stat().st_size > MAX_MODEL_JSON_BYTES:
            raise ModelError(f"{path}: larger than {MAX_MODEL_JSON_BYTES} bytes")
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(unreadable(path, error)) from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: not valid JSON; the model is damaged") from error
    if not isinstance(found, dict):
        raise ModelError(f"{path}: not a JSON object; the model is damaged")
    return found


# -- one component -------------------------------------------------------------------------------------


def _allowed(source: str, name: str, library: str, class_name: str, folder: Path) -> tuple[str, str]:
    """Library and class, or ModelError when they would run code that is not diffusers' or transformers'."""
    if library.startswith(OURS):
        raise InputError(f"{source}: Maquette's own concept model, which its own pipeline loads")
    known = library in STEMS or _is_pipeline_module(library)
    if not known or not re.fullmatch(r"[A-Za-z_]\w*", class_name):
        raise ModelError(
            f"{source}: component {name} is {library}.{class_name}; allowed: classes of diffusers and "
            "transformers"
        )
    inside = folder / name
    if (inside / f"{library}.py").is_file() or (inside / f"{class_name}.py").is_file():
        raise ModelError(f"{source}: component {name} brings code of its own, which is never run")
    config = inside / "config.json"
    if class_name.startswith("Auto") and config.is_file() and "auto_map" in read_json(config):
        raise ModelError(
            f"{source}: component {name} asks for code of its own (auto_map), which is never run"
        )
    return library, class_name


def _is_pipeline_module(library: str) -> bool:
    spec = importlib.util.find_spec("diffusers")
    roots = list(spec.submodule_search_locations or ()) if spec else []
    return library.isidentifier() and any((Path(r) / "pipelines" / library).is_dir() for r in roots)


def _component(source: str, folder: Path, name: str, library: str, class_name: str) -> Component:
    if WEIGHTLESS.search(class_name):
        if not folder.is_dir():
            raise _absent(source, folder, [name])
        return Component(name, library, class_name, folder, {}, ())
    if not (folder / "config.json").is_file():
        raise _absent(source, folder, [f"{folder.name}/config.json"])
    config = read_json(folder / "config.json")
    weights = _weights(source, folder, STEMS.get(library, ANY_STEM))
    return Component(name, library, class_name, folder, config, weights)


def _weights(source: str, folder: Path, stems: tuple[str, ...]) -> tuple[Path, ...]:
    """The safetensors files of a component: the plain one or its shards, else those of a variant."""
    for stem in stems:
        if (folder / f"{stem}.safetensors").is_file():
            return (folder / f"{stem}.safetensors",)
        for index in (
            folder / f"{stem}.safetensors.index.json",
            *folder.glob(f"{stem}.safetensors.index.*.json"),
        ):
            if index.is_file():
                return _shards(source, folder, index)
        variants = [p for p in sorted(folder.glob(f"{stem}.*.safetensors")) if VARIANT.fullmatch(p.name)]
        if variants:
            return (variants[0],)
    pickled = _pickles(folder)
    if pickled:
        raise ModelError(
            f"{source}: {folder.name}/{pickled[0]} is pickled, which is never opened; allowed: safetensors "
            "(fetch the model's safetensors, or save it again with save_pretrained where it is trusted)"
        )
    raise _absent(source, folder, [f"{folder.name}/{stems[0]}.safetensors"])


def _shards(source: str, folder: Path, index: Path) -> tuple[Path, ...]:
    names = {str(v) for v in dict(read_json(index).get("weight_map", {})).values()}
    if not names or any(Path(n).name != n or not n.endswith(".safetensors") for n in names):
        raise ModelError(f"{index}: shards must be plain names of safetensors files beside it")
    absent = [f"{folder.name}/{n}" for n in sorted(names) if not (folder / n).is_file()]
    if absent:
        raise _absent(source, folder, absent)
    return tuple(folder / n for n in sorted(names))


def _variant(component: Component) -> str | None:
    found = VARIANT.fullmatch(component.weights[0].name) if component.weights else None
    return found["variant"] if found else None


def _pickles(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.suffix in PICKLES) if folder.is_dir() else []


def _cached(source: str, offline: bool, patterns: tuple[str, ...]) -> Path:
    """The snapshot folder of a hub id in the local cache, fetched first unless `offline`."""
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        if offline:
            return Path(snapshot_download(source, local_files_only=True))
        wanted = [*PLAIN_FILES, *patterns]
        return Path(snapshot_download(source, allow_patterns=wanted, ignore_patterns=NOT_FETCHED))
    except HFValidationError as error:
        raise InputError(f"{source}: not a hub id ({first_line(error)})") from error
    except LocalEntryNotFoundError as error:
        raise MissingComponentError(
            f"{source}: no such folder here, and absent from the local cache {constants.HF_HUB_CACHE}; where "
            f"there is a network: `hf download {source}`, then copy that cache here"
        ) from error
    except (HfHubHTTPError, OSError) as error:
        raise MissingComponentError(f"{source}: cannot be fetched ({first_line(error)})") from error


def _absent(source: str, folder: Path, names: list[str]) -> MissingComponentError:
    local = Path(source).is_dir()
    how = f"`hf download OWNER/NAME --local-dir {source}`" if local else f"`hf download {source}`"
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return MissingComponentError(
        f"{source}: absent {'files' if local else f'from the local cache ({folder})'}: "
        f"{', '.join(names[:3])}{more}; where there is a network: {how}, then copy it here"
    )


def first_line(error: BaseException) -> str:
    """The first line of what an error says, or its class."""
    lines = str(error).strip().splitlines()
    return lines[0].strip()[:300] if lines else type(error).__name__
