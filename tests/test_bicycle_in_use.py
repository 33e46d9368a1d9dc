"""What a frame is ridden with stands where the frame's own measures say, and belongs to no file of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from studio_bench import Bench, nothing_left  # noqa: F401 - a fixture

from maquette.design.family.records import Design
from maquette.design.family.registry import get_family
from maquette.design.products.bicycle.definition import define
from maquette.design.products.bicycle.fit import RIM_MM
from maquette.design.rendering.views import in_use_picture
from maquette.ui.messages.words import Words
from maquette.ui.web.design_view import option_values, scene

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)

FAMILY = get_family("bicycle")
FRAMES = {name: {**FAMILY.defaults(), **body} for name, body in FAMILY.archetypes.items()}


def sampled(n: int) -> list[dict[str, float]]:
    """Frames that may be built, anywhere between the archetypes' bounds."""
    rng = np.random.default_rng(5)
    found: list[dict[str, float]] = []
    base = list(FRAMES.values())
    while len(found) < n:
        a, b = (base[k] for k in rng.integers(len(base), size=2))
        share = rng.random()
        mixed = {
            p.name: a[p.name] if p.range.whole else a[p.name] + share * (b[p.name] - a[p.name])
            for p in FAMILY.parameters
        }
        values = {**a, **mixed}
        if not FAMILY.broken_rules(values):
            found.append(values)
    return found


@pytest.mark.parametrize("values", [*FRAMES.values(), *sampled(12)])
def test_wheels_stand_where_the_measures_say(values: dict[str, float]) -> None:
    parts = {part.name: part.mesh for part in FAMILY.in_use(values)}
    told = FAMILY.measures_of(
        values, ["wheelbase", "bottom_bracket_height", "tyre_clearance", "saddle_height"]
    )
    low, high = parts["tyres"].bounds
    outer = RIM_MM + told["tyre_clearance"]
    assert low[2] == pytest.approx(-told["bottom_bracket_height"], abs=0.5)
    assert high[0] - low[0] == pytest.approx(told["wheelbase"] + 2.0 * outer, abs=1.5)
    assert high[1] - low[1] == pytest.approx(told["tyre_clearance"], abs=0.5)
    seat = np.radians(values["seat_angle"])
    top = float(parts["saddle"].bounds[1][2])
    asked = max(told["saddle_height"], values["seat_tube_length"] + 70.0)  # never inside the frame
    assert top == pytest.approx(asked * np.sin(seat), abs=12.0)


@pytest.mark.parametrize("values", [*FRAMES.values(), *sampled(6)])
def test_tyres_keep_clear_of_seat_tube_and_bridges(values: dict[str, float]) -> None:
    """6 mm are kept (ISO 4210-2, 4.10.2); the triangles of a round tube lie up to 0.1 mm inside it."""
    d = define(values)
    tyre = FAMILY.measures_of(values, ["tyre_clearance"])["tyre_clearance"]
    axle = d.points["axle"]
    for part in FAMILY.mesh(values):
        if part.name == "seat tube" or part.name.endswith("bridge"):
            x, y, z = (part.mesh.vertices - axle).T
            away = np.hypot(np.hypot(x, z) - RIM_MM - 0.5 * tyre, y) - 0.5 * tyre
            assert away.min() > 5.5, part.name


def test_everything_around_is_closed() -> None:
    import trimesh

    for name, values in FRAMES.items():
        for part in FAMILY.in_use(values):
            shape = trimesh.Trimesh(part.mesh.vertices, part.mesh.faces, process=False)
            assert shape.is_watertight, (name, part.name)
            assert shape.volume > 0.0, (name, part.name)


def test_what_tells_kinds_apart_follows_from_geometry() -> None:
    names = {name: {part.name for part in FAMILY.in_use(values)} for name, values in FRAMES.items()}
    assert {n for n, has in names.items() if "fork legs" in has} == {"hardtail"}
    assert {n for n, has in names.items() if "brakes" not in has} == {"track"}
    assert {n for n, has in names.items() if "rack" in has} == {"touring", "city", "step_through"}
    assert {n for n, has in names.items() if "mudguards" in has} == {"city", "step_through"}
    longer = {**FRAMES["gravel"], "chain_stay_length": 446.0}
    assert "rack" in {part.name for part in FAMILY.in_use(longer)}


def test_only_families_that_name_something_get_the_picture() -> None:
    values = FRAMES["gravel"]
    alone = FAMILY.mesh(values)
    assert not {part.name for part in alone} & {part.name for part in FAMILY.in_use(values)}
    assert in_use_picture(FAMILY, alone, values, (160, 100))["in_use"].startswith(b"\x89PNG")
    chair = get_family("chair")
    assert in_use_picture(chair, chair.mesh(chair.defaults()), chair.defaults(), (160, 100)) == {}


def test_the_studio_shows_a_frame_alone_or_ridden_and_the_design_stays(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "en")
    bench.call("brief", "understand", "a steel gravel frame", "bicycle")
    bench.call("brief", "model_it", "", "bicycle")
    before, design = bench.desk, bench.now.design
    alone = scene(before, bench.now, before.numbers(design, None), Words("en"))["url"]
    page = option_values(design, Words("en"), False)
    assert 'data-arg="in_use:yes" aria-pressed="false"' in page
    bench.edit("option", act="option", arg="in_use:yes")
    assert bench.now.design.parameters == design.parameters
    ridden = scene(before, bench.now, before.numbers(design, None), Words("en"))["url"]
    assert ridden != alone
    names = {
        json.loads(glb_json(before.bodies.get(key(url))))["meshes"][0]["name"] for url in (alone, ridden)
    }
    assert names == {"bottom bracket shell"}
    count = [len(json.loads(glb_json(before.bodies.get(key(url))))["meshes"]) for url in (alone, ridden)]
    assert count[1] == count[0] + len(FAMILY.in_use(design.parameters))
    assert "in_use" not in option_values(Design("chair", get_family("chair").defaults()), Words("en"))


def key(url: str) -> str:
    return url.rpartition("/")[2].removesuffix(".glb")


def glb_json(data: bytes) -> bytes:
    length = int.from_bytes(data[12:16], "little")
    return data[20 : 20 + length]
