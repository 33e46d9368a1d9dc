"""A studio of its own for a test: the command, on a free port, over an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 180.0  # Gradio loads slowly where other work runs
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@contextmanager
def studio(data: Path, *more: str, slow: bool = False) -> Iterator[str]:
    """Start `maquette studio` and yield its address; it and its jobs' folder are this test's own.

    Args:
        slow: answers come late and out of order (`slow_studio.py`).
    """
    data.mkdir(parents=True, exist_ok=True)
    command = [str(Path(sys.executable).with_name("maquette")), "studio", "--port", "0"]
    if slow:
        command[:2] = [sys.executable, str(Path(__file__).with_name("slow_studio.py"))]
    environment = {**os.environ, "MAQUETTE_DATA": str(data / "own"), "OMP_NUM_THREADS": "1"}
    said = data / "said.txt"
    with said.open("wb") as log:
        process = subprocess.Popen([*command, "--data", str(data), *more], stderr=log, env=environment)
    try:
        yield _address(process, said)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        found = ADDRESS.search(said.read_text(errors="replace"))
        if found:
            return found.group()
        time.sleep(0.1)
    raise AssertionError(f"the studio did not start: {said.read_text(errors='replace')}")
