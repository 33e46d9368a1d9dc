"""From tokens to phrases with readings, and from phrases to clauses, in English and Chinese alike.

A phrase may have several readings ("long" is a mood, a size and the direction of a length); which one holds
is decided by its clause. What words mean comes from a table: the general one of both languages
(:func:`general_entries`) and the product's own entries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from types import MappingProxyType
from typing import Any

from . import relations_en, relations_zh
from .amounts import MONEY, Amount, amount_at, around_at, tolerance_at
from .blocks import phrases
from .labels import label_unit, ordinal
from .numerals import number_at
from .tokens import Token, is_han, keys_of, stems

Readings = Mapping[str, Any]
Keys = tuple[str, ...]
#: readings of what is seen (:mod:`.looks`): they say nothing to whoever reads numbers
LOOKS = frozenset({"part", "describes", "middle", "says", "generic", "setting", "look"})
#: readings that say nothing to whoever reads numbers, unless one finds a use for them
_IDLE = LOOKS | {"part_measure"}
_THINGS = frozenset(["window", "corridor"])
LANGUAGES = (relations_en, relations_zh)
#: signs that carry nothing
IGNORED = frozenset(
    {
        "-", "'", "/", ":", "(", ")", "[", "]", '"', "`", "*", "_", "|", "#", ">", "•", "·", "=",
        "==", ";", "§", "⇒", "→", "+", "{", "}", "&", "%", "\\", "~", "...",
    }
)  # fmt: skip
SIGNS = frozenset({"<", ">", "<=", ">="})
BEFORE, AFTER = "before", "after"
#: before a tolerance or a measure: of everything that the sentence has named
EACH = frozenset(
    phrases("""
        both, all, each, every, everything, 均, 均为, 都, 都为, 都是, 各, 皆为, 全部, 统一, 一律, 一律为,
        公差均为, 公差都为
    """)
)
#: how the measure along an axis is called
SIDES = {"long": "length", "wide": "width", "tall": "height", "deep": "depth"}
#: adverbs that may turn what they stand beside
_DOUBTFUL = frozenset(
    phrases("""
        barely, hardly, scarcely, rarely, merely, formerly, previously, originally, initially, recently,
        supposedly, unlikely, reportedly, possibly, assembly, family, supply
    """)
)


@dataclass(frozen=True)
class Phrase:
    """Tokens `first` to `last` (exclusive), what they may mean, `amount` of a number, `aside` in brackets;
    `keys` as the table has them."""

    first: int
    last: int
    text: str
    readings: Readings
    amount: Amount | None = None
    aside: bool = False
    keys: Keys = ()

    def has(self, *kinds: str) -> bool:
        """Whether the phrase has one of these readings."""
        return any(k in self.readings for k in kinds)

    @property
    def unknown(self) -> bool:
        """Whether it means nothing to whoever reads numbers."""
        return self.amount is None and not self.readings.keys() - _IDLE


@dataclass(frozen=True)
class Table:
    """Phrases (as keys) with their readings, the longest one's length, every key that occurs in one; `size`
    is the attribute that a bare "medium" speaks of."""

    readings: Mapping[Keys, Readings]
    longest: int
    known: frozenset[str]
    size: str = ""

    def key(self, word: str) -> str:
        """The word as the table has it: as it is, else its singular or plain form."""
        if word in self.known or not word.isascii():
            return word
        return next((stem for stem in stems(word) if stem in self.known), word)


@dataclass
class Clause:
    """Phrases between two separators.

    `join`: "and", "or", "but", "nor" where one stands before it, else "". `sentence_start`: a new sentence.
    `shared`: every quantity before its number is meant. `parted`: a word or a comma parts it from the one
    before, no "and" and no full stop. `after`: the sign that does. `ends`: the sign behind. `apart`: a blank
    line before it.
    """

    phrases: list[Phrase]
    join: str = ""
    sentence_start: bool = False
    shared: bool = False
    parted: bool = False
    after: str = ""
    ends: str = ""
    apart: bool = False


def general_entries(axes: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str, Any]]:
    """(kind of reading, phrase, payload) of any product's words, of both languages.

    `axes`: what "long", "wide", "tall" and "heavy" speak of.
    """
    for words in LANGUAGES:
        yield from _comparisons(words, axes)
        for along, block in words.MEASURED_BY.items():
            if axes.get(along):
                yield from (("measured_by", p, axes[along]) for p in phrases(block))
        for (direction, along), block in words.WHOLE_WISHES.items():
            for name in axes.get(along, ()) if along else ("",):
                yield from (("whole_wish", p, (direction, name)) for p in phrases(block))
        for table in (words.PART_MEASURES, words.PART_ADJECTIVES):
            for measure, block in table.items():
                yield from (("part_measure", p, measure) for p in phrases(block))
        for way, block in words.REFERENCES.items():
            yield from (("reference", p, way) for p in phrases(block))
        for kind, table in (("size", words.SIZES), ("wish", words.WISHES), ("intensity", words.INTENSITY)):
            yield from ((kind, p, value) for value, block in table.items() for p in phrases(block))
        yield from ((kind, p, True) for kind, block in _flags(words) for p in phrases(block))


def _comparisons(words: Any, axes: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str, Any]]:
    places: dict[str, tuple[str, set[str]]] = {}
    for table, where in (
        (words.BEFORE, {BEFORE}),
        (words.AFTER, {AFTER}),
        (words.EITHER, {BEFORE, AFTER}),
    ):
        for operator, block in table.items():
            for p in phrases(block):
                places.setdefault(p, (operator, set()))[1].update(where)
    yield from (("compare", p, (operator, frozenset(where))) for p, (operator, where) in places.items())
    for (operator, along), block in words.DIRECTED.items():
        names = tuple(n for axis in along for n in axes.get(axis, ()))
        for p in phrases(block):
            yield "compare", p, (operator, frozenset({BEFORE}))
            if along[0] in SIDES:
                yield "part_measure", p, SIDES[along[0]]
            if names:
                yield "directed", p, names


def _flags(words: Any) -> Iterable[tuple[str, str]]:
    return (
        ("negation", words.NEGATIONS), ("free", words.FREE), ("permission", words.PERMISSIONS),
        ("denial", words.DENIALS), ("condition", words.CONDITIONS), ("soft", words.SOFT),
        ("firm", words.FIRM),
        ("filler", words.FILLERS), ("relative", words.RELATIVE), ("change", words.CHANGES),
        ("join", words.JOINS), ("break", words.BREAKS), ("stop", words.STOPS),
        ("neutral", words.NEUTRAL), ("product", words.WHOLE), ("between", words.BETWEEN),
        ("confidence", words.CONFIDENCE), ("single", words.MEASURES),
    )  # fmt: skip


def compiled(
    entries: Iterable[tuple[str, str, Any]],
    looks: Mapping[Keys, Mapping[str, Any]] = MappingProxyType({}),
    size: str = "",
) -> Table:
    """A table of phrases; of two readings of a kind the first counts.

    A phrase of `looks` alone that names a quantity is that as well ("low height"), and so is one that begins
    with a negation ("not too").
    """
    found: dict[Keys, dict[str, Any]] = {}
    for kind, phrase, payload in entries:
        keys = keys_of(phrase)
        if keys:
            found.setdefault(keys, {}).setdefault(kind, payload)
    bare = {keys: dict(readings) for keys, readings in found.items()}
    for keys, readings in looks.items():
        if keys not in bare:
            borrowed = _borrowed(keys, readings, bare, looks)
            if borrowed is None:
                continue
            found[keys] = borrowed
        found[keys].update(readings)
    return Table(found, max(map(len, found)), frozenset(k for keys in found for k in keys), size)


def _borrowed(  # noqa: PLR0911 - one return a case
    keys: Keys, looks: Readings, bare: Mapping[Keys, Readings], words: Collection[Keys]
) -> dict[str, Any] | None:
    """What a phrase of looks is to whoever reads numbers, by its beginning and its end; None where that says
    more than the phrase does (最小离地间隙)."""
    cuts = range(len(keys) - 1, 0, -1)
    halves = [(bare.get(keys[:n], {}), bare.get(keys[n:], {})) for n in cuts]
    if "look" in looks:
        kind = "negation" if looks["look"] == "negation" else "stop"
        return {kind: True} if (kind == "stop" and halves) or any(kind in head for head, _ in halves) else {}
    for n, (head, tail) in zip(cuts, halves, strict=True):
        name, other = (head, tail) if "quantity" in head else (tail, head)
        if "quantity" in name:
            beside = keys[n:] if name is head else keys[:n]
            unknown = not other and len(beside) == 1 and beside not in words and not is_han(beside[0])
            if unknown and "part_measure" in name:
                return {}  # "table height" is no height of the chair
            if "compare" in other:
                return None
            if "negation" in head:
                return {"without": name["quantity"]}
            placed = [n for n in name["quantity"] if other.get("place", "") in n.split("_")]
            return {"quantity": tuple(placed) or name["quantity"]}
        part, way = (head, tail) if "measures" in head else (tail, head)
        measured = part.get("measures", {}).get(way.get("part_measure", ""), "")
        if measured:
            return {"quantity": (measured,)}  # "windscreen raked at 60 degrees"
        if "figures" in head or "figures" in tail:
            return {"figures": head.get("figures") or tail["figures"]}
    return {}


def phrases_of(text: str, tokens: Sequence[Token], table: Table) -> list[Phrase]:
    """Longest known phrases first, amounts as amounts, everything else with no reading."""
    found: list[Phrase] = []
    depth = 0
    i = 0
    while i < len(tokens):
        last, readings, amount, keys = _at(tokens, i, table, found)
        depth += sum(t.key in "([" for t in tokens[i:last]) - sum(t.key in ")]" for t in tokens[i:last])
        written = text[tokens[i].start : tokens[last - 1].end]
        aside = depth > 0 or tokens[i].key in "([)]"
        found.append(Phrase(i, last, written, readings, amount, aside, keys))
        if tokens[last - 1].key == "\n":
            depth = 0
        i = last
    return [_thing(p, after) for p, after in zip_longest(found, found[1:])]


def _thing(phrase: Phrase, after: Phrase | None) -> Phrase:
    """A word that says nothing behind numbers ("in the 1.80-1.85 m window") is a thing before its measure:
    "window height"."""
    own = phrase.text.lower() in _THINGS and after is not None and after.has("part_measure")
    return replace(phrase, readings={}) if own and not phrase.readings.keys() - {"stop"} else phrase


def span(text: str, tokens: Sequence[Token], phrases: Sequence[Phrase]) -> str:
    """The text from the first to the last of `phrases`."""
    first, last = min(p.first for p in phrases), max(p.last for p in phrases)
    return " ".join(text[tokens[first].start : tokens[last - 1].end].split())


def _at(  # noqa: PLR0911 - one return a kind of phrase
    tokens: Sequence[Token], i: int, table: Table, before: Sequence[Phrase]
) -> tuple[int, Readings, Amount | None, Keys]:
    """End, readings, amount and keys of the phrase at token `i`."""
    counted = ordinal(tokens, i)
    if counted:
        return counted, {"stop": True}, None, ()
    last, readings, keys = _longest(tokens, i, table)
    around = around_at(tokens, i)
    if around is not None:
        return around.last, {}, around, ()
    tolerance = tolerance_at(tokens, i)
    if tolerance is not None:
        return tolerance.last, {"tolerance": tolerance}, None, ()
    labelled = label_unit(tokens, i)
    if labelled is not None and labelled[1] > last:
        return labelled[1], {"unit": labelled[0]}, None, ()
    seen = bool(readings) and not readings.keys() - LOOKS
    if last - i <= 1 or tokens[i].kind != "number" or seen:
        between = any(p.has("between") for p in before[-2:])
        amount = (
            amount_at(tokens, i, between, between or _compares(before)) if _may_begin(tokens, i) else None
        )
        if amount is not None and amount.last == last and "figures" in readings and not amount.unit:
            return last, readings, None, keys  # "7005": an alloy
        if amount is not None and amount.last == last and (seen or tokens[i].kind == "number"):
            return last, readings if seen else {}, amount, keys
        if amount is not None and amount.last > last:
            return amount.last, {}, amount, ()
    if last > i:
        return last, readings, None, keys
    if tokens[i].kind == "break":
        return i + 1, {"separator": tokens[i].key}, None, ()
    key = tokens[i].key
    manner = key.endswith("ly") and len(key) > 5 and key not in _DOUBTFUL  # "comfortably below"
    return (
        i + 1,
        {"stop": True} if key in IGNORED or key == "." else {"neutral": True} if manner else {},
        None,
        (tokens[i].key,),
    )


def _compares(before: Sequence[Phrase]) -> bool:
    """Whether the phrase before is a comparison and nothing else: "no more than six"."""
    labelled = len(before) > 1 and before[-1].text == ":" and before[-2].has("quantity")  # "slats: four"
    compared = bool(before) and before[-1].has("compare") and not before[-1].has("stop", "wish", "size")
    return labelled or compared


def _may_begin(tokens: Sequence[Token], i: int) -> bool:
    token = tokens[i]
    if token.kind == "number" or token.key in ("-", "+", "half", "半", "a", "an", "百") or token.key in MONEY:
        return True
    return token.kind == "word" and number_at(tokens, i) is not None


def _longest(tokens: Sequence[Token], i: int, table: Table) -> tuple[int, Readings, Keys]:
    """End, readings and keys of the longest phrase beginning at `i`; (`i`, {}, ()) when none is known."""
    words: list[str] = []
    best: tuple[int, Readings, Keys] = (i, {}, ())
    j = i
    while j < len(tokens) and len(words) < table.longest:
        token = tokens[j]
        if token.kind == "break":
            break
        if words and (token.key in ("-", ".", "_") or (token.key == "/" and tokens[j - 1].kind == "number")):
            j += 1
            continue
        words.append(table.key(token.key))
        j += 1
        readings = table.readings.get(tuple(words))
        following = tokens[j].key if j < len(tokens) else ""
        if readings is None or (_only_behind(readings) and following == "than"):
            continue
        if (
            _only_behind(readings)
            and words[0] in ("or", "and", "或")
            and tokens[j : j + 1]
            and (tokens[j].kind == "number")
        ):
            continue  # "not below 2.75 m or above 4.65 m"
        if words[-1] == "有" and "compare" in readings and number_at(tokens, j) is None:
            continue  # 要有扶手, not 要有16公分
        if following == "于" and len(words) > 2 and "quantity" not in readings:
            continue  # 跨高低 of 跨高低于
        best = (j, readings, tuple(words))
    if best[0] == i:  # "slimmer", which is known of "slimmer than"
        stem = next((k for k in stems(tokens[i].key) if (k,) in table.readings), "")
        return (i + 1, table.readings[(stem,)], (stem,)) if stem else best
    return best


def _only_behind(readings: Readings) -> bool:
    """ "or wider" stands behind a number, unless "than" follows."""
    return "compare" in readings and BEFORE not in readings["compare"][1]


def han(phrase: Phrase) -> bool:
    """Whether a phrase is written without blanks."""
    return is_han(phrase.text[:1])
