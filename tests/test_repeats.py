"""The same design gives the same bytes, whatever a process has built before it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from maquette.design.exchange.exact import build_hull, build_parts
from maquette.design.exchange.export import write_glb, write_stl
from maquette.design.family.registry import get_family
from maquette.design.geometry.mesh import joined

NAMES = ("ahmed", "bicycle", "car", "chair")


def write_bodies(name: str, folder: Path) -> None:
    """The fast bodies' files of a family's defaults, and the hull's very numbers."""
    family = get_family(name)
    values = family.defaults()
    hull, parts = family.hull(values), family.mesh(values)
    write_stl(hull, folder / "hull.stl")
    write_stl(joined([part.mesh for part in parts]), folder / "model.stl", several=True)
    write_glb(parts, folder / "model.glb")
    (folder / "hull").write_bytes(hull.vertices.tobytes() + hull.faces.tobytes())
    (folder / "measures").write_text(json.dumps(family.measures(values)))


def write_exact(name: str, folder: Path) -> None:
    """The exact body's file and numbers of a family's defaults. Loads the kernel."""
    values = get_family(name).defaults()
    (folder / "model.step").write_bytes(build_parts(name, values).step)
    (folder / "measures").write_text(json.dumps(build_hull(name, values).measures))


def in_a_process(call: str, name: str, folder: Path, before: str = "pass") -> dict[str, bytes]:
    """Files that `call` writes in a process that has done nothing but `before`."""
    folder.mkdir()
    code = (
        f"import sys; from pathlib import Path; sys.path.append({str(Path(__file__).parent)!r}); "
        f"import test_repeats as t; {before}; t.{call}({name!r}, Path({str(folder)!r}))"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", NAMES)
def test_fast_bodies_are_byte_equal_in_fresh_and_warm_processes(name: str, tmp_path: Path) -> None:
    family = get_family(name)
    for changes in list(family.archetypes.values())[:4]:  # parts before hull, and other sizes of everything
        values: dict[str, Any] = {**family.defaults(), **changes}
        family.mesh(values)
        family.measures(values)
        family.hull(values)
    (tmp_path / "warm").mkdir()
    write_bodies(name, tmp_path / "warm")
    warm = {path.name: path.read_bytes() for path in (tmp_path / "warm").iterdir()}
    assert warm.keys() >= {"hull.stl", "model.stl", "model.glb"}
    assert warm == in_a_process("write_bodies", name, tmp_path / "fresh")


@pytest.mark.kernel
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_exact_bodies_are_byte_equal_in_fresh_and_warm_processes(name: str, tmp_path: Path) -> None:
    other = f"t.build_parts({name!r}, {{**(f := t.get_family({name!r})).defaults(), "
    other += "**list(f.archetypes.values())[-1]})"
    fresh = in_a_process("write_exact", name, tmp_path / "fresh")
    assert len(fresh["model.step"]) > 1000
    assert fresh == in_a_process("write_exact", name, tmp_path / "warm", other)
