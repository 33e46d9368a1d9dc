"""A designer at a browser of their own, for tests of the studio (the fixture `browser` is in conftest)."""

from __future__ import annotations

from typing import Any

SENTENCE = "a calm, low fastback under 4.7 m, drag coefficient at most 0.32, with zorp wings"
WAIT = 240_000  # ms: other work may share the cores


class Seat:
    """A designer at a browser of their own, with what the browser complained about and whom it asked.

    Args:
        flat: without WebGL, which a machine without a graphics card draws slowly.
    """

    def __init__(self, browser: Any, address: str, flat: bool = False) -> None:
        self.address = address
        self.context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
        self.flat = flat
        if flat:
            self.context.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.outside: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._said)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.outside.append(request.url)

    def _said(self, message: Any) -> None:
        if "ERROR:" in message.text:  # a shader of the 3D view did not compile
            self.faults.append(message.text)

    def open(self, path: str = "/") -> str:
        """Go to a page and return the session's id."""
        self.page.goto(self.address + path)
        self.entered()
        return str(self.page.url).rpartition("s=")[2]

    def entered(self) -> None:
        """Wait until the page shows a session and the address names it."""
        self.page.wait_for_function(
            "/^.s=[0-9a-f]{32}$/.test(location.search)"
            " && document.querySelector('.mq-top a[hreflang]')?.search === location.search"
        )

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).click()

    def read(self, sentence: str = SENTENCE) -> None:
        self.page.locator("#mq-brief-text textarea").fill(sentence)
        self.page.locator("#mq-read").click()
        self.page.wait_for_selector("#mq-understood [data-quantity]")

    def model(self) -> None:
        self.page.locator("#mq-to-model").click()
        if not self.flat:
            self.page.wait_for_selector(".mq-viewer[data-drawn]")
        self.page.wait_for_selector("#mq-knobs input[type=range]")

    def slider(self, name: str) -> float:
        return float(self.page.locator(f"#mq-{name}").input_value())

    def waiting(self) -> int:
        """Edits that the page has not yet heard to be stored."""
        return int(self.page.evaluate("() => window.MQ.waiting()"))

    def kept(self) -> None:
        """Wait until the page says that every edit is stored."""
        self.page.wait_for_function("() => window.MQ.waiting() === 0")
