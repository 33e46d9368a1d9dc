"""The live numbers of a slider position: what follows every move of a slider, from the fast mesh.

    now = live(design, parsed.brief)
    now.predictions["drag_coefficient"], now.verdicts, now.arrows["rear_overhang"].better

Warm, a car takes some tens of milliseconds. Nothing here loads torch or the CAD kernel.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..design.errors import MaquetteError
from ..design.family.contract import Broken, Family
from ..design.family.records import Design
from ..design.messages import say, spelt
from .inputs import check_family, complete_design
from .workbench import Workbench, at

if TYPE_CHECKING:
    from ..constraints.requirements.brief import Brief
    from ..constraints.requirements.requirement import Verdict
    from ..surrogate.models.surrogate import Surrogate
    from ..surrogate.trust.prediction import Prediction

#: a change below this share of the output's axis is too small for an arrow: a tenth of a count of drag
SMALLEST = 1.0 / 3000.0


@dataclass(frozen=True)
class Reading:
    """A measured number with its unit and meaning."""

    name: str
    value: float
    unit: str
    doc: str


@dataclass(frozen=True)
class Arrow:
    """Which way one slider makes the study's first output better.

    Attributes:
        better: ``down``, ``up``, or "" when neither way lowers it noticeably or the parameter is locked.
        gain: change of the output one step that way; 0 where there is none.
        step: in the parameter's unit (2 % of its range).
        to: the parameter's value one step that way.
        locked: the brief holds the parameter.
        refused: the rule that the step would break, in words; "" when the design may go there.
        down, up: change of it one step either way; None past the end of the range.
    """

    better: str
    gain: float
    step: float
    to: float
    locked: bool
    refused: str
    down: float | None
    up: float | None


@dataclass(frozen=True)
class Live:
    """Everything that is shown beside the sliders.

    Attributes:
        design: as judged, complete and in range.
        broken: rules of the family that it breaks; it cannot be built until they are mended.
        measures: from the fast mesh, by name; {} where a broken design has none.
        predictions: by quantity, with interval, domain and evidence; {} without a surrogate.
        in_domain: every prediction is vouched for; False also without a surrogate.
        why_not: the reason when it is not.
        verdicts: one per requirement and lock of the brief, with margin and reason.
        feasible: every hard requirement holds and no rule is broken.
        arrows: by parameter; {} without a surrogate.
        responds: the quantity that they change, "" without any.
        arrows_from: what they were taken from: ``response network``, ``surrogate`` or "".
        seconds: that it took.
        own: file of own runs that the predictions take in beside the shipped ones; None for the user's.
    """

    design: Design
    broken: tuple[Broken, ...]
    measures: Mapping[str, Reading]
    predictions: Mapping[str, Prediction]
    in_domain: bool
    why_not: str
    verdicts: tuple[Verdict, ...]
    feasible: bool
    arrows: Mapping[str, Arrow]
    responds: str
    arrows_from: str
    seconds: float
    own: Path | None = None


def live(
    design: Design, brief: Brief | None = None, *, arrows: bool = True, measures: bool = True,
    own: Path | None = None, workbench: Workbench | None = None,
) -> Live:  # fmt: skip
    """The numbers of one slider position.

    Args:
        brief: what it is judged by; of the design's family.
        arrows: also which way each slider makes performance better.
        measures: every measure, else only those that verdicts and predictions need.
        own: see :class:`Live`.
        workbench: of the design's product, where one is open.

    Raises:
        InputError: an incomplete design or one outside its ranges, a brief of another family.
        ModelError: a damaged surrogate.
    """
    from ..constraints.requirements.assess import assess
    from ..constraints.requirements.brief import Brief as Empty
    from ..constraints.requirements.standing_wishes import standing
    from ..surrogate.studies.registry import factors_of

    began = time.perf_counter()
    chosen = complete_design(design, workbench)
    product = at(chosen.family, workbench)
    product = product if own is None else replace(product, data=own)
    family = product.family
    asked = brief if brief is not None else Empty(family.name)
    check_family(asked, chosen)
    surrogate = product.predictor_or_none
    known = {m.name for m in family.measure_list}
    judged_by = {r.quantity for r in (*asked.requirements, *standing(family, asked))}
    factors = set(factors_of(family).values()) if surrogate is not None else set()
    needed = known & (judged_by | set(asked.locks) | factors)
    found = _measures(family, chosen.parameters, known if measures else needed)
    quick = {name: reading.value for name, reading in found.items()}
    judged = assess(family, chosen.parameters, asked, surrogate, fast_measures=quick or None)
    predictions: Mapping[str, Prediction] = judged.predictions
    if surrogate is not None and not predictions and factors <= set(found):
        predictions = surrogate.predict_design(chosen.parameters, quick)
    ways: dict[str, Arrow] = {}
    source = ""
    if arrows and surrogate is not None:
        ways, source = arrows_of(family, chosen.parameters, asked, surrogate)
    outside = [p.reason for p in predictions.values() if not p.in_domain]
    return Live(
        design=chosen,
        broken=judged.broken,
        measures=found,
        predictions=predictions,
        in_domain=bool(predictions) and not outside,
        why_not=outside[0]
        if outside
        else ("" if predictions else say("no surrogate knows a {family}", family=spelt(family.name))),
        verdicts=judged.verdicts,
        feasible=judged.feasible,
        arrows=ways,
        responds=surrogate.study.headline.name if surrogate is not None and ways else "",
        arrows_from=source,
        seconds=time.perf_counter() - began,
        own=product.data,
    )


def arrows_of(
    family: Family, values: Mapping[str, float], brief: Brief, surrogate: Surrogate
) -> tuple[dict[str, Arrow], str]:
    """Which way each slider makes the study's first output better, and what says so."""
    from ..surrogate.models.slopes import slopes, source_of

    sums = family.sums
    locked = {p for name in brief.locks for p in (name, *sums.get(name, ()))}
    before = {b.rule for b in family.broken_rules(values)}
    found = {}
    low, high = surrogate.study.headline.axis
    for name, slope in slopes(surrogate, values).items():
        held = name in locked
        better = slope.better if abs(slope.gain) >= SMALLEST * (high - low) and not held else ""
        to = values[name] + {"up": slope.step, "down": -slope.step, "": 0}[better]
        refused = ""
        if better:
            new = family.newly_broken({**values, name: to}, before)
            refused = new[0].reason if new else ""
        found[name] = Arrow(
            better, slope.gain if better else 0.0, slope.step, to, held, refused, slope.down, slope.up
        )
    return found, source_of(surrogate)


def _measures(family: Family, values: Mapping[str, float], names: Collection[str]) -> dict[str, Reading]:
    """The named fast measures; none where a broken design has none."""
    try:
        found = family.measures_of(values, names)
    except (MaquetteError, ValueError, ArithmeticError, IndexError, KeyError):
        if not family.broken_rules(values):
            raise
        return {}
    return {
        m.name: Reading(m.name, float(found[m.name]), m.unit, m.doc)
        for m in family.measure_list
        if m.name in names
    }
