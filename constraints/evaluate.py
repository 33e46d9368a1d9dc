"""One trial of a search: what is computed for a design, in the order of cost, and kept on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..design.errors import InputError, MaquetteError
from ..design.family import Family
from ..design.parameters import as_values
from .assess import Predictor
from .brief import Brief
from .margins import measured_margin, predicted_margin
from .quantity import DERIVED, MESH, PARAMETER, SURROGATE, Quantity, derived, get_quantity, quantities
from .requirement import Requirement, limit_scale
from .space import Space
from .trend import Trend

FloatArray = NDArray[np.float64]

#: the fast mesh stands this share of a limit away from it, so that the exact solid holds the limit too
MESH_SLACK = 0.002
DEPARTURE = "departure"
AREA = "frontal_area"
#: a wish that nobody spoke: less drag, at half the weight of a spoken one
SILENT_WEIGHT = 0.5
#: changes that count as one unit of a preference: 10 % of a quantity, 0.1 of the space's diagonal
UNIT_CHANGE = 0.1
ADVISORY_WEIGHT = 5.0


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
class Record:
    """One judged design.

    Attributes:
        number: of the trial.
        values: the design's parameters.
        origin: who proposed it (``start``, ``archetype suv``, ``screen``, ``tpe``).
        margins: signed margin of each requirement, by key (:func:`keys_of`); guessed when not measured.
        numbers: values of the quantities asked for; sigmas of the predicted ones.
        broken: names of the rules that it breaks.
        objectives: to be minimised; the departure from the starting point comes last.
        measured: whether the mesh was measured where it had to be.
        violation: sum of the hard violations.
    """

    number: int
    values: Mapping[str, float]
    origin: str
    margins: Mapping[str, float]
    numbers: Mapping[str, float]
    sigmas: Mapping[str, float]
    in_domain: bool
    broken: tuple[str, ...]
    objectives: tuple[float, ...]
    measured: bool
    violation: float
    meshed: Mapping[str, float] = field(default_factory=dict)

    @property
    def feasible(self) -> bool:
        """Every hard requirement holds as far as the fast mesh can tell, and no rule is broken."""
        return self.measured and not self.broken and self.violation <= 0.0

    def to_json(self) -> dict[str, Any]:
        """Plain JSON object."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Record:
        """Inverse of :meth:`to_json`."""
        fields = dict(data)
        fields["broken"] = tuple(fields["broken"])
        fields["objectives"] = tuple(fields["objectives"])
        return Record(**fields)


@dataclass(frozen=True)
class Screened:
    """Guesses about n designs: hard violation (n,), margins by key (n,), objectives (n, m), merit (n,)."""

    violation: FloatArray
    margins: Mapping[str, FloatArray]
    objectives: FloatArray
    merit: FloatArray


def keys_of(brief: Brief) -> tuple[tuple[str, Requirement], ...]:
    """Requirements under stable keys: the quantity's name, numbered when there are several."""
    found: list[tuple[str, Requirement]] = []
    seen: dict[str, int] = {}
    for requirement in brief.requirements:
        seen[requirement.quantity] = seen.get(requirement.quantity, 0) + 1
        number = seen[requirement.quantity]
        found.append((requirement.quantity + (f" {number}" if number > 1 else ""), requirement))
    return tuple(found)


class Evaluator:
    """Judges designs for one brief: alone and measured, or thousands at once and guessed."""

    def __init__(
        self,
        family: Family,
        brief: Brief,
        predictor: Predictor | None,
        space: Space,
        start: Mapping[str, float] | None = None,
    ) -> None:
        self.start = start
        self.family = family
        self.brief = brief
        self.predictor = predictor
        self.space = space
        self.keys = keys_of(brief)
        self.known = {r.quantity: get_quantity(family, r.quantity) for r in brief.requirements}
        self.objectives = _objectives(family, brief, predictor)
        asked = [*self.known.values(), *(o.quantity for o in self.objectives)]
        for quantity in asked:
            if quantity.how == SURROGATE and predictor is None:
                raise InputError(
                    f"{quantity.name} is predicted, and family {family.name} has no surrogate; "
                    "train one, or take the quantity out of the brief"
                )
        self._predicts = any(q.how == SURROGATE for q in asked)
        meshed = {q.name for q in asked if q.how == MESH}
        if any(q.name == "drag_area" for q in asked) and AREA in quantities(family):
            meshed.add(AREA)
        self.meshed = tuple(sorted(meshed))
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
        return sum(max(0.0, record.margins[k]) for k, r in self.keys if not r.hard)

    def evaluate(self, number: int, row: FloatArray, origin: str, trend: Trend | None) -> Record:
        """Judge one design: rules, then parameters and predictions, then the mesh where it can still matter.

        A design of Optuna's that has failed before the mesh is not measured; its measures are guessed.
        """
        values = as_values(self.family.declaration, row)
        broken = tuple(b.rule for b in self.family.broken_rules(values))
        guess = self.screen(row[None, :], trend)
        cheap = sum(
            max(0.0, float(guess.margins[k][0]))
            for k, r in self.keys
            if r.hard and self.known[r.quantity].how != MESH
        )
        hopeless = bool(broken) or (origin == "tpe" and cheap > 0.0)
        meshed: dict[str, float] = {}
        if self.meshed and not hopeless:
            try:
                found = self.family.measures_of(values, self.meshed)
            except (MaquetteError, ValueError, ArithmeticError, IndexError):
                broken = ("measures-can-be-taken",)
            else:
                meshed = {name: float(found[name]) for name in self.meshed}
                if not all(np.isfinite(v) for v in meshed.values()):
                    meshed, broken = {}, ("measures-can-be-taken",)
        measured = bool(meshed) or not self.meshed
        exact = np.array([[meshed[n] for n in self.meshed]]) if meshed else None
        judged = self.screen(row[None, :], trend, exact)
        numbers, sigmas, inside = self._numbers(row, meshed)
        violation = float(judged.violation[0]) + len(broken)
        return Record(
            number,
            values,
            origin,
            {k: float(m[0]) for k, m in judged.margins.items()},
            numbers,
            sigmas,
            inside,
            broken,
            tuple(float(v) for v in judged.objectives[0]),
            measured,
            violation,
            meshed,
        )

    def screen(self, rows: FloatArray, trend: Trend | None, measures: FloatArray | None = None) -> Screened:
        """Judge n designs at once. `measures` (n, q) are real ones; without them the trend's guess counts.

        A guess carries its error: a limit on a guessed measure must hold with one typical error to spare.
        """
        units = self.space.unit(rows)
        error = np.zeros(len(self.meshed))
        if measures is None and trend is not None:
            measures, error = trend(units), trend.error
        column = {name: k for k, name in enumerate(self.meshed)}
        area: FloatArray | float = 1.0
        if AREA in column and measures is not None:
            area = np.maximum(measures[:, column[AREA]], 1e-6)
        batch = self.predictor.predict(rows, area) if self._predicts and self.predictor else None
        names = {name: k for k, name in enumerate(self.space.names)}
        sums = derived(self.family)

        def values_of(quantity: Quantity) -> FloatArray | None:
            if quantity.how == PARAMETER:
                return np.asarray(rows[:, names[quantity.name]])
            if quantity.how == DERIVED:
                return np.asarray(rows[:, [names[p] for p in sums[quantity.name]]].sum(axis=1))
            if quantity.how == SURROGATE and batch is not None:
                return batch.value[quantity.name]
            return None if measures is None else np.asarray(measures[:, column[quantity.name]])

        margins: dict[str, FloatArray] = {}
        violation = np.zeros(len(rows))
        advisory = np.zeros(len(rows))
        for key, requirement in self.keys:
            quantity = self.known[requirement.quantity]
            value = values_of(quantity)
            if value is None:
                margin = np.zeros(len(rows))
            elif quantity.how == SURROGATE and batch is not None:
                name = quantity.name
                margin = predicted_margin(
                    requirement, value, batch.sigma[name], batch.in_domain, batch.distance, quantity
                )
            else:
                margin = measured_margin(requirement, value, quantity)
                if quantity.how == MESH:
                    limits = (requirement.at_most, requirement.at_least)
                    scale = min(limit_scale(v, quantity) for v in limits if v is not None)
                    margin = margin + MESH_SLACK + error[column[quantity.name]] / scale
            margins[key] = margin
            if requirement.hard:
                violation = violation + np.maximum(0.0, margin)
            else:
                advisory = advisory + np.maximum(0.0, margin)
        columns = []
        for k, objective in enumerate(self.objectives):
            value = values_of(objective.quantity)
            columns.append(np.full(len(rows), self.origin[k]) if value is None else objective.sign * value)
        columns.append(self._departure(units))
        points = np.stack(columns, axis=1)
        return Screened(violation, margins, points, self.merit(points, advisory))

    def _departure(self, units: FloatArray) -> FloatArray:
        """Root mean square distance from the starting point over the parameters that can move (n,)."""
        moving = ~self.space.locked
        if not moving.any():
            return np.zeros(len(units))
        start = self.space.unit(self.space.start[None, :])
        return np.asarray(np.sqrt(((units - start)[:, moving] ** 2).mean(axis=1)), dtype=np.float64)

    def _numbers(
        self, row: FloatArray, meshed: Mapping[str, float]
    ) -> tuple[dict[str, float], dict[str, float], bool]:
        numbers = dict(meshed)
        sigmas: dict[str, float] = {}
        index = {name: k for k, name in enumerate(self.space.names)}
        sums = derived(self.family)
        for quantity in self.known.values():
            if quantity.how == PARAMETER:
                numbers[quantity.name] = float(row[index[quantity.name]])
            elif quantity.how == DERIVED:
                numbers[quantity.name] = float(sum(row[index[p]] for p in sums[quantity.name]))
        if not (self._predicts and self.predictor):
            return numbers, sigmas, True
        batch = self.predictor.predict(row[None, :], meshed.get(AREA, 1.0))
        for name in batch.value:
            if name != "drag_area" or AREA in meshed:
                numbers[name] = float(batch.value[name][0])
                sigmas[name] = float(batch.sigma[name][0])
        return numbers, sigmas, bool(batch.in_domain[0])


def _objectives(family: Family, brief: Brief, predictor: Predictor | None) -> tuple[Objective, ...]:
    spoken: Sequence[Objective] = [
        *(Objective(get_quantity(family, n), 1.0, 1.0) for n in brief.minimise),
        *(Objective(get_quantity(family, n), -1.0, 1.0) for n in brief.maximise),
    ]
    if spoken:
        return tuple(spoken)
    drag = quantities(family).get("drag_coefficient")
    return (Objective(drag, 1.0, SILENT_WEIGHT),) if drag is not None and predictor is not None else ()
