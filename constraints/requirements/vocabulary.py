"""English names of quantities: what people call them, and which way is better.

The families' own parameter names ("front overhang") are synonyms without being written here; what stands
here is what people say instead. A name that a family does not have costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...design.language.words_en import phrases

#: predicted by the surrogate: name to (unit, meaning)
PREDICTED: Mapping[str, tuple[str, str]] = {
    "drag_coefficient": ("1", "Aerodynamic drag coefficient Cd, referred to the frontal area."),
    "lift_coefficient": (
        "1",
        "Aerodynamic lift coefficient Cl, referred to the frontal area; upward positive.",
    ),
    "drag_area": ("m2", "Drag coefficient times frontal area, CdA."),
}

#: limits outside these are slips of the pen (26 for 0.26), whatever the family
PLAUSIBLE: Mapping[str, tuple[float, float]] = {
    "drag_coefficient": (0.05, 1.5),
    "lift_coefficient": (-2.0, 2.0),
    "drag_area": (0.01, 5.0),
}

#: which way is better when nobody says: a bare "boot of 450 litres" asks for at least 450
BETTER: Mapping[str, str] = {
    **dict.fromkeys(
        phrases(
            """
            drag_coefficient, drag_area, lift_coefficient, frontal_area, wetted_area, body_mass,
            cg_height, proportion_distance
            """
        ),
        "low",
    ),
    **dict.fromkeys(
        phrases(
            """
            approach_angle, departure_angle, ramp_over_angle, cabin_volume, head_room_front,
            head_room_rear, luggage_volume, static_stability_factor
            """
        ),
        "high",
    ),
}

#: quantity name to the phrases people use for it (lower case, words separated by one blank)
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "drag_coefficient": phrases("""
        coefficient of drag, cd, cx, cw, c d, cd value, cw value, cx value, drag, air drag, air
        resistance, aerodynamic drag, aerodynamic resistance, drag value, cd figure
    """),
    "lift_coefficient": phrases("coefficient of lift, cl, lift, aerodynamic lift"),
    "drag_area": phrases("cda, cd a, cdxa, cd x a, cd times a, cd times area, scx, drag area"),
    "overall_length": phrases("""
        length, total length, body length, bumper to bumper length, car length, vehicle length, l103
    """),
    "overall_width": phrases("width, total width, body width, car width, vehicle width"),
    "overall_height": phrases("""
        height, total height, body height, car height, roof height, vehicle height
    """),
    "wheelbase": phrases("wheel base, axle distance, distance between the axles, axle spacing"),
    "front_overhang": phrases("overhang at the front, nose overhang"),
    "rear_overhang": phrases("overhang at the rear, tail overhang, back overhang"),
    "ground_clearance": phrases("""
        clearance, ride height, floor clearance, underbody clearance, road clearance
    """),
    "tyre_diameter": phrases("tyre size, outer tyre diameter"),
    "tyre_width": phrases("section width"),
    "wheel_arch_gap": phrases("arch gap, wheel gap, wheelarch gap"),
    "fender_flare": phrases("flare, fender flares, wheel arch flare, arch flare"),
    "windscreen_angle": phrases("windshield angle, windscreen rake, windshield rake, windscreen slope"),
    "backlight_angle": phrases("""
        rear glass angle, rear window angle, rear screen angle, backlight slope
    """),
    "tumblehome": phrases("tumble home, side glass lean"),
    "boat_tail_angle": phrases("boat tail, boattail, boattail angle, rear taper, plan taper rear"),
    "diffuser_angle": phrases("diffuser"),
    "spoiler": phrases("spoiler height, rear spoiler, lip spoiler, spoiler lip, lip"),
    "deck_length": phrases(
        "rear deck length, boot lid length, trunk lid length, decklid length, boot lid, trunk lid, decklid"
    ),
    "side_sculpture": phrases("side sculpting, door hollow, side hollow, light catcher"),
    "crease_sharpness": phrases("creases, crease, edge sharpness, character lines, crispness"),
    "lamp_height": phrases("headlamp height, head lamp height, headlight height"),
    "belt_height": phrases("""
        beltline height, belt line height, waistline height, beltline, belt line, waistline
    """),
    "belt_slope": phrases("belt line slope, beltline slope, wedge angle"),
    "hood_height": phrases("bonnet height, hood line, bonnet line"),
    "track": phrases("track width, wheel track, w101"),
    "frontal_area": phrases("""
        front area, projected area, projected frontal area, frontal cross section
    """),
    "wetted_area": phrases("surface area, skin area, body surface"),
    "hull_volume": phrases("body volume, enclosed volume, outer volume"),
    "approach_angle": phrases("angle of approach, front approach angle"),
    "departure_angle": phrases("angle of departure, rear departure angle"),
    "ramp_over_angle": phrases("""
        rampover angle, breakover angle, break over angle, ramp angle, ramp breakover angle
    """),
    "cabin_volume": phrases("""
        cabin, cabin space, interior volume, interior space, passenger volume, passenger space, cabin
        room, interior room, room inside, interior
    """),
    "head_room_front": phrases("""
        front head room, front headroom, headroom front, head room in front, headroom in front, head
        room in the front, headroom in the front, driver head room, driver headroom, driver's head room,
        driver's headroom, head room for the driver, headroom for the driver, h61 1
    """),
    "head_room_rear": phrases("""
        rear head room, rear headroom, headroom rear, head room in the rear, headroom in the rear, head
        room in the back, headroom in the back, back seat headroom, back seat head room, h61 2, rear
        passenger head room, rear passenger headroom
    """),
    "luggage_volume": phrases("""
        luggage, luggage space, luggage capacity, luggage room, luggage compartment, boot, boot space,
        boot volume, boot capacity, boot size, trunk, trunk space, trunk volume, trunk capacity, trunk
        size, cargo, cargo space, cargo volume, cargo capacity, load space, load volume
    """),
    "body_mass": phrases(
        "body weight, weighing, weighs, mass, weight, kerb weight, curb weight, kerb mass, curb mass"
    ),
    "cg_height": phrases("""
        centre of gravity height, center of gravity height, centre of gravity, center of gravity, centre
        of mass, center of mass, cg
    """),
    "static_stability_factor": phrases("ssf, stability factor, rollover stability, static stability"),
}

#: phrases that name several quantities at once
GROUPS: Mapping[str, tuple[str, ...]] = {
    "head room": ("head_room_front", "head_room_rear"),
    "headroom": ("head_room_front", "head_room_rear"),
    "head clearance": ("head_room_front", "head_room_rear"),
    "overhangs": ("front_overhang", "rear_overhang"),
    "overhang": ("front_overhang", "rear_overhang"),
}

#: the same word for another kind of unit: "drag below 0.6 m2" means the drag area
ALTERNATES: Mapping[tuple[str, str], str] = {
    ("drag_coefficient", "area"): "drag_area",
    ("cabin_volume", "area"): "cabin_volume",
}

#: parts that people qualify with an adjective ("big wheels", "raked windscreen") without giving a number
FEATURES: Mapping[str, tuple[str, ...]] = {
    phrase: (parameter,)
    for parameter, text in {
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
    }.items()
    for phrase in phrases(text)
}

#: feature whose "big" is a small value of its parameter (a tall greenhouse has a low belt)
INVERTED = frozenset({"greenhouse", "windows"})
