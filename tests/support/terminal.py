"""A real terminal: a program behind a pseudo-terminal, and the screen that it paints."""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyte

PATIENCE = 240.0


class Terminal:
    """A program that believes it has a terminal of its own."""

    def __init__(
        self, command: list[str], folder: Path, columns: int = 100, rows: int = 40, **more: str
    ) -> None:
        self.master, self.slave = os.openpty()
        self.resize(columns, rows)
        self.settings = termios.tcgetattr(self.slave)
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._lock = threading.Lock()
        self.raw = b""
        self.program = subprocess.Popen(
            command,
            cwd=folder,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env={**environment(), "TERM": "xterm-256color", **more},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def close(self) -> None:
        """End the program, and the terminal."""
        if self.program.poll() is None:
            self.program.kill()
        self.program.wait(10)
        os.close(self.slave)
        self._reader.join(10)
        os.close(self.master)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, size)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self.master, keys.encode())

    def text(self) -> str:
        """What stands on the screen."""
        with self._lock:
            return "\n".join(line.rstrip() for line in self._screen.display)

    def read_cell(self, row: int, column: int) -> Any:
        """A cell of the screen as pyte has it: its character, colours and weight."""
        with self._lock:
            return self._screen.buffer[row][column]

    def until(self, words: str | Callable[[str], bool], seconds: float = PATIENCE) -> str:
        """The screen, as soon as it holds the words."""
        end = time.monotonic() + seconds
        while True:
            text = self.text()
            if words in text if isinstance(words, str) else words(text):
                return text
            assert time.monotonic() < end, f"no {words!r} on this screen:\n{text}"
            time.sleep(0.01)

    def ended(self, seconds: float = PATIENCE) -> int:
        """The exit status, once the program has ended."""
        return self.program.wait(seconds)

    def restored(self) -> bool:
        """Whether the terminal is as it was before the program."""
        return bool(termios.tcgetattr(self.slave) == self.settings)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return
            with self._lock:
                self.raw += data
                self._stream.feed(data)


def environment() -> dict[str, str]:
    """This environment without what would change how a program writes."""
    ours = ("COLUMNS", "LINES", "NO_COLOR", "TERM")
    return {k: v for k, v in os.environ.items() if not k.startswith("PYTEST") and k not in ours}


def until(true: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Wait for something to become true, and fail when it does not."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
