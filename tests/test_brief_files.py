"""Briefs in TOML and JSON: the same record as from words, and one line about everything that is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maquette.constraints.requirements.brief import Brief
from maquette.constraints.requirements.brief_files import brief_from_data, read_brief
from maquette.design.errors import InputError
from maquette.design.family.registry import get_family
from maquette.ui.verbs.read import read

EXAMPLES = sorted(Path(str(files("maquette.assets"))).glob("briefs/*.*"))


def test_the_design_documents_example(tmp_path: Path) -> None:
    path = tmp_path / "brief.toml"
    path.write_text(
        """
family = "car"
prompt = "calm, low fastback with a long wheelbase"
[[require]]
quantity = "drag_coefficient"
at_most = 0.26
confidence = 0.9
[[require]]
quantity = "ground_clearance"
at_least = "150 mm"
[prefer]
minimise = ["drag_coefficient"]
maximise = ["cabin_volume"]
[lock]
wheelbase = "2850 mm"
"""
    )
    parsed = read_brief(path, seed=9)
    brief = parsed.brief
    assert [(r.quantity, r.at_least, r.at_most) for r in brief.requirements] == [
        ("drag_coefficient", None, 0.26),
        ("ground_clearance", 150.0, None),
    ]
    assert (brief.minimise, brief.maximise) == (("drag_coefficient",), ("cabin_volume",))
    assert dict(brief.locks) == {"wheelbase": 2850.0}
    assert brief.seed == 9
    assert parsed.not_understood == ()
    assert "backlight_angle" in brief.start


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_shipped_examples_are_understood_completely(path: Path) -> None:
    parsed = read_brief(path)
    assert parsed.not_understood == ()
    assert parsed.brief.requirements


def test_there_are_examples_of_every_product() -> None:
    families = [read_brief(path).brief.family for path in EXAMPLES]
    assert len(families) >= 3
    assert {"car", "chair", "bicycle"} <= set(families)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_a_brief_survives_its_own_file_format(path: Path, tmp_path: Path) -> None:
    brief = read_brief(path).brief
    saved = tmp_path / "saved.json"
    saved.write_text(json.dumps(brief.to_json()))
    assert read_brief(saved).brief == brief


def test_words_and_tables_add_up() -> None:
    data = {
        "prompt": "a fastback under 4.7 m, wheelbase of 2.8 m",
        "require": [{"quantity": "overall_length", "at_most": 4.6, "unit": "m"}],
        "lock": {"wheelbase": 2900},
        "start": {"archetype": "estate", "spoiler": "30 mm"},
    }
    brief = brief_from_data(data).brief
    (requirement,) = brief.requirements
    assert requirement.at_most == 4600.0
    assert dict(brief.locks) == {"wheelbase": 2900.0}
    estate = get_family("car").archetypes["estate"]
    assert brief.start["backlight_angle"] == estate["backlight_angle"]
    assert brief.start["spoiler"] == 30.0
    assert brief.start_sources["spoiler"] == "brief"


NAN = float("nan")
BROKEN: list[tuple[dict[str, Any], list[str]]] = [
    ({"familiy": "car"}, ["familiy", "family"]),
    ({"family": "boat"}, ["boat", "car"]),
    ({"family": 3}, ["family", "3"]),
    ({"schema_version": 99}, ["schema_version", "99"]),
    ({"require": {}}, ["require", "list"]),
    ({"require": [5]}, ["require[0]"]),
    ({"require": [{"at_most": 5}]}, ["require[0]", "quantity"]),
    ({"require": [{"quantity": "wheelbase"}]}, ["wheelbase", "no limit"]),
    ({"require": [{"quantity": "wheelbas", "at_most": 3000}]}, ["wheelbas", "wheelbase"]),
    ({"require": [{"quantity": "wheelbase", "at_mots": 3000}]}, ["at_mots", "at_most"]),
    ({"require": [{"quantity": "wheelbase", "at_most": NAN}]}, ["at_most", "nan"]),
    ({"require": [{"quantity": "wheelbase", "at_most": float("inf")}]}, ["at_most", "inf"]),
    ({"require": [{"quantity": "wheelbase", "at_most": "3 litres"}]}, ["wheelbase", "3 litres", "volume"]),
    ({"require": [{"quantity": "wheelbase", "at_most": "about three"}]}, ["about three"]),
    ({"require": [{"quantity": "wheelbase", "at_most": "1e999 mm"}]}, ["1e999", "finite"]),
    ({"require": [{"quantity": "wheelbase", "at_most": True}]}, ["True"]),
    ({"require": [{"quantity": "wheelbase", "between": [2800]}]}, ["between"]),
    ({"require": [{"quantity": "wheelbase", "between": [2900, 2800]}]}, ["wheelbase", "2900 mm", "2800 mm"]),
    ({"require": [{"quantity": "wheelbase", "between": [1, 2], "at_most": 3}]}, ["between"]),
    ({"require": [{"quantity": "wheelbase", "at_least": 4000}]}, ["wheelbase", "2250 to 3300 mm"]),
    ({"require": [{"quantity": "drag_coefficient", "at_most": 0.3, "confidence": 1.0}]}, ["confidence", "1"]),
    ({"require": [{"quantity": "drag_coefficient", "at_most": 0.3, "confidence": NAN}]}, ["confidence"]),
    ({"require": [{"quantity": "drag_coefficient", "at_most": 0.3, "hard": 1}]}, ["hard"]),
    ({"lock": {"wheelbase": 9000}}, ["lock", "wheelbase", "3300"]),
    ({"lock": {"drag_coefficient": 0.3}}, ["lock", "drag_coefficient"]),
    ({"lock": {"luggage_volume": 400}}, ["lock", "luggage_volume"]),
    ({"lock": 3}, ["lock", "table"]),
    ({"lock": {"overall_length": 3600, "wheelbase": 3200}}, ["overall length", "3600 mm"]),
    ({"prefer": {"minimise": ["dragg"]}}, ["dragg"]),
    ({"prefer": {"minimise": 3}}, ["minimise"]),
    ({"prefer": {"minimise": ["wheelbase"], "maximise": ["wheelbase"]}}, ["wheelbase"]),
    ({"seed": -1}, ["seed", "-1"]),
    ({"seed": 1.5}, ["seed", "1.5"]),
    ({"start": {"archetype": "boat"}}, ["archetype", "boat", "fastback"]),
    ({"start": {"wheelbase": 9000}}, ["start.wheelbase", "9000"]),
    ({"start": {"head_room_front": 900}}, ["start.head_room_front"]),
    ({"prompt": "Cd under 0.3, minimise drag, maximise drag"}, ["drag coefficient"]),
]


@pytest.mark.parametrize(("data", "words"), BROKEN, ids=lambda v: str(v)[:60])
def test_what_is_wrong_is_named_in_one_line(data: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        brief_from_data(data, "my.toml")
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.toml", None),
        ("random.toml", bytes(range(256))),
        ("broken.toml", b'family = "car\n'),
        ("broken.json", b"{"),
        ("list.json", b"[]"),
        ("deep.json", b"[" * 100_000),
    ],
)
def test_unreadable_files(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_brief(str(path))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["calm_fastback", "calm_fastbak", "rugged_suv_2"])
def test_an_examples_name_without_its_ending_is_no_sentence(name: str) -> None:
    """Of the misspelt one `calm` was understood, and a search went for that."""
    with pytest.raises(InputError, match=f"^{name}: no such file$"):
        read_brief(name)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = ["family", "prompt", "require", "prefer", "lock", "start", "seed", "start_sources", "schema_version"]
ROW = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("quantity", "at_most", "between", "hard", "unit"), JSON)
)


@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(KEYS, JSON) | {"require": st.lists(ROW | JSON, max_size=3)}
    )
)
def test_any_json_gives_a_brief_or_one_line(data: dict[str, Any]) -> None:
    check(lambda: brief_from_data(data).brief)


def check(make: Callable[[], Brief]) -> None:
    """The call gives a brief or an InputError of one line."""
    refusal = "-"
    try:
        assert isinstance(make(), Brief)
    except InputError as error:
        refusal = str(error)
    assert refusal
    assert "\n" not in refusal


def test_a_table_has_the_guards_of_words(tmp_path: Path) -> None:
    """A limit that all meet or none can is pointed out with the reach, and a name that is not known with its
    line, as for words; `read` says what the table states."""
    path = tmp_path / "brief.toml"
    path.write_text(
        'family = "bicycle"\n[lock]\nreach = "390 mm"\n[[require]]\nquantity = "stack"\nat_least = "100 mm"\n'
        '[[require]]\nquantity = "stack"\nat_most = "700 mm"\n[[require]]\nquantity = "mass"\n'
        'at_most = "0.1 kg"\n'
    )
    notes = {h.phrase: str(h.meaning) for h in read_brief(path).remarks}
    assert set(notes) == {"require[0]", "require[1]", "require[2]"}
    for k in (0, 1):
        assert notes[f"require[{k}]"] == "every design meets this: stack is 510 to 670 mm"
    assert notes["require[2]"].startswith("no design is known to meet this: mass is ")
    path.write_text(
        'family = "bicycle"\n[lock]\nreach = "390 mm"\n[[require]]\nquantity="stack"\nat_least="0.6 m"'
    )
    told = [(h.phrase, str(h.meaning)) for h in read(path).understood]
    assert ("require", "stack at least 600 mm") in told
    assert ("lock", "reach exactly 390 mm") in told
    for text, place in (
        ('[[require]]\nquantity = "stak"\nat_most = "1 m"', "line 3: require[0].quantity"),
        ('[lock]\nstak = "1 m"', "line 3: lock.stak"),
        ('[prefer]\nminimise = ["stak"]', "line 3: prefer.minimise"),
    ):
        path.write_text(f'family = "bicycle"\n{text}\n')
        with pytest.raises(InputError, match=re.escape(f"{place}: quantity 'stak' is not known")):
            read_brief(path)
