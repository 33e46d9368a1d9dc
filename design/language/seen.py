"""How a phrase of the table looks: its role, the part that it names, the adjective within it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from .clauses import Phrase, Table, han
from .looks import MIDDLE, Part
from .tokens import stems

BREAKS = frozenset(",;:.!?()[]\n") | {"..."}
#: what a phrase without a role of its own is beside the words of looks
_ROLES = {"negation": "negation", "break": "break", "join": "join", "intensity": "degree"}
_OR = frozenset({"or", "或", "或者", "、"})
#: of a thing that is only named in numbers
NUMBER = Part({}, whole=True)


def role(phrase: Phrase) -> str:
    """What a phrase is between the words of looks; "" for one that means nothing at all."""
    if "look" in phrase.readings:
        return str(phrase.readings["look"])
    if phrase.text.lower() in _OR:
        return "or"
    if phrase.text in BREAKS:
        return "break"
    found = next((r for kind, r in _ROLES.items() if phrase.has(kind)), "")
    if found or "separator" not in phrase.readings:
        return found or (
            "stop"
            if phrase.readings.keys() - {"size", "measured_by", "part_measure", "neutral", "measures"}
            else ""
        )
    return "stop" if phrase.text in '"“”' else "break"


def noun_of(phrase: Phrase) -> Part | None:
    """The part that a phrase names; one without adjectives of its own where it is only a number's name."""
    if phrase.has("part"):
        return phrase.readings["part"]  # type: ignore[no-any-return]
    named = phrase.has("quantity", "feature") and not phrase.has("says", "setting", "describes", "middle")
    return NUMBER if named and phrase.amount is None else None


def looked_at(phrases: Sequence[Phrase], table: Table) -> Iterator[Phrase]:
    """The phrases as they look: the adjective of "as low as possible", of "longer than usual", of "too long"
    and 后悬长 without a number; what measures a number is none of the product."""
    bare = _without_amounts(phrases)
    for i, phrase in enumerate(phrases):
        after, before = phrases[i + 1 : i + 2], phrases[max(0, i - 1) : i]
        usual = phrase.keys[-1:] == ("than",) and any(p.readings.get("middle") == MIDDLE for p in after)
        wished = phrase.has("whole_wish") and phrase.keys[0] in ("as", "尽", "越")
        measured = phrase.has("measured_by") and han(phrase) and any(p.amount for p in after)
        relative = phrase.has("measured_by", "relative") and not any(map(noun_of, after))
        if measured or (relative and any(p.amount for p in before)):
            yield replace(phrase, readings={"measured_by": True})
        elif phrase.has("wish") or usual or wished or (phrase.has("denial") and i in bare):
            yield replace(phrase, **_inside(phrase, table))
        elif not phrase.has("part", "says") and (
            phrase.has("figures") or (i in bare and han(phrase) and phrase.has("quantity"))
        ):
            yield from _halves(phrase, table)
        else:
            yield phrase


def _without_amounts(phrases: Sequence[Phrase]) -> set[int]:
    """Places of the phrases between whose breaks no number stands."""
    found: set[int] = set()
    run: list[int] = []
    for i, phrase in enumerate([*phrases, None]):
        if phrase is None or role(phrase) == "break":
            found.update(run if all(phrases[k].amount is None for k in run) else ())
            run = []
        else:
            run.append(i)
    return found


def _inside(phrase: Phrase, table: Table) -> dict[str, Any]:
    """Keys and readings of the adjective in a phrase of wishing or comparing."""
    looks = ((k,) for key in phrase.keys for k in (key, *stems(key)))
    keys = next((k for k in looks if {"describes", "says"} & table.readings.get(k, {}).keys()), phrase.keys)
    return {"keys": keys, "readings": {**table.readings.get(keys, {}), "whole_wish": True}}


def _halves(phrase: Phrase, table: Table) -> Iterator[Phrase]:
    """Part and adjective of one phrase: 后悬长 is a length, and without a number a long overhang."""
    for n in range(len(phrase.keys) - 1, 0, -1):
        halves = [(k, table.readings.get(k, {})) for k in (phrase.keys[:n], phrase.keys[n:])]
        found = {kind for _, readings in halves for kind in ("part", "describes") if kind in readings}
        if len(found) == 2 and len(phrase.keys) == phrase.last - phrase.first:
            cut = phrase.first + n
            for first, last, (keys, readings) in zip(
                (phrase.first, cut), (cut, phrase.last), halves, strict=True
            ):
                yield replace(phrase, first=first, last=last, readings=readings, keys=keys, text=phrase.text)
            return
    yield phrase
