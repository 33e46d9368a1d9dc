"""Runs on disk: Parquet as shipped, JSON lines as campaigns and `maquette simulate` write them.

Shipped data lie in ``maquette.assets`` as ``data/<family>_runs.parquet``; a user's own runs in
``~/.local/share/maquette/runs.jsonl`` (or the file or folder named by ``MAQUETTE_DATA``).

Merge a campaign's files into the shipped one with

    python -m maquette.surrogate.runs.dataset car out/campaign/*/runs.jsonl --out assets/data/car_runs.parquet

"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...design.environment import runs_file
from ...design.errors import InputError
from ...design.family.registry import get_family
from ...design.files import unwritable
from ...design.json_lines import append_line, read_lines
from ...design.messages import say
from ..studies.fields import unpack
from ..studies.record import SCHEMA_VERSION, Observation
from ..studies.registry import get_study
from .rows import misfit, run_from_json, run_to_json, unsound

logger = logging.getLogger(__name__)

#: columns of numbers: kind to its prefix; each is followed by the number's name
NUMBERS = {"parameters": "parameter.", "outputs": "output.", "noise": "noise."}
#: every other column: type and meaning
COLUMNS: dict[str, tuple[str, str]] = {
    "run_id": ("string", "stable id of the run"),
    "study": ("string", "what was simulated"),
    "family": ("string", "product family"),
    "fidelity": ("string", "how dearly, one of the study's fidelities"),
    "converged": ("bool", "the study stands by the outputs"),
    "reason": ("string", "why not, in words"),
    "details": ("string", "other numbers of the run by name, as JSON"),
    "slopes": ("string", "change of each output per unit of each parameter, as JSON"),
    "seconds": ("double", "wall time of one core [s]"),
    "solver": ("string", "version text of the solver"),
    "recipe": ("string", "version of our set-up"),
    "carried_from": (
        "string",
        "declaration hash of the simulated design where the parameters are a later one's",
    ),
    "moved_mm": ("double", "root mean square distance of the parameters' hull from the simulated one [mm]"),
}
JSON_COLUMNS = ("details", "slopes")
#: columns and types of the files of surface fields
FIELD_COLUMNS = {
    "run_id": "id of the run",
    "recipe": "version of our set-up",
    "field": "what it is",
    "values": "on the vertices of the design's fast hull that have y >= 0, in their order there; "
    "little-endian half precision",
}


# -- Parquet -------------------------------------------------------------------------------------------


def write_runs(runs: Sequence[Observation], path: Path) -> None:
    """Write runs of one family and study as Parquet: a typed, documented column per field and per number; a
    number that a run does not state (an earlier version kept less noise) is null there.

    Raises:
        InputError: when the runs are of several families or studies, or of different parameters.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not runs:
        raise InputError(f"{path}: there are no runs to write")
    first = runs[0]
    for run in runs:
        if (run.family, run.study) != (first.family, first.study):
            raise InputError(
                f"{path}: run {run.run_id!r} is of {run.family!r} in the study {run.study!r}, the others of "
                f"{first.family!r} in {first.study!r}"
            )
        if set(run.parameters) != set(first.parameters):
            raise InputError(f"{path}: run {run.run_id!r} has other parameters than {first.run_id!r}")
    types = {"string": pa.string(), "double": pa.float64(), "bool": pa.bool_()}
    fields, arrays = [], []
    for name, (type_name, doc) in COLUMNS.items():
        values: list[Any] = [getattr(run, name) for run in runs]
        if name in JSON_COLUMNS:
            values = [json.dumps(v, sort_keys=True) for v in values]
        fields.append(pa.field(name, types[type_name], nullable=False, metadata={"doc": doc}))
        arrays.append(pa.array(values, type=types[type_name]))
    docs = _docs(first)
    for kind, prefix in NUMBERS.items():
        rows = [getattr(run, kind) for run in runs]
        for name in dict.fromkeys(n for row in rows for n in row):
            doc = docs.get(name, name) if kind != "noise" else f"standard deviation of {name}"
            fields.append(pa.field(prefix + name, pa.float64(), metadata={"doc": doc}))
            arrays.append(pa.array([row.get(name) for row in rows], type=pa.float64()))
    about = {"schema_version": str(SCHEMA_VERSION), "family": first.family, "study": first.study}
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=about))
    pq.write_table(table, path, compression="zstd")


def read_runs(path: Path) -> list[Observation]:
    """Read runs from a Parquet file written by :func:`write_runs` of this version or the one before.

    Raises:
        InputError: when the file is missing, damaged or of another schema version.
    """
    table = _read_table(path)
    version = (table.schema.metadata or {}).get(b"schema_version", b"").decode()
    if version == "1":
        return [_run_of_1(row, path) for row in table.to_pylist()]
    missing = [name for name in COLUMNS if name not in table.schema.names]
    if version != str(SCHEMA_VERSION) or missing:
        raise InputError(
            f"{path}: schema version {version or 'none'}, columns missing: {', '.join(missing) or 'none'}; "
            f"this version reads {SCHEMA_VERSION}"
        )
    runs = []
    for row in table.to_pylist():
        fields = {name: json.loads(row[name]) if name in JSON_COLUMNS else row[name] for name in COLUMNS}
        fields |= {kind: _with_prefix(row, prefix) for kind, prefix in NUMBERS.items()}
        runs.append(Observation(**fields))
    return runs


def _with_prefix(row: Mapping[str, Any], prefix: str) -> dict[str, float]:
    found = {name.removeprefix(prefix): v for name, v in row.items() if name.startswith(prefix)}
    return {name: v for name, v in found.items() if v is not None}


def _run_of_1(row: Mapping[str, Any], path: Path) -> Observation:
    """A run of a file of schema version 1, whose columns were the fields of a row of then."""
    fields = {
        "parameters": _with_prefix(row, NUMBERS["parameters"]),
        "residuals": json.loads(row["residuals"]),
    }
    try:
        return run_from_json({**row, **fields})
    except ValueError as error:
        raise InputError(f"{path}: run {row.get('run_id')!r}: {error}") from error


def fields_path(runs: Path) -> Path:
    """Where the surface fields of a file of runs lie: beside it."""
    return runs.with_name(runs.stem.removesuffix("_runs") + "_fields.parquet")


def write_fields(runs: Sequence[Observation], path: Path) -> int:
    """Write the surface fields of runs that have them, one row each; how many rows there are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [(run.run_id, run.recipe, name, unpack(text)) for run in runs for name, text in run.fields.items()]
    if rows:
        ids, recipes, names, values = zip(*rows, strict=True)
        columns = [pa.array(ids), pa.array(recipes), pa.array(names)]
        columns.append(pa.array([v.tobytes() for v in values], type=pa.binary()))
        fields = [
            pa.field(name, column.type, nullable=False, metadata={"doc": doc})
            for (name, doc), column in zip(FIELD_COLUMNS.items(), columns, strict=True)
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(
            pa.Table.from_arrays(columns, schema=pa.schema(fields)), path, compression="zstd",
            use_dictionary=False, column_encoding={"values": "PLAIN"},
        )  # fmt: skip
    return len(rows)


def read_fields(path: Path, ids: Sequence[str] | None = None) -> dict[str, dict[str, NDArray[np.float16]]]:
    """Surface fields by run and name, of these runs or of all; nothing where there is no file.

    Raises:
        InputError: the file is damaged.
    """
    if not path.is_file():
        return {}
    wanted = None if ids is None else [("run_id", "in", ids)]
    table = _read_table(path, columns=["run_id", "field", "values"], filters=wanted)
    found: dict[str, dict[str, NDArray[np.float16]]] = {}
    for row in table.to_pylist():
        found.setdefault(row["run_id"], {})[row["field"]] = np.frombuffer(row["values"], dtype="<f2")
    return found


def _read_table(path: Path, **options: Any) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path, **options)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path}: not a readable Parquet file ({str(error).splitlines()[0]})") from error


def read_any(path: Path) -> list[Observation]:
    """Runs of a ``.parquet`` file, or of a ``.jsonl`` file.

    Raises:
        InputError: a file of another kind, or one that cannot be read.
    """
    if path.suffix not in (".parquet", ".jsonl"):
        raise InputError(say("{path}: runs are a .jsonl or .parquet file", path=path))
    return read_runs(path) if path.suffix == ".parquet" else read_jsonl(path)


# -- JSON lines ----------------------------------------------------------------------------------------


def read_jsonl(path: Path, of_now: bool = False) -> list[Observation]:
    """Runs of a ``runs.jsonl`` (one object a line); a line that is no run is skipped, with a warning that
    names file, line, field and value. A last line that a crash cut off is not there.

    Args:
        of_now: skip in the same way what does not fit its family's declaration of now, and what would not
            train; without a word the runs of bare shapes, which are of no family.

    Raises:
        InputError: when the file cannot be read.
    """
    runs = []
    for line in read_lines(path):
        try:
            run = run_from_json(line.data)
            if of_now and not run.family:
                continue
            amiss = (misfit(run) or unsound(run)) if of_now else ""
        except ValueError as error:
            amiss = str(error)
        if amiss:
            logger.warning("%s line %d skipped: %s", path, line.number, amiss)
        else:
            runs.append(run)
    return runs


def append_run(run: Observation, path: Path | None = None) -> Path:
    """Add one run to the user's local data (or to `path`) and return the file.

    Raises:
        InputError: when the file cannot be written.
    """
    target = path or runs_file()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(unwritable(target, error)) from error
    append_line(json.dumps(run_to_json(run)), target)
    return target


# -- what trains ---------------------------------------------------------------------------------------


def shipped_data_path(family: str) -> Path:
    """Where the family's own results lie in the package."""
    return Path(str(files("maquette.assets"))) / "data" / f"{family}_runs.parquet"


def local_runs(family: str, path: Path | None = None) -> list[Observation]:
    """The user's own runs of a family (empty when there are none), in `path` instead of
    :func:`runs_file` where one is given."""
    path = path or runs_file()
    return [run for run in read_jsonl(path, of_now=True) if run.family == family] if path.is_file() else []


def load_runs(family: str, local: bool = True) -> list[Observation]:
    """Shipped runs of a family, then the user's own ones that are not among them."""
    path = shipped_data_path(family)
    shipped = read_runs(path) if path.is_file() else []
    return merge_runs(shipped, local_runs(family) if local else [])


def merge_runs(*sources: Iterable[Observation]) -> list[Observation]:
    """All runs once, in order of first appearance; of equal ids the last one counts."""
    merged: dict[str, Observation] = {}
    for source in sources:
        for run in source:
            merged[run.run_id] = run
    return list(merged.values())


def usable(run: Observation) -> bool:
    """Whether a run may train: converged, finite, plausible, with its design."""
    return not unsound(run)


def design_key(parameters: Mapping[str, float]) -> str:
    """Equal for runs of one design at different fidelities (values to nine digits)."""
    rows = sorted((name, f"{value:.9g}") for name, value in parameters.items())
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def runs_hash(runs: Sequence[Observation]) -> str:
    """SHA-256 over the content of the runs, in the order given; what trains nothing is left out."""
    digest = hashlib.sha256()
    for run in runs:
        row = {name: value for name, value in run_to_json(run).items() if name != "fields"}
        digest.update(json.dumps(row, sort_keys=True).encode())
    return digest.hexdigest()


def _docs(run: Observation) -> dict[str, str]:
    """What the run's numbers are, as far as its family and study are installed here."""
    docs: dict[str, str] = {}
    with suppress(InputError):
        docs |= {p.name: f"{p.range.doc} [{p.range.unit}]" for p in get_family(run.family).parameters}
    with suppress(InputError):
        docs |= {o.name: f"{o.doc} [{o.unit}]" for o in get_study(run.study).outputs}
    return docs


def by_fidelity(runs: Iterable[Observation]) -> dict[str, list[Observation]]:
    """The runs of a study at each of its fidelities that has any, cheap to dear."""
    every = list(runs)
    levels = get_study(every[0].study).levels if every else ()
    found = {level: [run for run in every if run.fidelity == level] for level in levels}
    return {level: of_level for level, of_level in found.items() if of_level}


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
    levels = by_fidelity(sorted(runs, key=lambda run: run.run_id))
    runs = [run for of_level in levels.values() for run in of_level]
    write_runs(runs, arguments.out)
    fields = write_fields(runs, fields_path(arguments.out))
    for level, of_level in levels.items():
        print(f"{level}: {len(of_level)} runs, {sum(usable(run) for run in of_level)} usable")
    print(f"surface fields: {fields}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
