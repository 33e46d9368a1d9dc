"""What a frame is ridden with, for pictures only: wheels, fork, bars, saddle, cranks.

A bare frame hardly tells a gravel bicycle from a touring one. What is shown around it follows from its
geometry by rules that builders go by, and no part of it is measured, weighed, exported or learned from:

- tyres are the widest that fit, the fork holds the front axle where :mod:`.fit` has it, the saddle is at the
  height of the rider whom the frame fits;
- a fork of `SUSPENDED_MM` or more is a suspension fork (rigid ones for 622 mm wheels measure 365 to 430 mm,
  those with 100 mm of travel about 500 mm);
- stack over reach says how one sits: above `UPRIGHT` the bars sweep back (racing frames have 1.4, endurance
  frames 1.55), beside a suspension fork they are wide and flat, else they drop;
- chain stays of `LADEN_MM` or more leave the heels room before panniers: a rear rack is mounted;
- whoever sits upright has mudguards;
- a hub of `TRACK_HUB_MM` or less has one fixed sprocket and no brake, one of `DISC_HUB_MM` or more a through
  axle and disc brakes, between them there are rim brakes; hubs wider than the track's have a derailleur;
- tyres of `FLARED_MM` or more stand for loose ground, where drop bars flare outward.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from ...arrays import FloatArray
from ...geometry.mesh import Colour, FinishName, Mesh, MeshPart, joined, mirrored
from ...geometry.pipes import pipe
from .definition import STAY_END_MM, Definition, define, up
from .fit import CLAMP_MM, CRANK_MM, LOWER_BEARING_MM, RIM_MM, front_axle, saddle_height, widest_tyre

SUSPENDED_MM = 450.0
UPRIGHT, LOW = 1.66, 1.45
LADEN_MM = 445.0
TRACK_HUB_MM = 120.5
DISC_HUB_MM = 141.5
FLARED_MM = 40.0
NARROWEST_TYRE_MM = 18.0
FRONT_HUB_MM = 100.0
SPOKES = 24
FLARE = 0.42  # outward for each mm down
CHAIN_LINE_MM = 45.0
SPROCKET_MM = 36.0
DISC_MM = 80.0  # radius of a brake's disc
METAL: Colour = (0.60, 0.61, 0.63, 1.0)
DARK: Colour = (0.16, 0.16, 0.17, 1.0)


def parts_in_use(values: Mapping[str, float]) -> list[MeshPart]:
    """Wheels, fork, bars, saddle and cranks around the frame of these values."""
    d = define(values)
    tyre = max(widest_tyre(d), NARROWEST_TYRE_MM)
    x, length = front_axle(d)
    front = np.array([x, 0.0, d.p["bottom_bracket_drop"]])
    hub = d.p["dropout_spacing"]
    suspended = length >= SUSPENDED_MM
    upright = not suspended and d.p["stack"] / d.p["reach"] > UPRIGHT
    bars, grips = _bars(d, "flat" if suspended else "swept" if upright else "drop", tyre)
    brakes = (
        () if hub <= TRACK_HUB_MM else _discs(d, front) if hub >= DISC_HUB_MM else _rim_brakes(d, front, tyre)
    )
    shown: list[tuple[str, Colour, FinishName, Iterable[Mesh]]] = [
        (
            "tyres",
            DARK,
            "rubber",
            [_circle(a, RIM_MM + 0.5 * tyre, 0.5 * tyre) for a in (d.points["axle"], front)],
        ),
        ("wheels", METAL, "metal", [*_wheel(d.points["axle"], hub), *_wheel(front, FRONT_HUB_MM)]),
        ("fork", METAL, "metal", _fork(d, front, tyre, suspended)),
        ("fork legs", DARK, "paint", _legs(d, front, tyre) if suspended else ()),
        ("bars", METAL, "metal", bars),
        ("grips", DARK, "rubber", grips),
        ("seat post", METAL, "metal", [_post(d)]),
        ("saddle", DARK, "rubber", [_saddle(d, upright)]),
        ("brakes", METAL, "metal", brakes),
        ("cranks", METAL, "metal", _cranks(d, 66.0 if suspended else 96.0, hub > TRACK_HUB_MM)),
    ]
    if d.p["chain_stay_length"] >= LADEN_MM and not suspended:
        shown.append(("rack", DARK, "metal", _rack(d, RIM_MM + tyre)))
    if upright:
        guards = [_guard(d.points["axle"], tyre, 5.0, 185.0), _guard(front, tyre, 78.0, 200.0)]
        shown.append(("mudguards", METAL, "paint", guards))
    made = [(name, colour, finish, list(meshes)) for name, colour, finish, meshes in shown]
    return [MeshPart(name, joined(m), colour, "", "", finish) for name, colour, finish, m in made if m]


def _ring(
    centre: FloatArray, radius: float, begin: float = 0.0, end: float = 360.0, n: int = 73
) -> FloatArray:
    """Points (n, 3) of an arc around y, degrees from the front over the top."""
    turn = np.radians(np.linspace(begin, end, n))
    return np.asarray(centre + radius * np.stack([np.cos(turn), 0.0 * turn, np.sin(turn)], axis=1))


def _at(x: float, y: float, z: float) -> FloatArray:
    return np.array([x, y, z])


def _circle(centre: FloatArray, radius: float, thick: FloatArray | float, around: int = 16) -> Mesh:
    return pipe(_ring(centre, radius)[:-1], thick, closed=True, around=around)


def _bar(a: FloatArray, b: FloatArray, radius: float, around: int = 16) -> Mesh:
    return pipe(np.stack([a, b]), radius, around=around)


def _level(centre: FloatArray, half: float, radius: float) -> Mesh:
    """A bar across the frame's plane."""
    out = _at(0.0, half, 0.0)
    return _bar(centre - out, centre + out, radius)


def _wheel(axle: FloatArray, hub: float) -> Iterator[Mesh]:
    """Rim, hub and spokes."""
    yield _circle(axle, RIM_MM - 7.0, 10.0)
    yield _level(axle, 0.5 * hub, 15.0)
    for k, (outer, inner) in enumerate(
        zip(_ring(axle, RIM_MM - 12.0, n=SPOKES + 1), _ring(axle, 24.0, n=SPOKES + 1), strict=True)
    ):
        if k < SPOKES:
            yield _bar(inner + _at(0.0, 28.0 * (-1.0) ** k, 0.0), outer, 1.1, 6)


def _suspended(d: Definition, axle: FloatArray, tyre: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Of a suspension fork's left side (3,) each: out of the middle plane, where its leg begins, its foot."""
    crown = d.points["head bottom"] - LOWER_BEARING_MM * up(d.p["head_angle"])
    out = np.array([0.0, max(0.5 * tyre + 34.0, 62.0), 0.0])
    foot = axle + out
    return out, crown + out + 0.46 * (foot - crown - out), foot


def _legs(d: Definition, axle: FloatArray, tyre: float) -> Iterator[Mesh]:
    """The sliding part of a suspension fork: two legs, and the arch between them over the tyre."""
    out, middle, foot = _suspended(d, axle, tyre)
    leg = _bar(middle, foot, 23.0)
    arch = middle + 42.0 * up(d.p["head_angle"]) + _at(14.0, 0.0, 0.0)
    low = middle + _at(14.0, 0.0, 0.0)
    yield from (leg, _mirror(leg))
    yield pipe(np.stack([low, arch - 0.25 * out, arch - 1.75 * out, low - 2.0 * out]), 9.0)


def _fork(d: Definition, axle: FloatArray, tyre: float, suspended: bool) -> Iterator[Mesh]:
    """From the crown below the head tube to the front axle."""
    head = up(d.p["head_angle"])
    crown = d.points["head bottom"] - LOWER_BEARING_MM * head
    out = np.array([0.0, max(0.5 * tyre + 16.0, 36.0), 0.0])
    foot = axle + _at(0.0, 0.5 * FRONT_HUB_MM, 0.0)
    yield _bar(crown, d.points["head bottom"], 17.0)
    if suspended:
        out, middle, _ = _suspended(d, axle, tyre)
        sides = [_bar(crown + out + 16.0 * head, middle, 17.0)]
        yield _bar(crown - out, crown + out, 21.0)
    else:
        knee = crown + out - 0.62 * float(np.linalg.norm(foot - crown)) * head
        t = np.linspace(0.0, 1.0, 25)[:, None]
        curve = (1.0 - t) ** 2 * (crown + out) + 2.0 * t * (1.0 - t) * knee + t**2 * foot
        sides = [pipe(curve, np.linspace(13.0, 7.0, 25))]
        yield _level(crown, out[1], 15.0)
    for mesh in sides:
        yield mesh
        yield _mirror(mesh)


def _mirror(mesh: Mesh) -> Mesh:
    return Mesh(mirrored(mesh.vertices), mesh.faces[:, ::-1])


def _bars(d: Definition, kind: str, tyre: float) -> tuple[list[Mesh], list[Mesh]]:
    """Stem and bars, and what the hands hold."""
    head = up(d.p["head_angle"])
    low = d.p["stack"] / d.p["reach"] < LOW
    rise, reach = {"drop": (12.0 if low else 34.0, 105.0), "flat": (24.0, 50.0), "swept": (70.0, 60.0)}[kind]
    clamp = d.points["head top"] + rise * head
    centre = clamp + reach * _at(np.cos(0.1), 0.0, np.sin(0.1))
    lines = {
        # forward, outward, up of the right bends, mm
        "drop": [
            (0, 0, 0), (0, 90, 0), (0, 160, 0), (8, 185, 0), (26, 200, -1), (50, 205, -3), (76, 207, -8),
            (98, 208, -22), (110, 209, -45), (112, 210, -70), (103, 211, -96), (84, 212, -116),
            (58, 213, -126), (20, 214, -128), (-22, 215, -128),
        ],
        "flat": [(0, 0, 0), (0, 60, 0), (-4, 130, 10), (-16, 240, 16), (-38, 380, 18)],
        "swept": [
            (0, 0, 0), (8, 50, 4), (26, 100, 18), (34, 160, 34), (18, 225, 44), (-20, 268, 46),
            (-80, 290, 42), (-170, 312, 34),
        ],
    }  # fmt: skip
    line = _smooth(np.array(lines[kind], dtype=np.float64))
    flare = FLARE if kind == "drop" and tyre >= FLARED_MM else 0.0
    line[:, 1] += flare * np.maximum(-line[:, 2], 0.0)
    line += centre
    held = line[-len(line) // 3 :] if kind != "drop" else line[len(line) // 8 :]
    sides = [pipe(line, 12.5)]
    hands = [pipe(held, 14.5)]
    if kind == "drop" and d.p["dropout_spacing"] > TRACK_HUB_MM:  # brake hoods
        hood = centre + np.array([[70.0, 207.0, -4.0], [98.0, 207.0, 8.0], [118.0, 206.0, 34.0]])
        hands.append(pipe(hood, np.array([14.0, 14.0, 9.0])))
        blade = centre + np.array(
            [[106, 206, 10], [126, 207, -12], [124, 210, -52], [110, 213, -84]], dtype=float
        )
        sides.append(pipe(blade, np.array([4.0, 4.5, 4.0, 3.0])))
    stem = [
        _bar(d.points["head top"], clamp + 14.0 * head, 17.0),
        _bar(clamp, centre, 15.0),
        _level(centre, 30.0, 17.0),
    ]
    return [*stem, *sides, *map(_mirror, sides)], [*hands, *map(_mirror, hands)]


def _smooth(corners: FloatArray) -> FloatArray:
    """(n, 3) along a smooth line through `corners`."""
    from scipy.interpolate import PchipInterpolator

    away = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1))])
    return np.asarray(PchipInterpolator(away, corners)(np.linspace(0.0, away[-1], 49)))


def _saddle_top(d: Definition) -> FloatArray:
    seat = up(d.p["seat_angle"])
    return np.asarray(max(saddle_height(d), d.p["seat_tube_length"] + CLAMP_MM + 20.0) * seat)


def _post(d: Definition) -> Mesh:
    seat = up(d.p["seat_angle"])
    below = d.points["seat top"] - 20.0 * seat
    return _bar(below, _saddle_top(d) - (CLAMP_MM - 14.0) * seat, 13.6)


def _saddle(d: Definition, upright: bool) -> Mesh:
    """Its middle over the post; broader for who sits upright."""
    share = np.linspace(0.0, 1.0, 25)
    broad = 92.0 if upright else 70.0
    half = 19.0 + (broad - 19.0) / (1.0 + np.exp((share - 0.36) * 13.0))
    half *= np.sqrt(np.clip(np.minimum(share / 0.12, (1.0 - share) / 0.05), 0.02, 1.0))
    thick = np.interp(share, [0.0, 0.1, 0.5, 0.95, 1.0], [8.0, 22.0, 17.0, 12.0, 5.0])
    top = _saddle_top(d)
    x = top[0] - 145.0 + 275.0 * share
    z = top[2] - thick + 6.0 * ((share - 0.5) / 0.5) ** 2 * (share < 0.5) - 3.0 * (share > 0.8)
    return pipe(np.stack([x, 0.0 * x, z], axis=1), np.stack([half, thick], axis=1))


def _cranks(d: Definition, ring: float, geared: bool) -> Iterator[Mesh]:
    """Chain ring, cranks level, pedals, chain and sprockets; with a derailleur below them if geared."""
    side = _at(0.0, -CHAIN_LINE_MM, 0.0)
    axle = d.points["axle"] + side
    rise = _at(0.0, 0.0, 1.0)
    yield _circle(side, ring, np.array([[2.0, 6.0]] * 72), 8)
    for outer in _ring(side, ring, 20.0, 308.0, 5):
        yield _bar(side, outer, 5.0, 8)
    yield _level(np.zeros(3), 0.5 * d.p["shell_width"] + 20.0, 13.0)
    for y, x in ((-1.0, 1.0), (1.0, -1.0)):
        out = np.array([0.0, y * (0.5 * d.p["shell_width"] + 22.0), 0.0])
        foot = np.array([x * CRANK_MM, 1.1 * out[1], 0.0])
        yield pipe(np.stack([out, foot]), np.array([[7.0, 15.0], [6.0, 11.0]]))
        yield pipe(np.stack([foot, foot + _at(0.0, 105.0 * y, 0.0)]), np.array([[9.0, 38.0]] * 2), around=12)
    yield _bar(side + ring * rise, axle + SPROCKET_MM * rise, 3.2, 8)
    if not geared:
        yield _bar(axle + _at(0.0, 4.0, 0.0), axle - _at(0.0, 4.0, 0.0), SPROCKET_MM, 32)
        yield _bar(side - ring * rise, axle - SPROCKET_MM * rise, 3.2, 8)
        return
    for k in range(6):
        middle = axle + _at(0.0, 12.0 - 4.5 * k, 0.0)
        yield _bar(middle + _at(0.0, 1.0, 0.0), middle - _at(0.0, 1.0, 0.0), SPROCKET_MM + 14.0 - 5.0 * k, 32)
    guide, idler = (axle + _at(x, 0.0, z) for x, z in ((14.0, -70.0), (34.0, -128.0)))
    for pulley in (guide, idler):
        yield _bar(pulley + _at(0.0, 3.0, 0.0), pulley - _at(0.0, 3.0, 0.0), 17.0, 24)
    yield pipe(np.stack([guide, idler]), np.array([[5.0, 9.0]] * 2))
    yield _bar(axle - _at(0.0, 14.0, 22.0), guide - _at(0.0, 12.0, 0.0), 12.0)
    yield _bar(side - ring * rise, idler - 17.0 * rise, 3.2, 8)


def _discs(d: Definition, front: FloatArray) -> Iterator[Mesh]:
    """A disc with its arms and calliper on the left of each wheel."""
    for axle, hub, way in (
        (d.points["axle"], d.p["dropout_spacing"], (1.0, 0.8)),
        (front, FRONT_HUB_MM, (-1.0, 0.9)),
    ):
        middle = axle + _at(0.0, 0.5 * hub - 16.0, 0.0)
        yield _circle(middle, DISC_MM - 8.0, np.array([[0.9, 8.0]] * 72), 8)
        for outer in _ring(middle, DISC_MM - 10.0, 0.0, 300.0, 6):
            yield _bar(middle, outer, 3.0, 6)
        place = middle + DISC_MM / np.hypot(*way) * np.array([way[0], 0.0, way[1]])
        yield pipe(
            np.stack([place - _at(22.0, 0.0, 10.0), place + _at(22.0, 0.0, 10.0)]),
            np.array([[13.0, 14.0]] * 2),
        )


def _rim_brakes(d: Definition, front: FloatArray, tyre: float) -> Iterator[Mesh]:
    """Arms over the tyre from the fork's crown, and from the seat stays, to the rim."""
    crown = d.points["head bottom"] - (LOWER_BEARING_MM + 4.0) * up(d.p["head_angle"])
    stays = d.tubes["left seat stay"]
    away = RIM_MM + tyre + 10.0
    share = min((away - STAY_END_MM) / stays.length, 0.95)
    behind = (stays.b + share * (stays.a - stays.b)) * (1.0, 0.0, 1.0)
    for axle, mount, step in ((front, crown + _at(22.0, 0.0, 0.0), 1.0), (d.points["axle"], behind, -1.0)):
        inward = (axle - mount) / float(np.linalg.norm(axle - mount))
        pad = axle - (RIM_MM - 8.0) * inward + _at(14.0 * step, 0.0, 0.0)
        for y in (1.0, -1.0):
            out = _at(0.0, y * (0.5 * tyre + 14.0), 0.0)
            yield pipe(
                np.stack([mount, mount + out + 6.0 * inward, pad + 0.8 * out]), np.array([6.0, 7.0, 5.0])
            )
            yield _bar(pad + 0.75 * out - _at(22.0, 0.0, 0.0), pad + 0.75 * out + _at(22.0, 0.0, 0.0), 5.0)


def _rack(d: Definition, wheel: float) -> Iterator[Mesh]:
    """Over the rear wheel, on the dropouts and the seat stays."""
    axle, y = d.points["axle"], 60.0
    height = axle[2] + wheel + 42.0
    ends = [np.array([axle[0] + x, 0.0, height]) for x in (-190.0, 130.0)]
    for x in np.linspace(-190.0, 130.0, 5):
        yield _level(np.array([axle[0] + x, 0.0, height]), y, 5.0)
    foot = axle + _at(0.0, 0.5 * d.p["dropout_spacing"] + 8.0, 20.0)
    for out in ((0.0, y, 0.0), (0.0, -y, 0.0)):
        way = np.array([1.0, np.sign(out[1]), 1.0])
        yield _bar(ends[0] + out, ends[1] + out, 5.0)
        for x in (-110.0, 60.0):
            yield _bar(foot * way, np.array([axle[0] + x, out[1], height]), 5.0)
        yield _bar(
            ends[1] + out, d.points["seat stays"] * (1.0, 0.0, 1.0) + _at(0.0, 0.3 * out[1], -40.0), 4.0
        )


def _guard(axle: FloatArray, tyre: float, begin: float, end: float) -> Mesh:
    return pipe(_ring(axle, RIM_MM + tyre + 9.0, begin, end, 49), np.array([[0.5 * tyre + 7.0, 2.0]] * 49))
