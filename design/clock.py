"""Seconds by stage, and the day."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable

from .environment import epoch


class Clock:
    """Seconds by stage, and their sum."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._began = self._last = now()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """The stage of that name ends here."""
        now = self._now()
        self.laps[name] = self.laps.get(name, 0.0) + now - self._last
        self._last = now

    def total(self) -> dict[str, float]:
        """The laps and `total`."""
        return {**self.laps, "total": self._now() - self._began}


def today() -> str:
    """The day of the calendar, ISO 8601. ``SOURCE_DATE_EPOCH`` (seconds since 1970, reproducible-builds.org)
    stands in for the clock where the same bytes are wanted on another day."""
    given = epoch()
    if given is not None:
        return datetime.datetime.fromtimestamp(given, datetime.UTC).date().isoformat()
    return datetime.datetime.now().astimezone().date().isoformat()
