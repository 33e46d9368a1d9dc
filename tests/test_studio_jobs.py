"""Work that the studio starts: why a brief cannot be met, what can run, what was kept, and how it ends."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from studio_bench import Bench, nothing_left  # noqa: F401 - a fixture
from studio_server import ADDRESS

from maquette.design.family.records import Design
from maquette.design.family.registry import get_family
from maquette.ui.jobs import Job, JobStore, Sessions
from maquette.ui.jobs.record import State
from maquette.ui.jobs.stages import Stage, doing, stages_of, whole
from maquette.ui.jobs.work import Teller
from maquette.ui.sheets.sketching import share_drawn

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, "en")


def test_an_impossible_brief_gets_its_reason_and_way_out_where_it_is_written(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.call("brief", "understand", "a car at most 4.2 m long, luggage volume at least 900 litres", "car")
    bench.call("brief", "model_it", "", "car")
    draft = bench.desk.draft(bench.now)
    from maquette.ui.output import plain

    verdicts = plain(draft.product.assignment(draft.parsed).assess(bench.now.design.parameters).verdicts)
    k = next(k for k, v in enumerate(verdicts) if v["quantity"] == "luggage_volume")
    best = [
        {"design": bench.now.design.to_json(), "verdicts": verdicts, "feasible": False, "predictions": {}}
    ]
    searched = Job(
        id="a" * 32, session=bench.session, verb="optimise", status="done", created=0.0,
        arguments={"brief": {**draft.brief.to_json(), "prompt": ""}}, folder=bench.desk.sessions.root,
        result={"best": best, "feasible": False, "explanation": "the two exclude"},
    )  # fmt: skip
    monkeypatch.setattr(bench.desk, "latest", lambda _s, *verbs: searched if "optimise" in verbs else None)
    shown = bench.paint("brief")
    assert "the two exclude" in shown
    assert f'data-act="loosen" data-arg="{k}"' in shown
    bench.edit("brief", act="loosen", arg=str(k))
    limit = {r.quantity: r.at_least for r in bench.desk.draft(bench.now).brief.requirements}["luggage_volume"]
    assert limit is not None
    assert limit <= verdicts[k]["value"]
    assert "the two exclude" not in bench.paint("brief"), "that was another brief"


def test_the_words_say_which_product_they_are_about(bench: Bench) -> None:
    """A sentence or an example about a chair is read as one, whatever the list beside it says."""
    shown = bench.call("brief", "understand", "a light stacking chair for a café, at most 4 kg", "car")
    assert "alert" not in shown
    assert bench.desk.draft(bench.now).brief.family == "chair"
    bench.call("brief", "model_it", "a slack hardtail frame, head angle 66 degrees", "car")
    assert bench.now.design is not None
    assert bench.now.design.family == "bicycle"
    bench.call("brief", "understand", "longer than 4 m", "car")
    assert bench.desk.draft(bench.now).brief.family == "car"


def test_nothing_is_queued_that_cannot_run(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from maquette.surrogate.studies.wind_tunnel import openfoam

    bench.call("brief", "understand", "no longer than 1.1 m", "ahmed")
    assert "no model that draws a" in bench.call("sheet", "start", 4, "", "")
    assert "no model that draws a" in bench.call("brief", "go_to_sheet", "", "ahmed")
    bench.call("brief", "understand", "a low fastback", "car")
    bench.call("brief", "model_it", "", "car")
    monkeypatch.setattr(openfoam.shutil, "which", lambda _program: None)
    assert 'role="alert"' in bench.call("evidence", "simulate", "coarse")
    car = get_family("car")
    values = next(
        v
        for name in ("rear_overhang", "boot_height", "overall_height", "roof_peak")
        if name in car.defaults()
        for end in ("low", "high")
        if car.broken_rules(v := {**car.defaults(), name: getattr(_range(name), end)})
    )
    bench.desk.sessions.decide(bench.session, "designer", "broken", Design("car", values, {}))
    assert 'role="alert"' in bench.call("release", "begin")
    assert bench.desk.store.of(bench.session) == []


def _range(name: str) -> Any:
    return next(p.range for p in get_family("car").parameters if p.name == name)


def test_draw_draws(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    job = Job(
        id="b" * 32, session=bench.session, verb="sketch", arguments={}, created=0.0,
        folder=bench.desk.sessions.root,
    )  # fmt: skip
    monkeypatch.setattr(bench.desk.store, "submit", lambda verb, *_: asked.append(verb) or job)
    bench.call("brief", "go_to_sheet", "a low fastback", "car")
    assert asked == ["sketch"]


def test_a_bar_never_runs_back(tmp_path: Path) -> None:
    teller = Teller(tmp_path, State("running"), lambda _over: [])
    seen = []
    shares = {"search": (0.0, 0.6, 0.4), "exact check": (0.0, 1.0), "release": (0.15,)}
    told = [(stage, share) for stage, some in shares.items() for share in some]
    for stage, share in [*told, ("verify", 1.0)]:
        teller(stage, share)
        seen.append(teller.state.whole)
    teller.close(replace(teller.state, status="done", whole=1.0))
    assert seen == sorted(seen)
    assert 0.4 < seen[1] < seen[-1] < 1.0


def test_progress_is_told_in_measured_shares_and_moves_while_nothing_is_reported() -> None:
    stages = stages_of("sketch", {"n": 4})
    names = [s.name for s in stages]
    assert names == ["starting", "model", "sketches", "bodies"]
    # seconds by hand: 3 to start, 12 for the model, 4 * 2.5 drawn, 4 * 4 read
    total = 3 + 12 + 10 + 16
    assert whole(stages, "model", 0.0, 0.0) == pytest.approx(3 / total)
    assert whole(stages, "model", 1.0, 0.0) == pytest.approx(15 / total)
    assert whole(stages, "bodies", 0.5, 0.0) == pytest.approx((25 + 8) / total)
    waits = [whole(stages, "model", 0.0, t) or 0.0 for t in (0.0, 1.0, 6.0, 12.0, 60.0, 1e6)]
    assert all(b > a for a, b in pairwise(waits)), "a stage that says nothing still moves"
    assert waits[3] == pytest.approx((3 + 12 * 0.9 * (1 - 1 / math.e)) / total)
    assert waits[-1] < 15 / total, "but never over its end"
    assert whole(stages, "loosening", 0.5, 0.0) is None
    # measured: thirty steps of the prior in 2 s, ten of the drawing in 9 s, 4 s after it
    assert share_drawn(30, 10) == pytest.approx(2 / 15, abs=0.02)
    assert share_drawn(40, 10) == pytest.approx(11 / 15, abs=0.03)


@pytest.mark.parametrize("verb", ["sketch", "body", "restyle", "optimise", "design", "release", "simulate"])
def test_no_stage_of_a_job_is_most_of_its_bar(verb: str) -> None:
    stages = stages_of(verb, {})
    ends = [whole(stages, s.name, 1.0, 0.0) or 0.0 for s in stages]
    assert ends == sorted(ends)
    assert whole(stages, stages[0].name, 0.0, 0.0) == 0.0
    assert ends[-1] == 0.99
    for stage in stages:
        assert "_" not in doing(stage.name)
        assert doing(stage.name).endswith(".")


def test_a_teller_moves_its_bar_while_a_model_is_loaded(tmp_path: Path) -> None:
    teller = Teller(tmp_path, State("running"), lambda _over: [], (Stage("model", 0.5), Stage("bodies", 0.5)))
    teller("model", 0.0)
    assert teller.state.message == "Loading the model that draws and reads sketches."
    while teller.state.whole < 0.3:  # nothing is reported: time alone; the test's own limit ends it else
        time.sleep(0.05)
    teller("model", 1.0)
    assert teller.state.whole == 0.5
    teller.close(replace(teller.state, status="done", whole=1.0))


def test_a_stop_says_what_it_kept() -> None:
    from maquette.ui.jobs.work import _told

    told = _told({"best": [{"feasible": True}, {"feasible": False}, {"feasible": True}]})
    assert "designs kept: 3" in told
    assert "of which 2 meet" in told
    assert "4 sketches" in _told({"concepts": [{}] * 4})


def test_what_was_interrupted_goes_on_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions, store = Sessions(tmp_path), JobStore(tmp_path)
    started: list[str] = []
    lives = [True]
    monkeypatch.setattr("maquette.ui.jobs.process.alive", lambda _folder: lives[0])
    monkeypatch.setattr(
        JobStore, "_start", lambda _self, order: started.append(order["id"]) or _run(store, order)
    )
    job = store.submit(
        "optimise", {"brief": {"family": "ahmed", "prompt": ""}, "trials": 20}, sessions.new().id
    )
    assert started == [job.id]
    lives[0] = False
    assert [j.id for j in store.resume()] == [job.id]
    assert started == [job.id, job.id], "the machine was restarted: the search goes on by itself"
    store.resume()
    assert started == [job.id, job.id], "a second time it waits for a hand"


def _run(store: JobStore, order: Any) -> None:
    """As if a worker had been started that dies at once."""
    from dataclasses import asdict

    from maquette.ui.jobs.places import replace_json
    from maquette.ui.jobs.store import STATE_FILE

    replace_json(store._jobs / order["id"] / STATE_FILE, asdict(State("running", pid=0)))


@pytest.mark.slow
def test_a_server_that_is_told_to_end_ends_within_five_seconds(tmp_path: Path) -> None:
    """With a page open and listening, as Gradio's pages do."""
    command = [
        str(Path(sys.executable).with_name("maquette")),
        "studio",
        "--port",
        "0",
        "--data",
        str(tmp_path),
    ]
    said = tmp_path / "said.txt"
    with said.open("wb") as log:
        process = subprocess.Popen(
            command, stderr=log, env={**os.environ, "MAQUETTE_DATA": str(tmp_path / "own")}
        )
    deadline = time.monotonic() + 180.0
    while not (found := ADDRESS.search(said.read_text(errors="replace"))):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    listening = httpx.stream("GET", found.group() + "/gradio_api/heartbeat/abc", timeout=60)
    listening.__enter__()
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    assert time.monotonic() - began < 5.0
    assert "Traceback" not in said.read_text()
