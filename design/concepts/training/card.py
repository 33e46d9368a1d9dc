"""The model's card and its loss curves, from the facts that training wrote."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, float]]

#: networks that draw; without them the program's artist does
PEN = ("drawer", "sharpener")
_WHAT = {
    "prior": "words and numbers to a concept vector (with the text encoder)",
    "encoder": "picture to concept vector",
    "evaluator": "the same, other widths, seed and designs: only for judging sketches",
    "drawer": "concept vector, options, coarse outline, view and style to a drawing",
    "sharpener": "that drawing to three times the size",
}


_CARD = """\
# Concept sketches of family `{family}`

Words and engineering numbers to drawings that have a body: a diffusion prior over the concept vector (the
family's parameters, each scaled to -1..1), {pen}; an encoder reads
drawings back. Trained on drawings that this program makes of its own bodies; no pictures from elsewhere.

**Total training cost: {minutes} minutes** ({devices}), drawing the examples not counted.

| network | what it does | parameters | steps x batch | time | speed | last loss |
|---|---|---|---|---|---|---|
{rows}

{history}![loss curves](loss.svg)

## On examples that nothing was fitted to

| network | figure | value |
|---|---|---|
{held}

Errors of drawings are shares of the whole tone range, averaged over the whole picture. Errors and standard
deviations of the encoders are in units of the concept vector (half a range is 1).

## Data

{designs} designs (seed {seed}), half uniform over the declared space, half around {bodies}; all keep the
family's rules. Numbers that can be asked: {numbers}. Parameter declaration `{declaration}`.{options}

## Limits

It draws bodies of this family only, in the views and styles that it was shown, and knows only the words of
its lexicon. What the family cannot represent (details, surfaces, other products) it cannot draw.

Weights are stored in half precision (largest change of a weight {worst} of its tensor's largest). Versions:
{versions}. Made anew by:

{commands}
"""


#: what draws: networks, or where there are none the program itself
_NETWORKS = """a pixel transformer that draws it and sees the body's coarse outline
(silhouette, glass, border lines from the family's stand-in; as a ControlNet would), and a network that
sharpens the drawing"""
_ARTIST = "drawn by the program's artist (no network draws)"


def card_text(facts: Mapping[str, Any]) -> str:
    """README.md of the model's folder."""
    trained: Mapping[str, Mapping[str, Any]] = facts["trained"]
    not_drawn = trained.get("drawer", {}).get("unfinished", False)
    rows, held = [], []
    for name, about in trained.items():
        if about.get("unfinished"):
            none = "none" if name in PEN else "not finished"
            rows.append(f"| {name} | {_WHAT[name]} | {none} | | | | |")
            continue
        size = sum(about["parameters"].values()) / 1e6
        batch = about["recipe"]["batch"]
        rows.append(
            f"| {name} | {_WHAT[name]} | {size:.2f} M | {about['steps']} x {batch} | "
            f"{about['seconds'] / 60:.1f} min | {about['items_per_second']:.0f}/s | {about['loss']:.4g} |"
        )
        held += [
            f"| {name} | {key.replace('_', ' ')} | {value:.4g} |" for key, value in about["held_out"].items()
        ]
    finished = [about for about in trained.values() if not about.get("unfinished")]
    minutes = sum(about["seconds"] for about in finished) / 60
    devices = sorted({f"{about['device']}, {about['threads']} threads" for about in finished})
    worst = max(facts["half_precision_error"].values())
    versions = finished[0]["versions"] if finished else {}
    commands = dict.fromkeys(about["command"] for about in finished if about["command"])
    return _CARD.format(
        family=facts["family"],
        minutes=round(minutes),
        devices="; ".join(devices),
        pen=_ARTIST if not_drawn else _NETWORKS,
        rows="\n".join(rows),
        held="\n".join(held),
        history="".join(
            f"{name}: {about['history']}\n\n" for name, about in trained.items() if "history" in about
        ),
        designs=facts["designs"],
        seed=facts["designs_seed"],
        bodies=", ".join(facts["bodies"]),
        numbers=", ".join(facts["numbers"]),
        declaration=facts["declaration_hash"][:16],
        options=_options_line(facts.get("options", ()), not not_drawn),
        worst=f"{worst:.1e}",
        versions=", ".join(f"{k} {v}" for k, v in versions.items()),
        commands="\n".join(f"    {command}" for command in commands),
    )


def _options_line(names: Sequence[str], told: bool) -> str:
    """A sentence on the options of the drawings, `choice:option` each; `told`: a drawer learned them."""
    listed: dict[str, list[str]] = {}
    for name in names:
        choice, _, option = name.partition(":")
        listed.setdefault(choice, []).append(option)
    if not listed:
        return ""
    listing = "; ".join(f"{choice}: {', '.join(options)}" for choice, options in listed.items())
    heard = ", which the drawer is told" if told else ""
    return f"\n\nEvery design is drawn with options drawn at random{heard}: {listing}."


def curves_svg(curves: Mapping[str, Rows]) -> str:
    """Loss over time, one panel a network, logarithmic loss axis."""
    width, height, gap = 300, 170, 46
    count = max(1, len(curves))
    columns = min(3, count)
    lines = -(-count // columns)
    total = (columns * (width + gap) + gap, lines * (height + 2 * gap) + gap // 2)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total[0]} {total[1]}" '
        f'font-family="sans-serif" font-size="11" fill="#333">',
        f'<rect width="{total[0]}" height="{total[1]}" fill="#fff"/>',
    ]
    for index, (name, rows) in enumerate(curves.items()):
        left = gap + (index % columns) * (width + gap)
        top = gap + (index // columns) * (height + 2 * gap)
        parts += _panel(name, rows, left, top, width, height)
    return "\n".join([*parts, "</svg>", ""])


def _panel(name: str, rows: Rows, left: int, top: int, width: int, height: int) -> list[str]:
    parts = [
        f'<text x="{left}" y="{top - 10}" font-weight="bold">{name}: loss over minutes</text>',
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="#bbb"/>',
    ]
    points = [(row["seconds"] / 60, row["loss"]) for row in rows if math.isfinite(row["loss"])]
    if len(points) < 2:
        return parts
    lowest = min(loss for _, loss in points)
    offset = 0.0 if lowest > 0 else 0.05 - lowest  # a log likelihood may be negative: shifted, and said so
    logs = [math.log10(loss + offset) for _, loss in points]
    low, high = min(logs), max(logs)
    end = points[-1][0] or 1.0
    spread = (high - low) or 1.0
    path = " ".join(
        f"{left + width * minute / end:.1f},{top + height * (high - value) / spread:.1f}"
        for (minute, _), value in zip(points, logs, strict=True)
    )
    parts.append(f'<polyline points="{path}" fill="none" stroke="#1f5fa8" stroke-width="1.3"/>')
    for value in (low, high):
        y = top + height * (high - value) / spread
        parts.append(
            f'<text x="{left - 4}" y="{y + 4:.0f}" text-anchor="end">{10**value - offset:.3g}</text>'
        )
    note = f"{end:.1f} min"
    parts.append(f'<text x="{left + width}" y="{top + height + 14}" text-anchor="end">{note}</text>')
    return parts
