"""What verbs accept as input: a record, or the path of its file."""

from __future__ import annotations

from pathlib import Path

from ..design.errors import InputError
from ..design.family import get_family
from ..design.records import Design, read_design

SHAPES = (".step", ".stp", ".stl", ".obj", ".glb", ".iges", ".brep")


def complete_design(design: Design | Path | str) -> Design:
    """A design whose every parameter is in range; rules between parameters may be broken.

    Raises:
        InputError: an unreadable file, an unknown family, an unknown, missing or out-of-range parameter.
    """
    if not isinstance(design, Design):
        path = Path(design)
        if path.suffix.lower() in SHAPES and path.exists():
            raise InputError(f"{path}: a design file (.json) is needed; shapes are not read by this version")
        return read_design(path)
    family = get_family(design.family)
    return Design(design.family, family.validate(design.parameters), design.provenance)


def accepted_design(design: Design | Path | str) -> Design:
    """A design that may be built.

    Raises:
        InputError: as :func:`complete_design`.
        RuleError: naming every rule that it breaks.
    """
    found = complete_design(design)
    get_family(found.family).accept(found.parameters)
    return found
