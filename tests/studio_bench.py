"""The studio's pages without a browser: their handlers, called as Gradio calls them."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest


class Bench:
    """The pages of one language over an empty folder, and their handlers by module and name."""

    def __init__(self, root: Path, language: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Gradio's own
            from maquette.ui.web.app import build_pages
            from maquette.ui.web.desk import Desk

            self.desk = Desk(root)
            self.app, self.pages = build_pages(self.desk, language)
        self.session, self.sent = self.desk.sessions.new(language).id, 0

    def handler(self, tab: str, name: str) -> Callable[..., dict[Any, Any]]:
        """A tab's handler, held to what it is wired to: Gradio refuses an answer to any other component."""
        for block in self.app.fns.values():
            inner = getattr(block.fn, "__wrapped__", None)
            if inner is not None and inner.__name__ == name and inner.__module__ == f"maquette.ui.web.{tab}":
                return lambda *arguments: self._held(block, block.fn(*arguments))
        raise AssertionError(f"{tab} has no handler {name}")

    @staticmethod
    def _held(block: Any, answer: dict[Any, Any]) -> dict[Any, Any]:
        assert {c._id for c in answer} <= {c._id for c in block.outputs}
        return answer

    def call(self, tab: str, name: str, *arguments: Any) -> str:
        """Everything that the handler answered, as one text."""
        return shown(self.handler(tab, name)(self.session, *arguments))

    def model(self, sentence: str) -> Bench:
        """The words read, and the body that they begin with in hand; the bench itself."""
        self.call("brief", "understand", sentence, "car")
        self.call("brief", "model_it", "", "car")
        return self

    def edit(self, kind: str, **data: Any) -> str:
        """What an edit from the page's script answers, through the component that takes them all."""
        receive = next(b for b in self.app.fns.values() if getattr(b.fn, "__name__", "") == "edited")
        self.sent += 1
        told = {"sent": str(self.sent), "session": self.session, "kind": kind, "data": data}
        return shown(self._held(receive, receive.fn(self.session, event(**told))))

    def paint(self, tab: str) -> str:
        return shown(self.pages[tab].paint(self.desk.sessions.read(self.session)))

    @property
    def now(self) -> Any:
        return self.desk.sessions.read(self.session)


def shown(answer: dict[Any, Any]) -> str:
    return " ".join(str(v.value if hasattr(v, "value") else v) for v in answer.values())


def event(**data: Any) -> Any:
    return SimpleNamespace(_data=data)


@pytest.fixture(scope="module", autouse=True)
def nothing_left() -> Iterator[None]:
    """What Gradio leaves open goes away here, not in somebody else's test."""
    yield
    gc.collect()
