"""The kind of body that a sentence asks for ("a sporty hatchback"), as a wish of its own that is judged.

How surely a design is of a kind is a number like any other: ``likeness_to_hatchback``, the share that the
nearest other kind's distance has in both distances; one half is half-way between the two. Distances are those
that tell the family's archetypes apart (:mod:`maquette.design.concepts.generate.traits`). A kind whose first
name holds the asked one ("large SUV", "bar stool") is of that kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import numpy as np

from ...design.arrays import FloatArray
from ...design.errors import InputError
from ...design.family.contract import DefaultWish, Family
from ...design.messages import named, say

LIKE = "likeness_to_"
#: the nearest other kind may be a fifth nearer: words move a body a little ("a low sporty SUV")
LEAST = 0.45


def kinds_of(family: Family) -> tuple[str, ...]:
    """The archetypes that can be asked for: those with words, where the family says what tells them apart."""
    if not family.lexicon.told_apart_by:
        return ()
    from ...design.concepts.generate.traits import space_of

    return space_of(family).bodies


def checked_kind(family: Family, kind: str, where: str) -> str:
    """`kind`, unless the family has none of that name.

    Raises:
        InputError: naming those that there are.
    """
    if kind and kind not in kinds_of(family):
        known = ", ".join(kinds_of(family)) or "none"
        raise InputError(f"{where} is {kind!r}; kinds of family {family.name}: {known}")
    return kind


def wish_of(family: Family, kind: str) -> DefaultWish:
    """The wish that a body is of that kind."""
    name = f"{LIKE}{kind}"
    return DefaultWish(name, name, say("a body that is a {kind}", kind=named(kind)), (), (), LEAST)


def likeness(family: Family, name: str, values: Mapping[str, float]) -> float:
    """How surely a design is of the kind that a quantity names, 0 to 1."""
    row = np.array([[values[p.name] for p in family.parameters]], dtype=np.float64)
    return float(likenesses(family, name, row)[0])


def likenesses(family: Family, name: str, rows: FloatArray) -> FloatArray:
    """:func:`likeness` of n designs (n x d, the family's parameters in order), (n,)."""
    from ...design.concepts.generate.traits import space_of

    space = space_of(family)
    shares = space.shares((rows - space.low) / space.width)
    features = [
        space.features(dict(zip(space.names, row, strict=True)), s)
        for row, s in zip(rows, shares, strict=True)
    ]
    apart = np.linalg.norm(np.array(features)[:, None, :] - space.body_rows[None, :, :], axis=2)
    kin = np.array([k in _kin(family, name.removeprefix(LIKE)) for k in space.bodies])
    own = apart[:, kin].min(axis=1)
    other = apart[:, ~kin].min(axis=1) if not kin.all() else own
    return np.asarray(other / np.maximum(own + other, 1e-12))


@cache
def _kin(family: Family, kind: str) -> frozenset[str]:
    """The kinds that are of this kind, itself among them."""
    bodies = family.lexicon.tongue("en").bodies
    words = {k: [f" {p.strip()} " for p in re.split("[,|]", bodies.get(k, ""))] for k in kinds_of(family)}
    return frozenset(k for k in words if k == kind or any(own in words[k][0] for own in words[kind]))
