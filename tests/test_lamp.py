"""A product that is nothing like a vehicle goes the same way: sampled, drawn, dimensioned, built, fitted."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from lamp import Lamp, shade_middle

from maquette.constraints.requirements.quantity import DERIVED, quantities
from maquette.design.concepts.artist.draw import Drawing, draw, silhouette
from maquette.design.concepts.artist.palettes import compose
from maquette.design.concepts.fit.agreement import agreement
from maquette.design.concepts.fit.body import body_from_image
from maquette.design.concepts.generate.locks import keep
from maquette.design.concepts.generate.silhouette_similarity import outline_model
from maquette.design.errors import InputError
from maquette.design.family.frame import Frame
from maquette.design.family.sampling import sample
from maquette.design.geometry.measures import asymmetry
from maquette.design.rendering.drawing import drawing_dxf, drawing_svg

FINE = Frame().picture

LAMP = Lamp()
READING = LAMP.accept({**LAMP.defaults(), **LAMP.archetypes["reading"]})


@cache
def drawn(view: str) -> Drawing:
    return draw(LAMP.mesh(READING), LAMP.frame, view, "ink", 1)


def test_it_has_no_mirror_image_no_nose_and_no_axles() -> None:
    hull = LAMP.hull(READING)
    assert asymmetry(hull) > 0.1
    assert hull.bounds[0, 0] < -50.0
    assert LAMP.axles(READING) is None


def test_it_is_sampled_and_its_sum_can_be_locked() -> None:
    found = sample(LAMP, 8, seed=2)
    assert len(found.designs) == 8
    known = quantities(LAMP)["tube_length"]
    assert (known.how, known.low, known.high) == (DERIVED, 300.0, 510.0)
    assert (quantities(LAMP)["mass"].better, quantities(LAMP)["reach"].better) == ("low", "high")
    assert quantities(LAMP)["tipping_force"].kind == "force"
    assert len(keep(LAMP, {"tube_length": 420.0, "post_height": 200.0}).sums) == 1
    with pytest.raises(InputError, match="tube_length is 600; with the other locks 300 to 510"):
        keep(LAMP, {"tube_length": 600.0})


@pytest.mark.parametrize("view", LAMP.frame.names)
def test_it_is_drawn_about_its_foot_at_its_own_scale(view: str) -> None:
    drawing, shadow = drawn(view), silhouette(LAMP.mesh(READING), LAMP.frame, view)
    assert drawing.ink.min() < 60
    assert drawing.paint.max() == 255
    rows = np.flatnonzero(shadow.any(axis=1))
    foot = np.flatnonzero(shadow[rows[-1] - 4])
    assert 0.5 * (foot[0] + foot[-1] + 1) == pytest.approx(0.5 * FINE[0], abs=2)
    if view == "side":
        assert np.ptp(foot) + 1 == pytest.approx(READING["foot_diameter"] / LAMP.frame.mm_per_pixel, abs=2)
        assert rows[-1] + 1 == pytest.approx(0.92 * FINE[1], abs=2)
        height = LAMP.measures(READING)["overall_height"]
        assert np.ptp(rows) + 1 == pytest.approx(height / LAMP.frame.mm_per_pixel, abs=2)
    with pytest.raises(InputError, match="choose from side, three_quarter"):
        silhouette(LAMP.mesh(READING), LAMP.frame, "front")


@pytest.mark.parametrize("view", LAMP.frame.names)
def test_a_drawing_leads_back_to_the_lamp(view: str) -> None:
    picture = compose(drawn(view).ink, drawn(view).paint)
    scale = LAMP.frame.mm_per_pixel
    found = body_from_image(picture, LAMP, mm_per_px=scale, view=view)
    assert found.agreement.iou > 0.9
    assert found.mm_per_px == scale
    near = {"post_height": 6.0, "arm_length": 12.0, "arm_tilt": 4.0, "shade_diameter": 8.0}
    for name, allowed in near.items():
        assert found.values[name] == pytest.approx(READING[name], abs=allowed), name
    meant = agreement(picture, LAMP.mesh(READING), LAMP.frame, view, scale)
    assert meant.iou > 0.9


def test_its_outline_model_knows_which_parameters_move_it() -> None:
    near = outline_model(LAMP, READING)
    names = [p.name for p in LAMP.parameters]
    moved = np.array([READING[n] for n in names])
    assert near(moved)[0] == pytest.approx(1.0)
    moved[names.index("arm_length")] -= 30.0
    truth = near.overlap(LAMP, {**READING, "arm_length": READING["arm_length"] - 30.0})
    assert truth < 0.95
    assert near(moved)[0] < 0.97


def test_its_sheet_shows_its_own_dimensions() -> None:
    parts = LAMP.mesh(READING)
    dims = LAMP.dimensions(parts, READING)
    low, high = LAMP.hull(READING).bounds
    assert dims.by_name() == pytest.approx(
        {"length": high[0] - low[0], "height": high[2], "width": high[1] - low[1]}, abs=0.1
    )
    text = drawing_svg(parts, dims, "Desk lamp")
    assert f">{high[2]:.0f}</text>" in text
    assert b"LWPOLYLINE" in drawing_dxf(parts, dims)
    x, y, _ = shade_middle(READING)
    assert LAMP.measures(READING)["reach"] == pytest.approx(np.hypot(x, y))


@pytest.mark.kernel
def test_it_is_built_to_step(tmp_path: Path) -> None:
    from maquette.design.exchange.export import write_glb
    from maquette.design.exchange.step import write_step

    facts = write_step(LAMP.solid(READING), tmp_path / "lamp.step", LAMP.title)
    assert [f.name for f in facts] == [p.name for p in LAMP.mesh(READING)]
    assert all(f.valid and f.solids == 1 for f in facts)
    boxes = {f.name: np.array([f.low, f.high]) for f in facts}
    assert LAMP.box_measures(boxes)["overall_height"] == pytest.approx(
        LAMP.measures(READING)["overall_height"], abs=0.05
    )
    write_glb(LAMP.mesh(READING), tmp_path / "lamp.glb")
