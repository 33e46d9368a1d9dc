"""The web server around the pages: bodies and files of a session, an optional login, and strict headers.

Files are found by session and job id, both unguessable, and only below that job's own folder. The content
security policy lets the browser ask nobody but this server.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, Response

from ...design.errors import InputError, MaquetteError
from ...design.family.parameters import NamedChoice
from ...design.family.registry import get_family
from ...design.messages import say
from ...design.reading import read_text
from ..jobs import contained
from ..messages.words import LANGUAGES
from .desk import Desk
from .option_pictures import option_pictures

#: what a job's folder may hand out, with its type; pages and drawings are shown in a sandbox
TYPES = {
    ".png": "image/png", ".svg": "image/svg+xml", ".html": "text/html; charset=utf-8",
    ".glb": "model/gltf-binary",
    ".json": "application/json", ".step": "model/step", ".stl": "model/stl", ".dxf": "image/vnd.dxf",
    ".py": "text/x-python; charset=utf-8", ".zip": "application/zip",
}  # fmt: skip
SHOWN = (".png", ".glb")  # inside the page; the others are saved or opened by themselves
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' blob: data:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
}

LOOPBACK = ("127.0.0.1", "::1")

Handler = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def build_server(desk: Desk, login: tuple[str, str] | None = None) -> FastAPI:
    """The server with its own routes; the pages are mounted on it afterwards."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/bodies/{key}.glb")
    def body(key: str) -> Response:
        try:
            data = desk.bodies.get(key)
        except (MaquetteError, ValueError, ArithmeticError, IndexError) as error:
            raise HTTPException(422, "this shape cannot be drawn") from error
        if data is None:
            raise HTTPException(404, "this body is not kept any more; move a slider to make it again")
        return Response(data, media_type=TYPES[".glb"], headers={"Cache-Control": "private, max-age=3600"})

    @app.get("/sessions/{session}/version")
    def version(session: str) -> Response:
        try:
            return Response(desk.sessions.version(session), media_type="text/plain")
        except InputError as error:
            raise HTTPException(404, "there is no such session") from error

    @app.get("/options/{family}/{choice}/{option}.png")
    def option(family: str, choice: str, option: str) -> Response:
        known = next((c for c in known_choices(family) if c.name == choice), None)
        data = option_pictures(family, choice).get(option) if known is not None else None
        if data is None:
            raise HTTPException(404, "there is no picture of such an option")
        return Response(data, media_type=TYPES[".png"], headers={"Cache-Control": "private, max-age=3600"})

    @app.get("/files/{session}/{job}/{path:path}")
    def file(session: str, job: str, path: str, request: Request) -> FileResponse:
        try:
            folder = desk.store.read(job, session).folder
            found = contained(folder / path, [folder / "out"], "file")
        except InputError as error:
            raise HTTPException(404, "there is no such file in this session") from error
        if found.suffix not in TYPES:
            raise HTTPException(404, "files of this kind are not handed out")
        name = found.name if found.name != "release.zip" else f"maquette-{job[:6]}.zip"
        save = found.suffix not in SHOWN and "look" not in request.query_params
        return FileResponse(
            found,
            media_type=TYPES[found.suffix],
            filename=name,
            content_disposition_type="attachment" if save else "inline",
            headers={"Content-Security-Policy": SANDBOX} if found.suffix in (".html", ".svg") else None,
        )

    app.add_middleware(Guard, login=login)
    return app


def known_choices(family: str) -> tuple[NamedChoice, ...]:
    """The choices of an installed family; none of any other name."""
    try:
        return get_family(family).choices
    except InputError:
        return ()


class Guard:
    """Headers on every answer; with a login, nothing is answered without it (HTTP basic)."""

    def __init__(self, app: Any, login: tuple[str, str] | None = None) -> None:
        self._app = app
        self._login = None if login is None else f"{login[0]}:{login[1]}".encode()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """One request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if self._login is not None and not self._known(scope):
            answer = Response(
                "Log in to use this studio.",
                401,
                {"WWW-Authenticate": 'Basic realm="Maquette", charset="UTF-8"'},
            )
            await answer(scope, receive, send)
            return

        if _to_chinese(scope):
            await Response(status_code=302, headers={"Location": "/zh/"})(scope, receive, send)
            return
        client = scope.get("client")
        if client and client[0] in LOOPBACK:  # nothing is gained by compressing what never leaves the machine
            headers = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
            scope = {**scope, "headers": headers}

        async def with_headers(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                there = {k.lower() for k, _ in message["headers"]}
                more = [(k.lower().encode(), v.encode()) for k, v in HEADERS.items()]
                message = {
                    **message,
                    "headers": [*message["headers"], *(h for h in more if h[0] not in there)],
                }
            await send(message)

        await self._app(scope, receive, with_headers)

    def _known(self, scope: dict[str, Any]) -> bool:
        given = dict(scope["headers"]).get(b"authorization", b"")
        kind, _, code = given.partition(b" ")
        if kind.lower() != b"basic" or self._login is None:
            return False
        try:
            return hmac.compare_digest(base64.b64decode(code, validate=True), self._login)
        except (binascii.Error, ValueError):
            return False


def _to_chinese(scope: dict[str, Any]) -> bool:
    """Whether a browser that is set to Chinese asks for the first page, its address without a session or a
    language."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != "/" or scope["query_string"]:
        return False
    header = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    return preferred(header) == "zh"


def preferred(header: str) -> str:
    """The language of ours that an ``Accept-Language`` header likes best; the first one where it likes none.

    >>> preferred("zh-CN,zh;q=0.9,en;q=0.8"), preferred("fr, en;q=0.5, zh;q=0.1"), preferred("")
    ('zh', 'en', 'en')
    """
    liked: dict[str, float] = {}
    for item in header.split(","):
        name, _, weight = item.strip().partition(";")
        try:
            share = float(weight.strip().removeprefix("q=") or 1.0)
        except ValueError:
            share = 0.0
        language = name.strip().lower().partition("-")[0]
        liked[language] = max(share, liked.get(language, 0.0))
    return max(LANGUAGES, key=lambda language: liked.get(language, 0.0))


def read_login(text: str) -> tuple[str, str]:
    """User and password from ``USER:FILE``, the password being the file's first line.

    Raises:
        InputError: another form, or a file that is missing or empty.
    """
    user, _, path = text.partition(":")
    if not user or not path:
        raise InputError(f"login is {text!r}; give USER:FILE, a file whose first line is the password")
    try:
        password = read_text(Path(path)).splitlines()[:1]
    except InputError as error:
        raise InputError(say("login, the password file: {why}", why=error.message)) from error
    if not password or not password[0].strip():
        raise InputError(f"login: the password file {path} is empty")
    return user, password[0]
