"""What words without a figure became on a body: "a long wheelbase" is 1062 mm on this sketch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ...constraints.requirements.quantity import DERIVED, MESH, PARAMETER, get_quantity
from ...design.family.contract import Family
from ...design.messages import NAME, Message, named
from ..results_concepts import Figure

if TYPE_CHECKING:
    from ...constraints.requirements.brief import ParsedBrief

#: what a meaning says of the quantities in it (ids of messages): wished as far as it goes, or begun there
WISHED = ("minimise {quantities}", "maximise {quantities}")
MOVED = ("{quantity} up", "{quantity} down")


def asked_in_words(parsed: ParsedBrief, family: Family) -> dict[str, str]:
    """The words about each quantity that the brief gives no figure for: ``{"wheelbase": "long wheelbase"}``.

    A mood ("sporty") that moves several parameters asks for no single figure.
    """
    brief = parsed.brief
    understood = parsed.understood
    if not understood and brief.prompt:  # a record whose words nobody has read yet
        from ...constraints.requirements.sentence import parse

        understood = parse(brief.prompt, family, check=False).understood
    given = {r.quantity for r in brief.requirements} | set(brief.locks)
    found: dict[str, str] = {}
    for heard in understood:
        wished, moved = (list(dict.fromkeys(_names(heard.meaning, ids))) for ids in (WISHED, MOVED))
        for name in (*wished, *(moved if len(moved) == 1 else ())):
            if name not in given:
                found.setdefault(name, _short(heard.phrase, name))
    return found


def figures_of(family: Family, values: Mapping[str, float], asked: Mapping[str, str]) -> tuple[Figure, ...]:
    """Those of :func:`asked_in_words` that are measured on a body, with their values."""
    known = {n: get_quantity(family, n) for n in asked}
    told = [n for n, q in known.items() if q.how in (PARAMETER, DERIVED, MESH)]
    listed = [n for n in told if n not in values]
    measured = {**values, **(family.measures_of(values, listed) if listed else {})}
    return tuple(Figure(n, float(measured[n]), known[n].unit, asked[n]) for n in told)


def _names(meaning: object, ids: tuple[str, ...], inside: bool = False) -> Iterator[str]:
    """Names of quantities inside those parts of a message that have one of `ids`."""
    if not isinstance(meaning, Message):
        return
    if inside and meaning.id == NAME:
        yield str(meaning.arguments["name"])
        return
    inside = inside or meaning.id in ids
    for argument in meaning.arguments.values():
        for part in argument if isinstance(argument, (tuple, list)) else (argument,):
            yield from _names(part, ids, inside)


def _short(phrase: str, name: str) -> str:
    """The words without the quantity's own name: ``long`` of "long wheelbase"."""
    return phrase.removesuffix(named(name)).strip() or phrase
