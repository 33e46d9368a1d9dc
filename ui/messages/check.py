"""A catalogue against the source: ids without a translation, ids that nobody says, fields that differ."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .extract import extracted, fields_of
from .labels import labels, meanings
from .translate import STOP, catalogue

#: a catalogue's first entry; no dates, so that the same texts are the same file
HEADER = """# Texts of Maquette: ids are English templates, see `python -m maquette.ui.messages`.
msgid ""
msgstr ""
"Language: {locale}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
#: what only English shows: a rule's name, whose reason says it all; a job's argument, whose file is named
ENGLISH_ONLY = {"rule", "argument"}


@cache
def needed() -> dict[str, tuple[str, int]]:
    """Every id that a catalogue must hold, with the place that says it."""
    plain: dict[str, tuple[str, int]] = dict.fromkeys((*sorted(labels()), *meanings()), ("", 0))
    return plain | extracted()


def complaints(language: str) -> list[str]:
    """What is wrong with a language's catalogue, a line each."""
    held = catalogue(language)
    found = [
        f"no translation of {text!r} ({file}:{line})"
        for text, (file, line) in needed().items()
        if text not in held
    ]
    found += [f"nobody says {text!r}" for text in held if text not in needed()]
    for text, said in held.items():
        if "{" in text and fields_of(text) - fields_of(said) - ENGLISH_ONLY | fields_of(said) - fields_of(
            text
        ):
            found.append(f"other fields than {text!r}: {said!r}")
        if text.endswith(".") and not said.endswith(STOP):
            found.append(f"no full stop: {said!r}")
    return found


def refresh(path: Path) -> None:
    """Write the catalogue anew: the ids of the source in its order, with the translations that there are."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    with path.open("rb") as file:
        old = {str(m.id): str(m.string) for m in read_po(file, locale=path.stem) if m.id}
    made = Catalog(locale=path.stem, project="Maquette", fuzzy=False)
    for text, (place, _) in sorted(needed().items(), key=lambda item: (item[1][0], item[0])):
        made.add(text, old.get(text, ""), locations=[(place, 0)] if place else [])
    with path.open("wb") as file:
        file.write(HEADER.format(locale=path.stem).encode("utf-8"))
        write_po(file, made, width=0, include_lineno=False, omit_header=True)
