"""Which installed family a text is about, where it may not say so: "stack 590 mm, reach 390 mm"."""

from __future__ import annotations

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.registry import DEFAULT_FAMILY, families, get_family
from .about import family_named
from .quantity import quantities
from .sentence import parse


def product_of(text: str, otherwise: str = "") -> str:
    """The family that a text names; else `otherwise`, unless that finds nothing to measure in the text and
    one other family understands more of it than it leaves open.

    Args:
        otherwise: the family in hand; that of :data:`~maquette.design.family.registry.DEFAULT_FAMILY` if "".
    """
    named = family_named(text)
    own = otherwise or DEFAULT_FAMILY
    if named:
        return named
    kept, _, far = _understood(text, get_family(own))
    if kept:
        return own
    products = [f for f in families().values() if f.examples and f.name != own]  # no body of a bench
    others = {f.name: _understood(text, f) for f in products}
    gains = {name: found - left for name, (found, left, _) in others.items() if found > max(left, far)}
    best = max(gains, key=lambda name: gains[name], default=own)
    return best if list(gains.values()).count(gains.get(best, 0)) == 1 else own


def _understood(text: str, family: Family) -> tuple[int, int, int]:
    """How many limits and locks a family reads in a text, how much it leaves open, and how much of that is a
    quantity of its own out of reach."""
    try:
        found = parse(text, family, check=False)
    except InputError:
        return 0, 0, 0
    usual = {w.quantity for w in family.default_wishes}
    told = [r for r in found.brief.requirements if r.quantity not in usual]
    known = quantities(family)
    named = ((q.words.lower(), known[q.nearest[0]].synonyms) for q in found.questions if q.nearest)
    far = sum(any(name in words for name in names) for words, names in named)
    return len(told) + len(found.brief.locks), len(found.questions) + len(found.not_understood), far
