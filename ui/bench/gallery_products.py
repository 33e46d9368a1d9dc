"""Contact sheets of any installed families: their archetypes, and designs near them.

python -m maquette.ui.bench.gallery_products --families chair bicycle --out out/gallery
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ...design.family.contract import Family
from ...design.family.registry import get_family
from ...design.geometry.mesh import MeshPart
from ...design.rendering.cameras import framed
from ...design.rendering.views import contact_sheet, render_views, standing, view_in_use
from .gallery import render

CELL = (420, 360)
NEAR = 10
ROOM = 1.06  # times the width that the largest body needs
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
    """The archetypes by name, then bodies near them as sketches without words begin with; to one scale."""
    from ...design.concepts.generate.by_artist import ArtistPipeline

    defaults = family.defaults()
    shown = [(name.replace("_", " "), {**defaults, **v}) for name, v in family.archetypes.items()]
    near = ArtistPipeline(family)(
        "", num_images_per_prompt=NEAR, generator=seeded(seed), output_type="concept"
    )
    rng = np.random.default_rng(seed)
    for k, values in enumerate(near.designs):  # in finishes drawn at random: a sketch has none of its own
        worn = {c.name: float(rng.integers(len(c.choice.options))) for c in family.choices}
        shown.append((f"design {k + 1}", {**defaults, **values, **worn}))
    bodies = [(caption, family.mesh(values)) for caption, values in shown]
    if family.in_use(defaults):
        bodies = [
            (caption, standing([*parts, *family.in_use(values)]))
            for (caption, parts), (_, values) in zip(bodies, shown, strict=True)
        ]
    usual = "three_quarter" if "three_quarter" in family.pictures else family.pictures[0]
    used = bool(family.in_use(defaults))
    view = view_in_use(family) if used else usual
    floor = used or family.frame.ground
    span = ROOM * max(_span(family, parts, view) for _, parts in bodies)
    cells = [
        (caption, render_views(parts, (view,), CELL, span, family.eyes, floor)[view])
        for caption, parts in bodies
    ]
    title = f"{family.title}: {len(family.archetypes)} kinds, and {NEAR} designs near them (seed {seed})"
    return contact_sheet(cells, COLUMNS, title)


def seeded(seed: int) -> list[Any]:
    """Generators of as many pictures."""
    import torch

    return [torch.Generator().manual_seed(seed + k) for k in range(NEAR)]


def _span(family: Family, parts: Sequence[MeshPart], view: str) -> float:
    """Width that a picture of a body shows, mm, where it is framed by itself."""
    points = np.concatenate([part.mesh.vertices for part in parts]) * 1e-3
    aspect = CELL[0] / CELL[1]
    return 2e3 * aspect * framed(points, family.eyes[view], aspect).half_height


if __name__ == "__main__":
    raise SystemExit(main())
