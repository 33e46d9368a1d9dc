"""The concept pipeline on tiny networks with random weights, and on toy priors whose answer is known."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import ConfigMixin, FlowMatchEulerDiscreteScheduler, ModelMixin
from diffusers.configuration_utils import register_to_config
from hypothesis import given, settings
from hypothesis import strategies as st
from maquette.design.concepts.drawing.draw import Drawing
from maquette.design.concepts.frame import BASE, FINE, from_concept, to_concept
from maquette.design.concepts.keeping import keep
from maquette.design.concepts.lexicon import VOCABULARY
from maquette.design.concepts.loading import check_hashes, load_concepts
from maquette.design.concepts.networks import (
    NUMBERS,
    ConceptDrawer,
    ConceptEncoder,
    ConceptPrior,
    ConceptSharpener,
    ConceptTextEncoder,
)
from maquette.design.concepts.pipeline import ConceptOutput, ConceptPipeline
from maquette.design.concepts.tokenizer import LexiconTokenizer
from maquette.design.concepts.variation import blend, facelift, mix, restyle, variants
from maquette.design.errors import InputError, ModelError, ParameterError
from maquette.design.family import get_family
from torch import Tensor

CAR = get_family("car")
NAMES = tuple(p.name for p in CAR.parameters)
MEANS = (4500.0, 1830.0, 1500.0, 2750.0, 160.0, 0.3, 980.0, 950.0, 450.0, 3.4, 2.3, 1450.0)
SCALES = (300.0, 70.0, 120.0, 150.0, 35.0, 0.04, 40.0, 40.0, 100.0, 0.4, 0.2, 200.0)
QUICK = {"num_inference_steps": 2, "prior_steps": 3, "redraws": 0}


def tiny(prior: Any = None) -> ConceptPipeline:
    """All components with few random weights; nothing in them is zero."""
    torch.manual_seed(0)
    facts = {"family": "car", "declaration_hash": CAR.declaration_hash}
    parts = {
        "text_encoder": ConceptTextEncoder(len(VOCABULARY), width=16, layers=1, heads=2),
        "prior": prior
        or ConceptPrior(
            parameter_names=NAMES,
            number_names=NUMBERS,
            number_means=MEANS,
            number_scales=SCALES,
            text_width=16,
            width=32,
            layers=2,
            **facts,
        ),
        "drawer": ConceptDrawer(
            parameters=len(NAMES), width=32, layers=1, heads=2, hidden=48, bottleneck=16, **facts
        ),
        "sharpener": ConceptSharpener(width=8, layers=1),
        "encoder": ConceptEncoder(parameter_names=NAMES, widths=(8, 16, 16, 16, 16), hidden=32, **facts),
    }
    for part in parts.values():
        for weight in part.parameters():
            if not weight.any():
                torch.nn.init.normal_(weight, std=0.1)
        part.eval()
    pipe = ConceptPipeline(
        tokenizer=LexiconTokenizer(), scheduler=FlowMatchEulerDiscreteScheduler(shift=1.0), **parts
    )
    pipe.set_progress_bar_config(disable=True)
    return pipe


class ToyPrior(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """Its answer is known: the middle of the car's space, with the last coordinate but two moved by the words
    and the ground clearance as asked (or a share `gain` of the way: a prior that answers too weakly)."""

    @register_to_config
    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.register_to_config(
            family="car",
            declaration_hash="",
            parameter_names=NAMES,
            number_names=("ground_clearance", "drag_coefficient"),
            number_means=(160.0, 0.3),
            number_scales=(35.0, 0.04),
        )

    def forward(self, z_t: Tensor, t: Tensor, text: Tensor, numbers: Tensor, present: Tensor) -> Tensor:
        z = torch.from_numpy(MIDDLE).expand(len(z_t), -1).clone()
        low, high = CLEARANCE
        asked = 2.0 * (numbers[:, 0] - low) / (high - low) - 1.0
        middle = float(MIDDLE[NAMES.index("ground_clearance")])
        z[:, NAMES.index("ground_clearance")] = middle + self.gain * present[:, 0] * (asked - middle)
        z[:, -3] = 0.1 + 0.2 * (text.abs().sum(1) > 1e-6)
        return z

    gain = 1.0


MIDDLE = to_concept(CAR, CAR.defaults())
_range = next(p.range for p in CAR.parameters if p.name == "ground_clearance")
CLEARANCE = (_range.low, _range.high)


class NormalPrior(ToyPrior):
    """The exact prior of independent normal coordinates with variance 1/3."""

    def forward(self, z_t: Tensor, t: Tensor, text: Tensor, numbers: Tensor, present: Tensor) -> Tensor:
        v, time = 1.0 / 3.0, t[:, None]
        return v * time * z_t / (time**2 * v + (1.0 - time) ** 2)


class WordsOnly(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """Text encoder for the toy prior: 1 for words, 0 for none."""

    @register_to_config
    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        return mask.any(1, keepdim=True).float()


def toy(gain: float = 1.0) -> ConceptPipeline:
    prior = ToyPrior()
    prior.gain = gain
    pipe = tiny(prior)
    pipe.text_encoder = WordsOnly()
    return pipe


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def concepts(pipe: ConceptPipeline, *args: Any, **kwargs: Any) -> np.ndarray:
    given = {"output_type": "concept", "generator": seeded(), **QUICK, **kwargs}
    return pipe(*args, **given).concepts


@pytest.fixture(scope="module")
def pipe() -> ConceptPipeline:
    return tiny()


# -- what comes out --------------------------------------------------------------------------------


def test_kinds_of_output(pipe: ConceptPipeline) -> None:
    asked = {"num_images_per_prompt": 2, "palette": "ocean", **QUICK}
    out = pipe("low fastback xyzzy", generator=seeded(), **asked)
    assert isinstance(out, ConceptOutput)
    assert [image.size for image in out.images] == [FINE, FINE]
    assert out.unknown_words == ("xyzzy",)
    assert out.concepts.shape == (2, len(NAMES))
    assert np.abs(out.concepts).max() <= 1.0
    array = pipe("low fastback", generator=seeded(), output_type="np", **asked).images
    assert array.shape == (2, FINE[1], FINE[0], 3)
    assert array.min() >= 0.0
    assert array.max() <= 1.0
    np.testing.assert_array_equal(np.asarray(out.images[1]), np.round(array[1] * 255))
    drawn = pipe("low fastback", generator=seeded(), output_type="drawing", **asked).images
    assert all(isinstance(d, Drawing) and d.ink.shape == (FINE[1], FINE[0]) for d in drawn)
    as_tuple = pipe("low fastback", generator=seeded(), return_dict=False, **asked)
    np.testing.assert_array_equal(as_tuple[1], out.concepts)


def test_the_same_generator_gives_the_same_sheet(pipe: ConceptPipeline) -> None:
    asked = {"num_images_per_prompt": 3, "style": ["ink", "marker", "soft"], **QUICK}
    a, b = (pipe("tall suv", generator=seeded(5), **asked) for _ in range(2))
    c = pipe("tall suv", generator=seeded(6), **asked)
    np.testing.assert_array_equal(a.concepts, b.concepts)
    assert all(x.tobytes() == y.tobytes() for x, y in zip(a.images, b.images, strict=True))
    assert not np.allclose(a.concepts, c.concepts)


def test_one_generator_per_image_makes_each_independent_of_the_others(pipe: ConceptPipeline) -> None:
    three = pipe("suv", num_images_per_prompt=3, generator=[seeded(s) for s in (1, 2, 3)], **QUICK)
    alone = pipe("suv", generator=[seeded(2)], **QUICK)
    np.testing.assert_allclose(three.concepts[1], alone.concepts[0], atol=1e-5)


def test_words_say_view_style_and_palette_unless_given(pipe: ConceptPipeline) -> None:
    plain = pipe("coupe", generator=seeded(), output_type="drawing", **QUICK).images[0]
    said = pipe("marker sketch of a coupe", generator=seeded(), output_type="drawing", **QUICK).images[0]
    given = pipe("coupe", style="marker", generator=seeded(), output_type="drawing", **QUICK).images[0]
    np.testing.assert_array_equal(said.ink, given.ink)
    assert not np.array_equal(said.ink, plain.ink)


def test_prompts_and_sets_of_numbers_pair_up(pipe: ConceptPipeline) -> None:
    out = pipe(
        ["suv", "coupe"],
        numbers=[{"overall_height": 1700.0}, None],
        num_images_per_prompt=2,
        generator=seeded(),
        output_type="concept",
        **QUICK,
    )
    assert len(out.concepts) == 4
    assert [sorted(n) for n in out.numbers if n] == [["overall_height"]] * len([n for n in out.numbers if n])


# -- switches --------------------------------------------------------------------------------------


def test_each_guidance_switch_changes_the_concept(pipe: ConceptPipeline) -> None:
    asked: dict[str, Any] = {"numbers": {"overall_height": 1650.0}}
    plain = concepts(pipe, "tall suv", **asked)
    for change in (
        {"guidance_scale": 0.0},
        {"guidance_scale": 5.0},
        {"number_guidance_scale": 0.0},
        {"number_guidance_scale": 4.0},
        {"drag": lambda z: 0.3 + 0.05 * z.sum(1), "drag_guidance_scale": 1.0},
    ):
        assert not np.allclose(plain, concepts(pipe, "tall suv", **asked, **change), atol=1e-4), change


def test_a_switch_that_is_off_leaves_no_trace(pipe: ConceptPipeline) -> None:
    none = concepts(pipe)
    np.testing.assert_allclose(concepts(pipe, "tall suv", guidance_scale=0.0), none, atol=1e-6)
    number = {"numbers": {"overall_height": 1650.0}, "number_guidance_scale": 0.0}
    np.testing.assert_allclose(concepts(pipe, **number), none, atol=1e-6)
    drag = {"drag": lambda z: z.sum(1), "drag_guidance_scale": 0.0}
    np.testing.assert_allclose(concepts(pipe, **drag), none, atol=1e-6)


def test_the_toy_prior_gives_what_is_asked() -> None:
    pipe = toy()
    for clearance in (140.0, 190.0):
        asked = {"numbers": {"ground_clearance": clearance}, "output_type": "concept"}
        out = pipe(**asked, number_guidance_scale=1.0, guidance_scale=1.0, generator=seeded(), **QUICK)
        assert out.designs[0]["ground_clearance"] == pytest.approx(clearance, abs=0.01)
        assert out.numbers[0]["ground_clearance"] == pytest.approx(clearance, abs=0.01)
        off = pipe(**asked, number_guidance_scale=0.0, generator=seeded(), **QUICK)
        assert off.designs[0]["ground_clearance"] == pytest.approx(
            CAR.defaults()["ground_clearance"], abs=0.01
        )
    worded = concepts(pipe, "suv", guidance_scale=1.0)
    assert worded[0, -3] == pytest.approx(0.3, abs=1e-5)
    assert concepts(pipe, "suv", guidance_scale=2.0)[0, -3] == pytest.approx(0.5, abs=1e-5)
    assert concepts(pipe)[0, -3] == pytest.approx(0.1, abs=1e-5)


def test_drag_guidance_tilts_a_normal_distribution_as_its_scale_says() -> None:
    # The prior of independent normal coordinates is known, and so is its tilt by exp(-scale drag / 0.01): the
    # mean moves by the variance (1/3) times the slope times scale / 0.01, the spread stays.
    pipe = tiny(NormalPrior())
    drawn = []
    for scale in (0.0, 0.3):
        asked = {"num_images_per_prompt": 64, "prior_steps": 60, "drag": lambda z: 0.3 + 0.01 * z[:, 0]}
        drawn.append(concepts(pipe, drag_guidance_scale=scale, **asked))
    np.testing.assert_allclose(drawn[0][:, 1:], drawn[1][:, 1:], atol=1e-6)
    moved = (drawn[1] - drawn[0])[:, 0]
    assert float(np.median(moved)) == pytest.approx(-0.1, rel=0.1)
    assert drawn[1][:, 0].std() == pytest.approx(drawn[0][:, 0].std(), rel=0.1)


# -- limits and rules ------------------------------------------------------------------------------


def test_limits_change_the_body_only_where_it_misses_them() -> None:
    pipe = toy(gain=0.5)
    default = CAR.defaults()["ground_clearance"]
    limit = default + 15.0
    asked = {"output_type": "concept", "number_guidance_scale": 1.0, "num_images_per_prompt": 4, **QUICK}
    met = pipe(
        numbers={"ground_clearance": (default - 20.0, None)}, generator=seeded(), **{**asked, "redraws": 6}
    )
    assert met.redrawn == 0
    assert met.unmet == [()] * 4
    assert all(d["ground_clearance"] == pytest.approx(default, abs=0.01) for d in met.designs)
    missed = pipe(numbers={"ground_clearance": (limit, None)}, generator=seeded(), **asked)
    assert all("below the asked" in lines[0] for lines in missed.unmet)
    mended = pipe(numbers={"ground_clearance": (limit, None)}, generator=seeded(), **{**asked, "redraws": 8})
    assert mended.unmet == [()] * 4
    assert mended.redrawn > 0
    assert all(limit <= d["ground_clearance"] < limit + 20.0 for d in mended.designs)


def test_a_weak_prior_is_asked_again_for_exact_numbers() -> None:
    pipe = toy(gain=0.5)
    asked = {"numbers": {"ground_clearance": 190.0}, "output_type": "concept", "number_guidance_scale": 1.0}
    once = pipe(**asked, generator=seeded(), **QUICK)
    assert once.designs[0]["ground_clearance"] < 180.0
    assert "below the asked 190" in once.unmet[0][0]
    again = pipe(**asked, generator=seeded(), **{**QUICK, "redraws": 4})
    assert again.designs[0]["ground_clearance"] == pytest.approx(190.0, abs=0.1 * 35.0)
    assert again.unmet == [()]
    off = pipe(**{**asked, "number_guidance_scale": 0.0}, generator=seeded(), **{**QUICK, "redraws": 4})
    assert off.redrawn == 0


def test_a_limit_nobody_measures_is_said_and_still_steers() -> None:
    pipe = toy()
    out = pipe(numbers={"drag_coefficient": (None, 0.25)}, output_type="concept", generator=seeded(), **QUICK)
    assert out.unmet == [("drag_coefficient was not measured",)]
    out = pipe(
        numbers={"drag_coefficient": (None, 0.25)},
        drag=lambda z: 0.4 + 0.0 * z.sum(1),
        output_type="concept",
        generator=seeded(),
        **QUICK,
    )
    assert out.unmet == [("drag_coefficient is 0.4, above the asked 0.25",)]


def test_concepts_that_break_rules_are_redrawn_or_pulled_back(pipe: ConceptPipeline) -> None:
    asked = {"num_images_per_prompt": 16, "output_type": "concept", "guidance_scale": 8.0, "prior_steps": 4}
    wild = pipe("tall suv", generator=seeded(), redraws=0, **asked)
    assert any(wild.broken), "the random prior should break some rule, or this test shows nothing"
    kept = pipe("tall suv", generator=seeded(), redraws=2, **asked)
    assert kept.broken == [()] * 16
    assert kept.redrawn > 0
    for design in kept.designs:
        CAR.accept(design)


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
    assert same.designs[0] == body
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


def test_blend_ends_at_its_ends_and_keeps_the_length() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.uniform(-0.5, 0.5, (2, 40)).astype(np.float32)
    for how in ("slerp", "lerp"):
        np.testing.assert_allclose(blend(a, b, 0.0, how), a, atol=1e-6)
        np.testing.assert_allclose(blend(a, b, 1.0, how), b, atol=1e-6)
    b *= np.linalg.norm(a) / np.linalg.norm(b)
    assert np.linalg.norm(blend(a, b, 0.5)) == pytest.approx(float(np.linalg.norm(a)), rel=1e-5)
    assert np.linalg.norm(blend(a, b, 0.5, "lerp")) < 0.95 * np.linalg.norm(a)


def test_variants_differ_only_by_what_they_require(pipe: ConceptPipeline) -> None:
    sets = [{"overall_height": 1500.0}, {"overall_height": 1500.0}, {"overall_height": 1700.0}]
    out = variants(pipe, CAR.defaults(), sets, "suv", fixed={"wheelbase": 2800.0}, **QUICK)
    np.testing.assert_array_equal(out.concepts[0], out.concepts[1])
    assert not np.array_equal(out.concepts[0], out.concepts[2])
    assert [d["wheelbase"] for d in out.designs] == [2800.0] * 3


def test_facelift_mix_and_restyle(pipe: ConceptPipeline) -> None:
    body = CAR.defaults()
    lifted = facelift(
        pipe, body, "sporty", fixed={"wheelbase": body["wheelbase"]}, generator=seeded(), **QUICK
    )
    assert lifted.designs[0]["wheelbase"] == body["wheelbase"]
    a, b = pipe("suv", num_images_per_prompt=2, generator=seeded(), **QUICK).concepts
    mixed = mix(pipe, a, b, strength=0.0, generator=seeded(), **QUICK)
    np.testing.assert_allclose(mixed.concepts[0], blend(a, b, 0.5), atol=1e-6)
    drawn = restyle(
        pipe, body, lifted.drawings[0], style="marker", palette="ocean", generator=seeded(), **QUICK
    )
    assert drawn.designs[0] == body
    assert not np.array_equal(drawn.drawings[0].ink, lifted.drawings[0].ink)


# -- conventions -----------------------------------------------------------------------------------


def test_callback_sees_every_step_and_may_change_or_stop(pipe: ConceptPipeline) -> None:
    seen: list[tuple[int, str, tuple[int, ...]]] = []

    def watch(p: ConceptPipeline, step: int, timestep: float, kwargs: dict[str, Tensor]) -> dict[str, Tensor]:
        seen.append((step, p.stage, tuple(kwargs["latents"].shape)))
        return kwargs

    base = pipe("suv", generator=seeded(), **QUICK)
    watched = pipe("suv", generator=seeded(), callback_on_step_end=watch, **QUICK)
    assert [s for s, _, _ in seen] == [0, 1, 2, 3, 4]
    assert [(stage, shape) for _, stage, shape in seen] == [("prior", (1, 40))] * 3 + [
        ("drawer", (1, 2, BASE[1], BASE[0]))
    ] * 2
    np.testing.assert_array_equal(base.drawings[0].ink, watched.drawings[0].ink)

    def change(
        p: ConceptPipeline, step: int, timestep: float, kwargs: dict[str, Tensor]
    ) -> dict[str, Tensor]:
        return {"latents": torch.zeros_like(kwargs["latents"])}

    changed = pipe("suv", generator=seeded(), callback_on_step_end=change, **QUICK)
    assert not changed.concepts.any()

    calls: list[int] = []

    def stop(p: ConceptPipeline, step: int, timestep: float, kwargs: dict[str, Tensor]) -> None:
        calls.append(step)
        p._interrupt = True

    pipe("suv", generator=seeded(), callback_on_step_end=stop, **{**QUICK, "prior_steps": 50})
    assert len(calls) <= 2


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


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"prompt": "x" * 100_000}, "characters"),
        ({"prompt": 7}, "prompt is int"),
        ({"num_images_per_prompt": 65}, "num_images_per_prompt is 65"),
        ({"prompt": ["suv"] * 9, "num_images_per_prompt": 8}, "72 images"),
        ({"num_inference_steps": 0}, "1 to 200"),
        ({"num_inference_steps": 201}, "1 to 200"),
        ({"prior_steps": 2.5}, "prior_steps is 2.5"),
        ({"guidance_scale": float("nan")}, "guidance_scale"),
        ({"number_guidance_scale": -1.0}, "0 to 30"),
        ({"drag_guidance_scale": 1.0}, "no drag callable"),
        ({"drag": lambda z: z, "drag_guidance_scale": 1.0}, "shape"),
        ({"drag": lambda z: z.detach().sum(1), "drag_guidance_scale": 1.0}, "not differentiable"),
        ({"numbers": {"length": 4500.0}}, "overall_length"),
        ({"numbers": {"overall_length": "long"}}, "not a number"),
        ({"numbers": {"overall_length": 4.5}}, "knows values between"),
        ({"numbers": {"overall_length": (5000.0, 4000.0)}}, "must not be above"),
        ({"numbers": {"overall_length": (1.0, 2.0, 3.0)}}, "pair"),
        ({"prompt": ["a", "b"], "numbers": [{}, {}, {}]}, "entries"),
        ({"view": "front"}, "side, three_quarter"),
        ({"style": "oil"}, "ink, marker, soft"),
        ({"palette": "plaid"}, "graphite"),
        ({"view": ["side", "side"]}, "one each"),
        ({"strength": 1.5, "concept": np.zeros(40)}, "strength is 1.5"),
        ({"concept": np.zeros(39)}, "(39"),
        ({"concept": np.full(40, 2.0)}, "outside -1 to 1"),
        ({"concept": "suv"}, "concept"),
        ({"fixed": {"wheel_base": 2700.0}}, "wheel_base"),
        ({"fixed": {"overall_length": 9000.0}}, "can be reached"),
        ({"image": np.ones((200, 400, 3), dtype=np.float32)}, "nothing stands out"),
        ({"output_type": "svg"}, "pil, np, drawing, concept"),
        ({"generator": [torch.Generator()] * 2}, "generator"),
        ({"callback_on_step_end_tensor_inputs": ["prompt_embeds"]}, "latents"),
    ],
)
def test_what_is_not_allowed_is_said_in_one_line(
    pipe: ConceptPipeline, change: dict[str, Any], says: str
) -> None:
    with pytest.raises(InputError) as caught:
        pipe(**{**QUICK, **change})
    text = str(caught.value)
    assert says in text
    assert "\n" not in text


def test_any_family_may_be_drawn() -> None:
    family = get_family("ahmed")
    names = tuple(p.name for p in family.parameters)
    facts = {"family": "ahmed", "declaration_hash": family.declaration_hash}
    parts = {**tiny().components, "encoder": None}
    parts["prior"] = ConceptPrior(
        parameter_names=names,
        number_names=("frontal_area",),
        number_means=(0.1,),
        number_scales=(0.02,),
        text_width=16,
        width=16,
        layers=1,
        **facts,
    ).eval()
    parts["drawer"] = ConceptDrawer(
        parameters=len(names), width=16, layers=1, heads=2, hidden=16, bottleneck=8, **facts
    ).eval()
    pipe = ConceptPipeline(**parts)
    fixed = {names[0]: family.defaults()[names[0]]}
    out = pipe(num_images_per_prompt=2, fixed=fixed, generator=seeded(), **{**QUICK, "redraws": 1})
    assert out.concepts.shape == (2, len(names))
    assert all(design[names[0]] == fixed[names[0]] for design in out.designs)
    with pytest.raises(InputError, match="not known to this model"):
        pipe(numbers={"overall_length": 1000.0})


def test_a_locked_parameter_outside_its_range_is_refused(pipe: ConceptPipeline) -> None:
    with pytest.raises(ParameterError, match="wheelbase is 9000"):
        pipe(fixed={"wheelbase": 9000.0}, **QUICK)
