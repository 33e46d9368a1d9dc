"""Fresh designs handed over as bare shapes, turned and in any unit: what comes back of them.

python -m maquette.surrogate.models.shape.bench --family car -n 12
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from ....design.errors import answers_errors
from ....design.exchange.export import write_stl
from ....design.exchange.shapes.axes import UNITS, known_bodies, turns
from ....design.exchange.shapes.prepared import prepare
from ....design.family.registry import get_family
from ....design.family.sampling import sample
from ....design.geometry.measures import frontal_area
from ....design.geometry.mesh import Mesh
from ..surrogate import load_surrogate
from .answers import answer
from .model import load_shape_model, shipped_shape_model_path


def measure(family_name: str, n: int, seed: int) -> list[dict[str, Any]]:
    """A row a design: was it laid right, is it inside, what does the nearest body leave over, do the answers
    agree, how long it took."""
    family = get_family(family_name)
    model = load_shape_model(shipped_shape_model_path(family_name))
    predictor = load_surrogate(family, local=False)
    own = known_bodies(family)
    known = replace(own, profiles=np.vstack([own.profiles, model.profiles]))
    rng = np.random.default_rng(seed)
    rows = []
    with TemporaryDirectory(prefix="maquette-shapes-") as folder:
        for design in sample(family, n, seed).designs:
            hull = family.hull(design.parameters)
            turn = turns()[int(rng.integers(24))]
            unit = list(UNITS)[int(rng.integers(len(UNITS)))]
            path = Path(folder) / "body.stl"
            write_stl(Mesh(hull.vertices @ turn.T / UNITS[unit], hull.faces), path)
            began = time.process_time()
            shape = prepare(path, known)
            found = answer(model, predictor, shape.mesh, {"frontal_area": frontal_area(shape.mesh)})
            first = next(iter(found.predictions.values()))
            off = float(np.abs(shape.mesh.bounds - (hull.bounds - [hull.bounds[0, 0], 0.0, 0.0])).max())
            sizes = np.allclose(np.ptp(shape.mesh.bounds, axis=0), np.ptp(hull.bounds, axis=0), rtol=1e-3)
            nose = float(np.abs(shape.mesh.centroid[0] - (hull.centroid[0] - hull.bounds[0, 0])))
            rows.append(
                {
                    "unit": shape.placing.unit == unit,
                    "laid": bool(sizes and off < 2.0 and nose < 5.0),
                    "sure": shape.certain,
                    "inside": first.in_domain,
                    "left_over_mm": None if found.fit is None else round(found.fit.left_over, 1),
                    "disagreement": {k: round(v, 2) for k, v in found.disagreement.items()},
                    "seconds": round(time.process_time() - began, 2),
                    "reason": first.reason,
                }
            )
    return rows


@answers_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Measure the way of fresh designs through shapes and print a line each, and the shares."""
    parser = argparse.ArgumentParser(
        prog="python -m maquette.surrogate.models.shape.bench", description=main.__doc__
    )
    parser.add_argument("--family", default="car")
    parser.add_argument("-n", type=int, default=12)
    parser.add_argument("--seed", type=int, default=7)
    a = parser.parse_args(argv)
    rows = measure(a.family, a.n, a.seed)
    for row in rows:
        print(row)
    left = [r["left_over_mm"] for r in rows if r["left_over_mm"] is not None]
    wrong = sum(r["sure"] and not r["laid"] for r in rows)
    print(
        f"{len(rows)} designs: unit right {sum(r['unit'] for r in rows)}, laid right "
        f"{sum(r['laid'] for r in rows)}, laid wrong though sure {wrong}, "
        f"inside {sum(r['inside'] for r in rows)}; nearest body median {np.median(left):.1f} mm off, worst "
        f"{max(left):.1f} mm; median {np.median([r['seconds'] for r in rows]):.1f} s of processor time"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
