"""The words around one number: what it is compared by, and what makes it no limit at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..messages import Message, say
from .clauses import AFTER, BEFORE, SIGNS, Clause, Phrase, han
from .linked import (
    ABOUT,
    AT_LEAST,
    AT_MOST,
    EXACTLY,
    LIMIT,
    LOOSE,
    PLAIN,
    TURNED,
    WRITTEN,
    State,
    quiet,
    says_not,
    twice,
    unbound,
)
from .numerals import is_number_word

ARROWS = frozenset(["->", "→", "⇒"])
#: "longer than the current 4.62 m"
OF_NOW = frozenset(["current", "existing", "present", "previous", "old", "today's"])
#: behind a number, what a negation before it turns round: 不能小到400升以下
_BEYOND = frozenset(["以下", "之下", "以上", "之上", "及以下", "及以上", "或以下", "或以上"])
#: what a preposition before it has nothing to do with a number
_PEOPLE = frozenset(["you", "me", "us", "them", "him", "her", "it", "our", "my", "your", "their"])
_PLACES = frozenset(["above", "over", "below", "under", "beneath", "beyond", "inside", "within"])
_AND = frozenset(["and", "&", "和", "与", "及", "、"])
_BRING = frozenset(["bring", "get", "take", "cut", "reduce", "lower", "drop", "pull", "trim", "brought"])
_MORE = frozenset(["deeper", "thicker", "thinner", "shallower"])
_LEANS = frozenset(["lean", "rake", "tilt", "slope", "recline", "splay", "incline"])
#: comparisons that a second one behind the number makes precise: 控制在4.6米以内, 做到2.8米以上
WEAK = frozenset(["控制在", "限制在", "限定在", "达到", "做到", "降到", "降至", "压到", "压在"])


@dataclass
class Compared:
    """One number of a clause and the window in which its words stand."""

    reader: State
    clause: Clause
    i: int
    start: int
    stop: int
    more: bool
    used: set[int]

    # -- what is no limit --------------------------------------------------------------------------

    def _window(self) -> Sequence[Phrase]:
        return self.clause.phrases[self.start : self.i]

    def _no_limit(self) -> Message | None:  # noqa: PLR0911 - one return a case
        left, right = self._window(), self.clause.phrases[self.i + 1 : self.stop]
        if any(p.has("free") for p in left):
            return say("this need not hold: is there a limit at all?")
        given = any(p.has("condition") and not p.has("soft") for p in (*left, *right))
        if given or self._goes_with_condition():
            self.reader.condition = self.clause
            return say("a limit under a condition cannot be kept: does it hold always?")
        near = [p for p in right if not quiet(p) or p.has("relative", "negation", "compare")]
        behind = right[0] if right else None
        moved = any(p.text.lower().endswith((" down", " up")) or p.text.lower() in _BRING for p in left)
        amount = self.clause.phrases[self.i].amount
        since = any(p.text.lower() == "from" for p in left)
        if self._arrow() or (moved and since and amount is not None and amount.high is not None):
            return say("from one value to another: which one holds?")
        if behind is not None and behind.unknown and is_number_word(behind.text.lower()):
            return say("the number goes on in words; give it in digits")
        if behind is not None and behind.text.lower() in _MORE:
            return say("more or less than what? give the limit itself")
        than = behind is not None and behind.text.lower().endswith(" than") and len(near) == 1 and self.more
        if behind is not None and behind.has("relative") and (than or not behind.has("compare")):
            return say("more or less than what? give the limit itself")
        if behind is not None and behind.has("relative") and not (self.more and len(near) == 1):
            return say("more or less than what? give the limit itself")
        ways = {p.readings.get("part_measure", "") for p in left} & {"growth", "drop"}
        grows = any(ways & {*p.readings.get("measures", ())} for p in left)  # "the stack grows by 80 mm"
        changes = [p for j, p in enumerate(left) if p.has("change") and not (grows or _leant(left, j))]
        if changes and (han(changes[-1]) or left[-1] is changes[-1]):
            return say("this is a change; give the value itself")
        return None

    def _goes_with_condition(self) -> bool:
        """ "the old chair was 6.2 kg and 860 mm tall": the second is as old as the first."""
        before, clause = self.reader.condition, self.clause
        bare = not any(p.has("compare", "firm", "soft") for p in clause.phrases)
        with_it = clause.parted and not clause.after  # "was 2.4 kg with 420 chainstays"
        return before is not None and bare and (clause is before or clause.join in _AND or with_it)

    def _arrow(self) -> bool:
        """ "1450 mm → 1430 mm"."""
        phrases, i = self.clause.phrases, self.i
        sides = (phrases[i - 2 : i][::-1] if i >= 2 else [], phrases[i + 1 : i + 3])
        return any(len(s) == 2 and s[0].text in ARROWS and s[1].amount is not None for s in sides)

    def _near_words(self) -> list[Phrase]:
        return [p for p in self._window() if p.has("free", "condition", "change", "compare", "negation")]

    # -- the comparison ----------------------------------------------------------------------------

    def _comparison(
        self,
    ) -> tuple[str, str, list[Phrase], tuple[str, ...], bool, Message | None]:
        """Operator, as written, its words, the quantities that it names, whether negated, what is wrong."""
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
        negations = [
            j for j in range(self.start, i)
            if phrases[j].has("negation") and j not in self.used and not self._aside(phrases[j])
            and not self._of_its_own(j, chosen)
        ]  # fmt: skip
        hanging = self.reader.hanging
        if hanging is not None:
            return "", "", [*taken, hanging], (), False, unbound()
        spent: list[int] = []
        for j in chosen:
            operator = self._operator(j)
            composed = says_not(phrases[j]) and operator in TURNED
            turned = turned or composed
            raw = raw or (TURNED[operator] if composed else operator)
            if j > i and phrases[j].text in SIGNS | WRITTEN and not left:
                operator = TURNED[operator]
            weak = all(phrases[k].text in WEAK for k in left)
            beyond = j > i and weak and phrases[j].text in _BEYOND
            reach = self._negated(i if beyond else j) if j < i or beyond else []
            if len(reach) + composed > 1:
                return "", "", [*taken, *(phrases[n] for n in reach)], (), False, twice()
            if reach and operator not in TURNED:
                return "", "", [*taken, phrases[reach[0]]], (), False, unbound()
            if reach:
                operator, turned = TURNED[operator], True
                spent += reach
            if not (j < i and right is not None and phrases[j].text in WEAK):
                operators.append(operator)
        if self.clause.join.startswith("nor") and operators and not spent:
            operators, turned = [TURNED.get(o, o) for o in operators], True
        self.used.update(spent)
        taken += [phrases[n] for n in spent]
        if set(negations) - set(spent):
            loose = [phrases[n] for n in negations if n not in spent]
            return "", "", [*taken, *loose], (), False, unbound()
        directed = next((phrases[j].readings["directed"] for j in chosen if phrases[j].has("directed")), ())
        operator, problem = _one_operator(operators)
        if problem is None:
            operator, turned, problem = self._carried(operator, raw, turned, taken)
        if problem is None:
            operator, problem = self._allowed(operator, turned, taken)
        return operator, raw, taken, directed, turned, problem

    def _of_its_own(self, n: int, chosen: Sequence[int]) -> bool:
        """ "it mustn't tip: stability at least 1.3": a negation with a verb of its own before the colon."""
        phrases = self.clause.phrases
        colon = next((k for k in range(n + 1, self.i) if phrases[k].text == ":"), 0)
        between = phrases[n + 1 : colon]
        verb = any(p.unknown or p.has("size", "mood", "measured_by") for p in between)
        verb = verb and not any(p.has("compare") for p in between)
        return verb and bool(chosen) and min(chosen) > colon

    def _operator(self, j: int) -> str:
        """What a comparison says: "bring it down to 920 mm" names the value itself."""
        phrases = self.clause.phrases
        brought = phrases[j].text.lower() == "down to" and any(p.text.lower() in _BRING for p in phrases[:j])
        return EXACTLY if brought else str(phrases[j].readings["compare"][0])

    def _aside(self, phrase: Phrase) -> bool:
        """Whether a phrase stands in brackets and the number does not."""
        return phrase.aside and not self.clause.phrases[self.i].aside

    def _left_comparisons(self) -> list[int]:
        phrases = self.clause.phrases
        found: list[int] = []
        for j in range(self.i - 1, self.start - 1, -1):
            p = phrases[j]
            between = phrases[j + 1 : self.i]
            if p.text.lower() in LOOSE and of_somebody(p, between):
                break
            if p.text.lower() == "from" and any(q.has("quantity", "measures") for q in between):
                break  # "from mirror to mirror 2.05 m"
            if p.has("compare") and j not in self.used and BEFORE in p.readings["compare"][1]:
                if p.text in SIGNS | WRITTEN and found:
                    break
                found.append(j)
            elif (
                p.unknown
                and not (p.aside or p.has("part_measure"))
                and p.text.lower() not in OF_NOW
                and self._reference() is None
            ):
                break
        return found

    def _reference(self) -> int | None:
        """Where "wider than" stands in "no wider than a Golf (1.79 m)": the number says what the name is."""
        phrases = self.clause.phrases
        if not phrases[self.i].aside:
            return None
        for j in range(self.i - 1, self.start - 1, -1):
            p = phrases[j]
            if p.has("compare") and p.text.lower().endswith((" than", " as")):
                return j
            if not (p.unknown or p.aside or p.has("stop", "filler")):
                return None
        return None

    def _right_comparison(self, has_left: bool) -> int | Message | None:  # noqa: PLR0911 - one return a case
        phrases = self.clause.phrases
        for j in range(self.i + 1, self.stop):
            p = phrases[j]
            if p.has("compare") and j not in self.used:
                where = p.readings["compare"][1]
                if AFTER not in where or (self.more and self._heads_next(j)):
                    return None
                if not self.more:
                    return j if not (has_left and BEFORE in where and p.text in SIGNS | WRITTEN) else None
                if BEFORE not in where or (p.text in SIGNS | WRITTEN and not has_left):
                    return j
                if has_left or p.text in SIGNS | WRITTEN:
                    return None
                return self._whose(j)
            if not (quiet(p) or p.has("quantity", "measured_by") or p.aside):
                return None
        return None

    def _heads_next(self, j: int) -> bool:
        """ "wheelbase 2.8 m | height <= 1.5 m": both have a name, and the sign is behind the second's."""
        phrases = self.clause.phrases
        named = [any(p.has("quantity") for p in part) for part in (self._window(), phrases[self.i + 1 : j])]
        return all(named) and phrases[j].text in SIGNS | WRITTEN

    def _whose(self, j: int) -> int | Message | None:
        """ "4.5 m min 4.7 m max", "4.7 m max width 1.9 m": whether a "max" between numbers is the first's."""
        phrases = self.clause.phrases
        after = phrases[self.stop + 1 :]
        for p in after:
            if p.has("compare"):
                return j if AFTER in p.readings["compare"][1] else None
            if p.amount is not None or not quiet(p):
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
        whatever = False  # "will not sign anything longer than ...": any verb
        for n in range(j - 1, self.start - 1, -1):
            p = phrases[n]
            if p.unknown and (whatever or (n > self.start and _of_a_verb(phrases[n - 1]))):
                continue  # "won't pay more than ..."
            whatever = p.text.lower() == "anything"
            if p.has("negation") and self._of_its_own(n, [j]):
                break
            if p.text == ":" and n > self.start and phrases[n - 1].has("negation"):
                break  # "the width is not: up to 56 cm"
            if p.has("negation") and n not in self.used and not self._aside(p):
                found.append(n)
            elif not (
                quiet(p)
                or p.aside
                or p.has("quantity", "compare", "measured_by", "join", "change", "feature", "part_measure")
            ):
                break
        return found

    def _carried(
        self, operator: str, raw: str, turned: bool, taken: Sequence[Phrase]
    ) -> tuple[str, bool, Message | None]:
        """ "not longer than 4.7 m or wider than 1.9 m": the negation reaches over "or"."""
        before, join = self.reader.previous, self.clause.join
        if before is None or not before.turned or turned or operator not in TURNED:
            return operator, turned, None
        if join in ("or", "或", "或者") and (raw == before.raw or all(_worded(p) for p in taken)):
            return TURNED[operator], True, None
        if raw != before.raw:
            return operator, turned, None
        own = any(p.has("negation") for p in before.phrases)  # not that of "no more than"
        if own and join and join not in ("but", "但", "但是", "nor", "不过", "然而", "though", "although"):
            return operator, turned, say("does the negation before it reach this number too?")
        return operator, turned, None

    def _allowed(self, operator: str, turned: bool, taken: Sequence[Phrase]) -> tuple[str, Message | None]:
        """What the words around make of the limit: "over 4.7 m is not acceptable", "may be over 4.7 m"."""
        phrases = self.clause.phrases
        right = phrases[self.i + 1 : self.stop]
        if any(p.has("denial") for p in right):
            if operator not in TURNED or turned:
                return "", unbound()
            for j, p in enumerate(phrases):
                if p.has("denial"):
                    self.used.add(j)
            if self.clause.join in ("or", "或", "或者"):
                self.reader.turn_back()
            return TURNED[operator], None
        allowed = any(p.has("permission") for p in (*self._window(), *right))
        strict = [p for p in taken if p.has("compare") and p.text.lower() not in PLAIN]
        anything = any(p.text.lower() == "anything" for p in self._window())
        if allowed and strict and not turned and not anything and operator in (AT_MOST, AT_LEAST):
            return "", say("this is allowed: is it also asked for?")
        after = [p for p in right if p.has("negation")]
        if after and not any(not quiet(p) for p in right[right.index(after[-1]) + 1 :]):
            return "", unbound()
        return operator, None


def _of_a_verb(negation: Phrase) -> bool:
    """ "won't", "must not", "never"."""
    return negation.has("negation") and negation.text.lower().endswith(("n't", "not", "never"))


def _leant(window: Sequence[Phrase], j: int) -> bool:
    """ "leans in by 20 degrees" is no change."""
    before = next((p for p in reversed(window[:j]) if not p.has("place", "stop")), None)
    leans = before is not None and (
        before.has("part_measure") or bool({k.rstrip("s") for k in before.keys[-1:]} & _LEANS)
    )
    return window[j].text.lower() == "by" and leans


def of_somebody(preposition: Phrase, between: Sequence[Phrase]) -> bool:
    """Whether a preposition speaks of no number: "what I need from you: ...", "recap from Tuesday: ..."."""
    since = preposition.text.lower() == "from" and any(p.text == ":" or p.has("neutral") for p in between)
    said = [p.text.lower() for p in between[:1]]
    thing = said in (["the"], ["that"]) and not any(p.amount is not None for p in between[1:2])
    placed = thing and preposition.text.lower() in _PLACES  # "24 cm above that", "0.98 m above the road"
    return since or placed or any(text in _PEOPLE for text in said)


def _worded(phrase: Phrase) -> bool:
    return phrase.text.lower() not in PLAIN


def _one_operator(operators: Sequence[str]) -> tuple[str, Message | None]:
    """The operator of several comparisons of one number."""
    kinds = {o for o in operators if o not in (ABOUT, EXACTLY, LIMIT)}
    if len(kinds) > 1:
        return "", say("two comparisons that contradict each other; say which one holds")
    if kinds:
        return next(iter(kinds)), None
    order = (LIMIT, EXACTLY, *operators)
    return (next(o for o in order if o in operators), None) if operators else ("", None)
