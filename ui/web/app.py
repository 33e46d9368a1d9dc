"""The studio as a whole: both languages' pages on one server, and its start."""

from __future__ import annotations

import logging
import socket
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import gradio as gr

from ...design.errors import InputError, MissingComponentError
from ...design.family.registry import DEFAULT_FAMILY
from ..jobs import Session
from ..messages.words import LANGUAGES, Words
from . import brief, evidence, look, model, release, search, sheet
from .api import add_api
from .api_page import add_api_page
from .bodies import maker
from .desk import Desk
from .edits import add_edits
from .page import QUIET, Page, Studio
from .parts import e, say
from .server import build_server

TABS = ("brief", "sheet", "model", "search", "evidence", "release")
BUILDERS = {
    "brief": brief.build, "sheet": sheet.build, "model": model.build, "search": search.build,
    "evidence": evidence.build, "release": release.build,
}  # fmt: skip
CACHE = (3600, 86_400)  # s: files that Gradio keeps are looked at every hour and live for a day
MAX_QUEUE = 256  # waiting requests before the studio says that it is busy
UPLOAD = "20mb"
WARM_AFTER = 2.0  # s from listening: the first page comes first
#: the page's address carries the session's id, so that a reload or a link shows the same
ADDRESS = """
watch('value', () => {
  const other = element.querySelector('a[hreflang]');
  if (!other) return;
  document.documentElement.lang = other.hreflang === 'zh' ? 'en' : 'zh';
  document.documentElement.dataset.ready = '1'; // until now a press would find no session
  if (location.search !== other.search) history.replaceState(null, '', other.search);
});
"""


def build_app(desk: Desk, language: str = "en") -> gr.Blocks:
    """The pages in one language, ready to be mounted."""
    return build_pages(desk, language)[0]


def build_pages(desk: Desk, language: str = "en") -> tuple[gr.Blocks, dict[str, Page]]:
    """The pages in one language, and each by its name.

    The session is on disk; its id is in the link, so a reloaded page or another tab shows the same.
    """
    words = Words(language)
    with gr.Blocks(title="Maquette", analytics_enabled=False, delete_cache=CACHE, fill_width=True) as app:
        if language == LANGUAGES[0]:
            add_api(desk)  # first: later functions of the same names must not take theirs
        session = gr.State("")
        top = gr.HTML("", elem_id="mq-top", padding=False, js_on_load=ADDRESS)
        with gr.Tabs(elem_id="mq-tabs") as tabs:
            places = {name: gr.Tab(getattr(words, f"tab_{name}"), id=name) for name in TABS}
        studio = Studio(desk, words, session, tabs, top, lambda s: heading(s, words))
        pages: dict[str, Page] = {}
        for name in TABS:
            with places[name]:
                pages[name] = BUILDERS[name](studio)
        add_edits(studio, pages)
        for name, page in pages.items():
            places[name].select(painter(desk, page), [session], list(page.outputs), **QUIET)
            for goal, event in page.more:
                event.then(painter(desk, pages[goal]), [session], list(pages[goal].outputs), **QUIET)

        def enter(request: gr.Request) -> dict[Any, Any]:
            found, note = _open(desk, request.query_params.get("s", ""), words)
            first = pages["brief"]
            typed = first.opened(found) if first.opened else {}
            said = {first.outputs[0]: say(note, "warn")}
            return {session: found.id, **first.paint(found), **typed, top: heading(found, words), **said}

        app.load(enter, None, [session, *pages["brief"].outputs], **QUIET)
    app.queue(max_size=MAX_QUEUE, default_concurrency_limit=4)
    return app, pages


def painter(desk: Desk, page: Page) -> Any:
    """What shows a page anew."""

    def paint(session_id: str) -> dict[Any, Any]:
        try:
            return page.paint(desk.sessions.read(session_id))
        except InputError:  # the first page is still being opened
            return {page.outputs[0]: gr.skip()}

    return paint


def heading(session: Session, words: Words) -> str:
    """The line above the tabs: what is being made, and the other language."""
    now = session.brief_text or (session.design.family if session.design else words.no_design)
    # "/" alone goes by the browser's language; who chose English here stays with it
    other, here = ("/zh/", "/?lang=en") if words.language == "en" else ("/", "/zh/")
    return (
        f'<header class="mq-top"><b>Maquette</b><span class="mq-now" data-version="{e(session.version)}" '
        f'title="{e(now)}">{e(now)}</span>'
        f'<span class="mq-steps">{_step(words.undo, "undo", "↶")}{_step(words.redo, "redo", "↷")}</span>'
        f'<a href="{here}">{e(words.new_session)}</a><a href="/api">API</a>'
        f'<a href="{other}?s={e(session.id)}" hreflang="{"zh" if words.language == "en" else "en"}">'
        f"{e(words.other_language)}</a></header>"
    )


def _step(text: str, kind: str, sign: str) -> str:
    return (
        f'<button type="button" data-edit="{kind}" title="{e(text)}" aria-label="{e(text)}">{sign}</button>'
    )


def _open(desk: Desk, wanted: str, words: Words) -> tuple[Session, str]:
    """The session of the link, or a new one; and what to say about it."""
    if not wanted:
        return desk.sessions.new(words.language), ""
    try:
        found = desk.sessions.read(wanted)
    except InputError:
        return desk.sessions.new(words.language), words.lost
    if found.language != words.language:
        found = desk.sessions.change(found.id, language=words.language)
    return found, ""


def assemble(
    root: Path | None = None, login: tuple[str, str] | None = None, mcp: bool = False
) -> tuple[Any, Desk]:
    """The server with every page mounted, ready for uvicorn, and its desk."""
    if mcp and find_spec("mcp") is None:
        raise MissingComponentError("--mcp needs the MCP package; pip install 'maquette[mcp]' brings it")
    desk = Desk(root, pool=maker())
    server = build_server(desk, login)
    add_api_page(server)
    more = {
        "theme": look.theme(), "css": look.css(), "head": look.head(), "footer_links": [],
        "run_history": False, "show_error": False, "max_file_size": UPLOAD, "ssr_mode": False, "pwa": False,
        "enable_monitoring": False,
    }  # fmt: skip
    gr.mount_gradio_app(server, build_app(desk, "zh"), "/zh", **more)
    gr.mount_gradio_app(server, build_app(desk, "en"), "/", mcp_server=mcp, **more)
    return server, desk


def run(
    host: str = "127.0.0.1",
    port: int = 7860,
    login: tuple[str, str] | None = None,
    mcp: bool = False,
    root: Path | None = None,
    ready: Any = None,
) -> None:
    """Serve until interrupted.

    Args:
        ready: called with the address when the server listens.

    Raises:
        InputError: the port is taken or not allowed.
    """
    import uvicorn

    listening = _listen(host, port)
    server, desk = assemble(root, login, mcp)
    interrupted = desk.store.resume()
    address = f"http://{host}:{listening.getsockname()[1]}"
    warm = threading.Timer(WARM_AFTER, _warm, (desk,))
    warm.daemon = True
    warm.start()
    if ready is not None:
        ready(address, interrupted)
    config = uvicorn.Config(server, log_level="warning", timeout_graceful_shutdown=1)
    serving = uvicorn.Server(config)
    # pages that listen are cut off at the end: that is no error
    logging.getLogger("uvicorn.error").addFilter(lambda _record: not serving.should_exit)
    try:
        serving.run(sockets=[listening])
    finally:
        desk.bodies.close()


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65_535:
        raise InputError(f"port is {port}; allowed 0 (any free one) to 65535")
    try:
        kind = socket.AF_INET6 if ":" in host else socket.AF_INET
        made = socket.socket(kind, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)
    except OSError as error:
        raise InputError(
            f"{host}:{port} cannot be listened on ({error.strerror or error}); choose another --port"
        ) from error
    return made


def _warm(desk: Desk) -> None:
    """Load what the first slider needs while the page is being read."""
    from ...design.family.records import Design
    from ...design.family.registry import get_family

    family = get_family(DEFAULT_FAMILY)
    values = family.accept(family.defaults())
    desk.bodies.warm()
    desk.numbers(Design(family.name, values))
    desk.bodies.get(desk.bodies.put(family.name, values))
