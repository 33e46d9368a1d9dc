"""Verbs about a brief: judge a design by it, search for designs that meet it, and the main job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...constraints.requirements.brief import Brief, ParsedBrief, zones_in
from ...design.clock import Clock, today
from ...design.errors import InputError
from ...design.exchange.exact import build_hull
from ...design.family.contract import Family
from ...design.family.records import Design, write_design
from ...design.messages import listed, named, say, spelt
from ..inputs import check_family, complete_design, parsed_brief
from ..output import prepare_folder, write_json
from ..paint import check_palette
from ..progress import Progress, silent
from ..release.exact_check import Checked, build_best, check_hulls, kernels
from ..release.finish import released
from ..results import AssessResult, Candidate, DesignResult, OptimiseResult
from ..workbench import Assignment, Workbench, at
from .winners import check_count, verified

if TYPE_CHECKING:
    from ...constraints.search.loop import SearchProgress
    from ...constraints.search.search import Found, SearchResult
    from ...design.exchange.exact import ExactBody
    from ..release.manifest import Content
    from ..results_concepts import Journey, Likeness
    from ..sheets.stage import Stage

CHECKED = 3  # designs of a search that are rebuilt exactly


def assess(
    design: Design | Path,
    brief: str | Path | Brief | ParsedBrief,
    *,
    exact: bool = True,
    model: Path | None = None,
    progress: Progress = silent,
    workbench: Workbench | None = None,
) -> AssessResult:
    """Every requirement of a brief on one design, with margin and reason.

    Args:
        exact: measure the exact solid where the kernel can, instead of the fast mesh. A design that breaks a
            rule of its family is never built.
        model: a folder with a trained surrogate instead of the shipped one.

    Raises:
        InputError: the design file or the brief; a design of another family than the brief's.
    """
    from ...design.geometry.worker import run

    chosen = complete_design(design, workbench)
    parsed = parsed_brief(brief, chosen.family)
    if parsed.brief.asks_nothing:
        raise InputError(
            say("the brief asks nothing of a design; say what must hold, for example 'at most 4.7 m long'")
        )
    product = at(chosen.family, workbench, model)
    family = product.family
    check_family(parsed.brief, chosen)
    task = product.assignment(parsed)
    measured: Mapping[str, float] | None = None
    if exact and not family.broken_rules(chosen.parameters):
        progress("exact solids", 0.0)
        values = dict(chosen.parameters)
        zones = zones_in(parsed.brief)
        measured = run(build_hull, family.name, values, zones, parameters=values).own_measures
        progress("exact solids", 1.0)
    found = task.assess(chosen.parameters, measured)
    return AssessResult(
        design=chosen,
        verdicts=found.verdicts,
        predictions=found.predictions,
        broken=found.broken,
        not_understood=tuple(parsed.not_understood),
        feasible=found.feasible,
        filled_in=chosen.filled,
        other_options=other_options(parsed.brief, chosen, family),
    )


def other_options(brief: Brief, design: Design, family: Family) -> dict[str, str]:
    """The options that a brief asks for where the design has others: choice to option asked."""
    asked = brief.options(family, design.parameters)
    return {
        c.name: c.option(asked[c.name]) for c in family.choices if asked[c.name] != design.parameters[c.name]
    }


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
    sampler: str = "screening",
    priced: bool = False,
    loosen: bool = False,
    verify_top: int = 0,
    fidelity: str = "",
    model: Path | None = None,
    progress: Progress = silent,
    workbench: Workbench | None = None,
) -> OptimiseResult:
    """Search the family for designs that meet a brief; the best few are rebuilt exactly and judged again.

    Args:
        trials: in all; the same command goes on where an interrupted one stopped.
        start: a design to begin at.
        storage: an Optuna storage (URL or journal file); a journal in `out` when None.
        study: name in the storage; from the brief when None.
        workers: processes; more than one makes the result depend on timing.
        sampler: ``screening`` (ours), one of Optuna's by name (``tpe``, ``gp``, ``nsgaii``, ``cmaes``, ...),
            or ``hub:PACKAGE`` for one of OptunaHub.
        priced: find out what each lock and binding limit costs.
        loosen: when nothing passes, take the cheapest way out that is found and search again.
        verify_top: so many of the best are simulated, and compared with what was predicted for them.
        fidelity: of those simulations; the study's usual one when "".

    Raises:
        InputError: the brief, contradictory or unreachable limits, counts out of bounds, an unusable folder.
        MissingComponentError: a component that simulates is not installed.
        KeyboardInterrupt: interrupted; what was found is in `out`.
    """
    from ...constraints.search.explain import taken
    from ..sheets.strip import journey

    parsed = parsed_brief(brief, "" if workbench is None else workbench.name, seed)
    product = at(parsed.brief.family, workbench, model)
    folder = prepare_folder(out)
    where = storage or str(folder / "search.journal")
    first = None if start is None else complete_design(start)
    if first is not None and first.family != parsed.brief.family:
        raise InputError(
            say(
                "--start is a {given}, the brief is about a {wanted}",
                given=spelt(first.family),
                wanted=spelt(parsed.brief.family),
            )
        )
    clock = Clock()
    task = product.assignment(parsed)
    check_count(verify_top, task)
    with kernels(product.family) as pools:
        more: dict[str, Any] = {
            "start": None if first is None else first.parameters,
            "storage": where,
            "workers": workers,
            "sampler": sampler,
            "priced": priced,
        }
        found = _search(task, parsed.brief, trials, progress, study=study or "", **more)
        loosened = found.relaxations[:1] if loosen and not found.interrupted else ()
        if loosened:
            parsed = replace(parsed, brief=taken(parsed.brief, loosened[0]))
            task = product.assignment(parsed)
            if first is None:  # at the design that would pass
                more["start"] = product.family.defaults() | dict(loosened[0].values)
            found = _search(task, parsed.brief, trials, progress, **more)
        clock.lap("search")
        _write_designs(found.best, folder / "best")
        if found.interrupted:
            raise KeyboardInterrupt(
                f"after {found.trials} trials, kept in {where}; the same command goes on from there"
            )
        ordered = check_hulls(found.best[:CHECKED], task, pools, progress)
        clock.lap("exact")
    top = [*(c.design for c in ordered), *(f.design for f in found.best[CHECKED:])][:verify_top]
    winners = verified(top, task, fidelity, progress) if top else ()
    clock.lap("verification")
    way = None if first is None else journey(folder, task, first.parameters, ordered[0].design.parameters)
    result = OptimiseResult(
        best=tuple(_candidate(c) for c in ordered),
        front=tuple(_fast_candidate(f) for f in found.front),
        feasible=ordered[0].feasible,
        explanation=_explanation(found, ordered[0]),
        conflicts=found.conflicts,
        relaxations=found.relaxations,
        loosened=loosened,
        prices=found.prices,
        not_understood=tuple(parsed.not_understood),
        trials=found.trials,
        hypervolume=found.hypervolume,
        study=found.study,
        storage=where,
        sampler=sampler,
        out=folder,
        seconds=clock.laps,
        verified=winners,
        journey=way,
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
    concepts: int = 4,
    concept: int | None = None,
    faith: str = "floor",
    concept_model: str | Path | None = None,
    palette: str = "",
    progress: Progress = silent,
    workbench: Workbench | None = None,
) -> DesignResult:
    """The main job: from a brief to a verified release in `out`.

    A sheet of sketches comes first, in ``<out>.concepts``. The search begins at the chosen sketch's body and
    keeps faith with it. It works on the fast mesh; its best designs are rebuilt exactly and judged again, and
    the first that holds every hard requirement there is released. When none does, the nearest one is released
    with what it misses. Hard requirements come before faith.

    Args:
        concepts: sketches, 0 for none; without a concept model they are left out and the result says so.
        concept: number of the sketch to go on with; by default the best by requirements,
            agreement and performance.
        faith: ``floor`` (the result keeps most of the sketch's silhouette), ``objective`` (a wish among the
            others) or ``off`` (the sketch is only the starting point).
        concept_model: another concept model's folder.
        palette: colours of sketches and pictures, by name; as the words say, else each its own.

    Raises:
        InputError: the brief, contradictory or unreachable limits, an unusable folder.
        ModelError: a predicted quantity is asked for and the surrogate is absent or damaged; a damaged
            concept model, or none where a sketch is asked for by number.
        KeyboardInterrupt: interrupted; the best design so far is in ``<out>.partial``.
    """
    from ..release.write import refuse_foreign
    from ..sheets.follow import follow
    from ..sheets.stage import StageRequest, begin, followed_by, most_faithful, search_options
    from ..sheets.strip import journey

    asked = StageRequest(concepts, concept, faith, concept_model, palette)
    check_palette(palette)
    parsed = parsed_brief(brief, "" if workbench is None else workbench.name, seed)
    product = at(parsed.brief.family, workbench, model)
    folder = prepare_folder(out)
    refuse_foreign(folder)
    clock = Clock()
    task = product.assignment(parsed)
    sheet = folder.with_name(folder.name + ".concepts")
    with kernels(product.family, at_once=1) as pools:  # one starts while the sketches' model is loaded
        begun = begin(task, sheet, asked, progress)
        stage, left_out = (None, begun) if isinstance(begun, str) else (begun, begun.note)
        clock.lap("concepts")
        pools[1].warm()  # and one while the search keeps one core busy
        aim, owed = search_options(parsed.brief, stage)
        found = _search(task, aim, trials, progress, workers=workers, **owed)
        clock.lap("search")
        with _kept(folder, found):
            if found.interrupted:
                raise KeyboardInterrupt
            ordered = most_faithful(found.best, stage)[:CHECKED]
            chosen, body = build_best(ordered, task, pools, progress)
            clock.lap("exact")
            content = _content(parsed, found, chosen, body, stage, left_out)
            content = replace(content, palette=palette or (stage.said_palette if stage else ""))
            agreements: dict[str, Likeness] = {}
            way: Journey | None = None
            sketch = None if stage is None else followed_by(stage)
            if stage is not None and sketch is not None:
                picture, agreements = follow(
                    sketch,
                    stage.artist.pipe,
                    chosen.design.parameters,
                    parsed.brief.seed,
                    progress,
                    stage.outline,
                )
                content = replace(content, concept=picture)
                way = journey(sheet, task, sketch.body.parameters, chosen.design.parameters, sketch.view)
                clock.lap("restyle")
            done = released(folder, content, pools[0], clock, progress)
    return done.answer(
        clock.total(),
        concepts=() if stage is None else stage.result.concepts,
        sheet=None if stage is None else stage.result.sheet,
        agreements=agreements,
        trials=found.trials,
        journey=way,
    )


# -- the search and the exact check ------------------------------------------------------------------------


def _search(
    task: Assignment, aim: Brief, trials: int | None, progress: Progress, **more: Any
) -> SearchResult:
    from ...constraints.search.search import DEFAULT_TRIALS, search

    def report(state: SearchProgress) -> None:
        progress("search", state.done / state.total)

    progress("search", 0.0)
    count = DEFAULT_TRIALS if trials is None else trials
    found = search(aim, task.predictor, trials=count, progress=report, family=task.family, **more)
    progress("search", 1.0)
    return found


def _content(
    parsed: ParsedBrief,
    found: SearchResult,
    chosen: Checked,
    body: ExactBody,
    stage: Stage | None,
    left_out: str,
) -> Content:
    from ..release.manifest import Content

    return Content(
        design=chosen.design,
        body=body,
        brief=parsed.brief.to_json(),
        verdicts=chosen.assessment.verdicts,
        predictions=chosen.predictions,
        feasible=chosen.feasible,
        seeds={"search": parsed.brief.seed} | ({"concepts": parsed.brief.seed} if stage else {}),
        understood=parsed.understood if stage is None else stage.result.understood,
        not_understood=parsed.not_understood,
        explanation=listed([t for t in (_explanation(found, chosen), left_out) if t], " "),
        date=today(),
    )


def _explanation(found: SearchResult, chosen: Checked) -> str:
    if chosen.fault:
        unsound = say("The exact body is not sound: {why}.", why=chosen.fault)
        return listed([found.explanation, unsound], " ")
    if found.feasible and not chosen.feasible:
        missed = listed([named(v.quantity) for v in chosen.assessment.misses])
        missing = say("On the exact geometry the best design misses {missed}.", missed=missed)
        return listed([found.explanation, missing], " ")
    return found.explanation


def _candidate(c: Checked) -> Candidate:
    return Candidate(
        design=c.design,
        verdicts=c.assessment.verdicts,
        predictions=c.predictions,
        objectives=c.objectives,
        feasible=c.feasible,
        how=say("not sound: {why}", why=c.fault) if c.fault else "exact CAD",
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


@contextmanager
def _kept(folder: Path, found: SearchResult) -> Iterator[None]:
    """Keeps the best design of a search when the work after it is interrupted."""
    try:
        yield
    except KeyboardInterrupt as stop:
        path = prepare_folder(folder.with_name(folder.name + ".partial")) / "design.json"
        write_design(found.best[0].design, path)
        raise KeyboardInterrupt(
            f"the best design of {found.trials} trials is in {path}; `maquette build` builds it, "
            f"and the same command starts again"
        ) from stop
