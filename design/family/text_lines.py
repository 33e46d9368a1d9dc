"""Where a key stands in a JSON or TOML text, and whether one object has it twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import InputError
from ..messages import say

Path = tuple[str, ...]
_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]')
_TOML = re.compile(r"^\s*(?:\[\[(?P<rows>[^\]]+)\]\]|\[(?P<table>[^\]]+)\]|(?P<key>[\w.\"'-]+)\s*=)", re.M)


@dataclass(frozen=True)
class Place:
    """A place in a file, as errors name it: ``my.toml, line 4: require[0].at_most``."""

    source: str
    lines: Mapping[Path, int] = field(default_factory=dict)
    path: Path = ()

    def at(self, key: object) -> Place:
        """A key of the table here, or the row of a list."""
        return replace(self, path=(*self.path, str(key)))

    def __str__(self) -> str:
        line = next(
            (self.lines[p] for n in range(len(self.path), 0, -1) if (p := self.path[:n]) in self.lines), 0
        )
        where = self.source + (f", line {line}" if line else "")
        told = "".join(f"[{k}]" if k.isdigit() else f".{k}" for k in self.path).lstrip(".")
        return f"{where}: {told}" if told else where


def strict_json(text: str, source: str) -> tuple[Any, dict[Path, int]]:
    """The value of a JSON text, and the line of every key.

    Raises:
        InputError: not JSON, or an object with a key twice; names the key and its line.
    """
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(
            say("{source}: not valid JSON ({reason})", source=source, reason=str(error))
        ) from error
    lines: dict[Path, int] = {}
    for path, line in _json_keys(text):
        if path in lines:
            raise InputError(
                say(
                    "{source}, line {line}: {key!r} stands twice, first on line {first}",
                    source=source, line=line, key=path[-1], first=lines[path],
                )
            )  # fmt: skip
        lines[path] = line
    return data, lines


def toml_lines(text: str) -> dict[Path, int]:
    """The line of every key that begins a line of a TOML text, and of every table."""
    found: dict[Path, int] = {}
    here: Path = ()
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


def _json_keys(text: str) -> Iterator[tuple[Path, int]]:
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
            path.append("" if sign == "{" else "0")
        elif sign in "}]":
            inside.pop()
            path.pop()
        elif sign == "," and inside[-1] == "[":
            path[-1] = str(int(path[-1]) + 1)
