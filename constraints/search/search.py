"""From a brief to designs: a search under hard constraints, with locks, preferences and progress.

    result = search(brief, load_surrogate(brief.family), trials=300)
    result.best[0].design

Each trial measures one design on the fast mesh, in an ordinary Optuna study. Our own sampler takes most of
them from screening (:mod:`.propose`), every fifth from Optuna's TPE, which sees all trials; any other sampler
can take its place (:mod:`.samplers`). With ours, one worker with one seed gives the same trials every time,
also when it was interrupted and resumed in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.parameters import as_values
from ...design.family.records import Design
from ...design.family.registry import get_family
from ...design.limits import MAX_TRIALS, MAX_WORKERS
from ...design.messages import Message, listed, named, say, span
from ..requirements.assess import Assessment, Predictor, assess
from ..requirements.brief import START_DESIGN, Brief, checked
from ..requirements.standing_wishes import left_out
from . import study as studies
from .approach import closest
from .conflict import smallest_conflict
from .evaluate import MESH_SLACK, Evaluator
from .explain import Explanation, Relaxation, explain
from .front import hypervolume, nondominated, spread_out
from .loop import SearchProgress, run
from .prices import Price, in_words, prices
from .propose import ranked
from .record import Record
from .samplers import OURS, check_sampler
from .similarity import AGREEMENT, Faith, parted, without_faith
from .space import build_space, kept_kinds

DEFAULT_TRIALS = 300
KEEP = 5  # designs returned as best
DIFFERENT = 0.03  # root mean square distance in the unit cube between designs returned as best
REFERENCE = 5.0  # the hypervolume's reference: this many units worse than the starting point


@dataclass(frozen=True)
class Found:
    """A design that the search proposes.

    Attributes:
        design: with provenance: lock, brief, archetype, default or search trial, per parameter.
        assessment: of the fast mesh.
        objectives: by name, as asked (maximised ones with their natural sign).
        trial: number.
    """

    design: Design
    assessment: Assessment
    objectives: Mapping[str, float]
    trial: int


@dataclass(frozen=True)
class SearchResult:
    """What a search found.

    Attributes:
        best: a few different designs that pass, best first; when none does, the nearest one alone.
        front: passing designs that no other passing one beats in every preference.
        feasible: whether `best` passes.
        explanation: in words; when nothing passes, what is in the way and what would help.
        conflicts: quantities of a smallest set of limits and locks that cannot hold together.
        relaxations: limits whose loosening lets a tried design pass, the cheapest first.
        nearest: the design that misses least, when none passes.
        trials: how many were judged.
        hypervolume: of the front, in units of the preferences (10 % of each quantity, 0.1 of departure),
            against the starting point made `REFERENCE` units worse.
        start: the starting point, brought within the limits.
        interrupted: stopped by Ctrl-C; what was found until then.
        seconds: wall time of this call.
        study, storage: where to go on.
        prices: what locks and binding limits cost, where that was asked.
    """

    best: tuple[Found, ...]
    front: tuple[Found, ...]
    feasible: bool
    explanation: str
    conflicts: tuple[str, ...]
    relaxations: tuple[Relaxation, ...]
    nearest: Found | None
    trials: int
    hypervolume: float
    start: Design
    interrupted: bool
    seconds: float
    study: str = ""
    storage: str = ""
    records: tuple[Record, ...] = field(default=(), repr=False)
    prices: tuple[Price, ...] = ()


def search(
    brief: Brief,
    predictor: Predictor | None = None,
    *,
    trials: int = DEFAULT_TRIALS,
    start: Mapping[str, float] | None = None,
    storage: str = "",
    study: str = "",
    workers: int = 1,
    sampler: str = OURS,
    priced: bool = False,
    progress: Callable[[SearchProgress], None] | None = None,
    family: Family | None = None,
    faith: Faith | None = None,
) -> SearchResult:
    """Search the family for designs that meet `brief`.

    Args:
        predictor: the family's surrogate; needed when the brief names a predicted quantity.
        trials: how many designs are judged in all; a resumed study only adds what is missing.
        start: a complete design to begin at, instead of the brief's starting point.
        storage: path of a journal file or URL of a database; "" keeps nothing.
        study: name in the storage; by default from the brief.
        workers: processes; more than one makes the result depend on timing.
        sampler: what proposes designs: ours, or one of :mod:`.samplers` by name.
        priced: find out what locks and binding limits cost (:mod:`.prices`).
        progress: called after every trial.
        family: the brief's family when it is not an installed one.
        faith: what the search owes to a chosen picture.

    Raises:
        InputError: limits that contradict each other or cannot be reached, a count out of bounds, a
            predicted quantity without a surrogate, a storage that cannot be used.
    """
    began = time.perf_counter()
    if not 1 <= trials <= MAX_TRIALS:
        raise InputError(say("trials is {trials}; allowed {range}", trials=trials, range=span(1, MAX_TRIALS)))
    if not 1 <= workers <= MAX_WORKERS:
        raise InputError(
            say("workers is {workers}; allowed {range}", workers=workers, range=span(1, MAX_WORKERS))
        )
    check_sampler(sampler)
    product = family or get_family(brief.family)
    checked(brief, product)
    first = product.validate(start) if start is not None else None
    space = build_space(product, brief, first)
    evaluator = Evaluator(product, brief, predictor, space, first, faith)
    identity = studies.identity_of(product, brief)
    name = study or f"{product.name}-{identity}"
    if workers > 1:
        from .workers import run_workers

        records, interrupted = run_workers(
            brief,
            product,
            predictor,
            first,
            trials,
            storage,
            name,
            identity,
            workers,
            progress,
            faith,
            sampler,
        )
        if records:  # none where it was interrupted before the first
            evaluator.centre(records[0])
    else:
        stored = studies.open_study(storage, name, identity, evaluator.names) if storage else None
        records, interrupted = run(evaluator, trials, stored, progress, sampler=sampler)
    found = conclude(evaluator, records, interrupted, time.perf_counter() - began, name, storage)
    if priced and found.feasible and not interrupted:
        dear = prices(evaluator, records[found.best[0].trial], records)
        told = listed([found.explanation, in_words(dear)], " ") if dear else found.explanation
        found = replace(found, prices=dear, explanation=told, seconds=time.perf_counter() - began)
    return found


def conclude(
    evaluator: Evaluator,
    records: Sequence[Record],
    interrupted: bool,
    seconds: float,
    name: str,
    storage: str,
) -> SearchResult:
    """Order, choose and explain what was tried."""
    if not records:
        raise KeyboardInterrupt
    family, brief = evaluator.family, evaluator.brief
    order = ranked(evaluator, records)
    passing = [r for r in order if r.feasible]
    judged, gave_up = records, list[str]()
    if evaluator.faith is not None:
        order, judged = without_faith(order), without_faith(records)
        if not passing:
            passing = sorted((r for r in order if r.feasible), key=lambda r: -r.numbers[AGREEMENT])
            if passing and evaluator.faith.floor is not None:
                gave_up.append(parted(evaluator.faith.floor, passing[0]))
    if passing and evaluator.wishes:
        kept = [r for r in passing if all(r.margins[k] <= 0.0 for k, _ in evaluator.wishes)]
        if not kept:
            gave_up.append(left_out(family, brief, passing[0].values))
        passing = kept or passing
    units = evaluator.space.unit(np.array([list(r.values.values()) for r in passing])) if passing else None
    best: list[Found] = []
    front: list[Found] = []
    volume = 0.0
    if units is not None:
        chosen = spread_out(units, range(len(passing)), KEEP, DIFFERENT)
        best = [f for f in (_found(evaluator, passing[i]) for i in chosen) if f.assessment.feasible]
        points = np.array([r.objectives for r in passing])
        front = [_found(evaluator, passing[i]) for i in nondominated(points)[: 4 * KEEP]]
        scaled = (points - evaluator.origin) / evaluator.scales
        volume = hypervolume(scaled, [REFERENCE] * scaled.shape[1])
    nearest = None
    if not best:
        nearest = _found(evaluator, min(order, key=lambda r: (bool(r.broken), not r.measured, r.violation)))
        best = [nearest]
    asked = nearest is not None and not nearest.assessment.feasible and not interrupted
    conflict = smallest_conflict(evaluator, judged) if asked else None
    told = explain(family, brief, judged, conflict, closest(evaluator, conflict, judged) if conflict else ())
    if nearest is not None and nearest.assessment.feasible:
        told = Explanation(_narrowly(nearest.trial), (), (), told.met)
        nearest = None
    space = evaluator.space
    options = brief.options(family, evaluator.start)
    start = as_values(family.declaration, space.start) | options
    return SearchResult(
        tuple(best),
        tuple(front),
        best[0].assessment.feasible,
        listed([told.text, *gave_up, *_kept(family, brief)], " "),
        told.conflicts,
        told.relaxations,
        nearest,
        len(records),
        volume,
        Design(family.name, start, provenance(evaluator, start, -1)),
        interrupted,
        seconds,
        name,
        storage,
        tuple(records),
    )


def provenance(evaluator: Evaluator, values: Mapping[str, float], trial: int) -> dict[str, str]:
    """Who set each parameter: a lock, the starting point (archetype, brief, default), or the trial.

    Options are never the trial's: the search carries those of the brief and the starting design.
    """
    brief, space = evaluator.brief, evaluator.space
    locked = set(brief.locks) | {space.names[k] for k in space.dependent}
    found: dict[str, str] = {}
    for k, name in enumerate(space.names):
        span = space.high[k] - space.low[k]
        if name in locked:
            found[name] = "lock"
        elif abs(values[name] - space.wished[k]) <= 1e-9 * span:
            source = START_DESIGN if evaluator.start is not None else "default"
            found[name] = brief.start_sources.get(name, source)
        elif abs(values[name] - space.start[k]) <= 1e-9 * span:
            found[name] = f"{brief.start_sources.get(name, 'default')}, moved to keep the brief's limits"
        else:
            found[name] = f"search trial {trial}"
    return found | brief.option_sources(evaluator.family, evaluator.start)


def _kept(family: Family, brief: Brief) -> list[Message]:
    """That a search has kept what kind of thing the design is."""
    kinds = kept_kinds(family, brief)
    if not kinds:
        return []
    names = listed(map(named, kinds))
    return [say("Kept as the starting point has them: {names}; name another to change one.", names=names)]


def _narrowly(trial: int) -> Message:
    return say(
        "Trial {trial} meets every hard requirement on the fast mesh, but one by less than the {share:.1f}% "
        "kept for the difference to the exact solid: check it there.",
        trial=trial,
        share=100.0 * MESH_SLACK,
    )


def _found(evaluator: Evaluator, record: Record) -> Found:
    family = evaluator.family
    values = {**record.values, **evaluator.brief.options(family, evaluator.start)}
    design = Design(family.name, values, provenance(evaluator, values, record.number))
    signs = [*(o.sign for o in evaluator.objectives), 1.0]
    names = [*(o.quantity.name for o in evaluator.objectives), evaluator.names[-1]]
    counted = {n: s * v for n, s, v in zip(names, signs, record.objectives, strict=True)}
    objectives = {n: record.numbers.get(n, v) for n, v in counted.items()}  # predicted ones without caution
    judged = assess(family, values, evaluator.brief, evaluator.predictor)
    return Found(design, judged, objectives, record.number)
