"""The study structure on a small family: by contract, as exact measures, with options, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
import pytest
from lamp import ARM_MM, POST_MM, Lamp, LampParameters, shade_middle

from maquette.constraints.requirements.quantity import MESH, SURROGATE, quantities
from maquette.design.errors import InputError
from maquette.design.family.contract import Measure
from maquette.design.family.parameters import Choice
from maquette.design.structures.draft import Draft
from maquette.design.structures.materials import MATERIALS
from maquette.design.structures.sections import rod
from maquette.design.structures.skins import refined
from maquette.design.structures.solve import solve
from maquette.design.structures.structure import Load, LoadCase, Probe, Structure, Support
from maquette.surrogate.runs.rows import misfit
from maquette.surrogate.studies.conformance import check_study, measures_are_its_outputs
from maquette.surrogate.studies.registry import get_study
from maquette.surrogate.studies.structure import study as module

STUDY = get_study("structure")
METALS = ("steel_s235", "aluminium_6061")


@dataclass(frozen=True)
class MetalLamp(LampParameters):
    """A lamp whose tubes are of a metal that one may choose."""

    metal: Annotated[str, Choice(METALS, "steel_s235", "What the tubes are made of.", "stand")] = METALS[0]


class StandingLamp(Lamp):
    """A lamp whose foot is held and whose shade is pushed down and aside."""

    declaration: ClassVar[type] = MetalLamp
    studies: ClassVar[Sequence[str]] = ("structure",)

    def structure(self, values: Mapping[str, float]) -> Structure:
        metal = MATERIALS[METALS[int(values.get("metal", 0))]]
        draft = Draft()
        joint, end = (0.0, 0.0, values["post_height"] - POST_MM), shade_middle(values)
        draft.member("post", (0.0, 0.0, 0.0), joint, rod(2 * POST_MM), metal)
        draft.member("arm", joint, end, rod(2 * ARM_MM), metal)
        foot, tip = draft.node((0.0, 0.0, 0.0)), draft.node(end)
        cases = [
            LoadCase("push down", "by hand", [Support(foot)], [Load(tip, (0.0, 0.0, -100.0))]),
            LoadCase("push aside", "by hand", [Support(foot)], [Load(tip, (60.0, -60.0, 0.0))], 1.5),
        ]
        return draft.structure(cases, [Probe("shade_drop", "push down", tip, "z")])

    def fine_structure(self, values: Mapping[str, float]) -> Structure:
        """Of solid rods: they stay beams."""
        return refined(self.structure(values), [], [])


class MeasuredLamp(StandingLamp):
    """The same, which measures its safety factor itself."""

    measure_list: ClassVar[Sequence[Measure]] = (
        *Lamp.measure_list,
        Measure(module.SAFETY, "1", "Least safety factor of the pushes.", better="more"),
    )

    def measures(self, values: Mapping[str, float]) -> dict[str, float]:
        return {**super().measures(values), module.SAFETY: solve(self.structure(values)).safety_factor}


class WrongLamp(MeasuredLamp):
    """One that measures something else under that name."""

    def measures(self, values: Mapping[str, float]) -> dict[str, float]:
        return {**super().measures(values), module.SAFETY: 1.0}


def test_contract() -> None:
    check_study(STUDY, [StandingLamp(), MeasuredLamp()])


def test_a_measure_that_is_something_else_is_found_out() -> None:
    with pytest.raises(Exception, match="measures safety_factor as 1, a run as"):
        measures_are_its_outputs(STUDY, WrongLamp())


def test_what_a_family_measures_is_exact_and_the_rest_is_predicted() -> None:
    plain, measured = quantities(StandingLamp()), quantities(MeasuredLamp())
    assert plain[module.SAFETY].how == SURROGATE
    assert measured[module.SAFETY].how == MESH
    assert measured[module.SAFETY].better == "high"
    assert measured[module.DEFLECTION].how == SURROGATE
    assert [n.name for n in STUDY.predicted(MeasuredLamp())] == [module.STRESS, module.DEFLECTION]
    assert "安全系数" in measured[module.SAFETY].synonyms


def test_a_run_is_the_hand_calculation() -> None:
    """The arm straight out to the side, level: its root bends with the push times its length."""
    family = StandingLamp()
    values = {**family.defaults(), "arm_tilt": 0.0}
    run = STUDY.observe(family, values, "beam")
    length = values["arm_length"]
    arm = 100.0 * length * 32.0 / (np.pi * (2 * ARM_MM) ** 3)
    post = 100.0 * length * 32.0 / (np.pi * (2 * POST_MM) ** 3) + 100.0 / (np.pi * POST_MM**2)
    assert run.details["safety_factor push down"] == pytest.approx(235.0 / max(arm, post), rel=1e-6)
    assert run.outputs[module.SAFETY] == min(
        run.details["safety_factor push down"], run.details["safety_factor push aside"] / 1.5
    )
    assert run.details["shade_drop"] < 0.0
    assert run.outputs[module.DEFLECTION] >= -run.details["shade_drop"]
    tubes = np.pi * (POST_MM**2 * (values["post_height"] - POST_MM) + ARM_MM**2 * length)
    assert run.details["mass"] == pytest.approx(tubes * 7850e-9)


def test_without_walls_both_fidelities_are_one() -> None:
    """Solid rods stay beams on shells; a family that says nothing of walls is refused at that fidelity."""
    family = StandingLamp()
    beam, shell = (STUDY.observe(family, family.defaults(), f) for f in STUDY.levels)
    assert shell.outputs == pytest.approx(beam.outputs)
    assert shell.details["seam_stress"] == 0.0

    class Bare(StandingLamp):
        def fine_structure(self, values: Mapping[str, float]) -> None:  # type: ignore[override]
            return None

    with pytest.raises(InputError, match="no walls"):
        STUDY.observe(Bare(), family.defaults(), "shell")


def test_runs_know_the_material_and_are_kept_apart() -> None:
    family = StandingLamp()
    runs = [STUDY.observe(family, {**family.defaults(), "metal": float(k)}, "beam") for k in range(2)]
    steel, aluminium = runs
    assert steel.run_id != aluminium.run_id
    assert steel.outputs[module.STRESS] == pytest.approx(aluminium.outputs[module.STRESS])
    ratio = aluminium.outputs[module.DEFLECTION] / steel.outputs[module.DEFLECTION]
    assert ratio == pytest.approx(3.0, rel=0.01)


def test_files_hold_options_of_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    family = StandingLamp()
    monkeypatch.setattr("maquette.surrogate.runs.rows.get_family", lambda name: family)
    run = STUDY.observe(family, {**family.defaults(), "metal": 1.0}, "beam")
    assert misfit(run) == ""
    run.parameters["metal"] = 2.0
    assert "metal is 2; allowed 0 to 1" in misfit(run)


def test_a_family_without_a_structure_is_told_so() -> None:
    with pytest.raises(InputError, match="family lamp declares no structure"):
        STUDY.problem(Lamp(), Lamp().defaults())


def test_the_recipe_changes_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    before = STUDY.recipe
    monkeypatch.setattr(module, "MATERIALS", {"steel_s235": MATERIALS["steel_s235"]})
    assert STUDY.recipe != before
