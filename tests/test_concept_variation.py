"""Concepts kept, begun from others and varied; models saved, checked and loaded; on tiny networks."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_concepts import CAR, NAMES, QUICK, NormalPrior, concepts, seeded, tiny

from maquette.design.concepts.artist.draw import Drawing
from maquette.design.concepts.artist.frame import from_concept, to_concept
from maquette.design.concepts.generate.acceptance import Sampler, settle
from maquette.design.concepts.generate.loading import check_hashes, load_concepts
from maquette.design.concepts.generate.locks import keep
from maquette.design.concepts.generate.pipeline import ConceptPipeline
from maquette.design.concepts.generate.targets import Numbers
from maquette.design.concepts.generate.traits import holds
from maquette.design.concepts.generate.variation import laid_in, restyle
from maquette.design.errors import InputError, ModelError
from maquette.design.family.frame import Frame

FINE = Frame().picture


@pytest.fixture(scope="module")
def pipe() -> ConceptPipeline:
    return tiny()


# -- locks and starts ------------------------------------------------------------------------------


def test_locked_parameters_are_exact(pipe: ConceptPipeline) -> None:
    fixed = {"wheelbase": 2851.3, "overall_height": 1477.7, "overall_length": 4712.9}
    out = pipe("suv", fixed=fixed, num_images_per_prompt=6, generator=seeded(), **{**QUICK, "redraws": 2})
    for design, z in zip(out.designs, out.concepts, strict=True):
        assert design["wheelbase"] == 2851.3
        assert design["overall_height"] == 1477.7
        length = design["front_overhang"] + design["wheelbase"] + design["rear_overhang"]
        assert length == pytest.approx(4712.9, abs=1e-9)
        CAR.validate(design)
        near = from_concept(CAR, z)
        assert all(near[n] == pytest.approx(design[n], abs=0.01) for n in NAMES)
    free = concepts(pipe, "suv", num_images_per_prompt=6)
    assert free.std(axis=0)[0] > 0
    assert out.concepts.std(axis=0)[NAMES.index("wheelbase")] == 0.0


def test_strength_0_returns_the_start_and_1_ignores_it(pipe: ConceptPipeline) -> None:
    body = {**CAR.defaults(), "wheelbase": 2901.7}
    same = pipe("suv", concept=body, strength=0.0, generator=seeded(), output_type="concept", **QUICK)
    assert same.designs[0] == {n: body[n] for n in NAMES}  # a concept has no options
    free = concepts(pipe, "suv", concept=body, strength=1.0)
    np.testing.assert_allclose(free, concepts(pipe, "suv"), atol=1e-6)
    exact, start = tiny(NormalPrior()), to_concept(CAR, body)
    away = [
        np.linalg.norm(concepts(exact, concept=body, strength=s, prior_steps=20) - start)
        for s in (0.05, 0.3, 0.6, 1.0)
    ]
    assert away == sorted(away)
    assert away[0] < 0.1 * away[-1]


def test_strength_of_a_drawing(pipe: ConceptPipeline) -> None:
    rng = np.random.default_rng(0)
    drawing = Drawing(*(rng.integers(0, 256, (FINE[1], FINE[0])).astype(np.uint8) for _ in range(2)))
    same = pipe("suv", image=drawing, strength=0.0, generator=seeded(), **QUICK)
    assert same.drawings[0] is drawing
    z = same.concepts[0]
    free = pipe(
        "suv", concept=z, strength=0.0, image=drawing, drawing_strength=1.0, generator=seeded(), **QUICK
    )
    drawn = pipe("suv", concept=z, strength=0.0, generator=seeded(), **QUICK)
    np.testing.assert_array_equal(free.drawings[0].ink, drawn.drawings[0].ink)
    half = pipe(
        "suv", concept=z, strength=0.0, image=drawing, drawing_strength=0.5, generator=seeded(), **QUICK
    )
    assert not np.array_equal(half.drawings[0].ink, drawn.drawings[0].ink)


def test_a_picture_gives_its_body_through_the_encoder(pipe: ConceptPipeline) -> None:
    picture = np.ones((200, 400, 3), dtype=np.float32)
    picture[80:160, 60:340] = 0.3
    z = concepts(pipe, image=picture, strength=0.0)
    other = concepts(pipe, image=picture[:, :, :1], strength=0.0)
    np.testing.assert_allclose(z, other, atol=1e-6)
    without = ConceptPipeline(**{**pipe.components, "encoder": None})
    with pytest.raises(InputError, match="encoder"):
        without(image=picture)
    with pytest.raises(InputError, match="Drawing"):
        pipe(image=picture, drawing_strength=0.5)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    shares=st.dictionaries(st.sampled_from(NAMES), st.floats(0.0, 1.0), max_size=6),
    length=st.none() | st.floats(0.0, 1.0),
)
def test_keeping_is_exact_stays_in_range_and_changes_nothing_twice(
    seed: int, shares: dict[str, float], length: float | None
) -> None:
    parts = ("front_overhang", "wheelbase", "rear_overhang")
    ranges = {p.name: p.range for p in CAR.parameters}
    fixed = {n: ranges[n].low + share * (ranges[n].high - ranges[n].low) for n, share in shares.items()}
    if length is not None:
        low = sum(fixed.get(n, ranges[n].low) for n in parts)
        high = sum(fixed.get(n, ranges[n].high) for n in parts)
        fixed["overall_length"] = low + length * (high - low)
    known = keep(CAR, fixed)
    z = np.random.default_rng(seed).uniform(-1.0, 1.0, (3, len(NAMES))).astype(np.float32)
    once = known.project(torch.from_numpy(z)).numpy()
    assert np.abs(once).max() <= 1.0
    np.testing.assert_allclose(known.project(torch.from_numpy(once)).numpy(), once, atol=1e-5)
    untouched = [
        i for i, n in enumerate(NAMES) if n not in fixed and "overhang" not in n and n != "wheelbase"
    ]
    np.testing.assert_array_equal(once[:, untouched], z[:, untouched])
    for row in once:
        values = CAR.validate(known.values(row))
        assert all(values[n] == v for n, v in fixed.items() if n in values)
        if length is not None:
            found = CAR.measures_of(values, ["overall_length"])["overall_length"]
            assert found == pytest.approx(fixed["overall_length"], abs=1e-6)


def test_limits_on_parameters_are_held_and_locks_win() -> None:
    known = keep(CAR, {"overall_height": 1500.0})
    z = torch.from_numpy(np.random.default_rng(0).uniform(-1.0, 1.0, (3, len(NAMES))).astype(np.float32))
    held = [
        {
            "ground_clearance": (180.0, np.inf),
            "overall_length": (-np.inf, 4300.0),
            "drag_coefficient": (0.0, 0.2),
        },
        {"overall_height": (-np.inf, 1400.0), "overall_length": (4800.0, np.inf)},
        {},
    ]
    out = known.project(z, known.bounds(held))
    bodies = [known.values(row) for row in out.numpy()]
    assert bodies[0]["ground_clearance"] >= 180.0
    lengths = [b["front_overhang"] + b["wheelbase"] + b["rear_overhang"] for b in bodies]
    assert lengths[0] <= 4300.1
    assert lengths[1] >= 4799.9
    assert [b["overall_height"] for b in bodies] == [1500.0] * 3
    np.testing.assert_array_equal(out[2], known.project(z)[2])
    assert known.bounds([{}, {}]) is None


# -- variations ------------------------------------------------------------------------------------


def test_a_body_is_drawn_in_the_manner_of_a_sketch(pipe: ConceptPipeline) -> None:
    body = CAR.defaults()
    sketch = pipe("sporty", generator=seeded(), **QUICK).drawings[0]
    drawn = restyle(pipe, body, sketch, style="marker", palette="ocean", generator=seeded(), **QUICK)
    assert drawn.designs[0] == {n: body[n] for n in NAMES}
    assert not np.array_equal(drawn.drawings[0].ink, sketch.ink)


def test_a_sketch_lends_its_strokes_only_where_the_bodies_agree() -> None:
    grain = np.random.default_rng(0).normal(0.0, 6.0, (FINE[1], FINE[0]))
    old, new = (np.full((FINE[1], FINE[0]), 240.0) for _ in range(2))
    paints = [np.zeros((FINE[1], FINE[0]), dtype=np.uint8) for _ in range(2)]
    for field, paint, right in ((old, paints[0], 600), (new, paints[1], 450)):
        field[150:300, 100:right] = 120.0
        paint[150:300, 100:right] = 255
    sketch = Drawing((old + grain).clip(0, 255).astype(np.uint8), paints[0])
    fresh = Drawing(new.astype(np.uint8), paints[1])
    start = laid_in(sketch, fresh)
    # Inside both bodies the strokes are the sketch's; where only the old body was, paper stays paper.
    np.testing.assert_array_equal(start.ink[180:270, 130:400], sketch.ink[180:270, 130:400])
    np.testing.assert_array_equal(start.ink[180:270, 480:570], fresh.ink[180:270, 480:570])
    assert not start.paint[180:270, 480:570].any()
    np.testing.assert_array_equal(laid_in(fresh, fresh).ink, fresh.ink)


# -- files --------------------------------------------------------------------------------------------


def test_round_trip_through_a_folder(pipe: ConceptPipeline, tmp_path: Path) -> None:
    pipe.save_pretrained(tmp_path)
    assert (tmp_path / "model_index.json").is_file()
    assert not list(tmp_path.rglob("*.bin"))
    again = ConceptPipeline.from_pretrained(tmp_path)
    a = pipe("low fastback", generator=seeded(), **QUICK)
    b = again("low fastback", generator=seeded(), **QUICK)
    np.testing.assert_array_equal(a.concepts, b.concepts)
    assert a.images[0].tobytes() == b.images[0].tobytes()


def test_loading_checks_what_it_loads(pipe: ConceptPipeline, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="train one with"):
        load_concepts("car", tmp_path)
    pipe.save_pretrained(tmp_path)
    hashes = {
        p.relative_to(tmp_path).as_posix(): {"sha256": hashlib.sha256(p.read_bytes()).hexdigest()}
        for p in tmp_path.rglob("*.safetensors")
    }
    (tmp_path / "model.json").write_text(json.dumps({"files": hashes}))
    loaded = load_concepts("car", tmp_path)
    np.testing.assert_array_equal(concepts(loaded, "suv"), concepts(pipe, "suv"))
    with pytest.raises(ModelError, match="family 'car', not 'ahmed'"):
        load_concepts("ahmed", tmp_path)
    weights = next((tmp_path / "prior").glob("*.safetensors"))
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(bytes(data))
    with pytest.raises(ModelError, match="damaged or changed"):
        load_concepts("car", tmp_path)
    weights.unlink()
    with pytest.raises(ModelError, match="missing"):
        check_hashes(tmp_path)


def test_what_a_word_says_is_drawn_until_it_is_true() -> None:
    """From a prior that knows nothing of words: the more rounds, the more bodies are as they were called."""
    known = keep(CAR, None)
    words = [("length:low",)] * 12

    def settled(rounds: int) -> int:
        random = torch.Generator().manual_seed(1)
        sampler = Sampler(
            lambda rows, z, told, held: np.asarray(known.project(z.clamp(-1.0, 1.0)).numpy()),
            lambda rows: 0.5 * torch.randn((len(rows), len(CAR.parameters)), generator=random),
            lambda rows: np.full(len(rows), 0.5),
        )
        noise = 0.5 * torch.randn((12, len(CAR.parameters)), generator=torch.Generator().manual_seed(2))
        numbers = Numbers((), (), ())
        found = settle(sampler, noise, [()] * 12, numbers, known, None, rounds, words=words)
        return sum(holds(CAR, known.values(z), "length:low") for z in found.z)

    before, after = settled(0), settled(30)
    assert before < 6
    assert after > before + 4
