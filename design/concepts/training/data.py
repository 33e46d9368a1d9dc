"""The designs that the concept model learns from: half uniform over the space, half around the named bodies.

`designs.npz` in the training folder holds ``values`` (N, P; own units, declaration order), ``body`` (N,)
index into ``bodies`` or -1, ``numbers`` (N, K) of ``number_names``, ``options`` (N, C) places of choices
whose options ``option_names`` tells (as :func:`..networks.options.option_names`), and any columns
``label_<name>`` (N,) that another program has added (`python -m maquette.surrogate.labels` adds the
predicted performance).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from ...arrays import Float32Array, FloatArray, IntArray, read_npz, replace_npz
from ...errors import InputError
from ...family.contract import Family
from ...family.parameters import as_row, as_values, from_unit_cube, to_unit_cube
from ...family.registry import get_family
from ...family.sampling import drawn_choices
from ...limits import MAX_SAMPLES
from ...processes import in_processes
from ..networks.options import option_columns, option_counts, option_names, places_of

Progress = Callable[[str], None]

LABEL = "label_"
#: a design around a named body spreads by one of these shares of every range, and keeps the body's name
#: up to `NAMED`: beyond, an "suv" may have become a saloon
SPREADS = (0.03, 0.06, 0.10, 0.16, 0.25)
NAMED = 0.11
CHUNK = 500  # designs in one piece of work
_OPTIONS = 1  # third word of the seed of a chunk's options
_DRAWS = 200  # per design and chunk: a family that refuses more than 99.5 % is not sampled any further


@dataclass(frozen=True)
class Designs:
    """Designs with what is known of them.

    Attributes:
        values: (N, P) own units, declaration order.
        body: (N,) index into `bodies`, -1 for none.
        numbers: (N, K) float32, own units, of `number_names`.
        labels: further columns by name, each (N,) float32, NaN where unknown.
        options: (N, C) places of the options that each is drawn with, drawn at random.
        seed: of the draws.
    """

    family: str
    declaration_hash: str
    values: FloatArray
    body: IntArray
    bodies: tuple[str, ...]
    numbers: Float32Array
    number_names: tuple[str, ...]
    seed: int
    labels: Mapping[str, Float32Array] = field(default_factory=dict)
    options: IntArray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def concepts(self) -> Float32Array:
        """(N, P) in [-1, 1]."""
        family = get_family(self.family)
        return np.asarray(2.0 * to_unit_cube(family.declaration, self.values) - 1.0, dtype=np.float32)

    @cached_property
    def drawn(self) -> Float32Array:
        """(N, P + O): concepts and options, as the drawer is told them."""
        family = get_family(self.family)
        places = self.options
        if len(places) != len(self):
            places = places_of(family, [{}] * len(self))
        return np.concatenate([self.concepts, option_columns(family, places)], axis=1)

    def conditions(self) -> tuple[tuple[str, ...], Float32Array]:
        """Names and values (N, K) of every number that may steer, in the family's order."""
        known = {name: self.numbers[:, i] for i, name in enumerate(self.number_names)}
        known |= self.labels
        names = tuple(name for name in steering(get_family(self.family)) if name in known)
        return names, np.stack([known[name] for name in names], axis=1).astype(np.float32)

    def body_name(self, index: int) -> str | None:
        """Named body that design `index` was drawn close to."""
        body = int(self.body[index])
        return self.bodies[body] if body >= 0 else None


def make_designs(
    family: Family, count: int, seed: int = 0, workers: int = 2, progress: Progress = print
) -> Designs:
    """`count` designs that keep every rule; the same for the same seed, whatever the number of workers.

    Raises:
        InputError: count out of bounds, or the rules refuse nearly the whole space.
    """
    if not 1 <= count <= MAX_SAMPLES:
        raise InputError(f"count is {count}; allowed 1 to {MAX_SAMPLES} designs")
    jobs = [
        (family.name, seed, start // CHUNK, min(CHUNK, count - start)) for start in range(0, count, CHUNK)
    ]
    parts: list[tuple[FloatArray, IntArray, Float32Array, IntArray]] = []
    for part in in_processes(_chunk, jobs, workers):
        parts.append(part)
        if len(parts) % 10 == 0:
            progress(f"{min(len(parts) * CHUNK, count)} of {count} designs")
    rows, bodies, numbers, options = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Designs(
        family.name,
        family.declaration_hash,
        rows,
        bodies,
        tuple(family.archetypes),
        numbers,
        number_names_of(family),
        seed,
        options=options,
    )


def number_names_of(family: Family) -> tuple[str, ...]:
    """Those of :func:`steering` that the family declares or measures."""
    known = {p.name for p in family.parameters} | {m.name for m in family.measure_list}
    return tuple(name for name in steering(family) if name in known)


def steering(family: Family) -> tuple[str, ...]:
    """The numbers that may steer a family's sketches, in order."""
    return tuple(family.steered_by) or tuple(m.name for m in family.measure_list)


def write_designs(designs: Designs, path: Path) -> None:
    """Write the training file, in one replacement."""
    columns = {LABEL + name: column for name, column in designs.labels.items()}
    replace_npz(
        path,
        values=designs.values,
        body=designs.body,
        bodies=np.array(designs.bodies, dtype=np.str_),
        numbers=designs.numbers,
        number_names=np.array(designs.number_names, dtype=np.str_),
        family=np.array(designs.family),
        declaration_hash=np.array(designs.declaration_hash),
        seed=np.array(designs.seed),
        options=designs.options,
        option_names=np.array(option_names(get_family(designs.family)), dtype=np.str_),
        **columns,
    )


def read_designs(path: Path, family: Family) -> Designs:
    """Read the training file of that family.

    Raises:
        InputError: unreadable, of another family, or made for another parameter declaration or other options.
    """
    columns = read_npz(path)
    missing = {
        "values", "body", "bodies", "numbers", "number_names", "options", "family", "declaration_hash",
        "seed",
    }  # fmt: skip
    missing -= set(columns)
    if missing:
        raise InputError(f"{path}: no column {min(missing)!r}; make it anew with --stage designs")
    if str(columns["family"]) != family.name or str(columns["declaration_hash"]) != family.declaration_hash:
        raise InputError(
            f"{path}: designs of family {str(columns['family'])!r} under another parameter declaration than "
            f"{family.name!r} has now; delete the training folder and make them anew"
        )
    values = columns["values"].astype(np.float64)
    options = columns["options"].astype(np.int64)
    told = tuple(str(name) for name in columns.get("option_names", option_names(family)))  # once not written
    counts = option_counts(family)
    fits = not len(options) or (
        options.shape == (len(values), len(counts)) and bool(((options >= 0) & (options < counts)).all())
    )
    if told != option_names(family) or not fits:
        raise InputError(
            f"{path}: designs with other options than family {family.name!r} has now; delete the training "
            "folder and make them anew"
        )
    labels = {
        key.removeprefix(LABEL): column.astype(np.float32)
        for key, column in columns.items()
        if key.startswith(LABEL) and column.shape == (len(values),)
    }
    return Designs(
        family.name,
        family.declaration_hash,
        values,
        columns["body"].astype(np.int64),
        tuple(str(b) for b in columns["bodies"]),
        columns["numbers"].astype(np.float32),
        tuple(str(n) for n in columns["number_names"]),
        int(columns["seed"]),
        labels,
        options,
    )


# -- one piece of work ---------------------------------------------------------------------------------


def _chunk(
    job: tuple[str, int, int, int],
) -> tuple[FloatArray, IntArray, Float32Array, IntArray]:
    """`count` designs of chunk `index`: values, body, numbers, options."""
    name, seed, index, count = job
    family = get_family(name)
    names = number_names_of(family)
    declared = {p.name for p in family.parameters}
    measured = [n for n in names if n not in declared]
    rng = np.random.default_rng([seed, index])
    middles = [
        to_unit_cube(family.declaration, as_row(family.declaration, family.defaults() | dict(body)))
        for body in family.archetypes.values()
    ]
    rows, bodies, numbers = [], [], []
    for _ in range(count * _DRAWS):
        unit, body = draw_one(rng, middles, len(family.parameters))
        row = from_unit_cube(family.declaration, unit)
        values = as_values(family.declaration, row)
        if family.broken_rules(values):
            continue
        known = values | family.measures_of(values, measured)
        rows.append(row)
        bodies.append(body)
        numbers.append([known[n] for n in names])
        if len(rows) == count:
            generator = np.random.default_rng([seed, index, _OPTIONS])
            options = places_of(family, [drawn_choices(family.choices, generator) for _ in rows])
            return np.array(rows), np.array(bodies), np.array(numbers, dtype=np.float32), options
    raise InputError(f"family {name!r} accepted {len(rows)} of {count * _DRAWS} draws: nothing to learn from")


def draw_one(rng: np.random.Generator, middles: Sequence[FloatArray], d: int) -> tuple[FloatArray, int]:
    """One draw of the unit cube (d,), and the index of the body that it is named after, or -1."""
    if not middles or rng.random() < 0.5:
        return rng.random(d), -1
    body = int(rng.integers(len(middles)))
    spread = float(rng.choice(SPREADS))
    unit = np.clip(middles[body] + rng.normal(0.0, spread, d), 0.0, 1.0)
    return unit, body if spread < NAMED else -1
