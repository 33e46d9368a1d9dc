"""One trial of a search: what is computed for a design, in the order of cost, and kept on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...design.arrays import BoolArray, FloatArray
from ...design.errors import InputError, MaquetteError
from ...design.family.contract import Family
from ...design.family.parameters import as_values
from ...design.messages import say, spelt
from ...surrogate.studies.registry import factors_of, study_of
from ...surrogate.trust.prediction import Batch
from ..requirements.assess import Predictor, zone_gaps
from ..requirements.body_types import likenesses
from ..requirements.brief import Brief
from ..requirements.margins import measured_margin, predicted_margin
from ..requirements.quantity import (
    BODY,
    DERIVED,
    MESH,
    PARAMETER,
    SURROGATE,
    Quantity,
    get_quantity,
)
from ..requirements.requirement import Requirement, limit_scale
from ..requirements.standing_wishes import standing
from .record import Record, keys_of
from .similarity import AGREEMENT, OUTLINE, Faith
from .similarity import QUANTITY as LIKENESS
from .space import Space
from .trend import Trend

#: the fast mesh stands this share of a limit away from it, so that the exact solid holds the limit too
MESH_SLACK = 0.002
DEPARTURE = "departure"
#: a wish that nobody spoke: the best of what a study gives first, at half the weight of a spoken one
SILENT_WEIGHT = 0.5
#: a predicted objective counts with so many standard deviations on its bad side: a search finds what its
#: model believes too well, and outside what was simulated a bare mean promises anything (`python -m
#: maquette.ui.bench.audit`: with 0 a search for low drag ended outside, at 0.159 where the tunnel says 0.216)
CAUTION = 1.0
#: changes that count as one unit of a preference: 10 % of a quantity, 0.1 of the space's diagonal
UNIT_CHANGE = 0.1
ADVISORY_WEIGHT = 5.0
#: a standing wish weighs this many times an advisory limit: it yields to hard requirements only
STANDING = 10.0


@dataclass(frozen=True)
class Objective:
    """A quantity to minimise (`sign` +1) or maximise (-1), and its weight in the order of the results."""

    quantity: Quantity
    sign: float
    weight: float

    @property
    def name(self) -> str:
        """``minimise drag_coefficient``."""
        return f"{'minimise' if self.sign > 0 else 'maximise'} {self.quantity.name}"


@dataclass(frozen=True)
class Screened:
    """Guesses about n designs: hard violation (n,), margins by key (n,), objectives (n, m), merit (n,)."""

    violation: FloatArray
    margins: Mapping[str, FloatArray]
    objectives: FloatArray
    merit: FloatArray


@dataclass(frozen=True)
class Facts:
    """What is known of n designs, for real or by guess; a quantity that nobody knows is left out.

    Attributes:
        values: by quantity, (n,).
        sigma: standard deviation of predicted ones, (n,).
        errors: typical error of the guessed measures.
        in_domain, distance: of the predictions, (n,).
    """

    values: dict[str, FloatArray]
    sigma: dict[str, FloatArray]
    errors: dict[str, float]
    in_domain: BoolArray
    distance: FloatArray


class Evaluator:
    """Judges designs for one brief: alone and measured, or thousands at once and guessed."""

    def __init__(
        self,
        family: Family,
        brief: Brief,
        predictor: Predictor | None,
        space: Space,
        start: Mapping[str, float] | None = None,
        faith: Faith | None = None,
    ) -> None:
        self.start = start
        self.family = family
        self.brief = brief
        self.predictor = predictor
        self.space = space
        self.faith = faith
        self.wishes = tuple((r.quantity, r) for r in standing(family, brief))
        self.keys = (*keys_of(brief), *self.wishes)
        self.known = {r.quantity: get_quantity(family, r.quantity) for _, r in self.keys}
        self.objectives = _objectives(family, brief, predictor)
        if faith is not None:
            self.known[AGREEMENT] = LIKENESS
            floor = faith.requirement
            if floor is not None:
                self.keys = (*self.keys, (AGREEMENT, floor))
            else:
                self.objectives = (*self.objectives, Objective(LIKENESS, -1.0, 1.0))
        asked = [*self.known.values(), *(o.quantity for o in self.objectives)]
        for quantity in asked:
            if quantity.how == SURROGATE and predictor is None:
                raise InputError(
                    say(
                        "{quantity} is predicted, and family {family} has no surrogate; train one, or take "
                        "the quantity out of the brief",
                        quantity=spelt(quantity.name),
                        family=spelt(family.name),
                    )
                )
        self.predicted = tuple(sorted({q.name for q in asked if q.how == SURROGATE}))
        meshed = {q.name for q in asked if q.how == MESH}
        self.quick = bool(meshed & set(family.quick_measures))
        meshed -= set(family.quick_measures)
        #: predicted quantities that hold a measure: name to the measure
        self.factors = {name: m for name, m in factors_of(family).items() if name in self.predicted}
        meshed |= set(self.factors.values())
        self.meshed = tuple(sorted(meshed))
        self._columns = {name: k for k, name in enumerate(space.names)}
        self._sums = family.sums
        self._kept: dict[tuple[int, str], Batch] = {}
        self.scales = np.ones(len(self.objectives) + 1)
        self.origin = np.zeros(len(self.objectives) + 1)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the objectives, in order."""
        return (*(o.name for o in self.objectives), DEPARTURE)

    @property
    def weights(self) -> FloatArray:
        """Weight of each objective in the order of results."""
        return np.array([*(o.weight for o in self.objectives), 1.0])

    def centre(self, record: Record) -> None:
        """Take the first record (the starting point) as the origin and scale of the objectives."""
        self.origin = np.array(record.objectives)
        own = np.abs(self.origin[:-1])
        usual = np.array([o.quantity.scale for o in self.objectives])
        self.scales = UNIT_CHANGE * np.append(np.where(own > 1e-6 * usual, own, 0.5 * usual), 1.0)

    def merit(self, objectives: FloatArray, advisory: FloatArray | float = 0.0) -> FloatArray:
        """Order of results, smaller is better, (n,): weighted objectives and missed advisory limits."""
        scaled = (np.atleast_2d(objectives) - self.origin) / self.scales
        return np.asarray(scaled @ self.weights + ADVISORY_WEIGHT * advisory, dtype=np.float64)

    def advisory(self, record: Record) -> float:
        """Sum of the advisory violations."""
        return sum(self.weight(k) * max(0.0, record.margins[k]) for k, r in self.keys if not r.hard)

    def weight(self, key: str) -> float:
        """What a missed advisory limit counts: a standing wish more than a spoken one."""
        return STANDING if any(key == name for name, _ in self.wishes) else 1.0

    # -- one design, measured ----------------------------------------------------------------------

    def evaluate(self, number: int, row: FloatArray, origin: str, trend: Trend | None) -> Record:
        """Judge one design: rules, then parameters and predictions, then the mesh where it can still matter.

        A design of TPE's that has failed before the mesh is not measured; its measures are guessed.
        """
        rows = row[None, :]
        values = as_values(self.family.declaration, row)
        broken = tuple(b.rule for b in self.family.broken_rules(values))
        facts = self.guess(rows, trend)
        cheap = sum(
            max(0.0, float(self.judge(rows, facts).margins[k][0]))
            for k, r in self.keys
            if r.hard and self.known[r.quantity].how != MESH
        )
        meshed: dict[str, float] = {}
        if self.meshed and not broken and not (origin == "tpe" and cheap > 0.0):
            meshed = self.measure(values)
            if not meshed:
                broken = ("measures-can-be-taken",)
        if meshed:
            facts = self._with_measures(rows, facts, meshed)
        judged = self.judge(rows, facts)
        unknown = set(self.meshed) - set(meshed)
        numbers = {n: float(v[0]) for n, v in facts.values.items() if n not in unknown}
        return Record(
            number=number,
            values=values,
            origin=origin,
            margins={k: float(m[0]) for k, m in judged.margins.items()},
            numbers=numbers,
            sigmas={n: float(s[0]) for n, s in facts.sigma.items()},
            in_domain=bool(facts.in_domain[0]),
            distance=float(facts.distance[0]),
            broken=broken,
            objectives=tuple(float(v) for v in judged.objectives[0]),
            measured=bool(meshed) or not self.meshed,
            violation=float(judged.violation[0]) + len(broken),
            meshed=meshed,
        )

    def measure(self, values: Mapping[str, float]) -> dict[str, float]:
        """The measures asked for; empty when the design has none that are numbers."""
        try:
            found = {
                **self.family.measures_of(values, self.meshed),
                **zone_gaps(self.family, values, self.meshed),
            }
            meshed = {name: float(found[name]) for name in self.meshed}
        except (MaquetteError, ValueError, ArithmeticError, IndexError):
            return {}
        return meshed if all(np.isfinite(v) for v in meshed.values()) else {}

    def _with_measures(self, rows: FloatArray, facts: Facts, meshed: Mapping[str, float]) -> Facts:
        """Measures in place of guesses; predictions that hold a measure follow it."""
        known = facts.values | {n: np.full(len(rows), v) for n, v in meshed.items()}
        sigma = facts.sigma
        if set(self.factors.values()) & set(meshed):
            batch = self._predict(rows, meshed)
            again = [name for name, measure in self.factors.items() if measure in meshed]
            known |= {name: batch.value[name] for name in again}
            sigma = sigma | {name: batch.sigma[name] for name in again}
        return replace(facts, values=known, sigma=sigma, errors={})

    # -- many designs, guessed ---------------------------------------------------------------------

    def screen(self, rows: FloatArray, trend: Trend | None) -> Screened:
        """Judge n designs at once: parameters and predictions for real, measures by the trend."""
        return self.judge(rows, self.guess(rows, trend))

    def rough(self, rows: FloatArray, trend: Trend) -> Screened:
        """Judge n designs by the trend alone, predictions too: for choosing what to screen."""
        return self.judge(rows, self._from_trend(rows, trend, self.predicted))

    def probe(self, key: tuple[int, str], rows: FloatArray, trend: Trend | None) -> Screened:
        """As :meth:`screen`, for the probes around a record: their predictions are made once and kept."""
        return self.judge(rows, self.guess(rows, trend, key))

    def guess(self, rows: FloatArray, trend: Trend | None, key: tuple[int, str] | None = None) -> Facts:
        """What is known of n designs without measuring; predictions under a `key` are kept."""
        facts = self._from_trend(rows, trend, ())
        if not self.predicted:
            return facts
        batch = self._kept.get(key) if key is not None else None
        if batch is None:
            batch = self._predict(rows, {m: facts.values.get(m, 1.0) for m in self.factors.values()})
        if key is not None:
            self._kept[key] = batch
        known = {name: batch.value[name] for name in self.predicted}
        sigma = {name: batch.sigma[name] for name in self.predicted}
        return replace(
            facts,
            values=facts.values | known,
            sigma=sigma,
            in_domain=batch.in_domain,
            distance=batch.distance,
        )

    @property
    def trended(self) -> tuple[str, ...]:
        """What a trend guesses: measures, predictions with their sigmas, the distance to the domain."""
        sigmas = (f"{name} sigma" for name in self.predicted)
        return (*self.meshed, *self.predicted, *sigmas, *(("distance",) if self.predicted else ()))

    def trend_row(self, record: Record) -> list[float]:
        """The numbers of a measured record that a trend learns from, in the order of `trended`."""
        sigmas = [record.sigmas[n] for n in self.predicted]
        distance = [record.distance] if self.predicted else []
        return [*(record.numbers[n] for n in (*self.meshed, *self.predicted)), *sigmas, *distance]

    def _predict(self, rows: FloatArray, measures: Mapping[str, FloatArray | float]) -> Batch:
        if self.predictor is None:
            raise InputError(say("family {family} has no surrogate", family=spelt(self.family.name)))
        return self.predictor.predict(rows, {name: np.maximum(v, 1e-6) for name, v in measures.items()})

    def _from_trend(self, rows: FloatArray, trend: Trend | None, predicted: Sequence[str]) -> Facts:
        known: dict[str, FloatArray] = {}
        for quantity in (*self.known.values(), *(o.quantity for o in self.objectives)):
            if quantity.how == PARAMETER:
                known[quantity.name] = rows[:, self._columns[quantity.name]]
            elif quantity.how == DERIVED:
                parts = [self._columns[p] for p in self._sums[quantity.name]]
                known[quantity.name] = rows[:, parts].sum(axis=1)
            elif quantity.how == BODY:
                names = {p.name: self._columns[p.name] for p in self.family.parameters}
                columns = rows[:, list(names.values())]
                known[quantity.name] = likenesses(self.family, quantity.name, columns)
            elif quantity.how == OUTLINE and self.faith is not None:
                known[quantity.name] = self.faith.likeness(rows)
        if self.quick:
            known |= self.family.quick(rows)
        inside, distance = np.ones(len(rows), dtype=np.bool_), np.zeros(len(rows))
        if trend is None:
            return Facts(known, {}, {}, inside, distance)
        guessed = dict(zip(self.trended, trend(self.space.unit(rows)).T, strict=True))
        errors = dict(zip(self.trended, trend.error.tolist(), strict=True))
        known |= {name: guessed[name] for name in (*self.meshed, *predicted)}
        sigma = {name: np.maximum(guessed[f"{name} sigma"], 1e-9) for name in predicted}
        if predicted:
            distance = guessed["distance"]
            inside = distance <= 1.0
        return Facts(known, sigma, {n: errors[n] for n in self.meshed}, inside, distance)

    def judge(self, rows: FloatArray, facts: Facts) -> Screened:
        """Margins, violations and objectives of n designs.

        A guessed measure carries its error: a limit on it must hold with one typical error to spare.
        """
        margins: dict[str, FloatArray] = {}
        violation = np.zeros(len(rows))
        advisory = np.zeros(len(rows))
        for key, requirement in self.keys:
            margin = self._margin(requirement, facts, len(rows))
            margins[key] = margin
            if requirement.hard:
                violation = violation + np.maximum(0.0, margin)
            else:
                advisory = advisory + self.weight(key) * np.maximum(0.0, margin)
        columns = [self._promised(k, o, facts, len(rows)) for k, o in enumerate(self.objectives)]
        points = np.stack([*columns, self._departure(self.space.unit(rows))], axis=1)
        return Screened(violation, margins, points, self.merit(points, advisory))

    def _promised(self, k: int, objective: Objective, facts: Facts, n: int) -> FloatArray:
        """Column k of the objectives (n,): what can be promised of it, to be minimised."""
        name = objective.quantity.name
        if name not in facts.values:
            return np.full(n, self.origin[k])
        return objective.sign * facts.values[name] + CAUTION * facts.sigma.get(name, np.zeros(n))

    def unwished(self, guess: Screened) -> FloatArray:
        """By how much standing wishes are missed (n,)."""
        missed = [np.maximum(0.0, guess.margins[k]) for k, _ in self.wishes]
        return np.asarray(np.sum(missed, axis=0)) if missed else np.zeros(len(guess.violation))

    def _margin(self, requirement: Requirement, facts: Facts, n: int) -> FloatArray:
        quantity = self.known[requirement.quantity]
        name = quantity.name
        if name not in facts.values:
            return np.zeros(n)
        if quantity.how == SURROGATE:
            return predicted_margin(
                requirement, facts.values[name], facts.sigma[name], facts.in_domain, facts.distance, quantity
            )
        margin = measured_margin(requirement, facts.values[name], quantity)
        if quantity.how == MESH:
            limits = (requirement.at_most, requirement.at_least)
            scale = min(limit_scale(v, quantity) for v in limits if v is not None)
            margin = margin + MESH_SLACK + facts.errors.get(name, 0.0) / scale
        return margin

    def _departure(self, units: FloatArray) -> FloatArray:
        """Root mean square distance from the starting point over the parameters that can move (n,)."""
        moving = ~self.space.locked
        if not moving.any():
            return np.zeros(len(units))
        start = self.space.unit(self.space.start[None, :])
        return np.asarray(np.sqrt(((units - start)[:, moving] ** 2).mean(axis=1)), dtype=np.float64)


def _objectives(family: Family, brief: Brief, predictor: Predictor | None) -> tuple[Objective, ...]:
    spoken: Sequence[Objective] = [
        *(Objective(get_quantity(family, n), 1.0, 1.0) for n in brief.minimise),
        *(Objective(get_quantity(family, n), -1.0, 1.0) for n in brief.maximise),
    ]
    if spoken:
        return tuple(spoken)
    if predictor is None or not family.studies:
        return ()
    first = study_of(family).headline
    return (Objective(get_quantity(family, first.name), first.sign, SILENT_WEIGHT),)
