"""One call of the pipeline, read and bounded: what each of its n pictures is asked to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import InputError
from ...language.description import Words
from ..artist.frame import STYLES
from ..artist.palettes import PALETTES
from .call import MAX_IMAGES, ConceptCall, Prompt, whole
from .targets import Asked, Numbers, read_numbers


@dataclass(frozen=True)
class Request:
    """What n pictures are asked to be, in order; the pictures of one prompt lie together.

    Attributes:
        words: (n,) what was understood of each picture's prompt.
        asked: (n,) its numbers.
        views, styles: (n,) indices in the family's views and STYLES. palettes: (n,) names.
        unknown: words that nobody understood, each once.
    """

    words: tuple[Words, ...]
    asked: tuple[tuple[Asked, ...], ...]
    views: tuple[int, ...]
    styles: tuple[int, ...]
    palettes: tuple[str, ...]
    unknown: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.words)


def read_request(
    call: ConceptCall,
    known: Numbers,
    read: Callable[[Prompt], Words],
    views: Sequence[str],
    concepts: int | None = None,
) -> Request:
    """Words, numbers and looks of every picture.

    Args:
        call: what is asked; a look that it leaves open is what the words say, else the first view, ink,
            graphite.
        known: the numbers that can be asked. read: what a prompt says to the model.
        views: in which the family is drawn, the one to take unasked first.
        concepts: how many starting concepts there are; more than one sets the number of prompts.

    Raises:
        InputError: a count, a length or a name that is not allowed.
    """
    count = whole("num_images_per_prompt", call.num_images_per_prompt, 1, MAX_IMAGES)
    prompts: list[Any] = list(call.prompt) if isinstance(call.prompt, (list, tuple)) else [call.prompt]
    sets: list[Any] = list(call.numbers) if isinstance(call.numbers, (list, tuple)) else [call.numbers]
    kinds = max(len(prompts), len(sets), concepts or 1)
    for name, length in (("prompt", len(prompts)), ("numbers", len(sets)), ("concept", concepts or 1)):
        if length not in (1, kinds):
            raise InputError(f"{name} holds {length} entries and another argument {kinds}; give 1 or {kinds}")
    n = kinds * count
    if n > MAX_IMAGES:
        raise InputError(f"{n} images are asked in one call; allowed 1 to {MAX_IMAGES}")
    each = [_read(p, read) for p in prompts]
    words = _spread(each, kinds, count)
    return Request(
        words,
        _spread([read_numbers(s, known) for s in sets], kinds, count),
        _looks("view", call.view, [w.view for w in words], views, n),
        _looks("style", call.style, [w.style for w in words], STYLES, n),
        tuple(_named("palette", call.palette, [w.palette for w in words], tuple(PALETTES), n)),
        tuple(dict.fromkeys(u for w in each for u in w.unknown)),
    )


def _read(prompt: Prompt | None, read: Callable[[Prompt], Words]) -> Words:
    if prompt is not None and not isinstance(prompt, (str, Words)):
        raise InputError(f"prompt is {type(prompt).__name__}; text or a list of texts is needed")
    return read(prompt or "")


def _spread(given: Sequence[Any], kinds: int, count: int) -> tuple[Any, ...]:
    """One entry per picture from one per prompt (or one for all)."""
    each = list(given) if len(given) == kinds else list(given) * kinds
    return tuple(entry for entry in each for _ in range(count))


def _looks(
    name: str, given: str | Sequence[str] | None, said: Sequence[str | None], allowed: Sequence[str], n: int
) -> tuple[int, ...]:
    return tuple(allowed.index(v) for v in _named(name, given, said, allowed, n))


def _named(
    name: str, given: str | Sequence[str] | None, said: Sequence[str | None], allowed: Sequence[str], n: int
) -> list[str]:
    if given is None:
        chosen = [s or allowed[0] for s in said]
    else:
        chosen = [given] * n if isinstance(given, str) else list(given)
    if len(chosen) != n:
        raise InputError(f"{name} names {len(chosen)} for {n} images; give one for all or one each")
    for value in chosen:
        if value not in allowed:
            raise InputError(f"{name} {value!r} is not known; choose from {', '.join(allowed)}")
    return chosen
