"""Releases that people looked at, zipped and copied: verified for what they are; causes are guessed."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest
from released import make_release

from maquette.design.errors import InputError
from maquette.design.geometry.worker import KernelPool
from maquette.ui.release.archive import read_archive, read_folder
from maquette.ui.release.checking import Check
from maquette.ui.release.verify import REQUIRED, _files, verify

FILES = {name: f"{name}\nsecond line\n".encode() for name in REQUIRED}
LITTER = (".DS_Store", "Thumbs.db", "desktop.ini", "._model.step", "__MACOSX/._model.step", "Icon\r")


def checked(files: dict[str, bytes], extras: tuple[str, ...] = ()) -> Check:
    """The check of the files against a manifest of `FILES`."""
    listed = {n: {"sha256": hashlib.sha256(d).hexdigest(), "size": len(d)} for n, d in FILES.items()}
    return _files({"files": listed}, files, extras)


def folder_of(path: Path, litter: tuple[str, ...] = ()) -> Path:
    path.mkdir(parents=True)
    for name, data in FILES.items():
        (path / name).write_bytes(data)
    for name in litter:
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_bytes(b"looked at")
    return path


def zip_of(path: Path, prefix: str = "", litter: tuple[str, ...] = ()) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        if prefix:
            archive.writestr(prefix, b"")
        for name, data in FILES.items():
            archive.writestr(prefix + name, data)
        for name in litter:
            archive.writestr(name, b"looked at")
    return path


def test_file_managers_own_files_are_passed_over_and_named(tmp_path: Path) -> None:
    files, extras = read_folder(folder_of(tmp_path / "a", LITTER))
    assert files == FILES
    found = checked(files, extras)
    assert found.ok
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"):
        assert name in extras
        assert name in found.detail
    assert read_folder(folder_of(tmp_path / "b")) == (FILES, ())


@pytest.mark.parametrize("prefix", ["", "demo/", "Entwurf 1/"])
def test_a_zip_may_hold_its_folder_and_what_the_finder_adds(prefix: str, tmp_path: Path) -> None:
    litter = ("__MACOSX/demo/._model.step", f"{prefix}.DS_Store")
    files, extras = read_archive(zip_of(tmp_path / "a.zip", prefix, litter))
    assert files == FILES
    assert set(extras) == set(litter)


def test_an_unzipped_folder_in_a_folder_is_found(tmp_path: Path) -> None:
    folder_of(tmp_path / "out" / "demo")
    (tmp_path / "out" / ".DS_Store").write_bytes(b"x")
    assert read_folder(tmp_path / "out") == (FILES, (".DS_Store",))


@pytest.mark.parametrize(
    "name", ["../model.step", "/etc/model.step", "a/../../b", "demo/sub/model.step", "c:\\x"]
)
def test_names_that_leave_the_folder_are_refused_all_the_same(name: str, tmp_path: Path) -> None:
    zip_of(tmp_path / "a.zip", "demo/", (name,))
    with pytest.raises(InputError, match="plain file names only"):
        read_archive(tmp_path / "a.zip")


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda d: d.replace(b"\n", b"\r\n"), "git or an editor gave it the line ends of Windows"),
        (lambda d: b"\xef\xbb\xbf" + d, "an editor has saved it anew"),
        (lambda d: d.rstrip(), "an editor has saved it anew"),
        (lambda d: b"", "is empty: it was never copied"),
        (lambda d: b"\0" * 9, "is empty: it was never copied"),
        (lambda d: d[:10], "cut short: it has 10 of 22 bytes"),
        (lambda d: d.replace(b"second", b"SECOND"), "its SHA-256 or size is not the manifest's"),
    ],
)
def test_a_changed_file_fails_and_the_cause_is_guessed(change: object, cause: str) -> None:
    changed = FILES | {"design.py": change(FILES["design.py"])}  # type: ignore[operator]
    found = checked(changed)
    assert not found.ok
    assert found.detail.startswith("design.py ")
    assert cause in found.detail


def test_every_file_that_is_amiss_is_named() -> None:
    files = {n: d for n, d in FILES.items() if n != "model.glb"} | {"notes.txt": b"mine"}
    found = checked(files)
    assert not found.ok
    assert "model.glb is missing" in found.detail
    assert "notes.txt is not in the manifest" in found.detail


@pytest.mark.slow
@pytest.mark.kernel
def test_a_release_that_was_looked_at_and_sent_on_verifies(tmp_path: Path) -> None:
    with KernelPool() as pool:
        pool.run(make_release, tmp_path / "release")
        for name in LITTER[:4]:
            (tmp_path / "release" / name).write_bytes(b"looked at")
        found = verify(tmp_path / "release", rebuild=False, pool=pool)
        assert found.ok, found.checks
        shutil.make_archive(str(tmp_path / "sent"), "zip", tmp_path, "release")
        assert verify(tmp_path / "sent.zip", rebuild=False, pool=pool).ok
