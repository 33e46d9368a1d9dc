"""The brief: what a design must do, what it should do, what stays fixed, and where the search begins.

It comes from English (:mod:`.sentence`) or from a TOML or JSON file; both give the same record. Named choices
are understood in English and Chinese; a file names options under ``[choose]`` (or ``[start]``, ``[lock]``).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.parameters import choices_in
from ...design.family.records import SCHEMA_VERSION, named_values, read_text
from ...design.family.registry import get_family
from ...design.limits import MAX_SEED
from ...design.messages import Message, marked, say, spelt
from .choosing import is_choice, option_of
from .quantity import get_quantity
from .requirement import DEFAULT_CONFIDENCE, Requirement, merged, refuse_unreachable
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
#: what a phrase that moves the starting point became: a body type, moves, moves and wishes
STARTS = (
    marked("starting point: {body}"),
    marked("starting point: {moves}"),
    marked("starting point: {moves}; {wishes}"),
)
#: wishes: what the search is to push to one side
WISHES = (marked("minimise {quantities}"), marked("maximise {quantities}"))
ARCHETYPE = "archetype"  # how the source of a body type's values begins: "archetype fastback"
START_DESIGN = "start design"


@dataclass(frozen=True)
class Brief:
    """Everything a search needs to know about what is wanted.

    Attributes:
        family: name of the product family.
        prompt: the words, as written.
        requirements: merged and sorted by quantity.
        minimise, maximise: preferred directions, by quantity, sorted.
        locks: parameters (or sums of parameters) that stay fixed, in the quantity's unit.
        start: parameters where the search begins, those that differ from the family's defaults, and the
            options that are asked for, by their places: no search changes them.
        start_sources: who set each of them ("archetype fastback", "brief: low").
        seed: of the search.
        lifted: names of the family's standing wishes that do not hold (:mod:`.standing_wishes`).
    """

    family: str
    prompt: str = ""
    requirements: tuple[Requirement, ...] = ()
    minimise: tuple[str, ...] = ()
    maximise: tuple[str, ...] = ()
    locks: Mapping[str, float] = field(default_factory=dict)
    start: Mapping[str, float] = field(default_factory=dict)
    start_sources: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    lifted: tuple[str, ...] = ()

    @property
    def hard(self) -> tuple[Requirement, ...]:
        """The requirements that decide about passing."""
        return tuple(r for r in self.requirements if r.hard)

    def options(self, family: Family, start: Mapping[str, float] | None = None) -> dict[str, float]:
        """Every choice of the family, as places: what the brief asks for, else what the design `start` has,
        else what the brief's body type has, else the default."""
        begun = choices_in(family.declaration, self.start)
        asked = {n: begun[n] for n in self.asked_options(family)}
        given = choices_in(family.declaration, start or {})
        return {c.name: c.default for c in family.choices} | begun | given | asked

    def asked_options(self, family: Family) -> dict[str, str]:
        """The choices that the brief itself asks for, with who asks; not those that only suit its body
        type."""
        sources = {n: self.start_sources.get(n, "brief") for n in choices_in(family.declaration, self.start)}
        return {n: source for n, source in sources.items() if not source.startswith(ARCHETYPE)}

    def option_sources(self, family: Family, start: Mapping[str, float] | None = None) -> dict[str, str]:
        """Who set each of `options`."""
        begun = {n: self.start_sources.get(n, "brief") for n in choices_in(family.declaration, self.start)}
        given = dict.fromkeys(choices_in(family.declaration, start or {}), START_DESIGN)
        return {c.name: "default" for c in family.choices} | begun | given | self.asked_options(family)

    def to_json(self) -> dict[str, Any]:
        """The form of a brief file; reading it gives the same brief."""
        return {
            "schema_version": SCHEMA_VERSION,
            "family": self.family,
            "prompt": self.prompt,
            "require": [r.to_json() for r in self.requirements],
            "prefer": {"minimise": list(self.minimise), "maximise": list(self.maximise)},
            "lock": dict(self.locks),
            "start": named_values(self.family, self.start),
            "start_sources": dict(self.start_sources),
            "seed": self.seed,
            "lift": list(self.lifted),
        }


@dataclass(frozen=True)
class Heard:
    """A phrase of the prompt and what it became (or why it became nothing)."""

    phrase: str
    meaning: str

    @property
    def starts(self) -> bool:
        """Whether it moved the starting point."""
        return isinstance(self.meaning, Message) and self.meaning.id in STARTS

    @property
    def wishes(self) -> bool:
        """Whether it is what the search is to push to one side."""
        return isinstance(self.meaning, Message) and self.meaning.id in WISHES


@dataclass(frozen=True)
class ParsedBrief:
    """A brief and how its words were taken.

    Attributes:
        brief: the record.
        understood: each phrase and its meaning, in the order of the text.
        not_understood: each phrase that changes nothing, with the reason when there is a better one than
            "not in the vocabulary".
        ignored: stop words, for the record.
    """

    brief: Brief
    understood: tuple[Heard, ...] = ()
    not_understood: tuple[Heard, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def unknown_words(self) -> tuple[str, ...]:
        """The phrases that were not understood."""
        return tuple(h.phrase for h in self.not_understood)


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
    from .sentence import parse

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
    version = data.get("schema_version", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        raise InputError(
            say(
                "{source}: schema_version is {version}; this version reads {known}",
                source=source,
                version=repr(version),
                known=SCHEMA_VERSION,
            )
        )
    product = get_family(family or _text(data, "family", source, "car"))
    prompt = _text(data, "prompt", source, "")
    heard = ParsedBrief(Brief(product.name))
    if prompt.strip():
        from .sentence import parse

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
        _seed(data.get("seed", 0), source),
        _lifted(data, product, source, words),
    )
    checked(brief, product)
    said = tuple(h for h in heard.understood if h.phrase != BY_DEFAULT)
    return ParsedBrief(brief, said + said_by_default(product, brief), heard.not_understood, heard.ignored)


def checked(brief: Brief, family: Family) -> Brief:
    """`brief`, unless its limits, locks and preferences cannot hold together.

    Raises:
        InputError: contradictory or unreachable limits; a quantity both minimised and maximised.
    """
    refuse_unreachable(family, brief.requirements, brief.locks)
    both = sorted(set(brief.minimise) & set(brief.maximise))
    if both:
        raise InputError(both_ways(both[0]))
    return brief


def both_ways(name: str) -> Message:
    """A quantity is both minimised and maximised."""
    return say(
        "{quantity} is asked to be both as small and as large as possible; keep one", quantity=spelt(name)
    )


def with_options(brief: Brief, options: Mapping[str, float], source: str) -> Brief:
    """The brief with these options (choice to place), set by `source`."""
    start = {**brief.start, **options}
    sources = {**brief.start_sources, **dict.fromkeys(options, source)}
    return replace(brief, start=dict(sorted(start.items())), start_sources=dict(sorted(sources.items())))


def with_seed(brief: Brief, seed: int) -> Brief:
    """The brief with another seed."""
    return replace(brief, seed=_seed(seed, "seed"))


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


def _seed(value: Any, source: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_SEED:
        raise InputError(f"{source}: seed is {value!r}; allowed whole numbers from 0 to {MAX_SEED}")
    return value


def _refuse_unknown(data: Mapping[str, Any], allowed: tuple[str, ...], where: str) -> None:
    import difflib

    for key in data:
        if key not in allowed:
            near = difflib.get_close_matches(str(key), allowed, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; allowed: {', '.join(allowed)}"
            raise InputError(f"{where}: unknown key {key!r}{hint}")
