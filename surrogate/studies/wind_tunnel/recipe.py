"""The numbers of our set-up: air, mesh levels, domain, schedule. Changing any of them changes RECIPE.

Lengths of the tunnel are shares of the body's length; cells are shares of its size, the geometric mean of
length and 3.12 times the root of the frontal area (equal for an Ahmed body and an ordinary car), so that
short tall cars and long low ones cost the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

RECIPE = "maquette-rans-1"

AIR_DENSITY = 1.225  # kg/m3, ISA sea level
AIR_VISCOSITY = 1.5e-5  # m2/s, kinematic
INTENSITY = 0.005  # turbulence intensity of the oncoming flow
VISCOSITY_RATIO = 10.0  # eddy over molecular viscosity of the oncoming flow

UPSTREAM, DOWNSTREAM = 1.5, 3.5  # free lengths ahead of and behind the body, body lengths
BLOCKAGE = 0.025  # largest share of the tunnel's section that the body fills

SWING = 5.0  # times the tolerance that a settled swing may be wide
CHECK_EVERY = 50  # iterations between looks at the convergence rule
RESIDUAL_LIMIT = 0.2  # last initial residual of p must lie below: above it the flow is not solved


@dataclass(frozen=True)
class Level:
    """One mesh level.

    Attributes:
        base: background cell as a share of body size; a level-n cell is base / 2**n.
        surface: refinement level on the body.
        near, wake, underbody: refinement levels of the boxes of `domain.boxes`.
        start: first iterations, upwind and strongly relaxed.
        least, most: iterations after which the convergence rule is first looked at, and the end.
        seconds: limit of the whole run, of work (see :class:`.openfoam.Stopwatch`).
    """

    base: float
    surface: int
    near: int
    wake: int
    underbody: int
    start: int
    least: int
    most: int
    seconds: float


@dataclass(frozen=True)
class Rule:
    """When a run has settled: the means of Cd over the last `windows` windows of `window` iterations differ
    by less than `tolerance` of the last one, largest against smallest. Several short windows in a row see a
    slow swing and a late departure that two long ones may straddle.

    A wake that goes on swinging has settled on an average instead when the last `swinging` windows stay
    within :data:`SWING` times `tolerance` and the means of their two halves differ by less than half of it
    (0: such runs are refused)."""

    window: int
    windows: int
    tolerance: float
    swinging: int = 0


LEVELS: dict[str, Level] = {
    "coarse": Level(0.180, 4, 3, 2, 4, 60, 310, 760, 400.0),
    "medium": Level(0.110, 4, 3, 2, 4, 60, 460, 960, 1500.0),
    "fine": Level(0.070, 4, 3, 2, 4, 60, 560, 1560, 10800.0),
}


@dataclass(frozen=True)
class Numerics:
    """Discretisation and relaxation of one stage.

    Attributes:
        convection: scheme of div(phi,U).
        p, u, turbulence: relaxation factors of pressure, velocity and k with omega.
        gradient: scheme of the gradients of velocity; the limited ones overshoot no neighbour.
        spread: scheme of div(phi,k) and div(phi,omega).
        consistent: SIMPLEC instead of SIMPLE.
        sweeps: most inner iterations for velocity and turbulence.
    """

    convection: str
    p: float
    u: float
    turbulence: float
    gradient: str = "cellLimited Gauss linear 1"
    spread: str = "bounded Gauss upwind"
    consistent: bool = False
    sweeps: int = 10


UPWIND = "bounded Gauss upwind"
LINEAR_UPWIND = "bounded Gauss linearUpwind grad(U)"

START = Numerics(UPWIND, 0.3, 0.7, 0.5)
MAIN = Numerics(LINEAR_UPWIND, 0.3, 0.7, 0.5)
GENTLE_START = Numerics(UPWIND, 0.2, 0.5, 0.3)
GENTLE_MAIN = Numerics(LINEAR_UPWIND, 0.2, 0.5, 0.3)


@dataclass(frozen=True)
class Recipe:
    """A way to run the tunnel; runs of different recipes are never mixed.

    Attributes:
        name: goes into every run.
        levels: by name. start, main: numerics of the two stages.
        again: numerics of both stages when a case has blown up.
        rule: of convergence.
        fixed: cells are shares of a typical body of the family and stand still in space, so that a body moved
            a little is cut by the same cells; else they are shares of each body.
        model: of turbulence, as OpenFOAM names it.
        hug: fine cells wrap the body by their distance from it (:func:`.tunnel.domain_of`).
        slide: in the first stage the air slides along the body. What separates only because the flow starts
            from a jerk has not separated then, and where two flows are possible all bodies begin with the
            attached one.
        scatter: by mesh level, standard deviations of Cd and Cl over copies of one body moved by up to 0.3 %
            of every range, pooled over the bench's cars (`studies.wind_tunnel`); empty where not measured.
    """

    name: str
    levels: Mapping[str, Level]
    start: Numerics
    main: Numerics
    again: tuple[Numerics, Numerics]
    rule: Rule
    fixed: bool = False
    model: str = "kOmegaSST"
    hug: bool = False
    slide: bool = False
    scatter: Mapping[str, tuple[float, float]] = field(default_factory=dict)


FIRST = Recipe(RECIPE, LEVELS, START, MAIN, (GENTLE_START, GENTLE_MAIN), Rule(100, 2, 0.01))


PATIENCE = (600.0, 1800.0, 10800.0)  # time limits of every recipe after the first, s, coarse to fine


def _timed(start: Sequence[int], least: Sequence[int], most: Sequence[int]) -> dict[str, Level]:
    """The levels, coarse to fine, with these counts of iterations and :data:`PATIENCE`."""
    rows = zip(LEVELS.items(), start, least, most, PATIENCE, strict=True)
    return {n: replace(level, start=a, least=b, most=c, seconds=d) for (n, level), a, b, c, d in rows}


#: gentler relaxation, and a rule that looks back over 300 iterations: what ended the swings of six cars
GENTLE = Recipe(
    "maquette-rans-gentle",
    _timed((60, 60, 60), (460, 560, 760), (1560, 1560, 2060)),
    GENTLE_START,
    GENTLE_MAIN,
    (Numerics(UPWIND, 0.1, 0.3, 0.2), Numerics(LINEAR_UPWIND, 0.1, 0.3, 0.2)),
    Rule(50, 6, 0.01),
)

#: the same with cells fixed in space for a family
FIXED = replace(GENTLE, name="maquette-rans-fixed", fixed=True)

#: SIMPLEC with hardly any relaxation. A relaxation factor a of velocity is a time step of a / (1 - a) times
#: what a cell takes to be flushed: 1 for the gentle 0.5, which follows the wake's own swings, 19 for 0.95,
#: which steps over them to the steady solution between
IMPLICIT_START = Numerics(UPWIND, 1.0, 0.9, 0.8, consistent=True)
IMPLICIT_MAIN = Numerics(LINEAR_UPWIND, 1.0, 0.95, 0.9, consistent=True)


IMPLICIT = Recipe(
    "maquette-rans-implicit",
    _timed((20, 20, 20), (320, 320, 420), (820, 1020, 1520)),
    IMPLICIT_START,
    IMPLICIT_MAIN,
    (GENTLE_START, GENTLE_MAIN),
    Rule(50, 4, 0.015),
    fixed=True,
)

#: the same with a limiter of the gradients that has a derivative everywhere: the usual one switches from cell
#: to cell and keeps the wake in motion
SMOOTH_MAIN = replace(IMPLICIT_MAIN, gradient="cellLimited<cubic> 1.5 Gauss linear 1", sweeps=3)
SMOOTH = replace(
    IMPLICIT,
    name="maquette-rans-smooth",
    levels=_timed((20, 20, 20), (270, 270, 370), (820, 1020, 1520)),
    main=SMOOTH_MAIN,
    rule=Rule(50, 4, 0.01),
)

#: and begins attached: a long tapering tail that stood at 0.273 or at 0.215 by chance
SLIDING = replace(
    SMOOTH,
    name="maquette-rans-sliding",
    levels=_timed((100, 100, 150), (350, 350, 450), (850, 1050, 1550)),
    start=SMOOTH_MAIN,
    rule=Rule(50, 4, 0.01, 12),
    hug=True,
    slide=True,
    scatter={"medium": (0.0038, 0.056)},  # over the bench's four hardest cars, started cold
)

RECIPES: dict[str, Recipe] = {r.name: r for r in (FIRST, GENTLE, FIXED, IMPLICIT, SMOOTH, SLIDING)}
CURRENT = SLIDING  # of `maquette simulate`: what the shipped surrogate has learned from
