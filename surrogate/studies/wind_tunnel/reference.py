"""What the tunnel leaves out, and how far it is off published measurements of reference bodies."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from ....design.messages import Message, say
from .recipe import CURRENT

#: Cd of the Ahmed body by slant, deg, as measured (Meile et al. 2011 and 2016, model on stilts at 40 m/s:
#: 0.299 at 25 deg, 0.279 at 35 deg), less the stilts' drag (0.0158 to 0.0245, Gutierrez 2020)
MEASURED = {25.0: (0.2735, 0.2822), 35.0: (0.2545, 0.2632)}
LEAVES_OUT = (
    say("cooling air through radiator and engine bay is left out, which adds to the drag of a real car"),
    say("wheels stand still and are closed discs; the ground moves"),
    say("the underbody is as smooth as the shape's; gaps, seals, wipers and trim below the cells are lost"),
)


@cache
def bias(recipe: str = CURRENT.name, level: str = "medium") -> dict[float, tuple[float, float]]:
    """Tunnel's Cd and the middle of what was measured, by slant of the Ahmed body, deg; from the bench's own
    runs of a recipe at a level, empty where there are none."""
    place = files("maquette.assets") / "data" / "wind_tunnel.jsonl"
    found = {}
    for line in place.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if (row["recipe"], row["level"], row["group"]) == (recipe, level, "ahmed") and row["settled"]:
            slant = float(row["design"])
            if slant in MEASURED:
                found[slant] = (float(row["cd"]), 0.5 * sum(MEASURED[slant]))
    return found


def caveats() -> tuple[Message, ...]:
    """What to keep in mind of a real product, a sentence each."""
    said = [
        say(
            "against the Ahmed body with a slant of {slant:.0f} deg this tunnel is {off:+.1%} off: Cd "
            "{ours:.3f}, measured {theirs:.3f}",
            slant=slant, off=ours / theirs - 1.0, ours=ours, theirs=theirs,
        )
        for slant, (ours, theirs) in sorted(bias().items())
    ]  # fmt: skip
    return (*LEAVES_OUT, *said)
