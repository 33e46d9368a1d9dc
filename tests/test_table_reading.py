"""Tables as people have them are read to the same numbers, and what cannot be read says why in one line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import made, write

from maquette.design.errors import InputError
from maquette.surrogate.models.table.columns import place, typed
from maquette.surrogate.models.table.reading import read_table

PLAIN = made(40)


def numbers(path: Path, name: str) -> np.ndarray:
    table = read_table(path)
    found = typed(table, place(table, name, "column")).numbers
    assert found is not None
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize(
    ("separator", "comma"), [(",", False), (";", True), (";", False), ("\t", True), ("|", True)]
)
def test_every_way_of_writing_a_table_gives_the_same_numbers(
    tmp_path: Path, separator: str, comma: bool, encoding: str
) -> None:
    columns = {"Länge" if k == "a" else k: v for k, v in PLAIN.items()}
    path = write(tmp_path / "t.csv", columns, separator, encoding, comma)
    table = read_table(path)
    assert table.names == ("Länge", "b", "kind", "y")
    assert table.lines == tuple(range(2, 42))
    for name, key in (("Länge", "a"), ("b", "b"), ("y", "y")):
        np.testing.assert_array_equal(numbers(path, name), np.array(PLAIN[key], dtype=float))
    assert typed(table, 2).texts == tuple(PLAIN["kind"])


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=3, max_size=20))
def test_numbers_survive_a_decimal_comma(
    tmp_path_factory: pytest.TempPathFactory, values: list[float]
) -> None:
    path = tmp_path_factory.mktemp("t") / "t.csv"
    write(path, {"x": [repr(v) for v in values], "z": ["1.5"] * len(values)}, ";", comma=True)
    np.testing.assert_array_equal(numbers(path, "x"), np.array(values))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1.234.567,5", 1234567.5),
        ("1 234,5", 1234.5),
        ("1\u00a0234,5", 1234.5),
        ("\u22122,5", -2.5),
        ("12,5 %", 12.5),
        ("1,5e-3", 0.0015),
        ("n/a", np.nan),
        ("-", np.nan),
        ("#DIV/0!", np.nan),
        ("inf", np.nan),
    ],
)
def test_ways_of_writing_one_number(tmp_path: Path, cell: str, value: float) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x;y\n" + "".join(f"{c};1\n" for c in ["0,5"] * 12 + [cell]), encoding="utf-8")
    np.testing.assert_equal(numbers(path, "x")[-1], value)


def test_thousands_in_quotes_of_an_english_table(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('x,y\n"1,234.5",1\n"12,000.25",2\n', encoding="utf-8")
    np.testing.assert_array_equal(numbers(path, "x"), [1234.5, 12000.25])


def test_units_in_the_header_are_told_from_names(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("length [mm],mass (kg),speed / m/s,plain\n1,2,3,4\n", encoding="utf-8")
    table = read_table(path)
    assert table.names[:2] == ("length", "mass")
    assert table.units[:2] == ("mm", "kg")
    assert place(table, "length [mm]", "x") == place(table, "Length", "x") == 0


def test_quoted_fields_hold_separators_and_line_breaks_and_lines_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('sep=,\na,b\n"x,\ny",1\nz,2\n', encoding="utf-8")
    table = read_table(path)
    assert table.cells[0] == ("x,\ny", "z")
    assert table.lines == (3, 5)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"a,b\n", "no rows below"),
        (b"a,a\n1,2\n", "'a' stands there twice"),
        (b"1,2\n3,4\n", "must name the columns"),
        (b"a,b\n1,2\n1,2,3\n", "line 3 has 3 fields"),
        (b'a,b\n"1,2\n', "line"),
        (b"\x00\x01\x02\x00\x00\x05", "not a table"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    with pytest.raises(InputError, match=said) as refused:
        read_table(path)
    assert "\n" not in str(refused.value)
    assert "t.csv" in str(refused.value)


def test_an_unknown_column_names_the_nearest(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "t.csv", {"wheelbase": ["1"], "overall_length": ["2"]}))
    with pytest.raises(InputError, match="no column 'weelbase'; nearest: wheelbase"):
        place(table, "weelbase", "--features")
