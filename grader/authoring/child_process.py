"""A process that one thread waits for and another can end."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Sequence
from pathlib import Path
from threading import Lock


class ChildProcess:
    """Runs one process at a time; once ended, it runs none."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._ended = False

    def run(
        self,
        command: Sequence[str],
        cwd: Path,
        environment: dict[str, str],
        seconds: float,
        results: Path,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command and return its output.

        ``TimeoutExpired`` when nothing was added to the file ``results`` for so many seconds.
        """
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe
        ) as process:
            try:
                self._hold(process)
                out, err = _wait(process, seconds, results)
            finally:
                process.kill()
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def end(self) -> None:
        """Kill the running process, and any that is started later."""
        with self._lock:
            self._ended = True
            if self._running is not None:
                self._running.kill()

    def _hold(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._running = process
            if self._ended:
                process.kill()


def _wait(process: subprocess.Popen[bytes], seconds: float, results: Path) -> tuple[bytes, bytes]:
    """Return what a process printed, once it has ended."""
    size = -1
    while size < (now := results.stat().st_size):
        size = now
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=seconds)
    raise subprocess.TimeoutExpired(process.args, seconds)
