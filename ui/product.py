"""A product as a notebook holds it: its workbench, with the verbs as methods.

import maquette as mq
car = mq.open("car")
brief = car.read("a low fastback under 4.7 m, drag coefficient at most 0.28")
found = car.search(brief, trials=300)
car.release(found.best, "out/car")
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ..design.family.contract import Family
from ..design.family.records import Design
from .progress import Progress, silent
from .results import Candidate
from .workbench import Workbench, open_workbench

if TYPE_CHECKING:
    from optuna.study import Study

    from ..constraints.requirements.brief import Brief, ParsedBrief
    from .history import History
    from .results import (
        AssessResult,
        BuildResult,
        DesignResult,
        EditResult,
        PredictResult,
        PredictShapeResult,
    )
    from .results_concepts import SketchResult


@dataclass(frozen=True)
class Proposal(Candidate):
    """A design that a search proposes, and the brief that it was found for."""

    brief: ParsedBrief


@dataclass(frozen=True)
class Search:
    """What a search found.

    Attributes:
        best: the first of `proposals`. proposals: a few different designs, best first, judged on their exact
            bodies. front: passing designs that no other one beats in every preference, on the fast mesh.
        feasible: `best` meets every hard requirement. explanation: in words.
        study: the Optuna study with every trial.
    """

    proposals: tuple[Proposal, ...]
    front: tuple[Candidate, ...]
    feasible: bool
    explanation: str
    study: Study

    @property
    def best(self) -> Proposal:
        """The design to go on with."""
        return self.proposals[0]


@dataclass(frozen=True)
class Product(Workbench):
    """One product, opened once; each method is the verb of that name (:mod:`.verbs`) on it.

    Briefs are words, a file or a record; designs are records, files, or what a search proposes.
    """

    def read(self, words: str | Path | Brief | ParsedBrief, *, seed: int | None = None) -> ParsedBrief:
        """What a brief means for this product, and what of it is not understood.

        >>> found = open_product("car").read("no longer than 185 inches, ground clearance at least 140 mm")
        >>> [(r.quantity, r.at_least, r.at_most) for r in found.brief.requirements]
        [('ground_clearance', 140.0, None), ('overall_length', None, 4699.0)]

        Raises:
            InputError: in one line, naming the file and field, or the phrase.
        """
        from .inputs import parsed_brief

        return parsed_brief(words, self.name, seed, asking=True)

    def predict(
        self, design: Design | Path | Candidate, *, fields: Path | None = None, progress: Progress = silent
    ) -> PredictResult:
        """Predicted performance: value, interval, domain, nearest evidence; `fields`: a file for the map of
        where to push and pull.

        >>> car = open_product("car")
        >>> said = car.predict(Design("car", car.family.defaults())).predictions["drag_coefficient"]
        >>> said.lower < said.value < said.upper, said.in_domain
        (True, True)
        """
        from .verbs import predict

        return predict(_design(design), fields=fields, progress=progress, workbench=self)

    def predict_shape(
        self, path: Path | str, *, progress: Progress = silent, **asked: Any
    ) -> PredictShapeResult:
        """Predicted performance of any STL, OBJ, PLY, GLB or STEP shape, with the nearest design of ours;
        `asked`: more of the verb, by name (`units`, `up`, `forward`, `out`, `fields`).

        >>> found = open_product("car").predict_shape("scan.stl", units="mm")  # doctest: +SKIP
        """
        from .verbs import predict_shape

        return predict_shape(Path(path), self.name, progress=progress, workbench=self, **asked)

    def edit(self, design: Design | Path | Candidate, words: str, out: Path | None = None) -> EditResult:
        """A design changed by words, English or Chinese.

        >>> car = open_product("car")
        >>> start = Design("car", car.family.defaults())
        >>> made = car.edit(start, "lower the roof by 20 mm, keep the wheelbase")
        >>> [(change.quantity, change.before, change.after) for change in made.changes]
        [('overall_height', 1450.0, 1430.0)]
        """
        from .verbs import edit

        return edit(_design(design), words, out, workbench=self)

    def history(self, path: Path | str) -> History:
        """The decisions about one design in a file, with the way back to any of them.

        >>> from tempfile import mkdtemp
        >>> car = open_product("car")
        >>> log = car.history(Path(mkdtemp()) / "decisions.jsonl")
        >>> log.decide("designer", "as opened", Design("car", car.family.defaults())).number
        1
        """
        from .history import History

        return History(self, Path(path))

    def assess(
        self,
        design: Design | Path | Candidate,
        brief: str | Path | Brief | ParsedBrief,
        *,
        exact: bool = True,
        progress: Progress = silent,
    ) -> AssessResult:
        """Every requirement of a brief on one design, with margin and reason.

        >>> car = open_product("car")
        >>> car.assess(Design("car", car.family.defaults()), "height at most 1.5 m", exact=False).feasible
        True
        """
        from .verbs import assess

        return assess(_design(design), brief, exact=exact, progress=progress, workbench=self)

    def search(
        self,
        brief: str | Path | Brief | ParsedBrief,
        *,
        trials: int | None = None,
        out: Path | str | None = None,
        progress: Progress = silent,
        **asked: Any,
    ) -> Search:
        """Designs that meet a brief.

        >>> found = open_product("ahmed").search("length at most 1.1 m", trials=20)  # doctest: +SKIP
        >>> found.feasible, found.best.design.parameters["length"] <= 1100.0  # doctest: +SKIP
        (True, True)

        Args:
            trials: in all; as many as the verb takes when None.
            out: folder that keeps the search, so that it can go on later; nothing is kept when None.
            asked: more of the verb `optimise`, by name (`start`, `workers`, `seed`, ...).

        Raises:
            InputError: the brief, contradictory or unreachable limits, counts out of bounds.
        """
        from ..constraints.search.study import copied, stored
        from .verbs import optimise

        parsed = self.read(brief)
        with _folder(out) as folder:
            found = optimise(parsed, folder, trials=trials, progress=progress, workbench=self, **asked)
            study = stored(found.storage, found.study)
            if out is None:
                study = copied(study)
        best = (Proposal(**{f.name: getattr(c, f.name) for f in fields(c)}, brief=parsed) for c in found.best)
        return Search(tuple(best), found.front, found.feasible, found.explanation, study)

    def sketch(
        self,
        brief: str | Path | Brief | ParsedBrief,
        out: Path | str,
        *,
        progress: Progress = silent,
        **asked: Any,
    ) -> SketchResult:
        """Concept sketches in `out`, each with its body; `asked`: :class:`.sheets.request.SketchRequest`."""
        from .verbs import sketch

        return sketch(brief, Path(out), progress=progress, workbench=self, **asked)

    def build(
        self, design: Design | Path | Candidate, out: Path | str, *, progress: Progress = silent, **asked: Any
    ) -> BuildResult:
        """Exact geometry of one design in `out`: STEP, GLB, STL, pictures, measures."""
        from .verbs import build

        return build(_design(design), Path(out), progress=progress, workbench=self, **asked)

    def release(
        self,
        design: Design | Path | Candidate,
        out: Path | str,
        *,
        brief: str | Path | Brief | ParsedBrief | None = None,
        progress: Progress = silent,
        **asked: Any,
    ) -> DesignResult:
        """Build a design, judge it, write its release to `out` and verify that.

        Args:
            brief: what it is judged by; of a proposal its own when None.
        """
        from .verbs import release

        asked_for = design.brief if brief is None and isinstance(design, Proposal) else brief
        return release(_design(design), asked_for, Path(out), progress=progress, workbench=self, **asked)


def open_product(
    family: str | Family,
    model: Path | None = None,
    *,
    data: Path | None = None,
    concept_model: Path | None = None,
) -> Product:
    """Open a product by its family's name; nothing heavy is loaded before it is needed.

    >>> open_product("car").headline.name
    'drag_coefficient'

    Args:
        model, data, concept_model: as in :class:`.workbench.Workbench`.

    Raises:
        InputError: no such family.
    """
    bench = open_workbench(family, model, data=data, concept_model=concept_model)
    return Product(bench.family, bench.model, bench.data, bench.concept_model)


def _design(given: Design | Path | Candidate) -> Design | Path:
    return given.design if isinstance(given, Candidate) else given


@contextmanager
def _folder(out: Path | str | None) -> Iterator[Path]:
    """The folder, or one that goes away again."""
    if out is not None:
        yield Path(out)
        return
    with TemporaryDirectory(prefix="maquette-search-") as place:
        yield Path(place)
