"""The English words of chairs, as data; blocks of phrases as :mod:`...family.lexicon` has them."""

from __future__ import annotations

from collections.abc import Mapping

from ...family.lexicon import Tongue

BODIES: Mapping[str, str] = {
    "stacking": """
        stacking chair, stackable chair, stacker, event chair | conference chair, multipurpose chair,
        hall chair,
        stacking side chair
    """,
    "school": "school chair, classroom chair, student chair | lecture chair, canteen chair",
    "dining": "dining chair, kitchen chair, slat back chair, wooden side chair | dining room chair, table "
    "chair",
    "ladder_back": "ladder back chair, shaker chair, ladderback chair | ladderback, ladder back, rush seat "
    "chair",
    "windsor": "windsor chair, bow back chair, spindle back chair | windsor, stick chair, hoop back windsor",
    "bentwood": """
        bentwood chair, bentwood cafe chair, thonet chair, viennese cafe chair | coffee house chair,
        bentwood,
        bistro bentwood, vienna chair
    """,
    "cantilever": """
        cantilever chair, cantilevered chair, tubular cantilever chair | freischwinger, bauhaus chair,
        cantilever, meeting chair
    """,
    "sled": "sled chair, sled base chair, skid base chair, runner chair | sled base, visitor chair",
    "shell": """
        shell chair, moulded chair, one piece shell chair, monobloc chair | molded chair,
        plastic shell chair,
        bucket chair, plastic chair
    """,
    "armchair": "armchair, arm chair, carver chair, elbow chair | carver, captain chair, director chair",
    "wire_back": "wire chair, wire back chair, rod back chair, garden chair | patio chair, terrace armchair",
    "bistro": "bistro chair, cafe armchair, terrace chair, aluminium cafe chair | navy chair, street cafe "
    "chair",
    "bar_stool": "bar stool, counter stool, high stool, barstool | pub stool, breakfast bar stool",
    "stool": "stool, low stool, work stool, milking stool | side stool, footstool, wooden stool",
}

MOODS: Mapping[str, str] = {
    "light": "light, lightweight, airy, delicate | lighter, light weight, weightless, slight, portable",
    "sturdy": "sturdy, robust, solid, strong | hard wearing, tough, heavy duty, durable, rugged, stout",
    "elegant": "elegant, slender, refined, graceful | fine, slim, sophisticated",
    "comfortable": "comfortable, comfy, ergonomic, inviting | more comfortable",
    "cosy": "cosy, cozy, homely | snug, warm",
    "formal": "formal, stately, dignified | serious, ceremonial",
    "playful": "playful, cheerful, jaunty | fun, quirky",
    "soft": "soft, rounded, friendly, organic | rounder, softer, curvy, curved",
    "crisp": "crisp, geometric, minimal, austere | minimalist, sharp, angular, strict, modernist",
    "compact": "compact, small, space saving, little | smaller, tight, petite",
    "generous": "generous, roomy, wide, ample | spacious, large, big",
    "rustic": "rustic, country, farmhouse | cottage, traditional",
    "upright": "upright, straight backed | erect",
    "relaxed": "relaxed, reclined, laid back, lounging | lounge, loungy, lazy",
    "splayed": "splayed, wide stance, sprightly | astride",
}

ATTRIBUTES: Mapping[str, tuple[str, str, str]] = {
    "seat": ("low seat | low to the ground", "standard height | medium seat height, table height",
    "high seat, tall seat | raised seat"),
    "width": ("narrow seat | slim seat", "medium width seat", "wide seat, broad seat"),
    "depth": ("shallow seat | short seat", "medium depth seat", "deep seat | long seat"),
    "thickness": ("thin seat | slim seat panel", "medium thick seat", "thick seat, chunky seat"),
    "outline": ("square seat, rectangular seat", "rounded seat | softly cornered seat",
    "round seat, circular seat"),
    "dish": ("flat seat | level seat", "slightly dished seat",
    "dished seat, saddled seat, hollowed seat | scooped seat"),
    "back": ("low back", "medium back | mid height back", "high back, tall back"),
    "back_width": ("narrow back | slim back", "medium width back", "wide back, broad back"),
    "lean": ("upright back | straight back", "slightly reclined back",
    "reclined back, raked back | sloping back"),
    "back_curve": ("flat back | plain back", "slightly curved back",
    "curved back, hugging back | wrapped back"),
    "back_corners": ("square topped back | sharp cornered back", "rounded top",
    "arched back, round topped back"),
    "base": ("four legs, four legged | legged base", "sled base, skid base, sled legs | runners",
    "cantilever base, cantilevered frame"),
    "frame": ("wooden frame, timber frame | wood frame", "aluminium frame | aluminum frame",
    "steel frame, tubular steel | steel tube"),
    "seat_stuff": ("plastic seat | polypropylene seat", "plywood seat, moulded plywood | ply seat",
    "solid wood seat | wooden seat"),
    "legs": ("thin legs, slim legs, slender legs", "medium legs", "thick legs, stout legs, chunky legs"),
    "section": ("round legs | turned legs", "", "square legs | square section legs"),
    "taper": ("tapered legs, tapering legs", "slightly tapered legs", "straight legs, untapered legs"),
    "splay": ("vertical legs | parallel legs", "slightly splayed legs", "splayed legs | legs astride"),
    "rake": ("plumb rear legs", "slightly raked rear legs", "raked rear legs | swept rear legs"),
    "stretchers": ("no stretchers | without stretchers", "side stretchers, h stretcher",
    "box stretchers, stretchers all round | foot rail"),
    "arms": ("armless, without arms, no arms | no armrests, without armrests", "",
    "with arms, with armrests | arm rests, armrests"),
}  # fmt: skip

_BIG, _SMALL = "big, large, wide, broad, generous, ample", "small, little, narrow, compact"
_HIGH, _LOW = "high, tall, raised", "low, lowered, short"
_THICK, _THIN = "thick, stout, chunky, heavy, sturdy", "thin, slim, slender, fine, delicate"
_ROUND, _SQUARE = "round, rounded, circular, soft", "square, rectangular, angular, crisp"

PARTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "seat": {"seat": (_LOW, _HIGH), "width": (_SMALL, _BIG), "depth": ("shallow", "deep"),
    "thickness": (_THIN, _THICK),
             "outline": (_SQUARE, _ROUND), "dish": ("flat, level", "dished, saddled, hollowed, scooped")},
    "back, backrest, back rest": {"back": (_LOW, _HIGH), "back_width": ("narrow, slim", "wide, broad"),
                                  "lean": ("upright, straight", "reclined, raked, sloping"),
                                  "back_curve": ("flat", "curved, hugging, wrapped"),
                                  "back_corners": ("square topped", "arched, round topped")},
    "legs, leg": {"legs": (_THIN, _THICK), "splay": ("upright, vertical, parallel", "splayed, spread"),
                  "taper": ("tapered, tapering", "straight, untapered"), "section": ("round, turned",
                  "square")},
    "rear legs, back legs": {"rake": ("upright, plumb", "raked, swept")},
    "chair": {"seat": ("low", "high, tall"), "width": ("narrow", "wide, broad")},
}  # fmt: skip

ENGLISH = Tongue(
    noun="chair",
    bodies=BODIES,
    generic_bodies="stool, armchair, arm chair",
    moods=MOODS,
    attributes=ATTRIBUTES,
    parts=PARTS,
    whole="chair",
    present={"arms, arm rests, armrests, arm rest, armrest": "arms:high",
             "stretchers, stretcher, foot rail, footrest": "stretchers:high"},
    absent={"arms, arm rests, armrests, arm rest, armrest": "arms:low",
    "stretchers, stretcher": "stretchers:low"},
    stops="chair, chairs, seating, furniture, side chair, for people, for guests",
)  # fmt: skip
