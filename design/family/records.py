"""Records that travel between rooms, and as JSON between people."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..errors import InputError, ParameterError
from ..messages import say
from ..reading import Place, read_text, refuse_unknown, strict_json
from .parameters import choices_of, indexed, kinds_in, named

logger = logging.getLogger(__name__)

SCHEMA_VERSION = 1
FILLED = "default (filled in)"  # provenance of a choice that a design file from before it did not have
_KEYS = ("schema_version", "family", "parameters", "provenance", "notes", "edits")


@dataclass(frozen=True)
class Design:
    """One point of a family's space and who set each parameter.

    Attributes:
        family: registered family name.
        parameters: name to value, in the declaration's units; whole ones ``int``, a choice is the place
            of its option.
        provenance: name to who or what set it (``default``, ``brief``, ``lock``, ``search trial 412``).
        filled: choices that the file did not have and that were given their defaults when it was read.
        notes: what was done to a design of an earlier declaration of its family, a phrase a parameter.
    """

    family: str
    parameters: Mapping[str, float]
    provenance: Mapping[str, str] = field(default_factory=dict)
    filled: tuple[str, ...] = field(default=(), compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

    def to_json(self) -> dict[str, Any]:
        """JSON object of the design file format (schema version 1); choices by their options' names."""
        return {
            "schema_version": SCHEMA_VERSION,
            "family": self.family,
            "parameters": named_values(self.family, self.parameters),
            "provenance": dict(self.provenance),
            **({"notes": list(self.notes)} if self.notes else {}),
        }

    @staticmethod
    def from_json(data: Any, source: str = "design") -> Design:
        """Read the design file format; numbers are checked against the family elsewhere.

        Choices become places, and those that the file does not have their defaults (:attr:`filled`).

        A design of an earlier declaration of its family comes back under the one of now, with notes.

        Raises:
            InputError: naming the key that is missing or of the wrong kind, or an option that is not known.
        """
        if not isinstance(data, dict):
            raise InputError(
                say("{source}: expected a JSON object, found {kind}", source=source, kind=type(data).__name__)
            )
        check_schema(data, source)
        family = data.get("family")
        if not isinstance(family, str):
            raise InputError(
                say(
                    "{source}: family is {family}; a family name is needed (see `maquette families`)",
                    source=source,
                    family=repr(family),
                )
            )
        parameters = data.get("parameters")
        if not isinstance(parameters, dict):
            raise InputError(
                say("{source}: parameters is missing or not an object of name: number", source=source)
            )
        provenance = data.get("provenance", {})
        if not isinstance(provenance, dict):
            raise InputError(say("{source}: provenance is not an object of name: text", source=source))
        by = {str(k): str(v) for k, v in provenance.items()}
        declaration = _declaration(family)
        if declaration is None:
            return Design(family, dict(parameters), by)
        try:
            values = indexed(declaration, parameters)
        except ParameterError as error:
            raise ParameterError(
                say("{source}: {reason}", source=source, reason=error.message), error.parameter
            ) from error
        absent = {c.name: c.default for c in choices_of(declaration) if c.name not in values}
        told = by | dict.fromkeys(absent, FILLED)
        return _of_now(Design(family, values | absent, told, tuple(absent)))


def named_values(family: str, values: Mapping[str, Any]) -> dict[str, float | str]:
    """`values` of a family as people read them: numbers, and choices by their options' names."""
    declaration = _declaration(family)
    if declaration is None:
        return {k: v if isinstance(v, int) else float(v) for k, v in values.items()}
    return named(declaration, values)


def kinds_of(family: str, values: Mapping[str, float]) -> dict[str, str]:
    """The names of those numbers of a family in `values` that stand for kinds (a material)."""
    declaration = _declaration(family)
    return {} if declaration is None else kinds_in(declaration, values)


def _declaration(family: str) -> type | None:
    """The declaration of an installed family, else None."""
    from .registry import get_family

    try:
        return get_family(family).declaration
    except InputError:
        return None


#: makes numbers of parameters that stand as text: family, parameters, their place in the file
Typed = Callable[[str, Mapping[str, Any], Place], Mapping[str, Any]]


def read_design(path: Path, typed: Typed | None = None) -> Design:
    """Read a design file and check it against its family: complete and inside every hard range.

    Rules between parameters are not applied here (an infeasible design may be looked at and assessed).

    Raises:
        InputError: not a design file, or not a complete design; names the key and its line.
    """
    return design_of(read_text(path), str(path), typed)


def design_of(
    text: str,
    source: str,
    typed: Typed | None = None,
) -> Design:
    """The design in the text of a file; as :func:`read_design`."""
    from .registry import get_family

    data, lines = strict_json(text, source)
    place = Place(source, lines)
    if isinstance(data, dict):
        refuse_unknown(data, _KEYS, place)
        if typed is not None and isinstance(data.get("parameters"), dict):
            data = data | {
                "parameters": typed(str(data.get("family")), data["parameters"], place.at("parameters"))
            }
    design = Design.from_json(data, source)
    if design.notes:
        logger.warning(
            "%s: written for an earlier version of the family: %s", source, "; ".join(design.notes)
        )
    try:
        return replace(design, parameters=get_family(design.family).validate(design.parameters))
    except ParameterError as error:
        where = place.at("parameters").at(error.parameter).line
        raise ParameterError(
            say("{source}: {reason}", source=where, reason=error.message), error.parameter
        ) from error


def _of_now(design: Design) -> Design:
    """The design under its family's declaration of now; families that are not installed stay as they are."""
    from .earlier import notes_of
    from .registry import get_family

    try:
        values, done = get_family(design.family).upgrade(design.parameters)
    except InputError:
        return design
    if not done:
        return design
    told = {k: v for k, v in design.provenance.items() if k not in done}
    told |= {k: what for k, what in done.items() if k in values}
    return replace(design, parameters=values, provenance=told, notes=notes_of(done))


def write_design(design: Design, path: Path) -> None:
    """Write the design file format."""
    path.write_text(json.dumps(design.to_json(), indent=2) + "\n", encoding="utf-8")


def check_schema(data: Mapping[str, Any], source: str) -> None:
    """Nothing, unless a file says that it is of another version.

    Raises:
        InputError: naming the version that is read.
    """
    version = data.get("schema_version", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        raise InputError(
            say(
                "{source}: schema_version is {version}; this version reads {known}",
                source=source,
                version=repr(version),
                known=SCHEMA_VERSION,
            )
        )
