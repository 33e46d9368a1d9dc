"""The mesh study on the Ahmed body: run it, keep it as JSON, print it as a table.

python -m maquette.surrogate.physics.study --slants 12.5,25,35 --levels coarse,medium
python -m maquette.surrogate.physics.study --table
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from ...design.family import get_family
from .recipe import RECIPE
from .record import LEVELS, RunResult
from .simulate import simulate

DEFAULT_OUT = Path(__file__).resolve().parents[2] / "assets" / "data" / "ahmed_study.json"

#: slant (deg) to measured drag with what it means; 1:1 model, 40 to 60 m/s, on stilts unless said otherwise
MEASURED: dict[float, str] = {
    12.5: "0.230 (Ahmed 1984, read off a figure)",
    25.0: "0.299 on stilts (Meile 2011); 0.274-0.282 with their drag taken off (Gutierrez 2020)",
    35.0: "0.279 on stilts (Meile 2011)",
}


def run_case(slant: float, level: str, cancel: threading.Event) -> RunResult:
    """One standard body at 40 m/s."""
    family = get_family("ahmed")
    values = family.accept({**family.defaults(), "slant_angle": slant})
    return simulate(
        family.hull(values),
        level,
        run_id=f"ahmed-{slant:g}-{level}",
        family="ahmed",
        parameters=values,
        reference_area=family.measures(values)["frontal_area"],
        speed=family.reference_speed,
        cancel=cancel,
    )


def run_study(slants: Sequence[float], levels: Sequence[str], out: Path, workers: int = 2) -> list[RunResult]:
    """Run the cases that `out` does not hold yet (of this recipe), saving after each."""
    runs = {r.run_id: r for r in read_study(out) if r.recipe == RECIPE}
    wanted = [(s, level) for level in levels for s in slants if f"ahmed-{s:g}-{level}" not in runs]
    cancel = threading.Event()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for future in as_completed([pool.submit(run_case, s, level, cancel) for s, level in wanted]):
                run = future.result()
                runs[run.run_id] = run
                write_study(list(runs.values()), out)
                print(f"{run.run_id}: Cd {run.cd:.4f}, {run.seconds:.0f} s", file=sys.stderr, flush=True)
        except BaseException:
            cancel.set()
            pool.shutdown(cancel_futures=True)
            raise
    return list(runs.values())


def read_study(path: Path) -> list[RunResult]:
    """Runs of a study file; none when it is not there."""
    if not path.is_file():
        return []
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["runs"]
    return [RunResult(**row) for row in rows]


def write_study(runs: Sequence[RunResult], path: Path) -> None:
    """Runs ordered by slant and level."""
    ordered = sorted(runs, key=lambda r: (r.parameters["slant_angle"], LEVELS.index(r.level)))
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"schema_version": 1, "runs": [dataclasses.asdict(r) for r in ordered]}, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def table(runs: Sequence[RunResult]) -> str:
    """Markdown table of a study."""
    rows = [
        "| slant | mesh | cells | iterations | seconds | Cd | scatter | windows differ | Cl | measured Cd |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for r in runs:
        slant = r.parameters["slant_angle"]
        settled = f"{100 * r.cd_drift:.2f} %" if r.converged else f"not converged: {r.reason}"
        rows.append(
            f"| {slant:g} | {r.level} | {r.cells} | {r.iterations} | {r.seconds:.0f} "
            f"| {r.cd:.4f} | {r.cd_std:.4f} | {settled} | {r.cl:.3f} | {MEASURED.get(slant, '-')} |"
        )
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the study."""
    parser = argparse.ArgumentParser(prog="python -m maquette.surrogate.physics.study", description=__doc__)
    parser.add_argument("--slants", default="12.5,25,35", help="degrees, comma separated")
    parser.add_argument("--levels", default="coarse,medium", help=f"of {', '.join(LEVELS)}")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--table", action="store_true", help="only print the table of what is there")
    given = parser.parse_args(arguments)
    if not given.table:
        slants = [float(s) for s in given.slants.split(",")]
        run_study(slants, given.levels.split(","), given.out, given.workers)
    print(table(read_study(given.out)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
