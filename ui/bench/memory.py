"""Memory of a process and of all that it starts, as Linux counts it."""

from __future__ import annotations

import threading
from pathlib import Path


class Peak:
    """Greatest proportional memory of a process and its descendants, looked at every fifth of a second."""

    def __init__(self, pid: int) -> None:
        self.bytes = 0.0
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.2):
            self.bytes = max(self.bytes, sum(proportional_bytes(p) for p in _descendants(self._pid)))


def _descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            parents.setdefault(parent, []).append(int(folder.name))
    found, open_ids = [], [pid]
    while open_ids:
        found.append(open_ids.pop())
        open_ids += parents.get(found[-1], [])
    return found


def proportional_bytes(pid: int) -> float:
    """Memory of a process, what it shares counted in proportion; 0 when it is gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return float(line.split()[1]) * 1024
    except OSError:
        pass
    return 0.0
