"""What verbs accept as input: a record, or the path of its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..design.errors import InputError
from ..design.exchange.shapes.files import is_shape
from ..design.family.records import Design, design_of, read_design
from ..design.family.registry import get_family
from ..design.messages import say, spelt
from ..design.reading import Place
from .workbench import Workbench, at

if TYPE_CHECKING:
    from ..constraints.requirements.brief import Brief, ParsedBrief


def complete_design(design: Design | Path | str, workbench: Workbench | None = None) -> Design:
    """A design whose every parameter is in range; rules between parameters may be broken.

    Args:
        workbench: of the design's product, where one is open.

    Raises:
        InputError: an unreadable file, an unknown family or another one than the workbench's, an unknown,
            missing or out-of-range parameter.
    """
    if not isinstance(design, Design):
        path = Path(design)
        if is_shape(path) and path.exists():
            raise InputError(
                say(
                    "{path}: a design file (.json) is needed; `maquette predict {path} --out FILE` makes one "
                    "of a shape",
                    path=path,
                )
            )
        return read_design(path, typed_parameters)
    family = at(design.family, workbench).family
    return replace(design, parameters=family.validate(design.parameters))


def uploaded_design(text: str, source: str) -> Design:
    """The design in a file's text; errors as :func:`complete_design`."""
    return design_of(text, source, typed_parameters)


def typed_parameters(family: str, values: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """`values` with numbers for text like ``"2.85 m"``, as briefs read it; nothing else is changed.

    Raises:
        InputError: text that is no number of the parameter's unit; names the key and its line.
    """
    from ..constraints.requirements.quantity import get_quantity
    from ..constraints.requirements.units import parse_value

    try:
        known = get_family(family)
    except InputError:
        return dict(values)
    numbers = {p.name for p in known.parameters}
    return {
        name: parse_value(value, get_quantity(known, name), str(place.at(name)))
        if isinstance(value, str) and name in numbers
        else value
        for name, value in values.items()
    }


def accepted_design(design: Design | Path | str, workbench: Workbench | None = None) -> Design:
    """A design that may be built.

    Raises:
        InputError: as :func:`complete_design`.
        RuleError: naming every rule that it breaks.
    """
    found = complete_design(design, workbench)
    at(found.family, workbench).family.accept(found.parameters)
    return found


def check_family(brief: Brief, design: Design) -> None:
    """Refuse a brief about another product than the design's (:class:`InputError`)."""
    if brief.family != design.family:
        wanted, given = spelt(brief.family), spelt(design.family)
        raise InputError(
            say("the brief is about a {wanted}, the design is a {given}", wanted=wanted, given=given)
        )


def parsed_brief(
    brief: str | Path | Brief | ParsedBrief,
    family: str = "",
    seed: int | None = None,
    *,
    asking: bool = False,
) -> ParsedBrief:
    """A brief and how its words were taken, from text, a file, or a record.

    Args:
        asking: words may leave questions open; somebody will answer them.

    Raises:
        InputError: in one line, naming the file and field, or the phrase; words that leave questions open.
    """
    from ..constraints.requirements.brief import Brief, ParsedBrief, answered, with_seed
    from ..constraints.requirements.brief_files import read_brief

    if isinstance(brief, Brief):
        brief = ParsedBrief(brief)
    if isinstance(brief, ParsedBrief):
        return brief if seed is None else replace(brief, brief=with_seed(brief.brief, seed))
    parsed = read_brief(brief, family, seed)
    return parsed if asking else answered(parsed)
