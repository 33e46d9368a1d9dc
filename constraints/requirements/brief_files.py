"""Briefs from words and from files: English (:mod:`.sentence`), TOML and JSON all give the same record.

Named choices are understood in English and Chinese; a file names options under ``[choose]`` (or ``[start]``,
``[lock]``).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.records import check_schema, read_text
from ...design.family.registry import get_family
from .brief import ARCHETYPE, Brief, ParsedBrief, checked, checked_seed, with_seed
from .choosing import is_choice, option_of
from .quantity import get_quantity
from .requirement import DEFAULT_CONFIDENCE, Requirement, merged, refuse_between
from .sentence import parse
from .standing_wishes import BY_DEFAULT, checked_names, said_by_default
from .units import parse_value

_KEYS = (
    "schema_version", "family", "prompt", "require", "prefer", "lock", "start", "choose", "start_sources",
    "seed", "lift",
)  # fmt: skip
_REQUIRE_KEYS = (
    "quantity", "at_most", "at_least", "between", "exactly", "unit", "confidence", "hard", "advisory",
    "source",
)  # fmt: skip
MAX_REQUIREMENTS = 200


def read_brief(source: str | Path, family: str = "", seed: int | None = None) -> ParsedBrief:
    """A brief from a `.toml` or `.json` file, or from text.

    `family` overrides what the file says when given; a text without one is about a car.

    Raises:
        InputError: in one line, naming the file and field, or the phrase.
    """
    text = str(source)
    path = Path(text) if isinstance(source, Path) or _looks_like_a_file(text) else None
    if path is None:
        parsed = brief_from_text(text, family or "car")
    else:
        parsed = brief_from_data(_load(path), str(path), family)
    if seed is None:
        return parsed
    return ParsedBrief(
        with_seed(parsed.brief, seed), parsed.understood, parsed.not_understood, parsed.ignored
    )


def brief_from_text(text: str, family: str = "car") -> ParsedBrief:
    """A brief from English. See :func:`maquette.constraints.requirements.sentence.parse`.

    Raises:
        InputError: empty or too long a text, a unit of the wrong kind, contradictory or unreachable limits.
    """
    return parse(text, get_family(family))


def brief_from_data(data: Any, source: str = "brief", family: str = "") -> ParsedBrief:
    """A brief from the object that a TOML or JSON file holds; its `prompt` is read as English too.

    What the file states comes on top of the words: limits are merged (the tightest holds), locks and
    starting values of the file win.

    Raises:
        InputError: naming the field, the value and what is allowed.
    """
    if not isinstance(data, Mapping):
        raise InputError(f"{source}: a brief is a table of {', '.join(_KEYS)}; found {type(data).__name__}")
    _refuse_unknown(data, _KEYS, source)
    check_schema(data, source)
    product = get_family(family or _text(data, "family", source, "car"))
    prompt = _text(data, "prompt", source, "")
    heard = ParsedBrief(Brief(product.name))
    if prompt.strip():
        heard = parse(prompt, product, check=False)
    words = heard.brief
    rows = data.get("require", [])
    if not isinstance(rows, list) or len(rows) > MAX_REQUIREMENTS:
        raise InputError(
            f"{source}: require must be a list of at most {MAX_REQUIREMENTS} tables ([[require]])"
        )
    own = [_requirement(row, product, f"{source}: require[{k}]") for k, row in enumerate(rows)]
    prefer = _table(data, "prefer", source)
    _refuse_unknown(prefer, ("minimise", "maximise", "minimize", "maximize"), f"{source}: prefer")
    minimise = _names(prefer, ("minimise", "minimize"), product, source) or words.minimise
    maximise = _names(prefer, ("maximise", "maximize"), product, source) or words.maximise
    locks = dict(words.locks)
    for name, raw in _table(data, "lock", source).items():
        if is_choice(product, str(name)):
            continue
        quantity = get_quantity(product, str(name))
        locks[quantity.name] = parse_value(raw, quantity, f"{source}: lock.{name}")
    start, sources = _start(data, product, source, words)
    brief = Brief(
        product.name,
        prompt,
        merged([*words.requirements, *own]),
        tuple(sorted(minimise)),
        tuple(sorted(maximise)),
        dict(sorted(locks.items())),
        start,
        sources,
        checked_seed(data.get("seed", 0), source),
        _lifted(data, product, source, words),
    )
    checked(brief, product)
    said = tuple(h for h in heard.understood if h.phrase != BY_DEFAULT)
    return ParsedBrief(brief, said + said_by_default(product, brief), heard.not_understood, heard.ignored)


def _load(path: Path) -> Any:
    text = read_text(path)
    if path.suffix.lower() == ".json":
        try:
            return json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            raise InputError(f"{path}: not valid JSON ({error})") from error
    import tomllib

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{path}: not valid TOML ({error})") from error


def _looks_like_a_file(text: str) -> bool:
    plain = text.strip()
    return plain.lower().endswith((".toml", ".json")) and "\n" not in plain and len(plain) < 1000


def _requirement(row: Any, family: Family, where: str) -> Requirement:
    if not isinstance(row, Mapping):
        raise InputError(f"{where} must be a table with quantity and at_most, at_least or between")
    _refuse_unknown(row, _REQUIRE_KEYS, where)
    name = row.get("quantity")
    if not isinstance(name, str):
        raise InputError(f"{where}.quantity is {name!r}; give a quantity's name")
    quantity = get_quantity(family, name)
    unit = row.get("unit", quantity.unit)

    def value(key: str, raw: Any) -> float:
        if isinstance(raw, (int, float)) and not isinstance(raw, bool) and unit != quantity.unit:
            raw = f"{raw!r} {unit}"
        return parse_value(raw, quantity, f"{where}.{key}")

    limits: dict[str, float] = {k: value(k, row[k]) for k in ("at_least", "at_most") if k in row}
    if "between" in row:
        ends = row["between"]
        if not isinstance(ends, list) or len(ends) != 2:
            raise InputError(f"{where}.between is {ends!r}; give two values")
        if limits:
            raise InputError(f"{where}: give between, or at_least and at_most, not both")
        limits = {"at_least": value("between", ends[0]), "at_most": value("between", ends[1])}
    if "exactly" in row:
        raise InputError(f"{where}: put an exact value of {name} under [lock]")
    confidence = row.get("confidence", DEFAULT_CONFIDENCE)
    if (
        isinstance(confidence, bool)
        or not isinstance(confidence, (int, float))
        or not math.isfinite(confidence)
    ):
        raise InputError(f"{where}.confidence is {confidence!r}; allowed 0.5 to below 1")
    hard = row.get("hard", not row.get("advisory", False))
    if not isinstance(hard, bool):
        raise InputError(f"{where}.hard is {hard!r}; allowed true or false")
    return Requirement(
        quantity.name,
        quantity.unit,
        limits.get("at_least"),
        limits.get("at_most"),
        float(confidence),
        hard,
        str(row.get("source", "")),
    )


def _start(
    data: Mapping[str, Any], family: Family, source: str, words: Brief
) -> tuple[dict[str, float], dict[str, str]]:
    start, sources = dict(words.start), dict(words.start_sources)
    table = dict(_table(data, "start", source))
    archetype = table.pop("archetype", None)
    if archetype is not None:
        if archetype not in family.archetypes:
            known = ", ".join(family.archetypes)
            raise InputError(f"{source}: start.archetype is {archetype!r}; family {family.name} has {known}")
        start = dict(family.archetypes[archetype])
        sources = dict.fromkeys(start, f"{ARCHETYPE} {archetype}")
    ranges = {p.name: p.range for p in family.parameters}
    given = _table(data, "start_sources", source)
    tables = {"start": table, "choose": _table(data, "choose", source), "lock": _table(data, "lock", source)}
    for key, held in tables.items():
        for name, raw in held.items():
            if key == "choose" or is_choice(family, str(name)):
                choice, place = option_of(family, str(name), raw, f"{source}: {key}.{name}")
                start[choice] = place
                sources[choice] = "lock" if key == "lock" else str(given.get(name, "brief"))
    for name, raw in table.items():
        if is_choice(family, str(name)):
            continue
        quantity = get_quantity(family, str(name))
        if quantity.name not in ranges:
            raise InputError(f"{source}: start.{name} is not a parameter of family {family.name}")
        value = parse_value(raw, quantity, f"{source}: start.{name}")
        rng = ranges[quantity.name]
        if not rng.low <= value <= rng.high:
            raise InputError(f"{source}: start.{name} is {value:g} {rng.unit}; allowed {quantity.span}")
        refuse_between(quantity, value, f"{source}: start.{name} is {value:g}")
        start[quantity.name] = value
        sources[quantity.name] = str(given.get(name, "brief"))
    return dict(sorted(start.items())), dict(sorted(sources.items()))


def _names(table: Mapping[str, Any], keys: tuple[str, ...], family: Family, source: str) -> tuple[str, ...]:
    found: set[str] = set()
    for key in keys:
        raw = table.get(key, [])
        items = [raw] if isinstance(raw, str) else raw
        if not isinstance(items, list) or not all(isinstance(i, str) for i in items):
            raise InputError(f"{source}: prefer.{key} is {raw!r}; give a list of quantity names")
        found |= {get_quantity(family, i).name for i in items}
    return tuple(sorted(found))


def _lifted(data: Mapping[str, Any], family: Family, source: str, words: Brief) -> tuple[str, ...]:
    names = data.get("lift", [])
    if not isinstance(names, list):
        raise InputError(f"{source}: lift is {names!r}; give a list of names of default wishes")
    return checked_names(family, [*names, *words.lifted], f"{source}: lift")


def _table(data: Mapping[str, Any], key: str, source: str) -> Mapping[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, Mapping):
        raise InputError(f"{source}: {key} is {value!r}; it must be a table")
    return value


def _text(data: Mapping[str, Any], key: str, source: str, default: str) -> str:
    value = data.get(key, default)
    if not isinstance(value, str):
        raise InputError(f"{source}: {key} is {value!r}; it must be text")
    return value


def _refuse_unknown(data: Mapping[str, Any], allowed: tuple[str, ...], where: str) -> None:
    import difflib

    for key in data:
        if key not in allowed:
            near = difflib.get_close_matches(str(key), allowed, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; allowed: {', '.join(allowed)}"
            raise InputError(f"{where}: unknown key {key!r}{hint}")
