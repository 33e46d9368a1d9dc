"""A green run of ours has skipped nothing but what it says by name, and measures no machine."""

from __future__ import annotations

import ast
from pathlib import Path

import needs
import pytest

TESTS = Path(__file__).parent
SKIPS = {"skip", "skipif", "importorskip", "xfail"}


@pytest.mark.parametrize("path", sorted(TESTS.glob("*.py")), ids=lambda path: path.stem)
def test_only_one_place_skips(path: Path) -> None:
    used = {n.attr for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Attribute)}
    assert not SKIPS & used or path.stem in ("needs", "test_needs")


@pytest.mark.parametrize("all_required", [False, True])
def test_what_is_missing_fails_where_all_is_required(
    all_required: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAQUETTE_REQUIRE_ALL", "1" if all_required else "")
    needs.require(True, "nothing")
    with pytest.raises(pytest.fail.Exception if all_required else pytest.skip.Exception, match="OpenMoon"):
        needs.require(False, "OpenMoon")


@pytest.mark.parametrize("told", [False, True])
def test_public_data_may_be_missing_unless_its_place_is_told(
    told: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MAQUETTE_REQUIRE_ALL", "1")
    monkeypatch.setenv("MAQUETTE_PUBLIC_DATA", str(tmp_path) if told else "")
    monkeypatch.setattr(needs, "_BESIDE", tmp_path)
    with pytest.raises(pytest.fail.Exception if told else pytest.skip.Exception, match=r"framed/frames\.csv"):
        needs.public_data("framed", "frames.csv")
    (tmp_path / "framed").mkdir()
    (tmp_path / "framed" / "frames.csv").touch()
    assert needs.public_data("framed", "frames.csv") == tmp_path / "framed"
