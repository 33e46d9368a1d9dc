"""Verbs about a brief: judge a design by it, search for designs that meet it, and the main job."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..constraints.brief import Brief, ParsedBrief
from ..design.errors import BuildError, InputError
from ..design.exact import build_exact
from ..design.family import get_family
from ..design.limits import BUILD_SECONDS
from ..design.records import Design, write_design
from .output import prepare_folder, write_json
from .progress import Progress, silent
from .reading import complete_design, parsed_brief, surrogate_for
from .results import AssessResult, Candidate, DesignResult, OptimiseResult

if TYPE_CHECKING:
    from ..constraints.assess import Assessment
    from ..constraints.loop import SearchProgress
    from ..constraints.search import Found, SearchResult
    from ..design.exact import ExactBody
    from ..design.geometry.worker import KernelPool
    from ..surrogate.model import Surrogate

CHECKED = 3  # designs of a search that are rebuilt exactly


@dataclass(frozen=True)
class _Exact:
    """A design judged on its exact body; `fault` says why there is none."""

    design: Design
    assessment: Assessment
    body: ExactBody | None
    predictions: Mapping[str, Any]
    objectives: Mapping[str, float]
    fault: str = ""

    @property
    def feasible(self) -> bool:
        """Every hard requirement holds on sound exact geometry."""
        return self.body is not None and self.body.valid and self.assessment.feasible


def assess(
    design: Design | Path,
    brief: str | Path | Brief | ParsedBrief,
    *,
    exact: bool = True,
    model: Path | None = None,
    progress: Progress = silent,
) -> AssessResult:
    """Every requirement of a brief on one design, with margin and reason.

    Args:
        exact: measure the exact solid where the kernel can, instead of the fast mesh. A design that breaks a
            rule of its family is never built.
        model: a folder with a trained surrogate instead of the shipped one.

    Raises:
        InputError: the design file or the brief; a design of another family than the brief's.
    """
    from ..constraints.assess import assess as judge
    from ..design.geometry.worker import run

    chosen = complete_design(design)
    parsed = parsed_brief(brief, chosen.family)
    family = get_family(chosen.family)
    if parsed.brief.family != family.name:
        raise InputError(f"the brief is about a {parsed.brief.family}, the design is a {family.name}")
    surrogate = surrogate_for(parsed.brief, model)
    measured: Mapping[str, float] | None = None
    if exact and not family.broken_rules(chosen.parameters):
        progress("exact solids", 0.0)
        values = dict(chosen.parameters)
        body = run(build_exact, family.name, values, False, parameters=values)
        measured = {name: body.measures[name] for name in body.exact}
        progress("exact solids", 1.0)
    found = judge(family, chosen.parameters, parsed.brief, surrogate, measured)
    return AssessResult(
        design=chosen,
        verdicts=found.verdicts,
        predictions=found.predictions,
        broken=found.broken,
        not_understood=tuple(parsed.not_understood),
        feasible=found.feasible,
    )


def optimise(
    brief: str | Path | Brief | ParsedBrief,
    out: Path,
    *,
    seed: int | None = None,
    trials: int | None = None,
    start: Design | Path | None = None,
    storage: str | None = None,
    study: str | None = None,
    workers: int = 1,
    model: Path | None = None,
    progress: Progress = silent,
) -> OptimiseResult:
    """Search the family for designs that meet a brief; the best few are rebuilt exactly and judged again.

    Args:
        trials: in all; the same command goes on where an interrupted one stopped.
        start: a design to begin at.
        storage: an Optuna storage (URL or journal file); a journal in `out` when None.
        study: name in the storage; from the brief when None.
        workers: processes; more than one makes the result depend on timing.

    Raises:
        InputError: the brief, contradictory or unreachable limits, counts out of bounds, an unusable folder.
        KeyboardInterrupt: interrupted; what was found is in `out`.
    """
    parsed = parsed_brief(brief, "", seed)
    folder = prepare_folder(out)
    where = storage or str(folder / "search.journal")
    first = None if start is None else complete_design(start)
    if first is not None and first.family != parsed.brief.family:
        raise InputError(f"--start is a {first.family}, the brief is about a {parsed.brief.family}")
    clock = _Clock()
    surrogate = surrogate_for(parsed.brief, model)
    with _kernels(1) as pools:
        found = _search(
            parsed.brief,
            surrogate,
            trials,
            progress,
            start=None if first is None else first.parameters,
            storage=where,
            study=study or "",
            workers=workers,
        )
        clock.lap("search")
        _write_designs(found.best, folder / "best")
        if found.interrupted:
            raise KeyboardInterrupt(
                f"after {found.trials} trials, kept in {where}; the same command goes on from there"
            )
        checked = _checked(found.best[:CHECKED], parsed.brief, surrogate, pools, progress)
        clock.lap("exact")
    ordered = sorted(checked, key=lambda c: (not c.feasible, c.assessment.score if not c.feasible else 0.0))
    result = OptimiseResult(
        best=tuple(_candidate(c) for c in ordered),
        front=tuple(_fast_candidate(f) for f in found.front),
        feasible=ordered[0].feasible,
        explanation=_explanation(found, ordered[0]),
        not_understood=tuple(parsed.not_understood),
        trials=found.trials,
        hypervolume=found.hypervolume,
        study=found.study,
        storage=where,
        out=folder,
        seconds=clock.laps,
    )
    write_design(ordered[0].design, folder / "design.json")
    write_json(result, folder / "optimise.json")
    return result


def design(
    brief: str | Path | Brief | ParsedBrief,
    out: Path,
    *,
    seed: int | None = None,
    trials: int | None = None,
    workers: int = 1,
    model: Path | None = None,
    progress: Progress = silent,
) -> DesignResult:
    """The main job: from a brief to a verified release in `out`.

    The search works on the fast mesh; its best designs are rebuilt exactly and judged again, and the first
    that holds every hard requirement there is released. When none does, the nearest one is released with
    what it misses.

    Raises:
        InputError: the brief, contradictory or unreachable limits, an unusable folder.
        ModelError: a predicted quantity is asked for and the surrogate is absent or damaged.
        KeyboardInterrupt: interrupted; the best design so far is in ``<out>.partial``.
    """
    from .review.release import refuse_foreign, write_release
    from .review.verify import verify as check

    parsed = parsed_brief(brief, "", seed)
    folder = prepare_folder(out)
    refuse_foreign(folder)
    clock = _Clock()
    surrogate = surrogate_for(parsed.brief, model)
    with _kernels(2) as pools:
        found = _search(parsed.brief, surrogate, trials, progress, workers=workers)
        clock.lap("search")
        with _partial(folder, found):
            if found.interrupted:
                raise KeyboardInterrupt
            chosen = _choose(found.best[:CHECKED], parsed.brief, surrogate, pools, progress)
            clock.lap("exact")
            content = _content(parsed, found, chosen)
            release = write_release(folder, content, progress)
            clock.lap("release")
            verification = check(release.folder, rebuild=False, progress=progress, pool=pools[0])
            clock.lap("verify")
    return DesignResult(
        release=release.folder,
        archive=release.archive,
        design=chosen.design,
        verdicts=chosen.assessment.verdicts,
        predictions=chosen.predictions,
        concepts=(),
        pictures=release.pictures,
        feasible=chosen.feasible,
        verified=verification.ok,
        failed_checks=tuple(c for c in verification.checks if not c.ok),
        explanation=content.explanation,
        understood=tuple(parsed.understood),
        not_understood=tuple(parsed.not_understood),
        trials=found.trials,
        seconds=clock.total(),
    )


# -- the search and the exact check ------------------------------------------------------------------------


def _search(
    brief: Brief, surrogate: Surrogate | None, trials: int | None, progress: Progress, **more: Any
) -> SearchResult:
    from ..constraints.search import DEFAULT_TRIALS, search

    def report(state: SearchProgress) -> None:
        progress("search", state.done / state.total)

    progress("search", 0.0)
    count = DEFAULT_TRIALS if trials is None else trials
    found = search(brief, surrogate, trials=count, progress=report, **more)
    progress("search", 1.0)
    return found


def _choose(
    found: Sequence[Found],
    brief: Brief,
    surrogate: Surrogate | None,
    pools: Sequence[KernelPool],
    progress: Progress,
) -> _Exact:
    """The best design that holds on the exact geometry, else the nearest; always with its STEP file."""
    checked = _checked(found, brief, surrogate, pools, progress, step=True)
    built = [c for c in checked if c.body is not None and c.body.valid]
    if not built:
        raise BuildError(
            f"none of the best designs could be built: {checked[0].fault}", checked[0].design.parameters
        )
    passing = [c for c in built if c.feasible]
    return passing[0] if passing else min(built, key=lambda c: c.assessment.score)


def _checked(
    found: Sequence[Found],
    brief: Brief,
    surrogate: Surrogate | None,
    pools: Sequence[KernelPool],
    progress: Progress,
    step: bool = False,
) -> list[_Exact]:
    """Exact bodies of the designs, side by side, judged by the brief; with `step` a winner ends it."""
    from concurrent.futures import ThreadPoolExecutor

    stage = "exact solids"
    progress(stage, 0.0)
    result: list[_Exact] = []
    with ThreadPoolExecutor(len(pools)) as threads:
        try:
            for k in range(0, len(found), len(pools)):
                batch = list(zip(found[k:], pools, strict=False))
                jobs = [threads.submit(_exact, f, brief, surrogate, pool, step) for f, pool in batch]
                for job in jobs:
                    result.append(job.result())
                    progress(stage, len(result) / len(found))
                if step and any(c.feasible for c in result):
                    break
        except BaseException:
            for pool in pools:
                pool.abort()
            raise
    progress(stage, 1.0)
    return result


def _exact(found: Found, brief: Brief, surrogate: Surrogate | None, pool: KernelPool, step: bool) -> _Exact:
    from ..constraints.assess import assess as judge

    family = get_family(found.design.family)
    values = dict(found.design.parameters)
    try:
        body = pool.run(build_exact, family.name, values, step, parameters=values)
    except BuildError as error:
        return _Exact(
            found.design, found.assessment, None, found.assessment.predictions, found.objectives, str(error)
        )
    measured = {name: body.measures[name] for name in body.exact}
    judged = judge(family, values, brief, surrogate, measured)
    predictions = judged.predictions
    if surrogate is not None and not predictions:
        predictions = surrogate.predict_design(values, body.measures.get("frontal_area"))
    return _Exact(found.design, judged, body, predictions, found.objectives, "; ".join(body.faults))


def _content(parsed: ParsedBrief, found: SearchResult, chosen: _Exact) -> Any:
    from .review.manifest import Content

    assert_body = chosen.body
    if assert_body is None:
        raise BuildError(chosen.fault, chosen.design.parameters)
    return Content(
        design=chosen.design,
        body=assert_body,
        brief=parsed.brief.to_json(),
        verdicts=chosen.assessment.verdicts,
        predictions=chosen.predictions,
        feasible=chosen.feasible,
        seeds={"search": parsed.brief.seed},
        understood=parsed.understood,
        not_understood=parsed.not_understood,
        explanation=_explanation(found, chosen),
    )


def _explanation(found: SearchResult, chosen: _Exact) -> str:
    if chosen.fault:
        return f"{found.explanation} The exact body is not sound: {chosen.fault}."
    if found.feasible and not chosen.feasible:
        missed = ", ".join(v.quantity.replace("_", " ") for v in chosen.assessment.misses)
        return f"{found.explanation} On the exact geometry the best design misses {missed}."
    return found.explanation


def _candidate(c: _Exact) -> Candidate:
    return Candidate(
        design=c.design,
        verdicts=c.assessment.verdicts,
        predictions=c.predictions,
        objectives=c.objectives,
        feasible=c.feasible,
        how="exact CAD" if c.body is not None else f"not built: {c.fault}",
    )


def _fast_candidate(f: Found) -> Candidate:
    a = f.assessment
    return Candidate(f.design, a.verdicts, a.predictions, f.objectives, a.feasible, "fast mesh")


def _write_designs(found: Sequence[Found], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for k, one in enumerate(found, start=1):
        write_design(one.design, folder / f"{k}.json")


class _kernels:  # noqa: N801 - a context manager read as a function
    """Kernel processes that import CadQuery while the search runs; none is left behind."""

    def __init__(self, count: int) -> None:
        from ..design.geometry.worker import KernelPool, Limits

        self._pools = [KernelPool(Limits(seconds=BUILD_SECONDS)) for _ in range(count)]

    def __enter__(self) -> list[KernelPool]:
        for pool in self._pools:
            pool.warm()
        return self._pools

    def __exit__(self, *_: object) -> None:
        for pool in self._pools:
            pool.abort()
            pool.close()


class _partial:  # noqa: N801 - a context manager read as a function
    """Keeps the best design of a search when the work after it is interrupted."""

    def __init__(self, folder: Path, found: SearchResult) -> None:
        self._folder = folder.with_name(folder.name + ".partial")
        self._found = found

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            prepare_folder(self._folder)
            best = self._found.best[0].design
            write_design(replace(best), self._folder / "design.json")
            raise KeyboardInterrupt(
                f"the best design of {self._found.trials} trials is in {self._folder / 'design.json'}; "
                f"build it with `maquette build`, or run the same command again"
            )


class _Clock:
    """Seconds by stage, and their sum."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._began = self._last = now()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """The stage of that name ends here."""
        now = self._now()
        self.laps[name] = now - self._last
        self._last = now

    def total(self) -> dict[str, float]:
        """The laps and `total`."""
        return {**self.laps, "total": self._now() - self._began}
