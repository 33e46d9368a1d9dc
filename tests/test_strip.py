"""From the start of a search to its end: what of the look was given up, and for what, is measured."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from maquette.constraints.requirements.product import brief_from_text
from maquette.design.concepts.fit.alignment import overlap
from maquette.design.concepts.generate.silhouette_similarity import silhouette_of
from maquette.design.family.registry import get_family
from maquette.design.rendering.views import render
from maquette.ui.sheets.strip import PICTURE, SHARES, journey
from maquette.ui.workbench import open_workbench

AHMED = get_family("ahmed")
START = AHMED.defaults()
END = {**START, "height": 240.0, "slant_angle": 12.0}


def test_the_strip_measures_what_was_given_up_and_what_was_won(tmp_path: Path) -> None:
    task = open_workbench("ahmed").assignment(brief_from_text("frontal area at most 0.1 m2", "ahmed"))
    way = journey(tmp_path, task, START, END)
    first, last = way.frames[0], way.frames[-1]
    assert [f.share for f in way.frames] == list(SHARES)
    assert (first.values, last.values, first.kept) == (START, END, 1.0)
    assert last.kept == pytest.approx(overlap(silhouette_of(AHMED, START), silhouette_of(AHMED, END)))
    assert all(a.kept >= b.kept for a, b in zip(way.frames, way.frames[1:], strict=False))
    areas = [f.numbers["frontal_area"] for f in way.frames]
    assert areas == sorted(areas, reverse=True)
    assert last.numbers["frontal_area"] == pytest.approx(AHMED.measures(END)["frontal_area"])
    assert "frontal_area" in first.missed
    assert "frontal_area" not in last.missed
    assert "of the starting silhouette. Won: frontal area" in way.told
    assert "now met: frontal area" in way.told
    if way.strip is not None:
        with Image.open(io.BytesIO(way.strip.read_bytes())) as picture:
            assert picture.width > len(SHARES) * PICTURE[0]


def test_what_got_worse_is_told_as_given_up(tmp_path: Path) -> None:
    words = "frontal area at most 0.1 m2, maximise hull volume"
    task = open_workbench("ahmed").assignment(brief_from_text(words, "ahmed"))
    way = journey(tmp_path, task, START, END)
    given_up, won = way.told.split(" Won: ")
    assert "hull volume" in given_up
    assert "frontal area" in won


def test_a_design_that_stayed_gave_up_nothing(tmp_path: Path) -> None:
    task = open_workbench("ahmed").assignment(brief_from_text("overall length at most 2 m", "ahmed"))
    way = journey(tmp_path, task, START, START)
    assert way.told.startswith("0.0 % of the starting silhouette was given up, for nothing")


def test_a_frame_hangs_before_the_backdrop_and_mirrors_nothing_across_its_bottom_bracket() -> None:
    """The bicycle family has no ground: below a frame there is the backdrop alone, the same to the left
    and to the right."""
    from maquette.ui.sheets.strip import _pictures

    family = get_family("bicycle")
    body = family.mesh(family.defaults())
    (png,) = _pictures(family, [body])
    below = np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=np.float64)[-12:]
    assert np.abs(below - below[:, ::-1]).max() < 4.0
    stood = np.asarray(Image.open(io.BytesIO(render(body, "side", PICTURE))).convert("L"), dtype=np.float64)[
        -12:
    ]
    assert np.abs(stood - stood[:, ::-1]).max() > 20.0, "on a floor its mirror image would lie there"
