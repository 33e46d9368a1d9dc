"""Numbers that only count the lines of a list, and units that stand alone in a label."""

from __future__ import annotations

from collections.abc import Sequence

from .amounts import unit_at
from .numerals import number_at
from .tokens import Token

#: what is numbered: "Spec 3.1", "item 4"
_NUMBERED = frozenset(
    [
        "spec",
        "req",
        "requirement",
        "item",
        "section",
        "clause",
        "paragraph",
        "para",
        "point",
        "no",
        "rev",
        "size",
        "§",
        "priority",
        "prio",
        "level",
        "tier",
        "group",
        "class",
        "category",
    ]
)
#: what stands before the unit of a label: "(all in mm)"
_OF_ALL = frozenset(
    ["in", "all", "everything", "values", "dimensions", "lengths", "均", "为", "全", "部", "单", "位", ":"]
)


def ordinal(tokens: Sequence[Token], i: int) -> int:
    """End of "1.", "2)", "(3)" or 一、 at the beginning of a line ("2)" of a sentence too), or of a number
    that only says which one: "Spec 3.1"; 0 where there is none."""
    before = i - 2 if i > 1 and tokens[i - 1].key == "-" else i - 1
    if (
        i > 0
        and tokens[before].key in _NUMBERED
        and number_at(tokens, i) is not None
        and _named_behind(tokens, i)
    ):
        return i + 1
    ends = i > 0 and tokens[i - 1].key in (";", ".") and tokens[i - 1].kind == "break"
    if i > 0 and tokens[i - 1].key != "\n" and not (ends and ")" in (t.key for t in tokens[i + 1 : i + 3])):
        return 0
    j = i + 1 if tokens[i].key == "(" else i
    found = number_at(tokens, j)
    if found is None or found[2] != j + 1 or found[2] + 1 >= len(tokens) or found[0] > 99.0:
        return 0
    sign = tokens[found[2]]
    if sign.key not in (".", ")", ",") or (sign.key == "," and sign.text != "、"):
        return 0
    return found[2] + 1 if sign.start == tokens[j].end else 0


def _named_behind(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word follows the number at `i` that is no unit: "Requirement 4.2 Height"."""
    behind = tokens[i + 1] if i + 1 < len(tokens) else None
    return behind is not None and (
        behind.key in (":", ")", "(") or (behind.kind == "word" and unit_at(tokens, i + 1) is None)
    )


def label_unit(tokens: Sequence[Token], i: int) -> tuple[str, int] | None:  # noqa: PLR0911 - one return a case
    """A unit without a number, in a label: "(mm)", "[mm]", "in mm", ", mm:", "| mm |"."""
    key = tokens[i].key
    if key in ("(", "["):
        if i + 2 < len(tokens) and tokens[i + 1].key == "-" and tokens[i + 2].key in (")", "]"):
            return "", i + 3  # "Cd (-)"
        start = i + 1
        while start < len(tokens) and tokens[start].key in _OF_ALL and not _closes(tokens, start):
            start += 1
        found = unit_at(tokens, start)
        if found is not None and found[1] < len(tokens) and tokens[found[1]].key in (")", "]"):
            return found[0], found[1] + 1
        return None
    if key in ("in", "unit", "units", "|", ",", "/"):
        found = unit_at(tokens, i + 1)
        if found is None:
            return None
        after = tokens[found[1]] if found[1] < len(tokens) else None
        ends = after is None or after.key in (":", "|", "\n", "=") or (key != "|" and after.kind == "number")
        if key in ("in", "unit", "units") and (after is None or after.key in (".", ",", ")", "is") or ends):
            return found
        return found if ends else None
    if key == "单" and i + 1 < len(tokens) and tokens[i + 1].key == "位":
        start = i + 2
        while start < len(tokens) and tokens[start].key in (":", "为", "是", "均"):
            start += 1
        return unit_at(tokens, start)
    return None


def _closes(tokens: Sequence[Token], i: int) -> bool:
    found = unit_at(tokens, i)
    return found is not None and found[1] < len(tokens) and tokens[found[1]].key in (")", "]")
