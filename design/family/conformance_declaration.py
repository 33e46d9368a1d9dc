"""Checks of what a family declares: names, ranges, words, rules, and what is accepted or refused."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from .. import limits
from ..errors import ParameterError, RuleError
from .conformance_subjects import ContractError, Subject, require
from .contract import Family
from .lexicon import RESERVED, Tongue
from .sampling import draws

UNITS = frozenset({"mm", "m2", "m3", "l", "deg", "kg", "N", "MPa", "N/mm", "W", "1"})
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_RULE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_VALUES = 9  # of a whole number, tried one by one
_DRAWS_FOR_SHARE = 200  # rules cost microseconds; with fewer the share is mostly luck


def declaration_is_sane(family: Family, _: Sequence[Subject]) -> None:
    """Names, units, sentences, groups, bounds and measures are complete and of the agreed form."""
    require(family, bool(_NAME.fullmatch(family.name)), f"name {family.name!r} is not snake_case")
    require(family, bool(family.title.strip()), "title is empty")
    for p in family.parameters:
        r = p.range
        require(family, bool(_NAME.fullmatch(p.name)), f"parameter {p.name!r} is not snake_case")
        require(family, r.unit in UNITS, f"{p.name}: unit {r.unit!r} is not one of {sorted(UNITS)}")
        require(family, len(r.doc.split()) >= 2, f"{p.name}: doc {r.doc!r} explains nothing")
        require(family, bool(r.group), f"{p.name}: no group")
        if r.advisory is not None:
            low, high = r.advisory
            inside = r.low <= low < high <= r.high
            require(family, inside, f"{p.name}: advisory bounds {low}, {high} leave {r.low} to {r.high}")
            between = r.whole and (low, high) != (int(low), int(high))
            require(family, not between, f"{p.name}: advisory bounds {low}, {high} are not whole")
    for c in family.choices:
        for name in (c.name, *c.choice.options):
            require(family, bool(_NAME.fullmatch(name)), f"{c.name}: {name!r} is not snake_case")
        require(family, len(c.choice.doc.split()) >= 2, f"{c.name}: doc {c.choice.doc!r} explains nothing")
        require(family, bool(c.choice.group), f"{c.name}: no group")
    require(family, family.symmetry in ("", "y"), f"symmetry is {family.symmetry!r}")
    require(family, bool(family.frame.views), "the frame has no view")
    unknown = [v for v in family.pictures if v not in family.eyes]
    require(family, not unknown, f"pictures {unknown} are none of {sorted(family.eyes)}")
    names = [m.name for m in family.measure_list]
    require(family, len(set(names)) == len(names), f"measures are declared twice: {names}")
    for m in family.measure_list:
        require(family, bool(_NAME.fullmatch(m.name)), f"measure {m.name!r} is not snake_case")
        require(family, m.unit in UNITS, f"{m.name}: unit {m.unit!r} is not one of {sorted(UNITS)}")
        require(family, len(m.doc.split()) >= 2, f"{m.name}: doc {m.doc!r} explains nothing")
        require(family, m.better in ("", "less", "more"), f"{m.name}: better is {m.better!r}")
        units = {p.name: p.range.unit for p in family.parameters if not p.range.whole}
        for part in m.sum_of:
            same = units.get(part) == m.unit
            require(family, same, f"{m.name}: {part!r} of its sum is no real parameter in {m.unit}")


def words_are_sound(family: Family, _: Sequence[Subject]) -> None:
    """The lexicon is one object, its attributes have names of their own, its tongues speak of what it has."""
    lexicon = family.lexicon
    require(family, family.lexicon is lexicon, "its lexicon is made anew at every call")
    names = [a.name for a in lexicon.attributes]
    require(family, len(set(names)) == len(names), f"attributes are declared twice: {names}")
    for name in names:
        taken = name in RESERVED or ":" in name
        require(family, not taken, f"attribute {name!r} is called as another kind of word is")
    ends = {token for tongue in lexicon.tongues.values() for token in _tokens(tongue)}
    ends |= set(lexicon.mood_is_attribute.values())
    for token in ends:
        name, end = (*token.split(":"), "")[:2]
        held = name in names and end in ("low", "middle", "high")
        require(family, held, f"words mean {token!r}, which is no third of an attribute")
    for language, tongue in lexicon.tongues.items():
        lost = set(tongue.moods) - set(lexicon.moods)
        require(family, not lost, f"moods with {language} words and no direction: {sorted(lost)}")


def _tokens(tongue: Tongue) -> set[str]:
    """Thirds that a tongue's parts speak of."""
    named = {f"{a}:low" for ends in (*tongue.parts.values(), tongue.attributes) for a in ends}
    return named.union(*(text.split() for text in (*tongue.present.values(), *tongue.absent.values())))


def bad_values_are_refused(family: Family, _: Sequence[Subject]) -> None:
    """Unknown, missing, non-numeric, non-finite and out-of-range values raise ParameterError by name."""
    good = family.defaults()
    first = next((p for p in family.parameters if not p.range.whole), family.parameters[0])
    for bad in (
        math.nan,
        math.inf,
        -math.inf,
        "twelve",
        None,
        True,
        first.range.low - 1.0,
        first.range.high * 2 + 1,
    ):
        _refused(family, {**good, first.name: bad}, first.name)
    _refused(family, {k: v for k, v in good.items() if k != first.name}, first.name)
    _refused(family, {**good, "no_such_parameter": 1.0}, "no_such_parameter")
    for c in family.choices:
        for bad in ("no_such_option", len(c.choice.options), -1, 0.5, None):
            _refused(family, {**good, c.name: bad}, c.name)


def whole_numbers_are_whole(family: Family, tried: Sequence[Subject]) -> None:
    """Whole numbers: `int` in every named and drawn design; text and `5.0` are read as such, what lies
    between is refused by name; every value that the rules allow beside the defaults (of many some, both ends
    among them) builds a finite hull with finite measures."""
    good = family.defaults()
    for p in family.parameters:
        r = p.range
        if not r.whole:
            continue
        for label, changes in {"defaults": good, **family.archetypes}.items():
            value = changes.get(p.name, r.default)
            require(family, type(value) is int, f"{label}: {p.name} is {value!r}, not an int")
        for s in tried:
            value = s.values[p.name]
            inside = type(value) is int and r.low <= value <= r.high
            s.require(inside, f"{p.name} is {value!r}, no whole number from {r.low} to {r.high}")
        _refused(family, {**good, p.name: r.low + 0.5}, p.name)
        for given in (float(r.high), str(r.high)):
            read = family.validate({**good, p.name: given})[p.name]
            require(family, type(read) is int and read == r.high, f"{p.name} = {given!r} is read as {read!r}")
        values = [int(v) for v in np.unique(np.linspace(r.low, r.high, _VALUES).round())]
        for value in [v for v in values if not family.broken_rules({**good, p.name: v})]:
            s = Subject(family, f"{p.name} = {value}", {**good, p.name: value})
            s.require(bool(np.isfinite(s.hull.vertices).all()), "the hull has vertices that are not finite")
            unknown = [n for n, v in family.measures(s.values).items() if not math.isfinite(v)]
            s.require(not unknown, f"measures {unknown} are not finite")


def named_designs_are_accepted(family: Family, _: Sequence[Subject]) -> None:
    """The defaults and every archetype are in range and keep every rule."""
    known = set(family.defaults())
    for label, changes in {"defaults": {}, **family.archetypes}.items():
        unknown = set(changes) - known
        require(family, not unknown, f"archetype {label}: unknown parameters {sorted(unknown)}")
        try:
            family.accept({**family.defaults(), **changes})
        except (ParameterError, RuleError) as error:
            raise ContractError(f"family {family.name}: {label} is refused: {error}") from error


def draws_are_accepted(family: Family, _: Sequence[Subject]) -> None:
    """The rules accept at least half of uniform draws."""
    tried = list(islice(draws(family, seed=1), _DRAWS_FOR_SHARE))
    share = sum(not d.broken for d in tried) / len(tried)
    require(family, share >= limits.MIN_ACCEPTED_SHARE, f"accepts {share:.0%} of {len(tried)} uniform draws")


def refusals_are_named(family: Family, _: Sequence[Subject]) -> None:
    """Every refusal names its rule in kebab-case with a reason that holds a number; `accept` agrees."""
    for draw in islice(draws(family, seed=2), _DRAWS_FOR_SHARE):
        for b in draw.broken:
            require(family, bool(_RULE.fullmatch(b.rule)), f"rule {b.rule!r} is not kebab-case")
            require(family, bool(re.search(r"\d", b.reason)), f"rule {b.rule}: no number in {b.reason!r}")
        try:
            family.accept(draw.values)
            named: tuple[str, ...] = ()
        except RuleError as error:
            named = error.rules
        require(family, named == tuple(b.rule for b in draw.broken), f"accept says {named} on {draw}")


def _refused(family: Family, values: Mapping[str, Any], name: str) -> None:
    try:
        family.validate(values)
    except ParameterError as error:
        require(family, name in str(error), f"the refusal {str(error)!r} does not name {name}")
    else:
        raise ContractError(f"family {family.name}: {name} = {values.get(name, 'missing')!r} was accepted")
