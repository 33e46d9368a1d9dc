"""What each verb returns: frozen records whose fields are the keys of the command line's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # `maquette --help` loads this module, and need not load numpy
    from ..design.family.records import Design
    from ..design.rendering.surface_report import SurfaceReport

DONE, FAILED, BAD_INPUT, MISSING, UNFINISHED, INTERRUPTED = 0, 1, 2, 3, 4, 130


@dataclass(frozen=True)
class Result:
    """Common root. `exit_code` is what the command line leaves with."""

    @property
    def exit_code(self) -> int:
        """0 when all is well, 1 when a requirement or a check failed."""
        return DONE

    @property
    def own(self) -> dict[str, Any]:
        """The fields by name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True)
class FamilyInfo:
    """One installed family: its parameters and choices by group, starting points, measures, surrogate."""

    name: str
    title: str
    parameters: Mapping[str, Any]
    archetypes: tuple[str, ...]
    measures: Mapping[str, str]
    declaration_hash: str
    model: str | None
    choices: Mapping[str, Any] = field(default_factory=dict)
    catalogue: tuple[Any, ...] = ()


@dataclass(frozen=True)
class FamiliesResult(Result):
    """Installed families."""

    families: tuple[FamilyInfo, ...]


@dataclass(frozen=True)
class Component:
    """Something Maquette uses.

    Attributes:
        name, kind: what it is; kind is ``python``, ``package``, ``solver``, ``library``, ``model``, ``data``.
        present, version: what was found.
        needed: False when only some commands need it.
        note: what it is for, or how to get it when it is absent.
    """

    name: str
    kind: str
    present: bool
    version: str
    needed: bool
    note: str


@dataclass(frozen=True)
class DoctorResult(Result):
    """What is installed and what is missing."""

    version: str
    machine: Mapping[str, Any]
    components: tuple[Component, ...]
    missing: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """3 when something that every installation needs is absent."""
        return MISSING if any(c.needed and not c.present for c in self.components) else DONE


@dataclass(frozen=True)
class SampledDesign:
    """One accepted draw. `valid`, `fault` and `seconds` are None unless it was built exactly."""

    file: Path | None
    parameters: Mapping[str, float]
    watertight: bool
    valid: bool | None = None
    fault: str | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class RejectedDraw:
    """One refused draw: `rule` is the first rule that it breaks, `rules` are all of them."""

    draw: int
    rule: str
    rules: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class SampleResult(Result):
    """Random designs of a family's declared space."""

    family: str
    seed: int
    designs: tuple[SampledDesign, ...]
    rejected: tuple[RejectedDraw, ...]
    accepted_share: float

    @property
    def exit_code(self) -> int:
        """1 when an accepted design did not close or did not build."""
        sound = all(d.watertight and d.valid is not False for d in self.designs)
        return DONE if sound else FAILED


@dataclass(frozen=True)
class BuildResult(Result):
    """Exact geometry of one design, written and measured.

    `surface` is what the surface report measured on the exact faces; None unless it was asked for.
    """

    design: Design
    step: Path
    glb: Path
    stl: Path
    pictures: Mapping[str, Path]
    measures: Mapping[str, float]
    units: Mapping[str, str]
    valid: bool
    faults: tuple[str, ...]
    watertight: bool
    seconds: Mapping[str, float]
    filled_in: tuple[str, ...] = ()
    surface: SurfaceReport | None = None

    @property
    def exit_code(self) -> int:
        """1 when the built geometry is not sound."""
        return DONE if self.valid and self.watertight else FAILED


@dataclass(frozen=True)
class PredictResult(Result):
    """Predicted performance of one design, each with interval, domain check and evidence.

    Attributes:
        fields: the map of where to push and pull, as a file; None where none was asked for.
    """

    design: Design
    predictions: Mapping[str, Any]
    in_domain: bool
    filled_in: tuple[str, ...] = ()
    fields: Any = None


@dataclass(frozen=True)
class PredictShapeResult(Result):
    """Predicted performance of any shape.

    Attributes:
        shape: the prepared shape: unit, axes, repairs. family, study: whose models answered.
        predictions: both answers weighed. answers: ``shape`` (from its numbers) and ``nearest_body``.
        nearest_body: the family's body nearest to it, as a design; left_over_mm: distance left over (root
            mean square); far_mm: 95 % of the surface lie nearer. None of a shape that nothing is near.
        disagreement: of both answers by quantity, over the interval of their difference.
        caveats: what the study leaves out of a real product.
        design_file, fields: files that were written.
    """

    shape: Any
    family: str
    study: str
    predictions: Mapping[str, Any]
    answers: Mapping[str, Mapping[str, Any]]
    in_domain: bool
    nearest_body: Design | None
    left_over_mm: float | None
    far_mm: float | None
    left_over_of_limit: float | None
    disagreement: Mapping[str, float]
    caveats: tuple[str, ...]
    design_file: Path | None = None
    fields: Path | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadResult(Result):
    """What a brief says.

    Attributes:
        requirements: objects with quantity, at_least, at_most, unit, words, hard and confidence.
        locks: quantity to value in its own unit. preferences: objects with quantity and direction.
        start: what the words set of the starting point. questions: words, question and choices.
        remarks: what is pointed out of understood words. assumed: the questions need no answer.
    """

    family: str
    requirements: tuple[Mapping[str, Any], ...]
    locks: Mapping[str, float]
    preferences: tuple[Mapping[str, str], ...]
    start: Mapping[str, Any]
    questions: tuple[Any, ...]
    remarks: tuple[Any, ...]
    understood: tuple[Any, ...]
    not_understood: tuple[Any, ...]
    assumed: bool = False

    @property
    def exit_code(self) -> int:
        """2 while a question is open."""
        return BAD_INPUT if self.questions and not self.assumed else DONE


@dataclass(frozen=True)
class AssessResult(Result):
    """Every requirement of a brief on one design; the options that the brief asks and the design lacks."""

    design: Design
    verdicts: tuple[Any, ...]
    predictions: Mapping[str, Any]
    broken: tuple[Any, ...]
    not_understood: tuple[Any, ...]
    feasible: bool
    filled_in: tuple[str, ...] = ()
    other_options: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """1 when a hard requirement does not hold, or the design breaks a rule of its family."""
        return DONE if self.feasible else FAILED


@dataclass(frozen=True)
class EditResult(Result):
    """A design changed by words.

    Attributes:
        file: the design file that was written, None where none was.
        changes: parameters that changed, and what was asked for, before and after; moved: measures that
            moved with them.
        short: what could not be reached, with the nearest value that could.
        understood, not_understood, questions: the fate of the words. undone: the last edit was taken back.
    """

    design: Design
    file: Path | None
    changes: tuple[Any, ...]
    moved: tuple[Any, ...]
    short: tuple[str, ...]
    understood: tuple[Any, ...]
    not_understood: tuple[Any, ...]
    questions: tuple[Any, ...]
    undone: bool = False

    @property
    def exit_code(self) -> int:
        """1 when the design goes only a part of the way that was asked."""
        return FAILED if self.short else DONE


@dataclass(frozen=True)
class SimulateResult(Result):
    """One run of a study.

    Attributes:
        outputs, noise: by quantity, the run's value and the standard deviation that it states.
        details: other numbers of the run. units, symbols: of the outputs, where they have one.
        saved: the local dataset that it was added to.
        expected, now: the study's first output as predicted before the run, and with it; None: no model.
        learned: whether the model takes the run in (it settled, at a fidelity and with the recipe that the
            model knows).
        shape: the prepared shape, of a run of one; caveats: what the study leaves out of a real product.
    """

    run_id: str
    family: str
    study: str
    fidelity: str
    converged: bool
    reason: str
    seconds: float
    saved: Path
    outputs: Mapping[str, float]
    noise: Mapping[str, float]
    details: Mapping[str, float]
    units: Mapping[str, str]
    symbols: Mapping[str, str]
    expected: Any = None
    now: Any = None
    learned: bool = False
    shape: Any = None
    caveats: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """4 when the run did not converge: its outputs are not to be trusted."""
        return DONE if self.converged else UNFINISHED

    def to_json(self) -> dict[str, Any]:
        """The fields, and short keys beside them: the mesh, outputs by symbol, counts."""
        by_symbol = {s.lower(): self.outputs[name] for name, s in self.symbols.items()}
        return {"mesh": self.fidelity, **by_symbol, **self.details, **self.own}


@dataclass(frozen=True)
class CampaignResult(Result):
    """A campaign's state: numbers of runs and the folder that resumes it."""

    family: str
    study: str
    fidelity: str
    done: int
    failed: int
    remaining: int
    out: Path
    seconds: float

    @property
    def exit_code(self) -> int:
        """4 when runs are left or failed."""
        return DONE if self.failed == 0 and self.remaining == 0 else UNFINISHED

    def to_json(self) -> dict[str, Any]:
        """The fields, and the other name of the fidelity."""
        return {"mesh": self.fidelity, **self.own}


@dataclass(frozen=True)
class Candidate:
    """One design that a search proposes, as far as it was judged."""

    design: Design
    verdicts: tuple[Any, ...]
    predictions: Mapping[str, Any]
    objectives: Mapping[str, float]
    feasible: bool
    how: str


@dataclass(frozen=True)
class Compared:
    """A predicted number beside the simulated one; `off` is simulated less predicted."""

    quantity: str
    unit: str
    predicted: float
    lower: float
    upper: float
    simulated: float
    noise: float
    off: float
    inside: bool


@dataclass(frozen=True)
class Winner:
    """One of the best designs, simulated; `missed` are hard limits that the simulation does not meet."""

    rank: int
    design: Design
    run_id: str
    fidelity: str
    converged: bool
    reason: str
    compared: tuple[Compared, ...]
    missed: tuple[str, ...]


@dataclass(frozen=True)
class OptimiseResult(Result):
    """What the search found, best first."""

    best: tuple[Candidate, ...]
    front: tuple[Candidate, ...]
    feasible: bool
    explanation: str
    conflicts: tuple[str, ...]
    relaxations: tuple[Any, ...]
    loosened: tuple[Any, ...]
    prices: tuple[Any, ...]
    not_understood: tuple[Any, ...]
    trials: int
    hypervolume: float
    study: str
    storage: str
    sampler: str
    out: Path
    seconds: Mapping[str, float]
    verified: tuple[Winner, ...] = ()
    journey: Any = None

    @property
    def exit_code(self) -> int:
        """1 when no design meets every hard requirement, or a simulated one does not."""
        held = all(w.converged and not w.missed for w in self.verified)
        return DONE if self.feasible and held else FAILED


@dataclass(frozen=True)
class VerifyResult(Result):
    """What was checked of a release and whether all of it holds."""

    release: Path
    ok: bool
    checks: tuple[Any, ...]
    seconds: float

    @property
    def exit_code(self) -> int:
        """1 when a check failed."""
        return DONE if self.ok else FAILED


@dataclass(frozen=True)
class DesignResult(Result):
    """The main job's answer: a release and the proof that comes with it."""

    release: Path
    archive: Path
    design: Design
    verdicts: tuple[Any, ...]
    predictions: Mapping[str, Any]
    concepts: tuple[Any, ...]
    sheet: Path | None
    agreements: Mapping[str, Any]
    pictures: Mapping[str, Path]
    feasible: bool
    verified: bool
    failed_checks: tuple[Any, ...]
    explanation: str
    understood: tuple[Any, ...]
    not_understood: tuple[Any, ...]
    trials: int
    seconds: Mapping[str, float]
    journey: Any = None

    @property
    def exit_code(self) -> int:
        """0 only when every hard requirement holds on the exact geometry and the release verifies."""
        return DONE if self.feasible and self.verified else FAILED
