"""Zips of a release: written the same every time, read with suspicion.

Finder, Explorer and zip programs leave files of their own and pack a folder with its name: neither is the
release's, and neither spoils it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...design.errors import InputError
from ...design.files import unreadable

MAX_ARCHIVE_BYTES = 400_000_000
MAX_CONTENT_BYTES = 800_000_000
MAX_FILES = 64
#: what file managers leave in folders, in lower case, and how more of it begins
LITTER = frozenset(
    {".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", ".localized", "icon\r"}
)
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


def litter(name: str) -> bool:
    """Whether a file or folder, or one that it lies in, is a file manager's own."""
    parts = name.lower().replace("\\", "/").split("/")
    return any(part in LITTER or part.startswith(("._", ".maquette-")) for part in parts)


def _shared_folder(names: Sequence[str]) -> str:
    """The folder that every name lies in, with its slash; "" where there is none."""
    tops = {name.split("/", 1)[0] for name in names if "/" in name}
    if len(tops) != 1 or not all("/" in name for name in names):
        return ""
    top = tops.pop()
    return "" if top in ("", ".", "..") else f"{top}/"


def read_archive(path: Path) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Every file of a zip by name, within the limits above, and the names of file managers' own.

    The files may lie in one folder of the zip.

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
            extras = tuple(entry.filename for entry in entries if litter(entry.filename))
            entries = [e for e in entries if not e.is_dir() and e.filename not in extras]
            folder = _shared_folder([entry.filename for entry in entries])
            names = [entry.filename.removeprefix(folder) for entry in entries]
            for name in names:
                if not plain_name(name):
                    raise InputError(f"{path}: holds the name {name!r}; a release has plain file names only")
            if len(set(names)) != len(names):
                raise InputError(f"{path}: holds a name twice")
            budget = MAX_CONTENT_BYTES
            files: dict[str, bytes] = {}
            for name, entry in zip(names, entries, strict=True):
                with archive.open(entry) as file:
                    files[name] = file.read(budget + 1)
                budget -= len(files[name])
                if budget < 0:
                    raise InputError(f"{path}: unpacks to more than {MAX_CONTENT_BYTES} bytes")
            return files, extras
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{path}: not a zip that can be read ({error})") from error
    except OSError as error:
        raise InputError(unreadable(path, error)) from error
    except Exception as error:  # zlib.error and friends on damaged streams
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: damaged ({error})") from error


def read_folder(path: Path) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Every file of a release folder by name, within the same limits, and the names of file managers' own.

    The files may lie in one folder inside.

    Raises:
        InputError: it cannot be read, is too large, or holds something that is not a plain file.
    """
    files: dict[str, bytes] = {}
    budget = MAX_CONTENT_BYTES
    try:
        entries = sorted(path.iterdir())
        extras = tuple(entry.name for entry in entries if litter(entry.name))
        entries = [entry for entry in entries if entry.name not in extras]
        if len(entries) == 1 and entries[0].is_dir() and not entries[0].is_symlink():
            inside, more = read_folder(entries[0])
            return inside, (*extras, *more)
        for entry in entries:
            if entry.is_symlink() or not entry.is_file():
                raise InputError(f"{entry}: not a plain file; a release holds nothing else")
            if len(files) >= MAX_FILES:
                raise InputError(f"{path}: more than {MAX_FILES} files; a release has fewer")
            budget -= entry.stat().st_size
            if budget < 0:
                raise InputError(f"{path}: more than {MAX_CONTENT_BYTES} bytes")
            files[entry.name] = entry.read_bytes()
    except OSError as error:
        raise InputError(unreadable(path, error)) from error
    return files, extras
