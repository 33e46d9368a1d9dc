"""How far searches flatter themselves: designs that they chose, put through the study that was predicted.

    python -m maquette.ui.bench.audit --out out/audit [--family car] [--trials 150]

Twelve briefs of different bodies, one search each; the best design of each is simulated once at the study's
usual fidelity. A search picks what its model believes too well (the optimiser's curse; Smith and Winkler,
"The optimizer's curse", Management Science 52, 2006), so held-out errors do not tell this one. Every search
begins from the shipped model alone; a brief that has been verified is not searched again.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ...design.errors import InputError, answers_errors
from ...design.family.registry import get_family
from ...surrogate.studies.registry import study_of
from ..verbs.search import optimise

#: by family and name, what is asked; none of them is an example of the package
BRIEFS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "car": MappingProxyType(
            {
                "fastback": "a calm fastback under 4.75 m, front head room at least 950 mm, minimise drag",
                "saloon": "a notchback saloon between 4.6 and 4.8 m, boot at least 450 l, minimise drag",
                "estate": "a family estate under 4.8 m, boot at least 550 l, minimise drag",
                "suv": "a rugged SUV, ground clearance at least 200 mm, height at least 1620 mm, low drag",
                "city": "a small city car under 3.7 m, height at least 1450 mm, minimise drag",
                "hatchback": "a hatchback of 4.1 to 4.4 m, rear head room at least 930 mm, minimise drag",
                "coupe": "a low coupé under 4.5 m and 1.36 m high at most, wheelbase over 2.55 m, low drag",
                "van": "a van-like one-box at least 1.75 m high, under 4.7 m, minimise drag",
                "long": "a large saloon of 5.0 to 5.2 m, wheelbase at least 3.0 m, minimise drag",
                "crossover": "a crossover under 4.5 m, ground clearance at least 175 mm, minimise drag",
                "narrow": "a hatchback at most 1.75 m wide and at most 4.2 m long, minimise drag",
                "sporty": "a sporty fastback at most 1.40 m high, tyre width at least 235 mm, minimise drag",
            }
        )
    }
)
ASKED_INSIDE, ASKED_REGRET = 10, 0.04


@dataclass(frozen=True)
class Audited:
    """One search's best design: predicted, with its interval, and what the study gave (the output's unit)."""

    brief: str
    predicted: float
    lower: float
    upper: float
    simulated: float
    noise: float
    settled: bool

    @property
    def inside(self) -> bool:
        """Whether the study's value lies in the interval."""
        return self.lower <= self.simulated <= self.upper


def audit(family: str, out: Path, trials: int | None) -> list[Audited]:
    """Search and simulate what is not there yet, one brief after the other.

    Raises:
        InputError: a family without briefs for it.
        MissingComponentError: what the study needs is not installed.
    """
    if family not in BRIEFS:
        raise InputError(f"--family is {family!r}; there are audit briefs for {', '.join(BRIEFS)}")
    for seed, (name, brief) in enumerate(BRIEFS[family].items()):
        folder = out / name
        if not (folder / "optimise.json").is_file():
            os.environ["MAQUETTE_DATA"] = str(folder / "runs.jsonl")  # no search learns from another's run
            optimise(brief, folder, seed=seed, trials=trials, verify_top=1)
        print(f"{name}: {_line(_read(family, name, folder))}", flush=True)
    return [_read(family, name, out / name) for name in BRIEFS[family]]


def _read(family: str, name: str, folder: Path) -> Audited:
    """What a search's own record says of its winner."""
    winner: dict[str, Any] = json.loads((folder / "optimise.json").read_text())["verified"][0]
    headline = study_of(get_family(family)).headline.name
    found = next(c for c in winner["compared"] if c["quantity"] == headline)
    numbers = {k: float(found[k]) for k in ("predicted", "lower", "upper", "simulated", "noise")}
    return Audited(brief=name, settled=bool(winner["converged"]), **numbers)


def regrets(rows: Sequence[Audited], sign: float) -> list[float]:
    """How much worse than predicted each design is, as a share of it (`sign` +1: less is better)."""
    return [sign * (row.simulated - row.predicted) / row.predicted for row in rows]


def _line(row: Audited) -> str:
    where = "inside" if row.inside else "OUTSIDE"
    state = "" if row.settled else ", did not settle"
    return (
        f"predicted {row.predicted:.4f} ({row.lower:.4f} to {row.upper:.4f}), simulated "
        f"{row.simulated:.4f} +- {row.noise:.4f}: {where}{state}"
    )


@answers_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Search twelve briefs, simulate each winner, and say how far the model was off."""
    parser = argparse.ArgumentParser(prog="python -m maquette.ui.bench.audit", description=main.__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--family", default="car")
    parser.add_argument("--trials", type=int, default=150)
    a = parser.parse_args(argv)
    rows = audit(a.family, a.out, a.trials)
    settled = [row for row in rows if row.settled]
    found = regrets(settled, study_of(get_family(a.family)).headline.sign)
    print(f"settled: {len(settled)} of {len(rows)}")
    print(
        f"inside the 90 % interval: {sum(r.inside for r in settled)} (asked: {ASKED_INSIDE} of {len(rows)})"
    )
    print(f"mean regret: {100 * statistics.mean(found):+.1f} % (asked: at most {100 * ASKED_REGRET:.0f} %)")
    print(f"worst: {100 * max(found):+.1f} %, median: {100 * statistics.median(found):+.1f} %")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
