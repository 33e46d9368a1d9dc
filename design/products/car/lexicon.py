"""What words mean for the car: what can be seen, body types, moods, and how its words are made of these."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ...family.lexicon import Attribute, Lexicon
from .lexicon_en import ENGLISH
from .lexicon_zh import CHINESE
from .moods import SHIFTS
from .option_words import OPTIONS
from .quantity_words import QUANTITIES

_FRONT = ("three_quarter",)  # lies along the line of sight in the side view

#: shown where a third of the span changes at least 50 pixels' worth of tone at base size: for the spoiler,
#: 20 mm a third, that is nowhere
ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute("length", "overall_length", whole=True),
    Attribute("height", "overall_height", whole=True),
    Attribute("width", "overall_width", _FRONT, whole=True),
    Attribute("clearance", "ground_clearance", label="ground clearance"),
    Attribute("wheelbase", "wheelbase"),
    Attribute("front_overhang", "front_overhang"),
    Attribute("rear_overhang", "rear_overhang"),
    Attribute("nose", "nose_height", label="nose height"),
    Attribute("nose_edge", "nose_roundness", _FRONT, label="nose rounding"),
    Attribute("cab", "cowl_setback", label="cab position"),  # low: forward, a short hood
    Attribute("windscreen", "windscreen_angle"),
    Attribute("roof", "roof_end_drop", label="roofline"),
    Attribute("backlight", "backlight_angle", label="rear window"),
    Attribute("deck", "deck_length", label="rear deck"),
    Attribute("belt", "belt_ratio", label="belt line"),
    Attribute("wedge", "belt_slope", label="belt slope"),
    Attribute("wheels", "tyre_diameter"),
    Attribute("spoiler", "spoiler", ()),
    Attribute("flare", "fender_flare", _FRONT, label="wheel arches"),
    Attribute("shoulders", "shoulder_width", _FRONT),
)

#: moods that are nothing but an end of one attribute, said as an adjective of the whole car
MOOD_IS_ATTRIBUTE: Mapping[str, str] = {
    "low": "height:low",
    "tall": "height:high",
    "wide": "width:high",
    "narrow": "width:low",
    "long": "length:high",
    "short": "length:low",
    "cab forward": "cab:low",
    "long hood": "cab:high",
    "short deck": "deck:low",
    "airy": "belt:low",
}

#: the shape of the rear first, then stature, then size
TOLD_APART_BY: Mapping[str, float] = {
    "backlight": 1.0,
    "deck": 1.6,
    "height": 1.3,
    "clearance": 0.8,
    "length": 1.2,
    "wheelbase": 0.6,
    "rear_overhang": 0.8,
    "wheels": 0.5,
}
BEHIND_ROOF = 5.0  # weight of the share of the length behind the roof: 0.06 for an estate, 0.2 for a saloon


def behind_roof(values: Mapping[str, float]) -> float:
    """Share of a car's overall length behind the top of its rear glass, from its parameters: what tells a
    saloon or fastback (0.15 and more) from a hatchback or estate. The belt is as in the car's definition."""
    length = values["front_overhang"] + values["wheelbase"] + values["rear_overhang"]
    floor, height = values["ground_clearance"], values["overall_height"]
    ahead = 0.5 * values["wheelbase"] + values["rear_overhang"] - values["deck_length"]
    rise = ahead * math.tan(math.radians(values["belt_slope"]))
    belt = floor + values["belt_ratio"] * (height - floor) + rise
    fall = height - values["roof_end_drop"] - belt - values["deck_rise"]
    return (fall / math.tan(math.radians(values["backlight_angle"])) + values["deck_length"]) / length


LEXICON = Lexicon(
    attributes=ATTRIBUTES,
    tongues={"en": ENGLISH, "zh": CHINESE},
    moods=SHIFTS,
    mood_is_attribute=MOOD_IS_ATTRIBUTE,
    size="length",
    told_apart_by=TOLD_APART_BY,
    also_by=((BEHIND_ROOF, behind_roof),),
    quantities=QUANTITIES,
    options=OPTIONS,
)
