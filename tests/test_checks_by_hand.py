"""What `verify` finds in meshes, pictures and lists of files, on boxes; parts of repairs and indices."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pod import POD, Pod
from test_export import GLASS, RED, box

from maquette.design.errors import VerificationError
from maquette.design.exchange.export import write_glb, write_stl
from maquette.design.exchange.shapes.repair import _cleaned, _filled, _rims
from maquette.design.family.records import Design
from maquette.design.geometry.mesh import Mesh, MeshPart, joined
from maquette.surrogate.models.table.encoding import Feature
from maquette.surrogate.models.table.train import _sobol
from maquette.ui.release import verify, verify_claims
from maquette.ui.release.checking import Check
from maquette.ui.release.verify import _changed, _files, _pictures
from maquette.ui.release.verify_shapes import check_meshes


class Boxes(Pod):
    """A pod of two boxes; its hull is the first."""

    def mesh(self, values: Mapping[str, float]) -> list[MeshPart]:
        return [MeshPart("body", box((1000.0, 500.0, 300.0)), RED),
                MeshPart("glass", box((100.0, 400.0, 200.0), (300.0, 50.0, 300.0)), GLASS)]  # fmt: skip

    def hull(self, values: Mapping[str, float]) -> Mesh:
        return box((1000.0, 500.0, 300.0))


FAMILY, DESIGN = Boxes(), Design("pod", POD.defaults())
HULL = {
    "hull": {
        "volume_mm3": 0.15e9,
        "area_mm2": 1.9e6,
        "low_mm": [0.0, 0.0, 0.0],
        "high_mm": [1000.0, 500.0, 300.0],
    }
}


def written(
    folder: Path, model: Mesh | None = None, hull: Mesh | None = None, parts: list[MeshPart] | None = None
) -> dict[str, bytes]:
    own = FAMILY.mesh({})
    write_stl(model or joined([p.mesh for p in own]), folder / "model.stl", several=True)
    write_stl(hull or FAMILY.hull({}), folder / "hull.stl")
    write_glb(parts or own, folder / "model.glb")
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def told(files: Mapping[str, bytes], claimed: Mapping[str, Any] = HULL) -> list[Check]:
    return list(check_meshes(claimed, files, FAMILY, DESIGN))


def test_meshes_that_are_the_familys_pass_and_say_what_they_hold(tmp_path: Path) -> None:
    checks = told(written(tmp_path))
    assert [(c.name, c.ok) for c in checks] == [("STL", True), ("hull STL", True), ("GLB", True)]
    assert [str(c.detail) for c in checks] == [
        "all 2 parts as the parameters give", "watertight, 0.1500 m3 as the parameters give",
        "2 named parts as the parameters give",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((1001.0, 500.0, 300.0), "volume of"),
        ((1000.0, 500.0, 299.0), "volume of"),
        ((500.0, 1000.0, 300.0), "box of"),
        ((750.0, 500.0, 400.0), "area of"),
    ],
)
def test_another_hull_is_found(size: tuple[float, float, float], said: str, tmp_path: Path) -> None:
    _, hull, _ = told(written(tmp_path, hull=box(size)))
    assert not hull.ok
    assert str(hull.detail).startswith(said)


@pytest.mark.parametrize("shift", [(0.02, 0.0, 0.0), (0.0, -0.02, 0.0), (0.0, 0.0, 0.02)])
def test_a_hull_moved_by_more_than_a_hundredth_of_a_mm_is_found(
    shift: tuple[float, float, float], tmp_path: Path
) -> None:
    _, hull, _ = told(written(tmp_path, hull=box((1000.0, 500.0, 300.0), shift)))
    assert not hull.ok
    assert "box of hull.stl" in str(hull.detail)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("volume_mm3", 0.1500001e9, "hull volume in the manifest"),
        ("area_mm2", 1.900001e6, "hull area in the manifest"),
        ("low_mm", [0.0, 0.001, 0.0], "hull low_mm"),
        ("high_mm", [1000.0, 500.0, 300.001], "hull high_mm"),
        ("volume_mm3", None, "hull volume in the manifest"),
    ],
)
def test_a_hull_that_the_manifest_states_otherwise_is_found(
    key: str, value: Any, said: str, tmp_path: Path
) -> None:
    stl, hull, glb = told(written(tmp_path), {"hull": {**HULL["hull"], key: value}})
    assert (stl.ok, hull.ok, glb.ok) == (True, False, True)
    assert str(hull.detail).startswith(said)


def test_parts_that_are_missing_moved_or_renamed_are_found(tmp_path: Path) -> None:
    body, glass = FAMILY.mesh({})
    moved = MeshPart("glass", box((100.0, 400.0, 200.0), (301.0, 50.0, 300.0)), GLASS)
    for parts, said in (
        ([body], "model.glb does not hold the family's parts"),
        ([glass, body], "model.glb does not hold the family's parts"),
        ([body, moved], "middle of glass"),
        ([body, MeshPart("glass", box((100.0, 400.0, 202.0), (300.0, 50.0, 299.0)), GLASS)], "area of glass"),
        (
            [body, MeshPart("glass", box((100.0, 399.9, 200.1), (300.0, 50.05, 299.95)), GLASS)],
            "box of glass",
        ),
    ):
        *_, glb = told(written(tmp_path, parts=parts))
        assert not glb.ok
        assert str(glb.detail).startswith(said)
    for model, said in (
        (body.mesh, "volume of model.stl"),
        (joined([body.mesh, moved.mesh]), "box of model.stl"),
        (Mesh(body.mesh.vertices, body.mesh.faces[1:]), "model.stl does not close"),
    ):
        stl, *_ = told(written(tmp_path, model=model))
        assert not stl.ok or said == "box of model.stl"
        if not stl.ok:
            assert str(stl.detail).startswith(said)
    open_hull = written(tmp_path, hull=Mesh(body.mesh.vertices, body.mesh.faces[1:]))
    assert str(told(open_hull)[1].detail) == "hull.stl is not watertight"
    assert [c.ok for c in told({})] == [False, False, False]


# -- files --------------------------------------------------------------------------------------------------


def png() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    return out.getvalue()


def test_pictures_of_every_release_are_there_and_decode() -> None:
    views = {f"{v}.png": png() for v in POD.pictures}
    good = _pictures({**views, "concept.png": png(), "x.txt": b""}, POD)
    assert (good.ok, str(good.detail)) == (True, f"{len(views) + 1} pictures decode")
    assert str(_pictures(views, None).detail) == f"{len(views)} pictures decode"
    gone = dict(views)
    del gone["side.png"]
    for family in (POD, None):
        assert str(_pictures(gone, family).detail) == "side.png cannot be decoded (UnidentifiedImageError)"
    few: Any = SimpleNamespace(pictures=("side", "own"))
    assert str(_pictures({"side.png": png()}, few).detail) == "1 pictures decode"
    assert not _pictures({**views, "more.png": b"\x89PNG"}, POD).ok


def entry(data: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def test_files_are_those_of_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "REQUIRED", ("a",))
    files = {"a": b"1", "b": b"22", "manifest.json": b"{}"}
    listed = {"files": {"a": entry(b"1"), "b": entry(b"22")}}
    assert str(_files(listed, files).detail) == "2 files, every SHA-256 holds"
    found = _files(listed, files, ("z", "y"))
    assert found.ok
    assert str(found.detail).endswith("passed over, a file manager's own: y, z")
    for changed, claimed, said in (
        ({"a": b"1", "manifest.json": b""}, listed, "b is missing"),
        ({**files, "c": b""}, listed, "c is not in the manifest"),
        ({"b": b"22"}, {"files": {"b": entry(b"22")}}, "a is not in the list"),
        ({**files, "b": b"23"}, listed, "b was changed: its SHA-256 or size is not the manifest's"),
        (
            files,
            {"files": {"a": entry(b"1"), "b": {"sha256": "x", "size": 3}}},
            "b was changed or cut short",
        ),
        (files, {"files": {"a": entry(b"1"), "b": "x"}}, "b was changed"),
    ):
        bad = _files(claimed, changed)
        assert not bad.ok
        assert said in str(bad.detail)
    monkeypatch.setattr(verify, "MOST_TOLD", 1)
    assert "; " not in str(_files({"files": {}}, {"c": b"", "d": b""}).detail)


def test_what_happened_to_a_file_is_guessed() -> None:
    known = {"sha256": "x", "size": 10}
    assert "is empty: it was never copied" in _changed("a", known, b"")
    assert "is empty: it was never copied" in _changed("a", known, b"\0" * 9)
    assert "it has 9 of 10 bytes" in _changed("a", known, b"123456789")
    assert "its SHA-256 or size" in _changed("a", known, b"1234567890")
    assert "its SHA-256 or size" in _changed("a", {}, b"123")


# -- repairs ------------------------------------------------------------------------------------------------


def test_rims_are_loops_and_tangles_are_counted() -> None:
    cube = box((10.0, 10.0, 10.0))
    assert _rims(cube) == ([], 0)
    (loop,), tangled = _rims(Mesh(cube.vertices, cube.faces[1:]))
    assert sorted(loop.tolist()) == sorted(cube.faces[0].tolist())
    assert tangled == 0
    # two triangles that meet in one point: two edges leave it
    bow = Mesh(np.eye(5, 3), np.array([[0, 1, 2], [0, 3, 4]]))
    _, tangled = _rims(bow)
    assert tangled > 0


def test_small_rims_are_filled_and_large_ones_left() -> None:
    cube = box((10.0, 10.0, 10.0))
    opened = Mesh(cube.vertices, cube.faces[1:])
    mesh, filled, left = _filled(opened)
    assert (filled, left) in ((1, 0), (0, 1))
    far = Mesh(np.vstack([cube.vertices, [[1e4, 1e4, 1e4]]]), cube.faces[1:])
    mesh, filled, left = _filled(far)
    assert (filled, left) == (1, 0)
    assert mesh.is_watertight
    side = Mesh(far.vertices, cube.faces[2:])  # a rim of four: a fan about its middle
    mesh, filled, left = _filled(side)
    assert (filled, left, len(mesh.vertices)) == (1, 0, 10)
    assert mesh.is_watertight
    assert mesh.volume == pytest.approx(1000.0)
    bow = Mesh(np.vstack([np.eye(5, 3), [[1e4, 1e4, 1e4]]]), np.array([[0, 1, 2], [0, 3, 4]]))
    assert _filled(bow)[2] >= 1


def test_doubles_and_slivers_are_taken_out_and_counted() -> None:
    cube = box((10.0, 10.0, 10.0))
    faces = np.vstack([cube.faces, cube.faces[:2], [[0, 0, 1]], [[3, 5, 3]]])
    found = _cleaned(Mesh(np.vstack([cube.vertices, cube.vertices[:1] + 1e-9, [[5.0, 5, 5]]]), faces))
    assert (len(found.mesh.vertices), len(found.mesh.faces)) == (8, 12)
    assert (found.closed, found.duplicates, found.collapsed) == (False, 2, 2)
    assert found.mesh.volume == pytest.approx(1000.0)


# -- indices ------------------------------------------------------------------------------------------------


def test_sobol_indices_of_a_plane_are_its_squared_slopes() -> None:
    """2 a + b of independent columns of one spread: four fifths and one."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 2))
    x = (x - x.mean(0)) / x.std(0)
    features = [Feature("a", "", ()), Feature("b", "", ())]
    one = SimpleNamespace(name="m", predict=lambda w, z: w["k"] * z[:, 0])
    two = SimpleNamespace(name="n", predict=lambda w, z: z[:, 1])
    data: Any = SimpleNamespace(features=features)
    weights: Any = {"m": {"k": 4.0}, "n": {}}
    found = _sobol(data, [one, two], weights, np.array([0.5, 1.0]), x, 0)  # type: ignore[list-item]
    assert found == pytest.approx([0.8, 0.2], abs=0.08)
    many = _sobol(data, [one, two], weights, np.array([0.5, 1.0]), np.vstack([x, x]), 0)  # type: ignore[list-item]
    assert many == pytest.approx([0.8, 0.2], abs=0.1)


# -- texts --------------------------------------------------------------------------------------------------


def test_report_and_script_are_written_again_from_the_manifest(monkeypatch: pytest.MonkeyPatch) -> None:
    """With all pictures that the page shows: views, the concept's and the stress, and nothing of the seal."""
    now = verify_claims.versions()["maquette"]
    claimed: dict[str, Any] = {
        "versions": {"maquette": now}, "title": "A & B", "date": "2026-11-30", "files": {}, "seal": "s",
        "predictions": {"drag_coefficient": {"value": 0.25, "lower": 0.24, "upper": 0.26}},
    }  # fmt: skip
    seen: list[Any] = []

    def page(bare: Any, shown: Any, drawing: str, notes: str) -> str:
        seen.append((sorted(bare), sorted(shown), drawing, notes))
        return "page"

    monkeypatch.setattr(verify_claims, "report_html", page)
    monkeypatch.setattr(verify_claims, "design_script", lambda bare: "script")
    drawing = "A &amp; B 2026-11-30 drag coefficient 0.250 (0.240 to 0.260)"
    files = {
        **{f"{n}.png": b"" for n in (*POD.pictures, "concept", "concept_restyled", "concept_sheet")},
        "stress.png": b"",
        "drawing.svg": drawing.encode(), "report.html": b"page", "design.py": b"script",
    }  # fmt: skip

    def told(**changes: bytes | None) -> list[tuple[str, bool, str]]:
        given = {**files, **{k.replace("__", "."): v for k, v in changes.items() if v is not None}}
        checks = verify_claims.check_texts(claimed, given, POD)
        return [(c.name, c.ok, str(c.detail)) for c in checks]

    assert told() == [
        ("report", True, "says what the manifest says"), ("script", True, "holds the manifest's parameters"),
    ]  # fmt: skip
    assert seen[0] == (
        ["date", "predictions", "title", "versions"],
        sorted([*POD.pictures, "concept", "concept_restyled", "stress"]),
        drawing,
        POD.box_notes,
    )
    assert told(report__html=b"other")[0][1:] == (False, "report.html does not say what the manifest says")
    assert told(design__py=b"other")[1][1:] == (False, "design.py does not hold the manifest's parameters")
    assert told(drawing__svg=b"A &amp; B")[0][2].startswith("drawing.svg does not say '2026-11-30'")
    older = {**claimed, "versions": {"maquette": "0.0.1"}}
    assert [(c.name, c.ok, str(c.detail)) for c in verify_claims.check_texts(older, files, POD)] == [
        ("report", True, "not compared: written by another version of Maquette")
    ]


def test_a_verdict_of_another_model_agrees_with_itself() -> None:
    verify_claims._consistent({"margin": -0.1, "passed": True})
    verify_claims._consistent({"margin": 0.0, "passed": True})
    verify_claims._consistent({"margin": 0.1, "passed": False})
    verify_claims._consistent({"margin": None, "passed": True})
    for margin, passed in ((-0.1, False), (0.1, True)):
        with pytest.raises(VerificationError, match=r"drag: margin .* but passed is"):
            verify_claims._consistent({"quantity": "drag", "margin": margin, "passed": passed})


def test_load_cases_are_solved_again(monkeypatch: pytest.MonkeyPatch) -> None:
    case = {"case": "seat", "stress_mpa": 100.0, "safety": 1.5, "shift_mm": 2.0}
    monkeypatch.setattr(verify_claims, "solve", lambda structure: structure)
    monkeypatch.setattr(
        verify_claims, "strength_of", lambda solved: {"cases": [case, {**case, "case": "back"}]}
    )
    family: Any = SimpleNamespace(structure=lambda values: "structure")

    def told(cases: list[Any], of: Any = family) -> tuple[bool, str]:
        (check,) = verify_claims.check_strength({"strength": {"cases": cases}}, of, DESIGN)
        return check.ok, str(check.detail)

    back = {**case, "case": "back"}
    assert told([case, back]) == (True, "2 load cases solved again")
    assert told([case]) == (False, "the load cases are others")
    assert told([case, back], SimpleNamespace(structure=lambda values: None)) == (
        False,
        "the load cases are others",
    )
    for key in ("stress_mpa", "safety", "shift_mm"):
        ok, said = told([case, {**back, key: case[key] * (1 + 2e-6)}])
        assert not ok
        assert said.startswith(f"back, {key}: ")
        assert told([case, {**back, key: case[key] * (1 + 0.5e-6)}])[0]
    assert list(verify_claims.check_strength({}, family, DESIGN)) == []
