"""What words beside numbers say of them: wishes, confidence, numbers that restate or replace another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .amounts import Amount
from .clauses import Phrase
from .linked import AT_LEAST, AT_MOST, Vocabulary
from .units import kind_of, ratio

#: share by which a number in brackets may differ from the one that it restates: "6 in (150 mm)"
_ROUNDED = 0.025


def verb(phrase: Phrase, behind: Sequence[Phrase]) -> bool:
    """ "stretch the wheelbase to 2.9 m" is no stretch target."""
    followed = any(p.text.lower() in ("the", "its", "our", "it", "this") for p in behind)
    return phrase.text.lower() == "stretch" and followed


def marked_should(phrases: Sequence[Phrase]) -> bool:
    """ "mass 4 kg (should)"."""
    signs = [(a.text.lower(), b.text) for a, b in pairwise(phrases)]
    return any(one in (("should", ")"), ("could", ")")) for one in signs)


def of_kind(names: tuple[str, ...], amount: Amount, words: Vocabulary) -> tuple[str, ...]:
    """Those of `names` whose kind the unit has (all of them when none fits: the error names the first)."""
    kind = kind_of(amount.unit) if amount.unit else ""
    if kind == "":
        return tuple(dict.fromkeys(names))
    swapped = [words.alternate(n, kind) for n in names]
    swapped = [s if s in words.known else n for s, n in zip(swapped, names, strict=True)]
    right = [
        n for n in swapped
        if words.known[n].kind == kind or (amount.unit == "percent" and words.known[n].unit == "1")
    ]  # fmt: skip
    return tuple(dict.fromkeys(right or swapped))


def confident(phrases: Sequence[Phrase], i: int) -> bool:
    """ "with 95 % confidence" is no limit."""
    amount = phrases[i].amount
    beside = [p for j in (i - 1, i + 1) if 0 <= j < len(phrases) for p in (phrases[j],)]
    return (
        amount is not None and amount.unit == "percent" and 50.0 <= amount.low < 100.0
        and any(p.has("confidence") for p in beside)
    )  # fmt: skip


def before_figures(phrases: Sequence[Phrase], j: int) -> bool:
    """ "under EN 16139": the word limits no number."""
    return j + 1 < len(phrases) and phrases[j + 1].has("figures")


def struck(between: Sequence[Phrase]) -> bool:
    """ "46 cm high, not 44", 46厘米而不是44厘米: the second number is what the first is instead of."""
    said = [p.text.lower() for p in between if not p.has("part_measure", "measured_by", "tolerance")]
    return " ".join(said) in ("not", "不是", "而不是", "非", "rather than", "instead of")


def not_one_more(meaning: Sequence[Phrase]) -> str:
    """ "but not a millimetre more", "and no shorter": what they make of the value before them."""
    if len(meaning) != 2 or not meaning[0].has("negation") or not meaning[1].has("relative", "size"):
        return ""
    return {1: AT_MOST, -1: AT_LEAST}.get(meaning[1].readings.get("size", 0), "")


def restates(first: Phrase, second: Phrase) -> bool:
    """ "6 in (152 mm)": the same amount in another unit, in brackets."""
    a, b = first.amount, second.amount
    if (
        a is None
        or b is None
        or not second.aside
        or first.aside
        or "" in (a.unit, b.unit)
        or a.unit == b.unit
    ):
        return False
    if kind_of(a.unit) != kind_of(b.unit) or (a.high is None) != (b.high is None):
        return False
    factor = ratio(b.unit, a.unit)
    ends = [(a.low, b.low), *([(a.high, b.high)] if a.high is not None and b.high is not None else [])]
    return all(abs(y * factor - x) <= _ROUNDED * abs(x) for x, y in ends)
