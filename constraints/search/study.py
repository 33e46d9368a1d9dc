"""Optuna's side of a search: the study that samples, and the storage that makes it resumable and shared.

Sampling runs on a study in memory; each finished trial is written to the storage in one piece (a journal
file, or a database for several machines). So an interrupted search loses nothing that was measured, and
processes exchange trials through the storage.
"""

from __future__ import annotations

import hashlib
import json
import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.parameters import Range
from ..requirements.brief import Brief
from ..requirements.standing_wishes import standing
from .evaluate import CAUTION
from .record import Record
from .storage import open_storage

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler, TPESampler
    from optuna.study import Study
    from optuna.trial import FrozenTrial

RECORD = "record"
IDENTITY = "maquette"
RULES = "rules"


def identity_of(family: Family, brief: Brief) -> str:
    """What a study belongs to: the family's parameters and all of the brief that changes the search."""
    data = brief.to_json()
    for key in ("prompt", "start_sources", "said"):
        data.pop(key)
    for row in data["require"]:
        row.pop("source")
    data["lift"] = [[w.quantity, w.at_least, w.at_most] for w in standing(family, brief)]
    text = json.dumps([family.name, family.declaration_hash, data, CAUTION], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def stored(where: str, name: str) -> Study:
    """The study of a search that has been run, as Optuna reads it."""
    import optuna

    quiet()
    return optuna.load_study(study_name=name, storage=open_storage(where))


def copied(study: Study) -> Study:
    """The same trials in memory, where the study's storage is about to go away."""
    import optuna

    memory = optuna.storages.InMemoryStorage()
    optuna.copy_study(from_study_name=study.study_name, from_storage=study._storage, to_storage=memory)
    return optuna.load_study(study_name=study.study_name, storage=memory)


def open_study(where: str, name: str, identity: str, objectives: Sequence[str]) -> Study:
    """The stored study of that name, made when it does not exist.

    Raises:
        InputError: it belongs to another brief or family, or was begun with or without a surrogate; or the
            storage cannot be used.
    """
    import optuna

    quiet()
    try:
        study = optuna.create_study(
            storage=open_storage(where),
            study_name=name,
            directions=["minimize"] * len(objectives),
            load_if_exists=True,
        )
        empty = not study.get_trials(deepcopy=False)
        known = study.user_attrs.get(IDENTITY)  # after the trials: who adds one has set it
        if known is None and empty:
            study.set_user_attr(IDENTITY, identity)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", category=optuna.exceptions.ExperimentalWarning)
                study.set_metric_names(list(objectives))
            known = identity
    except _storage_errors() as error:
        line = " ".join(str(error).split())[:200]
        raise InputError(
            f"search storage {where}: cannot be used ({line or type(error).__name__})"
        ) from error
    if known != identity or len(study.directions) != len(objectives):
        raise InputError(
            f"study {name!r} in {where} belongs to another brief or family, or was begun with other "
            "predictions; give --study another name"
        )
    return study


def _storage_errors() -> tuple[type[Exception], ...]:
    """What a storage that cannot be used raises (ValueError holds undecodable journals)."""
    import optuna
    from sqlalchemy.exc import SQLAlchemyError

    return (
        OSError,
        ValueError,
        KeyError,
        ImportError,
        SQLAlchemyError,
        optuna.exceptions.StorageInternalError,
    )


def sampling_study(directions: int, sampler: BaseSampler) -> Study:
    """A study in memory that proposes by a sampler."""
    import optuna

    quiet()
    return optuna.create_study(directions=["minimize"] * directions, sampler=sampler)


def tpe_sampler(seed: int, number: int, salt: int = 0) -> TPESampler:
    """TPE that depends on the seed, the trial's number and the trials before only."""
    import optuna

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=optuna.exceptions.ExperimentalWarning)
        return optuna.samplers.TPESampler(
            seed=(seed * 1_000_003 + number + 7919 * salt) % 2**32,
            multivariate=True,
            n_startup_trials=1,
            constant_liar=False,
        )


def distributions(
    family: Family, names: Iterable[str], limits: Mapping[str, tuple[float, float]] | None = None
) -> dict[str, BaseDistribution]:
    """Optuna's distributions of the free parameters, straight from the declaration, or within narrower
    limits by name."""
    from optuna.distributions import FloatDistribution, IntDistribution

    def of(name: str, rng: Range) -> BaseDistribution:
        low, high = (limits or {}).get(name, (rng.low, rng.high))
        if rng.whole:
            return IntDistribution(math.ceil(low), math.floor(high))
        return FloatDistribution(float(low), float(high))

    ranges = {p.name: p.range for p in family.parameters}
    return {name: of(name, ranges[name]) for name in names}


def constraints_of(record: Record, hard: Iterable[str]) -> dict[str, float]:
    """Constraint values of a record, at most 0 when met: the hard margins and the number of broken rules."""
    return {key: record.margins[key] for key in hard} | {RULES: float(len(record.broken))}


def with_values(trial: FrozenTrial, values: Sequence[float]) -> FrozenTrial:
    """A finished trial with these objectives, ready to be added to any study in one piece; what the sampler
    noted on it comes along."""
    import optuna

    return optuna.trial.create_trial(
        params=dict(trial.params),
        distributions=dict(trial.distributions),
        values=list(values),
        user_attrs=dict(trial.user_attrs),
        system_attrs=dict(trial.system_attrs),
    )


def records_of(trials: Iterable[FrozenTrial], known: int = 0) -> list[Record]:
    """The records that trials carry from number `known` on, in their order and numbered by it."""
    kept = [t for t in trials if RECORD in t.user_attrs][known:]
    return [replace(Record.from_json(t.user_attrs[RECORD]), number=k) for k, t in enumerate(kept, known)]


def quiet() -> None:
    """Keep Optuna's own log lines off stderr."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
