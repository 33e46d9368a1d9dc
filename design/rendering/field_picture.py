"""A body coloured by a field on its surface, blue below zero and red above, in two three-quarter views.

The skin is lit and photographed as the one coloured by its waves (:mod:`.zebra`). Colours run alike on both
sides of zero to the value that all but a fiftieth of the area stays within; the legend says it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import FloatArray
from ..errors import InputError
from ..geometry.mesh import Mesh, face_vectors
from .shading import corner_normals
from .views import contact_sheet, png_bytes
from .zebra import SAMPLES, skin_actor, taken

FIELD_VIEWS = ("three_quarter", "three_quarter_rear")
SIZE = (1000, 560)  # pixels of a view
STRONGEST = 0.98  # share of the area whose values stay within the colours
#: of the legend's ends and its middle, as the shader has them under full light
BELOW, NONE, ABOVE = (0.05, 0.25, 0.75), (0.88, 0.88, 0.87), (0.75, 0.06, 0.10)
LINE = (0.16, 0.17, 0.19)
LETTERS = 19  # pixels


@dataclass(frozen=True)
class Legend:
    """What is written beside the picture.

    Attributes:
        title: above the views. unit: of the field, under the scale. below, above: what blue and red mean.
        notes: lines beside the scale.
    """

    title: str
    unit: str
    below: str
    above: str
    notes: Sequence[str] = ()


def field_picture(
    mesh: Mesh,
    field: FloatArray,
    legend: Legend,
    lines: Sequence[FloatArray] = (),
    size: tuple[int, int] = SIZE,
) -> bytes:
    """PNG of the body in :data:`FIELD_VIEWS`, with the legend below.

    Args:
        mesh: V vertices, mm. field: (V,) at them.
        lines: (n, 3) each, mm, drawn dark on the body.
        size: of a view, pixels.

    Raises:
        InputError: a field of another length or with values that are not finite.
        MissingComponentError: no OpenGL on this machine.
    """
    if field.shape != (len(mesh.vertices),) or not np.isfinite(field).all():
        raise InputError(
            f"the field has shape {field.shape}; {len(mesh.vertices)} finite values needed, one a vertex"
        )
    limit = strongest(mesh, field)
    corners = mesh.vertices[mesh.faces].reshape(-1, 3)
    heat = field[mesh.faces].ravel() / limit

    def actors() -> list[Any]:
        skin = skin_actor(corners * 1e-3, corner_normals(corners), np.ones(len(corners)), heat)
        return [skin, *([_line_actor(lines)] if lines else [])]

    pictures = taken(actors, corners * 1e-3, FIELD_VIEWS, size, 1.0, 2)
    images = [(view.replace("_", " "), png_bytes(image)) for view, _, image in pictures]
    sheet = contact_sheet(images, columns=2, title=legend.title, caption_size=LETTERS)
    return _with_legend(sheet, legend, limit)


def strongest(mesh: Mesh, field: FloatArray) -> float:
    """The absolute value that :data:`STRONGEST` of the area stays within; 1 of a field of zeros."""
    areas = np.linalg.norm(face_vectors(mesh.vertices[mesh.faces]), axis=1)
    size = np.abs(field[mesh.faces]).mean(axis=1)
    order = np.argsort(size)
    within = np.cumsum(areas[order]) / areas.sum()
    found = float(size[order[min(int(np.searchsorted(within, STRONGEST)), len(order) - 1)]])
    return found or float(np.abs(field).max()) or 1.0


def _line_actor(lines: Sequence[FloatArray]) -> Any:
    """Polylines a hair before the skin."""
    from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
    from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

    places = np.concatenate(list(lines)) * 1e-3
    points = vtkPoints()
    points.SetData(numpy_to_vtk(places.astype(np.float32), deep=True))
    starts = np.cumsum([0, *(len(line) for line in lines)]).astype(np.int64)
    cells = vtkCellArray()
    cells.SetData(
        numpy_to_vtkIdTypeArray(starts, deep=True),
        numpy_to_vtkIdTypeArray(np.arange(len(places), dtype=np.int64), deep=True),
    )
    data = vtkPolyData()
    data.SetPoints(points)
    data.SetLines(cells)
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(data)
    mapper.SetResolveCoincidentTopologyToPolygonOffset()
    mapper.SetRelativeCoincidentTopologyLineOffsetParameters(-2.0, -60.0)
    actor = vtkActor()
    actor.SetMapper(mapper)
    look = actor.GetProperty()
    look.SetColor(*LINE)
    look.SetLighting(False)
    look.SetLineWidth(1.3 * SAMPLES)
    return actor


def _with_legend(sheet: bytes, legend: Legend, limit: float) -> bytes:
    """The sheet with the scale of colours and the notes in a strip below."""
    from PIL import Image, ImageDraw, ImageFont

    views = Image.open(io.BytesIO(sheet)).convert("RGB")
    font = ImageFont.load_default(LETTERS)
    step = round(1.5 * LETTERS)
    bar_w, bar_h, left = views.width // 3, step, 2 * LETTERS
    rows = max(5, len(legend.notes) + 1)
    picture = Image.new("RGB", (views.width, views.height + (rows + 1) * step), (250, 250, 251))
    picture.paste(views, (0, 0))
    draw = ImageDraw.Draw(picture)
    top = views.height + step
    t = np.linspace(-1.0, 1.0, bar_w)[:, None]
    ends = np.where(t < 0, np.array(BELOW), np.array(ABOVE))
    strip = np.array(NONE) * (1.0 - np.abs(t)) + ends * np.abs(t)
    pixels = np.broadcast_to(np.round(strip * 255.0).astype(np.uint8), (bar_h, bar_w, 3))
    picture.paste(Image.fromarray(np.ascontiguousarray(pixels)), (left, top + step))
    ink = (40, 42, 48)
    draw.text((left, top + 0.75 * step), legend.below, fill=ink, font=font, anchor="ls")
    draw.text((left + bar_w, top + 0.75 * step), legend.above, fill=ink, font=font, anchor="rs")
    for share, text, anchor in ((0.0, f"-{limit:.2g}", "la"), (0.5, "0", "ma"), (1.0, f"+{limit:.2g}", "ra")):
        draw.text((left + share * bar_w, top + 2.25 * step), text, fill=ink, font=font, anchor=anchor)
    draw.text((left + 0.5 * bar_w, top + 3.25 * step), legend.unit, fill=ink, font=font, anchor="ma")
    for k, line in enumerate(legend.notes):
        draw.text((left * 2 + bar_w, top + k * step), line, fill=ink, font=font)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()
