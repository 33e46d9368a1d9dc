"""The concept stage of `maquette design`: a sheet, the sketch to go on with, and what is owed to it.

The search begins at the chosen sketch's body and keeps faith with it; the release shows the sketch, and the
result drawn in the sketch's own manner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...constraints.requirements.brief import Brief
from ...design.errors import InputError, ModelError
from ...design.family.contract import Family
from ...design.messages import say, spelt
from ..output import prepare_folder, write_json
from ..progress import Progress
from ..results_concepts import Concept, SketchResult
from ..workbench import Assignment
from .artists import Ours, open_artist
from .bodies import Numbered, best_of, judged_concepts
from .files import onto, write_sheets
from .follow import Followed
from .sketching import Wish, check_wish
from .words import spoken, steering

if TYPE_CHECKING:
    from ...constraints.search.search import Found
    from ...constraints.search.similarity import Faith
    from ...design.concepts.generate.silhouette_similarity import OutlineModel

FAITHS = ("floor", "objective", "off")
#: least overlap of the result's silhouette with the chosen sketch's body: below, people see another car
FLOOR = 0.95
#: changes of a sketch that falls short: the search that follows looks for what holds
FEW_TRIES = 20


@dataclass(frozen=True)
class Stage:
    """What the sketches gave to a design.

    Attributes:
        result: the sheet. chosen: the concept to go on with, None when no sketch has a body.
        outline: of the chosen body. artist: who drew. family: of the product. faith: one of `FAITHS`.
        said_palette: colours that the words name, "" when they name none.
    """

    result: SketchResult
    chosen: Concept | None
    outline: OutlineModel | None
    artist: Ours
    family: Family
    faith: str
    said_palette: str = ""

    @property
    def note(self) -> str:
        """What is to be said when nothing could be chosen."""
        return "" if self.chosen else "No sketch shows a body: the search began without one."


@dataclass(frozen=True)
class StageRequest:
    """What the sheet shall be, and the search made of it.

    Attributes:
        n: sketches, 0 for none.
        pick: number of the sketch to go on with; None for the best.
        faith: what the search owes to it, one of `FAITHS`.
        model: folder of another concept model. palette: by name; "" as the words say.

    Raises:
        InputError: a count out of bounds, or a choice that no sheet can satisfy.
    """

    n: int = 4
    pick: int | None = None
    faith: str = FAITHS[0]
    model: str | Path | None = None
    palette: str = ""

    def __post_init__(self) -> None:
        if self.n < 0:
            raise InputError(f"concepts is {self.n}; allowed 0 (none) and up")
        if self.faith not in FAITHS:
            raise InputError(f"faith is {self.faith!r}; choose from {', '.join(FAITHS)}")
        if self.pick is not None and not 1 <= self.pick <= self.n:
            raise InputError(f"--concept {self.pick}: the sheet has {self.n} sketches")


def begin(task: Assignment, folder: Path, asked: StageRequest, progress: Progress) -> Stage | str:
    """Draw the sheet and choose; or why sketches were left out.

    Raises:
        InputError: more sketches than a sheet has, a chosen one without a body. ModelError: a damaged model,
            or none where one was asked for.
    """
    from ...design.concepts.generate.silhouette_similarity import outline_model

    product, brief, pick = task.product, task.brief, asked.pick
    if asked.n == 0:
        return ""
    if asked.model is None and not product.draws:
        if pick is not None:
            missing = f"no concept model for family {brief.family} is installed"
            raise ModelError(f"--concept {pick}: {missing}")
        return say(
            "Sketches were left out: no concept model for family {family} is installed.",
            family=spelt(brief.family),
        )
    wish = Wish(asked.n, palette=asked.palette, tries=FEW_TRIES)
    check_wish(wish, product.family)
    artist = open_artist(asked.model, product, progress)
    if not isinstance(artist, Ours):
        raise InputError(f"--concept-model {asked.model}: not a concept model of Maquette's")
    said = spoken(task.parsed, task.family, artist.numbers, task.predictor, vocabulary=artist.vocabulary)
    place = prepare_folder(folder)
    put = onto(place)
    drawn = artist.draw(said, wish, brief.seed, progress, lambda k, one: put(k + 1, one))
    sheet = [Numbered(k, one, task.parsed, said.unknown) for k, one in enumerate(drawn, start=1)]
    judged = judged_concepts(sheet, artist.encoder, said.locks, task, place, progress)
    chosen = judged[pick - 1] if pick is not None else best_of(judged)
    if chosen is not None and chosen.design is None:
        raise InputError(f"--concept {pick}: no body could be read from that sketch ({chosen.fault})")
    if chosen is not None:
        chosen = replace(chosen, chosen=True)
        judged[chosen.number - 1] = chosen
    result = SketchResult(
        tuple(judged), said.unknown, said.understood, place / "sheet.png", place / "sheet.html",
        steering(said.numbers), dict(said.locks), artist.name, brief.seed, place, {},
    )  # fmt: skip
    write_sheets(result, [task.parsed])
    write_json(result, place / "sketch.json")
    outline = None
    if chosen is not None and chosen.design is not None:
        outline = outline_model(task.family, chosen.design.parameters, chosen.view)
    return Stage(result, chosen, outline, artist, task.family, asked.faith, said.words.palette or "")


def search_options(brief: Brief, stage: Stage | None) -> tuple[Brief, dict[str, Faith]]:
    """The brief that the search is given, begun at the chosen body, and the faith that it owes."""
    from ...constraints.search.similarity import Faith

    if stage is None or stage.chosen is None or stage.chosen.design is None or stage.outline is None:
        return brief, {}
    values = dict(stage.chosen.design.parameters)
    begun = replace(
        brief,
        start=dict(sorted(values.items())),
        start_sources=dict.fromkeys(sorted(values), f"concept {stage.chosen.number}"),
    )
    if stage.faith == "off":
        return begun, {}
    return begun, {"faith": Faith(stage.outline, FLOOR if stage.faith == "floor" else None)}


def most_faithful(found: Sequence[Found], stage: Stage | None) -> list[Found]:
    """The search's best designs in their order, those first whose true silhouette keeps the floor."""
    if stage is None or stage.outline is None or stage.faith != "floor":
        return list(found)
    outline = stage.outline
    overlaps = [outline.overlap(stage.family, f.design.parameters) for f in found]
    return [found[k] for k in sorted(range(len(found)), key=lambda k: (overlaps[k] < FLOOR - 0.005, k))]


def followed_by(stage: Stage) -> Followed | None:
    """The sketch that was chosen, and what the search owed to it."""
    chosen = stage.chosen
    if chosen is None or chosen.agreement is None or chosen.design is None:
        return None
    sheet = stage.result
    return Followed(
        chosen.image, chosen.number, len(sheet.concepts), chosen.view, chosen.style, chosen.palette,
        stage.artist.name, sheet.seed, chosen.design, chosen.agreement, sheet.sheet,
        stage.faith, FLOOR if stage.faith == "floor" else None,
    )  # fmt: skip
