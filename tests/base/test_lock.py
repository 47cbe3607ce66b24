"""One process at a time."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from grader.base.lock import hold_lock

ADD = """
import sys
from pathlib import Path
from grader.base.lock import hold_lock
lock, count = Path(sys.argv[1]), Path(sys.argv[2])
for _ in range(40):
    with hold_lock(lock, 30):
        count.write_text(str(int(count.read_text()) + 1))
"""


def test_processes_take_turns(tmp_path: Path) -> None:
    """Four processes that each add one 40 times add 160, though the lock file is deleted often."""
    lock, count = tmp_path / "lock", tmp_path / "count"
    count.write_text("0")
    processes = [
        subprocess.Popen([sys.executable, "-c", ADD, str(lock), str(count)]) for _ in range(4)
    ]
    while any(process.poll() is None for process in processes):
        with hold_lock(lock, 30):
            lock.unlink()
        time.sleep(0.002)
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert count.read_text() == "160"


def test_threads_take_turns_and_patience_ends(tmp_path: Path) -> None:
    """Who waits for longer than the patience is told; afterwards the lock is free again."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with hold_lock(tmp_path / "lock", 1):
            held.set()
            done.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    with pytest.raises(TimeoutError), hold_lock(tmp_path / "lock", 0.05):
        pass
    done.set()
    holder.join()
    with hold_lock(tmp_path / "lock", 0.05):
        pass


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    """A killed process holds nothing."""
    program = (
        "import sys\nfrom pathlib import Path\nfrom grader.base.lock import hold_lock\n"
        "with hold_lock(Path(sys.argv[1]), 1):\n    print('held', flush=True)\n    sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        holder.kill()
    with hold_lock(tmp_path / "lock", 0.05):
        pass


def test_a_folder_that_is_not_there_is_the_callers_matter(tmp_path: Path) -> None:
    """Without the folder there is no lock, and the system's error says so at once."""
    with pytest.raises(FileNotFoundError), hold_lock(tmp_path / "none" / "lock", 5):
        pass
