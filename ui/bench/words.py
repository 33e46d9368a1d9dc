"""Whether the words came true: thirds of ranges, read from pictures by a network that drew none of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...design.errors import ModelError
from ...design.family.contract import Family
from .rows import Row
from .sketches import Values

if TYPE_CHECKING:
    from ..sheets.words import Spoken

#: the words' promise, percent
RIGHT = 90.0
EVALUATOR = "evaluator"  # its folder in the model's
#: pictures shown to the evaluator together
SEEN_AT_ONCE = 50
#: an attribute asked less often than this is not called one of the worst
OFTEN = 5

Asked = Mapping[str, int]


@dataclass(frozen=True)
class Score:
    """How many asked attributes lie in the right third.

    Attributes:
        right, asked: over all prompts.
        by_name: attribute to (right, asked).
        near: of the wrong ones, how many lie in the neighbouring third.
    """

    right: int
    asked: int
    by_name: Mapping[str, tuple[int, int]]
    near: int

    @property
    def percent(self) -> float:
        """Share that is right, percent; not a number when nothing was asked."""
        return 100.0 * self.right / self.asked if self.asked else float("nan")

    def worst(self, count: int = 3) -> list[tuple[str, int, int]]:
        """The attributes that came out worst: (name, right, asked)."""
        rows = [(name, r, n) for name, (r, n) in self.by_name.items() if n >= OFTEN]
        return sorted(rows, key=lambda row: (row[1] / row[2], row[0]))[:count]


def score(family: Family, asked: Sequence[Asked], bodies: Sequence[Values | None]) -> Score:
    """Each prompt's attributes against its body's; a body that could not be read has them all wrong."""
    from ...design.language.attributes import attribute_value, third_of

    found: dict[str, list[int]] = {}
    near = 0
    for wanted, values in zip(asked, bodies, strict=True):
        for name, third in wanted.items():
            off = (
                9 if values is None else third_of(family, name, attribute_value(family, values, name)) - third
            )
            found.setdefault(name, []).append(int(off == 0))
            near += abs(off) == 1
    counts = {name: (sum(hits), len(hits)) for name, hits in found.items()}
    return Score(sum(r for r, _ in counts.values()), sum(n for _, n in counts.values()), counts, near)


def heard_row(asked: Sequence[Asked], said: Sequence[Spoken]) -> Row:
    """How many of the prompts' attributes reach the drawing, once a brief's grammar has taken its part."""
    from ...design.language.attributes import attribute_tokens

    lost: Counter[str] = Counter()
    for wanted, spoken in zip(asked, said, strict=True):
        heard = attribute_tokens(spoken.words.tokens)
        lost.update(name for name, third in wanted.items() if heard.get(name) != third)
    count = sum(map(len, asked))
    names = ", ".join(f"{name} {n}" for name, n in lost.most_common(3))
    detail = f"{lost.total()} of {count} attributes never reach the drawing{': ' if names else ''}{names}"
    return Row("words: heard as they were meant", 100.0 * (count - lost.total()) / count, "%", detail=detail)


def load_evaluator(folder: Path) -> Any:
    """The network that judges sketches and took no part in training what draws them.

    Raises:
        ModelError: the model's folder holds none.
    """
    from ...design.concepts.fit.encoder import load_encoder

    place = folder / EVALUATOR
    if not place.is_dir():
        raise ModelError(f"{place}: there is no evaluator, so nobody can judge the words")
    return load_encoder(place)


def seen_bodies(network: Any, family: Family, pictures: Sequence[Any]) -> list[Values]:
    """Parameters that the network alone reads from pictures in the family's frame, nothing refined."""
    from ...design.concepts.artist.frame import from_concept
    from ...design.concepts.fit.encoder import encode, network_input
    from ...design.concepts.fit.picture import ink_of, working

    found: list[Values] = []
    for start in range(0, len(pictures), SEEN_AT_ONCE):
        seen = []
        for picture in pictures[start : start + SEEN_AT_ONCE]:
            rgb, shrink = working(picture)
            seen.append(network_input(family.frame, ink_of(rgb).ink, None, shrink))
        found += [from_concept(family, z) for z in encode(network, seen).z]
    return found


def word_rows(
    family: Family,
    asked: Sequence[Asked],
    recovered: Sequence[Values | None] | None,
    seen: Sequence[Values] | None,
    first: Sequence[Values],
    meant: Sequence[Values],
    fitted: Sequence[Values | None],
) -> list[Row]:
    """The words' rows.

    Args:
        asked: attributes of each prompt.
        recovered: bodies that the evaluator and the fit find in the sketches; None where the model ships no
            evaluator. seen: what the evaluator alone sees.
        first: the prior's first answers. meant: bodies that the sketches were drawn from.
        fitted: bodies fitted to the first of them.
    """
    if recovered is None or seen is None:
        missing = "the model's folder holds no evaluator/"
        judged = Row("words: in the right third", float("nan"), "%", at_least=RIGHT, detail=missing)
        alone_row = []
    else:
        s, alone = score(family, asked, recovered), score(family, asked, seen)
        detail = (
            f"{s.right} of {s.asked} in {len(asked)} prompts, found by the evaluator and the fit; {_worst(s)}"
        )
        judged = Row("words: in the right third", s.percent, "%", at_least=RIGHT, detail=detail)
        alone_row = [Row("words: by the evaluator alone", alone.percent, "%", detail=_worst(alone))]
    before, after = score(family, asked, meant), score(family, asked[: len(fitted)], fitted)
    once = score(family, asked, first)
    return [
        judged,
        *alone_row,
        Row(
            "words: of the prior's first draws",
            once.percent,
            "%",
            detail=f"nothing drawn again; {_worst(once)}",
        ),
        Row("words: of the bodies meant", before.percent, "%", detail=f"before drawing; {_worst(before)}"),
        Row("words: of the bodies fitted", after.percent, "%", detail=f"{len(fitted)} sketches"),
    ]


def _worst(s: Score) -> str:
    rows = ", ".join(f"{name} {100 * right / n:.0f} % of {n}" for name, right, n in s.worst())
    return f"{s.near} of {s.asked - s.right} wrong by one third; worst: {rows or 'none asked often'}"
