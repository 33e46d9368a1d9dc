"""The card of a table's model, written from its record alone: Markdown, HTML, and a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from ..card import markdown_table

MARKDOWN_NAME, HTML_NAME, PICTURE_NAME = "README.md", "card.html", "predicted.svg"
_SIDE, _EDGE = 420.0, 46.0  # pixels of the picture and its margin

Block = tuple[str, Any]


def write_cards(info: Mapping[str, Any], folder: Path) -> None:
    """Write the card twice and its picture beside the model."""
    blocks = card(info)
    picture = predicted_picture(info)
    (folder / PICTURE_NAME).write_text(picture, encoding="utf-8")
    (folder / MARKDOWN_NAME).write_text(_markdown(blocks), encoding="utf-8")
    (folder / HTML_NAME).write_text(_html(blocks, picture, str(info["target"])), encoding="utf-8")


def card(info: Mapping[str, Any]) -> list[Block]:
    """The card as blocks: ``title``, ``head``, ``text``, ``list``, ``table`` (head, rows) and ``picture``."""
    unit = f" [{info['unit']}]" if info["unit"] else ""
    held = "the test rows of its split" if info["split"] else "rows that were held out in cross-validation"
    blocks = [*_about(info, unit)]
    if info["leaks"]:
        blocks += [("head", "Leaks"), ("list", [leak["text"] for leak in info["leaks"]])]
    if info["remarks"]:
        blocks += [("head", "Remarks"), ("list", list(info["remarks"]))]
    return [*blocks, *_accuracy(info, held), *_interval(info, unit), *_limits(info, held)]


def _about(info: Mapping[str, Any], unit: str) -> list[Block]:
    data, target = info["data"], info["target"]
    by = f", by groups of `{info['group']}`" if info["group"] else ", rows with equal features together"
    return [
        ("title", f"Model of {target}{unit}"),
        (
            "text",
            f"Predicts {target} from {len(info['features'])} columns of `{info['file']}`, with an interval "
            f"that is to hold {info['coverage_nominal']:.0%} of fresh rows, a check whether the rows that "
            "trained vouch for the answer, and the nearest of them as evidence. Everything below is read "
            "from `model.json`.",
        ),
        ("head", "Data"),
        (
            "list",
            [
                f"{data['rows']:.0f} rows, {data['trained_on']} train, {data['tested_on']} test; "
                f"{data['without_target']:.0f} without a target, {data['duplicates']:.0f} that stand there "
                "twice left out.",
                f"{target}: {data['target_low']:.4g} to {data['target_high']:.4g}, mean "
                f"{data['target_mean']:.4g}, standard deviation {data['target_std']:.4g}{unit}.",
                f"Split: {_split(info)}. Cross-validation in {info['folds']} folds{by}.",
                "The model holds the rows that trained, since the nearest ones are shown as evidence: who "
                "gets the model gets them.",
            ],
        ),
        ("table", (("column", "unit", "kind", "range"), [_feature(f) for f in info["features"]])),
    ]


def _accuracy(info: Mapping[str, Any], held: str) -> list[Block]:
    error = "mean absolute error"
    members = [(m["title"], f"{m['weight']:.2f}", _r2(m), f"{m['mae']:.4g}") for m in info["members"]]
    curve = [(p["trained_on"], _r2(p), f"{p['mae']:.4g}") for p in info["learning_curve"]]
    return [
        ("head", "Accuracy"),
        ("text", f"On {info['rows']} rows: {held}."),
        ("table", (("model", "R²", error, "coverage"), _scores(info))),
        ("picture", PICTURE_NAME),
        ("text", f"Members by cross-validation ({info['folds']} folds), and their weights in the stack:"),
        ("table", (("member", "weight", "R²", error), members)),
        ("head", "Learning curve"),
        ("text", "On rows of held-out folds, from growing shares of the others:"),
        ("table", (("rows that train", "R²", error), curve)),
    ]


def _interval(info: Mapping[str, Any], unit: str) -> list[Block]:
    fifths = [
        (f"{p['low']:.4g}", f"{p['high']:.4g}", p["rows"], f"{p['coverage']:.0%}", f"{p['mae']:.4g}")
        for p in info["by_fifth"]
    ]
    return [
        ("head", "Interval"),
        (
            "text",
            f"Nominal {info['coverage_nominal']:.0%}; it held {info['coverage']:.1%} of these rows, with a "
            f"mean half width of {info['half_width']:.4g}{unit}. By fifths of the target:",
        ),
        ("table", (("from", "to", "rows", "coverage", "mean absolute error"), fifths)),
        ("head", "What moves it"),
        (
            "text",
            "Total Sobol index on the model, over the rows as they are: each column shuffled among the rows; "
            "columns that go together share what they say.",
        ),
        (
            "table",
            (
                ("column", "total index"),
                [(n, f"{s:.3f}") for n, s in list(info["sobol_total"].items())[:15]],
            ),
        ),
    ]


def _limits(info: Mapping[str, Any], held: str) -> list[Block]:
    worst = [
        (f["line"], f"{f['truth']:.4g}", f"{f['value']:.4g}", f"{f['half']:.4g}") for f in info["failures"]
    ]
    return [
        ("head", "Known failures"),
        ("text", f"Its largest errors among {held}:"),
        ("table", (("line of the file", "truth", "predicted", "half width"), worst)),
        ("head", "Where it holds"),
        (
            "text",
            "A row is outside when a number leaves the range of the rows that trained, a category is new, or "
            "its nearest rows are further away than 99 % of the rows' own neighbours; it is flagged, with "
            "the reason, and its interval widens. What changes the target and is no column, it cannot know.",
        ),
        ("head", "Licence"),
        (
            "text",
            "The model inherits the terms of the data that it learned from; state them here before you pass "
            "it on.",
        ),
    ]


def predicted_picture(info: Mapping[str, Any]) -> str:
    """Predicted against true for the held-out rows, intervals as bars, as SVG."""
    rows = info["held_out"]
    ends = [v for t, p, _ in rows for v in (t, p)]
    low, high = min(ends), max(ends)
    room = 0.04 * (high - low) or 1.0
    low, high = low - room, high + room

    def at(v: float) -> float:
        return _EDGE + (_SIDE - 2 * _EDGE) * float(np.clip((v - low) / (high - low), 0.0, 1.0))

    marks = []
    for t, p, h in rows:
        x = at(t)
        inside = abs(t - p) <= h
        colour = "#2563eb" if inside else "#dc2626"
        marks.append(
            f'<path d="M{x:.1f} {_SIDE - at(p - h):.1f}V{_SIDE - at(p + h):.1f}" stroke="{colour}" '
            f'stroke-opacity=".15"/><circle cx="{x:.1f}" cy="{_SIDE - at(p):.1f}" r="2" fill="{colour}" '
            'fill-opacity=".6"/>'
        )
    a, b, middle = at(low), at(high), f"{_SIDE / 2:.0f}"
    name = escape(str(info["target"]))
    ticks = "".join(
        f'<text x="{at(v):.0f}" y="{_SIDE - _EDGE + 16:.0f}" text-anchor="middle">{v:.3g}</text>'
        f'<text x="{_EDGE - 6:.0f}" y="{_SIDE - at(v) + 4:.0f}" text-anchor="end">{v:.3g}</text>'
        for v in (low + room, (low + high) / 2, high - room)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE:.0f} {_SIDE:.0f}" '
        f'width="{_SIDE:.0f}" font-family="sans-serif" font-size="11" role="img" '
        f'aria-label="predicted against true {name}"><rect width="100%" height="100%" fill="#fff"/>'
        f'<path d="M{a:.0f} {_SIDE - a:.0f}L{b:.0f} {_SIDE - b:.0f}" stroke="#6b7280"/>'
        f'<path d="M{a:.0f} {_SIDE - b:.0f}V{_SIDE - a:.0f}H{b:.0f}" fill="none" stroke="#111"/>{ticks}'
        f'<text x="{middle}" y="{_SIDE - 10:.0f}" text-anchor="middle">true {name}</text>'
        f'<text x="12" y="{middle}" text-anchor="middle" transform="rotate(-90 12 {middle})">predicted</text>'
        f"{''.join(marks)}</svg>\n"
    )


def _scores(info: Mapping[str, Any]) -> list[tuple[str, ...]]:
    base = info["baseline"]
    return [
        ("**this model**", _r2(info), f"{info['mae']:.4g}", f"{info['coverage']:.1%}"),
        *((f"{name} (baseline)", _r2(s), f"{s['mae']:.4g}", "") for name, s in base.items()),
    ]


def _r2(score: Mapping[str, Any]) -> str:
    return "" if score["r2"] is None else f"{score['r2']:.3f}"


def _split(info: Mapping[str, Any]) -> str:
    split = info["split"]
    return f"`{split['name']}` by {split['ids'] or 'its column'}" if split else "none given"


def _feature(f: Mapping[str, Any]) -> tuple[str, str, str, str]:
    if f["levels"]:
        more = "" if len(f["levels"]) <= 6 else f" and {len(f['levels']) - 6} more"
        return f["name"], "", "category", ", ".join(f["levels"][:6]) + more
    return (
        f["name"],
        f["unit"],
        "number, some missing" if f["gaps"] else "number",
        f"{f['low']:.4g} to {f['high']:.4g}",
    )


def _markdown(blocks: Iterable[Block]) -> str:
    parts = []
    for kind, what in blocks:
        if kind == "title":
            parts.append(f"# {what}")
        elif kind == "head":
            parts.append(f"## {what}")
        elif kind == "list":
            parts.append("\n".join(f"- {line}" for line in what))
        elif kind == "table":
            parts.append(
                markdown_table(what[0], [[str(c).replace("|", "\\|") for c in row] for row in what[1]])
            )
        elif kind == "picture":
            parts.append(f"![predicted against true]({what})")
        else:
            parts.append(what)
    return "\n\n".join(parts).replace("<", "&lt;") + "\n"


def _html(blocks: Iterable[Block], picture: str, target: str) -> str:
    parts = []
    for kind, what in blocks:
        if kind in ("title", "head"):
            tag = "h1" if kind == "title" else "h2"
            parts.append(f"<{tag}>{escape(what)}</{tag}>")
        elif kind == "list":
            parts.append("<ul>" + "".join(f"<li>{_inline(line)}</li>" for line in what) + "</ul>")
        elif kind == "table":
            head, rows = what
            parts.append(
                f"<table><tr>{_cells('th', head)}</tr>"
                + "".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)
                + "</table>"
            )
        elif kind == "picture":
            parts.append(picture)
        else:
            parts.append(f"<p>{_inline(what)}</p>")
    style = (
        "body{font:15px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#111}"
        "table{border-collapse:collapse;margin:.5rem 0}"
        "td,th{border-bottom:1px solid #ddd;padding:.2rem .7rem;text-align:left}"
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Model of {escape(target)}</title>'
        f"<style>{style}</style><body>{''.join(parts)}</body></html>\n"
    )


def _cells(tag: str, row: Sequence[Any]) -> str:
    return "".join(f"<{tag}>{_inline(str(c))}</{tag}>" for c in row)


def _inline(text: str) -> str:
    """Escaped, `code` and **bold** kept."""
    for mark, tag in (("`", "code"), ("**", "b")):
        pieces = text.split(mark)
        if len(pieces) % 2 and len(pieces) > 1:
            text = "".join(
                p if i % 2 == 0 else f"\x00{tag}\x01{p}\x00/{tag}\x01" for i, p in enumerate(pieces)
            )
    return escape(text).replace("\x00", "<").replace("\x01", ">")
