"""Break the core in random places and see which tests notice: ``make mutate`` or ``python tests/mutate.py``.

Every mutation changes one operator, number, condition or statement of a function (:mod:`mutations`) in a
copy of the tree. The tests that run its line (``--map`` makes the map that knows them: :mod:`mutate_map`) are
tried a few at a time, quick ones first, then tests whose fixtures run it, then those that may run it in
another process; the first that fails ends it, if it passes on the copy unharmed.
Survivors are either gaps of the tests or changes that alter nothing: read them.

One JSON line a mutation is appended to ``--out``; the same call goes on where it was stopped, and one with
more ``--seconds`` tries again what was late.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from importlib import import_module
from itertools import islice, pairwise
from pathlib import Path
from pkgutil import walk_packages
from types import CodeType, FunctionType

import pytest
from mutate_map import OTHER_PROCESS, Map, Nearness, build, named, note_seconds, take
from mutations import CORE, ROOT, Mutation, draw

FOLDER = ROOT / "out" / "mutate"
TEST_SECONDS = 20  # of processor time: one test that takes longer hangs
PATIENCE = 10.0  # of the clock for each second of processor time
#: tests of one fork, and their seconds
BATCHES = ((12, 3.0), (40, 10.0), (400, 60.0))
#: loaded once for all mutations, like every module of ours
LIBRARIES = (
    "numpy", "scipy.optimize", "scipy.stats", "scipy.sparse.linalg", "sklearn.ensemble", "torch", "gpytorch",
    "optuna", "pint", "trimesh", "manifold3d", "pyarrow.parquet", "jinja2", "PIL.Image", "lightgbm",
    "cadquery", "hypothesis.strategies",
)  # fmt: skip
ELSEWHERE = re.compile(OTHER_PROCESS.pattern + r"|mark\.(?:kernel|slow)\b", re.M)
# -- which tests, and in which order ----------------------------------------------------------------------


class Choice:
    """Tests for a mutation, a few at a time."""

    def __init__(self, root: Path, files: int, seconds: float) -> None:
        self.map, self.near, self.files, self.seconds = Map(root, FOLDER), Nearness(root), files, seconds
        self.left_out = False  # a test that runs the line but takes longer than all of `seconds`
        self.texts = {p.name: p.read_text() for p in (root / "tests").glob("test_*.py")}

    def took(self, test: str) -> float:
        """Seconds, known or guessed: what works elsewhere shows few lines."""
        elsewhere = test not in self.map.seconds and ELSEWHERE.search(self.texts[_home(test)])
        return 20.0 if elsewhere else self.map.took(test)

    def batches(self, m: Mutation) -> Iterator[list[str]]:
        """Tests and test files: quick ones that name the function first."""
        tests, whole = self.map.covering(m.file, m.line, m.place)

        def cost(test: str) -> float:
            text = self.texts[_home(test)]
            return self.took(test) / (1 + named(text, m.file, m.place))

        left = sorted((t for t in tests if _home(t) in self.texts), key=cost)
        count = len(left)
        left = [t for t in left if self.took(t) <= self.seconds]
        self.left_out = len(left) < count
        for count, seconds in BATCHES:
            taken, total = 0, 0.0
            while taken < min(count, len(left)) and (not taken or total < seconds):
                total += self.took(left[taken])
                taken += 1
            if taken:
                yield left[:taken]
            left = left[taken:]
        others = (
            n
            for n in self.near.names(m.file, m.place)
            if n in self.map.old or OTHER_PROCESS.search(self.texts[n])
        )
        files = list(dict.fromkeys([*whole, *islice(others, self.files)]))
        quick = [n for n in files if sum(map(self.took, self.map.tests_of(n) or [n])) <= self.seconds]
        self.left_out |= len(quick) < len(files)
        yield [f"tests/{name}" for name in quick]


def _home(test: str) -> str:
    """Name of a test's file."""
    return test.partition("::")[0].rpartition("/")[2]


# -- trying one -------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Trials:
    """Given to pytest in a copy of the tree: once all tests are collected, `work` tries mutations in forks.

    A fork has every library, module and test loaded, and the changed function in place of the sound one; what
    it starts reads the changed file.
    """

    root: Path
    work: Callable[[Trials], None]
    items: dict[str, pytest.Item] = field(default_factory=dict)
    functions: dict[str, list[FunctionType]] = field(default_factory=dict)  # of each file
    sound: dict[str, bool] = field(default_factory=dict)  # whether a test passes on the code unharmed
    took: dict[str, float] = field(default_factory=dict)  # of the fork: seconds of each test that passed
    failed: str = ""  # of the fork: its first failure

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        with warnings.catch_warnings(action="ignore"):
            for library in LIBRARIES:
                import_module(library)
            for package in ("design", "surrogate", "constraints", "ui"):
                for module in walk_packages([str(self.root / package)], f"maquette.{package}."):
                    if not module.name.endswith("__main__"):
                        import_module(module.name)
        self.items = {item.nodeid: item for item in session.items}
        for known in gc.get_objects():
            if type(known) is FunctionType:  # asks no deprecated stand-in for its class
                self.functions.setdefault(known.__code__.co_filename, []).append(known)
        gc.freeze()
        self.work(self)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def tried(self, m: Mutation, batches: Iterator[list[str]], seconds: float) -> tuple[str, str, float]:
        """("noticed", by which test) or ("survived", "": "late" when not every test was reached), seconds."""
        spent, gone = 0.0, set[str]()
        for batch in batches:
            left = [i for i in self.chosen(batch) if i.nodeid not in gone]
            while left:
                by, took, passed = self.broken(m, left, seconds - spent)
                spent += took
                note_seconds(FOLDER, passed)
                if not by:
                    break
                if by == "late":
                    return "survived", by, spent
                if by not in self.sound:
                    self.sound[by] = not self.failure([self.items[by]], 4 * TEST_SECONDS)[0]
                again = "::" in batch[0] or self.broken(m, [self.items[by]], seconds)[0] == by
                if self.sound[by] and again:
                    return "noticed", by, spent  # what runs in other processes has to fail twice
                gone |= {by, *passed}
                left = [i for i in left if i.nodeid not in gone]
            gone |= {i.nodeid for i in left}
        return "survived", "", spent

    def chosen(self, wanted: list[str]) -> list[pytest.Item]:
        """Of tests and test files, in their order; slow ones of a file last."""
        rank = {name: k for k, name in enumerate(wanted)}
        placed = {name: rank[w] for name in self.items for w in (name, name.partition("::")[0]) if w in rank}
        return sorted(
            (self.items[name] for name in placed),
            key=lambda i: (placed[i.nodeid], i.get_closest_marker("slow") is not None),
        )

    def broken(
        self, m: Mutation, items: list[pytest.Item], seconds: float
    ) -> tuple[str, float, dict[str, float]]:
        """As :meth:`failure`, with the mutation in the file and in the functions that are loaded."""
        path = self.root / m.file
        whole = path.read_bytes()
        _write(path, changed := whole[: m.start] + m.new.encode() + whole[m.end :])
        try:
            return self.failure(items, seconds, lambda: self._put(path, whole, changed))
        finally:
            _write(path, whole)

    def _put(self, path: Path, old: bytes, new: bytes) -> None:
        where = {code: name for name, code in _codes(compile(old, path, "exec", dont_inherit=True))}
        codes = dict(_codes(compile(new, path, "exec", dont_inherit=True)))
        for function in self.functions.get(str(path), ()):
            function.__code__ = codes.get(where.get(function.__code__, ("", 0)), function.__code__)

    def failure(
        self, items: list[pytest.Item], seconds: float, prepare: Callable[[], None] = lambda: None
    ) -> tuple[str, float, dict[str, float]]:
        """Id of the first test that fails, "" for none, "late" when time ran out; processor time used, s;
        seconds of each test that passed."""
        told = self.root.parent / "told"
        told.unlink(missing_ok=True)
        child = os.fork()
        if child == 0:
            try:
                self._run(items, seconds, prepare)
                told.write_text(json.dumps([self.failed, self.took]))
            finally:
                os._exit(0)
        until = time.monotonic() + PATIENCE * (seconds + 5.0)
        try:
            while (ended := os.wait4(child, os.WNOHANG))[0] == 0:
                if time.monotonic() > until:
                    os.kill(child, signal.SIGKILL)
                    ended = os.wait4(child, 0)
                    break
                time.sleep(0.02)
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child, signal.SIGKILL)  # also what tests have left running
        by, took = json.loads(told.read_text()) if told.exists() else ("late", {})
        return by, ended[2].ru_utime + ended[2].ru_stime, took

    def _run(self, items: list[pytest.Item], seconds: float, prepare: Callable[[], None]) -> None:
        os.setpgid(0, 0)  # to end all of it at once, in the session whose niceness it shares
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)

        def late(*_: object) -> None:
            raise TimeoutError(f"longer than {TEST_SECONDS} s")

        signal.signal(signal.SIGPROF, late)  # of processor time: other work may share the cores
        prepare()
        start = time.monotonic()

        def spent() -> float:  # other processes are at work while this one waits
            return max(sum(os.times()[:4]), (time.monotonic() - start) / PATIENCE)

        for item, following in pairwise([*items, None]):
            began = spent()
            if began > seconds:
                self.failed = "late"
                return
            signal.setitimer(signal.ITIMER_PROF, TEST_SECONDS)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            signal.setitimer(signal.ITIMER_PROF, 0.0)
            if self.failed:
                return
            self.took[item.nodeid] = spent() - began


def _codes(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """Every function's code, by its name and how many of that name come before it."""
    seen: Counter[str] = Counter()

    def visit(outer: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
        for inner in outer.co_consts:
            if isinstance(inner, CodeType):
                seen[inner.co_qualname] += 1
                yield (inner.co_qualname, seen[inner.co_qualname]), inner
                yield from visit(inner)

    return visit(code)


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
    out = asked.out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    told = [json.loads(row) for row in out.read_text().splitlines()] if out.exists() else []
    rows = {(r["file"], r["start"], r["new"]): r for r in told}  # the last word counts
    sample = draw(asked.seed, asked.n)

    def work(trials: Trials) -> None:
        choice = Choice(ROOT, asked.files, asked.seconds)
        for m in sample:
            known = rows.get((m.file, m.start, m.new))
            if known and (known["by"] != "late" or known["limit"] >= asked.seconds):
                continue
            began = time.monotonic()
            end, by, spent = trials.tried(m, choice.batches(m), asked.seconds)
            by = by or ("late" if choice.left_out else "")
            row = {**asdict(m), "outcome": end, "by": by, "limit": asked.seconds, "processor": spent}
            rows[m.file, m.start, m.new] = {**row, "seconds": time.monotonic() - began}
            with out.open("a") as kept:
                kept.write(json.dumps(rows[m.file, m.start, m.new]) + "\n")
            where = f"{m.file}:{m.line} {m.place}"
            print(f"{end:9} {spent:5.1f} s {where}: {m.old[:40]!r} -> {m.new[:40]!r}  {by}", flush=True)

    with tempfile.TemporaryDirectory(prefix="mutate-", ignore_cleanup_errors=True) as folder:
        in_a_copy(Path(folder), work)
    counts = Counter(rows[m.file, m.start, m.new]["outcome"] for m in sample)
    print(f"{counts['noticed']} of {counts.total()} noticed (seed {asked.seed})")
    return 0


def in_a_copy(folder: Path, work: Callable[[Trials], None]) -> None:
    """Collect every test in a copy of the tree and let `work` try mutations there."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    root = folder / "maquette"
    skipped = shutil.ignore_patterns(".git", ".venv", "out", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, root, ignore=skipped, symlinks=True)
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(root)], check=True)
    os.chdir(root)
    os.environ["PYTHONPATH"] = str(folder)
    os.environ.pop("MAQUETTE_REQUIRE_ALL", None)
    sys.path[:] = [str(folder), *(p for p in sys.path if p not in (str(ROOT / "tests"), str(ROOT.parent)))]
    code = pytest.main(["-q", "-s", "-p", "no:cacheprovider"], plugins=[Trials(root, work)])
    if code not in (0, 5):
        sys.exit(f"pytest ended with {code}: the tests do not collect")


if __name__ == "__main__":
    sys.exit(main())
