"""What is shipped is what is in the tree, starts quickly, and imports."""

from __future__ import annotations

import ast
import json
import re
import resource
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("design", "surrogate", "constraints", "ui", "assets")
HEAVY = (
    *("torch", "gpytorch", "lightgbm"),
    *("cadquery", "OCP", "trimesh", "manifold3d", "optuna", "pyarrow", "rich", "pint"),
    *("vtk", "vtkmodules", "scipy", "gradio", "diffusers", "matplotlib", "PIL", "distributed", "jinja2"),
)
#: the pictures in assets are the README's and stay out of an installation
SHIPPED_ASSETS = (
    ("assets", "data"),
    ("assets", "models"),
    ("assets", "briefs"),
    ("ui", "web"),
    ("ui", "templates"),
)
GUIDE = ROOT / "ui" / "web" / "README.md"


def tree() -> set[str]:
    """Every file of the layers, by the path that it has in an installation."""
    files = {"maquette/__init__.py"}
    for layer in LAYERS:
        for path in (ROOT / layer).rglob("*"):
            if not path.is_file() or "__pycache__" in path.parts:
                continue
            shipped = path.relative_to(ROOT).parts[:2] in SHIPPED_ASSETS and path != GUIDE
            if path.suffix in (".py", ".csv", ".glsl", ".po") or shipped:
                files.add(f"maquette/{path.relative_to(ROOT).as_posix()}")
    return files


def modules() -> list[str]:
    """Import names of every shipped module."""
    names = (f.removesuffix(".py").replace("/", ".") for f in tree() if f.endswith(".py"))
    return sorted(n.removesuffix(".__init__") for n in names)


def python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_folder_of_modules_is_a_declared_package() -> None:
    """`packages` in pyproject.toml is written by hand: a new folder must be added there."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    found = {f.rpartition("/")[0].replace("/", ".") for f in tree() if f.endswith(".py")}
    assert set(declared) == found


def test_every_library_that_is_imported_is_declared() -> None:
    """What a dependency happens to bring along may be gone with its next version.

    An extra's library (transformers, playwright ...) may only be imported where it is used, inside functions.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {named(line) for line in project["dependencies"]}
    extras = {named(line) for lines in project["optional-dependencies"].values() for line in lines}
    brought = packages_distributions()
    undeclared = set()
    for path in sorted(p for layer in LAYERS for p in (ROOT / layer).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            allowed = wanted if node in tree.body else wanted | extras
            for top in imported(node) - set(sys.stdlib_module_names):
                if not allowed & {named(name) for name in brought.get(top, [top])}:
                    undeclared.add(f"{path.relative_to(ROOT)}: {top}")
    assert not undeclared


def named(requirement: str) -> str:
    """The distribution's name of a requirement, spelled as the package index does."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


def imported(node: ast.AST) -> set[str]:
    """Top-level names that an import statement takes from outside the package."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return {node.module.partition(".")[0]}
    return set()


def test_nothing_of_a_library_that_is_private_is_used() -> None:
    """`library._name` and `from library._part import name` change without a word."""
    found = set()
    for path in sorted(p for layer in LAYERS for p in (ROOT / layer).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        libraries = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                libraries |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
                found |= {f"{path.relative_to(ROOT)}: {n}" for n in names if private(n)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and private(node.attr):
                owner = ast.unparse(node.value).partition(".")[0]
                found |= {f"{path.relative_to(ROOT)}: {ast.unparse(node)}"} if owner in libraries else set()
    documented = {
        "design/processes.py: os._exit",
        "ui/cli/studio.py: os._exit",
    }  # whatever its name looks like
    assert not found - documented


def private(name: str) -> bool:
    """Whether a name says that it is nobody else's business."""
    return name.startswith("_") and not name.startswith("__")


def test_documents_that_sources_point_to_are_there() -> None:
    there = {p.name for p in ROOT.rglob("*.md")}
    files = [
        p for layer in (*LAYERS, "tests") for p in (ROOT / layer).rglob("*") if p.suffix in (".py", ".csv")
    ]
    lost = set()
    for path in files:  # a name after a slash is an address on the web, or stands in a folder of its own
        named = re.findall(r"(?<![\w/.-])[\w-]+\.md\b", path.read_text(encoding="utf-8"))
        lost |= {f"{path.relative_to(ROOT)}: {name}" for name in named if name not in there}
    assert not lost


def test_array_types_are_declared_once() -> None:
    """One name for one type everywhere: `FloatArray` is not float32 in one module and float64 in the next."""
    declared = re.compile(r"^\w+ = NDArray\[", re.M)
    found = {
        str(p.relative_to(ROOT))
        for layer in LAYERS
        for p in (ROOT / layer).rglob("*.py")
        if declared.search(p.read_text(encoding="utf-8"))
    }
    assert found == {"design/arrays.py"}


def test_the_wheel_holds_the_tree_and_nothing_else(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for layer in LAYERS:
        shutil.copytree(ROOT / layer, source / layer, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__init__.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    build = "from setuptools.build_meta import build_wheel; print(build_wheel('..'))"
    subprocess.run([sys.executable, "-c", build], cwd=source, check=True, capture_output=True, timeout=300)
    (wheel,) = tmp_path.glob("*.whl")
    names = {n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n}
    assert names == tree()
    meta = f"maquette-{version('maquette')}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read(f"{meta}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
        points = archive.read(f"{meta}/entry_points.txt").decode()
    assert "maquette = maquette.ui.cli.main:main" in points


def test_the_licence_is_apache_2_in_full() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert len(text) > 11_000


def test_help_answers_about_as_soon_as_python_does() -> None:
    """Under half a second where Python alone takes 0.05 s: `make bench` says the seconds."""
    program = Path(sys.executable).with_name("maquette")
    least = dict.fromkeys(("help", "python"), float("inf"))
    for _ in range(5):
        for name, command in (("help", [program, "--help"]), ("python", [sys.executable, "-c", "pass"])):
            began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - began
            least[name] = min(least[name], used)
            assert done.stderr == ""
            assert ("design" in done.stdout) == (name == "help")
    assert least["help"] < 15.0 * least["python"]


@pytest.mark.parametrize("words", [["--help"], ["design", "--help"], ["--version"]])
def test_the_command_line_loads_nothing_heavy(words: list[str]) -> None:
    code = f"""
import json, sys
sys.argv = ["maquette", *{words!r}]
from maquette.ui.cli.main import main
import maquette.ui.verbs, maquette.design.family.conformance
print(main()); print(json.dumps(sorted({{m.partition('.')[0] for m in sys.modules}})))
"""
    loaded = set(json.loads(python(code).splitlines()[-1]))
    assert not loaded.intersection(HEAVY)


def test_every_shipped_module_imports() -> None:
    python(f"import importlib\nfor name in {modules()!r}: importlib.import_module(name)")
