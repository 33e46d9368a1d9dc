"""Concept vectors without a learned prior: bodies near the archetypes that words ask for.

A body starts at an archetype, varies around it, and is moved until each attribute lies in the third that its
word asks for, each mood holds and each asked parameter has its value. Of a handful of such draws the one that
misses least is taken; what it misses of asked measures is left to the redraws of :mod:`.acceptance`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...arrays import Float32Array, FloatArray
from ...family.contract import Family
from ...language.attributes import THIRDS
from ..artist.frame import from_concept, to_concept
from .acceptance import Held, Settled, Told, measure, sampler_of, settle
from .locks import Known, broken
from .request import Request
from .sampling import Generators, randn
from .start import Start
from .targets import Asked, Numbers, violation
from .traits import MOOD_HOLDS, Space, meaning, space_of, word_misses

if TYPE_CHECKING:
    from torch import Tensor

#: draws for a body, and the best of them that are measured where numbers are asked
CANDIDATES, MEASURED = 24, 3
NEAREST = 3  # archetypes that a body may start at where no word names one
SPREADS = (0.05, 0.10, 0.16, 0.24)  # of a draw, share of each range
KEPT = 0.9  # how often a whole number stays the archetype's
INSIDE = 0.04  # how far within a third an attribute is put
RULE = 100.0  # what a broken rule weighs against a word missed by a third


def draw_near(
    known: Known,
    tokens: Sequence[str],
    asked: Sequence[Asked],
    numbers: Numbers,
    rng: np.random.Generator,
    begin: Float32Array | None = None,
    strength: float = 1.0,
) -> Float32Array:
    """One concept vector (P,).

    Args:
        tokens: what is to be true of it. asked: its numbers.
        begin: where to start instead of an archetype, and how far to leave it: 0 not at all, 1 freely.
    """
    import torch

    family = known.family
    anchors = [begin] if begin is not None and strength < 1.0 else anchors_of(family, tokens)
    found = []
    for _ in range(CANDIDATES):
        z = moved(family, anchors[rng.integers(len(anchors))], tokens, asked, rng, strength)
        z = known.project(torch.from_numpy(z)[None])[0].numpy()
        misses = float(word_misses(family, known.values(z), tokens).sum())
        found.append((RULE * len(broken(known, z)) + misses, z))
    found.sort(key=lambda pair: pair[0])
    names = [a.name for a in asked if a.name not in {p.name for p in family.parameters}]
    if not names or found[0][0] >= RULE:
        return found[0][1]

    def missed(cost: float, z: Float32Array) -> float:
        return cost if cost >= RULE else cost + violation(asked, numbers, measure(known, z, names, None))

    return min(found[:MEASURED], key=lambda pair: missed(*pair))[1]


def settled_near(
    numbers: Numbers, request: Request, start: Start, known: Known, random: Generators, redraws: int
) -> Settled:
    """A body for each picture of a request, near the archetypes or where it starts, in so many redraws."""
    import torch

    n, width = len(request), len(known.family.parameters)
    begin, cpu = start.concepts(n), torch.device("cpu")

    def near(rows: Sequence[int], noise: Tensor, told: Sequence[Told], held: Sequence[Held]) -> Float32Array:
        made = []
        for row, seed in zip(rows, noise.numpy(), strict=True):
            digest = hashlib.blake2b(seed.tobytes(), digest_size=8).digest()
            rng = np.random.default_rng(int.from_bytes(digest, "little"))
            first = None if begin is None else begin[row]
            words, asked = request.words[row].tokens, request.asked[row]
            made.append(draw_near(known, words, asked, numbers, rng, first, start.strength))
        return np.stack(made)

    sampler = sampler_of(near, width, random, cpu, steered=False)
    if begin is not None and start.strength <= 0.0:
        redraws = 0
    return settle(
        sampler, randn((n, width), random, cpu), request.asked, numbers, known, None, redraws,
        redraws > 0, [w.tokens for w in request.words] if redraws else (),
    )  # fmt: skip


def anchors_of(family: Family, tokens: Sequence[str]) -> list[Float32Array]:
    """The archetypes that the words name, else the few of which they are most nearly true."""
    named = [token.partition(":")[2] for token in tokens if token.startswith("body:")]
    bodies = {n: {**family.defaults(), **a} for n, a in family.archetypes.items()} or {"": family.defaults()}
    if chosen := [bodies[n] for n in named if n in bodies]:
        return [to_concept(family, values) for values in chosen]
    misses = {n: float(word_misses(family, values, tokens).sum()) for n, values in bodies.items()}
    few = sorted(bodies, key=lambda n: misses[n])[:NEAREST] if tokens else list(bodies)
    return [to_concept(family, bodies[n]) for n in few]


def moved(
    family: Family,
    anchor: Float32Array,
    tokens: Sequence[str],
    asked: Sequence[Asked],
    rng: np.random.Generator,
    strength: float,
) -> Float32Array:
    """A draw around an anchor, moved to where words and numbers ask."""
    space = space_of(family)
    low, width = space.low, space.width
    start = space.unit(from_concept(family, anchor))
    unit = start + strength * rng.choice(SPREADS) * rng.standard_normal(len(start))
    whole = np.array([p.range.whole for p in family.parameters])
    unit = np.where(whole & (rng.random(len(start)) < KEPT), start, unit)
    place = {name: k for k, name in enumerate(space.names)}
    unit[[place[name] for name in family.kinds]] = start[[place[name] for name in family.kinds]]
    for token in tokens:
        unit = _true(space, np.clip(unit, 0.0, 1.0), token, rng)
    for one in asked:
        if one.name in place:
            k = place[one.name]
            ends = (np.array([one.low, one.high]) - low[k]) / width[k]
            unit[k] = np.clip(unit[k], *ends)
    return np.asarray(2.0 * np.clip(unit, 0.0, 1.0) - 1.0, dtype=np.float32)


def _true(space: Space, unit: FloatArray, token: str, rng: np.random.Generator) -> FloatArray:
    """The row of the unit cube (P,) moved as little as makes a token true."""
    kind, plain, negated = meaning(token)
    if kind == "mood" and plain in space.moods:
        k = space.moods.index(plain)
        weights, aim = space.mood_weights[k], -INSIDE if negated else MOOD_HOLDS + INSIDE
        short = aim - float(space.mood_scores(unit)[k])
        wrong = short < 0.0 if negated else short > 0.0
        return unit + weights * (short / float(weights @ weights)) if wrong else unit
    names = [a.name for a in space.attributes]
    if kind not in names or plain not in THIRDS:
        return unit
    row, third = space.sums[names.index(kind)], THIRDS.index(plain)
    shares: Mapping[bool, tuple[float, float]] = {
        False: (third / 3.0, (third + 1) / 3.0),
        True: (1.0 / 3.0, 1.0) if third == 0 else (0.0, 2.0 / 3.0),
    }
    first, last = shares[negated]
    share = float(row @ unit)
    if first + INSIDE <= share <= last - INSIDE:
        return unit
    return np.asarray(unit + (row > 0) * (rng.uniform(first + INSIDE, last - INSIDE) - share))
