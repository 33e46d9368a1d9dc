"""The concept pipeline: what comes out, its switches, limits and conventions; on tiny networks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from tiny_concepts import CAR, NAMES, QUICK, NormalPrior, concepts, seeded, tiny, toy
from torch import Tensor

from maquette.design.concepts.artist.draw import Drawing
from maquette.design.concepts.generate.guidance import Response
from maquette.design.concepts.generate.pipeline import ConceptOutput, ConceptPipeline
from maquette.design.concepts.networks.networks import ConceptDrawer, ConceptPrior
from maquette.design.errors import InputError, ParameterError
from maquette.design.family.frame import Frame
from maquette.design.family.registry import get_family

BASE, FINE = Frame().base, Frame().picture


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


def drag(of: Callable[[Tensor], Tensor]) -> Response:
    return Response("drag_coefficient", of, 0.01)


def test_each_guidance_switch_changes_the_concept(pipe: ConceptPipeline) -> None:
    asked: dict[str, Any] = {"numbers": {"overall_height": 1650.0}}
    plain = concepts(pipe, "tall suv", **asked)
    for change in (
        {"guidance_scale": 0.0},
        {"guidance_scale": 5.0},
        {"number_guidance_scale": 0.0},
        {"number_guidance_scale": 4.0},
        {"response": drag(lambda z: 0.3 + 0.05 * z.sum(1)), "performance_guidance_scale": 1.0},
    ):
        assert not np.allclose(plain, concepts(pipe, "tall suv", **asked, **change), atol=1e-4), change


def test_a_switch_that_is_off_leaves_no_trace(pipe: ConceptPipeline) -> None:
    none = concepts(pipe)
    np.testing.assert_allclose(concepts(pipe, "tall suv", guidance_scale=0.0), none, atol=1e-6)
    number = {"numbers": {"overall_height": 1650.0}, "number_guidance_scale": 0.0}
    np.testing.assert_allclose(concepts(pipe, **number), none, atol=1e-6)
    off = {"response": drag(lambda z: z.sum(1)), "performance_guidance_scale": 0.0}
    np.testing.assert_allclose(concepts(pipe, **off), none, atol=1e-6)


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

    def tilted(z: Tensor) -> Tensor:
        return 0.3 + 0.01 * z[:, 0]

    for scale in (0.0, 0.3):
        asked = {"num_images_per_prompt": 64, "prior_steps": 60, "response": drag(tilted)}
        drawn.append(concepts(pipe, performance_guidance_scale=scale, **asked))
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
        response=drag(lambda z: 0.4 + 0.0 * z.sum(1)),
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


# -- conventions -----------------------------------------------------------------------------------


def test_callback_sees_every_step_and_may_change_or_stop(pipe: ConceptPipeline) -> None:
    seen: list[tuple[int, str, tuple[int, ...]]] = []

    def watch(p: ConceptPipeline, step: int, timestep: float, kwargs: dict[str, Tensor]) -> dict[str, Tensor]:
        seen.append((step, p.stage, tuple(kwargs["latents"].shape)))
        return kwargs

    base = pipe("suv", generator=seeded(), **QUICK)
    watched = pipe("suv", generator=seeded(), callback_on_step_end=watch, **QUICK)
    assert [s for s, _, _ in seen] == [0, 1, 2, 3, 4]
    assert [(stage, shape) for _, stage, shape in seen] == [("prior", (1, len(NAMES)))] * 3 + [
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
        ({"performance_guidance_scale": 1.0}, "no response is given"),
        ({"response": drag(lambda z: z), "performance_guidance_scale": 1.0}, "shape"),
        (
            {"response": drag(lambda z: z.detach().sum(1)), "performance_guidance_scale": 1.0},
            "not differentiable",
        ),
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
        ({"strength": 1.5, "concept": np.zeros(len(NAMES))}, "strength is 1.5"),
        ({"concept": np.zeros(len(NAMES) - 1)}, f"({len(NAMES) - 1}"),
        ({"concept": np.full(len(NAMES), 2.0)}, "outside -1 to 1"),
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


# -- the family's own wishes ---------------------------------------------------------------------------


@pytest.mark.slow
def test_sketches_have_the_proportions_of_cars_on_the_road_and_their_words() -> None:
    """The shipped prior's own draws of these words are all unlike any car on the road."""
    from maquette.design.concepts.generate.loading import load_concepts
    from maquette.design.concepts.generate.traits import word_misses
    from maquette.design.language.description import read_words

    model = load_concepts("car")
    wish = [w for w in CAR.default_wishes if w.quantity == "proportion_distance"]
    for text in ("calm low fastback with a long wheelbase", "rugged compact suv, short overhangs"):
        made = {
            wished: model(text, num_images_per_prompt=8, output_type="concept", generator=seeded(4), wishes=w)
            for wished, w in ((False, ()), (True, wish))
        }
        apart = {
            k: np.array(
                [CAR.measures_of(d, {"proportion_distance"})["proportion_distance"] for d in out.designs]
            )
            for k, out in made.items()
        }
        assert np.median(apart[False]) > 1.1
        assert np.sort(apart[True])[5] <= 1.0
        assert apart[True].max() <= apart[False].max()
        words = read_words(text, CAR.lexicon).tokens
        missed = {k: [word_misses(CAR, d, words).sum() for d in out.designs] for k, out in made.items()}
        assert np.mean(missed[True]) <= np.mean(missed[False]) + 0.01
        for design in made[True].designs:
            assert not CAR.broken_rules(design)


def test_a_concept_moves_to_keep_a_wish_only_as_far_as_it_needs() -> None:
    from maquette.design.concepts.artist.frame import to_concept
    from maquette.design.concepts.generate.locks import keep, towards_wishes, unwished

    known = keep(CAR, {"wheelbase": 2900.0}, CAR.default_wishes)
    z = to_concept(CAR, {**CAR.defaults(), "tyre_diameter": 560.0, "overall_height": 1800.0})
    z = known.project(torch.from_numpy(z)[None])[0].numpy()
    assert unwished(known, z) > 0.1
    moved = towards_wishes(known, z, {})
    assert moved
    for found in moved:
        assert unwished(known, found) <= 0.0
        assert known.values(found)["wheelbase"] == 2900.0
        assert unwished(known, z + 0.8 * (found - z)) > 0.0  # a fifth less would not do
