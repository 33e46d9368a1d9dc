# ruff: noqa: E501 - tables of words read best with one text a line
"""How people speak of a car's quantities in a brief: names, parts, superlatives, people.

The parameters' own names ("front overhang") are synonyms without being written here; what stands here is
what people say instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from re import Match

from ...family.lexicon import QuantityWords
from . import quantity_words_zh as zh
from .bundles import BUNDLES
from .ergonomics import FIGURES

#: quantity name to the phrases people use for it (lower case, words separated by one blank)
SYNONYMS: Mapping[str, str] = {
    "shoulder_width": "shoulder step",
    "cg_from_front_axle": "distance of the centre of gravity from the front axle, cg to front axle",
    "chin_rise": "front lip height, chin height, front splitter height",
    "tail_rake": "tail angle, rake of the tail, 尾面角度",
    "roof_end_drop": "drop of the roof, roof drop",
    "roof_camber": "camber of the roof, roof bow",
    "overall_length": """
        length, oal, loa, total length, body length, bumper to bumper length, from bumper to bumper, bumper to bumper,
        car length, vehicle length, l103, nose to tail, from nose to tail, end to end, tip to
        tail, front to back
    """,
    "overall_width": """
        width, oaw, total width, body width, overall width excluding mirrors, overall width without mirrors, excluding mirrors,
        without mirrors, width ex mirrors, width excl mirrors, width excluding mirrors,
        width without mirrors, car width, vehicle width
    """,
    "width_with_mirrors": """
        width including mirrors, width with mirrors, width incl. mirrors, incl mirrors, including mirrors,
        mirrors included, width over mirrors, width incl mirrors, mirror to mirror, from mirror to mirror, over the mirrors,
        across the mirrors, between mirrors, with the mirrors, with its mirrors, including the mirrors,
        mirrors out, mirrors folded out, with mirrors out
    """,
    "overall_height": """
        height, oah, total height, body height, car height, roof height, vehicle height
    """,
    "wheelbase": """
        wheel base, axle distance, between the axles, axle to axle, between front and rear axle,
        between the front and rear axles, wb, distance between the axles,
        axle spacing
    """,
    "front_overhang": "overhang at the front, nose overhang, front oh, fr oh, foh",
    "rear_overhang": "overhang at the rear, tail overhang, back overhang, rear oh, rr oh, roh",
    "ground_clearance": """
        underneath, between floor and road, between the floor and the road, between road and floor, clearance, clears, clear, must clear, ride height, floor clearance, between the road and the underbody, road and underbody,
        gnd clr, gnd clearance, ground clr, underbody clearance,
        road clearance, under the floor, under the car, beneath the floor, below the floor, floor height
    """,
    "tyre_diameter": "tyre size, outer tyre diameter, wheel diameter, outer wheel diameter",
    "tyre_width": "section width",
    "wheel_arch_gap": "tyre to arch gap, gap between tyre and arch, 轮眉间隙, 轮胎与轮拱间隙, arch gap, wheel gap, wheelarch gap",
    "fender_flare": "flare, fender flares, wheel arch flare, arch flare",
    "windscreen_angle": "windscreen inclination, angle of the windscreen, windshield angle, windscreen rake, windshield rake, windscreen slope",
    "backlight_angle": """
        angle of the rear window, angle of the rear glass,
        rear glass angle, rear window angle, rear screen angle, backlight slope
    """,
    "tumblehome": "side window lean, lean of the side glass, side glass angle, side window angle, tumble home, side glass lean",
    "boat_tail_angle": "tail taper, taper angle, taper of the tail, 收尾角, 尾部收角, boat tail, boattail, boattail angle, rear taper, plan taper rear",
    "diffuser_angle": "diffuser",
    "spoiler": "spoiler height, rear spoiler, lip spoiler, spoiler lip, lip",
    "deck_length": """
        rear deck length, boot lid length, trunk lid length, decklid length, boot lid, trunk lid, decklid
    """,
    "side_sculpture": "side sculpting, door hollow, side hollow, light catcher",
    "crease_sharpness": "creases, crease, edge sharpness, character lines, crispness",
    "lamp_height": "headlamp height, head lamp height, headlight height",
    "belt_height": """
        beltline height, belt line height, waistline height, beltline, belt line, waistline
    """,
    "belt_slope": "belt line slope, beltline slope, wedge angle",
    "hood_height": "bonnet height, hood line, bonnet line",
    "track": "track width, wheel track, w101, front track, track front, track at the front, front track width",
    "track_rear": "rear track, track rear, track at the rear, rear track width",
    "frontal_area": """
        front area, projected area, projected frontal area, frontal cross section
    """,
    "wetted_area": "wetted surface, surface area, skin area, body surface",
    "hull_volume": "body volume, enclosed volume, outer volume",
    "approach_angle": "angle of approach, front approach angle",
    "departure_angle": "angle of departure, rear departure angle",
    "ramp_over_angle": """
        rampover angle, breakover angle, break over angle, breakover, break over, rampover, ramp angle,
        ramp breakover angle
    """,
    "cabin_volume": """
        cabin, cabin space, interior volume, interior space, passenger volume, passenger space, cabin
        room, interior room, room inside, interior
    """,
    "head_room_front": """
        front head room, front headroom, headroom front, head room in front, headroom in front, head
        room in the front, headroom in the front, driver head room, driver headroom, driver's head room,
        driver's headroom, head room for the driver, headroom for the driver, h61 1
    """,
    "head_room_rear": """
        rear head room, rear headroom, headroom rear, head room in the rear, headroom in the rear, head
        room in the back, headroom in the back, back seat headroom, back seat head room, h61 2, rear
        passenger head room, rear passenger headroom
    """,
    "luggage_volume": """
        luggage, luggage space, luggage capacity, luggage room, luggage compartment, boot, boot space,
        boot volume, boot capacity, boot size, trunk, trunk space, trunk volume, trunk capacity, trunk
        size, cargo, cargo space, cargo volume, cargo capacity, load space, load volume
    """,
    "body_mass": """
        tips the scales at, tip the scales at, body weight, weigh, weighing, weighs, mass, weight, kerb weight, wt, kerb wt, curb weight,
        kerb mass, curb mass
    """,
    "cg_height": """
        centre of gravity height, center of gravity height, centre of gravity, center of gravity, centre
        of mass, center of mass, cg, cog, cog height, cg height, c g, c g height
    """,
    "beam_height_low": "lowest beam height, dipped beam lower edge, lower edge of the head lamps",
    "beam_height_high": "highest beam height, dipped beam upper edge, upper edge of the head lamps",
    "view_over_hood": "view over the bonnet, downward vision, downward visibility, 俯视角, 下视角",
    "static_stability_factor": "ssf, stability factor, rollover factor, rollover stability, static stability",
}

#: phrases that name several quantities at once
GROUPS: Mapping[str, tuple[str, ...]] = {
    "head room, headroom, head clearance": ("head_room_front", "head_room_rear"),
    "tracks, front and rear track, track front / rear, front / rear track, 前后轮距, 前轮距 / 后轮距": (
        "track",
        "track_rear",
    ),
    "approach / departure / breakover": ("approach_angle", "departure_angle", "ramp_over_angle"),
    "overhangs, overhang": ("front_overhang", "rear_overhang"),
    """
        approach / departure angle, approach / departure angles, approach and departure angles,
        approach and departure angle, approach / departure
    """: ("approach_angle", "departure_angle"),
}

#: what picks one of a group
PLACES: Mapping[str, str] = {
    "front": "front, in front, in the front, at the front, up front, fore, driver, for the driver, driver's, front passengers, front occupants, front seats, front row, first row, f, fr",
    "rear": """
        rear passengers, the people behind, people behind, those behind, rear occupants, rear seats, back row,
        back seat passengers, rear seat, rear bench, rear row, rear, in rear, in the rear, at
        the rear, in the back, at the back, back, aft, r, rr,
        behind, second row, those in the back, those in the rear
    """,
    "both": "at both ends, both ends, on both axles, both axles, at both axles, for both axles",
}

#: parts and their measures, beside those that the parameters' names say
PARTS: Mapping[str, Mapping[str, str]] = {
    "tyre, tyres, tire, tires, wheel, wheels, rubber, 轮胎, 车胎, 车轮, 胎": {
        "width": "tyre_width", "diameter": "tyre_diameter", "height": "tyre_diameter",
    },
    "hood, bonnet, front lid, 发动机盖, 发动机罩, 引擎盖, 机盖, 前机盖": {"height": "hood_height"},
    "roof, roofline, roof line, 车顶, 顶棚": {"height": "overall_height"},
    "windscreen, windshield, front screen, front glass, 前风挡, 前风挡玻璃, 前挡风玻璃, 挡风玻璃, 前风窗, 前挡": {
        "angle": "windscreen_angle",
    },
    """
        backlight, rear window, rear glass, rear screen, back window, rear windscreen, 后窗, 后风挡, 后风窗,
        后挡风玻璃, 后挡
    """: {"angle": "backlight_angle"},
    "belt, belt line, beltline, waistline, window line, 腰线": {"height": "belt_height", "angle": "belt_slope"},
    "sides, side glass, side window, side windows, 侧窗, 侧窗玻璃": {"angle": "tumblehome"},
    "spoiler, rear spoiler, lip spoiler, 扰流板, 尾翼": {"height": "spoiler"},
    "diffuser, rear diffuser, 扩散器": {"angle": "diffuser_angle"},
    "boot lid, trunk lid, decklid, rear deck, deck, 行李箱盖": {"length": "deck_length"},
    "boat tail, boattail": {"angle": "boat_tail_angle"},
    "tail, rear face, 车尾": {"angle": "tail_rake"},
    "shoulder, shoulders, 肩部": {"width": "shoulder_width"},
}  # fmt: skip

AXES: Mapping[str, tuple[str, ...]] = {
    "long": ("overall_length",),
    "wide": ("overall_width",),
    "tall": ("overall_height",),
    "heavy": ("body_mass",),
}

#: what a bare number of a kind may mean
BARE: Mapping[str, tuple[str, ...]] = {
    "length": ("overall_length", "overall_height", "overall_width"),
    "volume": ("luggage_volume", "cabin_volume"),
    "area": ("frontal_area",),
    "mass": ("body_mass",),
}

#: what 163 sampled designs and the body types span, and 250 wind tunnel runs, rounded outward
REACH: Mapping[str, tuple[float, float]] = {
    "width_with_mirrors": (1800.0, 2450.0),
    "track": (1250.0, 1750.0),
    "track_rear": (1200.0, 1750.0),
    "belt_height": (740.0, 1410.0),
    "hood_height": (780.0, 1450.0),
    "frontal_area": (1.65, 3.7),
    "wetted_area": (19.0, 38.0),
    "hull_volume": (4.8, 14.7),
    "approach_angle": (9.0, 36.0),
    "departure_angle": (7.0, 33.0),
    "ramp_over_angle": (7.0, 27.0),
    "cabin_volume": (2.2, 6.1),
    "head_room_front": (550.0, 1480.0),
    "head_room_rear": (550.0, 1480.0),
    "luggage_volume": (100.0, 1450.0),
    "body_mass": (1000.0, 2450.0),
    "cg_height": (460.0, 770.0),
    "cg_from_front_axle": (980.0, 1460.0),
    "static_stability_factor": (0.85, 1.75),
    "beam_height_low": (370.0, 1100.0),
    "beam_height_high": (450.0, 1250.0),
    "view_over_hood": (-12.0, 20.0),
    "drag_coefficient": (0.15, 0.5),
    "drag_area": (0.3, 1.5),
}

#: parts that people qualify with an adjective ("big wheels", "raked windscreen") without giving a number
FEATURES: Mapping[str, str] = {
    "tyre_diameter": "wheels, wheel, rims",
    "overall_height": "roof, roofline, roof line",
    "overall_width": "stance",
    "nose_height": "nose, front",
    "cowl_setback": "hood, bonnet",
    "windscreen_angle": "windscreen, windshield",
    "backlight_angle": "rear window, rear glass",
    "rear_overhang": "tail, rear",
    "deck_length": "deck, rear deck",
    "shoulder_width": "shoulders, shoulder",
    "fender_flare": "arches, wheel arches",
    "belt_ratio": "greenhouse, windows, belt line, beltline, waistline",
    "tyre_width": "tyres, tires, tyre, tire",
    "lamp_height": "lamps, headlamps, headlights",
}

SIZES: Mapping[int, str] = {1: "roomy, spacious, raked, fast", -1: "upright"}
#: adjectives whose sense for a part is not "more of its parameter"
ODD_SIZES: Mapping[tuple[str, str], int] = {
    ("steep", "backlight_angle"): 1,
    ("flat", "backlight_angle"): -1,
    ("raked", "backlight_angle"): -1,
    ("fast", "backlight_angle"): -1,
    ("steep", "windscreen_angle"): -1,
    ("upright", "windscreen_angle"): -1,
    ("upright", "backlight_angle"): 1,
    ("flat", "windscreen_angle"): 1,
    ("low", "windscreen_angle"): 1,
}

SUPERLATIVES: Mapping[tuple[int, str], str] = {
    (1, "overall_length"): "as large as possible, as big as possible",
    (-1, "overall_length"): "as compact as possible, as small as possible",
    (1, "cabin_volume"): "as roomy as possible, as spacious as possible",
    (1, "luggage_volume"): "as practical as possible",
    (1, "static_stability_factor"): "as stable as possible",
}

#: wishes that a mood brings with it
MOOD_WISHES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "aero": (("minimise", "drag_coefficient"),),
    "roomy": (("maximise", "cabin_volume"),),
    "practical": (("maximise", "luggage_volume"),),
    "light": (("minimise", "body_mass"),),
    "stable": (("maximise", "static_stability_factor"),),
}

#: "235/45 R18 94W" with the words before it: section width, height as a share of it, rim in inches
TYRE = (
    r"(?:\b(?:tyre|tire|wheel)s?(?:\s+(?:size|spec|dimension)s?)?\s*:?\s*|轮胎(?:规格|尺寸|型号)?\s*:?\s*|\b(?:on|with)\s+)?"
    r"(?<![\d.])(?:p|lt)?(?P<width>\d{3})\s*/\s*(?P<share>\d{2})\s*-?\s*z?r\s*-?\s*(?P<rim>\d{2})(?:\s+\d{2,3}[a-z])?(?!\d)"
    r"(?:\s*(?:tyre|tire|轮胎)s?)?"
)


def tyre(code: Match[str]) -> str:
    """What a tyre's code says of its width and its outer diameter (ETRTO: rim and twice the side wall).

    >>> import re
    >>> tyre(re.match(TYRE, "tyres 235/45 R18", re.I))
    'tyre width 235 mm, tyre diameter 668.7 mm'
    """
    width, share, rim = (float(code[name]) for name in ("width", "share", "rim"))
    return f"tyre width {width:g} mm, tyre diameter {rim * 25.4 + 2.0 * width * share / 100.0:g} mm"


QUANTITIES = QuantityWords(
    codes=((TYRE, tyre),),
    measured_from={
        "vertical": "windscreen_angle, tumblehome, tail_rake",
        "horizontal": "backlight_angle, diffuser_angle, belt_slope, approach_angle, departure_angle",
    },
    synonyms={n: f"{SYNONYMS.get(n, '')}, {zh.SYNONYMS.get(n, '')}" for n in {**SYNONYMS, **zh.SYNONYMS}},
    spellings={"tyre": "tire"},
    groups={**GROUPS, **zh.GROUPS},
    places={place: f"{block}, {zh.PLACES[place]}" for place, block in PLACES.items()},
    parts=PARTS,
    alternates={("cabin_volume", "area"): "cabin_volume"},
    axes=AXES,
    bare=BARE,
    reach=REACH,
    features={n: f"{FEATURES.get(n, '')}, {zh.FEATURES.get(n, '')}" for n in {**FEATURES, **zh.FEATURES}},
    inverted=f"greenhouse, windows, {zh.INVERTED}",  # a tall greenhouse has a low belt
    sizes=SIZES,
    odd_sizes={**ODD_SIZES, **zh.ODD_SIZES},
    superlatives={w: f"{SUPERLATIVES.get(w, '')}, {zh.SUPERLATIVES.get(w, '')}" for w in SUPERLATIVES},
    figures=FIGURES,
    bundles=BUNDLES,
    mood_wishes=MOOD_WISHES,
    stops=f"car, cars, auto, automobile, vehicle, vehicle's, car's, hard points, hardpoints, rolls on, roll on, rolling on, runs on, rides on, of ground, {zh.STOPS}",
)
