"""Limits hold on everything that is released: lengths over all parts are those that a design states."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from maquette.constraints.requirements.assess import assess
from maquette.constraints.requirements.product import brief_from_text
from maquette.design.exchange.exact import ExactBody, box_of_parts, build_exact, build_parts, settled
from maquette.design.exchange.step import PartFacts, read_step
from maquette.design.family.sampling import draws
from maquette.design.geometry.worker import KernelPool
from maquette.design.products.car import Car
from maquette.design.products.car.boxes import box_measures
from maquette.design.products.car.choices import CHOICES
from maquette.design.products.car.definition import define
from maquette.design.products.car.envelope import held
from maquette.design.products.car.panels import joined, panel

CAR = Car()
#: sampled cars whose STEP file is imported: some in every run, all 30 of the issue with MAQUETTE_ALL_LIMITS=1
SAMPLED = 30
SHOWN = range(SAMPLED) if os.environ.get("MAQUETTE_ALL_LIMITS") else range(0, SAMPLED, 10)
LENGTHS = {
    "overall_length", "overall_width", "width_with_mirrors", "overall_height", "ground_clearance",
    "wheelbase", "front_overhang", "rear_overhang", "track", "track_rear",
}  # fmt: skip
R27 = "a family hatchback, overall length at most 4600 mm"


def sampled(seed: int, count: int) -> list[dict[str, float]]:
    accepted = (dict(d.values) for d in draws(CAR, seed) if not d.broken)
    return list(islice(accepted, count))


def misses(values: dict[str, float], box: dict[str, float]) -> dict[str, float]:
    """Lengths over all parts that are off the stated ones by more than a reviewer lets pass, mm."""
    stated = {**CAR.measures_of(values, LENGTHS), **values}
    assert set(box) == LENGTHS
    return {n: round(v - stated[n], 3) for n, v in box.items() if abs(v - stated[n]) > 0.5}


def fast_box(values: dict[str, float]) -> dict[str, float]:
    return CAR.box_measures({p.name: p.mesh.bounds for p in CAR.mesh(values)})


@pytest.mark.parametrize("name", CAR.archetypes)
def test_every_archetype_is_as_long_as_it_says(name: str) -> None:
    """Case R27: each one's parts reached 6.1 to 8.8 mm beyond the length that was stated."""
    values = CAR.accept(CAR.defaults() | CAR.archetypes[name])
    assert misses(values, fast_box(values)) == {}


def test_sampled_cars_are_as_large_as_they_say() -> None:
    found = {k: misses(v, fast_box(v)) for k, v in enumerate(sampled(20, 30))}
    assert {k: m for k, m in found.items() if m} == {}


def test_no_choice_moves_the_hull_or_the_stated_box() -> None:
    base = CAR.accept(CAR.defaults() | CAR.archetypes["suv"])
    hull = CAR.hull(base)
    for name, options in CHOICES.items():
        for k in range(len(options)):
            values = base | {name: float(k)}
            d = define(values)
            box = box_measures({p.name: p.mesh.bounds for p in CAR.mesh(values)})
            stated = {**CAR.measures_of(values, LENGTHS), **values}
            off = {n: v - stated[n] for n, v in box.items() if abs(v - stated[n]) > 0.5}
            assert off == {}, (name, options[k])
            assert np.array_equal(CAR.hull(values).vertices, hull.vertices), (name, options[k])
            assert d.choice(name) == options[k]


def test_a_part_that_stands_far_out_is_pressed_within_the_box() -> None:
    """A handle 40 mm high on the widest place, a lamp 20 mm high at the foremost: both end at the planes, and
    what lies on the lamp still lies on it."""
    values = CAR.defaults()
    d = define(values)
    x = d.x_rear_axle - 0.9 * d.arch_radius + np.linspace(-60.0, 60.0, 7)[:, None] + np.zeros((1, 5))
    z = d.z_axle + np.linspace(60.0, 160.0, 5)[None, :] + np.zeros((7, 1))
    handle = panel("handle right", (0, 0, 0, 1), d.place(x, d.half_width(x, z), z), (0, 1, 0), 1.0, 39.0)
    z_nose = np.linspace(*d.nose_span, 9)[None, :] + np.zeros((7, 1))
    y = np.linspace(-80.0, 80.0, 7)[:, None] + np.zeros((1, 9))
    front = d.place(np.zeros_like(y), y, z_nose)
    lamp = panel("lamp", (0, 0, 0, 1), front, (-1, 0, 0), 1.0, 19.0)
    light = panel("light", (0, 0, 0, 1), front[2:5, 2:5], (-1, 0, 0), 20.2, 1.2)
    drawn = [handle, lamp, light]
    handle, lamp, light = held(d, drawn, joined(drawn))
    assert handle.outer[..., 1].max() <= 0.5 * values["overall_width"]
    assert lamp.outer[..., 0].min() >= -1e-9
    assert 0.0 <= light.outer[..., 0].min() < 1.0
    assert 0.0 < lamp.thickness < 19.0
    assert light.lift > lamp.lift + lamp.thickness


def test_mirrors_and_wheels_are_left_out_as_said_and_nothing_else() -> None:
    def box(x0: float, x1: float, y0: float, y1: float, z0: float, z1: float) -> np.ndarray:
        return np.array([[x0, y0, z0], [x1, y1, z1]])

    boxes = {
        "body": box(2, 4000, -900, 900, 150, 1400),
        "rear spoiler": box(3900, 4010, -400, 400, 1300, 1420),
        "front plate": box(0, 9, -260, 260, 300, 410),
        "skid plate": box(500, 900, -200, 200, 131, 150),
        "mirror left": box(1200, 1300, -1010, -880, 900, 1000),
        "mirror right": box(1200, 1300, 880, 1010, 900, 1000),
    }
    for side, y in (("left", -750.0), ("right", 750.0)):
        for end, x in (("front", 800.0), ("rear", 3300.0)):
            boxes[f"tyre {end} {side}"] = box(x - 330, x + 330, y - 110, y + 110, 0, 650)
            boxes[f"rim {end} {side}"] = box(x - 230, x + 230, y - 100, y + 100, 90, 550)
    found = CAR.box_measures(boxes)
    assert found == {
        "overall_length": 4010.0, "overall_width": 1800.0, "width_with_mirrors": 2020.0,
        "overall_height": 1420.0, "ground_clearance": 131.0, "wheelbase": 2500.0, "front_overhang": 800.0,
        "rear_overhang": 710.0, "track": 1500.0, "track_rear": 1500.0,
    }  # fmt: skip


def test_a_length_within_the_kernels_noise_is_the_stated_one_and_else_what_was_found() -> None:
    values = CAR.defaults()
    stated = values["overall_width"]
    assert settled(CAR, values, {"overall_width": stated - 0.2}) == {"overall_width": stated}
    assert settled(CAR, values, {"overall_width": stated + 1.26}) == {
        "overall_width": round(stated + 1.26, 1)
    }


# -- the released file --------------------------------------------------------------------------------------


def imported(values: dict[str, float], folder: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Lengths over everything in a car's STEP file, as a release measures them and as the file reads back."""
    parts = build_parts("car", values)
    path = folder / "model.step"
    path.write_bytes(parts.step)
    return parts.box, box_of_parts(CAR, read_step(path))


@pytest.mark.kernel
@pytest.mark.slow
@pytest.mark.parametrize("number", SHOWN)
def test_the_imported_step_file_is_as_large_as_the_design_says(number: int, tmp_path: Path) -> None:
    values = sampled(20, SAMPLED)[number]
    with KernelPool() as pool:
        measured, again = pool.run(imported, values, tmp_path)
    assert misses(values, measured) == {}
    assert misses(values, again) == {}


@pytest.mark.kernel
@pytest.mark.slow
def test_case_r27_the_verdict_on_the_length_is_that_of_the_step_file() -> None:
    """4599.3 mm were reported "exact CAD" where the file held 4605.6 mm."""
    values = CAR.accept(CAR.defaults() | CAR.archetypes["hatchback"])
    values = CAR.accept(values | {"rear_overhang": values["rear_overhang"] + 4600.0 - define(values).length})
    with KernelPool() as pool:
        body: ExactBody = pool.run(build_exact, "car", values)
    x = [(f.low[0], f.high[0]) for f in body.parts]
    length = max(high for _, high in x) - min(low for low, _ in x)
    assert length == pytest.approx(4600.0, abs=0.5)
    assert length <= 4600.05
    assert {"overall_length", "width_with_mirrors", "track"} <= set(body.exact)
    brief = brief_from_text(R27, "car").brief
    verdict = next(v for v in assess(CAR, values, brief, None, body.own_measures).verdicts if v.hard)
    assert (verdict.quantity, verdict.how, verdict.passed) == ("overall_length", "exact CAD", True)
    longer = dict(body.own_measures) | settled(CAR, values, body.box | {"overall_length": length + 6.3})
    verdict = next(v for v in assess(CAR, values, brief, None, longer).verdicts if v.hard)
    assert (verdict.passed, verdict.how) == (False, "exact CAD")


def facts(name: str, low: tuple[float, float, float], high: tuple[float, float, float]) -> PartFacts:
    return PartFacts(name, 1.0, 1.0, low, high, low, 1, True)


def test_lengths_are_taken_over_every_exact_part() -> None:
    parts = [
        facts("body", (0.0, -1.0, 2.0), (10.0, 1.0, 5.0)),
        facts("plate", (-4.4, 0.0, 3.0), (0.0, 0.5, 4.0)),
    ]
    assert box_of_parts(CAR, parts)["overall_length"] == pytest.approx(14.4)
