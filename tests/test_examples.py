"""The examples in docstrings run, and every method that people call first has one."""

from __future__ import annotations

import doctest
import importlib
import inspect
from pathlib import Path

import pytest

import maquette
from maquette.ui.product import Product

ROOT = Path(maquette.__file__).parent
LAYERS = ("design", "surrogate", "constraints", "ui")
MODULES = sorted(
    "maquette." + ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for layer in LAYERS
    for path in (ROOT / layer).rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)
#: methods whose example would take minutes; README runs them
SLOW = {"sketch", "build", "release"}


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert found.attempted > 0
    assert found.failed == 0


def test_the_products_methods_have_examples() -> None:
    public = {n: m for n, m in vars(Product).items() if inspect.isfunction(m) and not n.startswith("_")}
    without = {n for n, m in public.items() if ">>> " not in (m.__doc__ or "")}
    assert without == SLOW
