"""English to a brief. A small grammar, read clause by clause; every word ends up in exactly one place:
understood, a stop word, or not understood.

The order of clauses does not matter: each is read by itself, and what they say is added up (a clause without
a quantity of its own, "and at most 2.9 m", looks at the one before it).
"""

from __future__ import annotations

from collections.abc import Sequence

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.limits import MAX_PROMPT_CHARS
from ...design.messages import say
from .amounts import link_amounts
from .brief import Brief, Heard, ParsedBrief, checked
from .choosing import read_choices, without
from .notebook import Notes
from .phrases import Clause, Phrase, clauses_of, phrases_of
from .requirement import merged
from .standing_wishes import said_by_default
from .tokens import Token, cleaned, tokenise
from .wishes import lift_unspaced, read_wishes

VOCABULARY = say("not in the vocabulary")


def parse(text: str, family: Family, check: bool = True) -> ParsedBrief:
    """The brief that `text` states, and how each of its words was taken.

    Args:
        text: English, at most `MAX_PROMPT_CHARS` characters.
        family: whose quantities, archetypes and parameters the words name.
        check: refuse limits that cannot hold together (a file that adds to the words checks later).

    Raises:
        InputError: an empty or too long text, a unit of the wrong kind ("150 litres of clearance"),
            contradictory or unreachable limits; one line.
    """
    if len(text) > MAX_PROMPT_CHARS:
        raise InputError(
            say(
                "the brief has {characters} characters; allowed {most}",
                characters=len(text),
                most=MAX_PROMPT_CHARS,
            )
        )
    written = cleaned(text)
    asked, overruled = read_choices(written, family)
    plain = without(written, [*asked, *(one for one, _ in overruled)])
    tokens = tokenise(plain)
    if not asked and all(token.kind == "break" for token in tokens):
        raise InputError(
            say("the brief is empty; say what is wanted, for example 'a low fastback under 4.7 m'")
        )
    phrases = phrases_of(plain, tokens, family)
    clauses = _arranged(clauses_of(phrases))
    notes = Notes(family, plain, tokens)
    for clause in clauses:
        link_amounts(clause, notes)
        read_wishes(clause, notes)
    lift_unspaced(notes)
    _separators(phrases, notes)
    notes.sweep()
    for one in asked:
        notes.choose(one)
    start, sources = notes.start()
    brief = Brief(
        family.name,
        text.strip(),
        merged(notes.requirements()),
        tuple(sorted(notes.minimise - notes.maximise)),
        tuple(sorted(notes.maximise - notes.minimise)),
        dict(sorted(notes.fixed().items())),
        dict(sorted(start.items())),
        dict(sorted(sources.items())),
        lifted=tuple(sorted(notes.lifted)),
    )
    notes.contradictions()
    if check:
        checked(brief, family)
    return ParsedBrief(
        brief,
        (
            *(Heard(h.phrase, h.meaning) for _, h in sorted(notes.heard, key=lambda pair: pair[0])),
            *said_by_default(family, brief),
        ),
        (*_not_understood(plain, tokens, notes), *(Heard(one.phrase, why) for one, why in overruled)),
        tuple(tokens[i].text for i in sorted(notes.stops)),
    )


def _arranged(clauses: Sequence[Clause]) -> list[Clause]:
    """Clauses with bare quantities handed on ("height and width under 1.9 m") and "ideally" attached."""
    arranged: list[Clause] = []
    waiting: list[Phrase] = []
    soft: list[Phrase] = []
    for clause in clauses:
        meaning = [p for p in clause.phrases if not p.has("stop", "firm")]
        if meaning and all(p.has("soft") for p in meaning):
            if arranged and any("possible" in p.text or "nice" in p.text for p in meaning):
                arranged[-1].phrases.extend(clause.phrases)
            else:
                soft.extend(clause.phrases)
            continue
        if meaning and all(p.has("quantity") for p in meaning):
            waiting.extend([*soft, *clause.phrases])
            soft = []
            continue
        if waiting:
            numbers = any(p.amount for p in clause.phrases)
            explicit = any(p.has("quantity") for p in clause.phrases)
            if numbers and (not explicit or clause.join):
                clause.notes["shared"] = explicit
                clause.phrases = waiting + clause.phrases
            else:
                arranged.append(Clause(waiting, False))
            waiting = []
        clause.phrases = soft + clause.phrases
        soft = []
        arranged.append(clause)
    if waiting or soft:
        arranged.append(Clause(waiting + soft, False))
    return arranged


def _separators(phrases: Sequence[Phrase], notes: Notes) -> None:
    for phrase in phrases:
        if phrase.has("separator", "join", "break"):
            notes.ignore(phrase)


def _not_understood(text: str, tokens: Sequence[Token], notes: Notes) -> tuple[Heard, ...]:
    """Neighbouring tokens of the same fate as one phrase, stop words between them included."""
    found: list[Heard] = []
    first: int | None = None
    last = 0
    reason = ""
    for i in range(len(tokens) + 1):
        state = notes.unknown.get(i) if i < len(tokens) else None
        if first is not None and (state is None or state != reason):
            quiet = i < len(tokens) and i in notes.stops and tokens[i].kind != "break" and state is None
            if quiet:
                continue
            found.append(Heard(text[tokens[first].start : tokens[last].end], reason or VOCABULARY))
            first = None
        if state is not None:
            if first is None:
                first, reason = i, state
            last = i
    return tuple(found)
