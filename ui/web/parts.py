"""Pieces of pages as HTML. Everything that a person or a file said is escaped here, once."""

from __future__ import annotations

import html
import math
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...constraints.requirements.quantity import shown
from ...design.messages import NAME, Message
from ..messages.words import Words
from ..progress import seconds_text


def e(text: object) -> str:
    """Escaped for HTML text and attributes."""
    return html.escape(str(text), quote=True)


def say(text: str, kind: str = "") -> str:
    """A sentence in the place where it belongs; "" when there is nothing to say."""
    role = "alert" if kind == "bad" else "status"
    return f'<div class="mq-say {e(kind)}" role="{role}">{e(text)}</div>' if text else ""


def void(markup: str) -> str:
    """An empty state: what to do. `markup` is ours (from the table of words)."""
    return f'<div class="mq-void">{markup}</div>'


def card(title: str, body: str) -> str:
    """A white card with a heading; `body` is HTML."""
    heading = f"<h3>{e(title)}</h3>" if title else ""
    return f'<section class="mq-card">{heading}{body}</section>'


def button(
    text: str,
    act: str,
    arg: object = "",
    kind: str = "",
    label: str = "",
    pressed: bool | None = None,
    picture: str = "",
) -> str:
    """A button that reports `act` with `arg`; over its text the picture of that address, if there is one."""
    more = f' aria-label="{e(label)}"' if label else ""
    more += f' aria-pressed="{str(pressed).lower()}"' if pressed is not None else ""
    data = f'data-act="{e(act)}" data-arg="{e(arg)}"'
    shown = f'<img alt="" loading="lazy" src="{e(picture)}">' if picture else ""
    return f'<button type="button" class="{kind}" {data}{more}>{shown}{e(text)}</button>'


def kind_list(label: str, kinds: Sequence[tuple[float, str]], held: float, arg: str, words: Words) -> str:
    """A limit on a number that stands for kinds: the kinds to choose from, the held one chosen."""
    options = "".join(
        f'<option value="{e(kind)}"{" selected" if value == held else ""}>{e(words.name(kind))}</option>'
        for value, kind in kinds
    )
    return f'<select data-act="limit" data-arg="{e(arg)}" aria-label="{e(label)}">{options}</select>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """A table of escaped heads and rows of HTML; columns in `numbers` stand to the right."""

    def cell(tag: str, k: int, text: str) -> str:
        return f"<{tag}{' class=n' if k in numbers else ''}>{text}</{tag}>"

    head = "".join(cell("th", k, e(h)) for k, h in enumerate(heads))
    body = "".join("<tr>" + "".join(cell("td", k, c) for k, c in enumerate(row)) + "</tr>" for row in rows)
    return f'<table class="mq-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


# -- numbers -------------------------------------------------------------------------------------------


def value_text(value: float | None, unit: str) -> str:
    """A value with its unit as HTML; a dash when it is not known."""
    if value is None or math.isnan(value):
        return "–"
    number, _, rest = with_unit(rounded(value, unit), unit).partition(" ")
    return f"{e(number)}<i> {e(rest)}</i>" if rest else e(number)


def rounded(value: float, unit: str) -> float:
    """A value in the steps that people use: whole litres, whole millimetres from a hundred on."""
    return float(round(value)) if unit == "l" or (unit == "mm" and abs(value) >= 100.0) else value


def signed(change: float, digits: int) -> str:
    """A change with its sign and a true minus; nothing is no sign."""
    text = f"{change:+.{digits}f}"
    return text.replace("-", "−") if float(text) else text[1:]


def with_unit(value: float, unit: str) -> str:
    """A value with its unit's sign, and a true minus."""
    number, _, rest = shown(value, unit).partition(" ")
    return f"{number} {unit_sign(rest)}".strip().replace("-", "−")


def unit_sign(unit: str) -> str:
    """A unit as pages print it; "" for plain numbers."""
    return {"m2": "m²", "m3": "m³", "deg": "°", "1": ""}.get(unit, unit)


def dial(name: str, value: str, note: str, kind: str = "", extra: str = "", title: str = "") -> str:
    """One number with what it means beneath; `value` and `extra` are HTML."""
    return (
        f'<div class="mq-dial {e(kind)}" title="{e(title)}"><small>{e(name)}</small><b>{value}</b>{extra}'
        f"<em>{e(note)}</em></div>"
    )


def dials(items: Iterable[str]) -> str:
    """Numbers side by side."""
    return f'<div class="mq-dials">{"".join(items)}</div>'


def between(p: Mapping[str, Any]) -> str:
    """The interval of a prediction with its unit: ``0.240 – 0.310``."""
    unit = str(p["unit"])
    low, high = (with_unit(float(p[end]), unit) for end in ("lower", "upper"))
    return f"{low.partition(' ')[0]} – {high}"


def prediction_dial(
    name: str,
    p: Mapping[str, Any],
    words: Words,
    limit: float | None = None,
    v: Mapping[str, Any] | None = None,
) -> str:
    """A predicted number with its interval as a bar; grey when the evidence cannot vouch for it.

    Args:
        limit: marked on the bar. v: verdict of a requirement on it, told beneath.
    """
    low, high = float(p["lower"]), float(p["upper"])
    ends = [low, high] + ([limit] if limit is not None else [])
    left, right = min(ends), max(ends)
    pad = 0.15 * ((right - left) or 1.0)
    left, right = left - pad, right + pad

    def at(v: float) -> float:
        return 100.0 * (v - left) / (right - left)

    mark = f'<s style="left:{at(limit):.1f}%"></s>' if limit is not None else ""
    bar = (
        f'<div class="mq-span" aria-hidden="true">'
        f'<i style="left:{at(low):.1f}%;width:{at(high) - at(low):.1f}%"></i>'
        f'<u style="left:{at(float(p["value"])):.1f}%"></u>{mark}</div>'
    )
    unit = str(p["unit"])
    inside = bool(p["in_domain"])
    interval = words.interval.format(
        coverage=round(100 * float(p["coverage"])), lower=with_unit(low, unit), upper=with_unit(high, unit)
    )
    bar += f'<small class="wrap">{e(between(p))} · {e(words.inside if inside else words.outside)}</small>'
    kind, note = verdict_state(v, words) if v is not None else ("", "")
    more = surer(v, words) if v is not None else ""
    bar += f'<small class="wrap">{e(more)}</small>' if more else ""
    if own := learned(p, words):
        bar += f'<small class="wrap">{e(own)}</small>'
    return dial(
        words.name(name), value_text(float(p["value"]), unit), note, kind if inside else "grey", bar,
        " ".join(filter(None, (f"{interval}{words.stop_mark}", words.said(p.get("reason") or "")))),
    )  # fmt: skip


def verdict_dial(v: Mapping[str, Any], words: Words) -> str:
    """One requirement on one design: value, what was asked, whether it holds."""
    kind, note = verdict_state(v, words)
    value = value_text(v["value"], v["unit"])
    if v["value"] is not None and not v["passed"]:  # a miss by less than a step is seen as one
        value = e(with_unit(v["value"], v["unit"]))
    if kind := kind_got(v, words):
        value = e(kind)
    return dial(words.name(v["quantity"]), value, note, kind, "", words.said(v["reason"]))


def kind_got(v: Mapping[str, Any], words: Words) -> str:
    """The name of the kind that a verdict's value stands for; "" for a number."""
    got = v.get("got")
    return words.said(got) if isinstance(got, Message) and got.id == NAME else ""


def verdict_state(v: Mapping[str, Any], words: Words) -> tuple[str, str]:
    """Colour class and a short text that says the same without colour."""
    asked = limits_text(v["asked"], words)
    if v["passed"]:
        return "good", f"✓ {asked}"
    if v.get("in_domain") is False:
        return "grey", f"? {asked} · {words.outside}"
    if v.get("likely"):
        chance = words.likely.format(percent=round(100 * v["probability"]))
        return "likely", f"≈ {chance} · {asked}"
    return ("bad" if v["hard"] else "warn"), f"✗ {asked}"


#: limits in words (their ids) as signs
SIGNS = {
    "at most {limit}": "≤ {limit}",
    "at least {limit}": "≥ {limit}",
    "exactly {limit}": "= {limit}",
    "between {low} and {high}": "{low} – {high}",
}


def surer(v: Mapping[str, Any], words: Words) -> str:
    """What would make a likely requirement sure; "" for any other."""
    if not v.get("likely"):
        return ""
    percent = f"{100 * v['confidence']:g}"
    if v.get("sure_at") is None:
        return words.sure_by_run.format(percent=percent)
    sign = "≤" if v["sure_at"] <= v["limit"] else "≥"
    return words.sure_at.format(percent=percent, value=f"{sign} {with_unit(v['sure_at'], v['unit'])}")


def limits_text(asked: str, words: Words) -> str:
    """``asked ≤ 4700 mm``: limits in words as signs, so that they read in any language."""
    sign = SIGNS.get(asked.id) if isinstance(asked, Message) else None
    text = sign.format(**asked.arguments) if sign and isinstance(asked, Message) else asked
    return f"{words.asked} {text}"


def lights(verdicts: Iterable[Mapping[str, Any]], words: Words) -> str:
    """Every requirement as a coloured word with a sign."""
    found = []
    for v in verdicts:
        kind, note = verdict_state(v, words)
        chance = f" {round(100 * v['probability'])} %" if kind == "likely" else ""
        found.append(
            f'<span class="{kind}" title="{e(" ".join((words.said(v["reason"]), surer(v, words))))}">'
            f"{note[0]} {e(words.name(v['quantity']) + chance)}</span>"
        )
    return f'<div class="mq-lights">{"".join(found)}</div>'


def held_to(verdicts: Iterable[Mapping[str, Any]], words: Words) -> str:
    """Every requirement with its value, its limit and how much room is left (minus: what is missing)."""
    rows = []
    for v in verdicts:
        kind, note = verdict_state(v, words)
        unit, value, limit = v["unit"], v["value"], v.get("limit")
        asked = limits_text(v["asked"], words).removeprefix(f"{words.asked} ")
        room, named_value = "–", kind_got(v, words)
        if value is not None and not named_value and limit is not None:
            gap = abs(value - limit) * (1.0 if v["passed"] or v.get("likely") else -1.0)
            room = signed(gap, 3 if unit in ("1", "m2", "m3") else 2 if unit == "kg" else 1)
        reason = " ".join(filter(None, (words.said(v["reason"]), surer(v, words))))
        rows.append(
            [
                f'<span class="{kind}" title="{e(reason)}">{note[0]} {e(words.name(v["quantity"]))}</span>',
                e(named_value or (with_unit(value, unit) if value is not None else "–")),
                e(asked),
                e(f"{room} {unit_sign(unit)}".strip()),
            ]
        )
    heads = ["", words.value, words.limit, words.margin]
    return f'<div class="mq-lights">{table(heads, rows, (1, 2, 3))}</div>' if rows else ""


def learned(p: Mapping[str, Any], words: Words) -> str:
    """From how many runs of the session's own a prediction has learned, too; "" from none."""
    return words.own_runs.format(n=p["own_runs"]) if p.get("own_runs") else ""


# -- jobs ----------------------------------------------------------------------------------------------


def job_card(job: Any, words: Words) -> str:
    """How a job stands, how long it will take, and what can be done about it."""
    state = getattr(words, job.status)
    left = words.left.format(time=words.said(seconds_text(job.remaining))) if job.remaining else ""
    said = words.said(job.error or job.message)
    ask = ""
    if not job.over:
        ask = button(words.stop if job.verb != "optimise" else words.cancel, "cancel", job.id)
    elif job.status in ("interrupted", "failed"):
        ask = button(words.again, "again", job.id)
    percent = round(100 * job.whole)
    bar = ""
    if job.status == "running":
        bar = (
            f'<div class="mq-bar" role="progressbar" aria-valuenow="{percent}" aria-valuemin="0" '
            f'aria-valuemax="100" aria-label="{e(words.said(job.stage))}">'
            f'<i style="width:{percent}%"></i></div>'
        )
    share = f" · {percent} %" if job.status == "running" else ""
    return (
        f'<div class="mq-job" data-status="{e(job.status)}" data-job="{e(job.id)}"><div class="line"><b>'
        f"{e(getattr(words, 'v_' + job.verb))}</b><span>{e(state)} · {e(said)}</span>"
        f"<small>{e(left)}{share}</small>{ask}</div>{bar}</div>"
    )


def clock_text(when: float) -> str:
    """Local time of day."""
    return time.strftime("%H:%M:%S", time.localtime(when))


def decisions(entries: Sequence[Any], words: Words) -> str:
    """The log of decisions, newest first, each with a way back to it."""
    if not entries:
        return f'<p class="mq-hint">{e(words.log_empty)}</p>'
    rows = []
    for d in reversed(entries):
        back = (
            ""
            if d is entries[-1]
            else button(words.back_here, "undo", d.number, label=f"{words.back_here}: {d.number}")
        )
        who = words.designer if d.who == "designer" else words.said(d.who)
        rows.append(
            f"<li><time>{d.number} · {clock_text(d.when)}</time><b>{e(who)}</b>"
            f"<span>{e(words.said(d.what))}</span>{back}</li>"
        )
    return f'<div class="mq-log"><ol>{"".join(rows)}</ol></div>'
