"""What verbs accept as input (a record, or the path of its file), and the surrogate that answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..design.errors import InputError
from ..design.family.records import Design, read_design
from ..design.family.registry import get_family

if TYPE_CHECKING:
    from ..constraints.requirements.assess import Assessment
    from ..constraints.requirements.brief import Brief, ParsedBrief
    from ..surrogate.models.surrogate import Surrogate

SHAPES = (".step", ".stp", ".stl", ".obj", ".glb", ".iges", ".brep")


def complete_design(design: Design | Path | str) -> Design:
    """A design whose every parameter is in range; rules between parameters may be broken.

    Raises:
        InputError: an unreadable file, an unknown family, an unknown, missing or out-of-range parameter.
    """
    if not isinstance(design, Design):
        path = Path(design)
        if path.suffix.lower() in SHAPES and path.exists():
            raise InputError(f"{path}: a design file (.json) is needed; shapes are not read by this version")
        return read_design(path)
    family = get_family(design.family)
    return replace(design, parameters=family.validate(design.parameters))


def accepted_design(design: Design | Path | str) -> Design:
    """A design that may be built.

    Raises:
        InputError: as :func:`complete_design`.
        RuleError: naming every rule that it breaks.
    """
    found = complete_design(design)
    get_family(found.family).accept(found.parameters)
    return found


def parsed_brief(
    brief: str | Path | Brief | ParsedBrief, family: str = "", seed: int | None = None
) -> ParsedBrief:
    """A brief and how its words were taken, from text, a file, or a record.

    Raises:
        InputError: in one line, naming the file and field, or the phrase.
    """
    from ..constraints.requirements.brief import Brief, ParsedBrief, with_seed
    from ..constraints.requirements.brief_files import read_brief

    if isinstance(brief, Brief):
        brief = ParsedBrief(brief)
    if isinstance(brief, ParsedBrief):
        return brief if seed is None else replace(brief, brief=with_seed(brief.brief, seed))
    return read_brief(brief, family, seed)


def surrogate_for(brief: Brief, model: Path | None = None) -> Surrogate | None:
    """The surrogate of the brief's family; None when there is none and the brief does not need one.

    Raises:
        ModelError: a damaged surrogate, or none for a brief that asks for a predicted quantity.
    """
    from ..constraints.requirements.quantity import SURROGATE, get_quantity
    from ..surrogate.models.surrogate import load_surrogate, shipped_model_path

    family = get_family(brief.family)
    names = {*(r.quantity for r in brief.requirements), *brief.minimise, *brief.maximise}
    needed = any(get_quantity(family, name).how == SURROGATE for name in names)
    if model is None and not needed and not shipped_model_path(family.name).is_dir():
        return None
    return load_surrogate(family, model)


def predictions_of(
    judged: Assessment, surrogate: Surrogate | None, frontal_area: float | None
) -> Mapping[str, Any]:
    """What was predicted for a judged design; all that the surrogate predicts where its brief asked nothing.

    Args:
        frontal_area: measured, m^2; the surrogate measures it when None.
    """
    if surrogate is None or judged.predictions:
        return judged.predictions
    return surrogate.predict_design(judged.values, frontal_area)
