"""GLB, STL and STEP: what is written reads back, repeats byte for byte, and fails in one line."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from maquette.design.errors import BuildError, InputError
from maquette.design.exchange.export import read_glb, read_step, read_stl, write_glb, write_step, write_stl
from maquette.design.files import make_folder, write_bytes
from maquette.design.geometry.mesh import Mesh, MeshPart
from maquette.design.geometry.solid import SolidPart
from maquette.design.geometry.worker import KernelPool, Limits, run

RED = (0.6, 0.1, 0.05, 1.0)
GLASS = (0.1, 0.2, 0.3, 0.4)


def box(size: tuple[float, float, float], at: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Mesh:
    """A closed box with its lowest corner at `at`, mm."""
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=np.float64)
    faces = [
        [0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1],
        [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3],
    ]  # fmt: skip
    return Mesh(corners * np.array(size) + np.array(at), np.array(faces, dtype=np.int64))


def parts() -> list[MeshPart]:
    return [
        MeshPart("body", box((1000, 500, 300)), RED),
        MeshPart("windscreen glass", box((100, 400, 200), (300, 50, 300)), GLASS),
    ]


def exact_parts() -> list[SolidPart]:
    """Four parts, one of them placed by a location instead of by its geometry. Loads the kernel."""
    import cadquery as cq

    placed = cq.Workplane().box(100, 50, 300).edges().fillet(10).val().moved(cq.Location((0, 0, 400)))
    return [
        SolidPart("body", cq.Workplane().box(1000, 500, 300).val(), RED, "steel sheet", 7850.0),
        SolidPart("glass", placed, GLASS, "glass", 2500.0),
        SolidPart("ball", cq.Workplane().sphere(100).val(), RED),
        SolidPart("pane", cq.Workplane().box(5, 5, 5).val(), GLASS, "glass", 2600.0),
    ]


def export_twice(folder: Path) -> tuple[str, str]:
    """SHA-256 of two exports of one process."""
    digests = []
    for name in ("one.step", "two.step"):
        write_step(exact_parts(), folder / name, "thing", {"overall_length": "1000 mm"})
        digests.append(hashlib.sha256((folder / name).read_bytes()).hexdigest())
    return digests[0], digests[1]


def same_name_twice(folder: Path) -> None:
    part = exact_parts()[0]
    write_step([part, part], folder / "x.step", "x")


def write_large_stl(path: Path) -> None:
    rng = np.random.default_rng(0)
    write_stl(Mesh(rng.random((60_000, 3)) * 1000, np.arange(60_000).reshape(-1, 3)), path)


# -- STL ------------------------------------------------------------------------------------------------


@given(st.tuples(*[st.floats(0.5, 5000.0)] * 3), st.tuples(*[st.floats(-5000.0, 5000.0)] * 3))
def test_stl_keeps_volume_and_stays_closed(
    tmp_path_factory: pytest.TempPathFactory,
    size: tuple[float, float, float],
    at: tuple[float, float, float],
) -> None:
    path = tmp_path_factory.mktemp("stl") / "box.stl"
    mesh = box(size, at)
    write_stl(mesh, path)
    again = read_stl(path)
    assert again.is_watertight
    assert len(again.vertices) == 8
    assert again.volume == pytest.approx(mesh.volume, rel=5e-3)
    assert np.allclose(again.bounds, mesh.bounds, atol=1e-3)


def test_stl_that_single_precision_would_open_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "thin.stl"
    with pytest.raises(BuildError, match="single precision"):
        write_stl(box((1e-6, 1.0, 1.0), (5000.0, 0.0, 0.0)), path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("cut", [0, 40, 83, 84, 100, 683])
def test_damaged_stl_is_one_line(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.stl"
    write_stl(box((1.0, 2.0, 3.0)), path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(InputError, match=r"a\.stl") as error:
        read_stl(path)
    assert "\n" not in str(error.value)


def test_stl_with_nan_or_a_wrong_count_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.stl"
    write_stl(box((1.0, 2.0, 3.0)), path)
    data = bytearray(path.read_bytes())
    data[96:100] = struct.pack("<f", float("nan"))
    path.write_bytes(bytes(data))
    with pytest.raises(InputError, match="not numbers"):
        read_stl(path)
    data[80:84] = struct.pack("<I", 4_000_000_000)
    path.write_bytes(bytes(data))
    with pytest.raises(InputError, match="4000000000 triangles"):
        read_stl(path)


# -- GLB ------------------------------------------------------------------------------------------------


def test_glb_is_in_metres_y_up_and_reads_back(tmp_path: Path) -> None:
    import trimesh

    path = tmp_path / "a.glb"
    write_glb(parts(), path)
    again = read_glb(path)
    assert [p.name for p in again] == ["body", "windscreen glass"]
    for part, own in zip(again, parts(), strict=True):
        assert part.mesh.volume == pytest.approx(own.mesh.volume, rel=1e-5)
        assert np.allclose(part.mesh.bounds, own.mesh.bounds, atol=1e-3)
    scene = trimesh.load(path)  # an independent reader
    assert set(scene.geometry) == {"body", "windscreen glass"}
    # body: x 0..1000 rearward, y 0..500 right, z 0..500 up -> glTF x -0.5..0, y 0..0.5, z -1..0
    assert np.allclose(scene.bounds, [[-0.5, 0.0, -1.0], [0.0, 0.5, 0.0]], atol=1e-6)
    assert scene.geometry["body"].volume == pytest.approx(0.15, rel=1e-5)


def test_glb_has_colours_linear_and_normals_unit(tmp_path: Path) -> None:
    path = tmp_path / "a.glb"
    write_glb(parts(), path)
    data = path.read_bytes()
    (size,) = struct.unpack_from("<I", data, 12)
    document = json.loads(data[20 : 20 + size])
    glass = document["materials"][1]
    assert glass["alphaMode"] == "BLEND"
    assert glass["pbrMetallicRoughness"]["baseColorFactor"] == pytest.approx(
        [0.010023, 0.033105, 0.073239, 0.4]
    )
    view = document["bufferViews"][
        document["accessors"][document["meshes"][0]["primitives"][0]["attributes"]["NORMAL"]]["bufferView"]
    ]
    start = 28 + size + view["byteOffset"]
    normals = np.frombuffer(data[start : start + view["byteLength"]], "<f4").reshape(-1, 3)
    assert len(normals) == 24  # sharp edges: every corner of every side has its own
    assert np.allclose(np.abs(normals).max(axis=1), 1.0)


def test_glb_repeats_and_leaves_slivers_out(tmp_path: Path) -> None:
    body = parts()[0]
    sliver = Mesh(body.mesh.vertices, np.vstack([body.mesh.faces, [[0, 0, 1]]]))
    write_glb([body], tmp_path / "a.glb")
    write_glb([MeshPart("body", sliver, RED)], tmp_path / "b.glb")
    assert (tmp_path / "a.glb").read_bytes() == (tmp_path / "b.glb").read_bytes()
    with pytest.raises(InputError, match="no triangles"):
        write_glb([], tmp_path / "c.glb")


@pytest.mark.parametrize("cut", [0, 11, 30, 400, -1])
def test_damaged_glb_is_one_line(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.glb"
    write_glb(parts(), path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(InputError, match="not a whole GLB"):
        read_glb(path)


# -- places that cannot be written ------------------------------------------------------------------------


def test_missing_folder_and_folder_as_file_are_one_line(tmp_path: Path) -> None:
    for path in (tmp_path / "no" / "a.stl", tmp_path):
        with pytest.raises(InputError) as error:
            write_stl(box((1.0, 1.0, 1.0)), path)
        assert "\n" not in str(error.value)
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(InputError, match="output folder"):
        make_folder(file / "sub")


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    old = tmp_path / "a.stl"
    old.write_bytes(b"old")
    with (
        KernelPool(Limits(file_size=100_000), preload=()) as pool,
        pytest.raises(InputError, match="cannot be written"),
    ):
        pool.run(write_large_stl, old)
    assert [p.name for p in tmp_path.iterdir()] == ["a.stl"]
    assert old.read_bytes() == b"old"


def test_files_are_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    write_bytes(path, b"one")
    write_bytes(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


# -- STEP -----------------------------------------------------------------------------------------------


@pytest.mark.kernel
@pytest.mark.slow
def test_step_repeats_in_one_process_and_across_processes(tmp_path: Path) -> None:
    digests = {run(export_twice, tmp_path) for _ in range(2)}
    assert len(digests) == 1
    assert len(set(digests.pop())) == 1


@pytest.mark.kernel
@pytest.mark.slow
def test_step_keeps_names_colours_materials_and_numbers(tmp_path: Path) -> None:
    with KernelPool() as pool:
        pool.run(export_twice, tmp_path)
        found = pool.run(read_step, tmp_path / "one.step")
        with pytest.raises(InputError, match="part names must differ"):
            pool.run(same_name_twice, tmp_path)
        for name, text in (("cut", 0.5), ("short", 0.01)):
            whole = (tmp_path / "one.step").read_bytes()
            (tmp_path / f"{name}.step").write_bytes(whole[: int(text * len(whole))])
            with pytest.raises(InputError, match="not a whole STEP"):
                pool.run(read_step, tmp_path / f"{name}.step")
        (tmp_path / "noise.step").write_bytes(b"ISO-10303-21;" + bytes(range(256)) * 9 + b"END-ISO-10303-21;")
        with pytest.raises(InputError, match="STEP"):
            pool.run(read_step, tmp_path / "noise.step")
    body, glass, ball, pane = found
    assert [p.name for p in found] == ["body", "glass", "ball", "pane"]
    assert body.volume == pytest.approx(1.5e8, rel=1e-9)
    assert body.stated_volume == pytest.approx(1.5e8, rel=1e-9)
    assert body.area == pytest.approx(1.9e6, rel=1e-9)
    assert ball.volume == pytest.approx(4 / 3 * np.pi * 1e6, rel=1e-9)
    assert body.colour == pytest.approx(RED, abs=1e-3)
    assert glass.colour == pytest.approx(GLASS, abs=1e-3)  # placed by a location: colour and place survive
    assert glass.low == pytest.approx((-50, -25, 250), abs=1e-6)
    assert glass.high == pytest.approx((50, 25, 550), abs=1e-6)
    # one name for two densities would come back as one material: the writer tells them apart
    assert (glass.material, glass.density_kg_m3) == ("glass 2500 kg/m3", pytest.approx(2500.0))
    assert (pane.material, pane.density_kg_m3) == ("glass 2600 kg/m3", pytest.approx(2600.0))
    assert (body.material, body.density_kg_m3) == ("steel sheet", pytest.approx(7850.0))
    assert (ball.material, ball.density_kg_m3) == ("", 0.0)
    assert all(p.valid and p.solids == 1 for p in found)
    text = (tmp_path / "one.step").read_text()
    assert "AP242" in text
    assert "overall_length: 1000 mm" in text
    assert "SI_UNIT(.MILLI.,.METRE.)" in text
    unit = text[text.index("SI_UNIT($,.GRAM.)") - 120 : text.index("SI_UNIT($,.GRAM.)") + 80]
    assert ",1.);" in unit, "density in g/cm^3: mass to the power 1"
    assert ",-3.);" in unit, "density in g/cm^3: length to the power -3"
