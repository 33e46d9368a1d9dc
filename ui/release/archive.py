"""Zips of a release: written the same every time, read with suspicion."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from ...design.errors import InputError
from ...design.messages import quoted, say

MAX_ARCHIVE_BYTES = 400_000_000
MAX_CONTENT_BYTES = 800_000_000
MAX_FILES = 64
_EPOCH = (1980, 1, 1, 0, 0, 0)


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of `files` in the order of their names, without clock or user."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def plain_name(name: str) -> bool:
    """True for a file name without folders, drive, hidden start or control characters."""
    return (
        0 < len(name) <= 100
        and name == Path(name).name
        and not name.startswith(".")
        and name.isascii()
        and name.isprintable()
        and not any(c in name for c in '\\/:*?"<>|')
    )


def read_archive(path: Path) -> dict[str, bytes]:
    """Every file of a zip by name, within the limits above.

    Raises:
        InputError: not a zip, damaged, too large, too many files, or a name that leaves the folder.
    """
    try:
        if path.stat().st_size > MAX_ARCHIVE_BYTES:
            raise InputError(f"{path}: larger than {MAX_ARCHIVE_BYTES} bytes")
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_FILES:
                raise InputError(f"{path}: {len(entries)} files; a release has at most {MAX_FILES}")
            names = [entry.filename for entry in entries]
            for name in names:
                if not plain_name(name):
                    raise InputError(f"{path}: holds the name {name!r}; a release has plain file names only")
            if len(set(names)) != len(names):
                raise InputError(f"{path}: holds a name twice")
            budget = MAX_CONTENT_BYTES
            files: dict[str, bytes] = {}
            for entry in entries:
                with archive.open(entry) as file:
                    files[entry.filename] = file.read(budget + 1)
                budget -= len(files[entry.filename])
                if budget < 0:
                    raise InputError(f"{path}: unpacks to more than {MAX_CONTENT_BYTES} bytes")
            return files
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{path}: not a zip that can be read ({error})") from error
    except OSError as error:
        raise InputError(
            say("{path}: cannot be read ({why})", path=path, why=quoted(error.strerror or error))
        ) from error
    except Exception as error:  # zlib.error and friends on damaged streams
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: damaged ({error})") from error


def read_folder(path: Path) -> dict[str, bytes]:
    """Every file of a release folder by name, within the same limits.

    Raises:
        InputError: it cannot be read, is too large, or holds something that is not a plain file.
    """
    files: dict[str, bytes] = {}
    budget = MAX_CONTENT_BYTES
    try:
        for entry in sorted(path.iterdir()):
            if entry.is_symlink() or not entry.is_file():
                raise InputError(f"{entry}: not a plain file; a release holds nothing else")
            if len(files) >= MAX_FILES:
                raise InputError(f"{path}: more than {MAX_FILES} files; a release has fewer")
            budget -= entry.stat().st_size
            if budget < 0:
                raise InputError(f"{path}: more than {MAX_CONTENT_BYTES} bytes")
            files[entry.name] = entry.read_bytes()
    except OSError as error:
        raise InputError(
            say("{path}: cannot be read ({why})", path=path, why=quoted(error.strerror or error))
        ) from error
    return files
