"""The structure's solver against closed forms, within 1 % (most to rounding)."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from pace import paces

from maquette.design.arrays import FloatArray
from maquette.design.errors import InputError
from maquette.design.structures.draft import Draft
from maquette.design.structures.materials import MATERIALS
from maquette.design.structures.sections import (
    Section,
    bar,
    box_tube,
    numbers_of,
    oval_tube,
    rod,
    round_tube,
)
from maquette.design.structures.solve import Solved, solve
from maquette.design.structures.structure import (
    CLAMPED,
    PINNED,
    Load,
    LoadCase,
    Probe,
    Structure,
    Support,
)

STEEL = MATERIALS["steel_s235"]
TUBE = round_tube(25.0, 2.0)
F = 100.0  # N


def cantilever(section: Section, load: Load, second: Section | None = None, length: float = 1000.0) -> Solved:
    """Along x, clamped at node 0, loaded at node 1."""
    draft = Draft()
    draft.member("beam", (0, 0, 0), (length, 0, 0), section, STEEL, second)
    probes = [Probe(way, "tip", 1, way) for way in ("x", "y", "z", "rx", "ry", "rz")]
    return solve(draft.structure([LoadCase("tip", "by hand", [Support(0)], [load])], probes))


def test_cantilever_deflects_turns_and_is_stressed_as_in_the_books() -> None:
    """Gere and Timoshenko, "Mechanics of Materials", table G-1, with the shear of Cowper's area."""
    n, L = TUBE.numbers, 1000.0
    found = cantilever(TUBE, Load(1, (0.0, 0.0, -F)))
    bending = F * L**3 / (3 * STEEL.E * n.Iy[0]) + F * L / (STEEL.G * n.Az[0])
    assert found.probes["z"] == pytest.approx(-bending, rel=1e-9)
    turn = math.degrees(F * L**2 / (2 * STEEL.E * n.Iy[0]))
    assert found.probes["ry"] == pytest.approx(turn, rel=1e-9)
    assert found.peak_stress == pytest.approx(F * L * 12.5 / n.Iy[0], rel=1e-9)
    assert found.safety_factor == pytest.approx(235.0 / found.peak_stress)
    assert found.reactions[0, 0] == pytest.approx([0, 0, F, 0, -F * L, 0], abs=1e-6)


def test_rectangles_bend_about_the_axis_that_is_said() -> None:
    """Width along y, height along z: the same bar is stiffer on edge."""
    on_edge, flat = bar(10.0, 40.0), bar(40.0, 10.0)
    low = [cantilever(s, Load(1, (0.0, 0.0, -F))).probes["z"] for s in (on_edge, flat)]
    assert low[1] / low[0] == pytest.approx(16.0, rel=0.01)
    sideways = cantilever(flat, Load(1, (0.0, -F, 0.0))).probes["y"]
    assert sideways == pytest.approx(low[0], rel=1e-9)


def test_tapered_cantilever_is_its_integral() -> None:
    found = cantilever(rod(40.0), Load(1, (0.0, 0.0, -F)), rod(20.0))
    x = np.linspace(0.0, 1000.0, 20001)
    d = 40.0 - 0.02 * x
    bending = np.trapezoid(F * (1000.0 - x) ** 2 / (STEEL.E * np.pi * d**4 / 64.0), x)
    share = rod(1.0).numbers.Ay[0] / rod(1.0).numbers.area[0]
    shear = np.trapezoid(F / (STEEL.G * share * np.pi * d**2 / 4), x)
    assert found.probes["z"] == pytest.approx(-(bending + shear), rel=1e-4)
    peak = np.max(F * (1000.0 - x) * 32.0 / (np.pi * d**3))  # half way along, between two stations
    assert found.peak_stress == pytest.approx(peak, rel=0.015)


def test_butted_tube_as_three_pieces_is_the_sum_of_them() -> None:
    draft = Draft()
    walls = [round_tube(25.0, w) for w in (2.0, 1.2, 2.0)]
    places = [0.0, 200.0, 800.0, 1000.0]
    for s, a, b in zip(walls, places, places[1:], strict=False):
        draft.member("tube", (a, 0, 0), (b, 0, 0), s, STEEL)
    case = LoadCase("pull", "by hand", [Support(0)], [Load(3, (F, 0.0, 0.0))])
    found = solve(draft.structure([case], [Probe("longer", "pull", 3, "x")]))
    lengths = np.diff(places)
    exact = sum(F * L / (STEEL.E * s.numbers.area[0]) for s, L in zip(walls, lengths, strict=True))
    assert found.probes["longer"] == pytest.approx(exact, rel=1e-9)
    weight = sum(s.numbers.area[0] * L for s, L in zip(walls, lengths, strict=True)) * 7850e-9
    assert found.mass == pytest.approx(weight, rel=1e-9)


@pytest.mark.parametrize("section", [TUBE, round_tube(30.0, 15.0), rod(30.0)])
def test_twist_of_a_round_bar_and_a_closed_tube_is_exact(section: Section) -> None:
    outer, inner = 0.5 * section.width, 0.5 * section.width - (section.wall or 0.5 * section.width)
    J = math.pi / 2 * (outer**4 - inner**4)
    found = cantilever(section, Load(1, moment=(1e5, 0.0, 0.0)))
    assert found.probes["rx"] == pytest.approx(math.degrees(1e5 * 1000 / (STEEL.G * J)), rel=1e-9)
    assert found.peak_stress == pytest.approx(math.sqrt(3) * 1e5 * outer / J, rel=1e-9)


def test_twist_of_other_closed_sections() -> None:
    """Bredt for thin walls, Roark's series for a square, Saint-Venant for an ellipse."""
    box = box_tube(40.0, 20.0, 1.0).numbers
    assert box.J[0] == pytest.approx(2 * 1.0 * (39 * 19) ** 2 / (39 + 19), rel=0.01)
    assert box.Wt[0] == pytest.approx(2 * 39 * 19 * 1.0, rel=0.04)  # the outer face, not the middle
    assert bar(10.0, 10.0).numbers.J[0] == pytest.approx(0.1406 * 1e4, rel=0.003)
    assert bar(10.0, 10.0).numbers.Wt[0] == pytest.approx(0.208 * 1e3, rel=0.005)
    ellipse = Section("ellipse", 30.0, 10.0).numbers
    assert ellipse.J[0] == pytest.approx(math.pi * 15**3 * 5**3 / (15**2 + 5**2), rel=1e-9)
    oval = oval_tube(30.0, 20.0, 1.0).numbers
    around = 78.0  # the ellipse of 29 x 19 mm, measured below
    t = np.linspace(0, 2 * np.pi, 4001)
    around = np.hypot(np.diff(14.5 * np.cos(t)), np.diff(9.5 * np.sin(t))).sum()
    assert oval.J[0] == pytest.approx(4 * (math.pi / 4 * 29 * 19) ** 2 / around, rel=0.01)


def test_sections_against_sums_over_small_pieces() -> None:
    """Area and inertia of every shape, counted on a fine grid."""
    for s in (TUBE, oval_tube(30.0, 18.0, 1.5), rod(20.0), bar(30.0, 12.0), box_tube(40.0, 25.0, 2.0)):
        y, z = np.meshgrid(*(np.linspace(-25, 25, 2001),) * 2)
        inside = _inside(s, y, z, 0.0) & ~(_inside(s, y, z, s.wall) if s.wall else np.zeros_like(y, bool))
        da = (50.0 / 2000.0) ** 2
        n = s.numbers
        assert n.area[0] == pytest.approx(inside.sum() * da, rel=0.01)
        assert n.Iy[0] == pytest.approx((z**2 * inside).sum() * da, rel=0.01)
        assert n.Iz[0] == pytest.approx((y**2 * inside).sum() * da, rel=0.01)


def _inside(s: Section, y: FloatArray, z: FloatArray, wall: float) -> FloatArray:
    a, b = 0.5 * s.width - wall, 0.5 * s.height - wall
    if s.shape == "ellipse":
        return (y / a) ** 2 + (z / b) ** 2 <= 1.0
    return (np.abs(y) <= a) & (np.abs(z) <= b)


def test_quarter_ring_bends_and_twists_as_in_roark() -> None:
    """A quarter of a ring clamped at one end, loaded at the other, in its plane (by Castigliano: bending with
    the pull along) and across it (bending with torsion)."""
    R, n = 300.0, TUBE.numbers
    angle = np.linspace(0.0, np.pi / 2, 25)
    draft = Draft()
    nodes = draft.chain("ring", R * np.stack([np.sin(angle), 1 - np.cos(angle), 0 * angle], 1), TUBE, STEEL)
    end = nodes[-1]
    cases = [
        LoadCase("in plane", "by hand", [Support(nodes[0])], [Load(end, (-F, 0.0, 0.0))]),
        LoadCase("across", "by hand", [Support(nodes[0])], [Load(end, (0.0, 0.0, F))]),
    ]
    probes = [Probe("in", "in plane", end, "x"), Probe("out", "across", end, "z")]
    found = solve(draft.structure(cases, probes))
    EI, GJ, EA, GA = STEEL.E * n.Iy[0], STEEL.G * n.J[0], STEEL.E * n.area[0], STEEL.G * n.Ay[0]
    inward = np.pi / 4 * (F * R**3 / EI + F * R / EA + F * R / GA)
    assert found.probes["in"] == pytest.approx(-inward, rel=0.01)
    out = F * R**3 * (np.pi / (4 * EI) + (3 * np.pi / 4 - 2) / GJ) + F * R * np.pi / 2 / GA
    assert found.probes["out"] == pytest.approx(out, rel=0.01)


def test_what_lies_inside_a_joint_is_stiff_massless_and_unstressed() -> None:
    """A cantilever whose first 200 mm lie in its joint is one of 800 mm, set 200 mm further out."""
    draft = Draft()
    draft.member("beam", (0, 0, 0), (1000, 0, 0), TUBE, STEEL, inside=(200.0, 0.0))
    case = LoadCase("tip", "by hand", [Support(0)], [Load(1, (0.0, 50.0, -F))])
    found = solve(draft.structure([case]))
    short = cantilever(TUBE, Load(1, (0.0, 50.0, -F)), length=800.0)
    assert np.allclose(found.displacements[0, 1], short.displacements[0, 1])
    assert found.peak_stress == pytest.approx(short.peak_stress)
    assert found.mass == pytest.approx(short.mass)
    assert found.reactions[0, 0, 4] == pytest.approx(-F * 1000.0)


def test_portal_frame_sways_as_by_slope_deflection() -> None:
    """Clamped feet, stiff corners, a push at the beam (J. Kleinlogel, "Rigid Frame Formulas", frame 46):
    moment at the feet and sway; slender, so that bending is all."""
    h, L, s = 2000.0, 3000.0, round_tube(20.0, 1.0)
    draft = Draft()
    draft.chain("frame", [(0, 0, 0), (0, 0, h), (L, 0, h), (L, 0, 0)], s, STEEL)
    case = LoadCase("push", "by hand", [Support(0), Support(3)], [Load(1, (F, 0.0, 0.0))])
    found = solve(draft.structure([case], [Probe("sway", "push", 1, "x")]))
    EI, k = STEEL.E * s.numbers.Iy[0], h / L
    foot = F * h / 2 * (3 * k + 1) / (6 * k + 1)
    assert abs(found.reactions[0, 0, 4]) == pytest.approx(foot, rel=0.01)
    sway = F * h**3 / (12 * EI) * (3 * k + 2) / (6 * k + 1)
    assert found.probes["sway"] == pytest.approx(sway, rel=0.01)


def test_pinned_feet_of_a_portal_carry_no_moment() -> None:
    draft = Draft()
    draft.chain("frame", [(0, 0, 0), (0, 0, 1000), (1000, 0, 1000), (1000, 0, 0)], TUBE, STEEL)
    feet = [Support(0, (*PINNED, "rx", "rz")), Support(3, (*PINNED, "rx", "rz"))]
    found = solve(draft.structure([LoadCase("push", "by hand", feet, [Load(1, (F, 0.0, 0.0))])]))
    assert found.reactions[0, 0, 4] == 0.0
    assert found.reactions[0, [0, 3], 2] == pytest.approx([-F, F], rel=1e-6)


def test_a_load_beside_its_node_twists() -> None:
    """A pedal beside the bottom bracket: the same as force and moment, and its probe moves with it."""
    beside = cantilever(TUBE, Load(1, (0.0, 0.0, -F), at=(1000.0, 150.0, 0.0)))
    moment = cantilever(TUBE, Load(1, (0.0, 0.0, -F), (-150.0 * F, 0.0, 0.0)))
    assert np.allclose(beside.displacements, moment.displacements)
    structure = Structure(
        beside.structure.nodes, beside.structure.members, beside.structure.cases,
        [Probe("pedal", "tip", 1, "z", (1000.0, 150.0, 0.0)), Probe("far", "tip", 1)],
    )  # fmt: skip
    read = solve(structure).probes
    tip = beside.displacements[0, 1]
    assert read["pedal"] == pytest.approx(tip[2] + 150.0 * tip[3])
    assert read["far"] == pytest.approx(float(np.linalg.norm(tip[:3])))


def test_combined_stress_is_the_mises_stress_of_the_rim() -> None:
    """A short clamped bar under pull, two bendings and torsion: counted round the rim on 3,600 points."""
    force, moment = (5e3, 300.0, -400.0), (6e4, 2e4, -3e4)
    for s in (TUBE, oval_tube(30.0, 18.0, 1.5)):
        n = {k: float(v[0]) for k, v in vars(s.numbers).items()}
        found = cantilever(s, Load(1, force, moment), length=200.0)
        N, Vy, Vz, T = *force, moment[0]
        My, Mz = moment[1] - 200.0 * Vz, moment[2] + 200.0 * Vy
        a = np.linspace(0, 2 * np.pi, 3600)
        direct = N / n["area"] + My * n["cz"] * np.sin(a) / n["Iy"] - Mz * n["cy"] * np.cos(a) / n["Iz"]
        shear = T / n["Wt"] + Vz * n["qz"] * np.cos(a) - Vy * n["qy"] * np.sin(a)
        assert found.stress[0, 0, 0] == pytest.approx(np.sqrt(direct**2 + 3 * shear**2).max(), rel=0.01)


# -- plates --------------------------------------------------------------------------------------------------


def sheet(grid: FloatArray, thickness: float) -> tuple[Draft, np.ndarray]:
    draft = Draft()
    return draft, draft.sheet("sheet", grid, thickness, STEEL)


def plane(n: int, m: int, a: float, b: float) -> FloatArray:
    x, y = np.meshgrid(np.linspace(0, a, n + 1), np.linspace(0, b, m + 1), indexing="ij")
    return np.stack([x, y, 0 * x], axis=-1)


def test_supported_and_clamped_square_plate_under_a_middle_load() -> None:
    """Timoshenko, Woinowsky-Krieger, "Theory of Plates and Shells", tables 23 and 37."""
    a, t, n = 1000.0, 5.0, 16
    D = STEEL.E * t**3 / 12 / (1 - STEEL.nu**2)
    draft, at = sheet(plane(n, n, a, a), t)
    edge = np.unique(np.concatenate([at[0], at[-1], at[:, 0], at[:, -1]]))
    middle = int(at[n // 2, n // 2])
    load = [Load(middle, (0.0, 0.0, -F))]
    cases = [
        LoadCase("held", "by hand", [Support(int(k), PINNED) for k in edge], load),
        LoadCase("clamped", "by hand", [Support(int(k), CLAMPED) for k in edge], load),
    ]
    found = solve(draft.structure(cases, [Probe(c.name, c.name, middle, "z") for c in cases]))
    assert found.probes["held"] == pytest.approx(-0.01160 * F * a**2 / D, rel=0.01)
    assert found.probes["clamped"] == pytest.approx(-0.00560 * F * a**2 / D, rel=0.015)


def test_plate_strip_is_a_beam_in_and_across_its_plane() -> None:
    """A cantilever strip: bent across (plate) and in its plane (membrane), and its root's stress."""
    L, b, t = 1000.0, 100.0, 5.0
    draft, at = sheet(plane(40, 4, L, b), t)
    root = [Support(int(k)) for k in at[0]]
    share = [(F / 4 if 0 < k < 4 else F / 8) for k in range(5)]
    cases = [
        LoadCase("across", "", root, [Load(int(k), (0, 0, f)) for k, f in zip(at[-1], share, strict=True)]),
        LoadCase("in plane", "", root, [Load(int(k), (0, f, 0)) for k, f in zip(at[-1], share, strict=True)]),
    ]
    tip = int(at[-1, 2])
    probes = [Probe("across", "across", tip, "z"), Probe("in plane", "in plane", tip, "y")]
    found = solve(draft.structure(cases, probes))
    assert found.probes["across"] == pytest.approx(F * L**3 / (3 * STEEL.E * b * t**3 / 12), rel=0.03)
    deep = F * L**3 / (3 * STEEL.E * t * b**3 / 12) + F * L / (STEEL.G * b * t * 5 / 6)
    assert found.probes["in plane"] == pytest.approx(deep, rel=0.01)
    assert found.plate_stress[0].max() == pytest.approx(F * L * 6 / (b * t**2), rel=0.06)


def test_scordelis_lo_roof() -> None:
    """The classic of curved shells: the free edge sinks by 0.3024 (R. MacNeal, R. Harder, "A proposed
    standard set of problems to test finite element accuracy", Finite Elem. Anal. Des. 1 (1985)); a quarter of
    it, by symmetry."""
    n, R, half, thickness = 16, 25.0, 25.0, 0.25
    material = type(STEEL)("roof", 4.32e8, 2.16e8, 0.0, 1.0, 1.0, (0.0, 0.0), "the problem's")
    y, angle = np.meshgrid(np.linspace(0, half, n + 1), np.radians(np.linspace(0, 40, n + 1)), indexing="ij")
    grid = np.stack([R * np.sin(angle), y, R * np.cos(angle)], axis=-1)
    draft = Draft()
    at = draft.sheet("roof", grid, thickness, material)
    fixed: dict[int, set[str]] = {}
    for nodes, ways in ((at[-1], "x z"), (at[0], "y rx rz"), (at[:, 0], "x ry rz")):
        for k in nodes:
            fixed.setdefault(int(k), set()).update(ways.split())
    ends = np.array([0.5, *[1.0] * (n - 1), 0.5])
    weight = 90.0 * np.outer(ends * half / n, ends * R * np.radians(40) / n)
    pairs = zip(at.ravel(), weight.ravel(), strict=True)
    loads = [Load(int(k), (0.0, 0.0, -float(w))) for k, w in pairs]
    supports = [Support(k, tuple(sorted(w))) for k, w in fixed.items()]  # type: ignore[arg-type]
    edge = Probe("edge", "weight", int(at[0, -1]), "z")
    found = solve(draft.structure([LoadCase("weight", "", supports, loads)], [edge]))
    assert found.probes["edge"] == pytest.approx(-0.3024, rel=0.02)


# -- what is refused, and speed ------------------------------------------------------------------------------


def test_each_load_case_has_supports_of_its_own() -> None:
    """A beam of three nodes, clamped at one end, at the other, at both, and pinned: deflections at the force
    by the books (Gere and Timoshenko, tables G-1 and G-2), whatever the other cases hold."""
    draft = Draft()
    draft.chain("beam", [(0, 0, 0), (500, 0, 0), (1000, 0, 0)], TUBE, STEEL)
    down = (0.0, 0.0, -F)
    sets = {
        "left": ([Support(0)], 2),
        "right": ([Support(2)], 0),
        "both": ([Support(0), Support(2)], 1),
        "pinned": ([Support(0, ("x", "y", "z", "rx")), Support(2, ("y", "z"))], 1),
    }
    cases = [LoadCase(name, "by hand", held, [Load(at, down)]) for name, (held, at) in sets.items()]
    moved = solve(draft.structure(cases)).displacements[:, :, 2]
    n, L = TUBE.numbers, 1000.0
    EI, GA = STEEL.E * n.Iy[0], STEEL.G * n.Az[0]
    tip, middle = F * L**3 / (3 * EI) + F * L / GA, F * L / (4 * GA)
    asked = {
        (0, 2): tip, (1, 0): tip,
        (2, 1): F * L**3 / (192 * EI) + middle, (3, 1): F * L**3 / (48 * EI) + middle,
        (0, 0): 0.0, (1, 2): 0.0, (2, 2): 0.0,
    }  # fmt: skip
    for place, way in asked.items():
        assert -moved[place] == pytest.approx(way, rel=1e-8, abs=1e-12)
    ends = draft.structure([*cases, LoadCase("sliding", "by hand", [Support(0, ("y", "z"))], cases[0].loads)])
    with pytest.raises(InputError, match="load case 'sliding': its supports leave"):
        solve(ends)


def test_cases_that_clamp_either_end_leave_nothing_free_in_common() -> None:
    draft = Draft()
    draft.member("beam", (0, 0, 0), (1000, 0, 0), TUBE, STEEL)
    loads = [(Support(0), Load(1, (0.0, 0.0, -F))), (Support(1), Load(0, (0.0, 0.0, -F)))]
    cases = [LoadCase(f"end {k}", "by hand", [held], [load]) for k, (held, load) in enumerate(loads)]
    moved = solve(draft.structure(cases)).displacements[:, :, 2]
    assert moved[0] == pytest.approx(moved[1][::-1], rel=1e-9)
    assert moved[0, 1] < -0.5


def test_what_is_wrong_is_named() -> None:
    beam = cantilever(TUBE, Load(1)).structure

    def refused(match: str, **changes: object) -> None:
        with pytest.raises(InputError, match=match):
            solve(Structure(**{**vars(beam), "probes": (), **changes}))  # type: ignore[arg-type]

    tip = beam.cases[0]
    loose = LoadCase("loose", "", [Support(0, ("x", "y", "z"))], [Load(1, (0, 0, 1))])
    refused("load case 'loose': its supports leave", cases=[loose])
    refused("load cases are none", cases=[])
    refused("each with a name of its own", cases=[tip, tip])
    refused("load case 'far' names node 7; nodes are 0 to 1", cases=[LoadCase("far", "", [Support(7)], [])])
    refused("names 'up'; known: x, y", cases=[LoadCase("a", "", [Support(0, ("up",))], [])])  # type: ignore[arg-type]
    refused("requires a safety factor of 0", cases=[LoadCase("a", "", [Support(0)], [], required=0)])
    refused("asks for push; load cases are tip", probes=[Probe("p", "push", 1)])
    refused("node 2 belongs to no member", nodes=np.zeros((3, 3)) + np.arange(3)[:, None])
    refused("member 'beam' has no length", nodes=np.zeros((2, 3)))
    refused("rows of x, y, z", nodes=np.full((2, 3), np.nan))
    with pytest.raises(InputError, match=r"section is 20 x 20 mm with a wall of 12 mm"):
        round_tube(20.0, 12.0)


def test_frame_of_eighty_members_under_six_load_cases_takes_milliseconds() -> None:
    """Two kinds of support; the limit of 20 ms is for an idle core, so the best of many counts."""
    draft = Draft()
    steps = np.linspace(0.0, 1.0, 9)[:, None]
    for x, y in ((0, 0), (400, 0), (400, 400), (0, 400)):
        draft.chain("leg", np.array([[x, y, 0]]) + steps * [0, 0, 450], TUBE, STEEL)
    corners = np.array([(0, 0), (400, 0), (400, 400), (0, 400), (0, 0)])
    for z in (225, 450):
        for a, b in pairwise(corners):
            draft.chain("rail", np.append(a, z) + steps[:8:] / steps[7] * np.append(b - a, 0), TUBE, STEEL)
    feet = [Support(draft.node((x, y, 0)), PINNED) for x, y in corners[:4]]
    hit = draft.node((0, 400, 450))
    cases = [LoadCase(f"{k}", "", feet if k < 3 else [*feet[:3]], [Load(hit, (k, 9, -50))]) for k in range(6)]
    structure = draft.structure(cases)
    assert len(structure.members) >= 80
    assert paces(lambda: solve(structure)) < 60.0


def test_many_sections_at_once_are_each_by_itself() -> None:
    every = [TUBE, rod(20.0), bar(30.0, 12.0), box_tube(40.0, 25.0, 2.0), oval_tube(30.0, 18.0, 1.5)]
    sizes = np.array([(s.width, s.height, s.wall) for s in every]).T
    together = numbers_of(np.array([s.shape == "ellipse" for s in every]), *sizes)
    for k, s in enumerate(every):
        for name, value in vars(s.numbers).items():
            assert vars(together)[name][k] == value[0]
