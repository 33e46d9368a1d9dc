"""The studio in a real browser, Debian's Chromium through Playwright: from a sentence to a release."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from seat import SENTENCE, Seat
from studio_server import studio

pytestmark = pytest.mark.slow

LONG = 600_000  # ms: an exact build with verification on a busy machine


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with studio(tmp_path_factory.mktemp("studio")) as found:
        yield found


@pytest.fixture
def seat(browser: Any, address: str) -> Iterator[Seat]:
    made = Seat(browser, address)
    yield made
    made.context.close()
    assert made.outside == []
    assert made.faults == []


def test_from_a_sentence_to_a_body_whose_numbers_follow_its_sliders(seat: Seat) -> None:
    page = seat.page
    seat.open()
    seat.read()
    assert page.locator("#mq-understood tr[data-quantity=overall_length]").is_visible()
    assert "zorp" in page.locator("#mq-understood .mq-chip.not").inner_text()
    seat.model()
    before = page.locator("#mq-numbers .mq-dial").first.inner_text()
    height = page.locator("#mq-overall_height")
    page.locator("#mq-knobs summary").first.wait_for()
    was = seat.slider("overall_height")
    height.focus()
    for _ in range(3):
        height.press("PageUp")  # a tenth of the range
    risen = seat.slider("overall_height")
    assert risen == pytest.approx(was + 0.3 * (2000.0 - 1230.0), abs=1.0), "no answer may push the hand back"
    page.wait_for_function(
        "(t) => document.querySelector('#mq-numbers .mq-dial').innerText !== t", arg=before
    )
    page.get_by_role("button", name="Section", exact=True).first.click()
    page.wait_for_function("() => document.querySelector('.mq-dims .mq-cut')?.getAttribute('d').length > 500")
    seat.tab("Release")
    risings = page.locator("#mq-log li").filter(has_text="overall height")
    risings.first.wait_for()
    # a slow hand, or a busy machine, makes more than one decision of three presses: back to before the first
    risings.last.locator("xpath=following-sibling::li[1]").locator("[data-act=undo]").click()
    seat.tab("Model")
    page.wait_for_function("(v) => Number(document.querySelector('#mq-overall_height').value) === v", arg=was)


def test_a_view_whose_body_is_on_its_way_says_so(seat: Seat) -> None:
    seat.page.route("**/bodies/**", lambda _route: None)
    seat.open()
    seat.read()
    seat.page.locator("#mq-to-model").click()
    told = seat.page.locator("#mq-view .mq-empty")
    told.filter(has_text="The body is being made").wait_for()
    seat.page.unroute("**/bodies/**")  # lets those go on that were held
    seat.page.wait_for_selector("#mq-view .mq-viewer[data-drawn]")
    assert not told.is_visible()


#: pairs of labels in the 3D view that lie on each other, and how many labels there are
LABELS = """() => { const all = [...document.querySelectorAll('.mq-dims rect')].map((r) => r.getBBox());
  const on = (a, b) => Math.min(a.x + a.width, b.x + b.width) > Math.max(a.x, b.x) + 0.5
    && Math.min(a.y + a.height, b.y + b.height) > Math.max(a.y, b.y) + 0.5;
  return [all.flatMap((a, k) => all.slice(k + 1).filter((b) => on(a, b))).length, all.length]; }"""


def test_labels_of_a_chair_lie_beside_each_other(seat: Seat) -> None:
    """Six lines about one chair: from the side, three of them had their labels on one spot."""
    seat.open()
    seat.read("a stacking chair, at most 5 kg")
    seat.model()
    view = seat.page.locator(".mq-viewer")
    view.get_by_role("button", name="Dimensions").click()
    for eye in ("Side", "Front", "Top"):
        view.get_by_role("button", name=eye, exact=True).click()
        seat.page.wait_for_function(f"() => ({LABELS})()[1] >= 3")
        assert seat.page.evaluate(LABELS)[0] == 0, eye


#: pixels of the 3D view in the dark stripes of a hatched cut, inside and outside its outline's box,
#: in the frame that a pressed button asks for
HATCHED = """(button) => { const view = document.querySelector('.mq-viewer canvas');
  button.click();
  const flat = document.createElement('canvas');
  [flat.width, flat.height] = [view.width, view.height];
  return new Promise((done) => requestAnimationFrame(() => {
    const pen = flat.getContext('2d', { willReadFrequently: true });
    pen.drawImage(view, 0, 0);
    const p = pen.getImageData(0, 0, flat.width, flat.height).data, scale = view.width / view.clientWidth;
    const box = document.querySelector('.mq-dims .mq-cut').getBBox(), count = [0, 0];
    for (let i = 0; i < p.length; i += 4) {
      if (Math.abs(p[i] - 204) + Math.abs(p[i + 1] - 158) + Math.abs(p[i + 2] - 135) > 24) continue;
      const x = ((i / 4) % flat.width) / scale - box.x, y = Math.floor(i / 4 / flat.width) / scale - box.y;
      count[x > -2 && x < box.width + 2 && y > -2 && y < box.height + 2 ? 0 : 1] += 1;
    }
    done(count);
  })); }"""


def test_a_cut_is_hatched_and_nothing_else_is(seat: Seat) -> None:
    """What was hatched beside a cut across was the far skin, by the arches and along the tail."""
    page = seat.page
    seat.open()
    seat.read()
    seat.model()
    cut = page.locator(".mq-viewer").get_by_role("button", name="Section")
    for least in (5000, 2500):  # lengthwise, across
        inside, beside = cut.evaluate(HATCHED)
        assert inside > least
        assert beside == 0


def test_words_change_the_body_and_take_it_back(seat: Seat) -> None:
    page = seat.page
    seat.open()
    seat.read()
    seat.model()
    was = seat.slider("overall_height")
    line = page.locator("#mq-edit input, #mq-edit textarea").first
    moved = "(v) => Math.abs(Number(document.querySelector('#mq-overall_height').value) - v) < 0.6"
    line.fill("lower the roof by 20 mm, keep the wheelbase")
    line.press("Enter")
    page.wait_for_function(moved, arg=was - 20.0)
    line.fill("undo that")
    line.press("Enter")
    page.wait_for_function(moved, arg=was)
    line.fill("less drag")
    line.press("Enter")
    page.get_by_text("cannot be set").first.wait_for()


def test_a_sketch_is_drawn_seen_as_a_body_varied_and_opened(seat: Seat) -> None:
    """One sketch each time: jobs are patient, and other tests may want both cores."""
    page = seat.page
    page.set_default_timeout(LONG)
    seat.open()
    # Gradio sets a tab's first values anew a frame after it is first shown: not while we type
    seat.tab("Sheet")
    page.locator("#mq-count").wait_for()
    seat.tab("Brief")
    seat.read()
    seat.tab("Sheet")
    page.locator("#mq-count input[type=number]").fill("1")
    page.locator("#mq-count input[type=number]").press("Tab")
    page.locator("#mq-draw").click()
    first = page.locator("#mq-cards .mq-sheet article").first
    first.locator("[data-act=open]").wait_for()  # its picture came before, its body is read
    assert first.locator("img").evaluate("(i) => i.naturalWidth") >= 512
    first.get_by_text("agreement").wait_for()
    assert page.locator("#mq-cards article").count() == 1
    show = page.locator("#mq-cards [data-act=body]").first
    show.click()
    page.wait_for_selector(".mq-viewer[data-drawn]")
    assert show.get_attribute("aria-pressed") == "true"
    show.click()
    page.wait_for_selector(".mq-viewer[data-drawn]", state="hidden")
    page.locator("#mq-cards [data-act=facelift]").first.click()
    page.get_by_text("facelift of Sketch 1, variation 40 %").wait_for()
    page.wait_for_function("document.querySelectorAll('#mq-cards article [data-act=open]').length === 2")
    page.locator("#mq-cards [data-act=open]").first.click()
    page.wait_for_selector("#mq-knobs input[type=range]")
    seat.tab("Release")
    page.locator("#mq-log").get_by_text("concept 1").wait_for()


@pytest.mark.kernel
def test_from_a_sentence_to_a_verified_release(seat: Seat) -> None:
    """The smallest product: what takes time is not the browser's, and a car's release has its own tests."""
    page = seat.page
    seat.open()
    page.locator("#mq-family input").click()
    page.get_by_role("option", name="ahmed").click()
    page.locator("#mq-brief-text textarea").fill("a plain body, length at most 1.1 m")
    seat.model()
    seat.tab("Release")
    page.locator("#mq-build").click()
    page.wait_for_selector("#mq-release [data-verified]", timeout=LONG)
    assert page.locator("#mq-release [data-verified=true]").count() == 1
    with page.expect_download() as waiting:
        page.locator("#mq-release a[data-file$='.zip']").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    assert any(name.endswith("model.step") for name in archive.namelist())


def test_a_refresh_in_mid_search_loses_nothing_and_cancel_keeps_what_was_found(seat: Seat) -> None:
    page = seat.page
    sid = seat.open()
    seat.read()
    seat.tab("Search")
    page.locator("#mq-trials input[type=number]").fill("2000")
    page.locator("#mq-start-search").click()
    page.wait_for_selector("#mq-search-state [data-status=running]")
    job = page.locator("#mq-search-state .mq-job").get_attribute("data-job")
    page.wait_for_function("/\\d+ designs tried/.test(document.querySelector('#mq-search-state').innerText)")
    page.reload()
    seat.entered()
    page.wait_for_selector("#mq-understood [data-quantity]")
    assert page.url.endswith(sid)
    assert page.locator("#mq-brief-text textarea").input_value() == SENTENCE
    seat.tab("Search")
    card = page.locator(f"#mq-search-state [data-job='{job}']")
    card.wait_for()
    card.locator("[data-act=cancel]").click()
    page.wait_for_selector("#mq-search-state [data-status=cancelled]")
    page.wait_for_selector("#mq-best [data-act]")


def test_two_designers_do_not_see_each_other(browser: Any, address: str) -> None:
    one, two = Seat(browser, address), Seat(browser, address)
    try:
        first = one.open()
        one.read()
        second = two.open()
        assert first != second
        assert two.page.locator("#mq-understood [data-quantity]").count() == 0
        assert two.page.locator("#mq-brief-text textarea").input_value() == ""
    finally:
        one.context.close()
        two.context.close()


def test_a_wrong_upload_is_refused_with_a_sentence(seat: Seat) -> None:
    page = seat.page
    seat.open()
    page.locator("#mq-upload input[type=file]").set_input_files(
        {"name": "car.png", "mimeType": "image/png", "buffer": b"MZ this is no picture" * 50}
    )
    said = page.locator(".mq-say.bad")
    said.wait_for()
    assert "formats: PNG, JPEG" in said.inner_text()
    assert "Traceback" not in page.content()


def test_the_interface_in_chinese_keeps_the_session(seat: Seat) -> None:
    page = seat.page
    sid = seat.open()
    seat.read()
    page.locator(".mq-top a[hreflang=zh]").click()
    page.wait_for_url("**/zh/**")
    page.wait_for_selector("#mq-understood [data-quantity]")
    assert page.url.endswith(sid)
    assert page.get_by_role("tab", name="模型", exact=True).is_visible()
    assert "车长" in page.locator("#mq-understood").inner_text()


def test_a_lost_link_opens_a_new_session_and_says_so(seat: Seat) -> None:
    sid = seat.open("/?s=" + "0" * 32)
    assert sid != "0" * 32
    seat.page.get_by_text("not on this server").first.wait_for()
