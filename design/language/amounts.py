"""Amounts: numbers with their units, feet and inches, ranges, tolerances, in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .blocks import phrases
from .numerals import digits_after, number_at
from .tokens import Token, is_han
from .units import LONGEST, UNIT_KEYS, kind_of, ratio

RANGE_WORDS = frozenset({"to", "-", "until", "till", "through", "~", "...", "至", "到"})
ENDS_JOINED = frozenset({"and", "&", "和", "与", "及"})
#: a number in words that is no "one of them" any more
MANY = 20.0
#: what may stand before its number: "€20"
MONEY = frozenset(["€", "$", "£", "¥", "eur", "usd", "rmb", "cny", "gbp"])
_BRACKETS = {"(": ")", "[": "]"}
_PLUS_MINUS = (
    ("+/-",), ("plus", "or", "minus"), ("plus", "/", "minus"), ("plus", "minus"), ("give", "or", "take"),
    ("正", "负"), ("上", "下", "浮", "动"), ("浮", "动"), ("上", "下"), ("误", "差"), ("公", "差"),
    ("允", "差"), ("tolerance",), ("tol",), ("tolerances",), ("允", "许", "偏", "差"), ("偏", "差"),
    ("to", "within"),
)  # fmt: skip
_AFTER_TOLERANCE = frozenset(
    {
        "of",
        "is",
        ":",
        ".",
        "=",
        "为",
        "在",
        "不",
        "超",
        "过",
        "+/-",
        "(",
        "at",
        "都",
        "均",
        "各",
        "控",
        "制",
        "要",
        "得",
        "能",
        "可",
    }
)
#: what follows "in" when it is the preposition ("450 in the boot")
_BEHIND_IN = frozenset(
    phrases("""
        the, a, an, all, total, length, width, height, front, rear, both, each, every, back, our,
        this, it, diameter, material, materials, steel, wood, parts, cost, thickness, depth,
        use, order, practice
    """)
)
#: what may follow inches that have no sign: "15 ft 3 long"
_BEHIND_INCHES = frozenset(
    ["long", "wide", "high", "tall", "max", "or", "maximum", "min", "minimum", "and", "but", "with", "at"]
)


@dataclass(frozen=True)
class Amount:
    """A number, or a range when `high` is set, with its unit as a pint expression ("" when none is written).

    `first` and `last` are token indices, inclusive and exclusive. `other` is another reading of the same
    digits (low, high): 4650 of "4.650". `below` and `above` are the tolerance, in `band` ("percent" too).
    """

    low: float
    high: float | None
    unit: str
    first: int
    last: int
    other: tuple[float, float | None] | None = None
    below: float | None = None
    above: float | None = None
    band: str = ""


@dataclass(frozen=True)
class Tolerance:
    """What may be missing below and above, in a unit ("" when none is written)."""

    below: float
    above: float
    unit: str
    last: int


@dataclass(frozen=True)
class _One:
    value: float
    other: float | None
    unit: str
    last: int


def amount_at(tokens: Sequence[Token], i: int, between: bool = False, counts: bool = False) -> Amount | None:
    """The amount that begins at token `i`, or None. `between`: "and" may join the two ends of a range;
    `counts`: a number in words needs no unit ("no more than six").

    >>> from maquette.design.language.tokens import tokenise
    >>> found = amount_at(tokenise("15 ft 5 1/4 in"), 0)
    >>> found.low, found.unit
    (185.25, 'inch')
    """
    one = _single(tokens, i, counts=counts)
    if one is None:
        return _spoken_range(tokens, i)
    if one.last < len(tokens) and tokens[one.last].key in (RANGE_WORDS | ENDS_JOINED):
        found = _range(tokens, i, one, between, counts)
        if found is not None:
            return found
    other = None if one.other is None else (one.other, None)
    return Amount(one.value, None, one.unit, i, one.last, other)


def around_at(tokens: Sequence[Token], i: int) -> Amount | None:
    """ "within 5 % of 4.7 m", from "within"."""
    if tokens[i].key != "within":
        return None
    band = _single(tokens, i + 1)
    if band is None or band.last >= len(tokens) or tokens[band.last].key not in ("of", "from", "around"):
        return None
    start = band.last + 1
    while start < len(tokens) and tokens[start].key in ("the", "a", "about", "nominal", "target"):
        start += 1
    one = _single(tokens, start)
    if one is None:
        return None
    other = None if one.other is None else (one.other, None)
    unit = band.unit or one.unit
    return Amount(one.value, None, one.unit, i, one.last, other, band.value, band.value, unit)


def tolerance_at(tokens: Sequence[Token], i: int) -> Tolerance | None:
    """The tolerance that begins at token `i`: "±5 mm", "+10/-5", "give or take 5 cm", "公差5毫米"."""
    signed = _signed(tokens, i) or _deviations(tokens, i)
    if signed is not None:
        return signed
    for words in _PLUS_MINUS:
        if tuple(t.key for t in tokens[i : i + len(words)]) == words:
            j = i + len(words)
            while j < len(tokens) and tokens[j].key in _AFTER_TOLERANCE:
                j += 1
            one = _single(tokens, j, sign=False) or _one_of(tokens, j)
            signed = _signed(tokens, j)
            if signed is not None:
                return signed
            if one is None:
                return None
            within = [t.key for t in tokens[one.last : one.last + 2]] in (["以", "内"], ["之", "内"])
            return Tolerance(one.value, one.value, one.unit, one.last + 2 * within)  # 误差5毫米以内
    return None


def _one_of(tokens: Sequence[Token], i: int) -> _One | None:
    """ "give or take a centimetre"."""
    if i + 1 >= len(tokens) or tokens[i].key not in ("a", "an"):
        return None
    found = unit_at(tokens, i + 1)
    return None if found is None else _One(1.0, None, *found)


def unit_at(tokens: Sequence[Token], i: int) -> tuple[str, int] | None:
    """The unit that begins at token `i`, and the index behind it."""
    for length in range(LONGEST + 1, 0, -1):
        part = tokens[i : i + length]
        keys = tuple(t.key for t in part if t.key != ".")
        if len(part) == length and keys in UNIT_KEYS and part[0].key != "." and part[-1].key != ".":
            if _preposition(tokens, i, keys):
                return None
            end = i + length
            if end < len(tokens) and tokens[end].key == "." and tokens[end].kind == "symbol":
                end += 1
            return UNIT_KEYS[keys], end
    return None


def _range(tokens: Sequence[Token], i: int, one: _One, between: bool, counts: bool) -> Amount | None:
    word = tokens[one.last].key
    second = _single(tokens, one.last + 1, sign=word != "-", counts=counts)
    if second is None:
        return None
    if word in ENDS_JOINED:
        closed = [t.key for t in tokens[second.last : second.last + 2]] == ["之", "间"]
        if not (between or closed):
            return None
    elif word == "-" and second.last < len(tokens) and tokens[second.last].key == "/":
        return None  # "2850 -5/+10"
    low, high, unit = one.value, second.value, second.unit or one.unit
    if word == "-" and high < low and one.unit in ("", second.unit):
        return None
    if one.unit and second.unit and one.unit != second.unit:
        if kind_of(one.unit) != kind_of(second.unit):
            return None
        low *= ratio(one.unit, second.unit)
    low, high = sorted((low, high))
    other = None
    if one.other is not None and second.other is not None:
        a, b = sorted((one.other, second.other))
        other = (a, b)
    return Amount(low, high, unit, i, second.last, other)


def _spoken_range(tokens: Sequence[Token], i: int) -> Amount | None:
    """六十到六十三毫米, "sixty to seventy millimetres": the unit stands behind the second number only."""
    found = number_at(tokens, i)
    if found is None or found[2] >= len(tokens) or tokens[found[2]].key not in RANGE_WORDS:
        return None
    second = _single(tokens, found[2] + 1, sign=False)
    if second is None or not second.unit or found[0] >= second.value:
        return None
    return Amount(found[0], second.value, second.unit, i, second.last)


def _signed(tokens: Sequence[Token], i: int) -> Tolerance | None:
    """ "+10/-5 mm", "-5/+10", "+10 -5"."""
    if i + 2 >= len(tokens) or tokens[i].key not in ("+", "-"):
        return None
    first = _single(tokens, i + 1, sign=False)
    if first is None:
        return None
    j = first.last
    if j < len(tokens) and tokens[j].key in ("/", ",", "and"):
        j += 1
    if j >= len(tokens) or tokens[j].key not in ("+", "-") or tokens[j].key == tokens[i].key:
        return None
    second = _single(tokens, j + 1, sign=False)
    if second is None or (second.unit and first.unit and first.unit != second.unit):
        return None
    up, down = (first, second) if tokens[i].key == "+" else (second, first)
    return Tolerance(down.value, up.value, second.unit or first.unit, second.last)


def _deviations(tokens: Sequence[Token], i: int) -> Tolerance | None:
    """上偏差+10毫米，下偏差-5毫米."""
    ends: dict[str, _One] = {}
    while [t.key for t in tokens[i + 1 : i + 3]] == ["偏", "差"] and tokens[i].key in ("上", "下"):
        j = i + 3
        while j < len(tokens) and tokens[j].key in (":", "为", "是", "+", "-"):
            j += 1
        one = _single(tokens, j, sign=False)
        if one is None:
            return None
        ends[tokens[i].key] = one
        i = one.last + (one.last < len(tokens) and tokens[one.last].key == ",")
    if len(ends) < 2:
        return None
    up, down = ends["上"], ends["下"]
    last = max(up.last, down.last)
    return Tolerance(down.value, up.value, up.unit or down.unit, last)


def _single(  # noqa: PLR0911, PLR0912 - one branch a way of writing
    tokens: Sequence[Token], i: int, sign: bool = True, counts: bool = False
) -> _One | None:
    """A number and its unit."""
    factor = 1.0
    if sign and i < len(tokens) and tokens[i].key in ("-", "+"):
        if _glued(tokens, i) and not _glued(tokens, i - 1):
            factor = -1.0 if tokens[i].key == "-" else 1.0
            i += 1
        else:
            return None
    sold = tokens[i].key if i < len(tokens) and tokens[i].key in MONEY else ""
    percent = tuple(t.key for t in tokens[i : i + 3]) == ("百", "分", "之")
    found = number_at(tokens, i + 3 if percent else i + bool(sold))
    if found is None:
        return _half(tokens, i)
    value, other, j = found
    if sold:
        return _One(factor * value, other, UNIT_KEYS[(sold,)], j)
    if percent:
        return _One(factor * value, None, "percent", j)
    spoken = tokens[i].kind == "word"
    unit, end = _unit_behind(tokens, j)
    pointed = any(t.key in ("点", "point", "dozen", "打") for t in tokens[i:j])
    short = bool(unit) and len(tokens[end - 1].key) < 3 and not is_han(tokens[end - 1].key)
    counted = value >= MANY or (counts and value != 1.0)  # "five hundred", "no more than six"
    if spoken and not counted and (short or not (unit or pointed)):
        return None  # "two doors" and "one in three" are no amounts
    if not unit:
        return _One(factor * value, None if other is None else factor * other, "", j)
    if unit == "foot":
        feet = _inches_behind(tokens, value, end)
        if feet is not None:
            return _One(factor * feet[0], None, "inch", feet[1])
    if unit == "lb":
        ounces = number_at(tokens, end)
        behind, last = ("", 0) if ounces is None else _unit_behind(tokens, ounces[2])
        if ounces is not None and behind == "ounce" and ounces[0] < 16.0:
            return _One(factor * (value + ounces[0] / 16.0), None, "lb", last)
    if tokens[end - 1].key in ("米", "吨", "斤"):
        more = digits_after(tokens, end)
        if more is not None and value % 1.0 == 0.0 and _unit_behind(tokens, more[1])[0] == "":
            return _One(factor * (value + more[0]), None, unit, more[1])
    if unit == "m" and value % 1.0 == 0.0 and tokens[end - 1].key.isascii():
        cents = number_at(tokens, end)  # "two metres eighty", "1 m 45"
        if (
            cents is not None
            and 10.0 <= cents[0] < 100.0
            and cents[0] % 1.0 == 0.0
            and not _unit_behind(tokens, cents[2])[0]
        ):
            return _One(factor * (value + cents[0] / 100.0), None, unit, cents[2])
    if is_han(tokens[end - 1].key) and end < len(tokens) and tokens[end].key == "半":
        return _One(factor * (value + 0.5), None, unit, end + 1)
    if [t.key for t in tokens[end : end + 3]] == ["and", "a", "half"] and value % 1.0 == 0.0:
        return _One(factor * (value + 0.5), None, unit, end + 3)
    return _One(factor * value, None if other is None else factor * other, unit, end)


def _half(tokens: Sequence[Token], i: int) -> _One | None:
    """ "half a metre", "a metre and a half", 半米."""
    keys = [t.key for t in tokens[i : i + 5]]
    if keys[:2] == ["a", "dozen"]:
        return _One(12.0, None, "", i + 2)
    if keys[:3] == ["half", "a", "dozen"]:
        return _One(6.0, None, "", i + 3)
    if (keys[:1] == ["half"] and keys[1:2] in (["a"], ["an"])) or keys[:1] == ["半"]:
        start = i + (2 if keys[0] == "half" else 1)
        found = unit_at(tokens, start)
        return None if found is None else _One(0.5, None, *found)
    for words, part in ((["a", "quarter"], 0.25), (["a", "third"], 1.0 / 3.0), (["three", "quarters"], 0.75)):
        if keys[:2] == words and keys[2:4] == ["of", "a"]:
            found = unit_at(tokens, i + 4)
            return None if found is None else _One(part, None, *found)
    if keys[:1] in (["a"], ["an"]) and keys[2:5] == ["and", "a", "half"]:
        found = unit_at(tokens, i + 1)
        return None if found is None else _One(1.5, None, found[0], i + 5)
    return None


def _unit_behind(tokens: Sequence[Token], j: int) -> tuple[str, int]:
    """The unit behind a number, hyphenated or in brackets; ("", j) where there is none."""
    k = j
    if k + 1 < len(tokens) and tokens[k].key == "-" and tokens[k + 1].kind == "word":
        k += 1
    close = _BRACKETS.get(tokens[k].key, "") if k < len(tokens) else ""
    found = unit_at(tokens, k + 1 if close else k)
    if found is None:
        return "", j
    unit, end = found
    if close:
        return (unit, end + 1) if end < len(tokens) and tokens[end].key == close else ("", j)
    return unit, end


def _inches_behind(tokens: Sequence[Token], feet: float, j: int) -> tuple[float, int] | None:
    """Inches in all, and the index behind them: 15' 3", 15'-3", "15 feet and 3 inches", "15 ft 3"."""
    joined = j < len(tokens) and tokens[j].key in ("-", "and", ",")
    found = number_at(tokens, j + 1 if joined else j)
    if found is None or found[0] >= 12.0 or tokens[j + joined].kind == "break":
        return None
    value, _, end = found
    unit, last = _unit_behind(tokens, end)
    if unit == "inch":
        return feet * 12.0 + value, last
    if unit or (joined and tokens[j].key != "-"):
        return None
    after = tokens[end] if end < len(tokens) else None
    if tokens[j - 1].key == "'" or after is None or after.kind == "break" or after.key in _BEHIND_INCHES:
        return feet * 12.0 + value, end
    return None


def _preposition(tokens: Sequence[Token], i: int, keys: tuple[str, ...]) -> bool:
    """True when "in" is the preposition, or an apostrophe begins a genitive."""
    following = tokens[i + len(keys)].key if i + len(keys) < len(tokens) else ""
    if keys == ("in",):
        return following in _BEHIND_IN
    return keys == ("'",) and following == "s"


def _glued(tokens: Sequence[Token], i: int) -> bool:
    return (
        i >= 0 and i + 1 < len(tokens) and tokens[i].end == tokens[i + 1].start and tokens[i].kind != "break"
        and not is_han(tokens[i].key)
    )  # fmt: skip
