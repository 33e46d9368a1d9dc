"""Verbs about the space of designs: which families there are, random designs of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from ...design.family.contract import Family
from ...design.family.records import Design, write_design
from ...design.family.registry import ENTRY_POINT_GROUP, get_family
from ..output import prepare_folder, write_json
from ..progress import Progress, silent
from ..results import FamiliesResult, FamilyInfo, RejectedDraw, SampledDesign, SampleResult
from ..workbench import Workbench, at


def families() -> FamiliesResult:
    """Every installed family with its parameters, starting points, measures and surrogate."""
    names = sorted(point.name for point in entry_points(group=ENTRY_POINT_GROUP))
    return FamiliesResult(tuple(_info(get_family(name)) for name in names))


def sample(
    family: str,
    n: int = 12,
    *,
    seed: int = 0,
    out: Path | None = None,
    build: bool = False,
    progress: Progress = silent,
    workbench: Workbench | None = None,
) -> SampleResult:
    """`n` random valid designs of a family's declared space, written as design files into `out`.

    Each accepted design's hull is built and checked for being closed; with `build` its exact solids are
    built too (seconds a design) and checked; with `out` as well, a stopped run goes on where it stopped.

    Raises:
        InputError: unknown family, `n` or `seed` out of bounds, or a folder that cannot be written.
    """
    from ...design.family.sampling import sample as draw

    chosen = at(family, workbench).family
    folder = prepare_folder(out) if out is not None else None
    found = draw(chosen, n, seed)
    rows = _closed(chosen, found.designs, folder, progress)
    if build:
        from ..sample_builds import built

        rows = built(chosen, rows, folder, progress)
    rejected = tuple(
        RejectedDraw(d.index, d.broken[0].rule, tuple(b.rule for b in d.broken), d.broken[0].reason)
        for d in found.refused
    )
    result = SampleResult(family, seed, tuple(rows), rejected, found.accepted_share)
    if folder is not None:
        write_json(result, folder / "sample.json")
    return result


def _closed(
    family: Family, designs: Sequence[Design], folder: Path | None, progress: Progress
) -> list[SampledDesign]:
    """Design files, and whether each fast hull is closed."""
    rows = []
    for k, design in enumerate(designs):
        progress("checking hulls", k / len(designs))
        file = folder / f"{family.name}-{k:04d}.json" if folder is not None else None
        if file is not None:
            write_design(design, file)
        rows.append(SampledDesign(file, design.parameters, family.hull(design.parameters).is_watertight))
    progress("checking hulls", 1.0)
    return rows


def _info(family: Family) -> FamilyInfo:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for p in family.parameters:
        r = p.range
        row = {
            "name": p.name,
            "low": r.low,
            "high": r.high,
            "default": r.default,
            "unit": r.unit,
            "doc": r.doc,
        }
        row |= ({"sae": r.sae} if r.sae else {}) | ({"whole": True} if r.whole else {})
        row |= {"kinds": {f"{value:g}": kind for value, kind in r.kinds.items()}} if r.kinds else {}
        groups.setdefault(r.group, []).append(row)
    options: dict[str, list[Mapping[str, Any]]] = {}
    for c in family.choices:
        about = {"name": c.name, "options": list(c.choice.options), "default": c.choice.default}
        options.setdefault(c.choice.group, []).append({**about, "doc": c.choice.doc})
    return FamilyInfo(
        family.name,
        family.title,
        groups,
        tuple(family.archetypes),
        {m.name: m.unit for m in family.measure_list},
        family.declaration_hash,
        _model_of(family.name),
        options,
        tuple(
            {
                "name": b.name,
                "title": b.title,
                "limits": [asdict(f) for f in b.figures],
                "source": b.source,
                "left_out": b.left_out,
            }
            for b in family.lexicon.quantities.bundles
        ),
    )


def _model_of(family: str) -> str | None:
    from importlib.resources import files

    shipped = files("maquette.assets") / "models" / family
    return family if shipped.is_dir() else None
