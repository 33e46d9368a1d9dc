"""Public problems of constrained optimisation with known answers.

Single objective: the classical formulae as of Coello Coello, "Use of a self-adaptive penalty approach for
engineering optimization problems" (2000), and Golinski's speed reducer (1970). Several objectives: Osyczka
and Kundu (OSY, 1995), Tanaka (TNK, 1995), and MW7 of Ma and Wang, "Evolutionary constrained multiobjective
optimization: test suite and performance evaluations" (2019), as pymoo defines them; their true fronts come
from a folder that is named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Values = Mapping[str, float]


@dataclass(frozen=True)
class Problem:
    """One problem, minimised.

    Attributes:
        bounds: by parameter; whole numbers by `whole`.
        judge: values to objectives and constraint values (at most 0: met).
        best: best known value; None where there is a front.
        front: name of the file of its true front; "" for one objective.
        reference: of the hypervolume.
    """

    name: str
    bounds: Mapping[str, tuple[float, float]]
    judge: Callable[[Values], tuple[Sequence[float], Sequence[float]]]
    best: float | None = None
    front: str = ""
    reference: tuple[float, ...] = ()
    whole: tuple[str, ...] = ()


def _spring(v: Values) -> tuple[Sequence[float], Sequence[float]]:
    d, big, n = v["d"], v["D"], v["n"]
    limits = [
        1.0 - big**3 * n / (71785.0 * d**4),
        (4.0 * big**2 - d * big) / (12566.0 * (big * d**3 - d**4)) + 1.0 / (5108.0 * d * d) - 1.0,
        1.0 - 140.45 * d / (big * big * n),
        (d + big) / 1.5 - 1.0,
    ]
    return [(n + 2.0) * big * d * d], limits


def _truss(v: Values) -> tuple[Sequence[float], Sequence[float]]:
    a, b, root = v["a"], v["b"], math.sqrt(2.0)
    lower = root * a * a + 2.0 * a * b
    limits = [2.0 * (root * a + b) / lower - 2.0, 2.0 * b / lower - 2.0, 2.0 / (a + root * b) - 2.0]
    return [100.0 * (2.0 * root * a + b)], limits


def _vessel(v: Values) -> tuple[Sequence[float], Sequence[float]]:
    shell, head, r, long = 0.0625 * v["shell"], 0.0625 * v["head"], v["radius"], v["length"]
    cost = 0.6224 * shell * r * long + 1.7781 * head * r * r
    cost += 3.1661 * shell**2 * long + 19.84 * shell**2 * r
    volume = math.pi * r * r * long + 4.0 / 3.0 * math.pi * r**3
    return [cost], [0.0193 * r - shell, 0.00954 * r - head, (1296000.0 - volume) / 1296000.0, long - 240.0]


def _beam(v: Values) -> tuple[Sequence[float], Sequence[float]]:
    h, long, t, b = v["h"], v["l"], v["t"], v["b"]
    load, reach, e, g = 6000.0, 14.0, 30e6, 12e6
    moment = load * (reach + 0.5 * long)
    r = math.sqrt(0.25 * long**2 + (0.5 * (h + t)) ** 2)
    polar = 2.0 * math.sqrt(2.0) * h * long * (long**2 / 12.0 + (0.5 * (h + t)) ** 2)
    straight, turned = load / (math.sqrt(2.0) * h * long), moment * r / polar
    shear = math.sqrt(straight**2 + straight * turned * long / r + turned**2)
    bending = 6.0 * load * reach / (b * t * t)
    sag = 4.0 * load * reach**3 / (e * b * t**3)
    buckling = 4.013 * e * t * b**3 / 6.0 / reach**2 * (1.0 - t / (2.0 * reach) * math.sqrt(e / (4.0 * g)))
    cost = 1.10471 * h * h * long + 0.04811 * t * b * (14.0 + long)
    limits = [
        shear / 13600.0 - 1.0, bending / 30000.0 - 1.0, h - b, cost / 5.0 - 1.0, 0.125 - h, sag / 0.25 - 1.0,
        1.0 - buckling / load,
    ]  # fmt: skip
    return [cost], limits


def _reducer(v: Values) -> tuple[Sequence[float], Sequence[float]]:
    b, m, z, l1, l2, d1, d2 = (v[k] for k in ("b", "m", "z", "l1", "l2", "d1", "d2"))
    weight = 0.7854 * b * m * m * (3.3333 * z * z + 14.9334 * z - 43.0934) - 1.508 * b * (d1**2 + d2**2)
    weight += 7.4777 * (d1**3 + d2**3) + 0.7854 * (l1 * d1**2 + l2 * d2**2)
    limits = [
        27.0 / (b * m**2 * z) - 1.0, 397.5 / (b * m**2 * z**2) - 1.0,
        1.93 * l1**3 / (m * z * d1**4) - 1.0, 1.93 * l2**3 / (m * z * d2**4) - 1.0,
        math.sqrt((745.0 * l1 / (m * z)) ** 2 + 16.9e6) / (110.0 * d1**3) - 1.0,
        math.sqrt((745.0 * l2 / (m * z)) ** 2 + 157.5e6) / (85.0 * d2**3) - 1.0,
        m * z / 40.0 - 1.0, 5.0 * m / b - 1.0, b / (12.0 * m) - 1.0,
        (1.5 * d1 + 1.9) / l1 - 1.0, (1.1 * d2 + 1.9) / l2 - 1.0,
    ]  # fmt: skip
    return [weight], limits


def _osy(v: Values) -> tuple[Sequence[float], Sequence[float]]:
    x = [v[f"x{k}"] for k in range(1, 7)]
    first = -(
        25.0 * (x[0] - 2.0) ** 2
        + (x[1] - 2.0) ** 2
        + (x[2] - 1.0) ** 2
        + (x[3] - 4.0) ** 2
        + (x[4] - 1.0) ** 2
    )
    limits = [
        (2.0 - x[0] - x[1]) / 2.0, (x[0] + x[1] - 6.0) / 6.0, (x[1] - x[0] - 2.0) / 2.0,
        (x[0] - 3.0 * x[1] - 2.0) / 2.0, ((x[2] - 3.0) ** 2 + x[3] - 4.0) / 4.0,
        (4.0 - (x[4] - 3.0) ** 2 - x[5]) / 4.0,
    ]  # fmt: skip
    return [first, sum(a * a for a in x)], limits


def _tnk(v: Values) -> tuple[Sequence[float], Sequence[float]]:
    a, b = v["a"], v["b"]
    ring = 1.0 + 0.1 * math.cos(16.0 * math.atan2(a, b)) - a * a - b * b
    return [a, b], [ring, (a - 0.5) ** 2 + (b - 0.5) ** 2 - 0.5]


def _mw7(v: Values) -> tuple[Sequence[float], Sequence[float]]:
    x = np.array([v[f"x{k:02d}"] for k in range(15)])
    k = np.arange(1, 15)
    z = 1.0 + 2.0 * (x[1:] + (x[:-1] - 0.5) ** 2 - 1.0) ** 2
    g = float(z.sum()) - len(k) + 1.0
    one, two = g * x[0], g * math.sqrt(max(1.0 - x[0] ** 2, 0.0))
    angle = math.atan2(two, one)
    outer = (1.2 + 0.4 * math.sin(4.0 * angle) ** 16) ** 2
    inner = (1.15 - 0.2 * math.sin(4.0 * angle) ** 8) ** 2
    radius = one * one + two * two
    return [one, two], [radius - outer, inner - radius]


PROBLEMS: Mapping[str, Problem] = {
    p.name: p
    for p in (
        Problem("spring", {"d": (0.05, 2.0), "D": (0.25, 1.3), "n": (2.0, 15.0)}, _spring, 0.0126652328),
        Problem("truss", {"a": (0.01, 1.0), "b": (0.01, 1.0)}, _truss, 263.8958434),
        Problem(
            "vessel",
            {"shell": (1, 99), "head": (1, 99), "radius": (10.0, 200.0), "length": (10.0, 200.0)},
            _vessel,
            6059.7143350,
            whole=("shell", "head"),
        ),
        Problem(
            "welded-beam",
            {"h": (0.1, 2.0), "l": (0.1, 10.0), "t": (0.1, 10.0), "b": (0.1, 2.0)},
            _beam,
            1.7248523,
        ),
        Problem(
            "reducer",
            {
                "b": (2.6, 3.6),
                "m": (0.7, 0.8),
                "z": (17, 28),
                "l1": (7.3, 8.3),
                "l2": (7.3, 8.3),
                "d1": (2.9, 3.9),
                "d2": (5.0, 5.5),
            },
            _reducer,
            2994.471066,
            whole=("z",),
        ),
        Problem(
            "osy",
            {"x1": (0, 10), "x2": (0, 10), "x3": (1, 5), "x4": (0, 6), "x5": (1, 5), "x6": (0, 10)},
            _osy,
            front="osy.pf",
            reference=(0.0, 80.0),
        ),
        Problem(
            "tnk", {"a": (0.0, math.pi), "b": (1e-9, math.pi)}, _tnk, front="tnk.pf", reference=(1.2, 1.2)
        ),
        Problem(
            "mw7", {f"x{k:02d}": (0.0, 1.0) for k in range(15)}, _mw7, front="MW7.pf", reference=(1.4, 1.4)
        ),
    )
}
