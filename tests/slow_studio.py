"""`maquette studio` on a machine that answers late, and not in the order of the questions."""

from __future__ import annotations

import asyncio
import itertools
import sys
from typing import Any

from maquette.ui.cli.main import main
from maquette.ui.web import server

WAITS = itertools.cycle((1.4, 0.2, 0.9, 0.05))  # s before a POST is looked at


class Late(server.Guard):
    """Every question that may change something waits, an earlier one often longer than the next."""

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            await asyncio.sleep(next(WAITS))
        await super().__call__(scope, receive, send)


if __name__ == "__main__":
    server.Guard = Late  # type: ignore[misc]
    sys.exit(main(["studio", *sys.argv[1:]]))
