"""What `maquette train` reads, encodes and scores, worked out by hand on tables of a few rows."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from maquette.design.errors import InputError
from maquette.surrogate.models.table import gaussian
from maquette.surrogate.models.table.columns import Column, numbers_of, place, typed
from maquette.surrogate.models.table.encoding import Feature, constant, fit_feature, matrix, owners
from maquette.surrogate.models.table.members import MEMBERS, candidates
from maquette.surrogate.models.table.model import RowPrediction, TableModel, measured
from maquette.surrogate.models.table.reading import RawTable, read_table
from maquette.surrogate.models.table.report import _category, _held_out, identifier, leaks, repeats
from maquette.surrogate.models.table.train import _by_fifth, _score, _sound

# -- reading ------------------------------------------------------------------------------------------------


def read(tmp_path: Path, text: str | bytes) -> RawTable:
    path = tmp_path / "t.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(path)


def test_headers_units_lines_and_empty_last_columns(tmp_path: Path) -> None:
    found = read(tmp_path, "sep=;\nlength [mm];mass (kg);flow / m/s;,x;;\n\n1;2;3;4;;\n5;6;7;8;;\n")
    assert found.names == ("length", "mass", "flow", ",x")
    assert found.units == ("mm", "kg", "m/s", "")
    assert found.headers == ("length [mm]", "mass (kg)", "flow / m/s", ",x")
    assert found.cells == (("1", "5"), ("2", "6"), ("3", "7"), ("4", "8"))
    assert found.lines == (4, 5)  # of the file, with Excel's line and the empty one
    assert (found.separator, found.encoding, found.remarks, len(found)) == (";", "utf-8", (), 2)


def test_names_that_differ_by_their_unit_keep_it_and_empty_ones_are_counted(tmp_path: Path) -> None:
    found = read(tmp_path, "a [mm],a [kg],,b\n1,2,3,4\n")
    assert found.names == ("a [mm]", "a [kg]", "column 3", "b")
    assert found.lines == (2,)


def test_a_last_column_with_a_cell_is_kept(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b,\n1,2,\n3,4,5\n").names == ("a", "b", "column 3")


def test_a_quoted_line_break_counts_as_a_line(tmp_path: Path) -> None:
    found = read(tmp_path, 'a,b\n"x\ny",1\nz,2\n')
    assert found.lines == (2, 4)
    assert found.cells[0] == ("x\ny", "z")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a,b\n", "no rows below its first line"),
        (b"a,b\n1,2,3\n", r"line 2 has 3 fields, the header has 2 (separator ',')"),
        (b"a,b\n1\n", r"line 2 has 1 fields, the header has 2"),
        (b"1,2\n3,4\n", "its first line must name the columns; it holds numbers only"),
        (b"a,a\n1,2\n", "the column 'a' stands there twice"),
        (b"   \n\n", "is empty"),
        (b"a,b\n\0\0,1\n", "is not a table of text"),
        (b"a,b\n" + b"1,2\n" * 1000 + b"\0", "is not a table of text"),
        (b'a,b\n"1,2\n', "line 2"),
    ],
)
def test_what_is_no_table_says_where(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, data)
    assert said in str(caught.value)


def test_a_number_in_one_header_is_a_name(tmp_path: Path) -> None:
    assert read(tmp_path, "a,2020\n1,2\n").names == ("a", "2020")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-8-sig", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    found = read(tmp_path, "Länge,b\n1,2\n".encode(encoding))
    assert found.names == ("Länge", "b")
    assert found.encoding == encoding
    assert [str(r) for r in found.remarks] == (
        ["its letters are not UTF-8; read as Windows-1252"] if encoding == "cp1252" else []
    )


def test_half_a_mark_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a table of text"):
        read(tmp_path, b"\xff\xfea")


def test_tables_too_large_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maquette.surrogate.models.table.reading.MAX_TABLE_BYTES", 8)
    assert len(read(tmp_path, "a,b\n1,2\n")) == 1
    with pytest.raises(InputError, match="0 MB; at most 0 MB"):
        read(tmp_path, "a,b\n1,23\n")
    monkeypatch.setattr("maquette.surrogate.models.table.reading.MAX_TABLE_BYTES", 2_000_000)
    with pytest.raises(InputError, match="3 MB; at most 2 MB"):
        read(tmp_path, "a,b\n" + "1,2\n" * 750_000)
    monkeypatch.undo()
    monkeypatch.setattr("maquette.surrogate.models.table.reading.MAX_TABLE_ROWS", 2)
    monkeypatch.setattr("maquette.surrogate.models.table.reading.MAX_TABLE_COLUMNS", 2)
    assert len(read(tmp_path, "a,b\n1,2\n3,4\n")) == 2
    with pytest.raises(InputError, match="3 rows x 2 columns; at most 2 x 2"):
        read(tmp_path, "a,b\n1,2\n3,4\n5,6\n")
    with pytest.raises(InputError, match="1 rows x 3 columns; at most 2 x 2"):
        read(tmp_path, "a,b,c\n1,2,3\n")
    with pytest.raises(InputError, match="cannot be read"):
        read_table(tmp_path / "none.csv")


# -- columns ------------------------------------------------------------------------------------------------


def table(**columns: list[str]) -> RawTable:
    names = tuple(n.partition("__")[0] for n in columns)
    units = tuple(n.partition("__")[2] for n in columns)
    heads = tuple(f"{n} [{u}]" if u else n for n, u in zip(names, units, strict=True))
    cells = tuple(tuple(c) for c in columns.values())
    lines = tuple(range(2, 2 + len(cells[0])))
    return RawTable(Path("t.csv"), names, units, heads, cells, lines, ",", "utf-8", ())


def test_columns_are_found_by_header_name_or_case_and_else_the_nearest_are_named() -> None:
    known = table(Length__mm=["1"], width=["1"], lengths=["2"], WIDTH=["3"])
    assert place(known, " Length [mm] ", "--target") == 0
    assert place(known, "Length", "--target") == 0
    assert place(known, "length", "--target") == 0
    assert place(known, "WIDTH", "--target") == 3
    with pytest.raises(
        InputError, match=r"--target: t\.csv has no column 'lenght'; nearest: Length, lengths"
    ):
        place(known, "lenght", "--target")
    with pytest.raises(InputError, match="no column 'Width'; nearest: width, WIDTH"):
        place(known, "Width", "--target")  # either of two
    with pytest.raises(InputError, match="no column 'zzz'; it has Length, width, lengths, WIDTH"):
        place(known, "zzz", "--target")


def test_a_column_is_of_numbers_when_nine_tenths_of_what_it_says_are() -> None:
    nine = typed(table(a=[*"123456789", "x", ""]), 0)
    assert nine.numeric
    assert nine.numbers is not None
    assert nine.numbers[:9].tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert np.isnan(nine.numbers[9:]).all()
    assert str(nine.remark) == "a: 1 cells are no numbers and count as missing (line 11: 'x')"
    eight = typed(table(a=[*"12345678", "x", "NA"]), 0)
    assert not eight.numeric
    assert eight.texts == (*"12345678", "x", "")
    gone = typed(table(a=["", "n/a", "?"]), 0)
    assert gone.numbers is not None
    assert np.isnan(gone.numbers).all()
    endless = typed(table(a=[*"123456789", "inf", "2"]), 0)
    assert endless.numbers is not None
    assert np.isnan(endless.numbers[9])
    assert "(line 11: 'inf')" in str(endless.remark)
    assert typed(table(a=["1", "2"]), 0).remark == ""


def test_a_target_that_is_no_number_says_where() -> None:
    assert numbers_of(table(a=["1", "", "2.5"]), 0, "--target")[[0, 2]].tolist() == [1.0, 2.5]
    with pytest.raises(InputError, match=r"--target: 'a' must hold numbers; line 3 of t\.csv says 'many'"):
        numbers_of(table(a=["1", "many", "few"]), 0, "--target")
    with pytest.raises(InputError, match="line 12 of"):
        numbers_of(table(a=[*"1234567890", "x", "1", "2", "3", "4", "5", "6", "7", "8", "9"]), 0, "--target")
    with pytest.raises(InputError, match="'a' mixes ways of writing numbers"):
        numbers_of(table(a=["1.5", "2,5", "3.5", "4,5"]), 0, "--target")


# -- encoding -----------------------------------------------------------------------------------------------


def test_numbers_and_categories_become_columns() -> None:
    x = Column("x", "mm", np.array([1.0, 3.0, np.nan, 5.0, 40.0]))
    k = Column("k", "", None, ("b", "a", "b", "", "c"))
    rows = np.array([True, True, True, True, False])
    of_x, of_k = fit_feature(x, rows), fit_feature(k, rows)
    sigma = math.sqrt(8.0 / 3.0)  # of 1, 3, 5
    assert (of_x.low, of_x.high, of_x.middle, of_x.mean, of_x.gaps) == (1.0, 5.0, 3.0, 3.0, True)
    assert of_x.scale == pytest.approx(sigma)
    assert of_k.levels == ("a", "b")
    assert (of_x.width, of_k.width) == (2, 3)
    assert owners([of_x, of_k]) == [slice(0, 2), slice(2, 5)]
    told = matrix([of_x, of_k], [x, k])
    assert told == pytest.approx(
        np.array(
            [
                [-2 / sigma, 0, 0, 1, 0],
                [0, 0, 1, 0, 0],
                [0, 1, 0, 1, 0],
                [2 / sigma, 0, 0, 0, 1],
                [5.0, 0, 0, 0, 1],
            ]
        )
    )  # 40 is 23 deviations away, which counts as 5
    assert fit_feature(replace(x, numbers=np.array([1.0, 2.0])), np.ones(2, dtype=bool)).width == 1
    empty = fit_feature(Column("e", "", np.array([np.nan, np.nan])), np.ones(2, dtype=bool))
    assert constant(empty)
    still = fit_feature(Column("s", "", np.array([7.0, 7.0 + 1e-12])), np.ones(2, dtype=bool))
    assert still.scale == 1.0


def test_what_says_nothing_is_constant() -> None:
    assert constant(Feature("k", "", ("a",)))
    assert not constant(Feature("k", "", ("a", "b")))
    assert constant(Feature("x", "", (), low=2.0, high=2.0))
    assert not constant(Feature("x", "", (), low=2.0, high=2.0, gaps=True))
    assert not constant(Feature("x", "", (), low=2.0, high=3.0))


def test_rare_categories_are_one_together() -> None:
    many = [f"k{i:02}" for i in range(31)] + [f"k{i:02}" for i in range(30)]
    found = fit_feature(Column("k", "", None, tuple(many)), np.ones(61, dtype=bool))
    assert found.levels == tuple(f"k{i:02}" for i in range(30))


# -- what stands there twice or gives the target away --------------------------------------------------------


def test_repeated_rows_and_their_scatter() -> None:
    """Inputs 0 have 1, 1 (the same row) and 3; inputs 1 have 5 and 8; input 2 stands alone: pooled variance
    (2 * 1 + 2 * 1.5 squared) over 2 degrees of freedom."""
    same = np.array([0, 0, 0, 1, 1, 2])
    drop, again, scatter = repeats(same, np.array([1.0, 1.0, 3.0, 5.0, 8.0, 9.0]))
    assert drop.tolist() == [False, True, False, False, False, False]
    assert again == 2
    assert scatter == pytest.approx(math.sqrt((2.0 + 4.5) / 2.0))
    drop, again, scatter = repeats(np.arange(3), np.array([1.0, 1.0, 2.0]))
    assert (drop.any(), again) == (False, 0)
    assert math.isnan(scatter)


def test_an_identifier_names_most_rows() -> None:
    def column(levels: int, rows: int, blank: int = 0) -> Column:
        return Column("id", "", None, tuple(f"r{i % levels}" for i in range(rows)) + ("",) * blank)

    assert identifier(column(12, 12, 5))
    assert not identifier(column(11, 11))
    assert identifier(column(7, 13))
    assert not identifier(column(6, 12))
    assert not identifier(Column("x", "", np.arange(20.0)))


def test_a_line_between_neighbours_tells_a_curve_from_noise() -> None:
    """Of 0, 1, 4, 9, 16 the inner ones are guessed as 2, 5, 10, each 1 too many; their spread about the
    mean of 6 is 174."""
    assert _held_out(np.array([2.0, 0, 1, 4, 3]), np.array([4.0, 0, 1, 16, 9])) == pytest.approx(1 - 3 / 174)
    # where two stand at one place, half way between them; 0, 10, 20 at 0, 0, 0 is guessed exactly
    assert _held_out(np.zeros(3), np.array([0.0, 10.0, 20.0])) == 1.0


def test_a_category_that_decides_is_named() -> None:
    """30 rows in three levels of ten; each is compared with the mean of the nine others of its level."""
    texts = tuple("abc"[i % 3] for i in range(30))
    level = np.array([{"a": 0.0, "b": 100.0, "c": 300.0}[t] for t in texts])
    y = level + np.where(np.arange(30) % 2 == 0, 1.0, -1.0)
    found = _category(Column("k", "", None, texts), y, "y")
    assert found is not None
    # a level holds five of each sign: one against the mean of the others is 1 + 1/9 off
    spread = float(((y - y.mean()) ** 2).sum())
    assert found.r2 == pytest.approx(1.0 - 30 * (10.0 / 9.0) ** 2 / spread)
    assert (found.columns, found.kind) == (("k",), "determines")
    assert _category(Column("k", "", None, texts[:29]), y[:29], "y") is None  # too few
    assert _category(Column("k", "", None, ("a",) * 30), y, "y") is None
    assert _category(Column("k", "", None, texts), np.arange(30.0), "y") is None


def test_a_monotone_column_is_an_order_and_a_curve_determines() -> None:
    x = np.linspace(0.1, 3.0, 40)
    (order,) = leaks([Column("x", "", x)], np.exp(3.0 * x), "y")
    assert (order.kind, order.r2) == ("order", pytest.approx(1.0))
    (curve,) = leaks([Column("x", "", x)], np.sin(2.0 * x), "y")
    assert curve.kind == "determines"
    assert curve.r2 > 0.99
    (equal,) = leaks([Column("x", "", x)], 4.0 - 2.0 * x, "y")
    assert (equal.kind, equal.r2) == ("equal", pytest.approx(1.0))
    assert leaks([Column("x", "", x[:29])], np.sin(2.0 * x[:29]), "y") == ()  # too few for nearly
    assert leaks([Column("x", "", x[:7])], x[:7], "y") == ()
    assert [leak.kind for leak in leaks([Column("x", "", x[:8])], x[:8], "y")] == ["equal"]


# -- scores and members -------------------------------------------------------------------------------------


def test_a_score_by_hand() -> None:
    """Errors 1, 0, -1, 2 about a truth of 0, 2, 4, 6 whose squares about 3 add up to 20."""
    truth, said = np.array([0.0, 2.0, 4.0, 6.0]), np.array([1.0, 2.0, 3.0, 8.0])
    told = _score(truth, said, np.array([1.0, 0.5, 0.5, 2.5]))
    assert told == {"r2": pytest.approx(1 - 6 / 20), "mae": 1.0, "rows": 4, "coverage": 0.75}
    assert _score(np.ones(3), np.ones(3)) == {"r2": None, "mae": 0.0, "rows": 3}
    fifths = _by_fifth(np.arange(10.0), np.arange(10.0) + 1.0, np.ones(10))
    assert [(f["low"], f["high"], f["rows"], f["mae"]) for f in fifths] == [
        (2.0 * k, 2.0 * k + 1.0, 2, 1.0) for k in range(5)
    ]
    two = _by_fifth(np.array([0.0, 0.0, 0.0, 0.0, 9.0]), np.zeros(5), np.zeros(5))
    assert [f["rows"] for f in two] == [4, 1]


def test_predictions_are_measured_where_the_truth_is_known() -> None:
    def row(value: float, half: float) -> RowPrediction:
        return RowPrediction(1, value, value - half, value + half, True, 0.0, "", ())

    truth = np.array([0.0, np.nan, 2.0, 4.0])
    told = measured(truth, (row(1.0, 1.0), row(9.0, 1.0), row(2.0, 0.5), row(6.0, 1.0)))
    assert told == {
        "rows": 3.0, "r2": pytest.approx(1 - 5 / 8), "mae": 1.0, "coverage": pytest.approx(2 / 3),
        "coverage_nominal": 0.9,
    }  # fmt: skip
    assert math.isnan(measured(np.array([2.0, 2.0]), (row(1.0, 1.0), row(1.0, 1.0)))["r2"])


def test_the_truth_of_a_table_is_its_target_where_it_has_numbers() -> None:
    def truth(rows: RawTable) -> np.ndarray | None:
        return TableModel.truth(SimpleNamespace(target="y"), rows)  # type: ignore[arg-type]

    known = truth(table(x=["1", "2"], y=["3", ""]))
    assert known is not None
    assert known[0] == 3.0
    assert truth(table(x=["1"])) is None
    assert truth(table(y=["", "NA"])) is None
    assert truth(table(y=["high", "low"])) is None


def test_members_worse_than_the_mean_are_left_out_unless_all_are() -> None:
    y = np.array([0.0, 1.0, 2.0, 3.0])
    good, mean, bad = y + 0.1, np.full(4, 1.5), np.array([3.0, 2.0, 1.0, 0.0])
    tried = tuple(MEMBERS.values())[:3]
    held, kept = _sound(np.column_stack([bad, good, mean]), tried, y)
    assert (held[:, 0].tolist(), kept) == (good.tolist(), (tried[1],))
    held, kept = _sound(np.column_stack([bad, -bad, mean]), tried, y)
    assert kept == (tried[2],)
    lost = np.array([np.nan, 1.0, 2.0, 3.0])
    assert _sound(np.column_stack([lost, good, mean]), tried, y)[1] == (tried[1],)


def test_heavy_tails_are_bent_and_bent_back() -> None:
    """The tail: 39 zeros and a one have an excess kurtosis of (p^3 + q^3) / (p q) - 3 = 34.0."""
    flat = np.linspace(-1.0, 1.0, 40)
    assert not any(m.bent for m in candidates(flat))
    assert sum(m.bent for m in candidates(np.eye(40)[0])) == 3
    skewed = np.repeat([0.0, 1.0], [34, 6])  # skewness (q - p) / sqrt(p q) = 1.96; kurtosis 1 / (p q) - 6
    assert sum(m.bent for m in candidates(skewed)) == 3
    even = np.repeat([0.0, 1.0], [25, 15])  # skewness 0.52, kurtosis -1.7
    assert not any(m.bent for m in candidates(even))
    assert not any(m.bent for m in candidates(np.eye(6001)[0]))
    assert sum(m.bent for m in candidates(np.eye(6000)[0])) == 3

    seen: list[np.ndarray] = []

    def fit(z: np.ndarray, u: np.ndarray, seed: int) -> dict[str, np.ndarray]:
        seen.append(u)
        return {"seed": np.array([seed])}

    bent = replace(MEMBERS["bent_boosted_trees"], fit=fit, answer=lambda w, z: z[:, 0])
    y = np.array([-8.0, 4.0, 2.0, 4.0, 100.0])  # median of the sizes 4: unit 2
    learned = bent.learn(np.zeros((5, 1)), y, 3)
    assert seen[0] == pytest.approx(np.arcsinh(y / 2.0))
    room = 0.5 * np.std(np.arcsinh(y / 2.0))
    assert learned["bend"] == pytest.approx([2.0, np.arcsinh(-4.0) - room, np.arcsinh(50.0) + room])
    assert learned["seed"] == 3
    answers = np.array([[np.arcsinh(3.0)], [99.0], [-99.0]])
    assert bent.predict(learned, answers) == pytest.approx(
        [6.0, 2.0 * np.sinh(np.arcsinh(50.0) + room), 2.0 * np.sinh(np.arcsinh(-4.0) - room)]
    )
    assert bent.learn(np.zeros((2, 1)), np.array([0.0, 0.0]), 0)["bend"][0] == 1.0  # of zeros the unit is one


def matern(r: float) -> float:
    return (1 + math.sqrt(5) * r + 5 * r * r / 3) * math.exp(-math.sqrt(5) * r)


def test_a_process_on_a_table_answers_from_its_duals() -> None:
    """Two rows in two columns, lengths 2 and 0.5, signal 3, slope 0.1: k = 3 matern(r) + 0.1 a.b."""
    theta = np.log(np.array([2.0, 0.5, 3.0, 0.1, 0.01]))
    kept = np.array([[0.0, 1.0], [1.0, -1.0]])
    weights = {"theta": theta, "rows": kept, "dual": np.array([2.0, -1.0]), "level": np.array([10.0, 4.0])}
    at = np.array([[0.5, 0.25]])

    def k(a: np.ndarray, b: np.ndarray) -> float:
        return 3.0 * matern(math.hypot((a[0] - b[0]) / 2.0, (a[1] - b[1]) / 0.5)) + 0.1 * float(a @ b)

    wanted = 10.0 + 4.0 * (2.0 * k(at[0], kept[0]) - k(at[0], kept[1]))
    assert gaussian.answer(weights, at) == pytest.approx([wanted])
    assert gaussian.answer(weights, np.zeros((0, 2))).shape == (0,)


def test_a_process_is_fitted_where_its_own_loss_is_least() -> None:
    """The dual solves (K + noise) a = v; the loss is the negative logarithm of a normal density and of the
    priors about the start, written out; and the fitted hyperparameters are a minimum of it."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(30, 2))
    u = 5.0 + 2.0 * np.sin(2.0 * z[:, 0]) + 0.1 * rng.normal(size=30)
    found = gaussian.fit(z, u, 0)
    assert found["level"] == pytest.approx([u.mean(), u.std()])
    assert np.array_equal(found["rows"], z)
    v = (u - u.mean()) / u.std()
    # prior: lengths of sqrt(2 e), a signal of 1, slopes of e^-4, noise of a tenth
    start = np.array([0.5 * math.log(2.0) + 0.5] * 2 + [0.0, -4.0, math.log(0.1)])
    wide = np.array([1.5, 1.5, 1.5, 3.0, 2.0])

    def k(theta: np.ndarray) -> np.ndarray:
        lengths = np.exp(theta[:2])
        near = [[matern(float(np.linalg.norm((a - b) / lengths))) for b in z] for a in z]
        return (
            np.exp(theta[2]) * np.array(near)
            + np.exp(theta[3]) * (z @ z.T)
            + (np.exp(theta[4]) + 1e-6) * np.eye(30)
        )

    def minus_log(theta: np.ndarray) -> float:
        full = k(theta)
        return 0.5 * float(v @ np.linalg.solve(full, v) + np.linalg.slogdet(full)[1]) + 0.5 * float(
            (((theta - start) / wide) ** 2).sum()
        )

    theta = found["theta"]
    assert k(theta) @ found["dual"] == pytest.approx(v, abs=1e-8)
    assert gaussian.loss(theta, z, v, start)[0] == pytest.approx(minus_log(theta))
    inside = [j for j in range(5) if abs(gaussian.loss(theta, z, v, start)[1][j]) < 1e-2]
    assert len(inside) == 5
    for j in range(5):
        for step in (-0.05, 0.05):
            moved = theta.copy()
            moved[j] += step
            assert minus_log(moved) > minus_log(theta) - 1e-9
