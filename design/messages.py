"""Texts for people as ids with arguments: plain English to whoever prints them, translatable to the rest.

    say("{quantity} is {value}, asked {limits}: {gap} above it", quantity=named("roof_camber"), ...)

A :class:`Message` is its English text, and carries the template it was made from (its id) and what was
filled in: numbers, words that stay as they are, and messages again. What a catalogue looks up is the id;
nothing ever reads the English back.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

#: ids of what no catalogue holds: it is put into words by a rule of the language
NAME, AMOUNT, SPAN, LIST, QUOTE = "@name", "@amount", "@span", "@list", "@quote"
#: the key beside texts in JSON: ids and arguments by the text's own key
BESIDE = "messages"
_DEEPEST = 12  # messages inside messages, when they are read back


class Message(str):
    """An English text that carries its `id` (the template) and its `arguments`.

    Everything that takes a string takes it; what makes a new string of it (an f-string, a slice) is plain.
    """

    __slots__ = ("arguments", "id")
    id: str
    arguments: Mapping[str, Any]

    def __new__(cls, text: str, id: str, arguments: Mapping[str, Any] | None = None) -> Message:
        """A message of that text; :func:`say` and its sisters make the text from the rest."""
        made = super().__new__(cls, text)
        made.id = id
        made.arguments = MappingProxyType(dict(arguments or {}))
        return made

    def __reduce__(self) -> tuple[type[Message], tuple[str, str, dict[str, Any]]]:
        """For pickles and copies."""
        return Message, (str(self), self.id, dict(self.arguments))

    def with_text(self, text: str) -> Message:
        """The same message, put differently in English (a capital letter, another separator)."""
        return Message(text, self.id, self.arguments)


def say(template: str, /, **arguments: Any) -> Message:
    """`template` (its fields named, in :meth:`str.format`'s language) with `arguments` filled in.

    Where a template is written as a literal, the catalogues' extractor finds it.
    """
    filled = {name: _plain(value) for name, value in arguments.items()}
    return Message(template.format(**filled) if filled else template, template, filled)


def marked(text: str) -> str:
    """Marks a literal that is given to :func:`say` elsewhere, for the catalogues' extractor."""
    return text


def named(name: str, text: str | None = None) -> Message:
    """What the tables of names know: a quantity, parameter, option, family, body type; `text` if unusual."""
    return Message(name.replace("_", " ") if text is None else text, NAME, {"name": name})


def spelt(name: str) -> Message:
    """A name as it is written in files: ``ground_clearance``."""
    return named(name, name)


def amount(value: float, unit: str, shown: str, one: bool = False) -> Message:
    """A number, as `shown`, and its unit; that of plain numbers ("1") is written only when `one`."""
    text = shown if unit in ("1", "") and not one else f"{shown} {unit}"
    return Message(text, AMOUNT, {"value": _plain(value), "unit": unit, "shown": shown})


def span(low: float, high: float, unit: str = "1", one: bool = False) -> Message:
    """``600 to 900 mm``; the unit of plain numbers ("1") is written only when `one`."""
    text = f"{low:g} to {high:g}"
    if unit not in ("1", "") or one:
        text = f"{text} {unit}"
    return Message(text, SPAN, {"low": _plain(low), "high": _plain(high), "unit": unit})


def listed(parts: Iterable[str], separator: str = ", ") -> Message:
    """Parts one after another; parts that are messages stay messages."""
    found = tuple(parts)
    return Message(separator.join(found), LIST, {"parts": found, "separator": separator})


def quoted(text: object) -> Message:
    """What the system or a library said, in its own words."""
    return Message(str(text), QUOTE)


def capital(text: str) -> str:
    """With a capital first letter; a message stays one."""
    lifted = text[:1].upper() + text[1:]
    return text.with_text(lifted) if isinstance(text, Message) else lifted


def one_line(text: str) -> str:
    """White space made single blanks; a message stays one."""
    plain = " ".join(text.split())
    return text.with_text(plain) if isinstance(text, Message) else plain


# -- JSON ----------------------------------------------------------------------------------------------------


def spoken(message: Message) -> dict[str, Any]:
    """Id and arguments as JSON; messages among the arguments with their text."""
    return {"id": message.id, "arguments": {k: _argument(v) for k, v in message.arguments.items()}}


def with_ids(value: Any) -> Any:
    """Plain JSON `value` with ids and arguments beside its texts, under :data:`BESIDE` in each object."""
    if isinstance(value, Mapping):
        made = {k: with_ids(v) for k, v in value.items()}
        ids = {k: found for k, v in value.items() if (found := _ids(v)) is not None}
        return {**made, BESIDE: ids} if ids else made
    if isinstance(value, (list, tuple)):
        return [with_ids(v) for v in value]
    return value


def restored(value: Any) -> Any:
    """Inverse of :func:`with_ids`: texts are messages again; what is malformed stays plain text."""
    if isinstance(value, list):
        return [restored(v) for v in value]
    if not isinstance(value, dict):
        return value
    beside = value.get(BESIDE)
    if not isinstance(beside, dict):
        return {k: restored(v) for k, v in value.items()}
    return {k: _read(restored(v), beside.get(k)) for k, v in value.items() if k != BESIDE}


def _ids(value: Any) -> Any:
    if isinstance(value, Message):
        return spoken(value)
    if isinstance(value, (list, tuple)):
        found = [_ids(v) for v in value]
        return found if any(v is not None for v in found) else None
    return None


def _argument(value: Any) -> Any:
    if isinstance(value, Message):
        return {"text": str(value), **spoken(value)}
    if isinstance(value, (list, tuple)):
        return [_argument(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": str(value)}
    return value


def _read(text: Any, data: Any, depth: int = 0) -> Any:
    if isinstance(text, list) and isinstance(data, list) and len(text) == len(data):
        return [_read(t, d, depth) for t, d in zip(text, data, strict=True)]
    if not isinstance(text, str) or not isinstance(data, dict) or depth > _DEEPEST:
        return text
    arguments = data.get("arguments")
    if not isinstance(data.get("id"), str) or not isinstance(arguments, dict):
        return text
    return Message(text, data["id"], {str(k): _argument_read(v, depth + 1) for k, v in arguments.items()})


def _argument_read(value: Any, depth: int) -> Any:
    if isinstance(value, dict):
        if value.get("number") in ("nan", "inf", "-inf"):
            return float(value["number"])
        return _read(str(value.get("text", "")), value, depth)
    if isinstance(value, list):
        return tuple(_argument_read(v, depth) for v in value)
    return value


def _plain(value: Any) -> Any:
    """Numbers of NumPy as Python's; what is neither text nor number as text."""
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, (str, bool, int, float)) or value is None:
        return value
    if isinstance(value, Sequence):
        return tuple(_plain(v) for v in value)
    return str(value)
