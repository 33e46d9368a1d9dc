"""How unlike any car on the road a design is, from ratios that designers judge a side view by.

Two kinds of ratios. The *outer* ones (wheelbase, height, width, tyre, all relative) are known of every car in
:mod:`.road_cars`; a design is measured against their joint distribution, so that a wheel that suits an SUV
does not pass under a saloon. The *inner* ones (glass, tail, dash to axle, depth of the side ...) stand on no
data sheet; they have soft ranges from published rules of thumb, or, where `Soft.source` says so, from our
own reading. In both, 1 is the edge of what is on the road; the measure is the largest of them. A design as
near to one car on the road as most cars are to their nearest counts as inside, however rare that car's
shape is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from ...arrays import FloatArray
from ...messages import Message, listed, marked, say
from .definition import Definition
from .road_cars import RoadCar, road_cars

#: share of the road cars that lie inside the edge, each judged by all the others
INSIDE_PERCENT = 97.5
#: the second look at the cars leaves out those beyond this squared distance (chi-squared, 4 ratios, 97.5 %)
OUTLIER_SQUARED = 11.14
#: share of the road cars that have another one within reach
NEIGHBOUR_PERCENT = 75.0
#: the rail between side glass and roof, mm, below the roof's camber (assumption)
CANT_RAIL_MM = 45.0
JUDGEMENT = "our reading of side views, general knowledge"


@dataclass(frozen=True)
class Outer:
    """A ratio of the cars' published dimensions: name, and the words around its value."""

    name: str
    words: str


@dataclass(frozen=True)
class Soft:
    """A ratio with a soft range; `middle` lies anywhere between `low` and `high`."""

    name: str
    words: str
    low: float
    middle: float
    high: float
    source: str


OUTER: tuple[Outer, ...] = (
    Outer("wheelbase", marked("wheelbase {value:.2f} of the length")),
    Outer("height", marked("height {value:.2f} of the length")),
    Outer("width", marked("width {value:.2f} of the height")),
    Outer("tyre", marked("tyre {value:.2f} of the height")),
)
INNER: tuple[Soft, ...] = (
    Soft(
        "front overhang", marked("front overhang {value:.2f} of the length"), 0.150, 0.185, 0.225,
        "road_cars.csv, 9 cars of which it is known: 0.172 to 0.208; widened, " + JUDGEMENT,
    ),
    Soft(
        "rear overhang", marked("rear overhang {value:.2f} of the length"), 0.115, 0.185, 0.245,
        "road_cars.csv, 9 cars of which it is known: 0.132 to 0.233; widened, " + JUDGEMENT,
    ),
    Soft(
        "side glass", marked("side glass {value:.2f} of the body's height at mid-wheelbase"),
        0.280, 0.333, 0.450,
        "Macey and Wardle, H-Point (2009), as commonly quoted: a third glass, two thirds body, vans more; "
        "at most half of glass and door together "
        "(automotive-styling.com/2017/06/13/dlo-ratios-more-on-proportions)",
    ),
    Soft(
        "body side", marked("body side below the belt {value:.2f} tyre diameters deep"), 0.95, 1.22, 1.50,
        "Berk Kaplan in autoevolution.com/news/perfect-car-proportions-explained-with-german-hatchbacks-all-"
        "about-the-wheels-140475.html: two wheels to the side windows, 2.5 to the roof; " + JUDGEMENT,
    ),
    Soft(
        "dash to axle", marked("dash to axle {value:.2f} tyre diameters"), -0.35, 0.55, 1.25,
        "hagerty.com/media/design/car-design-fundamentals-dash-to-axle-ratio for what it is; the range: "
        "Macey and Wardle, H-Point, as commonly quoted, 0.5 to 1.5 wheels; in vans the screen begins "
        "ahead of the axle",
    ),
    Soft("cowl", marked("cowl {value:.2f} of the height"), 0.55, 0.65, 0.74, JUDGEMENT),
    Soft(
        "bonnet edge", marked("bonnet's leading edge {value:.2f} of the height"), 0.38, 0.50, 0.64,
        JUDGEMENT,
    ),
    Soft("tail", marked("tail {value:.2f} of the height"), 0.52, 0.68, 0.78, JUDGEMENT),
    Soft(
        "roof end", marked("roof falls by {value:.2f} of the height at its end"), -0.02, 0.045, 0.105,
        JUDGEMENT,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Statistics:
    """The road cars' outer ratios as logarithms.

    Attributes:
        rows: every car, (n, 4). middle: (4,). inverse: of the covariance, (4, 4).
        edge: distance from the middle within which road cars lie.
        reach: distance within which road cars have a neighbour.
    """

    rows: FloatArray
    middle: FloatArray
    inverse: FloatArray
    edge: float
    reach: float


@dataclass(frozen=True)
class Finding:
    """How one ratio of a design stands: its value, what is usual for it, 1 at the edge."""

    name: str
    words: str
    value: float
    low: float
    high: float
    score: float

    @property
    def text(self) -> Message:
        """``tail 0.81 of the height; road cars 0.57 to 0.78``."""
        return say(
            "{ratio}; road cars {low:.2f} to {high:.2f}",
            ratio=say(self.words, value=self.value),
            low=self.low,
            high=self.high,
        )


def outer_of(cars: Sequence[RoadCar]) -> FloatArray:
    """Outer ratios of real cars, (n, 4), in the order of `OUTER`."""
    return np.array(
        [
            (c.wheelbase / c.length, c.height / c.length, c.width / c.height, c.tyre_diameter / c.height)
            for c in cars
        ]
    )


def fitted(cars: Sequence[RoadCar]) -> Statistics:
    """Median and covariance of the cars' outer ratios, outliers left out once; edge by leaving one out."""
    rows = np.log(outer_of(cars))
    alone = [_distance(rows[i : i + 1], *_moments(np.delete(rows, i, axis=0)))[0] for i in range(len(rows))]
    middle, inverse = _moments(rows)
    gaps = _distance(rows[:, None], rows[None], inverse) + np.diag(np.full(len(rows), np.inf))
    reach = float(np.percentile(gaps.min(axis=1), NEIGHBOUR_PERCENT))
    return Statistics(rows, middle, inverse, float(np.percentile(alone, INSIDE_PERCENT)), reach)


def _moments(rows: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Median (4,) and inverse covariance (4, 4), once more without the outliers."""
    kept = rows[_distance(rows, *_plain_moments(rows)) ** 2 <= OUTLIER_SQUARED]
    return _plain_moments(kept)


def _plain_moments(rows: FloatArray) -> tuple[FloatArray, FloatArray]:
    inverse: FloatArray = np.asarray(np.linalg.inv(np.cov(rows.T)), dtype=np.float64)
    return np.asarray(np.median(rows, axis=0), dtype=np.float64), inverse


def _distance(rows: FloatArray, middle: FloatArray, inverse: FloatArray) -> FloatArray:
    """Mahalanobis distance of `rows` to `middle`, over the last axis."""
    gap = rows - middle
    return np.asarray(np.sqrt(np.einsum("...j,jk,...k->...", gap, inverse, gap)))


def outer_distances(rows: FloatArray, known: Statistics) -> FloatArray:
    """Distance (n,) of outer ratios (n, 4): to the middle in edges, or to the nearest car in reaches."""
    logs = np.log(rows)
    middle = _distance(logs, known.middle, known.inverse) / known.edge
    nearest = _distance(logs[:, None], known.rows[None], known.inverse).min(axis=1) / known.reach
    return np.asarray(np.minimum(middle, nearest))


@cache
def road_statistics() -> Statistics:
    """The statistics of the whole table."""
    return fitted(road_cars())


def ratios(d: Definition) -> list[float]:
    """The ratios of a design: `OUTER`, then `INNER`; closed formulas of its definition, no mesh."""
    p = d.p
    length, height, tyre, floor = d.length, p["overall_height"], p["tyre_diameter"], p["ground_clearance"]
    belt = float(d.belt(d.x_front_axle + 0.5 * p["wheelbase"]))
    glass = height - p["roof_camber"] - CANT_RAIL_MM - belt
    return [
        p["wheelbase"] / length,
        height / length,
        p["overall_width"] / height,
        tyre / height,
        p["front_overhang"] / length,
        p["rear_overhang"] / length,
        glass / (height - floor),
        (belt - floor) / tyre,
        (d.x_cowl - d.x_front_axle) / tyre,
        d.z_cowl / height,
        (floor + p["nose_height"] * (d.z_cowl - floor)) / height,
        d.z_tail / height,
        p["roof_end_drop"] / height,
    ]


def distances(rows: FloatArray, statistics: Statistics | None = None) -> FloatArray:
    """Proportion distance (n,) of ratios (n, 13): 1 is the edge of what is on the road."""
    known = statistics or road_statistics()
    outer = outer_distances(rows[:, : len(OUTER)], known)
    return np.asarray(np.maximum(outer, _inner(rows[:, len(OUTER) :]).max(axis=1)))


def _inner(rows: FloatArray) -> FloatArray:
    low, middle, high = np.array([(s.low, s.middle, s.high) for s in INNER]).T
    gap = rows - middle
    return np.asarray(np.where(gap < 0.0, -gap / (middle - low), gap / (high - middle)))


def proportion_distance(d: Definition) -> float:
    """How unlike any car on the road a design is: 1 is the edge, see the module's words."""
    return float(distances(np.array([ratios(d)]))[0])


def findings(d: Definition) -> list[Finding]:
    """Every ratio of a design, the most unusual first.

    An outer ratio's usual range is the one of road cars that are alike in the other three.
    """
    row = np.array(ratios(d))
    known = road_statistics()
    gap = np.log(row[: len(OUTER)]) - known.middle
    pull, stiff = known.inverse @ gap, np.diag(known.inverse)
    alone = pull / np.sqrt(stiff)  # deviations from what the other three let expect
    whole = float(outer_distances(row[None, : len(OUTER)], known)[0])
    share = whole / max(float(np.abs(alone).max()), 1e-12)
    found = []
    for k, outer in enumerate(OUTER):
        usual = row[k] / np.exp(pull[k] / stiff[k])
        reach = np.exp(known.edge / np.sqrt(stiff[k]))
        score = share * abs(float(alone[k]))
        found.append(Finding(outer.name, outer.words, float(row[k]), usual / reach, usual * reach, score))
    scores = _inner(row[None, len(OUTER) :])[0]
    for k, soft in enumerate(INNER):
        value = float(row[len(OUTER) + k])
        found.append(Finding(soft.name, soft.words, value, soft.low, soft.high, float(scores[k])))
    return sorted(found, key=lambda f: -f.score)


def nearest_road_car(d: Definition) -> RoadCar:
    """The car on the road that the design is most like in outer ratios and length."""
    cars = road_cars()
    known = road_statistics()
    table = np.log(outer_of(cars))
    gap = table - np.log(np.array(ratios(d)[: len(OUTER)]))
    lengths = np.log([c.length for c in cars])
    size = (lengths - np.log(d.length)) / lengths.std()
    return cars[int(np.argmin(np.einsum("ij,jk,ik->i", gap, known.inverse, gap) + size**2))]


def proportion_words(d: Definition) -> Message:
    """The measure in a sentence: the nearest car, and the two ratios that matter most where it is outside."""
    car = nearest_road_car(d).label
    value = proportion_distance(d)
    if value <= 1.0:
        return say(
            "proportions like cars on the road (distance {value:.2f}, edge 1); nearest on the road: {car}",
            value=value,
            car=car,
        )
    worst = [f.text for f in findings(d) if f.score > 0.8][:2]
    return say(
        "proportions unlike cars on the road (distance {value:.2f}, edge 1): {worst}; nearest on the road: "
        "{car}",
        value=value,
        worst=listed(worst, "; "),
        car=car,
    )
