"""What each lock and each limit that binds costs: how much of the wish a designer would win by loosening it.

About the best design the wish is improved as far as the limits let it, by sequential quadratic programming
(scipy's SLSQP, Kraft 1988) on what is known of many designs at once (:mod:`.evaluate`), within the same box,
once as the brief stands and once with one thing loosened; both ends are then judged as any trial, measured.
The price is the difference. Predicted wishes carry the interval of that difference, in which what the two
designs have in common cancels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...design.arrays import FloatArray
from ...design.family.parameters import as_values
from ...design.messages import Message, listed, named, say
from ...surrogate.trust.prediction import HALF_WIDTH
from ..requirements.brief import Brief
from ..requirements.quantity import SURROGATE, Quantity, get_quantity, shown
from ..requirements.requirement import Requirement, limit_scale
from .evaluate import Evaluator, Objective
from .propose import trend_of
from .record import Record, keys_of
from .space import build_space
from .trend import Trend

LOCK, LIMIT = "lock", "limit"
FREED = 0.1  # of a parameter's range, to either side of a lock
LOOSENED = 0.05  # of a limit
BINDING = 0.02  # of a limit: a design that near to it is held by it
BOX = 0.15  # of each range, to either side of the best design
PROBE = 1e-3  # of finite differences, in the unit cube
STEP = 5e-3  # of those of measures
BOXES = 8  # that one push goes through
ROUNDS = 4  # times the optimiser goes on from where it came to
WORTH = 1e-4  # share of the wish that going on must have won
ITERATIONS = 40
SPARE = 1e-4  # of a limit, left between it and the optimiser's end
BACK = (1.0, 0.98, 0.9, 0.7, 0.4)  # shares of the way that are tried until the rules and limits hold


@dataclass(frozen=True)
class Price:
    """What one lock or limit costs.

    Attributes:
        name: quantity. kind: ``lock`` or ``limit``.
        at_least, at_most: how far it was loosened, in `unit`; None where that side stays.
        wish: the quantity that is won. gain: by how much it gets better, at least 0, in `wish_unit`.
        lower, upper: 90 % interval of the gain; equal to it where the wish is measured.
        values: the design that has it.
    """

    name: str
    kind: str
    at_least: float | None
    at_most: float | None
    unit: str
    wish: str
    gain: float
    lower: float
    upper: float
    wish_unit: str
    values: Mapping[str, float]

    @property
    def text(self) -> Message:
        """``overall height to at most 1470 mm: drag coefficient better by 0.004 (0.001 to 0.007)``."""
        side = next(v for v in (self.at_most, self.at_least) if v is not None)
        what = {"quantity": named(self.name), "limit": shown(side, self.unit)}
        if self.kind == LOCK:
            loosened = say("{quantity} set free", quantity=named(self.name))
        elif self.at_most is not None:
            loosened = say("{quantity} to at most {limit}", **what)
        else:
            loosened = say("{quantity} to at least {limit}", **what)
        return say(
            "{loosened}: {wish} better by {gain} (90 %: {lower} to {upper})",
            loosened=loosened,
            wish=named(self.wish),
            gain=shown(self.gain, self.wish_unit),
            lower=shown(self.lower, self.wish_unit),
            upper=shown(self.upper, self.wish_unit),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON object."""
        data = {k: getattr(self, k) for k in self.__dataclass_fields__ if k != "values"}
        return data | {"text": self.text}


def prices(evaluator: Evaluator, best: Record, records: Sequence[Record]) -> tuple[Price, ...]:
    """The dearest first; empty where nothing is wished or nothing binds.

    Args:
        best: a design that passes. records: what the search tried.
    """
    if not evaluator.objectives:
        return ()
    wish = evaluator.objectives[0]
    trend = trend_of(evaluator, records)
    control = improved(evaluator, evaluator.brief, best, wish, trend)
    keys = [(k, r) for k, r in keys_of(evaluator.brief) if r.hard and control.margins[k] > -BINDING]
    changes = [
        *(_loosened(evaluator, k, r) for k, r in keys),
        *(_freed(evaluator, name) for name in evaluator.brief.locks),
    ]
    found = []
    for name, kind, least, most, brief in changes:
        won = improved(evaluator, brief, control, wish, trend, best)
        gain = wish.sign * (control.numbers[wish.quantity.name] - won.numbers[wish.quantity.name])
        gain = max(gain, 0.0)
        reach = HALF_WIDTH * _spread(evaluator, wish.quantity, control, won) if gain > 0.0 else 0.0
        unit = get_quantity(evaluator.family, name).unit
        found.append(
            Price(
                name, kind, least, most, unit, wish.quantity.name, gain, gain - reach, gain + reach,
                wish.quantity.unit, won.values,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda p: -p.gain))


def pushed(evaluator: Evaluator, brief: Brief, start: Record) -> Record:
    """The passing design that is best in the first wish of `brief`, box after box about the last one."""
    best, wish = start, evaluator.objectives[0]
    for _ in range(BOXES):
        further = improved(evaluator, brief, best, wish, None)
        if further.numbers[wish.quantity.name] == best.numbers[wish.quantity.name]:
            break
        best = further
    return best


_Change = tuple[str, str, float | None, float | None, Brief]


def _loosened(evaluator: Evaluator, key: str, asked: Requirement) -> _Change:
    quantity = evaluator.known[asked.quantity]
    number = next(v for v in (asked.at_most, asked.at_least) if v is not None)
    step = LOOSENED * limit_scale(number, quantity)
    least = asked.at_least - step if asked.at_least is not None else None
    most = asked.at_most + step if asked.at_most is not None else None
    looser = replace(asked, at_least=least, at_most=most)
    every = tuple(looser if k == key else r for k, r in keys_of(evaluator.brief))
    return asked.quantity, LIMIT, least, most, replace(evaluator.brief, requirements=every)


def _freed(evaluator: Evaluator, name: str) -> _Change:
    brief, quantity = evaluator.brief, get_quantity(evaluator.family, name)
    lowest, highest = quantity.reach or (brief.locks[name], brief.locks[name])
    reach = max(FREED * (highest - lowest), 1.0 if quantity.whole else 0.0)
    value = brief.locks[name]
    low, high = max(lowest, value - reach), min(highest, value + reach)
    freed = Requirement(name, quantity.unit, at_least=low, at_most=high, source="the lock set free")
    locks = {n: v for n, v in brief.locks.items() if n != name}
    return name, LOCK, low, high, replace(brief, locks=locks, requirements=(*brief.requirements, freed))


def improved(
    evaluator: Evaluator,
    brief: Brief,
    start: Record,
    wish: Objective,
    trend: Trend | None,
    centre: Record | None = None,
) -> Record:
    """The passing design that is best in the wish within the box about `centre` (`start` when None)."""
    family = evaluator.family
    space = build_space(family, brief, dict(start.values))
    own = Evaluator(family, brief, evaluator.predictor, space, dict(start.values))
    here = space.unit(_row(own, start)[None, :])[0]
    middle = here if centre is None else space.unit(_row(own, centre)[None, :])[0]
    low = np.maximum(space.unit(space.floor[None, :])[0], middle - BOX)
    high = np.maximum(np.minimum(space.unit(space.ceiling[None, :])[0], middle + BOX), low)
    best = own.evaluate(0, _row(own, start), "start", trend)
    for _ in range(ROUNDS):
        near = _measured_trend(own, here, (low, high)) or trend
        end = _descended(own, wish, near, np.clip(here, low, high), (low, high))
        further = _on_the_way(own, wish, here, end, best)
        if further is None:
            break
        best, here = further, space.unit(_row(own, further)[None, :])[0]
    return best


def _on_the_way(
    own: Evaluator, wish: Objective, here: FloatArray, end: FloatArray, best: Record
) -> Record | None:
    """The furthest design on the way to the optimiser's end that passes and is better than `best`."""
    space, name = own.space, wish.quantity.name
    for share in BACK:
        unit = here + share * (end - here)
        row = space.project(space.low + unit * (space.high - space.low))[0]
        record = own.evaluate(0, row, "price", None)
        met = record.feasible and all(record.margins[k] <= 0.0 for k, _ in own.wishes)
        gain = -wish.sign * (record.numbers[name] - best.numbers[name]) if met else 0.0
        if gain > WORTH * max(abs(best.numbers[name]), 1e-12):
            return record
    return None


def _measured_trend(own: Evaluator, here: FloatArray, box: tuple[FloatArray, FloatArray]) -> Trend | None:
    """What the measures do about a design, by measured differences; None where one cannot be taken."""
    if not own.meshed:
        return None
    space = own.space

    def measured(unit: FloatArray) -> FloatArray | None:
        values = as_values(own.family.declaration, space.low + unit * (space.high - space.low))
        found = own.measure(values)
        return np.array([found.get(n, 0.0) for n in own.trended]) if found else None

    value = measured(here)
    slope = np.zeros((len(here), len(own.trended)))
    for k in np.flatnonzero(box[1] > box[0]):
        way = -STEP if here[k] > 0.5 else STEP
        beside = measured(here + way * np.eye(len(here))[k])
        if value is None or beside is None:
            return None
        slope[k] = (beside - value) / way
    return None if value is None else Trend(here, value, slope, np.zeros(len(own.trended)))


def _descended(
    own: Evaluator,
    wish: Objective,
    trend: Trend | None,
    start: FloatArray,
    box: tuple[FloatArray, FloatArray],
) -> FloatArray:
    """The optimiser's end, in the unit cube."""
    from scipy.optimize import minimize

    space = own.space
    span = space.high - space.low
    hard = [k for k, r in own.keys if r.hard] + [k for k, _ in own.wishes]
    known: dict[bytes, tuple[FloatArray, FloatArray]] = {}

    def both(unit: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Values (1 + k,) of wish and margins, and their slopes (1 + k, d)."""
        key = unit.tobytes()
        if key not in known:
            ways = np.where(unit > 0.5, -PROBE, PROBE)
            rows = space.low + (unit + np.vstack([np.zeros(len(unit)), np.diag(ways)])) * span
            facts = own.guess(rows, trend)
            judged = own.judge(rows, facts)
            scaled = wish.sign * facts.values[wish.quantity.name] / max(wish.quantity.scale, 1e-12)
            sums = [
                side
                for item in space.sums
                for total in [rows[:, list(item.parts)].sum(axis=1)]
                for side in ((total - item.high) / 1e3, (item.low - total) / 1e3)
                if np.isfinite(side).all()
            ]
            columns = np.stack(
                [scaled, facts.distance - 1.0, *(judged.margins[k] for k in hard), *sums], axis=1
            )
            known[key] = columns[0], np.ascontiguousarray(((columns[1:] - columns[0]) / ways[:, None]).T)
        return known[key]

    found = minimize(
        lambda u: both(u)[0][0], start, jac=lambda u: both(u)[1][0], method="SLSQP",
        bounds=list(zip(*box, strict=True)), options={"maxiter": ITERATIONS, "ftol": 1e-7},
        constraints={
            "type": "ineq",
            "fun": lambda u: -SPARE - both(u)[0][1:],
            "jac": lambda u: -both(u)[1][1:],
        },
    )  # fmt: skip
    return np.asarray(np.clip(found.x, *box), dtype=np.float64)


def _row(own: Evaluator, record: Record) -> FloatArray:
    return np.array([record.values[n] for n in own.space.names], dtype=np.float64)


def _spread(evaluator: Evaluator, quantity: Quantity, one: Record, other: Record) -> float:
    """Standard deviation of the difference of a predicted quantity between two designs."""
    if quantity.how != SURROGATE:
        return 0.0
    rows = np.array([[r.values[n] for n in evaluator.space.names] for r in (one, other)])
    joint = getattr(evaluator.predictor, "difference", None)
    known = joint(rows, quantity.name) if joint is not None else None
    if known is not None:
        return float(known)
    return float(np.hypot(one.sigmas[quantity.name], other.sigmas[quantity.name]))


def in_words(found: Sequence[Price]) -> Message:
    """All prices in a sentence."""
    return say("What locks and binding limits cost: {prices}.", prices=listed([p.text for p in found], "; "))
