"""Running the command line as its users do: another process, its streams and its exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from needs import require

MAQUETTE = str(Path(sys.executable).with_name("maquette"))
PATIENCE = 900.0  # seconds for one command on a busy machine


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout as the one JSON object that it must be."""
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The one line that an error is, without progress lines before it."""
        lines = [line for line in self.err.splitlines() if line.startswith("maquette: ")]
        assert len(lines) == 1, self.err
        assert self.err.rstrip().endswith(lines[0]), self.err
        assert "Traceback" not in self.err, self.err
        return lines[0].removeprefix("maquette: ")


def maquette(*words: object, cwd: Path | None = None, **environment: str) -> Ran:
    """Run one command to its end."""
    done = subprocess.run(
        [MAQUETTE, *map(str, words)],
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def interrupted(after: str, *words: object, delay: float = 0.0, **environment: str) -> tuple[Ran, str]:
    """Press Ctrl-C `delay` seconds after a line that starts with `after` appeared on stderr.

    Returns what it left behind, and the processes of its session that outlived it (must be "").
    """
    process = subprocess.Popen(
        [MAQUETTE, *map(str, words)],
        env={**os.environ, **environment, "MAQUETTE_TEST_MARK": str(os.getpid())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    seen: list[str] = []
    for line in process.stderr:
        seen.append(line)
        if line.startswith(after):
            break
    else:
        process.wait()
        raise AssertionError(f"no line starting with {after!r}:\n{''.join(seen)}")
    threading.Event().wait(delay)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    return Ran(process.returncode, out, "".join(seen) + err), _left_behind(process.pid)


def _left_behind(parent: int) -> str:
    """Command lines of processes that carry our mark and are not us."""
    threading.Event().wait(0.3)
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) in (os.getpid(), parent):
            continue
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            if f"MAQUETTE_TEST_MARK={os.getpid()}".encode() in environment:
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return "\n".join(found)


def gone_with(starter: str) -> bool:
    """Whether the process whose id `starter` (Python that waits) prints ends when that is killed."""
    with subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert Path(f"/proc/{child}").exists()
        process.kill()
        until = time.monotonic() + PATIENCE
        while Path(f"/proc/{child}").exists() and time.monotonic() < until:
            time.sleep(0.05)
        return not Path(f"/proc/{child}").exists()


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """A tmpfs of its own at `folder`."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    require(done.returncode == 0, f"leave to mount a tmpfs, as root has it ({done.stderr.strip()})")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=False)
