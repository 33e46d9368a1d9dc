"""The sketch that a design follows, and that design drawn in the sketch's own manner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...design.errors import InputError
from ...design.family.records import Design
from ...design.reading import read_json
from ..progress import Progress
from ..results_concepts import Likeness
from .bodies import agreement_of
from .files import png_of, read_drawing
from .sketching import Wish, redrawn

if TYPE_CHECKING:
    from ...design.concepts.generate.silhouette_similarity import OutlineModel
    from ..release.manifest import Picture

#: how far the restyled drawing may leave the sketch's own lines
RESTYLE = 0.6


@dataclass(frozen=True)
class Followed:
    """A sketch on its sheet.

    Attributes:
        image: its picture. number, of: which one of how many. view, style, palette: how it was drawn.
        model, seed: by what. body, agreement: what was read from it. sheet: the contact sheet's picture.
        faith: what a search owed to it. floor: least overlap of silhouettes that this asked, None for none.
    """

    image: Path
    number: int
    of: int
    view: str
    style: str
    palette: str
    model: str
    seed: int
    body: Design
    agreement: Likeness
    sheet: Path
    faith: str = "off"
    floor: float | None = None


def followed_in(image: Path) -> Followed:
    """The sketch in a file that `maquette sketch` wrote, with what its sheet says of it.

    Raises:
        InputError: no sheet lies beside it, or none that shows this sketch with a body.
    """
    sheet = read_json(image.with_name("sketch.json"))
    rows = sheet.get("concepts", []) if isinstance(sheet, dict) else []
    for row in rows:
        if Path(str(row.get("image", ""))).name == image.name and row.get("design") and row.get("agreement"):
            return Followed(
                image, int(row["number"]), len(rows), row["view"], row["style"], row["palette"],
                str(sheet["model"]), int(sheet["seed"]), Design.from_json(row["design"]),
                Likeness(**row["agreement"]), image.with_name("sheet.png"),
            )  # fmt: skip
    raise InputError(f"{image}: its sheet has no sketch of that name with a body")


def follow(
    sketch: Followed,
    pipe: Any,
    values: Mapping[str, float],
    seed: int,
    progress: Progress,
    outline: OutlineModel | None = None,
) -> tuple[Picture, dict[str, Likeness]]:
    """The sketch, the design drawn in its manner, and how well each agrees with what.

    Args:
        pipe: our own concept model. values: parameters of the design.
        outline: of the sketch's body in its view, where it is known already.

    Returns:
        what the release shows and claims, and the agreements by name.
    """
    from PIL import Image

    from ...design.concepts.generate.silhouette_similarity import outline_model
    from ..release.manifest import Picture

    family = pipe.family
    again = redrawn(
        pipe, values, read_drawing(sketch.image, family), Wish(1, strength=RESTYLE), seed, progress
    )
    with Image.open(sketch.image) as opened:
        kept = agreement_of(opened.convert("RGB"), family, values, sketch.view)
    outline = outline or outline_model(family, sketch.body.parameters, sketch.view)
    agreements = {
        "sketch_and_its_body": sketch.agreement,
        "sketch_and_result": kept,
        "restyled_and_result": agreement_of(again.picture, family, values, again.view),
    }
    told = ("number", "of", "view", "style", "palette", "model", "seed", "faith", "floor")
    claim: dict[str, Any] = {name: getattr(sketch, name) for name in told} | {
        "silhouette_kept": outline.overlap(family, values),
        "body": sketch.body.to_json(),
        "agreements": agreements,
    }
    picture = Picture(claim, sketch.image.read_bytes(), png_of(again.picture), sketch.sheet.read_bytes())
    return picture, agreements
