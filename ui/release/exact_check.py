"""The exact check of what a search found: hulls judged and parts built, in kernel processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ...constraints.requirements.brief import zones_in
from ...design.errors import BuildError
from ...design.exchange.exact import build_hull, build_parts, together
from ...design.family.contract import Family
from ...design.family.records import Design
from ...design.limits import BUILD_SECONDS
from ...design.messages import listed, say
from ..progress import Progress
from ..workbench import Assignment

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from ...constraints.requirements.assess import Assessment
    from ...constraints.search.search import Found
    from ...design.exchange.exact import ExactBody, ExactHull, ExactParts
    from ...design.geometry.worker import KernelPool

#: modules that exact bodies use and import late
HEAVY = ("manifold3d", "scipy.interpolate", "scipy.linalg", "scipy.spatial")


@dataclass(frozen=True)
class Checked:
    """A design judged on its exact body; `fault` says why there is none."""

    design: Design
    assessment: Assessment
    hull: ExactHull | None
    predictions: Mapping[str, Any]
    objectives: Mapping[str, float]
    fault: str = ""

    @property
    def feasible(self) -> bool:
        """Every hard requirement holds on a sound exact hull."""
        return not self.fault and self.assessment.feasible

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """Sorts designs: those that hold first, then by how much is missed, those without a body last."""
        return bool(self.fault), not self.feasible, 0.0 if self.feasible else self.assessment.score


def check_hulls(
    found: Sequence[Found],
    task: Assignment,
    pools: Sequence[KernelPool],
    progress: Progress,
) -> list[Checked]:
    """Every design judged on its exact hull, best first; kernel processes work side by side."""
    progress("exact check", 0.0)
    result: list[Checked] = []
    with beside(pools) as threads:
        for k in range(0, len(found), len(pools)):
            batch = zip(found[k:], pools, strict=False)
            jobs = [threads.submit(_judged, f, task, pool) for f, pool in batch]
            for job in jobs:
                result.append(job.result())
                progress("exact check", len(result) / len(found))
    return sorted(result, key=lambda c: c.rank)


def build_best(
    found: Sequence[Found],
    task: Assignment,
    pools: Sequence[KernelPool],
    progress: Progress,
) -> tuple[Checked, ExactBody]:
    """The first design that holds on its exact hull and parts, else the nearest, with its STEP file.

    While one process makes and judges hulls, the other makes the parts of the design that leads; the lengths
    of everything come from them, so a design is judged once more when its parts are there.
    """
    stage = "exact solids"
    progress(stage, 0.0)
    judged: list[Checked] = []
    whole: dict[int, ExactBody] = {}

    def judge_on() -> None:
        for candidate in found[len(judged) :]:
            judged.append(_judged(candidate, task, pools[0]))
            progress(stage, 0.7 * len(judged) / len(found))
            if judged[-1].feasible:
                return

    with beside(pools) as threads:
        leading: Future[ExactParts] = threads.submit(_parts, found[0].design, pools[1])
        judge_on()
        while not (chosen := min(judged, key=lambda c: c.rank)).fault and chosen.hull is not None:
            if id(chosen.design) in whole:
                progress(stage, 1.0)
                return chosen, whole[id(chosen.design)]
            if chosen.design is found[0].design:
                parts = leading
            else:
                pools[1].abort()  # nobody waits for the parts of a design that has lost
                parts = threads.submit(_parts, chosen.design, pools[1])
            fault = _fault(parts)
            place = judged.index(chosen)
            if fault:
                judged[place] = replace(chosen, fault=fault)
            else:
                whole[id(chosen.design)] = body = together(chosen.hull, parts.result())
                judged[place] = _settled(chosen, body, task)
                if judged[place].feasible or not chosen.feasible:
                    continue
            judge_on()
    raise BuildError(
        say("none of the best designs could be built: {why}", why=chosen.fault), chosen.design.parameters
    )


def _fault(parts: Future[ExactParts]) -> str:
    try:
        faults = parts.result().faults
        return listed(faults, "; ") if faults else ""
    except BuildError as error:
        return error.message


def _judged(found: Found, task: Assignment, pool: KernelPool) -> Checked:
    values = dict(found.design.parameters)
    try:
        hull = pool.run(build_hull, task.family.name, values, zones_in(task.brief), parameters=values)
    except BuildError as error:
        predictions = found.assessment.predictions
        return Checked(found.design, found.assessment, None, predictions, found.objectives, error.message)
    judged = task.assess(values, hull.own_measures)
    predictions = task.predictions(judged, hull.measures)
    return Checked(found.design, judged, hull, predictions, found.objectives, "; ".join(hull.faults))


def _settled(checked: Checked, body: ExactBody, task: Assignment) -> Checked:
    """The design judged by everything that its exact solids say."""
    return replace(checked, assessment=task.assess(dict(checked.design.parameters), body.own_measures))


def _parts(design: Design, pool: KernelPool) -> ExactParts:
    values = dict(design.parameters)
    return pool.run(build_parts, design.family, values, parameters=values)


@contextmanager
def beside(pools: Sequence[KernelPool]) -> Iterator[ThreadPoolExecutor]:
    """A thread a kernel process; an error or Ctrl-C ends the processes before the threads are waited for."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(len(pools)) as threads:
        try:
            yield threads
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            for pool in pools:
                pool.abort()
            raise


@contextmanager
def kernels(family: Family, at_once: int = 2) -> Iterator[list[KernelPool]]:
    """Two kernel processes that import CadQuery and what a body needs while something else runs; none is left
    behind. `at_once` of them start now, the others when they are warmed or first used."""
    from ...design.geometry.worker import KernelPool, Limits

    modules = ("cadquery", *HEAVY, build_hull.__module__, type(family).__module__)
    pools = [KernelPool(Limits(seconds=BUILD_SECONDS), modules) for _ in range(2)]
    try:
        for pool in pools[:at_once]:
            pool.warm()
        yield pools
    finally:
        for pool in pools:
            pool.abort()
            pool.close()
