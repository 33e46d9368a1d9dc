"""What the model of one family can give the training of another."""

from __future__ import annotations

from pathlib import Path

from ...family.contract import Family
from ...reading import read_json

#: networks that a model of another family lends
LENT = ("drawer", "sharpener", "encoder", "evaluator")


def family_of(folder: Path) -> str:
    """The family that a model was trained for; "" where it does not say."""
    path = folder / "model.json"
    return str(read_json(path)["family"]) if path.is_file() else ""


def lends(folder: Path, family: Family, name: str) -> bool:
    """Whether that network of `family` can begin from the model in `folder`."""
    return name in LENT or family_of(folder) in ("", family.name)
