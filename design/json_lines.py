"""Files of JSON lines: one object a line, each on disk before the next begins, and one rule after a crash.

A last line without its line feed that is no whole object was cut off, by a crash or because it is being
written: it is not there yet, and the next line takes its place. Any other line that is no JSON object is
damaged: it is named by file and number and passed over, or refused, as the reader asks. A file that an editor
has left with a byte-order mark or as UTF-16 is read, and made UTF-8 before a line is added.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from .errors import InputError
from .files import unreadable, unwritable, write_bytes
from .messages import quoted, say
from .reading import MARKS, text_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes:
        number: in its file (or in what was read of it), from 1.
        data: its object; {} where it is damaged. fault: why it is no JSON object, "" where it is one.
        end: the byte after it, from where reading began.
    """

    number: int
    data: dict[str, Any]
    fault: str
    end: int


def append_line(line: str, path: Path, durable: bool = True) -> None:
    """Add one line to a file of lines in a folder that exists.

    Args:
        durable: it is on disk when this returns.

    Raises:
        InputError: the file cannot be written.
    """
    try:
        _made_plain(path)
        with path.open("ab+") as file:
            file.write(_before_the_next(file) + line.encode() + b"\n")
            file.flush()
            if durable:
                os.fsync(file.fileno())
    except OSError as error:
        raise InputError(unwritable(path, error)) from error


def read_lines(path: Path, refuse: bool = False) -> list[Line]:
    """The lines of a file that hold an object, in order; blank lines are none.

    Args:
        refuse: a damaged line is an error instead of a warning.

    Raises:
        InputError: the file cannot be read, or a damaged line is refused.
    """
    try:
        lines = _lines(_plain(path.read_bytes(), path))
    except OSError as error:
        raise InputError(unreadable(path, error)) from error
    for line in lines:
        if line.fault and refuse:
            raise InputError(
                say("{path} line {number}: {fault}", path=path, number=line.number, fault=line.fault)
            )
        if line.fault:
            logger.warning("%s line %d skipped: %s", path, line.number, line.fault)
    return [line for line in lines if not line.fault]


def follow_lines(path: Path, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
    """Objects of the lines from byte `offset` on, and the offset to go on from; none where there is no file.

    For a file that is looked at again and again while others write it: damaged lines are passed over in
    silence, also the one in which `offset` lies.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            data = file.read()
    except OSError:
        return [], offset
    lines = _lines(data)
    return [line.data for line in lines if not line.fault], offset + (lines[-1].end if lines else 0)


def _lines(data: bytes) -> list[Line]:
    """Every line that is there, damaged ones too; blank ones are left out."""
    found = []
    end = 0
    for number, text in enumerate(data.split(b"\n"), start=1):
        whole = end + len(text) < len(data)
        end += len(text) + whole
        if not text.strip():
            continue
        read, fault = _object(text)
        if whole or not fault:
            found.append(Line(number, read, fault, end))
    return found


def _object(text: bytes) -> tuple[dict[str, Any], str]:
    """The object in a line, and why there is none."""
    try:
        read = json.loads(text, object_pairs_hook=_once)
    except RecursionError:
        return {}, say("it is not JSON ({why})", why=say("nested too deep"))
    except InputError as error:
        return {}, error.message
    except ValueError as error:
        return {}, say("it is not JSON ({why})", why=quoted(error))
    return (read, "") if isinstance(read, dict) else ({}, say("it is not a JSON object"))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object's pairs, no key of which stands twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise InputError(say("it has {key!r} twice", key=twice))
    return found


def _plain(data: bytes, path: Path) -> bytes:
    """`data` as UTF-8 without a mark."""
    return text_of(data, path).encode() if data.startswith(MARKS) else data


def _made_plain(path: Path) -> None:
    """Rewrite a file that has a mark, so that a line of UTF-8 may follow."""
    if path.is_file():
        with path.open("rb") as file:
            marked = file.read(4).startswith(MARKS)
        if marked:
            write_bytes(path, _plain(path.read_bytes(), path))


def _before_the_next(file: BinaryIO) -> bytes:
    """Make room for a line at the end: a torn one is cut off; a whole one without its line feed gets it."""
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        return b""
    file.seek(-1, os.SEEK_END)
    if file.read(1) == b"\n":
        return b""
    file.seek(0)
    data = file.read()
    last = data.rfind(b"\n") + 1
    if not _object(data[last:])[1]:
        return b"\n"
    file.truncate(last)
    return b""
