"""Any shape in: files of other programs become one closed body whose unit and axes are found or said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from maquette.design.errors import InputError
from maquette.design.exchange.shapes.axes import Known, known_bodies, placed, turns
from maquette.design.exchange.shapes.prepared import PreparedShape, prepare
from maquette.design.exchange.shapes.repair import repaired
from maquette.design.exchange.shapes.wrap import wrapped
from maquette.design.family.registry import get_family
from maquette.design.geometry.mesh import Mesh
from maquette.design.geometry.surface_points import surface_points

CAR = get_family("car")
HULL = CAR.hull({**CAR.defaults(), **CAR.archetypes["notchback"]})


@pytest.fixture(scope="module")
def known() -> Known:
    """The car's named bodies."""
    return known_bodies(CAR)


def written(mesh: Mesh, path: Path) -> Path:
    """A mesh as a file of the kind that its name says."""
    import trimesh

    trimesh.Trimesh(mesh.vertices, mesh.faces, process=False).export(path)
    return path


def same_body(found: PreparedShape, off: float = 1e-3) -> bool:
    """It is :data:`HULL`, by volume and box."""
    size = np.ptp(HULL.vertices, axis=0)
    volume = abs(found.mesh.volume / HULL.volume - 1.0)
    return (
        found.mesh.is_watertight
        and volume < off
        and np.allclose(np.ptp(found.mesh.bounds, 0), size, rtol=off)
    )


@pytest.mark.parametrize("suffix", ["stl", "obj", "ply", "off", "glb"])
def test_every_mesh_format_gives_the_body_back(suffix: str, known: Known, tmp_path: Path) -> None:
    found = prepare(written(HULL, tmp_path / f"car.{suffix}"), known)
    assert same_body(found)
    assert (found.placing.unit, found.placing.up, found.placing.forward) == ("mm", "z", "-x")


@pytest.mark.parametrize(("unit", "mm"), [("m", 1000.0), ("in", 25.4), ("cm", 10.0)])
def test_unit_is_told_by_size_and_overruled_by_what_is_said(unit: str, mm: float, known: Known) -> None:
    small = Mesh(HULL.vertices / mm, HULL.faces)
    mesh, placing = placed(small, known)
    assert (placing.unit, placing.unit_how) == (unit, "size")
    assert np.ptp(mesh.vertices[:, 0]) == pytest.approx(np.ptp(HULL.vertices[:, 0]))
    mesh, placing = placed(small, known, unit="ft")
    assert (placing.unit, placing.unit_how) == ("ft", "given")
    assert np.ptp(mesh.vertices[:, 0]) == pytest.approx(np.ptp(HULL.vertices[:, 0]) / mm * 304.8)


def test_every_quarter_turn_is_undone(known: Known) -> None:
    first = placed(HULL, known)[0].vertices
    for turn in turns():
        mesh, placing = placed(Mesh(HULL.vertices @ turn.T, HULL.faces), known)
        if placing.axes_how == "shape":
            np.testing.assert_allclose(mesh.vertices, first, atol=1e-6)
        names = dict(zip("xyz", np.eye(3), strict=True))
        names |= {f"-{a}": -v for a, v in names.items()}
        up = next(n for n, v in names.items() if np.allclose(v, turn @ [0, 0, 1]))
        forward = next(n for n, v in names.items() if np.allclose(v, turn @ [-1, 0, 0]))
        said, placing = placed(Mesh(HULL.vertices @ turn.T, HULL.faces), known, up=up, forward=forward)
        assert placing.axes_how == "given"
        np.testing.assert_allclose(said.vertices, first, atol=1e-6)


def test_a_body_that_stands_askew_is_set_upright(known: Known) -> None:
    import trimesh

    turn = trimesh.transformations.rotation_matrix(0.5, [0.2, 0.3, 1.0])[:3, :3]
    mesh, placing = placed(Mesh(HULL.vertices @ turn.T, HULL.faces), known)
    assert placing.tilt > 1.0
    np.testing.assert_allclose(np.ptp(mesh.vertices, 0), np.ptp(HULL.vertices, 0), rtol=5e-3)


def test_soup_turned_doubled_and_inside_out_is_mended() -> None:
    rng = np.random.default_rng(0)
    faces = HULL.faces.copy()
    some = rng.random(len(faces)) < 0.3
    faces[some] = faces[some][:, ::-1]
    faces = np.vstack([faces, faces[:500]])
    found = repaired(Mesh(HULL.vertices[faces].reshape(-1, 3), np.arange(3 * len(faces)).reshape(-1, 3)))
    assert found.closed
    assert found.duplicates == 500
    assert found.mesh.volume == pytest.approx(HULL.volume, rel=1e-6)
    inside_out = repaired(Mesh(HULL.vertices, HULL.faces[:, ::-1]))
    assert inside_out.mesh.volume == pytest.approx(HULL.volume, rel=1e-9)


def test_small_holes_are_closed() -> None:
    found = repaired(Mesh(HULL.vertices, np.delete(HULL.faces, [5, 900, 20_000], axis=0)))
    assert found.closed
    assert found.holes == 3
    assert found.mesh.volume == pytest.approx(HULL.volume, rel=1e-4)


def test_closed_pieces_that_stand_in_each_other_become_one_body() -> None:
    import trimesh

    box = trimesh.creation.box((2.0, 1.0, 1.0))
    other = Mesh(np.asarray(box.vertices) + np.array([1.5, 0.0, 0.0]), box.faces)
    both = Mesh(np.vstack([box.vertices, other.vertices]), np.vstack([box.faces, other.faces + 8]))
    found = repaired(both)
    assert (found.closed, found.united) == (True, 2)
    assert found.mesh.volume == pytest.approx(3.5, rel=1e-5)


@pytest.mark.slow
def test_sixteen_open_pieces_are_wrapped_into_one_skin(known: Known, tmp_path: Path) -> None:
    middles = HULL.vertices[HULL.faces].mean(axis=1)[:, 0]
    cuts = np.quantile(middles, np.linspace(0, 1, 17)[1:-1])
    gap = np.abs(middles[:, None] - cuts).min(axis=1) < 8.0
    open_mesh = Mesh(HULL.vertices * 1e-3, HULL.faces[~gap])
    found = prepare(written(open_mesh, tmp_path / "pieces.stl"), known)
    assert found.repair.pieces >= 10
    assert found.wrap is not None
    assert found.wrap.off < 10.0
    assert same_body(found, 0.01)


def test_what_encloses_nothing_is_refused(tmp_path: Path, known: Known) -> None:
    middles = HULL.vertices[HULL.faces].mean(axis=1)
    roofless = Mesh(HULL.vertices, HULL.faces[middles[:, 2] < 900.0])
    assert wrapped(roofless) in ("sheet", "open")
    grid = np.indices((9, 9)).reshape(2, -1).T * 100.0
    corner = np.arange(72)[np.arange(72) % 9 < 8]
    quads = np.stack([corner, corner + 1, corner + 10, corner + 9], axis=1)
    sheet = Mesh(np.column_stack([grid, np.zeros(81)]), np.vstack([quads[:, :3], quads[:, [0, 2, 3]]]))
    with pytest.raises(InputError, match="enclose no volume"):
        prepare(written(sheet, tmp_path / "sheet.stl"), known)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.stl", b"<html><body>404</body></html>"),
        ("cut.stl", b"x" * 80 + b"\x10\x00\x00\x00" + b"\x00" * 60),
        ("no.obj", b"v 0 0 0\n"),
        ("no.glb", b"glTF1234"),
        ("no.ply", b"ply\nformat ascii 1.0\nend_header\n"),
        ("body.blend", b"BLENDER"),
        ("nan.off", b"OFF\n3 1 0\n0 0 nan\n1 0 0\n0 1 0\n3 0 1 2\n"),
    ],
)
def test_broken_files_are_refused_in_one_line(
    name: str, content: bytes, tmp_path: Path, known: Known
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        prepare(path, known)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "told"),
    [({"unit": "yd"}, "--units"), ({"up": "w"}, "--up"), ({"up": "z", "forward": "-z"}, "one axis")],
)
def test_options_that_mean_nothing_are_refused(said: dict[str, str], told: str, known: Known) -> None:
    with pytest.raises(InputError, match=told):
        placed(HULL, known, **said)


def test_points_lie_on_their_triangles_and_share_the_area() -> None:
    points, normals, shares = surface_points(HULL, 60.0)
    assert shares.sum() == pytest.approx(HULL.area, rel=1e-9)
    flux = (points * normals).sum(axis=1) @ shares / 3.0
    assert flux == pytest.approx(HULL.volume, rel=1e-6)


@pytest.mark.kernel
def test_step_of_two_solids_becomes_one_body(tmp_path: Path, known: Known) -> None:
    import cadquery as cq

    block = cq.Workplane().box(4000.0, 1800.0, 900.0).translate((2000.0, 0.0, 650.0))
    cabin = cq.Workplane().box(2000.0, 1600.0, 700.0).translate((2300.0, 0.0, 1200.0))
    path = tmp_path / "blocks.step"
    cq.exporters.export(block.add(cabin), str(path))
    found = prepare(path, known, up="z", forward="-x")
    assert (found.placing.unit, found.placing.unit_how) == ("mm", "format")
    assert found.repair.united == 2
    assert found.mesh.volume * 1e-9 == pytest.approx(4 * 1.8 * 0.9 + 2 * 1.6 * 0.45, rel=1e-6)
