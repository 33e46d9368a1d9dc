"""Pictures of surface quality: zebra stripes from the reflected view, and the skin coloured by its waves.

Stripes are taken in every pixel from exact normals (interpolated over a tessellation of a few millimetres):
black and white bars of light far away, parallel to one axis, mirrored in the skin. They run on smoothly over
a good surface, kink where two faces meet at an angle, and swerve where the skin has waves.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ..arrays import Float32Array, FloatArray
from ..family.photographs import VIEWS
from ..geometry.patches import Patch
from ..geometry.surface_quality import Heat, RegionQuality
from .cameras import Camera
from .views import contact_sheet, png_bytes
from .vtk_tools import aim, off_screen, quiet_stderr

ZEBRA_VIEWS = ("three_quarter", "three_quarter_rear", "side", "top")
STRIPES = 40  # in a full turn of the reflected ray around the bars
BARS = {"x": "atan(r.y, r.z)", "y": "atan(r.x, r.z)", "z": "atan(r.y, r.x)"}
SAMPLES = 2  # per pixel and axis
VIEW_ANGLE_DEG = 17.0  # vertical, of the views that are not parallel: a long lens
FEW = 20_000  # corners that all count when a picture is framed; of more, every seventh at the fewest
HOTTEST_DEG = 2.0  # turn of a wave that is drawn in full red
#: direction to the eye of three-quarter views, lifted so that bonnet and roof show
LIFTED = {"three_quarter": (-0.80, -0.74, 0.42), "three_quarter_rear": (0.80, -0.76, 0.45)}

VERTEX_DECLARE = """//VTK::Normal::Dec
in float cover;
in float heat;
out float coverVS;
out float heatVS;
out vec3 worldNormalVS;
out vec3 worldPositionVS;
"""
VERTEX_BODY = """//VTK::Normal::Impl
coverVS = cover;
heatVS = heat;
worldNormalVS = normalMC;
worldPositionVS = vertexMC.xyz;
"""
FRAGMENT_DECLARE = """//VTK::Normal::Dec
in float coverVS;
in float heatVS;
in vec3 worldNormalVS;
in vec3 worldPositionVS;
"""
FRAGMENT_BODY = """
  vec3 n = normalize(worldNormalVS);
  vec3 v = parallel > 0 ? eye : normalize(eye - worldPositionVS);
  if (dot(n, v) < 0.0) {{ n = -n; }}
  vec3 r = reflect(-v, n);
  float facing = clamp(dot(n, v), 0.0, 1.0);
  float wave = sin({angle} * stripes);
  float soft = clamp(fwidth({angle} * stripes), 0.02, 1.0);
  float bar = smoothstep(-soft, soft, wave);
  vec3 colour = vec3(mix(0.06, 0.97, bar)) * (0.72 + 0.28 * facing);
  if (heated > 0) {{
    vec3 cold = vec3(0.80, 0.82, 0.84), warm = vec3(0.98, 0.78, 0.15), hot = vec3(0.80, 0.05, 0.08);
    float h = clamp(heatVS, 0.0, 1.0);
    vec3 tone = mix(mix(cold, warm, min(2.0 * h, 1.0)), hot, max(2.0 * h - 1.0, 0.0));
    if (heatVS < 0.0) {{ tone = vec3(0.62, 0.64, 0.67); }}
    colour = tone * (0.55 + 0.45 * facing) * mix(0.93, 1.0, bar);
  }}
  if (heated > 1) {{
    vec3 none = vec3(0.88, 0.88, 0.87), below = vec3(0.05, 0.25, 0.75), above = vec3(0.75, 0.06, 0.10);
    float h = clamp(heatVS, -1.0, 1.0);
    colour = mix(none, h < 0.0 ? below : above, abs(h)) * (0.55 + 0.45 * facing);
  }}
  if (coverVS < 0.0) {{ colour = vec3(0.22); }}
  gl_FragData[0] = vec4(colour, 1.0);
"""


def zebra_picture(
    patches: Sequence[Patch],
    bars: str = "x",
    size: tuple[int, int] = (1100, 550),
    views: Sequence[str] = ZEBRA_VIEWS,
    cover: Callable[[FloatArray], FloatArray] | None = None,
    title: str = "",
    judged: Sequence[tuple[RegionQuality, Heat]] | None = None,
    pieces: int = 4,
) -> bytes:
    """PNG of the patches in several views: zebra stripes, or the waves of `judged` regions as colours.

    Args:
        bars: axis along which the bars of light run: "x", "y" or "z".
        cover: signed distance (n,) of points (n, 3), mm; negative where there is no skin (wheel arches).
        pieces: tessellation of a knot span.
    """
    corners, normals = _corners(patches, pieces)
    shown = np.ones(len(corners)) if cover is None else cover(corners)
    heat = np.full(len(corners), -1.0) if judged is None else _heat(corners, [h for _, h in judged])

    def actors() -> list[Any]:
        return [skin_actor(corners * 1e-3, normals, shown, heat, bars)]

    marks = [] if judged is None else worst_waves([q for q, _ in judged])
    images = []
    for view, camera, image in taken(actors, corners * 1e-3, views, size, STRIPES, int(judged is not None)):
        marked = _marked(image, camera, marks) if marks else image
        images.append((view.replace("_", " "), png_bytes(marked)))
    if judged is not None:
        images = [*images, ("largest waves", _legend(marks, size))]
    return contact_sheet(images, columns=2, title=title, caption_size=16)


def worst_waves(qualities: Sequence[RegionQuality], count: int = 16) -> list[tuple[int, str, Any]]:
    """(number, region, wave) of the largest waves of all regions."""
    found = sorted(((q.name, w) for q in qualities for w in q.worst), key=lambda pair: -pair[1].turn)
    return [(k + 1, name, wave) for k, (name, wave) in enumerate(found[:count])]


def _corners(patches: Sequence[Patch], pieces: int) -> tuple[FloatArray, FloatArray]:
    """Triangle corners and their exact normals, (3 m, 3) each."""
    points: list[FloatArray] = []
    normals: list[FloatArray] = []
    for patch in patches:
        p, n = patch.grid(patch.sites(0, pieces), patch.sites(1, pieces))
        for field, found in ((p, points), (n, normals)):
            a, b, c, d = field[:-1, :-1], field[1:, :-1], field[1:, 1:], field[:-1, 1:]
            found.append(np.stack([a, b, c, a, c, d], axis=2).reshape(-1, 3))
    return np.concatenate(points), np.concatenate(normals)


def _heat(corners: FloatArray, found: Sequence[Heat]) -> FloatArray:
    """Share of the hottest colour at each corner (n,); -1 outside all regions. Left sides show the right."""
    from scipy.spatial import cKDTree

    heat = np.full(len(corners), -1.0)
    mirrored = corners * np.array([1.0, -1.0, 1.0])
    for q in found:
        if not len(q.points):
            continue
        tree = cKDTree(q.points)
        for places in (corners, mirrored):
            distance, nearest = tree.query(places, distance_upper_bound=12.0)
            near = np.isfinite(distance)
            heat[near] = np.maximum(heat[near], q.turns[nearest[near]] / HOTTEST_DEG)
    return heat


def skin_actor(
    points: FloatArray, normals: FloatArray, cover: FloatArray, heat: FloatArray, bars: str = "x"
) -> Any:
    """The skin for :func:`taken`; its uniform `heated` says what is seen: 0 stripes, 1 `heat` from 0 to
    1 (below 0: none), 2 `heat` from -1 to 1, blue over grey to red.

    Args:
        points, normals: triangle corners, m, and their normals, (n, 3) each.
        cover: (n,), negative where there is no skin. heat: (n,).
    """
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonDataModel import vtkDataObject
    from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

    from .vtk_tools import triangle_data

    data = triangle_data(points)
    data.GetPointData().SetNormals(numpy_to_vtk(normals.astype(np.float32), deep=True))
    mapper = vtkPolyDataMapper()
    for name, values in (("cover", cover), ("heat", heat)):
        array = numpy_to_vtk(values.astype(np.float32), deep=True)
        array.SetName(name)
        data.GetPointData().AddArray(array)
        mapper.MapDataArrayToVertexAttribute(name, name, vtkDataObject.FIELD_ASSOCIATION_POINTS, -1)
    mapper.SetInputData(data)
    mapper.ScalarVisibilityOff()
    mapper.SetVBOShiftScaleMethod(0)
    actor = vtkActor()
    actor.SetMapper(mapper)
    shader = actor.GetShaderProperty()
    shader.AddVertexShaderReplacement("//VTK::Normal::Dec", True, VERTEX_DECLARE, False)
    shader.AddVertexShaderReplacement("//VTK::Normal::Impl", True, VERTEX_BODY, False)
    shader.AddFragmentShaderReplacement("//VTK::Normal::Dec", True, FRAGMENT_DECLARE, False)
    body = FRAGMENT_BODY.format(angle=BARS[bars])
    shader.AddFragmentShaderReplacement("//VTK::Light::Impl", True, body, False)
    return actor


def camera_around(points: FloatArray, view: str, aspect: float) -> Camera:
    """A camera that shows all points (n, 3), m, a little margin around them."""
    named = VIEWS[view]
    up, parallel = np.asarray(named.up), named.parallel
    back = np.asarray(LIFTED.get(view, named.direction))
    back = back / np.linalg.norm(back)
    points = points[:: min(7, 1 + len(points) // FEW)]
    centre = 0.5 * (points.min(axis=0) + points.max(axis=0))
    distance = 20.0
    for _ in range(6):
        camera = Camera(centre + back * distance, centre, up, parallel, 1.0)
        right, upward, _ = camera.axes()
        depth = np.full(len(points), distance) if parallel else distance - (points - centre) @ back
        u, w = (points - centre) @ right / depth, (points - centre) @ upward / depth
        centre = centre + distance * (right * 0.5 * (u.max() + u.min()) + upward * 0.5 * (w.max() + w.min()))
        half = 1.04 * max(0.5 * np.ptp(w), 0.5 * np.ptp(u) / aspect)
        if parallel:
            return Camera(centre + back * distance, centre, up, True, float(half * distance))
        distance *= half / float(np.tan(np.radians(VIEW_ANGLE_DEG) / 2.0))
    return Camera(centre + back * distance, centre, up, False, float(half * distance))


def taken(
    made: Callable[[], Sequence[Any]],
    points: FloatArray,
    views: Sequence[str],
    size: tuple[int, int],
    stripes: float,
    heated: int,
) -> Iterator[tuple[str, Camera, Float32Array]]:
    """Each view with its camera and its (h, w, 3) picture on white.

    Args:
        made: gives a :func:`skin_actor` and what else is seen, once a window has loaded what draws them.
        points: (n, 3) that are framed, m.
        size: of a picture (w, h), pixels. stripes: in a full turn. heated: as of :func:`skin_actor`.
    """
    window, renderer = off_screen((size[0] * SAMPLES, size[1] * SAMPLES))
    actors = made()
    for actor in actors:
        renderer.AddActor(actor)
    uniforms = actors[0].GetShaderProperty().GetFragmentCustomUniforms()
    uniforms.SetUniformf("stripes", float(stripes))
    uniforms.SetUniformi("heated", heated)
    try:
        for view in views:
            camera = camera_around(points, view, size[0] / size[1])
            yield view, camera, _photograph(window, renderer, uniforms, camera, size)
    finally:
        window.Finalize()


def _photograph(
    window: Any, renderer: Any, uniforms: Any, camera: Camera, size: tuple[int, int]
) -> Float32Array:
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkRenderingCore import vtkWindowToImageFilter

    aim(renderer, camera)
    back = camera.axes()[2]
    uniforms.SetUniform3f("eye", tuple(back if camera.parallel else camera.eye))
    uniforms.SetUniformi("parallel", int(camera.parallel))
    with quiet_stderr():
        window.Render()
        grab = vtkWindowToImageFilter()
        grab.SetInput(window)
        grab.SetInputBufferTypeToRGBA()
        grab.ReadFrontBufferOff()
        grab.ShouldRerenderOff()
        grab.Update()
    k = SAMPLES
    fine = vtk_to_numpy(grab.GetOutput().GetPointData().GetScalars())
    image = fine.reshape(size[1], k, size[0], k, 4)[::-1].astype(np.float32).mean(axis=(1, 3)) / 255.0
    return np.asarray(image[..., :3] + (1.0 - image[..., 3:]), dtype=np.float32)


def _marked(image: Float32Array, camera: Camera, marks: Sequence[tuple[int, str, Any]]) -> Float32Array:
    """The picture with numbered rings on the worst places that face the camera's side."""
    from PIL import Image, ImageDraw, ImageFont

    height, width = image.shape[:2]
    picture = Image.fromarray(np.clip(np.round(image * 255.0), 0, 255).astype(np.uint8))
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(14)
    right, upward, back = camera.axes()
    for number, _, wave in marks:
        point = np.asarray(wave.point) * 1e-3
        if back[1] < -0.1:  # the camera stands on the left; waves are listed for the right
            point = point * np.array([1.0, -1.0, 1.0])
        local = point - camera.centre
        scale = 1.0
        if not camera.parallel:
            distance = float(np.linalg.norm(camera.eye - camera.centre))
            scale = distance / (distance - float(local @ back))
        x = width * 0.5 + local @ right * scale / camera.half_height * 0.5 * height
        y = height * 0.5 - local @ upward * scale / camera.half_height * 0.5 * height
        draw.ellipse((x - 7, y - 7, x + 7, y + 7), outline=(20, 60, 200), width=2)
        draw.text((x + 8, y - 16), str(number), fill=(20, 60, 200), font=font)
    return np.asarray(picture, dtype=np.float32) / np.float32(255.0)


def _legend(marks: Sequence[tuple[int, str, Any]], size: tuple[int, int]) -> bytes:
    """A picture that lists the marked waves."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", size, (255, 255, 255))
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(16)
    lines = [
        "no waves" if not marks else "no.  region: x, y, z (mm)   turn of the normal, length, as a ripple"
    ]
    for number, name, wave in marks:
        x, y, z = wave.point
        lines.append(
            f"{number:2d}  {name}: {x:.0f}, {y:.0f}, {z:.0f}   {wave.turn:.2f} deg over "
            f"{wave.length:.0f} mm, {wave.height:.2f} mm (slope along {wave.of}, line along {wave.along})"
        )
    for k, line in enumerate(lines):
        draw.text((16, 14 + 24 * k), line, fill=(40, 42, 48), font=font)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
