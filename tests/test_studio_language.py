"""A browser that is set to Chinese gets Chinese, with examples in it; who chose English keeps English."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_bench import nothing_left  # noqa: F401 - a fixture

from maquette.design.family.registry import families
from maquette.ui.briefing import draft_from_text

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


def asked(tmp_path: Path, path: str, language: str) -> tuple[int, str]:
    """Status and location of the server's answer."""
    import httpx

    from maquette.ui.web.desk import Desk
    from maquette.ui.web.server import build_server

    async def ask() -> Any:
        transport = httpx.ASGITransport(app=build_server(Desk(tmp_path)))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(path, headers={"accept-language": language})

    answer = asyncio.run(ask())
    return answer.status_code, answer.headers.get("location", "")


@pytest.mark.parametrize("language", ["zh-CN,zh;q=0.9,en;q=0.8", "zh", "zh-TW", "fr, zh;q=0.6, en;q=0.5"])
def test_a_browser_set_to_chinese_gets_chinese(tmp_path: Path, language: str) -> None:
    assert asked(tmp_path, "/", language) == (302, "/zh/")
    assert asked(tmp_path, "/?lang=en", language)[1] == "", "English was chosen"
    assert asked(tmp_path, "/?s=" + "0" * 32, language)[1] == "", "a link keeps its language"


@pytest.mark.parametrize("language", ["en-GB,en", "de,en;q=0.4", "", "*", "en, zh;q=0.9"])
def test_every_other_browser_gets_english(tmp_path: Path, language: str) -> None:
    assert asked(tmp_path, "/", language)[1] == ""


@given(st.text(max_size=60))
def test_no_header_is_an_error(header: str) -> None:
    from maquette.ui.web.server import preferred

    assert preferred(header) in ("en", "zh")


def test_examples_are_in_the_pages_language_and_understood_to_the_last_word() -> None:
    from maquette.ui.messages.words import Words
    from maquette.ui.web.brief import _examples

    chinese = re.compile("[\u4e00-\u9fff]")
    for language in ("en", "zh"):
        texts = re.findall(r">([^<>]+)</button>", _examples(Words(language)))
        assert len(texts) >= 4
        assert all(bool(chinese.search(t)) == (language == "zh") for t in texts)
    for family in families().values():
        for text in family.examples:
            draft = draft_from_text(text, family.name)
            assert (draft.not_understood, draft.questions) == ((), ()), text
