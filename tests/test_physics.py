"""The CFD runner: what goes into a case, how a history is judged, and that OpenFOAM really solves one."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from needs import require
from running import PATIENCE

from maquette.design.errors import InputError, MissingComponentError, SolverError
from maquette.design.exchange.export import STL_ROW
from maquette.design.family.registry import get_family
from maquette.design.geometry.measures import frontal_area
from maquette.design.geometry.mesh import Mesh
from maquette.surrogate.studies.contract import Work
from maquette.surrogate.studies.wind_tunnel import openfoam
from maquette.surrogate.studies.wind_tunnel.case import stick, write_case, write_stl
from maquette.surrogate.studies.wind_tunnel.dictionaries import (
    SOLVED_FOR,
    Flow,
    block_mesh,
    case_files,
    fields,
    stage_files,
)
from maquette.surrogate.studies.wind_tunnel.forces import (
    History,
    blew_up,
    judge,
    read_history,
    read_residuals,
)
from maquette.surrogate.studies.wind_tunnel.recipe import (
    BLOCKAGE,
    GENTLE,
    LEVELS,
    MAIN,
    RECIPES,
    START,
    Recipe,
    Rule,
)
from maquette.surrogate.studies.wind_tunnel.simulate import Body, simulate
from maquette.surrogate.studies.wind_tunnel.tunnel import domain_of, grounded

AHMED = get_family("ahmed")
HULL = AHMED.hull(AHMED.defaults())


def history(cd: np.ndarray, cl: float = 0.1) -> History:
    values = np.column_stack([cd, *(np.full(len(cd), cl) for _ in range(3))])
    return History(np.arange(1.0, len(cd) + 1.0), values)


# -- the convergence rule ------------------------------------------------------------------------------


def test_a_steady_history_converges_to_its_value() -> None:
    verdict = judge(history(np.full(400, 0.3)), 60, {"p": 0.01})
    assert verdict.converged
    assert verdict.means[0] == pytest.approx(0.3)
    assert verdict.std[0] == pytest.approx(0.0, abs=1e-12)


def test_windows_are_judged_not_iterations() -> None:
    wobble = 0.3 + 0.05 * np.sin(np.arange(500) * 2.0 * np.pi / 50.0)  # 17 % peaks, whole periods a window
    assert judge(history(wobble), 60, {}).converged


def test_a_drifting_history_does_not_converge_and_says_by_how_much() -> None:
    verdict = judge(history(np.linspace(0.4, 0.3, 400)), 60, {})
    assert not verdict.converged
    assert "last 4 windows" in verdict.reason
    assert verdict.drift == pytest.approx(3 * 12.5 / (0.3 + 0.00625) / 1000.0, rel=0.05)


def test_a_slow_swing_is_seen_by_many_windows_and_missed_by_two() -> None:
    """A swing from 0.268 to 0.335 every 600 iterations, stopped in a trough."""
    swing = 0.30 + 0.034 * np.cos(np.arange(960) * 2.0 * np.pi / 600.0)
    trough = swing[: 60 + 840]  # the last 100-iteration windows lie on both sides of the trough at 900
    two = judge(history(np.concatenate([trough, swing[300:400]])), 60, {}, Rule(100, 2, 0.05))
    many = judge(history(np.concatenate([trough, swing[300:400]])), 60, {}, GENTLE.rule)
    assert two.converged
    assert not many.converged
    assert "last 6 windows of 50 iterations" in many.reason


def test_a_swing_about_a_mean_that_stands_still_is_averaged_and_any_other_is_refused() -> None:
    """0.275 with 2 % either way every 220 iterations, as a wide notchback's wake swings; then the same with a
    mean that climbs, and with a swing three times as wide."""
    n = np.arange(1000)
    rule = Rule(50, 4, 0.01, 12)
    swing = 0.275 * (1.0 + 0.02 * np.sin(2 * np.pi * n / 220.0))
    assert not judge(history(swing), 100, {}, replace(rule, swinging=0)).converged
    verdict = judge(history(swing), 100, {}, rule)
    assert verdict.converged
    assert verdict.means[0] == pytest.approx(0.275, abs=0.0015)
    assert 0.0005 < verdict.std[0] < 0.003
    assert not judge(history(swing[:650]), 100, {}, rule).converged  # too short for twelve windows and one
    climbing = judge(history(swing * (1.0 + 3e-5 * n)), 100, {}, rule)
    assert not climbing.converged
    assert not judge(history(0.275 * (1.0 + 0.06 * np.sin(2 * np.pi * n / 220.0))), 100, {}, rule).converged


def test_bad_residuals_absurd_and_broken_numbers_do_not_converge() -> None:
    assert "residual" in judge(history(np.full(400, 0.3)), 60, {"p": 0.9}).reason
    assert "absurd" in judge(history(np.full(400, 9.0)), 60, {}).reason
    assert "finite" in judge(history(np.append(np.full(400, 0.3), np.nan)), 60, {}).reason
    assert "4 windows" in judge(history(np.full(200, 0.3)), 60, {}).reason


def test_blowing_up_is_noticed_after_the_start_only() -> None:
    wild_start = np.concatenate([np.full(50, 300.0), np.full(100, 0.3)])
    assert not blew_up(history(wild_start), 60)
    assert blew_up(history(np.append(np.full(100, 0.3), 80.0)), 60)
    assert blew_up(history(np.array([0.3, np.inf])), 60)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.15, 0.6), st.floats(0.0, 0.04), st.integers(0, 1000))
def test_scaling_a_history_scales_its_verdict(mean: float, noise: float, seed: int) -> None:
    cd = mean * (1.0 + noise * np.random.default_rng(seed).standard_normal(460))
    one, two = judge(history(cd), 60, {}), judge(history(2.0 * cd), 60, {})
    assert two.means[0] == pytest.approx(2.0 * one.means[0])
    assert two.drift == pytest.approx(one.drift, abs=1e-12)
    assert two.converged == one.converged


def test_a_log_that_is_being_written_is_read_up_to_its_last_whole_block(tmp_path: Path) -> None:
    block = (
        "Time = {t}\n\nGAMG:  Solving for p, "
        "Initial residual = 0.0{t}, Final residual = 1e-4, No Iterations 2\n"
        "forceCoeffs forces execute:\n    Coefficients\n"
        "        Cd       : 0.3{t}\t(pressure: 0.29\tviscous: 0.01)\n"
        "        Cl       : -1.5e-02\t(pressure: 0)\n"
        "        Cl(f)    : 0.02\n        Cl(r)    : -0.035\n"
    )
    text = block.format(t=1) + block.format(t=2) + "Time = 3\n        Cd       : 0.3"
    (tmp_path / "log.simpleFoam").write_text(text)
    read = read_history(tmp_path)
    np.testing.assert_allclose(read.values, [[0.31, -0.015, 0.02, -0.035], [0.32, -0.015, 0.02, -0.035]])
    assert read_residuals(tmp_path) == {"p": 0.02}
    assert len(read_history(tmp_path / "nothing").iterations) == 0


# -- body and tunnel -----------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("scale", [1.0, 4.4])
def test_the_tunnel_holds_the_body_and_is_not_blocked(level: str, scale: float) -> None:
    body, area = HULL.bounds * 1e-3 * scale, 0.112 * scale**2
    domain = domain_of(body, area, LEVELS[level])
    assert domain.blockage <= BLOCKAGE
    assert domain.low[0] < body[0, 0] - 1.4 * (body[1, 0] - body[0, 0])
    for box in domain.boxes:
        assert all(low < high for low, high in zip(box.low, box.high, strict=True))
        assert all(high < limit for high, limit in zip(box.high, domain.high, strict=True))
    assert all(a < p < b for a, p, b in zip(domain.low, domain.inside, domain.high, strict=True))
    cell = (domain.high[0] - domain.low[0]) / domain.cells[0] / 2 ** LEVELS[level].surface
    assert body[0, 2] / cell >= 3.0  # the ground gap holds at least three cells


@pytest.mark.parametrize("level", LEVELS)
def test_cells_of_a_family_stand_still(level: str) -> None:
    """A longer, lower body that stands elsewhere is cut by the same cells."""
    body = HULL.bounds * 4.4e-3
    moved = body * [1.02, 1.0, 0.97] + [[0.013, 0.0, 0.0], [0.013, 0.0, 0.0]]
    found = [domain_of(b, a, LEVELS[level], 4.5) for b, a in ((body, 2.17), (moved, 2.1))]
    cell = LEVELS[level].base * 4.5
    for domain in found:
        for axis in range(3):
            assert domain.low[axis] / cell == pytest.approx(round(domain.low[axis] / cell), abs=1e-9)
            span = (domain.high[axis] - domain.low[axis]) / domain.cells[axis]
            assert span == pytest.approx(cell, rel=1e-12)
        text = block_mesh(domain)
        nx, ny, nz = domain.cells
        assert f"({nx} {ny} 1)" in text
        assert f"({nx} {ny} {nz - 1})" in text
        assert f"{cell:.9g})" in text  # the flat row is one cell high


def test_what_a_solver_does_while_it_ends_undoes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that the rule called settled stays so, though two iterations later the last windows would not."""
    log = tmp_path / "run" / "log.simpleFoam"

    def written(cd: list[float]) -> None:
        rows = (
            f"Time = {k}\n    Cd    : {v}\n    Cl    : 0.1\n    Cl(f) : 0\n    Cl(r) : 0.1\n"
            for k, v in enumerate(cd, start=1)
        )
        log.write_text("".join(rows))

    def solver(command: list[str], case: Path, *more: object, poll: float = 1.0) -> None:
        if command != ["simpleFoam"] or log.exists():
            return
        settled = [0.9] * 60 + [0.3] * 540
        written(settled)
        assert more[2]()  # type: ignore[operator]
        written([*settled, 30.0, 30.0])

    monkeypatch.setattr(openfoam, "PROGRAMS", ())
    monkeypatch.setattr(openfoam, "run_program", solver)
    monkeypatch.setattr(openfoam, "version", lambda: "none")
    run = simulate(Body(HULL), "medium", "run", work=Work(tmp_path), recipe=GENTLE)
    assert run.converged, run.reason
    assert run.outputs["drag_coefficient"] == pytest.approx(0.3)


def test_projection_of_known_shapes() -> None:
    box = np.array([[x, y, z] for x in (0, 900) for y in (-200, 200) for z in (10, 310)], dtype=float)
    rows = "013 032 467 475 045 051 237 276 026 064 157 173"
    faces = [[int(c) for c in row] for row in rows.split()]
    assert frontal_area(Mesh(box, np.array(faces))) == pytest.approx(0.4 * 0.3, rel=0.003)
    assert frontal_area(HULL) == pytest.approx(0.112032, rel=0.003)


def test_the_projection_agrees_with_an_independent_one() -> None:
    import manifold3d

    ball = manifold3d.Manifold.sphere(400.0, 96).translate([500.0, 0.0, 500.0])
    both = ball + manifold3d.Manifold.cube([600.0, 300.0, 200.0]).translate([300.0, 250.0, 450.0])
    raw = both.to_mesh()
    mesh = Mesh(
        np.asarray(raw.vert_properties, dtype=np.float64)[:, :3], np.asarray(raw.tri_verts, dtype=np.int64)
    )
    exact = both.rotate([0.0, 90.0, 0.0]).project().area() * 1e-6
    assert frontal_area(mesh) == pytest.approx(exact, rel=0.003)


def test_standing_vertices_go_through_the_ground_and_others_stay() -> None:
    mesh = Mesh(HULL.vertices - [0.0, 0.0, 50.0], HULL.faces)
    moved = grounded(mesh)
    stood = mesh.vertices[:, 2] < 1.0
    assert np.all(moved.vertices[stood, 2] < -5.0)
    np.testing.assert_array_equal(moved.vertices[~stood], mesh.vertices[~stood])
    np.testing.assert_array_equal(grounded(HULL).vertices, HULL.vertices)


def test_the_stl_is_in_metres_and_outward(tmp_path: Path) -> None:
    path = tmp_path / "body.stl"
    write_stl(HULL, path)
    rows = np.frombuffer(path.read_bytes()[84:], dtype=STL_ROW)
    corners = rows["corners"].astype(float)
    volume = np.einsum("ij,ij->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])) / 6.0
    assert volume == pytest.approx(HULL.volume * 1e-9, rel=1e-4)
    assert len(rows) == int.from_bytes(path.read_bytes()[80:84], "little")


def test_a_case_is_plain_balanced_text(tmp_path: Path) -> None:
    flow = Flow(40.0, 0.056, (0.2, 0.8))
    domain = domain_of(HULL.bounds * 1e-3, 0.112, LEVELS["coarse"])
    files = {**case_files(domain, LEVELS["coarse"], flow), **stage_files(flow, MAIN, 60, 760)}
    write_case(tmp_path / "case", HULL, files)
    for name in files:
        text = (tmp_path / "case" / name).read_text()
        for opening, closing in ("{}", "()"):
            assert text.count(opening) == text.count(closing), name
    assert "bounded Gauss upwind" in stage_files(flow, START, 0, 60)["system/fvSchemes"]


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_every_recipe_says_its_numerics_to_the_solver(recipe: Recipe) -> None:
    """What differs between recipes is what stands in the files, nothing else decides."""
    flow = Flow(40.0, 0.056, (0.2, 0.8))
    for numerics in (recipe.start, recipe.main, *recipe.again):
        files = stage_files(flow, numerics, 0, 60)
        schemes, solution = files["system/fvSchemes"], files["system/fvSolution"]
        assert f"grad(U) {numerics.gradient};" in schemes
        assert f"div(phi,U) {numerics.convection};" in schemes
        assert f"consistent {'yes' if numerics.consistent else 'no'};" in solution
        assert f"fields {{ p {numerics.p:g}; }}" in solution
        assert f"maxIter {numerics.sweeps};" in solution


@pytest.mark.parametrize(("model", "solved"), SOLVED_FOR.items())
def test_a_turbulence_model_finds_the_fields_it_solves_for(model: str, solved: tuple[str, ...]) -> None:
    flow = Flow(30.0, 1.0, (1.0, 4.0))
    files = fields(flow, model)
    assert set(files) == {"0/U", "0/p", "0/nut", *(f"0/{name}" for name in solved)}
    for name in solved:
        assert f"object {name};" in files[f"0/{name}"]
        assert files[f"0/{name}"].count("type ") == 7  # inlet, outlet, ground, body, side, top, symmetry
    # k = 3/2 (I U)^2, omega = k / nut, epsilon = C_mu k omega (Menter 1994; Launder & Spalding 1974)
    assert flow.k == pytest.approx(1.5 * (0.005 * 30.0) ** 2)
    if model == "realizableKE":
        assert f"uniform {0.09 * flow.k * flow.omega:.8g};" in files["0/epsilon"]


def test_air_slides_along_the_body_first_and_sticks_to_it_then(tmp_path: Path) -> None:
    """Only the body's entry changes, whatever its layout; a field where nothing slides is refused."""
    flow = Flow(30.0, 1.0, (1.0, 4.0))
    sliding, stuck = fields(flow, slide=True)["0/U"], fields(flow)["0/U"]
    path = tmp_path / "U"
    path.write_text(
        sliding.replace("body { type slip; }", "body\n    {\n        type            slip;\n    }")
    )
    stick(path)
    assert path.read_text().split() == stuck.split()
    assert "side { type slip; }" in path.read_text()
    with pytest.raises(SolverError, match="no body that the air slides along"):
        stick(path)
    with pytest.raises(SolverError, match="left no V"):
        stick(tmp_path / "V")


def test_cells_hug_a_body_by_distance_instead_of_by_a_box() -> None:
    body, level = HULL.bounds * 1e-3, LEVELS["medium"]
    plain, hugged = domain_of(body, 0.112, level), domain_of(body, 0.112, level, hug=True)
    (fine, finest), (near, coarser) = hugged.hug
    assert fine < near
    assert (finest, coarser) == (level.surface, level.near)
    boxes = [{b.name: b for b in d.boxes}["near"] for d in (plain, hugged)]
    assert boxes[1].low[0] > boxes[0].low[0]
    assert boxes[1].high == boxes[0].high
    flow = Flow(40.0, 0.056, (0.2, 0.8))
    written = case_files(hugged, level, flow)["system/snappyHexMeshDict"]
    assert f"body {{ mode distance; levels (({fine:.6g} {finest}) ({near:.6g} {coarser})); }}" in written
    assert "mode distance" not in case_files(plain, level, flow)["system/snappyHexMeshDict"]


# -- refusals ------------------------------------------------------------------------------------------


@pytest.fixture
def pretend_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openfoam, "PROGRAMS", ())


@pytest.mark.usefixtures("pretend_installed")
@pytest.mark.parametrize(
    ("mesh", "message"),
    [
        (Mesh(HULL.vertices, HULL.faces[1:]), "not watertight"),
        (Mesh(HULL.vertices * 1e-3, HULL.faces), "metres"),
        (HULL.moved([0.0, 0.0, -80.0]), "below the ground"),
        (HULL.moved([0.0, 150.0, 0.0]), "centred"),
        (Mesh(HULL.vertices * np.nan, HULL.faces), "not finite"),
        (Mesh(HULL.vertices, HULL.faces[:0]), "empty"),
    ],
)
def test_meshes_that_cannot_be_solved_are_refused(mesh: Mesh, message: str) -> None:
    with pytest.raises(InputError, match=message):
        simulate(Body(mesh), "coarse", "x")


@pytest.mark.parametrize("speed", [0.0, -3.0, math.nan, math.inf])
def test_speeds_that_mean_nothing_are_refused(speed: float) -> None:
    with pytest.raises(InputError, match="speed"):
        Body(HULL, speed=speed)


@pytest.mark.usefixtures("pretend_installed")
def test_an_unknown_level_names_those_that_exist() -> None:
    with pytest.raises(InputError, match="coarse, medium, fine"):
        simulate(Body(HULL), "ultra", "x")


def test_without_openfoam_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert not openfoam.available()
    with pytest.raises(MissingComponentError, match="apt-get install --no-install-recommends openfoam"):
        simulate(Body(HULL), "coarse", "x")


# -- programs ------------------------------------------------------------------------------------------


def test_a_program_that_fails_is_named_with_its_log(tmp_path: Path) -> None:
    with pytest.raises(SolverError, match=r"sh stopped with code 3 \(no room\)"):
        openfoam.run_program(["sh", "-c", "echo no room; exit 3"], tmp_path, openfoam.Stopwatch(10.0))


def test_a_program_past_its_time_is_killed_with_its_children(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(SolverError, match="time limit"):
        openfoam.run_program(
            ["sh", "-c", "sleep 600 & sleep 600"], tmp_path, openfoam.Stopwatch(0.5), poll=0.1
        )
    assert time.monotonic() - began < 300.0  # it sleeps for twice that


def test_time_without_a_processor_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a run that wanted three minutes of a core was given up after half an hour."""
    monkeypatch.setattr(openfoam, "activity", lambda _: (0.0, False))  # it would compute, but never may
    clock = openfoam.Stopwatch(0.3)
    assert not openfoam.run_program(["sleep", "1"], tmp_path, clock, poll=0.05)
    assert clock.worked == 0.0
    assert clock.seconds() > 0.9
    monkeypatch.undo()
    with pytest.raises(SolverError, match="time limit"):
        openfoam.run_program(["sh", "-c", "while :; do :; done"], tmp_path, clock, poll=0.05)
    assert 0.3 < clock.worked < 5.0


def test_a_program_that_has_done_enough_is_asked_to_finish_and_waited_for(tmp_path: Path) -> None:
    """A solver writes its fields when it is asked; killed at once it would leave none."""
    asked = openfoam.FINISH.name.removeprefix("SIG")
    script = (
        f"trap 'sleep 0.3; echo fields > written; exit 0' {asked}; echo ready; while :; do sleep 0.05; done"
    )

    def enough() -> bool:
        return "ready" in (tmp_path / "log.bash").read_text()

    assert openfoam.run_program(
        ["bash", "-c", script], tmp_path, openfoam.Stopwatch(30.0), watch=enough, poll=0.1
    )
    assert (tmp_path / "written").read_text() == "fields\n"


def test_cancelling_stops_a_program(tmp_path: Path) -> None:
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    with pytest.raises(openfoam.InterruptedRunError):
        openfoam.run_program(["sleep", "60"], tmp_path, openfoam.Stopwatch(30.0), cancel, poll=0.1)


def test_a_pause_stops_programs_and_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pause, ticks = tmp_path / "pause", tmp_path / "ticks"
    monkeypatch.setenv(openfoam.PAUSE, str(pause))
    clock = openfoam.Stopwatch(3.0)
    counts: list[int] = []

    def hold() -> None:
        time.sleep(0.3)
        pause.touch()
        time.sleep(0.5)
        for _ in range(2):
            counts.append(len(ticks.read_text()))
            time.sleep(1.5)
        pause.unlink()

    thread = threading.Thread(target=hold)
    thread.start()
    command = ["sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10; do printf x >> ticks; sleep 0.1; done"]
    openfoam.run_program(command, tmp_path, clock, poll=0.05)  # takes more than its limit by the wall's clock
    thread.join()
    assert counts[0] == counts[1] < 10
    assert len(ticks.read_text()) == 10
    assert clock.paused > 2.0


def test_a_program_ends_with_a_starter_that_is_killed(tmp_path: Path) -> None:
    require(shutil.which("setpriv") is not None, "setpriv (Debian: util-linux)")
    code = (
        "from pathlib import Path; from maquette.surrogate.studies.wind_tunnel import openfoam; "
        f"openfoam.run_program(['sleep', '60'], Path({str(tmp_path)!r}), openfoam.Stopwatch(60.0))"
    )
    starter = subprocess.Popen([sys.executable, "-c", code])
    until = time.monotonic() + PATIENCE
    while not (found := _working_in(tmp_path)):
        assert time.monotonic() < until
        time.sleep(0.05)
    time.sleep(0.2)
    starter.kill()
    starter.wait()
    while _working_in(tmp_path):
        assert time.monotonic() < until, found
        time.sleep(0.05)


def _working_in(folder: Path) -> list[str]:
    """Processes whose working folder is this one."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if os.readlink(entry) == str(folder):
                found.append(entry.parent.name)
    return found


# -- for real ------------------------------------------------------------------------------------------


@pytest.mark.openfoam
@pytest.mark.slow
def test_the_ahmed_body_is_solved_on_the_coarse_mesh(tmp_path: Path) -> None:
    seen: list[tuple[str, float]] = []
    work = Work(tmp_path, progress=lambda stage, share: seen.append((stage, share)))
    run = simulate(Body(HULL, speed=40.0), "coarse", "ahmed", area=0.112032, work=work)
    assert run.converged, run.reason
    cd, cl, front, rear = run.outputs.values()
    assert 0.24 < cd < 0.30  # measured 0.274-0.282 without stilts
    assert cl == pytest.approx(front + rear, abs=1e-3)
    assert run.details["frontal_area"] == 0.112032
    assert run.details["drift"] < 0.01
    assert 20000 < run.details["cells"] < 35000
    stages = ["meshing", "solving"]  # each of them from none to all of itself, one after the other
    assert seen == sorted(seen, key=lambda told: (stages.index(told[0]), told[1]))
    assert {stage for stage, _ in seen} == set(stages)
    assert not (tmp_path / "ahmed").exists()
    assert dataclasses.asdict(run)["solver"].startswith("OpenFOAM")
