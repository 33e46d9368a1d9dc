"""What holds of any frame: turning, adding and stiffening do what they must, reactions carry the loads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from maquette.design.arrays import FloatArray
from maquette.design.structures.draft import Draft
from maquette.design.structures.materials import MATERIALS, Material
from maquette.design.structures.sections import Section, oval_tube, round_tube
from maquette.design.structures.solve import Solved, solve
from maquette.design.structures.structure import Load, LoadCase, Structure, Support
from maquette.design.structures.surface import on_surface
from maquette.design.structures.verdict import KINDS, by_case, critical, why

SEEDS = st.integers(0, 10_000)
few = settings(max_examples=20)


def frame(seed: int, turn: Rotation | None = None, stiffer: float = 1.0, plate: bool = True) -> Structure:
    """A table of random measures with a stretcher, two load cases and a third that is their sum."""
    rng = np.random.default_rng(seed)
    turn = turn or Rotation.identity()
    up = turn.apply([0.0, 0.0, 1.0])
    base = MATERIALS["steel_s235"]
    G = stiffer * base.E / (2.0 * (1.0 + base.nu))  # isotropic to the last digit
    steel = Material("test", stiffer * base.E, G, base.nu, 7850.0, 235.0, (0.0, 0.0), "test")
    draft = Draft()

    def put(name: str, points: FloatArray, section: Section, end: Section | None = None) -> list[int]:
        sections = section if end is None else [*[section] * (len(points) - 1), end]
        return draft.chain(name, turn.apply(points), sections, steel, tuple(map(float, up)))

    corners = np.array([(0.0, 0.0), (400.0, 0.0), (420.0, 380.0), (0.0, 390.0)])
    corners = corners + rng.normal(0.0, 20.0, (4, 2))
    height = 400.0 + 100.0 * rng.random()
    tops = np.column_stack([corners, np.full(4, height)])
    feet = np.column_stack([corners + rng.normal(0.0, 30.0, (4, 2)), np.zeros(4)])
    for top, foot in zip(tops, feet, strict=True):
        put(
            "leg", np.array([top, 0.6 * top + 0.4 * foot, foot]), round_tube(25.0, 1.5), round_tube(18.0, 1.5)
        )
    for k in range(4):
        ends = tops[k], tops[(k + 1) % 4]
        put(f"rail {k}", np.array([ends[0], 0.5 * (ends[0] + ends[1]), ends[1]]), oval_tube(20.0, 30.0, 1.5))
    if plate:
        u, v = np.meshgrid([0.0, 0.5, 1.0], [0.0, 0.5, 1.0], indexing="ij")
        w = [(1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v]
        grid = sum(x[..., None] * t for x, t in zip(w, tops, strict=True))
        draft.sheet("seat", turn.apply(np.asarray(grid).reshape(-1, 3)).reshape(3, 3, 3), 4.0, steel)
    supports = [Support(draft.node(turn.apply(f))) for f in feet]
    pushes = [turn.apply(rng.normal(0.0, 300.0, 3)) for _ in range(3)]
    at = [draft.node(turn.apply(t)) for t in tops]
    first = [Load(at[0], tuple(pushes[0])), Load(at[2], tuple(pushes[1]))]
    second = [Load(at[1], tuple(pushes[2]), tuple(turn.apply([1e3, 2e3, -3e3])))]
    cases = [
        LoadCase("first", "test", supports, first),
        LoadCase("second", "test", supports, second),
        LoadCase("both", "test", supports, [*first, *second]),
    ]
    return draft.structure(cases)


@few
@given(SEEDS)
def test_turning_everything_turns_the_answer(seed: int) -> None:
    turn = Rotation.random(rng=np.random.default_rng(seed + 1))
    straight, turned = solve(frame(seed)), solve(frame(seed, turn))
    a, b = straight, turned
    for found, same in ((a.displacements, b.displacements), (a.reactions, b.reactions)):
        pairs = found.reshape(-1, 3)
        assert np.allclose(turn.apply(pairs), same.reshape(-1, 3), atol=1e-7 * np.abs(pairs).max())
    near = {"rtol": 1e-5, "atol": 1e-6 * a.peak_stress}
    assert np.allclose(a.stress, b.stress, **near)
    assert np.allclose(a.plate_stress, b.plate_stress, **near)
    assert np.isclose(straight.mass, turned.mass)


@few
@given(SEEDS)
def test_effects_of_loads_add_up(seed: int) -> None:
    found = solve(frame(seed))
    for of in (found.displacements, found.reactions, found.forces):
        assert np.allclose(of[0] + of[1], of[2], atol=1e-8 * np.abs(of).max())


@few
@given(SEEDS)
def test_twice_as_stiff_moves_half_as_far_at_the_same_stress(seed: int) -> None:
    once, twice = solve(frame(seed)), solve(frame(seed, stiffer=2.0))
    assert np.allclose(once.displacements, 2.0 * twice.displacements, rtol=1e-6, atol=1e-9)
    assert np.allclose(once.stress, twice.stress, rtol=1e-6, atol=1e-6)


@few
@given(SEEDS)
def test_reactions_balance_the_loads_in_force_and_moment(seed: int) -> None:
    found = solve(frame(seed))
    nodes = found.structure.nodes
    for case, reaction in zip(found.structure.cases, found.reactions, strict=True):
        force = reaction[:, :3].sum(axis=0) + np.sum([x.force for x in case.loads], axis=0)
        moment = (reaction[:, 3:] + np.cross(nodes, reaction[:, :3])).sum(axis=0)
        moment += np.sum([np.add(x.moment, np.cross(nodes[x.node], x.force)) for x in case.loads], axis=0)
        assert np.allclose(force, 0.0, atol=1e-6 * np.abs(reaction).max())
        assert np.allclose(moment, 0.0, atol=1e-5 * np.abs(reaction).max())
        held = {s.node for s in case.supports}
        assert not reaction[[k for k in range(len(nodes)) if k not in held]].any()


@few
@given(SEEDS)
def test_forces_balance_along_every_member_and_at_every_node(seed: int) -> None:
    """Bending moments run straight along a member, with the shear as their slope."""
    found = solve(frame(seed, plate=False))
    along = found.beams.lengths
    N, Vy, Vz, T, My, Mz = np.moveaxis(found.forces, -1, 0)
    size = np.abs(found.forces).max()
    assert np.ptp(np.stack([N, Vy, Vz, T]), axis=-1).max() < 1e-9 * size
    assert np.allclose(My[..., -1] - My[..., 0], Vz[..., 0] * along, atol=1e-9 * size)
    assert np.allclose(Mz[..., -1] - Mz[..., 0], -Vy[..., 0] * along, atol=1e-9 * size)


@few
@given(SEEDS)
def test_what_decides_has_the_largest_stress_and_says_so(seed: int) -> None:
    found: Solved = solve(frame(seed))
    worst = critical(found)
    assert worst.stress == found.peak_stress
    assert worst.safety == found.safety_factor == min(c.safety for c in by_case(found))
    text = why(found)
    assert worst.part in text
    assert f"{worst.safety:.2f}" in text
    assert worst.kind in (*KINDS, "")
    harder = [replace(c, required=3.0) if c.name == "first" else c for c in found.structure.cases]
    asked = solve(replace(found.structure, cases=harder))
    assert asked.safety_factor == min(*found.safety[1:], found.safety[0] / 3.0)


@few
@given(SEEDS)
def test_the_skin_moves_with_the_frame(seed: int) -> None:
    """At nodes the skin has their shift, beside a node that of a stiff body."""
    found = solve(frame(seed))
    nodes = found.structure.nodes
    skin = on_surface(found, 0, nodes)
    assert np.allclose(
        skin.shift, found.displacements[0, :, :3], atol=1e-9 * np.abs(found.displacements).max()
    )
    assert (skin.stress <= found.peak_stress * (1 + 1e-9)).all()
    assert set(skin.strength) <= {m.material.strength for m in found.structure.members}
    top = int(np.argmax(nodes[:, 2]))
    beside = nodes[top] + [0.0, 0.0, 5.0]
    moved = on_surface(found, 0, beside[None]).shift
    arm = np.cross(found.displacements[0, top, 3:], [0.0, 0.0, 5.0])
    assert np.allclose(moved[0], found.displacements[0, top, :3] + arm, atol=1e-6)


def test_every_material_is_plausible_and_has_a_source() -> None:
    for name, m in MATERIALS.items():
        assert name == m.name
        assert m.source
        assert 1e3 < m.E < 3e5
        assert m.G < m.E
        if m.name.startswith(("steel", "stainless", "aluminium", "titanium", "polypropylene")):
            assert abs(m.G - m.E / (2 * (1 + m.nu))) < 0.03 * m.G, f"{name} is isotropic"
        assert 0.0 < m.nu < 0.5
        assert 500 < m.density < 9000
        assert 10 < m.strength < 1000
        assert all(0.0 < s < 0.3 for s in m.scatter)
