"""The verbs that a job may run, the arguments each takes, and how they are called.

Arguments are plain JSON. Files are named by path and must lie in the session's own folder or in a job's of
it; what a verb writes goes to the job's own folder, so no argument names a place to write to.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...design.errors import InputError
from ...design.messages import say, span
from ..progress import Progress
from ..results import Result
from .arguments import (
    Kind,
    a_brief,
    a_briefs,
    a_design,
    a_file,
    a_locks,
    a_model,
    a_number,
    a_start,
    a_text,
    a_whole,
)

MAX_BYTES = 1_000_000  # of a job's arguments as JSON: a brief and some designs are kilobytes


@dataclass(frozen=True)
class Verb:
    """What the verb of that name takes from a job.

    Attributes:
        takes: arguments by name with their kind. needs: those that must be there.
        place: in the job's output folder, where the verb writes. given: arguments that it has unless told.
    """

    takes: Mapping[str, Kind]
    needs: Sequence[str]
    place: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)


def check(verb: str, arguments: Mapping[str, Any], roots: Sequence[Path]) -> dict[str, Any]:
    """`arguments` as they will be stored, everything in them read once, so that a mistake is told at once.

    Raises:
        InputError: naming the verb or the argument, and what is allowed.
    """
    read(verb, arguments, roots)
    clean: dict[str, Any] = json.loads(json.dumps(dict(arguments)))
    return clean


def read(verb: str, arguments: Mapping[str, Any], roots: Sequence[Path]) -> dict[str, Any]:
    """`arguments` with briefs, designs and files read.

    Raises:
        InputError: as :func:`check`.
    """
    known = VERBS.get(verb) if isinstance(verb, str) else None
    if known is None:
        raise InputError(f"verb {str(verb)[:40]!r} is not known; choose from {', '.join(VERBS)}")
    if not isinstance(arguments, Mapping):
        raise InputError(f"{verb}: arguments are {type(arguments).__name__}; an object is needed")
    try:
        size = len(json.dumps(dict(arguments), allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"{verb}: arguments must be plain JSON ({error})") from error
    if size > MAX_BYTES:
        raise InputError(f"{verb}: arguments of {size} bytes; at most {MAX_BYTES}")
    given = {k: v for k, v in arguments.items() if v is not None}
    for name in given:
        if name not in known.takes:
            raise InputError(
                f"{verb}: unknown argument {str(name)[:40]!r}; allowed: {', '.join(known.takes)}"
            )
    for name in known.needs:
        if name not in given:
            raise InputError(say("{verb}: {name} is missing", verb=verb, name=name))
    family = a_text(given.get("family", ""), f"{verb}: family", roots, "")
    found: dict[str, Any] = {}
    for name, value in given.items():
        found[name] = known.takes[name](value, f"{verb}: {name}", roots, family)
    cores = os.cpu_count() or 1
    if found.get("workers", 1) > cores:
        raise InputError(
            say(
                "{verb}: workers is {workers}; allowed {range}, this machine's cores",
                verb=verb,
                workers=found["workers"],
                range=span(1, cores),
            )
        )
    if a_brief in known.takes.values():
        found.pop("family", None)
    return found


def run(
    verb: str, arguments: Mapping[str, Any], roots: Sequence[Path], out: Path, progress: Progress
) -> Result:
    """Do it; errors are the verb's own."""
    from .. import verbs

    known = VERBS[verb]
    asked = {**known.given, **read(verb, arguments, roots)}
    if verb == "simulate":
        return _simulate(asked, out, progress)
    result: Result = getattr(verbs, verb)(**asked, out=out / known.place, progress=progress)
    return result


def _simulate(asked: dict[str, Any], out: Path, progress: Progress) -> Result:
    from ..verbs import simulate

    try:
        return simulate(**asked, keep=out, progress=progress)
    finally:  # the logs stay: they hold the forces and residuals; meshes and fields are large
        for place in out.glob("*/*"):
            if place.is_dir():
                shutil.rmtree(place, ignore_errors=True)


# -- the verbs -------------------------------------------------------------------------------------------


VERBS: dict[str, Verb] = {
    "sketch": Verb(
        {
            "brief": a_brief, "family": a_text, "n": a_whole, "seed": a_whole, "view": a_text,
            "style": a_text, "palette": a_text, "start": a_start, "strength": a_number, "locks": a_locks,
            "guidance": a_number, "number_guidance": a_number, "performance_guidance": a_number,
            "steps": a_whole, "variants": a_briefs, "model": a_model,
        },
        ("brief",),
    ),
    "optimise": Verb(
        {
            "brief": a_brief, "family": a_text, "seed": a_whole, "trials": a_whole, "start": a_design,
            "workers": a_whole,
        },
        ("brief",),
    ),
    "build": Verb({"design": a_design, "palette": a_text}, ("design",)),
    "simulate": Verb({"design": a_design, "fidelity": a_text}, ("design",)),
    "design": Verb(
        {
            "brief": a_brief, "family": a_text, "seed": a_whole, "trials": a_whole, "workers": a_whole,
            "concepts": a_whole, "concept": a_whole, "faith": a_text, "palette": a_text,
            "concept_model": a_model,
        },
        ("brief",),
        "release",
    ),
    "release": Verb(
        {"design": a_design, "brief": a_brief, "family": a_text, "palette": a_text, "sketch": a_file},
        ("design",),
        "release",
        {"brief": None},
    ),
    "body": Verb(
        {
            "image": a_file, "family": a_text, "mm_per_px": a_number, "length": a_number, "view": a_text,
            "model": a_model,
        },
        ("image",),
    ),
    "restyle": Verb(
        {
            "picture": a_file, "design": a_design, "strength": a_number, "style": a_text, "palette": a_text,
            "view": a_text, "seed": a_whole, "model": a_model,
        },
        ("picture", "design"),
    ),
}  # fmt: skip
