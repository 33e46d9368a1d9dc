"""Engine sentences in Chinese: a phrasebook of templates, matched whole.

    in_chinese("wheelbase is 2850 mm, asked at least 2800 mm: holds with 50 mm to spare")

A template is English with fields, ``{q:name} is {v:v}``; a field's kind says what may stand there and how it
reads in Chinese. A sentence without a template stays English as a whole; what people wrote, numbers, file
names and identifiers are never touched. The tables are in ``sentences_zh_design``, ``_work`` and ``_docs``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from .sentences_zh_design import DESIGN
from .sentences_zh_docs import DOCS
from .sentences_zh_terms import FRAGMENTS, TERMS
from .sentences_zh_work import WORK
from .words_names import name_zh

LONGEST = 4_000  # characters; longer texts are documents, not sentences
DEEPEST = 6  # sentences inside sentences: "back to decision 3: back to decision 1: ..."
_FIELD = re.compile(r"\{(\w+)(?::(\w+))?\}")
_SPLIT = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_MARKS = re.compile(r"(?<!\w)'|'(?!\w)|\"")
_NUMBER = r"[-−+]?(?:\d+(?:[.,]\d+)*(?:e[-+]?\d+)?|nan|inf)"
_UNIT = r"(?: (?:mm|m|deg|m2|m3|l|kg|%|s|MB|million))?"
_UNITS = {"deg": "°", "m2": "m²", "m3": "m³", "million": "百万"}
_DURATION = re.compile(r"(\d+) h (\d\d) min|(\d+) min (\d\d) s|(\d+(?:\.\d)?) s")
_VERBS = {"raise": "增大", "lower": "减小", "reduce": "减小"}


class _UnknownError(Exception):
    """A part of a sentence has no Chinese: the whole sentence stays English."""


@dataclass(frozen=True)
class _Template:
    pattern: re.Pattern[str]
    needs: str  # the longest literal part: a cheap look before the pattern is tried
    kinds: Mapping[str, str]
    chinese: str
    sentence: bool


def in_chinese(text: str) -> str:
    """`text` in Chinese, sentence by sentence; what has no entry stays as it is."""
    if not text or len(text) > LONGEST:
        return text
    return _shown(text)


@lru_cache(maxsize=4096)
def _shown(text: str) -> str:
    try:
        return _said(text.strip(), 0)
    except _UnknownError:
        pass
    pieces = _pieces(text.strip())
    done: list[tuple[str, bool]] = []
    k = 0
    while k < len(pieces):
        for last in range(len(pieces), k, -1):  # a quotation may hold a full stop: the longest match counts
            piece = " ".join(pieces[k:last])
            try:
                done.append((_said(piece, 0), True))
                break
            except _UnknownError:
                continue
        else:
            last = k + 1
            done.append((pieces[k], False))
        k = last
    if not any(found for _, found in done):
        return text
    joined = done[0][0]
    for (_, before), (piece, after) in pairwise(done):
        joined += ("" if before and after else " ") + piece
    return joined


def _pieces(text: str) -> list[str]:
    """The sentences of a text; what stands between quotation marks is never cut."""
    found: list[str] = []
    for part in _SPLIT.split(text):
        if found and (len(_MARKS.findall(found[-1])) % 2 or found[-1].count("“") != found[-1].count("”")):
            found[-1] += " " + part
        else:
            found.append(part)
    return found


def _said(text: str, depth: int) -> str:
    """The whole of `text` by one template, or by several clauses between semicolons."""
    if depth > DEEPEST:
        raise _UnknownError
    ended = text.endswith(".") and not text.endswith("..")
    bare = text[:-1] if ended else text
    lower = bare[:1].lower() + bare[1:]
    for form in dict.fromkeys((bare, lower)):
        if form in TERMS:
            return TERMS[form] + ("。" if ended else "")
    if text in DOCS:
        return DOCS[text]
    for form in dict.fromkeys((bare, lower)):
        for template in _templates():
            if template.needs not in form:
                continue
            found = template.pattern.fullmatch(form)
            if found is None:
                continue
            try:
                filled = {n: _KINDS[k][1](found[n] or "", depth) for n, k in template.kinds.items()}
            except _UnknownError:
                continue
            made = template.chinese.format(**filled).removesuffix("。")
            return made + ("。" if template.sentence or ended else "")
    clauses = bare.split("; ")
    if len(clauses) > 1:
        parts = [_said(c, depth + 1) for c in clauses]
        whole = "；".join(p.removesuffix("。") for p in parts)
        return whole + ("。" if ended or any(p.endswith("。") for p in parts) else "")
    raise _UnknownError


@cache
def _templates() -> tuple[_Template, ...]:
    tables = ((DESIGN, True), (WORK, True), (FRAGMENTS, False))
    return tuple(_compiled(en, zh, whole) for table, whole in tables for en, zh in table)


def _compiled(english: str, chinese: str, sentence: bool) -> _Template:
    pattern, literals, kinds = "", [], {}
    end = 0
    for field in _FIELD.finditer(english):
        literal = english[end : field.start()]
        kind = field[2] or "raw"
        pattern += re.escape(literal) + f"(?P<{field[1]}>{_KINDS[kind][0]})"
        literals.append(literal)
        kinds[field[1]] = kind
        end = field.end()
    literals.append(english[end:])
    pattern += re.escape(english[end:])
    return _Template(re.compile(pattern, re.DOTALL), max(literals, key=len), kinds, chinese, sentence)


# -- kinds of fields -------------------------------------------------------------------------------------


def _raw(text: str, _depth: int) -> str:
    return text


def _value(text: str, _depth: int) -> str:
    number, _, unit = text.partition(" ")
    unit = _UNITS.get(unit, unit)
    return f"{number}{'' if unit == '°' else ' '}{unit}" if unit else number


def _span(text: str, depth: int) -> str:
    low, _, high = text.partition(" to ")
    return f"{_value(low, depth)} 至 {_value(high, depth)}"


def _name(text: str, _depth: int) -> str:
    """A quantity, parameter, family, body type or part."""
    bare = text.strip("'\"")
    for form in (bare, bare.replace(" ", "_")):
        if (name := name_zh(form)) is not None:
            return name
    raise _UnknownError


def _names(text: str, depth: int) -> str:
    parts = re.split(r",? and |,? or |, ", text)
    return "、".join(_name(p, depth) for p in parts)


def _limits(text: str, depth: int) -> str:
    for english, chinese in (("at most ", "至多 "), ("at least ", "至少 "), ("exactly ", "恰为 ")):
        if text.startswith(english):
            return chinese + _value(text.removeprefix(english), depth)
    low, between, high = text.removeprefix("between ").partition(" and ")
    if not between or not text.startswith("between "):
        raise _UnknownError
    return f"{_value(low, depth)} 至 {_value(high, depth)}"


def _asks(text: str, depth: int) -> str:
    """``drag coefficient at most 0.2; overall length between 4000 mm and 4100 mm``."""
    found = []
    for item in text.split("; "):
        at = re.search(r" (?=(?:at most|at least|exactly|between) )", item)
        if at is None:
            raise _UnknownError
        found.append(f"{_name(item[: at.start()], depth)}{_limits(item[at.end() :], depth)}")
    return "；".join(found)


def _relaxations(text: str, depth: int) -> str:
    """``drag coefficient to at most 0.291 (trial 212), or overall length to ...``."""
    found = []
    for item in text.split(", or "):
        whole = re.fullmatch(r"(.+) \(trial (\d+)\)", item)
        if whole is None:
            raise _UnknownError
        parts = []
        for part in whole[1].split(" and "):
            name, _, limits = part.partition(" to at ")
            parts.append(f"{_name(name, depth)}放宽到{_limits('at ' + limits, depth)}")
        found.append(f"{'并'.join(parts)}（试验 {whole[2]}）")
    return "，或".join(found)


def _mend(text: str, depth: int) -> str:
    """``raise a or b, or lower c``: what mends a broken rule."""
    found = []
    for part in re.split(r",? or (?=raise |lower |reduce )", text):
        verb, _, names = part.partition(" ")
        if verb not in _VERBS:
            raise _UnknownError
        found.append(_VERBS[verb] + "或".join(_name(n, depth) for n in re.split(r", | or ", names)))
    return "，或".join(found)


def _changes(text: str, depth: int) -> str:
    """``wheelbase down, roof peak up``: where the words move the starting point."""
    found = []
    for item in text.split(", "):
        name, _, way = item.rpartition(" ")
        found.append(f"{_name(name, depth)}{'增大' if way == 'up' else '减小'}")
    return "、".join(found)


def _quoted(text: str, _depth: int) -> str:
    """`` ('at most 4 m')``: the words of whoever asked, as they are."""
    return f"（{text[2:-1]}）" if text else ""


def _duration(text: str, _depth: int) -> str:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise _UnknownError
    hours, minutes, whole, rest, seconds = found.groups()
    if hours:
        return f"{hours} 小时 {minutes} 分"
    return f"{whole} 分 {rest} 秒" if whole else f"{seconds} 秒"


def _broken(text: str, depth: int) -> str:
    """``nose-keeps-a-face: radius ...; slant-behind-nose: ...``: every rule that is broken."""
    found = []
    for item in re.split(r"; (?=[a-z]+(?:-[a-z]+)+: )", text):
        _, _, reason = item.partition(": ")
        found.append(_said(reason, depth + 1).removesuffix("。"))
    return "；".join(found)


def _inner(text: str, depth: int) -> str:
    return _said(text, depth + 1).removesuffix("。")


def _tool(text: str, _depth: int) -> str:
    """What the system or a library said: known words in Chinese, else its own words as a quotation."""
    return TERMS.get(text, f"“{text}”")


def _term(text: str, _depth: int) -> str:
    if text not in TERMS:
        raise _UnknownError
    return TERMS[text]


_LIMIT = rf"(?:at most|at least|exactly|between) {_NUMBER}{_UNIT}(?: and {_NUMBER}{_UNIT})?"
_ONE = r"['\"]?[A-Za-z][\w.]*(?: [\w.]+){0,4}?['\"]?"
#: kind: what may stand there, and how it reads in Chinese
_KINDS: dict[str, tuple[str, Callable[[str, int], str]]] = {
    "raw": (r".+?", _raw),
    "id": (r"\S+", _raw),
    "n": (r"\d+", _raw),
    "v": (_NUMBER + _UNIT, _value),
    "span": (rf"{_NUMBER}{_UNIT} to {_NUMBER}{_UNIT}", _span),
    "name": (_ONE, _name),
    "names": (rf"{_ONE}(?:(?:,? and |,? or |, ){_ONE})*", _names),
    "limits": (_LIMIT, _limits),
    "asks": (rf"{_ONE} {_LIMIT}(?:; {_ONE} {_LIMIT})*", _asks),
    "relax": (r".+? \(trial \d+\)", _relaxations),
    "mend": (r"(?:raise|lower|reduce) .+?", _mend),
    "moves": (r".+? (?:up|down)", _changes),
    "src": (r"(?: \(['\"].+?['\"]\))?", _quoted),
    "time": (_DURATION.pattern.replace("(\\d", "(?:\\d"), _duration),
    "rules": (r"[a-z-]+: .+", _broken),
    "said": (r".+", _inner),
    "term": (r".+?", _term),
    "tool": (r".+?", _tool),
}  # fmt: skip
