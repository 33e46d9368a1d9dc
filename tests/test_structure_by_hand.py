"""Elements, sections and ties of structures, each alone, against what the theory says of it to rounding."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from maquette.design.arrays import FloatArray
from maquette.design.errors import InputError
from maquette.design.structures.checks import check_structure
from maquette.design.structures.draft import Draft
from maquette.design.structures.joints import Give, tube_joint
from maquette.design.structures.materials import MATERIALS, Material
from maquette.design.structures.plates import _membrane, shell_stiffness, shell_stresses, shells_of
from maquette.design.structures.sections import Section, bar, bent, box_tube, oval_tube, rod, round_tube
from maquette.design.structures.skins import (
    Skin,
    around,
    grid_triangles,
    nearest,
    ring,
    ring_triangles,
    stations,
)
from maquette.design.structures.structure import Load, LoadCase, Plate, Probe, Structure, Support, Tie
from maquette.design.structures.surface import _bent
from maquette.design.structures.ties import following

STEEL = MATERIALS["steel_s235"]
FIELDS = np.array(
    [  # triangles of every shape, (6, 3, 2) mm
        [[0, 0], [100, 0], [0, 100]],
        [[0, 0], [40, 3], [-7, 25]],
        [[5, 9], [60, -20], [80, 90]],
        [[0, 0], [30, 40], [-90, 12]],
        [[-3, 4], [10, 0.5], [11, 80]],
        [[0, 0], [200, 10], [120, 15]],
    ],
    dtype=np.float64,
)


def shells(material: Material = STEEL, thickness: float = 2.0):  # type: ignore[no-untyped-def]
    """One triangle for each of FIELDS, in the plane z = 0."""
    nodes = np.concatenate([FIELDS.reshape(-1, 2), np.zeros((18, 1))], axis=1)
    return shells_of(nodes, [Plate("p", np.arange(18).reshape(6, 3), thickness, material)]), nodes


def in_local(found) -> FloatArray:  # type: ignore[no-untyped-def]
    """(6, 3, 2) corners along the triangles' own axes, from each one's first corner."""
    return np.asarray(found.flat)


@pytest.mark.parametrize("case", range(6))
def test_a_quadratic_deflection_has_its_own_curvature_everywhere(case: int) -> None:
    """Discrete Kirchhoff triangles hold every w = a + bx + cy + dx2 + exy + fy2 exactly (Batoz, Bathe, Ho):
    their kxx, kyy, 2 kxy at the three middles are 2d, 2f, 2e of any triangle."""
    found, _ = shells()
    a, b, c, d, e, f = np.eye(6)[case]
    x, y = in_local(found)[..., 0], in_local(found)[..., 1]
    w = a + b * x + c * y + d * x * x + e * x * y + f * y * y
    w_x, w_y = b + 2 * d * x + e * y, c + e * x + 2 * f * y
    freedoms = np.stack([w, w_y, -w_x], axis=-1).reshape(6, 9)  # w and the turns about x and y
    told = np.einsum("ktai,ti->kta", found.curvatures, freedoms)
    for middle in told:
        for row in middle:
            assert np.abs(row) == pytest.approx(np.abs([2 * d, 2 * f, 2 * e]), abs=1e-9)
    signs = np.sign(told[np.abs(told) > 1e-9])
    assert len(set(signs.tolist())) <= 1


@pytest.mark.parametrize("case", range(6))
def test_a_constant_strain_in_a_sheet_has_its_own_energy_and_moving_it_has_none(case: int) -> None:
    """Shift, turn and the three strains of a sheet: half the strain times the stress times the volume."""
    found, _ = shells()
    x, y = in_local(found)[..., 0], in_local(found)[..., 1]
    o = np.zeros_like(x)
    u, v, turn = ((o + 1, o, o), (o, o + 1, o), (-y, x, o + 1), (x, o, o), (o, y, o), (0.5 * y, 0.5 * x, o))[
        case
    ]
    freedoms = np.stack([u, v, turn], axis=-1).reshape(6, 9)
    twice = np.einsum("ti,tij,tj->t", freedoms, _membrane(found), freedoms)
    E, nu, G = STEEL.E, STEEL.nu, STEEL.G
    density = (0, 0, 0, E / (1 - nu**2), E / (1 - nu**2), G)[case]
    assert twice == pytest.approx(density * found.areas * 2.0, rel=1e-9, abs=1e-3)


@pytest.mark.parametrize("sides", [(100.0, 100.0), (100.0, 25.0), (30.0, 120.0)])
@pytest.mark.parametrize("nu", [0.0, 0.3])
def test_two_triangles_of_a_sheet_bend_in_their_plane_as_a_beam_of_any_shape(
    sides: tuple[float, float], nu: float
) -> None:
    """What the optimal triangle is optimal in: a rectangle of two bends by EI whatever its sides (Felippa,
    sections 4 and 5): u = -xy, v = (x2 + nu y2) / 2, turn x, per unit of curvature."""
    a, b = sides
    stuff = Material("s", STEEL.E, STEEL.E / 2 / (1 + nu), nu, 1.0, 1.0, (0.0, 0.0), "by hand")
    places = np.array([[0, -b / 2, 0], [a, -b / 2, 0], [a, b / 2, 0], [0, b / 2, 0]]) - [a / 2, 0, 0]
    found = shells_of(places, [Plate("p", np.array([[0, 1, 2], [0, 2, 3]]), 2.0, stuff)])
    move = np.zeros((4, 6))
    x, y = places[:, 0], places[:, 1]
    move[:, 0], move[:, 1], move[:, 5] = -x * y, 0.5 * (x * x + nu * y * y), x
    rows = move[found.corners].reshape(2, 18)
    twice = float(np.einsum("ti,tij,tj->", rows, shell_stiffness(found), rows))
    exact = stuff.E * 2.0 * b**3 / 12.0 * a
    assert twice == pytest.approx(exact, rel=1e-6)


def test_stress_of_a_sheet_that_is_bent_and_pulled_is_that_of_its_outer_face() -> None:
    """Pulled by 1e-4 along x and bent by 1e-6 / mm about y, both with the sides held: E / (1 - nu2) times the
    strain of the face, and nu times that across."""
    found, nodes = shells()
    x = nodes[:, 0]
    strain, bend, half = 1e-4, 1e-6, 1.0
    moved = np.zeros((1, 18, 6))
    moved[0, :, 0] = strain * x
    moved[0, :, 2] = 0.5 * bend * x * x
    moved[0, :, 4] = -bend * x
    along = STEEL.E / (1 - STEEL.nu**2) * (strain + bend * half)
    across = STEEL.nu * along
    mises = math.sqrt(along**2 - along * across + across**2)
    assert shell_stresses(found, moved)[0] == pytest.approx(np.full(6, mises), rel=1e-6)


def test_a_thing_of_triangles_weighs_its_volume() -> None:
    found, _ = shells(thickness=3.0)
    sides = FIELDS[:, 1:] - FIELDS[:, :1]
    areas = 0.5 * np.abs(sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0])
    assert found.areas == pytest.approx(areas)
    assert found.masses == pytest.approx(areas * 3.0 * 7850e-9)


@pytest.mark.parametrize(
    ("section", "share"),
    [  # Cowper (1966) at a Poisson's ratio of 0.3
        (rod(20.0), 6 * 1.3 / (7 + 1.8)),
        (round_tube(1000.0, 1.0), 2 * 1.3 / (4 + 0.9)),
        (Section("ellipse", 20.0, 20.0, 5.0), 6 * 1.3 * 1.25**2 / ((7 + 1.8) * 1.25**2 + (20 + 3.6) * 0.25)),
        (bar(30.0, 12.0), 5 / 6),  # 10 (1 + nu) / (12 + 11 nu) = 0.850 held to 5/6
        (box_tube(40.0, 25.0, 2.0), 2 * 2.0 * 25.0 / (40.0 * 25.0 - 36.0 * 21.0)),  # its two walls
    ],
)
def test_shear_areas_by_cowper(section: Section, share: float) -> None:
    n = section.numbers
    assert n.Az[0] / n.area[0] == pytest.approx(share, rel=2e-3)


def test_shear_areas_go_with_their_direction() -> None:
    upright, lying = box_tube(25.0, 40.0, 2.0).numbers, box_tube(40.0, 25.0, 2.0).numbers
    assert upright.Az[0] == pytest.approx(lying.Ay[0]) == pytest.approx(2 * 2.0 * 40.0)
    assert upright.Ay[0] == pytest.approx(lying.Az[0]) == pytest.approx(2 * 2.0 * 25.0)


def test_extreme_fibres_and_largest_shear_of_tubes() -> None:
    n = oval_tube(30.0, 20.0, 1.0).numbers
    assert (n.cy[0], n.cz[0]) == (15.0, 10.0)
    thin = round_tube(1000.0, 1.0).numbers
    assert thin.qz[0] == pytest.approx(2.0 / thin.area[0], rel=5e-3)  # twice the mean
    box = box_tube(40.0, 25.0, 2.0).numbers  # V Q / (I 2 t), Q of the half above
    half = 40.0 * 12.5 * 6.25 - 36.0 * 10.5 * 5.25
    assert box.qz[0] == pytest.approx(half / (box.Iy[0] * 4.0))


def test_bends_give_and_are_stressed_by_the_published_factors() -> None:
    """A 32 x 1 tube bent to 60 mm: h = 60 / 15.5^2; a rod of 10 bent to 20 is stressed 1.23 times (table 9.1,
    a circle at R / c = 4); straight ones and wide bends by nothing more."""
    one = np.ones(1)
    h = 60.0 / 15.5**2
    give, raised = bent(np.array([False]), 16.0 * one, one, 60.0 * one)
    assert give[0] == pytest.approx((12 * h * h + 10) / (12 * h * h + 1))
    assert raised[0] == pytest.approx(1.8 / h ** (2 / 3))
    for solid in (True, False):
        give, raised = bent(np.array([solid]), 16.0 * one, one * (not solid), 0.0 * one)
        assert (give[0], raised[0]) == (1.0, 1.0)
    give, raised = bent(np.array([True]), 5.0 * one, 0.0 * one, 20.0 * one)
    assert give[0] == 1.0
    assert raised[0] == pytest.approx(1.23, abs=0.01)
    assert bent(np.array([False]), 16.0 * one, one, 1e5 * one)[1][0] == 1.0  # never below a straight one


def test_only_the_ends_of_a_chain_lie_in_joints() -> None:
    draft = Draft()
    soft = (Give((0, 0, 1), 1e-8, 2e-8, 0.0), Give((0, 0, 1), 3e-8, 4e-8, 0.0))
    points = np.array([[0, 0, 0], [100, 0, 0], [250, 0, 0], [300, 0, 0]], dtype=np.float64)
    draft.chain("c", points, TUBE, STEEL, inside=(10.0, 20.0), bends=(0.0, 40.0, 0.0), give=soft)
    members = draft.structure([]).members
    assert [(m.inside_i, m.inside_j, m.bend) for m in members] == [(10, 0, 0), (0, 0, 40), (0, 20, 0)]
    assert [(m.give_i, m.give_j) for m in members] == [(soft[0], None), (None, None), (None, soft[1])]
    assert [(m.i, m.j) for m in members] == [(0, 1), (1, 2), (2, 3)]


def test_welded_places_are_one_node_at_the_last_ones_place() -> None:
    a, b, c = (0.0, 0.0, 0.0), (0.0, 0.005, 0.0), (0.0, 0.01, 0.0)
    draft = Draft([(a, b), (b, c), (c, a), (a, a)])
    assert draft.node(a) == draft.node(np.array(b)) == draft.node(c) == 0
    assert draft.node((0.0, 0.02, 0.0)) == 1
    np.testing.assert_array_equal(draft.structure([]).nodes, [c, (0.0, 0.02, 0.0)])


TUBE = round_tube(25.0, 2.0)


def test_nodes_that_follow_followers_are_carried_to_the_end() -> None:
    """Node 1 is half of node 0, node 2 half of node 1, node 3 half of node 2 and node 0 itself: shares of
    1/2, 1/4 and 1/8 + 1/2 of node 0's shift."""
    nodes = np.zeros((4, 3))
    ties = [
        Tie(1, np.array([0]), np.array([0.5])),
        Tie(2, np.array([1]), np.array([0.5])),
        Tie(3, np.array([2, 0]), np.array([0.5, 0.5])),
    ]
    found = following(nodes, ties).toarray()
    for way in range(6):
        assert found[way::6, way] == pytest.approx([1.0, 0.5, 0.25, 0.625])
    assert np.count_nonzero(found) == 24


def test_a_carried_node_moves_with_the_turn_of_its_master() -> None:
    """A quarter degree about z at the origin moves what stands 100 mm along x by 100 sin along y."""
    nodes = np.array([[0.0, 0.0, 0.0], [100.0, 0.0, 0.0]])
    found = following(nodes, [Tie(1, np.array([0]), np.array([1.0]))]).toarray()
    turn = np.zeros(12)
    turn[5] = 0.01
    assert (found @ turn)[6:] == pytest.approx([0.0, 1.0, 0.0, 0.0, 0.0, 0.01])
    turn[:] = 0.0
    turn[3:5] = 0.02, 0.03
    assert (found @ turn)[6:] == pytest.approx([0.0, 0.0, -3.0, 0.02, 0.03, 0.0])


def test_a_fitted_node_takes_shift_and_turn_of_its_masters_by_least_squares() -> None:
    """Four masters turned together by 0.01 about z and shifted by (1, 2, 3) take a fifth along."""
    masters = np.array([[0, 0, 0], [100, 0, 0], [100, 80, 0], [0, 80, 50]], dtype=np.float64)
    beside = np.array([[50.0, 200.0, 10.0]])
    nodes = np.concatenate([masters, beside])
    found = following(nodes, [Tie(4, np.arange(4), np.full(4, 0.25), fitted=True)]).toarray()
    turn, shift = np.array([0.003, -0.002, 0.01]), np.array([1.0, 2.0, 3.0])
    moved = np.zeros((5, 6))
    moved[:4, :3] = shift + np.cross(turn, masters)
    told = (found @ moved.ravel()).reshape(5, 6)[4]
    assert told == pytest.approx([*(shift + np.cross(turn, beside[0])), *turn])


def test_ties_in_a_circle_are_refused() -> None:
    ties = [Tie(0, np.array([1]), np.array([1.0])), Tie(1, np.array([0]), np.array([1.0]))]
    with pytest.raises(InputError, match="ties lead in a circle"):
        following(np.zeros((2, 3)), ties)


# -- skins and what is on them ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("point", "foot"),
    [  # of the triangle (0, 0), (4, 0), (0, 3): inside, beyond each side and each corner
        ((1, 1, 5), (1, 1, 0)),
        ((2, -3, 1), (2, 0, 0)),
        ((-2, 1, 0), (0, 1, 0)),
        ((-1, -2, 3), (0, 0, 0)),
        ((9, -1, 0), (4, 0, 0)),
        ((-1, 8, 0), (0, 3, 0)),
        ((3.5, 3.5, 2), (2, 1.5, 0)),
        ((4, 0, 0), (4, 0, 0)),
    ],
)
def test_the_nearest_point_of_a_triangle(point: tuple[float, ...], foot: tuple[float, ...]) -> None:
    corners = np.array(
        [[0, 0, 0], [4, 0, 0], [0, 3, 0], [40, 0, 9], [44, 0, 9], [40, 3, 9]], dtype=np.float64
    )
    skin = Skin("s", corners, np.array([[3, 4, 5], [0, 1, 2]]), 1.0, STEEL)
    at, shares, away = nearest(np.array([point], dtype=np.float64), skin)
    assert at.tolist() == [[0, 1, 2]]
    assert shares.sum() == pytest.approx(1.0)
    assert shares[0] @ corners[:3] == pytest.approx(np.array(foot), abs=1e-9)
    assert away[0] == pytest.approx(math.dist(point, foot))


def test_rings_have_the_circles_bending_and_close() -> None:
    """Twelve corners whose sides, as walls, bend (pi r^3 t) and twist (2 pi r^3 t, by Bredt 4 A^2 t / s) as a
    thin circle to 1.4 %, an inscribed polygon only to 8 %; triangles between two closed rings use every edge
    twice but those of the ends."""
    corners = ring(12)
    a, b = corners, np.roll(corners, -1, axis=0)
    sides = np.linalg.norm(b - a, axis=1)
    moment = (sides * (a[:, 1] ** 2 + a[:, 1] * b[:, 1] + b[:, 1] ** 2) / 3.0).sum()
    assert moment == pytest.approx(math.pi, rel=0.012)
    area = 0.5 * float(np.sum(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]))
    assert 4.0 * area**2 / sides.sum() == pytest.approx(2.0 * math.pi, rel=0.014)
    found = ring_triangles(3, 12)
    assert found.shape == (48, 3)
    edges = np.sort(found[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    counts = np.unique(edges, axis=0, return_counts=True)[1]
    assert (counts == 1).sum() == 24
    assert (counts == 2).sum() == 60
    assert grid_triangles(3, 4).shape == (12, 3)
    assert around(25.0, 5.0) == 32
    assert around(1.0, 5.0) == 16
    assert around(1.0, 5.0, 8) == 8


def test_stations_are_close_where_asked_and_not_too_far_apart_elsewhere() -> None:
    s = stations(1000.0, [0.0], 10.0)
    steps = np.diff(s)
    assert (s[0], s[-1]) == (0.0, 1000.0)
    assert steps[:3] == pytest.approx(10.0, rel=0.1)
    assert steps.max() == pytest.approx(35.0, rel=0.1)
    assert np.all(np.diff(steps) > -1.0)
    assert stations(1000.0, [500.0], 10.0)[:2][1] > 20.0
    assert len(stations(10.0, [0.0], 100.0)) == 3


def test_a_skin_weighs_its_wall() -> None:
    sheet = Skin(
        "s",
        np.array([[0, 0, 0], [300, 0, 0], [0, 400, 0]], dtype=np.float64),
        np.array([[0, 1, 2]]),
        2.0,
        STEEL,
    )
    assert sheet.mass == pytest.approx(60_000 * 2.0 * 7850e-9)


def test_between_its_nodes_a_member_bends_as_a_cubic() -> None:
    """Ends held but turned by 0.01 about y at the first: the cubic L t (1 - t)^2 times the turn; a lift of
    the far end by 8 mm without turns: half of it, at 1.5 times the chord's slope, in the middle."""
    way = np.array([[800.0, 0.0, 0.0]])
    zero, turned = np.zeros((1, 6)), np.zeros((1, 6))
    turned[0, 4] = -0.01
    for t in (0.25, 0.5, 0.8):
        shift, turn = _bent(turned, zero, way, np.array([t]))
        assert shift[0] == pytest.approx([0.0, 0.0, 8.0 * t * (1 - t) ** 2])
        assert turn[0] == pytest.approx([0.0, -0.01 * (1 - t) * (1 - 3 * t), 0.0])
        shift, turn = _bent(zero, -turned, way, np.array([t]))
        assert shift[0] == pytest.approx([0.0, 0.0, 8.0 * t * t * (1 - t)])
        assert turn[0] == pytest.approx([0.0, 0.01 * t * (3 * t - 2), 0.0])
    lifted = np.zeros((1, 6))
    lifted[0, 2], lifted[0, 0], lifted[0, 3] = 8.0, 2.0, 0.02
    shift, turn = _bent(zero, lifted, way, np.array([0.5]))
    assert shift[0] == pytest.approx([1.0, 0.0, 4.0])
    assert turn[0] == pytest.approx([0.01, -1.5 * 8.0 / 800.0, 0.0])


def test_the_give_of_a_tubular_joint_is_fesslers() -> None:
    """A tube of 40 on one of 50 x 2 at a right angle, by the parametric equations; less at 30 degrees by the
    powers of the sine; nothing along it where both are equally wide."""
    beta, gamma, E, D = 0.8, 12.5, 210e3, 50.0
    along_x, along_z = np.array([1.0, 0, 0]), np.array([0, 0, 3.0])
    found = tube_joint((50.0, 2.0), along_x, 40.0, along_z, E)
    assert np.abs(found.normal) == pytest.approx([0.0, 1.0, 0.0])
    assert found.in_plane == pytest.approx(134 * gamma**1.73 * math.exp(-4.52 * beta) / (E * D**3))
    assert found.out_of_plane == pytest.approx(85.5 * gamma**2.2 * math.exp(-3.85 * beta) / (E * D**3))
    assert found.along == pytest.approx(1.95 * gamma**2.15 * 0.2**1.3 / (E * D))
    slant = tube_joint((50.0, 2.0), along_x, 40.0, np.array([math.cos(math.pi / 6), 0, 0.5]), E)
    assert slant.in_plane / found.in_plane == pytest.approx(0.5**1.22)
    assert slant.out_of_plane / found.out_of_plane == pytest.approx(0.5**2.16)
    assert slant.along / found.along == pytest.approx(0.5**2.19)
    assert tube_joint((50.0, 2.0), along_x, 60.0, along_z, E).along == 0.0
    inline = tube_joint((50.0, 2.0), along_x, 40.0, along_x, E)
    assert inline.in_plane / found.in_plane == pytest.approx(0.2**1.22)
    assert np.linalg.norm(inline.normal) == pytest.approx(1.0)
    assert inline.normal[0] == pytest.approx(0.0)


def whole(**changes: Any) -> Structure:
    """A member of 100 mm and a plate beside it, clamped, with one load case and one probe."""
    draft = Draft()
    draft.member("m", (0, 0, 0), (100, 0, 0), TUBE, STEEL)
    draft.sheet(
        "p", np.array([[[0, 0, 0], [100, 0, 0]], [[0, 50, 0], [100, 50, 0]]], dtype=np.float64), 2.0, STEEL
    )
    case = LoadCase("push", "", [Support(0)], [Load(1, (1.0, 0, 0))])
    return replace(draft.structure([case], [Probe("end", "push", 1, "x")]), **changes)


def test_a_whole_structure_is_taken() -> None:
    check_structure(whole())
    check_structure(whole(ties=(Tie(3, np.array([1]), np.ones(1)),)))
    member = whole().members[0]
    check_structure(whole(members=(replace(member, inside_i=0.0, inside_j=95.0),)))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (
            lambda s: {"members": (replace(s.members[0], inside_i=50.0, inside_j=46.0),)},
            "lies 50 and 46 mm inside its joints",
        ),
        (
            lambda s: {"members": (replace(s.members[0], inside_j=-1.0),)},
            "lies 0 and -1 mm inside its joints",
        ),
        (
            lambda s: {"members": (replace(s.members[0], section_j=bar(9.0, 9.0)),)},
            "is of shape ellipse at one end and rectangle",
        ),
        (lambda s: {"members": (replace(s.members[0], j=4),)}, "member 'm' names node 4; nodes are 0 to 3"),
        (lambda s: {"members": (replace(s.members[0], j=0),)}, "member 'm' has no length"),
        (lambda s: {"plates": (replace(s.plates[0], thickness=0.0),)}, "plate 'p': thickness and the areas"),
        (
            lambda s: {"plates": (*s.plates, replace(s.plates[0], triangles=np.array([[0, 0, 1]])))},
            "plate 'p': thickness and the areas",
        ),
        (
            lambda s: {"plates": (replace(s.plates[0], triangles=s.plates[0].triangles + 1),)},
            "plate 'p' names node 4",
        ),
        (lambda s: {"plates": ()}, "belongs to no member and no plate"),
        (lambda s: {"ties": (Tie(0, np.array([1]), np.ones(1)),)}, "tie of node 0: it follows others"),
        (lambda s: {"ties": (Tie(3, np.array([3]), np.ones(1)),)}, "tie of node 3: it follows others"),
        (
            lambda s: {"ties": (Tie(3, np.array([1]), np.ones(1)), Tie(3, np.array([2]), np.ones(1)))},
            "node 3 follows twice",
        ),
        (lambda s: {"ties": (Tie(3, np.array([9]), np.ones(1)),)}, "tie of node 3 names node 9"),
        (
            lambda s: {"cases": (replace(s.cases[0], loads=[Load(len(s.nodes), (1.0, 0, 0))]),)},
            "names node 4",
        ),
        (
            lambda s: {"cases": (replace(s.cases[0], loads=[Load(-1, (1.0, 0, 0))]),)},
            "load case 'push' names node -1",
        ),
        (lambda s: {"probes": (Probe("end", "push", 4, "x"),)}, "probe 'end' names node 4"),
        (lambda s: {"probes": (Probe("end", "push", 1, "up"),)}, "probe 'end' names 'up'; known: x, y"),
    ],
)
def test_a_structure_that_is_not_whole_is_named(what: Any, said: str) -> None:
    with pytest.raises(InputError) as caught:
        check_structure(whole(**what(whole())))
    assert said in str(caught.value)


# -- what decides -------------------------------------------------------------------------------------------


def test_what_decides_is_named_with_its_place_and_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two members and a plate: the second member is worst at a quarter of its 40 mm from (0, 0, 10); in the
    second case the plate is, in the middle of its triangle."""
    from types import SimpleNamespace

    from maquette.design.structures import verdict

    stress = np.zeros((2, 2, 5))
    stress[0, 1] = [1.0, 5.0, 7.0, 2.0, 7.0]
    stress[1, 0, 0] = 3.0
    parts = np.zeros((4, 2, 2, 5))
    parts[1, 0, 1, 2], parts[2, 1, 0, 0] = 6.0, 1.0
    cases = [SimpleNamespace(name=n, required=r) for n, r in (("a", 2.0), ("b", 1.0))]
    members = [
        SimpleNamespace(name=n, material="steel", i=i, j=j) for n, i, j in (("rail", 0, 1), ("leg", 2, 3))
    ]
    nodes = np.array([[0.0, 0, 0], [10.0, 0, 0], [0, 0, 10.0], [0, 40.0, 10.0]])
    solved = SimpleNamespace(
        structure=SimpleNamespace(
            members=members, nodes=nodes, cases=cases, plates=[SimpleNamespace(name="seat", material="ply")]
        ),
        usage=np.array([[0.2, 0.6, 0.1], [0.1, 0.3, 0.4]]),
        safety=np.array([1.6, 2.5]),
        stress=stress,
        plate_stress=np.array([[1.0], [9.0]]),
        shells=SimpleNamespace(part=np.array([0]), corners=np.array([[0, 1, 3]])),
        beams=SimpleNamespace(
            places=np.tile([0.0, 5.0, 10.0, 30.0, 40.0], (2, 1)), lengths=np.array([10.0, 40.0])
        ),
        forces=None,
    )
    monkeypatch.setattr(verdict, "shares", lambda beams, forces: parts)
    monkeypatch.setattr(verdict, "STATIONS", np.zeros(5))
    first, second = verdict.by_case(solved)
    assert (first.part, first.material, first.stress, first.safety) == ("leg", "steel", 7.0, 1.6)
    assert first.place == pytest.approx((0.0, 10.0, 10.0))
    assert (first.at_joint, first.kind) == (False, verdict.BENDING)
    assert first.margin == pytest.approx(0.8)
    assert (second.part, second.material, second.stress, second.kind) == ("seat", "ply", 9.0, "")
    assert second.place == pytest.approx((10.0 / 3.0, 40.0 / 3.0, 10.0 / 3.0))
    assert second.margin == 2.5
    assert verdict.critical(solved).part == "leg"
    solved.usage[1, 2] = 0.0
    solved.stress[1, 1, 4] = 4.0
    end = verdict.by_case(solved)[1]
    assert (end.part, end.at_joint, end.place) == ("leg", True, pytest.approx((0.0, 40.0, 10.0)))
