# ruff: noqa: E501 - a table reads best with one pattern a line
"""Tables in a text (Markdown, or cells parted by tabs): each row becomes a line that is read by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: headings of columns to what stands before their cells in a line
_HEADINGS = (
    (re.compile(r"^(min\.?|minimum|at least|lower( limit| bound)?|low?|≥|最小值?|最低|下限|至少)$", re.I), "min "),
    (re.compile(r"^(max\.?|maximum|at most|upper( limit| bound)?|hi(gh)?|limit|≤|最大值?|最高|上限|至多)$", re.I), "max "),
    (re.compile(r"^(target|goal|desired|wish|nice to have|目标值?|期望值?|理想值?)$", re.I), "target "),
    (re.compile(r"^(tol(erance)?\.?|±|公差)$", re.I), "± "),
    (re.compile(r"^(units?|单位)$", re.I), "unit"),
    (re.compile(r"^(nominal|value|requirement|required|spec|数值|值|要求|指标|取值|dimension|size)$", re.I), ""),
    (re.compile(r"^(quantity|parameter|item|name|dim\.?|property|measure|what|#|no\.?|参数|项目|名称|指标名称|序号)?$", re.I),
     "name"),
    (re.compile(r"^(notes?|remarks?|comments?|source|备注|说明)$", re.I), "note"),
)  # fmt: skip
_RULE = re.compile(r"^[\s|:+-]*-[\s|:+-]*$")


def rows_as_lines(text: str) -> str:
    """The text with the rows of tables that have a heading put as lines: ``Length (mm): min 4500, max 4700``.

    Other text stays as it is.
    """
    if "|" not in text:
        return text
    lines = text.split("\n")
    done: list[str] = []
    headings: list[str] | None = None
    for line in lines:
        cells = _cells(line)
        if _RULE.match(line) and "|" in line:
            continue
        if len(cells) < 2:
            headings = None
            done.append(line)
            continue
        kinds = [_kind(c) for c in cells]
        if all(k is not None for k in kinds) and len(set(kinds) - {"name", ""}) + ("name" in kinds) > 0:
            headings = [k or "" for k in kinds]
            continue
        done.append(_line(cells, headings) if headings is not None else line)
    return "\n".join(done)


def _cells(line: str) -> list[str]:
    if "|" not in line:
        return []
    stripped = line.strip()
    stripped = stripped[1:] if stripped.startswith("|") else stripped
    stripped = stripped[:-1] if stripped.endswith("|") else stripped
    return [c.strip() for c in stripped.split("|")]


def _kind(cell: str) -> str | None:
    plain = cell.strip("*_ ").strip()
    return next((kind for pattern, kind in _HEADINGS if pattern.match(plain)), None)


def _line(cells: Sequence[str], headings: Sequence[str]) -> str:
    unit = next((c for c, k in zip(cells, headings, strict=False) if k == "unit" and _filled(c)), "")
    names: list[str] = []
    values: list[str] = []
    for cell, kind in zip(cells, [*headings, *[""] * len(cells)], strict=False):
        if not _filled(cell) or kind == "unit":
            continue
        if kind == "name":
            names.append(cell)
        elif kind == "note":
            values.append(f"({cell})")
        elif kind == "± ":
            values.append(f"{'' if cell.startswith(('±', '+')) else '± '}{cell}")
        else:
            values.append(kind + cell if re.search(r"\d", cell) else cell)
    label = " ".join(names) + (f" ({unit})" if unit else "")
    return f"{label}: {', '.join(values)}." if values else label


def _filled(cell: str) -> bool:
    return bool(cell.strip(" -–—/*"))
