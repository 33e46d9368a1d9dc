"""What tells the car's body types apart beside the attributes that words name."""

from __future__ import annotations

import math
from collections.abc import Mapping

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
