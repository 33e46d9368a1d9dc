"""Writing releases: complete, repeatable, self-contained, and careful with what is already there."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from released import make_release

from maquette.design.errors import InputError
from maquette.design.geometry.worker import KernelPool, run
from maquette.ui.release.archive import packed, plain_name, read_archive
from maquette.ui.release.manifest import check_form, seal

pytestmark = [pytest.mark.kernel, pytest.mark.slow]
FILES = {
    "model.step", "model.glb", "model.stl", "hull.stl", "drawing.svg", "drawing.dxf", "design.json",
    "design.py", "report.html", "manifest.json", "side.png", "front.png", "top.png", "three_quarter.png",
    "three_quarter_rear.png", "detail_front.png",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("release") / "first"
    run(make_release, path)
    return path


def test_holds_every_file_and_the_manifest_lists_them(folder: Path) -> None:
    assert {p.name for p in folder.iterdir()} == FILES
    manifest = check_form(json.loads((folder / "manifest.json").read_text()))
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    for name, entry in manifest["files"].items():
        data = (folder / name).read_bytes()
        assert entry == {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    assert manifest["seal"] == seal(manifest)
    assert manifest["seeds"] == {"search": 7}
    assert manifest["feasible"] is True
    by = {d["parameter"]: d["by"] for d in manifest["decisions"]}
    assert by["length"] == "brief"
    assert by["width"] == "default"


def test_the_zip_holds_the_same_files(folder: Path) -> None:
    files, _ = read_archive(folder.with_name("first.zip"))
    assert {n: len(d) for n, d in files.items()} == {p.name: p.stat().st_size for p in folder.iterdir()}


def test_fresh_processes_write_identical_bytes(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    with KernelPool() as pool:
        pool.run(make_release, other, 60.0)  # an export before it in the same process changes nothing
        pool.run(make_release, other)  # and it replaces an earlier release
    for path in sorted(folder.iterdir()):
        assert path.read_bytes() == (other / path.name).read_bytes(), path.name
    assert folder.with_name("first.zip").read_bytes() == tmp_path.joinpath("elsewhere.zip").read_bytes()


def test_the_script_rebuilds_the_step_file(folder: Path, tmp_path: Path) -> None:
    rebuilt = tmp_path / "again.step"
    done = subprocess.run(
        [sys.executable, str(folder / "design.py"), str(rebuilt)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert rebuilt.read_bytes() == (folder / "model.step").read_bytes()


def test_text_from_people_is_escaped_and_nothing_is_loaded(folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "Body &quot;one&quot; &lt;b&gt;" in page
    assert not re.search(r"""(src|href)=["'](?!data:)""", page)
    assert "alert(1)" not in (folder / "design.py").read_text()
    drawing = ElementTree.parse(folder / "drawing.svg")  # noqa: S314 - our own file
    assert 'Body "one" <b>' in "".join(drawing.getroot().itertext())
    compile((folder / "design.py").read_text(), "design.py", "exec")


def test_foreign_folders_are_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "photos"
    precious.mkdir()
    (precious / "cat.jpg").write_bytes(b"meow")
    with KernelPool() as pool:
        with pytest.raises(InputError, match="no release"):
            pool.run(make_release, precious)
        with pytest.raises(InputError, match="is a file"):
            pool.run(make_release, precious / "cat.jpg")
    assert [p.name for p in precious.iterdir()] == ["cat.jpg"]


def test_zips_are_the_same_whatever_the_order() -> None:
    assert packed({"b": b"2", "a": b"1"}) == packed({"a": b"1", "b": b"2"})


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/b", "a\\b", ".hidden", "", "c:d", "x\n", "é"])
def test_names_that_could_leave_the_folder_are_not_plain(name: str) -> None:
    assert not plain_name(name)


@pytest.mark.parametrize("name", ["../evil.txt", "/abs", "sub/file", "..\\evil"])
def test_zips_with_paths_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", "{}")
        archive.writestr(name, "x")
    with pytest.raises(InputError, match="plain file names"):
        read_archive(path)


def test_bombs_and_crowds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maquette.ui.release.archive.MAX_CONTENT_BYTES", 1000)
    bomb = tmp_path / "bomb.zip"
    bomb.write_bytes(packed({"manifest.json": b"0" * 100_000}))
    with pytest.raises(InputError, match="unpacks to more"):
        read_archive(bomb)
    crowd = tmp_path / "crowd.zip"
    crowd.write_bytes(packed({f"f{k}": b"" for k in range(100)}))
    with pytest.raises(InputError, match="at most 64"):
        read_archive(crowd)
    noise = tmp_path / "noise.zip"
    noise.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 4)
    with pytest.raises(InputError, match="not a zip"):
        read_archive(noise)
