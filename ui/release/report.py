"""`report.html`: one self-contained page that answers "what was asked, what came out, how do we know"."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_STYLE = """
:root{color-scheme:light;--ink:#17191c;--soft:#646a73;--line:#e3e6ea;--good:#11713f;--bad:#b3261e}
*{box-sizing:border-box}body{margin:0;background:#f4f5f7;color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
main{max-width:1120px;margin:0 auto;padding:32px 24px 64px}h1{font-size:30px;margin:0 0 4px;font-weight:640}
h2{font-size:19px;margin:36px 0 10px;font-weight:620}p{margin:6px 0}.soft{color:var(--soft)}
blockquote{margin:14px 0;padding:12px 18px;background:#fff;border-left:3px solid #9aa3ad;border-radius:4px}
.state{display:inline-block;padding:3px 12px;border-radius:99px;font-weight:600;color:#fff}
.good{background:var(--good)}.bad{background:var(--bad)}td.good,td.bad{background:none;font-weight:600}
td.good{color:var(--good)}td.bad{color:var(--bad)}img{width:100%;display:block;border-radius:8px}
.views{display:grid;grid-template-columns:1fr 1fr;gap:12px;margin-top:12px}figure{margin:0}
figcaption{color:var(--soft);font-size:13px;padding:4px 2px}
.sheet{background:#fff;border:1px solid var(--line)}
.wide{overflow-x:auto;background:#fff;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%}th,td{padding:7px 12px;text-align:left;vertical-align:top;
border-bottom:1px solid var(--line)}tr:last-child td{border-bottom:0}
th{font-size:12px;letter-spacing:.04em;text-transform:uppercase;color:var(--soft);font-weight:600}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}code{font-size:12px}
@media(max-width:700px){.views{grid-template-columns:1fr}}@media print{body{background:#fff}}
"""

Cell = tuple[str, str]  # class, text
#: pictures of the concept, and what the page says under them
CONCEPTS = {"concept": "the chosen sketch", "concept_restyled": "the result, drawn in its manner"}
AGREEMENTS = {
    "sketch_and_its_body": "the sketch and the body read from it, where the search began",
    "sketch_and_result": "the sketch and the released body",
    "restyled_and_result": "the restyled drawing and the released body",
}


def report_html(claimed: Mapping[str, Any], pictures: Mapping[str, bytes], drawing: str) -> str:
    """The page, from the manifest's claims alone. Every text is escaped; nothing is loaded from outside.

    Args:
        claimed: the manifest without files and seal.
        pictures: PNG by view name; `concept` may be among them.
        drawing: SVG text.
    """
    title = str(claimed["title"])
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="soft">{escape(str(claimed["design"]["family"]))} family, made by Maquette '
        f"{escape(str(claimed['versions'].get('maquette', '')))}</p>",
        _state(claimed),
        _asked(claimed),
        _pictures(pictures),
        _concept(claimed.get("concept"), pictures),
        _verdicts(claimed["verdicts"]),
        _predictions(claimed["predictions"]),
        _lengths(claimed),
        _measures(claimed),
        "<h2>Drawing</h2>",
        f'<img class="sheet" alt="dimensioned views" src="{_embedded(drawing.encode("utf-8"), "svg+xml")}">',
        _decisions(claimed["decisions"]),
        _parts(claimed["parts"]),
        _origin(claimed),
    ]
    body = "\n".join(part for part in parts if part)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body><main>\n{body}\n"
        "</main></body></html>\n"
    )


def _state(claimed: Mapping[str, Any]) -> str:
    hard = [v for v in claimed["verdicts"] if v.get("hard", True)]
    met = sum(bool(v.get("passed")) for v in hard)
    if not claimed["verdicts"]:
        return '<p class="soft">No requirement was given.</p>'
    word, kind = ("all requirements hold", "good") if claimed["feasible"] else ("requirements missed", "bad")
    said = escape(str(claimed["explanation"]))
    return (
        f'<p><span class="state {kind}">{word}</span> {met} of {len(hard)} hard requirements met. {said}</p>'
    )


def _asked(claimed: Mapping[str, Any]) -> str:
    prompt = str(claimed["brief"].get("prompt", "")).strip()
    out = f"<blockquote>{escape(prompt)}</blockquote>" if prompt else ""
    missed = [_phrase(item) for item in claimed["not_understood"]]
    if missed:
        out += f"<p><strong>Not understood:</strong> {escape(', '.join(missed))}</p>"
    understood = [(("", _phrase(i)), ("", _meaning(i))) for i in claimed["understood"]]
    if understood:
        out += "<h2>How the words were taken</h2>" + _table(("words", "meaning"), understood)
    return out


def _phrase(item: Any) -> str:
    return str(item.get("phrase", "")) if isinstance(item, Mapping) else str(item)


def _meaning(item: Any) -> str:
    return str(item.get("meaning", "")) if isinstance(item, Mapping) else ""


def _pictures(pictures: Mapping[str, bytes]) -> str:
    if not pictures:
        return ""
    names = sorted((n for n in pictures if n not in CONCEPTS), key=lambda n: (n != "three_quarter", n))
    figures = [_figure(name, pictures[name]) for name in names]
    return figures[0] + f'<div class="views">{"".join(figures[1:])}</div>'


def _concept(claim: Any, pictures: Mapping[str, bytes]) -> str:
    if not isinstance(claim, Mapping):
        return ""
    figures = "".join(_figure(n, pictures[n], text) for n, text in CONCEPTS.items() if n in pictures)
    look = ", ".join(str(claim.get(key, "")).replace("_", "-") for key in ("view", "style", "palette"))
    kept = _number(claim.get("silhouette_kept"))
    floor = claim.get("floor")
    owed = {
        "floor": f"at least {_number(floor)} was asked",
        "objective": "as much as the other wishes allow",
        "off": "it was only the starting point",
    }.get(str(claim.get("faith")), "")
    rows = [
        (
            ("", AGREEMENTS.get(str(name), _label(name))),
            ("n", _number(a.get("iou"))),
            ("n", _number(a.get("line_distance_px"))),
            ("n", _number(a.get("score"))),
        )
        for name, a in dict(claim.get("agreements", {})).items()
        if isinstance(a, Mapping)
    ]
    head = ("agreement of", "n:silhouette overlap", "n:lines apart, pixels", "n:score")
    drawn = escape(f"{look}; drawn by {claim.get('model')}, seed {claim.get('seed')}")
    return (
        f"<h2>Concept</h2><p>Sketch {escape(str(claim.get('number')))} of {escape(str(claim.get('of')))} "
        f"({drawn}). "
        f"The released body keeps {kept} of its body's silhouette; {escape(owed)}.</p>"
        f'<div class="views">{figures}</div>' + _table(head, rows)
    )


def _figure(name: str, png: bytes, caption: str = "") -> str:
    label = escape(caption or name.replace("_", " "))
    return (
        f'<figure><img alt="{label}" src="{_embedded(png, "png")}"><figcaption>{label}</figcaption></figure>'
    )


def _verdicts(verdicts: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for v in verdicts:
        passed = bool(v.get("passed"))
        wish = "" if v.get("hard", True) else " (wish)"
        rows.append(
            (
                ("", _label(v.get("quantity", ""))),
                ("", str(v.get("asked", "")) + wish),
                ("n", _with_unit(v.get("value"), str(v.get("unit", "")))),
                ("n", _margin(v.get("margin"))),
                ("good" if passed else "bad", "yes" if passed else "no"),
                ("", _how(v)),
                ("", str(v.get("reason", ""))),
            )
        )
    if not rows:
        return ""
    head = ("requirement", "asked", "n:got", "n:margin", "met", "how computed", "reason")
    return "<h2>Requirements</h2>" + _table(head, rows)


def _how(v: Mapping[str, Any]) -> str:
    how = str(v.get("how", ""))
    if v.get("probability") is None:
        return how
    asked = f", {float(v['confidence']):.0%} asked" if v.get("confidence") is not None else ""
    return f"{how}: holds with probability {float(v['probability']):.1%}{asked}"


def _predictions(predictions: Mapping[str, Mapping[str, Any]]) -> str:
    rows = []
    for name, p in predictions.items():
        unit = str(p.get("unit", ""))
        near = "; ".join(
            f"{e.get('run_id')} ({e.get('level')}) {_number(e.get('value'))} at {_number(e.get('distance'))}"
            for e in p.get("evidence", [])
        )
        interval = f"{_number(p.get('lower'))} to {_number(p.get('upper'))}"
        inside = "inside" if p.get("in_domain") else f"outside: {p.get('reason', '')}"
        rows.append(
            (
                ("", _label(name)),
                ("n", _with_unit(p.get("value"), unit)),
                ("n", f"{interval} ({float(p.get('coverage', 0)):.0%})"),
                ("", f"{inside} (distance {_number(p.get('distance'))}, 1 is the edge)"),
                ("", near),
                ("", str(p.get("model", ""))),
            )
        )
    if not rows:
        return ""
    head = ("quantity", "n:predicted", "n:interval", "surrogate's domain", "nearest CFD runs", "model")
    return "<h2>Predicted by the surrogate</h2>" + _table(head, rows)


def _measures(claimed: Mapping[str, Any]) -> str:
    exact = set(claimed["measures_exact"])
    rows = [
        (
            ("", _label(name)),
            ("n", _with_unit(m["value"], str(m["unit"]))),
            ("", "exact solids" if name in exact else "definition and fast mesh"),
        )
        for name, m in claimed["measures"].items()
    ]
    return "<h2>Measures</h2>" + _table(("measure", "n:value", "measured on"), rows) if rows else ""


def _lengths(claimed: Mapping[str, Any]) -> str:
    """What a ruler finds on everything in the STEP file, beside what the design states."""
    stated = {**{n: m["value"] for n, m in claimed["measures"].items()}, **claimed["design"]["parameters"]}
    rows = [
        (("", _label(name)), ("n", _with_unit(stated.get(name), "mm")), ("n", f"{float(value):.2f} mm"))
        for name, value in claimed["box"].items()
    ]
    if not rows:
        return ""
    told = (
        '<p class="soft">Taken from the boxes of all parts of model.step, lamps, plates and claddings '
        "included. The overall width leaves the mirrors out, the ground clearance the wheels.</p>"
    )
    return "<h2>Lengths over all parts</h2>" + told + _table(("length", "n:stated", "n:measured"), rows)


def _decisions(decisions: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (("", _label(d["parameter"])), ("n", _decided(d["value"], str(d["unit"]))), ("", str(d["by"])))
        for d in decisions
    ]
    return "<h2>Who decided what</h2>" + _table(("parameter", "n:value", "set by"), rows)


def _decided(value: Any, unit: str) -> str:
    """A number with its unit, or an option's name."""
    return _label(value) if isinstance(value, str) else _with_unit(value, unit)


def _parts(parts: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (
            ("", str(p["name"])),
            ("n", f"{p['volume'] * 1e-6:,.3f} l"),
            ("n", f"{p['area'] * 1e-6:,.4f} m²"),
            ("", str(p["material"])),
        )
        for p in parts
    ]
    return (
        "<h2>Parts of model.step</h2>" + _table(("part", "n:volume", "n:area", "material"), rows)
        if rows
        else ""
    )


def _origin(claimed: Mapping[str, Any]) -> str:
    seeds = ", ".join(f"{k} {v}" for k, v in claimed["seeds"].items()) or "none drawn"
    used = ", ".join(f"{k} {v}" for k, v in claimed["versions"].items())
    return (
        f'<h2>Origin</h2><p class="soft">Seeds: {escape(seeds)}. Versions: {escape(used)}. '
        "Check this release with <code>maquette verify</code>; rebuild its STEP file with "
        "<code>python design.py</code>.</p>"
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Rows of (class, text); a heading that starts with ``n:`` is aligned right. Everything is escaped."""
    names = "".join(
        f'<th class="n">{escape(h[2:])}</th>' if h.startswith("n:") else f"<th>{escape(h)}</th>" for h in head
    )
    lines = "".join(
        "<tr>" + "".join(f'<td class="{kind}">{escape(text)}</td>' for kind, text in row) + "</tr>\n"
        for row in rows
    )
    return f'<div class="wide"><table><tr>{names}</tr>\n{lines}</table></div>'


def _label(name: Any) -> str:
    return str(name).replace("_", " ")


def _number(value: Any) -> str:
    return f"{float(value):.4g}" if isinstance(value, (int, float)) else "unknown"


def _with_unit(value: Any, unit: str) -> str:
    if not isinstance(value, (int, float)):
        return "unknown"
    text = f"{value:.1f}" if unit in ("mm", "deg", "kg") else f"{value:.4g}"
    return text if unit in ("1", "") else f"{text} {unit}"


def _margin(value: Any) -> str:
    """Room left, in percent of the limit's scale; negative when missed."""
    return f"{-100.0 * float(value):+.1f} %" if isinstance(value, (int, float)) else "unknown"


def _embedded(data: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"
