"""Misspelt names of quantities: "lenght", "hieght", "wheelbse" are read as what is one slip away."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from .tokens import Token, stems

SHORTEST = 5  # letters of a word that may be misspelt; a letter too many or too few only in longer ones


def respelt(
    tokens: Sequence[Token], names: Iterable[str], known: Container[str]
) -> tuple[list[Token], list[tuple[Token, str]]]:
    """The tokens with misspelt words read as the name that they are one slip away from, and those words.

    Args:
        tokens: of a text.
        names: words that may be meant.
        known: words that mean something as they are.

    >>> from maquette.design.language.tokens import tokenise
    >>> [word for _, word in respelt(tokenise("lenght 4.6 m"), ["length"], ())[1]]
    ['length']
    """
    right = [n for n in names if len(n) >= SHORTEST]
    done, found = list(tokens), []
    for i, token in enumerate(tokens):
        key = token.key
        if token.kind != "word" or len(key) < SHORTEST or not (key.isascii() and key.isalpha()):
            continue
        if key in known or any(stem in known for stem in stems(key)):
            continue
        meant = {n for n in right if n[0] == key[0] and n != key and _one_slip(key, n)}
        if len(meant) == 1:
            word = meant.pop()
            done[i] = replace(token, key=word)
            found.append((token, word))
    return done, found


def _one_slip(written: str, meant: str) -> bool:
    """Two neighbours swapped; in names of six letters and more also one letter missing, added or wrong."""
    n = len(meant)
    if len(written) == n:
        wrong = [k for k in range(n) if written[k] != meant[k]]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            return written[wrong[0]] == meant[wrong[1]] and written[wrong[1]] == meant[wrong[0]]
        return n > SHORTEST and len(wrong) == 1
    short, long = sorted((written, meant), key=len)
    gone = (long[:k] + long[k + 1 :] == short for k in range(len(long)))
    return n > SHORTEST and len(long) == len(short) + 1 and any(gone)
