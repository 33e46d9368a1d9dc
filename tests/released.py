"""A small release to test with: the Ahmed body, made in a worker process."""

from __future__ import annotations

from pathlib import Path

from maquette.constraints.requirements.assess import assess
from maquette.constraints.requirements.product import brief_from_text
from maquette.design.exchange.exact import build_exact
from maquette.design.family.records import Design
from maquette.design.family.registry import get_family
from maquette.ui.release.manifest import Content
from maquette.ui.release.write import write_release

PROMPT = "overall length at most 1100 mm, ground clearance at least 40 mm, <script>alert(1)</script>"


def ahmed_content(clearance: float = 50.0) -> Content:
    """Everything that a release of one Ahmed body holds. Loads the kernel."""
    family = get_family("ahmed")
    values = family.defaults() | {"clearance": clearance}
    body = build_exact("ahmed", values)
    heard = brief_from_text(PROMPT, "ahmed")
    exact = {name: body.measures[name] for name in body.exact}
    found = assess(family, values, heard.brief, None, exact)
    return Content(
        design=Design("ahmed", values, {"length": "brief", "clearance": "lock\n</td><b>"}),
        body=body,
        brief=heard.brief.to_json(),
        verdicts=found.verdicts,
        feasible=found.feasible,
        seeds={"search": 7},
        understood=heard.understood,
        not_understood=heard.not_understood,
        explanation="It <meets> everything & more.",
        title='Body "one" <b>',
    )


def make_release(folder: Path, clearance: float = 50.0) -> dict[str, int]:
    """Write the release; file sizes by name."""
    return dict(write_release(folder, ahmed_content(clearance)).files)
