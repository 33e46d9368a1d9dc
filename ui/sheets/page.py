"""The contact sheet as one self-contained HTML page: the same cells, with every reason in full."""

from __future__ import annotations

from collections.abc import Sequence

from ..results_concepts import Concept
from ..templated import embedded, rendered
from .sheet import Note, caption_of, grade_of, marks_of


def sheet_html(
    concepts: Sequence[Concept], pictures: Sequence[bytes], title: str, notes: Sequence[Note]
) -> str:
    """The page. Every text is escaped; nothing is loaded from outside.

    Args:
        concepts: in order. pictures: PNG of each, the same order.
        title, notes: as for :func:`.sheet.sheet_png`.
    """
    return rendered(
        "sheet.html",
        title=title,
        notes=notes,
        concepts=[(c, embedded(p, "png")) for c, p in zip(concepts, pictures, strict=True)],
        caption_of=caption_of,
        grade_of=grade_of,
        marks_of=marks_of,
        reasons_of=_reasons,
    )


def _reasons(c: Concept) -> list[str]:
    return [v.reason for v in c.verdicts] + [b.reason for b in c.broken]
