"""Studies survive a crash: whatever a process that died has left, the next one goes on or says what to do."""

from __future__ import annotations

import errno
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import gone_with

from maquette.constraints.requirements.brief import Brief
from maquette.constraints.requirements.brief_files import brief_from_data
from maquette.constraints.search.search import search
from maquette.constraints.search.storage import JournalLock, open_storage
from maquette.constraints.search.study import stored
from maquette.design.errors import InputError, UnfinishedError
from maquette.design.processes import FreshProcess, in_processes

BRIEF: Brief = brief_from_data(
    {"family": "ahmed", "require": [{"quantity": "overall_length", "at_most": 1000}]}
).brief
LOG = b'{"op_code":0,"worker_id":"a","study_name":"s","directions":[1]}\n'


def run(where: Path, trials: int) -> int:
    return search(BRIEF, trials=trials, storage=str(where), study="s").trials


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("storage") / "a.journal"
    assert run(path, 4) == 4
    return path.read_bytes()


@pytest.mark.parametrize(
    "tail", [b"{", b'{"op_code":4,"wor', b"\0" * 4096, b'{"op_code":4,"x\0\0\0', b"\xff\xfe"]
)
def test_a_torn_tail_is_cut_off_and_the_study_goes_on(tail: bytes, journal: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    path.write_bytes(journal + tail)
    assert run(path, 6) == 6
    assert path.read_bytes().startswith(journal)
    assert b"\0" not in path.read_bytes()
    assert all(isinstance(json.loads(line), dict) for line in path.read_bytes().splitlines())
    assert run(path, 7) == 7


def test_wherever_a_journal_was_cut_the_study_goes_on(journal: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    for cut in range(0, len(journal), max(1, len(journal) // 23)):
        path.write_bytes(journal[:cut])
        optuna.create_study(storage=open_storage(str(path)), study_name="other", load_if_exists=True)
        assert "other" in optuna.get_all_study_names(open_storage(str(path)))


@given(st.binary(max_size=40).filter(lambda b: b"\n" not in b))
def test_no_tail_spoils_what_stands_before_it(tail: bytes) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.journal"
        path.write_bytes(LOG + tail)
        assert optuna.get_all_study_names(open_storage(str(path))) == ["s"]
        assert path.read_bytes() == LOG


@pytest.mark.parametrize("held", [b"hello\n", b'{"family": "car"}', b"{\n}\n", b"\x89PNG\r\n"])
def test_a_file_that_is_no_journal_is_refused_and_left_alone(held: bytes, tmp_path: Path) -> None:
    path = tmp_path / "brief.json"
    path.write_bytes(held)
    with pytest.raises(InputError, match=r"brief\.json: is no journal of a search"):
        run(path, 2)
    assert path.read_bytes() == held


def test_a_line_damaged_in_the_middle_is_named_with_what_to_do(journal: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    lines = journal.splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:-2], lines[-2][:9] + b"\n", lines[-1]]))
    with pytest.raises(InputError, match=rf"a\.journal, line {len(lines) - 1}: damaged; keep the"):
        run(path, 6)


@pytest.mark.parametrize("relative", [False, True])
def test_a_lock_left_by_a_killed_process_holds_nobody_up(
    relative: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """R25: the link that Optuna leaves, also one whose target cannot be found from its folder."""
    monkeypatch.chdir(tmp_path)
    where = Path("st/a.journal") if relative else tmp_path / "st/a.journal"
    assert run(where, 2) == 2
    link = Path(f"{where}.lock")
    os.symlink(where, link)
    os.utime(link, (time.time() - 60, time.time() - 60), follow_symlinks=False)
    with caplog.at_level(logging.WARNING):
        assert run(where, 3) == 3
    assert "a process that died has left it" in caplog.text
    assert not link.is_symlink()


def test_a_lock_of_ours_dies_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    code = (
        "import os, sys; from pathlib import Path;"
        "from maquette.constraints.search.storage import JournalLock;"
        "JournalLock(Path(sys.argv[1])).acquire(); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False, env=ENVIRONMENT)
    assert done.returncode == -signal.SIGKILL
    assert Path(f"{path}.lock").is_symlink()
    assert run(path, 2) == 2


def test_who_waits_for_a_lock_says_so_and_goes_on_when_it_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("maquette.constraints.search.storage.TOLD_AFTER", 0.1)
    mine, theirs = JournalLock(tmp_path / "a"), JournalLock(tmp_path / "a")
    order: list[str] = []

    def other() -> None:
        with theirs.held():
            order.append("other")

    with mine.held():
        thread = threading.Thread(target=other)
        thread.start()
        time.sleep(0.5)
        order.append("mine")
    thread.join(5.0)
    assert order == ["mine", "other"]
    assert "waiting, another process is writing" in caplog.text


def test_plain_optuna_and_we_share_a_journal(journal: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    path.write_bytes(journal)
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    plain = JournalStorage(JournalFileBackend(str(path)))
    optuna.create_study(storage=plain, study_name="theirs").optimize(lambda t: t.suggest_float("x", 0, 1), 3)
    assert run(path, 5) == 5
    assert len(optuna.load_study(study_name="theirs", storage=plain).trials) == 3


def test_a_full_disk_stops_the_search_and_spoils_nothing(
    journal: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.journal"
    path.write_bytes(journal)
    real, writes = os.fsync, iter(range(100))

    def full(handle: int) -> None:
        real(handle)
        if next(writes) >= 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(
            UnfinishedError, match=r"a\.journal: cannot be written \(No space left on device\); ev"
        ):
            run(path, 9)
    assert UnfinishedError.exit_code == 4
    kept = len(stored(str(path), "s").trials)
    assert 4 < kept < 9
    assert run(path, 9) == 9


def test_a_study_of_other_objectives_is_another_study(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    run(path, 2)
    from maquette.constraints.search.study import identity_of, open_study
    from maquette.design.family.registry import get_family

    with pytest.raises(InputError, match="was begun with other predictions"):
        open_study(str(path), "s", identity_of(get_family("ahmed"), BRIEF), ["a", "b", "c"])


# -- workers from anywhere -----------------------------------------------------------------------------------

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
SCRIPT = """
from maquette.constraints.requirements.brief_files import brief_from_data
from maquette.constraints.search.search import search
print("begins")
limit = {"quantity": "overall_length", "at_most": 1000}
brief = brief_from_data({"family": "ahmed", "require": [limit]}).brief
print(search(brief, trials=14, workers=2).trials)
"""


@pytest.mark.slow
@pytest.mark.parametrize("way", ["script", "pipe", "thread"])
def test_workers_need_no_main_guard(way: str, tmp_path: Path) -> None:
    """R26: the script runs once, not once in every worker."""
    script = SCRIPT
    if way == "thread":
        body = SCRIPT.replace("\n", "\n    ")
        script = f"import threading\ndef go():{body}\nt = threading.Thread(target=go)\nt.start()\nt.join()\n"
    (tmp_path / "plain.py").write_text(script)
    words = ["-"] if way == "pipe" else ["plain.py"]
    done = subprocess.run(
        [sys.executable, *words], input=script, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True,
        check=False, timeout=240,
    )  # fmt: skip
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["begins", "14"], "")


def test_a_process_calls_and_answers_and_its_errors_are_raised() -> None:
    with FreshProcess() as process:
        process.start(divmod, 17, 5)
        assert process.result() == (3, 2)
        process.start(divmod, 1, 0)
        with pytest.raises(ZeroDivisionError):
            process.result()
        process.start(os.getpid)
        assert process.result() == process.pid != os.getpid()


def test_a_process_that_dies_is_unfinished_work() -> None:
    with FreshProcess() as process:
        process.start(time.sleep, 60)
        os.kill(process.pid, signal.SIGKILL)
        with pytest.raises(UnfinishedError, match=r"a worker process died .*SIGKILL"):
            process.result()


def test_a_process_ends_with_its_parent() -> None:
    with FreshProcess() as process:
        process.start(time.sleep, 600)
        began = time.monotonic()
    assert time.monotonic() - began < 300.0  # it sleeps for twice that


def test_a_busy_process_ends_with_a_parent_that_is_killed() -> None:
    assert gone_with(
        "import time; from maquette.design.processes import FreshProcess\n"
        "p = FreshProcess(); p.start(time.sleep, 6000); print(p.pid, flush=True); time.sleep(6000)"
    )


def test_jobs_come_back_in_order() -> None:
    assert list(in_processes(abs, [-3, -1, -2, -5], 2)) == [3, 1, 2, 5]
