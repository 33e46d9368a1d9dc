"""The words of a lexicon and of both languages compiled for reading: phrase (word keys) to its meanings.

English words are keys of their own; Chinese text is read character by character. Where both tables know a
phrase ("suv"), their meanings are joined.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import ModuleType

from ..family.lexicon import Lexicon, Tongue
from . import words_en, words_zh
from .attributes import THIRDS
from .blocks import phrases

Keys = tuple[str, ...]
MIDDLE, GENTLE, HALFWAY = "middle", "gentle", "halfway"
#: the general words of each language
GENERAL: Mapping[str, ModuleType] = {"en": words_en, "zh": words_zh}
_TOKEN = re.compile(r"\d+\.\d+|&|[a-z0-9]+(?:'[a-z]+)?|[一-鿿]|[,;:.!?()\[\]，。；、：！？（）\n…]")
_BREAK = frozenset(",;:.!?()[]，。；：！？（）\n…")
_FOLDED = str.maketrans({"’": "'", "‘": "'", "é": "e", "è": "e", "–": "-", "—": ","})


@dataclass(frozen=True)
class Part:
    """A part of the product: the tokens of each adjective, of its middle, its presence and its absence;
    `whole` for the product itself, whose other adjectives mean what they mean alone."""

    adjectives: Mapping[Keys, tuple[str, ...]]
    middle: tuple[str, ...]
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    whole: bool = False

    def tokens(self, adjective: Keys, middle: str) -> tuple[str, ...]:
        """What an adjective says of the part, a comparative as itself; empty where it does not fit."""
        if middle == MIDDLE:
            return self.middle
        for last in (adjective[-1], *stems(adjective[-1])):
            if (*adjective[:-1], last) in self.adjectives:
                return self.adjectives[(*adjective[:-1], last)]
        return ()


@dataclass(frozen=True)
class Meaning:
    """What a phrase may be.

    Attributes:
        tokens: what it says of the whole product by itself.
        part: the part that it names.
        adjective: whether it may describe a part; `middle` for words of the middle.
        kind: "" or one of negation, intensity, copula, or, join, break, stop.
        setting: (style | view | palette, name).
        generic: a body word that gives way to another one.
    """

    tokens: tuple[str, ...] = ()
    part: Part | None = None
    adjective: bool = False
    middle: str = ""
    kind: str = ""
    setting: tuple[str, str] | None = None
    generic: bool = False


@dataclass
class Book:
    """Phrases by their first key, longest first, and every key that occurs in one."""

    lexicon: Lexicon
    meanings: dict[Keys, Meaning] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def change(self, phrase: Keys, **changes: object) -> None:
        """Add to a phrase's meaning."""
        self.meanings[phrase] = replace(self.meanings.get(phrase, Meaning()), **changes)  # type: ignore[arg-type]
        self.longest[phrase[0]] = max(self.longest.get(phrase[0], 0), len(phrase))
        self.known.update(phrase)


@dataclass(frozen=True)
class Word:
    """One key of a text: a word, a Chinese character or a sign; `start` to `end` in the text."""

    key: str
    start: int
    end: int

    @property
    def is_break(self) -> bool:
        return self.key in _BREAK


def plain(text: str) -> str:
    """Lower case, simplified characters, one kind of quote; every character keeps its place."""
    folded = "".join(c if len(c) == 1 else " " for c in (_fold(c) for c in text))
    return folded.translate(_FOLDED).translate(words_zh.SIMPLIFIED)


def _fold(character: str) -> str:
    lower = unicodedata.normalize("NFKC", character).lower()
    return lower if len(lower) == 1 else character


def words_in(text: str) -> list[Word]:
    """The keys of a text that :func:`plain` has folded. Hyphens, slashes and signs count as blanks."""
    return [Word(m.group().replace("&", "and"), m.start(), m.end()) for m in _TOKEN.finditer(text)]


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
    return found


def keys_of(phrase: str) -> Keys:
    """A table's phrase as keys."""
    return tuple(w.key for w in words_in(plain(phrase)))


def _each(table: str) -> Iterable[Keys]:
    return (keys_of(p) for p in phrases(table))


@lru_cache(maxsize=32)
def book(lexicon: Lexicon) -> Book:
    """A lexicon's compiled tables, made at the first reading."""
    made = Book(lexicon)
    for language, words in GENERAL.items():
        tongue = lexicon.tongue(language)
        _read_function_words(words, tongue, made)
        _read_parts(tongue, made)
        _read_whole(tongue, lexicon, made)
    for phrase, meaning in list(made.meanings.items()):
        bases = (made.meanings.get((*phrase[:-1], stem)) for stem in stems(phrase[-1]))
        if meaning.tokens and any(base is not None and base.adjective for base in bases):
            made.change(phrase, adjective=True)  # "taller", "lower"
    return made


def _read_function_words(words: ModuleType, tongue: Tongue, made: Book) -> None:
    """Stop words and grammar, settings, adjectives of the middle."""
    for kind, table in (
        ("stop", f"{words.STOPS}, {tongue.noun}, {tongue.stops}"),
        ("copula", words.COPULAS),
        ("intensity", words.INTENSITY),
        ("join", words.JOINS),
        ("break", words.BREAKS),
        ("or", words.CONTINUE_NEGATION),
        ("negation", words.NEGATIONS),
    ):
        for phrase in _each(table):
            made.change(phrase, kind=kind)
    for setting, tables in (("style", words.STYLES), ("view", words.VIEWS), ("palette", words.PALETTES)):
        for name, table in tables.items():
            for phrase in _each(table):
                made.change(phrase, setting=(setting, name))
    for middle, table in ((MIDDLE, words.MIDDLE), (GENTLE, words.GENTLE), (HALFWAY, words.HALFWAY)):
        for phrase in _each(table):
            made.change(phrase, middle=middle)


def _read_parts(tongue: Tongue, made: Book) -> None:
    """Parts of the product and the adjectives that describe them."""
    before = {phrase: m.part for phrase, m in made.meanings.items() if m.part is not None}
    for nouns, ends in tongue.parts.items():
        own = _part(tongue, nouns, ends)
        for noun in _each(nouns):
            part = _joined(before[noun], own) if noun in before else own
            made.change(noun, part=part, kind="")
            for form in _forms(noun[-1]):
                made.change((*noun[:-1], form), part=part, kind="")
        for adjective in own.adjectives:
            made.change(adjective, adjective=True)


def _joined(other: Part, own: Part) -> Part:
    """One name for a part in two languages: the adjectives of both."""
    return replace(own, adjectives={**other.adjectives, **own.adjectives})


def _read_whole(tongue: Tongue, lexicon: Lexicon, made: Book) -> None:
    """What describes the whole product: moods, body types, and attributes in phrases of their own."""
    for mood, table in tongue.moods.items():
        token = lexicon.mood_is_attribute.get(mood, f"mood:{mood}")
        for phrase in _each(table):
            if not _composed(phrase, token, made):
                made.change(phrase, tokens=(token,))
    for body, table in tongue.bodies.items():
        for phrase in _each(table):
            made.change(phrase, tokens=(f"body:{body}",))
    for phrase in _each(tongue.generic_bodies):
        made.change(phrase, generic=True)
    for attribute in lexicon.attributes:
        for third, table in zip(THIRDS, tongue.attributes.get(attribute.name, ("", "", "")), strict=True):
            for phrase in _each(table):
                if not _composed(phrase, f"{attribute.name}:{third}", made):
                    made.change(phrase, tokens=(f"{attribute.name}:{third}",))


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


def _composed(phrase: Keys, token: str, made: Book) -> bool:
    """Whether adjective and part say the same already, so that more adjectives may join them."""
    for cut in range(1, len(phrase)):
        for adjective, noun in ((phrase[:cut], phrase[cut:]), (phrase[cut:], phrase[:cut])):
            named, describing = made.meanings.get(noun), made.meanings.get(adjective)
            if named is None or describing is None or named.part is None:
                continue
            if named.part.tokens(adjective, describing.middle) == (token,):
                return True
    return False
