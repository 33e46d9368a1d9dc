"""Command-line arguments of the commands about pictures, and their verbs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...design.errors import InputError
from ...design.family.registry import DEFAULT_FAMILY
from .calling import READING, add_reading, brief_of, call, number, options, seed_of, whole

if TYPE_CHECKING:
    from ..progress import Progress
    from ..results import Result

FAITHS = ("floor", "objective", "off")


def add_concept_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """`sketch` and `body`."""
    p = command("sketch", "concept sketches for a brief, each with its body; one contact sheet", _sketch)
    p.add_argument("brief", metavar="BRIEF", nargs="?", help="a sentence, or a .toml or .json file")
    add_reading(p)
    p.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    p.add_argument("-n", type=whole, metavar="N", help="sketches (default 8; 1 with --variants)")
    p.add_argument(
        "--view", metavar="V", default="", help="side or three_quarter (default: as the words say)"
    )
    p.add_argument(
        "--style", metavar="S", default="", help="ink, marker, soft or mixed (default: as the words say)"
    )
    p.add_argument("--palette", metavar="NAME", default="", help="colours by name (default graphite)")
    p.add_argument("--start", type=Path, metavar="DESIGN", help="a design file or a picture to vary")
    p.add_argument(
        "--strength", type=number, default=0.5, metavar="S", help="how far to leave --start, 0 to 1 (0.5)"
    )
    p.add_argument(
        "--lock",
        dest="locks",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="keep exactly; NAME alone keeps the value of --start; may be repeated",
    )
    p.add_argument("--guidance", type=number, default=3.0, metavar="G", help="strength of the words (3)")
    p.add_argument("--number-guidance", type=number, default=2.0, metavar="G", help="of the numbers (2)")
    p.add_argument(
        "--performance-guidance",
        "--drag-guidance",
        type=number,
        default=0.0,
        metavar="G",
        help="towards better performance (0: off; 0.7 moves a car's drag by more than a sheet varies)",
    )
    p.add_argument("--steps", type=whole, default=10, metavar="K", help="drawing steps (10)")
    p.add_argument("--variants", nargs="+", default=[], metavar="BRIEF2", help="the same for other markets")
    p.add_argument("--restyle", type=Path, metavar="SKETCH", help="draw --design in this sketch's manner")
    p.add_argument("--design", type=Path, metavar="DESIGN", help="the design that --restyle draws")
    p.add_argument("--model", metavar="DIR_OR_ID", help="another concept model or any diffusers model")
    p.add_argument("--controlnet", metavar="DIR_OR_ID", help="for --model: follows our own bodies")
    p.add_argument(
        "--control", metavar="WHAT", default="", help="what it is shown of them: lines (default) or depth"
    )
    p.add_argument("--lora", metavar="DIR", help="for --model: a LoRA")

    p = command("body", "the parameters of the body that a sketch, drawing or photo shows")
    p.add_argument("image", type=Path, metavar="IMAGE", help="a picture file")
    p.add_argument(
        "--family", metavar="F", default=DEFAULT_FAMILY, help=f"family of the body (default {DEFAULT_FAMILY})"
    )
    p.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    size = p.add_mutually_exclusive_group()
    size.add_argument("--mm-per-px", type=number, metavar="S", help="scale of the picture")
    size.add_argument("--length", type=number, metavar="MM", help="length of the body that it shows")
    p.add_argument("--view", metavar="V", default="", help="side or three_quarter (default: as it looks)")
    p.add_argument("--model", metavar="DIR", help="another concept model, for its encoder")


def add_concept_stage(p: argparse.ArgumentParser) -> None:
    """The options of `design` about its sketches."""
    p.add_argument(
        "--concepts", type=whole, default=4, metavar="N", help="sketches to begin with (4; 0: none)"
    )
    p.add_argument("--concept", type=whole, metavar="K", help="the sketch to go on with (default: the best)")
    p.add_argument("--faith", choices=FAITHS, default="floor", help="how the search keeps to it (floor)")
    p.add_argument("--palette", metavar="NAME", default="", help="colours of sketches and pictures, by name")
    p.add_argument("--concept-model", metavar="DIR", help="another concept model than the shipped one")


def _sketch(a: Any, progress: Progress) -> Result:
    if a.restyle is not None or a.design is not None:
        if a.restyle is None or a.design is None:
            raise InputError("--restyle SKETCH and --design DESIGN belong together")
        manner = {
            n: getattr(a, n) for n in ("design", "out", "strength", "style", "palette", "view", "model")
        }
        return call("restyle", {"picture": a.restyle, **manner}, progress, seed_of(a))
    if a.brief is None:
        raise InputError("BRIEF is missing; say what is to be drawn (see `maquette sketch --help`)")
    asked = {**options(a, (*READING, "restyle", "design")), "brief": brief_of(a), "seed": seed_of(a)}
    asked["n"] = a.n if a.n is not None else 1 if a.variants else 8
    return call("sketch", asked, progress)
