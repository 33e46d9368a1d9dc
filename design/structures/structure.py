"""What is loaded, how, and what is asked of it: plain data that families return.

A structure is made of nodes in the family's frame (mm), members (straight beams between two nodes, tapered
where their end sections differ; a bent tube is a chain of members of one name, :func:`bent`), and plates
(triangles). Joints are rigid: all six displacements of a node are shared by what meets there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..arrays import FloatArray, IntArray
from .joints import Give
from .materials import Material
from .sections import Section

Vector = tuple[float, float, float]
Freedom = Literal["x", "y", "z", "rx", "ry", "rz"]
FREEDOMS: tuple[Freedom, ...] = ("x", "y", "z", "rx", "ry", "rz")
#: what a hinge holds, and what a clamp holds
PINNED: tuple[Freedom, ...] = FREEDOMS[:3]
CLAMPED: tuple[Freedom, ...] = FREEDOMS


@dataclass(frozen=True)
class Member:
    """A straight beam between two nodes; those of one name make up one part ("top tube").

    Attributes:
        name: of the part as people read it. i, j: its nodes.
        section: at i; section_j: at j, None for the same. Both of one shape; lengths run straight between.
        material: of it.
        inside_i, inside_j: mm at either end that lie inside the joint: stiff, without stress and mass. Half
            of the other tube's radius fits solids best (`tests/framed.py`).
        bend: mm, radius of the middle line of the bent tube or bar of which this is a piece; 0: straight. A
            bent tube flattens and gives more, and its stress is higher (:func:`.sections.bent`).
        give_i, give_j: what the wall gives that it is welded to, at the ends of its free length.
        up: its local z (the section's height) is the part of this vector across the axis; local y is z
            cross x, x from i to j. Where the axis is along `up`, global x takes its place (y, if that too).
    """

    name: str
    i: int
    j: int
    section: Section
    material: Material
    section_j: Section | None = None
    up: Vector = (0.0, 0.0, 1.0)
    inside_i: float = 0.0
    inside_j: float = 0.0
    bend: float = 0.0
    give_i: Give | None = None
    give_j: Give | None = None


@dataclass(frozen=True, eq=False)
class Plate:
    """A thin shell of flat triangles; each plate's triangles share nodes with each other and with members.

    Attributes:
        name: of the part. triangles: (t, 3) nodes. thickness: mm. material: of it.
        judged: its stress counts; not in the seam of a weld, where it grows with every finer mesh.
    """

    name: str
    triangles: IntArray
    thickness: float
    material: Material
    judged: bool = True


@dataclass(frozen=True)
class Support:
    """What a node may not do: any of :data:`FREEDOMS`, along the global axes."""

    node: int
    fixed: Sequence[Freedom] = CLAMPED


@dataclass(frozen=True)
class Load:
    """A force (N) and a moment (N mm) on a node.

    Attributes:
        at: the point in space (mm) where the force acts, tied to the node by a rigid massless arm (a pedal
            beside its bottom bracket); None: the node itself.
    """

    node: int
    force: Vector = (0.0, 0.0, 0.0)
    moment: Vector = (0.0, 0.0, 0.0)
    at: Vector | None = None


@dataclass(frozen=True)
class LoadCase:
    """Supports and loads of one test.

    Attributes:
        name: lower case words, unique in the structure: ``seat and back``.
        source: standard and clause, for example ``EN 1728:2012, 6.4``.
        supports, loads: of it.
        required: the least safety factor that it asks for.
    """

    name: str
    source: str
    supports: Sequence[Support]
    loads: Sequence[Load]
    required: float = 1.0


@dataclass(frozen=True)
class Probe:
    """A displacement that is asked for.

    Attributes:
        name: of the quantity (``bottom_bracket_deflection``). case: the load case; node: where.
        way: one of :data:`FREEDOMS` (signed), or "" for the length of the shift. mm; rotations in degrees.
        at: a point (mm) rigidly tied to the node, as of :class:`Load`.
    """

    name: str
    case: str
    node: int
    way: Freedom | Literal[""] = ""
    at: Vector | None = None


@dataclass(frozen=True, eq=False)
class Tie:
    """A node that is not free: it follows others.

    Attributes:
        node: that follows. masters: (k,) nodes. weights: (k,), of sum 1.
        fitted: it moves as the stiff body that fits the masters' shifts best, so that what acts on it spreads
            over them (three at least, not on one line); else each master carries it on a stiff arm, by its
            weight.
    """

    node: int
    masters: IntArray
    weights: FloatArray
    fitted: bool = False


@dataclass(frozen=True, eq=False)
class Structure:
    """A loaded structure.

    Attributes:
        nodes: (n, 3) mm. members, plates, cases, probes, ties: of it.
    """

    nodes: FloatArray
    members: Sequence[Member]
    cases: Sequence[LoadCase]
    probes: Sequence[Probe] = ()
    plates: Sequence[Plate] = ()
    ties: Sequence[Tie] = ()
