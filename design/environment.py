"""What the environment sets, read and checked in one place: a command looks once, before its work.

========================  =============================================================================
``MAQUETTE_PATIENCE``     factor by which limits on time are stretched; 1 when unset
``MAQUETTE_DATA``         the user's own runs: a .jsonl file, or a folder for ``runs.jsonl``
``SOURCE_DATE_EPOCH``     seconds since 1970 that stand in for today (reproducible-builds.org)
========================  =============================================================================
"""

from __future__ import annotations

import os
from pathlib import Path

from .errors import InputError
from .limits import LAST_SECOND, PATIENCE_RANGE
from .messages import say, span

PATIENCE, DATA, EPOCH = "MAQUETTE_PATIENCE", "MAQUETTE_DATA", "SOURCE_DATE_EPOCH"


def check_environment() -> None:
    """Nothing, unless something that is set cannot be used.

    Raises:
        InputError: names the variable, its value and what is allowed.
    """
    for read in (patience, runs_file, epoch):
        read()


def patience() -> float:
    """By how much limits on time are stretched.

    Raises:
        InputError: not a number from 0.1 to 1000.
    """
    given = os.environ.get(PATIENCE, "1")
    try:
        factor = float(given)
    except ValueError:
        factor = 0.0
    low, high = PATIENCE_RANGE
    if not low <= factor <= high:
        allowed = span(low, high)
        raise InputError(
            say("{name} is {value!r}; allowed {range}", name=PATIENCE, value=given, range=allowed)
        )
    return factor


def runs_file() -> Path:
    """The file of the user's own runs, in the XDG data folder where nothing is set.

    Raises:
        InputError: it is set to a file of another kind.
    """
    named = os.environ.get(DATA)
    if not named:
        home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
        return Path(home) / "maquette" / "runs.jsonl"
    path = Path(named)
    if path.suffix != ".jsonl" and path.is_file():
        raise InputError(say("MAQUETTE_DATA is {path}; it must be a .jsonl file or a folder", path=path))
    return path if path.suffix == ".jsonl" else path / "runs.jsonl"


def epoch() -> int | None:
    """Seconds since 1970 instead of the clock; None where nothing is set.

    Raises:
        InputError: not whole seconds up to the year 9999.
    """
    given = os.environ.get(EPOCH, "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 20 and int(given) <= LAST_SECOND):
        raise InputError(
            say(
                "{name} is {value!r}; allowed whole seconds since 1970, to the year 9999",
                name=EPOCH,
                value=given,
            )
        )
    return int(given)
