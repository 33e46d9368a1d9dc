"""Maquette: from a sentence to a verified product design, with engineering constraints.

The names below are looked up when they are first used, so that importing this costs next to nothing:

    from maquette import get_family
    car = get_family("car")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .design.exchange.step import write_step
    from .design.family.records import Design
    from .design.family.registry import families, get_family

__all__ = ["Design", "families", "get_family", "write_step"]

_PLACES = {
    "Design": "design.family.records",
    "families": "design.family.registry",
    "get_family": "design.family.registry",
    "write_step": "design.exchange.step",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f".{_PLACES[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
