"""Workers: results, errors, limits and interruption. The functions below run in the workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from running import gone_with

from maquette.design.errors import BuildError, InputError, RuleError
from maquette.design.geometry.worker import GIB, KernelPool, Limits, run


def add(a: float, b: float = 0.0) -> float:
    print("noise that must not reach our stdout")
    return a + b


def process_id() -> int:
    return os.getpid()


def doubled(array: np.ndarray) -> np.ndarray:
    return array * 2


def folder_content() -> tuple[str, list[str]]:
    here = Path.cwd()
    names = [p.name for p in here.iterdir()]
    (here / "left-behind.txt").write_text("x")
    return str(here), names


def refuse() -> None:
    raise RuleError("refused by a", ("a", "b"))


def bad_input() -> None:
    raise InputError("length is 3; allowed 5 to 6 mm")


def build_error() -> None:
    raise BuildError("loft failed", {"length": 3.0})


def kernel_exception() -> None:
    raise RuntimeError("StdFail_NotDone\nsecond line")


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def compute(seconds: float) -> float:
    began = time.process_time()  # its start took some, more on a busy machine
    while time.process_time() - began < seconds:
        pass
    return time.process_time() - began


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def hungry(bytes_wanted: int) -> int:
    return len(bytearray(bytes_wanted))


def write_big(size: int) -> None:
    with open("big.bin", "wb") as file:
        file.write(b"0" * size)


def test_returns_the_result(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(add, 1.5, b=2.0) == 3.5
    assert capfd.readouterr() == ("", "")


def test_pool_reuses_one_process_and_passes_arrays() -> None:
    with KernelPool(preload=()) as pool:
        first = pool.run(process_id)
        assert first != os.getpid()
        assert pool.run(process_id) == first
        assert np.array_equal(pool.run(doubled, np.arange(5.0)), 2 * np.arange(5.0))


def test_each_call_has_an_empty_folder_that_disappears() -> None:
    with KernelPool(preload=()) as pool:
        first, names = pool.run(folder_content)
        second, names_again = pool.run(folder_content)
        assert names == names_again == []
        assert first != second
    assert not Path(first).parent.exists()


def test_errors_keep_their_class() -> None:
    with KernelPool(preload=()) as pool:
        with pytest.raises(RuleError, match="refused by a") as refused:
            pool.run(refuse)
        assert refused.value.rules == ("a", "b")
        with pytest.raises(InputError, match="allowed 5 to 6 mm"):
            pool.run(bad_input)
        with pytest.raises(BuildError, match="loft failed") as failed:
            pool.run(build_error)
        assert failed.value.parameters == {"length": 3.0}
        with pytest.raises(BuildError, match="RuntimeError: StdFail_NotDone second line") as foreign:
            pool.run(kernel_exception, parameters={"width": 4.0})
        assert foreign.value.parameters == {"width": 4.0}
        assert pool.run(add, 1.0) == 1.0


def test_a_waiting_worker_ends_with_a_parent_that_is_killed() -> None:
    """A busy one ends when its work is done, or with its limit: the kernel listens to nobody."""
    assert gone_with(
        "import time, os; from maquette.design.geometry.worker import KernelPool\n"
        "pool = KernelPool(preload=()); print(pool.run(os.getpid), flush=True); time.sleep(6000)"
    )


def test_time_limit_kills_and_the_pool_recovers() -> None:
    with KernelPool(Limits(seconds=3.0), preload=()) as pool:
        pool.run(add, 1.0)
        start = time.monotonic()
        with pytest.raises(BuildError, match=r"did nothing for 3 s and was stopped"):
            pool.run(sleep, 600.0, parameters={"x": 1.0})
        assert time.monotonic() - start < 300  # it sleeps for twice that
        assert pool.run(add, 2.0) == 2.0


def test_a_limit_counts_processor_time_so_that_a_busy_machine_loses_nothing() -> None:
    """A worker that gets a tenth of a core waits, and is stopped when it has computed for too long."""
    with KernelPool(Limits(seconds=0.8), preload=()) as pool:
        halting = threading.Event()
        child = pool.run(process_id)

        def starve() -> None:
            while not halting.wait(0.02):
                os.kill(child, signal.SIGSTOP)
                time.sleep(0.18)
                os.kill(child, signal.SIGCONT)

        thread = threading.Thread(target=starve)
        thread.start()
        try:
            began = time.monotonic()
            assert pool.run(compute, 0.4) >= 0.4
            assert time.monotonic() - began > 0.8
        finally:
            halting.set()
            thread.join()
        with pytest.raises(BuildError, match=r"took longer than 0\.8 s of processor time") as stopped:
            pool.run(compute, 60.0)
        assert stopped.value.exit_code == 4


def test_patience_stretches_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAQUETTE_PATIENCE", "30")
    assert run(compute, 2.0, limits=Limits(seconds=1.0)) >= 2.0
    for wrong in ("", "no", "0", "nan", "1e9"):
        monkeypatch.setenv("MAQUETTE_PATIENCE", wrong)
        with pytest.raises(InputError, match=r"MAQUETTE_PATIENCE is .*allowed 0.1 to 1000"):
            run(add, 1.0)


def test_crash_is_an_error_and_the_pool_recovers() -> None:
    with KernelPool(preload=()) as pool:
        with pytest.raises(BuildError, match="SIGSEGV"):
            pool.run(crash)
        assert pool.run(add, 2.0) == 2.0


def test_memory_and_file_limits() -> None:
    with KernelPool(Limits(memory=GIB, file_size=1 << 20), preload=()) as pool:
        with pytest.raises(BuildError, match="more memory than"):
            pool.run(hungry, 2 * GIB)
        with pytest.raises(BuildError, match="OSError"):
            pool.run(write_big, 2 << 20)
        assert pool.run(hungry, 1000) == 1000


def test_functions_that_cannot_be_imported_are_refused() -> None:
    with KernelPool(preload=()) as pool, pytest.raises(ValueError, match="top level"):
        pool.run(lambda: 1)


def test_threads_share_a_pool() -> None:
    results: list[float] = []
    with KernelPool(preload=()) as pool:
        threads = [
            threading.Thread(target=lambda k=k: results.append(pool.run(add, float(k)))) for k in range(5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(results) == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_interrupt_leaves_no_process(tmp_path: Path) -> None:
    script = tmp_path / "job.py"
    # no `if __name__ == "__main__"`: workers must not import the caller's script again
    script.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from test_worker import process_id, sleep\n"
        "from maquette.design.geometry.worker import KernelPool\n"
        "with KernelPool(preload=()) as pool:\n"
        "    print(pool.run(process_id), flush=True)\n"
        "    pool.run(sleep, 60.0)\n"
    )
    process = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    child = int(process.stdout.readline())
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert "KeyboardInterrupt" in err
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
