"""What cannot hold together: asked of designs and of searches by hand, on the pod."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pod import POD, PodPredictor

from maquette.constraints.requirements.brief import Brief
from maquette.constraints.requirements.requirement import Requirement
from maquette.constraints.search import conflict as conflicts
from maquette.constraints.search.conflict import _Asked, _met, _narrowed, _Set, _suspects, smallest_conflict
from maquette.constraints.search.evaluate import Evaluator
from maquette.constraints.search.record import Record
from maquette.constraints.search.space import build_space

# -- conflicts ----------------------------------------------------------------------------------------------

LOW = Requirement("overall_height", "mm", at_most=1400.0)
ROOM = Requirement("head_room_front", "mm", at_least=1000.0)  # height less clearance less 330
WIDE = Requirement("overall_width", "mm", at_least=1700.0)
NICE = Requirement("wheelbase", "mm", at_least=2900.0, hard=False)
KEYS = ("overall_height", "head_room_front", "overall_width")


def judge(requirements: tuple[Requirement, ...] = (LOW, ROOM, WIDE, NICE), **locks: float) -> Evaluator:
    brief = Brief("pod", requirements=requirements, locks=locks)
    return Evaluator(POD, brief, PodPredictor(), build_space(POD, brief))


def tried(
    number: int = 0, low: float = -0.1, room: float = -0.1, wide: float = -0.1, **changes: Any
) -> Record:
    margins = {"overall_height": low, "head_room_front": room, "overall_width": wide, "wheelbase": 0.2}
    values = {**POD.defaults(), **changes}
    worst = sum(max(0.0, margins[k]) for k in KEYS)
    return Record(number, values, "screen", margins, {}, {}, True, 0.0, (), (0.0,), True, worst)


def test_only_sound_measured_designs_and_hard_limits_are_asked() -> None:
    good = tried()
    asked = _Asked(judge(), [good, replace(good, broken=("x",)), replace(good, measured=False)])
    assert asked.pool == [good]
    assert tuple(asked.requirements) == KEYS
    assert (asked.left, asked.short) == (1200, 60)
    assert _met(asked, "overall_height") == 1
    assert _met(_Asked(judge(), [tried(low=0.0), tried(low=0.01), tried()]), "overall_height") == 2
    assert _met(_Asked(judge(wheelbase=2800.0), [tried(), tried(low=9.0)]), "wheelbase") == 2
    unknown = replace(good, margins={})
    assert _met(_Asked(judge(), [unknown]), "overall_height") == 0


def test_a_set_is_met_by_a_tried_design_that_keeps_its_locks() -> None:
    asked = _Asked(judge(wheelbase=2800.0, overall_length=4570.0), [tried(room=0.2)])

    def holds(keys: tuple[str, ...], locks: tuple[str, ...], record: Record) -> bool:
        return asked._holds(record, _Set(keys, locks))

    both = ("overall_height", "head_room_front")
    assert holds(("overall_height",), (), tried(room=0.2))
    assert not holds(both, (), tried(room=0.2))
    assert holds(both, (), tried(low=0.0, room=0.0))
    assert not holds(("other",), (), tried())
    assert holds(both, ("wheelbase", "overall_length"), tried())  # 850 + 2800 + 920
    assert holds(both, ("wheelbase",), tried(wheelbase=2800.0 + 2.7e-3))
    assert not holds(both, ("wheelbase",), tried(wheelbase=2800.0 + 2.9e-3))
    assert not holds(both, ("overall_length",), tried(front_overhang=851.0))
    assert asked.meets(_Set(("overall_height",), ()))
    assert asked.left == 1200  # nothing had to be searched


def test_the_rest_of_a_set() -> None:
    whole = _Set(("a", "b"), ("l", "m"))
    assert whole.members == ("a", "b", "l", "m")
    assert whole.without("b") == _Set(("a",), ("l", "m"))
    assert whole.without("m") == _Set(("a", "b"), ("l",))


def test_what_the_nearest_miss_is_suspected_with_limits_on_parameters() -> None:
    """The nearest ten miss the room; the eleventh, farthest, alone misses the width - but that is a
    parameter's limit, which nobody can miss and which is always looked at."""
    far = tried(11, room=0.1, wide=5.0)
    asked = _Asked(judge(), [*(tried(k, room=0.1) for k in range(10)), far])
    whole = _Set(KEYS, ("wheelbase",))
    assert _suspects(asked, whole) == whole
    mass = Requirement("body_mass", "kg", at_most=100.0)
    asked = _Asked(judge((ROOM, mass)), [
        *(replace(tried(k), margins={"head_room_front": 0.1, "body_mass": -0.1}) for k in range(10)),
        replace(tried(10), margins={"head_room_front": 0.1, "body_mass": 0.1}),
    ])  # fmt: skip
    assert _suspects(asked, _Set(("head_room_front", "body_mass"), ())).keys == ("head_room_front",)
    asked.pool = asked.pool[1:]
    assert _suspects(asked, _Set(("head_room_front", "body_mass"), ())).keys == (
        "head_room_front",
        "body_mass",
    )


def test_a_search_for_a_part_begins_at_the_nearest_and_counts() -> None:
    """Head room of 1000 is met at once by tall designs: it needs a height of 1330 above the clearance."""
    near = tried(1, room=0.01, overall_height=1500.0, ground_clearance=145.0)
    asked = _Asked(judge(), [tried(0, room=0.5), near])
    found = asked.search(_Set(("head_room_front",), ()))
    assert found[0].values["overall_height"] == 1500.0
    assert found[-1].feasible
    assert len(found) == 1  # it ends with the first that meets it
    assert asked.left == 1200 - 1
    assert asked.pool[-1] is found[-1] or asked.pool[-1] == found[-1]
    assert list(found[0].margins) == ["head_room_front"]
    asked.left = 0
    assert asked.search(_Set(("head_room_front",), ())) == []


def test_a_hopeless_part_is_searched_as_long_as_it_may() -> None:
    hopeless = Requirement("body_mass", "kg", at_most=1.0)
    asked = _Asked(judge((hopeless, NICE)), [])
    asked.short = 7
    assert not asked.meets(_Set(("body_mass",), ()))
    assert asked.left == 1200 - 7
    asked.left = 3
    assert len(asked.search(_Set(("body_mass",), ()))) == 3
    assert asked.left == 0


def test_two_limits_of_one_quantity_keep_their_own_names() -> None:
    over, under = Requirement("body_mass", "kg", at_most=1e4), Requirement("body_mass", "kg", at_least=1.0)
    asked = _Asked(judge((over, under)), [])
    assert tuple(asked.requirements) == ("body_mass", "body_mass 2")
    (found,) = asked.search(_Set(("body_mass 2",), ()))
    assert list(found.margins) == ["body_mass 2"]


class Told(_Asked):
    """Answers by a table instead of a search: which sets can hold."""

    def __init__(self, evaluator: Evaluator, conflicting: set[str], records: list[Record]) -> None:
        super().__init__(evaluator, records)
        self.conflicting = conflicting
        self.asked: list[_Set] = []

    def meets(self, wanted: _Set) -> bool:
        self.asked.append(wanted)
        return not self.conflicting <= set(wanted.members)

    def pressed(self, wanted: _Set) -> bool:
        return False

    def search(self, wanted: _Set) -> list[Record]:
        return [] if self.conflicting <= set(wanted.members) else [tried()]


def test_leaving_out_one_after_another_finds_the_smallest_set() -> None:
    evaluator = judge(wheelbase=2800.0)
    asked = Told(evaluator, {"overall_height", "head_room_front"}, [tried(room=0.1)])
    whole = _Set(KEYS, ("wheelbase",))
    assert _narrowed(asked, whole) == (_Set(("overall_height", "head_room_front"), ()), True)
    only = Told(evaluator, {"wheelbase"}, [tried(room=0.1)])
    assert _narrowed(only, whole) == (_Set((), ("wheelbase",)), True)
    spent = Told(evaluator, {"overall_height", "head_room_front"}, [tried(room=0.1)])
    spent.left = 0
    assert _narrowed(spent, whole) == (whole, False)


def test_it_begins_with_what_is_suspected_and_leaves_out_first_what_most_designs_meet() -> None:
    """Ten designs meet the mass and miss the room; of the others seven meet the width and all the height."""
    mass = Requirement("body_mass", "kg", at_most=100.0)
    evaluator = judge((ROOM, mass, WIDE, LOW))

    def one(k: int) -> Record:
        margins = {
            "head_room_front": 0.1,
            "body_mass": -0.1,
            "overall_width": 0.1 if k < 3 else 0.0,
            "overall_height": 0.0,
        }
        return replace(tried(k), margins=margins)

    whole = _Set(("head_room_front", "body_mass", "overall_width", "overall_height"), ())
    suspects = _Set(("head_room_front", "overall_width", "overall_height"), ())
    found = Told(evaluator, {"head_room_front"}, [one(k) for k in range(10)])
    assert _suspects(found, whole) == suspects
    assert _narrowed(found, whole) == (_Set(("head_room_front",), ()), True)
    assert found.asked == [
        suspects, suspects.without("overall_height"), _Set(("head_room_front",), ()),
    ]  # fmt: skip
    other = Told(evaluator, {"body_mass"}, [one(k) for k in range(10)])
    assert _narrowed(other, whole) == (_Set(("body_mass",), ()), True)
    assert other.asked[:2] == [suspects, whole.without("body_mass")]  # it can hold: all of it is looked at
    last = Told(evaluator, {"head_room_front"}, [one(k) for k in range(10)])
    last.left = 1
    assert _narrowed(last, whole)[1]


def test_a_set_is_met_by_a_search_when_nothing_tried_meets_it() -> None:
    asked = _Asked(judge(), [tried(room=0.5)])
    assert asked.meets(_Set(("head_room_front",), ()))
    assert asked.left < 1200
    asked.left = 1
    assert len(asked.search(_Set(("head_room_front",), ()))) == 1


def test_predictions_are_made_where_any_limit_needs_them_and_broken_designs_are_not_kept() -> None:
    drag = Requirement("drag_coefficient", "1", at_most=0.6)
    asked = _Asked(judge((ROOM, drag)), [])
    assert asked.search(_Set(("head_room_front", "drag_coefficient"), ()))[-1].feasible
    flat = Requirement("overall_height", "mm", at_most=1310.0)
    broken = _Asked(judge((flat,), ground_clearance=240.0), [])
    broken.short = 2
    assert all(r.broken for r in broken.search(_Set(("overall_height",), ("ground_clearance",))))
    assert broken.pool == []


def test_the_nearest_has_every_margin_that_is_asked() -> None:
    part = replace(tried(1, overall_height=1600.0), margins={"overall_height": -1.0})
    asked = _Asked(
        judge(), [part, tried(2, room=0.3, overall_height=1700.0), tried(3, room=0.2, overall_height=1500.0)]
    )
    near = asked._near(_Set(KEYS, ()))
    assert near is not None
    assert near["overall_height"] == 1500.0
    assert _Asked(judge(), [part])._near(_Set(KEYS, ())) is None
    small = _Asked(judge(belt_ratio=0.62), [])
    assert small._holds(tried(belt_ratio=0.62 + 0.9e-6), _Set((), ("belt_ratio",)))
    assert not small._holds(tried(belt_ratio=0.62 + 1.2e-6), _Set((), ("belt_ratio",)))


def test_the_conflict_names_its_limits_and_how_many_were_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluator = judge(wheelbase=2800.0)

    def found(conflicting: set[str], records: list[Record]) -> Any:
        monkeypatch.setattr(conflicts, "_Asked", lambda e, r: Told(e, conflicting, r))
        return smallest_conflict(evaluator, records)

    some = [tried(k, room=0.1) for k in range(3)] + [replace(tried(), margins={"overall_height": 0.1})]
    told = found({"overall_height", "head_room_front"}, some)
    assert (told.requirements, told.locks, told.tried, told.smallest) == ((LOW, ROOM), (), 3, True)
    assert found({"wheelbase"}, some).locks == ("wheelbase",)
    assert found({"nothing of it"}, some) is None  # it can hold
    assert found({"overall_height"}, []) is None  # nothing sound was tried
    assert smallest_conflict(judge((NICE,)), some) is None


def test_what_holds_after_all_is_looked_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search finds a design for the first narrowed set, which was wrong: twice as long, then again."""
    shorts: list[int] = []

    class Doubted(Told):
        def search(self, wanted: _Set) -> list[Record]:
            shorts.append(self.short)
            return [tried()] if len(shorts) < 3 and len(wanted.members) < 4 else []

    monkeypatch.setattr(conflicts, "_Asked", lambda e, r: Doubted(e, {"overall_height"}, r))
    told = smallest_conflict(judge(wheelbase=2800.0), [tried(room=0.1)])
    assert told is not None
    assert told.requirements == (LOW,)
    assert shorts == [60, 120, 240]
