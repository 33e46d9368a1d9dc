"""The files of concepts: pictures, drawings without colour beside them, and the contact sheets."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...constraints.requirements.quantity import get_quantity
from ...design.errors import InputError
from ...design.family.registry import get_family
from ...design.files import write_bytes, write_text
from ...design.messages import quoted, say
from ..results_concepts import Concept, SketchResult
from .page import sheet_html
from .sheet import Note, grade_of, sheet_png

if TYPE_CHECKING:
    from ...constraints.requirements.brief import ParsedBrief
    from ...design.concepts.artist.draw import Drawing
    from ...design.family.contract import Family
    from .sketching import Sketch


def write_sheets(result: SketchResult, briefs: Sequence[ParsedBrief]) -> None:
    """The PNG and the HTML page, from the concepts' own files."""
    columns = len(briefs) if len(briefs) > 1 else 0
    concepts = result.concepts if columns else best_first(result.concepts)
    pictures = [c.image.read_bytes() for c in concepts]
    title, notes = heading(briefs, result.unknown_words)
    notes += [("bad", line) for line in met_by_none(concepts)]
    write_bytes(result.sheet, sheet_png(concepts, pictures, title, notes, columns))
    write_text(result.page, sheet_html(concepts, pictures, title, notes))


def best_first(concepts: Sequence[Concept]) -> tuple[Concept, ...]:
    """Sketches that keep every rule and hard requirement first, then those that miss fewer; else by number.
    What a body keeps that is not its picture's says nothing of the sketch.
    """

    def missed(concept: Concept) -> tuple[bool, int]:
        hard = sum(v.hard and not v.passed for v in concept.verdicts)
        told = concept.agreement is not None and grade_of(concept.agreement.score) != "bad"
        return concept.design is None or not told, hard + len(concept.broken)

    return tuple(sorted(concepts, key=missed))


def met_by_none(concepts: Sequence[Concept]) -> list[str]:
    """Hard requirements that no sketch of a sheet meets, each with the sketch that comes nearest."""
    lines = []
    judged = [(c.number, v) for c in concepts for v in c.verdicts if v.hard and math.isfinite(v.value)]
    for quantity in dict.fromkeys(v.quantity for _, v in judged):
        rows = [(v.margin, number, v) for number, v in judged if v.quantity == quantity]
        if not any(v.passed for _, _, v in rows):
            _, number, v = min(rows, key=lambda row: row[:2])
            asked = f"{quantity.replace('_', ' ')} {v.requirement.limits}"
            sure = "" if v.probability is None else f", {v.probability:.0%} sure"
            lines.append(f"no sketch meets {asked}; sketch {number} comes nearest: {v.got}{sure}")
    return lines


def heading(briefs: Sequence[ParsedBrief], unknown: Sequence[str]) -> tuple[str, list[Note]]:
    """A sheet's title, and the lines below it: what was asked, of whom, and what nobody understood."""
    title = briefs[0].brief.prompt.strip() or f"{briefs[0].brief.family} concepts"
    notes: list[Note] = []
    for k, parsed in enumerate(briefs):
        brief = parsed.brief
        asked = [f"{r.quantity.replace('_', ' ')} {r.limits}" for r in brief.requirements]
        known = get_family(brief.family)
        asked += [
            f"{name.replace('_', ' ')} fixed at {get_quantity(known, name).shown(value)}"
            for name, value in brief.locks.items()
        ]
        asked += [f"less {name.replace('_', ' ')}" for name in brief.minimise]
        asked += [f"more {name.replace('_', ' ')}" for name in brief.maximise]
        label = f"variant {k}" if k else "asked"
        words = f"{brief.prompt.strip()}: " if k and brief.prompt.strip() else ""
        if asked or k:
            notes.append(("plain", f"{label}: {words}{'; '.join(asked) or 'no limits'}"))
    if unknown:
        notes.append(("bad", f"not understood: {', '.join(unknown)}"))
    return title, notes


def picture_file(folder: Path, number: int) -> Path:
    """Where the picture of a sheet's concept lies."""
    return folder / f"concept_{number}.png"


def onto(folder: Path) -> Callable[[int, Sketch], None]:
    """Puts sketches into `folder` by their numbers, once an earlier sheet's files are out of the way."""
    begun = False

    def put(number: int, sketch: Sketch) -> None:
        nonlocal begun
        if not begun:
            clear_concepts(folder)
            begun = True
        write_sketch(picture_file(folder, number), sketch)

    return put


def write_sketch(image: Path, sketch: Sketch) -> None:
    """The picture, and beside it what it was coloured from."""
    if sketch.drawing is not None:
        write_bytes(drawing_file(image), drawing_png(sketch))
    write_bytes(image, png_of(sketch.picture))


def clear_concepts(folder: Path) -> None:
    """Take an earlier sheet's files away, so that none of them is taken for one of this sheet's."""
    for old in folder.glob("concept_*"):
        if re.fullmatch(r"concept_\d+(\.drawing)?\.(png|json)", old.name):
            old.unlink()


def open_picture(path: Path) -> tuple[Any, float]:
    """A picture file as Pillow image (over white), made smaller where it is large; and how much smaller.

    Raises:
        InputError: missing, too large, or no picture.
    """
    import numpy as np
    from PIL import Image

    from ...design.concepts.fit.opened import read_picture
    from ...design.concepts.fit.picture import working

    opened = read_picture(path)
    rgb, shrink = working(opened, str(path))
    return Image.fromarray(np.round(rgb * 255.0).astype(np.uint8)), shrink * opened.info["reduced"]


def png_of(picture: Any) -> bytes:
    """PNG bytes of a Pillow picture, without time stamps."""
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def drawing_file(image: Path) -> Path:
    """Where the drawing without colour lies beside a concept's picture."""
    return image.with_name(f"{image.stem}.drawing.png")


def drawing_png(sketch: Sketch) -> bytes:
    """Ink and paint as grey and alpha of one PNG, with view, style and palette as text, for restyling."""
    import numpy as np
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    if sketch.drawing is None:
        raise ValueError("a foreign model's sketch has no drawing")
    notes = PngInfo()
    for key, value in (("view", sketch.view), ("style", sketch.style), ("palette", sketch.palette)):
        notes.add_text(f"maquette-{key}", value)
    pixels = np.stack([sketch.drawing.ink, sketch.drawing.paint], axis=-1)
    buffer = io.BytesIO()
    Image.fromarray(pixels, "LA").save(buffer, "PNG", compress_level=6, pnginfo=notes)
    return buffer.getvalue()


def read_drawing(image: Path, family: Family) -> tuple[Drawing, str, str, str] | None:
    """Drawing, view, style and palette that lie beside one of our own concepts; None for any other picture.

    Raises:
        InputError: the file is damaged.
    """
    import numpy as np
    from PIL import Image

    from ...design.concepts.artist.draw import Drawing
    from ...design.concepts.artist.frame import STYLES
    from ...design.concepts.artist.palettes import PALETTES

    place = drawing_file(image)
    if not place.is_file():
        return None
    try:
        with Image.open(place, formats=["PNG"]) as opened:
            if opened.size != family.frame.picture or opened.mode != "LA":
                raise InputError(f"{place}: not one of our drawings ({opened.mode}, {opened.size})")
            pixels = np.asarray(opened)
            said = [str(opened.info.get(f"maquette-{k}", "")) for k in ("view", "style", "palette")]
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(
            say("{path}: cannot be read ({why})", path=place, why=quoted(" ".join(str(error).split())[:100]))
        ) from error
    view, style, palette = (
        value if value in allowed else allowed[0]
        for value, allowed in zip(said, (family.frame.names, STYLES, tuple(PALETTES)), strict=True)
    )
    drawing = Drawing(np.ascontiguousarray(pixels[..., 0]), np.ascontiguousarray(pixels[..., 1]))
    return drawing, view, style, palette
