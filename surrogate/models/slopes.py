"""Which way each parameter moves performance, and how much: differences over a small step, both ways.

    slopes(load_surrogate("car"), values)["rear_overhang"].up      # change of the first output

Where the family has a response network of this very surrogate (:mod:`.differentiable`), the differences are
the network's, in a millisecond and without torch; else the surrogate's own, in a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...design.arrays import FloatArray
from ...design.errors import InputError, ModelError
from ...design.family.contract import Family
from ...design.family.parameters import as_row, from_unit_cube, rounded_unit, to_unit_cube, unit_steps
from .differentiable import KIND, shipped_folder
from .gaussian_process.features import feature_matrix
from .store import load_model
from .surrogate import Surrogate

#: step, as a share of a parameter's range
STEP = 0.02
NETWORK, SURROGATE = "response network", "surrogate"


@dataclass(frozen=True)
class Slope:
    """What a small step of one parameter, or one of a whole number, does to the study's first output.

    Attributes:
        step: in the parameter's unit.
        down, up: change of it one step down or up; None where the range ends before that.
        sign: 1.0 where less of it is better, -1.0 where more is.
    """

    step: float
    down: float | None
    up: float | None
    sign: float = 1.0

    @property
    def better(self) -> str:
        """``down`` or ``up``, whichever makes it better (more); "" when neither does."""
        ways = {"down": self.down, "up": self.up}
        found = {way: self.sign * change for way, change in ways.items() if change is not None}
        best = min(found, key=lambda way: found[way], default="")
        return best if best and found[best] < 0.0 else ""

    @property
    def gain(self) -> float:
        """Change that way; 0 when neither is better."""
        return {"down": self.down, "up": self.up, "": 0.0}[self.better] or 0.0


def slopes(surrogate: Surrogate, values: Mapping[str, float], step: float = STEP) -> dict[str, Slope]:
    """The effect of a step of every parameter, by name in declaration order.

    Args:
        values: complete parameters.
        step: share of each parameter's range, above 0 and at most 0.5.

    Raises:
        ParameterError: incomplete values.
        InputError: a step out of bounds, a surrogate without its first output.
    """
    if not 0.0 < step <= 0.5:
        raise InputError(f"step is {step:g}; allowed above 0 and at most 0.5 of a range")
    family = surrogate.family
    declaration = family.declaration
    here = to_unit_cube(declaration, as_row(declaration, family.validate(values)))
    d = len(here)
    steps = unit_steps(declaration, step)
    rows = np.concatenate([here[None], here - steps * np.eye(d), here + steps * np.eye(d)])
    fits = np.asarray(np.all((rows >= -1e-9) & (rows <= 1.0 + 1e-9), axis=1)).tolist()
    value = response_of(surrogate)(rounded_unit(declaration, np.clip(rows, 0.0, 1.0)))
    change = [float(c) if ok else None for c, ok in zip(value - value[0], fits, strict=True)]
    sign = surrogate.study.headline.sign
    sizes = [1 if p.range.whole else step * (p.range.high - p.range.low) for p in family.parameters]
    return {
        p.name: Slope(sizes[k], change[1 + k], change[1 + d + k], sign)
        for k, p in enumerate(family.parameters)
    }


def spread(surrogate: Surrogate, values: Mapping[str, float], step: float = STEP) -> FloatArray | None:
    """How sure the surrogate is of its slopes: covariance (d x d) of the changes of the first output over
    whole ranges, parameters in declaration order.

    Differences are linear in the process, so with D the differences' rows and C the process' posterior
    covariance at their ends it is D C D^T (Rasmussen and Williams, "Gaussian Processes for Machine
    Learning", 2006, chapter 9.4), times the square of the calibration that intervals carry. The smooth part
    alone counts: what reaches no farther than the nearest neighbours has no slope. None where there is no
    process.
    """
    target = surrogate.targets.get(surrogate.study.headline.name)
    if target is None:
        return None
    declaration = surrogate.family.declaration
    here = to_unit_cube(declaration, as_row(declaration, surrogate.family.validate(values)))
    d = len(here)
    ways = unit_steps(declaration, step) * np.eye(d)
    rows = rounded_unit(declaration, np.clip(np.concatenate([here + ways, here - ways]), 0.0, 1.0))
    width = np.diagonal(rows[:d] - rows[d:])
    seen = feature_matrix(surrogate.family, target.features, from_unit_cube(declaration, rows))
    whole = target.posterior.together(seen)
    differences = np.concatenate([np.diag(1.0 / width), np.diag(-1.0 / width)], axis=1)
    found = target.factor**2 * differences @ whole @ differences.T
    return np.asarray(0.5 * (found + found.T), dtype=np.float64)


def source_of(surrogate: Surrogate) -> str:
    """Where :func:`slopes` takes its numbers: ``response network`` or ``surrogate``."""
    return SURROGATE if _network(surrogate.family, surrogate.version) is None else NETWORK


def response_of(surrogate: Surrogate) -> Callable[[FloatArray], FloatArray]:
    """The study's first output (n,) of designs in the unit cube (n x d), by the quickest that knows it."""
    network = _network(surrogate.family, surrogate.version)
    if network is not None:
        return network
    name = surrogate.study.headline.name
    if name not in surrogate.targets:
        raise InputError(f"the surrogate of {surrogate.family.name} does not predict {name}")

    def predict(unit: FloatArray) -> FloatArray:
        return surrogate.predict(from_unit_cube(surrogate.family.declaration, unit)).value[name]

    return predict


@lru_cache(maxsize=8)
def _network(family: Family, version: str) -> Callable[[FloatArray], FloatArray] | None:
    """The shipped response network, when it was made of that version of the surrogate."""
    folder = shipped_folder(family.name)
    if not folder.is_dir():
        return None
    try:
        info, at = load_model(folder)
    except ModelError:
        return None
    made_for = (info.get("kind"), info.get("declaration_hash"), info.get("surrogate"))
    if made_for != (KIND, family.declaration_hash, version):
        return None
    columns = np.array(info["columns"], dtype=np.int64)

    def predict(unit: FloatArray) -> FloatArray:
        x = 2.0 * unit[:, columns] - 1.0
        hidden = _silu(x @ at["in.weight"].T + at["in.bias"])
        hidden = _silu(hidden @ at["mid.weight"].T + at["mid.bias"])
        out = hidden @ at["out.weight"].T + at["out.bias"] + x @ at["skip.weight"].T
        return np.asarray(out[:, 0] * at["scale"] + at["mean"], dtype=np.float64)

    return predict


def _silu(x: FloatArray) -> FloatArray:
    return np.asarray(x / (1.0 + np.exp(-x)), dtype=np.float64)
