"""The one strict way in for text that people and programs give: bytes to text, text to JSON or TOML.

Command line, Python, web API and studio all read through here. Text is UTF-8, or UTF-16 or UTF-32 where a
mark (or, for UTF-16, the zero bytes) says so. A key may stand once in a table, numbers are finite, tables
nest at most `MAX_DEPTH` deep; what is wrong is named with its key and line.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from .errors import InputError
from .messages import Message, quoted, say, spelt

MAX_TEXT_BYTES = 4_000_000  # a design or brief is some kilobytes, a sheet's record some hundred
MAX_DEPTH = 64  # tables in tables: a manifest has seven
MAX_DIGITS = 400  # of a whole number: more than the largest float has

Keys = tuple[str, ...]
_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]')
_LOOSE = re.compile(
    r'"(?:[^"\\]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|(?P<word>[+-]?(?:nan|inf(?:inity)?|\d[\d_.eE+-]*)\b)', re.I
)
_TOML = re.compile(r"^\s*(?:\[\[(?P<rows>[^\]]+)\]\]|\[(?P<table>[^\]]+)\]|(?P<key>[\w.\"'-]+)\s*=)", re.M)
#: marks at the beginning of a text and what they say; the longer first
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MARKS = tuple(mark for mark, _ in _MARKS)


@dataclass(frozen=True)
class Place:
    """A place in a file, as errors name it: ``my.toml, line 4: require[0].at_most``."""

    source: str
    lines: Mapping[Keys, int] = field(default_factory=dict)
    path: Keys = ()

    def at(self, key: object) -> Place:
        """A key of the table here, or the row of a list."""
        return replace(self, path=(*self.path, str(key)))

    @property
    def line(self) -> str:
        """File and line, without the key: ``my.toml, line 4``."""
        return (
            say("{source}, line {line}", source=self.source, line=self.number) if self.number else self.source
        )

    @property
    def number(self) -> int:
        """The line alone; 0 where it is not known."""
        return next(
            (self.lines[p] for n in range(len(self.path), 0, -1) if (p := self.path[:n]) in self.lines), 0
        )

    @property
    def told(self) -> Message:
        """The place as a message, whose source may be one."""
        key = str(self).removeprefix(self.line).removeprefix(": ")
        if not self.number:
            return say("{source}: {key}", source=self.source, key=spelt(key))
        return say("{source}, line {line}: {key}", source=self.source, line=self.number, key=spelt(key))

    def __str__(self) -> str:
        told = "".join(f"[{k}]" if k.isdigit() else f".{k}" for k in self.path).lstrip(".")
        return f"{self.line}: {told}" if told else self.line


def text_of(data: bytes, source: object) -> str:
    """The text in `data`, without its mark, line ends as they are.

    Raises:
        InputError: no text, or of an encoding that cannot be told.
    """
    kind = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    kind = "utf-8-sig" if kind == "utf-8" else kind or _unmarked(data)
    try:
        text = data.decode(kind)
    except UnicodeDecodeError as error:
        raise InputError(
            say(
                "{source}: cannot be read as text; save it as UTF-8 ({why})", source=source, why=quoted(error)
            )
        ) from error
    if "\0" in text:
        raise InputError(say("{source}: holds zero bytes, so it is no text", source=source))
    return text


def read_text(path: Path, most: int = MAX_TEXT_BYTES) -> str:
    """Text of a file of at most so many bytes.

    Raises:
        InputError: missing, too large, or as :func:`text_of`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError as error:
        raise InputError(say("{path}: no such file", path=path)) from error
    except (OSError, ValueError) as error:
        why = quoted(getattr(error, "strerror", None) or error)
        raise InputError(say("{path}: cannot be read as text ({why})", path=path, why=why)) from error
    if len(data) > most:
        raise InputError(say("{path}: larger than {most} bytes", path=path, most=most))
    return text_of(data, path)


def read_json(path: Path) -> Any:
    """The value of a JSON file.

    Raises:
        InputError: as :func:`read_text` and :func:`strict_json`.
    """
    return strict_json(read_text(path), str(path))[0]


def strict_json(text: str, source: str) -> tuple[Any, dict[Keys, int]]:
    """The value of a JSON text, and the line of every key.

    Raises:
        InputError: not JSON, a key twice, a number that is not finite, nested too deep; with the line.
    """

    def finite(word: str) -> float:
        value = float(word)
        return value if math.isfinite(value) else _refused(word, text, source)

    try:
        data = json.loads(text, parse_float=finite, parse_int=lambda w: _whole(w, text, source),
                          parse_constant=lambda w: _refused(w, text, source))  # fmt: skip
    except RecursionError as error:
        raise _too_deep(source) from error
    except json.JSONDecodeError as error:
        raise InputError(
            say(
                "{source}: not valid JSON from line {line}, column {column} on",
                source=source,
                line=error.lineno,
                column=error.colno,
            )
        ) from error
    lines: dict[Keys, int] = {}
    for path, line in _json_keys(text, source):
        if path in lines:
            raise InputError(
                say(
                    "{source}, line {line}: {key!r} stands twice, first on line {first}",
                    source=source, line=line, key=path[-1], first=lines[path],
                )
            )  # fmt: skip
        lines[path] = line
    return data, lines


def strict_toml(text: str, source: str) -> tuple[dict[str, Any], dict[Keys, int]]:
    """The table of a TOML text, and the lines of its keys; errors as :func:`strict_json`."""
    import tomllib

    def finite(word: str) -> float:
        value = float(word)
        return value if math.isfinite(value) else _refused(word, text, source)

    try:
        return tomllib.loads(text, parse_float=finite), toml_lines(text)
    except RecursionError as error:
        raise _too_deep(source) from error
    except ValueError as error:
        raise InputError(
            say("{source}: not valid TOML ({reason})", source=source, reason=str(error))
        ) from error


def refuse_unknown(data: Mapping[str, Any], allowed: tuple[str, ...], place: Place) -> None:
    """Nothing, unless a table has a key that is none of `allowed`.

    Raises:
        InputError: names the key, its line, and the nearest allowed one, or all of them.
    """
    import difflib

    for key in data:
        if key not in allowed:
            near = difflib.get_close_matches(str(key), allowed, n=1)
            if near:
                raise InputError(
                    say(
                        "{place}: unknown key {key!r}; did you mean {near!r}?",
                        place=place.at(key).told,
                        key=key,
                        near=near[0],
                    )
                )
            raise InputError(
                say(
                    "{place}: unknown key {key!r}; allowed: {known}",
                    place=place.at(key).told,
                    key=key,
                    known=", ".join(allowed),
                )
            )


def toml_lines(text: str) -> dict[Keys, int]:
    """The line of every key that begins a line of a TOML text, and of every table."""
    found: dict[Keys, int] = {}
    here: Keys = ()
    rows: dict[str, int] = {}
    for match in _TOML.finditer(text):
        line = text.count("\n", 0, match.start(match.lastgroup or 0)) + 1
        if match["rows"] is not None:
            name = match["rows"].strip()
            rows[name] = rows.get(name, -1) + 1
            here = (name, str(rows[name]))
        elif match["table"] is not None:
            here = tuple(part.strip() for part in match["table"].split("."))
        else:
            found.setdefault((*here, match["key"].strip("\"'")), line)
            continue
        found.setdefault(here, line)
    return found


def _unmarked(data: bytes) -> str:
    """UTF-8, or the UTF-16 that a text without a mark is in: every second byte of Latin letters is zero."""
    head = data[:2000]
    for start, kind in ((1, "utf-16-le"), (0, "utf-16-be")):
        half, other = head[start::2], head[1 - start :: 2]
        if len(data) % 2 == 0 and half.count(0) > 0.3 * len(half) and not other.count(0):
            return kind
    return "utf-8"


def _whole(word: str, text: str, source: str) -> int:
    return (
        int(word) if len(word) <= MAX_DIGITS and math.isfinite(float(word)) else _refused(word, text, source)
    )


def _refused(word: str, text: str, source: str) -> NoReturn:
    """Raise for a number that is not finite, with its line."""
    line = next((text.count("\n", 0, m.start()) + 1 for m in _LOOSE.finditer(text) if m["word"] == word), 0)
    shown = word if len(word) <= 40 else word[:30] + "..."
    raise InputError(
        say("{source}, line {line}: {number} is not a finite number", source=source, line=line, number=shown)
    )


def _too_deep(source: str) -> InputError:
    return InputError(
        say(
            "{source}: nested more than {most} deep, the most that is read",
            source=source,
            most=MAX_DEPTH,
        )
    )


def _json_keys(text: str, source: str) -> Iterator[tuple[Keys, int]]:
    """Path and line of every key of a valid JSON text."""
    path: list[str] = []
    inside: list[str] = []  # "{" or "["
    word, line, at = "", 1, 0
    for match in _JSON.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        sign = match.group()
        if sign[0] == '"':
            word = sign
        elif sign == ":":
            path[-1] = json.loads(word)
            yield tuple(path), line
        elif sign in "{[":
            inside.append(sign)
            if len(inside) > MAX_DEPTH:
                raise _too_deep(source)
            path.append("" if sign == "{" else "0")
        elif sign in "}]":
            inside.pop()
            path.pop()
        elif sign == "," and inside[-1] == "[":
            path[-1] = str(int(path[-1]) + 1)
