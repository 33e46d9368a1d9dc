"""What a job does one after another: how long each stage takes, and what people are told while it runs.

A job's progress is told in shares of all its work. How much of it a stage is, was measured: seconds on shared
cores, 2026-11-30, a car and a bicycle. Only their ratios count; a machine that is twice as slow is so
in every stage.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...design.messages import Message, capital, marked, say

MOST = 0.99  # of a job that is still running
NEARLY = 0.9  # of a step that reports nothing while it runs is the most that its time alone can show


@dataclass(frozen=True)
class Stage:
    """A stage of a job.

    Attributes:
        name: as the verb reports it. seconds: that it takes.
        steps: how often it reports, evenly; 0 for so often that nothing needs to be guessed in between.
    """

    name: str
    seconds: float
    steps: int = 1


#: what stages do, where their names are too short for a sentence
DOING = {
    "model": marked("Loading the model that draws and reads sketches"),
    "sketches": marked("Drawing the sketches"),
    "bodies": marked("Reading the body of each sketch"),
    "body": marked("Reading the picture's body"),
    "search": marked("Searching"),
    "exact check": marked("Building the best designs exactly and judging them again"),
    "exact solids": marked("Building the exact solids and the STEP file"),
    "restyle": marked("Drawing the result in the sketch's manner"),
    "release": marked("Making drawings, pictures and files of the release"),
    "verify": marked("Verifying the release"),
    "meshing": marked("Meshing the air around the body"),
    "solving": marked("Solving"),
}
_START, _MODEL = Stage("starting", 3.0), Stage("model", 12.0)
_RELEASED = (Stage("release", 12.0, 4), Stage("verify", 1.0))
TRIALS = 300  # of a search where nobody says how many
SEARCHED = 0.15  # s a trial
DRAWN, READ = 2.5, 4.0  # s a sketch, to draw it and to read its body
SOLVED = 60.0  # s; a run in the tunnel, whose meshing is a tenth of it
SKETCHES = {"sketch": 8, "design": 4}


def stages_of(verb: str, arguments: Mapping[str, Any]) -> Sequence[Stage]:
    """The stages of a verb with these arguments, in their order; none where they are not known."""
    count = int(arguments.get("n" if verb == "sketch" else "concepts", SKETCHES.get(verb, 0)))
    sheet = (
        (_MODEL, Stage("sketches", DRAWN * count, 0), Stage("bodies", READ * count, count)) if count else ()
    )
    search = Stage("search", SEARCHED * int(arguments.get("trials") or TRIALS), 0)
    follows = (Stage("restyle", 2.0),) if verb == "design" or arguments.get("sketch") else ()
    solids = Stage("exact solids", 20.0, 3)
    return {
        "sketch": (_START, *sheet),
        "body": (_START, _MODEL, Stage("body", 8.0)),
        "restyle": (_START, _MODEL, Stage("restyle", 2.0)),
        "optimise": (_START, search, Stage("exact check", 30.0, 3)),
        "design": (_START, *sheet, search, solids, *follows, *_RELEASED),
        "release": (_START, solids, *((_MODEL,) if follows else ()), *follows, *_RELEASED),
        "simulate": (_START, Stage("meshing", SOLVED / 10.0, 3), Stage("solving", SOLVED, 0)),
    }.get(verb, ())


def whole(stages: Sequence[Stage], name: str, share: float, since: float) -> float | None:
    """The share of all work that is done; None for a stage that is not among `stages`.

    Args:
        share: of the stage `name`, as reported last. since: seconds since that report.
    """
    place = next((k for k, s in enumerate(stages) if s.name == name), None)
    if place is None:
        return None
    stage = stages[place]
    if stage.steps:
        step = 1.0 / stage.steps
        share = min(share + step * NEARLY * (1.0 - math.exp(-since / (stage.seconds * step))), 1.0)
    before = sum(s.seconds for s in stages[:place])
    return min((before + share * stage.seconds) / sum(s.seconds for s in stages), MOST)


def doing(name: str) -> Message:
    """What is being done, in a sentence."""
    return say("{stage}.", stage=say(DOING[name]) if name in DOING else capital(say(name)))
