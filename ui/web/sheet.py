"""The tab Sheet: sketches as they are drawn, each with its body and numbers; pin, reject, vary, mix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from ...design import messages
from ...design.concepts.artist.frame import STYLES
from ...design.concepts.artist.palettes import PALETTES
from ...design.errors import InputError
from ...design.family.frame import Frame
from ...design.family.records import Design
from ..briefing import halfway
from ..jobs import Job, Session
from ..messages.words import Words
from ..output import plain
from ..workbench import first_of
from .design_view import brief_for, pin_name, scene_of
from .desk import Desk, job_url, told
from .look import panel, viewer
from .page import POLL, QUIET, Page, Studio, Tab, pressed
from .parts import (
    between,
    button,
    clock_text,
    e,
    job_card,
    learned,
    lights,
    rounded,
    say,
    value_text,
    void,
    with_unit,
)

FIRST = 4  # sketches that are drawn when nobody has said how many
SHEETS = 3  # of the newest sheets are shown
VARIED, MIXED = 0.5, 0.35  # how far "more like this" and a mix may leave their start


@dataclass(frozen=True)
class Asked:
    """How many sketches, in which view and manner ("" as the brief says)."""

    count: float
    view: str
    style: str


@dataclass(frozen=True)
class SheetTab(Tab):
    """The tab's components that its handlers change.

    Attributes:
        swatches: colours to draw with. state: jobs that are not done. body: the one body that is to be seen.
        cards: the sheets. timer: runs while something is drawn.
    """

    swatches: Any
    state: Any
    body: Any
    cards: Any
    timer: Any


def build(studio: Studio) -> Page:
    """The tab's components and events."""
    words, sid = studio.words, studio.session
    with gr.Row(equal_height=True, elem_classes=["mq-bar-row"]):
        count, view, style, strength, draw = _asking(words)
    swatches = panel(elem_id="mq-swatches")
    note = gr.HTML("", padding=False)
    state = panel()
    body = viewer(words, visible=False)
    cards = panel(elem_id="mq-cards")
    timer = gr.Timer(POLL, active=False)
    tab = SheetTab(studio, note, swatches, state, body, cards, timer)
    careful = told(words, note, tab)
    outputs = [note, swatches, state, body, cards, timer, studio.top]
    places, asked = [*outputs, studio.tabs], [sid, count, view, style]
    draw.click(careful(start), asked, outputs, **QUIET)
    opened = cards.act(careful(act), [*asked, strength], places, **QUIET)
    state.act(careful(act), [*asked, strength], places, **QUIET)
    swatches.act(careful(paint_with), [sid], outputs, **QUIET)
    timer.tick(careful(look), [sid], outputs, **QUIET)
    return Page(outputs, partial(paint, tab), [("model", opened)])


def _asking(words: Words) -> tuple[Any, Any, Any, Any, Any]:
    """What a sheet is asked by: how many, view, style, how far to go, and the button."""
    count = gr.Slider(1, 24, value=8, step=1, label=words.how_many, min_width=150, elem_id="mq-count")
    view = gr.Dropdown(
        [(words.palette_any, ""), *((words.said(v.replace("_", " ")), v) for v in Frame().names)],
        value="",
        label=words.view,
        min_width=170,
    )
    style = gr.Dropdown(
        [(words.palette_any, ""), *((words.said(s), s) for s in STYLES)],
        value="",
        label=words.style,
        min_width=170,
    )
    strength = gr.Slider(0.05, 1.0, value=0.4, step=0.05, label=words.strength, min_width=170)
    draw = gr.Button(words.draw, variant="primary", min_width=110, elem_id="mq-draw")
    return count, view, style, strength, draw


# -- how it looks for a session ----------------------------------------------------------------------------


def paint(tab: SheetTab, session: Session) -> dict[Any, Any]:
    """The whole tab."""
    return {
        tab.swatches: palettes(str(session.choices.get("palette", "")), tab.words),
        **tab.top(session),
        **drawn(tab, session),
    }


def drawn(tab: SheetTab, session: Session) -> dict[Any, Any]:
    """The sheets, and the body that is to be seen."""
    return sheets(tab, session) | shown_body(tab, session)


def sheets(tab: SheetTab, session: Session) -> dict[Any, Any]:
    """The newest sheets as far as they are drawn; all of them once they were asked for."""
    desk, words = tab.desk, tab.words
    jobs = [j for j in desk.store.of(session.id) if j.verb == "sketch"]
    if not jobs:
        return {tab.state: "", tab.cards: void(words.sheet_empty), tab.timer: gr.Timer(active=False)}
    heads = [job_card(j, words) for j in jobs if j.status != "done"]
    mix = button(words.mix, "mix") if len(_pinned(session)) >= 2 else ""
    shown = jobs if session.choices.get("older") else jobs[:SHEETS]
    parts = [
        one_sheet(desk, session, j, number, words)
        for number, j in zip(range(len(jobs), 0, -1), shown, strict=False)
    ]
    if len(jobs) > len(shown):
        parts.append(button(words.older.format(n=len(jobs) - len(shown)), "older"))
    return {
        tab.state: "".join(heads) + mix,
        tab.cards: "".join(parts),
        tab.timer: gr.Timer(active=any(not j.over for j in jobs)),
    }


def shown_body(tab: SheetTab, session: Session) -> dict[Any, Any]:
    """The body of the one sketch whose body is to be seen, if any."""
    desk, words = tab.desk, tab.words
    key = str(session.choices.get("body", ""))
    try:
        _, concept = _concept(desk, session, key)
        design = Design.from_json(concept["design"])
    except (InputError, KeyError):
        return {tab.body: gr.HTML(value={"url": ""}, visible=False)}
    name = f"{words.sketch} {concept['number']}"
    return {tab.body: gr.HTML(value={**scene_of(desk, design, words, name), "reveal": True}, visible=True)}


# -- what its events do ------------------------------------------------------------------------------------


def submit(
    desk: Desk,
    session: Session,
    words: Words,
    asked: Asked,
    more: Mapping[str, Any],
    title: Mapping[str, Any],
) -> Session:
    """Have a sheet drawn; `more` of the verb's arguments, and what its title says."""
    draft = desk.draft(session)
    if not draft.text:
        raise InputError(words.need_brief)
    before = sum(j.verb == "sketch" for j in desk.store.of(session.id))
    palette = str(session.choices.get("palette", ""))
    looks = {"view": asked.view, "style": asked.style, "palette": palette}
    arguments: dict[str, Any] = {
        "brief": draft.brief.to_json(),
        "n": int(asked.count),
        "seed": draft.brief.seed + before,  # every further sheet shows other ideas
        **{name: look for name, look in looks.items() if look},
        **more,
    }
    job = desk.submit("sketch", arguments, session, words)
    titles = dict(session.choices.get("sheets") or {})
    desk.choose(session.id, sheets={**titles, job.id: dict(title)}, body="")
    return desk.sessions.read(session.id)


def first_sheet(desk: Desk, session: Session, words: Words) -> Session:
    """The session with a sheet of its brief, drawn now where there is none."""
    brief = desk.draft(session).brief.to_json()
    known = [j for j in desk.store.of(session.id) if j.verb == "sketch" and j.arguments["brief"] == brief]
    return session if known else submit(desk, session, words, Asked(FIRST, "", ""), {}, {})


def start(tab: SheetTab, session_id: str, n: float, v: str, s: str) -> dict[Any, Any]:
    """A sheet of the brief is drawn."""
    return drawn(tab, submit(tab.desk, tab.desk.sessions.read(session_id), tab.words, Asked(n, v, s), {}, {}))


def act(
    tab: SheetTab, session_id: str, n: float, v: str, s: str, far: float, event: gr.EventData
) -> dict[Any, Any]:
    """Something on the sheets was pressed."""
    desk, asked = tab.desk, Asked(n, v, s)
    kind, arg, _ = pressed(event)
    session = desk.sessions.read(session_id)
    if desk.steered(kind, arg, session_id):
        return sheets(tab, desk.sessions.read(session_id))
    if kind == "older":
        return sheets(tab, desk.choose(session_id, older=True))
    if kind == "reject":
        kept = tuple(r for r in session.rejected if r != arg)
        rejected = kept if arg in session.rejected else (*kept, arg)
        return drawn(tab, desk.sessions.change(session_id, rejected=rejected))
    if kind == "mix":
        return drawn(tab, mixed(tab, session, asked))
    return chosen(tab, session, kind, arg, asked, far)


def mixed(tab: SheetTab, session: Session, asked: Asked) -> Session:
    """A sheet of what lies between the two newest pins is drawn."""
    pair = _pinned(session)[-2:]
    if len(pair) != 2:
        raise InputError(tab.words.mix_need)
    middle = halfway(*(Design.from_json(p["design"]) for p in pair))
    of = " + ".join(str(p["name"]) for p in pair)
    more = {"start": middle.to_json(), "strength": MIXED}
    return submit(tab.desk, session, tab.words, asked, more, {"kind": "mix", "of": of})


def chosen(tab: SheetTab, session: Session, kind: str, arg: str, asked: Asked, far: float) -> dict[Any, Any]:
    """One sketch was acted on: `arg` is its job and number."""
    desk, words = tab.desk, tab.words
    job, concept = _concept(desk, session, arg)
    if not concept.get("design"):
        raise InputError(words.no_body)
    design = Design.from_json(concept["design"])
    name = f"{words.sketch} {concept['number']}"
    if kind == "body":
        again = session.choices.get("body") == arg
        return drawn(tab, desk.choose(session.id, body="" if again else arg))
    if kind == "pin":
        return sheets(tab, desk.sessions.change(session.id, pins=pinned_too(session, arg, concept, name)))
    if kind in ("more", "facelift"):
        leave = far if kind == "facelift" else VARIED
        title = {"kind": kind, "of": name, "far": leave}
        return drawn(
            tab,
            submit(
                tab.desk, session, tab.words, asked, {"start": design.to_json(), "strength": leave}, title
            ),
        )
    who = messages.say("concept {number}", number=concept["number"])
    what = messages.say("sketch of job {job} chosen", job=job.id[:6])
    session = desk.take(session.id, who, what, design, follows=arg)
    return {**tab.top(session), **tab.going("model")}


def pinned_too(session: Session, arg: str, concept: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The session's pins with this sketch too, or without it when it was there."""
    there = [p for p in session.pins if p.get("sketch") == arg]
    pins = [p for p in session.pins if p.get("sketch") != arg]
    if not there:
        picture = str(concept.get("image", ""))
        pins.append(
            {
                "name": f"{name} ({pin_name(session)[-1]})",
                "design": Design.from_json(concept["design"]).to_json(),
                "sketch": arg,
                "picture": picture,
            }
        )
    return pins


def paint_with(tab: SheetTab, session_id: str, event: gr.EventData) -> dict[Any, Any]:
    """A colour was chosen."""
    _, arg, _ = pressed(event)
    if arg and arg not in PALETTES:
        raise InputError(messages.say("palette {palette!r} is not known", palette=arg))
    return paint(tab, tab.desk.choose(session_id, palette=arg))


def look(tab: SheetTab, session_id: str) -> dict[Any, Any]:
    """The timer ticked."""
    return sheets(tab, tab.desk.sessions.read(session_id)) | {tab.note: gr.skip()}


# -- what a sheet shows ------------------------------------------------------------------------------------


def one_sheet(desk: Desk, session: Session, job: Job, number: int, words: Words) -> str:
    """The sketches of one job below what they were drawn for."""
    title = dict((session.choices.get("sheets") or {}).get(job.id) or {})
    told_of = words.sheet_brief
    if title.get("kind"):
        far = round(100 * float(title.get("far") or 0.0))
        told_of = getattr(words, f"sheet_{title['kind']}").format(of=title.get("of", ""), far=far)
    grid = "".join(sketch_card(desk, session, job, c, words) for c in concepts(desk, job))
    if not grid and job.over:
        return ""
    heading = f"{words.sheet_number.format(k=number)} · {told_of} · {clock_text(job.created)}"
    return f'<h3 class="mq-h mq-sheet-head">{e(heading)}</h3><div class="mq-sheet">{grid}</div>'


def _pinned(session: Session) -> list[Mapping[str, Any]]:
    return [p for p in session.pins if p.get("sketch")]


def concepts(desk: Desk, job: Job) -> list[Mapping[str, Any]]:
    """The sketches of a job: as its result tells, or as far as they are drawn."""
    if job.result and job.result.get("concepts"):
        return list(job.result["concepts"])
    return list({ev["number"]: ev for ev in desk.events(job) if ev["kind"] == "sketch"}.values())


def followed_picture(desk: Desk, session: Session) -> Path | None:
    """The picture of the sketch that the design in hand came from, if it came from one."""
    try:
        _, concept = _concept(desk, session, str(session.choices.get("follows", "")))
    except InputError:
        return None
    return Path(str(concept["image"])) if concept.get("agreement") else None


def _concept(desk: Desk, session: Session, arg: str) -> tuple[Job, Mapping[str, Any]]:
    job_id, _, number = arg.partition("/")
    job = desk.store.read(job_id, session.id)
    for c in concepts(desk, job):
        if str(c["number"]) == number:
            return job, c
    raise InputError(messages.say("sketch {number} is not on this sheet", number=number))


def sketch_card(desk: Desk, session: Session, job: Job, c: Mapping[str, Any], words: Words) -> str:
    """A sketch with its numbers and what can be done with it."""
    key = f"{job.id}/{c['number']}"
    pinned, away = any(p.get("sketch") == key for p in session.pins), key in session.rejected
    name = f"{words.sketch} {c['number']}"
    picture = f'<img src="{e(job_url(session.id, job, c["image"]))}" alt="{e(name)}" loading="lazy">'
    score = c.get("agreement")
    agreement = f"{words.agreement} {score['score']:.2f}" if score else ""
    design = c.get("design")
    reading = not design and not job.over
    told_of = say(
        words.reading if reading else words.said(c.get("fault") or words.no_body),
        "" if reading else "warn",
    )
    numbers = ""
    if design:
        predictions, verdicts = _numbers(desk, session, key, Design.from_json(design), c)
        p = first_of(predictions, design["family"])
        if p:
            kind = "" if p["in_domain"] else "grey"
            where = words.inside if p["in_domain"] else words.outside
            numbers = (
                f'<span class="{kind}"><b>{value_text(p["value"], p["unit"])}</b> '
                f"<small>{e(' · '.join(filter(None, (between(p), where, learned(p, words)))))}</small></span>"
            )
        told_of = lights(verdicts, words) + _figures(c, words)
    acts = (
        ""
        if reading
        else "".join(
            (
                button(words.open, "open", key, "main"),
                button(words.pin, "pin", key, pressed=pinned),
                button(words.reject, "reject", key, pressed=away),
                button(words.body, "body", key, pressed=session.choices.get("body") == key),
                button(words.more, "more", key),
                button(words.facelift, "facelift", key),
            )
        )
    )
    state = "pinned" if pinned else "rejected" if away else ""
    return (
        f'<article class="mq-sketch {state}">{picture}<div class="in">'
        f"<div><b>{e(name)}</b><small>{e(agreement)}</small></div>"
        f'<div>{numbers}</div>{told_of}<div class="mq-row-buttons">{acts}</div></div></article>'
    )


def _figures(c: Mapping[str, Any], words: Words) -> str:
    """What words without a figure came to on a sketch's body."""
    told_of = [
        words.figure_asked.format(
            name=words.name(f["quantity"]),
            value=with_unit(rounded(f["value"], f["unit"]), f["unit"]),
            words=f["words"],
        )
        for f in c.get("figures", ())
    ]
    return f'<small class="wrap">{e(" · ".join(told_of))}</small>' if told_of else ""


def _numbers(desk: Desk, session: Session, key: str, design: Design, c: Mapping[str, Any]) -> tuple[Any, Any]:
    """Predictions and verdicts of a sketch's body: as judged with it, else judged now."""
    if c.get("predictions"):
        return c["predictions"], c.get("verdicts", ())
    brief = brief_for(desk.draft(session), design)

    def judge() -> tuple[Any, Any]:
        now = desk.numbers(design, brief, arrows=False, session=session.id)
        return plain(now.predictions), plain(now.verdicts)

    found: tuple[Any, Any] = desk.remembered(f"{key} {hash(str(brief))}", judge)
    return found


def palettes(chosen: str, words: Words) -> str:
    """Colours and materials to draw and paint with."""
    rows = [button(words.palette_any, "palette", "", pressed=not chosen)]
    for name, p in PALETTES.items():
        red, green, blue = (round(255 * v) for v in p.body)
        label = p.zh if words.language == "zh" else p.en
        rows.append(
            f'<button type="button" data-act="palette" data-arg="{e(name)}" '
            f'aria-pressed="{str(name == chosen).lower()}">'
            f'<i style="background:rgb({red},{green},{blue})"></i>{e(label)}</button>'
        )
    return f'<div class="mq-h">{e(words.palette)}</div><div class="mq-swatches">{"".join(rows)}</div>'
