"""The surface report of one design: tangency, waves and signs of curvature on its exact faces.

`judge_surfaces` runs where the kernel runs, in a worker process, like :mod:`..exchange.exact`; pictures are
made from what it returns by :mod:`.zebra`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..clock import Clock
from ..errors import InputError
from ..family.contract import Family
from ..family.registry import get_family
from ..geometry.patches import Patch
from ..geometry.surface_edges import TANGENCY_DEG, Tangency, solid_patches, tangency
from ..geometry.surface_lines import LineQuality, line_quality
from ..geometry.surface_plan import SurfacePlan
from ..geometry.surface_quality import WAVE_DEG, Heat, RegionQuality, region_quality


@dataclass(frozen=True)
class SurfaceReport:
    """What was measured on the exact faces.

    Attributes:
        smooth: every limit is kept: tangency, waves, and signs of curvature as declared.
        tangency, regions, lines: the measurements.
        limits: by name: ``tangency`` and ``wave``, degrees.
    """

    smooth: bool
    tangency: Tangency
    regions: tuple[RegionQuality, ...]
    lines: tuple[LineQuality, ...]
    limits: Mapping[str, float]


@dataclass(frozen=True)
class JudgedSurfaces:
    """A report with what pictures need: the exact surfaces, and the waves' places region by region."""

    report: SurfaceReport
    patches: tuple[Patch, ...]
    heat: tuple[Heat, ...]
    seconds: Mapping[str, float]


def plan_of(family: Family, values: Mapping[str, float]) -> SurfacePlan:
    """The family's plan.

    Raises:
        InputError: it has none.
    """
    plan = family.surface_plan(values)
    if plan is None:
        raise InputError(f"family {family.name!r} names no surface regions; its surfaces cannot be reported")
    return plan


def judge_surfaces(family_name: str, values: Mapping[str, float]) -> JudgedSurfaces:
    """Build the exact body and measure its faces. Loads the kernel.

    Raises:
        InputError: the family names no surface regions.
        BuildError: the kernel failed.
    """
    family = get_family(family_name)
    plan = plan_of(family, values)
    clock = Clock()
    solid = family.surface_solid(values)
    clock.lap("body")
    met = tangency(solid, plan.creases)
    clock.lap("tangency")
    patches = solid_patches(solid)
    judged = [region_quality(patches, region) for region in plan.regions]
    lines = tuple(line_quality(patches, line) for line in plan.lines)
    clock.lap("waves")
    regions = tuple(quality for quality, _ in judged)
    smooth = met.tangent and all(q.smooth for q in regions) and all(w.as_declared for w in lines)
    report = SurfaceReport(smooth, met, regions, lines, {"tangency": TANGENCY_DEG, "wave": WAVE_DEG})
    bare = tuple(dataclasses.replace(patch) for patch in patches)  # without what they have cached
    return JudgedSurfaces(report, bare, tuple(heat for _, heat in judged), clock.laps)


def surface_text(report: SurfaceReport, worst: int = 3) -> str:
    """The report as a text table: one row a region with its largest waves, then edges and lines."""
    return "\n".join([*_tangency_rows(report.tangency), *quality_rows(report.regions, report.lines, worst)])


def quality_rows(
    regions: tuple[RegionQuality, ...] | list[RegionQuality],
    lines: tuple[LineQuality, ...] | list[LineQuality],
    worst: int = 3,
) -> list[str]:
    """Rows about regions and lines."""
    rows = []
    for q in regions:
        note = "smooth" if q.smooth else f"above {WAVE_DEG:g}"
        rows.append(
            f"{q.name:14s} waves {q.wiggle:6.2f} deg/m   largest {q.largest:5.2f} deg ({note})"
            f"   found on {q.share:.0%}"
        )
        for w in q.worst[:worst]:
            x, y, z = w.point
            rows.append(
                f"    ({x:6.0f},{y:6.0f},{z:6.0f})  {w.turn:5.2f} deg over {w.length:4.0f} mm, as a ripple "
                f"of {w.height:5.2f} mm; slope along {w.of}, line along {w.along}"
            )
    for line in lines:
        rows.append(f"{line.name:20s} curvature changes sign at x = {_places(line.changes)}")
        if not line.as_declared:
            rows.append(f"    not declared: {_places(line.undeclared)}; missing: {_places(line.missing)}")
    return rows


def _tangency_rows(t: Tangency) -> list[str]:
    rows = [
        f"edges between faces: {t.edges} sampled, {t.creased} meant; largest angle {t.largest:.3f} deg, "
        f"95 % below {t.p95:.3f} deg, limit {TANGENCY_DEG:g} deg; largest gap {t.gap:.1e} mm"
    ]
    for fault in t.faults[:8]:
        x, y, z = fault.point
        rows.append(
            f"    ({x:6.0f},{y:6.0f},{z:6.0f})  {fault.angle:.3f} deg on an edge of {fault.length:.0f} mm"
        )
    return rows


def _places(found: tuple[float, ...]) -> str:
    return ", ".join(f"{x:.0f}" for x in found) or "none"


def surface_pictures(
    judged: JudgedSurfaces, plan: SurfacePlan, title: str, **options: Any
) -> dict[str, bytes]:
    """PNG bytes by name: ``zebra`` stripes, and ``waves`` with the worst places numbered."""
    from .zebra import zebra_picture

    zebra = zebra_picture(judged.patches, cover=plan.cover, title=f"{title}: reflection lines", **options)
    waves = zebra_picture(
        judged.patches,
        cover=plan.cover,
        title=f"{title}: waves of the normal (red: 2 degrees and more)",
        judged=list(zip(judged.report.regions, judged.heat, strict=True)),
        **options,
    )
    return {"zebra": zebra, "waves": waves}
