"""Briefs from words and from files: text (:mod:`.sentence`), TOML and JSON all give the same record.

A file names options of choices under ``[choose]`` (or ``[start]``, ``[lock]``). What is wrong in one is named
with its key and line.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.records import check_schema, read_design
from ...design.family.registry import DEFAULT_FAMILY, get_family
from ...design.messages import say
from ...design.reading import Place, read_text, refuse_unknown, strict_json, strict_toml, text_of
from .about import family_named
from .against import clauses_against, nothing_else, with_compared
from .body_types import checked_kind
from .boxes import boxes
from .brief import ARCHETYPE, Brief, Heard, ParsedBrief, checked, checked_seed, with_seed
from .choosing import is_choice, option_of
from .product import brief_from_text
from .quantity import Quantity, get_quantity
from .requirement import DEFAULT_CONFIDENCE, Requirement, asked_of, merged, refuse_between
from .sentence import parse
from .settling import pointed_out
from .standing_wishes import BY_DEFAULT, checked_names, said_by_default
from .units import parse_value, plausible

_KEYS = (
    "schema_version", "family", "prompt", "require", "prefer", "lock", "start", "choose", "start_sources",
    "seed", "lift", "meet", "box", "kind", "said",
)  # fmt: skip
_REQUIRE_KEYS = (
    "quantity", "at_most", "at_least", "between", "exactly", "unit", "confidence", "hard", "advisory",
    "source",
)  # fmt: skip
MAX_REQUIREMENTS = 200

#: files that hold a brief in words, unless what they hold is plainly a table
_WORDS = frozenset({".txt", ".md", ".text", ""})
_TABLES = (".toml", ".json")
#: a name and its ending, or a name in snake case (an example's, without its ending)
_FILE_NAME = re.compile(r"[^\s\u2e80-\uffff]*[\w)]\.[A-Za-z][A-Za-z0-9]{1,5}|[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+")
_LIKE_TOML = re.compile(
    r"^\s*(\[\[?\s*(require|prefer|lock|start|choose)\s*\]|(family|prompt|schema_version)\s*=)", re.M
)


def read_brief(source: str | Path, family: str = "", seed: int | None = None) -> ParsedBrief:
    """A brief from a `.toml` or `.json` file, from a file of words (`.txt`, `.md`), or from words.

    ``-`` reads standard input, ``@FILE`` a file of any name: a table where they hold one, else words.
    `family` overrides what the file says; words are about the product that they name, else about a car.

    Raises:
        InputError: in one line, naming the file and field, or the phrase; a file of another kind, or none.
    """
    text = str(source)
    path = source if isinstance(source, Path) else _file(text)
    if path is not None:
        kind = path.suffix.lower()
        if path.is_dir():
            raise InputError(say("{path}: is a folder; a brief is words or a file", path=str(path)))
        if kind not in _WORDS and kind not in _TABLES and not text.startswith("@"):
            raise InputError(
                say(
                    "{path}: a brief is a .toml or .json file, or words in a .txt or .md file", path=str(path)
                )
            )
        parsed = _held(read_text(path), kind, str(path), family, path.parent)
    elif text.strip() == "-":
        parsed = _held(_standard_input(), "", "standard input", family, Path())
    else:
        parsed = _words(text, family, Path())
    return parsed if seed is None else replace(parsed, brief=with_seed(parsed.brief, seed))


def _held(text: str, kind: str, source: str, family: str, folder: Path) -> ParsedBrief:
    """The brief that a file holds: a table by its name or its form, else words."""
    if kind == ".json" or (kind != ".toml" and text.lstrip().startswith("{")):
        data, lines = strict_json(text, source)
    elif kind == ".toml" or _LIKE_TOML.search(text):
        data, lines = strict_toml(text, source)
    else:
        return _words(text, family, folder)
    return brief_from_data(data, Place(source, lines), family)


def _words(text: str, family: str, folder: Path) -> ParsedBrief:
    """Words that may compare with design files: "10 % more luggage than start.json"."""
    compared = clauses_against(text)[1]
    if not compared:
        return brief_from_text(text, family)
    files = (folder / c.file if (folder / c.file).exists() else Path(c.file) for c in compared)
    product = get_family(family or family_named(text) or next(read_design(f).family for f in files))
    rest, compared = clauses_against(text, product)
    heard = parse(rest, product, check=False) if re.search(r"\w", rest) else nothing_else(product)
    found = with_compared(heard, product, compared, folder)
    return replace(found, brief=replace(found.brief, prompt=text.strip()))


def _standard_input() -> str:
    raw = getattr(sys.stdin, "buffer", None)
    return sys.stdin.read() if raw is None else text_of(raw.read(), "standard input")


def brief_from_data(data: Any, source: str | Place = "brief", family: str = "") -> ParsedBrief:
    """A brief from the object that a TOML or JSON file holds; its `prompt` is read as words too.

    What the file states comes on top of the words: limits are merged (the tightest holds), locks and
    starting values of the file win.

    Raises:
        InputError: naming the field, the value and what is allowed.
    """
    place = source if isinstance(source, Place) else Place(source)
    if not isinstance(data, Mapping):
        raise InputError(f"{place}: a brief is a table of {', '.join(_KEYS)}; found {type(data).__name__}")
    refuse_unknown(data, _KEYS, place)
    check_schema(data, place.source)
    product = get_family(family or _text(data, "family", place, DEFAULT_FAMILY))
    prompt = _text(data, "prompt", place, "")
    heard = ParsedBrief(Brief(product.name))
    if prompt.strip():
        heard = parse(prompt, product, check=False)
    words = heard.brief
    rows = data.get("require", [])
    if not isinstance(rows, list) or len(rows) > MAX_REQUIREMENTS:
        raise InputError(
            f"{place.at('require')} must be a list of at most {MAX_REQUIREMENTS} tables ([[require]])"
        )
    own = [_requirement(row, product, place.at("require").at(k)) for k, row in enumerate(rows)]
    remarks = [
        (f"require[{k}]", pointed_out(r, get_quantity(product, r.quantity))) for k, r in enumerate(own)
    ]
    noted = tuple(Heard(phrase, told) for phrase, told in remarks if told is not None)
    own += _bundled(data.get("meet", []), product, place.at("meet"))
    own += boxes(data.get("box", []), product, place.at("box"))
    prefer = _table(data, "prefer", place)
    refuse_unknown(prefer, ("minimise", "maximise", "minimize", "maximize"), place.at("prefer"))
    minimise = _names(prefer, ("minimise", "minimize"), product, place) or words.minimise
    maximise = _names(prefer, ("maximise", "maximize"), product, place) or words.maximise
    locks = dict(words.locks)
    for name, raw in _table(data, "lock", place).items():
        if is_choice(product, str(name)):
            continue
        quantity = _quantity(product, str(name), place.at("lock").at(name))
        locks[quantity.name] = parse_value(raw, quantity, str(place.at("lock").at(name)))
    start, sources = _start(data, product, place, words)
    brief = Brief(
        product.name,
        prompt,
        merged([*words.requirements, *own]),
        tuple(sorted(minimise)),
        tuple(sorted(maximise)),
        dict(sorted(locks.items())),
        start,
        sources,
        checked_seed(data.get("seed", 0), str(place)),
        _lifted(data, product, place, words),
        checked_kind(product, _text(data, "kind", place, words.kind), str(place.at("kind"))),
        _text(data, "said", place, ""),
    )
    checked(brief, product)
    said = tuple(h for h in heard.understood if h.phrase != BY_DEFAULT)
    return replace(
        heard, brief=brief, understood=said + said_by_default(product, brief), remarks=heard.remarks + noted
    )


def _file(text: str) -> Path | None:
    """The file that a brief on the command line names; None for words."""
    plain = text.strip()
    if not Path(plain[:200]).exists() and clauses_against(plain)[1]:
        return None
    if "\n" in plain or len(plain) > 1000:
        return None
    if plain.startswith("@") and len(plain) > 1:
        return Path(plain[1:])
    named = plain.lower().endswith(_TABLES) or _FILE_NAME.fullmatch(plain) is not None
    try:
        return Path(plain) if named or (plain and Path(plain).exists()) else None
    except (OSError, ValueError):
        return None


def _requirement(row: Any, family: Family, where: Place) -> Requirement:
    if not isinstance(row, Mapping):
        raise InputError(f"{where} must be a table with quantity and at_most, at_least or between")
    refuse_unknown(row, _REQUIRE_KEYS, where)
    name = row.get("quantity")
    if not isinstance(name, str):
        raise InputError(f"{where.at('quantity')} is {name!r}; give a quantity's name")
    quantity = _quantity(family, name, where.at("quantity"))
    unit = row.get("unit", "")
    if not isinstance(unit, str):
        raise InputError(f"{where.at('unit')} is {unit!r}; give a unit as text")

    def value(key: str, raw: Any) -> float:
        place = str(where.at(key))
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            if unit not in ("", quantity.unit):
                return parse_value(f"{raw!r} {unit}", quantity, place)
            number = parse_value(raw, quantity, place)
            return number if unit else plausible(number, quantity, place)
        return parse_value(raw, quantity, place)

    if "between" in row and {"at_least", "at_most"} & set(row):
        raise InputError(f"{where}: give between, or at_least and at_most, not both")
    limits: dict[str, float] = {k: value(k, row[k]) for k in ("at_least", "at_most") if k in row}
    if "between" in row:
        ends = row["between"]
        if not isinstance(ends, list) or len(ends) != 2:
            raise InputError(f"{where.at('between')} is {ends!r}; give two values")
        limits = {"at_least": value("between", ends[0]), "at_most": value("between", ends[1])}
    if "exactly" in row:
        raise InputError(f"{where}: put an exact value of {name} under [lock]")
    confidence = row.get("confidence", DEFAULT_CONFIDENCE)
    if (
        isinstance(confidence, bool)
        or not isinstance(confidence, (int, float))
        or not math.isfinite(confidence)
    ):
        raise InputError(f"{where.at('confidence')} is {confidence!r}; allowed 0.5 to below 1")
    hard = row.get("hard", not row.get("advisory", False))
    if not isinstance(hard, bool):
        raise InputError(f"{where.at('hard')} is {hard!r}; allowed true or false")
    return Requirement(
        quantity.name,
        quantity.unit,
        limits.get("at_least"),
        limits.get("at_most"),
        float(confidence),
        hard,
        str(row.get("source", "")),
        quantity.kinds,
    )


def _quantity(family: Family, name: str, where: Place) -> Quantity:
    """The quantity of that name; where it stands is named when there is none."""
    try:
        return get_quantity(family, name)
    except InputError as error:
        raise InputError(say("{place}: {problem}", place=where.told, problem=str(error))) from error


def _bundled(names: Any, family: Family, where: Place) -> list[Requirement]:
    """The limits of the standards and classes that a file names under ``meet``."""
    known = {b.name: b for b in family.lexicon.quantities.bundles}
    rows = [names] if isinstance(names, str) else names
    if not isinstance(rows, list) or not all(isinstance(n, str) and n in known for n in rows):
        raise InputError(f"{where} is {names!r}; family {family.name} has {', '.join(known) or 'none'}")
    return [
        asked_of(
            get_quantity(family, f.quantity),
            f.at_least,
            f.at_most,
            source=f"{known[name].title}: {f.source}",
        )
        for name in rows
        for f in known[name].figures
    ]


def _start(
    data: Mapping[str, Any], family: Family, place: Place, words: Brief
) -> tuple[dict[str, float], dict[str, str]]:
    start, sources = dict(words.start), dict(words.start_sources)
    table = dict(_table(data, "start", place))
    archetype = table.pop("archetype", None)
    if archetype is not None:
        if archetype not in family.archetypes:
            known = ", ".join(family.archetypes)
            raise InputError(
                f"{place.at('start').at('archetype')} is {archetype!r}; family {family.name} has {known}"
            )
        start = dict(family.archetypes[archetype])
        sources = dict.fromkeys(start, f"{ARCHETYPE} {archetype}")
    ranges = {p.name: p.range for p in family.parameters}
    given = _table(data, "start_sources", place)
    tables = {"start": table, "choose": _table(data, "choose", place), "lock": _table(data, "lock", place)}
    for key, held in tables.items():
        for name, raw in held.items():
            if key == "choose" or is_choice(family, str(name)):
                choice, option = option_of(family, str(name), raw, str(place.at(key).at(name)))
                start[choice] = option
                sources[choice] = "lock" if key == "lock" else str(given.get(name, "brief"))
    for name, raw in table.items():
        if is_choice(family, str(name)):
            continue
        quantity = get_quantity(family, str(name))
        if quantity.name not in ranges:
            raise InputError(f"{place.at('start').at(name)} is not a parameter of family {family.name}")
        value = parse_value(raw, quantity, str(place.at("start").at(name)))
        rng = ranges[quantity.name]
        if not rng.low <= value <= rng.high:
            raise InputError(f"{place.at('start').at(name)} is {value:g} {rng.unit}; allowed {quantity.span}")
        refuse_between(quantity, value, f"{place.at('start').at(name)} is {value:g}")
        start[quantity.name] = value
        sources[quantity.name] = str(given.get(name, "brief"))
    return dict(sorted(start.items())), dict(sorted(sources.items()))


def _names(table: Mapping[str, Any], keys: tuple[str, ...], family: Family, place: Place) -> tuple[str, ...]:
    found: set[str] = set()
    for key in keys:
        raw = table.get(key, [])
        items = [raw] if isinstance(raw, str) else raw
        if not isinstance(items, list) or not all(isinstance(i, str) for i in items):
            raise InputError(f"{place.at('prefer').at(key)} is {raw!r}; give a list of quantity names")
        found |= {_quantity(family, i, place.at("prefer").at(key)).name for i in items}
    return tuple(sorted(found))


def _lifted(data: Mapping[str, Any], family: Family, place: Place, words: Brief) -> tuple[str, ...]:
    names = data.get("lift", [])
    if not isinstance(names, list):
        raise InputError(f"{place.at('lift')} is {names!r}; give a list of names of default wishes")
    return checked_names(family, [*names, *words.lifted], str(place.at("lift")))


def _table(data: Mapping[str, Any], key: str, place: Place) -> Mapping[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, Mapping):
        raise InputError(f"{place.at(key)} is {value!r}; it must be a table")
    return value


def _text(data: Mapping[str, Any], key: str, place: Place, default: str) -> str:
    value = data.get(key, default)
    if not isinstance(value, str):
        raise InputError(f"{place.at(key)} is {value!r}; it must be text")
    return value
