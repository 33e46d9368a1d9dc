"""`maquette read`: what is understood and what is asked, from words and files, with its exit code."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from running import MAQUETTE, maquette

from maquette.constraints.requirements.brief_files import read_brief
from maquette.constraints.requirements.product import brief_from_text
from maquette.design.errors import InputError
from maquette.design.family.records import Design, read_design, write_design
from maquette.design.family.registry import get_family
from maquette.ui.verbs import assess, read

KEYS = {"family", "requirements", "locks", "preferences", "questions", "not_understood"}


def test_read_prints_its_keys_and_leaves_with_2_while_a_question_is_open() -> None:
    words = "length at most 4.7 m, wheelbase 2.8 m, as little drag as possible, height 1.45 m ±50, zorp"
    open_ = maquette("read", words, "--json")
    assert open_.code == 2
    assert set(open_.json) >= KEYS
    assert open_.json["family"] == "car"
    (limit,) = open_.json["requirements"]
    assert {k: limit[k] for k in ("quantity", "at_least", "at_most", "unit", "words")} == {
        "quantity": "overall_length", "at_least": None, "at_most": 4700.0, "unit": "mm",
        "words": "length at most 4.7 m",
    }  # fmt: skip
    assert open_.json["locks"] == {"wheelbase": 2800.0}
    assert open_.json["preferences"] == [{"quantity": "drag_coefficient", "direction": "minimise"}]
    (question,) = open_.json["questions"]
    assert question["words"] == "height 1.45 m ±50"
    assert question["choices"][0] == "±50 mm"
    assert [h["phrase"] for h in open_.json["not_understood"]] == ["zorp"]
    assumed = maquette("read", words, "--json", "--assume")
    assert assumed.code == 0
    assert assumed.json["requirements"] == open_.json["requirements"]


def test_words_from_a_file_and_from_stdin(tmp_path: Path) -> None:
    path = (tmp_path / "brief").with_suffix(".md")
    path.write_text("# Brief\n- length: at most 3.9 m\n", encoding="utf-8")
    for source in (str(path), f"@{path}", path):
        (limit,) = read_brief(source).brief.requirements
        assert limit.at_most == 3900.0
    piped = subprocess.run(
        [MAQUETTE, "read", "-", "--json"],
        input="车长不超过3.9米",
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert json.loads(piped.stdout)["requirements"][0]["at_most"] == 3900.0


@pytest.mark.parametrize("name", ["brief.yaml", "brief.json5", "nothing.txt", "brief.docx"])
def test_a_file_that_is_no_brief_is_refused_by_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name != "nothing.txt":
        path.write_text("length at most 3.9 m")
    with pytest.raises(InputError, match=name):
        read_brief(str(path))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("b.json", '{"require": [],\n "require": []}', r"b\.json, line 2: 'require' stands twice, first on"),
        (
            "b.json",
            '{"require": [{"quantity": "wheelbase",\n"at_most": "3 m",\n"at_most": "4 m"}]}',
            r"line 3: 'at_most' stands twice, first on line 2",
        ),
        ("b.toml", 'family = "car"\nlenght = 3\n', r"b\.toml, line 2: lenght: unknown key 'lenght'"),
        (
            "b.toml",
            '[[require]]\nquantity = "wheelbase"\nat_mots = 3\n',
            r"b\.toml, line 3: require\[0\]\.at_mots: unknown key 'at_mots'; did you mean 'at_most'",
        ),
        (
            "b.toml",
            '[[require]]\nquantity = "ground_clearance"\nat_least = "5.5"\n',
            r"line 3: require\[0\]\.at_least is 5\.5 without a unit; if 5\.5 in is meant, write so",
        ),
        (
            "b.toml",
            '[[require]]\nquantity = "overall_length"\nat_most = 4.7\n',
            r"line 3: require\[0\]\.at_most is 4\.7 without a unit; if 4\.7 m is meant, write so",
        ),
        ("b.json", '{"seed": 0,\n"lock": {"wheelbase": true}}', r"b\.json, line 2: lock\.wheelbase is True"),
    ],
)  # fmt: skip
def test_a_file_is_wrong_on_a_line(tmp_path: Path, name: str, text: str, said: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        read_brief(path)


def test_a_design_file_with_a_parameter_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "design.json"
    write_design(Design("ahmed", get_family("ahmed").defaults()), path)
    name = next(iter(get_family("ahmed").defaults()))
    text = path.read_text().replace(f'"{name}"', f'"{name}": 1.0,\n    "{name}"', 1)
    path.write_text(text)
    with pytest.raises(InputError, match=f"'{name}' stands twice"):
        read_design(path)


def test_values_of_files_are_written_as_in_words(tmp_path: Path) -> None:
    path = tmp_path / "b.toml"
    path.write_text(
        '[lock]\nwheelbase = "9 ft 2 in"\n[[require]]\nquantity = "overall_length"\nat_most = "4,65 m"\n'
    )
    brief = read_brief(path).brief
    assert brief.locks == {"wheelbase": pytest.approx(2794.0)}
    assert brief.requirements[0].at_most == pytest.approx(4650.0)


def test_nothing_understood_is_no_pass(tmp_path: Path) -> None:
    design = Design("ahmed", get_family("ahmed").defaults())
    with pytest.raises(InputError, match="nothing of this is understood"):
        assess(design, "gizmo", exact=False)
    path = tmp_path / "design.json"
    write_design(design, path)
    ran = maquette("assess", str(path), "gizmo", "--fast", "--assume")
    assert (ran.code, ran.out) == (2, "")
    assert "the brief asks nothing of a design" in ran.err


def test_a_verb_takes_no_words_that_leave_questions(tmp_path: Path) -> None:
    design = Design("ahmed", get_family("ahmed").defaults())
    with pytest.raises(InputError, match="leaves questions"):
        assess(design, "overall length not 1.1 m", exact=False)
    assert read("overall length not 1.1 m", "ahmed").questions
    assert brief_from_text("overall length at most 1.1 m", "ahmed").questions == ()
