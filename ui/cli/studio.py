"""The command `studio`: the web app on this machine."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...design.errors import MissingComponentError
from ..progress import Progress
from ..results import INTERRUPTED, Result

LEAVE = 1.5  # s after the last answer, until a server that was told to end is gone whatever still runs


@dataclass(frozen=True)
class StudioResult(Result):
    """Where the studio was served."""

    address: str


def add_studio_command(command: Callable[..., argparse.ArgumentParser]) -> None:
    """`maquette studio`."""
    p = command("studio", "the web app (on this machine only, unless --host says otherwise)", _studio)
    p.add_argument(
        "--host", default="127.0.0.1", metavar="HOST", help="address to listen on (default 127.0.0.1)"
    )
    p.add_argument(
        "--port", type=int, default=7860, metavar="PORT", help="port (default 7860; 0: any free one)"
    )
    p.add_argument(
        "--login", metavar="USER:FILE", help="ask for this user and the password in the file's first line"
    )
    p.add_argument("--mcp", action="store_true", help="also offer the endpoints as MCP tools")
    p.add_argument("--data", type=Path, metavar="DIR", help="folder of sessions and jobs")


def _studio(a: Any, _progress: Progress) -> Result:
    # before Gradio is imported: nothing phones home
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["GRADIO_SHARE"] = "False"
    gc.disable()  # while modules load, everything is new and nothing is garbage
    try:
        from ..web.app import run
        from ..web.server import read_login
    except ModuleNotFoundError as error:
        raise MissingComponentError(
            f"studio needs {error.name}; install it with pip install maquette"
        ) from error
    served = ""

    def ready(address: str, interrupted: Any) -> None:
        nonlocal served
        served = address
        gc.freeze()
        gc.enable()
        sys.stderr.write(f"Maquette studio: {address}  (Ctrl-C ends it)\n")
        if interrupted:
            sys.stderr.write(
                f"{len(interrupted)} jobs were interrupted by the last stop; their tabs say how they go on\n"
            )
        sys.stderr.flush()

    login = read_login(a.login) if a.login else None
    try:
        try:
            run(a.host, a.port, login, a.mcp, a.data, ready)
        finally:  # Gradio's threads wait for pages that are still open; sessions and jobs are on the disk
            leave = threading.Timer(LEAVE, os._exit, (INTERRUPTED,))
            leave.daemon = True
            leave.start()
    except KeyboardInterrupt:
        raise KeyboardInterrupt("the studio is closed; sessions are kept and running jobs go on") from None
    return StudioResult(served)
