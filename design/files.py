"""Writing files so that either the whole file is there or nothing is, and failures are one line."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import InputError
from .messages import Message, quoted, say


def unreadable(path: object, error: OSError) -> Message:
    """What to say of a file that the system does not let us read."""
    return say("{path}: cannot be read ({why})", path=path, why=quoted(error.strerror or error))


def unwritable(path: object, error: OSError) -> Message:
    """What to say of a file that the system does not let us write."""
    return say("{path}: cannot be written ({why})", path=path, why=quoted(error.strerror or error))


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` that takes its name when the block ends without an error.

    Raises:
        InputError: the folder is missing or cannot be written, or the disk is full; nothing is left behind.
    """
    folder = path.parent
    if not folder.is_dir():
        raise InputError(f"{path}: the folder {folder} does not exist")
    if path.is_dir():
        raise InputError(f"{path}: is a folder; a file name is needed")
    try:
        handle, name = tempfile.mkstemp(prefix=".maquette-", suffix=path.suffix, dir=folder)
        os.close(handle)
    except OSError as error:
        raise InputError(unwritable(path, error)) from error
    temporary = Path(name)
    try:
        try:
            yield temporary
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            temporary.chmod(0o644)
            temporary.replace(path)
        except OSError as error:
            raise InputError(unwritable(path, error)) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` and read it back.

    Raises:
        InputError: as :func:`whole_file`, or the file does not hold what was written.
    """
    with whole_file(path) as temporary:
        temporary.write_bytes(data)
        if temporary.read_bytes() != data:
            raise InputError(f"{path}: the disk did not keep what was written")


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with plain line feeds, as :func:`write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


def make_folder(path: Path) -> Path:
    """Create the folder (and parents) if need be and check that files can be made in it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path, prefix=".maquette-"):
            pass
    except OSError as error:
        raise InputError(f"{path}: cannot be used as an output folder ({error.strerror or error})") from error
    return path
