"""Progress of long work on stderr: bars on a terminal, a line now and then elsewhere.

The layers below report ``progress(stage, share)``: a stage's name and the share of it that is done, 0 to 1.
Remaining time is estimated from the recent pace of the running stage and left out until there is a pace.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from ..design.messages import Message, say

Progress = Callable[[str, float], None]

_LINE_EVERY = 5.0  # seconds between lines where there is no terminal
_PACE_WINDOW = 30.0  # seconds of history that the pace is taken from
_PACE_NEEDS = 1.0  # seconds of history before a remaining time is shown


def silent(stage: str, share: float) -> None:
    """Report to nobody."""


def within(progress: Progress, low: float, high: float) -> Progress:
    """Reports a part of a stage, from the share `low` to the share `high`, as if it were the whole."""
    return lambda stage, share: progress(stage, low + (high - low) * share)


class Pace:
    """Remaining seconds of one stage, from the pace of its last half minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._history: deque[tuple[float, float]] = deque()

    def add(self, share: float) -> None:
        """Take note of the share done now."""
        now = self._clock()
        self._history.append((now, share))
        while len(self._history) > 2 and now - self._history[0][0] > _PACE_WINDOW:
            self._history.popleft()

    def remaining(self) -> float | None:
        """Seconds left, or None while nobody can know."""
        # The first step of a stage often holds a start-up that the others do not: left out once it can be.
        known = list(self._history)[1:] if len(self._history) > 3 else list(self._history)
        if len(known) < 2:
            return None
        (began, first), (_, last) = known[0], known[-1]
        elapsed = self._clock() - began
        if elapsed < _PACE_NEEDS or last <= first:
            return None
        return (1.0 - last) * elapsed / (last - first)


class LineProgress:
    """One line at a stage's start and end and every few seconds between, for logs and pipes."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._stage = self._finished = ""
        self._began = self._written = clock()
        self._pace = Pace(clock)

    def __call__(self, stage: str, share: float) -> None:
        """Report `share` of `stage`."""
        now = self._clock()
        if stage == self._finished and share >= 1.0:
            return
        if stage != self._stage:
            self._finished = ""
            self._stage, self._began, self._written = stage, now, now
            self._pace = Pace(self._clock)
            self._write(f"{stage} ...")
        self._pace.add(share)
        if share >= 1.0:
            self._write(f"{stage}: done in {seconds_text(now - self._began)}")
            self._stage, self._finished = "", stage
        elif now - self._written >= _LINE_EVERY:
            self._written = now
            left = self._pace.remaining()
            more = f", about {seconds_text(left)} left" if left is not None else ""
            self._write(f"{stage}: {share:.0%}{more}")

    def _write(self, line: str) -> None:
        self._stream.write(line + "\n")
        self._stream.flush()


class BarProgress:
    """A bar a stage on a terminal, with the time taken or the time left."""

    def __init__(self, bars: Any) -> None:
        self._bars = bars
        self._tasks: dict[str, Any] = {}
        self._paces: dict[str, Pace] = {}
        self._began: dict[str, float] = {}
        self._last = ""

    def __call__(self, stage: str, share: float) -> None:
        """Report `share` of `stage`."""
        if stage not in self._tasks:
            self._finish(self._last)
            self._tasks[stage] = self._bars.add_task(stage, total=1.0, note="")
            self._paces[stage] = Pace()
            self._began[stage] = time.monotonic()
        self._last = stage
        self._paces[stage].add(share)
        if share >= 1.0:
            self._finish(stage)
            return
        left = self._paces[stage].remaining()
        note = f"about {seconds_text(left)} left" if left is not None else ""
        self._bars.update(self._tasks[stage], completed=share, note=note)

    def _finish(self, stage: str) -> None:
        if stage in self._began:
            taken = seconds_text(time.monotonic() - self._began.pop(stage))
            self._bars.update(self._tasks[stage], completed=1.0, note=taken)


@contextmanager
def shown(stream: TextIO | None = None) -> Iterator[Progress]:
    """Progress for the length of a command: bars when `stream` (stderr) is a terminal, else lines."""
    out = stream or sys.stderr
    if not out.isatty():
        yield LineProgress(out)
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Bars(*columns, console=Console(file=out), refresh_per_second=5) as bars:
        yield BarProgress(bars)


def seconds_text(seconds: float) -> Message:
    """``0.4 s``, ``12 s``, ``3 min 05 s``, ``2 h 10 min``."""
    if seconds < 9.95:
        return say("{seconds:.1f} s", seconds=seconds)
    whole = round(seconds)
    if whole < 100:
        return say("{seconds} s", seconds=whole)
    minutes, rest = divmod(whole, 60)
    if minutes < 100:
        return say("{minutes} min {seconds:02d} s", minutes=minutes, seconds=rest)
    return say("{hours} h {minutes:02d} min", hours=minutes // 60, minutes=minutes % 60)
