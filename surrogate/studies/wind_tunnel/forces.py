"""Force histories, averaging windows and the convergence rule.

Bluff wakes do not stand still in steady RANS: single iterations scatter, so only means over windows of
iterations are judged and reported.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ....design.arrays import FloatArray
from ....design.messages import say
from .recipe import CURRENT, RESIDUAL_LIMIT, SWING, Rule

COLUMNS = ("Cd", "Cl", "Cl(f)", "Cl(r)")
ABSURD = 5.0  # a |Cd| or |Cl| beyond it in the main stage means that the case blew up
MOST_WINDOWS = 3
NUMBER = r"([-+]?(?:[0-9.]+(?:e[-+]?[0-9]+)?|nan|inf))"
COEFFICIENT = re.compile(r"\s+(Cd|Cl|Cl\(f\)|Cl\(r\))\s+: " + NUMBER)
RESIDUAL = re.compile(r"Solving for (\w+), Initial residual = " + NUMBER)
TIME = re.compile(r"^Time = ([0-9]+)$", re.MULTILINE)


@dataclass(frozen=True)
class History:
    """Coefficients by iteration: `iterations` (n,), `values` (n, 4) in the order of COLUMNS."""

    iterations: FloatArray
    values: FloatArray


@dataclass(frozen=True)
class Verdict:
    """What the windows say.

    Attributes:
        means: (4,) over the windows that the rule looks at, in the order of COLUMNS.
        std: (4,) scatter of the means of these windows (of three, where the rule looks at two); of a run that
            has settled on an average, what is left of it in the mean.
        drift: largest against smallest mean of Cd in these windows, relative to the last one; of a run that
            has settled on an average, between its halves.
        converged: the rule holds; reason: why not.
    """

    means: FloatArray
    std: FloatArray
    drift: float
    converged: bool
    reason: str


def read_history(case: Path) -> History:
    """All iterations of all stages, from the solver's log (the force files lag behind by their buffer).

    A block of coefficients that is still being written is left out.
    """
    rows: dict[int, list[float]] = {}
    time = -1
    block: dict[str, float] = {}
    for line in _log(case).splitlines():
        if line.startswith("Time = "):
            time, block = round(float(line[7:])), {}
            continue
        found = COEFFICIENT.match(line)
        if found:
            block[found[1]] = float(found[2])
            if found[1] == COLUMNS[-1] and len(block) == len(COLUMNS):
                rows[time] = [block[name] for name in COLUMNS]
    keys = sorted(rows)
    values = np.array([rows[k] for k in keys], dtype=np.float64).reshape(-1, len(COLUMNS))
    return History(np.array(keys, dtype=np.float64), values)


def last_iteration(case: Path) -> int:
    """Iteration that the solver has begun, read from the end of its log; 0 before the first."""
    found = TIME.findall(_log(case, tail=20000))
    return int(found[-1]) if found else 0


def read_residuals(case: Path) -> dict[str, float]:
    """Last initial residual by field (the largest component for U), from the solver's log."""
    last: dict[str, float] = {}
    for name, value in RESIDUAL.findall(_log(case, tail=20000)):
        last[name] = float(value)
    components = [last.pop(name) for name in ("Ux", "Uy", "Uz") if name in last]
    return {**({"U": max(components)} if components else {}), **last}


def _log(case: Path, tail: int | None = None) -> str:
    path = case / "log.simpleFoam"
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        if tail is not None:
            file.seek(max(path.stat().st_size - tail, 0))
        data = file.read()
    return data[: data.rfind(b"\n") + 1].decode(errors="replace")


def blew_up(history: History, after: int) -> bool:
    """True when a coefficient is not finite, or is absurd after the start."""
    if len(history.iterations) == 0:
        return False
    late = history.values[history.iterations > after]
    return not np.all(np.isfinite(history.values)) or bool(
        len(late) and np.any(np.abs(late[-5:, :2]) > ABSURD)
    )


def judge(history: History, start: int, residuals: dict[str, float], rule: Rule = CURRENT.rule) -> Verdict:
    """Apply the convergence rule to the iterations after `start`.

    The rule holds (see :class:`.recipe.Rule`), every number is finite, and the last initial residual of p is
    below `RESIDUAL_LIMIT`.
    """
    values = history.values[history.iterations > start]
    nothing = np.full(len(COLUMNS), math.nan)
    if not np.all(np.isfinite(history.values)):
        return Verdict(nothing, nothing, math.nan, False, say("coefficients are not finite"))
    count, asked = len(values) // rule.window, rule.windows
    if count < asked:
        few = say(
            "{done} iterations after the start; {windows} windows of {window} are needed",
            done=len(values),
            windows=asked,
            window=rule.window,
        )
        return Verdict(nothing, nothing, math.nan, False, few)
    # the first window after the start is not trusted
    count = min(max(MOST_WINDOWS, asked), max(asked, count - 1))
    means = _last_windows(values, count, rule.window)
    judged = means[-asked:]
    drift = float(np.ptp(judged[:, 0]) / max(abs(judged[-1, 0]), 1e-9))
    std = means.std(axis=0, ddof=1)
    mean = judged.mean(axis=0)
    if drift >= rule.tolerance and 0 < rule.swinging * rule.window < len(values):
        swing = _last_windows(values, rule.swinging, rule.window)
        if _on_average(swing[:, 0], rule):
            mean, drift = swing.mean(axis=0), _apart(swing[:, 0])
            std = swing.std(axis=0, ddof=1) / math.sqrt(rule.swinging / 2)  # neighbours swing together
    reason = ""
    if np.any(np.abs(mean[:2]) > ABSURD):
        reason = say("absurd coefficients (Cd {cd:.3g}, Cl {cl:.3g})", cd=mean[0], cl=mean[1])
    elif residuals.get("p", 0.0) > RESIDUAL_LIMIT:
        reason = say(
            "residual of p is {residual:.2g}, above {most:g}", residual=residuals["p"], most=RESIDUAL_LIMIT
        )
    elif drift >= rule.tolerance:
        reason = say(
            "Cd moved by {drift:.1f} % over the last {windows} windows of {window} iterations; allowed "
            "{most:g} %",
            drift=100 * drift,
            windows=asked,
            window=rule.window,
            most=100 * rule.tolerance,
        )
    return Verdict(mean, std, drift, not reason, reason)


def _last_windows(values: FloatArray, count: int, width: int) -> FloatArray:
    """(count, 4) means over the last windows of `width` iterations."""
    return np.asarray(values[len(values) - count * width :].reshape(count, width, -1).mean(axis=1))


def _on_average(swing: FloatArray, rule: Rule) -> bool:
    """Whether windows of Cd swing about a mean that stands still."""
    width = float(np.ptp(swing) / max(abs(swing.mean()), 1e-9))
    return width < SWING * rule.tolerance and _apart(swing) < 0.5 * rule.tolerance


def _apart(swing: FloatArray) -> float:
    """How far the means of two halves lie apart, relative to the whole."""
    first, second = np.array_split(swing, 2)
    return float(abs(first.mean() - second.mean()) / max(abs(swing.mean()), 1e-9))


def window_means(history: History, width: int) -> FloatArray:
    """(k,) means of Cd over following windows of `width` iterations, from the first iteration on."""
    count = len(history.values) // width
    return np.asarray(history.values[: count * width, 0].reshape(count, width).mean(axis=1))
