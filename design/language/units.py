"""Units as people write them: words of any language to pint expressions, and what kind each is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from .blocks import phrases
from .tokens import keys_of

#: pint expression to its words
_WORDS: Mapping[str, str] = {
    "mm": "mm, mms, millimetre, millimetres, millimeter, millimeters, 毫米",
    "cm": "cm, cms, centimetre, centimetres, centimeter, centimeters, 厘米, 公分",
    "dm": "dm, 分米",
    "m": "m, metre, metres, meter, meters, mtr, 米, 公尺",
    "km": "km, kilometre, kilometres, kilometer, kilometers, 公里, 千米",
    "inch": 'in, inch, inches, ins, ", 英寸, 吋, 寸',
    "foot": "ft, foot, feet, ', 英尺",
    "yard": "yd, yard, yards",
    "mile": "mile, miles, 英里",
    "m^2": """
        m2, m^2, sqm, sq m, square metre, square metres, square meter, square meters, 平方米, 平米, 平方
    """,
    "cm^2": "cm2, cm^2, 平方厘米",
    "mm^2": "mm2, mm^2, 平方毫米",
    "ft^2": "ft2, sq ft, sqft, square foot, square feet, 平方英尺",
    "inch^2": "square inches, sq in",
    "litre": "l, litre, litres, liter, liters, ltr, ltrs, lt, 升, 公升",
    "dm^3": "dm3",
    "m^3": "m3, m^3, cubic metre, cubic metres, cubic meter, cubic meters, cu m, 立方米",
    "ft^3": "cubic foot, cubic feet, cu ft, cuft, cu. ft, ft3, 立方英尺",
    "gallon": "gallon, gallons",
    "kg": "kg, kgs, kilo, kilos, kilogram, kilograms, kilogramme, kilogrammes, 公斤, 千克",
    "g": "g, gram, grams, 克",
    "tonne": "t, tonne, tonnes, 吨",
    "short_ton": "ton, tons",
    "lb": "lb, lbs, pound, pounds, 磅",
    "ounce": "oz, ounce, ounces, 盎司",
    "jin": "斤, 市斤",
    "degree": "deg, degs, degree, degrees, °, 度",
    "radian": "rad, radian, radians",
    "percent": "%, percent, per cent, pct",
    "km/h": "kph, km/h, kmh, 公里每小时",
    "mile/hour": "mph",
    "m/s": "m/s",
    "second": "s, sec, second, seconds, 秒",
    "hour": "hour, hours, 小时",
    "kW": "kw, 千瓦",
    "kWh": "kwh, 度电",
    "hp": "hp, bhp",
    "metric_horsepower": "ps, 马力",
    "N*m": "nm, 牛米",
    "N": "n, newton, newtons, 牛, 牛顿",
    "kN": "kn, kilonewton, kilonewtons, 千牛",
    "N/mm": "n/mm, newton per millimetre, newtons per millimetre, 牛每毫米, 牛/毫米",
    "kN/m": "kn/m",
    "MPa": "mpa, megapascal, megapascals, n/mm2, 兆帕",
    "GPa": "gpa, gigapascal, gigapascals",
    "Pa": "pa, pascal, pascals",
    "W": "w, watt, watts, 瓦",
    "mile/gallon": "mpg",
    "euro": "€, euro, euros, eur, 欧元, 欧",
    "dollar": "$, us$, dollar, dollars, usd, 美元, 美金",
    "sterling": "£, gbp, 英镑",
    "yuan": "¥, rmb, cny, yuan, 元, 块钱, 元人民币",
}
#: money that no rate of ours turns into euro
MONEY = ("dollar", "sterling", "yuan")
#: words as one blank parts them, to pint expressions
UNIT_WORDS: Mapping[str, str] = {word: unit for unit, text in _WORDS.items() for word in phrases(text)}
#: the same by the keys of their tokens
UNIT_KEYS: Mapping[tuple[str, ...], str] = {keys_of(word): unit for word, unit in UNIT_WORDS.items()}
LONGEST = max(len(k) for k in UNIT_KEYS)
#: units that people leave out, by kind, the usual one first
UNSAID: Mapping[str, tuple[str, ...]] = {
    "length": ("mm", "m", "cm", "inch", "foot"),
    "volume": ("litre", "m^3", "ft^3"),
    "mass": ("kg", "lb", "tonne"),
    "area": ("m^2", "ft^2"),
    "angle": ("degree",),
    "force": ("N", "kN"),
    "stress": ("MPa",),
    "stiffness": ("N/mm",),
    "power": ("W", "kW"),
}
#: a unit of each kind (pint expressions)
_KIND_OF_UNITS = {
    "mm": "length",
    "m^2": "area",
    "m^3": "volume",
    "kg": "mass",
    "": "dimensionless",
    "N": "force",
    "MPa": "stress",
    "N/mm": "stiffness",
    "W": "power",
    "m/s": "speed",
    "s": "time",
}
#: the pint expression of each unit that a family may declare
PINT_OF: Mapping[str, str] = {
    "mm": "mm",
    "deg": "degree",
    "m2": "m^2",
    "m3": "m^3",
    "l": "litre",
    "kg": "kg",
    "N": "N",
    "MPa": "MPa",
    "N/mm": "N/mm",
    "W": "W",
    "1": "",
}
#: a pint expression as people read it
SHOWN: Mapping[str, str] = {
    "inch": "in", "foot": "ft", "litre": "l", "m^2": "m2", "m^3": "m3", "ft^3": "cu ft", "ft^2": "sq ft",
    "degree": "deg", "percent": "%", "tonne": "t", "metric_horsepower": "PS",
}  # fmt: skip


def unit_text(unit: str) -> str:
    """A pint expression as people write it."""
    return SHOWN.get(unit, unit)


def kind_of(unit: str) -> str:
    """Kind of a pint expression: ``length``, ``area``, ``speed``, ...; angles are not plain numbers."""
    if unit in ("degree", "radian"):
        return "angle"
    return _dimension(unit)


@cache
def _dimension(unit: str) -> str:
    own = registry().Quantity(1.0, unit).dimensionality
    kinds = (k for u, k in _KIND_OF_UNITS.items() if registry().Quantity(1.0, u).dimensionality == own)
    return next(kinds, str(own))


@cache
def ratio(unit: str, other: str) -> float:
    """How many `other` one `unit` is (pint expressions of one kind)."""
    return float(registry().Quantity(1.0, unit).to(other).magnitude)


@cache
def registry() -> Any:
    """pint's registry."""
    import pint

    found = pint.UnitRegistry(cache_folder=None)
    found.define("jin = 0.5 * kilogram")
    found.define("euro = []")  # what things cost is told in euro, by a plain number
    for money in MONEY:
        found.define(f"{money} = [{money}s]")
    return found
