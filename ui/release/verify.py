"""Does a release say the truth? Opens it, re-imports its shapes, recomputes what can be, compares.

A release that cannot be read as one is bad input (:class:`InputError`); everything else becomes a check
that holds or fails, and the first line of `detail` says where.
"""

from __future__ import annotations

import hashlib
import io
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...design.errors import InputError, MaquetteError
from ...design.family.contract import Family
from ...design.family.records import Design, kinds_of, named_values
from ...design.family.registry import get_family
from ...design.geometry.worker import KernelPool, Limits
from ...design.limits import BUILD_SECONDS
from ...design.messages import Message, quoted, say
from ...design.messages import listed as joined
from ...design.reading import strict_json, text_of
from ..progress import Progress, silent
from .archive import plain_name, read_archive, read_folder
from .checking import Check
from .manifest import check_form, seal
from .verify_claims import check_judgement, check_strength, check_texts
from .verify_shapes import Reading, check_meshes, check_solids
from .write import MANIFEST

MOST_TOLD = 5  # files that are named in one line
REQUIRED = (
    "model.step",
    "model.glb",
    "model.stl",
    "hull.stl",
    "drawing.svg",
    "design.json",
    "design.py",
    "report.html",
)


@dataclass(frozen=True)
class Verification:
    """What :func:`verify` found."""

    ok: bool
    checks: tuple[Check, ...]


def verify(
    release: Path,
    rebuild: bool = True,
    progress: Progress = silent,
    pool: KernelPool | None = None,
    reading: Reading | None = None,
) -> Verification:
    """Check a release folder or its zip.

    Args:
        rebuild: also build the exact solids anew from the design's parameters and compare (seconds).
        pool: a warm worker process to use instead of one's own.
        reading: of content that the STEP file may have; it is read anew when it has not.

    Raises:
        InputError: missing, not a release, a damaged or dangerous zip.
    """
    files, extras = _open(release)
    checks: list[Check] = []
    progress("verify", 0.0)
    claimed = _manifest(files, checks)
    if claimed is None:
        return Verification(False, tuple(checks))
    checks.append(_files(claimed, files, extras))
    at = len(checks)
    design, family = _design(claimed, files, checks)
    checks.insert(at, _pictures(files, family))
    progress("verify", 0.1)
    if family is not None and design is not None:
        checks += list(check_meshes(claimed, files, family, design))
        checks += list(check_texts(claimed, files, family))
        progress("verify", 0.2)
        checks += list(_solids(claimed, files, design, rebuild, progress, pool, reading))
        checks += list(check_strength(claimed, family, design))
        checks += list(check_judgement(claimed, family, design))
    else:
        checks += list(_solids(claimed, files, None, False, progress, pool, reading))
    progress("verify", 1.0)
    return Verification(all(check.ok for check in checks), tuple(checks))


def _solids(
    claimed: Mapping[str, Any],
    files: Mapping[str, bytes],
    design: Design | None,
    rebuild: bool,
    progress: Progress,
    pool: KernelPool | None,
    reading: Reading | None,
) -> list[Check]:
    if pool is not None:
        return list(check_solids(claimed, files, design, rebuild, progress, pool, reading))
    with KernelPool(Limits(seconds=2 * BUILD_SECONDS)) as own:
        return list(check_solids(claimed, files, design, rebuild, progress, own, reading))


def _open(release: Path) -> tuple[dict[str, bytes], tuple[str, ...]]:
    if release.is_dir():
        files, extras = read_folder(release)
    elif release.is_file():
        files, extras = read_archive(release)
    else:
        raise InputError(say("{folder}: no such folder or zip", folder=release))
    if MANIFEST not in files:
        raise InputError(say("{folder}: holds no manifest.json, so it is not a release", folder=release))
    return files, extras


def _manifest(files: Mapping[str, bytes], checks: list[Check]) -> dict[str, Any] | None:
    try:
        claimed = check_form(_json(files[MANIFEST], MANIFEST))
    except MaquetteError as error:
        why = error.message
        checks.append(Check("manifest", False, say("cannot be read: {why}", why=why)))
        return None
    whole = seal(claimed) == claimed["seal"]
    checks.append(
        Check(
            "manifest",
            whole,
            say("seal holds" if whole else "changed after it was sealed: the seal does not fit"),
        )
    )
    return claimed


def _json(data: bytes, source: str) -> Any:
    return strict_json(text_of(data, source), source)[0]


def _files(claimed: Mapping[str, Any], files: Mapping[str, bytes], extras: Sequence[str] = ()) -> Check:
    listed = claimed["files"]
    present = set(files) - {MANIFEST}
    problems = [say("{file} is missing", file=name) for name in sorted(set(listed) - present)]
    problems += [say("{file} is not in the manifest", file=name) for name in sorted(present - set(listed))]
    problems += [say("{file} is not in the list", file=name) for name in REQUIRED if name not in listed]
    for name in sorted(present & set(listed)):
        entry = listed[name] if isinstance(listed[name], dict) else {}
        digest = hashlib.sha256(files[name]).hexdigest()
        if not plain_name(name) or entry.get("sha256") != digest or entry.get("size") != len(files[name]):
            problems.append(_changed(name, entry, files[name]))
    told = problems[:MOST_TOLD] or [say("{files} files, every SHA-256 holds", files=len(listed))]
    if extras:
        told.append(
            say(
                "passed over, a file manager's own: {extras}",
                extras=joined(map(quoted, sorted(extras))),
            )
        )
    return Check("files", not problems, joined(told, "; "))


def _changed(name: str, entry: Mapping[str, Any], data: bytes) -> Message:
    """A file that is not what the manifest says, and what has probably happened to it."""
    size = entry.get("size")

    def was(text: bytes) -> bool:
        return hashlib.sha256(text).hexdigest() == entry.get("sha256")

    if was(data.replace(b"\r\n", b"\n")):
        return say(
            "{file} was changed: git or an editor gave it the line ends of Windows; take it from the zip",
            file=name,
        )
    if was(data.removeprefix(BOM_UTF8)) or was(data + b"\n") or was(data.rstrip() + b"\n"):
        return say("{file} was changed: an editor has saved it anew; take it from the zip", file=name)
    if isinstance(size, int) and len(data) < size and (not data or not data.strip(b"\0")):
        return say("{file} is empty: it was never copied; copy it again", file=name)
    if isinstance(size, int) and len(data) < size:
        return say(
            "{file} was changed or cut short: it has {size} of {whole} bytes; copy it again",
            file=name,
            size=len(data),
            whole=size,
        )
    return say("{file} was changed: its SHA-256 or size is not the manifest's", file=name)


def _pictures(files: Mapping[str, bytes], family: Family | None) -> Check:
    """Every picture decodes; those that every release has of a body have to be there."""
    from PIL import Image

    shown = Family.pictures if family is None else family.pictures
    names = [f"{view}.png" for view in Family.pictures if view in shown]
    names += sorted(name for name in files if name.endswith(".png") and name not in names)
    for name in names:
        try:
            with Image.open(io.BytesIO(files.get(name, b"")), formats=["PNG"]) as picture:
                picture.load()
        except Exception as error:  # Pillow raises many kinds on damaged files
            why = quoted(type(error).__name__)
            return Check("pictures", False, say("{file} cannot be decoded ({why})", file=name, why=why))
    return Check("pictures", True, say("{pictures} pictures decode", pictures=len(names)))


def _design(
    claimed: Mapping[str, Any], files: Mapping[str, bytes], checks: list[Check]
) -> tuple[Design | None, Family | None]:
    try:
        design = Design.from_json(claimed["design"], MANIFEST)
        on_disk = Design.from_json(_json(files.get("design.json", b"null"), "design.json"), "design.json")
        family = get_family(design.family)
        values = family.accept(design.parameters)
    except (MaquetteError, ValueError) as error:
        why = error.message if isinstance(error, MaquetteError) else str(error)
        checks.append(Check("design", False, why))
        return None, None
    problem = None
    if on_disk != design:
        problem = say("design.json is not the manifest's design")
    elif family.declaration_hash != claimed["declaration_hash"]:
        problem = say("made for another declaration of the family's parameters")
    else:
        kinds = kinds_of(design.family, design.parameters)
        told = {
            str(n := d.get("parameter")): (d.get("value"), d.get("by"), d.get("name", kinds.get(str(n))))
            for d in claimed["decisions"]
        }
        true = {
            n: (v, design.provenance.get(n, "default"), kinds.get(n))
            for n, v in named_values(design.family, design.parameters).items()
            if n not in design.filled
        }
        if told != true:
            problem = say("the decisions are not the design's parameters")
    good = say("{parameters} parameters in range, every rule kept", parameters=len(values))
    checks.append(Check("design", not problem, problem or good))
    return Design(design.family, values, design.provenance), family
