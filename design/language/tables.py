# ruff: noqa: E501 - a table reads best with one pattern a line
"""Tables in a text (Markdown; cells parted by tabs, commas or semicolons): each row becomes a line of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

#: headings of columns to what stands before their cells in a line
_HEADINGS = (
    (re.compile(r"^(min\.?|minimum|at least|lower( limit| bound)?|low?|≥|最小值?|最低|下限|至少)$", re.I), "min "),
    (re.compile(r"^(max\.?|maximum|at most|upper( limit| bound)?|hi(gh)?|limit|≤|最大值?|最高|上限|至多)$", re.I), "max "),
    (re.compile(r"^(targets?|goal|should|could|desired|wish|nice to have|aim|目标值?|期望值?|理想值?)$", re.I), "target "),
    (re.compile(r"^(tol(erance)?\.?|±|公差)$", re.I), "± "),
    (re.compile(r"^(units?|单位)$", re.I), "unit"),
    (re.compile(r"^(nominal|must|shall|value|requirement|required|spec|figure|数值|值|要求|指标|取值|标称值?|名义值?|dimension|size)$", re.I), ""),
    (re.compile(r"^(quantity|parameter|item|name|dim\.?|property|measure|characteristic|feature|what|#|no\.?|id|参数|项目|名称|指标名称|参数名称|序号|编号)?$", re.I),
     "name"),
    (re.compile(r"^(notes?|remarks?|comments?|source|priority|status|owner|备注|说明|来源|优先级)$", re.I), "note"),
)  # fmt: skip
_RULE = re.compile(r"^[\s|:+-]*-[\s|:+-]*$")
#: the unit of a heading: "Min (mm)", "Max / mm", "最小值（毫米）"
_UNIT = re.compile(
    r"^(?P<name>.*?)\s*(?:[(\[]\s*(?P<unit>[^()\[\]]+?)\s*[)\]]|[/,]\s*(?P<short>mm|cm|m|kg|deg|in))$"
)


@dataclass(frozen=True)
class _Heading:
    """What stands before the cells of a column in a line, and the unit that the column has."""

    kind: str
    unit: str = ""


def rows_as_lines(text: str) -> str:
    """The text with the rows of tables that have a heading put as lines: ``Length (mm): min 4500, max 4700``.

    Other text stays as it is.
    """
    lines = text.split("\n")
    done: list[str] = []
    headings: list[_Heading] | None = None
    sign = "|"
    for line in lines:
        if _RULE.match(line) and "|" in line:
            continue
        heads = {mark: found for mark in "|;,，" if (found := _headings(_cells(line, mark), mark))}
        if heads:
            sign, headings = next(iter(heads.items()))
            continue
        cells = _cells(line, sign)
        if len(cells) < 2 or (sign != "|" and headings is not None and len(cells) > len(headings)):
            headings = None
        parted = ", ".join(cells) if headings is None and _each_named(cells) else line
        done.append(_line(cells, headings) if headings is not None else parted)
    return "\n".join(done)


def _each_named(cells: Sequence[str]) -> bool:
    """ "length 4.6 m | wheelbase 2.8 m": cells that each name what they say."""
    return len(cells) > 1 and all(re.match(r"\D*[^\W\d_]{2,}\D*\d", c) for c in cells)


def _headings(cells: Sequence[str], sign: str) -> list[_Heading]:
    """What the columns hold, where every cell is a heading; else none."""
    kinds = [_heading(c) if c or sign == "|" else None for c in cells]
    found = [k for k in kinds if k is not None]
    many = len({k.kind for k in found} - {"name", ""}) + any(k.kind == "name" for k in found)
    return found if len(cells) > 1 and len(found) == len(cells) and many else []


def _cells(line: str, sign: str) -> list[str]:
    if sign not in line:
        return []
    stripped = line.strip()
    if sign == "|":
        stripped = stripped[1:] if stripped.startswith("|") else stripped
        stripped = stripped[:-1] if stripped.endswith("|") else stripped
    return [c.strip() for c in stripped.split(sign)]


def _heading(cell: str) -> _Heading | None:
    plain = cell.strip("*_ ").strip()
    named = _UNIT.match(plain)
    for name, unit in ((plain, ""), *([(named["name"], named["unit"] or named["short"])] if named else [])):
        for pattern, kind in _HEADINGS:
            if pattern.match(name):
                return _Heading(kind, unit)
    return None


def _line(cells: Sequence[str], headings: Sequence[_Heading]) -> str:
    pairs = [*zip(cells, [*headings, *[_Heading("")] * len(cells)], strict=False)]
    unit = next((c for c, h in pairs if h.kind == "unit" and _filled(c)), "")
    unit = unit or next((h.unit for _, h in pairs if h.unit and h.kind == "name"), "")
    names: list[str] = []
    values: list[str] = []
    for cell, heading in pairs:
        kind = heading.kind
        if not _filled(cell) or kind == "unit":
            continue
        unnamed = kind == "" and not re.search(r"\d", cell) and not any(re.search(r"\D", n) for n in names)
        if kind == "name" or unnamed:  # "1 | 车长 | ...", under a heading that may be of values
            names.append(cell)
        elif kind == "note":
            values.append(f"({cell})")
        elif kind == "± ":
            values.append(f"{'' if cell.startswith(('±', '+')) else '± '}{_with(cell, heading.unit)}")
        else:
            compared = kind in ("min ", "max ") and re.match(r"[^\d.,+-]", cell)  # "max 4,600" under "limit"
            shown = ("" if compared else kind) + _with(cell, heading.unit)
            values.append(shown if re.search(r"\d", cell) else cell)
    names = [n for n in names if re.search(r"\D", n)] or names
    label = " ".join(names) + (f" ({unit})" if unit else "")
    return f"{label}: {', '.join(values)}." if values else label


def _with(cell: str, unit: str) -> str:
    """A cell with the unit of its column, where it has none."""
    return f"{cell} {unit}" if unit and re.fullmatch(r"[<>=≤≥±+\-–~\d.,' ]+", cell) else cell


def _filled(cell: str) -> bool:
    return bool(cell.strip(" -–—/*"))
