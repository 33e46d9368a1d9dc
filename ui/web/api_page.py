"""The page ``/api``: every public endpoint with its arguments, what it does, and how to call it."""

from __future__ import annotations

import inspect
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from .api import ENDPOINTS
from .parts import e

EXAMPLE = """\
from gradio_client import Client, handle_file

studio = Client("{address}")
session = studio.predict("en", api_name="/new_session")
read = studio.predict(session, "a low fastback under 4.7 m", "car", api_name="/read_brief")
job = studio.predict(session, 300, False, api_name="/optimise")
while job["status"] in ("queued", "running"):
    job = studio.predict(session, job["id"], api_name="/job")
best = studio.predict(session, job["id"], 1, api_name="/choose")
body = studio.predict(session, handle_file("sketch.png"), api_name="/upload")"""


def add_api_page(app: FastAPI) -> None:
    """Answer ``/api``."""

    @app.get("/api")
    def page(request: Request) -> HTMLResponse:
        return HTMLResponse(api_page(str(request.base_url).rstrip("/")))


def api_page(address: str = "http://127.0.0.1:7860") -> str:
    """The page as HTML."""
    rows = "".join(_row(function) for function in ENDPOINTS)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Maquette: web API</title>'
        '<meta name="viewport" content="width=device-width"><style>'
        "body{font:15px/1.5 sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#17191d}"
        "pre{background:#f5f5f2;padding:1rem;overflow:auto}dt{font-family:monospace;margin-top:1rem}"
        "dd{margin:0 0 0 1.5rem}</style><body><h1>Maquette: web API</h1>"
        "<p>Everything that the studio does, for programs: <code>pip install gradio_client</code>. Every "
        "endpoint names its session; a long one answers with a job to look at. Wrong arguments come back as "
        'one line. <a href="/">The studio</a></p>'
        f"<pre>{e(EXAMPLE.format(address=address))}</pre><dl>{rows}</dl>"
    )


def _row(function: Any) -> str:
    asked = list(inspect.signature(function).parameters.values())[1:]
    told = ", ".join(str(p).replace("'", "") for p in asked)
    returned = inspect.signature(function).return_annotation
    text = " ".join((function.__doc__ or "").split())
    return f"<dt>/{e(function.__name__)}({e(told)}) -> {e(str(returned))}</dt><dd>{e(text)}</dd>"
