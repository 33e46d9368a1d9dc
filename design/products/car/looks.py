"""Role and finish of every part of the car, in one table by the parts' names without their places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ...geometry.mesh import Colour, FinishName, Mesh, MeshPart
from ...geometry.solid import SolidPart


@dataclass(frozen=True)
class Look:
    """What pictures make of a part: see :class:`~maquette.design.geometry.mesh.MeshPart`."""

    role: str
    finish: FinishName


def _all(role: str, finish: FinishName, names: str) -> dict[str, Look]:
    return dict.fromkeys((name.strip() for name in names.split(",")), Look(role, finish))


#: by name without its place at the end (``front left``, ``right``) and its number
LOOKS: Mapping[str, Look] = {
    **_all("body", "paint", "body"),
    **_all(
        "",
        "paint",
        "brake calliper, front badge, front door handle, front door handle seat, front door handle slot, "
        "front lip, mirror, mirror foot, rear badge, rear door handle, rear door handle seat, "
        "rear door handle slot, rear reflector, rear valance, roof",
    ),
    **_all(
        "",
        "glass",
        "front door glass, mirror glass, quarter glass, rear door glass, roof glass, windscreen, "
        "windscreen frame",
    ),
    **_all("window", "glass", "rear window"),
    # the pillars between panes; a windscreen's frame is printed on it. The drawer knows them as one dark band
    **_all("window", "plastic", "rear window frame, window frame"),
    **_all(
        "",
        "lamp",
        "head lamp, head lamp beam, head lamp blade, head lamp signature, light bar, light bar signature, "
        "tail lamp, tail lamp indicator, tail lamp reverse, tail lamp signature, tail light bar, "
        "tail light bar signature",
    ),
    **_all("wheel", "rubber", "tyre"),
    **_all("proud", "metal", "brake disc, chrome belt trim, chrome roof trim, rim"),
    **_all("seam", "plastic", "door seam, hood seam, lid seam, sill seam"),
    **_all(
        "",
        "plastic",
        "arch cladding, arch liner, arch liner back, arch lip, belt trim, cowl trim, diffuser blade, "
        "front plate, front plate surround, grille, grille bar, grille frame, lower intake, "
        "lower intake bar, rear plate, rear plate surround, side intake, side intake blade, "
        "sill cladding, underbody",
    ),
}
_PLACE = re.compile(r"( (front|rear))?( (left|right))?$")
_NUMBER = re.compile(r" \d+$")


def mesh_part(name: str, mesh: Mesh, colour: Colour, material: str) -> MeshPart:
    """A part with its role and finish."""
    look = look_of(name)
    return MeshPart(name, mesh, colour, look.role, material, look.finish)


def dressed_solids(parts: Sequence[SolidPart]) -> list[SolidPart]:
    """The parts with their roles and finishes."""
    return [replace(p, role=look_of(p.name).role, finish=look_of(p.name).finish) for p in parts]


@lru_cache(maxsize=512)
def look_of(name: str) -> Look:
    """Role and finish of the part of that name; a part that the table does not have is a mistake of ours."""
    return LOOKS[_NUMBER.sub("", _PLACE.sub("", name))]
