"""Every error a user can meet, rooted in :class:`MaquetteError`.

A message names the field, the value, and what is allowed; the command line prints it as one line and
leaves with the class's ``exit_code``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec

P = ParamSpec("P")


class MaquetteError(Exception):
    """Root of all errors that Maquette raises on purpose."""

    exit_code = 2

    @property
    def message(self) -> str:
        """What it says: the message that it was raised with, where that is one, else plain text."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)


class InputError(MaquetteError):
    """Something the user gave cannot be used: names the field, the value and what is allowed."""


class ParameterError(InputError):
    """A parameter is unknown, missing, not a number or outside its range; `parameter` is its name."""

    def __init__(self, message: str, parameter: str = "") -> None:
        super().__init__(message)
        self.parameter = parameter


class UnreachableError(InputError):
    """A limit that no design can meet: `side` (``at_least``, ``at_most``) of `quantity`, and the `nearest`
    value that one can, in the quantity's unit."""

    def __init__(self, message: str, quantity: str, side: str, nearest: float) -> None:
        super().__init__(message)
        self.quantity, self.side, self.nearest = quantity, side, nearest


class ClashError(InputError):
    """Limits that cannot hold together: `ways` are those of which any one mends it, as (quantity, side,
    value); side is ``at_least``, ``at_most`` or ``lock``, the value in the quantity's unit."""

    def __init__(self, message: str, ways: tuple[tuple[str, str, float], ...]) -> None:
        super().__init__(message)
        self.ways = ways


class RuleError(InputError):
    """A design breaks one or more named rules between parameters."""

    def __init__(self, message: str, rules: tuple[str, ...]) -> None:
        super().__init__(message)
        self.rules = rules


class UnfinishedError(MaquetteError):
    """The work could not be finished (a process died, a limit on time, a full disk); says why."""

    exit_code = 4


class BuildError(UnfinishedError):
    """The geometry kernel failed or was stopped; carries the parameters that caused it."""

    def __init__(self, message: str, parameters: Mapping[str, float] | None = None) -> None:
        super().__init__(message)
        self.parameters = dict(parameters or {})


class SolverError(UnfinishedError):
    """A CFD run failed; carries the case folder and the stage that failed in its message."""


class MissingComponentError(MaquetteError):
    """An outside component (OpenFOAM, an extra) is needed and absent; the message says how to get it."""

    exit_code = 3


class VerificationError(MaquetteError):
    """A released file does not say what its manifest says."""

    exit_code = 1


class ModelError(MaquetteError):
    """A shipped or trained model cannot be used (corrupt, or made for another parameter declaration)."""


def answers_errors(main: Callable[P, int]) -> Callable[P, int]:
    """The `main` of a `python -m` command: an error is one line on stderr, and its exit code is returned."""

    @wraps(main)
    def answering(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            return main(*args, **kwargs)
        except MaquetteError as error:
            print(f"error: {error}", file=sys.stderr)
            return error.exit_code

    return answering
