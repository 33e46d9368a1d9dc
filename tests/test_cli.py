"""The command line: streams, exit codes, JSON, and one line for every mistake."""

from __future__ import annotations

import argparse
import errno
import inspect
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest
from running import MAQUETTE, interrupted, maquette, mounted

from maquette.design.errors import InputError, UnfinishedError
from maquette.design.family.records import Design, write_design
from maquette.design.family.registry import get_family
from maquette.ui import verbs
from maquette.ui.cli import main as cli
from maquette.ui.output import plain, prepare_folder, write_json
from maquette.ui.progress import LineProgress, Pace, seconds_text
from maquette.ui.verbs import sample


@pytest.fixture
def ahmed(tmp_path: Path) -> Path:
    """A design file of the standard Ahmed body."""
    path = tmp_path / "ahmed.json"
    write_design(Design("ahmed", get_family("ahmed").defaults()), path)
    return path


def edited(path: Path, **changes: object) -> Path:
    """The design file with parameters changed, as text would change them."""
    data = json.loads(path.read_text())
    data["parameters"].update(changes)
    path.write_text(json.dumps(data))
    return path


# -- what goes where ----------------------------------------------------------------------------------------


def test_json_is_one_object_on_stdout_and_progress_is_on_stderr(tmp_path: Path) -> None:
    ran = maquette("sample", "ahmed", "-n", 5, "--seed", 3, "--out", tmp_path / "s", "--json")
    assert ran.code == 0
    assert len(ran.json["designs"]) == 5
    assert all(d["watertight"] and Path(d["file"]).is_file() for d in ran.json["designs"])
    assert all(r["rule"] in r["rules"] for r in ran.json["rejected"])
    assert "checking hulls: done" in ran.err
    assert json.loads((tmp_path / "s" / "sample.json").read_text()) == ran.json


def test_global_options_may_stand_before_or_after_the_command(tmp_path: Path) -> None:
    before = maquette("--json", "--seed", 3, "sample", "ahmed", "-n", 2, "--out", tmp_path / "a")
    after = maquette("sample", "ahmed", "-n", 2, "--out", tmp_path / "a", "--json", "--seed", "3")
    assert before.json == after.json
    assert before.json["seed"] == 3


def test_every_option_of_a_command_is_a_parameter_of_its_verb() -> None:
    parser = cli.build_parser()
    commands = next(a.choices for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    called = {
        name: p for name, p in commands.items() if p.get_default("run").__qualname__.startswith("calling")
    }
    assert len(called) >= 12
    for name, command in called.items():
        takes = inspect.signature(getattr(verbs, name)).parameters
        given = {a.dest for a in command._actions} - {"help", "json", "seed"}
        read_before = {"family", "assume"} if "brief" in given and name != "read" else set()
        assert given - read_before <= set(takes), name


def test_a_seed_repeats_a_sample_in_a_fresh_process(tmp_path: Path) -> None:
    one, two = (maquette("sample", "ahmed", "-n", 3, "--seed", 9, "--out", tmp_path / d) for d in "ab")
    names = sorted(p.name for p in (tmp_path / "a").glob("ahmed-*.json"))
    assert one.code == two.code == 0
    assert len(names) == 3
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_without_json_people_get_a_table(tmp_path: Path) -> None:
    ran = maquette("sample", "ahmed", "-n", 3, "--out", tmp_path / "s")
    assert "3 ahmed designs" in ran.out
    assert not ran.out.startswith("{")


def test_no_command_shows_the_help_and_version_prints_itself() -> None:
    assert "commands:" in maquette().out
    assert maquette("--version").out.startswith("maquette ")
    assert maquette("design", "--help").out.startswith("usage: maquette design")


def test_doctor_and_families_say_what_is_installed() -> None:
    doctor = maquette("doctor", "--json").json
    found = {c["name"]: c for c in doctor["components"]}
    assert found["torch"]["version"].startswith("2.13")
    assert found["openfoam"]["kind"] == "solver"
    assert all(c["present"] or c["note"] for c in doctor["components"])
    families = {f["name"]: f for f in maquette("families", "--json").json["families"]}
    assert {"car", "ahmed"} <= set(families)
    assert sum(len(g) for g in families["car"]["parameters"].values()) >= 28
    assert maquette("doctor").code == 0


def test_a_reader_that_leaves_early_is_no_error() -> None:
    done = subprocess.run(
        ["/bin/bash", "-c", f"set -o pipefail; {MAQUETTE} families | head -1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


# -- mistakes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["fly"], "invalid choice: 'fly'"),
        (["sample"], "the following arguments are required: FAMILY, --out"),
        (["sample", "ahmed"], "required: --out"),
        (["sample", "ahmed", "--out", "x", "-n", "many"], "'many' is not a whole number"),
        (["sample", "ahmed", "--out", "x", "-n", "0"], "n is 0; allowed 1 to"),
        (["sample", "ahmed", "--out", "x", "-n", "999999999"], "n is 999999999; allowed 1 to"),
        (["sample", "ahmed", "--out", "x", "--seed", "-1"], "seed is -1; allowed 0 to"),
        (["sample", "amhed", "--out", "x"], "family 'amhed' is not known; did you mean 'ahmed'?"),
        (["sample", "ahmed", "--ou", "x"], "--out"),
        (["simulate", "none.json"], "none.json: no such file"),
        (
            ["campaign", "ahmed", "--mesh", "huge", "--out", "x"],
            "fidelity is 'huge'; the study wind_tunnel has",
        ),
        (["campaign", "boat", "--out", "x"], "family 'boat' is not known"),
        (["campaign", "ahmed", "-n", "-4", "--out", "x"], "n is -4; allowed 1 to"),
        (["campaign", "ahmed", "--workers", "9999", "--out", "x"], "workers is 9999; allowed 1 to"),
        (["predict", "none.json"], "none.json: no such file"),
        (["build", "none.json", "--out", "x"], "none.json: no such file"),
        (["assess", "none.json", "low"], "none.json: no such file"),
        (["verify", "none"], "none"),
        (["design", "brief.toml", "--out", "x"], "brief.toml: no such file"),
        (["design", "", "--out", "x"], "brief"),
        (["optimise", "a low car", "--out", "x", "--trials", "0"], "trials is 0; allowed 1 to"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(tmp_path: Path, words: list[str], message: str) -> None:
    ran = maquette(*words, cwd=tmp_path)
    assert ran.code == 2
    assert ran.out == ""
    assert message in ran.complaint


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("MAQUETTE_PATIENCE", "no", "0.1 to 1000"),
        ("MAQUETTE_DATA", __file__, "a .jsonl file or a folder"),
        ("SOURCE_DATE_EPOCH", "yesterday", "whole seconds since 1970"),
        ("SOURCE_DATE_EPOCH", "9" * 30, "whole seconds since 1970"),
    ],
)
@pytest.mark.parametrize("words", [["families"], ["sample", "ahmed", "-n", "1", "--out", "x"]])
def test_what_the_environment_sets_is_checked_by_every_command(
    tmp_path: Path, words: list[str], name: str, value: str, allowed: str
) -> None:
    """Before its work, whether it needs the setting or not; a date that is none was passed over."""
    ran = maquette(*words, cwd=tmp_path, **{name: value})
    assert (ran.code, ran.out) == (2, "")
    assert ran.complaint.startswith(f"{name} is ")
    assert allowed in ran.complaint
    assert not (tmp_path / "x").exists()


def test_with_json_a_mistake_is_also_one_object(tmp_path: Path) -> None:
    ran = maquette("sample", "boat", "--out", "x", "--json", cwd=tmp_path)
    assert ran.code == 2
    assert ran.json["error"]["message"] == ran.complaint
    assert ran.json["error"]["exit_code"] == 2


@pytest.mark.parametrize("command", [["predict"], ["build", "--out", "x"], ["simulate"]])
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"slant_angle": 400.0}, "slant_angle is 400 deg; allowed 0 to 40 deg"),
        ({"slant_angle": float("nan")}, "NaN is not a finite number"),
        ({"slant_angle": "25 mm"}, "slant_angle is an angle, but '25 mm' is a length"),
        ({"slant": 25.0}, "unknown parameter 'slant'"),
        ({"height": 225.0, "radius": 130.0}, "nose-keeps-a-face"),
    ],
)
def test_a_design_that_cannot_be_is_refused_by_name(
    tmp_path: Path, ahmed: Path, command: list[str], changes: dict[str, object], message: str
) -> None:
    name, *rest = command
    ran = maquette(name, edited(ahmed, **changes), *rest, cwd=tmp_path)
    assert ran.code == 2
    assert message in ran.complaint


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x93random\xff" * 400, b"solid x\nfacet", b"ISO-10303-21;\nHEADER;"]
)
@pytest.mark.parametrize("suffix", [".step", ".stl", ".json"])
def test_a_file_that_is_no_design_is_refused(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"shape{suffix}"
    path.write_bytes(content)
    for words in (["predict", path], ["build", path, "--out", tmp_path / "o"], ["verify", path]):
        ran = maquette(*words)
        assert ran.code == 2, words
        assert path.name in ran.complaint


@pytest.mark.parametrize(
    ("brief", "message"),
    [
        ("a low car with 150 litres of ground clearance", "clearance"),
        ("a car with a wheelbase of 2.8 m and a wheelbase of 3 m", "wheelbase"),
        ("a car at most 4 m long and at least 5 m long", "overall length"),
        ("a car with a wheelbase of at least 9 m", "wheelbase"),
    ],
)
def test_a_brief_that_cannot_be_is_refused(tmp_path: Path, brief: str, message: str) -> None:
    for words in (["design", brief, "--out", "x"], ["optimise", brief, "--out", "x"]):
        ran = maquette(*words, cwd=tmp_path)
        assert ran.code == 2
        assert message in ran.complaint


# -- disks --------------------------------------------------------------------------------------------------


def test_a_file_in_the_place_of_the_output_folder(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    ran = maquette("sample", "ahmed", "--out", tmp_path / "taken")
    assert ran.code == 2
    assert "taken" in ran.complaint
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.parametrize("words", [["sample", "ahmed"], ["design", "a low fastback"], ["campaign", "ahmed"]])
def test_a_read_only_output_folder(tmp_path: Path, words: list[str]) -> None:
    with mounted(tmp_path / "disk", "ro") as disk:
        ran = maquette(*words, "--out", disk / "out")
    assert ran.code == 2
    assert "Read-only file system" in ran.complaint


@pytest.mark.parametrize("words", [["sample", "ahmed"], ["design", "a low fastback"], ["campaign", "ahmed"]])
def test_a_disk_too_small_is_refused_before_the_work(tmp_path: Path, words: list[str]) -> None:
    with mounted(tmp_path / "disk", "size=1m") as disk:
        ran = maquette(*words, "--out", disk / "out")
    assert ran.code == 2
    assert "MB free" in ran.complaint


def test_a_disk_that_fills_up_leaves_no_half_file(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=64k") as disk:
        prepare_folder(disk, free_bytes=0)
        write_json({"n": 1}, disk / "result.json")
        with pytest.raises(InputError, match="No space left"):
            write_json({"n": "x" * 200_000}, disk / "result.json")
        assert json.loads((disk / "result.json").read_text()) == {"n": 1}
        assert [p.name for p in disk.iterdir()] == ["result.json"]


# -- Ctrl-C and accidents -----------------------------------------------------------------------------------


@pytest.mark.kernel
def test_ctrl_c_while_building_ends_the_kernel_processes(tmp_path: Path) -> None:
    ran, left = interrupted(
        "building designs", "sample", "ahmed", "-n", 60, "--build", "--out", tmp_path, delay=2.0
    )
    assert ran.code == 130
    assert "interrupted" in ran.complaint
    assert left == ""
    assert len(list(tmp_path.glob("ahmed-*.json"))) == 60


@pytest.mark.kernel
def test_a_stopped_build_of_samples_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Verdicts are kept as they come, the next run builds the rest; cut lines and other code do not count."""

    def stop_in_the_middle(stage: str, share: float) -> None:
        if stage == "building designs" and share >= 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample("ahmed", 6, out=tmp_path, build=True, progress=stop_in_the_middle)
    file = tmp_path / "builds.jsonl"
    kept = [json.loads(line) for line in file.read_text().splitlines()]
    assert 3 <= len(kept) < 6
    marked = [verdict | {"seconds": 4321.0} for verdict in kept]
    marked[0]["code"] = "another"
    file.write_text("".join(json.dumps(verdict) + "\n" for verdict in marked) + '{"key": "cut')
    rows = sample("ahmed", 6, out=tmp_path, build=True).designs
    assert [row.valid for row in rows] == [True] * 6
    assert sum(row.seconds == 4321.0 for row in rows) == len(kept) - 1


@pytest.mark.openfoam
@pytest.mark.parametrize("delay", [0.5, 8.0])
def test_ctrl_c_while_simulating_ends_the_solver(tmp_path: Path, ahmed: Path, delay: float) -> None:
    data = str(tmp_path / "data")
    ran, left = interrupted(
        "meshing", "simulate", ahmed, delay=delay, MAQUETTE_DATA=data, TMPDIR=str(tmp_path)
    )
    assert ran.code == 130
    assert left == ""
    assert not Path(data).exists()
    assert list(tmp_path.glob("maquette-cfd-*")) == []


@pytest.mark.openfoam
def test_ctrl_c_while_campaigning_keeps_the_folder(tmp_path: Path) -> None:
    ran, left = interrupted(
        "medium runs", "campaign", "ahmed", "-n", 4, "--out", tmp_path / "c", delay=5.0, TMPDIR=str(tmp_path)
    )
    assert ran.code == 130
    assert "the same command goes on" in ran.complaint
    assert left == ""


def test_an_accident_of_ours_is_one_line_and_a_file(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("a bug\nof two lines")

    monkeypatch.setattr("maquette.ui.verbs.families", broken)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    kept = signal.getsignal(signal.SIGTERM)
    try:
        assert cli.main(["families", "--json"]) == 4
    finally:
        signal.signal(signal.SIGTERM, kept)
    out, err = capfd.readouterr()
    assert json.loads(out)["error"]["kind"] == "ZeroDivisionError"
    assert err.count("\n") == 1
    assert "internal error (ZeroDivisionError: a bug of two lines); details in " in err
    saved = Path(err.strip().rpartition("details in ")[2])
    assert "Traceback" in saved.read_text()


def test_what_libraries_print_stays_off_stdout(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from maquette.ui.verbs import families

    def loud() -> object:
        os.write(1, b"** a C++ library says hello **\n")
        print("and Python too")
        return families()

    monkeypatch.setattr("maquette.ui.verbs.families", loud)
    assert cli.main(["families", "--json"]) == 0
    out, err = capfd.readouterr()
    assert set(json.loads(out)) == {"families"}
    assert "C++ library says hello" in err
    assert "and Python too" in err


# -- progress and plain values ------------------------------------------------------------------------------


def test_remaining_time_follows_the_recent_pace() -> None:
    now = 0.0
    pace = Pace(lambda: now)
    assert pace.remaining() is None
    for step in range(1, 6):
        now = 10.0 * step
        pace.add(step / 10)
    assert pace.remaining() == pytest.approx(50.0)
    for step in range(6, 9):  # it slows down to a tenth
        now += 100.0
        pace.add(step / 10)
    assert pace.remaining() == pytest.approx(200.0, rel=0.01)


def test_lines_tell_a_stage_once_and_then_only_now_and_then() -> None:
    import io

    now = 0.0
    stream = io.StringIO()
    report = LineProgress(stream, lambda: now)
    for k in range(101):
        now = 0.2 * k
        report("searching", k / 100)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "searching ..."
    assert lines[-1] == "searching: done in 20 s"
    assert 4 <= len(lines) <= 7
    assert lines[2].startswith("searching: 5")
    assert "about 10 s left" in lines[2]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.96, "10 s"), (75, "75 s"), (185, "3 min 05 s"), (7800, "2 h 10 min")],
)
def test_seconds_are_written_for_people(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text


def test_plain_values_hold_no_nan_and_no_numpy() -> None:
    import numpy as np

    mixed = {"a": np.float64(1.5), "b": float("nan"), "c": np.arange(2), "d": Path("x"), 3: (True, None)}
    assert plain(mixed) == {"a": 1.5, "b": None, "c": [0, 1], "d": "x", "3": [True, None]}
    with pytest.raises(TypeError, match="no JSON for object"):
        plain(object())


@pytest.mark.parametrize(
    ("stopped", "told"),
    [
        (UnfinishedError("a worker process died (signal SIGKILL)"), "a worker process died (signal SIGKILL)"),
        (OSError(errno.ENOSPC, "No space left on device", "x.step"), "x.step: No space left on device"),
        (MemoryError(), "needed more memory than there is"),
    ],
)
def test_work_that_could_not_be_finished_ends_with_4_and_says_what_is_kept(
    stopped: Exception, told: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise stopped

    monkeypatch.setattr("maquette.ui.verbs.sample", stop)
    kept = signal.getsignal(signal.SIGTERM)
    try:
        assert cli.main(["sample", "ahmed", "--out", "here"]) == 4
        assert cli.main(["--help"]) == 0
    finally:
        signal.signal(signal.SIGTERM, kept)
    out, err = capfd.readouterr()
    assert told in err
    assert "what was finished is in here" in err
    for code in ("0 done", "1 done, but", "2 bad", "3 a component", "4 the work could not", "130 inter"):
        assert code in " ".join(out.split())
