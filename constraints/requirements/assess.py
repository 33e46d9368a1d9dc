"""Does a design meet a brief? One verdict per requirement, each with a signed margin and a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from ...design.arrays import FloatArray
from ...design.errors import MaquetteError
from ...design.family.contract import Broken, Family
from ...design.geometry.zones import gap_on_mesh, zone_of
from ...design.messages import capital, say
from ...surrogate.studies.registry import factors_of
from ...surrogate.trust.prediction import Batch, Prediction
from .body_types import likeness
from .brief import Brief
from .margins import measured_margin, predicted_margin, worst_limit
from .quantity import BODY, DERIVED, EXACT, MESH, PARAMETER, SURROGATE, Quantity, get_quantity, shown
from .requirement import Requirement, Verdict, asked_of
from .standing_wishes import standing


class Predictor(Protocol):
    """What assessment and search need of a surrogate (:mod:`maquette.surrogate.models.surrogate` has it)."""

    def predict(self, matrix: FloatArray, measures: Mapping[str, FloatArray | float] = ...) -> Batch:
        """Predictions of n designs (n x d in declaration order); measures by name, (n,) or one for all."""
        ...

    def predict_design(
        self, values: Mapping[str, float], measures: Mapping[str, float] = ...
    ) -> Mapping[str, Prediction]:
        """Predictions of one design by quantity, with reasons and evidence; its known measures by name."""
        ...


@dataclass(frozen=True)
class Assessment:
    """How one design meets a brief.

    Attributes:
        values: the design's parameters.
        verdicts: one per requirement (per lock, per standing wish), in the brief's order.
        broken: the family's rules that the design breaks.
        feasible: every hard requirement and lock holds and no rule is broken.
        score: 0 when feasible, else the sum of the hard violations (a broken rule counts 1).
        measures: what was measured, by quantity.
        predictions: what was predicted, by quantity.
    """

    values: Mapping[str, float]
    verdicts: tuple[Verdict, ...]
    broken: tuple[Broken, ...]
    feasible: bool
    score: float
    measures: Mapping[str, float]
    predictions: Mapping[str, Prediction]

    @property
    def misses(self) -> tuple[Verdict, ...]:
        """The hard requirements that do not hold, the worst first."""
        return tuple(sorted((v for v in self.verdicts if v.hard and not v.passed), key=lambda v: -v.margin))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON object."""
        return {
            "feasible": self.feasible,
            "score": self.score,
            "verdicts": [v.to_json() for v in self.verdicts],
            "broken": [{"rule": b.rule, "reason": b.reason} for b in self.broken],
            "measures": dict(self.measures),
            "predictions": {name: p.to_json() for name, p in self.predictions.items()},
        }


def assess(
    family: Family,
    values: Mapping[str, float],
    brief: Brief,
    predictor: Predictor | None = None,
    exact_measures: Mapping[str, float] | None = None,
    fast_measures: Mapping[str, float] | None = None,
) -> Assessment:
    """Judge one design by a brief.

    Args:
        values: complete parameters.
        predictor: the family's surrogate; without one, predicted requirements do not pass and say so.
        exact_measures: measures of the exact solid, by quantity; they replace those of the fast mesh.
        fast_measures: all measures of the fast mesh where they are known already; else what is asked for is
            measured here.

    Raises:
        ParameterError: a parameter is missing, unknown or out of range.
        InputError: the brief names a quantity that the family does not have.
    """
    clean = family.validate(values)
    broken = tuple(family.broken_rules(clean))
    asked = [*brief.requirements, *lock_requirements(family, brief), *standing(family, brief)]
    known = {r.quantity: get_quantity(family, r.quantity) for r in asked}
    hows = {q.how for q in known.values()}
    exact = dict(exact_measures or {})
    meshed: dict[str, float] = {}
    if hows & {MESH, SURROGATE}:
        meshed = _meshed(family, clean, broken, exact, known, fast_measures)
    predictions: Mapping[str, Prediction] = {}
    if predictor is not None and SURROGATE in hows:
        predictions = predictor.predict_design(clean, meshed | exact)
    verdicts = []
    for requirement in asked:
        quantity = known[requirement.quantity]
        if quantity.how == SURROGATE:
            verdicts.append(judge_prediction(requirement, quantity, predictions.get(quantity.name)))
            continue
        value, how = _value(family, clean, quantity, meshed, exact)
        verdict = judge_value(requirement, quantity, value, how)
        if not broken and (ends := family.spread(clean, quantity.name)):
            verdict = _spread(verdict, *ends)
        why = family.why(clean, quantity.name) if not (broken or verdict.passed) else ""
        told = say("{reason}. {why}", reason=verdict.reason, why=capital(why))
        verdicts.append(replace(verdict, reason=told) if why else verdict)
    score = sum(max(0.0, v.margin) for v in verdicts if v.hard) + float(len(broken))
    feasible = not broken and all(v.passed for v in verdicts if v.hard)
    return Assessment(clean, tuple(verdicts), broken, feasible, score, meshed | exact, predictions)


def _spread(verdict: Verdict, low: float, high: float) -> Verdict:
    """With what nine in ten products of the design have: said, and no part of the judgement."""
    told = say(
        "{reason}; nine in ten such products lie between {low} and {high}",
        reason=verdict.reason, low=shown(low, verdict.unit), high=shown(high, verdict.unit),
    )  # fmt: skip
    return replace(verdict, reason=told, lower=low, upper=high)


def lock_requirements(family: Family, brief: Brief) -> tuple[Requirement, ...]:
    """Each lock as a requirement of that exact value."""
    return tuple(
        asked_of(get_quantity(family, name), value, value, source="lock")
        for name, value in brief.locks.items()
    )


def judge_value(requirement: Requirement, quantity: Quantity, value: float | None, how: str) -> Verdict:
    """Verdict on a known value; `None` (it could not be measured) does not pass."""
    name, unit = quantity.label, quantity.unit
    if value is None or not np.isfinite(value):
        limit = requirement.at_most if requirement.at_most is not None else (requirement.at_least or 0.0)
        reason = say(
            "{quantity} could not be measured: the design breaks a rule of its family", quantity=name
        )
        return Verdict(
            requirement, quantity.name, unit, float("nan"), limit, 1.0, False, requirement.hard, reason, how
        )
    margin = float(measured_margin(requirement, np.array([value]), quantity)[0])
    limit = worst_limit(requirement, value, quantity)
    if margin <= 0.0 and requirement.at_least == requirement.at_most:
        reason = say("{quantity} is {value}, as locked", quantity=name, value=quantity.shown(value))
    elif quantity.kinds:
        reason = say(
            "{quantity} is {value}, asked {limits}",
            quantity=name,
            value=quantity.shown(value),
            limits=requirement.limits,
        )
    else:
        reason = say(
            "{quantity} is {value}, asked {limits}: holds with {gap} to spare"
            if margin <= 0.0
            else "{quantity} is {value}, asked {limits}: {gap} above it"
            if value > limit
            else "{quantity} is {value}, asked {limits}: {gap} below it",
            quantity=name,
            value=shown(value, unit),
            limits=requirement.limits,
            gap=shown(abs(value - limit), unit),
        )
    return Verdict(
        requirement, quantity.name, unit, value, limit, margin, margin <= 0.0, requirement.hard, reason, how
    )


def judge_prediction(requirement: Requirement, quantity: Quantity, p: Prediction | None) -> Verdict:
    """Verdict on a prediction: it passes inside the domain, with the asked probability, and not otherwise."""
    name, unit = quantity.label, quantity.unit
    if p is None:
        limit = requirement.at_most if requirement.at_most is not None else (requirement.at_least or 0.0)
        reason = say(
            "{quantity} is not known: the family has no surrogate for it; run `maquette simulate` and "
            "compare",
            quantity=name,
        )
        return Verdict(
            requirement,
            quantity.name,
            unit,
            float("nan"),
            limit,
            1.0,
            False,
            requirement.hard,
            reason,
            SURROGATE,
        )
    margin = float(
        predicted_margin(
            requirement,
            np.array([p.value]),
            np.array([p.sigma]),
            np.array([p.in_domain]),
            np.array([p.distance]),
            quantity,
        )[0]
    )
    limit = worst_limit(requirement, p.value, quantity)
    chance = p.probability(requirement.at_most, requirement.at_least)
    told = {
        "quantity": name,
        "value": shown(p.value, unit),
        "coverage": 100.0 * p.coverage,
        "lower": shown(p.lower, unit),
        "upper": shown(p.upper, unit),
        "limits": requirement.limits,
    }
    if not p.in_domain and p.reason:
        reason = say(
            "{quantity} is predicted {value} ({coverage:.0f} % interval {lower} to {upper}), asked {limits}: "
            "outside what the surrogate's runs cover ({why}); settle it with `maquette simulate`",
            **told,
            why=p.reason,
        )
    elif not p.in_domain:
        reason = say(
            "{quantity} is predicted {value} ({coverage:.0f} % interval {lower} to {upper}), asked {limits}: "
            "outside what the surrogate's runs cover; settle it with `maquette simulate`",
            **told,
        )
    else:
        reason = say(
            "{quantity} is predicted {value} ({coverage:.0f} % interval {lower} to {upper}), asked {limits}: "
            "holds with probability {chance:.3f}, {needed:g} needed"
            if margin <= 0.0
            else "{quantity} is predicted {value} ({coverage:.0f} % interval {lower} to {upper}), asked "
            "{limits}: holds only with probability {chance:.3f}, {needed:g} needed",
            **told,
            chance=chance,
            needed=requirement.confidence,
        )
    return Verdict(
        requirement,
        quantity.name,
        unit,
        p.value,
        limit,
        margin,
        margin <= 0.0,
        requirement.hard,
        reason,
        SURROGATE,
        chance,
        p.lower,
        p.upper,
        p.in_domain,
    )


def _meshed(
    family: Family,
    values: Mapping[str, float],
    broken: tuple[Broken, ...],
    exact: Mapping[str, float],
    known: Mapping[str, Quantity],
    fast: Mapping[str, float] | None,
) -> dict[str, float]:
    """Fast measures of what is asked; none when exact ones answer all, or a broken design has none."""
    wanted = {n for n, q in known.items() if q.how == MESH}
    if not wanted <= set(family.quick_measures) or any(q.how == SURROGATE for q in known.values()):
        wanted |= set(factors_of(family).values())
    if wanted <= set(exact):
        return {}
    if fast is not None:
        known_ones = {name: fast[name] for name in sorted(wanted & set(fast))}
        return known_ones | zone_gaps(family, values, wanted)
    try:
        found = dict(family.measures_of(values, wanted & {m.name for m in family.measure_list}))
        return found | zone_gaps(family, values, wanted)
    except (MaquetteError, ValueError, ArithmeticError, IndexError, KeyError):
        if not broken:
            raise
        return {}


def zone_gaps(family: Family, values: Mapping[str, float], names: Iterable[str]) -> dict[str, float]:
    """How well the fast hull honours those of `names` that are boxes, mm."""
    zones = {name: zone for name in names if (zone := zone_of(name)) is not None}
    if not zones:
        return {}
    hull = family.hull(values)
    return {name: gap_on_mesh(zone, hull) for name, zone in zones.items()}


def _value(
    family: Family,
    values: Mapping[str, float],
    quantity: Quantity,
    meshed: Mapping[str, float],
    exact: Mapping[str, float],
) -> tuple[float | None, str]:
    if quantity.name in exact:
        return float(exact[quantity.name]), EXACT
    if quantity.how == PARAMETER:
        return values[quantity.name], PARAMETER
    if quantity.how == BODY:
        return likeness(family, quantity.name, values), BODY
    if quantity.how == DERIVED:
        return sum(values[p] for p in family.sums[quantity.name]), DERIVED
    found = meshed.get(quantity.name)
    return (None if found is None else float(found)), MESH
