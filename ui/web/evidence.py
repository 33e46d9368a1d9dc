"""The tab Evidence: what the predictions rest on, and more of it: one simulation of the design in hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from ...design.family.contract import Family
from ...design.family.records import Design
from ...design.family.registry import get_family
from ...design.messages import named
from ...design.structures.solve import Solved, solve
from ...design.structures.verdict import by_case, critical, why
from ...surrogate.studies.contract import Study
from ..evidence import card_of, fit_rows
from ..jobs import Job, Session
from ..live import Live
from ..messages.words import Words
from ..release.report import STRESS
from ..workbench import first_of, open_workbench
from . import plots
from .design_view import brief_for, change_text
from .desk import Desk, told
from .look import panel, viewer
from .page import POLL, QUIET, Page, Studio, pressed
from .parts import card, e, job_card, prediction_dial, say, table, unit_sign, void


def build(studio: Studio) -> Page:
    """The tab's components and events."""
    desk, words, sid = studio.desk, studio.words, studio.session
    with gr.Row(equal_height=False):
        with gr.Column(scale=5, min_width=420):
            near = panel(elem_id="mq-near")
            bent = viewer(words, elem_id="mq-bent", visible=False)
            load = panel()
            with gr.Row(elem_classes=["mq-line"]):
                fidelity = gr.Dropdown([], label=words.fidelity, container=False, min_width=110)
                start = gr.Button(words.simulate, variant="primary", min_width=110, elem_id="mq-simulate")
            gr.HTML(f'<p class="mq-hint">{e(words.simulate_hint)}</p>', padding=False)
            note = gr.HTML("", padding=False)
            state = panel(elem_id="mq-cfd")
            settling = gr.Plot(label=words.settling_plot, visible=False)
        with gr.Column(scale=6, min_width=440):
            fit = gr.Plot(label=words.fit_plot)
            with gr.Accordion(words.card, open=False):
                text = gr.Markdown(elem_classes=["mq-md"])
    timer = gr.Timer(POLL, active=False)
    outputs = [note, near, bent, load, fidelity, state, settling, fit, text, timer, studio.top]
    careful = told(words, note)

    def run_state(session: Session) -> dict[Any, Any]:
        runs, others = runs_of(desk, session, words)
        if not runs:
            return {state: "", settling: gr.Plot(visible=False), timer: gr.Timer(active=False)}
        events = [ev for ev in desk.events(runs[0]) if ev["kind"] == "history"]
        drawn = gr.Plot(plots.settling(events, words), visible=True) if events else gr.Plot(visible=False)
        going = any(not j.over for j in runs)
        shown = runs_html(runs, others, session, events, words)
        return {state: shown, settling: drawn, timer: gr.Timer(active=going)}

    def paint(session: Session) -> dict[Any, Any]:
        family = session.design.family if session.design else desk.draft(session).brief.family
        study = open_workbench(family).study
        changes = {
            studio.top: studio.paint_top(session),
            fidelity: _fidelities(study, words),
            text: words.said(card_of(family)),
            fit: _plot(plots.fit(fit_rows(family, desk.sessions.runs(session.id)), study, words)),
            **run_state(session),
        }
        if session.design is None:
            return changes | {near: void(words.evidence_empty), bent: gr.HTML(visible=False), load: ""}
        now = desk.numbers(
            session.design,
            brief_for(desk.draft(session), session.design),
            arrows=False,
            session=session.id,
        )
        return changes | _under_load(desk, now, bent, load, words) | {near: nearest(now, words)}

    @careful
    def simulate(session_id: str, level: str) -> dict[Any, Any]:
        desk.simulate(session_id, words, level or "")
        return run_state(desk.sessions.read(session_id))

    @careful
    def act(session_id: str, event: gr.EventData) -> dict[Any, Any]:
        kind, arg, _ = pressed(event)
        desk.steered(kind, arg, session_id)
        return run_state(desk.sessions.read(session_id))

    @careful
    def look(session_id: str) -> dict[Any, Any]:
        session = desk.sessions.read(session_id)
        job = desk.latest(session, "simulate")
        if job is not None and job.over:  # a finished run may be among the nearest now
            return paint(session)
        return run_state(session) | {note: gr.skip()}

    start.click(simulate, [sid, fidelity], outputs, **QUIET)
    state.act(act, [sid], outputs, **QUIET)
    timer.tick(look, [sid], outputs, **QUIET)
    return Page(outputs, paint)


def runs_of(desk: Desk, session: Session, words: Words) -> tuple[list[Job], int]:
    """The session's runs that are to be seen, newest first, and how many others there are: those that are
    not done and those of the design in hand; where it has none, the last one of another."""
    every = [j for j in desk.store.of(session.id) if j.verb == "simulate"]
    seen = [j for j in every if not j.over or _differs(j, session, words) == ""] or every[:1]
    return seen, len(every) - len(seen)


def runs_html(
    runs: Sequence[Job], others: int, session: Session, events: Sequence[Mapping[str, Any]], words: Words
) -> str:
    """Each run with whose it is and what came of it; `events` of the first one."""
    markup = "".join(job_card(j, words) + _whose(j, session, words) + _outcome(j, words) for j in runs)
    if events and not runs[0].over:
        markup += _residuals(events[-1]["residuals"], words)
    more = f'<p class="mq-hint">{e(words.other_runs.format(n=others))}</p>' if others else ""
    return markup + more


def _differs(job: Job, session: Session, words: Words) -> str | None:
    """How the design in hand differs from the one that was run; None from one of another product."""
    ran = Design.from_json(job.arguments["design"])
    if session.design is None or ran.family != session.design.family:
        return None
    return change_text(session.design, ran, words)


def nearest(now: Live, words: Words) -> str:
    """The prediction and the simulated designs nearest to the one in hand."""
    first = first_of(now.predictions, now.design.family)
    if first is None:
        return card(words.nearest_runs, say(words.said(now.why_not), "warn"))
    rows = [
        [f"<code>{e(n.run_id)}</code>", e(words.said(n.fidelity)), f"{n.distance:.2f}", f"{n.value:.3f}"]
        for n in first.evidence
    ]
    dial = prediction_dial(first.quantity, first.to_json(), words)
    heads = [words.run, words.fidelity, words.distance, words.name(first.quantity)]
    outside = (
        "" if first.in_domain else say(f"{words.outside}{words.stop_mark} {words.said(first.reason)}", "warn")
    )
    return card(words.nearest_runs, f"{dial}{outside}{table(heads, rows, (2, 3))}")


def _plot(figure: Any) -> Any:
    return gr.Plot(visible=False) if figure is None else gr.Plot(figure, visible=True)


def _residuals(of: Mapping[str, float], words: Words) -> str:
    rows = [[e(k), f"{v:.1e}"] for k, v in sorted(of.items())]
    return card(words.residuals, table(["", ""], rows, (1,)))


def _whose(job: Job, session: Session, words: Words) -> str:
    """Whether a run is of the design in hand; else how that differs from what was run."""
    what = _differs(job, session, words)
    if what is None:
        what = words.name(Design.from_json(job.arguments["design"]).family)
    return say(words.other_run.format(what=words.said(what)), "warn") if what else say(words.this_run)


def _under_load(desk: Desk, now: Live, bent: Any, load: Any, words: Words) -> dict[Any, Any]:
    """The view of the loaded body and what is said beside it; neither of a product that carries nothing."""
    family, values = get_family(now.design.family), now.design.parameters
    structure = None if now.broken else family.structure(values)
    if structure is None:
        return {bent: gr.HTML(visible=False), load: ""}
    url = desk.body_url(family.name, values, STRESS)
    scene = {"url": url, "name": words.holds_loads, "dims": []}
    return {bent: gr.HTML(value=scene, visible=True), load: strength(solve(structure), words, family, values)}


def strength(solved: Solved, words: Words, family: Family, values: Mapping[str, float]) -> str:
    """What decides, in a sentence, every load case, and between which values nine in ten products lie."""
    rows = [
        [
            e(words.said(named(c.case.name.replace(" ", "_"), c.case.name))),
            e(words.said(named(c.part.replace(" ", "_"), c.part))),
            f"{c.stress:.0f} MPa",
            f"{c.safety:.2f}",
        ]
        for c in by_case(solved)
    ]
    heads = [words.load_case, words.deciding_part, words.name("peak_stress"), words.name("safety_factor")]
    units = {m.name: m.unit for m in family.measure_list}
    spread = [
        [words.name(n), f"{a:.3g} – {b:.3g} {unit_sign(units[n])}".strip()]
        for n, (a, b) in family.spreads(values).items()
    ]
    kind = "good" if critical(solved).margin >= 1.0 else "warn"
    told = say(words.said(why(solved)), kind) + table(heads, rows, (2, 3))
    return card(words.holds_loads, told + table([words.measures, words.nine_in_ten], spread, (1,)))


def _fidelities(study: Study | None, words: Words) -> Any:
    """The choice of a fidelity, the usual one chosen."""
    levels = () if study is None else study.levels
    choices = [(f"{words.fidelity}: {words.said(n)}", n) for n in levels]
    return gr.Dropdown(choices, value=study.standard if study else None)


def _outcome(job: Job, words: Words) -> str:
    r = job.result
    if not r or job.status != "done":
        return ""
    name, value = next(iter(r["outputs"].items()))
    said = f"{words.name(name)} {value:.4f} · {words.said(r['fidelity'])}{words.stop_mark} "
    if r["converged"]:
        return say(said + words.joined.format(run=r["run_id"]), "good")
    return say(
        said + words.not_converged.format(reason=words.said(r["reason"]).removesuffix(words.stop_mark)),
        "warn",
    )
