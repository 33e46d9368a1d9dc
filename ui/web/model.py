"""The tab Model: the body in 3D, its sliders with locks and arrows, and the numbers that follow them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import gradio as gr

from ...constraints.requirements.brief import with_options
from ...design import messages
from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.photographs import IN_USE
from ...design.family.records import Design
from ...design.limits import MAX_PROMPT_CHARS
from ..briefing import Draft, with_locks
from ..jobs import Decision, Session
from ..jobs.history import began_at
from ..messages.words import Words
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
from .page import QUIET, Page, Studio, Tab, pressed, told_by
from .parts import say

#: of the list of starting bodies: the body in hand, which came from elsewhere
IN_HAND = "*"
#: who takes bodies by their names
BY_NAME = ("designer", "brief")


@dataclass(frozen=True)
class ModelTab(Tab):
    """The tab's components that its handlers change.

    Attributes:
        view: the body in 3D. numbers, more: what follows the sliders. start: the named bodies to begin at.
        compare: the pins to compare with. knobs: the sliders. picks: the options. line: where the design is
            changed by words.
    """

    view: Any
    numbers: Any
    more: Any
    start: Any
    compare: Any
    knobs: Any
    picks: Any
    line: Any


def build(studio: Studio) -> Page:
    """The tab's components and events."""
    words, sid = studio.words, studio.session
    with gr.Row(equal_height=False):
        with gr.Column(scale=7, min_width=520):
            note = gr.HTML("", padding=False)
            view = viewer(words, elem_id="mq-view")
            line = gr.Textbox(
                placeholder=words.edit_hint, show_label=False, container=False, max_lines=1,
                max_length=MAX_PROMPT_CHARS, elem_id="mq-edit", interactive=True,
            )  # fmt: skip
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
            picks = panel(elem_id="mq-picks", edits="option")
    tab = ModelTab(studio, note, view, numbers, more, start, compare, knobs, picks, line)
    careful = told(words, note, tab)
    outputs = [note, view, numbers, more, start, compare, knobs, picks, line, studio.top]
    live_queue = {**QUIET, "trigger_mode": "always_last"}
    knobs.move(careful(move), [sid], outputs, **live_queue)
    start.input(careful(begin), [sid, start], outputs, **QUIET, trigger_mode="multiple")
    compare.input(careful(against), [sid, compare], outputs, **QUIET)
    pin.click(careful(keep), [sid], outputs, **QUIET)
    simulated = simulate.click(careful(run_cfd), [sid], [note, studio.tabs], **QUIET)
    numbers.act(careful(panel_act), [sid], [note, studio.tabs], **QUIET)
    edits = {"settle": settle, "lock": lock, "option": pick, "words": reword}
    return Page(
        outputs,
        partial(paint, tab),
        [("evidence", simulated)],
        edits={kind: partial(handler, tab) for kind, handler in edits.items()},
    )


# -- how it looks for a session ----------------------------------------------------------------------------


def paint(tab: ModelTab, session: Session) -> dict[Any, Any]:
    """The whole tab."""
    desk, words = tab.desk, tab.words
    draft = desk.draft(session)
    family = desk.product(session).family
    kinds = [(words.name(n), n) for n in family.archetypes] or [(words.name(family.name), "")]
    start = began_at(desk.sessions.log(session.id).entries())
    chosen = _began(session, family.archetypes)
    if start is not None and (chosen is None or str(start.who) not in BY_NAME) and session.design:
        kinds, chosen = [(_origin(tab, session, start), IN_HAND), *kinds], IN_HAND
    pins = [(words.said(p.get("name", "?")), str(k)) for k, p in enumerate(session.pins)]
    picked = str(session.choices.get("compare", ""))
    picked = picked if any(k == picked for _, k in pins) else ""
    frame = {
        tab.start: gr.Dropdown(kinds, value=chosen),
        tab.compare: gr.Dropdown([(words.compare_none, ""), *pins], value=picked),
        tab.line: gr.Textbox(placeholder=edit_hint(family, words)),
        **tab.top(session),
    }
    if session.design is None:
        return {tab.view: {"url": "", "note": words.model_empty}, tab.numbers: "", tab.more: "",
                tab.knobs: {"note": words.sliders_empty}, tab.picks: "", **frame}  # fmt: skip
    found = desk.numbers(session.design, brief_for(draft, session.design), session=session.id)
    return frame | {
        tab.view: scene(desk, session, found, words, picked),
        tab.numbers: figures(found, draft, words),
        tab.more: more_figures(session, found, picked, words),
        tab.knobs: slider_values(session.design, draft, found, words, start.design if start else None),
        tab.picks: option_values(session.design, words, bool(session.choices.get("in_use"))),
    }


def edit_hint(family: Family, words: Words) -> str:
    """What may be written below the 3D view, with an example of the product's own."""
    example = family.edit_examples.get(words.language, "")
    return words.edit_hint_like.format(example=example) if example else words.edit_hint


# -- what its events do ------------------------------------------------------------------------------------


def move(tab: ModelTab, session_id: str, event: gr.EventData) -> dict[Any, Any]:
    """A slider moves: body and numbers follow.

    The sliders stand where the hand has put them; their arrows are worked out when it rests.
    """
    desk, words = tab.desk, tab.words
    session = desk.sessions.read(session_id)
    data = event._data if isinstance(event._data, dict) else {}
    design = _moved(tab, session, data)
    draft = desk.draft(session)
    found = desk.numbers(design, brief_for(draft, design), arrows=False, measures=False, session=session_id)
    picked = str(session.choices.get("compare", ""))
    return {
        tab.view: scene(desk, session, found, words, picked),
        tab.numbers: figures(found, draft, words),
    }


def settle(tab: ModelTab, session_id: str, data: Mapping[str, Any]) -> dict[Any, Any]:
    """The hand rests: the design is decided."""
    session = tab.desk.sessions.read(session_id)
    return paint(tab, _decided(tab, session, _moved(tab, session, data)))


def pick(tab: ModelTab, session_id: str, data: Mapping[str, Any]) -> dict[Any, Any]:
    """An option was pressed."""
    desk, session = tab.desk, tab.desk.sessions.read(session_id)
    _, arg, _ = told_by(data)
    if session.design is None:
        raise InputError(tab.words.need_design)
    if arg.startswith(f"{IN_USE}:"):  # how it is seen, and nothing of the design
        return paint(tab, desk.choose(session_id, in_use=arg != f"{IN_USE}:"))
    design = with_option(session.design, arg)
    draft, name = desk.draft(session), arg.partition(":")[0]
    if name in draft.brief.start and change_text(session.design, design, tab.words):
        options = {name: design.parameters[name]}  # the hand overrules the words, in later searches too
        draft = replace(draft, brief=with_options(draft.brief, options, "designer"))
        return paint(tab, _decided(tab, session, design, draft))
    return paint(tab, _decided(tab, session, design))


def reword(tab: ModelTab, session_id: str, data: Mapping[str, Any]) -> dict[Any, Any]:
    """The design is changed by words; what they could not do is said, and words that do nothing come back."""
    text = str(data.get("text", ""))
    try:
        session, short = tab.desk.reword(session_id, text, tab.words)
    except InputError as error:
        return {tab.line: text, tab.note: say(tab.words.said(error.message), "bad")}
    told_of = "".join(say(tab.words.said(one), "warn") for one in short)
    return paint(tab, session) | {tab.note: told_of}


def lock(tab: ModelTab, session_id: str, data: Mapping[str, Any]) -> dict[Any, Any]:
    """A parameter is held or let go."""
    desk, session = tab.desk, tab.desk.sessions.read(session_id)
    design = session.design
    if design is None:
        raise InputError(tab.words.need_design)
    name, on = str(data.get("name", "")), bool(data.get("on"))
    if name not in {p.name for p in desk.product(session).family.parameters}:
        raise InputError(messages.say("{name!r} is no slider", name=name[:40]))
    draft = desk.draft(session)
    locks = {n: v for n, v in draft.brief.locks.items() if n != name}
    held = locks | ({name: design.parameters[name]} if on else {})
    return paint(tab, desk.keep(session_id, with_locks(draft, held)))


def begin(tab: ModelTab, session_id: str, name: str | None) -> dict[Any, Any]:
    """A named body comes into hand."""
    desk, session = tab.desk, tab.desk.sessions.read(session_id)
    family = desk.product(session).family
    if name is None or name == IN_HAND:
        return {}
    locks = desk.draft(session).brief.locks
    held = {n: v for n, v in locks.items() if n in {p.name for p in family.parameters}}
    values = family.accept(family.defaults() | dict(family.archetypes.get(name, {})) | held)
    by = dict.fromkeys(values, "default") | dict.fromkeys(
        family.archetypes.get(name, {}), f"archetype {name}"
    )
    design = Design(family.name, values, by | dict.fromkeys(held, "lock"))
    body = name or family.name
    what = messages.say("starting body {body}", body=messages.named(body, body))
    names = messages.listed([messages.named(n) for n in held])
    told_of = say(tab.words.locks_kept.format(names=tab.words.said(names)), "warn") if held else ""
    held_now = session.design.parameters if session.design else None
    if design.parameters != held_now or _began(session, family.archetypes) != name:  # a list may report twice
        session = desk.take(session_id, "designer", what, design)
    return paint(tab, session) | {tab.note: told_of}


def keep(tab: ModelTab, session_id: str) -> dict[Any, Any]:
    """The design is pinned."""
    desk, words = tab.desk, tab.words
    session = desk.sessions.read(session_id)
    if session.design is None:
        raise InputError(words.need_design)
    name = pin_name(session)
    pins = (*session.pins, {"name": name, "design": session.design.to_json()})
    return paint(tab, desk.sessions.change(session_id, pins=pins)) | {
        tab.note: say(words.pinned_as.format(name=words.said(name)), "good")
    }


def against(tab: ModelTab, session_id: str, picked: str | None) -> dict[Any, Any]:
    """A pin to compare with was chosen."""
    return paint(tab, tab.desk.choose(session_id, compare=picked or ""))


def run_cfd(tab: ModelTab, session_id: str) -> dict[Any, Any]:
    """The design is simulated."""
    tab.desk.simulate(session_id, tab.words)
    return tab.going("evidence")


def panel_act(tab: ModelTab, session_id: str, event: gr.EventData) -> dict[Any, Any]:
    """Something beside the numbers was pressed."""
    act, _, _ = pressed(event)
    return run_cfd(tab, session_id) if act == "simulate" else {}


def _decided(tab: ModelTab, session: Session, design: Design, draft: Draft | None = None) -> Session:
    """The session with the design that the designer's hand made, where anything changed, and with the
    brief that changes with it."""
    what = change_text(session.design, design, tab.words)
    brief = None if draft is None else {"brief_text": draft.text, "brief": draft.to_json()}
    return tab.desk.sessions.decide(session.id, "designer", what, design, brief=brief) if what else session


def _origin(tab: ModelTab, session: Session, start: Decision) -> str:
    """Where the body in hand came from, in words: ``sketch 3 of sheet 1``, ``search result 2``."""
    words = tab.words
    who, what = start.who, start.what
    job = str(what.arguments.get("job", "")) if isinstance(what, messages.Message) else ""
    if job and isinstance(who, messages.Message):
        drawn = [j.id for j in reversed(tab.desk.store.of(session.id)) if j.verb == "sketch"]
        sheet = next((k for k, known in enumerate(drawn, start=1) if known.startswith(job)), 0)
        return words.sketch_of.format(n=who.arguments.get("number", "?"), k=sheet or "?")
    return words.said(what if str(who) in BY_NAME else who)


def _began(session: Session, names: Iterable[str]) -> str | None:
    """The starting body that the design has most numbers of; None where it has none of any."""
    sources = list(session.design.provenance.values()) if session.design else []
    counts = {n: sources.count(f"archetype {n}") for n in names}
    best = max(counts, key=lambda n: counts[n], default=None)
    return best if best is not None and counts[best] else None


def _moved(tab: ModelTab, session: Session, data: Mapping[str, Any]) -> Design:
    """The design with the sliders that were moved; one that is locked does not move."""
    if session.design is None:
        raise InputError(messages.say("there is no design yet; choose a starting body first"))
    sent = data.get("values")
    if not isinstance(sent, Mapping):
        raise InputError(messages.say("the sliders sent no values"))
    family = tab.desk.product(session).family
    known, locks = session.design.parameters, tab.desk.draft(session).brief.locks
    moved = {n: float(v) for n, v in sent.items() if n in known}
    for name, value in moved.items():
        if name in locks and abs(value - known[name]) > 1e-9:
            raise InputError(
                messages.say("{parameter} is locked; unlock it first", parameter=messages.named(name))
            )
    return Design(family.name, family.validate({**known, **moved}), session.design.provenance)
