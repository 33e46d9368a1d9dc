"""The shipped concept model: where it lies, whether its files are the ones that were released."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError, ModelError
from ...family.contract import Family
from ...family.registry import DEFAULT_FAMILY, get_family
from ...language.attributes import vocabulary_hash
from ...messages import quoted, say, spelt
from ...reading import read_json
from ..networks.options import check_drawer

if TYPE_CHECKING:
    from .by_artist import ArtistPipeline
    from .pipeline import ConceptPipeline

#: the card's facts; `files` in it holds the size and the SHA-256 of every file of weights
FACTS = "model.json"
INDEX = "model_index.json"


def load_concepts(
    family: str | Family = DEFAULT_FAMILY, folder: Path | str | None = None
) -> ConceptPipeline | ArtistPipeline:
    """The trained pipeline of a family, in float32, ready to call; the artist's where none is shipped and the
    family is content with that. Loads torch and diffusers.

    Args:
        folder: of a model in diffusers layout; the shipped one when None.

    Raises:
        ModelError: there is none, its files are not the released ones, they cannot be read, or they were
            made for another family, another declaration of its parameters or other options.
    """
    known = get_family(family) if isinstance(family, str) else family
    place = Path(folder) if folder is not None else shipped_folder(known.name)
    if not (place / INDEX).is_file():
        if known.sketched_by == "artist" and place == shipped_folder(known.name):
            from .by_artist import ArtistPipeline

            return ArtistPipeline(known)
        raise ModelError(
            say(
                "{folder}: no concept model for family {family!r}; train one with `{command}`",
                folder=place,
                family=spelt(known.name),
                command=remake(known.name),
            )
        )
    check_hashes(place)
    pipe = _load(place)
    check_family(pipe, known, place)
    return pipe


def shipped_folder(family: str) -> Path:
    """Where the family's concept model lies in the package."""
    return Path(str(files("maquette.assets"))) / "models" / f"{family}_concepts"


def remake(family: str) -> str:
    """The command that trains a family's concept model anew."""
    trainer = "python -m maquette.design.concepts.training.train"
    return f"{trainer} --family {family} --out assets/models/{family}_concepts"


def check_family(pipe: ConceptPipeline, family: Family, place: Path) -> None:
    """Refuse a model made for another family, declaration, size of pictures or other options
    (:class:`ModelError`)."""
    for name in ("prior", "drawer", "encoder"):
        part: Any = getattr(pipe, name)
        if part is None:
            continue
        if part.config.family != family.name:
            raise ModelError(f"{place}: its {name} draws family {part.config.family!r}, not {family.name!r}")
        made_for = part.config.declaration_hash
        if made_for and made_for != family.declaration_hash:
            raise ModelError(
                f"{place}: its {name} was made for another declaration of family {family.name!r}; "
                f"train it anew with `{remake(family.name)}`"
            )
        size = tuple(part.config.get("size", family.frame.base))
        if size != family.frame.base:
            raise ModelError(
                f"{place}: its {name} is for pictures of {size[0]} x {size[1]} pixels, those of family "
                f"{family.name!r} have {family.frame.base[0]} x {family.frame.base[1]}; train it anew with "
                f"`{remake(family.name)}`"
            )
    if pipe.tokenizer.family != family.name:
        raise ModelError(f"{place}: its words are of family {pipe.tokenizer.family!r}, not {family.name!r}")
    learned = str(getattr(pipe.text_encoder.config, "vocabulary_hash", ""))
    if learned and learned != vocabulary_hash(pipe.tokenizer.vocabulary):
        raise ModelError(f"{place}: its tokenizer lists other words than its text encoder has learned")
    try:
        if pipe.drawer is not None:
            check_drawer(pipe.drawer, family)
    except ModelError as error:
        raise ModelError(f"{place}: {error}; train it anew with `{remake(family.name)}`") from error


def check_hashes(folder: Path) -> None:
    """Compare a model's weights with what its `model.json` says of them, where there is one.

    Raises:
        ModelError: naming the first file that is missing or differs.
    """
    if not (folder / FACTS).is_file():
        return
    try:
        stated = read_json(folder / FACTS)["files"]
        wanted = {str(name): str(entry["sha256"]) for name, entry in stated.items()}
    except (InputError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder / FACTS}: does not list the model's files ({error})") from error
    for name, sha256 in wanted.items():
        path = folder / name
        if not path.is_file():
            raise ModelError(f"{path}: missing, though {FACTS} lists it")
        if sha256_of(path) != sha256:
            raise ModelError(f"{path}: damaged or changed, its SHA-256 is not the one in {FACTS}")


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _load(place: Path) -> ConceptPipeline:
    import torch
    from diffusers.utils import is_accelerate_available, logging

    from .pipeline import ConceptPipeline

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        pipe: ConceptPipeline = ConceptPipeline.from_pretrained(
            str(place),
            dtype=torch.float32,
            local_files_only=True,
            use_safetensors=True,
            low_cpu_mem_usage=is_accelerate_available(),
        )
    except (InputError, OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError) as error:
        why = quoted(" ".join(str(error).split())[:200])
        raise ModelError(say("{folder}: no usable model ({why})", folder=place, why=why)) from error
    finally:
        if shown:
            logging.enable_progress_bar()
    pipe.set_progress_bar_config(disable=True)
    return pipe
