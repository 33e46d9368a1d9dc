"""Does drag guidance lower the drag? CFD of guided and unguided bodies of the same briefs and seeds.

    python -m maquette.ui.bench.guided_cfd --out DIR [--mesh coarse] [--pairs 10] [--concept-model DIR]

Draws one sketch of each held-out brief without and one with drag guidance, from the same noise, reads both
bodies, simulates them as a campaign, and prints the mean drag coefficients and the paired difference with its
standard error. Every finished run is on disk (DIR/runs.jsonl); the same command goes on from there. Minutes a
run on the coarse mesh.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...design.errors import InputError, answers_errors
from ...design.family.contract import Family
from ...design.family.registry import get_family
from ...surrogate.runs.campaign import RUNS_FILE, run_campaign
from ...surrogate.runs.dataset import design_key, read_jsonl
from ...surrogate.studies.record import Observation
from ...surrogate.studies.registry import study_of
from ..output import prepare_folder, write_json
from ..progress import seconds_text

PAIRS, MOST_PAIRS = 10, 100
#: of the briefs and of the sketches
SEED = 307
BODIES = "bodies.json"
DRAG = "drag_coefficient"
SCHEMA = 1

Key = tuple[int, bool]


@dataclass(frozen=True)
class Body:
    """A body to simulate: which pair it belongs to, with or without guidance, and its predicted drag."""

    pair: int
    guided: bool
    prompt: str
    values: Mapping[str, float]
    predicted: float

    @property
    def key(self) -> Key:
        """What tells it apart from the others of a folder."""
        return self.pair, self.guided


@dataclass(frozen=True)
class Summary:
    """What the pairs say in which both runs converged.

    Attributes:
        pairs: how many. plain, guided: mean drag coefficients.
        difference, error: mean of guided less plain, and its standard error (nan below two pairs).
        predicted: the same mean difference as the surrogate predicted it.
        fell: in how many pairs the drag fell.
        left_out: pairs with a run that did not converge, or that is not done yet.
    """

    pairs: int
    plain: float
    guided: float
    difference: float
    error: float
    predicted: float
    fell: int
    left_out: tuple[int, ...]


@answers_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Simulate guided and unguided bodies and compare their drag; the same command goes on from a stop."""
    parser = argparse.ArgumentParser(prog="python -m maquette.ui.bench.guided_cfd", description=main.__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--mesh", default="coarse", metavar="LEVEL", help="coarse, medium or fine")
    parser.add_argument("--pairs", type=int, default=PAIRS, metavar="N")
    parser.add_argument("--family", default="car")
    parser.add_argument("--concept-model", type=Path, metavar="DIR", help="instead of the shipped one")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="runs at a time, one core each")
    a = parser.parse_args(argv)
    try:
        found = run(get_family(a.family), a.out, a.mesh, a.pairs, folder=a.concept_model, workers=a.workers)
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here", file=sys.stderr)
        return 130
    print(text_of(found, a.mesh))
    return 0


def run(
    family: Family, out: Path, mesh: str, pairs: int = PAIRS, *, folder: Path | None = None, workers: int = 2
) -> Summary:
    """Draw what is not drawn, simulate what is not simulated, and sum up.

    Raises:
        InputError: a count or mesh level that is not allowed, or a folder with bodies of other settings.
        MissingComponentError: OpenFOAM is not installed. ModelError: no concept model.
        KeyboardInterrupt: interrupted; finished runs are on disk, running ones are killed.
    """
    if not 1 <= pairs <= MOST_PAIRS or workers < 1:
        raise InputError(f"pairs is {pairs}, workers {workers}; allowed 1 to {MOST_PAIRS}, and at least 1")
    study = study_of(family)
    study.check_fidelity(mesh)
    study.require()
    place = prepare_folder(out)
    bodies = bodies_of(family, place / BODIES, pairs, folder)
    designs = [{p.name: float(b.values[p.name]) for p in family.parameters} for b in bodies]
    run_campaign(family, len(designs), mesh, place, designs=designs, workers=workers, progress=_tell)
    file = place / RUNS_FILE
    runs = {design_key(run.parameters): run for run in read_jsonl(file) if run.fidelity == mesh}
    return summary(bodies, {b.key: runs.get(design_key(d)) for b, d in zip(bodies, designs, strict=True)})


def _tell(done: int, planned: int, run: Observation) -> None:
    value = f"Cd {run.outputs[DRAG]:.4f}" if run.converged else f"no value ({run.reason})"
    print(f"{run.run_id}: {value}, {seconds_text(run.seconds)}; {planned - done} left", file=sys.stderr)


# -- bodies ----------------------------------------------------------------------------------------------


def bodies_of(family: Family, file: Path, pairs: int, folder: Path | None) -> list[Body]:
    """The bodies in `file`; drawn, read and written there first where there is none.

    Raises:
        InputError: the file's bodies were made with other settings.
    """
    from .steering import DRAG_GUIDANCE

    settings = {
        "schema_version": SCHEMA,
        "family": family.name,
        "declaration_hash": family.declaration_hash,
        "pairs": pairs,
        "seed": SEED,
        "drag_guidance": DRAG_GUIDANCE,
    }
    if file.exists():
        return read_bodies_file(file, settings)
    bodies = _draw(family, pairs, folder, DRAG_GUIDANCE)
    write_json({**settings, "bodies": [asdict(body) for body in bodies]}, file)
    return bodies


def read_bodies_file(file: Path, settings: Mapping[str, Any]) -> list[Body]:
    """The bodies of a file that was written with the same settings (:class:`InputError` otherwise)."""
    from ...design.reading import read_json

    data = read_json(file)
    for name, wanted in settings.items():
        there = data.get(name) if isinstance(data, Mapping) else None
        if there != wanted:
            raise InputError(f"{file}: {name} is {there!r}, now {wanted!r}; give another --out")
    try:
        return [Body(**row) for row in data["bodies"]]
    except (KeyError, TypeError) as error:
        raise InputError(f"{file}: not a list of bodies ({error})") from error


def _draw(family: Family, pairs: int, folder: Path | None, strength: float) -> list[Body]:
    """One body of each brief without and one with guidance, as their sketches show them."""
    from ...design.concepts.generate.loading import load_concepts
    from ...design.concepts.training.captions import held_out_prompts
    from .sketches import draw_sheet, predicted_drag, read_many, said_of

    pipe = load_concepts(family, folder)
    prompts = [text for text, _ in held_out_prompts(pairs, SEED, family)]
    keys: list[tuple[int, bool]] = []
    sketches = []
    for k, brief in enumerate(said_of(prompts, pipe)):
        for guided in (False, True):
            keys.append((k, guided))
            sketches += draw_sheet(pipe, brief, SEED + k, strength if guided else 0.0, n=1)
    found = []
    for body, (k, guided) in zip(read_many(sketches, family), keys, strict=True):
        if isinstance(body, str):
            raise InputError(f"pair {k}: no body could be read from its sketch ({body})")
        found.append((k, guided, dict(body.values)))
    drag = predicted_drag(family, [values for _, _, values in found])
    return [
        Body(k, guided, prompts[k], values, float(cd))
        for (k, guided, values), cd in zip(found, drag, strict=True)
    ]


# -- what the runs say -----------------------------------------------------------------------------------


def summary(bodies: Sequence[Body], runs: Mapping[Key, Observation | None]) -> Summary:
    """Paired comparison over the pairs in which both runs gave a drag coefficient."""
    rows, predicted, left_out = [], [], []
    said = {body.key: body.predicted for body in bodies}
    for k in sorted({body.pair for body in bodies}):
        without, guided = (_drag(runs.get((k, which))) for which in (False, True))
        if without is None or guided is None:
            left_out.append(k)
            continue
        rows.append((without, guided))
        predicted.append(said[k, True] - said[k, False])
    falls = [b - a for a, b in rows]
    nan = float("nan")
    return Summary(
        pairs=len(rows),
        plain=statistics.mean(a for a, _ in rows) if rows else nan,
        guided=statistics.mean(b for _, b in rows) if rows else nan,
        difference=statistics.mean(falls) if falls else nan,
        error=statistics.stdev(falls) / math.sqrt(len(falls)) if len(falls) > 1 else nan,
        predicted=statistics.mean(predicted) if predicted else nan,
        fell=sum(fall < 0.0 for fall in falls),
        left_out=tuple(left_out),
    )


def text_of(s: Summary, mesh: str) -> str:
    """The summary in three lines."""
    lines = [
        f"{s.pairs} pairs on the {mesh} mesh: mean Cd {s.plain:.4f} without, {s.guided:.4f} with guidance",
        f"guided less unguided: {s.difference:+.4f} with standard error {s.error:.4f}, predicted "
        f"{s.predicted:+.4f}; the drag fell in {s.fell} of {s.pairs}",
    ]
    if s.left_out:
        names = ", ".join(str(k) for k in s.left_out)
        lines.append(f"left out, a run absent or not converged: pair {names}")
    return "\n".join(lines)


def _drag(run: Observation | None) -> float | None:
    """The drag coefficient of a run; None where there is none that can be trusted."""
    if run is None or not run.converged or not math.isfinite(run.outputs[DRAG]):
        return None
    return run.outputs[DRAG]


if __name__ == "__main__":
    raise SystemExit(main())
