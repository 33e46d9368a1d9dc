"""Words come from families: one that is defined here reads its own; one without any reads its own names."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from brick import Brick
from stool import LEXICON, STOOL

from maquette.constraints.requirements.quantity import get_quantity
from maquette.constraints.requirements.sentence import parse
from maquette.design.concepts.generate.traits import body_type, holds, mood_scores
from maquette.design.concepts.training.captions import LANGUAGES, caption_text, caption_tokens
from maquette.design.family.conformance import ContractError, words_are_sound
from maquette.design.family.contract import Family
from maquette.design.family.lexicon import Attribute, Lexicon, Tongue
from maquette.design.family.registry import get_family
from maquette.design.language.attributes import attributes_of, vocabulary_of
from maquette.design.language.description import learned, read_words
from maquette.ui.messages.words import Words

ROOT = Path(__file__).resolve().parent.parent
BRICK = Brick()


def meanings(text: str) -> dict[str, str]:
    """Phrase to meaning of a brief about the stool; nothing may be left."""
    parsed = parse(text, STOOL)
    assert parsed.unknown_words == (), text
    return {h.phrase: h.meaning for h in parsed.understood}


# -- a family with words of its own ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("a sturdy bar stool with splayed legs", ("body:bar", "splay:high", "mood:sturdy")),
        ("delicate footstool, thin legs", ("body:milking", "legs:low", "mood:airy")),
        ("a wooden stool: seat not high", ("seat:not_high",)),
        ("结实的吧凳,凳腿外撇", ("body:bar", "splay:high", "mood:sturdy")),
        ("一张轻盈的矮凳,凳腿细", ("body:milking", "legs:low", "mood:airy")),
        ("木凳子,座面不高", ("seat:not_high",)),
    ],
)
def test_it_is_described_in_its_own_words(text: str, tokens: tuple[str, ...]) -> None:
    words = read_words(text, LEXICON)
    assert words.tokens == tokens
    assert (words.unknown, words.contradicted) == ((), ())


def test_the_words_of_another_product_mean_nothing_to_it() -> None:
    assert read_words("a fastback with a long bonnet", LEXICON).unknown == ("fastback", "long bonnet")
    assert read_words("bar stool", get_family("car").lexicon).unknown == ("bar stool",)
    assert parse("a fastback stool", STOOL).unknown_words == ("fastback",)


def test_colours_views_and_manners_are_those_of_any_product() -> None:
    words = read_words("marker sketch of a red stool, three-quarter view", LEXICON)
    assert (words.style, words.view, words.palette) == ("marker", "three_quarter", "crimson")
    words = read_words("红色凳子,马克笔", LEXICON)
    assert (words.style, words.palette, words.unknown) == ("marker", "crimson", ())


def test_a_brief_reads_its_body_types_moods_and_parts() -> None:
    said = meanings("an airy counter stool with thick legs")
    assert said["airy"] == "starting point: leg width down, leg splay up; minimise mass"
    assert said["counter stool"] == "starting point: bar"
    assert said["thick legs"].startswith("starting point: leg width up")
    brief = parse("an airy counter stool", STOOL).brief
    assert brief.minimise == ("mass",)
    assert brief.start["seat_height"] == 750.0
    assert brief.start["leg_width"] < STOOL.defaults()["leg_width"]


def test_a_brief_reads_its_quantities_comparisons_superlatives_and_figures() -> None:
    assert get_quantity(STOOL, "sitting height").name == "seat_height"
    found = {
        r.quantity: r for r in parse("lighter than 4 kg, at least 450 mm tall", STOOL).brief.requirements
    }
    assert found["mass"].at_most == 4.0
    assert found["seat_height"].at_least == 450.0
    assert parse("a stool of 3 kg", STOOL).brief.requirements[0].quantity == "mass"
    assert parse("as portable as possible, as wide as possible", STOOL).brief.maximise == ("seat_width",)
    assert parse("as portable as possible, as wide as possible", STOOL).brief.minimise == ("mass",)
    (counter,) = parse("seating for a kitchen counter", STOOL).brief.requirements
    assert (counter.quantity, counter.at_least) == ("seat_height", 600.0)


def test_an_axis_that_it_has_not_is_no_quantity() -> None:
    parsed = parse("longer than 2 m", STOOL)
    assert parsed.brief.requirements == ()
    assert [q.words for q in parsed.questions] == ["longer than 2 m"]


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("a stool with a padded seat", "leather"),
        ("a stool, the top is upholstered", "leather"),
        ("an ash seat surface", "ash"),
        ("凳子,真皮凳面", "leather"),
        ("白蜡木座面", "ash"),
    ],
)
def test_its_options_are_read_in_both_languages(text: str, option: str) -> None:
    place = STOOL.choices[0].place(option)
    assert parse(text, STOOL).brief.start["seat_surface"] == place


@pytest.mark.parametrize("language", LANGUAGES)
def test_captions_of_it_are_true_and_read_back(language: str) -> None:
    rng = np.random.default_rng(0)
    seen: set[str] = set()
    for k in range(400):
        values = STOOL.defaults() | {
            p.name: float(rng.uniform(p.range.low, p.range.high)) for p in STOOL.parameters
        }
        if k % 2:
            values |= STOOL.archetypes["bar" if k % 4 == 1 else "milking"]
        tokens = caption_tokens(STOOL, values, rng)
        assert all(holds(STOOL, values, t) for t in tokens)
        text = caption_text(tokens, rng, LEXICON, language)
        words = read_words(text, LEXICON)
        assert (words.tokens, words.unknown) == (tokens, ()), text
        seen.update(tokens)
    assert seen >= {"seat:high", "splay:low", "mood:sturdy", "body:bar"}


def test_its_archetypes_and_moods_hold_where_they_should() -> None:
    assert body_type(STOOL, STOOL.defaults() | STOOL.archetypes["bar"]) == "bar"
    stout = STOOL.defaults() | {"leg_width": 60.0, "seat_width": 480.0}
    assert mood_scores(STOOL, stout)["sturdy"] > 1.0


def test_pages_call_things_as_the_family_does() -> None:
    words = Words("zh")
    assert words.name("seat_height", STOOL) == "座高"
    assert words.name("legs", STOOL) == "凳腿"
    assert words.name("leg_width") == "leg width"
    assert words.name("drag_coefficient", STOOL) == "风阻系数"
    assert words.name("wheelbase") == "轴距"


# -- a family without words --------------------------------------------------------------------------


def test_a_family_without_words_is_read_by_its_own_names() -> None:
    assert [a.name for a in attributes_of(BRICK)] == ["length", "width", "height"]
    assert BRICK.lexicon is Brick().lexicon
    words = read_words("a brick with a big height and a small width, not a long length", BRICK.lexicon)
    assert words.tokens == ("length:not_high", "width:low", "height:high")
    assert words.unknown == ()
    assert read_words("height高, width适中", BRICK.lexicon).tokens == ("width:middle", "height:high")
    assert read_words("a sporty brick", BRICK.lexicon).unknown == ("sporty",)


def test_a_brief_about_it_measures_along_its_sides() -> None:
    parsed = parse("a brick shorter than 250 mm, 120 mm wide, volume as low as possible", BRICK)
    limits = {r.quantity: r.at_most for r in parsed.brief.requirements}
    assert limits == {"length": 250.0}
    assert parsed.brief.locks == {"width": 120.0}
    assert parsed.brief.minimise == ("volume",)
    assert parsed.unknown_words == ()
    assert parse("a car", BRICK).unknown_words == ("car",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_captions_of_it_are_read_back_too(language: str) -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        values = {p.name: float(rng.uniform(p.range.low, p.range.high)) for p in BRICK.parameters}
        tokens = caption_tokens(BRICK, values, rng)
        text = caption_text(tokens, rng, BRICK.lexicon, language)
        words = read_words(text, BRICK.lexicon)
        assert (words.tokens, words.unknown) == (tokens, ()), text


# -- a model that was trained before -----------------------------------------------------------------


def test_what_a_model_has_not_learned_is_unknown_to_it_and_the_rest_is_heard() -> None:
    words = read_words("a sturdy bar stool with splayed legs", LEXICON)
    older = [t for t in vocabulary_of(LEXICON) if not t.startswith("splay:")]
    heard = learned(words, older)
    assert heard.tokens == ("body:bar", "mood:sturdy")
    assert heard.unknown == ("splayed legs",)
    assert learned(words, vocabulary_of(LEXICON)) is words


def test_a_pipeline_says_which_words_its_model_has_not_learned() -> None:
    from tiny_concepts import concepts, seeded, tiny

    from maquette.design.concepts.networks.networks import ConceptTextEncoder
    from maquette.design.language.tokenizer import LexiconTokenizer

    car = get_family("car")
    older = [t for t in vocabulary_of(car.lexicon) if not t.startswith("wheels:")]
    pipe = tiny()
    pipe.register_modules(
        tokenizer=LexiconTokenizer("car", older),
        text_encoder=ConceptTextEncoder(len(older), width=16, layers=1, heads=2).eval(),
    )
    out = pipe("a low SUV with big wheels", output_type="concept", generator=seeded(), prior_steps=2)
    assert out.unknown_words == ("big wheels",)
    words = read_words("a low SUV with big wheels", car.lexicon)
    assert pipe(words, output_type="concept", prior_steps=2).unknown_words == ("big wheels",)
    assert (concepts(pipe, "a low SUV with big wheels") == concepts(pipe, "a low SUV")).all()


def test_a_sheet_says_so_too_though_the_brief_understands_the_word() -> None:
    from maquette.ui.sheets.words import spoken

    car = get_family("car")
    parsed = parse("a low rugged SUV with big wheels, gizmo", car)
    older = [t for t in vocabulary_of(car.lexicon) if "rugged" not in t]
    said = spoken(parsed, car, (), vocabulary=older)
    assert said.unknown == ("gizmo", "rugged")
    assert said.words.tokens == ("body:suv", "height:low", "wheels:high")
    assert spoken(parsed, car, ()).unknown == ("gizmo",)


def test_a_model_whose_tokenizer_is_another_models_is_refused() -> None:
    from tiny_concepts import tiny

    from maquette.design.concepts.generate.loading import check_family
    from maquette.design.concepts.networks.networks import ConceptTextEncoder
    from maquette.design.errors import ModelError
    from maquette.design.language.attributes import vocabulary_hash
    from maquette.design.language.tokenizer import LexiconTokenizer

    car = get_family("car")
    words = vocabulary_of(car.lexicon)
    text = ConceptTextEncoder(len(words), width=16, layers=1, heads=2, vocabulary_hash=vocabulary_hash(words))
    pipe = tiny(knows_options=True)
    pipe.register_modules(text_encoder=text)
    check_family(pipe, car, ROOT)
    pipe.register_modules(tokenizer=LexiconTokenizer("car", words[:-1]))
    with pytest.raises(ModelError, match="lists other words than its text encoder"):
        check_family(pipe, car, ROOT)
    pipe.register_modules(tokenizer=LexiconTokenizer("ahmed"))
    with pytest.raises(ModelError, match="its words are of family 'ahmed'"):
        check_family(pipe, car, ROOT)


def test_a_model_for_pictures_of_another_size_is_refused() -> None:
    from tiny_concepts import tiny

    from maquette.design.concepts.generate.loading import check_family
    from maquette.design.concepts.networks.networks import ConceptDrawer
    from maquette.design.errors import ModelError

    car = get_family("car")
    pipe = tiny(knows_options=True)
    pipe.register_modules(drawer=ConceptDrawer("car", 4, width=32, layers=1, heads=2, size=(160, 224)))
    with pytest.raises(ModelError, match=r"its drawer is for pictures of 160 x 224 pixels.*have 256 x 128"):
        check_family(pipe, car, ROOT)


# -- the contract ------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", [STOOL, BRICK, get_family("car"), get_family("ahmed")])
def test_lexicons_of_families_are_sound(family: Family) -> None:
    words_are_sound(family, ())


@pytest.mark.parametrize(
    ("lexicon", "claim"),
    [
        (Lexicon((Attribute("mood", "length"),)), "is called as another kind"),
        (Lexicon((Attribute("a", "length"), Attribute("a", "width"))), "declared twice"),
        (Lexicon(tongues={"en": Tongue(parts={"side": {"a": ("low", "high")}})}), "no third of an attribute"),
        (Lexicon(mood_is_attribute={"low": "a:least"}), "no third of an attribute"),
        (Lexicon(tongues={"zh": Tongue(moods={"calm": "静"})}), "moods with zh words and no direction"),
    ],
)
def test_a_lexicon_that_speaks_of_what_is_not_there_breaks_the_contract(lexicon: Lexicon, claim: str) -> None:
    bent = type("Bent", (Brick,), {"lexicon": lexicon})()
    with pytest.raises(ContractError, match=claim):
        words_are_sound(bent, ())


# -- where words stand -------------------------------------------------------------------------------


def test_readers_of_words_import_no_product() -> None:
    for folder in ("design/language", "constraints/requirements", "design/family"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom):
                    assert "products" not in (node.module or ""), path


@pytest.mark.parametrize("word", ["wheelbase", "bonnet", "windscreen", "overhang", "轴距", "车门"])
def test_readers_of_words_know_no_word_of_the_car(word: str) -> None:
    """In their tables; examples in docstrings are allowed."""
    for folder in ("design/language", "constraints/requirements"):
        for path in (ROOT / folder).rglob("*.py"):
            for text in texts(ast.parse(path.read_text(encoding="utf-8"))):
                assert word not in text, f"{path}: {text[:60]!r}"


def texts(tree: ast.Module) -> list[str]:
    """Every text of a module that is no docstring."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    openings = [node.body[0] for node in ast.walk(tree) if isinstance(node, kinds) and node.body]
    documented = {id(first.value) for first in openings if isinstance(first, ast.Expr)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [c.value for c in constants if isinstance(c.value, str) and id(c) not in documented]
