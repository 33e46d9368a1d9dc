"""What has been read so far: the notebook that the two passes over each clause write into."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.lexicon import Figure
from ...design.language.clauses import Phrase, span
from ...design.language.tokens import Token
from ...design.messages import Message, named, say
from .body_types import kinds_of
from .brief import Heard, Question, both_ways
from .choosing import Asked
from .phrases import silent_parts
from .quantity import SURROGATE, Quantity, quantities
from .requirement import Requirement

#: where a word ends: in a limit, in a wish of the search, in a look of the body or of its drawing, among the
#: words that say nothing, in a question, among what is not understood
LIMIT, WISH, LOOK, FILLER, ASKED, MISSED = "limit", "wish", "look", "filler", "asked", "not understood"
UNDERSTOOD = (LIMIT, WISH, LOOK)


class Notes:
    """Collects requirements, locks, wishes and shifts, and the one place of every token."""

    def __init__(self, family: Family, text: str, tokens: Sequence[Token]) -> None:
        self.family = family
        self.text = text
        self.tokens = tokens
        self.known: Mapping[str, Quantity] = quantities(family)
        self.ranges = {p.name: p.range for p in family.parameters}
        self.minimise: set[str] = set()
        self.maximise: set[str] = set()
        self.lifted: set[str] = set()
        self.heard: list[tuple[int, Heard]] = []
        self.places: dict[int, str] = {}
        self.reasons: dict[int, str] = {}
        self.closed: set[int] = set()
        self.questions: list[Question] = []
        self.remarks: list[Heard] = []
        self.confidence: float | None = None
        self._limits: list[Requirement] = []
        self._locks: dict[str, list[tuple[float, str]]] = {}
        self._fixed_by: dict[str, list[Phrase]] = {}
        self._bodies: dict[str, str] = {}
        self._shifts: list[tuple[str, float, str]] = []
        self._options: dict[str, tuple[float, str]] = {}

    # -- the fate of words -------------------------------------------------------------------------

    def hear(self, phrases: Sequence[Phrase], meaning: str, place: str = LIMIT) -> str:
        """Mark phrases as understood; returns their text, from the first to the last of them."""
        source = self.span(phrases)
        self._put(phrases, place)
        first = min(p.first for p in phrases)
        if place == LIMIT:  # nothing of it, nor between its words, is a look
            self.closed.update(range(first, max(p.last for p in phrases)))
        self.heard.append((first, Heard(source, meaning)))
        return source

    def span(self, phrases: Sequence[Phrase]) -> str:
        """Text from the first to the last of `phrases`."""
        return span(self.text, self.tokens, phrases)

    def ignore(self, phrase: Phrase) -> None:
        """Mark a phrase as stop words, where nothing else came of it."""
        for i in range(phrase.first, phrase.last):
            self.places.setdefault(i, FILLER)

    def miss(self, phrases: Sequence[Phrase], reason: str = "") -> None:
        """Mark phrases as not understood, with the reason when the vocabulary is not to blame."""
        for phrase in phrases:
            for i in range(phrase.first, phrase.last):
                if self.places.setdefault(i, MISSED) in (MISSED, FILLER):
                    self.places[i], self.reasons[i] = MISSED, reason

    def ask(
        self,
        phrases: Sequence[Phrase],
        question: Message,
        choices: Sequence[Message] = (),
        nearest: tuple[str, str, float] | None = None,
    ) -> None:
        """Take the phrases out of the reading: what they mean is asked."""
        self._put([p for p in phrases if not self.is_heard(p)], ASKED)
        self.closed.update(range(min(p.first for p in phrases), max(p.last for p in phrases)))
        self.questions.append(Question(self.span(phrases), question, tuple(choices), nearest))

    def go_with(self, before: Phrase, phrase: Phrase) -> None:
        """Give a phrase that found no place the one of the phrase before it."""
        if before.first in self.places and not self.is_taken(phrase):
            self._put([phrase], self.places[before.first])
            self.reasons |= dict.fromkeys(
                range(phrase.first, phrase.last), self.reasons.get(before.first, "")
            )

    def _put(self, phrases: Sequence[Phrase], place: str) -> None:
        for i in (i for p in phrases for i in range(p.first, p.last)):
            if place != LOOK or self.places.get(i) not in UNDERSTOOD:  # "a long wheelbase of 2.9 m"
                self.places[i] = place

    def remark(self, words: str, meaning: Message) -> None:
        """Point something out about words that were understood."""
        if Heard(words, meaning) not in self.remarks:
            self.remarks.append(Heard(words, meaning))

    def taken(self) -> set[int]:
        """The tokens that are no look: of limits, of questions, and what is not understood already."""
        return self.closed | {i for i, place in self.places.items() if place in (ASKED, MISSED)}

    def sweep(self) -> None:
        """List every token that found no place: none is lost. A part that says nothing by itself is listed
        with the word before it: "gullwing doors", "no mirrors"."""
        parts = silent_parts(self.family)
        for i, token in enumerate(self.tokens):
            self.places.setdefault(i, MISSED)
            if self.places[i] == FILLER and token.key in parts and self.places.get(i - 1) == MISSED:
                self.places[i] = MISSED
                self.reasons[i] = self.reasons.get(i - 1, "")

    def is_taken(self, phrase: Phrase) -> bool:
        """Whether the phrase has found its place already."""
        return self.places.get(phrase.first, FILLER) != FILLER

    def is_heard(self, phrase: Phrase) -> bool:
        """Whether something came of the phrase."""
        return self.places.get(phrase.first) in UNDERSTOOD

    def is_unknown(self, phrase: Phrase) -> bool:
        """Whether the phrase is listed as not understood."""
        return self.places.get(phrase.first) == MISSED

    # -- what the words ask ------------------------------------------------------------------------

    def require(self, requirement: Requirement) -> None:
        """Add a requirement."""
        self._limits.append(requirement)

    def imply(self, implied: Mapping[str, Sequence[Figure]]) -> None:
        """Require what the quantities that are asked for take for granted."""
        asked = {r.quantity: r.source for r in self._limits} | {n: v[0][1] for n, v in self._locks.items()}
        for name, figures in implied.items():
            for f in figures:
                if name in asked and f.quantity not in asked:
                    self.require(Requirement(f.quantity, f.unit, f.at_least, f.at_most, source=asked[name]))

    def lock(self, name: str, value: float, phrases: Sequence[Phrase]) -> None:
        """Fix a parameter or a sum of parameters."""
        source = self.span(phrases)
        self._locks.setdefault(name, []).append((value, source))
        self._fixed_by.setdefault(source, []).extend(phrases)

    def body(self, archetype: str, phrase: str) -> None:
        """Begin at an archetype."""
        self._bodies.setdefault(archetype, phrase)

    def kind(self) -> str:
        """The kind of body that is asked for; "" where none or several are, or none that can be told."""
        named_once = next(iter(self._bodies), "") if len(self._bodies) == 1 else ""
        return named_once if named_once in kinds_of(self.family) else ""

    def shift(self, name: str, share: float, phrase: str) -> None:
        """Move the starting point by a share of the parameter's range."""
        if name in self.ranges:
            self._shifts.append((name, share, phrase))

    def choose(self, asked: Asked) -> None:
        """Take options of named choices; the phrase is understood."""
        place = sum(token.start < asked.start for token in self.tokens)
        self.heard.append((place, Heard(asked.phrase, asked.meaning(self.family))))
        self._options |= {name: (value, asked.phrase) for name, value in asked.options.items()}

    # -- what came of it ---------------------------------------------------------------------------

    def requirements(self) -> list[Requirement]:
        """All requirements; a stated confidence holds for every predicted one."""
        if self.confidence is None:
            return self._limits
        confidence = self.confidence
        return [
            replace(r, confidence=confidence) if self.known[r.quantity].how == SURROGATE else r
            for r in self._limits
        ]

    def fixed(self) -> dict[str, float]:
        """Locks by name."""
        return {name: values[0][0] for name, values in self._locks.items()}

    def contradictions(self) -> None:
        """Ask about two locks of one name: nothing of what they say is taken. Refuse opposite wishes.

        Raises:
            InputError: naming what is wished for both ways.
        """
        for name, values in list(self._locks.items()):
            shown, (one, words) = self.known[name].shown, values[0]
            other = next((v for v in values if abs(v[0] - one) > 1e-9 * max(1.0, abs(one))), None)
            if other is None:
                continue
            told = say(
                "{quantity} cannot be both {one} ({words!r}) and {other} ({source!r}); keep one",
                quantity=named(name),
                one=shown(one),
                words=words,
                other=shown(other[0]),
                source=other[1],
            )
            asked = self._take_back({source for _, source in values})
            self.questions.append(Question(asked, told, (shown(one), shown(other[0]))))
        both = sorted(self.minimise & self.maximise)
        if both:
            raise InputError(both_ways(both[0]))

    def _take_back(self, sources: Collection[str]) -> str:
        """Nothing of what these words fixed is taken; returns what was understood of them, to ask about."""
        self._locks = {
            n: kept for n, v in self._locks.items() if (kept := [x for x in v if x[1] not in sources])
        }
        back = [h for _, h in sorted(self.heard, key=lambda pair: pair[0]) if h.phrase in sources]
        self.heard = [h for h in self.heard if h[1].phrase not in sources]
        self._put([p for source in sources for p in self._fixed_by.get(source, ())], ASKED)
        return "; ".join(h.phrase for h in back)

    def start(self) -> tuple[dict[str, float], dict[str, str]]:
        """Starting values that differ from the defaults, and who set each; options that the words name.

        Several body types give the point midway between them, and the options of the first that has any;
        shifts add up and stay inside the range.
        """
        values: dict[str, float] = {}
        sources: dict[str, str] = {}
        defaults = self.family.defaults()
        names = sorted(self._bodies)
        if names:
            full = [{**defaults, **self.family.archetypes[n]} for n in names]
            label = "archetype " + " and ".join(names)
            for key in self.ranges:
                if any(key in self.family.archetypes[n] for n in names):
                    values[key] = self.ranges[key].nearest(sum(f[key] for f in full) / len(full))
                    sources[key] = label
            for choice in self.family.choices:
                having = [n for n in names if choice.name in self.family.archetypes[n]]
                if having:
                    values[choice.name] = self.family.archetypes[having[0]][choice.name]
                    sources[choice.name] = f"archetype {having[0]}"
        totals: dict[str, float] = {}
        words: dict[str, list[str]] = {}
        for name, share, phrase in sorted(self._shifts):
            totals[name] = totals.get(name, 0.0) + share
            words.setdefault(name, []).append(phrase)
        for name, share in totals.items():
            rng = self.ranges[name]
            values[name] = round(rng.moved(values.get(name, defaults[name]), share), 6)
            base = f"{sources[name]}, " if name in sources else ""
            sources[name] = f"{base}brief: {', '.join(dict.fromkeys(words[name]))}"
        values |= {name: value for name, (value, _) in self._options.items()}
        sources |= {name: f"brief: {phrase}" for name, (_, phrase) in self._options.items()}
        return values, sources
