"""What is read off a solved structure (skin, shares, verdict figures) and how its parts become shells."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from maquette.design.structures import skins
from maquette.design.structures.beams import STATIONS, beams_of, shares
from maquette.design.structures.draft import Draft
from maquette.design.structures.joints import Give
from maquette.design.structures.materials import MATERIALS
from maquette.design.structures.sections import Section, bar, bent, box_tube, oval_tube, rod
from maquette.design.structures.skins import Seat, Skin, Weld, grid_triangles, refined, ring_triangles
from maquette.design.structures.solve import Solved, solve
from maquette.design.structures.structure import (
    Load,
    LoadCase,
    Member,
    Plate,
    Probe,
    Structure,
    Support,
    Tie,
)
from maquette.design.structures.surface import on_surface
from maquette.design.structures.verdict import by_case, critical, rows

STEEL, WOOD = MATERIALS["steel_s235"], MATERIALS["beech"]
TOP = 500.0


def stool() -> Solved:
    """A post of 500 mm whose lowest 50 mm lie in its foot, an arm of wood, and a seat of eight triangles."""
    draft = Draft()
    draft.member("post", (0, 0, 0), (0, 0, TOP), rod(20.0), STEEL, inside=(50.0, 0.0))
    draft.member("arm", (0, 0, TOP), (0, 300, TOP), bar(40.0, 20.0), WOOD)
    x, y = np.meshgrid([-100.0, 0.0, 100.0], [-100.0, 0.0, 100.0], indexing="ij")
    draft.sheet("seat", np.stack([x, y, np.full_like(x, TOP)], -1), 8.0, STEEL)
    cases = [
        LoadCase(name, "by hand", [Support(0)], [Load(1, (0.0, 10.0, -100.0))], required)
        for name, required in (("first", 1.0), ("second", 2.0))
    ]
    return solve(draft.structure(cases, [Probe("sway", "first", 1, "y")]))


# -- the skin ---------------------------------------------------------------------------------------------


def test_a_skin_moves_with_a_stiff_body() -> None:
    """Shifted and turned as a whole, every point of space goes where the stiff body takes it."""
    found = stool()
    shift, turn = np.array([1.0, -2.0, 3.0]), np.array([0.02, -0.01, 0.03])
    nodes = found.structure.nodes
    whole = np.concatenate([shift + np.cross(turn, nodes), np.tile(turn, (len(nodes), 1))], axis=1)
    moved = replace(found, displacements=np.stack([np.zeros_like(whole), whole]))
    points = np.random.default_rng(0).uniform([-150, -150, -20], [150, 350, 560], (300, 3))
    assert on_surface(moved, 1, points).shift == pytest.approx(shift + np.cross(turn, points))
    assert not on_surface(moved, 0, points).shift.any()


def test_a_skin_takes_the_stress_beside_it() -> None:
    """Along the post 0.1 MPa a mm of its place, 7 less in the second case; each triangle its own."""
    found = stool()
    places = found.beams.places
    assert places[0, [0, -1]] == pytest.approx([50.0, TOP])
    stress = np.stack([0.1 * places, 0.1 * places - 7.0])
    plates = np.arange(16.0).reshape(2, 8) + 40.0
    told = replace(found, stress=stress, plate_stress=plates)
    on = on_surface(
        told, 1, np.array([[9.0, 1.0, 150.0], [1.0, -9.0, 420.0], [2.0, 2.0, 10.0], [5, 240, 508]])
    )
    assert on.stress == pytest.approx([8.0, 35.0, -2.0, 17.0])  # below the free length that of its end
    assert on.strength == pytest.approx([STEEL.strength] * 3 + [WOOD.strength])
    middles = found.structure.nodes[found.shells.corners].mean(axis=1)
    on = on_surface(told, 1, middles + np.array([0.5, 0.2, 4.0]))
    assert on.stress == pytest.approx(plates[1])
    assert on.strength == pytest.approx([STEEL.strength] * 8)


# -- shares and figures -----------------------------------------------------------------------------------


def test_each_way_of_straining_has_its_own_stress() -> None:
    """Signs never matter; round: bending by Pythagoras; angular: corner to corner."""
    section = [oval_tube(40.0, 30.0, 2.0), bar(30.0, 20.0)]
    nodes = np.array([[0, 0, 0], [100, 0, 0], [0, 200, 0]], dtype=np.float64)
    beams = beams_of(nodes, [Member("a", 0, 1, section[0], STEEL), Member("b", 0, 2, section[1], WOOD)])
    N, Vy, Vz, T, My, Mz = -900.0, 120.0, -80.0, 3000.0, -5000.0, 7000.0
    forces = np.tile([N, Vy, Vz, T, My, Mz], (1, 2, len(STATIONS), 1))
    found = shares(beams, forces)
    for k, (s, weight) in enumerate(zip(section, (STEEL.shear_weight, WOOD.shear_weight), strict=True)):
        n = s.numbers
        over, beside = 5000.0 * n.cz[0] / n.Iy[0], 7000.0 * n.cy[0] / n.Iz[0]
        assert found[0, 0, k] == pytest.approx(900.0 / n.area[0])
        assert found[1, 0, k] == pytest.approx(math.hypot(over, beside) if k == 0 else over + beside)
        assert found[2, 0, k] == pytest.approx(weight * 3000.0 / n.Wt[0])
        assert found[3, 0, k] == pytest.approx(weight * max(120.0 * n.qy[0], 80.0 * n.qz[0]))
    assert STEEL.shear_weight == pytest.approx(math.sqrt(3))  # von Mises
    raised = shares(replace(beams, raised=np.array([1.5, 2.0])), forces)
    assert raised[1, 0, :, 0] == pytest.approx(found[1, 0, :, 0] * [1.5, 2.0])
    assert raised[[0, 2, 3]] == pytest.approx(found[[0, 2, 3]])


def test_a_tapered_bar_weighs_its_frustum() -> None:
    """From 40 to 20 mm over 470 of 500 mm, 30 of which lie in joints; the post of the stool 450 of 500."""
    member = Member("a", 0, 1, rod(40.0), STEEL, rod(20.0), inside_i=10.0, inside_j=20.0)
    beams = beams_of(np.array([[0.0, 0, 0], [500, 0, 0]]), [member])
    assert beams.masses == pytest.approx([math.pi / 12 * (1600 + 800 + 400) * 470 * STEEL.density * 1e-9])
    seat = 200 * 200 * 8 * STEEL.density
    arm, post = 300 * 40 * 20 * WOOD.density, math.pi * 100 * 450 * STEEL.density
    assert stool().mass == pytest.approx((seat + arm + post) * 1e-9)


@pytest.mark.parametrize(("end", "back"), [("give_i", 900.0), ("give_j", 50.0)])
def test_joints_give_by_the_lever_of_the_forces_at_j(end: str, back: float) -> None:
    """Along x from 100 mm inside the first joint to 50 inside the other; in its plane (about z) 2e-9, out of
    it (about y) 3e-9, along 7e-6: moments at the joint are those at j and a force times the way to it."""
    give: Any = {end: Give((0.0, 0.0, 1.0), 2e-9, 3e-9, 7e-6)}
    member = Member("a", 0, 1, rod(20.0), STEEL, inside_i=100.0, inside_j=50.0, **give)
    (found,) = beams_of(np.array([[0.0, 0, 0], [1000, 0, 0]]), [member]).joints
    by_hand = np.zeros((6, 6))
    by_hand[0, 0] = 7e-6
    by_hand[5, 5], by_hand[1, 1], by_hand[1, 5] = 2e-9, 2e-9 * back**2, 2e-9 * back
    by_hand[4, 4], by_hand[2, 2], by_hand[2, 4] = 3e-9, 3e-9 * back**2, -3e-9 * back
    by_hand[5, 1], by_hand[4, 2] = by_hand[1, 5], by_hand[2, 4]
    assert found == pytest.approx(by_hand, abs=1e-15)
    turned = replace(member, **{end: replace(give[end], normal=(0.0, 1.0, 0.0))})
    (other,) = beams_of(np.array([[0.0, 0, 0], [1000, 0, 0]]), [turned]).joints
    assert (other[4, 4], other[5, 5]) == pytest.approx((2e-9, 3e-9))
    assert (other[2, 2], other[1, 1]) == pytest.approx((2e-9 * back**2, 3e-9 * back**2))


def test_figures_of_a_solved_structure() -> None:
    """Members bear 200 and 50 at most of 20 and 30 MPa, plates what they show, seams of welds nothing."""
    found = stool()
    stuff = {
        name: replace(STEEL, strength=s) for name, s in (("post", 200.0), ("arm", 50.0), ("seat", 100.0))
    }
    s = found.structure
    seat = s.plates[0]
    parts = [
        replace(seat, triangles=seat.triangles[:5], material=stuff["seat"]),
        replace(seat, name="seam", triangles=seat.triangles[5:], judged=False),
    ]
    s = replace(s, members=[replace(m, material=stuff[m.name]) for m in s.members], plates=parts)
    stress = np.zeros((2, 2, len(STATIONS)))
    stress[0, 0, 3], stress[0, 1, 0], stress[1, 1, -1] = 20.0, 10.0, 30.0
    plates = np.zeros((2, 8))
    plates[0, 4], plates[0, 6], plates[1, 7] = 25.0, 300.0, 400.0
    moved = np.zeros_like(found.displacements)
    moved[0, 1], moved[1, 4] = [3.0, 4.0, 12.0, 9.0, 9.0, 9.0], [0.0, 0.0, 5.0, 99.0, 0.0, 0.0]
    shells = replace(found.shells, part=np.array([0] * 5 + [1] * 3))
    told = Solved(s, found.beams, shells, moved, found.reactions, found.forces, stress, plates)
    assert told.judged.tolist() == [True] * 5 + [False] * 3
    assert told.usage == pytest.approx(
        np.array([[0.1, 0.2, 0, 0, 0, 0, 0.25, 0, 0, 0], [0, 0.6, 0, 0, 0, 0, 0, 0, 0, 0]])
    )
    assert told.safety == pytest.approx([4.0, 1.0 / 0.6])
    assert told.safety_factor == pytest.approx(0.5 / 0.6)  # the second case asks for 2
    assert (told.peak_stress, told.seam_stress) == (30.0, 400.0)
    assert told.max_deflection == pytest.approx(13.0)
    assert told.probes == {"sway": 4.0}
    first, second = by_case(told)
    assert (first.part, first.stress, first.safety, first.kind, first.at_joint) == (
        "seat",
        25.0,
        4.0,
        "",
        False,
    )
    assert first.place == pytest.approx(s.nodes[seat.triangles[4]].mean(axis=0))
    assert (second.part, second.stress, second.at_joint, second.material.strength) == (
        "arm",
        30.0,
        True,
        50.0,
    )
    assert second.place == pytest.approx((0.0, 300.0, TOP))
    assert critical(told) == second
    assert second.margin == pytest.approx(0.5 / 0.6)
    whole = rows(told)
    assert [(r["part"], r["stress_mpa"], r["strength_mpa"], r["required"], r["shift_mm"]) for r in whole] == [
        ("seat", 25.0, 100.0, 1.0, 13.0), ("arm", 30.0, 50.0, 2.0, 5.0),
    ]  # fmt: skip
    still = replace(told, stress=0.0 * stress, plate_stress=0.0 * plates)
    assert np.isinf(still.safety).all()
    assert [r["safety"] for r in rows(still)] == [1e9, 1e9]
    inside = replace(
        told, stress=np.where(np.arange(len(STATIONS)) == 3, stress, 0.0), plate_stress=0 * plates
    )
    own = by_case(inside)[0]
    assert (own.part, own.stress, own.at_joint) == ("post", 20.0, False)
    assert own.place == pytest.approx((0.0, 0.0, 50.0 + 450.0 * STATIONS[3]))


@pytest.mark.parametrize(
    ("section", "J", "Wt"),
    [
        # Bredt on the wall's middle (37 x 17), and the wall as a strip of a third of its cube
        (box_tube(40.0, 20.0, 3.0), 4 * 629**2 * 3 / 108 + 108 * 9, None),
        (box_tube(20.0, 40.0, 3.0), 4 * 629**2 * 3 / 108 + 108 * 9, None),
        # Timoshenko and Goodier, table of rectangular bars: 1.5, 2, 3 and 10 times as long as wide
        (bar(30.0, 20.0), 0.1958 * 30 * 20**3, 0.231 * 30 * 20**2),
        (bar(20.0, 40.0), 0.2287 * 40 * 20**3, 0.246 * 40 * 20**2),
        (bar(30.0, 10.0), 0.2633 * 30 * 10**3, 0.267 * 30 * 10**2),
        (bar(100.0, 10.0), 0.3123 * 100 * 10**3, 0.312 * 100 * 10**2),
        # an ellipse (Saint-Venant)
        (Section("ellipse", 10.0, 30.0), math.pi * 15**3 * 5**3 / 250, math.pi / 2 * 15 * 25),
    ],
)
def test_torsion_of_bars_and_boxes(section: Section, J: float, Wt: float | None) -> None:
    n = section.numbers
    assert n.J[0] == pytest.approx(J, rel=2e-3)
    assert n.Wt[0] == pytest.approx(Wt or J / (2 * 629 / 108 + 1.5), rel=4e-3)


@pytest.mark.parametrize("sides", [(60.0, 10.0), (10.0, 60.0), (30.0, 24.0)])
def test_torsion_of_flat_tubes(sides: tuple[float, float]) -> None:
    """Of an ellipse the length round the wall's middle, summed in small steps."""
    n = oval_tube(*sides, 1.0).numbers
    a, b = 0.5 * (sides[0] - 1.0), 0.5 * (sides[1] - 1.0)
    t = np.linspace(0.0, 2.0 * np.pi, 20001)
    around = np.hypot(np.diff(a * np.cos(t)), np.diff(b * np.sin(t))).sum()
    inside = math.pi * a * b
    J = 4.0 * inside**2 / around + around / 4.0
    assert n.J[0] == pytest.approx(J, rel=3e-4)
    assert n.Wt[0] == pytest.approx(J / (2.0 * inside / around + 0.5), rel=3e-4)


def test_bends_of_many_sections_are_each_by_itself() -> None:
    """A tube of h = 1 x 100 / 10^2 = 1: 22 / 13 of the give and 1.8 times the stress; a bar at a radius of
    four times its own; and what is straight by nothing."""
    solid = np.array([False, True, False, True])
    radius, wall = np.array([10.5, 5.0, 10.5, 5.0]), np.array([1.0, 0.0, 1.0, 0.0])
    give, raised = bent(solid, radius, wall, np.array([100.0, 20.0, 0.0, 0.0]))
    assert give == pytest.approx([22.0 / 13.0, 1.0, 1.0, 1.0])
    assert raised == pytest.approx([1.8, 1.0 + 0.72 / 4 + 0.8 / 16, 1.0, 1.0])


# -- shells in the place of beams --------------------------------------------------------------------------


def tube_of(name: str, rings: int = 4, z: float = 0.0) -> Skin:
    """A tube along x of rings of eight points, radius 10, 50 mm apart."""
    turn = np.linspace(0.0, 2.0 * np.pi, 8, endpoint=False)
    points = [(50.0 * k, 10 * math.cos(a), z + 10 * math.sin(a)) for k in range(rings) for a in turn]
    return Skin(name, np.array(points), ring_triangles(rings, 8), 1.5, STEEL, columns=8)


def sheet_of(name: str, pad: float = 1.0) -> Skin:
    """5 x 5 points, 50 mm apart, at z = 40."""
    x, y = np.meshgrid(np.arange(5) * 50.0, np.arange(5) * 50.0 - 100.0, indexing="ij")
    points = np.stack([x, y, np.full_like(x, 40.0)], axis=-1).reshape(-1, 3)
    return Skin(name, points, grid_triangles(5, 5), 4.0, STEEL, pad=pad)


def test_what_lies_in_a_seam() -> None:
    points = np.array([[0.0, 0, 0], [3, 0, 0], [0, 5, 0]])
    assert skins._near(points, np.array([[0.0, 0.0, 1.0], [9, 9, 9]]), 4.0).tolist() == [True, True, False]
    assert skins._near(points, np.zeros((0, 3)), 4.0).tolist() == [False] * 3


def test_a_node_belongs_to_the_first_skin_that_meets_there() -> None:
    members = [Member(n, i, j, rod(9.0), STEEL) for n, i, j in (("b", 0, 1), ("a", 1, 2), ("bare", 2, 3))]
    plates = [Plate("c", np.array([[2, 4, 5]]), 1.0, STEEL), Plate("bare", np.array([[6, 7, 8]]), 1.0, STEEL)]
    whole = Structure(np.zeros((9, 3)), members, [], plates=plates)
    known: dict[str, Any] = dict.fromkeys(["a", "b", "c"])
    assert skins._owners(whole, known) == {0: "b", 1: "a", 2: "a", 4: "c", 5: "c"}
    known = dict.fromkeys(["c", "b", "a"])
    assert skins._owners(whole, known) == {0: "b", 1: "b", 2: "c", 4: "c", 5: "c"}


def test_a_ring_or_a_patch_takes_hold() -> None:
    tube, sheet = tube_of("t"), sheet_of("s", pad=10.0)
    free = np.ones(32, dtype=bool)
    places = np.array([[40.0, 0, 0], [140, 0, 0]])
    assert skins._about(tube, places, free).tolist() == [*range(8, 16), *range(24, 32)]
    free[8:13] = False  # three left of a ring: too few, the next one is taken
    free[24:27] = False
    assert skins._about(tube, places, free).tolist() == [*range(8), *range(27, 32)]
    free = np.ones(25, dtype=bool)
    assert skins._about(sheet, np.array([[100.0, 0.0, 0.0]]), free).tolist() == [12]
    assert skins._about(sheet, np.array([[121.0, 0.0, 40.0]]), free).tolist() == [12, 17]  # 21 and 29 mm
    assert skins._about(sheet, np.array([[119.0, 0.0, 40.0]]), free).tolist() == [12]  # 19 and 31
    free[12] = False
    assert skins._about(sheet, np.array([[109.0, 0.0, 40.0]]), free).tolist() == [11, 13, 17]


def test_welds_tie_what_touches() -> None:
    """The tube's top line lies 30 mm below the sheet, its rings' middle points at 40."""
    tube, sheet = tube_of("tube"), sheet_of("sheet")
    skin, first = {"tube": tube, "sheet": sheet}, {"tube": 3, "sheet": 35}
    above = [2, 10, 18, 26]  # a quarter turn up, at z = 10

    def tied(weld: Weld, gone: tuple[int, ...] = ()) -> tuple[list[int], list[int]]:
        follows = np.zeros(60, dtype=bool)
        follows[list(gone)] = True
        ties = skins._welded(weld, skin, first, follows)
        for t in ties:
            assert t.weights.sum() == pytest.approx(1.0)
            foot = t.weights @ sheet.points[t.masters - 35]
            assert foot[:2] == pytest.approx(tube.points[t.node - 3][:2])
        return [t.node for t in ties], np.flatnonzero(follows).tolist()

    nodes = [3 + k for k in above]
    assert tied(Weld("tube", "sheet", 30.5)) == (nodes, nodes)
    assert tied(Weld("tube", "sheet", 29.5)) == ([], [])
    assert tied(Weld("tube", "sheet", 30.5), (5,)) == (nodes[1:], nodes)
    at = np.array([[50.0, 0.0, 0.0]])
    assert tied(Weld("tube", "sheet", 1.0, at, 20.0))[0] == [13]  # at the nearest, though none touches
    assert tied(Weld("tube", "sheet", 1.0, at, 5.0)) == ([], [])
    assert tied(Weld("tube", "sheet", 33.0, at, 20.0))[0] == [12, 13, 14]  # 45 degrees aside: 7.07 up


def test_unused_nodes_are_left_out_everywhere() -> None:
    """Nodes 1 and 5 are of nothing: what stands behind them moves up."""
    nodes = np.arange(27.0).reshape(9, 3)
    case = LoadCase("c", "by hand", [Support(2)], [Load(8, (1.0, 0, 0))])
    whole = Structure(
        nodes, [Member("m", 2, 0, rod(5.0), STEEL)], [case], [Probe("p", "c", 8)],
        [Plate("p", np.array([[4, 6, 8]]), 1.0, STEEL)], [Tie(7, np.array([3, 4]), np.array([0.5, 0.5]))],
    )  # fmt: skip
    found = skins._without_unused(whole)
    assert found.nodes.tolist() == nodes[[0, 2, 3, 4, 6, 7, 8]].tolist()
    assert (found.members[0].i, found.members[0].j) == (1, 0)
    assert found.plates[0].triangles.tolist() == [[3, 4, 6]]
    assert (found.ties[0].node, found.ties[0].masters.tolist()) == (5, [2, 3])
    assert (found.probes[0].node, found.cases[0].supports[0].node, found.cases[0].loads[0].node) == (6, 1, 6)


def test_skins_stand_in_the_place_of_their_parts() -> None:
    """A tube held at its first node and loaded at its last, with a bar that goes on from there to a load; a
    sheet is welded over it, and a clamp holds two of its corners. Nodes: held 0, end 1, tip 2, clamp 3."""
    nodes = np.array([[0.0, 0, 0], [150, 0, 0], [250, 0, 0], [0, -100, 140]])
    members = [
        Member("tube", 0, 1, rod(20.0), STEEL),
        Member("bar", 1, 2, rod(20.0), STEEL),
        Member("clamp", 2, 3, rod(20.0), STEEL),
    ]
    case = LoadCase("c", "by hand", [Support(0)], [Load(1, (0, 0, -9.0)), Load(2, (0, 0, -9.0))])
    whole = Structure(nodes, members, [case], [Probe("tip", "c", 1, "z")])
    corners = np.array([[0.0, -100.0, 40.0], [0.0, 100.0, 40.0]])
    found = refined(
        whole,
        [tube_of("tube"), sheet_of("sheet")],
        [Weld("tube", "sheet", 30.5)],
        [Seat(3, "sheet", corners)],
    )
    assert [m.name for m in found.members] == ["bar", "clamp"]
    assert len(found.nodes) == 4 + 32 + 25
    assert found.nodes[4:36].tolist() == tube_of("tube").points.tolist()
    held = [(t.node, t.masters.tolist()) for t in found.ties]
    seat = [(36, [3]), (40, [3])]
    assert held[:2] == seat
    assert held[2:18] == [(4 + k, [0]) for k in range(8)] + [(28 + k, [1]) for k in range(8)]
    assert [n for n, _ in held[18:]] == [14, 22]  # of the weld, where no ring holds them
    assert not any(t.fitted for t in found.ties)
    areas = {
        (p.name, p.judged): sum(
            0.5 * np.linalg.norm(np.cross(b - a, c - a)) for a, b, c in found.nodes[p.triangles]
        )
        for p in found.plates
    }
    assert {name for name, _ in areas} == {"tube", "sheet"}
    assert sum(v for (n, _), v in areas.items() if n == "sheet") == pytest.approx(200.0 * 200.0)
    assert [p.thickness for p in found.plates if p.name == "sheet"] == [4.0] * len(
        [p for p in found.plates if p.name == "sheet"]
    )
    loose = replace(whole, members=members[:1], cases=[replace(case, loads=[Load(1, (0, 0, -9.0))])])
    spread = refined(loose, [tube_of("tube")], [])
    last = spread.ties[-1]
    assert (last.node, last.masters.tolist(), last.fitted) == (1, [*range(26, 34)], True)
    assert last.weights == pytest.approx([0.125] * 8)
    assert len(spread.nodes) == 2 + 32  # tip and clamp are gone
    assert {p.judged for p in spread.plates} == {True}
    linked = refined(whole, [tube_of("tube")], [], links=["bar"])
    assert [m.name for m in linked.members] == ["clamp"]  # one end of it alone has no skin


def test_a_tube_of_shells_hangs_like_its_beam() -> None:
    """A cantilever of 600 x 40 x 2 mm, 100 N at its end: F L3 / 3 EI and the shear to 3 %."""
    draft = Draft()
    draft.member("tube", (0, 0, 0), (600, 0, 0), oval_tube(40.0, 40.0, 2.0), STEEL)
    case = LoadCase("c", "by hand", [Support(0)], [Load(1, (0.0, 0.0, -100.0))])
    structure = draft.structure([case], [Probe("tip", "c", 1, "z")])
    along = skins.stations(600.0, [0.0, 600.0], 10.0)
    n = skins.around(19.0, 10.0)
    circle = skins.ring(n)
    points = np.array([(s, 19.0 * y, 19.0 * z) for s in along for y, z in circle])
    skin = Skin("tube", points, ring_triangles(len(along), n), 2.0, STEEL, columns=n)
    dear = solve(refined(structure, [skin], []))
    cheap = solve(structure)
    inertia = math.pi / 64 * (40**4 - 36**4)
    assert cheap.probes["tip"] == pytest.approx(-100 * 600**3 / (3 * STEEL.E * inertia), rel=0.02)
    assert dear.probes["tip"] == pytest.approx(cheap.probes["tip"], rel=0.03)
    assert dear.mass == pytest.approx(cheap.mass, rel=0.03)


def test_stations_grow_by_a_quarter_of_the_way_beyond_three_of_them() -> None:
    """10 mm apart up to 30 mm, then a quarter of the way more, 35 mm from 130 mm on: 3 + 4 ln 3.5 + 870 / 35
    are 32.87 steps of 1000 mm, rounded."""
    found = skins.stations(1000.0, [0.0], 10.0)
    assert len(found) == 34
    steps = np.diff(found)
    assert steps[:3] == pytest.approx(10.0, rel=0.03)
    assert steps[-5:] == pytest.approx(35.0, rel=0.02)
    middle = 0.5 * (found[1:] + found[:-1])
    assert steps == pytest.approx(np.clip(10.0 + 0.25 * (middle - 30.0), 10.0, 35.0), rel=0.06)
    assert skins.stations(1000.0, [1000.0], 10.0) == pytest.approx(1000.0 - found[::-1], abs=0.5)
    assert np.diff(skins.stations(1000.0, [0.0], 10.0, most=1.0)) == pytest.approx(10.0)
    assert skins.stations(5.0, [0.0], 10.0).tolist() == [0.0, 2.5, 5.0]
    assert len(skins.stations(1000.0, [0.0, 500.0], 10.0)) > 34
