"""The family contract and the registry.

A new product is one module that subclasses :class:`Family`: it declares parameters, builds its surfaces
once (fast mesh and exact solid from the same definition), states its measures and its rules. It is found
through the entry-point group ``maquette.families`` and must pass :mod:`maquette.design.family.conformance`.

Coordinates are those of the family's :class:`~maquette.design.family.frame.Frame`: millimetres, z up.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from ..arrays import FloatArray
from ..errors import RuleError
from ..messages import listed, named, say, spelt
from .dimensions import Dimension, Dimensioned, around, box_of_parts, overall
from .earlier import Earlier, upgraded
from .frame import Frame
from .lexicon import Lexicon, plain_lexicon
from .parameters import (
    NamedChoice,
    Parameter,
    as_values,
    choices_of,
    declaration_hash,
    defaults_of,
    parameters_of,
    validate,
)
from .photographs import VIEWS, View

if TYPE_CHECKING:
    from ..geometry.mesh import Mesh, MeshPart
    from ..geometry.solid import SolidPart
    from ..geometry.surface_plan import SurfacePlan
    from ..structures.structure import Structure


@dataclass(frozen=True)
class Broken:
    """A rule that a design breaks.

    Attributes:
        rule: stable kebab-case name, for example ``wheels-inside-body``.
        reason: one sentence with the numbers, and which parameter to move which way.
    """

    rule: str
    reason: str


@dataclass(frozen=True)
class Measure:
    """A number that a family can compute on a design's geometry.

    Attributes:
        name: quantity name, for example ``frontal_area``.
        unit: ``mm``, ``deg``, ``m2``, ``m3``, ``l``, ``kg``, ``N``, ``MPa``, ``N/mm``, ``W`` or ``1``.
        doc: what it is, with the standard's code and the assumption where there is one.
        sum_of: the parameters whose plain sum it is, in the order in which they are added; () otherwise.
        better: which way a wish for a good one points; "" where neither is better in itself.
    """

    name: str
    unit: str
    doc: str
    sum_of: tuple[str, ...] = ()
    better: Literal["", "less", "more"] = ""


@dataclass(frozen=True)
class DefaultWish:
    """A soft limit that holds for every brief of a family until someone lifts it; always said, never hidden.

    Attributes:
        name: stable name, under which a brief file lifts it.
        quantity: what it limits. at_least, at_most: the limits, one of them or both.
        says: the wish in words, for example ``proportions like cars on the road``.
        lift: phrases of a brief that lift it, the first one is the one to recommend (English, lower case).
        lift_unspaced: the same in languages without blanks between words.
    """

    name: str
    quantity: str
    says: str
    lift: tuple[str, ...]
    lift_unspaced: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class Border:
    """A line that drawings show because two tones meet there.

    Attributes:
        points: (n, 3) along it, mm; as many for all designs.
        closed: its end meets its start.
        dark_inside: the darker tone lies on the side that it encloses (a window), else on the other (a rim).
    """

    points: FloatArray
    closed: bool = True
    dark_inside: bool = True


@dataclass(frozen=True)
class Outline:
    """A body's coarse stand-in for fitting to a picture: cheap, and point by point the same for all designs.

    Attributes:
        mesh: closed surfaces of body, wheels and whatever stands out; vertices on the true surfaces, always
            as many and in the same order, so that a vertex of two designs is the same place on the body.
        borders: by name, always the same names.
    """

    mesh: Mesh
    borders: Mapping[str, Border]


@dataclass(frozen=True)
class Region:
    """A place on the body, in words: the roof. `open`: bodies leave it open (around a wheel)."""

    name: str
    open: bool = False


class Family(ABC):
    """What every product family offers. Methods are pure: same parameters, same answer."""

    name: ClassVar[str]
    title: ClassVar[str]
    declaration: ClassVar[type]
    #: body types and other named starting points: name to the parameters that differ from the defaults;
    #: options by place (`parameters.indexed` makes places of names)
    archetypes: ClassVar[Mapping[str, Mapping[str, float]]] = {}
    #: what `measures` returns, in order
    measure_list: ClassVar[Sequence[Measure]] = ()
    #: declarations that the family had before, latest first
    earlier: ClassVar[Sequence[Earlier]] = ()
    #: origin, drawing scale and views
    frame: ClassVar[Frame] = Frame()
    #: "y": the plane y = 0 mirrors every body; "": no such plane
    symmetry: ClassVar[Literal["", "y"]] = ""
    #: from where its bodies are photographed, by name
    eyes: ClassVar[Mapping[str, View]] = VIEWS
    #: those of `eyes` that a build and a release show; the first one stands for a body in sheets
    pictures: ClassVar[Sequence[str]] = ("three_quarter", "three_quarter_rear", "side", "top", "front")
    #: what :meth:`box_measures` leaves out, in a sentence
    box_notes: ClassVar[str] = ""
    #: soft limits that every brief has until it lifts them
    default_wishes: ClassVar[Sequence[DefaultWish]] = ()
    #: measures so cheap that a search takes them of every candidate, by :meth:`quick`
    quick_measures: ClassVar[Collection[str]] = ()
    #: names of the studies that its designs are put through (entry-point group ``maquette.studies``); what a
    #: search improves when nobody says what is the first output of the first
    studies: ClassVar[Sequence[str]] = ()
    #: whole-number parameters that tell what kind of thing a design is (form of the back, of the base): a
    #: search keeps the starting point's, unless the brief speaks of them
    kinds: ClassVar[Sequence[str]] = ()
    #: briefs that show what can be asked
    examples: ClassVar[Sequence[str]] = ()
    #: words that change a design, as people may say them: language (``en``, ``zh``) to an example
    edit_examples: ClassVar[Mapping[str, str]] = {}
    #: numbers that may steer sketches, in order: parameters, measures, outputs of studies; all measures when
    #: empty
    steered_by: ClassVar[Sequence[str]] = ()
    #: who draws its sketches: a trained model alone, or until there is one the program's artist, of bodies
    #: near the archetypes
    sketched_by: ClassVar[Literal["model", "artist"]] = "model"
    #: what people call one of them, as in "a sketch of one ..."
    noun: ClassVar[str] = "product"
    #: x direction of flow is +x; reference length for CFD domains is the body length
    reference_speed: ClassVar[float] = 30.0  # m/s

    @abstractmethod
    def broken_rules(self, values: Mapping[str, float]) -> list[Broken]:
        """Rules between parameters that `values` break; empty when the design may be built."""

    def newly_broken(self, values: Mapping[str, float], before: Collection[str]) -> list[Broken]:
        """Rules that `values` break beside those of these names, which were broken before."""
        return [b for b in self.broken_rules(values) if b.rule not in before]

    @abstractmethod
    def mesh(self, values: Mapping[str, float]) -> list[MeshPart]:
        """Fast coloured body, in named parts, for pictures and sliders."""

    def in_use(self, values: Mapping[str, float]) -> list[MeshPart]:
        """What a body is used with (a frame's wheels and saddle), around it, for pictures only: no part of
        the product, in no measure, file or learning. Empty where the body speaks for itself."""
        return []

    @abstractmethod
    def hull(self, values: Mapping[str, float]) -> Mesh:
        """One watertight closed surface (mm) for CFD, wheels included."""

    @abstractmethod
    def solid(self, values: Mapping[str, float]) -> list[SolidPart]:
        """Exact CadQuery solids in the same named parts. Loads the kernel."""

    @abstractmethod
    def hull_solid(self, values: Mapping[str, float]) -> Any:
        """Exact `cadquery.Shape` of :meth:`hull`: what the fast mesh is held to."""

    @abstractmethod
    def measures(self, values: Mapping[str, float]) -> dict[str, float]:
        """Every measure of `measure_list` from the fast mesh and the definition."""

    def measures_of(self, values: Mapping[str, float], names: Collection[str]) -> dict[str, float]:
        """Only the measures in `names`: what a search calls. Families override it where some are costly."""
        return {k: v for k, v in self.measures(values).items() if k in names}

    def quick(self, rows: FloatArray) -> Mapping[str, FloatArray]:
        """`quick_measures` of n designs, (n,) each; rows (n, d) in declaration order, rules not asked."""
        found = [self.measures_of(as_values(self.declaration, row), self.quick_measures) for row in rows]
        return {q: np.array([f[q] for f in found]) for q in self.quick_measures}

    def why(self, values: Mapping[str, float], measure: str) -> str:
        """What a measure comes from, in words, where the number alone says little; empty otherwise."""
        return ""

    def spread(self, values: Mapping[str, float], measure: str) -> tuple[float, float] | None:
        """Low and high end between which nine in ten of such products lie, for a measure that is computed but
        less sure than its digits (a strength); None of all others."""
        return None

    def spreads(self, values: Mapping[str, float]) -> dict[str, tuple[float, float]]:
        """:meth:`spread` of every measure that has one, in the order of `measure_list`."""
        ends = {m.name: self.spread(values, m.name) for m in self.measure_list}
        return {name: pair for name, pair in ends.items() if pair}

    def box_measures(self, boxes: Mapping[str, FloatArray]) -> dict[str, float]:
        """What a reviewer finds with a ruler on the whole product: lengths from the boxes of all its parts.

        The names are those of parameters or measures that state the same lengths; releases hold the one to
        the other. Families override it where more can be told from boxes, or some part does not count.

        Args:
            boxes: part name to (2, 3), its lowest and highest corner, mm.
        """
        low, high = box_of(boxes)
        return {"overall_length": float(high[0] - low[0]), "overall_height": float(high[2])}

    def features(self, values: Mapping[str, float]) -> dict[str, float]:
        """Shape numbers beyond the parameters that help a surrogate; cheap. Empty unless overridden."""
        return {}

    def outline(self, values: Mapping[str, float], view: str = "side") -> Outline:
        """The coarse stand-in of :meth:`mesh`, borders as far as `view` shows them. Families whose mesh
        changes its number of points with the parameters, or takes longer than some ms, override it."""
        from ..geometry.mesh import joined

        return Outline(joined([part.mesh for part in self.mesh(values)]), {})

    def region(
        self, values: Mapping[str, float], view: str, place: tuple[float, float], sideways: bool
    ) -> Region:
        """What lies at a place of a picture, in words: the part drawn nearest to it unless overridden.

        Args:
            place: column and row at the frame's picture size.
            sideways: the edge at that place looks left or right rather than up or down.
        """
        parts = self.mesh(values)
        middle = self.frame.middle(self.outline(values, view).mesh.bounds)
        away = [
            float(np.hypot(*(self.frame.project(p.mesh.vertices, middle, view) - place).T).min())
            for p in parts
        ]
        nearest = parts[int(np.argmin(away))].name
        return Region(named(nearest, nearest))

    def dimensions(self, parts: Sequence[MeshPart], values: Mapping[str, float]) -> Dimensioned:
        """What a drawing of these parts, the :meth:`mesh` of `values`, is laid out for, and its dimension
        lines, measured on what is drawn as far as it shows them: length, width, height unless overridden."""
        ground = 0.0 if self.frame.ground else None
        return overall(box_of_parts(parts), ground, self.frame.mm_per_pixel)

    def dimensions_in_space(self, values: Mapping[str, float]) -> tuple[Dimension, ...]:
        """Dimension lines beside the body for a 3D view: length, width and height unless overridden."""
        return around(self.outline(values).mesh.bounds, self.frame.mm_per_pixel)

    def axles(self, values: Mapping[str, float]) -> tuple[float, float] | None:
        """x of front and rear axle, mm, between which the wind tunnel splits lift; None: it has none."""
        return None

    def structure(self, values: Mapping[str, float]) -> Structure | None:
        """The design as a loaded structure, with its tests; None: it carries nothing."""
        return None

    def fine_structure(self, values: Mapping[str, float]) -> Structure | None:
        """The same with its walls as fine shells (:mod:`..structures.skins`); None: it has none."""
        return None

    def surface_plan(self, values: Mapping[str, float]) -> SurfacePlan | None:
        """Regions, lines and meant creases of the skin for the surface report; None: it cannot be made."""
        return None

    def surface_solid(self, values: Mapping[str, float]) -> Any:
        """Exact `cadquery.Shape` whose faces the surface report judges: the first part of :meth:`solid`."""
        return self.solid(values)[0].shape

    def bare_kernel(self, values: Mapping[str, float]) -> None:
        """Only the kernel calls (lofts, booleans) of :meth:`solid`, for the benchmark's ratio."""
        self.solid(values)

    # -- given by the declaration ------------------------------------------------------------------

    @cached_property
    def sums(self) -> Mapping[str, tuple[str, ...]]:
        """Measures that are plain sums of parameters: name to the parameters added up (no mesh needed)."""
        return {m.name: m.sum_of for m in self.measure_list if m.sum_of}

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The declared numeric parameters in order."""
        return parameters_of(self.declaration)

    @property
    def choices(self) -> tuple[NamedChoice, ...]:
        """The declared named choices in order; they change looks, never the hull."""
        return choices_of(self.declaration)

    @property
    def lexicon(self) -> Lexicon:
        """What words mean for the family; its own names as words where it says nothing else. Families with
        words of their own override it, with one and the same object at every call."""
        return plain_lexicon(
            self.name,
            tuple(p.name for p in self.parameters),
            tuple(m.name for m in self.measure_list),
            tuple(self.archetypes),
        )

    @property
    def declaration_hash(self) -> str:
        """Identity of the parameter space."""
        return declaration_hash(self.declaration)

    def defaults(self) -> dict[str, float]:
        """A sound design in the middle of the space."""
        return defaults_of(self.declaration)

    def validate(self, values: Mapping[str, Any]) -> dict[str, float]:
        """Complete finite in-range values, missing choices at their defaults, or ParameterError."""
        return validate(self.declaration, values)

    def upgrade(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """Values of an earlier declaration under that of now, unchecked, and what was done by parameter."""
        return upgraded(self.parameters, self.earlier, values)

    def accept(self, values: Mapping[str, Any]) -> dict[str, float]:
        """Validated values that keep every rule.

        Raises:
            ParameterError: outside the declaration.
            RuleError: naming every rule that is broken, with the reason.
        """
        clean = self.validate(values)
        broken = self.broken_rules(clean)
        if broken:
            rules = [say("{rule}: {reason}", rule=b.rule, reason=b.reason) for b in broken]
            text = say(
                "{family} design refused by {rules}", family=spelt(self.name), rules=listed(rules, "; ")
            )
            raise RuleError(text, tuple(b.rule for b in broken))
        return clean


def box_of(boxes: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest corner (3,) of all boxes (2, 3) together."""
    import numpy as np

    both = np.stack(list(boxes.values()))
    return both[:, 0].min(axis=0), both[:, 1].max(axis=0)
