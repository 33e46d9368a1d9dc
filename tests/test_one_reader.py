"""One reader for briefs and sketches: every word of a sentence ends in exactly one place, and what it asks of
the body and of the drawing is the same."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maquette.constraints.requirements.brief import ParsedBrief
from maquette.constraints.requirements.notebook import ASKED, FILLER, LIMIT, LOOK, MISSED, UNDERSTOOD, WISH
from maquette.constraints.requirements.phrases import dictionary
from maquette.constraints.requirements.sentence import parse
from maquette.design.errors import InputError
from maquette.design.family.registry import get_family
from maquette.design.language.description import read_words
from maquette.design.language.tokens import is_han

FAMILIES = ("car", "chair", "bicycle")
NUMBERS = ("4.6 m", "1450 mm", "at most 2 kg", "0.25", "3", "至少140毫米", "1.4米", "10 %", "five")
SIGNS = (",", ".", "、", "，", "：", "and", "or", "not", "no", "less", "不要", "更", "gizmo", "怪兽")


def spelt(keys: tuple[str, ...]) -> str:
    """A phrase of the table as somebody would write it."""
    return "".join(keys) if is_han(keys[0]) else " ".join(keys)


@cache
def vocabulary(family: str) -> list[str]:
    return sorted({spelt(keys) for keys in dictionary(get_family(family)).readings})


sentences = st.sampled_from(FAMILIES).flatmap(
    lambda family: st.tuples(
        st.just(family),
        st.lists(
            st.one_of(st.sampled_from(vocabulary(family)), st.sampled_from(NUMBERS + SIGNS)), max_size=9
        ),
    )
)


@pytest.mark.hypothesis
@given(sentences, st.sampled_from(["", " "]))
@settings(max_examples=150, deadline=None)
def test_every_word_ends_in_exactly_one_place(sentence: tuple[str, list[str]], blank: str) -> None:
    family, words = sentence
    text = "".join(w if is_han(w[:1]) and not blank else f" {w} " for w in words)
    try:
        parsed = parse(text, get_family(family))
    except InputError:
        return
    written = "".join(f"{w}" for w, _ in parsed.places)
    assert {place for _, place in parsed.places} <= {LIMIT, WISH, LOOK, FILLER, ASKED, MISSED}
    asked = "\n".join(q.words for q in parsed.questions)
    understood = "\n".join(h.phrase for h in parsed.understood)
    missed = "\n".join(h.phrase for h in parsed.not_understood)
    for word, place in parsed.places:
        assert word in written
        where = {ASKED: asked, MISSED: missed} | dict.fromkeys(UNDERSTOOD, understood)
        assert word in where.get(place, word), (text, word, place)
    fillers = [w for w, place in parsed.places if place == FILLER]
    assert list(parsed.ignored) == fillers
    for phrase, token in parsed.words.understood if parsed.words else ():
        assert phrase in understood, (text, phrase, token)


def read(text: str, family: str = "car") -> ParsedBrief:
    return parse(text, get_family(family))


@pytest.mark.parametrize(
    ("text", "token", "family", "parameter", "way"),
    [
        ("less sporty", "mood:not_sporty", "car", "tyre_width", -1),
        ("a saloon, not too sporty", "mood:not_sporty", "car", "tyre_width", -1),
        ("不要太运动", "mood:not_sporty", "car", "tyre_width", -1),
        ("sportier than usual", "mood:sporty", "car", "tyre_width", 1),
        ("更运动的车", "mood:sporty", "car", "tyre_width", 1),
        ("not a long wheelbase", "wheelbase:not_high", "car", "wheelbase", -1),
        ("the wheelbase is long", "wheelbase:high", "car", "wheelbase", 1),
        ("偏长的轴距", "wheelbase:high", "car", "wheelbase", 1),
        ("轴距稍微长一点", "wheelbase:high", "car", "wheelbase", 1),
        ("a long wheelbase of at least 2.8 m", "wheelbase:high", "car", "wheelbase", 1),
        ("raked windscreen", "windscreen:high", "car", "windscreen_angle", 1),
        ("thinner legs", "legs:low", "chair", "leg_size", -1),
        ("椅腿不要太粗", "legs:not_high", "chair", "leg_size", -1),
        ("头管偏长", "head_tube:high", "bicycle", "head_tube_length", 1),
    ],
)
def test_the_body_moves_where_the_drawing_goes(
    text: str, token: str, family: str, parameter: str, way: int
) -> None:
    parsed = read(text, family)
    assert parsed.words is not None
    assert token in parsed.words.tokens
    start = {**get_family(family).defaults(), **parsed.brief.start}
    plain = {
        **get_family(family).defaults(),
        **read(f"{'saloon' if 'saloon' in text else ''} gizmo", family).brief.start,
    }
    assert (start[parameter] - plain[parameter]) * way > 0.0


def test_degrees_count_alike() -> None:
    shifts = [
        read(f"{word} long wheelbase").brief.start["wheelbase"] - get_family("car").defaults()["wheelbase"]
        for word in ("slightly", "a", "very")
    ]
    assert 0.0 < shifts[0] < shifts[1] < shifts[2]


def test_what_is_a_number_is_no_look() -> None:
    for text in (
        "SUV, 4.5 m long",
        "longer than 4.5 m",
        "make the wheelbase 50 mm longer",
        "比老款长100毫米",
    ):
        parsed = read(text)
        assert parsed.words is not None
        assert {t for t in parsed.words.tokens if not t.startswith("body:")} == set(), text


@pytest.mark.parametrize("family", FAMILIES)
def test_a_prompt_alone_says_the_same_to_a_sketch(family: str) -> None:
    """Without numbers the reader of a brief and of a bare prompt are one."""
    lexicon = get_family(family).lexicon
    for language in ("en", "zh"):
        tongue = lexicon.tongue(language)
        for block in [
            *tongue.moods.values(),
            *(b for low, _, high in tongue.attributes.values() for b in (low, high)),
        ]:
            phrase = block.partition(",")[0].partition("|")[0].strip()
            phrase = f"{tongue.noun}, {phrase}"
            parsed = read(phrase, family)
            assert parsed.words is not None
            if not parsed.brief.locks and not parsed.brief.requirements:
                assert parsed.words.tokens == read_words(phrase, lexicon).tokens, phrase
