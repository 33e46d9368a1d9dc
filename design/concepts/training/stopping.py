"""Asking long work to stop where it can go on later."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator


class Stop:
    """Set by SIGTERM or SIGINT; long work looks at it where it can stop."""

    def __init__(self) -> None:
        self.asked = False

    @contextlib.contextmanager
    def listening(self) -> Iterator[Stop]:
        """Signals ask for a stop inside this block (main thread only)."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return

        def ask(*_: object) -> None:
            self.asked = True

        before = {s: signal.signal(s, ask) for s in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def check(self) -> None:
        """Raise KeyboardInterrupt where a stop was asked for."""
        if self.asked:
            raise KeyboardInterrupt
