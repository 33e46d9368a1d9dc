"""Which installed family a text is about, where it may not say so: "stack 590 mm, reach 390 mm"."""

from __future__ import annotations

from dataclasses import replace

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.registry import DEFAULT_FAMILY, families, get_family
from ...design.messages import named, say
from .about import family_named
from .against import nothing_else
from .brief import ParsedBrief, Question
from .sentence import parse


def product_of(text: str, otherwise: str = "") -> str:
    """The family that a text names; else `otherwise`, unless that finds nothing to measure in the text and
    one other family understands more of it than it leaves open.

    Args:
        otherwise: the family in hand; that of :data:`~maquette.design.family.registry.DEFAULT_FAMILY` if "".
    """
    found = products_of(text, otherwise)
    return found[0] if len(found) == 1 else otherwise or DEFAULT_FAMILY


def products_of(text: str, otherwise: str = "") -> list[str]:
    """The same; several where they understand as much ("seat height 450 mm" is a chair's and a frame's)."""
    own = otherwise or DEFAULT_FAMILY
    if told := family_named(text):
        return [told]
    kept, _, far = _understood(text, get_family(own))
    if kept or far:
        return [own]
    products = [f for f in families().values() if f.examples and f.name != own]  # no body of a bench
    others = {f.name: _understood(text, f) for f in products}
    gains = {name: found - left for name, (found, left, _) in others.items() if found > left}
    best = max(gains.values(), default=0)
    return [name for name, gain in gains.items() if gain == best] or [own]


def brief_from_text(text: str, family: str = "") -> ParsedBrief:
    """A brief from words. See :func:`maquette.constraints.requirements.sentence.parse`.

    Args:
        family: whose it is; where it is "", that of the product that the text is about, which is asked for
            where several understand it as well as each other and nothing else does.

    Raises:
        InputError: empty or too long a text, a product of no family, a unit of the wrong kind, contradictory
            or unreachable limits.
    """
    products = [family] if family else products_of(text)
    if len(products) == 1:
        return parse(text, get_family(products[0]))
    found = nothing_else(get_family(DEFAULT_FAMILY))
    names = tuple(named(get_family(name).noun) for name in products)
    asked = Question(text.strip(), say("which product is this about? name it"), names)
    return replace(found, brief=replace(found.brief, prompt=text.strip()), questions=(asked,))


def _understood(text: str, family: Family) -> tuple[int, int, bool]:
    """How many limits and locks a family reads in a text, how much it leaves open, and whether all of that
    are values out of reach."""
    try:
        found = parse(text, family, check=False)
    except InputError:
        return 0, 0, False
    usual = {w.quantity for w in family.default_wishes}
    told = [r for r in found.brief.requirements if r.quantity not in usual]
    left = len(found.questions) + len(found.not_understood)
    far = sum(q.nearest is not None for q in found.questions)
    return len(told) + len(found.brief.locks), left, 0 < far == left
