"""The tab Model: the body in 3D, its sliders with locks and drag arrows, and the numbers that follow them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import gradio as gr

from ...constraints.requirements.brief import with_options
from ...design import messages
from ...design.errors import InputError
from ...design.family.records import Design
from ...design.family.registry import get_family
from ..briefing import with_locks
from ..jobs import Session
from .design_view import (
    brief_for,
    change_text,
    figures,
    more_figures,
    option_values,
    pin_name,
    scene,
    slider_values,
    with_option,
)
from .desk import told
from .look import panel, sliders, viewer
from .page import QUIET, Page, Studio, pressed
from .parts import say


def build(studio: Studio) -> Page:  # noqa: PLR0915 - a page: its components, its handlers, their wiring
    """The tab's components and events."""
    desk, words, sid = studio.desk, studio.words, studio.session
    with gr.Row(equal_height=False):
        with gr.Column(scale=7, min_width=520):
            note = gr.HTML("", padding=False)
            view = viewer(words, elem_id="mq-view")
            numbers = panel(elem_id="mq-numbers")
            more = panel()
        with gr.Column(scale=4, min_width=330):
            with gr.Row():
                start = gr.Dropdown([], label=words.start_body, min_width=120, elem_id="mq-start")
                compare = gr.Dropdown([], label=words.compare, min_width=120)
            with gr.Row():
                pin = gr.Button(words.pin_this, min_width=90, size="sm")
                simulate = gr.Button(words.simulate_this, min_width=90, size="sm")
            knobs = sliders(elem_id="mq-knobs")
            picks = panel(elem_id="mq-picks")
    outputs = [note, view, numbers, more, start, compare, knobs, picks, studio.top]
    careful = told(words, note)

    def paint(session: Session) -> dict[Any, Any]:
        draft = desk.draft(session)
        family = get_family(session.design.family if session.design else draft.brief.family)
        kinds = [(words.name(n), n) for n in family.archetypes] or [(words.name(family.name), "")]
        pins = [(words.said(p.get("name", "?")), str(k)) for k, p in enumerate(session.pins)]
        picked = str(session.choices.get("compare", ""))
        picked = picked if any(k == picked for _, k in pins) else ""
        frame = {
            start: gr.Dropdown(kinds, value=_began(session, family.archetypes)),
            compare: gr.Dropdown([(words.compare_none, ""), *pins], value=picked),
            studio.top: studio.paint_top(session),
        }
        if session.design is None:
            return {view: {"url": "", "note": words.model_empty}, numbers: "", more: "",
                    knobs: {"note": words.sliders_empty}, picks: "", **frame}  # fmt: skip
        found = desk.numbers(session.design, brief_for(draft, session.design), session=session.id)
        return frame | {
            view: scene(desk, session, found, words, picked),
            numbers: figures(found, draft, words),
            more: more_figures(session, found, picked, words),
            knobs: slider_values(session.design, draft, found, words),
            picks: option_values(session.design, words),
        }

    @careful
    def move(session_id: str, event: gr.EventData) -> dict[Any, Any]:
        session = desk.sessions.read(session_id)
        design = _moved(session, event)
        draft = desk.draft(session)
        found = desk.numbers(
            design, brief_for(draft, design), arrows=False, measures=False, session=session_id
        )
        picked = str(session.choices.get("compare", ""))
        return {
            view: scene(desk, session, found, words, picked),
            numbers: figures(found, draft, words),
        }  # the sliders stand where the hand has put them; their arrows are worked out when it rests

    @careful
    def settle(session_id: str, event: gr.EventData) -> dict[Any, Any]:
        session = desk.sessions.read(session_id)
        design = _moved(session, event)
        what = change_text(session.design, design, words)
        if what:
            session = desk.sessions.decide(session_id, "designer", what, design)
        return paint(session)

    @careful
    def pick(session_id: str, event: gr.EventData) -> dict[Any, Any]:
        session = desk.sessions.read(session_id)
        act, arg, _ = pressed(event)
        if act != "option":
            return {}
        if session.design is None:
            raise InputError(words.need_design)
        design = with_option(session.design, arg)
        what = change_text(session.design, design, words)
        if what:
            draft, name = desk.draft(session), arg.partition(":")[0]
            if name in draft.brief.start:  # the hand overrules the words, in later searches too
                options = {name: design.parameters[name]}
                brief = with_options(draft.brief, options, "designer")
                desk.keep(session_id, replace(draft, brief=brief))
            session = desk.sessions.decide(session_id, "designer", what, design)
        return paint(session)

    @careful
    def lock(session_id: str, event: gr.EventData) -> dict[Any, Any]:
        session = desk.sessions.read(session_id)
        if session.design is None:
            raise InputError(words.need_design)
        data = event._data
        ranges = {p.name for p in get_family(session.design.family).parameters}
        wanted = {n for n in data.get("locks", []) if n in ranges}
        draft = desk.draft(session)
        kept = {n: v for n, v in draft.brief.locks.items() if n not in ranges}
        held = {n: session.design.parameters[n] for n in wanted}
        session = desk.keep(session_id, with_locks(draft, kept | held))
        name = str(data.get("name", ""))
        if name in ranges:
            value = session.design.parameters[name] if session.design else 0.0
            what = messages.say(
                "{parameter} locked at {value:g}" if name in wanted else "{parameter} unlocked at {value:g}",
                parameter=messages.named(name),
                value=value,
            )
            design = session.design
            if design is not None:
                desk.sessions.decide(session_id, "lock" if name in wanted else "designer", what, design)
        return paint(desk.sessions.read(session_id))

    @careful
    def begin(session_id: str, name: str | None) -> dict[Any, Any]:
        session = desk.sessions.read(session_id)
        family = get_family(session.design.family if session.design else desk.draft(session).brief.family)
        if name is None:
            return {}
        values = family.accept(family.defaults() | dict(family.archetypes.get(name, {})))
        source = f"archetype {name}" if name else "default"
        by = dict.fromkeys(family.archetypes.get(name, {}), source)
        design = Design(family.name, values, {n: by.get(n, "default") for n in values})
        return paint(
            desk.take(
                session_id,
                "designer",
                messages.say(
                    "starting body {body}", body=messages.named(name or family.name, name or family.name)
                ),
                design,
            )
        )

    @careful
    def keep(session_id: str) -> dict[Any, Any]:
        session = desk.sessions.read(session_id)
        if session.design is None:
            raise InputError(words.need_design)
        name = pin_name(session)
        pins = (*session.pins, {"name": name, "design": session.design.to_json()})
        return paint(desk.sessions.change(session_id, pins=pins)) | {
            note: say(words.pinned_as.format(name=words.said(name)), "good")
        }

    @careful
    def against(session_id: str, picked: str | None) -> dict[Any, Any]:
        return paint(desk.choose(session_id, compare=picked or ""))

    @careful
    def run_cfd(session_id: str) -> dict[Any, Any]:
        session = desk.sessions.read(session_id)
        if session.design is None:
            raise InputError(words.need_design)
        desk.store.submit("simulate", {"design": session.design.to_json(), "mesh": "coarse"}, session_id)
        return {studio.tabs: gr.Tabs(selected="evidence")}

    @careful
    def panel_act(session_id: str, event: gr.EventData) -> dict[Any, Any]:
        act, _, _ = pressed(event)
        return run_cfd(session_id) if act == "simulate" else {}

    live_queue = {**QUIET, "trigger_mode": "always_last"}
    knobs.move(move, [sid], outputs, **live_queue)
    knobs.settle(settle, [sid], outputs, **live_queue)
    knobs.lock(lock, [sid], outputs, **QUIET)
    picks.act(pick, [sid], outputs, **QUIET)
    start.input(begin, [sid, start], outputs, **QUIET)
    compare.input(against, [sid, compare], outputs, **QUIET)
    pin.click(keep, [sid], outputs, **QUIET)
    simulated = simulate.click(run_cfd, [sid], [note, studio.tabs], **QUIET)
    numbers.act(panel_act, [sid], [note, studio.tabs], **QUIET)
    return Page(outputs, paint, [("evidence", simulated)])


def _began(session: Session, names: Iterable[str]) -> str | None:
    """The starting body that the design still has numbers of."""
    sources = set(session.design.provenance.values()) if session.design else set()
    return next((n for n in names if any(s.startswith(f"archetype {n}") for s in sources)), None)


def _moved(session: Session, event: Any) -> Design:
    """The design of the slider positions that the page sent; locked ones stay as they are."""
    if session.design is None:
        raise InputError(messages.say("there is no design yet; choose a starting body first"))
    data = event._data if isinstance(event._data, dict) else {}
    sent = data.get("values")
    if not isinstance(sent, dict):
        raise InputError(messages.say("the sliders sent no values"))
    before = session.design.parameters
    family = get_family(session.design.family)
    # sliders show rounded numbers: only the one that was moved is taken from the page
    name = str(data.get("name", ""))
    values = dict(before)
    if name in before and name in sent:
        values[name] = float(sent[name])
    return Design(family.name, family.validate(values), session.design.provenance)
