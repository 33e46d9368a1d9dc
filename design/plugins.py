"""Parts that packages bring along, found by name through an entry-point group and loaded one at a time."""

from __future__ import annotations

import difflib
import sys
from functools import cache, lru_cache
from importlib.metadata import entry_points
from typing import Any

from .errors import InputError
from .messages import Message, listed, say, spelt


def names(group: str) -> tuple[str, ...]:
    """What is installed, in alphabetical order."""
    return _names(group, tuple(sys.path))


def plugin(group: str, kind: Message, name: str) -> Any:
    """The part of that name, made once.

    Only its own module is loaded: all of them for one would cost start-up time.

    Raises:
        InputError: there is none; `kind` is what a person calls such a part.
    """
    value = _entry(group, name, tuple(sys.path))
    if value is not None:
        return _load(group, name, value)
    known = names(group)
    near = difflib.get_close_matches(name, known, n=1)
    installed = listed(map(spelt, known))
    if near:
        raise InputError(
            say(
                "{kind} {name!r} is not known; did you mean {near!r}?; installed: {installed}",
                kind=kind,
                name=name,
                near=near[0],
                installed=installed,
            )
        )
    raise InputError(
        say(
            "{kind} {name!r} is not known; installed: {installed}",
            kind=kind,
            name=name,
            installed=installed,
        )
    )


@lru_cache(maxsize=8)
def _names(group: str, _path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(p.name for p in entry_points(group=group)))


@lru_cache(maxsize=64)
def _entry(group: str, name: str, _path: tuple[str, ...]) -> str | None:
    """Where the entry point of that name leads; looked up again when the import path has changed."""
    return next((point.value for point in entry_points(group=group, name=name)), None)


@cache
def _load(group: str, name: str, value: str) -> Any:
    return next(p.load()() for p in entry_points(group=group, name=name) if p.value == value)
