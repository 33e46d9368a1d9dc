"""Labels: short texts that are values of the engine's records, so that each is its own id."""

from __future__ import annotations

from collections.abc import Iterator

#: groups of labels, by where they come from
LABELS: dict[str, tuple[str, ...]] = {
    "statuses of jobs": ("queued", "running", "done", "failed", "cancelled", "interrupted"),
    "stages of work": (
        "starting", "model", "body", "start", "sketches", "bodies", "restyle", "search", "exact check",
        "exact solids", "surfaces", "fast body", "pictures", "predicting", "release", "verify", "meshing",
        "solving", "checking hulls", "building designs", "weights", "assess", "exact", "cross-validation",
        "learning from every row", "learning curve", "verification",
    ),
    "levels of meshes": ("coarse", "medium", "fine"),
    "what systems and libraries say": (
        "No space left on device", "Permission denied", "No such file or directory", "Read-only file system",
        "Cannot allocate memory", "image file is truncated",
    ),
    "how a value was obtained": ("parameter", "parameters", "fast mesh", "exact CAD", "surrogate"),
    "checks of a release": (
        "manifest", "files", "design", "report", "script", "STL", "GLB", "hull STL", "limits", "STEP",
        "rebuild", "measures", "predictions", "verdicts",
    ),
    "keys of verdicts and checks": (
        "name", "detail", "value", "lower", "upper", "sigma", "coverage", "distance", "margin", "limit",
        "probability",
    ),
    "who decided": ("designer", "brief", "picture", "lock", "default", "mix"),
    "views, manners and numbers of sketches": (
        "side", "three quarter", "three_quarter", "ink", "marker", "soft", "mixed",
    ),
}  # fmt: skip


def labels() -> set[str]:
    """Every label."""
    return {label for group in LABELS.values() for label in group}


def meanings() -> Iterator[str]:
    """What the installed families say of their parameters, choices and measures."""
    from ...design.family.registry import families

    for family in families().values():
        yield from (p.range.doc for p in family.parameters)
        yield from (c.choice.doc for c in family.choices)
        yield from (m.doc for m in family.measure_list)
