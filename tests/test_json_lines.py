"""Files of JSON lines: one rule after a crash for all who keep or follow one."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maquette.design.errors import InputError
from maquette.design.json_lines import append_line, follow_lines, read_lines
from maquette.surrogate.rounds import planned

WHOLE = b'{"n": 1}\n{"n": 2}\n'


def numbers(path: Path) -> list[int]:
    return [line.data["n"] for line in read_lines(path)]


@pytest.mark.parametrize("torn", [b"{", b'{"n": 3', b'{"n": 3, "text": "\xe6', b"12", b"nul"])
def test_a_torn_last_line_is_not_there_yet_and_the_next_takes_its_place(
    torn: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(WHOLE + torn)
    with caplog.at_level(logging.WARNING):
        assert numbers(path) == [1, 2]
        assert [line.data["n"] for line in read_lines(path, refuse=True)] == [1, 2]
    assert caplog.text == ""
    append_line('{"n": 4}', path)
    assert path.read_bytes() == WHOLE + b'{"n": 4}\n'


def test_a_last_line_that_only_lacks_its_line_feed_is_there_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(WHOLE[:-1])
    assert numbers(path) == [1, 2]
    append_line('{"n": 3}', path)
    assert path.read_bytes() == WHOLE + b'{"n": 3}\n'


@pytest.mark.parametrize(
    "damaged", [b"garbage", b"[1, 2]", b"3", b"null", b"{", b'{"n": "\xff"}', b"[" * 100_000]
)
def test_any_other_damaged_line_is_named_and_passed_over_or_refused(
    damaged: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"n": 1}\n\n' + damaged + b'\n{"n": 2}\n')
    with caplog.at_level(logging.WARNING):
        found = read_lines(path)
    assert [(line.number, line.data["n"]) for line in found] == [(1, 1), (4, 2)]
    assert f"{path} line 3 skipped: it is not" in caplog.text
    with pytest.raises(InputError, match=r"a\.jsonl line 3: it is not"):
        read_lines(path, refuse=True)


@given(st.lists(st.text(max_size=20), max_size=8), st.integers(0, 400), st.integers(1, 60))
def test_who_follows_a_file_gets_every_line_once_however_it_grows(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], start: int, step: int
) -> None:
    path = tmp_path_factory.mktemp("follow") / "a.jsonl"
    rows = [{"text": text} for text in texts]
    data = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
    found, offset = follow_lines(path)
    assert (found, offset) == ([], 0), "no file yet"
    for end in [*range(start, len(data), step), len(data)]:
        path.write_bytes(data[:end])
        fresh, offset = follow_lines(path, offset)
        found += fresh
    assert found == rows
    assert follow_lines(path, offset)[0] == []


def test_a_plan_of_rounds_survives_a_torn_line_and_refuses_a_hole(tmp_path: Path) -> None:
    path = tmp_path / "plan.jsonl"
    path.write_bytes(WHOLE + b'{"n": 3')
    assert list(planned(path)) == [{"n": 1}, {"n": 2}]
    path.write_bytes(b"{garbage\n" + WHOLE)
    with pytest.raises(InputError, match="line 1"):
        list(planned(path))


def test_a_file_that_cannot_be_read_or_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_lines(tmp_path / "none.jsonl")
    for path in (tmp_path / "no" / "a.jsonl", tmp_path):
        with pytest.raises(InputError, match="cannot be written"):
            append_line("{}", path)
