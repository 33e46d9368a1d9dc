"""A skin round loose panels, by the sizes of what they enclose; and what is refused or guessed about axes."""

from __future__ import annotations

import numpy as np
import pytest
from test_shapes_by_hand import block

from maquette.design.arrays import FloatArray
from maquette.design.errors import InputError
from maquette.design.exchange.shapes import axes, wrap
from maquette.design.geometry.mesh import Mesh

SIZE, PLACE = np.array([100.0, 60.0, 40.0]), np.array([7.0, -5.0, 3.0])


@pytest.fixture(autouse=True)
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrap, "CELLS", 60)
    monkeypatch.setattr(wrap, "GAPS", (0.04, 0.08, 0.14))


def panel(axis: int, at: float, low: FloatArray, high: FloatArray) -> FloatArray:
    """(2, 3, 3) triangles of a rectangle across an axis."""
    u, v = (axis + 1) % 3, (axis + 2) % 3
    corners = np.empty((4, 3))
    corners[:, axis] = at
    corners[:, u], corners[:, v] = low[u], low[v]
    corners[[1, 2], u], corners[[2, 3], v] = high[u], high[v]
    return np.stack([corners[[0, 1, 2]], corners[[0, 2, 3]]])


def soup(triangles: list[FloatArray]) -> Mesh:
    whole = np.concatenate(triangles)
    return Mesh(whole.reshape(-1, 3) + PLACE, np.arange(3 * len(whole)).reshape(-1, 3))


def panels(back: float = 0.0, slit: float = 0.0, sides: int = 6) -> Mesh:
    """A box of rectangles that end `back` before its edges, half of them turned inward; the top ends `slit`
    before the far end."""
    every = [panel(a, e * SIZE[a], 0 * SIZE + back, SIZE - back) for a in range(3) for e in (0, 1)]
    every[-1] = panel(2, SIZE[2], 0 * SIZE + back, SIZE - [max(slit, back), back, 0.0])
    return soup(every[:sides])


@pytest.mark.parametrize(("slit", "bridged"), [(0.0, 4.0), (6.0, 8.0), (9.0, 14.0)])
def test_a_box_of_loose_panels_gets_a_skin_of_its_size(slit: float, bridged: float) -> None:
    """A slit is bridged by the narrowest of 4, 8 and 14 mm that holds nine tenths of what the widest does."""
    loose = panels(slit=slit)
    found = wrap.wrapped(loose)
    assert not isinstance(found, str)
    assert found.cell == pytest.approx(100.0 / 60.0)
    assert found.gap == pytest.approx(bridged)
    assert found.mesh.is_watertight
    assert found.mesh.volume == pytest.approx(SIZE.prod(), rel=0.015)
    assert found.mesh.bounds == pytest.approx(np.array([0 * SIZE, SIZE]) + PLACE, abs=0.3)
    assert 0.0 < found.off < 0.6
    lower = wrap.wrapped(Mesh(0.001 * loose.vertices, loose.faces))
    assert not isinstance(lower, str)
    assert lower.mesh.volume == pytest.approx(1e-9 * found.mesh.volume, rel=1e-3)
    assert lower.off == pytest.approx(0.001 * found.off, rel=1e-3)


def test_what_lies_inside_is_swallowed() -> None:
    inner = panel(0, 50.0, 0 * SIZE + 10.0, SIZE - 10.0)
    box = panels()
    whole = soup([box.vertices[box.faces] - PLACE, inner])
    found = wrap.wrapped(whole)
    assert not isinstance(found, str)
    assert found.mesh.volume == pytest.approx(SIZE.prod(), rel=0.02)


def test_what_encloses_nothing_and_what_is_mostly_gaps_has_no_skin() -> None:
    """A sheet; a wide slit; panels that end 6 mm before the edges: a fifth of the skin lies up to 4 mm from
    all of them, more than 0.6 mm on average."""
    assert wrap.wrapped(panels(sides=1)) == "sheet"
    assert isinstance(wrap.wrapped(panels(slit=40.0)), str)
    assert wrap.wrapped(panels(back=6.0)) == "open"


def test_the_skin_of_a_field_is_where_it_is_nothing() -> None:
    """Depths below spheres of 9 and 4 cells of 2 mm: the larger alone, closed, of its own volume."""
    at = np.indices((40, 30, 30)).transpose(1, 2, 3, 0)
    large, small = (
        r - np.linalg.norm(at - c, axis=-1) for c, r in (([12, 15, 15], 9.0), ([31, 15, 15], 4.0))
    )
    found = wrap._skin(np.maximum(large, small), np.array([1.0, 2.0, 3.0]), 2.0)
    assert found is not None
    assert found.volume == pytest.approx(4 / 3 * np.pi * 18.0**3, rel=0.04)
    assert found.bounds == pytest.approx(np.array([[7, 14, 15], [43, 50, 51]]), abs=0.5)
    assert wrap._skin(np.full((9, 9, 9), -1.0), np.zeros(3), 1.0) is None
    cut = wrap._skin(np.maximum(large, 5.0 - at[..., 0]), np.zeros(3), 1.0)  # what meets the border is closed
    assert cut is not None
    assert cut.is_watertight


def test_the_flood_goes_round_what_is_closed() -> None:
    """A shell of one cell: its inside is as deep as it is far from what the flood reaches, less the layer."""
    from scipy.ndimage import distance_transform_edt

    free = np.ones((21, 21, 21), dtype=bool)
    free[5:16, 5:16, 5:16] = False
    free[6:15, 6:15, 6:15] = True
    away = distance_transform_edt(free)
    depth = wrap._solid(away, 1.2)
    assert depth[10, 10, 10] == pytest.approx(7.0 - 1.2)  # 5 to the shell, the layer swallows one more
    assert depth[5, 10, 10] == pytest.approx(2.0 - 1.2)
    assert depth[0, 0, 0] == depth[2, 10, 10] == pytest.approx(-1.2)
    free[5:16, 5:16, 15] = True  # a side is missing
    assert wrap._solid(distance_transform_edt(free), 1.2)[10, 10, 10] == pytest.approx(-1.2)


# -- axes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "names"),
    [
        (("parsec", "", ""), ("--units", "parsec", "mm")),
        (("", "w", ""), ("--up", "w", "-z")),
        (("", "", "xy"), ("--forward", "xy", "-x")),
        (("", "z", "-z"), ("--up", "--forward", "one axis")),
        (("mm", "+x", "x-"), ("--up", "--forward", "one axis")),
    ],
)
def test_axes_that_mean_nothing_are_refused(said: tuple[str, str, str], names: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as refused:
        axes.check_axes(*said)
    assert all(name in str(refused.value) for name in names)


@pytest.mark.parametrize(
    "said", [("", "", ""), ("mm", "", ""), ("", "z", ""), ("", "", "-x"), ("in", "+Z", "x-"), ("m", "y", "z")]
)
def test_axes_that_mean_something_pass(said: tuple[str, str, str]) -> None:
    axes.check_axes(*said)


def test_there_are_24_turns_and_none_mirrors() -> None:
    every = np.array(axes.turns())
    assert every.shape == (24, 3, 3)
    assert np.linalg.det(every) == pytest.approx(1.0)
    assert len({tuple(t.ravel()) for t in every}) == 24
    assert set(np.unique(every).tolist()) == {-1.0, 0.0, 1.0}


def test_directions() -> None:
    assert [axes._direction(n).tolist() for n in ("x", "-y", "z")] == [[1, 0, 0], [0, -1, 0], [0, 0, 1]]


def test_skew_is_how_far_the_middle_line_strays() -> None:
    """Bent to one side over the last quarter by a twentieth of the length."""
    x = np.repeat(np.linspace(3.0, 203.0, 401), 2)
    points = np.stack([x, np.tile([-40.0, 40.0], 401), 0 * x], axis=1)
    assert axes.skew(points) == pytest.approx(0.0)
    for way in (10.0, -10.0):
        bent = points + np.where(x > 153.0, way, 0.0)[:, None] * [0.0, 1.0, 0.0]
        assert axes.skew(bent) == pytest.approx(0.05 * np.sqrt(0.25), rel=0.08)


@pytest.mark.parametrize("said", [{}, {"up": "z"}, {"forward": "-x"}])
def test_a_body_that_stands_askew_is_straightened_unless_both_axes_are_said(said: dict[str, str]) -> None:
    """A box of 4000 x 1800 x 1200 mm, turned by 20 degrees about z."""
    box = block(4000.0, 1800.0, 1200.0)
    known = axes.Known(axes.profiles_of(box)[None], 4000.0)
    c, s = np.cos(np.radians(20.0)), np.sin(np.radians(20.0))
    there = Mesh(box.vertices @ np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]), box.faces)
    mesh, placing = axes.placed(there, known, **said)
    assert np.ptp(mesh.vertices, axis=0) == pytest.approx([4000.0, 1800.0, 1200.0], rel=0.01)
    assert placing.tilt == pytest.approx(20.0, abs=0.5)
    left, placing = axes.placed(there, known, up="z", forward="-x")
    assert placing.tilt == 0.0
    assert np.ptp(left.vertices[:, 1]) == pytest.approx(4000.0 * s + 1800.0 * c)
