"""Chinese names of quantities, parts, choices and body types; English ones are the names.

A family's own stand in its lexicon; here stand those of numbers that any product may have.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ...constraints.requirements.body_types import LIKE
from ...design.family.contract import Family
from ...design.family.registry import families

GENERAL: Mapping[str, str] = {
    "drag_coefficient": "风阻系数",
    "lift_coefficient": "升力系数",
    "drag_area": "阻力面积",
    "departure": "与起点的差异",
    "safety_factor": "安全系数",
    "peak_stress": "最大应力",
    "max_deflection": "最大变形",
    "steel_4130": "4130 铬钼钢",
    "steel_s235": "S235 钢",
    "steel_s355": "S355 钢",
    "stainless_304": "304 不锈钢",
    "aluminium_6061": "6061 铝合金",
    "aluminium_7005": "7005 铝合金",
    "titanium_3al25v": "3Al-2.5V 钛合金",
    "beech": "山毛榉",
    "oak": "橡木",
    "ash": "白蜡木",
    "birch_plywood": "桦木胶合板",
    "polypropylene": "聚丙烯",
    "polypropylene_glass": "玻纤增强聚丙烯",
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
    if name.startswith(LIKE):
        kind = name.removeprefix(LIKE)
        return f"与{name_zh(kind, family) or kind}的相似度"
    own = family.lexicon.tongue("zh").names if family is not None else {}
    return own.get(name) or names_zh().get(name)
