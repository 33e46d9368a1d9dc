"""What a check is, and the comparisons that name the first difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...design.errors import MaquetteError, VerificationError
from ...design.messages import Message, quoted, say

NUMBER = 1e-9  # relative: numbers recomputed by the same formulas from the same parameters
SINGLE = 2e-5  # relative: volumes and areas of meshes stored in single precision
BOX_MM = 0.2  # mm: the kernel finds the tight box of a B-spline solid to about 0.06 mm, before and after STEP


@dataclass(frozen=True)
class Check:
    """One thing looked at: `ok`, and in `detail` what was compared, or the first difference."""

    name: str
    ok: bool
    detail: str


def near(what: str, told: Any, found: Any, relative: float) -> None:
    """Raises unless both are None or the numbers agree within `relative`."""
    if told is None and found is None:
        return
    if not isinstance(told, (int, float)) or found is None or isinstance(told, bool):
        raise VerificationError(_other(what, repr(told), repr(found)))
    if not abs(told - found) <= relative * max(abs(found), 1e-12):
        raise VerificationError(_other(what, f"{told:.9g}", f"{found:.9g}"))


def close(what: str, told: Any, found: float, absolute: float) -> None:
    if not isinstance(told, (int, float)) or not abs(told - found) <= absolute:
        raise VerificationError(_other(what, repr(told), f"{found:.6g}"))


def all_close(what: str, told: Any, found: Any, absolute: float) -> None:
    """:func:`close` of every number of two points, boxes or colours."""
    for one, other in zip(np.ravel(told).tolist(), np.ravel(found).tolist(), strict=True):
        close(what, one, other, absolute)


def _other(what: str, told: str, found: str) -> Message:
    return say("{what}: {told} where {found} was recomputed", what=what, told=told, found=found)


def lengths_of(claimed: Mapping[str, Any]) -> dict[str, float]:
    """The manifest's lengths over all parts, mm."""
    box = {name: value for name, value in claimed["box"].items() if isinstance(value, (int, float))}
    if len(box) != len(claimed["box"]):
        raise VerificationError(say("a length over all parts is not a number"))
    return {name: float(value) for name, value in box.items()}


def checked(name: str, check: Callable[[], str]) -> Check:
    """The check's sentence, or the difference that it met."""
    try:
        return Check(name, True, check())
    except MaquetteError as error:
        return Check(name, False, error.message)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError) as error:
        return Check(name, False, say("malformed ({why})", why=quoted(f"{type(error).__name__}: {error}")))
