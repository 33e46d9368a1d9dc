"""What a description says to a sketch: its looks as tokens of the family's vocabulary.

The words are read as any other text is (:mod:`.clauses`), their looks by :mod:`.grammar`. A word that means
nothing here is listed, never dropped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ..errors import InputError
from ..family.lexicon import Lexicon
from ..limits import MAX_PROMPT_CHARS
from .attributes import MAX_TOKENS, THIRDS, canonical
from .clauses import Phrase, Table, compiled, general_entries, phrases_of, span
from .grammar import Said, read_looks
from .looks import looks_of
from .relations_en import MEASURED_BY
from .tokens import Token, cleaned, tokenise

_SETTINGS = ("style", "view", "palette")


@dataclass(frozen=True)
class Words:
    """What a description says.

    Attributes:
        tokens: canonical tokens in the vocabulary's order.
        style, view, palette: names when they were asked for, the last one said.
        unknown: words that mean nothing here, as written, neighbours together.
        understood: (phrase as written, token or ``style:ink`` and so on), in the order of the text.
        contradicted: phrases that a later one overrules ("tall" before "low"), as written.
    """

    tokens: tuple[str, ...] = ()
    style: str | None = None
    view: str | None = None
    palette: str | None = None
    unknown: tuple[str, ...] = ()
    understood: tuple[tuple[str, str], ...] = ()
    contradicted: tuple[str, ...] = ()


def read_words(text: str, lexicon: Lexicon) -> Words:
    """What a description in English or Chinese says.

    Args:
        lexicon: what words mean for the product.
        text: at most `MAX_PROMPT_CHARS` characters; empty says nothing.

    Raises:
        InputError: a text that is too long, or that names more than `MAX_TOKENS` attributes.
    """
    if len(text) > MAX_PROMPT_CHARS:
        raise InputError(f"the description has {len(text)} characters; allowed {MAX_PROMPT_CHARS}")
    written, table = cleaned(text), table_of(lexicon)
    tokens = tokenise(written)
    found = read_looks(phrases_of(written, tokens, table), table)
    missed = [p for phrases, _ in found.missed for p in phrases]
    words = words_said(written, tokens, found.said, lexicon)
    return bounded(replace(words, unknown=_joined(written, tokens, missed)))


def bounded(words: Words) -> Words:
    """`words`, unless they name more than `MAX_TOKENS` attributes (:class:`InputError`)."""
    if len(words.tokens) > MAX_TOKENS:
        raise InputError(f"the description names {len(words.tokens)} attributes; allowed {MAX_TOKENS}")
    return words


@lru_cache(maxsize=32)
def table_of(lexicon: Lexicon) -> Table:
    """The words of a lexicon's looks, with those of any product."""
    return compiled(general_entries({axis: (axis,) for axis in MEASURED_BY}), looks_of(lexicon), lexicon.size)


def learned(words: Words, vocabulary: Collection[str]) -> Words:
    """`words` without the tokens that are not in a model's vocabulary; their phrases count as unknown."""
    missed = {token for token in words.tokens if token not in vocabulary}
    if not missed:
        return words
    phrases = [phrase for phrase, token in words.understood if token in missed]
    return replace(
        words,
        tokens=tuple(t for t in words.tokens if t not in missed),
        unknown=tuple(dict.fromkeys((*words.unknown, *phrases))),
        understood=tuple((p, t) for p, t in words.understood if t not in missed),
    )


def words_said(text: str, tokens: Sequence[Token], said: Iterable[Said], lexicon: Lexicon) -> Words:
    """What looks say to a sketch: a later one overrules an earlier one that it contradicts."""
    pairs = [(one, token) for one in sorted(said, key=_place) for token in one.tokens]
    kept: list[tuple[Said, str]] = []
    overruled: list[Said] = []
    for one, token in pairs:
        against = [k for k in kept if _contradict(k[1], token)]
        if one.generic and any(not k.generic for k, _ in against):
            continue  # a fastback that is also called a saloon stays a fastback
        overruled.extend(k for k, _ in against if not k.generic)
        kept = [k for k in kept if k not in against]
        kept.append((one, token))
    settings = {
        kind: name for _, token in kept for kind, _, name in (token.partition(":"),) if kind in _SETTINGS
    }
    looks = canonical((t for _, t in kept if t.partition(":")[0] not in settings), lexicon)
    return Words(
        looks,
        settings.get("style"),
        settings.get("view"),
        settings.get("palette"),
        understood=tuple((span(text, tokens, s.phrases), token) for s, token in kept),
        contradicted=tuple(dict.fromkeys(span(text, tokens, s.phrases) for s in overruled)),
    )


def _place(said: Said) -> tuple[int, int]:
    return min(p.first for p in said.phrases), max(p.last for p in said.phrases)


def _contradict(a: str, b: str) -> bool:
    (kind, _, x), (other, _, y) = a.partition(":"), b.partition(":")
    if kind != other or a == b:
        return False
    if kind in (*_SETTINGS, "body"):
        return True
    return (x in THIRDS and y in THIRDS) or f"not_{x}" == y or x == f"not_{y}"


def _joined(text: str, tokens: Sequence[Token], missed: Iterable[Phrase]) -> tuple[str, ...]:
    """Phrases without meaning as written; neighbours with only blanks between become one."""
    found: list[list[Phrase]] = []
    for phrase in sorted(missed, key=lambda p: p.first):
        gap = text[tokens[found[-1][-1].last - 1].end : tokens[phrase.first].start] if found else ","
        if gap.strip(" -"):
            found.append([])
        found[-1].append(phrase)
    return tuple(dict.fromkeys(span(text, tokens, run) for run in found))
