"""The studio as designers feel it: its first page, the first body, and sliders, alone and under load.

The browser is Debian's Chromium with WebGL in software; without it, or without Playwright, its rows are left
out. The load speaks HTTP as the page does: every hand has a session, moves a slider, waits for the numbers,
rests a moment, and moves on; the body of the latest answer is fetched meanwhile, one at a time.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...design.errors import MaquetteError
from ...design.family.registry import get_family
from .memory import proportional_bytes
from .rows import SENTENCE, Row

FIRST_PAGE, FIRST_BODY, WARM, LOADED = 6.0, 3.0, 0.3, 1.5  # s: what was promised
MEMORY = 3.0  # GB of the server, whatever it is asked
HANDS, SEARCHES, SECONDS = 20, 2, 60.0
STARTS = 3  # cold starts
REST = 0.09  # s between two messages of one moving slider, as in static/sliders.js
PATIENCE = 180.0  # s until a step counts as failed
MOVED = ("overall_height", "wheelbase", "backlight_angle", "ground_clearance", "hood_crown")
#: Chromium's flags: WebGL in software, no graphics card is needed
BROWSER = (
    "--no-sandbox", "--headless=new", "--use-gl=angle", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
)  # fmt: skip


def studio_rows() -> list[Row]:
    """All rows, each on a server of its own that starts cold."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += page_rows(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        rows += load_rows(Path(folder))
    return rows


@dataclass(frozen=True)
class Served:
    """A running studio: where, which process, and when its command was given."""

    address: str
    pid: int
    began: float


@contextmanager
def served(data: Path) -> Iterator[Served]:
    """The command `maquette studio` on a free port over an empty folder."""
    environment = {**os.environ, "MAQUETTE_DATA": str(data / "own")}
    said = data / "said.txt"
    began = time.perf_counter()
    with said.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "maquette.ui.cli.main", "studio", "--port", "0", "--data", str(data)],
            stderr=log,
            env=environment,
        )
    try:
        address = _until(lambda: _address(said), f"the studio said no address: {said}")
        yield Served(address, process.pid, began)
    finally:
        process.terminate()
        process.wait(30)


def _address(said: Path) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", said.read_text(errors="replace"))
    return found.group() if found else ""


def _until(look: Callable[[], str], fault: str, seconds: float = PATIENCE) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise MaquetteError(fault)


# -- in the browser ------------------------------------------------------------------------------------


def page_rows(data: Path) -> list[Row]:
    """Command to first page, choice to first body, key to changed numbers; none without a browser."""
    path = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        path = None
    if path is None:
        print("no Chromium with Playwright to measure pages with", file=sys.stderr)
        return []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(BROWSER))
        browser.new_page().goto("about:blank")  # a designer's browser is open already
        time.sleep(3.0)
        seen = []
        for k in range(STARTS):
            (data / str(k)).mkdir()
            seen.append(_visit(browser, data / str(k)))
        browser.close()
    listening, first, body, moved = (statistics.median(column) for column in zip(*seen, strict=True))
    firsts = [f for _, f, _, _ in seen]
    return [
        Row("studio: first page after the command", first, "s", at_most=FIRST_PAGE,
            detail=f"{min(firsts):.1f} to {max(firsts):.1f} s over {STARTS} starts; it listened after "
                   f"{listening:.1f} s"),
        Row("studio: first body in 3D after the choice", body, "s", at_most=FIRST_BODY,
            detail="WebGL in software"),
        Row("studio: slider key to changed numbers on the page", moved, "s"),
    ]  # fmt: skip


def _visit(browser: Any, data: Path) -> tuple[float, float, float, float]:
    """Seconds of one cold start: until it listened, the first page, the first body, a slider's key."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1e3)
    with served(data) as seat:
        listening = time.perf_counter() - seat.began
        page.goto(seat.address)
        page.wait_for_selector("#mq-brief-text textarea")
        page.wait_for_function("/^.s=[0-9a-f]{32}$/.test(location.search)")
        first = time.perf_counter() - seat.began
        page.locator("#mq-brief-text textarea").fill(SENTENCE)
        page.locator("#mq-read").click()
        page.wait_for_selector("#mq-understood [data-quantity]")
        began = time.perf_counter()
        page.locator("#mq-to-model").click()
        page.wait_for_selector(".mq-viewer[data-drawn]")
        body = time.perf_counter() - began
        page.wait_for_selector("#mq-knobs input[type=range]")
        moves = [_key_seconds(page, "PageUp" if k % 2 else "PageDown") for k in range(9)]
        context.close()
    return listening, first, body, statistics.median(moves[2:])


def _key_seconds(page: Any, key: str) -> float:
    """From a key on a slider to other numbers beside it."""
    before = page.locator("#mq-numbers").inner_text()
    slider = page.locator("#mq-overall_height")
    slider.focus()
    began = time.perf_counter()
    slider.press(key)
    page.wait_for_function(
        "(t) => document.querySelector('#mq-numbers').innerText !== t", arg=before, polling=10
    )
    taken = time.perf_counter() - began
    page.wait_for_timeout(600)  # the decision is kept, and the page at rest
    return taken


# -- many hands ----------------------------------------------------------------------------------------


@dataclass
class Hand:
    """A designer at a slider: a session of their own, and how long numbers and bodies took.

    Attributes:
        seconds: from each move to its numbers. bodies: from a move to its body, of the bodies fetched.
    """

    address: str
    config: Mapping[str, Any]
    number: int
    seconds: list[float] = field(default_factory=list)
    bodies: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        import httpx

        self.http = httpx.Client(base_url=self.address, timeout=PATIENCE)
        self.mark = uuid.uuid4().hex
        self.families = tuple(get_family("car").archetypes)
        self.latest: tuple[str, float] | None = None

    def sit(self) -> None:
        """Open a session and take a starting body."""
        self._run("load", "", [])
        self._run("select", "model", [None])
        self._run("input", "mq-start", [None, self.families[self.number % len(self.families)]])

    def move(self, share: float) -> None:
        """One message of a moving slider; the numbers are awaited."""
        name = MOVED[self.number % len(MOVED)]
        span = next(p.range for p in get_family("car").parameters if p.name == name)
        value = span.low + (0.3 + 0.4 * share) * (span.high - span.low)
        began = time.perf_counter()
        try:
            text = str(self._run("move", "mq-knobs", [None], {"name": name, "values": {name: value}}))
            body = re.search(r"/bodies/[0-9a-f]+\.glb", text)
            if 'mq-say bad"' in text or body is None:
                raise MaquetteError(f"no body in the answer: {text[:200]}")
            self.latest = (body.group(), began)
        except Exception as error:
            self.faults.append(f"{type(error).__name__}: {error}"[:200])
        self.seconds.append(time.perf_counter() - began)

    def fetch(self) -> None:
        """The body of the latest answer, if there is one that was not fetched."""
        wanted, self.latest = self.latest, None
        if wanted is None:
            time.sleep(0.01)
            return
        try:
            self.http.get(wanted[0]).raise_for_status()
            self.bodies.append(time.perf_counter() - wanted[1])
        except Exception as error:
            self.faults.append(f"{type(error).__name__}: {error}"[:200])

    def _run(self, event: str, place: str, data: list[Any], more: Any = None) -> Any:
        told = {"data": data, "fn_index": _function(self.config, event, place), "session_hash": self.mark,
                "event_data": more}  # fmt: skip
        answer = self.http.post("/gradio_api/run/predict", json=told)
        answer.raise_for_status()
        return answer.json()["data"]


def _function(config: Mapping[str, Any], event: str, place: str) -> int:
    """Number of the function that a component's event calls."""
    ids = (
        {c["id"] for c in config["components"] if place in (c["props"].get("elem_id"), c["props"].get("id"))}
        if place
        else None
    )
    for one in config["dependencies"]:
        if any(e == event and (ids is None or i in ids) for i, e in one["targets"]):
            return int(one["id"])
    raise MaquetteError(f"the page has no {event} of {place}")


def load_rows(data: Path) -> list[Row]:
    """One warm slider alone; then many, beside two searches and a sheet of sketches."""
    import httpx

    with served(data) as seat:
        config = httpx.get(seat.address + "/config", timeout=PATIENCE).json()
        hands = [Hand(seat.address, config, k) for k in range(HANDS)]
        for hand in hands:
            hand.sit()
        one = Hand(seat.address, config, 0)
        one.sit()
        for k in range(40):
            one.move((k % 20) / 20)
            one.fetch()
            time.sleep(REST)
        warm, seen = sorted(one.seconds[10:]), sorted(one.bodies[10:])
        before = proportional_bytes(seat.pid) / 1e9
        jobs = _jobs(seat.address)
        peak, sheets = _moved(seat, hands, jobs)
    times = sorted(t for hand in hands for t in hand.seconds)
    bodies = sorted(t for hand in hands for t in hand.bodies)
    faults = [f for hand in [one, *hands] for f in hand.faults]
    beside = f"{HANDS} hands, {SEARCHES} searches, {sheets} sheets drawn, {len(times)} answers"
    return [
        Row("studio: slider answer, one hand", statistics.median(warm), "s", at_most=WARM,
            detail=f"95th percentile {_percentile(warm, 0.95):.3f} s; with its body "
                   f"{statistics.median(seen):.3f} s"),
        Row("studio: slider answer under load, 95th percentile", _percentile(times, 0.95), "s",
            at_most=LOADED, detail=f"median {statistics.median(times):.2f} s; {beside}"),
        Row("studio: body under load, 95th percentile", _percentile(bodies, 0.95), "s",
            detail=f"median {statistics.median(bodies):.2f} s of {len(bodies)} bodies"),
        Row("studio: errors under load", float(len(faults)), "", at_most=0.0, detail="; ".join(faults[:2])),
        Row("studio: memory of the server under load", peak, "GB", at_most=MEMORY,
            detail=f"{before:.2f} GB before"),
    ]  # fmt: skip


def _percentile(values: list[float], share: float) -> float:
    return float(np.percentile(values, 100.0 * share))


@dataclass(frozen=True)
class _Jobs:
    """The long work beside the hands, through the public endpoints."""

    client: Any
    searches: list[tuple[str, str]]
    drawer: str

    def stop(self) -> None:
        for session, job in self.searches:
            self.client.predict(session, job, api_name="/cancel")


def _jobs(address: str) -> _Jobs:
    """Two searches of two designers, and a third who draws."""
    from gradio_client import Client

    client = Client(address, verbose=False, analytics_enabled=False)
    sessions = [client.predict("en", api_name="/new_session") for _ in range(SEARCHES + 1)]
    searches = []
    for session in sessions:
        client.predict(session, SENTENCE, "car", api_name="/read_brief")
    for session in sessions[:-1]:
        job = client.predict(session, 50_000, False, api_name="/optimise")
        searches.append((session, job["id"]))
    return _Jobs(client, searches, sessions[-1])


def _moved(seat: Served, hands: list[Hand], jobs: _Jobs) -> tuple[float, int]:
    """All hands move for a while; peak memory of the server in GB, and sheets drawn meanwhile."""
    over = threading.Event()

    def work(hand: Hand) -> None:
        for k in itertools.count():
            if over.is_set():
                return
            hand.move(((7 * hand.number + k) % 20) / 20)
            over.wait(REST)

    def look(hand: Hand) -> None:
        while not over.is_set():
            hand.fetch()

    threads = [
        threading.Thread(target=do, args=(hand,), daemon=True) for hand in hands for do in (work, look)
    ]
    for thread in threads:
        thread.start()
    ends = time.monotonic() + SECONDS
    sheets, peak, drawing = 0, 0.0, ""
    while time.monotonic() < ends:
        peak = max(peak, proportional_bytes(seat.pid) / 1e9)
        status = jobs.client.predict(jobs.drawer, drawing, api_name="/job")["status"] if drawing else "done"
        if status not in ("queued", "running"):
            sheets += bool(drawing) and status == "done"
            drawing = jobs.client.predict(jobs.drawer, 8, api_name="/sketch")["id"]
        time.sleep(0.5)
    over.set()
    for thread in threads:
        thread.join(PATIENCE)
    running = [jobs.client.predict(s, j, api_name="/job")["status"] for s, j in jobs.searches]
    if running != ["running"] * SEARCHES:
        raise MaquetteError(f"the searches beside the load were {running}")
    jobs.client.predict(jobs.drawer, drawing, api_name="/cancel")
    jobs.stop()
    return peak, sheets
