"""Two answers about a shape, one from its numbers and one for the nearest body of the family, and how far
their agreement lets them be trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import hypot, sqrt

from ....design.concepts.fit.shape import ShapeFit, fit_shape
from ....design.geometry.mesh import Mesh
from ....design.messages import Message, say
from ...trust.prediction import HALF_WIDTH, Prediction
from ..surrogate import Surrogate
from .model import FARTHEST, ShapeModel


@dataclass(frozen=True)
class ShapeAnswer:
    """What is said of a shape.

    Attributes:
        predictions: both answers weighed, by quantity; inside only where nothing speaks against it.
        own: from the shape's numbers alone. nearest: for the nearest body of the family.
        fit: that body; None (and `nearest` empty) of a shape so far outside that there is none.
        disagreement: by quantity, difference of both over the interval of their difference.
        left_over: distance left over of the nearest body, over what neighbouring runs differ by.
    """

    predictions: dict[str, Prediction]
    own: dict[str, Prediction]
    nearest: dict[str, Prediction]
    fit: ShapeFit | None
    disagreement: dict[str, float]
    left_over: float | None


def answer(
    model: ShapeModel,
    predictor: Surrogate | None,
    mesh: Mesh,
    measures: Mapping[str, float],
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> ShapeAnswer:
    """Both answers of a closed mesh, mm, nose first, on its ground.

    Args:
        predictor: of the family's designs; None: there is none, and only the shape's own answer.
        measures: of the mesh, for the study's products (``frontal_area``, m^2).
    """
    own = model.predict(mesh)
    first = next(iter(own.values()))
    if predictor is None or first.distance > FARTHEST:
        return ShapeAnswer(_with_products(own, predictor, measures), own, {}, None, {}, None)
    fit = fit_shape(predictor.family, mesh, progress)
    told = predictor.predict_design(fit.values)
    nearest = {name: told[name] for name in own if name in told}
    left_over = fit.share / model.neighbours_apart
    apart = {
        name: abs(own[name].value - b.value) / (HALF_WIDTH * hypot(own[name].sigma, b.sigma))
        for name, b in nearest.items()
    }
    why: list[str] = [first.reason] if first.reason else []
    why += _reasons(left_over, apart, fit)
    theirs = next(iter(nearest.values()), None)
    if theirs is not None and not theirs.in_domain:
        why.append(say("the nearest body is outside, too: {reason}", reason=theirs.reason))
    ratios = [first.distance, left_over, *apart.values()]
    ratios += [theirs.distance] if theirs is not None else []
    weighed = {
        name: _weighed(own[name], nearest.get(name), left_over, max(ratios), "; ".join(why)) for name in own
    }
    return ShapeAnswer(_with_products(weighed, predictor, measures), own, nearest, fit, apart, left_over)


def _reasons(left_over: float, apart: Mapping[str, float], fit: ShapeFit) -> list[Message]:
    found = []
    if left_over > 1.0:
        found.append(
            say(
                "the nearest body of the family lies {rms:.0f} mm off (root mean square), {more:.1f} times "
                "what simulated bodies differ by",
                rms=fit.left_over, more=left_over,
            )
        )  # fmt: skip
    for name, ratio in apart.items():
        if ratio > 1.0:
            quantity = name.replace("_", " ")
            found.append(say("both answers disagree about the {quantity}", quantity=quantity))
    return found


def _weighed(
    own: Prediction, other: Prediction | None, left_over: float, distance: float, reason: str
) -> Prediction:
    """Mean and spread of the mixture of both answers, by their precision; the shape's own alone where the
    nearest body is another one."""
    inside = distance <= 1.0
    if other is None or left_over > 1.0:
        return replace(own, in_domain=inside, distance=max(distance, own.distance), reason=reason)
    share = own.sigma**-2 / (own.sigma**-2 + other.sigma**-2)
    value = share * own.value + (1.0 - share) * other.value
    apart = share * (1.0 - share) * (own.value - other.value) ** 2
    sigma = sqrt(share * own.sigma**2 + (1.0 - share) * other.sigma**2 + apart)
    half = HALF_WIDTH * sigma
    return replace(
        own, value=value, lower=value - half, upper=value + half, sigma=sigma, in_domain=inside,
        distance=distance, reason=reason, model=f"{own.model} + {other.model}",
    )  # fmt: skip


def _with_products(
    found: Mapping[str, Prediction], predictor: Surrogate | None, measures: Mapping[str, float]
) -> dict[str, Prediction]:
    every = dict(found)
    for p in predictor.study.products if predictor is not None else ():
        if p.output in found and p.measure in measures:
            one, size = found[p.output], measures[p.measure]
            near = tuple(replace(e, value=e.value * size) for e in one.evidence)
            every[p.name] = replace(
                one, quantity=p.name, unit=p.unit, value=one.value * size, lower=one.lower * size,
                upper=one.upper * size, sigma=one.sigma * size, evidence=near,
            )  # fmt: skip
    return every
