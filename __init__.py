"""Maquette: from a sentence to a verified product design, with engineering constraints.

    import maquette as mq
    car = mq.open("car")
    brief = car.read("a low fastback under 4.7 m, drag coefficient at most 0.28")
    found = car.search(brief, trials=300)
    car.release(found.best, "out/car")
    mq.train("runs.csv", ["length", "width"], "drag", "out/model")
    mq.predict_table("new.csv", "out/model")

The names below are looked up when they are first used, so that importing this costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .design.exchange.step import write_step
    from .design.family.records import Design
    from .design.family.registry import families, get_family
    from .ui.product import Product
    from .ui.product import open_product as open
    from .ui.verbs.table import predict_table, train

__all__ = ["Design", "Product", "families", "get_family", "open", "predict_table", "train", "write_step"]

#: public name: module, and its name there
_PLACES = {
    "Design": ("design.family.records", "Design"),
    "Product": ("ui.product", "Product"),
    "families": ("design.family.registry", "families"),
    "get_family": ("design.family.registry", "get_family"),
    "open": ("ui.product", "open_product"),
    "predict_table": ("ui.verbs.table", "predict_table"),
    "train": ("ui.verbs.table", "train"),
    "write_step": ("design.exchange.step", "write_step"),
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, own_name = _PLACES[name]
    found = getattr(import_module(f".{module}", __name__), own_name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
