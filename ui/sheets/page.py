"""The contact sheet as one self-contained HTML page: the same cells, with every reason in full."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from typing import Any

from ..results_concepts import Concept
from .sheet import Note, caption_of, grade_of, mark_of

_STYLE = """
:root{color-scheme:light;--ink:#1c1f24;--soft:#686e78;--line:#deded9;--good:#11713f;--bad:#b3261e;--warn:#8a5a00}
*{box-sizing:border-box}body{margin:0;background:#f1f0ec;color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,"PingFang SC","Noto Sans CJK SC",sans-serif}
main{max-width:1640px;margin:0 auto;padding:28px}h1{font-size:32px;line-height:1.2;margin:0 0 8px;
font-weight:620}p{margin:4px 0}.plain{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}
.warn{color:var(--warn)}.sheet{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,560px),1fr));
gap:28px;margin-top:24px}article{background:#fff;border:1px solid var(--line);position:relative}
article.chosen{outline:4px solid #264a78}img{width:100%;display:block;border-bottom:1px solid var(--line)}
.number{position:absolute;left:14px;top:14px;background:var(--ink);color:#fff;border-radius:99px;
padding:2px 13px;font-size:20px}.chosen .number{background:#264a78}.text{padding:14px 20px 18px}
.row{display:flex;justify-content:space-between;gap:16px;flex-wrap:wrap}b{font-weight:620}
ul{list-style:none;margin:10px 0 0;padding:0;display:flex;gap:8px;flex-wrap:wrap}
li{border-radius:8px;padding:2px 10px;font-size:14px}li.good{background:#e4f3ea}li.bad{background:#fbe8e6}
li.warn{background:#fdf3dc}li.good::before{content:"\\2713  "}li.bad::before{content:"\\2717  "}
li.warn::before{content:"!  "}details{margin-top:10px;font-size:14px;color:var(--soft)}
"""


def sheet_html(
    concepts: Sequence[Concept], pictures: Sequence[bytes], title: str, notes: Sequence[Note]
) -> str:
    """The page. Every text is escaped; nothing is loaded from outside.

    Args:
        concepts: in order. pictures: PNG of each, the same order.
        title, notes: as for :func:`.sheet.sheet_png`.
    """
    heads = "".join(f'<p class="{kind}">{escape(text)}</p>' for kind, text in notes)
    cells = "\n".join(_cell(c, p) for c, p in zip(concepts, pictures, strict=True))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body><main>\n"
        f'<h1>{escape(title)}</h1>{heads}\n<div class="sheet">\n{cells}\n</div>\n</main></body></html>\n'
    )


def _cell(c: Concept, png: bytes) -> str:
    label = f"{c.number} chosen" if c.chosen else str(c.number)
    data = base64.b64encode(png).decode("ascii")
    return (
        f'<article class="{"chosen" if c.chosen else ""}"><img alt="concept {c.number}" '
        f'src="data:image/png;base64,{data}"><span class="number">{label}</span><div class="text">'
        f'<div class="row"><span class="plain">{escape(caption_of(c))}</span>{_agreement(c)}</div>'
        f"{_drag(c)}{_marks(c)}{_reasons(c)}</div></article>"
    )


def _agreement(c: Concept) -> str:
    if c.agreement is None:
        return ""
    a = c.agreement
    return (
        f'<span class="{grade_of(a.score)}">body agrees <b>{a.score:.2f}</b> (silhouette {a.iou:.3f}, '
        f"lines {a.line_distance_px:.1f} px apart)</span>"
    )


def _drag(c: Concept) -> str:
    p: Any = c.predictions.get("drag_coefficient")
    if p is None:
        return ""
    inside = "inside the CFD's domain" if p.in_domain else "OUTSIDE the CFD's domain"
    kind = "plain" if p.in_domain else "warn"
    return (
        f'<p>drag <b>{p.value:.3f}</b> <span class="{kind}">{p.lower:.3f} to {p.upper:.3f} '
        f"({p.coverage:.0%} interval), {inside} ({p.distance:.2f}; 1 is its edge)</span></p>"
    )


def _marks(c: Concept) -> str:
    marks = [("good" if v.passed else "bad" if v.hard else "warn", mark_of(v)) for v in c.verdicts]
    marks += [("bad", f"breaks the rule {b.rule}") for b in c.broken]
    marks += [("bad", f"no body: {c.fault}")] if c.fault else []
    marks += [("warn", f"not in the body: {text}") for text in c.not_representable]
    items = "".join(f'<li class="{kind}">{escape(text)}</li>' for kind, text in marks)
    return f"<ul>{items}</ul>" if items else ""


def _reasons(c: Concept) -> str:
    lines = [v.reason for v in c.verdicts] + [b.reason for b in c.broken]
    if not lines:
        return ""
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f"<details><summary>reasons</summary>{text}</details>"
