"""What can be asked of a design: every parameter, every measure of its family, every predicted number.

A quantity has one unit inside Maquette (mm, deg, m2, m3, l, kg, N, MPa, W or 1); people may write any unit of
the same kind (:mod:`.units`). How a quantity is computed decides how far it can be trusted: a parameter is
exact, a measure comes from the fast mesh or the exact solid, a predicted one carries an interval.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.geometry.zones import zone_of
from ...design.messages import Message, amount, listed, named, say, span, spelt
from ...surrogate.studies.registry import studies_of
from .body_types import LIKE, kinds_of
from .vocabulary import better_of, synonyms_of

#: kind of each unit that a family may declare
KINDS = {
    "mm": "length",
    "deg": "angle",
    "m2": "area",
    "m3": "volume",
    "l": "volume",
    "kg": "mass",
    "N": "force",
    "MPa": "stress",
    "N/mm": "stiffness",
    "W": "power",
    "1": "dimensionless",
}
#: a quantity's better end for what a measure says of itself
_DIRECTIONS = {"": "", "less": "low", "more": "high"}
#: how a value was obtained, in the words that people read
PARAMETER, DERIVED, MESH, EXACT, SURROGATE = "parameter", "parameters", "fast mesh", "exact CAD", "surrogate"
BODY = "body type"  # from all parameters, by what tells kinds of body apart


#: names of values that stand for kinds
Kinds = tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Quantity:
    """A number that a requirement, a preference or a lock can name.

    Attributes:
        name: stable name, for example ``ground_clearance``.
        unit: the unit of every value of it inside Maquette.
        kind: ``length``, ``angle``, ``area``, ``volume``, ``mass``, ``force``, ``stress``,
            ``power`` or ``dimensionless``.
        doc: one sentence.
        how: ``parameter`` (declared), ``parameters`` (a sum of declared ones), ``fast mesh`` (measured on the
            geometry) or ``surrogate`` (predicted, with an interval).
        low, high: what the family can reach, where the declaration alone says so; for predicted quantities,
            what a limit can sensibly be.
        better: ``high``, ``low`` or "" (neither): what a bare wish for it means.
        synonyms: phrases of any language, lower case, for the brief.
        usual: what designs of the family span, where it says so and the declaration does not.
        whole: only whole numbers are values of it.
        kinds: names of its values, where they stand for kinds of something.
    """

    name: str
    unit: str
    kind: str
    doc: str
    how: str
    low: float | None = None
    high: float | None = None
    better: str = ""
    synonyms: tuple[str, ...] = ()
    usual: tuple[float, float] | None = None
    whole: bool = False
    kinds: Kinds = ()

    def shown(self, value: float) -> Message:
        """A value as people read it."""
        return shown(self.typed(value), self.unit, self.kinds)

    def typed(self, value: float) -> float:
        """`value`, as ``int`` where the quantity is whole and the value too."""
        return int(value) if self.whole and value == int(value) else value

    @property
    def reach(self) -> tuple[float, float] | None:
        """What designs of the family span, as far as anybody knows."""
        if self.usual is not None or self.low is None or self.high is None:
            return self.usual
        return self.low, self.high

    @property
    def label(self) -> Message:
        """Name as people read it."""
        return named(self.name)

    @property
    def span(self) -> str:
        """The reachable range in words, "" when only the geometry knows it."""
        if self.low is None or self.high is None:
            return ""
        return span(self.low, self.high, self.unit)

    @property
    def scale(self) -> float:
        """What a margin is divided by when the limit itself is zero."""
        if self.low is not None and self.high is not None:
            return self.high - self.low
        return {
            "mm": 100.0,
            "deg": 10.0,
            "l": 100.0,
            "kg": 100.0,
            "N": 100.0,
            "MPa": 10.0,
            "N/mm": 100.0,
            "W": 10.0,
        }.get(self.unit, 1.0)


def shown(value: float, unit: str, kinds: Kinds = ()) -> Message:
    """A value with its unit, as sentences print it: ``2850 mm``, ``0.300``, ``1.04 kg``, a whole ``5``, the
    name of a kind (``plywood``)."""
    if (kind := dict(kinds).get(value)) is not None:
        return named(kind)
    light = unit == "kg" and abs(value) < 10.0  # frames and chairs, judged by tens of grams
    digits = 0 if isinstance(value, int) else 3 if unit in ("1", "m2", "m3") else 2 if light else 1
    text = f"{value:.{digits}f}"
    text = text.removeprefix("-") if float(text) == 0.0 else text
    if unit != "1":
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return amount(value, unit, text)


@cache
def quantities(family: Family) -> Mapping[str, Quantity]:
    """Every quantity of `family` by name: parameters, then sums of them, then measures, then predicted."""
    found: dict[str, Quantity] = {}
    lexicon = family.lexicon
    better = better_of(lexicon)
    for parameter in family.parameters:
        rng = parameter.range
        found[parameter.name] = Quantity(
            parameter.name,
            rng.unit,
            KINDS.get(rng.unit, "dimensionless"),
            rng.doc,
            PARAMETER,
            rng.low,
            rng.high,
            better.get(parameter.name, ""),
            synonyms_of(lexicon, parameter.name, rng.sae),
            whole=rng.whole,
            kinds=tuple(rng.kinds.items()),
        )
    sums = family.sums
    for measure in family.measure_list:
        if measure.name in found:
            continue
        low, high = _span_of_sum(found, sums[measure.name]) if measure.name in sums else (None, None)
        found[measure.name] = Quantity(
            measure.name,
            measure.unit,
            KINDS.get(measure.unit, "dimensionless"),
            measure.doc,
            DERIVED if measure.name in sums else MESH,
            low,
            high,
            _DIRECTIONS[measure.better] or better.get(measure.name, ""),
            synonyms_of(lexicon, measure.name),
            lexicon.quantities.reach.get(measure.name) if measure.name not in sums else None,
        )
    for study in studies_of(family):
        for output in study.predicted(family):
            if output.name not in found:
                found[output.name] = Quantity(
                    output.name,
                    output.unit,
                    KINDS[output.unit],
                    output.doc,
                    SURROGATE,
                    output.low,
                    output.high,
                    _DIRECTIONS[output.better] or better.get(output.name, ""),
                    synonyms_of(lexicon, output.name),
                    lexicon.quantities.reach.get(output.name),
                )
    return found


def get_quantity(family: Family, name: str) -> Quantity:
    """The quantity of that name, or :class:`InputError` naming the nearest one."""
    known = quantities(family)
    if name in known:
        return known[name]
    zone = zone_of(name)
    if zone is not None:
        doc = say("Gap between the body and a box to be left free, or held inside; negative where it is not.")
        return Quantity(name, "mm", "length", doc, MESH, better="high")
    if name.startswith(LIKE) and name.removeprefix(LIKE) in kinds_of(family):
        return Quantity(
            name, "1", "dimensionless", "How surely a design is of a kind.", BODY, 0.0, 1.0, "high"
        )
    by_phrase = {s: q for q in known.values() for s in q.synonyms}
    plain = name.strip().lower().replace("_", " ")
    if plain in by_phrase:
        return by_phrase[plain]
    near = difflib.get_close_matches(plain, [*known, *by_phrase], n=1, cutoff=0.5)
    if not near:
        raise InputError(
            say(
                "quantity {quantity!r} is not known for family {family!r}; known: {known}",
                quantity=name,
                family=spelt(family.name),
                known=listed(map(spelt, known)),
            )
        )
    nearest = near[0]
    meant = spelt(by_phrase[nearest].name) if nearest in by_phrase else named(nearest, repr(nearest))
    raise InputError(
        say(
            "quantity {quantity!r} is not known for family {family!r}; did you mean {near}?",
            quantity=name,
            family=spelt(family.name),
            near=meant,
        )
    )


def _span_of_sum(found: Mapping[str, Quantity], parts: tuple[str, ...]) -> tuple[float, float]:
    return sum(found[p].low or 0.0 for p in parts), sum(found[p].high or 0.0 for p in parts)
