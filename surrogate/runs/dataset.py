"""CFD runs on disk: Parquet as shipped, JSON lines as campaigns and `maquette simulate` write them.

Shipped data lie in ``maquette.assets`` as ``data/<family>_runs.parquet``; a user's own runs in
``~/.local/share/maquette/runs.jsonl`` (or the file or folder named by ``MAQUETTE_DATA``).

Merge a campaign's files into the shipped one with

    python -m maquette.surrogate.runs.dataset car out/campaign/*/runs.jsonl --out assets/data/car_runs.parquet

"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...design.errors import InputError
from ...design.family.registry import get_family
from ...design.json_lines import append_line, read_lines
from ...design.messages import quoted, say
from ..studies.record import LEVELS, RunResult
from ..studies.wind_tunnel.pressure import decode
from .rows import misfit, run_from_json, unsound

logger = logging.getLogger(__name__)

SCHEMA_VERSION = 1
PARAMETER_PREFIX = "parameter."

#: every scalar column: type and meaning (units in brackets); `parameter.<name>` columns follow them
COLUMNS: dict[str, tuple[str, str]] = {
    "run_id": ("string", "stable id of the run"),
    "family": ("string", "product family"),
    "level": ("string", "mesh level: coarse, medium or fine"),
    "cd": ("double", "drag coefficient, mean over the averaging window [1]"),
    "cl": ("double", "lift coefficient, mean over the averaging window [1]"),
    "cl_front": ("double", "front share of cl [1]"),
    "cl_rear": ("double", "rear share of cl [1]"),
    "drag_area": ("double", "cd * reference_area [m2]"),
    "reference_area": ("double", "projected frontal area of the full body [m2]"),
    "cd_std": ("double", "scatter of successive window means of cd: the label's noise [1]"),
    "cl_std": ("double", "scatter of successive window means of cl [1]"),
    "cd_drift": ("double", "relative change of cd between the last two windows [1]"),
    "converged": ("bool", "the convergence rule holds"),
    "reason": ("string", "why not, in words"),
    "iterations": ("int64", "solver iterations done"),
    "window": ("int64", "length of one averaging window [iterations]"),
    "residuals": ("string", "last initial residual by field, as JSON"),
    "cells": ("int64", "cells of the half model"),
    "seconds": ("double", "wall time of meshing and solving [s]"),
    "solver": ("string", "version text of the solver"),
    "recipe": ("string", "version of our set-up"),
}
#: columns that files written before there were any lack: their runs hold for their own designs
CARRIED: dict[str, tuple[str, str]] = {
    "carried_from": (
        "string",
        "declaration hash of the simulated design where the parameters are a later one's",
    ),
    "moved_mm": ("double", "root mean square distance of the parameters' hull from the simulated one [mm]"),
}


# -- Parquet -------------------------------------------------------------------------------------------


def write_runs(runs: Sequence[RunResult], path: Path) -> None:
    """Write runs of one family as Parquet: a typed, documented column per field and per parameter.

    Raises:
        InputError: when the runs are of several families or of different parameters.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not runs:
        raise InputError(f"{path}: there are no runs to write")
    family, names = runs[0].family, tuple(runs[0].parameters)
    for run in runs:
        if run.family != family:
            raise InputError(
                f"{path}: run {run.run_id!r} is of family {run.family!r}, the others of {family!r}"
            )
        if set(run.parameters) != set(names):
            raise InputError(f"{path}: run {run.run_id!r} has other parameters than {runs[0].run_id!r}")
    types = {"string": pa.string(), "double": pa.float64(), "bool": pa.bool_(), "int64": pa.int64()}
    fields, arrays = [], []
    for name, (kind, doc) in (COLUMNS | CARRIED).items():
        values: list[Any] = [getattr(run, name) for run in runs]
        if name == "residuals":
            values = [json.dumps(v, sort_keys=True) for v in values]
        fields.append(pa.field(name, types[kind], nullable=False, metadata={"doc": doc}))
        arrays.append(pa.array(values, type=types[kind]))
    docs = _parameter_docs(family)
    for name in names:
        doc = docs.get(name, "design parameter")
        fields.append(pa.field(PARAMETER_PREFIX + name, pa.float64(), nullable=False, metadata={"doc": doc}))
        arrays.append(pa.array([run.parameters[name] for run in runs], type=pa.float64()))
    schema = pa.schema(fields, metadata={"schema_version": str(SCHEMA_VERSION), "family": family})
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path, compression="zstd")


def read_runs(path: Path) -> list[RunResult]:
    """Read runs from a Parquet file written by :func:`write_runs`.

    Raises:
        InputError: when the file is missing, damaged or of another schema version.
    """
    table = _read_table(path)
    version = (table.schema.metadata or {}).get(b"schema_version", b"").decode()
    missing = [name for name in COLUMNS if name not in table.schema.names]
    if version != str(SCHEMA_VERSION) or missing:
        raise InputError(
            f"{path}: schema version {version or 'none'}, columns missing: {', '.join(missing) or 'none'}; "
            f"this version reads {SCHEMA_VERSION}"
        )
    parameters = [name for name in table.schema.names if name.startswith(PARAMETER_PREFIX)]
    runs = []
    for row in table.to_pylist():
        fields = {name: row[name] for name in (*COLUMNS, *CARRIED) if name in row}
        fields["residuals"] = json.loads(row["residuals"])
        fields["parameters"] = {name.removeprefix(PARAMETER_PREFIX): row[name] for name in parameters}
        runs.append(RunResult(**fields))
    return runs


def pressure_path(runs: Path) -> Path:
    """Where the surface pressures of a file of runs lie: beside it."""
    return runs.with_name(runs.stem.removesuffix("_runs") + "_pressure.parquet")


def write_pressures(runs: Sequence[RunResult], path: Path) -> int:
    """Write the pressure coefficients of runs that have them (half precision, one row a run, as
    :mod:`..studies.wind_tunnel.pressure` keeps them); how many had."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    having = [run for run in runs if run.pressure]
    if having:
        docs = {
            "run_id": "id of the run",
            "recipe": "version of our set-up",
            "pressure": "pressure coefficients on the vertices of the design's fast hull that have y >= 0, "
            "in their order there; little-endian half precision [1]",
        }
        columns = [
            pa.array([run.run_id for run in having]),
            pa.array([run.recipe for run in having]),
            pa.array([decode(run.pressure).tobytes() for run in having], type=pa.binary()),
        ]
        fields = [
            pa.field(name, column.type, nullable=False, metadata={"doc": docs[name]})
            for name, column in zip(docs, columns, strict=True)
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(
            pa.Table.from_arrays(columns, schema=pa.schema(fields)), path, compression="zstd",
            use_dictionary=False, column_encoding={"pressure": "PLAIN"},
        )  # fmt: skip
    return len(having)


def read_pressures(path: Path, ids: Sequence[str] | None = None) -> dict[str, NDArray[np.float16]]:
    """Pressure coefficients by run, of these runs or of all; nothing where there is no file.

    Raises:
        InputError: the file is damaged.
    """
    if not path.is_file():
        return {}
    wanted = None if ids is None else [("run_id", "in", ids)]
    table = _read_table(path, columns=["run_id", "pressure"], filters=wanted)
    return {row["run_id"]: np.frombuffer(row["pressure"], dtype="<f2") for row in table.to_pylist()}


def _read_table(path: Path, **options: Any) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path, **options)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path}: not a readable Parquet file ({str(error).splitlines()[0]})") from error


def read_any(path: Path) -> list[RunResult]:
    """Runs of a ``.parquet`` file, or of a ``.jsonl`` file."""
    return read_runs(path) if path.suffix == ".parquet" else read_jsonl(path)


# -- JSON lines ----------------------------------------------------------------------------------------


def read_jsonl(path: Path, of_now: bool = False) -> list[RunResult]:
    """Runs of a ``runs.jsonl`` (one object a line); a line that is no run is skipped, with a warning that
    names file, line, field and value. A last line that a crash cut off is not there.

    Args:
        of_now: skip in the same way what does not fit its family's declaration of now, and what would not
            train.

    Raises:
        InputError: when the file cannot be read.
    """
    runs = []
    for line in read_lines(path):
        try:
            run = run_from_json(line.data)
            amiss = (misfit(run) or unsound(run)) if of_now else ""
        except ValueError as error:
            amiss = str(error)
        if amiss:
            logger.warning("%s line %d skipped: %s", path, line.number, amiss)
        else:
            runs.append(run)
    return runs


def append_run(run: RunResult, path: Path | None = None) -> Path:
    """Add one run to the user's local data (or to `path`) and return the file.

    Raises:
        InputError: when the file cannot be written.
    """
    target = path or local_data_path()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            say("{path}: cannot be written ({why})", path=target, why=quoted(error.strerror))
        ) from error
    append_line(json.dumps(dataclasses.asdict(run)), target)
    return target


def local_data_path() -> Path:
    """The user's own runs: ``$MAQUETTE_DATA`` (a .jsonl file or a folder), else the XDG data folder."""
    named = os.environ.get("MAQUETTE_DATA")
    if named:
        path = Path(named)
        return path if path.suffix == ".jsonl" else path / "runs.jsonl"
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "maquette" / "runs.jsonl"


# -- what trains ---------------------------------------------------------------------------------------


def shipped_data_path(family: str) -> Path:
    """Where the family's own CFD results lie in the package."""
    return Path(str(files("maquette.assets"))) / "data" / f"{family}_runs.parquet"


def campaign_path(family: str) -> Path:
    """Where a campaign's runs are kept in the package while it goes on."""
    return Path(str(files("maquette.assets"))) / "data" / f"{family}_campaign.parquet"


def local_runs(family: str, path: Path | None = None) -> list[RunResult]:
    """The user's own runs of a family (empty when there are none), in `path` instead of
    :func:`local_data_path` where one is given."""
    path = path or local_data_path()
    return [run for run in read_jsonl(path, of_now=True) if run.family == family] if path.is_file() else []


def load_runs(family: str, local: bool = True) -> list[RunResult]:
    """Shipped runs of a family, then the user's own ones that are not among them."""
    path = shipped_data_path(family)
    shipped = read_runs(path) if path.is_file() else []
    return merge_runs(shipped, local_runs(family) if local else [])


def merge_runs(*sources: Iterable[RunResult]) -> list[RunResult]:
    """All runs once, in order of first appearance; of equal ids the last one counts."""
    merged: dict[str, RunResult] = {}
    for source in sources:
        for run in source:
            merged[run.run_id] = run
    return list(merged.values())


def usable(run: RunResult) -> bool:
    """Whether a run may train: converged, finite, plausible, with its design."""
    return not unsound(run)


def design_key(parameters: Mapping[str, float]) -> str:
    """Equal for runs of one design at different mesh levels (values to nine digits)."""
    rows = sorted((name, f"{value:.9g}") for name, value in parameters.items())
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def runs_hash(runs: Sequence[RunResult]) -> str:
    """SHA-256 over the content of the runs, in the order given; runs as simulated have no carried columns."""
    digest = hashlib.sha256()
    for run in runs:
        row = dataclasses.asdict(run)
        del row["pressure"]  # trains nothing
        if not run.carried_from:
            row = {name: value for name, value in row.items() if name not in CARRIED}
        digest.update(json.dumps(row, sort_keys=True).encode())
    return digest.hexdigest()


def _parameter_docs(family: str) -> dict[str, str]:
    try:
        return {p.name: f"{p.range.doc} [{p.range.unit}]" for p in get_family(family).parameters}
    except InputError:
        return {}  # data of a family that is not installed here can still be kept


def main(argv: Sequence[str] | None = None) -> int:
    """Merge run files (.jsonl or .parquet) into one Parquet file and print what it holds."""
    parser = argparse.ArgumentParser(
        prog="python -m maquette.surrogate.runs.dataset", description=main.__doc__
    )
    parser.add_argument("family")
    parser.add_argument("sources", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args(argv)
    sources = [read_any(p) for p in arguments.sources]
    runs = [run for run in merge_runs(*sources) if run.family == arguments.family]
    runs.sort(key=lambda run: (LEVELS.index(run.level), run.run_id))
    write_runs(runs, arguments.out)
    with_pressure = write_pressures(runs, pressure_path(arguments.out))
    for level in LEVELS:
        of_level = [run for run in runs if run.level == level]
        if of_level:
            good = sum(usable(run) for run in of_level)
            print(f"{level}: {len(of_level)} runs, {good} usable")
    print(f"surface pressure of {with_pressure}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
