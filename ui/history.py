"""The decisions about one design in a notebook: an append-only file, and the way back to any point.

import maquette as mq
car = mq.open("car")
history = car.history("out/decisions.jsonl")
history.decide("designer", "as opened", design)
history.edit("lower the roof by 20 mm, keep the wheelbase")
history.undo_to(1)                       # history.design is as after decision 1; nothing is forgotten
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..design.errors import InputError
from ..design.family.records import Design
from ..design.messages import say, spelt

if TYPE_CHECKING:
    from .jobs.session import Decision, Log
    from .workbench import Workbench


@dataclass(frozen=True)
class History:
    """Decisions of one product in one file, the same lines as a studio's session writes."""

    product: Workbench
    path: Path

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Every decision, in order: number, when, who, what, and the design after it."""
        return tuple(self._log.entries())

    @property
    def design(self) -> Design | None:
        """The design after the last decision; None before the first."""
        last = self._log.last()
        return None if last is None else last.design

    def decide(self, who: str, what: str, design: Design) -> Decision:
        """Take a design in hand; parameters that change are from now on set by `who`.

        Raises:
            InputError: a design of another family, an incomplete one, or one out of its ranges.
        """
        from .jobs.session import attributed

        if design.family != self.product.name:
            raise InputError(
                say("the history is of a {wanted}, the design is a {given}", wanted=spelt(self.product.name),
                    given=spelt(design.family))
            )  # fmt: skip
        return self._log.add(who, what, attributed(self.design, design, who))

    def edit(self, words: str, who: str = "designer") -> Decision:
        """Change the design in hand by words; the words are what was decided.

        Raises:
            InputError: no design yet, or words that cannot be followed.
        """
        from .verbs import edit

        now = self.design
        if now is None:
            raise InputError(say("there is no design yet; `decide` one first"))
        return self.decide(who, words, edit(now, words, workbench=self.product).design)

    def undo_to(self, number: int, who: str = "designer") -> Decision:
        """Go back to the design after decision `number`, as one more decision; that can be undone, too.

        Raises:
            InputError: there is no decision of that number.
        """
        return self._log.undo_to(number, who)

    @property
    def _log(self) -> Log:
        from .jobs.session import Log

        self.path.parent.mkdir(parents=True, exist_ok=True)
        return Log(self.path)
