"""How well bodies are read from drawings of them, over random designs.

    python -m maquette.design.concepts.fit.bench --family chair -n 16 --runs out/fits.jsonl

The artist draws each design in a style in turn, the scale and the view are told (`--blind`: neither), and the
body is read back. Runs are appended one by one; what stands in the file is not run again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import answers_errors
from ...family.contract import Family
from ...family.parameters import whole_columns
from ...family.registry import get_family
from ...family.sampling import draws
from ...json_lines import append_line, read_lines
from ..artist.draw import draw
from ..artist.frame import STYLES
from .body import body_from_image

SEED = 11


def runs(family: Family, n: int, view: str, blind: bool, file: Path) -> list[dict[str, Any]]:
    """One row for each of `n` accepted designs, kept in `file`."""
    kept = read_lines(file, refuse=True) if file.is_file() else []
    known = {int(line.data["design"]): line.data for line in kept}
    accepted = (d.values for d in draws(family, SEED) if not d.broken)
    found = []
    for k, values in enumerate(islice(accepted, n)):
        if k not in known:
            known[k] = {"design": k, **_read_back(family, values, view, k, blind)}
            append_line(json.dumps(known[k]), file)
            print(k, end=" ", flush=True, file=sys.stderr)
        found.append(known[k])
    return found


def _read_back(family: Family, truth: Mapping[str, float], view: str, k: int, blind: bool) -> dict[str, Any]:
    picture = draw(family.mesh(truth), family.frame, view, STYLES[k % len(STYLES)], k).ink
    scale = None if blind else family.frame.mm_per_pixel
    began = time.process_time()
    body = body_from_image(picture, family, mm_per_px=scale, view=None if blind else view)
    seconds = time.process_time() - began
    whole = [family.parameters[j].name for j in whole_columns(family.declaration)]
    return {
        "iou": body.agreement.iou,
        "view": body.view == view,
        "seconds": seconds,
        "right": {n: body.values[n] == truth[n] for n in whole},
        "unsure": list(body.unsure),
    }


def report(rows: Sequence[Mapping[str, Any]]) -> str:
    """A table for people: overlap, processor time, how often each whole number is right where the fit does
    not say that it cannot tell (a panel has no slats to count)."""
    median, worst = np.quantile([r["iou"] for r in rows], (0.5, 0.1))
    lines = [
        f"| read back | of {len(rows)} |",
        "|---|---|",
        f"| silhouette IoU, median / worst tenth | {median:.3f} / {worst:.3f} |",
        f"| view right | {sum(r['view'] for r in rows)} |",
    ]
    for name in rows[0]["right"]:
        told = [r for r in rows if name not in r["unsure"]]
        lines.append(
            f"| {name} right, of those told | {sum(r['right'][name] for r in told)} of {len(told)} |"
        )
    seconds = [r["seconds"] for r in rows]
    lines.append(f"| processor time, median / most | {np.median(seconds):.0f} / {max(seconds):.0f} s |")
    return "\n".join(lines)


@answers_errors
def main(words: Sequence[str] | None = None) -> int:
    """Read what is missing and print the table; 2 on bad input."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--family", required=True)
    parser.add_argument("-n", type=int, default=16)
    parser.add_argument("--view", help="of the family's frame; its first one if left out")
    parser.add_argument("--blind", action="store_true", help="neither scale nor view is told")
    parser.add_argument("--runs", type=Path, required=True, help="file that keeps them")
    given = parser.parse_args(words)
    family = get_family(given.family)
    view = given.view or family.frame.names[0]
    family.frame.view(view)
    print(report(runs(family, given.n, view, given.blind, given.runs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
