"""One strict way in: the same text is read, or refused in one line, wherever it comes from."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maquette.constraints.requirements.brief_files import read_brief
from maquette.design.errors import InputError, ParameterError
from maquette.design.family.records import Design, read_design
from maquette.design.family.registry import get_family
from maquette.design.json_lines import append_line, read_lines
from maquette.design.reading import strict_json, strict_toml, text_of
from maquette.ui.cli.main import main
from maquette.ui.inputs import complete_design
from maquette.ui.jobs.uploads import accept_upload

CAR = get_family("car")
DESIGN = json.dumps(Design("car", CAR.defaults()).to_json(), indent=2)
BRIEF = '{"family": "car", "require": [{"quantity": "overall_length", "at_most": "3.9 m"}]}'
TOML = '# Größe\nfamily = "car"\n[[require]]\nquantity = "overall_length"\nat_most = "3.9 m"\n'
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
DEEP = 100_000


@pytest.fixture
def design(tmp_path: Path) -> Path:
    path = tmp_path / "design.json"
    path.write_text(DESIGN)
    return path


@pytest.mark.parametrize("kind", ENCODINGS)
def test_text_is_read_in_every_encoding_that_editors_save(kind: str, tmp_path: Path) -> None:
    (tmp_path / "d.json").write_bytes(DESIGN.encode(kind))
    assert read_design(tmp_path / "d.json").parameters == CAR.defaults()
    assert accept_upload(tmp_path / "d.json", tmp_path).design == read_design(tmp_path / "d.json")
    for name, text in (("b.json", BRIEF), ("b.toml", TOML), ("b.txt", "a car at most 3.9 m long")):
        (tmp_path / name).write_bytes(text.encode(kind))
        (held,) = read_brief(tmp_path / name).brief.hard
        assert (held.quantity, held.at_most) == ("overall_length", 3900.0)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), min_size=1))
def test_a_mark_changes_nothing_of_the_text(text: str) -> None:
    for kind in ("utf-8-sig", "utf-16", "utf-32"):
        assert text_of(text.encode(kind), "a") == text


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    for data in ("Größe 4,7 m".encode("latin-1"), b"\x00\x01\x02\x00"):
        (tmp_path / "b.txt").write_bytes(data)
        with pytest.raises(InputError, match=r"b\.txt: (cannot be read as text|holds zero bytes)"):
            read_brief(tmp_path / "b.txt")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[" * DEEP, "nested more than 64 deep"),
        ("[" * DEEP + "]" * DEEP, "nested more than 64 deep"),
        ("[" * 65 + "]" * 65, "nested more than 64 deep"),
        ('{"a": 1,\n"b": NaN}', "line 2: NaN is not a finite number"),
        ('{"a": [1e999]}', "line 1: 1e999 is not a finite number"),
        ('{"a":\n\n-Infinity}', "line 3: -Infinity is not a finite number"),
        ('{"a": ' + "9" * 5000 + "}", "line 1: 9999.*is not a finite number"),
        ('{"a": {"b": 1,\n"b": 2}}', "line 2: 'b' stands twice, first on line 1"),
        ('{"a": 1', "not valid JSON"),
    ],
)
def test_json_that_programs_read_differently_is_refused(text: str, told: str) -> None:
    with pytest.raises(InputError, match=f"^x: {told}|^x, {told}"):
        strict_json(text, "x")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = " + "[" * DEEP, "nested more than 64 deep"),
        ("a = 1\nb = nan", "line 2: nan is not a finite number"),
        ("a = 'inf'\nb = [-inf]", "line 2: -inf is not a finite number"),
        ("a = 1\na = 2", "not valid TOML"),
    ],
)
def test_toml_is_held_to_the_same(text: str, told: str) -> None:
    with pytest.raises(InputError, match=f"^x: {told}|^x, {told}"):
        strict_toml(text, "x")


PLAIN = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)


@given(st.recursive(PLAIN, lambda v: st.lists(v) | st.dictionaries(st.text(), v), max_leaves=20))
def test_what_json_writes_is_read_as_it_was(value: Any) -> None:
    assert strict_json(json.dumps(value, indent=1), "x")[0] == value


@pytest.mark.parametrize("name", ["deep.json", "deep.toml"])
def test_brackets_without_end_are_bad_input_for_every_command(
    name: str, design: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_text(("" if name == "deep.json" else "a = ") + "[" * DEEP)
    commands = [["read", str(path)], ["assess", str(design), str(path), "--fast"]]
    commands += [["predict", str(path)]] if name == "deep.json" else []
    for words in commands:
        assert main(words) == 2
        told = capfd.readouterr().err.splitlines()[-1]
        assert told.endswith("nested more than 64 deep, the most that is read")


def _changed(change: Callable[[dict[str, Any]], None]) -> str:
    data = json.loads(DESIGN)
    change(data)
    return json.dumps(data, indent=2)


def test_a_design_file_is_named_with_key_and_line(tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    path.write_text(DESIGN.replace('"provenance"', '"provenence"'))
    line = next(k for k, t in enumerate(path.read_text().splitlines(), 1) if "provenence" in t)
    with pytest.raises(InputError, match=rf"d\.json, line {line}: provenence: unknown key 'provenence'"):
        read_design(path)
    path.write_text(DESIGN.replace('"wheelbase"', '"wheelbse"'))
    line = next(k for k, t in enumerate(path.read_text().splitlines(), 1) if "wheelbse" in t)
    with pytest.raises(ParameterError, match=rf"d\.json, line {line}: unknown parameter 'wheelbse'; did"):
        read_design(path)
    path.write_text(_changed(lambda d: d["parameters"].update(wheelbase=99.0)))
    line = next(k for k, t in enumerate(path.read_text().splitlines(), 1) if '"wheelbase"' in t)
    with pytest.raises(ParameterError, match=rf"d\.json, line {line}: wheelbase is 99 mm; allowed"):
        read_design(path)


def test_a_parameter_given_as_text_takes_its_unit_as_briefs_do(tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    path.write_text(_changed(lambda d: d["parameters"].update(wheelbase="2.85 m", overall_width="1850")))
    found = complete_design(path).parameters
    assert (found["wheelbase"], found["overall_width"]) == (2850.0, 1850.0)
    taken = accept_upload(path, tmp_path).design
    assert taken is not None
    assert taken.parameters == found
    for wrong in ("2.85 kg", "2.85", "long", "2.8 to 2.9 m"):
        path.write_text(_changed(lambda d, wrong=wrong: d["parameters"].update(wheelbase=wrong)))  # type: ignore[misc]
        with pytest.raises(InputError, match="wheelbase"):
            complete_design(path)


def test_lines_of_a_file_that_an_editor_saved_anew_are_read_and_more_can_be_added(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    for kind in ("utf-8-sig", "utf-16"):
        path.write_bytes('{"n": "ä"}\n'.encode(kind))
        append_line('{"n": "ö"}', path)
        assert [line.data["n"] for line in read_lines(path)] == ["ä", "ö"]


def test_a_line_with_a_key_twice_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    path.write_text('{"cd": 0.2, "cd": 0.3}\n{"n": 1}\n')
    assert [line.data for line in read_lines(path)] == [{"n": 1}]
    with pytest.raises(InputError, match=r"runs\.jsonl line 1: it has 'cd' twice"):
        read_lines(path, refuse=True)


@pytest.mark.parametrize("held", [BRIEF, TOML, "at most 3.9 m long"])
def test_a_brief_is_what_it_holds_wherever_it_comes_from(
    held: str, design: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The body has more than 3.9 m: exit 1, by whatever way the brief comes."""
    monkeypatch.chdir(tmp_path)
    for name in ("brief.txt", "brief" + ".md", "brief"):
        (tmp_path / name).write_text(held)
        assert main(["assess", str(design), name, "--fast"]) == 1
        assert main(["assess", str(design), f"@{name}", "--fast"]) == 1
    for data in (held.encode("utf-8-sig"), held.encode("utf-16")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert main(["assess", str(design), "-", "--fast"]) == 1
    (tmp_path / "brief.yaml").write_text(held)
    assert main(["assess", str(design), "brief.yaml", "--fast"]) == 2
    assert main(["assess", str(design), "@brief.yaml", "--fast"]) == 1
    (tmp_path / "b.json").write_text(BRIEF)
    assert main(["assess", str(design), "@b.json", "--fast"]) == 1


@pytest.mark.parametrize(
    "brief", ["", "  ", "hello there", "a car", "fast car", "sandwich", "none.txt", ".", "@", "@none"]
)
def test_nothing_asked_is_no_pass(
    brief: str,
    design: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["assess", str(design), brief, "--fast", "--json"]) == 2
    assert "exit_code" in json.loads(capfd.readouterr().out)["error"]


@pytest.mark.parametrize("table", ["{}", '{"family": "car"}', '{"require": []}'])
def test_a_table_that_asks_nothing_is_no_pass(table: str, design: Path, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(table)
    assert main(["assess", str(design), str(tmp_path / "b.json"), "--fast"]) == 2
