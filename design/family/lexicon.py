"""What words mean for a product, as data that its family gives: :class:`Lexicon`.

What is true of any product (comparisons, "big" and "small", views, colours, stop words, units) stands with
those who read; here stands only what a product adds. A *block* is a text of phrases parted by commas: lower
case, words parted by one blank, hyphens as blanks; behind a bar ``|`` stand phrases that are understood and
that no training caption uses. Every field has a sensible empty value, and a name that a family does not have
costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from re import Match

Shares = Mapping[str, float]
Options = Mapping[str, str]


@dataclass(frozen=True)
class Attribute:
    """One visible property, whose words hold by thirds of its span.

    Attributes:
        name: stable key, the first half of its tokens (``wheelbase:high``); none of `RESERVED`.
        measure: the parameter, or the family's measure with a `sum_of`, whose value decides.
        views: the views in which it can be read off a drawing.
        label: as people read it; the name where left out.
        whole: it describes the product as a whole ("a low car"), not a part of it.
    """

    name: str
    measure: str
    views: tuple[str, ...] = ("side", "three_quarter")
    label: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Tongue:
    """A product's words in one language.

    Attributes:
        noun: the product itself, as captions name it. article: what stands before it ("a", "一辆").
        bodies: archetype to a block. generic_bodies: words among them that give way to a more exact one.
        moods: mood to a block.
        attributes: attribute to its blocks: (low, middle, high) third.
        parts: names of a part (a block) to the attributes that an adjective beside it sets: (low, high).
        whole: first name of the part that is the product itself.
        every: first name of a part whose "medium" means all of its attributes, not the first alone.
        present, absent: first name of a part to the tokens (parted by blanks) of its being there or not.
        stops: words about the product that say nothing, a block.
        names: names of parameters, measures, choices, options, groups and archetypes as people read them,
            where the language has others than the code.
    """

    noun: str = ""
    article: str = "a"
    bodies: Mapping[str, str] = field(default_factory=dict)
    generic_bodies: str = ""
    moods: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    whole: str = ""
    every: str = ""
    present: Mapping[str, str] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    stops: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """Limits that words stand for: quantity, at least and at most these values, where they come from; what is
    calculated instead, where the words ask for something that is not modelled."""

    quantity: str
    at_least: float | None
    unit: str
    source: str
    at_most: float | None = None
    taken_for: str = ""


@dataclass(frozen=True)
class Bundle:
    """Limits of a standard or class that a brief asks for by name.

    Attributes:
        name: as files name it ("m1g"). title: as people read it. words: a block of what it is called.
        figures: the limits. source: edition and paragraph. left_out: what of it is not measured.
    """

    name: str
    title: str
    words: str
    figures: tuple[Figure, ...]
    source: str
    left_out: str = ""


@dataclass(frozen=True)
class QuantityWords:
    """How people speak of quantities in a brief.

    Attributes:
        synonyms: quantity to a block; its own name and its standard's code need not be written.
        spellings: other spellings of a part of a phrase: ``{"tyre": "tire"}``.
        better: ``low`` and ``high`` to a block of quantities of which less, or more, is better.
        groups: block to the quantities that it names at once.
        alternates: (quantity, kind of unit) to the quantity meant when its number has such a unit.
        axes: ``long``, ``wide``, ``tall``, ``heavy`` to the quantities that such words speak of.
        bare: kind of unit to the quantities that a number alone may mean; the one whose reach holds it.
        places: part of a quantity's name to a block: "front" picks one of the two head rooms.
        parts: a block of names of a part to its measures (``length``, ``width``, ``height``, ``depth``,
            ``thickness``, ``diameter``, ``wall``, ``angle``) and their quantities, beside what the names of
            quantities say ("seat_width" measures a seat): "tyres 235 mm wide", "rake of the windscreen".
        reach: measured or predicted quantity to (lowest, highest) that designs of the family have.
        features: parameter to a block of parts that people qualify without a number ("big wheels").
        inverted: a block of those parts whose "big" is a small value.
        sizes: +1 and -1 to blocks of adjectives for more and less, beside the general ones.
        odd_sizes: (adjective, parameter) to +1 or -1 where an adjective's sense is another.
        superlatives: (+1 or -1, quantity) to a block: "as slippery as possible".
        figures: block to the limits that it stands for. bundles: those that are a standard's or a class's.
        mood_wishes: mood to (``minimise`` or ``maximise``, quantity) that it brings with it.
        stops: a block of names of the product that say nothing.
        codes: (pattern, what it says): a code of the trade spelt out, "235/45 R18".
        counted: a block of quantities that count what their names name: "three slats".
        implied: quantity to what it takes for granted: the height of arm rests that there are some.
        measured_from: ``vertical`` or ``horizontal`` to a block of angles that are taken from there.
    """

    synonyms: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    better: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    alternates: Mapping[tuple[str, str], str] = field(default_factory=dict)
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bare: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    reach: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    features: Mapping[str, str] = field(default_factory=dict)
    inverted: str = ""
    sizes: Mapping[int, str] = field(default_factory=dict)
    odd_sizes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    superlatives: Mapping[tuple[int, str], str] = field(default_factory=dict)
    figures: Mapping[str, tuple[Figure, ...]] = field(default_factory=dict)
    bundles: tuple[Bundle, ...] = ()
    mood_wishes: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    stops: str = ""
    codes: Sequence[tuple[str, Callable[[Match[str]], str]]] = ()
    counted: str = ""
    implied: Mapping[str, tuple[Figure, ...]] = field(default_factory=dict)
    measured_from: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OptionWords:
    """Phrases that name options of choices, in any language, as regular expressions.

    A blank is any run of blanks and hyphens, " ?" such a run or nothing, ``{NOUN}`` one of `nouns`. The
    options' own names beside their choice's name ("closed grille") need not be written.

    Attributes:
        nouns: name to a pattern.
        pairs: (adjective, noun, {choice: option}), read in both orders ("the grille is closed").
        phrases: (phrase, {choice: option}).
        between: words that may stand between adjective and noun: a pattern, each with its blank.
    """

    nouns: Mapping[str, str] = field(default_factory=dict)
    pairs: Sequence[tuple[str, str, Options]] = ()
    phrases: Sequence[tuple[str, Options]] = ()
    between: str = ""


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Everything that words mean for a product. Two lexicons are the same only when they are one object.

    Attributes:
        attributes: what can be seen, in the order of the sketches' vocabulary.
        tongues: ``en`` and ``zh`` to their words.
        moods: mood to the shift of each parameter, as a share of its range.
        mood_is_attribute: moods that are one end of an attribute, to its token.
        size: attribute that a bare "medium" speaks of.
        told_apart_by: attributes that tell archetypes apart, to their weight; all alike where left out.
        also_by: more numbers of a design that do, each with its weight.
        quantities, options: the brief's words.
    """

    attributes: tuple[Attribute, ...] = ()
    tongues: Mapping[str, Tongue] = field(default_factory=dict)
    moods: Mapping[str, Shares] = field(default_factory=dict)
    mood_is_attribute: Mapping[str, str] = field(default_factory=dict)
    size: str = ""
    told_apart_by: Mapping[str, float] = field(default_factory=dict)
    also_by: tuple[tuple[float, Callable[[Mapping[str, float]], float]], ...] = ()
    quantities: QuantityWords = field(default_factory=QuantityWords)
    options: OptionWords = field(default_factory=OptionWords)

    def tongue(self, language: str) -> Tongue:
        """The words in a language, none where it has none."""
        return self.tongues.get(language, _SILENT)


_SILENT = Tongue()
#: first halves of tokens that are no attributes
RESERVED = frozenset({"body", "mood", "style", "view", "palette"})
_AXES = {"long": "length", "wide": "width", "tall": "height", "heavy": "mass"}
_LESS = "small, low, short, little, narrow, thin, slim, reduced"
_MORE = "big, large, high, tall, long, wide, great, thick, raised"
_LESS_ZH, _MORE_ZH = "小, 低, 短, 窄, 矮, 细, 薄", "大, 高, 长, 宽, 粗, 厚"


@lru_cache(maxsize=64)
def plain_lexicon(
    name: str, parameters: tuple[str, ...], measures: tuple[str, ...], archetypes: tuple[str, ...]
) -> Lexicon:
    """What a family's own names say: each parameter is an attribute and a part, each archetype a body word.

    "A brick with a big height" and "a fast-stacking chair" are read without anybody writing words down.
    """
    labels = {p: p.replace("_", " ") for p in parameters if p not in RESERVED}
    bodies = {a: a.replace("_", " ").lower() for a in archetypes}
    noun = name.replace("_", " ")
    english = Tongue(
        noun,
        bodies=bodies,
        attributes={
            p: (f"small {w}, low {w}", f"medium {w}, moderate {w}", f"big {w}, high {w}")
            for p, w in labels.items()
        },
        parts={w: {p: (_LESS, _MORE)} for p, w in labels.items()},
    )
    chinese = Tongue(
        noun,
        "一个",
        bodies=bodies,
        attributes={p: (f"小{w}, {w}小", f"中等{w}, {w}适中", f"大{w}, {w}大") for p, w in labels.items()},
        parts={w: {p: (_LESS_ZH, _MORE_ZH)} for p, w in labels.items()},
    )
    known = (*parameters, *measures)
    axes = {
        axis: tuple(q for q in (f"overall_{side}", side, f"body_{side}") if q in known)[:1]
        for axis, side in _AXES.items()
    }
    return Lexicon(
        tuple(Attribute(p, p) for p in labels),
        {"en": english, "zh": chinese},
        quantities=QuantityWords(axes=axes),
    )
