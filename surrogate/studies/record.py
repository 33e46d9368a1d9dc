"""What one CFD run yields: the record that the campaign writes, Parquet holds and the surrogate learns."""

from __future__ import annotations

from dataclasses import dataclass, field

LEVELS = ("coarse", "medium", "fine")


@dataclass(frozen=True)
class RunResult:
    """One finished CFD run.

    Attributes:
        run_id: stable id, for example ``car-coarse-0017`` or ``car-coarse-<hash of the parameters>``.
        family, level: what was run and on which mesh level (``coarse``, ``medium``, ``fine``).
        parameters: the design's parameters by name (empty for a bare mesh).
        cd, cl, cl_front, cl_rear: means over the averaging window, referred to `reference_area`.
        drag_area: cd * reference_area, m^2.
        reference_area: projected frontal area of the full car, m^2.
        cd_std, cl_std: scatter of the means of successive windows (the label's noise).
        cd_drift: |mean of last window - mean of the window before| / |mean of last window|.
        converged: True only when the convergence rule in `convergence` holds; else `reason` says why.
        iterations, window: iterations done, and length of one averaging window.
        residuals: last initial residual by field.
        cells: mesh size of the half model; seconds: wall time of meshing plus solving.
        solver: version text of the solver; recipe: version of our set-up, changed when results may change.
        carried_from: declaration hash under which the simulated design was described, when `parameters` are
            those of the closest design of a later declaration (`surrogate.runs.carry`); "" for the design.
        moved_mm: how far the hull of `parameters` lies from the simulated one (root mean square).
        pressure: pressure coefficients on the hull's vertices, as `wind_tunnel.pressure` packs them, or "".
    """

    run_id: str
    family: str
    level: str
    parameters: dict[str, float]
    cd: float
    cl: float
    cl_front: float
    cl_rear: float
    drag_area: float
    reference_area: float
    cd_std: float
    cl_std: float
    cd_drift: float
    converged: bool
    reason: str
    iterations: int
    window: int
    residuals: dict[str, float] = field(default_factory=dict)
    cells: int = 0
    seconds: float = 0.0
    solver: str = ""
    recipe: str = ""
    carried_from: str = ""
    moved_mm: float = 0.0
    pressure: str = field(default="", repr=False)
