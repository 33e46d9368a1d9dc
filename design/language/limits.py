"""First pass over the clauses: each number finds its quantity, its comparison and what is negated.

What cannot be bound without guessing becomes a doubt: the number is not used, and the writer is asked. The
order of the words is free: a sign, a number and a quantity may stand in any order, inequalities may be chained,
and a negation turns the comparison that it reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from ..messages import Message, named, say
from .amounts import Amount
from .blocks import phrases
from .clauses import AFTER, BEFORE, SIGNS, Clause, Phrase, han
from .numerals import is_number_word
from .units import PINT_OF, UNSAID, kind_of, ratio

AT_MOST, AT_LEAST, ABOUT, EXACTLY = "at most", "at least", "about", "exactly"
BETTER, WORSE, LIMIT = "better than", "worse than", "limit"
_TURNED = {AT_MOST: AT_LEAST, AT_LEAST: AT_MOST, BETTER: WORSE, WORSE: BETTER}
#: what stands between the numbers of "4.3 m x 1.8 m x 1.45 m"
TIMES = frozenset({"x", "by", "×", "*"})
#: words that may stand between what belongs together
_QUIET = ("stop", "firm", "filler", "soft", "unit", "place", "tolerance", "intensity", "size", "permission")
#: comparisons that say themselves that nothing more is meant than the limit
_PLAIN = frozenset(
    phrases("""
        at most, up to, at least, max, maximum, min, minimum, 不超过, 至多, 最多, 至少, 最大, 最小
    """)
)


class Measured(Protocol):
    """What the reader must know of a quantity: `reach` is what designs of the product span, if known."""

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def reach(self) -> tuple[float, float] | None: ...


@dataclass(frozen=True)
class Vocabulary:
    """A product's quantities, and what its words mean without one.

    Attributes:
        known: quantities by name. bare: kind of a unit to what a number of it may mean alone. axes: "long", "wide", "tall". alternate: (name, kind) to the quantity meant.
    """

    known: Mapping[str, Measured]
    bare: Mapping[str, tuple[str, ...]]
    axes: Mapping[str, tuple[str, ...]]
    alternate: Callable[[str, str], str]


@dataclass
class Link:
    """An amount with its comparison and the quantities that it limits; `phrases` are its words."""

    amount: Amount
    operator: str
    names: tuple[str, ...]
    phrases: list[Phrase]
    soft: bool = False
    turned: bool = False
    raw: str = ""
    unit: str = ""  # of a label


@dataclass(frozen=True)
class Doubt:
    """Words that could not be taken, with the question to ask."""

    phrases: tuple[Phrase, ...]
    question: Message


@dataclass
class Linked:
    """What the clauses say in numbers."""

    links: list[Link] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    missed: list[tuple[Phrase, ...]] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)  # "all dimensions in mm"


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
    """How many clauses hold a list of quantities and one of as many numbers: "length and width 4.6 m and 1.8 m"."""
    phrases = clauses[k].phrases
    named = [j for j, p in enumerate(phrases) if p.has("quantity")]
    numbers = [j for j, p in enumerate(phrases) if p.amount is not None]
    if len(named) < 2 or len(numbers) != 1 or numbers[0] < named[-1]:
        return 0
    following = clauses[k + 1 : k + len(named)]
    if len(following) != len(named) - 1 or any(c.sentence_start for c in following):
        return 0
    for clause in following:
        amounts = [p for p in clause.phrases if p.amount is not None]
        if len(amounts) != 1 or not all(_only_quiet(p) for p in clause.phrases if p.amount is None):
            return 0
    return len(named)


def fits(quantity: Measured, amount: Amount, unit: str, slack: float = 0.0) -> bool:
    """Whether the amount, in a unit of the quantity's kind, lies within its reach (True when unknown).

    `slack`: how far outside it may lie, as a share of the reach's ends.
    """
    if quantity.reach is None:
        return True
    own = PINT_OF[quantity.unit]
    factor = ratio(unit, own) if unit not in (own, "percent") else 1.0
    low, high = quantity.reach
    values = [amount.low] if amount.high is None else [amount.low, amount.high]
    return any(low - slack * abs(low) <= v * factor <= high + slack * abs(high) for v in values)


def could_be(quantity: Measured, amount: Amount, slack: float = 0.0) -> bool:
    """Whether an amount may be one of the quantity: kind and reach."""
    if amount.unit == "":
        units: tuple[str, ...] = UNSAID.get(quantity.kind, ("",))
    elif kind_of(amount.unit) == quantity.kind:
        units = (amount.unit,)
    else:
        return False
    other = replace(amount, low=amount.other[0], high=amount.other[1]) if amount.other else amount
    return any(fits(quantity, a, u, slack) for u in units for a in (amount, other))


class _Reader:
    """The state between clauses: the quantities that were limited last."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self.found = Linked()
        self.last: tuple[str, ...] = ()
        self.previous: Link | None = None

    # -- a clause ----------------------------------------------------------------------------------

    def read(self, clause: Clause) -> None:
        """Read the numbers of one clause."""
        if clause.sentence_start:
            self.previous = None
        phrases = clause.phrases
        used: set[int] = set()
        numbers = [i for i, p in enumerate(phrases) if p.amount is not None and not _confident(phrases, i)]
        if not numbers:
            self._without_number(clause)
            return
        numbers = self._zipped(clause, numbers, used)
        for k, i in enumerate(numbers):
            start = numbers[k - 1] + 1 if k else 0
            stop = numbers[k + 1] if k + 1 < len(numbers) else len(phrases)
            _One(self, clause, i, start, stop, k + 1 < len(numbers), used).read()
        self._tolerances(phrases)
        self._leftovers(clause, used)

    def read_lists(self, clauses: Sequence[Clause]) -> None:
        """As many quantities as numbers, in order; a comparison before the first number holds for all."""
        whole = [p for c in clauses for p in c.phrases]
        named = [p for p in whole if p.has("quantity")]
        numbers = [p for p in whole if p.amount is not None]
        head = whole[: whole.index(numbers[0])]
        compare = [p for p in head if p.has("compare")]
        if any(p.has("negation", "free", "condition", "change") for p in head) or len(compare) > 1:
            self.doubt([*head, *numbers], _unbound())
            return
        operator = compare[0].readings["compare"][0] if compare else ""
        soft = any(p.has("soft") for p in whole)
        for name, number in zip(named, numbers, strict=True):
            amount = number.amount
            assert amount is not None  # noqa: S101 - told to mypy; the list holds amounts
            unit = amount.unit or next((n.amount.unit for n in numbers if n.amount and n.amount.unit), "")
            if not any(
                could_be(self.words.known[n], replace(amount, unit=unit)) for n in name.readings["quantity"]
            ):
                unit = amount.unit
            link = Link(
                replace(amount, unit=unit), operator, tuple(name.readings["quantity"]), [name, number], soft
            )
            link.phrases += compare
            self.record(link, link.names)

    def _without_number(self, clause: Clause) -> None:
        """A clause that speaks of the number before it, or only names a quantity."""
        phrases = clause.phrases
        self._tolerances(phrases)
        meaning = [p for p in phrases if not p.has("stop", "filler", "firm") or p.has("compare", "denial")]
        before = self.previous
        if meaning and all(p.has("compare", "denial", "negation") for p in meaning):
            compares = [p for p in meaning if p.has("compare")]
            if before is not None and before.operator == "" and compares and not clause.sentence_start:
                operator, where = compares[0].readings["compare"]
                negations = sum(p.has("negation") for p in meaning)
                if AFTER in where and negations == 0:
                    before.operator = operator
                    before.phrases.extend(phrases)
                    return
            if compares or any(p.has("denial") for p in meaning):
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
            if j not in used and p.has("compare") and not p.has("stop", "wish", "size", "whole_wish", "mood")
            and not any(p in d.phrases for d in self.found.doubts)
        ]  # fmt: skip
        for link in [x for x in self.found.links if left and any(p in clause.phrases for p in x.phrases[:1])]:
            if left[0] in link.phrases:
                continue
            self.found.links.remove(link)
            self.doubt([*link.phrases, *left], say("which limit is meant?"))

    def doubt(self, phrases: Iterable[Phrase], question: Message) -> None:
        """Ask instead of taking the words."""
        self.found.doubts.append(Doubt(tuple(phrases), question))

    def record(self, link: Link, group: tuple[str, ...]) -> None:
        """Keep a link; what follows may look back at it."""
        self.found.links.append(link)
        self.previous = link
        self.last = group

    # -- lists -------------------------------------------------------------------------------------

    def _zipped(self, clause: Clause, numbers: list[int], used: set[int]) -> list[int]:
        """ "4.3 m x 1.8 m x 1.45 m", "length/width/height 4650/1850/1450 mm": returns the numbers left over."""
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
        if len(before) == len(group):
            names = [
                phrases[j].readings.get("quantity") or phrases[j].readings["measured_by"] for j in before
            ]
            taken = [*phrases[before[0] : before[-1] + 1], *taken]
            used.update(before)
        elif len(letters) == len(group) == 3:
            names = [axes["lwh".index(phrases[j].text.lower())] for j in letters]
            taken = [*phrases[letters[0] : letters[-1] + 1], *taken]
        elif len(group) == 3 and not before and not any(_slash(p) for p in taken):
            names = list(axes)
        if len(names) != len(group) or not all(names):
            self.doubt(taken, say("which measures are these numbers?"))
            return
        compare = [p for p in phrases[:first] if p.has("compare") and BEFORE in p.readings["compare"][1]]
        operator = compare[-1].readings["compare"][0] if compare else ""
        if any(p.has("negation", "free", "condition", "change") for p in phrases[:first]):
            self.doubt(
                taken, say("the negation cannot be bound to the numbers; say it with 'at most' or 'at least'")
            )
            return
        amounts = [a for i in group if (a := phrases[i].amount) is not None]
        unit = next((a.unit for a in reversed(amounts) if a.unit), "")
        soft = any(p.has("soft") for p in phrases)
        for name, amount in zip(names, amounts, strict=True):
            words = [*compare[-1:], *taken]
            self.found.links.append(
                Link(replace(amount, unit=amount.unit or unit), operator, tuple(name), words, soft)
            )


@dataclass
class _One:
    """One number of a clause and the window in which its words stand."""

    reader: _Reader
    clause: Clause
    i: int
    start: int
    stop: int
    more: bool
    used: set[int]

    def read(self) -> None:
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
            self.reader.doubt([*taken, *parts, number], problem or problem_q or _unbound())
            return
        group = own
        names = self._placed(own)
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
        if not operator and amount.above is None and self._goes_on():
            self.reader.doubt([*parts, number], say("what do the words behind the number change?"))
            return
        names = _of_kind(names, amount, words)
        unit = self._label()
        link = Link(
            amount, operator, names, [number, *taken, *parts], self._soft(operator), turned, raw, unit
        )
        link.phrases += self._axis_words() + self._place_words()
        self.reader.record(link, group)

    # -- what is no limit --------------------------------------------------------------------------

    def _window(self) -> Sequence[Phrase]:
        return self.clause.phrases[self.start : self.i]

    def _no_limit(self) -> Message | None:
        left, right = self._window(), self.clause.phrases[self.i + 1 : self.stop]
        if any(p.has("free") for p in left):
            return say("this need not hold: is there a limit at all?")
        if any(p.has("condition") and not p.has("soft") for p in (*left, *right)):
            return say("a limit under a condition cannot be kept: does it hold always?")
        near = [p for p in right if not _only_quiet(p) or p.has("relative", "negation", "compare")]
        behind = right[0] if right else None
        if behind is not None and behind.unknown and is_number_word(behind.text.lower()):
            return say("the number goes on in words; give it in digits")
        if behind is not None and behind.has("relative") and not behind.has("compare"):
            return say("more or less than what? give the limit itself")
        if behind is not None and behind.has("relative") and not (self.more and len(near) == 1):
            return say("more or less than what? give the limit itself")
        changes = [p for p in left if p.has("change")]
        if changes and (han(changes[-1]) or left[-1] is changes[-1]):
            return say("this is a change; give the value itself")
        return None

    def _near_words(self) -> list[Phrase]:
        return [p for p in self._window() if p.has("free", "condition", "change", "compare", "negation")]

    # -- the comparison ----------------------------------------------------------------------------

    def _comparison(
        self,
    ) -> tuple[str, str, list[Phrase], tuple[str, ...], bool, Message | None]:
        """Operator, as written, its words, the quantities that it names, whether negated, and what is wrong."""
        phrases, i = self.clause.phrases, self.i
        left = self._left_comparisons()
        right = self._right_comparison(bool(left))
        if isinstance(right, Message):
            return "", "", [], (), False, right
        chosen = [*left, *([right] if right is not None else [])]
        self.used.update(chosen)
        operators: list[str] = []
        taken = [phrases[j] for j in chosen]
        turned, raw = False, ""
        negations = [j for j in range(self.start, i) if phrases[j].has("negation") and j not in self.used]
        spent: list[int] = []
        for j in chosen:
            operator = phrases[j].readings["compare"][0]
            composed = _says_not(phrases[j]) and operator in _TURNED
            turned = turned or composed
            raw = raw or (_TURNED[operator] if composed else operator)
            if j > i and phrases[j].text in SIGNS | _WRITTEN and not left:
                operator = _TURNED[operator]
            reach = self._negated(j) if j < i else []
            if len(reach) + composed > 1:
                return "", "", [*taken, *(phrases[n] for n in reach)], (), False, _twice()
            if reach and operator not in _TURNED:
                return "", "", [*taken, phrases[reach[0]]], (), False, _unbound()
            if reach:
                operator, turned = _TURNED[operator], True
                spent += reach
            operators.append(operator)
        if self.clause.join.startswith("nor") and operators and not spent:
            operators, turned = [_TURNED.get(o, o) for o in operators], True
        self.used.update(spent)
        taken += [phrases[n] for n in spent]
        if set(negations) - set(spent):
            loose = [phrases[n] for n in negations if n not in spent]
            return "", "", [*taken, *loose], (), False, _unbound()
        directed = next((phrases[j].readings["directed"] for j in chosen if phrases[j].has("directed")), ())
        operator, problem = _one_operator(operators)
        if problem is None:
            operator, turned, problem = self._carried(operator, raw, turned, taken)
        if problem is None:
            operator, problem = self._allowed(operator, turned, taken)
        return operator, raw, taken, directed, turned, problem

    def _left_comparisons(self) -> list[int]:
        phrases = self.clause.phrases
        found: list[int] = []
        for j in range(self.i - 1, self.start - 1, -1):
            p = phrases[j]
            if p.has("compare") and j not in self.used and BEFORE in p.readings["compare"][1]:
                if p.text in SIGNS | _WRITTEN and found:
                    break
                found.append(j)
            elif p.unknown and not p.aside:
                break
        return found

    def _right_comparison(self, has_left: bool) -> int | Message | None:
        phrases = self.clause.phrases
        for j in range(self.i + 1, self.stop):
            p = phrases[j]
            if p.has("compare") and j not in self.used:
                where = p.readings["compare"][1]
                if AFTER not in where:
                    return None
                if not self.more:
                    return j if not (has_left and BEFORE in where and p.text in SIGNS | _WRITTEN) else None
                if BEFORE not in where or (p.text in SIGNS | _WRITTEN and not has_left):
                    return j
                if has_left or p.text in SIGNS | _WRITTEN:
                    return None
                return self._whose(j)
            if not (_only_quiet(p) or p.has("quantity", "measured_by") or p.aside):
                return None
        return None

    def _whose(self, j: int) -> int | Message | None:
        """ "4.5 m min 4.7 m max" and "4.7 m max width 1.9 m": whether a "max" between numbers is the first's."""
        phrases = self.clause.phrases
        after = phrases[self.stop + 1 :]
        for p in after:
            if p.has("compare"):
                return j if AFTER in p.readings["compare"][1] else None
            if p.amount is not None or not _only_quiet(p):
                break
        if any(p.has("quantity") for p in phrases[j + 1 : self.stop]):
            if any(p.has("quantity") for p in phrases[self.start : self.i]):
                return say("does this belong to the number before it or behind it? put a comma")
            return j
        return None

    def _negated(self, j: int) -> list[int]:
        """The negations that reach the comparison at `j`."""
        phrases = self.clause.phrases
        found: list[int] = []
        for n in range(j - 1, self.start - 1, -1):
            p = phrases[n]
            if p.has("negation") and n not in self.used:
                found.append(n)
            elif not (_only_quiet(p) or p.has("quantity", "compare", "measured_by", "join", "change")):
                break
        return found

    def _carried(
        self, operator: str, raw: str, turned: bool, taken: Sequence[Phrase]
    ) -> tuple[str, bool, Message | None]:
        """ "not longer than 4.7 m or wider than 1.9 m": the negation reaches over "or"."""
        before, join = self.reader.previous, self.clause.join
        if before is None or not before.turned or turned or operator not in _TURNED or raw != before.raw:
            return operator, turned, None
        if join in ("or", "或", "或者"):
            return _TURNED[operator], True, None
        if join and join not in ("but", "但", "但是", "nor", "不过", "然而", "though", "although"):
            return operator, turned, say("does the negation before it reach this number too?")
        return operator, turned, None

    def _allowed(self, operator: str, turned: bool, taken: Sequence[Phrase]) -> tuple[str, Message | None]:
        """What the words around make of the limit: "over 4.7 m is not acceptable", "may be over 4.7 m"."""
        phrases = self.clause.phrases
        right = phrases[self.i + 1 : self.stop]
        if any(p.has("denial") for p in right):
            if operator not in _TURNED or turned:
                return "", _unbound()
            for j, p in enumerate(phrases):
                if p.has("denial"):
                    self.used.add(j)
            return _TURNED[operator], None
        allowed = any(p.has("permission") for p in (*self._window(), *right))
        strict = [p for p in taken if p.has("compare") and p.text.lower() not in _PLAIN]
        if allowed and strict and not turned and operator in (AT_MOST, AT_LEAST):
            return "", say("this is allowed: is it also asked for?")
        after = [p for p in right if p.has("negation")]
        if after and not any(not _only_quiet(p) for p in right[right.index(after[-1]) + 1 :]):
            return "", _unbound()
        return operator, None

    # -- the quantity ------------------------------------------------------------------------------

    def _quantity(self, directed: tuple[str, ...]) -> tuple[tuple[str, ...], Message | None, list[Phrase]]:
        phrases = self.clause.phrases
        amount = phrases[self.i].amount
        assert amount is not None  # noqa: S101 - told to mypy
        before: list[int] = []
        for j in range(self.i - 1, self.start - 1, -1):
            if phrases[j].has("quantity") and j not in self.used:
                before.append(j)
                if not self.clause.shared:
                    break
        if before:
            between = phrases[before[0] + 1 : self.i]
            parts = [phrases[j] for j in before]
            names = tuple(n for j in before for n in phrases[j].readings["quantity"])
            problem = self._of_another(before[-1], between, names)
            self.used.update(before)
            return tuple(dict.fromkeys(names)), problem, parts
        after = next(
            (j for j in range(self.i + 1, self.stop) if phrases[j].has("quantity") and j not in self.used),
            None,
        )
        if after is None or any(p.unknown and not p.aside for p in phrases[self.i + 1 : after]):
            return (), None, []
        names = tuple(phrases[after].readings["quantity"])
        if self.more and self._next_ones(after, names, amount, directed):
            return (), None, []
        sign = any(p.text in SIGNS | _WRITTEN for p in phrases[self.i + 1 : after])
        problem = self._of_another(after, phrases[self.i + 1 : after], names)
        if not sign:
            self.used.add(after)
        return names, problem, [phrases[after]]

    def _next_ones(self, j: int, names: tuple[str, ...], amount: Amount, directed: tuple[str, ...]) -> bool:
        """Whether a quantity between two numbers belongs to the second one."""
        phrases, known = self.clause.phrases, self.reader.words.known
        if any(p.text in SIGNS | _WRITTEN for p in phrases[self.i + 1 : j]):
            return False
        if any(p.has("quantity") for p in phrases[j + 1 : self.stop]):
            return False
        following = phrases[self.stop + 1 :]
        ends = next((k for k, p in enumerate(following) if p.amount is not None), len(following))
        if any(p.has("quantity") for p in following[:ends]):
            return False  # the second has its own behind it
        if any(p.has("measured_by") for p in phrases[self.i + 1 : j]) or directed:
            return True
        return not any(could_be(known[n], amount) for n in names)

    def _of_another(self, j: int, between: Sequence[Phrase], names: tuple[str, ...]) -> Message | None:
        """ "seat height 450 mm", "length of the bonnet 1.2 m": another thing's measure."""
        phrases = self.clause.phrases
        for p in between:
            if p.unknown and not p.aside:
                return say("the words between quantity and number are not understood: is it this quantity?")
            if (
                p.has("feature")
                and not p.has("place", "stop")
                and not set(p.readings["feature"]) & set(names)
            ):
                return say("whose measure is it? name the quantity itself")
        beside = phrases[j - 1] if j > 0 else None
        if beside is None or not phrases[j].has("single") or j - 1 == self.i:
            return None
        part = beside.has("feature") and not beside.has("place", "body", "compare", "size", "mood", "stop")
        if (beside.unknown and not beside.aside) or part:
            return say("whose measure is it? name the quantity itself")
        return None

    def _placed(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those of a group that stand where the words say: "38 in front and 37 in rear"."""
        places = {p.readings["place"] for p in self._place_words()}
        if len(names) < 2 or not places:
            return names
        return tuple(n for n in names if any(place in n.split("_") for place in places)) or names

    def _place_words(self) -> list[Phrase]:
        stop = self.stop
        if self.more:
            stop = next(
                (j for j in range(self.i + 1, self.stop) if self.clause.phrases[j].has("quantity")), self.stop
            )
        both = [*self.clause.phrases[self.start : self.i], *self.clause.phrases[self.i + 1 : stop]]
        left = [p for p in self.clause.phrases[self.start : self.i] if p.has("place")]
        return [p for p in both if p.has("place")] if not (left and self.more) else left

    def _axis_words(self) -> list[Phrase]:
        """ "long" behind the number, or 长 before it."""
        phrases = self.clause.phrases
        found: list[Phrase] = []
        for j in range(self.i + 1, self.stop):
            if phrases[j].has("measured_by") and j not in self.used:
                if phrases[self.i].amount and kind_of(phrases[self.i].amount.unit or "mm") in (
                    "length",
                    "mass",
                ):  # type: ignore[union-attr]
                    found.append(phrases[j])
                break
            if not (_only_quiet(phrases[j]) or phrases[j].has("compare")):
                break
        for j in range(self.i - 1, self.start - 1, -1):
            if phrases[j].has("measured_by") and han(phrases[j]) and j not in self.used:
                return [*found, phrases[j]] if not found else found
            if not (_only_quiet(phrases[j]) or phrases[j].has("compare", "negation")):
                break
        return found

    def _foreign(self, taken: Sequence[Phrase], directed: tuple[str, ...]) -> bool:
        """Whether a number without a quantity stands beside a word that we do not know, or a part's name."""
        phrases = self.clause.phrases
        places = [self.i, *(j for j, p in enumerate(phrases) if p in taken)]
        axis = [j for j, p in enumerate(phrases) if p in self._axis_words()]
        first, last = min([*places, *axis]), max([*places, *axis])
        before = [p for p in phrases[self.start : first] if not _silent(p)]
        after = [p for p in phrases[last + 1 : self.stop] if not _silent(p)]
        beside = [*before[-1:], *after[:1]]
        return any(
            p.unknown
            or (
                p.has("feature") and not p.has("place", "body") and not {*p.readings["feature"]} & {*directed}
            )
            for p in beside
        )

    def _unsaid(
        self, amount: Amount, directed: tuple[str, ...], operator: str
    ) -> tuple[tuple[str, ...], tuple[str, ...], Message | None]:
        """The quantity of a number without one: by its comparison or adjective, the clause before, its size."""
        reader, known = self.reader, self.reader.words.known
        axis = tuple(n for p in self._axis_words() for n in p.readings["measured_by"] if n in known)
        places = [p for p in self._place_words()]
        last = self._placed(reader.last)
        inherited = bool(last) and all(could_be(known[n], amount) for n in last)
        if axis:
            return axis[:1], axis[:1], None
        if directed:
            near = self._only(directed, amount)
            if not near and inherited and self.clause.join:
                return last, reader.last, None
            chosen = near or directed[:1]
            return chosen, chosen, None
        if places and len(reader.last) > 1 and not self.clause.sentence_start:
            return last, reader.last, None
        within = self.start > 0  # an earlier number in the same clause
        if inherited and (self.clause.join or within):
            return last, reader.last, None
        if amount.unit in ("", "percent"):
            if inherited and operator and not self.clause.sentence_start:
                return last, reader.last, None
            return (), (), None
        bare = reader.words.bare.get(kind_of(amount.unit), ())
        guess = self._only(bare, amount)
        if inherited and not self.clause.sentence_start:
            if guess and guess != last and operator and len(last) == 1:
                one, other = named(last[0]), named(guess[0])
                return (), (), say("is this {one} or {other}?", one=one, other=other)
            if not guess or operator:
                return last, reader.last, None
        if guess:
            return guess, guess, None
        loose = self._only(bare, amount, 0.4)
        return loose, loose, None

    def _only(self, names: Iterable[str], amount: Amount, slack: float = 0.0) -> tuple[str, ...]:
        """The only one of `names` whose reach holds the number; the first of unknown reach; else none."""
        known = self.reader.words.known
        found: list[str] = []
        for name in names:
            if name in known and could_be(known[name], amount, slack):
                found.append(name)
                if known[name].reach is None:
                    break
        return tuple(found) if len(found) == 1 else ()

    def _goes_on(self) -> bool:
        """Whether a word that means nothing here follows the number directly: "1.4-something", 一米四几."""
        for p in self.clause.phrases[self.i + 1 : self.stop]:
            if p.has("quantity", "compare", "tolerance") or p.aside:
                return False
            if p.unknown:
                return True
            if not (_only_quiet(p) or p.has("measured_by")):
                return False
        return False

    # -- the rest ----------------------------------------------------------------------------------

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


_WRITTEN = frozenset({"≤", "⩽", "≦", "=<", "≥", "⩾", "≧", "=>"})


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


def _one_operator(operators: Sequence[str]) -> tuple[str, Message | None]:
    """The operator of several comparisons of one number."""
    kinds = {o for o in operators if o not in (ABOUT, EXACTLY, LIMIT)}
    if len(kinds) > 1:
        return "", say("two comparisons that contradict each other; say which one holds")
    if kinds:
        return next(iter(kinds)), None
    return (EXACTLY if EXACTLY in operators else operators[0], None) if operators else ("", None)


def _confident(phrases: Sequence[Phrase], i: int) -> bool:
    """ "with 95 % confidence" is no limit."""
    amount = phrases[i].amount
    beside = [p for j in (i - 1, i + 1) if 0 <= j < len(phrases) for p in (phrases[j],)]
    return (
        amount is not None and amount.unit == "percent" and 50.0 <= amount.low < 100.0
        and any(p.has("confidence") for p in beside)
    )  # fmt: skip


def _only_quiet(phrase: Phrase) -> bool:
    return phrase.has(*_QUIET) and phrase.amount is None and not phrase.has("quantity", "negation", "body")


def _silent(phrase: Phrase) -> bool:
    return phrase.has("stop", "firm", "soft", "unit", "tolerance", "place") or phrase.aside


def _times(phrase: Phrase) -> bool:
    return phrase.text.lower() in TIMES or _slash(phrase)


def _slash(phrase: Phrase) -> bool:
    return phrase.text == "/"


def _letters(phrases: Sequence[Phrase]) -> list[int]:
    """Indices of "L", "W", "H" of a label like "L x W x H"."""
    return [j for j, p in enumerate(phrases) if p.text.lower() in ("l", "w", "h")][-3:]


def _says_not(phrase: Phrase) -> bool:
    """Whether a comparison holds a negation itself: "no longer than", 不超过."""
    return phrase.text.lower().startswith(("no ", "not ", "nothing ", "不", "未"))


def _unbound() -> Message:
    return say("the negation cannot be bound to the number; say it with 'at most' or 'at least'")


def _twice() -> Message:
    return say("two negations of one comparison; say it with 'at most' or 'at least'")
