"""What is found of numbers in clauses: links, doubts, and the state between clauses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from ..messages import Message, say
from .amounts import Amount
from .blocks import phrases
from .clauses import Clause, Phrase
from .units import PINT_OF, UNSAID, kind_of, ratio

AT_MOST, AT_LEAST, ABOUT, EXACTLY = "at most", "at least", "about", "exactly"
BETTER, WORSE, LIMIT = "better than", "worse than", "limit"
STEEPER, FLATTER = "steeper than", "flatter than"
TURNED = {
    AT_MOST: AT_LEAST, AT_LEAST: AT_MOST, BETTER: WORSE, WORSE: BETTER, STEEPER: FLATTER, FLATTER: STEEPER,
}  # fmt: skip
#: words that may stand between what belongs together
QUIET = (
    "stop", "neutral", "reference", "firm", "filler", "soft", "unit", "place", "tolerance", "intensity",
    "size", "permission",
)  # fmt: skip
#: comparisons that say themselves that nothing more is meant than the limit
PLAIN = frozenset(
    phrases("""
        at most, up to, anything up to, at least, max, maximum, min, minimum, at minimum, at maximum,
        at the most,
        at the least, no more than, no less than, not more than, not less than, maximum of,
        minimum of, a maximum of, a minimum of, or less, or more, <=, >=, ≤, ≥, 不超过, 至多, 最多, 顶多,
        撑死,
        以内, 以下, 以上, 之内, 至少, 最少, 最大, 最小, 不低于, 不小于
    """)
)
#: comparisons that are prepositions or nouns too: they limit a number, or nothing
LOOSE = frozenset(
    phrases("""
        over, above, beyond, under, below, beneath, within, inside, from, past, sub, up to, plus, limit,
        budget, cap, ceiling, 要有, 得有, 须有, 内, 起, 超, 预算, 限制, 极限
    """)
)
#: signs of comparison as they may be written
WRITTEN = frozenset({"≤", "⩽", "≦", "=<", "≥", "⩾", "≧", "=>"})


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
        known: quantities by name. bare: kind of a unit to what a number of it may mean alone.
        axes: what "long", "wide", "tall" speak of. alternate: (name, kind) to the quantity meant.
        places: parts of names that tell one of a group from another: "front".
        measured_from: angle to ``vertical`` or ``horizontal``.
        parts: quantity that measures a part to all measures of that part: "width" of a seat's height.
    """

    known: Mapping[str, Measured]
    bare: Mapping[str, tuple[str, ...]]
    axes: Mapping[str, tuple[str, ...]]
    alternate: Callable[[str, str], str]
    places: frozenset[str] = frozenset()
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    measured_from: Mapping[str, str] = field(default_factory=dict)


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
    shared: bool = False  # whether its comparison is that of the number before


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
    assumed: dict[str, str] = field(default_factory=dict)  # of numbers before that have no unit


class State:
    """What is known between clauses: the quantities that were limited last, and all that was found."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self.found = Linked()
        self.last: tuple[str, ...] = ()
        self.previous: Link | None = None
        self.earlier: Link | None = None  # the last one of the sentence before
        self.hanging: Phrase | None = None  # a negation with nothing behind it in its clause
        self.loose: Phrase | None = None  # one that no number of its clause took
        self.part: Mapping[str, str] = {}  # the measures of a heading's part: "Seat: 430 mm wide"
        self.leading: Mapping[str, str] = {}  # those of a part that ends its clause: "tyres with ..."
        self.spoken: Mapping[str, str] = {}  # those of the part that the clause before only speaks of
        self.ahead: Mapping[str, str] = {}  # and of the clause before: "in steel tube, 22 x 1.5 mm"
        self.headed = ""  # the comparison of a heading: "not more than: length 4.5 m, width 1.8 m"
        self.wished = ""  # whether a heading makes wishes of "all" that follows, of "bare" values: "Should:"
        self.lines = False  # whether that heading has a line of its own
        self.following: Clause | None = None  # the clause behind the one that is read
        self.condition: Clause | None = None  # the last one of the sentence that states no limit
        self.began = 0  # links before the sentence
        self.foreign = False  # whether the sentence has measured a thing that we do not know

    def doubt(self, phrases: Iterable[Phrase], question: Message) -> None:
        """Ask instead of taking the words."""
        self.found.doubts.append(Doubt(tuple(phrases), question))

    def siblings(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Quantities that differ from `names` only in their place: front and rear."""
        stems = {self._stem(n) for n in names}
        alike = {n for n in self.words.known if self._stem(n) in stems}
        placed = any(self._stem(n) != n for n in alike)
        return tuple(n for n in self.words.known if n in names or (placed and n in alike))

    def _stem(self, name: str) -> str:
        return "_".join(x for x in name.split("_") if x not in self.words.places)

    def placed(self, names: tuple[str, ...], places: Collection[str]) -> tuple[str, ...]:
        """Those of `names` and their siblings that stand at one of the places; one whose name says no place
        ("track") is the front one."""
        among = names if len(names) > 1 else self.siblings(names)
        if len(among) < 2 or not places:
            return names
        if "both" in places:
            return among
        said = {n: set(n.split("_")) & self.words.places or {"front"} for n in among}
        return tuple(n for n in among if said[n] & set(places)) or names

    def turn_back(self) -> None:
        """ "above 2 kg or over 76 cm is not acceptable": what is denied behind "or" is denied before it."""
        link = self.previous
        if link is not None and not link.turned and link.operator in TURNED:
            link.operator, link.turned = TURNED[link.operator], True

    def record(self, link: Link, group: tuple[str, ...]) -> None:
        """Keep a link; what follows may look back at it."""
        self.found.links.append(link)
        self.previous = link
        self.last = group


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


def quiet(phrase: Phrase) -> bool:
    return phrase.has(*QUIET) and phrase.amount is None and not phrase.has("quantity", "negation", "body")


def silent(phrase: Phrase) -> bool:
    return phrase.has("stop", "neutral", "firm", "soft", "unit", "tolerance", "place") or phrase.aside


def says_not(phrase: Phrase) -> bool:
    """Whether a comparison holds a negation itself: "no longer than", 不超过."""
    return phrase.text.lower().startswith(("no ", "not ", "nothing ", "不", "未"))


def unbound() -> Message:
    return say("the negation cannot be bound to the number; say it with 'at most' or 'at least'")


def twice() -> Message:
    return say("two negations of one comparison; say it with 'at most' or 'at least'")
