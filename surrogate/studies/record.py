"""What one run of a study yields: the record that campaigns write, Parquet holds and surrogates learn."""

from __future__ import annotations

from dataclasses import dataclass, field

#: of the JSON and Parquet forms; 1 was the wind tunnel's own record
SCHEMA_VERSION = 2


@dataclass(frozen=True)
class Observation:
    """One finished run.

    Attributes:
        run_id: stable id, :meth:`.contract.Study.run_id`.
        study, family, fidelity: what was run, and how dearly.
        parameters: the design's parameters by name (empty for a bare shape).
        outputs: by name, as the study declares them.
        noise: standard deviation of each.
        converged: the study stands by the outputs; else `reason` says why not.
        details: other numbers that are worth keeping: measures of the body that was simulated (under their
            quantity's name), counts of a solver.
        seconds: wall time of one core.
        solver: version text of the solver; recipe: of the study's set-up.
        slopes: output to the change per unit of each parameter, where the study can say it.
        fields: on the surface, by name, as :mod:`.fields` packs them.
        carried_from: declaration hash under which the simulated design was described, when `parameters` are
            those of the closest design of a later declaration (`surrogate.runs.carry`); "" for the design.
        moved_mm: how far the hull of `parameters` lies from the simulated one (root mean square).
    """

    run_id: str
    study: str
    family: str
    fidelity: str
    parameters: dict[str, float]
    outputs: dict[str, float]
    noise: dict[str, float]
    converged: bool
    reason: str = ""
    details: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    solver: str = ""
    recipe: str = ""
    slopes: dict[str, dict[str, float]] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict, repr=False)
    carried_from: str = ""
    moved_mm: float = 0.0
