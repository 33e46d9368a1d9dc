"""Which product is a text about? One that no installed family describes is refused with their list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.registry import families
from ...design.language import product_nouns
from ...design.language.amounts import amount_at
from ...design.language.blocks import phrases
from ...design.language.tokens import Token, cleaned, is_han, keys_of, tokenise
from ...design.messages import listed, say, spelt
from .phrases import dictionary

#: words after which the first noun phrase of a text is over
_ENDS = frozenset(
    phrases("""
        for, with, under, over, of, at, in, on, to, from, that, which, below, above, and, between, max, min,
        less, more, who, as, like, not, no, about, up, is, has, having, weighing, 在
    """)
)
#: what a text may begin with before it names its product
_OPENING = 14


def family_named(text: str) -> str:
    """The installed family whose product a text names, by its noun or else by one of its body types ("a bar
    stool"); "" where it names none."""
    tokens = tokenise(cleaned(text))
    installed = families().values()
    for nouns in (_own_nouns, _own_bodies):
        for family in installed:
            own = nouns(family)
            if _head(tokens, own | {(*k[:-1], k[-1] + "s") for k in own if k and not is_han(k[-1])}):
                return family.name
    return ""


def _own_nouns(family: Family) -> set[tuple[str, ...]]:
    tongues = family.lexicon.tongues.values()
    return {keys_of(t.noun) for t in tongues if t.noun} | {keys_of(family.noun)}


def _own_bodies(family: Family) -> set[tuple[str, ...]]:
    blocks = (block for t in family.lexicon.tongues.values() for block in t.bodies.values())
    return {keys_of(p) for block in blocks for p in phrases(block)}


def refuse_other_product(text: str, family: Family) -> None:
    """Refuse a text whose first noun phrase names a product of no family, or of another one than `family`.

    Raises:
        InputError: naming the product and the installed families.
    """
    tokens = tokenise(text)
    noun = _head(tokens, _nouns())
    if not noun:
        return
    table, longest = dictionary(family)
    end = next((i for i, t in enumerate(tokens) if t.kind in ("break", "number")), len(tokens))
    for i in range(end):
        for n in range(longest, 0, -1):
            readings = table.get(tuple(t.key for t in tokens[i : i + n]))
            if readings is not None and "body" in readings:
                return
    own = _own_nouns(family)
    words = family.lexicon.quantities
    blocks = [words.stops, *words.features.values(), *(t.stops for t in family.lexicon.tongues.values())]
    own |= {keys_of(p) for block in blocks for p in phrases(block)}
    if noun in own or len(_head(tokens[:end], own)) > len(noun):
        return
    shown = ("" if is_han(noun[0]) else " ").join(noun)
    raise InputError(
        say(
            "the text is about {product!r}, and family {family} is no such thing; "
            "installed families: {families}",
            product=shown,
            family=spelt(family.name),
            families=listed(map(spelt, sorted(families()))),
        )
    )


@cache
def _nouns() -> frozenset[tuple[str, ...]]:
    return frozenset(_keys())


def _keys() -> Iterator[tuple[str, ...]]:
    for phrase in phrases(product_nouns.ENGLISH):
        keys = keys_of(phrase)
        yield keys
        yield (*keys[:-1], keys[-1] + "s")
    yield from (keys_of(p) for p in phrases(product_nouns.CHINESE))


def _head(
    tokens: Sequence[Token], nouns: frozenset[tuple[str, ...]] | set[tuple[str, ...]]
) -> tuple[str, ...]:
    """The noun of `nouns` that heads the first noun phrase, amounts passed over; () where none does."""
    keys: list[str] = []
    i = 0
    while i < len(tokens) and len(keys) < _OPENING:
        token = tokens[i]
        given = amount_at(tokens, i)
        ends = token.kind == "break" or given is not None or (len(keys) > 0 and token.key in _ENDS)
        if ends:
            found = _last(keys, nouns)
            if found or token.kind == "break" or (given is None and keys):
                return found
        if given is None and token.key != "-":
            keys.append(token.key)
        i = given.last if given is not None else i + 1
    return _last(keys, nouns)


def _last(keys: Sequence[str], nouns: frozenset[tuple[str, ...]] | set[tuple[str, ...]]) -> tuple[str, ...]:
    """The longest noun that the keys end with."""
    sizes = range(min(8, len(keys)), 0, -1)
    return next((tuple(keys[-size:]) for size in sizes if tuple(keys[-size:]) in nouns), ())
