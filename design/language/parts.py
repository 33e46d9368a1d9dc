"""Whose measure a number is where a part is named and no quantity.

"Tyres at least 235 mm wide", "down tube 38 mm, wall 0.9 mm", 靠背400毫米高.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ..messages import Message, say
from .amounts import Amount
from .clauses import EACH, Phrase, han
from .comparing import Compared
from .headings import measure_alone
from .linked import TURNED, could_be, quiet
from .units import kind_of

#: what stands between a number and the part behind it: "45 mm wide at the seat"
_OF = frozenset(["of", "at", "for", "in", "on"])
#: a whole number up to this without a unit before a part says how many there are
_FEW = 12.0
#: what comparisons are along: 高于, 窄于
_ROWS = {
    "height": "高低矮",
    "width": "宽窄",
    "depth": "深浅",
    "length": "长短",
    "diameter": "粗细",
    "thickness": "厚薄",
}
_ALONG = {c: way for way, row in _ROWS.items() for c in row}
#: measures that have to be said
SAID_ONLY = frozenset(["hollow", "drop", "growth"])


@dataclass
class OfPart(Compared):
    """One number of a clause, with the means to find the part that it measures."""

    #: the words of the part and its measure that the number has taken
    measuring: list[Phrase] = field(default_factory=list)

    def _of_part(self, amount: Amount) -> tuple[tuple[str, ...], Message | None]:
        """The measure of the part that is named beside the number, or that the number before it measured."""
        said = self._measures_said()
        part = self._part(said)
        if part is not None:
            measures = part.readings["measures"]
            self.measuring = [p for p in (part, *said) if not p.has("figures")]
        else:
            measures, self.measuring = self.reader.part or self._carried_part(said), [*said]
        if part is None and not measures:
            alone = self._with_another(amount) if not said else self._only_one_has(said, amount)
            if alone or not said:
                return alone, None
        every = self._of_every_part(said) if part is None else ()
        if every:
            return every, None
        if part is None and said and self._shared_by_several(said):
            return (), say("whose measure is it? name the quantity itself")
        counts = not amount.unit and not said and amount.low <= _FEW and amount.low % 1.0 == 0.0
        if part is not None and counts and part.first >= amount.last:  # "4-leg"
            return (), None
        found, problem = self._chosen(measures, said, amount, part is not None)
        if not found:
            self.measuring = []
        return found, problem

    def _grown(self) -> tuple[str, ...]:
        """ "the height that each chair adds to the stack": by how much a part grows."""
        window = self._window()
        if not any(p.readings.get("part_measure") == "growth" for p in window):
            return ()
        return tuple(
            {p.readings["measures"]["growth"] for p in window if "growth" in p.readings.get("measures", ())}
        )

    def _only_one_has(self, said: Sequence[Phrase], amount: Amount) -> tuple[str, ...]:
        """ "a drop of 72": of the only part that has such a measure."""
        way, words = said[-1].readings["part_measure"], self.reader.words
        window = self._window()
        verb = any(
            p.has("negation") or (p.has("compare") and p.readings["compare"][0] in TURNED) for p in window
        )
        own = {part[way] for part in words.parts.values() if way in part and len(part) > 1}
        if way not in SAID_ONLY or verb or len(own) != 1:
            return ()
        name = own.pop()
        return (name,) if could_be(words.known[name], amount) else ()

    def _with_another(self, amount: Amount) -> tuple[str, ...]:
        """ "down tube 34.9 mm with 0.9 mm": the only other measure of the part that a bare number can be."""
        before, clause, words = self.reader.previous, self.clause, self.reader.words
        bare = all(p.amount is not None or p.has("stop", "tolerance") for p in clause.phrases)
        if before is None or len(before.names) != 1 or not bare or not clause.parted or clause.after:
            return ()
        if could_be(words.known[before.names[0]], amount):
            return ()
        told = {n for x in self.reader.found.links for n in x.names}
        other = {n for m, n in words.parts.get(before.names[0], {}).items() if m not in SAID_ONLY} - told
        fit = tuple(n for n in words.known if n in other and could_be(words.known[n], amount))
        return fit if len(fit) == 1 else ()

    def _of_every_part(self, said: Sequence[Phrase]) -> tuple[str, ...]:
        """ "seat stays 16 mm and chain stays 20 mm in diameter, both 0.9 mm thick", "walls 0.8 mm each"."""
        if self.clause.sentence_start or not said:
            return ()
        around = (*self._window(), *self.clause.phrases[self.i + 1 : self.stop])
        many = said[-1].text.lower().endswith("s") and not said[-1].text.lower().endswith("ss")
        if not (many or any(p.text.lower() in EACH for p in around)):
            return ()
        parts = self.reader.words.parts
        links = [x for x in self.reader.found.links[self.reader.began :] if len(x.names) == 1]
        found = [parts.get(x.names[0], {}).get(said[-1].readings["part_measure"], "") for x in links]
        told = {n for x in links for n in x.names}
        every = dict.fromkeys(n for n in found if n and n not in told)
        return tuple(every) if len(every) > 1 else ()

    def _shared_by_several(self, said: Sequence[Phrase]) -> bool:
        """ "top tube 31.8 mm and down tube 38 mm, wall 0.9 mm": of one of them or of both?"""
        if self.clause.sentence_start or self.start or len(self.reader.found.links) < self.reader.began + 2:
            return False
        parts, way = self.reader.words.parts, said[-1].readings["part_measure"]
        last = self.reader.found.links[-2:]
        own = {parts.get(x.names[0], {}).get(way, "") for x in last if len(x.names) == 1}
        told = {n for x in self.reader.found.links for n in x.names}
        same = {x.amount.unit for x in last} == {last[0].amount.unit} and len({x.operator for x in last}) == 1
        ways = {m for x in last for m, n in parts.get(x.names[0], {}).items() if n == x.names[0]}
        return same and len(own) == 2 and "" not in own and not own & told and len(ways) == 1

    def _chosen(  # noqa: PLR0911 - one return a case
        self, measures: Mapping[str, str], said: Sequence[Phrase], amount: Amount, here: bool
    ) -> tuple[tuple[str, ...], Message | None]:
        known = self.reader.words.known
        kind = kind_of(amount.unit) if amount.unit else ""
        right = {m: n for m, n in measures.items() if not kind or known[n].kind == kind}
        if not right:
            return (), None
        own = [right[m] for p in said if (m := _way(p, right)) in right]
        if own and (here or could_be(known[own[-1]], amount)):
            return (own[-1],), None
        if own:
            return (), None
        if said:
            return (), say("whose measure is it? name the quantity itself")
        bare = {m: n for m, n in right.items() if m not in SAID_ONLY}
        fit = tuple(dict.fromkeys(n for n in bare.values() if could_be(known[n], amount)))
        if self.reader.part and not here and len(fit) == 1:  # "Seat: ply, 9 mm"
            last = self.reader.last
            return (() if any(could_be(known[n], amount) for n in last) else fit), None
        if len(fit) < 2 or not here:
            return (fit if here else ()), None
        along = [_ALONG[c] for p in self._window() if p.has("compare") for c in p.text if c in _ALONG]
        if along and along[-1] in right:  # 座面别高于42厘米
            return (right[along[-1]],), None
        return (), say("which of its measures is this? name it")

    def _measured(  # noqa: PLR0911 - one return a case
        self, names: tuple[str, ...], parts: Sequence[Phrase], amount: Amount
    ) -> tuple[tuple[str, ...], Message | None]:
        """ "the seat 410 deep": of a part that is named alone, the measure that is said, or the only one
        that the number can be."""
        known, measures = self.reader.words.known, self.reader.words.parts
        grown = self._grown()
        if grown:
            return grown, None
        if self.reader.part and all(map(measure_alone, parts)):
            own_part = (self.reader.part.get(p.readings["part_measure"], "") for p in parts)
            names = tuple(n for n in own_part if n)
            return names, None if names else say("whose measure is it? name the quantity itself")
        if len(names) != 1:
            return names, None
        doubtful = self._whole_or_part(names, parts, amount)
        if doubtful is not None:
            return doubtful
        part = self._part_before(parts)
        own_way = next((m for m, n in measures.get(names[0], {}).items() if n == names[0]), "")
        if not own_way and parts and measure_alone(parts[-1]):
            own_way = parts[-1].readings["part_measure"]  # 座面处宽度
        if part is not None and names[0] not in part.values() and own_way in part:
            return (part[own_way],), None  # "the rear legs lean back by 12 deg"
        bare = all(p.has("measures") for p in parts)
        strange = not could_be(known[names[0]], amount)
        if strange and bare and len(parts) == 1 and names[0] not in measures:
            own = parts[0].readings["measures"]  # "arms at 210", "bottom bracket: 70 mm drop"
            self.measuring = [p for p in self._measures_said() if p not in parts]
            return self._chosen(own, self.measuring, amount, True)
        beside = self._part([]) if strange and not bare else None
        if beside is not None:  # "the backrest should recline by 12 deg"
            return self._chosen(beside.readings["measures"], [], amount, True)[0] or names, None
        return self._swapped(names, measures.get(names[0], {}), bare, strange, parts, amount)

    def _whole_or_part(
        self, names: tuple[str, ...], parts: Sequence[Phrase], amount: Amount
    ) -> tuple[tuple[str, ...], Message | None] | None:
        """ "back width 36 cm, height 40 cm": of the back, or of the whole? None where there is no doubt."""
        before, words = self.reader.previous or self.reader.earlier, self.reader.words
        of_it, its = _refers(self._window())
        away = self.clause.sentence_start and not (of_it or its)
        if before is None or away or len(before.names) != 1 or len(parts) != 1:
            return None
        part = words.parts.get(before.names[0], {})
        own = part.get(parts[0].readings.get("part_measure", ""), "") if measure_alone(parts[0]) else ""
        if not own or own == names[0] or not could_be(words.known[own], amount):
            return None
        if of_it or not could_be(words.known[names[0]], amount):
            return (own,), None
        return names, say("whose measure is it? name the quantity itself")

    def _part_before(self, parts: Sequence[Phrase]) -> Mapping[str, str] | None:
        """The measures of the part that stands directly before the words of a quantity."""
        phrases = self.clause.phrases
        first = phrases.index(parts[0]) if parts else 0
        for p in reversed(phrases[self.start : first]):
            if p.has("measures") and not p.has("quantity"):
                measures: Mapping[str, str] = p.readings["measures"]
                return measures
            if not quiet(p):
                break
        return None

    def _swapped(
        self, names: tuple[str, ...], own: Mapping[str, str], bare: bool, strange: bool,
        parts: Sequence[Phrase], amount: Amount,
    ) -> tuple[tuple[str, ...], Message | None]:  # fmt: skip
        """The measure of the named part that is meant, where it is not the one that its name stands for."""
        if not own:
            return names, None
        behind = [p for p in self._measures_said() if p not in parts]
        said = [m for p in behind if (m := _way(p, own)) not in own or own[m] != names[0]]
        self.measuring = behind
        if said:
            problem = say("whose measure is it? name the quantity itself")
            return ((own[said[0]],), None) if bare and said[0] in own else (names, problem)
        known = self.reader.words.known
        fit = tuple(
            dict.fromkeys(n for m, n in own.items() if m not in SAID_ONLY and could_be(known[n], amount))
        )
        return (fit if bare and not behind and strange and len(fit) == 1 else names), None

    def _part(self, said: Sequence[Phrase]) -> Phrase | None:
        """The part in front of the number, nothing that is not understood between them, else behind it."""
        phrases = self.clause.phrases
        for j in range(self.i - 1, self.start - 1, -1):
            if phrases[j].has("measures") and j not in self.used and _tells(phrases[j], said):
                return phrases[j]
            if not (phrases[j].has("measures") or _passed(phrases[j]) or phrases[j] in said):
                break
        for j in range(self.i + 1, self.stop):
            if phrases[j].has("measures") and j not in self.used and not self.more:
                beside = phrases[j - 1]
                return phrases[j] if j == self.i + 1 or beside.text.lower() in _OF or quiet(beside) else None
            if not (quiet(phrases[j]) or phrases[j] in said):
                break
        return None

    def _measures_said(self) -> list[Phrase]:
        """ "wide" behind the number or in its comparison, "wall" or 宽 before it."""
        grows = any("growth" in p.readings.get("measures", ()) for p in self.clause.phrases)
        said = self._said_around()
        return [p for p in said if grows or p.readings["part_measure"] != "growth"]

    def _said_around(self) -> list[Phrase]:
        phrases = self.clause.phrases
        found: list[Phrase] = []
        for j in range(self.i - 1, self.start - 1, -1):
            p = phrases[j]
            if p.has("part_measure") and not p.has("quantity") and (j not in self.used or p.has("compare")):
                found.insert(0, p)
            elif not _passed(p):
                break
        for j in range(self.i + 1, self.stop):
            p = phrases[j]
            if p.has("part_measure") and j not in self.used:
                return found if self._of_the_next(j) else [*found, p]
            if not (quiet(p) or p.has("compare")):
                break
        return found

    def _of_the_next(self, j: int) -> bool:
        """ "38 mm wall 0.9 mm": directly before a number that has no such word behind it."""
        phrases = self.clause.phrases
        before = any(p.has("part_measure", "quantity") for p in self._window())
        if han(phrases[j]) and before and self.more and j + 1 == self.stop:
            return True  # 外径44毫米长140毫米
        behind = next(
            (p for p in phrases[self.stop + 1 :] if p.amount is not None or p.has("part_measure")), None
        )
        return self.more and j + 1 == self.stop and (behind is None or behind.amount is not None)

    def _carried_part(self, said: Sequence[Phrase]) -> Mapping[str, str]:
        """ "seat 450 mm high, 410 mm wide": the width is the seat's, as the height was; none of the whole."""
        before, words = self.reader.previous, self.reader.words
        it = any(p.text.lower() in ("it", "它") for p in self._window())
        along = any(p.has("measured_by", "directed") for p in said)  # may be said of the whole too
        if self.reader.spoken:  # another part has been named since
            return {} if along else self.reader.spoken
        first = self.clause.sentence_start and not self.start
        if first and it and not along:  # "the back is 37 cm wide; it is curved by 30 mm"
            before, first = before or self.reader.earlier, False
        if before is None or first or len(before.names) != 1 or not said:
            return {}
        outer = "diameter" in {p.readings["part_measure"] for p in said}  # "700 mm overall diameter"
        if not outer and any(p.has("stop") and p.text.isalpha() and p.has("product") for p in self._window()):
            return {}  # "roof no higher than 1.45 m, body no wider than 1.83 m"
        if any(before.names[0] in names for names in words.axes.values()):
            return {}  # "less than 1.5 m tall and 4.5 m long"
        measures = words.parts.get(before.names[0], {})
        if it and not any(p.readings.get("part_measure") in measures for p in said):
            return {}  # "arms 230 mm high, and don't let it get wider than 600 mm"
        spoken = any(
            p.has("measured_by", "part_measure", "measures") or p.text[-1:] in "高宽深长径厚"
            for p in before.phrases
        )
        return measures if spoken or not along else {}


def _tells(part: Phrase, said: Sequence[Phrase]) -> bool:
    """Whether a part has a measure that need not be said, or one that is said."""
    ways = set(part.readings["measures"])
    return bool(ways - SAID_ONLY) or any(p.readings["part_measure"] in ways for p in said)


def _refers(window: Sequence[Phrase]) -> tuple[bool, bool]:
    """Whether words before a number say "of it", and whether they say "its"."""
    said = [p.text.lower() for p in window]
    return ("of", "it") in pairwise(said), bool({"its", "其"} & {*said})


def along(phrase: Phrase, measures: Collection[str]) -> str:
    """What an adjective is along: 粗 and 细 of a part with a diameter, "high" of any; "" for other words."""
    if phrase.text in _ALONG and _ALONG[phrase.text] in measures:
        return _ALONG[phrase.text]
    return _way(phrase, measures) if phrase.has("part_measure") else ""


def _way(phrase: Phrase, measures: Collection[str]) -> str:
    """The measure that a phrase says of a part: "across" is the diameter of what has no width."""
    way = str(phrase.readings["part_measure"])
    if phrase.text == "粗" and "diameter" in measures:
        return "diameter"
    if way not in measures and phrase.text.lower() == "across":
        return "diameter"
    tall = way == "length" and way not in measures and "height" in measures and phrase.has("directed")
    return "height" if tall else way  # "no shorter than"


def _passed(phrase: Phrase) -> bool:
    """Whether a phrase may stand between a part and its number."""
    return quiet(phrase) or phrase.has("compare", "negation", "part_measure", "between") or phrase.aside
