"""Pieces of pages in Chinese: what the engine says is translated there, and what people wrote is not."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from chinese_text import CJK, corners, english_in, visible

from maquette.design.family.records import Design
from maquette.design.family.registry import get_family
from maquette.design.messages import say
from maquette.ui import briefing, live
from maquette.ui.jobs import Sessions, record
from maquette.ui.messages.words import Words


@pytest.fixture(scope="module")
def web() -> Any:
    """The web package; what Gradio and its libraries warn about while they load is not ours to mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from maquette.ui.web import brief, design_view, desk, evidence, parts, release, search
    return SimpleNamespace(
        brief=brief,
        view=design_view,
        desk=desk,
        parts=parts,
        release=release,
        search=search,
        evidence=evidence,
    )


def test_the_model_tab_in_chinese(web: Any) -> None:
    words = Words("zh")
    draft = briefing.draft_from_text("a low fastback under 4.7 m, drag coefficient at most 0.20")
    design = briefing.starting_design(draft)
    now = live.live(design, draft.brief, arrows=False)
    page = web.view.figures(now, draft, words)
    family = get_family("car")
    broken = next(v for v in corners(family, 5) if family.broken_rules(v))
    now = live.live(Design("car", broken), draft.brief, arrows=False)
    assert now.broken
    page += web.view.figures(now, draft, words) + web.evidence.nearest(now, words)
    assert not english_in(visible(re.sub(r"<code>.*?</code>", "", page)))


def test_the_log_keeps_what_people_wrote_and_escapes_it(web: Any, tmp_path: Path) -> None:
    sessions = Sessions(tmp_path)
    session = sessions.new("zh")
    ahmed = get_family("ahmed")
    wrote = "low. Failed. wheelbase up <b>x</b>"
    design = Design("ahmed", ahmed.defaults())
    sessions.decide(session.id, "brief", say("starting point: “{words}”", words=wrote), design)
    moved = Design("ahmed", {**ahmed.defaults(), "length": 1100.0, "slant_angle": 12.0})
    what = web.view.change_text(design, moved, Words("en"))
    assert "; " in what
    sessions.decide(session.id, say("search trial {trial}", trial=3), what, moved)
    sessions.undo_to(session.id, 1)
    page = web.parts.decisions(sessions.log(session.id).entries(), Words("zh"))
    assert "low. Failed. wheelbase up &lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x</b>" not in page
    assert not english_in(visible(page))
    assert "寻优试验 3" in page
    english = web.parts.decisions(sessions.log(session.id).entries(), Words("en"))
    assert not CJK.search(english)
    assert "back to decision 1: starting point: " in english


def test_a_job_card_and_an_error_in_chinese(web: Any) -> None:
    job = record.Job(
        id="a" * 32, session="b" * 32, verb="optimise", arguments={}, created=0.0, folder=Path(),
        status="running", stage="exact check", share=0.4, remaining=190.0,
        message=say("{stage}.", stage=say("exact check")),
    )  # fmt: skip
    page = web.parts.job_card(job, Words("zh"))
    assert "3 分 10 秒" in page
    assert not english_in(visible(page))
    broken = replace(job, status="failed", error="wheelbase is <i> mm; allowed 1 to 2 mm")
    assert "&lt;i&gt;" in web.parts.job_card(broken, Words("zh"))
    where = object()
    handler = web.desk.told(Words("zh"), where)(lambda: get_family("car").validate({}))
    told = handler()[where]
    assert "缺少参数“轴距”" in told
    assert not english_in(visible(told))


def test_the_chips_of_a_brief_in_chinese(web: Any) -> None:
    draft = briefing.draft_from_text("a rugged <b>SUV</b>, ground clearance at least 210 mm, zorp wings")
    page = web.brief.chips(draft, Words("zh"))
    assert "不在词汇表中" in page
    assert "zorp <small>" in page  # a model of sketches knows wings
    assert "<b>SUV" not in page
