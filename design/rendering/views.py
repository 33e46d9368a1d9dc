"""Rendered pictures of a body: off-screen VTK, studio light, no display needed.

Linux needs an OpenGL that renders in software or hardware: Debian's `libgl1` and `libegl1` with
`libegl-mesa0`/`libgl1-mesa-dri` are enough. VTK is imported when the first picture is made.
Pictures repeat byte for byte on one machine with one driver.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import ByteArray, Float32Array, FloatArray
from ..errors import InputError
from ..family.contract import Family
from ..family.photographs import IN_USE, VIEWS, View
from ..geometry.mesh import Mesh, MeshPart
from . import studio_light as _studio
from .cameras import Camera, framed
from .lettering import font_for
from .occlusion import DIRECTIONS
from .shading import PANE, ShadedPart, shade
from .vtk_tools import aim, off_screen, quiet_stderr, triangle_data

MAX_PIXELS = 8_000_000
#: how large a build's and a release's pictures of a body are (pixels)
PRESS_SIZE = (1600, 800)
#: steps of the depth buffer by which a part is drawn nearer than the one before it: some hundredths of a mm
PANEL_OFFSET = 0.1
SAMPLES, SAMPLES_LARGE = 3, 2  # per pixel and axis, up to LARGE pixels and above
LARGE = 1_500_000
SMALL, FEW_DIRECTIONS = 100_000, 14  # pixels of a thumbnail, and the light that is enough for it
MIRROR_COARSE = 2  # pixels of the picture per pixel of its mirror image


def render(
    parts: Sequence[MeshPart],
    view: str = "three_quarter",
    size: tuple[int, int] = (1200, 600),
    span: float | None = None,
) -> bytes:
    """One picture as PNG bytes.

    Args:
        parts: coloured parts, mm.
        view: one of the named :data:`VIEWS`.
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
    eyes: Mapping[str, View] = VIEWS,
    floor: bool = True,
) -> dict[str, bytes]:
    """Several pictures of one body (the shading is prepared once): view name to PNG bytes.

    Args:
        eyes: from where they are taken. floor: the body stands on one, which shows its shadow and its mirror
            image; else it hangs before the backdrop.
    """
    for view in views:
        if view not in eyes:
            raise InputError(f"view {view!r} is not known; choose from {', '.join(eyes)}")
    width, height = size
    if min(size) < 16 or width * height > MAX_PIXELS:
        raise InputError(f"picture size {width}x{height}; at least 16x16 and at most {MAX_PIXELS} pixels")
    if not parts or not any(len(p.mesh.faces) for p in parts):
        raise InputError("there is nothing to draw: the body has no triangles")
    shaded, ground = shade(parts, DIRECTIONS if width * height > SMALL else FEW_DIRECTIONS)
    if not floor:
        ground = replace(ground, shadow=np.zeros_like(ground.shadow))
    points = np.concatenate([p.points for p in shaded])[::3]
    pictures: dict[str, bytes] = {}
    with _stage(shaded, size) as stage:
        for view in views:
            camera = framed(points, eyes[view], width / height, span)
            from_above = camera.axes()[2][2] > 0.9
            mirrored = None if from_above or not floor else _mirrored(stage, camera)
            body = _photograph(stage, camera)
            pictures[view] = png_bytes(_compose(body, ground.picture(camera, size, mirrored)))
    return pictures


def photographs(
    family: Family,
    parts: Sequence[MeshPart],
    views: Sequence[str] = (),
    size: tuple[int, int] = PRESS_SIZE,
    span: float | None = None,
) -> dict[str, bytes]:
    """Pictures of a body of that family, seen as it declares: `views`, or all of its `pictures`; `span` as of
    :func:`render`."""
    return render_views(parts, views or family.pictures, size, span, family.eyes, family.frame.ground)


def in_use_picture(
    family: Family, parts: Sequence[MeshPart], values: Mapping[str, float], size: tuple[int, int] = PRESS_SIZE
) -> dict[str, bytes]:
    """One picture, named :data:`IN_USE`, of `parts`, a body of these values, among what it is used with;
    empty for a family that names nothing."""
    around = family.in_use(values)
    if not around:
        return {}
    view = view_in_use(family)
    (png,) = render_views(standing([*parts, *around]), (view,), size, None, family.eyes).values()
    return {IN_USE: png}


def standing(parts: Sequence[MeshPart]) -> list[MeshPart]:
    """The parts with the lowest of them on the ground, z = 0."""
    up = np.array([0.0, 0.0, -min(float(p.mesh.bounds[0][2]) for p in parts)])
    raised = [Mesh(p.mesh.vertices + up, p.mesh.faces) for p in parts]
    return [
        MeshPart(p.name, mesh, p.colour, p.role, p.material, p.finish)
        for p, mesh in zip(parts, raised, strict=True)
    ]


def view_in_use(family: Family) -> str:
    """From where a body among what it is used with is taken; it stands on a floor."""
    return IN_USE if IN_USE in family.eyes else family.pictures[0]


def png_bytes(image: Float32Array) -> bytes:
    """PNG of an (h, w, 3) picture with values 0..1; no time stamp or text inside."""
    from PIL import Image as Pillow

    pixels = np.clip(np.round(image * 255.0), 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Pillow.fromarray(pixels).save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


@dataclass(frozen=True)
class _Stage:
    window: Any
    renderer: Any
    actors: list[Any]
    size: tuple[int, int]
    factor: int


@contextmanager
def _stage(shaded: Sequence[ShadedPart], size: tuple[int, int]) -> Iterator[_Stage]:
    """A VTK window with every part in it, released on leaving."""
    factor = SAMPLES if size[0] * size[1] <= LARGE else SAMPLES_LARGE
    window, renderer = off_screen((size[0] * factor, size[1] * factor))
    cabin = _cabin(shaded)
    actors = [_actor(part, cabin, layer) for layer, part in enumerate(shaded)]
    for actor in actors:
        renderer.AddActor(actor)
    try:
        yield _Stage(window, renderer, actors, size, factor)
    finally:
        window.Finalize()


def _cabin(shaded: Sequence[ShadedPart]) -> FloatArray:
    """(2, 3) corners of the room behind the panes, m; all zero where there is none."""
    panes = [p.points for p in shaded if p.kind == PANE and len(p.points)]
    if not panes:
        return np.zeros((2, 3))
    points = np.concatenate(panes)
    return np.stack([points.min(axis=0), points.max(axis=0)])


def _actor(part: ShadedPart, cabin: FloatArray, layer: int) -> Any:
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
    # thin panels lie on one another, each later one above: facets must not let the lower one shine through
    mapper.SetResolveCoincidentTopologyToPolygonOffset()
    mapper.SetRelativeCoincidentTopologyPolygonOffsetParameters(
        0.0, -PANEL_OFFSET * (layer + 50) * (layer > 0)
    )
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.GetProperty().SetBackfaceCulling(part.closed)
    declared = f"#define KIND {part.kind}\n{_studio.FRAGMENT_DECLARE}"
    shader = actor.GetShaderProperty()
    shader.AddVertexShaderReplacement("//VTK::Normal::Dec", True, _studio.VERTEX_DECLARE, False)
    shader.AddVertexShaderReplacement("//VTK::Normal::Impl", True, _studio.VERTEX_BODY, False)
    shader.AddFragmentShaderReplacement("//VTK::Normal::Dec", True, declared, False)
    shader.AddFragmentShaderReplacement("//VTK::Light::Impl", True, _studio.FRAGMENT_BODY, False)
    uniforms = shader.GetFragmentCustomUniforms()
    uniforms.SetUniform3f("baseColour", tuple(c**2.2 for c in part.colour))
    uniforms.SetUniform3f("cabinLow", tuple(cabin[0]))
    uniforms.SetUniform3f("cabinHigh", tuple(cabin[1]))
    for name in ("roughness", "metal", "gloss", "f0"):
        uniforms.SetUniformf(name, getattr(part.finish, name))
    return actor


def _photograph(stage: _Stage, camera: Camera) -> Float32Array:
    """(h, w, 4) picture of the bodies alone, colour premultiplied by cover."""
    width, height = stage.size
    k = stage.factor
    fine = _taken(stage, camera, (width * k, height * k), False).reshape(height, k, width, k, 4)
    total = np.zeros((height, width, 4), dtype=np.uint16)
    for row, column in np.ndindex(k, k):  # a tenth of the time of a mean over two axes
        total += fine[:, row, :, column]
    image: Float32Array = total.astype(np.float32) / np.float32(255.0 * k * k)
    return image


def _mirrored(stage: _Stage, camera: Camera) -> Float32Array:
    """(h, w, 4) what a polished floor shows of the bodies, blurred; colour premultiplied by cover."""
    from scipy.ndimage import gaussian_filter

    width, height = stage.size
    coarse = ((width + 1) // MIRROR_COARSE, (height + 1) // MIRROR_COARSE)
    image = _taken(stage, camera.below(), coarse, True)[::-1].astype(np.float32) / np.float32(255.0)
    soft = 0.0022 * width / MIRROR_COARSE
    image = gaussian_filter(image, (1.6 * soft, soft, 0.0))
    large = image.repeat(MIRROR_COARSE, axis=0).repeat(MIRROR_COARSE, axis=1)
    large = np.pad(large, ((0, MIRROR_COARSE), (0, MIRROR_COARSE), (0, 0)), mode="edge")[:height, :width]
    return np.asarray(large, dtype=np.float32)


def _taken(stage: _Stage, camera: Camera, pixels: tuple[int, int], below: bool) -> ByteArray:
    """(h, w, 4) raw picture of `pixels` (width, height), at most as large as the window."""
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkUnsignedCharArray

    whole = stage.window.GetSize()
    stage.renderer.SetViewport(0.0, 0.0, pixels[0] / whole[0], pixels[1] / whole[1])
    aim(stage.renderer, camera)
    right, upward, back = camera.axes()
    key = back * 0.55 - right * 0.65 + upward * 0.75
    middle = 0.5 * np.sum(np.reshape(stage.renderer.ComputeVisiblePropBounds(), (3, 2)), axis=1)
    for actor in stage.actors:
        uniforms = actor.GetShaderProperty().GetFragmentCustomUniforms()
        uniforms.SetUniform3f("eye", tuple(back if camera.parallel else camera.eye))
        uniforms.SetUniformi("parallel", int(camera.parallel))
        uniforms.SetUniformi("below", int(below))
        uniforms.SetUniform3f("keyLight", tuple(key))
        uniforms.SetUniform3f("boxCentre", tuple(middle))
        # from above the box would be in the way
        uniforms.SetUniformf("boxPower", 0.4 if back[2] > 0.9 else 1.0)
    grabbed = vtkUnsignedCharArray()
    with quiet_stderr():
        stage.window.Render()
        stage.window.GetRGBACharPixelData(0, 0, pixels[0] - 1, pixels[1] - 1, 0, grabbed)
    return np.asarray(vtk_to_numpy(grabbed).reshape(pixels[1], pixels[0], 4)[::-1])


def _compose(body: Float32Array, background: Float32Array) -> Float32Array:
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
    from PIL import ImageDraw

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
        heading = font_for(title, round(caption_size * 1.5))
        draw.text((gap * 2, gap + caption_size * 0.6), title, fill=(30, 32, 36), font=heading)
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
                font=font_for(caption, caption_size),
                anchor="ma",
                align="center",
            )
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()
