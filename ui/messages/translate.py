"""Messages in a language: ids looked up in the catalogue (gettext, read by Babel), arguments filled in.

    translated(verdict.reason, "zh")

A text without an entry stays English as a whole; what people wrote, file names and commands are plain
arguments and are never touched. A sentence ends with its full stop in the catalogue and loses it inside
another sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ...design.messages import AMOUNT, LIST, NAME, QUOTE, SPAN, Message
from .words_names import name_zh

FOLDER = Path(__file__).parent
#: catalogues by the language of the pages
CATALOGUES = {"zh": FOLDER / "zh_CN.po"}
STOP = "。"
_UNITS = {"deg": "°", "m2": " m²", "m3": " m³", "1": "", "": "", "plain numbers": "纯数字", "million": "百万"}
_SEPARATORS = {", ": "、", " and ": "、", " or ": "、", "; ": "；", ", or ": "，或", " ": "", ". ": STOP}


def translated(text: str, language: str) -> str:
    """`text` in `language`: by its id where it is a :class:`Message`, a label by itself, else unchanged."""
    if language not in CATALOGUES or not text:
        return text
    if isinstance(text, Message):
        return _said(text, language)
    return catalogue(language).get(text, text)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Texts of a language by id."""
    from babel.messages.pofile import read_po

    with CATALOGUES[language].open("rb") as file:
        entries = read_po(file, locale=CATALOGUES[language].stem)
    return {str(m.id): str(m.string) for m in entries if m.id and m.string}


def _said(message: Message, language: str) -> str:
    rule = _RULES.get(message.id)
    try:
        if rule is not None:
            return rule(message, language)
        found = catalogue(language).get(message.id)
        if found is None:
            return message
        filled = {k: _argument(v, language) for k, v in message.arguments.items()}
        return found.format(**filled) if filled else found
    except (LookupError, ValueError, TypeError, AttributeError):  # arguments that do not fit: kept elsewhere
        return message


def _argument(value: Any, language: str) -> Any:
    """A message is translated, and a sentence loses its full stop; anything else stays."""
    return _said(value, language).removesuffix(STOP) if isinstance(value, Message) else value


def _name(message: Message, _language: str) -> str:
    return name_zh(str(message.arguments["name"])) or message


def _amount(message: Message, _language: str) -> str:
    unit = message.arguments["unit"]
    return f"{message.arguments['shown']}{_UNITS.get(unit, f' {unit}')}"


def _span(message: Message, _language: str) -> str:
    low, high, unit = (message.arguments[k] for k in ("low", "high", "unit"))
    return f"{low:g} 至 {high:g}{_UNITS.get(unit, f' {unit}')}"


def _list(message: Message, language: str) -> str:
    """Sentences in a row keep their full stops; clauses have one together."""
    parts: Sequence[Any] = message.arguments["parts"]
    separator = str(message.arguments["separator"])
    if separator == " ":
        return "".join(_said(p, language) if isinstance(p, Message) else str(p) for p in parts)
    said = [_said(p, language) if isinstance(p, Message) else str(p) for p in parts]
    joined = _SEPARATORS.get(separator, separator).join(s.removesuffix(STOP) for s in said)
    return joined + (STOP if any(s.endswith(STOP) for s in said) else "")


def _quote(message: Message, language: str) -> str:
    """Known words of the system in the language, else its own words as a quotation."""
    return catalogue(language).get(str(message), f"“{message}”")


_RULES = {NAME: _name, AMOUNT: _amount, SPAN: _span, LIST: _list, QUOTE: _quote}
