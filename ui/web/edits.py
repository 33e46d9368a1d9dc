"""Edits of a session as they come from a page: one at a time, each done once, each acknowledged.

The page keeps an edit until its number comes back (`static/outbox.js`), and sends it again when no answer
comes; so nothing is lost by a slow server, a quick hand or a reload, and nothing is done twice. Pages offer
what they can be asked to do as :attr:`.page.Page.edits`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import gradio as gr

from ...design.errors import InputError, MaquetteError
from .desk import logger
from .look import outbox
from .page import QUIET, Page, Studio
from .parts import say


def add_edits(studio: Studio, pages: Mapping[str, Page]) -> None:
    """The component that tells of edits, wired to every page."""
    desk, words = studio.desk, studio.words
    names = {getattr(words, f"tab_{name}"): name for name in pages}
    frame = {"words": words.some("unsent", "silent"), "tabs": names}
    post = outbox(frame, elem_id="mq-outbox")
    steps = {"undo": False, "redo": True}
    kinds = {kind: (page, handler) for page in pages.values() for kind, handler in page.edits.items()}

    def stepped(page: Page, forth: bool, session_id: str, _data: Mapping[str, Any]) -> dict[Any, Any]:
        session = desk.step(session_id, forth, words)
        typed = pages["brief"].opened
        return {**page.paint(session), **(typed(session) if typed else {})}

    def edited(session_id: str, event: gr.EventData) -> dict[Any, Any]:
        data = event._data
        sent, asked = str(data.get("sent", "")), str(data.get("session") or session_id)
        handler: Callable[[str, Mapping[str, Any]], dict[Any, Any]]
        kind, told = str(data.get("kind", "")), data.get("data") or {}
        if kind in steps:
            page = pages.get(str(told.get("tab", "")), pages["brief"])
            handler = partial(stepped, page, steps[kind])
        else:
            page, handler = kinds[kind]
        note = page.outputs[0]
        with desk.editing(asked):
            try:
                if desk.done(asked, sent):
                    answer = page.paint(desk.sessions.read(asked))
                else:
                    answer = {note: "", **handler(asked, told)}
            except MaquetteError as error:
                answer = {**_as_it_is(studio, page, asked), note: say(words.said(error.message), "bad")}
            except Exception:
                logger.exception("studio: an edit failed")
                answer = {**_as_it_is(studio, page, asked), note: say(words.wrong, "bad")}
        return {**answer, post: {**frame, "done": sent}}

    def refreshed(session_id: str, event: gr.EventData) -> dict[Any, Any]:
        data = event._data
        page = pages.get(str(data.get("tab", "")))
        asked = str(data.get("session") or session_id)
        return {post: gr.skip()} | ({} if page is None else _as_it_is(studio, page, asked))

    changed = [post, *dict.fromkeys(c for page in pages.values() for c in page.outputs), studio.tabs]
    post.edit(edited, [studio.session], changed, **QUIET, trigger_mode="multiple")
    post.refresh(refreshed, [studio.session], changed, **QUIET)


def _as_it_is(studio: Studio, page: Page, session_id: str) -> dict[Any, Any]:
    """The page of the session as it is stored; nothing for a session that is not known."""
    try:
        return page.paint(studio.desk.sessions.read(session_id))
    except InputError:
        return {}
