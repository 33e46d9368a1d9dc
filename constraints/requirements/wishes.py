"""Wishes of a clause, then what the looks of a text ask of the body; whatever is left is listed.

A look moves the place where the search begins: a body type to its archetype, a mood by its shifts, an
adjective by a share of the range of what it describes, and half as far the other way where it is negated. Of
something measured or predicted it is a wish.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...design.family.lexicon import Figure
from ...design.language.attributes import attribute, parts_of
from ...design.language.clauses import Clause, Phrase
from ...design.language.grammar import Found, Said
from ...design.language.seen import role
from ...design.messages import Message, amount, listed, marked, named, say
from .brief import Heard
from .notebook import LIMIT, LOOK, WISH, Notes
from .quantity import PARAMETER, Quantity
from .requirement import asked_of
from .vocabulary import inverted

SIZE_SHIFT = 0.22  # share of a parameter's range that one size adjective moves it
NEGATED = -0.5  # share of an adjective's or mood's shift that its negation makes
#: what is only named; whoever draws has nothing to miss there
NAMED = (
    marked("no number or direction given for it"),
    marked("a part without a wish; say big or small, or name a quantity of it"),
)


def read_wishes(clause: Clause, notes: Notes) -> None:
    """Read the wishes of a clause among the phrases that no number has taken."""
    phrases = clause.phrases
    for i, phrase in enumerate(phrases):
        for kind, reader in _READERS:
            if not notes.is_taken(phrase) and phrase.has(kind) and reader(phrases, i, notes):
                break


def read_found(found: Found, notes: Notes) -> None:
    """Take what the looks ask of the body, and note those that mean nothing."""
    for said in found.said:
        _Look(said, notes).read()
    for phrases, reason in found.missed:
        notes.miss(phrases, _why(phrases, reason, notes))


def leave(phrase: Phrase, notes: Notes) -> None:
    """Nothing came of the phrase: a stop word, or one to list."""
    if notes.is_taken(phrase):
        return
    if phrase.has("quantity"):
        notes.miss([phrase], say(NAMED[0]))
    elif not phrase.has("feature", "measures") and phrase.has(*_SILENT):
        notes.ignore(phrase)
    elif phrase.has("stop") and phrase.has("measures") and not phrase.has("feature", "part"):
        notes.ignore(phrase)  # 我, whose height a number may be
    elif phrase.has("feature", "part", "measures"):
        notes.miss([phrase], say(NAMED[1]))
    else:
        notes.miss([phrase])


#: readings of words that say nothing when they stand alone
_SILENT = (
    "stop", "firm", "intensity", "soft", "between", "filler", "unit", "place", "permission", "condition",
    "look", "middle",
)  # fmt: skip


def _negation(phrases: Sequence[Phrase], i: int, notes: Notes) -> bool:
    """ "no spoiler" fixes a parameter at zero where it can; other negations are the grammar's."""
    j = _next(phrases, i, notes)
    if j is None or any(p.has("describes", "size") for p in phrases[j + 1 : j + 2]):
        return False
    return _at_zero([phrases[i], phrases[j]], phrases[j].readings.get("quantity", ()), notes)


def _without(phrases: Sequence[Phrase], i: int, notes: Notes) -> bool:
    """The same in one phrase that is a look too."""
    return _at_zero([phrases[i]], phrases[i].readings["without"], notes)


def _at_zero(phrases: Sequence[Phrase], quantities: Sequence[str], notes: Notes) -> bool:
    names = [n for n in quantities if notes.known[n].how == PARAMETER]
    ranges = [notes.ranges[n] for n in names]
    if not names or not all(r.low <= 0.0 <= r.high for r in ranges):
        return False
    for name in names:
        notes.lock(name, 0.0, phrases)
    fixed = [
        say("{quantity} fixed at {value}", quantity=named(n), value=notes.known[n].shown(0)) for n in names
    ]
    notes.hear(phrases, listed(fixed, " and "))
    return True


def _why(phrases: Sequence[Phrase], reason: Message | str, notes: Notes) -> Message | str:
    """Why a negated quantity is not followed."""
    names = [n for p in phrases for n in p.readings.get("quantity", ()) if notes.known[n].how == PARAMETER]
    if not reason or not names:
        return reason
    known = notes.known[names[0]]
    return say("{quantity} cannot be zero; its range is {range}", quantity=known.label, range=known.span)


def _figures(phrases: Sequence[Phrase], i: int, notes: Notes) -> bool:
    """ "head room for tall passengers": limits that the family's words stand for."""
    hard = not any(p.has("soft") for p in phrases)
    figures = [f for f in phrases[i].readings["figures"] if f.quantity in notes.known]
    before = next((p for p in reversed(phrases[:i]) if role(p) not in ("stop", "degree")), None)
    if not figures or (before is not None and role(before) == "negation" and not notes.is_taken(before)):
        return False
    taken = [phrases[i]]
    if (
        i > 0
        and phrases[i - 1].has("size")
        and not phrases[i - 1].has("says")
        and not notes.is_taken(phrases[i - 1])
    ):
        taken.insert(0, phrases[i - 1])
    source = notes.span(taken)
    for figure in figures:
        notes.require(
            asked_of(notes.known[figure.quantity], figure.at_least, figure.at_most, hard=hard, source=source)
        )
        if figure.taken_for:
            notes.remark(
                source, say("not modelled: calculated as {material}", material=named(figure.taken_for))
            )
    meanings = [_meaning(f, notes.known[f.quantity]) for f in figures]
    if phrases[i].has("body"):  # a kind of product that must be able to do something: "stacking chair"
        archetype = phrases[i].readings["body"]
        notes.body(archetype, phrases[i].text)
        meanings.insert(0, say("starting point: {body}", body=named(archetype)))
    notes.hear(taken, listed(meanings, "; "), WISH if phrases[i].has("body") else LIMIT)
    return True


def _meaning(figure: Figure, quantity: Quantity) -> Message:
    """A figure in words."""

    def told_of(v: float) -> Message:
        return quantity.shown(v) if quantity.whole else amount(v, figure.unit, f"{v:g}")

    low, high = (None if v is None else told_of(v) for v in (figure.at_least, figure.at_most))
    told = {"quantity": named(figure.quantity), "source": figure.source}
    if low is None:
        return say("{quantity} at most {limit}: {source}", limit=high, **told)
    if high is None:
        return say("{quantity} at least {limit}: {source}", limit=low, **told)
    if figure.at_least == figure.at_most:
        return say("{quantity} {value}: {source}", value=low, **told)
    return say("{quantity} {low} to {high}: {source}", low=low, high=high, **told)


def _lift(phrases: Sequence[Phrase], i: int, notes: Notes) -> bool:
    """ "any proportions": a wish of the family's own does not hold."""
    wish = phrases[i].readings["lift"]
    notes.lifted.add(wish.name)
    notes.hear([phrases[i]], say("lifts the default wish: {wish}", wish=say(wish.says)))
    return True


def lift_unspaced(notes: Notes) -> None:
    """The same inside a run of characters without blanks; the run itself is read by others."""
    for wish in notes.family.default_wishes:
        for place, token in enumerate(notes.tokens):
            found = next((p for p in wish.lift_unspaced if p in token.key and p != token.key), None)
            if found is not None:
                notes.lifted.add(wish.name)
                notes.heard.append(
                    (place, Heard(found, say("lifts the default wish: {wish}", wish=say(wish.says))))
                )


def _whole_wish(phrases: Sequence[Phrase], i: int, notes: Notes) -> bool:
    """ "as short as possible", or "drag as low as possible" when a quantity stands before it."""
    direction, name = phrases[i].readings["whole_wish"]
    for j in range(i - 1, -1, -1):
        if phrases[j].has("quantity") and not notes.is_taken(phrases[j]):
            _prefer([phrases[j], phrases[i]], phrases[j].readings["quantity"], direction, notes)
            return True
    if name in notes.known:
        _prefer([phrases[i]], (name,), direction, notes)
        return True
    return False


def _wish(phrases: Sequence[Phrase], i: int, notes: Notes) -> bool:
    direction = phrases[i].readings["wish"]
    order = [*range(i + 1, len(phrases)), *range(i - 1, -1, -1)]
    for j in order:
        if phrases[j].has("quantity") and not notes.is_taken(phrases[j]):
            _prefer([phrases[i], phrases[j]], phrases[j].readings["quantity"], direction, notes)
            return True
    return False


class _Look:
    """What one look asks of the body."""

    def __init__(self, said: Said, notes: Notes) -> None:
        self.said, self.notes = said, notes
        self.words = sorted((*said.phrases, *said.beside), key=lambda p: p.first)
        self.share = (NEGATED if said.negated else 1.0) * said.degree

    def read(self) -> None:
        """Move the start, add a wish, or only note a look of the drawing."""
        phrases, adjective = self.said.phrases, self.said.adjective
        if any(self.notes.is_heard(p) and not p.has("part", "quantity", "feature") for p in phrases):
            return  # a wish already: "as low as possible"
        readings = phrases[0].readings if adjective is None else {}
        if adjective is not None and adjective.has("size") and self._sized(adjective.readings["size"]):
            return
        if "body" in readings:
            self.notes.body(readings["body"], phrases[0].text)
            self._hear(say("starting point: {body}", body=named(readings["body"])))
        elif "mood" in readings:
            self._mood(readings["mood"])
        else:
            self._attributes()

    def _hear(self, meaning: Message) -> None:
        self.notes.hear(self.words, meaning, LOOK)

    def _move(self, shifts: Mapping[str, float], wishes: Sequence[Message] = ()) -> None:
        """Move the start by shares of the parameters' ranges, as far as this look goes."""
        source = self.notes.span(self.words)
        moved: list[Message] = []
        for name, share in shifts.items():
            self.notes.shift(name, share * self.share, source)
            up = say("{quantity} up" if share * self.share > 0 else "{quantity} down", quantity=named(name))
            moved.append(up)
        moves = listed(moved)
        if wishes:
            self._hear(say("starting point: {moves}; {wishes}", moves=moves, wishes=listed(wishes, "; ")))
        else:
            self._hear(say("starting point: {moves}", moves=moves))

    def _sized(self, direction: int) -> bool:
        """ "long wheelbase": a shift of a parameter, or a wish for something measured or predicted."""
        adjective, noun, notes = self.said.adjective, self.said.noun, self.notes
        assert adjective is not None and noun is not None  # noqa: S101, PT018 - the caller asks
        features = noun.readings.get("feature", ())
        names = noun.readings.get("quantity", features)
        moved = [n for n in dict.fromkeys((*names, *features)) if notes.known[n].how == PARAMETER]
        drawn = self._drawn() if moved else {}
        if not names or (self.said.negated and not moved) or (drawn and drawn.keys().isdisjoint(moved)):
            return False  # 头管长 is no thick one
        if moved:
            direction *= -1 if noun.text.lower() in inverted(notes.family.lexicon) else 1
            odd = notes.family.lexicon.quantities.odd_sizes
            moved = [n for n in moved if not drawn or n in drawn]
            senses = {n: odd.get((adjective.text.lower(), n), direction) for n in moved}
            self._move({n: SIZE_SHIFT * sense for n, sense in senses.items()})
        elif notes.is_heard(noun):
            notes.ignore(adjective)  # "a tall rider (190 cm)": the number says it
        else:
            _prefer(self.words, names, direction, notes)
        return True

    def _mood(self, mood: str) -> None:
        lexicon, notes = self.notes.family.lexicon, self.notes
        wishes = []
        for direction, name in lexicon.quantities.mood_wishes.get(mood, ()):
            if name in notes.known and not self.said.negated:
                (notes.minimise if direction == "minimise" else notes.maximise).add(name)
                wishes.append(_wished(1 if direction == "maximise" else -1, [name]))
        self._move({n: x for n, x in lexicon.moods[mood].items() if n in notes.ranges}, wishes)

    def _drawn(self) -> dict[str, float]:
        """Shifts of what the attributes measure that are drawn: "raked windscreen"."""
        family, shifts = self.notes.family, dict[str, float]()
        for token in self.said.tokens:
            kind, _, state = token.partition(":")
            sense = {"low": -1, "high": 1}.get(state.removeprefix("not_"))
            if sense is None or kind not in {a.name for a in family.lexicon.attributes}:
                continue
            names = parts_of(family, attribute(family.lexicon, kind).measure)
            if len(names) == 1 and names[0] in self.notes.ranges:
                shifts[names[0]] = sense * SIZE_SHIFT
        return shifts

    def _attributes(self) -> None:
        shifts = self._drawn()
        if shifts:
            self._move(shifts)
        elif self.said.tokens:
            self._hear(say("a look for the sketches"))
        else:
            self.notes.miss(self.words, say("a negation that the family cannot follow"))


def _prefer(taken: Sequence[Phrase], names: Sequence[str], direction: int, notes: Notes) -> None:
    target = notes.maximise if direction > 0 else notes.minimise
    target.update(names)
    notes.hear(taken, _wished(direction, names), WISH)


def _wished(direction: int, names: Sequence[str]) -> Message:
    quantities = listed(map(named, names), " and ")
    return say("maximise {quantities}" if direction > 0 else "minimise {quantities}", quantities=quantities)


def _next(phrases: Sequence[Phrase], i: int, notes: Notes) -> int | None:
    for j in range(i + 1, len(phrases)):
        if not phrases[j].has("stop") and not notes.is_taken(phrases[j]):
            return j
    return None


#: readings in the order in which they are tried
_READERS: Sequence[tuple[str, Callable[[Sequence[Phrase], int, Notes], bool]]] = (
    ("negation", _negation),
    ("without", _without),
    ("lift", _lift),
    ("figures", _figures),
    ("whole_wish", _whole_wish),
    ("wish", _wish),
)
