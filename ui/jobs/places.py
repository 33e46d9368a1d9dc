"""Ids, folders and files of the studio on disk: made by the server, never by a name that a caller gave.

Several processes use one folder at once: whole files replace each other, one lock file guards what takes
more than one step, and logs are lines of JSON (:mod:`...design.json_lines`).
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...design.errors import InputError
from ...design.files import write_text
from ...design.json_lines import follow_lines
from ...design.messages import quoted, restored, say, with_ids

ID_LENGTH = 32
_HEX = frozenset("0123456789abcdef")


def studio_root() -> Path:
    """Where sessions and jobs lie: ``studio`` beside the user's own runs (``$MAQUETTE_DATA``, else XDG)."""
    from ...design.environment import runs_file

    return runs_file().parent / "studio"


def new_id() -> str:
    """32 hex digits that nobody can guess."""
    return secrets.token_hex(ID_LENGTH // 2)


def check_id(value: Any, what: str) -> str:
    """`value` when it has the form of an id, so that it can be a folder's name.

    Raises:
        InputError: anything else.
    """
    if not isinstance(value, str) or len(value) != ID_LENGTH or not _HEX.issuperset(value):
        shown = repr(value)[:40]
        raise InputError(
            say(
                "session {id} is not an id; allowed: {digits} hexadecimal digits"
                if what == "session"
                else "job {id} is not an id; allowed: {digits} hexadecimal digits",
                id=shown,
                digits=ID_LENGTH,
            )
        )
    return value


def private_folder(path: Path) -> Path:
    """The folder, made when need be, for this user only.

    Raises:
        InputError: it cannot be made.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            say("{path}: cannot be made ({why})", path=path, why=quoted(error.strerror or error))
        ) from error
    return path


def contained(path: str | Path, roots: Iterable[Path], what: str = "file") -> Path:
    """The file at `path`, when it lies inside one of `roots` and no link leads to it.

    Raises:
        InputError: outside, a link, missing, or no plain file. What lies outside is not told.
    """
    given = Path(path)
    refused = InputError(
        say("{argument} {name!r} is not a file of this session", argument=what, name=given.name[:60])
    )
    if "\0" in str(path) or not given.is_absolute():
        raise refused
    try:
        plain = Path(os.path.normpath(given))
        for root in roots:
            base = root.resolve()
            for start in (root, base):
                if plain.is_relative_to(start) and plain != start:
                    expected = base / plain.relative_to(start)
                    if given.resolve(strict=True) == expected and expected.is_file():
                        return expected
    except (OSError, RuntimeError):
        raise refused from None
    raise refused


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Alone among all processes and threads that take the lock of this folder."""
    handle = os.open(private_folder(folder) / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def as_json(data: Any) -> str:
    """JSON without line feeds, as all files of the studio hold it: ids of messages beside their texts."""
    return json.dumps(with_ids(data), allow_nan=False, ensure_ascii=False)


def replace_json(path: Path, data: Any) -> None:
    """Write `data` so that a reader finds the old file or the new one, never half of one.

    Raises:
        InputError: the disk is full or the folder cannot be written.
    """
    write_text(path, as_json(data))


def read_object(path: Path) -> dict[str, Any] | None:
    """The JSON object in a file that :func:`replace_json` wrote; None when there is none."""
    try:
        data = restored(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def rows_from(path: Path, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
    """:func:`follow_lines` of a file whose lines :func:`as_json` wrote: texts are messages again."""
    rows, end = follow_lines(path, offset)
    return [restored(row) for row in rows], end


def last_lines(path: Path, most: int = 65_536) -> list[dict[str, Any]]:
    """Objects of the last whole lines, from at most `most` bytes; of all lines when none is whole there."""
    try:
        size = path.stat().st_size
    except OSError:
        return []
    return rows_from(path, max(0, size - most))[0] or rows_from(path)[0]
