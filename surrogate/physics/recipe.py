"""The numbers of our set-up: air, mesh levels, domain, schedule. Changing any of them changes RECIPE.

Lengths of the tunnel are shares of the body's length; cells are shares of its size, the geometric mean of
length and 3.12 times the root of the frontal area (equal for an Ahmed body and an ordinary car), so that
short tall cars and long low ones cost the same.
"""

from __future__ import annotations

from dataclasses import dataclass

RECIPE = "maquette-rans-1"

AIR_DENSITY = 1.225  # kg/m3, ISA sea level
AIR_VISCOSITY = 1.5e-5  # m2/s, kinematic
INTENSITY = 0.005  # turbulence intensity of the oncoming flow
VISCOSITY_RATIO = 10.0  # eddy over molecular viscosity of the oncoming flow

UPSTREAM, DOWNSTREAM = 1.5, 3.5  # free lengths ahead of and behind the body, body lengths
BLOCKAGE = 0.025  # largest share of the tunnel's section that the body fills

WINDOW = 100  # iterations of one averaging window
TOLERANCE = 0.01  # largest difference of the last two windows' means of Cd
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
        seconds: time limit of the whole run.
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
    """

    convection: str
    p: float
    u: float
    turbulence: float


UPWIND = "bounded Gauss upwind"
LINEAR_UPWIND = "bounded Gauss linearUpwind limitedGrad"

START = Numerics(UPWIND, 0.3, 0.7, 0.5)
MAIN = Numerics(LINEAR_UPWIND, 0.3, 0.7, 0.5)
GENTLE_START = Numerics(UPWIND, 0.2, 0.5, 0.3)
GENTLE_MAIN = Numerics(LINEAR_UPWIND, 0.2, 0.5, 0.3)
