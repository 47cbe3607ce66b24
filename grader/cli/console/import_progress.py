"""How far an import of many files has come, on standard error."""

from __future__ import annotations

import sys
import time

_FEW = 50
"""With fewer files there is nothing to wait for."""
_STEP = 250
"""Files from line to line where there is no terminal."""
_PAUSE = 0.1


class ImportProgress:
    """Shows ``reading 120 of 1,000 files``: one line that changes, or a line now and then."""

    def __init__(self, verb: str) -> None:
        self.verb = verb
        self._shown_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Show that so many of the files are done."""
        if total < _FEW:
            return
        words = f"{self.verb} {done:,} of {total:,} files"
        if not sys.stderr.isatty():
            if done % _STEP == 0 or done == total:
                print(words, file=sys.stderr, flush=True)
            return
        now = time.monotonic()
        if now - self._shown_at > _PAUSE or done == total:
            self._shown_at = now
            end = "\r" + " " * len(words) + "\r" if done == total else ""
            print(f"\r{words}{end}", end="", file=sys.stderr, flush=True)
