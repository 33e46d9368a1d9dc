"""The proportions of road cars and of the archetypes as one picture.

    python -m maquette.design.products.car.proportion_chart assets/pictures/proportions.png

Upper part: ratios that are known of every road car, a dot each; below: ratios with soft ranges, as bars. The
archetypes stand on both as marks with their number.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...family.parameters import defaults_of, indexed
from .archetypes import ARCHETYPES
from .declaration import CarParameters
from .definition import fresh
from .proportions import INNER, OUTER, distances, outer_of, ratios
from .road_cars import road_cars

WIDTH, ROW, LEFT, RIGHT, TOP = 1600, 74, 560, 60, 190
INK, FAINT, BAR, DOT = (28, 32, 38), (120, 126, 134), (222, 227, 233), (120, 140, 165)
MARKS = (
    (214, 69, 65), (224, 138, 30), (178, 152, 20), (86, 150, 60), (32, 148, 140),
    (38, 116, 196), (88, 82, 190), (160, 74, 178), (205, 66, 130), (90, 90, 96),
)  # fmt: skip


def chart(out: Path) -> None:
    """Draw the chart; a PNG file."""
    from PIL import Image, ImageDraw

    usual = defaults_of(CarParameters)
    bodies = {n: {**usual, **indexed(CarParameters, v)} for n, v in ARCHETYPES.items()}
    designs = {n: np.array(ratios(fresh(v))) for n, v in bodies.items()}
    cars = outer_of(road_cars())
    rows = len(OUTER) + len(INNER)
    image = Image.new("RGB", (WIDTH, TOP + ROW * rows + 60), "white")
    pen = ImageDraw.Draw(image)
    pen.text((40, 26), f"Proportions: {len(cars)} cars on the road and our archetypes", INK, _font(34))
    for k, (name, row) in enumerate(designs.items()):
        x, y = 40 + 304 * (k % 5), 84 + 40 * (k // 5)
        _mark(pen, x + 14, y + 14, k)
        far = float(distances(row[None])[0])
        pen.text((x + 36, y + 3), f"{name.replace('_', ' ')}  {far:.2f}", INK, _font(20))
    for k in range(rows):
        y = TOP + ROW * k + 10
        soft = INNER[k - len(OUTER)] if k >= len(OUTER) else None
        words = (
            (soft or OUTER[k])
            .words.replace(" {value:.2f} of the ", " / ")
            .replace("{value:.2f} tyre", "in tyre")
        )
        values = [float(row[k]) for row in designs.values()]
        seen: Sequence[float] = (soft.low, soft.high) if soft else cars[:, k].tolist()
        low, high = min(*seen, *values), max(*seen, *values)
        low, high = low - 0.06 * (high - low), high + 0.06 * (high - low)
        pen.text((40, y + 12), words, INK, _font(20))

        def at(value: float, low: float = low, high: float = high) -> float:
            return LEFT + (WIDTH - LEFT - RIGHT) * (value - low) / (high - low)

        if soft:
            pen.rounded_rectangle((at(soft.low), y + 12, at(soft.high), y + 38), 6, BAR)
        else:
            pen.line((LEFT, y + 25, WIDTH - RIGHT, y + 25), BAR, 2)
            for n, value in enumerate(seen):
                place, dy = at(value), 9 * ((n * 7) % 3 - 1)
                pen.ellipse((place - 4, y + 21 + dy, place + 4, y + 29 + dy), DOT)
        for value in (min(seen), max(seen)):
            pen.text((at(value), y + 56), f"{value:.2f}", FAINT, _font(15), anchor="mm")
        for n, value in enumerate(values):
            _mark(pen, at(value), y + 25, n)
    pen.text(
        (40, TOP + ROW * rows + 20),
        "dots: road_cars.csv; bars: soft ranges, rules of thumb; figures: distance, 1 is the edge",
        FAINT,
        _font(16),
    )
    image.save(out)


def _mark(pen: Any, x: float, y: float, k: int) -> None:
    pen.ellipse((x - 12, y - 12, x + 12, y + 12), MARKS[k % len(MARKS)], "white", 2)
    pen.text((x, y), str(k + 1), "white", _font(14), anchor="mm")


def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)


if __name__ == "__main__":
    chart(Path(sys.argv[1]))
