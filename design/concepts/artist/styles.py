"""The three ways of drawing: an ink pen, markers, and a soft pencil or airbrush.

Each takes a :class:`Sheet` (the buffers of one view with what all styles need from them) and a random
generator, and gives the ink (h, w) float32, 1 = white paper .. 0 = black.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ...arrays import Float32Array
from ...family.frame import DrawnView
from .buffers import BODY, DARK, DISC, LAMP_GLASS, LIGHT, NOTHING, RIM, SEAM, TYRE, WINDOW, Buffers
from .strokes import Border, contour, find_borders, ramp, sample, slopes, stamp, stripes, unrest


@dataclass(frozen=True)
class Sheet:
    """What every style needs of one view.

    Attributes:
        outline, inward_x, inward_y: the body's contour and the way inward at its points.
        edges, steps: borders between parts; steps of depth in one part.
        up, lit: (h, w) on the whole body, smoothed inside it: vertical share of the normal; lambert 0..1.
        facing: (h, w) share of the normal towards the eye; without its mesh's facets where one looks through.
        crease: (h, w) how sharply the painted surface turns.
        u, v: (h, w) coordinates in pixels from the anchor, v upward.
        ground: (h, w) 0..1 shape of the shadow on the ground.
    """

    buffers: Buffers
    outline: Border
    inward_x: Float32Array
    inward_y: Float32Array
    edges: Border
    steps: Border
    up: Float32Array
    lit: Float32Array
    facing: Float32Array
    crease: Float32Array
    u: Float32Array
    v: Float32Array
    ground: Float32Array

    @property
    def shape(self) -> tuple[int, int]:
        h, w = self.up.shape
        return h, w


FACETS = 7.0  # pixels over which shading is evened out on plates of few triangles
#: by how much a lit side is lighter than a shaded one, of dark and of light parts of what one looks through
DARK_FORM, LIGHT_FORM = 0.42, 0.34


def blur(field: Float32Array, sigma: float) -> Float32Array:
    """Gaussian blur, (h, w)."""
    from scipy.ndimage import gaussian_filter

    return np.asarray(gaussian_filter(field, sigma, truncate=2.5, mode="nearest"), dtype=np.float32)


def lay_out(b: Buffers) -> Sheet:
    """The sheet of one view."""
    solid = b.solid
    h, w = solid.shape
    edges, steps = find_borders(b)
    outline, inward_x, inward_y = contour(edges, blur(solid, 1.2))
    skin = ((b.cover[BODY] + b.cover[WINDOW] + b.cover[LAMP_GLASS]) > 0.99).astype(np.float32)
    weight = blur(skin, 2.2) + 1e-3
    facing = b.normal[2]
    if b.open:
        wide = blur(facing * skin, FACETS) / (blur(skin, FACETS) + 1e-3)
        facing = np.where(skin > 0, wide, facing).astype(np.float32)
    up = np.where(solid > 0, blur(b.world_up * skin, 2.2) / weight, 0.0).astype(np.float32)
    lit = np.where(solid > 0, blur(_lambert(b) * skin, 2.2) / weight, 0.0).astype(np.float32)
    u = (np.arange(w, dtype=np.float32) + 0.5 - b.anchor[0])[None, :].repeat(h, axis=0)
    v = (b.anchor[1] - np.arange(h, dtype=np.float32) - 0.5)[:, None].repeat(w, axis=1)
    return Sheet(
        b, outline, inward_x, inward_y, edges.keep(edges.low != NOTHING), steps, up, lit, facing,
        _creases(b), u, v, _shadow(b, u, v),
    )  # fmt: skip


def _creases(b: Buffers) -> Float32Array:
    paint = b.cover[BODY] > 0.99
    turn = np.zeros(paint.shape, dtype=np.float32)
    for axis in (0, 1):
        ahead, behind = (slice(2, None), slice(None, -2))
        first = (slice(None), behind) if axis else (behind, slice(None))
        last = (slice(None), ahead) if axis else (ahead, slice(None))
        middle = (slice(None), slice(1, -1)) if axis else (slice(1, -1), slice(None))
        n = b.normal
        change = np.square(n[(slice(None), *last)] - n[(slice(None), *first)]).sum(axis=0)
        turn[middle] = np.maximum(turn[middle], change * (paint[first] & paint[last]))
    return ramp(blur(np.sqrt(turn), 0.7), 0.22, 0.6)


def _level(view: DrawnView) -> bool:
    """The eye looks along the ground."""
    up = view.axes()[1]
    return bool(abs(up[0]) + abs(up[1]) < 0.1)


def _shadow(b: Buffers, u: Float32Array, v: Float32Array) -> Float32Array:
    """The ground under the body, seen in this view: a rounded box, its edge soft over two pixels."""
    if not b.ground:
        return np.zeros_like(u)
    right, up, _ = b.view.axes()
    long, wide = b.plan
    (x, y) = b.stands
    u, v = u - np.float32(x * right[0] + y * right[1]), v - np.float32(x * up[0] + y * up[1])
    if _level(b.view):  # along the ground: a flat lens under the body
        x2, y2 = np.square(u / (1.06 * long)), np.square((v + 5.0) / 8.5)
        return ramp(x2 * x2 + y2, 1.25, 0.8)
    # the ground point (x, y) from the middle that is seen at (u, v)
    back = np.linalg.inv(np.array([[right[0], right[1]], [up[0], up[1]]])).astype(np.float32)
    x2 = np.square((back[0, 0] * u + back[0, 1] * v) / np.float32(1.0 * long))
    y2 = np.square((back[1, 0] * u + back[1, 1] * v) / np.float32(1.12 * wide))
    return ramp(x2 * x2 + y2 * y2, 1.3, 0.75)


# -- ink ----------------------------------------------------------------------------------------------


def ink_pen(s: Sheet, rng: np.random.Generator) -> Float32Array:
    """Pen line: heavy living contour, fine feature lines, sparse hatching in the shade, toned glass."""
    b = s.buffers
    wander = unrest(rng, s.shape, 42.0)
    press = unrest(rng, s.shape, 60.0)
    line = np.zeros(s.shape, dtype=np.float32)
    _draw_features(line, s, rng, 1.0)
    _draw_contour(line, s, wander, press, thin=0.85, heavy=0.95)
    # the turn of the shoulder and the hood, caught in one broken line
    line = np.maximum(line, _isophote(s.up, 0.5, b.cover[BODY]) * ramp(press, -0.9, 0.3) * 0.55)
    line = np.maximum(line, 0.8 * s.crease * b.cover[BODY])

    tilt = np.radians(58.0 + 7.0 * float(rng.uniform(-1, 1)))
    across = s.u * np.float32(np.sin(tilt)) + s.v * np.float32(-np.cos(tilt)) + 1.2 * wander
    dim = ramp(s.lit, 0.62, 0.30) * b.cover[BODY]
    hatch = stripes(across, 8.0, -0.35 + 0.95 * dim + 0.12 * press, np.minimum(dim * 3.0, 1.0) * 0.62)
    line = np.maximum(line, hatch * (b.cover[BODY] > 0.9))

    slant = (s.u + 0.55 * s.v) / 46.0
    glint = ramp(np.sin(slant + 0.7 * float(rng.uniform(-1, 1))), 0.55, 0.8)
    glass = 0.66 + 0.14 * s.lit + 0.14 * glint
    tone = _tones(s, body=1.0, glass=glass, tyre=0.27, rim=0.98, disc=0.42, lamp=0.80, dark=0.08, light=1.0)
    floor = stripes(s.v + 0.6 * wander, 5.0, -0.2 + 1.2 * s.ground, np.float32(0.42) * s.ground)
    paper = b.cover[NOTHING]
    return np.asarray(np.minimum(tone, 1.0 - floor * paper) * (1.0 - line), dtype=np.float32)


# -- marker -------------------------------------------------------------------------------------------


def marker(s: Sheet, rng: np.random.Generator) -> Float32Array:
    """Contour and flat tones with streaks; a highlight left white; dark glass that mirrors; shadow stroke."""
    b = s.buffers
    wander = unrest(rng, s.shape, 48.0)
    press = unrest(rng, s.shape, 70.0)
    streak = _streaks(s, rng, tilt=4.0, width=13.0)
    lean = s.up + 0.035 * streak + 0.02 * wander
    # what paint mirrors: sky above (paper white), the dark horizon, the ground below
    sky = np.sin((s.u + 0.9 * s.v + 10.0 * wander) / 58.0 + float(rng.uniform(-0.5, 0.5)))
    clouds = 0.0 if b.open else 0.08  # a seat or a tube mirrors none
    body = 1.0 - clouds * ramp(sky, 0.30, 0.36) * ramp(s.up, 0.30, 0.45) - 0.13 * ramp(lean, 0.62, 0.54)
    body -= 0.17 * ramp(lean, 0.30, 0.25)
    body -= 0.22 * ramp(lean, 0.085, 0.05)
    body += 0.20 * ramp(lean, -0.03, -0.07)
    body -= 0.25 * ramp(lean, -0.28, -0.36)
    body = body * (1.0 + 0.035 * streak * (body < 0.97)) * (0.80 + 0.20 * ramp(s.facing, 0.15, 0.5))
    slant = (s.u + 0.6 * s.v + 5.0 * wander) / 30.0 + float(rng.uniform(-0.6, 0.6))
    mirrored = ramp(np.sin(slant) + 0.35 * np.sin(2.3 * slant), 0.55, 0.62)
    glass = 0.17 + 0.30 * mirrored + 0.34 * ramp(lean, 0.50, 0.58)
    rim = 0.72 + 0.26 * ramp(b.normal[1], -0.1, 0.25)
    tone = _tones(s, body=body, glass=glass, tyre=0.22, rim=rim, disc=0.34, lamp=0.50, dark=0.06, light=1.0)
    line = np.zeros(s.shape, dtype=np.float32)
    _draw_features(line, s, rng, 0.9)
    _draw_contour(line, s, wander, press, thin=0.8, heavy=0.75)
    line = np.maximum(line, 0.5 * s.crease * b.cover[BODY])
    brush = _streaks(s, rng, tilt=0.0 if _level(b.view) else -13.0, width=7.0)
    shadow = ramp(s.ground + 0.22 * brush, 0.30, 0.42) * (0.36 + 0.03 * brush)
    return np.asarray(np.minimum(tone, 1.0 - shadow * b.cover[NOTHING]) * (1.0 - line), dtype=np.float32)


def _streaks(s: Sheet, rng: np.random.Generator, tilt: float, width: float) -> Float32Array:
    """About -1..1: one value a marker stroke, darker where two strokes overlap."""
    angle = np.radians(tilt)
    across = s.v * np.float32(np.cos(angle)) - s.u * np.float32(np.sin(angle)) + 400.0
    index = np.clip(across / width, 0, 127)
    whole = index.astype(np.intp)
    level = rng.uniform(-1.0, 1.0, 128).astype(np.float32)
    return np.asarray(level[whole] - 0.9 * ((index - whole) < 1.6 / width), dtype=np.float32)


# -- soft ---------------------------------------------------------------------------------------------


def soft_pencil(s: Sheet, rng: np.random.Generator) -> Float32Array:
    """Smooth tone as from pencil or airbrush, a fine contour, a soft shadow."""
    b = s.buffers
    wander = unrest(rng, s.shape, 52.0)
    press = unrest(rng, s.shape, 64.0)
    horizon = np.exp(-np.square((s.up - 0.04) / 0.11))
    ground = ramp(s.up, -0.02, -0.22) - 1.5 * ramp(s.up, -0.30, -0.75)
    body = 0.71 + 0.31 * ramp(s.up, 0.02, 0.55) - 0.15 * horizon + 0.12 * ground + 0.14 * (s.lit - 0.6)
    body = np.clip(body * (0.70 + 0.30 * ramp(s.facing, 0.05, 0.6)), 0.12, 1.0)
    glass = 0.30 + 0.42 * ramp(s.up, 0.1, 0.75) + 0.04 * wander
    rim = 0.62 + 0.36 * ramp(b.normal[1], -0.3, 0.4)
    tone = _tones(s, body=body, glass=glass, tyre=0.30, rim=rim, disc=0.42, lamp=0.62, dark=0.16, light=1.0)
    line = np.zeros(s.shape, dtype=np.float32)
    _draw_features(line, s, rng, 0.62)
    _draw_contour(line, s, wander, press, thin=0.60, heavy=0.40, dark=0.90)
    line = np.maximum(line, 0.4 * s.crease * b.cover[BODY])
    shadow = blur(s.ground, 4.0) * 0.45
    grain_across = s.u * np.float32(0.83) + s.v * np.float32(0.56) + 2.0 * wander
    grain = 0.009 * np.sin(grain_across * 1.45) * ramp(tone, 1.0, 0.8) * (0.7 + 0.5 * press)
    return np.asarray(
        np.minimum(tone + grain, 1.0 - shadow * b.cover[NOTHING]) * (1.0 - line), dtype=np.float32
    )


# -- shared -------------------------------------------------------------------------------------------


def _draw_contour(
    line: Float32Array,
    s: Sheet,
    wander: Float32Array,
    press: Float32Array,
    thin: float,
    heavy: float,
    dark: float = 0.96,
) -> None:
    """Heavier where the surface turns from the light and where the pen is pressed; inside the outline."""
    o = s.outline
    across = np.square(s.inward_y)
    weight = across * np.where(s.inward_y < 0.0, 1.0, 0.62)
    radius = thin + heavy * weight + 0.30 * sample(press, o.x, o.y) * min(heavy, 0.6)
    radius = np.clip(radius, 0.55, 2.1).astype(np.float32)
    inset = np.maximum(radius - 0.35, 0.0) + 0.30 * sample(wander, o.x, o.y)
    stamp(line, o.x + inset * s.inward_x, o.y + inset * s.inward_y, radius, np.full_like(radius, dark))


def _draw_features(line: Float32Array, s: Sheet, rng: np.random.Generator, strength: float) -> None:
    """Thin lines between the parts: glass, doors, lamps, arches, wheels."""
    shift = unrest(rng, s.shape, 36.0)
    e = s.edges
    sides: tuple[tuple[tuple[int, ...], tuple[int, ...], float, float], ...] = (
        ((BODY,), (BODY, LIGHT, DARK), 0.20, 0.62),
        ((BODY,), (TYRE,), 0.7, 0.95),
        ((BODY, DARK, WINDOW), (WINDOW,), 0.34, 0.85),
        ((LAMP_GLASS, LIGHT), (BODY, DARK, LAMP_GLASS, LIGHT), 0.30, 0.8),
        ((RIM,), (DARK, DISC, TYRE, RIM), 0.20, 0.5),
    )
    for first, second, radius, dark in sides:
        border = e.between(first, second)
        _thin(line, border, shift, radius, dark * strength)
    _thin(line, s.steps, shift, 0.5, 0.9 * strength)
    seam = e.between((BODY, WINDOW), (SEAM,))
    facing = ramp(sample(s.buffers.normal[2], seam.x, seam.y), 0.2, 0.5)  # none where it is seen edge on
    _thin(line, seam, shift, 0.40, 0.64 * strength * facing)


def _thin(
    line: Float32Array, border: Border, shift: Float32Array, radius: float, dark: Float32Array | float
) -> None:
    move = 0.45 * sample(shift, border.x, border.y)
    full = np.full(len(border.x), radius, dtype=np.float32)
    stamp(line, border.x + 0.6 * move, border.y + move, full, np.broadcast_to(np.float32(dark), full.shape))


def _isophote(field: Float32Array, level: float, where: Float32Array) -> Float32Array:
    """A line about a pixel wide where `field` crosses `level`, only where it does so briskly."""
    gy, gx = slopes(field)
    steep = np.sqrt(gx * gx + gy * gy)
    near = np.clip(1.1 - np.abs(field - level) / (0.9 * steep + 1e-4), 0.0, 1.0)
    return np.asarray(near * ramp(steep, 0.012, 0.03) * (where > 0.99), dtype=np.float32)


def _tones(
    s: Sheet,
    body: Float32Array | float,
    glass: Float32Array,
    tyre: float,
    rim: Float32Array | float,
    disc: float,
    lamp: float,
    dark: float,
    light: Float32Array | float,
) -> Float32Array:
    """Tone of everything, mixed by cover; paper is white. What is dark catches light where it looks up."""
    c, n = s.buffers.cover, s.buffers.normal
    shine = ramp(n[1], 0.15, 0.8)
    shoulder = ramp(n[1], 0.25, 0.75) * ramp(n[2], 0.2, 0.5)
    total = c[NOTHING] + (c[BODY] + c[SEAM]) * body + c[WINDOW] * glass + c[RIM] * rim + c[DISC] * disc
    total += c[TYRE] * (tyre + 0.20 * shoulder)
    form = _lambert(s.buffers) if s.buffers.open else np.float32(0.0)
    total += c[DARK] * (dark + 0.22 * shine + DARK_FORM * form)
    if s.buffers.open:  # legs and rails are the product there, and no trim: they have a lit and a shaded side
        light = np.asarray(light - LIGHT_FORM * (1.0 - form), dtype=np.float32)
    return np.asarray(total + c[LAMP_GLASS] * lamp + c[LIGHT] * light, dtype=np.float32)


def _lambert(b: Buffers) -> Float32Array:
    """(h, w) how much of the light each place catches, 0 to 1."""
    light = np.asarray(b.view.light, dtype=np.float32)
    light /= np.linalg.norm(light)
    return np.asarray(np.clip(np.einsum("c,chw->hw", light, b.normal), 0.0, 1.0), dtype=np.float32)


STYLE_MAKERS: Mapping[str, Callable[[Sheet, np.random.Generator], Float32Array]] = {
    "ink": ink_pen,
    "marker": marker,
    "soft": soft_pencil,
}
