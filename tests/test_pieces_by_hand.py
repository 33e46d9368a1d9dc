"""Normals, averages and words of push-pull maps, zips of releases and journals of searches, by hand."""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path

import numpy as np
import pytest
from pod import POD
from test_export import box

from maquette.constraints.search import storage
from maquette.constraints.search.storage import (
    JournalLock,
    _is_log,
    _mend,
    _refuse_damaged,
    _refuse_other,
    _torn,
)
from maquette.design.errors import InputError, VerificationError
from maquette.design.geometry.mesh import Mesh
from maquette.surrogate.models.push_pull_files import check_field_path, write_push_pull
from maquette.surrogate.models.push_pull_mesh import (
    Averaging,
    averaging,
    mirror_pairs,
    turned_outward,
    vertex_normals,
)
from maquette.surrogate.models.push_pull_words import _where, influence
from maquette.ui.release import archive, manifest
from maquette.ui.release.archive import litter, packed, plain_name, read_archive, read_folder

# -- normals and averages -----------------------------------------------------------------------------------

ROOF = Mesh(  # two squares of a metre that meet at a right angle along the edge x = 0, and a stray vertex
    np.array(
        [[0.0, 0, 0], [0, 1000, 0], [1000, 0, 0], [1000, 1000, 0], [0, 0, -1000], [0, 1000, -1000], [9, 9, 9]]
    ),
    np.array([[0, 2, 3], [0, 3, 1], [0, 1, 5], [0, 5, 4]]),
)


def test_normals_weigh_angles_and_areas_are_a_third_of_their_triangles() -> None:
    """On the edge both sides have 90 degrees, however they are cut: the normal is half way between
    up and -x."""
    normals, areas = vertex_normals(ROOF)
    half = math.sqrt(0.5)
    assert normals[0] == pytest.approx([-half, 0, half])
    assert normals[1] == pytest.approx([-half, 0, half])
    assert normals[2] == pytest.approx([0, 0, 1.0])
    assert normals[4] == pytest.approx([-1.0, 0, 0])
    assert normals[6].tolist() == [0.0, 0.0, 0.0]
    # each triangle has half a m2: vertex 0 has four of them, vertex 1 two, vertices 2 and 4 one
    assert areas == pytest.approx(np.array([4, 2, 1, 2, 1, 2, 0]) / 6.0)


def test_averages_exchange_half_of_what_the_smaller_share_allows() -> None:
    """Two places of 2 and 1 m2, one edge: a step moves half of 1 m2 times the difference of 3."""
    two = Averaging(np.zeros((2, 3)), np.array([2.0, 1.0]), np.array([[0, 1]]), np.array([0.5]))
    a, b = 0.0, 3.0
    for _ in range(3):
        a, b = a + 0.5 * (b - a) / 2.0, b - 0.5 * (b - a)
    assert two.of(np.array([0.0, 3.0])) == pytest.approx([a, b])
    assert 2.0 * a + b == pytest.approx(3.0)
    assert two.of(np.array([[0.0, 3.0], [1.0, 1.0]]))[1] == pytest.approx([1.0, 1.0])
    bare = Averaging(np.zeros((2, 3)), np.array([0.0, 1.0]), np.array([[0, 1]]), np.array([0.5]))
    assert bare.of(np.array([7.0, 3.0]))[0] == 7.0  # no area, no average


def test_neighbours_are_edges_once_and_flow_by_the_poorest() -> None:
    found = averaging(ROOF)
    assert {tuple(e) for e in found.edges.tolist()} == {
        (0, 2), (2, 3), (0, 3), (1, 3), (0, 1), (1, 5), (0, 5), (4, 5), (0, 4),
    }  # fmt: skip
    degree = np.bincount(found.edges.ravel(), minlength=7)
    _, areas = vertex_normals(ROOF)
    for (a, b), flow in zip(found.edges, found.flow, strict=True):
        assert flow == pytest.approx(0.5 * min(areas[a] / degree[a], areas[b] / degree[b]))


def test_mirrored_bodies_have_mirrored_averages() -> None:
    """A box from y = -500 to 500: corners in pairs; moved aside, or with a corner dented, in none."""
    even = box((1000.0, 1000.0, 500.0), (0.0, -500.0, 0.0))
    pair = mirror_pairs(even)
    assert pair is not None
    assert np.array_equal(even.vertices[pair], even.vertices * [1, -1, 1])
    assert mirror_pairs(box((1000.0, 1000.0, 500.0), (0.0, -499.0, 0.0))) is None
    near = even.vertices.copy()
    near[0, 0] += 0.9e-3  # a millionth of the size of a metre is a thousandth of a mm
    assert mirror_pairs(Mesh(near, even.faces)) is not None
    near[0, 0] += 0.3e-3
    assert mirror_pairs(Mesh(near, even.faces)) is None
    found = averaging(even)
    assert found.normals[pair] == pytest.approx(found.normals * [1, -1, 1])
    assert found.areas[pair] == pytest.approx(found.areas)
    assert np.linalg.norm(found.normals, axis=1) == pytest.approx(np.ones(8))
    edges = {tuple(e) for e in found.edges.tolist()}
    assert edges == {tuple(sorted(pair[list(e)].tolist())) for e in edges}
    values = np.arange(8.0)
    told = found.of(values)
    assert told @ found.areas == pytest.approx(values @ found.areas)
    assert found.of(values[pair]) == pytest.approx(told[pair])


def test_closed_pieces_are_turned_outward_and_open_ones_stay() -> None:
    good = box((10.0, 10.0, 10.0))
    inside_out = Mesh(good.vertices, good.faces[:, ::-1])
    assert turned_outward(inside_out).volume == pytest.approx(1000.0)
    assert np.array_equal(turned_outward(good).faces, good.faces)
    opened = Mesh(good.vertices, inside_out.faces[1:])
    assert np.array_equal(turned_outward(opened).faces, opened.faces)
    both = Mesh(
        np.vstack([good.vertices, good.vertices + 50.0]), np.vstack([good.faces, inside_out.faces + 8])
    )
    assert turned_outward(both).volume == pytest.approx(2000.0)


# -- words --------------------------------------------------------------------------------------------------

WHEELBASE = POD.parameters[0]  # 2250 to 3300 mm
LINE = Mesh(
    np.array([[0.0, -300, 0], [1000.0, 300, 500], [2000.0, 300, 1000], [3000.0, 300, 1500]]),
    np.zeros((0, 3), int),
)


def test_an_influence_is_said_with_its_way_size_and_place() -> None:
    """Where moving out lowers the drag, most at the rear: more of it is better; acts 1 and 3 of 4 shares."""
    move, weight = np.array([0.0, 4.0, 0.0, -2.0]), np.array([0.0, -0.25, 0.0, 1.5])
    found = influence(WHEELBASE, {"wheelbase": 2800.0}, -0.02, 0.005, move, weight, LINE)
    assert found.place == pytest.approx((0.25 * 1000 + 0.75 * 3000, 300.0, 0.25 * 500 + 0.75 * 1500))
    assert (found.better, found.reach, found.change, found.doubt) == ("more", 4.0, -0.02, 0.005)
    assert found.words == (
        "more wheelbase: -0.0200 over its range of 1050 mm (+-0.0050); the surface goes in and out, by up to "
        "4 mm, high at the rear"
    )  # outward by 0.25 - 0.75 = -0.5: not beyond a half
    inward = influence(
        WHEELBASE, {"wheelbase": 3300.0}, -0.02, 0.005, np.array([0, 0.9, 0, -2.0]), weight, LINE
    )
    assert "the surface goes inward" in inward.words
    assert inward.words.endswith("; it is at its end")
    less = influence(WHEELBASE, {"wheelbase": 2250.0}, 0.02, 0.005, -move, weight, LINE)
    assert (less.better, less.words.startswith("less wheelbase: -0.0200 over")) == ("less", True)
    assert less.words.endswith("; it is at its end")
    assert (
        "at its end" not in influence(WHEELBASE, {"wheelbase": 2251.0}, 0.02, 0.0, -move, weight, LINE).words
    )
    more = influence(WHEELBASE, {"wheelbase": 2800.0}, 0.02, 0.005, -move, weight, LINE, sense=1.0)
    assert (more.better, more.words.startswith("more wheelbase: 0.0200 over")) == ("more", True)
    still = influence(WHEELBASE, {"wheelbase": 2800.0}, 0.0, 0.0, 0.0 * move, weight, LINE)
    assert still.place == pytest.approx((1500.0, 300.0, 750.0))  # nothing acts: everywhere alike
    ratio = next(p for p in POD.parameters if p.name == "mirror_scale")
    assert (
        "over its range of 0.7 (+-"
        in influence(ratio, {"mirror_scale": 1.0}, 0.1, 0.0, move, weight, LINE).words
    )


def test_places_are_ninths_of_the_side_view() -> None:
    assert _where(np.array([0.7, 0.2, 0.1, 0.0]), LINE) == "low at the front"
    assert _where(np.array([0.4, 0.35, 0.15, 0.1]), LINE) == "low at the front and half up at the middle"
    assert (
        _where(np.array([0.0, 0.25, 0.0, 0.75]), LINE) == "high at the rear"
    )  # a quarter is not more than that
    assert _where(np.array([0.0, 0.26, 0.0, 0.74]), LINE) == "high at the rear and half up at the middle"


def test_paths_of_fields_are_looked_at_before_the_work(tmp_path: Path) -> None:
    for good in ("a.vtp", "a.PNG"):
        check_field_path(tmp_path / good)
    for path, said in (
        (tmp_path / "a.obj", r"cannot be written as '\.obj'; allowed are \.vtp \(for ParaView\) and \.png"),
        (tmp_path / "a", "cannot be written as 'a file without suffix'"),
        (tmp_path / "no" / "a.vtp", "does not exist"),
    ):
        with pytest.raises(InputError, match=said):
            check_field_path(path)
        with pytest.raises(InputError, match=said):
            write_push_pull(None, path)  # type: ignore[arg-type]  # refused before the map is looked at


# -- zips of releases ----------------------------------------------------------------------------------------


def test_a_zip_is_without_clock_and_user_and_in_order() -> None:
    data = packed({"b.txt": b"two" * 100, "a.txt": b"one"})
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        entries = opened.infolist()
        assert [e.filename for e in entries] == ["a.txt", "b.txt"]
        assert {e.date_time for e in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert {(e.create_system, e.external_attr >> 16, e.compress_type) for e in entries} == {
            (3, 0o100644, 8)
        }
        assert opened.read("b.txt") == b"two" * 100


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("model.step", True), ("a" * 100, True), ("a b", True), ("", False), ("a" * 101, False),
        (".hidden", False),
        ("a/b", False), ("..", False), ("é", False), ("a\tb", False), ("a:b", False),
        ("a*", False), ("a?", False),
        ('a"', False), ("a<", False), ("a>", False), ("a|", False), ("a\\b", False),
    ],
)  # fmt: skip
def test_plain_names(name: str, plain: bool) -> None:
    assert plain_name(name) is plain


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("Thumbs.db", True), ("x/.DS_Store", True), ("__MACOSX/x/._a", True), ("._a", True),
        ("a\\desktop.ini", True),
        (".maquette-1", True), ("model.step", False), ("thumbs.db.txt", False), ("_a", False),
    ],
)  # fmt: skip
def test_what_file_managers_leave(name: str, own: bool) -> None:
    assert litter(name) is own


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        for name, content in files.items():
            out.writestr(name, content)
    return path


def test_an_archive_is_read_with_suspicion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.zip"
    assert read_archive(zipped(path, {"a": b"1", "b": b"22"})) == ({"a": b"1", "b": b"22"}, ())
    inside = {"r/": b"", "r/a": b"1", "r/.DS_Store": b"x", "__MACOSX/r/._a": b"y"}
    assert read_archive(zipped(path, inside)) == ({"a": b"1"}, ("r/.DS_Store", "__MACOSX/r/._a"))
    for files, said in (
        ({"r/a": b"1", "s/b": b"2"}, "holds the name 'r/a'"),
        ({"r/a": b"1", "b": b"2"}, "holds the name 'r/a'"),
        ({"../a": b"1"}, "holds the name"),
    ):
        with pytest.raises(InputError, match=said):
            read_archive(zipped(path, files))
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            out.writestr("a", b"2")
    with pytest.raises(InputError, match="holds a name twice"):
        read_archive(path)
    zipped(path, {"a": b"123", "b": b"45"})
    monkeypatch.setattr(archive, "MAX_CONTENT_BYTES", 5)
    assert len(read_archive(path)[0]) == 2
    monkeypatch.setattr(archive, "MAX_CONTENT_BYTES", 4)
    with pytest.raises(InputError, match="unpacks to more than 4 bytes"):
        read_archive(path)
    monkeypatch.undo()
    size = path.stat().st_size
    monkeypatch.setattr(archive, "MAX_ARCHIVE_BYTES", size)
    monkeypatch.setattr(archive, "MAX_FILES", 2)
    assert len(read_archive(path)[0]) == 2
    monkeypatch.setattr(archive, "MAX_FILES", 1)
    with pytest.raises(InputError, match="2 files; a release has at most 1"):
        read_archive(path)
    monkeypatch.setattr(archive, "MAX_ARCHIVE_BYTES", size - 1)
    with pytest.raises(InputError, match="larger than"):
        read_archive(path)
    monkeypatch.undo()
    path.write_bytes(b"nothing")
    with pytest.raises(InputError, match="not a zip that can be read"):
        read_archive(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_archive(tmp_path / "none.zip")


def test_a_folder_is_read_with_suspicion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "r"
    inner.mkdir()
    (inner / "a").write_bytes(b"123")
    (inner / "b").write_bytes(b"45")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (inner / "Thumbs.db").write_bytes(b"x")
    assert read_folder(tmp_path) == ({"a": b"123", "b": b"45"}, (".DS_Store", "Thumbs.db"))
    monkeypatch.setattr(archive, "MAX_CONTENT_BYTES", 5)
    monkeypatch.setattr(archive, "MAX_FILES", 2)
    assert len(read_folder(inner)[0]) == 2
    monkeypatch.setattr(archive, "MAX_CONTENT_BYTES", 4)
    with pytest.raises(InputError, match="more than 4 bytes"):
        read_folder(inner)
    monkeypatch.setattr(archive, "MAX_FILES", 1)
    with pytest.raises(InputError, match="more than 1 files"):
        read_folder(inner)
    monkeypatch.undo()
    (inner / "link").symlink_to(inner / "a")
    with pytest.raises(InputError, match="not a plain file"):
        read_folder(inner)
    (inner / "link").unlink()
    (inner / "sub").mkdir()
    with pytest.raises(InputError, match="not a plain file"):
        read_folder(inner)
    with pytest.raises(InputError, match="cannot be read"):
        read_folder(tmp_path / "none")


def test_a_manifest_has_every_key_and_no_other() -> None:
    kinds = {int: 2, str: "x", dict: {}, list: [], bool: True}
    data = {key: kinds[kind] for key, kind in manifest._KEYS.items() if isinstance(kind, type)}  # type: ignore[index]
    data |= {"kind": "maquette release", "schema_version": manifest.SCHEMA_VERSION}
    assert manifest.check_form(data) == data
    assert manifest.check_form(data | {"date": "2026-01-01", "concept": {}, "strength": {}})
    for bad, said in (
        ([], "the manifest is not an object but list"),
        (data | {"kind": "other"}, "kind 'other'"),
        (data | {"schema_version": 0}, "schema_version 0; this version reads"),
        (data | {"seal": 3}, "key 'seal' is missing or of the wrong kind"),
        ({k: v for k, v in data.items() if k != "box"}, "key 'box' is missing"),
        (data | {"date": 3}, "key 'date' is of the wrong kind"),
        (data | {"zz": 1, "aa": 1}, "unknown key 'aa'"),
    ):
        with pytest.raises(VerificationError, match=said):
            manifest.check_form(bad)
    known = manifest.versions()
    assert known["numpy"] == np.__version__
    assert set(known) == set(manifest.PACKAGES)


# -- journals ------------------------------------------------------------------------------------------------

LOG = b'{"op_code":1}'


@pytest.mark.parametrize(
    ("held", "left"),
    [
        (LOG + b"\n", LOG + b"\n"),
        (LOG + b"\n" + LOG, LOG + b"\n" + LOG + b"\n"),
        (LOG + b"\n" + LOG + b"\0\0", LOG + b"\n" + LOG + b"\n"),
        (LOG + b"\n" + LOG[:-3], LOG + b"\n"),
        (LOG + b"\n\0\0\0", LOG + b"\n"),
        (LOG[:4], b""),
        (b"", b""),
    ],
)
def test_the_end_of_a_journal_is_mended(held: bytes, left: bytes, tmp_path: Path) -> None:
    path = tmp_path / "j"
    path.write_bytes(held)
    assert _mend(path) == len(left)
    assert path.read_bytes() == left


def test_what_is_torn_is_found_over_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_BLOCK", 4)
    for text, torn in (
        (b"ab\ncdefghijk", b"cdefghijk"),
        (b"abcdefghij", b"abcdefghij"),
        (b"ab\n", b""),
        (b"", b""),
    ):
        assert _torn(io.BytesIO(text), len(text)) == torn


def test_lines_that_are_logs_and_files_that_are_none(tmp_path: Path) -> None:
    assert _is_log(LOG)
    for line in (b"{}", b"[1]", b"x", b'"op_code"', b"[" * 100_000):
        assert not _is_log(line)
    path = tmp_path / "j"
    for good in (b"", LOG + b"\n", LOG, LOG[:3], LOG[:11] + b"9", LOG + b"\n" + b"x"):
        path.write_bytes(good)
        _refuse_other(path)
    for bad in (b"hello\n", b"hello", b"{}\n", LOG[:5] + b"\n"):
        path.write_bytes(bad)
        with pytest.raises(InputError, match="is no journal of a search"):
            _refuse_other(path)
    path.write_bytes(LOG + b"\n" + LOG + b"\nbroken\n" + LOG + b"\n")
    with pytest.raises(InputError, match=r"line 3: damaged; keep the 2 lines before it"):
        _refuse_damaged(path)
    path.write_bytes(LOG + b"\n" + LOG + b"\n")
    _refuse_damaged(path)


def test_a_lock_is_there_while_it_is_held_and_gone_after(tmp_path: Path) -> None:
    lock = JournalLock(tmp_path / "j")
    with lock.held():
        assert lock.link.is_symlink()
        assert lock.link.resolve() == (tmp_path / "j").resolve()
    assert not lock.link.is_symlink()
    with pytest.raises(KeyError), lock.held():
        raise KeyError
    assert not lock.link.is_symlink()
    assert lock.acquire() is True
    lock.release()


def test_whose_lock_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours with the kernel's lock at once; another's after thirty seconds of its age or of waiting."""
    lock = JournalLock(tmp_path / "j")
    now = [1000.0]
    monkeypatch.setattr(storage.time, "monotonic", lambda: now[0])
    assert not lock._left_behind(True, 1000.0)  # it has just gone
    lock.link.symlink_to(lock._ours)
    assert lock._left_behind(True, 1000.0)
    assert not lock._left_behind(False, 1000.0)
    lock.link.unlink()
    lock.link.symlink_to("another")
    assert not lock._left_behind(True, 1000.0)
    now[0] = 1030.5
    assert lock._left_behind(True, 1000.0)
    now[0] = 1029.5
    assert not lock._left_behind(True, 1000.0)
    made = lock.link.lstat().st_mtime
    monkeypatch.setattr(storage.time, "time", lambda: made + 31.0)
    assert lock._left_behind(False, 1029.5)
    monkeypatch.setattr(storage.time, "time", lambda: made + 29.0)
    assert not lock._left_behind(False, 1029.5)
    now[0] = 1002.9
    assert lock._tell(1000.0, False, "why") is False
    now[0] = 1003.1
    assert lock._tell(1000.0, False, "why") is True
    assert lock._tell(1000.0, True, "why") is True
