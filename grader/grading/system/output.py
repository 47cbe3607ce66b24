"""Output: what a process of ours prints, read as it comes and kept up to a limit."""

from __future__ import annotations

import os
import select
import threading

PRINTED_BYTES = 64 * 1024
"""As much of a worker's output is kept; the rest is read and thrown away."""
PIECES = 16
"""So many pieces of 64 KiB are read at once when the output is asked for."""


class CapturedOutput:
    """What a process prints, read as it comes and kept up to a limit."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._kept = bytearray()
        self._total = 0
        self._ended = False
        self._lock = threading.Lock()
        # A thread, since a pipe holds 64 KiB: if nobody read while an answer is waited for, a
        # print in the learner's loop would block, and look like a loop that never ends.
        # A daemon, since what the worker has started may hold the other end open for ever.
        threading.Thread(target=self._read, daemon=True).start()

    def take(self) -> str:
        """Return the output since the last call as text; say so when some was left out."""
        # The answer comes over another channel than the output, and may be here before the thread
        # has read what was printed on the way to it. What is in the pipe is read here; of a flood
        # no more than a piece of it.
        for _ in range(PIECES):
            if not self._read_waiting():
                break
        with self._lock:
            kept, total = bytes(self._kept), self._total
            self._kept.clear()
            self._total = 0
        # The bytes are the learner's, and cut anywhere: they need not be UTF-8.
        text = kept.decode("utf-8", "backslashreplace")
        if total > len(kept):
            text += f"\n… ({total} bytes were printed, the first {len(kept)} are kept)"
        return text

    def _read_waiting(self) -> bool:
        """Read a piece, if one is in the pipe already; return whether there was one."""
        # With the lock: a piece that the thread has read is among the kept when we come to it.
        with self._lock:
            try:
                if self._ended or not select.select([self._descriptor], [], [], 0)[0]:
                    return False
            except (OSError, ValueError):  # no pipe can be selected here: the thread reads alone
                return False
            return self._keep(self._read_piece())

    def _read_piece(self) -> bytes:
        """Return a piece of the output, as soon as there is one; nothing at its end."""
        try:
            return os.read(self._descriptor, 65536)
        except OSError:
            return b""

    def _keep(self, piece: bytes) -> bool:
        """Keep what is to be kept of a piece; return False for the end of the output."""
        self._ended = not piece
        self._total += len(piece)
        self._kept += piece[: max(0, PRINTED_BYTES - len(self._kept))]
        return bool(piece)

    def _read(self) -> None:
        """Read to the end, then close the descriptor; nobody else does, so it is ours till then."""
        while not self._ended:
            try:
                select.select([self._descriptor], [], [])
                self._read_waiting()
            except (OSError, ValueError):
                piece = self._read_piece()
                with self._lock:
                    self._keep(piece)
        os.close(self._descriptor)
