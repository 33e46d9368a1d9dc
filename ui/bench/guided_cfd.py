"""Does drag guidance lower the drag? CFD of guided and unguided bodies of the same briefs and seeds.

    python -m maquette.ui.bench.guided_cfd --out DIR [--mesh coarse] [--pairs 10] [--concept-model DIR]

Draws one sketch of each held-out brief without and one with drag guidance, from the same noise, reads both
bodies, simulates them, and prints the mean drag coefficients and the paired difference with its standard
error. Every finished run is on disk (DIR/cases.jsonl) before the next begins; the same command goes on from
there. Minutes a run on the coarse mesh.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import statistics
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...design.errors import InputError, MaquetteError, MissingComponentError, answers_errors
from ...design.family.contract import Family
from ...design.family.registry import get_family
from ...design.json_lines import append_line, read_lines
from ..output import plain, prepare_folder, write_json
from ..progress import seconds_text

if TYPE_CHECKING:
    from ...surrogate.studies.record import Observation

PAIRS, MOST_PAIRS = 10, 100
#: of the briefs and of the sketches
SEED = 307
BODIES, CASES = "bodies.json", "cases.jsonl"
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
class Case:
    """One finished run; `cd` is None where it did not converge, and `reason` says why."""

    pair: int
    guided: bool
    mesh: str
    predicted: float
    cd: float | None
    cd_std: float | None
    seconds: float
    reason: str = ""
    schema_version: int = SCHEMA

    @property
    def key(self) -> Key:
        """What tells it apart from the others of a mesh."""
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
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # no solver outlives this program
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
    from ...surrogate.studies.registry import study_of

    study = study_of(family)
    study.check_fidelity(mesh)
    if not 1 <= pairs <= MOST_PAIRS or workers < 1:
        raise InputError(f"pairs is {pairs}, workers {workers}; allowed 1 to {MOST_PAIRS}, and at least 1")
    study.require()
    place = prepare_folder(out)
    bodies = bodies_of(family, place / BODIES, pairs, folder)
    _simulate(family, still_open(bodies, read_cases(place / CASES, mesh)), mesh, place / CASES, workers)
    return summary(bodies, read_cases(place / CASES, mesh))


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


# -- cases -----------------------------------------------------------------------------------------------


def read_cases(file: Path, mesh: str) -> dict[Key, Case]:
    """Finished runs on that mesh; the latest of a body counts, a last line cut short is not there.

    Raises:
        InputError: another line that is not a case.
    """
    if not file.is_file():
        return {}
    found: dict[Key, Case] = {}
    for line in read_lines(file, refuse=True):
        try:
            case = Case(**line.data)
        except TypeError as error:
            raise InputError(f"{file} line {line.number}: it is not a case ({error})") from error
        if case.mesh == mesh:
            found[case.key] = case
    return found


def add_case(file: Path, case: Case) -> None:
    """Append one whole line, on disk when this returns; half a line that a crash left is cut off first."""
    append_line(json.dumps(plain(case)), file)


def still_open(bodies: Sequence[Body], cases: Mapping[Key, Case]) -> list[Body]:
    """Bodies without a finished run, pair by pair; a run that did not converge is not repeated."""
    return sorted((body for body in bodies if body.key not in cases), key=lambda body: body.key)


def summary(bodies: Sequence[Body], cases: Mapping[Key, Case]) -> Summary:
    """Paired comparison over the pairs in which both runs gave a drag coefficient."""
    rows, predicted, left_out = [], [], []
    for k in sorted({body.pair for body in bodies}):
        without, guided = cases.get((k, False)), cases.get((k, True))
        if without is None or guided is None or without.cd is None or guided.cd is None:
            left_out.append(k)
            continue
        rows.append((without.cd, guided.cd))
        predicted.append(guided.predicted - without.predicted)
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


def case_of(body: Body, run: Observation) -> Case:
    """A run as a case of the comparison."""
    good = run.converged and math.isfinite(run.outputs[DRAG])
    return Case(
        body.pair,
        body.guided,
        run.fidelity,
        body.predicted,
        run.outputs[DRAG] if good else None,
        run.noise[DRAG] if good else None,
        run.seconds,
        run.reason,
    )


def _simulate(family: Family, bodies: Sequence[Body], mesh: str, file: Path, workers: int) -> None:
    """Run what is open, `workers` at a time; a run that cannot be solved is written down as such."""
    from ...surrogate.studies.registry import simulate_design

    cancel = threading.Event()
    waiting, going = list(reversed(bodies)), dict[Future["Observation"], Body]()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="cfd")
    try:
        while waiting or going:
            while waiting and len(going) < workers:
                body = waiting.pop()
                future = pool.submit(
                    simulate_design, family.studies[0], family.name, dict(body.values), mesh, cancel=cancel
                )
                going[future] = body
            ended, _ = wait(going, return_when=FIRST_COMPLETED)
            for future in ended:
                body = going.pop(future)
                try:
                    case = case_of(body, future.result())
                except MissingComponentError:
                    raise
                except MaquetteError as error:
                    case = Case(*body.key, mesh, body.predicted, None, None, 0.0, str(error))
                add_case(file, case)
                name = f"pair {body.pair} {'guided' if body.guided else 'unguided'}"
                value = f"Cd {case.cd:.4f}" if case.cd is not None else f"no value ({case.reason})"
                left = len(waiting) + len(going)
                print(f"{name}: {value}, {seconds_text(case.seconds)}; {left} left", file=sys.stderr)
    finally:
        cancel.set()
        pool.shutdown(wait=True, cancel_futures=True)


if __name__ == "__main__":
    raise SystemExit(main())
