"""What every test shares: the markers that name an outside component, and Hypothesis' habits.

Property tests draw the same examples in every run, so that what fails fails again; under
``--hypothesis-profile=fresh`` (as in ``.ci/run``) they draw others each time, from ``--hypothesis-seed``.
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
from needs import require

# Small kernels gain nothing from threads, and pytest-xdist already fills the cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

_HABITS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fresh", _HABITS, derandomize=False, print_blob=True)
settings.register_profile("maquette", _HABITS, derandomize=True)
settings.load_profile("maquette")


def _solver_present() -> bool:
    from maquette.surrogate.studies.wind_tunnel import openfoam

    return openfoam.available()


def _kernel_present() -> bool:
    return importlib.util.find_spec("cadquery") is not None


_NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "openfoam": (_solver_present, "OpenFOAM (Debian: apt-get install openfoam)"),
    "kernel": (_kernel_present, "CadQuery (pip install cadquery)"),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Apply :func:`needs.require` to the markers that name an outside component."""
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
