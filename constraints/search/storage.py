"""Where a search keeps its trials: a journal file that survives crashes, or a database.

A process that dies while it appends leaves a torn last line, or zero bytes where the disk had made room; the
next one to hold the lock cuts them off, so that nothing is ever written behind them. The lock is the
kernel's and dies with its holder; Optuna's own symbolic link stands beside it for those who open the same
journal with plain Optuna. A disk that is full leaves the journal as it was before the line.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ...design.errors import InputError, UnfinishedError
from ...design.messages import quoted, say

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

logger = logging.getLogger(__name__)

POLL = 0.02  # s between two tries to get the lock
TOLD_AFTER = 3.0  # s of waiting after which it is said for what
_LOG = b'{"op_code":'  # how a log begins
_BLOCK = 1 << 16  # bytes read at once, backwards
GRACE = 30.0  # s after which Optuna takes a lock of its kind for left behind; an append takes milliseconds


@contextmanager
def locked(path: Path | None) -> Iterator[None]:
    """While one process holds the lock of this file, made when it is not there, others wait; the kernel's, it
    dies with its holder. Nothing without a file."""
    if path is None:
        yield
        return
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def open_storage(where: str) -> BaseStorage:
    """A storage from a database URL, or a journal file for anything else.

    Raises:
        InputError: the file cannot be opened, is no journal, or is damaged before its end.
    """
    if "://" in where:
        return _database(where)
    from optuna.storages import JournalStorage

    path = Path(where).absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        journal = _journal(path)
        with journal.lock.held():
            _refuse_other(path)
            _mend(path)
        return JournalStorage(journal)
    except OSError as error:
        raise InputError(
            say(
                "{path}: cannot be used as the search's storage ({why})",
                path=path,
                why=quoted(error.strerror),
            )
        ) from error
    except ValueError:
        _refuse_damaged(path)
        raise


def _database(url: str) -> BaseStorage:
    """Optuna's storage in a database. Those who come to an empty one at the same moment all make its tables:
    who is late finds them there and tries again."""
    from optuna.storages import get_storage
    from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

    for wait in (0.1, 0.3, 1.0, 3.0):
        try:
            return get_storage(url)
        except (IntegrityError, OperationalError, ProgrammingError) as error:
            if "exist" not in str(error) and "uplicate" not in str(error):
                raise
            time.sleep(wait)
    return get_storage(url)


def _journal(path: Path) -> Any:
    """Optuna's journal file, with our lock and our way to append."""
    from optuna.storages.journal import JournalFileBackend

    class Journal(JournalFileBackend):
        def __init__(self) -> None:
            self.lock = JournalLock(path)
            super().__init__(str(path), self.lock)  # type: ignore[arg-type]  # it has its two methods

        def append_logs(self, logs: list[dict[str, Any]]) -> None:
            lines = "".join(json.dumps(log, separators=(",", ":")) + "\n" for log in logs).encode()
            with self.lock.held():
                size = _mend(path)
                try:
                    with path.open("ab") as file:
                        file.write(lines)
                        file.flush()
                        os.fsync(file.fileno())
                except OSError as error:
                    with contextlib.suppress(OSError):
                        os.truncate(path, size)
                    raise UnfinishedError(
                        say(
                            "{path}: cannot be written ({why}); every finished trial before is kept "
                            "there, and the same command goes on when there is room",
                            path=path,
                            why=quoted(error.strerror or error),
                        )
                    ) from error

    return Journal()


class JournalLock:
    """One process or thread at a time appends to a journal.

    Attributes:
        path: of the journal. link: Optuna's lock file, a symbolic link beside it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.link = Path(f"{path}.lock")
        self._ours = (
            f"{path.parent}/./{path.name}"  # tells our links from those of plain Optuna, and resolves
        )
        self._handle = -1

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock, waiting for others that live."""
        self.acquire()
        try:
            yield
        finally:
            self.release()

    def acquire(self) -> bool:
        """Wait for the lock; what a dead process has left is cleared away.

        Raises:
            OSError: the folder cannot be written.
        """
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            kernel = self._alone(handle)
            self._linked(kernel)
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
        return True

    def release(self) -> None:
        """Give the lock back."""
        handle, self._handle = self._handle, -1
        self.link.unlink(missing_ok=True)
        os.close(handle)  # and with it the kernel's lock

    def _alone(self, handle: int) -> bool:
        """Wait for the kernel's lock; False where the file system has none."""
        began, told = time.monotonic(), False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                told = self._tell(began, told, "another process is writing")
                time.sleep(POLL)
            except OSError:
                return False

    def _linked(self, kernel: bool) -> None:
        """Wait for the link, which others than us may hold without the kernel's lock."""
        began, told = time.monotonic(), False
        while True:
            try:
                os.symlink(self._ours, self.link)
                return
            except FileExistsError:
                if self._left_behind(kernel, began):
                    logger.warning("%s: removed, a process that died has left it", self.link)
                    self.link.unlink(missing_ok=True)
                    continue
                told = self._tell(began, told, f"{self.link} is there; it is removed after {GRACE:.0f} s")
                time.sleep(POLL)

    def _left_behind(self, kernel: bool, began: float) -> bool:
        """Whether nobody lives who holds the link: with the kernel's lock ours, a link of our kind is a dead
        process's; another is one when it is older than any append takes."""
        try:
            old = time.time() - os.lstat(self.link).st_mtime > GRACE
            ours = os.readlink(self.link) == self._ours
        except OSError:
            return False  # it has just gone
        return (kernel and ours) or old or time.monotonic() - began > GRACE

    def _tell(self, began: float, told: bool, why: str) -> bool:
        if not told and time.monotonic() - began > TOLD_AFTER:
            logger.warning("%s: waiting, %s", self.path, why)
            return True
        return told


def _mend(path: Path) -> int:
    """Cut off what a crash has left at the journal's end; the lock is held. Returns the size."""
    with path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        torn = _torn(file, size)
        if not torn:
            return size
        whole = torn.rstrip(b"\0")
        file.truncate(size - len(torn))
        if _is_log(whole):  # all but its line feed
            file.seek(0, os.SEEK_END)
            file.write(whole + b"\n")
        else:
            logger.warning("%s: the last %d bytes were torn by a crash and are cut off", path, len(torn))
        file.flush()
        os.fsync(file.fileno())
        return file.seek(0, os.SEEK_END)


def _torn(file: BinaryIO, size: int) -> bytes:
    """What stands behind the last line feed."""
    found = b""
    at = size
    while at > 0 and b"\n" not in found:
        step = min(_BLOCK, at)
        at -= step
        file.seek(at)
        found = file.read(step) + found
    return found[found.rfind(b"\n") + 1 :]


def _refuse_other(path: Path) -> None:
    """Nothing, unless a file is no journal, so that no other file is ever cut.

    Raises:
        InputError: its first line is no log, and no log that was cut short.
    """
    with path.open("rb") as file:
        line = file.readline()
    begun = line.rstrip(b"\0")
    cut = not line.endswith(b"\n") and (begun.startswith(_LOG) or _LOG.startswith(begun))
    if line and not cut and not _is_log(line):
        raise InputError(say("{path}: is no journal of a search; give --storage another name", path=path))


def _refuse_damaged(path: Path) -> None:
    """Nothing, unless a line of a journal is no log.

    Raises:
        InputError: names the line, and what to do.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not _is_log(line):
                raise InputError(
                    say(
                        "{path}, line {number}: damaged; keep the {kept} lines before it "
                        "(`head -n {kept} {path}`), or give --storage another name",
                        path=path,
                        number=number,
                        kept=number - 1,
                    )
                )


def _is_log(line: bytes) -> bool:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "op_code" in found
