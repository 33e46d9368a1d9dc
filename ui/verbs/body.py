"""The verb `body`: from a sketch, drawing or photo to a parametric body, and a picture that compares them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...design.clock import Clock
from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.records import Design, write_design
from ...design.family.registry import DEFAULT_FAMILY
from ...design.files import write_bytes
from ..output import prepare_folder, write_json
from ..progress import Progress, silent
from ..results_concepts import BodyResult
from ..sheets.bodies import likeness_of
from ..sheets.files import open_picture, png_of
from ..workbench import Workbench, at

if TYPE_CHECKING:
    from ...design.concepts.fit.body import FittedBody

OUTLINE, FEATURES = (226, 88, 34), (31, 111, 178)  # colours of the body's outline and lines over the picture
RIM = 2  # pixels: half the width of the outline
OVER = 1600  # the comparison is drawn at most this wide, pixels


def body(
    image: Path,
    family: str = DEFAULT_FAMILY,
    out: Path = Path("out"),
    *,
    mm_per_px: float | None = None,
    length: float | None = None,
    view: str = "",
    model: str | Path | None = None,
    progress: Progress = silent,
    workbench: Workbench | None = None,
) -> BodyResult:
    """Parameters of the body that a picture shows, how well they agree, and what cannot be represented.

    Args:
        image: a sketch, line drawing, scan or photo of one body, on plain paper or background.
        mm_per_px, length: scale of the picture, or the body's length in mm; without either, sizes are those
            of the likeliest body of that shape.
        view: ``side`` or ``three_quarter``; as it looks when "".
        model: another concept model's folder, for its encoder. Without any, the fit begins at the family's
            named bodies (and drawn ones, where bodies share no points), which takes longer and can miss.

    Raises:
        InputError: not a picture, nothing on it, a scale or view that is not allowed.
        ModelError: a damaged concept model.
    """
    from ...design.concepts.fit.body import body_from_image
    from ...design.concepts.fit.encoder import load_encoder

    clock = Clock()
    product = at(family, workbench)
    known = product.family
    if view:
        known.frame.view(view)
    picture, shrink = open_picture(Path(image))
    scale = _scale(picture, known, mm_per_px, length, view, shrink, str(image))
    folder = prepare_folder(out)
    progress("model", 0.0)
    place = Path(model) if model is not None else product.concepts_folder
    encoder = load_encoder(place) if model is not None or product.trained else None
    progress("model", 1.0)
    clock.lap("load")
    progress("body", 0.0)
    found = body_from_image(
        picture, known.name, encoder=encoder, mm_per_px=scale, view=view or None, source=str(image)
    )
    progress("body", 1.0)
    clock.lap("body")
    values = dict(found.values)
    broken = tuple(known.broken_rules(values))
    design = Design(known.name, values, dict.fromkeys(values, f"read from {Path(image).name}"))
    file = folder / "design.json"
    write_design(design, file)
    comparison, rendered = folder / "comparison.png", folder / "body.png"
    write_bytes(comparison, png_of(compared(picture, known, found)))
    write_bytes(rendered, _rendered(known, found))
    clock.lap("pictures")
    surrogate = product.predictor_or_none
    predictions: Any = {} if surrogate is None else surrogate.predict_design(values)
    sigma = {p.name: float(s) for p, s in zip(known.parameters, found.sigma, strict=True)}
    result = BodyResult(
        design=design,
        file=file,
        agreement=likeness_of(found.agreement),
        view=found.view,
        mirrored=found.mirrored,
        mm_per_px=found.mm_per_px / shrink,
        reader=place.name if encoder is not None else "",
        unsure=tuple(found.unsure),
        sigma=sigma,
        not_representable=tuple(found.not_representable),
        broken=broken,
        predictions=predictions,
        comparison=comparison,
        rendered=rendered,
        out=folder,
        seconds=clock.total(),
    )
    write_json(result, folder / "body.json")
    return result


def _scale(
    picture: Any,
    family: Family,
    mm_per_px: float | None,
    length: float | None,
    view: str,
    shrink: float,
    source: str,
) -> float | None:
    """Millimetres per pixel of the (smaller) picture, from either statement.

    Raises:
        InputError: not a sensible number, or a length where the picture does not show one.
    """
    if mm_per_px is not None:
        if not 0.05 <= mm_per_px <= 500.0:
            raise InputError(f"mm-per-px is {mm_per_px:g}; allowed 0.05 to 500 mm")
        return mm_per_px * shrink
    if length is None:
        return None
    if not 100.0 <= length <= 30_000.0:
        raise InputError(f"length is {length:g}; allowed 100 to 30000 mm")
    if view == "three_quarter":
        raise InputError("length belongs to a side view; for a three-quarter view give --mm-per-px")
    left, _, right, _ = _silhouette_box(picture, family, source)
    return length / (right - left)


def _silhouette_box(
    picture: Any, family: Family, source: str = "picture"
) -> tuple[float, float, float, float]:
    from ...design.concepts.fit.picture import as_rgb, ink_of
    from ...design.concepts.fit.segmentation import segment

    rgb = as_rgb(picture)
    return segment(rgb, ink_of(rgb), source, thin=family.frame.open).box


def compared(picture: Any, family: Family, found: FittedBody) -> Any:
    """The picture with the body's outline and feature lines over it, foot on foot and middle on middle."""
    from PIL import Image, ImageOps

    from ...design.concepts.artist.draw import feature_lines, silhouette
    from ...design.concepts.fit.segmentation import box_of

    left, _, right, foot = _silhouette_box(picture, family)
    parts, frame = family.mesh(found.values), family.frame
    shape, lines = silhouette(parts, frame, found.view), feature_lines(parts, frame, found.view)
    near, high, far, low = (round(v) for v in box_of(shape))
    zoom = frame.mm_per_pixel / found.mm_per_px
    grow = min(1.0, OVER / picture.width)
    base = picture.resize((round(picture.width * grow), round(picture.height * grow)))
    size = (max(1, round((far - near) * zoom * grow)), max(1, round((low - high) * zoom * grow)))
    corner = (round(0.5 * (left + right) * grow - 0.5 * size[0]), round(foot * grow - size[1]))
    pale = Image.blend(base, Image.new("RGB", base.size, (255, 255, 255)), 0.35)
    for mask, colour, margin in ((lines, FEATURES, 0), (shape, OUTLINE, RIM)):
        cut = Image.fromarray((mask[high:low, near:far] * 255).astype(np.uint8))
        if found.mirrored:
            cut = ImageOps.mirror(cut)
        laid = np.asarray(cut.resize(size, Image.Resampling.BILINEAR), dtype=np.float32) / 255.0
        cover = _rim(laid >= 0.5) if margin else np.clip(2.0 * laid, 0.0, 1.0)
        ink = Image.fromarray(np.round(cover * 255.0).astype(np.uint8))
        pale.paste(Image.new("RGB", ink.size, colour), (corner[0] - margin, corner[1] - margin), ink)
    return pale


def _rim(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The mask's edge as a line of some pixels, in a picture `RIM` larger on every side."""
    from scipy.ndimage import distance_transform_edt

    padded = np.pad(mask, RIM + 1)
    inside, outside = distance_transform_edt(padded), distance_transform_edt(~padded)
    way = np.where(padded, inside - 0.5, outside - 0.5)
    return np.asarray(np.clip(RIM + 0.5 - way, 0.0, 1.0)[1:-1, 1:-1], dtype=np.float32)


def _rendered(family: Family, found: FittedBody) -> bytes:
    from ...design.rendering.views import photographs

    return photographs(family, family.mesh(found.values), [found.view], (1200, 600))[found.view]
