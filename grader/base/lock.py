"""One process at a time: a lock on a file, which ends with the process that holds it.

Where the system can lock a file by itself, that is all it takes; ``filelock``, which takes ten
times as long to import as a lock to take, serves where it cannot.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE = 0.005
"""Seconds between two tries."""

if sys.platform == "win32":

    @contextmanager
    def hold_lock(path: Path, patience: float) -> Iterator[None]:
        """Hold the lock within; raise ``TimeoutError`` if another holds it for ``patience`` s."""
        from filelock import FileLock

        with FileLock(path, timeout=patience, poll_interval=PAUSE):  # raises a TimeoutError
            yield

else:
    import fcntl

    @contextmanager
    def hold_lock(path: Path, patience: float) -> Iterator[None]:
        """Hold the lock within; raise ``TimeoutError`` if another holds it for ``patience`` s."""
        end = time.monotonic() + patience
        while (handle := _try_lock(path)) is None:
            if time.monotonic() > end:
                raise TimeoutError(f"{path} is locked by another process")
            time.sleep(PAUSE)
        try:
            yield
        finally:
            os.close(handle)

    def _try_lock(path: Path) -> int | None:
        """Open and lock the file; return None where another process has the lock."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A file that was deleted meanwhile excludes nobody: the next one makes a new file.
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except (BlockingIOError, FileNotFoundError):
            pass  # held, or deleted since it was opened
        except OSError:
            os.close(handle)
            raise
        os.close(handle)
        return None
