"""A limit that no design can meet, and what can be done about it with one press."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...constraints.requirements.quantity import get_quantity
from ...design import messages
from ...design.errors import InputError, UnreachableError
from ...design.family.registry import get_family
from ..briefing import Draft, mended, place_of, with_requirement, without_requirement
from ..jobs import Session
from ..messages.words import Words
from .parts import button, card, e, with_unit


def way_out(error: UnreachableError, draft: Draft, family: str, reading: bool, words: Words) -> str:
    """Why it cannot be, with the ways out: the nearest value that can, or nothing asked.

    Args:
        family: what the limit was asked of. reading: words were being read, nothing of them is in `draft`.
    """
    held = reading or any(r.quantity == error.quantity for r in draft.brief.requirements)
    ways = presses(
        (error.quantity, error.side, error.nearest), family, "words" if reading else "take", held, words
    )
    why = f'<div class="mq-say bad" role="alert">{e(words.said(error.message))}</div>'
    return card("", f'{why}<div class="mq-row-buttons">{ways}</div>')


def presses(nearest: tuple[str, str, float], family: str, act: str, drops: bool, words: Words) -> str:
    """The buttons: the nearest value (of quantity and side), and where it `drops` anything nothing asked."""
    quantity, side, value = nearest
    unit = get_quantity(get_family(family), quantity).unit
    sign, name, arg = "≤" if side == "at_most" else "≥", words.name(quantity), f"{quantity}:{side}:"
    limit = f"{sign} {with_unit(value, unit)}"
    ways = button(words.take_nearest.format(name=name, limit=limit), act, f"{arg}{value!r}", "main")
    return ways + (button(words.drop_limit.format(name=name), act, arg) if drops else "")


def taken(draft: Draft, arg: str) -> Draft:
    """The draft with the way out that was pressed; a question about it is answered."""
    quantity, side, value = _read(arg)
    left = tuple(q for q in draft.questions if q.nearest is None or q.nearest[:2] != (quantity, side))
    answers = len(left) < len(draft.questions)
    draft = replace(draft, questions=left)
    if value is not None:
        return with_requirement(draft, quantity, side, value)
    return draft if answers else without_requirement(draft, place_of(draft, quantity))


def reread(session: Session, arg: str) -> Draft:
    """The words that were refused (the session's choice ``refused``), with the way out that was pressed."""
    was = session.choices.get("refused")
    if not isinstance(was, Mapping):
        raise InputError(messages.say("edit {act!r} is not known", act="words"))
    return mended(str(was["text"]), str(was["family"]), *_read(arg))


def _read(arg: str) -> tuple[str, str, float | None]:
    """Quantity, side and value of a pressed way out; no value: nothing is asked any more."""
    quantity, side, value = (*arg.split(":"), "", "")[:3]
    try:
        return quantity, side, float(value) if value else None
    except ValueError:
        raise InputError(messages.say("edit {act!r} is not known", act=arg[:40])) from None
