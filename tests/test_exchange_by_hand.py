"""Files for other programs against their standards, and what a release asks of shapes, by hand."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pod import POD
from test_export import GLASS, RED, box

from maquette.design.errors import BuildError, InputError, VerificationError
from maquette.design.exchange import export
from maquette.design.exchange.export import read_glb, read_stl, write_glb, write_stl
from maquette.design.exchange.step import PartFacts
from maquette.design.exchange.vtp import read_vtp, write_vtp
from maquette.design.family.records import Design
from maquette.design.geometry.mesh import Mesh, MeshPart
from maquette.ui.release import verify_shapes
from maquette.ui.release.checking import checked, close, lengths_of, near
from maquette.ui.release.verify_shapes import _lengths, _middle, _same_parts

# -- STL ----------------------------------------------------------------------------------------------------

WEDGE = Mesh(
    np.array([[0.0, 0, 0], [3, 0, 0], [0, 4, 0], [0, 0, 5]]),
    np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]),
)


def test_a_binary_stl_byte_by_byte(tmp_path: Path) -> None:
    """80 bytes of text, the count, 50 bytes a triangle: its normal, three corners, two zeros. The slope over
    intercepts 3, 4, 5 looks along (1/3, 1/4, 1/5)."""
    write_stl(WEDGE, path := tmp_path / "w.stl")
    data = path.read_bytes()
    assert len(data) == 84 + 4 * 50
    assert data[:80] == b"Maquette, millimetres, x rearward, y right, z up".ljust(80)
    assert struct.unpack_from("<I", data, 80) == (4,)
    rows = [struct.unpack_from("<12fH", data, 84 + 50 * k) for k in range(4)]
    assert rows[0][:3] == (0.0, 0.0, -1.0)
    assert rows[0][3:12] == (0, 0, 0, 0, 4, 0, 3, 0, 0)
    slope = np.array([1 / 3, 1 / 4, 1 / 5])
    assert rows[3][:3] == pytest.approx(slope / np.linalg.norm(slope))
    assert {r[12] for r in rows} == {0}
    again = read_stl(path)
    assert (len(again.vertices), len(again.faces)) == (4, 4)
    assert again.volume == pytest.approx(10.0)


def test_a_flat_triangle_has_no_normal(tmp_path: Path) -> None:
    flat = Mesh(np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0]]), np.array([[0, 1, 2]]))
    write_stl(flat, path := tmp_path / "f.stl")
    assert struct.unpack_from("<3f", path.read_bytes(), 84) == (0.0, 0.0, 0.0)
    with pytest.raises(BuildError, match=r"e\.stl: the mesh has no triangles"):
        write_stl(Mesh(flat.vertices, np.zeros((0, 3), dtype=np.int64)), tmp_path / "e.stl")


def test_a_mesh_that_single_precision_opens_is_not_written(tmp_path: Path) -> None:
    """A box of a millionth of a mm, 5 m away: its corners fall together. Two boxes on one
    edge are several."""
    with pytest.raises(BuildError, match=r"o\.stl: vertices closer than single precision can tell apart"):
        write_stl(box((1e-6, 1.0, 1.0), (5000.0, 0.0, 0.0)), tmp_path / "o.stl")
    assert not (tmp_path / "o.stl").exists()
    small = Mesh(np.array([[0.0, 0, 0], [0.1, 0, 0], [0, 0.1, 0]]), np.array([[0, 1, 2]]))
    write_stl(small, tmp_path / "s.stl")
    assert struct.unpack_from("<3f", (tmp_path / "s.stl").read_bytes(), 84) == (0.0, 0.0, 1.0)
    one, other = box((1.0, 1.0, 1.0)), box((1.0, 1.0, 1.0), (1.0, 1.0, 0.0))
    both = Mesh(np.vstack([one.vertices, other.vertices]), np.vstack([one.faces, other.faces + 8]))
    write_stl(both, tmp_path / "b.stl", several=True)
    with pytest.raises(BuildError, match="single precision"):
        write_stl(both, tmp_path / "b.stl")


def test_an_stl_that_is_not_whole_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.stl"

    def said(data: bytes) -> str:
        path.write_bytes(data)
        with pytest.raises(InputError) as caught:
            read_stl(path)
        return str(caught.value).removeprefix(f"{path}: ")

    write_stl(WEDGE, path)
    good = path.read_bytes()
    assert said(good[:83]) == "not a whole binary STL (83 bytes)"
    assert said(good[:-1]) == "not a whole binary STL (283 bytes)"
    assert said(good[:80] + struct.pack("<I", 5) + good[84:]) == "says 5 triangles but has room for 4"
    assert said(good[:80] + struct.pack("<I", 0)) == "says 0 triangles but has room for 0"
    bad = bytearray(good)
    struct.pack_into("<f", bad, 84 + 12, float("nan"))
    assert said(bytes(bad)) == "holds coordinates that are not numbers"
    monkeypatch.setattr(export, "MAX_MESH_BYTES", 284)
    path.write_bytes(good)
    assert len(read_stl(path).faces) == 4
    monkeypatch.setattr(export, "MAX_MESH_BYTES", 283)
    assert said(good) == "284 bytes; at most 283"
    path.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        read_stl(path)


# -- GLB ----------------------------------------------------------------------------------------------------


def opened(path: Path) -> tuple[dict[str, Any], bytes]:
    """Text and numbers of a GLB, as the glTF 2.0 specification lays them out."""
    data = path.read_bytes()
    magic, version, size = struct.unpack_from("<4sII", data, 0)
    assert (magic, version, size) == (b"glTF", 2, len(data))
    text, kind = struct.unpack_from("<I4s", data, 12)
    assert kind == b"JSON"
    blob, kind = struct.unpack_from("<I4s", data, 20 + text)
    assert kind == b"BIN\0"
    return json.loads(data[20 : 20 + text]), data[28 + text : 28 + text + blob]


def test_a_glb_part_is_where_it_is_in_the_axes_of_gltf(tmp_path: Path) -> None:
    """x rearward, y right, z up in mm becomes (-y, z, -x) in m; a box has 24 corners with their normals."""
    part = MeshPart("box", box((1000.0, 500.0, 300.0), (100.0, 50.0, 20.0)), (1.0, 0.5, 0.02, 0.25))
    write_glb([part], path := tmp_path / "b.glb")
    document, blob = opened(path)
    (mesh,) = document["meshes"]
    primitive = mesh["primitives"][0]

    def numbers(accessor: int, kind: str, width: int) -> np.ndarray:
        entry = document["accessors"][accessor]
        view = document["bufferViews"][entry["bufferView"]]
        return np.frombuffer(blob, kind, entry["count"] * width, view["byteOffset"]).reshape(-1, width)

    places = numbers(primitive["attributes"]["POSITION"], "<f4", 3)
    normals = numbers(primitive["attributes"]["NORMAL"], "<f4", 3)
    assert len(places) == 24
    assert places.min(axis=0) == pytest.approx([-0.55, 0.02, -1.1])
    assert places.max(axis=0) == pytest.approx([-0.05, 0.32, -0.1])
    for place, normal in zip(places, normals, strict=True):
        (axis,) = np.flatnonzero(np.abs(normal) > 0.5)
        assert abs(normal[axis]) == pytest.approx(1.0)
        outer = places[:, axis].max() if normal[axis] > 0 else places[:, axis].min()
        assert place[axis] == pytest.approx(outer)
    assert document["asset"]["generator"] == "Maquette"
    (material,) = document["materials"]
    colour = material["pbrMetallicRoughness"]["baseColorFactor"]
    # IEC 61966-2-1: 0.5 is 0.214041 in linear light, 0.02 is 0.02 / 12.92
    assert colour == pytest.approx([1.0, 0.214041, 0.02 / 12.92, 0.25], abs=1e-6)
    assert (material["name"], material["alphaMode"]) == ("box", "BLEND")
    assert primitive["material"] == 0
    (again,) = read_glb(path)
    assert again.mesh.volume == pytest.approx(0.15e9, rel=1e-5)
    assert again.mesh.bounds == pytest.approx(np.array([[100.0, 50, 20], [1100, 550, 320]]), abs=1e-3)
    assert again.colour == pytest.approx(tuple(colour))


def test_colours_are_linear_and_materials_as_they_look(tmp_path: Path) -> None:
    assert [export._linear(v) for v in (0.0, 0.04045, 0.0405, 1.0, 1.2, -0.1)] == pytest.approx(
        [0.0, 0.04045 / 12.92, 0.003135, 1.0, 1.0, 0.0], abs=1e-6
    )
    write_glb(
        [MeshPart("a", box((9.0, 9, 9)), RED), MeshPart("b", box((1.0, 1, 1)), GLASS)], tmp_path / "c.glb"
    )
    document, _ = opened(tmp_path / "c.glb")
    assert [m["name"] for m in document["materials"]] == ["a", "b"]
    assert ["alphaMode" in m for m in document["materials"]] == [False, True]
    assert [m["primitives"][0]["material"] for m in document["meshes"]] == [0, 1]
    for entry in document["materials"]:
        assert 0.1 <= entry["pbrMetallicRoughness"]["roughnessFactor"] <= 1.0


def test_corners_are_shared_where_place_and_normal_are_the_same() -> None:
    places = np.array([[0.0, 0, 0], [1, 0, 0], [0.0, 0, 0], [0.0, 0, 0]])
    normals = np.array([[0.0, 0, 2], [0, 0, 2], [0, 0, 2.0004], [0, 2, 0]])
    points, directions, index = export._shared(places, normals)
    assert len(points) == 3
    assert index[0] == index[2] != index[3]
    assert np.array_equal(points[index], places.astype("<f4"))
    assert np.linalg.norm(directions, axis=1) == pytest.approx(np.ones(3))
    assert directions[index[3]].tolist() == [0.0, 1.0, 0.0]


def test_a_damaged_glb_is_refused(tmp_path: Path) -> None:
    write_glb([MeshPart("a", box((9.0, 9, 9)), RED)], path := tmp_path / "a.glb")
    good = path.read_bytes()
    text, blob = opened(path)

    def refused(data: bytes) -> None:
        path.write_bytes(data)
        with pytest.raises(InputError, match="not a whole GLB file"):
            read_glb(path)

    def packed(document: dict[str, Any], numbers: bytes = blob, version: int = 2) -> bytes:
        words = json.dumps(document).encode()
        words += b" " * (-len(words) % 4)
        body = (
            struct.pack("<I4s", len(words), b"JSON")
            + words
            + struct.pack("<I4s", len(numbers), b"BIN\0")
            + numbers
        )
        return struct.pack("<4sII", b"glTF", version, 12 + len(body)) + body

    path.write_bytes(packed(text))
    assert len(read_glb(path)) == 1
    refused(packed(text, version=1))
    refused(packed(text, blob + b"\0\0\0\0"))
    refused(b"glTG" + good[4:])
    refused(good + b"\0")
    primitive = text["meshes"][0]["primitives"][0]
    indices, places = (
        text["bufferViews"][text["accessors"][accessor]["bufferView"]]
        for accessor in (primitive["indices"], primitive["attributes"]["POSITION"])
    )
    wrong = bytearray(blob)
    struct.pack_into("<I", wrong, indices["byteOffset"], 24)
    refused(packed(text, bytes(wrong)))
    struct.pack_into("<I", wrong, indices["byteOffset"], 23)
    path.write_bytes(packed(text, bytes(wrong)))
    assert len(read_glb(path)) == 1
    wrong = bytearray(blob)
    struct.pack_into("<f", wrong, places["byteOffset"], float("inf"))
    refused(packed(text, bytes(wrong)))


# -- VTP ----------------------------------------------------------------------------------------------------


def test_fields_on_a_surface_are_read_by_their_names(tmp_path: Path) -> None:
    path = tmp_path / "w.vtp"
    fields = {"push": np.array([1.0, -2.0, 0.5, 4.0]), "move": np.arange(12.0).reshape(4, 3)}
    write_vtp(WEDGE, path, fields, {"unit": "1/mm", "says": "all"})
    mesh, found, notes = read_vtp(path)
    assert mesh.vertices == pytest.approx(WEDGE.vertices)
    assert np.array_equal(mesh.faces, WEDGE.faces)
    assert {k: v.tolist() for k, v in found.items()} == {k: v.tolist() for k, v in fields.items()}
    assert notes == {"unit": "1/mm", "says": "all"}
    text = path.read_bytes()
    assert b'Scalars="push"' in text
    with pytest.raises(InputError, match=r"field 'push' has 3 values, one a vertex needed \(4\)"):
        write_vtp(WEDGE, tmp_path / "n.vtp", {"push": np.zeros(3)}, {})
    write_vtp(WEDGE, tmp_path / "bare.vtp", {}, {})
    assert read_vtp(tmp_path / "bare.vtp")[1:] == ({}, {})
    with pytest.raises(InputError, match="no such file"):
        read_vtp(tmp_path / "none.vtp")
    (tmp_path / "bad.vtp").write_text("<VTKFile/>")
    with pytest.raises(InputError, match=r"not a \.vtp file with triangles"):
        read_vtp(tmp_path / "bad.vtp")


def test_a_disk_that_keeps_something_else_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = "maquette.design.exchange.vtp"
    other = Mesh(WEDGE.vertices, WEDGE.faces[:3])
    for mesh, values in ((other, np.zeros(4)), (WEDGE, np.ones(4)), (box((1.0, 1, 1)), np.zeros(4))):
        monkeypatch.setattr(f"{module}.read_vtp", lambda path, m=mesh, v=values: (m, {"f": v}, {}))
        with pytest.raises(InputError, match="did not keep what was written"):
            write_vtp(WEDGE, tmp_path / "w.vtp", {"f": np.zeros(4)}, {})
    assert not (tmp_path / "w.vtp").exists()


# -- what a release asks of its shapes -----------------------------------------------------------------------


def test_numbers_near_and_close_to_their_edges() -> None:
    near("n", None, None, 0.1)
    near("n", 1.1, 1.0, 0.1 + 1e-12)
    near("n", 0.9, 1.0, 0.1 + 1e-12)
    near("n", -1.05, -1.0, 0.1)
    near("n", 0, 0.0, 0.1)
    odd = ((None, 1.0), (1.0, None), (True, 1.0), ("1", 1.0), (float("nan"), 1.0))
    for told, found in ((1.2, 1.0), (0.8, 1.0), (1.0, -1.0), (1e-9, 0.0), *odd):
        with pytest.raises(VerificationError, match=r"n: .* where .* was recomputed"):
            near("n", told, found, 0.1)
    close("c", 1.5, 1.0, 0.5)
    close("c", 0.5, 1.0, 0.5)
    for told in (1.51, 0.49, None, "1", float("nan")):
        with pytest.raises(VerificationError, match="c: "):
            close("c", told, 1.0, 0.5)


def test_a_check_says_what_it_compared_or_met() -> None:
    def fails(error: Exception) -> Any:
        def check() -> str:
            raise error

        return check

    assert (checked("a", lambda: "fine").ok, checked("a", lambda: "fine").detail) == (True, "fine")
    met = checked("a", fails(VerificationError("no")))
    assert (met.name, met.ok, met.detail) == ("a", False, "no")
    for error in (
        KeyError("k"),
        ValueError("v"),
        TypeError(),
        AttributeError(),
        IndexError(),
        OverflowError(),
    ):
        odd = checked("a", fails(error))
        assert not odd.ok
        assert odd.detail.startswith("malformed (" + type(error).__name__)
    with pytest.raises(ZeroDivisionError):
        checked("a", fails(ZeroDivisionError()))
    assert lengths_of({"box": {"a": 1, "b": 2.5}}) == {"a": 1.0, "b": 2.5}
    with pytest.raises(VerificationError, match="not a number"):
        lengths_of({"box": {"a": 1, "b": None}})


def test_the_middle_of_a_surface_weighs_its_triangles() -> None:
    """Squares of 2 x 2 at z = 0 and 1 x 1 at z = 10: (4 * 0 + 1 * 10) / 5, and in x (4 * 1 + 1 * 0.5) / 5."""
    corners = np.array(
        [[0.0, 0, 0], [2, 0, 0], [2, 2, 0], [0, 2, 0], [0, 0, 10], [1, 0, 10], [1, 1, 10], [0, 1, 10]]
    )
    faces = np.array([[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]])
    assert _middle(Mesh(corners, faces)) == pytest.approx([0.9, 0.9, 2.0])


FACT = PartFacts(
    "body", 6000.0, 2200.0, (-5.0, -10.0, -15.0), (5.0, 10.0, 15.0), (0.0, 0.0, 0.0), 1, True,
    (0.6, 0.1, 0.05, 1.0), "steel", 7850.0, 6000.0, 2200.0,
)  # fmt: skip


def test_parts_are_compared_with_what_the_manifest_says() -> None:
    _same_parts([FACT.to_json()], [FACT])
    _same_parts([FACT.to_json()], [replace(FACT, stated_volume=None, stated_area=None)])
    bare = replace(FACT, colour=None, material="", density_kg_m3=0.0)
    _same_parts([bare.to_json()], [bare])
    _same_parts([FACT.to_json() | {"material": ""}], [FACT])  # a manifest without a material


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "other"}, "the parts are not those of the manifest"),
        ({"solids": 2}, "body: 2 solids, valid"),
        ({"valid": False}, "body: 1 solids, not valid"),
        ({"volume": 6000.1}, "volume of body: 6000 where 6000.1 was recomputed"),
        ({"area": 2200.1}, "area of body"),
        ({"low": (-5.0, -10.0, -15.3)}, "low of body"),
        ({"high": (5.3, 10.0, 15.0)}, "high of body"),
        ({"centroid": (0.0, 0.3, 0.0)}, "centroid of body"),
        ({"colour": (0.6, 0.102, 0.05, 1.0)}, "colour of body"),
        ({"material": "tin"}, "body: material 'tin', not 'steel'"),
        ({"density_kg_m3": 7851.0}, "density of body"),
        ({"stated_volume": 6000.1}, "validation property of body"),
        ({"stated_area": 2200.1}, "validation property of body"),
    ],
)
def test_parts_that_differ_are_named(change: dict[str, Any], said: str) -> None:
    with pytest.raises(VerificationError) as caught:
        _same_parts([FACT.to_json()], [replace(FACT, **change)])
    assert str(caught.value).startswith(said)


def test_parts_within_their_tolerances_pass() -> None:
    """A box within 0.2 mm, a colour within a thousandth, volumes within a few millionths."""
    _same_parts(
        [FACT.to_json()],
        [replace(FACT, low=(-5.0, -10.0, -15.19), high=(5.19, 10.0, 15.0), colour=(0.6, 0.1009, 0.05, 1.0))],
    )


def test_lengths_over_all_parts_are_those_of_the_design(monkeypatch: pytest.MonkeyPatch) -> None:
    design = Design("pod", POD.defaults())
    told = {"overall_length": 4570.0, "overall_width": 1840.0}
    found = dict(told)
    monkeypatch.setattr(verify_shapes, "get_family", lambda _: POD)
    monkeypatch.setattr(verify_shapes, "box_of_parts", lambda *_: found)
    assert str(_lengths({"box": told}, design, [FACT])) == (
        "2 lengths over all 1 parts re-imported are the stated ones to 0.5 mm"
    )
    found["overall_length"] = 4570.3  # more than the kernel's 0.2 mm off the manifest
    with pytest.raises(VerificationError, match="overall_length over all parts: 4570"):
        _lengths({"box": told}, design, [FACT])
    found["overall_length"] = 4570.6
    with pytest.raises(VerificationError, match="overall_length as stated"):
        _lengths({"box": {**told, "overall_length": 4570.6}}, design, [FACT])
    found["overall_length"] = 4570.0
    with pytest.raises(VerificationError, match="does not hold the lengths"):
        _lengths({"box": {"overall_length": 4570.0}}, design, [FACT])
