"""Change a design by words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ...design.errors import InputError
from ...design.family.records import Design
from ...design.messages import say
from ...design.reading import read_json
from ..inputs import complete_design
from ..output import write_json
from ..results import EditResult
from ..workbench import Workbench, at

#: key of a design file under which the edits that made it stand, the latest last
HISTORY = "edits"


def edit(
    design: Design | Path,
    words: str,
    out: Path | None = None,
    *,
    assume: bool = False,
    held: Collection[str] = (),
    workbench: Workbench | None = None,
) -> EditResult:
    """The design that words make of another one: "lower the roof by 20 mm, keep the wheelbase".

    Args:
        words: English or Chinese; "undo that" takes the last edit of a file back.
        out: the design file to write, with the edits that led to it; none is written when None.
        assume: go on with what was understood where a question is open.
        held: parameters that stay as they are.

    Raises:
        InputError: the design, the words, edits that contradict each other, or nothing to change or undo.
    """
    from ...constraints.requirements.editing import Edited, edited
    from ...constraints.requirements.edits import read_edits

    chosen = complete_design(design, workbench)
    product = at(chosen.family, workbench)
    family = product.family
    history = _history(design)
    asked = read_edits(words, family)
    if asked.undo:
        if not history:
            raise InputError(say("there is no edit to undo in this design"))
        last, history = history[-1], history[:-1]
        values = family.validate({**chosen.parameters, **last["before"]})
        found = Edited(values, (), (), ())
        provenance = {**chosen.provenance, **last.get("provenance", {})}
    else:
        if asked.questions and not assume:
            first = asked.questions[0]
            raise InputError(say("{words!r}: {question}", words=first.words, question=first.question))
        if not asked.asks and not asked.options:
            raise InputError(say("nothing in {words!r} changes the design", words=words))
        asked.keeps.update({name: say("locked") for name in held if name not in asked.keeps})
        found = edited(family, chosen.parameters, asked)
        values = found.values
        changed = [n for n, v in values.items() if v != chosen.parameters[n]]
        provenance = {**chosen.provenance, **dict.fromkeys(changed, f"edit: {words}")}
        before = {n: chosen.parameters[n] for n in changed}
        by = {n: chosen.provenance[n] for n in changed if n in chosen.provenance}
        history = [*history, {"words": words, "before": before, "provenance": by}]
    made = Design(family.name, values, provenance)
    if out is not None:
        write_json({**made.to_json(), HISTORY: history}, Path(out))
    return EditResult(
        design=made,
        file=None if out is None else Path(out),
        changes=found.changes,
        moved=found.moved,
        short=found.short,
        understood=tuple(asked.understood),
        not_understood=tuple(asked.not_understood),
        questions=tuple(asked.questions),
        undone=asked.undo,
    )


def _history(design: Design | Path) -> list[Mapping[str, Any]]:
    """The edits that a design file says it has been through; what is none is left out."""
    if isinstance(design, Design):
        return []
    kept = read_json(Path(design))
    rows = kept.get(HISTORY, []) if isinstance(kept, Mapping) else []
    rows = rows if isinstance(rows, list) else []
    return [row for row in rows if isinstance(row, Mapping) and isinstance(row.get("before"), Mapping)]
