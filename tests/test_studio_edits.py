"""No edit is lost: in a real browser, on a server that answers late and out of order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from seat import Seat
from studio_server import studio

from maquette.ui.briefing import Draft
from maquette.ui.jobs import Session, Sessions

pytestmark = pytest.mark.slow

SENTENCE = "a fastback under 4.7 m, wheelbase at least 2.6 m, drag coefficient at most 0.32"
PATIENCE = 40.0  # s until what was changed must lie on the disk
#: moves sliders as a quick hand does, all within a few milliseconds
MOVE = """(to) => { for (const [name, value] of Object.entries(to)) {
  const range = document.querySelector('#mq-' + name);
  range.value = value;
  range.dispatchEvent(new Event('input', {bubbles: true}));
  range.dispatchEvent(new Event('change', {bubbles: true}));
} }"""
SET = """(to) => { for (const [arg, value] of Object.entries(to)) {
  const field = document.querySelector(`#mq-understood [data-act=limit][data-arg="${arg}"]`);
  field.value = value;
  field.dispatchEvent(new Event('change', {bubbles: true}));
} }"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("slow")


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    with studio(data, slow=True) as found:
        yield found


@pytest.fixture
def seat(browser: Any, address: str) -> Iterator[Seat]:
    made = Seat(browser, address, flat=True)
    yield made
    made.context.close()
    assert made.faults == []


def holds(data: Path, sid: str, what: Callable[[Session], bool]) -> bool:
    """Whether the session on the disk comes to be so."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if what(Sessions(data).read(sid)):
            return True
        time.sleep(0.2)
    return False


def limits(session: Session) -> dict[str, float | None]:
    draft = Draft.from_json(session.brief)
    return {r.quantity: r.at_most if r.at_most is not None else r.at_least for r in draft.brief.requirements}


def parameters(session: Session) -> dict[str, float]:
    return dict(session.design.parameters) if session.design else {}


def test_sliders_moved_at_once_are_all_stored_and_the_page_says_until_then(seat: Seat, data: Path) -> None:
    sid = seat.open()
    seat.read(SENTENCE)
    seat.model()
    wanted = {"wheelbase": 2710.0, "overall_height": 1433.0, "overall_width": 1850.0, "rear_overhang": 900.0}
    seat.page.evaluate(MOVE, wanted)
    assert seat.waiting() > 0
    seat.page.locator("#mq-outbox .mq-unsent").wait_for()
    assert holds(data, sid, lambda s: {n: parameters(s)[n] for n in wanted} == wanted)
    seat.kept()
    assert {n: seat.slider(n) for n in wanted} == wanted


def test_a_held_key_ends_where_the_hand_let_go(seat: Seat, data: Path) -> None:
    sid = seat.open()
    seat.read(SENTENCE)
    seat.model()
    for name in ("overall_height", "wheelbase"):
        for _ in range(25):
            seat.page.locator(f"#mq-{name}").press("ArrowRight")
    shown = {n: seat.slider(n) for n in ("overall_height", "wheelbase")}
    seat.kept()
    assert {n: seat.slider(n) for n in shown} == shown
    assert {n: parameters(Sessions(data).read(sid))[n] for n in shown} == shown
    assert len(Sessions(data).log(sid).entries()) <= 6, "held keys are one decision or a few"


def test_a_reload_in_between_loses_nothing(seat: Seat, data: Path) -> None:
    sid = seat.open()
    seat.read(SENTENCE)
    seat.model()
    seat.page.evaluate(MOVE, {"wheelbase": 2755.0})
    seat.page.reload()
    seat.entered()
    assert holds(data, sid, lambda s: parameters(s)["wheelbase"] == 2755.0)
    seat.kept()
    seat.tab("Model")
    seat.page.wait_for_function("() => document.querySelector('#mq-wheelbase')?.value === '2755'")


def test_two_tabs_of_one_session_come_to_show_the_same(seat: Seat, browser: Any, data: Path) -> None:
    sid = seat.open()
    seat.read(SENTENCE)
    seat.model()
    other = Seat(browser, seat.address, flat=True)
    try:
        other.open(f"/?s={sid}")
        other.tab("Model")
        other.page.wait_for_selector("#mq-knobs input[type=range]")
        seat.page.evaluate(MOVE, {"wheelbase": 2700.0})
        other.page.evaluate(MOVE, {"overall_height": 1500.0})
        wanted = {"wheelbase": 2700.0, "overall_height": 1500.0}
        assert holds(data, sid, lambda s: {n: parameters(s)[n] for n in wanted} == wanted)
        for one in (seat, other):
            for name, value in wanted.items():
                one.page.wait_for_function(
                    "([n, v]) => Number(document.querySelector('#mq-' + n).value) === v", arg=[name, value]
                )
    finally:
        other.context.close()


def test_limits_changed_at_once_are_all_stored(seat: Seat, data: Path) -> None:
    sid = seat.open()
    seat.read(SENTENCE)
    seat.page.evaluate(SET, {"overall_length:at_most": "4.61 m", "wheelbase:at_least": "2.65 m"})
    seat.page.locator("#mq-understood [data-act=drop][data-arg=drag_coefficient]").click()
    assert holds(data, sid, lambda s: limits(s) == {"overall_length": 4610.0, "wheelbase": 2650.0})
    seat.kept()
    field = seat.page.locator("#mq-understood [data-arg='wheelbase:at_least']")
    assert field.input_value() == "2650"


def test_an_emptied_field_shows_the_limit_that_stays(seat: Seat, data: Path) -> None:
    sid = seat.open()
    seat.read(SENTENCE)
    field = seat.page.locator("#mq-understood [data-arg='wheelbase:at_least']")
    field.fill("")
    field.press("Tab")
    seat.page.get_by_text("The limit of wheelbase stays").wait_for()
    assert field.input_value() == "2600"
    assert limits(Sessions(data).read(sid))["wheelbase"] == 2600.0


def test_options_pressed_at_once_and_words_are_all_stored(seat: Seat, data: Path) -> None:
    sid = seat.open()
    seat.read(SENTENCE)
    seat.model()
    before = parameters(Sessions(data).read(sid))
    line = seat.page.locator("#mq-edit textarea, #mq-edit input").first
    for said in ("lower the roof by 20 mm", "raise the ground clearance by 10 mm"):
        line.fill(said)
        line.press("Enter")
    for option in ("grille:closed", "doors:two"):
        seat.page.locator(f"#mq-picks [data-arg='{option}']").click()
    seat.kept()
    now = parameters(Sessions(data).read(sid))
    assert now["overall_height"] == pytest.approx(before["overall_height"] - 20.0, abs=0.1)
    assert now["ground_clearance"] == pytest.approx(before["ground_clearance"] + 10.0, abs=0.1)
    assert (now["doors"] != before["doors"], now["grille"] == 0.0) == (True, True)
