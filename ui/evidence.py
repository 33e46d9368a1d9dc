"""What a family's predictions rest on, as an interface shows it: the model card and the fit to every run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..design.messages import say, spelt
from .workbench import open_workbench

if TYPE_CHECKING:
    from ..surrogate.models.surrogate import Surrogate

CARD = "README.md"


def card_of(family: str) -> str:
    """The model card (Markdown) of a family's surrogate; a sentence when it has none."""
    from ..surrogate.models.surrogate import shipped_model_path

    file = shipped_model_path(family) / CARD
    if not file.is_file():
        return say(
            "No surrogate is shipped for the family {family}: simulate, or train one from runs of your own.",
            family=spelt(family),
        )
    return file.read_text(encoding="utf-8")


def fit_rows(family: str, own: Path | None = None) -> list[tuple[str, str, float, float, float]]:
    """Each simulated design: run, fidelity, the first output simulated and predicted, half its interval.

    The model has seen these runs (those of the file `own` too, else the user's), so this is how it fits, not
    how it errs; its card has the held-out errors.
    """
    surrogate = open_workbench(family, data=own).predictor_or_none
    return [] if surrogate is None else _rows(surrogate)


def _rows(surrogate: Surrogate) -> list[tuple[str, str, float, float, float]]:
    import numpy as np

    from ..design.family.parameters import as_row

    runs = surrogate.evidence
    matrix = np.array([as_row(surrogate.family.declaration, r.parameters) for r in runs])
    batch, name = surrogate.predict(matrix), surrogate.study.headline.name
    low, high = batch.interval(name)
    values = batch.value[name]
    return [
        (r.run_id, r.fidelity, r.outputs[name], float(v), float(0.5 * (b - a)))
        for r, v, a, b in zip(runs, values, low, high, strict=True)
    ]
