"""Sessions on disk: the log is never shortened, undo is exact, uploads are judged by what they hold."""

from __future__ import annotations

import io
import json
import random
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from maquette.design.errors import InputError, ParameterError
from maquette.design.family.records import Design
from maquette.design.family.registry import get_family
from maquette.ui.jobs import Log, Sessions, accept_upload, studio_root
from maquette.ui.jobs.places import new_id

AHMED = get_family("ahmed")


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path / "studio")


def ahmed(by: dict[str, str] | None = None, **changes: float) -> Design:
    return Design("ahmed", {**AHMED.defaults(), **changes}, by or {})


def picture(kind: str, size: tuple[int, int] = (96, 64)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(buffer, kind)
    return buffer.getvalue()


# -- sessions ------------------------------------------------------------------------------------------


def test_a_session_is_as_it_was_left(sessions: Sessions) -> None:
    session = sessions.new("zh")
    pin = {"name": "low one", "design": ahmed().to_json()}
    sessions.change(
        session.id,
        brief_text="a calm car",
        pins=[pin],
        rejected=["sheet 1, 4"],
        choices={"palette": "graphite"},
    )
    design = ahmed(slant_angle=12.0)
    sessions.decide(session.id, "designer", "slant angle to 12 deg", design)
    again = Sessions(sessions.root).read(session.id)
    assert (again.language, again.brief_text) == ("zh", "a calm car")
    assert again.pins == (pin,)
    assert again.rejected == ("sheet 1, 4",)
    assert again.choices == {"palette": "graphite"}
    assert again.design is not None
    assert again.design.parameters == design.parameters


@pytest.mark.parametrize(
    "bad", ["", "x" * 32, "0" * 31, "../" + "0" * 29, "0" * 32 + "/..", None, 7, "A" * 32]
)
def test_a_malformed_id_reaches_no_file(sessions: Sessions, bad: object) -> None:
    with pytest.raises(InputError, match="is not an id; allowed: 32 hexadecimal digits"):
        sessions.read(bad)  # type: ignore[arg-type]


def test_an_unknown_id_is_a_sentence_and_ids_are_not_guessed(sessions: Sessions) -> None:
    with pytest.raises(InputError, match="is not known; open a new one"):
        sessions.folder("0" * 32)
    assert len({sessions.new().id for _ in range(20)}) == 20


def test_ids_are_128_random_bits_whatever_was_seeded() -> None:
    """No bit stands still, and neither Python's nor NumPy's seed says what comes next."""
    ids = []
    for _ in range(200):
        random.seed(7)
        np.random.seed(7)
        ids.append(new_id())
    assert len(set(ids)) == 200
    bits = np.array([[int(b) for b in f"{int(i, 16):0128b}"] for i in ids])
    assert bits.mean(axis=0).min() > 0.25  # 7 sigma of fair coins; a bit that leans is more
    assert bits.mean(axis=0).max() < 0.75


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"design": ahmed()}, "design cannot be set"),
        ({"language": "fr"}, "language is 'fr'; allowed: en, zh"),
        ({"brief_text": "x" * 5000}, "at most 4000 characters"),
        ({"choices": {"x": "y" * 300_000}}, "at most 200000"),
        ({"pins": ["not an object"]}, "pins must be at most"),
    ],
)
def test_what_a_session_may_not_hold(sessions: Sessions, changes: dict[str, object], said: str) -> None:
    session = sessions.new()
    with pytest.raises(InputError, match=said):
        sessions.change(session.id, **changes)
    assert sessions.read(session.id) == session


def test_the_studio_lies_beside_the_users_own_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAQUETTE_DATA", str(tmp_path / "data"))
    assert studio_root() == tmp_path / "data" / "studio"
    monkeypatch.setenv("MAQUETTE_DATA", str(tmp_path / "runs.jsonl"))
    assert studio_root() == tmp_path / "studio"


# -- decisions -----------------------------------------------------------------------------------------


def test_a_parameter_remembers_who_changed_it_last(sessions: Sessions) -> None:
    sid = sessions.new().id
    sessions.decide(sid, "brief", "from the words", ahmed({"slant_angle": "lock"}))
    sessions.decide(sid, "designer", "longer", ahmed(length=AHMED.defaults()["length"] + 10.0))
    session = sessions.decide(sid, "search trial 41", "taken over", ahmed(slant_angle=13.0))
    assert session.design is not None
    by = session.design.provenance
    assert by["slant_angle"] == "search trial 41"
    assert by["length"] == "search trial 41"  # the search set it back
    assert by["width"] == "brief"
    log = sessions.log(sid).entries()
    assert [(d.number, d.who) for d in log] == [(1, "brief"), (2, "designer"), (3, "search trial 41")]
    assert log[0].design is not None
    assert log[0].design.provenance["slant_angle"] == "lock"
    assert log[0].when <= log[1].when <= log[2].when
    moved = Design("ahmed", {**session.design.parameters, "width": 400.0}, session.design.provenance)
    last = sessions.decide(sid, "designer", "wider", moved).design
    assert last is not None
    assert (last.provenance["width"], last.provenance["height"]) == ("designer", "brief")


def test_undo_restores_exactly_and_shortens_nothing(sessions: Sessions) -> None:
    sid = sessions.new().id
    for k in range(1, 5):
        sessions.decide(sid, "designer", f"step {k}", ahmed(slant_angle=10.0 + k / 3.0))
    path = sessions.log(sid).path
    before, wanted = path.read_bytes(), sessions.log(sid).entries()[1].design
    session = sessions.undo_to(sid, 2)
    assert session.design == wanted
    assert path.read_bytes().startswith(before)
    log = sessions.log(sid).entries()
    assert len(log) == 5
    assert log[4].what == "back to decision 2: step 2"
    assert sessions.undo_to(sid, 4).design == log[3].design  # an undo can be undone
    for bad in (0, 7, -1, True, "2"):
        with pytest.raises(InputError, match="is not in the log; allowed 1 to 6"):
            sessions.undo_to(sid, bad)  # type: ignore[arg-type]


def test_a_design_out_of_range_is_no_decision(sessions: Sessions) -> None:
    sid = sessions.new().id
    with pytest.raises(ParameterError, match="slant_angle is 99 deg; allowed"):
        sessions.decide(sid, "designer", "too steep", ahmed(slant_angle=99.0))
    assert sessions.log(sid).entries() == []
    assert sessions.read(sid).design is None


def test_a_line_cut_off_by_a_crash_costs_only_itself(sessions: Sessions) -> None:
    sid = sessions.new().id
    sessions.decide(sid, "designer", "first", ahmed(slant_angle=11.0))
    sessions.decide(sid, "designer", "second", ahmed(slant_angle=12.0))
    path = sessions.log(sid).path
    path.write_bytes(path.read_bytes()[:-40])
    session = sessions.read(sid)
    assert session.design is not None
    assert session.design.parameters["slant_angle"] == 11.0
    sessions.decide(sid, "designer", "third", ahmed(slant_angle=13.0))
    assert [d.what for d in sessions.log(sid).entries()] == ["first", "third"]


def test_no_decision_is_lost_when_many_write_at_once(sessions: Sessions) -> None:
    sid = sessions.new().id
    path = sessions.log(sid).path

    def write(k: int) -> None:
        for n in range(10):
            Log(path).add(f"writer {k}", f"{n}", ahmed())

    threads = [threading.Thread(target=write, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = sessions.log(sid).entries()
    assert len(log) == 40
    for k in range(4):
        assert [d.what for d in log if d.who == f"writer {k}"] == [str(n) for n in range(10)]


# -- uploads -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", ".png"), ("JPEG", ".jpg"), ("WEBP", ".webp")])
def test_a_picture_is_known_by_its_content(
    sessions: Sessions, tmp_path: Path, kind: str, suffix: str
) -> None:
    sent = tmp_path / "..%2f..%2fevil.exe"
    sent.write_bytes(picture(kind))
    folder = sessions.folder(sessions.new().id)
    taken = accept_upload(sent, folder)
    assert taken.kind == "picture"
    assert taken.size == (96, 64)
    assert taken.path.parent == folder / "files"
    assert taken.path.suffix == suffix
    assert taken.path.read_bytes() == sent.read_bytes()
    assert len(taken.path.stem) == 32


def test_a_design_file_is_read_and_written_anew(sessions: Sessions, tmp_path: Path) -> None:
    sent = tmp_path / "picture.png"
    sent.write_text(json.dumps(ahmed(slant_angle=12.5).to_json()) + " " * 50)
    taken = accept_upload(sent, sessions.folder(sessions.new().id))
    assert taken.kind == "design"
    assert taken.design is not None
    assert taken.design.parameters["slant_angle"] == 12.5
    assert taken.path.read_bytes() != sent.read_bytes()
    sent.write_text(json.dumps({**ahmed().to_json(), "extra": "<script>"}))
    with pytest.raises(InputError, match="line 1: extra: unknown key 'extra'"):
        accept_upload(sent, sessions.folder(sessions.new().id))


REFUSED = {
    "text": (b"hello", "not a picture of a kind that is read"),
    "empty": (b"", "not a picture of a kind"),
    "zip": (b"PK\x03\x04" + bytes(200), "not a picture of a kind"),
    "half a picture": (picture("PNG", (400, 400))[:-300], "not a picture that can be read"),
    "tiny": (picture("PNG", (8, 8)), "8 x 8 pixels; at least 48"),
    "not a design": (b'{"family": "ahmed"}', "parameters is missing"),
    "half a design": (b'{"family": ', "sketch.png: not valid JSON"),
    "out of range": (json.dumps(ahmed(slant_angle=1e6).to_json()).encode(), "slant_angle is 1e"),
    "large design": (b"{" + b" " * 1_000_001 + b"}", "at most 1 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_what_is_allowed(sessions: Sessions, tmp_path: Path, name: str) -> None:
    data, said = REFUSED[name]
    sent = tmp_path / "sketch.png"
    sent.write_bytes(data)
    folder = sessions.folder(sessions.new().id)
    with pytest.raises(InputError, match=said):
        accept_upload(sent, folder)
    assert list((folder / "files").iterdir()) == []


def test_too_many_pixels_and_too_many_bytes_are_refused_unread(sessions: Sessions, tmp_path: Path) -> None:
    folder = sessions.folder(sessions.new().id)
    sent = tmp_path / "bomb.png"
    for side, said in (
        (60_000, "more than 250 million pixels"),
        (6_500, "bomb.png: not a picture that can be read"),
    ):
        sent.write_bytes(bomb(side, side))
        with pytest.raises(InputError, match=said):
            accept_upload(sent, folder)
    with sent.open("wb") as file:
        file.truncate(20_000_001)
    with pytest.raises(InputError, match="pictures up to 20 MB"):
        accept_upload(sent, folder)


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header claims far more than its data hold."""
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(3 * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
