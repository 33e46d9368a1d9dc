"""The map of where to push and pull: it gives the slopes back, at the right place, and files open again."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np
import pytest
from brick import Brick
from PIL import Image
from running import maquette

from maquette.design.arrays import FloatArray
from maquette.design.errors import InputError
from maquette.design.exchange.vtp import read_vtp, write_vtp
from maquette.design.family.contract import Broken, Outline
from maquette.design.family.parameters import Range
from maquette.design.family.records import Design, write_design
from maquette.design.family.registry import get_family
from maquette.design.geometry.mesh import Mesh, joined
from maquette.design.rendering.field_picture import Legend, field_picture
from maquette.surrogate.models.push_pull import PushPull, push_pull
from maquette.surrogate.models.push_pull_files import write_push_pull
from maquette.surrogate.models.push_pull_mesh import averaging, turned_outward, vertex_normals
from maquette.surrogate.models.surrogate import load_surrogate
from maquette.surrogate.studies.registry import get_study
from maquette.ui import verbs

CAR = get_family("car")
NOTCHBACK = CAR.accept(CAR.defaults() | dict(CAR.archetypes["notchback"]))
HERE = {"length": 200.0, "width": 100.0, "height": 60.0, "gloss": 0.5}
GRID = 9


@dataclass(frozen=True)
class CrateParameters:
    """Three sides and a coat of paint."""

    length: Annotated[float, Range(100, 300, 200, "mm", "Side along x.", "size")]
    width: Annotated[float, Range(50, 150, 100, "mm", "Side along y.", "size")]
    height: Annotated[float, Range(30, 100, 60, "mm", "Side along z.", "size")]
    gloss: Annotated[float, Range(0, 1, 0.5, "1", "Looks.", "looks", shapes_hull=False)]


class Crate(Brick):
    """A box whose six faces are even grids that share no vertex, wound outward; `order` shuffles vertices."""

    name = "crate"
    title = "Crate"
    declaration = CrateParameters

    def __init__(self, order: FloatArray | None = None) -> None:
        self.order = order

    def outline(self, values: Mapping[str, float], view: str = "side") -> Outline:
        t = np.linspace(0.0, 1.0, GRID)
        u, w = (a.ravel() for a in np.meshgrid(t, t, indexing="ij"))
        k = (GRID * np.arange(GRID - 1)[:, None] + np.arange(GRID - 1)).ravel()
        quads = np.concatenate(
            [
                np.stack([k, k + GRID, k + GRID + 1], axis=1),
                np.stack([k, k + GRID + 1, k + 1], axis=1),
            ]
        )
        sides = np.array([values[n] for n in ("length", "width", "height")])
        faces = []
        for axis in range(3):
            for end in (0.0, 1.0):
                points = np.zeros((len(u), 3))
                points[:, axis], points[:, (axis + 1) % 3], points[:, (axis + 2) % 3] = end, u, w
                points = (points - np.array([0.0, 0.5, 0.0])) * sides
                faces.append(Mesh(points, quads if end else quads[:, ::-1]))
        mesh = joined(faces)
        if self.order is not None:
            place = np.argsort(self.order)
            mesh = Mesh(mesh.vertices[self.order], place[mesh.faces])
        return Outline(mesh, {})


TUNNEL = get_study("wind_tunnel")


@dataclass(frozen=True)
class Exact:
    """What :func:`push_pull` asks of a surrogate, for a quantity that is known."""

    family: Crate
    law: Callable[[FloatArray], FloatArray]
    study: Any = TUNNEL
    version: str = "exact"
    targets: Any = None
    levels: tuple[str, ...] = ("exact",)

    def predict(self, matrix: FloatArray) -> Any:
        return SimpleNamespace(value={"drag_coefficient": self.law(matrix)})


def mapped(
    law: Callable[[FloatArray], FloatArray], family: Crate | None = None, **changes: float
) -> PushPull:
    exact: Any = Exact(family or Crate(), law, targets={"drag_coefficient": None})
    return push_pull(exact, HERE | changes)


def on(found: PushPull, axis: int, end: int) -> FloatArray:
    """The field inside one face of the crate."""
    v = found.mesh.vertices
    normals, _ = vertex_normals(found.mesh)
    return found.field[normals[:, axis] * (1 if end else -1) > 0.99] if len(v) else v[0]


def test_the_field_gives_the_slopes_back() -> None:
    found = mapped(lambda m: 1e-3 * m[:, 0] - 2e-5 * m[:, 1] ** 2 + 3e-3 * m[:, 2])
    assert found.names == ("length", "width", "height")
    exact = np.array([1e-3 * 200, -4e-5 * 100 * 100, 3e-3 * 70])
    assert found.slopes == pytest.approx(exact, rel=1e-6)
    assert (found.moves * found.areas) @ found.field == pytest.approx(exact, rel=0.01)
    assert found.explained > 0.9999
    assert found.areas.sum() == pytest.approx(found.mesh.area * 1e-6)
    top = on(found, 2, 1)
    assert top == pytest.approx(3e-3 / (0.2 * 0.1), rel=0.01)  # per mm of a height, over the top's area
    assert on(found, 1, 0) == pytest.approx(-4e-3 / (0.2 * 0.06), rel=0.01)  # both flanks by half a mm each


def test_only_what_the_parameter_moves_is_coloured() -> None:
    taller = mapped(lambda m: 1e-3 * m[:, 2])
    assert (on(taller, 2, 1) > 0).all()
    for axis, end in ((0, 0), (0, 1), (1, 0), (1, 1), (2, 0)):
        assert np.abs(on(taller, axis, end)).max() < 0.01 * on(taller, 2, 1).max()
    assert taller.most[0].name == "height"
    assert taller.most[0].better == "less"
    assert "less height" in taller.most[0].words
    assert "inward, by up to 70 mm, high" in taller.most[0].words


def test_a_longer_body_may_grow_at_either_end() -> None:
    longer = mapped(lambda m: -1e-3 * m[:, 0])  # the family holds the nose still
    assert on(longer, 0, 0) == pytest.approx(on(longer, 0, 1), rel=0.01)
    assert (on(longer, 0, 0) < 0).all()
    assert np.abs(on(longer, 2, 1)).max() < 0.01 * np.abs(on(longer, 0, 0)).max()


def test_the_order_of_vertices_does_not_matter() -> None:
    def law(m: FloatArray) -> FloatArray:
        return np.asarray(1e-3 * m[:, 0] + 2e-3 * m[:, 2])

    plain = mapped(law)
    order = np.random.default_rng(0).permutation(len(plain.field))
    shuffled = mapped(law, Crate(order))
    assert shuffled.field == pytest.approx(plain.field[order], rel=1e-9, abs=1e-12)
    assert shuffled.explained == pytest.approx(plain.explained)


def test_at_an_end_and_beside_a_rule_the_step_goes_one_way() -> None:
    def law(m: FloatArray) -> FloatArray:
        return np.asarray(1e-3 * m[:, 2])

    for changes in ({"height": 100.0}, {"width": 50.0}):  # 1.2 times the width is the rule
        found = mapped(law, **changes)
        assert found.moves[2].max() == pytest.approx(70.0)
        assert found.told == pytest.approx(found.slopes, rel=0.01, abs=1e-5)
    assert mapped(law, height=30.0).most[0].words.endswith("; it is at its end")

    class Fixed(Crate):
        def broken_rules(self, values: Mapping[str, float]) -> list[Broken]:
            return [] if values["width"] == 100.0 else [Broken("fixed", "width is fixed; leave width alone")]

    kept = mapped(law, Fixed())
    assert kept.left_out == ("width",)
    assert kept.names == ("length", "height")


def test_no_slope_no_colour() -> None:
    found = mapped(lambda m: np.zeros(len(m)))
    assert not found.field.any()
    assert found.explained == 1.0


def test_averages_keep_integrals_and_pieces_are_turned_outward() -> None:
    mesh = CAR.outline(NOTCHBACK, "three_quarter").mesh
    mean = averaging(mesh)
    f, g = np.random.default_rng(1).standard_normal((2, len(mesh.vertices)))
    assert (mean.areas * f) @ mean.of(g) == pytest.approx((mean.areas * mean.of(f)) @ g)
    assert mean.of(np.ones(len(f))) == pytest.approx(1.0)
    assert turned_outward(Mesh(mesh.vertices, mesh.faces[:, ::-1])).volume == pytest.approx(
        turned_outward(mesh).volume
    )


def test_vtp_opens_again(tmp_path: Path) -> None:
    found = mapped(lambda m: 1e-3 * m[:, 2])
    made = write_push_pull(found, tmp_path / "map.vtp")
    mesh, fields, notes = read_vtp(made.path)
    assert np.array_equal(fields["push_pull"], found.field)
    assert mesh.vertices == pytest.approx(found.mesh.vertices, abs=1e-3)
    assert np.array_equal(mesh.faces, found.mesh.faces)
    assert notes["length_unit"] == "mm"
    assert notes["push_pull_unit"] == "change of the drag coefficient per mm outward and m2, 1/(mm m2)"
    assert "only what the family's parameters can move" in notes["says"]
    with pytest.raises(InputError, match="one a vertex"):
        write_vtp(mesh, tmp_path / "no.vtp", {"short": found.field[1:]}, {})
    with pytest.raises(InputError, match="does not exist"):
        write_push_pull(found, tmp_path / "none" / "map.vtp")
    (tmp_path / "bad.vtp").write_text("nothing")
    with pytest.raises(InputError, match=r"not a \.vtp"):
        read_vtp(tmp_path / "bad.vtp")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.vtp", "map.vtp"]


def coloured(picture: bytes) -> tuple[int, int]:
    """How many pixels above the legend are clearly blue and clearly red."""
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)[:520]
    difference = pixels[..., 0] - pixels[..., 2]
    return int((difference < -50).sum()), int((difference > 50).sum())


def test_the_picture_has_the_colours_of_its_signs(tmp_path: Path) -> None:
    both = mapped(lambda m: 1e-3 * m[:, 2] - 1e-3 * m[:, 1])
    path = tmp_path / "map.png"
    write_push_pull(both, path)
    blue, red = coloured(path.read_bytes())
    assert blue > 5000
    assert red > 5000
    one = field_picture(both.mesh, np.abs(both.field), Legend("t", "u", "b", "r"))
    assert coloured(one)[0] == 0
    with pytest.raises(InputError, match="finite values"):
        field_picture(both.mesh, both.field[1:], Legend("t", "u", "b", "r"))


def test_a_family_without_a_stand_in_is_refused() -> None:
    class Loose(Crate):
        def outline(self, values: Mapping[str, float], view: str = "side") -> Outline:
            mesh = super().outline(values).mesh
            return Outline(Mesh(mesh.vertices, mesh.faces[: int(values["length"])]), {})

    with pytest.raises(InputError, match=r"'crate' has no stand-in for a field: .* change with length"):
        mapped(lambda m: m[:, 0], Loose())


@pytest.fixture(scope="module")
def notchback() -> PushPull:
    return push_pull(load_surrogate("car", local=False), NOTCHBACK)


def test_a_small_move_along_the_cars_map_lowers_its_predicted_drag(notchback: PushPull) -> None:
    surrogate = load_surrogate("car", local=False)
    before = surrogate.predict_design(NOTCHBACK, {"frontal_area": 2.0})["drag_coefficient"].value
    moved = dict(NOTCHBACK)
    for p in CAR.parameters:
        share = notchback.nearest_step(2.0).get(p.name, 0.0)
        moved[p.name] += share * (p.range.high - p.range.low)
        moved[p.name] = min(max(moved[p.name], p.range.low), p.range.high)
    after = surrogate.predict_design(moved, {"frontal_area": 2.0})["drag_coefficient"].value
    assert before - 0.02 < after < before - 0.0005


def test_the_cars_map_is_mirrored_and_sensible(notchback: PushPull) -> None:
    v, field = notchback.mesh.vertices, notchback.field
    right, left = (np.lexsort(np.round(v * [1, side, 1], 4).T) for side in (1, -1))
    assert np.allclose(field[right], field[left], rtol=1e-6, atol=1e-12)
    assert 0.3 < notchback.explained <= 1.0
    assert len(notchback.most) == 5
    assert set(notchback.names) == {p.name for p in CAR.parameters if p.range.shapes_hull}
    assert (notchback.doubts > 0).all()
    # a longer tail (DrivAerML's runs about the notchback say so too) and a flatter rear window
    changes = {m.name: m.change for m in notchback.most[:2]}
    assert changes.keys() == {"rear_overhang", "backlight_angle"}
    assert changes["rear_overhang"] < 0.0 < changes["backlight_angle"]
    assert "of the 36 slopes exceed" in notchback.says


def test_predict_writes_the_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAQUETTE_DATA", str(tmp_path / "data"))
    write_design(Design("car", NOTCHBACK), tmp_path / "car.json")
    ran = maquette("predict", tmp_path / "car.json", "--fields", tmp_path / "map.png", "--json")
    assert ran.code == 0, ran.err
    told = ran.json["fields"]
    assert told["path"] == str(tmp_path / "map.png")
    assert told["what"].startswith("change of the drag coefficient per mm outward")
    assert 0.0 < told["explained"] <= 1.0
    assert told["most"][0]["name"] in ("rear_overhang", "backlight_angle")
    blue, red = coloured((tmp_path / "map.png").read_bytes())
    assert min(blue, red) > 5000
    plain = verbs.predict(Design("car", NOTCHBACK))
    assert plain.fields is None
    assert replace(plain, fields="x").fields == "x"


@pytest.mark.parametrize(
    ("family", "name", "line"),
    [
        ("car", "map.obj", "fields cannot be written as '.obj'; allowed are .vtp (for ParaView) and .png"),
        ("car", "map", "fields cannot be written as 'a file without suffix'"),
        ("car", "none/map.vtp", "does not exist"),
        ("ahmed", "map.vtp", "there is no surrogate of family 'ahmed'"),
    ],
)
def test_errors_are_one_line(tmp_path: Path, family: str, name: str, line: str) -> None:
    known = get_family(family)
    write_design(Design(family, known.accept(known.defaults())), tmp_path / "design.json")
    ran = maquette("predict", tmp_path / "design.json", "--fields", tmp_path / name)
    assert ran.code == 2
    assert line in ran.complaint
    assert [p.name for p in tmp_path.iterdir()] == ["design.json"]
