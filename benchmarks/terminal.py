"""``grade watch`` in a terminal of its own, and what stands on its screen."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pyte

from benchmarks.clone import EXERCISE, GRADE, Broken, Clone

ROWS, COLUMNS = 40, 100
PATIENCE = 60.0


class Terminal:
    """The screen at the other end of a pseudo-terminal."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    def shows(self, word: str) -> None:
        """Wait until the headline of the exercise holds the word."""
        end = time.monotonic() + PATIENCE
        while not any(EXERCISE in line and word in line for line in self._screen.display):
            if time.monotonic() > end:
                raise Broken(f"{word!r} never came:\n" + "\n".join(self._screen.display))
            if select.select([self._handle], [], [], 0.5)[0]:
                said = os.read(self._handle, 65536)
                if b"\x1b[6n" in said:  # asks where the cursor is
                    os.write(self._handle, b"\x1b[1;1R")
                self._stream.feed(said)


class Watched:
    """``grade watch`` at work on the exercise, and a save of it."""

    def __init__(self, clone: Clone, terminal: Terminal) -> None:
        self._clone, self._terminal, self._count = clone, terminal, 0
        self._right = clone.stub.read_text("utf-8")

    def seconds(self) -> float:
        """From the save of a right text, after a wrong one, to the verdict on the screen."""
        self._save(self._right.replace("shifted = ", "shifted = 2 * "))
        self._terminal.shows("not yet")
        time.sleep(0.3)  # as nobody saves twice at once
        began = time.perf_counter()
        self._save(self._right)
        self._terminal.shows("passed")
        return time.perf_counter() - began

    def _save(self, text: str) -> None:
        self._count += 1
        self._clone.stub.write_text(f"{text}\n# save {self._count}\n", "utf-8")


@contextmanager
def watched(clone: Clone) -> Iterator[Watched]:
    """``grade watch`` running; the file is put back afterwards."""
    before = clone.stub.read_text("utf-8")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = {**clone.environment, "TERM": "xterm-256color"}
    process = subprocess.Popen(
        [GRADE, "watch", EXERCISE],
        cwd=clone.root,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        terminal = Terminal(ours)
        terminal.shows("passed")
        yield Watched(clone, terminal)
    finally:
        process.terminate()
        process.wait()
        os.close(ours)
        clone.stub.write_text(before, "utf-8")
