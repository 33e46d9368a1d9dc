"""Design words: what is read, what is said, and that everything said of a design is true of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable

import numpy as np
import pytest
from brick import Brick
from hypothesis import given, settings
from hypothesis import strategies as st

from maquette.constraints.requirements.phrases import dictionary
from maquette.design.concepts.artist import frame
from maquette.design.concepts.artist.palettes import PALETTES
from maquette.design.concepts.generate.traits import (
    body_distances,
    body_type,
    holds,
    mood_scores,
    word_misses,
)
from maquette.design.concepts.training.captions import (
    LANGUAGES,
    caption_text,
    caption_tokens,
    held_out_prompts,
    kept_apart,
)
from maquette.design.errors import InputError
from maquette.design.family.lexicon import Lexicon
from maquette.design.family.parameters import as_values, from_unit_cube
from maquette.design.language import attributes, description, words_en, words_zh
from maquette.design.language.attributes import (
    MAX_TOKENS,
    NONE,
    THIRDS,
    attribute_tokens,
    attribute_value,
    attributes_of,
    bodies_of,
    moods_of,
    span_of,
    third_of,
    vocabulary_of,
)
from maquette.design.language.blocks import caption_phrases, kept_phrases, phrases
from maquette.design.language.tokens import keys_of
from maquette.design.limits import MAX_PROMPT_CHARS
from maquette.design.products.car import Car, lexicon_en, lexicon_zh
from maquette.design.products.car.archetypes import PRODUCTION_CARS
from maquette.design.products.car.lexicon import behind_roof
from maquette.design.products.car.moods import SHIFTS

CAR = Car()
LEXICON = CAR.lexicon
ATTRIBUTES = LEXICON.attributes
BODIES, MOODS, VOCABULARY = bodies_of(LEXICON), moods_of(LEXICON), vocabulary_of(LEXICON)


def read_words(text: str) -> description.Words:
    return description.read_words(text, LEXICON)


def canonical(tokens: Iterable[str]) -> tuple[str, ...]:
    return attributes.canonical(tokens, LEXICON)


def token_ids(tokens: Iterable[str]) -> list[int]:
    return attributes.token_ids(tokens, VOCABULARY)


def words_of(token: str, language: str, choose: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    return attributes.words_of(LEXICON, token, language, choose)


def about(body: str, seed: int, spread: float = 0.15) -> dict[str, float]:
    """A design scattered about an archetype; rules between parameters are not asked."""
    rng = np.random.default_rng(seed)
    start = {**CAR.defaults(), **CAR.archetypes[body]}
    low = np.array([p.range.low for p in CAR.parameters])
    width = np.array([p.range.high - p.range.low for p in CAR.parameters])
    unit = (np.array([start[p.name] for p in CAR.parameters]) - low) / width
    unit = np.clip(unit + rng.normal(0.0, spread, len(unit)), 0.0, 1.0)
    return as_values(CAR.declaration, from_unit_cube(CAR.declaration, unit))


designs = st.builds(
    about, st.sampled_from(BODIES), st.integers(0, 10_000), st.sampled_from([0.05, 0.15, 0.4])
)


# -- the vocabulary --------------------------------------------------------------------------------


def test_tokens_have_one_place_each_and_the_empty_one_comes_first():
    assert VOCABULARY[0] == NONE
    assert len(set(VOCABULARY)) == len(VOCABULARY)
    assert token_ids(VOCABULARY) == list(range(len(VOCABULARY)))
    with pytest.raises(InputError, match="'mood:purple'"):
        token_ids(["mood:purple"])


def test_names_agree_with_those_who_use_them():
    assert set(words_en.PALETTES) == set(words_zh.PALETTES) == set(PALETTES)
    assert set(words_en.VIEWS) == set(words_zh.VIEWS) == set(Car.frame.names)
    assert set(words_en.STYLES) == set(words_zh.STYLES) == set(frame.STYLES)
    assert set(BODIES) == set(lexicon_zh.BODIES) == set(CAR.archetypes)
    assert set(lexicon_en.MOODS) == set(lexicon_zh.MOODS) == set(SHIFTS)
    assert {a.name for a in attributes_of(CAR)} == {a.name for a in ATTRIBUTES}


def test_a_brief_reads_the_same_body_and_mood_words():
    table = dictionary(CAR).readings
    for kind, words in (("body", lexicon_en.BODIES), ("mood", lexicon_en.MOODS)):
        for key, text in words.items():
            for phrase in phrases(text):
                assert table[keys_of(phrase)][kind] == key, phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_token_has_words_for_captions_and_every_attribute_words_kept_apart(language):
    for token in VOCABULARY[1:]:
        if "not_" not in token:
            assert words_of(token, language, caption_phrases), token
    for a in ATTRIBUTES:
        for third in THIRDS:
            token = f"{a.name}:{third}"
            kept = set(words_of(token, language, kept_phrases))
            assert kept, token
            assert kept.isdisjoint(words_of(token, language, caption_phrases)), token


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_says_its_token_and_nothing_else(language):
    for token in VOCABULARY[1:]:
        if "not_" in token:
            continue
        for phrase in words_of(token, language, phrases):
            words = read_words(phrase)
            assert words.tokens == (token,), phrase
            assert (words.unknown, words.style, words.view, words.palette) == ((), None, None, None), phrase


def test_style_view_and_palette_words_are_read_in_both_languages():
    for words in (words_en, words_zh):
        for kind, tables in (("style", words.STYLES), ("view", words.VIEWS), ("palette", words.PALETTES)):
            for name, table in tables.items():
                for phrase in phrases(table):
                    read = read_words(phrase)
                    assert getattr(read, kind) == name, phrase
                    assert (read.tokens, read.unknown) == ((), ()), phrase


# -- thirds, bodies, moods -------------------------------------------------------------------------


def test_thirds_are_of_the_declared_range():
    low, high = span_of(CAR, "wheelbase")
    assert (low, high) == (2250.0, 3300.0)
    assert [third_of(CAR, "wheelbase", v) for v in (2250, 2599, 2601, 2949, 2951, 3300)] == [0, 0, 1, 1, 2, 2]
    assert [third_of(CAR, "wheelbase", v) for v in (2000, 4000)] == [0, 2]


def test_length_spans_the_sum_of_its_parts():
    assert span_of(CAR, "length") == (680.0 + 2250.0 + 550.0, 1000.0 + 3300.0 + 1200.0)
    values = CAR.defaults()
    assert attribute_value(CAR, values, "length") == 850.0 + 2800.0 + 920.0
    with pytest.raises(InputError, match="'girth' is not known"):
        attribute_value(CAR, values, "girth")


def test_production_cars_get_the_names_that_people_give_them():
    names = {name: body_type(CAR, {**CAR.defaults(), **v}) for name, (_, v) in PRODUCTION_CARS.items()}
    assert names == {
        "Fiat 500 (2007)": "city_car",
        "VW Golf 8": "hatchback",
        "BMW 3 Series G20": "notchback",
        "Tesla Model 3": "fastback",
        "Porsche Taycan": "fastback",
        "Audi Q5": "suv",
        "Volvo XC90": "large_suv",
        "Mercedes EQS": "fastback",
    }


def test_moods_hold_where_a_designer_expects_them():
    def moods(name: str) -> set[str]:
        scores = mood_scores(CAR, {**CAR.defaults(), **PRODUCTION_CARS[name][1]})
        return {m for m, score in scores.items() if score >= 1.0}

    assert {"compact", "round", "light"} <= moods("Fiat 500 (2007)")
    assert {"sporty", "sleek", "muscular"} <= moods("Porsche Taycan")
    assert {"rugged", "boxy", "roomy", "large"} <= moods("Volvo XC90")
    assert {"elegant", "futuristic", "large"} <= moods("Mercedes EQS")
    assert "rugged" not in moods("Porsche Taycan")
    assert "sporty" not in moods("Volvo XC90")


def test_a_mood_and_its_shift_are_one_thing():
    """Shifting a design the mood's way raises the mood's score: what a brief does makes the word truer."""
    values = CAR.defaults()
    for mood in MOODS:
        moved = dict(values)
        for p in CAR.parameters:
            share = SHIFTS[mood].get(p.name, 0.0)
            moved[p.name] = float(
                np.clip(values[p.name] + share * (p.range.high - p.range.low), p.range.low, p.range.high)
            )
        assert mood_scores(CAR, moved)[mood] > mood_scores(CAR, values)[mood]


def test_what_lies_behind_the_roof_is_the_definitions_own():
    from maquette.design.products.car.definition import define

    for body in BODIES:
        values = about(body, 3)
        made = define(values)
        assert behind_roof(values) == pytest.approx((made.length - made.x_roof_end) / made.length, abs=1e-9)


@given(designs)
@settings(max_examples=40, deadline=None)
def test_a_body_word_is_said_only_of_the_nearest_type(values):
    named = body_type(CAR, values)
    distances = list(body_distances(CAR, values).items())
    if named is not None:
        assert named == distances[0][0]
        assert distances[0][1] <= 0.8 * distances[1][1]


# -- captions --------------------------------------------------------------------------------------


@given(designs, st.integers(0, 10_000), st.sampled_from(LANGUAGES))
@settings(max_examples=200, deadline=None)
def test_captions_are_true_and_read_back_as_they_were_said(values, seed, language):
    rng = np.random.default_rng(seed)
    tokens = caption_tokens(CAR, values, rng)
    assert tokens == canonical(tokens)
    assert len(tokens) <= MAX_TOKENS
    assert not kept_apart(tokens)
    for token in tokens:
        assert holds(CAR, values, token), token
    text = caption_text(tokens, rng, LEXICON, language)
    words = read_words(text)
    assert words.tokens == tokens, text
    assert (words.unknown, words.contradicted) == ((), ()), text
    assert (words.style, words.view, words.palette) == (None, None, None), text


def test_captions_repeat_with_their_seed_and_vary_without():
    values = about("suv", 1)
    first = [caption_tokens(CAR, values, np.random.default_rng(7)) for _ in range(3)]
    assert first[0] == first[1] == first[2]
    rng = np.random.default_rng(7)
    said = {caption_tokens(CAR, values, rng) for _ in range(50)}
    assert len(said) > 30
    assert () in said


@settings(max_examples=60, deadline=None)
@given(designs)
def test_a_word_misses_by_nothing_exactly_where_it_holds(values):
    """For every attribute and mood; a body word that holds is not missed."""
    tokens = [t for t in VOCABULARY if t.partition(":")[0] in {a.name for a in attributes_of(CAR)} | {"mood"}]
    for token, miss in zip(tokens, word_misses(CAR, values, tokens), strict=True):
        in_the_middle = token.startswith("mood:not_") and mood_scores(CAR, values)[token[9:]] == 0.0
        assert (miss == 0.0) == (holds(CAR, values, token) or in_the_middle), token
    body = body_type(CAR, values)
    if body is not None:
        assert word_misses(CAR, values, [f"body:{body}"])[0] == 0.0
        other = next(t for t in VOCABULARY if t.startswith("body:") and t != f"body:{body}")
        assert word_misses(CAR, values, [other])[0] > 0.0


def test_a_design_that_left_its_archetype_is_not_called_by_it():
    rng = np.random.default_rng(0)
    values = {**CAR.defaults(), **CAR.archetypes["suv"]}
    for _ in range(40):
        assert "body:city_car" not in caption_tokens(CAR, values, rng, "city_car")
    assert any("body:suv" in caption_tokens(CAR, values, rng, "suv") for _ in range(10))


def test_every_token_can_be_learnt():
    """In captions of scattered and uniform designs no word of the vocabulary is missing."""
    rng = np.random.default_rng(0)
    seen: set[str] = set()
    for seed in range(1500):
        values = about(BODIES[seed % len(BODIES)], seed, spread=0.3)
        seen.update(*(caption_tokens(CAR, values, rng) for _ in range(3)))
    assert set(VOCABULARY) - seen == {NONE}


def test_captions_are_cheap():
    rng = np.random.default_rng(0)
    several = [about(BODIES[i % 8], i) for i in range(100)]
    caption_tokens(CAR, several[0], rng)
    start = time.process_time()
    for values in several:
        caption_tokens(CAR, values, rng)
    assert (time.process_time() - start) / len(several) < 2e-3  # 0.03 ms on an idle core


def test_a_language_that_is_not_spoken_is_refused():
    with pytest.raises(InputError, match="language is 'fr'"):
        caption_text(("mood:calm",), np.random.default_rng(0), LEXICON, "fr")


# -- prompts kept apart ----------------------------------------------------------------------------


def test_held_out_prompts_state_their_attributes_and_share_no_combination_with_training():
    prompts = held_out_prompts(60, seed=3)
    assert prompts[:5] == held_out_prompts(5, seed=3)
    assert prompts[:5] != held_out_prompts(5, seed=4)
    faced = {a.name for a in ATTRIBUTES if "side" in a.views}
    thirds = []
    for text, expected in prompts:
        words = read_words(text)
        assert attribute_tokens(words.tokens) == expected, text
        assert words.unknown == words.contradicted == (), text
        assert kept_apart(words.tokens), text
        assert 1 <= len(expected) <= 4
        assert set(expected) <= faced
        thirds.extend(expected.values())
    assert {0, 1, 2} == set(thirds)
    assert any(any("一" <= c <= "鿿" for c in text) for text, _ in prompts)


def test_held_out_prompts_are_worded_as_no_caption_is():
    spoken = {
        p
        for language in LANGUAGES
        for token in VOCABULARY[1:]
        if "not_" not in token and token.partition(":")[0] in {a.name for a in ATTRIBUTES}
        for p in words_of(token, language, caption_phrases)
    }
    for text, expected in held_out_prompts(40, seed=5):
        said = [p for p, t in read_words(text).understood if t.partition(":")[0] in expected]
        assert said
        assert spoken.isdisjoint(p.lower() for p in said), text


# -- reading ---------------------------------------------------------------------------------------

READINGS = {
    "rugged compact SUV, short overhangs, upright glasshouse": (
        "body:suv mood:rugged mood:compact front_overhang:low rear_overhang:low windscreen:low"
    ),
    "a low, sleek fastback with a long wheelbase and big wheels": (
        "body:fastback height:low mood:sleek wheelbase:high wheels:high"
    ),
    "A long, low bonnet and a short deck": "cab:high nose:low deck:low",
    "hood long and low, wheels large": "cab:high nose:low wheels:high",
    "the wheelbase is long, the roof is low": "wheelbase:high height:low",
    "wheelbase: long; overhangs: short": "wheelbase:high front_overhang:low rear_overhang:low",
    "long wheelbase short overhangs big wheels low roof": (
        "wheelbase:high front_overhang:low rear_overhang:low wheels:high height:low"
    ),
    "very short front & rear overhangs": "front_overhang:low rear_overhang:low",
    "a long-nosed, short-tailed wagon": "body:estate cab:high rear_overhang:low",
    "a taller greenhouse, lower beltline, shorter hood": "belt:low cab:low",
    "the sportiest of all hatchbacks": "body:hatchback mood:sporty",
    "SUVs": "body:suv",
    "a slightly taller city car": "body:city_car height:high",
    "a little car": "mood:compact",
    "a little tall": "height:high",
    "quite a big SUV": "body:large_suv",
    "a medium wheelbase and average wheels": "wheelbase:middle wheels:middle",
    "moderately raked windscreen, gently rising belt line": "windscreen:middle wedge:middle",
    "not too tall hatchback": "body:hatchback height:not_high",
    "neither tall nor long": "height:not_high length:not_high",
    "not long or wide": "length:not_high width:not_high",
    "not too long but with a really long wheelbase": "length:not_high wheelbase:high",
    "no long overhangs": "front_overhang:not_high rear_overhang:not_high",
    "not a low nose": "nose:not_low",
    "less boxy": "mood:not_boxy",
    "anything but aggressive": "mood:not_aggressive",
    "without a spoiler and with big wheels": "spoiler:low wheels:high",
    "with a spoiler": "spoiler:high",
    "a fastback saloon, that is, a saloon with a fast roofline": "body:fastback roof:high",
    "一辆低矮的溜背车,长轴距,短前悬,大轮毂": (
        "body:fastback height:low wheelbase:high front_overhang:low wheels:high"
    ),
    "三厢车 轴距长前悬短 腰线上扬": "body:notchback wheelbase:high front_overhang:low wedge:high",
    "一台方正硬派的越野车,离地间隙高,前后悬都很短": (
        "body:suv mood:boxy mood:rugged clearance:high front_overhang:low rear_overhang:low"
    ),
    "不要太长也不要太高的两厢车": "body:hatchback length:not_high height:not_high",
    "不要太高、太长": "height:not_high length:not_high",
    "车身很低很宽": "height:low width:high",
    "没有尾翼的三厢轿车": "body:notchback spoiler:low",
    "大溜背造型的轿车": "body:fastback mood:large",
    "一款不那么激进的SUV": "body:suv mood:not_aggressive",
    "高高的車身,寬體,後懸短": "height:high width:high rear_overhang:low",
    "": "",
    "a car": "",
    "请画一辆车": "",
}


@pytest.mark.parametrize("text", READINGS)
def test_sentences_are_understood(text):
    words = read_words(text)
    assert words.tokens == canonical(READINGS[text].split())
    assert words.unknown == ()


UNKNOWN = {
    "a flying saucer with big wheels": ("flying saucer",),
    "not an SUV": ("not an SUV",),
    "SUV, 4.5 m long": ("4.5 m long",),  # numbers are the caller's: no "long" car out of them
    "a wide deck": ("wide deck",),
    "the tail high": ("tail high",),
    "side steps": ("side steps",),
    "会飞的轿车": ("飞",),
    "not": ("not",),
}


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_means_nothing_is_listed(text):
    assert read_words(text).unknown == UNKNOWN[text]


def test_views_styles_and_palettes_are_read_beside_the_words():
    words = read_words("low fastback in dark blue, marker sketch, three-quarter view")
    assert (words.style, words.view, words.palette) == ("marker", "three_quarter", "midnight")
    assert words.tokens == canonical(["body:fastback", "height:low"])
    words = read_words("红色轿跑,马克笔,3/4视角")
    assert (words.style, words.view, words.palette) == ("marker", "three_quarter", "crimson")
    assert read_words("a soft nose").tokens == ("nose_edge:high",)
    assert read_words("soft shading").style == "soft"


def test_a_later_word_overrules_an_earlier_one_and_says_so():
    words = read_words("a tall car, no, make it low; a blue one, red")
    assert words.tokens == ("height:low",)
    assert words.palette == "crimson"
    assert words.contradicted == ("tall car", "blue")


def test_understood_phrases_are_quoted_as_written():
    words = read_words("A Fastback, wheelbase LONG")
    assert words.understood == (("Fastback", "body:fastback"), ("wheelbase LONG", "wheelbase:high"))


def test_length_is_bounded():
    with pytest.raises(InputError, match="allowed 2000"):
        read_words("x" * (MAX_PROMPT_CHARS + 1))
    everything = ", ".join(words_of(f"{a.name}:low", "en", caption_phrases)[0] for a in ATTRIBUTES)
    assert len(read_words(everything).tokens) == len(ATTRIBUTES)
    many = everything + ", calm, elegant, sporty, aggressive, rugged"
    with pytest.raises(InputError, match=f"names 25 attributes; allowed {MAX_TOKENS}"):
        read_words(many)


@given(st.text(max_size=120))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_without_complaint(text):
    words = read_words(text)
    assert set(words.tokens) <= set(VOCABULARY)


_TABLES = (*lexicon_en.PARTS, *lexicon_en.MOODS.values(), words_en.STOPS, words_en.NEGATIONS, words_en.JOINS)
_WORDS = sorted({w for table in (*_TABLES, "long, short, medium, very, gently") for w in phrases(table)})


@given(st.lists(st.sampled_from([*_WORDS, ",", ":", "、"]), max_size=14))
@settings(max_examples=300, deadline=None)
def test_any_order_of_known_words_is_read_without_complaint(words):
    read = read_words(" ".join(words))
    assert read.tokens == canonical(read.tokens)


# -- other families --------------------------------------------------------------------------------


def test_a_family_without_words_is_silent_and_keeps_views_and_colours():
    class Mute(Brick):
        lexicon = Lexicon()

    brick = Mute()
    assert attributes_of(brick) == ()
    rng = np.random.default_rng(0)
    assert [caption_tokens(brick, brick.defaults(), rng) for _ in range(20)] == [()] * 20
    assert body_type(brick, brick.defaults()) is None
    words = description.read_words("a low brick in dark blue, marker sketch", brick.lexicon)
    assert (words.tokens, words.palette, words.style) == ((), "midnight", "marker")
    assert words.unknown == ("low brick",)
    with pytest.raises(InputError, match="attribute 'length' is not known; known: none"):
        attribute_value(brick, brick.defaults(), "length")
    with pytest.raises(InputError, match="'brick' has no words"):
        held_out_prompts(1, family=brick)


# -- the tokenizer ---------------------------------------------------------------------------------


def test_the_tokenizer_pads_masks_and_reports():
    from maquette.design.language.tokenizer import LexiconTokenizer

    tokenizer = LexiconTokenizer("car")
    batch = tokenizer(["low SUV", "", "flying saucer"])
    assert batch.ids.shape == batch.mask.shape == (3, MAX_TOKENS)
    assert batch.ids[0, :3].tolist() == [*token_ids(["body:suv", "height:low"]), 0]
    assert batch.mask.sum(dim=1).tolist() == [2, 0, 0]
    assert batch.unknown == ((), (), ("flying saucer",))
    assert tokenizer("low SUV").ids.tolist() == batch.ids[:1].tolist()
    assert tokenizer.vocab_size == len(VOCABULARY)


def test_the_tokenizer_lives_in_a_pipeline_folder(tmp_path):
    from diffusers import DiffusionPipeline, FlowMatchEulerDiscreteScheduler

    from maquette.design.language.tokenizer import LexiconTokenizer

    class Pair(DiffusionPipeline):  # type: ignore[misc]
        def __init__(self, tokenizer, scheduler):
            super().__init__()
            self.register_modules(tokenizer=tokenizer, scheduler=scheduler)

    Pair(LexiconTokenizer("car"), FlowMatchEulerDiscreteScheduler()).save_pretrained(tmp_path)
    index = json.loads((tmp_path / "model_index.json").read_text())
    assert index["tokenizer"] == ["maquette.design.language.tokenizer", "LexiconTokenizer"]
    again = Pair.from_pretrained(tmp_path)
    assert isinstance(again.tokenizer, LexiconTokenizer)
    assert again.tokenizer("low SUV").words[0].tokens == ("body:suv", "height:low")


def test_a_tokenizer_keeps_the_words_of_its_model_and_a_damaged_file_is_refused(tmp_path):
    from maquette.design.language.tokenizer import CONFIG_NAME, LexiconTokenizer

    with pytest.raises(InputError, match="is missing"):
        LexiconTokenizer.from_pretrained(tmp_path)
    LexiconTokenizer("car").save_pretrained(tmp_path / "sub")
    assert LexiconTokenizer.from_pretrained(tmp_path, subfolder="sub").vocabulary == VOCABULARY
    path = tmp_path / "sub" / CONFIG_NAME
    record = json.loads(path.read_text())
    record["vocabulary"] = [NONE, "mood:purple", *(t for t in VOCABULARY[1:] if not t.startswith("wheels:"))]
    path.write_text(json.dumps(record))
    older = LexiconTokenizer.from_pretrained(tmp_path / "sub")
    batch = older("calm low SUV with big wheels")
    (words,) = batch.words
    assert words.tokens == ("body:suv", "height:low", "mood:calm")
    assert words.unknown == ("big wheels",)
    assert batch.ids[0, :3].tolist() == [older.vocabulary.index(t) for t in words.tokens]
    for change, match in (
        ({"format": 3}, "has format 3"),
        ({"vocabulary": []}, "has format 2"),
        ({"vocabulary": ["a", "b"]}, "begins with the empty one"),
    ):
        path.write_text(json.dumps({**record, **change}))
        with pytest.raises(InputError, match=match):
            LexiconTokenizer.from_pretrained(tmp_path / "sub")
    path.write_text("[1, 2")
    with pytest.raises(InputError, match="cannot be read"):
        LexiconTokenizer.from_pretrained(tmp_path / "sub")


def test_a_tokenizer_of_the_first_format_learns_its_family_from_the_pipeline(tmp_path):
    from maquette.design.language.tokenizer import CONFIG_NAME, LexiconTokenizer

    (tmp_path / CONFIG_NAME).write_text(json.dumps({"format": 1, "vocabulary": list(VOCABULARY)}))
    tokenizer = LexiconTokenizer.from_pretrained(tmp_path)
    with pytest.raises(InputError, match="names no family"):
        tokenizer("low SUV")
    assert tokenizer.pad([("body:suv",)])[0][0, 0] == VOCABULARY.index("body:suv")
    tokenizer.family = "car"
    assert tokenizer("low SUV").words[0].tokens == ("body:suv", "height:low")


def test_the_shipped_model_has_the_words_of_its_text_encoder():
    from maquette.design.concepts.generate.loading import shipped_folder
    from maquette.design.language.tokenizer import LexiconTokenizer

    folder = shipped_folder("car")
    learned = json.loads((folder / "text_encoder" / "config.json").read_text())
    tokenizer = LexiconTokenizer.from_pretrained(folder, subfolder="tokenizer")
    assert tokenizer.family == "car"
    assert attributes.vocabulary_hash(tokenizer.vocabulary) == learned["vocabulary_hash"]
