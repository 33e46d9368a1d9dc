"""Second pass over a clause: body types, moods, sizes, wishes, negations; whatever is left is listed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...design.family.lexicon import Figure
from ...design.language.clauses import Clause, Phrase, han
from ...design.messages import Message, amount, listed, named, say
from .brief import Heard
from .notebook import Notes
from .quantity import PARAMETER
from .requirement import Requirement
from .vocabulary import inverted

SIZE_SHIFT = 0.22  # share of a parameter's range that one size adjective moves it


def read_wishes(clause: Clause, notes: Notes) -> None:
    """Read every phrase of the clause that no number has taken."""
    phrases = clause.phrases
    for i, phrase in enumerate(phrases):
        for kind, reader in _READERS:
            if not notes.is_taken(phrase) and phrase.has(kind) and reader(phrases, i, notes):
                break
    for phrase in phrases:
        if not notes.is_taken(phrase):
            _leave(phrase, notes)


def _leave(phrase: Phrase, notes: Notes) -> None:
    """Nothing came of the phrase: a stop word, or one to list."""
    if phrase.has("quantity"):
        notes.miss([phrase], say("no number or direction given for it"))
    elif phrase.has("feature"):
        notes.miss([phrase], say("a part without a wish; say big or small, or name a quantity of it"))
    elif phrase.has(*_SILENT):
        notes.ignore(phrase)
    else:
        notes.miss([phrase])


#: readings of words that say nothing when they stand alone
_SILENT = (
    "stop", "firm", "intensity", "soft", "between", "filler", "unit", "place", "permission", "condition",
)  # fmt: skip


def _negation(phrases: Sequence[Phrase], i: int, notes: Notes) -> bool:
    """ "no spoiler" fixes a parameter at zero where it can; other negations are listed."""
    j = _next(phrases, i, notes)
    if j is None:
        notes.miss([phrases[i]], say("a negation without its word"))
        return True
    target = phrases[j]
    names = [n for n in target.readings.get("quantity", ()) if notes.known[n].how == PARAMETER]
    ranges = [notes.ranges[n] for n in names]
    if names and all(r.low <= 0.0 <= r.high for r in ranges):
        source = notes.span([phrases[i], target])
        for name in names:
            notes.lock(name, 0.0, source)
        fixed = [say("{quantity} fixed at {value}", quantity=named(n), value="0") for n in names]
        notes.hear([phrases[i], target], listed(fixed, " and "))
        return True
    reason = say("a negation that the family cannot follow")
    if names:
        quantity = notes.known[names[0]]
        reason = say(
            "{quantity} cannot be zero; its range is {range}", quantity=quantity.label, range=quantity.span
        )
    notes.miss([phrases[i], target], reason)
    return True


def _figures(phrases: Sequence[Phrase], i: int, notes: Notes) -> bool:
    """ "head room for tall passengers": limits that the family's words stand for."""
    hard = not any(p.has("soft") for p in phrases)
    figures = [f for f in phrases[i].readings["figures"] if f.quantity in notes.known]
    if not figures:
        return False
    taken = [phrases[i]]
    if i > 0 and phrases[i - 1].has("size") and not notes.is_taken(phrases[i - 1]):
        taken.insert(0, phrases[i - 1])
    source = notes.span(taken)
    for figure in figures:
        notes.require(
            Requirement(
                figure.quantity, figure.unit, figure.at_least, figure.at_most, hard=hard, source=source
            )
        )
    meanings = [_meaning(f) for f in figures]
    if phrases[i].has("body"):  # a kind of product that must be able to do something: "stacking chair"
        archetype = phrases[i].readings["body"]
        notes.body(archetype, phrases[i].text)
        meanings.insert(0, say("starting point: {body}", body=named(archetype)))
    notes.hear(taken, listed(meanings, "; "))
    return True


def _meaning(figure: Figure) -> Message:
    """A figure in words."""
    low, high = (
        None if v is None else amount(v, figure.unit, f"{v:g}") for v in (figure.at_least, figure.at_most)
    )
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


def _size(phrases: Sequence[Phrase], i: int, notes: Notes) -> bool:
    """ "long wheelbase": a shift of a parameter, or a wish for something measured or predicted."""
    j = _next(phrases, i, notes)
    if j is None or not phrases[j].has("quantity", "feature"):
        j = _before(phrases, i, notes) if han(phrases[i]) else None
    if j is None:
        return False
    direction = phrases[i].readings["size"]
    taken = [phrases[i], phrases[j]]
    factor = _intensity(phrases, i, notes, taken)
    words = phrases[i].text.lower()
    readings = phrases[j].readings
    names = readings.get("quantity") or readings["feature"]
    moved = [n for n in (*names, *readings.get("feature", ())) if notes.known[n].how == PARAMETER]
    if not moved:
        _prefer(taken, names, direction, notes)
        return True
    if phrases[j].text.lower() in inverted(notes.family.lexicon):
        direction = -direction
    source = notes.span(taken)
    meanings = []
    for name in moved:
        sense = notes.family.lexicon.quantities.odd_sizes.get((words, name), direction)
        notes.shift(name, sense * SIZE_SHIFT * factor, source)
        meanings.append(_move(name, sense))
    notes.hear(taken, say("starting point: {moves}", moves=listed(meanings)))
    return True


def _body(phrases: Sequence[Phrase], i: int, notes: Notes) -> bool:
    phrase = phrases[i]
    archetype = phrase.readings["body"]
    notes.body(archetype, phrase.text)
    notes.hear([phrase], say("starting point: {body}", body=named(archetype)))
    return True


def _mood(phrases: Sequence[Phrase], i: int, notes: Notes) -> bool:
    mood = phrases[i].readings["mood"]
    taken = [phrases[i]]
    factor = _intensity(phrases, i, notes, taken)
    source = notes.span(taken)
    moved = []
    lexicon = notes.family.lexicon
    for name, share in lexicon.moods[mood].items():
        if name in notes.ranges:
            notes.shift(name, share * factor, source)
            moved.append(_move(name, share))
    wishes = []
    for direction, name in lexicon.quantities.mood_wishes.get(mood, ()):
        if name in notes.known:
            (notes.minimise if direction == "minimise" else notes.maximise).add(name)
            wishes.append(_wished(1 if direction == "maximise" else -1, [name]))
    moves = listed(moved)
    notes.hear(
        taken,
        say("starting point: {moves}; {wishes}", moves=moves, wishes=listed(wishes, "; "))
        if wishes
        else say("starting point: {moves}", moves=moves),
    )
    return True


def _prefer(taken: Sequence[Phrase], names: Sequence[str], direction: int, notes: Notes) -> None:
    target = notes.maximise if direction > 0 else notes.minimise
    target.update(names)
    notes.hear(taken, _wished(direction, names))


def _wished(direction: int, names: Sequence[str]) -> Message:
    quantities = listed(map(named, names), " and ")
    return say("maximise {quantities}" if direction > 0 else "minimise {quantities}", quantities=quantities)


def _move(name: str, sense: float) -> Message:
    return say("{quantity} up" if sense > 0 else "{quantity} down", quantity=named(name))


def _intensity(phrases: Sequence[Phrase], i: int, notes: Notes, taken: list[Phrase]) -> float:
    """Factor of a "very" or "slightly" directly before; the word is taken with it."""
    if i > 0 and phrases[i - 1].has("intensity") and not notes.is_taken(phrases[i - 1]):
        taken.insert(0, phrases[i - 1])
        return float(phrases[i - 1].readings["intensity"])
    return 1.0


def _before(phrases: Sequence[Phrase], i: int, notes: Notes) -> int | None:
    """The quantity or part that a Chinese adjective stands behind: 轴距很长."""
    for j in range(i - 1, -1, -1):
        if phrases[j].has("quantity", "feature") and not notes.is_taken(phrases[j]):
            return j
        if not phrases[j].has("stop", "intensity", "firm"):
            return None
    return None


def _next(phrases: Sequence[Phrase], i: int, notes: Notes) -> int | None:
    for j in range(i + 1, len(phrases)):
        if not phrases[j].has("stop") and not notes.is_taken(phrases[j]):
            return j
    return None


#: readings in the order in which they are tried
_READERS: Sequence[tuple[str, Callable[[Sequence[Phrase], int, Notes], bool]]] = (
    ("negation", _negation),
    ("lift", _lift),
    ("figures", _figures),
    ("whole_wish", _whole_wish),
    ("wish", _wish),
    ("size", _size),
    ("body", _body),
    ("mood", _mood),
)
