"""Sessions on disk: what one designer has before them, and the log of who decided what.

    sessions = Sessions()
    session = sessions.new("en")
    session = sessions.decide(session.id, "designer", "roof lowered to 1380 mm", design)
    session = sessions.undo_to(session.id, 1)

The log is the truth for the design: a session's design is the one after its last decision.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ...design.errors import InputError
from ...design.family.records import Design
from ...design.family.registry import get_family
from ...design.json_lines import append_line
from ...design.messages import Message, one_line, say, span
from ..output import plain
from .places import (
    as_json,
    check_id,
    last_lines,
    locked,
    new_id,
    private_folder,
    read_object,
    replace_json,
    rows_from,
    studio_root,
)

FILE, DECISIONS, JOBS, FILES = "session.json", "decisions.jsonl", "jobs", "files"
RUNS = "runs.jsonl"
LANGUAGES = ("en", "zh")
MAX_BRIEF = 4_000  # characters of a brief's words
MAX_KEPT = 64  # pins, and as many rejected sketches as eight full sheets
MAX_SENTENCE = 300  # characters of one decision's who and what
MAX_CHOICES = 200_000  # bytes of a session's file


@dataclass(frozen=True)
class Decision:
    """One line of the log.

    Attributes:
        number: from 1, in the order of the log. when: seconds since 1970.
        who: ``designer``, ``brief``, ``concept 3``, ``search trial 41``, ``lock`` ...
        what: one sentence.
        design: the design after it, with who set each parameter; None where there is none yet.
        brief: the brief's words and object after it (`brief_text`, `brief`); None where it left them alone.
        back: number of the decision whose state it restores, 0 for one that makes a state of its own.
        begins: it brought another body into hand.
    """

    number: int
    when: float
    who: str
    what: str
    design: Design | None
    brief: Mapping[str, Any] | None = None
    back: int = 0
    begins: bool = False

    @property
    def parameters(self) -> Mapping[str, float]:
        """The parameters after it; {} where there is no design yet."""
        return {} if self.design is None else self.design.parameters


@dataclass(frozen=True)
class Session:
    """What one designer has before them.

    Attributes:
        id: 32 hexadecimal digits: who knows it, may see it.
        language: ``en`` or ``zh``. brief_text: the words. brief: the brief's object as edited, {} at first.
        design: the design in hand, None at first.
        pins: designs kept to compare with, as plain objects (name, design, picture ...).
        rejected: sketches put away, by a name of the caller's.
        choices: what else was chosen in the tabs, a plain object.
        jobs: ids, newest first.
        version: another text whenever anything of this but the jobs is another.
    """

    id: str
    language: str = "en"
    brief_text: str = ""
    brief: Mapping[str, Any] = field(default_factory=dict)
    design: Design | None = None
    pins: tuple[Mapping[str, Any], ...] = ()
    rejected: tuple[str, ...] = ()
    choices: Mapping[str, Any] = field(default_factory=dict)
    jobs: tuple[str, ...] = ()
    version: str = field(default="", compare=False)


#: fields that the session's file holds; the rest comes from the log and from the jobs
STORED = ("language", "brief_text", "brief", "pins", "rejected", "choices")


class Log:
    """The append-only log of decisions in one file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> list[Decision]:
        """Every decision in order; a line cut off by a crash is passed over."""
        return [d for d in map(_decision, rows_from(self.path)[0]) if d is not None]

    def last(self) -> Decision | None:
        """The newest decision, None in an empty log; however long the log, it is read from its end."""
        return next((d for d in map(_decision, reversed(last_lines(self.path))) if d is not None), None)

    def add(
        self,
        who: str,
        what: str,
        design: Design | None,
        brief: Mapping[str, Any] | None = None,
        back: int = 0,
        begins: bool = False,
    ) -> Decision:
        """Append a decision; returns it with its number."""
        with locked(self.path.parent):
            before = self.last()
            row = {
                "number": 1 if before is None else before.number + 1,
                "when": time.time(),
                "who": _kept(who),
                "what": _kept(what),
                "design": None if design is None else design.to_json(),
                "brief": None if brief is None else plain(brief),
                "back": back,
                "begins": begins,
            }
            append_line(as_json(row), self.path)
        made = _decision(row)
        if made is None:
            raise InputError(say("decision {number} could not be written", number=row["number"]))
        return made

    def undo_to(self, number: int, who: str = "designer") -> Decision:
        """Append a decision that restores the state after decision `number` exactly.

        Raises:
            InputError: there is no decision of that number.
        """
        known = self.entries()
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= len(known):
            raise InputError(
                say(
                    "decision {number} is not in the log; allowed {range}",
                    number=repr(number),
                    range=span(1, len(known)),
                )
            )
        goal = known[number - 1]
        brief = next((d.brief for d in reversed(known[:number]) if d.brief is not None), None)
        return self.add(
            who,
            say("back to decision {number}: {what}", number=number, what=goal.what),
            goal.design,
            brief,
            goal.back or number,
        )


class Sessions:
    """The sessions below `root`: ``sessions/<id>/`` with its file, log, uploads and a mark per job."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = private_folder(root or studio_root()).resolve()
        self._folder = private_folder(self.root / "sessions")

    def new(self, language: str = "en") -> Session:
        """An empty session under a fresh id."""
        session = Session(new_id(), _language(language))
        folder = private_folder(self._folder / session.id)
        private_folder(folder / FILES)
        private_folder(folder / JOBS)
        self._write(session)
        return session

    def runs(self, session_id: str) -> Path:
        """The file of CFD runs that the session's jobs add to and its predictions take in; no other's do.

        Raises:
            InputError: malformed.
        """
        return self._folder / check_id(session_id, "session") / RUNS

    def read(self, session_id: str) -> Session:
        """The session of that id.

        Raises:
            InputError: malformed or unknown.
        """
        version = self.version(session_id)  # first: what is read after it is at least as new
        data = self._data(session_id)
        last = self.log(session_id).last()
        kept = {k: data[k] for k in STORED if k in data}
        for name in ("pins", "rejected"):
            kept[name] = tuple(kept.get(name, ()))
        return Session(
            id=session_id,
            design=None if last is None else last.design,
            jobs=self._jobs(session_id),
            version=version,
            **kept,
        )

    def version(self, session_id: str) -> str:
        """Of what is stored; see :class:`Session`.

        Raises:
            InputError: malformed or unknown.
        """
        folder = self._folder / check_id(session_id, "session")
        marks = []
        for name in (FILE, DECISIONS):
            try:
                about = (folder / name).stat()
            except FileNotFoundError:
                if name == FILE:
                    raise InputError(_unknown(session_id)) from None
                continue
            marks.append(f"{about.st_mtime_ns:x}.{about.st_size:x}")
        return "-".join(marks)

    def change(self, session_id: str, **changes: Any) -> Session:
        """The session with some of its stored fields changed, as it is on disk now.

        Raises:
            InputError: a field that is not stored here, or a value that is not allowed.
        """
        unknown = sorted(set(changes) - set(STORED))
        if unknown:
            raise InputError(f"session: {unknown[0]} cannot be set; allowed: {', '.join(STORED)}")
        with locked(self.folder(session_id)):
            self._write(replace(self.read(session_id), **plain_changes(changes)))
        return self.read(session_id)

    def decide(
        self,
        session_id: str,
        who: str,
        what: str,
        design: Design,
        begins: bool = False,
        brief: Mapping[str, Any] | None = None,
    ) -> Session:
        """Take `design` in hand, :func:`attributed`, and the log says so.

        Args:
            begins: it is another body, not a change of the one in hand.
            brief: `brief_text` and `brief` of the session where the same decision changes them.

        Raises:
            InputError: an incomplete design, or one outside its family's ranges.
        """
        made = attributed(self.read(session_id).design, design, who)
        if brief is not None:
            self.change(session_id, **brief)
        self.log(session_id).add(who, what, made, brief, begins=begins)
        return self.read(session_id)

    def state(self, session_id: str, what: str, brief_text: str, brief: Mapping[str, Any]) -> Session:
        """The session with another brief, and the decision in its log."""
        before = self.change(session_id, brief_text=brief_text, brief=brief)
        kept = {"brief_text": brief_text, "brief": brief}
        self.log(session_id).add("designer", what, before.design, kept)
        return self.read(session_id)

    def undo_to(self, session_id: str, number: int) -> Session:
        """The session with the design and the brief that it had after decision `number`; see
        :meth:`Log.undo_to`."""
        made = self.log(session_id).undo_to(number)
        return self.change(session_id, **made.brief) if made.brief is not None else self.read(session_id)

    def log(self, session_id: str) -> Log:
        """The session's log of decisions."""
        return Log(self.folder(session_id) / DECISIONS)

    def folder(self, session_id: str) -> Path:
        """The session's own folder; `files` in it holds uploads.

        Raises:
            InputError: malformed or unknown id.
        """
        self._data(session_id)
        return self._folder / session_id

    def _data(self, session_id: str) -> dict[str, Any]:
        data = read_object(self._folder / check_id(session_id, "session") / FILE)
        if data is None:
            raise InputError(_unknown(session_id))
        return data

    def _jobs(self, session_id: str) -> tuple[str, ...]:
        marks = (self._folder / session_id / JOBS).glob("*")
        ordered = sorted(((p.stat().st_mtime_ns, p.name) for p in marks), reverse=True)
        return tuple(name for _, name in ordered)

    def _write(self, session: Session) -> None:
        data = {"schema_version": 1, **{k: plain(getattr(session, k)) for k in STORED}}
        size = len(str(data))
        if size > MAX_CHOICES:
            raise InputError(
                say("session: {size} characters to keep; at most {most}", size=size, most=MAX_CHOICES)
            )
        replace_json(self._folder / session.id / FILE, data)


def _unknown(session_id: str) -> Message:
    return say("session {id} is not known; open a new one", id=session_id)


def attributed(before: Design | None, design: Design, who: str) -> Design:
    """`design` with who set each parameter: those that change from `before` are from now on set by `who`.

    Parameters that stay keep whoever set them before. Of those that change, and in a first design, what the
    design itself says of them counts where that is new, and `who` for the rest.

    Raises:
        InputError: an incomplete design, or one outside its family's ranges.
    """
    values = get_family(design.family).validate(design.parameters)
    by = {name: design.provenance.get(name, str(who)) for name in values}
    if before is not None and before.family == design.family:
        for name, value in values.items():
            said, held = design.provenance.get(name), before.provenance.get(name, "default")
            same = before.parameters.get(name) == value
            by[name] = held if same else said if said is not None and said != held else str(who)
    return Design(design.family, values, by)


def _kept(text: str) -> str:
    """One line of bounded length; a message is cut in English only where it is too long."""
    line = one_line(text)
    if len(line) <= MAX_SENTENCE:
        return line
    cut = line[:MAX_SENTENCE]
    return line.with_text(cut) if isinstance(line, Message) else cut


def _decision(row: Mapping[str, Any]) -> Decision | None:
    """A line of the log; None when it is damaged."""
    try:
        design = None if row["design"] is None else Design.from_json(row["design"], "decision")
        who, what = (v if isinstance(v, str) else str(v) for v in (row["who"], row["what"]))
        brief, back, begins = row.get("brief"), int(row.get("back", 0)), bool(row.get("begins", False))
        return Decision(int(row["number"]), float(row["when"]), who, what, design, brief, back, begins)
    except (KeyError, TypeError, ValueError, InputError):
        return None


def plain_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Checked values of a session's stored fields.

    Raises:
        InputError: naming the field and what is allowed.
    """
    found = dict(changes)
    if "language" in found:
        _language(found["language"])
    if "brief_text" in found:
        text = found["brief_text"]
        if not isinstance(text, str) or len(text) > MAX_BRIEF:
            raise InputError(
                say("session: brief_text must be text of at most {most} characters", most=MAX_BRIEF)
            )
    for name in ("brief", "choices"):
        if name in found and not isinstance(found[name], Mapping):
            raise InputError(f"session: {name} must be an object")
    for name, kind in (("pins", Mapping), ("rejected", str)):
        if name in found:
            found[name] = tuple(found[name])
            if len(found[name]) > 4 * MAX_KEPT or not all(isinstance(v, kind) for v in found[name]):
                raise InputError(
                    say(
                        "session: {name} must be at most {most} of {kind}",
                        name=name,
                        most=4 * MAX_KEPT,
                        kind=kind.__name__,
                    )
                )
    return found


def _language(value: Any) -> str:
    if value not in LANGUAGES:
        raise InputError(f"language is {str(value)[:20]!r}; allowed: {', '.join(LANGUAGES)}")
    return str(value)
