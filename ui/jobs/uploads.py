"""What people send in: judged by its content, never by its name, and kept under a name of our own."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

from ...design.errors import InputError
from ...design.family.records import Design
from ...design.files import write_bytes
from ...design.limits import MIN_PICTURE_SIDE
from ...design.messages import quoted, say
from ...design.reading import text_of
from .places import new_id, private_folder

MAX_IMAGE_BYTES = 20_000_000  # a large photo
MAX_DESIGN_BYTES = 1_000_000  # a design file is some kilobytes
MAX_UPLOADS = 200  # files of one session
#: how files begin that browsers show as they are, and their endings
SHOWN = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"), (b"RIFF", "webp"))


@dataclass(frozen=True)
class Upload:
    """A file that was taken in.

    Attributes:
        path: where it lies now, in the session's folder. kind: ``picture`` or ``design``.
        size: (width, height) of a picture, pixels. design: what a design file holds.
    """

    path: Path
    kind: str
    size: tuple[int, int] | None = None
    design: Design | None = None


def accept_upload(source: str | Path, folder: Path) -> Upload:
    """Check a file by its content and copy it into the session's `folder` under a name of our own.

    Args:
        source: where the web server has put what was sent.
        folder: of the session (``Sessions.folder(id)``); the file goes to ``files`` in it.

    Raises:
        InputError: too large, neither a picture nor a design, damaged; the sentence says what is allowed.
    """
    given = Path(source)
    try:
        if not given.is_file():
            raise InputError(say("the upload is no file; allowed: a picture or a design file (.json)"))
        size = given.stat().st_size
        if size > MAX_IMAGE_BYTES:
            raise InputError(
                say(
                    "the file has {size:.0f} MB; allowed: pictures up to {picture:.0f} MB, design files up "
                    "to {design:.0f} MB",
                    size=size / 1e6,
                    picture=MAX_IMAGE_BYTES / 1e6,
                    design=MAX_DESIGN_BYTES / 1e6,
                )
            )
        data = given.read_bytes()
    except OSError as error:
        raise InputError(
            say("the upload cannot be read ({why})", why=quoted(error.strerror or error))
        ) from error
    files = private_folder(folder / "files")
    if sum(1 for _ in files.iterdir()) >= MAX_UPLOADS:
        raise InputError(
            say("this session has {uploads} uploads already; open a new session", uploads=MAX_UPLOADS)
        )
    if _like_a_table(data):
        design = _design(data, given.name)
        path = files / f"{new_id()}.json"
        write_bytes(path, (json.dumps(design.to_json(), indent=2) + "\n").encode("utf-8"))
        return Upload(path, "design", design=design)
    data, ending, size_shown = _picture(data, given.name)
    path = files / f"{new_id()}.{ending}"
    write_bytes(path, data)
    return Upload(path, "picture", size=size_shown)


def _like_a_table(data: bytes) -> bool:
    """Whether a file begins like JSON, in whatever encoding."""
    try:
        return text_of(data[:400] if len(data) > 400 else data, "").lstrip()[:1] == "{"
    except InputError:
        return False


def _design(data: bytes, name: str) -> Design:
    """The design in a file of that name, complete and inside its family's ranges."""
    from ..inputs import uploaded_design

    if len(data) > MAX_DESIGN_BYTES:
        raise InputError(
            say(
                "the design file has {size:.1f} MB; at most {most:.0f} MB",
                size=len(data) / 1e6,
                most=MAX_DESIGN_BYTES / 1e6,
            )
        )
    return uploaded_design(text_of(data, name), name)


def _picture(data: bytes, name: str) -> tuple[bytes, str, tuple[int, int]]:
    """A whole picture within bounds, its ending and its size; as PNG where browsers do not show it."""
    from ...design.concepts.fit.opened import decode

    opened = decode(data, name)
    if min(opened.size) < MIN_PICTURE_SIDE:
        raise InputError(
            say(
                "the picture has {width} x {height} pixels; at least {least} on each side",
                width=opened.width,
                height=opened.height,
                least=MIN_PICTURE_SIDE,
            )
        )
    ending = next((end for begin, end in SHOWN if data.startswith(begin)), "")
    if ending and opened.info["reduced"] == 1.0:
        return data, ending, opened.size
    buffer = io.BytesIO()
    opened.save(buffer, "PNG")
    return buffer.getvalue(), "png", opened.size
