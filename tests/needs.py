"""What a test needs from outside, and what its absence means: the one place where tests are skipped.

A missing component skips and says why. Under ``MAQUETTE_REQUIRE_ALL=1`` (as in ``.ci/run``) it fails, so that
a green run there has skipped nothing. Public data sets are the named exception: no copy of them is shipped,
so they are looked for under ``MAQUETTE_PUBLIC_DATA`` and missed only where that is set. Libraries are no
question: tests import what the extra ``dev`` installs.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

#: tables that belong to others, by folder: the tests that may be skipped everywhere
PUBLIC_DATA: Final = ("ahmedml", "framed")
_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


def require(present: bool, what: str, excused: bool = False) -> None:
    """Skip the running test unless `present`; fail it under
    MAQUETTE_REQUIRE_ALL unless `excused`."""
    if present:
        return
    if os.environ.get("MAQUETTE_REQUIRE_ALL") and not excused:
        pytest.fail(f"{what} is needed (MAQUETTE_REQUIRE_ALL is set)", pytrace=False)
    pytest.skip(f"{what} is not here")


def public_data(name: str, file: str) -> Path:
    """The folder of one of :data:`PUBLIC_DATA`, which holds `file`."""
    assert name in PUBLIC_DATA
    told = os.environ.get("MAQUETTE_PUBLIC_DATA")
    folder = (Path(told) if told else _BESIDE) / name
    what = f"the public data set {name} ({folder / file}; MAQUETTE_PUBLIC_DATA names the folder above)"
    require((folder / file).is_file(), what, excused=not told)
    return folder
