"""What the bench puts into the tunnel: cars and their moved copies, slopes about one, Ahmed bodies."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ....design.errors import InputError
from ....design.family.contract import Family
from ....design.family.registry import get_family

MOVED = 0.003  # of a parameter's range, by which copies are moved at most
COPIES = 3  # beside the design itself
GROUPS = ("copies", "slopes", "ahmed")

#: cars of the bench beside the body types: what differs from which one, mm
EXTREMES: dict[str, tuple[str, dict[str, float]]] = {
    "low_fastback": ("fastback", {"ground_clearance": 115.0, "overall_height": 1400.0}),
    "high_estate": ("estate", {"ground_clearance": 200.0, "overall_height": 1560.0}),
    "long_tail": ("fastback", {"rear_overhang": 1150.0, "boat_tail_angle": 9.0}),
    "blunt_hatchback": ("hatchback", {"backlight_angle": 76.0, "nose_roundness": 70.0}),
}
#: the four that fooled the first recipe or are hardest: a slender tail, two tall boxes, a steep back
HARDEST = ("long_tail", "suv", "one_box", "blunt_hatchback")

#: effects about a notchback that DrivAerML's scale-resolving runs give: what is moved both ways by how much,
#: mm, and the change of Cd.A over the whole way, m2 (our linear fit to its 484 runs, each +- 0.001;
#: Ashton et al. 2024, arXiv 2408.11969)
SLOPES: dict[str, tuple[dict[str, tuple[float, float]], float]] = {
    "width": ({"overall_width": (-100.0, 100.0)}, 0.076),
    "ride height": ({"ground_clearance": (-30.0, 70.0), "overall_height": (-30.0, 70.0)}, 0.050),
    "height": ({"overall_height": (-100.0, 100.0)}, 0.034),
    "rear overhang": ({"rear_overhang": (-150.0, 100.0)}, -0.024),
}
AHMED_SLANTS = (0.0, 5.0, 12.5, 20.0, 25.0, 30.0, 35.0)  # deg


@dataclass(frozen=True)
class Case:
    """One body in the tunnel.

    Attributes:
        group: ``copies``, ``slopes`` or ``ahmed``. design: whose. variant: ``0`` the design itself, ``1`` ..
            its copies; ``-`` and ``+`` the ends of a slope.
        family, values: the body.
    """

    group: str
    design: str
    variant: str
    family: str
    values: Mapping[str, float]


def cases(groups: Sequence[str] = GROUPS, designs: Sequence[str] = (), copies: int = COPIES) -> list[Case]:
    """The cases of these groups; of the cars only `designs`, where any are named.

    Raises:
        InputError: a group or design is not known.
    """
    unknown = [g for g in groups if g not in GROUPS]
    if unknown:
        raise InputError(f"group {unknown[0]!r} is not known; choose from {', '.join(GROUPS)}")
    car = get_family("car")
    cars = bench_cars(car)
    unknown = [n for n in designs if n not in cars]
    if unknown:
        raise InputError(f"design {unknown[0]!r} is not in the bench; choose from {', '.join(cars)}")
    found = []
    if "copies" in groups:
        for name, values in cars.items():
            if not designs or name in designs:
                found.append(Case("copies", name, "0", "car", values))
                moved = moved_copies(car, name, values, copies)
                found += [Case("copies", name, str(k + 1), "car", v) for k, v in enumerate(moved)]
    if "slopes" in groups:
        for effect in SLOPES:
            ends = slope_ends(car, cars["notchback"], effect)
            found += [Case("slopes", effect, side, "car", v) for side, v in zip("-+", ends, strict=True)]
    if "ahmed" in groups:
        ahmed = get_family("ahmed")
        for slant in AHMED_SLANTS:
            values = ahmed.accept({**ahmed.defaults(), "slant_angle": slant})
            found.append(Case("ahmed", f"{slant:g}", "0", "ahmed", values))
    return found


def bench_cars(car: Family) -> dict[str, dict[str, float]]:
    """Every car of the bench by name: the body types and :data:`EXTREMES`."""
    found = {name: {**car.defaults(), **differing} for name, differing in car.archetypes.items()}
    for name, (base, differing) in EXTREMES.items():
        found[name] = {**found[base], **differing}
    return {name: car.accept(values) for name, values in found.items()}


def moved_copies(car: Family, name: str, values: Mapping[str, float], count: int) -> list[dict[str, float]]:
    """The same car with every parameter that shapes the hull moved by up to :data:`MOVED` of its range; the
    same moves whenever asked. Copies that break a rule are drawn again."""
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
    rng = np.random.default_rng(seed)
    found: list[dict[str, float]] = []
    while len(found) < count:
        moved = dict(values)
        for p in car.parameters:
            r = p.range
            step = MOVED * (r.high - r.low) * float(rng.uniform(-1.0, 1.0))
            if r.shapes_hull:
                moved[p.name] = min(max(values[p.name] + step, r.low), r.high)
        if not car.broken_rules(moved):
            found.append(moved)
    return found


def slope_ends(
    car: Family, middle: Mapping[str, float], effect: str
) -> tuple[dict[str, float], dict[str, float]]:
    """The two ends of an effect of :data:`SLOPES` about a car."""
    moves, _ = SLOPES[effect]
    shifted = [{name: middle[name] + ends[k] for name, ends in moves.items()} for k in (0, 1)]
    return car.accept({**middle, **shifted[0]}), car.accept({**middle, **shifted[1]})


def case_key(recipe: str, level: str, case: Case) -> str:
    """Stable name of one run of the bench; changes with the body."""
    rows = "".join(f"{name}={value:.6g};" for name, value in sorted(case.values.items()))
    mark = hashlib.sha256(rows.encode()).hexdigest()[:8]
    return f"{recipe}/{level}/{case.group}/{case.design}/{case.variant}/{mark}"
