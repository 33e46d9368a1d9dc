"""What words mean for chairs: what can be seen, kinds of chair, moods, and how its words are made of
these."""

from __future__ import annotations

from collections.abc import Mapping

from ...family.lexicon import Attribute, Lexicon, OptionWords
from .lexicon_en import ENGLISH
from .lexicon_zh import CHINESE
from .quantity_words import QUANTITIES

_TURNED = ("three_quarter",)  # lies along the line of sight from the side

ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute("seat", "seat_height", label="seat height", whole=True),
    Attribute("width", "seat_width", _TURNED, label="seat width", whole=True),
    Attribute("depth", "seat_depth", label="seat depth"),
    Attribute("thickness", "seat_thickness", label="seat thickness"),
    Attribute("outline", "seat_roundness", _TURNED, label="seat outline"),
    Attribute("dish", "seat_dish", label="hollow of the seat"),
    Attribute("back", "back_height", label="back height"),
    Attribute("back_width", "back_width", _TURNED),
    Attribute("lean", "back_angle", label="lean of the back"),
    Attribute("back_curve", "back_curve", _TURNED, label="curve of the back"),
    Attribute("back_corners", "back_roundness", _TURNED, label="top of the back"),
    Attribute("base", "base"),
    Attribute("frame", "frame_material", label="frame material"),
    Attribute("seat_stuff", "seat_material", label="seat material"),
    Attribute("legs", "leg_size"),
    Attribute("section", "leg_section", _TURNED, label="section of the legs"),
    Attribute("taper", "leg_taper", label="taper of the legs"),
    Attribute("splay", "side_splay", _TURNED, label="splay of the legs"),
    Attribute("rake", "rear_splay", label="rake of the rear legs"),
    Attribute("stretchers", "stretchers"),
    Attribute("arms", "arms"),
)

MOODS: Mapping[str, Mapping[str, float]] = {
    "light": {"leg_size": -0.25, "seat_thickness": -0.12, "wall": -0.2, "seat_depth": -0.1,
    "seat_width": -0.1},
    "sturdy": {"leg_size": 0.25, "wall": 0.3, "seat_thickness": 0.08, "side_splay": 0.1},
    "elegant": {"leg_size": -0.15, "leg_taper": -0.3, "back_height": 0.1, "side_splay": 0.1,
    "rear_splay": 0.1},
    "comfortable": {
        "seat_width": 0.15, "seat_depth": 0.1, "seat_dish": 0.25, "back_angle": 0.15, "back_curve": 0.3,
        "seat_angle": 0.1,
    },
    "cosy": {"back_angle": 0.25, "seat_height": -0.06, "seat_angle": 0.25, "seat_width": 0.2,
    "back_curve": 0.3},
    "formal": {"back_angle": -0.25, "back_height": 0.25, "seat_angle": -0.1, "side_splay": -0.2},
    "playful": {"side_splay": 0.3, "front_splay": 0.2, "seat_roundness": 0.3, "back_roundness": 0.3},
    "soft": {"seat_roundness": 0.35, "back_roundness": 0.35, "back_curve": 0.2, "bend_radius": 0.2},
    "crisp": {"seat_roundness": -0.3, "back_roundness": -0.3, "bend_radius": -0.2},
    "compact": {"seat_width": -0.2, "seat_depth": -0.2, "back_height": -0.1, "front_splay": -0.2,
    "rear_splay": -0.2},
    "generous": {"seat_width": 0.3, "seat_depth": 0.25, "back_width": 0.2, "back_height": 0.1},
    "rustic": {"leg_size": 0.2, "seat_thickness": 0.2, "leg_taper": 0.2},
    "upright": {"back_angle": -0.3, "rear_splay": -0.2},
    "relaxed": {"back_angle": 0.3, "seat_angle": 0.25, "seat_height": -0.05},
    "splayed": {"side_splay": 0.35, "front_splay": 0.25, "rear_splay": 0.2},
}  # fmt: skip

#: kind of base and back first, then stature
TOLD_APART_BY: Mapping[str, float] = {
    "base": 2.0, "seat": 1.5, "arms": 1.5, "frame": 1.5, "seat_stuff": 0.8, "back": 1.0, "stretchers": 0.6,
    "outline": 0.6, "splay": 0.4, "section": 0.6,
}  # fmt: skip
KIND_WEIGHT = 6.0  # of the kind of the back, 0 to 5


def kind_of_back(values: Mapping[str, float]) -> float:
    """Its number as a share: what tells a Windsor from a ladder-back."""
    return values["back_kind"] / 5.0


LEXICON = Lexicon(
    attributes=ATTRIBUTES,
    tongues={"en": ENGLISH, "zh": CHINESE},
    moods=MOODS,
    size="seat",
    told_apart_by=TOLD_APART_BY,
    also_by=((KIND_WEIGHT, kind_of_back),),
    quantities=QUANTITIES,
    options=OptionWords(
        nouns={"FRAME": "(?:frame|legs|base)", "SEAT": "(?:seat|shell|back)", "架": "(?:框架|椅架|椅腿|腿)",
               "座": "(?:座面|座板|椅面|壳体)"},
        pairs=(
            *((c, "{FRAME}", {"frame_colour": c}) for c in ("black", "white", "grey", "red", "green",
            "blue")),
            ("(?:chrome|chromed|chrome plated|polished)", "{FRAME}", {"frame_colour": "chrome"}),
            *((c, "{SEAT}", {"seat_colour": c})
              for c in ("black", "white", "walnut", "grey", "red", "green", "blue", "yellow")),
            ("(?:(?:dark|walnut)[- ]stained|walnut[- ]colou?red)", "{FRAME}", {"frame_colour": "walnut"}),
            ("(?:ash[- ]colou?red|limed|bleached|whitewashed)", "{FRAME}", {"frame_colour": "ash"}),
            ("(?:ash[- ]colou?red|limed|bleached|whitewashed)", "{SEAT}", {"seat_colour": "ash"}),
            ("(?:cane|caned|rush|woven|wicker)", "{SEAT}", {"seat_colour": "cane"}),
        ),
        phrases=(
            ("黑色的?{架}", {"frame_colour": "black"}), ("白色的?{架}", {"frame_colour": "white"}),
            ("镀铬的?{架}", {"frame_colour": "chrome"}), ("红色的?{座}", {"seat_colour": "red"}),
            ("黑色的?{座}", {"seat_colour": "black"}), ("白色的?{座}", {"seat_colour": "white"}),
            ("藤编的?{座}", {"seat_colour": "cane"}), ("胡桃木色的?{座}", {"seat_colour": "walnut"}),
            ("胡桃木色的?{架}", {"frame_colour": "walnut"}), ("白蜡木色的?{架}", {"frame_colour": "ash"}),
            ("白蜡木色的?{座}", {"seat_colour": "ash"}),
        ),
    ),
)  # fmt: skip
