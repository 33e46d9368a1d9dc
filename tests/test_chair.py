"""The chair keeps the contract; its shapes, masses, statics and stacks are what a pencil finds."""

from __future__ import annotations

import math
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import pytest
from pace import paces

from maquette.design.errors import RuleError
from maquette.design.family.conformance import EXACT_CHECKS, FAST_CHECKS, subjects
from maquette.design.family.conformance_subjects import Subject
from maquette.design.family.sampling import draws
from maquette.design.products.chair import Chair
from maquette.design.products.chair import declaration as d
from maquette.design.products.chair.bent import Bent
from maquette.design.products.chair.ergonomics import backs_supported, feet_on_floor, knee_clearance
from maquette.design.products.chair.layout import Layout
from maquette.design.products.chair.pieces import pieces_of
from maquette.design.products.chair.sheet import Sheet
from maquette.design.products.chair.stability import stability
from maquette.design.products.chair.stacking import stack_pitch
from maquette.design.products.chair.stick import Stick

CHAIR = Chair()


def design(archetype: str = "", **changes: float) -> dict[str, float]:
    return {**CHAIR.defaults(), **CHAIR.archetypes.get(archetype, {}), **changes}


@cache
def tried() -> list[Subject]:
    return subjects(CHAIR, 12, 1)


@pytest.mark.parametrize("check", FAST_CHECKS)
def test_contract(check: str) -> None:
    FAST_CHECKS[check](CHAIR, tried())


@pytest.mark.kernel
@pytest.mark.slow
@pytest.mark.parametrize("archetype", ["stacking", "dining", "windsor", "cantilever", "shell"])
def test_exact_bodies_keep_the_contract(archetype: str) -> None:
    for check in EXACT_CHECKS.values():
        check(CHAIR, [Subject(CHAIR, archetype, design(archetype))])


def test_the_fast_mesh_is_fast() -> None:
    """21 paces when this was written, 12 ms there."""
    values = design()
    assert paces(lambda: CHAIR.mesh(values)) < 45.0


# -- shapes ---------------------------------------------------------------------------------------------


def test_a_bend_is_a_quarter_torus() -> None:
    """Two arms of 100 mm and a bend of 40 mm: the middle line is 2 (100 - 40) + 40 pi / 2 long."""
    tube = Bent([(0, 0, 0), (100, 0, 0), (100, 0, 100)], 10.0, 40.0, 2.0)
    length = 2.0 * 60.0 + 20.0 * math.pi
    assert tube.mesh().volume == pytest.approx(math.pi * (100.0 - 64.0) * length, rel=6e-3)
    assert tube.mesh(full=True).volume == pytest.approx(math.pi * 100.0 * length, rel=6e-3)
    assert tube.least_bend() == pytest.approx(40.0)
    assert tube.mesh().is_watertight


def test_bends_that_do_not_fit_are_made_smaller() -> None:
    tube = Bent([(0, 0, 0), (50, 0, 0), (50, 50, 0), (100, 50, 0)], 5.0, 60.0)
    assert tube.least_bend() < 25.0
    assert tube.mesh().is_watertight


def test_a_tapered_leg_is_a_frustum() -> None:
    leg = Stick([(0, 0, 0), (30, -20, 400)], [(10, 10), (16, 16)])
    assert leg.mesh().volume == pytest.approx(math.pi * 400.0 / 3.0 * (100.0 + 160.0 + 256.0), rel=4e-3)
    assert leg.mesh().bounds[0, 2] == 0.0  # it stands flat


def test_a_flat_seat_is_its_outline_times_its_thickness() -> None:
    """A rectangle of 400 by 300 mm less four corners of radius 50: (4 - pi) 50**2 is cut off."""
    corners = [(-200.0, 0.0, 50.0), (200.0, 0.0, 50.0), (200.0, 300.0, 50.0), (-200.0, 300.0, 50.0)]
    seat = Sheet((0, 0, 450), (0, -1, 0), (1, 0, 0), corners, 12.0)
    assert seat.mesh().volume == pytest.approx(12.0 * (120000.0 - (4.0 - math.pi) * 2500.0), rel=2e-3)
    hollow = Sheet((0, 0, 450), (0, -1, 0), (1, 0, 0), corners, 12.0, 15.0)
    assert hollow.face(np.array([0.0, 150.0, 300.0]), 0.0) == pytest.approx([0.0, -15.0, 0.0], abs=1e-9)


@pytest.mark.kernel
@pytest.mark.parametrize("sag", [0.0, 18.0])
def test_a_sheet_is_the_same_exactly(sag: float) -> None:
    corners = [(-210.0, 0.0, 60.0), (210.0, 0.0, 60.0), (190.0, 400.0, 60.0), (-190.0, 400.0, 60.0)]
    seat = Sheet((0, 0, 450), (0, -1, 0), (1, 0, 0), corners, 12.0, sag)
    assert seat.mesh().volume == pytest.approx(seat.solid().Volume(), rel=2e-3)


# -- measures -------------------------------------------------------------------------------------------


def test_the_seat_is_where_it_is_said_to_be() -> None:
    for archetype in CHAIR.archetypes:
        v = design(archetype)
        parts = {p.name: p.mesh for p in CHAIR.mesh(v)}
        seat = parts.get("seat") or parts["shell"]
        front = seat.vertices[seat.vertices[:, 0] < seat.bounds[0, 0] + 4.0]
        assert front[:, 2].max() == pytest.approx(v["seat_height"], abs=0.1), archetype
        if "seat" in parts:
            width = v["seat_width"] - v["seat_taper"] * 0.5 * v["seat_roundness"]
            assert np.ptp(seat.vertices[:, 1]) == pytest.approx(width, abs=0.06 * width), archetype


@pytest.mark.parametrize("name", CHAIR.archetypes)
def test_a_drawing_says_what_a_joiner_asks(name: str) -> None:
    """Every number on the sheet is the parameter's or the measure's, and the seat's are those of its mesh."""
    values = design(name)
    parts = CHAIR.mesh(values)
    sheet = CHAIR.dimensions(parts, values)
    said = sheet.by_name()
    known = values | CHAIR.measures_of(values, ["overall_width", "overall_depth", "overall_height"])
    assert said == pytest.approx({k: known[k] for k in said}, abs=0.05)
    assert ("back_angle" in said) == (values["back_kind"] != d.NO_BACK)
    assert set(said) - {"back_angle"} == {
        "seat_height", "seat_depth", "seat_width", "overall_width", "overall_depth", "overall_height",
    }  # fmt: skip
    if values["back_kind"] != d.SHELL:
        seat = parts[0].mesh.vertices
        assert seat[:, 0].min() == pytest.approx(sheet.lines[2].start[0], abs=2.5)
        rounded = np.ptp(seat[:, 1]) / said["seat_width"]
        assert 0.95 < rounded < 1.0 + 1e-6, "round corners take of a tapered seat's width"
        front = seat[seat[:, 0] < seat[:, 0].min() + 3.0]
        assert front[:, 2].max() == pytest.approx(said["seat_height"], abs=1.0)


def test_mass_is_that_of_its_parts() -> None:
    """Wall 1.5 to 3 mm of a tube of 22 mm: the section grows from 96.6 to 179.1 mm2, 1.854 times."""
    thin, thick = (
        {p.name: p.mesh.volume for p in CHAIR.mesh(design(wall=wall))}["front legs"] for wall in (1.5, 3.0)
    )
    assert thick / thin == pytest.approx(1.854, rel=2e-3)
    steel, aluminium = (
        CHAIR.measures_of(design("school", frame_material=m), ["mass"])["mass"]
        for m in (d.STEEL, d.ALUMINIUM)
    )
    frame = sum(p.mesh.volume * 1e-9 for p in CHAIR.mesh(design("school")) if p.material == "steel")
    assert steel - aluminium == pytest.approx(frame * (7850.0 - 2700.0), rel=1e-6)


def test_tipping_by_hand() -> None:
    """A stool of 4 kg, its mass in the middle, on feet that are worked out from its angles.

    Forwards: 600 N act 60 mm behind the front edge, 20 N push at 450 mm.
    """
    v = design("stool")
    a = Layout(v)
    x = a.ends[0] + a.corner * (1.0 - math.sqrt(0.5)) + v["leg_inset"]
    foot = x - math.tan(math.radians(v["front_splay"])) * (450.0 - 28.0)
    edge = -0.5 * v["seat_depth"] + 60.0
    by_hand = (600.0 * (edge - foot) + 4.0 * 9.81 * (0.0 - foot)) / (20.0 * 450.0)
    assert stability(a, 4.0, 0.0)["forwards"] == pytest.approx(by_hand, rel=0.02)
    low, high = (stability(Layout(design("dining", seat_height=h)), 5.0, 0.0) for h in (420.0, 480.0))
    assert high["forwards"] < low["forwards"] + 0.5


def test_a_low_back_is_pushed_with_the_same_moment_about_the_floor() -> None:
    """EN 1022:2018, 6.2: the force on the back moves with the geometry, its moment does not; for a seat at
    450 mm it is 0.2857 (1000 - 450) N at 750 mm, 117.9 Nm, however low the back ends."""
    low, high = (
        stability(Layout(design("dining", seat_height=450.0, back_height=h)), 5.0, 0.0)["rearwards"]
        for h in (285.0, 420.0)
    )
    assert low == pytest.approx(high, rel=1e-9)


def test_who_reaches_the_ground_by_hand() -> None:
    """465 mm less 25 mm of shoe is the mean of men (half of them) and 40 mm, 1.481 deviations, above the
    mean of women (6.93 % of them)."""
    assert feet_on_floor(465.0) == pytest.approx(0.5 * (0.5 + 0.0693), abs=2e-4)
    assert feet_on_floor(350.0) > 0.99


def test_what_is_left_behind_the_knee_by_hand() -> None:
    """Thighs of 495 mm (men) and 480 mm (women, deviation 30) to the hollow of the knee: 487.5 mm on
    average. With 20 mm of gap a depth of 475 mm asks for 495: half of the men, and half a deviation above
    the women's mean."""
    assert knee_clearance(400.0) == pytest.approx(87.5)
    assert knee_clearance(500.0) == pytest.approx(-12.5)
    assert backs_supported(475.0) == pytest.approx(0.5 * (0.5 + 0.3085), abs=2e-4)


def test_level_bars_stack_by_their_diameter() -> None:
    """The next bar lies 30 degrees before it on its neighbour: 16 mm cos 30 higher."""
    bar = (np.array([0.0, -100.0, 50.0]), np.array([0.0, 100.0, 50.0]), 8.0)
    assert stack_pitch([bar])[0] == pytest.approx(16.0 * math.cos(math.radians(30.0)), rel=1e-6)


def test_a_leg_that_leans_stacks_by_its_slope() -> None:
    """A bar that leans sideways by 30 degrees, let down along a line that leans forward by 30: the angle
    between them has the cosine cos 30 cos 30; the bar blocks its copy for diameter over that angle's sine."""
    lean = math.radians(30.0)
    bar = (np.array([0.0, 100.0, 0.0]), np.array([0.0, 100.0 + 300.0 * math.tan(lean), 300.0]), 8.0)
    assert stack_pitch([bar])[0] == pytest.approx(
        16.0 * math.cos(lean) / math.sqrt(1.0 - math.cos(lean) ** 4), rel=1e-3
    )


def test_the_stack_is_true_of_the_body() -> None:
    """Bodies as far apart as the pitch says are clear of each other, and collide below it."""
    from manifold3d import Manifold, Mesh64

    v = design("stacking")
    hull = CHAIR.hull(v)
    body = Manifold(Mesh64(hull.vertices, hull.faces.astype(np.uint64)))
    capsules = [c for p in _shapes(v) for c in p.capsules()]
    pitch, shift = stack_pitch(capsules)
    assert pitch < 120.0

    def common(height: float) -> float:
        return float((body ^ body.translate((-shift * height / pitch, 0.0, height))).volume())

    assert common(pitch + 6.0) < 200.0  # mm3: facets, and bars for plates
    assert common(0.7 * pitch) > 2000.0


def _shapes(v: dict[str, float]) -> list[Any]:
    from maquette.design.products.chair.pieces import pieces

    return [p.shape for p in pieces(v)]


def test_a_stacking_chair_stacks_and_a_windsor_does_not() -> None:
    found = {
        name: CHAIR.measures_of(design(name), ["stack_pitch"])["stack_pitch"]
        for name in ("stacking", "windsor")
    }
    assert found["stacking"] < 120.0
    assert found["windsor"] > 300.0


def test_every_chair_hangs_together() -> None:
    from manifold3d import Manifold, Mesh64

    for draw in islice(draws(CHAIR, 5), 60):
        if not draw.broken:
            hull = CHAIR.hull(draw.values)
            bodies = Manifold(Mesh64(hull.vertices, hull.faces.astype(np.uint64))).decompose()
            assert sum(b.volume() > 0.0 for b in bodies) == 1, draw


# -- rules ----------------------------------------------------------------------------------------------

BREAKING = {
    "bends-can-be-made": design("school", bend_radius=50.0, leg_size=34.0),
    "wall-can-be-bent": design("school", wall=1.2, leg_size=30.0, bend_radius=60.0),
    "bends-fit-the-frame": design("stacking", bend_radius=110.0, seat_width=370.0, seat_taper=90.0,
                                  seat_roundness=0.95, leg_inset=35.0),
    "legs-under-the-seat": design("dining", leg_inset=-15.0),
    "tenon-leaves-wood": design("dining", leg_size=19.0),
    "seat-is-thick-enough": design("dining", seat_thickness=9.0),
    "seat-takes-sockets": design("windsor", seat_thickness=16.0),
    "rails-under-the-seat": design("stacking", seat_dish=14.0, seat_thickness=9.0),
    "shell-can-be-bent": design("shell", seat_material=d.SOLID, seat_thickness=20.0),
    "arms-are-held": design("bistro", back_height=280.0, arm_height=260.0),
    "back-has-a-field": design("dining", back_members=9),
    "back-is-not-too-high": design("dining", seat_height=780.0, back_height=510.0),
    "stands-with-a-sitter": design("cantilever", front_splay=0.0, leg_inset=40.0),
}  # fmt: skip


@pytest.mark.parametrize("rule", BREAKING)
def test_each_rule_refuses_by_name_and_says_the_mend(rule: str) -> None:
    with pytest.raises(RuleError) as refused:
        CHAIR.accept(BREAKING[rule])
    assert rule in refused.value.rules
    assert any(p.name in str(refused.value) for p in CHAIR.parameters)


def test_every_rule_has_a_design_that_breaks_it() -> None:
    from maquette.design.products.chair.rules import RULES

    assert set(BREAKING) == set(RULES)


def test_spindles_end_on_the_middle_line_of_their_bow() -> None:
    """However round the bow is and however wide the back: an end off its line would stand out of it."""
    rng = np.random.default_rng(3)
    for k in range(24):
        base = design("windsor" if k % 2 else "wire_back")
        v = {**base, "back_members": float(rng.integers(3, 10)), "back_roundness": rng.uniform(0.05, 0.95),
             "back_width": rng.uniform(300.0, 455.0), "back_angle": rng.uniform(6.0, 20.0)}  # fmt: skip
        pieces = {p.name: p.shape for p in pieces_of(Layout(v))}
        (bow,) = (s for n, s in pieces.items() if n in ("bow", "rear frame"))
        line = bow.stations(math.radians(0.5))[0]
        step = np.diff(line, axis=0)
        for name, spindle in pieces.items():
            if name.startswith("spindle"):
                end = np.asarray(spindle.points[-1])
                share = np.clip(((end - line[:-1]) * step).sum(1) / (step * step).sum(1), 0.0, 1.0)
                off = np.linalg.norm(line[:-1] + share[:, None] * step - end, axis=1).min()
                assert off < 0.25, (k, name)


def test_no_post_looks_out_above_the_corner_of_a_panel() -> None:
    """Seen square to the panel: the post's end lies inside the panel's rounded outline."""
    for archetype in ("stacking", "school", "armchair", "cantilever"):
        for roundness in (0.1, 0.5, 0.95):
            a = Layout(design(archetype, back_roundness=roundness))
            _, _, tall, half, corner = a.panel
            down = (a.back_top[2] + 4.0 - a.post_top[2]) / a.lean[0]  # along the panel, from its upper edge
            in_from_side = half - a.post_top[1]
            assert down >= corner - 1e-6 or (corner - down) ** 2 + (corner - in_from_side) ** 2 <= corner**2
            assert down < 2.0 * tall  # still behind the panel, which it carries
