"""Seconds by stage."""

from __future__ import annotations

import time
from collections.abc import Callable


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
