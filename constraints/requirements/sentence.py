"""Words to a brief, English and Chinese alike. Every word ends up in exactly one place: understood, a stop
word, asked about, or not understood.

The order of clauses does not matter: each is read by itself, and what they say is added up (a clause without
a quantity of its own, "and at most 2.9 m", looks at the one before it). Numbers and comparisons are read in
:mod:`...design.language.limits`; what they become stands in :mod:`.settling`.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.language.arranging import clauses_of
from ...design.language.audit import audit
from ...design.language.clauses import Clause, Phrase, phrases_of
from ...design.language.description import words_said
from ...design.language.grammar import read_looks
from ...design.language.limits import link_all
from ...design.language.linked import PLAIN, quiet
from ...design.language.spelling import respelt
from ...design.language.tables import rows_as_lines
from ...design.language.tokens import Token, cleaned, tokenise
from ...design.language.units import kind_of
from ...design.limits import MAX_PROMPT_CHARS
from ...design.messages import say
from .about import refuse_other_product
from .brief import Brief, Heard, ParsedBrief, Question, checked
from .choosing import read_choices, without
from .notebook import FILLER, LOOK, MISSED, Notes
from .phrases import dictionary, spelt_words, vocabulary
from .quantity import DERIVED, PARAMETER
from .requirement import merged
from .settling import confidence, of_level, settle
from .spelt import spelt_out
from .standing_wishes import said_by_default
from .wishes import leave, lift_unspaced, read_found, read_wishes

#: a smaller whole number without a unit may count things of which nothing is asked ("5 doors"); years
COUNTED, YEARS = 20.0, (1900.0, 2100.0)
VOCABULARY = say("not in the vocabulary")


def parse(text: str, family: Family, check: bool = True) -> ParsedBrief:
    """The brief that `text` states, and how each of its words was taken.

    >>> from maquette.design.family.registry import get_family
    >>> parse("离地间隙至少一百五十毫米", get_family("car")).brief.requirements[0].at_least
    150.0

    Args:
        text: English or Chinese, at most `MAX_PROMPT_CHARS` characters.
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
    written = spelt_out(rows_as_lines(cleaned(text)), family)
    asked, overruled = read_choices(written, family)
    plain = without(written, [*asked, *(one for one, _ in overruled)])
    refuse_other_product(plain, family)
    tokens, slips = respelt(tokenise(plain), *spelt_words(family))
    if not asked and all(token.kind == "break" for token in tokens):
        raise InputError(
            say("the brief is empty; say what is wanted, for example 'a low fastback under 4.7 m'")
        )
    table = dictionary(family)
    phrases = phrases_of(plain, tokens, table)
    clauses = clauses_of(phrases)
    notes = Notes(family, plain, tokens)
    for token, word in slips:
        notes.remark(token.text, say("spelling: read as {word}", word=word))
    for clause in clauses:
        confidence(clause.phrases, notes)
    words = vocabulary(family)
    linked = link_all(clauses, words)
    locked = [name for name, known in notes.known.items() if known.how in (PARAMETER, DERIVED)]
    audit(linked, clauses, locked, words.parts.keys() - {n for names in words.axes.values() for n in names})
    of_level(linked, clauses)
    settle(linked, notes)
    for clause in clauses:
        _advise(clause, notes)
        read_wishes(clause, notes)
    found = read_looks(phrases, table, notes.taken())
    read_found(found, notes)
    for clause in clauses:
        for before, phrase in zip([None, *clause.phrases], clause.phrases, strict=False):
            if before is not None and before.amount is not None and phrase.has("measured_by", "relative"):
                notes.go_with(before, phrase)  # the "long" of a number that is asked about
            leave(phrase, notes)
    _unused(clauses, notes)
    lift_unspaced(notes)
    _separators(phrases, notes)
    notes.sweep()
    for one in asked:
        notes.choose(one)
    _nothing(text, plain, notes)
    notes.contradictions()
    notes.imply(family.lexicon.quantities.implied)
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
        kind=notes.kind(),
    )
    if check:
        checked(brief, family)
    return ParsedBrief(
        brief,
        (
            *(Heard(h.phrase, h.meaning) for _, h in sorted(notes.heard, key=lambda pair: pair[0])),
            *said_by_default(family, brief),
        ),
        (*_not_understood(plain, tokens, notes), *(Heard(one.phrase, why) for one, why in overruled)),
        tuple(t.text for i, t in enumerate(tokens) if notes.places[i] == FILLER),
        tuple(notes.questions),
        tuple(notes.remarks),
        words_said(plain, tokens, found.said, family.lexicon),
        (*((t.text, notes.places[i]) for i, t in enumerate(tokens)), *((one.phrase, LOOK) for one in asked)),
    )


def _advise(clause: Clause, notes: Notes) -> None:
    """ "ideally" beside an advisory limit is understood."""
    numbers = [p for p in clause.phrases if p.amount is not None and notes.is_heard(p)]
    for phrase in clause.phrases:
        if numbers and phrase.has("soft") and not notes.is_taken(phrase):
            notes.hear([phrase], say("advisory: reported, not enforced"))


def _unused(clauses: Sequence[Clause], notes: Notes) -> None:
    """A number that was not used is asked about where it stands beside an accepted limit or a quantity; one
    with a decimal also where the text has either, and wherever it stands one whose unit measures something of
    the product, or that is compared or wished for."""
    kinds = {q.kind for q in notes.known.values()}
    somewhere = any(_about_numbers(clause, notes) for clause in clauses)
    sentences: list[list[Clause]] = []
    for clause in clauses:
        if clause.sentence_start or not sentences:
            sentences.append([])
        sentences[-1].append(clause)
    for sentence in sentences:
        among = any(_about_numbers(clause, notes) for clause in sentence)
        labelled = any(p.has("unit") for clause in sentence for p in clause.phrases)  # "(all mm)"
        for clause in sentence:
            beside = _about_numbers(clause, notes)
            for phrase in clause.phrases:
                given = phrase.amount
                if given is None or not notes.is_unknown(phrase):
                    continue
                ours = given.unit not in ("", "percent") and kind_of(given.unit) in kinds
                measured = given.unit not in ("", "percent")
                ours |= somewhere and given.low % 1.0 != 0.0
                ours |= any(p.has("soft") or p.text.lower() in PLAIN for p in clause.phrases)
                ours |= _compared(clause, phrase)
                behind = clause.phrases[clause.phrases.index(phrase) + 1 :]
                if not given.unit and any(p.has("product") for p in behind[:2]):
                    continue  # "120 side chairs"
                ours |= among and given.low >= COUNTED and not YEARS[0] <= given.low < YEARS[1]
                if beside or ours or (among and (measured or labelled)):
                    notes.ask([phrase], say("what is this number for?"))


def _compared(clause: Clause, number: Phrase) -> bool:
    """Whether the words directly before a number compare it with something."""
    before = clause.phrases[: clause.phrases.index(number)]
    beside = next((p for p in reversed(before) if not quiet(p) or p.has("compare")), None)
    return beside is not None and beside.has("compare") and not beside.has("stop")


def _about_numbers(clause: Clause, notes: Notes) -> bool:
    """Whether a clause has a limit that was accepted, or names a quantity."""
    return any(notes.is_heard(p) if p.amount is not None else p.has("quantity") for p in clause.phrases)


def _nothing(text: str, plain: str, notes: Notes) -> None:
    """A text of which nothing is understood is asked about; "a car" says little, and nothing else."""
    if notes.heard or notes.questions or MISSED not in notes.places.values():
        return
    question = say("nothing of this is understood; what should the product be, or what must hold?")
    notes.questions.append(Question(" ".join(text.split())[:80], question))


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
        place = notes.places[i] if i < len(tokens) else ""
        state = notes.reasons.get(i, "") if place == MISSED else None
        if first is not None and (state is None or state != reason):
            quiet = place == FILLER and tokens[i].kind != "break"
            if quiet:
                continue
            found.append(Heard(text[tokens[first].start : tokens[last].end], reason or VOCABULARY))
            first = None
        if state is not None:
            if first is None:
                first, reason = i, state
            last = i
    return tuple(found)
