"""Chinese names of quantities, parts, choices and body types; English ones are the names.

A family's own stand in its lexicon; here stand those of numbers that any product may have.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ...design.family.contract import Family
from ...design.family.registry import families

GENERAL: Mapping[str, str] = {
    "drag_coefficient": "风阻系数",
    "lift_coefficient": "升力系数",
    "drag_area": "阻力面积",
    "departure": "与起点的差异",
}


@cache
def names_zh() -> Mapping[str, str]:
    """Names of every installed family; where two call one thing differently, the first by name counts."""
    found = dict(GENERAL)
    for family in families().values():
        for name, chinese in family.lexicon.tongue("zh").names.items():
            found.setdefault(name, chinese)
    return found


def name_zh(name: str, family: Family | None = None) -> str | None:
    """The Chinese name as `family` has it, else as any family has it; None where nobody does."""
    own = family.lexicon.tongue("zh").names if family is not None else {}
    return own.get(name) or names_zh().get(name)
