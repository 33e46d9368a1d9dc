"""The bicycle frame: the families' contract, numbers worked by hand, every rule with a frame that breaks."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maquette.design.errors import RuleError
from maquette.design.family.conformance import CHECKS, EXACT_CHECKS, subjects
from maquette.design.family.sampling import draws
from maquette.design.geometry.measures import solid_volume
from maquette.design.products.bicycle import Bicycle
from maquette.design.products.bicycle.definition import Tube, define
from maquette.design.products.bicycle.fit import front_axle
from maquette.design.products.bicycle.materials import ALLOYS
from maquette.design.products.bicycle.rules import RULES
from maquette.design.products.bicycle.structure import solved, structure
from maquette.design.products.bicycle.tubes import circle, ends, tube_mesh, wall_volume

BICYCLE = Bicycle()
TRIED = subjects(BICYCLE, n=8, seed=1)


def of(**changes: float) -> dict[str, float]:
    """The defaults with these changes."""
    return BICYCLE.validate({**BICYCLE.defaults(), **changes})


@pytest.mark.parametrize("check", [c for c in CHECKS if c not in EXACT_CHECKS])
def test_contract(check: str) -> None:
    CHECKS[check](BICYCLE, TRIED)


@pytest.mark.kernel
@pytest.mark.slow
@pytest.mark.parametrize("check", EXACT_CHECKS)
def test_exact_contract(check: str) -> None:
    CHECKS[check](BICYCLE, TRIED[:3])


@pytest.mark.kernel
@pytest.mark.slow
def test_mass_is_that_of_the_exact_parts() -> None:
    """Solids of the kernel times their density, against the walls' mean lengths."""
    for name in ("gravel", "step_through"):
        values = of(**BICYCLE.archetypes[name])
        exact = sum(solid_volume(p.shape) * 1e-9 * p.density_kg_m3 for p in BICYCLE.solid(values))
        assert BICYCLE.measures_of(values, ("mass",))["mass"] == pytest.approx(exact, rel=0.005)


# -- numbers by hand --------------------------------------------------------------------------------------


def test_fit_by_hand() -> None:
    """The drawing of a frame of stack 580, reach 390, angles 72 and 73 degrees, worked with a calculator."""
    found = BICYCLE.measures(
        of(stack=580, reach=390, head_angle=72, seat_angle=73, bottom_bracket_drop=70, chain_stay_length=430)
    )
    assert found["effective_top_tube"] == pytest.approx(390 + 580 / 3.2709, abs=0.05)
    assert found["rider_height"] == pytest.approx(0.5 * (567.32 / 0.313 + 580 / 0.318), abs=0.2)
    assert found["saddle_height"] == pytest.approx(0.883 * 0.47 * found["rider_height"])
    wheel = 311 + found["tyre_clearance"]
    assert found["trail"] == pytest.approx((wheel * 0.30902 - 45) / 0.95106, abs=0.02)
    assert found["bottom_bracket_height"] == pytest.approx(wheel - 70)
    behind = math.sqrt(430**2 - 70**2)
    front = math.sqrt(found["front_centre"] ** 2 - 70**2)
    assert found["wheelbase"] == pytest.approx(behind + front)
    assert found["toe_clearance"] == pytest.approx(found["front_centre"] - wheel - 170)


def test_the_front_axle_is_level_and_45_mm_off_the_steering_axis() -> None:
    d = define(of())
    x, length = front_axle(d)
    axle = np.array([x, 0.0, d.p["bottom_bracket_drop"]])
    axis = d.tubes["head tube"].axes[0]
    off = axle - d.points["head bottom"]
    assert np.linalg.norm(np.cross(off, axis)) == pytest.approx(45.0)
    assert -float(off @ axis) == pytest.approx(length + 8.0)


def test_lines_of_a_mitre_by_hand() -> None:
    """A tube square to another of its own radius R: a line at angle a leaves it at R |cos a|, 2 R / pi in the
    mean; without a cut its wall is that of a plain tube."""
    post = Tube("post", np.array([0.0, 0.0, -100.0]), np.array([0.0, 0.0, 100.0]), 16.0, 1.0)
    arm = Tube("arm", np.zeros(3), np.array([200.0, 0.0, 0.0]), 16.0, 1.0, ("post",))
    lines = 16.0 * circle(720) @ np.stack(arm.axes[1:])
    start, end = ends(arm, {"post": post}, lines)
    assert start.mean() == pytest.approx(2.0 * 16.0 / math.pi, rel=1e-3)
    assert start.max() == pytest.approx(16.0)
    assert np.all(end == 200.0)
    assert wall_volume(post, {}) == pytest.approx(math.pi * (16.0**2 - 15.0**2) * 200.0)


def test_all_of_the_widest_tyre_clears_the_frame() -> None:
    """A tyre of the stated width is 6 mm from everything where it is nearest; 2 mm more is not."""
    d = define(of())
    width = BICYCLE.measures(of())["tyre_clearance"]
    axle = d.points["axle"]

    def nearest(w: float) -> float:
        gaps = []
        for tube in d.tubes.values():
            if "stay" in tube.name or tube.name == "seat tube":
                line = tube.a + np.linspace(0, 1, 400)[:, None] * (tube.b - tube.a)
                away = np.hypot(line[:, 0] - axle[0], line[:, 2] - axle[2])
                core = np.hypot(away - 311.0 - 0.5 * w, line[:, 1])
                dent = 0.5 * tube.radius if tube.name.endswith("stay") else 0.0
                gaps.append(core.min() - 0.5 * w - tube.radius + dent)
        return float(min(gaps))

    assert nearest(width) == pytest.approx(6.0, abs=0.1)
    assert nearest(width + 2.0) < 6.0


@pytest.mark.parametrize("name", BICYCLE.archetypes)
def test_a_drawing_says_what_a_size_chart_says(name: str) -> None:
    """Every number on the sheet is the parameter's or the measure's, and its ends lie on what is drawn."""
    values = of(**BICYCLE.archetypes[name])
    parts = BICYCLE.mesh(values)
    sheet = BICYCLE.dimensions(parts, values)
    said = sheet.by_name()
    known = values | BICYCLE.measures_of(values, ["wheelbase"])
    assert said == pytest.approx({k: known[k] for k in said}, abs=0.5)
    assert set(said) == {
        "stack", "reach", "head_angle", "seat_angle", "chain_stay_length", "wheelbase", "seat_tube_length",
        "bottom_bracket_drop", "dropout_spacing",
    }  # fmt: skip
    by = {p.name: p.mesh.vertices[np.unique(p.mesh.faces)] for p in parts}
    lines = {line.name: line for line in sheet.lines}
    head = by["head tube"] @ np.array([-np.cos(np.radians(said["head_angle"])), 0.0,
                                       np.sin(np.radians(said["head_angle"]))])  # fmt: skip
    top = by["head tube"][head > head.max() - 0.5]
    middle = 0.5 * (top.min(axis=0) + top.max(axis=0))
    assert middle[[0, 2]] == pytest.approx((lines["reach"].end[0], lines["stack"].end[2]), abs=0.5)
    shell = by["bottom bracket shell"]
    assert 0.5 * (shell.min(axis=0) + shell.max(axis=0)) == pytest.approx(lines["chain_stay_length"].end)


def test_outlines_have_as_many_points_for_all_frames() -> None:
    """With and without bridges; and nothing of the outline lies outside the frame's own box."""
    both = BICYCLE.outline(of()).mesh
    for changes in ({"seat_stay_bridge": 0}, {"chain_stay_bridge": 0}, BICYCLE.archetypes["hardtail"]):
        values = of(**changes)
        mesh = BICYCLE.outline(values).mesh
        assert np.array_equal(mesh.faces, both.faces)
        low, high = BICYCLE.hull(values).bounds
        assert np.all(mesh.bounds[0] >= low - 0.5)
        assert np.all(mesh.bounds[1] <= high + 0.5)


# -- strength ---------------------------------------------------------------------------------------------


def test_reactions_carry_the_loads() -> None:
    """Each test is in balance: reactions and forces on the frame add up to nothing."""
    found = solved(of())
    for k, case in enumerate(found.structure.cases):
        loads = np.sum([load.force for load in case.loads], axis=0)
        assert found.reactions[k, :, :3].sum(axis=0) == pytest.approx(-loads, abs=1e-3)


def test_left_and_right_pedals_are_alike() -> None:
    names = [c.name for c in structure(of()).cases]
    safety = solved(of()).safety
    right, left = (safety[names.index(f"pedalling {side}")] for side in ("right", "left"))
    assert right == pytest.approx(left, rel=1e-6)


def test_the_beams_weigh_what_the_frame_weighs() -> None:
    assert solved(of()).mass == pytest.approx(BICYCLE.measures(of())["mass"], rel=0.03)


def test_stiffness_follows_the_modulus() -> None:
    """The same tubes of titanium: stiffness in the ratio of the moduli (shear's ratio differs by 2 %)."""
    steel, titanium = (BICYCLE.measures(of(material=m))["bottom_bracket_stiffness"] for m in (1, 3))
    ratio = ALLOYS[3].material.E / ALLOYS[1].material.E
    assert titanium / steel == pytest.approx(ratio, rel=0.02)


@pytest.mark.parametrize("tube", ["down_tube", "chain_stay", "seat_tube"])
def test_more_metal_is_stiffer_and_heavier(tube: str) -> None:
    thin, thick = (BICYCLE.measures(of(**{f"{tube}_wall": w})) for w in (1.0, 1.6))
    assert thick["bottom_bracket_stiffness"] > thin["bottom_bracket_stiffness"]
    assert thick["mass"] > thin["mass"]


# -- rules ------------------------------------------------------------------------------------------------

BREAKS: Mapping[str, Mapping[str, float]] = {
    "tubes-apart-on-head-tube": {"head_tube_length": 112, "head_tube_lower": 58, "head_tube_upper": 50},
    "tubes-inside-head-tube": {"head_tube_upper": 18, "top_tube_diameter": 42, "seat_tube_diameter": 40},
    "top-tube-above-bottom-bracket": {"seat_tube_length": 381, "seat_tube_extension": 299},
    "chain-stays-on-shell": {"chain_stay_inset": 8, "chain_stay_diameter": 25},
    "tyre-fits": {"seat_stay_bridge_offset": 345, "bridge_diameter": 20},
    "fork-exists": {"stack": 511, "head_tube_length": 224},
    "seat-post-fits": {"seat_tube_length": 619, "stack": 511, "reach": 341, "head_tube_length": 111},
    "tubes-meet-wide-ones": {"seat_tube_diameter": 27, "top_tube_diameter": 42},
    "walls-thick-enough": {"material": 2, "down_tube_diameter": 48, "down_tube_wall": 0.6},
}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_names_its_frame(rule: str) -> None:
    with pytest.raises(RuleError) as refused:
        BICYCLE.accept(of(**BREAKS[rule]))
    assert rule in refused.value.rules


def test_a_fork_that_nobody_makes_is_told_which_way() -> None:
    tall = of(stack=669, head_tube_length=111, head_angle=66, bottom_bracket_drop=25)
    (long,) = [b for b in BICYCLE.broken_rules(tall) if b.rule == "fork-exists"]
    assert "lower stack" in long.reason


# -- whatever the frame -----------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_tubes_of_any_frame_are_closed_and_inside_out_nowhere(seed: int) -> None:
    drawn = next(d for d in draws(BICYCLE, seed) if not d.broken)
    d = define(drawn.values)
    for tube in d.tubes.values():
        mesh = tube_mesh(tube, d.tubes)
        assert mesh.is_watertight
        assert 0.98 < mesh.volume / wall_volume(tube, d.tubes) < 1.01
