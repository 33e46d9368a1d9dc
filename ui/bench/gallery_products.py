"""Contact sheets of any installed families: their archetypes, and sampled designs.

python -m maquette.ui.bench.gallery_products --families chair bicycle --out out/gallery
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from ...design.family.contract import Family
from ...design.family.registry import get_family
from ...design.family.sampling import draws
from ...design.rendering.views import contact_sheet, photographs
from .gallery import render

CELL = (420, 360)
SAMPLED = 10
COLUMNS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Render the sheets; prints each file."""
    parser = argparse.ArgumentParser(prog="python -m maquette.ui.bench.gallery_products", description=__doc__)
    parser.add_argument("--families", nargs="+", required=True)
    parser.add_argument("--out", type=Path, default=Path("out/gallery"))
    parser.add_argument("--publish", type=Path, help="folder for reduced JPEG pictures")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    families = {f"{name}s": get_family(name) for name in options.families}
    sheets = {name: partial(product_sheet, family, options.seed) for name, family in families.items()}
    render(sheets, options.out, options.publish)
    return 0


def product_sheet(family: Family, seed: int) -> bytes:
    """The archetypes by name, then the first accepted uniform draws."""
    defaults = family.defaults()
    shown = [(name.replace("_", " "), {**defaults, **v}) for name, v in family.archetypes.items()]
    accepted = (d.values for d in draws(family, seed) if not d.broken)
    shown += [(f"sampled {k + 1}", values) for k, values in enumerate(islice(accepted, SAMPLED))]
    view = family.pictures[0]
    cells = [(caption, _picture(family, values, view)) for caption, values in shown]
    title = f"{family.title}: {len(family.archetypes)} archetypes, {SAMPLED} sampled designs (seed {seed})"
    return contact_sheet(cells, COLUMNS, title)


def _picture(family: Family, values: Mapping[str, float], view: str) -> bytes:
    return photographs(family, family.mesh(values), (view,), CELL)[view]


if __name__ == "__main__":
    raise SystemExit(main())
