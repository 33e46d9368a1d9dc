"""The quantity that a number speaks of: beside it, in the clause before it, or by its size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..messages import Message, named, say
from .amounts import Amount
from .clauses import SIGNS, Phrase, han
from .comparing import OF_NOW
from .linked import TURNED, WRITTEN, could_be, quiet, silent
from .parts import OfPart
from .units import kind_of

#: what stands between somebody and what is asked: 李总监希望轴距加长到2.85米
_SAYING = frozenset(["wants", "asks", "asked", "requested", "希望", "要求", "想要", "认为", "建议"])

#: measures that only a part has
_OF_PARTS = frozenset(["wall", "thickness", "diameter", "radius", "hollow", "drop", "growth"])


class Named(OfPart):
    """One number of a clause, with the means to find its quantity."""

    # -- the quantity ------------------------------------------------------------------------------

    def _quantity(self, directed: tuple[str, ...]) -> tuple[tuple[str, ...], Message | None, list[Phrase]]:
        phrases = self.clause.phrases
        amount = phrases[self.i].amount
        assert amount is not None  # noqa: S101 - told to mypy
        before: list[int] = []
        for j in range(self.i - 1, self.start - 1, -1):
            if phrases[j].has("quantity") and j not in self.used and not self._explains(j):
                before.append(j)
                if not self.clause.shared:
                    break
        if before and self._stands_behind(before[0], amount):
            before = []  # "bottom bracket 75 mm below the axles"
        if before:
            between = phrases[before[0] + 1 : self.i]
            parts = [phrases[j] for j in before]
            names = tuple(n for j in before for n in phrases[j].readings["quantity"])
            names = self._in_brackets(before[0], amount) or names
            problem = self._of_another(before[-1], between, names)
            self.used.update(before)
            return tuple(dict.fromkeys(names)), problem, parts
        after = next(
            (j for j in range(self.i + 1, self.stop) if phrases[j].has("quantity") and j not in self.used),
            None,
        )
        if after is None or any(
            (p.unknown and not p.aside) or p.text == ":" or p.has("between")
            for p in phrases[self.i + 1 : after]
        ):
            return (), None, []
        names = tuple(phrases[after].readings["quantity"])
        if self.more and self._next_ones(after, names, amount, directed):
            return (), None, []
        sign = any(p.text in SIGNS | WRITTEN for p in phrases[self.i + 1 : after])
        problem = self._of_another(after, phrases[self.i + 1 : after], names)
        if not sign:
            self.used.add(after)
        return names, problem, [phrases[after]]

    def _in_brackets(self, j: int, amount: Amount) -> tuple[str, ...]:
        """车宽（含后视镜）: a name that stands alone in the brackets behind another is what is meant."""
        behind = self.clause.phrases[j + 1 : j + 4]
        if len(behind) < 3 or (behind[0].text, behind[2].text) != ("(", ")"):
            return ()
        names = tuple(behind[1].readings.get("quantity", ()))
        known = self.reader.words.known
        if not names or not all(could_be(known[n], amount) for n in names):
            return ()
        self.measuring = [behind[1]]
        return names

    def _stands_behind(self, j: int, amount: Amount) -> bool:
        """Whether the name of a part is before the number and that of its measure behind it."""
        phrases, known = self.clause.phrases, self.reader.words.known
        behind = [p for p in phrases[self.i + 1 : self.stop] if p.has("quantity")]
        if self.more or len(behind) != 1 or not phrases[j].has("measures"):
            return False

        def fit(names: Iterable[str]) -> bool:
            return any(could_be(known[n], amount) for n in names)

        return fit(behind[0].readings["quantity"]) and not fit(phrases[j].readings["quantity"])

    def _explains(self, j: int) -> bool:
        """Whether a name in brackets explains the one before it: "overall width (with the arms)"."""
        phrases = self.clause.phrases
        named = any(p.has("quantity") and not p.aside for p in phrases[self.start : j])
        return named and self._aside(phrases[j])

    def _next_ones(self, j: int, names: tuple[str, ...], amount: Amount, directed: tuple[str, ...]) -> bool:
        """Whether a quantity between two numbers belongs to the second one."""
        phrases, known = self.clause.phrases, self.reader.words.known
        if any(p.text in SIGNS | WRITTEN for p in phrases[self.i + 1 : j]):
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
        own = self.reader.words.parts.get(names[0], {}) if len(names) == 1 else {}
        for p in between:
            if p.readings.get("part_measure") in own or {*names} & {*p.readings.get("measures", {}).values()}:
                continue  # "head tube outside diameter 36 mm", "the back tilts back 12 degrees"
            if p.unknown and not p.aside and not self._translated(phrases.index(p)):
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
        whole = (
            beside.has("quantity") and not self.clause.shared and not beside.has("stop", "place")
        )  # "boot width"
        if (beside.unknown and not beside.aside) or part or whole:
            return say("whose measure is it? name the quantity itself")
        return None

    def _placed(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those of a group, or of a quantity and its siblings, that stand where the words say: "38 in front
        and 37 in rear", "track 1.55 m front and rear"."""
        each = any(p.text.lower() in ("both", "都", "均", "均为", "都是") for p in self._window())
        if each and self._place_words() and names:  # "track front and rear are both 1,570 mm"
            return self.reader.placed(names, {"both"})
        return self.reader.placed(names, {p.readings["place"] for p in self._place_words()})

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
            if han(phrases[j]) and phrases[j].has("part_measure") and self._of_the_next(j):
                break
            if phrases[j].has("measured_by") and j not in self.used:
                amount = phrases[self.i].amount
                if amount is not None and kind_of(amount.unit or "mm") in ("length", "mass"):
                    found.append(phrases[j])
                break
            if not (quiet(phrases[j]) or phrases[j].has("compare")):
                break
        for j in range(self.i - 1, self.start - 1, -1):
            if phrases[j].has("measured_by") and han(phrases[j]) and j not in self.used:
                return found or [phrases[j]]
            if not (quiet(phrases[j]) or phrases[j].has("compare", "negation")):
                break
        return found

    def _foreign(self, taken: Sequence[Phrase], directed: tuple[str, ...]) -> bool:
        """Whether a number without a quantity stands beside a word that we do not know, or a part's name."""
        phrases = self.clause.phrases
        nothing = any(p.has("negation") for p in taken) and any(p.text.lower() == "anything" for p in phrases)
        if nothing or any(p.text.lower().startswith("nothing ") for p in taken):
            return False  # "nothing taller than 1.5 m fits our garage"
        if self._reference() is not None:
            return False
        places = [self.i, *(j for j, p in enumerate(phrases) if p in taken)]
        axis = [j for j, p in enumerate(phrases) if p in self._axis_words()]
        first, last = min([*places, *axis]), max([*places, *axis])
        here = max((j for j in range(self.start, first) if phrases[j].has("product")), default=self.start)
        colon = max((j for j in range(here, first) if phrases[j].text == ":"), default=here)
        before = [p for p in phrases[colon:first] if not silent(p)]  # "for the canteen: a chair 82 cm tall"
        if phrases[self.i].aside:
            before = []  # 要轻（不超过4.5公斤）
        after = [p for p in phrases[last + 1 : self.stop] if not silent(p)]
        if any(_along(phrases[j]) for j in axis):
            after = []  # "4.3 m in length works for us"
        if (
            before
            and before[-1].has("size")
            and han(before[-1])
            and not before[-1].has("measured_by", "compare")
        ):
            return True  # 深530毫米, of a product that has no depth
        if after and after[0].has("between"):
            return True  # "1.4 m between the seats"
        beside = [*before[-1:], *after[:1]]
        return any(
            p.unknown
            or (
                p.has("feature") and not p.has("place", "body") and not {*p.readings["feature"]} & {*directed}
            )
            for p in beside
        )

    def _unsaid(  # noqa: PLR0911, PLR0912 - one return a case
        self, amount: Amount, directed: tuple[str, ...], operator: str
    ) -> tuple[tuple[str, ...], tuple[str, ...], Message | None]:
        """The quantity of a number without one: by its comparison or adjective, the clause before, size."""
        reader, known = self.reader, self.reader.words.known
        if any(p.readings["part_measure"] in _OF_PARTS for p in self._measures_said()):
            return (), (), say("whose measure is it? name the quantity itself")
        axis = tuple(n for p in self._axis_words() for n in p.readings["measured_by"] if n in known)
        places = self._place_words()
        last = self._placed(reader.last)
        inherited = bool(last) and all(could_be(known[n], amount) for n in last)
        if amount.unit == "euro":  # counts nothing
            inherited &= set(last) <= set(reader.words.bare.get("dimensionless", ()))
        if axis:
            own_thing = any(p.has("stop") and p.text[:1].isalpha() for p in self._window())
            if reader.foreign and not own_thing:
                return (), (), say("whose measure is it? name the quantity itself")
            ways = [p.readings["part_measure"] for p in self._axis_words() if p.has("part_measure")]
            part = [reader.spoken[way] for way in ways if way in reader.spoken]
            if part and part[0] != axis[0] and could_be(known[part[0]], amount) and not own_thing:
                either = could_be(known[axis[0]], amount)  # "the seat is not too wide, 45 cm high"
                problem = say("whose measure is it? name the quantity itself") if either else None
                return ((), (), problem) if problem else (tuple(part[:1]), tuple(part[:1]), None)
            return axis[:1], axis[:1], None
        if directed and inherited and self._same_direction(directed):
            return last, reader.last, None
        if directed:
            near = self._only(directed, amount)
            if not near and inherited and self.clause.join:
                return last, reader.last, None
            chosen = near or directed[:1]
            return chosen, chosen, None
        if places and reader.last:
            family = self._placed(reader.siblings(reader.last))
            if family and all(could_be(known[n], amount) for n in family):
                return family, reader.siblings(reader.last), None
        within = self.start > 0  # an earlier number in the same clause
        if inherited and (self.clause.join or within):
            return last, reader.last, None
        right = self.clause.phrases[self.i + 1 : self.stop]
        marked = any(p.aside and p.has("firm", "soft") for p in right)  # "0.24 (stretch), 0.26 (must)"
        marked |= any(p.has("soft", "permission") for p in (*self._window(), *right)) or any(
            p.has("firm") for p in right
        )
        again = inherited and len(last) == 1 and (operator in TURNED or marked)
        if amount.unit in ("", "percent"):
            if inherited and (operator or marked) and not self.clause.sentence_start:
                return last, reader.last, None
            meant = again and (marked or amount.low % 1.0 != 0.0)
            return (last, reader.last, None) if meant else ((), (), None)
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
        if again:
            return last, reader.last, None
        loose = self._only(bare, amount, 0.4)
        return loose, loose, None

    def _same_direction(self, directed: tuple[str, ...]) -> bool:
        """ "the seat not lower than 430 mm or higher than 470 mm": of one and the same thing."""
        before = self.reader.previous
        head = self.clause.phrases[self.start : self.i]
        bare = all(p.has("compare", "negation", "filler") for p in head if not silent(p) or p.has("stop"))
        earlier = {n for p in before.phrases for n in p.readings.get("directed", ())} if before else set()
        joined = bool(self.clause.join) or self.clause.parted
        return joined and bare and bool(earlier & set(directed))

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

    def _clouded(self) -> bool:
        """Whether a value without a comparison stands behind words that may hold one: "squeeze it to 4 m"."""
        window = self._window()
        colon = max(
            (j for j, p in enumerate(window) if p.text == ":"), default=-1
        )  # "Envelope: length 4.4 m"
        named = max((j for j, p in enumerate(window) if p.has("quantity", "measures")), default=-1)
        behind = window[min(colon + 1, named) if named >= 0 else colon + 1 :] if colon >= 0 else window
        beyond = any(p.has("compare") and p.text.lower().startswith("nothing ") for p in behind)
        if beyond or self._reference() is not None:
            return False  # "the car park takes nothing taller than 1.5 m"
        subject = max((j for j, p in enumerate(behind[:-1]) if _rules(p, behind[j + 1])), default=-1)
        behind = behind[subject + 1 :]  # "with a child on board it must not sink by more than 8 mm"
        start = self.i - len(behind)
        return any(
            p.unknown
            and not p.aside
            and p not in self.measuring
            and p.readings.get("part_measure") != "growth"
            and start + k not in self.used
            and not self._translated(start + k)
            and not self._of_now(start + k)
            and not any(q.text.lower() == "anything" for q in behind[k + 1 : k + 2])
            and not (start + k - 1 in self.used and self.clause.phrases[start + k - 1].has("negation"))
            for k, p in enumerate(behind)
        )

    def _of_now(self, j: int) -> bool:
        """ "than the current 4.62 m": a comparison stands before the word."""
        phrases = self.clause.phrases
        before = [p for p in phrases[self.start : j] if not p.has("stop") or p.has("compare")]
        return phrases[j].text.lower() in OF_NOW and bool(before) and before[-1].has("directed")

    def _translated(self, j: int) -> bool:
        """Whether a word stands beside a quantity's name as its other tongue: "Hauteur / height: 1.45 m"."""
        phrases = self.clause.phrases
        sides = (phrases[j + 1 : j + 3], phrases[max(j - 2, 0) : j][::-1])
        return any(len(s) == 2 and s[0].text == "/" and s[1].has("quantity") for s in sides)

    def _goes_on(self) -> bool:
        """Whether a word that means nothing here follows the number directly: "1.4-something", 一米四几."""
        for j in range(self.i + 1, self.stop):
            p = self.clause.phrases[j]
            if p.has("quantity", "compare", "tolerance") or p.aside or _along(p) or p in self.measuring:
                return False
            if p.has("part_measure") and self._of_the_next(j):
                return False  # "38 mm wall 0.9 mm"
            if p.unknown:
                return True
            if p.has("soft") or not (quiet(p) or p.has("measured_by")):
                return False  # "0.21 if you can manage"
        return False


def _rules(subject: Phrase, verb: Phrase) -> bool:
    """ "it must", not "stop it": a new clause begins."""
    said = subject.text.lower() in _SAYING and not verb.has("negation")
    return said or (subject.text.lower() in ("it", "它") and verb.has("firm", "negation", "permission"))


def _along(phrase: Phrase) -> bool:
    """ "in length": what follows says nothing of the number any more."""
    return phrase.has("measured_by") and phrase.text.lower().startswith("in ")
