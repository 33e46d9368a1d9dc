"""Which part decides in each load case, how it is strained, and that in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray
from ..messages import Message, amount, marked, named, say
from .beams import STATIONS, shares
from .materials import Material
from .solve import Solved
from .structure import LoadCase

#: ways in which a member is strained, in the order of :func:`.beams.shares`
PULL, BENDING, TWIST, SHEAR = marked("pull or push"), marked("bending"), marked("twisting"), marked("shear")
KINDS = (PULL, BENDING, TWIST, SHEAR)


@dataclass(frozen=True)
class Critical:
    """What decides in a load case.

    Attributes:
        case: the load case. part: name of the member or plate. material: of it.
        stress: MPa. safety: strength over stress.
        place: mm, where. at_joint: at one of the member's ends.
        kind: the largest part of it, one of :data:`KINDS`; "" in a plate.
    """

    case: LoadCase
    part: str
    material: Material
    stress: float
    safety: float
    place: tuple[float, float, float]
    at_joint: bool
    kind: str

    @property
    def margin(self) -> float:
        """Safety over what the load case requires: at least 1 holds."""
        return self.safety / self.case.required


def by_case(solved: Solved) -> tuple[Critical, ...]:
    """What decides in each load case, in their order."""
    return tuple(_critical(solved, k) for k in range(len(solved.structure.cases)))


def critical(solved: Solved) -> Critical:
    """What decides of all load cases."""
    return min(by_case(solved), key=lambda c: c.margin)


def rows(solved: Solved) -> list[dict[str, str | float]]:
    """:func:`by_case` as plain data, with the largest shift (mm) of each load case."""
    shift = np.linalg.norm(solved.displacements[..., :3], axis=2).max(axis=1)
    return [
        {
            "case": c.case.name, "source": c.case.source, "part": c.part, "kind": c.kind,
            "stress_mpa": c.stress, "strength_mpa": c.material.strength, "safety": min(c.safety, 1e9),
            "required": c.case.required, "shift_mm": float(moved),
        }
        for c, moved in zip(by_case(solved), shift, strict=True)
    ]  # fmt: skip


def why(solved: Solved) -> Message:
    """:func:`critical` in a sentence, for people."""
    c = critical(solved)
    part, case = named(c.part.replace(" ", "_"), c.part), named(c.case.name.replace(" ", "_"), c.case.name)
    numbers = {
        "stress": amount(c.stress, "MPa", f"{c.stress:.0f}"),
        "strength": amount(c.material.strength, "MPa", f"{c.material.strength:.0f}"),
        "material": named(c.material.name),
        "safety": f"{c.safety:.2f}",
        "source": c.case.source,
    }
    if not c.kind:
        return say(
            "the {part} decides: {stress} of the {strength} that {material} bears, under {case} ({source}), "
            "a safety factor of {safety}",
            part=part, case=case, **numbers,
        )  # fmt: skip
    where = say("at its joint") if c.at_joint else say("between its joints")
    return say(
        "the {part} decides: {stress} of the {strength} that {material} bears, mostly by {kind}, {where} "
        "under {case} ({source}), a safety factor of {safety}",
        part=part, case=case, kind=say(c.kind), where=where, **numbers,
    )  # fmt: skip


def _critical(solved: Solved, case: int) -> Critical:
    s, usage = solved.structure, solved.usage[case]
    worst, count = int(np.argmax(usage)), len(s.members)
    safety = float(solved.safety[case])
    if worst >= count:
        triangle = worst - count
        plate = s.plates[int(solved.shells.part[triangle])]
        place = s.nodes[solved.shells.corners[triangle]].mean(axis=0)
        stress = float(solved.plate_stress[case, triangle])
        return Critical(s.cases[case], plate.name, plate.material, stress, safety, _point(place), False, "")
    member = s.members[worst]
    at = int(np.argmax(solved.stress[case, worst]))
    along = float(solved.beams.places[worst, at] / solved.beams.lengths[worst])
    place = (1.0 - along) * s.nodes[member.i] + along * s.nodes[member.j]
    kind = KINDS[int(np.argmax(shares(solved.beams, solved.forces)[:, case, worst, at]))]
    stress = float(solved.stress[case, worst, at])
    end = at in (0, len(STATIONS) - 1)
    return Critical(s.cases[case], member.name, member.material, stress, safety, _point(place), end, kind)


def _point(place: FloatArray) -> tuple[float, float, float]:
    x, y, z = place.tolist()
    return x, y, z
