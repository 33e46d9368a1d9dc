"""First pass over the clauses: each number finds its quantity, its comparison and what is negated.

What cannot be bound without guessing becomes a doubt: the number is not used, and the writer is asked. The
order of the words is free: a sign, a number and a quantity may stand in any order, inequalities may be
chained, and a negation turns the comparison that it reaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ..messages import Message, say
from .amounts import Amount
from .beside import before_figures, confident, marked_should, not_one_more, of_kind, restates, struck, verb
from .clauses import AFTER, EACH, SIGNS, Clause, Phrase, han
from .comparing import WEAK, of_somebody
from .headings import Headed, measure_alone
from .linked import (
    ABOUT,
    AT_LEAST,
    AT_MOST,
    EXACTLY,
    FLATTER,
    LIMIT,
    PLAIN,
    STEEPER,
    TURNED,
    WRITTEN,
    Link,
    Linked,
    Vocabulary,
    could_be,
    unbound,
)
from .lists import how_many, tolerated
from .naming import Named
from .parts import along
from .units import kind_of

_OR = frozenset(["or", "nor", "或", "或者"])
_AND = frozenset(["and", "&", "和", "与", "、"])


def link_all(clauses: Sequence[Clause], words: Vocabulary) -> Linked:
    """Read the numbers of all clauses."""
    reader = _Reader(words)
    k = 0
    while k < len(clauses):
        listed = how_many(clauses, k)
        if listed:
            reader.read_lists(clauses[k : k + listed])
        else:
            reader.following = clauses[k + 1] if k + 1 < len(clauses) else None
            reader.read(clauses[k])
        k += listed or 1
    return reader.found


class _Reader(Headed):
    """Reads clause by clause."""

    # -- a clause ----------------------------------------------------------------------------------

    def read(self, clause: Clause) -> None:
        """Read the numbers of one clause."""
        if clause.sentence_start:
            self.earlier = self.previous or self.earlier
            self.previous, self.foreign, self.began = None, False, len(self.found.links)
            self.condition, self.spoken = None, {}
        if not clause.parted:
            self.hanging = None
        self.heading(clause)
        if self.loose is not None and clause.join in _OR:
            self.hanging = self.loose
        self.loose = None
        phrases = clause.phrases
        worded = next((p for p in phrases if p.amount is None), phrases[0])
        own = not worded.has("measured_by") or worded.aside  # 靠背（多层板，高36厘米）
        alone = measure_alone(worded) and own and not worded.has("quantity")  # 塑料座面，厚8毫米
        if (
            self.leading and clause.parted and (alone or not clause.after)
        ):  # "tyres with an outer diameter of 700 mm"
            self.part = self.leading
        self.ahead, self.leading = self.leading, {}
        used: set[int] = set()
        numbers = [i for i, p in enumerate(phrases) if p.amount is not None and not confident(phrases, i)]
        again = {b: a for a, b in pairwise(numbers) if restates(phrases[a], phrases[b])}
        again.update({b: a for a, b in pairwise(numbers) if struck(phrases[a + 1 : b]) and b not in again})
        numbers = [i for i in numbers if i not in again]
        self._denied(clause)
        if self._replaced(clause):
            return
        if not numbers:
            if not self.heads(clause):
                self._without_number(clause)
            said = [p for p in phrases if not p.has("stop", "firm", "figures") or p.has("measures")]
            part = next((p for p in reversed(said) if not p.has("figures") or p.has("measures")), None)
            self.leading = (
                part.readings.get("measures", {}) if part is not None else {}
            )  # 座面用多层板，厚12毫米
            self.spoken = next((p.readings["measures"] for p in reversed(said) if p.has("measures")), {})
            self._hang(phrases)
            return
        numbers = self.zipped(clause, numbers, used)
        for k, i in enumerate(numbers):
            start = numbers[k - 1] + 1 if k else 0
            stop = numbers[k + 1] if k + 1 < len(numbers) else len(phrases)
            OneNumber(self, clause, i, start, stop, k + 1 < len(numbers), used).read()
        for b, a in again.items():
            for link in (x for x in self.found.links if phrases[a] in x.phrases):
                link.phrases += [p for p in phrases[a + 1 : b + 1] if p.amount or p.has("negation")]
        self._tolerances(clause)
        self._leftovers(clause, used)
        self.hanging, self.spoken = None, {}

    def _denied(self, clause: Clause) -> None:
        """ "Under 1.3 m? No": a bare no takes the limit before it back."""
        first = clause.phrases[:2]
        answer = first[0].has("negation") and (len(clause.phrases) == 1 or first[1].text == ":")
        if clause.sentence_start and answer and self.found.links:
            link = self.found.links.pop()
            self.doubt([*link.phrases, *clause.phrases], unbound())

    def _replaced(self, clause: Clause) -> bool:
        """ "44 cm, not 46": the number in a clause of its own is what the one before is instead of."""
        before, said = self.previous, [p for p in clause.phrases if not p.has("stop")]
        if (
            before is None
            or clause.sentence_start
            or before.operator
            or len(said) != 2
            or said[1].amount is None
        ):
            return False
        if not struck(said[:1]) or said[1].amount.unit not in ("", before.amount.unit):
            return False
        before.phrases.extend(said)
        return True

    def _hang(self, phrases: Sequence[Phrase]) -> None:
        """Keep a negation that its clause leaves open: "never, under any circumstances, more than 4.7 m"."""
        last = next((j for j in range(len(phrases) - 1, -1, -1) if phrases[j].has("negation")), None)
        behind = phrases[last + 1 :] if last is not None else []
        thing = bool(behind) and behind[0].unknown and han(behind[0])  # 不要塑料的
        if (
            last is not None
            and not thing
            and all(p.has("stop", "filler", "firm") or p.unknown for p in behind)
        ):
            self.hanging = phrases[last]

    def _without_number(self, clause: Clause) -> None:
        """A clause that speaks of the number before it, or only names a quantity."""
        phrases = clause.phrases
        self._tolerances(clause)
        meaning = [p for p in phrases if not p.has("stop", "filler", "firm") or p.has("compare", "denial")]
        before = self.previous
        if meaning and all(p.has("compare", "denial", "negation") for p in meaning):
            compares = [p for p in meaning if p.has("compare") and not p.has("says")]
            if before is not None and before.operator == "" and compares and not clause.sentence_start:
                operator, where = compares[0].readings["compare"]
                negations = sum(p.has("negation") for p in meaning)
                bare = [
                    x for x in self.found.links[self.began :] if not x.operator and x.amount.above is None
                ]
                each = compares[0].text.lower().startswith("none ")
                if AFTER in where and negations == 0 and (len(bare) == 1 or (bare and each)):
                    for link in bare:
                        link.operator = operator
                        link.phrases.extend(phrases)
                    return
            said = before is not None and before in self.found.links and not clause.sentence_start
            if before is not None and said and before.operator == "" and not compares:
                self.found.links.remove(before)  # "1.52 m high, which is too much"
                self.previous, meaning = None, [*before.phrases, *meaning]
            if compares or (before is not None and any(p.has("denial") for p in meaning)):
                self.doubt(meaning, say("what do these words limit?"))
                return
        here = before if before in self.found.links[self.began :] else None
        operator = not_one_more(meaning)
        several = [x for x in self.found.links[self.began :] if not x.operator and x.amount.above is None]
        if operator and here is not None and len(several) > 1:  # of all of them?
            self.doubt(meaning, say("what do these words limit?"))
            return
        if operator and here is not None and not here.operator and here.amount.above is here.amount.high:
            here.operator = operator
            here.phrases.extend(phrases)
            return
        more = [p for p in meaning if not p.has("intensity")]
        in_words = clause.join in _OR and bool(more) and all(p.has("size", "relative") for p in more)
        if before is not None and not before.operator and in_words and before in self.found.links:
            self.found.links.remove(before)  # "112 in or ampler": a limit in words that we do not know
            self.doubt([*before.phrases, *more], say("what do these words limit?"))
            return
        if before is not None and meaning and all(p.has("place") for p in meaning):
            both = self.placed(before.names, {p.readings["place"] for p in meaning})
            if set(before.names) < set(both) and not clause.sentence_start:  # "1.55 m, front and rear"
                before.names = both
                before.phrases.extend(meaning)
                return
        units = [p for p in phrases if p.has("unit")]
        named = [n for p in phrases if p.has("quantity") for n in p.readings["quantity"]]
        if units and not named:
            unit = units[-1].readings["unit"]
            self.found.units[kind_of(unit)] = unit
        self.last = tuple(named) or self._described(phrases) or (self.last if clause.join else ())

    def _described(self, phrases: Sequence[Phrase]) -> tuple[str, ...]:
        """The measure that a clause without a number says of a part: "the seat a bit higher, 48 cm"."""
        parts = [p.readings["measures"] for p in phrases if p.has("measures")]
        of = parts[0] if parts else {}
        ways = [way for p in phrases if not p.has("measures") and (way := along(p, of))]
        name = parts[0].get(ways[0], "") if len(parts) == len(ways) == 1 else ""
        return (name,) if name else ()

    def _tolerances(self, clause: Clause) -> None:
        """A tolerance belongs to the number before it, else to the one behind it."""
        phrases = clause.phrases
        for k, phrase in enumerate(phrases):
            if not phrase.has("tolerance"):
                continue
            near = [p for p in (*reversed(phrases[:k]), *phrases[k + 1 :]) if p.amount is not None][:1]
            link = next((x for x in self.found.links if near and near[0] in x.phrases), None)
            link = link or (self.previous if not near else None)
            links = [link] if link is not None else []
            began = 0 if clause.sentence_start else self.began  # "Everything ±5 %."
            bare = [
                x
                for x in self.found.links[began:]
                if x.amount.above is None and x.operator in ("", EXACTLY, ABOUT)
            ]
            within = any(one in phrase.text for one in ("都", "均", "各"))
            if within or any(p.text.lower() in EACH for p in phrases[max(k - 2, 0) : k + 3]):
                links = bare
            elif not near and len(bare) > 1:  # "1560 in front, 1570 behind, tolerance 5 mm": of one or all
                links = []
            if not links or any(x.amount.above is not None for x in links):
                self.doubt([phrase], say("what has this tolerance?"))
                continue
            spread = phrase.readings["tolerance"]
            for one in links:
                one.amount = tolerated(one.amount, spread)
                one.phrases.append(phrase)

    def _leftovers(self, clause: Clause, used: set[int]) -> None:
        """A comparison that no number of its clause took leaves every limit of the clause in doubt."""
        left = [
            p for j, p in enumerate(clause.phrases)
            if j not in used and p.has("compare") and p.readings["compare"][0] not in (ABOUT, EXACTLY)
            and not before_figures(clause.phrases, j) and not of_somebody(p, clause.phrases[j + 1 :])
            and not p.has("stop", "wish", "size", "whole_wish", "mood")
            and not any(p in d.phrases for d in self.found.doubts)
        ]  # fmt: skip
        for link in [x for x in self.found.links if left and any(p in clause.phrases for p in x.phrases[:1])]:
            if left[0] in link.phrases:
                continue
            self.found.links.remove(link)
            self.doubt([*link.phrases, *left], say("which limit is meant?"))


class OneNumber(Named):
    """One number of a clause and the window in which its words stand."""

    def read(self) -> None:  # noqa: PLR0911, PLR0912 - one return a case
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
            self.reader.loose = next((p for p in taken if p.has("negation")), None)
            self.reader.last = own or self.reader.last
            self.reader.doubt([*taken, *parts, number], problem or problem_q or unbound())
            return
        own, problem_q = self._measured(own, parts, amount) if own else self._of_part(amount)
        if problem_q is not None:
            self.reader.doubt([*taken, *parts, number, *self._axis_words(), *self.measuring], problem_q)
            return
        group = own
        names = self._placed(own)
        if not names:
            if self._foreign(taken, directed):
                self.reader.foreign = True
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
        worded = any(p.has("compare") and p.text.lower() not in PLAIN | WEAK for p in taken)
        if (not operator or worded) and amount.above is None and self._clouded():
            self.reader.doubt(
                [*parts, number], say("the words before it are not understood: what do they ask of it?")
            )
            return
        if not operator and amount.above is None and self._either(names, parts):
            return
        said = bool(operator)
        operator, problem_q = self._sense(operator, names, amount)
        if problem_q is not None:
            self.reader.doubt([*taken, *parts, number], problem_q)
            return
        if not operator and amount.above is None and self._goes_on():
            self.reader.doubt([*parts, number], say("what do the words behind the number change?"))
            return
        if not operator and not own:
            operator, turned, raw = self._shared(names)
        names = of_kind(names, amount, words)
        unit = self._label() or ("" if own or amount.unit else self._unit_before(names, amount))
        shared = bool(operator) and not said
        link = Link(
            amount,
            operator,
            names,
            [number, *taken, *parts],
            self._soft(operator, names),
            turned,
            raw,
            unit,
            shared,
        )
        link.phrases += self._words_of_measure()
        self.reader.record(link, group if set(names) <= set(group) else names)

    def _words_of_measure(self) -> list[Phrase]:
        """The words that say what the number measures; no other number has them."""
        said = [p for p in self.measuring if not p.has("measures")]
        self.used.update(j for j, p in enumerate(self.clause.phrases) if p in said)
        return self._axis_words() + self._place_words() + self.measuring

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

    def _sense(self, operator: str, names: tuple[str, ...], amount: Amount) -> tuple[str, Message | None]:
        """What is asked of these quantities: "steeper" by where an angle is taken from, a bare value by its
        heading or by the end of the next clause."""
        ways = {self.reader.words.measured_from.get(n, "") for n in names}
        window = self.clause.phrases[self.start : self.stop]
        if any(ways - {"", p.readings["reference"]} for p in window if p.has("reference")):
            return "", say("from where is this angle measured? give the other one")
        if operator in (STEEPER, FLATTER):
            if len(ways) != 1 or "" in ways:
                return "", say("which limit is meant?")
            return AT_LEAST if (operator == STEEPER) == (ways == {"horizontal"}) else AT_MOST, None
        if operator or amount.above is not None or amount.high is not None:
            return operator, None
        operator = self.reader.headed or self._at_the_end() or self._from_before()
        allowed = not operator and any(p.has("permission") for p in window)
        if allowed and self._falls_back(names):
            return LIMIT, None
        return operator, say("this is allowed: is it also asked for?") if allowed else None

    def _falls_back(self, names: tuple[str, ...]) -> bool:
        """ "0.22, though 0.24 would be fine": a value, then what is still allowed: a wish and its limit."""
        before = self.reader.previous
        if before is None or before.names != names or before.operator or before.amount.above is not None:
            return False
        before.soft = True
        return True

    def _from_before(self) -> str:
        """ "at least 36 cm wide and 40 cm high": the comparison before the first holds for both."""
        before, phrases = self.reader.previous, self.clause.phrases
        joined = self.clause.join in _AND or self._listed()
        if (
            before is None
            or not joined
            or any(p.has("tolerance") for p in phrases)
            or self.clause.sentence_start
            or self.start
        ):
            return ""
        if before.shared:
            return before.operator if self._axis_words() else ""
        number = next((p for p in before.phrases if p.amount is not None), None)
        compare = [p for p in before.phrases if p.has("compare") and not p.has("directed")]
        along = any(p.has("measured_by") for p in before.phrases)
        if number is None or len(compare) != 1 or compare[0].first > number.first or not along:
            return ""
        bare = all(p.has("stop") and not p.has("quantity", "measures") for p in phrases[: self.i])
        return before.operator if bare and before.operator in TURNED and self._axis_words() else ""

    def _listed(self) -> bool:
        """Whether the clause goes on with a list that ends: ", 52 cm in width and 56 cm in depth"."""
        following, parted = self.reader.following, self.clause.parted and self.clause.after == ","
        if following is None or not parted or following.join not in _AND:
            return False
        said = [p for p in following.phrases if not p.has("stop") or p.has("compare")]
        return len(said) == 2 and said[0].amount is not None and said[1].has("measured_by")

    def _at_the_end(self) -> str:
        """ "560 mm wide and 580 mm deep at most": the comparison at the end of the clauses holds for both."""
        following = self.reader.following
        if following is None or following.join not in _AND or self.more or not self._axis_words():
            return ""
        numbers = [j for j, p in enumerate(following.phrases) if p.amount is not None]
        axes = [p for p in following.phrases if p.has("measured_by")]
        compare = [j for j, p in enumerate(following.phrases) if p.has("compare")]
        if len(numbers) != 1 or len(compare) != 1 or compare[0] < numbers[0] or not axes:
            return ""
        if any(p.has("quantity", "negation", "measures") for p in following.phrases):
            return ""
        operator, where = following.phrases[compare[0]].readings["compare"]
        return operator if AFTER in where and operator in TURNED else ""

    def _shared(self, names: Sequence[str]) -> tuple[str, bool, str]:
        """ "at most 900 mm in front and 950 mm at the rear": one comparison for both places."""
        before = self.reader.previous
        if before is None or not self.clause.join:
            return "", False, ""
        beside = set(self.reader.siblings(before.names)) - set(before.names)
        return (before.operator, before.turned, before.raw) if beside & set(names) else ("", False, "")

    def _unit_before(self, names: Sequence[str], amount: Amount) -> str:
        """ "4 to 5 kg, preferably 4": the unit of the number before, of the same quantity."""
        before = self.reader.previous
        if before is None or not before.amount.unit or not set(names) <= set(before.names):
            return ""
        spoken = replace(amount, unit=before.amount.unit)
        known = self.reader.words.known
        return before.amount.unit if all(could_be(known[n], spoken) for n in names) else ""

    def _label(self) -> str:
        """The unit of a label beside the number."""
        around = [*reversed(self._window()), *self.clause.phrases[self.i + 1 : self.stop]]
        return next((p.readings["unit"] for p in around if p.has("unit")), "")

    def _soft(self, operator: str, names: tuple[str, ...]) -> bool:
        left = self.clause.phrases[: self.i]
        right = self.clause.phrases[self.i + 1 : self.stop]
        beyond = next((k for k, p in enumerate(right) if self.more and p.text == "("), len(right))
        right = right[:beyond]  # "0.24 (stretch goal 0.22)": of the number in the brackets
        window = self._window()
        colon = next((k for k, p in enumerate(window) if p.text == ":"), 0)
        window = window[max(colon - 1, 0) :]  # "Targets for project K: ..." only heads what follows
        if any(p.has("soft") and not p.has("quantity") and not verb(p, window[k + 1 : k + 2])
               for k, p in enumerate((*window, *right))):  # fmt: skip
            return True
        headed = self.reader.wished == "all" or (self.reader.wished == "bare" and not operator)
        again = self.reader.previous is not None and self.reader.previous.names == names
        firm = any(p.has("firm") for p in (*window[-2:], *right)) or (again and bool(operator))
        held = headed and not firm  # "target: Cd 0.235, limit 0.25"
        beside = pairwise((*window, self.clause.phrases[self.i]))  # 希望≥1.8
        hoped = any(p.text == "希望" and (q.text in SIGNS | WRITTEN or q.amount) for p, q in beside)
        if held or hoped or any(marked_should(part) for part in (window, right)):
            return True
        colon = next((k for k, p in enumerate(left) if p.text == ":"), 0)
        if not any(p.has("quantity") for p in left[:colon]):
            left = left[max(colon - 1, 0) :]  # what a heading makes of it is said by the heading
        return not operator and any(
            p.has("soft") and not verb(p, left[k + 1 : k + 2]) for k, p in enumerate(left)
        )
