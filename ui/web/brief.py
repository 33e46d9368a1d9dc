"""The tab Brief: words in, what they became as editable chips, a picture or design file to start from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from ...constraints.requirements.body_types import LIKE
from ...constraints.requirements.product import product_of
from ...design import messages
from ...design.errors import ClashError, InputError, UnreachableError
from ...design.family.records import kinds_of
from ...design.family.registry import DEFAULT_FAMILY
from ...design.family.registry import families as installed
from ..briefing import (
    EXACTLY,
    Draft,
    askable,
    draft_from_text,
    example_of,
    keys_of,
    place_of,
    standing_wishes,
    starting_design,
    with_hardness,
    with_limit,
    with_requirement,
    without_requirement,
    without_wish,
)
from ..jobs import Session, accept_upload
from ..messages.words import Words
from ..verbs import families
from .desk import job_url, told
from .look import panel
from .page import POLL, QUIET, Page, Studio, Tab, pressed, told_by
from .parts import button, card, e, job_card, kind_list, limits_text, say, void
from .search import loosened_by, ways_out
from .sheet import first_sheet
from .way_out import presses, reread, taken, way_out

CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class BriefTab(Tab):
    """The tab's components that its handlers change.

    Attributes:
        text, family: the words and what they are about. seen: what was understood. picture: the body read
            from an uploaded picture. timer: runs while that is read.
    """

    text: Any
    family: Any
    seen: Any
    picture: Any
    timer: Any


def build(studio: Studio) -> Page:
    """The tab's components and events."""
    words, sid = studio.words, studio.session
    with gr.Row(equal_height=False):
        with gr.Column(scale=5, min_width=380):
            text, family, read, examples, upload = _writing(words)
        with gr.Column(scale=6, min_width=420):
            note = gr.HTML("", padding=False)
            seen = panel(elem_id="mq-understood", edits="brief")
            picture = panel()
            with gr.Row():
                to_sheet = gr.Button(words.to_sheet, min_width=110)
                to_model = gr.Button(words.to_model, variant="primary", min_width=110, elem_id="mq-to-model")
                to_search = gr.Button(words.to_search, min_width=110)
    timer = gr.Timer(POLL, active=False)
    tab = BriefTab(studio, note, text, family, seen, picture, timer)
    careful = told(words, note, tab)
    outputs = [note, seen, picture, timer, text, family, studio.top]
    places, typed = [*outputs, studio.tabs], [sid, text, family]
    read.click(careful(understand), typed, outputs, **QUIET)
    text.submit(careful(understand), typed, outputs, **QUIET)
    chosen = examples.act(careful(example), None, [text, note], **QUIET)
    chosen.then(careful(understand), typed, outputs, **QUIET)
    taken = upload.upload(careful(take), [sid, upload], outputs, **QUIET)
    taken.then(lambda: None, None, [upload], **QUIET)
    picture.act(careful(use), [sid], places, **QUIET)
    timer.tick(careful(look), [sid], outputs, **QUIET)
    moved = to_model.click(careful(model_it), typed, places, **QUIET)
    sheet = to_sheet.click(careful(go_to_sheet), typed, places, **QUIET)
    search = to_search.click(careful(go_to_search), typed, places, **QUIET)
    more = [("model", moved), ("sheet", sheet), ("search", search)]
    return Page(outputs, partial(paint, tab), more, partial(opened, tab), {"brief": partial(edit, tab)})


def _writing(words: Words) -> tuple[Any, Any, Any, Any, Any]:
    """Where words are written or a file is given: text, family, the button, examples, upload."""
    text = gr.Textbox(
        label=words.brief_label, info=words.brief_hint, lines=4, max_lines=12, max_length=2000,
        elem_id="mq-brief-text",
    )  # fmt: skip
    with gr.Row(elem_classes=["mq-line"]):
        names = [(words.name(f.name), f.name) for f in families().families]
        family = gr.Dropdown(
            names,
            value=DEFAULT_FAMILY,
            label=words.family,
            container=False,
            scale=1,
            min_width=120,
            elem_id="mq-family",
        )
        read = gr.Button(words.read, variant="primary", scale=2, elem_id="mq-read")
    examples = panel(_examples(words))
    gr.HTML(f'<div class="mq-h">{e(words.upload)}</div>', padding=False)
    upload = gr.File(
        label=words.upload, show_label=False, height=150, elem_id="mq-upload",
    )  # fmt: skip
    gr.HTML(f'<p class="mq-hint">{e(words.upload_hint)}</p>', padding=False)
    return text, family, read, examples, upload


# -- how it looks for a session ----------------------------------------------------------------------------


def paint(tab: BriefTab, session: Session) -> dict[Any, Any]:
    """The whole tab."""
    return {**shown(tab, session), **bodies(tab, session)}


def opened(tab: BriefTab, session: Session) -> dict[Any, Any]:
    """The words, when the session is opened."""
    return {tab.text: session.brief_text, tab.family: tab.desk.draft(session).brief.family}


def shown(tab: BriefTab, session: Session) -> dict[Any, Any]:
    """What was understood."""
    words = tab.words
    if not session.brief:
        return {tab.seen: void(words.brief_empty), **tab.top(session)}
    draft = tab.desk.draft(session)
    return {
        tab.seen: ways_out(tab.desk, session, words) + chips(draft, words),
        tab.family: draft.brief.family,
        **tab.top(session),
    }


def bodies(tab: BriefTab, session: Session) -> dict[Any, Any]:
    """The body of the uploaded picture, as far as it is read."""
    desk, words = tab.desk, tab.words
    job = desk.latest(session, "body")
    if job is None:
        return {tab.picture: "", tab.timer: gr.Timer(active=False)}
    markup = job_card(job, words)
    if job.status == "done" and job.result:
        shot = job_url(session.id, job, job.result.get("comparison"))
        score = job.result["agreement"]["iou"]
        markup = card(
            words.picture_body,
            f'<img class="mq-shot" src="{e(shot)}" alt="{e(words.picture_body)}">'
            f'<p class="mq-hint">{e(words.agreement)} {score:.2f}</p>'
            f"{button(words.use_body, 'body', job.id, 'main')}",
        )
    return {tab.picture: markup, tab.timer: gr.Timer(active=not job.over)}


# -- what its events do ------------------------------------------------------------------------------------


def understand(tab: BriefTab, session_id: str, typed: str, product: str) -> dict[Any, Any]:
    """The words are read; where a limit is out of reach, what can be done about it is offered."""
    desk = tab.desk
    try:
        return shown(tab, desk.keep(session_id, _draft(typed or "", product)))
    except (UnreachableError, ClashError) as error:
        about = product_of(typed, product)
        session = desk.choose(session_id, refused={"text": typed, "family": about})
        return offered(tab, session, error, about, True)


def _draft(typed: str, product: str) -> Draft:
    """The words, about the product that they name, else about the chosen one."""
    return draft_from_text(typed, product_of(typed, product))


def example(tab: BriefTab, event: gr.EventData) -> dict[Any, Any]:
    """An example is put into the field."""
    _, arg, _ = pressed(event)
    return {tab.text: examples_of_all()[int(arg)]}


def edit(tab: BriefTab, session_id: str, data: Mapping[str, Any]) -> dict[Any, Any]:
    """A chip was changed."""
    session = tab.desk.sessions.read(session_id)
    act, arg, value = told_by(data)
    if act == "limit" and not str(value).strip():
        name = tab.words.name(arg.partition(":")[0].partition("~")[0])
        return {**shown(tab, session), tab.note: say(tab.words.empty_limit.format(name=name), "warn")}
    before = tab.desk.draft(session)
    try:
        if act == "loosen":
            draft, _ = loosened_by(tab.desk, session, arg)
        elif act == "words":
            draft = reread(session, arg)
        elif act == "take":
            draft = taken(before, arg)
        else:
            draft = _edited(before, act, arg, value)
    except (UnreachableError, ClashError) as error:
        about = before.brief.family
        if act == "words":  # a second limit of the words: the way out of the first holds
            was = session.choices["refused"]
            session = tab.desk.choose(session_id, refused={**was, "ways": [*was.get("ways", ()), arg]})
            about = str(was["family"])
        return offered(tab, session, error, about, act == "words")
    return shown(tab, tab.desk.keep(session_id, draft))


def offered(
    tab: BriefTab, session: Session, error: UnreachableError | ClashError, family: str, reading: bool
) -> dict[Any, Any]:
    """What was understood before, and above it what to do about a limit out of reach."""
    page = shown(tab, session)
    ways = way_out(error, tab.desk.draft(session), family, reading, tab.words)
    return page | {tab.seen: ways + str(page[tab.seen])}


def take(tab: BriefTab, session_id: str, path: str | None) -> dict[Any, Any]:
    """A file was given: a design comes into hand, of a picture the body is read."""
    if not path:
        return {}
    desk, words = tab.desk, tab.words
    try:
        given = accept_upload(path, desk.sessions.folder(session_id))
    finally:
        Path(path).unlink(missing_ok=True)
    if given.design is not None:
        what = messages.say("design file opened")
        session = desk.take(session_id, "designer", what, given.design)
        opened_now = words.said(messages.say("Design file opened."))
        return {tab.note: say(opened_now, "good"), **shown(tab, session)}
    product = desk.draft(desk.sessions.read(session_id)).brief.family
    desk.store.submit("body", {"image": str(given.path), "family": product}, session_id)
    session = desk.sessions.read(session_id)
    return {tab.note: say(words.reading_picture), **bodies(tab, session)}


def use(tab: BriefTab, session_id: str, event: gr.EventData) -> dict[Any, Any]:
    """The body of the picture comes into hand, or its job is steered."""
    desk = tab.desk
    act, arg, _ = pressed(event)
    if desk.steered(act, arg, session_id):
        return bodies(tab, desk.sessions.read(session_id))
    job = desk.store.read(arg, session_id)
    if not job.result:
        raise InputError(messages.say("the picture's body is not ready yet"))
    from ...design.family.records import Design

    design = Design.from_json(job.result["design"])
    session = desk.take(session_id, "picture", messages.say("body read from the picture"), design)
    return {**shown(tab, session), **tab.going("model")}


def look(tab: BriefTab, session_id: str) -> dict[Any, Any]:
    """The timer ticked."""
    return bodies(tab, tab.desk.sessions.read(session_id)) | {tab.note: gr.skip()}


def model_it(tab: BriefTab, session_id: str, typed: str, product: str) -> dict[Any, Any]:
    """On to the model, with the design that the words begin at."""
    desk, session = tab.desk, _read(tab, session_id, typed, product)
    draft = desk.draft(session)
    design = starting_design(draft)
    if session.design is None or session.design.parameters != design.parameters:
        what = messages.say("starting point: {body}", body=messages.named(draft.brief.family))
        if draft.text:
            what = messages.say("starting point: “{words}”", words=draft.text[:120])
        session = desk.take(session_id, "brief", what, design)
    return {**shown(tab, session), **tab.going("model")}


def go_to_sheet(tab: BriefTab, session_id: str, typed: str, product: str) -> dict[Any, Any]:
    """On to the sketches, which are drawn where none of this brief was."""
    session = first_sheet(tab.desk, _read(tab, session_id, typed, product), tab.words)
    return {**shown(tab, session), **tab.going("sheet")}


def go_to_search(tab: BriefTab, session_id: str, typed: str, product: str) -> dict[Any, Any]:
    """On to the search."""
    return {**shown(tab, _read(tab, session_id, typed, product)), **tab.going("search")}


def _read(tab: BriefTab, session_id: str, typed: str, product: str) -> Session:
    """The session, with words that were typed since they were last read."""
    session = tab.desk.sessions.read(session_id)
    if typed.strip() and typed != session.brief_text:
        session = tab.desk.keep(session_id, _draft(typed, product))
    return session


def _edited(draft: Draft, act: str, arg: str, value: Any) -> Draft:
    """The draft after one edit of its chips."""
    if act == "add":
        fields = value if isinstance(value, dict) else {}
        return with_requirement(
            draft, str(fields.get("quantity", "")), str(fields.get("side", "")), str(fields.get("value", ""))
        )
    if act == "lift":
        return without_wish(draft, arg)
    key, _, side = arg.partition(":")
    if act == "limit":
        return with_limit(draft, place_of(draft, key), side, str(value))
    if act == "hard":
        return with_hardness(draft, place_of(draft, key), value == "hard")
    if act == "drop":
        return without_requirement(draft, place_of(draft, key))
    raise InputError(messages.say("edit {act!r} is not known", act=act))


def examples_of_all() -> list[str]:
    """The example briefs of every installed family, those of the usual product first."""
    families = sorted(installed().values(), key=lambda family: family.name != DEFAULT_FAMILY)
    return [text for family in families for text in family.examples]


def _examples(words: Words) -> str:
    """Those in the page's language."""
    rows = "".join(
        f"<li>{button(text, 'example', k)}</li>"
        for k, text in enumerate(examples_of_all())
        if ("zh" if CHINESE.search(text) else "en") == words.language
    )
    return f'<div class="mq-h">{e(words.examples)}</div><ul class="mq-examples">{rows}</ul>'


def chips(draft: Draft, words: Words) -> str:
    """What was understood, editable; beside it what was not."""
    brief = draft.brief
    rows = []
    for r, key in zip(brief.requirements, keys_of(draft), strict=True):
        unit = "" if r.unit == "1" else r.unit
        fields = []
        exact = bool(r.kinds) and r.at_least == r.at_most
        for side in (EXACTLY,) if exact else ("at_least", "at_most"):
            limit = r.at_least if exact else getattr(r, side)
            if limit is not None and r.kinds:
                listed = kind_list(words.name(r.quantity), r.kinds, limit, f"{key}:{side}", words)
                fields.append(listed if exact else f"{e(getattr(words, side))} {listed}")
            elif limit is not None:
                label = f"{words.name(r.quantity)} {getattr(words, side)}"
                fields.append(
                    f'{e(getattr(words, side))} <input type="text" inputmode="decimal" data-act="limit" '
                    f'data-arg="{e(key)}:{side}" value="{limit:g}" aria-label="{e(label)}"> {e(unit)}'
                )
        kinds = "".join(
            f'<option value="{v}"{" selected" if (v == "hard") == r.hard else ""}>'
            f"{e(getattr(words, v))}</option>"
            for v in ("hard", "advisory")
        )
        rows.append(
            f'<tr data-quantity="{e(r.quantity)}"><td title="{e(r.source)}">{e(words.name(r.quantity))}</td>'
            f"<td>{' '.join(fields)}</td>"
            f'<td><select data-act="hard" data-arg="{e(key)}" aria-label="{e(words.must_hold)}">'
            f"{kinds}</select></td>"
            f'<td><button type="button" class="x" data-act="drop" data-arg="{e(key)}" '
            f'aria-label="{e(words.remove)} {e(words.name(r.quantity))}">✕</button></td></tr>'
        )
    for r, wish in standing_wishes(draft):
        name, limits = words.name(r.quantity), limits_text(r.limits, words)
        if wish.startswith(LIKE):
            name, limits = words.kind_of_body, words.name(wish.removeprefix(LIKE))
        rows.append(
            f'<tr data-wish="{e(wish)}"><td title="{e(words.said(r.source))}">{e(name)}</td>'
            f"<td>{e(limits)}</td><td>{e(words.advisory)}</td>"
            f'<td><button type="button" class="x" data-act="lift" data-arg="{e(wish)}" '
            f'aria-label="{e(words.remove)} {e(name)}">✕</button></td></tr>'
        )
    asked = (
        f'<table class="mq-asked">{"".join(rows)}</table>'
        if rows
        else f"<p class=mq-hint>{e(words.no_limits)}</p>"
    )
    moods = [h for h in draft.understood if h.starts]
    mood = "".join(
        f'<span class="mq-chip mood" title="{e(words.said(h.meaning))}">{e(h.phrase)} '
        f"<small>{e(_short(h.meaning, words))}</small></span>"
        for h in moods
    )
    wishes = [(n, words.lower) for n in brief.minimise] + [(n, words.higher) for n in brief.maximise]
    wish = "".join(
        f'<span class="mq-chip">{e(words.name(n))} <small>{e(w)}</small></span>' for n, w in wishes
    )
    family = draft.product.family
    units = {p.name: p.range.unit for p in family.parameters}
    named = kinds_of(family.name, brief.locks)
    locks = "".join(
        f'<span class="mq-chip lock">{e(words.name(n))} <small>'
        + (e(words.name(named[n])) if n in named else f"{v:g} {e(units.get(n, '').replace('1', ''))}")
        + "</small></span>"
        for n, v in brief.locks.items()
    )
    chosen = "".join(
        f'<span class="mq-chip">{e(words.name(c.name))} '
        f"<small>{e(words.name(c.option(brief.start[c.name])))}</small></span>"
        for c in family.choices
        if c.name in brief.start
    )
    missed = "".join(
        f'<span class="mq-chip not" title="{e(words.said(h.meaning))}">{e(h.phrase)} '
        f"<small>{e(words.said(h.meaning))}</small></span>"
        for h in draft.not_understood
    )
    parts = [card(words.must_hold, asked + _adder(brief.family, words))]
    if mood or chosen or wish or locks:
        groups = [
            (words.starts_as, mood),
            (words.options, chosen),
            (words.wishes, wish),
            (words.locked, locks),
        ]
        shown = "".join(
            f'<div class="mq-h">{e(t)}</div><div class="mq-chips" style="margin-bottom:10px">{c}</div>'
            for t, c in groups
            if c
        )
        parts.append(card("", shown))
    for heading, rows_of in (
        (words.questions, _questions(draft, words)),
        (words.remarks, _remarks(draft, words)),
    ):
        if rows_of:
            parts.append(card(heading, f'<ul class="mq-asked-of">{rows_of}</ul>'))
    if missed:
        parts.append(card(words.not_understood, f'<div class="mq-chips">{missed}</div>'))
    elif draft.text and not draft.questions:
        parts.append(f'<p class="mq-hint">✓ {e(words.all_understood)}</p>')
    return "".join(parts)


def _questions(draft: Draft, words: Words) -> str:
    """What is in doubt, with the answers to choose from."""
    rows = []
    for q in draft.questions:
        choices = " / ".join(words.said(c) for c in q.choices)
        more = f" <small>{e(choices)}</small>" if choices else ""
        if q.nearest is not None:
            ways = presses(q.nearest, draft.brief.family, "take", True, words)
            more += f'<div class="mq-row-buttons">{ways}</div>'
        rows.append(f"<li data-question><b>{e(q.words)}</b> {e(words.said(q.question))}{more}</li>")
    return "".join(rows)


def _remarks(draft: Draft, words: Words) -> str:
    """What is pointed out of what was understood."""
    return "".join(f"<li><b>{e(h.phrase)}</b> {e(words.said(h.meaning))}</li>" for h in draft.remarks)


def _short(meaning: str, words: Words) -> str:
    parts = meaning.arguments if isinstance(meaning, messages.Message) else {}
    told_of = [words.said(parts[k]) for k in ("body", "moves", "wishes") if k in parts]
    rest = words.said(messages.listed(told_of, "; ")) if told_of else words.said(meaning)
    comma = "、" if "、" in rest else ","
    return rest if len(rest) <= 44 else rest[:41].rsplit(comma, 1)[0] + " …"


def _adder(family: str, words: Words) -> str:
    known = askable(family)
    options = "".join(
        f'<option value="{e(name)}" data-example="{e(example_of(family, name))}">'
        f"{e(words.name(name) if words.language == 'zh' else label)}</option>"
        for label, name in known
    )
    first = example_of(family, known[0][1])
    sides = "".join(f'<option value="{s}">{e(getattr(words, s))}</option>' for s in ("at_most", "at_least"))
    return (
        f'<div class="mq-row-buttons" data-form>'
        f'<select data-field="quantity" aria-label="{e(words.must_hold)}">{options}</select>'
        f'<select data-field="side" aria-label="{e(words.at_most)}">{sides}</select>'
        f'<input class="mq-in" data-field="value" aria-label="{e(words.add)}" placeholder="{e(first)}">'
        f"{button(words.add, 'add')}</div>"
    )
