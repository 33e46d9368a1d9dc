"""Speed, memory and quality, measured on this machine and printed as ratios where a ratio says more.

    python -m maquette.ui.bench [--only start|geometry|structure|surrogate|concepts|design|studio]
                                [--brief TEXT] [--family car] [--json] [--skip-design] [--concept-model DIR]
                                [--sheet DIR]

Leaves with 1 when a promise does not hold. Run it on an idle machine; each number names what it is.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ...design.errors import ModelError, answers_errors
from ...design.family.registry import get_family
from ..doctor import machine_name
from ..output import plain
from .rows import SENTENCE, Row, print_rows
from .timing import design_rows, geometry_rows, start_rows, structure_rows, surrogate_rows

PARTS = ("start", "geometry", "structure", "surrogate", "concepts", "design", "studio")


@answers_errors
def main(argv: list[str] | None = None) -> int:
    """Measure, print, and return 1 when a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m maquette.ui.bench", description=main.__doc__)
    parser.add_argument("--family", default="car")
    parser.add_argument("--brief", default=SENTENCE)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--skip-design", action="store_true", help="leave the whole run of `maquette design` out"
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="this part alone; may be repeated")
    parser.add_argument("--concept-model", type=Path, metavar="DIR", help="instead of the shipped one")
    parser.add_argument("--concept-designs", type=Path, metavar="FILE", help="its training designs (.npz)")
    parser.add_argument("--sheet", type=Path, metavar="DIR", help="for pictures of the concepts measured")
    a = parser.parse_args(argv)
    rows = _measured(a)
    if a.json:
        print(
            json.dumps(
                plain({"machine": machine_name(), "rows": rows, "holds": [r.holds for r in rows]}), indent=2
            )
        )
    else:
        print_rows(rows)
    return 0 if all(r.holds for r in rows) else 1


def _measured(a: argparse.Namespace) -> list[Row]:
    """The rows of every part that is asked for."""
    family = get_family(a.family)
    parts = a.only or [part for part in PARTS if part != "design" or not a.skip_design]
    rows: list[Row] = []
    if "start" in parts:
        rows += start_rows()
    if "geometry" in parts:
        rows += geometry_rows(family)
    if "structure" in parts:
        rows += structure_rows()
    if "surrogate" in parts:
        rows += surrogate_rows(family)
    if "concepts" in parts:
        from .concepts import concept_rows

        try:
            rows += concept_rows(family, a.concept_model, a.sheet, a.concept_designs)
        except ModelError as error:
            if a.only or a.concept_model:
                raise
            print(f"no concept model to measure: {error}", file=sys.stderr)
    if "design" in parts:
        rows += design_rows(a.brief)
    if "studio" in parts:
        from .studio import studio_rows

        rows += studio_rows()
    return rows


if __name__ == "__main__":
    raise SystemExit(main())
