"""Second look at what the numbers were linked to: what cannot be so, or was left over, becomes a doubt.

The first pass (:mod:`.limits`) reads from each number outwards. This one looks from the words back: every
comparison and every negation beside a limit must have been taken, no quantity may be named beside a number
that another one got unnamed, and no quantity may have two values. What fails is asked about, never kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..messages import Message, named, say
from .clauses import Clause, Phrase
from .comparing import of_somebody
from .headings import measure_alone
from .linked import AT_LEAST, AT_MOST, LIMIT, LOOSE, TURNED, Doubt, Link, Linked, quiet, unbound

#: readings by which a comparison is something else as well
_ELSE = ("stop", "wish", "size", "whole_wish", "mood", "quantity", "figures")
_VERBS = frozenset(
    ["makes", "make", "means", "mean", "gives", "feels", "looks", "gets", "leads", "causes", "won't"]
)
_SUMS = frozenset(
    ["together", "combined", "in sum", "added up", "summed", "加起来", "合计", "之和", "总和", "相加"]
)
_OVERALL = frozenset(["overall", "in all", "whole", "整体", "整个"])
_NAMES = ("quantity", "measured_by", "directed", "measures", "part_measure", "place")
#: readings of what a negation may be said of beside a number: "4.5 m, no spoiler"
_THINGS = ("quantity", "feature", "part", "describes", "body", "mood", "says", "figures", "size", "look")


def audit(found: Linked, clauses: Sequence[Clause], locked: Collection[str], parts: Collection[str]) -> None:
    """Turn links that cannot be trusted into doubts, and ask about words of limits that none has taken.

    `locked`: quantities whose bare values are locks; two of them are refused when the brief is whole.
    `parts`: quantities that measure a part.
    """
    bound = {p.first for x in found.links for p in x.phrases}
    bound |= {p.first for d in found.doubts for p in d.phrases}
    bound |= {p.first for missed in found.missed for p in missed}
    for clause in clauses:
        links = [x for x in found.links if any(p in clause.phrases for p in x.phrases[:1])]
        left = [p for p in clause.phrases if p.first not in bound]
        asked = any(p in clause.phrases for d in found.doubts for p in d.phrases)
        for phrase in [] if asked else left:
            if _limits(clause, phrase, bool(links)):
                found.doubts.append(Doubt((phrase,), say("what do these words limit?")))
        negated = [p for p in left if links and p.has("negation") and _unheard(clause, p)]
        for link in links:
            if negated:
                _ask(found, [link], unbound(), negated)
            elif _of_another(clause, link, left, {n for x in links for n in x.names}, parts):
                _ask(found, [link], say("whose measure is it? name the quantity itself"))
            elif len(link.names) > 1 and any(p.text.lower() in _SUMS for p in clause.phrases):
                _ask(found, [link], say("a sum of several measures cannot be asked for: how much is each?"))
            elif _among_changes(clauses, link):
                _ask(found, [link], say("is this a limit, or the value itself?"))
            elif _of_a_class(clause, link):
                _ask(found, [link], say("what do these words limit?"))
            elif before := _difference(clause, link, found.links):
                _ask(found, [link], say("more or less than what? give the limit itself"), [before])
            elif (other := _explained(clause, link)) and not other & {*link.names}:
                one = named(link.names[0])
                _ask(found, [link], say("is this {one} or {other}?", one=one, other=named(min(other))))
    _nominal(found)
    _toward(found)
    _one_value_each(found, clauses, locked)


def _explained(clause: Clause, link: Link) -> set[str]:
    """What the words before a bracket demand that holds the whole link: "stable (factor 1.3 or more)"."""
    first = min(clause.phrases.index(p) for p in link.phrases if p in clause.phrases)
    if not all(p.aside for p in link.phrases):
        return set()
    before = next((p for p in reversed(clause.phrases[:first]) if not p.aside), None)
    if before is not None and {*link.names} & {*before.readings.get("measures", {}).values()}:
        return set()  # "steel tube (25 mm)"
    return {f.quantity for f in before.readings.get("figures", ())} if before is not None else set()


def _of_another(
    clause: Clause, link: Link, left: Sequence[Phrase], here: Collection[str], parts: Collection[str]
) -> bool:
    """Whether words beside a link name another thing than it got: a quantity, where it has no name of its
    own; a part that has the bare measure which names it; the whole, where it measures a part."""
    unnamed = not any(p.has(*_NAMES) for p in link.phrases)
    if unnamed and {n for p in left for n in p.readings.get("quantity", ())} - {*here}:
        return True
    named = [p for p in link.phrases if p.has("quantity")]
    ways = {p.readings["part_measure"] for p in named if measure_alone(p)}  # 座面处宽度
    if len(ways) == len(named) == 1:
        beside = [p.readings["measures"] for p in left if p.has("measures")]
        return any(measures.get(*ways, link.names[0]) not in link.names for measures in beside)
    # "at least 42 cm wide at the seat and at most 52 cm overall"
    whole = any(p.has("product") and p.text.lower() in _OVERALL for p in clause.phrases)
    return whole and link.names[0] in parts and not any(p.has("quantity", "measures") for p in link.phrases)


def _of_a_class(clause: Clause, link: Link) -> bool:
    """Whether a comparison says of which products something holds, and not what is asked: "anything longer
    than 4.7 m gets stuck", "less than 58 mm of trail makes it twitchy", 高于1.5米的车进不去."""
    here = [clause.phrases.index(p) for p in link.phrases if p in clause.phrases]
    before, after = clause.phrases[: min(here)], clause.phrases[max(here) + 1 :]
    denied = any(p.has("denial") for p in clause.phrases)
    if (
        link.turned
        or denied
        or link.operator not in TURNED
        or not any(p.has("compare") for p in link.phrases)
    ):
        return False
    these = len(after) > 1 and after[0].text == "的" and after[1].has("product")
    any_of = (
        clause.sentence_start
        and not any(p.has("permission") for p in clause.phrases)  # "anything under 1.5 m is fine"
        and len(before) == 1
        and before[0].text.lower() in ("anything", "everything", "whatever")
    )
    plural = bool(before) and before[-1].has("product") and before[-1].text.lower().endswith("s")
    first = clause.sentence_start and not before and clause.phrases[min(here)].has("compare")
    says = any(p.text.lower() in _VERBS for p in after)
    return these or any_of or plural or (first and says)


def _difference(clause: Clause, link: Link, links: Sequence[Link]) -> Phrase | None:
    """The number of "half a metre less than 5 m", which no limit has."""
    first = min(clause.phrases.index(p) for p in link.phrases if p in clause.phrases)
    than = clause.phrases[first].text.lower().endswith(" than")
    before = clause.phrases[first - 1] if first and than else None
    free = before is not None and before.amount is not None and not any(before in x.phrases for x in links)
    return before if free else None


def _limits(clause: Clause, phrase: Phrase, beside: bool) -> bool:
    """Whether a phrase that nothing has taken is a comparison."""
    if not phrase.has("compare") or phrase.readings["compare"][0] not in (*TURNED, LIMIT):
        return False
    after = clause.phrases[clause.phrases.index(phrase) + 1 :]
    standard = bool(after) and after[0].has("figures")  # "under EN 16139"
    other = phrase.has(*_ELSE) or standard or of_somebody(phrase, after)
    return not other and (beside or phrase.text.lower() not in LOOSE)


def _unheard(clause: Clause, negation: Phrase) -> bool:
    """Whether a negation is said of nothing that could be drawn or named, in the clause of a limit."""
    after = clause.phrases[clause.phrases.index(negation) + 1 :]
    beside = next((p for p in after if not quiet(p)), None)
    return beside is None or (beside.amount is not None) or beside.has("compare")


def _one_value_each(found: Linked, clauses: Sequence[Clause], locked: Collection[str]) -> None:
    """Two values of one quantity, or two least ones: one of them is another's."""
    same: dict[tuple[str, str], list[Link]] = {}
    for link in found.links:
        if not link.soft and link.amount.high is None:
            for name in link.names:
                way = link.operator if link.operator in TURNED else ""
                if way or name not in locked:
                    same.setdefault((name, way), []).append(link)
    for name in {name for name, _ in same}:
        told = [x for (n, _), links in same.items() if n == name for x in links]
        said = [_should(clauses, x) for x in told]
        for link, word in zip(told, said, strict=True):
            link.soft = link.soft or (word == "should" and "must" in said)
    for links in same.values():
        wished = [x for x in links if _should(clauses, x) == "should"]
        if 0 < len(wished) < len(links) and any(_should(clauses, x) == "must" for x in links):
            for link in wished:  # "must not exceed 4.8 kg, should not exceed 4.5 kg"
                link.soft = True
        hard = [x for x in links if not x.soft]
        if len({(x.amount.low, x.amount.unit or x.unit) for x in hard}) > 1:
            _ask(found, [x for x in hard if x in found.links], say("one or the other: which one is meant?"))


def _among_changes(clauses: Sequence[Clause], link: Link) -> bool:
    """Whether an "up to" stands in a list of changes: "changes: seat down to 440 mm, back up to 400 mm"."""
    changes = any(p.text.lower() in ("changes", "modifications") for c in clauses for p in c.phrases)
    return changes and any(p.text.lower() == "up to" for p in link.phrases)


def _nominal(found: Linked) -> None:
    """ "435 mm (min 430, max 440)", "80 mm, at most 100": a value inside limits of its own is where it is
    best."""
    for link in found.links:
        if link.operator or link.amount.high is not None or link.amount.above is not None:
            continue
        ends = [x for x in found.links if x.names == link.names and not x.soft]
        value = link.amount.low
        least, most = ([x.amount.low for x in ends if x.operator == way] for way in (AT_LEAST, AT_MOST))
        same = {x.amount.unit or x.unit for x in (link, *ends)} - {""}
        inside = all(low < value for low in least) and all(value < high for high in most)
        near = all(0.5 * end <= value <= 2.0 * end for end in (*least, *most))
        link.soft = link.soft or (bool(least or most) and len(same) < 2 and inside and near)


def _toward(found: Linked) -> None:
    """ "14 cm would do, 16 cm would be nicer": a value beside a wish is a limit on the wish's other side."""
    bare = [x for x in found.links if not x.operator and x.amount.high is None and x.amount.above is None]
    for wish in (x for x in bare if x.soft and not x.phrases[0].aside):
        for link in (x for x in bare if not x.soft and x.names == wish.names):
            if link.amount.unit == wish.amount.unit and link.amount.low != wish.amount.low:
                link.operator = AT_LEAST if wish.amount.low > link.amount.low else AT_MOST


def _should(clauses: Sequence[Clause], link: Link) -> str:
    """Whether a limit's clause says "must" or "should" of it."""
    here = [p.text.lower() for c in clauses if link.phrases[0] in c.phrases for p in c.phrases]
    said = {*here, *(text.split()[0] for text in here)}
    must = said & {"must", "mustn't", "has to", "shall", "必须", "须", "务必"}
    return "must" if must else "should" if said & {"should", "shouldn't", "应", "应该", "宜"} else ""


def _ask(found: Linked, links: Sequence[Link], question: Message, more: Sequence[Phrase] = ()) -> None:
    if not links:
        return
    for link in links:
        found.links.remove(link)
    words = sorted((p for p in (*(p for x in links for p in x.phrases), *more)), key=lambda p: p.first)
    found.doubts.append(Doubt(tuple(words), question))
