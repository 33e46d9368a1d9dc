"""The studio's picture for the README: a designer's way through it in a real browser, one shot a tab.

    python -m maquette.ui.bench.gallery_studio --out assets/pictures/studio.jpg

Needs Chromium and Playwright (see `bench_studio`); takes some minutes: it sketches, searches, simulates and
builds a release.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ...design.errors import MissingComponentError, answers_errors
from .studio import BROWSER, served

SENTENCE = (
    "a calm, low fastback under 4.7 m, drag coefficient at most 0.30, ground clearance at least 140 mm, "
    "zorp wings"
)
SIZE = (1280, 900)  # of the browser's window
WIDTH = 1648  # of the picture, px
GAP = 16
WAIT = 600_000  # ms that a step may take


@answers_errors
def main(arguments: Sequence[str] | None = None) -> int:
    """Take the picture."""
    parser = argparse.ArgumentParser(
        prog="python -m maquette.ui.bench.gallery_studio", description=main.__doc__
    )
    parser.add_argument("--out", type=Path, default=Path("out/gallery/studio.jpg"))
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as data, served(Path(data)) as studio:
        shots = visited(studio.address, lambda name: print(name, file=sys.stderr, flush=True))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_bytes(mounted(shots))
    print(given.out)
    return 0


def visited(address: str, tell: Callable[[str], None]) -> list[bytes]:
    """Brief, sheet, model, search, evidence and release as PNG pictures.

    Raises:
        MissingComponentError: no Chromium, or no Playwright.
    """
    path = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError as error:
        raise MissingComponentError("Playwright is not installed: pip install playwright") from error
    if path is None:
        raise MissingComponentError("Chromium is not installed: apt-get install chromium")
    with warnings.catch_warnings(), sync_playwright() as play:
        warnings.simplefilter("ignore")
        browser = play.chromium.launch(executable_path=path, args=list(BROWSER))
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        page.set_default_timeout(WAIT)
        page.goto(address)
        page.wait_for_function("/^.s=[0-9a-f]{32}$/.test(location.search)")
        steps = (_brief, _sheet, _model, _search, _evidence, _release)
        found = [_taken(page, step, tell) for step in steps]
        browser.close()
    return found


def _taken(page: Any, step: Callable[[Any], None], tell: Callable[[str], None]) -> bytes:
    tell(step.__name__.strip("_"))
    step(page)
    page.wait_for_timeout(1500)  # pictures fade in
    return bytes(page.screenshot())


def _tab(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    page.wait_for_timeout(1500)  # Gradio sets a tab's first values a frame after it is first shown


def _brief(page: Any) -> None:
    _tab(page, "Sheet")
    _tab(page, "Brief")
    page.locator("#mq-brief-text textarea").fill(SENTENCE)
    page.locator("#mq-read").click()
    page.wait_for_selector("#mq-understood [data-quantity]")


def _sheet(page: Any) -> None:
    _tab(page, "Sheet")
    page.locator("#mq-draw").click()
    page.wait_for_function("document.querySelectorAll('#mq-cards article [data-act=open]').length === 8")


def _model(page: Any) -> None:
    page.locator("#mq-cards [data-act=open]").first.click()
    page.wait_for_selector("#mq-knobs input[type=range]")
    page.wait_for_selector(".mq-viewer[data-drawn]")
    page.wait_for_timeout(4000)


def _search(page: Any) -> None:
    _tab(page, "Search")
    page.locator("#mq-start-search").click()
    page.wait_for_selector("#mq-search-state [data-status=done]")
    page.wait_for_selector("#mq-best [data-act]")
    page.wait_for_timeout(3000)


def _evidence(page: Any) -> None:
    page.locator("#mq-best [data-act]").first.click()
    page.wait_for_timeout(3000)
    _tab(page, "Evidence")
    page.locator("#mq-simulate").click()
    page.wait_for_selector("#mq-cfd [data-status=done]")
    page.wait_for_timeout(2000)


def _release(page: Any) -> None:
    _tab(page, "Release")
    page.locator("#mq-build").click()
    page.wait_for_selector("#mq-release [data-verified]")
    page.wait_for_timeout(3000)


def mounted(shots: Sequence[bytes]) -> bytes:
    """The pictures in two columns on grey, as JPEG."""
    from PIL import Image

    tiles = [Image.open(io.BytesIO(shot)).convert("RGB") for shot in shots]
    width = (WIDTH - 3 * GAP) // 2
    height = round(width * tiles[0].height / tiles[0].width)
    rows = -(-len(tiles) // 2)
    sheet = Image.new("RGB", (WIDTH, rows * (height + GAP) + GAP), (219, 221, 219))
    for k, tile in enumerate(tiles):
        place = (GAP + (k % 2) * (width + GAP), GAP + (k // 2) * (height + GAP))
        sheet.paste(tile.resize((width, height), Image.Resampling.LANCZOS), place)
    out = io.BytesIO()
    sheet.save(out, format="JPEG", quality=84, optimize=True, progressive=True)
    return out.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
