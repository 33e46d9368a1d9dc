"""What the tests of the Chinese pages share: is a text Chinese, and what does a person read of a page?"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import numpy as np

from maquette.design.family.contract import Family
from maquette.ui.messages.translate import translated

CJK = re.compile(r"[一-鿿]")
#: what people wrote, commands and file names stay as they are
KEPT = re.compile(r"'[^']*'|“[^”]*”|`[^`]*`|\S+\.(?:json|svg|html|py|step|stl|glb|png)|[0-9a-f]{6,}|--\w+")
ALLOWED = {
    "mm", "cm", "m", "l", "kg", "s", "MB", "GiB", "SUV", "CFD", "CAD", "STEP", "GLB", "STL", "SHA", "JSON",
    "PNG", "JPEG", "WebP", "Cd", "Cl", "Ahmed", "Maquette", "OpenFOAM", "SAE", "ISO", "NHTSA", "CFR", "A",
    "UN", "R", "V", "H", "x", "p", "L", "W", "J", "nan", "inf", "True", "None", "at_most", "at_least",
    "between", "schema_version", "parameters", "provenance", "notes", "edits", "family", "TIFF", "BMP", "GIF",
    "PPM", "AVIF", "HEIC", "SVG",
}  # fmt: skip


def english_in(text: str) -> list[str]:
    """Words that ought to be Chinese."""
    plain = KEPT.sub(" ", text)
    return [w for w in re.findall(r"[A-Za-z_]+", plain) if w not in ALLOWED]


def chinese(text: str, ends: bool = True) -> str:
    """The Chinese of an engine text, checked."""
    made = translated(text, "zh")
    assert CJK.search(made), f"no Chinese for: {text}"
    assert not english_in(made), f"{english_in(made)} left in {made!r}, from: {text}"
    assert not ends or made.endswith(("。", "？")), f"no full stop: {made!r}, from: {text}"
    assert "。。" not in made
    assert translated(made, "zh") == made, "Chinese is changed when it is said again"
    return made


def visible(markup: str) -> str:
    """What a person reads: text, titles and labels."""
    titles = " ".join(re.findall(r'(?:title|aria-label)="([^"]*)"', markup))
    return html.unescape(re.sub(r"<[^>]*>", " ", markup) + " " + titles)


def corners(family: Family, seed: int) -> Iterator[dict[str, float]]:
    """Designs with every parameter at an end of its range: nearly all of them break rules."""
    rng = np.random.default_rng(seed)
    while True:
        yield {p.name: float(rng.choice([p.range.low, p.range.high])) for p in family.parameters}
