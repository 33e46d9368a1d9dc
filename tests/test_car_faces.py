"""The car's faces: every drawing of lamps, grille and tail fits every car, as mesh and as exact solids."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from maquette.design.family.sampling import sample
from maquette.design.geometry.measures import solid_volume
from maquette.design.products.car import Car
from maquette.design.products.car.body import panel_solid, panels
from maquette.design.products.car.choices import FRONT_LAMPS, GRILLES, REAR_LAMPS
from maquette.design.products.car.definition import Definition, define
from maquette.design.products.car.face import Patch, face_of
from maquette.design.products.car.nose import nose_patches
from maquette.design.products.car.panels import Panel, panel_mesh
from maquette.design.products.car.skin import EXACT, FAST, Detail, skin, skin_mesh
from maquette.design.products.car.tail import tail_patches
from maquette.design.products.car.wrap import wraps

CAR = Car()
TRUE_SKIN = Detail(stations=420, end=40, top=61, corner=30, glass=40, side=50, sill=30)
#: every option of the three choices, in as many looks as the longest list has
LOOKS = [
    {"front_lamps": float(k), "rear_lamps": float(k % len(REAR_LAMPS)), "grille": float(k % len(GRILLES))}
    for k in range(len(FRONT_LAMPS))
]


@cache
def cars() -> dict[str, dict[str, float]]:
    named = {name: CAR.accept(CAR.defaults() | CAR.archetypes[name]) for name in CAR.archetypes}
    drawn = sample(CAR, 6, seed=11).designs
    return named | {f"seed 11 car {k}": dict(design.parameters) for k, design in enumerate(drawn)}


CAR_NAMES = [*CAR.archetypes, *(f"seed 11 car {k}" for k in range(6))]


def drawings(d: Definition) -> tuple[list[Patch], list[Patch]]:
    nose, tail = wraps(skin(d, FAST))
    return nose_patches(d, face_of(d, nose)), tail_patches(d, face_of(d, tail))


def end_panels(d: Definition, detail: Detail = FAST) -> list[Panel]:
    nose, tail = wraps(skin(d, detail))
    faces = face_of(d, nose), face_of(d, tail)
    return faces[0].laid(nose_patches(d, faces[0])) + faces[1].laid(tail_patches(d, faces[1]))


def overlap(a: Patch, b: Patch) -> float:
    """Area that two drawings share, mm2."""
    from manifold3d import CrossSection, FillRule

    def area(p: Patch) -> CrossSection:
        s, z = (np.concatenate([g[:, 0], g[-1, 1:], g[-2::-1, -1], g[0, -2:0:-1]]) for g in (p.s, p.z))
        return CrossSection([np.stack([s, z], axis=1)], FillRule.NonZero)

    if a.s.min() > b.s.max() or b.s.min() > a.s.max() or a.z.min() > b.z.max() or b.z.min() > a.z.max():
        return 0.0
    return float((area(a) ^ area(b)).area())


def kind(name: str) -> str:
    """What a part belongs to."""
    for word in ("plate", "grille", "lower intake", "side intake", "lip", "seam", "valance", "reflector"):
        if word in name:
            return word
    return "diffuser" if "diffuser" in name else "badge" if "badge" in name else "lamp"


#: what may lie on what, one layer above the other
ON = {("plate", "grille"), ("badge", "grille"), ("diffuser", "valance")}


@pytest.mark.parametrize("name", CAR_NAMES)
def test_no_part_of_a_face_lies_in_another(name: str) -> None:
    """Lamps, grille, plate and intakes keep apart; what lies on something lies above it."""
    looks = [
        {"front_lamps": float(a), "grille": float(b), "rear_lamps": float((a + b) % len(REAR_LAMPS))}
        for a, b in itertools.product(range(len(FRONT_LAMPS)), range(len(GRILLES)))
    ]
    for look in looks:
        for face in drawings(define(cars()[name] | look)):
            for a, b in itertools.combinations(face, 2):
                shared = overlap(a, b)
                if shared < 1.0:
                    continue
                ka, kb = kind(a.name), kind(b.name)
                assert ka == kb or (ka, kb) in ON or (kb, ka) in ON, (look, a.name, b.name, shared)
                low, high = sorted((a.layer, b.layer))
                assert low[0] + low[1] < high[0], (look, a.name, b.name, shared)


@pytest.mark.parametrize("name", CAR_NAMES)
def test_every_look_is_closed_clean_and_thin(name: str) -> None:
    for look in LOOKS:
        d = define(cars()[name] | look)
        found = end_panels(d)
        assert len({p.name for p in found}) == len(found)
        assert len(found) <= 36, look
        for p in found:
            mesh = panel_mesh(p).mesh
            assert mesh.is_watertight, (look, p.name)
            assert mesh.volume > 0.0, (look, p.name)
            assert p.lift + p.thickness <= 6.0, (look, p.name)
            for axis in (0, 1):
                steps = np.linalg.norm(np.diff(p.points, axis=axis), axis=2)
                assert steps.min() > 0.8, (look, p.name, steps.min())
            if p.name.endswith("right"):
                assert p.points[..., 1].min() > 0.0, (look, p.name)
            for x in (d.x_front_axle, d.x_rear_axle):
                away = np.hypot(p.points[..., 0] - x, p.points[..., 2] - d.z_axle)
                assert away.min() > d.arch_radius + 10.0, (look, p.name)


@pytest.mark.parametrize("name", CAR_NAMES)
def test_faces_lie_on_the_true_skin(name: str) -> None:
    """Points from the fast skin's map lie on the surface itself, sampled four times as finely."""
    from scipy.spatial import cKDTree
    from trimesh.triangles import closest_point

    look = LOOKS[CAR_NAMES.index(name) % len(LOOKS)]
    d = define(cars()[name] | look)
    true = skin_mesh(skin(d, TRUE_SKIN))
    corners = true.vertices[true.faces]
    tree = cKDTree(corners.mean(axis=1))
    for p, exact in zip(end_panels(d), end_panels(d, EXACT), strict=True):
        points = p.points.reshape(-1, 3)
        _, near = tree.query(points, k=24)
        many = np.repeat(points, 24, axis=0)
        away = np.linalg.norm(closest_point(corners[near.ravel()], many) - many, axis=1)
        assert away.reshape(-1, 24).min(axis=1).max() < 2.5, (look, p.name)
        assert np.abs(p.points - exact.points).max() < 5.0, (look, p.name)


def test_left_is_the_mirror_image_of_right() -> None:
    for look in LOOKS:
        d = define(CAR.defaults() | look)
        found = {p.name: p for p in panels(d, skin(d, FAST))}
        for p in end_panels(d):
            points = found[p.name].points
            if p.name.endswith("right"):
                left = found[p.name.replace("right", "left")].points
                assert np.allclose(left[::-1] * np.array([1.0, -1.0, 1.0]), points), p.name
            else:
                across = points[::-1] * np.array([1.0, -1.0, 1.0])
                assert np.allclose(across, points), p.name


def test_options_differ() -> None:
    """No two options of a choice draw the same."""
    for choice, count in (
        ("front_lamps", len(FRONT_LAMPS)),
        ("rear_lamps", len(REAR_LAMPS)),
        ("grille", len(GRILLES)),
    ):
        seen = set()
        for k in range(count):
            found = end_panels(define(CAR.defaults() | {choice: float(k)}))
            seen.add(tuple((p.name, p.points.tobytes()) for p in found))
        assert len(seen) == count, choice


@pytest.mark.slow
@pytest.mark.kernel
@pytest.mark.parametrize("k", range(len(LOOKS)))
def test_exact_parts_of_a_face_are_valid(k: int) -> None:
    """Each is one valid solid as large as its mesh (the kernel's plain integral, not taken here, is wrong by
    up to half on a strip so thin and so far from the origin)."""
    for name in (CAR_NAMES[k], CAR_NAMES[8 + k % 6]):
        d = define(cars()[name] | LOOKS[k])
        for p in end_panels(d, EXACT):
            solid = panel_solid(p)
            assert solid.isValid(), (name, p.name)
            volume = solid_volume(solid)
            assert volume == pytest.approx(panel_mesh(p).mesh.volume, rel=0.05), (
                name,
                p.name,
            )  # 4.1 % on a beam
