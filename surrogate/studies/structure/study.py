"""Strength and stiffness under load cases as a study: what it gives, and how a design is put into it."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from ....design.errors import InputError
from ....design.family.contract import Family
from ....design.family.lexicon import QuantityWords
from ....design.family.registry import get_family
from ....design.files import make_folder
from ....design.messages import say, spelt
from ....design.structures.materials import MATERIALS
from ....design.structures.solve import Solved, solve
from ....design.structures.spread import DEFLECTION, SAFETY, STRESS
from ....design.structures.structure import Structure as Loaded
from ....design.structures.verdict import by_case, why
from ..contract import HERE, Fidelity, Output, Study, Work
from ..record import Observation

BEAM, SHELL = "beam", "shell"
#: changes with the solver's mathematics; the materials' numbers are added by a hash
VERSION = "maquette-frame-1"

WORDS = QuantityWords(
    synonyms={
        SAFETY: """
            factor of safety, safety margin against yield, strength reserve, reserve of strength,
            安全系数, 安全因子, 强度储备
        """,
        STRESS: """
            maximum stress, max stress, highest stress, largest stress, von mises stress, material stress,
            stress, 应力, 最大应力, 峰值应力
        """,
        DEFLECTION: """
            maximum deflection, largest deflection, deflection, deflection under load, deflects, deflect,
            deflecting, sag, sags, flex,
            give under load,
            挠度, 最大挠度, 变形量, 受力变形, 变形, 最大变形, 下垂
        """,
    },
    superlatives={
        (1, SAFETY): """
            as strong as possible, as sturdy as possible, as robust as possible, strongest possible,
            尽可能结实, 尽量结实, 尽可能坚固, 越结实越好
        """,
        (-1, DEFLECTION): """
            as stiff as possible, as rigid as possible, stiffest possible, 尽可能刚硬, 尽量刚硬, 刚度尽可能大
        """,
    },
)


@dataclass(frozen=True, eq=False)
class Problem:
    """A loaded structure and whose it is: family and parameters of the design; how it is told on shells."""

    structure: Loaded
    family: str = ""
    parameters: Mapping[str, float] = field(default_factory=dict)
    fine: Callable[[], Loaded | None] = lambda: None


def outputs_of(solved: Solved) -> dict[str, float]:
    """The study's outputs of a solved structure: what families call for measures of these names."""
    return {
        SAFETY: solved.safety_factor,
        STRESS: solved.peak_stress,
        DEFLECTION: solved.max_deflection,
    }


class Structure(Study):
    """Linear elastic frames and shells under the load cases that their family cites."""

    name: ClassVar[str] = "structure"
    title: ClassVar[str] = "Strength and stiffness (beams and shells, linear elastic)"
    outputs: ClassVar[Sequence[Output]] = (
        Output(
            SAFETY, "1", "Strength over the largest stress, and over what the load case requires; the least.",
            0.0, 1000.0, better="more", symbol="SF", usual=(0.0, 5.0),
        ),
        Output(
            STRESS, "MPa", "Largest equivalent (von Mises) stress of all load cases.", 0.0, 1e5,
            better="less", symbol="S", usual=(0.0, 500.0),
        ),
        Output(
            DEFLECTION, "mm", "Longest way that a point moves in any load case.", 0.0, 1e5,
            better="less", symbol="d", usual=(0.0, 50.0),
        ),
    )  # fmt: skip
    fidelities: ClassVar[Sequence[Fidelity]] = (
        Fidelity(BEAM, "beams and flat shells, all load cases at once", 0.01),
        Fidelity(
            SHELL, "walls of tubes and plates as some 20,000 triangles of shell, welded where they meet", 5.0
        ),
    )
    knows_options: ClassVar[bool] = True
    words: ClassVar[QuantityWords] = WORDS

    @property
    def recipe(self) -> str:
        """The solver's version and a hash of the materials; loads are the family's, like its geometry."""
        text = repr(sorted(MATERIALS.items()))
        return f"{VERSION}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    def require(self) -> None:
        """Nothing outside is needed."""

    def problem(self, family: Family, values: Mapping[str, float]) -> Problem:
        """The structure that the family makes of a design.

        Raises:
            InputError: the family says of none what it carries.
        """
        structure = family.structure(values)
        if structure is None:
            raise InputError(say("family {family} declares no structure", family=spelt(family.name)))
        return Problem(structure, family.name, dict(values), partial(family.fine_structure, values))

    def run(
        self, problem: Any, fidelity: str, run_id: str, work: Work = HERE, recipe: str = ""
    ) -> Observation:
        """Solve it; without noise. `details` holds the mass, the probes, the safety factor of each load case,
        and of shells the stress in the seams of welds, which depends on the mesh and is not judged. A run
        whose files are kept leaves the fields of :func:`_write_fields`."""
        began = time.perf_counter()
        structure = problem.structure if fidelity == BEAM else problem.fine()
        if structure is None:
            raise InputError(
                say("family {family} has no walls for the fidelity shell", family=spelt(problem.family))
            )
        work.progress("solving", 0.1)
        solved = solve(structure)
        seams = {"seam_stress": solved.seam_stress, "nodes": float(len(structure.nodes))}
        outputs = outputs_of(solved)
        stressed = all(math.isfinite(v) for v in outputs.values()) and outputs[STRESS] > 0.0
        cases = {f"safety_factor {c.case.name}": c.safety for c in by_case(solved) if math.isfinite(c.safety)}
        work.progress("solving", 1.0)
        if work.keep and work.folder is not None and problem.family:
            _write_fields(work.folder / run_id, problem, solved)
        return Observation(
            run_id=run_id, study=self.name, family=problem.family, fidelity=fidelity,
            parameters=dict(problem.parameters), outputs=outputs, noise=dict.fromkeys(outputs, 0.0),
            converged=stressed, reason="" if stressed else "no load case stresses it",
            details={"mass": solved.mass, **solved.probes, **cases, **(seams if fidelity == SHELL else {})},
            seconds=time.perf_counter() - began, solver=self.solver, recipe=recipe or self.recipe,
        )  # fmt: skip


def _write_fields(folder: Path, problem: Problem, solved: Solved) -> None:
    """``stress.vtp``: stress and shift of every load case on the body; ``stress.glb``: the body as it bends
    under the one that decides, in bands of stress."""
    from ....design.exchange.export import write_glb
    from ....design.exchange.vtp import write_vtp
    from ....design.rendering.strain import strained, surface_fields

    parts = get_family(problem.family).mesh(problem.parameters)
    make_folder(folder)
    mesh, fields = surface_fields(parts, solved)
    notes = {"stress_unit": "MPa", "shift_unit": "mm", "length_unit": "mm", "why": why(solved)}
    write_vtp(mesh, folder / "stress.vtp", fields, notes)
    write_glb(strained(parts, solved).parts, folder / "stress.glb")
