"""Pages from templates: they hold everything themselves, and no text of anybody's becomes markup."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jinja2 import UndefinedError

from maquette.ui.release.report import report_html
from maquette.ui.templated import embedded, rendered

HOSTILE = "<script>alert(1)</script> & \"a\" 'b' {{ title }} {% block %}"
SAFE = "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;a&quot; &#x27;b&#x27; {{ title }} {% block %}"


def claimed(**changes: Any) -> dict[str, Any]:
    """What a manifest claims, with the same hostile text wherever one may stand."""
    return {
        "title": HOSTILE,
        "design": {"family": HOSTILE, "parameters": {}},
        "versions": {"maquette": HOSTILE},
        "verdicts": [
            {"quantity": HOSTILE, "asked": HOSTILE, "passed": True, "how": HOSTILE, "reason": HOSTILE}
        ],
        "feasible": True,
        "explanation": HOSTILE,
        "brief": {"prompt": HOSTILE},
        "understood": [{"phrase": HOSTILE, "meaning": HOSTILE}],
        "not_understood": [HOSTILE],
        "predictions": {HOSTILE: {"value": 0.3, "model": HOSTILE, "reason": HOSTILE, "evidence": []}},
        "measures": {HOSTILE: {"value": 1.0, "unit": HOSTILE}},
        "measures_exact": [],
        "box": {HOSTILE: 1.0},
        "decisions": [{"parameter": HOSTILE, "value": HOSTILE, "unit": "", "by": HOSTILE}],
        "parts": [{"name": HOSTILE, "volume": 1.0, "area": 1.0, "material": HOSTILE}],
        "seeds": {HOSTILE: 1},
        "concept": {
            "model": HOSTILE,
            "view": HOSTILE,
            "number": HOSTILE,
            "agreements": {HOSTILE: {"iou": 0.9}},
        },
    } | changes


def test_every_text_of_a_report_is_escaped_and_nothing_is_loaded() -> None:
    page = report_html(claimed(), {"side": b"png", "concept": b"png"}, "<svg/>")
    assert "<script" not in page
    assert page.count("alert(1)") == page.count(SAFE) > 20, "wherever a text stands, it is escaped whole"
    assert page.startswith("<!doctype html>\n")
    assert page.endswith("</main></body></html>\n")
    sources = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert len(sources) == 3
    assert all(source.startswith("data:image/") for source in sources)
    assert report_html(claimed(), {"side": b"png", "concept": b"png"}, "<svg/>") == page


def test_a_bare_report_has_no_empty_tables() -> None:
    page = report_html(
        claimed(
            verdicts=[], predictions={}, measures={}, box={}, parts=[], understood=[], not_understood=[],
            brief={}, concept=None, seeds={}
        ),
        {}, "<svg/>",
    )  # fmt: skip
    assert re.findall("<h2>(.*?)</h2>", page) == ["Drawing", "Who decided what", "Origin"]
    assert "No requirement was given." in page
    assert "Seeds: none drawn." in page


def test_a_value_that_a_template_lacks_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UndefinedError, match="title"):
        rendered("report.html")


def test_an_embedded_picture_is_its_own_address() -> None:
    assert embedded(b"abc", "png") == "data:image/png;base64,YWJj"
