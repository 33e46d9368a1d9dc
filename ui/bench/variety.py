"""Whether sketches of one sheet differ, and whether any copies a design that the model learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from ...design.arrays import FloatArray, IntArray
from ...design.errors import InputError
from ...design.family.contract import Family
from ..sheets.sketching import Sketch
from .rows import Row

#: of the mean distance between random designs that fit the same words
VARIETY = 0.5
#: random designs that fit a brief, among which distances are taken; below FEWEST the brief is left out
FITTING, FEWEST = 48, 8
#: draws at a time, and at most, until FITTING are found
DRAWN, MOST_DRAWN = 20_000, 400_000
#: training designs whose distance to the nearest other one is taken
COMPARED = 500
#: a body is a copy when it lies nearer to a training design than this share of the distance that only one in
#: a hundred training designs falls below
COPY = 0.5
#: where training leaves its designs; regenerated so many otherwise
DESIGNS_FILE = Path("out/concepts/designs.npz")
REGENERATED = 3_000


@dataclass(frozen=True)
class Learned:
    """Designs that the model learned from: (N, P) in the unit cube, and which they are in words."""

    unit: FloatArray
    which: str


def spread(rows: FloatArray) -> float:
    """Mean distance between different rows (n, P); not a number for fewer than two."""
    if len(rows) < 2:
        return float("nan")
    return float(pdist(rows).mean())


def fitting_designs(family: Family, tokens: Sequence[str], count: int = FITTING, seed: int = 0) -> FloatArray:
    """Random designs (n <= count, P) in the unit cube that keep the rules and of which all tokens are true.

    They are drawn as the training designs are: half uniform, half about the named bodies.
    """
    from ...design.concepts.generate.traits import holds, space_of
    from ...design.concepts.training.data import SPREADS
    from ...design.family.parameters import as_values, from_unit_cube
    from ...design.language.attributes import attribute_tokens

    space = space_of(family)
    thirds = attribute_tokens(tokens)
    columns = [k for k, a in enumerate(space.attributes) if a.name in thirds]
    wanted = np.array([thirds[space.attributes[k].name] for k in columns])
    middles = np.array([space.unit(family.defaults() | dict(b)) for b in family.archetypes.values()])
    rng = np.random.default_rng([seed, 29])
    found: list[FloatArray] = []
    for _ in range(MOST_DRAWN // DRAWN):
        unit = rng.random((DRAWN, len(space.names)))
        if len(middles):
            half = DRAWN // 2
            about = middles[rng.integers(len(middles), size=half)]
            widths = rng.choice(SPREADS, size=half)[:, None]
            unit[:half] = np.clip(about + widths * rng.normal(size=about.shape), 0.0, 1.0)
            unit = rng.permutation(unit)
        places = np.minimum((3.0 * space.shares(unit)[:, columns]).astype(np.int64), 2)
        for row in unit[(places == wanted).all(axis=1)]:
            values = as_values(family.declaration, from_unit_cube(family.declaration, row))
            if all(holds(family, values, t) for t in tokens) and not family.broken_rules(values):
                found.append(row)
                if len(found) == count:
                    return np.array(found)
    return np.array(found).reshape(len(found), len(space.names))


def variety_row(family: Family, sheets: Sequence[FloatArray], tokens: Sequence[Sequence[str]]) -> Row:
    """Spread of each sheet's bodies (n, P) over that of random designs which fit its words, averaged."""
    ratios, left_out = [], 0
    for rows, said in zip(sheets, tokens, strict=True):
        random = fitting_designs(family, said)
        if len(random) < FEWEST or len(rows) < 2:
            left_out += 1
            continue
        ratios.append(spread(rows) / spread(random))
    name = "variety: within a sheet / random that fits"
    if not ratios:
        return Row(name, float("nan"), "x", at_least=VARIETY, detail="no brief has random designs that fit")
    detail = f"{min(ratios):.2f} to {max(ratios):.2f} over {len(ratios)} sheets"
    detail += f"; {left_out} briefs left out" if left_out else ""
    return Row(name, float(np.mean(ratios)), "x", at_least=VARIETY, detail=detail)


# -- training designs ----------------------------------------------------------------------------------


def learned_designs(family: Family, seed: int = 0, file: Path | None = None) -> Learned:
    """The training designs from their file where there is one, else the first of them, drawn anew.

    Args:
        seed: of the training designs.
        file: `DESIGNS_FILE` when None, passed over where it is absent or holds others.

    Raises:
        InputError: a given `file` cannot be read, or its designs are of another seed.
    """
    from ...design.concepts.training.data import make_designs, read_designs
    from ...design.family.parameters import to_unit_cube

    place = DESIGNS_FILE if file is None else file
    try:
        designs = read_designs(place, family)
        if designs.seed != seed:
            raise InputError(f"{place}: designs of seed {designs.seed}; the model learned from seed {seed}")
        which = f"all {len(designs)} of {place}"
    except InputError:
        if file is not None:
            raise
        designs = make_designs(family, REGENERATED, seed, progress=lambda _: None)
        which = f"the first {len(designs)} of seed {seed}, drawn anew"
    return Learned(np.asarray(to_unit_cube(family.declaration, designs.values)), which)


def nearest(rows: FloatArray, others: FloatArray) -> tuple[FloatArray, IntArray]:
    """Distance of each row (n, P) to its nearest of the others (m, P), and which that is."""
    distances, places = cKDTree(others).query(rows)
    return distances, places


def own_nearest(rows: FloatArray, count: int = COMPARED, seed: int = 0) -> FloatArray:
    """Distances (count,) of random rows (n, P) to the nearest other row."""
    chosen = np.random.default_rng(seed).permutation(len(rows))[:count]
    distances, _ = cKDTree(rows).query(rows[chosen], k=2)  # the nearest is the row itself
    return np.asarray(distances[:, 1])


def copy_rows(bodies: FloatArray, learned: Learned) -> list[Row]:
    """How near bodies (n, P) come to training designs, and how many are copies."""
    distances, _ = nearest(bodies, learned.unit)
    usual = own_nearest(learned.unit)
    typical, rare = float(np.median(usual)), float(np.quantile(usual, 0.01))
    copies = int((distances < COPY * rare).sum())
    between = f"smallest {distances.min():.3f}, median {np.median(distances):.3f} of {len(bodies)} sketches"
    among = f"between training designs median {typical:.3f}, nearest hundredth {rare:.3f}"
    return [
        Row(
            "variety: nearest training design / typical",
            float(distances.min()) / typical,
            "x",
            detail=f"{between}; {among}; {learned.which}",
        ),
        Row(
            "variety: copies of training designs",
            float(copies),
            "",
            at_most=0.0,
            detail=f"nearer than {COPY * rare:.3f}",
        ),
    ]


def beside_png(family: Family, sketches: Sequence[Sketch], bodies: FloatArray, learned: Learned) -> bytes:
    """PNG of sketches, each beside the drawing of the training design nearest to its body (n, P)."""
    from PIL import Image

    from ...design.concepts.artist.draw import draw
    from ...design.concepts.artist.palettes import compose
    from ...design.family.parameters import as_values, from_unit_cube
    from ...design.rendering.views import contact_sheet
    from ..sheets.files import png_of

    cells = []
    distances, places = nearest(bodies, learned.unit)
    for sketch, distance, place in zip(sketches, distances, places, strict=True):
        row = from_unit_cube(family.declaration, learned.unit[place])
        drawn = draw(
            family.mesh(as_values(family.declaration, row)),
            family.frame,
            sketch.view,
            sketch.style,
            int(place),
        )
        palette = sketch.palette or "graphite"
        beside = Image.fromarray(compose(drawn.ink, drawn.paint, palette))
        cells.append(("sketch", png_of(sketch.picture)))
        cells.append((f"nearest training design, {distance:.2f} away", png_of(beside)))
    return contact_sheet(cells, 4, f"Sketches beside their nearest training designs ({learned.which})")
