"""What undo, redo and reset go by: the log of decisions, read as the tree that it is.

Nothing is ever taken out of a log. A decision that goes back says whose state it restores (`back`); the state
in hand is that one's, and what is decided next grows from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Entries = Sequence[Any]  # decisions in the order of the log, numbered from 1


def in_hand(entries: Entries, upto: int | None = None) -> int:
    """Number of the decision whose state is in hand after the first `upto` ones (all); 0 before any."""
    count = len(entries) if upto is None else upto
    return (entries[count - 1].back or count) if count > 0 else 0


def before(entries: Entries, number: int) -> int:
    """Number of the decision that another one grew from; 0 for the first."""
    return in_hand(entries, number - 1) if number > 0 else 0


def undo_target(entries: Entries) -> int:
    """Whose state an undo restores; 0 when there is nothing to take back."""
    return before(entries, in_hand(entries))


def redo_target(entries: Entries) -> int:
    """Whose state a redo restores: a step towards where the last undo came from; 0 when there is none."""
    now = in_hand(entries)
    for number in range(len(entries), 0, -1):
        if not entries[number - 1].back:
            continue
        come = _line(entries, in_hand(entries, number - 1))
        if now in come[1:] and entries[number - 1].back in _line(entries, now):
            return come[come.index(now) - 1]
    return 0


def began_at(entries: Entries) -> Any | None:
    """The decision that brought the body in hand (a brief's start, a search's); None without one."""
    return next((entries[n - 1] for n in _line(entries, in_hand(entries)) if entries[n - 1].begins), None)


def _line(entries: Entries, number: int) -> list[int]:
    """A decision and what it grew from, back to the first."""
    found = []
    while number > 0:
        found.append(number)
        number = before(entries, number)
    return found
