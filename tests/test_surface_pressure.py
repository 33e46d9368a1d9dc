"""Surface pressure of a run: sampled from the case, laid on the hull's vertices, kept and found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from maquette.design.geometry.mesh import Mesh
from maquette.surrogate.runs.dataset import fields_path, read_fields, write_fields
from maquette.surrogate.studies.fields import pack, unpack
from maquette.surrogate.studies.record import Observation
from maquette.surrogate.studies.wind_tunnel.pressure import (
    FUNCTION,
    on_all,
    on_vertices,
    pressure_drag,
    read_pressure,
    upper_half,
)


def _ball() -> Mesh:
    """A closed ball of radius 500 mm, 600 mm above the ground, symmetric about y = 0."""
    import trimesh

    ball = trimesh.creation.icosphere(subdivisions=4, radius=500.0)
    return Mesh(np.asarray(ball.vertices), np.asarray(ball.faces)).moved([0.0, 0.0, 600.0])


BALL = _ball()


def _run(run_id: str, pressure: str) -> Observation:
    fields = {"pressure_coefficient": pressure} if pressure else {}
    return Observation(run_id, "wind_tunnel", "car", "medium", {}, {}, {}, True, fields=fields)


def test_what_the_solver_wrote_comes_back_on_the_vertices(tmp_path: Path) -> None:
    """A linear pressure at points between the vertices returns within what half precision and the spacing
    allow, from the latest of the folders, and NaN is nowhere."""
    corners = BALL.vertices[BALL.faces].mean(axis=1) * 1e-3
    half = corners[corners[:, 1] > 0.0]
    folder = tmp_path / "postProcessing" / FUNCTION
    for time, scale in (("20", 7.0), ("300", 1.0)):
        (folder / time).mkdir(parents=True)
        np.savetxt(folder / time / "p_body.raw", np.c_[half, scale * 450.0 * half[:, 0]], header="x y z p")
    found = read_pressure(tmp_path, 30.0)
    assert found is not None
    centres, cp = found
    assert cp == pytest.approx(centres[:, 0])  # 450 Pa m3/kg is the dynamic pressure at 30 m/s
    laid = on_vertices(BALL, centres, cp)
    want = BALL.vertices[upper_half(BALL), 0] * 1e-3
    assert np.abs(laid.astype(float) - want).max() < 0.02
    full = on_all(BALL, laid)
    assert np.abs(full - BALL.vertices[:, 0] * 1e-3).max() < 0.02  # mirrored where y < 0


def test_the_drag_of_a_known_pressure() -> None:
    """cp = -x / r on a ball: the integral of cos^2 over the sphere is 4 pi r^2 / 3."""
    values = -BALL.vertices[:, 0] / 500.0
    area = np.pi * 0.25
    assert pressure_drag(BALL, values, area) == pytest.approx(4.0 / 3.0, rel=0.01)
    assert pressure_drag(BALL, np.ones(len(values)), area) == pytest.approx(0.0, abs=1e-9)


def test_nothing_written_is_no_pressure(tmp_path: Path) -> None:
    assert read_pressure(tmp_path, 30.0) is None
    assert len(unpack("not base64 !")) == 0
    assert np.isnan(on_all(BALL, np.zeros(3))).all()


def test_fields_lie_beside_the_runs(tmp_path: Path) -> None:
    values = np.linspace(-1.5, 1.0, 50).astype(np.float16)
    runs = [_run("a", pack(values)), _run("b", ""), _run("c", pack(values[::-1]))]
    path = fields_path(tmp_path / "car_runs.parquet")
    assert path.name == "car_fields.parquet"
    assert read_fields(path) == {}
    assert write_fields(runs, path) == 2
    found = read_fields(path, ["c"])
    assert list(found) == ["c"]
    assert np.array_equal(found["c"]["pressure_coefficient"], values[::-1])
    assert set(read_fields(path)) == {"a", "c"}
