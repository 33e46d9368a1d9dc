"""Verbs about one design: build it, predict it, verify its release."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from ...design.exchange.exact import build_exact, measures_of
from ...design.family.contract import Family
from ...design.family.records import Design, write_design
from ...design.files import write_bytes, write_text
from ...design.rendering.surface_report import judge_surfaces, plan_of, surface_pictures, surface_text
from ..inputs import accepted_design
from ..output import prepare_folder, write_json
from ..paint import check_palette, painted
from ..progress import Progress, silent
from ..results import BuildResult, PredictResult, VerifyResult
from ..workbench import Workbench, at


def build(
    design: Design | Path,
    out: Path,
    *,
    palette: str = "",
    surface_report: bool = False,
    progress: Progress = silent,
    workbench: Workbench | None = None,
) -> BuildResult:
    """Exact geometry of one design: STEP, GLB, STL, pictures and measures in `out`.

    Args:
        palette: paint of the pictures, by name; the family's own when "".
        surface_report: also measure how smooth the exact faces are, as text and two more pictures.

    Raises:
        InputError: the design file, a folder that cannot be written, a family without surface regions.
        RuleError: the design breaks rules.
        BuildError: the kernel failed; the parameters are on the error.
    """
    from ...design.exchange.export import write_glb, write_stl
    from ...design.geometry.worker import KernelPool

    check_palette(palette)
    chosen = accepted_design(design, workbench)
    family = at(chosen.family, workbench).family
    plan = plan_of(family, chosen.parameters) if surface_report else None
    folder = prepare_folder(out)
    seconds: dict[str, float] = {}
    with KernelPool() as pool:
        began = time.perf_counter()
        progress("fast body", 0.0)
        parts, hull = family.mesh(chosen.parameters), family.hull(chosen.parameters)
        seconds["fast_mesh"] = time.perf_counter() - began
        write_design(chosen, folder / "design.json")
        write_glb(parts, folder / "model.glb")
        write_stl(hull, folder / "hull.stl")
        progress("fast body", 1.0)
        progress("exact solids", 0.0)
        began = time.perf_counter()
        values = dict(chosen.parameters)
        body = pool.run(build_exact, family.name, values, parameters=values)
        seconds["start_and_build"] = time.perf_counter() - began
        seconds.update(body.seconds)
        write_bytes(folder / "model.step", body.step)
        progress("exact solids", 1.0)
        if plan:
            progress("surfaces", 0.0)
            began = time.perf_counter()
            judged = pool.run(judge_surfaces, family.name, values, parameters=values)
            seconds["surfaces"] = time.perf_counter() - began
            progress("surfaces", 1.0)
    pictures = take_pictures(family, chosen.parameters, folder, progress, palette)
    if plan:
        write_text(folder / "surface.txt", surface_text(judged.report) + "\n")
        for name, data in surface_pictures(judged, plan, family.title).items():
            pictures[name] = folder / f"surface_{name}.png"
            write_bytes(pictures[name], data)
    result = BuildResult(
        design=chosen,
        step=folder / "model.step",
        glb=folder / "model.glb",
        stl=folder / "hull.stl",
        pictures=pictures,
        measures=body.measures,
        units=measures_of(family),
        valid=body.valid,
        faults=body.faults,
        watertight=body.watertight and hull.is_watertight,
        seconds=seconds,
        filled_in=chosen.filled,
        surface=judged.report if plan else None,
    )
    write_json(result, folder / "build.json")
    return result


def take_pictures(
    family: Family, values: Mapping[str, float], folder: Path, progress: Progress, palette: str = ""
) -> dict[str, Path]:
    """The press pictures as PNG files in `folder`."""
    from ...design.rendering.views import in_use_picture, photographs

    progress("pictures", 0.0)
    found = {}
    parts = painted(family.mesh(values), palette)
    for name, data in {**photographs(family, parts), **in_use_picture(family, parts, values)}.items():
        found[name] = folder / f"{name}.png"
        write_bytes(found[name], data)
    progress("pictures", 1.0)
    return found


def predict(
    design: Design | Path,
    *,
    model: Path | None = None,
    fields: Path | None = None,
    progress: Progress = silent,
    workbench: Workbench | None = None,
) -> PredictResult:
    """Predicted performance of one design: value, interval, domain, nearest CFD evidence.

    Args:
        model: a folder with a trained surrogate instead of the shipped one.
        fields: also write where the surface wants to move for better performance; `.vtp` or `.png`.

    Raises:
        InputError: the design file, a rule that it breaks, the file of fields.
        ModelError: no surrogate for the family, or a damaged one.
    """
    from ...surrogate.models.push_pull_files import check_field_path, predicted_fields

    if fields:
        check_field_path(fields)
    chosen = accepted_design(design, workbench)
    progress("predicting", 0.0)
    predictor = at(chosen.family, workbench, model).predictor
    found = predictor.predict_design(chosen.parameters)
    written = predicted_fields(predictor, chosen.parameters, fields) if fields else None
    progress("predicting", 1.0)
    return PredictResult(chosen, found, all(p.in_domain for p in found.values()), chosen.filled, written)


def verify(release: Path, *, progress: Progress = silent) -> VerifyResult:
    """Open a release (folder or zip), re-import its shapes, recompute and compare everything.

    Raises:
        InputError: missing, not a release, a damaged zip.
    """
    from ..release.verify import verify as check

    began = time.perf_counter()
    found = check(Path(release), progress=progress)
    return VerifyResult(Path(release), found.ok, found.checks, time.perf_counter() - began)
