"""One product opened once and handed on: its family, its quantities, and the models that answer for it.

    car = open_workbench("car")
    car.quantities["ground_clearance"].unit, car.predictor.predict_design(car.family.defaults())

A verb is handed the workbench of its product, or opens it; whoever the verb calls is handed the same one and
looks nothing up. Models are loaded when they are first asked for, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..design.errors import InputError
from ..design.family.contract import Family
from ..design.family.registry import get_family

if TYPE_CHECKING:
    from ..constraints.requirements.assess import Assessment
    from ..constraints.requirements.brief import Brief, ParsedBrief
    from ..constraints.requirements.quantity import Quantity
    from ..design.concepts.generate.by_artist import ArtistPipeline
    from ..design.concepts.generate.pipeline import ConceptPipeline
    from ..surrogate.models.surrogate import Surrogate
    from ..surrogate.studies.contract import Output, Study


@dataclass(frozen=True)
class Workbench:
    """A product with everything that verbs need of it.

    Attributes:
        family: whose designs are worked on.
        model: folder of a trained surrogate; the shipped one when None.
        data: file of own runs that predictions take in; the user's local dataset when None.
        concept_model: folder of a model that draws concepts; the shipped one when None.
    """

    family: Family
    model: Path | None = None
    data: Path | None = None
    concept_model: Path | None = None

    @property
    def name(self) -> str:
        """The family's name."""
        return self.family.name

    @property
    def quantities(self) -> Mapping[str, Quantity]:
        """Every number that can be asked of the product, by name."""
        from ..constraints.requirements.quantity import quantities

        return quantities(self.family)

    # -- what predicts -------------------------------------------------------------------------------------

    @property
    def predicts(self) -> bool:
        """There is a trained surrogate of the family."""
        from ..surrogate.models.surrogate import shipped_model_path

        return (self.model or shipped_model_path(self.name)).is_dir()

    @property
    def predictor(self) -> Surrogate:
        """The surrogate with the own runs, which are read anew only when their file has changed.

        Raises:
            ModelError: there is none, it is damaged, or was made for another parameter declaration.
        """
        from ..design.environment import runs_file
        from ..surrogate.models.surrogate import load_surrogate

        place = self.data or runs_file()
        if not place.is_file():
            return load_surrogate(self.family, self.model, local=False)
        about = place.stat()
        return _with_runs(self.family, self.model, place, (about.st_mtime_ns, about.st_size))

    @property
    def study(self) -> Study | None:
        """How its performance is obtained: its first study; None without one."""
        from ..surrogate.studies.registry import study_of

        return study_of(self.family) if self.family.studies else None

    @property
    def headline(self) -> Output | None:
        """The number that it is first judged by: its study's first output."""
        return None if self.study is None else self.study.headline

    @property
    def predictor_or_none(self) -> Surrogate | None:
        """:attr:`predictor`; None of a family without a surrogate."""
        return self.predictor if self.predicts else None

    def predictor_for(self, brief: Brief) -> Surrogate | None:
        """The surrogate that judges a brief; None when there is none and the brief does not need one.

        Raises:
            ModelError: a damaged surrogate, or none for a brief that asks for a predicted quantity.
        """
        from ..constraints.requirements.quantity import SURROGATE, get_quantity

        names = {*(r.quantity for r in brief.requirements), *brief.minimise, *brief.maximise}
        needed = any(get_quantity(self.family, name).how == SURROGATE for name in names)
        if self.model is None and not needed and not self.predicts:
            return None
        return self.predictor

    def assignment(self, parsed: ParsedBrief) -> Assignment:
        """What one piece of work has to do: the brief, and the predictor as it is now.

        Raises:
            ModelError: as :meth:`predictor_for`.
        """
        return Assignment(self, parsed, self.predictor_for(parsed.brief))

    # -- what draws ----------------------------------------------------------------------------------------

    @property
    def concepts_folder(self) -> Path:
        """Where the model that draws concepts lies."""
        from ..design.concepts.generate.loading import shipped_folder

        return self.concept_model or shipped_folder(self.name)

    @property
    def draws(self) -> bool:
        """The family's concepts can be drawn."""
        return self.trained or (self.concept_model is None and self.family.sketched_by == "artist")

    @property
    def trained(self) -> bool:
        """There is a trained model that draws the family's concepts."""
        from ..design.concepts.generate.loading import INDEX

        return (self.concepts_folder / INDEX).is_file()

    @cached_property
    def concepts(self) -> ConceptPipeline | ArtistPipeline:
        """The model that draws concepts; the first time takes seconds (torch and diffusers are loaded).

        Raises:
            ModelError: there is none, or a damaged one.
        """
        from ..design.concepts.generate.loading import load_concepts

        return load_concepts(self.family, self.concepts_folder)


@dataclass(frozen=True)
class Assignment:
    """A brief about a product, and what judges designs by it from the beginning of the work to its end.

    Attributes:
        product: opened. parsed: the brief and how its words were taken.
        predictor: of the product; own runs that arrive meanwhile do not change it. None where there is none
            and the brief needs none.
    """

    product: Workbench
    parsed: ParsedBrief
    predictor: Surrogate | None

    @property
    def family(self) -> Family:
        """The product's family."""
        return self.product.family

    @property
    def brief(self) -> Brief:
        """The brief's record."""
        return self.parsed.brief

    def assess(self, values: Mapping[str, float], measured: Mapping[str, float] | None = None) -> Assessment:
        """Every requirement of the brief on one design.

        Args:
            values: parameters of the design. measured: on its exact body, instead of the fast mesh.
        """
        from ..constraints.requirements.assess import assess

        return assess(self.family, values, self.brief, self.predictor, measured)

    def predictions(self, judged: Assessment, measures: Mapping[str, float]) -> Mapping[str, Any]:
        """What was predicted for a judged design; all that the surrogate predicts where the brief asked
        nothing.

        Args:
            measures: of the design by name, as far as they are known.
        """
        if self.predictor is None or judged.predictions:
            return judged.predictions
        return self.predictor.predict_design(judged.values, measures)


def headline_of(family: str | Family) -> Output | None:
    """:attr:`Workbench.headline` of a family."""
    return open_workbench(family).headline


def first_of(predictions: Mapping[str, Any], family: str | Family) -> Any:
    """The prediction of :func:`headline_of` among those of a design; None where it is not there."""
    first = headline_of(family)
    return None if first is None else predictions.get(first.name)


def rank_of(predictions: Mapping[str, Any], family: str | Family) -> float:
    """A number that is smaller for a better :func:`first_of`; 0 where there is none."""
    first, found = headline_of(family), first_of(predictions, family)
    if first is None or found is None:
        return 0.0
    return first.sign * float(found.value)


def open_workbench(
    family: str | Family,
    model: Path | None = None,
    *,
    data: Path | None = None,
    concept_model: Path | None = None,
) -> Workbench:
    """A product's workbench; nothing heavy is loaded yet.

    Args:
        model, data, concept_model: as in :class:`Workbench`.

    Raises:
        InputError: no such family.
    """
    known = get_family(family) if isinstance(family, str) else family
    return Workbench(known, model, data, concept_model)


def at(family: str, given: Workbench | None = None, model: Path | None = None) -> Workbench:
    """The workbench that was handed on, else the family's, opened now; with another surrogate where `model`
    names one.

    Raises:
        InputError: no such family, or the workbench is of another one.
    """
    if given is None:
        return open_workbench(family, model)
    if given.name != family:
        raise InputError(f"the workbench is of family {given.name!r}, the design or brief of {family!r}")
    return given if model is None else replace(given, model=model)


@lru_cache(maxsize=16)
def _with_runs(family: Family, model: Path | None, place: Path, _stamp: Any) -> Surrogate:
    from ..surrogate.models.surrogate import load_surrogate
    from ..surrogate.runs.dataset import local_runs

    return load_surrogate(family, model, local=False).learn(local_runs(family.name, place))
