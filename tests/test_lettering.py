"""Letters on pictures: whatever people write in Latin letters is drawn, not boxed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from maquette.design.rendering.lettering import FIRST_CHINESE, font_for

#: the printable characters of Latin-1, and what our own texts hold beside them
LATIN_1 = [chr(c) for c in (*range(0x21, 0x7F), *range(0xA1, 0x100)) if c != 0xAD]
OURS = "–—…‘’“”≤≥°²³±×·"
MISSING = "\uffff"  # no font has it: what is drawn instead is the box


def drawn(text: str, beside: str = "") -> bytes:
    """The pixels of a text in the font for it and what stands beside it."""
    picture = Image.new("L", (80, 40), 255)
    ImageDraw.Draw(picture).text((8, 6), text, fill=0, font=font_for(text + beside, 20))
    return np.asarray(picture).tobytes()


@pytest.mark.parametrize("letter", [*LATIN_1, *OURS])
def test_every_letter_of_latin_1_has_a_shape(letter: str) -> None:
    """In `café` the last letter was a box: the font for plain text has none with accents."""
    assert drawn(letter) != drawn(MISSING, letter)
    assert drawn(letter) != drawn(" ", letter)


def test_accents_are_seen() -> None:
    assert drawn("é") != drawn("e", "é")
    assert drawn("É") != drawn("E", "É")


def test_plain_text_keeps_the_plain_font_and_chinese_needs_another() -> None:
    assert font_for("a chair", 20).getname() == font_for("chair 2", 20).getname()
    assert font_for("café", 20).getname() != font_for("cafe", 20).getname()
    assert FIRST_CHINESE < "椅"
