"""Concepts and bodies as lines and tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from ..progress import seconds_text
from ..results_concepts import BodyResult, Concept, RestyleResult, SketchResult
from ..sheets.sheet import caption_of, mark_of
from ..workbench import first_of


class Page(Protocol):
    """Where lines and tables go (:class:`.tables._Page`)."""

    def line(self, text: str) -> None:
        """One line."""
        ...

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
        """A table."""
        ...


def show_sketch(page: Page, r: SketchResult) -> None:
    """The sheet as a table, then where it lies."""
    show_concepts(page, r.concepts)
    for name, limits in r.steering.items():
        said = " and ".join(f"{side.replace('_', ' ')} {v:.4g}" for side, v in limits.items())
        page.line(f"steered: {name.replace('_', ' ')} {said}")
    if r.unknown_words:
        page.line(f"not understood: {', '.join(r.unknown_words)}")
    page.line(f"sheet: {r.sheet} and {r.page}")
    page.line(f"drawn by {r.model}, seed {r.seed}; {times(r.seconds)}")


def show_concepts(page: Page, concepts: Sequence[Concept]) -> None:
    """One row a concept, then what is wrong with each."""
    if not concepts:
        return
    rows = []
    for c in concepts:
        first: Any = None if c.design is None else first_of(c.predictions, c.design.family)
        hard = [v for v in c.verdicts if v.hard]
        met = f"{sum(v.passed for v in hard)} of {len(hard)}" if hard else "-"
        rows.append(
            (
                f"{c.number}{'*' if c.chosen else ''}",
                caption_of(c),
                "-" if c.agreement is None else f"{c.agreement.score:.2f} (IoU {c.agreement.iou:.3f})",
                "-" if first is None else f"{first.value:.3f} ({first.lower:.3f} to {first.upper:.3f})",
                "-" if first is None else "inside" if first.in_domain else "OUTSIDE",
                met,
                c.image.name,
            )
        )
    page.table(("sketch>", "drawn", "body agrees", "performance", "domain", "met>", "file"), rows)
    for c in concepts:
        wrong = [mark_of(v) for v in c.verdicts if not v.passed]
        wrong += [f"breaks the rule {b.rule}" for b in c.broken]
        wrong += [f"not in the body: {text}" for text in c.not_representable]
        wrong += [f"no body: {c.fault}"] if c.fault else []
        if wrong:
            page.line(f"sketch {c.number}: {'; '.join(wrong)}")


def show_restyle(page: Page, r: RestyleResult) -> None:
    """Where the drawing is and how well it shows the design."""
    page.line(f"{r.image}: {r.view.replace('_', '-')} view, {r.style}, {r.palette}")
    page.line(
        f"agrees with the design {r.agreement.score:.2f} (IoU {r.agreement.iou:.3f}); {times(r.seconds)}"
    )


def show_body(page: Page, r: BodyResult) -> None:
    """The body's agreement, what is missing, and the files."""
    page.line(
        f"body agrees {r.agreement.score:.2f} (silhouette IoU {r.agreement.iou:.3f}, feature lines "
        f"{r.agreement.line_distance_px:.1f} px apart); {r.view.replace('_', '-')} view"
        f"{', facing right' if r.mirrored else ''}"
    )
    for text in r.not_representable:
        page.line(f"not in the body: {text}")
    if r.unsure:
        page.line(f"the picture says little about: {', '.join(n.replace('_', ' ') for n in r.unsure)}")
    for b in r.broken:
        page.line(f"breaks the rule {b.rule}: {b.reason}")
    page.line(f"design: {r.file}; comparison: {r.comparison}; body: {r.rendered}")
    page.line(times(r.seconds))


def times(seconds: Mapping[str, float]) -> str:
    """How long each step took."""
    return ", ".join(f"{name} {seconds_text(s)}" for name, s in seconds.items())
