"""What a lamp is put through: pushed down on its shade, does it stay upright, and how are its tubes bent?

Euler-Bernoulli beams of round section (Gere and Timoshenko, "Mechanics of Materials", chapter 5): stress
M r / I with I = pi r^4 / 4. ``beam`` takes the arm and the post without their own weight and reads its stress
off a gauge that jitters; ``frame`` adds every part's weight, integrated along the tubes.
"""

from __future__ import annotations

import hashlib
import math
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from lamp import ARM_MM, GRAVITY, POST_MM, Lamp, masses, pieces, shade_middle, tipping_force

from maquette.design.family.contract import Family
from maquette.design.family.lexicon import QuantityWords
from maquette.surrogate.studies.contract import HERE, Fidelity, Output, Product, Study, Work
from maquette.surrogate.studies.record import Observation

PUSH = 4.0  # N, downward on the middle of the shade
JITTER = 0.02  # of the stress that `beam` reads
MARGIN, STRESS = "tip_over_margin", "peak_stress"


@dataclass(frozen=True)
class Loaded:
    """The lamp's lengths (mm) and weights (N) under the push."""

    family: str
    parameters: Mapping[str, float]


class Push(Study):
    """A push on the shade."""

    name: ClassVar[str] = "push"
    title: ClassVar[str] = "Push on the shade"
    outputs: ClassVar[Sequence[Output]] = (
        Output(
            STRESS, "MPa", "Largest bending stress of arm and post.", 0.0, 200.0, better="less", symbol="S"
        ),
        Output(MARGIN, "1", "Push that tips it over the push that is asked.", 0.0, 50.0, better="more"),
    )
    products: ClassVar[Sequence[Product]] = (
        Product(
            "stress_times_mass", "MPa", "Peak stress times mass in kg.", 0.0, 1000.0,
            output=STRESS, measure="mass", better="less",
        ),
    )  # fmt: skip
    fidelities: ClassVar[Sequence[Fidelity]] = (
        Fidelity("beam", "weightless tubes, a gauge that jitters", 0.001),
        Fidelity("frame", "tubes with their weight", 0.01),
    )
    words: ClassVar[QuantityWords] = QuantityWords(
        synonyms={STRESS: "stress, bending stress, material stress", MARGIN: "safety against tipping"}
    )

    @property
    def recipe(self) -> str:
        return "push-1"

    def require(self) -> None:
        """Nothing outside is needed."""

    def problem(self, family: Family, values: Mapping[str, float]) -> Loaded:
        return Loaded(family.name, dict(values))

    def run(
        self, problem: Any, fidelity: str, run_id: str, work: Work = HERE, recipe: str = ""
    ) -> Observation:
        v = problem.parameters
        stress = peak_stress(v, fidelity == "frame")
        noise = {STRESS: 0.0, MARGIN: 0.0}
        if fidelity == "beam":
            rng = np.random.default_rng(int(hashlib.sha256(run_id.encode()).hexdigest()[:8], 16))
            stress *= 1.0 + JITTER * float(rng.normal())
            noise[STRESS] = JITTER * stress
        work.progress("pushing", 1.0)
        return Observation(
            run_id=run_id, study=self.name, family=problem.family, fidelity=fidelity, parameters=dict(v),
            outputs={STRESS: stress, MARGIN: tipping_force(v) / PUSH}, noise=noise, converged=True,
            details={"mass": sum(masses(v).values())}, recipe=recipe or self.recipe, solver="by hand",
        )  # fmt: skip


class PushedLamp(Lamp):
    """The lamp with its study, as a package from outside installs both (:func:`installed`)."""

    studies: ClassVar[Sequence[str]] = ("push",)


def peak_stress(v: Mapping[str, float], weights: bool) -> float:
    """Largest of arm and post, MPa (N/mm2), each where it is clamped."""
    x, y, _ = shade_middle(v)
    out = math.hypot(x, y)
    at_arm = at_post = PUSH * out
    if weights:
        for p, mass in zip(pieces(v), masses(v).values(), strict=True):
            if p.name in ("arm", "shade", "bulb") or p.name.startswith("joint"):
                along = 0.5 * ((p.a[0] + p.b[0]) * x + (p.a[1] + p.b[1]) * y) / out
                at_arm += mass * GRAVITY * along
                at_post += mass * GRAVITY * along
    return max(4.0 * at_arm / (math.pi * ARM_MM**3), 4.0 * at_post / (math.pi * POST_MM**3))


@contextmanager
def installed(place: Path) -> Iterator[None]:
    """Lamp and push as a package of their own in `place`, for this process and those that it starts."""
    info = place / "maquette_lamp-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: maquette-lamp\nVersion: 1.0\n")
    groups = {
        "maquette.families": "lamp = lamp_study:PushedLamp",
        "maquette.studies": "push = lamp_study:Push",
    }
    (info / "entry_points.txt").write_text("".join(f"[{g}]\n{line}\n" for g, line in groups.items()))
    paths = [str(place), str(Path(__file__).parent)]
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(paths + ([before] if before else []))
    sys.path.insert(0, paths[0])
    try:
        yield
    finally:
        sys.path.remove(paths[0])
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
