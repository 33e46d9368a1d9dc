"""What every tab works with: the sessions, the jobs, the bodies to show, and how an error is told."""

from __future__ import annotations

import functools
import inspect
import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ...constraints.requirements.brief import Brief
from ...design.errors import InputError, MaquetteError
from ...design.family.records import Design
from ...design.family.registry import DEFAULT_FAMILY, get_family
from ...design.geometry.worker import KernelPool
from ..briefing import Draft, difference
from ..jobs import Job, JobStore, Session, Sessions
from ..jobs.history import redo_target, undo_target
from ..jobs.places import rows_from
from ..jobs.record import EVENTS
from ..live import Live, live
from ..messages.words import Words
from ..workbench import Workbench, open_workbench
from .bodies import Bodies
from .parts import say

logger = logging.getLogger(__name__)

KEPT = 256  # answers remembered
FOLLOWED = 16  # jobs whose events are kept in memory
EDITS = 4_096  # numbers of edits that are remembered, so that none is done twice


class Turns:
    """A lock whose waiters come in the order in which they asked: nobody's slider is passed over."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def __enter__(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        mine.acquire()  # let go by whoever leaves before

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class Desk:
    """Sessions, jobs and bodies below one folder.

    Args:
        running: long jobs side by side. pool: the process that makes bodies, None for this one.
    """

    def __init__(self, root: Path | None = None, running: int = 2, pool: KernelPool | None = None) -> None:
        self.sessions = Sessions(root)
        self.store = JobStore(self.sessions.root, running)
        self.bodies = Bodies(pool)
        self._turn = Turns()
        self._known: OrderedDict[str, Any] = OrderedDict()
        self._told: OrderedDict[str, tuple[int, list[dict[str, Any]]]] = OrderedDict()
        self._lock = threading.Lock()
        self._edits: dict[str, threading.RLock] = {}
        self._done: OrderedDict[str, None] = OrderedDict()

    def editing(self, session_id: str) -> threading.RLock:
        """Alone among those who change the session: what is read within stays so until it is written."""
        with self._lock:
            return self._edits.setdefault(session_id, threading.RLock())

    def done(self, session_id: str, sent: str) -> bool:
        """Whether the edit of that number was done before; from now on it was."""
        known = f"{session_id} {sent}"
        before = known in self._done
        self._done[known] = None
        while len(self._done) > EDITS:
            self._done.popitem(last=False)
        return before

    def draft(self, session: Session) -> Draft:
        """The brief as edited; an empty one of the design's family when none was read."""
        if session.brief:
            return Draft.from_json(session.brief)
        return Draft("", Brief(session.design.family if session.design else DEFAULT_FAMILY))

    def product(self, session: Session) -> Workbench:
        """What the session is about, with the session's own runs: the design in hand, else the brief."""
        family = session.design.family if session.design else self.draft(session).brief.family
        return open_workbench(family, data=self.sessions.runs(session.id))

    def keep(self, session_id: str, draft: Draft) -> Session:
        """Keep the brief as edited; what changed is a decision like any other."""
        session = self.sessions.read(session_id)
        what = difference(self.draft(session) if session.brief else None, draft)
        if not what:
            return self.sessions.change(session_id, brief_text=draft.text, brief=draft.to_json())
        return self.sessions.state(session_id, what, draft.text, draft.to_json())

    def step(self, session_id: str, forth: bool, words: Words) -> Session:
        """The session with its last decision taken back, or done again.

        Raises:
            InputError: there is none.
        """
        entries = self.sessions.log(session_id).entries()
        goal = redo_target(entries) if forth else undo_target(entries)
        if not goal:
            raise InputError(words.nothing_forth if forth else words.nothing_back)
        return self.sessions.undo_to(session_id, goal)

    def choose(self, session_id: str, **choices: Any) -> Session:
        """Remember what was chosen in a tab."""
        session = self.sessions.read(session_id)
        return self.sessions.change(session_id, choices={**session.choices, **choices})

    def take(self, session_id: str, who: str, what: str, design: Design, follows: str = "") -> Session:
        """Another design comes into hand: one that follows a sketch (its job and number) or none."""
        self.choose(session_id, follows=follows)
        return self.sessions.decide(session_id, who, what, design, begins=True)

    def latest(self, session: Session, *verbs: str) -> Job | None:
        """The newest job of these verbs."""
        return next((j for j in self.store.of(session.id) if j.verb in verbs), None)

    def events(self, job: Job) -> list[dict[str, Any]]:
        """What a job's worker has told; only what is new is read from the disk."""
        with self._lock:
            offset, known = self._told.pop(job.id, (0, []))
            fresh, offset = rows_from(job.folder / EVENTS, offset)
            known = [*known, *fresh]
            self._told[job.id] = (offset, known)
            while len(self._told) > FOLLOWED:
                self._told.popitem(last=False)
        return known

    def remembered(self, key: str, make: Callable[[], Any]) -> Any:
        """What `make` gave for this key; the oldest answers are forgotten."""
        if key in self._known:
            return self._known[key]
        found = make()
        with self._lock:
            self._known[key] = found
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return found

    def numbers(
        self, design: Design, brief: Brief | None = None, *, arrows: bool = True, measures: bool = True,
        session: str = "",
    ) -> Live:  # fmt: skip
        """:func:`..live.live` with the runs of a session, one at a time: threads of one interpreter would
        only slow each other."""
        own = self.sessions.runs(session) if session else None
        with self._turn:
            return live(design, brief, arrows=arrows, measures=measures, own=own)

    def reword(self, session_id: str, text: str, words: Words) -> tuple[Session, tuple[str, ...]]:
        """The session with the design in hand changed by words, or with the last decision taken back; and
        what could not be reached. Locked sliders stay.

        Raises:
            InputError: there is no design, nothing to take back, or the words change nothing.
        """
        from ...constraints.requirements.edits import takes_back
        from ..verbs import edit

        session = self.sessions.read(session_id)
        if session.design is None:
            raise InputError(words.need_design)
        if takes_back(text):
            return self.step(session_id, False, words), ()
        product = self.product(session)
        ours = {p.name for p in product.family.parameters}
        held = [n for n in self.draft(session).brief.locks if n in ours]
        made = edit(session.design, text, held=held, workbench=product)
        self.sessions.decide(session_id, "words", text, made.design)
        return self.sessions.read(session_id), made.short

    def submit(self, verb: str, arguments: Mapping[str, Any], session: Session, words: Words) -> Job:
        """Start a job that can run.

        Raises:
            InputError: it could not: nothing draws this product, its solver is missing, the design is broken.
            MissingComponentError: the solver that it needs, with how to get it.
        """
        design = session.design
        if verb == "sketch" and not (product := self.product(session)).draws:
            raise InputError(words.no_drawing.format(family=words.name(product.name)))
        if verb in ("simulate", "release") and design is not None:
            broken = get_family(design.family).broken_rules(design.parameters)
            if broken:
                raise InputError(f"{words.broken}: {words.said(broken[0].reason)}")
        if verb == "simulate" and design is not None:
            study = open_workbench(design.family).study
            if study is None:
                raise InputError(words.no_study.format(family=words.name(design.family)))
            study.require()
        return self.store.submit(verb, arguments, session.id)

    def simulate(self, session_id: str, words: Words, fidelity: str = "") -> Job:
        """Start a run of the session's design at a fidelity, the usual one when "".

        Raises:
            InputError: there is no design yet.
        """
        session = self.sessions.read(session_id)
        if session.design is None:
            raise InputError(words.need_design)
        asked = {"design": session.design.to_json(), "fidelity": fidelity}
        return self.submit("simulate", asked, session, words)

    def steered(self, press: str, job_id: str, session_id: str) -> bool:
        """Cancel or restart a job where that is what was pressed on its card."""
        steer = {"cancel": self.store.cancel, "again": self.store.again}.get(press)
        if steer is not None:
            steer(job_id, session_id)
        return steer is not None

    def body_url(
        self, family: str, values: Mapping[str, float], palette: str = "", in_use: bool = False
    ) -> str:
        """Where the page finds the body; `in_use`: among what it is used with."""
        return f"/bodies/{self.bodies.put(family, values, palette, in_use)}.glb"


def file_url(session_id: str, job: Job, path: str | Path) -> str:
    """Where the page finds a file of a job."""
    return f"/files/{session_id}/{job.id}/{Path(path).relative_to(job.folder).as_posix()}"


def job_url(session_id: str, job: Job, path: str | Path | None) -> str:
    """:func:`file_url`, or "" for no file or one that lies elsewhere."""
    if not path or not Path(path).is_relative_to(job.folder):
        return ""
    return file_url(session_id, job, path)


def told(words: Words, where: Any, *given: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A handler whose errors become a sentence in the component `where`; it answers with a dictionary.

    What it says itself stays; when it says nothing, an older sentence goes away.

    Args:
        given: the handler's first arguments (its tab); an event brings the others.
    """

    def wrap(handler: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(handler)
        def run(*arguments: Any) -> Any:
            try:
                found = handler(*given, *arguments)
                return found if where in found else {**found, where: ""}
            except MaquetteError as error:
                return {where: say(words.said(error.message), "bad")}
            except Exception:
                logger.exception("studio: %s failed", handler.__name__)
                return {where: say(words.wrong, "bad")}

        return without_first(run, handler, len(given))

    return wrap


def without_first(run: Any, function: Callable[..., Any], count: int) -> Callable[..., Any]:
    """`run`, which gives `function` its first `count` arguments itself, with the signature that is left:
    Gradio reads there what it has to bring."""
    about = inspect.signature(function)
    kept = list(about.parameters.values())[count:]
    names = {"return", *(p.name for p in kept)}
    run.__signature__ = about.replace(parameters=kept)
    run.__annotations__ = {n: kind for n, kind in function.__annotations__.items() if n in names}
    given: Callable[..., Any] = run
    return given
