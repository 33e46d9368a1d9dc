"""Work that the studio starts: why a brief cannot be met, what can run, what was kept, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
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
from maquette.ui.jobs.work import Teller

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
