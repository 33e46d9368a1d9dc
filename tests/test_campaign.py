"""Plans repeat and nest; campaigns never lose or repeat a run."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from running import PATIENCE
from simulated import closed_form

from maquette.design.errors import InputError, SolverError
from maquette.design.family.registry import get_family
from maquette.surrogate.runs.campaign import RUNS_FILE, run_campaign
from maquette.surrogate.runs.dataset import read_jsonl
from maquette.surrogate.runs.plan import MOST_RUNS, SPREAD, nested, plan
from maquette.surrogate.studies.contract import Cancel
from maquette.surrogate.studies.record import Observation
from maquette.surrogate.studies.registry import get_study
from maquette.surrogate.studies.wind_tunnel.recipe import GENTLE

AHMED = get_family("ahmed")
run_id = get_study("wind_tunnel").run_id


def test_a_longer_plan_keeps_the_shorter_one() -> None:
    assert plan(AHMED, 30, seed=5)[:12] == plan(AHMED, 12, seed=5)
    assert plan(AHMED, 12, seed=5) != plan(AHMED, 12, seed=6)


def test_plans_keep_bounds_and_rules_and_never_repeat() -> None:
    designs = plan(AHMED, 120, seed=1)
    for design in designs:
        AHMED.accept(design)
    assert len({run_id("ahmed", "coarse", d) for d in designs}) == len(designs)


def test_the_share_around_archetypes_is_close_to_them() -> None:
    near = plan(AHMED, 40, seed=2, archetype_share=1.0)
    reach = np.array([p.range.high - p.range.low for p in AHMED.parameters]) * SPREAD
    centres = [np.array(list({**AHMED.defaults(), **a}.values())) for a in AHMED.archetypes.values()]
    for k, design in enumerate(near):
        away = np.abs(np.array(list(design.values())) - centres[k % len(centres)])
        assert np.all(away <= reach + 1e-3)


def test_medium_designs_are_coarse_designs() -> None:
    coarse = {run_id("ahmed", "x", d) for d in plan(AHMED, 60, seed=3)}
    medium = [run_id("ahmed", "x", d) for d in nested(AHMED, 12, seed=3, pool=60)]
    assert set(medium) <= coarse
    assert len(set(medium)) == 12
    assert medium[:5] == [run_id("ahmed", "x", d) for d in nested(AHMED, 5, seed=3, pool=60)]


@pytest.mark.parametrize("n", [0, -1, MOST_RUNS + 1])
def test_absurd_counts_are_refused(n: int) -> None:
    with pytest.raises(InputError, match=f"n is {n}"):
        plan(AHMED, n)


def test_unknown_level_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'huge'"):
        run_campaign(AHMED, 2, "huge", tmp_path, runner=closed_form)


def test_campaign_resumes_without_repeating(tmp_path: Path) -> None:
    journal = tmp_path / "calls"

    def counted(study: str, family: str, values: dict[str, float], fidelity: str, **more: Any) -> Observation:
        with journal.open("a") as out:
            out.write(run_id(family, fidelity, values) + "\n")
        return closed_form(study, family, values, fidelity, **more)

    first = run_campaign(AHMED, 5, "coarse", tmp_path, seed=1, runner=counted)
    assert (first.done, first.failed, first.remaining) == (5, 0, 0)
    again = run_campaign(AHMED, 8, "coarse", tmp_path, seed=1, runner=counted)
    assert again.done == 8
    calls = journal.read_text().split()
    assert len(calls) == len(set(calls)) == 8
    assert len((tmp_path / RUNS_FILE).read_text().splitlines()) == 8


@pytest.mark.parametrize("damage", ["cut", "garbage"])
def test_a_damaged_line_is_named_and_its_run_done_again(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    run_campaign(AHMED, 3, "coarse", tmp_path, seed=1, runner=closed_form)
    file = tmp_path / RUNS_FILE
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-40])
    else:
        lines = file.read_text().splitlines()
        file.write_text("\n".join([lines[0], "{garbage", lines[2]]) + "\n")
    assert len(read_jsonl(file)) == 2
    assert ("line 2 skipped" in caplog.text) is (damage != "cut"), "a line cut off is not there"
    state = run_campaign(AHMED, 3, "coarse", tmp_path, seed=1, runner=closed_form)
    assert state.done == 3
    assert len({run.run_id for run in read_jsonl(file)}) == 3


def test_a_failing_run_is_written_down_and_the_rest_goes_on(tmp_path: Path) -> None:
    def sometimes(
        study: str, family: str, values: dict[str, float], fidelity: str, **more: Any
    ) -> Observation:
        if values["slant_angle"] > 20.0:
            raise SolverError("snappyHexMesh stopped with code 1")
        return closed_form(study, family, values, fidelity, **more)

    state = run_campaign(AHMED, 10, "coarse", tmp_path, seed=1, runner=sometimes)
    assert state.remaining == 0
    assert state.failed > 0
    assert state.done + state.failed == 10
    bad = [r for r in read_jsonl(state.runs) if not r.converged]
    gentle = run_campaign(
        AHMED, 10, "coarse", tmp_path / "gentle", seed=1, runner=sometimes, recipe=GENTLE.name
    )
    assert {r.recipe for r in read_jsonl(gentle.runs) if not r.converged} == {GENTLE.name}
    assert all("snappyHexMesh" in r.reason and math.isnan(r.outputs["drag_coefficient"]) for r in bad)
    mended = run_campaign(AHMED, 10, "coarse", tmp_path, seed=1, runner=closed_form, redo_failed=True)
    assert mended.done == 10


def test_progress_counts_to_the_plan(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    run_campaign(
        AHMED, 4, "coarse", tmp_path, seed=1, runner=closed_form, progress=lambda k, n, _: seen.append((k, n))
    )
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_an_interrupt_saves_what_is_done_and_stops_the_rest(tmp_path: Path) -> None:
    """Two runs are on disk and the third is under way when the signal comes: never sooner, never later."""
    begun, stopped, over = tmp_path / "begun", tmp_path / "stopped", threading.Event()

    def endless(*job: Any, cancel: Cancel, **more: Any) -> Observation:
        with begun.open("a") as out:
            out.write("run\n")
        if len(begun.read_text().splitlines()) <= 2:
            return closed_form(*job, **more)
        until = time.monotonic() + PATIENCE
        while not cancel.is_set():
            assert time.monotonic() < until
            time.sleep(0.02)
        stopped.touch()
        raise KeyboardInterrupt

    def interrupt() -> None:
        kept = tmp_path / RUNS_FILE
        while not over.wait(0.05):
            if begun.is_file() and kept.is_file():
                counts = (len(begun.read_text().splitlines()), len(kept.read_text().splitlines()))
                if counts == (3, 2):
                    os.kill(os.getpid(), signal.SIGINT)
                    return

    watcher = threading.Thread(target=interrupt, daemon=True)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's "&" leaves it ignored
    watcher.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            run_campaign(AHMED, 6, "coarse", tmp_path, seed=1, workers=1, runner=endless)
    finally:
        over.set()
        watcher.join()
        signal.signal(signal.SIGINT, before)
    assert stopped.exists()
    assert len(read_jsonl(tmp_path / RUNS_FILE)) == 2


def test_no_scheduler_at_the_address_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maquette.surrogate.runs.campaign.CONNECT", "1s")
    with pytest.raises(InputError, match="no dask scheduler answers there"):
        run_campaign(AHMED, 2, "coarse", tmp_path, scheduler="tcp://127.0.0.1:1", runner=closed_form)


def test_a_worker_killed_amid_a_run_loses_none_and_repeats_none(tmp_path: Path) -> None:
    """A scheduler and two workers, each a process on loopback; one is killed in the middle of a run."""
    import cloudpickle

    journal = tmp_path / "journal"

    def written(study: str, family: str, values: dict[str, float], fidelity: str, **more: Any) -> Observation:
        name = run_id(family, fidelity, values)
        with journal.open("a") as out:
            out.write(f"begun {name} {os.getpid()}\n")
        time.sleep(0.4)
        with journal.open("a") as out:
            out.write(f"ended {name} {os.getpid()}\n")
        return closed_form(study, family, values, fidelity, **more)

    for name in (__name__, "simulated"):
        cloudpickle.register_pickle_by_value(sys.modules[name])
    place = tmp_path / "scheduler.json"
    common = ["--scheduler-file", str(place), "--no-dashboard"]
    serve = ["dask_scheduler", *common, "--host", "127.0.0.1", "--port", "0"]
    work = ["dask_worker", *common, "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path)]
    started: list[subprocess.Popen[bytes]] = []
    try:
        for module, *arguments in (serve, work, work):
            call = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
            started.append(subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        until = time.monotonic() + PATIENCE
        while not place.is_file() or not place.read_text():
            assert time.monotonic() < until
            time.sleep(0.1)
        address = json.loads(place.read_text())["address"]
        victim = started[1].pid

        def kill() -> None:
            while not (journal.is_file() and f" {victim}\n" in journal.read_text()):
                time.sleep(0.02)
            time.sleep(0.1)
            os.kill(victim, signal.SIGKILL)

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        state = run_campaign(AHMED, 10, "coarse", tmp_path, seed=1, scheduler=address, runner=written)
        killer.join(20.0)
    finally:
        cloudpickle.unregister_pickle_by_value(sys.modules[__name__])
        for process in started:
            process.kill()
            process.wait()
    assert (state.done, state.failed, state.remaining) == (10, 0, 0)
    lines = [line.split() for line in journal.read_text().splitlines()]
    begun = Counter(name for what, name, _ in lines if what == "begun")
    ended = Counter(name for what, name, _ in lines if what == "ended")
    assert set(ended.values()) == {1}
    assert len(ended) == 10
    assert sorted(begun.values())[-2:] == [1, 2]  # the one that died with its worker, and no other
    assert len((tmp_path / RUNS_FILE).read_text().splitlines()) == 10


@pytest.mark.openfoam
def test_a_terminated_campaign_leaves_no_solver_behind(tmp_path: Path) -> None:
    call = f"run_campaign('ahmed', 2, 'coarse', {str(tmp_path)!r})"
    code = f"from maquette.surrogate.runs.campaign import run_campaign; {call}"
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL
    ) as process:
        until = time.monotonic() + PATIENCE
        while not list(tmp_path.glob("maquette-cfd-*/*/log.snappyHexMesh")):
            assert time.monotonic() < until
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) != 0
    assert not list(tmp_path.glob("maquette-cfd-*"))
    assert not _processes_in(tmp_path)


def _processes_in(folder: Path) -> list[str]:
    """Working folders of living processes that lie below `folder`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            where = os.readlink(entry)
        except OSError:
            continue
        if where.startswith(str(folder)):
            found.append(where)
    return found
