"""Numbers as people write them: digits with any separators, fractions, words of English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .blocks import phrases
from .tokens import Token, is_han

MAX_DIGITS = 30
_DENOMINATORS = frozenset({2.0, 3.0, 4.0, 8.0, 16.0, 32.0, 64.0})
_UNITS_EN = {
    w: float(k)
    for k, w in enumerate(
        phrases("""
            zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve,
            thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen
        """)
    )
}
_TENS_EN = {
    w: 10.0 * k
    for k, w in enumerate(phrases("twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety"), 2)
}
_DIGITS_ZH = {
    c: float(k) for row in ("零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖") for k, c in enumerate(row)
} | {"〇": 0.0, "两": 2.0}
_SCALES_ZH = {"十": 10.0, "百": 100.0, "千": 1000.0, "拾": 10.0, "佰": 100.0, "仟": 1000.0}

#: what counts a few things, in words: two to twelve, and 二 to 九
COUNTS_EN = {w: int(v) for w, v in _UNITS_EN.items() if 2.0 <= v <= 12.0}
COUNTS_ZH = {c: int(_DIGITS_ZH[c]) for c in "二三四五六七八九两"}

#: value, another reading of the same digits (None: there is none), index behind it
Found = tuple[float, float | None, int]


def digits(text: str) -> tuple[float, float | None]:
    """Value of a number in digits, and what it is read the other way: ``4.650`` is 4.65 or 4650.

    A point before three digits is a decimal point first, a comma parts thousands first; a number that
    begins with 0 has one reading.
    """
    mantissa, _, exponent = text.lower().replace("’", "'").partition("e")
    power = float("1e" + exponent) if exponent else 1.0
    if re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+,\d+", mantissa):
        return float(mantissa.replace(".", "").replace(",", ".")) * power, None
    if re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3}){2,}", mantissa):
        return float(mantissa.replace(".", "")) * power, None
    if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", mantissa):
        return float(mantissa) * power, float(mantissa.replace(".", "")) * power
    if re.fullmatch(r"[1-9]\d{0,2},\d{3}", mantissa):
        return float(mantissa.replace(",", "")) * power, float(mantissa.replace(",", ".")) * power
    if re.fullmatch(r"[1-9]\d{0,2}(?:[,' ]\d{3})+(?:[.,]\d+)?", mantissa):
        whole, point, rest = mantissa, "", ""
        tail = re.search(r"[.,](\d{1,2}|\d{4,})$", mantissa)
        if tail:
            whole, point, rest = mantissa[: tail.start()], ".", tail.group(1)
        elif "." in mantissa:
            whole, point, rest = mantissa.partition(".")
        return float(re.sub("[,' ]", "", whole) + point + rest) * power, None
    return float(mantissa.replace(",", ".")) * power, None


def number_at(tokens: Sequence[Token], i: int) -> Found | None:
    """The number that begins at token `i`, without a sign."""
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.kind == "number":
        if len(token.text) > MAX_DIGITS:
            return None
        return _with_fraction(tokens, i)
    if token.kind != "word":
        return None
    return _chinese(tokens, i) if is_han(token.key) else _english(tokens, i)


def _with_fraction(tokens: Sequence[Token], i: int) -> Found:
    """Digits, and what follows them: ``5 1/2``, ``5-1/2``, ``3/4``, "4 and a half"."""
    value, other = digits(tokens[i].text)
    own = _fraction(tokens, i)
    if own is not None:
        return own, None, i + 3
    if value < 1e9 and value == int(value):
        j = i + 2 if _key(tokens, i + 1) == "-" else i + 1
        more = _fraction(tokens, j)
        if more is not None and more < 1.0:
            return value + more, None, j + 3
        if [_key(tokens, i + k) for k in (1, 2, 3)] == ["and", "a", "half"]:
            return value + 0.5, None, i + 4
    return value, other, i + 1


def _fraction(tokens: Sequence[Token], i: int) -> float | None:
    if i + 2 >= len(tokens) or tokens[i].kind != "number" or tokens[i + 1].key != "/":
        return None
    if tokens[i + 2].kind != "number" or tokens[i].end != tokens[i + 1].start:
        return None
    upper, lower = digits(tokens[i].text)[0], digits(tokens[i + 2].text)[0]
    return upper / lower if lower in _DENOMINATORS and upper < lower and upper == int(upper) else None


def _english(tokens: Sequence[Token], i: int) -> Found | None:  # noqa: PLR0912 - one branch a kind of word
    """ "four point seven", "one hundred and fifty", "two and a half"."""
    total, current, j, seen = 0.0, 0.0, i, False
    while j < len(tokens):
        key = tokens[j].key
        if key in _UNITS_EN or key in _TENS_EN:
            if _hundreds(current, key) and not total:
                current *= 100.0  # "one forty", "twenty-eight fifty"
            current += _UNITS_EN.get(key, _TENS_EN.get(key, 0.0))
        elif key == "hundred" and seen:
            current = max(current, 1.0) * 100.0
        elif key == "thousand" and seen:
            total, current = total + max(current, 1.0) * 1000.0, 0.0
        elif key == "-" and seen and _key(tokens, j + 1) in _UNITS_EN:
            j += 1
            continue
        elif key == "and" and seen and _key(tokens, j - 1) in ("hundred", "thousand"):
            if _key(tokens, j + 1) not in _UNITS_EN and _key(tokens, j + 1) not in _TENS_EN:
                break
        else:
            break
        seen = True
        j += 1
    if not seen:
        return None
    value = total + current
    if _key(tokens, j) == "dozen":
        return value * 12.0, None, j + 1
    if _key(tokens, j) == "point":
        shown = ""
        while _key(tokens, j + 1) in _UNITS_EN:
            shown += f"{_UNITS_EN[_key(tokens, j + 1)]:g}"
            j += 1
        if shown:
            return value + float("0." + shown), None, j + 1
    if [_key(tokens, j + k) for k in (0, 1, 2)] == ["and", "a", "half"]:
        return value + 0.5, None, j + 3
    return value, None, j


def _hundreds(before: float, key: str) -> bool:
    """Whether a number of one or two digits counts hundreds, as one of two digits follows it."""
    return 1.0 <= before < 100.0 and _UNITS_EN.get(key, _TENS_EN.get(key, 0.0)) >= 10.0


def _chinese(tokens: Sequence[Token], i: int) -> Found | None:  # noqa: PLR0912 - one branch a kind of digit
    """四点七, 一百五十, 两千八, 一万二."""
    total, current, j, scale = 0.0, 0.0, i, 1.0
    plain = ""
    while j < len(tokens):
        key = tokens[j].key
        if key in _DIGITS_ZH:
            current = _DIGITS_ZH[key]
            plain += f"{current:g}"
        elif key in _SCALES_ZH:
            if key == "千" and _key(tokens, j + 1) in ("克", "米", "瓦", "牛"):
                break
            scale = _SCALES_ZH[key]
            total += (current if plain or j > i else 1.0) * scale if current or j > i else scale
            current, plain = 0.0, ""
        elif key == "万" and j > i:
            total, current, scale, plain = (total + current) * 10000.0, 0.0, 10000.0, ""
        else:
            break
        j += 1
    if j == i:
        return None
    if len(plain) > 1:
        current = float(plain)  # 一八五零: digit by digit
    elif plain and scale > 10.0 and _key(tokens, j - 2) in ("百", "千", "万"):
        current *= scale / 10.0  # 两千八 is 2800
    value = total + current
    if _key(tokens, j) == "打":
        return value * 12.0, None, j + 1
    if [_key(tokens, j), _key(tokens, j + 1)] == ["分", "之"]:  # 四分之一
        upper = _chinese(tokens, j + 2)
        return (upper[0] / value, None, upper[2]) if upper is not None and upper[0] < value else None
    if _key(tokens, j) == "点" and _key(tokens, j + 1) in _DIGITS_ZH:
        shown = ""
        while _key(tokens, j + 1) in _DIGITS_ZH:
            shown += f"{_DIGITS_ZH[_key(tokens, j + 1)]:g}"
            j += 1
        return value + float("0." + shown), None, j + 1
    return value, None, j


def is_number_word(word: str) -> bool:
    """Whether an English word is (part of) a number."""
    return word in _UNITS_EN or word in _TENS_EN or word in ("hundred", "thousand", "half")


def digits_after(tokens: Sequence[Token], i: int) -> tuple[float, int] | None:
    """The fraction behind a Chinese unit: 1米45 and 四米七 are 1.45 and 4.7, 两米半 2.5."""
    if _key(tokens, i) == "半":
        return 0.5, i + 1
    shown, j = "", i
    if j < len(tokens) and tokens[j].kind == "number" and tokens[j].text.isdigit():
        if tokens[j].start != tokens[j - 1].end:
            return None
        shown, j = tokens[j].text, j + 1
    else:
        while _key(tokens, j) in _DIGITS_ZH:
            shown += f"{_DIGITS_ZH[_key(tokens, j)]:g}"
            j += 1
    return (float("0." + shown), j) if 0 < len(shown) <= 3 else None


def _key(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].key if 0 <= i < len(tokens) else ""
