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
from .quantity import quantities

#: words after which the first noun phrase of a text is over
_ENDS = frozenset(
    phrases("""
        for, with, under, over, of, at, in, on, to, from, that, which, below, above, and, between, max, min,
        less, more, who, as, like, not, no, about, up, is, has, having, weighing, 在
    """)
)
#: what a text may begin with before it names its product
_OPENING = 14
#: what stands before a verb, whatever noun it looks like
_VERBS = frozenset(
    ["may", "can", "must", "should", "shall", "will", "would", "could", "might", "not", "cannot"]
)
_COMMAS = frozenset(",，、:：|")
_COLONS = frozenset(":：|–—")  # "Gravel frame: stack 590 mm"
_PARTS = 4  # of a text, between commas, that may name its product


def family_named(text: str) -> str:
    """The installed family whose product a text names; "" where it names none.

    A family's names are its noun, its body types and the names that say nothing; in the first part of the
    text ("a slack, muscular hardtail") that has one, the longest decides, and a noun or a body type before a
    name that says nothing.
    """
    tokens = tokenise(cleaned(text))
    breaks = [-1, *(i for i, t in enumerate(tokens) if t.kind == "break" or t.key in _COMMAS)][:_PARTS]
    for start in breaks:
        rest = tokens[start + 1 :]
        found = [
            (len(_head(rest, names, _headings(family))), own, family.name)
            for family in families().values()
            for own, names in ((True, _own_names(family)), (False, _silent_names(family)))
        ]
        longest = max((n, own) for n, own, _ in found)
        if longest[0]:
            return next(name for n, own, name in found if (n, own) == longest)
    return ""


@cache
def _own_names(family: Family) -> frozenset[tuple[str, ...]]:
    tongues = family.lexicon.tongues.values()
    own = {keys_of(p) for t in tongues for block in t.bodies.values() for p in phrases(block)}
    return _with_plurals(own | {keys_of(t.noun) for t in tongues if t.noun} | {keys_of(family.noun)})


@cache
def _silent_names(family: Family) -> frozenset[tuple[str, ...]]:
    return _with_plurals({keys_of(p) for p in phrases(family.lexicon.quantities.stops)})


@cache
def _headings(family: Family) -> frozenset[tuple[str, ...]]:
    """Names of its groups of parameters: "Geometry: ..." heads a list of any product."""
    groups = {p.range.group for p in family.parameters}
    called = (t.names.get(g, "") for t in family.lexicon.tongues.values() for g in groups)
    return frozenset(keys_of(name) for name in (*groups, *called) if name)


def _with_plurals(names: set[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    return frozenset(names | {(*k[:-1], k[-1] + "s") for k in names if k and not is_han(k[-1])})


def refuse_other_product(text: str, family: Family) -> None:
    """Refuse a text whose first noun phrase names a product of no family, or of another one than `family`.

    Raises:
        InputError: naming the product and the installed families.
    """
    tokens = tokenise(text)
    noun = _head(tokens, _nouns())
    if not noun:
        return
    table = dictionary(family)
    end = next((i for i, t in enumerate(tokens) if t.kind in ("break", "number")), len(tokens))
    for i in range(end):
        for n in range(table.longest, 0, -1):
            readings = table.readings.get(tuple(table.key(t.key) for t in tokens[i : i + n]))
            if readings is not None and "body" in readings:
                return
    own = {keys_of(t.noun) for t in family.lexicon.tongues.values() if t.noun} | {keys_of(family.noun)}
    words = family.lexicon.quantities
    blocks = [words.stops, *words.features.values(), *(t.stops for t in family.lexicon.tongues.values())]
    own |= {keys_of(p) for block in blocks for p in phrases(block)}
    own |= {keys_of(p) for q in quantities(family).values() for p in q.synonyms}
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
    tokens: Sequence[Token],
    nouns: frozenset[tuple[str, ...]] | set[tuple[str, ...]],
    headings: frozenset[tuple[str, ...]] | None = None,
) -> tuple[str, ...]:
    """The noun of `nouns` that heads the first noun phrase, amounts passed over; () where none does.

    Args:
        headings: nouns that name nothing before a colon; None where a colon is like any word.
    """
    keys: list[str] = []
    i = 0
    while i < len(tokens) and len(keys) < _OPENING:
        token = tokens[i]
        given = amount_at(tokens, i)
        colon = headings is not None and token.key in _COLONS
        over = token.key in _ENDS or colon
        ends = token.kind == "break" or given is not None or (len(keys) > 0 and over)
        if ends:
            found = _last(keys, nouns)
            if colon and headings and tuple(keys) in headings:
                return ()
            if found or token.kind == "break" or (given is None and keys):
                return found
        if given is None and token.key != "-":
            keys.append(token.key if not _VERBS & set(keys[-1:]) else "")  # "may sink 6 mm"
        i = given.last if given is not None else i + 1
    return _last(keys, nouns)


def _last(keys: Sequence[str], nouns: frozenset[tuple[str, ...]] | set[tuple[str, ...]]) -> tuple[str, ...]:
    """The longest noun that the keys end with."""
    sizes = range(min(8, len(keys)), 0, -1)
    return next((tuple(keys[-size:]) for size in sizes if tuple(keys[-size:]) in nouns), ())
