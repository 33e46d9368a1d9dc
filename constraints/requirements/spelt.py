"""Signs of the trade in words, before a text is read: codes, letters of measures, counted things."""

from __future__ import annotations

import re

from ...design.family.contract import Family
from ...design.family.lexicon import QuantityWords
from ...design.language.blocks import phrases
from .vocabulary import synonyms_of


def spelt_out(text: str, family: Family) -> str:
    """The text with the trade's codes and counted things in words and digits: "235/45 R18", "three slats"."""
    words = family.lexicon.quantities
    for pattern, said in words.codes:
        text = re.sub(pattern, said, text, flags=re.IGNORECASE)
    text = _SENDER.sub("", _lettered(_RANKED.sub(", ", _LEGEND.sub(_with_legend, text)), words))
    nouns = [n for q in phrases(words.counted) for n in synonyms_of(family.lexicon, q)]
    english = "|".join(re.escape(n) for n in nouns if n.isascii())
    chinese = "|".join(re.escape(n) for n in nouns if not n.isascii())
    if english:
        text = re.sub(
            rf"\b({'|'.join(_COUNTS_EN)})\b(?=\s+(?:[a-z]+\s+)?(?:{english})s?\b)",
            lambda m: str(_COUNTS_EN.index(m[1].lower()) + 2), text, flags=re.IGNORECASE,
        )  # fmt: skip
    if chinese:
        text = re.sub(
            rf"([{_COUNTS_ZH}])(?:[根条个件支道]|)(?=(?:{chinese}))",
            lambda m: f" {(_COUNTS_ZH.index(m[1]) + 2) if m[1] != '两' else 2} ", text,
        )  # fmt: skip
    return text


def _lettered(text: str, words: QuantityWords) -> str:
    """The letters of "L 4450 / W 1810 / H 1480" as measures, each a clause of its own."""
    names = {
        letter: words.axes[axis][0].replace("_", " ")
        for letter, axis in (("l", "long"), ("w", "wide"), ("h", "tall"), ("d", "deep"))
        if words.axes.get(axis, ("",))[0].startswith("overall_")
    }
    text = _PARTING.sub(", ", text)
    found = {m["letter"].lower() for m in _LETTER.finditer(text)}
    if len(found & names.keys()) < 2:
        return text
    return _LETTER.sub(lambda m: f"{names.get(m['letter'].lower(), m['letter'])} ", text)


def _with_legend(found: re.Match[str]) -> str:
    """ "440 x 420 mm (w x d)" as "width 440 mm, depth 420 mm"."""
    numbers = re.findall(r"[\d.,]*\d", found["numbers"])
    letters = re.findall(r"[LWHD长宽高深]", found["letters"], re.IGNORECASE)
    if len(numbers) != len(letters):
        return found[0]
    return ", ".join(
        f"{_MEANT[a.lower()]} {n} {found['unit'] or ''}" for a, n in zip(letters, numbers, strict=True)
    )


_MEANT = {
    "l": "length",
    "w": "width",
    "h": "height",
    "d": "depth",
    "长": "长度",
    "宽": "宽度",
    "高": "高度",
    "深": "深度",
}
_NUMBER = r"\d[\d.,]*"
#: numbers parted by x with their letters in brackets behind them
_LEGEND = re.compile(
    rf"(?P<numbers>{_NUMBER}(?:\s*[x×*/]\s*{_NUMBER}){{1,2}})\s*(?P<unit>mm|cm|m|in|毫米|厘米|米|英寸)?"
    r"\s*\((?P<letters>[LWHD长宽高深](?:\s*[x×*/]\s*[LWHD长宽高深]){1,2})\)", re.IGNORECASE,
)  # fmt: skip
#: "0.24 (stretch) / 0.26 (hard limit)"
_RANKED = re.compile(r"(?<=\))\s*/\s*(?=\d)")
#: a measure's letter before its number
_LETTER = re.compile(r"(?<![\w'-])(?P<letter>[LWHD])(?:\s*[:=]\s*|\s+)(?=\d)", re.I)
#: what parts "W 520 x D 560" and 长4450/宽1810
_PARTING = re.compile(
    r"(?<=[\dm米])\s*[/x×*]\s*(?=[LWHD]\s*[:=]?\s*\d|[A-Z]{2,3}\s*[:=]?\s*\d|[\u4e00-\u9fff]{1,4}\s*\d)"
)
_SENDER = re.compile(r"(?im)^\s*from:\s*")
_COUNTS_EN = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTS_ZH = "二三四五六七八九两"
