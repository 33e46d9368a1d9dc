"""A bounded search after the draws: bodies that keep what was asked, and do not look like those before them.

What misses a rule, a word or a limit after all redraws is changed a little, again and again, for as long as
that brings it nearer. Where a family's sheets take bodies from near the archetypes (`sketched_by`), each
sketch is then, of many bodies that keep everything, the one whose outline differs most from the most similar
sketch before it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...arrays import Float32Array
from ...family.contract import Family
from ..artist.frame import from_concept, to_concept
from .acceptance import Draw, Settled, judged
from .locks import Known
from .nearby import anchors_of, moved
from .outline_guide import guides_of
from .request import Request
from .sampling import Generators, chosen_of, uniform
from .start import Start
from .targets import Numbers

if TYPE_CHECKING:
    from .call import ConceptCall

OTHERS = 60  # bodies among which a sketch is chosen that looks unlike the others
#: of a try, what :func:`.nearby.moved` calls strength; and how often it begins afresh at an archetype
STRENGTHS, AFRESH = (0.15, 0.3, 0.6, 1.0), 0.15
ANOTHER_KIND = 0.3  # how often one kind that nobody asked for is another one
ROWS = 32  # of the coarse outlines by which looks are compared: a frame's tube is about one of them wide

Weigh = Callable[[Float32Array], Draw]
Try = Callable[[Float32Array, float], Float32Array]


def searched(
    numbers: Numbers,
    request: Request,
    start: Start,
    known: Known,
    random: Generators,
    settled: Settled,
    call: ConceptCall,
    worded: bool = True,
) -> Settled:
    """The settled concepts, those that fall short brought nearer, then unlike each other and `call.unlike`.

    What is varied stays by what it began at and is left as it is.

    Args:
        worded: words have to be true.
    """
    if start.concepts(len(request)) is not None:
        return settled
    family, best, tried = known.family, [], 0
    shown = [looks(family, to_concept(family, body), request.views[0]) for body in call.unlike]
    spread = family.sketched_by == "artist" and bool(family.archetypes)
    for k in range(len(request)):
        tokens = request.words[k].tokens if worded else ()

        def weigh(z: Float32Array, k: int = k, tokens: Sequence[str] = tokens) -> Draw:
            return judged(z, request.asked[k], numbers, known, call.response, True, tokens)

        now = weigh(settled.z[k])
        if not now.good or spread:
            rng = np.random.default_rng(int(uniform(1, chosen_of(random, [k]))[0] * 2**53))
            step = _tries(known, tokens, request, k, rng)
            if not now.good:
                now = nearer(now, weigh, step, anchors_of(family, tokens), rng, call.tries)
            if spread and now.good and shown:
                count = min(OTHERS, call.tries)
                fair = others(now, weigh, step, anchors_of(family, tokens), rng, count)
                now = unlikest(family, fair, shown, request.views[k])
        if spread:
            shown.append(looks(family, now.z, request.views[k]))
        tried += not np.array_equal(now.z, settled.z[k])
        best.append(now)
    return replace(
        settled,
        z=np.stack([d.z for d in best]),
        measured=tuple(d.measured for d in best),
        broken=tuple(d.broken for d in best),
        pulled=settled.pulled + tried,
        short=tuple(d.cost - d.wish for d in best),
    )


def nearer(
    first: Draw,
    weigh: Weigh,
    step: Try,
    anchors: Sequence[Float32Array],
    rng: np.random.Generator,
    tries: int,
) -> Draw:
    """The draw, or what came of it by at most so many changes each of which made it miss less; one that
    helped is made again."""
    best, stride = first, None
    for _ in range(tries):
        if best.good:
            break
        if stride is not None:
            z = np.clip(best.z + stride, -1.0, 1.0).astype(np.float32)
        elif rng.random() < AFRESH:
            z = step(anchors[int(rng.integers(len(anchors)))], 1.0)
        else:
            z = step(best.z, float(rng.choice(STRENGTHS)))
        draw = weigh(z)
        better = draw.cost < best.cost
        stride = draw.z - best.z if better else None
        best = draw if better else best
    return best


def others(
    own: Draw,
    weigh: Weigh,
    step: Try,
    anchors: Sequence[Float32Array],
    rng: np.random.Generator,
    count: int = OTHERS,
) -> list[Draw]:
    """The draw and, of `count` bodies around it, the archetypes and each other, those that keep as much."""
    found = [own]
    for _ in range(count):
        about = [own.z, anchors[int(rng.integers(len(anchors)))], found[int(rng.integers(len(found)))].z]
        draw = weigh(step(about[rng.integers(len(about))], 1.0))
        if draw.good and draw.wish <= own.wish:
            found.append(draw)
    return found


def unlikest(family: Family, draws: Sequence[Draw], shown: Sequence[Float32Array], view: int) -> Draw:
    """The draw whose looks differ most from the most similar of those `shown`; the first of equals."""

    def apart(draw: Draw) -> float:
        own = looks(family, draw.z, view)
        return min(difference(own, other) for other in shown)

    return max(draws, key=apart)


def looks(family: Family, z: Float32Array, view: int) -> Float32Array:
    """Silhouette, dark areas and border lines of a concept vector (P,) as coarse coverage, 0 to 1 (planes,
    rows, columns)."""
    planes = guides_of(family, z[None], [family.frame.names[view]])[0]
    block = planes.shape[1] // ROWS
    count, height, width = (planes.shape[0], ROWS * block, planes.shape[2] // block * block)
    cells = planes[:, :height, :width].reshape(count, ROWS, block, width // block, block)
    return np.asarray(cells.mean(axis=(2, 4)), dtype=np.float32)


def difference(one: Float32Array, other: Float32Array) -> float:
    """Of two looks, what is not the same as a share of what either shows: 0 the same, 1 nothing in common."""
    shown = float(one.sum() + other.sum())
    return float(np.abs(one - other).sum()) / shown if shown > 0.0 else 0.0


def _tries(known: Known, tokens: Sequence[str], request: Request, k: int, rng: np.random.Generator) -> Try:
    """How bodies around one are drawn for sketch `k`: words true, locks kept, sometimes of another kind."""
    import torch

    family = known.family
    foreign = _hallmarks(family, [t.partition(":")[2] for t in tokens if t.startswith("body:")])

    def step(about: Float32Array, strength: float) -> Float32Array:
        z = moved(family, about, tokens, request.asked[k], rng, strength)
        if strength >= 1.0 and rng.random() < ANOTHER_KIND:
            z = _of_another_kind(family, z, rng, foreign)
        return np.asarray(known.project(torch.from_numpy(z)[None])[0].numpy(), dtype=np.float32)

    return step


def _hallmarks(family: Family, named: Sequence[str]) -> frozenset[tuple[str, float]]:
    """Kinds, with their values, by which one archetype alone is known that is none of those `named`: a
    Windsor chair on a cantilever is none any more. None where no archetype is named."""
    owners: dict[tuple[str, float], set[str]] = {}
    for body, values in family.archetypes.items():
        for name in family.kinds:
            owners.setdefault((name, {**family.defaults(), **values}[name]), set()).add(body)
    return frozenset(k for k, own in owners.items() if named and len(own) == 1 and not own & {*named})


def _of_another_kind(
    family: Family, z: Float32Array, rng: np.random.Generator, foreign: Collection[tuple[str, float]] = ()
) -> Float32Array:
    """The concept vector with one kind drawn anew; what is there stays there, and what is absent absent.

    Args:
        foreign: kinds, with their values, that are not drawn.
    """
    values = from_concept(family, z)
    of = {p.name: p.range.kinds for p in family.parameters if p.name in family.kinds}
    open_to = [n for n, kinds in of.items() if kinds.get(values[n], "none") not in ("none", "")]
    if not open_to:
        return z
    name = open_to[rng.integers(len(open_to))]
    places = [value for value, kind in of[name].items() if kind != "none" and (name, value) not in foreign]
    return to_concept(family, {**values, name: places[rng.integers(len(places))]})
