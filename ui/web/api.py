"""The public endpoints: the whole flow for `gradio_client` and, with ``--mcp``, as tools (page ``/api``).

Every endpoint names its session; a long one answers with a job to look at. What an endpoint returns is
plain JSON; files are fetched from the addresses in it.
"""

from __future__ import annotations

import functools
import inspect
import logging
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import FileData
from gradio.utils import get_upload_folder

from ...design import messages
from ...design.errors import InputError, MaquetteError
from ...design.family.records import Design
from ...design.reading import Place
from ..briefing import Draft, draft_from_text, starting_design
from ..inputs import typed_parameters
from ..jobs import Job, accept_upload
from ..messages.words import Words
from ..output import plain
from .design_view import brief_for, change_text
from .desk import Desk, file_url, without_first
from .release import submit_release
from .search import submit_search

logger = logging.getLogger(__name__)

CHEAP = 8  # answers computed side by side
WORDS = Words("en")


def add_api(desk: Desk) -> None:
    """Register the endpoints on the page that is being built."""
    for function in ENDPOINTS:
        endpoint = _told(function, desk)
        gr.api(endpoint, api_name=function.__name__, concurrency_limit=CHEAP, concurrency_id="cheap")


# -- the endpoints; the desk is not theirs to name ---------------------------------------------------------


def new_session(desk: Desk, language: str = "en") -> str:
    """Open a session and return its id; every other endpoint takes it. Language: en or zh."""
    return desk.sessions.new(language).id


def read_brief(desk: Desk, session: str, text: str, family: str = "") -> dict[str, Any]:
    """Read a brief in words about a family, or where it is empty about the product that they name: what was
    understood as requirements, start and locks, what is asked, what was not understood."""
    draft = draft_from_text(text, family)
    desk.keep(session, draft)
    return {"brief": draft.brief.to_json(), **_heard(draft)}


def start_design(desk: Desk, session: str) -> dict[str, Any]:
    """Take the brief's starting point as the design in hand and return its numbers."""
    known = desk.sessions.read(session)
    design = starting_design(desk.draft(known))
    desk.take(session, "brief", messages.say("starting point of the brief"), design)
    return _numbers(desk, session, design)


def set_parameters(desk: Desk, session: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Set some parameters of the design in hand (name to value in its unit) and return its numbers."""
    before, design = _changed(desk, session, parameters)
    what = change_text(before, design, WORDS)
    if what:
        desk.sessions.decide(session, "designer", what, design)
    return _numbers(desk, session, design)


def edit(desk: Desk, session: str, words: str) -> dict[str, Any]:
    """Change the design in hand by words ("lower the roof by 20 mm, keep the wheelbase") and return its
    numbers, with what could not be reached under `short`."""
    known, short = desk.reword(session, words, WORDS)
    assert known.design is not None  # noqa: S101 - told to mypy; the desk has refused a session without one
    return _numbers(desk, session, known.design) | {"short": list(short)}


def try_parameters(desk: Desk, session: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Numbers of the design in hand with some parameters changed, without keeping the change."""
    return _numbers(desk, session, _changed(desk, session, parameters)[1])


def upload(desk: Desk, session: str, file: FileData) -> dict[str, Any]:
    """Send a picture or a design file. A design becomes the design in hand, and its numbers come back; of a
    picture a job makes a body: look at it with `job`, and take what it found with `choose`."""
    known = desk.sessions.read(session)
    path = _sent(file)
    try:
        given = accept_upload(path, desk.sessions.folder(session))
    finally:
        path.unlink(missing_ok=True)
    if given.design is not None:
        desk.take(session, "designer", messages.say("design file opened"), given.design)
        return _numbers(desk, session, given.design)
    family = desk.draft(known).brief.family
    order = {"image": str(given.path), "family": family}
    return job_json(session, desk.store.submit("body", order, session))


def sketch(desk: Desk, session: str, count: int = 8) -> dict[str, Any]:
    """Draw concept sketches for the session's brief; returns the job."""
    draft = desk.draft(desk.sessions.read(session))
    arguments = {"brief": draft.brief.to_json(), "n": _whole(count, "count")}
    return job_json(session, desk.submit("sketch", arguments, desk.sessions.read(session), WORDS))


def optimise(desk: Desk, session: str, trials: int = 300, from_design: bool = True) -> dict[str, Any]:
    """Search for designs that meet the session's brief; returns the job."""
    return job_json(
        session,
        submit_search(desk, desk.sessions.read(session), _whole(trials, "trials"), _truth(from_design)),
    )


def simulate(desk: Desk, session: str, fidelity: str = "") -> dict[str, Any]:
    """One simulation of the design in hand; it joins the local dataset. Returns the job.

    `fidelity`: of the study; its usual one when "".
    """
    return job_json(session, desk.simulate(session, WORDS, fidelity))


def release(desk: Desk, session: str) -> dict[str, Any]:
    """Build the design in hand exactly, write its release and verify it; returns the job."""
    return job_json(session, submit_release(desk, desk.sessions.read(session), WORDS))


def job(desk: Desk, session: str, job_id: str) -> dict[str, Any]:
    """How a job stands: status, stage, share, remaining seconds, result, and addresses of its files."""
    return job_json(session, desk.store.read(job_id, session))


def cancel(desk: Desk, session: str, job_id: str) -> dict[str, Any]:
    """End a job and keep what it found."""
    return job_json(session, desk.store.cancel(job_id, session))


def choose(desk: Desk, session: str, job_id: str, number: int = 1) -> dict[str, Any]:
    """Take a design that a search or a sheet found (1 is the best or first) as the design in hand."""
    job = desk.store.read(job_id, session)
    found = job.result or {}
    rows = [r for r in found.get("best") or found.get("concepts") or [] if r.get("design")]
    number = _whole(number, "number")
    if not 1 <= number <= len(rows):
        raise InputError(f"number is {number}; this job has {len(rows)} designs")
    design = Design.from_json(rows[number - 1]["design"])
    known = desk.sessions.read(session)
    follows = str(known.choices.get("follows", ""))
    if job.verb == "sketch":
        follows = f"{job_id}/{rows[number - 1]['number']}"
    desk.take(
        session,
        messages.say("result {number}", number=number),
        messages.say("chosen from job {job}", job=job_id[:6]),
        design,
        follows,
    )
    return _numbers(desk, session, design)


def decisions(desk: Desk, session: str) -> list[dict[str, Any]]:
    """The log: who or what set which parameters, when."""
    entries = desk.sessions.log(session).entries()
    return [{k: v for k, v in plain(d).items() if k != "brief"} for d in entries]


def undo(desk: Desk, session: str, number: int) -> dict[str, Any]:
    """Go back to the design after decision `number` and return its numbers."""
    known = desk.sessions.undo_to(session, _whole(number, "number"))
    return {} if known.design is None else _numbers(desk, session, known.design)


ENDPOINTS: tuple[Any, ...] = (
    new_session, read_brief, upload, start_design, set_parameters, edit, try_parameters, sketch, optimise,
    simulate, release, job, cancel, choose, decisions, undo,
)  # fmt: skip


# -- what they share ---------------------------------------------------------------------------------------


def job_json(session: str, job: Job) -> dict[str, Any]:
    """A job as an endpoint returns it; paths in its result stand beside the addresses of the files."""
    names = ("id", "verb", "status", "stage", "share", "remaining", "message", "error", "result")
    files = {}
    if job.over and (job.folder / "out").is_dir():
        for path in sorted((job.folder / "out").rglob("*")):
            if (
                path.is_file()
                and not path.is_symlink()
                and path.suffix in (".step", ".glb", ".zip", ".png", ".json", ".html")
            ):
                files[path.relative_to(job.folder / "out").as_posix()] = file_url(session, job, Path(path))
    return {**{n: plain(getattr(job, n)) for n in names}, "files": files}


def _sent(file: Any) -> Path:
    """Where the file lies that a caller has sent; never another file of this machine.

    Raises:
        InputError: none was sent.
    """
    held = file if isinstance(file, dict) else getattr(file, "__dict__", {})
    path = Path(str(held.get("path") or "none")).resolve()
    if not path.is_file() or Path(get_upload_folder()).resolve() not in path.parents:
        raise InputError(messages.say("file is missing; send one with gradio_client.handle_file(path)"))
    return path


def _whole(value: Any, name: str) -> int:
    """A whole number that a caller sent.

    Raises:
        InputError: anything else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise InputError(
            messages.say("{name} is {value}; give a whole number", name=name, value=_short(value))
        )
    return int(value)


def _truth(value: Any, name: str = "from_design") -> bool:
    if not isinstance(value, bool):
        raise InputError(
            messages.say("{name} is {value}; give true or false", name=name, value=_short(value))
        )
    return value


def _changed(desk: Desk, session: str, parameters: Any) -> tuple[Design, Design]:
    """The design in hand, and with some parameters as a caller sent them.

    Raises:
        InputError: none in hand, or a parameter that is not allowed.
    """
    known = desk.sessions.read(session)
    if known.design is None:
        raise InputError("the session has no design yet; call start_design first")
    family = desk.product(known).family
    values = family.validate({**known.design.parameters, **_given(family.name, parameters)})
    return known.design, Design(family.name, values, known.design.provenance)


def _given(family: str, parameters: Any) -> dict[str, Any]:
    """Parameters that a caller sent, text with a unit as numbers."""
    if not isinstance(parameters, dict):
        raise InputError(
            messages.say("parameters is {value}; give an object of name: number", value=_short(parameters))
        )
    return typed_parameters(family, parameters, Place("parameters"))


def _short(value: Any) -> str:
    return repr(value)[:60]


def _heard(draft: Draft) -> dict[str, Any]:
    names = ("understood", "not_understood", "questions", "remarks")
    return {name: plain(getattr(draft, name)) for name in names}


def _numbers(desk: Desk, session: str, design: Design) -> dict[str, Any]:
    draft = desk.draft(desk.sessions.read(session))
    now = desk.numbers(design, brief_for(draft, design), session=session)
    names = ("design", "broken", "measures", "predictions", "in_domain", "verdicts", "feasible", "arrows")
    return {n: plain(getattr(now, n)) for n in names}


def _told(function: Any, desk: Desk) -> Any:
    """The function on the desk, with errors as the one sentence that people may read.

    Texts are texts, and what is missing is named: Gradio checks neither.
    """
    asked = list(inspect.signature(function).parameters.values())[1:]

    @functools.wraps(function)
    def run(*arguments: Any, **named: Any) -> Any:
        try:
            for parameter, value in zip(asked, arguments, strict=False):
                if parameter.annotation == "str" and not isinstance(value, str):
                    told = {"name": parameter.name, "value": _short(value)}
                    raise InputError(messages.say("{name} is {value}; give text", **told))
            return function(desk, *arguments, **named)
        except MaquetteError as error:
            raise gr.Error(str(error), print_exception=False) from None
        except Exception as error:
            logger.exception("endpoint %s", function.__name__)
            line = f"internal error ({type(error).__name__}); details are in the server's log"
            raise gr.Error(line, print_exception=False) from None

    return without_first(run, function, 1)
