"""Limits of standards by name: what a brief means by "M1G" or "UN R48", with the figures as published."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from maquette.constraints.requirements.assess import assess
from maquette.constraints.requirements.brief_files import read_brief
from maquette.constraints.requirements.product import brief_from_text
from maquette.constraints.requirements.quantity import quantities
from maquette.design.errors import InputError
from maquette.design.family.registry import families, get_family
from maquette.design.products.car.definition import define
from maquette.design.products.car.packaging import seating

CAR = get_family("car")
Limits = dict[str, tuple[float | None, float | None]]

#: from the printed texts: R.E.3 2.8.3 (M1G), 49 CFR 523.5(b)(2), UN R48 6.2.4.2, UN R125 5.1.3, NHTSA's stars
PUBLISHED: dict[str, Limits] = {
    "an SUV of class M1G": {
        "approach_angle": (25.0, None), "departure_angle": (20.0, None), "ramp_over_angle": (20.0, None),
        "ground_clearance": (200.0, None),
    },
    "to the US off-highway definition (49 CFR 523)": {
        "approach_angle": (28.0, None), "departure_angle": (20.0, None), "ramp_over_angle": (14.0, None),
        "ground_clearance": (200.0, None),
    },
    "a hatchback that meets UN R48": {
        "beam_height_low": (500.0, None), "beam_height_high": (None, 1200.0),
    },
    "a low coupe under 4.5 m, UN R125": {"view_over_hood": (4.0, None), "overall_length": (None, 4500.0)},
    "four stars for rollover": {"static_stability_factor": (1.25, None)},
    "a five star rollover rating": {"static_stability_factor": (1.45, None)},
    "日本小型车，符合UN R48": {
        "overall_length": (None, 4700.0), "overall_width": (None, 1700.0), "overall_height": (None, 2000.0),
        "beam_height_low": (500.0, None), "beam_height_high": (None, 1200.0),
    },
}  # fmt: skip


def limits(text: str, family: str = "car") -> Limits:
    parsed = brief_from_text(text, family)
    assert parsed.questions == ()
    return {r.quantity: (r.at_least, r.at_most) for r in parsed.brief.requirements}


@pytest.mark.parametrize("text", PUBLISHED)
def test_a_standard_is_asked_for_by_name(text: str) -> None:
    assert limits(text) == PUBLISHED[text]


def test_a_bundle_and_a_number_of_it_both_hold() -> None:
    assert limits("M1G, ground clearance at least 220 mm")["ground_clearance"] == (220.0, None)


def test_every_bundle_has_a_source_and_limits_in_the_quantity_s_unit() -> None:
    for family in families().values():
        known = quantities(family)
        names = [b.name for b in family.lexicon.quantities.bundles]
        assert len(set(names)) == len(names)
        for bundle in family.lexicon.quantities.bundles:
            assert bundle.source
            assert bundle.left_out
            assert all(f.unit == known[f.quantity].unit for f in bundle.figures), bundle.name
            assert limits(bundle.name.replace("_", " "), family.name) == {
                f.quantity: (f.at_least, f.at_most) for f in bundle.figures
            }


def test_files_name_bundles(tmp_path: Path) -> None:
    path = tmp_path / "brief.toml"
    path.write_text('family = "car"\nmeet = ["m1g", "un_r48"]\n')
    found = read_brief(path).brief
    assert {r.quantity for r in found.requirements} == {
        "approach_angle", "departure_angle", "ramp_over_angle", "ground_clearance", "beam_height_low",
        "beam_height_high",
    }  # fmt: skip
    assert all("R48" in r.source or "M1G" in r.source for r in found.requirements)
    path.write_text('family = "car"\nmeet = ["iso_4210"]\n')
    with pytest.raises(InputError, match=r"line 2.*iso_4210.*family car has m1g, us_off_highway"):
        read_brief(path)


@pytest.mark.parametrize("body", ["city_car", "hatchback", "large_suv", "coupe"])
def test_beams_and_view_are_those_of_the_body_that_is_drawn(body: str) -> None:
    """Beams against the mesh's lamps; the view against every point of the mesh's hood on the centreline."""
    values = {**CAR.defaults(), **CAR.archetypes[body]}
    found = CAR.measures_of(values, {"beam_height_low", "beam_height_high", "view_over_hood"})
    parts = CAR.mesh(values)
    z = np.concatenate([p.mesh.vertices[:, 2] for p in parts if "head lamp beam" in p.name])
    assert found["beam_height_low"] == pytest.approx(z.min(), abs=2.0)
    assert found["beam_height_high"] == pytest.approx(z.max(), abs=2.0)
    car = define(CAR.validate(values))
    x, height = seating(car).front
    eye = np.array([x + 68.0, height + 589.0])
    hood = next(p.mesh.vertices for p in parts if p.name == "body")
    hood = hood[(np.abs(hood[:, 1]) < 30.0) & (hood[:, 0] < car.x_cowl)]
    down = np.degrees(np.arctan2(eye[1] - hood[:, 2], eye[0] - hood[:, 0]))
    assert found["view_over_hood"] == pytest.approx(down.min(), abs=0.4)


def test_a_hatchback_s_low_lamps_are_found_out() -> None:
    values = CAR.validate({**CAR.defaults(), **CAR.archetypes["hatchback"]})
    judged = assess(CAR, values, brief_from_text("UN R48").brief)
    assert [v.quantity for v in judged.misses] == ["beam_height_low"]


def test_the_catalogue_is_listed(capfd: pytest.CaptureFixture[str]) -> None:
    from maquette.ui.cli.main import main

    assert main(["families", "--json"]) == 0
    told = {f["name"]: f["catalogue"] for f in json.loads(capfd.readouterr().out)["families"]}
    assert "m1g" in {b["name"] for b in told["car"]}
    assert "en_16139_1" in {b["name"] for b in told["chair"]}
    assert [b["name"] for b in told["bicycle"]] == ["iso_4210"]
