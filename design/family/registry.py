"""Which families are installed: ours and those of other packages, found through one entry-point group."""

from __future__ import annotations

import difflib
import sys
from functools import cache, lru_cache
from importlib.metadata import entry_points

from ..errors import InputError
from ..messages import listed, say, spelt
from .contract import Family

ENTRY_POINT_GROUP = "maquette.families"


@cache
def families() -> dict[str, Family]:
    """Every installed family by name (entry-point group ``maquette.families``)."""
    found: dict[str, Family] = {}
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda p: p.name):
        found[point.name] = point.load()()
    return found


def get_family(name: str) -> Family:
    """The family of that name, or :class:`InputError` naming those that exist."""
    # One entry point only: loading every installed family for one would cost start-up time.
    value = _entry(name, tuple(sys.path))
    if value is not None:
        return _load(name, value)
    names = sorted(p.name for p in entry_points(group=ENTRY_POINT_GROUP))
    near = difflib.get_close_matches(name, names, n=1)
    installed = listed(map(spelt, names))
    if not near:
        raise InputError(
            say("family {family!r} is not known; installed: {installed}", family=name, installed=installed)
        )
    raise InputError(
        say(
            "family {family!r} is not known; did you mean {near!r}?; installed: {installed}",
            family=name,
            near=near[0],
            installed=installed,
        )
    )


@lru_cache(maxsize=64)
def _entry(name: str, _path: tuple[str, ...]) -> str | None:
    """Where the entry point of that name leads; looked up again when the import path has changed."""
    return next((point.value for point in entry_points(group=ENTRY_POINT_GROUP, name=name)), None)


@cache
def _load(name: str, value: str) -> Family:
    for point in entry_points(group=ENTRY_POINT_GROUP, name=name):
        if point.value == value:
            family: Family = point.load()()
            return family
    raise InputError(say("family {family!r} is not known", family=name))
