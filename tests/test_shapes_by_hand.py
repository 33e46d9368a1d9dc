"""What is read off shapes that anybody can work out: a box, a wedge, a block of parts."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from maquette.design.errors import VerificationError
from maquette.design.exchange.export import read_stl, write_stl
from maquette.design.exchange.shapes.axes import Known, _level, _named, _unit, _upright, placed, profiles_of
from maquette.design.exchange.shapes.prepared import prepare
from maquette.design.exchange.shapes.repair import repaired
from maquette.design.family.dimensions import around, overall
from maquette.design.geometry.mesh import Mesh
from maquette.surrogate.models.shape import domain as shape_domain
from maquette.surrogate.models.shape.learners import block_of
from maquette.surrogate.models.shape.numbers import shape_numbers
from maquette.ui.release.manifest import check_form
from maquette.ui.release.verify import _changed


def block(length: float, width: float, height: float) -> Mesh:
    """A closed box on the ground, nose at 0, its sides cut into 12 x 12 fields."""
    n = 12
    t = np.linspace(0.0, 1.0, n + 1)
    vertices, faces = [], []
    for axis in range(3):
        for end in (0.0, 1.0):
            u, v = np.meshgrid(t, t, indexing="ij")
            side = np.empty((n + 1, n + 1, 3))
            side[..., axis], side[..., (axis + 1) % 3], side[..., (axis + 2) % 3] = end, u, v
            at = np.arange((n + 1) ** 2).reshape(n + 1, n + 1) + sum(map(len, vertices))
            a, b, c, d = at[:-1, :-1], at[1:, :-1], at[1:, 1:], at[:-1, 1:]
            two = np.concatenate(
                [np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)]
            )
            faces.append(two if end else two[:, ::-1])
            vertices.append(side.reshape(-1, 3))
    places, index = np.unique(np.concatenate(vertices), axis=0, return_inverse=True)
    scaled = places * [length, width, height] - [0.0, 0.5 * width, 0.0]
    return Mesh(scaled, index.ravel()[np.concatenate(faces)])


def test_a_box_in_numbers() -> None:
    """4 x 2 x 1 m: every share by hand."""
    found = shape_numbers(block(4000.0, 2000.0, 1000.0))
    by_hand = {
        "length": 4000.0,
        "width_of_length": 0.5,
        "height_of_length": 0.25,
        "height_of_width": 0.5,
        "clearance_of_height": 0.0,
        "least_clearance_of_height": 0.0,
        "frontal_fill": 1.0,
        "area_of_length": 0.125,
        "volume_fill": 1.0,
        "wetted_over_area": 28.0 / 2.0,
        "steep_forward": 1.0,
        "steep_rearward": 1.0,
        "steep_rearward_high": 0.5,
    }
    for name, value in by_hand.items():
        assert found[name] == pytest.approx(value, rel=0.02, abs=0.01), name
    for k in range(20):
        assert found[f"crown_{k}"] == pytest.approx(1.0, abs=0.01)
        assert found[f"half_width_{k}"] == pytest.approx(0.5, abs=0.01)
        assert found[f"floor_{k}"] == pytest.approx(0.0, abs=0.02)
        assert found[f"area_{k}"] == pytest.approx(1.0, abs=0.03)
    for share in ("0.06", "0.12", "0.2"):
        assert found[f"section_{share}_ahead_of_tail"] == pytest.approx(1.0, abs=0.03)
    # of Legendre polynomials only the constant fills a box: over 2 x 2 in half lengths and half widths ...
    moments = np.array([found[f"moment_{k}"] for k in range(10 * 3 * 6)]).reshape(10, 3, 6)
    assert abs(moments[0, 0, 0]) == pytest.approx(np.abs(moments).max())
    rest = moments.copy()
    rest[0, 0, 0] = 0.0
    assert np.abs(rest).max() < 0.02 * abs(moments[0, 0, 0])


def test_a_wedge_shows_where_it_is_high_and_wide() -> None:
    """A box whose top falls to the rear from 1 to 0.2 and whose sides widen to the rear from 0.5 to 1."""
    box = block(4000.0, 2000.0, 1000.0)
    x = box.vertices[:, :1] / 4000.0
    v = box.vertices * np.concatenate([np.ones_like(x), 0.5 + 0.5 * x, 1.0 - 0.8 * x], axis=1)
    found = shape_numbers(Mesh(v, box.faces))
    assert found["highest_at"] < 0.15
    assert found["widest_at"] > 0.75
    assert found["steepest_rear"] == pytest.approx(0.2, abs=0.08)  # 0.8 of 1 m over 4 m
    assert found["crown_0"] > 0.95
    assert found["crown_19"] == pytest.approx(0.2, abs=0.06)
    assert found["half_width_0"] == pytest.approx(0.25, abs=0.02)
    assert found["half_width_19"] == pytest.approx(0.5, abs=0.01)
    assert found["steep_rearward"] == pytest.approx(0.25, abs=0.02)  # the tail of 2 x 0.2 m, of 1.6 m2
    mirrored = v * [1.0, -1.0, 1.0]
    other = shape_numbers(Mesh(mirrored, box.faces[:, ::-1]))
    assert all(other[n] == pytest.approx(found[n], abs=0.02 * max(1.0, abs(found[n]))) for n in found)


def test_names_of_numbers_say_their_block() -> None:
    named = [block_of(n) for n in ("length", "crown_3", "area_12", "moment_7", "section_0.02_ahead_of_tail")]
    assert named == ["core", "stations", "stations", "moments", "core"]


def test_a_shape_is_outside_by_what_is_beyond() -> None:
    """Forty runs on a line of two numbers: half a range beyond in one key is 1 + 4 / 2; another kind and a
    farther place are found, and said."""
    t = np.linspace(0.0, 1.0, 40)
    rng = np.random.default_rng(0)
    numbers = np.column_stack([t, 2.0 * t, rng.normal(0, 0.1, 40)])
    keys = np.tile(t[:, None], (1, 5))
    found = shape_domain.fit_shape_domain(numbers, keys)
    there = np.array([[0.5, 1.0, 0.0]])
    inside = found.ratios(there, np.full((1, 5), 0.5))
    assert {k: bool(v[0] <= 1.0) for k, v in inside.items()} == {
        "size": True,
        "kind": True,
        "neighbours": True,
    }
    longer = np.full((1, 5), 0.5)
    longer[0, 0] = 1.5
    assert found.ratios(there, longer)["size"][0] == pytest.approx(3.0)
    longer[0, 0] = -0.5
    assert found.ratios(there, longer)["size"][0] == pytest.approx(3.0)
    longer[0, 0] = 1.0 + 0.5 * shape_domain.EDGE
    assert found.ratios(there, longer)["size"][0] == pytest.approx(0.5)
    assert inside["size"][0] == 0.0
    assert found.why(longer[0], {"size": 3.0, "kind": 2.0, "neighbours": 1.5}) == [
        "length beyond every simulated body",
        "a kind of body that no run is like (2.0 times the limit)",
        "nearest simulated bodies 50 % further away than the limit",
    ]
    assert found.why(np.full(5, 0.5), {"size": 1.0, "kind": 1.0, "neighbours": 1.0}) == []
    order, far = found.distances(found.along(there)[0])
    assert np.all(np.diff(far[0]) >= 0.0)
    assert abs(t[order[0, 0]] - 0.5) < 0.1


# -- shapes of other programs -------------------------------------------------------------------------------

BODY = Mesh(block(4000.0, 1800.0, 1200.0).vertices, block(4000.0, 1800.0, 1200.0).faces)
KNOWN = Known(profiles_of(BODY)[None], 4000.0)


@pytest.mark.parametrize(
    ("name", "plain"),
    [("+x", "x"), ("x-", "-x"), ("-X", "-x"), (" Z ", "z"), ("y+", "y"), ("-z", "-z"), ("", "")],
)
def test_axes_are_named_in_any_way(name: str, plain: str) -> None:
    assert _named(name) == plain


@pytest.mark.parametrize(
    ("span", "laid_down", "given", "found"),
    [
        (4.0, "", "", ("m", "size")),
        (4000.0, "", "", ("mm", "size")),
        (400.0, "", "", ("cm", "size")),
        (4.0, "", "ft", ("ft", "given")),
        (4.0, "m", "", ("m", "format")),
        (4000.0, "m", "", ("mm", "size")),  # what the format lays down would be 4 km
        (1e6, "m", "", ("m", "format")),  # nothing fits: what the format says
        (1000.0, "", "", ("mm", "guess")),
        (1e9, "", "", ("mm", "guess")),
    ],
)
def test_the_unit_by_size_format_or_guess(
    span: float, laid_down: str, given: str, found: tuple[str, str]
) -> None:
    assert _unit(span, 4000.0, laid_down, given) == found


def test_a_body_is_brought_to_its_place() -> None:
    """Written in metres, y up and nose along +z, off the middle and above the ground by 0.4 m."""
    turn = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [-1.0, 0.0, 0.0]])  # x rearward is -z, z is y
    there = Mesh((BODY.vertices @ turn.T + [500.0, 400.0, 77.0]) / 1000.0, BODY.faces)
    mesh, placing = placed(there, KNOWN, up="y", forward="z")
    assert (placing.unit, placing.up, placing.forward, placing.axes_how) == ("m", "y", "z", "given")
    assert mesh.bounds == pytest.approx(np.array([[0.0, -900.0, 0.0], [4000.0, 900.0, 1200.0]]))
    assert placing.ground == pytest.approx(-400.0)
    assert placing.tilt == pytest.approx(0.0)
    low = Mesh(
        BODY.vertices + np.array([0.0, 0.0, 20.0]), BODY.faces
    )  # as a car without wheels: it may stay there
    kept, placing = placed(low, KNOWN, up="z", forward="-x")
    assert (placing.ground, kept.bounds[0, 2]) == (0.0, pytest.approx(20.0))
    sunk = Mesh(BODY.vertices - np.array([0.0, 0.0, 5.0]), BODY.faces)
    assert placed(sunk, KNOWN, up="z", forward="-x")[1].ground == pytest.approx(5.0)


def test_profiles_of_a_wedge() -> None:
    """4 m long, falling from 1.2 m to nothing, 1.8 m wide: roof, underside and widths in lengths."""
    x = BODY.vertices[:, :1] / 4000.0
    wedge = Mesh(
        BODY.vertices * np.concatenate([np.ones_like(x), np.ones_like(x), 1.0 - 0.9 * x], axis=1), BODY.faces
    )
    roof, floor, half, above = profiles_of(wedge).reshape(4, -1)
    n = len(roof)
    middles = np.arange(n) / n
    assert roof == pytest.approx(0.3 * (1.0 - 0.9 * middles), abs=0.01)
    assert floor == pytest.approx(np.zeros(n), abs=0.02)
    assert half == pytest.approx(np.full(n, 0.225), abs=0.01)
    assert above == pytest.approx(np.full(n, 0.225), abs=0.01)
    assert profiles_of(Mesh(3.0 * wedge.vertices + [9.0, 7.0, 5.0], wedge.faces)) == pytest.approx(
        profiles_of(wedge), abs=0.01
    )


def test_a_slanting_body_is_levelled_by_its_underside() -> None:
    """Pitched by 0.1 rad, nose up or down: the turn back lays its longest lower edge along x."""
    for pitch in (0.1, -0.1, 0.0):
        c, s = np.cos(pitch), np.sin(pitch)
        there = BODY.vertices @ np.array([[c, 0.0, -s], [0.0, 1.0, 0.0], [s, 0.0, c]])
        back = there @ _level(there).T
        assert np.ptp(back, axis=0) == pytest.approx([4000.0, 1800.0, 1200.0])
        assert _level(there)[0, 0] == pytest.approx(c)


def test_principal_axes_make_a_turned_body_upright() -> None:
    c, s = np.cos(0.7), np.sin(0.7)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]]) @ np.array([[1.0, 0, 0], [0, c, -s], [0, s, c]])
    points = BODY.vertices @ turn.T
    found = _upright(points, np.ones(len(points)))
    assert np.linalg.det(found) == pytest.approx(1.0)
    assert np.ptp(points @ found.T, axis=0) == pytest.approx([4000.0, 1800.0, 1200.0], rel=1e-6)


def test_what_was_prepared_is_told_in_numbers_and_sentences(tmp_path: Path) -> None:
    """A box of 4 x 1.8 x 1.2 m as text of triangles, two doubled, three turned, one of them a point."""
    faces = np.concatenate([BODY.faces, BODY.faces[:2], [[0, 0, 1]]])
    faces[[5, 60, 200]] = faces[[5, 60, 200]][:, ::-1]
    rows = [f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in BODY.vertices]
    rows += [f"f {a} {b} {c}" for a, b, c in faces + 1]
    path = tmp_path / "box.obj"
    path.write_text("\n".join(rows))
    found = prepare(path, KNOWN, unit="mm", up="z", forward="-x")
    told = found.to_json()
    wanted = {
        "length_mm": 4000.0,
        "width_mm": 1800.0,
        "height_mm": 1200.0,
        "volume_m3": 8.64,
        "frontal_area_m2": 2.16,
        "ground_mm": 0.0,
        "tilt_deg": 0.0,
        "asymmetry": 0.0,
    }
    for name, value in wanted.items():
        assert told[name] == pytest.approx(value, rel=1e-4, abs=1e-6), name
    assert told["repairs"] == {
        "dropped": 3,
        "turned": 3,
        "holes": 0,
        "united": 0,
        "wrapped": False,
        "gap_mm": 0.0,
        "off_mm": 0.0,
    }
    assert (told["certain"], told["pieces"], told["kind"], told["units"]) == (True, 1, "obj", "mm")
    assert found.done[0].startswith("unit mm (")
    assert "4000 x 1800 x 1200 mm" in found.done[0]
    assert found.done[2:] == ("3 double or collapsed triangles dropped", "3 triangles turned outward")
    hanging = found.mesh.moved((0.0, 0.0, 30.0))
    high = replace(
        found, mesh=hanging, placing=replace(found.placing, tilt=1.25, ground=-3.0, axes_how="guess")
    )
    assert "4000 x 1800 x 1200 mm" in high.done[0]
    assert high.to_json()["height_mm"] == pytest.approx(1230.0)
    assert high.done[2:5] == (
        "another way up or forward fits nearly as well: please look",
        "turned by 1.2 deg until it stood straight",
        "moved by -3.0 mm onto the ground",
    )
    assert not high.certain


def test_pieces_are_united_dust_is_dropped_and_a_larger_hole_stays() -> None:
    box = block(100.0, 100.0, 100.0)
    second = Mesh(box.vertices + np.array([60.0, 0.0, 0.0]), box.faces)
    two = Mesh(
        np.concatenate([box.vertices, second.vertices]),
        np.concatenate([box.faces, second.faces[:, ::-1] + len(box.vertices)]),
    )
    found = repaired(two)
    assert (found.closed, found.united, found.pieces) == (True, 2, 2)
    assert found.turned == len(second.faces)
    assert found.mesh.volume == pytest.approx(1.6e6, rel=1e-5)
    dust = Mesh(0.2 * box.vertices / 100.0 + np.array([300.0, 0.0, 0.0]), box.faces)
    some = Mesh(
        np.concatenate([box.vertices, dust.vertices]),
        np.concatenate([box.faces, dust.faces + len(box.vertices)]),
    )
    found = repaired(some)
    assert (found.closed, found.united, found.pieces) == (True, 0, 2)
    assert found.mesh.volume == pytest.approx(1e6, rel=1e-9)
    side = np.flatnonzero(np.all(box.vertices[box.faces][:, :, 0] > 99.9, axis=1))
    open_box = repaired(Mesh(box.vertices, np.delete(box.faces, side, axis=0)))
    assert (open_box.closed, open_box.holes, open_box.open_rims) == (False, 0, 1)
    small = np.flatnonzero(
        (np.abs(box.vertices[box.faces] - [100.0, 0.0, 50.0]) < 1e-6).all(axis=2).any(axis=1)
    )
    wide = block(100.0, 100.0, 100.0)
    large = Mesh(wide.vertices * [10.0, 1.0, 1.0], np.delete(wide.faces, small, axis=0))
    found = repaired(large)
    assert (found.closed, found.holes, found.open_rims) == (True, 1, 0)
    assert found.mesh.volume == pytest.approx(1e7, rel=1e-9)


# -- files ---------------------------------------------------------------------------------------------------


def test_an_stl_is_laid_out_as_everybody_reads_it(tmp_path: Path) -> None:
    """Eighty bytes, a count, and fifty bytes a triangle: normal, corners and two of nothing."""
    tetrahedron = Mesh(
        np.array([[0, 0, 0], [3, 0, 0], [0, 4, 0], [0, 0, 5]], dtype=np.float64),
        np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]),
    )
    path = tmp_path / "t.stl"
    write_stl(tetrahedron, path)
    data = path.read_bytes()
    assert len(data) == 84 + 4 * 50
    assert struct.unpack_from("<I", data, 80) == (4,)
    assert struct.unpack_from("<12f", data, 84) == (0, 0, -1, 0, 0, 0, 0, 4, 0, 3, 0, 0)
    assert data[84 + 48 : 84 + 50] == b"\0\0"
    assert read_stl(path).volume == pytest.approx(10.0)


def test_the_overall_dimensions_stand_at_the_box() -> None:
    box = np.array([[10.0, -50.0, 5.0], [110.0, 50.0, 85.0]])
    for ground, foot, margin in ((None, 5.0, None), (0.0, 0.0, 50.0)):
        found = overall(box, ground, 2.5)
        told = [(d.name, d.start, d.end) for d in found.lines]
        assert told == [
            ("length", (10.0, -50.0, foot), (110.0, -50.0, foot)),
            ("height", (10.0, -50.0, foot), (10.0, -50.0, 85.0)),
            ("width", (10.0, 50.0, foot), (10.0, -50.0, foot)),
        ]
        assert (found.ground, found.gap, found.fine) == (margin, 250.0, pytest.approx(0.2))
    beside = [(d.start, d.end) for d in around(box, 2.5)]
    assert beside == [
        ((10.0, -90.0, 0.0), (110.0, -90.0, 0.0)),
        ((-40.0, -50.0, 0.0), (-40.0, 50.0, 0.0)),
        ((-40.0, -90.0, 0.0), (-40.0, -90.0, 85.0)),
    ]


def test_what_has_happened_to_a_file_is_guessed_right() -> None:
    """By size and hash: line ends, an editor's end or mark, a copy that was never made, or one cut short."""
    whole = b"one\ntwo\n"
    entry = {"sha256": hashlib.sha256(whole).hexdigest(), "size": len(whole)}
    for changed, said in (
        (b"one\r\ntwo\r\n", "the line ends of Windows"),
        (b"\xef\xbb\xbfone\ntwo\n", "an editor has saved it anew"),
        (b"one\ntwo", "an editor has saved it anew"),
        (b"one\ntwo\n\n", "an editor has saved it anew"),
        (b"", "is empty"),
        (b"\0\0\0", "is empty"),
        (b"one\n", "it has 4 of 8 bytes"),
        (b"one\ntwo!", "its SHA-256 or size is not"),
        (b"\0\0\0\0\0\0\0\0", "its SHA-256 or size is not"),
    ):
        assert said in str(_changed("f", entry, changed)), changed
    assert "its SHA-256 or size is not" in str(_changed("f", {"size": "8"}, b"x"))


@pytest.mark.parametrize("data", [[], "x", None, 3])
def test_a_manifest_that_is_no_object_is_said_to_be_none(data: object) -> None:
    with pytest.raises(VerificationError, match="the manifest is not an object but"):
        check_form(data)
