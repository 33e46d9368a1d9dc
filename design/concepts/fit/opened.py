"""Picture files as people have them: scans, photos of phones, drawings as SVG; opened with bounds, upright.

HEIC and SVG need two small libraries (``pip install 'maquette[pictures]'``). What is larger than is worked on
is reduced while it is opened, and said.
"""

from __future__ import annotations

import io
import logging
import re
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ...errors import InputError, MissingComponentError
from ...files import unreadable
from ...limits import MAX_OPENED_PIXELS, MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS
from ...messages import Message, quoted, say

logger = logging.getLogger(__name__)

#: Pillow's names of what is read
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "PPM", "AVIF")
TOLD = "PNG, JPEG, WebP, TIFF, BMP, GIF, PPM, AVIF, HEIC, SVG"
HOW_TO_GET = "pip install 'maquette[pictures]'"
SVG_SIDE = 1600  # pixels: the longer side of a drawing that has no pixels of its own
_HEIC = re.compile(rb"....ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)", re.S)
_SVG = re.compile(
    rb"\A(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg\b", re.S
)


def read_picture(path: Path) -> Any:
    """A picture file as a Pillow image, upright; `reduced` of its `info`: by how much it was made smaller.

    Raises:
        InputError: missing, too large in bytes or pixels, too small, broken, or of no kind that is read.
        MissingComponentError: HEIC or SVG without the library that opens it.
    """
    try:
        size = path.stat().st_size
        if size > MAX_PICTURE_BYTES:
            raise InputError(f"{path}: {size} bytes; a picture may have at most {MAX_PICTURE_BYTES}")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except OSError as error:
        raise InputError(unreadable(path, error)) from error
    return decode(data, str(path))


def decode(data: bytes, source: str = "picture") -> Any:
    """An encoded picture as a Pillow image; as :func:`read_picture`."""
    from PIL import Image, ImageOps

    if len(data) > MAX_PICTURE_BYTES:
        raise InputError(f"{source}: {len(data)} bytes; a picture may have at most {MAX_PICTURE_BYTES}")
    formats: tuple[str, ...] = FORMATS
    if _SVG.match(data[:4000]):
        data = _drawn_svg(data, source)
    elif _HEIC.match(data[:12]):
        _need("pillow_heif", source, "HEIC")
        import pillow_heif

        pillow_heif.register_heif_opener()
        formats = ("HEIF",)
    # Pillow's own limit is below what phones take
    Image.MAX_IMAGE_PIXELS = max(Image.MAX_IMAGE_PIXELS or 0, MAX_OPENED_PIXELS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=formats) as opened:
                return ImageOps.exif_transpose(_loaded(opened, source))
    except InputError:
        raise
    except Image.DecompressionBombError as error:
        raise InputError(
            say(
                "{source}: more than {most:.0f} million pixels, the most that is read",
                source=source,
                most=MAX_OPENED_PIXELS / 1e6,
            )
        ) from error
    except Exception as error:  # Pillow's decoders raise many kinds on broken files
        raise InputError(_unread(source, error)) from error


def _loaded(opened: Any, source: str) -> Any:
    """The pixels of an opened file, reduced where there are too many."""
    width, height = opened.size
    if width * height > MAX_OPENED_PIXELS:
        raise InputError(
            say(
                "{source}: {width} x {height} pixels; at most {most:.0f} million are read",
                source=source,
                width=width,
                height=height,
                most=MAX_OPENED_PIXELS / 1e6,
            )
        )
    factor = 1
    while width * height > MAX_PICTURE_PIXELS * factor * factor:
        factor += 1
    if (
        factor > 1 and opened.format == "JPEG"
    ):  # decodes at a half, a quarter, an eighth in a fraction of the time
        opened.draft(None, (width // factor, height // factor))
    opened.load()
    opened = opened.copy() if factor == 1 else opened
    left = 1
    while opened.width * opened.height > MAX_PICTURE_PIXELS * left * left:
        left += 1
    if left > 1:
        opened = opened.convert("RGB") if opened.mode in ("1", "P") else opened
        opened = opened.reduce(left)
    if factor > 1:
        logger.warning(
            "%s: %d x %d pixels, read as %d x %d", source, width, height, opened.width, opened.height
        )
    opened.info["reduced"] = width / opened.width
    return opened


def _drawn_svg(data: bytes, source: str) -> bytes:
    """PNG bytes of an SVG drawing, over transparency."""
    _need("resvg_py", source, "SVG")
    import resvg_py

    from ...reading import text_of

    try:
        drawn = bytes(resvg_py.svg_to_bytes(svg_string=text_of(data, source), width=SVG_SIDE))
    except InputError:
        raise
    except Exception as error:
        raise InputError(_unread(source, error)) from error
    return drawn


def _need(module: str, source: str, kind: str) -> None:
    if find_spec(module) is None:
        raise MissingComponentError(
            say("{source}: {kind} needs a library; {how} brings it", source=source, kind=kind, how=HOW_TO_GET)
        )


def _unread(source: str, error: Exception) -> Message:
    """Why a file is no picture, without addresses of objects."""
    from PIL import UnidentifiedImageError

    if isinstance(error, UnidentifiedImageError):
        return say(
            "{source}: not a picture of a kind that is read; formats: {kinds}", source=source, kinds=TOLD
        )
    reason = re.sub(r"<[^>]* at 0x[0-9a-f]+>", "the file", " ".join(str(error).split()))[:120]
    return say(
        "{source}: not a picture that can be read ({why}); formats: {kinds}",
        source=source,
        why=quoted(reason or type(error).__name__),
        kinds=TOLD,
    )
