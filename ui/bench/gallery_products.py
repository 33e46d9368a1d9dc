"""Contact sheets of any installed families: their archetypes, and sampled designs.

python -m maquette.ui.bench.gallery_products --families chair bicycle --out out/gallery
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from ...design.family.contract import Family
from ...design.family.registry import get_family
from ...design.family.sampling import draws
from ...design.rendering.views import contact_sheet, photographs
from .gallery import reduced

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
    for folder in filter(None, (options.out, options.publish)):
        folder.mkdir(parents=True, exist_ok=True)
    for name in options.families:
        data = product_sheet(get_family(name), options.seed)
        (options.out / f"{name}s.png").write_bytes(data)
        print(options.out / f"{name}s.png", flush=True)
        if options.publish:
            (options.publish / f"{name}s.jpg").write_bytes(reduced(data))
            print(options.publish / f"{name}s.jpg", flush=True)
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
