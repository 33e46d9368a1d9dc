"""Kinds of arguments that a job takes: each reads one JSON value, or says in a sentence what is allowed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...design.errors import InputError
from ...design.family.records import Design
from ...design.messages import say
from .places import contained

if TYPE_CHECKING:
    from ...constraints.requirements.brief import ParsedBrief

MAX_TEXT = 4_000  # characters of one text
MAX_BRIEFS = 16  # variants of a sheet; the verb allows fewer
MAX_LOCKS = 200  # more than any family has parameters

#: (value, what it is called, folders whose files may be named, family of a brief in words) -> value read
Kind = Callable[[Any, str, Sequence[Path], str], Any]


def brief_of(value: Any, family: str = "", what: str = say("brief")) -> ParsedBrief:
    """A brief from words or from a brief's object; never from a file that the words name.

    The studio has asked before; what is still in doubt is left out and listed.

    Raises:
        InputError: as :mod:`maquette.constraints.requirements.brief`.
    """
    from ...constraints.requirements.brief import answered
    from ...constraints.requirements.brief_files import brief_from_data
    from ...constraints.requirements.product import brief_from_text

    if isinstance(value, str):
        return answered(brief_from_text(value, family), assume=True)
    return answered(brief_from_data(value, what, family), assume=True)


def design_of(value: Any, roots: Sequence[Path], what: str = say("design")) -> Design:
    """A complete design from its object or from a file of the session.

    Raises:
        InputError: not a design, or a file that is not the session's.
    """
    from ..inputs import complete_design

    if isinstance(value, str):
        return complete_design(contained(value, roots, what))
    return complete_design(Design.from_json(value, what))


def a_brief(value: Any, what: str, _roots: Sequence[Path], family: str) -> ParsedBrief:
    """A brief in words or as an object."""
    return brief_of(value, family, what)


def a_briefs(value: Any, what: str, _roots: Sequence[Path], family: str) -> list[ParsedBrief]:
    """A few briefs."""
    if not isinstance(value, list) or len(value) > MAX_BRIEFS:
        raise InputError(f"{what} must be a list of at most {MAX_BRIEFS} briefs")
    return [brief_of(v, family, what) for v in value]


def a_design(value: Any, what: str, roots: Sequence[Path], _family: str) -> Design:
    """A design's object, or the path of a design file."""
    return design_of(value, roots, what)


def a_start(value: Any, what: str, roots: Sequence[Path], _family: str) -> Design | Path:
    """A design, or the path of a picture of one."""
    if isinstance(value, str) and not value.lower().endswith(".json"):
        return contained(value, roots, what)
    return design_of(value, roots, what)


def a_file(value: Any, what: str, roots: Sequence[Path], _family: str) -> Path:
    """The path of a file of the session."""
    if not isinstance(value, str):
        raise InputError(f"{what} is {value!r}; the path of a file is needed")
    return contained(value, roots, what)


def a_model(value: Any, what: str, roots: Sequence[Path], family: str) -> Path:
    """A concept model's folder, named by its ``model_index.json``."""
    return a_file(value, what, roots, family).parent


def a_text(value: Any, what: str, _roots: Sequence[Path], _family: str) -> str:
    """Text of bounded length."""
    if not isinstance(value, str) or len(value) > MAX_TEXT or "\0" in value:
        raise InputError(f"{what} must be text of at most {MAX_TEXT} characters")
    return value


def a_whole(value: Any, what: str, _roots: Sequence[Path], _family: str) -> int:
    """A whole number; its bounds are the verb's."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{what} is {value!r}; a whole number is needed")
    return value


def a_number(value: Any, what: str, _roots: Sequence[Path], _family: str) -> float:
    """A finite number; its bounds are the verb's."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise InputError(f"{what} is {value!r}; a number is needed")
    return float(value)


def a_locks(value: Any, what: str, _roots: Sequence[Path], _family: str) -> Any:
    """Values by name, or a list of ``name=value``."""
    if not isinstance(value, (Mapping, list)) or len(value) > MAX_LOCKS:
        raise InputError(f"{what} must be an object of name: value, or a list of at most {MAX_LOCKS} texts")
    return value
