"""What leaves the program: output folders, JSON on disk and on stdout, stdout kept clean."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from ..design.errors import InputError
from ..design.files import make_folder, write_text
from ..design.limits import MIN_FREE_BYTES


def prepare_folder(path: Path, free_bytes: int = MIN_FREE_BYTES) -> Path:
    """Make an output folder and make sure, before hours of work, that it can be written.

    Raises:
        InputError: it is a file, cannot be made or written, or its disk has less than `free_bytes` free.
    """
    folder = make_folder(path)
    free = shutil.disk_usage(folder).free
    if free < free_bytes:
        raise InputError(
            f"{path}: its disk has {free / 1e6:.1f} MB free; at least {free_bytes / 1e6:.0f} MB needed"
        )
    return folder.resolve()


def write_json(data: Any, path: Path) -> Path:
    """Write `data` (see :func:`plain`) as JSON, whole or not at all."""
    write_text(path, json.dumps(plain(data), indent=2, allow_nan=False) + "\n")
    return path


def plain(value: Any) -> Any:  # noqa: PLR0911 - one line a kind
    """`value` as plain JSON: records become objects, paths text, and numbers that are not finite null."""
    if hasattr(value, "to_json"):
        return plain(value.to_json())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v) for v in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):  # NumPy scalars and arrays
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    raise TypeError(f"no JSON for {type(value).__name__}")


@contextmanager
def clean_stdout() -> Iterator[TextIO]:
    """The real stdout, while everything else that is printed, by C++ libraries too, goes to stderr."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:  # started with stdout closed
        yield sys.stdout
        return
    stdout = sys.stdout
    os.dup2(2, 1)
    with os.fdopen(kept, "w", encoding="utf-8", errors="replace") as real:
        sys.stdout = sys.stderr
        try:
            yield real
            real.flush()
        finally:
            sys.stdout = stdout
            os.dup2(kept, 1)
