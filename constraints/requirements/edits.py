"""Words that change a design: "lower the roof by 20 mm, keep the wheelbase", 轴距加长50毫米.

What a clause asks is an :class:`Ask`; how the design gets there stands in :mod:`.editing`. Words that change
nothing are listed, and a change that cannot be bound is asked about instead of guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.language.amounts import RANGE_WORDS, Amount, amount_at
from ...design.language.arranging import split
from ...design.language.blocks import phrases as block
from ...design.language.clauses import (
    SIDES,
    Clause,
    Phrase,
    Table,
    compiled,
    general_entries,
    han,
    phrases_of,
)
from ...design.language.edit_words import UNDO, edit_entries
from ...design.language.tokens import Token, cleaned, tokenise
from ...design.language.units import kind_of
from ...design.limits import MAX_PROMPT_CHARS
from ...design.messages import Message, marked, named, say
from .brief import Heard, Question
from .choosing import read_choices, without
from .phrases import family_entries, vocabulary
from .quantity import DERIVED, PARAMETER, SURROGATE, Quantity, quantities
from .units import convert
from .vocabulary import inverted

#: share of a parameter's range that one adjective moves it ("longer"), and of a measured value
STEP, MEASURED_STEP = 0.06, 0.10
#: what is said of a predicted quantity that is to be set
PREDICTED = marked(
    "{quantity} is predicted and cannot be set; search for it with `maquette optimise --start`"
)
#: 前悬长10毫米 is 10 mm more where no overhang can be 10 mm
_LONGER = "长宽高深重"
#: share of a mood's shift that a comparative makes ("sportier")
MOOD_STEP = 0.6


@dataclass(frozen=True)
class Ask:
    """One change of one quantity.

    Attributes:
        quantity: by name. value: the value itself, or how much more in its own unit (`relative`).
        share: more as a share: of the value (`relative`), or of a parameter's range (`of_range`).
        words: that asked for it.
    """

    quantity: str
    words: str
    value: float = 0.0
    relative: bool = False
    share: float = 0.0
    of_range: bool = False


@dataclass
class Edits:
    """What a text asks of a design.

    Attributes:
        asks: changes. keeps: quantity to the words that hold it. options: choices by place.
        undo: the last edit is to be taken back.
        understood, not_understood, questions: the fate of the words.
    """

    asks: list[Ask] = field(default_factory=list)
    keeps: dict[str, str] = field(default_factory=dict)
    options: dict[str, float] = field(default_factory=dict)
    undo: bool = False
    understood: list[Heard] = field(default_factory=list)
    not_understood: list[Heard] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def read_edits(text: str, family: Family) -> Edits:
    """What the words ask to change and to keep.

    >>> from maquette.design.family.registry import get_family
    >>> asked = read_edits("wheels one inch larger, keep the height", get_family("car"))
    >>> [(ask.quantity, ask.value) for ask in asked.asks], list(asked.keeps)
    ([('tyre_diameter', 25.4)], ['overall_height'])

    Raises:
        InputError: an empty or too long text, a unit of the wrong kind; one line.
    """
    if not text.strip() or len(text) > MAX_PROMPT_CHARS:
        raise InputError(
            say("the edit has {characters} characters; allowed 1 to {most}", characters=len(text.strip()),
                most=MAX_PROMPT_CHARS)
        )  # fmt: skip
    found = Edits()
    if takes_back(text):
        found.undo = True
        return found
    written = cleaned(text)
    asked, _ = read_choices(written, family)
    for one in asked:
        found.options |= one.options
        found.understood.append(Heard(one.phrase, one.meaning(family)))
    plain = without(written, asked)
    tokens = tokenise(plain)
    reader = _Reader(family, plain, tokens, phrases_of(plain, tokens, _dictionary(family)), found)
    for clause in split(reader.phrases):
        reader.read(clause)
    return found


def takes_back(text: str) -> bool:
    """The words say no more than "undo"."""
    return text.strip().lower().rstrip(".! 。！") in block(UNDO)


@cache
def _dictionary(family: Family) -> Table:
    axes = vocabulary(family).axes
    return compiled([*edit_entries(), *family_entries(family), *general_entries(axes)])


class _Reader:
    """Reads clause by clause; a clause without a verb goes on with the one before."""

    def __init__(
        self, family: Family, text: str, tokens: Sequence[Token], phrases: Sequence[Phrase], found: Edits
    ) -> None:
        self.family = family
        self.text = text
        self.tokens = tokens
        self.phrases = list(phrases)
        self.found = found
        self.known: Mapping[str, Quantity] = quantities(family)
        self.axes = vocabulary(family).axes
        self.keeping = False
        self.named: Sequence[Phrase] = ()  # what the clause before named and did not change
        self.stem = ""  # the part that the clause before changed: "seat" of its height

    def read(self, clause: Clause) -> None:
        """Take the changes and holds of one clause; what is left over is listed."""
        ends = (i for i, p in enumerate(clause.phrases) if self._holds(clause.phrases, i))
        k = next(ends, None)
        if k and any(p.amount is not None or p.has("move", "remove") for p in clause.phrases[:k]):
            self._part(clause.phrases[:k], clause.join)  # "30 mm longer without touching the height"
            self._part(clause.phrases[k:], "")
        else:
            self._part(clause.phrases, clause.join)

    def _part(self, phrases: Sequence[Phrase], join: str) -> None:
        first, last = self.tokens[phrases[0].first], self.tokens[phrases[-1].last - 1]
        words = " ".join(self.text[first.start : last.end].split())
        numbers = [p for p in phrases if p.amount is not None]
        keeps = any(self._holds(phrases, i) for i in range(len(phrases)))
        moves = [p for p in phrases if p.has("move")]
        names = [p for p in phrases if p.has("quantity", "feature")]
        if len(numbers) == 2 and _from(phrases, numbers[0]):
            numbers = numbers[1:]  # 从145毫米降到135毫米
        asked, kept = len(self.found.asks), len(self.found.keeps)
        along = any(p.has("measured_by") for p in phrases) or self._along(moves, "")
        context: Sequence[Phrase] = () if along else self.named
        if keeps and moves and not names:
            names = [p for p in phrases if self._along([p], "")]
        if keeps or (self.keeping and join and names and not numbers and not moves):
            self._keep(names, words)
        elif len(numbers) > 1:
            self._question(words, say("which number belongs to what? say one change at a time"))
        elif numbers and self._negated(phrases):
            self._question(words, say("what is not to be changes nothing; what is to change?"))
        elif numbers and not names and not moves and self._instead(numbers[0], words):
            pass
        elif numbers:
            self._amount(phrases, numbers[0], moves, names or context, words)
        elif any(p.has("remove") for p in phrases):
            self._remove(names or self.named, words)
        elif (moves and self._step(phrases, moves, names, words)) or self._kinds(phrases, words):
            pass
        elif not self._moods(phrases, words) and any(not p.has("stop", "filler") for p in phrases):
            self.found.not_understood.append(Heard(words, say("no change is asked in these words")))
        self.keeping = keeps
        idle = len(self.found.asks) == asked and len(self.found.keeps) == kept
        self.named = names if idle else ()
        for p in phrases:
            if p.unknown and p.text.strip():
                self.found.not_understood.append(Heard(p.text, say("not in the vocabulary")))

    def _kinds(self, phrases: Sequence[Phrase], words: str) -> bool:
        """ "make the frame of aluminium": the words stand for a value of a number that numbers kinds."""
        if any(p.has("negation") for p in phrases):
            return False
        values = {
            f.quantity: f.at_least
            for p in phrases
            for f in p.readings.get("figures", ())
            if f.at_least == f.at_most and f.quantity in self.known and self.known[f.quantity].kinds
        }
        for name, value in values.items():
            self.found.asks.append(Ask(name, words, value))
            quantity = self.known[name]
            self._hear(
                words, say("{quantity} to {value}", quantity=quantity.label, value=quantity.shown(value))
            )
        return bool(values)

    def _negated(self, phrases: Sequence[Phrase]) -> bool:
        return any(
            p.has("negation") and any(q.has("move") for q in phrases[i:]) for i, p in enumerate(phrases)
        )

    def _holds(self, phrases: Sequence[Phrase], i: int) -> bool:
        """Whether a phrase keeps something: "keep", "no longer", "
        ""without making it wider"; not "the same 5 mm"."""
        phrase, rest = phrases[i], phrases[i + 1 :]
        if phrase.has("keep"):
            return not (rest and rest[0].amount is not None and "same" in phrase.text.lower())
        moved = any(p.has("move") for p in rest) and not any(p.amount is not None for p in rest)
        return phrase.has("negation") and moved

    # -- what stays ----------------------------------------------------------------------------------------

    def _keep(self, names: Sequence[Phrase], words: str) -> None:
        held = [name for p in names for name in _names(p) or self._along([p], "")[:1]]
        if not held:
            self._question(words, say("what is to be kept?"))
            return
        for name in held:
            self.found.keeps[name] = words
            self._hear(words, say("keeps {quantity}", quantity=self.known[name].label))

    # -- a number ------------------------------------------------------------------------------------------

    def _amount(  # noqa: PLR0911 - one return a case
        self, phrases: Sequence[Phrase], number: Phrase, moves: Sequence[Phrase], names: Sequence[Phrase],
        words: str,
    ) -> None:  # fmt: skip
        amount = number.amount
        assert amount is not None  # noqa: S101 - told to mypy; the caller asks
        i = phrases.index(number)
        before = phrases[i - 1] if i else None
        larger = [p for p in phrases[:i] if p.has("size") and han(p)]  # 轮子大一寸
        directed = [p for p in moves if p is not before or not p.has("to")] or larger
        told = before is not None and before.has("to") and not _text(before, "by")
        start = self.tokens[number.first].key
        signed = start if start in ("+", "-") else before.text if before is not None else ""
        absolute = bool(told) or not directed
        quantity = self._quantity(phrases, directed, names, amount.unit)
        if quantity is None:
            self._question(words, say("what is to change by this number?"))
            return
        if quantity.how == SURROGATE:
            self._question(words, _predicted(quantity))
            return
        second = self._second(number) if _from(phrases, number) else None
        if second is not None:
            self._ask(Ask(quantity.name, words, convert(*second, quantity, number.text)))
            return
        if amount.high is not None:
            self._question(words, say("a range is no value; which one is meant?"))
            return
        if signed in ("+", "-") and not told:
            sign = 1.0 if signed == "+" else -1.0
            self._more(quantity, amount, sign, number, words)
            return
        if absolute and amount.unit != "percent" and not any(_text(p, "by") for p in phrases[:i]):
            value = convert(amount.low, amount.unit, quantity, number.text)
            if told or self._reaches(quantity, value):
                self._ask(Ask(quantity.name, words, value))
            elif any(han(p) and p.text[-1] in _LONGER for p in names) and amount.unit:  # 前悬长10毫米
                self._more(quantity, amount, 1.0, number, words)
            else:
                self._question(
                    words, say("is {quantity} to be this, or to change by it?", quantity=quantity.label)
                )
            return
        if not directed:
            self._question(words, say("is {quantity} to be more or less by this?", quantity=quantity.label))
            return
        first = directed[0].readings
        sign = float(first["move"][0] if "move" in first else first["size"])
        self._more(quantity, amount, sign * self._way(directed[0], quantity), number, words)

    def _more(self, quantity: Quantity, amount: Amount, sign: float, number: Phrase, words: str) -> None:
        """So much more, or less."""
        size = abs(amount.low)
        if amount.unit == "percent":
            self._ask(Ask(quantity.name, words, relative=True, share=sign * size / 100.0))
            return
        step = convert(size, amount.unit, quantity, number.text) if amount.unit else size
        self._ask(Ask(quantity.name, words, sign * step, relative=True))

    def _way(self, move: Phrase, quantity: Quantity) -> float:
        """-1 where the family's "steep" means a smaller value of this angle."""
        odd = self.family.lexicon.quantities.odd_sizes
        steep = move.text.lower().startswith(("steep", "slack")) or "陡" in move.text or "缓" in move.text
        return float(odd.get(("steep", quantity.name), 1)) if steep else 1.0

    def _instead(self, number: Phrase, words: str) -> bool:
        """ "thinner legs, 20 mm": the value, or how much, of the step before."""
        amount, last = number.amount, self.found.asks[-1] if self.found.asks else None
        if amount is None or amount.high is not None or last is None or not last.share:
            return False
        quantity = self.known[last.quantity]
        if amount.unit == "percent" or (amount.unit and kind_of(amount.unit) != quantity.kind):
            return False
        self.found.asks.pop()
        value = convert(amount.low, amount.unit, quantity, number.text)
        if self._reaches(quantity, value):
            self._ask(Ask(quantity.name, f"{last.words}, {words}", value))
        else:
            self._more(quantity, amount, 1.0 if last.share > 0 else -1.0, number, f"{last.words}, {words}")
        return True

    def _second(self, number: Phrase) -> tuple[float, str] | None:
        """The value behind "to" in "from 145 to 135 mm", with its unit."""
        for k in range(number.first + 1, number.last):
            if self.tokens[k].key in RANGE_WORDS:
                end = amount_at(self.tokens, k + 1)
                return None if end is None else (end.low, end.unit)
        return None

    def _reaches(self, quantity: Quantity, value: float) -> bool:
        return quantity.reach is None or quantity.reach[0] <= value <= quantity.reach[1]

    def _quantity(
        self, phrases: Sequence[Phrase], moves: Sequence[Phrase], names: Sequence[Phrase], unit: str
    ) -> Quantity | None:
        """What a change speaks of: the name beside it, else the axis of its verb or of an adjective."""
        alternate, kind = (
            vocabulary(self.family).alternate,
            kind_of(unit) if unit and unit != "percent" else "",
        )
        axes = [a for p in moves for a in p.readings.get("move", (0, ()))[1] if a]
        for p in names:
            for name in _names(p):
                chosen = self._side(self.known[name], axes, p)
                if kind:
                    stem = name.rpartition("_")[0]
                    beside = self.known.get(f"{stem}_{kind}", chosen)
                    other = alternate(name, kind)
                    chosen = self.known.get(other, chosen) if other != name else chosen
                    chosen = chosen if chosen.kind == kind else beside
                    if chosen.kind != kind:
                        continue
                self.stem = chosen.name.rpartition("_")[0]
                return chosen
        along = self._along([*phrases, *moves], kind)
        bare = vocabulary(self.family).bare.get(kind, ())
        along = along or ([*bare] if len(bare) == 1 and moves else [])
        return self.known[along[0]] if along else None

    def _side(self, quantity: Quantity, axes: Sequence[str], name: Phrase) -> Quantity:
        """座面降10毫米: of a part that is named alone, what its verb moves."""
        stem, _, measure = quantity.name.rpartition("_")
        sides = [SIDES[a] for a in axes if a in SIDES]
        said = name.has("quantity") and (measure in name.text.lower() or han(name))
        if measure not in SIDES.values() or not sides or measure in sides or said:
            return quantity
        return next((self.known[n] for s in sides if (n := f"{stem}_{s}") in self.known), quantity)

    def _along(self, phrases: Sequence[Phrase], kind: str) -> list[str]:
        """What an axis speaks of ("longer", "in width"): the part of the clause before, else the whole."""
        axes = [a for p in phrases for a in p.readings.get("move", (0, ()))[1] if a]
        own = [f"{self.stem}_{SIDES[a]}" for a in axes if a in SIDES]
        found = [n for n in own if self.stem and n in self.known]
        found += [n for p in phrases for n in p.readings.get("measured_by", ())]
        found += [n for a in axes for n in self.axes.get(a, ())]
        return [n for n in found if not kind or self.known[n].kind == kind]

    def _remove(self, names: Sequence[Phrase], words: str) -> None:
        """ "remove the spoiler": zero, where a parameter can be."""
        for p in names:
            for name in _names(p):
                quantity = self.known[name]
                low, high = quantity.low, quantity.high
                if quantity.how == PARAMETER and low is not None and high is not None and low <= 0.0 <= high:
                    self._ask(Ask(name, words, 0.0))
                    return
                span = quantity.span
                self._question(
                    words, say("{quantity} cannot be zero; its range is {range}", quantity=quantity.label,
                               range=span)
                )  # fmt: skip
                return
        self._question(words, say("what is to be removed?"))

    # -- no number -----------------------------------------------------------------------------------------

    def _step(
        self, phrases: Sequence[Phrase], moves: Sequence[Phrase], names: Sequence[Phrase], words: str
    ) -> bool:
        """ "a longer wheelbase", "more luggage": a step that way."""
        quantity = self._quantity(phrases, moves, names, "")
        if quantity is None:
            return False
        if quantity.how == SURROGATE:
            self._question(words, _predicted(quantity))
            return True
        sign = float(moves[0].readings["move"][0]) * self._way(moves[0], quantity)
        if any(p.text.lower() in inverted(self.family.lexicon) for p in names):
            sign = -sign
        size = sign * _intensity(phrases)
        if quantity.how in (PARAMETER, DERIVED):
            self._ask(Ask(quantity.name, words, relative=True, share=size * STEP, of_range=True))
        else:
            self._ask(Ask(quantity.name, words, relative=True, share=size * MEASURED_STEP))
        return True

    def _moods(self, phrases: Sequence[Phrase], words: str) -> bool:
        """ "make it sportier": each parameter by its share; "less sporty" the other way."""
        moods = [p for p in phrases if p.has("mood")]
        sign = -1.0 if any(p.has("move") and p.readings["move"][0] < 0 for p in phrases) else 1.0
        for p in moods:
            size = sign * MOOD_STEP * _intensity(phrases)
            for name, share in self.family.lexicon.moods[p.readings["mood"]].items():
                if name in self.known:
                    self.found.asks.append(Ask(name, words, relative=True, share=size * share, of_range=True))
            self._hear(words, say("moves towards {mood}", mood=named(str(p.readings["mood"]))))
        return bool(moods)

    # -- the fate of words ---------------------------------------------------------------------------------

    def _ask(self, ask: Ask) -> None:
        self.found.asks.append(ask)
        self._hear(ask.words, say("changes {quantity}", quantity=self.known[ask.quantity].label))

    def _hear(self, words: str, meaning: Message) -> None:
        self.found.understood.append(Heard(words, meaning))

    def _question(self, words: str, question: Message) -> None:
        self.found.questions.append(Question(words, question, ()))


def _from(phrases: Sequence[Phrase], number: Phrase) -> bool:
    """Whether "from" stands before a number."""
    i = phrases.index(number)
    return i > 0 and _text(phrases[i - 1], "from", "从", "由", "down from", "up from")


def _names(phrase: Phrase) -> tuple[str, ...]:
    found: tuple[str, ...] = phrase.readings.get("quantity") or phrase.readings.get("feature") or ()
    return found


def _text(phrase: Phrase, *words: str) -> bool:
    return phrase.text.lower() in words


def _intensity(phrases: Sequence[Phrase]) -> float:
    """How far a step goes: "much longer" further than "very long", that further than "longer"."""
    far = next((float(p.readings["far"]) for p in phrases if p.has("far")), 0.0)
    return far or next((float(p.readings["intensity"]) for p in phrases if p.has("intensity")), 1.0)


def _predicted(quantity: Quantity) -> Message:
    return say(PREDICTED, quantity=named(quantity.name))
