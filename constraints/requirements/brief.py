"""The brief: what a design must do, what it should do, what stays fixed, and where the search begins.

It comes from words, English or Chinese (:mod:`.sentence`), or from a TOML or JSON file; both give the same
record. A file names options under ``[choose]`` (or ``[start]``, ``[lock]``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.parameters import choices_in
from ...design.family.records import SCHEMA_VERSION, named_values
from ...design.geometry.zones import zone_of
from ...design.language.description import Words
from ...design.limits import MAX_SEED
from ...design.messages import Message, listed, marked, named, say
from .requirement import Requirement, refuse_unreachable

#: what a phrase that moves the starting point became: a body type, moves, moves and wishes, only a look
STARTS = (
    marked("starting point: {body}"),
    marked("starting point: {moves}"),
    marked("starting point: {moves}; {wishes}"),
    marked("a look for the sketches"),
)
ARCHETYPE = "archetype"  # how the source of a body type's values begins: "archetype fastback"
START_DESIGN = "start design"


@dataclass(frozen=True)
class Brief:
    """Everything a search needs to know about what is wanted.

    Attributes:
        family: name of the product family.
        prompt: the words, as written.
        requirements: merged and sorted by quantity.
        minimise, maximise: preferred directions, by quantity, sorted.
        locks: parameters (or sums of parameters) that stay fixed, in the quantity's unit.
        start: parameters where the search begins, those that differ from the family's defaults, and the
            options that are asked for, by their places: no search changes them.
        start_sources: who set each of them ("archetype fastback", "brief: low").
        seed: of the search.
        lifted: names of the family's standing wishes that do not hold (:mod:`.standing_wishes`).
        kind: the archetype that a design is to be one of (:mod:`.body_types`); "" for any.
        said: the sentence as it was written where the record was edited afterwards; nothing reads it.
    """

    family: str
    prompt: str = ""
    requirements: tuple[Requirement, ...] = ()
    minimise: tuple[str, ...] = ()
    maximise: tuple[str, ...] = ()
    locks: Mapping[str, float] = field(default_factory=dict)
    start: Mapping[str, float] = field(default_factory=dict)
    start_sources: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    lifted: tuple[str, ...] = ()
    kind: str = ""
    said: str = ""

    @property
    def hard(self) -> tuple[Requirement, ...]:
        """The requirements that decide about passing."""
        return tuple(r for r in self.requirements if r.hard)

    @property
    def asks_nothing(self) -> bool:
        """No requirement, wish, lock, look or place to begin: nothing that a design could meet or miss."""
        return not (
            self.requirements or self.minimise or self.maximise or self.locks or self.start or self.lifted
        )

    def options(self, family: Family, start: Mapping[str, float] | None = None) -> dict[str, float]:
        """Every choice of the family, as places: what the brief asks for, else what the design `start` has,
        else what the brief's body type has, else the default."""
        begun = choices_in(family.declaration, self.start)
        asked = {n: begun[n] for n in self.asked_options(family)}
        given = choices_in(family.declaration, start or {})
        return {c.name: c.default for c in family.choices} | begun | given | asked

    def asked_options(self, family: Family) -> dict[str, str]:
        """The choices that the brief itself asks for, with who asks; not those that only suit its body
        type."""
        sources = {n: self.start_sources.get(n, "brief") for n in choices_in(family.declaration, self.start)}
        return {n: source for n, source in sources.items() if not source.startswith(ARCHETYPE)}

    def option_sources(self, family: Family, start: Mapping[str, float] | None = None) -> dict[str, str]:
        """Who set each of `options`."""
        begun = {n: self.start_sources.get(n, "brief") for n in choices_in(family.declaration, self.start)}
        given = dict.fromkeys(choices_in(family.declaration, start or {}), START_DESIGN)
        return {c.name: "default" for c in family.choices} | begun | given | self.asked_options(family)

    def to_json(self) -> dict[str, Any]:
        """The form of a brief file; reading it gives the same brief."""
        return {
            "schema_version": SCHEMA_VERSION,
            "family": self.family,
            "prompt": self.prompt,
            "require": [r.to_json() for r in self.requirements],
            "prefer": {"minimise": list(self.minimise), "maximise": list(self.maximise)},
            "lock": dict(self.locks),
            "start": named_values(self.family, self.start),
            "start_sources": dict(self.start_sources),
            "seed": self.seed,
            "lift": list(self.lifted),
            "kind": self.kind,
            "said": self.said,
        }


@dataclass(frozen=True)
class Heard:
    """A phrase of the prompt and what it became (or why it became nothing)."""

    phrase: str
    meaning: str

    @property
    def starts(self) -> bool:
        """Whether it moved the starting point."""
        return isinstance(self.meaning, Message) and self.meaning.id in STARTS


@dataclass(frozen=True)
class Question:
    """Words that may mean several things, or that were not used: nothing is taken of them before an answer.

    Attributes:
        words: as written. question: what to ask. choices: answers to choose from, where there are some.
        nearest: of a value out of reach its quantity, the side (``at_least``, ``at_most``) and the nearest
            value that a design can have, in the quantity's unit.
    """

    words: str
    question: str
    choices: tuple[str, ...] = ()
    nearest: tuple[str, str, float] | None = None

    @property
    def line(self) -> Message:
        """In one line."""
        if not self.choices:
            return say("{words!r}: {question}", words=self.words, question=self.question)
        return say(
            "{words!r}: {question} ({choices})",
            words=self.words,
            question=self.question,
            choices=listed(self.choices, " / "),
        )


@dataclass(frozen=True)
class ParsedBrief:
    """A brief and how its words were taken.

    Attributes:
        brief: the record.
        understood: each phrase and its meaning, in the order of the text.
        not_understood: each phrase that changes nothing, with the reason when there is a better one than
            "not in the vocabulary".
        ignored: stop words, for the record.
        questions: what is in doubt; none of it is in the brief.
        remarks: what is to be pointed out of what was understood.
        words: what the looks say to a sketch; None where no words were read.
        places: every word and sign with the one place where it ended (:mod:`.notebook`), chosen options last.
    """

    brief: Brief
    understood: tuple[Heard, ...] = ()
    not_understood: tuple[Heard, ...] = ()
    ignored: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    remarks: tuple[Heard, ...] = ()
    words: Words | None = None
    places: tuple[tuple[str, str], ...] = ()

    @property
    def unknown_words(self) -> tuple[str, ...]:
        """The phrases that were not understood."""
        return tuple(h.phrase for h in self.not_understood)


def answered(parsed: ParsedBrief, assume: bool = False) -> ParsedBrief:
    """`parsed` without open questions.

    Args:
        assume: go on without what is asked; it is listed as not understood.

    Raises:
        InputError: there are questions, and nobody answers.
    """
    if not parsed.questions:
        return parsed
    lines = listed([q.line for q in parsed.questions], "; ")
    if not assume:
        raise InputError(say("the brief leaves questions: {questions}", questions=lines))
    left = (Heard(q.words, say("left out: {question}", question=q.question)) for q in parsed.questions)
    return replace(parsed, questions=(), not_understood=(*parsed.not_understood, *left))


def checked(brief: Brief, family: Family) -> Brief:
    """`brief`, unless its limits, locks and preferences cannot hold together.

    Raises:
        InputError: contradictory or unreachable limits; a quantity both minimised and maximised.
    """
    refuse_unreachable(family, brief.requirements, brief.locks)
    both = sorted(set(brief.minimise) & set(brief.maximise))
    if both:
        raise InputError(both_ways(both[0]))
    return brief


def both_ways(name: str) -> Message:
    """A quantity is both minimised and maximised."""
    return say(
        "{quantity} is asked to be both as small and as large as possible; keep one", quantity=named(name)
    )


def zones_in(brief: Brief) -> tuple[str, ...]:
    """Names of the boxes that the brief asks to be left free or held inside."""
    return tuple(r.quantity for r in brief.requirements if zone_of(r.quantity) is not None)


def with_options(brief: Brief, options: Mapping[str, float], source: str) -> Brief:
    """The brief with these options (choice to place), set by `source`."""
    start = {**brief.start, **options}
    sources = {**brief.start_sources, **dict.fromkeys(options, source)}
    return replace(brief, start=dict(sorted(start.items())), start_sources=dict(sorted(sources.items())))


def with_seed(brief: Brief, seed: int) -> Brief:
    """The brief with another seed."""
    return replace(brief, seed=checked_seed(seed, "seed"))


def checked_seed(value: Any, source: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_SEED:
        raise InputError(f"{source}: seed is {value!r}; allowed whole numbers from 0 to {MAX_SEED}")
    return value
