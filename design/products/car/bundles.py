"""Limits of standards by name: what the outer shape of a car decides of each, with edition and paragraph.

A bundle is no approval. Each says what of its standard is not measured here.
"""

from __future__ import annotations

from ...family.lexicon import Bundle, Figure

_M1G = "UN R.E.3 2.8.3 and Regulation (EU) 2018/858, annex I, part A, 4"
_CFR = "49 CFR 523.5(b)(2)"
_R48 = "UN R48, 06 series"
_R125 = "UN R125, 01 series, 5.1.3"
_SSF = "NHTSA New Car Assessment Program, 49 CFR 575.104; TRB special report 265"
_JP = "Road Vehicles Act of Japan, ordinance, annex 1"

BUNDLES = (
    Bundle(
        "m1g",
        "off-road class M1G",
        "m1g, category m1g, class m1g, off road class, eu off road class, off road vehicle class, "
        "越野车类别, m1g类, m1g 类, m1g类越野车",
        (
            Figure("approach_angle", 25.0, "deg", _M1G),
            Figure("departure_angle", 20.0, "deg", _M1G),
            Figure("ramp_over_angle", 20.0, "deg", _M1G),
            Figure("ground_clearance", 200.0, "mm", _M1G),
        ),
        _M1G,
        "Asks five of six (these, and 180 mm under each axle), driven axles, a lock and a 30 % climb.",
    ),
    Bundle(
        "us_off_highway",
        "US off-highway light truck",
        "us off highway, off highway light truck, 49 cfr 523, cfr 523.5, us off road class, 美国非公路轻卡",
        (
            Figure("approach_angle", 28.0, "deg", _CFR),
            Figure("ramp_over_angle", 14.0, "deg", _CFR),
            Figure("departure_angle", 20.0, "deg", _CFR),
            Figure("ground_clearance", 200.0, "mm", _CFR),
        ),
        _CFR,
        "Asks four of five (these, and 180 mm under each axle) and four-wheel drive or more than 6000 lb.",
    ),
    Bundle(
        "un_r48",
        "UN R48 dipped beam",
        "un r48, ece r48, r48, un regulation 48, regulation 48, dipped beam height, 联合国r48, gb 4785",
        (
            Figure("beam_height_low", 500.0, "mm", f"{_R48}, 6.2.4.2"),
            Figure("beam_height_high", None, "mm", f"{_R48}, 6.2.4.2", 1200.0),
        ),
        _R48,
        "Height of the dipped beams only; widths, angles and all other lamps are not measured.",
    ),
    Bundle(
        "un_r125",
        "UN R125 forward view over the hood",
        "un r125, ece r125, r125, un regulation 125, regulation 125, forward field of vision, 联合国r125, "
        "gb 11562, 前方视野",
        (Figure("view_over_hood", 4.0, "deg", _R125),),
        _R125,
        "The hood in the plane through V2 only; pillars (6 deg) and the screen's transparent area are not "
        "measured.",
    ),
    *(
        Bundle(
            f"rollover_{stars}_stars",
            f"{stars} stars in the static rollover rating",
            f"{word} star rollover rating, {word} stars for rollover, {stars} star rollover rating, "
            f"{stars} stars for rollover, rollover {stars} stars, rollover rating of {word} stars, "
            f"{zh}星侧翻评级, 侧翻{zh}星",
            (Figure("static_stability_factor", factor, "1", _SSF),),
            _SSF,
            f"Risk of rolling over in a single-vehicle crash {risk} by the factor alone; no dynamic test.",
        )
        for stars, word, zh, factor, risk in (
            (3, "three", "三", 1.13, "below 30 %"),
            (4, "four", "四", 1.25, "below 20 %"),
            (5, "five", "五", 1.45, "below 10 %"),
        )
    ),
    Bundle(
        "japan_small",
        "Japan's small size class",
        "japan small size, japanese small size class, 5 number, 5 number size, five number size, 日本小型车, "
        "五号车, 5号车",
        (
            Figure("overall_length", None, "mm", _JP, 4700.0),
            Figure("overall_width", None, "mm", _JP, 1700.0),
            Figure("overall_height", None, "mm", _JP, 2000.0),
        ),
        _JP,
        "The engine's 2000 cm3 is not measured.",
    ),
)
