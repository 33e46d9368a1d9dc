"""The wind tunnel as a study: what it gives, at which cost, and how a family's design is put into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import ClassVar

import numpy as np

from ....design.family.contract import Family
from ....design.family.lexicon import QuantityWords
from ....design.geometry.measures import frontal_area
from ....design.geometry.mesh import Mesh
from ..contract import HERE, Fidelity, History, Output, Product, Study, Work
from ..record import Observation
from . import openfoam
from .forces import read_history, read_residuals
from .recipe import CURRENT, RECIPES
from .simulate import AREA, COEFFICIENTS, DRAG, LIFT, NAME, Body, simulate
from .tunnel import size_of

WORDS = QuantityWords(
    synonyms={
        DRAG: """
            coefficient of drag, cd, cx, cw, c d, cd value, cw value, cx value, drag, air drag, air
            resistance, aerodynamic drag, aerodynamic resistance, drag value, cd figure, aero drag,
            风阻系数, 风阻, 阻力系数, 空气阻力系数, cd值, cw值, 气动阻力系数, 风阻值
        """,
        LIFT: "coefficient of lift, cl, lift, aerodynamic lift, 升力系数, 升力",
        "drag_area": """
            cda, cd a, cdxa, cd x a, cd times a, cd times area, scx, drag area, 阻力面积, 风阻面积
        """,
    },
    alternates={(DRAG, "area"): "drag_area"},  # "drag below 0.6 m2"
    superlatives={
        (-1, DRAG): """
            as slippery as possible, as aerodynamic as possible, as streamlined as possible, as
            efficient as possible
        """
    },
)

FRONT, REAR = COEFFICIENTS[2:]
ALIKE = 1.5  # a shape so much larger or smaller than a family's bodies is not cut by their cells


class WindTunnel(Study):
    """Drag and lift of a closed body in steady flow over a moving ground."""

    name: ClassVar[str] = NAME
    title: ClassVar[str] = "Wind tunnel (OpenFOAM, steady RANS)"
    outputs: ClassVar[Sequence[Output]] = (
        Output(
            DRAG, "1", "Aerodynamic drag coefficient Cd, referred to the frontal area.", 0.05, 1.5,
            better="less", symbol="Cd", usual=(0.15, 0.45),
        ),
        Output(
            LIFT, "1", "Aerodynamic lift coefficient Cl, referred to the frontal area; upward positive.",
            -2.0, 2.0, better="less", symbol="Cl",
        ),
        Output(FRONT, "1", "Share of Cl at the front axle.", -2.0, 2.0, symbol="Clf", learned=False),
        Output(REAR, "1", "Share of Cl at the rear axle.", -2.0, 2.0, symbol="Clr", learned=False),
    )  # fmt: skip
    products: ClassVar[Sequence[Product]] = (
        Product(
            "drag_area", "m2", "Drag coefficient times frontal area, CdA.", 0.01, 5.0,
            output=DRAG, measure=AREA, better="less", symbol="CdA",
        ),
    )  # fmt: skip
    fidelities: ClassVar[Sequence[Fidelity]] = (
        Fidelity("coarse", "some 30 thousand cells; ranks bodies like medium at 0.81", 45.0),
        Fidelity("medium", "some 100 thousand cells", 100.0),
        Fidelity("fine", "some 300 thousand cells", 900.0),
    )
    usual: ClassVar[str] = "medium"  # the cheapest one whose ranks hold
    component: ClassVar[str] = "openfoam"
    words: ClassVar[QuantityWords] = WORDS

    @property
    def recipe(self) -> str:
        """The set-up of `maquette simulate`."""
        return CURRENT.name

    @property
    def solver(self) -> str:
        """OpenFOAM's version."""
        return openfoam.version()

    def require(self) -> None:
        """Raise :class:`MissingComponentError` with the line for apt unless OpenFOAM is there."""
        openfoam.require()

    def problem(self, family: Family, values: Mapping[str, float]) -> Body:
        """The hull of a design, with what its family says of the run."""
        mesh, axles = family.hull(values), family.axles(values)
        return Body(mesh, family.name, dict(values), axles, family.reference_speed, typical_size(family))

    def caveats(self) -> tuple[str, ...]:
        """See :mod:`.reference`."""
        from .reference import caveats

        return caveats()

    def shape_problem(self, mesh: Mesh, family: Family | None = None) -> Body:
        """Any closed body, symmetric about y = 0, ground at z = 0, flow along +x."""
        if family is None:
            return Body(mesh)
        own, usual = (
            size_of(1e-3 * float(np.ptp(mesh.bounds[:, 0])), frontal_area(mesh)),
            typical_size(family),
        )
        alike = 1.0 / ALIKE < own / usual < ALIKE
        return Body(mesh, speed=family.reference_speed, size=usual if alike else None)

    def run(
        self, problem: Body, fidelity: str, run_id: str, work: Work = HERE, recipe: str = ""
    ) -> Observation:
        """See :func:`.simulate.simulate`."""
        return simulate(problem, fidelity, run_id, recipe=RECIPES[recipe or CURRENT.name], work=work)

    def scatter(self, recipe: str, fidelity: str, output: str) -> float | None:
        """As the bench found it; of drag and lift."""
        pair = RECIPES[recipe].scatter.get(fidelity) if recipe in RECIPES else None
        return None if pair is None else pair[(DRAG, LIFT).index(output)]

    def history(self, folder: Path) -> History | None:
        """Coefficients and residuals from the solver's log."""
        case = next((p.parent for p in folder.glob("*/log.simpleFoam")), None)
        if case is None:
            return None
        found = read_history(case)
        columns = dict(zip(COEFFICIENTS, found.values.T.tolist(), strict=True))
        return History(found.iterations.tolist(), columns, read_residuals(case))

    def run_id(self, family: str, fidelity: str, values: Mapping[str, float]) -> str:
        """``car-medium-<hash>``: as runs were called when there was no other study."""
        return self._id((family, fidelity), values)


@cache
def typical_size(family: Family) -> float:
    """Size (m) of a family's design as declared, which recipes with fixed cells take their cells from."""
    hull = family.hull(family.defaults())
    return size_of(1e-3 * float(np.ptp(hull.bounds[:, 0])), frontal_area(hull))
