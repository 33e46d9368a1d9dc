"""A limit that no design can meet, and what can be done about it with one press."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...constraints.requirements.clash import LOCK
from ...constraints.requirements.quantity import get_quantity
from ...design import messages
from ...design.errors import ClashError, InputError, UnreachableError
from ...design.family.registry import get_family
from ..briefing import Draft, mended, place_of, with_locks, with_requirement, without_requirement
from ..jobs import Session
from ..messages.words import Words
from .parts import button, card, e, with_unit

#: of a limit's side, and of a lock
SIGNS = {"at_most": "≤", "at_least": "≥", LOCK: "="}


def way_out(
    error: UnreachableError | ClashError, draft: Draft, family: str, reading: bool, words: Words
) -> str:
    """Why it cannot be, with the ways out: the nearest value that can, or nothing asked; of limits that clash
    the value of each that would mend it.

    Args:
        family: what the limit was asked of. reading: words were being read, nothing of them is in `draft`.
    """
    act = "words" if reading else "take"
    if isinstance(error, ClashError):
        ways = "".join(
            press(way, family, act, words.take_way, "" if k else "main", words)
            for k, way in enumerate(error.ways)
        )
    else:
        held = reading or any(r.quantity == error.quantity for r in draft.brief.requirements)
        ways = presses((error.quantity, error.side, error.nearest), family, act, held, words)
    why = f'<div class="mq-say bad" role="alert">{e(words.said(error.message))}</div>'
    return card("", f'{why}<div class="mq-row-buttons">{ways}</div>')


def presses(nearest: tuple[str, str, float], family: str, act: str, drops: bool, words: Words) -> str:
    """The buttons: the nearest value (of quantity and side), and where it `drops` anything nothing asked."""
    quantity, side, _ = nearest
    ways = press(nearest, family, act, words.take_nearest, "main", words)
    none = button(words.drop_limit.format(name=words.name(quantity)), act, f"{quantity}:{side}:")
    return ways + (none if drops else "")


def press(way: tuple[str, str, float], family: str, act: str, label: str, kind: str, words: Words) -> str:
    """The button that takes one way out (quantity, side, value); `label` has room for name and limit."""
    quantity, side, value = way
    unit = get_quantity(get_family(family), quantity).unit
    limit = f"{SIGNS[side]} {with_unit(value, unit)}"
    text = label.format(name=words.name(quantity), limit=limit)
    return button(text, act, f"{quantity}:{side}:{value!r}", kind)


def taken(draft: Draft, arg: str) -> Draft:
    """The draft with the way out that was pressed; a question about it is answered."""
    quantity, side, value = _read(arg)
    left = tuple(q for q in draft.questions if q.nearest is None or q.nearest[:2] != (quantity, side))
    answers = len(left) < len(draft.questions)
    draft = replace(draft, questions=left)
    if side == LOCK and value is not None:
        return with_locks(draft, {**draft.brief.locks, quantity: value})
    if value is not None:
        return with_requirement(draft, quantity, side, value)
    return draft if answers else without_requirement(draft, place_of(draft, quantity))


def reread(session: Session, arg: str) -> Draft:
    """The words that were refused (the session's choice ``refused``), with the way out that was pressed and
    those that were before."""
    was = session.choices.get("refused")
    if not isinstance(was, Mapping):
        raise InputError(messages.say("edit {act!r} is not known", act="words"))
    ways = [_read(str(way)) for way in (*was.get("ways", ()), arg)]
    return mended(str(was["text"]), str(was["family"]), ways)


def _read(arg: str) -> tuple[str, str, float | None]:
    """Quantity, side and value of a pressed way out; no value: nothing is asked any more."""
    quantity, side, value = (*arg.split(":"), "", "")[:3]
    try:
        return quantity, side, float(value) if value else None
    except ValueError:
        raise InputError(messages.say("edit {act!r} is not known", act=arg[:40])) from None
