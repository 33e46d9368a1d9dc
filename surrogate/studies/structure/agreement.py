"""Beam against shell on sampled designs: what the cheap fidelity is worth.

    python -m maquette.surrogate.studies.structure.agreement --family chair -n 30 --runs out/chair.jsonl

Runs are appended one by one; what stands in the file is not run again. Ratios are beam over shell: their
median, and what nine in ten designs lie within.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from ....design.arrays import FloatArray
from ....design.errors import answers_errors
from ....design.family.contract import Family
from ....design.family.registry import get_family
from ....design.family.sampling import draws
from ....design.json_lines import append_line, read_lines
from ....design.structures.spread import DEFLECTION, SAFETY, STRESS
from .study import BEAM, SHELL, Structure

SEED = 16


def runs(family: Family, n: int, file: Path) -> list[dict[str, Mapping[str, float]]]:
    """Numbers by fidelity of `n` accepted designs, kept in `file`."""
    kept = read_lines(file, refuse=True) if file.is_file() else []
    known = {int(line.data["design"]): line.data for line in kept}
    study, found = Structure(), []
    accepted = (d.values for d in draws(family, SEED) if not d.broken)
    for k, values in enumerate(islice(accepted, n)):
        if k not in known:
            row: dict[str, object] = {"design": k}
            for fidelity in (BEAM, SHELL):
                run = study.observe(family, values, fidelity)
                row[fidelity] = {**run.outputs, **run.details, "seconds": run.seconds}
            known[k] = row
            append_line(json.dumps(row), file)
            print(k, end=" ", flush=True, file=sys.stderr)
        found.append(known[k])
    return found


def report(rows: Sequence[Mapping[str, Mapping[str, float]]]) -> str:
    """A table for people: rank correlation and ratio of every number that both fidelities give."""
    from scipy.stats import spearmanr

    names = [n for n in rows[0][SHELL] if n not in ("nodes", "seam_stress", "seconds")]
    names = [n for n in names if all(n in r[BEAM] and n in r[SHELL] for r in rows)]
    first = [SAFETY, STRESS, DEFLECTION, "mass"]
    lines = ["| number | rank correlation | beam / shell: median | nine in ten |", "|---|---|---|---|"]
    for name in [*first, *(n for n in names if n not in first)]:
        x, y = (np.array([r[f][name] for r in rows]) for f in (BEAM, SHELL))
        ratio: FloatArray = x / y
        low, high = np.quantile(ratio, (0.05, 0.95))
        rank = float(spearmanr(x, y)[0])
        lines.append(f"| {name} | {rank:.3f} | {np.median(ratio):.2f} | {low:.2f} to {high:.2f} |")
    seconds = [np.median([r[f]["seconds"] for r in rows]) for f in (BEAM, SHELL)]
    lines.append(f"\n{len(rows)} designs; median seconds of a run: {seconds[0]:.3f} and {seconds[1]:.1f}")
    return "\n".join(lines)


@answers_errors
def main(words: Sequence[str] | None = None) -> int:
    """Run what is missing and print the table; 2 on bad input."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--family", required=True)
    parser.add_argument("-n", type=int, default=30)
    parser.add_argument("--runs", type=Path, required=True, help="file that keeps them")
    given = parser.parse_args(words)
    print(report(runs(get_family(given.family), given.n, given.runs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
