"""What the verbs about pictures return: concepts with their bodies, and the body of one picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..design.family.records import Design
from .results import DONE, FAILED, Result


@dataclass(frozen=True)
class Likeness:
    """How well a body agrees with the picture that it was read from, measured on the picture as drawn.

    Attributes:
        iou: overlap of the two silhouettes over their union, 0 to 1.
        line_distance_px: typical distance of the feature lines, pixels of the finished drawing.
        score: both as one number, 0 to 1.
    """

    iou: float
    line_distance_px: float
    score: float


@dataclass(frozen=True)
class Figure:
    """What words without a figure came to on a body: `value` of `quantity` in `unit`, asked in `words`."""

    quantity: str
    value: float
    unit: str
    words: str


@dataclass(frozen=True)
class Concept:
    """One sketch of a sheet and the body that it shows.

    Attributes:
        number: 1 for the first of the sheet.
        image: the drawing (PNG). file: the design file of its body.
        design: the body that was read from the drawing, None when none was found (`fault` says why).
        agreement: of drawing and body.
        view, style, palette: of the drawing.
        words: the brief that it was drawn for.
        verdicts: every requirement of that brief, judged on the body (fast mesh, surrogate).
        predictions: of the body, with interval, domain and evidence.
        broken: rules of the family that the body breaks.
        feasible: every hard requirement holds and no rule is broken.
        not_representable: what of the drawing the family has no parameters for.
        unknown_words: words of the brief that changed nothing.
        variant: 0 for the brief itself, k for its k-th variant.
        chosen: the concept that `maquette design` went on with.
        figures: what the brief asks for in words alone, as it is on the body.
    """

    number: int
    image: Path
    view: str
    style: str
    palette: str
    words: str
    design: Design | None
    file: Path | None
    agreement: Likeness | None
    predictions: Mapping[str, Any] = field(default_factory=dict)
    verdicts: tuple[Any, ...] = ()
    broken: tuple[Any, ...] = ()
    feasible: bool = False
    not_representable: tuple[str, ...] = ()
    unknown_words: tuple[str, ...] = ()
    fault: str = ""
    variant: int = 0
    chosen: bool = False
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class SketchResult(Result):
    """A concept sheet.

    Attributes:
        concepts: in the order of the sheet.
        unknown_words: words of the brief that mean nothing, or that the model has not learned.
        understood: phrases and what they became, of both.
        sheet, page: the contact sheet as PNG and as a self-contained HTML page.
        steering: the numbers that were given to the drawing itself, by quantity.
        model: what drew.
        seed: the same seed draws the same sheet.
        seconds: by stage, and the total.
    """

    concepts: tuple[Concept, ...]
    unknown_words: tuple[str, ...]
    understood: tuple[Any, ...]
    sheet: Path
    page: Path
    steering: Mapping[str, Mapping[str, float]]
    locks: Mapping[str, float | str]
    model: str
    seed: int
    out: Path
    seconds: Mapping[str, float]

    @property
    def exit_code(self) -> int:
        """0 when every sketch has a body. Verdicts are reported only: a sheet is there to choose from."""
        return DONE if all(c.design is not None for c in self.concepts) else FAILED


@dataclass(frozen=True)
class RestyleResult(Result):
    """A design drawn in the manner of a sketch: the drawing, and how well it agrees with the design."""

    image: Path
    design: Design
    agreement: Likeness
    view: str
    style: str
    palette: str
    model: str
    out: Path
    seconds: Mapping[str, float]


@dataclass(frozen=True)
class BodyResult(Result):
    """The body of somebody's picture.

    Attributes:
        design, file: the body and its design file.
        agreement: of picture and body, on the picture as it is.
        view: the view that the picture was taken for. mirrored: its nose points to the right.
        mm_per_px: scale of the picture, as given or as fitted.
        reader: the model whose encoder read it, "" when the fit began at the family's named bodies.
        unsure: parameters that the picture says little about.
        sigma: standard deviation of each parameter, as a share of half its range.
        not_representable: what the family has no parameters for, in words.
        broken: rules of the family that the body breaks.
        predictions: of the body.
        comparison: the picture with the body's outline over it. rendered: the body in the same view.
    """

    design: Design
    file: Path
    agreement: Likeness
    view: str
    mirrored: bool
    mm_per_px: float
    reader: str
    unsure: tuple[str, ...]
    sigma: Mapping[str, float]
    not_representable: tuple[str, ...]
    broken: tuple[Any, ...]
    predictions: Mapping[str, Any]
    comparison: Path
    rendered: Path
    out: Path
    seconds: Mapping[str, float]

    @property
    def exit_code(self) -> int:
        """1 when the body breaks a rule of its family: it cannot be built as it is."""
        return FAILED if self.broken else DONE


@dataclass(frozen=True)
class Frame:
    """A design on the way from the start of a search to its end.

    Attributes:
        share: of the way, 0 to 1. values: of the design.
        kept: overlap (intersection over union) of its silhouette with the start's, 1 is the same.
        numbers: what the brief asks about, by quantity.
        missed: hard requirements and rules that do not hold there.
    """

    share: float
    values: Mapping[str, float]
    kept: float
    numbers: Mapping[str, float]
    missed: tuple[str, ...]


@dataclass(frozen=True)
class Journey:
    """From start to end: `strip` is the picture (None where none can be drawn), `view` the silhouettes';
    `told` says what was given up for what."""

    strip: Path | None
    view: str
    frames: tuple[Frame, ...]
    told: str
