"""What every test shares: which outside components are here, and Hypothesis' habits.

A test that needs a missing component is skipped and says why; under ``MAQUETTE_REQUIRE_ALL=1`` (as in
``.ci/run``) it fails instead, so that a green run on our own machines has skipped nothing.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Small kernels gain nothing from threads, and pytest-xdist already fills the cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile(
    "maquette", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("maquette")


def require(present: bool, what: str) -> None:
    """Skip the running test when `what` is not `present`; fail it under MAQUETTE_REQUIRE_ALL."""
    if present:
        return
    if os.environ.get("MAQUETTE_REQUIRE_ALL"):
        pytest.fail(f"{what} is needed (MAQUETTE_REQUIRE_ALL is set)", pytrace=False)
    pytest.skip(f"{what} is not installed")


def _solver_present() -> bool:
    return shutil.which("simpleFoam") is not None


def _kernel_present() -> bool:
    return importlib.util.find_spec("cadquery") is not None


_NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "openfoam": (_solver_present, "OpenFOAM (Debian: apt-get install openfoam)"),
    "kernel": (_kernel_present, "CadQuery (pip install cadquery)"),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Apply :func:`require` to the markers that name an outside component."""
    for marker, (present, what) in _NEEDS.items():
        if item.get_closest_marker(marker) is not None:
            require(present(), what)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = shutil.which("chromium")
    require(path is not None, "Chromium (Debian: apt-get install chromium)")
    from seat import WAIT

    from maquette.ui.bench.studio import BROWSER

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=path, args=list(BROWSER), timeout=WAIT)
        yield started
        started.close()
