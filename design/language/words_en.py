"""English words that are true of any product, as data: grammar, middles, manners of drawing, colours.

A product's own words come from its family's lexicon (:mod:`..family.lexicon`), whose blocks these are like.
"""

from __future__ import annotations

from collections.abc import Mapping

#: adjectives of the middle, for any part
MIDDLE = """
    medium, moderate, average, normal, mid, middling, standard, usual, ordinary, regular, balanced
"""
#: softeners that make the end of a range its middle: "gently rising belt line"
GENTLE = "gently, mildly, subtly"
#: the same for both ends: "moderately raked windscreen"
HALFWAY = "moderately, half way, halfway"
STYLES: Mapping[str, str] = {
    "ink": """
        ink, ink line, ink lines, ink drawing, ink sketch, pen, pen drawing, pen sketch, ballpoint,
        line drawing, line art, linework, fineliner, ink style
    """,
    "marker": """
        marker, markers, marker rendering, marker sketch, marker drawing, copic, felt tip, marker style,
        marker render
    """,
    "soft": """
        soft shading, soft style, soft shaded, softly shaded, pencil, pencil drawing, pencil sketch,
        airbrush, airbrushed, pastel, charcoal, soft sketch, soft rendering, shaded
    """,
}
VIEWS: Mapping[str, str] = {
    "side": """
        side view, side, side elevation, from the side, side on, in profile, profile view, side profile,
        elevation, lateral view
    """,
    "three_quarter": """
        three quarter, three quarter view, three quarters, front three quarter,
        front three quarter view, perspective, perspective view, 3 4, 3 4 view, front 3 4, quarter view,
        from the front
    """,
}
#: palettes by the drawing module's names
PALETTES: Mapping[str, str] = {
    "graphite": "graphite, grey, gray, anthracite, gunmetal, monochrome, black and white, charcoal grey",
    "crimson": "crimson, red, dark red, bright red, deep red, burgundy, scarlet, ruby",
    "ocean": "ocean, blue, light blue, bright blue, deep blue, azure, teal, turquoise, sky blue",
    "forest": "forest, green, dark green, british racing green, olive, light green, forest green",
    "silver": "silver, metallic, metal, aluminium, aluminum, chrome, light grey, light gray",
    "ivory": "ivory, white, cream, pearl, off white, bone",
    "midnight": "midnight, black, navy, dark blue, midnight blue, dark, jet black",
    "amber": "amber, orange, yellow, gold, golden, copper, bronze",
    "sand": "sand, beige, brown, tan, khaki, champagne, sandy",
}

NEGATIONS = """
    nor, not too, not very, not so, not overly, less, the least, anything but, not a, not an, rather not,
    free of, not at all, hardly any, no visible
"""
INTENSITY = """
    steeply, strongly, heavily, highly, sharply, boldly, even, far, a touch, noticeably, more, too, so,
    pretty, truly, distinctly, much, most, particularly, especially, clearly, decidedly
"""
COPULAS = "is, are, be, being, looks, stays, sits, that is, that are, which is, which are, feels"
JOINS = "yet, also"
BREAKS = "has, have, on, over, under, above, below, showing, carrying, wearing"
STOPS = """
    sketch, drawing, show, render, rendering, picture, image, concept, such, styling, form, proportion,
    proportions, proportioned, surface, surfaces, surfacing, line, lines, imagine, something, ones, fresh,
    idea, study, sized, towards, toward, thank, paint, painted, colour, color, colours, colors, coloured,
    colored, finish, view, seen, call, people, everyday, put
"""
