"""Where the car's skin is judged, and a quick look at it without the kernel.

    python -m maquette.design.families.car.surfaces --archetype hatchback --out /tmp/hatchback

samples the definition, puts the exact body's surfaces through the points (the same B-splines, see
:mod:`...geometry.patches`), prints the waves found and writes zebra pictures, in seconds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError, answers_errors
from ...geometry.patches import Patch, patch_through
from ...geometry.surface_lines import Line, LineQuality, line_quality
from ...geometry.surface_quality import Heat, Region, RegionQuality, region_quality
from ...surface import SurfacePlan, quality_rows
from .body import skin_parameters
from .definition import Definition, define
from .skin import EXACT, Detail, Skin, mirrored, skin

FloatArray = NDArray[np.float64]
#: so many points that the surface through them is the definition itself
DENSE = Detail(stations=700, end=41, top=61, corner=33, glass=61, side=41, sill=21)


def skin_patches(s: Skin) -> list[Patch]:
    """The surfaces of :func:`.body.skin_solid` without the kernel."""
    u, across, down = skin_parameters(s)
    return [
        patch_through("top", s.top, u, across),
        patch_through("right side", s.side, u, down),
        patch_through("floor", s.floor, u, across),
        patch_through("left side", mirrored(s.side), u, down, outward=-1.0),
        patch_through("nose", s.nose, down, across, outward=-1.0),
        patch_through("tail", s.tail, down, across),
    ]


def regions(d: Definition) -> list[Region]:
    """The car's regions, right side; mm."""
    p = d.p
    half = 0.5 * p["overall_width"]
    floor = p["ground_clearance"] + 1.3 * p["sill_radius"] + 10.0
    below_belt = 1.25 * d.belt_rounding
    nose, tail = d.nose_insets[0] + 60.0, d.length - d.tail_insets[0] - 60.0
    front_seam = d.x_front_axle + d.arch_radius + 60.0
    rear_seam = d.x_rear_axle - d.arch_radius - 60.0
    arches = [(x, d.z_axle, d.arch_radius + 12.0) for x in (d.x_front_axle, d.x_rear_axle)]

    def strip(x: FloatArray, low: FloatArray | float, high: FloatArray) -> FloatArray:
        low = np.broadcast_to(low, x.shape)
        return np.concatenate([np.stack([x, low], 1), np.stack([x, high], 1)[::-1]])

    def side(name: str, start: float, end: float) -> Region:
        x = np.linspace(start, end, 30)
        _, edge = d.top_edge(x)
        high = np.minimum(d.belt(x) - below_belt, edge - 30.0)
        return Region(name, "y", 1.0, strip(x, floor, high), tuple(arches))

    def above(name: str, start: float, end: float) -> Region:
        x = np.linspace(start, end, 30)
        edge, _ = d.top_edge(x)
        return Region(name, "z", 1.0, strip(x, -80.0, np.minimum(edge + 20.0, half)))

    belt_x = np.linspace(d.x_cowl + 60.0, tail - 40.0, 30)
    belt = d.belt(belt_x)
    found = [
        above("bonnet", nose, d.x_cowl - 105.0),
        side("front wing", nose, front_seam),
        side("door", front_seam, rear_seam),
        side("rear wing", rear_seam, tail),
        Region("shoulder", "y", 1.0, strip(belt_x, belt - below_belt, belt + below_belt), (), (0, 1)),
        above("roof", d.x_header, d.x_roof_end),
    ]
    low = d.z_deck + 60.0
    y = np.array([-80.0, 0.72 * half])
    if p["backlight_angle"] < 45.0:
        found.append(above("rear screen", d.x_roof_end + 60.0, d.x_deck - 60.0))
    else:
        found.append(Region("rear screen", "x", 1.0, strip(y, low, np.full(2, d.z_roof_end - 60.0))))
    span = d.z_tail - d.tail_insets[1] - 20.0
    low = float(d.bottom(np.asarray(d.length))) + d.tail_insets[3] + 20.0
    found.append(Region("tail", "x", 1.0, strip(np.array([-80.0, 0.8 * half]), low, np.full(2, span))))
    return found


def lines(d: Definition) -> list[Line]:
    """Named lines along which the sign of curvature is watched."""
    bonnet = np.arange(d.nose_insets[0] + 40.0, d.x_cowl - 100.0, 6.0)
    roof = np.arange(d.x_header - 60.0, d.x_roof_end - 20.0, 6.0)
    shoulder = np.arange(d.nose_insets[0] + 80.0, d.length - d.tail_insets[0] - 80.0, 6.0)
    _, edge = d.top_edge(shoulder)
    z = np.minimum(d.belt(shoulder) - 1.1 * d.belt_rounding, edge - 90.0)
    return [
        Line("bonnet centreline", "z", 1.0, np.stack([bonnet, np.zeros_like(bonnet)], 1)),
        Line("roof centreline", "z", 1.0, np.stack([roof, np.zeros_like(roof)], 1)),
        Line("shoulder line", "y", 1.0, np.stack([shoulder, z], 1)),
    ]


def surface_plan(d: Definition) -> SurfacePlan:
    """What the surface report judges on a car. No edge between its faces is meant."""
    inner = 0.25 * d.p["overall_width"]
    arches = tuple((x, d.z_axle, d.arch_radius, inner) for x in (d.x_front_axle, d.x_rear_axle))
    return SurfacePlan(tuple(regions(d)), tuple(lines(d)), (), arches)


def judge(
    patches: Sequence[Patch], d: Definition, only: Sequence[str] = ()
) -> tuple[list[tuple[RegionQuality, Heat]], list[LineQuality]]:
    """Quality of every region (or `only` those) and line."""
    chosen = [r for r in regions(d) if not only or r.name in only]
    return [region_quality(patches, r) for r in chosen], [line_quality(patches, w) for w in lines(d)]


@answers_errors
def main(arguments: Sequence[str] | None = None) -> int:
    """The quick look (see the module's text)."""
    from ...records import read_design
    from . import Car
    from .archetypes import ARCHETYPES

    parser = argparse.ArgumentParser(prog="python -m maquette.design.families.car.surfaces")
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
    from ...geometry.zebra import zebra_picture

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
