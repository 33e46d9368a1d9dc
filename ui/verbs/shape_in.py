"""Verbs about shapes that come without parameters: predict one, simulate one."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...design.errors import InputError
from ...design.exchange.shapes.files import is_shape
from ...design.family.records import Design, write_design
from ...design.family.registry import ENTRY_POINT_GROUP
from ...design.messages import listed, say, spelt
from ...design.plugins import names
from ..output import prepare_folder
from ..progress import Progress, silent
from ..results import PredictShapeResult, SimulateResult
from ..workbench import Workbench, at
from .flow import kept_run

if TYPE_CHECKING:
    from ...design.arrays import FloatArray
    from ...design.exchange.shapes.axes import Known
    from ...design.exchange.shapes.prepared import PreparedShape

__all__ = ["is_shape", "predict_shape", "simulate_shape"]


def predict_shape(
    path: Path,
    family: str = "",
    *,
    units: str = "",
    up: str = "",
    forward: str = "",
    model: Path | None = None,
    out: Path | None = None,
    fields: Path | None = None,
    progress: Progress = silent,
    workbench: Workbench | None = None,
) -> PredictShapeResult:
    """Predicted performance of a shape, with what was done to it and the nearest body of the family.

    Args:
        family: whose models answer; the one family that has a shape model when "".
        units, up, forward: said instead of guessed.
        model: a folder with a trained shape model instead of the shipped one.
        out: also write the nearest body as a design file. fields: also write the surface pressure, `.vtp` or
            `.png`.

    Raises:
        InputError: the file, an option, a file that cannot be written.
        ModelError: no shape model, or a damaged one.
    """
    from ...design.geometry.measures import frontal_area
    from ...surrogate.models.push_pull_files import check_field_path
    from ...surrogate.models.shape.answers import answer
    from ...surrogate.models.shape.model import load_shape_model, shipped_shape_model_path
    from ...surrogate.studies.registry import study_of

    if fields is not None:
        check_field_path(fields)
    if out is not None and not out.parent.is_dir():
        raise InputError(say("{path}: the folder {folder} does not exist", path=out, folder=out.parent))
    began = time.perf_counter()
    product = at(_family_of(family), workbench)
    shape_model = load_shape_model(model or shipped_shape_model_path(product.name))
    shape = _prepared(path, product, units, up, forward, progress)
    ready = time.perf_counter()
    predictor = product.predictor_or_none
    measures = {"frontal_area": frontal_area(shape.mesh)}
    found = answer(shape_model, predictor, shape.mesh, measures, progress)
    told = found.fit
    body = None
    if told is not None:
        body = Design(product.name, told.values, provenance=dict.fromkeys(told.values, "shape"))
    if out is not None:
        if body is None:
            raise InputError(say("{path}: no {family} is near it", path=path, family=spelt(product.name)))
        write_design(body, out)
    if fields is not None:
        pressure = shape_model.pressure_on(shape.mesh)
        if pressure is None:
            raise InputError(say("{path}: the shape model knows no pressure", path=fields))
        _write_pressure(shape, pressure, fields, shape_model.version)
    done = time.perf_counter()
    return PredictShapeResult(
        shape=shape,
        family=product.name,
        study=str(shape_model.info["study"]),
        predictions=found.predictions,
        answers={"shape": found.own, "nearest_body": found.nearest},
        in_domain=all(p.in_domain for p in found.predictions.values()),
        nearest_body=body,
        left_over_mm=None if told is None else told.left_over,
        far_mm=None if told is None else told.far,
        left_over_of_limit=found.left_over,
        disagreement=found.disagreement,
        caveats=study_of(product.family, str(shape_model.info["study"])).caveats(),
        design_file=out,
        fields=fields,
        seconds={"preparing": ready - began, "answering": done - ready},
    )


def simulate_shape(
    path: Path,
    family: str = "",
    *,
    units: str = "",
    up: str = "",
    forward: str = "",
    study: str = "",
    fidelity: str = "",
    keep: Path | None = None,
    progress: Progress = silent,
    workbench: Workbench | None = None,
) -> SimulateResult:
    """One run of a study on a shape; it is added to the local dataset, as of no family.

    Args:
        family, units, up, forward: as of :func:`predict_shape`.
        study, fidelity, keep: as of :func:`.flow.simulate`.

    Raises:
        MissingComponentError: a component of the study is not installed.
        InputError: the file, an option, a study that takes designs only.
        SolverError: the run could not be set up.
    """
    from ...surrogate.studies.contract import Work
    from ...surrogate.studies.registry import study_of

    product = at(_family_of(family), workbench)
    known = study_of(product.family, study)
    level = fidelity or known.standard
    known.check_fidelity(level)
    known.require()
    shape = _prepared(path, product, units, up, forward, progress)
    problem = known.shape_problem(shape.mesh, product.family)
    folder = prepare_folder(keep) if keep is not None else None
    mark = hashlib.sha256(shape.mesh.vertices.tobytes() + shape.mesh.faces.tobytes()).hexdigest()[:12]
    run = known.run(
        problem, level, f"shape-{level}-{mark}", Work(folder, keep is not None, progress=progress)
    )
    run = replace(run, fields={})  # they lie on vertices that no parameters bring back
    outputs = dict(run.outputs)
    outputs |= {
        p.name: outputs[p.output] * run.details[p.measure] for p in known.products if p.measure in run.details
    }
    every = [n for n in (*known.outputs, *known.products) if n.name in outputs]
    return kept_run(run, every, outputs, run.noise, shape=shape, caveats=known.caveats())


def _family_of(name: str) -> str:
    """The family named, or the only one with a shape model.

    Raises:
        InputError: several or none have one, and none is named.
    """
    from ...surrogate.models.shape.model import shipped_shape_model_path

    if name:
        return name
    having = [n for n in names(ENTRY_POINT_GROUP) if shipped_shape_model_path(n).is_dir()]
    if len(having) != 1:
        known = listed(map(spelt, having))
        raise InputError(say("say whose shape it is with --family; shape models: {known}", known=known))
    return having[0]


def _prepared(
    path: Path, product: Workbench, units: str, up: str, forward: str, progress: Progress
) -> PreparedShape:
    from ...design.exchange.shapes.prepared import prepare

    return prepare(Path(path), _known(product), unit=units, up=up, forward=forward, progress=progress)


def _write_pressure(shape: PreparedShape, pressure: FloatArray, path: Path, version: str) -> None:
    from ...design.exchange.vtp import write_vtp
    from ...design.files import write_bytes
    from ...design.rendering.field_picture import Legend, field_picture

    if path.suffix.lower() == ".vtp":
        write_vtp(shape.mesh, path, {"pressure_coefficient": pressure}, {"source": version})
        return
    legend = Legend(f"Predicted surface pressure: {shape.path.name}", "1", "suction", "pressure", (version,))
    write_bytes(path, field_picture(shape.mesh, pressure, legend))


def _known(product: Workbench) -> Known:
    """The family's named bodies, and those of its runs where there is a shape model."""
    from ...design.exchange.shapes.axes import known_bodies
    from ...surrogate.models.shape.model import load_shape_model, shipped_shape_model_path

    known = known_bodies(product.family)
    folder = shipped_shape_model_path(product.name)
    if not folder.is_dir():
        return known
    return replace(known, profiles=np.vstack([known.profiles, load_shape_model(folder).profiles]))
