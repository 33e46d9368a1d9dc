"""Words to attributes: English and Chinese descriptions read by longest phrase and a small grammar.

An adjective belongs to the part behind it ("long wheelbase"), else to the part before it ("wheelbase long",
"轴距长"), else to the whole car ("a low car"); commas end a clause. "Not" turns an end of a range into its
complement and reaches over "or". A word that means nothing here is listed, never dropped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from ..errors import InputError
from ..limits import MAX_PROMPT_CHARS
from .lexicon import MAX_TOKENS, THIRDS, canonical
from .phrasebook import GENTLE, Book, Keys, Meaning, Part, Word, book, plain, words_in


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


@dataclass
class _Piece:
    """A phrase of the text: words `first` to `last` (exclusive)."""

    keys: Keys
    meaning: Meaning
    start: int
    end: int
    is_break: bool = False


@dataclass
class _Adjective:
    piece: _Piece
    negated: bool
    gentle: bool


@dataclass
class _Notes:
    text: str
    said: list[tuple[int, int, str]] = field(default_factory=list)  # start, end, token
    missed: list[tuple[int, int]] = field(default_factory=list)

    def say(
        self, pieces: Sequence[_Piece], tokens: Iterable[str], negated: bool, gentle: bool = False
    ) -> None:
        """Note the tokens of a phrase, turned round where it is negated."""
        start, end = min(p.start for p in pieces), max(p.end for p in pieces)
        turned = [_turned(token, negated, gentle) for token in tokens]
        if not turned or None in turned:
            self.missed.append((start, end))
            return
        self.said.extend((start, end, token) for token in turned if token is not None)

    def miss(self, piece: _Piece) -> None:
        """Note words without a meaning here."""
        self.missed.append((piece.start, piece.end))


def read_words(text: str, ignore: Collection[str] = ()) -> Words:
    """What a description in English or Chinese says.

    Args:
        text: at most `MAX_PROMPT_CHARS` characters; empty says nothing.
        ignore: phrases of the text that the caller has understood already (numbers with units), as written.

    Raises:
        InputError: a text that is too long.
    """
    if len(text) > MAX_PROMPT_CHARS:
        raise InputError(f"the description has {len(text)} characters; allowed {MAX_PROMPT_CHARS}")
    folded = _without(plain(text), ignore)
    pieces = _pieces(words_in(folded), book())
    notes = _Notes(text)
    clause: list[_Piece] = []
    for piece in pieces:
        if piece.is_break:
            _clause(clause, notes)
            clause = []
        else:
            clause.append(piece)
    _clause(clause, notes)
    return _result(notes)


# -- from characters to phrases --------------------------------------------------------------------


def _without(text: str, ignore: Collection[str]) -> str:
    """The text with each phrase of `ignore` blanked by a break, places kept."""
    for phrase in sorted((plain(p).strip() for p in ignore), key=len, reverse=True):
        start = text.find(phrase) if phrase else -1
        while start >= 0:
            end = start + len(phrase)
            whole = not (_inside(text, start) or _inside(text, end))
            if whole:
                text = text[:start] + "," + " " * (len(phrase) - 1) + text[end:]
            start = text.find(phrase, start + 1 if not whole else end)
    return text


def _inside(text: str, at: int) -> bool:
    """Whether a cut at `at` falls inside a word of letters."""
    return 0 < at < len(text) and all(c.isascii() and c.isalnum() for c in text[at - 1 : at + 1])


def _pieces(words: Sequence[Word], known: Book) -> list[_Piece]:
    keys = [_key(word, known) for word in words]
    pieces: list[_Piece] = []
    i = 0
    while i < len(words):
        if words[i].is_break:
            pieces.append(_Piece((), Meaning(), words[i].start, words[i].end, True))
            i += 1
            continue
        length = next(
            (
                n
                for n in range(min(known.longest.get(keys[i], 0), len(keys) - i), 0, -1)
                if tuple(keys[i : i + n]) in known.meanings
            ),
            0,
        )
        phrase = tuple(keys[i : i + max(length, 1)])
        meaning = known.meanings.get(phrase, Meaning())
        ends = meaning.kind == "break" and not meaning.part
        last = i + len(phrase) - 1
        pieces.append(_Piece(phrase, meaning, words[i].start, words[last].end, ends))
        i += len(phrase)
    return pieces


def _key(word: Word, known: Book) -> str:
    """The word as the tables have it: as it is, else its singular or plain form."""
    if word.key in known.known or not word.key.isascii():
        return word.key
    for ending, put in (
        ("'s", ""), ("s", ""), ("es", ""), ("ies", "y"), ("er", ""), ("er", "e"), ("est", ""), ("est", "e"),
        ("ier", "y"), ("iest", "y"), ("ish", ""), ("ly", ""),
    ):  # fmt: skip
        if word.key.endswith(ending):
            stem = word.key[: -len(ending)] + put
            doubled = len(stem) > 2 and stem[-1] == stem[-2] and ending in ("er", "est", "ish")
            for form in (stem, stem[:-1] if doubled else stem):
                if form in known.known:
                    return form
    return word.key


# -- one clause ------------------------------------------------------------------------------------


def _clause(pieces: Sequence[_Piece], notes: _Notes) -> None:
    """Read the phrases between two breaks."""
    reader = _Reader(pieces, notes)
    for i, piece in enumerate(pieces):
        reader.take(i, piece)
    reader.finish()


class _Reader:
    """The grammar's state within a clause: negation, adjectives that wait for a part, a part that waits."""

    def __init__(self, pieces: Sequence[_Piece], notes: _Notes) -> None:
        self.pieces, self.notes = pieces, notes
        self.negation: _Piece | None = None
        self.used = False  # whether the negation has met what it negates
        self.carried = False  # whether it had, before an "or" carried it on
        self.gentle = False
        self.waiting: list[_Adjective] = []
        self.part: tuple[_Piece, Part, bool] | None = None  # a part still without an adjective; negated
        self.described: tuple[_Piece, Part] | None = None  # a part that may take more: "long and low"
        self.copula = False

    def take(self, i: int, piece: _Piece) -> None:
        """Read one phrase."""
        if piece.keys == ("a", "little") and not self._describes(i + 1):
            piece = replace(piece, keys=("little",), meaning=book().meanings[("little",)])
        m = piece.meaning
        if m.kind == "negation" and not (m.tokens or m.part):
            self._settle_negation()
            self.negation, self.used, self.carried = piece, False, False
        elif m.kind == "or":
            self.carried, self.used = self.carried or self.used, False
            self._close_part()
            self.described = None
        elif m.kind == "join":
            self._end_negation()
            self._close_part()
        elif m.middle == GENTLE:
            self.gentle = True
        elif m.setting is not None:
            self._setting(piece)
        elif m.part is not None:
            self._part(piece, m.part)
        elif m.adjective or m.middle:
            self._adjective(i, piece)
        elif m.tokens:
            self._flush()
            self._close_part()
            self.notes.say(self._with_negation([piece]), m.tokens, self._negated(), self.gentle)
            self.gentle = False
        elif m.kind == "copula":
            self.copula = True
        elif not m.kind:
            self.notes.miss(piece)

    def _describes(self, i: int) -> bool:
        """Whether phrase `i` is an adjective, so that "a little" before it only softens."""
        if i >= len(self.pieces):
            return False
        m = self.pieces[i].meaning
        return m.adjective or bool(m.middle) or any(t.startswith("mood:") for t in m.tokens)

    def finish(self) -> None:
        """What still waits means the whole car, or nothing."""
        self._flush()
        self._close_part()
        self._settle_negation()

    def _negated(self) -> bool:
        if self.negation is None or self.used:
            return False
        self.used = True
        return True

    def _with_negation(self, pieces: list[_Piece]) -> list[_Piece]:
        return [self.negation, *pieces] if self.negation is not None and not self.used else pieces

    def _settle_negation(self) -> None:
        if self.negation is not None and not self.used:
            if self.waiting or self.part:
                self._flush()
                self._close_part()
            if not self.used and not self.carried and self.negation is not None:
                self.notes.miss(self.negation)
        self.negation = None

    def _end_negation(self) -> None:
        if self.negation is not None and self.used:
            self.negation = None

    def _setting(self, piece: _Piece) -> None:
        kind, name = piece.meaning.setting or ("", "")
        self._flush()
        self._close_part()
        if self._negated():
            self.notes.miss(piece)
            return
        self.notes.said.append((piece.start, piece.end, f"{kind}:{name}"))

    def _adjective(self, i: int, piece: _Piece) -> None:
        gentle, self.gentle = self.gentle, False
        if self.part is not None:
            noun, part, before = self.part
            tokens = _tokens(part, piece)
            if tokens and (self.copula or not self._leads_to_part(i) or not piece.keys[0].isascii()):
                negated = before or self._negated()
                self.notes.say([noun, piece], tokens, negated, gentle)
                self.part, self.described = None, (noun, part)
                return
            self._close_part()
        elif self.described is not None and not self._leads_to_part(i):
            noun, part = self.described
            tokens = _tokens(part, piece)
            if tokens:
                self.notes.say([noun, piece], tokens, self._negated(), gentle)
                return
        self.waiting.append(_Adjective(piece, self._negated(), gentle))

    def _leads_to_part(self, i: int) -> bool:
        """Whether a part that takes this adjective follows, with nothing but adjectives between."""
        piece = self.pieces[i]
        for following in self.pieces[i + 1 :]:
            m = following.meaning
            if m.part is not None:
                return bool(_tokens(m.part, piece))
            if not (m.adjective or m.middle or m.kind in ("join", "or", "intensity", "stop", "negation")):
                return False
        return False

    def _part(self, piece: _Piece, part: Part) -> None:
        self._close_part()
        self.described, self.copula = None, False
        taken = [a for a in self.waiting if _tokens(part, a.piece)]
        self.waiting = [a for a in self.waiting if a not in taken]
        self._flush()
        for a in taken:
            self.notes.say([a.piece, piece], _tokens(part, a.piece), a.negated, a.gentle)
        if taken:
            self.described = (piece, part)
            self.gentle = False
            return
        self.part = (piece, part, self._negated())

    def _close_part(self) -> None:
        if self.part is None:
            return
        noun, part, negated = self.part
        self.part, self.copula = None, False
        if negated:
            pieces = [self.negation, noun] if self.negation is not None else [noun]
            self.notes.say(pieces, part.absent, False)
        elif part.present:
            self.notes.say([noun], part.present, False, self.gentle)
        self.gentle = False

    def _flush(self) -> None:
        """Adjectives that found no part describe the whole car."""
        for a in self.waiting:
            self.notes.say([a.piece], a.piece.meaning.tokens or _bare(a.piece), a.negated, a.gentle)
        self.waiting = []


def _bare(piece: _Piece) -> tuple[str, ...]:
    return ("length:middle",) if piece.meaning.middle else ()


def _tokens(part: Part, piece: _Piece) -> tuple[str, ...]:
    if piece.meaning.middle:
        return part.middle
    return part.adjectives.get(piece.keys, ())


def _turned(token: str, negated: bool, gentle: bool) -> str | None:
    """The token as negated or softened; None where that says nothing."""
    kind, _, state = token.partition(":")
    if kind == "body":
        return None if negated else token
    if kind == "mood":
        return f"mood:not_{state}" if negated else token
    if gentle and state == "high":
        state = "middle"
    if not negated:
        return f"{kind}:{state}"
    return f"{kind}:not_{state}" if state in ("low", "high") else None


# -- the answer ------------------------------------------------------------------------------------


def _result(notes: _Notes) -> Words:
    said = sorted(notes.said, key=lambda s: s[:2])
    kept: list[tuple[int, int, str]] = []
    overruled: list[tuple[int, int]] = []
    for item in said:
        overruled.extend(k[:2] for k in kept if _contradict(k[2], item[2]))
        kept = [k for k in kept if not _contradict(k[2], item[2])] + [item]
    settings = {k: next((t.partition(":")[2] for _, _, t in reversed(kept) if t.startswith(f"{k}:")), None)
                for k in ("style", "view", "palette")}  # fmt: skip
    tokens = canonical(t for _, _, t in kept if t.partition(":")[0] not in settings)
    if len(tokens) > MAX_TOKENS:
        raise InputError(f"the description has {len(tokens)} attributes; allowed {MAX_TOKENS}")
    text = notes.text
    return Words(
        tokens,
        settings["style"],
        settings["view"],
        settings["palette"],
        _joined(text, notes.missed),
        tuple((" ".join(text[a:b].split()), t) for a, b, t in kept),
        tuple(dict.fromkeys(" ".join(text[a:b].split()) for a, b in overruled)),
    )


def _contradict(a: str, b: str) -> bool:
    if a == b:
        return False
    (kind, _, x), (other, _, y) = a.partition(":"), b.partition(":")
    if kind != other:
        return False
    if kind in ("body", "style", "view", "palette"):
        return True
    if kind == "mood":
        return f"not_{x}" == y or x == f"not_{y}"
    return (x in THIRDS and y in THIRDS) or f"not_{x}" == y or x == f"not_{y}"


def _joined(text: str, missed: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """Spans without meaning as written; neighbours with only blanks between become one."""
    found: list[list[int]] = []
    for start, end in sorted(missed):
        if found and not text[found[-1][1] : start].strip(" -"):
            found[-1][1] = max(end, found[-1][1])
        else:
            found.append([start, end])
    return tuple(dict.fromkeys(" ".join(text[a:b].split()) for a, b in found))
