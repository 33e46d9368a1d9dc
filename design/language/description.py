"""Words to attributes: English and Chinese descriptions, read by longest phrase and a small grammar.

Commas end a clause; the clauses are read by :mod:`.grammar`. "Not" turns an end of a range into its
complement and reaches over "or". A word that means nothing here is listed, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from ..errors import InputError
from ..family.lexicon import Lexicon
from ..limits import MAX_PROMPT_CHARS
from .attributes import MAX_TOKENS, THIRDS, canonical
from .grammar import Notes, Piece, Said, read_clause
from .phrasebook import Book, Meaning, Word, book, plain, stems, words_in

_SETTINGS = ("style", "view", "palette")
#: a number with its unit, and what it measures: the caller's to understand
_UNIT = re.compile(
    r"(?:mm|cm|m|metres?|meters?|inch|inches|in|ft|feet|foot|l|litres?|liters?|kg|deg|degrees?|percent|"
    r"毫|厘|米|升|公|度|吨)"
)
_MEASURED = frozenset(["long", "wide", "tall", "high", "broad", "heavy", *"长宽高重米斤分里"])
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?P<unit>[a-z]*)")


@dataclass(frozen=True)
class Words:
    """What a description says.

    Attributes:
        tokens: canonical tokens in the vocabulary's order.
        style, view, palette: names when they were asked for, the last one said.
        unknown: words that mean nothing here, as written, neighbours together.
        understood: (phrase as written, token or ``style:ink`` and so on), in the order of the text.
        contradicted: phrases that a later one overrules ("tall" before "low"), as written.
    """

    tokens: tuple[str, ...]
    style: str | None
    view: str | None
    palette: str | None
    unknown: tuple[str, ...]
    understood: tuple[tuple[str, str], ...]
    contradicted: tuple[str, ...] = ()


def read_words(text: str, lexicon: Lexicon, ignore: Collection[str] = ()) -> Words:
    """What a description in English or Chinese says.

    Args:
        lexicon: what words mean for the product.
        text: at most `MAX_PROMPT_CHARS` characters; empty says nothing.
        ignore: phrases of the text that the caller has understood already (numbers with units), as written.

    Raises:
        InputError: a text that is too long, or that names more than `MAX_TOKENS` attributes.
    """
    if len(text) > MAX_PROMPT_CHARS:
        raise InputError(f"the description has {len(text)} characters; allowed {MAX_PROMPT_CHARS}")
    notes, known = Notes(), book(lexicon)
    for clause in _clauses(_pieces(words_in(_without(plain(text), ignore)), known)):
        read_clause(clause, notes, known)
    return _result(text, notes, lexicon)


def learned(words: Words, vocabulary: Collection[str]) -> Words:
    """`words` without the tokens that are not in a model's vocabulary; their phrases count as unknown."""
    missed = {token for token in words.tokens if token not in vocabulary}
    if not missed:
        return words
    phrases = [phrase for phrase, token in words.understood if token in missed]
    return replace(
        words,
        tokens=tuple(t for t in words.tokens if t not in missed),
        unknown=tuple(dict.fromkeys((*words.unknown, *phrases))),
        understood=tuple((p, t) for p, t in words.understood if t not in missed),
    )


# -- from characters to clauses --------------------------------------------------------------------


def _without(text: str, ignore: Collection[str]) -> str:
    """The text with each phrase of `ignore` blanked by a break, places kept."""
    for phrase in sorted((plain(p).strip() for p in ignore), key=len, reverse=True):
        start = text.find(phrase) if phrase else -1
        while start >= 0:
            end = start + len(phrase)
            whole = not (_inside(text, start) or _inside(text, end))
            if whole:
                text = text[:start] + "," + " " * (len(phrase) - 1) + text[end:]
            start = text.find(phrase, end if whole else start + 1)
    return text


def _inside(text: str, at: int) -> bool:
    """Whether a cut at `at` falls inside a word of letters."""
    return 0 < at < len(text) and all(c.isascii() and c.isalnum() for c in text[at - 1 : at + 1])


def _pieces(words: Sequence[Word], known: Book) -> list[Piece]:
    """The longest known phrase at each place; signs, numbers and unknown words by themselves."""
    keys = [_key(word, known) for word in words]
    pieces: list[Piece] = []
    i = 0
    while i < len(words):
        n = _phrase_length(keys, i, known)
        if words[i].is_break:
            part = pieces[-1].meaning.part if pieces and words[i].key in ":：" else None
            of_part = part is not None and not part.whole  # "wheelbase: long"
            meaning = Meaning(kind="copula") if of_part else Meaning()
            pieces.append(Piece((), meaning, words[i].start, words[i].end, not of_part))
            n = 1
        elif n:
            meaning = known.meanings[tuple(keys[i : i + n])]
            ends = meaning.kind == "break" and meaning.part is None
            pieces.append(Piece(tuple(keys[i : i + n]), meaning, words[i].start, words[i + n - 1].end, ends))
        else:
            n = _amount_length(words, i)
            pieces.append(Piece((keys[i],), Meaning(), words[i].start, words[i + n - 1].end))
        i += n
    return pieces


def _phrase_length(keys: Sequence[str], i: int, known: Book) -> int:
    longest = min(known.longest.get(keys[i], 0), len(keys) - i)
    return next((n for n in range(longest, 0, -1) if tuple(keys[i : i + n]) in known.meanings), 0)


def _amount_length(words: Sequence[Word], i: int) -> int:
    """How many words a number takes with its unit and the adjective of what it measures ("4.5 m long")."""
    number = _NUMBER.fullmatch(words[i].key)
    n = 1
    if number is None:
        return n
    if not number["unit"] and i + n < len(words) and _UNIT.fullmatch(words[i + n].key):
        n += 1
    elif not number["unit"]:
        return n
    while i + n < len(words) and words[i + n].key in _MEASURED:
        n += 1
    return n


def _key(word: Word, known: Book) -> str:
    """The word as the tables have it: as it is, else its singular or plain form."""
    if word.key in known.known or not word.key.isascii():
        return word.key
    return next((stem for stem in stems(word.key) if stem in known.known), word.key)


def _clauses(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Pieces between breaks. A comma between the adjectives of one part ends none: "a long, low bonnet"."""
    clause: list[Piece] = []
    for i, piece in enumerate(pieces):
        if not piece.is_break:
            clause.append(piece)
        elif not (piece.keys == () and _enumerates(clause, pieces[i + 1 :])):
            yield clause
            clause = []
    yield clause


def _enumerates(before: Sequence[Piece], after: Sequence[Piece]) -> bool:
    """Whether `before` is an article and adjectives, and `after` goes on with adjectives and a part."""
    words = [p for p in before if p.meaning.kind not in ("stop", "intensity")]
    if not before or before[0].keys not in (("a",), ("an",), ("the",)) or not words:
        return False
    if not all(p.meaning.adjective and p.meaning.part is None for p in words):
        return False
    adjectives = 0
    for piece in after:
        if piece.is_break and piece.keys:
            return False
        if piece.meaning.part is not None:
            return adjectives > 0
        if not (piece.meaning.adjective or piece.meaning.kind in ("join", "intensity") or piece.is_break):
            return False
        adjectives += piece.meaning.adjective
    return False


# -- the answer ------------------------------------------------------------------------------------


def _result(text: str, notes: Notes, lexicon: Lexicon) -> Words:
    kept: list[Said] = []
    overruled: list[Said] = []
    for said in sorted(notes.said, key=lambda s: (s.start, s.end)):
        against = [k for k in kept if _contradict(k.token, said.token)]
        if said.generic and any(not k.generic for k in against):
            continue  # a fastback that is also called a saloon stays a fastback
        overruled.extend(k for k in against if not k.generic)
        kept = [k for k in kept if k not in against]
        kept.append(said)
    settings: dict[str, str | None] = dict.fromkeys(_SETTINGS)
    for said in kept:
        kind, _, name = said.token.partition(":")
        if kind in settings:
            settings[kind] = name
    tokens = canonical((s.token for s in kept if s.token.partition(":")[0] not in settings), lexicon)
    if len(tokens) > MAX_TOKENS:
        raise InputError(f"the description names {len(tokens)} attributes; allowed {MAX_TOKENS}")
    return Words(
        tokens,
        settings["style"],
        settings["view"],
        settings["palette"],
        _joined(text, notes.missed),
        tuple((_tidy(text, s.start, s.end), s.token) for s in kept),
        tuple(dict.fromkeys(_tidy(text, s.start, s.end) for s in overruled)),
    )


def _contradict(a: str, b: str) -> bool:
    (kind, _, x), (other, _, y) = a.partition(":"), b.partition(":")
    if kind != other or a == b:
        return False
    if kind in (*_SETTINGS, "body"):
        return True
    return (x in THIRDS and y in THIRDS) or f"not_{x}" == y or x == f"not_{y}"


def _tidy(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split())


def _joined(text: str, missed: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """Stretches without meaning as written; neighbours with only blanks between become one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(missed):
        if found and not text[found[-1][1] : start].strip(" -"):
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(dict.fromkeys(_tidy(text, a, b) for a, b in found))
