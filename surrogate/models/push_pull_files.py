"""The map of :mod:`.push_pull` as a file: `.vtp` for ParaView, `.png` to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...design.errors import InputError
from ...design.exchange.vtp import write_vtp
from ...design.files import write_bytes
from .push_pull import PushPull, push_pull
from .push_pull_words import Influence
from .surrogate import Surrogate

POINT_DATA = "push_pull"
WHAT = "change of the {quantity} per mm outward and m2"
SUFFIXES = (".vtp", ".png")


@dataclass(frozen=True)
class FieldFile:
    """A map that was written.

    Attributes:
        path: of the file. what: what its numbers are, with their unit. explained: see :class:`PushPull`.
        says: what the field does not know. left_out: parameters that it could not use.
        most: the parameters that matter most, each with its words.
    """

    path: Path
    what: str
    explained: float
    says: str
    left_out: tuple[str, ...]
    most: tuple[Influence, ...]


def check_field_path(path: Path) -> None:
    """InputError of a suffix that is none of ours or a missing folder, before any work is done."""
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"{path}: fields cannot be written as {path.suffix or 'a file without suffix'!r}; allowed are "
            f"{' (for ParaView) and '.join(SUFFIXES)} (a picture)"
        )
    if not path.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} does not exist")


def write_push_pull(found: PushPull, path: Path, title: str = "") -> FieldFile:
    """Write the map.

    Args:
        path: `.vtp`: point data `push_pull`, field data with its unit; `.png`: two views with a legend.
        title: of the body, for the picture; the family's name when "".

    Raises:
        InputError: another suffix, a folder that cannot be written.
        MissingComponentError: a picture without OpenGL.
    """
    check_field_path(path)
    what = WHAT.format(quantity=found.quantity.replace("_", " "))
    unit = "1/(mm m2)" if found.unit == "1" else f"{found.unit}/(mm m2)"
    made = FieldFile(path, f"{what}, {unit}", found.explained, found.says, found.left_out, found.most)
    if path.suffix.lower() == ".vtp":
        write_vtp(found.mesh, path, {POINT_DATA: found.field}, _notes(found, made))
    else:
        write_bytes(path, _picture(found, title or found.family))
    return made


def predicted_fields(surrogate: Surrogate, values: Mapping[str, float], path: Path) -> FieldFile:
    """The map of one design, made and written: what ``maquette predict --fields`` does."""
    check_field_path(path)
    return write_push_pull(push_pull(surrogate, values), path, surrogate.family.title)


def _notes(found: PushPull, made: FieldFile) -> dict[str, str]:
    return {
        "quantity": found.quantity,
        "push_pull_unit": made.what,
        "length_unit": "mm",
        "explained": f"{found.explained:.4f}",
        "says": found.says,
        "parameters": "; ".join(i.words for i in found.most),
    }


def _picture(found: PushPull, title: str) -> bytes:
    from ...design.rendering.field_picture import Legend, field_picture

    quantity = found.quantity.replace("_", " ")
    lines = [
        np.concatenate([b.points, b.points[:1]]) if b.closed else b.points for b in found.borders.values()
    ]
    notes = [
        f"It {found.says}.",
        f"It gives {found.explained:.0%} of the slopes. What matters most:",
        *(i.words for i in found.most),
    ]
    legend = Legend(
        f"{title}: where the surface wants to move for {found.better or 'less'} {quantity}",
        f"{quantity} per mm outward and m2",
        "blue: move it in" if found.better == "more" else "blue: move it out",
        "red: move it out" if found.better == "more" else "red: move it in",
        notes,
    )
    return field_picture(found.mesh, found.field, legend, lines)
