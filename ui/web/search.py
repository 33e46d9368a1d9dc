"""The tab Search: what to improve and what to hold, a running search one can watch, and what it found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import gradio as gr

from ...constraints.requirements.brief_files import brief_from_data
from ...constraints.requirements.requirement import Verdict
from ...design import messages
from ...design.errors import InputError
from ...design.family.records import Design, kinds_of
from ..briefing import Draft, askable, for_a_job, loosened, needed, with_locks, with_wishes
from ..jobs import Job, Session
from ..messages.words import Words
from ..progress import seconds_text
from ..workbench import first_of, open_workbench
from . import plots
from .design_view import pin_name, scene_of
from .desk import Desk, told
from .look import panel, viewer
from .page import POLL, QUIET, Page, Studio, Tab, pressed
from .parts import (
    between,
    button,
    card,
    e,
    held_to,
    job_card,
    learned,
    prediction_dial,
    say,
    value_text,
    void,
)

TRIALS = (20, 2000)  # what the slider offers; the default is the verb's
DEFAULT_TRIALS = 300
REDRAW = 15  # new trials between two drawings of the charts
CLICKS = """
const plots = "#mq-front .js-plotly-plot, #mq-history .js-plotly-plot";
const look = () => document.querySelectorAll(plots).forEach((p) => {
  if (p.mqHeard || !p.on) return;
  p.mqHeard = true;
  p.on("plotly_click", (ev) => {
    const k = ev.points[0].customdata;
    if (k !== undefined) trigger('act', {act: "trial", arg: String(k)});
  });
});
setInterval(look, 500);
"""


@dataclass(frozen=True)
class SearchTab(Tab):
    """The tab's components that its handlers change.

    Attributes:
        low, high, hold: what to lower, to raise and to hold. current: begin at the design in hand.
        state: the running search. view, best: what leads, in 3D and in numbers.
        charts, front, line, wide: the charts. drawn: what they show. timer: runs while a search does.
    """

    low: Any
    high: Any
    hold: Any
    current: Any
    state: Any
    view: Any
    best: Any
    charts: Any
    front: Any
    line: Any
    wide: Any
    drawn: Any
    timer: Any


def build(studio: Studio) -> Page:
    """The tab's components and events."""
    words, sid = studio.words, studio.session
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=290):
            low, high, hold, trials, current, start = _asking(words)
            note = gr.HTML("", padding=False)
        with gr.Column(scale=8, min_width=520):
            state = panel(elem_id="mq-search-state")
            with gr.Row(equal_height=False):
                view = viewer(words, visible=False)
                best = panel(elem_id="mq-best", visible=False)
            with gr.Row(visible=False) as charts:
                front = gr.Plot(label=words.front_plot, elem_id="mq-front")
                line = gr.Plot(label=words.history, elem_id="mq-history")
            wide = gr.Plot(label=words.parallel, visible=False)
    clicks = gr.HTML("", padding=False, js_on_load=f"/* 'act' */ {CLICKS}")
    timer = gr.Timer(POLL, active=False)
    drawn = gr.State("")
    tab = SearchTab(
        studio, note, low, high, hold, current, state, view, best, charts, front, line, wide, drawn, timer
    )
    careful = told(words, note, tab)
    outputs = [
        note, low, high, hold, state, view, best, charts, front, line, wide, timer, current, drawn,
        studio.top,
    ]  # fmt: skip
    places = [*outputs, studio.tabs]
    start.click(careful(begin), [sid, low, high, hold, trials, current], outputs, **QUIET)
    for field in (low, high, hold):  # kept at once: another tab, or a reload, must not forget them
        field.input(
            careful(prefer), [sid, low, high, hold], [note, studio.top], **QUIET, trigger_mode="always_last"
        )
    state.act(careful(act), [sid], places, **QUIET)
    opened = best.act(careful(act), [sid], places, **QUIET)
    clicked = clicks.act(careful(act), [sid], places, **QUIET)
    timer.tick(careful(look), [sid, drawn], outputs, **QUIET)
    return Page(outputs, partial(paint, tab), [("model", opened), ("model", clicked)])


def _asking(words: Words) -> tuple[Any, Any, Any, Any, Any, Any]:
    """What a search is asked by: to lower, to raise, to hold, trials, where to begin, and the button."""
    low = gr.Dropdown([], multiselect=True, label=words.minimise, elem_id="mq-minimise")
    high = gr.Dropdown([], multiselect=True, label=words.maximise)
    hold = gr.Dropdown([], multiselect=True, label=words.hold)
    trials = gr.Slider(*TRIALS, value=DEFAULT_TRIALS, step=10, label=words.trials, elem_id="mq-trials")
    current = gr.Checkbox(True, label=words.from_current)
    start = gr.Button(words.start, variant="primary", elem_id="mq-start-search")
    return low, high, hold, trials, current, start


# -- how it looks for a session ----------------------------------------------------------------------------


def paint(tab: SearchTab, session: Session) -> dict[Any, Any]:
    """The whole tab."""
    words, draft = tab.words, tab.desk.draft(session)
    brief, family = draft.brief, draft.product.family
    everything = [
        (words.name(n) if words.language == "zh" else label, n) for label, n in askable(family.name)
    ]
    names = [(words.name(p.name), p.name) for p in family.parameters]
    held = [n for n in brief.locks if any(n == known for _, known in names)]
    there = session.design is not None
    return {
        tab.low: gr.Dropdown(everything, value=list(brief.minimise), multiselect=True),
        tab.high: gr.Dropdown(everything, value=list(brief.maximise), multiselect=True),
        tab.hold: gr.Dropdown(names, value=held, multiselect=True),
        tab.current: gr.Checkbox(value=there, interactive=there),
        **tab.top(session),
        **found(tab, session),
    }


def found(tab: SearchTab, session: Session, already: str = "") -> dict[Any, Any]:
    """The newest search and what it has found.

    Args:
        already: what the charts show; they are drawn again only when something else is to be seen.
    """
    desk, words = tab.desk, tab.words
    job = desk.latest(session, "optimise")
    if job is None:
        return {
            tab.state: void(words.search_empty), tab.timer: gr.Timer(active=False),
            tab.view: gr.HTML(visible=False), tab.best: gr.HTML(visible=False),
            tab.charts: gr.Row(visible=False), tab.wide: gr.Plot(visible=False),
        }  # fmt: skip
    events = desk.events(job)
    rows = [t for ev in events if ev["kind"] == "trials" for t in ev["trials"]]
    leader = _leader(job, events)
    changes: dict[Any, Any] = {tab.state: head_of(job, rows, words), tab.timer: gr.Timer(active=not job.over)}
    now = f"{job.id} {len(rows) // REDRAW} {job.over}"
    if leader is not None and now != already:  # a view sent anew is built anew
        changes[tab.view] = gr.HTML(value=scene_of(desk, leader, words, words.best), visible=True)
        changes[tab.best] = gr.HTML(value=best_html(session, desk, job, leader, words), visible=True)
    if rows and now != already:
        changes |= {tab.drawn: now, **charts_of(tab, session, rows, leader)}
    return changes


def head_of(job: Job, rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """The search's card, how many trials passed, and what it explains."""
    passing = sum(bool(t["feasible"]) for t in rows)
    head = job_card(job, words)
    if rows:
        head += f'<p class="mq-hint">{e(words.tried.format(n=len(rows), m=passing))}</p>'
    explanation = str((job.result or {}).get("explanation", ""))
    if explanation:
        head += say(words.said(explanation), "good" if (job.result or {}).get("feasible") else "warn")
    return head


def charts_of(
    tab: SearchTab, session: Session, rows: Sequence[Mapping[str, Any]], leader: Design | None
) -> dict[Any, Any]:
    """The charts of these trials."""
    words, draft = tab.words, tab.desk.draft(session)
    names = [*draft.brief.minimise, *draft.brief.maximise]
    product = draft.product if leader is None else open_workbench(leader.family)
    first = product.headline
    quantity = next(iter([*names, *([] if first is None else [first.name])]), "departure")
    return {
        tab.charts: gr.Row(visible=True),
        tab.front: plots.trade_off(rows, names, words, draft.brief.maximise),
        tab.line: plots.history(rows, quantity, words, quantity in draft.brief.maximise),
        tab.wide: gr.Plot(
            plots.parallel(
                rows, product.family.parameters, words, quantity, quantity in draft.brief.maximise
            ),
            visible=True,
        ),
    }


# -- what its events do ------------------------------------------------------------------------------------


def begin(
    tab: SearchTab,
    session_id: str,
    less: list[str],
    more: list[str],
    kept: list[str],
    count: float,
    here: bool,
) -> dict[Any, Any]:
    """A search is started."""
    desk = tab.desk
    with desk.editing(session_id):
        session = _preferred(tab, session_id, less, more, kept)
    submit_search(desk, session, int(count), here)
    return found(tab, desk.sessions.read(session_id))


def prefer(
    tab: SearchTab, session_id: str, less: list[str], more: list[str], kept: list[str]
) -> dict[Any, Any]:
    """What to improve and what to hold is chosen."""
    with tab.desk.editing(session_id):
        return tab.top(_preferred(tab, session_id, less, more, kept))


def _preferred(tab: SearchTab, session_id: str, less: list[str], more: list[str], kept: list[str]) -> Session:
    """The session with these wishes and locks."""
    desk = tab.desk
    session = desk.sessions.read(session_id)
    draft = with_wishes(desk.draft(session), tuple(less or ()), tuple(more or ()))
    names = {p.name for p in draft.product.family.parameters}
    locks = {n: v for n, v in draft.brief.locks.items() if n not in names or n in (kept or [])}
    for name in kept or []:
        if name in names and name not in locks:
            if session.design is None:
                raise InputError(f"{tab.words.name(name)}: {tab.words.need_design}")
            locks[name] = session.design.parameters[name]
    wished = with_locks(draft, locks)
    return session if wished == draft == desk.draft(session) else desk.keep(session_id, wished)


def act(tab: SearchTab, session_id: str, event: gr.EventData) -> dict[Any, Any]:
    """Something that was found was pressed."""
    desk, words = tab.desk, tab.words
    kind, arg, _ = pressed(event)
    session = desk.sessions.read(session_id)
    if desk.steered(kind, arg, session_id):
        return found(tab, desk.sessions.read(session_id))
    job = desk.latest(session, "optimise")
    if job is None:
        raise InputError(messages.say("there is no search in this session yet"))
    if kind == "loosen":
        draft, verdict = loosened_by(desk, session, arg)
        session = desk.keep(session_id, draft)
        row = next(r for r in draft.brief.requirements if r.quantity == verdict.quantity)
        told_text = words.loosened.format(name=words.name(row.quantity), limits=words.said(row.limits))
        return {tab.note: say(told_text, "good"), **found(tab, session)}
    design, who = _picked(desk, session, job, kind, arg)
    if kind == "pin":
        name = pin_name(session)
        pins = (*session.pins, {"name": name, "design": design.to_json()})
        desk.sessions.change(session_id, pins=pins)
        return {tab.note: say(words.pinned_as.format(name=words.said(name)), "good")}
    session = desk.sessions.decide(
        session_id, who, messages.say("opened from the search"), design, begins=True
    )
    return {**tab.top(session), **tab.going("model")}


def look(tab: SearchTab, session_id: str, already: str) -> dict[Any, Any]:
    """The timer ticked."""
    return found(tab, tab.desk.sessions.read(session_id), already) | {tab.note: gr.skip()}


# -- the jobs and what they found --------------------------------------------------------------------------


def submit_search(desk: Desk, session: Session, trials: int, from_design: bool) -> Job:
    """Start the search of the session's brief. Its words are left out: they were read once, and edited."""
    draft = desk.draft(session)
    arguments: dict[str, Any] = {"brief": for_a_job(draft), "trials": trials}
    if from_design and session.design is not None and session.design.family == draft.brief.family:
        arguments["start"] = session.design.to_json()
    return desk.store.submit("optimise", arguments, session.id)


def verdict_of(data: Mapping[str, Any], draft: Draft) -> Verdict:
    """A verdict from its plain object; its requirement is the brief's as it stands now.

    Raises:
        InputError: the brief has no such requirement any more, or the value is not known.
    """
    asked = next((r for r in draft.brief.requirements if r.quantity == data["quantity"]), None)
    if asked is None or data["value"] is None:
        raise InputError(
            messages.say(
                "{quantity} has no limit in this brief that could be loosened",
                quantity=messages.named(data["quantity"]),
            )
        )
    names = {f.name for f in fields(Verdict)} & set(data) - {"margin"}
    return Verdict(requirement=asked, margin=float(data["margin"] or 0.0), **{n: data[n] for n in names})


def best_html(session: Session, desk: Desk, job: Job, leader: Design, words: Words) -> str:
    """The best designs with their requirements; where none passes, what the nearest one misses."""
    rows = _candidates(job)
    if not rows:
        return card(words.best, button(words.open, "leading", "", "main"))
    parts = []
    for k, c in enumerate(rows[:5]):
        p = first_of(c["predictions"], leader.family)
        number = ""
        if p:
            more = " · ".join(filter(None, (between(p), learned(p, words))))
            number = f"<b>{value_text(p['value'], p['unit'])}</b> <small>{e(more)}</small>"
        acts = button(words.open, "open", k, "main" if k == 0 else "") + button(words.pin, "pin", k)
        parts.append(
            f'<div class="mq-found"><div>{k + 1}. {number} <small>{e(words.said(c["how"]))}</small></div>'
            f'{held_to(c["verdicts"], words)}<div class="mq-row-buttons">{acts}</div></div>'
        )
    head = words.best
    first, draft = rows[0], desk.draft(session)
    if not first["feasible"]:
        head = words.nearest
        parts.insert(0, misses_of(job, draft, words))
    said = first_of(first["predictions"], leader.family)
    dial = prediction_dial(said["quantity"], said, words) if said else ""
    taken = (job.result or {}).get("seconds")
    foot = (
        f'<p class="mq-hint">{e(words.said(seconds_text(sum(taken.values()))))}</p>'
        if isinstance(taken, dict)
        else ""
    )
    return card(head, dial + "".join(parts) + foot)


def misses_of(job: Job, draft: Draft, words: Words) -> str:
    """What the nearest design of a search misses, each with the limit that it would meet to press."""
    misses = []
    for k, v in enumerate(_candidates(job)[0]["verdicts"]):
        if v["passed"] or not v["hard"]:
            continue
        try:
            side, value = needed(verdict_of(v, draft))
            sign = "≤" if side == "at_most" else "≥"
            kind = kinds_of(draft.brief.family, {v["quantity"]: value}).get(v["quantity"])
            unit = "" if v["unit"] == "1" else f" {v['unit']}"
            limit = words.name(kind) if kind else f"{value:g}{unit}"
            ask = button(words.loosen.format(value=f"{sign} {limit}"), "loosen", k)
        except InputError:
            ask = ""
        misses.append(f"<p>{e(words.said(v['reason']))} {ask}</p>")
    return "".join(misses)


def ways_out(desk: Desk, session: Session, words: Words) -> str:
    """Why the brief as it stands cannot be met, as far as its newest search knows, and what would help.

    "" when no search has found that.
    """
    job, draft = desk.latest(session, "optimise"), desk.draft(session)
    result = job.result if job is not None else None
    if job is None or not result or result.get("feasible") or not _candidates(job):
        return ""
    asked = brief_from_data(job.arguments["brief"], "the search's brief").brief
    if (asked.family, asked.requirements, asked.locks) != (
        draft.brief.family, draft.brief.requirements, draft.brief.locks,
    ):  # fmt: skip
        return ""
    why = say(words.said(str(result.get("explanation", ""))), "warn")
    return card(words.impossible, why + misses_of(job, draft, words))


def loosened_by(desk: Desk, session: Session, arg: str) -> tuple[Draft, Verdict]:
    """The brief with the limit that was pressed moved as far as the nearest design needs; what it missed."""
    job = desk.latest(session, "optimise")
    rows = _candidates(job) if job is not None else ()
    if not rows or not arg.isdigit() or int(arg) >= len(rows[0]["verdicts"]):
        raise InputError(messages.say("there is no search in this session yet"))
    draft = desk.draft(session)
    verdict = verdict_of(rows[0]["verdicts"][int(arg)], draft)
    return loosened(draft, verdict), verdict


def _candidates(job: Job) -> Sequence[Mapping[str, Any]]:
    return list((job.result or {}).get("best", ()))


def _leader(job: Job, events: Sequence[Mapping[str, Any]]) -> Design | None:
    rows = _candidates(job)
    if rows:
        return Design.from_json(rows[0]["design"])
    leading = [ev for ev in events if ev["kind"] == "leading"]
    return _carrying(job, Design.from_json(leading[-1]["design"])) if leading else None


def _carrying(job: Job, design: Design) -> Design:
    """A trial's design with the options that the search carries: trials are numbers only."""
    start = job.arguments.get("start")
    brief = brief_from_data(job.arguments["brief"], "the search's brief").brief
    family = open_workbench(design.family).family
    begun = Design.from_json(start).parameters if start else None
    by = {**design.provenance, **brief.option_sources(family, begun)}
    return Design(design.family, {**design.parameters, **brief.options(family, begun)}, by)


def _picked(desk: Desk, session: Session, job: Job, kind: str, arg: str) -> tuple[Design, str]:
    """The design that was clicked, and who made it."""
    events = desk.events(job)
    if kind == "leading":
        leader = _leader(job, events)
        if leader is None:
            raise InputError(messages.say("the search has found nothing yet"))
        return leader, "search"
    if kind == "trial":
        for ev in events:
            for t in ev.get("trials", ()):
                if str(t["number"]) == arg:
                    family = desk.draft(session).brief.family
                    return _carrying(job, Design(family, dict(t["parameters"]), {})), messages.say(
                        "search trial {trial}", trial=arg
                    )
        raise InputError(messages.say("trial {trial} is not in this search", trial=arg))
    rows = _candidates(job)
    if not arg.isdigit() or int(arg) >= len(rows):
        raise InputError(messages.say("that design is not among the best any more"))
    design = Design.from_json(rows[int(arg)]["design"])
    return design, messages.say("search result {number}", number=int(arg) + 1)
