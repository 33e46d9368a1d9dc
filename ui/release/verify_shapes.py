"""Checks on the shapes of a release: STEP, STL and GLB against the manifest and the parameters."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...constraints.requirements.assess import zone_gaps
from ...design.arrays import FloatArray
from ...design.errors import VerificationError
from ...design.exchange.exact import ExactBody, box_of_parts, build_exact
from ...design.exchange.step import PartFacts, read_step
from ...design.family.contract import Family
from ...design.family.records import Design
from ...design.family.registry import get_family
from ...design.geometry.measures import closes
from ...design.geometry.mesh import Mesh, joined, used_only
from ...design.geometry.worker import KernelPool
from ...design.geometry.zones import zone_of
from ...design.limits import HULL_RELATIVE, LIMIT_MM, STEP_RELATIVE
from ...design.messages import say, spelt
from ..progress import Progress
from .checking import BOX_MM, NUMBER, SINGLE, Check, all_close, checked, close, lengths_of, near
from .manifest import versions


@dataclass(frozen=True)
class Reading:
    """What a STEP file's content held when it was read, for a file that proves to have the same.

    Attributes:
        content: the file's bytes. facts: waits for the reading; errors as :func:`reread`.
    """

    content: bytes
    facts: Callable[[], list[PartFacts]]


def reread(content: bytes, pool: KernelPool) -> list[PartFacts]:
    """Facts of a STEP file's parts, re-imported in a worker process with limits.

    Raises:
        InputError: not a STEP file with solids. BuildError: the worker died or ran out of its limits.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.step"
        path.write_bytes(content)
        return pool.run(read_step, path)


def check_meshes(
    claimed: Mapping[str, Any], files: Mapping[str, bytes], family: Family, design: Design
) -> Iterator[Check]:
    from ...design.exchange.export import read_glb, read_stl

    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / name for name in ("model.stl", "hull.stl", "model.glb")}
        for name, path in paths.items():
            path.write_bytes(files.get(name, b""))
        hull, parts = family.hull(design.parameters), family.mesh(design.parameters)

        def whole() -> str:
            mesh, own = read_stl(paths["model.stl"]), joined([part.mesh for part in parts])
            if closes(own) and not closes(mesh):
                raise VerificationError(say("model.stl does not close"))
            near(say("volume of {part}", part="model.stl"), mesh.volume, own.volume, SINGLE)
            near(say("area of {part}", part="model.stl"), mesh.area, own.area, SINGLE)
            all_close(say("box of {part}", part="model.stl"), mesh.bounds, used_only(own).bounds, 0.01)
            return say("all {parts} parts as the parameters give", parts=len(parts))

        def stl() -> str:
            mesh = read_stl(paths["hull.stl"])
            if not mesh.is_watertight:
                raise VerificationError(say("hull.stl is not watertight"))
            near(say("hull volume in the manifest"), claimed["hull"].get("volume_mm3"), hull.volume, NUMBER)
            near(say("hull area in the manifest"), claimed["hull"].get("area_mm2"), hull.area, NUMBER)
            near(say("volume of {part}", part="hull.stl"), mesh.volume, hull.volume, SINGLE)
            near(say("area of {part}", part="hull.stl"), mesh.area, hull.area, SINGLE)
            for k, name in enumerate(("low_mm", "high_mm")):
                for told, value in zip(claimed["hull"].get(name, [0, 0, 0]), hull.bounds[k], strict=True):
                    near(f"hull {name}", told, value, NUMBER)
                what = say("box of {part}", part=f"hull.stl ({name})")
                all_close(what, mesh.bounds[k], hull.bounds[k], 0.01)
            return say("watertight, {volume:.4f} m3 as the parameters give", volume=mesh.volume * 1e-9)

        def glb() -> str:
            found = read_glb(paths["model.glb"])
            made = [part for part in parts if len(part.mesh.faces)]
            if [p.name for p in found] != [p.name for p in made]:
                raise VerificationError(say("model.glb does not hold the family's parts"))
            for part, own in zip(found, made, strict=True):
                area = say("area of {part}", part=f"{part.name} in model.glb")
                near(area, part.mesh.area, own.mesh.area, 1e-3)
                middle = say("middle of {part} in {file}", part=part.name, file="model.glb")
                all_close(middle, _middle(part.mesh), _middle(own.mesh), 0.05)
                box = say("box of {part} in {file}", part=part.name, file="model.glb")
                all_close(box, part.mesh.bounds, used_only(own.mesh).bounds, 0.05)
            return say("{parts} named parts as the parameters give", parts=len(found))

        yield checked("STL", whole)
        yield checked("hull STL", stl)
        yield checked("GLB", glb)


def _middle(mesh: Mesh) -> FloatArray:
    """Centroid of the surface, (3,), mm."""
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    twice = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    return np.asarray(twice @ (a + b + c) / (3.0 * twice.sum()), dtype=np.float64)


def check_solids(
    claimed: Mapping[str, Any],
    files: Mapping[str, bytes],
    design: Design | None,
    rebuild: bool,
    progress: Progress,
    pool: KernelPool,
    reading: Reading | None = None,
) -> Iterator[Check]:
    """The STEP file, re-imported in a worker process with limits; then the design built anew."""
    told = claimed["parts"]
    content = files.get("model.step", b"")

    held: list[PartFacts] = []

    def step() -> str:
        if reading is not None and reading.content == content:
            found = reading.facts()
        else:
            found = reread(content, pool)
        held.extend(found)
        _same_parts(told, found)
        volume = sum(f.volume for f in found) * 1e-9
        return say(
            "{parts} parts re-imported with name, colour, material; {volume:.4f} m3 agrees",
            parts=len(found),
            volume=volume,
        )

    yield checked("STEP", step)
    progress("verify", 0.5)
    if design is None:
        return
    if held:
        yield checked("limits", lambda: _lengths(claimed, design, held))
    if not rebuild:
        yield checked("measures", lambda: _fast_measures(claimed, design))
        return
    built: list[ExactBody] = []

    def anew() -> str:
        values, zones = dict(design.parameters), _zones(claimed)
        body = pool.run(build_exact, design.family, values, True, zones, parameters=values)
        built.append(body)
        if not body.valid:
            raise VerificationError(body.faults[0])
        _same_parts(told, body.parts)
        same = body.step == files.get("model.step")
        if not same and claimed["versions"] == versions():
            raise VerificationError(say("model.step is not what the parameters build with these versions"))
        return say(
            "built anew from the parameters: the same bytes"
            if same
            else "built anew from the parameters: the same parts"
        )

    def measures() -> str:
        own = built[0].measures
        _same_names(claimed, own)
        for name, value in own.items():
            limit = STEP_RELATIVE if name in built[0].exact else NUMBER
            near(spelt(name), claimed["measures"][name].get("value"), value, limit)
        return say("{measures} measures recomputed on the exact body", measures=len(own))

    yield checked("rebuild", anew)
    if built:
        yield checked("measures", measures)
    progress("verify", 0.9)


def _lengths(claimed: Mapping[str, Any], design: Design, found: Sequence[PartFacts]) -> str:
    """Lengths over everything in the STEP file, against the manifest's and those that the design states."""
    family = get_family(design.family)
    box, told = box_of_parts(family, found), lengths_of(claimed)
    if set(box) != set(told):
        raise VerificationError(say("the manifest does not hold the lengths that the family's parts have"))
    stated = {**family.measures_of(design.parameters, set(box)), **design.parameters}
    for name, value in box.items():
        close(f"{name} over all parts", told[name], value, BOX_MM)
        if name in stated:
            close(f"{name} as stated", stated[name], value, LIMIT_MM)
    return say(
        "{lengths} lengths over all {parts} parts re-imported are the stated ones to {most:g} mm",
        lengths=len(box),
        parts=len(found),
        most=LIMIT_MM,
    )


def _fast_measures(claimed: Mapping[str, Any], design: Design) -> str:
    """Measures from the definition and the fast mesh; the exact ones must agree as the two bodies do."""
    family = get_family(design.family)
    boxes = zone_gaps(family, design.parameters, _zones(claimed))
    own = family.measures(design.parameters)
    _same_names(claimed, {**own, **boxes})
    for name, value in boxes.items():
        close(name, claimed["measures"][name].get("value"), value, LIMIT_MM)
    for name, value in own.items():
        limit = 2 * HULL_RELATIVE if name in claimed["measures_exact"] else NUMBER
        near(spelt(name), claimed["measures"][name].get("value"), value, limit)
    return say("{measures} measures recomputed on the fast body", measures=len(own))


def _zones(claimed: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in claimed["measures"] if zone_of(name) is not None)


def _same_names(claimed: Mapping[str, Any], own: Mapping[str, float]) -> None:
    if set(own) != set(claimed["measures"]):
        raise VerificationError(say("the manifest does not hold the family's measures"))
    hull = claimed["measures"].get("hull_volume")
    if hull is not None:
        fast = claimed["hull"]["volume_mm3"] * 1e-9
        near(say("exact hull against fast hull"), hull["value"], fast, HULL_RELATIVE)


def _corner(key: str, name: str) -> str:
    return say("centroid of {part}", part=name) if key == "centroid" else f"{key} of {name}"


def _same_parts(told: Sequence[Mapping[str, Any]], found: Sequence[PartFacts]) -> None:
    if [t.get("name") for t in told] != [f.name for f in found]:
        raise VerificationError(say("the parts are not those of the manifest"))
    for row, part in zip(told, found, strict=True):
        name = part.name
        if part.solids != row.get("solids") or not part.valid:
            raise VerificationError(f"{name}: {part.solids} solids, {'valid' if part.valid else 'not valid'}")
        near(say("volume of {part}", part=name), row.get("volume"), part.volume, STEP_RELATIVE)
        near(say("area of {part}", part=name), row.get("area"), part.area, STEP_RELATIVE)
        for key in ("low", "high", "centroid"):
            all_close(_corner(key, name), row.get(key, ()), getattr(part, key), BOX_MM)
        all_close(say("colour of {part}", part=name), row.get("colour") or (), part.colour or (), 1e-3)
        if row.get("material") and part.material != row.get("material"):
            raise VerificationError(f"{name}: material {part.material!r}, not {row.get('material')!r}")
        near(say("density of {part}", part=name), row.get("density_kg_m3"), part.density_kg_m3, STEP_RELATIVE)
        for stated, value in ((part.stated_volume, part.volume), (part.stated_area, part.area)):
            if stated is not None:
                near(say("validation property of {part}", part=name), stated, value, 10 * STEP_RELATIVE)
