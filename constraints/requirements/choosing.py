"""Named choices in a text: which options its words ask for, and the text without those words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.messages import named, say

#: a "not" before the phrase: it is not understood then, for "no glass roof" names no option
_NEGATED = re.compile(
    r"(?:(?<![a-z])(?:no|not|without|never)[\s-]+(?:(?:a|an|the|any)\s+)?|不要|没有|不带|不是|无|别)$", re.I
)
#: a size before the phrase ("big five-spoke wheels"): the noun is left to it
_SIZED = re.compile(
    r"(?:(?<![a-z])(?:big|bigger|large|larger|huge|small|smaller|tiny)[\s,-]+|(?:[大小](?:尺寸|直径|号)?)的?)$",
    re.I,
)


@dataclass(frozen=True)
class Asked:
    """A stretch of a text and what it asks for.

    Attributes:
        start, end: of the stretch. phrase: it, as written.
        options: places of the options by choice.
        within: another phrase goes on around it ("big five-spoke wheels").
    """

    start: int
    end: int
    phrase: str
    options: Mapping[str, float]
    within: bool = False

    def meaning(self, family: Family) -> str:
        """``grille: closed``."""
        known = {c.name: c for c in family.choices}
        parts = [
            say("{choice}: {option}", choice=named(n), option=named(known[n].option(v)))
            for n, v in self.options.items()
        ]
        return reduce(lambda first, then: say("{first}, {then}", first=first, then=then), parts)


def read_choices(text: str, family: Family) -> tuple[list[Asked], list[tuple[Asked, str]]]:
    """What `text` asks of the family's choices, in its order; and what a later phrase overrules, with why.

    A phrase about one choice counts more than one about several ("light bar, round tail lamps").
    """
    found: list[tuple[int, int, int, Asked]] = []
    for pattern, options in _patterns(family):
        for match in pattern.finditer(text):
            before = text[: match.start()]
            if _NEGATED.search(before):
                continue
            sized = _SIZED.search(before) and match["noun"] is not None and match.end("noun") == match.end()
            end = match.start("noun") if sized else match.end()
            phrase = " ".join(text[match.start() : end].strip(" -").split())
            asked = Asked(match.start(), end, phrase, options, bool(sized))
            found.append((match.start() - match.end(), match.start(), match.end(), asked))
    taken: list[tuple[int, int]] = []
    kept: list[Asked] = []
    for _, start, end, asked in sorted(found, key=lambda f: f[:3]):
        if all(end <= a or b <= start for a, b in taken):
            taken.append((start, end))
            kept.append(asked)
    return _settled(sorted(kept, key=lambda a: a.start))


def without(text: str, asked: Sequence[Asked]) -> str:
    """The text with the phrases blanked, by a break where no other phrase goes on around it; places kept."""
    for one in asked:
        blank = ("" if one.within else ",").ljust(one.end - one.start)
        text = text[: one.start] + blank + text[one.end :]
    return text


def option_of(family: Family, name: str, value: object, where: str) -> tuple[str, float]:
    """Name and place of an option from a file or command; `where` begins the message.

    Raises:
        InputError: no such choice or option.
    """
    plain = "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())
    known = {c.name: c for c in family.choices}
    if plain not in known:
        raise InputError(f"{where} is no choice of family {family.name}; it has {', '.join(known) or 'none'}")
    try:
        return plain, known[plain].place(value)
    except InputError as error:
        raise InputError(
            say("{place}{reason}", place=where.removesuffix(name), reason=error.message)
        ) from error


def is_choice(family: Family, name: str) -> bool:
    """Whether `name` is one of the family's choices."""
    return any(c.name == name for c in family.choices)


def _settled(asked: Sequence[Asked]) -> tuple[list[Asked], list[tuple[Asked, str]]]:
    """One phrase a choice: those about one choice first, of these the last."""
    by: dict[str, Asked] = {}
    for one in sorted(asked, key=lambda a: (-len(a.options), a.start)):
        by |= dict.fromkeys(one.options, one)
    kept: list[Asked] = []
    overruled: list[tuple[Asked, str]] = []
    for one in asked:
        options = {n: v for n, v in one.options.items() if by[n] is one or by[n].options[n] == v}
        if options:
            kept.append(replace(one, options=options))
        else:
            other = next(by[n].phrase for n in one.options)
            overruled.append((one, say("overruled by “{words}”", words=other)))
    return kept, overruled


@cache
def _patterns(family: Family) -> tuple[tuple[re.Pattern[str], Mapping[str, float]], ...]:
    """Compiled phrases and the places of their options, for the choices and options that the family has."""
    known = {c.name: c for c in family.choices}

    def places(options: Mapping[str, str]) -> dict[str, float]:
        return {
            n: known[n].place(o) for n, o in options.items() if n in known and o in known[n].choice.options
        }

    own = family.lexicon.options
    rows = [(text, places(options)) for text, options in own.phrases]
    for adjective, noun, options in own.pairs:
        rows += [(text, places(options)) for text in _both(adjective, noun, own.between)]
    for c in known.values():
        for k, option in enumerate(c.choice.options):
            words = re.escape(option.replace("_", " ")).replace(r"\ ", " ")
            rows += [(text, {c.name: float(k)}) for text in _both(words, f"{c.label}s?", own.between)]
    return tuple((_compiled(text, own.nouns), options) for text, options in rows if options)


def _both(adjective: str, noun: str, between: str) -> tuple[str, str]:
    """The pair in both orders; the noun is a named group in the usual one."""
    kind = f"(?:{between})?" if between else ""
    return f"{adjective} {kind}(?P<noun>{noun})", f"{noun}(?: is| are| ?:)? {adjective}"


def _compiled(text: str, nouns: Mapping[str, str]) -> re.Pattern[str]:
    if text.count("{") == 1 and text.endswith("}") and "(?P<noun>" not in text:
        text = f"{text[: text.index('{')]}(?P<noun>{text[text.index('{') :]})"
    for name, noun in nouns.items():
        text = text.replace(f"{{{name}}}", noun)
    text = text.replace(" ?", r"[\s-]*").replace(" ", r"[\s-]+")
    chinese = any(ord(c) > 0x2E7F for c in text)
    edges = (r"(?<!\d)", "") if chinese else (r"(?<![a-z0-9])", r"(?![a-z0-9])")
    noun = "" if "(?P<noun>" in text else r"(?P<noun>(?!))?"
    return re.compile(f"{edges[0]}(?:{text}){noun}{edges[1]}", re.I)
