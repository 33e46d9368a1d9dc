"""The samplers that a search can be run with, by name: ours, Optuna's own, or a package of OptunaHub."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...design.errors import InputError, MissingComponentError
from ...design.messages import listed, quoted, say, spelt
from .designs import DesignProposals
from .evaluate import Evaluator
from .propose import VIOLATED
from .record import Record

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler

OURS = "screening"
HUB = "hub:"
#: name to Optuna's class, in the order of messages
OPTUNA: Mapping[str, str] = {
    "tpe": "TPESampler",
    "gp": "GPSampler",
    "nsgaii": "NSGAIISampler",
    "nsgaiii": "NSGAIIISampler",
    "cmaes": "CmaEsSampler",
    "qmc": "QMCSampler",
    "random": "RandomSampler",
}
SINGLE = ("cmaes",)  # know one objective and no constraints


@dataclass(frozen=True)
class Sampler:
    """A sampler by its name; `single` ones are told one penalised number (:func:`penalised`)."""

    name: str
    sampler: BaseSampler
    single: bool = False


def check_sampler(name: str) -> None:
    """Refuse an unknown name.

    Raises:
        InputError: naming those that exist.
    """
    if name != OURS and name not in OPTUNA and not (name.startswith(HUB) and name.removeprefix(HUB)):
        raise InputError(
            say(
                "sampler is {name!r}; allowed: {known}, or hub:PACKAGE for one of OptunaHub",
                name=name,
                known=listed(map(spelt, (OURS, *OPTUNA))),
            )
        )


def made(name: str, seed: int, proposals: DesignProposals, space: Mapping[str, BaseDistribution]) -> Sampler:
    """The sampler of that name.

    Raises:
        InputError: unknown, or not to be had.
        MissingComponentError: it needs a package that is not installed.
    """
    check_sampler(name)
    if name == OURS:
        from .sampler import ScreeningSampler

        return Sampler(name, ScreeningSampler(seed=seed + proposals.stream, proposals=proposals, space=space))
    if name.startswith(HUB):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Optuna calls experimental
            return Sampler(name, _from_hub(name.removeprefix(HUB)))
    return Sampler(name, of_optuna(name, seed + 7919 * proposals.stream), name in SINGLE)


def of_optuna(name: str, seed: int) -> BaseSampler:
    """Optuna's own sampler of that name, as every search and every race runs it."""
    import optuna

    if name in SINGLE:
        needs("cmaes", name)
    options: dict[str, Any] = {"qmc": {"scramble": True}, "tpe": {"multivariate": True}}.get(name, {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Optuna calls experimental
        sampler: BaseSampler = getattr(optuna.samplers, OPTUNA[name])(seed=seed, **options)
    return sampler


def penalised(evaluator: Evaluator, record: Record) -> float:
    """One number for samplers that know neither several objectives nor constraints: merit and violations."""
    merit = float(evaluator.merit(np.array(record.objectives), evaluator.advisory(record))[0])
    return merit + VIOLATED * record.violation + (1.0 if record.violation > 0.0 else 0.0)


def needs(package: str, name: str) -> None:
    """Refuse a sampler whose package is not there.

    Raises:
        MissingComponentError: naming both.
    """
    try:
        importlib.import_module(package)
    except ImportError as error:
        raise MissingComponentError(
            say(
                "the sampler {name} needs the package {package}: pip install {package}",
                name=spelt(name),
                package=spelt(package),
            )
        ) from error


def _from_hub(package: str) -> BaseSampler:
    needs("optunahub", HUB + package)
    import optunahub

    try:
        module = optunahub.load_module(package)
        found = next(v for k, v in vars(module).items() if k.endswith("Sampler") and isinstance(v, type))
        sampler: BaseSampler = found()
    except Exception as error:  # whatever a stranger's package raises
        line = " ".join(str(error).split())[:200] or type(error).__name__
        raise InputError(
            say(
                "sampler {name}: cannot be had from OptunaHub ({why})", name=quoted(package), why=quoted(line)
            )
        ) from error
    return sampler
