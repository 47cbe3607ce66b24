"""A process that one thread waits for and another can end."""

from __future__ import annotations

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
        self, command: Sequence[str], cwd: Path, environment: dict[str, str], seconds: float
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command and return its output; ``TimeoutExpired`` when it takes longer."""
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe
        ) as process:
            try:
                self._hold(process)
                out, err = process.communicate(timeout=seconds)
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
