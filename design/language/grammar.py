"""The grammar of one clause: which adjective belongs to which part, and how far a "not" reaches.

An adjective belongs to the part behind it ("long wheelbase"), else to the part before it ("wheelbase long",
"轴距长"), else to the product as a whole ("a low car"). Beside a part that it cannot describe ("high
shoulders" of a thing without height) it is not understood rather than taken for the product's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from .phrasebook import GENTLE, HALFWAY, Book, Keys, Meaning, Part


@dataclass(frozen=True)
class Piece:
    """A phrase of the text, `start` to `end`; `is_break` where a clause ends."""

    keys: Keys
    meaning: Meaning
    start: int
    end: int
    is_break: bool = False


@dataclass(frozen=True)
class Said:
    """A token and the stretch of text that says it."""

    start: int
    end: int
    token: str
    generic: bool = False


@dataclass
class Notes:
    """What a text says and which stretches of it mean nothing here."""

    said: list[Said] = field(default_factory=list)
    missed: list[tuple[int, int]] = field(default_factory=list)

    def say(
        self, pieces: Sequence[Piece], tokens: Iterable[str], negated: bool = False, softened: str = ""
    ) -> None:
        """Note the tokens of some phrases, turned round where they are negated."""
        start, end = min(p.start for p in pieces), max(p.end for p in pieces)
        turned = [_turned(token, negated, softened) for token in tokens]
        generic = any(p.meaning.generic for p in pieces)
        if not turned or not all(turned):
            self.missed.append((start, end))
        else:
            self.said.extend(Said(start, end, token, generic) for token in turned)

    def miss(self, *pieces: Piece) -> None:
        """Note words without a meaning here."""
        self.missed.append((min(p.start for p in pieces), max(p.end for p in pieces)))


def read_clause(pieces: Sequence[Piece], notes: Notes, known: Book) -> None:
    """Read the phrases between two breaks."""
    clause = _Clause(pieces, notes, known)
    for i, piece in enumerate(pieces):
        clause.take(i, piece)
    clause.finish()


@dataclass
class _Adjective:
    place: int
    piece: Piece
    negated: bool
    softened: str


class _Clause:
    """The state within a clause: a negation, adjectives that wait for a part, a part that waits for one."""

    def __init__(self, pieces: Sequence[Piece], notes: Notes, known: Book) -> None:
        self.pieces, self.notes, self.known = pieces, notes, known
        self.negation: Piece | None = None
        self.used = False  # whether the negation has met what it negates
        self.carried = False  # whether it had, before an "or" carried it on
        self.softened = ""
        self.waiting: list[_Adjective] = []
        self.part: tuple[Piece, Part, bool] | None = None  # a part still without an adjective; negated
        self.described: tuple[Piece, Part] | None = None  # a part that may take more: "long and low"
        self.copula = False

    def take(self, i: int, piece: Piece) -> None:
        """Read phrase `i`."""
        if (
            piece.keys == ("a", "little")
            and not self._describes(i + 1)
            and ("little",) in self.known.meanings
        ):
            piece = replace(piece, keys=("little",), meaning=self.known.meanings[("little",)])
        m = piece.meaning
        if m.setting is not None:
            self._setting(i, piece)
        elif m.part is not None:
            self._part(i, piece, m.part)
        elif m.middle in (GENTLE, HALFWAY):
            self.softened = m.middle
        elif m.adjective or m.middle:
            self._adjective(i, piece)
        elif m.tokens:
            self._whole(piece)
        elif m.kind:
            self._function_word(piece)
        else:
            self.notes.miss(piece)

    def finish(self) -> None:
        """What still waits means the whole product, or nothing."""
        self._flush()
        self._close_part()
        self._settle_negation()

    # -- kinds of phrases --------------------------------------------------------------------------

    def _function_word(self, piece: Piece) -> None:
        kind = piece.meaning.kind
        if kind == "negation":
            self._settle_negation()
            self.negation, self.used, self.carried = piece, False, False
        elif kind == "or":
            self.carried, self.used = self.carried or self.used, False
            self._close_part()
            self.described = None
        elif kind == "join":
            if self.used:
                self.negation = None
            self._close_part()
        elif kind == "copula":
            self.copula = True

    def _setting(self, i: int, piece: Piece) -> None:
        kind, name = piece.meaning.setting or ("", "")
        self._flush()
        self._close_part()
        following = self.pieces[i + 1].meaning if i + 1 < len(self.pieces) else Meaning(kind="stop")
        stray = piece.keys == ("side",) and following == Meaning()  # "side steps" ask for no view
        if self._negated() or stray:
            self.notes.miss(piece)
        else:
            self.notes.said.append(Said(piece.start, piece.end, f"{kind}:{name}"))

    def _whole(self, piece: Piece) -> None:
        self._flush()
        self._close_part()
        self.described = None
        pieces = [self.negation, piece] if self.negation is not None and not self.used else [piece]
        self.notes.say(pieces, piece.meaning.tokens, self._negated(), self.softened)
        self.softened = ""

    def _adjective(self, i: int, piece: Piece) -> None:
        softened, self.softened = self.softened, ""
        leads = self._leads_to_part(i)
        if self.part is not None:
            noun, part, before = self.part
            tokens = _tokens(part, piece)
            if tokens and (self.copula or not leads or not piece.keys[0].isascii()):
                self.notes.say([noun, piece], tokens, before or self._negated(), softened)
                self.part, self.described = None, (noun, part)
                return
            if not tokens and not leads and not part.whole:
                self.notes.miss(noun, piece)
                self.part = None
                self._negated()
                return
            self._close_part()
        elif self.described is not None and not leads:
            noun, part = self.described
            tokens = _tokens(part, piece)
            if tokens:
                self.notes.say([noun, piece], tokens, self._negated(), softened)
                return
        self.waiting.append(_Adjective(i, piece, self._negated(), softened))

    def _part(self, i: int, piece: Piece, part: Part) -> None:
        self._close_part()
        self.described, self.copula = None, False
        waiting, self.waiting = self.waiting, []
        taken = False
        for a in waiting:
            tokens = _tokens(part, a.piece)
            if tokens:
                self.notes.say([a.piece, piece], tokens, a.negated, a.softened)
                taken = True
            elif a.place == i - 1 and not part.whole:
                self.notes.miss(a.piece, piece)
                taken = True
            else:
                self._alone(a)
        if taken:
            self.described = (piece, part)
        else:
            self.part = (piece, part, self._negated())

    # -- what waits --------------------------------------------------------------------------------

    def _describes(self, i: int) -> bool:
        """Whether phrase `i` is an adjective, so that "a little" before it only softens."""
        if i >= len(self.pieces):
            return False
        m = self.pieces[i].meaning
        return m.adjective or bool(m.middle) or any(t.startswith("mood:") for t in m.tokens)

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

    def _negated(self) -> bool:
        """Whether a negation reaches what is read now; it is spent with that."""
        if self.negation is None or self.used:
            return False
        self.used = True
        return True

    def _settle_negation(self) -> None:
        if self.negation is not None and not self.used and not self.carried:
            self.notes.miss(self.negation)
        self.negation = None

    def _close_part(self) -> None:
        """A part that got no adjective: named for its presence or absence, or only named."""
        if self.part is None:
            return
        noun, part, negated = self.part
        self.part, self.copula = None, False
        if negated:
            self.notes.say([self.negation, noun] if self.negation is not None else [noun], part.absent)
        elif part.present:
            self.notes.say([noun], part.present, False, self.softened)
        self.softened = ""

    def _flush(self) -> None:
        """Adjectives that found no part describe the whole product."""
        waiting, self.waiting = self.waiting, []
        for a in waiting:
            self._alone(a)

    def _alone(self, a: _Adjective) -> None:
        m, size = a.piece.meaning, self.known.lexicon.size
        middle = (f"{size}:middle",) if m.middle and size else ()
        self.notes.say([a.piece], m.tokens or middle, a.negated, a.softened)


def _tokens(part: Part, piece: Piece) -> tuple[str, ...]:
    return part.tokens(piece.keys, piece.meaning.middle)


def _turned(token: str, negated: bool, softened: str) -> str:
    """The token as negated or softened; empty where that says nothing."""
    kind, _, state = token.partition(":")
    if kind == "body":
        return "" if negated else token
    if kind == "mood":
        return f"mood:not_{state}" if negated else token
    if softened == HALFWAY or (softened == GENTLE and state == "high"):
        state = "middle"
    if not negated:
        return f"{kind}:{state}"
    return f"{kind}:not_{state}" if state in ("low", "high") else ""
