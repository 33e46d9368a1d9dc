"""A sentence as tokens, and the amounts (numbers with units, ranges) among them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from .units import UNIT_WORDS, kind_of, ratio

_NUMBER = (
    r"[1-9]\d{0,2}(?:[,’']\d{3})+(?![\d,])(?:\.\d+)?"  # 1,850  12,345.6
    r"|[1-9]\d{0,2}(?: \d{3})+(?!\d)(?:\.\d+)?"  # 1 850
    r"|\d+,\d+(?![\d,])"  # 4,7
    r"|\d+\.\d+|\.\d+|\d+"
)
_TOKEN = re.compile(
    rf"(?P<special>4x4|m\^[23]|[cm]m\^[23]|km/h|m/s)(?!\w)"
    rf"|(?P<number>(?:{_NUMBER})(?:e[+-]?\d{{1,3}}(?!\w))?)"
    r"|(?P<word>[^\W\d_][\w]*(?:['’][^\W\d_]+)?)"
    r"|(?P<break>[,;.!?\n]|--)"
    r"|(?P<symbol><=|>=|=<|=>|==|\+/-|''|\S)",
    re.IGNORECASE,
)
_SPOKEN = {"≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "±": "+/-", "''": '"', "”": '"', "“": '"', "’": "'"}
RANGE_WORDS = frozenset({"to", "-", "until", "till", "through"})
MAX_DIGITS = 30


@dataclass(frozen=True)
class Token:
    """A piece of the sentence: `key` is what is looked up (lower case), `text` what was written."""

    text: str
    key: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Amount:
    """A number, or a range when `high` is set, with its unit as a pint expression ("" when none is written).

    `first` and `last` are token indices, inclusive and exclusive; `spread` is what stood after "+/-".
    """

    low: float
    high: float | None
    unit: str
    first: int
    last: int
    spread: float | None = None
    spread_unit: str = ""


def cleaned(text: str) -> str:
    """Compatibility-normalised text (m² is m2, full-width digits are digits), controls as blanks."""
    text = unicodedata.normalize("NFKC", text.replace("″", '"').replace("′", "'"))
    text = re.sub("[\u2010-\u2015\u2212]", "-", text).replace("⁄", "/")
    return "".join(c if c == "\n" or unicodedata.category(c)[0] != "C" else " " for c in text)


def tokenise(text: str) -> list[Token]:
    """Tokens of cleaned text; every character that is not blank belongs to exactly one."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "symbol"
        raw = match.group()
        key = _SPOKEN.get(raw, raw.lower().replace("’", "'"))
        if kind == "special":
            kind = "word"
        if kind == "symbol" and key == '"' and raw in ("“", "”") and not _after_number(found):
            kind = "break"
        found.append(Token(raw, key, kind, match.start(), match.end()))
    return found


def amount_at(tokens: Sequence[Token], i: int, between: bool) -> Amount | None:
    """The amount that begins at token `i`, or None. `between`: "and" may join the two ends of a range."""
    one = _single(tokens, i)
    if one is None:
        return None
    value, unit, j = one
    feet = _feet_and_inches(tokens, value, unit, j)
    if feet is not None:
        return feet if feet.first == i else Amount(feet.low, None, feet.unit, i, feet.last)
    if j < len(tokens) and (tokens[j].key in RANGE_WORDS or (between and tokens[j].key == "and")):
        other = _single(tokens, j + 1)
        if other is not None and (other[0] >= value or between or other[1] != unit):
            high, high_unit, end = other
            if unit in ("", high_unit):
                low, high = sorted((value, high))
                return Amount(low, high, high_unit, i, end)
            if high_unit:
                return _mixed(value, unit, high, high_unit, i, end)
    if j < len(tokens) and tokens[j].key == "+/-":
        other = _single(tokens, j + 1)
        if other is not None:
            return Amount(value, None, unit or other[1], i, other[2], other[0], other[1] or unit)
    return Amount(value, None, unit, i, j)


def _single(tokens: Sequence[Token], i: int) -> tuple[float, str, int] | None:
    """Value, unit and the index behind them."""
    sign = 1.0
    if i < len(tokens) and tokens[i].key in ("-", "+") and _glued(tokens, i) and not _glued(tokens, i - 1):
        sign = -1.0 if tokens[i].key == "-" else 1.0
        i += 1
    if i >= len(tokens) or tokens[i].kind != "number" or len(tokens[i].text) > MAX_DIGITS:
        return None
    value = sign * number(tokens[i].text)
    j = i + 1
    k = j + 1 if j + 1 < len(tokens) and tokens[j].key == "-" and tokens[j + 1].kind == "word" else j
    for length in (2, 1):
        words = " ".join(t.key for t in tokens[k : k + length])
        if len(tokens) >= k + length and words in UNIT_WORDS and not _preposition(tokens, k, words):
            end = k + length
            if length == 1 and end < len(tokens) and tokens[end].text in ("2", "3") and words in ("m", "ft"):
                continue
            return value, UNIT_WORDS[words], end
    return value, "", j


def number(text: str) -> float:
    """Value of a number as written: ``1,850``, ``1 850``, ``4,7``, ``.26``, ``1e3``."""
    plain = text.lower().replace("’", "'")
    mantissa, _, exponent = plain.partition("e")
    if re.fullmatch(r"[1-9]\d{0,2}(?:[,' ]\d{3})+(?:\.\d+)?", mantissa):
        mantissa = re.sub("[,' ]", "", mantissa)
    else:
        mantissa = mantissa.replace(",", ".").replace(" ", "")
    return float(mantissa + ("e" + exponent if exponent else ""))


def _preposition(tokens: Sequence[Token], i: int, words: str) -> bool:
    """True when "in" is the preposition ("450 in the boot"), or "s", "n", "a" are stray letters."""
    if words == "in":
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        return following is not None and following.key in (
            "the",
            "a",
            "an",
            "all",
            "total",
            "length",
            "width",
            "height",
            "front",
            "rear",
            "both",
            "each",
            "every",
        )
    return words in ("'",) and i + 1 < len(tokens) and tokens[i + 1].key == "s"


def _feet_and_inches(tokens: Sequence[Token], value: float, unit: str, j: int) -> Amount | None:
    if unit != "foot":
        return None
    other = _single(tokens, j)
    if other is None or other[1] not in ("inch", ""):
        return None
    if other[1] == "" and tokens[j - 1].key != "'":
        return None
    return Amount(value * 12.0 + other[0], None, "inch", j, other[2])


def _mixed(low: float, low_unit: str, high: float, high_unit: str, first: int, last: int) -> Amount | None:
    if kind_of(low_unit) != kind_of(high_unit):
        return None
    ends = sorted((low * ratio(low_unit, high_unit), high))
    return Amount(ends[0], ends[1], high_unit, first, last)


def _glued(tokens: Sequence[Token], i: int) -> bool:
    return (
        i >= 0 and i + 1 < len(tokens) and tokens[i].end == tokens[i + 1].start and tokens[i].kind != "break"
    )


def _after_number(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and tokens[-1].kind == "number"
