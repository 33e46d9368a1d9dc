"""Which of the found designs is built, with kernels that are stand-ins: every order of good and bad news."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from pod import POD

from maquette.design.errors import BuildError
from maquette.ui.release import exact_check
from maquette.ui.release.exact_check import Checked, _fault, _judged, beside, build_best, check_hulls


class Pool:
    """A kernel process that is none."""

    def __init__(self) -> None:
        self.aborts = 0

    def abort(self) -> None:
        self.aborts += 1


def found(name: str) -> Any:
    return SimpleNamespace(design=SimpleNamespace(name=name, parameters={"wheelbase": 2800.0}))


def checked(one: Any, score: float, fault: str = "", hull: str | None = "hull") -> Checked:
    return Checked(one.design, SimpleNamespace(feasible=score <= 0.0, score=score), hull, {}, {}, fault)  # type: ignore[arg-type]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`hulls`: score or fault of each design; `parts`: faults of its parts; `whole`: its score with them."""
    told = SimpleNamespace(hulls={}, parts={}, whole={}, judged=[], made=[], steps=[])

    def judged(one: Any, task: Any, pool: Any) -> Checked:
        told.judged.append(one.design.name)
        value = told.hulls[one.design.name]
        return checked(one, 1.0, value, None) if isinstance(value, str) else checked(one, value)

    def parts(design: Any, pool: Any) -> Any:
        told.made.append(design.name)
        faults = told.parts.get(design.name, ())
        if faults == "dies":
            raise BuildError("the worker died", {})
        return SimpleNamespace(faults=faults, name=design.name)

    def settled(one: Checked, body: Any, task: Any) -> Checked:
        score = told.whole.get(one.design.name, one.assessment.score)
        return checked(SimpleNamespace(design=one.design), score)

    monkeypatch.setattr(exact_check, "_judged", judged)
    monkeypatch.setattr(exact_check, "_parts", parts)
    monkeypatch.setattr(exact_check, "_settled", settled)
    monkeypatch.setattr(exact_check, "together", lambda hull, made: f"body of {made.name}")
    return told


def build(world: Any, names: str) -> tuple[str, str, list[Pool]]:
    pools = [Pool(), Pool()]
    chosen, body = build_best(
        [found(n) for n in names],
        None,
        pools,
        lambda stage, share: world.steps.append((stage, share)),  # type: ignore[arg-type]
    )
    return chosen.design.name, str(body), pools  # type: ignore[attr-defined]


def test_the_first_that_holds_is_built_and_no_other_looked_at(world: Any) -> None:
    world.hulls = {"a": 0.0, "b": 0.0}
    name, body, pools = build(world, "ab")
    assert (name, body) == ("a", "body of a")
    assert (world.judged, world.made) == (["a"], ["a"])
    assert [p.aborts for p in pools] == [0, 0]
    assert world.steps == [("exact solids", 0.0), ("exact solids", 0.35), ("exact solids", 1.0)]


def test_a_hull_that_misses_gives_way_and_its_parts_are_given_up(world: Any) -> None:
    world.hulls = {"a": 0.2, "b": 0.0, "c": 0.0}
    name, body, pools = build(world, "abc")
    assert (name, body, world.judged) == ("b", "body of b", ["a", "b"])
    assert [p.aborts for p in pools] == [0, 1]


def test_parts_that_miss_a_limit_send_on_to_the_next(world: Any) -> None:
    world.hulls, world.whole = {"a": 0.0, "b": 0.0}, {"a": 0.1}
    assert build(world, "ab")[:2] == ("b", "body of b")
    assert world.judged == ["a", "b"]


def test_parts_with_a_fault_send_on_to_the_next(world: Any) -> None:
    world.hulls, world.parts = {"a": 0.0, "b": 0.0}, {"a": ("not valid", "open")}
    assert build(world, "ab")[:2] == ("b", "body of b")
    assert world.judged == ["a", "b"]


def test_when_none_holds_the_nearest_is_built(world: Any) -> None:
    world.hulls = {"a": 0.3, "b": 0.1, "c": 0.2}
    assert build(world, "abc")[:2] == ("b", "body of b")
    assert world.judged == ["a", "b", "c"]
    assert world.made == ["a", "b"]


def test_the_nearest_is_judged_anew_by_its_parts(world: Any) -> None:
    """With its parts b misses more than c: c is built too, and it is the nearest."""
    world.hulls, world.whole = {"a": 0.3, "b": 0.1, "c": 0.2}, {"b": 0.25}
    assert build(world, "abc")[:2] == ("c", "body of c")
    assert world.made == ["a", "b", "c"]


def test_a_design_without_a_body_is_never_chosen(world: Any) -> None:
    world.hulls = {"a": "no hull", "b": 0.5}
    assert build(world, "ab")[:2] == ("b", "body of b")
    world.hulls, world.parts = {"a": "no hull", "b": 0.5}, {"b": "dies"}
    with pytest.raises(BuildError, match="none of the best designs could be built: "):
        build(world, "ab")


def test_hulls_are_judged_side_by_side_and_sorted(world: Any) -> None:
    world.hulls = {"a": 0.3, "b": "gone", "c": 0.0, "d": 0.1, "e": 0.0}
    pools: Any = [Pool(), Pool()]
    told = check_hulls(
        [found(n) for n in "abcde"],
        None,
        pools,
        lambda stage, share: world.steps.append((stage, share)),  # type: ignore[arg-type]
    )
    assert [c.design.name for c in told] == ["c", "e", "d", "a", "b"]  # type: ignore[attr-defined]
    assert sorted(world.judged) == ["a", "b", "c", "d", "e"]
    assert world.steps == [("exact check", k / 5) for k in range(6)]


def test_ranks_put_what_holds_first_and_faults_last() -> None:
    one = found("a")
    assert checked(one, 0.0).rank == (False, False, 0.0)
    assert checked(one, 0.4).rank == (False, True, 0.4)
    assert checked(one, 0.0, "x").rank == (True, True, 0.0)
    assert not checked(one, 0.0, "x").feasible


def test_faults_of_parts_are_listed_and_a_dead_worker_is_one() -> None:
    def parts(result: Any) -> Any:
        def answer() -> Any:
            if isinstance(result, Exception):
                raise result
            return SimpleNamespace(faults=result)

        return SimpleNamespace(result=answer)

    assert _fault(parts(())) == ""
    assert str(_fault(parts(("a", "b")))) == "a; b"
    assert _fault(parts(BuildError("it died", {}))) == "it died"


def test_an_error_ends_the_kernels_before_the_threads() -> None:
    pools: Any = [Pool(), Pool()]
    with beside(pools):
        pass
    assert [p.aborts for p in pools] == [0, 0]
    with pytest.raises(KeyboardInterrupt), beside(pools):
        raise KeyboardInterrupt
    assert [p.aborts for p in pools] == [1, 1]


def test_a_hull_is_judged_by_its_own_measures() -> None:
    hull = SimpleNamespace(
        own_measures={"frontal_area": 2.0}, measures={"hull_volume": 9.0}, faults=["f", "g"]
    )
    asked: list[Any] = []

    class Task:
        family = POD
        brief = None

        def assess(self, values: Any, measures: Any) -> str:
            asked.append(measures)
            return "judged"

        def predictions(self, judged: Any, measures: Any) -> Any:
            asked.append((judged, measures))
            return {"p": 1}

    one: Any = SimpleNamespace(
        design=SimpleNamespace(parameters={"wheelbase": 2800.0}),
        assessment=SimpleNamespace(predictions={"old": 0}),
        objectives={"o": 1.0},
    )
    from maquette.constraints.requirements.brief import Brief

    Task.brief = Brief("pod")  # type: ignore[assignment]
    told = _judged(one, Task(), SimpleNamespace(run=lambda *a, **k: hull))  # type: ignore[arg-type]
    assert (told.assessment, told.predictions, told.fault, told.hull) == ("judged", {"p": 1}, "f; g", hull)
    assert asked == [{"frontal_area": 2.0}, ("judged", {"hull_volume": 9.0})]

    def dies(*_: Any, **__: Any) -> Any:
        raise BuildError("it died", {})

    dead = _judged(one, Task(), SimpleNamespace(run=dies))  # type: ignore[arg-type]
    assert (dead.hull, dead.fault, dead.predictions, dead.objectives) == (
        None,
        "it died",
        {"old": 0},
        {"o": 1.0},
    )
