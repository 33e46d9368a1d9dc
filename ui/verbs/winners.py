"""The best designs of a search put through the study itself: how far was the surrogate off?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...constraints.requirements.quantity import SURROGATE, get_quantity
from ...design.errors import InputError
from ...design.family.records import Design
from ...design.messages import say, spelt
from ..progress import Progress
from ..results import Compared, Winner
from ..workbench import Assignment
from .flow import simulate

if TYPE_CHECKING:
    from ...surrogate.models.surrogate import Surrogate
    from ...surrogate.trust.prediction import Prediction

MOST = 5  # a search returns no more


def check_count(count: int, task: Assignment) -> None:
    """Refuse what cannot be verified, before the search begins.

    Raises:
        InputError: a count out of bounds, or nothing is predicted of this product.
        MissingComponentError: the study needs a component that is not installed.
    """
    if not 0 <= count <= MOST:
        raise InputError(say("--verify-top is {count}; allowed 0 to {most}", count=count, most=MOST))
    if count and task.predictor is None:
        raise InputError(
            say("--verify-top: nothing of a {family} is predicted, so there is nothing to verify",
                family=spelt(task.family.name))
        )  # fmt: skip
    if count and task.predictor is not None:
        task.predictor.study.require()


def verified(
    designs: Sequence[Design], task: Assignment, fidelity: str, progress: Progress
) -> tuple[Winner, ...]:
    """Each design simulated once, beside what was predicted for it before; the runs are kept as own runs.

    Raises:
        SolverError: a run could not be set up.
    """
    predictor = task.predictor
    assert predictor is not None  # noqa: S101 - `check_count` has refused
    found: list[Winner] = []
    progress("verification", 0.0)
    for k, design in enumerate(designs, 1):
        values = dict(design.parameters)
        said = predictor.predict_design(values, task.family.measures(values))
        found.append(_verified(k, design, said, predictor, task, fidelity))
        progress("verification", k / len(designs))
    return tuple(found)


def _verified(
    rank: int, design: Design, said: Mapping[str, Prediction], predictor: Surrogate, task: Assignment,
    fidelity: str,
) -> Winner:  # fmt: skip
    run = simulate(design, study=predictor.study.name, fidelity=fidelity, workbench=task.product)
    compared = tuple(
        Compared(
            quantity=name,
            unit=one.unit,
            predicted=one.value,
            lower=one.lower,
            upper=one.upper,
            simulated=run.outputs[name],
            noise=run.noise.get(name, 0.0),
            off=run.outputs[name] - one.value,
            inside=one.lower <= run.outputs[name] <= one.upper,
        )
        for name, one in said.items()
        if math.isfinite(run.outputs.get(name, math.nan))
    )
    missed = tuple(_missed(task, run.outputs)) if run.converged else ()
    return Winner(rank, design, run.run_id, run.fidelity, run.converged, run.reason, compared, missed)


def _missed(task: Assignment, outputs: Mapping[str, Any]) -> Iterator[str]:
    """Hard limits on predicted quantities that the simulated value itself does not meet."""
    for r in task.brief.hard:
        value = outputs.get(r.quantity, math.nan)
        if get_quantity(task.family, r.quantity).how != SURROGATE or not math.isfinite(value):
            continue
        if (r.at_most is not None and value > r.at_most) or (r.at_least is not None and value < r.at_least):
            yield r.quantity
