"""Limits of a sum that clash: on the Brief tab each way out is a button, and one press takes it."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from studio_bench import Bench, nothing_left  # noqa: F401 - a fixture

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)
SENTENCE = "a saloon, wheelbase 3 m, length at most 4.2 m, boot at least 500 l"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, "en")


def buttons(page: str) -> dict[str, tuple[str, str]]:
    """What a page's ways out say, with what they report."""
    found = re.findall(r'data-act="(words|take)" data-arg="([^"]+)"[^>]*>([^<]+)</button>', page)
    return {html.unescape(text): (act, html.unescape(arg)) for act, arg, text in found}


def asked(bench: Bench) -> dict[str, tuple[float | None, float | None]]:
    rows = bench.desk.draft(bench.now).brief.requirements
    return {r.quantity: (r.at_least, r.at_most) for r in rows}


@pytest.mark.parametrize(
    ("way", "length", "wheelbase"),
    [("take overall length ≤ 4230 mm", 4230.0, 3000.0), ("take wheelbase = 2970 mm", 4200.0, 2970.0)],
)
def test_a_clash_of_words_is_mended_by_one_press(
    bench: Bench, way: str, length: float, wheelbase: float
) -> None:
    """The overhangs take 680 and 550 mm at least."""
    page = bench.call("brief", "understand", SENTENCE, "car")
    assert "cannot hold together" in page
    ways = buttons(page)
    assert set(ways) == {"take overall length ≤ 4230 mm", "take wheelbase = 2970 mm"}
    act, arg = ways[way]
    after = bench.edit("brief", act=act, arg=arg)
    assert "cannot hold together" not in after
    assert asked(bench)["overall_length"] == (None, length)
    assert asked(bench)["luggage_volume"][0] == 500.0, "the other words stay"
    assert bench.desk.draft(bench.now).brief.locks == {"wheelbase": wheelbase}


def test_a_clash_made_by_a_chip_has_the_same_buttons(bench: Bench) -> None:
    bench.call("brief", "understand", "a saloon, wheelbase 3 m", "car")
    added = {"quantity": "overall_length", "side": "at_most", "value": "4.2 m"}
    page = bench.edit("brief", act="add", arg="", value=added)
    act, arg = buttons(page)["take wheelbase = 2970 mm"]
    assert act == "take"
    bench.edit("brief", act=act, arg=arg)
    assert bench.desk.draft(bench.now).brief.locks == {"wheelbase": 2970.0}


def test_a_second_clash_of_the_same_words_keeps_the_first_way_out(bench: Bench) -> None:
    """Two sums: length of wheelbase and overhangs, and whatever is out of reach beside it."""
    page = bench.call("brief", "understand", f"{SENTENCE}, front overhang at most 100 mm", "car")
    pressed: list[str] = []
    while ways := buttons(page):
        assert len(pressed) < 4, "each press has to mend something"
        act, arg = next(iter(ways.values()))
        page = bench.edit("brief", act=act, arg=arg)
        pressed.append(arg)
        if "cannot hold together" not in page and "out of reach" not in page:
            break
    assert len(pressed) >= 2
    assert asked(bench)["overall_length"] == (None, 4230.0)
