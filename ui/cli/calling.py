"""From a command's options to its verb: an option is the verb's parameter of the same name."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...constraints.requirements.brief import ParsedBrief
    from ..progress import Progress
    from ..results import Result

COMMON = ("json", "seed", "run")  # what every command has, whether its verb wants it or not
READING = ("family", "assume")  # how the words of a brief are read (:func:`add_reading`)


def calling(verb: str, briefed: bool = False) -> Callable[[Any, Progress], Result]:
    """What a command does that calls the verb of that name.

    Args:
        briefed: its brief is read here (:func:`brief_of`), and the verb takes it without open questions.
    """

    def run(a: Any, progress: Progress) -> Result:
        given = {**options(a, READING), "brief": brief_of(a)} if briefed else options(a)
        return call(verb, given, progress, None if briefed else seed_of(a))

    return run


def call(verb: str, given: dict[str, Any], progress: Progress, seed: int | None = None) -> Result:
    """The verb of that name with these arguments; progress and seed where it takes them."""
    from .. import verbs

    called: Callable[..., Result] = getattr(verbs, verb)
    takes = inspect.signature(called).parameters
    more = {"progress": progress, "seed": seed}
    return called(**given, **{n: v for n, v in more.items() if n in takes and v is not None})


def options(a: Any, leave: tuple[str, ...] = ()) -> dict[str, Any]:
    """The options of a command by name, without :data:`COMMON` and those in `leave`."""
    return {n: v for n, v in vars(a).items() if n not in (*COMMON, *leave)}


def seed_of(a: Any) -> int | None:
    """The seed that was given, before or after the command's name."""
    seed: int | None = getattr(a, "seed", None)
    return seed


def add_reading(p: argparse.ArgumentParser) -> None:
    """The options of a command that reads a brief."""
    p.add_argument(
        "--family", metavar="F", default="", help="family of a brief in words (default: as named, else car)"
    )
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

    return answered(read_brief(a.brief, a.family or family, seed_of(a)), a.assume)


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
