"""How far searches flatter themselves: designs that they chose, put through the study that was predicted.

    python -m maquette.ui.bench.audit --out out/audit [--family car] [--trials 150] [--seed 0] [--workers 2]

Twelve briefs of different bodies, one search each from the shipped model alone; the best design of each is
simulated once at the study's usual fidelity. A search picks what its model believes too well (the optimiser's
curse; Smith and Winkler, "The optimizer's curse", Management Science 52, 2006); held-out errors say nothing
of its winners. Promises lie in ``promised.jsonl``, runs as a campaign's in ``runs.jsonl``: the same call goes
on where it stopped, and `maquette.surrogate.runs.dataset` takes the runs into the training data.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType

from ...constraints.requirements.sentence import parse
from ...constraints.search.search import search
from ...design.errors import InputError, answers_errors
from ...design.family.contract import Family
from ...design.family.registry import get_family
from ...design.json_lines import append_line, read_lines
from ...surrogate.models.surrogate import load_surrogate
from ...surrogate.runs.campaign import RUNS_FILE, run_campaign
from ...surrogate.runs.dataset import design_key, read_jsonl
from ...surrogate.studies.record import Observation
from ...surrogate.studies.registry import study_of

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
PROMISED_FILE = "promised.jsonl"
ASKED_INSIDE, ASKED_REGRET = 10, 0.04


@dataclass(frozen=True)
class Promised:
    """One search's best design and what the model said of its headline output, with the 90 % interval."""

    brief: str
    values: dict[str, float]
    predicted: float
    lower: float
    upper: float
    in_domain: bool


@dataclass(frozen=True)
class Audited:
    """A promise and the run that answers it."""

    promise: Promised
    simulated: float
    noise: float

    @property
    def inside(self) -> bool:
        """Whether the study's value lies in the interval."""
        return self.promise.lower <= self.simulated <= self.promise.upper

    def regret(self, sign: float) -> float:
        """How much worse than predicted, as a share of it (`sign` +1: less is better)."""
        return sign * (self.simulated - self.promise.predicted) / self.promise.predicted


def promises(family: Family, out: Path, trials: int, seed: int) -> list[Promised]:
    """What each search promises; searches that are written down already are not made again.

    Raises:
        InputError: a family without briefs for it.
    """
    if family.name not in BRIEFS:
        raise InputError(f"--family is {family.name!r}; there are audit briefs for {', '.join(BRIEFS)}")
    file = out / PROMISED_FILE
    rows = [Promised(**line.data) for line in read_lines(file)] if file.is_file() else []
    model = load_surrogate(family.name, local=False)
    for k, (name, brief) in enumerate(BRIEFS[family.name].items()):
        if any(row.brief == name for row in rows):
            continue
        asked = replace(parse(brief, family).brief, seed=seed + k)
        design = search(asked, model, trials=trials, family=family).best[0].design
        values = {p.name: float(design.parameters[p.name]) for p in family.parameters}  # runs know no looks
        said = model.predict_design(values, family.measures(values))[model.study.headline.name]
        rows.append(Promised(name, values, said.value, said.lower, said.upper, said.in_domain))
        append_line(json.dumps(asdict(rows[-1])), file)
    return rows


def answered(rows: Sequence[Promised], runs: Sequence[Observation], output: str) -> list[Audited]:
    """The promises whose runs settled."""
    by = {design_key(run.parameters): run for run in runs if run.converged}
    found = [(row, by.get(design_key(row.values))) for row in rows]
    return [Audited(row, run.outputs[output], run.noise[output]) for row, run in found if run is not None]


def told(rows: Sequence[Promised], found: Sequence[Audited], sign: float) -> str:
    """The audit in lines: each design, then how many lay inside and how much worse they were."""
    lines = []
    for one in found:
        p, where = one.promise, "inside" if one.inside else "OUTSIDE"
        domain = "" if p.in_domain else ", said to be outside the simulated designs"
        lines.append(
            f"{p.brief}: predicted {p.predicted:.4f} ({p.lower:.4f} to {p.upper:.4f}{domain}), simulated "
            f"{one.simulated:.4f} +- {one.noise:.4f}: {where}, {100 * one.regret(sign):+.1f} %"
        )
    lines.append(f"settled: {len(found)} of {len(rows)}")
    if found:
        regrets = [one.regret(sign) for one in found]
        inside = sum(one.inside for one in found)
        lines.append(f"inside the 90 % interval: {inside} (asked: {ASKED_INSIDE} of {len(rows)})")
        asked = f"asked: at most {100 * ASKED_REGRET:.0f} %"
        lines.append(f"mean regret: {100 * statistics.mean(regrets):+.1f} % ({asked})")
        lines.append(f"worst: {100 * max(regrets):+.1f} %, median: {100 * statistics.median(regrets):+.1f} %")
    return "\n".join(lines)


@answers_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Search twelve briefs, simulate each winner, and say how far the model was off."""
    parser = argparse.ArgumentParser(prog="python -m maquette.ui.bench.audit", description=main.__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--family", default="car")
    parser.add_argument("--trials", type=int, default=150)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    a = parser.parse_args(argv)
    family = get_family(a.family)
    study = study_of(family)
    rows = promises(family, a.out, a.trials, a.seed)
    run_campaign(
        family, len(rows), study.standard, a.out, designs=[row.values for row in rows], workers=a.workers,
        recipe=study.recipe,
    )  # fmt: skip
    found = answered(rows, read_jsonl(a.out / RUNS_FILE), study.headline.name)
    print(told(rows, found, study.headline.sign))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
