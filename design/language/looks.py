"""What can be seen: the words of a lexicon and of both languages as readings of phrases, for the one table
that texts are read with (:mod:`.clauses`).

=============  =====================================================================================
reading        what the phrase is
=============  =====================================================================================
``part``       the name of a part: a :class:`Part`
``describes``  an adjective that may stand beside a part
``middle``     a word of the middle, or one that softens: `MIDDLE`, `GENTLE`, `HALFWAY`
``says``       tokens that it says of the whole product
``whole``      of a body word: the product as a :class:`Part`, for the adjectives that stand before it
``generic``    a body word that gives way to another one
``setting``    (style, view or palette, name)
``look``       its role beside these: stop, copula, degree, join, break, or, negation
=============  =====================================================================================

They stand beside the readings of :func:`.clauses.general_entries`; a word without a role of its own here has
the one that those give it (:func:`.grammar.role`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import ModuleType
from typing import Any

from ..family.lexicon import Lexicon, Tongue
from . import words_en, words_zh
from .attributes import THIRDS
from .blocks import phrases
from .tokens import keys_of, stems

Keys = tuple[str, ...]
Looks = dict[Keys, dict[str, Any]]
MIDDLE, GENTLE, HALFWAY = "middle", "gentle", "halfway"
#: the general words of each language
GENERAL: Mapping[str, ModuleType] = {"en": words_en, "zh": words_zh}


@dataclass(frozen=True)
class Part:
    """A part of the product: the tokens of each adjective, of its middle, its presence and its absence;
    `whole` for the product itself, whose other adjectives mean what they mean alone."""

    adjectives: Mapping[Keys, tuple[str, ...]]
    middle: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    whole: bool = False

    def tokens(self, adjective: Keys, middle: str) -> tuple[str, ...]:
        """What an adjective says of the part, a comparative as itself; empty where it does not fit."""
        if middle == MIDDLE:
            return self.middle
        for last in (*adjective[-1:], *(stems(adjective[-1]) if adjective else ())):
            if (*adjective[:-1], last) in self.adjectives:
                return self.adjectives[(*adjective[:-1], last)]
        return ()


def _each(table: str) -> Iterable[Keys]:
    return (keys_of(p) for p in phrases(table))


@lru_cache(maxsize=32)
def looks_of(lexicon: Lexicon) -> Mapping[Keys, Mapping[str, Any]]:
    """Phrases (as keys) with their readings, of both languages."""
    made: Looks = {}
    for language, words in GENERAL.items():
        tongue = lexicon.tongue(language)
        _read_function_words(words, tongue, made)
        _read_parts(tongue, made)
        _read_whole(tongue, lexicon, made)
    for phrase, readings in made.items():
        bases = (made.get((*phrase[:-1], stem), {}) for stem in stems(phrase[-1]))
        if "says" in readings and any("describes" in base for base in bases):
            readings["describes"] = True  # "taller", "lower"
    return made


def _add(made: Looks, phrase: Keys, **readings: Any) -> None:
    made.setdefault(phrase, {}).update(readings)


def _read_function_words(words: ModuleType, tongue: Tongue, made: Looks) -> None:
    """Roles, settings, adjectives of the middle."""
    for role, table in (
        ("stop", f"{words.STOPS}, {tongue.noun}, {tongue.stops}"),
        ("copula", words.COPULAS),
        ("degree", words.INTENSITY),
        ("join", words.JOINS),
        ("break", words.BREAKS),
        ("negation", words.NEGATIONS),
    ):
        for phrase in _each(table):
            _add(made, phrase, look=role)
    for setting, tables in (("style", words.STYLES), ("view", words.VIEWS), ("palette", words.PALETTES)):
        for name, table in tables.items():
            for phrase in _each(table):
                _add(made, phrase, setting=(setting, name))
    for middle, table in ((MIDDLE, words.MIDDLE), (GENTLE, words.GENTLE), (HALFWAY, words.HALFWAY)):
        for phrase in _each(table):
            _add(made, phrase, middle=middle)


def _read_parts(tongue: Tongue, made: Looks) -> None:
    """Parts of the product and the adjectives that describe them."""
    before = {phrase: readings["part"] for phrase, readings in made.items() if "part" in readings}
    for nouns, ends in tongue.parts.items():
        own = _part(tongue, nouns, ends)
        for noun in _each(nouns):
            part = own
            if noun in before:  # one name for a part in two languages: the adjectives of both
                part = replace(own, adjectives={**before[noun].adjectives, **own.adjectives})
            for form in (noun[-1], *_forms(noun[-1])):
                _add(made, (*noun[:-1], form), part=part)
        for adjective in own.adjectives:
            _add(made, adjective, describes=True)


def _read_whole(tongue: Tongue, lexicon: Lexicon, made: Looks) -> None:
    """What describes the whole product: moods, body types, and attributes in phrases of their own."""
    for mood, table in tongue.moods.items():
        token = lexicon.mood_is_attribute.get(mood, f"mood:{mood}")
        for phrase in _each(table):
            _add(made, phrase, says=(token,))
    nouns = next((_part(tongue, n, e) for n, e in tongue.parts.items() if tongue.whole in phrases(n)), None)
    for body, table in tongue.bodies.items():
        for phrase in _each(table):
            _add(made, phrase, says=(f"body:{body}",))
            if nouns is not None and nouns.whole:
                _add(made, phrase, whole=nouns)
    for phrase in _each(tongue.generic_bodies):
        _add(made, phrase, generic=True)
    for attribute in lexicon.attributes:
        for third, table in zip(THIRDS, tongue.attributes.get(attribute.name, ("", "", "")), strict=True):
            for phrase in _each(table):
                if not _composed(phrase, f"{attribute.name}:{third}", made):
                    _add(made, phrase, says=(f"{attribute.name}:{third}",))


def _forms(noun: str) -> tuple[str, ...]:
    """Plural and participle of an English part: "tail" gives "tails" and "tailed" ("short-tailed")."""
    if not noun.isascii() or not noun.isalpha() or noun.endswith("s"):
        return ()
    return (f"{noun}s", f"{noun}d" if noun.endswith("e") else f"{noun}ed")


def _part(tongue: Tongue, nouns: str, ends: Mapping[str, tuple[str, str]]) -> Part:
    adjectives: dict[Keys, tuple[str, ...]] = {}
    for name, (low, high) in ends.items():
        for state, table in (("low", low), ("high", high)):
            for adjective in _each(table):
                adjectives[adjective] = (*adjectives.get(adjective, ()), f"{name}:{state}")
    first = phrases(nouns)[0]
    every = list(ends) if first in phrases(tongue.every) else list(ends)[:1]
    middle = tuple(f"{name}:middle" for name in every)
    present, absent = tongue.present.get(first, "").split(), tongue.absent.get(first, "").split()
    return Part(adjectives, middle, tuple(present), tuple(absent), first == tongue.whole)


def _composed(phrase: Keys, token: str, made: Looks) -> bool:
    """Whether adjective and part say the same already, so that more adjectives may join them."""
    for cut in range(1, len(phrase)):
        for adjective, noun in ((phrase[:cut], phrase[cut:]), (phrase[cut:], phrase[:cut])):
            part, describing = made.get(noun, {}).get("part"), made.get(adjective)
            if part is None or describing is None:
                continue
            if part.tokens(adjective, describing.get("middle", "")) == (token,):
                return True
    return False
