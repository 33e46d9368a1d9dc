"""Command-line arguments of the commands about pictures, and their verbs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...design.errors import InputError
from ...design.family.registry import DEFAULT_FAMILY

if TYPE_CHECKING:
    from ...constraints.requirements.brief import ParsedBrief
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

    p = command("body", "the parameters of the body that a sketch, drawing or photo shows", _body)
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


def add_reading(p: argparse.ArgumentParser) -> None:
    """The options of a command that reads a brief."""
    p.add_argument("--family", metavar="F", help="family of a brief in words (default: as named, else car)")
    p.add_argument(
        "--assume", action="store_true", help="go on without answers: what is in doubt is left out and listed"
    )


def brief_of(a: Any, family: str = "") -> ParsedBrief:
    """The brief of a command, about `family` unless it says otherwise, without open questions.

    Raises:
        InputError: as :func:`...read_brief`; questions, unless they are to be left out.
    """
    from ...constraints.requirements.brief import answered
    from ...constraints.requirements.brief_files import read_brief

    return answered(read_brief(a.brief, a.family or family, getattr(a, "seed", None)), a.assume)


def add_concept_stage(p: argparse.ArgumentParser) -> None:
    """The options of `design` about its sketches."""
    p.add_argument(
        "--concepts", type=whole, default=4, metavar="N", help="sketches to begin with (4; 0: none)"
    )
    p.add_argument("--concept", type=whole, metavar="K", help="the sketch to go on with (default: the best)")
    p.add_argument("--faith", choices=FAITHS, default="floor", help="how the search keeps to it (floor)")
    p.add_argument("--palette", metavar="NAME", default="", help="colours of sketches and pictures, by name")
    p.add_argument("--concept-model", metavar="DIR", help="another concept model than the shipped one")


def whole(text: str) -> int:
    """A whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def number(text: str) -> float:
    """A number."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None


def _sketch(a: Any, progress: Progress) -> Result:
    from ..sheets.request import SketchRequest
    from ..verbs.concepts import restyle, sketch

    seed = getattr(a, "seed", None)
    if a.restyle is not None or a.design is not None:
        if a.restyle is None or a.design is None:
            raise InputError("--restyle SKETCH and --design DESIGN belong together")
        return restyle(
            a.restyle,
            a.design,
            a.out,
            strength=a.strength,
            style=a.style,
            palette=a.palette,
            view=a.view,
            seed=seed or 0,
            model=a.model,
            progress=progress,
        )
    if a.brief is None:
        raise InputError("BRIEF is missing; say what is to be drawn (see `maquette sketch --help`)")
    parsed = brief_of(a)
    request = SketchRequest(
        n=a.n if a.n is not None else 1 if a.variants else 8,
        seed=seed,
        model=a.model,
        view=a.view,
        style=a.style,
        palette=a.palette,
        start=a.start,
        strength=a.strength,
        locks=a.lock,
        guidance=a.guidance,
        number_guidance=a.number_guidance,
        performance_guidance=a.performance_guidance,
        steps=a.steps,
        controlnet=a.controlnet,
        lora=a.lora,
        variants=a.variants,
        control=a.control,
    )
    return sketch(parsed, a.out, request, progress=progress)


def _body(a: Any, progress: Progress) -> Result:
    from ..verbs.body import body

    return body(
        a.image,
        a.family,
        a.out,
        mm_per_px=a.mm_per_px,
        length=a.length,
        view=a.view,
        model=a.model,
        progress=progress,
    )
