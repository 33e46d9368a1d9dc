"""Designs and CFD runs of an earlier declaration under the one of now."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np
import pytest
from simulated import run_of

from maquette.design.errors import ParameterError
from maquette.design.family.earlier import Earlier, Held, find_earlier, upgraded
from maquette.design.family.parameters import Range, parameters_of
from maquette.design.family.records import Design, read_design, write_design
from maquette.design.family.registry import get_family
from maquette.design.products.car.definition import derived
from maquette.design.products.car.earlier import EARLIER
from maquette.surrogate.runs import carry, carry_fit, dataset

CAR = get_family("car")
RELEASED = "6e459079e2a76ba5e9c72308cd974172d754786a68243a3dc1a11ee220d2abf6"


def before() -> dict[str, float]:
    """The old declaration's defaults."""
    return {row[0]: float(row[3]) for row in EARLIER[-1].rows}


# -- declarations ----------------------------------------------------------------------------------------


def test_the_earlier_declaration_is_the_released_one() -> None:
    """Its hash is the one that the models released with it carry."""
    assert find_earlier(CAR.earlier, RELEASED) is EARLIER[-1]


def test_what_the_car_derives_now_is_what_stands_in_for_dropped_parameters() -> None:
    rng = np.random.default_rng(0)
    now = {p.name for p in CAR.parameters}
    gone = [row[0] for row in EARLIER[-1].rows if row[0] not in now]
    assert gone
    for _ in range(5):
        values = {p.name: float(rng.uniform(p.range.low, p.range.high)) for p in CAR.parameters}
        found = derived(values)
        for name in gone:
            assert EARLIER[-1].held_by(name).at(values) == pytest.approx(found[name]), name


def test_an_old_design_file_opens_and_says_what_was_done(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "old.json"
    path.write_text(
        json.dumps({"family": "car", "parameters": before(), "provenance": {"tail_drop": "lock"}})
    )
    with caplog.at_level(logging.WARNING):
        design = read_design(path)
    assert CAR.accept(design.parameters) == dict(design.parameters)
    assert design.parameters["wheelbase"] == before()["wheelbase"]
    assert any("tail_drop dropped" in note for note in design.notes)
    assert any("crease_sharpness filled in (0 1)" in note for note in design.notes)
    assert design.provenance["crease_sharpness"] == "filled in (0 1)"
    assert "tail_drop" not in design.provenance
    (line,) = caplog.messages
    assert str(path) in line
    assert "tail_drop dropped" in line
    assert design.to_json()["notes"] == list(design.notes)
    write_design(design, path)
    again = read_design(path)
    assert again == design
    assert again.notes == ()


def test_an_overall_length_in_an_old_file_is_still_taken(tmp_path: Path) -> None:
    values = before()
    length = values["wheelbase"] + values["front_overhang"] + values.pop("rear_overhang")
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"family": "car", "parameters": values | {"overall_length": length}}))
    assert read_design(path).parameters["rear_overhang"] == pytest.approx(before()["rear_overhang"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tail_drops": 10.0}, "unknown parameter 'tail_drops'"),
        ({"tail_drop": 500.0}, "unknown parameter 'tail_drop'"),
        ({"wheelbase": 99.0}, "wheelbase is 99"),
        ({"wheelbase": None}, "wheelbase is None"),
    ],
)
def test_what_was_wrong_before_is_wrong_still(change: dict[str, Any], message: str) -> None:
    values, _ = CAR.upgrade(before() | change)
    with pytest.raises(ParameterError, match=message):
        CAR.validate(values)


def test_an_incomplete_design_is_not_filled_in() -> None:
    values = before()
    del values["wheelbase"]
    with pytest.raises(ParameterError):
        CAR.validate(CAR.upgrade(values)[0])


def test_a_design_of_now_is_left_alone() -> None:
    values = CAR.defaults()
    assert CAR.upgrade(values) == (values, {})
    assert Design.from_json(Design("car", values).to_json()).notes == ()
    beyond = values | {"overall_height": 1e4}
    assert CAR.upgrade(beyond) == (beyond, {})


@dataclass(frozen=True)
class Narrow:
    """Parameters of a family that has narrowed one, dropped one and added one."""

    kept: Annotated[float, Range(0, 10, 5, "mm", "Kept.", "g")]
    narrowed: Annotated[float, Range(2, 6, 4, "mm", "Narrowed.", "g")]
    new: Annotated[float, Range(0, 1, 0.5, "1", "New.", "g")]


class Toy:
    """As much of a family as an upgrade needs."""

    parameters: ClassVar = parameters_of(Narrow)
    earlier: ClassVar = (
        Earlier(
            (("kept", 0, 10, 5, "mm"), ("narrowed", 0, 9, 4, "mm"), ("gone", 0, 1, 0.5, "deg")),
            {"gone": Held(0.1, {"kept": 0.02})},
            {"new": 0.25},
        ),
    )


def test_a_value_beyond_a_narrowed_limit_is_brought_to_it() -> None:
    found, done = upgraded(Toy.parameters, Toy.earlier, {"kept": 5.0, "narrowed": 8.0, "gone": 0.2})
    assert found == {"kept": 5.0, "narrowed": 6.0, "new": 0.25}
    assert done == {
        "narrowed": "brought to its limit (8 to 6 mm)",
        "new": "filled in (0.25 1)",
        "gone": "dropped (0.2 deg)",  # where it stands now anyway
    }
    found, done = upgraded(Toy.parameters, Toy.earlier, {"kept": 5.0, "narrowed": 8.0, "new": 0.3})
    assert (found["narrowed"], done) == (8.0, {})  # of now, and out of its range: for validate to refuse


def test_a_release_of_the_earlier_declaration_is_told_from_a_forged_one() -> None:
    """Its design still reads; what is said is that its declaration is another, not that its design is bad."""
    from maquette.ui.release.verify import Check, _design

    design = {"schema_version": 1, "family": "car", "parameters": before(), "provenance": {}}
    claimed = {"design": design, "declaration_hash": RELEASED, "decisions": []}
    checks: list[Check] = []
    _design(claimed, {"design.json": json.dumps(design).encode()}, checks)
    (said,) = checks
    assert not said.ok
    assert "another declaration of the family's parameters" in said.detail


# -- runs ------------------------------------------------------------------------------------------------


def test_a_hull_is_found_again_from_parameters_that_have_gone_astray() -> None:
    """The fit undoes a change of several parameters, to a fraction of a millimetre."""
    truth = CAR.defaults()
    astray = CAR.accept(truth | {"roof_camber": 55.0, "deck_rise": 65.0, "boat_tail_angle": 6.5})
    found = carry_fit.carry_over(CAR, CAR.hull(truth), astray)
    assert found.before.rms > 4.0
    assert found.moved.rms < 0.12 * found.before.rms
    assert found.moved.rms <= found.moved.p95 * 1.5
    assert CAR.accept(found.values) == found.values
    assert found.values["lamp_height"] == astray["lamp_height"]  # no looks are touched


def test_the_distance_of_two_spheres_is_the_difference_of_their_radii() -> None:
    import manifold3d

    from maquette.design.geometry.manifolds import from_manifold

    small, large = (from_manifold(manifold3d.Manifold.sphere(r, 200)) for r in (100.0, 107.0))
    moved, _ = carry_fit.Target(small).moved(carry_fit.Surface(large))
    assert moved.rms == pytest.approx(7.0, rel=0.01)
    assert moved.largest == pytest.approx(7.0, rel=0.02)
    points, normals = carry_fit.Surface(large).spread(2000)
    assert np.linalg.norm(points.mean(axis=0)) < 5.0  # by area, all around
    np.testing.assert_allclose((points * normals).sum(axis=1), 107.0, rtol=2e-3)


def test_runs_stay_where_the_hull_did_and_say_where_they_came_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    family = get_family("ahmed")
    u = np.full(len(family.parameters), 0.5)
    one, two = run_of(u, "coarse", 0.3, 0.1, "one"), run_of(u * 1.2, "medium", 0.31, 0.1, "two")
    source, hulls, out = tmp_path / "old.parquet", tmp_path / "hulls.npz", tmp_path / "new.parquet"
    dataset.write_runs([one, two], source)
    words = ["--family", "ahmed", "--runs", str(source)]
    assert carry.main([*words, "--write-hulls", str(hulls)]) == 0
    with np.load(hulls) as file:
        columns = {key: file[key] for key in file.files}
    key = dataset.design_key(two.parameters) + carry.VERTICES
    columns[key] = columns[key] * np.float32(1.3)  # the second body's hull is nothing that the family has
    np.savez(hulls, **columns)
    capsys.readouterr()
    assert carry.main([*words, "--old-hulls", str(hulls), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "root mean square of the distance below 5 mm: 1 of 2 runs" in said
    assert "95th percentile" in said
    assert "leave: 1 runs, moved too far" in said
    (kept,) = dataset.read_runs(out)
    assert kept.run_id == "one"
    assert kept.parameters == pytest.approx(one.parameters)
    assert (kept.outputs, kept.details) == (one.outputs, one.details)
    assert kept.carried_from == family.declaration_hash
    assert 0.0 < kept.moved_mm < 0.01  # hulls are kept in single precision


def test_hulls_of_a_stranger_are_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    family = get_family("ahmed")
    run = run_of(np.full(len(family.parameters), 0.5), "coarse", 0.3, 0.1, "one")
    dataset.write_runs([run], tmp_path / "runs.parquet")
    words = [
        "--family",
        "ahmed",
        "--runs",
        str(tmp_path / "runs.parquet"),
        "--out",
        str(tmp_path / "o.parquet"),
    ]
    np.savez(tmp_path / "h.npz", declaration_hash=np.array("f" * 64))
    assert carry.main([*words, "--old-hulls", str(tmp_path / "h.npz")]) == 2
    assert "never had" in capsys.readouterr().err
    np.savez(tmp_path / "h.npz", declaration_hash=np.array(family.declaration_hash))
    assert carry.main([*words, "--old-hulls", str(tmp_path / "h.npz")]) == 2
    assert "no hull of design" in capsys.readouterr().err
    assert carry.main(words) == 2
    assert "--write-hulls" in capsys.readouterr().err
