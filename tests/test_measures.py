"""Measures against closed forms: spheres, boxes, tori, overlaps; and the kernel's numbers likewise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from brick import box_mesh
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from maquette.design.errors import BuildError
from maquette.design.geometry.measures import (
    asymmetry,
    closes,
    enclosed_volume,
    frontal_area,
    mesh_of_solid,
    projected_area,
    silhouette,
    solid_bounds,
    solid_numbers,
    welded,
)
from maquette.design.geometry.mesh import Mesh, joined

SIDE = st.floats(10, 5000)
SHIFT = st.floats(-3000, 3000)


def sphere(radius: float, subdivisions: int = 5) -> Mesh:
    import trimesh

    ball = trimesh.creation.icosphere(subdivisions, radius)
    return Mesh(np.asarray(ball.vertices), np.asarray(ball.faces, dtype=np.int64))


@given(SIDE, SIDE, SIDE)
def test_a_box_shows_its_sides(length: float, width: float, height: float) -> None:
    box = box_mesh(length, width, height)
    assert frontal_area(box) == pytest.approx(width * height * 1e-6, rel=1e-9)
    assert projected_area(box, "y") == pytest.approx(length * height, rel=1e-9)
    assert projected_area(box, "z") == pytest.approx(length * width, rel=1e-9)
    assert box.area * 1e-6 == pytest.approx(
        2e-6 * (length * width + width * height + height * length), rel=1e-9
    )
    assert enclosed_volume(box) == pytest.approx(length * width * height * 1e-9, rel=1e-9)


@given(st.integers(0, 2**31))
def test_a_turned_box_shows_the_sum_of_its_turned_sides(seed: int) -> None:
    turn = Rotation.random(rng=np.random.default_rng(seed)).as_matrix()
    box = box_mesh(100.0, 200.0, 300.0)
    turned = Mesh(box.vertices @ turn.T, box.faces)
    seen = np.abs(turn[0]) @ [200 * 300, 100 * 300, 100 * 200]
    assert projected_area(turned) == pytest.approx(seen, rel=1e-7)


@given(SHIFT, SHIFT, SHIFT)
def test_the_shadow_of_two_boxes_is_their_union(dx: float, dy: float, dz: float) -> None:
    one = box_mesh(100.0, 400.0, 300.0)
    overlap = max(0.0, 400 - abs(dy)) * max(0.0, 300 - abs(dz))
    both = joined([one, one.moved([dx, dy, dz])])
    assert projected_area(both) == pytest.approx(2 * 400 * 300 - overlap, rel=1e-6)


def test_a_sphere_shows_a_disc_to_the_error_of_its_facets() -> None:
    ball = sphere(1000.0)
    for axis in "xyz":
        assert projected_area(ball, axis) == pytest.approx(math.pi * 1e6, rel=1e-3)
        assert projected_area(ball, axis) < math.pi * 1e6  # the facets stand inside the ball


def test_a_ring_keeps_its_hole() -> None:
    import trimesh

    ring = trimesh.creation.torus(500, 100, major_sections=200, minor_sections=100)
    mesh = Mesh(np.asarray(ring.vertices), np.asarray(ring.faces, dtype=np.int64))
    outline = silhouette(mesh, "z")
    assert len(outline) == 2
    assert projected_area(mesh, "z") == pytest.approx(math.pi * (600**2 - 400**2), rel=1e-3)
    assert projected_area(mesh, "x") == pytest.approx(1000 * 200 + math.pi * 100**2, rel=1e-3)


def test_shadow_does_not_depend_on_the_side_it_is_seen_from() -> None:
    rng = np.random.default_rng(0)
    body = joined([sphere(300.0, 3).moved(rng.uniform(-400, 400, 3)) for _ in range(6)])
    turned = Mesh(body.vertices * np.array([-1.0, -1.0, 1.0]), body.faces)
    assert projected_area(body) == pytest.approx(projected_area(turned), rel=1e-9)
    assert projected_area(body) == pytest.approx(projected_area(body.mirrored()), rel=1e-9)


def test_a_shadow_keeps_what_touches_along_an_edge() -> None:
    """Pieces welded along common edges, as the kernel leaves slivers: a car's shadow once lost two fifths."""
    from manifold3d import CrossSection, FillRule, OpType

    rng = np.random.default_rng(1)
    for _ in range(60):
        points = rng.uniform(0, 100, (9, 3))
        faces = []
        for corners in (rng.permutation(9)[:4] for _ in range(5)):
            inside_out = np.linalg.det(points[corners[1:]] - points[corners[0]]) < 0
            a, b, c, d = corners[[0, 2, 1, 3]] if inside_out else corners
            faces += [(a, c, b), (a, b, d), (b, c, d), (c, a, d)]
        mesh = Mesh(points, np.array(faces, dtype=np.int64))
        assert closes(mesh)
        assert mesh.volume > 0
        triangles = [CrossSection([points[list(f)][:, 1:]], FillRule.NonZero) for f in faces]
        union = CrossSection.batch_boolean(triangles, OpType.Add)
        assert projected_area(mesh) == pytest.approx(union.area(), rel=1e-6)


def test_asymmetry_is_the_share_without_a_mirror_image() -> None:
    box = box_mesh(100.0, 200.0, 300.0)
    assert asymmetry(box) == pytest.approx(0.0, abs=1e-9)
    assert asymmetry(box.moved([5, 0, 7])) == pytest.approx(0.0, abs=1e-9)
    assert asymmetry(box.moved([0, 3, 0])) == pytest.approx(6 / 200, rel=1e-5)
    assert asymmetry(box.moved([0, 900, 0])) == pytest.approx(1.0)


def test_a_surface_closes_when_no_edge_is_left_alone() -> None:
    box = box_mesh(100.0, 200.0, 300.0)
    assert closes(box)
    assert not closes(Mesh(box.vertices, box.faces[1:]))
    assert not closes(Mesh(box.vertices, box.faces[:0]))
    flap = box.faces[:1]
    folded = Mesh(box.vertices, np.concatenate([box.faces, flap, flap[:, ::-1]]))
    assert closes(folded)
    assert not folded.is_watertight


def test_welding_closes_a_triangle_soup() -> None:
    box = box_mesh(100.0, 200.0, 300.0)
    soup = Mesh(box.vertices[box.faces].reshape(-1, 3), np.arange(36).reshape(-1, 3))
    assert not soup.is_watertight
    closed = welded(soup)
    assert closed.is_watertight
    assert closed.volume == pytest.approx(box.volume)
    assert len(closed.vertices) == 8


@pytest.mark.kernel
def test_the_kernel_agrees_with_closed_forms() -> None:
    import cadquery as cq

    ball = cq.Workplane().sphere(500.0).val().translate(cq.Vector(500, 0, 600))
    found = solid_numbers(ball)
    assert found.volume == pytest.approx(4 / 3 * math.pi * 0.5**3, rel=1e-9)
    assert found.area == pytest.approx(4 * math.pi * 0.5**2, rel=1e-9)
    assert found.centroid == pytest.approx([500, 0, 600], abs=1e-6)
    assert found.bounds == pytest.approx(np.array([[0, -500, 100], [1000, 500, 1100]]), abs=1e-3)
    mesh = mesh_of_solid(ball)
    assert mesh.is_watertight
    assert mesh.volume * 1e-9 == pytest.approx(found.volume, rel=0.005)
    assert frontal_area(mesh) == pytest.approx(math.pi * 0.25, rel=0.001)


@pytest.mark.kernel
def test_the_box_of_a_spline_solid_has_no_gap() -> None:
    """The kernel's usual box of a B-spline solid is its control polygon's, millimetres too large."""
    import cadquery as cq

    leaf = cq.Workplane().moveTo(0, 0).spline([(50, 40), (100, 0)], includeCurrent=True).close()
    shape = leaf.extrude(10).val()
    fine = mesh_of_solid(shape, 0.005, 0.05)
    assert solid_bounds(shape) == pytest.approx(fine.bounds, abs=0.02)


@pytest.mark.kernel
def test_a_box_found_face_by_face_is_the_kernels_own() -> None:
    """Faces that cannot widen the box are not asked: what is left out must not matter."""
    import cadquery as cq
    from OCP.Bnd import Bnd_Box
    from OCP.BRepBndLib import BRepBndLib

    sections = [cq.Wire.makeCircle(20.0 + 9.0 * (k % 2), (3.0 * k, 0, 25.0 * k), (0, 0, 1)) for k in range(5)]
    loft = cq.Solid.makeLoft(sections)
    drilled = loft.cut(cq.Solid.makeCylinder(8, 200, cq.Vector(-100, 2, 55), cq.Vector(1, 0.1, 0)))
    whole = Bnd_Box()
    BRepBndLib.AddOptimal_s(drilled.wrapped, whole, False, False)
    low, high = whole.CornerMin(), whole.CornerMax()
    theirs = np.array([[low.X(), low.Y(), low.Z()], [high.X(), high.Y(), high.Z()]])
    assert len(drilled.Faces()) > 3
    assert solid_bounds(drilled) == pytest.approx(theirs, abs=1e-6)


@pytest.mark.kernel
def test_nothing_has_no_box_and_no_triangles() -> None:
    import cadquery as cq

    empty = cq.Compound.makeCompound([])
    with pytest.raises(BuildError, match="empty"):
        solid_bounds(empty)
    with pytest.raises(BuildError, match="nothing to tessellate"):
        mesh_of_solid(empty)
