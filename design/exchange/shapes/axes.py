"""Which unit, which way up, which way forward: guessed by laying a shape on the bodies of a family."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations, product

import numpy as np

from ...arrays import FloatArray
from ...errors import InputError
from ...family.contract import Family
from ...geometry.mesh import Mesh
from ...geometry.surface_points import surface_points
from ...messages import say

#: mm in one unit, by the names that people give it
UNITS = {"mm": 1.0, "m": 1000.0, "in": 25.4, "cm": 10.0, "ft": 304.8}
#: glTF's axes to ours
GLTF = np.array([[0.0, 0.0, -1.0], [-1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
AXES = ("x", "-x", "y", "-y", "z", "-z")
STATIONS = 48  # along the body
SPACING = 0.012  # of the longest side, between the points that profiles are taken from
LONGER = 1.45  # how much longer or shorter than the family's bodies a shape may be for its unit to be sure
DOUBT = 0.8  # a second orientation at less than the first one's distance over this leaves doubt
ASKEW, STRAIGHT = 0.02, 0.012  # of the length: mirror halves so far apart stand askew; so near are straight
LEVEL = 0.08  # of the length: a shape so little above its file's zero stands over that ground
USUAL = (150.0, 30_000.0)  # mm: size of what is no body of the family


@dataclass(frozen=True)
class Known:
    """Bodies that a shape is laid on.

    Attributes:
        profiles: (n, 4 STATIONS) as of :func:`profiles`. length: mm, the usual one.
    """

    profiles: FloatArray
    length: float


@dataclass(frozen=True)
class Placing:
    """How a shape was laid.

    Attributes:
        unit: of the file. unit_how: ``given``, by the file's ``format``, by ``size``, or a ``guess``.
        up, forward: axes of the file, the nearest ones where it stands askew.
        axes_how: ``given``, by ``shape``, or a ``guess`` (another way fits nearly as well).
        tilt: deg, that it was turned beyond whole quarter turns. ground: mm, that it was lifted.
        apart: root mean square of its profiles off the nearest body's, shares of the length.
    """

    unit: str
    unit_how: str
    up: str
    forward: str
    axes_how: str
    tilt: float
    ground: float
    apart: float


def check_axes(unit: str, up: str, forward: str) -> None:
    """Refuse names that mean nothing.

    Raises:
        InputError: naming the option, its value and what is allowed.
    """
    if unit and unit not in UNITS:
        known = ", ".join(UNITS)
        raise InputError(say("--units is {value!r}; allowed: {known}", value=unit, known=known))
    for name, value in (("--up", up), ("--forward", forward)):
        if value and _named(value) not in AXES:
            known = ", ".join(AXES)
            raise InputError(
                say("{name} is {value!r}; allowed: {known}", name=name, value=value, known=known)
            )
    if up and forward and _named(up)[-1] == _named(forward)[-1]:
        raise InputError(
            say("--up {up} and --forward {forward} lie on one axis", up=_named(up), forward=_named(forward))
        )


def _named(value: str) -> str:
    """``+x`` and ``x-`` as ``x`` and ``-x``."""
    text = value.strip().lower().removeprefix("+")
    return "-" + text[:-1] if len(text) == 2 and text.endswith("-") else text.removesuffix("+")


def placed(
    mesh: Mesh,
    known: Known,
    said_unit: str = "",
    unit: str = "",
    up: str = "",
    forward: str = "",
    gltf: bool = False,
) -> tuple[Mesh, Placing]:
    """A mesh in the file's unit and axes brought to millimetres, forward -x, z up, centred, on the ground.

    Args:
        said_unit: what the file's format lays down. gltf: in doubt y is up and z forward.
        unit, up, forward: what the user says; "" to guess.
    """
    check_axes(unit, up, forward)
    span = float(np.ptp(mesh.vertices, axis=0).max())
    points, _, shares = surface_points(mesh, SPACING * span)
    usual = GLTF if gltf else np.eye(3)
    turn, axes_how, apart = _orientation(points, known, _named(up), _named(forward), usual)
    if not (up and forward) and skew(points @ turn.T) > ASKEW:
        upright = _upright(points, shares)
        again, again_how, again_apart = _orientation(points @ upright.T, known, "", "", usual)
        again = again @ upright
        again = _level(points @ again.T) @ again
        if skew(points @ again.T) < STRAIGHT:
            turn, axes_how, apart = again, again_how, again_apart
    length = float(np.ptp(points @ turn[0]))
    name, how = _unit(length, known.length, said_unit, unit)
    vertices = UNITS[name] * mesh.vertices @ turn.T
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    kept = 0.0 <= low[2] <= LEVEL * (high[0] - low[0])
    lift = 0.0 if kept else -float(low[2])
    vertices += [-low[0], -0.5 * (low[1] + high[1]), lift]
    up, forward = (AXES[2 * int(np.abs(row).argmax()) + int(row[np.abs(row).argmax()] < 0)]
                   for row in (turn[2], -turn[0]))  # fmt: skip
    tilt = float(np.degrees(np.arccos(np.clip(np.abs(turn).max(axis=1).min(), -1.0, 1.0))))
    found = Placing(name, how, up, forward, axes_how, round(tilt, 2), lift, apart)
    return Mesh(vertices, mesh.faces), found


def _unit(span: float, size: float, laid_down: str, given: str) -> tuple[str, str]:
    """Name of the unit, and ``given``, ``format``, ``size`` or ``guess``."""
    if given:
        return given, "given"
    off = {u: abs(np.log(span * mm / size)) for u, mm in UNITS.items()}
    best = min(off, key=lambda u: float(off[u]))
    if laid_down and (off[laid_down] < np.log(LONGER) or off[best] > np.log(LONGER)):
        return laid_down, "format"
    if off[best] < np.log(LONGER):
        return best, "size"
    for u in ("mm", "m"):
        if USUAL[0] <= span * UNITS[u] <= USUAL[1]:
            return u, "guess"
    return "mm", "guess"


# -- orientation ---------------------------------------------------------------------------------------


def turns() -> list[FloatArray]:
    """The 24 rotations that take axes to axes, (3, 3) each."""
    found = []
    for order in permutations(range(3)):
        for signs in product((1.0, -1.0), repeat=3):
            turn = np.zeros((3, 3))
            turn[range(3), order] = signs
            if np.linalg.det(turn) > 0.0:
                found.append(turn)
    return found


def _orientation(
    points: FloatArray, known: Known, up: str, forward: str, usual: FloatArray
) -> tuple[FloatArray, str, float]:
    scored = []
    for turn in turns():
        if up and not np.array_equal(turn[2], _direction(up)):
            continue
        if forward and not np.array_equal(-turn[0], _direction(forward)):
            continue
        profile = profiles(points @ turn.T)
        apart = float(np.sqrt(((known.profiles - profile) ** 2).mean(axis=1)).min())
        scored.append((apart, -float(np.trace(turn)), turn))
    scored.sort(key=lambda s: (round(s[0], 4), s[1]))
    apart, _, best = scored[0]
    if up and forward:
        return best, "given", apart
    if apart < DOUBT * min((s[0] for s in scored[1:]), default=np.inf):
        return best, "shape", apart
    for near, _, turn in scored:  # in doubt as most files have it
        if apart >= DOUBT * near and np.array_equal(turn, usual):
            return turn, "guess", near
    return best, "guess", apart


def skew(points: FloatArray) -> float:
    """How far the left side is from the mirrored right one, root mean square along the body, in lengths."""
    x, y, length = points[:, 0], points[:, 1], float(np.ptp(points[:, 0]))
    along = np.clip(((x - x.min()) / max(length, 1e-12) * STATIONS).astype(np.int64), 0, STATIONS - 1)
    most, least = np.full(STATIONS, -np.inf), np.full(STATIONS, np.inf)
    np.maximum.at(most, along, y)
    np.minimum.at(least, along, y)
    there = np.isfinite(most)
    middle = 0.5 * (most + least)[there]
    return float(np.sqrt(((middle - np.median(middle)) ** 2).mean()) / max(length, 1e-12))


def _upright(points: FloatArray, shares: FloatArray) -> FloatArray:
    """(3, 3) rotation to the principal axes of a surface: of a body with a mirror plane its normal is one."""
    about = points - np.average(points, axis=0, weights=shares)
    _, vectors = np.linalg.eigh((about * shares[:, None]).T @ about)
    turn = vectors.T[::-1].copy()
    turn[2] *= np.sign(np.linalg.det(turn))
    return np.asarray(turn)


def _level(points: FloatArray) -> FloatArray:
    """(3, 3) rotation about y that lays the underside's longest tangent below the middle on the ground."""
    from scipy.spatial import ConvexHull

    x, z = points[:, 0], points[:, 2]
    rim = np.stack([x, z], axis=1)[ConvexHull(np.stack([x, z], axis=1)).vertices]  # counter-clockwise
    ahead = np.roll(rim, -1, axis=0) - rim
    low = np.flatnonzero((ahead[:, 0] > 0.0) & (np.abs(ahead[:, 1]) < 0.3 * ahead[:, 0]))
    if not len(low):
        return np.eye(3)
    edge = ahead[low[int(np.argmax(ahead[low, 0]))]]
    c, s = edge / np.linalg.norm(edge)
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])


def _direction(name: str) -> FloatArray:
    found = np.zeros(3)
    found["xyz".index(name[-1])] = -1.0 if name.startswith("-") else 1.0
    return found


def profiles(points: FloatArray) -> FloatArray:
    """(4 STATIONS,) roof, underside, half width along x, and half width over height, in lengths along x; the
    same for a shape of any size. Points (n, 3), x along the body, z up."""
    low, high = points.min(axis=0), points.max(axis=0)
    length = max(float(high[0] - low[0]), 1e-12)
    x = (points[:, 0] - low[0]) / length
    y = np.abs(points[:, 1] - 0.5 * (low[1] + high[1])) / length
    z = (points[:, 2] - low[2]) / length
    along = np.clip((x * STATIONS).astype(np.int64), 0, STATIONS - 1)
    tall = max(float(z.max()), 1e-12)
    above = np.clip((z / tall * STATIONS).astype(np.int64), 0, STATIONS - 1)
    found = np.zeros((4, STATIONS))
    np.maximum.at(found[0], along, z)
    found[1] = 1.0
    np.minimum.at(found[1], along, z)
    found[1] = np.minimum(found[1], found[0])
    np.maximum.at(found[2], along, y)
    np.maximum.at(found[3], above, y)
    return found.ravel()


@lru_cache(maxsize=4)
def known_bodies(family: Family) -> Known:
    """The family's named bodies, from their coarse stand-ins."""
    meshes = [
        family.outline({**family.defaults(), **differing}).mesh
        for differing in ({}, *family.archetypes.values())
    ]
    return Known(
        np.stack([profiles_of(m) for m in meshes]),
        float(np.median([np.ptp(m.vertices[:, 0]) for m in meshes])),
    )


def profiles_of(mesh: Mesh) -> FloatArray:
    """:func:`profiles` of a mesh, x along the body, z up."""
    return profiles(surface_points(mesh, SPACING * float(np.ptp(mesh.vertices, axis=0).max()))[0])
