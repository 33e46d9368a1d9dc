"""The contact sheet of concepts: one PNG to look at, print and pass round.

Each cell holds the drawing at its full size, how well its body agrees, the prediction with its interval
and domain, and every requirement as a mark in words and colour.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...constraints.requirements.quantity import shown
from ...design.messages import named
from ...design.rendering.lettering import FIRST_CHINESE, chinese, font_for
from ..results_concepts import Concept, Figure
from ..workbench import first_of, headline_of

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

    from ...surrogate.studies.contract import Output

Colour = tuple[int, int, int]
Note = tuple[str, str]

PAPER, CARD, INK, SOFT, LINE = (
    (241, 240, 236),
    (255, 255, 255),
    (28, 31, 36),
    (104, 110, 120),
    (222, 222, 217),
)
GOOD, GOOD_TINT = (17, 113, 63), (228, 243, 234)
BAD, BAD_TINT = (179, 38, 30), (251, 232, 230)
WARN, WARN_TINT = (138, 90, 0), (253, 243, 220)
BLUE = (38, 74, 120)

#: width of a cell, pixels: of drawings that need more than the narrow one, and of others
WIDE, NARROW = 768, 560
MARGIN = 36  # pixels kept round what is drawn
PALE = 10  # of 255: how far a drawing is at least from its paper
GAP, PAD = 28, 20
SPAN, FIRST = 230, 390  # of the first result's axis, and from its value to its words
TEXT, SMALL, BIG, TITLE = 20, 17, 26, 38
MARK_H, MARK_GAP = 30, 8
STYLE_NAMES = {"ink": "ink line", "marker": "marker", "soft": "soft shading"}


def sheet_png(
    concepts: Sequence[Concept],
    pictures: Sequence[bytes],
    title: str,
    notes: Sequence[Note],
    columns: int = 0,
) -> bytes:
    """The sheet.

    Args:
        concepts: in order. pictures: PNG of each, the same order.
        title: the words that were drawn.
        notes: lines under the title: (``plain``, ``good`` or ``bad``, text).
        columns: pictures in a row; by their number when 0.
    """
    from PIL import Image, ImageDraw

    shown = _cut(pictures)
    cell = (WIDE if shown[0].width > NARROW else NARROW, shown[0].height)
    if not columns:
        n = len(concepts)
        columns = 1 if n == 1 else 2 if n in (2, 4) or (cell[0] == WIDE and n <= 8) else 3
    rows = -(-len(concepts) // columns)
    pen = _Pen(ImageDraw.Draw(Image.new("RGB", (8, 8))))
    width = columns * (cell[0] + GAP) + GAP
    captions = [_Caption(pen, c, cell[0]) for c in concepts]
    foot = [
        max(captions[k].height for k in range(r * columns, min((r + 1) * columns, len(concepts))))
        for r in range(rows)
    ]
    head = _Head(pen, title, notes, width - 2 * GAP)
    height = head.height + sum(cell[1] + f + GAP for f in foot) + GAP
    sheet = Image.new("RGB", (width, height), PAPER)
    pen = _Pen(ImageDraw.Draw(sheet))
    head.draw(pen, GAP, GAP)
    y = head.height
    for r in range(rows):
        for k in range(r * columns, min((r + 1) * columns, len(concepts))):
            x = GAP + (k - r * columns) * (cell[0] + GAP)
            _card(sheet, pen, (x, y), cell, foot[r], concepts[k], shown[k])
            captions[k].draw(pen, x, y + cell[1])
        y += cell[1] + foot[r] + GAP
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def _cut(pictures: Sequence[bytes]) -> list[Image]:
    """The pictures, paper that is empty on all of them cut away: what they show stays to one scale."""
    from PIL import Image, ImageChops, ImageOps

    whole = [Image.open(io.BytesIO(p)).convert("RGB") for p in pictures]
    if len({p.size for p in whole}) > 1:
        return [ImageOps.pad(p, (WIDE, WIDE // 2), color=p.getpixel((0, 0))) for p in whole]
    boxes = []
    for picture in whole:
        paper = Image.new("RGB", picture.size, picture.getpixel((0, 0)))
        apart = ImageChops.difference(picture, paper).convert("L").point(lambda v: 255 * (v > PALE))
        boxes.append(apart.getbbox() or (0, 0, *picture.size))
    left, top, right, bottom = (pick(b[k] for b in boxes) for k, pick in enumerate((min, min, max, max)))
    box = (left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN)
    return [_within(p, box) for p in whole]


def _within(picture: Image, box: tuple[int, int, int, int]) -> Image:
    """Part of a picture, as far as it reaches, no larger than a wide cell."""
    part = picture.crop(
        (max(box[0], 0), max(box[1], 0), min(box[2], picture.width), min(box[3], picture.height))
    )
    part.thumbnail((WIDE, WIDE))
    return part


def caption_of(concept: Concept) -> str:
    """``side view, ink line, graphite``."""
    style = STYLE_NAMES.get(concept.style, concept.style)
    view = f"{concept.view.replace('_', '-')} view" if concept.view else ""
    variant = f"variant {concept.variant}" if concept.variant else ""
    return ", ".join(p for p in (variant, view, style, concept.palette) if p)


def mark_of(verdict: Any) -> str:
    """A requirement in as few words as it takes: ``overall length 4652 mm``."""
    label = verdict.quantity.replace("_", " ")
    wish = "" if verdict.hard else " (wish)"
    if verdict.value is None or verdict.value != verdict.value:
        return f"{label} unknown{wish}"
    if verdict.requirement.kinds:
        return f"{label} {verdict.got}{wish}"
    sure = "" if verdict.probability is None else f", {verdict.probability:.0%} sure"
    if verdict.likely:
        sure = f", likely, {verdict.probability:.0%}"
    return f"{label} {_value(verdict.value, verdict.unit)}{sure}{wish}"


def _value(value: float, unit: str) -> str:
    """A value in three digits or so, with its unit."""
    size = abs(value)
    digits = 3 if unit in ("1", "m2", "m3") else 0 if size >= 100.0 else 1 if size >= 10.0 else 2
    return f"{value:.{digits}f}{'' if unit == '1' else ' ' + unit}"


def figure_of(figure: Figure) -> str:
    """What words came to: ``wheelbase 1062 mm (asked: long)``."""
    return f"{named(figure.quantity)} {_value(figure.value, figure.unit)} (asked: {figure.words})"


def marks_of(concept: Concept) -> list[Note]:
    """What holds, is missed or cannot be, each with its kind: requirements, then what words came to
    (``plain``) and what stands in the way."""
    marks: list[Note] = [
        ("good" if v.passed else "bad" if v.hard and not v.likely else "warn", mark_of(v))
        for v in concept.verdicts
    ]
    marks += [("plain", figure_of(f)) for f in concept.figures]
    marks += [("bad", f"breaks the rule {b.rule}") for b in concept.broken]
    marks += [("bad", f"no body: {concept.fault}")] if concept.fault else []
    return marks + [("warn", f"not in the body: {text}") for text in concept.not_representable]


def grade_of(score: float) -> str:
    """``good``, ``warn`` or ``bad``: how far a body may be taken for its picture."""
    return "good" if score >= 0.92 else "warn" if score >= 0.8 else "bad"


class _Pen:
    """Text and marks on one picture."""

    def __init__(self, draw: ImageDraw) -> None:
        self.draw = draw

    def width(self, text: str, size: int) -> float:
        """Pixels that `text` takes."""
        return float(self.draw.textlength(text, font=font_for(text, size)))

    def text(self, x: float, y: float, text: str, size: int, colour: Colour, anchor: str = "lm") -> None:
        """`text` with its middle at height y."""
        self.draw.text((x, y), text, fill=colour, font=font_for(text, size), anchor=anchor)

    def fitted(self, text: str, size: int, room: float) -> str:
        """`text`, cut where it does not fit."""
        if self.width(text, size) <= room:
            return text
        while text and self.width(text + " ...", size) > room:
            text = text[:-1]
        return text.rstrip() + " ..."

    def wrapped(self, text: str, size: int, room: float, most: int) -> list[str]:
        """`text` in at most `most` lines."""
        lines: list[str] = []
        line = ""
        words = text.split()
        for k, word in enumerate(words):
            longer = f"{line} {word}".strip()
            if line and self.width(longer, size) > room:
                if len(lines) == most - 1:
                    return [*lines, self.fitted(" ".join([line, *words[k:]]), size, room)]
                lines.append(line)
                longer = word
            line = longer
        return [*lines, self.fitted(line, size, room)] if line else lines

    def tick(self, x: float, y: float, good: bool) -> None:
        """A tick or a cross, drawn: fonts do not have them everywhere."""
        if good:
            self.draw.line([(x - 6, y), (x - 2, y + 5), (x + 6, y - 6)], GOOD, 3, joint="curve")
            return
        self.draw.line([(x - 5, y - 5), (x + 5, y + 5)], BAD, 3)
        self.draw.line([(x - 5, y + 5), (x + 5, y - 5)], BAD, 3)


class _Head:
    """The sheet's title and the lines below it."""

    def __init__(self, pen: _Pen, title: str, notes: Sequence[Note], room: float) -> None:
        shown = title
        if any(c >= FIRST_CHINESE for c in title) and chinese(TITLE) is None:
            shown = "".join(c if c < FIRST_CHINESE else " " for c in title).strip()
            notes = [*notes, ("plain", "this machine has no Chinese font: the words are in sheet.html")]
        self._title = pen.wrapped(shown, TITLE, room, 2)
        self._notes = [
            (kind, line) for kind, text in notes for line in pen.wrapped(text, TEXT, room, 2) if text
        ]
        self.height = GAP + round(1.3 * TITLE) * len(self._title) + 30 * len(self._notes) + GAP

    def draw(self, pen: _Pen, x: float, y: float) -> None:
        """Write it, the upper left corner at (x, y)."""
        for line in self._title:
            pen.text(x, y + TITLE / 2, line, TITLE, INK)
            y += round(1.3 * TITLE)
        for kind, line in self._notes:
            pen.text(x, y + TEXT / 2 + 4, line, TEXT, {"bad": BAD, "good": GOOD}.get(kind, SOFT))
            y += 30


class _Caption:
    """What stands below one drawing."""

    def __init__(self, pen: _Pen, concept: Concept, width: int) -> None:
        self._concept, self._width = concept, width
        self._rows = _mark_rows(pen, concept, width)
        self._narrow = width < WIDE  # a first result takes two lines, and no bar stands by the agreement
        first = 0 if not _first(concept) else 104 if self._narrow else 52
        self.height = PAD + 34 + first + (MARK_H + MARK_GAP) * len(self._rows) + PAD

    def draw(self, pen: _Pen, x: int, y: int) -> None:
        """Write it below the drawing, whose lower left corner is (x, y)."""
        c = self._concept
        y += PAD
        pen.text(x + PAD, y + 14, caption_of(c), TEXT, SOFT)
        if c.agreement is not None:
            _agreement(pen, x + self._width - PAD, y + 14, c.agreement.score, bar=not self._narrow)
        y += 34
        first = _first(c)
        output = None if c.design is None else headline_of(c.design.family)
        if first is not None and output is not None:
            aside = (0, 52) if self._narrow else (FIRST, 0)
            _first_line(pen, x + PAD, y + 20, first, output, _limit(c, output.name), aside)
            y += 104 if self._narrow else 52
        for row in self._rows:
            at = float(x + PAD)
            for kind, text in row:
                at = _mark(pen, at, y, kind, text) + MARK_GAP
            y += MARK_H + MARK_GAP


def _card(
    sheet: Image,
    pen: _Pen,
    at: tuple[int, int],
    cell: tuple[int, int],
    foot: int,
    concept: Concept,
    drawing: Image,
) -> None:
    """The drawing in its cell, room of `foot` below it, framed and numbered."""
    (x, y), (across, down) = at, cell

    edge, wide = (BLUE, 4) if concept.chosen else (LINE, 1)
    box = (x - wide, y - wide, x + across + wide - 1, y + down + foot + wide - 1)
    pen.draw.rectangle(box, CARD, edge, wide)
    sheet.paste(drawing.resize((1, 1), box=(0, 0, 2, 2)).resize(cell), (x, y))
    sheet.paste(drawing, (x + (across - drawing.width) // 2, y + (down - drawing.height) // 2))
    pen.draw.line([(x, y + down), (x + across, y + down)], LINE, 1)
    label = f"{concept.number}" + (" chosen" if concept.chosen else "")
    length = round(pen.width(label, BIG)) + 26
    pen.draw.rounded_rectangle((x + 14, y + 14, x + 14 + length, y + 52), 19, BLUE if concept.chosen else INK)
    pen.text(x + 14 + length / 2, y + 33, label, BIG, CARD, "mm")


def _agreement(pen: _Pen, right: float, y: float, score: float, bar: bool) -> None:
    """``body agrees 0.97``, with a bar of ten parts where asked, ending at `right`."""
    colour = {"good": GOOD, "warn": WARN, "bad": BAD}[grade_of(score)]
    text = f"body agrees {score:.2f}" if bar else f"agrees {score:.2f}"
    pen.text(right, y, text, TEXT, colour, "rm")
    if not bar:
        return
    left = right - pen.width(text, TEXT) - 12 - 100
    pen.draw.rounded_rectangle((left, y - 4, left + 100, y + 4), 4, LINE)
    filled = 100 * min(max(score, 0.0), 1.0)
    if filled >= 8:
        pen.draw.rounded_rectangle((left, y - 4, left + filled, y + 4), 4, colour)


def _first(concept: Concept) -> Any:
    return None if concept.design is None else first_of(concept.predictions, concept.design.family)


def _limit(concept: Concept, quantity: str) -> float | None:
    asked = [v.requirement for v in concept.verdicts if v.quantity == quantity]
    return next((r.at_least if r.at_most is None else r.at_most for r in asked), None)


def _first_line(
    pen: _Pen,
    x: float,
    y: float,
    p: Any,
    output: Output,
    limit: float | None,
    aside: tuple[float, float],
) -> None:
    """Value, interval as a whisker on the axis that every sheet of the family shares (the limit as a red
    line), and `aside` from where it begins the interval and the domain in words."""
    words = (x + aside[0], y + aside[1])
    colour = INK if p.in_domain else WARN
    pen.text(x, y, f"{output.symbol or output.name} {shown(p.value, p.unit)}", BIG, colour)
    x += FIRST - SPAN - 20
    low, high = output.axis

    def at(value: float) -> float:
        return x + SPAN * min(max((value - low) / (high - low), 0.0), 1.0)

    pen.draw.line([(x, y), (x + SPAN, y)], LINE, 2)
    step = 10.0 ** math.floor(math.log10(high - low))
    for tick in (k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)):
        pen.draw.line([(at(tick), y - 4), (at(tick), y + 4)], LINE, 2)
    pen.draw.line([(at(p.lower), y), (at(p.upper), y)], colour, 4)
    pen.draw.ellipse((at(p.value) - 7, y - 7, at(p.value) + 7, y + 7), colour)
    if limit is not None:
        pen.draw.line([(at(limit), y - 13), (at(limit), y + 13)], BAD, 2)
    inside = "inside what was simulated" if p.in_domain else "OUTSIDE what was simulated"
    interval = f"{shown(p.lower, p.unit)} to {shown(p.upper, p.unit)}, {p.coverage:.0%} interval"
    pen.text(words[0], words[1] - 10, interval, SMALL, SOFT)
    pen.text(
        words[0], words[1] + 11, f"{inside} ({p.distance:.2f}; edge 1)", SMALL, SOFT if p.in_domain else WARN
    )


def _mark_rows(pen: _Pen, concept: Concept, width: int) -> list[list[Note]]:
    """Marks in rows that fit."""
    rows: list[list[Note]] = []
    room = 0.0
    for kind, full in marks_of(concept):
        text = pen.fitted(full, SMALL, width - 2 * PAD - 50)
        need = _mark_width(pen, text) + MARK_GAP
        if not rows or need > room:
            rows.append([])
            room = width - 2 * PAD + MARK_GAP
        rows[-1].append((kind, text))
        room -= need
    return rows


def _mark_width(pen: _Pen, text: str) -> float:
    return pen.width(text, SMALL) + 44


def _mark(pen: _Pen, x: float, y: float, kind: str, text: str) -> float:
    """One mark with its left edge at x; returns its right edge."""
    colour, tint = {
        "good": (GOOD, GOOD_TINT),
        "bad": (BAD, BAD_TINT),
        "warn": (WARN, WARN_TINT),
        "plain": (INK, PAPER),
    }[kind]
    right = x + _mark_width(pen, text)
    pen.draw.rounded_rectangle((x, y, right, y + MARK_H), 8, tint)
    if kind == "plain":
        pen.text(x + 17, y + MARK_H / 2, "=", SMALL + 3, SOFT, "mm")
    elif kind == "warn":
        pen.text(x + 17, y + MARK_H / 2, "!", SMALL + 3, WARN, "mm")
    else:
        pen.tick(x + 17, y + MARK_H / 2, kind == "good")
    pen.text(x + 32, y + MARK_H / 2, text, SMALL, colour)
    return right
