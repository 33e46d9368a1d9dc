"""Break the core in random places and see which tests notice: ``make mutate`` or ``python tests/mutate.py``.

Every mutation changes one operator, number, condition or statement of a file under :data:`CORE` in a copy of
the tree. The tests that run its line (``--map`` makes the map that knows them: :mod:`mutate_map`) are tried a
few at a time, quick ones first, then tests whose fixtures run it, then those that may run it in another
process; the first that fails ends it. A failure counts when the same test passes on the copy unharmed.
Survivors are either gaps of the tests or changes that alter nothing: read them.

One JSON line a mutation is appended to ``--out``; the same call goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import asdict, dataclass
from importlib import import_module
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pytest
from mutate_map import OTHER_PROCESS, Map, Nearness, build, named, note_seconds, take

ROOT = Path(__file__).resolve().parents[1]
CORE = (
    "constraints", "surrogate/trust", "surrogate/models", "ui/release", "design/exchange", "design/family",
    "design/structures",
)  # fmt: skip
#: measuring scripts, printed cards and the checks that are tests themselves
SPARED = re.compile(r"bench|card\.py|conformance|__init__")
FOLDER = ROOT / "out" / "mutate"
TEST_SECONDS = 60  # of processor time: one test that takes longer hangs
PATIENCE = 30.0  # of the clock for each second of processor time
#: tests of one process, and their seconds: starting it and reading the test files costs some too
BATCHES = ((12, 3.0), (40, 10.0), (400, 60.0))
#: loaded once for all mutations
LIBRARIES = (
    "numpy", "scipy.optimize", "scipy.stats", "scipy.sparse.linalg", "sklearn.ensemble", "torch", "gpytorch",
    "optuna", "pint", "trimesh", "manifold3d", "pyarrow.parquet", "jinja2", "PIL.Image", "lightgbm",
    "cadquery", "hypothesis.strategies",
)  # fmt: skip
GUARD = 1e-6  # numbers below it guard against rounding: half as much again alters nothing
COMPARED = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"),
}  # fmt: skip
COUNTED = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"), ast.Mod: ("%", "*"), ast.Pow: ("**", "*"),
}  # fmt: skip
JOINED = {ast.And: ("and", "or"), ast.Or: ("or", "and")}
NAMED = {"min": "max", "max": "min", "any": "all", "all": "any", "ceil": "floor", "floor": "ceil"}


@dataclass(frozen=True)
class Mutation:
    """Bytes `start` to `end` of `file` become `new`; `place` names the function around them."""

    file: str
    line: int
    start: int
    end: int
    old: str
    new: str
    place: str


# -- what can be broken ---------------------------------------------------------------------------------


def mutations(file: str, text: str) -> list[Mutation]:
    """Every mutation of one source text, in order."""
    source = text.encode()
    starts = [0]
    for row in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(row))

    def at(row: int, column: int) -> int:
        return starts[row - 1] + column

    def span(node: ast.AST) -> tuple[int, int]:
        return at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset)

    found: list[Mutation] = []

    def visit(node: ast.AST, place: str) -> None:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            place = f"{place}.{node.name}".lstrip(".")
        if place or not isinstance(node, ast.stmt | ast.expr):  # nothing of a module's top: names, types
            for start, end, new in _changes(node, span, source):
                old = source[start:end].decode()
                found.append(Mutation(file, source[:start].count(b"\n") + 1, start, end, old, new, place))
        for child in _code_of(node):
            visit(child, place)

    visit(ast.parse(text), "")
    return found


def _changes(node: ast.AST, span: Any, source: bytes) -> Iterator[tuple[int, int, str]]:
    """(start, end, new text) of each change of one node."""
    for left, right, (word, new) in _operators(node):
        start, end = span(left)[1], span(right)[0]
        hit = re.search(rf"(?<![\w*/<>=!]){re.escape(word)}(?![\w*/=])", source[start:end].decode())
        if hit is not None:
            yield start + hit.start(), start + hit.end(), new
    start, end = span(node) if hasattr(node, "lineno") else (0, 0)
    match node:
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=inner):
            yield start, span(inner)[0], ""
        case ast.Constant(value=bool() as value):
            yield start, end, str(not value)
        case ast.Constant(value=int() as value):
            yield start, end, str(value + 1)
        case ast.Constant(value=float() as value) if not 0.0 < value < GUARD:
            yield start, end, repr(value * 1.5 if value else 1.0)
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            start, end = span(test)
            yield start, end, f"(not ({source[start:end].decode()}))"
        case ast.Call(func=ast.Name(id=name) as called) if name in NAMED:
            yield *span(called), NAMED[name]
        case ast.Continue():
            yield start, end, "break"
        case ast.Raise() | ast.AugAssign() | ast.Expr(value=ast.Call()):
            yield start, end, "pass"
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield *span(value), "None"


def _operators(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST, tuple[str, str]]]:
    """What stands left and right of each operator of a node, the operator and another one."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            yield from zip([left, *others], others, (COMPARED[type(op)] for op in ops), strict=False)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in COUNTED and not _texts(left, right):
            yield left, right, COUNTED[type(op)]
        case ast.BoolOp(op=op, values=values):
            yield from ((a, b, JOINED[type(op)]) for a, b in pairwise(values))


def _texts(*nodes: ast.AST) -> bool:
    return any(isinstance(n, ast.JoinedStr) or isinstance(getattr(n, "value", None), str) for n in nodes)


_SPARED_CODE = (ast.JoinedStr, ast.Assert)


def _code_of(node: ast.AST) -> Iterator[ast.AST]:
    """What runs of a node: no annotation, no import for types, no text for people, no assertion."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            types_only = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
            if isinstance(child, ast.AST) and not types_only and not isinstance(child, _SPARED_CODE):
                yield child


def draw(seed: int, n: int) -> list[Mutation]:
    """`n` mutations of the core, drawn evenly; a larger `n` begins with the same ones."""
    files = sorted(p for folder in CORE for p in (ROOT / folder).rglob("*.py"))
    names = [p.relative_to(ROOT).as_posix() for p in files]
    every = [
        m for name in names if not SPARED.search(name) for m in mutations(name, (ROOT / name).read_text())
    ]
    random.Random(seed).shuffle(every)  # noqa: S311
    return every[:n]


# -- which tests, and in which order ----------------------------------------------------------------------


class Choice:
    """Tests for a mutation, a few at a time."""

    def __init__(self, root: Path, files: int) -> None:
        self.map, self.near, self.files = Map(root, FOLDER), Nearness(root), files
        self.texts = {p.name: p.read_text() for p in (root / "tests").glob("test_*.py")}

    def batches(self, m: Mutation) -> Iterator[list[str]]:
        """Tests and test files: quick ones that name the function first."""
        tests, whole = self.map.covering(m.file, m.line, m.place)

        def cost(test: str) -> float:
            text = self.texts[test.partition("::")[0].rpartition("/")[2]]
            return self.map.took(test) / (1 + named(text, m.file, m.place))

        left = sorted((t for t in tests if t.partition("::")[0].rpartition("/")[2] in self.texts), key=cost)
        for count, seconds in BATCHES:
            taken, total = 0, 0.0
            while taken < min(count, len(left)) and (not taken or total < seconds):
                total += self.map.took(left[taken])
                taken += 1
            if taken:
                yield left[:taken]
            left = left[taken:]
        others = (
            n
            for n in self.near.names(m.file, m.place)
            if n in self.map.old or OTHER_PROCESS.search(self.texts[n])
        )
        yield [f"tests/{name}" for name in dict.fromkeys([*whole, *islice(others, self.files)])]


# -- trying one -------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Plugin:
    """Given to pytest in a process of its own: which tests, in which order, limits, and what failed first.

    Attributes:
        told: file for the id of the first test that fails, or "late".
        seconds: of processor time for all tests.
        wanted: tests and test files, in order.
        spared: tests that are not to run.
        took: seconds of each test that passed.
    """

    told: Path
    seconds: float
    wanted: list[str]
    spared: Set[str]
    took: dict[str, float]

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        rank = {name: k for k, name in enumerate(self.wanted)}
        placed = {
            item.nodeid: rank.get(item.nodeid, rank.get(item.nodeid.partition("::")[0])) for item in items
        }
        chosen = [i for i in items if placed[i.nodeid] is not None and i.nodeid not in self.spared]
        items[:] = sorted(chosen, key=lambda i: (placed[i.nodeid], i.get_closest_marker("slow") is not None))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Iterator[None]:
        def late(*_: object) -> None:
            raise TimeoutError(f"longer than {TEST_SECONDS} s")

        if used() > self.seconds:
            self.told.write_text("late")
            pytest.exit("late", 0)
        signal.signal(signal.SIGPROF, late)  # of processor time: other work may share the cores
        signal.setitimer(signal.ITIMER_PROF, TEST_SECONDS)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0.0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed(report)
        if not report.failed:
            self.took[report.nodeid] = self.took.get(report.nodeid, 0.0) + report.duration

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._failed(report)

    def _failed(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.failed and not self.told.exists():
            self.told.write_text(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.told.with_name("took").write_text(json.dumps(self.took))


def used() -> float:
    """Processor time of this process and of those it has waited for, s."""
    return sum(os.times()[:4])


class Copy:
    """A copy of the tree to break, and what its tests say unharmed."""

    def __init__(self, folder: Path) -> None:
        self.root, self.told = folder / "maquette", folder / "failure"
        skipped = shutil.ignore_patterns(".git", ".venv", "out", "__pycache__", ".*_cache", ".hypothesis")
        shutil.copytree(ROOT, self.root, ignore=skipped, symlinks=True)
        subprocess.run([sys.executable, "-m", "compileall", "-q", str(self.root)], check=True)
        self.sound: dict[str, bool] = {}
        self.took: dict[str, float] = {}

    def failure(self, wanted: list[str], seconds: float, spared: Set[str] = frozenset()) -> tuple[str, float]:
        """Id of the first test that fails, "" for none, "late" when time ran out; processor time used, s."""
        took = self.told.with_name("took")
        for left in (self.told, took):
            left.unlink(missing_ok=True)
        child = os.fork()  # with every library loaded and nothing of Maquette
        if child == 0:
            self._run(wanted, seconds, spared)
        until = time.monotonic() + PATIENCE * (seconds + 5.0)
        while (ended := os.wait4(child, os.WNOHANG))[0] == 0:
            if time.monotonic() > until:
                self.told.write_text("late")
                os.kill(child, signal.SIGKILL)
                ended = os.wait4(child, 0)
                break
            time.sleep(0.05)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)  # what tests have left running
        self.took = json.loads(took.read_text()) if took.exists() else {}
        return self.told.read_text() if self.told.exists() else "", ended[2].ru_utime + ended[2].ru_stime

    def _run(self, wanted: list[str], seconds: float, spared: Set[str]) -> None:
        os.setpgid(0, 0)  # to end all of it at once, in the session whose niceness it shares
        os.chdir(self.root)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        os.environ["PYTHONPATH"] = str(self.root.parent)
        os.environ.pop("MAQUETTE_REQUIRE_ALL", None)
        sys.path[:0] = [str(self.root.parent)]
        try:
            plugin = Plugin(self.told, used() + seconds, wanted, spared, {})
            files = list(dict.fromkeys(w.partition("::")[0] for w in wanted))
            how = ["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore:Module already imported"]
            code = int(pytest.main([*how, *files], plugins=[plugin]))
            if code not in (0, 5) and not self.told.exists():
                self.told.write_text(f"pytest ended with {code}")
        except BaseException as error:
            self.told.write_text(f"pytest did not run: {error!r}")
        finally:
            os._exit(0)

    def tried(self, m: Mutation, batches: Iterator[list[str]], seconds: float) -> tuple[str, str, float]:
        """("noticed", by which test) or ("survived", "": "late" when not every test was reached), seconds."""
        spent, spared = 0.0, set[str]()
        for batch in batches:
            while batch:
                by, took = self.broken(m, batch, seconds - spent, spared)
                spent += took
                note_seconds(FOLDER, self.took)
                if by in ("", "late") or by.startswith("pytest "):
                    break
                if by not in self.sound:
                    alone = self.failure([by], 2 * TEST_SECONDS)[0]
                    if alone.startswith("pytest "):
                        raise RuntimeError(f"{by}: {alone}")
                    self.sound[by] = alone == ""
                if self.sound[by] and ("::" in batch[0] or self.broken(m, [by], TEST_SECONDS)[0] == by):
                    return "noticed", by, spent  # what runs in other processes has to fail twice
                spared.add(by)  # fails here whatever the code says
            if batch and by:
                return "survived", by, spent
            spared |= set(self.took)
        return "survived", "", spent

    def broken(
        self, m: Mutation, wanted: list[str], seconds: float, spared: Set[str] = frozenset()
    ) -> tuple[str, float]:
        """As :meth:`failure`, on the copy with the mutation in it."""
        path = self.root / m.file
        whole = path.read_bytes()
        _write(path, whole[: m.start] + m.new.encode() + whole[m.end :])
        try:
            by, spent = self.failure(wanted, seconds, spared)
        finally:
            _write(path, whole)
        if by.startswith("pytest did not"):
            raise RuntimeError(by)
        return by, spent


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for stale in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        stale.unlink()


# -- the command ----------------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("-n", type=int, default=100, help="how many mutations")
    parser.add_argument("--seed", type=int, help="another seed is another sample")
    parser.add_argument("--seconds", type=float, default=60.0, help="of processor time for one mutation")
    parser.add_argument("--files", type=int, default=4, help="test files that may run it in another process")
    parser.add_argument("--out", type=Path, default=FOLDER / "mutations.jsonl", help="JSON lines")
    parser.add_argument(
        "--map", nargs="?", const="", metavar="DATA", help="make or renew the map (from DATA)"
    )
    asked = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    if asked.map is not None:
        if asked.map:
            take(FOLDER, ROOT, Path(asked.map), sorted((ROOT / "tests").glob("test_*.py")))
        else:
            build(FOLDER, ROOT, CORE)
        return 0
    if asked.seed is None:
        parser.error("--seed N or --map")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for library in LIBRARIES:
        import_module(library)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    rows = [json.loads(row) for row in asked.out.read_text().splitlines()] if asked.out.exists() else []
    known = {(r["file"], r["start"], r["new"]) for r in rows}
    sample = draw(asked.seed, asked.n)
    with (
        tempfile.TemporaryDirectory(prefix="mutate-", ignore_cleanup_errors=True) as folder,
        asked.out.open("a") as out,
    ):
        copy, choice = Copy(Path(folder)), Choice(ROOT, asked.files)
        for m in sample:
            if (m.file, m.start, m.new) in known:
                continue
            began = time.monotonic()
            end, by, spent = copy.tried(m, choice.batches(m), asked.seconds)
            row = {**asdict(m), "outcome": end, "by": by, "processor": spent}
            rows.append({**row, "seconds": time.monotonic() - began})
            out.write(json.dumps(rows[-1]) + "\n")
            out.flush()
            where = f"{m.file}:{m.line} {m.place}"
            print(f"{end:9} {spent:5.1f} s {where}: {m.old[:40]!r} -> {m.new[:40]!r}  {by}", flush=True)
    wanted = {(m.file, m.start, m.new) for m in sample}
    counts = Counter(r["outcome"] for r in rows if (r["file"], r["start"], r["new"]) in wanted)
    print(f"{counts['noticed']} of {counts.total()} noticed (seed {asked.seed})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
