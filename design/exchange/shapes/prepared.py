"""A file of any shape made into one closed body in millimetres: the whole way, with what was done.

shape = prepare(Path("body.stl"), known_bodies(family))
shape.mesh, shape.done
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...geometry.measures import asymmetry, frontal_area
from ...geometry.mesh import Mesh
from ...messages import say
from .axes import Known, Placing, check_axes, placed
from .files import RawShape, read_triangles
from .repair import Repaired, repaired
from .wrap import Wrapped, wrapped

#: how unit and axes were found, in words
HOW = {
    "given": say("as given"),
    "format": say("as the kind of file has it"),
    "size": say("by its size"),
    "shape": say("by its shape"),
    "guess": say("a guess"),
}
LOPSIDED = 0.02  # share of the volume without a mirror image that is spoken of


@dataclass(frozen=True)
class PreparedShape:
    """A shape ready to be measured, predicted and simulated.

    Attributes:
        path, kind: where it came from.
        mesh: closed, mm, nose at x = 0, z up, ground at z = 0, middle at y = 0.
        placing: unit, axes, ground. repair: what was mended. wrap: the skin that stands for it; None: itself.
        asymmetry: share of its volume without a mirror image.
        triangles: in the file.
    """

    path: Path
    kind: str
    mesh: Mesh
    placing: Placing
    repair: Repaired
    wrap: Wrapped | None
    asymmetry: float
    triangles: int

    @property
    def certain(self) -> bool:
        """Unit and axes are given or beyond doubt."""
        return "guess" not in (self.placing.unit_how, self.placing.axes_how)

    @property
    def done(self) -> tuple[str, ...]:
        """What was found and done, a sentence each."""
        p, r, low, high = self.placing, self.repair, *self.mesh.bounds
        said = [
            say(
                "unit {unit} ({how}): {length:.0f} x {width:.0f} x {height:.0f} mm; --units says another",
                unit=p.unit, how=HOW[p.unit_how], length=high[0] - low[0], width=high[1] - low[1],
                height=high[2] - low[2],
            ),
            say(
                "up is {up}, forward is {forward} ({how}); --up and --forward say otherwise",
                up=p.up, forward=p.forward, how=HOW[p.axes_how],
            ),
        ]  # fmt: skip
        if p.axes_how == "guess":
            said.append(say("another way up or forward fits nearly as well: please look"))
        if p.tilt > 0.05:
            said.append(say("turned by {tilt:.1f} deg until it stood straight", tilt=p.tilt))
        if p.ground:
            said.append(say("moved by {ground:.1f} mm onto the ground", ground=p.ground))
        if r.duplicates or r.collapsed:
            said.append(
                say("{count} double or collapsed triangles dropped", count=r.duplicates + r.collapsed)
            )
        if r.turned:
            said.append(say("{count} triangles turned outward", count=r.turned))
        if r.holes:
            said.append(say("{count} small holes closed", count=r.holes))
        if r.united:
            said.append(say("{count} closed pieces united", count=r.united))
        if self.wrap is not None:
            said.append(
                say(
                    "{pieces} pieces with {rims} open rims wrapped into one skin: gaps up to {gap:.0f} mm "
                    "bridged, {off:.1f} mm off the triangles (root mean square), cells of {cell:.0f} mm",
                    pieces=r.pieces, rims=r.open_rims, gap=self.wrap.gap, off=self.wrap.off,
                    cell=self.wrap.cell,
                )
            )  # fmt: skip
        if self.asymmetry > LOPSIDED:
            said.append(
                say(
                    "{share:.0%} of the volume has no mirror image; the half at y > 0 stands for both",
                    share=self.asymmetry,
                )
            )
        return tuple(said)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON object, sentences and the numbers behind them."""
        p, r, (low, high) = self.placing, self.repair, self.mesh.bounds
        return {
            "path": str(self.path),
            "kind": self.kind,
            "units": p.unit,
            "units_how": p.unit_how,
            "up": p.up,
            "forward": p.forward,
            "axes_how": p.axes_how,
            "axes": {"up": p.up, "forward": p.forward, "how": p.axes_how},
            "tilt_deg": p.tilt,
            "ground_mm": p.ground,
            "certain": self.certain,
            "length_mm": float(high[0] - low[0]),
            "width_mm": float(high[1] - low[1]),
            "height_mm": float(high[2]),
            "volume_m3": self.mesh.volume * 1e-9,
            "frontal_area_m2": frontal_area(self.mesh),
            "triangles": self.triangles,
            "pieces": r.pieces,
            "repairs": {
                "dropped": r.duplicates + r.collapsed,
                "turned": r.turned,
                "holes": r.holes,
                "united": r.united,
                "wrapped": self.wrap is not None,
                "gap_mm": 0.0 if self.wrap is None else self.wrap.gap,
                "off_mm": 0.0 if self.wrap is None else self.wrap.off,
            },
            "watertight": True,
            "asymmetry": self.asymmetry,
            "done": self.done,
        }


def prepare(
    path: Path,
    known: Known,
    *,
    unit: str = "",
    up: str = "",
    forward: str = "",
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> PreparedShape:
    """One closed body from a file.

    Args:
        known: bodies whose size and outline tell unit and axes.
        unit, up, forward: said instead of guessed: ``mm``, ``z``, ``-x`` (where the nose points).

    Raises:
        InputError: the file cannot be read, its triangles enclose nothing, or an option means nothing.
    """
    check_axes(unit, up, forward)
    progress("reading", 0.0)
    raw = read_triangles(Path(path))
    progress("repairing", 0.3)
    return _closed(Path(path), raw, known, (unit, up, forward))


def _closed(path: Path, raw: RawShape, known: Known, said: tuple[str, str, str]) -> PreparedShape:
    mended = repaired(raw.mesh)
    if len(mended.mesh.faces) < 4:
        raise InputError(say("{path}: nothing is left of its triangles but points and lines", path=path))
    mesh, placing = placed(mended.mesh, known, raw.unit, *said, gltf=raw.kind == "glb")
    skin = None
    if not mended.closed:
        found = wrapped(mesh)
        if isinstance(found, str):
            raise InputError(_refusal(path, mended, found))
        skin, mesh = found, found.mesh
        mesh = mesh.moved((-mesh.bounds[0, 0], 0.0, max(0.0, -float(mesh.bounds[0, 2]))))
    return PreparedShape(
        path, raw.kind, mesh, placing, mended, skin, max(0.0, asymmetry(mesh)), len(raw.mesh.faces)
    )


def _refusal(path: Path, mended: Repaired, why: str) -> str:
    if why == "sheet":
        return say(
            "{path}: {pieces} open pieces with {rims} rims enclose no volume; close the surface first",
            path=path, pieces=mended.pieces, rims=mended.open_rims,
        )  # fmt: skip
    return say(
        "{path}: an opening wider than 4 % of its length leads inside; close it (glass, underbody) first",
        path=path,
    )
