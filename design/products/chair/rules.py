"""What a joiner or a tube bender would refuse, each with the reason and the mend.

Bend radii: :data:`.layout.LEAST_BEND`. Wall of bent tube:
diameter over wall at most ten times radius over diameter ("wall factor" over "D of bend", mandrel and wiper).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...family.contract import Broken
from ...messages import Message, say
from . import declaration as d
from .arms import ARM_SHARE, arm_line, to_back
from .layout import Layout
from .stability import stability

TIMBER_LEG_MM = 22.0
LEAST_PLY_MM, LEAST_SOLID_MM, MOST_SHELL_MM, LEAST_SOCKET_MM = 8.0, 12.0, 24.0, 24.0
HELD = 0.5  # of the moments of EN 1022: below it nobody sits down; all of them are a requirement, not a rule
HIGHEST_MM = 1250.0
OVER_RAIL_MM = 1.0  # of the seat, where its hollow comes down to straight rails
ARMS_APART_MM = 420.0
FIELD_MM, SLAT_ROOM_MM = 70.0, 26.0

Rule = Callable[[Layout], Message | None]


def broken_rules(v: Mapping[str, float]) -> list[Broken]:
    """Every rule that a design breaks."""
    a = Layout(v)
    found = ((name, rule(a)) for name, rule in RULES.items())
    return [Broken(name, reason) for name, reason in found if reason is not None]


def _bends(a: Layout) -> Message | None:
    least = a.least_bend * a.v["leg_size"]
    bent = a.base != d.LEGS or a.bent_legs or a.v["arms"] or a.kind == d.HOOP
    if bent and a.bend < least:
        return say(
            "bend_radius {radius:.0f} mm breaks or folds a leg_size of {size:.0f} mm, which takes "
            "{least:.0f} mm and "
            "more; raise bend_radius or reduce leg_size",
            radius=a.bend, size=a.v["leg_size"], least=least,
        )  # fmt: skip
    return None


def _wall(a: Layout) -> Message | None:
    size, bent = a.v["leg_size"], a.base != d.LEGS or a.bent_legs
    least = size * size / (10.0 * a.bend)
    if not a.timber and bent and a.v["wall"] < least:
        return say(
            "a wall of {wall:.1f} mm wrinkles in the bends, a tube of {size:.0f} mm at this radius takes "
            "{least:.1f} mm; raise wall or bend_radius",
            wall=a.v["wall"], size=size, least=least,
        )  # fmt: skip
    return None


def _room_for_bends(a: Layout) -> Message | None:
    if a.base == d.LEGS:
        room = 2.0 * min(a.tops[0][1], a.tops[1][1]) if a.bent_legs else 1e9
    else:
        (front, _, low), (rear, _, _) = a.runner
        rail = a.tops[1][0] - a.tops[0][0]
        room = min(rear - front, a.rail_z(a.tops[0][0]) - low, rail)
    if 2.05 * a.bend > room:
        return say(
            "two bends of {radius:.0f} mm radius do not fit into {room:.0f} mm of frame; reduce "
            "bend_radius below "
            "{most:.0f} mm or enlarge the seat",
            radius=a.bend, room=room, most=room / 2.05,
        )  # fmt: skip
    return None


def _under_seat(a: Layout) -> Message | None:
    least = 0.35 * a.r
    straight = a.base == d.LEGS and not a.bent_legs
    if straight and a.v["leg_inset"] < least:
        return say(
            "legs {inset:.0f} mm from the seat's corner have nothing to be joined to; raise leg_inset to "
            "{least:.0f} "
            "mm and more",
            inset=a.v["leg_inset"], least=least,
        )  # fmt: skip
    return None


def _timber(a: Layout) -> Message | None:
    if a.timber and a.v["leg_size"] < TIMBER_LEG_MM:
        return say(
            "a timber leg of {size:.0f} mm leaves too little beside its tenon; raise leg_size to "
            "{least:.0f} mm",
            size=a.v["leg_size"], least=TIMBER_LEG_MM,
        )  # fmt: skip
    return None


def _thickness(a: Layout) -> Message | None:
    least = {d.PLASTIC: 0.0, d.PLYWOOD: LEAST_PLY_MM, d.SOLID: LEAST_SOLID_MM}[int(a.v["seat_material"])]
    if a.v["seat_thickness"] < least:
        return say(
            "a seat of {thick:.0f} mm is too thin for this seat_material, which takes {least:.0f} mm; raise "
            "seat_thickness or choose another seat_material",
            thick=a.v["seat_thickness"], least=least,
        )  # fmt: skip
    return None


def _socket(a: Layout) -> Message | None:
    if a.bow and a.v["seat_thickness"] < LEAST_SOCKET_MM:
        return say(
            "bow and spindles stand in holes of a seat that is {thick:.0f} mm thick; raise seat_thickness to "
            "{least:.0f} mm",
            thick=a.v["seat_thickness"], least=LEAST_SOCKET_MM,
        )  # fmt: skip
    return None


def _shell(a: Layout) -> Message | None:
    if a.kind != d.SHELL:
        return None
    if a.v["seat_material"] == d.SOLID:
        return say(
            "solid wood (seat_material 3) cannot be bent into a shell; choose plywood (2) or plastic (1)"
        )
    if a.v["seat_thickness"] > MOST_SHELL_MM:
        return say(
            "a shell of {thick:.0f} mm cannot be bent to its radius; reduce seat_thickness to {most:.0f} mm",
            thick=a.v["seat_thickness"], most=MOST_SHELL_MM,
        )  # fmt: skip
    return None


def _arms(a: Layout) -> Message | None:
    if not a.v["arms"]:
        return None
    top = a.v["back_height"] - 45.0
    if to_back(a) and a.v["arm_height"] > top:
        return say(
            "arm rests at {height:.0f} mm above the seat meet no back; reduce arm_height below {top:.0f} "
            "mm or raise "
            "back_height",
            height=a.v["arm_height"], top=top,
        )  # fmt: skip
    room = 2.0 * (arm_line(a)[1][1] - ARM_SHARE * a.r)
    if room < ARMS_APART_MM:
        return say(
            "{room:.0f} mm between the arm rests are too little for hips and hands, at least {least:.0f} "
            "mm; raise "
            "seat_width or set arms to 0",
            room=room, least=ARMS_APART_MM,
        )  # fmt: skip
    return None


def _field(a: Layout) -> Message | None:
    field = a.v["back_height"] - a.v["back_opening"]
    if a.kind in (d.SLATS, d.PANEL) and field < FIELD_MM:
        return say(
            "{field:.0f} mm are left for the back above its opening, at least {least:.0f} mm; raise "
            "back_height or "
            "reduce back_opening",
            field=field, least=FIELD_MM,
        )  # fmt: skip
    if a.kind == d.SLATS and (room := field / a.v["back_members"]) < SLAT_ROOM_MM:
        return say(
            "{n:.0f} slats leave {room:.0f} mm each, at least {least:.0f} mm; reduce back_members or raise "
            "back_height",
            n=a.v["back_members"], room=room, least=SLAT_ROOM_MM,
        )  # fmt: skip
    return None


def _height(a: Layout) -> Message | None:
    top = a.v["seat_height"] + a.v["back_height"]
    if a.kind != d.NO_BACK and top > HIGHEST_MM:
        return say(
            "a back up to {top:.0f} mm makes the chair top-heavy, at most {most:.0f} mm; reduce "
            "back_height or "
            "seat_height",
            top=top, most=HIGHEST_MM,
        )  # fmt: skip
    return None


def _stands(a: Layout) -> Message | None:
    ways = stability(a, 4.0, 0.0)
    worst = min(ways, key=lambda k: ways[k])
    if ways[worst] < HELD:
        mend = {
            "forwards": say("raise front_splay or reduce leg_inset"),
            "sideways": say("raise side_splay or reduce leg_inset"),
            "rearwards": say("raise rear_splay or reduce leg_inset or back_angle"),
        }[worst]
        return say(
            "a sitter tips it {way}: {share:.2f} of the moment of EN 1022 is held, {least} at least; {mend}",
            way=WAYS[worst], share=ways[worst], least=HELD, mend=mend,
        )  # fmt: skip
    return None


def _rails(a: Layout) -> Message | None:
    deepest = a.v["seat_thickness"] - OVER_RAIL_MM
    if a.bent_legs and a.dish > deepest:
        return say(
            "a seat_dish of {dish:.1f} mm lets the rails through a seat of {thickness:.1f} mm, at most "
            "{most:.1f} mm; reduce seat_dish or raise seat_thickness",
            dish=a.dish, thickness=a.v["seat_thickness"], most=deepest,
        )  # fmt: skip
    return None


WAYS = {"forwards": say("forwards"), "sideways": say("sideways"), "rearwards": say("rearwards")}
RULES: Mapping[str, Rule] = {
    "bends-can-be-made": _bends,
    "wall-can-be-bent": _wall,
    "bends-fit-the-frame": _room_for_bends,
    "legs-under-the-seat": _under_seat,
    "tenon-leaves-wood": _timber,
    "seat-is-thick-enough": _thickness,
    "seat-takes-sockets": _socket,
    "rails-under-the-seat": _rails,
    "shell-can-be-bent": _shell,
    "arms-are-held": _arms,
    "back-has-a-field": _field,
    "back-is-not-too-high": _height,
    "stands-with-a-sitter": _stands,
}
