"""The grammar of what is seen: which adjective belongs to which part, and how far a "not" reaches.

An adjective belongs to the part behind it ("long wheelbase"), else to the part before it ("wheelbase long",
"轴距长"), else to the product as a whole ("a low car"). Beside a part that it cannot describe ("high
shoulders" of a thing without height) it is not understood rather than taken for the product's. What a product
has in numbers is a part too ("low drag"), whose adjectives are those of more and less.

"Not" turns an end of a range into its complement and reaches over "or"; "less" and "not too" are a "not".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..messages import Message, say
from .clauses import Phrase, Table, han
from .looks import GENTLE, HALFWAY, MIDDLE, Part
from .seen import BREAKS, NUMBER, looked_at, noun_of, role


@dataclass(frozen=True)
class Said:
    """What some phrases say together.

    Attributes:
        phrases: in the order of the text, those that carry it: a word alone, or an adjective and its part.
        tokens: for a drawing; empty where it can only be asked in numbers.
        negated: it is to be the other way. degree: the factor of a "very" or "slightly".
        beside: the words of the negation and the degree.
        adjective, noun: which of the phrases is which, where there are both.
    """

    phrases: tuple[Phrase, ...]
    tokens: tuple[str, ...]
    negated: bool = False
    degree: float = 1.0
    beside: tuple[Phrase, ...] = ()
    adjective: Phrase | None = None
    noun: Phrase | None = None

    @property
    def generic(self) -> bool:
        """A body word that gives way to another one."""
        return any(p.has("generic") for p in self.phrases)


@dataclass
class Found:
    """What a text says of looks, and which phrases of it say nothing, with the reason where there is one."""

    said: list[Said] = field(default_factory=list)
    missed: list[tuple[tuple[Phrase, ...], Message | str]] = field(default_factory=list)

    def miss(self, *phrases: Phrase, reason: Message | str = "") -> None:
        """Note phrases without a meaning here."""
        self.missed.append((phrases, reason))


def read_looks(phrases: Sequence[Phrase], table: Table, taken: Collection[int] = ()) -> Found:
    """Read the looks among the phrases of a text.

    Args:
        table: in which "little" stands.
        taken: first tokens of phrases that mean something else: a number, its quantity, a limit.
    """
    found = Found()
    for clause in _clauses(list(looked_at(phrases, table)), taken):
        reader = _Clause(clause, found, table)
        for i, phrase in enumerate(clause):
            reader.take(i, phrase)
        reader.finish()
    return found


# -- clauses ---------------------------------------------------------------------------------------


def _clauses(phrases: Sequence[Phrase], taken: Collection[int]) -> Iterator[list[Phrase]]:
    """Phrases between breaks. A comma between the adjectives of one part ends none: "a long, low bonnet";
    nor does a colon behind a part: "wheelbase: long"."""
    clause: list[Phrase] = []
    for i, phrase in enumerate(phrases):
        noun = noun_of(clause[-1]) if clause else None
        labels = phrase.text in (":", "：") and noun is not None and (noun is NUMBER or not noun.whole)
        if labels:
            clause.append(replace(phrase, readings={"look": "copula"}))
        elif phrase.first in taken and noun is None and noun_of(phrase) and _touches(clause, phrase):
            yield [*clause, phrase]  # "a long wheelbase of 2.9 m"
            clause = []
        elif phrase.first in taken or (_ends(phrase) and not _enumerates(clause, phrases, i, taken)):
            yield clause
            clause = []
        elif not _ends(phrase):
            clause.append(phrase)
    yield clause


def _touches(clause: Sequence[Phrase], phrase: Phrase) -> bool:
    return bool(clause) and clause[-1].last == phrase.first and clause[-1].has("describes", "size")


def _ends(phrase: Phrase) -> bool:
    return role(phrase) == "break" and noun_of(phrase) is None


def _enumerates(before: Sequence[Phrase], phrases: Sequence[Phrase], i: int, taken: Collection[int]) -> bool:
    """Whether `before` is an article and adjectives, and what follows goes on with adjectives and a part."""
    words = [p for p in before if role(p) not in ("stop", "degree") or p.has("describes")]
    if phrases[i].text not in BREAKS or not words or before[0].keys not in (("a",), ("an",), ("the",)):
        return False
    if not all(p.has("describes") and not p.has("part") for p in words):
        return False
    adjectives = 0
    for phrase in phrases[i + 1 :]:
        if phrase.first in taken or (role(phrase) == "break" and phrase.text not in BREAKS):
            return False
        if phrase.has("part"):
            return adjectives > 0
        if not (phrase.has("describes") or role(phrase) in ("join", "degree", "break")):
            return False
        adjectives += phrase.has("describes")
    return False


# -- nouns and adjectives --------------------------------------------------------------------------


def _fits(noun: Phrase, adjective: Phrase) -> tuple[str, ...] | None:
    """What an adjective says of a part; () where only a search understands it, None where it does not fit."""
    part = noun_of(noun) or NUMBER
    tokens = part.tokens(adjective.keys, adjective.readings.get("middle", ""))
    return tokens or (() if adjective.has("size") and noun.has("quantity", "feature") else None)


@dataclass(frozen=True)
class _Word:
    """An adjective, a part or a word for the whole, with the negation and the degree that reach it."""

    place: int
    phrase: Phrase
    negation: Phrase | None
    negated: bool
    softened: str = ""
    degree: Phrase | None = None


class _Clause:
    """The state within a clause: a negation, adjectives that wait for a part, a part that waits for one."""

    def __init__(self, phrases: Sequence[Phrase], found: Found, table: Table) -> None:
        self.phrases, self.found, self.table = phrases, found, table
        self.negation: Phrase | None = None
        self.used = False  # whether the negation has met what it negates
        self.carried = False  # whether it had, before an "or" carried it on
        self.softened = ""
        self.waiting: list[_Word] = []
        self.part: _Word | None = None  # still without an adjective
        self.described: Phrase | None = None  # a part that may take more: "long and low"
        self.copula = False
        self.amounts = -1  # where an amount with what it measures ends

    def take(self, i: int, phrase: Phrase) -> None:
        """Read phrase `i`."""
        if phrase.keys == ("a", "little") and not self._describes(i + 1):
            readings = self.table.readings.get(("little",), {})
            phrase = replace(phrase, keys=("little",), readings=readings) if "says" in readings else phrase
        middle = phrase.readings.get("middle", "")
        if phrase.has("setting"):
            self._setting(i, phrase)
        elif phrase.amount is not None or (i and self.amounts == i - 1 and phrase.has("measured_by")):
            self.amounts = i  # "4.5 m long"
            self.found.miss(phrase)
        elif noun_of(phrase) is not None:
            self._part(i, phrase)
        elif middle in (GENTLE, HALFWAY):
            self.softened = middle
        elif middle and i and self.phrases[i - 1].text.lower().endswith(("than", "比")):
            return  # "sportier than usual"
        elif phrase.has("describes") or middle or self._sizes(i, phrase):
            self._adjective(i, phrase)
        elif phrase.has("says", "body", "mood"):
            self._whole(i, phrase)
        elif role(phrase) and not (self.negation and not self.used and phrase.has("measured_by", "size")):
            self._function_word(phrase)
        else:  # with the negation that it stands behind: 不要太重 of a thing that has no word for heavy
            negation, _ = self._negated()
            self.found.miss(*(p for p in (negation, phrase) if p is not None))

    def finish(self) -> None:
        """What still waits means the whole product, or nothing."""
        self._flush()
        self._close_part()
        self._settle_negation()

    # -- kinds of phrases --------------------------------------------------------------------------

    def _function_word(self, phrase: Phrase) -> None:
        kind = role(phrase)
        if kind == "negation":
            self._settle_negation()
            self.negation, self.used, self.carried = phrase, False, False
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

    def _setting(self, i: int, phrase: Phrase) -> None:
        kind, name = phrase.readings["setting"]
        self._flush()
        self._close_part()
        following = self.phrases[i + 1] if i + 1 < len(self.phrases) else None
        stray = (
            phrase.keys == ("side",) and following is not None and not following.readings.keys() - {"neutral"}
        )
        if self._negated()[1] or stray:  # "side steps" ask for no view
            self.found.miss(phrase)
        else:
            self.found.said.append(Said((phrase,), (f"{kind}:{name}",)))

    def _whole(self, i: int, phrase: Phrase) -> None:
        product: Part | None = phrase.readings.get("whole")
        waiting, self.waiting = self.waiting, []
        for word in waiting:  # "a low cantilever chair"
            adjective = word.phrase
            fits = (
                ()
                if product is None
                else product.tokens(adjective.keys, adjective.readings.get("middle", ""))
            )
            if fits and not adjective.has("says"):
                self._say(fits, word)
            elif not phrase.has("body") and not adjective.has("says"):
                self.waiting.append(word)  # "a low lounge armchair"
            else:
                self._alone(word)
        self._close_part()
        self.described = None
        self._say(phrase.readings.get("says", ()), self._word(i, phrase))

    def _adjective(self, i: int, phrase: Phrase) -> None:
        word, part, leads = self._word(i, phrase), self.part, self._leads_to_part(i)
        noun = self.described if part is None else part.phrase
        tokens = None if noun is None else _fits(noun, phrase)
        if noun is not None and tokens is not None and (not leads or (part and (self.copula or han(phrase)))):
            if part is not None:
                word = replace(
                    word, negation=part.negation or word.negation, negated=part.negated or word.negated
                )
            self._say(tokens, word, noun)
            self.part, self.described = None, noun
        elif part is not None and tokens is None and not leads and not _is_whole(part.phrase):
            self.found.miss(part.phrase, phrase)
            self.part = None
        else:
            self._close_part()
            self.waiting.append(word)

    def _part(self, i: int, phrase: Phrase) -> None:
        self._close_part()
        self.described, self.copula = None, False
        waiting, self.waiting = self.waiting, []
        for word in waiting:
            tokens = _fits(phrase, word.phrase)
            if tokens is not None:
                self._say(tokens, word, phrase)
                self.described = phrase
            elif word.place == i - 1 and not _is_whole(phrase):
                self.found.miss(word.phrase, phrase)
                self.described = phrase
            else:
                self._alone(word)
        self.part = None if self.described else _Word(i, phrase, *self._negated())

    # -- what waits --------------------------------------------------------------------------------

    def _sizes(self, i: int, phrase: Phrase) -> bool:
        """Whether a word of more or less stands beside what it can be said of: "more luggage", 后备箱大."""
        if not phrase.has("size"):
            return False
        beside = next((p for p in self.phrases[i + 1 :] if role(p) != "stop" or noun_of(p)), None)
        if beside is not None and beside.has("quantity", "feature"):
            return True
        waits = self.described if self.part is None else self.part.phrase
        return "look" not in phrase.readings and waits is not None and waits.has("quantity", "feature")

    def _describes(self, i: int) -> bool:
        """Whether phrase `i` is an adjective, so that "a little" before it only softens."""
        if i >= len(self.phrases):
            return False
        phrase = self.phrases[i]
        moods = any(t.startswith("mood:") for t in phrase.readings.get("says", ()))
        return phrase.has("describes", "middle") or moods or self._sizes(i, phrase)

    def _leads_to_part(self, i: int) -> bool:
        """Whether a part that takes this adjective follows, with nothing but adjectives between."""
        for following in self.phrases[i + 1 :]:
            if noun_of(following) is not None:
                return _fits(following, self.phrases[i]) is not None
            between = role(following) in ("join", "or", "degree", "stop", "negation")
            if not (following.has("describes", "middle") or between):
                return False
        return False

    def _negated(self) -> tuple[Phrase | None, bool]:
        """The negation that reaches what is read now, where it has not been told yet, and whether one does;
        it is spent with that."""
        if self.negation is None or self.used:
            return None, False
        self.used = True
        return None if self.carried else self.negation, True

    def _word(self, i: int, phrase: Phrase) -> _Word:
        softened, self.softened = self.softened, ""
        before = self.phrases[i - 1] if i else None
        degree = before if before is not None and before.has("intensity") and before.amount is None else None
        return _Word(i, phrase, *self._negated(), softened, degree)

    def _settle_negation(self) -> None:
        left = None if self.used or self.carried else self.negation
        if left is not None and not left.has("join"):  # "nor" joins limits as well
            self.found.miss(left, reason=say("a negation without its word"))
        self.negation = None

    def _close_part(self) -> None:
        """A part that got no adjective: named for its presence or absence, or only named."""
        if self.part is None:
            return
        word, self.part, self.copula = self.part, None, False
        part = noun_of(word.phrase) or NUMBER
        if word.negated:
            self._say(part.absent, replace(word, negated=False))
        elif part.present:
            self._say(part.present, replace(word, softened=self.softened))
        self.softened = ""

    def _flush(self) -> None:
        """Adjectives that found no part describe the whole product."""
        waiting, self.waiting = self.waiting, []
        for word in waiting:
            self._alone(word)

    def _alone(self, word: _Word) -> None:
        size = self.table.size
        middle = (f"{size}:middle",) if word.phrase.has("middle") and size else ()
        self._say(word.phrase.readings.get("says", middle), word)

    # -- the answer --------------------------------------------------------------------------------

    def _say(self, tokens: Sequence[str], word: _Word, noun: Phrase | None = None) -> None:
        """Note what a word says, of a part where one is given, turned round where it is negated."""
        phrase, negation, degree = word.phrase, word.negation, word.degree
        phrases = tuple(sorted((phrase, *([noun] if noun else [])), key=lambda p: p.first))
        turned = tuple(_turned(token, word.negated, word.softened) for token in tokens)
        kind = phrase.has("mood") or (phrase.has("body") and not word.negated)
        if not all(turned) or (not turned and noun is None and not kind):
            reason = say("a negation that the family cannot follow") if negation is not None else ""
            self.found.miss(*([negation] if negation else []), *phrases, reason=reason)
            return
        factor = 1.0 if degree is None else float(degree.readings["intensity"])
        beside = tuple(p for p in (negation, degree) if p is not None)
        self.found.said.append(
            Said(phrases, turned, word.negated, factor, beside, phrase if noun else None, noun)
        )


def _is_whole(noun: Phrase) -> bool:
    part = noun_of(noun)
    return part is None or part.whole


def _turned(token: str, negated: bool, softened: str) -> str:
    """The token as negated or softened; empty where that says nothing."""
    kind, _, state = token.partition(":")
    if kind == "body":
        return "" if negated else token
    if kind == "mood":
        return f"mood:not_{state}" if negated else token
    if softened == HALFWAY or (softened == GENTLE and state == "high"):
        state = MIDDLE
    if not negated:
        return f"{kind}:{state}"
    return f"{kind}:not_{state}" if state in ("low", "high") else ""
