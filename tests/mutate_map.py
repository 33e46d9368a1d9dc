"""Which tests run which lines of the core: the map by which ``mutate.py`` chooses, kept in ``out/mutate``.

``python tests/mutate.py --map`` runs each test file under coverage.py with a context a test and leaves one
JSON a test file; files whose text has not changed since are left alone, so the same call goes on where it
stopped and brings an old map up to date. ``--map DATA`` takes what another run of the suite has left
(``pytest --cov --cov-context=test``). A line is known by its function and its own text: it may have moved.

Tests that start another process (the command line) are not seen at work there: they come last, by how many
imports they are away.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OTHER_PROCESS = re.compile(
    r"^\s*(?:from|import) (?:subprocess|multiprocessing|running|killed|studio_server)\b", re.M
)
UNTIMED = 1000.0  # lines of the core a second: a guess for a test that has not been timed
WHOLE = -1  # in place of a test: something that a fixture of the test file has run


def places(tree: ast.AST) -> dict[int, str]:
    """The function or class around each line, as `Mutation.place` has it; none at a module's top."""
    found: dict[int, str] = {}

    def visit(node: ast.AST, place: str) -> None:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            place = f"{place}.{node.name}".lstrip(".")
            found.update(dict.fromkeys(range(node.lineno, (node.end_lineno or 0) + 1), place))
        for child in ast.iter_child_nodes(node):
            visit(child, place)

    visit(tree, "")
    return found


def statement(tree: ast.AST, line: int) -> range:
    """Lines of the innermost statement around a line, without its body."""
    own = range(line, line + 1)
    for node in ast.walk(tree):  # outer ones first
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            body = getattr(node, "body", None)
            end = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or 0
            own = range(node.lineno, end + 1) if line <= end else own
    return own


# -- making it ------------------------------------------------------------------------------------------


def build(folder: Path, root: Path, core: tuple[str, ...]) -> None:
    """Run every test file that the map lacks or that has changed since, each in its own process."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mutate-map-") as own:
        settings, data = Path(own, "coveragerc"), Path(own, "data")
        include = "".join(f"\n    */{part}/*" for part in core)
        settings.write_text(
            f"[run]\ndata_file = {data}\ndisable_warnings = no-data-collected\ninclude ={include}\n"
        )
        for path in sorted((root / "tests").glob("test_*.py")):
            if fresh(folder, path):
                continue
            began = time.monotonic()
            data.unlink(missing_ok=True)
            ran = subprocess.run(
                [sys.executable, "-m", "pytest", f"tests/{path.name}", "-q", "-vv", "--durations=0", "--cov",
                 f"--cov-config={settings}", "--cov-context=test", "--cov-report=", "-p", "no:cacheprovider"],
                cwd=root, env={**os.environ, "PYTHONPATH": str(root.parent)}, capture_output=True, text=True,
                check=False,
            )  # fmt: skip
            if ran.returncode not in (0, 1, 5) or not data.exists():  # passed, failed, nothing there
                print(f"{path.name}: no coverage (pytest ended with {ran.returncode})\n{ran.stdout[-400:]}")
                continue
            take(folder, root, data, [path])
            tests = json.loads((folder / f"{path.name}.json").read_text())["tests"]
            note_seconds(
                folder, dict.fromkeys(tests, 0.005) | timed(ran.stdout)
            )  # pytest shows no shorter ones
            print(f"{path.name}: {time.monotonic() - began:.0f} s", flush=True)


def fresh(folder: Path, path: Path) -> bool:
    kept = folder / f"{path.name}.json"
    return kept.exists() and json.loads(kept.read_text())["sha256"] == _hash(path)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def take(folder: Path, root: Path, data: Path, paths: list[Path]) -> None:
    """Write the JSON of each of these test files from coverage data of a run of the tree at `root`."""
    from coverage import CoverageData

    folder.mkdir(parents=True, exist_ok=True)
    read = CoverageData(str(data))
    read.read()
    tests: dict[str, list[str]] = {p.name: [] for p in paths}
    lines: dict[str, dict[str, dict[str, dict[str, set[int]]]]] = {p.name: {} for p in paths}
    numbers: dict[str, int] = {}
    for measured in sorted(read.measured_files()):
        parts = Path(measured).parts[1:]
        tails = ("/".join(parts[k:]) for k in range(len(parts)))
        name = next((tail for tail in tails if (root / tail).is_file()), "")
        if not name:
            continue
        text = (root / name).read_text()
        rows, around = text.splitlines(), places(ast.parse(text))
        for line, contexts in read.contexts_by_lineno(measured).items():
            if line not in around or line > len(rows):
                continue
            for context in contexts:
                test, _, phase = context.rpartition("|")
                test = re.sub(r"@\w+$", "", test)  # pytest-xdist's groups
                home = test.partition("::")[0].rpartition("/")[2]
                if home not in tests:
                    continue
                if test not in numbers:
                    numbers[test] = len(tests[home])
                    tests[home].append(test)
                functions = lines[home].setdefault(name, {}).setdefault(around[line], {})
                told = functions.setdefault(rows[line - 1].strip(), set())
                told.add(numbers[test] if phase == "run" else WHOLE)
    for path in paths:
        if len(paths) > 1 and not tests[path.name]:  # the run of the whole suite may not have had it
            continue
        content = {"sha256": _hash(path), "tests": tests[path.name], "lines": lines[path.name]}
        (folder / f"{path.name}.json").write_text(json.dumps(content, default=sorted))


def timed(log: str) -> dict[str, float]:
    """Seconds of each test, from pytest's ``--durations=0 -vv``."""
    seconds: dict[str, float] = {}
    for took, test in re.findall(r"^([\d.]+)s (?:call|setup|teardown) +(tests/\S.*?)\s*$", log, re.M):
        seconds[test] = seconds.get(test, 0.0) + float(took)
    return seconds


def known_seconds(folder: Path) -> dict[str, float]:
    kept = folder / "seconds.json"
    return json.loads(kept.read_text()) if kept.exists() else {}


def note_seconds(folder: Path, seconds: dict[str, float]) -> None:
    """Keep how long tests took: the longest known, for whichever comes first pays for a fixture."""
    known = known_seconds(folder)
    known |= {test: max(took, known.get(test, 0.0)) for test, took in seconds.items()}
    (folder / "seconds.json").write_text(json.dumps(known))


# -- using it -------------------------------------------------------------------------------------------


@dataclass
class Map:
    """What a folder of maps tells.

    Attributes:
        files: of each test file: its tests and the lines they run.
        seconds: of each test that was ever timed.
        old: test files that are not in the map, or have changed since.
    """

    root: Path
    folder: Path
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    old: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        made = []
        for path in sorted((self.root / "tests").glob("test_*.py")):
            kept = self.folder / f"{path.name}.json"
            if kept.exists():
                made.append(kept.stat().st_mtime)
                self.files[path.name] = json.loads(kept.read_text())
            if not fresh(self.folder, path):
                self.old.add(path.name)
        self.seconds = known_seconds(self.folder)
        self.weights = {}
        for of_one in self.files.values():
            counts = [0] * len(of_one["tests"])
            for told in (t for f in of_one["lines"].values() for rows in f.values() for t in rows.values()):
                for k in told:
                    counts[k] += k != WHOLE
            self.weights |= dict(zip(of_one["tests"], (n / UNTIMED for n in counts), strict=True))
        day = "%Y-%m-%d %H:%M"
        span = [time.strftime(day, time.localtime(t)) for t in (min(made), max(made))] if made else ["never"]
        print(f"The map of {len(self.files)} test files was made {' to '.join(span)}")
        if self.old:
            print(f"Not in it or changed since (python tests/mutate.py --map): {', '.join(sorted(self.old))}")

    def took(self, test: str) -> float:
        """Seconds, known or guessed."""
        return self.seconds.get(test, self.weights.get(test, 1.0))

    def covering(self, file: str, line: int, place: str) -> tuple[list[str], list[str]]:
        """Tests that run the line (else its statement, else its function); test files whose fixtures do."""
        text = (self.root / file).read_text()
        rows, tree = text.splitlines(), ast.parse(text)
        around = places(tree)
        function = [k for k, name in around.items() if name == place]
        for tried in ([line], statement(tree, line), function):
            wanted = {rows[k - 1].strip() for k in tried}
            tests: list[str] = []
            whole: list[str] = []
            for name, of_one in self.files.items():
                known = of_one["lines"].get(file, {}).get(place, {})
                told = {k for text in wanted & set(known) for k in known[text]}
                tests += [of_one["tests"][k] for k in sorted(told - {WHOLE})]
                whole += [name] if WHOLE in told else []
            if tests or whole:
                break
        return tests, whole

    def tests_of(self, name: str) -> list[str]:
        return self.files.get(name, {}).get("tests", [])


# -- by import ------------------------------------------------------------------------------------------


def imported(path: Path, root: Path) -> set[Path]:
    """Files of the tree that this one imports, anywhere in it."""
    found: set[Path] = set()

    def add(base: Path, names: list[str]) -> None:
        for tried in (base.with_suffix(".py"), *(base / f"{n}.py" for n in names), base / "__init__.py"):
            if tried.is_file():
                found.add(tried)

    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            names = [a.name for a in node.names]
            parts = (node.module or "").split(".") if node.module else []
            if node.level:
                add(path.parents[node.level - 1].joinpath(*parts), names)
            elif parts[:1] == ["maquette"]:
                add(root.joinpath(*parts[1:]), names)
            elif path.parent == root / "tests":
                add(path.parent.joinpath(*parts), names)
    return found


class Nearness:
    """How many imports each test file is away from a file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.users: dict[Path, set[Path]] = {}
        ours = ("design", "surrogate", "constraints", "ui", "assets", "tests")  # no .venv, nothing of out/
        for path in (p for folder in ours for p in (root / folder).rglob("*.py")):
            for used in imported(path, root):
                self.users.setdefault(used, set()).add(path)

    def names(self, file: str, place: str) -> Iterator[str]:
        """Test files, nearest first: those that name the function around the mutation come before others."""
        distance = {self.root / file: 0}
        queue = deque(distance)
        while queue:
            here = queue.popleft()
            for user in sorted(self.users.get(here, ())):
                if user not in distance:
                    distance[user] = distance[here] + 1
                    queue.append(user)
        ranked = []
        for path, far in distance.items():
            if path.name.startswith("test_"):
                text = path.read_text()
                ranked.append((far - named(text, file, place), far, len(text), path.name))
        yield from (name for *_, name in sorted(ranked))


def named(text: str, file: str, place: str) -> int:
    """3 when a text names the function and the module, 2 the function, 1 the module, 0 neither."""
    last = place.rpartition(".")[2].lstrip("_") or place
    return 2 * bool(re.search(rf"\b_*{re.escape(last)}\b", text)) + bool(
        re.search(rf"\b{Path(file).stem}\b", text)
    )
