"""Verification fails loudly on every lie that we could think of, and holds on the truth."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from released import make_release

from maquette.design.errors import InputError
from maquette.design.exchange.exact import box_of_parts
from maquette.design.exchange.step import PartFacts, write_step
from maquette.design.family.registry import get_family
from maquette.design.geometry.worker import KernelPool
from maquette.ui.release.manifest import seal
from maquette.ui.release.verify import Verification, verify
from maquette.ui.release.verify_shapes import Reading, reread

pytestmark = [pytest.mark.kernel, pytest.mark.slow]
Data = dict[str, Any]


@pytest.fixture(scope="module")
def pool() -> Iterator[KernelPool]:
    with KernelPool() as shared:
        yield shared


@pytest.fixture(scope="module")
def original(pool: KernelPool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("verify") / "release"
    pool.run(make_release, path)
    return path


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "copy"))


def failed(found: Verification) -> set[str]:
    return {check.name for check in found.checks if not check.ok}


def resealed(folder: Path, change: Callable[[Data], None] = lambda _: None) -> None:
    """Change the manifest as a careful forger would: every hash and the seal fit again."""
    path = folder / "manifest.json"
    data = json.loads(path.read_text())
    change(data)
    for name in data["files"]:
        content = (folder / name).read_bytes()
        data["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    data["seal"] = seal(data)
    path.write_text(json.dumps(data))


def test_the_truth_holds_as_folder_and_as_zip(original: Path, pool: KernelPool) -> None:
    found = verify(original, pool=pool)
    assert found.ok, found.checks
    names = {check.name for check in found.checks}
    assert {"manifest", "files", "STEP", "limits", "rebuild", "measures", "verdicts"} <= names
    assert {"STL", "hull STL", "GLB", "report"} <= names
    assert verify(original.with_name("release.zip"), rebuild=False, pool=pool).ok


def test_a_reading_is_believed_of_its_own_bytes_only(original: Path, pool: KernelPool) -> None:
    """What was read while the release was written stands for the file in it when that has the same bytes."""
    content = (original / "model.step").read_bytes()
    asked: list[str] = []

    def facts(name: str) -> list[PartFacts]:
        asked.append(name)
        return reread(content, pool)[1:]

    same = verify(original, False, pool=pool, reading=Reading(content, lambda: facts("same")))
    assert failed(same) == {"STEP"}  # the first part is missing from what was told
    assert verify(original, False, pool=pool, reading=Reading(content[:-1], lambda: facts("other"))).ok
    assert asked == ["same"]


def test_one_flipped_byte_in_any_file_is_found(copy: Path, pool: KernelPool) -> None:
    for path in sorted(copy.iterdir()):
        data = path.read_bytes()
        for place in (0, len(data) // 2, len(data) - 1):
            flipped = bytearray(data)
            flipped[place] ^= 1
            path.write_bytes(bytes(flipped))
            found = verify(copy, rebuild=False, pool=pool)
            assert not found.ok, (path.name, place)
            assert failed(found) & {"files", "manifest"}, (path.name, place)
        path.write_bytes(data)
    assert verify(copy, rebuild=False, pool=pool).ok


@pytest.mark.parametrize(
    "keys",
    [
        ("measures", "frontal_area", "value"),
        ("parts", 0, "volume"),
        ("verdicts", 0, "margin"),
        ("seeds", "search"),
        ("design", "parameters", "length"),
    ],
)
def test_one_changed_number_breaks_the_seal(copy: Path, pool: KernelPool, keys: tuple[Any, ...]) -> None:
    path = copy / "manifest.json"
    data = json.loads(path.read_text())
    _bump(data, keys)
    path.write_text(json.dumps(data))
    assert "manifest" in failed(verify(copy, rebuild=False, pool=pool))


def _bump(data: Any, keys: tuple[Any, ...]) -> None:
    for key in keys[:-1]:
        data = data[key]
    # A part's box is compared to 0.2 mm (the kernel's own noise on a B-spline's box): move it past that.
    data[keys[-1]] = data[keys[-1]] * 1.001 + (0.4 if "low" in keys else 0.001)


@pytest.mark.parametrize(
    ("keys", "check"),
    [
        (("measures", "base_area", "value"), "measures"),
        (("measures", "overall_height", "value"), "report"),
        (("parts", 0, "volume"), "STEP"),
        (("parts", 0, "low", 2), "STEP"),
        (("parts", 0, "density_kg_m3"), "STEP"),
        (("hull", "volume_mm3"), "hull STL"),
        (("verdicts", 0, "value"), "verdicts"),
        (("verdicts", 1, "margin"), "verdicts"),
        (("brief", "require", 0, "at_least"), "verdicts"),
        (("decisions", 0, "value"), "design"),
        (("design", "parameters", "length"), "design"),
    ],
)
def test_a_careful_forger_is_still_found(
    copy: Path, pool: KernelPool, keys: tuple[Any, ...], check: str
) -> None:
    resealed(copy, lambda data: _bump(data, keys))
    assert check in failed(verify(copy, rebuild=False, pool=pool))


def enlarged(folder: Path) -> tuple[list[Data], Data]:
    """The release's STEP file with its first part one per cent larger; facts and lengths of that file."""
    family = get_family("ahmed")
    values = json.loads((folder / "design.json").read_text())["parameters"]
    first, *others = family.solid(values)
    larger = replace(first, shape=first.shape.scale(1.01))
    facts = write_step([larger, *others], folder / "model.step", family.title)
    return [f.to_json() for f in facts], box_of_parts(family, facts)


@pytest.mark.parametrize("honest_lengths", [False, True])
def test_a_part_made_larger_is_found_by_the_lengths_over_all_parts(
    copy: Path, pool: KernelPool, honest_lengths: bool
) -> None:
    """A forger who tells the new part's own numbers still owes the length that the design states."""
    facts, box = pool.run(enlarged, copy)

    def told(data: Data) -> None:
        data["parts"] = json.loads(json.dumps(facts))
        if honest_lengths:
            data["box"] = box

    resealed(copy, told)
    found = verify(copy, rebuild=False, pool=pool)
    assert {"limits"} <= failed(found)
    assert "STEP" not in failed(found)
    said = next(c.detail for c in found.checks if c.name == "limits")
    assert ("as stated" if honest_lengths else "over all parts") in said


def test_a_forged_exact_measure_is_found_by_building_anew(copy: Path, pool: KernelPool) -> None:
    resealed(copy, lambda data: data["measures"]["wetted_area"].update(value=1.5266))
    assert "measures" in failed(verify(copy, pool=pool))


def test_another_design_everywhere_is_found_in_the_shapes(copy: Path, pool: KernelPool) -> None:
    def other(data: Data) -> None:
        data["design"]["parameters"]["slant_angle"] = 26.0
        for row in data["decisions"]:
            if row["parameter"] == "slant_angle":
                row["value"] = 26.0

    design = json.loads((copy / "design.json").read_text())
    design["parameters"]["slant_angle"] = 26.0
    (copy / "design.json").write_text(json.dumps(design))
    resealed(copy, other)
    assert {"STL", "GLB", "measures"} <= failed(verify(copy, rebuild=False, pool=pool))


@pytest.mark.parametrize(("one", "two"), [("side.png", "top.png"), ("model.glb", "model.stl")])
def test_swapped_files_are_found(copy: Path, pool: KernelPool, one: str, two: str) -> None:
    a, b = (copy / one).read_bytes(), (copy / two).read_bytes()
    (copy / one).write_bytes(b)
    (copy / two).write_bytes(a)
    assert "files" in failed(verify(copy, rebuild=False, pool=pool))
    resealed(copy)
    assert not verify(copy, rebuild=False, pool=pool).ok


@pytest.mark.parametrize("kind", ["truncated", "random", "empty", "other"])
def test_a_bad_step_file_is_found_even_with_its_hash(copy: Path, pool: KernelPool, kind: str) -> None:
    path = copy / "model.step"
    text = path.read_bytes()
    path.write_bytes(
        {
            "truncated": text[: len(text) // 2],
            "random": b"ISO-10303-21;" + bytes(range(256)) * 20 + b"END-ISO-10303-21;",
            "empty": b"",
            "other": text.replace(b"MILLI", b"CENTI"),
        }[kind]
    )
    resealed(copy)
    assert "STEP" in failed(verify(copy, rebuild=False, pool=pool))


def test_missing_and_extra_files_are_found(copy: Path, pool: KernelPool) -> None:
    (copy / "extra.txt").write_text("x")
    found = verify(copy, rebuild=False, pool=pool)
    assert "files" in failed(found)
    assert any("extra.txt" in check.detail for check in found.checks)
    (copy / "extra.txt").unlink()
    (copy / "top.png").unlink()
    assert "files" in failed(verify(copy, rebuild=False, pool=pool))


def test_what_is_no_release_is_bad_input(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such"):
        verify(tmp_path / "nothing")
    (copy / "link").symlink_to("/etc/passwd")
    with pytest.raises(InputError, match="not a plain file"):
        verify(copy)
    (copy / "link").unlink()
    (copy / "manifest.json").unlink()
    with pytest.raises(InputError, match=r"no manifest\.json"):
        verify(copy)
    evil = tmp_path / "evil.zip"
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("../manifest.json", "{}")
    with pytest.raises(InputError, match="plain file names"):
        verify(evil)
    cut = tmp_path / "cut.zip"
    whole = copy.with_name("whole.zip")
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("manifest.json", "{}" * 100)
    cut.write_bytes(whole.read_bytes()[:60])
    with pytest.raises(InputError, match="zip"):
        verify(cut)


@pytest.mark.parametrize("text", ["", "null", "[]", "{", '{"kind": 3}', "[" * 100_000])
def test_a_broken_manifest_fails_and_does_not_crash(copy: Path, text: str) -> None:
    (copy / "manifest.json").write_text(text)
    found = verify(copy)
    assert failed(found) == {"manifest"}
