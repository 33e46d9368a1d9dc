"""A quick look at the car's skin, where :mod:`.surface_plan` has it judged, without the kernel.

    python -m maquette.design.products.car.surfaces --archetype hatchback --out /tmp/hatchback

samples the definition, puts the exact body's surfaces through the points (the same B-splines, see
:mod:`...geometry.patches`), prints the waves found and writes zebra pictures, in seconds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...errors import InputError, answers_errors
from ...family.records import read_design
from ...geometry.mesh import mirrored
from ...geometry.patches import Patch, patch_through
from ...geometry.surface_lines import LineQuality, line_quality
from ...geometry.surface_quality import Heat, RegionQuality, region_quality
from ...rendering.surface_report import quality_rows
from .archetypes import ARCHETYPES
from .definition import Definition, define
from .family import Car
from .seams import skin_parameters, skin_slopes
from .skin import EXACT, Detail, Skin, skin
from .surface_plan import lines, regions, surface_plan

#: so many points that the surface through them is the definition itself
DENSE = Detail(stations=700, end=41, top=61, corner=33, glass=61, shoulder=41, side=61, sill=21)


def skin_patches(s: Skin) -> list[Patch]:
    """The surfaces of :func:`.body.skin_solid` without the kernel."""
    u, across, down = skin_parameters(s)
    slopes = skin_slopes(s)
    return [
        patch_through("top", s.top, u, across, slopes=slopes.top),
        patch_through("right side", s.side, u, down, slopes=slopes.side),
        patch_through("floor", s.floor, u, across, slopes=slopes.floor),
        patch_through("left side", mirrored(s.side), u, down, -1.0, slopes.left_side),
        patch_through("nose", s.nose, down, across, -1.0, slopes.nose),
        patch_through("tail", s.tail, down, across, slopes=slopes.tail),
    ]


def judge(
    patches: Sequence[Patch], d: Definition, only: Sequence[str] = ()
) -> tuple[list[tuple[RegionQuality, Heat]], list[LineQuality]]:
    """Quality of every region (or `only` those) and line."""
    chosen = [r for r in regions(d) if not only or r.name in only]
    return [region_quality(patches, r) for r in chosen], [line_quality(patches, w) for w in lines(d)]


@answers_errors
def main(arguments: Sequence[str] | None = None) -> int:
    """The quick look (see the module's text)."""
    parser = argparse.ArgumentParser(prog="python -m maquette.design.products.car.surfaces")
    parser.add_argument("--archetype", default="hatchback", help="one of them, several with commas, or all")
    parser.add_argument("--design", type=Path, help="a design file instead")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="change a parameter")
    parser.add_argument("--out", type=Path, help="folder for the pictures; none without it")
    parser.add_argument(
        "--dense", action="store_true", help="the definition itself, not the exact body's grid"
    )
    parser.add_argument("--bars", default="x", help="bars of light along x, y, z, or several: xy")
    parser.add_argument("--views", default="three_quarter,three_quarter_rear,side,top")
    parser.add_argument("--size", default="1100x550")
    parser.add_argument("--only", default="", help="regions, with commas")
    parser.add_argument("--worst", type=int, default=3)
    parser.add_argument("--no-table", action="store_true", help="pictures only")
    a = parser.parse_args(arguments)
    car = Car()
    names = list(ARCHETYPES) if a.archetype == "all" else a.archetype.split(",")
    unknown = [n for n in names if n not in ARCHETYPES]
    if unknown:
        raise InputError(
            f"archetype {unknown[0]!r} is not known; choose from {', '.join(ARCHETYPES)}, or all"
        )
    designs: dict[str, Mapping[str, float]] = {
        n: car.validate({**car.defaults(), **ARCHETYPES[n]}) for n in names
    }
    if a.design:
        designs = {a.design.stem: read_design(a.design).parameters}
    for name, values in designs.items():
        began = time.perf_counter()
        d = define(car.validate({**values, **dict(_setting(text) for text in a.set)}))
        patches = skin_patches(skin(d, DENSE if a.dense else EXACT))
        judged: list[tuple[RegionQuality, Heat]] = []
        if not a.no_table:
            judged, found = judge(patches, d, [r for r in a.only.split(",") if r])
            print(f"== {name}" + (" (definition, dense)" if a.dense else ""))
            print("\n".join(quality_rows([q for q, _ in judged], found, a.worst)))
        if a.out:
            _pictures(a, d, patches, judged, name)
        print(f"   {time.perf_counter() - began:.1f} s", flush=True)
    return 0


def _setting(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError as error:
        raise InputError(f"--set {text}: give NAME=NUMBER") from error


def _pictures(
    a: argparse.Namespace,
    d: Definition,
    patches: Sequence[Patch],
    judged: Sequence[tuple[RegionQuality, Heat]],
    name: str,
) -> None:
    from ...rendering.zebra import zebra_picture

    a.out.mkdir(parents=True, exist_ok=True)
    width, height = (int(n) for n in a.size.split("x"))
    pieces = 1 if a.dense else 4
    for bars in a.bars:
        data = zebra_picture(
            patches, bars, (width, height), a.views.split(","), surface_plan(d).cover,
            f"{name}: bars of light along {bars}", None, pieces,
        )  # fmt: skip
        (a.out / f"{name}_zebra_{bars}.png").write_bytes(data)
    if judged:
        data = zebra_picture(
            patches, "x", (width, height), a.views.split(","), surface_plan(d).cover,
            f"{name}: waves of the normal (red: 2 degrees and more)", judged, pieces,
        )  # fmt: skip
        (a.out / f"{name}_waves.png").write_bytes(data)


if __name__ == "__main__":
    sys.exit(main())
