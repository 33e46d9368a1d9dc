"""Letters for pictures: a font that has the characters of a text, from what is installed with the program."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: fonts of the machine's with Chinese characters: none is installed with the program
CHINESE = (
    "NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "wqy-microhei.ttc", "msyh.ttc", "PingFang.ttc",
)  # fmt: skip
FIRST_CHINESE = "⺀"
LAST_PLAIN = "~"  # what Pillow's own font has


def font_for(text: str, size: int) -> Any:
    """Pillow's own font for plain text, one with accents and signs or with Chinese where it needs one."""
    if any(c >= FIRST_CHINESE for c in text) and chinese(size) is not None:
        return chinese(size)
    return _accented(size) if any(c > LAST_PLAIN for c in text) else _plain(size)


@cache
def chinese(size: int) -> Any:
    """A font of the machine's with Chinese characters; None where there is none."""
    from PIL import ImageFont

    for name in CHINESE:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return None


@cache
def _plain(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)


@cache
def _accented(size: int) -> Any:
    """DejaVu Sans, which lies in matplotlib, which VTK brings; Pillow's own font should that ever change."""
    from PIL import ImageFont

    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return _plain(size)
    path = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
    return ImageFont.truetype(path, size) if path.is_file() else _plain(size)
