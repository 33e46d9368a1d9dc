"""The study contract: how the performance of a product is obtained, whatever is simulated.

A new study is one module or folder that subclasses :class:`Study`. It is found through the entry-point group
``maquette.studies`` and must pass :mod:`maquette.surrogate.studies.conformance`. Runs, campaigns, models,
intervals, evidence, search and pages work on its outputs, whatever they are called.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.lexicon import QuantityWords
from ...design.family.parameters import as_row, as_values
from ...design.messages import listed, say, spelt
from .record import Observation

DIGITS = 4  # decimals of planned parameters, and of those that an id knows


class Cancel(Protocol):
    """Asked at every poll: a `threading.Event`, or what knows in another way that a run is not wanted."""

    def is_set(self) -> bool:
        """True when the run should end."""


def silent(stage: str, share: float) -> None:
    """Progress nobody watches."""


@dataclass(frozen=True)
class Number:
    """What outputs and products have in common.

    Attributes:
        name: of the quantity, for example ``drag_coefficient``.
        unit: as of a :class:`~maquette.design.family.contract.Measure`.
        doc: what it is, one sentence.
        low, high: what it can be. A run outside is broken, a limit outside a slip of the pen (26 for 0.26).
        better: which way a wish for a good one points; "" where neither is better in itself.
        symbol: as engineers write it, ``Cd``; its lower case is its key in the JSON of a run.
    """

    name: str
    unit: str
    doc: str
    low: float
    high: float
    better: Literal["", "less", "more"] = field(default="", kw_only=True)
    symbol: str = field(default="", kw_only=True)

    @property
    def sign(self) -> float:
        """What makes less better of it: -1.0 where more is better, else 1.0."""
        return -1.0 if self.better == "more" else 1.0


@dataclass(frozen=True)
class Output(Number):
    """A number that a run gives.

    Attributes:
        usual: the axis that shows ordinary designs in pictures; `low` to `high` when empty.
        learned: it may be asked for and, where the family does not measure it, predicted; else only kept.
    """

    usual: tuple[float, ...] = field(default=(), kw_only=True)
    learned: bool = field(default=True, kw_only=True)

    @property
    def axis(self) -> tuple[float, float]:
        """Ends of the axis on which pictures show it."""
        low, high = self.usual or (self.low, self.high)
        return low, high


@dataclass(frozen=True)
class Product(Number):
    """An output times a measure of the design's geometry: ``drag_area`` from ``frontal_area``.

    Attributes:
        output, measure: names of the factors.
    """

    output: str = field(kw_only=True)
    measure: str = field(kw_only=True)


@dataclass(frozen=True)
class Fidelity:
    """One way to run a study, named; `seconds` of one core are typical."""

    name: str
    doc: str
    seconds: float


@dataclass(frozen=True)
class Work:
    """How a run is carried out; nothing here changes what it gives.

    Attributes:
        folder: for its files (in a folder of the run's id); a temporary one when None.
        keep: leave them behind.
        cancel: asked at every poll; set, the run ends in KeyboardInterrupt.
        progress: called with a stage's name and the share done, 0 to 1.
    """

    folder: Path | None = None
    keep: bool = False
    cancel: Cancel | None = None
    progress: Callable[[str, float], None] = silent


HERE = Work()


@dataclass(frozen=True)
class History:
    """What a run that goes on has come to: outputs by name at each iteration (equally long), and the last
    residual of each equation."""

    iterations: Sequence[float]
    outputs: Mapping[str, Sequence[float]]
    residuals: Mapping[str, float]


class Study(ABC):
    """What every study offers. `problem` is pure; `run` gives the same up to the noise that it states."""

    name: ClassVar[str]
    title: ClassVar[str]
    #: the first learned one is what a search improves when nobody says what
    outputs: ClassVar[Sequence[Output]]
    products: ClassVar[Sequence[Product]] = ()
    #: cheap to dear
    fidelities: ClassVar[Sequence[Fidelity]]
    #: the one that runs have unless told otherwise; the cheapest when ""
    usual: ClassVar[str] = ""
    #: what it is run by, as package managers call it; its own name when ""
    component: ClassVar[str] = ""
    #: a design's options change what it gives (a material); else they are looks, and runs know numbers only
    knows_options: ClassVar[bool] = False
    #: how people speak of the outputs
    words: ClassVar[QuantityWords] = QuantityWords()

    @property
    @abstractmethod
    def recipe(self) -> str:
        """Id of the set-up; changes with any number of it. Runs of different recipes are never mixed."""

    @property
    def solver(self) -> str:
        """What runs it, by name and version; "" when it is not installed."""
        return self.name

    @abstractmethod
    def require(self) -> None:
        """Raise :class:`MissingComponentError`, saying how to get it, unless :attr:`solver` is there."""

    @abstractmethod
    def problem(self, family: Family, values: Mapping[str, float]) -> Any:
        """What is simulated, from a design of a family; pure."""

    def caveats(self) -> tuple[str, ...]:
        """What the study leaves out of a real product, with the measured bias where it is known."""
        return ()

    def shape_problem(self, mesh: Any, family: Family | None = None) -> Any:
        """The same of any closed :class:`~maquette.design.geometry.mesh.Mesh`, mm.

        Args:
            family: in whose set-up it is run, where the shape is of its size.

        Raises:
            InputError: the study takes designs only, or not this shape.
        """
        raise InputError(say("the study {study} takes designs, not shapes", study=spelt(self.name)))

    @abstractmethod
    def run(
        self, problem: Any, fidelity: str, run_id: str, work: Work = HERE, recipe: str = ""
    ) -> Observation:
        """Simulate a problem.

        Args:
            fidelity: one of `fidelities`. run_id: name of the run. recipe: another one than :attr:`recipe`.

        Raises:
            MissingComponentError, InputError, SolverError: it could not be set up or solved.
            KeyboardInterrupt: cancelled.
        """

    def scatter(self, recipe: str, fidelity: str, output: str) -> float | None:
        """Known standard deviation of an output over copies of one design moved a little; None: unknown."""
        return None

    def history(self, folder: Path) -> History | None:
        """How a run whose files lie below `folder` goes on; None where there is nothing to see yet."""
        return None

    # -- given by the declaration --------------------------------------------------------------------------

    @property
    def learned(self) -> tuple[Output, ...]:
        """The outputs that are predicted."""
        return tuple(o for o in self.outputs if o.learned)

    @property
    def headline(self) -> Output:
        """The first of them."""
        return self.learned[0]

    @property
    def levels(self) -> tuple[str, ...]:
        """Names of the fidelities, cheap to dear."""
        return tuple(f.name for f in self.fidelities)

    @property
    def standard(self) -> str:
        """Name of the fidelity that runs have unless told otherwise."""
        return self.usual or self.levels[0]

    def products_of(self, family: Family) -> tuple[Product, ...]:
        """Those whose measure the family has."""
        measures = {m.name for m in family.measure_list}
        return tuple(p for p in self.products if p.measure in measures)

    def predicted(self, family: Family) -> tuple[Number, ...]:
        """What may be asked of the family's designs and predicted: learned outputs, then products; none that
        the family measures, which nobody needs to guess."""
        measured = {m.name for m in family.measure_list}
        return tuple(n for n in (*self.learned, *self.products_of(family)) if n.name not in measured)

    def check_fidelity(self, name: str) -> None:
        """Refuse an unknown fidelity.

        Raises:
            InputError: naming those that exist.
        """
        if name not in self.levels:
            raise InputError(
                say(
                    "fidelity is {fidelity!r}; the study {study} has {known}",
                    fidelity=name,
                    study=spelt(self.name),
                    known=listed(map(spelt, self.levels)),
                )
            )

    def run_id(self, family: str, fidelity: str, values: Mapping[str, float]) -> str:
        """Stable id of a run: what was run and a hash of the parameters."""
        return self._id((family, self.name, fidelity), values)

    @staticmethod
    def _id(what: Sequence[str], values: Mapping[str, float]) -> str:
        rounded = {k: round(float(v), DIGITS) for k, v in sorted(values.items())}
        text = json.dumps([*what, rounded])
        return f"{'-'.join(what)}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"

    def observe(
        self,
        family: Family,
        values: Mapping[str, float],
        fidelity: str,
        work: Work = HERE,
        recipe: str = "",
    ) -> Observation:
        """Simulate a design; of its options a run knows what :attr:`knows_options` says.

        Raises:
            MissingComponentError, InputError, SolverError, KeyboardInterrupt: as of :meth:`run`.
        """
        self.check_fidelity(fidelity)
        options = values if self.knows_options else None
        clean = as_values(family.declaration, as_row(family.declaration, values), options)
        return self.run(
            self.problem(family, clean), fidelity, self.run_id(family.name, fidelity, clean), work, recipe
        )

    def failed(
        self, family: str, values: Mapping[str, float], fidelity: str, reason: str, recipe: str = ""
    ) -> Observation:
        """The record of a run that gave nothing."""
        nothing = {o.name: float("nan") for o in self.outputs}
        return Observation(
            run_id=self.run_id(family, fidelity, values), study=self.name, family=family, fidelity=fidelity,
            parameters=dict(values), outputs=nothing, noise=dict(nothing), converged=False, reason=reason,
            recipe=recipe or self.recipe,
        )  # fmt: skip
