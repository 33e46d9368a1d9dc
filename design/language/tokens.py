"""A text as tokens, in any language: words, numbers, signs, breaks; a Chinese character is a token."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from .blocks import phrases
from .words_zh import SIMPLIFIED

CJK = "㐀-鿿぀-ヿ々〇"
_NUMBER = (
    r"[1-9]\d{0,2}(?:\.\d{3})+,\d+"  # 4.650,5
    r"|[1-9]\d{0,2}(?:\.\d{3}){2,}(?!\d)"  # 1.234.567
    r"|[1-9]\d{0,2}(?:,\d{3})+(?!\d|,\d)(?:\.\d+)?"  # 1,850  12,345.6
    r"|[1-9]\d{0,2}(?:[’']\d{3})+(?![\d])(?:[.,]\d+)?"  # 4'650
    r"|[1-9]\d{0,2}(?: \d{3})+(?![\d])(?:[.,]\d+)?"  # 1 850
    r"|\d+,\d+(?!\d|,\d)"  # 4,7
    r"|\d+\.\d+|\.\d+|\d+"
)
_TOKEN = re.compile(
    rf"(?P<special>4x4|m\^[23]|[cm]m\^[23]|km/h|m/s|n/mm2|no\.(?=\s*(?:of\b|\d)))(?!\w)"
    rf"|(?P<number>(?:{_NUMBER})(?:e[+-]?\d{{1,3}}(?!\w))?)"
    rf"|(?P<han>[{CJK}])"
    rf"|(?P<word>[^\W\d_{CJK}][^\W_{CJK}]*(?:['’][^\W\d_{CJK}]+)?)"
    r"|(?P<dots>\.{2,}|…+)"
    r"|(?P<break>[,;.!?\n、。]|--)"
    r"|(?P<symbol>->|<=|>=|=<|=>|==|\+/-|\+-|-/\+|''|\S)",
    re.IGNORECASE,
)
_SPOKEN = {
    "≤": "<=", "⩽": "<=", "≦": "<=", "=<": "<=", "≥": ">=", "⩾": ">=", "≧": ">=", "=>": ">=",
    "±": "+/-", "+-": "+/-", "-/+": "+/-", "∓": "+/-",
    "''": '"', "”": '"', "“": '"', "’": "'", "‘": "'", "、": ",", "。": ".", "〜": "~", "->": "→",
    "&": "and",
}  # fmt: skip
_FOLDED = str.maketrans({"’": "'", "é": "e", "è": "e"})
_FRACTIONS = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8",
    "⅞": "7/8",
}  # fmt: skip
#: 比4.5米短 says 短于4.5米
_MORE_ZH = {
    way: f"{'低' if way == '矮' else '大' if way == '多' else '小' if way == '少' else way}于"
    for way in "长短高矮低宽窄重轻大小多少"
}
_THAN_ZH = re.compile(
    r"比(?:(?:[老旧现]款|上一代|前代|原来|现在|目前)的?)?\s*"
    rf"(?P<amount>[\d.,，]*[\d一二三四五六七八九十百千零点两半]+\s*[^\W\d_]{{1,3}}[\d一二三四五六七八九半]{{0,2}})"
    rf"\s*[要还更]?(?P<way>[{''.join(_MORE_ZH)}])(?!\s*[\d一二三四五六七八九十百两半度])"
)
#: "440 (W) x 420 (D) mm" says "440 mm wide, 420 mm deep"
_LETTERED = re.compile(r"(?:\d[\d.,]*\s*\([LWHD]\)\s*[x×*]?\s*){2,3}(?P<unit>mm|cm|m|in)?\b", re.IGNORECASE)
_LETTERS = {"l": "long", "w": "wide", "h": "high", "d": "deep"}
#: a dash between words, which parts them as a comma does
_DASH = re.compile(r"(?<=[^\W\d_])[ \t]+[-‐-―][ \t]+(?=[^\W\d_])")
#: a full stop behind these ends nothing; behind the second kind only where no new sentence begins
_SHORT = frozenset(
    phrases("""
        max, min, approx, appr, ca, circa, est, incl, excl, resp, vs, tol, nom, dia, avg, abs, dim,
        spec, e.g, i.e, eg, ie, c, fr, rr, gnd, clr, wt, wght
    """)
)
_SHORT_UNITS = frozenset(["ft", "in", "lb", "lbs", "cu", "sq", "mm", "cm", "deg"])
_UNITS = _SHORT_UNITS | {"m", "kg", "g", "l", "t", "degrees", "mpa", "litres"}


@dataclass(frozen=True)
class Token:
    """A piece of the text: `key` is what is looked up (lower case, simplified), `text` what was written.

    `kind`: ``word``, ``number``, ``break`` or ``symbol``.
    """

    text: str
    key: str
    kind: str
    start: int
    end: int


def cleaned(text: str) -> str:
    """Compatibility-normalised text (m² is m2, full-width digits are digits), controls as blanks."""
    text = text.replace("″", '"').replace("′", "'").replace("\r\n", "\n")
    text = re.sub(r"(?<=\S)[ \t]*\t[ \t]*", lambda m: " | " * m.group().count("\t"), text)
    text = re.sub(r"(?<![\w.])(\d[\d.,]*)\+(?=\s|$|[^\d\W])", r"at least \1", text)  # 400+ litres
    text = re.sub(r"(?<![超])不过(?=\s*\d)", "不超过", text)  # 高不过25毫米
    text = re.sub(r"\b(more|less|\w{2,}er) then\b(?=\s*[\d.])", r"\1 than", text, flags=re.IGNORECASE)
    text = _THAN_ZH.sub(lambda m: _MORE_ZH[m["way"]] + m["amount"], text)
    text = _LETTERED.sub(_words_of_letters, text)
    text = re.sub(r"[Øø⌀Φφ]\s*(?=\d)", " diameter ", text)
    text = re.sub("[①-⑳]", "\u2022 ", text)
    text = re.sub("|".join(_FRACTIONS), lambda m: " " + _FRACTIONS[m.group()], text)
    text = unicodedata.normalize("NFKC", text)
    text = _DASH.sub(" -- ", text)
    text = re.sub("[‐-―−]", "-", text).replace("⁄", "/")
    return "".join(c if c == "\n" or unicodedata.category(c)[0] != "C" else " " for c in text)


def _words_of_letters(found: re.Match[str]) -> str:
    pairs = re.findall(r"(\d[\d.,]*)\s*\(([LWHD])\)", found.group(), re.IGNORECASE)
    return ", ".join(f"{number} {found['unit'] or ''} {_LETTERS[way.lower()]}" for number, way in pairs)


def tokenise(text: str) -> list[Token]:
    """Tokens of cleaned text; every character that is not blank belongs to exactly one."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "symbol"
        raw = match.group()
        key = _SPOKEN.get(raw, raw.lower().translate(_FOLDED).translate(SIMPLIFIED))
        if kind in ("special", "han"):
            kind, key = "word", "number" if key.startswith("no.") else key
        elif kind == "dots":
            kind, key = "symbol", "..."
        elif key == "." and found and _abbreviated(found, text, match):
            kind = "symbol"
        elif kind == "symbol" and key == '"' and raw in ("“", "”") and not _after_number(found):
            kind = "break"
        found.append(Token(raw, key, kind, match.start(), match.end()))
    return found


def keys_of(phrase: str) -> tuple[str, ...]:
    """A table's phrase as the keys of its tokens, hyphens left out."""
    return tuple(t.key for t in tokenise(cleaned(phrase)) if t.key != "-")


_ENDINGS = (
    ("'s", ""), ("s", ""), ("es", ""), ("ies", "y"), ("er", ""), ("er", "e"), ("est", ""), ("est", "e"),
    ("ier", "y"), ("iest", "y"), ("ish", ""), ("ly", ""),
)  # fmt: skip


def stems(word: str) -> list[str]:
    """What an English word may be a plural, comparative or adverb of."""
    found: list[str] = []
    for ending, put in _ENDINGS:
        if len(word) > len(ending) + 1 and word.isascii() and word.endswith(ending):
            stem = word[: -len(ending)] + put
            found.append(stem)
            if len(stem) > 2 and stem[-1] == stem[-2] and ending in ("er", "est", "ish"):
                found.append(stem[:-1])
    return [stem for stem in found if len(stem) > 2]


def is_han(key: str) -> bool:
    """Whether a key is a character of a language without blanks."""
    return bool(re.fullmatch(f"[{CJK}]", key))


def _abbreviated(found: Sequence[Token], text: str, match: re.Match[str]) -> bool:
    """Whether a full stop belongs to the abbreviation before it."""
    before = found[-1]
    if before.end != match.start() or before.kind != "word":
        return False
    following = text[match.end() :].lstrip(" ")
    if before.key in _SHORT:  # "150 mm min. Overhangs: ..." ends a sentence
        measured = len(found) > 1 and (found[-2].kind == "number" or found[-2].key in _UNITS)
        return not (measured and following[:1].isupper() and following[1:2].islower())
    return before.key in _SHORT_UNITS and (
        following[:1].islower() or following[:1].isdigit() or following[:1] in (")", ":", ",", "(")
    )


def _after_number(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and tokens[-1].kind == "number"
