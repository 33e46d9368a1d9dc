"""Pictures of a search's numbers: what they call the best, how long their intervals are, what zero means."""

from __future__ import annotations

from typing import Any

import pytest

from maquette.design.family.registry import get_family
from maquette.surrogate.trust.prediction import HALF_WIDTH
from maquette.ui.messages.words import Words
from maquette.ui.web import plots

AHMED = get_family("ahmed")
WORDS = Words("en")


def trial(number: int, value: float, feasible: bool = True, violation: float = 0.0) -> dict[str, Any]:
    """A trial as the job's events tell it."""
    drag = {"drag_coefficient": value}
    return {
        "number": number, "feasible": feasible, "violation": violation, "objectives": drag, "numbers": drag,
        "sigmas": {"drag_coefficient": 0.01}, "parameters": AHMED.defaults(),
    }  # fmt: skip


TRIALS = [trial(0, 0.30), trial(1, 0.25), trial(2, 0.20, feasible=False), trial(3, 0.33), trial(4, 0.28)]


@pytest.mark.parametrize(
    ("maximise", "steps", "best"), [(False, [0, 1], [0.30, 0.25]), (True, [0, 3], [0.30, 0.33])]
)
def test_the_best_so_far_is_the_most_where_more_is_asked(
    maximise: bool, steps: list[int], best: list[float]
) -> None:
    named = ["drag_coefficient"] if maximise else []
    for figure in (
        plots.history(TRIALS, "drag_coefficient", WORDS, maximise),
        plots.trade_off(TRIALS, ["drag_coefficient"], WORDS, named),
    ):
        (line,) = (trace for trace in figure.data if trace.name == WORDS.best)
        assert list(line.x) == steps
        assert list(line.y) == best


def test_bars_are_the_half_widths_of_the_interval_that_people_read() -> None:
    rows = [t | {"numbers": t["numbers"] | {"frontal_area": 0.11}} for t in TRIALS]
    figure = plots.trade_off(rows, ["drag_coefficient"], WORDS)
    (passing,) = (trace for trace in figure.data if trace.name == WORDS.feasible)
    assert list(passing.error_x.array) == [HALF_WIDTH * 0.01] * 4


def test_a_drag_of_zero_is_a_value_like_another() -> None:
    """Drawn among the best, not by how much it misses."""
    rows = [trial(0, 0.0, feasible=False, violation=9.0), trial(1, 1.0, feasible=False)]
    best, worst = plots.SHADES[0], plots.SHADES[-1]
    figure = plots.parallel(rows, AHMED.parameters, WORDS, "drag_coefficient")
    lines = {trace.line.color: list(trace.x) for trace in figure.data}
    assert lines[best]
    assert lines[worst]
    middle = [shade for shade in plots.SHADES if shade not in (best, worst)]
    assert not any(lines[shade] for shade in middle)
    named = plots.parallel(
        [trial(0, 0.0, violation=9.0), trial(1, 0.1), trial(2, 1.0)],
        AHMED.parameters,
        WORDS,
        "drag_coefficient",
    )
    assert len(next(trace.x for trace in named.data if trace.line.color == best)) == 2 * (
        min(8, len(AHMED.parameters)) + 1
    )
