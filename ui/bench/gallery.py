"""Contact sheets of the car family: production cars, body types, sampled cars, one parameter at a time.

`python -m maquette.ui.bench.gallery --out out/gallery` renders them all; `--publish` also writes the reduced
pictures that README and documentation show into assets/pictures.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from ...design.family.parameters import as_row, to_unit_cube
from ...design.family.sampling import draws
from ...design.geometry.mesh import MeshPart
from ...design.products.car import Car
from ...design.products.car.archetypes import PRODUCTION_CARS
from ...design.rendering.views import contact_sheet, render_views
from ...design.statistics import farthest_first
from ..paint import repainted

CELL = (640, 320)
SMALL_CELL = (240, 120)
MANY = 200  # cars of the large sheet
STRIP_CELL = (330, 180)
STRIP_SPAN = {"front": 2700.0}  # mm across the picture, where it is not the side's
STEPS = 5

#: the view in which a parameter is best seen; side for all others
STRIP_VIEWS: Mapping[str, str] = {
    "overall_width": "front",
    "tyre_width": "front",
    "wheel_inset": "front",
    "fender_flare": "three_quarter",
    "nose_roundness": "three_quarter",
    "nose_sweep": "top",
    "roof_camber": "front",
    "tumblehome": "front",
    "shoulder_width": "front",
    "side_crown": "front",
    "boat_tail_angle": "top",
    "tail_roundness": "three_quarter_rear",
    "spoiler": "three_quarter_rear",
    "side_sculpture": "front",
    "crease_sharpness": "three_quarter",
    "lamp_height": "front",
}


#: paints of the galleries, in an order in which neighbours tell apart (sRGB)
PAINTS: Mapping[str, tuple[float, float, float]] = {
    "metallic blue": (0.075, 0.190, 0.400),
    "signal red": (0.600, 0.055, 0.075),
    "silver": (0.640, 0.660, 0.680),
    "racing green": (0.035, 0.205, 0.140),
    "pearl white": (0.880, 0.875, 0.850),
    "graphite": (0.215, 0.225, 0.240),
    "bronze": (0.500, 0.360, 0.210),
    "teal": (0.080, 0.360, 0.390),
    "midnight": (0.060, 0.085, 0.150),
    "sand": (0.690, 0.620, 0.500),
    "burgundy": (0.330, 0.045, 0.090),
    "ice blue": (0.480, 0.590, 0.670),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Render the sheets; prints each file."""
    parser = argparse.ArgumentParser(prog="python -m maquette.ui.bench.gallery", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/gallery"))
    parser.add_argument("--publish", type=Path, help="folder for reduced JPEG pictures (assets/pictures)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    car = Car()
    sheets: dict[str, Callable[[], bytes]] = {
        "production": lambda: production_sheet(car),
        "bodytypes": lambda: body_type_sheet(car),
        "sampled": lambda: sampled_sheet(car, options.seed),
        "many": lambda: many_sheet(car, options.seed),
        "parameters": lambda: parameter_sheet(car),
    }
    render(sheets, options.out, options.publish)
    return 0


def render(sheets: Mapping[str, Callable[[], bytes]], out: Path, publish: Path | None) -> None:
    """Write each sheet by its name and print its file; reduced into `publish` too where that is given."""
    for folder in filter(None, (out, publish)):
        folder.mkdir(parents=True, exist_ok=True)
    for name, sheet in sheets.items():
        data = sheet()
        (out / f"{name}.png").write_bytes(data)
        print(out / f"{name}.png", flush=True)
        if publish:
            (publish / f"{name}.jpg").write_bytes(reduced(data))
            print(publish / f"{name}.jpg", flush=True)


def production_sheet(car: Car) -> bytes:
    """The production cars (:data:`PRODUCTION_CARS`), side and three-quarter view."""
    cells: list[tuple[str, bytes]] = []
    for k, (name, (kind, differing)) in enumerate(PRODUCTION_CARS.items()):
        values = car.accept({**car.defaults(), **differing})
        pictures = render_views(coloured(car, values, k), ("side", "three_quarter"), CELL)
        length = car.measures_of(values, ("overall_length",))["overall_length"]
        width, height = values["overall_width"], values["overall_height"]
        caption = f"{name}: {kind}, {length:.0f} x {width:.0f} x {height:.0f} mm"
        cells += [(caption, pictures["side"]), ("", pictures["three_quarter"])]
    return contact_sheet(cells, 4, "Dimensions of eight production cars, drawn by one family")


def body_type_sheet(car: Car) -> bytes:
    """One car of each named body type, seen from front and rear."""
    cells: list[tuple[str, bytes]] = []
    for k, (name, differing) in enumerate(car.archetypes.items()):
        values = car.accept({**car.defaults(), **differing})
        pictures = render_views(coloured(car, values, k), ("three_quarter", "three_quarter_rear"), CELL)
        cells += [(name.replace("_", " "), pictures["three_quarter"]), ("", pictures["three_quarter_rear"])]
    return contact_sheet(cells, 4, "Body types")


def sampled_sheet(car: Car, seed: int, count: int = 12) -> bytes:
    """Very different cars among 150 accepted uniform draws: each next one farthest from those shown."""
    accepted = [d.values for d in islice((d for d in draws(car, seed) if not d.broken), 150)]
    cells: list[tuple[str, bytes]] = []
    points = to_unit_cube(car.declaration, np.stack([as_row(car.declaration, v) for v in accepted]))
    oddest = int(np.argmax(np.linalg.norm(points - points.mean(axis=0), axis=1)))
    for k in farthest_first(points, oddest, count):
        picture = render_views(coloured(car, accepted[k], len(cells)), ("three_quarter",), CELL)[
            "three_quarter"
        ]
        v = accepted[k]
        cells.append((f"{v['wheelbase']:.0f} mm wheelbase, {v['overall_height']:.0f} mm high", picture))
    return contact_sheet(cells, 4, f"Twelve very different sampled cars (seed {seed})")


def many_sheet(car: Car, seed: int, count: int = MANY) -> bytes:
    """The first `count` accepted uniform draws, small, some from behind: whether they look like one brand."""
    drawn = (d.values for d in draws(car, seed) if not d.broken)
    cars = [(f"{k + 1}", values) for k, values in enumerate(islice(drawn, count))]
    views = ("three_quarter", "three_quarter", "three_quarter_rear")
    return cars_sheet(car, cars, views, 10, f"{count} sampled cars (seed {seed})", SMALL_CELL)


def cars_sheet(
    car: Car,
    cars: Sequence[tuple[str, Mapping[str, float]]],
    views: Sequence[str] = ("three_quarter",),
    columns: int = 4,
    title: str = "",
    cell: tuple[int, int] = CELL,
    one_paint: bool = False,
) -> bytes:
    """A sheet of any cars, one picture each: named options, archetypes, draws.

    Args:
        cars: (caption, values); values that are not said are the middle car's.
        views: of the cars in turn.
        one_paint: all in the first paint, where the paint would distract from what differs.
    """
    middle = car.defaults()
    cells: list[tuple[str, bytes]] = []
    for k, (caption, values) in enumerate(cars):
        view = views[k % len(views)]
        parts = coloured(car, {**middle, **values}, 0 if one_paint else k)
        cells.append((caption, render_views(parts, (view,), cell)[view]))
    return contact_sheet(cells, columns, title, 18 if cell[0] >= CELL[0] else 11)


def parameter_sheet(car: Car) -> bytes:
    """One row a parameter: the middle car with that parameter from its low to its high end.

    An end that a rule refuses is replaced by the last value that the rules allow.
    """
    middle = car.defaults()
    cells: list[tuple[str, bytes]] = []
    for p in car.parameters:
        view = STRIP_VIEWS.get(p.name, "side")
        low, high = (allowed_end(car, middle, p.name, end) for end in (p.range.low, p.range.high))
        for value in np.linspace(low, high, STEPS):
            span = STRIP_SPAN.get(view, 5600.0)
            picture = render_views(car.mesh(middle | {p.name: float(value)}), (view,), STRIP_CELL, span)[view]
            cells.append((f"{p.label} {value:.4g} {'' if p.range.unit == '1' else p.range.unit}", picture))
    return contact_sheet(cells, STEPS, "One parameter at a time", 13)


def coloured(car: Car, values: Mapping[str, float], which: int) -> list[MeshPart]:
    """A car's parts with the body in one of the galleries' paints."""
    return repainted(car.mesh(values), tuple(PAINTS.values())[which % len(PAINTS)])


def allowed_end(car: Car, middle: Mapping[str, float], name: str, end: float) -> float:
    """The value nearest to `end` on the way from the middle that breaks no rule."""
    for share in np.linspace(1.0, 0.0, 21):
        value = middle[name] + share * (end - middle[name])
        if not car.broken_rules({**middle, name: value}):
            return float(value)
    return middle[name]


def reduced(png: bytes, width: int = 1600) -> bytes:
    """JPEG of at most `width` pixels across, for the repository."""
    from PIL import Image

    picture = Image.open(io.BytesIO(png)).convert("RGB")
    if picture.width > width:
        picture = picture.resize(
            (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
        )
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=82, optimize=True)
    return buffer.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
