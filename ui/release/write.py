"""Writing a release: a folder, and a zip of it, that prove what they claim.

The same content gives the same bytes in every process on a machine (pictures depend on its OpenGL).
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...design.errors import BuildError, InputError
from ...design.family.registry import get_family
from ...design.files import make_folder, unwritable, write_bytes
from ...design.messages import say
from ..paint import painted
from ..progress import Progress, silent
from .archive import packed
from .manifest import Content, claims, finished
from .report import STRESS, report_html
from .script import design_script

if TYPE_CHECKING:
    from ...design.family.contract import Family
    from ...design.geometry.mesh import MeshPart

MANIFEST = "manifest.json"
#: pictures of the concept that the report shows
CONCEPTS = ("concept", "concept_restyled")


@dataclass(frozen=True)
class Release:
    """Where a release lies.

    Attributes:
        folder, archive: the folder and its zip. pictures: view name to PNG file in the folder.
        files: name to size, bytes.
    """

    folder: Path
    archive: Path
    pictures: Mapping[str, Path]
    files: Mapping[str, int]


def write_release(folder: Path, content: Content, progress: Progress = silent) -> Release:
    """Write `folder` and ``<folder>.zip``; an earlier release there is replaced, anything else is not.

    Raises:
        InputError: the folder holds something that is not a release, or cannot be written.
        BuildError: the body has no STEP content or is not sound.
    """
    _refuse_unsound(content)
    folder = folder.absolute()
    refuse_foreign(folder)
    make_folder(folder.parent)
    files = release_files(content, progress)
    progress("release", 0.9)
    _place(folder, files)
    archive = folder.with_name(folder.name + ".zip")
    write_bytes(archive, packed(files))
    progress("release", 1.0)
    return Release(
        folder,
        archive,
        {Path(name).stem: folder / name for name in sorted(files) if name.endswith(".png")},
        {name: len(data) for name, data in sorted(files.items())},
    )


def release_files(content: Content, progress: Progress = silent) -> dict[str, bytes]:
    """Every file of the release by name, the manifest last."""
    from ...design.exchange.export import write_glb, write_stl
    from ...design.geometry.mesh import joined
    from ...design.rendering.drawing import drawing_dxf, drawing_svg
    from ...design.rendering.views import in_use_picture, photographs

    progress("release", 0.0)
    claimed = claims(content)
    family = get_family(content.design.family)
    parts, hull = family.mesh(content.design.parameters), family.hull(content.design.parameters)
    files: dict[str, bytes] = {"model.step": content.body.step}
    with tempfile.TemporaryDirectory() as scratch:
        paths = {name: Path(scratch) / name for name in ("model.glb", "model.stl", "hull.stl")}
        write_glb(parts, paths["model.glb"])
        write_stl(joined([part.mesh for part in parts]), paths["model.stl"], several=True)
        write_stl(hull, paths["hull.stl"])
        files |= {name: path.read_bytes() for name, path in paths.items()}
    progress("release", 0.15)
    dims = family.dimensions(parts, content.design.parameters)
    drawing = drawing_svg(parts, dims, str(claimed["title"]), notes_of(claimed), content.date)
    files["drawing.svg"] = drawing.encode("utf-8")
    files["drawing.dxf"] = drawing_dxf(parts, dims)
    progress("release", 0.35)
    coloured = painted(parts, content.palette)
    pictures = photographs(family, coloured)
    pictures |= in_use_picture(family, coloured, content.design.parameters)
    for view, png in pictures.items():
        files[f"{view}.png"] = png
    shown = dict(pictures)
    if content.concept is not None:
        own = {"concept": content.concept.sketch, "concept_restyled": content.concept.restyled}
        files |= {f"{name}.png": png for name, png in {**own, "concept_sheet": content.concept.sheet}.items()}
        shown |= own
    bent = _strained(family, content, parts)
    if bent:
        files |= bent
        shown[STRESS] = bent[f"{STRESS}.png"]
    progress("release", 0.8)
    files["design.json"] = (json.dumps(claimed["design"], indent=2) + "\n").encode("utf-8")
    files["design.py"] = design_script(claimed).encode("ascii")
    files["report.html"] = report_html(claimed, shown, drawing, family.box_notes).encode("utf-8")
    files[MANIFEST] = finished(claimed, files)
    return files


def _strained(family: Family, content: Content, parts: Sequence[MeshPart]) -> dict[str, bytes]:
    """Picture and GLB of the body as its deciding load bends it; nothing of a family that carries none."""
    from ...design.exchange.export import write_glb
    from ...design.rendering.strain import strained
    from ...design.rendering.views import photographs
    from ...design.structures.solve import solve

    structure = family.structure(content.design.parameters)
    if structure is None:
        return {}
    bent = strained(parts, solve(structure)).parts
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / f"{STRESS}.glb"
        write_glb(bent, path)
        (png,) = photographs(family, bent, family.pictures[:1]).values()
        return {path.name: path.read_bytes(), f"{STRESS}.png": png}


def notes_of(claimed: Mapping[str, object]) -> list[str]:
    """Lines in the drawing's title block: the predictions with their intervals."""
    predictions = claimed["predictions"]
    if not isinstance(predictions, Mapping):
        return []
    return [
        f"{str(name).replace('_', ' ')} {p['value']:.3f} ({p['lower']:.3f} to {p['upper']:.3f})"
        for name, p in predictions.items()
    ]


def _refuse_unsound(content: Content) -> None:
    if not content.body.step or not content.body.parts:
        raise BuildError(say("the exact body has no STEP file"), content.design.parameters)
    if not content.body.valid:
        why = say("the exact body is not sound: {why}", why=content.body.faults[0])
        raise BuildError(why, content.design.parameters)


def refuse_foreign(folder: Path) -> None:
    """InputError when a release may not be written there: a file, or a folder that holds something else."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file; a release needs a folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise InputError(
            say("{folder}: holds files that are no release; choose another folder or empty it", folder=folder)
        )


def _place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write everything beside `folder`, then let it take the folder's place."""
    fresh: Path | None = None
    try:
        fresh = Path(tempfile.mkdtemp(prefix=".maquette-release-", dir=folder.parent))
        fresh.chmod(0o755)
        for name, data in files.items():
            write_bytes(fresh / name, data)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(fresh, folder)
    except OSError as error:
        raise InputError(unwritable(folder, error)) from error
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)
