"""A design as the pages show it: in 3D, as sliders, as numbers, beside another one."""

from __future__ import annotations

import math
from typing import Any

from ...constraints.requirements.quantity import shown
from ...design import messages
from ...design.errors import InputError, MaquetteError
from ...design.family.contract import Family
from ...design.family.photographs import IN_USE
from ...design.family.records import Design
from ...design.family.registry import get_family
from ..briefing import Draft
from ..jobs import Session
from ..live import Live, live
from ..messages.words import Words
from ..output import plain
from .bodies import dimensions
from .desk import Desk
from .parts import (
    button,
    card,
    dial,
    dials,
    e,
    prediction_dial,
    rounded,
    say,
    signed,
    table,
    value_text,
    verdict_dial,
)

KNEELING = 0.07  # radians by which a photographer who kneels looks down on a body
ARROWS = 14  # sliders with an arrow: those that help most


def change_text(before: Design | None, after: Design, words: Words) -> str:
    """``wheelbase 2800 to 2850 mm``; "" when nothing changed."""
    if before is None:
        return messages.say("first design")
    family = get_family(after.family)
    told_of = []

    def became(name: str, had: str, has: str) -> None:
        told_of.append(
            messages.say(
                "{choice} {before} to {after}",
                choice=messages.named(name),
                before=messages.named(had),
                after=messages.named(has),
            )
        )

    for choice in family.choices:
        had, has = (choice.option(d.parameters.get(choice.name, choice.default)) for d in (before, after))
        if had != has:
            became(choice.name, had, has)
    for parameter in family.parameters:
        name, unit, kinds = parameter.name, parameter.range.unit, parameter.range.kinds
        value, old = after.parameters[name], before.parameters.get(name)
        if old is not None and abs(old - value) > 1e-9:
            if old in kinds and value in kinds:
                became(name, kinds[old], kinds[value])
                continue
            was, now = in_steps(old, value, unit)
            told_of.append(
                messages.say(
                    "{parameter} {before} to {after}",
                    parameter=messages.named(name),
                    before=was,
                    after=messages.amount(value, unit, now),
                )
            )
    return messages.listed(told_of, "; ") if told_of else ""


def in_steps(before: float, after: float, unit: str) -> tuple[str, str]:
    """Two values in the steps that people use; in finer ones where they would read the same."""
    coarse = [str(shown(rounded(v, unit), unit).arguments["shown"]) for v in (before, after)]
    fine = [str(shown(v, unit).arguments["shown"]) for v in (before, after)]
    for was, now in (coarse, fine):
        if was != now:
            return was, now
    return f"{before:g}", f"{after:g}"


def pin_name(session: Session) -> str:
    """A name that no pin of the session has yet."""
    taken = {str(p.get("name")) for p in session.pins}
    letters = (f"{chr(65 + k % 26)}{k // 26 or ''}" for k in range(10_000))
    names = (messages.say("Design {letter}", letter=letter) for letter in letters)
    return next(name for name in names if name not in taken)


def pinned(session: Session, picked: str) -> tuple[str, Design] | None:
    """Name and design of the pin that the body is compared with."""
    if not picked.isdigit() or int(picked) >= len(session.pins):
        return None
    pin = session.pins[int(picked)]
    if not pin.get("design"):
        return None
    return pin.get("name", ""), Design.from_json(pin["design"])


def scene(desk: Desk, session: Session, found: Live, words: Words, picked: str = "") -> dict[str, Any]:
    """What the 3D view shows."""
    palette = str(session.choices.get("palette", ""))
    family, values = get_family(found.design.family), found.design.parameters
    ghost = pinned(session, picked)
    try:
        if found.broken:  # it may have no body at all
            desk.bodies.get(desk.bodies.put(family.name, values, palette))
        value: dict[str, Any] = {
            "url": desk.body_url(family.name, values, palette, bool(session.choices.get("in_use"))),
            "dims": dimensions(family, values, words),
            "eyes": eyes(family),
        }
    except (MaquetteError, ValueError, ArithmeticError, IndexError) as error:
        if not found.broken:
            raise InputError(
                messages.say("this shape cannot be drawn ({why})", why=messages.quoted(error))
            ) from error
        value = {"url": "", "note": words.said(found.broken[0].reason)}
    if ghost is not None and value["url"]:
        name, design = ghost
        value |= {
            "name": words.tab_model,
            "ghost": {"url": desk.body_url(design.family, design.parameters), "name": words.said(name)},
        }
    return value


def brief_for(draft: Draft, design: Design) -> Any:
    """The brief to judge the design by: none when it is about another product."""
    return draft.brief if draft.brief.family == design.family else None


def figures(found: Live, draft: Draft, words: Words) -> str:
    """Broken rules, requirements and predictions of a slider position."""
    parts = [say(f"{words.broken}: {words.said(b.reason)}", "bad") for b in found.broken]
    verdicts = plain(found.verdicts)
    predictions = plain(found.predictions)
    limits = {
        r.quantity: r.at_most if r.at_most is not None else r.at_least for r in draft.brief.requirements
    }
    judged: dict[str, dict[str, Any]] = {}
    for v in verdicts:  # one card a quantity: what is missed before what holds, a must before a wish
        other = judged.get(v["quantity"])
        if other is None or (v["passed"], not v["hard"]) < (other["passed"], not other["hard"]):
            judged[v["quantity"]] = v
    shown_first = [
        prediction_dial(n, predictions[n], words, limits.get(n), judged.get(n)) for n in predictions
    ]
    outside = next((p for p in predictions.values() if not p["in_domain"]), None)
    if outside is not None:
        ask = f' <button type="button" data-act="simulate">{e(words.simulate_this)}</button>'
        parts.append(
            f'<div class="mq-say warn" role="status">{e(words.outside)}{words.stop_mark} '
            f"{e(words.said(outside['reason']))}{ask}</div>"
        )
    asked = [verdict_dial(v, words) for n, v in judged.items() if n not in predictions]
    parts.append(dials([*shown_first, *asked]))
    return "".join(parts)


def more_figures(session: Session, found: Live, picked: str, words: Words) -> str:
    rows = [
        dial(words.name(n), value_text(m.value, m.unit), "", "", "", words.said(m.doc))
        for n, m in found.measures.items()
    ]
    summary = f"<summary>{e(words.measures)}</summary>"
    body = f'<details class="mq-card" style="margin-top:10px">{summary}{dials(rows)}</details>'
    ghost = pinned(session, picked)
    if ghost is None or ghost[1].family != found.design.family:
        return body
    return card(words.differences, differences(found, *ghost, words)) + body


def differences(found: Live, name: str, other: Design, words: Words) -> str:
    """What differs between the design in hand and a pinned one, the largest share of its range first."""
    family = get_family(found.design.family)
    theirs = live(other, None, arrows=False, own=found.own)
    rows = []
    for n, p in found.predictions.items():
        if n in theirs.predictions:
            a, b = p.value, theirs.predictions[n].value
            rows.append(
                (9.0, [e(words.name(n)), value_text(a, p.unit), value_text(b, p.unit), signed(a - b, 3)])
            )
    for parameter in family.parameters:
        name_of, span = parameter.name, parameter.range
        a, b = found.design.parameters[name_of], other.parameters[name_of]
        share = abs(a - b) / (span.high - span.low)
        if share > 1e-6:
            if span.kinds:
                cells = [*(e(words.name(span.kinds[v])) for v in (a, b)), ""]
            else:
                gap = signed(a - b, 0 if span.whole else 1 if span.unit in ("mm", "deg") else 3)
                cells = [value_text(a, span.unit), value_text(b, span.unit), gap]
            rows.append((share, [e(words.name(name_of)), *cells]))
    for choice in family.choices:
        ours_is, theirs_is = (d.parameters.get(choice.name, choice.default) for d in (found.design, other))
        if ours_is != theirs_is:
            cells = [e(words.name(choice.option(place))) for place in (ours_is, theirs_is)]
            rows.append((0.0, [e(words.name(choice.name)), *cells, ""]))
    rows.sort(key=lambda row: -row[0])
    inner = table(["", words.tab_model, words.said(name), "Δ"], [r for _, r in rows], (1, 2, 3))
    return f'<div class="mq-scroll">{inner}</div>'


def slider_values(
    design: Design, draft: Draft, found: Live, words: Words, start: Design | None = None
) -> dict[str, Any]:
    """The sliders: groups with exact bounds and units, values, locks, and which way performance is better.
    A number that stands for a kind comes with the kinds' names and becomes a list to choose from.

    Args:
        start: the design that they are reset to.
    """
    family = get_family(design.family)
    best = sorted((n for n, a in found.arrows.items() if a.better), key=lambda n: -abs(found.arrows[n].gain))
    arrows = {n: found.arrows[n] for n in best[:ARROWS] if not found.arrows[n].refused}
    groups: dict[str, list[dict[str, Any]]] = {}
    for p in family.parameters:
        r = p.range
        item: dict[str, Any] = {
            "name": p.name, "label": words.name(p.name), "doc": words.said(r.doc),
            "low": r.low, "high": r.high,
            "step": 1 if r.whole else step_of(r.high - r.low), "unit": r.unit,
            "value": design.parameters[p.name],
            "locked": p.name in draft.brief.locks,
        }  # fmt: skip
        if r.kinds:
            item["kinds"] = [[value, words.name(kind)] for value, kind in r.kinds.items()]
        if start is not None and start.family == design.family:
            item["start"] = start.parameters[p.name]
        if p.name in arrows:
            arrow = arrows[p.name]
            text = signed(arrow.gain, 4)
            if r.kinds:
                text = f"{words.name(r.kinds[r.nearest(arrow.to)])} {text}"
            item["arrow"] = {
                "way": 1 if arrow.better == "up" else -1,
                "to": arrow.to,
                "text": text,
                "title": words.arrow.format(quantity=words.name(found.responds), text=text),
            }
        groups.setdefault(r.group, []).append(item)
    return {
        "family": design.family,
        "language": words.language,
        "words": words.some("lock", "kept", "reset"),
        "groups": [{"label": words.name(g), "items": items} for g, items in groups.items()],
    }


def option_values(design: Design, words: Words, in_use: bool = False) -> str:
    """Each choice as a row of buttons, the design's option pressed, and whether the view shows it among what
    it is used with; "" for a family without either."""
    family = get_family(design.family)
    rows = []
    if family.in_use(design.parameters):
        picks = "".join(
            button(label, "option", f"{IN_USE}:{on}", pressed=in_use == bool(on))
            for label, on in ((words.seen_alone, ""), (words.seen_in_use, "yes"))
        )
        label, doc = e(words.seen), e(words.seen_doc)
        rows.append(_picks(label, doc, picks))
    for c in family.choices:
        held = design.parameters.get(c.name, c.default)
        picks = "".join(
            button(
                words.name(option),
                "option",
                f"{c.name}:{option}",
                pressed=place == held,
                picture=f"/options/{family.name}/{c.name}/{option}.png",
            )
            for place, option in enumerate(c.choice.options)
        )
        label, doc = e(words.name(c.name)), e(words.said(c.choice.doc))
        rows.append(_picks(label, doc, picks))
    return card(words.options, "".join(rows)) if rows else ""


def _picks(label: str, doc: str, picks: str) -> str:
    return (
        f'<div class="mq-picks" role="group" aria-label="{label}" title="{doc}">'
        f"<b>{label}</b><span>{picks}</span></div>"
    )


def with_option(design: Design, arg: str) -> Design:
    """The design with the option that was pressed (``grille:closed``).

    Raises:
        InputError: no such choice or option.
    """
    name, _, option = arg.partition(":")
    family = get_family(design.family)
    values = family.validate({**design.parameters, name: option})
    return Design(family.name, values, design.provenance)


def step_of(span: float) -> float:
    """A slider's step: a round number, at least two hundred of them over the range."""
    for step in (10.0, 5.0, 1.0, 0.5, 0.1, 0.05, 0.01, 0.005, 0.001):
        if span / step >= 200:
            return step
    return 0.001


def scene_of(desk: Desk, design: Design, words: Words, name: str) -> dict[str, Any]:
    """A 3D view of one design."""
    family = get_family(design.family)
    lines, url = dimensions(family, design.parameters, words), desk.body_url(family.name, design.parameters)
    return {"url": url, "name": name, "dims": lines, "eyes": eyes(family)}


def eyes(family: Family) -> dict[str, list[float]]:
    """How far the 3D view's eye is turned and raised, radians, by the names of its buttons; the one to begin
    with comes first."""
    found = {}
    for view, place in (("three_quarter", "corner"), ("side", "side"), ("three_quarter_rear", "behind"),
                         ("front", "front"), ("rear", "rear")):  # fmt: skip
        eye = family.eyes[view]
        x, y, z = eye.direction
        rise = KNEELING if z == 0.0 and not eye.parallel else math.atan2(z, math.hypot(x, y))
        found[place] = [math.atan2(-y, -x), rise]
    first = "side" if family.pictures[0] == "side" else "corner"
    return {first: found[first], **found}
