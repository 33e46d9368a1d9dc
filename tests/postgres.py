"""A PostgreSQL server of the tests' own: a folder, a socket in it, no port, gone with the test."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

WHAT = "PostgreSQL with psycopg2 (Debian: apt-get install postgresql; pip install psycopg2-binary)"


def binaries() -> Path | None:
    """Where the newest server's programs lie; None without one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


def present() -> bool:
    """Whether a server and its driver are installed."""
    return binaries() is not None and importlib.util.find_spec("psycopg2") is not None


@contextmanager
def server() -> Iterator[str]:
    """The URL of an empty database, as Optuna takes it."""
    programs = binaries()
    assert programs is not None
    folder = Path(mkdtemp(prefix="maquette-postgres-", dir="/tmp"))  # a socket's path is short
    root = os.getuid() == 0  # the server refuses to run as root
    if root:
        shutil.chown(folder, "postgres")

    def call(*words: object) -> None:
        as_other = ["runuser", "-u", "postgres", "--"] if root else []
        subprocess.run(
            [*as_other, *map(str, words)],
            check=True,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=300,
        )

    data = folder / "data"
    try:
        call(programs / "initdb", "-D", data, "-U", "maquette", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=40"
        call(programs / "pg_ctl", "-D", data, "-w", "-t", 240, "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg2://maquette@/postgres?host={folder}"
        finally:
            call(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
