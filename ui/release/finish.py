"""The last steps of a design: its release written and verified, and the answer that tells of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..progress import Progress
from ..results import DesignResult
from .exact_check import beside

if TYPE_CHECKING:
    from ...design.clock import Clock
    from ...design.geometry.worker import KernelPool
    from .manifest import Content
    from .verify import Verification
    from .write import Release


@dataclass(frozen=True)
class Released:
    """What was released, where it lies, and what verifying it said."""

    content: Content
    made: Release
    verification: Verification

    def answer(
        self,
        seconds: Mapping[str, float],
        *,
        concepts: tuple[Any, ...] = (),
        sheet: Path | None = None,
        agreements: Mapping[str, Any] | None = None,
        trials: int = 0,
        journey: Any = None,
    ) -> DesignResult:
        """The verb's answer; without sketches or a search where none are given."""
        content = self.content
        return DesignResult(
            release=self.made.folder,
            archive=self.made.archive,
            design=content.design,
            verdicts=tuple(content.verdicts),
            predictions=content.predictions,
            concepts=concepts,
            sheet=sheet,
            agreements=agreements or {},
            pictures=self.made.pictures,
            feasible=content.feasible,
            verified=self.verification.ok,
            failed_checks=tuple(c for c in self.verification.checks if not c.ok),
            explanation=content.explanation,
            understood=tuple(content.understood),
            not_understood=tuple(content.not_understood),
            trials=trials,
            seconds=seconds,
            journey=journey,
        )


def released(folder: Path, content: Content, pool: KernelPool, clock: Clock, progress: Progress) -> Released:
    """Write the release and verify it without building it anew.

    Its STEP file's content is read in the kernel process while the rest is drawn and written; verifying takes
    that reading if the file in the release turns out to hold the very same bytes.
    """
    from .verify import verify
    from .verify_shapes import Reading, reread
    from .write import write_release

    step = content.body.step
    with beside([pool]) as threads:
        reading = threads.submit(reread, step, pool)
        made = write_release(folder, content, progress)
        clock.lap("release")
        known = Reading(step, reading.result)
        verification = verify(made.folder, rebuild=False, progress=progress, pool=pool, reading=known)
    clock.lap("verify")
    return Released(content, made, verification)
