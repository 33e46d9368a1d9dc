"""The tab Release: built exactly and verified before your eyes, files to take along, the log of decisions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from ...design import messages
from ...design.errors import InputError
from ...design.family.records import Design
from ...design.family.registry import get_family
from ..briefing import for_a_job
from ..jobs import Job, Session
from ..messages.words import Words
from ..output import plain
from ..verbs import verify
from ..workbench import first_of
from .desk import Desk, file_url, told
from .look import panel
from .page import POLL, QUIET, Page, Studio, pressed
from .parts import button, card, decisions, e, job_card, lights, prediction_dial, say, table, void
from .sheet import followed_picture

#: files of a release in the order in which they are offered, with what they are for
FILES = (
    "model.step", "model.glb", "report.html", "drawing.svg", "drawing.dxf", "model.stl", "hull.stl",
    "design.py", "design.json", "manifest.json",
)  # fmt: skip


def build(studio: Studio) -> Page:
    """The tab's components and events."""
    desk, words, sid = studio.desk, studio.words, studio.session
    with gr.Row(equal_height=False):
        with gr.Column(scale=7, min_width=480):
            make = gr.Button(words.build, variant="primary", elem_id="mq-build")
            note = gr.HTML("", padding=False)
            state = panel(elem_id="mq-release")
            checks = gr.HTML("", padding=False)
        with gr.Column(scale=4, min_width=320):
            log = panel(elem_id="mq-log")
    timer = gr.Timer(POLL, active=False)
    outputs = [note, state, log, timer, studio.top]
    careful = told(words, note)

    def shown(session: Session) -> dict[Any, Any]:
        job = desk.latest(session, "release")
        if job is None:
            return {state: void(words.release_empty), timer: gr.Timer(active=False)}
        markup = job_card(job, words)
        if job.status == "done" and job.result:
            markup = released(session, job, words)
        return {state: markup, timer: gr.Timer(active=not job.over)}

    def paint(session: Session) -> dict[Any, Any]:
        entries = desk.sessions.log(session.id).entries()
        return {
            log: card(words.log, decisions(entries, words)),
            studio.top: studio.paint_top(session),
            **shown(session),
        }

    @careful
    def begin(session_id: str) -> dict[Any, Any]:
        submit_release(desk, desk.sessions.read(session_id), words)
        return shown(desk.sessions.read(session_id)) | {checks: ""}

    @careful
    def act(session_id: str, event: gr.EventData) -> dict[Any, Any]:
        kind, arg, _ = pressed(event)
        desk.steered(kind, arg, session_id)
        return shown(desk.sessions.read(session_id))

    @careful
    def undo(session_id: str, event: gr.EventData) -> dict[Any, Any]:
        _, arg, _ = pressed(event)
        if not arg.isdigit():
            raise InputError(messages.say("decision {number!r} is not in the log", number=arg))
        session = desk.sessions.undo_to(session_id, int(arg))
        return {note: say(words.went_back.format(k=arg), "good"), **paint(session)}

    @careful
    def look(session_id: str) -> dict[Any, Any]:
        return shown(desk.sessions.read(session_id)) | {note: gr.skip()}

    def check_again(session_id: str, event: gr.EventData) -> dict[Any, Any]:
        kind, arg, _ = pressed(event)
        return {checks: verified_again(desk, session_id, arg, words) if kind == "verify" else gr.skip()}

    make.click(begin, [sid], [*outputs, checks], **QUIET)
    state.act(act, [sid], outputs, **QUIET)
    heavy = {**QUIET, "queue": True, "concurrency_id": "verify", "concurrency_limit": 1}
    state.act(told(words, checks)(check_again), [sid], [checks], **heavy)
    log.act(undo, [sid], outputs, **QUIET)
    timer.tick(look, [sid], outputs, **QUIET)
    return Page(outputs, paint)


def submit_release(desk: Desk, session: Session, words: Words) -> Job:
    """Start build, release and verification of the design in hand, judged by the brief as edited."""
    if session.design is None:
        raise InputError(words.need_design)
    draft = desk.draft(session)
    arguments: dict[str, Any] = {"design": session.design.to_json()}
    if session.brief and draft.brief.family == session.design.family:
        arguments["brief"] = for_a_job(draft)
    if session.choices.get("palette"):
        arguments["palette"] = session.choices["palette"]
    sketch = followed_picture(desk, session)
    if sketch is not None:
        arguments["sketch"] = str(sketch)
    return desk.submit("release", arguments, session, words)


def released(session: Session, job: Job, words: Words) -> str:
    """A finished release: picture, proof, numbers, files."""
    r: Mapping[str, Any] = job.result or {}
    folder = Path(r["release"])
    parts = [say(words.verified if r["verified"] else words.not_verified, "good" if r["verified"] else "bad")]
    parts += [
        say(
            f"{words.said(str(c.get('name', '')))}: {words.said(c.get('reason', c.get('detail', '')))}",
            "bad",
        )
        for c in r["failed_checks"]
    ]
    if not r["feasible"]:
        parts.append(say(f"{words.not_feasible} {words.said(r['explanation'])}", "warn"))
    if _parameters(job) != (dict(session.design.parameters) if session.design else {}):
        parts.append(say(words.older_release, "warn"))
    parts.append(_pictures(session, job, folder, words))
    parts.append(lights(r["verdicts"], words))
    first = first_of(r["predictions"], r["design"]["family"])
    if first:
        parts.append(prediction_dial(first["quantity"], first, words))
    links = [_link(session, job, Path(r["archive"]), words.whole, "main")]
    links += [_link(session, job, folder / n, n, "") for n in FILES if (folder / n).is_file()]
    again = button(words.checks, "verify", job.id)
    parts.append(
        f'<div class="mq-h" style="margin-top:14px">{e(words.download)}</div>'
        f'<div class="mq-files">{"".join(links)}</div>'
    )
    seconds = " · ".join(
        f"{words.said(k)} {words.said(messages.say('{seconds:.0f} s', seconds=v))}"
        for k, v in r["seconds"].items()
    )
    parts.append(f'<div class="mq-row-buttons">{again}<span class="mq-hint">{e(seconds)}</span></div>')
    return f'<div data-verified="{str(bool(r["verified"])).lower()}">{"".join(parts)}</div>'


def _parameters(job: Job) -> dict[str, float]:
    """Of the design that a release was made from."""
    made_from = job.arguments.get("design")
    return dict(Design.from_json(made_from).parameters) if made_from else {}


def _pictures(session: Session, job: Job, folder: Path, words: Words) -> str:
    """The body as it was built; the sketch that it follows, and the body drawn in that sketch's manner."""
    r: Mapping[str, Any] = job.result or {}
    agreements: Mapping[str, Any] = r.get("agreements") or {}
    shots = [
        (get_family(r["design"]["family"]).pictures[0], words.as_built, ""),
        ("concept", words.sketch_followed, "sketch_and_result"),
        ("concept_restyled", words.restyled, "restyled_and_result"),
    ]
    figures = []
    for name, text, agreement in shots:
        picture = folder / f"{name}.png"
        if picture.is_file():
            score = agreements.get(agreement)
            more = f" · {words.agreement} {score['score']:.2f}" if score else ""
            figures.append(
                f'<figure><img class="mq-shot" src="{e(file_url(session.id, job, picture))}" alt="{e(text)}">'
                f"<figcaption>{e(text + more)}</figcaption></figure>"
            )
    return f'<div class="mq-shots">{"".join(figures)}</div>'


def _link(session: Session, job: Job, path: Path, name: str, kind: str) -> str:
    size = path.stat().st_size if path.is_file() else 0
    text = f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB"
    look = "?look" if path.suffix in (".html", ".svg") else ""
    opens = ' target="_blank" rel="noopener"' if look else " download"
    return (
        f'<a class="{kind}" href="{e(file_url(session.id, job, path))}{look}"{opens} '
        f'data-file="{e(path.name)}">'
        f"{e(name)}<small>{text}</small></a>"
    )


def verified_again(desk: Desk, session_id: str, job_id: str, words: Words) -> str:
    """The release opened once more: every check with what was compared."""
    job = desk.store.read(job_id, session_id)
    if not job.result:
        raise InputError(messages.say("there is no finished release to verify"))
    found = verify(Path(job.result["release"]))
    rows = [
        [
            "✓" if c["ok"] else "✗",
            *(e(_brief(words.said(v) if isinstance(v, str) else v)) for k, v in c.items() if k != "ok"),
        ]
        for c in plain(found.checks)
    ]
    heads = [
        "",
        *(
            words.said(k.replace("_", " "))
            for k in (plain(found.checks)[0] if found.checks else {})
            if k != "ok"
        ),
    ]
    return card(words.checks, f'<div class="mq-scroll">{table(heads, rows)}</div>')


def _brief(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 120 else text[:117] + "…"
