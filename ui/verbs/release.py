"""From a chosen design to a verified release: what `design` does after its search."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ...constraints.requirements.brief import Brief, ParsedBrief
from ...constraints.search.search import Found
from ...design.clock import Clock, today
from ...design.errors import InputError
from ...design.family.records import Design
from ...design.messages import listed, named, say
from ..inputs import accepted_design, check_family, parsed_brief
from ..output import prepare_folder
from ..paint import check_palette
from ..progress import Progress, silent
from ..release.exact_check import build_best, kernels
from ..release.finish import released
from ..release.manifest import Content
from ..release.write import refuse_foreign
from ..results import DesignResult
from ..results_concepts import Likeness
from ..sheets.artists import open_artist
from ..sheets.follow import follow, followed_in
from ..workbench import Workbench, at


def release(
    design: Design | Path,
    brief: str | Path | Brief | ParsedBrief | None,
    out: Path,
    *,
    palette: str = "",
    sketch: Path | None = None,
    model: Path | None = None,
    progress: Progress = silent,
    workbench: Workbench | None = None,
) -> DesignResult:
    """Build a design exactly, judge it by the brief, write its release and verify that.

    Args:
        brief: what it is judged by; without one the release claims no requirements.
        palette: colours of the pictures, by name; the family's own when "".
        sketch: the picture of a concept that `sketch` made and the design follows: the release shows it, and
            the design drawn in its manner.
        model: a folder with a trained surrogate instead of the shipped one.

    Raises:
        InputError: the design, the brief, a design of another family than the brief's, an unusable folder, a
            sketch without its sheet.
        ModelError: a sketch is given and no concept model draws.
        RuleError: the design breaks rules of its family.
        BuildError: the exact body could not be built, or is not sound.
    """
    check_palette(palette)
    chosen = accepted_design(design, workbench)
    product = at(chosen.family, workbench, model)
    parsed = parsed_brief(brief, chosen.family) if brief is not None else ParsedBrief(Brief(chosen.family))
    check_family(parsed.brief, chosen)
    followed = None if sketch is None else followed_in(sketch)
    if followed is not None and followed.body.family != chosen.family:
        raise InputError(f"the sketch is of a {followed.body.family}, the design is a {chosen.family}")
    folder = prepare_folder(out)
    refuse_foreign(folder)
    clock = Clock()
    task = product.assignment(parsed)
    with kernels(product.family) as pools:
        found = Found(chosen, task.assess(chosen.parameters), {}, 0)
        clock.lap("assess")
        best, body = build_best([found], task, pools, progress)
        clock.lap("exact")
        told = say("Every hard requirement holds on the exact geometry.")
        if best.fault:
            told = say("The exact body is not sound: {why}.", why=best.fault)
        elif best.assessment.misses:
            missed = listed([named(v.quantity) for v in best.assessment.misses])
            told = say("On the exact geometry the design misses {missed}.", missed=missed)
        content = Content(
            design=best.design,
            body=body,
            brief={} if brief is None else parsed.brief.to_json(),
            verdicts=best.assessment.verdicts,
            predictions=best.predictions,
            feasible=best.feasible,
            understood=parsed.understood,
            not_understood=tuple(parsed.not_understood),
            explanation=told,
            palette=palette,
            date=today(),
        )
        agreements: dict[str, Likeness] = {}
        if followed is not None:
            artist = open_artist(None, product, progress)
            picture, agreements = follow(
                followed, artist.pipe, best.design.parameters, parsed.brief.seed, progress
            )
            content = replace(content, concept=picture)
            clock.lap("restyle")
        done = released(folder, content, pools[0], clock, progress)
    return done.answer(clock.total(), agreements=agreements)
