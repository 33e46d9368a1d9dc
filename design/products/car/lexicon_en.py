"""The English words of the car, as data; blocks of phrases as :mod:`...family.lexicon` has them.

The prompts that measure the sketches' model are written with the phrases behind the bars.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...family.lexicon import Tongue

#: body types: the family's archetype to its words
BODIES: Mapping[str, str] = {
    "city_car": "city car, microcar, supermini, runabout | citycar, micro car, kei car",
    "hatchback": "hatchback, hatch, family hatchback | hot hatch",
    "notchback": """
        notchback, saloon, sedan, three box saloon | three box, 3 box, notchback saloon, berline
    """,
    "fastback": """
        fastback, liftback, four door coupe, fastback saloon | four door coupé, fastback sedan, sportback,
        gran coupe, fastback coupe
    """,
    "estate": """
        estate, wagon, station wagon, estate car | shooting brake, touring, tourer, kombi, avant
    """,
    "suv": """
        suv, crossover, off roader, 4x4 | offroader, sport utility vehicle, soft roader
    """,
    "large_suv": "large suv, full size suv, luxury suv | big suv, seven seat suv",
    "large_saloon": """
        large saloon, limousine, luxury saloon, executive saloon, large sedan | big saloon, big sedan,
        limo, luxury sedan, executive sedan, full size sedan, full size saloon, one bow saloon, one bow
    """,
    "coupe": """
        coupe, sports car, two door coupe, grand tourer | coupé, two door coupé, sports coupe, sports coupé,
        gran turismo, gt
    """,
    "one_box": """
        one box, van, people carrier, minivan | mpv, monospace, monovolume, one box van, passenger van,
        minibus, camper
    """,
}


#: moods: a key of `SHIFTS` to its words
MOODS: Mapping[str, str] = {
    "calm": """
        calm, serene, quiet, understated, clean, simple | calmer, minimal, minimalist, restrained
    """,
    "elegant": "elegant, graceful, refined, luxurious | premium, stately",
    "sporty": "sporty, dynamic, sports | sportier, sportive, athletic",
    "aggressive": "aggressive | angry",
    "muscular": "muscular, powerful | strong",
    "rugged": """
        rugged, robust, tough, adventurous, off road | outdoor, offroad, sturdy
    """,
    "compact": "compact, small, little | more compact, smaller, tiny, mini",
    "large": "large, big, full size | larger, bigger, fullsize",
    "sleek": "sleek, flowing, smooth, slender | sleeker, slim, swoopy",
    "aero": "streamlined, aerodynamic, slippery | aero, efficient, teardrop",
    "low": "low, low slung | lower, low riding, ground hugging, squat",
    "tall": "tall | taller, high, higher",
    "upright": "upright",
    "boxy": "boxy, square, angular | cubic",
    "round": "round, rounded, soft, curvy | rounder, softer, bubbly, friendly, cute",
    "wide": "wide, broad | wider, broader, planted, wide stance, wide bodied",
    "narrow": "narrow | narrower",
    "long": "long, stretched | longer",
    "short": "short | shorter, stubby",
    "wedge": "wedge shaped | wedge, wedgy",
    "cab forward": "cab forward",
    "long hood": "long nosed, long hood, long bonnet, long bonneted",
    "short deck": "short deck",
    "airy": "airy, glassy, light filled",
    "roomy": "roomy, spacious | roomier, more spacious, commodious",
    "practical": "practical, versatile | family",
    "light": "light, lightweight | lighter, light weight",
    "futuristic": "futuristic, modern",
    "stable": "stable",
}


#: attribute to its words per third of the range: (low, middle, high)
ATTRIBUTES: Mapping[str, tuple[str, str, str]] = {
    "length": (
        "short | short in length, stubby, not much length",
        "mid length, medium length | mid size, mid sized, medium sized, average length",
        "long, stretched | lengthy, elongated, great length",
    ),
    "height": (
        "low, low slung, low roofed | squat, low to the ground, ground hugging, low height",
        "medium height | mid height, average height, normal height",
        "tall, high roofed | towering, great height, tall bodied",
    ),
    "width": (
        "narrow | slim bodied, narrow bodied, small width",
        "medium width | average width, normal width",
        "wide, broad, wide bodied | planted, great width, broad bodied",
    ),
    "clearance": (
        "low ground clearance, low ride height | floor close to the road, little ground clearance",
        "medium ground clearance | average ride height, normal ground clearance",
        """
            high ground clearance, raised ride height | high riding, floor far off the road,
            ample ground clearance
        """,
    ),
    "wheelbase": (
        "short wheelbase, tight wheelbase | axles close together, closely spaced axles, small wheelbase",
        "medium wheelbase | average wheelbase, normal wheelbase",
        "long wheelbase, stretched wheelbase | axles far apart, widely spaced axles, generous wheelbase",
    ),
    "front_overhang": (
        "short front overhang, tight front overhang | front wheels pushed forward, minimal front overhang",
        "medium front overhang | normal front overhang, average front overhang",
        """
            long front overhang, big front overhang | nose far ahead of the front wheels,
            generous front overhang
        """,
    ),
    "rear_overhang": (
        "short rear overhang, cropped tail, short tail | rear wheels pushed back, minimal rear overhang",
        "medium rear overhang | normal rear overhang, average tail",
        "long rear overhang, long tail | tail far behind the rear wheels, stretched tail",
    ),
    "nose": (
        "low nose, low hood | dropped nose, low front end, low bonnet",
        "medium nose height | average nose height, normal hood height",
        "high nose, tall front, high hood | bluff front, bluff nose, tall bonnet",
    ),
    "nose_edge": (
        "sharp nose, crisp front | blunt nose, sharply cut front",
        "gently rounded nose | moderately rounded nose",
        "rounded nose, soft nose | soft front end, round front",
    ),
    "cab": (
        """
            cab forward proportions, short hood | short bonnet, cabin pushed forward,
            windscreen over the front wheels
        """,
        "medium hood length | average bonnet length, normal hood length",
        "cab rearward proportions, long hood | long bonnet, cabin set back, long nosed",
    ),
    "windscreen": (
        "upright windscreen, steep windscreen | steep windshield, vertical front glass",
        "moderate windscreen | medium windscreen rake, normal windshield",
        "raked windscreen, fast windscreen | raked windshield, sloping front glass, laid back windscreen",
    ),
    "roof": (
        "flat roof, level roofline | straight roof line, roof that stays level",
        "gently falling roofline | moderate roofline, slightly falling roof",
        "falling roofline, sloping roof | roof that falls to the rear, tapering roofline",
    ),
    "backlight": (
        "fast rear window, sloping tailgate | fastback tail, flat rear glass, raked rear screen",
        "moderate rear window | medium rear glass slope, normal tailgate",
        "upright rear window, steep tailgate | vertical tailgate, steep rear glass, chopped off rear",
    ),
    "deck": (
        "short rear deck, no rear deck | no boot lid, short boot lid, short trunk lid",
        "medium rear deck | average boot lid, normal rear deck",
        "long rear deck, long boot lid | long decklid, long trunk lid",
    ),
    "belt": (
        """
            low belt line, tall glasshouse, big windows | airy, glassy, light filled, deep side glass,
            large windows
        """,
        "medium belt line | average belt line, normal windows",
        "high belt line, shallow glasshouse, slim windows | small windows, narrow side glass, high waistline",
    ),
    "wedge": (
        "level belt line, horizontal belt line | flat beltline, horizontal waistline",
        "gently rising belt line | slightly rising waistline",
        "rising belt line, wedge profile | climbing waistline, ascending beltline",
    ),
    "wheels": (
        "small wheels | little wheels, tiny wheels, small rims",
        "medium wheels | average wheels, normal sized wheels",
        "big wheels, large wheels | huge wheels, oversized rims, tall tyres",
    ),
    "spoiler": (
        "no spoiler | clean trailing edge, spoiler deleted",
        "small spoiler | subtle spoiler, little lip spoiler, discreet spoiler",
        "big spoiler, pronounced spoiler | ducktail, tall rear spoiler, large spoiler",
    ),
    "flare": (
        "flush arches, slim wheel arches | smooth arches, flat wheel arches",
        "medium wheel arches | gently flared arches, slightly flared arches",
        "flared arches, swollen wheel arches | wide arches, bulging fenders, broad haunches",
    ),
    "shoulders": (
        "slim shoulders | narrow shoulders, little shoulder",
        "medium shoulders | average shoulders, normal shoulders",
        "broad shoulders, strong shoulders | wide shoulders, pronounced shoulder",
    ),
}


_LONG = "long, lengthy, stretched, extended, elongated, generous, big, large, great, huge, massive"
_SHORT = "short, small, stubby, tight, minimal, little, compact, cropped, tiny, chopped, minimum, reduced"
_BIG = "big, large, tall, huge, oversized, great, massive, giant, high"
_SMALL = "small, little, tiny, modest, low, mini"
_TALL = "tall, high, raised, lofty, great, big"
_LOW = "low, lowered, dropped, flat, small, little"
_WIDE = "wide, broad, strong, pronounced, powerful, big, muscular"
_NARROW = "narrow, slim, subtle, slender, soft, small"
_UPRIGHT = "upright, steep, vertical, straight"
_RAKED = """
    raked, fast, sloping, sloped, slanted, slanting, flat, laid back, reclined, shallow, inclined,
    rakish
"""


#: parts of a car: its names to the attributes that an adjective before or behind it sets: (low, high)
PARTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "wheelbase, wheel base, axle distance, axle spacing": {"wheelbase": (_SHORT, _LONG)},
    "front overhang, nose overhang, overhang at the front, overhang front": {
        "front_overhang": (_SHORT, _LONG)
    },
    "rear overhang, tail overhang, back overhang, overhang at the rear, overhang rear": {
        "rear_overhang": (_SHORT, _LONG)
    },
    "overhang, overhangs, front and rear overhangs, front and rear overhang": {
        "front_overhang": (_SHORT, _LONG),
        "rear_overhang": (_SHORT, _LONG),
    },
    "hood, bonnet": {"cab": (_SHORT, _LONG), "nose": ("low, lowered, dropped, flat", "high, tall, raised")},
    "hood height, bonnet height, nose height": {"nose": (_LOW, _TALL)},
    "hood length, bonnet length": {"cab": (_SHORT, _LONG)},
    "nose, front, front end, face": {
        "nose": ("low, lowered, dropped, flat", "high, tall, raised, bluff, upright"),
        "nose_edge": ("sharp, crisp, blunt, square, edgy, hard", "rounded, round, soft, smooth, curved"),
        "cab": ("short, stubby", "long, stretched"),
    },
    "windscreen, windshield, windscreen rake, windshield rake, front glass, front screen, front window": {
        "windscreen": (_UPRIGHT, _RAKED)
    },
    "rear window, rear glass, rear screen, back window, backlight, tailgate, hatch lid, rear glass slope": {
        "backlight": (_RAKED, f"{_UPRIGHT}, square, boxy")
    },
    "tail, rear, rear end, back end": {
        "rear_overhang": (_SHORT, _LONG),
        "backlight": ("sloping, sloped, fast, raked, slanted", "upright, vertical, steep, square"),
    },
    "deck, rear deck, decklid, deck lid, boot lid, trunk lid, boot, trunk": {"deck": (_SHORT, _LONG)},
    "glasshouse, greenhouse, side window, window, glass, side glass, glazing": {
        "belt": (
            "tall, big, large, deep, generous, high, airy, huge",
            "shallow, slim, narrow, small, low, thin",
        ),
        "windscreen": ("upright, steep, vertical", "raked, sloping, fast"),
    },
    "belt line, beltline, waistline, waist, belt, window line": {
        "belt": ("low, dropped, lowered", "high, raised, tall"),
        "wedge": (
            "level, horizontal, flat, straight, calm",
            "rising, climbing, ascending, sloping, wedge, kicked up",
        ),
    },
    "roof": {
        "height": ("low, lowered", "high, tall, raised"),
        "roof": (
            "flat, level, straight, horizontal",
            "falling, sloping, tapering, dropping, sloped, tapered, fast",
        ),
    },
    "roofline, roof line": {
        "height": ("low, lowered", "high, tall, raised"),
        "roof": (
            "flat, level, straight, horizontal",
            "falling, sloping, tapering, dropping, sloped, tapered, fast",
        ),
    },
    "wheel, wheels, rim, rims, tyre, tyres, tire, tires": {"wheels": (_SMALL, _BIG)},
    "spoiler, rear spoiler, lip spoiler, spoiler lip, tail spoiler, wing": {
        "spoiler": ("tiny, deleted, hidden", "big, large, tall, high, pronounced, huge, great, bold")
    },
    "arch, arches, wheel arch, wheel arches, fender, fenders, wheelarch, wheelarches, haunches": {
        "flare": ("flush, flat, slim, smooth, tight, subtle, narrow", f"flared, swollen, bulging, {_WIDE}")
    },
    "shoulder, shoulders, shoulder line": {
        "shoulders": (_NARROW, _WIDE),
        "belt": ("low, lowered", "high, raised"),
    },
    "ground clearance, clearance, ride height, road clearance": {
        "clearance": (
            "low, lowered, small, little, minimal, reduced",
            "high, raised, great, big, large, generous, ample, lots of, plenty of",
        )
    },
    "stance": {
        "width": ("narrow, slim", "wide, broad, planted"),
        "clearance": ("low, lowered", "high, raised, tall"),
    },
    "car, body, vehicle, automobile, bodywork, bodyshell": {
        "length": ("short", "long, stretched, elongated, lengthy"),
        "height": ("low, squat", "tall, high"),
        "width": ("narrow", "wide, broad"),
    },
    "length, overall length": {"length": (_SHORT, _LONG)},
    "height, overall height, roof height": {"height": (_LOW, _TALL)},
    "width, overall width": {"width": ("narrow, small, little, low", "wide, great, big, large, generous")},
    "profile, silhouette": {"height": ("low, flat", "tall, high"), "length": ("short", "long, stretched")},
}

#: what a part means when it is named without an adjective, and when it is ruled out
PRESENT: Mapping[str, str] = {"spoiler": "spoiler:high"}
ABSENT: Mapping[str, str] = {
    "spoiler": "spoiler:low",
    "deck": "deck:low",
    "overhang": "front_overhang:low rear_overhang:low",
}

#: body words that give way to another: a "fastback" that is also called a saloon
GENERIC_BODIES = "saloon, sedan"

#: words about a car that say nothing about its shape here
STOPS = """
    door, doors, lamp, lamps, headlamp, headlamps, headlight, headlights, mirror, mirrors, side mirror,
    bumper, bumpers, grille, cabin, passenger, driver, passengers, bodied, body type
"""

ENGLISH = Tongue(
    noun="car",
    bodies=BODIES,
    generic_bodies=GENERIC_BODIES,
    moods=MOODS,
    attributes=ATTRIBUTES,
    parts=PARTS,
    whole="car",
    every="overhang",
    present=PRESENT,
    absent=ABSENT,
    stops=STOPS,
)
