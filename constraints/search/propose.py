"""Where to look next: thousands of candidates guessed at once, the few best measured.

Candidates are the starting point disturbed, the best designs so far disturbed, points between them, and all
of these with some parameters taken back to the starting point (so that nothing moves without a reason). The
surrogate and the running trend of the measures judge them in one go; the family's rules are asked of the
promising ones only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...design.arrays import FloatArray
from ...design.family.contract import Family
from ...design.family.parameters import as_values, whole_columns
from .evaluate import Evaluator, Screened
from .front import nondominated
from .record import Record
from .space import Space
from .trend import Trend, fit_trend

CANDIDATES = 600  # guessed by the trend in one round
PROMISING = 100  # of them screened with the surrogate
ELITES = 8
RESTORED = 0.35  # share of the candidates that take some parameters back to the starting point exactly
TRIFLE = 0.015  # moves smaller than this share of a range are taken back in half of the candidates
DESCENTS, CORRECTIONS = 3, 4  # passing designs and near misses from which linear steps are taken in a round
STEPS = 12  # from each
PROBE = 0.02  # of the finite differences, in the unit cube; a limit within this margin counts as close
LONGEST = 0.25  # of a step, per parameter, in the unit cube
RULE_CHECKS = 40  # candidates whose rules are asked in one round
APART = 0.004  # root mean square distance in the unit cube between designs worth measuring
SCALES = (0.01, 0.03, 0.08, 0.16, 0.3)  # of the disturbances, in the unit cube
#: how much the wishes (against faithfulness) weigh in each choice of a round, so that the front gets wide
TILTS = (1.0, 0.5, 2.0, 1.0, 0.25, 4.0, 1.0, 0.7)
VIOLATED = 20.0  # a violation of one limit scale outweighs this many units of merit
TREND_FROM = 6  # measured designs before a trend is fitted


def seeds(space: Space, family: Family) -> list[tuple[FloatArray, str]]:
    """The first rows: the starting point, and half-way to each archetype, brought into the space."""
    found = [(space.start, "start")]
    defaults = family.defaults()
    for name, values in family.archetypes.items():
        full = {**defaults, **values}
        row = np.array([full[n] for n in space.names], dtype=np.float64)
        found.append((space.project(0.5 * (row + space.start))[0], f"archetype {name}"))
    return found


def trend_of(evaluator: Evaluator, records: Sequence[Record]) -> Trend | None:
    """Running guess of measures and predictions around the best design, None while too little is known."""
    known = [r for r in records if r.measured]
    if not evaluator.trended or len(known) < TREND_FROM:
        return None
    units = evaluator.space.unit(_rows(known))
    learned = np.array([evaluator.trend_row(r) for r in known])
    best = evaluator.space.unit(_rows(ranked(evaluator, records)[:1]))
    return fit_trend(units, learned, best[0])


def ranked(evaluator: Evaluator, records: Sequence[Record]) -> list[Record]:
    """Records from best to worst: feasible ones by merit, then the others by violation."""
    if not records:
        return []
    advisory = np.array([evaluator.advisory(r) for r in records])
    merit = evaluator.merit(np.array([r.objectives for r in records]), advisory)
    violation = np.array([0.0 if r.feasible else r.violation for r in records])
    failing = np.array([not r.feasible for r in records])
    return [records[i] for i in np.lexsort((merit, violation, failing))]


def propose(
    evaluator: Evaluator,
    space: Space,
    records: Sequence[Record],
    rng: np.random.Generator,
    count: int,
    trend: Trend | None,
    focus: str = "",
) -> list[FloatArray]:
    """Up to `count` rows worth measuring, different from each other and from the records.

    Args:
        trend: running guess of the measures (:func:`trend_of`).
        space: where to look; wider than the evaluator's when the limit in `focus` is to be explored.
        focus: key of the requirement whose price is sought: the others must hold, this one comes near.
    """
    rows = np.concatenate(
        [
            _candidates(evaluator, space, records, rng),
            *_steps(evaluator, space, records, rng, trend, focus),
        ]
    )
    if trend is not None:
        rows = rows[_promising(evaluator, rows, trend, focus)]
    guess = evaluator.screen(rows, trend)
    units = evaluator.space.unit(rows)
    taken = [evaluator.space.unit(_rows([r]))[0] for r in records]
    chosen: list[FloatArray] = []
    checked: dict[int, bool] = {}
    for slot in range(count):
        for i in _order(evaluator, guess, TILTS[slot % len(TILTS)], focus)[:RULE_CHECKS]:
            near = np.sqrt(((np.array(taken) - units[i]) ** 2).mean(axis=1)).min() if taken else np.inf
            if near < APART:
                continue
            if i not in checked:
                if len(checked) >= RULE_CHECKS:
                    break
                checked[i] = not evaluator.family.broken_rules(
                    as_values(evaluator.family.declaration, rows[i])
                )
            if checked[i]:
                chosen.append(rows[i])
                taken.append(units[i])
                break
    return chosen


def _promising(evaluator: Evaluator, rows: FloatArray, trend: Trend, focus: str) -> list[int]:
    """Indices of the `PROMISING` rows that the trend ranks best, under several weights of the wishes."""
    rough = evaluator.rough(rows, trend)
    orders = [_order(evaluator, rough, tilt, focus) for tilt in sorted(set(TILTS))]
    ranks = np.min([np.argsort(order, kind="stable") for order in orders], axis=0)
    return sorted(np.argsort(ranks, kind="stable")[:PROMISING].tolist())


def _order(evaluator: Evaluator, guess: Screened, tilt: float, focus: str) -> list[int]:
    violation = guess.violation
    extra: FloatArray = np.zeros_like(violation)
    if focus:
        own = np.maximum(0.0, guess.margins[focus])
        violation, extra = violation - own, own
    scaled = (guess.objectives - evaluator.origin) / evaluator.scales
    weights = evaluator.weights.copy()
    weights[:-1] *= tilt
    score = scaled @ weights / weights.sum() + VIOLATED * violation + 0.2 * VIOLATED * extra
    # standing wishes have no say before every hard limit holds
    score = score + VIOLATED * np.where(violation > 0.0, 0.0, evaluator.unwished(guess))
    score = np.where(violation > 0.0, score + 1.0, score)
    return [int(i) for i in np.argsort(score, kind="stable")]


def _candidates(
    evaluator: Evaluator, space: Space, records: Sequence[Record], rng: np.random.Generator
) -> FloatArray:
    best = ranked(evaluator, records)
    feasible = [r for r in best if r.feasible]
    elites = best[:ELITES]
    if feasible:
        points = np.array([r.objectives for r in feasible])
        elites = elites + [feasible[i] for i in nondominated(points)][:ELITES]
    start = space.unit(space.start[None, :])
    pool = np.concatenate([start, space.unit(_rows(elites))]) if elites else start
    moving = np.flatnonzero(~space.locked)
    if len(moving) == 0:
        return space.start[None, :]
    n, d = CANDIDATES, len(space.names)
    base = pool[rng.integers(0, len(pool), n)]
    towards = pool[rng.integers(0, len(pool), n)]
    mix = rng.uniform(-0.2, 0.8, (n, 1)) * (rng.random((n, 1)) < 0.5)
    scale = np.array(SCALES)[rng.integers(0, len(SCALES), n)][:, None]
    touched = rng.random((n, d)) < rng.choice([0.15, 0.4, 1.0], (n, 1))
    step = rng.normal(size=(n, d)) * scale * touched
    units = base + mix * (towards - base) + step
    restored = (rng.random((n, 1)) < RESTORED) & (rng.random((n, d)) < rng.uniform(0.1, 0.9, (n, 1)))
    trifling = (rng.random((n, 1)) < 0.5) & (np.abs(units - start) < TRIFLE)
    units = np.where(restored | trifling, start, units)
    units[:, space.locked] = base[:, space.locked]
    rows = space.low + np.clip(units, 0.0, 1.0) * (space.high - space.low)
    return space.project(rows)


def _steps(
    evaluator: Evaluator,
    space: Space,
    records: Sequence[Record],
    rng: np.random.Generator,
    trend: Trend | None,
    focus: str,
) -> list[FloatArray]:
    """Linear steps from the best designs and the nearest misses; a list of (n x d) arrays.

    Slopes of margins and objectives come from finite differences of the guesses. A step goes down the
    objectives along the limits that are close, and back across those that are missed; each uses a random
    part of the parameters and a random weight of the wishes, so that different ways are tried. A whole number
    has the slope of one whole step.
    """
    moving = np.flatnonzero(~space.locked)
    hard = [k for k, r in evaluator.keys if r.hard and k != focus]
    if len(moving) == 0:
        return []
    probe = np.full(len(space.names), PROBE)
    whole = whole_columns(space.declaration)
    probe[whole] = 1.0 / (space.high - space.low)[whole]
    probe = probe[moving]
    best = ranked(evaluator, records)
    bases = [r for r in best if r.feasible][:DESCENTS] + [r for r in best if not r.feasible][:CORRECTIONS]
    found = []
    for record in bases:
        row = space.project(_rows([record]))
        unit = space.unit(row)[0]
        step = np.where(unit[moving] > 0.5, -probe, probe)
        shifts = np.zeros((len(moving) + 1, len(space.names)))
        shifts[np.arange(1, len(moving) + 1), moving] = step
        probes = space.low + (unit + shifts) * (space.high - space.low)
        guess = evaluator.probe((record.number, focus), probes, trend)
        slopes = (guess.objectives[1:] - guess.objectives[0]) / step[:, None] / evaluator.scales
        walled = [*hard, *(k for k, _ in evaluator.wishes if record.feasible)]
        margins = (
            np.stack([guess.margins[k] for k in walled], axis=1) if walled else np.zeros((len(shifts), 0))
        )
        close = margins[0] > -PROBE
        walls = (margins[1:, close] - margins[0, close]) / step[:, None]
        for _ in range(STEPS):
            used = rng.random(len(moving)) < rng.uniform(0.2, 1.0)
            weights = evaluator.weights * np.append(
                np.full(len(evaluator.objectives), 4.0 ** rng.uniform(-1, 1)), 1.0
            )
            down = -(slopes @ weights) * used
            across = np.linalg.pinv((walls * used[:, None]).T, rcond=1e-3)
            along = down - across @ (walls.T @ down)
            length = LONGEST * 10.0 ** rng.uniform(-2.0, 0.0) / max(float(np.abs(along).max()), 1e-9)
            back = across @ np.maximum(margins[0, close] + rng.uniform(0.0, 0.2 * PROBE), 0.0)
            new = unit.copy()
            new[moving] += np.clip(along * length - back, -LONGEST, LONGEST)
            found.append(space.low + np.clip(new, 0.0, 1.0) * (space.high - space.low))
    return [space.project(np.array(found))] if found else []


def _rows(records: Sequence[Record]) -> FloatArray:
    return np.array([list(r.values.values()) for r in records], dtype=np.float64)
