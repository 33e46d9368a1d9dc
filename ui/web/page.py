"""A tab as the app sees it: what it shows, and how that is painted from a session."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from ..jobs import Session
from ..messages.words import Words
from .desk import Desk

#: events that change nothing heavy: they answer at once and never wait in a queue
QUIET = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
POLL = 1.0  # s between two looks at a running job


@dataclass(frozen=True)
class Studio:
    """What a tab is built with.

    Attributes:
        desk: sessions and jobs. words: of the language. session: the component that holds the session's id.
        tabs: the row of tabs, to go to another one. top: the line above it.
        paint_top: its HTML for a session.
    """

    desk: Desk
    words: Words
    session: Any
    tabs: Any
    top: Any
    paint_top: Callable[[Session], str]


@dataclass(frozen=True)
class Tab:
    """What a tab's handlers are given: the studio, and those of the tab's components that they change.

    Attributes:
        note: where a sentence is said about what was just done.
    """

    studio: Studio
    note: Any

    @property
    def desk(self) -> Desk:
        """Sessions and jobs."""
        return self.studio.desk

    @property
    def words(self) -> Words:
        """Of the page's language."""
        return self.studio.words

    def top(self, session: Session) -> dict[Any, Any]:
        """The line above the tabs."""
        return {self.studio.top: self.studio.paint_top(session)}

    def going(self, where: str) -> dict[Any, Any]:
        """The row of tabs, gone to another one."""
        return {self.studio.tabs: gr.Tabs(selected=where)}


@dataclass(frozen=True)
class Page:
    """A tab's components that change, and how they look for a session.

    Attributes:
        more: other tabs to paint after an event of this one. opened: fields that a person types in, filled
            when the session is opened and left alone afterwards.
        edits: what the page's script may ask for by kind: session and data in, what changes out.
    """

    outputs: Sequence[Any]
    paint: Callable[[Session], dict[Any, Any]]
    more: Sequence[tuple[str, Any]] = ()
    opened: Callable[[Session], dict[Any, Any]] | None = None
    edits: Mapping[str, Callable[[str, Mapping[str, Any]], dict[Any, Any]]] = field(default_factory=dict)


def pressed(event: Any) -> tuple[str, str, Any]:
    """What a panel tells: act, argument and value."""
    return told_by(event._data if isinstance(event._data, dict) else {})


def told_by(data: Mapping[str, Any]) -> tuple[str, str, Any]:
    """The same of an edit's data."""
    return str(data.get("act", "")), str(data.get("arg", "")), data.get("value")
