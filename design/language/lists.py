"""Several numbers and several quantities: "4.3 m x 1.8 m x 1.45 m", "length and width 4.6 m and 1.8 m"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ..messages import say
from .amounts import Amount, Tolerance
from .clauses import AFTER, BEFORE, SIDES, Clause, Phrase, han
from .linked import TURNED, Link, State, could_be, quiet, unbound

#: what stands between the numbers of "4.3 m x 1.8 m x 1.45 m"
TIMES = frozenset({"x", "by", "×", "*"})


_LETTERS = {"l": "long", "w": "wide", "h": "tall", "d": "deep"}
#: behind a group of quantities, that each of the numbers is one's: 前后悬分别为850和950毫米
_EACH_ITS_OWN = frozenset(["respectively", "分别", "分别为", "依次", "依次为"])


def how_many(clauses: Sequence[Clause], k: int) -> int:
    """How many clauses hold as many quantities as numbers: "length and width 4.6 m and 1.8 m"."""
    phrases = clauses[k].phrases
    named = [j for j, p in enumerate(phrases) if _names(p)]
    numbers = [j for j, p in enumerate(phrases) if p.amount is not None]
    group = len(_names(phrases[named[0]])) if len(named) == 1 else 0
    own = [p for c in clauses[k : k + group] for p in c.phrases if p.text.lower() in _EACH_ITS_OWN]
    if group > 1 and own:
        named = named * group
    if len(named) < 2 or len(numbers) != 1 or numbers[0] < named[-1]:
        return 0
    following = clauses[k + 1 : k + len(named)]
    if len(following) != len(named) - 1 or any(c.sentence_start for c in following):
        return 0
    for clause in following:
        amounts = [p for p in clause.phrases if p.amount is not None]
        last = clause is following[-1]  # 分别控制在820、530、550毫米以内
        if len(amounts) != 1 or not all(
            quiet(p) or (last and p.has("compare") and p.first > amounts[0].first)
            for p in clause.phrases if p.amount is None
        ):  # fmt: skip
            return 0
    return len(named)


class Lists(State):
    """Numbers that are read together."""

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
        end = [p for p in whole[whole.index(numbers[-1]) :] if p.has("compare")]
        said = {p.readings["compare"][0] for p in (*compare, *end)}
        if len(said) > 1 or any(AFTER not in p.readings["compare"][1] for p in end):
            self.doubt([*head, *numbers, *end], say("which limit is meant?"))
            return
        compare += end
        operator = compare[0].readings["compare"][0] if compare else ""
        soft = self.wished == "all" or any(p.has("soft") for p in whole)
        behind = [p for p in clauses[-1].phrases if p.has("tolerance") and p.first > numbers[-1].first]
        one_each = [(self._of_the_first(p, named[0]), p) for p in named]
        if len(named) < len(numbers):
            one_each = [((n,), p) for p in named for n in _names(p)]
        for (names, name), number in zip(one_each, numbers, strict=True):
            amount = number.amount
            assert amount is not None  # noqa: S101 - told to mypy; the list holds amounts
            unit = amount.unit or next((n.amount.unit for n in numbers if n.amount and n.amount.unit), "")
            if not any(could_be(self.words.known[n], replace(amount, unit=unit)) for n in names):
                unit = amount.unit
            link = Link(replace(amount, unit=unit), operator, names, [name, number], soft)
            link.phrases += compare
            for p in behind:  # "450, 420 and 400 +- 5"
                link.amount = tolerated(link.amount, p.readings["tolerance"])
                link.phrases.append(p)
            self.record(link, link.names)

    def _of_the_first(self, phrase: Phrase, first: Phrase) -> tuple[str, ...]:
        """ "seat height, width and depth": bare measures behind that of a part are the part's."""
        names, way = _names(phrase), phrase.readings.get("part_measure", "")
        own = self.words.parts.get(_names(first)[0], {}).get(way, "") if way and phrase is not first else ""
        return (own,) if own and not phrase.has("measures", "compare") else names

    def zipped(self, clause: Clause, numbers: list[int], used: set[int]) -> list[int]:
        """ "4.3 m x 1.8 m x 1.45 m", "length/width/height 4650/1850/1450 mm": returns what is left over."""
        phrases = clause.phrases
        run: list[list[int]] = []
        for i in numbers:
            gap = phrases[run[-1][-1] + 1 : i] if run else []
            # "14 mm OD x 0.8 mm", not "380 high x 400 wide"
            measured = [p for p in gap if p.has("part_measure") and not p.has("measured_by")]
            own = any(p.has("part_measure") for p in phrases[i + 1 : i + 2])  # "28 mm OD / 0.8 mm wall"
            if run and any(map(_times, gap)) and all(_times(p) or (p in measured and not own) for p in gap):
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
        amounts = [a for i in group if (a := phrases[i].amount) is not None]
        named = self._named_by(phrases, group, amounts, used)
        if named is None:
            return
        names, taken, face = named
        first = group[0]
        compare = [p for p in phrases[:first] if p.has("compare") and BEFORE in p.readings["compare"][1]]
        behind = next((p for p in phrases[group[-1] + 1 :] if not quiet(p) or p.has("compare")), None)
        if not compare and behind is not None and AFTER in behind.readings.get("compare", ("", ()))[1]:
            compare = [behind]
        operator = compare[-1].readings["compare"][0] if compare else ""
        negations = [p for p in phrases[:first] if p.has("negation")]
        turned = len(negations) == 1 and operator in TURNED and negations[0].first < compare[-1].first
        if any(p.has("free", "condition", "change") for p in phrases[:first]) or (negations and not turned):
            self.doubt(taken, unbound())
            return
        operator = TURNED[operator] if turned else operator
        used.update(j for j, p in enumerate(phrases) if p in compare)
        unit = next((a.unit for a in reversed(amounts) if a.unit), "")
        colon = next((j for j in range(first) if phrases[j].text == ":"), 0)
        soft = self.wished == "all" or any(p.has("soft") for p in phrases[max(colon - 1, 0) :])
        for name, amount in zip(names, amounts, strict=True):
            words = [*negations, *compare[-1:], *taken]
            link = Link(replace(amount, unit=amount.unit or unit), operator, tuple(name), words, soft)
            self.found.links.append(link)
        if face:  # "seat 44 x 41 cm, 45 cm off the floor"
            self.previous = self.found.links[-1]

    def _named_by(
        self, phrases: Sequence[Phrase], group: Sequence[int], amounts: Sequence[Amount], used: set[int]
    ) -> tuple[list[tuple[str, ...]], list[Phrase], bool] | None:
        """The quantities of the numbers, the words that say so, whether they are a part's face; None where
        they have been read or are asked about."""
        first = group[0]
        before = [j for j in range(first) if phrases[j].has("quantity", "measured_by") and j not in used]
        before = before[-len(group) :]
        axes = [self.words.axes.get(a, ())[:1] for a in ("long", "wide", "tall")]
        letters = _letters(phrases[:first])[-len(group) :]
        names: list[tuple[str, ...]] = []
        taken = [phrases[j] for j in range(group[0], group[-1] + 1)]
        if len(before) == 1 and self._roles(phrases, group, before[0], used):
            return None
        tube, part = self._tube(phrases[:first]) if len(group) == 2 else ((), [])
        if any(_slash(p) for p in taken) and (
            len(amounts) < 2 or amounts[0].low < 10.0 or amounts[1].low > 5.0
        ):
            tube = ()  # "wall 0.8/0.5", not "top tube 31.8/0.8"
        bare = len(group) == 2 and not (
            tube or letters or any(not phrases[j].has("measures") for j in before)
        )
        face = self._face(phrases[:first], amounts) if bare else None
        together = phrases[before[0]].readings.get("quantity", ()) if len(before) == 1 else ()
        if tube and all(could_be(self.words.known[n], a) for n, a in zip(tube, amounts, strict=True)):
            names = [(n,) for n in tube]
            taken = [*part, *taken]
        elif len(together) == len(group):
            names = [(n,) for n in together]
            taken = [phrases[before[0]], *taken]
            used.update(before)
        elif len(before) == len(group):
            names = [
                phrases[j].readings.get("quantity") or phrases[j].readings["measured_by"] for j in before
            ]
            taken = [*phrases[before[0] : before[-1] + 1], *taken]
            used.update(before)
        elif len(letters) == len(group):
            axes_of = [_LETTERS[phrases[j].text.lower()] for j in letters]
            own = [self.part.get(SIDES[a], "") for a in axes_of]
            names = [(n,) for n in own] if all(own) else [self.words.axes.get(a, ())[:1] for a in axes_of]
            taken = [*phrases[letters[0] : letters[-1] + 1], *taken]
        elif face:
            names = [(n,) for n in face[0]]
            taken = [*face[1], *taken]
        elif (
            len(group) == 3
            and not before
            and not any(_slash(p) for p in taken)
            and not _inside(phrases[:first])
        ):
            names = list(axes)
        if len(names) != len(group) or not all(names):
            self.doubt(taken, say("which measures are these numbers?"))
            return None
        return names, taken, face is not None and names == [(n,) for n in face[0]]

    def _tube(self, phrases: Sequence[Phrase]) -> tuple[tuple[str, ...], list[Phrase]]:
        """ "down tube 38.1 x 0.9 mm": diameter and wall of a part that has both, and the part."""
        parts = self.words.parts
        for p in reversed(phrases):
            for measures in (
                p.readings.get("measures", {}),
                *(
                    parts.get(n, {})
                    for n in (*p.readings.get("feature", ()), *p.readings.get("quantity", ()))
                ),
            ):
                if {"diameter", "wall"} <= measures.keys():
                    return (measures["diameter"], measures["wall"]), [p] if p.has("quantity") else []
        ahead = self.ahead if all(p.has("stop", "compare") for p in phrases) else {}
        return ((ahead["diameter"], ahead["wall"]) if {"diameter", "wall"} <= ahead.keys() else ()), []

    def _face(
        self, phrases: Sequence[Phrase], amounts: Sequence[Amount]
    ) -> tuple[tuple[str, str], list[Phrase]] | None:
        """ "seat 45 x 42 cm": width and depth of the part beside it, or width and height of one without."""
        part = next((p for p in reversed(phrases) if not quiet(p) or p.has("measures")), None)
        here = part is not None and part.has("measures") and not part.has("compare")
        measures = part.readings["measures"] if part is not None and here else self.part
        if part is not None and not here:
            return None
        for across in ("depth", "height", "length"):
            names = (measures.get("width", ""), measures.get(across, ""))
            unit = amounts[-1].unit or amounts[0].unit
            if all(names) and all(
                could_be(self.words.known[n], replace(a, unit=a.unit or unit))
                for n, a in zip(names, amounts, strict=True)
            ):
                return names, [part] if part is not None else []
        return None

    def _roles(self, phrases: Sequence[Phrase], group: Sequence[int], named: int, used: set[int]) -> bool:
        """ "min/max length: 4.3/4.5 m", "height (max/target): 1480/1450": a limit for each number."""
        roles = [j for j in range(group[0]) if phrases[j].has("compare", "soft") and j not in used]
        parted = all(any(_slash(p) for p in phrases[a:b]) for a, b in pairwise(roles))
        names = _names(phrases[named])
        if len(roles) != len(group) or not parted or len(names) != 1 or len(group) < 2:
            return False
        if any(p.has("negation", "free", "condition", "change") for p in phrases[: group[0]]):
            return False
        amounts = [a for i in group if (a := phrases[i].amount) is not None]
        unit = next((a.unit for a in reversed(amounts) if a.unit), "")
        used.update([*roles, named])
        for role, amount in zip(roles, amounts, strict=True):
            soft = phrases[role].has("soft")  # "max / target"
            operator = "" if soft else phrases[role].readings["compare"][0]
            words = [phrases[named], *phrases[roles[0] : roles[-1] + 1], *(phrases[i] for i in group)]
            self.record(Link(replace(amount, unit=amount.unit or unit), operator, names, words, soft), names)
        return True


def tolerated(amount: Amount, spread: Tolerance) -> Amount:
    """An amount with a tolerance."""
    return replace(amount, below=spread.below, above=spread.above, band=spread.unit)


def _names(phrase: Phrase) -> tuple[str, ...]:
    """The quantities that a phrase names: 车宽, and 宽 alone."""
    along = phrase.readings.get("measured_by", ()) if han(phrase) and phrase.amount is None else ()
    return tuple(phrase.readings.get("quantity", along))


def _times(phrase: Phrase) -> bool:
    return phrase.text.lower() in TIMES or _slash(phrase)


def _inside(phrases: Sequence[Phrase]) -> bool:
    """ "fits in a box of 4.5 m x 1.85 m x 1.5 m": another thing's measures."""
    return any(p.unknown and not p.aside for p in phrases[-3:])


def _slash(phrase: Phrase) -> bool:
    return phrase.text == "/"


def _letters(phrases: Sequence[Phrase]) -> list[int]:
    """Indices of "L", "W", "H" of a label like "L x W x H"."""
    return [j for j, p in enumerate(phrases) if p.text.lower() in _LETTERS]
