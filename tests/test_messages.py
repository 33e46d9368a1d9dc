"""Messages: English text, id and arguments; they survive pickles, copies and JSON."""

from __future__ import annotations

import copy
import json
import math
from multiprocessing import Pipe
from typing import Any

import numpy as np
import pytest

from maquette.design.errors import InputError, RuleError
from maquette.design.messages import (
    BESIDE,
    Message,
    amount,
    capital,
    listed,
    named,
    one_line,
    quoted,
    restored,
    say,
    span,
    with_ids,
)
from maquette.ui.messages.translate import translated

GAP = amount(50.0, "mm", "50")
HOLDS = say(
    "{quantity} is {value}, asked {limits}: holds with {gap} to spare",
    quantity=named("ground_clearance"),
    value=amount(150.0, "mm", "150"),
    limits=say("at least {limit}", limit=amount(100.0, "mm", "100")),
    gap=GAP,
)


def _sent(message: Any) -> Any:
    """Through a pipe between two processes' ends."""
    here, there = Pipe()
    here.send(message)
    return there.recv()


def test_a_message_is_its_english_text() -> None:
    assert HOLDS == "ground clearance is 150 mm, asked at least 100 mm: holds with 50 mm to spare"
    assert HOLDS.id.startswith("{quantity} is {value}")
    assert HOLDS.arguments["gap"].arguments["value"] == 50.0
    assert json.dumps({"reason": HOLDS}) == json.dumps({"reason": str(HOLDS)})
    assert type(str(HOLDS)) is str


def test_numbers_keep_their_format_and_their_value() -> None:
    told = say("{part} has a volume of {volume:g}, not a positive one", part="hull", volume=np.float64(0.5))
    assert told == "hull has a volume of 0.5, not a positive one"
    assert type(told.arguments["volume"]) is float
    assert amount(1.0, "1", "1") == "1"
    assert amount(1.0, "1", "1", one=True) == "1 1"
    assert span(0.1, 2.0, "mm") == "0.1 to 2 mm"


@pytest.mark.parametrize("through", [copy.copy, copy.deepcopy, _sent])
def test_copies_and_pickles_are_messages(through: Any) -> None:
    made = through(HOLDS)
    assert isinstance(made, Message)
    assert (made, made.id, dict(made.arguments)) == (HOLDS, HOLDS.id, dict(HOLDS.arguments))
    assert translated(made, "zh") == translated(HOLDS, "zh")


def test_errors_keep_the_message_they_were_given() -> None:
    assert InputError(HOLDS).message.id == HOLDS.id  # type: ignore[attr-defined]
    again = _sent(RuleError(HOLDS, ("a",)).message)
    assert again.id == HOLDS.id
    assert InputError("plain").message == "plain"
    assert InputError().message == ""


def test_json_carries_the_id_beside_the_text_and_gives_the_message_back() -> None:
    nan = say("{name} is {value}; allowed {range}", name="a", value=math.nan, range=span(0.0, 1.0))
    record = {
        "rows": [{"reason": HOLDS, "n": 1}, {"reason": "plain"}],
        "pairs": [["a", HOLDS], ["b", "c"]],
        "all": listed([HOLDS, "x"], "; "),
        "nan": nan,
    }
    stored = json.loads(json.dumps(with_ids(record), allow_nan=False))
    assert stored["rows"][0]["reason"] == str(HOLDS)
    assert stored["rows"][0][BESIDE]["reason"]["id"] == HOLDS.id
    assert stored["rows"][0][BESIDE]["reason"]["arguments"]["gap"]["arguments"]["value"] == 50.0
    assert BESIDE not in stored["rows"][1]
    back = restored(stored)
    assert back == record
    for made, was in (
        (back["rows"][0]["reason"], HOLDS),
        (back["pairs"][0][1], HOLDS),
        (back["all"], record["all"]),
    ):
        assert translated(made, "zh") == translated(was, "zh")  # type: ignore[arg-type]
    assert math.isnan(back["nan"].arguments["value"])
    assert with_ids(back) == with_ids(record)


@pytest.mark.parametrize(
    "beside",
    [3, {"reason": 3}, {"reason": {"id": 3, "arguments": {}}}, {"reason": {"id": "x"}}, {"other": {}}],
)
def test_what_is_malformed_stays_plain_text(beside: Any) -> None:
    back = restored({"reason": "text", BESIDE: beside})
    assert back["reason"] == "text"
    assert not isinstance(back["reason"], Message)


@pytest.mark.parametrize(
    "made",
    [
        Message("text", "{quantity} already holds", {}),
        Message("text", "@amount", {}),
        Message("text", "@list", {"parts": 3, "separator": " "}),
        Message("text", "trials is {trials}; allowed {range}", {"trials": None, "range": [1]}),
    ],
)
def test_arguments_that_do_not_fit_never_break_a_page(made: Message) -> None:
    assert translated(made, "zh")


def test_words_of_others_are_quoted() -> None:
    why = say("the upload cannot be read ({why})", why=quoted("no such thing {0}"))
    assert translated(why, "zh") == "无法读取上传的文件（“no such thing {0}”）。"
    known = say("the upload cannot be read ({why})", why=quoted("image file is truncated"))
    assert translated(known, "zh") == "无法读取上传的文件（图片文件不完整）。"


def test_capital_letters_and_single_blanks_keep_the_id() -> None:
    told = capital(say("first  design"))
    assert told == "First  design"
    assert isinstance(told, Message)
    line = one_line(told)
    assert line == "First design"
    assert isinstance(line, Message)
    assert capital("abc") == "Abc"
