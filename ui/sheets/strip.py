"""From the start of a search to its end in pictures: what of the look was given up, and for what gain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ...constraints.requirements.assess import Assessment
from ...constraints.requirements.quantity import SURROGATE, Quantity, get_quantity
from ...design.errors import MissingComponentError
from ...design.family.contract import Family
from ...design.family.parameters import as_row, as_values, choices_in, from_unit_cube, to_unit_cube
from ...design.geometry.mesh import MeshPart
from ...design.messages import Message, listed, named, say
from ...design.rendering.views import contact_sheet, photographs
from ..results_concepts import Frame, Journey
from ..workbench import Assignment

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
PICTURE = (520, 300)  # pixels of one body
ROOM = 1.12  # of the longest body, that a picture is wide
MOVED = 5e-4  # share of a number that counts as a change


def journey(
    folder: Path, task: Assignment, start: Mapping[str, float], end: Mapping[str, float], view: str = "side"
) -> Journey:
    """The straight way from one design to another, judged at five places, as ``strip.png`` in a folder.

    Args:
        task: the brief that is asked about. start, end: complete parameters; the options are the end's.
        view: in which silhouettes are compared.
    """
    frames = _frames(task, start, end, view)
    told = _told(task, frames)
    picture = _drawn(frames, task, told)
    path = folder / "strip.png"
    if picture is not None:
        path.write_bytes(picture)
    return Journey(None if picture is None else path, view, frames, told)


def _frames(
    task: Assignment, start: Mapping[str, float], end: Mapping[str, float], view: str
) -> tuple[Frame, ...]:
    from ...design.concepts.fit.alignment import overlap
    from ...design.concepts.generate.silhouette_similarity import silhouette_of

    family = task.family
    first = silhouette_of(family, start, view)
    names = _asked(task)
    frames = []
    for share, values in zip(SHARES, _between(task, start, end), strict=True):
        judged = task.assess(values)
        missed = (*(v.quantity for v in judged.misses), *(b.rule for b in judged.broken))
        kept = overlap(first, silhouette_of(family, values, view))
        frames.append(Frame(share, values, kept, _numbers(task, names, judged), missed))
    return tuple(frames)


def _drawn(frames: Sequence[Frame], task: Assignment, told: str) -> bytes | None:
    """The pictures side by side, all at one scale; None on a machine that draws none."""
    bodies = [task.family.mesh(f.values) for f in frames]
    try:
        pictures = _pictures(task.family, bodies)
    except MissingComponentError:
        return None
    captions = [_caption(frame, task) for frame in frames]
    return contact_sheet(list(zip(captions, pictures, strict=True)), len(pictures), told, 16)


def _pictures(family: Family, bodies: Sequence[Sequence[MeshPart]]) -> list[bytes]:
    """Each body from the side, all at one scale, on the ground where the family has one."""
    long = max(float(np.ptp(np.concatenate([p.mesh.vertices for p in body])[:, 0])) for body in bodies)
    high = max(float(np.ptp(np.concatenate([p.mesh.vertices for p in body])[:, 2])) for body in bodies)
    span = ROOM * max(long, high * PICTURE[0] / PICTURE[1])
    return [photographs(family, body, ["side"], PICTURE, span)["side"] for body in bodies]


def _between(
    task: Assignment, start: Mapping[str, float], end: Mapping[str, float]
) -> Sequence[Mapping[str, float]]:
    declaration = task.family.declaration
    options = choices_in(declaration, end)
    low, high = (to_unit_cube(declaration, as_row(declaration, v)[None])[0] for v in (start, end))
    rows = [from_unit_cube(declaration, ((1.0 - s) * low + s * high)[None])[0] for s in SHARES]
    return [dict(start), *(as_values(declaration, row) | options for row in rows[1:-1]), dict(end)]


def _asked(task: Assignment) -> list[Quantity]:
    """What the brief asks about: wishes first, then limits, then what the product is judged by."""
    brief = task.brief
    names = [*brief.minimise, *brief.maximise, *(r.quantity for r in brief.requirements)]
    if not names and task.product.headline is not None and task.predictor is not None:
        names = [task.product.headline.name]
    known = (get_quantity(task.family, n) for n in dict.fromkeys(names))
    return [q for q in known if q.how != SURROGATE or task.predictor is not None]


def _numbers(task: Assignment, asked: Sequence[Quantity], judged: Assessment) -> dict[str, float]:
    values = judged.values
    measures = {**values, **task.family.measures(values)}
    said = {} if task.predictor is None else task.predictor.predict_design(values, measures)
    found = {q.name: said[q.name].value if q.name in said else measures.get(q.name) for q in asked}
    return {name: float(v) for name, v in found.items() if v is not None and math.isfinite(v)}


def _caption(frame: Frame, task: Assignment) -> str:
    lines = [f"{100 * frame.share:.0f} % of the way, silhouette kept {frame.kept:.3f}"]
    for name, value in list(frame.numbers.items())[:5]:
        mark = "  (missed)" if name in frame.missed else ""
        lines.append(f"{name.replace('_', ' ')} {get_quantity(task.family, name).shown(value)}{mark}")
    rules = [m for m in frame.missed if m not in frame.numbers]
    return "\n".join([*lines, *([f"breaks {', '.join(rules[:2])}"] if rules else [])])


def _told(task: Assignment, frames: Sequence[Frame]) -> Message:
    """What the end has that the start had not, and what it cost of the look."""
    first, last = frames[0], frames[-1]
    wanted = dict.fromkeys(task.brief.minimise, -1.0) | dict.fromkeys(task.brief.maximise, 1.0)
    gains: list[Message] = []
    losses: list[Message] = []
    for name, after in last.numbers.items():
        before, quantity = first.numbers.get(name, math.nan), get_quantity(task.family, name)
        if abs(after - before) > MOVED * max(abs(before), 1e-9):
            way = wanted.get(name, {"high": 1.0, "low": -1.0}.get(quantity.better, 0.0))
            (losses if way * (after - before) < 0.0 else gains).append(
                say("{quantity} {before} to {after}", quantity=named(name),
                    before=quantity.shown(before), after=quantity.shown(after))
            )  # fmt: skip
    met = [named(m) for m in first.missed if m not in last.missed]
    if met:
        gains.append(say("now met: {met}", met=listed(met)))
    told = {"lost": 100.0 * (1.0 - last.kept), "gains": listed(gains, "; "), "losses": listed(losses, "; ")}
    if not gains:
        return say(
            "{lost:.1f} % of the starting silhouette was given up, for nothing asked about.",
            lost=told["lost"],
        )
    return say(
        "Given up: {lost:.1f} % of the starting silhouette, and {losses}. Won: {gains}."
        if losses
        else "Given up: {lost:.1f} % of the starting silhouette. Won: {gains}.",
        **told,
    )
