"""What is installed and what is missing, told without importing anything heavy."""

from __future__ import annotations

import ctypes.util
import os
import platform
import re
import shutil
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from ..design.errors import MissingComponentError
from .results import Component, DoctorResult

#: what each package is for, in the words of the commands that need it
_PURPOSE = {
    "cadquery": "exact solids, STEP",
    "torch": "surrogate models",
    "gpytorch": "training of surrogate models",
    "lightgbm": "boosted trees of `maquette train`",
    "optuna": "search",
    "manifold3d": "booleans and projections of meshes",
    "trimesh": "mesh files",
    "pint": "units in briefs",
    "pyarrow": "CFD data",
    "rich": "tables and progress",
    "safetensors": "weights of models",
    "pillow": "pictures",
    "diffusers": "concept sketches",
    "transformers": "concept sketches",
    "gradio": "the web studio",
    "plotly": "the web studio",
    "distributed": "campaigns on several machines",
}


def doctor() -> DoctorResult:
    """Every component with its version; `missing` says how to get what is absent."""
    found = (_python(), *_packages(), *_solvers(), _opengl(), *_assets())
    missing = tuple(f"{c.name}: {c.note}" for c in found if not c.present)
    return DoctorResult(version("maquette"), _machine(), found, missing)


def machine_name() -> str:
    """Processor, cores and memory in one line, for benchmarks and reports."""
    facts = _machine()
    return f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gb']} GB, {facts['system']}"


def _machine() -> dict[str, object]:
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "free_disk_gb": round(shutil.disk_usage(Path.cwd()).free / 1e9, 1),
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _python() -> Component:
    here = ".".join(str(n) for n in sys.version_info[:3])
    return Component("python", "python", sys.version_info >= (3, 11), here, True, "3.11 or newer")


def _packages() -> list[Component]:
    rows = []
    for requirement in requires("maquette") or []:
        spec, _, marker = requirement.partition(";")
        if "dev" in marker:
            continue
        name, purpose = _leading_name(spec), _PURPOSE.get(_leading_name(spec), "")
        try:
            rows.append(Component(name, "package", True, version(name), not marker, purpose))
        except PackageNotFoundError:
            extra = re.search(r"""extra == ["'](\w+)["']""", marker)
            get = f"pip install 'maquette[{extra[1]}]'" if extra else f"pip install '{spec.strip()}'"
            note = f"{purpose} ({get})" if purpose else get
            rows.append(Component(name, "package", False, "", not marker, note))
    return rows


def _leading_name(requirement: str) -> str:
    text = requirement.strip()
    end = next((k for k, c in enumerate(text) if not (c.isalnum() or c in "-_.")), len(text))
    return text[:end]


def _solvers() -> list[Component]:
    """What each installed study is run by."""
    from ..design.plugins import names
    from ..surrogate.studies.registry import ENTRY_POINT_GROUP, get_study

    found = []
    for study in map(get_study, names(ENTRY_POINT_GROUP)):
        note = "simulate, campaign"
        try:
            study.require()
        except MissingComponentError as error:
            note = error.message
        found.append(
            Component(study.component or study.name, "solver", bool(study.solver), study.solver, False, note)
        )
    return found


def _opengl() -> Component:
    found = ctypes.util.find_library("GL")
    note = "pictures" if found else "pictures and CadQuery need it (Debian: apt-get install libgl1)"
    return Component("libGL", "library", found is not None, found or "", sys.platform == "linux", note)


def _assets() -> list[Component]:
    from importlib.resources import files

    root = Path(str(files("maquette.assets")))
    models = [
        Component(folder.name, "model", True, "", False, f"{len(list(folder.iterdir()))} files in {folder}")
        for folder in sorted(p for p in (root / "models").glob("*") if p.is_dir())
    ]
    data = [
        Component(path.name, "data", True, "", False, f"{path.stat().st_size / 1e3:.0f} kB")
        for path in sorted((root / "data").glob("*.parquet"))
    ]
    return [*models, *data]
