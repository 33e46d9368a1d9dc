"""First pass over the clauses: each number finds its quantity, its comparison and what is negated.

What cannot be bound without guessing becomes a doubt: the number is not used, and the writer is asked. The
order of the words is free: a sign, a number and a quantity may stand in any order, inequalities may be
chained, and a negation turns the comparison that it reaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..messages import say
from .amounts import Amount
from .clauses import AFTER, BEFORE, Clause, Phrase, han
from .linked import ABOUT, EXACTLY, PLAIN, Link, Linked, State, Vocabulary, could_be, quiet, unbound
from .naming import Named
from .units import kind_of

#: what stands between the numbers of "4.3 m x 1.8 m x 1.45 m"
TIMES = frozenset({"x", "by", "×", "*"})


def link_all(clauses: Sequence[Clause], words: Vocabulary) -> Linked:
    """Read the numbers of all clauses."""
    reader = _Reader(words)
    k = 0
    while k < len(clauses):
        listed = _lists(clauses, k)
        if listed:
            reader.read_lists(clauses[k : k + listed])
        else:
            reader.read(clauses[k])
        k += listed or 1
    return reader.found


def _lists(clauses: Sequence[Clause], k: int) -> int:
    """How many clauses hold as many quantities as numbers: "length and width 4.6 m and 1.8 m"."""
    phrases = clauses[k].phrases
    named = [j for j, p in enumerate(phrases) if _names(p)]
    numbers = [j for j, p in enumerate(phrases) if p.amount is not None]
    if len(named) < 2 or len(numbers) != 1 or numbers[0] < named[-1]:
        return 0
    following = clauses[k + 1 : k + len(named)]
    if len(following) != len(named) - 1 or any(c.sentence_start for c in following):
        return 0
    for clause in following:
        amounts = [p for p in clause.phrases if p.amount is not None]
        if len(amounts) != 1 or not all(quiet(p) for p in clause.phrases if p.amount is None):
            return 0
    return len(named)


def _names(phrase: Phrase) -> tuple[str, ...]:
    """The quantities that a phrase names: 车宽, and 宽 alone."""
    along = phrase.readings.get("measured_by", ()) if han(phrase) and phrase.amount is None else ()
    return tuple(phrase.readings.get("quantity", along))


class _Reader(State):
    """Reads clause by clause."""

    # -- a clause ----------------------------------------------------------------------------------

    def read(self, clause: Clause) -> None:
        """Read the numbers of one clause."""
        if clause.sentence_start:
            self.previous = None
        if not clause.parted:
            self.hanging = None
        phrases = clause.phrases
        used: set[int] = set()
        numbers = [i for i, p in enumerate(phrases) if p.amount is not None and not _confident(phrases, i)]
        self._denied(clause)
        if not numbers:
            self._without_number(clause)
            self._hang(phrases)
            return
        numbers = self._zipped(clause, numbers, used)
        for k, i in enumerate(numbers):
            start = numbers[k - 1] + 1 if k else 0
            stop = numbers[k + 1] if k + 1 < len(numbers) else len(phrases)
            OneNumber(self, clause, i, start, stop, k + 1 < len(numbers), used).read()
        self._tolerances(phrases)
        self._leftovers(clause, used)
        self.hanging = None

    def _denied(self, clause: Clause) -> None:
        """ "Under 1.3 m? No": a bare no takes the limit before it back."""
        first = clause.phrases[:2]
        answer = first[0].has("negation") and (len(clause.phrases) == 1 or first[1].text == ":")
        if clause.sentence_start and answer and self.found.links:
            link = self.found.links.pop()
            self.doubt([*link.phrases, *clause.phrases], unbound())

    def _hang(self, phrases: Sequence[Phrase]) -> None:
        """Keep a negation that its clause leaves open: "never, under any circumstances, more than 4.7 m"."""
        last = next((j for j in range(len(phrases) - 1, -1, -1) if phrases[j].has("negation")), None)
        behind = phrases[last + 1 :] if last is not None else []
        if last is not None and all(p.has("stop", "filler", "firm") or p.unknown for p in behind):
            self.hanging = phrases[last]

    def read_lists(self, clauses: Sequence[Clause]) -> None:
        """As many quantities as numbers, in order; a comparison before the first one holds for all."""
        whole = [p for c in clauses for p in c.phrases]
        named = [p for p in whole if _names(p)]
        numbers = [p for p in whole if p.amount is not None]
        head = whole[: whole.index(numbers[0])]
        compare = [p for p in head if p.has("compare")]
        if any(p.has("negation", "free", "condition", "change") for p in head) or len(compare) > 1:
            self.doubt([*head, *numbers], unbound())
            return
        operator = compare[0].readings["compare"][0] if compare else ""
        soft = any(p.has("soft") for p in whole)
        for name, number in zip(named, numbers, strict=True):
            amount = number.amount
            assert amount is not None  # noqa: S101 - told to mypy; the list holds amounts
            unit = amount.unit or next((n.amount.unit for n in numbers if n.amount and n.amount.unit), "")
            if not any(could_be(self.words.known[n], replace(amount, unit=unit)) for n in _names(name)):
                unit = amount.unit
            link = Link(replace(amount, unit=unit), operator, _names(name), [name, number], soft)
            link.phrases += compare
            self.record(link, link.names)

    def _without_number(self, clause: Clause) -> None:
        """A clause that speaks of the number before it, or only names a quantity."""
        phrases = clause.phrases
        self._tolerances(phrases)
        meaning = [p for p in phrases if not p.has("stop", "filler", "firm") or p.has("compare", "denial")]
        before = self.previous
        if meaning and all(p.has("compare", "denial", "negation") for p in meaning):
            compares = [p for p in meaning if p.has("compare") and not p.has("says")]
            if before is not None and before.operator == "" and compares and not clause.sentence_start:
                operator, where = compares[0].readings["compare"]
                negations = sum(p.has("negation") for p in meaning)
                if AFTER in where and negations == 0:
                    before.operator = operator
                    before.phrases.extend(phrases)
                    return
            if compares or (before is not None and any(p.has("denial") for p in meaning)):
                self.doubt(meaning, say("what do these words limit?"))
                return
        units = [p for p in phrases if p.has("unit")]
        named = [n for p in phrases if p.has("quantity") for n in p.readings["quantity"]]
        if units and not named:
            unit = units[-1].readings["unit"]
            self.found.units[kind_of(unit)] = unit
        self.last = tuple(named) if named else self.last if clause.join else ()

    def _tolerances(self, phrases: Sequence[Phrase]) -> None:
        """A tolerance belongs to the number before it, else to the one behind it."""
        for k, phrase in enumerate(phrases):
            if not phrase.has("tolerance"):
                continue
            near = [p for p in (*reversed(phrases[:k]), *phrases[k + 1 :]) if p.amount is not None][:1]
            link = next((x for x in self.found.links if near and near[0] in x.phrases), None)
            link = link or (self.previous if not near else None)
            if link is None or link.amount.above is not None:
                self.doubt([phrase], say("what has this tolerance?"))
                continue
            spread = phrase.readings["tolerance"]
            link.amount = replace(link.amount, below=spread.below, above=spread.above, band=spread.unit)
            link.phrases.append(phrase)

    def _leftovers(self, clause: Clause, used: set[int]) -> None:
        """A comparison that no number of its clause took leaves every limit of the clause in doubt."""
        left = [
            p for j, p in enumerate(clause.phrases)
            if j not in used and p.has("compare") and p.readings["compare"][0] not in (ABOUT, EXACTLY)
            and not p.has("stop", "wish", "size", "whole_wish", "mood")
            and not any(p in d.phrases for d in self.found.doubts)
        ]  # fmt: skip
        for link in [x for x in self.found.links if left and any(p in clause.phrases for p in x.phrases[:1])]:
            if left[0] in link.phrases:
                continue
            self.found.links.remove(link)
            self.doubt([*link.phrases, *left], say("which limit is meant?"))

    # -- lists -------------------------------------------------------------------------------------

    def _zipped(self, clause: Clause, numbers: list[int], used: set[int]) -> list[int]:
        """ "4.3 m x 1.8 m x 1.45 m", "length/width/height 4650/1850/1450 mm": returns what is left over."""
        phrases = clause.phrases
        run: list[list[int]] = []
        for i in numbers:
            gap = phrases[run[-1][-1] + 1 : i] if run else []
            if run and gap and all(_times(p) for p in gap):
                run[-1].append(i)
            else:
                run.append([i])
        left: list[int] = []
        for group in run:
            if len(group) == 1:
                left.extend(group)
                continue
            self._dimensions(phrases, group, used)
        return left

    def _dimensions(self, phrases: Sequence[Phrase], group: Sequence[int], used: set[int]) -> None:
        first = group[0]
        before = [j for j in range(first) if phrases[j].has("quantity", "measured_by") and j not in used]
        before = before[-len(group) :]
        axes = [self.words.axes.get(a, ())[:1] for a in ("long", "wide", "tall")]
        letters = _letters(phrases[:first])
        names: list[tuple[str, ...]] = []
        taken = [phrases[j] for j in range(group[0], group[-1] + 1)]
        together = phrases[before[0]].readings.get("quantity", ()) if len(before) == 1 else ()
        if len(together) == len(group):
            names = [(n,) for n in together]
            taken = [phrases[before[0]], *taken]
            used.update(before)
        elif len(before) == len(group):
            names = [
                phrases[j].readings.get("quantity") or phrases[j].readings["measured_by"] for j in before
            ]
            taken = [*phrases[before[0] : before[-1] + 1], *taken]
            used.update(before)
        elif len(letters) == len(group) == 3:
            names = [axes["lwh".index(phrases[j].text.lower())] for j in letters]
            taken = [*phrases[letters[0] : letters[-1] + 1], *taken]
        elif (
            len(group) == 3
            and not before
            and not any(_slash(p) for p in taken)
            and not _inside(phrases[:first])
        ):
            names = list(axes)
        if len(names) != len(group) or not all(names):
            self.doubt(taken, say("which measures are these numbers?"))
            return
        compare = [p for p in phrases[:first] if p.has("compare") and BEFORE in p.readings["compare"][1]]
        operator = compare[-1].readings["compare"][0] if compare else ""
        if any(p.has("negation", "free", "condition", "change") for p in phrases[:first]):
            self.doubt(taken, unbound())
            return
        amounts = [a for i in group if (a := phrases[i].amount) is not None]
        unit = next((a.unit for a in reversed(amounts) if a.unit), "")
        soft = any(p.has("soft") for p in phrases)
        for name, amount in zip(names, amounts, strict=True):
            words = [*compare[-1:], *taken]
            self.found.links.append(
                Link(replace(amount, unit=amount.unit or unit), operator, tuple(name), words, soft)
            )


class OneNumber(Named):
    """One number of a clause and the window in which its words stand."""

    def read(self) -> None:  # noqa: PLR0911 - one return a case
        """Link the number, or say what is in doubt."""
        phrases, words = self.clause.phrases, self.reader.words
        number = phrases[self.i]
        amount = number.amount
        assert amount is not None  # noqa: S101 - told to mypy; the index is an amount's
        question = self._no_limit()
        if question is not None:
            self.reader.doubt([*self._near_words(), number], question)
            return
        operator, raw, taken, directed, turned, problem = self._comparison()
        own, problem_q, parts = self._quantity(directed)
        if problem or problem_q:
            self.reader.doubt([*taken, *parts, number], problem or problem_q or unbound())
            return
        group = own
        names = self._placed(own)
        if not names:
            part = self._named_behind() or self._part_of(operator)
            names, group = part, part or group
        if not names:
            if self._foreign(taken, directed):
                self.reader.found.missed.append((*taken, number, *self._axis_words()))
                return
            names, group, problem_q = self._unsaid(amount, directed, operator)
            if problem_q is not None:
                self.reader.doubt([*taken, number], problem_q)
                return
        if not names:
            words_of = [*taken, number, *self._axis_words()]
            if operator and taken[-1].text.lower() not in ("from", "about", "some", "在"):
                self.reader.doubt(words_of, say("what is to be limited by this number?"))
            else:
                self.reader.found.missed.append(tuple(words_of))
            return
        worded = any(p.has("compare") and p.text.lower() not in PLAIN for p in taken)
        if (not operator or worded) and amount.above is None and self._clouded():
            self.reader.doubt(
                [*parts, number], say("the words before it are not understood: what do they ask of it?")
            )
            return
        if not operator and amount.above is None and self._either(names, parts):
            return
        behind = bool(names) and names == self._named_behind()
        if not operator and amount.above is None and not behind and self._goes_on():
            self.reader.doubt([*parts, number], say("what do the words behind the number change?"))
            return
        names = _of_kind(names, amount, words)
        unit = self._label()
        link = Link(
            amount, operator, names, [number, *taken, *parts], self._soft(operator), turned, raw, unit
        )
        link.phrases += self._axis_words() + self._place_words()
        self.reader.record(link, group)

    # -- the rest ----------------------------------------------------------------------------------

    def _either(self, names: tuple[str, ...], parts: Sequence[Phrase]) -> bool:
        """ "4.3 m or 4.5 m long": neither is taken."""
        if self.clause.join not in ("or", "或", "或者"):
            return False
        before, doubted = self.reader.previous, [*parts, self.clause.phrases[self.i]]
        if before is not None and before.operator == "" and set(before.names) & set(names):
            self.reader.found.links.remove(before)
            doubted = [*before.phrases, *doubted]
        self.reader.doubt(doubted, say("one or the other: which one is meant?"))
        return True

    def _label(self) -> str:
        """The unit of a label beside the number."""
        around = [*reversed(self._window()), *self.clause.phrases[self.i + 1 : self.stop]]
        return next((p.readings["unit"] for p in around if p.has("unit")), "")

    def _soft(self, operator: str) -> bool:
        left = self.clause.phrases[: self.i]
        right = self.clause.phrases[self.i + 1 : self.stop]
        if any(p.has("soft") and not p.has("quantity") for p in (*self._window(), *right)):
            return True
        return bool(not operator and any(p.has("soft") for p in left))


def _of_kind(names: tuple[str, ...], amount: Amount, words: Vocabulary) -> tuple[str, ...]:
    """Those of `names` whose kind the unit has (all of them when none fits: the error names the first)."""
    kind = kind_of(amount.unit) if amount.unit else ""
    if kind == "":
        return tuple(dict.fromkeys(names))
    swapped = [words.alternate(n, kind) for n in names]
    swapped = [s if s in words.known else n for s, n in zip(swapped, names, strict=True)]
    right = [
        n for n in swapped
        if words.known[n].kind == kind or (amount.unit == "percent" and words.known[n].unit == "1")
    ]  # fmt: skip
    return tuple(dict.fromkeys(right or swapped))


def _confident(phrases: Sequence[Phrase], i: int) -> bool:
    """ "with 95 % confidence" is no limit."""
    amount = phrases[i].amount
    beside = [p for j in (i - 1, i + 1) if 0 <= j < len(phrases) for p in (phrases[j],)]
    return (
        amount is not None and amount.unit == "percent" and 50.0 <= amount.low < 100.0
        and any(p.has("confidence") for p in beside)
    )  # fmt: skip


def _times(phrase: Phrase) -> bool:
    return phrase.text.lower() in TIMES or _slash(phrase)


def _inside(phrases: Sequence[Phrase]) -> bool:
    """ "fits in a box of 4.5 m x 1.85 m x 1.5 m": another thing's measures."""
    return any(p.unknown and not p.aside for p in phrases[-3:])


def _slash(phrase: Phrase) -> bool:
    return phrase.text == "/"


def _letters(phrases: Sequence[Phrase]) -> list[int]:
    """Indices of "L", "W", "H" of a label like "L x W x H"."""
    return [j for j, p in enumerate(phrases) if p.text.lower() in ("l", "w", "h")][-3:]
