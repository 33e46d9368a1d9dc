"""The README's Python example runs as it stands, and its pictures exist."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from maquette.design.family.conformance import check_family

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_names_existing_files() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert targets
    for target in targets:
        assert "://" in target or (ROOT / target).exists(), target


def blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_readme_is_short() -> None:
    prose = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)
    assert len(prose.split()) <= 700


@pytest.mark.slow
@pytest.mark.kernel
def test_readme_example_runs(tmp_path: Path) -> None:
    example, _ = blocks()
    assert len(example.strip().splitlines()) <= 25
    run = subprocess.run(
        [sys.executable, "-c", example],
        cwd=tmp_path,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "drag coefficient" in run.stdout
    assert "valid: True watertight: True" in run.stdout


@pytest.mark.slow
@pytest.mark.kernel
def test_readme_family_keeps_the_contract(tmp_path: Path) -> None:
    """The product of sixty lines passes the suite that ships, exact solids included."""
    _, text = blocks()
    assert len(text.strip().splitlines()) <= 60
    source = tmp_path / "planter.py"
    source.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("planter", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["planter"] = module  # annotations of a dataclass are looked up there
    try:
        spec.loader.exec_module(module)
        check_family(module.Planter(), n=20, seed=1, exact=2)
    finally:
        del sys.modules["planter"]
