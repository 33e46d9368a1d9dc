"""Files of JSON lines: each line is on disk before the next begins, and a torn one never swallows another."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import InputError
from .messages import quoted, say


def append_line(line: str, path: Path) -> None:
    """Add one line to a file of lines, on disk when this returns.

    Raises:
        InputError: when the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as file:
            if file.tell() > 0:  # a line cut off by a crash must not swallow this one
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    file.write(b"\n")
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InputError(
            say("{path}: cannot be written ({why})", path=path, why=quoted(error.strerror))
        ) from error
