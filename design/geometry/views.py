"""Rendered pictures of a body: off-screen VTK, studio light, no display needed.

Linux needs an OpenGL that renders in software or hardware: Debian's `libgl1` and `libegl1` with
`libegl-mesa0`/`libgl1-mesa-dri` are enough. VTK is imported when the first picture is made.
Pictures repeat byte for byte on one machine with one driver.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from . import _studio
from .mesh import FloatArray, MeshPart
from .shading import ShadedPart, shade
from .vtk_tools import off_screen, quiet_stderr, triangle_data

#: name to (direction from the body to the eye, up, parallel projection)
VIEWS: dict[str, tuple[tuple[float, float, float], tuple[float, float, float], bool]] = {
    "side": ((0.0, -1.0, 0.0), (0.0, 0.0, 1.0), True),
    "front": ((-1.0, 0.0, 0.0), (0.0, 0.0, 1.0), True),
    "rear": ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0), True),
    "top": ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), True),
    "three_quarter": ((-0.80, -0.74, 0.19), (0.0, 0.0, 1.0), False),
    "three_quarter_rear": ((0.80, -0.76, 0.22), (0.0, 0.0, 1.0), False),
}
VIEW_ANGLE = 17.0  # deg, vertical: a long lens, as cars are photographed
MAX_PIXELS = 8_000_000
Image = NDArray[np.float32]


@dataclass(frozen=True)
class Camera:
    """Where a picture is taken from (metres).

    Attributes:
        eye, centre, up: position, point looked at, up direction, each (3,).
        parallel: orthographic when True.
        half_height: half of what the picture shows vertically at the centre, m.
    """

    eye: FloatArray
    centre: FloatArray
    up: FloatArray
    parallel: bool
    half_height: float

    def axes(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Right, up and towards-the-eye unit vectors of the picture."""
        back = (self.eye - self.centre) / np.linalg.norm(self.eye - self.centre)
        right = np.cross(self.up, back)
        right /= np.linalg.norm(right)
        return right, np.cross(back, right), back


def render(
    parts: Sequence[MeshPart],
    view: str = "three_quarter",
    size: tuple[int, int] = (1200, 600),
    span: float | None = None,
) -> bytes:
    """One picture as PNG bytes.

    Args:
        parts: coloured parts, mm.
        view: one of :data:`VIEWS`.
        size: width and height, pixels.
        span: length in mm that the picture's width shows (to compare bodies at one scale); fits when None.

    Raises:
        InputError: an unknown view, an empty body or an unreasonable size.
        MissingComponentError: no OpenGL on this machine.
    """
    return render_views(parts, [view], size, span)[view]


def render_views(
    parts: Sequence[MeshPart],
    views: Sequence[str] = ("side", "front", "top", "three_quarter"),
    size: tuple[int, int] = (1200, 600),
    span: float | None = None,
) -> dict[str, bytes]:
    """Several pictures of one body (the shading is prepared once): view name to PNG bytes."""
    for view in views:
        if view not in VIEWS:
            raise InputError(f"view {view!r} is not known; choose from {', '.join(VIEWS)}")
    width, height = size
    if min(size) < 16 or width * height > MAX_PIXELS:
        raise InputError(f"picture size {width}x{height}; at least 16x16 and at most {MAX_PIXELS} pixels")
    if not parts or not any(len(p.mesh.faces) for p in parts):
        raise InputError("there is nothing to draw: the body has no triangles")
    shaded, ground = shade(parts)
    pictures: dict[str, bytes] = {}
    with _stage(shaded, size) as stage:
        for view in views:
            camera = _camera(shaded, view, width / height, span)
            body = _photograph(stage, camera, size)
            pictures[view] = png_bytes(_compose(body, ground.picture(camera, size)))
    return pictures


def png_bytes(image: Image) -> bytes:
    """PNG of an (h, w, 3) picture with values 0..1; no time stamp or text inside."""
    from PIL import Image as Pillow

    pixels = np.clip(np.round(image * 255.0), 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Pillow.fromarray(pixels).save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def _camera(shaded: Sequence[ShadedPart], view: str, aspect: float, span: float | None) -> Camera:
    direction, up, parallel = VIEWS[view]
    points = np.concatenate([p.points for p in shaded])[::3]
    back = np.asarray(direction) / np.linalg.norm(direction)
    centre = 0.5 * (points.min(axis=0) + points.max(axis=0))
    camera = Camera(centre + back * 20.0, centre, np.asarray(up), parallel, 1.0)
    right, upward, _ = camera.axes()
    margin = 1.1
    if parallel:
        u, w = (points - centre) @ right, (points - centre) @ upward
        centre = centre + right * 0.5 * (u.max() + u.min()) + upward * 0.5 * (w.max() + w.min())
        half = margin * max(0.5 * np.ptp(w), 0.5 * np.ptp(u) / aspect)
        if span is not None:
            half = 0.5 * span * 1e-3 / aspect
        return Camera(centre + back * 20.0, centre, np.asarray(up), True, float(half))
    tangent = np.tan(np.radians(VIEW_ANGLE) / 2.0)
    distance = 20.0
    for _ in range(8):
        local = points - (centre + back * distance)
        depth = -(local @ back)
        u, w = (local @ right) / depth, (local @ upward) / depth
        centre = centre + (right * 0.5 * (u.max() + u.min()) + upward * 0.5 * (w.max() + w.min())) * distance
        if span is None:
            filled = max(0.5 * np.ptp(w) / tangent, 0.5 * np.ptp(u) / (tangent * aspect)) * margin
            distance *= filled
        else:
            distance = 0.5 * span * 1e-3 / aspect / tangent
    return Camera(centre + back * distance, centre, np.asarray(up), False, float(tangent * distance))


@dataclass(frozen=True)
class _Stage:
    window: Any
    renderer: Any
    actors: list[Any]
    factor: int


@contextmanager
def _stage(shaded: Sequence[ShadedPart], size: tuple[int, int]) -> Iterator[_Stage]:
    """A VTK window with every part in it, released on leaving."""
    factor = 3 if size[0] * size[1] <= 2_000_000 else 2  # samples per pixel and axis
    window, renderer = off_screen((size[0] * factor, size[1] * factor))
    actors = [_actor(part) for part in shaded]
    for actor in actors:
        renderer.AddActor(actor)
    try:
        yield _Stage(window, renderer, actors, factor)
    finally:
        window.Finalize()


def _actor(part: ShadedPart) -> Any:
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonDataModel import vtkDataObject
    from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

    data = triangle_data(part.points)
    data.GetPointData().SetNormals(numpy_to_vtk(part.normals.astype(np.float32), deep=True))
    openness = numpy_to_vtk(part.openness.astype(np.float32), deep=True)
    openness.SetName("shade")
    data.GetPointData().AddArray(openness)
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(data)
    mapper.ScalarVisibilityOff()
    mapper.SetVBOShiftScaleMethod(0)
    mapper.MapDataArrayToVertexAttribute("shade", "shade", vtkDataObject.FIELD_ASSOCIATION_POINTS, -1)
    actor = vtkActor()
    actor.SetMapper(mapper)
    shader = actor.GetShaderProperty()
    shader.AddVertexShaderReplacement("//VTK::Normal::Dec", True, _studio.VERTEX_DECLARE, False)
    shader.AddVertexShaderReplacement("//VTK::Normal::Impl", True, _studio.VERTEX_BODY, False)
    shader.AddFragmentShaderReplacement("//VTK::Normal::Dec", True, _studio.FRAGMENT_DECLARE, False)
    shader.AddFragmentShaderReplacement("//VTK::Light::Impl", True, _studio.FRAGMENT_BODY, False)
    uniforms = shader.GetFragmentCustomUniforms()
    uniforms.SetUniform3f("baseColour", part.colour)
    for name in ("roughness", "metal", "gloss", "f0"):
        uniforms.SetUniformf(name, getattr(part.finish, name))
    return actor


def _photograph(stage: _Stage, camera: Camera, size: tuple[int, int]) -> Image:
    """(h, w, 4) picture of the bodies alone, colour premultiplied by cover."""
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkRenderingCore import vtkWindowToImageFilter

    view = stage.renderer.GetActiveCamera()
    view.SetPosition(*camera.eye)
    view.SetFocalPoint(*camera.centre)
    view.SetViewUp(*camera.up)
    view.SetParallelProjection(camera.parallel)
    view.SetParallelScale(camera.half_height)
    view.SetViewAngle(VIEW_ANGLE)
    stage.renderer.ResetCameraClippingRange()
    right, upward, back = camera.axes()
    key = back * 0.55 - right * 0.65 + upward * 0.75
    middle = 0.5 * np.sum(np.reshape(stage.renderer.ComputeVisiblePropBounds(), (3, 2)), axis=1)
    for actor in stage.actors:
        uniforms = actor.GetShaderProperty().GetFragmentCustomUniforms()
        uniforms.SetUniform3f("eye", tuple(back if camera.parallel else camera.eye))
        uniforms.SetUniformi("parallel", int(camera.parallel))
        uniforms.SetUniform3f("keyLight", tuple(key))
        uniforms.SetUniform3f("boxCentre", tuple(middle))
        uniforms.SetUniformf(
            "boxPower", 0.4 if back[2] > 0.9 else 1.0
        )  # from above the box would be in the way
    with quiet_stderr():
        stage.window.Render()
        grab = vtkWindowToImageFilter()
        grab.SetInput(stage.window)
        grab.SetInputBufferTypeToRGBA()
        grab.ReadFrontBufferOff()
        grab.ShouldRerenderOff()
        grab.Update()
    output = grab.GetOutput()
    k = stage.factor
    fine = vtk_to_numpy(output.GetPointData().GetScalars()).reshape(size[1], k, size[0], k, 4)[::-1]
    total = np.zeros((size[1], size[0], 4), dtype=np.uint16)
    for row, column in np.ndindex(k, k):  # a tenth of the time of a mean over two axes
        total += fine[:, row, :, column]
    image: Image = total.astype(np.float32) / np.float32(255.0 * k * k)
    return image


def _compose(body: Image, background: Image) -> Image:
    cover = body[..., 3:]
    return np.asarray(body[..., :3] + (1.0 - cover) * background, dtype=np.float32)


def contact_sheet(
    images: Sequence[tuple[str, bytes]], columns: int = 4, title: str = "", caption_size: int = 18
) -> bytes:
    """PNG of captioned pictures in a grid, all cells as large as the largest picture.

    Args:
        images: (caption, PNG bytes) in reading order; a caption may hold line breaks.
        columns: pictures in a row.
        title: one line above the grid.
        caption_size: letter height, pixels.
    """
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

    if not images or columns < 1:
        raise InputError("a contact sheet needs at least one picture and one column")
    opened = [(caption, Pillow.open(io.BytesIO(data)).convert("RGB")) for caption, data in images]
    cell_w = max(picture.width for _, picture in opened)
    cell_h = max(picture.height for _, picture in opened)
    columns = min(columns, len(opened))
    rows = -(-len(opened) // columns)
    lines = max(caption.count("\n") + 1 if caption else 0 for caption, _ in opened)
    caption_h = lines * round(caption_size * 1.3) + (caption_size if lines else 0)
    gap, head = 12, round(caption_size * 3) if title else 0
    sheet = Pillow.new(
        "RGB",
        (columns * (cell_w + gap) + gap, rows * (cell_h + caption_h + gap) + gap + head),
        (250, 250, 251),
    )
    draw = ImageDraw.Draw(sheet)
    if title:
        heading = ImageFont.load_default(round(caption_size * 1.5))
        draw.text((gap * 2, gap + caption_size * 0.6), title, fill=(30, 32, 36), font=heading)
    font = ImageFont.load_default(caption_size)
    for index, (caption, picture) in enumerate(opened):
        row, column = divmod(index, columns)
        x = gap + column * (cell_w + gap)
        y = gap + head + row * (cell_h + caption_h + gap)
        sheet.paste(picture, (x + (cell_w - picture.width) // 2, y + (cell_h - picture.height) // 2))
        if caption:
            draw.multiline_text(
                (x + cell_w / 2, y + cell_h + caption_size * 0.4),
                caption,
                fill=(60, 63, 70),
                font=font,
                anchor="ma",
                align="center",
            )
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()
