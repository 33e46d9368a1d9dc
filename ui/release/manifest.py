"""The manifest: everything a release claims, in one JSON object that is sealed and can be checked.

Pure functions of plain data, without clock or machine names, so that equal inputs give equal bytes; the day
is an input.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ...design.errors import VerificationError
from ...design.exchange.exact import ExactBody, measures_of
from ...design.family.records import SCHEMA_VERSION, Design, kinds_of, named_values
from ...design.family.registry import get_family
from ...design.structures.solve import Solved, solve
from ...design.structures.verdict import rows, why
from ..output import plain

KIND = "maquette release"
#: packages whose version can change a released byte
PACKAGES = (
    "maquette", "numpy", "scipy", "cadquery", "cadquery-ocp", "vtk", "manifold3d", "torch", "gpytorch",
    "optuna", "pillow", "ezdxf",
)  # fmt: skip
_KEYS: dict[str, type | tuple[type, ...]] = {
    "schema_version": int,
    "kind": str,
    "title": str,
    "design": dict,
    "declaration_hash": str,
    "brief": dict,
    "understood": list,
    "not_understood": list,
    "verdicts": list,
    "feasible": bool,
    "explanation": str,
    "predictions": dict,
    "measures": dict,
    "measures_exact": list,
    "box": dict,
    "parts": list,
    "hull": dict,
    "decisions": list,
    "seeds": dict,
    "versions": dict,
    "files": dict,
    "seal": str,
}
#: only where a concept was chosen, of products that carry loads, and since releases have a date
_OPTIONAL: dict[str, type | tuple[type, ...]] = {"concept": dict, "strength": dict, "date": str}


@dataclass(frozen=True)
class Picture:
    """The concept that a release follows.

    Attributes:
        claim: number, look, model, body, faith and agreements, as plain objects.
        sketch: PNG of the chosen sketch. restyled: PNG of the result drawn in its manner.
        sheet: PNG of the contact sheet that it was chosen from.
    """

    claim: Mapping[str, Any]
    sketch: bytes
    restyled: bytes
    sheet: bytes


@dataclass(frozen=True)
class Content:
    """What a release is made from.

    Attributes:
        design: the released design with the provenance of each parameter.
        body: its exact body (:func:`maquette.design.exchange.exact.build_exact`), STEP included.
        brief: the brief as JSON object, {} when there was none.
        verdicts, predictions: records or plain objects.
        feasible: every hard requirement holds.
        seeds: what was drawn with which seed.
        understood, not_understood: how the brief's words were taken.
        explanation: one sentence on the outcome.
        title: heading of report and drawing.
        concept: what the body follows, if anything.
        palette: paint of the pictures, by name; the family's own when "".
        date: the day on which it is made, ISO 8601; the drawing has none when "".
    """

    design: Design
    body: ExactBody
    brief: Mapping[str, Any] = field(default_factory=dict)
    verdicts: Sequence[Any] = ()
    predictions: Mapping[str, Any] = field(default_factory=dict)
    feasible: bool = True
    seeds: Mapping[str, int] = field(default_factory=dict)
    understood: Sequence[Any] = ()
    not_understood: Sequence[Any] = ()
    explanation: str = ""
    title: str = ""
    concept: Picture | None = None
    palette: str = ""
    date: str = ""


def claims(content: Content) -> dict[str, Any]:
    """The manifest without the file list and the seal."""
    design = content.design
    family = get_family(design.family)
    hull = family.hull(design.parameters)
    units = {p.name: p.range.unit for p in family.parameters}
    kinds = kinds_of(design.family, design.parameters)
    data = {
        "schema_version": SCHEMA_VERSION,
        "kind": KIND,
        "title": content.title or family.title,
        "design": design.to_json(),
        "declaration_hash": family.declaration_hash,
        "brief": content.brief,
        "understood": list(content.understood),
        "not_understood": list(content.not_understood),
        "verdicts": list(content.verdicts),
        "feasible": content.feasible,
        "explanation": content.explanation,
        "predictions": content.predictions,
        "measures": {
            name: {"value": value, "unit": measures_of(family).get(name, "")}
            for name, value in content.body.measures.items()
        },
        "measures_exact": list(content.body.exact),
        "box": content.body.box,
        "parts": [part.to_json() for part in content.body.parts],
        "hull": {
            "volume_mm3": hull.volume,
            "area_mm2": hull.area,
            "low_mm": hull.bounds[0],
            "high_mm": hull.bounds[1],
            "watertight": hull.is_watertight,
        },
        "decisions": [
            {
                "parameter": n,
                "value": v,
                "unit": units.get(n, "1"),
                "by": design.provenance.get(n, "default"),
                **({"name": kinds[n]} if n in kinds else {}),
            }
            for n, v in named_values(design.family, design.parameters).items()
        ],
        "seeds": dict(content.seeds),
        "versions": versions(),
    }
    if content.date:
        data["date"] = content.date
    if content.concept is not None:
        data["concept"] = content.concept.claim
    structure = family.structure(design.parameters)
    if structure is not None:
        data["strength"] = strength_of(solve(structure)) | {"nine_in_ten": family.spreads(design.parameters)}
    return dict(plain(data))


def strength_of(solved: Solved) -> dict[str, Any]:
    """What the manifest says of strength: the sentence that tells what decides, and every load case."""
    return {"why": why(solved), "cases": rows(solved)}


def versions() -> dict[str, str]:
    """Installed version of each package in :data:`PACKAGES`."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def finished(claimed: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """The manifest file: claims, size and SHA-256 of every other file, and the seal."""
    data = dict(claimed)
    data["files"] = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in sorted(files.items())
    }
    data["seal"] = seal(data)
    return (json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")


def seal(data: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of everything but the seal itself."""
    rest = {k: v for k, v in data.items() if k != "seal"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def check_form(data: Any) -> dict[str, Any]:
    """`data` as a manifest of this schema version.

    Raises:
        VerificationError: naming the first key that is missing, unknown or of the wrong kind.
    """
    if not isinstance(data, dict):
        raise VerificationError(f"the manifest is not an object but {type(data).__name__}")
    if data.get("kind") != KIND or data.get("schema_version") != SCHEMA_VERSION:
        raise VerificationError(
            f"kind {data.get('kind')!r}, schema_version {data.get('schema_version')!r}; this version reads "
            f"{KIND!r}, {SCHEMA_VERSION}"
        )
    for key, kind in _KEYS.items():
        if not isinstance(data.get(key), kind):
            raise VerificationError(f"key {key!r} is missing or of the wrong kind")
    for key, kind in _OPTIONAL.items():
        if key in data and not isinstance(data[key], kind):
            raise VerificationError(f"key {key!r} is of the wrong kind")
    unknown = sorted(set(data) - set(_KEYS) - set(_OPTIONAL))
    if unknown:
        raise VerificationError(f"unknown key {unknown[0]!r}")
    return data
