"""True captions of designs, as tokens for training and as text, and the prompts kept apart from them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.random import Generator

from ...errors import InputError
from ...family.contract import Family
from ...family.lexicon import Lexicon
from ...family.parameters import as_values, from_unit_cube
from ...family.registry import DEFAULT_FAMILY
from ...language.attributes import THIRDS, attribute, attribute_tokens, canonical, words_of
from ...language.blocks import caption_phrases, kept_phrases
from ...language.looks import looks_of
from ...language.tokens import keys_of
from ..generate.traits import MOOD_HOLDS, Space, space_of

#: how often a caption says nothing at all, has the body word (where clear), has a mood (where one holds)
SILENT, WITH_BODY, WITH_MOOD = 0.08, 0.65, 0.35
#: share of captions with 0, 1, 2, ... attributes
COUNTS = (0.12, 0.2, 0.22, 0.18, 0.12, 0.08, 0.05, 0.03)
MIDDLE_WEIGHT = 0.45  # people rarely say that something is medium
MARGIN = 0.04  # share of the span kept free on both sides of a third's bounds: there no caption says a word
NEGATED = 0.08  # share of attributes and moods said by what they are not
#: combinations of at least `APART_FROM` tokens are kept for prompts when their checksum falls here: 1 in 16
APART_FROM, APART_ONE_IN = 3, 16
LANGUAGES = ("en", "zh")


def kept_apart(tokens: Sequence[str]) -> bool:
    """Whether this combination of tokens is reserved for the prompts that measure the model."""
    if len(tokens) < APART_FROM:
        return False
    return zlib.crc32(" ".join(sorted(tokens)).encode()) % APART_ONE_IN == 0


def caption_tokens(
    family: Family, values: Mapping[str, float], rng: Generator, body: str | None = None
) -> tuple[str, ...]:
    """A random subset of the tokens that are true of a design, in the vocabulary's order.

    Attributes near the bound of a third are left out, body words are said only when clear, moods only when
    they hold, and combinations reserved by :func:`kept_apart` never come out.

    Args:
        family: whose design it is.
        values: complete parameters.
        rng: NumPy generator; the same state gives the same caption.
        body: the archetype from which the design was made, where the caller knows it: the body word is said
            only while the design is still clearly of that type.
    """
    space = space_of(family)
    unit = space.unit(values)
    draws = rng.random(16 + 2 * len(space.attributes))
    if draws[0] < SILENT:
        return ()
    shares = space.shares(unit)
    found = space.body(values, shares)
    tokens: list[str] = []
    if found is not None and body in (None, found) and draws[1] < WITH_BODY:
        tokens.append(f"body:{found}")
    count = int(np.searchsorted(np.cumsum(COUNTS), draws[2], side="right"))
    if count and space.attributes:
        tokens.extend(_attributes(space, shares, draws[16:], count))
    if draws[3] < WITH_MOOD and space.moods:
        tokens.extend(_mood(space.moods, space.mood_scores(unit), draws[4:7]))
    chosen = canonical(tokens, family.lexicon)
    while kept_apart(chosen):
        chosen = chosen[:-1]
    return chosen


def _attributes(space: Space, shares: np.ndarray, draws: np.ndarray, count: int) -> Iterator[str]:
    """`count` clear attributes, the ends of ranges preferred to their middles."""
    thirds = np.minimum((3.0 * shares).astype(np.int64), 2)
    bound = np.abs(shares[:, None] - np.array([1.0 / 3.0, 2.0 / 3.0])).min(axis=1)
    n = len(space.attributes)
    weight = np.where(thirds == 1, MIDDLE_WEIGHT, 1.0) * (bound > MARGIN)
    with np.errstate(divide="ignore"):
        order = np.argsort(-np.log(draws[:n]) / np.maximum(weight, 1e-12))  # weighted draw without repeats
    for i in order[:count]:
        if weight[i] == 0.0:
            continue
        third, name = int(thirds[i]), space.attributes[i].name
        draw = draws[n + i]
        if draw >= NEGATED:
            yield f"{name}:{THIRDS[third]}"
        elif third == 1:
            yield f"{name}:{'not_low' if draw < 0.5 * NEGATED else 'not_high'}"
        else:
            yield f"{name}:{'not_low' if third == 2 else 'not_high'}"


def _mood(moods: Sequence[str], scores: np.ndarray, draws: np.ndarray) -> Iterator[str]:
    if draws[0] < NEGATED:
        against = np.flatnonzero(scores < 0.0)
        if len(against):
            yield f"mood:not_{moods[against[int(draws[1] * len(against))]]}"
        return
    held = np.flatnonzero(scores >= MOOD_HOLDS)
    if not len(held):
        return
    first = int(draws[1] * len(held))
    yield f"mood:{moods[held[first]]}"
    if draws[2] < 0.25 and len(held) > 1:
        yield f"mood:{moods[held[(first + 1) % len(held)]]}"


# -- as text ---------------------------------------------------------------------------------------


def caption_text(tokens: Sequence[str], rng: Generator, lexicon: Lexicon, language: str = "en") -> str:
    """Words for the tokens; :func:`~...language.description.read_words` gives the tokens back.

    Raises:
        InputError: a language that is not in `LANGUAGES`.
    """
    if language not in LANGUAGES:
        raise InputError(f"language is {language!r}; allowed {', '.join(LANGUAGES)}")
    whole = _adjectives(lexicon)
    said = [(t.partition(":")[0], _say(t, rng, lexicon, language, kept=False)) for t in tokens]
    bodies = [w for kind, w in said if kind == "body"]
    adjectives = [w for kind, w in said if kind in whole]
    parts = [w for kind, w in said if kind not in whole and kind != "body"]
    tongue = lexicon.tongue(language)
    noun = bodies[0] if bodies else tongue.noun
    if language == "zh":
        adjectives.sort(key=lambda word: word.startswith("不"))  # "not" reaches over the enumeration comma
        head = f"{'、'.join(adjectives)}的" if adjectives else ""
        return ",".join([f"{tongue.article}{head}{noun}" if rng.random() < 0.7 else f"{head}{noun}", *parts])
    front = noun
    if adjectives:
        front = ", ".join([*adjectives[:-1], _before(adjectives[-1], noun, lexicon)])
    if not parts:
        return f"a {front}" if rng.random() < 0.5 else front
    if rng.random() < 0.5:
        last = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
        return f"a {front} with {last}"
    return ", ".join([front, *parts])


def _adjectives(lexicon: Lexicon) -> frozenset[str]:
    """Kinds of tokens that describe the whole product."""
    return frozenset({"mood", *(a.name for a in lexicon.attributes if a.whole)})


def _before(adjective: str, noun: str, lexicon: Lexicon) -> str:
    """ "low saloon"; parted by a comma where the two together are another word ("large", "suv")."""
    together = f"{adjective} {noun}"
    return f"{adjective}, {noun}" if keys_of(together) in looks_of(lexicon) else together


def _say(token: str, rng: Generator, lexicon: Lexicon, language: str, *, kept: bool) -> str:
    """A phrase for a token: from the captions' phrases, or from those kept apart where there are any."""
    kind, _, state = token.partition(":")
    negated = state.startswith("not_")
    plain = f"{kind}:{state[4:]}" if negated else token
    choices = words_of(lexicon, plain, language, kept_phrases) if kept else ()
    choices = choices or words_of(lexicon, plain, language, caption_phrases)
    if not choices:
        raise InputError(f"token {token!r} has no words in {language!r}")
    phrase = choices[int(rng.random() * len(choices))]
    if not negated:
        return phrase
    if language == "zh":
        return f"不要{phrase}"
    return f"not {phrase}" if kind in _adjectives(lexicon) else f"not a {phrase}"


# -- prompts kept apart ----------------------------------------------------------------------------

_TEMPLATES_EN = (
    "Imagine {article} {front}: {parts}.",
    "Please draw {article} {front}; {parts}.",
    "The client wants {article} {front}, {parts}",
    "{front} study - think {parts}",
    "We would like something like {article} {front}. It should have {parts}.",
    "{parts}: {article} {front}",
)
_TEMPLATES_ZH = (
    "请画一款{front}:{parts}。",
    "客户想要一台{front},{parts}",
    "帮我设计{front},{parts}。",
    "{parts},一部{front}",
)
_PROMPT_COUNTS = (1, 2, 2, 3, 3, 4)
SPREAD = 0.16  # standard deviation of a prompt's design about its archetype, share of each range


def held_out_prompts(
    n: int = 200, seed: int = 0, family: Family | None = None
) -> list[tuple[str, dict[str, int]]]:
    """Prompts with known attributes, worded and combined as no training caption is.

    Each is drawn from a design that the family's rules accept, so that its words can hold together; the
    design itself is not handed out. Only attributes that show in the side view are asked for. Every prompt
    has at least `APART_FROM` tokens in a combination that :func:`kept_apart` reserves, the phrases from
    behind the word tables' bars, and templates of its own. A quarter is Chinese.

    Args:
        n: how many.
        seed: the same seed gives the same prompts.
        family: that of :data:`~maquette.design.family.registry.DEFAULT_FAMILY` where left out.

    Returns:
        (text, {attribute: third 0, 1 or 2}) of each.
    """
    from ...family.registry import get_family

    chosen = family if family is not None else get_family(DEFAULT_FAMILY)
    rng = np.random.default_rng([seed, 20220406])
    made: list[tuple[str, dict[str, int]]] = []
    space = space_of(chosen)
    if not space.attributes:
        raise InputError(f"family {chosen.name!r} has no words to ask for")
    while len(made) < n:
        values = _drawn(chosen, space, rng)
        if values is None:
            continue
        for _ in range(40):
            tokens = _prompt_tokens(chosen.lexicon, space, values, rng)
            if kept_apart(tokens):
                language = "zh" if rng.random() < 0.25 else "en"
                made.append((_prompt_text(tokens, rng, chosen.lexicon, language), attribute_tokens(tokens)))
                break
    return made


def _drawn(family: Family, space: Space, rng: Generator) -> dict[str, float] | None:
    """A design about a random archetype, or None when the rules refuse it."""
    names = list(family.archetypes) or [""]
    start = {**family.defaults(), **family.archetypes.get(names[int(rng.random() * len(names))], {})}
    unit = np.clip(space.unit(start) + rng.normal(0.0, SPREAD, len(space.names)), 0.0, 1.0)
    values = as_values(family.declaration, from_unit_cube(family.declaration, unit))
    return None if family.broken_rules(values) else values


def _prompt_tokens(
    lexicon: Lexicon, space: Space, values: Mapping[str, float], rng: Generator
) -> tuple[str, ...]:
    unit = space.unit(values)
    shares = space.shares(unit)
    body = space.body(values, shares)
    count = _PROMPT_COUNTS[int(rng.random() * len(_PROMPT_COUNTS))]
    weights = rng.random(2 * len(space.attributes))
    weights[len(space.attributes) :] = 1.0  # nothing negated
    drawn = _attributes(space, shares, weights, len(space.attributes))
    asked = [t for t in drawn if "side" in attribute(lexicon, t.partition(":")[0]).views][:count]
    tokens = [f"body:{body}"] if body is not None and rng.random() < 0.7 else []
    if rng.random() < 0.3:
        held = np.flatnonzero(space.mood_scores(unit) >= MOOD_HOLDS)
        if len(held):
            tokens.append(f"mood:{space.moods[held[int(rng.random() * len(held))]]}")
    return canonical([*tokens, *asked], lexicon)


def _prompt_text(tokens: Sequence[str], rng: Generator, lexicon: Lexicon, language: str) -> str:
    said = [(t.partition(":")[0], _say(t, rng, lexicon, language, kept=True)) for t in tokens]
    noun = lexicon.tongue(language).noun
    body = next((w for kind, w in said if kind == "body"), "")
    moods = [w for kind, w in said if kind == "mood"]
    parts = [w for kind, w in said if kind not in ("body", "mood")]
    if language == "zh":
        front = ("".join(f"{m}的" for m in moods)) + (body or noun)
        template = _TEMPLATES_ZH[int(rng.random() * len(_TEMPLATES_ZH))]
        return template.format(front=front, parts=",".join(parts))
    front = " ".join([*moods, body or noun])
    article = "an" if front[0] in "aeiou" and not front.startswith("one") else "a"
    template = _TEMPLATES_EN[int(rng.random() * len(_TEMPLATES_EN))]
    text = template.format(front=front, article=article, parts=", ".join(parts))
    return text[0].upper() + text[1:]
