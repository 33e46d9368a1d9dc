"""Signs of the trade in words, before a text is read: codes, letters of measures, counted things."""

from __future__ import annotations

import re
from functools import cache

from ...design.family.contract import Family
from ...design.family.lexicon import QuantityWords
from ...design.language.blocks import phrases
from ...design.language.numerals import COUNTS_EN, COUNTS_ZH
from .vocabulary import synonyms_of


def spelt_out(text: str, family: Family) -> str:
    """The text with the trade's codes and counted things in words and digits: "235/45 R18", "three slats"."""
    words = family.lexicon.quantities
    for pattern, said in words.codes:
        text = re.sub(pattern, said, text, flags=re.IGNORECASE)
    text = _SENDER.sub("", _lettered(_RANKED.sub(", ", _LEGEND.sub(_with_legend, text)), words))
    english, chinese = _counted(family)
    if english is not None:
        text = english.sub(lambda m: str(COUNTS_EN[m[1].lower()]), text)
    if chinese is not None:
        text = chinese.sub(lambda m: f" {COUNTS_ZH.get(m[1], m[1])} ", text)
    return text


@cache
def _counted(family: Family) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """A count in words before a thing that is counted, in English and in Chinese; None where nothing is."""
    counted = phrases(family.lexicon.quantities.counted)
    nouns = [n for q in counted for n in synonyms_of(family.lexicon, q)]
    english = "|".join(re.escape(n) for n in nouns if n.isascii())
    chinese = "|".join(re.escape(n) for n in nouns if not n.isascii())
    few, few_zh = "|".join(COUNTS_EN), "".join(COUNTS_ZH)
    return (
        re.compile(rf"\b({few})\b(?=\s+(?:[a-z]+\s+)?(?:{english})s?\b)", re.IGNORECASE) if english else None,
        re.compile(rf"(\d+|[{few_zh}])\s*(?:[根条个件支道]|)(?=(?:{chinese}))") if chinese else None,
    )


def _lettered(text: str, words: QuantityWords) -> str:
    """The letters of "L 4450 / W 1810 / H 1480" as measures, each a clause of its own."""
    names = {
        letter: words.axes[axis][0].removeprefix("overall_")  # of the part in a heading, else of the whole
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
_LETTER = re.compile(r"(?<![\w'-])(?P<letter>[LWHD])(?:\s*[:=]\s*|\s+|\s*(?=[<>≤≥]))(?=[<>≤≥=\s]*\d)", re.I)
#: what parts "W 520 x D 560" and 长4450/宽1810
_PARTING = re.compile(
    r"(?<=[\dm米])\s*[/x×*]\s*(?=[LWHD]\s*[:=]?\s*\d|[A-Z]{2,3}\s*[:=]?\s*\d|[\u4e00-\u9fff]{1,4}\s*\d)"
)
_SENDER = re.compile(r"(?im)^\s*from:\s*")
